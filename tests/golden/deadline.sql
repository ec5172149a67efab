select convert_to(concat('{"deadline":', coalesce(q.o1, 'null'), '}'), 'UTF8') as data, case when q.o1 is null then coalesce(null, '') end
from (select (select concat('{"title":', coalesce(to_json((t2.title)::text)::text, 'null'), ',"status":', coalesce('"' || (t2.now_status)::text || '"', 'null'), ',"daysRemaining":', case when ( t2.now_status not in ('MET', 'MISSED', 'WAIVED', 'WITHDRAWN') and (t2.now_due).edtf is not null and not (t2.subject_type = 'AGREEMENT' and exists ( select
from (select v4.*
from agreement v4
where v4.retracted_at is null) e
where e.id = t2.subject_id and (select p.status
from kept.agreement p
where p.record_id = e.id and p.from_day <= $2::date and $2::date < p.until_day) in ('EXPIRED', 'SUPERSEDED', 'TERMINATED') and t2.now_status not in ('PASSED', 'OVERDUE') )) ) then concat('{"min":', coalesce(((t2.now_due).earliest - $2::date)::text, 'null'), ',"max":', coalesce(((t2.now_due).latest - $2::date)::text, 'null'), '}') else 'null' end, ',"due":', case when (t2.now_due).edtf is not null then concat('{"text":', coalesce(to_json(((t2.now_due).text)::text)::text, 'null'), ',"edtf":', coalesce(to_json(((t2.now_due).edtf)::text)::text, 'null'), ',"rule":', coalesce(to_json(((t2.now_due).rule)::text)::text, 'null'), '}') else 'null' end, ',"setBy":', case when t5.id is null then 'null' else concat('{"name":', coalesce(to_json((t5.name)::text)::text, 'null'), '}') end, ',"addressees":', case when t2.addressee_ids = '{}' then '[]' else (select concat('[', string_agg(concat('{"key":', coalesce(to_json((t6.key)::text)::text, 'null'), '}'), ','
order by u.place), ']')
from unnest(t2.addressee_ids) with ordinality u (id, place)
join actor t6 on t6.id = u.id and t6.retracted_at is null ) end, ',"statusExplained":', concat('{"value":', coalesce('"' || (t2.now_status)::text || '"', 'null'), ',"rule":', concat('{"id":', coalesce(to_json(('deadline.status.v2')::text)::text, 'null'), ',"version":', coalesce((2)::text, 'null'), '}'), ',"inputs":', (select concat('[', string_agg(concat('{"name":', coalesce(to_json((t7.name)::text)::text, 'null'), ',"value":', coalesce(to_json((t7.value)::text)::text, 'null'), '}'), ','
order by t7.place), ']')
from (select *, row_number() over () as place
from ( select 'clock' as name, $2::date::text as value, null::uuid as record_id
union all select 'kind', t2.kind::text, t2.id
union all select 'hardness', t2.hardness::text, t2.id
union all select 'due', (t2.due).edtf, t2.id
where (t2.due).edtf is not null
union all select 'anchor', t2.anchor::text, t2.id
where t2.anchor is not null
union all select 'startsWith', t2.starts_with, t2.id
where t2.starts_with is not null
union all select 'every', t2.every, t2.id
where t2.every is not null
union all select 'day', (t2.now_due).edtf, t2.id
where (t2.now_due).edtf is not null
union all ( select 'milestone', m.kind || ' ' || (m.at).edtf || coalesce(' → ' || (m.due).edtf, ''), m.id
from (select v8.*
from milestone v8
where v8.retracted_at is null and coalesce((v8.at).earliest, '-infinity') <= $2::date) m
where m.subject_id = t2.id
order by (m.at).earliest nulls first, (m.at).latest, m.kind, m.key ) ) r) t7 ), '}'), '}') as o
from (select v3.*, p.record_id as now_id, p.counts as now_counts, p.status as now_status, p.since as now_since, p.due as now_due, p.disputed as now_disputed, p.reading_ids as now_reading_ids
from deadline v3
join kept.deadline p on p.record_id = v3.id and p.from_day <= $2::date and $2::date < p.until_day) t2
left join actor t5 on t5.id = t2.set_by_id
where t2.id = (select coalesce(m1.merged_into_id, m1.id)
from deadline m1
where m1.key = $1::text) and t2.now_counts) as o1 offset 0) q
-- $1: deadline.by.key
-- $2: deadline.asOf
