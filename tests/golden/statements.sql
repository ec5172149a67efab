select convert_to(concat('{"statements":', (select concat('{"totalCount":', (select count(*)::text
from statement t1
where true and t1.retracted_at is null and coalesce((t1.said).earliest, '-infinity') <= $1::text::timestamptz::date and exists (select
from actor t2
where t2.id = t1.speaker_id and t2.key = $2::text)), ',"nodes":', concat('[', g.c1, ']'), '}')
from (select string_agg(p.c1, ',') as c1
from (select concat('{"key":', coalesce(to_json((t1.key)::text)::text, 'null'), ',"stance":', coalesce('"' || (t1.stance)::text || '"', 'null'), ',"modality":', coalesce('"' || (t1.modality)::text || '"', 'null'), ',"speakerOffice":', coalesce(j6.o, 'null'), ',"issues":', (select concat('[', string_agg(concat('{"key":', coalesce(to_json((t10.key)::text)::text, 'null'), '}'), ','
order by u.place), ']')
from unnest(t1.issue_ids) with ordinality u (id, place)
join issue t10 on t10.id = u.id and t10.retracted_at is null ), ',"conditions":', (select concat('{"nodes":', concat('[', g.c1, ']'), '}')
from (select string_agg(p.c1, ',') as c1
from (select concat('{"kind":', coalesce('"' || (t11.kind)::text || '"', 'null'), ',"outcome":', coalesce('"' || (coalesce(( select case (select p.status
from kept.deadline p
where p.record_id = d.id and p.from_day <= $1::text::timestamptz::date and $1::text::timestamptz::date < p.until_day) when 'MET' then 'MET' when 'MISSED' then 'UNMET' when 'WAIVED' then 'WITHDRAWN' when 'WITHDRAWN' then 'WITHDRAWN' when 'OVERDUE' then 'LAPSED' end
from (select v12.*
from deadline v12
where v12.retracted_at is null and (select p.counts
from kept.deadline p
where p.record_id = v12.id and p.from_day <= $1::text::timestamptz::date and $1::text::timestamptz::date < p.until_day)) d
where d.id = t11.deadline_id ), 'PENDING'))::text || '"', 'null'), ',"deadline":', coalesce(j13.o, 'null'), '}') as c1
from (select t11.*, t11.key as o0, t11.id as o1
from condition t11
where t11.statement_id = t1.id and t11.retracted_at is null
order by t11.key, t11.id
limit 20) t11
left
join lateral (select concat('{"key":', coalesce(to_json((t14.key)::text)::text, 'null'), '}') as o
from deadline t14
where t14.id = t11.deadline_id and (select p.counts
from kept.deadline p
where p.record_id = t14.id and p.from_day <= $1::text::timestamptz::date and $1::text::timestamptz::date < p.until_day)) j13 on true
order by t11.o0, t11.o1) p) g), ',"citations":', (select concat('{"nodes":', concat('[', g.c1, ']'), '}')
from (select string_agg(p.c1, ',') as c1
from (select concat('{"number":', coalesce((t15.number)::text, 'null'), ',"source":', coalesce(j17.o, 'null'), '}') as c1
from (select t15.*, t15.number as o0, t15.id as o1
from citation t15
where t15.record_id = t1.id and t15.retracted_at is null
order by t15.number, t15.id
limit 20) t15
left
join lateral (select concat('{"key":', coalesce(to_json((t18.key)::text)::text, 'null'), '}') as o
from source t18
where t18.id = t15.source_id) j17 on true
order by t15.o0, t15.o1) p) g), '}') as c1
from (select t1.*, t1.key as o0, t1.id as o1
from statement t1
where true and t1.retracted_at is null and coalesce((t1.said).earliest, '-infinity') <= $1::text::timestamptz::date and exists (select
from actor t2
where t2.id = t1.speaker_id and t2.key = $2::text)
order by t1.key, t1.id
limit 50) t1
left
join lateral (select concat('{"title":', coalesce(to_json((t7.title)::text)::text, 'null'), ',"rank":', coalesce('"' || (t7.rank)::text || '"', 'null'), '}') as o
from office t7
where t7.id = ( select o.id
from (select v3.*
from office v3
where v3.retracted_at is null) o
where o.person_id = t1.speaker_id and coalesce((o.held).earliest, '-infinity') <= coalesce((t1.said).latest, 'infinity') and coalesce((o.held).latest, 'infinity') >= coalesce((t1.said).earliest, '-infinity')
order by (o.held).earliest desc nulls last, o.id
limit 1 )) j6 on true
order by t1.o0, t1.o1) p) g), '}'), 'UTF8') as data
-- $1: statements.asOf
-- $2: statements.filter.speaker.key.eq
