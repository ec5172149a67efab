select row_to_json(q.*) as data, case when q."talk" is null then coalesce(null, '') end
from (select (select row_to_json(n.*)
from (select t1.title as "title", ( select case when s.milestone in ('CANCELLED', 'POSTPONED', 'COLLAPSED', 'CONCLUDED') then s.milestone::text when $2::text::timestamptz::date < s.first_day then case when s.first_day = s.latest_start then 'SCHEDULED' else 'EXPECTED' end when $2::text::timestamptz::date <= s.last_day and (s.first_day = s.latest_start or s.reported_held) then 'UNDER_WAY' when $2::text::timestamptz::date <= s.latest_start then 'EXPECTED' when s.reported_held then 'HELD' when s.latest_start is null then 'EXPECTED' else 'OVERDUE' end
from ( select (t1.starts).earliest as first_day, (t1.starts).latest as latest_start, coalesce((t1.ends).latest, (t1.starts).latest) as last_day, ( exists (select
from (select v2.*
from milestone v2
where v2.retracted_at is null and coalesce((v2.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = t1.id and m.kind in ('OPENED', 'ADJOURNED')) or exists (select
from (select v3.*
from participation v3
where v3.retracted_at is null and exists (select
from talk v4
where v4.id = v3.talk_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v5.*
from milestone v5
where v5.retracted_at is null) m
where m.subject_id = v4.id), case when (v4.starts).earliest > v4.created_at::date then v4.created_at::date else (v4.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) a
where a.talk_id = t1.id and a.attendance = 'REPORTED') ) as reported_held, ( select m.kind
from (select v7.*
from milestone v7
where v7.retracted_at is null and coalesce((v7.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = t1.id and m.kind in ('SCHEDULED', 'OPENED', 'POSTPONED', 'CANCELLED', 'COLLAPSED', 'CONCLUDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as milestone ) s ) as "status", (select row_to_json(c.*)
from (select (select count(*)
from participation t8
where t8.talk_id = t1.id and t8.retracted_at is null) as "totalCount", coalesce(array_to_json(g.c1), '[]'::json) as "edges"
from (select array_agg(p.c1) as c1
from (select (select row_to_json(n.*)
from (select (select row_to_json(n.*)
from (select t8.role as "role", t8.attendance as "attendance", t8.head_of_delegation as "headOfDelegation", row_to_json(j10.*) as "actor", row_to_json(j12.*) as "onBehalfOf") n) as "node") n) as c1
from (select t8.*, t8.key as o0, t8.id as o1
from participation t8
where t8.talk_id = t1.id and t8.retracted_at is null
order by t8.key, t8.id
limit 20) t8
left
join lateral (select t11.name as "name", t11.kind as "kind"
from actor t11
where t11.id = t8.actor_id) j10 on true
left
join lateral (select t13.key as "key"
from actor t13
where t13.id = t8.on_behalf_of_id) j12 on true
order by t8.o0, t8.o1) p) g) c) as "participations", (select row_to_json(c.*)
from (select coalesce(array_to_json(g.c1), '[]'::json) as "nodes"
from (select array_agg(p.c1) as c1
from (select (select row_to_json(n.*)
from (select t14.key as "key", ( select case when s.milestone in ('CANCELLED', 'POSTPONED', 'COLLAPSED', 'CONCLUDED') then s.milestone::text when $2::text::timestamptz::date < s.first_day then case when s.first_day = s.latest_start then 'SCHEDULED' else 'EXPECTED' end when $2::text::timestamptz::date <= s.last_day and (s.first_day = s.latest_start or s.reported_held) then 'UNDER_WAY' when $2::text::timestamptz::date <= s.latest_start then 'EXPECTED' when s.reported_held then 'HELD' when s.latest_start is null then 'EXPECTED' else 'OVERDUE' end
from ( select (t14.starts).earliest as first_day, (t14.starts).latest as latest_start, coalesce((t14.ends).latest, (t14.starts).latest) as last_day, ( exists (select
from (select v16.*
from milestone v16
where v16.retracted_at is null and coalesce((v16.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = t14.id and m.kind in ('OPENED', 'ADJOURNED')) or exists (select
from (select v17.*
from participation v17
where v17.retracted_at is null and exists (select
from talk v18
where v18.id = v17.talk_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v19.*
from milestone v19
where v19.retracted_at is null) m
where m.subject_id = v18.id), case when (v18.starts).earliest > v18.created_at::date then v18.created_at::date else (v18.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) a
where a.talk_id = t14.id and a.attendance = 'REPORTED') ) as reported_held, ( select m.kind
from (select v21.*
from milestone v21
where v21.retracted_at is null and coalesce((v21.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = t14.id and m.kind in ('SCHEDULED', 'OPENED', 'POSTPONED', 'CANCELLED', 'COLLAPSED', 'CONCLUDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as milestone ) s ) as "status", case when (t14.starts).edtf is not null then (select row_to_json(n.*)
from (select (t14.starts).earliest - $2::text::timestamptz::date as "min", (t14.starts).latest - $2::text::timestamptz::date as "max") n) end as "daysUntil", case when (t14.starts).edtf is not null then (select row_to_json(n.*)
from (select (t14.starts).text as "text", (t14.starts).edtf as "edtf", (t14.starts).precision as "precision") n) end as "starts") n) as c1
from (select t14.*, (t14.starts).earliest as o0, t14.id as o1
from talk t14
where t14.follows_id = t1.id and t14.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v15.*
from milestone v15
where v15.retracted_at is null) m
where m.subject_id = t14.id), case when (t14.starts).earliest > t14.created_at::date then t14.created_at::date else (t14.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date
order by (t14.starts).earliest, t14.id
limit 20) t14
order by t14.o0, t14.o1) p) g) c) as "followedBy"
from talk t1
where t1.key = $1::text and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v22.*
from milestone v22
where v22.retracted_at is null) m
where m.subject_id = t1.id), case when (t1.starts).earliest > t1.created_at::date then t1.created_at::date else (t1.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) n) as "talk") q
-- $1: talk.by.key
-- $2: talk.asOf
