select convert_to(concat('{"commentaries":', (select concat('{"nodes":', concat('[', g.c1, ']'), '}')
from (select string_agg(p.c1, ',') as c1
from (select concat('{"key":', coalesce(to_json((t1.key)::text)::text, 'null'), ',"kind":', coalesce('"' || (t1.kind)::text || '"', 'null'), ',"author":', coalesce(j2.o, 'null'), ',"subject":', coalesce((case (select r.type
from record r
where r.id = t1.subject_id) when 'SOURCE' then (select concat('{"__typename":', '"Source"', ',"key":', coalesce(to_json((t4.key)::text)::text, 'null'), '}') as o
from source t4
where t4.id = t1.subject_id) when 'CONFLICT' then (select concat('{"__typename":', '"Conflict"', ',"key":', coalesce(to_json((t5.key)::text)::text, 'null'), '}') as o
from conflict t5
where t5.id = t1.subject_id) when 'PROCESS' then (select concat('{"__typename":', '"Process"', ',"key":', coalesce(to_json((t6.key)::text)::text, 'null'), '}') as o
from process t6
where t6.id = t1.subject_id and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v7.*
from milestone v7
where v7.retracted_at is null) m
where m.subject_id = t6.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (t6.opened).earliest > t6.created_at::date then t6.created_at::date else (t6.opened).earliest end, '-infinity' ) <= $1::text::timestamptz::date) when 'ACTOR' then (select concat('{"__typename":', '"Actor"', ',"key":', coalesce(to_json((t8.key)::text)::text, 'null'), '}') as o
from actor t8
where t8.id = t1.subject_id) when 'OFFICE' then (select concat('{"__typename":', '"Office"', ',"key":', coalesce(to_json((t9.key)::text)::text, 'null'), '}') as o
from office t9
where t9.id = t1.subject_id) when 'ISSUE' then (select concat('{"__typename":', '"Issue"', ',"key":', coalesce(to_json((t12.key)::text)::text, 'null'), '}') as o
from issue t12
where t12.id = t1.subject_id) when 'TALK' then (select concat('{"__typename":', '"Talk"', ',"key":', coalesce(to_json((t13.key)::text)::text, 'null'), '}') as o
from talk t13
where t13.id = t1.subject_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v14.*
from milestone v14
where v14.retracted_at is null) m
where m.subject_id = t13.id), case when (t13.starts).earliest > t13.created_at::date then t13.created_at::date else (t13.starts).earliest end, '-infinity' ) <= $1::text::timestamptz::date) when 'PARTICIPATION' then (select concat('{"__typename":', '"Participation"', ',"key":', coalesce(to_json((t15.key)::text)::text, 'null'), '}') as o
from participation t15
where t15.id = t1.subject_id and exists (select
from talk v16
where v16.id = t15.talk_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v17.*
from milestone v17
where v17.retracted_at is null) m
where m.subject_id = v16.id), case when (v16.starts).earliest > v16.created_at::date then v16.created_at::date else (v16.starts).earliest end, '-infinity' ) <= $1::text::timestamptz::date)) when 'STATEMENT' then (select concat('{"__typename":', '"Statement"', ',"key":', coalesce(to_json((t19.key)::text)::text, 'null'), '}') as o
from statement t19
where t19.id = t1.subject_id and coalesce((t19.said).earliest, '-infinity') <= $1::text::timestamptz::date) when 'CONDITION' then (select concat('{"__typename":', '"Condition"', ',"key":', coalesce(to_json((t20.key)::text)::text, 'null'), '}') as o
from condition t20
where t20.id = t1.subject_id and exists (select
from statement v21
where v21.id = t20.statement_id and coalesce((v21.said).earliest, '-infinity') <= $1::text::timestamptz::date)) when 'POSITION' then (select concat('{"__typename":', '"Position"', ',"key":', coalesce(to_json((t22.key)::text)::text, 'null'), '}') as o
from position t22
where t22.id = t1.subject_id and coalesce((t22.held).earliest, '-infinity') <= $1::text::timestamptz::date and exists (select
from process v25
where v25.id = t22.process_id and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v26.*
from milestone v26
where v26.retracted_at is null) m
where m.subject_id = v25.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v25.opened).earliest > v25.created_at::date then v25.created_at::date else (v25.opened).earliest end, '-infinity' ) <= $1::text::timestamptz::date)) when 'AGREEMENT' then (select concat('{"__typename":', '"Agreement"', ',"key":', coalesce(to_json((t27.key)::text)::text, 'null'), '}') as o
from agreement t27
where t27.id = t1.subject_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v28.*
from milestone v28
where v28.retracted_at is null) m
where m.subject_id = t27.id), (select min((s.signed).earliest)
from (select v29.*
from signature v29
where v29.retracted_at is null) s
where s.agreement_id = t27.id), '-infinity' ) <= $1::text::timestamptz::date) when 'SIGNATURE' then (select concat('{"__typename":', '"Signature"', ',"key":', coalesce(to_json((t30.key)::text)::text, 'null'), '}') as o
from signature t30
where t30.id = t1.subject_id and coalesce((t30.signed).earliest, '-infinity') <= $1::text::timestamptz::date and exists (select
from agreement v31
where v31.id = t30.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v32.*
from milestone v32
where v32.retracted_at is null) m
where m.subject_id = v31.id), (select min((s.signed).earliest)
from (select v33.*
from signature v33
where v33.retracted_at is null) s
where s.agreement_id = v31.id), '-infinity' ) <= $1::text::timestamptz::date)) when 'PROVISION' then (select concat('{"__typename":', '"Provision"', ',"key":', coalesce(to_json((t35.key)::text)::text, 'null'), '}') as o
from provision t35
where t35.id = t1.subject_id and exists (select
from agreement v36
where v36.id = t35.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v37.*
from milestone v37
where v37.retracted_at is null) m
where m.subject_id = v36.id), (select min((s.signed).earliest)
from (select v38.*
from signature v38
where v38.retracted_at is null) s
where s.agreement_id = v36.id), '-infinity' ) <= $1::text::timestamptz::date)) when 'ASSESSMENT' then (select concat('{"__typename":', '"Assessment"', ',"key":', coalesce(to_json((t39.key)::text)::text, 'null'), '}') as o
from assessment t39
where t39.id = t1.subject_id and coalesce((t39.period).earliest, '-infinity') <= $1::text::timestamptz::date and exists (select
from provision v40
where v40.id = t39.provision_id and exists (select
from agreement v41
where v41.id = v40.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v42.*
from milestone v42
where v42.retracted_at is null) m
where m.subject_id = v41.id), (select min((s.signed).earliest)
from (select v43.*
from signature v43
where v43.retracted_at is null) s
where s.agreement_id = v41.id), '-infinity' ) <= $1::text::timestamptz::date))) when 'DEADLINE' then (select concat('{"__typename":', '"Deadline"', ',"key":', coalesce(to_json((t44.key)::text)::text, 'null'), '}') as o
from deadline t44
where t44.id = t1.subject_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v45.*
from milestone v45
where v45.retracted_at is null) m
where m.subject_id = t44.id), case when least(t44.anchor, (t44.due).earliest) > t44.created_at::date then t44.created_at::date else least(t44.anchor, (t44.due).earliest) end, '-infinity' ) <= $1::text::timestamptz::date) when 'MILESTONE' then (select concat('{"__typename":', '"Milestone"', ',"key":', coalesce(to_json((t46.key)::text)::text, 'null'), '}') as o
from milestone t46
where t46.id = t1.subject_id and coalesce((t46.at).earliest, '-infinity') <= $1::text::timestamptz::date) when 'COMMENTARY' then (select concat('{"__typename":', '"Commentary"', ',"key":', coalesce(to_json((t47.key)::text)::text, 'null'), '}') as o
from commentary t47
where t47.id = t1.subject_id and coalesce((t47.published).earliest, '-infinity') <= $1::text::timestamptz::date) when 'CITATION' then (select concat('{"__typename":', '"Citation"', ',"key":', coalesce(to_json((t48.key)::text)::text, 'null'), '}') as o
from citation t48
where t48.id = t1.subject_id) when 'CODE' then (select concat('{"__typename":', '"Code"', ',"key":', coalesce(to_json((t50.key)::text)::text, 'null'), '}') as o
from code t50
where t50.id = t1.subject_id) end), 'null'), '}') as c1
from (select t1.*, t1.key as o0, t1.id as o1
from commentary t1
where true and t1.retracted_at is null and coalesce((t1.published).earliest, '-infinity') <= $1::text::timestamptz::date and t1.kind = any($2::text[]::commentary_kind[])
order by t1.key, t1.id
limit 20) t1
left
join lateral (select concat('{"key":', coalesce(to_json((t3.key)::text)::text, 'null'), '}') as o
from actor t3
where t3.id = t1.author_id) j2 on true
order by t1.o0, t1.o1) p) g), '}'), 'UTF8') as data
-- $1: commentaries.asOf
-- $2: commentaries.filter.kind.in
