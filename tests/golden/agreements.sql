select convert_to(concat('{"agreements":', (select concat('{"nodes":', concat('[', g.c1, ']'), '}')
from (select string_agg(p.c1, ',') as c1
from (select concat('{"key":', coalesce(to_json((t1.key)::text)::text, 'null'), ',"kind":', coalesce('"' || (t1.kind)::text || '"', 'null'), ',"status":', coalesce('"' || ((select p.status
from kept.agreement p
where p.record_id = t1.id and p.from_day <= $1::date and $1::date < p.until_day))::text || '"', 'null'), ',"signedOn":', coalesce('"' || (coalesce( (select min((m.at).earliest)
from (select v2.*
from milestone v2
where v2.retracted_at is null and coalesce((v2.at).earliest, '-infinity') <= $1::date) m
where m.subject_id = t1.id and m.kind = 'SIGNED'), (select max((s.signed).earliest)
from (select v3.*
from signature v3
where v3.retracted_at is null and coalesce((v3.signed).earliest, '-infinity') <= $1::date and (select p.counts
from kept.agreement p
where p.record_id = v3.agreement_id and p.from_day <= $1::date and $1::date < p.until_day)) s
where s.agreement_id = t1.id and s.capacity = 'PARTY') ))::text || '"', 'null'), ',"inForceSince":', coalesce('"' || (( select min((m.at).earliest)
from (select v6.*
from milestone v6
where v6.retracted_at is null and coalesce((v6.at).earliest, '-infinity') <= $1::date) m
where m.subject_id = t1.id and m.kind in ('ENTERED_INTO_FORCE', 'PROVISIONALLY_APPLIED') and (select p.status
from kept.agreement p
where p.record_id = t1.id and p.from_day <= $1::date and $1::date < p.until_day) = 'IN_FORCE' and not exists ( select
from (select v7.*
from milestone v7
where v7.retracted_at is null and coalesce((v7.at).earliest, '-infinity') <= $1::date) b
where b.subject_id = t1.id and (b.at).earliest > (m.at).earliest and b.kind in ( 'SUSPENDED', 'VIOLATION_CONFIRMED', 'REJECTED', 'REPUDIATED', 'TERMINATED', 'EXPIRED', 'SUPERSEDED' ) ) ))::text || '"', 'null'), ',"implementation":', coalesce((( select round(avg(newest.level), 2)::float8
from (select v8.*
from provision v8
where v8.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v8.agreement_id and p.from_day <= $1::date and $1::date < p.until_day)) p
cross join lateral ( select a.level
from (select v10.*
from assessment v10
where v10.retracted_at is null and coalesce((v10.period).earliest, '-infinity') <= $1::date and exists (select
from provision v11
where v11.id = v10.provision_id and (select p.counts
from kept.agreement p
where p.record_id = v11.agreement_id and p.from_day <= $1::date and $1::date < p.until_day))) a
where a.provision_id = p.id
order by (a.period).latest desc nulls first, a.id desc
limit 1 ) newest
where p.agreement_id = t1.id ))::text, 'null'), ',"provisions":', (select concat('{"nodes":', concat('[', g.c1, ']'), '}')
from (select string_agg(p.c1, ',') as c1
from (select concat('{"key":', coalesce(to_json((t13.key)::text)::text, 'null'), ',"issue":', case when t14.id is null then 'null' else concat('{"key":', coalesce(to_json((t14.key)::text)::text, 'null'), '}') end, ',"weight":', coalesce((t13.weight)::text, 'null'), '}') as c1
from (select t13.*, t13.key as o0, t13.id as o1
from provision t13
where t13.agreement_id = t1.id and t13.retracted_at is null
order by t13.key, t13.id
limit 20) t13
left join issue t14 on t14.id = t13.issue_id
order by t13.o0, t13.o1) p) g), ',"milestones":', (select concat('{"nodes":', concat('[', g.c1, ']'), '}')
from (select string_agg(p.c1, ',') as c1
from (select concat('{"kind":', coalesce('"' || (t15.kind)::text || '"', 'null'), ',"at":', case when (t15.at).edtf is not null then concat('{"edtf":', coalesce(to_json(((t15.at).edtf)::text)::text, 'null'), '}') else 'null' end, '}') as c1
from (select t15.*, (t15.at).earliest as o0, t15.key as o1, t15.id as o2
from milestone t15
where t15.subject_id = t1.id and t15.retracted_at is null and coalesce((t15.at).earliest, '-infinity') <= $1::date
order by (t15.at).earliest, t15.key, t15.id
limit 20) t15
order by t15.o0, t15.o1, t15.o2) p) g), '}') as c1
from (select t1.*, (select p.status
from kept.agreement p
where p.record_id = t1.id and p.from_day <= $1::date and $1::date < p.until_day) as o0, t1.key as o1, t1.id as o2
from agreement t1
where true and t1.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = t1.id and p.from_day <= $1::date and $1::date < p.until_day)
order by (select p.status
from kept.agreement p
where p.record_id = t1.id and p.from_day <= $1::date and $1::date < p.until_day) desc, t1.key, t1.id
limit 20) t1
order by t1.o0 desc, t1.o1, t1.o2) p) g), '}'), 'UTF8') as data
-- $1: agreements.asOf
