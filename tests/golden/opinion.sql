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
where t5.id = t1.subject_id and (select p.counts
from kept.process_periods(t5.id, $1::date) p
where p.from_day <= $1::date and $1::date < p.until_day)) when 'ACTOR' then (select concat('{"__typename":', '"Actor"', ',"key":', coalesce(to_json((t6.key)::text)::text, 'null'), '}') as o
from actor t6
where t6.id = t1.subject_id) when 'OFFICE' then (select concat('{"__typename":', '"Office"', ',"key":', coalesce(to_json((t7.key)::text)::text, 'null'), '}') as o
from office t7
where t7.id = t1.subject_id) when 'ISSUE' then (select concat('{"__typename":', '"Issue"', ',"key":', coalesce(to_json((t10.key)::text)::text, 'null'), '}') as o
from issue t10
where t10.id = t1.subject_id) when 'TALK' then (select concat('{"__typename":', '"Talk"', ',"key":', coalesce(to_json((t11.key)::text)::text, 'null'), '}') as o
from (select v12.*, p.record_id as now_id, p.counts as now_counts, p.status as now_status, p.since as now_since, p.starts as now_starts, p.ends as now_ends, p.venue as now_venue, p.city as now_city, p.country as now_country, p.disputed as now_disputed, p.reading_ids as now_reading_ids
from talk v12
join kept.talk p on p.record_id = v12.id and p.from_day <= $1::date and $1::date < p.until_day) t11
where t11.id = t1.subject_id and t11.now_counts) when 'PARTICIPATION' then (select concat('{"__typename":', '"Participation"', ',"key":', coalesce(to_json((t13.key)::text)::text, 'null'), '}') as o
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
where v22.id = t19.process_id and (select p.counts
from kept.process_periods(v22.id, $1::date) p
where p.from_day <= $1::date and $1::date < p.until_day))) when 'AGREEMENT' then (select concat('{"__typename":', '"Agreement"', ',"key":', coalesce(to_json((t23.key)::text)::text, 'null'), '}') as o
from (select v24.*, p.record_id as now_id, p.counts as now_counts, p.status as now_status, p.since as now_since, p.signed_on as now_signed_on, p.disputed as now_disputed
from agreement v24
join kept.agreement p on p.record_id = v24.id and p.from_day <= $1::date and $1::date < p.until_day) t23
where t23.id = t1.subject_id and t23.now_counts) when 'SIGNATURE' then (select concat('{"__typename":', '"Signature"', ',"key":', coalesce(to_json((t25.key)::text)::text, 'null'), '}') as o
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
from (select v34.*, p.record_id as now_id, p.counts as now_counts, p.status as now_status, p.since as now_since, p.due as now_due, p.disputed as now_disputed, p.reading_ids as now_reading_ids
from deadline v34
join kept.deadline p on p.record_id = v34.id and p.from_day <= $1::date and $1::date < p.until_day) t33
where t33.id = t1.subject_id and t33.now_counts) when 'MILESTONE' then (select concat('{"__typename":', '"Milestone"', ',"key":', coalesce(to_json((t35.key)::text)::text, 'null'), '}') as o
from milestone t35
where t35.id = t1.subject_id and coalesce((t35.at).earliest, '-infinity') <= $1::date) when 'COMMENTARY' then (select concat('{"__typename":', '"Commentary"', ',"key":', coalesce(to_json((t36.key)::text)::text, 'null'), '}') as o
from commentary t36
where t36.id = t1.subject_id and coalesce((t36.published).earliest, '-infinity') <= $1::date) when 'CITATION' then (select concat('{"__typename":', '"Citation"', ',"key":', coalesce(to_json((t37.key)::text)::text, 'null'), '}') as o
from citation t37
where t37.id = t1.subject_id) when 'CODE' then (select concat('{"__typename":', '"Code"', ',"key":', coalesce(to_json((t39.key)::text)::text, 'null'), '}') as o
from code t39
where t39.id = t1.subject_id) end), 'null'), '}') as c1
from (select t1.*, t1.key as o0, t1.id as o1
from commentary t1
where true and t1.retracted_at is null and coalesce((t1.published).earliest, '-infinity') <= $1::date and t1.kind = any(array['OPINION', 'ANALYSIS']::commentary_kind[])
order by t1.key, t1.id
limit 20) t1
left join actor t2 on t2.id = t1.author_id
order by t1.o0, t1.o1) p) g), '}'), 'UTF8') as data
-- $1: commentaries.asOf
