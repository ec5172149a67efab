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
cross join lateral ( select p.actor_id, null::uuid as on_behalf_of_id, row( null, (p.held).earliest, coalesce((p.held).earliest, (p.held).latest), null, null, null )::fuzzy_date_parts as at ) m
cross join lateral (select coalesce(m.on_behalf_of_id, ( with recursive reached (id, distance) as ( select m.actor_id, 0 union select n.id, r.distance + 1
from reached r
cross join lateral ( select a.parent_id as id
from (select v14.*
from actor v14
where v14.retracted_at is null) a
where a.id = r.id and a.parent_id is not null
union all select h.id
from ( select o.actor_id as id, o.held
from (select v15.*
from office v15
where v15.retracted_at is null) o
where o.person_id = r.id
union all select b.group_id, b.held
from (select v16.*
from membership v16
where v16.retracted_at is null) b
where b.member_id = r.id ) h
where (h.held).edtf is not null and coalesce((h.held).earliest, '-infinity') <= coalesce((m.at).latest, 'infinity') and coalesce((h.held).latest, 'infinity') >= coalesce((m.at).earliest, '-infinity') ) n
where r.distance < 5 ) select case when false then m.actor_id when count(distinct r.id) = 1 then (array_agg(r.id))[1] end
from reached r
where exists ( select
from (select v17.*
from position v17
where v17.retracted_at is null) h
where h.process_id = t3.process_id and h.issue_id = t3.issue_id and h.actor_id = r.id and r.distance > 0 ) ), m.actor_id) as id) side
where p.process_id = t3.process_id and p.issue_id = t3.issue_id and coalesce((p.held).latest, 'infinity') >= $2::date and not ( select count(*) > 0 and not bool_or(a.role = 'PARTY')
from (select v18.*
from participation v18
where v18.retracted_at is null and coalesce((v18.during).earliest, '-infinity') <= $2::date and (v18.talk_id is null or (select p.counts
from kept.talk p
where p.record_id = v18.talk_id and p.from_day <= $2::date and $2::date < p.until_day)) and (v18.process_id is null or exists (select
from process v20
where v20.id = v18.process_id and (select p.counts
from kept.process_periods(v20.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day)))) a
left join (select v22.*
from talk v22
where v22.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v22.id and p.from_day <= $2::date and $2::date < p.until_day)) k on k.id = a.talk_id
where a.actor_id = p.actor_id and coalesce(a.process_id, k.process_id) = t3.process_id ) ) h
where h.stance <> 'UNDECLARED' ) n
where n.place = 1 and n.n = 1 and not exists ( select
from ( select p.id, p.key, p.stance, p.option, p.red_line, p.actor_id, (p.held).earliest as since, side.id as side
from (select v23.*
from position v23
where v23.retracted_at is null and coalesce((v23.held).earliest, '-infinity') <= $2::date and exists (select
from process v26
where v26.id = v23.process_id and (select p.counts
from kept.process_periods(v26.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day))) p
cross join lateral ( select p.actor_id, null::uuid as on_behalf_of_id, row( null, (p.held).earliest, coalesce((p.held).earliest, (p.held).latest), null, null, null )::fuzzy_date_parts as at ) m
cross join lateral (select coalesce(m.on_behalf_of_id, ( with recursive reached (id, distance) as ( select m.actor_id, 0 union select n.id, r.distance + 1
from reached r
cross join lateral ( select a.parent_id as id
from (select v27.*
from actor v27
where v27.retracted_at is null) a
where a.id = r.id and a.parent_id is not null
union all select h.id
from ( select o.actor_id as id, o.held
from (select v28.*
from office v28
where v28.retracted_at is null) o
where o.person_id = r.id
union all select b.group_id, b.held
from (select v29.*
from membership v29
where v29.retracted_at is null) b
where b.member_id = r.id ) h
where (h.held).edtf is not null and coalesce((h.held).earliest, '-infinity') <= coalesce((m.at).latest, 'infinity') and coalesce((h.held).latest, 'infinity') >= coalesce((m.at).earliest, '-infinity') ) n
where r.distance < 5 ) select case when false then m.actor_id when count(distinct r.id) = 1 then (array_agg(r.id))[1] end
from reached r
where exists ( select
from (select v30.*
from position v30
where v30.retracted_at is null) h
where h.process_id = t3.process_id and h.issue_id = t3.issue_id and h.actor_id = r.id and r.distance > 0 ) ), m.actor_id) as id) side
where p.process_id = t3.process_id and p.issue_id = t3.issue_id and coalesce((p.held).latest, 'infinity') >= $2::date and not ( select count(*) > 0 and not bool_or(a.role = 'PARTY')
from (select v31.*
from participation v31
where v31.retracted_at is null and coalesce((v31.during).earliest, '-infinity') <= $2::date and (v31.talk_id is null or (select p.counts
from kept.talk p
where p.record_id = v31.talk_id and p.from_day <= $2::date and $2::date < p.until_day)) and (v31.process_id is null or exists (select
from process v33
where v33.id = v31.process_id and (select p.counts
from kept.process_periods(v33.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day)))) a
left join (select v35.*
from talk v35
where v35.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v35.id and p.from_day <= $2::date and $2::date < p.until_day)) k on k.id = a.talk_id
where a.actor_id = p.actor_id and coalesce(a.process_id, k.process_id) = t3.process_id ) ) o
where o.side = n.side and o.stance <> n.stance and o.stance <> 'UNDECLARED' and o.since is not distinct
from n.since and (o.actor_id = o.side) = (n.actor_id = n.side) ) ) n ))::text || '"', 'null'), ',"process":', case when t36.id is null then 'null' else concat('{"key":', coalesce(to_json((t36.key)::text)::text, 'null'), '}') end, ',"redLines":', (select concat('[', string_agg(concat('{"key":', coalesce(to_json((t63.key)::text)::text, 'null'), '}'), ','
order by u.place), ']')
from unnest(array(select n.id
from ( select n.id, n.key, n.side, n.stance, n.option, n.red_line
from ( select h.*, rank() over ( partition by h.side
order by h.since desc nulls last, h.actor_id = h.side desc ) as place, row_number() over ( partition by h.side
order by h.since desc nulls last, h.actor_id = h.side desc, h.option, h.key ) as n
from ( select p.id, p.key, p.stance, p.option, p.red_line, p.actor_id, (p.held).earliest as since, side.id as side
from (select v37.*
from position v37
where v37.retracted_at is null and coalesce((v37.held).earliest, '-infinity') <= $2::date and exists (select
from process v40
where v40.id = v37.process_id and (select p.counts
from kept.process_periods(v40.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day))) p
cross join lateral ( select p.actor_id, null::uuid as on_behalf_of_id, row( null, (p.held).earliest, coalesce((p.held).earliest, (p.held).latest), null, null, null )::fuzzy_date_parts as at ) m
cross join lateral (select coalesce(m.on_behalf_of_id, ( with recursive reached (id, distance) as ( select m.actor_id, 0 union select n.id, r.distance + 1
from reached r
cross join lateral ( select a.parent_id as id
from (select v41.*
from actor v41
where v41.retracted_at is null) a
where a.id = r.id and a.parent_id is not null
union all select h.id
from ( select o.actor_id as id, o.held
from (select v42.*
from office v42
where v42.retracted_at is null) o
where o.person_id = r.id
union all select b.group_id, b.held
from (select v43.*
from membership v43
where v43.retracted_at is null) b
where b.member_id = r.id ) h
where (h.held).edtf is not null and coalesce((h.held).earliest, '-infinity') <= coalesce((m.at).latest, 'infinity') and coalesce((h.held).latest, 'infinity') >= coalesce((m.at).earliest, '-infinity') ) n
where r.distance < 5 ) select case when false then m.actor_id when count(distinct r.id) = 1 then (array_agg(r.id))[1] end
from reached r
where exists ( select
from (select v44.*
from position v44
where v44.retracted_at is null) h
where h.process_id = t3.process_id and h.issue_id = t3.issue_id and h.actor_id = r.id and r.distance > 0 ) ), m.actor_id) as id) side
where p.process_id = t3.process_id and p.issue_id = t3.issue_id and coalesce((p.held).latest, 'infinity') >= $2::date and not ( select count(*) > 0 and not bool_or(a.role = 'PARTY')
from (select v45.*
from participation v45
where v45.retracted_at is null and coalesce((v45.during).earliest, '-infinity') <= $2::date and (v45.talk_id is null or (select p.counts
from kept.talk p
where p.record_id = v45.talk_id and p.from_day <= $2::date and $2::date < p.until_day)) and (v45.process_id is null or exists (select
from process v47
where v47.id = v45.process_id and (select p.counts
from kept.process_periods(v47.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day)))) a
left join (select v49.*
from talk v49
where v49.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v49.id and p.from_day <= $2::date and $2::date < p.until_day)) k on k.id = a.talk_id
where a.actor_id = p.actor_id and coalesce(a.process_id, k.process_id) = t3.process_id ) ) h
where h.stance <> 'UNDECLARED' ) n
where n.place = 1 and n.n = 1 and not exists ( select
from ( select p.id, p.key, p.stance, p.option, p.red_line, p.actor_id, (p.held).earliest as since, side.id as side
from (select v50.*
from position v50
where v50.retracted_at is null and coalesce((v50.held).earliest, '-infinity') <= $2::date and exists (select
from process v53
where v53.id = v50.process_id and (select p.counts
from kept.process_periods(v53.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day))) p
cross join lateral ( select p.actor_id, null::uuid as on_behalf_of_id, row( null, (p.held).earliest, coalesce((p.held).earliest, (p.held).latest), null, null, null )::fuzzy_date_parts as at ) m
cross join lateral (select coalesce(m.on_behalf_of_id, ( with recursive reached (id, distance) as ( select m.actor_id, 0 union select n.id, r.distance + 1
from reached r
cross join lateral ( select a.parent_id as id
from (select v54.*
from actor v54
where v54.retracted_at is null) a
where a.id = r.id and a.parent_id is not null
union all select h.id
from ( select o.actor_id as id, o.held
from (select v55.*
from office v55
where v55.retracted_at is null) o
where o.person_id = r.id
union all select b.group_id, b.held
from (select v56.*
from membership v56
where v56.retracted_at is null) b
where b.member_id = r.id ) h
where (h.held).edtf is not null and coalesce((h.held).earliest, '-infinity') <= coalesce((m.at).latest, 'infinity') and coalesce((h.held).latest, 'infinity') >= coalesce((m.at).earliest, '-infinity') ) n
where r.distance < 5 ) select case when false then m.actor_id when count(distinct r.id) = 1 then (array_agg(r.id))[1] end
from reached r
where exists ( select
from (select v57.*
from position v57
where v57.retracted_at is null) h
where h.process_id = t3.process_id and h.issue_id = t3.issue_id and h.actor_id = r.id and r.distance > 0 ) ), m.actor_id) as id) side
where p.process_id = t3.process_id and p.issue_id = t3.issue_id and coalesce((p.held).latest, 'infinity') >= $2::date and not ( select count(*) > 0 and not bool_or(a.role = 'PARTY')
from (select v58.*
from participation v58
where v58.retracted_at is null and coalesce((v58.during).earliest, '-infinity') <= $2::date and (v58.talk_id is null or (select p.counts
from kept.talk p
where p.record_id = v58.talk_id and p.from_day <= $2::date and $2::date < p.until_day)) and (v58.process_id is null or exists (select
from process v60
where v60.id = v58.process_id and (select p.counts
from kept.process_periods(v60.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day)))) a
left join (select v62.*
from talk v62
where v62.retracted_at is null and (select p.counts
from kept.talk p
where p.record_id = v62.id and p.from_day <= $2::date and $2::date < p.until_day)) k on k.id = a.talk_id
where a.actor_id = p.actor_id and coalesce(a.process_id, k.process_id) = t3.process_id ) ) o
where o.side = n.side and o.stance <> n.stance and o.stance <> 'UNDECLARED' and o.since is not distinct
from n.since and (o.actor_id = o.side) = (n.actor_id = n.side) ) ) n
where n.red_line
order by n.key)) with ordinality u (id, place)
join position t63 on t63.id = u.id and t63.retracted_at is null and coalesce((t63.held).earliest, '-infinity') <= $2::date and exists (select
from process v66
where v66.id = t63.process_id and (select p.counts
from kept.process_periods(v66.id, $2::date) p
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
left join process t36 on t36.id = t3.process_id and (select p.counts
from kept.process_periods(t36.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day)
order by t3.o0, t3.o1) p) g), ',"positions":', (select concat('{"nodes":', concat('[', g.c1, ']'), '}')
from (select string_agg(p.c1, ',') as c1
from (select concat('{"key":', coalesce(to_json((t67.key)::text)::text, 'null'), ',"stance":', coalesce('"' || (t67.stance)::text || '"', 'null'), ',"redLine":', coalesce((t67.red_line)::text, 'null'), ',"actor":', case when t70.id is null then 'null' else concat('{"key":', coalesce(to_json((t70.key)::text)::text, 'null'), '}') end, ',"statements":', case when t67.statement_ids = '{}' then '[]' else (select concat('[', string_agg(concat('{"key":', coalesce(to_json((t71.key)::text)::text, 'null'), '}'), ','
order by u.place), ']')
from unnest(t67.statement_ids) with ordinality u (id, place)
join statement t71 on t71.id = u.id and t71.retracted_at is null and coalesce((t71.said).earliest, '-infinity') <= $2::date ) end, '}') as c1
from (select t67.*, t67.key as o0, t67.id as o1
from position t67
where t67.issue_id = t2.id and t67.retracted_at is null and coalesce((t67.held).earliest, '-infinity') <= $2::date and exists (select
from process v69
where v69.id = t67.process_id and (select p.counts
from kept.process_periods(v69.id, $2::date) p
where p.from_day <= $2::date and $2::date < p.until_day))
order by t67.key, t67.id
limit 20) t67
left join actor t70 on t70.id = t67.actor_id
order by t67.o0, t67.o1) p) g), '}') as o
from issue t2
where t2.id = (select coalesce(m1.merged_into_id, m1.id)
from issue m1
where m1.key = $1::text)) as o1 offset 0) q
-- $1: issue.by.key
-- $2: issue.asOf
