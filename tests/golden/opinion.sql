select convert_to(concat('{"commentaries":', (select concat('{"nodes":', concat('[', g.c1, ']'), '}')
from (select string_agg(p.c1, ',') as c1
from (select concat('{"key":', coalesce(to_json((t1.key)::text)::text, 'null'), ',"kind":', coalesce('"' || (t1.kind)::text || '"', 'null'), ',"author":', case when t2.id is null then 'null' else concat('{"key":', coalesce(to_json((t2.key)::text)::text, 'null'), '}') end, ',"subject":', coalesce((case (select r.type
from record r
where r.id = t1.subject_id) when 'SOURCE' then (select concat('{"__typename":', '"Source"', ',"key":', coalesce(to_json((t3.key)::text)::text, 'null'), '}') as o
from source t3
where t3.id = t1.subject_id) when 'CONFLICT' then (select concat('{"__typename":', '"Conflict"', ',"key":', coalesce(to_json((t4.key)::text)::text, 'null'), '}') as o
from conflict t4
where t4.id = t1.subject_id) when 'PROCESS' then (select concat('{"__typename":', '"Process"', ',"key":', coalesce(to_json((t5.key)::text)::text, 'null'), '}') as o
from process t5
where t5.id = t1.subject_id and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v6.*
from milestone v6
where v6.retracted_at is null) m
where m.subject_id = t5.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (t5.opened).earliest > t5.created_at::date then t5.created_at::date else (t5.opened).earliest end, '-infinity' ) <= $1::date) when 'ACTOR' then (select concat('{"__typename":', '"Actor"', ',"key":', coalesce(to_json((t7.key)::text)::text, 'null'), '}') as o
from actor t7
where t7.id = t1.subject_id) when 'OFFICE' then (select concat('{"__typename":', '"Office"', ',"key":', coalesce(to_json((t8.key)::text)::text, 'null'), '}') as o
from office t8
where t8.id = t1.subject_id) when 'ISSUE' then (select concat('{"__typename":', '"Issue"', ',"key":', coalesce(to_json((t11.key)::text)::text, 'null'), '}') as o
from issue t11
where t11.id = t1.subject_id) when 'TALK' then (select concat('{"__typename":', '"Talk"', ',"key":', coalesce(to_json((t12.key)::text)::text, 'null'), '}') as o
from talk t12
where t12.id = t1.subject_id and (select p.counts
from kept.talk p
where p.record_id = t12.id and p.from_day <= $1::date and $1::date < p.until_day)) when 'PARTICIPATION' then (select concat('{"__typename":', '"Participation"', ',"key":', coalesce(to_json((t13.key)::text)::text, 'null'), '}') as o
from participation t13
where t13.id = t1.subject_id and (select p.counts
from kept.talk p
where p.record_id = t13.talk_id and p.from_day <= $1::date and $1::date < p.until_day)) when 'STATEMENT' then (select concat('{"__typename":', '"Statement"', ',"key":', coalesce(to_json((t16.key)::text)::text, 'null'), '}') as o
from statement t16
where t16.id = t1.subject_id and coalesce((t16.said).earliest, '-infinity') <= $1::date) when 'CONDITION' then (select concat('{"__typename":', '"Condition"', ',"key":', coalesce(to_json((t17.key)::text)::text, 'null'), '}') as o
from condition t17
where t17.id = t1.subject_id and exists (select
from statement v18
where v18.id = t17.statement_id and coalesce((v18.said).earliest, '-infinity') <= $1::date)) when 'POSITION' then (select concat('{"__typename":', '"Position"', ',"key":', coalesce(to_json((t19.key)::text)::text, 'null'), '}') as o
from position t19
where t19.id = t1.subject_id and coalesce((t19.held).earliest, '-infinity') <= $1::date and exists (select
from process v22
where v22.id = t19.process_id and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v23.*
from milestone v23
where v23.retracted_at is null) m
where m.subject_id = v22.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v22.opened).earliest > v22.created_at::date then v22.created_at::date else (v22.opened).earliest end, '-infinity' ) <= $1::date)) when 'AGREEMENT' then (select concat('{"__typename":', '"Agreement"', ',"key":', coalesce(to_json((t24.key)::text)::text, 'null'), '}') as o
from agreement t24
where t24.id = t1.subject_id and (select p.counts
from kept.agreement p
where p.record_id = t24.id and p.from_day <= $1::date and $1::date < p.until_day)) when 'SIGNATURE' then (select concat('{"__typename":', '"Signature"', ',"key":', coalesce(to_json((t25.key)::text)::text, 'null'), '}') as o
from signature t25
where t25.id = t1.subject_id and coalesce((t25.signed).earliest, '-infinity') <= $1::date and (select p.counts
from kept.agreement p
where p.record_id = t25.agreement_id and p.from_day <= $1::date and $1::date < p.until_day)) when 'PROVISION' then (select concat('{"__typename":', '"Provision"', ',"key":', coalesce(to_json((t28.key)::text)::text, 'null'), '}') as o
from provision t28
where t28.id = t1.subject_id and (select p.counts
from kept.agreement p
where p.record_id = t28.agreement_id and p.from_day <= $1::date and $1::date < p.until_day)) when 'ASSESSMENT' then (select concat('{"__typename":', '"Assessment"', ',"key":', coalesce(to_json((t30.key)::text)::text, 'null'), '}') as o
from assessment t30
where t30.id = t1.subject_id and coalesce((t30.period).earliest, '-infinity') <= $1::date and exists (select
from provision v31
where v31.id = t30.provision_id and (select p.counts
from kept.agreement p
where p.record_id = v31.agreement_id and p.from_day <= $1::date and $1::date < p.until_day))) when 'DEADLINE' then (select concat('{"__typename":', '"Deadline"', ',"key":', coalesce(to_json((t33.key)::text)::text, 'null'), '}') as o
from deadline t33
where t33.id = t1.subject_id and (select p.counts
from kept.deadline p
where p.record_id = t33.id and p.from_day <= $1::date and $1::date < p.until_day)) when 'MILESTONE' then (select concat('{"__typename":', '"Milestone"', ',"key":', coalesce(to_json((t34.key)::text)::text, 'null'), '}') as o
from milestone t34
where t34.id = t1.subject_id and coalesce((t34.at).earliest, '-infinity') <= $1::date) when 'COMMENTARY' then (select concat('{"__typename":', '"Commentary"', ',"key":', coalesce(to_json((t35.key)::text)::text, 'null'), '}') as o
from commentary t35
where t35.id = t1.subject_id and coalesce((t35.published).earliest, '-infinity') <= $1::date) when 'CITATION' then (select concat('{"__typename":', '"Citation"', ',"key":', coalesce(to_json((t36.key)::text)::text, 'null'), '}') as o
from citation t36
where t36.id = t1.subject_id) when 'CODE' then (select concat('{"__typename":', '"Code"', ',"key":', coalesce(to_json((t38.key)::text)::text, 'null'), '}') as o
from code t38
where t38.id = t1.subject_id) end), 'null'), '}') as c1
from (select t1.*, t1.key as o0, t1.id as o1
from commentary t1
where true and t1.retracted_at is null and coalesce((t1.published).earliest, '-infinity') <= $1::date and t1.kind = any(array['OPINION', 'ANALYSIS']::commentary_kind[])
order by t1.key, t1.id
limit 20) t1
left join actor t2 on t2.id = t1.author_id
order by t1.o0, t1.o1) p) g), '}'), 'UTF8') as data
-- $1: commentaries.asOf
