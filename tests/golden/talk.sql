select convert_to(concat('{"talk":', coalesce(q.o1, 'null'), '}'), 'UTF8') as data, case when q.o1 is null then coalesce(null, '') end
from (select (select concat('{"title":', coalesce(to_json((t2.title)::text)::text, 'null'), ',"status":', coalesce('"' || ((select p.status
from kept.talk p
where p.record_id = t2.id and p.from_day <= $2::date and $2::date < p.until_day))::text || '"', 'null'), ',"participations":', (select concat('{"totalCount":', (select count(*)::text
from participation t3
where t3.talk_id = t2.id and t3.retracted_at is null), ',"edges":', concat('[', g.c1, ']'), '}')
from (select string_agg(p.c1, ',') as c1
from (select concat('{"node":', concat('{"role":', coalesce('"' || (t3.role)::text || '"', 'null'), ',"attendance":', coalesce('"' || (t3.attendance)::text || '"', 'null'), ',"headOfDelegation":', coalesce((t3.head_of_delegation)::text, 'null'), ',"actor":', case when t5.id is null then 'null' else concat('{"name":', coalesce(to_json((t5.name)::text)::text, 'null'), ',"kind":', coalesce('"' || (t5.kind)::text || '"', 'null'), '}') end, ',"onBehalfOf":', case when t6.id is null then 'null' else concat('{"key":', coalesce(to_json((t6.key)::text)::text, 'null'), '}') end, '}'), '}') as c1
from (select t3.*, t3.key as o0, t3.id as o1
from participation t3
where t3.talk_id = t2.id and t3.retracted_at is null
order by t3.key, t3.id
limit 20) t3
left join actor t5 on t5.id = t3.actor_id
left join actor t6 on t6.id = t3.on_behalf_of_id
order by t3.o0, t3.o1) p) g), ',"followedBy":', (select concat('{"nodes":', concat('[', g.c1, ']'), '}')
from (select string_agg(p.c1, ',') as c1
from (select concat('{"key":', coalesce(to_json((t7.key)::text)::text, 'null'), ',"status":', coalesce('"' || ((select p.status
from kept.talk p
where p.record_id = t7.id and p.from_day <= $2::date and $2::date < p.until_day))::text || '"', 'null'), ',"daysUntil":', case when (t7.starts).edtf is not null then concat('{"min":', coalesce(((t7.starts).earliest - $2::date)::text, 'null'), ',"max":', coalesce(((t7.starts).latest - $2::date)::text, 'null'), '}') else 'null' end, ',"starts":', case when (t7.starts).edtf is not null then concat('{"text":', coalesce(to_json(((t7.starts).text)::text)::text, 'null'), ',"edtf":', coalesce(to_json(((t7.starts).edtf)::text)::text, 'null'), ',"precision":', coalesce('"' || ((t7.starts).precision)::text || '"', 'null'), '}') else 'null' end, '}') as c1
from (select t7.*, (t7.starts).earliest as o0, t7.id as o1
from talk t7
where t7.follows_id = t2.id and t7.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = t7.id and p.from_day <= $2::date and $2::date < p.until_day)
order by (t7.starts).earliest, t7.id
limit 20) t7
order by t7.o0, t7.o1) p) g), '}') as o
from talk t2
where t2.id = (select coalesce(m1.merged_into_id, m1.id)
from talk m1
where m1.key = $1::text) and (select p.counts
from kept.talk p
where p.record_id = t2.id and p.from_day <= $2::date and $2::date < p.until_day)) as o1 offset 0) q
-- $1: talk.by.key
-- $2: talk.asOf
