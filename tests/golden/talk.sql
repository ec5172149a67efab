select row_to_json(q.*) as data, case when q."talk" is null then coalesce(null, '') end
from (select (select row_to_json(n.*)
from (select t2.title as "title", (select p.status
from status_period p
where p.record_id = t2.id and p.from_day <= $2::text::timestamptz::date and $2::text::timestamptz::date < p.until_day) as "status", (select row_to_json(c.*)
from (select (select count(*)
from participation t3
where t3.talk_id = t2.id and t3.retracted_at is null) as "totalCount", coalesce(array_to_json(g.c1), '[]'::json) as "edges"
from (select array_agg(p.c1) as c1
from (select (select row_to_json(n.*)
from (select (select row_to_json(n.*)
from (select t3.role as "role", t3.attendance as "attendance", t3.head_of_delegation as "headOfDelegation", row_to_json(j5.*) as "actor", row_to_json(j7.*) as "onBehalfOf") n) as "node") n) as c1
from (select t3.*, t3.key as o0, t3.id as o1
from participation t3
where t3.talk_id = t2.id and t3.retracted_at is null
order by t3.key, t3.id
limit 20) t3
left
join lateral (select t6.name as "name", t6.kind as "kind"
from actor t6
where t6.id = t3.actor_id) j5 on true
left
join lateral (select t8.key as "key"
from actor t8
where t8.id = t3.on_behalf_of_id) j7 on true
order by t3.o0, t3.o1) p) g) c) as "participations", (select row_to_json(c.*)
from (select coalesce(array_to_json(g.c1), '[]'::json) as "nodes"
from (select array_agg(p.c1) as c1
from (select (select row_to_json(n.*)
from (select t9.key as "key", (select p.status
from status_period p
where p.record_id = t9.id and p.from_day <= $2::text::timestamptz::date and $2::text::timestamptz::date < p.until_day) as "status", case when (t9.starts).edtf is not null then (select row_to_json(n.*)
from (select (t9.starts).earliest - $2::text::timestamptz::date as "min", (t9.starts).latest - $2::text::timestamptz::date as "max") n) end as "daysUntil", case when (t9.starts).edtf is not null then (select row_to_json(n.*)
from (select (t9.starts).text as "text", (t9.starts).edtf as "edtf", (t9.starts).precision as "precision") n) end as "starts") n) as c1
from (select t9.*, (t9.starts).earliest as o0, t9.id as o1
from talk t9
where t9.follows_id = t2.id and t9.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v10.*
from milestone v10
where v10.retracted_at is null) m
where m.subject_id = t9.id), case when (t9.starts).earliest > t9.created_at::date then t9.created_at::date else (t9.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date
order by (t9.starts).earliest, t9.id
limit 20) t9
order by t9.o0, t9.o1) p) g) c) as "followedBy"
from talk t2
where t2.id = (select coalesce(m1.merged_into_id, m1.id)
from talk m1
where m1.key = $1::text) and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v11.*
from milestone v11
where v11.retracted_at is null) m
where m.subject_id = t2.id), case when (t2.starts).earliest > t2.created_at::date then t2.created_at::date else (t2.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) n) as "talk") q
-- $1: talk.by.key
-- $2: talk.asOf
