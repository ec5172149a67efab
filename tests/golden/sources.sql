select convert_to(concat('{"sources":', (select concat('{"pageInfo":', concat('{"hasNextPage":', 'false', ',"hasPreviousPage":', (g.n > $1::integer)::text, '}'), ',"nodes":', concat('[', array_to_string(g.c1[greatest(g.n - $1::integer, 0) + 1 : g.n], ','), ']'), '}')
from (select array_agg(p.c1) as c1, array_agg(p.cursor) as cursors, count(*)::integer as n
from (select concat('{"key":', coalesce(to_json((t1.key)::text)::text, 'null'), ',"title":', coalesce(to_json((t1.title)::text)::text, 'null'), ',"citedBy":', (select concat('{"totalCount":', (select count(*)::text
from citation t2
where t2.source_id = t1.id and t2.retracted_at is null), ',"nodes":', concat('[', g.c1, ']'), '}')
from (select string_agg(p.c1, ',') as c1
from (select concat('{"stance":', coalesce('"' || (t2.stance)::text || '"', 'null'), ',"record":', coalesce((case (select r.type
from record r
where r.id = t2.record_id) when 'SOURCE' then (select concat('{"__typename":', '"Source"', ',"key":', coalesce(to_json((t3.key)::text)::text, 'null'), '}') as o
from source t3
where t3.id = t2.record_id) when 'CONFLICT' then (select concat('{"__typename":', '"Conflict"', ',"key":', coalesce(to_json((t4.key)::text)::text, 'null'), '}') as o
from conflict t4
where t4.id = t2.record_id) when 'PROCESS' then (select concat('{"__typename":', '"Process"', ',"key":', coalesce(to_json((t5.key)::text)::text, 'null'), '}') as o
from process t5
where t5.id = t2.record_id and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v6.*
from milestone v6
where v6.retracted_at is null) m
where m.subject_id = t5.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (t5.opened).earliest > t5.created_at::date then t5.created_at::date else (t5.opened).earliest end, '-infinity' ) <= $3::text::timestamptz::date) when 'ACTOR' then (select concat('{"__typename":', '"Actor"', ',"key":', coalesce(to_json((t7.key)::text)::text, 'null'), '}') as o
from actor t7
where t7.id = t2.record_id) when 'OFFICE' then (select concat('{"__typename":', '"Office"', ',"key":', coalesce(to_json((t8.key)::text)::text, 'null'), '}') as o
from office t8
where t8.id = t2.record_id) when 'ISSUE' then (select concat('{"__typename":', '"Issue"', ',"key":', coalesce(to_json((t11.key)::text)::text, 'null'), '}') as o
from issue t11
where t11.id = t2.record_id) when 'TALK' then (select concat('{"__typename":', '"Talk"', ',"key":', coalesce(to_json((t12.key)::text)::text, 'null'), '}') as o
from talk t12
where t12.id = t2.record_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v13.*
from milestone v13
where v13.retracted_at is null) m
where m.subject_id = t12.id), case when (t12.starts).earliest > t12.created_at::date then t12.created_at::date else (t12.starts).earliest end, '-infinity' ) <= $3::text::timestamptz::date) when 'PARTICIPATION' then (select concat('{"__typename":', '"Participation"', ',"key":', coalesce(to_json((t14.key)::text)::text, 'null'), '}') as o
from participation t14
where t14.id = t2.record_id and exists (select
from talk v15
where v15.id = t14.talk_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v16.*
from milestone v16
where v16.retracted_at is null) m
where m.subject_id = v15.id), case when (v15.starts).earliest > v15.created_at::date then v15.created_at::date else (v15.starts).earliest end, '-infinity' ) <= $3::text::timestamptz::date)) when 'STATEMENT' then (select concat('{"__typename":', '"Statement"', ',"key":', coalesce(to_json((t18.key)::text)::text, 'null'), '}') as o
from statement t18
where t18.id = t2.record_id and coalesce((t18.said).earliest, '-infinity') <= $3::text::timestamptz::date) when 'CONDITION' then (select concat('{"__typename":', '"Condition"', ',"key":', coalesce(to_json((t19.key)::text)::text, 'null'), '}') as o
from condition t19
where t19.id = t2.record_id and exists (select
from statement v20
where v20.id = t19.statement_id and coalesce((v20.said).earliest, '-infinity') <= $3::text::timestamptz::date)) when 'POSITION' then (select concat('{"__typename":', '"Position"', ',"key":', coalesce(to_json((t21.key)::text)::text, 'null'), '}') as o
from position t21
where t21.id = t2.record_id and coalesce((t21.held).earliest, '-infinity') <= $3::text::timestamptz::date and exists (select
from process v24
where v24.id = t21.process_id and coalesce( ( select min(coalesce((m.at).earliest, '-infinity'))
from (select v25.*
from milestone v25
where v25.retracted_at is null) m
where m.subject_id = v24.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS') ), case when (v24.opened).earliest > v24.created_at::date then v24.created_at::date else (v24.opened).earliest end, '-infinity' ) <= $3::text::timestamptz::date)) when 'AGREEMENT' then (select concat('{"__typename":', '"Agreement"', ',"key":', coalesce(to_json((t26.key)::text)::text, 'null'), '}') as o
from agreement t26
where t26.id = t2.record_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v27.*
from milestone v27
where v27.retracted_at is null) m
where m.subject_id = t26.id), (select min((s.signed).earliest)
from (select v28.*
from signature v28
where v28.retracted_at is null) s
where s.agreement_id = t26.id), '-infinity' ) <= $3::text::timestamptz::date) when 'SIGNATURE' then (select concat('{"__typename":', '"Signature"', ',"key":', coalesce(to_json((t29.key)::text)::text, 'null'), '}') as o
from signature t29
where t29.id = t2.record_id and coalesce((t29.signed).earliest, '-infinity') <= $3::text::timestamptz::date and exists (select
from agreement v30
where v30.id = t29.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v31.*
from milestone v31
where v31.retracted_at is null) m
where m.subject_id = v30.id), (select min((s.signed).earliest)
from (select v32.*
from signature v32
where v32.retracted_at is null) s
where s.agreement_id = v30.id), '-infinity' ) <= $3::text::timestamptz::date)) when 'PROVISION' then (select concat('{"__typename":', '"Provision"', ',"key":', coalesce(to_json((t34.key)::text)::text, 'null'), '}') as o
from provision t34
where t34.id = t2.record_id and exists (select
from agreement v35
where v35.id = t34.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v36.*
from milestone v36
where v36.retracted_at is null) m
where m.subject_id = v35.id), (select min((s.signed).earliest)
from (select v37.*
from signature v37
where v37.retracted_at is null) s
where s.agreement_id = v35.id), '-infinity' ) <= $3::text::timestamptz::date)) when 'ASSESSMENT' then (select concat('{"__typename":', '"Assessment"', ',"key":', coalesce(to_json((t38.key)::text)::text, 'null'), '}') as o
from assessment t38
where t38.id = t2.record_id and coalesce((t38.period).earliest, '-infinity') <= $3::text::timestamptz::date and exists (select
from provision v39
where v39.id = t38.provision_id and exists (select
from agreement v40
where v40.id = v39.agreement_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v41.*
from milestone v41
where v41.retracted_at is null) m
where m.subject_id = v40.id), (select min((s.signed).earliest)
from (select v42.*
from signature v42
where v42.retracted_at is null) s
where s.agreement_id = v40.id), '-infinity' ) <= $3::text::timestamptz::date))) when 'DEADLINE' then (select concat('{"__typename":', '"Deadline"', ',"key":', coalesce(to_json((t43.key)::text)::text, 'null'), '}') as o
from deadline t43
where t43.id = t2.record_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v44.*
from milestone v44
where v44.retracted_at is null) m
where m.subject_id = t43.id), case when least(t43.anchor, (t43.due).earliest) > t43.created_at::date then t43.created_at::date else least(t43.anchor, (t43.due).earliest) end, '-infinity' ) <= $3::text::timestamptz::date) when 'MILESTONE' then (select concat('{"__typename":', '"Milestone"', ',"key":', coalesce(to_json((t45.key)::text)::text, 'null'), '}') as o
from milestone t45
where t45.id = t2.record_id and coalesce((t45.at).earliest, '-infinity') <= $3::text::timestamptz::date) when 'COMMENTARY' then (select concat('{"__typename":', '"Commentary"', ',"key":', coalesce(to_json((t46.key)::text)::text, 'null'), '}') as o
from commentary t46
where t46.id = t2.record_id and coalesce((t46.published).earliest, '-infinity') <= $3::text::timestamptz::date) when 'CITATION' then (select concat('{"__typename":', '"Citation"', ',"key":', coalesce(to_json((t47.key)::text)::text, 'null'), '}') as o
from citation t47
where t47.id = t2.record_id) when 'CODE' then (select concat('{"__typename":', '"Code"', ',"key":', coalesce(to_json((t49.key)::text)::text, 'null'), '}') as o
from code t49
where t49.id = t2.record_id) end), 'null'), '}') as c1
from (select t2.*, t2.key as o0, t2.id as o1
from citation t2
where t2.source_id = t1.id and t2.retracted_at is null
order by t2.key, t2.id
limit $2::integer) t2
order by t2.o0, t2.o1) p) g), '}') as c1, translate(encode(convert_to(json_build_array('Source:-key,id', t1.o0::text, t1.o1::text)::text, 'UTF8'), 'base64'), E'+/=\n', '-_') as cursor
from (select t1.*, t1.key as o0, t1.id as o1
from source t1
where true and t1.retracted_at is null
order by t1.key, t1.id desc
limit $1::integer + 1) t1
order by t1.o0 desc, t1.o1) p) g), '}'), 'UTF8') as data
-- $1: sources.last
-- $2: citedBy.first
-- $3: the clock
