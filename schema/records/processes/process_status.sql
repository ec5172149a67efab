-- Computes the status of a process on each day from `first` on: the rule `process.status`. Its tree is itself and its
-- tracks, to any depth; movements and what is to come are those of the whole tree.
create or replace function kept.judge_process(
    root uuid, tree kept.track[], movements kept.movement[], coming kept.coming[], first date
) returns setof kept.process language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_variable
declare
    own kept.track := (select n from unnest(tree) n where n.id = root);
    to_come kept.coming[] := kept.still_to_come(tree, coming);
    active datemultirange := kept.active_days(root, tree, movements, to_come);
    waiting datemultirange := (select coalesce(range_agg(daterange(c.from_day, c.until_day)), '{}') from unnest(to_come) c);
    suspended datemultirange := kept.suspended_days(own.steps);
    -- What moved belongs to a process that is there.
    visible date := least(own.visible, (select min(m.first) from unnest(movements) m));
    day date;
    ended text;
    since date;
    found kept.process;
    before kept.process;
begin
    for day in
        select d.day
        from (
            select date '-infinity' union select visible union select first
            union select s.counts from unnest(own.steps) s
            union select unnest(array[lower(r), upper(r)])
                from unnest(array[active, waiting, suspended]) m, unnest(m) r
            union select c.from_day from unnest(to_come) c where c.from_day > first
            union select c.until_day from unnest(to_come) c where c.until_day > first
            union select m.first from unnest(movements) m where m.first > first
        ) d (day)
        where d.day is not null and d.day < 'infinity'
        order by d.day
    loop
        ended := kept.ended_word(own.steps, day);
        found.record_id := root;
        found.counts := day >= visible;
        found.status := case
            when ended is not null then ended
            when suspended @> day then 'SUSPENDED'
            when active @> day then 'ACTIVE'
            when waiting @> day then 'WAITING'
            else 'STALLED'
        end;
        if before.status is distinct from found.status or before.counts is distinct from found.counts then
            since := day;
        end if;
        found.since := case when found.counts and isfinite(since) then since end;
        if day >= first then
            found.next_talk_id := case when ended is null then kept.next_of('TALK', to_come, day) end;
            found.next_deadline_id := case when ended is null then kept.next_of('DEADLINE', to_come, day) end;
            found.active_until := (select max(m.last) from unnest(movements) m where m.first <= day);
        end if;
        found.from_day := before.from_day;
        found.until_day := before.until_day;
        if before is distinct from found then
            if before.record_id is not null and day > first then
                before.until_day := day;
                return next before;
            end if;
            -- Periods of before `first` are not asked for: the one that holds then stands for them.
            before := found;
            before.from_day := case when day > first then day else '-infinity' end;
        end if;
    end loop;
    before.until_day := 'infinity';
    return next before;
end
$$;

-- Finds the first of what is to come on a day, by its last possible day.
create or replace function kept.next_of(wanted text, coming kept.coming[], day date) returns uuid
    language sql immutable set search_path = pg_catalog, public, pg_temp as $$
    select c.record_id from unnest(coming) c
    where c.type = wanted and c.from_day <= day and day < c.until_day
    order by c.last, c.first, c.title, c.key
    limit 1
$$;

-- Leaves out what is to come while the process that it belongs to is closed.
create or replace function kept.still_to_come(tree kept.track[], coming kept.coming[]) returns kept.coming[]
    language sql immutable set search_path = pg_catalog, public, pg_temp as $$
    select coalesce(array_agg(row(
        c.process_id, c.type, c.record_id, lower(r), upper(r), c.first, c.last, c.set_on, c.title, c.key
    )::kept.coming), '{}')
    from unnest(coming) c
    join (select n.id, kept.ended_days(n.steps) as ended from unnest(tree) n) n on n.id = c.process_id
    cross join lateral unnest(datemultirange(daterange(c.from_day, c.until_day)) - n.ended) r
$$;

-- Computes the days on which a process is active by its facts and those of its tracks, or because a track is.
create or replace function kept.active_days(
    process_id uuid, tree kept.track[], movements kept.movement[], coming kept.coming[]
) returns datemultirange language plpgsql immutable set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_variable
declare
    fresh_days constant integer := {fresh_days};
    own kept.track := (select n from unnest(tree) n where n.id = process_id);
    branch uuid[];
    begun date;
    moving datemultirange;
    live datemultirange;
    found datemultirange;
    track kept.track;
begin
    with recursive b (id) as (
        select process_id union select n.id from b join unnest(tree) n on n.parent_id = b.id
    )
    select array_agg(b.id) into branch from b;
    select range_agg(daterange(m.first, (m.last + own.stall_after_days + 1))), min(m.first)
    into moving, begun
    from unnest(movements) m
    where m.process_id = any(branch);
    -- Before anything moved, the silence is counted from the day on which it was opened, or can first be seen.
    found := coalesce(moving, '{}') + (
        (
            datemultirange(daterange(own.visible, least(own.visible + own.stall_after_days + 1, own.opened)))
            + case when own.opened is null then '{}' else
                datemultirange(daterange(own.opened, own.opened + own.stall_after_days + 1))
            end
        ) * datemultirange(daterange(null, begun))
    );
    select range_agg(r) into live
    from unnest(coming) c
    cross join lateral unnest(
        datemultirange(daterange(c.from_day, c.until_day)) * (
            datemultirange(daterange(null, c.set_on + fresh_days + 1))
            + datemultirange(daterange(c.last - own.stall_after_days, null))
        )
    ) r
    where c.process_id = any(branch);
    found := found + coalesce(live, '{}');
    foreach track in array tree loop
        if track.parent_id = process_id then
            found := found + (
                kept.active_days(track.id, tree, movements, coming)
                - kept.ended_days(track.steps) - kept.suspended_days(track.steps)
            );
        end if;
    end loop;
    return found;
end
$$;

-- Finds the end of a process that holds on a day; null where it goes on.
create or replace function kept.ended_word(steps kept.step[], day date) returns text
    language sql immutable set search_path = pg_catalog, public, pg_temp as $$
    select nullif(nullif((
        select s.kind
        from unnest(steps) s
        cross join lateral (
            values (array_position(array['OPENED', 'RESUMED', 'COLLAPSED', 'CONCLUDED'], s.kind))
        ) o (rank)
        where s.counts <= day and o.rank is not null and s.until >= (
            select max(n.counts) from unnest(steps) n
            where n.counts <= day and n.kind in ('OPENED', 'RESUMED', 'COLLAPSED', 'CONCLUDED')
        )
        order by o.rank desc
        limit 1
    ), 'OPENED'), 'RESUMED')
$$;

-- Computes the days on which a process is concluded or collapsed.
create or replace function kept.ended_days(steps kept.step[]) returns datemultirange
    language sql immutable set search_path = pg_catalog, public, pg_temp as $$
    select coalesce(range_agg(daterange(d.day, d.following)) filter (where kept.ended_word(steps, d.day) is not null), '{}')
    from (
        select s.counts as day, lead(s.counts) over (order by s.counts) as following
        from (select distinct counts from unnest(steps)) s
    ) d
$$;

-- Computes the days on which a process is suspended: by all, or by one voice that did not resume.
create or replace function kept.suspended_days(steps kept.step[]) returns datemultirange
    language sql immutable set search_path = pg_catalog, public, pg_temp as $$
    with pause as (select s.* from unnest(steps) s where s.kind in ('SUSPENDED', 'RESUMED')),
    day as (
        select p.counts as day, lead(p.counts) over (order by p.counts) as following
        from (select distinct counts from pause) p
    )
    select coalesce(range_agg(daterange(d.day, d.following)), '{}')
    from day d
    where exists (
        select from pause p
        where p.kind = 'SUSPENDED' and p.counts <= d.day and not exists (
            select from pause n
            where n.kind = 'RESUMED' and n.counts <= d.day and n.until >= p.counts
                and (n.voice = p.voice or n.voice is null)
        )
    )
$$;
