select convert_to(concat('{"talk":', coalesce(q.o1, 'null'), '}'), 'UTF8') as data, case when q.o1 is null then coalesce(null, '') end
from (select (select concat('{"title":', coalesce(to_json((t2.title)::text)::text, 'null'), ',"status":', coalesce('"' || (t2.now_status)::text || '"', 'null'), ',"participations":', (select concat('{"totalCount":', (select count(*)::text
from participation t4
where t4.talk_id = t2.id and t4.retracted_at is null and coalesce((t4.during).earliest, '-infinity') <= $2::date and (t4.process_id is null or exists (select
from process v5
where v5.id = t4.process_id and (select p.counts
from kept.process_periods(v5.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day)))), ',"edges":', concat('[', g.c1, ']'), '}')
from (select string_agg(p.c1, ',') as c1
from (select concat('{"node":', concat('{"role":', coalesce('"' || (t4.role)::text || '"', 'null'), ',"attendance":', coalesce('"' || (t4.attendance)::text || '"', 'null'), ',"headOfDelegation":', coalesce((t4.head_of_delegation)::text, 'null'), ',"actor":', case when t7.id is null then 'null' else concat('{"name":', coalesce(to_json((t7.name)::text)::text, 'null'), ',"kind":', coalesce('"' || (t7.kind)::text || '"', 'null'), '}') end, ',"onBehalfOf":', case when t8.id is null then 'null' else concat('{"key":', coalesce(to_json((t8.key)::text)::text, 'null'), '}') end, '}'), '}') as c1
from (select t4.*, t4.key as o0, t4.id as o1
from participation t4
where t4.talk_id = t2.id and t4.retracted_at is null and coalesce((t4.during).earliest, '-infinity') <= $2::date and (t4.process_id is null or exists (select
from process v5
where v5.id = t4.process_id and (select p.counts
from kept.process_periods(v5.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day)))
order by t4.key, t4.id
limit 20) t4
left join actor t7 on t7.id = t4.actor_id
left join actor t8 on t8.id = t4.on_behalf_of_id
order by t4.o0, t4.o1) p) g), ',"followedBy":', (select concat('{"nodes":', concat('[', g.c1, ']'), '}')
from (select string_agg(p.c1, ',') as c1
from (select concat('{"key":', coalesce(to_json((t9.key)::text)::text, 'null'), ',"status":', coalesce('"' || (t9.now_status)::text || '"', 'null'), ',"daysUntil":', case when (t9.now_starts).edtf is not null and t9.now_status in ('SCHEDULED', 'EXPECTED') then concat('{"min":', coalesce(((t9.now_starts).earliest - $2::date)::text, 'null'), ',"max":', coalesce(((t9.now_starts).latest - $2::date)::text, 'null'), '}') else 'null' end, ',"starts":', case when (t9.now_starts).edtf is not null then concat('{"text":', coalesce(to_json(((t9.now_starts).text)::text)::text, 'null'), ',"edtf":', coalesce(to_json(((t9.now_starts).edtf)::text)::text, 'null'), ',"precision":', coalesce('"' || ((t9.now_starts).precision)::text || '"', 'null'), '}') else 'null' end, '}') as c1
from (select t9.*, (t9.now_starts).earliest as o0, t9.now_id as o1
from (select v10.*, p.record_id as now_id, p.counts as now_counts, p.status as now_status, p.since as now_since, p.starts as now_starts, p.ends as now_ends, p.venue as now_venue, p.city as now_city, p.country as now_country, p.disputed as now_disputed, p.reading_ids as now_reading_ids
from talk v10
join kept.talk p on p.record_id = v10.id and p.from_day <= $2::date and $2::date < p.until_day) t9
where t9.follows_id = t2.id and t9.retracted_at is null and t9.now_counts
order by (t9.now_starts).earliest, t9.now_id
limit 20) t9
order by t9.o0, t9.o1) p) g), '}') as o
from (select v3.*, p.record_id as now_id, p.counts as now_counts, p.status as now_status, p.since as now_since, p.starts as now_starts, p.ends as now_ends, p.venue as now_venue, p.city as now_city, p.country as now_country, p.disputed as now_disputed, p.reading_ids as now_reading_ids
from talk v3
join kept.talk p on p.record_id = v3.id and p.from_day <= $2::date and $2::date < p.until_day) t2
where t2.id = (select coalesce(m1.merged_into_id, m1.id)
from talk m1
where m1.key = $1::text) and t2.now_counts) as o1 offset 0) q
-- $1: talk.by.key
-- $2: talk.asOf
