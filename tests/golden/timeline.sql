select convert_to(concat('{"process":', coalesce(q.o1, 'null'), '}'), 'UTF8') as data, case when q.o1 is null then coalesce(null, '') end
from (select (select concat('{"timeline":', (select concat('{"totalCount":', (select count(*)::text
from ( select k.id, k.process_id, k.id as record_id, p.starts as at, 'TALK' as kind, k.title
from (select v4.*
from talk v4
where v4.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v4.id and p.from_day <= $2::date and $2::date < p.until_day)) k
join lateral (select p.*
from kept.talk p
where p.record_id = k.id) p on p.from_day <= $2::date and $2::date < p.until_day
where k.process_id is not null and (p.starts).earliest <= $2::date and p.status in ('UNDER_WAY', 'HELD', 'CONCLUDED', 'COLLAPSED')
union all select s.id, s.process_id, s.id, s.said, 'STATEMENT', coalesce(s.summary, s.quote)
from (select v5.*
from statement v5
where v5.retracted_at is null and coalesce((v5.said).earliest, '-infinity') <= $2::date) s
where s.process_id is not null
union all select m.id, p.process_id, m.id, m.at, 'MILESTONE', m.kind || ': ' || p.title
from (select v6.*
from milestone v6
where v6.retracted_at is null and coalesce((v6.at).earliest, '-infinity') <= $2::date) m
join ( select r.id, r.id as process_id, r.name as title
from (select v7.*
from process v7
where v7.retracted_at is null and (select p.counts
from kept.process_periods(v7.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day)) r
union all select k.id, k.process_id, k.title
from (select v8.*
from talk v8
where v8.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v8.id and p.from_day <= $2::date and $2::date < p.until_day)) k
union all select a.id, a.process_id, a.title
from (select v9.*
from agreement v9
where v9.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v9.id and p.from_day <= $2::date and $2::date < p.until_day)) a
union all select v.id, a.process_id, v.text
from (select v10.*
from provision v10
where v10.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v10.agreement_id and p.from_day <= $2::date and $2::date < p.until_day)) v
join (select v12.*
from agreement v12
where v12.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v12.id and p.from_day <= $2::date and $2::date < p.until_day)) a on a.id = v.agreement_id
union all select c.id, s.process_id, c.condition
from (select v13.*
from condition v13
where v13.retracted_at is null and exists (select
from statement v14
where v14.id = v13.statement_id and coalesce((v14.said).earliest, '-infinity') <= $2::date)) c
join (select v15.*
from statement v15
where v15.retracted_at is null and coalesce((v15.said).earliest, '-infinity') <= $2::date) s on s.id = c.statement_id
union all select d.id, coalesce(r.id, k.process_id, a.process_id, b.process_id, s.process_id), d.title
from (select v16.*
from deadline v16
where v16.retracted_at is null and (select p.counts
from kept.deadline p
where p.record_id = v16.id and p.from_day <= $2::date and $2::date < p.until_day)) d
left join (select v17.*
from process v17
where v17.retracted_at is null and (select p.counts
from kept.process_periods(v17.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day)) r on r.id = d.subject_id
left join (select v18.*
from talk v18
where v18.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v18.id and p.from_day <= $2::date and $2::date < p.until_day)) k on k.id = d.subject_id
left join (select v19.*
from provision v19
where v19.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v19.agreement_id and p.from_day <= $2::date and $2::date < p.until_day)) v on v.id = d.subject_id
left join (select v21.*
from agreement v21
where v21.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v21.id and p.from_day <= $2::date and $2::date < p.until_day)) a on a.id = d.subject_id
left join (select v22.*
from agreement v22
where v22.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v22.id and p.from_day <= $2::date and $2::date < p.until_day)) b on b.id = v.agreement_id
left join (select v23.*
from condition v23
where v23.retracted_at is null and exists (select
from statement v24
where v24.id = v23.statement_id and coalesce((v24.said).earliest, '-infinity') <= $2::date)) c on c.id = d.subject_id
left join (select v25.*
from statement v25
where v25.retracted_at is null and coalesce((v25.said).earliest, '-infinity') <= $2::date) s on s.id in (c.statement_id, d.subject_id) ) p on p.id = m.subject_id
union all select g.id, a.process_id, g.id, g.signed, 'SIGNATURE', a.title
from (select v26.*
from signature v26
where v26.retracted_at is null and coalesce((v26.signed).earliest, '-infinity') <= $2::date and (select p.counts
from kept.agreement p
where p.record_id = v26.agreement_id and p.from_day <= $2::date and $2::date < p.until_day)) g
join (select v29.*
from agreement v29
where v29.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v29.id and p.from_day <= $2::date and $2::date < p.until_day)) a on a.id = g.agreement_id
where (g.signed).edtf is not null ) t3
where t3.process_id = t2.id), ',"pageInfo":', concat('{"hasNextPage":', (g.n > 5)::text, ',"hasPreviousPage":', 'false', '}'), ',"nodes":', concat('[', array_to_string(g.c1[1 : 5], ','), ']'), '}')
from (select array_agg(p.c1) as c1, array_agg(p.k0) as k0, array_agg(p.k1) as k1, array_agg(p.k2) as k2, array_agg(p.k3) as k3, count(*)::integer as n
from (select concat('{"kind":', coalesce('"' || (t3.kind)::text || '"', 'null'), ',"title":', coalesce(to_json((t3.title)::text)::text, 'null'), ',"at":', case when (t3.at).edtf is not null then concat('{"edtf":', coalesce(to_json(((t3.at).edtf)::text)::text, 'null'), '}') else 'null' end, ',"record":', coalesce((case (select r.type
from record r
where r.id = t3.record_id) when 'SOURCE' then (select concat('{"__typename":', '"Source"', '}') as o
from source t30
where t30.id = t3.record_id) when 'CONFLICT' then (select concat('{"__typename":', '"Conflict"', '}') as o
from conflict t31
where t31.id = t3.record_id) when 'PROCESS' then (select concat('{"__typename":', '"Process"', '}') as o
from process t32
where t32.id = t3.record_id and (select p.counts
from kept.process_periods(t32.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day)) when 'ACTOR' then (select concat('{"__typename":', '"Actor"', '}') as o
from actor t33
where t33.id = t3.record_id) when 'OFFICE' then (select concat('{"__typename":', '"Office"', '}') as o
from office t34
where t34.id = t3.record_id) when 'ISSUE' then (select concat('{"__typename":', '"Issue"', '}') as o
from issue t37
where t37.id = t3.record_id) when 'TALK' then (select concat('{"__typename":', '"Talk"', ',"status":', coalesce('"' || (t38.now_status)::text || '"', 'null'), '}') as o
from (select v39.*, p.record_id as now_id, p.counts as now_counts, p.status as now_status, p.since as now_since, p.starts as now_starts, p.ends as now_ends, p.venue as now_venue, p.city as now_city, p.country as now_country, p.disputed as now_disputed, p.reading_ids as now_reading_ids
from talk v39
join kept.talk p on p.record_id = v39.id and p.from_day <= $2::date and $2::date < p.until_day) t38
where t38.id = t3.record_id and t38.now_counts) when 'PARTICIPATION' then (select concat('{"__typename":', '"Participation"', '}') as o
from participation t40
where t40.id = t3.record_id and (select p.counts
from kept.talk p
where p.record_id = t40.talk_id and p.from_day <= $2::date and $2::date < p.until_day)) when 'STATEMENT' then (select concat('{"__typename":', '"Statement"', ',"attribution":', coalesce('"' || (t43.attribution)::text || '"', 'null'), '}') as o
from statement t43
where t43.id = t3.record_id and coalesce((t43.said).earliest, '-infinity') <= $2::date) when 'CONDITION' then (select concat('{"__typename":', '"Condition"', '}') as o
from condition t44
where t44.id = t3.record_id and exists (select
from statement v45
where v45.id = t44.statement_id and coalesce((v45.said).earliest, '-infinity') <= $2::date)) when 'POSITION' then (select concat('{"__typename":', '"Position"', '}') as o
from position t46
where t46.id = t3.record_id and coalesce((t46.held).earliest, '-infinity') <= $2::date and exists (select
from process v49
where v49.id = t46.process_id and (select p.counts
from kept.process_periods(v49.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day))) when 'AGREEMENT' then (select concat('{"__typename":', '"Agreement"', '}') as o
from (select v51.*, p.record_id as now_id, p.counts as now_counts, p.status as now_status, p.since as now_since, p.signed_on as now_signed_on, p.disputed as now_disputed
from agreement v51
join kept.agreement p on p.record_id = v51.id and p.from_day <= $2::date and $2::date < p.until_day) t50
where t50.id = t3.record_id and t50.now_counts) when 'SIGNATURE' then (select concat('{"__typename":', '"Signature"', '}') as o
from signature t52
where t52.id = t3.record_id and coalesce((t52.signed).earliest, '-infinity') <= $2::date and (select p.counts
from kept.agreement p
where p.record_id = t52.agreement_id and p.from_day <= $2::date and $2::date < p.until_day)) when 'PROVISION' then (select concat('{"__typename":', '"Provision"', '}') as o
from provision t55
where t55.id = t3.record_id and (select p.counts
from kept.agreement p
where p.record_id = t55.agreement_id and p.from_day <= $2::date and $2::date < p.until_day)) when 'ASSESSMENT' then (select concat('{"__typename":', '"Assessment"', '}') as o
from assessment t57
where t57.id = t3.record_id and coalesce((t57.period).earliest, '-infinity') <= $2::date and exists (select
from provision v58
where v58.id = t57.provision_id and (select p.counts
from kept.agreement p
where p.record_id = v58.agreement_id and p.from_day <= $2::date and $2::date < p.until_day))) when 'DEADLINE' then (select concat('{"__typename":', '"Deadline"', '}') as o
from (select v61.*, p.record_id as now_id, p.counts as now_counts, p.status as now_status, p.since as now_since, p.due as now_due, p.disputed as now_disputed, p.reading_ids as now_reading_ids
from deadline v61
join kept.deadline p on p.record_id = v61.id and p.from_day <= $2::date and $2::date < p.until_day) t60
where t60.id = t3.record_id and t60.now_counts) when 'MILESTONE' then (select concat('{"__typename":', '"Milestone"', '}') as o
from milestone t62
where t62.id = t3.record_id and coalesce((t62.at).earliest, '-infinity') <= $2::date) when 'COMMENTARY' then (select concat('{"__typename":', '"Commentary"', '}') as o
from commentary t63
where t63.id = t3.record_id and coalesce((t63.published).earliest, '-infinity') <= $2::date) when 'CITATION' then (select concat('{"__typename":', '"Citation"', '}') as o
from citation t64
where t64.id = t3.record_id) when 'CODE' then (select concat('{"__typename":', '"Code"', '}') as o
from code t66
where t66.id = t3.record_id) end), 'null'), '}') as c1, t3.o0 as k0, t3.o1 as k1, t3.o2 as k2, t3.o3 as k3
from (select t3.*, (t3.at).earliest as o0, t3.title as o1, t3.kind as o2, t3.id as o3
from ( select k.id, k.process_id, k.id as record_id, p.starts as at, 'TALK' as kind, k.title
from (select v4.*
from talk v4
where v4.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v4.id and p.from_day <= $2::date and $2::date < p.until_day)) k
join lateral (select p.*
from kept.talk p
where p.record_id = k.id) p on p.from_day <= $2::date and $2::date < p.until_day
where k.process_id is not null and (p.starts).earliest <= $2::date and p.status in ('UNDER_WAY', 'HELD', 'CONCLUDED', 'COLLAPSED')
union all select s.id, s.process_id, s.id, s.said, 'STATEMENT', coalesce(s.summary, s.quote)
from (select v5.*
from statement v5
where v5.retracted_at is null and coalesce((v5.said).earliest, '-infinity') <= $2::date) s
where s.process_id is not null
union all select m.id, p.process_id, m.id, m.at, 'MILESTONE', m.kind || ': ' || p.title
from (select v6.*
from milestone v6
where v6.retracted_at is null and coalesce((v6.at).earliest, '-infinity') <= $2::date) m
join ( select r.id, r.id as process_id, r.name as title
from (select v7.*
from process v7
where v7.retracted_at is null and (select p.counts
from kept.process_periods(v7.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day)) r
union all select k.id, k.process_id, k.title
from (select v8.*
from talk v8
where v8.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v8.id and p.from_day <= $2::date and $2::date < p.until_day)) k
union all select a.id, a.process_id, a.title
from (select v9.*
from agreement v9
where v9.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v9.id and p.from_day <= $2::date and $2::date < p.until_day)) a
union all select v.id, a.process_id, v.text
from (select v10.*
from provision v10
where v10.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v10.agreement_id and p.from_day <= $2::date and $2::date < p.until_day)) v
join (select v12.*
from agreement v12
where v12.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v12.id and p.from_day <= $2::date and $2::date < p.until_day)) a on a.id = v.agreement_id
union all select c.id, s.process_id, c.condition
from (select v13.*
from condition v13
where v13.retracted_at is null and exists (select
from statement v14
where v14.id = v13.statement_id and coalesce((v14.said).earliest, '-infinity') <= $2::date)) c
join (select v15.*
from statement v15
where v15.retracted_at is null and coalesce((v15.said).earliest, '-infinity') <= $2::date) s on s.id = c.statement_id
union all select d.id, coalesce(r.id, k.process_id, a.process_id, b.process_id, s.process_id), d.title
from (select v16.*
from deadline v16
where v16.retracted_at is null and (select p.counts
from kept.deadline p
where p.record_id = v16.id and p.from_day <= $2::date and $2::date < p.until_day)) d
left join (select v17.*
from process v17
where v17.retracted_at is null and (select p.counts
from kept.process_periods(v17.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day)) r on r.id = d.subject_id
left join (select v18.*
from talk v18
where v18.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v18.id and p.from_day <= $2::date and $2::date < p.until_day)) k on k.id = d.subject_id
left join (select v19.*
from provision v19
where v19.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v19.agreement_id and p.from_day <= $2::date and $2::date < p.until_day)) v on v.id = d.subject_id
left join (select v21.*
from agreement v21
where v21.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v21.id and p.from_day <= $2::date and $2::date < p.until_day)) a on a.id = d.subject_id
left join (select v22.*
from agreement v22
where v22.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v22.id and p.from_day <= $2::date and $2::date < p.until_day)) b on b.id = v.agreement_id
left join (select v23.*
from condition v23
where v23.retracted_at is null and exists (select
from statement v24
where v24.id = v23.statement_id and coalesce((v24.said).earliest, '-infinity') <= $2::date)) c on c.id = d.subject_id
left join (select v25.*
from statement v25
where v25.retracted_at is null and coalesce((v25.said).earliest, '-infinity') <= $2::date) s on s.id in (c.statement_id, d.subject_id) ) p on p.id = m.subject_id
union all select g.id, a.process_id, g.id, g.signed, 'SIGNATURE', a.title
from (select v26.*
from signature v26
where v26.retracted_at is null and coalesce((v26.signed).earliest, '-infinity') <= $2::date and (select p.counts
from kept.agreement p
where p.record_id = v26.agreement_id and p.from_day <= $2::date and $2::date < p.until_day)) g
join (select v29.*
from agreement v29
where v29.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v29.id and p.from_day <= $2::date and $2::date < p.until_day)) a on a.id = g.agreement_id
where (g.signed).edtf is not null ) t3
where t3.process_id = t2.id
order by (t3.at).earliest, t3.title, t3.kind, t3.id
limit 5 + 1) t3
order by t3.o0, t3.o1, t3.o2, t3.o3) p) g), '}') as o
from process t2
where t2.id = (select coalesce(m1.merged_into_id, m1.id)
from process m1
where m1.key = $1::text) and (select p.counts
from kept.process_periods(t2.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day)) as o1 offset 0) q
-- $1: process.by.key
-- $2: process.asOf
