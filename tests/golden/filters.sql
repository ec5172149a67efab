select convert_to(concat('{"actors":', (select concat('{"totalCount":', (select count(*)::text
from actor t1
where true and t1.retracted_at is null and (strpos(lower(t1.name), lower($1::text)) > 0 or (t1.kind = any($2::text[]::actor_kind[]) and (t1.country is null) is not true)) and not exists (select
from statement t2
where t2.speaker_id = t1.id and t2.retracted_at is null and coalesce((t2.said).earliest, '-infinity') <= $4::text::timestamptz::date and t2.quote is null and t2.attribution = $3::text::attribution)), ',"nodes":', concat('[', g.c1, ']'), '}')
from (select string_agg(p.c1, ',') as c1
from (select concat('{"key":', coalesce(to_json((t1.key)::text)::text, 'null'), ',"kind":', coalesce('"' || (t1.kind)::text || '"', 'null'), ',"participations":', (select concat('{"totalCount":', (select count(*)::text
from participation t3
where t3.actor_id = t1.id and t3.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = t3.talk_id and p.from_day <= $4::text::timestamptz::date and $4::text::timestamptz::date < p.until_day)), '}')), '}') as c1
from (select t1.*, t1.name as o0, t1.id as o1
from actor t1
where true and t1.retracted_at is null and (strpos(lower(t1.name), lower($1::text)) > 0 or (t1.kind = any($2::text[]::actor_kind[]) and (t1.country is null) is not true)) and not exists (select
from statement t2
where t2.speaker_id = t1.id and t2.retracted_at is null and coalesce((t2.said).earliest, '-infinity') <= $4::text::timestamptz::date and t2.quote is null and t2.attribution = $3::text::attribution)
order by t1.name, t1.id
limit $5::integer) t1
order by t1.o0, t1.o1) p) g), '}'), 'UTF8') as data
-- $1: actors.filter.or[0].name.contains
-- $2: actors.filter.or[1].and[0].kind.in
-- $3: actors.filter.statements.none.attribution.eq
-- $4: actors.asOf
-- $5: actors.first
