select convert_to(concat('{"sources":', (select concat('{"pageInfo":', concat('{"hasNextPage":', 'false', ',"hasPreviousPage":', (g.n > 3)::text, '}'), ',"nodes":', concat('[', array_to_string(g.c1[greatest(g.n - 3, 0) + 1 : g.n], ','), ']'), '}')
from (select array_agg(p.c1) as c1, array_agg(p.k0) as k0, array_agg(p.k1) as k1, count(*)::integer as n
from (select concat('{"key":', coalesce(to_json((t1.key)::text)::text, 'null'), ',"title":', coalesce(to_json((t1.title)::text)::text, 'null'), ',"citedBy":', (select concat('{"totalCount":', (select count(*)::text
from citation t2
where t2.source_id = t1.id and t2.retracted_at is null), ',"nodes":', concat('[', g.c1, ']'), '}')
from (select string_agg(p.c1, ',') as c1
from (select concat('{"stance":', coalesce('"' || (t2.stance)::text || '"', 'null'), ',"record":', coalesce((case (select r.type
from record r
where r.id = t2.record_id) when 'SOURCE' then (select concat('{"__typename":', '"Source"', ',"key":', coalesce(to_json((t3.key)::text)::text, 'null'), '}') as o
from source t3
where t3.id = t2.record_id) when 'CONFLICT' then (select concat('{"__typename":', '"Conflict"', ',"key":', coalesce(to_json((t4.key)::text)::text, 'null'), '}') as o
from conflict t4
where t4.id = t2.record_id) when 'PROCESS' then (select concat('{"__typename":', '"Process"', ',"key":', coalesce(to_json((t5.key)::text)::text, 'null'), '}') as o
from (select v6.*, p.record_id as now_id, p.counts as now_counts, p.status as now_status, p.since as now_since, p.next_talk_id as now_next_talk_id, p.next_deadline_id as now_next_deadline_id, p.active_until as now_active_until
from process v6
join kept.process p on p.record_id = v6.id and p.from_day <= $1::date and $1::date < p.until_day) t5
where t5.id = t2.record_id and t5.now_counts) when 'ACTOR' then (select concat('{"__typename":', '"Actor"', ',"key":', coalesce(to_json((t7.key)::text)::text, 'null'), '}') as o
from actor t7
where t7.id = t2.record_id) when 'OFFICE' then (select concat('{"__typename":', '"Office"', ',"key":', coalesce(to_json((t8.key)::text)::text, 'null'), '}') as o
from office t8
where t8.id = t2.record_id) when 'MEMBERSHIP' then (select concat('{"__typename":', '"Membership"', ',"key":', coalesce(to_json((t11.key)::text)::text, 'null'), '}') as o
from membership t11
where t11.id = t2.record_id and coalesce((t11.held).earliest, '-infinity') <= $1::date) when 'ISSUE' then (select concat('{"__typename":', '"Issue"', ',"key":', coalesce(to_json((t14.key)::text)::text, 'null'), '}') as o
from issue t14
where t14.id = t2.record_id) when 'TALK' then (select concat('{"__typename":', '"Talk"', ',"key":', coalesce(to_json((t15.key)::text)::text, 'null'), '}') as o
from (select v16.*, p.record_id as now_id, p.counts as now_counts, p.status as now_status, p.since as now_since, p.starts as now_starts, p.ends as now_ends, p.venue as now_venue, p.city as now_city, p.country as now_country, p.disputed as now_disputed, p.reading_ids as now_reading_ids
from talk v16
join kept.talk p on p.record_id = v16.id and p.from_day <= $1::date and $1::date < p.until_day) t15
where t15.id = t2.record_id and t15.now_counts) when 'PARTICIPATION' then (select concat('{"__typename":', '"Participation"', ',"key":', coalesce(to_json((t17.key)::text)::text, 'null'), '}') as o
from participation t17
where t17.id = t2.record_id and coalesce((t17.during).earliest, '-infinity') <= $1::date and (t17.talk_id is null or (select p.counts
from kept.talk p
where p.record_id = t17.talk_id and p.from_day <= $1::date and $1::date < p.until_day)) and (t17.process_id is null or (select p.counts
from kept.process p
where p.record_id = t17.process_id and p.from_day <= $1::date and $1::date < p.until_day))) when 'STATEMENT' then (select concat('{"__typename":', '"Statement"', ',"key":', coalesce(to_json((t21.key)::text)::text, 'null'), '}') as o
from statement t21
where t21.id = t2.record_id and coalesce((t21.said).earliest, '-infinity') <= $1::date) when 'CONDITION' then (select concat('{"__typename":', '"Condition"', ',"key":', coalesce(to_json((t22.key)::text)::text, 'null'), '}') as o
from condition t22
where t22.id = t2.record_id and exists (select
from statement v23
where v23.id = t22.statement_id and coalesce((v23.said).earliest, '-infinity') <= $1::date)) when 'POSITION' then (select concat('{"__typename":', '"Position"', ',"key":', coalesce(to_json((t24.key)::text)::text, 'null'), '}') as o
from position t24
where t24.id = t2.record_id and coalesce((t24.held).earliest, '-infinity') <= $1::date and (select p.counts
from kept.process p
where p.record_id = t24.process_id and p.from_day <= $1::date and $1::date < p.until_day)) when 'AGREEMENT' then (select concat('{"__typename":', '"Agreement"', ',"key":', coalesce(to_json((t28.key)::text)::text, 'null'), '}') as o
from (select v29.*, p.record_id as now_id, p.counts as now_counts, p.status as now_status, p.since as now_since, p.signed_on as now_signed_on, p.disputed as now_disputed
from agreement v29
join kept.agreement p on p.record_id = v29.id and p.from_day <= $1::date and $1::date < p.until_day) t28
where t28.id = t2.record_id and t28.now_counts) when 'SIGNATURE' then (select concat('{"__typename":', '"Signature"', ',"key":', coalesce(to_json((t30.key)::text)::text, 'null'), '}') as o
from signature t30
where t30.id = t2.record_id and coalesce((t30.signed).earliest, '-infinity') <= $1::date and (select p.counts
from kept.agreement p
where p.record_id = t30.agreement_id and p.from_day <= $1::date and $1::date < p.until_day)) when 'PROVISION' then (select concat('{"__typename":', '"Provision"', ',"key":', coalesce(to_json((t33.key)::text)::text, 'null'), '}') as o
from provision t33
where t33.id = t2.record_id and (select p.counts
from kept.agreement p
where p.record_id = t33.agreement_id and p.from_day <= $1::date and $1::date < p.until_day)) when 'ASSESSMENT' then (select concat('{"__typename":', '"Assessment"', ',"key":', coalesce(to_json((t35.key)::text)::text, 'null'), '}') as o
from assessment t35
where t35.id = t2.record_id and coalesce((t35.period).earliest, '-infinity') <= $1::date and exists (select
from provision v36
where v36.id = t35.provision_id and (select p.counts
from kept.agreement p
where p.record_id = v36.agreement_id and p.from_day <= $1::date and $1::date < p.until_day))) when 'DEADLINE' then (select concat('{"__typename":', '"Deadline"', ',"key":', coalesce(to_json((t38.key)::text)::text, 'null'), '}') as o
from (select v39.*, p.record_id as now_id, p.counts as now_counts, p.status as now_status, p.since as now_since, p.due as now_due, p.disputed as now_disputed, p.reading_ids as now_reading_ids
from deadline v39
join kept.deadline p on p.record_id = v39.id and p.from_day <= $1::date and $1::date < p.until_day) t38
where t38.id = t2.record_id and t38.now_counts) when 'MILESTONE' then (select concat('{"__typename":', '"Milestone"', ',"key":', coalesce(to_json((t40.key)::text)::text, 'null'), '}') as o
from milestone t40
where t40.id = t2.record_id and coalesce((t40.at).earliest, '-infinity') <= $1::date) when 'COMMENTARY' then (select concat('{"__typename":', '"Commentary"', ',"key":', coalesce(to_json((t41.key)::text)::text, 'null'), '}') as o
from commentary t41
where t41.id = t2.record_id and coalesce((t41.published).earliest, '-infinity') <= $1::date) when 'CITATION' then (select concat('{"__typename":', '"Citation"', ',"key":', coalesce(to_json((t42.key)::text)::text, 'null'), '}') as o
from citation t42
where t42.id = t2.record_id) when 'CODE' then (select concat('{"__typename":', '"Code"', ',"key":', coalesce(to_json((t44.key)::text)::text, 'null'), '}') as o
from code t44
where t44.id = t2.record_id) when 'OTHER_NAME' then (select concat('{"__typename":', '"OtherName"', ',"key":', coalesce(to_json((t45.key)::text)::text, 'null'), '}') as o
from other_name t45
where t45.id = t2.record_id) end), 'null'), '}') as c1
from (select t2.*, t2.key as o0, t2.id as o1
from citation t2
where t2.source_id = t1.id and t2.retracted_at is null
order by t2.key, t2.id
limit 4) t2
order by t2.o0, t2.o1) p) g), '}') as c1, t1.o0 as k0, t1.o1 as k1
from (select t1.*, t1.key as o0, t1.id as o1
from source t1
where true and t1.retracted_at is null
order by t1.key, t1.id desc
limit 3 + 1) t1
order by t1.o0 desc, t1.o1) p) g), '}'), 'UTF8') as data
-- $1: the clock
