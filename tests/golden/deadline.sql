select convert_to(concat('{"deadline":', coalesce(q.o1, 'null'), '}'), 'UTF8') as data, case when q.o1 is null then coalesce(null, '') end
from (select (select concat('{"title":', coalesce(to_json((t2.title)::text)::text, 'null'), ',"status":', coalesce('"' || ((select p.status
from kept.deadline p
where p.record_id = t2.id and p.from_day <= $2::date and $2::date < p.until_day))::text || '"', 'null'), ',"daysRemaining":', case when (coalesce(( select m.due
from (select v5.*
from milestone v5
where v5.retracted_at is null and coalesce((v5.at).earliest, '-infinity') <= $2::date) m
where m.subject_id = t2.id and m.kind = 'EXTENDED'
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ), t2.due)).edtf is not null then concat('{"min":', coalesce(((coalesce(( select m.due
from (select v3.*
from milestone v3
where v3.retracted_at is null and coalesce((v3.at).earliest, '-infinity') <= $2::date) m
where m.subject_id = t2.id and m.kind = 'EXTENDED'
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ), t2.due)).earliest - $2::date)::text, 'null'), ',"max":', coalesce(((coalesce(( select m.due
from (select v4.*
from milestone v4
where v4.retracted_at is null and coalesce((v4.at).earliest, '-infinity') <= $2::date) m
where m.subject_id = t2.id and m.kind = 'EXTENDED'
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ), t2.due)).latest - $2::date)::text, 'null'), '}') else 'null' end, ',"due":', case when (t2.due).edtf is not null then concat('{"text":', coalesce(to_json(((t2.due).text)::text)::text, 'null'), ',"edtf":', coalesce(to_json(((t2.due).edtf)::text)::text, 'null'), ',"rule":', coalesce(to_json(((t2.due).rule)::text)::text, 'null'), '}') else 'null' end, ',"setBy":', case when t6.id is null then 'null' else concat('{"name":', coalesce(to_json((t6.name)::text)::text, 'null'), '}') end, ',"addressees":', case when t2.addressee_ids = '{}' then '[]' else (select concat('[', string_agg(concat('{"key":', coalesce(to_json((t7.key)::text)::text, 'null'), '}'), ','
order by u.place), ']')
from unnest(t2.addressee_ids) with ordinality u (id, place)
join actor t7 on t7.id = u.id and t7.retracted_at is null ) end, ',"statusExplained":', concat('{"value":', coalesce('"' || ((select p.status
from kept.deadline p
where p.record_id = t2.id and p.from_day <= $2::date and $2::date < p.until_day))::text || '"', 'null'), ',"rule":', concat('{"id":', coalesce(to_json(('deadline.status.v1')::text)::text, 'null'), ',"version":', coalesce((1)::text, 'null'), '}'), ',"inputs":', (select concat('[', string_agg(concat('{"name":', coalesce(to_json((t8.name)::text)::text, 'null'), ',"value":', coalesce(to_json((t8.value)::text)::text, 'null'), '}'), ','
order by t8.place), ']')
from (select *, row_number() over () as place
from ( select 'clock' as name, $2::date::text as value, null::uuid as record_id
union all select 'due', (coalesce(( select m.due
from (select v9.*
from milestone v9
where v9.retracted_at is null and coalesce((v9.at).earliest, '-infinity') <= $2::date) m
where m.subject_id = t2.id and m.kind = 'EXTENDED'
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ), t2.due)).edtf, t2.id
union all select 'extension', m.kind || ' ' || (m.at).edtf, m.id
from (select v10.*
from milestone v10
where v10.retracted_at is null and coalesce((v10.at).earliest, '-infinity') <= $2::date) m
where m.id = ( select m.id
from (select v11.*
from milestone v11
where v11.retracted_at is null and coalesce((v11.at).earliest, '-infinity') <= $2::date) m
where m.subject_id = t2.id and m.kind = 'EXTENDED'
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 )
union all select 'resolution', m.kind || ' ' || (m.at).edtf, m.id
from (select v12.*
from milestone v12
where v12.retracted_at is null and coalesce((v12.at).earliest, '-infinity') <= $2::date) m
where m.id = ( select m.id
from (select v13.*
from milestone v13
where v13.retracted_at is null and coalesce((v13.at).earliest, '-infinity') <= $2::date) m
where m.subject_id = t2.id and m.kind in ('MET', 'MISSED', 'WAIVED', 'WITHDRAWN', 'EXTENDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) and m.kind <> 'EXTENDED' ) r) t8 ), '}'), '}') as o
from deadline t2
left join actor t6 on t6.id = t2.set_by_id
where t2.id = (select coalesce(m1.merged_into_id, m1.id)
from deadline m1
where m1.key = $1::text) and (select p.counts
from kept.deadline p
where p.record_id = t2.id and p.from_day <= $2::date and $2::date < p.until_day)) as o1 offset 0) q
-- $1: deadline.by.key
-- $2: deadline.asOf
