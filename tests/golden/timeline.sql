select convert_to(concat('{"process":', coalesce(q.o1, 'null'), '}'), 'UTF8') as data, case when q.o1 is null then coalesce(null, '') end
from (select (select concat('{"timeline":', (select concat('{"totalCount":', (select count(*)::text
from ( select k.id, k.process_id, k.id as record_id, k.starts as at, 'TALK' as kind, k.title
from (select v4.*
from talk v4
where v4.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v4.id and p.from_day <= $2::date and $2::date < p.until_day)) k
where k.process_id is not null and (k.starts).earliest <= $2::date and (select p.status
from kept.talk p
where p.record_id = k.id and p.from_day <= $2::date and $2::date < p.until_day) in ('UNDER_WAY', 'HELD', 'CONCLUDED', 'COLLAPSED')
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
where v7.retracted_at is null and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v8.*
from milestone v8
where v8.retracted_at is null) m
where m.subject_id = v7.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v7.opened).earliest > v7.created_at::date then v7.created_at::date else (v7.opened).earliest end, '-infinity' ) <= $2::date) r
union all select k.id, k.process_id, k.title
from (select v9.*
from talk v9
where v9.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v9.id and p.from_day <= $2::date and $2::date < p.until_day)) k
union all select a.id, a.process_id, a.title
from (select v10.*
from agreement v10
where v10.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v10.id and p.from_day <= $2::date and $2::date < p.until_day)) a
union all select d.id, coalesce(r.id, k.process_id, a.process_id, s.process_id), d.title
from (select v11.*
from deadline v11
where v11.retracted_at is null and (select p.counts
from kept.deadline p
where p.record_id = v11.id and p.from_day <= $2::date and $2::date < p.until_day)) d
left join (select v12.*
from process v12
where v12.retracted_at is null and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v13.*
from milestone v13
where v13.retracted_at is null) m
where m.subject_id = v12.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v12.opened).earliest > v12.created_at::date then v12.created_at::date else (v12.opened).earliest end, '-infinity' ) <= $2::date) r on r.id = d.subject_id
left join (select v14.*
from talk v14
where v14.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v14.id and p.from_day <= $2::date and $2::date < p.until_day)) k on k.id = d.subject_id
left join (select v15.*
from agreement v15
where v15.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v15.id and p.from_day <= $2::date and $2::date < p.until_day)) a on a.id = d.subject_id
left join (select v16.*
from condition v16
where v16.retracted_at is null and exists (select
from statement v17
where v17.id = v16.statement_id and coalesce((v17.said).earliest, '-infinity') <= $2::date)) c on c.id = d.subject_id
left join (select v18.*
from statement v18
where v18.retracted_at is null and coalesce((v18.said).earliest, '-infinity') <= $2::date) s on s.id = c.statement_id ) p on p.id = m.subject_id
union all select g.id, a.process_id, g.id, g.signed, 'SIGNATURE', a.title
from (select v19.*
from signature v19
where v19.retracted_at is null and coalesce((v19.signed).earliest, '-infinity') <= $2::date and (select p.counts
from kept.agreement p
where p.record_id = v19.agreement_id and p.from_day <= $2::date and $2::date < p.until_day)) g
join (select v22.*
from agreement v22
where v22.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v22.id and p.from_day <= $2::date and $2::date < p.until_day)) a on a.id = g.agreement_id
where (g.signed).edtf is not null ) t3
where t3.process_id = t2.id), ',"pageInfo":', concat('{"hasNextPage":', (g.n > 5)::text, ',"hasPreviousPage":', 'false', '}'), ',"nodes":', concat('[', array_to_string(g.c1[1 : 5], ','), ']'), '}')
from (select array_agg(p.c1) as c1, array_agg(p.k0) as k0, array_agg(p.k1) as k1, array_agg(p.k2) as k2, array_agg(p.k3) as k3, count(*)::integer as n
from (select concat('{"kind":', coalesce('"' || (t3.kind)::text || '"', 'null'), ',"title":', coalesce(to_json((t3.title)::text)::text, 'null'), ',"at":', case when (t3.at).edtf is not null then concat('{"edtf":', coalesce(to_json(((t3.at).edtf)::text)::text, 'null'), '}') else 'null' end, ',"record":', coalesce((case (select r.type
from record r
where r.id = t3.record_id) when 'SOURCE' then (select concat('{"__typename":', '"Source"', '}') as o
from source t42
where t42.id = t3.record_id) when 'CONFLICT' then (select concat('{"__typename":', '"Conflict"', '}') as o
from conflict t43
where t43.id = t3.record_id) when 'PROCESS' then (select concat('{"__typename":', '"Process"', '}') as o
from process t44
where t44.id = t3.record_id and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v45.*
from milestone v45
where v45.retracted_at is null) m
where m.subject_id = t44.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (t44.opened).earliest > t44.created_at::date then t44.created_at::date else (t44.opened).earliest end, '-infinity' ) <= $2::date) when 'ACTOR' then (select concat('{"__typename":', '"Actor"', '}') as o
from actor t46
where t46.id = t3.record_id) when 'OFFICE' then (select concat('{"__typename":', '"Office"', '}') as o
from office t47
where t47.id = t3.record_id) when 'ISSUE' then (select concat('{"__typename":', '"Issue"', '}') as o
from issue t50
where t50.id = t3.record_id) when 'TALK' then (select concat('{"__typename":', '"Talk"', ',"status":', coalesce('"' || ((select p.status
from kept.talk p
where p.record_id = t51.id and p.from_day <= $2::date and $2::date < p.until_day))::text || '"', 'null'), '}') as o
from talk t51
where t51.id = t3.record_id and (select p.counts
from kept.talk p
where p.record_id = t51.id and p.from_day <= $2::date and $2::date < p.until_day)) when 'PARTICIPATION' then (select concat('{"__typename":', '"Participation"', '}') as o
from participation t52
where t52.id = t3.record_id and (select p.counts
from kept.talk p
where p.record_id = t52.talk_id and p.from_day <= $2::date and $2::date < p.until_day)) when 'STATEMENT' then (select concat('{"__typename":', '"Statement"', ',"attribution":', coalesce('"' || (t55.attribution)::text || '"', 'null'), '}') as o
from statement t55
where t55.id = t3.record_id and coalesce((t55.said).earliest, '-infinity') <= $2::date) when 'CONDITION' then (select concat('{"__typename":', '"Condition"', '}') as o
from condition t56
where t56.id = t3.record_id and exists (select
from statement v57
where v57.id = t56.statement_id and coalesce((v57.said).earliest, '-infinity') <= $2::date)) when 'POSITION' then (select concat('{"__typename":', '"Position"', '}') as o
from position t58
where t58.id = t3.record_id and coalesce((t58.held).earliest, '-infinity') <= $2::date and exists (select
from process v61
where v61.id = t58.process_id and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v62.*
from milestone v62
where v62.retracted_at is null) m
where m.subject_id = v61.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v61.opened).earliest > v61.created_at::date then v61.created_at::date else (v61.opened).earliest end, '-infinity' ) <= $2::date)) when 'AGREEMENT' then (select concat('{"__typename":', '"Agreement"', '}') as o
from agreement t63
where t63.id = t3.record_id and (select p.counts
from kept.agreement p
where p.record_id = t63.id and p.from_day <= $2::date and $2::date < p.until_day)) when 'SIGNATURE' then (select concat('{"__typename":', '"Signature"', '}') as o
from signature t64
where t64.id = t3.record_id and coalesce((t64.signed).earliest, '-infinity') <= $2::date and (select p.counts
from kept.agreement p
where p.record_id = t64.agreement_id and p.from_day <= $2::date and $2::date < p.until_day)) when 'PROVISION' then (select concat('{"__typename":', '"Provision"', '}') as o
from provision t67
where t67.id = t3.record_id and (select p.counts
from kept.agreement p
where p.record_id = t67.agreement_id and p.from_day <= $2::date and $2::date < p.until_day)) when 'ASSESSMENT' then (select concat('{"__typename":', '"Assessment"', '}') as o
from assessment t69
where t69.id = t3.record_id and coalesce((t69.period).earliest, '-infinity') <= $2::date and exists (select
from provision v70
where v70.id = t69.provision_id and (select p.counts
from kept.agreement p
where p.record_id = v70.agreement_id and p.from_day <= $2::date and $2::date < p.until_day))) when 'DEADLINE' then (select concat('{"__typename":', '"Deadline"', '}') as o
from deadline t72
where t72.id = t3.record_id and (select p.counts
from kept.deadline p
where p.record_id = t72.id and p.from_day <= $2::date and $2::date < p.until_day)) when 'MILESTONE' then (select concat('{"__typename":', '"Milestone"', '}') as o
from milestone t73
where t73.id = t3.record_id and coalesce((t73.at).earliest, '-infinity') <= $2::date) when 'COMMENTARY' then (select concat('{"__typename":', '"Commentary"', '}') as o
from commentary t74
where t74.id = t3.record_id and coalesce((t74.published).earliest, '-infinity') <= $2::date) when 'CITATION' then (select concat('{"__typename":', '"Citation"', '}') as o
from citation t75
where t75.id = t3.record_id) when 'CODE' then (select concat('{"__typename":', '"Code"', '}') as o
from code t77
where t77.id = t3.record_id) end), 'null'), '}') as c1, t3.o0 as k0, t3.o1 as k1, t3.o2 as k2, t3.o3 as k3
from (select t3.*, (t3.at).earliest as o0, t3.title as o1, t3.kind as o2, t3.id as o3
from ( select k.id, k.process_id, k.id as record_id, k.starts as at, 'TALK' as kind, k.title
from (select v23.*
from talk v23
where v23.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v23.id and p.from_day <= $2::date and $2::date < p.until_day)) k
where k.process_id is not null and (k.starts).earliest <= $2::date and (select p.status
from kept.talk p
where p.record_id = k.id and p.from_day <= $2::date and $2::date < p.until_day) in ('UNDER_WAY', 'HELD', 'CONCLUDED', 'COLLAPSED')
union all select s.id, s.process_id, s.id, s.said, 'STATEMENT', coalesce(s.summary, s.quote)
from (select v24.*
from statement v24
where v24.retracted_at is null and coalesce((v24.said).earliest, '-infinity') <= $2::date) s
where s.process_id is not null
union all select m.id, p.process_id, m.id, m.at, 'MILESTONE', m.kind || ': ' || p.title
from (select v25.*
from milestone v25
where v25.retracted_at is null and coalesce((v25.at).earliest, '-infinity') <= $2::date) m
join ( select r.id, r.id as process_id, r.name as title
from (select v26.*
from process v26
where v26.retracted_at is null and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v27.*
from milestone v27
where v27.retracted_at is null) m
where m.subject_id = v26.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v26.opened).earliest > v26.created_at::date then v26.created_at::date else (v26.opened).earliest end, '-infinity' ) <= $2::date) r
union all select k.id, k.process_id, k.title
from (select v28.*
from talk v28
where v28.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v28.id and p.from_day <= $2::date and $2::date < p.until_day)) k
union all select a.id, a.process_id, a.title
from (select v29.*
from agreement v29
where v29.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v29.id and p.from_day <= $2::date and $2::date < p.until_day)) a
union all select d.id, coalesce(r.id, k.process_id, a.process_id, s.process_id), d.title
from (select v30.*
from deadline v30
where v30.retracted_at is null and (select p.counts
from kept.deadline p
where p.record_id = v30.id and p.from_day <= $2::date and $2::date < p.until_day)) d
left join (select v31.*
from process v31
where v31.retracted_at is null and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v32.*
from milestone v32
where v32.retracted_at is null) m
where m.subject_id = v31.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v31.opened).earliest > v31.created_at::date then v31.created_at::date else (v31.opened).earliest end, '-infinity' ) <= $2::date) r on r.id = d.subject_id
left join (select v33.*
from talk v33
where v33.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v33.id and p.from_day <= $2::date and $2::date < p.until_day)) k on k.id = d.subject_id
left join (select v34.*
from agreement v34
where v34.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v34.id and p.from_day <= $2::date and $2::date < p.until_day)) a on a.id = d.subject_id
left join (select v35.*
from condition v35
where v35.retracted_at is null and exists (select
from statement v36
where v36.id = v35.statement_id and coalesce((v36.said).earliest, '-infinity') <= $2::date)) c on c.id = d.subject_id
left join (select v37.*
from statement v37
where v37.retracted_at is null and coalesce((v37.said).earliest, '-infinity') <= $2::date) s on s.id = c.statement_id ) p on p.id = m.subject_id
union all select g.id, a.process_id, g.id, g.signed, 'SIGNATURE', a.title
from (select v38.*
from signature v38
where v38.retracted_at is null and coalesce((v38.signed).earliest, '-infinity') <= $2::date and (select p.counts
from kept.agreement p
where p.record_id = v38.agreement_id and p.from_day <= $2::date and $2::date < p.until_day)) g
join (select v41.*
from agreement v41
where v41.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v41.id and p.from_day <= $2::date and $2::date < p.until_day)) a on a.id = g.agreement_id
where (g.signed).edtf is not null ) t3
where t3.process_id = t2.id
order by (t3.at).earliest, t3.title, t3.kind, t3.id
limit 5 + 1) t3
order by t3.o0, t3.o1, t3.o2, t3.o3) p) g), '}') as o
from process t2
where t2.id = (select coalesce(m1.merged_into_id, m1.id)
from process m1
where m1.key = $1::text) and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v78.*
from milestone v78
where v78.retracted_at is null) m
where m.subject_id = t2.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (t2.opened).earliest > t2.created_at::date then t2.created_at::date else (t2.opened).earliest end, '-infinity' ) <= $2::date) as o1 offset 0) q
-- $1: process.by.key
-- $2: process.asOf
