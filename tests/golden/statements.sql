select row_to_json(q.*) as data
from (select (select row_to_json(c.*)
from (select (select count(*)
from statement t1
where true and t1.retracted_at is null and coalesce((t1.said).earliest, '-infinity') <= $1::text::timestamptz::date and exists (select
from actor t2
where t2.id = t1.speaker_id and t2.key = $2::text)) as "totalCount", coalesce(array_to_json(g.c1), '[]'::json) as "nodes"
from (select array_agg(p.c1) as c1
from (select (select row_to_json(n.*)
from (select t1.key as "key", t1.stance as "stance", t1.modality as "modality", row_to_json(j6.*) as "speakerOffice", (select coalesce(json_agg(row_to_json(n.*)
order by u.place), '[]'::json)
from unnest(t1.issue_ids) with ordinality u (id, place)
join issue t10 on t10.id = u.id and t10.retracted_at is null cross
join lateral (select t10.key as "key") n) as "issues", (select row_to_json(c.*)
from (select coalesce(array_to_json(g.c1), '[]'::json) as "nodes"
from (select array_agg(p.c1) as c1
from (select (select row_to_json(n.*)
from (select t11.kind as "kind", coalesce(( select case (select p.status
from status_period p
where p.record_id = d.id and p.from_day <= $1::text::timestamptz::date and $1::text::timestamptz::date < p.until_day) when 'MET' then 'MET' when 'MISSED' then 'UNMET' when 'WAIVED' then 'WITHDRAWN' when 'WITHDRAWN' then 'WITHDRAWN' when 'OVERDUE' then 'LAPSED' end
from (select v12.*
from deadline v12
where v12.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v13.*
from milestone v13
where v13.retracted_at is null) m
where m.subject_id = v12.id), case when least(v12.anchor, (v12.due).earliest) > v12.created_at::date then v12.created_at::date else least(v12.anchor, (v12.due).earliest) end, '-infinity' ) <= $1::text::timestamptz::date) d
where d.id = t11.deadline_id ), 'PENDING') as "outcome", row_to_json(j14.*) as "deadline") n) as c1
from (select t11.*, t11.key as o0, t11.id as o1
from condition t11
where t11.statement_id = t1.id and t11.retracted_at is null
order by t11.key, t11.id
limit 20) t11
left
join lateral (select t15.key as "key"
from deadline t15
where t15.id = t11.deadline_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v16.*
from milestone v16
where v16.retracted_at is null) m
where m.subject_id = t15.id), case when least(t15.anchor, (t15.due).earliest) > t15.created_at::date then t15.created_at::date else least(t15.anchor, (t15.due).earliest) end, '-infinity' ) <= $1::text::timestamptz::date) j14 on true
order by t11.o0, t11.o1) p) g) c) as "conditions", (select row_to_json(c.*)
from (select coalesce(array_to_json(g.c1), '[]'::json) as "nodes"
from (select array_agg(p.c1) as c1
from (select (select row_to_json(n.*)
from (select t17.number as "number", row_to_json(j19.*) as "source") n) as c1
from (select t17.*, t17.number as o0, t17.id as o1
from citation t17
where t17.record_id = t1.id and t17.retracted_at is null
order by t17.number, t17.id
limit 20) t17
left
join lateral (select t20.key as "key"
from source t20
where t20.id = t17.source_id) j19 on true
order by t17.o0, t17.o1) p) g) c) as "citations") n) as c1
from (select t1.*, t1.key as o0, t1.id as o1
from statement t1
where true and t1.retracted_at is null and coalesce((t1.said).earliest, '-infinity') <= $1::text::timestamptz::date and exists (select
from actor t2
where t2.id = t1.speaker_id and t2.key = $2::text)
order by t1.key, t1.id
limit $3::integer) t1
left
join lateral (select t7.title as "title", t7.rank as "rank"
from office t7
where t7.id = ( select o.id
from (select v3.*
from office v3
where v3.retracted_at is null) o
where o.person_id = t1.speaker_id and coalesce((o.held).earliest, '-infinity') <= coalesce((t1.said).latest, 'infinity') and coalesce((o.held).latest, 'infinity') >= coalesce((t1.said).earliest, '-infinity')
order by (o.held).earliest desc nulls last, o.id
limit 1 )) j6 on true
order by t1.o0, t1.o1) p) g) c) as "statements") q
-- $1: statements.asOf
-- $2: statements.filter.speaker.key.eq
-- $3: statements.first
