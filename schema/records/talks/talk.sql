-- Computes the status, the days and the place of a talk on each day: the rule `talk.status`.
create or replace function kept.judge_talk(
    talk_id uuid, first_starts public.fuzzy_date, first_ends public.fuzzy_date, first_venue text, first_city text,
    first_country text, is_reported boolean, entered date, is_disputed boolean, given kept.step[]
) returns setof kept.talk language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_variable
declare
    visible date := coalesce(least(entered, first_starts.earliest, (select min(s.seen) from unnest(given) s)), '-infinity');
    steps kept.step[] := given;
    held date := coalesce(first_starts.latest, case when first_starts.edtf is null then visible end);
    first_counts date;
    counted kept.step[];
    days date[];
    day date;
    word kept.step;
    course kept.step;
    opened date;
    last date;
    starts public.fuzzy_date;
    ends public.fuzzy_date;
    place kept.step;
    moves record;
    since date;
    found kept.talk;
    before kept.talk;
begin
    -- Reported attendance stands for OPENED, unless the talk was moved, put off or called off by that day.
    if is_reported and held is not null and not exists (
        select from unnest(given) s
        where s.counts <= held and (
            s.kind in ('POSTPONED', 'CANCELLED') or (s.starts).edtf is distinct from first_starts.edtf
                and (s.starts).edtf is not null
        )
    ) then
        steps := steps || row(
            null, 'OPENED', held, held, held, null, null, false, null, null, null, null, null, null
        )::kept.step;
    end if;
    first_counts := (select min(s.counts) from unnest(steps) s);
    days := array(
        select d.day
        from (
            select date '-infinity' union select visible
            union select s.counts from unnest(steps) s
            union select s.until + 1 from unnest(steps) s
                where s.kind in ('OPENED', 'ADJOURNED') and s.until < 'infinity'
            union select (s.starts).latest + 1 from unnest(steps) s
            union select (s.ends).latest + 1 from unnest(steps) s
            union values (first_starts.latest + 1), (first_ends.latest + 1)
        ) d (day)
        where d.day is not null and d.day < 'infinity'
        order by d.day
    );
    starts := first_starts;
    ends := first_ends;
    found.record_id := talk_id;
    found.venue := first_venue;
    found.city := first_city;
    found.country := first_country;
    found.disputed := is_disputed;
    found.reading_ids := '{}';
    found.set_on := visible;
    foreach day in array days loop
        -- Only a step changes what is known of it; other days change what follows from that.
        if day >= first_counts and exists (select from unnest(steps) s where s.counts = day) then
            select array_agg(s order by s.counts) into counted from unnest(steps) s where s.counts <= day;
            word := kept.talk_word(counted, false);
            course := kept.talk_word(counted, true);
            select * into moves from kept.talk_moves(counted);
            starts := case when moves.ids is null then first_starts when not moves.gone then kept.hull(moves.days) end;
            ends := (
                select m.ends
                from unnest(counted) m
                where (m.ends).edtf is not null
                order by m.counts desc, m.until desc, kept.talk_rank(m.kind) desc, (m.ends).latest desc
                limit 1
            );
            if ends.edtf is null and not coalesce(moves.gone, false) then
                ends := first_ends;
            end if;
            if ends.latest < starts.earliest then
                ends := null;
            end if;
            select m.* into place
            from unnest(counted) m
            where num_nonnulls(m.venue, m.city, m.country) > 0
            order by m.counts desc, m.until desc, kept.talk_rank(m.kind) desc, m.city, m.venue
            limit 1;
            if place.kind is not null then
                found.venue := place.venue;
                found.city := place.city;
                found.country := place.country;
            end if;
            opened := coalesce((select max(s.until) from unnest(counted) s where s.kind = 'OPENED'), course.until);
            found.disputed := coalesce(moves.disputed, is_disputed) or coalesce(word.disputed, false);
            found.reading_ids := coalesce(array_remove(moves.ids, null), '{}');
            found.set_on := coalesce((
                select max(s.until) from unnest(counted) s
                where s.kind in ('ANNOUNCED', 'SCHEDULED') or (s.starts).edtf is not null
            ), visible);
        end if;
        last := greatest(opened, ends.latest);
        found.counts := day >= visible;
        found.starts := starts;
        found.ends := ends;
        found.status := case
            when word.kind in ('CANCELLED', 'COLLAPSED', 'CONCLUDED') then word.kind
            when word.kind = 'POSTPONED' and (word.starts).edtf is null then 'POSTPONED'
            when word.kind in ('OPENED', 'ADJOURNED') then case when day <= last then 'UNDER_WAY' else 'HELD' end
            when starts.latest is null then 'EXPECTED'
            when day > starts.latest then 'OVERDUE'
            when starts.earliest = starts.latest then 'SCHEDULED'
            else 'EXPECTED'
        end;
        found.active_until := case
            when course.kind <> 'OPENED' then course.until
            when found.status in ('UNDER_WAY', 'HELD') then last
            when course.kind is not null then opened
        end;
        if before.status is distinct from found.status or before.counts is distinct from found.counts then
            since := day;
        end if;
        found.since := case when found.counts and isfinite(since) then since end;
        found.from_day := before.from_day;
        found.until_day := before.until_day;
        if before is distinct from found then
            if before.record_id is not null then
                before.until_day := day;
                return next before;
            end if;
            before := found;
            before.from_day := day;
        end if;
    end loop;
    before.until_day := 'infinity';
    return next before;
end
$$;

-- Finds the moves that hold: those that no later one of all, of the same voice or without a day replaces, nor one of the
-- same days that is higher in the order.
create or replace function kept.talk_moves(counted kept.step[])
    returns table (ids uuid[], days public.fuzzy_date[], gone boolean, disputed boolean)
    language sql immutable set search_path = pg_catalog, public, pg_temp as $$
    with move as materialized (
        select m.*, kept.talk_rank(m.kind) as rank from unnest(counted) m
        where (m.starts).edtf is not null or m.kind in ('POSTPONED', 'CANCELLED')
    )
    select array_agg(m.id order by m.counts, m.until, m.kind, (m.starts).latest), array_agg(m.starts),
        bool_or((m.starts).edtf is null),
        bool_or(m.disputed) or count(distinct coalesce((m.starts).edtf, '')) > 1
    from move m
    where not exists (
        select from move n
        where n.counts > m.until
                and (n.voice is null or m.voice is null or n.voice = m.voice or (n.starts).edtf is null)
            or n.counts <= m.until and m.counts <= n.until and n.rank > m.rank and n.voice is not distinct from m.voice
    )
$$;

-- Gives the place of a kind in the order of the steps of a talk.
create or replace function kept.talk_rank(kind text) returns integer language sql immutable parallel safe as $$
    select array_position(array[
        'ANNOUNCED', 'POSTPONED', 'SCHEDULED', 'CANCELLED', 'OPENED', 'ADJOURNED', 'CONCLUDED', 'COLLAPSED'
    ], kind)
$$;

-- Finds the last word on a talk of the steps that count, or on its course once it had begun: of steps alike the longest.
create or replace function kept.talk_word(counted kept.step[], of_course boolean) returns kept.step
    language sql immutable set search_path = pg_catalog, public, pg_temp as $$
    with word as materialized (
        select s.*,
            case
                -- Set without a day after it was put off: no more than announced.
                when s.kind = 'SCHEDULED' and (s.starts).edtf is null and exists (
                    select from unnest(counted) p where p.kind in ('POSTPONED', 'CANCELLED') and p.until < s.counts
                ) then 1
                else kept.talk_rank(s.kind)
            end as rank
        from unnest(counted) s
        where kept.talk_rank(s.kind) >= 5 or not of_course and not (
            s.kind in ('ANNOUNCED', 'SCHEDULED') and (s.starts).edtf is null
            and exists (select from unnest(counted) o where o.kind = 'OPENED')
        )
    )
    select w.id, w.kind, w.counts, w.until, w.seen, w.actor_id, w.voice, w.disputed, w.due, w.starts, w.ends, w.venue,
        w.city, w.country
    from word w
    where w.until >= (select max(n.counts) from word n)
    order by w.rank desc, case when of_course then w.until end desc, w.disputed
    limit 1
$$;
