select convert_to(concat('{"commentaries":', (select concat('{"nodes":', concat('[', g.c1, ']'), '}')
from (select string_agg(p.c1, ',') as c1
from (select concat('{"key":', coalesce(to_json((t1.key)::text)::text, 'null'), ',"kind":', coalesce('"' || (t1.kind)::text || '"', 'null'), ',"author":', coalesce(j2.o, 'null'), ',"subject":', coalesce((case (select r.type
from record r
where r.id = t1.subject_id) when 'SOURCE' then (select concat('{"__typename":', '"Source"', ',"key":', coalesce(to_json((t4.key)::text)::text, 'null'), '}') as o
from source t4
where t4.id = t1.subject_id) when 'CONFLICT' then (select concat('{"__typename":', '"Conflict"', ',"key":', coalesce(to_json((t5.key)::text)::text, 'null'), '}') as o
from conflict t5
where t5.id = t1.subject_id) when 'PROCESS' then (select concat('{"__typename":', '"Process"', ',"key":', coalesce(to_json((t6.key)::text)::text, 'null'), '}') as o
from process t6
where t6.id = t1.subject_id and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v7.*
from milestone v7
where v7.retracted_at is null) m
where m.subject_id = t6.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (t6.opened).earliest > t6.created_at::date then t6.created_at::date else (t6.opened).earliest end, '-infinity' ) <= $1::text::timestamptz::date) when 'ACTOR' then (select concat('{"__typename":', '"Actor"', ',"key":', coalesce(to_json((t8.key)::text)::text, 'null'), '}') as o
from actor t8
where t8.id = t1.subject_id) when 'OFFICE' then (select concat('{"__typename":', '"Office"', ',"key":', coalesce(to_json((t9.key)::text)::text, 'null'), '}') as o
from office t9
where t9.id = t1.subject_id) when 'ISSUE' then (select concat('{"__typename":', '"Issue"', ',"key":', coalesce(to_json((t12.key)::text)::text, 'null'), '}') as o
from issue t12
where t12.id = t1.subject_id) when 'TALK' then (select concat('{"__typename":', '"Talk"', ',"key":', coalesce(to_json((t13.key)::text)::text, 'null'), '}') as o
from talk t13
where t13.id = t1.subject_id and (select p.counts
from kept.talk p
where p.record_id = t13.id and p.from_day <= $1::text::timestamptz::date and $1::text::timestamptz::date < p.until_day)) when 'PARTICIPATION' then (select concat('{"__typename":', '"Participation"', ',"key":', coalesce(to_json((t14.key)::text)::text, 'null'), '}') as o
from participation t14
where t14.id = t1.subject_id and (select p.counts
from kept.talk p
where p.record_id = t14.talk_id and p.from_day <= $1::text::timestamptz::date and $1::text::timestamptz::date < p.until_day)) when 'STATEMENT' then (select concat('{"__typename":', '"Statement"', ',"key":', coalesce(to_json((t17.key)::text)::text, 'null'), '}') as o
from statement t17
where t17.id = t1.subject_id and coalesce((t17.said).earliest, '-infinity') <= $1::text::timestamptz::date) when 'CONDITION' then (select concat('{"__typename":', '"Condition"', ',"key":', coalesce(to_json((t18.key)::text)::text, 'null'), '}') as o
from condition t18
where t18.id = t1.subject_id and exists (select
from statement v19
where v19.id = t18.statement_id and coalesce((v19.said).earliest, '-infinity') <= $1::text::timestamptz::date)) when 'POSITION' then (select concat('{"__typename":', '"Position"', ',"key":', coalesce(to_json((t20.key)::text)::text, 'null'), '}') as o
from position t20
where t20.id = t1.subject_id and coalesce((t20.held).earliest, '-infinity') <= $1::text::timestamptz::date and exists (select
from process v23
where v23.id = t20.process_id and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v24.*
from milestone v24
where v24.retracted_at is null) m
where m.subject_id = v23.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v23.opened).earliest > v23.created_at::date then v23.created_at::date else (v23.opened).earliest end, '-infinity' ) <= $1::text::timestamptz::date)) when 'AGREEMENT' then (select concat('{"__typename":', '"Agreement"', ',"key":', coalesce(to_json((t25.key)::text)::text, 'null'), '}') as o
from agreement t25
where t25.id = t1.subject_id and (select p.counts
from kept.agreement p
where p.record_id = t25.id and p.from_day <= $1::text::timestamptz::date and $1::text::timestamptz::date < p.until_day)) when 'SIGNATURE' then (select concat('{"__typename":', '"Signature"', ',"key":', coalesce(to_json((t26.key)::text)::text, 'null'), '}') as o
from signature t26
where t26.id = t1.subject_id and coalesce((t26.signed).earliest, '-infinity') <= $1::text::timestamptz::date and (select p.counts
from kept.agreement p
where p.record_id = t26.agreement_id and p.from_day <= $1::text::timestamptz::date and $1::text::timestamptz::date < p.until_day)) when 'PROVISION' then (select concat('{"__typename":', '"Provision"', ',"key":', coalesce(to_json((t29.key)::text)::text, 'null'), '}') as o
from provision t29
where t29.id = t1.subject_id and (select p.counts
from kept.agreement p
where p.record_id = t29.agreement_id and p.from_day <= $1::text::timestamptz::date and $1::text::timestamptz::date < p.until_day)) when 'ASSESSMENT' then (select concat('{"__typename":', '"Assessment"', ',"key":', coalesce(to_json((t31.key)::text)::text, 'null'), '}') as o
from assessment t31
where t31.id = t1.subject_id and coalesce((t31.period).earliest, '-infinity') <= $1::text::timestamptz::date and exists (select
from provision v32
where v32.id = t31.provision_id and (select p.counts
from kept.agreement p
where p.record_id = v32.agreement_id and p.from_day <= $1::text::timestamptz::date and $1::text::timestamptz::date < p.until_day))) when 'DEADLINE' then (select concat('{"__typename":', '"Deadline"', ',"key":', coalesce(to_json((t34.key)::text)::text, 'null'), '}') as o
from deadline t34
where t34.id = t1.subject_id and (select p.counts
from kept.deadline p
where p.record_id = t34.id and p.from_day <= $1::text::timestamptz::date and $1::text::timestamptz::date < p.until_day)) when 'MILESTONE' then (select concat('{"__typename":', '"Milestone"', ',"key":', coalesce(to_json((t35.key)::text)::text, 'null'), '}') as o
from milestone t35
where t35.id = t1.subject_id and coalesce((t35.at).earliest, '-infinity') <= $1::text::timestamptz::date) when 'COMMENTARY' then (select concat('{"__typename":', '"Commentary"', ',"key":', coalesce(to_json((t36.key)::text)::text, 'null'), '}') as o
from commentary t36
where t36.id = t1.subject_id and coalesce((t36.published).earliest, '-infinity') <= $1::text::timestamptz::date) when 'CITATION' then (select concat('{"__typename":', '"Citation"', ',"key":', coalesce(to_json((t37.key)::text)::text, 'null'), '}') as o
from citation t37
where t37.id = t1.subject_id) when 'CODE' then (select concat('{"__typename":', '"Code"', ',"key":', coalesce(to_json((t39.key)::text)::text, 'null'), '}') as o
from code t39
where t39.id = t1.subject_id) end), 'null'), '}') as c1
from (select t1.*, t1.key as o0, t1.id as o1
from commentary t1
where true and t1.retracted_at is null and coalesce((t1.published).earliest, '-infinity') <= $1::text::timestamptz::date and t1.kind = any(array['OPINION', 'ANALYSIS']::commentary_kind[])
order by t1.key, t1.id
limit 20) t1
left
join lateral (select concat('{"key":', coalesce(to_json((t3.key)::text)::text, 'null'), '}') as o
from actor t3
where t3.id = t1.author_id) j2 on true
order by t1.o0, t1.o1) p) g), '}'), 'UTF8') as data
-- $1: commentaries.asOf
