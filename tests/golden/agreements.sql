select convert_to(concat('{"agreements":', (select concat('{"nodes":', concat('[', g.c1, ']'), '}')
from (select string_agg(p.c1, ',') as c1
from (select concat('{"key":', coalesce(to_json((t1.key)::text)::text, 'null'), ',"kind":', coalesce('"' || (t1.kind)::text || '"', 'null'), ',"status":', coalesce('"' || (t1.now_status)::text || '"', 'null'), ',"signedOn":', coalesce('"' || (t1.now_signed_on)::text || '"', 'null'), ',"inForceSince":', coalesce('"' || (case when t1.now_status = 'IN_FORCE' then t1.now_since end)::text || '"', 'null'), ',"implementation":', concat('{"mean":', coalesce(((select round(avg(v.level), 2)::float8
from ( select ( select min(a.level)
from (select v3.*
from assessment v3
where v3.retracted_at is null and coalesce((v3.period).earliest, '-infinity') <= $1::date and exists (select
from provision v4
where v4.id = v3.provision_id and (select p.counts
from kept.agreement p
where p.record_id = v4.agreement_id and p.from_day <= $1::date and $1::date < p.until_day))) a
where a.provision_id = p.id and coalesce((a.period).latest, 'infinity') = ( select max(coalesce((n.period).latest, 'infinity'))
from (select v6.*
from assessment v6
where v6.retracted_at is null and coalesce((v6.period).earliest, '-infinity') <= $1::date and exists (select
from provision v7
where v7.id = v6.provision_id and (select p.counts
from kept.agreement p
where p.record_id = v7.agreement_id and p.from_day <= $1::date and $1::date < p.until_day))) n
where n.provision_id = p.id ) ) as level
from (select v9.*
from provision v9
where v9.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v9.agreement_id and p.from_day <= $1::date and $1::date < p.until_day)) p
where p.agreement_id = t1.id ) v))::text, 'null'), ',"judged":', coalesce(((select count(v.level)
from ( select ( select min(a.level)
from (select v11.*
from assessment v11
where v11.retracted_at is null and coalesce((v11.period).earliest, '-infinity') <= $1::date and exists (select
from provision v12
where v12.id = v11.provision_id and (select p.counts
from kept.agreement p
where p.record_id = v12.agreement_id and p.from_day <= $1::date and $1::date < p.until_day))) a
where a.provision_id = p.id and coalesce((a.period).latest, 'infinity') = ( select max(coalesce((n.period).latest, 'infinity'))
from (select v14.*
from assessment v14
where v14.retracted_at is null and coalesce((v14.period).earliest, '-infinity') <= $1::date and exists (select
from provision v15
where v15.id = v14.provision_id and (select p.counts
from kept.agreement p
where p.record_id = v15.agreement_id and p.from_day <= $1::date and $1::date < p.until_day))) n
where n.provision_id = p.id ) ) as level
from (select v17.*
from provision v17
where v17.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v17.agreement_id and p.from_day <= $1::date and $1::date < p.until_day)) p
where p.agreement_id = t1.id ) v))::text, 'null'), ',"total":', coalesce(((select count(*)
from (select v19.*
from provision v19
where v19.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v19.agreement_id and p.from_day <= $1::date and $1::date < p.until_day)) p
where p.agreement_id = t1.id))::text, 'null'), '}'), ',"provisions":', (select concat('{"nodes":', concat('[', g.c1, ']'), '}')
from (select string_agg(p.c1, ',') as c1
from (select concat('{"key":', coalesce(to_json((t21.key)::text)::text, 'null'), ',"issue":', case when t22.id is null then 'null' else concat('{"key":', coalesce(to_json((t22.key)::text)::text, 'null'), '}') end, ',"weight":', coalesce((t21.weight)::text, 'null'), '}') as c1
from (select t21.*, t21.key as o0, t21.id as o1
from provision t21
where t21.agreement_id = t1.id and t21.retracted_at is null
order by t21.key, t21.id
limit 20) t21
left join issue t22 on t22.id = t21.issue_id
order by t21.o0, t21.o1) p) g), ',"milestones":', (select concat('{"nodes":', concat('[', g.c1, ']'), '}')
from (select string_agg(p.c1, ',') as c1
from (select concat('{"kind":', coalesce('"' || (t23.kind)::text || '"', 'null'), ',"at":', case when (t23.at).edtf is not null then concat('{"edtf":', coalesce(to_json(((t23.at).edtf)::text)::text, 'null'), '}') else 'null' end, '}') as c1
from (select t23.*, (t23.at).earliest as o0, t23.key as o1, t23.id as o2
from milestone t23
where t23.subject_id = t1.id and t23.retracted_at is null and coalesce((t23.at).earliest, '-infinity') <= $1::date
order by (t23.at).earliest, t23.key, t23.id
limit 20) t23
order by t23.o0, t23.o1, t23.o2) p) g), '}') as c1
from (select t1.*, t1.now_status as o0, t1.key as o1, t1.now_id as o2
from (select v2.*, p.record_id as now_id, p.counts as now_counts, p.status as now_status, p.since as now_since, p.signed_on as now_signed_on, p.disputed as now_disputed
from agreement v2
join kept.agreement p on p.record_id = v2.id and p.from_day <= $1::date and $1::date < p.until_day) t1
where true and t1.retracted_at is null and t1.now_counts
order by t1.now_status desc, t1.key, t1.now_id
limit 20) t1
order by t1.o0 desc, t1.o1, t1.o2) p) g), '}'), 'UTF8') as data
-- $1: agreements.asOf
