select convert_to(concat('{"statements":', (select concat('{"totalCount":', (select count(*)::text
from statement t1
where true and t1.retracted_at is null and coalesce((t1.said).earliest, '-infinity') <= $1::date and exists (select
from actor t2
where t2.id = t1.speaker_id and t2.key = $2::text)), ',"nodes":', concat('[', g.c1, ']'), '}')
from (select string_agg(p.c1, ',') as c1
from (select concat('{"key":', coalesce(to_json((t1.key)::text)::text, 'null'), ',"stance":', coalesce('"' || (t1.stance)::text || '"', 'null'), ',"modality":', coalesce('"' || (t1.modality)::text || '"', 'null'), ',"speakerOffice":', case when t6.id is null then 'null' else concat('{"title":', coalesce(to_json((t6.title)::text)::text, 'null'), ',"rank":', coalesce('"' || (t6.rank)::text || '"', 'null'), '}') end, ',"issues":', case when t1.issue_ids = '{}' then '[]' else (select concat('[', string_agg(concat('{"key":', coalesce(to_json((t10.key)::text)::text, 'null'), '}'), ','
order by u.place), ']')
from unnest(t1.issue_ids) with ordinality u (id, place)
join issue t10 on t10.id = u.id and t10.retracted_at is null ) end, ',"conditions":', (select concat('{"nodes":', concat('[', g.c1, ']'), '}')
from (select string_agg(p.c1, ',') as c1
from (select concat('{"kind":', coalesce('"' || (t11.kind)::text || '"', 'null'), ',"outcome":', coalesce('"' || (coalesce( ( select case word.kind when 'MET' then 'MET' when 'MISSED' then 'UNMET' else 'WITHDRAWN' end
from ( select w.id, w.kind::text as kind, w.at
from (select v12.*
from milestone v12
where v12.retracted_at is null and coalesce((v12.at).earliest, '-infinity') <= $1::date) w
where w.subject_id = t11.id and w.kind::text in ('MISSED', 'WAIVED', 'WITHDRAWN', 'MET') and greatest( coalesce((coalesce(w.effective, w.at)).earliest, '-infinity'), coalesce((w.at).earliest, '-infinity') ) <= $1::date and greatest(coalesce((coalesce(w.effective, w.at)).latest, 'infinity'), greatest( coalesce((coalesce(w.effective, w.at)).earliest, '-infinity'), coalesce((w.at).earliest, '-infinity') )) >= ( select max(greatest( coalesce((coalesce(n.effective, n.at)).earliest, '-infinity'), coalesce((n.at).earliest, '-infinity') ))
from (select v13.*
from milestone v13
where v13.retracted_at is null and coalesce((v13.at).earliest, '-infinity') <= $1::date) n
where n.subject_id = t11.id and n.kind::text in ('MISSED', 'WAIVED', 'WITHDRAWN', 'MET') and greatest( coalesce((coalesce(n.effective, n.at)).earliest, '-infinity'), coalesce((n.at).earliest, '-infinity') ) <= $1::date )
order by array_position(array['MISSED', 'WAIVED', 'WITHDRAWN', 'MET'], w.kind::text) desc, (w.at).latest desc, w.key
limit 1 ) word ), ( select case (select p.status
from kept.deadline p
where p.record_id = d.id and p.from_day <= $1::date and $1::date < p.until_day) when 'MET' then 'MET' when 'MISSED' then 'UNMET' when 'WAIVED' then 'WITHDRAWN' when 'WITHDRAWN' then 'WITHDRAWN' when 'OVERDUE' then 'LAPSED' when 'PASSED' then 'LAPSED' end
from (select v14.*
from deadline v14
where v14.retracted_at is null and (select p.counts
from kept.deadline p
where p.record_id = v14.id and p.from_day <= $1::date and $1::date < p.until_day)) d
where d.id = ( select d.id
from (select v15.*
from deadline v15
where v15.retracted_at is null and (select p.counts
from kept.deadline p
where p.record_id = v15.id and p.from_day <= $1::date and $1::date < p.until_day)) d
where d.id = t11.deadline_id or d.subject_id = t11.id
order by ((select p.due
from kept.deadline p
where p.record_id = d.id and p.from_day <= $1::date and $1::date < p.until_day)).latest nulls last, ((select p.due
from kept.deadline p
where p.record_id = d.id and p.from_day <= $1::date and $1::date < p.until_day)).earliest, d.title, d.key
limit 1 ) ), 'PENDING' ))::text || '"', 'null'), ',"deadline":', case when t16.id is null then 'null' else concat('{"key":', coalesce(to_json((t16.key)::text)::text, 'null'), '}') end, '}') as c1
from (select t11.*, t11.key as o0, t11.id as o1
from condition t11
where t11.statement_id = t1.id and t11.retracted_at is null
order by t11.key, t11.id
limit 20) t11
left join deadline t16 on t16.id = t11.deadline_id and (select p.counts
from kept.deadline p
where p.record_id = t16.id and p.from_day <= $1::date and $1::date < p.until_day)
order by t11.o0, t11.o1) p) g), ',"citations":', (select concat('{"nodes":', concat('[', g.c1, ']'), '}')
from (select string_agg(p.c1, ',') as c1
from (select concat('{"number":', coalesce((t17.number)::text, 'null'), ',"source":', case when t19.id is null then 'null' else concat('{"key":', coalesce(to_json((t19.key)::text)::text, 'null'), '}') end, '}') as c1
from (select t17.*, t17.number as o0, t17.id as o1
from citation t17
where t17.record_id = t1.id and t17.retracted_at is null
order by t17.number, t17.id
limit 20) t17
left join source t19 on t19.id = t17.source_id
order by t17.o0, t17.o1) p) g), '}') as c1
from (select t1.*, t1.key as o0, t1.id as o1
from statement t1
where true and t1.retracted_at is null and coalesce((t1.said).earliest, '-infinity') <= $1::date and exists (select
from actor t2
where t2.id = t1.speaker_id and t2.key = $2::text)
order by t1.key, t1.id
limit 50) t1
cross join lateral (select ( select case when count(*) = 1 then (array_agg(o.id))[1] end
from (select v3.*
from office v3
where v3.retracted_at is null) o
where o.person_id = t1.speaker_id and case when t1.office_ids <> '{}' then o.id = any(t1.office_ids) else (o.held).edtf is not null and coalesce((o.held).earliest, '-infinity') <= coalesce((t1.said).latest, 'infinity') and coalesce((o.held).latest, 'infinity') >= coalesce((t1.said).earliest, '-infinity') end ) as id offset 0) l7
left join office t6 on t6.id = l7.id
order by t1.o0, t1.o1) p) g), '}'), 'UTF8') as data
-- $1: statements.asOf
-- $2: statements.filter.speaker.key.eq
