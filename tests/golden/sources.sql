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
from process t5
where t5.id = t2.record_id and (select p.counts
from kept.process p
where p.record_id = t5.id and p.from_day <= $1::date and $1::date < p.until_day)) when 'ACTOR' then (select concat('{"__typename":', '"Actor"', ',"key":', coalesce(to_json((t6.key)::text)::text, 'null'), '}') as o
from actor t6
where t6.id = t2.record_id) when 'OFFICE' then (select concat('{"__typename":', '"Office"', ',"key":', coalesce(to_json((t7.key)::text)::text, 'null'), '}') as o
from office t7
where t7.id = t2.record_id) when 'ISSUE' then (select concat('{"__typename":', '"Issue"', ',"key":', coalesce(to_json((t10.key)::text)::text, 'null'), '}') as o
from issue t10
where t10.id = t2.record_id) when 'TALK' then (select concat('{"__typename":', '"Talk"', ',"key":', coalesce(to_json((t11.key)::text)::text, 'null'), '}') as o
from talk t11
where t11.id = t2.record_id and (select p.counts
from kept.talk p
where p.record_id = t11.id and p.from_day <= $1::date and $1::date < p.until_day)) when 'PARTICIPATION' then (select concat('{"__typename":', '"Participation"', ',"key":', coalesce(to_json((t12.key)::text)::text, 'null'), '}') as o
from participation t12
where t12.id = t2.record_id and (select p.counts
from kept.talk p
where p.record_id = t12.talk_id and p.from_day <= $1::date and $1::date < p.until_day)) when 'STATEMENT' then (select concat('{"__typename":', '"Statement"', ',"key":', coalesce(to_json((t15.key)::text)::text, 'null'), '}') as o
from statement t15
where t15.id = t2.record_id and coalesce((t15.said).earliest, '-infinity') <= $1::date) when 'CONDITION' then (select concat('{"__typename":', '"Condition"', ',"key":', coalesce(to_json((t16.key)::text)::text, 'null'), '}') as o
from condition t16
where t16.id = t2.record_id and exists (select
from statement v17
where v17.id = t16.statement_id and coalesce((v17.said).earliest, '-infinity') <= $1::date)) when 'POSITION' then (select concat('{"__typename":', '"Position"', ',"key":', coalesce(to_json((t18.key)::text)::text, 'null'), '}') as o
from position t18
where t18.id = t2.record_id and coalesce((t18.held).earliest, '-infinity') <= $1::date and (select p.counts
from kept.process p
where p.record_id = t18.process_id and p.from_day <= $1::date and $1::date < p.until_day)) when 'AGREEMENT' then (select concat('{"__typename":', '"Agreement"', ',"key":', coalesce(to_json((t22.key)::text)::text, 'null'), '}') as o
from agreement t22
where t22.id = t2.record_id and (select p.counts
from kept.agreement p
where p.record_id = t22.id and p.from_day <= $1::date and $1::date < p.until_day)) when 'SIGNATURE' then (select concat('{"__typename":', '"Signature"', ',"key":', coalesce(to_json((t23.key)::text)::text, 'null'), '}') as o
from signature t23
where t23.id = t2.record_id and coalesce((t23.signed).earliest, '-infinity') <= $1::date and (select p.counts
from kept.agreement p
where p.record_id = t23.agreement_id and p.from_day <= $1::date and $1::date < p.until_day)) when 'PROVISION' then (select concat('{"__typename":', '"Provision"', ',"key":', coalesce(to_json((t26.key)::text)::text, 'null'), '}') as o
from provision t26
where t26.id = t2.record_id and (select p.counts
from kept.agreement p
where p.record_id = t26.agreement_id and p.from_day <= $1::date and $1::date < p.until_day)) when 'ASSESSMENT' then (select concat('{"__typename":', '"Assessment"', ',"key":', coalesce(to_json((t28.key)::text)::text, 'null'), '}') as o
from assessment t28
where t28.id = t2.record_id and coalesce((t28.period).earliest, '-infinity') <= $1::date and exists (select
from provision v29
where v29.id = t28.provision_id and (select p.counts
from kept.agreement p
where p.record_id = v29.agreement_id and p.from_day <= $1::date and $1::date < p.until_day))) when 'DEADLINE' then (select concat('{"__typename":', '"Deadline"', ',"key":', coalesce(to_json((t31.key)::text)::text, 'null'), '}') as o
from deadline t31
where t31.id = t2.record_id and (select p.counts
from kept.deadline p
where p.record_id = t31.id and p.from_day <= $1::date and $1::date < p.until_day)) when 'MILESTONE' then (select concat('{"__typename":', '"Milestone"', ',"key":', coalesce(to_json((t32.key)::text)::text, 'null'), '}') as o
from milestone t32
where t32.id = t2.record_id and coalesce((t32.at).earliest, '-infinity') <= $1::date) when 'COMMENTARY' then (select concat('{"__typename":', '"Commentary"', ',"key":', coalesce(to_json((t33.key)::text)::text, 'null'), '}') as o
from commentary t33
where t33.id = t2.record_id and coalesce((t33.published).earliest, '-infinity') <= $1::date) when 'CITATION' then (select concat('{"__typename":', '"Citation"', ',"key":', coalesce(to_json((t34.key)::text)::text, 'null'), '}') as o
from citation t34
where t34.id = t2.record_id) when 'CODE' then (select concat('{"__typename":', '"Code"', ',"key":', coalesce(to_json((t36.key)::text)::text, 'null'), '}') as o
from code t36
where t36.id = t2.record_id) end), 'null'), '}') as c1
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
