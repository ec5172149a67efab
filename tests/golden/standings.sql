select convert_to(concat('{"issue":', coalesce(q.o1, 'null'), '}'), 'UTF8') as data, case when q.o1 is null then coalesce(null, '') end
from (select (select concat('{"name":', coalesce(to_json((t2.name)::text)::text, 'null'), ',"standings":', (select concat('{"nodes":', concat('[', g.c1, ']'), '}')
from (select string_agg(p.c1, ',') as c1
from (select concat('{"standing":', coalesce('"' || (( select case when count(*) = 0 then 'UNKNOWN' when count(*) = 1 then 'ONE_SIDED' when count(*) filter (where n.stance = 'REJECTS') > 0 then 'CONTESTED' when count(*) filter (where n.stance = 'DEMANDS') > 1 then 'CONTESTED' when count(*) filter (where n.stance = 'ACCEPTS_WITH_CONDITIONS') > 0 then 'CONVERGING' else 'AGREED' end
from ( select distinct on (p.actor_id) p.id, p.actor_id, p.stance, p.red_line
from (select v12.*
from position v12
where v12.retracted_at is null and coalesce((v12.held).earliest, '-infinity') <= $2::text::timestamptz::date and exists (select
from process v15
where v15.id = v12.process_id and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v16.*
from milestone v16
where v16.retracted_at is null) m
where m.subject_id = v15.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v15.opened).earliest > v15.created_at::date then v15.created_at::date else (v15.opened).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) p
where p.process_id = t3.process_id and p.issue_id = t3.issue_id
order by p.actor_id, (p.held).earliest desc nulls last, p.id desc ) n
where n.stance <> 'UNDECLARED' ))::text || '"', 'null'), ',"process":', coalesce(j17.o, 'null'), ',"redLines":', (select concat('[', string_agg(concat('{"key":', coalesce(to_json((t25.key)::text)::text, 'null'), '}'), ','
order by u.place), ']')
from unnest(array(select n.id
from ( select distinct on (p.actor_id) p.id, p.actor_id, p.stance, p.red_line
from (select v20.*
from position v20
where v20.retracted_at is null and coalesce((v20.held).earliest, '-infinity') <= $2::text::timestamptz::date and exists (select
from process v23
where v23.id = v20.process_id and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v24.*
from milestone v24
where v24.retracted_at is null) m
where m.subject_id = v23.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v23.opened).earliest > v23.created_at::date then v23.created_at::date else (v23.opened).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) p
where p.process_id = t3.process_id and p.issue_id = t3.issue_id
order by p.actor_id, (p.held).earliest desc nulls last, p.id desc ) n
where n.red_line)) with ordinality u (id, place)
join position t25 on t25.id = u.id and t25.retracted_at is null and coalesce((t25.held).earliest, '-infinity') <= $2::text::timestamptz::date and exists (select
from process v28
where v28.id = t25.process_id and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v29.*
from milestone v29
where v29.retracted_at is null) m
where m.subject_id = v28.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v28.opened).earliest > v28.created_at::date then v28.created_at::date else (v28.opened).earliest end, '-infinity' ) <= $2::text::timestamptz::date) ), '}') as c1
from (select t3.*, t3.name as o0, t3.id as o1
from ( select p.process_id::text || '.' || i.id::text as id, p.process_id, i.id as issue_id, i.name
from (select v6.*
from position v6
where v6.retracted_at is null and coalesce((v6.held).earliest, '-infinity') <= $2::text::timestamptz::date and exists (select
from process v9
where v9.id = v6.process_id and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v10.*
from milestone v10
where v10.retracted_at is null) m
where m.subject_id = v9.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v9.opened).earliest > v9.created_at::date then v9.created_at::date else (v9.opened).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) p
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
where m.subject_id = v4.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v4.opened).earliest > v4.created_at::date then v4.created_at::date else (v4.opened).earliest end, '-infinity' ) <= $2::text::timestamptz::date)
order by t3.name, t3.id
limit 20) t3
left
join lateral (select concat('{"key":', coalesce(to_json((t18.key)::text)::text, 'null'), '}') as o
from process t18
where t18.id = t3.process_id and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v19.*
from milestone v19
where v19.retracted_at is null) m
where m.subject_id = t18.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (t18.opened).earliest > t18.created_at::date then t18.created_at::date else (t18.opened).earliest end, '-infinity' ) <= $2::text::timestamptz::date) j17 on true
order by t3.o0, t3.o1) p) g), ',"positions":', (select concat('{"nodes":', concat('[', g.c1, ']'), '}')
from (select string_agg(p.c1, ',') as c1
from (select concat('{"key":', coalesce(to_json((t30.key)::text)::text, 'null'), ',"stance":', coalesce('"' || (t30.stance)::text || '"', 'null'), ',"redLine":', coalesce((t30.red_line)::text, 'null'), ',"actor":', coalesce(j34.o, 'null'), ',"statements":', (select concat('[', string_agg(concat('{"key":', coalesce(to_json((t36.key)::text)::text, 'null'), '}'), ','
order by u.place), ']')
from unnest(t30.statement_ids) with ordinality u (id, place)
join statement t36 on t36.id = u.id and t36.retracted_at is null and coalesce((t36.said).earliest, '-infinity') <= $2::text::timestamptz::date ), '}') as c1
from (select t30.*, t30.key as o0, t30.id as o1
from position t30
where t30.issue_id = t2.id and t30.retracted_at is null and coalesce((t30.held).earliest, '-infinity') <= $2::text::timestamptz::date and exists (select
from process v32
where v32.id = t30.process_id and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v33.*
from milestone v33
where v33.retracted_at is null) m
where m.subject_id = v32.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v32.opened).earliest > v32.created_at::date then v32.created_at::date else (v32.opened).earliest end, '-infinity' ) <= $2::text::timestamptz::date)
order by t30.key, t30.id
limit 20) t30
left
join lateral (select concat('{"key":', coalesce(to_json((t35.key)::text)::text, 'null'), '}') as o
from actor t35
where t35.id = t30.actor_id) j34 on true
order by t30.o0, t30.o1) p) g), '}') as o
from issue t2
where t2.id = (select coalesce(m1.merged_into_id, m1.id)
from issue m1
where m1.key = $1::text)) as o1 offset 0) q
-- $1: issue.by.key
-- $2: issue.asOf
