select row_to_json(q.*) as data, case when q."issue" is null then coalesce(null, '') end
from (select (select row_to_json(n.*)
from (select t1.name as "name", (select row_to_json(c.*)
from (select coalesce(array_to_json(g.c1), '[]'::json) as "nodes"
from (select array_agg(p.c1) as c1
from (select (select row_to_json(n.*)
from (select ( select case when count(*) = 0 then 'UNKNOWN' when count(*) = 1 then 'ONE_SIDED' when count(*) filter (where n.stance = 'REJECTS') > 0 then 'CONTESTED' when count(*) filter (where n.stance = 'DEMANDS') > 1 then 'CONTESTED' when count(*) filter (where n.stance = 'ACCEPTS_WITH_CONDITIONS') > 0 then 'CONVERGING' else 'AGREED' end
from ( select distinct on (p.actor_id) p.id, p.actor_id, p.stance, p.red_line
from (select v11.*
from position v11
where v11.retracted_at is null and coalesce((v11.held).earliest, '-infinity') <= $2::text::timestamptz::date and exists (select
from process v14
where v14.id = v11.process_id and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v15.*
from milestone v15
where v15.retracted_at is null) m
where m.subject_id = v14.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v14.opened).earliest > v14.created_at::date then v14.created_at::date else (v14.opened).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) p
where p.process_id = t2.process_id and p.issue_id = t2.issue_id
order by p.actor_id, (p.held).earliest desc nulls last, p.id desc ) n
where n.stance <> 'UNDECLARED' ) as "standing", row_to_json(j16.*) as "process", (select coalesce(json_agg(row_to_json(n.*)
order by u.place), '[]'::json)
from unnest(array(select n.id
from ( select distinct on (p.actor_id) p.id, p.actor_id, p.stance, p.red_line
from (select v19.*
from position v19
where v19.retracted_at is null and coalesce((v19.held).earliest, '-infinity') <= $2::text::timestamptz::date and exists (select
from process v22
where v22.id = v19.process_id and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v23.*
from milestone v23
where v23.retracted_at is null) m
where m.subject_id = v22.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v22.opened).earliest > v22.created_at::date then v22.created_at::date else (v22.opened).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) p
where p.process_id = t2.process_id and p.issue_id = t2.issue_id
order by p.actor_id, (p.held).earliest desc nulls last, p.id desc ) n
where n.red_line)) with ordinality u (id, place)
join position t24 on t24.id = u.id and t24.retracted_at is null and coalesce((t24.held).earliest, '-infinity') <= $2::text::timestamptz::date and exists (select
from process v27
where v27.id = t24.process_id and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v28.*
from milestone v28
where v28.retracted_at is null) m
where m.subject_id = v27.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v27.opened).earliest > v27.created_at::date then v27.created_at::date else (v27.opened).earliest end, '-infinity' ) <= $2::text::timestamptz::date) cross
join lateral (select t24.key as "key") n) as "redLines") n) as c1
from (select t2.*, t2.name as o0, t2.id as o1
from ( select p.process_id::text || '.' || i.id::text as id, p.process_id, i.id as issue_id, i.name
from (select v5.*
from position v5
where v5.retracted_at is null and coalesce((v5.held).earliest, '-infinity') <= $2::text::timestamptz::date and exists (select
from process v8
where v8.id = v5.process_id and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v9.*
from milestone v9
where v9.retracted_at is null) m
where m.subject_id = v8.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v8.opened).earliest > v8.created_at::date then v8.created_at::date else (v8.opened).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) p
join (select v10.*
from issue v10
where v10.retracted_at is null) i on i.id = p.issue_id
group by p.process_id, i.id, i.name ) t2
where t2.issue_id = t1.id and exists (select
from process v3
where v3.id = t2.process_id and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v4.*
from milestone v4
where v4.retracted_at is null) m
where m.subject_id = v3.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v3.opened).earliest > v3.created_at::date then v3.created_at::date else (v3.opened).earliest end, '-infinity' ) <= $2::text::timestamptz::date)
order by t2.name, t2.id
limit 20) t2
left
join lateral (select t17.key as "key"
from process t17
where t17.id = t2.process_id and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v18.*
from milestone v18
where v18.retracted_at is null) m
where m.subject_id = t17.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (t17.opened).earliest > t17.created_at::date then t17.created_at::date else (t17.opened).earliest end, '-infinity' ) <= $2::text::timestamptz::date) j16 on true
order by t2.o0, t2.o1) p) g) c) as "standings", (select row_to_json(c.*)
from (select coalesce(array_to_json(g.c1), '[]'::json) as "nodes"
from (select array_agg(p.c1) as c1
from (select (select row_to_json(n.*)
from (select t29.key as "key", t29.stance as "stance", t29.red_line as "redLine", row_to_json(j33.*) as "actor", (select coalesce(json_agg(row_to_json(n.*)
order by u.place), '[]'::json)
from unnest(t29.statement_ids) with ordinality u (id, place)
join statement t35 on t35.id = u.id and t35.retracted_at is null and coalesce((t35.said).earliest, '-infinity') <= $2::text::timestamptz::date cross
join lateral (select t35.key as "key") n) as "statements") n) as c1
from (select t29.*, t29.key as o0, t29.id as o1
from position t29
where t29.issue_id = t1.id and t29.retracted_at is null and coalesce((t29.held).earliest, '-infinity') <= $2::text::timestamptz::date and exists (select
from process v31
where v31.id = t29.process_id and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v32.*
from milestone v32
where v32.retracted_at is null) m
where m.subject_id = v31.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v31.opened).earliest > v31.created_at::date then v31.created_at::date else (v31.opened).earliest end, '-infinity' ) <= $2::text::timestamptz::date)
order by t29.key, t29.id
limit 20) t29
left
join lateral (select t34.key as "key"
from actor t34
where t34.id = t29.actor_id) j33 on true
order by t29.o0, t29.o1) p) g) c) as "positions"
from issue t1
where t1.key = $1::text) n) as "issue") q
-- $1: issue.by.key
-- $2: issue.asOf
