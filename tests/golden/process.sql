select row_to_json(q.*) as data, case when q."process" is null then coalesce(null, '') end
from (select (select row_to_json(n.*)
from (select ( select case when s.ended in ('CONCLUDED', 'COLLAPSED') then s.ended::text when s.paused = 'SUSPENDED' then 'SUSPENDED' when $2::text::timestamptz::date - s.last_day > t1.stall_after_days and not exists (select
from (select v2.*
from talk v2
where v2.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v3.*
from milestone v3
where v3.retracted_at is null) m
where m.subject_id = v2.id), case when (v2.starts).earliest > v2.created_at::date then v2.created_at::date else (v2.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id = t1.id and ( select case when s.milestone in ('CANCELLED', 'POSTPONED', 'COLLAPSED', 'CONCLUDED') then s.milestone::text when $2::text::timestamptz::date < s.first_day then case when s.first_day = s.latest_start then 'SCHEDULED' else 'EXPECTED' end when $2::text::timestamptz::date <= s.last_day and (s.first_day = s.latest_start or s.reported_held) then 'UNDER_WAY' when $2::text::timestamptz::date <= s.latest_start then 'EXPECTED' when s.reported_held then 'HELD' when s.latest_start is null then 'EXPECTED' else 'OVERDUE' end
from ( select (k.starts).earliest as first_day, (k.starts).latest as latest_start, coalesce((k.ends).latest, (k.starts).latest) as last_day, ( exists (select
from (select v4.*
from milestone v4
where v4.retracted_at is null and coalesce((v4.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('OPENED', 'ADJOURNED')) or exists (select
from (select v5.*
from participation v5
where v5.retracted_at is null and exists (select
from talk v6
where v6.id = v5.talk_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v7.*
from milestone v7
where v7.retracted_at is null) m
where m.subject_id = v6.id), case when (v6.starts).earliest > v6.created_at::date then v6.created_at::date else (v6.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) a
where a.talk_id = k.id and a.attendance = 'REPORTED') ) as reported_held, ( select m.kind
from (select v9.*
from milestone v9
where v9.retracted_at is null and coalesce((v9.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('SCHEDULED', 'OPENED', 'POSTPONED', 'CANCELLED', 'COLLAPSED', 'CONCLUDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as milestone ) s ) in ('EXPECTED', 'SCHEDULED')) and not exists (select
from (select v10.*
from deadline v10
where v10.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v11.*
from milestone v11
where v11.retracted_at is null) m
where m.subject_id = v10.id), case when least(v10.anchor, (v10.due).earliest) > v10.created_at::date then v10.created_at::date else least(v10.anchor, (v10.due).earliest) end, '-infinity' ) <= $2::text::timestamptz::date) d
where d.subject_id in ( select t1.id
union all select k.id
from (select v12.*
from talk v12
where v12.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v13.*
from milestone v13
where v13.retracted_at is null) m
where m.subject_id = v12.id), case when (v12.starts).earliest > v12.created_at::date then v12.created_at::date else (v12.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id = t1.id
union all select a.id
from (select v14.*
from agreement v14
where v14.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v15.*
from milestone v15
where v15.retracted_at is null) m
where m.subject_id = v14.id), (select min((s.signed).earliest)
from (select v16.*
from signature v16
where v16.retracted_at is null) s
where s.agreement_id = v14.id), '-infinity' ) <= $2::text::timestamptz::date) a
where a.process_id = t1.id
union all select c.id
from (select v17.*
from condition v17
where v17.retracted_at is null and exists (select
from statement v18
where v18.id = v17.statement_id and coalesce((v18.said).earliest, '-infinity') <= $2::text::timestamptz::date)) c
join (select v19.*
from statement v19
where v19.retracted_at is null and coalesce((v19.said).earliest, '-infinity') <= $2::text::timestamptz::date) s on s.id = c.statement_id
where s.process_id = t1.id ) and ( select case when s.resolution in ('MET', 'MISSED', 'WAIVED', 'WITHDRAWN') then s.resolution::text when (s.due).latest is null then 'OPEN_ENDED' when $2::text::timestamptz::date > (s.due).latest then 'OVERDUE' when $2::text::timestamptz::date >= coalesce((s.due).earliest, '-infinity') then 'IN_WINDOW' when (s.due).earliest - $2::text::timestamptz::date <= 3 then 'DUE_SOON' else 'PENDING' end
from (select coalesce(( select m.due
from (select v20.*
from milestone v20
where v20.retracted_at is null and coalesce((v20.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = d.id and m.kind = 'EXTENDED'
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ), d.due) as due, ( select m.kind
from (select v21.*
from milestone v21
where v21.retracted_at is null and coalesce((v21.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = d.id and m.kind in ('MET', 'MISSED', 'WAIVED', 'WITHDRAWN', 'EXTENDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as resolution) s ) in ('PENDING', 'DUE_SOON', 'IN_WINDOW')) then 'STALLED' else 'ACTIVE' end
from ( select ( select m.kind
from (select v22.*
from milestone v22
where v22.retracted_at is null and coalesce((v22.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = t1.id and m.kind in ('OPENED', 'RESUMED', 'CONCLUDED', 'COLLAPSED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as ended, ( select m.kind
from (select v23.*
from milestone v23
where v23.retracted_at is null and coalesce((v23.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = t1.id and m.kind in ('SUSPENDED', 'RESUMED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as paused, coalesce((select max(v.day)
from ( select h.name, least(h.day, $2::text::timestamptz::date) as day, h.record_id
from ( select 'talk' as name, coalesce((k.ends).latest, (k.starts).latest, (k.starts).earliest) as day, k.id as record_id
from (select v24.*
from talk v24
where v24.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v25.*
from milestone v25
where v25.retracted_at is null) m
where m.subject_id = v24.id), case when (v24.starts).earliest > v24.created_at::date then v24.created_at::date else (v24.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id = t1.id and ( select case when s.milestone in ('CANCELLED', 'POSTPONED', 'COLLAPSED', 'CONCLUDED') then s.milestone::text when $2::text::timestamptz::date < s.first_day then case when s.first_day = s.latest_start then 'SCHEDULED' else 'EXPECTED' end when $2::text::timestamptz::date <= s.last_day and (s.first_day = s.latest_start or s.reported_held) then 'UNDER_WAY' when $2::text::timestamptz::date <= s.latest_start then 'EXPECTED' when s.reported_held then 'HELD' when s.latest_start is null then 'EXPECTED' else 'OVERDUE' end
from ( select (k.starts).earliest as first_day, (k.starts).latest as latest_start, coalesce((k.ends).latest, (k.starts).latest) as last_day, ( exists (select
from (select v26.*
from milestone v26
where v26.retracted_at is null and coalesce((v26.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('OPENED', 'ADJOURNED')) or exists (select
from (select v27.*
from participation v27
where v27.retracted_at is null and exists (select
from talk v28
where v28.id = v27.talk_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v29.*
from milestone v29
where v29.retracted_at is null) m
where m.subject_id = v28.id), case when (v28.starts).earliest > v28.created_at::date then v28.created_at::date else (v28.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) a
where a.talk_id = k.id and a.attendance = 'REPORTED') ) as reported_held, ( select m.kind
from (select v31.*
from milestone v31
where v31.retracted_at is null and coalesce((v31.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('SCHEDULED', 'OPENED', 'POSTPONED', 'CANCELLED', 'COLLAPSED', 'CONCLUDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as milestone ) s ) in ('UNDER_WAY', 'HELD', 'CONCLUDED', 'COLLAPSED')
union all select 'milestone', coalesce((m.at).latest, (m.at).earliest), m.id
from (select v32.*
from agreement v32
where v32.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v33.*
from milestone v33
where v33.retracted_at is null) m
where m.subject_id = v32.id), (select min((s.signed).earliest)
from (select v34.*
from signature v34
where v34.retracted_at is null) s
where s.agreement_id = v32.id), '-infinity' ) <= $2::text::timestamptz::date) a
join (select v35.*
from milestone v35
where v35.retracted_at is null and coalesce((v35.at).earliest, '-infinity') <= $2::text::timestamptz::date) m on m.subject_id = a.id
where a.process_id = t1.id
union all select 'signature', coalesce((s.signed).latest, (s.signed).earliest), s.id
from (select v36.*
from agreement v36
where v36.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v37.*
from milestone v37
where v37.retracted_at is null) m
where m.subject_id = v36.id), (select min((s.signed).earliest)
from (select v38.*
from signature v38
where v38.retracted_at is null) s
where s.agreement_id = v36.id), '-infinity' ) <= $2::text::timestamptz::date) a
join (select v39.*
from signature v39
where v39.retracted_at is null and coalesce((v39.signed).earliest, '-infinity') <= $2::text::timestamptz::date and exists (select
from agreement v40
where v40.id = v39.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v41.*
from milestone v41
where v41.retracted_at is null) m
where m.subject_id = v40.id), (select min((s.signed).earliest)
from (select v42.*
from signature v42
where v42.retracted_at is null) s
where s.agreement_id = v40.id), '-infinity' ) <= $2::text::timestamptz::date)) s on s.agreement_id = a.id
where a.process_id = t1.id ) h
where h.day is not null ) v), (t1.opened).earliest) as last_day ) s ) as "status", (select max(v.day)
from ( select h.name, least(h.day, $2::text::timestamptz::date) as day, h.record_id
from ( select 'talk' as name, coalesce((k.ends).latest, (k.starts).latest, (k.starts).earliest) as day, k.id as record_id
from (select v44.*
from talk v44
where v44.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v45.*
from milestone v45
where v45.retracted_at is null) m
where m.subject_id = v44.id), case when (v44.starts).earliest > v44.created_at::date then v44.created_at::date else (v44.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id = t1.id and ( select case when s.milestone in ('CANCELLED', 'POSTPONED', 'COLLAPSED', 'CONCLUDED') then s.milestone::text when $2::text::timestamptz::date < s.first_day then case when s.first_day = s.latest_start then 'SCHEDULED' else 'EXPECTED' end when $2::text::timestamptz::date <= s.last_day and (s.first_day = s.latest_start or s.reported_held) then 'UNDER_WAY' when $2::text::timestamptz::date <= s.latest_start then 'EXPECTED' when s.reported_held then 'HELD' when s.latest_start is null then 'EXPECTED' else 'OVERDUE' end
from ( select (k.starts).earliest as first_day, (k.starts).latest as latest_start, coalesce((k.ends).latest, (k.starts).latest) as last_day, ( exists (select
from (select v46.*
from milestone v46
where v46.retracted_at is null and coalesce((v46.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('OPENED', 'ADJOURNED')) or exists (select
from (select v47.*
from participation v47
where v47.retracted_at is null and exists (select
from talk v48
where v48.id = v47.talk_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v49.*
from milestone v49
where v49.retracted_at is null) m
where m.subject_id = v48.id), case when (v48.starts).earliest > v48.created_at::date then v48.created_at::date else (v48.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) a
where a.talk_id = k.id and a.attendance = 'REPORTED') ) as reported_held, ( select m.kind
from (select v51.*
from milestone v51
where v51.retracted_at is null and coalesce((v51.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('SCHEDULED', 'OPENED', 'POSTPONED', 'CANCELLED', 'COLLAPSED', 'CONCLUDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as milestone ) s ) in ('UNDER_WAY', 'HELD', 'CONCLUDED', 'COLLAPSED')
union all select 'milestone', coalesce((m.at).latest, (m.at).earliest), m.id
from (select v52.*
from agreement v52
where v52.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v53.*
from milestone v53
where v53.retracted_at is null) m
where m.subject_id = v52.id), (select min((s.signed).earliest)
from (select v54.*
from signature v54
where v54.retracted_at is null) s
where s.agreement_id = v52.id), '-infinity' ) <= $2::text::timestamptz::date) a
join (select v55.*
from milestone v55
where v55.retracted_at is null and coalesce((v55.at).earliest, '-infinity') <= $2::text::timestamptz::date) m on m.subject_id = a.id
where a.process_id = t1.id
union all select 'signature', coalesce((s.signed).latest, (s.signed).earliest), s.id
from (select v56.*
from agreement v56
where v56.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v57.*
from milestone v57
where v57.retracted_at is null) m
where m.subject_id = v56.id), (select min((s.signed).earliest)
from (select v58.*
from signature v58
where v58.retracted_at is null) s
where s.agreement_id = v56.id), '-infinity' ) <= $2::text::timestamptz::date) a
join (select v59.*
from signature v59
where v59.retracted_at is null and coalesce((v59.signed).earliest, '-infinity') <= $2::text::timestamptz::date and exists (select
from agreement v60
where v60.id = v59.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v61.*
from milestone v61
where v61.retracted_at is null) m
where m.subject_id = v60.id), (select min((s.signed).earliest)
from (select v62.*
from signature v62
where v62.retracted_at is null) s
where s.agreement_id = v60.id), '-infinity' ) <= $2::text::timestamptz::date)) s on s.agreement_id = a.id
where a.process_id = t1.id ) h
where h.day is not null ) v) as "lastActivity", $2::text::timestamptz::date - (select max(v.day)
from ( select h.name, least(h.day, $2::text::timestamptz::date) as day, h.record_id
from ( select 'talk' as name, coalesce((k.ends).latest, (k.starts).latest, (k.starts).earliest) as day, k.id as record_id
from (select v64.*
from talk v64
where v64.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v65.*
from milestone v65
where v65.retracted_at is null) m
where m.subject_id = v64.id), case when (v64.starts).earliest > v64.created_at::date then v64.created_at::date else (v64.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id = t1.id and ( select case when s.milestone in ('CANCELLED', 'POSTPONED', 'COLLAPSED', 'CONCLUDED') then s.milestone::text when $2::text::timestamptz::date < s.first_day then case when s.first_day = s.latest_start then 'SCHEDULED' else 'EXPECTED' end when $2::text::timestamptz::date <= s.last_day and (s.first_day = s.latest_start or s.reported_held) then 'UNDER_WAY' when $2::text::timestamptz::date <= s.latest_start then 'EXPECTED' when s.reported_held then 'HELD' when s.latest_start is null then 'EXPECTED' else 'OVERDUE' end
from ( select (k.starts).earliest as first_day, (k.starts).latest as latest_start, coalesce((k.ends).latest, (k.starts).latest) as last_day, ( exists (select
from (select v66.*
from milestone v66
where v66.retracted_at is null and coalesce((v66.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('OPENED', 'ADJOURNED')) or exists (select
from (select v67.*
from participation v67
where v67.retracted_at is null and exists (select
from talk v68
where v68.id = v67.talk_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v69.*
from milestone v69
where v69.retracted_at is null) m
where m.subject_id = v68.id), case when (v68.starts).earliest > v68.created_at::date then v68.created_at::date else (v68.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) a
where a.talk_id = k.id and a.attendance = 'REPORTED') ) as reported_held, ( select m.kind
from (select v71.*
from milestone v71
where v71.retracted_at is null and coalesce((v71.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('SCHEDULED', 'OPENED', 'POSTPONED', 'CANCELLED', 'COLLAPSED', 'CONCLUDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as milestone ) s ) in ('UNDER_WAY', 'HELD', 'CONCLUDED', 'COLLAPSED')
union all select 'milestone', coalesce((m.at).latest, (m.at).earliest), m.id
from (select v72.*
from agreement v72
where v72.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v73.*
from milestone v73
where v73.retracted_at is null) m
where m.subject_id = v72.id), (select min((s.signed).earliest)
from (select v74.*
from signature v74
where v74.retracted_at is null) s
where s.agreement_id = v72.id), '-infinity' ) <= $2::text::timestamptz::date) a
join (select v75.*
from milestone v75
where v75.retracted_at is null and coalesce((v75.at).earliest, '-infinity') <= $2::text::timestamptz::date) m on m.subject_id = a.id
where a.process_id = t1.id
union all select 'signature', coalesce((s.signed).latest, (s.signed).earliest), s.id
from (select v76.*
from agreement v76
where v76.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v77.*
from milestone v77
where v77.retracted_at is null) m
where m.subject_id = v76.id), (select min((s.signed).earliest)
from (select v78.*
from signature v78
where v78.retracted_at is null) s
where s.agreement_id = v76.id), '-infinity' ) <= $2::text::timestamptz::date) a
join (select v79.*
from signature v79
where v79.retracted_at is null and coalesce((v79.signed).earliest, '-infinity') <= $2::text::timestamptz::date and exists (select
from agreement v80
where v80.id = v79.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v81.*
from milestone v81
where v81.retracted_at is null) m
where m.subject_id = v80.id), (select min((s.signed).earliest)
from (select v82.*
from signature v82
where v82.retracted_at is null) s
where s.agreement_id = v80.id), '-infinity' ) <= $2::text::timestamptz::date)) s on s.agreement_id = a.id
where a.process_id = t1.id ) h
where h.day is not null ) v) as "daysSinceLastActivity", case when ( select case when s.ended in ('CONCLUDED', 'COLLAPSED') then s.ended::text when s.paused = 'SUSPENDED' then 'SUSPENDED' when $2::text::timestamptz::date - s.last_day > t1.stall_after_days and not exists (select
from (select v84.*
from talk v84
where v84.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v85.*
from milestone v85
where v85.retracted_at is null) m
where m.subject_id = v84.id), case when (v84.starts).earliest > v84.created_at::date then v84.created_at::date else (v84.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id = t1.id and ( select case when s.milestone in ('CANCELLED', 'POSTPONED', 'COLLAPSED', 'CONCLUDED') then s.milestone::text when $2::text::timestamptz::date < s.first_day then case when s.first_day = s.latest_start then 'SCHEDULED' else 'EXPECTED' end when $2::text::timestamptz::date <= s.last_day and (s.first_day = s.latest_start or s.reported_held) then 'UNDER_WAY' when $2::text::timestamptz::date <= s.latest_start then 'EXPECTED' when s.reported_held then 'HELD' when s.latest_start is null then 'EXPECTED' else 'OVERDUE' end
from ( select (k.starts).earliest as first_day, (k.starts).latest as latest_start, coalesce((k.ends).latest, (k.starts).latest) as last_day, ( exists (select
from (select v86.*
from milestone v86
where v86.retracted_at is null and coalesce((v86.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('OPENED', 'ADJOURNED')) or exists (select
from (select v87.*
from participation v87
where v87.retracted_at is null and exists (select
from talk v88
where v88.id = v87.talk_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v89.*
from milestone v89
where v89.retracted_at is null) m
where m.subject_id = v88.id), case when (v88.starts).earliest > v88.created_at::date then v88.created_at::date else (v88.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) a
where a.talk_id = k.id and a.attendance = 'REPORTED') ) as reported_held, ( select m.kind
from (select v91.*
from milestone v91
where v91.retracted_at is null and coalesce((v91.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('SCHEDULED', 'OPENED', 'POSTPONED', 'CANCELLED', 'COLLAPSED', 'CONCLUDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as milestone ) s ) in ('EXPECTED', 'SCHEDULED')) and not exists (select
from (select v92.*
from deadline v92
where v92.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v93.*
from milestone v93
where v93.retracted_at is null) m
where m.subject_id = v92.id), case when least(v92.anchor, (v92.due).earliest) > v92.created_at::date then v92.created_at::date else least(v92.anchor, (v92.due).earliest) end, '-infinity' ) <= $2::text::timestamptz::date) d
where d.subject_id in ( select t1.id
union all select k.id
from (select v94.*
from talk v94
where v94.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v95.*
from milestone v95
where v95.retracted_at is null) m
where m.subject_id = v94.id), case when (v94.starts).earliest > v94.created_at::date then v94.created_at::date else (v94.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id = t1.id
union all select a.id
from (select v96.*
from agreement v96
where v96.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v97.*
from milestone v97
where v97.retracted_at is null) m
where m.subject_id = v96.id), (select min((s.signed).earliest)
from (select v98.*
from signature v98
where v98.retracted_at is null) s
where s.agreement_id = v96.id), '-infinity' ) <= $2::text::timestamptz::date) a
where a.process_id = t1.id
union all select c.id
from (select v99.*
from condition v99
where v99.retracted_at is null and exists (select
from statement v100
where v100.id = v99.statement_id and coalesce((v100.said).earliest, '-infinity') <= $2::text::timestamptz::date)) c
join (select v101.*
from statement v101
where v101.retracted_at is null and coalesce((v101.said).earliest, '-infinity') <= $2::text::timestamptz::date) s on s.id = c.statement_id
where s.process_id = t1.id ) and ( select case when s.resolution in ('MET', 'MISSED', 'WAIVED', 'WITHDRAWN') then s.resolution::text when (s.due).latest is null then 'OPEN_ENDED' when $2::text::timestamptz::date > (s.due).latest then 'OVERDUE' when $2::text::timestamptz::date >= coalesce((s.due).earliest, '-infinity') then 'IN_WINDOW' when (s.due).earliest - $2::text::timestamptz::date <= 3 then 'DUE_SOON' else 'PENDING' end
from (select coalesce(( select m.due
from (select v102.*
from milestone v102
where v102.retracted_at is null and coalesce((v102.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = d.id and m.kind = 'EXTENDED'
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ), d.due) as due, ( select m.kind
from (select v103.*
from milestone v103
where v103.retracted_at is null and coalesce((v103.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = d.id and m.kind in ('MET', 'MISSED', 'WAIVED', 'WITHDRAWN', 'EXTENDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as resolution) s ) in ('PENDING', 'DUE_SOON', 'IN_WINDOW')) then 'STALLED' else 'ACTIVE' end
from ( select ( select m.kind
from (select v104.*
from milestone v104
where v104.retracted_at is null and coalesce((v104.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = t1.id and m.kind in ('OPENED', 'RESUMED', 'CONCLUDED', 'COLLAPSED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as ended, ( select m.kind
from (select v105.*
from milestone v105
where v105.retracted_at is null and coalesce((v105.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = t1.id and m.kind in ('SUSPENDED', 'RESUMED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as paused, coalesce((select max(v.day)
from ( select h.name, least(h.day, $2::text::timestamptz::date) as day, h.record_id
from ( select 'talk' as name, coalesce((k.ends).latest, (k.starts).latest, (k.starts).earliest) as day, k.id as record_id
from (select v106.*
from talk v106
where v106.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v107.*
from milestone v107
where v107.retracted_at is null) m
where m.subject_id = v106.id), case when (v106.starts).earliest > v106.created_at::date then v106.created_at::date else (v106.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id = t1.id and ( select case when s.milestone in ('CANCELLED', 'POSTPONED', 'COLLAPSED', 'CONCLUDED') then s.milestone::text when $2::text::timestamptz::date < s.first_day then case when s.first_day = s.latest_start then 'SCHEDULED' else 'EXPECTED' end when $2::text::timestamptz::date <= s.last_day and (s.first_day = s.latest_start or s.reported_held) then 'UNDER_WAY' when $2::text::timestamptz::date <= s.latest_start then 'EXPECTED' when s.reported_held then 'HELD' when s.latest_start is null then 'EXPECTED' else 'OVERDUE' end
from ( select (k.starts).earliest as first_day, (k.starts).latest as latest_start, coalesce((k.ends).latest, (k.starts).latest) as last_day, ( exists (select
from (select v108.*
from milestone v108
where v108.retracted_at is null and coalesce((v108.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('OPENED', 'ADJOURNED')) or exists (select
from (select v109.*
from participation v109
where v109.retracted_at is null and exists (select
from talk v110
where v110.id = v109.talk_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v111.*
from milestone v111
where v111.retracted_at is null) m
where m.subject_id = v110.id), case when (v110.starts).earliest > v110.created_at::date then v110.created_at::date else (v110.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) a
where a.talk_id = k.id and a.attendance = 'REPORTED') ) as reported_held, ( select m.kind
from (select v113.*
from milestone v113
where v113.retracted_at is null and coalesce((v113.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('SCHEDULED', 'OPENED', 'POSTPONED', 'CANCELLED', 'COLLAPSED', 'CONCLUDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as milestone ) s ) in ('UNDER_WAY', 'HELD', 'CONCLUDED', 'COLLAPSED')
union all select 'milestone', coalesce((m.at).latest, (m.at).earliest), m.id
from (select v114.*
from agreement v114
where v114.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v115.*
from milestone v115
where v115.retracted_at is null) m
where m.subject_id = v114.id), (select min((s.signed).earliest)
from (select v116.*
from signature v116
where v116.retracted_at is null) s
where s.agreement_id = v114.id), '-infinity' ) <= $2::text::timestamptz::date) a
join (select v117.*
from milestone v117
where v117.retracted_at is null and coalesce((v117.at).earliest, '-infinity') <= $2::text::timestamptz::date) m on m.subject_id = a.id
where a.process_id = t1.id
union all select 'signature', coalesce((s.signed).latest, (s.signed).earliest), s.id
from (select v118.*
from agreement v118
where v118.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v119.*
from milestone v119
where v119.retracted_at is null) m
where m.subject_id = v118.id), (select min((s.signed).earliest)
from (select v120.*
from signature v120
where v120.retracted_at is null) s
where s.agreement_id = v118.id), '-infinity' ) <= $2::text::timestamptz::date) a
join (select v121.*
from signature v121
where v121.retracted_at is null and coalesce((v121.signed).earliest, '-infinity') <= $2::text::timestamptz::date and exists (select
from agreement v122
where v122.id = v121.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v123.*
from milestone v123
where v123.retracted_at is null) m
where m.subject_id = v122.id), (select min((s.signed).earliest)
from (select v124.*
from signature v124
where v124.retracted_at is null) s
where s.agreement_id = v122.id), '-infinity' ) <= $2::text::timestamptz::date)) s on s.agreement_id = a.id
where a.process_id = t1.id ) h
where h.day is not null ) v), (t1.opened).earliest) as last_day ) s ) = 'STALLED' then coalesce((select max(v.day)
from ( select h.name, least(h.day, $2::text::timestamptz::date) as day, h.record_id
from ( select 'talk' as name, coalesce((k.ends).latest, (k.starts).latest, (k.starts).earliest) as day, k.id as record_id
from (select v126.*
from talk v126
where v126.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v127.*
from milestone v127
where v127.retracted_at is null) m
where m.subject_id = v126.id), case when (v126.starts).earliest > v126.created_at::date then v126.created_at::date else (v126.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id = t1.id and ( select case when s.milestone in ('CANCELLED', 'POSTPONED', 'COLLAPSED', 'CONCLUDED') then s.milestone::text when $2::text::timestamptz::date < s.first_day then case when s.first_day = s.latest_start then 'SCHEDULED' else 'EXPECTED' end when $2::text::timestamptz::date <= s.last_day and (s.first_day = s.latest_start or s.reported_held) then 'UNDER_WAY' when $2::text::timestamptz::date <= s.latest_start then 'EXPECTED' when s.reported_held then 'HELD' when s.latest_start is null then 'EXPECTED' else 'OVERDUE' end
from ( select (k.starts).earliest as first_day, (k.starts).latest as latest_start, coalesce((k.ends).latest, (k.starts).latest) as last_day, ( exists (select
from (select v128.*
from milestone v128
where v128.retracted_at is null and coalesce((v128.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('OPENED', 'ADJOURNED')) or exists (select
from (select v129.*
from participation v129
where v129.retracted_at is null and exists (select
from talk v130
where v130.id = v129.talk_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v131.*
from milestone v131
where v131.retracted_at is null) m
where m.subject_id = v130.id), case when (v130.starts).earliest > v130.created_at::date then v130.created_at::date else (v130.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) a
where a.talk_id = k.id and a.attendance = 'REPORTED') ) as reported_held, ( select m.kind
from (select v133.*
from milestone v133
where v133.retracted_at is null and coalesce((v133.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('SCHEDULED', 'OPENED', 'POSTPONED', 'CANCELLED', 'COLLAPSED', 'CONCLUDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as milestone ) s ) in ('UNDER_WAY', 'HELD', 'CONCLUDED', 'COLLAPSED')
union all select 'milestone', coalesce((m.at).latest, (m.at).earliest), m.id
from (select v134.*
from agreement v134
where v134.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v135.*
from milestone v135
where v135.retracted_at is null) m
where m.subject_id = v134.id), (select min((s.signed).earliest)
from (select v136.*
from signature v136
where v136.retracted_at is null) s
where s.agreement_id = v134.id), '-infinity' ) <= $2::text::timestamptz::date) a
join (select v137.*
from milestone v137
where v137.retracted_at is null and coalesce((v137.at).earliest, '-infinity') <= $2::text::timestamptz::date) m on m.subject_id = a.id
where a.process_id = t1.id
union all select 'signature', coalesce((s.signed).latest, (s.signed).earliest), s.id
from (select v138.*
from agreement v138
where v138.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v139.*
from milestone v139
where v139.retracted_at is null) m
where m.subject_id = v138.id), (select min((s.signed).earliest)
from (select v140.*
from signature v140
where v140.retracted_at is null) s
where s.agreement_id = v138.id), '-infinity' ) <= $2::text::timestamptz::date) a
join (select v141.*
from signature v141
where v141.retracted_at is null and coalesce((v141.signed).earliest, '-infinity') <= $2::text::timestamptz::date and exists (select
from agreement v142
where v142.id = v141.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v143.*
from milestone v143
where v143.retracted_at is null) m
where m.subject_id = v142.id), (select min((s.signed).earliest)
from (select v144.*
from signature v144
where v144.retracted_at is null) s
where s.agreement_id = v142.id), '-infinity' ) <= $2::text::timestamptz::date)) s on s.agreement_id = a.id
where a.process_id = t1.id ) h
where h.day is not null ) v), (t1.opened).earliest) + t1.stall_after_days + 1 end as "stalledSince", (select row_to_json(n.*)
from (select (select coalesce(json_agg(row_to_json(n.*)
order by t146.place), '[]'::json)
from (select *, row_number() over () as place
from ( select 'clock' as name, $2::text::timestamptz::date::text as value, null::uuid as record_id
union all select 'stallAfterDays', t1.stall_after_days::text, t1.id
union all select 'opened', (t1.opened).edtf, t1.id
where (t1.opened).edtf is not null
union all ( select 'milestone', m.kind || ' ' || (m.at).edtf, m.id
from (select v147.*
from milestone v147
where v147.retracted_at is null and coalesce((v147.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.id in (( select m.id
from (select v148.*
from milestone v148
where v148.retracted_at is null and coalesce((v148.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = t1.id and m.kind in ('OPENED', 'RESUMED', 'CONCLUDED', 'COLLAPSED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ), ( select m.id
from (select v149.*
from milestone v149
where v149.retracted_at is null and coalesce((v149.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = t1.id and m.kind in ('SUSPENDED', 'RESUMED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ))
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc )
union all ( select 'lastActivity: ' || v.name, v.day::text, v.record_id
from ( select h.name, least(h.day, $2::text::timestamptz::date) as day, h.record_id
from ( select 'talk' as name, coalesce((k.ends).latest, (k.starts).latest, (k.starts).earliest) as day, k.id as record_id
from (select v150.*
from talk v150
where v150.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v151.*
from milestone v151
where v151.retracted_at is null) m
where m.subject_id = v150.id), case when (v150.starts).earliest > v150.created_at::date then v150.created_at::date else (v150.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id = t1.id and ( select case when s.milestone in ('CANCELLED', 'POSTPONED', 'COLLAPSED', 'CONCLUDED') then s.milestone::text when $2::text::timestamptz::date < s.first_day then case when s.first_day = s.latest_start then 'SCHEDULED' else 'EXPECTED' end when $2::text::timestamptz::date <= s.last_day and (s.first_day = s.latest_start or s.reported_held) then 'UNDER_WAY' when $2::text::timestamptz::date <= s.latest_start then 'EXPECTED' when s.reported_held then 'HELD' when s.latest_start is null then 'EXPECTED' else 'OVERDUE' end
from ( select (k.starts).earliest as first_day, (k.starts).latest as latest_start, coalesce((k.ends).latest, (k.starts).latest) as last_day, ( exists (select
from (select v152.*
from milestone v152
where v152.retracted_at is null and coalesce((v152.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('OPENED', 'ADJOURNED')) or exists (select
from (select v153.*
from participation v153
where v153.retracted_at is null and exists (select
from talk v154
where v154.id = v153.talk_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v155.*
from milestone v155
where v155.retracted_at is null) m
where m.subject_id = v154.id), case when (v154.starts).earliest > v154.created_at::date then v154.created_at::date else (v154.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) a
where a.talk_id = k.id and a.attendance = 'REPORTED') ) as reported_held, ( select m.kind
from (select v157.*
from milestone v157
where v157.retracted_at is null and coalesce((v157.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('SCHEDULED', 'OPENED', 'POSTPONED', 'CANCELLED', 'COLLAPSED', 'CONCLUDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as milestone ) s ) in ('UNDER_WAY', 'HELD', 'CONCLUDED', 'COLLAPSED')
union all select 'milestone', coalesce((m.at).latest, (m.at).earliest), m.id
from (select v158.*
from agreement v158
where v158.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v159.*
from milestone v159
where v159.retracted_at is null) m
where m.subject_id = v158.id), (select min((s.signed).earliest)
from (select v160.*
from signature v160
where v160.retracted_at is null) s
where s.agreement_id = v158.id), '-infinity' ) <= $2::text::timestamptz::date) a
join (select v161.*
from milestone v161
where v161.retracted_at is null and coalesce((v161.at).earliest, '-infinity') <= $2::text::timestamptz::date) m on m.subject_id = a.id
where a.process_id = t1.id
union all select 'signature', coalesce((s.signed).latest, (s.signed).earliest), s.id
from (select v162.*
from agreement v162
where v162.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v163.*
from milestone v163
where v163.retracted_at is null) m
where m.subject_id = v162.id), (select min((s.signed).earliest)
from (select v164.*
from signature v164
where v164.retracted_at is null) s
where s.agreement_id = v162.id), '-infinity' ) <= $2::text::timestamptz::date) a
join (select v165.*
from signature v165
where v165.retracted_at is null and coalesce((v165.signed).earliest, '-infinity') <= $2::text::timestamptz::date and exists (select
from agreement v166
where v166.id = v165.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v167.*
from milestone v167
where v167.retracted_at is null) m
where m.subject_id = v166.id), (select min((s.signed).earliest)
from (select v168.*
from signature v168
where v168.retracted_at is null) s
where s.agreement_id = v166.id), '-infinity' ) <= $2::text::timestamptz::date)) s on s.agreement_id = a.id
where a.process_id = t1.id ) h
where h.day is not null ) v
order by v.day desc, v.name desc, v.record_id desc
limit 1 )
union all (select 'talkToCome', ( select case when s.milestone in ('CANCELLED', 'POSTPONED', 'COLLAPSED', 'CONCLUDED') then s.milestone::text when $2::text::timestamptz::date < s.first_day then case when s.first_day = s.latest_start then 'SCHEDULED' else 'EXPECTED' end when $2::text::timestamptz::date <= s.last_day and (s.first_day = s.latest_start or s.reported_held) then 'UNDER_WAY' when $2::text::timestamptz::date <= s.latest_start then 'EXPECTED' when s.reported_held then 'HELD' when s.latest_start is null then 'EXPECTED' else 'OVERDUE' end
from ( select (k.starts).earliest as first_day, (k.starts).latest as latest_start, coalesce((k.ends).latest, (k.starts).latest) as last_day, ( exists (select
from (select v170.*
from milestone v170
where v170.retracted_at is null and coalesce((v170.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('OPENED', 'ADJOURNED')) or exists (select
from (select v171.*
from participation v171
where v171.retracted_at is null and exists (select
from talk v172
where v172.id = v171.talk_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v173.*
from milestone v173
where v173.retracted_at is null) m
where m.subject_id = v172.id), case when (v172.starts).earliest > v172.created_at::date then v172.created_at::date else (v172.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) a
where a.talk_id = k.id and a.attendance = 'REPORTED') ) as reported_held, ( select m.kind
from (select v175.*
from milestone v175
where v175.retracted_at is null and coalesce((v175.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('SCHEDULED', 'OPENED', 'POSTPONED', 'CANCELLED', 'COLLAPSED', 'CONCLUDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as milestone ) s ), k.id
from (select v176.*
from talk v176
where v176.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v177.*
from milestone v177
where v177.retracted_at is null) m
where m.subject_id = v176.id), case when (v176.starts).earliest > v176.created_at::date then v176.created_at::date else (v176.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id = t1.id and ( select case when s.milestone in ('CANCELLED', 'POSTPONED', 'COLLAPSED', 'CONCLUDED') then s.milestone::text when $2::text::timestamptz::date < s.first_day then case when s.first_day = s.latest_start then 'SCHEDULED' else 'EXPECTED' end when $2::text::timestamptz::date <= s.last_day and (s.first_day = s.latest_start or s.reported_held) then 'UNDER_WAY' when $2::text::timestamptz::date <= s.latest_start then 'EXPECTED' when s.reported_held then 'HELD' when s.latest_start is null then 'EXPECTED' else 'OVERDUE' end
from ( select (k.starts).earliest as first_day, (k.starts).latest as latest_start, coalesce((k.ends).latest, (k.starts).latest) as last_day, ( exists (select
from (select v178.*
from milestone v178
where v178.retracted_at is null and coalesce((v178.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('OPENED', 'ADJOURNED')) or exists (select
from (select v179.*
from participation v179
where v179.retracted_at is null and exists (select
from talk v180
where v180.id = v179.talk_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v181.*
from milestone v181
where v181.retracted_at is null) m
where m.subject_id = v180.id), case when (v180.starts).earliest > v180.created_at::date then v180.created_at::date else (v180.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) a
where a.talk_id = k.id and a.attendance = 'REPORTED') ) as reported_held, ( select m.kind
from (select v183.*
from milestone v183
where v183.retracted_at is null and coalesce((v183.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('SCHEDULED', 'OPENED', 'POSTPONED', 'CANCELLED', 'COLLAPSED', 'CONCLUDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as milestone ) s ) in ('EXPECTED', 'SCHEDULED')
order by k.id
limit 20)
union all (select 'openDeadline', ( select case when s.resolution in ('MET', 'MISSED', 'WAIVED', 'WITHDRAWN') then s.resolution::text when (s.due).latest is null then 'OPEN_ENDED' when $2::text::timestamptz::date > (s.due).latest then 'OVERDUE' when $2::text::timestamptz::date >= coalesce((s.due).earliest, '-infinity') then 'IN_WINDOW' when (s.due).earliest - $2::text::timestamptz::date <= 3 then 'DUE_SOON' else 'PENDING' end
from (select coalesce(( select m.due
from (select v184.*
from milestone v184
where v184.retracted_at is null and coalesce((v184.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = d.id and m.kind = 'EXTENDED'
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ), d.due) as due, ( select m.kind
from (select v185.*
from milestone v185
where v185.retracted_at is null and coalesce((v185.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = d.id and m.kind in ('MET', 'MISSED', 'WAIVED', 'WITHDRAWN', 'EXTENDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as resolution) s ), d.id
from (select v186.*
from deadline v186
where v186.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v187.*
from milestone v187
where v187.retracted_at is null) m
where m.subject_id = v186.id), case when least(v186.anchor, (v186.due).earliest) > v186.created_at::date then v186.created_at::date else least(v186.anchor, (v186.due).earliest) end, '-infinity' ) <= $2::text::timestamptz::date) d
where d.subject_id in ( select t1.id
union all select k.id
from (select v188.*
from talk v188
where v188.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v189.*
from milestone v189
where v189.retracted_at is null) m
where m.subject_id = v188.id), case when (v188.starts).earliest > v188.created_at::date then v188.created_at::date else (v188.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id = t1.id
union all select a.id
from (select v190.*
from agreement v190
where v190.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v191.*
from milestone v191
where v191.retracted_at is null) m
where m.subject_id = v190.id), (select min((s.signed).earliest)
from (select v192.*
from signature v192
where v192.retracted_at is null) s
where s.agreement_id = v190.id), '-infinity' ) <= $2::text::timestamptz::date) a
where a.process_id = t1.id
union all select c.id
from (select v193.*
from condition v193
where v193.retracted_at is null and exists (select
from statement v194
where v194.id = v193.statement_id and coalesce((v194.said).earliest, '-infinity') <= $2::text::timestamptz::date)) c
join (select v195.*
from statement v195
where v195.retracted_at is null and coalesce((v195.said).earliest, '-infinity') <= $2::text::timestamptz::date) s on s.id = c.statement_id
where s.process_id = t1.id ) and ( select case when s.resolution in ('MET', 'MISSED', 'WAIVED', 'WITHDRAWN') then s.resolution::text when (s.due).latest is null then 'OPEN_ENDED' when $2::text::timestamptz::date > (s.due).latest then 'OVERDUE' when $2::text::timestamptz::date >= coalesce((s.due).earliest, '-infinity') then 'IN_WINDOW' when (s.due).earliest - $2::text::timestamptz::date <= 3 then 'DUE_SOON' else 'PENDING' end
from (select coalesce(( select m.due
from (select v196.*
from milestone v196
where v196.retracted_at is null and coalesce((v196.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = d.id and m.kind = 'EXTENDED'
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ), d.due) as due, ( select m.kind
from (select v197.*
from milestone v197
where v197.retracted_at is null and coalesce((v197.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = d.id and m.kind in ('MET', 'MISSED', 'WAIVED', 'WITHDRAWN', 'EXTENDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as resolution) s ) in ('PENDING', 'DUE_SOON', 'IN_WINDOW')
order by d.id
limit 20) ) r) t146 cross
join lateral (select t146.name as "name", t146.value as "value") n) as "inputs") n) as "statusExplained", row_to_json(j206.*) as "nextTalk", row_to_json(j223.*) as "nextDeadline", row_to_json(j227.*) as "reportedStatus"
from process t1
left
join lateral (select t207.key as "key"
from talk t207
where t207.id = (select k.id
from (select v198.*
from talk v198
where v198.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v199.*
from milestone v199
where v199.retracted_at is null) m
where m.subject_id = v198.id), case when (v198.starts).earliest > v198.created_at::date then v198.created_at::date else (v198.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id = t1.id and ( select case when s.milestone in ('CANCELLED', 'POSTPONED', 'COLLAPSED', 'CONCLUDED') then s.milestone::text when $2::text::timestamptz::date < s.first_day then case when s.first_day = s.latest_start then 'SCHEDULED' else 'EXPECTED' end when $2::text::timestamptz::date <= s.last_day and (s.first_day = s.latest_start or s.reported_held) then 'UNDER_WAY' when $2::text::timestamptz::date <= s.latest_start then 'EXPECTED' when s.reported_held then 'HELD' when s.latest_start is null then 'EXPECTED' else 'OVERDUE' end
from ( select (k.starts).earliest as first_day, (k.starts).latest as latest_start, coalesce((k.ends).latest, (k.starts).latest) as last_day, ( exists (select
from (select v200.*
from milestone v200
where v200.retracted_at is null and coalesce((v200.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('OPENED', 'ADJOURNED')) or exists (select
from (select v201.*
from participation v201
where v201.retracted_at is null and exists (select
from talk v202
where v202.id = v201.talk_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v203.*
from milestone v203
where v203.retracted_at is null) m
where m.subject_id = v202.id), case when (v202.starts).earliest > v202.created_at::date then v202.created_at::date else (v202.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date)) a
where a.talk_id = k.id and a.attendance = 'REPORTED') ) as reported_held, ( select m.kind
from (select v205.*
from milestone v205
where v205.retracted_at is null and coalesce((v205.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = k.id and m.kind in ('SCHEDULED', 'OPENED', 'POSTPONED', 'CANCELLED', 'COLLAPSED', 'CONCLUDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as milestone ) s ) in ('EXPECTED', 'SCHEDULED')
order by (k.starts).earliest, (k.starts).latest, k.id
limit 1) and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v208.*
from milestone v208
where v208.retracted_at is null) m
where m.subject_id = t207.id), case when (t207.starts).earliest > t207.created_at::date then t207.created_at::date else (t207.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) j206 on true
left
join lateral (select t224.key as "key"
from deadline t224
where t224.id = ( select d.id
from (select v209.*
from deadline v209
where v209.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v210.*
from milestone v210
where v210.retracted_at is null) m
where m.subject_id = v209.id), case when least(v209.anchor, (v209.due).earliest) > v209.created_at::date then v209.created_at::date else least(v209.anchor, (v209.due).earliest) end, '-infinity' ) <= $2::text::timestamptz::date) d
where d.subject_id in ( select t1.id
union all select k.id
from (select v211.*
from talk v211
where v211.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v212.*
from milestone v212
where v212.retracted_at is null) m
where m.subject_id = v211.id), case when (v211.starts).earliest > v211.created_at::date then v211.created_at::date else (v211.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id = t1.id
union all select a.id
from (select v213.*
from agreement v213
where v213.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v214.*
from milestone v214
where v214.retracted_at is null) m
where m.subject_id = v213.id), (select min((s.signed).earliest)
from (select v215.*
from signature v215
where v215.retracted_at is null) s
where s.agreement_id = v213.id), '-infinity' ) <= $2::text::timestamptz::date) a
where a.process_id = t1.id
union all select c.id
from (select v216.*
from condition v216
where v216.retracted_at is null and exists (select
from statement v217
where v217.id = v216.statement_id and coalesce((v217.said).earliest, '-infinity') <= $2::text::timestamptz::date)) c
join (select v218.*
from statement v218
where v218.retracted_at is null and coalesce((v218.said).earliest, '-infinity') <= $2::text::timestamptz::date) s on s.id = c.statement_id
where s.process_id = t1.id ) and ( select case when s.resolution in ('MET', 'MISSED', 'WAIVED', 'WITHDRAWN') then s.resolution::text when (s.due).latest is null then 'OPEN_ENDED' when $2::text::timestamptz::date > (s.due).latest then 'OVERDUE' when $2::text::timestamptz::date >= coalesce((s.due).earliest, '-infinity') then 'IN_WINDOW' when (s.due).earliest - $2::text::timestamptz::date <= 3 then 'DUE_SOON' else 'PENDING' end
from (select coalesce(( select m.due
from (select v219.*
from milestone v219
where v219.retracted_at is null and coalesce((v219.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = d.id and m.kind = 'EXTENDED'
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ), d.due) as due, ( select m.kind
from (select v220.*
from milestone v220
where v220.retracted_at is null and coalesce((v220.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = d.id and m.kind in ('MET', 'MISSED', 'WAIVED', 'WITHDRAWN', 'EXTENDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as resolution) s ) in ('PENDING', 'DUE_SOON', 'IN_WINDOW')
order by (coalesce(( select m.due
from (select v221.*
from milestone v221
where v221.retracted_at is null and coalesce((v221.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = d.id and m.kind = 'EXTENDED'
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ), d.due)).latest - $2::text::timestamptz::date, (coalesce(( select m.due
from (select v222.*
from milestone v222
where v222.retracted_at is null and coalesce((v222.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = d.id and m.kind = 'EXTENDED'
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ), d.due)).earliest - $2::text::timestamptz::date, d.id
limit 1 ) and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v225.*
from milestone v225
where v225.retracted_at is null) m
where m.subject_id = t224.id), case when least(t224.anchor, (t224.due).earliest) > t224.created_at::date then t224.created_at::date else least(t224.anchor, (t224.due).earliest) end, '-infinity' ) <= $2::text::timestamptz::date) j223 on true
left
join lateral (select t228.kind as "kind"
from milestone t228
where t228.id = ( select m.id
from (select v226.*
from milestone v226
where v226.retracted_at is null and coalesce((v226.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = t1.id and m.kind in ('REPORTED_STALLED', 'REPORTED_PROGRESS')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) and coalesce((t228.at).earliest, '-infinity') <= $2::text::timestamptz::date) j227 on true
where t1.key = $1::text and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v229.*
from milestone v229
where v229.retracted_at is null) m
where m.subject_id = t1.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (t1.opened).earliest > t1.created_at::date then t1.created_at::date else (t1.opened).earliest end, '-infinity' ) <= $2::text::timestamptz::date) n) as "process") q
-- $1: process.by.key
-- $2: process.asOf
