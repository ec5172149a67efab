select row_to_json(q.*) as data, case when q."talk" is null then coalesce(null, '') end
from (select (select row_to_json(n.*)
from (select t2.title as "title", ( select case when s.milestone in ('CANCELLED', 'POSTPONED', 'COLLAPSED', 'CONCLUDED') then s.milestone::text when $2::text::timestamptz::date < s.first_day then case when s.first_day = s.latest_start then 'SCHEDULED' else 'EXPECTED' end when $2::text::timestamptz::date <= s.last_day and (s.first_day = s.latest_start or s.reported_held) then 'UNDER_WAY' when $2::text::timestamptz::date <= s.latest_start then 'EXPECTED' when s.reported_held then 'HELD' when s.latest_start is null then 'EXPECTED' else 'OVERDUE' end
from ( select (t2.starts).earliest as first_day, (t2.starts).latest as latest_start, coalesce((t2.ends).latest, (t2.starts).latest) as last_day, ( exists (select
from (select v3.*
from milestone v3
where v3.retracted_at is null and coalesce((v3.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = t2.id and m.kind in ('OPENED', 'ADJOURNED')) or exists (select
from (select v4.*
from participation v4
where v4.retracted_at is null and exists (select
from talk v5
where v5.id = v4.talk_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v6.*
from milestone v6
where v6.retracted_at is null) m
where m.subject_id = v5.id), case when (v5.starts).earliest > v5.created_at::date then v5.created_at::date else (v5.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) a
where a.talk_id = t2.id and a.attendance = 'REPORTED') ) as reported_held, ( select m.kind
from (select v8.*
from milestone v8
where v8.retracted_at is null and coalesce((v8.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = t2.id and m.kind in ('SCHEDULED', 'OPENED', 'POSTPONED', 'CANCELLED', 'COLLAPSED', 'CONCLUDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as milestone ) s ) as "status", (select row_to_json(c.*)
from (select (select count(*)
from participation t9
where t9.talk_id = t2.id and t9.retracted_at is null) as "totalCount", coalesce(array_to_json(g.c1), '[]'::json) as "edges"
from (select array_agg(p.c1) as c1
from (select (select row_to_json(n.*)
from (select (select row_to_json(n.*)
from (select t9.role as "role", t9.attendance as "attendance", t9.head_of_delegation as "headOfDelegation", row_to_json(j11.*) as "actor", row_to_json(j13.*) as "onBehalfOf") n) as "node") n) as c1
from (select t9.*, t9.key as o0, t9.id as o1
from participation t9
where t9.talk_id = t2.id and t9.retracted_at is null
order by t9.key, t9.id
limit 20) t9
left
join lateral (select t12.name as "name", t12.kind as "kind"
from actor t12
where t12.id = t9.actor_id) j11 on true
left
join lateral (select t14.key as "key"
from actor t14
where t14.id = t9.on_behalf_of_id) j13 on true
order by t9.o0, t9.o1) p) g) c) as "participations", (select row_to_json(c.*)
from (select coalesce(array_to_json(g.c1), '[]'::json) as "nodes"
from (select array_agg(p.c1) as c1
from (select (select row_to_json(n.*)
from (select t15.key as "key", ( select case when s.milestone in ('CANCELLED', 'POSTPONED', 'COLLAPSED', 'CONCLUDED') then s.milestone::text when $2::text::timestamptz::date < s.first_day then case when s.first_day = s.latest_start then 'SCHEDULED' else 'EXPECTED' end when $2::text::timestamptz::date <= s.last_day and (s.first_day = s.latest_start or s.reported_held) then 'UNDER_WAY' when $2::text::timestamptz::date <= s.latest_start then 'EXPECTED' when s.reported_held then 'HELD' when s.latest_start is null then 'EXPECTED' else 'OVERDUE' end
from ( select (t15.starts).earliest as first_day, (t15.starts).latest as latest_start, coalesce((t15.ends).latest, (t15.starts).latest) as last_day, ( exists (select
from (select v17.*
from milestone v17
where v17.retracted_at is null and coalesce((v17.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = t15.id and m.kind in ('OPENED', 'ADJOURNED')) or exists (select
from (select v18.*
from participation v18
where v18.retracted_at is null and exists (select
from talk v19
where v19.id = v18.talk_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v20.*
from milestone v20
where v20.retracted_at is null) m
where m.subject_id = v19.id), case when (v19.starts).earliest > v19.created_at::date then v19.created_at::date else (v19.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) a
where a.talk_id = t15.id and a.attendance = 'REPORTED') ) as reported_held, ( select m.kind
from (select v22.*
from milestone v22
where v22.retracted_at is null and coalesce((v22.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = t15.id and m.kind in ('SCHEDULED', 'OPENED', 'POSTPONED', 'CANCELLED', 'COLLAPSED', 'CONCLUDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as milestone ) s ) as "status", case when (t15.starts).edtf is not null then (select row_to_json(n.*)
from (select (t15.starts).earliest - $2::text::timestamptz::date as "min", (t15.starts).latest - $2::text::timestamptz::date as "max") n) end as "daysUntil", case when (t15.starts).edtf is not null then (select row_to_json(n.*)
from (select (t15.starts).text as "text", (t15.starts).edtf as "edtf", (t15.starts).precision as "precision") n) end as "starts") n) as c1
from (select t15.*, (t15.starts).earliest as o0, t15.id as o1
from talk t15
where t15.follows_id = t2.id and t15.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v16.*
from milestone v16
where v16.retracted_at is null) m
where m.subject_id = t15.id), case when (t15.starts).earliest > t15.created_at::date then t15.created_at::date else (t15.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date
order by (t15.starts).earliest, t15.id
limit 20) t15
order by t15.o0, t15.o1) p) g) c) as "followedBy"
from talk t2
where t2.id = (select coalesce(m1.merged_into_id, m1.id)
from talk m1
where m1.key = $1::text) and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v23.*
from milestone v23
where v23.retracted_at is null) m
where m.subject_id = t2.id), case when (t2.starts).earliest > t2.created_at::date then t2.created_at::date else (t2.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) n) as "talk") q
-- $1: talk.by.key
-- $2: talk.asOf
