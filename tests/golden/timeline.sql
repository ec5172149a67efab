select convert_to(concat('{"process":', coalesce(q.o1, 'null'), '}'), 'UTF8') as data, case when q.o1 is null then coalesce(null, '') end
from (select (select concat('{"timeline":', (select concat('{"totalCount":', (select count(*)::text
from ( select k.id, k.process_id, k.id as record_id, k.starts as at, 'TALK' as kind, k.title
from (select v4.*
from talk v4
where v4.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v5.*
from milestone v5
where v5.retracted_at is null) m
where m.subject_id = v4.id), case when (v4.starts).earliest > v4.created_at::date then v4.created_at::date else (v4.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id is not null and (k.starts).earliest <= $2::text::timestamptz::date and (select p.status
from status_period p
where p.record_id = k.id and p.from_day <= $2::text::timestamptz::date and $2::text::timestamptz::date < p.until_day) in ('UNDER_WAY', 'HELD', 'CONCLUDED', 'COLLAPSED')
union all select s.id, s.process_id, s.id, s.said, 'STATEMENT', coalesce(s.summary, s.quote)
from (select v6.*
from statement v6
where v6.retracted_at is null and coalesce((v6.said).earliest, '-infinity') <= $2::text::timestamptz::date) s
where s.process_id is not null
union all select m.id, p.process_id, m.id, m.at, 'MILESTONE', m.kind || ': ' || p.title
from (select v7.*
from milestone v7
where v7.retracted_at is null and coalesce((v7.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
join ( select r.id, r.id as process_id, r.name as title
from (select v8.*
from process v8
where v8.retracted_at is null and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v9.*
from milestone v9
where v9.retracted_at is null) m
where m.subject_id = v8.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v8.opened).earliest > v8.created_at::date then v8.created_at::date else (v8.opened).earliest end, '-infinity' ) <= $2::text::timestamptz::date) r
union all select k.id, k.process_id, k.title
from (select v10.*
from talk v10
where v10.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v11.*
from milestone v11
where v11.retracted_at is null) m
where m.subject_id = v10.id), case when (v10.starts).earliest > v10.created_at::date then v10.created_at::date else (v10.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
union all select a.id, a.process_id, a.title
from (select v12.*
from agreement v12
where v12.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v13.*
from milestone v13
where v13.retracted_at is null) m
where m.subject_id = v12.id), (select min((s.signed).earliest)
from (select v14.*
from signature v14
where v14.retracted_at is null) s
where s.agreement_id = v12.id), '-infinity' ) <= $2::text::timestamptz::date) a
union all select d.id, coalesce(r.id, k.process_id, a.process_id, s.process_id), d.title
from (select v15.*
from deadline v15
where v15.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v16.*
from milestone v16
where v16.retracted_at is null) m
where m.subject_id = v15.id), case when least(v15.anchor, (v15.due).earliest) > v15.created_at::date then v15.created_at::date else least(v15.anchor, (v15.due).earliest) end, '-infinity' ) <= $2::text::timestamptz::date) d left
join (select v17.*
from process v17
where v17.retracted_at is null and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v18.*
from milestone v18
where v18.retracted_at is null) m
where m.subject_id = v17.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v17.opened).earliest > v17.created_at::date then v17.created_at::date else (v17.opened).earliest end, '-infinity' ) <= $2::text::timestamptz::date) r on r.id = d.subject_id left
join (select v19.*
from talk v19
where v19.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v20.*
from milestone v20
where v20.retracted_at is null) m
where m.subject_id = v19.id), case when (v19.starts).earliest > v19.created_at::date then v19.created_at::date else (v19.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k on k.id = d.subject_id left
join (select v21.*
from agreement v21
where v21.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v22.*
from milestone v22
where v22.retracted_at is null) m
where m.subject_id = v21.id), (select min((s.signed).earliest)
from (select v23.*
from signature v23
where v23.retracted_at is null) s
where s.agreement_id = v21.id), '-infinity' ) <= $2::text::timestamptz::date) a on a.id = d.subject_id left
join (select v24.*
from condition v24
where v24.retracted_at is null and exists (select
from statement v25
where v25.id = v24.statement_id and coalesce((v25.said).earliest, '-infinity') <= $2::text::timestamptz::date)) c on c.id = d.subject_id left
join (select v26.*
from statement v26
where v26.retracted_at is null and coalesce((v26.said).earliest, '-infinity') <= $2::text::timestamptz::date) s on s.id = c.statement_id ) p on p.id = m.subject_id
union all select g.id, a.process_id, g.id, g.signed, 'SIGNATURE', a.title
from (select v27.*
from signature v27
where v27.retracted_at is null and coalesce((v27.signed).earliest, '-infinity') <= $2::text::timestamptz::date and exists (select
from agreement v28
where v28.id = v27.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v29.*
from milestone v29
where v29.retracted_at is null) m
where m.subject_id = v28.id), (select min((s.signed).earliest)
from (select v30.*
from signature v30
where v30.retracted_at is null) s
where s.agreement_id = v28.id), '-infinity' ) <= $2::text::timestamptz::date)) g
join (select v32.*
from agreement v32
where v32.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v33.*
from milestone v33
where v33.retracted_at is null) m
where m.subject_id = v32.id), (select min((s.signed).earliest)
from (select v34.*
from signature v34
where v34.retracted_at is null) s
where s.agreement_id = v32.id), '-infinity' ) <= $2::text::timestamptz::date) a on a.id = g.agreement_id
where (g.signed).edtf is not null ) t3
where t3.process_id = t2.id), ',"pageInfo":', concat('{"hasNextPage":', (g.n > $3::integer)::text, ',"hasPreviousPage":', 'false', '}'), ',"nodes":', concat('[', array_to_string(g.c1[1 : $3::integer], ','), ']'), '}')
from (select array_agg(p.c1) as c1, array_agg(p.cursor) as cursors, count(*)::integer as n
from (select concat('{"kind":', coalesce('"' || (t3.kind)::text || '"', 'null'), ',"title":', coalesce(to_json((t3.title)::text)::text, 'null'), ',"at":', case when (t3.at).edtf is not null then concat('{"edtf":', coalesce(to_json(((t3.at).edtf)::text)::text, 'null'), '}') else 'null' end, ',"record":', coalesce((case (select r.type
from record r
where r.id = t3.record_id) when 'SOURCE' then (select concat('{"__typename":', '"Source"', '}') as o
from source t66
where t66.id = t3.record_id) when 'CONFLICT' then (select concat('{"__typename":', '"Conflict"', '}') as o
from conflict t67
where t67.id = t3.record_id) when 'PROCESS' then (select concat('{"__typename":', '"Process"', '}') as o
from process t68
where t68.id = t3.record_id and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v69.*
from milestone v69
where v69.retracted_at is null) m
where m.subject_id = t68.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (t68.opened).earliest > t68.created_at::date then t68.created_at::date else (t68.opened).earliest end, '-infinity' ) <= $2::text::timestamptz::date) when 'ACTOR' then (select concat('{"__typename":', '"Actor"', '}') as o
from actor t70
where t70.id = t3.record_id) when 'OFFICE' then (select concat('{"__typename":', '"Office"', '}') as o
from office t71
where t71.id = t3.record_id) when 'ISSUE' then (select concat('{"__typename":', '"Issue"', '}') as o
from issue t74
where t74.id = t3.record_id) when 'TALK' then (select concat('{"__typename":', '"Talk"', ',"status":', coalesce('"' || ((select p.status
from status_period p
where p.record_id = t75.id and p.from_day <= $2::text::timestamptz::date and $2::text::timestamptz::date < p.until_day))::text || '"', 'null'), '}') as o
from talk t75
where t75.id = t3.record_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v76.*
from milestone v76
where v76.retracted_at is null) m
where m.subject_id = t75.id), case when (t75.starts).earliest > t75.created_at::date then t75.created_at::date else (t75.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) when 'PARTICIPATION' then (select concat('{"__typename":', '"Participation"', '}') as o
from participation t77
where t77.id = t3.record_id and exists (select
from talk v78
where v78.id = t77.talk_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v79.*
from milestone v79
where v79.retracted_at is null) m
where m.subject_id = v78.id), case when (v78.starts).earliest > v78.created_at::date then v78.created_at::date else (v78.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) when 'STATEMENT' then (select concat('{"__typename":', '"Statement"', ',"attribution":', coalesce('"' || (t81.attribution)::text || '"', 'null'), '}') as o
from statement t81
where t81.id = t3.record_id and coalesce((t81.said).earliest, '-infinity') <= $2::text::timestamptz::date) when 'CONDITION' then (select concat('{"__typename":', '"Condition"', '}') as o
from condition t82
where t82.id = t3.record_id and exists (select
from statement v83
where v83.id = t82.statement_id and coalesce((v83.said).earliest, '-infinity') <= $2::text::timestamptz::date)) when 'POSITION' then (select concat('{"__typename":', '"Position"', '}') as o
from position t84
where t84.id = t3.record_id and coalesce((t84.held).earliest, '-infinity') <= $2::text::timestamptz::date and exists (select
from process v87
where v87.id = t84.process_id and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v88.*
from milestone v88
where v88.retracted_at is null) m
where m.subject_id = v87.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v87.opened).earliest > v87.created_at::date then v87.created_at::date else (v87.opened).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) when 'AGREEMENT' then (select concat('{"__typename":', '"Agreement"', '}') as o
from agreement t89
where t89.id = t3.record_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v90.*
from milestone v90
where v90.retracted_at is null) m
where m.subject_id = t89.id), (select min((s.signed).earliest)
from (select v91.*
from signature v91
where v91.retracted_at is null) s
where s.agreement_id = t89.id), '-infinity' ) <= $2::text::timestamptz::date) when 'SIGNATURE' then (select concat('{"__typename":', '"Signature"', '}') as o
from signature t92
where t92.id = t3.record_id and coalesce((t92.signed).earliest, '-infinity') <= $2::text::timestamptz::date and exists (select
from agreement v93
where v93.id = t92.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v94.*
from milestone v94
where v94.retracted_at is null) m
where m.subject_id = v93.id), (select min((s.signed).earliest)
from (select v95.*
from signature v95
where v95.retracted_at is null) s
where s.agreement_id = v93.id), '-infinity' ) <= $2::text::timestamptz::date)) when 'PROVISION' then (select concat('{"__typename":', '"Provision"', '}') as o
from provision t97
where t97.id = t3.record_id and exists (select
from agreement v98
where v98.id = t97.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v99.*
from milestone v99
where v99.retracted_at is null) m
where m.subject_id = v98.id), (select min((s.signed).earliest)
from (select v100.*
from signature v100
where v100.retracted_at is null) s
where s.agreement_id = v98.id), '-infinity' ) <= $2::text::timestamptz::date)) when 'ASSESSMENT' then (select concat('{"__typename":', '"Assessment"', '}') as o
from assessment t101
where t101.id = t3.record_id and coalesce((t101.period).earliest, '-infinity') <= $2::text::timestamptz::date and exists (select
from provision v102
where v102.id = t101.provision_id and exists (select
from agreement v103
where v103.id = v102.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v104.*
from milestone v104
where v104.retracted_at is null) m
where m.subject_id = v103.id), (select min((s.signed).earliest)
from (select v105.*
from signature v105
where v105.retracted_at is null) s
where s.agreement_id = v103.id), '-infinity' ) <= $2::text::timestamptz::date))) when 'DEADLINE' then (select concat('{"__typename":', '"Deadline"', '}') as o
from deadline t106
where t106.id = t3.record_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v107.*
from milestone v107
where v107.retracted_at is null) m
where m.subject_id = t106.id), case when least(t106.anchor, (t106.due).earliest) > t106.created_at::date then t106.created_at::date else least(t106.anchor, (t106.due).earliest) end, '-infinity' ) <= $2::text::timestamptz::date) when 'MILESTONE' then (select concat('{"__typename":', '"Milestone"', '}') as o
from milestone t108
where t108.id = t3.record_id and coalesce((t108.at).earliest, '-infinity') <= $2::text::timestamptz::date) when 'COMMENTARY' then (select concat('{"__typename":', '"Commentary"', '}') as o
from commentary t109
where t109.id = t3.record_id and coalesce((t109.published).earliest, '-infinity') <= $2::text::timestamptz::date) when 'CITATION' then (select concat('{"__typename":', '"Citation"', '}') as o
from citation t110
where t110.id = t3.record_id) when 'CODE' then (select concat('{"__typename":', '"Code"', '}') as o
from code t112
where t112.id = t3.record_id) end), 'null'), '}') as c1, translate(encode(convert_to(json_build_array('TimelineEntry:at.earliest,title,kind,id', t3.o0::text, t3.o1::text, t3.o2::text, t3.o3::text)::text, 'UTF8'), 'base64'), E'+/=\n', '-_') as cursor
from (select t3.*, (t3.at).earliest as o0, t3.title as o1, t3.kind as o2, t3.id as o3
from ( select k.id, k.process_id, k.id as record_id, k.starts as at, 'TALK' as kind, k.title
from (select v35.*
from talk v35
where v35.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v36.*
from milestone v36
where v36.retracted_at is null) m
where m.subject_id = v35.id), case when (v35.starts).earliest > v35.created_at::date then v35.created_at::date else (v35.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id is not null and (k.starts).earliest <= $2::text::timestamptz::date and (select p.status
from status_period p
where p.record_id = k.id and p.from_day <= $2::text::timestamptz::date and $2::text::timestamptz::date < p.until_day) in ('UNDER_WAY', 'HELD', 'CONCLUDED', 'COLLAPSED')
union all select s.id, s.process_id, s.id, s.said, 'STATEMENT', coalesce(s.summary, s.quote)
from (select v37.*
from statement v37
where v37.retracted_at is null and coalesce((v37.said).earliest, '-infinity') <= $2::text::timestamptz::date) s
where s.process_id is not null
union all select m.id, p.process_id, m.id, m.at, 'MILESTONE', m.kind || ': ' || p.title
from (select v38.*
from milestone v38
where v38.retracted_at is null and coalesce((v38.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
join ( select r.id, r.id as process_id, r.name as title
from (select v39.*
from process v39
where v39.retracted_at is null and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v40.*
from milestone v40
where v40.retracted_at is null) m
where m.subject_id = v39.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v39.opened).earliest > v39.created_at::date then v39.created_at::date else (v39.opened).earliest end, '-infinity' ) <= $2::text::timestamptz::date) r
union all select k.id, k.process_id, k.title
from (select v41.*
from talk v41
where v41.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v42.*
from milestone v42
where v42.retracted_at is null) m
where m.subject_id = v41.id), case when (v41.starts).earliest > v41.created_at::date then v41.created_at::date else (v41.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
union all select a.id, a.process_id, a.title
from (select v43.*
from agreement v43
where v43.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v44.*
from milestone v44
where v44.retracted_at is null) m
where m.subject_id = v43.id), (select min((s.signed).earliest)
from (select v45.*
from signature v45
where v45.retracted_at is null) s
where s.agreement_id = v43.id), '-infinity' ) <= $2::text::timestamptz::date) a
union all select d.id, coalesce(r.id, k.process_id, a.process_id, s.process_id), d.title
from (select v46.*
from deadline v46
where v46.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v47.*
from milestone v47
where v47.retracted_at is null) m
where m.subject_id = v46.id), case when least(v46.anchor, (v46.due).earliest) > v46.created_at::date then v46.created_at::date else least(v46.anchor, (v46.due).earliest) end, '-infinity' ) <= $2::text::timestamptz::date) d left
join (select v48.*
from process v48
where v48.retracted_at is null and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v49.*
from milestone v49
where v49.retracted_at is null) m
where m.subject_id = v48.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v48.opened).earliest > v48.created_at::date then v48.created_at::date else (v48.opened).earliest end, '-infinity' ) <= $2::text::timestamptz::date) r on r.id = d.subject_id left
join (select v50.*
from talk v50
where v50.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v51.*
from milestone v51
where v51.retracted_at is null) m
where m.subject_id = v50.id), case when (v50.starts).earliest > v50.created_at::date then v50.created_at::date else (v50.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k on k.id = d.subject_id left
join (select v52.*
from agreement v52
where v52.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v53.*
from milestone v53
where v53.retracted_at is null) m
where m.subject_id = v52.id), (select min((s.signed).earliest)
from (select v54.*
from signature v54
where v54.retracted_at is null) s
where s.agreement_id = v52.id), '-infinity' ) <= $2::text::timestamptz::date) a on a.id = d.subject_id left
join (select v55.*
from condition v55
where v55.retracted_at is null and exists (select
from statement v56
where v56.id = v55.statement_id and coalesce((v56.said).earliest, '-infinity') <= $2::text::timestamptz::date)) c on c.id = d.subject_id left
join (select v57.*
from statement v57
where v57.retracted_at is null and coalesce((v57.said).earliest, '-infinity') <= $2::text::timestamptz::date) s on s.id = c.statement_id ) p on p.id = m.subject_id
union all select g.id, a.process_id, g.id, g.signed, 'SIGNATURE', a.title
from (select v58.*
from signature v58
where v58.retracted_at is null and coalesce((v58.signed).earliest, '-infinity') <= $2::text::timestamptz::date and exists (select
from agreement v59
where v59.id = v58.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v60.*
from milestone v60
where v60.retracted_at is null) m
where m.subject_id = v59.id), (select min((s.signed).earliest)
from (select v61.*
from signature v61
where v61.retracted_at is null) s
where s.agreement_id = v59.id), '-infinity' ) <= $2::text::timestamptz::date)) g
join (select v63.*
from agreement v63
where v63.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v64.*
from milestone v64
where v64.retracted_at is null) m
where m.subject_id = v63.id), (select min((s.signed).earliest)
from (select v65.*
from signature v65
where v65.retracted_at is null) s
where s.agreement_id = v63.id), '-infinity' ) <= $2::text::timestamptz::date) a on a.id = g.agreement_id
where (g.signed).edtf is not null ) t3
where t3.process_id = t2.id
order by (t3.at).earliest, t3.title, t3.kind, t3.id
limit $3::integer + 1) t3
order by t3.o0, t3.o1, t3.o2, t3.o3) p) g), '}') as o
from process t2
where t2.id = (select coalesce(m1.merged_into_id, m1.id)
from process m1
where m1.key = $1::text) and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v113.*
from milestone v113
where v113.retracted_at is null) m
where m.subject_id = t2.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (t2.opened).earliest > t2.created_at::date then t2.created_at::date else (t2.opened).earliest end, '-infinity' ) <= $2::text::timestamptz::date) as o1 offset 0) q
-- $1: process.by.key
-- $2: process.asOf
-- $3: timeline.first
