select convert_to(concat('{"process":', coalesce(q.o1, 'null'), '}'), 'UTF8') as data, case when q.o1 is null then coalesce(null, '') end
from (select (select concat('{"status":', coalesce('"' || (( select case when s.ended in ('CONCLUDED', 'COLLAPSED') then s.ended::text when s.paused = 'SUSPENDED' then 'SUSPENDED' when $2::text::timestamptz::date - s.last_day > t2.stall_after_days and not exists (select
from (select v3.*
from talk v3
where v3.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v4.*
from milestone v4
where v4.retracted_at is null) m
where m.subject_id = v3.id), case when (v3.starts).earliest > v3.created_at::date then v3.created_at::date else (v3.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id = t2.id and (select p.status
from status_period p
where p.record_id = k.id and p.from_day <= $2::text::timestamptz::date and $2::text::timestamptz::date < p.until_day) in ('EXPECTED', 'SCHEDULED')) and not exists (select
from (select v5.*
from deadline v5
where v5.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v6.*
from milestone v6
where v6.retracted_at is null) m
where m.subject_id = v5.id), case when least(v5.anchor, (v5.due).earliest) > v5.created_at::date then v5.created_at::date else least(v5.anchor, (v5.due).earliest) end, '-infinity' ) <= $2::text::timestamptz::date) d
where d.subject_id in ( select t2.id
union all select k.id
from (select v7.*
from talk v7
where v7.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v8.*
from milestone v8
where v8.retracted_at is null) m
where m.subject_id = v7.id), case when (v7.starts).earliest > v7.created_at::date then v7.created_at::date else (v7.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id = t2.id
union all select a.id
from (select v9.*
from agreement v9
where v9.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v10.*
from milestone v10
where v10.retracted_at is null) m
where m.subject_id = v9.id), (select min((s.signed).earliest)
from (select v11.*
from signature v11
where v11.retracted_at is null) s
where s.agreement_id = v9.id), '-infinity' ) <= $2::text::timestamptz::date) a
where a.process_id = t2.id
union all select c.id
from (select v12.*
from condition v12
where v12.retracted_at is null and exists (select
from statement v13
where v13.id = v12.statement_id and coalesce((v13.said).earliest, '-infinity') <= $2::text::timestamptz::date)) c
join (select v14.*
from statement v14
where v14.retracted_at is null and coalesce((v14.said).earliest, '-infinity') <= $2::text::timestamptz::date) s on s.id = c.statement_id
where s.process_id = t2.id ) and (select p.status
from status_period p
where p.record_id = d.id and p.from_day <= $2::text::timestamptz::date and $2::text::timestamptz::date < p.until_day) in ('PENDING', 'DUE_SOON', 'IN_WINDOW')) then 'STALLED' else 'ACTIVE' end
from ( select ( select m.kind
from (select v15.*
from milestone v15
where v15.retracted_at is null and coalesce((v15.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = t2.id and m.kind in ('OPENED', 'RESUMED', 'CONCLUDED', 'COLLAPSED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as ended, ( select m.kind
from (select v16.*
from milestone v16
where v16.retracted_at is null and coalesce((v16.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = t2.id and m.kind in ('SUSPENDED', 'RESUMED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as paused, coalesce((select max(v.day)
from ( select h.name, least(h.day, $2::text::timestamptz::date) as day, h.record_id
from ( select 'talk' as name, coalesce((k.ends).latest, (k.starts).latest, (k.starts).earliest) as day, k.id as record_id
from (select v17.*
from talk v17
where v17.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v18.*
from milestone v18
where v18.retracted_at is null) m
where m.subject_id = v17.id), case when (v17.starts).earliest > v17.created_at::date then v17.created_at::date else (v17.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id = t2.id and (select p.status
from status_period p
where p.record_id = k.id and p.from_day <= $2::text::timestamptz::date and $2::text::timestamptz::date < p.until_day) in ('UNDER_WAY', 'HELD', 'CONCLUDED', 'COLLAPSED')
union all select 'milestone', coalesce((m.at).latest, (m.at).earliest), m.id
from (select v19.*
from agreement v19
where v19.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v20.*
from milestone v20
where v20.retracted_at is null) m
where m.subject_id = v19.id), (select min((s.signed).earliest)
from (select v21.*
from signature v21
where v21.retracted_at is null) s
where s.agreement_id = v19.id), '-infinity' ) <= $2::text::timestamptz::date) a
join (select v22.*
from milestone v22
where v22.retracted_at is null and coalesce((v22.at).earliest, '-infinity') <= $2::text::timestamptz::date) m on m.subject_id = a.id
where a.process_id = t2.id
union all select 'signature', coalesce((s.signed).latest, (s.signed).earliest), s.id
from (select v23.*
from agreement v23
where v23.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v24.*
from milestone v24
where v24.retracted_at is null) m
where m.subject_id = v23.id), (select min((s.signed).earliest)
from (select v25.*
from signature v25
where v25.retracted_at is null) s
where s.agreement_id = v23.id), '-infinity' ) <= $2::text::timestamptz::date) a
join (select v26.*
from signature v26
where v26.retracted_at is null and coalesce((v26.signed).earliest, '-infinity') <= $2::text::timestamptz::date and exists (select
from agreement v27
where v27.id = v26.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v28.*
from milestone v28
where v28.retracted_at is null) m
where m.subject_id = v27.id), (select min((s.signed).earliest)
from (select v29.*
from signature v29
where v29.retracted_at is null) s
where s.agreement_id = v27.id), '-infinity' ) <= $2::text::timestamptz::date)) s on s.agreement_id = a.id
where a.process_id = t2.id ) h
where h.day is not null ) v), (t2.opened).earliest) as last_day ) s ))::text || '"', 'null'), ',"lastActivity":', coalesce('"' || ((select max(v.day)
from ( select h.name, least(h.day, $2::text::timestamptz::date) as day, h.record_id
from ( select 'talk' as name, coalesce((k.ends).latest, (k.starts).latest, (k.starts).earliest) as day, k.id as record_id
from (select v31.*
from talk v31
where v31.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v32.*
from milestone v32
where v32.retracted_at is null) m
where m.subject_id = v31.id), case when (v31.starts).earliest > v31.created_at::date then v31.created_at::date else (v31.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id = t2.id and (select p.status
from status_period p
where p.record_id = k.id and p.from_day <= $2::text::timestamptz::date and $2::text::timestamptz::date < p.until_day) in ('UNDER_WAY', 'HELD', 'CONCLUDED', 'COLLAPSED')
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
where h.day is not null ) v))::text || '"', 'null'), ',"daysSinceLastActivity":', coalesce(($2::text::timestamptz::date - (select max(v.day)
from ( select h.name, least(h.day, $2::text::timestamptz::date) as day, h.record_id
from ( select 'talk' as name, coalesce((k.ends).latest, (k.starts).latest, (k.starts).earliest) as day, k.id as record_id
from (select v45.*
from talk v45
where v45.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v46.*
from milestone v46
where v46.retracted_at is null) m
where m.subject_id = v45.id), case when (v45.starts).earliest > v45.created_at::date then v45.created_at::date else (v45.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id = t2.id and (select p.status
from status_period p
where p.record_id = k.id and p.from_day <= $2::text::timestamptz::date and $2::text::timestamptz::date < p.until_day) in ('UNDER_WAY', 'HELD', 'CONCLUDED', 'COLLAPSED')
union all select 'milestone', coalesce((m.at).latest, (m.at).earliest), m.id
from (select v47.*
from agreement v47
where v47.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v48.*
from milestone v48
where v48.retracted_at is null) m
where m.subject_id = v47.id), (select min((s.signed).earliest)
from (select v49.*
from signature v49
where v49.retracted_at is null) s
where s.agreement_id = v47.id), '-infinity' ) <= $2::text::timestamptz::date) a
join (select v50.*
from milestone v50
where v50.retracted_at is null and coalesce((v50.at).earliest, '-infinity') <= $2::text::timestamptz::date) m on m.subject_id = a.id
where a.process_id = t2.id
union all select 'signature', coalesce((s.signed).latest, (s.signed).earliest), s.id
from (select v51.*
from agreement v51
where v51.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v52.*
from milestone v52
where v52.retracted_at is null) m
where m.subject_id = v51.id), (select min((s.signed).earliest)
from (select v53.*
from signature v53
where v53.retracted_at is null) s
where s.agreement_id = v51.id), '-infinity' ) <= $2::text::timestamptz::date) a
join (select v54.*
from signature v54
where v54.retracted_at is null and coalesce((v54.signed).earliest, '-infinity') <= $2::text::timestamptz::date and exists (select
from agreement v55
where v55.id = v54.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v56.*
from milestone v56
where v56.retracted_at is null) m
where m.subject_id = v55.id), (select min((s.signed).earliest)
from (select v57.*
from signature v57
where v57.retracted_at is null) s
where s.agreement_id = v55.id), '-infinity' ) <= $2::text::timestamptz::date)) s on s.agreement_id = a.id
where a.process_id = t2.id ) h
where h.day is not null ) v))::text, 'null'), ',"stalledSince":', coalesce('"' || (case when ( select case when s.ended in ('CONCLUDED', 'COLLAPSED') then s.ended::text when s.paused = 'SUSPENDED' then 'SUSPENDED' when $2::text::timestamptz::date - s.last_day > t2.stall_after_days and not exists (select
from (select v59.*
from talk v59
where v59.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v60.*
from milestone v60
where v60.retracted_at is null) m
where m.subject_id = v59.id), case when (v59.starts).earliest > v59.created_at::date then v59.created_at::date else (v59.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id = t2.id and (select p.status
from status_period p
where p.record_id = k.id and p.from_day <= $2::text::timestamptz::date and $2::text::timestamptz::date < p.until_day) in ('EXPECTED', 'SCHEDULED')) and not exists (select
from (select v61.*
from deadline v61
where v61.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v62.*
from milestone v62
where v62.retracted_at is null) m
where m.subject_id = v61.id), case when least(v61.anchor, (v61.due).earliest) > v61.created_at::date then v61.created_at::date else least(v61.anchor, (v61.due).earliest) end, '-infinity' ) <= $2::text::timestamptz::date) d
where d.subject_id in ( select t2.id
union all select k.id
from (select v63.*
from talk v63
where v63.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v64.*
from milestone v64
where v64.retracted_at is null) m
where m.subject_id = v63.id), case when (v63.starts).earliest > v63.created_at::date then v63.created_at::date else (v63.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id = t2.id
union all select a.id
from (select v65.*
from agreement v65
where v65.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v66.*
from milestone v66
where v66.retracted_at is null) m
where m.subject_id = v65.id), (select min((s.signed).earliest)
from (select v67.*
from signature v67
where v67.retracted_at is null) s
where s.agreement_id = v65.id), '-infinity' ) <= $2::text::timestamptz::date) a
where a.process_id = t2.id
union all select c.id
from (select v68.*
from condition v68
where v68.retracted_at is null and exists (select
from statement v69
where v69.id = v68.statement_id and coalesce((v69.said).earliest, '-infinity') <= $2::text::timestamptz::date)) c
join (select v70.*
from statement v70
where v70.retracted_at is null and coalesce((v70.said).earliest, '-infinity') <= $2::text::timestamptz::date) s on s.id = c.statement_id
where s.process_id = t2.id ) and (select p.status
from status_period p
where p.record_id = d.id and p.from_day <= $2::text::timestamptz::date and $2::text::timestamptz::date < p.until_day) in ('PENDING', 'DUE_SOON', 'IN_WINDOW')) then 'STALLED' else 'ACTIVE' end
from ( select ( select m.kind
from (select v71.*
from milestone v71
where v71.retracted_at is null and coalesce((v71.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = t2.id and m.kind in ('OPENED', 'RESUMED', 'CONCLUDED', 'COLLAPSED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as ended, ( select m.kind
from (select v72.*
from milestone v72
where v72.retracted_at is null and coalesce((v72.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = t2.id and m.kind in ('SUSPENDED', 'RESUMED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as paused, coalesce((select max(v.day)
from ( select h.name, least(h.day, $2::text::timestamptz::date) as day, h.record_id
from ( select 'talk' as name, coalesce((k.ends).latest, (k.starts).latest, (k.starts).earliest) as day, k.id as record_id
from (select v73.*
from talk v73
where v73.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v74.*
from milestone v74
where v74.retracted_at is null) m
where m.subject_id = v73.id), case when (v73.starts).earliest > v73.created_at::date then v73.created_at::date else (v73.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id = t2.id and (select p.status
from status_period p
where p.record_id = k.id and p.from_day <= $2::text::timestamptz::date and $2::text::timestamptz::date < p.until_day) in ('UNDER_WAY', 'HELD', 'CONCLUDED', 'COLLAPSED')
union all select 'milestone', coalesce((m.at).latest, (m.at).earliest), m.id
from (select v75.*
from agreement v75
where v75.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v76.*
from milestone v76
where v76.retracted_at is null) m
where m.subject_id = v75.id), (select min((s.signed).earliest)
from (select v77.*
from signature v77
where v77.retracted_at is null) s
where s.agreement_id = v75.id), '-infinity' ) <= $2::text::timestamptz::date) a
join (select v78.*
from milestone v78
where v78.retracted_at is null and coalesce((v78.at).earliest, '-infinity') <= $2::text::timestamptz::date) m on m.subject_id = a.id
where a.process_id = t2.id
union all select 'signature', coalesce((s.signed).latest, (s.signed).earliest), s.id
from (select v79.*
from agreement v79
where v79.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v80.*
from milestone v80
where v80.retracted_at is null) m
where m.subject_id = v79.id), (select min((s.signed).earliest)
from (select v81.*
from signature v81
where v81.retracted_at is null) s
where s.agreement_id = v79.id), '-infinity' ) <= $2::text::timestamptz::date) a
join (select v82.*
from signature v82
where v82.retracted_at is null and coalesce((v82.signed).earliest, '-infinity') <= $2::text::timestamptz::date and exists (select
from agreement v83
where v83.id = v82.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v84.*
from milestone v84
where v84.retracted_at is null) m
where m.subject_id = v83.id), (select min((s.signed).earliest)
from (select v85.*
from signature v85
where v85.retracted_at is null) s
where s.agreement_id = v83.id), '-infinity' ) <= $2::text::timestamptz::date)) s on s.agreement_id = a.id
where a.process_id = t2.id ) h
where h.day is not null ) v), (t2.opened).earliest) as last_day ) s ) = 'STALLED' then coalesce((select max(v.day)
from ( select h.name, least(h.day, $2::text::timestamptz::date) as day, h.record_id
from ( select 'talk' as name, coalesce((k.ends).latest, (k.starts).latest, (k.starts).earliest) as day, k.id as record_id
from (select v87.*
from talk v87
where v87.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v88.*
from milestone v88
where v88.retracted_at is null) m
where m.subject_id = v87.id), case when (v87.starts).earliest > v87.created_at::date then v87.created_at::date else (v87.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id = t2.id and (select p.status
from status_period p
where p.record_id = k.id and p.from_day <= $2::text::timestamptz::date and $2::text::timestamptz::date < p.until_day) in ('UNDER_WAY', 'HELD', 'CONCLUDED', 'COLLAPSED')
union all select 'milestone', coalesce((m.at).latest, (m.at).earliest), m.id
from (select v89.*
from agreement v89
where v89.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v90.*
from milestone v90
where v90.retracted_at is null) m
where m.subject_id = v89.id), (select min((s.signed).earliest)
from (select v91.*
from signature v91
where v91.retracted_at is null) s
where s.agreement_id = v89.id), '-infinity' ) <= $2::text::timestamptz::date) a
join (select v92.*
from milestone v92
where v92.retracted_at is null and coalesce((v92.at).earliest, '-infinity') <= $2::text::timestamptz::date) m on m.subject_id = a.id
where a.process_id = t2.id
union all select 'signature', coalesce((s.signed).latest, (s.signed).earliest), s.id
from (select v93.*
from agreement v93
where v93.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v94.*
from milestone v94
where v94.retracted_at is null) m
where m.subject_id = v93.id), (select min((s.signed).earliest)
from (select v95.*
from signature v95
where v95.retracted_at is null) s
where s.agreement_id = v93.id), '-infinity' ) <= $2::text::timestamptz::date) a
join (select v96.*
from signature v96
where v96.retracted_at is null and coalesce((v96.signed).earliest, '-infinity') <= $2::text::timestamptz::date and exists (select
from agreement v97
where v97.id = v96.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v98.*
from milestone v98
where v98.retracted_at is null) m
where m.subject_id = v97.id), (select min((s.signed).earliest)
from (select v99.*
from signature v99
where v99.retracted_at is null) s
where s.agreement_id = v97.id), '-infinity' ) <= $2::text::timestamptz::date)) s on s.agreement_id = a.id
where a.process_id = t2.id ) h
where h.day is not null ) v), (t2.opened).earliest) + t2.stall_after_days + 1 end)::text || '"', 'null'), ',"statusExplained":', concat('{"inputs":', (select concat('[', string_agg(concat('{"name":', coalesce(to_json((t101.name)::text)::text, 'null'), ',"value":', coalesce(to_json((t101.value)::text)::text, 'null'), '}'), ','
order by t101.place), ']')
from (select *, row_number() over () as place
from ( select 'clock' as name, $2::text::timestamptz::date::text as value, null::uuid as record_id
union all select 'stallAfterDays', t2.stall_after_days::text, t2.id
union all select 'opened', (t2.opened).edtf, t2.id
where (t2.opened).edtf is not null
union all ( select 'milestone', m.kind || ' ' || (m.at).edtf, m.id
from (select v102.*
from milestone v102
where v102.retracted_at is null and coalesce((v102.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.id in (( select m.id
from (select v103.*
from milestone v103
where v103.retracted_at is null and coalesce((v103.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = t2.id and m.kind in ('OPENED', 'RESUMED', 'CONCLUDED', 'COLLAPSED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ), ( select m.id
from (select v104.*
from milestone v104
where v104.retracted_at is null and coalesce((v104.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = t2.id and m.kind in ('SUSPENDED', 'RESUMED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ))
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc )
union all ( select 'lastActivity: ' || v.name, v.day::text, v.record_id
from ( select h.name, least(h.day, $2::text::timestamptz::date) as day, h.record_id
from ( select 'talk' as name, coalesce((k.ends).latest, (k.starts).latest, (k.starts).earliest) as day, k.id as record_id
from (select v105.*
from talk v105
where v105.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v106.*
from milestone v106
where v106.retracted_at is null) m
where m.subject_id = v105.id), case when (v105.starts).earliest > v105.created_at::date then v105.created_at::date else (v105.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id = t2.id and (select p.status
from status_period p
where p.record_id = k.id and p.from_day <= $2::text::timestamptz::date and $2::text::timestamptz::date < p.until_day) in ('UNDER_WAY', 'HELD', 'CONCLUDED', 'COLLAPSED')
union all select 'milestone', coalesce((m.at).latest, (m.at).earliest), m.id
from (select v107.*
from agreement v107
where v107.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v108.*
from milestone v108
where v108.retracted_at is null) m
where m.subject_id = v107.id), (select min((s.signed).earliest)
from (select v109.*
from signature v109
where v109.retracted_at is null) s
where s.agreement_id = v107.id), '-infinity' ) <= $2::text::timestamptz::date) a
join (select v110.*
from milestone v110
where v110.retracted_at is null and coalesce((v110.at).earliest, '-infinity') <= $2::text::timestamptz::date) m on m.subject_id = a.id
where a.process_id = t2.id
union all select 'signature', coalesce((s.signed).latest, (s.signed).earliest), s.id
from (select v111.*
from agreement v111
where v111.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v112.*
from milestone v112
where v112.retracted_at is null) m
where m.subject_id = v111.id), (select min((s.signed).earliest)
from (select v113.*
from signature v113
where v113.retracted_at is null) s
where s.agreement_id = v111.id), '-infinity' ) <= $2::text::timestamptz::date) a
join (select v114.*
from signature v114
where v114.retracted_at is null and coalesce((v114.signed).earliest, '-infinity') <= $2::text::timestamptz::date and exists (select
from agreement v115
where v115.id = v114.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v116.*
from milestone v116
where v116.retracted_at is null) m
where m.subject_id = v115.id), (select min((s.signed).earliest)
from (select v117.*
from signature v117
where v117.retracted_at is null) s
where s.agreement_id = v115.id), '-infinity' ) <= $2::text::timestamptz::date)) s on s.agreement_id = a.id
where a.process_id = t2.id ) h
where h.day is not null ) v
order by v.day desc, v.name desc, v.record_id desc
limit 1 )
union all (select 'talkToCome', (select p.status
from status_period p
where p.record_id = k.id and p.from_day <= $2::text::timestamptz::date and $2::text::timestamptz::date < p.until_day), k.id
from (select v119.*
from talk v119
where v119.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v120.*
from milestone v120
where v120.retracted_at is null) m
where m.subject_id = v119.id), case when (v119.starts).earliest > v119.created_at::date then v119.created_at::date else (v119.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id = t2.id and (select p.status
from status_period p
where p.record_id = k.id and p.from_day <= $2::text::timestamptz::date and $2::text::timestamptz::date < p.until_day) in ('EXPECTED', 'SCHEDULED')
order by k.id
limit 20)
union all (select 'openDeadline', (select p.status
from status_period p
where p.record_id = d.id and p.from_day <= $2::text::timestamptz::date and $2::text::timestamptz::date < p.until_day), d.id
from (select v121.*
from deadline v121
where v121.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v122.*
from milestone v122
where v122.retracted_at is null) m
where m.subject_id = v121.id), case when least(v121.anchor, (v121.due).earliest) > v121.created_at::date then v121.created_at::date else least(v121.anchor, (v121.due).earliest) end, '-infinity' ) <= $2::text::timestamptz::date) d
where d.subject_id in ( select t2.id
union all select k.id
from (select v123.*
from talk v123
where v123.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v124.*
from milestone v124
where v124.retracted_at is null) m
where m.subject_id = v123.id), case when (v123.starts).earliest > v123.created_at::date then v123.created_at::date else (v123.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id = t2.id
union all select a.id
from (select v125.*
from agreement v125
where v125.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v126.*
from milestone v126
where v126.retracted_at is null) m
where m.subject_id = v125.id), (select min((s.signed).earliest)
from (select v127.*
from signature v127
where v127.retracted_at is null) s
where s.agreement_id = v125.id), '-infinity' ) <= $2::text::timestamptz::date) a
where a.process_id = t2.id
union all select c.id
from (select v128.*
from condition v128
where v128.retracted_at is null and exists (select
from statement v129
where v129.id = v128.statement_id and coalesce((v129.said).earliest, '-infinity') <= $2::text::timestamptz::date)) c
join (select v130.*
from statement v130
where v130.retracted_at is null and coalesce((v130.said).earliest, '-infinity') <= $2::text::timestamptz::date) s on s.id = c.statement_id
where s.process_id = t2.id ) and (select p.status
from status_period p
where p.record_id = d.id and p.from_day <= $2::text::timestamptz::date and $2::text::timestamptz::date < p.until_day) in ('PENDING', 'DUE_SOON', 'IN_WINDOW')
order by d.id
limit 20) ) r) t101 ), '}'), ',"nextTalk":', coalesce(j133.o, 'null'), ',"nextDeadline":', coalesce(j148.o, 'null'), ',"reportedStatus":', coalesce(j152.o, 'null'), '}') as o
from process t2
left
join lateral (select concat('{"key":', coalesce(to_json((t134.key)::text)::text, 'null'), '}') as o
from talk t134
where t134.id = (select k.id
from (select v131.*
from talk v131
where v131.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v132.*
from milestone v132
where v132.retracted_at is null) m
where m.subject_id = v131.id), case when (v131.starts).earliest > v131.created_at::date then v131.created_at::date else (v131.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id = t2.id and (select p.status
from status_period p
where p.record_id = k.id and p.from_day <= $2::text::timestamptz::date and $2::text::timestamptz::date < p.until_day) in ('EXPECTED', 'SCHEDULED')
order by (k.starts).earliest, (k.starts).latest, k.id
limit 1) and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v135.*
from milestone v135
where v135.retracted_at is null) m
where m.subject_id = t134.id), case when (t134.starts).earliest > t134.created_at::date then t134.created_at::date else (t134.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) j133 on true
left
join lateral (select concat('{"key":', coalesce(to_json((t149.key)::text)::text, 'null'), '}') as o
from deadline t149
where t149.id = ( select d.id
from (select v136.*
from deadline v136
where v136.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v137.*
from milestone v137
where v137.retracted_at is null) m
where m.subject_id = v136.id), case when least(v136.anchor, (v136.due).earliest) > v136.created_at::date then v136.created_at::date else least(v136.anchor, (v136.due).earliest) end, '-infinity' ) <= $2::text::timestamptz::date) d
where d.subject_id in ( select t2.id
union all select k.id
from (select v138.*
from talk v138
where v138.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v139.*
from milestone v139
where v139.retracted_at is null) m
where m.subject_id = v138.id), case when (v138.starts).earliest > v138.created_at::date then v138.created_at::date else (v138.starts).earliest end, '-infinity' ) <= $2::text::timestamptz::date) k
where k.process_id = t2.id
union all select a.id
from (select v140.*
from agreement v140
where v140.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v141.*
from milestone v141
where v141.retracted_at is null) m
where m.subject_id = v140.id), (select min((s.signed).earliest)
from (select v142.*
from signature v142
where v142.retracted_at is null) s
where s.agreement_id = v140.id), '-infinity' ) <= $2::text::timestamptz::date) a
where a.process_id = t2.id
union all select c.id
from (select v143.*
from condition v143
where v143.retracted_at is null and exists (select
from statement v144
where v144.id = v143.statement_id and coalesce((v144.said).earliest, '-infinity') <= $2::text::timestamptz::date)) c
join (select v145.*
from statement v145
where v145.retracted_at is null and coalesce((v145.said).earliest, '-infinity') <= $2::text::timestamptz::date) s on s.id = c.statement_id
where s.process_id = t2.id ) and (select p.status
from status_period p
where p.record_id = d.id and p.from_day <= $2::text::timestamptz::date and $2::text::timestamptz::date < p.until_day) in ('PENDING', 'DUE_SOON', 'IN_WINDOW')
order by (coalesce(( select m.due
from (select v146.*
from milestone v146
where v146.retracted_at is null and coalesce((v146.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = d.id and m.kind = 'EXTENDED'
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ), d.due)).latest - $2::text::timestamptz::date, (coalesce(( select m.due
from (select v147.*
from milestone v147
where v147.retracted_at is null and coalesce((v147.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = d.id and m.kind = 'EXTENDED'
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ), d.due)).earliest - $2::text::timestamptz::date, d.id
limit 1 ) and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v150.*
from milestone v150
where v150.retracted_at is null) m
where m.subject_id = t149.id), case when least(t149.anchor, (t149.due).earliest) > t149.created_at::date then t149.created_at::date else least(t149.anchor, (t149.due).earliest) end, '-infinity' ) <= $2::text::timestamptz::date) j148 on true
left
join lateral (select concat('{"kind":', coalesce('"' || (t153.kind)::text || '"', 'null'), '}') as o
from milestone t153
where t153.id = ( select m.id
from (select v151.*
from milestone v151
where v151.retracted_at is null and coalesce((v151.at).earliest, '-infinity') <= $2::text::timestamptz::date) m
where m.subject_id = t2.id and m.kind in ('REPORTED_STALLED', 'REPORTED_PROGRESS')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) and coalesce((t153.at).earliest, '-infinity') <= $2::text::timestamptz::date) j152 on true
where t2.id = (select coalesce(m1.merged_into_id, m1.id)
from process m1
where m1.key = $1::text) and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v154.*
from milestone v154
where v154.retracted_at is null) m
where m.subject_id = t2.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (t2.opened).earliest > t2.created_at::date then t2.created_at::date else (t2.opened).earliest end, '-infinity' ) <= $2::text::timestamptz::date) as o1 offset 0) q
-- $1: process.by.key
-- $2: process.asOf
