select convert_to(concat('{"process":', coalesce(q.o1, 'null'), '}'), 'UTF8') as data, case when q.o1 is null then coalesce(null, '') end
from (select (select concat('{"status":', coalesce('"' || (( select case when s.ended in ('CONCLUDED', 'COLLAPSED') then s.ended::text when s.paused = 'SUSPENDED' then 'SUSPENDED' when $2::date - s.last_day > t2.stall_after_days and (select k.id
from (select v3.*
from talk v3
where v3.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v3.id and p.from_day <= $2::date and $2::date < p.until_day)) k
where k.process_id = t2.id and (select p.status
from kept.talk p
where p.record_id = k.id and p.from_day <= $2::date and $2::date < p.until_day) in ('EXPECTED', 'SCHEDULED')
order by (k.starts).earliest, (k.starts).latest, k.id
limit 1) is null and ( select d.id
from (select v4.*
from deadline v4
where v4.retracted_at is null and (select p.counts
from kept.deadline p
where p.record_id = v4.id and p.from_day <= $2::date and $2::date < p.until_day)) d
where d.subject_id in ( select t2.id
union all select k.id
from (select v5.*
from talk v5
where v5.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v5.id and p.from_day <= $2::date and $2::date < p.until_day)) k
where k.process_id = t2.id
union all select a.id
from (select v6.*
from agreement v6
where v6.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v6.id and p.from_day <= $2::date and $2::date < p.until_day)) a
where a.process_id = t2.id
union all select c.id
from (select v7.*
from condition v7
where v7.retracted_at is null and exists (select
from statement v8
where v8.id = v7.statement_id and coalesce((v8.said).earliest, '-infinity') <= $2::date)) c
join (select v9.*
from statement v9
where v9.retracted_at is null and coalesce((v9.said).earliest, '-infinity') <= $2::date) s on s.id = c.statement_id
where s.process_id = t2.id ) and (select p.status
from kept.deadline p
where p.record_id = d.id and p.from_day <= $2::date and $2::date < p.until_day) in ('PENDING', 'DUE_SOON', 'IN_WINDOW')
order by (coalesce(( select m.due
from (select v10.*
from milestone v10
where v10.retracted_at is null and coalesce((v10.at).earliest, '-infinity') <= $2::date) m
where m.subject_id = d.id and m.kind = 'EXTENDED'
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ), d.due)).latest - $2::date, (coalesce(( select m.due
from (select v11.*
from milestone v11
where v11.retracted_at is null and coalesce((v11.at).earliest, '-infinity') <= $2::date) m
where m.subject_id = d.id and m.kind = 'EXTENDED'
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ), d.due)).earliest - $2::date, d.id
limit 1 ) is null then 'STALLED' else 'ACTIVE' end
from ( select ( select m.kind
from (select v12.*
from milestone v12
where v12.retracted_at is null and coalesce((v12.at).earliest, '-infinity') <= $2::date) m
where m.subject_id = t2.id and m.kind in ('OPENED', 'RESUMED', 'CONCLUDED', 'COLLAPSED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as ended, ( select m.kind
from (select v13.*
from milestone v13
where v13.retracted_at is null and coalesce((v13.at).earliest, '-infinity') <= $2::date) m
where m.subject_id = t2.id and m.kind in ('SUSPENDED', 'RESUMED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as paused, coalesce((select max(v.day)
from ( select h.name, least(h.day, $2::date) as day, h.record_id
from ( select 'talk' as name, coalesce((k.ends).latest, (k.starts).latest, (k.starts).earliest) as day, k.id as record_id
from (select v14.*
from talk v14
where v14.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v14.id and p.from_day <= $2::date and $2::date < p.until_day)) k
where k.process_id = t2.id and (select p.status
from kept.talk p
where p.record_id = k.id and p.from_day <= $2::date and $2::date < p.until_day) in ('UNDER_WAY', 'HELD', 'CONCLUDED', 'COLLAPSED')
union all select 'milestone', coalesce((m.at).latest, (m.at).earliest), m.id
from (select v15.*
from agreement v15
where v15.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v15.id and p.from_day <= $2::date and $2::date < p.until_day)) a
join (select v16.*
from milestone v16
where v16.retracted_at is null and coalesce((v16.at).earliest, '-infinity') <= $2::date) m on m.subject_id = a.id
where a.process_id = t2.id
union all select 'signature', coalesce((s.signed).latest, (s.signed).earliest), s.id
from (select v17.*
from agreement v17
where v17.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v17.id and p.from_day <= $2::date and $2::date < p.until_day)) a
join (select v18.*
from signature v18
where v18.retracted_at is null and coalesce((v18.signed).earliest, '-infinity') <= $2::date and (select p.counts
from kept.agreement p
where p.record_id = v18.agreement_id and p.from_day <= $2::date and $2::date < p.until_day)) s on s.agreement_id = a.id
where a.process_id = t2.id ) h
where h.day is not null ) v), (t2.opened).earliest) as last_day ) s ))::text || '"', 'null'), ',"lastActivity":', coalesce('"' || ((select max(v.day)
from ( select h.name, least(h.day, $2::date) as day, h.record_id
from ( select 'talk' as name, coalesce((k.ends).latest, (k.starts).latest, (k.starts).earliest) as day, k.id as record_id
from (select v21.*
from talk v21
where v21.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v21.id and p.from_day <= $2::date and $2::date < p.until_day)) k
where k.process_id = t2.id and (select p.status
from kept.talk p
where p.record_id = k.id and p.from_day <= $2::date and $2::date < p.until_day) in ('UNDER_WAY', 'HELD', 'CONCLUDED', 'COLLAPSED')
union all select 'milestone', coalesce((m.at).latest, (m.at).earliest), m.id
from (select v22.*
from agreement v22
where v22.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v22.id and p.from_day <= $2::date and $2::date < p.until_day)) a
join (select v23.*
from milestone v23
where v23.retracted_at is null and coalesce((v23.at).earliest, '-infinity') <= $2::date) m on m.subject_id = a.id
where a.process_id = t2.id
union all select 'signature', coalesce((s.signed).latest, (s.signed).earliest), s.id
from (select v24.*
from agreement v24
where v24.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v24.id and p.from_day <= $2::date and $2::date < p.until_day)) a
join (select v25.*
from signature v25
where v25.retracted_at is null and coalesce((v25.signed).earliest, '-infinity') <= $2::date and (select p.counts
from kept.agreement p
where p.record_id = v25.agreement_id and p.from_day <= $2::date and $2::date < p.until_day)) s on s.agreement_id = a.id
where a.process_id = t2.id ) h
where h.day is not null ) v))::text || '"', 'null'), ',"daysSinceLastActivity":', coalesce(($2::date - (select max(v.day)
from ( select h.name, least(h.day, $2::date) as day, h.record_id
from ( select 'talk' as name, coalesce((k.ends).latest, (k.starts).latest, (k.starts).earliest) as day, k.id as record_id
from (select v28.*
from talk v28
where v28.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v28.id and p.from_day <= $2::date and $2::date < p.until_day)) k
where k.process_id = t2.id and (select p.status
from kept.talk p
where p.record_id = k.id and p.from_day <= $2::date and $2::date < p.until_day) in ('UNDER_WAY', 'HELD', 'CONCLUDED', 'COLLAPSED')
union all select 'milestone', coalesce((m.at).latest, (m.at).earliest), m.id
from (select v29.*
from agreement v29
where v29.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v29.id and p.from_day <= $2::date and $2::date < p.until_day)) a
join (select v30.*
from milestone v30
where v30.retracted_at is null and coalesce((v30.at).earliest, '-infinity') <= $2::date) m on m.subject_id = a.id
where a.process_id = t2.id
union all select 'signature', coalesce((s.signed).latest, (s.signed).earliest), s.id
from (select v31.*
from agreement v31
where v31.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v31.id and p.from_day <= $2::date and $2::date < p.until_day)) a
join (select v32.*
from signature v32
where v32.retracted_at is null and coalesce((v32.signed).earliest, '-infinity') <= $2::date and (select p.counts
from kept.agreement p
where p.record_id = v32.agreement_id and p.from_day <= $2::date and $2::date < p.until_day)) s on s.agreement_id = a.id
where a.process_id = t2.id ) h
where h.day is not null ) v))::text, 'null'), ',"stalledSince":', coalesce('"' || (case when ( select case when s.ended in ('CONCLUDED', 'COLLAPSED') then s.ended::text when s.paused = 'SUSPENDED' then 'SUSPENDED' when $2::date - s.last_day > t2.stall_after_days and (select k.id
from (select v35.*
from talk v35
where v35.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v35.id and p.from_day <= $2::date and $2::date < p.until_day)) k
where k.process_id = t2.id and (select p.status
from kept.talk p
where p.record_id = k.id and p.from_day <= $2::date and $2::date < p.until_day) in ('EXPECTED', 'SCHEDULED')
order by (k.starts).earliest, (k.starts).latest, k.id
limit 1) is null and ( select d.id
from (select v36.*
from deadline v36
where v36.retracted_at is null and (select p.counts
from kept.deadline p
where p.record_id = v36.id and p.from_day <= $2::date and $2::date < p.until_day)) d
where d.subject_id in ( select t2.id
union all select k.id
from (select v37.*
from talk v37
where v37.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v37.id and p.from_day <= $2::date and $2::date < p.until_day)) k
where k.process_id = t2.id
union all select a.id
from (select v38.*
from agreement v38
where v38.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v38.id and p.from_day <= $2::date and $2::date < p.until_day)) a
where a.process_id = t2.id
union all select c.id
from (select v39.*
from condition v39
where v39.retracted_at is null and exists (select
from statement v40
where v40.id = v39.statement_id and coalesce((v40.said).earliest, '-infinity') <= $2::date)) c
join (select v41.*
from statement v41
where v41.retracted_at is null and coalesce((v41.said).earliest, '-infinity') <= $2::date) s on s.id = c.statement_id
where s.process_id = t2.id ) and (select p.status
from kept.deadline p
where p.record_id = d.id and p.from_day <= $2::date and $2::date < p.until_day) in ('PENDING', 'DUE_SOON', 'IN_WINDOW')
order by (coalesce(( select m.due
from (select v42.*
from milestone v42
where v42.retracted_at is null and coalesce((v42.at).earliest, '-infinity') <= $2::date) m
where m.subject_id = d.id and m.kind = 'EXTENDED'
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ), d.due)).latest - $2::date, (coalesce(( select m.due
from (select v43.*
from milestone v43
where v43.retracted_at is null and coalesce((v43.at).earliest, '-infinity') <= $2::date) m
where m.subject_id = d.id and m.kind = 'EXTENDED'
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ), d.due)).earliest - $2::date, d.id
limit 1 ) is null then 'STALLED' else 'ACTIVE' end
from ( select ( select m.kind
from (select v44.*
from milestone v44
where v44.retracted_at is null and coalesce((v44.at).earliest, '-infinity') <= $2::date) m
where m.subject_id = t2.id and m.kind in ('OPENED', 'RESUMED', 'CONCLUDED', 'COLLAPSED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as ended, ( select m.kind
from (select v45.*
from milestone v45
where v45.retracted_at is null and coalesce((v45.at).earliest, '-infinity') <= $2::date) m
where m.subject_id = t2.id and m.kind in ('SUSPENDED', 'RESUMED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as paused, coalesce((select max(v.day)
from ( select h.name, least(h.day, $2::date) as day, h.record_id
from ( select 'talk' as name, coalesce((k.ends).latest, (k.starts).latest, (k.starts).earliest) as day, k.id as record_id
from (select v46.*
from talk v46
where v46.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v46.id and p.from_day <= $2::date and $2::date < p.until_day)) k
where k.process_id = t2.id and (select p.status
from kept.talk p
where p.record_id = k.id and p.from_day <= $2::date and $2::date < p.until_day) in ('UNDER_WAY', 'HELD', 'CONCLUDED', 'COLLAPSED')
union all select 'milestone', coalesce((m.at).latest, (m.at).earliest), m.id
from (select v47.*
from agreement v47
where v47.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v47.id and p.from_day <= $2::date and $2::date < p.until_day)) a
join (select v48.*
from milestone v48
where v48.retracted_at is null and coalesce((v48.at).earliest, '-infinity') <= $2::date) m on m.subject_id = a.id
where a.process_id = t2.id
union all select 'signature', coalesce((s.signed).latest, (s.signed).earliest), s.id
from (select v49.*
from agreement v49
where v49.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v49.id and p.from_day <= $2::date and $2::date < p.until_day)) a
join (select v50.*
from signature v50
where v50.retracted_at is null and coalesce((v50.signed).earliest, '-infinity') <= $2::date and (select p.counts
from kept.agreement p
where p.record_id = v50.agreement_id and p.from_day <= $2::date and $2::date < p.until_day)) s on s.agreement_id = a.id
where a.process_id = t2.id ) h
where h.day is not null ) v), (t2.opened).earliest) as last_day ) s ) = 'STALLED' then coalesce((select max(v.day)
from ( select h.name, least(h.day, $2::date) as day, h.record_id
from ( select 'talk' as name, coalesce((k.ends).latest, (k.starts).latest, (k.starts).earliest) as day, k.id as record_id
from (select v53.*
from talk v53
where v53.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v53.id and p.from_day <= $2::date and $2::date < p.until_day)) k
where k.process_id = t2.id and (select p.status
from kept.talk p
where p.record_id = k.id and p.from_day <= $2::date and $2::date < p.until_day) in ('UNDER_WAY', 'HELD', 'CONCLUDED', 'COLLAPSED')
union all select 'milestone', coalesce((m.at).latest, (m.at).earliest), m.id
from (select v54.*
from agreement v54
where v54.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v54.id and p.from_day <= $2::date and $2::date < p.until_day)) a
join (select v55.*
from milestone v55
where v55.retracted_at is null and coalesce((v55.at).earliest, '-infinity') <= $2::date) m on m.subject_id = a.id
where a.process_id = t2.id
union all select 'signature', coalesce((s.signed).latest, (s.signed).earliest), s.id
from (select v56.*
from agreement v56
where v56.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v56.id and p.from_day <= $2::date and $2::date < p.until_day)) a
join (select v57.*
from signature v57
where v57.retracted_at is null and coalesce((v57.signed).earliest, '-infinity') <= $2::date and (select p.counts
from kept.agreement p
where p.record_id = v57.agreement_id and p.from_day <= $2::date and $2::date < p.until_day)) s on s.agreement_id = a.id
where a.process_id = t2.id ) h
where h.day is not null ) v), (t2.opened).earliest) + t2.stall_after_days + 1 end)::text || '"', 'null'), ',"statusExplained":', concat('{"inputs":', (select concat('[', string_agg(concat('{"name":', coalesce(to_json((t60.name)::text)::text, 'null'), ',"value":', coalesce(to_json((t60.value)::text)::text, 'null'), '}'), ','
order by t60.place), ']')
from (select *, row_number() over () as place
from ( select 'clock' as name, $2::date::text as value, null::uuid as record_id
union all select 'stallAfterDays', t2.stall_after_days::text, t2.id
union all select 'opened', (t2.opened).edtf, t2.id
where (t2.opened).edtf is not null
union all ( select 'milestone', m.kind || ' ' || (m.at).edtf, m.id
from (select v61.*
from milestone v61
where v61.retracted_at is null and coalesce((v61.at).earliest, '-infinity') <= $2::date) m
where m.id in (( select m.id
from (select v62.*
from milestone v62
where v62.retracted_at is null and coalesce((v62.at).earliest, '-infinity') <= $2::date) m
where m.subject_id = t2.id and m.kind in ('OPENED', 'RESUMED', 'CONCLUDED', 'COLLAPSED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ), ( select m.id
from (select v63.*
from milestone v63
where v63.retracted_at is null and coalesce((v63.at).earliest, '-infinity') <= $2::date) m
where m.subject_id = t2.id and m.kind in ('SUSPENDED', 'RESUMED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ))
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc )
union all ( select 'lastActivity: ' || v.name, v.day::text, v.record_id
from ( select h.name, least(h.day, $2::date) as day, h.record_id
from ( select 'talk' as name, coalesce((k.ends).latest, (k.starts).latest, (k.starts).earliest) as day, k.id as record_id
from (select v64.*
from talk v64
where v64.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v64.id and p.from_day <= $2::date and $2::date < p.until_day)) k
where k.process_id = t2.id and (select p.status
from kept.talk p
where p.record_id = k.id and p.from_day <= $2::date and $2::date < p.until_day) in ('UNDER_WAY', 'HELD', 'CONCLUDED', 'COLLAPSED')
union all select 'milestone', coalesce((m.at).latest, (m.at).earliest), m.id
from (select v65.*
from agreement v65
where v65.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v65.id and p.from_day <= $2::date and $2::date < p.until_day)) a
join (select v66.*
from milestone v66
where v66.retracted_at is null and coalesce((v66.at).earliest, '-infinity') <= $2::date) m on m.subject_id = a.id
where a.process_id = t2.id
union all select 'signature', coalesce((s.signed).latest, (s.signed).earliest), s.id
from (select v67.*
from agreement v67
where v67.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v67.id and p.from_day <= $2::date and $2::date < p.until_day)) a
join (select v68.*
from signature v68
where v68.retracted_at is null and coalesce((v68.signed).earliest, '-infinity') <= $2::date and (select p.counts
from kept.agreement p
where p.record_id = v68.agreement_id and p.from_day <= $2::date and $2::date < p.until_day)) s on s.agreement_id = a.id
where a.process_id = t2.id ) h
where h.day is not null ) v
order by v.day desc, v.name desc, v.record_id desc
limit 1 )
union all (select 'talkToCome', (select p.status
from kept.talk p
where p.record_id = k.id and p.from_day <= $2::date and $2::date < p.until_day), k.id
from (select v71.*
from talk v71
where v71.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v71.id and p.from_day <= $2::date and $2::date < p.until_day)) k
where k.process_id = t2.id and (select p.status
from kept.talk p
where p.record_id = k.id and p.from_day <= $2::date and $2::date < p.until_day) in ('EXPECTED', 'SCHEDULED')
order by k.id
limit 20)
union all (select 'openDeadline', (select p.status
from kept.deadline p
where p.record_id = d.id and p.from_day <= $2::date and $2::date < p.until_day), d.id
from (select v72.*
from deadline v72
where v72.retracted_at is null and (select p.counts
from kept.deadline p
where p.record_id = v72.id and p.from_day <= $2::date and $2::date < p.until_day)) d
where d.subject_id in ( select t2.id
union all select k.id
from (select v73.*
from talk v73
where v73.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v73.id and p.from_day <= $2::date and $2::date < p.until_day)) k
where k.process_id = t2.id
union all select a.id
from (select v74.*
from agreement v74
where v74.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v74.id and p.from_day <= $2::date and $2::date < p.until_day)) a
where a.process_id = t2.id
union all select c.id
from (select v75.*
from condition v75
where v75.retracted_at is null and exists (select
from statement v76
where v76.id = v75.statement_id and coalesce((v76.said).earliest, '-infinity') <= $2::date)) c
join (select v77.*
from statement v77
where v77.retracted_at is null and coalesce((v77.said).earliest, '-infinity') <= $2::date) s on s.id = c.statement_id
where s.process_id = t2.id ) and (select p.status
from kept.deadline p
where p.record_id = d.id and p.from_day <= $2::date and $2::date < p.until_day) in ('PENDING', 'DUE_SOON', 'IN_WINDOW')
order by d.id
limit 20) ) r) t60 ), '}'), ',"nextTalk":', case when t79.id is null then 'null' else concat('{"key":', coalesce(to_json((t79.key)::text)::text, 'null'), '}') end, ',"nextDeadline":', case when t88.id is null then 'null' else concat('{"key":', coalesce(to_json((t88.key)::text)::text, 'null'), '}') end, ',"reportedStatus":', case when t90.id is null then 'null' else concat('{"kind":', coalesce('"' || (t90.kind)::text || '"', 'null'), '}') end, '}') as o
from process t2
left join talk t79 on t79.id = (select k.id
from (select v78.*
from talk v78
where v78.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v78.id and p.from_day <= $2::date and $2::date < p.until_day)) k
where k.process_id = t2.id and (select p.status
from kept.talk p
where p.record_id = k.id and p.from_day <= $2::date and $2::date < p.until_day) in ('EXPECTED', 'SCHEDULED')
order by (k.starts).earliest, (k.starts).latest, k.id
limit 1) and (select p.counts
from kept.talk p
where p.record_id = t79.id and p.from_day <= $2::date and $2::date < p.until_day)
left join deadline t88 on t88.id = ( select d.id
from (select v80.*
from deadline v80
where v80.retracted_at is null and (select p.counts
from kept.deadline p
where p.record_id = v80.id and p.from_day <= $2::date and $2::date < p.until_day)) d
where d.subject_id in ( select t2.id
union all select k.id
from (select v81.*
from talk v81
where v81.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v81.id and p.from_day <= $2::date and $2::date < p.until_day)) k
where k.process_id = t2.id
union all select a.id
from (select v82.*
from agreement v82
where v82.retracted_at is null and (select p.counts
from kept.agreement p
where p.record_id = v82.id and p.from_day <= $2::date and $2::date < p.until_day)) a
where a.process_id = t2.id
union all select c.id
from (select v83.*
from condition v83
where v83.retracted_at is null and exists (select
from statement v84
where v84.id = v83.statement_id and coalesce((v84.said).earliest, '-infinity') <= $2::date)) c
join (select v85.*
from statement v85
where v85.retracted_at is null and coalesce((v85.said).earliest, '-infinity') <= $2::date) s on s.id = c.statement_id
where s.process_id = t2.id ) and (select p.status
from kept.deadline p
where p.record_id = d.id and p.from_day <= $2::date and $2::date < p.until_day) in ('PENDING', 'DUE_SOON', 'IN_WINDOW')
order by (coalesce(( select m.due
from (select v86.*
from milestone v86
where v86.retracted_at is null and coalesce((v86.at).earliest, '-infinity') <= $2::date) m
where m.subject_id = d.id and m.kind = 'EXTENDED'
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ), d.due)).latest - $2::date, (coalesce(( select m.due
from (select v87.*
from milestone v87
where v87.retracted_at is null and coalesce((v87.at).earliest, '-infinity') <= $2::date) m
where m.subject_id = d.id and m.kind = 'EXTENDED'
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ), d.due)).earliest - $2::date, d.id
limit 1 ) and (select p.counts
from kept.deadline p
where p.record_id = t88.id and p.from_day <= $2::date and $2::date < p.until_day)
cross join lateral (select ( select m.id
from (select v89.*
from milestone v89
where v89.retracted_at is null and coalesce((v89.at).earliest, '-infinity') <= $2::date) m
where m.subject_id = t2.id and m.kind in ('REPORTED_STALLED', 'REPORTED_PROGRESS')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as id offset 0) l91
left join milestone t90 on t90.id = l91.id and coalesce((t90.at).earliest, '-infinity') <= $2::date
where t2.id = (select coalesce(m1.merged_into_id, m1.id)
from process m1
where m1.key = $1::text) and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v92.*
from milestone v92
where v92.retracted_at is null) m
where m.subject_id = t2.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (t2.opened).earliest > t2.created_at::date then t2.created_at::date else (t2.opened).earliest end, '-infinity' ) <= $2::date) as o1 offset 0) q
-- $1: process.by.key
-- $2: process.asOf
