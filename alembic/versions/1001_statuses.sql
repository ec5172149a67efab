create or replace function kept.refresh(due uuid[]) returns void language plpgsql
    set search_path = pg_catalog, public, pg_temp set timezone = 'UTC' set jit = off
    set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
    wanted uuid[];
begin
    wanted := array(select r.id from record r where r.id = any(due) and r.type = 'AGREEMENT');
    if wanted <> '{}' then
        delete from kept.agreement p where p.record_id = any(wanted);
        with of_day as materialized (
            select t.id, c.on_day, made.*, (
    with step as materialized (
    select m.id, m.kind, m.at,
        row_number() over (order by (m.at).earliest nulls first, (m.at).latest, m.id) as n,
        case
            when m.kind = 'PROPOSED' then 1
            when m.kind = 'DRAFTED' then 2
            when m.kind = 'NEGOTIATED' then 3
            when m.kind = 'INITIALLED' then 4
            when m.kind = 'SIGNED' then 5
            when m.kind in ('RATIFIED', 'ACCEPTED', 'APPROVED', 'ACCEDED') then 6
            when m.kind in ('ENTERED_INTO_FORCE', 'PROVISIONALLY_APPLIED') then 7
        end as rank,
        case m.kind
            when 'SUSPENDED' then 'SUSPENDED'
            when 'VIOLATION_CONFIRMED' then 'BREACHED'
            when 'REJECTED' then 'REJECTED'
            when 'REPUDIATED' then 'TERMINATED'
            when 'TERMINATED' then 'TERMINATED'
            when 'EXPIRED' then 'EXPIRED'
            when 'SUPERSEDED' then 'SUPERSEDED'
        end as break
    from (select v3.* from milestone v3 where v3.retracted_at is null and coalesce((v3.at).earliest, '-infinity') <= on_day) m
    where m.subject_id = t.id
),
    last_break as (select n, break from step where break is not null order by n desc limit 1),
    reached as (
        select max(s.rank) as rank
        from step s left join last_break b on true
        where b.n is null or (s.n > b.n and (b.break = 'REJECTED' or s.rank = 7))
    )
    select coalesce(
        (array['PROPOSED', 'DRAFTED', 'NEGOTIATED', 'INITIALLED', 'SIGNED', 'RATIFIED', 'IN_FORCE'])[reached.rank],
        (select break from last_break),
        'SOUGHT'
    )
    from reached
) as status
            from unnest(wanted) u (id)
            join agreement t on t.id = u.id
            cross join lateral (
                select date '4713-01-01 BC' as on_day
                union
                select v.day from (
    select (m.at).earliest from (select v4.* from milestone v4 where v4.retracted_at is null) m where m.subject_id = t.id
    union all select (s.signed).earliest from (select v5.* from signature v5 where v5.retracted_at is null) s where s.agreement_id = t.id
    ) v (day) where v.day > date '4713-01-01 BC' and isfinite(v.day)
            ) c
            cross join lateral (select coalesce(
        (select min(coalesce((m.at).earliest, '-infinity')) from (select v1.* from milestone v1 where v1.retracted_at is null) m where m.subject_id = t.id),
        (select min((s.signed).earliest) from (select v2.* from signature v2 where v2.retracted_at is null) s where s.agreement_id = t.id),
        '-infinity'
    ) <= on_day as counts offset 0) made
        ),
        change as (
            select o.*, lag(o.on_day) over w is null as is_first,
                row(o.counts, o.status) is distinct from lag(row(o.counts, o.status)) over w as is_change
            from of_day o
            window w as (partition by o.id order by o.on_day)
        )
        insert into kept.agreement (record_id, from_day, until_day, counts, status)
        select o.id, case when o.is_first then '-infinity' else o.on_day end,
            lead(o.on_day, 1, 'infinity') over (partition by o.id order by o.on_day), o.counts, o.status
        from change o
        where o.is_change or o.is_first;
    end if;
    wanted := array(select r.id from record r where r.id = any(due) and r.type = 'DEADLINE');
    if wanted <> '{}' then
        delete from kept.deadline p where p.record_id = any(wanted);
        with of_day as materialized (
            select t.id, c.on_day, made.*, (
    select case
        when s.resolution in ('MET', 'MISSED', 'WAIVED', 'WITHDRAWN') then s.resolution::text
        when (s.due).latest is null then 'OPEN_ENDED'
        when on_day > (s.due).latest then 'OVERDUE'
        when on_day >= coalesce((s.due).earliest, '-infinity') then 'IN_WINDOW'
        when (s.due).earliest - on_day <= 3 then 'DUE_SOON'
        else 'PENDING'
    end
    from (select coalesce((
    select m.due from (select v2.* from milestone v2 where v2.retracted_at is null and coalesce((v2.at).earliest, '-infinity') <= on_day) m
    where m.subject_id = t.id and m.kind = 'EXTENDED'
    order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
    limit 1
), t.due) as due, (
    select m.kind from (select v3.* from milestone v3 where v3.retracted_at is null and coalesce((v3.at).earliest, '-infinity') <= on_day) m
    where m.subject_id = t.id and m.kind in ('MET', 'MISSED', 'WAIVED', 'WITHDRAWN', 'EXTENDED')
    order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
    limit 1
) as resolution offset 0) s
) as status
            from unnest(wanted) u (id)
            join deadline t on t.id = u.id
            cross join lateral (
                select date '4713-01-01 BC' as on_day
                union
                select v.day from (
    select v.day
    from (
        select t.due
        union all select m.due from (select v4.* from milestone v4 where v4.retracted_at is null) m where m.subject_id = t.id and m.kind = 'EXTENDED'
    ) d (due)
    cross join lateral (
        values ((d.due).earliest - 3), ((d.due).earliest), ((d.due).latest + 1)
    ) v (day)
    union all select t.anchor
    union all select t.created_at::date
    union all select (m.at).earliest from (select v5.* from milestone v5 where v5.retracted_at is null) m where m.subject_id = t.id
    ) v (day) where v.day > date '4713-01-01 BC' and isfinite(v.day)
            ) c
            cross join lateral (select coalesce(
        (select min(coalesce((m.at).earliest, '-infinity')) from (select v1.* from milestone v1 where v1.retracted_at is null) m where m.subject_id = t.id),
        case
            when least(t.anchor, (t.due).earliest) > t.created_at::date then t.created_at::date
            else least(t.anchor, (t.due).earliest)
        end,
        '-infinity'
    ) <= on_day as counts offset 0) made
        ),
        change as (
            select o.*, lag(o.on_day) over w is null as is_first,
                row(o.counts, o.status) is distinct from lag(row(o.counts, o.status)) over w as is_change
            from of_day o
            window w as (partition by o.id order by o.on_day)
        )
        insert into kept.deadline (record_id, from_day, until_day, counts, status)
        select o.id, case when o.is_first then '-infinity' else o.on_day end,
            lead(o.on_day, 1, 'infinity') over (partition by o.id order by o.on_day), o.counts, o.status
        from change o
        where o.is_change or o.is_first;
    end if;
    wanted := array(select r.id from record r where r.id = any(due) and r.type = 'TALK');
    if wanted <> '{}' then
        delete from kept.talk p where p.record_id = any(wanted);
        with of_day as materialized (
            select t.id, c.on_day, made.*, (
    select case
        when s.milestone in ('CANCELLED', 'POSTPONED', 'COLLAPSED', 'CONCLUDED') then s.milestone::text
        when on_day < s.first_day then case when s.first_day = s.latest_start then 'SCHEDULED' else 'EXPECTED' end
        when on_day <= s.last_day and (s.first_day = s.latest_start or s.reported_held) then 'UNDER_WAY'
        when on_day <= s.latest_start then 'EXPECTED'
        when s.reported_held then 'HELD'
        when s.latest_start is null then 'EXPECTED'
        else 'OVERDUE'
    end
    from (
        select
            (t.starts).earliest as first_day,
            (t.starts).latest as latest_start,
            coalesce((t.ends).latest, (t.starts).latest) as last_day,
            (
    exists (select from (select v2.* from milestone v2 where v2.retracted_at is null and coalesce((v2.at).earliest, '-infinity') <= on_day) m where m.subject_id = t.id and m.kind in ('OPENED', 'ADJOURNED'))
    or exists (select from (select v3.* from participation v3 where v3.retracted_at is null and exists (select from talk v4 where v4.id = v3.talk_id and coalesce(
        (select min(coalesce((m.at).earliest, '-infinity')) from (select v5.* from milestone v5 where v5.retracted_at is null) m where m.subject_id = v4.id),
        case when (v4.starts).earliest > v4.created_at::date then v4.created_at::date else (v4.starts).earliest end,
        '-infinity'
    ) <= on_day)) a where a.talk_id = t.id and a.attendance = 'REPORTED')
) as reported_held,
            (
    select m.kind from (select v7.* from milestone v7 where v7.retracted_at is null and coalesce((v7.at).earliest, '-infinity') <= on_day) m
    where m.subject_id = t.id
        and m.kind in ('SCHEDULED', 'OPENED', 'POSTPONED', 'CANCELLED', 'COLLAPSED', 'CONCLUDED')
    order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
    limit 1
) as milestone
    ) s
) as status
            from unnest(wanted) u (id)
            join talk t on t.id = u.id
            cross join lateral (
                select date '4713-01-01 BC' as on_day
                union
                select v.day from (
    select (t.starts).earliest
    union all select t.created_at::date
    union all select (t.starts).latest + 1
    union all select coalesce((t.ends).latest, (t.starts).latest) + 1
    union all select (m.at).earliest from (select v8.* from milestone v8 where v8.retracted_at is null) m where m.subject_id = t.id
    ) v (day) where v.day > date '4713-01-01 BC' and isfinite(v.day)
            ) c
            cross join lateral (select coalesce(
        (select min(coalesce((m.at).earliest, '-infinity')) from (select v1.* from milestone v1 where v1.retracted_at is null) m where m.subject_id = t.id),
        case when (t.starts).earliest > t.created_at::date then t.created_at::date else (t.starts).earliest end,
        '-infinity'
    ) <= on_day as counts offset 0) made
        ),
        change as (
            select o.*, lag(o.on_day) over w is null as is_first,
                row(o.counts, o.status) is distinct from lag(row(o.counts, o.status)) over w as is_change
            from of_day o
            window w as (partition by o.id order by o.on_day)
        )
        insert into kept.talk (record_id, from_day, until_day, counts, status)
        select o.id, case when o.is_first then '-infinity' else o.on_day end,
            lead(o.on_day, 1, 'infinity') over (partition by o.id order by o.on_day), o.counts, o.status
        from change o
        where o.is_change or o.is_first;
    end if;
    due := due || array(select v.id from (
    select p.process_id
    from (
        select u.id from unnest(due) u (id)
        union select d.subject_id from unnest(due) u (id) join deadline d on d.id = u.id
    ) part
    cross join lateral (
        select k.process_id from talk k where k.id = part.id
        union all select a.process_id from agreement a where a.id = part.id
        union all select s.process_id from condition c join statement s on s.id = c.statement_id where c.id = part.id
        union all select s.process_id from statement s where s.id = part.id
        union all select r.id from process r where r.id = part.id
    ) p
) v (id) where v.id is not null);
    wanted := array(select r.id from record r where r.id = any(due) and r.type = 'PROCESS');
    if wanted <> '{}' then
        delete from kept.process p where p.record_id = any(wanted);
        with of_day as materialized (
            select t.id, c.on_day, made.*, (
    select case
        when s.ended in ('CONCLUDED', 'COLLAPSED') then s.ended::text
        when s.paused = 'SUSPENDED' then 'SUSPENDED'
        when on_day - s.last_day > t.stall_after_days
            and made.next_talk_id is null
            and made.next_deadline_id is null
            then 'STALLED'
        else 'ACTIVE'
    end
    from (
        select
            (
    select m.kind from (select v2.* from milestone v2 where v2.retracted_at is null and coalesce((v2.at).earliest, '-infinity') <= on_day) m
    where m.subject_id = t.id and m.kind in ('OPENED', 'RESUMED', 'CONCLUDED', 'COLLAPSED')
    order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
    limit 1
) as ended,
            (
    select m.kind from (select v3.* from milestone v3 where v3.retracted_at is null and coalesce((v3.at).earliest, '-infinity') <= on_day) m
    where m.subject_id = t.id and m.kind in ('SUSPENDED', 'RESUMED')
    order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
    limit 1
) as paused,
            coalesce((select max(v.day) from (
    select h.name, least(h.day, on_day) as day, h.record_id
    from (
        select 'talk' as name, coalesce((k.ends).latest, (k.starts).latest, (k.starts).earliest) as day,
            k.id as record_id
        from (select v4.* from talk v4 where v4.retracted_at is null and (select p.counts from kept.talk p where p.record_id = v4.id and p.from_day <= on_day and on_day < p.until_day)) k
        where k.process_id = t.id and (select p.status from kept.talk p where p.record_id = k.id and p.from_day <= on_day and on_day < p.until_day) in ('UNDER_WAY', 'HELD', 'CONCLUDED', 'COLLAPSED')
        union all
        select 'milestone', coalesce((m.at).latest, (m.at).earliest), m.id
        from (select v5.* from agreement v5 where v5.retracted_at is null and (select p.counts from kept.agreement p where p.record_id = v5.id and p.from_day <= on_day and on_day < p.until_day)) a join (select v6.* from milestone v6 where v6.retracted_at is null and coalesce((v6.at).earliest, '-infinity') <= on_day) m on m.subject_id = a.id
        where a.process_id = t.id
        union all
        select 'signature', coalesce((s.signed).latest, (s.signed).earliest), s.id
        from (select v7.* from agreement v7 where v7.retracted_at is null and (select p.counts from kept.agreement p where p.record_id = v7.id and p.from_day <= on_day and on_day < p.until_day)) a join (select v8.* from signature v8 where v8.retracted_at is null and coalesce((v8.signed).earliest, '-infinity') <= on_day and (select p.counts from kept.agreement p where p.record_id = v8.agreement_id and p.from_day <= on_day and on_day < p.until_day)) s on s.agreement_id = a.id
        where a.process_id = t.id
    ) h
    where h.day is not null
) v), (t.opened).earliest) as last_day
    ) s
) as status
            from unnest(wanted) u (id)
            join process t on t.id = u.id
            cross join lateral (
                select coalesce(nullif(current_setting('parley.today', true), '')::date, current_date) - 1 as on_day
                union
                select v.day from (
    select (m.at).earliest from (select v20.* from milestone v20 where v20.retracted_at is null) m where m.subject_id = t.id
    union all select (t.opened).earliest
    union all select t.created_at::date
    union all select (t.opened).earliest + t.stall_after_days + 1
    union all (
        select v.day
        from (select v21.* from talk v21 where v21.retracted_at is null) k
        cross join lateral (
            select coalesce((k.ends).latest, (k.starts).latest, (k.starts).earliest) + t.stall_after_days + 1
            union all select p.from_day from kept.talk p where p.record_id = k.id
        ) v (day)
        where k.process_id = t.id
    )
    union all (
        select v.day
        from (select v22.* from agreement v22 where v22.retracted_at is null) a
        cross join lateral (
            select p.from_day from kept.agreement p where p.record_id = a.id
            union all
            select w.day
            from (select v23.* from milestone v23 where v23.retracted_at is null) m
            cross join lateral (
                values ((m.at).earliest), (coalesce((m.at).latest, (m.at).earliest) + t.stall_after_days + 1)
            ) w (day)
            where m.subject_id = a.id
            union all
            select w.day
            from (select v24.* from signature v24 where v24.retracted_at is null) s
            cross join lateral (
                values ((s.signed).earliest),
                    (coalesce((s.signed).latest, (s.signed).earliest) + t.stall_after_days + 1)
            ) w (day)
            where s.agreement_id = a.id
        ) v (day)
        where a.process_id = t.id
    )
    union all (
        select v.day
        from (
    select t.id
    union all select k.id from (select v25.* from talk v25 where v25.retracted_at is null) k where k.process_id = t.id
    union all select a.id from (select v26.* from agreement v26 where v26.retracted_at is null) a where a.process_id = t.id
    union all select c.id from (select v27.* from condition v27 where v27.retracted_at is null) c join (select v28.* from statement v28 where v28.retracted_at is null) s on s.id = c.statement_id
        where s.process_id = t.id
) subject
        cross join lateral (select d.id from (select v29.* from deadline v29 where v29.retracted_at is null) d where d.subject_id = subject.id offset 0) d
        cross join lateral (
            select w.day
            from (
                select p.from_day,
                    row(p.counts, p.status in ('PENDING', 'DUE_SOON', 'IN_WINDOW')) is distinct from
                        lag(row(p.counts, p.status in ('PENDING', 'DUE_SOON', 'IN_WINDOW'))) over (order by p.from_day)
                from kept.deadline p
                where p.record_id = d.id
            ) w (day, is_change)
            where w.is_change
            union all
            select (m.at).earliest from (select v30.* from milestone v30 where v30.retracted_at is null) m where m.subject_id = d.id and m.kind = 'EXTENDED'
        ) v (day)
    )
    union all (
        select (s.said).earliest
        from (select v31.* from statement v31 where v31.retracted_at is null) s
        where s.process_id = t.id and exists (
            select from (select v32.* from condition v32 where v32.retracted_at is null) c join (select v33.* from deadline v33 where v33.retracted_at is null) d on d.subject_id = c.id where c.statement_id = s.id
        )
    )
) v (day) where v.day > coalesce(nullif(current_setting('parley.today', true), '')::date, current_date) - 1 and isfinite(v.day)
            ) c
            cross join lateral (select coalesce(
        (
            select min(coalesce((m.at).earliest, '-infinity')) from (select v1.* from milestone v1 where v1.retracted_at is null) m
            where m.subject_id = t.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS')
        ),
        case when (t.opened).earliest > t.created_at::date then t.created_at::date else (t.opened).earliest end,
        '-infinity'
    ) <= on_day as counts, (select k.id from (select v11.* from talk v11 where v11.retracted_at is null and (select p.counts from kept.talk p where p.record_id = v11.id and p.from_day <= on_day and on_day < p.until_day)) k where k.process_id = t.id and (select p.status from kept.talk p where p.record_id = k.id and p.from_day <= on_day and on_day < p.until_day) in ('EXPECTED', 'SCHEDULED') order by (k.starts).earliest, (k.starts).latest, k.id limit 1) as next_talk_id, (
    select d.id from (select v12.* from deadline v12 where v12.retracted_at is null and (select p.counts from kept.deadline p where p.record_id = v12.id and p.from_day <= on_day and on_day < p.until_day)) d where d.subject_id in (
    select t.id
    union all select k.id from (select v13.* from talk v13 where v13.retracted_at is null and (select p.counts from kept.talk p where p.record_id = v13.id and p.from_day <= on_day and on_day < p.until_day)) k where k.process_id = t.id
    union all select a.id from (select v14.* from agreement v14 where v14.retracted_at is null and (select p.counts from kept.agreement p where p.record_id = v14.id and p.from_day <= on_day and on_day < p.until_day)) a where a.process_id = t.id
    union all select c.id from (select v15.* from condition v15 where v15.retracted_at is null and exists (select from statement v16 where v16.id = v15.statement_id and coalesce((v16.said).earliest, '-infinity') <= on_day)) c join (select v17.* from statement v17 where v17.retracted_at is null and coalesce((v17.said).earliest, '-infinity') <= on_day) s on s.id = c.statement_id
        where s.process_id = t.id
) and (select p.status from kept.deadline p where p.record_id = d.id and p.from_day <= on_day and on_day < p.until_day) in ('PENDING', 'DUE_SOON', 'IN_WINDOW')
    order by (coalesce((
    select m.due from (select v18.* from milestone v18 where v18.retracted_at is null and coalesce((v18.at).earliest, '-infinity') <= on_day) m
    where m.subject_id = d.id and m.kind = 'EXTENDED'
    order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
    limit 1
), d.due)).latest - on_day, (coalesce((
    select m.due from (select v19.* from milestone v19 where v19.retracted_at is null and coalesce((v19.at).earliest, '-infinity') <= on_day) m
    where m.subject_id = d.id and m.kind = 'EXTENDED'
    order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
    limit 1
), d.due)).earliest - on_day, d.id
    limit 1
) as next_deadline_id offset 0) made
        ),
        change as (
            select o.*, lag(o.on_day) over w is null as is_first,
                row(o.counts, o.next_talk_id, o.next_deadline_id, o.status) is distinct from lag(row(o.counts, o.next_talk_id, o.next_deadline_id, o.status)) over w as is_change
            from of_day o
            window w as (partition by o.id order by o.on_day)
        )
        insert into kept.process (record_id, from_day, until_day, counts, next_talk_id, next_deadline_id, status)
        select o.id, case when o.is_first then '-infinity' else o.on_day end,
            lead(o.on_day, 1, 'infinity') over (partition by o.id order by o.on_day), o.counts, o.next_talk_id, o.next_deadline_id, o.status
        from change o
        where o.is_change or o.is_first;
    end if;
end
$$;

comment on function kept.refresh(uuid[]) is '995effe852a44b951f3f1fbb63eac015';
