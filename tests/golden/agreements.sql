select row_to_json(q.*) as data
from (select (select row_to_json(c.*)
from (select coalesce(array_to_json(g.c1), '[]'::json) as "nodes"
from (select array_agg(p.c1) as c1
from (select (select row_to_json(n.*)
from (select t1.key as "key", t1.kind as "kind", ( with step as materialized ( select m.id, m.kind, m.at, row_number() over (order by (m.at).earliest nulls first, (m.at).latest, m.id) as n, case when m.kind = 'PROPOSED' then 1 when m.kind = 'DRAFTED' then 2 when m.kind = 'NEGOTIATED' then 3 when m.kind = 'INITIALLED' then 4 when m.kind = 'SIGNED' then 5 when m.kind in ('RATIFIED', 'ACCEPTED', 'APPROVED', 'ACCEDED') then 6 when m.kind in ('ENTERED_INTO_FORCE', 'PROVISIONALLY_APPLIED') then 7 end as rank, case m.kind when 'SUSPENDED' then 'SUSPENDED' when 'VIOLATION_CONFIRMED' then 'BREACHED' when 'REJECTED' then 'REJECTED' when 'REPUDIATED' then 'TERMINATED' when 'TERMINATED' then 'TERMINATED' when 'EXPIRED' then 'EXPIRED' when 'SUPERSEDED' then 'SUPERSEDED' end as break
from (select v5.*
from milestone v5
where v5.retracted_at is null and coalesce((v5.at).earliest, '-infinity') <= $1::text::timestamptz::date) m
where m.subject_id = t1.id ), last_break as (select n, break
from step
where break is not null
order by n desc
limit 1), reached as ( select max(s.rank) as rank
from step s left
join last_break b on true
where b.n is null or (s.n > b.n and (b.break = 'REJECTED' or s.rank = 7)) ) select coalesce( (array['PROPOSED', 'DRAFTED', 'NEGOTIATED', 'INITIALLED', 'SIGNED', 'RATIFIED', 'IN_FORCE'])[reached.rank], (select break
from last_break), 'SOUGHT' )
from reached ) as "status", coalesce( (select min((m.at).earliest)
from (select v6.*
from milestone v6
where v6.retracted_at is null and coalesce((v6.at).earliest, '-infinity') <= $1::text::timestamptz::date) m
where m.subject_id = t1.id and m.kind = 'SIGNED'), (select max((s.signed).earliest)
from (select v7.*
from signature v7
where v7.retracted_at is null and coalesce((v7.signed).earliest, '-infinity') <= $1::text::timestamptz::date and exists (select
from agreement v8
where v8.id = v7.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v9.*
from milestone v9
where v9.retracted_at is null) m
where m.subject_id = v8.id), (select min((s.signed).earliest)
from (select v10.*
from signature v10
where v10.retracted_at is null) s
where s.agreement_id = v8.id), '-infinity' ) <= $1::text::timestamptz::date)) s
where s.agreement_id = t1.id and s.capacity = 'PARTY') ) as "signedOn", ( select min((m.at).earliest)
from (select v12.*
from milestone v12
where v12.retracted_at is null and coalesce((v12.at).earliest, '-infinity') <= $1::text::timestamptz::date) m
where m.subject_id = t1.id and m.kind in ('ENTERED_INTO_FORCE', 'PROVISIONALLY_APPLIED') and ( with step as materialized ( select m.id, m.kind, m.at, row_number() over (order by (m.at).earliest nulls first, (m.at).latest, m.id) as n, case when m.kind = 'PROPOSED' then 1 when m.kind = 'DRAFTED' then 2 when m.kind = 'NEGOTIATED' then 3 when m.kind = 'INITIALLED' then 4 when m.kind = 'SIGNED' then 5 when m.kind in ('RATIFIED', 'ACCEPTED', 'APPROVED', 'ACCEDED') then 6 when m.kind in ('ENTERED_INTO_FORCE', 'PROVISIONALLY_APPLIED') then 7 end as rank, case m.kind when 'SUSPENDED' then 'SUSPENDED' when 'VIOLATION_CONFIRMED' then 'BREACHED' when 'REJECTED' then 'REJECTED' when 'REPUDIATED' then 'TERMINATED' when 'TERMINATED' then 'TERMINATED' when 'EXPIRED' then 'EXPIRED' when 'SUPERSEDED' then 'SUPERSEDED' end as break
from (select v13.*
from milestone v13
where v13.retracted_at is null and coalesce((v13.at).earliest, '-infinity') <= $1::text::timestamptz::date) m
where m.subject_id = t1.id ), last_break as (select n, break
from step
where break is not null
order by n desc
limit 1), reached as ( select max(s.rank) as rank
from step s left
join last_break b on true
where b.n is null or (s.n > b.n and (b.break = 'REJECTED' or s.rank = 7)) ) select coalesce( (array['PROPOSED', 'DRAFTED', 'NEGOTIATED', 'INITIALLED', 'SIGNED', 'RATIFIED', 'IN_FORCE'])[reached.rank], (select break
from last_break), 'SOUGHT' )
from reached ) = 'IN_FORCE' and not exists ( select
from (select v14.*
from milestone v14
where v14.retracted_at is null and coalesce((v14.at).earliest, '-infinity') <= $1::text::timestamptz::date) b
where b.subject_id = t1.id and (b.at).earliest > (m.at).earliest and b.kind in ( 'SUSPENDED', 'VIOLATION_CONFIRMED', 'REJECTED', 'REPUDIATED', 'TERMINATED', 'EXPIRED', 'SUPERSEDED' ) ) ) as "inForceSince", ( select round(avg(newest.level), 2)::float8
from (select v15.*
from provision v15
where v15.retracted_at is null and exists (select
from agreement v16
where v16.id = v15.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v17.*
from milestone v17
where v17.retracted_at is null) m
where m.subject_id = v16.id), (select min((s.signed).earliest)
from (select v18.*
from signature v18
where v18.retracted_at is null) s
where s.agreement_id = v16.id), '-infinity' ) <= $1::text::timestamptz::date)) p cross
join lateral ( select a.level
from (select v19.*
from assessment v19
where v19.retracted_at is null and coalesce((v19.period).earliest, '-infinity') <= $1::text::timestamptz::date and exists (select
from provision v20
where v20.id = v19.provision_id and exists (select
from agreement v21
where v21.id = v20.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v22.*
from milestone v22
where v22.retracted_at is null) m
where m.subject_id = v21.id), (select min((s.signed).earliest)
from (select v23.*
from signature v23
where v23.retracted_at is null) s
where s.agreement_id = v21.id), '-infinity' ) <= $1::text::timestamptz::date))) a
where a.provision_id = p.id
order by (a.period).latest desc nulls first, a.id desc
limit 1 ) newest
where p.agreement_id = t1.id ) as "implementation", (select row_to_json(c.*)
from (select coalesce(array_to_json(g.c1), '[]'::json) as "nodes"
from (select array_agg(p.c1) as c1
from (select (select row_to_json(n.*)
from (select t24.key as "key", row_to_json(j25.*) as "issue", t24.weight as "weight") n) as c1
from (select t24.*, t24.key as o0, t24.id as o1
from provision t24
where t24.agreement_id = t1.id and t24.retracted_at is null
order by t24.key, t24.id
limit 20) t24
left
join lateral (select t26.key as "key"
from issue t26
where t26.id = t24.issue_id) j25 on true
order by t24.o0, t24.o1) p) g) c) as "provisions", (select row_to_json(c.*)
from (select coalesce(array_to_json(g.c1), '[]'::json) as "nodes"
from (select array_agg(p.c1) as c1
from (select (select row_to_json(n.*)
from (select t27.kind as "kind", case when (t27.at).edtf is not null then (select row_to_json(n.*)
from (select (t27.at).edtf as "edtf") n) end as "at") n) as c1
from (select t27.*, (t27.at).earliest as o0, t27.key as o1, t27.id as o2
from milestone t27
where t27.subject_id = t1.id and t27.retracted_at is null and coalesce((t27.at).earliest, '-infinity') <= $1::text::timestamptz::date
order by (t27.at).earliest, t27.key, t27.id
limit 20) t27
order by t27.o0, t27.o1, t27.o2) p) g) c) as "milestones") n) as c1
from (select t1.*, ( with step as materialized ( select m.id, m.kind, m.at, row_number() over (order by (m.at).earliest nulls first, (m.at).latest, m.id) as n, case when m.kind = 'PROPOSED' then 1 when m.kind = 'DRAFTED' then 2 when m.kind = 'NEGOTIATED' then 3 when m.kind = 'INITIALLED' then 4 when m.kind = 'SIGNED' then 5 when m.kind in ('RATIFIED', 'ACCEPTED', 'APPROVED', 'ACCEDED') then 6 when m.kind in ('ENTERED_INTO_FORCE', 'PROVISIONALLY_APPLIED') then 7 end as rank, case m.kind when 'SUSPENDED' then 'SUSPENDED' when 'VIOLATION_CONFIRMED' then 'BREACHED' when 'REJECTED' then 'REJECTED' when 'REPUDIATED' then 'TERMINATED' when 'TERMINATED' then 'TERMINATED' when 'EXPIRED' then 'EXPIRED' when 'SUPERSEDED' then 'SUPERSEDED' end as break
from (select v4.*
from milestone v4
where v4.retracted_at is null and coalesce((v4.at).earliest, '-infinity') <= $1::text::timestamptz::date) m
where m.subject_id = t1.id ), last_break as (select n, break
from step
where break is not null
order by n desc
limit 1), reached as ( select max(s.rank) as rank
from step s left
join last_break b on true
where b.n is null or (s.n > b.n and (b.break = 'REJECTED' or s.rank = 7)) ) select coalesce( (array['PROPOSED', 'DRAFTED', 'NEGOTIATED', 'INITIALLED', 'SIGNED', 'RATIFIED', 'IN_FORCE'])[reached.rank], (select break
from last_break), 'SOUGHT' )
from reached ) as o0, t1.key as o1, t1.id as o2
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
order by ( with step as materialized ( select m.id, m.kind, m.at, row_number() over (order by (m.at).earliest nulls first, (m.at).latest, m.id) as n, case when m.kind = 'PROPOSED' then 1 when m.kind = 'DRAFTED' then 2 when m.kind = 'NEGOTIATED' then 3 when m.kind = 'INITIALLED' then 4 when m.kind = 'SIGNED' then 5 when m.kind in ('RATIFIED', 'ACCEPTED', 'APPROVED', 'ACCEDED') then 6 when m.kind in ('ENTERED_INTO_FORCE', 'PROVISIONALLY_APPLIED') then 7 end as rank, case m.kind when 'SUSPENDED' then 'SUSPENDED' when 'VIOLATION_CONFIRMED' then 'BREACHED' when 'REJECTED' then 'REJECTED' when 'REPUDIATED' then 'TERMINATED' when 'TERMINATED' then 'TERMINATED' when 'EXPIRED' then 'EXPIRED' when 'SUPERSEDED' then 'SUPERSEDED' end as break
from (select v4.*
from milestone v4
where v4.retracted_at is null and coalesce((v4.at).earliest, '-infinity') <= $1::text::timestamptz::date) m
where m.subject_id = t1.id ), last_break as (select n, break
from step
where break is not null
order by n desc
limit 1), reached as ( select max(s.rank) as rank
from step s left
join last_break b on true
where b.n is null or (s.n > b.n and (b.break = 'REJECTED' or s.rank = 7)) ) select coalesce( (array['PROPOSED', 'DRAFTED', 'NEGOTIATED', 'INITIALLED', 'SIGNED', 'RATIFIED', 'IN_FORCE'])[reached.rank], (select break
from last_break), 'SOUGHT' )
from reached ) desc, t1.key, t1.id
limit 20) t1
order by t1.o0 desc, t1.o1, t1.o2) p) g) c) as "agreements") q
-- $1: agreements.asOf
