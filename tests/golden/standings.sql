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
from n.since and (o.actor_id = o.side) = (n.actor_id = n.side) ) ) n ))::text || '"', 'null'), ',"process":', case when t40.id is null then 'null' else concat('{"key":', coalesce(to_json((t40.key)::text)::text, 'null'), '}') end, ',"redLines":', (select concat('[', string_agg(concat('{"key":', coalesce(to_json((t71.key)::text)::text, 'null'), '}'), ','
order by u.place), ']')
from unnest(array(select n.id
from ( select n.id, n.key, n.side, n.stance, n.option, n.red_line
from ( select h.*, rank() over ( partition by h.side
order by h.since desc nulls last, h.actor_id = h.side desc ) as place, row_number() over ( partition by h.side
order by h.since desc nulls last, h.actor_id = h.side desc, h.option, h.key ) as n
from ( select p.id, p.key, p.stance, p.option, p.red_line, p.actor_id, (p.held).earliest as since, side.id as side
from (select v41.*
from position v41
where v41.retracted_at is null and coalesce((v41.held).earliest, '-infinity') <= $2::date and exists (select
from process v44
where v44.id = v41.process_id and (select p.counts
from kept.process_periods(v44.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day))) p
cross join lateral (select p.actor_id, p.held as at, null::uuid as on_behalf_of_id) m
cross join lateral (select coalesce(m.on_behalf_of_id, ( with recursive reached (id, distance) as ( select m.actor_id, 0 union select n.id, r.distance + 1
from reached r
cross join lateral ( select a.parent_id as id
from (select v45.*
from actor v45
where v45.retracted_at is null) a
where a.id = r.id and a.parent_id is not null
union all select o.actor_id
from (select v46.*
from office v46
where v46.retracted_at is null) o
where o.person_id = r.id and (o.held).edtf is not null and coalesce((o.held).earliest, '-infinity') <= coalesce((m.at).latest, 'infinity') and coalesce((o.held).latest, 'infinity') >= coalesce((m.at).earliest, '-infinity') ) n
where r.distance < 5 ) select case when false then m.actor_id when count(distinct r.id) = 1 then (array_agg(r.id))[1] end
from reached r
where exists ( select
from (select v47.*
from position v47
where v47.retracted_at is null) h
where h.process_id = t3.process_id and h.issue_id = t3.issue_id and h.actor_id = r.id and r.distance > 0 ) ), m.actor_id) as id) side
where p.process_id = t3.process_id and p.issue_id = t3.issue_id and coalesce((p.held).latest, 'infinity') >= $2::date and not ( exists ( select
from (select v48.*
from participation v48
where v48.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v48.talk_id and p.from_day <= $2::date and $2::date < p.until_day)) a
join (select v51.*
from talk v51
where v51.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v51.id and p.from_day <= $2::date and $2::date < p.until_day)) k on k.id = a.talk_id
where k.process_id = t3.process_id and a.actor_id = p.actor_id ) and not exists ( select
from (select v52.*
from participation v52
where v52.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v52.talk_id and p.from_day <= $2::date and $2::date < p.until_day)) a
join (select v55.*
from talk v55
where v55.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v55.id and p.from_day <= $2::date and $2::date < p.until_day)) k on k.id = a.talk_id
where k.process_id = t3.process_id and a.actor_id = p.actor_id and a.role = 'PARTY' ) ) ) h
where h.stance <> 'UNDECLARED' ) n
where n.place = 1 and n.n = 1 and not exists ( select
from ( select p.id, p.key, p.stance, p.option, p.red_line, p.actor_id, (p.held).earliest as since, side.id as side
from (select v56.*
from position v56
where v56.retracted_at is null and coalesce((v56.held).earliest, '-infinity') <= $2::date and exists (select
from process v59
where v59.id = v56.process_id and (select p.counts
from kept.process_periods(v59.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day))) p
cross join lateral (select p.actor_id, p.held as at, null::uuid as on_behalf_of_id) m
cross join lateral (select coalesce(m.on_behalf_of_id, ( with recursive reached (id, distance) as ( select m.actor_id, 0 union select n.id, r.distance + 1
from reached r
cross join lateral ( select a.parent_id as id
from (select v60.*
from actor v60
where v60.retracted_at is null) a
where a.id = r.id and a.parent_id is not null
union all select o.actor_id
from (select v61.*
from office v61
where v61.retracted_at is null) o
where o.person_id = r.id and (o.held).edtf is not null and coalesce((o.held).earliest, '-infinity') <= coalesce((m.at).latest, 'infinity') and coalesce((o.held).latest, 'infinity') >= coalesce((m.at).earliest, '-infinity') ) n
where r.distance < 5 ) select case when false then m.actor_id when count(distinct r.id) = 1 then (array_agg(r.id))[1] end
from reached r
where exists ( select
from (select v62.*
from position v62
where v62.retracted_at is null) h
where h.process_id = t3.process_id and h.issue_id = t3.issue_id and h.actor_id = r.id and r.distance > 0 ) ), m.actor_id) as id) side
where p.process_id = t3.process_id and p.issue_id = t3.issue_id and coalesce((p.held).latest, 'infinity') >= $2::date and not ( exists ( select
from (select v63.*
from participation v63
where v63.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v63.talk_id and p.from_day <= $2::date and $2::date < p.until_day)) a
join (select v66.*
from talk v66
where v66.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v66.id and p.from_day <= $2::date and $2::date < p.until_day)) k on k.id = a.talk_id
where k.process_id = t3.process_id and a.actor_id = p.actor_id ) and not exists ( select
from (select v67.*
from participation v67
where v67.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v67.talk_id and p.from_day <= $2::date and $2::date < p.until_day)) a
join (select v70.*
from talk v70
where v70.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v70.id and p.from_day <= $2::date and $2::date < p.until_day)) k on k.id = a.talk_id
where k.process_id = t3.process_id and a.actor_id = p.actor_id and a.role = 'PARTY' ) ) ) o
where o.side = n.side and o.stance <> n.stance and o.stance <> 'UNDECLARED' and o.since is not distinct
from n.since and (o.actor_id = o.side) = (n.actor_id = n.side) ) ) n
where n.red_line
order by n.key)) with ordinality u (id, place)
join position t71 on t71.id = u.id and t71.retracted_at is null and coalesce((t71.held).earliest, '-infinity') <= $2::date and exists (select
from process v74
where v74.id = t71.process_id and (select p.counts
from kept.process_periods(v74.id, $2::date) p
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
left join process t40 on t40.id = t3.process_id and (select p.counts
from kept.process_periods(t40.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day)
order by t3.o0, t3.o1) p) g), ',"positions":', (select concat('{"nodes":', concat('[', g.c1, ']'), '}')
from (select string_agg(p.c1, ',') as c1
from (select concat('{"key":', coalesce(to_json((t75.key)::text)::text, 'null'), ',"stance":', coalesce('"' || (t75.stance)::text || '"', 'null'), ',"redLine":', coalesce((t75.red_line)::text, 'null'), ',"actor":', case when t78.id is null then 'null' else concat('{"key":', coalesce(to_json((t78.key)::text)::text, 'null'), '}') end, ',"statements":', case when t75.statement_ids = '{}' then '[]' else (select concat('[', string_agg(concat('{"key":', coalesce(to_json((t79.key)::text)::text, 'null'), '}'), ','
order by u.place), ']')
from unnest(t75.statement_ids) with ordinality u (id, place)
join statement t79 on t79.id = u.id and t79.retracted_at is null and coalesce((t79.said).earliest, '-infinity') <= $2::date ) end, '}') as c1
from (select t75.*, t75.key as o0, t75.id as o1
from position t75
where t75.issue_id = t2.id and t75.retracted_at is null and coalesce((t75.held).earliest, '-infinity') <= $2::date and exists (select
from process v77
where v77.id = t75.process_id and (select p.counts
from kept.process_periods(v77.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day))
order by t75.key, t75.id
limit 20) t75
left join actor t78 on t78.id = t75.actor_id
order by t75.o0, t75.o1) p) g), '}') as o
from issue t2
where t2.id = (select coalesce(m1.merged_into_id, m1.id)
from issue m1
where m1.key = $1::text)) as o1 offset 0) q
-- $1: issue.by.key
-- $2: issue.asOf
