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
from (select t11.kind as "kind", coalesce(( select case ( select case when s.resolution in ('MET', 'MISSED', 'WAIVED', 'WITHDRAWN') then s.resolution::text when (s.due).latest is null then 'OPEN_ENDED' when $1::text::timestamptz::date > (s.due).latest then 'OVERDUE' when $1::text::timestamptz::date >= coalesce((s.due).earliest, '-infinity') then 'IN_WINDOW' when (s.due).earliest - $1::text::timestamptz::date <= 3 then 'DUE_SOON' else 'PENDING' end
from (select coalesce(( select m.due
from (select v12.*
from milestone v12
where v12.retracted_at is null and coalesce((v12.at).earliest, '-infinity') <= $1::text::timestamptz::date) m
where m.subject_id = d.id and m.kind = 'EXTENDED'
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ), d.due) as due, ( select m.kind
from (select v13.*
from milestone v13
where v13.retracted_at is null and coalesce((v13.at).earliest, '-infinity') <= $1::text::timestamptz::date) m
where m.subject_id = d.id and m.kind in ('MET', 'MISSED', 'WAIVED', 'WITHDRAWN', 'EXTENDED')
order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
limit 1 ) as resolution) s ) when 'MET' then 'MET' when 'MISSED' then 'UNMET' when 'WAIVED' then 'WITHDRAWN' when 'WITHDRAWN' then 'WITHDRAWN' when 'OVERDUE' then 'LAPSED' end
from (select v14.*
from deadline v14
where v14.retracted_at is null and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v15.*
from milestone v15
where v15.retracted_at is null) m
where m.subject_id = v14.id), case when least(v14.anchor, (v14.due).earliest) > v14.created_at::date then v14.created_at::date else least(v14.anchor, (v14.due).earliest) end, '-infinity' ) <= $1::text::timestamptz::date) d
where d.id = t11.deadline_id ), 'PENDING') as "outcome", row_to_json(j16.*) as "deadline") n) as c1
from (select t11.*, t11.key as o0, t11.id as o1
from condition t11
where t11.statement_id = t1.id and t11.retracted_at is null
order by t11.key, t11.id
limit 20) t11
left
join lateral (select t17.key as "key"
from deadline t17
where t17.id = t11.deadline_id and coalesce( (select min(coalesce((m.at).earliest, '-infinity'))
from (select v18.*
from milestone v18
where v18.retracted_at is null) m
where m.subject_id = t17.id), case when least(t17.anchor, (t17.due).earliest) > t17.created_at::date then t17.created_at::date else least(t17.anchor, (t17.due).earliest) end, '-infinity' ) <= $1::text::timestamptz::date) j16 on true
order by t11.o0, t11.o1) p) g) c) as "conditions", (select row_to_json(c.*)
from (select coalesce(array_to_json(g.c1), '[]'::json) as "nodes"
from (select array_agg(p.c1) as c1
from (select (select row_to_json(n.*)
from (select t19.number as "number", row_to_json(j21.*) as "source") n) as c1
from (select t19.*, t19.number as o0, t19.id as o1
from citation t19
where t19.record_id = t1.id and t19.retracted_at is null
order by t19.number, t19.id
limit 20) t19
left
join lateral (select t22.key as "key"
from source t22
where t22.id = t19.source_id) j21 on true
order by t19.o0, t19.o1) p) g) c) as "citations") n) as c1
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
