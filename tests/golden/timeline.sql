select row_to_json(q.*) as data, case when q."process" is null then coalesce(null, '') end
from (select (select row_to_json(n.*)
from (select (select row_to_json(c.*)
from (select (select count(*)
from ( select k.id, k.process_id, k.id as record_id, k.starts as at, 'TALK' as kind, k.title
from (select v4.*
from talk v4
where v4.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v5.*
from milestone v5
where v5.retracted_at is null) m
where m.subject_id = v4.id), case when (v4.starts).earliest > v4.created_at::date then v4.created_at::date else (v4.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id is not null and (k.starts).earliest <= $2::text::timestamptz::date and ( select case when s.milestone in ('CANCELLED', 'POSTPONED', 'COLLAPSED', 'CONCLUDED') then s.milestone::text when $2::text::timestamptz::date < s.first_day then case when s.first_day = s.latest_start then 'SCHEDULED' else 'EXPECTED' end when $2::text::timestamptz::date <= s.last_day and (s.first_day = s.latest_start or s.reported_held) then 'UNDER_WAY' when $2::text::timestamptz::date <= s.latest_start then 'EXPECTED' when s.reported_held then 'HELD' when s.latest_start is null then 'EXPECTED' else 'OVERDUE' end
from ( select (k.starts).earliest as first_day, (k.starts).latest as latest_start, coalesce((k.ends).latest, (k.starts).latest) as last_day, ( exists (select
from (select v6.*
from milestone v6
where v6.retracted_at is null and coalesce((v6.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('OPENED', 'ADJOURNED')) or exists (select
from (select v7.*
from participation v7
where v7.retracted_at is null and exists (select
from talk v8
where v8.id = v7.talk_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v9.*
from milestone v9
where v9.retracted_at is null) m
where m.subject_id = v8.id), case when (v8.starts).earliest > v8.created_at::date then v8.created_at::date else (v8.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) a
where a.talk_id = k.id and a.attendance = 'REPORTED') ) as reported_held, ( select m.kind
from (select v11.*
from milestone v11
where v11.retracted_at is null and coalesce((v11.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('SCHEDULED', 'OPENED', 'POSTPONED', 'CANCELLED', 'COLLAPSED', 'CONCLUDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as milestone ) s ) in ('UNDER_WAY', 'HELD', 'CONCLUDED', 'COLLAPSED')
union all select s.id, s.process_id, s.id, s.said, 'STATEMENT', coalesce(s.summary, s.quote)
from (select v12.*
from statement v12
where v12.retracted_at is null and coalesce((v12.said).earliest, '-infinity') <= $2::text::timestamptz::date) s
where s.process_id is not null
union all select m.id, p.process_id, m.id, m.at, 'MILESTONE', m.kind || ': ' || p.title
from (select v13.*
from milestone v13
where v13.retracted_at is null and coalesce((v13.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
join ( select r.id, r.id as process_id, r.name as title
from (select v14.*
from process v14
where v14.retracted_at is null and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v15.*
from milestone v15
where v15.retracted_at is null) m
where m.subject_id = v14.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v14.opened).earliest > v14.created_at::date then v14.created_at::date else (v14.opened).earliest end, '-infinity' ) <= $2::text::timestamptz::date) r
union all select k.id, k.process_id, k.title
from (select v16.*
from talk v16
where v16.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v17.*
from milestone v17
where v17.retracted_at is null) m
where m.subject_id = v16.id), case when (v16.starts).earliest > v16.created_at::date then v16.created_at::date else (v16.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
union all select a.id, a.process_id, a.title
from (select v18.*
from agreement v18
where v18.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v19.*
from milestone v19
where v19.retracted_at is null) m
where m.subject_id = v18.id), (select min((s.signed).earliest)
from (select v20.*
from signature v20
where v20.retracted_at is null) s
where s.agreement_id = v18.id), '-infinity' ) <= $2::text::timestamptz::date) a
union all select d.id, coalesce(r.id, k.process_id, a.process_id, s.process_id), d.title
from (select v21.*
from deadline v21
where v21.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v22.*
from milestone v22
where v22.retracted_at is null) m
where m.subject_id = v21.id), case when least(v21.anchor, (v21.due).earliest) > v21.created_at::date then v21.created_at::date else least(v21.anchor, (v21.due).earliest) end, '-infinity' ) <= $2::text::timestamptz::date) d left
join (select v23.*
from process v23
where v23.retracted_at is null and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v24.*
from milestone v24
where v24.retracted_at is null) m
where m.subject_id = v23.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v23.opened).earliest > v23.created_at::date then v23.created_at::date else (v23.opened).earliest end, '-infinity' ) <= $2::text::timestamptz::date) r on r.id = d.subject_id left
join (select v25.*
from talk v25
where v25.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v26.*
from milestone v26
where v26.retracted_at is null) m
where m.subject_id = v25.id), case when (v25.starts).earliest > v25.created_at::date then v25.created_at::date else (v25.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k on k.id = d.subject_id left
join (select v27.*
from agreement v27
where v27.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v28.*
from milestone v28
where v28.retracted_at is null) m
where m.subject_id = v27.id), (select min((s.signed).earliest)
from (select v29.*
from signature v29
where v29.retracted_at is null) s
where s.agreement_id = v27.id), '-infinity' ) <= $2::text::timestamptz::date) a on a.id = d.subject_id left
join (select v30.*
from condition v30
where v30.retracted_at is null and exists (select
from statement v31
where v31.id = v30.statement_id and coalesce((v31.said).earliest, '-infinity') <= $2::text::timestamptz::date)) c on c.id = d.subject_id left
join (select v32.*
from statement v32
where v32.retracted_at is null and coalesce((v32.said).earliest, '-infinity') <= $2::text::timestamptz::date) s on s.id = c.statement_id ) p on p.id = m.subject_id
union all select g.id, a.process_id, g.id, g.signed, 'SIGNATURE', a.title
from (select v33.*
from signature v33
where v33.retracted_at is null and coalesce((v33.signed).earliest, '-infinity') <= $2::text::timestamptz::date and exists (select
from agreement v34
where v34.id = v33.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v35.*
from milestone v35
where v35.retracted_at is null) m
where m.subject_id = v34.id), (select min((s.signed).earliest)
from (select v36.*
from signature v36
where v36.retracted_at is null) s
where s.agreement_id = v34.id), '-infinity' ) <= $2::text::timestamptz::date)) g
join (select v38.*
from agreement v38
where v38.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v39.*
from milestone v39
where v39.retracted_at is null) m
where m.subject_id = v38.id), (select min((s.signed).earliest)
from (select v40.*
from signature v40
where v40.retracted_at is null) s
where s.agreement_id = v38.id), '-infinity' ) <= $2::text::timestamptz::date) a on a.id = g.agreement_id
where (g.signed).edtf is not null ) t3
where t3.process_id = t2.id) as "totalCount", (select row_to_json(i.*)
from (select g.n > $3::integer as "hasNextPage", false as "hasPreviousPage") i) as "pageInfo", coalesce(array_to_json(g.c1[1 : $3::integer]), '[]'::json) as "nodes"
from (select array_agg(p.c1) as c1, array_agg(p.cursor) as cursors, count(*)::integer as n
from (select (select row_to_json(n.*)
from (select t3.kind as "kind", t3.title as "title", case when (t3.at).edtf is not null then (select row_to_json(n.*)
from (select (t3.at).edtf as "edtf") n) end as "at", (case (select r.type
from record r
where r.id = t3.record_id) when 'SOURCE' then (select row_to_json(n.*)
from (select 'Source'::text as "__typename"
from source t78
where t78.id = t3.record_id) n) when 'CONFLICT' then (select row_to_json(n.*)
from (select 'Conflict'::text as "__typename"
from conflict t79
where t79.id = t3.record_id) n) when 'PROCESS' then (select row_to_json(n.*)
from (select 'Process'::text as "__typename"
from process t80
where t80.id = t3.record_id and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v81.*
from milestone v81
where v81.retracted_at is null) m
where m.subject_id = t80.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (t80.opened).earliest > t80.created_at::date then t80.created_at::date else (t80.opened).earliest end, '-infinity' ) <= $2::text::timestamptz::date) n) when 'ACTOR' then (select row_to_json(n.*)
from (select 'Actor'::text as "__typename"
from actor t82
where t82.id = t3.record_id) n) when 'OFFICE' then (select row_to_json(n.*)
from (select 'Office'::text as "__typename"
from office t83
where t83.id = t3.record_id) n) when 'ISSUE' then (select row_to_json(n.*)
from (select 'Issue'::text as "__typename"
from issue t86
where t86.id = t3.record_id) n) when 'TALK' then (select row_to_json(n.*)
from (select 'Talk'::text as "__typename", ( select case when s.milestone in ('CANCELLED', 'POSTPONED', 'COLLAPSED', 'CONCLUDED') then s.milestone::text when $2::text::timestamptz::date < s.first_day then case when s.first_day = s.latest_start then 'SCHEDULED' else 'EXPECTED' end when $2::text::timestamptz::date <= s.last_day and (s.first_day = s.latest_start or s.reported_held) then 'UNDER_WAY' when $2::text::timestamptz::date <= s.latest_start then 'EXPECTED' when s.reported_held then 'HELD' when s.latest_start is null then 'EXPECTED' else 'OVERDUE' end
from ( select (t87.starts).earliest as first_day, (t87.starts).latest as latest_start, coalesce((t87.ends).latest, (t87.starts).latest) as last_day, ( exists (select
from (select v88.*
from milestone v88
where v88.retracted_at is null and coalesce((v88.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = t87.id and m.kind in ('OPENED', 'ADJOURNED')) or exists (select
from (select v89.*
from participation v89
where v89.retracted_at is null and exists (select
from talk v90
where v90.id = v89.talk_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v91.*
from milestone v91
where v91.retracted_at is null) m
where m.subject_id = v90.id), case when (v90.starts).earliest > v90.created_at::date then v90.created_at::date else (v90.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) a
where a.talk_id = t87.id and a.attendance = 'REPORTED') ) as reported_held, ( select m.kind
from (select v93.*
from milestone v93
where v93.retracted_at is null and coalesce((v93.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = t87.id and m.kind in ('SCHEDULED', 'OPENED', 'POSTPONED', 'CANCELLED', 'COLLAPSED', 'CONCLUDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as milestone ) s ) as "status"
from talk t87
where t87.id = t3.record_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v94.*
from milestone v94
where v94.retracted_at is null) m
where m.subject_id = t87.id), case when (t87.starts).earliest > t87.created_at::date then t87.created_at::date else (t87.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) n) when 'PARTICIPATION' then (select row_to_json(n.*)
from (select 'Participation'::text as "__typename"
from participation t95
where t95.id = t3.record_id and exists (select
from talk v96
where v96.id = t95.talk_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v97.*
from milestone v97
where v97.retracted_at is null) m
where m.subject_id = v96.id), case when (v96.starts).earliest > v96.created_at::date then v96.created_at::date else (v96.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) n) when 'STATEMENT' then (select row_to_json(n.*)
from (select 'Statement'::text as "__typename", t99.attribution as "attribution"
from statement t99
where t99.id = t3.record_id and coalesce((t99.said).earliest, '-infinity') <= $2::text::timestamptz::date) n) when 'CONDITION' then (select row_to_json(n.*)
from (select 'Condition'::text as "__typename"
from condition t100
where t100.id = t3.record_id and exists (select
from statement v101
where v101.id = t100.statement_id and coalesce((v101.said).earliest, '-infinity') <= $2::text::timestamptz::date)) n) when 'POSITION' then (select row_to_json(n.*)
from (select 'Position'::text as "__typename"
from position t102
where t102.id = t3.record_id and coalesce((t102.held).earliest, '-infinity') <= $2::text::timestamptz::date and exists (select
from process v105
where v105.id = t102.process_id and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v106.*
from milestone v106
where v106.retracted_at is null) m
where m.subject_id = v105.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v105.opened).earliest > v105.created_at::date then v105.created_at::date else (v105.opened).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) n) when 'AGREEMENT' then (select row_to_json(n.*)
from (select 'Agreement'::text as "__typename"
from agreement t107
where t107.id = t3.record_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v108.*
from milestone v108
where v108.retracted_at is null) m
where m.subject_id = t107.id), (select min((s.signed).earliest)
from (select v109.*
from signature v109
where v109.retracted_at is null) s
where s.agreement_id = t107.id), '-infinity' ) <= $2::text::timestamptz::date) n) when 'SIGNATURE' then (select row_to_json(n.*)
from (select 'Signature'::text as "__typename"
from signature t110
where t110.id = t3.record_id and coalesce((t110.signed).earliest, '-infinity') <= $2::text::timestamptz::date and exists (select
from agreement v111
where v111.id = t110.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v112.*
from milestone v112
where v112.retracted_at is null) m
where m.subject_id = v111.id), (select min((s.signed).earliest)
from (select v113.*
from signature v113
where v113.retracted_at is null) s
where s.agreement_id = v111.id), '-infinity' ) <= $2::text::timestamptz::date)) n) when 'PROVISION' then (select row_to_json(n.*)
from (select 'Provision'::text as "__typename"
from provision t115
where t115.id = t3.record_id and exists (select
from agreement v116
where v116.id = t115.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v117.*
from milestone v117
where v117.retracted_at is null) m
where m.subject_id = v116.id), (select min((s.signed).earliest)
from (select v118.*
from signature v118
where v118.retracted_at is null) s
where s.agreement_id = v116.id), '-infinity' ) <= $2::text::timestamptz::date)) n) when 'ASSESSMENT' then (select row_to_json(n.*)
from (select 'Assessment'::text as "__typename"
from assessment t119
where t119.id = t3.record_id and coalesce((t119.period).earliest, '-infinity') <= $2::text::timestamptz::date and exists (select
from provision v120
where v120.id = t119.provision_id and exists (select
from agreement v121
where v121.id = v120.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v122.*
from milestone v122
where v122.retracted_at is null) m
where m.subject_id = v121.id), (select min((s.signed).earliest)
from (select v123.*
from signature v123
where v123.retracted_at is null) s
where s.agreement_id = v121.id), '-infinity' ) <= $2::text::timestamptz::date))) n) when 'DEADLINE' then (select row_to_json(n.*)
from (select 'Deadline'::text as "__typename"
from deadline t124
where t124.id = t3.record_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v125.*
from milestone v125
where v125.retracted_at is null) m
where m.subject_id = t124.id), case when least(t124.anchor, (t124.due).earliest) > t124.created_at::date then t124.created_at::date else least(t124.anchor, (t124.due).earliest) end, '-infinity' ) <= $2::text::timestamptz::date) n) when 'MILESTONE' then (select row_to_json(n.*)
from (select 'Milestone'::text as "__typename"
from milestone t126
where t126.id = t3.record_id and coalesce((t126.at).earliest, '-infinity') <= $2::text::timestamptz::date) n) when 'COMMENTARY' then (select row_to_json(n.*)
from (select 'Commentary'::text as "__typename"
from commentary t127
where t127.id = t3.record_id and coalesce((t127.published).earliest, '-infinity') <= $2::text::timestamptz::date) n) when 'CITATION' then (select row_to_json(n.*)
from (select 'Citation'::text as "__typename"
from citation t128
where t128.id = t3.record_id) n) when 'CODE' then (select row_to_json(n.*)
from (select 'Code'::text as "__typename"
from code t130
where t130.id = t3.record_id) n) end) as "record") n) as c1, translate(encode(convert_to(json_build_array('TimelineEntry:at.earliest,title,kind,id', t3.o0::text, t3.o1::text, t3.o2::text, t3.o3::text)::text, 'UTF8'), 'base64'), E'+/=\n', '-_') as cursor
from (select t3.*, (t3.at).earliest as o0, t3.title as o1, t3.kind as o2, t3.id as o3
from ( select k.id, k.process_id, k.id as record_id, k.starts as at, 'TALK' as kind, k.title
from (select v41.*
from talk v41
where v41.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v42.*
from milestone v42
where v42.retracted_at is null) m
where m.subject_id = v41.id), case when (v41.starts).earliest > v41.created_at::date then v41.created_at::date else (v41.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id is not null and (k.starts).earliest <= $2::text::timestamptz::date and ( select case when s.milestone in ('CANCELLED', 'POSTPONED', 'COLLAPSED', 'CONCLUDED') then s.milestone::text when $2::text::timestamptz::date < s.first_day then case when s.first_day = s.latest_start then 'SCHEDULED' else 'EXPECTED' end when $2::text::timestamptz::date <= s.last_day and (s.first_day = s.latest_start or s.reported_held) then 'UNDER_WAY' when $2::text::timestamptz::date <= s.latest_start then 'EXPECTED' when s.reported_held then 'HELD' when s.latest_start is null then 'EXPECTED' else 'OVERDUE' end
from ( select (k.starts).earliest as first_day, (k.starts).latest as latest_start, coalesce((k.ends).latest, (k.starts).latest) as last_day, ( exists (select
from (select v43.*
from milestone v43
where v43.retracted_at is null and coalesce((v43.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('OPENED', 'ADJOURNED')) or exists (select
from (select v44.*
from participation v44
where v44.retracted_at is null and exists (select
from talk v45
where v45.id = v44.talk_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v46.*
from milestone v46
where v46.retracted_at is null) m
where m.subject_id = v45.id), case when (v45.starts).earliest > v45.created_at::date then v45.created_at::date else (v45.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) a
where a.talk_id = k.id and a.attendance = 'REPORTED') ) as reported_held, ( select m.kind
from (select v48.*
from milestone v48
where v48.retracted_at is null and coalesce((v48.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('SCHEDULED', 'OPENED', 'POSTPONED', 'CANCELLED', 'COLLAPSED', 'CONCLUDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as milestone ) s ) in ('UNDER_WAY', 'HELD', 'CONCLUDED', 'COLLAPSED')
union all select s.id, s.process_id, s.id, s.said, 'STATEMENT', coalesce(s.summary, s.quote)
from (select v49.*
from statement v49
where v49.retracted_at is null and coalesce((v49.said).earliest, '-infinity') <= $2::text::timestamptz::date) s
where s.process_id is not null
union all select m.id, p.process_id, m.id, m.at, 'MILESTONE', m.kind || ': ' || p.title
from (select v50.*
from milestone v50
where v50.retracted_at is null and coalesce((v50.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
join ( select r.id, r.id as process_id, r.name as title
from (select v51.*
from process v51
where v51.retracted_at is null and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v52.*
from milestone v52
where v52.retracted_at is null) m
where m.subject_id = v51.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v51.opened).earliest > v51.created_at::date then v51.created_at::date else (v51.opened).earliest end, '-infinity' ) <= $2::text::timestamptz::date) r
union all select k.id, k.process_id, k.title
from (select v53.*
from talk v53
where v53.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v54.*
from milestone v54
where v54.retracted_at is null) m
where m.subject_id = v53.id), case when (v53.starts).earliest > v53.created_at::date then v53.created_at::date else (v53.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
union all select a.id, a.process_id, a.title
from (select v55.*
from agreement v55
where v55.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v56.*
from milestone v56
where v56.retracted_at is null) m
where m.subject_id = v55.id), (select min((s.signed).earliest)
from (select v57.*
from signature v57
where v57.retracted_at is null) s
where s.agreement_id = v55.id), '-infinity' ) <= $2::text::timestamptz::date) a
union all select d.id, coalesce(r.id, k.process_id, a.process_id, s.process_id), d.title
from (select v58.*
from deadline v58
where v58.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v59.*
from milestone v59
where v59.retracted_at is null) m
where m.subject_id = v58.id), case when least(v58.anchor, (v58.due).earliest) > v58.created_at::date then v58.created_at::date else least(v58.anchor, (v58.due).earliest) end, '-infinity' ) <= $2::text::timestamptz::date) d left
join (select v60.*
from process v60
where v60.retracted_at is null and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v61.*
from milestone v61
where v61.retracted_at is null) m
where m.subject_id = v60.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v60.opened).earliest > v60.created_at::date then v60.created_at::date else (v60.opened).earliest end, '-infinity' ) <= $2::text::timestamptz::date) r on r.id = d.subject_id left
join (select v62.*
from talk v62
where v62.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v63.*
from milestone v63
where v63.retracted_at is null) m
where m.subject_id = v62.id), case when (v62.starts).earliest > v62.created_at::date then v62.created_at::date else (v62.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k on k.id = d.subject_id left
join (select v64.*
from agreement v64
where v64.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v65.*
from milestone v65
where v65.retracted_at is null) m
where m.subject_id = v64.id), (select min((s.signed).earliest)
from (select v66.*
from signature v66
where v66.retracted_at is null) s
where s.agreement_id = v64.id), '-infinity' ) <= $2::text::timestamptz::date) a on a.id = d.subject_id left
join (select v67.*
from condition v67
where v67.retracted_at is null and exists (select
from statement v68
where v68.id = v67.statement_id and coalesce((v68.said).earliest, '-infinity') <= $2::text::timestamptz::date)) c on c.id = d.subject_id left
join (select v69.*
from statement v69
where v69.retracted_at is null and coalesce((v69.said).earliest, '-infinity') <= $2::text::timestamptz::date) s on s.id = c.statement_id ) p on p.id = m.subject_id
union all select g.id, a.process_id, g.id, g.signed, 'SIGNATURE', a.title
from (select v70.*
from signature v70
where v70.retracted_at is null and coalesce((v70.signed).earliest, '-infinity') <= $2::text::timestamptz::date and exists (select
from agreement v71
where v71.id = v70.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v72.*
from milestone v72
where v72.retracted_at is null) m
where m.subject_id = v71.id), (select min((s.signed).earliest)
from (select v73.*
from signature v73
where v73.retracted_at is null) s
where s.agreement_id = v71.id), '-infinity' ) <= $2::text::timestamptz::date)) g
join (select v75.*
from agreement v75
where v75.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v76.*
from milestone v76
where v76.retracted_at is null) m
where m.subject_id = v75.id), (select min((s.signed).earliest)
from (select v77.*
from signature v77
where v77.retracted_at is null) s
where s.agreement_id = v75.id), '-infinity' ) <= $2::text::timestamptz::date) a on a.id = g.agreement_id
where (g.signed).edtf is not null ) t3
where t3.process_id = t2.id
order by (t3.at).earliest, t3.title, t3.kind, t3.id
limit $3::integer + 1) t3
order by t3.o0, t3.o1, t3.o2, t3.o3) p) g) c) as "timeline"
from process t2
where t2.id = (select coalesce(m1.merged_into_id, m1.id)
from process m1
where m1.key = $1::text) and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v131.*
from milestone v131
where v131.retracted_at is null) m
where m.subject_id = t2.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (t2.opened).earliest > t2.created_at::date then t2.created_at::date else (t2.opened).earliest end, '-infinity' ) <= $2::text::timestamptz::date) n) as "process") q
-- $1: process.by.key
-- $2: process.asOf
-- $3: timeline.first
