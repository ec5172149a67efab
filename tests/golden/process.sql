select row_to_json(q.*) as data, case when q."process" is null then coalesce(null, '') end
from (select (select row_to_json(n.*)
from (select ( select case when s.ended in ('CONCLUDED', 'COLLAPSED') then s.ended::text when s.paused = 'SUSPENDED' then 'SUSPENDED' when $2::text::timestamptz::date - s.last_day > t2.stall_after_days and not exists (select
from (select v3.*
from talk v3
where v3.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v4.*
from milestone v4
where v4.retracted_at is null) m
where m.subject_id = v3.id), case when (v3.starts).earliest > v3.created_at::date then v3.created_at::date else (v3.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id = t2.id and ( select case when s.milestone in ('CANCELLED', 'POSTPONED', 'COLLAPSED', 'CONCLUDED') then s.milestone::text when $2::text::timestamptz::date < s.first_day then case when s.first_day = s.latest_start then 'SCHEDULED' else 'EXPECTED' end when $2::text::timestamptz::date <= s.last_day and (s.first_day = s.latest_start or s.reported_held) then 'UNDER_WAY' when $2::text::timestamptz::date <= s.latest_start then 'EXPECTED' when s.reported_held then 'HELD' when s.latest_start is null then 'EXPECTED' else 'OVERDUE' end
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
limit 1 ) as milestone ) s ) in ('EXPECTED', 'SCHEDULED')) and not exists (select
from (select v11.*
from deadline v11
where v11.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v12.*
from milestone v12
where v12.retracted_at is null) m
where m.subject_id = v11.id), case when least(v11.anchor, (v11.due).earliest) > v11.created_at::date then v11.created_at::date else least(v11.anchor, (v11.due).earliest) end, '-infinity' ) <= $2::text::timestamptz::date) d
where d.subject_id in ( select t2.id
union all select k.id
from (select v13.*
from talk v13
where v13.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v14.*
from milestone v14
where v14.retracted_at is null) m
where m.subject_id = v13.id), case when (v13.starts).earliest > v13.created_at::date then v13.created_at::date else (v13.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id = t2.id
union all select a.id
from (select v15.*
from agreement v15
where v15.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v16.*
from milestone v16
where v16.retracted_at is null) m
where m.subject_id = v15.id), (select min((s.signed).earliest)
from (select v17.*
from signature v17
where v17.retracted_at is null) s
where s.agreement_id = v15.id), '-infinity' ) <= $2::text::timestamptz::date) a
where a.process_id = t2.id
union all select c.id
from (select v18.*
from condition v18
where v18.retracted_at is null and exists (select
from statement v19
where v19.id = v18.statement_id and coalesce((v19.said).earliest, '-infinity') <= $2::text::timestamptz::date)) c
join (select v20.*
from statement v20
where v20.retracted_at is null and coalesce((v20.said).earliest, '-infinity') <= $2::text::timestamptz::date) s on s.id = c.statement_id
where s.process_id = t2.id ) and ( select case when s.resolution in ('MET', 'MISSED', 'WAIVED', 'WITHDRAWN') then s.resolution::text when (s.due).latest is null then 'OPEN_ENDED' when $2::text::timestamptz::date > (s.due).latest then 'OVERDUE' when $2::text::timestamptz::date >= coalesce((s.due).earliest, '-infinity') then 'IN_WINDOW' when (s.due).earliest - $2::text::timestamptz::date <= 3 then 'DUE_SOON' else 'PENDING' end
from (select coalesce(( select m.due
from (select v21.*
from milestone v21
where v21.retracted_at is null and coalesce((v21.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = d.id and m.kind = 'EXTENDED'
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ), d.due) as due, ( select m.kind
from (select v22.*
from milestone v22
where v22.retracted_at is null and coalesce((v22.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = d.id and m.kind in ('MET', 'MISSED', 'WAIVED', 'WITHDRAWN', 'EXTENDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as resolution) s ) in ('PENDING', 'DUE_SOON', 'IN_WINDOW')) then 'STALLED' else 'ACTIVE' end
from ( select ( select m.kind
from (select v23.*
from milestone v23
where v23.retracted_at is null and coalesce((v23.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = t2.id and m.kind in ('OPENED', 'RESUMED', 'CONCLUDED', 'COLLAPSED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as ended, ( select m.kind
from (select v24.*
from milestone v24
where v24.retracted_at is null and coalesce((v24.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = t2.id and m.kind in ('SUSPENDED', 'RESUMED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as paused, coalesce((select max(v.day)
from ( select h.name, least(h.day, $2::text::timestamptz::date) as day, h.record_id
from ( select 'talk' as name, coalesce((k.ends).latest, (k.starts).latest, (k.starts).earliest) as day, k.id as record_id
from (select v25.*
from talk v25
where v25.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v26.*
from milestone v26
where v26.retracted_at is null) m
where m.subject_id = v25.id), case when (v25.starts).earliest > v25.created_at::date then v25.created_at::date else (v25.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id = t2.id and ( select case when s.milestone in ('CANCELLED', 'POSTPONED', 'COLLAPSED', 'CONCLUDED') then s.milestone::text when $2::text::timestamptz::date < s.first_day then case when s.first_day = s.latest_start then 'SCHEDULED' else 'EXPECTED' end when $2::text::timestamptz::date <= s.last_day and (s.first_day = s.latest_start or s.reported_held) then 'UNDER_WAY' when $2::text::timestamptz::date <= s.latest_start then 'EXPECTED' when s.reported_held then 'HELD' when s.latest_start is null then 'EXPECTED' else 'OVERDUE' end
from ( select (k.starts).earliest as first_day, (k.starts).latest as latest_start, coalesce((k.ends).latest, (k.starts).latest) as last_day, ( exists (select
from (select v27.*
from milestone v27
where v27.retracted_at is null and coalesce((v27.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('OPENED', 'ADJOURNED')) or exists (select
from (select v28.*
from participation v28
where v28.retracted_at is null and exists (select
from talk v29
where v29.id = v28.talk_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v30.*
from milestone v30
where v30.retracted_at is null) m
where m.subject_id = v29.id), case when (v29.starts).earliest > v29.created_at::date then v29.created_at::date else (v29.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) a
where a.talk_id = k.id and a.attendance = 'REPORTED') ) as reported_held, ( select m.kind
from (select v32.*
from milestone v32
where v32.retracted_at is null and coalesce((v32.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('SCHEDULED', 'OPENED', 'POSTPONED', 'CANCELLED', 'COLLAPSED', 'CONCLUDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as milestone ) s ) in ('UNDER_WAY', 'HELD', 'CONCLUDED', 'COLLAPSED')
union all select 'milestone', coalesce((m.at).latest, (m.at).earliest), m.id
from (select v33.*
from agreement v33
where v33.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v34.*
from milestone v34
where v34.retracted_at is null) m
where m.subject_id = v33.id), (select min((s.signed).earliest)
from (select v35.*
from signature v35
where v35.retracted_at is null) s
where s.agreement_id = v33.id), '-infinity' ) <= $2::text::timestamptz::date) a
join (select v36.*
from milestone v36
where v36.retracted_at is null and coalesce((v36.at).earliest, '-infinity') <= $2::text::timestamptz::date) m on m.subject_id = a.id
where a.process_id = t2.id
union all select 'signature', coalesce((s.signed).latest, (s.signed).earliest), s.id
from (select v37.*
from agreement v37
where v37.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v38.*
from milestone v38
where v38.retracted_at is null) m
where m.subject_id = v37.id), (select min((s.signed).earliest)
from (select v39.*
from signature v39
where v39.retracted_at is null) s
where s.agreement_id = v37.id), '-infinity' ) <= $2::text::timestamptz::date) a
join (select v40.*
from signature v40
where v40.retracted_at is null and coalesce((v40.signed).earliest, '-infinity') <= $2::text::timestamptz::date and exists (select
from agreement v41
where v41.id = v40.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v42.*
from milestone v42
where v42.retracted_at is null) m
where m.subject_id = v41.id), (select min((s.signed).earliest)
from (select v43.*
from signature v43
where v43.retracted_at is null) s
where s.agreement_id = v41.id), '-infinity' ) <= $2::text::timestamptz::date)) s on s.agreement_id = a.id
where a.process_id = t2.id ) h
where h.day is not null ) v), (t2.opened).earliest) as last_day ) s ) as "status", (select max(v.day)
from ( select h.name, least(h.day, $2::text::timestamptz::date) as day, h.record_id
from ( select 'talk' as name, coalesce((k.ends).latest, (k.starts).latest, (k.starts).earliest) as day, k.id as record_id
from (select v45.*
from talk v45
where v45.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v46.*
from milestone v46
where v46.retracted_at is null) m
where m.subject_id = v45.id), case when (v45.starts).earliest > v45.created_at::date then v45.created_at::date else (v45.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id = t2.id and ( select case when s.milestone in ('CANCELLED', 'POSTPONED', 'COLLAPSED', 'CONCLUDED') then s.milestone::text when $2::text::timestamptz::date < s.first_day then case when s.first_day = s.latest_start then 'SCHEDULED' else 'EXPECTED' end when $2::text::timestamptz::date <= s.last_day and (s.first_day = s.latest_start or s.reported_held) then 'UNDER_WAY' when $2::text::timestamptz::date <= s.latest_start then 'EXPECTED' when s.reported_held then 'HELD' when s.latest_start is null then 'EXPECTED' else 'OVERDUE' end
from ( select (k.starts).earliest as first_day, (k.starts).latest as latest_start, coalesce((k.ends).latest, (k.starts).latest) as last_day, ( exists (select
from (select v47.*
from milestone v47
where v47.retracted_at is null and coalesce((v47.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('OPENED', 'ADJOURNED')) or exists (select
from (select v48.*
from participation v48
where v48.retracted_at is null and exists (select
from talk v49
where v49.id = v48.talk_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v50.*
from milestone v50
where v50.retracted_at is null) m
where m.subject_id = v49.id), case when (v49.starts).earliest > v49.created_at::date then v49.created_at::date else (v49.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) a
where a.talk_id = k.id and a.attendance = 'REPORTED') ) as reported_held, ( select m.kind
from (select v52.*
from milestone v52
where v52.retracted_at is null and coalesce((v52.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('SCHEDULED', 'OPENED', 'POSTPONED', 'CANCELLED', 'COLLAPSED', 'CONCLUDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as milestone ) s ) in ('UNDER_WAY', 'HELD', 'CONCLUDED', 'COLLAPSED')
union all select 'milestone', coalesce((m.at).latest, (m.at).earliest), m.id
from (select v53.*
from agreement v53
where v53.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v54.*
from milestone v54
where v54.retracted_at is null) m
where m.subject_id = v53.id), (select min((s.signed).earliest)
from (select v55.*
from signature v55
where v55.retracted_at is null) s
where s.agreement_id = v53.id), '-infinity' ) <= $2::text::timestamptz::date) a
join (select v56.*
from milestone v56
where v56.retracted_at is null and coalesce((v56.at).earliest, '-infinity') <= $2::text::timestamptz::date) m on m.subject_id = a.id
where a.process_id = t2.id
union all select 'signature', coalesce((s.signed).latest, (s.signed).earliest), s.id
from (select v57.*
from agreement v57
where v57.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v58.*
from milestone v58
where v58.retracted_at is null) m
where m.subject_id = v57.id), (select min((s.signed).earliest)
from (select v59.*
from signature v59
where v59.retracted_at is null) s
where s.agreement_id = v57.id), '-infinity' ) <= $2::text::timestamptz::date) a
join (select v60.*
from signature v60
where v60.retracted_at is null and coalesce((v60.signed).earliest, '-infinity') <= $2::text::timestamptz::date and exists (select
from agreement v61
where v61.id = v60.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v62.*
from milestone v62
where v62.retracted_at is null) m
where m.subject_id = v61.id), (select min((s.signed).earliest)
from (select v63.*
from signature v63
where v63.retracted_at is null) s
where s.agreement_id = v61.id), '-infinity' ) <= $2::text::timestamptz::date)) s on s.agreement_id = a.id
where a.process_id = t2.id ) h
where h.day is not null ) v) as "lastActivity", $2::text::timestamptz::date - (select max(v.day)
from ( select h.name, least(h.day, $2::text::timestamptz::date) as day, h.record_id
from ( select 'talk' as name, coalesce((k.ends).latest, (k.starts).latest, (k.starts).earliest) as day, k.id as record_id
from (select v65.*
from talk v65
where v65.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v66.*
from milestone v66
where v66.retracted_at is null) m
where m.subject_id = v65.id), case when (v65.starts).earliest > v65.created_at::date then v65.created_at::date else (v65.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id = t2.id and ( select case when s.milestone in ('CANCELLED', 'POSTPONED', 'COLLAPSED', 'CONCLUDED') then s.milestone::text when $2::text::timestamptz::date < s.first_day then case when s.first_day = s.latest_start then 'SCHEDULED' else 'EXPECTED' end when $2::text::timestamptz::date <= s.last_day and (s.first_day = s.latest_start or s.reported_held) then 'UNDER_WAY' when $2::text::timestamptz::date <= s.latest_start then 'EXPECTED' when s.reported_held then 'HELD' when s.latest_start is null then 'EXPECTED' else 'OVERDUE' end
from ( select (k.starts).earliest as first_day, (k.starts).latest as latest_start, coalesce((k.ends).latest, (k.starts).latest) as last_day, ( exists (select
from (select v67.*
from milestone v67
where v67.retracted_at is null and coalesce((v67.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('OPENED', 'ADJOURNED')) or exists (select
from (select v68.*
from participation v68
where v68.retracted_at is null and exists (select
from talk v69
where v69.id = v68.talk_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v70.*
from milestone v70
where v70.retracted_at is null) m
where m.subject_id = v69.id), case when (v69.starts).earliest > v69.created_at::date then v69.created_at::date else (v69.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) a
where a.talk_id = k.id and a.attendance = 'REPORTED') ) as reported_held, ( select m.kind
from (select v72.*
from milestone v72
where v72.retracted_at is null and coalesce((v72.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('SCHEDULED', 'OPENED', 'POSTPONED', 'CANCELLED', 'COLLAPSED', 'CONCLUDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as milestone ) s ) in ('UNDER_WAY', 'HELD', 'CONCLUDED', 'COLLAPSED')
union all select 'milestone', coalesce((m.at).latest, (m.at).earliest), m.id
from (select v73.*
from agreement v73
where v73.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v74.*
from milestone v74
where v74.retracted_at is null) m
where m.subject_id = v73.id), (select min((s.signed).earliest)
from (select v75.*
from signature v75
where v75.retracted_at is null) s
where s.agreement_id = v73.id), '-infinity' ) <= $2::text::timestamptz::date) a
join (select v76.*
from milestone v76
where v76.retracted_at is null and coalesce((v76.at).earliest, '-infinity') <= $2::text::timestamptz::date) m on m.subject_id = a.id
where a.process_id = t2.id
union all select 'signature', coalesce((s.signed).latest, (s.signed).earliest), s.id
from (select v77.*
from agreement v77
where v77.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v78.*
from milestone v78
where v78.retracted_at is null) m
where m.subject_id = v77.id), (select min((s.signed).earliest)
from (select v79.*
from signature v79
where v79.retracted_at is null) s
where s.agreement_id = v77.id), '-infinity' ) <= $2::text::timestamptz::date) a
join (select v80.*
from signature v80
where v80.retracted_at is null and coalesce((v80.signed).earliest, '-infinity') <= $2::text::timestamptz::date and exists (select
from agreement v81
where v81.id = v80.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v82.*
from milestone v82
where v82.retracted_at is null) m
where m.subject_id = v81.id), (select min((s.signed).earliest)
from (select v83.*
from signature v83
where v83.retracted_at is null) s
where s.agreement_id = v81.id), '-infinity' ) <= $2::text::timestamptz::date)) s on s.agreement_id = a.id
where a.process_id = t2.id ) h
where h.day is not null ) v) as "daysSinceLastActivity", case when ( select case when s.ended in ('CONCLUDED', 'COLLAPSED') then s.ended::text when s.paused = 'SUSPENDED' then 'SUSPENDED' when $2::text::timestamptz::date - s.last_day > t2.stall_after_days and not exists (select
from (select v85.*
from talk v85
where v85.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v86.*
from milestone v86
where v86.retracted_at is null) m
where m.subject_id = v85.id), case when (v85.starts).earliest > v85.created_at::date then v85.created_at::date else (v85.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id = t2.id and ( select case when s.milestone in ('CANCELLED', 'POSTPONED', 'COLLAPSED', 'CONCLUDED') then s.milestone::text when $2::text::timestamptz::date < s.first_day then case when s.first_day = s.latest_start then 'SCHEDULED' else 'EXPECTED' end when $2::text::timestamptz::date <= s.last_day and (s.first_day = s.latest_start or s.reported_held) then 'UNDER_WAY' when $2::text::timestamptz::date <= s.latest_start then 'EXPECTED' when s.reported_held then 'HELD' when s.latest_start is null then 'EXPECTED' else 'OVERDUE' end
from ( select (k.starts).earliest as first_day, (k.starts).latest as latest_start, coalesce((k.ends).latest, (k.starts).latest) as last_day, ( exists (select
from (select v87.*
from milestone v87
where v87.retracted_at is null and coalesce((v87.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('OPENED', 'ADJOURNED')) or exists (select
from (select v88.*
from participation v88
where v88.retracted_at is null and exists (select
from talk v89
where v89.id = v88.talk_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v90.*
from milestone v90
where v90.retracted_at is null) m
where m.subject_id = v89.id), case when (v89.starts).earliest > v89.created_at::date then v89.created_at::date else (v89.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) a
where a.talk_id = k.id and a.attendance = 'REPORTED') ) as reported_held, ( select m.kind
from (select v92.*
from milestone v92
where v92.retracted_at is null and coalesce((v92.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('SCHEDULED', 'OPENED', 'POSTPONED', 'CANCELLED', 'COLLAPSED', 'CONCLUDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as milestone ) s ) in ('EXPECTED', 'SCHEDULED')) and not exists (select
from (select v93.*
from deadline v93
where v93.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v94.*
from milestone v94
where v94.retracted_at is null) m
where m.subject_id = v93.id), case when least(v93.anchor, (v93.due).earliest) > v93.created_at::date then v93.created_at::date else least(v93.anchor, (v93.due).earliest) end, '-infinity' ) <= $2::text::timestamptz::date) d
where d.subject_id in ( select t2.id
union all select k.id
from (select v95.*
from talk v95
where v95.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v96.*
from milestone v96
where v96.retracted_at is null) m
where m.subject_id = v95.id), case when (v95.starts).earliest > v95.created_at::date then v95.created_at::date else (v95.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id = t2.id
union all select a.id
from (select v97.*
from agreement v97
where v97.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v98.*
from milestone v98
where v98.retracted_at is null) m
where m.subject_id = v97.id), (select min((s.signed).earliest)
from (select v99.*
from signature v99
where v99.retracted_at is null) s
where s.agreement_id = v97.id), '-infinity' ) <= $2::text::timestamptz::date) a
where a.process_id = t2.id
union all select c.id
from (select v100.*
from condition v100
where v100.retracted_at is null and exists (select
from statement v101
where v101.id = v100.statement_id and coalesce((v101.said).earliest, '-infinity') <= $2::text::timestamptz::date)) c
join (select v102.*
from statement v102
where v102.retracted_at is null and coalesce((v102.said).earliest, '-infinity') <= $2::text::timestamptz::date) s on s.id = c.statement_id
where s.process_id = t2.id ) and ( select case when s.resolution in ('MET', 'MISSED', 'WAIVED', 'WITHDRAWN') then s.resolution::text when (s.due).latest is null then 'OPEN_ENDED' when $2::text::timestamptz::date > (s.due).latest then 'OVERDUE' when $2::text::timestamptz::date >= coalesce((s.due).earliest, '-infinity') then 'IN_WINDOW' when (s.due).earliest - $2::text::timestamptz::date <= 3 then 'DUE_SOON' else 'PENDING' end
from (select coalesce(( select m.due
from (select v103.*
from milestone v103
where v103.retracted_at is null and coalesce((v103.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = d.id and m.kind = 'EXTENDED'
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ), d.due) as due, ( select m.kind
from (select v104.*
from milestone v104
where v104.retracted_at is null and coalesce((v104.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = d.id and m.kind in ('MET', 'MISSED', 'WAIVED', 'WITHDRAWN', 'EXTENDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as resolution) s ) in ('PENDING', 'DUE_SOON', 'IN_WINDOW')) then 'STALLED' else 'ACTIVE' end
from ( select ( select m.kind
from (select v105.*
from milestone v105
where v105.retracted_at is null and coalesce((v105.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = t2.id and m.kind in ('OPENED', 'RESUMED', 'CONCLUDED', 'COLLAPSED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as ended, ( select m.kind
from (select v106.*
from milestone v106
where v106.retracted_at is null and coalesce((v106.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = t2.id and m.kind in ('SUSPENDED', 'RESUMED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as paused, coalesce((select max(v.day)
from ( select h.name, least(h.day, $2::text::timestamptz::date) as day, h.record_id
from ( select 'talk' as name, coalesce((k.ends).latest, (k.starts).latest, (k.starts).earliest) as day, k.id as record_id
from (select v107.*
from talk v107
where v107.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v108.*
from milestone v108
where v108.retracted_at is null) m
where m.subject_id = v107.id), case when (v107.starts).earliest > v107.created_at::date then v107.created_at::date else (v107.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id = t2.id and ( select case when s.milestone in ('CANCELLED', 'POSTPONED', 'COLLAPSED', 'CONCLUDED') then s.milestone::text when $2::text::timestamptz::date < s.first_day then case when s.first_day = s.latest_start then 'SCHEDULED' else 'EXPECTED' end when $2::text::timestamptz::date <= s.last_day and (s.first_day = s.latest_start or s.reported_held) then 'UNDER_WAY' when $2::text::timestamptz::date <= s.latest_start then 'EXPECTED' when s.reported_held then 'HELD' when s.latest_start is null then 'EXPECTED' else 'OVERDUE' end
from ( select (k.starts).earliest as first_day, (k.starts).latest as latest_start, coalesce((k.ends).latest, (k.starts).latest) as last_day, ( exists (select
from (select v109.*
from milestone v109
where v109.retracted_at is null and coalesce((v109.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('OPENED', 'ADJOURNED')) or exists (select
from (select v110.*
from participation v110
where v110.retracted_at is null and exists (select
from talk v111
where v111.id = v110.talk_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v112.*
from milestone v112
where v112.retracted_at is null) m
where m.subject_id = v111.id), case when (v111.starts).earliest > v111.created_at::date then v111.created_at::date else (v111.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) a
where a.talk_id = k.id and a.attendance = 'REPORTED') ) as reported_held, ( select m.kind
from (select v114.*
from milestone v114
where v114.retracted_at is null and coalesce((v114.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('SCHEDULED', 'OPENED', 'POSTPONED', 'CANCELLED', 'COLLAPSED', 'CONCLUDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as milestone ) s ) in ('UNDER_WAY', 'HELD', 'CONCLUDED', 'COLLAPSED')
union all select 'milestone', coalesce((m.at).latest, (m.at).earliest), m.id
from (select v115.*
from agreement v115
where v115.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v116.*
from milestone v116
where v116.retracted_at is null) m
where m.subject_id = v115.id), (select min((s.signed).earliest)
from (select v117.*
from signature v117
where v117.retracted_at is null) s
where s.agreement_id = v115.id), '-infinity' ) <= $2::text::timestamptz::date) a
join (select v118.*
from milestone v118
where v118.retracted_at is null and coalesce((v118.at).earliest, '-infinity') <= $2::text::timestamptz::date) m on m.subject_id = a.id
where a.process_id = t2.id
union all select 'signature', coalesce((s.signed).latest, (s.signed).earliest), s.id
from (select v119.*
from agreement v119
where v119.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v120.*
from milestone v120
where v120.retracted_at is null) m
where m.subject_id = v119.id), (select min((s.signed).earliest)
from (select v121.*
from signature v121
where v121.retracted_at is null) s
where s.agreement_id = v119.id), '-infinity' ) <= $2::text::timestamptz::date) a
join (select v122.*
from signature v122
where v122.retracted_at is null and coalesce((v122.signed).earliest, '-infinity') <= $2::text::timestamptz::date and exists (select
from agreement v123
where v123.id = v122.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v124.*
from milestone v124
where v124.retracted_at is null) m
where m.subject_id = v123.id), (select min((s.signed).earliest)
from (select v125.*
from signature v125
where v125.retracted_at is null) s
where s.agreement_id = v123.id), '-infinity' ) <= $2::text::timestamptz::date)) s on s.agreement_id = a.id
where a.process_id = t2.id ) h
where h.day is not null ) v), (t2.opened).earliest) as last_day ) s ) = 'STALLED' then coalesce((select max(v.day)
from ( select h.name, least(h.day, $2::text::timestamptz::date) as day, h.record_id
from ( select 'talk' as name, coalesce((k.ends).latest, (k.starts).latest, (k.starts).earliest) as day, k.id as record_id
from (select v127.*
from talk v127
where v127.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v128.*
from milestone v128
where v128.retracted_at is null) m
where m.subject_id = v127.id), case when (v127.starts).earliest > v127.created_at::date then v127.created_at::date else (v127.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id = t2.id and ( select case when s.milestone in ('CANCELLED', 'POSTPONED', 'COLLAPSED', 'CONCLUDED') then s.milestone::text when $2::text::timestamptz::date < s.first_day then case when s.first_day = s.latest_start then 'SCHEDULED' else 'EXPECTED' end when $2::text::timestamptz::date <= s.last_day and (s.first_day = s.latest_start or s.reported_held) then 'UNDER_WAY' when $2::text::timestamptz::date <= s.latest_start then 'EXPECTED' when s.reported_held then 'HELD' when s.latest_start is null then 'EXPECTED' else 'OVERDUE' end
from ( select (k.starts).earliest as first_day, (k.starts).latest as latest_start, coalesce((k.ends).latest, (k.starts).latest) as last_day, ( exists (select
from (select v129.*
from milestone v129
where v129.retracted_at is null and coalesce((v129.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('OPENED', 'ADJOURNED')) or exists (select
from (select v130.*
from participation v130
where v130.retracted_at is null and exists (select
from talk v131
where v131.id = v130.talk_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v132.*
from milestone v132
where v132.retracted_at is null) m
where m.subject_id = v131.id), case when (v131.starts).earliest > v131.created_at::date then v131.created_at::date else (v131.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) a
where a.talk_id = k.id and a.attendance = 'REPORTED') ) as reported_held, ( select m.kind
from (select v134.*
from milestone v134
where v134.retracted_at is null and coalesce((v134.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('SCHEDULED', 'OPENED', 'POSTPONED', 'CANCELLED', 'COLLAPSED', 'CONCLUDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as milestone ) s ) in ('UNDER_WAY', 'HELD', 'CONCLUDED', 'COLLAPSED')
union all select 'milestone', coalesce((m.at).latest, (m.at).earliest), m.id
from (select v135.*
from agreement v135
where v135.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v136.*
from milestone v136
where v136.retracted_at is null) m
where m.subject_id = v135.id), (select min((s.signed).earliest)
from (select v137.*
from signature v137
where v137.retracted_at is null) s
where s.agreement_id = v135.id), '-infinity' ) <= $2::text::timestamptz::date) a
join (select v138.*
from milestone v138
where v138.retracted_at is null and coalesce((v138.at).earliest, '-infinity') <= $2::text::timestamptz::date) m on m.subject_id = a.id
where a.process_id = t2.id
union all select 'signature', coalesce((s.signed).latest, (s.signed).earliest), s.id
from (select v139.*
from agreement v139
where v139.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v140.*
from milestone v140
where v140.retracted_at is null) m
where m.subject_id = v139.id), (select min((s.signed).earliest)
from (select v141.*
from signature v141
where v141.retracted_at is null) s
where s.agreement_id = v139.id), '-infinity' ) <= $2::text::timestamptz::date) a
join (select v142.*
from signature v142
where v142.retracted_at is null and coalesce((v142.signed).earliest, '-infinity') <= $2::text::timestamptz::date and exists (select
from agreement v143
where v143.id = v142.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v144.*
from milestone v144
where v144.retracted_at is null) m
where m.subject_id = v143.id), (select min((s.signed).earliest)
from (select v145.*
from signature v145
where v145.retracted_at is null) s
where s.agreement_id = v143.id), '-infinity' ) <= $2::text::timestamptz::date)) s on s.agreement_id = a.id
where a.process_id = t2.id ) h
where h.day is not null ) v), (t2.opened).earliest) + t2.stall_after_days + 1 end as "stalledSince", (select row_to_json(n.*)
from (select (select coalesce(json_agg(row_to_json(n.*)
order by t147.place), '[]'::json)
from (select *, row_number() over () as place
from ( select 'clock' as name, $2::text::timestamptz::date::text as value, null::uuid as record_id
union all select 'stallAfterDays', t2.stall_after_days::text, t2.id
union all select 'opened', (t2.opened).edtf, t2.id
where (t2.opened).edtf is not null
union all ( select 'milestone', m.kind || ' ' || (m.at).edtf, m.id
from (select v148.*
from milestone v148
where v148.retracted_at is null and coalesce((v148.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.id in (( select m.id
from (select v149.*
from milestone v149
where v149.retracted_at is null and coalesce((v149.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = t2.id and m.kind in ('OPENED', 'RESUMED', 'CONCLUDED', 'COLLAPSED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ), ( select m.id
from (select v150.*
from milestone v150
where v150.retracted_at is null and coalesce((v150.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = t2.id and m.kind in ('SUSPENDED', 'RESUMED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ))
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc )
union all ( select 'lastActivity: ' || v.name, v.day::text, v.record_id
from ( select h.name, least(h.day, $2::text::timestamptz::date) as day, h.record_id
from ( select 'talk' as name, coalesce((k.ends).latest, (k.starts).latest, (k.starts).earliest) as day, k.id as record_id
from (select v151.*
from talk v151
where v151.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v152.*
from milestone v152
where v152.retracted_at is null) m
where m.subject_id = v151.id), case when (v151.starts).earliest > v151.created_at::date then v151.created_at::date else (v151.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id = t2.id and ( select case when s.milestone in ('CANCELLED', 'POSTPONED', 'COLLAPSED', 'CONCLUDED') then s.milestone::text when $2::text::timestamptz::date < s.first_day then case when s.first_day = s.latest_start then 'SCHEDULED' else 'EXPECTED' end when $2::text::timestamptz::date <= s.last_day and (s.first_day = s.latest_start or s.reported_held) then 'UNDER_WAY' when $2::text::timestamptz::date <= s.latest_start then 'EXPECTED' when s.reported_held then 'HELD' when s.latest_start is null then 'EXPECTED' else 'OVERDUE' end
from ( select (k.starts).earliest as first_day, (k.starts).latest as latest_start, coalesce((k.ends).latest, (k.starts).latest) as last_day, ( exists (select
from (select v153.*
from milestone v153
where v153.retracted_at is null and coalesce((v153.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('OPENED', 'ADJOURNED')) or exists (select
from (select v154.*
from participation v154
where v154.retracted_at is null and exists (select
from talk v155
where v155.id = v154.talk_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v156.*
from milestone v156
where v156.retracted_at is null) m
where m.subject_id = v155.id), case when (v155.starts).earliest > v155.created_at::date then v155.created_at::date else (v155.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) a
where a.talk_id = k.id and a.attendance = 'REPORTED') ) as reported_held, ( select m.kind
from (select v158.*
from milestone v158
where v158.retracted_at is null and coalesce((v158.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('SCHEDULED', 'OPENED', 'POSTPONED', 'CANCELLED', 'COLLAPSED', 'CONCLUDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as milestone ) s ) in ('UNDER_WAY', 'HELD', 'CONCLUDED', 'COLLAPSED')
union all select 'milestone', coalesce((m.at).latest, (m.at).earliest), m.id
from (select v159.*
from agreement v159
where v159.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v160.*
from milestone v160
where v160.retracted_at is null) m
where m.subject_id = v159.id), (select min((s.signed).earliest)
from (select v161.*
from signature v161
where v161.retracted_at is null) s
where s.agreement_id = v159.id), '-infinity' ) <= $2::text::timestamptz::date) a
join (select v162.*
from milestone v162
where v162.retracted_at is null and coalesce((v162.at).earliest, '-infinity') <= $2::text::timestamptz::date) m on m.subject_id = a.id
where a.process_id = t2.id
union all select 'signature', coalesce((s.signed).latest, (s.signed).earliest), s.id
from (select v163.*
from agreement v163
where v163.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v164.*
from milestone v164
where v164.retracted_at is null) m
where m.subject_id = v163.id), (select min((s.signed).earliest)
from (select v165.*
from signature v165
where v165.retracted_at is null) s
where s.agreement_id = v163.id), '-infinity' ) <= $2::text::timestamptz::date) a
join (select v166.*
from signature v166
where v166.retracted_at is null and coalesce((v166.signed).earliest, '-infinity') <= $2::text::timestamptz::date and exists (select
from agreement v167
where v167.id = v166.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v168.*
from milestone v168
where v168.retracted_at is null) m
where m.subject_id = v167.id), (select min((s.signed).earliest)
from (select v169.*
from signature v169
where v169.retracted_at is null) s
where s.agreement_id = v167.id), '-infinity' ) <= $2::text::timestamptz::date)) s on s.agreement_id = a.id
where a.process_id = t2.id ) h
where h.day is not null ) v
order by v.day desc, v.name desc, v.record_id desc
limit 1 )
union all (select 'talkToCome', ( select case when s.milestone in ('CANCELLED', 'POSTPONED', 'COLLAPSED', 'CONCLUDED') then s.milestone::text when $2::text::timestamptz::date < s.first_day then case when s.first_day = s.latest_start then 'SCHEDULED' else 'EXPECTED' end when $2::text::timestamptz::date <= s.last_day and (s.first_day = s.latest_start or s.reported_held) then 'UNDER_WAY' when $2::text::timestamptz::date <= s.latest_start then 'EXPECTED' when s.reported_held then 'HELD' when s.latest_start is null then 'EXPECTED' else 'OVERDUE' end
from ( select (k.starts).earliest as first_day, (k.starts).latest as latest_start, coalesce((k.ends).latest, (k.starts).latest) as last_day, ( exists (select
from (select v171.*
from milestone v171
where v171.retracted_at is null and coalesce((v171.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('OPENED', 'ADJOURNED')) or exists (select
from (select v172.*
from participation v172
where v172.retracted_at is null and exists (select
from talk v173
where v173.id = v172.talk_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v174.*
from milestone v174
where v174.retracted_at is null) m
where m.subject_id = v173.id), case when (v173.starts).earliest > v173.created_at::date then v173.created_at::date else (v173.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) a
where a.talk_id = k.id and a.attendance = 'REPORTED') ) as reported_held, ( select m.kind
from (select v176.*
from milestone v176
where v176.retracted_at is null and coalesce((v176.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('SCHEDULED', 'OPENED', 'POSTPONED', 'CANCELLED', 'COLLAPSED', 'CONCLUDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as milestone ) s ), k.id
from (select v177.*
from talk v177
where v177.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v178.*
from milestone v178
where v178.retracted_at is null) m
where m.subject_id = v177.id), case when (v177.starts).earliest > v177.created_at::date then v177.created_at::date else (v177.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id = t2.id and ( select case when s.milestone in ('CANCELLED', 'POSTPONED', 'COLLAPSED', 'CONCLUDED') then s.milestone::text when $2::text::timestamptz::date < s.first_day then case when s.first_day = s.latest_start then 'SCHEDULED' else 'EXPECTED' end when $2::text::timestamptz::date <= s.last_day and (s.first_day = s.latest_start or s.reported_held) then 'UNDER_WAY' when $2::text::timestamptz::date <= s.latest_start then 'EXPECTED' when s.reported_held then 'HELD' when s.latest_start is null then 'EXPECTED' else 'OVERDUE' end
from ( select (k.starts).earliest as first_day, (k.starts).latest as latest_start, coalesce((k.ends).latest, (k.starts).latest) as last_day, ( exists (select
from (select v179.*
from milestone v179
where v179.retracted_at is null and coalesce((v179.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('OPENED', 'ADJOURNED')) or exists (select
from (select v180.*
from participation v180
where v180.retracted_at is null and exists (select
from talk v181
where v181.id = v180.talk_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v182.*
from milestone v182
where v182.retracted_at is null) m
where m.subject_id = v181.id), case when (v181.starts).earliest > v181.created_at::date then v181.created_at::date else (v181.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) a
where a.talk_id = k.id and a.attendance = 'REPORTED') ) as reported_held, ( select m.kind
from (select v184.*
from milestone v184
where v184.retracted_at is null and coalesce((v184.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('SCHEDULED', 'OPENED', 'POSTPONED', 'CANCELLED', 'COLLAPSED', 'CONCLUDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as milestone ) s ) in ('EXPECTED', 'SCHEDULED')
order by k.id
limit 20)
union all (select 'openDeadline', ( select case when s.resolution in ('MET', 'MISSED', 'WAIVED', 'WITHDRAWN') then s.resolution::text when (s.due).latest is null then 'OPEN_ENDED' when $2::text::timestamptz::date > (s.due).latest then 'OVERDUE' when $2::text::timestamptz::date >= coalesce((s.due).earliest, '-infinity') then 'IN_WINDOW' when (s.due).earliest - $2::text::timestamptz::date <= 3 then 'DUE_SOON' else 'PENDING' end
from (select coalesce(( select m.due
from (select v185.*
from milestone v185
where v185.retracted_at is null and coalesce((v185.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = d.id and m.kind = 'EXTENDED'
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ), d.due) as due, ( select m.kind
from (select v186.*
from milestone v186
where v186.retracted_at is null and coalesce((v186.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = d.id and m.kind in ('MET', 'MISSED', 'WAIVED', 'WITHDRAWN', 'EXTENDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as resolution) s ), d.id
from (select v187.*
from deadline v187
where v187.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v188.*
from milestone v188
where v188.retracted_at is null) m
where m.subject_id = v187.id), case when least(v187.anchor, (v187.due).earliest) > v187.created_at::date then v187.created_at::date else least(v187.anchor, (v187.due).earliest) end, '-infinity' ) <= $2::text::timestamptz::date) d
where d.subject_id in ( select t2.id
union all select k.id
from (select v189.*
from talk v189
where v189.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v190.*
from milestone v190
where v190.retracted_at is null) m
where m.subject_id = v189.id), case when (v189.starts).earliest > v189.created_at::date then v189.created_at::date else (v189.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id = t2.id
union all select a.id
from (select v191.*
from agreement v191
where v191.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v192.*
from milestone v192
where v192.retracted_at is null) m
where m.subject_id = v191.id), (select min((s.signed).earliest)
from (select v193.*
from signature v193
where v193.retracted_at is null) s
where s.agreement_id = v191.id), '-infinity' ) <= $2::text::timestamptz::date) a
where a.process_id = t2.id
union all select c.id
from (select v194.*
from condition v194
where v194.retracted_at is null and exists (select
from statement v195
where v195.id = v194.statement_id and coalesce((v195.said).earliest, '-infinity') <= $2::text::timestamptz::date)) c
join (select v196.*
from statement v196
where v196.retracted_at is null and coalesce((v196.said).earliest, '-infinity') <= $2::text::timestamptz::date) s on s.id = c.statement_id
where s.process_id = t2.id ) and ( select case when s.resolution in ('MET', 'MISSED', 'WAIVED', 'WITHDRAWN') then s.resolution::text when (s.due).latest is null then 'OPEN_ENDED' when $2::text::timestamptz::date > (s.due).latest then 'OVERDUE' when $2::text::timestamptz::date >= coalesce((s.due).earliest, '-infinity') then 'IN_WINDOW' when (s.due).earliest - $2::text::timestamptz::date <= 3 then 'DUE_SOON' else 'PENDING' end
from (select coalesce(( select m.due
from (select v197.*
from milestone v197
where v197.retracted_at is null and coalesce((v197.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = d.id and m.kind = 'EXTENDED'
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ), d.due) as due, ( select m.kind
from (select v198.*
from milestone v198
where v198.retracted_at is null and coalesce((v198.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = d.id and m.kind in ('MET', 'MISSED', 'WAIVED', 'WITHDRAWN', 'EXTENDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as resolution) s ) in ('PENDING', 'DUE_SOON', 'IN_WINDOW')
order by d.id
limit 20) ) r) t147 cross
join lateral (select t147.name as "name", t147.value as "value") n) as "inputs") n) as "statusExplained", row_to_json(j207.*) as "nextTalk", row_to_json(j224.*) as "nextDeadline", row_to_json(j228.*) as "reportedStatus"
from process t2
left
join lateral (select t208.key as "key"
from talk t208
where t208.id = (select k.id
from (select v199.*
from talk v199
where v199.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v200.*
from milestone v200
where v200.retracted_at is null) m
where m.subject_id = v199.id), case when (v199.starts).earliest > v199.created_at::date then v199.created_at::date else (v199.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id = t2.id and ( select case when s.milestone in ('CANCELLED', 'POSTPONED', 'COLLAPSED', 'CONCLUDED') then s.milestone::text when $2::text::timestamptz::date < s.first_day then case when s.first_day = s.latest_start then 'SCHEDULED' else 'EXPECTED' end when $2::text::timestamptz::date <= s.last_day and (s.first_day = s.latest_start or s.reported_held) then 'UNDER_WAY' when $2::text::timestamptz::date <= s.latest_start then 'EXPECTED' when s.reported_held then 'HELD' when s.latest_start is null then 'EXPECTED' else 'OVERDUE' end
from ( select (k.starts).earliest as first_day, (k.starts).latest as latest_start, coalesce((k.ends).latest, (k.starts).latest) as last_day, ( exists (select
from (select v201.*
from milestone v201
where v201.retracted_at is null and coalesce((v201.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('OPENED', 'ADJOURNED')) or exists (select
from (select v202.*
from participation v202
where v202.retracted_at is null and exists (select
from talk v203
where v203.id = v202.talk_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v204.*
from milestone v204
where v204.retracted_at is null) m
where m.subject_id = v203.id), case when (v203.starts).earliest > v203.created_at::date then v203.created_at::date else (v203.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) a
where a.talk_id = k.id and a.attendance = 'REPORTED') ) as reported_held, ( select m.kind
from (select v206.*
from milestone v206
where v206.retracted_at is null and coalesce((v206.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('SCHEDULED', 'OPENED', 'POSTPONED', 'CANCELLED', 'COLLAPSED', 'CONCLUDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as milestone ) s ) in ('EXPECTED', 'SCHEDULED')
order by (k.starts).earliest, (k.starts).latest, k.id
limit 1) and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v209.*
from milestone v209
where v209.retracted_at is null) m
where m.subject_id = t208.id), case when (t208.starts).earliest > t208.created_at::date then t208.created_at::date else (t208.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) j207 on true
left
join lateral (select t225.key as "key"
from deadline t225
where t225.id = ( select d.id
from (select v210.*
from deadline v210
where v210.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v211.*
from milestone v211
where v211.retracted_at is null) m
where m.subject_id = v210.id), case when least(v210.anchor, (v210.due).earliest) > v210.created_at::date then v210.created_at::date else least(v210.anchor, (v210.due).earliest) end, '-infinity' ) <= $2::text::timestamptz::date) d
where d.subject_id in ( select t2.id
union all select k.id
from (select v212.*
from talk v212
where v212.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v213.*
from milestone v213
where v213.retracted_at is null) m
where m.subject_id = v212.id), case when (v212.starts).earliest > v212.created_at::date then v212.created_at::date else (v212.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id = t2.id
union all select a.id
from (select v214.*
from agreement v214
where v214.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v215.*
from milestone v215
where v215.retracted_at is null) m
where m.subject_id = v214.id), (select min((s.signed).earliest)
from (select v216.*
from signature v216
where v216.retracted_at is null) s
where s.agreement_id = v214.id), '-infinity' ) <= $2::text::timestamptz::date) a
where a.process_id = t2.id
union all select c.id
from (select v217.*
from condition v217
where v217.retracted_at is null and exists (select
from statement v218
where v218.id = v217.statement_id and coalesce((v218.said).earliest, '-infinity') <= $2::text::timestamptz::date)) c
join (select v219.*
from statement v219
where v219.retracted_at is null and coalesce((v219.said).earliest, '-infinity') <= $2::text::timestamptz::date) s on s.id = c.statement_id
where s.process_id = t2.id ) and ( select case when s.resolution in ('MET', 'MISSED', 'WAIVED', 'WITHDRAWN') then s.resolution::text when (s.due).latest is null then 'OPEN_ENDED' when $2::text::timestamptz::date > (s.due).latest then 'OVERDUE' when $2::text::timestamptz::date >= coalesce((s.due).earliest, '-infinity') then 'IN_WINDOW' when (s.due).earliest - $2::text::timestamptz::date <= 3 then 'DUE_SOON' else 'PENDING' end
from (select coalesce(( select m.due
from (select v220.*
from milestone v220
where v220.retracted_at is null and coalesce((v220.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = d.id and m.kind = 'EXTENDED'
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ), d.due) as due, ( select m.kind
from (select v221.*
from milestone v221
where v221.retracted_at is null and coalesce((v221.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = d.id and m.kind in ('MET', 'MISSED', 'WAIVED', 'WITHDRAWN', 'EXTENDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as resolution) s ) in ('PENDING', 'DUE_SOON', 'IN_WINDOW')
order by (coalesce(( select m.due
from (select v222.*
from milestone v222
where v222.retracted_at is null and coalesce((v222.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = d.id and m.kind = 'EXTENDED'
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ), d.due)).latest - $2::text::timestamptz::date, (coalesce(( select m.due
from (select v223.*
from milestone v223
where v223.retracted_at is null and coalesce((v223.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = d.id and m.kind = 'EXTENDED'
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ), d.due)).earliest - $2::text::timestamptz::date, d.id
limit 1 ) and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v226.*
from milestone v226
where v226.retracted_at is null) m
where m.subject_id = t225.id), case when least(t225.anchor, (t225.due).earliest) > t225.created_at::date then t225.created_at::date else least(t225.anchor, (t225.due).earliest) end, '-infinity' ) <= $2::text::timestamptz::date) j224 on true
left
join lateral (select t229.kind as "kind"
from milestone t229
where t229.id = ( select m.id
from (select v227.*
from milestone v227
where v227.retracted_at is null and coalesce((v227.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = t2.id and m.kind in ('REPORTED_STALLED', 'REPORTED_PROGRESS')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) and coalesce((t229.at).earliest, '-infinity') <= $2::text::timestamptz::date) j228 on true
where t2.id = (select coalesce(m1.merged_into_id, m1.id)
from process m1
where m1.key = $1::text) and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v230.*
from milestone v230
where v230.retracted_at is null) m
where m.subject_id = t2.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (t2.opened).earliest > t2.created_at::date then t2.created_at::date else (t2.opened).earliest end, '-infinity' ) <= $2::text::timestamptz::date) n) as "process") q
-- $1: process.by.key
-- $2: process.asOf
