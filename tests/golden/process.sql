select convert_to(concat('{"process":', coalesce(q.o1, 'null'), '}'), 'UTF8') as data, case when q.o1 is null then coalesce(null, '') end
from (select (select concat('{"status":', coalesce('"' || ((select p.status
from kept.process_periods(t2.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day))::text || '"', 'null'), ',"lastActivity":', coalesce('"' || ((select least(v.last, $2::date)
from (select nullif((select p.active_until
from kept.process_periods(t2.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day), '-infinity')) v (last)
where v.last is not null))::text || '"', 'null'), ',"daysSinceLastActivity":', coalesce(($2::date - (select least(v.last, $2::date)
from (select nullif((select p.active_until
from kept.process_periods(t2.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day), '-infinity')) v (last)
where v.last is not null))::text, 'null'), ',"stalledSince":', coalesce('"' || (case when (select p.status
from kept.process_periods(t2.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day) = 'STALLED' then (select p.since
from kept.process_periods(t2.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day) end)::text || '"', 'null'), ',"statusExplained":', concat('{"inputs":', (select concat('[', string_agg(concat('{"name":', coalesce(to_json((t3.name)::text)::text, 'null'), ',"value":', coalesce(to_json((t3.value)::text)::text, 'null'), '}'), ','
order by t3.place), ']')
from (select *, row_number() over () as place
from ( select 'clock' as name, $2::date::text as value, null::uuid as record_id
union all select 'stallAfterDays', t2.stall_after_days::text, t2.id
union all select 'opened', (t2.opened).edtf, t2.id
where (t2.opened).edtf is not null
union all select 'closed', (t2.closed).edtf, t2.id
where (t2.closed).edtf is not null
union all ( select 'milestone', m.kind || ' ' || (m.at).edtf, m.id
from (select v4.*
from milestone v4
where v4.retracted_at is null and coalesce((v4.at).earliest, '-infinity') <= $2::date) m
where m.subject_id = t2.id and m.kind in ('OPENED', 'SUSPENDED', 'RESUMED', 'CONCLUDED', 'COLLAPSED')
order by (m.at).earliest nulls first, (m.at).latest, m.kind, m.key )
union all ( select 'lastActivity: ' || v.name, least(v.last, $2::date)::text, v.record_id
from kept.process_movements(t2.id, $2::date) v
where v.first <= $2::date
order by least(v.last, $2::date) desc, v.name desc, v.first desc
limit 1 )
union all ( select case v.type when 'TALK' then 'talkToCome' else 'openDeadline' end, concat(v.first, '/', v.last, ', set ', v.set_on), v.record_id
from kept.process_coming(t2.id, $2::date) v
where v.from_day <= $2::date and $2::date < v.until_day
order by v.type desc, v.last, v.first, v.title, v.key )
union all ( select 'track', (select p.status
from kept.process_periods(r.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day), r.id
from (select v5.*
from process v5
where v5.retracted_at is null and (select p.counts
from kept.process_periods(v5.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day)) r
where r.parent_id = t2.id
order by r.name, r.key ) ) r) t3 ), '}'), ',"nextTalk":', case when t6.id is null then 'null' else concat('{"key":', coalesce(to_json((t6.key)::text)::text, 'null'), '}') end, ',"nextDeadline":', case when t8.id is null then 'null' else concat('{"key":', coalesce(to_json((t8.key)::text)::text, 'null'), '}') end, ',"reportedStatus":', case when t11.id is null then 'null' else concat('{"kind":', coalesce('"' || (t11.kind)::text || '"', 'null'), '}') end, '}') as o
from process t2
left join (select v7.*, p.record_id as now_id, p.counts as now_counts, p.status as now_status, p.since as now_since, p.starts as now_starts, p.ends as now_ends, p.venue as now_venue, p.city as now_city, p.country as now_country, p.disputed as now_disputed, p.reading_ids as now_reading_ids
from talk v7
join kept.talk p on p.record_id = v7.id and p.from_day <= $2::date and $2::date < p.until_day) t6 on t6.id = (select p.next_talk_id
from kept.process_periods(t2.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day) and t6.now_counts
left join (select v9.*, p.record_id as now_id, p.counts as now_counts, p.status as now_status, p.since as now_since, p.due as now_due, p.disputed as now_disputed, p.reading_ids as now_reading_ids
from deadline v9
join kept.deadline p on p.record_id = v9.id and p.from_day <= $2::date and $2::date < p.until_day) t8 on t8.id = (select p.next_deadline_id
from kept.process_periods(t2.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day) and t8.now_counts
cross join lateral (select ( select m.id
from (select v10.*
from milestone v10
where v10.retracted_at is null and coalesce((v10.at).earliest, '-infinity') <= $2::date) m
where m.subject_id = t2.id and m.kind in ('REPORTED_STALLED', 'REPORTED_PROGRESS')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.kind, m.key
limit 1 ) as id offset 0) l12
left join milestone t11 on t11.id = l12.id and coalesce((t11.at).earliest, '-infinity') <= $2::date
where t2.id = (select coalesce(m1.merged_into_id, m1.id)
from process m1
where m1.key = $1::text) and (select p.counts
from kept.process_periods(t2.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day)) as o1 offset 0) q
-- $1: process.by.key
-- $2: process.asOf
