select row_to_json(q.*) as data, case when q."process" is null then coalesce(null, '') end
from (select (select row_to_json(n.*)
from (select (select row_to_json(c.*)
from (select (select count(*)
from ( select k.id, k.process_id, k.id as record_id, k.starts as at, 'TALK' as kind, k.title
from (select v3.*
from talk v3
where v3.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v4.*
from milestone v4
where v4.retracted_at is null) m
where m.subject_id = v3.id), case when (v3.starts).earliest > v3.created_at::date then v3.created_at::date else (v3.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id is not null and (k.starts).earliest <= $2::text::timestamptz::date and ( select case when s.milestone in ('CANCELLED', 'POSTPONED', 'COLLAPSED', 'CONCLUDED') then s.milestone::text when $2::text::timestamptz::date < s.first_day then case when s.first_day = s.latest_start then 'SCHEDULED' else 'EXPECTED' end when $2::text::timestamptz::date <= s.last_day and (s.first_day = s.latest_start or s.reported_held) then 'UNDER_WAY' when $2::text::timestamptz::date <= s.latest_start then 'EXPECTED' when s.reported_held then 'HELD' when s.latest_start is null then 'EXPECTED' else 'OVERDUE' end
from ( select (k.starts).earliest as first_day, (k.starts).latest as latest_start, coalesce((k.ends).latest, (k.starts).latest) as last_day, ( exists (select
from (select v5.*
from milestone v5
where v5.retracted_at is null and coalesce((v5.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('OPENED', 'ADJOURNED')) or exists (select
from (select v6.*
from participation v6
where v6.retracted_at is null and exists (select
from talk v7
where v7.id = v6.talk_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v8.*
from milestone v8
where v8.retracted_at is null) m
where m.subject_id = v7.id), case when (v7.starts).earliest > v7.created_at::date then v7.created_at::date else (v7.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) a
where a.talk_id = k.id and a.attendance = 'REPORTED') ) as reported_held, ( select m.kind
from (select v10.*
from milestone v10
where v10.retracted_at is null and coalesce((v10.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('SCHEDULED', 'OPENED', 'POSTPONED', 'CANCELLED', 'COLLAPSED', 'CONCLUDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as milestone ) s ) in ('UNDER_WAY', 'HELD', 'CONCLUDED', 'COLLAPSED')
union all select s.id, s.process_id, s.id, s.said, 'STATEMENT', coalesce(s.summary, s.quote)
from (select v11.*
from statement v11
where v11.retracted_at is null and coalesce((v11.said).earliest, '-infinity') <= $2::text::timestamptz::date) s
where s.process_id is not null
union all select m.id, p.process_id, m.id, m.at, 'MILESTONE', m.kind || ': ' || p.title
from (select v12.*
from milestone v12
where v12.retracted_at is null and coalesce((v12.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
join ( select r.id, r.id as process_id, r.name as title
from (select v13.*
from process v13
where v13.retracted_at is null and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v14.*
from milestone v14
where v14.retracted_at is null) m
where m.subject_id = v13.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v13.opened).earliest > v13.created_at::date then v13.created_at::date else (v13.opened).earliest end, '-infinity' ) <= $2::text::timestamptz::date) r
union all select k.id, k.process_id, k.title
from (select v15.*
from talk v15
where v15.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v16.*
from milestone v16
where v16.retracted_at is null) m
where m.subject_id = v15.id), case when (v15.starts).earliest > v15.created_at::date then v15.created_at::date else (v15.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
union all select a.id, a.process_id, a.title
from (select v17.*
from agreement v17
where v17.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v18.*
from milestone v18
where v18.retracted_at is null) m
where m.subject_id = v17.id), (select min((s.signed).earliest)
from (select v19.*
from signature v19
where v19.retracted_at is null) s
where s.agreement_id = v17.id), '-infinity' ) <= $2::text::timestamptz::date) a
union all select d.id, coalesce(r.id, k.process_id, a.process_id, s.process_id), d.title
from (select v20.*
from deadline v20
where v20.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v21.*
from milestone v21
where v21.retracted_at is null) m
where m.subject_id = v20.id), case when least(v20.anchor, (v20.due).earliest) > v20.created_at::date then v20.created_at::date else least(v20.anchor, (v20.due).earliest) end, '-infinity' ) <= $2::text::timestamptz::date) d left
join (select v22.*
from process v22
where v22.retracted_at is null and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v23.*
from milestone v23
where v23.retracted_at is null) m
where m.subject_id = v22.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v22.opened).earliest > v22.created_at::date then v22.created_at::date else (v22.opened).earliest end, '-infinity' ) <= $2::text::timestamptz::date) r on r.id = d.subject_id left
join (select v24.*
from talk v24
where v24.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v25.*
from milestone v25
where v25.retracted_at is null) m
where m.subject_id = v24.id), case when (v24.starts).earliest > v24.created_at::date then v24.created_at::date else (v24.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k on k.id = d.subject_id left
join (select v26.*
from agreement v26
where v26.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v27.*
from milestone v27
where v27.retracted_at is null) m
where m.subject_id = v26.id), (select min((s.signed).earliest)
from (select v28.*
from signature v28
where v28.retracted_at is null) s
where s.agreement_id = v26.id), '-infinity' ) <= $2::text::timestamptz::date) a on a.id = d.subject_id left
join (select v29.*
from condition v29
where v29.retracted_at is null and exists (select
from statement v30
where v30.id = v29.statement_id and coalesce((v30.said).earliest, '-infinity') <= $2::text::timestamptz::date)) c on c.id = d.subject_id left
join (select v31.*
from statement v31
where v31.retracted_at is null and coalesce((v31.said).earliest, '-infinity') <= $2::text::timestamptz::date) s on s.id = c.statement_id ) p on p.id = m.subject_id
union all select g.id, a.process_id, g.id, g.signed, 'SIGNATURE', a.title
from (select v32.*
from signature v32
where v32.retracted_at is null and coalesce((v32.signed).earliest, '-infinity') <= $2::text::timestamptz::date and exists (select
from agreement v33
where v33.id = v32.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v34.*
from milestone v34
where v34.retracted_at is null) m
where m.subject_id = v33.id), (select min((s.signed).earliest)
from (select v35.*
from signature v35
where v35.retracted_at is null) s
where s.agreement_id = v33.id), '-infinity' ) <= $2::text::timestamptz::date)) g
join (select v37.*
from agreement v37
where v37.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v38.*
from milestone v38
where v38.retracted_at is null) m
where m.subject_id = v37.id), (select min((s.signed).earliest)
from (select v39.*
from signature v39
where v39.retracted_at is null) s
where s.agreement_id = v37.id), '-infinity' ) <= $2::text::timestamptz::date) a on a.id = g.agreement_id
where (g.signed).edtf is not null ) t2
where t2.process_id = t1.id) as "totalCount", (select row_to_json(i.*)
from (select g.n > $3::integer as "hasNextPage", false as "hasPreviousPage") i) as "pageInfo", coalesce(array_to_json(g.c1[1 : $3::integer]), '[]'::json) as "nodes"
from (select array_agg(p.c1) as c1, array_agg(p.cursor) as cursors, count(*)::integer as n
from (select (select row_to_json(n.*)
from (select t2.kind as "kind", t2.title as "title", case when (t2.at).edtf is not null then (select row_to_json(n.*)
from (select (t2.at).edtf as "edtf") n) end as "at", (case (select r.type
from record r
where r.id = t2.record_id) when 'SOURCE' then (select row_to_json(n.*)
from (select 'Source'::text as "__typename"
from source t77
where t77.id = t2.record_id) n) when 'CONFLICT' then (select row_to_json(n.*)
from (select 'Conflict'::text as "__typename"
from conflict t78
where t78.id = t2.record_id) n) when 'PROCESS' then (select row_to_json(n.*)
from (select 'Process'::text as "__typename"
from process t79
where t79.id = t2.record_id and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v80.*
from milestone v80
where v80.retracted_at is null) m
where m.subject_id = t79.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (t79.opened).earliest > t79.created_at::date then t79.created_at::date else (t79.opened).earliest end, '-infinity' ) <= $2::text::timestamptz::date) n) when 'ACTOR' then (select row_to_json(n.*)
from (select 'Actor'::text as "__typename"
from actor t81
where t81.id = t2.record_id) n) when 'OFFICE' then (select row_to_json(n.*)
from (select 'Office'::text as "__typename"
from office t82
where t82.id = t2.record_id) n) when 'ISSUE' then (select row_to_json(n.*)
from (select 'Issue'::text as "__typename"
from issue t85
where t85.id = t2.record_id) n) when 'TALK' then (select row_to_json(n.*)
from (select 'Talk'::text as "__typename", ( select case when s.milestone in ('CANCELLED', 'POSTPONED', 'COLLAPSED', 'CONCLUDED') then s.milestone::text when $2::text::timestamptz::date < s.first_day then case when s.first_day = s.latest_start then 'SCHEDULED' else 'EXPECTED' end when $2::text::timestamptz::date <= s.last_day and (s.first_day = s.latest_start or s.reported_held) then 'UNDER_WAY' when $2::text::timestamptz::date <= s.latest_start then 'EXPECTED' when s.reported_held then 'HELD' when s.latest_start is null then 'EXPECTED' else 'OVERDUE' end
from ( select (t86.starts).earliest as first_day, (t86.starts).latest as latest_start, coalesce((t86.ends).latest, (t86.starts).latest) as last_day, ( exists (select
from (select v87.*
from milestone v87
where v87.retracted_at is null and coalesce((v87.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = t86.id and m.kind in ('OPENED', 'ADJOURNED')) or exists (select
from (select v88.*
from participation v88
where v88.retracted_at is null and exists (select
from talk v89
where v89.id = v88.talk_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v90.*
from milestone v90
where v90.retracted_at is null) m
where m.subject_id = v89.id), case when (v89.starts).earliest > v89.created_at::date then v89.created_at::date else (v89.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) a
where a.talk_id = t86.id and a.attendance = 'REPORTED') ) as reported_held, ( select m.kind
from (select v92.*
from milestone v92
where v92.retracted_at is null and coalesce((v92.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = t86.id and m.kind in ('SCHEDULED', 'OPENED', 'POSTPONED', 'CANCELLED', 'COLLAPSED', 'CONCLUDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as milestone ) s ) as "status"
from talk t86
where t86.id = t2.record_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v93.*
from milestone v93
where v93.retracted_at is null) m
where m.subject_id = t86.id), case when (t86.starts).earliest > t86.created_at::date then t86.created_at::date else (t86.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) n) when 'PARTICIPATION' then (select row_to_json(n.*)
from (select 'Participation'::text as "__typename"
from participation t94
where t94.id = t2.record_id and exists (select
from talk v95
where v95.id = t94.talk_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v96.*
from milestone v96
where v96.retracted_at is null) m
where m.subject_id = v95.id), case when (v95.starts).earliest > v95.created_at::date then v95.created_at::date else (v95.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) n) when 'STATEMENT' then (select row_to_json(n.*)
from (select 'Statement'::text as "__typename", t98.attribution as "attribution"
from statement t98
where t98.id = t2.record_id and coalesce((t98.said).earliest, '-infinity') <= $2::text::timestamptz::date) n) when 'CONDITION' then (select row_to_json(n.*)
from (select 'Condition'::text as "__typename"
from condition t99
where t99.id = t2.record_id and exists (select
from statement v100
where v100.id = t99.statement_id and coalesce((v100.said).earliest, '-infinity') <= $2::text::timestamptz::date)) n) when 'POSITION' then (select row_to_json(n.*)
from (select 'Position'::text as "__typename"
from position t101
where t101.id = t2.record_id and coalesce((t101.held).earliest, '-infinity') <= $2::text::timestamptz::date and exists (select
from process v104
where v104.id = t101.process_id and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v105.*
from milestone v105
where v105.retracted_at is null) m
where m.subject_id = v104.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v104.opened).earliest > v104.created_at::date then v104.created_at::date else (v104.opened).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) n) when 'AGREEMENT' then (select row_to_json(n.*)
from (select 'Agreement'::text as "__typename"
from agreement t106
where t106.id = t2.record_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v107.*
from milestone v107
where v107.retracted_at is null) m
where m.subject_id = t106.id), (select min((s.signed).earliest)
from (select v108.*
from signature v108
where v108.retracted_at is null) s
where s.agreement_id = t106.id), '-infinity' ) <= $2::text::timestamptz::date) n) when 'SIGNATURE' then (select row_to_json(n.*)
from (select 'Signature'::text as "__typename"
from signature t109
where t109.id = t2.record_id and coalesce((t109.signed).earliest, '-infinity') <= $2::text::timestamptz::date and exists (select
from agreement v110
where v110.id = t109.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v111.*
from milestone v111
where v111.retracted_at is null) m
where m.subject_id = v110.id), (select min((s.signed).earliest)
from (select v112.*
from signature v112
where v112.retracted_at is null) s
where s.agreement_id = v110.id), '-infinity' ) <= $2::text::timestamptz::date)) n) when 'PROVISION' then (select row_to_json(n.*)
from (select 'Provision'::text as "__typename"
from provision t114
where t114.id = t2.record_id and exists (select
from agreement v115
where v115.id = t114.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v116.*
from milestone v116
where v116.retracted_at is null) m
where m.subject_id = v115.id), (select min((s.signed).earliest)
from (select v117.*
from signature v117
where v117.retracted_at is null) s
where s.agreement_id = v115.id), '-infinity' ) <= $2::text::timestamptz::date)) n) when 'ASSESSMENT' then (select row_to_json(n.*)
from (select 'Assessment'::text as "__typename"
from assessment t118
where t118.id = t2.record_id and coalesce((t118.period).earliest, '-infinity') <= $2::text::timestamptz::date and exists (select
from provision v119
where v119.id = t118.provision_id and exists (select
from agreement v120
where v120.id = v119.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v121.*
from milestone v121
where v121.retracted_at is null) m
where m.subject_id = v120.id), (select min((s.signed).earliest)
from (select v122.*
from signature v122
where v122.retracted_at is null) s
where s.agreement_id = v120.id), '-infinity' ) <= $2::text::timestamptz::date))) n) when 'DEADLINE' then (select row_to_json(n.*)
from (select 'Deadline'::text as "__typename"
from deadline t123
where t123.id = t2.record_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v124.*
from milestone v124
where v124.retracted_at is null) m
where m.subject_id = t123.id), case when least(t123.anchor, (t123.due).earliest) > t123.created_at::date then t123.created_at::date else least(t123.anchor, (t123.due).earliest) end, '-infinity' ) <= $2::text::timestamptz::date) n) when 'MILESTONE' then (select row_to_json(n.*)
from (select 'Milestone'::text as "__typename"
from milestone t125
where t125.id = t2.record_id and coalesce((t125.at).earliest, '-infinity') <= $2::text::timestamptz::date) n) when 'COMMENTARY' then (select row_to_json(n.*)
from (select 'Commentary'::text as "__typename"
from commentary t126
where t126.id = t2.record_id and coalesce((t126.published).earliest, '-infinity') <= $2::text::timestamptz::date) n) when 'CITATION' then (select row_to_json(n.*)
from (select 'Citation'::text as "__typename"
from citation t127
where t127.id = t2.record_id) n) when 'CODE' then (select row_to_json(n.*)
from (select 'Code'::text as "__typename"
from code t129
where t129.id = t2.record_id) n) end) as "record") n) as c1, translate(encode(convert_to(json_build_array('TimelineEntry:at.earliest,title,kind,id', t2.o0::text, t2.o1::text, t2.o2::text, t2.o3::text)::text, 'UTF8'), 'base64'), E'+/=\n', '-_') as cursor
from (select t2.*, (t2.at).earliest as o0, t2.title as o1, t2.kind as o2, t2.id as o3
from ( select k.id, k.process_id, k.id as record_id, k.starts as at, 'TALK' as kind, k.title
from (select v40.*
from talk v40
where v40.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v41.*
from milestone v41
where v41.retracted_at is null) m
where m.subject_id = v40.id), case when (v40.starts).earliest > v40.created_at::date then v40.created_at::date else (v40.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id is not null and (k.starts).earliest <= $2::text::timestamptz::date and ( select case when s.milestone in ('CANCELLED', 'POSTPONED', 'COLLAPSED', 'CONCLUDED') then s.milestone::text when $2::text::timestamptz::date < s.first_day then case when s.first_day = s.latest_start then 'SCHEDULED' else 'EXPECTED' end when $2::text::timestamptz::date <= s.last_day and (s.first_day = s.latest_start or s.reported_held) then 'UNDER_WAY' when $2::text::timestamptz::date <= s.latest_start then 'EXPECTED' when s.reported_held then 'HELD' when s.latest_start is null then 'EXPECTED' else 'OVERDUE' end
from ( select (k.starts).earliest as first_day, (k.starts).latest as latest_start, coalesce((k.ends).latest, (k.starts).latest) as last_day, ( exists (select
from (select v42.*
from milestone v42
where v42.retracted_at is null and coalesce((v42.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('OPENED', 'ADJOURNED')) or exists (select
from (select v43.*
from participation v43
where v43.retracted_at is null and exists (select
from talk v44
where v44.id = v43.talk_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v45.*
from milestone v45
where v45.retracted_at is null) m
where m.subject_id = v44.id), case when (v44.starts).earliest > v44.created_at::date then v44.created_at::date else (v44.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) a
where a.talk_id = k.id and a.attendance = 'REPORTED') ) as reported_held, ( select m.kind
from (select v47.*
from milestone v47
where v47.retracted_at is null and coalesce((v47.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('SCHEDULED', 'OPENED', 'POSTPONED', 'CANCELLED', 'COLLAPSED', 'CONCLUDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as milestone ) s ) in ('UNDER_WAY', 'HELD', 'CONCLUDED', 'COLLAPSED')
union all select s.id, s.process_id, s.id, s.said, 'STATEMENT', coalesce(s.summary, s.quote)
from (select v48.*
from statement v48
where v48.retracted_at is null and coalesce((v48.said).earliest, '-infinity') <= $2::text::timestamptz::date) s
where s.process_id is not null
union all select m.id, p.process_id, m.id, m.at, 'MILESTONE', m.kind || ': ' || p.title
from (select v49.*
from milestone v49
where v49.retracted_at is null and coalesce((v49.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
join ( select r.id, r.id as process_id, r.name as title
from (select v50.*
from process v50
where v50.retracted_at is null and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v51.*
from milestone v51
where v51.retracted_at is null) m
where m.subject_id = v50.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v50.opened).earliest > v50.created_at::date then v50.created_at::date else (v50.opened).earliest end, '-infinity' ) <= $2::text::timestamptz::date) r
union all select k.id, k.process_id, k.title
from (select v52.*
from talk v52
where v52.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v53.*
from milestone v53
where v53.retracted_at is null) m
where m.subject_id = v52.id), case when (v52.starts).earliest > v52.created_at::date then v52.created_at::date else (v52.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
union all select a.id, a.process_id, a.title
from (select v54.*
from agreement v54
where v54.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v55.*
from milestone v55
where v55.retracted_at is null) m
where m.subject_id = v54.id), (select min((s.signed).earliest)
from (select v56.*
from signature v56
where v56.retracted_at is null) s
where s.agreement_id = v54.id), '-infinity' ) <= $2::text::timestamptz::date) a
union all select d.id, coalesce(r.id, k.process_id, a.process_id, s.process_id), d.title
from (select v57.*
from deadline v57
where v57.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v58.*
from milestone v58
where v58.retracted_at is null) m
where m.subject_id = v57.id), case when least(v57.anchor, (v57.due).earliest) > v57.created_at::date then v57.created_at::date else least(v57.anchor, (v57.due).earliest) end, '-infinity' ) <= $2::text::timestamptz::date) d left
join (select v59.*
from process v59
where v59.retracted_at is null and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v60.*
from milestone v60
where v60.retracted_at is null) m
where m.subject_id = v59.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v59.opened).earliest > v59.created_at::date then v59.created_at::date else (v59.opened).earliest end, '-infinity' ) <= $2::text::timestamptz::date) r on r.id = d.subject_id left
join (select v61.*
from talk v61
where v61.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v62.*
from milestone v62
where v62.retracted_at is null) m
where m.subject_id = v61.id), case when (v61.starts).earliest > v61.created_at::date then v61.created_at::date else (v61.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k on k.id = d.subject_id left
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
where s.agreement_id = v63.id), '-infinity' ) <= $2::text::timestamptz::date) a on a.id = d.subject_id left
join (select v66.*
from condition v66
where v66.retracted_at is null and exists (select
from statement v67
where v67.id = v66.statement_id and coalesce((v67.said).earliest, '-infinity') <= $2::text::timestamptz::date)) c on c.id = d.subject_id left
join (select v68.*
from statement v68
where v68.retracted_at is null and coalesce((v68.said).earliest, '-infinity') <= $2::text::timestamptz::date) s on s.id = c.statement_id ) p on p.id = m.subject_id
union all select g.id, a.process_id, g.id, g.signed, 'SIGNATURE', a.title
from (select v69.*
from signature v69
where v69.retracted_at is null and coalesce((v69.signed).earliest, '-infinity') <= $2::text::timestamptz::date and exists (select
from agreement v70
where v70.id = v69.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v71.*
from milestone v71
where v71.retracted_at is null) m
where m.subject_id = v70.id), (select min((s.signed).earliest)
from (select v72.*
from signature v72
where v72.retracted_at is null) s
where s.agreement_id = v70.id), '-infinity' ) <= $2::text::timestamptz::date)) g
join (select v74.*
from agreement v74
where v74.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v75.*
from milestone v75
where v75.retracted_at is null) m
where m.subject_id = v74.id), (select min((s.signed).earliest)
from (select v76.*
from signature v76
where v76.retracted_at is null) s
where s.agreement_id = v74.id), '-infinity' ) <= $2::text::timestamptz::date) a on a.id = g.agreement_id
where (g.signed).edtf is not null ) t2
where t2.process_id = t1.id
order by (t2.at).earliest, t2.title, t2.kind, t2.id
limit $3::integer + 1) t2
order by t2.o0, t2.o1, t2.o2, t2.o3) p) g) c) as "timeline"
from process t1
where t1.key = $1::text and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v130.*
from milestone v130
where v130.retracted_at is null) m
where m.subject_id = t1.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (t1.opened).earliest > t1.created_at::date then t1.created_at::date else (t1.opened).earliest end, '-infinity' ) <= $2::text::timestamptz::date) n) as "process") q
-- $1: process.by.key
-- $2: process.asOf
-- $3: timeline.first
