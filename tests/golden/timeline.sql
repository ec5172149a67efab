select convert_to(concat('{"process":', coalesce(q.o1, 'null'), '}'), 'UTF8') as data, case when q.o1 is null then coalesce(null, '') end
from (select (select concat('{"timeline":', (select concat('{"totalCount":', (select count(*)::text
from ( select k.id, k.process_id, k.id as record_id, p.starts as at, 'TALK' as kind, k.title
from (select v5.*
from talk v5
where v5.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v5.id and p.from_day <= $2::date and $2::date < p.until_day)) k
join lateral (select p.*
from kept.talk p
where p.record_id = k.id) p on p.from_day <= $2::date and $2::date < p.until_day
where k.process_id is not null and (p.starts).earliest <= $2::date and p.status in ('UNDER_WAY', 'HELD', 'CONCLUDED', 'COLLAPSED')
union all select s.id, s.process_id, s.id, s.said, 'STATEMENT', coalesce(s.summary, s.quote)
from (select v6.*
from statement v6
where v6.retracted_at is null and coalesce((v6.said).earliest, '-infinity') <= $2::date) s
where s.process_id is not null
union all select m.id, p.process_id, m.id, m.at, 'MILESTONE', m.kind || ': ' || p.title
from (select v7.*
from milestone v7
where v7.retracted_at is null and coalesce((v7.at).earliest, '-infinity') <= $2::date) m
join ( select r.id, r.id as process_id, r.name as title
from (select v8.*
from process v8
where v8.retracted_at is null and (select p.counts
from kept.process_periods(v8.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day)) r
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
union all select v.id, a.process_id, v.text
from (select v11.*
from provision v11
where v11.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v11.agreement_id and p.from_day <= $2::date and $2::date < p.until_day)) v
join (select v13.*
from agreement v13
where v13.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v13.id and p.from_day <= $2::date and $2::date < p.until_day)) a on a.id = v.agreement_id
union all select c.id, s.process_id, c.condition
from (select v14.*
from condition v14
where v14.retracted_at is null and exists (select
from statement v15
where v15.id = v14.statement_id and coalesce((v15.said).earliest, '-infinity') <= $2::date)) c
join (select v16.*
from statement v16
where v16.retracted_at is null and coalesce((v16.said).earliest, '-infinity') <= $2::date) s on s.id = c.statement_id
union all select d.id, p.process_id, d.title
from (select v17.*
from deadline v17
where v17.retracted_at is null and (select p.counts
from kept.deadline p
where p.record_id = v17.id and p.from_day <= $2::date and $2::date < p.until_day)) d
join ( select r.id, r.id as process_id, r.name as title
from (select v18.*
from process v18
where v18.retracted_at is null and (select p.counts
from kept.process_periods(v18.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day)) r
union all select k.id, k.process_id, k.title
from (select v19.*
from talk v19
where v19.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v19.id and p.from_day <= $2::date and $2::date < p.until_day)) k
union all select a.id, a.process_id, a.title
from (select v20.*
from agreement v20
where v20.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v20.id and p.from_day <= $2::date and $2::date < p.until_day)) a
union all select v.id, a.process_id, v.text
from (select v21.*
from provision v21
where v21.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v21.agreement_id and p.from_day <= $2::date and $2::date < p.until_day)) v
join (select v23.*
from agreement v23
where v23.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v23.id and p.from_day <= $2::date and $2::date < p.until_day)) a on a.id = v.agreement_id
union all select c.id, s.process_id, c.condition
from (select v24.*
from condition v24
where v24.retracted_at is null and exists (select
from statement v25
where v25.id = v24.statement_id and coalesce((v25.said).earliest, '-infinity') <= $2::date)) c
join (select v26.*
from statement v26
where v26.retracted_at is null and coalesce((v26.said).earliest, '-infinity') <= $2::date) s on s.id = c.statement_id ) p on p.id = d.subject_id
union all select d.id, s.process_id, d.title
from (select v27.*
from deadline v27
where v27.retracted_at is null and (select p.counts
from kept.deadline p
where p.record_id = v27.id and p.from_day <= $2::date and $2::date < p.until_day)) d
join (select v28.*
from statement v28
where v28.retracted_at is null and coalesce((v28.said).earliest, '-infinity') <= $2::date) s on s.id = d.subject_id and d.subject_type = 'STATEMENT' ) p on p.id = m.subject_id
union all select g.id, a.process_id, g.id, g.signed, 'SIGNATURE', a.title
from (select v29.*
from signature v29
where v29.retracted_at is null and coalesce((v29.signed).earliest, '-infinity') <= $2::date and (select p.counts
from kept.agreement p
where p.record_id = v29.agreement_id and p.from_day <= $2::date and $2::date < p.until_day)) g
join (select v32.*
from agreement v32
where v32.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v32.id and p.from_day <= $2::date and $2::date < p.until_day)) a on a.id = g.agreement_id
where (g.signed).edtf is not null ) t4
where t4.process_id = t2.id), ',"pageInfo":', concat('{"hasNextPage":', (g.n > 5)::text, ',"hasPreviousPage":', 'false', '}'), ',"nodes":', concat('[', array_to_string(g.c1[1 : 5], ','), ']'), '}')
from (select array_agg(p.c1) as c1, array_agg(p.k0) as k0, array_agg(p.k1) as k1, array_agg(p.k2) as k2, array_agg(p.k3) as k3, count(*)::integer as n
from (select concat('{"kind":', coalesce('"' || (t4.kind)::text || '"', 'null'), ',"title":', coalesce(to_json((t4.title)::text)::text, 'null'), ',"at":', case when (t4.at).edtf is not null then concat('{"edtf":', coalesce(to_json(((t4.at).edtf)::text)::text, 'null'), '}') else 'null' end, ',"record":', coalesce((case (select r.type
from record r
where r.id = t4.record_id) when 'SOURCE' then (select concat('{"__typename":', '"Source"', '}') as o
from source t33
where t33.id = t4.record_id) when 'CONFLICT' then (select concat('{"__typename":', '"Conflict"', '}') as o
from conflict t34
where t34.id = t4.record_id) when 'PROCESS' then (select concat('{"__typename":', '"Process"', '}') as o
from (select v36.*, p.record_id as now_id, p.counts as now_counts, p.status as now_status, p.since as now_since, p.next_talk_id as now_next_talk_id, p.next_deadline_id as now_next_deadline_id, p.active_until as now_active_until
from process v36
cross join lateral (select p.*
from kept.process_periods(v36.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day offset 0) p) t35
where t35.id = t4.record_id and t35.now_counts) when 'ACTOR' then (select concat('{"__typename":', '"Actor"', '}') as o
from actor t37
where t37.id = t4.record_id) when 'OFFICE' then (select concat('{"__typename":', '"Office"', '}') as o
from office t38
where t38.id = t4.record_id) when 'MEMBERSHIP' then (select concat('{"__typename":', '"Membership"', '}') as o
from membership t41
where t41.id = t4.record_id and coalesce((t41.held).earliest, '-infinity') <= $2::date) when 'ISSUE' then (select concat('{"__typename":', '"Issue"', '}') as o
from issue t44
where t44.id = t4.record_id) when 'TALK' then (select concat('{"__typename":', '"Talk"', ',"status":', coalesce('"' || (t45.now_status)::text || '"', 'null'), '}') as o
from (select v46.*, p.record_id as now_id, p.counts as now_counts, p.status as now_status, p.since as now_since, p.starts as now_starts, p.ends as now_ends, p.venue as now_venue, p.city as now_city, p.country as now_country, p.disputed as now_disputed, p.reading_ids as now_reading_ids
from talk v46
join kept.talk p on p.record_id = v46.id and p.from_day <= $2::date and $2::date < p.until_day) t45
where t45.id = t4.record_id and t45.now_counts) when 'PARTICIPATION' then (select concat('{"__typename":', '"Participation"', '}') as o
from participation t47
where t47.id = t4.record_id and coalesce((t47.during).earliest, '-infinity') <= $2::date and (t47.talk_id is null or (select p.counts
from kept.talk p
where p.record_id = t47.talk_id and p.from_day <= $2::date and $2::date < p.until_day)) and (t47.process_id is null or exists (select
from process v49
where v49.id = t47.process_id and (select p.counts
from kept.process_periods(v49.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day)))) when 'STATEMENT' then (select concat('{"__typename":', '"Statement"', ',"attribution":', coalesce('"' || (t51.attribution)::text || '"', 'null'), '}') as o
from statement t51
where t51.id = t4.record_id and coalesce((t51.said).earliest, '-infinity') <= $2::date) when 'CONDITION' then (select concat('{"__typename":', '"Condition"', '}') as o
from condition t52
where t52.id = t4.record_id and exists (select
from statement v53
where v53.id = t52.statement_id and coalesce((v53.said).earliest, '-infinity') <= $2::date)) when 'POSITION' then (select concat('{"__typename":', '"Position"', '}') as o
from position t54
where t54.id = t4.record_id and coalesce((t54.held).earliest, '-infinity') <= $2::date and exists (select
from process v57
where v57.id = t54.process_id and (select p.counts
from kept.process_periods(v57.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day))) when 'AGREEMENT' then (select concat('{"__typename":', '"Agreement"', '}') as o
from (select v59.*, p.record_id as now_id, p.counts as now_counts, p.status as now_status, p.since as now_since, p.signed_on as now_signed_on, p.disputed as now_disputed
from agreement v59
join kept.agreement p on p.record_id = v59.id and p.from_day <= $2::date and $2::date < p.until_day) t58
where t58.id = t4.record_id and t58.now_counts) when 'SIGNATURE' then (select concat('{"__typename":', '"Signature"', '}') as o
from signature t60
where t60.id = t4.record_id and coalesce((t60.signed).earliest, '-infinity') <= $2::date and (select p.counts
from kept.agreement p
where p.record_id = t60.agreement_id and p.from_day <= $2::date and $2::date < p.until_day)) when 'PROVISION' then (select concat('{"__typename":', '"Provision"', '}') as o
from provision t63
where t63.id = t4.record_id and (select p.counts
from kept.agreement p
where p.record_id = t63.agreement_id and p.from_day <= $2::date and $2::date < p.until_day)) when 'ASSESSMENT' then (select concat('{"__typename":', '"Assessment"', '}') as o
from assessment t65
where t65.id = t4.record_id and coalesce((t65.period).earliest, '-infinity') <= $2::date and exists (select
from provision v66
where v66.id = t65.provision_id and (select p.counts
from kept.agreement p
where p.record_id = v66.agreement_id and p.from_day <= $2::date and $2::date < p.until_day))) when 'DEADLINE' then (select concat('{"__typename":', '"Deadline"', '}') as o
from (select v69.*, p.record_id as now_id, p.counts as now_counts, p.status as now_status, p.since as now_since, p.due as now_due, p.disputed as now_disputed, p.reading_ids as now_reading_ids
from deadline v69
join kept.deadline p on p.record_id = v69.id and p.from_day <= $2::date and $2::date < p.until_day) t68
where t68.id = t4.record_id and t68.now_counts) when 'MILESTONE' then (select concat('{"__typename":', '"Milestone"', '}') as o
from milestone t70
where t70.id = t4.record_id and coalesce((t70.at).earliest, '-infinity') <= $2::date) when 'COMMENTARY' then (select concat('{"__typename":', '"Commentary"', '}') as o
from commentary t71
where t71.id = t4.record_id and coalesce((t71.published).earliest, '-infinity') <= $2::date) when 'CITATION' then (select concat('{"__typename":', '"Citation"', '}') as o
from citation t72
where t72.id = t4.record_id) when 'CODE' then (select concat('{"__typename":', '"Code"', '}') as o
from code t74
where t74.id = t4.record_id) when 'OTHER_NAME' then (select concat('{"__typename":', '"OtherName"', '}') as o
from other_name t75
where t75.id = t4.record_id) end), 'null'), '}') as c1, t4.o0 as k0, t4.o1 as k1, t4.o2 as k2, t4.o3 as k3
from (select t4.*, (t4.at).earliest as o0, t4.title as o1, t4.kind as o2, t4.id as o3
from ( select k.id, k.process_id, k.id as record_id, p.starts as at, 'TALK' as kind, k.title
from (select v5.*
from talk v5
where v5.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v5.id and p.from_day <= $2::date and $2::date < p.until_day)) k
join lateral (select p.*
from kept.talk p
where p.record_id = k.id) p on p.from_day <= $2::date and $2::date < p.until_day
where k.process_id is not null and (p.starts).earliest <= $2::date and p.status in ('UNDER_WAY', 'HELD', 'CONCLUDED', 'COLLAPSED')
union all select s.id, s.process_id, s.id, s.said, 'STATEMENT', coalesce(s.summary, s.quote)
from (select v6.*
from statement v6
where v6.retracted_at is null and coalesce((v6.said).earliest, '-infinity') <= $2::date) s
where s.process_id is not null
union all select m.id, p.process_id, m.id, m.at, 'MILESTONE', m.kind || ': ' || p.title
from (select v7.*
from milestone v7
where v7.retracted_at is null and coalesce((v7.at).earliest, '-infinity') <= $2::date) m
join ( select r.id, r.id as process_id, r.name as title
from (select v8.*
from process v8
where v8.retracted_at is null and (select p.counts
from kept.process_periods(v8.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day)) r
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
union all select v.id, a.process_id, v.text
from (select v11.*
from provision v11
where v11.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v11.agreement_id and p.from_day <= $2::date and $2::date < p.until_day)) v
join (select v13.*
from agreement v13
where v13.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v13.id and p.from_day <= $2::date and $2::date < p.until_day)) a on a.id = v.agreement_id
union all select c.id, s.process_id, c.condition
from (select v14.*
from condition v14
where v14.retracted_at is null and exists (select
from statement v15
where v15.id = v14.statement_id and coalesce((v15.said).earliest, '-infinity') <= $2::date)) c
join (select v16.*
from statement v16
where v16.retracted_at is null and coalesce((v16.said).earliest, '-infinity') <= $2::date) s on s.id = c.statement_id
union all select d.id, p.process_id, d.title
from (select v17.*
from deadline v17
where v17.retracted_at is null and (select p.counts
from kept.deadline p
where p.record_id = v17.id and p.from_day <= $2::date and $2::date < p.until_day)) d
join ( select r.id, r.id as process_id, r.name as title
from (select v18.*
from process v18
where v18.retracted_at is null and (select p.counts
from kept.process_periods(v18.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day)) r
union all select k.id, k.process_id, k.title
from (select v19.*
from talk v19
where v19.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v19.id and p.from_day <= $2::date and $2::date < p.until_day)) k
union all select a.id, a.process_id, a.title
from (select v20.*
from agreement v20
where v20.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v20.id and p.from_day <= $2::date and $2::date < p.until_day)) a
union all select v.id, a.process_id, v.text
from (select v21.*
from provision v21
where v21.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v21.agreement_id and p.from_day <= $2::date and $2::date < p.until_day)) v
join (select v23.*
from agreement v23
where v23.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v23.id and p.from_day <= $2::date and $2::date < p.until_day)) a on a.id = v.agreement_id
union all select c.id, s.process_id, c.condition
from (select v24.*
from condition v24
where v24.retracted_at is null and exists (select
from statement v25
where v25.id = v24.statement_id and coalesce((v25.said).earliest, '-infinity') <= $2::date)) c
join (select v26.*
from statement v26
where v26.retracted_at is null and coalesce((v26.said).earliest, '-infinity') <= $2::date) s on s.id = c.statement_id ) p on p.id = d.subject_id
union all select d.id, s.process_id, d.title
from (select v27.*
from deadline v27
where v27.retracted_at is null and (select p.counts
from kept.deadline p
where p.record_id = v27.id and p.from_day <= $2::date and $2::date < p.until_day)) d
join (select v28.*
from statement v28
where v28.retracted_at is null and coalesce((v28.said).earliest, '-infinity') <= $2::date) s on s.id = d.subject_id and d.subject_type = 'STATEMENT' ) p on p.id = m.subject_id
union all select g.id, a.process_id, g.id, g.signed, 'SIGNATURE', a.title
from (select v29.*
from signature v29
where v29.retracted_at is null and coalesce((v29.signed).earliest, '-infinity') <= $2::date and (select p.counts
from kept.agreement p
where p.record_id = v29.agreement_id and p.from_day <= $2::date and $2::date < p.until_day)) g
join (select v32.*
from agreement v32
where v32.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v32.id and p.from_day <= $2::date and $2::date < p.until_day)) a on a.id = g.agreement_id
where (g.signed).edtf is not null ) t4
where t4.process_id = t2.id
order by (t4.at).earliest, t4.title, t4.kind, t4.id
limit 5 + 1) t4
order by t4.o0, t4.o1, t4.o2, t4.o3) p) g), '}') as o
from (select v3.*, p.record_id as now_id, p.counts as now_counts, p.status as now_status, p.since as now_since, p.next_talk_id as now_next_talk_id, p.next_deadline_id as now_next_deadline_id, p.active_until as now_active_until
from process v3
cross join lateral (select p.*
from kept.process_periods(v3.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day offset 0) p) t2
where t2.id = (select coalesce(m1.merged_into_id, m1.id)
from process m1
where m1.key = $1::text) and t2.now_counts) as o1 offset 0) q
-- $1: process.by.key
-- $2: process.asOf
