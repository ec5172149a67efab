select row_to_json(q.*) as data, case when q."deadline" is null then coalesce(null, '') end
from (select (select row_to_json(n.*)
from (select t2.title as "title", (select p.status
from status_period p
where p.record_id = t2.id and p.from_day <= $2::text::timestamptz::date and $2::text::timestamptz::date < p.until_day) as "status", case when (coalesce(( select m.due
from (select v5.*
from milestone v5
where v5.retracted_at is null and coalesce((v5.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = t2.id and m.kind = 'EXTENDED'
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ), t2.due)).edtf is not null then (select row_to_json(n.*)
from (select (coalesce(( select m.due
from (select v3.*
from milestone v3
where v3.retracted_at is null and coalesce((v3.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = t2.id and m.kind = 'EXTENDED'
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ), t2.due)).earliest - $2::text::timestamptz::date as "min", (coalesce(( select m.due
from (select v4.*
from milestone v4
where v4.retracted_at is null and coalesce((v4.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = t2.id and m.kind = 'EXTENDED'
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ), t2.due)).latest - $2::text::timestamptz::date as "max") n) end as "daysRemaining", case when (t2.due).edtf is not null then (select row_to_json(n.*)
from (select (t2.due).text as "text", (t2.due).edtf as "edtf", (t2.due).rule as "rule") n) end as "due", row_to_json(j6.*) as "setBy", (select coalesce(json_agg(row_to_json(n.*)
order by u.place), '[]'::json)
from unnest(t2.addressee_ids) with ordinality u (id, place)
join actor t8 on t8.id = u.id and t8.retracted_at is null cross
join lateral (select t8.key as "key") n) as "addressees", (select row_to_json(n.*)
from (select (select p.status
from status_period p
where p.record_id = t2.id and p.from_day <= $2::text::timestamptz::date and $2::text::timestamptz::date < p.until_day) as "value", (select row_to_json(n.*)
from (select 'deadline.status.v1' as "id", 1 as "version") n) as "rule", (select coalesce(json_agg(row_to_json(n.*)
order by t9.place), '[]'::json)
from (select *, row_number() over () as place
from ( select 'clock' as name, $2::text::timestamptz::date::text as value, null::uuid as record_id
union all select 'due', (coalesce(( select m.due
from (select v10.*
from milestone v10
where v10.retracted_at is null and coalesce((v10.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = t2.id and m.kind = 'EXTENDED'
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ), t2.due)).edtf, t2.id
union all select 'extension', m.kind || ' ' || (m.at).edtf, m.id
from (select v11.*
from milestone v11
where v11.retracted_at is null and coalesce((v11.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.id = ( select m.id
from (select v12.*
from milestone v12
where v12.retracted_at is null and coalesce((v12.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = t2.id and m.kind = 'EXTENDED'
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 )
union all select 'resolution', m.kind || ' ' || (m.at).edtf, m.id
from (select v13.*
from milestone v13
where v13.retracted_at is null and coalesce((v13.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.id = ( select m.id
from (select v14.*
from milestone v14
where v14.retracted_at is null and coalesce((v14.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = t2.id and m.kind in ('MET', 'MISSED', 'WAIVED', 'WITHDRAWN', 'EXTENDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) and m.kind <> 'EXTENDED' ) r) t9 cross
join lateral (select t9.name as "name", t9.value as "value") n) as "inputs") n) as "statusExplained"
from deadline t2
left
join lateral (select t7.name as "name"
from actor t7
where t7.id = t2.set_by_id) j6 on true
where t2.id = (select coalesce(m1.merged_into_id, m1.id)
from deadline m1
where m1.key = $1::text) and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v15.*
from milestone v15
where v15.retracted_at is null) m
where m.subject_id = t2.id), case when least(t2.anchor, (t2.due).earliest) > t2.created_at::date then t2.created_at::date else least(t2.anchor, (t2.due).earliest) end, '-infinity' ) <= $2::text::timestamptz::date) n) as "deadline") q
-- $1: deadline.by.key
-- $2: deadline.asOf
