select convert_to(concat('{"issue":', coalesce(q.o1, 'null'), '}'), 'UTF8') as data, case when q.o1 is null then coalesce(null, '') end
from (select (select concat('{"name":', coalesce(to_json((t2.name)::text)::text, 'null'), ',"standings":', (select concat('{"nodes":', concat('[', g.c1, ']'), '}')
from (select string_agg(p.c1, ',') as c1
from (select concat('{"standing":', coalesce('"' || (( select case when count(*) = 0 then 'UNKNOWN' when count(*) = 1 then 'ONE_SIDED' when count(*) filter (where n.stance = 'REJECTS') > 0 then 'CONTESTED' when count(*) filter (where n.stance = 'DEMANDS') > 1 then 'CONTESTED' when count(*) filter (where n.stance = 'ACCEPTS_WITH_CONDITIONS') > 0 then 'CONVERGING' else 'AGREED' end
from ( select distinct on (p.actor_id) p.id, p.actor_id, p.stance, p.red_line
from (select v10.*
from position v10
where v10.retracted_at is null and coalesce((v10.held).earliest, '-infinity') <= $2::date and exists (select
from process v13
where v13.id = v10.process_id and (select p.counts
from kept.process_periods(v13.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day))) p
where p.process_id = t3.process_id and p.issue_id = t3.issue_id
order by p.actor_id, (p.held).earliest desc nulls last, p.id desc ) n
where n.stance <> 'UNDECLARED' ))::text || '"', 'null'), ',"process":', case when t14.id is null then 'null' else concat('{"key":', coalesce(to_json((t14.key)::text)::text, 'null'), '}') end, ',"redLines":', (select concat('[', string_agg(concat('{"key":', coalesce(to_json((t19.key)::text)::text, 'null'), '}'), ','
order by u.place), ']')
from unnest(array(select n.id
from ( select distinct on (p.actor_id) p.id, p.actor_id, p.stance, p.red_line
from (select v15.*
from position v15
where v15.retracted_at is null and coalesce((v15.held).earliest, '-infinity') <= $2::date and exists (select
from process v18
where v18.id = v15.process_id and (select p.counts
from kept.process_periods(v18.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day))) p
where p.process_id = t3.process_id and p.issue_id = t3.issue_id
order by p.actor_id, (p.held).earliest desc nulls last, p.id desc ) n
where n.red_line)) with ordinality u (id, place)
join position t19 on t19.id = u.id and t19.retracted_at is null and coalesce((t19.held).earliest, '-infinity') <= $2::date and exists (select
from process v22
where v22.id = t19.process_id and (select p.counts
from kept.process_periods(v22.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day)) ), '}') as c1
from (select t3.*, t3.name as o0, t3.id as o1
from ( select p.process_id::text || '.' || i.id::text as id, p.process_id, i.id as issue_id, i.name
from (select v4.*
from position v4
where v4.retracted_at is null and coalesce((v4.held).earliest, '-infinity') <= $2::date and exists (select
from process v7
where v7.id = v4.process_id and (select p.counts
from kept.process_periods(v7.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day))) p
join (select v8.*
from issue v8
where v8.retracted_at is null) i on i.id = p.issue_id
group by p.process_id, i.id, i.name ) t3
where t3.issue_id = t2.id and exists (select
from process v9
where v9.id = t3.process_id and (select p.counts
from kept.process_periods(v9.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day))
order by t3.name, t3.id
limit 20) t3
left join process t14 on t14.id = t3.process_id and (select p.counts
from kept.process_periods(t14.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day)
order by t3.o0, t3.o1) p) g), ',"positions":', (select concat('{"nodes":', concat('[', g.c1, ']'), '}')
from (select string_agg(p.c1, ',') as c1
from (select concat('{"key":', coalesce(to_json((t23.key)::text)::text, 'null'), ',"stance":', coalesce('"' || (t23.stance)::text || '"', 'null'), ',"redLine":', coalesce((t23.red_line)::text, 'null'), ',"actor":', case when t26.id is null then 'null' else concat('{"key":', coalesce(to_json((t26.key)::text)::text, 'null'), '}') end, ',"statements":', case when t23.statement_ids = '{}' then '[]' else (select concat('[', string_agg(concat('{"key":', coalesce(to_json((t27.key)::text)::text, 'null'), '}'), ','
order by u.place), ']')
from unnest(t23.statement_ids) with ordinality u (id, place)
join statement t27 on t27.id = u.id and t27.retracted_at is null and coalesce((t27.said).earliest, '-infinity') <= $2::date ) end, '}') as c1
from (select t23.*, t23.key as o0, t23.id as o1
from position t23
where t23.issue_id = t2.id and t23.retracted_at is null and coalesce((t23.held).earliest, '-infinity') <= $2::date and exists (select
from process v25
where v25.id = t23.process_id and (select p.counts
from kept.process_periods(v25.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day))
order by t23.key, t23.id
limit 20) t23
left join actor t26 on t26.id = t23.actor_id
order by t23.o0, t23.o1) p) g), '}') as o
from issue t2
where t2.id = (select coalesce(m1.merged_into_id, m1.id)
from issue m1
where m1.key = $1::text)) as o1 offset 0) q
-- $1: issue.by.key
-- $2: issue.asOf
