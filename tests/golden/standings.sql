select convert_to(concat('{"issue":', coalesce(q.o1, 'null'), '}'), 'UTF8') as data, case when q.o1 is null then coalesce(null, '') end
from (select (select concat('{"name":', coalesce(to_json((t2.name)::text)::text, 'null'), ',"standings":', (select concat('{"nodes":', concat('[', g.c1, ']'), '}')
from (select string_agg(p.c1, ',') as c1
from (select concat('{"standing":', coalesce('"' || (( select case when count(*) = 0 then 'UNKNOWN' when count(*) = 1 then 'ONE_SIDED' when count(*) filter (where n.stance = 'REJECTS') > 0 then 'CONTESTED' when count(*) filter (where n.stance = 'DEMANDS') > 1 then 'CONTESTED' when count(*) filter (where n.stance = 'ACCEPTS_WITH_CONDITIONS') > 0 then 'CONVERGING' else 'AGREED' end
from ( select distinct on (p.actor_id) p.id, p.actor_id, p.stance, p.red_line
from (select v12.*
from position v12
where v12.retracted_at is null and coalesce((v12.held).earliest, '-infinity') <= $2::date and exists (select
from process v15
where v15.id = v12.process_id and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v16.*
from milestone v16
where v16.retracted_at is null) m
where m.subject_id = v15.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v15.opened).earliest > v15.created_at::date then v15.created_at::date else (v15.opened).earliest end, '-infinity' ) <= $2::date)) p
where p.process_id = t3.process_id and p.issue_id = t3.issue_id
order by p.actor_id, (p.held).earliest desc nulls last, p.id desc ) n
where n.stance <> 'UNDECLARED' ))::text || '"', 'null'), ',"process":', case when t17.id is null then 'null' else concat('{"key":', coalesce(to_json((t17.key)::text)::text, 'null'), '}') end, ',"redLines":', (select concat('[', string_agg(concat('{"key":', coalesce(to_json((t24.key)::text)::text, 'null'), '}'), ','
order by u.place), ']')
from unnest(array(select n.id
from ( select distinct on (p.actor_id) p.id, p.actor_id, p.stance, p.red_line
from (select v19.*
from position v19
where v19.retracted_at is null and coalesce((v19.held).earliest, '-infinity') <= $2::date and exists (select
from process v22
where v22.id = v19.process_id and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v23.*
from milestone v23
where v23.retracted_at is null) m
where m.subject_id = v22.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v22.opened).earliest > v22.created_at::date then v22.created_at::date else (v22.opened).earliest end, '-infinity' ) <= $2::date)) p
where p.process_id = t3.process_id and p.issue_id = t3.issue_id
order by p.actor_id, (p.held).earliest desc nulls last, p.id desc ) n
where n.red_line)) with ordinality u (id, place)
join position t24 on t24.id = u.id and t24.retracted_at is null and coalesce((t24.held).earliest, '-infinity') <= $2::date and exists (select
from process v27
where v27.id = t24.process_id and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v28.*
from milestone v28
where v28.retracted_at is null) m
where m.subject_id = v27.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v27.opened).earliest > v27.created_at::date then v27.created_at::date else (v27.opened).earliest end, '-infinity' ) <= $2::date) ), '}') as c1
from (select t3.*, t3.name as o0, t3.id as o1
from ( select p.process_id::text || '.' || i.id::text as id, p.process_id, i.id as issue_id, i.name
from (select v6.*
from position v6
where v6.retracted_at is null and coalesce((v6.held).earliest, '-infinity') <= $2::date and exists (select
from process v9
where v9.id = v6.process_id and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v10.*
from milestone v10
where v10.retracted_at is null) m
where m.subject_id = v9.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v9.opened).earliest > v9.created_at::date then v9.created_at::date else (v9.opened).earliest end, '-infinity' ) <= $2::date)) p
join (select v11.*
from issue v11
where v11.retracted_at is null) i on i.id = p.issue_id
group by p.process_id, i.id, i.name ) t3
where t3.issue_id = t2.id and exists (select
from process v4
where v4.id = t3.process_id and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v5.*
from milestone v5
where v5.retracted_at is null) m
where m.subject_id = v4.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v4.opened).earliest > v4.created_at::date then v4.created_at::date else (v4.opened).earliest end, '-infinity' ) <= $2::date)
order by t3.name, t3.id
limit 20) t3
left join process t17 on t17.id = t3.process_id and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v18.*
from milestone v18
where v18.retracted_at is null) m
where m.subject_id = t17.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (t17.opened).earliest > t17.created_at::date then t17.created_at::date else (t17.opened).earliest end, '-infinity' ) <= $2::date
order by t3.o0, t3.o1) p) g), ',"positions":', (select concat('{"nodes":', concat('[', g.c1, ']'), '}')
from (select string_agg(p.c1, ',') as c1
from (select concat('{"key":', coalesce(to_json((t29.key)::text)::text, 'null'), ',"stance":', coalesce('"' || (t29.stance)::text || '"', 'null'), ',"redLine":', coalesce((t29.red_line)::text, 'null'), ',"actor":', case when t33.id is null then 'null' else concat('{"key":', coalesce(to_json((t33.key)::text)::text, 'null'), '}') end, ',"statements":', case when t29.statement_ids = '{}' then '[]' else (select concat('[', string_agg(concat('{"key":', coalesce(to_json((t34.key)::text)::text, 'null'), '}'), ','
order by u.place), ']')
from unnest(t29.statement_ids) with ordinality u (id, place)
join statement t34 on t34.id = u.id and t34.retracted_at is null and coalesce((t34.said).earliest, '-infinity') <= $2::date ) end, '}') as c1
from (select t29.*, t29.key as o0, t29.id as o1
from position t29
where t29.issue_id = t2.id and t29.retracted_at is null and coalesce((t29.held).earliest, '-infinity') <= $2::date and exists (select
from process v31
where v31.id = t29.process_id and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v32.*
from milestone v32
where v32.retracted_at is null) m
where m.subject_id = v31.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v31.opened).earliest > v31.created_at::date then v31.created_at::date else (v31.opened).earliest end, '-infinity' ) <= $2::date)
order by t29.key, t29.id
limit 20) t29
left join actor t33 on t33.id = t29.actor_id
order by t29.o0, t29.o1) p) g), '}') as o
from issue t2
where t2.id = (select coalesce(m1.merged_into_id, m1.id)
from issue m1
where m1.key = $1::text)) as o1 offset 0) q
-- $1: issue.by.key
-- $2: issue.asOf
