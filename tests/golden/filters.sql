select convert_to(concat('{"actors":', (select concat('{"totalCount":', (select count(*)::text
from actor t1
where true and t1.retracted_at is null and (strpos(lower(t1.name), lower($1::text)) > 0 or (t1.kind = any(array['STATE', 'COALITION']::actor_kind[]) and (t1.country is null) is not true)) and not exists (select
from statement t2
where t2.speaker_ids @> array[t1.id] and t2.retracted_at is null and coalesce((t2.said).earliest, '-infinity') <= $2::date and t2.quote is null and t2.attribution = 'DIRECT_QUOTE'::attribution)), ',"nodes":', concat('[', g.c1, ']'), '}')
from (select string_agg(p.c1, ',') as c1
from (select concat('{"key":', coalesce(to_json((t1.key)::text)::text, 'null'), ',"kind":', coalesce('"' || (t1.kind)::text || '"', 'null'), ',"participations":', (select concat('{"totalCount":', (select count(*)::text
from participation t3
where t3.actor_id = t1.id and t3.retracted_at is null and coalesce((t3.during).earliest, '-infinity') <= $2::date and (t3.talk_id is null or (select p.counts
from kept.talk p
where p.record_id = t3.talk_id and p.from_day <= $2::date and $2::date < p.until_day)) and (t3.process_id is null or exists (select
from process v5
where v5.id = t3.process_id and (select p.counts
from kept.process_periods(v5.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day)))), '}')), '}') as c1
from (select t1.*, t1.name as o0, t1.id as o1
from actor t1
where true and t1.retracted_at is null and (strpos(lower(t1.name), lower($1::text)) > 0 or (t1.kind = any(array['STATE', 'COALITION']::actor_kind[]) and (t1.country is null) is not true)) and not exists (select
from statement t2
where t2.speaker_ids @> array[t1.id] and t2.retracted_at is null and coalesce((t2.said).earliest, '-infinity') <= $2::date and t2.quote is null and t2.attribution = 'DIRECT_QUOTE'::attribution)
order by t1.name, t1.id
limit 10) t1
order by t1.o0, t1.o1) p) g), '}'), 'UTF8') as data
-- $1: actors.filter.or[0].name.contains
-- $2: actors.asOf
