select convert_to(concat('{"issue":', coalesce(q.o1, 'null'), '}'), 'UTF8') as data, case when q.o1 is null then coalesce(null, '') end
from (select (select concat('{"name":', coalesce(to_json((t2.name)::text)::text, 'null'), ',"standings":', (select concat('{"nodes":', concat('[', g.c1, ']'), '}')
from (select string_agg(p.c1, ',') as c1
from (select concat('{"standing":', coalesce('"' || (( select case when count(*) = 0 then 'UNKNOWN' when count(*) = 1 then 'ONE_SIDED' when bool_and(n.stance = 'REJECTS') then 'AGREED' when bool_or(n.stance = 'REJECTS') then 'CONTESTED' when count(distinct n.option) filter (where n.stance = 'DEMANDS') > 1 then 'CONTESTED' when count(*) filter (where n.stance = 'DEMANDS') > 1 and bool_or(n.option is null) filter (where n.stance = 'DEMANDS') and not bool_or(n.stance = 'ACCEPTS') then 'UNCOMPARED' when bool_or(n.stance = 'ACCEPTS_WITH_CONDITIONS') then 'CONVERGING' else 'AGREED' end
from ( select n.id, n.key, n.side, n.stance, n.option, n.red_line
from ( select h.*, rank() over ( partition by h.side
order by h.since desc nulls last, h.actor_id = h.side desc ) as place, row_number() over ( partition by h.side
order by h.since desc nulls last, h.actor_id = h.side desc, h.option, h.key ) as n
from ( select p.id, p.key, p.stance, p.option, p.red_line, p.actor_id, (p.held).earliest as since, side.id as side
from (select v10.*
from position v10
where v10.retracted_at is null and coalesce((v10.held).earliest, '-infinity') <= $2::date and exists (select
from process v13
where v13.id = v10.process_id and (select p.counts
from kept.process_periods(v13.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day))) p
cross join lateral (select p.actor_id, p.held as at, null::uuid as on_behalf_of_id) m
cross join lateral (select coalesce(m.on_behalf_of_id, ( with recursive reached (id, distance) as ( select m.actor_id, 0 union select n.id, r.distance + 1
from reached r
cross join lateral ( select a.parent_id as id
from (select v14.*
from actor v14
where v14.retracted_at is null) a
where a.id = r.id and a.parent_id is not null
union all select o.actor_id
from (select v15.*
from office v15
where v15.retracted_at is null) o
where o.person_id = r.id and (o.held).edtf is not null and coalesce((o.held).earliest, '-infinity') <= coalesce((m.at).latest, 'infinity') and coalesce((o.held).latest, 'infinity') >= coalesce((m.at).earliest, '-infinity') ) n
where r.distance < 5 ) select case when false then m.actor_id when count(distinct r.id) = 1 then (array_agg(r.id))[1] end
from reached r
where exists ( select
from (select v16.*
from position v16
where v16.retracted_at is null) h
where h.process_id = t3.process_id and h.issue_id = t3.issue_id and h.actor_id = r.id and r.distance > 0 ) ), m.actor_id) as id) side
where p.process_id = t3.process_id and p.issue_id = t3.issue_id and coalesce((p.held).latest, 'infinity') >= $2::date and not ( exists ( select
from (select v17.*
from participation v17
where v17.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v17.talk_id and p.from_day <= $2::date and $2::date < p.until_day)) a
join (select v20.*
from talk v20
where v20.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v20.id and p.from_day <= $2::date and $2::date < p.until_day)) k on k.id = a.talk_id
where k.process_id = t3.process_id and a.actor_id = p.actor_id ) and not exists ( select
from (select v21.*
from participation v21
where v21.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v21.talk_id and p.from_day <= $2::date and $2::date < p.until_day)) a
join (select v24.*
from talk v24
where v24.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v24.id and p.from_day <= $2::date and $2::date < p.until_day)) k on k.id = a.talk_id
where k.process_id = t3.process_id and a.actor_id = p.actor_id and a.role = 'PARTY' ) ) ) h
where h.stance <> 'UNDECLARED' ) n
where n.place = 1 and n.n = 1 and not exists ( select
from ( select p.id, p.key, p.stance, p.option, p.red_line, p.actor_id, (p.held).earliest as since, side.id as side
from (select v25.*
from position v25
where v25.retracted_at is null and coalesce((v25.held).earliest, '-infinity') <= $2::date and exists (select
from process v28
where v28.id = v25.process_id and (select p.counts
from kept.process_periods(v28.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day))) p
cross join lateral (select p.actor_id, p.held as at, null::uuid as on_behalf_of_id) m
cross join lateral (select coalesce(m.on_behalf_of_id, ( with recursive reached (id, distance) as ( select m.actor_id, 0 union select n.id, r.distance + 1
from reached r
cross join lateral ( select a.parent_id as id
from (select v29.*
from actor v29
where v29.retracted_at is null) a
where a.id = r.id and a.parent_id is not null
union all select o.actor_id
from (select v30.*
from office v30
where v30.retracted_at is null) o
where o.person_id = r.id and (o.held).edtf is not null and coalesce((o.held).earliest, '-infinity') <= coalesce((m.at).latest, 'infinity') and coalesce((o.held).latest, 'infinity') >= coalesce((m.at).earliest, '-infinity') ) n
where r.distance < 5 ) select case when false then m.actor_id when count(distinct r.id) = 1 then (array_agg(r.id))[1] end
from reached r
where exists ( select
from (select v31.*
from position v31
where v31.retracted_at is null) h
where h.process_id = t3.process_id and h.issue_id = t3.issue_id and h.actor_id = r.id and r.distance > 0 ) ), m.actor_id) as id) side
where p.process_id = t3.process_id and p.issue_id = t3.issue_id and coalesce((p.held).latest, 'infinity') >= $2::date and not ( exists ( select
from (select v32.*
from participation v32
where v32.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v32.talk_id and p.from_day <= $2::date and $2::date < p.until_day)) a
join (select v35.*
from talk v35
where v35.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v35.id and p.from_day <= $2::date and $2::date < p.until_day)) k on k.id = a.talk_id
where k.process_id = t3.process_id and a.actor_id = p.actor_id ) and not exists ( select
from (select v36.*
from participation v36
where v36.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v36.talk_id and p.from_day <= $2::date and $2::date < p.until_day)) a
join (select v39.*
from talk v39
where v39.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v39.id and p.from_day <= $2::date and $2::date < p.until_day)) k on k.id = a.talk_id
where k.process_id = t3.process_id and a.actor_id = p.actor_id and a.role = 'PARTY' ) ) ) o
where o.side = n.side and o.stance <> n.stance and o.stance <> 'UNDECLARED' and o.since is not distinct
from n.since and (o.actor_id = o.side) = (n.actor_id = n.side) ) ) n ))::text || '"', 'null'), ',"process":', case when t40.id is null then 'null' else concat('{"key":', coalesce(to_json((t40.key)::text)::text, 'null'), '}') end, ',"redLines":', (select concat('[', string_agg(concat('{"key":', coalesce(to_json((t72.key)::text)::text, 'null'), '}'), ','
order by u.place), ']')
from unnest(array(select n.id
from ( select n.id, n.key, n.side, n.stance, n.option, n.red_line
from ( select h.*, rank() over ( partition by h.side
order by h.since desc nulls last, h.actor_id = h.side desc ) as place, row_number() over ( partition by h.side
order by h.since desc nulls last, h.actor_id = h.side desc, h.option, h.key ) as n
from ( select p.id, p.key, p.stance, p.option, p.red_line, p.actor_id, (p.held).earliest as since, side.id as side
from (select v42.*
from position v42
where v42.retracted_at is null and coalesce((v42.held).earliest, '-infinity') <= $2::date and exists (select
from process v45
where v45.id = v42.process_id and (select p.counts
from kept.process_periods(v45.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day))) p
cross join lateral (select p.actor_id, p.held as at, null::uuid as on_behalf_of_id) m
cross join lateral (select coalesce(m.on_behalf_of_id, ( with recursive reached (id, distance) as ( select m.actor_id, 0 union select n.id, r.distance + 1
from reached r
cross join lateral ( select a.parent_id as id
from (select v46.*
from actor v46
where v46.retracted_at is null) a
where a.id = r.id and a.parent_id is not null
union all select o.actor_id
from (select v47.*
from office v47
where v47.retracted_at is null) o
where o.person_id = r.id and (o.held).edtf is not null and coalesce((o.held).earliest, '-infinity') <= coalesce((m.at).latest, 'infinity') and coalesce((o.held).latest, 'infinity') >= coalesce((m.at).earliest, '-infinity') ) n
where r.distance < 5 ) select case when false then m.actor_id when count(distinct r.id) = 1 then (array_agg(r.id))[1] end
from reached r
where exists ( select
from (select v48.*
from position v48
where v48.retracted_at is null) h
where h.process_id = t3.process_id and h.issue_id = t3.issue_id and h.actor_id = r.id and r.distance > 0 ) ), m.actor_id) as id) side
where p.process_id = t3.process_id and p.issue_id = t3.issue_id and coalesce((p.held).latest, 'infinity') >= $2::date and not ( exists ( select
from (select v49.*
from participation v49
where v49.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v49.talk_id and p.from_day <= $2::date and $2::date < p.until_day)) a
join (select v52.*
from talk v52
where v52.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v52.id and p.from_day <= $2::date and $2::date < p.until_day)) k on k.id = a.talk_id
where k.process_id = t3.process_id and a.actor_id = p.actor_id ) and not exists ( select
from (select v53.*
from participation v53
where v53.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v53.talk_id and p.from_day <= $2::date and $2::date < p.until_day)) a
join (select v56.*
from talk v56
where v56.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v56.id and p.from_day <= $2::date and $2::date < p.until_day)) k on k.id = a.talk_id
where k.process_id = t3.process_id and a.actor_id = p.actor_id and a.role = 'PARTY' ) ) ) h
where h.stance <> 'UNDECLARED' ) n
where n.place = 1 and n.n = 1 and not exists ( select
from ( select p.id, p.key, p.stance, p.option, p.red_line, p.actor_id, (p.held).earliest as since, side.id as side
from (select v57.*
from position v57
where v57.retracted_at is null and coalesce((v57.held).earliest, '-infinity') <= $2::date and exists (select
from process v60
where v60.id = v57.process_id and (select p.counts
from kept.process_periods(v60.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day))) p
cross join lateral (select p.actor_id, p.held as at, null::uuid as on_behalf_of_id) m
cross join lateral (select coalesce(m.on_behalf_of_id, ( with recursive reached (id, distance) as ( select m.actor_id, 0 union select n.id, r.distance + 1
from reached r
cross join lateral ( select a.parent_id as id
from (select v61.*
from actor v61
where v61.retracted_at is null) a
where a.id = r.id and a.parent_id is not null
union all select o.actor_id
from (select v62.*
from office v62
where v62.retracted_at is null) o
where o.person_id = r.id and (o.held).edtf is not null and coalesce((o.held).earliest, '-infinity') <= coalesce((m.at).latest, 'infinity') and coalesce((o.held).latest, 'infinity') >= coalesce((m.at).earliest, '-infinity') ) n
where r.distance < 5 ) select case when false then m.actor_id when count(distinct r.id) = 1 then (array_agg(r.id))[1] end
from reached r
where exists ( select
from (select v63.*
from position v63
where v63.retracted_at is null) h
where h.process_id = t3.process_id and h.issue_id = t3.issue_id and h.actor_id = r.id and r.distance > 0 ) ), m.actor_id) as id) side
where p.process_id = t3.process_id and p.issue_id = t3.issue_id and coalesce((p.held).latest, 'infinity') >= $2::date and not ( exists ( select
from (select v64.*
from participation v64
where v64.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v64.talk_id and p.from_day <= $2::date and $2::date < p.until_day)) a
join (select v67.*
from talk v67
where v67.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v67.id and p.from_day <= $2::date and $2::date < p.until_day)) k on k.id = a.talk_id
where k.process_id = t3.process_id and a.actor_id = p.actor_id ) and not exists ( select
from (select v68.*
from participation v68
where v68.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v68.talk_id and p.from_day <= $2::date and $2::date < p.until_day)) a
join (select v71.*
from talk v71
where v71.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v71.id and p.from_day <= $2::date and $2::date < p.until_day)) k on k.id = a.talk_id
where k.process_id = t3.process_id and a.actor_id = p.actor_id and a.role = 'PARTY' ) ) ) o
where o.side = n.side and o.stance <> n.stance and o.stance <> 'UNDECLARED' and o.since is not distinct
from n.since and (o.actor_id = o.side) = (n.actor_id = n.side) ) ) n
where n.red_line
order by n.key)) with ordinality u (id, place)
join position t72 on t72.id = u.id and t72.retracted_at is null and coalesce((t72.held).earliest, '-infinity') <= $2::date and exists (select
from process v75
where v75.id = t72.process_id and (select p.counts
from kept.process_periods(v75.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day)) ), '}') as c1
from (select t3.*, t3.name as o0, t3.id as o1
from ( select p.process_id::text || '.' || i.id::text as id, p.process_id, i.id as issue_id, i.name
from (select v4.*
from position v4
where v4.retracted_at is null and coalesce((v4.held).earliest, '-infinity') <= $2::date and exists (select
from process v7
where v7.id = v4.process_id and (select p.counts
from kept.process_periods(v7.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day))) p
join (select v8.*
from issue v8
where v8.retracted_at is null) i on i.id = p.issue_id
group by p.process_id, i.id, i.name ) t3
where t3.issue_id = t2.id and exists (select
from process v9
where v9.id = t3.process_id and (select p.counts
from kept.process_periods(v9.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day))
order by t3.name, t3.id
limit 20) t3
left join (select v41.*, p.record_id as now_id, p.counts as now_counts, p.status as now_status, p.since as now_since, p.next_talk_id as now_next_talk_id, p.next_deadline_id as now_next_deadline_id, p.active_until as now_active_until
from process v41
cross join lateral (select p.*
from kept.process_periods(v41.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day offset 0) p) t40 on t40.id = t3.process_id and t40.now_counts
order by t3.o0, t3.o1) p) g), ',"positions":', (select concat('{"nodes":', concat('[', g.c1, ']'), '}')
from (select string_agg(p.c1, ',') as c1
from (select concat('{"key":', coalesce(to_json((t76.key)::text)::text, 'null'), ',"stance":', coalesce('"' || (t76.stance)::text || '"', 'null'), ',"redLine":', coalesce((t76.red_line)::text, 'null'), ',"actor":', case when t79.id is null then 'null' else concat('{"key":', coalesce(to_json((t79.key)::text)::text, 'null'), '}') end, ',"statements":', case when t76.statement_ids = '{}' then '[]' else (select concat('[', string_agg(concat('{"key":', coalesce(to_json((t80.key)::text)::text, 'null'), '}'), ','
order by u.place), ']')
from unnest(t76.statement_ids) with ordinality u (id, place)
join statement t80 on t80.id = u.id and t80.retracted_at is null and coalesce((t80.said).earliest, '-infinity') <= $2::date ) end, '}') as c1
from (select t76.*, t76.key as o0, t76.id as o1
from position t76
where t76.issue_id = t2.id and t76.retracted_at is null and coalesce((t76.held).earliest, '-infinity') <= $2::date and exists (select
from process v78
where v78.id = t76.process_id and (select p.counts
from kept.process_periods(v78.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day))
order by t76.key, t76.id
limit 20) t76
left join actor t79 on t79.id = t76.actor_id
order by t76.o0, t76.o1) p) g), '}') as o
from issue t2
where t2.id = (select coalesce(m1.merged_into_id, m1.id)
from issue m1
where m1.key = $1::text)) as o1 offset 0) q
-- $1: issue.by.key
-- $2: issue.asOf
