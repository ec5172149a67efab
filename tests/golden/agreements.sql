select convert_to(concat('{"agreements":', (select concat('{"nodes":', concat('[', g.c1, ']'), '}')
from (select string_agg(p.c1, ',') as c1
from (select concat('{"key":', coalesce(to_json((t1.key)::text)::text, 'null'), ',"kind":', coalesce('"' || (t1.kind)::text || '"', 'null'), ',"status":', coalesce('"' || ((select p.status
from status_period p
where p.record_id = t1.id and p.from_day <= $1::text::timestamptz::date and $1::text::timestamptz::date < p.until_day))::text || '"', 'null'), ',"signedOn":', coalesce('"' || (coalesce( (select min((m.at).earliest)
from (select v4.*
from milestone v4
where v4.retracted_at is null and coalesce((v4.at).earliest, '-infinity') <= $1::text::timestamptz::date) m
where m.subject_id = t1.id and m.kind = 'SIGNED'), (select max((s.signed).earliest)
from (select v5.*
from signature v5
where v5.retracted_at is null and coalesce((v5.signed).earliest, '-infinity') <= $1::text::timestamptz::date and exists (select
from agreement v6
where v6.id = v5.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v7.*
from milestone v7
where v7.retracted_at is null) m
where m.subject_id = v6.id), (select min((s.signed).earliest)
from (select v8.*
from signature v8
where v8.retracted_at is null) s
where s.agreement_id = v6.id), '-infinity' ) <= $1::text::timestamptz::date)) s
where s.agreement_id = t1.id and s.capacity = 'PARTY') ))::text || '"', 'null'), ',"inForceSince":', coalesce('"' || (( select min((m.at).earliest)
from (select v10.*
from milestone v10
where v10.retracted_at is null and coalesce((v10.at).earliest, '-infinity') <= $1::text::timestamptz::date) m
where m.subject_id = t1.id and m.kind in ('ENTERED_INTO_FORCE', 'PROVISIONALLY_APPLIED') and (select p.status
from status_period p
where p.record_id = t1.id and p.from_day <= $1::text::timestamptz::date and $1::text::timestamptz::date < p.until_day) = 'IN_FORCE' and not exists ( select
from (select v11.*
from milestone v11
where v11.retracted_at is null and coalesce((v11.at).earliest, '-infinity') <= $1::text::timestamptz::date) b
where b.subject_id = t1.id and (b.at).earliest > (m.at).earliest and b.kind in ( 'SUSPENDED', 'VIOLATION_CONFIRMED', 'REJECTED', 'REPUDIATED', 'TERMINATED', 'EXPIRED', 'SUPERSEDED' ) ) ))::text || '"', 'null'), ',"implementation":', coalesce((( select round(avg(newest.level), 2)::float8
from (select v12.*
from provision v12
where v12.retracted_at is null and exists (select
from agreement v13
where v13.id = v12.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v14.*
from milestone v14
where v14.retracted_at is null) m
where m.subject_id = v13.id), (select min((s.signed).earliest)
from (select v15.*
from signature v15
where v15.retracted_at is null) s
where s.agreement_id = v13.id), '-infinity' ) <= $1::text::timestamptz::date)) p cross
join lateral ( select a.level
from (select v16.*
from assessment v16
where v16.retracted_at is null and coalesce((v16.period).earliest, '-infinity') <= $1::text::timestamptz::date and exists (select
from provision v17
where v17.id = v16.provision_id and exists (select
from agreement v18
where v18.id = v17.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v19.*
from milestone v19
where v19.retracted_at is null) m
where m.subject_id = v18.id), (select min((s.signed).earliest)
from (select v20.*
from signature v20
where v20.retracted_at is null) s
where s.agreement_id = v18.id), '-infinity' ) <= $1::text::timestamptz::date))) a
where a.provision_id = p.id
order by (a.period).latest desc nulls first, a.id desc
limit 1 ) newest
where p.agreement_id = t1.id ))::text, 'null'), ',"provisions":', (select concat('{"nodes":', concat('[', g.c1, ']'), '}')
from (select string_agg(p.c1, ',') as c1
from (select concat('{"key":', coalesce(to_json((t21.key)::text)::text, 'null'), ',"issue":', coalesce(j22.o, 'null'), ',"weight":', coalesce((t21.weight)::text, 'null'), '}') as c1
from (select t21.*, t21.key as o0, t21.id as o1
from provision t21
where t21.agreement_id = t1.id and t21.retracted_at is null
order by t21.key, t21.id
limit 20) t21
left
join lateral (select concat('{"key":', coalesce(to_json((t23.key)::text)::text, 'null'), '}') as o
from issue t23
where t23.id = t21.issue_id) j22 on true
order by t21.o0, t21.o1) p) g), ',"milestones":', (select concat('{"nodes":', concat('[', g.c1, ']'), '}')
from (select string_agg(p.c1, ',') as c1
from (select concat('{"kind":', coalesce('"' || (t24.kind)::text || '"', 'null'), ',"at":', case when (t24.at).edtf is not null then concat('{"edtf":', coalesce(to_json(((t24.at).edtf)::text)::text, 'null'), '}') else 'null' end, '}') as c1
from (select t24.*, (t24.at).earliest as o0, t24.key as o1, t24.id as o2
from milestone t24
where t24.subject_id = t1.id and t24.retracted_at is null and coalesce((t24.at).earliest, '-infinity') <= $1::text::timestamptz::date
order by (t24.at).earliest, t24.key, t24.id
limit 20) t24
order by t24.o0, t24.o1, t24.o2) p) g), '}') as c1
from (select t1.*, (select p.status
from status_period p
where p.record_id = t1.id and p.from_day <= $1::text::timestamptz::date and $1::text::timestamptz::date < p.until_day) as o0, t1.key as o1, t1.id as o2
from agreement t1
where true and t1.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v2.*
from milestone v2
where v2.retracted_at is null) m
where m.subject_id = t1.id), (select min((s.signed).earliest)
from (select v3.*
from signature v3
where v3.retracted_at is null) s
where s.agreement_id = t1.id), '-infinity' ) <= $1::text::timestamptz::date
order by (select p.status
from status_period p
where p.record_id = t1.id and p.from_day <= $1::text::timestamptz::date and $1::text::timestamptz::date < p.until_day) desc, t1.key, t1.id
limit 20) t1
order by t1.o0 desc, t1.o1, t1.o2) p) g), '}'), 'UTF8') as data
-- $1: agreements.asOf
