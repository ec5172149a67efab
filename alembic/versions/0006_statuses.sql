create or replace function agreement_status(t agreement, on_day date) returns text language plpgsql stable as $$
begin
    return (
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
    from (select v1.* from milestone v1 where v1.retracted_at is null and coalesce((v1.at).earliest, '-infinity') <= on_day) m
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
);
end
$$;

create or replace function deadline_status(t deadline, on_day date) returns text language plpgsql stable as $$
begin
    return (
    select case
        when s.resolution in ('MET', 'MISSED', 'WAIVED', 'WITHDRAWN') then s.resolution::text
        when (s.due).latest is null then 'OPEN_ENDED'
        when on_day > (s.due).latest then 'OVERDUE'
        when on_day >= coalesce((s.due).earliest, '-infinity') then 'IN_WINDOW'
        when (s.due).earliest - on_day <= 3 then 'DUE_SOON'
        else 'PENDING'
    end
    from (select coalesce((
    select m.due from (select v1.* from milestone v1 where v1.retracted_at is null and coalesce((v1.at).earliest, '-infinity') <= on_day) m
    where m.subject_id = t.id and m.kind = 'EXTENDED'
    order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
    limit 1
), t.due) as due, (
    select m.kind from (select v2.* from milestone v2 where v2.retracted_at is null and coalesce((v2.at).earliest, '-infinity') <= on_day) m
    where m.subject_id = t.id and m.kind in ('MET', 'MISSED', 'WAIVED', 'WITHDRAWN', 'EXTENDED')
    order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
    limit 1
) as resolution) s
);
end
$$;

create or replace function talk_status(t talk, on_day date) returns text language plpgsql stable as $$
begin
    return (
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
    exists (select from (select v1.* from milestone v1 where v1.retracted_at is null and coalesce((v1.at).earliest, '-infinity') <= on_day) m where m.subject_id = t.id and m.kind in ('OPENED', 'ADJOURNED'))
    or exists (select from (select v2.* from participation v2 where v2.retracted_at is null and exists (select from talk v3 where v3.id = v2.talk_id and coalesce(
        (select min(coalesce((m.at).earliest, '-infinity')) from (select v4.* from milestone v4 where v4.retracted_at is null) m where m.subject_id = v3.id),
        case when (v3.starts).earliest > v3.created_at::date then v3.created_at::date else (v3.starts).earliest end,
        '-infinity'
    ) <= on_day)) a where a.talk_id = t.id and a.attendance = 'REPORTED')
) as reported_held,
            (
    select m.kind from (select v6.* from milestone v6 where v6.retracted_at is null and coalesce((v6.at).earliest, '-infinity') <= on_day) m
    where m.subject_id = t.id
        and m.kind in ('SCHEDULED', 'OPENED', 'POSTPONED', 'CANCELLED', 'COLLAPSED', 'CONCLUDED')
    order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
    limit 1
) as milestone
    ) s
);
end
$$;

create or replace function process_status(t process, on_day date) returns text language plpgsql stable as $$
begin
    return (
    select case
        when s.ended in ('CONCLUDED', 'COLLAPSED') then s.ended::text
        when s.paused = 'SUSPENDED' then 'SUSPENDED'
        when on_day - s.last_day > t.stall_after_days
            and not exists (select from (select v1.* from talk v1 where v1.retracted_at is null and coalesce(
        (select min(coalesce((m.at).earliest, '-infinity')) from (select v2.* from milestone v2 where v2.retracted_at is null) m where m.subject_id = v1.id),
        case when (v1.starts).earliest > v1.created_at::date then v1.created_at::date else (v1.starts).earliest end,
        '-infinity'
    ) <= on_day) k where k.process_id = t.id and (select p.status from status_period p where p.record_id = k.id and p.from_day <= on_day and on_day < p.until_day) in ('EXPECTED', 'SCHEDULED'))
            and not exists (select from (select v3.* from deadline v3 where v3.retracted_at is null and coalesce(
        (select min(coalesce((m.at).earliest, '-infinity')) from (select v4.* from milestone v4 where v4.retracted_at is null) m where m.subject_id = v3.id),
        case
            when least(v3.anchor, (v3.due).earliest) > v3.created_at::date then v3.created_at::date
            else least(v3.anchor, (v3.due).earliest)
        end,
        '-infinity'
    ) <= on_day) d where d.subject_id in (
    select t.id
    union all select k.id from (select v5.* from talk v5 where v5.retracted_at is null and coalesce(
        (select min(coalesce((m.at).earliest, '-infinity')) from (select v6.* from milestone v6 where v6.retracted_at is null) m where m.subject_id = v5.id),
        case when (v5.starts).earliest > v5.created_at::date then v5.created_at::date else (v5.starts).earliest end,
        '-infinity'
    ) <= on_day) k where k.process_id = t.id
    union all select a.id from (select v7.* from agreement v7 where v7.retracted_at is null and coalesce(
        (select min(coalesce((m.at).earliest, '-infinity')) from (select v8.* from milestone v8 where v8.retracted_at is null) m where m.subject_id = v7.id),
        (select min((s.signed).earliest) from (select v9.* from signature v9 where v9.retracted_at is null) s where s.agreement_id = v7.id),
        '-infinity'
    ) <= on_day) a where a.process_id = t.id
    union all select c.id from (select v10.* from condition v10 where v10.retracted_at is null and exists (select from statement v11 where v11.id = v10.statement_id and coalesce((v11.said).earliest, '-infinity') <= on_day)) c join (select v12.* from statement v12 where v12.retracted_at is null and coalesce((v12.said).earliest, '-infinity') <= on_day) s on s.id = c.statement_id
        where s.process_id = t.id
) and (select p.status from status_period p where p.record_id = d.id and p.from_day <= on_day and on_day < p.until_day) in ('PENDING', 'DUE_SOON', 'IN_WINDOW'))
            then 'STALLED'
        else 'ACTIVE'
    end
    from (
        select
            (
    select m.kind from (select v13.* from milestone v13 where v13.retracted_at is null and coalesce((v13.at).earliest, '-infinity') <= on_day) m
    where m.subject_id = t.id and m.kind in ('OPENED', 'RESUMED', 'CONCLUDED', 'COLLAPSED')
    order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
    limit 1
) as ended,
            (
    select m.kind from (select v14.* from milestone v14 where v14.retracted_at is null and coalesce((v14.at).earliest, '-infinity') <= on_day) m
    where m.subject_id = t.id and m.kind in ('SUSPENDED', 'RESUMED')
    order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
    limit 1
) as paused,
            coalesce((select max(v.day) from (
    select h.name, least(h.day, on_day) as day, h.record_id
    from (
        select 'talk' as name, coalesce((k.ends).latest, (k.starts).latest, (k.starts).earliest) as day,
            k.id as record_id
        from (select v15.* from talk v15 where v15.retracted_at is null and coalesce(
        (select min(coalesce((m.at).earliest, '-infinity')) from (select v16.* from milestone v16 where v16.retracted_at is null) m where m.subject_id = v15.id),
        case when (v15.starts).earliest > v15.created_at::date then v15.created_at::date else (v15.starts).earliest end,
        '-infinity'
    ) <= on_day) k
        where k.process_id = t.id and (select p.status from status_period p where p.record_id = k.id and p.from_day <= on_day and on_day < p.until_day) in ('UNDER_WAY', 'HELD', 'CONCLUDED', 'COLLAPSED')
        union all
        select 'milestone', coalesce((m.at).latest, (m.at).earliest), m.id
        from (select v17.* from agreement v17 where v17.retracted_at is null and coalesce(
        (select min(coalesce((m.at).earliest, '-infinity')) from (select v18.* from milestone v18 where v18.retracted_at is null) m where m.subject_id = v17.id),
        (select min((s.signed).earliest) from (select v19.* from signature v19 where v19.retracted_at is null) s where s.agreement_id = v17.id),
        '-infinity'
    ) <= on_day) a join (select v20.* from milestone v20 where v20.retracted_at is null and coalesce((v20.at).earliest, '-infinity') <= on_day) m on m.subject_id = a.id
        where a.process_id = t.id
        union all
        select 'signature', coalesce((s.signed).latest, (s.signed).earliest), s.id
        from (select v21.* from agreement v21 where v21.retracted_at is null and coalesce(
        (select min(coalesce((m.at).earliest, '-infinity')) from (select v22.* from milestone v22 where v22.retracted_at is null) m where m.subject_id = v21.id),
        (select min((s.signed).earliest) from (select v23.* from signature v23 where v23.retracted_at is null) s where s.agreement_id = v21.id),
        '-infinity'
    ) <= on_day) a join (select v24.* from signature v24 where v24.retracted_at is null and coalesce((v24.signed).earliest, '-infinity') <= on_day and exists (select from agreement v25 where v25.id = v24.agreement_id and coalesce(
        (select min(coalesce((m.at).earliest, '-infinity')) from (select v26.* from milestone v26 where v26.retracted_at is null) m where m.subject_id = v25.id),
        (select min((s.signed).earliest) from (select v27.* from signature v27 where v27.retracted_at is null) s where s.agreement_id = v25.id),
        '-infinity'
    ) <= on_day)) s on s.agreement_id = a.id
        where a.process_id = t.id
    ) h
    where h.day is not null
) v), (t.opened).earliest) as last_day
    ) s
);
end
$$;

create or replace function refresh_statuses() returns void language plpgsql
    set search_path = pg_catalog, public, pg_temp set timezone = 'UTC' as $$
begin
    if not exists (select from status_due) then
        return;
    end if;
    if exists (select from agreement t join status_due u on u.record_id = t.id) then
        delete from status_period p using agreement t, status_due u where u.record_id = t.id and p.record_id = t.id;
        insert into status_period (record_id, type, status, from_day, until_day)
        select r.id, 'AGREEMENT', r.status,
            case when r.before is null then '-infinity' else r.day end,
            lead(r.day, 1, 'infinity') over (partition by r.id order by r.day)
        from (
            select s.id, s.day, s.status, lag(s.status) over (partition by s.id order by s.day) as before
            from (
                select t.id, d.day, agreement_status(t, d.day) as status
                from agreement t
                join status_due u on u.record_id = t.id
                cross join lateral (
                    select date '4713-01-01 BC' as day
                    union
                    select c.day from (select (m.at).earliest from (select v1.* from milestone v1 where v1.retracted_at is null) m where m.subject_id = t.id) c (day) where c.day > date '4713-01-01 BC' and isfinite(c.day)
                ) d
            ) s
        ) r
        where r.status is distinct from r.before;
    end if;
    if exists (select from deadline t join status_due u on u.record_id = t.id) then
        delete from status_period p using deadline t, status_due u where u.record_id = t.id and p.record_id = t.id;
        insert into status_period (record_id, type, status, from_day, until_day)
        select r.id, 'DEADLINE', r.status,
            case when r.before is null then '-infinity' else r.day end,
            lead(r.day, 1, 'infinity') over (partition by r.id order by r.day)
        from (
            select s.id, s.day, s.status, lag(s.status) over (partition by s.id order by s.day) as before
            from (
                select t.id, d.day, deadline_status(t, d.day) as status
                from deadline t
                join status_due u on u.record_id = t.id
                cross join lateral (
                    select date '4713-01-01 BC' as day
                    union
                    select c.day from (
    select v.day
    from (
        select t.due
        union all select m.due from (select v1.* from milestone v1 where v1.retracted_at is null) m where m.subject_id = t.id and m.kind = 'EXTENDED'
    ) d (due)
    cross join lateral (
        values ((d.due).earliest - 3), ((d.due).earliest), ((d.due).latest + 1)
    ) v (day)
    union all select (m.at).earliest from (select v2.* from milestone v2 where v2.retracted_at is null) m where m.subject_id = t.id
    ) c (day) where c.day > date '4713-01-01 BC' and isfinite(c.day)
                ) d
            ) s
        ) r
        where r.status is distinct from r.before;
    end if;
    if exists (select from talk t join status_due u on u.record_id = t.id) then
        delete from status_period p using talk t, status_due u where u.record_id = t.id and p.record_id = t.id;
        insert into status_period (record_id, type, status, from_day, until_day)
        select r.id, 'TALK', r.status,
            case when r.before is null then '-infinity' else r.day end,
            lead(r.day, 1, 'infinity') over (partition by r.id order by r.day)
        from (
            select s.id, s.day, s.status, lag(s.status) over (partition by s.id order by s.day) as before
            from (
                select t.id, d.day, talk_status(t, d.day) as status
                from talk t
                join status_due u on u.record_id = t.id
                cross join lateral (
                    select date '4713-01-01 BC' as day
                    union
                    select c.day from (
    select (t.starts).earliest
    union all select t.created_at::date
    union all select (t.starts).latest + 1
    union all select coalesce((t.ends).latest, (t.starts).latest) + 1
    union all select (m.at).earliest from (select v1.* from milestone v1 where v1.retracted_at is null) m where m.subject_id = t.id
    ) c (day) where c.day > date '4713-01-01 BC' and isfinite(c.day)
                ) d
            ) s
        ) r
        where r.status is distinct from r.before;
    end if;
    insert into status_due select v.id from (
    with subject as (
        select u.record_id as id from status_due u
        union select d.subject_id from status_due u join deadline d on d.id = u.record_id
    ),
    part as (
        select s.id from subject s
        union select c.statement_id from subject s join condition c on c.id = s.id
    )
    select k.process_id from part p join talk k on k.id = p.id
    union select a.process_id from part p join agreement a on a.id = p.id
    union
    select s.process_id from part p join statement s on s.id = p.id
    where exists (select from condition c join deadline d on d.subject_id = c.id where c.statement_id = s.id)
    union select r.id from part p join process r on r.id = p.id
) v (id) where v.id is not null
    on conflict do nothing;
    if exists (select from process t join status_due u on u.record_id = t.id) then
        delete from status_period p using process t, status_due u where u.record_id = t.id and p.record_id = t.id;
        insert into status_period (record_id, type, status, from_day, until_day)
        select r.id, 'PROCESS', r.status,
            case when r.before is null then '-infinity' else r.day end,
            lead(r.day, 1, 'infinity') over (partition by r.id order by r.day)
        from (
            select s.id, s.day, s.status, lag(s.status) over (partition by s.id order by s.day) as before
            from (
                select t.id, d.day, process_status(t, d.day) as status
                from process t
                join status_due u on u.record_id = t.id
                cross join lateral (
                    select coalesce(nullif(current_setting('parley.today', true), '')::date, current_date) - 1 as day
                    union
                    select c.day from (
    select (m.at).earliest from (select v1.* from milestone v1 where v1.retracted_at is null) m where m.subject_id = t.id
    union all select (t.opened).earliest + t.stall_after_days + 1
    union all (
        select v.day
        from (select v2.* from talk v2 where v2.retracted_at is null) k
        cross join lateral (
            select coalesce((k.ends).latest, (k.starts).latest, (k.starts).earliest) + t.stall_after_days + 1
            union all select (k.starts).earliest
            union all select k.created_at::date
            union all select (m.at).earliest from (select v3.* from milestone v3 where v3.retracted_at is null) m where m.subject_id = k.id
            union all select p.from_day from status_period p where p.record_id = k.id
        ) v (day)
        where k.process_id = t.id
    )
    union all (
        select v.day
        from (select v4.* from agreement v4 where v4.retracted_at is null) a
        cross join lateral (
            select w.day
            from (select v5.* from milestone v5 where v5.retracted_at is null) m
            cross join lateral (
                values ((m.at).earliest), (coalesce((m.at).latest, (m.at).earliest) + t.stall_after_days + 1)
            ) w (day)
            where m.subject_id = a.id
            union all
            select w.day
            from (select v6.* from signature v6 where v6.retracted_at is null) s
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
        from (select v7.* from deadline v7 where v7.retracted_at is null) d
        cross join lateral (
            select d.anchor
            union all select (d.due).earliest
            union all select d.created_at::date
            union all select (m.at).earliest from (select v8.* from milestone v8 where v8.retracted_at is null) m where m.subject_id = d.id
            union all select p.from_day from status_period p where p.record_id = d.id
        ) v (day)
        where d.subject_id in (
    select t.id
    union all select k.id from (select v9.* from talk v9 where v9.retracted_at is null) k where k.process_id = t.id
    union all select a.id from (select v10.* from agreement v10 where v10.retracted_at is null) a where a.process_id = t.id
    union all select c.id from (select v11.* from condition v11 where v11.retracted_at is null) c join (select v12.* from statement v12 where v12.retracted_at is null) s on s.id = c.statement_id
        where s.process_id = t.id
)
    )
    union all (
        select (s.said).earliest
        from (select v13.* from statement v13 where v13.retracted_at is null) s
        where s.process_id = t.id and exists (
            select from (select v14.* from condition v14 where v14.retracted_at is null) c join (select v15.* from deadline v15 where v15.retracted_at is null) d on d.subject_id = c.id where c.statement_id = s.id
        )
    )
) c (day) where c.day > coalesce(nullif(current_setting('parley.today', true), '')::date, current_date) - 1 and isfinite(c.day)
                ) d
            ) s
        ) r
        where r.status is distinct from r.before;
    end if;
    delete from status_due;
end
$$;

comment on function refresh_statuses() is '192dc95da7d5cb5d42be9748f864e676';
