select convert_to(concat('{"process":', coalesce(q.o1, 'null'), '}'), 'UTF8') as data, case when q.o1 is null then coalesce(null, '') end
from (select (select concat('{"status":', coalesce('"' || (t2.now_status)::text || '"', 'null'), ',"lastActivity":', coalesce('"' || ((select least(v.last, $2::date)
from (select nullif(t2.now_active_until, '-infinity')) v (last)
where v.last is not null))::text || '"', 'null'), ',"daysSinceLastActivity":', coalesce(($2::date - (select least(v.last, $2::date)
from (select nullif(t2.now_active_until, '-infinity')) v (last)
where v.last is not null))::text, 'null'), ',"stalledSince":', coalesce('"' || (case when t2.now_status = 'STALLED' then t2.now_since end)::text || '"', 'null'), ',"statusExplained":', concat('{"inputs":', (select concat('[', string_agg(concat('{"name":', coalesce(to_json((t4.name)::text)::text, 'null'), ',"value":', coalesce(to_json((t4.value)::text)::text, 'null'), '}'), ','
order by t4.place), ']')
from (select *, row_number() over () as place
from ( select 'clock' as name, $2::date::text as value, null::uuid as record_id
union all select 'stallAfterDays', t2.stall_after_days::text, t2.id
union all select 'opened', (t2.opened).edtf, t2.id
where (t2.opened).edtf is not null
union all select 'closed', (t2.closed).edtf, t2.id
where (t2.closed).edtf is not null
union all ( select 'milestone', m.kind || ' ' || (m.at).edtf, m.id
from (select v5.*
from milestone v5
where v5.retracted_at is null and coalesce((v5.at).earliest, '-infinity') <= $2::date) m
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
from (select v6.*
from process v6
where v6.retracted_at is null and (select p.counts
from kept.process_periods(v6.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day)) r
where r.parent_id = t2.id
order by r.name, r.key ) ) r) t4 ), '}'), ',"nextTalk":', case when t7.id is null then 'null' else concat('{"key":', coalesce(to_json((t7.key)::text)::text, 'null'), '}') end, ',"nextDeadline":', case when t8.id is null then 'null' else concat('{"key":', coalesce(to_json((t8.key)::text)::text, 'null'), '}') end, ',"reportedStatus":', case when t10.id is null then 'null' else concat('{"kind":', coalesce('"' || (t10.kind)::text || '"', 'null'), '}') end, '}') as o
from (select v3.*, p.record_id as now_id, p.counts as now_counts, p.status as now_status, p.since as now_since, p.next_talk_id as now_next_talk_id, p.next_deadline_id as now_next_deadline_id, p.active_until as now_active_until
from process v3
cross join lateral (select p.*
from kept.process_periods(v3.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day offset 0) p) t2
left join talk t7 on t7.id = t2.now_next_talk_id and (select p.counts
from kept.talk p
where p.record_id = t7.id and p.from_day <= $2::date and $2::date < p.until_day)
left join deadline t8 on t8.id = t2.now_next_deadline_id and (select p.counts
from kept.deadline p
where p.record_id = t8.id and p.from_day <= $2::date and $2::date < p.until_day)
cross join lateral (select ( select m.id
from (select v9.*
from milestone v9
where v9.retracted_at is null and coalesce((v9.at).earliest, '-infinity') <= $2::date) m
where m.subject_id = t2.id and m.kind in ('REPORTED_STALLED', 'REPORTED_PROGRESS')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.kind, m.key
limit 1 ) as id offset 0) l11
left join milestone t10 on t10.id = l11.id and coalesce((t10.at).earliest, '-infinity') <= $2::date
where t2.id = (select coalesce(m1.merged_into_id, m1.id)
from process m1
where m1.key = $1::text) and t2.now_counts) as o1 offset 0) q
-- $1: process.by.key
-- $2: process.asOf
