select row_to_json(q.*) as data
from (select (select row_to_json(c.*)
from (select coalesce(array_to_json(g.c1), '[]'::json) as "nodes"
from (select array_agg(p.c1) as c1
from (select (select row_to_json(n.*)
from (select t1.key as "key", t1.kind as "kind", row_to_json(j2.*) as "author", (case (select r.type
from record r
where r.id = t1.subject_id) when 'SOURCE' then (select row_to_json(n.*)
from (select 'Source'::text as "__typename", t4.key as "key"
from source t4
where t4.id = t1.subject_id) n) when 'CONFLICT' then (select row_to_json(n.*)
from (select 'Conflict'::text as "__typename", t5.key as "key"
from conflict t5
where t5.id = t1.subject_id) n) when 'PROCESS' then (select row_to_json(n.*)
from (select 'Process'::text as "__typename", t6.key as "key"
from process t6
where t6.id = t1.subject_id and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v7.*
from milestone v7
where v7.retracted_at is null) m
where m.subject_id = t6.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (t6.opened).earliest > t6.created_at::date then t6.created_at::date else (t6.opened).earliest end, '-infinity' ) <= $1::text::timestamptz::date) n) when 'ACTOR' then (select row_to_json(n.*)
from (select 'Actor'::text as "__typename", t8.key as "key"
from actor t8
where t8.id = t1.subject_id) n) when 'OFFICE' then (select row_to_json(n.*)
from (select 'Office'::text as "__typename", t9.key as "key"
from office t9
where t9.id = t1.subject_id) n) when 'ISSUE' then (select row_to_json(n.*)
from (select 'Issue'::text as "__typename", t12.key as "key"
from issue t12
where t12.id = t1.subject_id) n) when 'TALK' then (select row_to_json(n.*)
from (select 'Talk'::text as "__typename", t13.key as "key"
from talk t13
where t13.id = t1.subject_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v14.*
from milestone v14
where v14.retracted_at is null) m
where m.subject_id = t13.id), case when (t13.starts).earliest > t13.created_at::date then t13.created_at::date else (t13.starts).earliest end, '-infinity' ) <= $1::text::timestamptz::date) n) when 'PARTICIPATION' then (select row_to_json(n.*)
from (select 'Participation'::text as "__typename", t15.key as "key"
from participation t15
where t15.id = t1.subject_id and exists (select
from talk v16
where v16.id = t15.talk_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v17.*
from milestone v17
where v17.retracted_at is null) m
where m.subject_id = v16.id), case when (v16.starts).earliest > v16.created_at::date then v16.created_at::date else (v16.starts).earliest end, '-infinity' ) <= $1::text::timestamptz::date)) n) when 'STATEMENT' then (select row_to_json(n.*)
from (select 'Statement'::text as "__typename", t19.key as "key"
from statement t19
where t19.id = t1.subject_id and coalesce((t19.said).earliest, '-infinity') <= $1::text::timestamptz::date) n) when 'CONDITION' then (select row_to_json(n.*)
from (select 'Condition'::text as "__typename", t20.key as "key"
from condition t20
where t20.id = t1.subject_id and exists (select
from statement v21
where v21.id = t20.statement_id and coalesce((v21.said).earliest, '-infinity') <= $1::text::timestamptz::date)) n) when 'POSITION' then (select row_to_json(n.*)
from (select 'Position'::text as "__typename", t22.key as "key"
from position t22
where t22.id = t1.subject_id and coalesce((t22.held).earliest, '-infinity') <= $1::text::timestamptz::date and exists (select
from process v25
where v25.id = t22.process_id and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v26.*
from milestone v26
where v26.retracted_at is null) m
where m.subject_id = v25.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v25.opened).earliest > v25.created_at::date then v25.created_at::date else (v25.opened).earliest end, '-infinity' ) <= $1::text::timestamptz::date)) n) when 'AGREEMENT' then (select row_to_json(n.*)
from (select 'Agreement'::text as "__typename", t27.key as "key"
from agreement t27
where t27.id = t1.subject_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v28.*
from milestone v28
where v28.retracted_at is null) m
where m.subject_id = t27.id), (select min((s.signed).earliest)
from (select v29.*
from signature v29
where v29.retracted_at is null) s
where s.agreement_id = t27.id), '-infinity' ) <= $1::text::timestamptz::date) n) when 'SIGNATURE' then (select row_to_json(n.*)
from (select 'Signature'::text as "__typename", t30.key as "key"
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
where s.agreement_id = v31.id), '-infinity' ) <= $1::text::timestamptz::date)) n) when 'PROVISION' then (select row_to_json(n.*)
from (select 'Provision'::text as "__typename", t35.key as "key"
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
where s.agreement_id = v36.id), '-infinity' ) <= $1::text::timestamptz::date)) n) when 'ASSESSMENT' then (select row_to_json(n.*)
from (select 'Assessment'::text as "__typename", t39.key as "key"
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
where s.agreement_id = v41.id), '-infinity' ) <= $1::text::timestamptz::date))) n) when 'DEADLINE' then (select row_to_json(n.*)
from (select 'Deadline'::text as "__typename", t44.key as "key"
from deadline t44
where t44.id = t1.subject_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v45.*
from milestone v45
where v45.retracted_at is null) m
where m.subject_id = t44.id), case when least(t44.anchor, (t44.due).earliest) > t44.created_at::date then t44.created_at::date else least(t44.anchor, (t44.due).earliest) end, '-infinity' ) <= $1::text::timestamptz::date) n) when 'MILESTONE' then (select row_to_json(n.*)
from (select 'Milestone'::text as "__typename", t46.key as "key"
from milestone t46
where t46.id = t1.subject_id and coalesce((t46.at).earliest, '-infinity') <= $1::text::timestamptz::date) n) when 'COMMENTARY' then (select row_to_json(n.*)
from (select 'Commentary'::text as "__typename", t47.key as "key"
from commentary t47
where t47.id = t1.subject_id and coalesce((t47.published).earliest, '-infinity') <= $1::text::timestamptz::date) n) when 'CITATION' then (select row_to_json(n.*)
from (select 'Citation'::text as "__typename", t48.key as "key"
from citation t48
where t48.id = t1.subject_id) n) when 'CODE' then (select row_to_json(n.*)
from (select 'Code'::text as "__typename", t50.key as "key"
from code t50
where t50.id = t1.subject_id) n) end) as "subject") n) as c1
from (select t1.*, t1.key as o0, t1.id as o1
from commentary t1
where true and t1.retracted_at is null and coalesce((t1.published).earliest, '-infinity') <= $1::text::timestamptz::date and t1.kind = any($2::text[]::commentary_kind[])
order by t1.key, t1.id
limit 20) t1
left
join lateral (select t3.key as "key"
from actor t3
where t3.id = t1.author_id) j2 on true
order by t1.o0, t1.o1) p) g) c) as "commentaries") q
-- $1: commentaries.asOf
-- $2: commentaries.filter.kind.in
