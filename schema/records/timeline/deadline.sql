-- Computes the status of a deadline on each day: the rule `deadline.status`.
create or replace function kept.judge_deadline(
    deadline_id uuid, first_due public.fuzzy_date, anchor date, hardness text, is_term boolean, renewal interval,
    waits boolean, entered date, is_disputed boolean, steps kept.step[]
) returns setof kept.deadline language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_variable
declare
    due_soon_days constant integer := {due_soon_days};
    most_renewals constant integer := {most_renewals};
    visible date := coalesce(least(
        entered, anchor, first_due.earliest, (select min(s.seen) from unnest(steps) s)
    ), '-infinity');
    step_days date[] := array(
        select s.counts from unnest(steps) s
        union select anchor where hardness = 'CONDITIONAL' and anchor is not null
    );
    days date[];
    day date;
    word text;
    word_disputed boolean;
    value public.fuzzy_date;
    reading public.fuzzy_date;
    readings uuid[];
    moves record;
    rival boolean;
    since date;
    found kept.deadline;
    before kept.deadline;
begin
    days := array(
        select d.day
        from (
            select date '-infinity' union select visible
            union select unnest(step_days)
            union
            select e.day
            from (select first_due union all select s.due from unnest(steps) s) m (due)
            cross join generate_series(0, case when renewal is null then 0 else most_renewals end) n
            cross join lateral (
                select ((m.due).earliest + n * coalesce(renewal, interval '0'))::date,
                    ((m.due).latest + n * coalesce(renewal, interval '0'))::date
            ) moved (earliest, latest)
            cross join lateral (
                values (moved.earliest - due_soon_days), (moved.earliest), (moved.latest + 1)
            ) e (day)
        ) d (day)
        where d.day is not null and d.day < 'infinity'
        order by d.day
    );
    foreach day in array days loop
        if day = '-infinity' or day = any(step_days) then
            -- The last word: of the steps that no other came after, the highest in the order.
            select s.kind, s.disputed into word, word_disputed
            from unnest(steps) s
            cross join lateral kept.deadline_rank(s.kind, renewal is not null and not is_term) rank
            where s.counts <= day and rank is not null
                and s.until >= (
                    select max(n.counts) from unnest(steps) n
                    where n.counts <= day and kept.deadline_rank(n.kind, renewal is not null and not is_term) is not null
                )
            order by rank desc, s.disputed
            limit 1;
            -- The readings: moves of voices that no later one of all, of the same voice, or without a new day replaces;
            -- before any of a voice, the newest of all.
            select array_agg(m order by m.counts, m.until, m.kind, (m.due).latest) as steps,
                array_agg(m.due) as days, bool_or((m.due).edtf is null) as put_off,
                bool_or(m.disputed) or count(distinct coalesce((m.due).edtf, '')) > 1 as disputed,
                bool_or(m.voice is null) as of_all
            into moves
            from unnest(steps) m
            where m.counts <= day and m.kind in ('TRIGGERED', 'EXTENDED', 'SHORTENED')
                and not exists (
                    select from unnest(steps) n
                    where n.counts <= day and n.counts > m.until and n.kind in ('TRIGGERED', 'EXTENDED', 'SHORTENED')
                        and (n.voice is null or m.voice is null or n.voice = m.voice or (n.due).edtf is null)
                );
            readings := array(select m.id from unnest(moves.steps) m);
            rival := moves.disputed;
            reading := null;
            if moves.steps is null then
                reading := first_due;
                rival := is_disputed;
            elsif not moves.put_off then
                reading := kept.hull(moves.days);
            end if;
            if hardness = 'CONDITIONAL'
                and not exists (select from unnest(steps) s where s.counts <= day and s.kind = 'TRIGGERED')
                and (case when anchor is not null then day < anchor else waits end)
            then
                reading := null;
            end if;
            -- A term that has passed comes back by a step of all, or of two voices; else the move is but a reading.
            if is_term and renewal is null and value.latest < day and reading.latest is distinct from value.latest
                and not moves.of_all and not exists (
                    select from unnest(moves.steps) a, unnest(moves.steps) b
                    where a.voice <> b.voice and a.counts <= b.until and b.counts <= a.until
                )
            then
                rival := true;
            else
                value := reading;
            end if;
        end if;
        found := kept.deadline_on(
            day, value, word, hardness, is_term, renewal, most_renewals, due_soon_days, steps
        );
        found.record_id := deadline_id;
        found.counts := day >= visible;
        found.disputed := coalesce(rival or word_disputed, false);
        found.reading_ids := readings;
        found.set_on := coalesce((
            select max(s.until) from unnest(steps) s
            where s.counts <= day and s.kind in ('SET', 'TRIGGERED', 'EXTENDED', 'SHORTENED')
        ), visible);
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

-- Gives the place of a kind in the order of the steps of a deadline. Of a task that recurs, MET and MISSED settle one day
-- and have none.
create or replace function kept.deadline_rank(kind text, recurs boolean) returns integer
    language sql immutable parallel safe as $$
    select case
        when kind = 'SET' then 1
        when kind = 'MISSED' and not recurs then 2
        when kind in ('TRIGGERED', 'EXTENDED', 'SHORTENED') then 3
        when kind = 'WAIVED' then 4
        when kind = 'WITHDRAWN' then 5
        when kind = 'MET' and not recurs then 6
    end
$$;

-- Computes the status and the due date of a deadline on one day, of the last word on it and of its date.
create or replace function kept.deadline_on(
    day date, value public.fuzzy_date, word text, hardness text, is_term boolean, renewal interval,
    most_renewals integer, due_soon_days integer, steps kept.step[]
) returns kept.deadline language plpgsql immutable set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_variable
declare
    found kept.deadline;
    first date := coalesce(value.earliest, '-infinity');
    last date := value.latest;
    sought date;
    previous date;
    following date;
    n integer;
    recurs boolean := renewal is not null and last is not null;
begin
    if word in ('MET', 'MISSED', 'WAIVED', 'WITHDRAWN') then
        found.status := word;
        found.due := value;
        return found;
    end if;
    if recurs then
        -- A term renews itself until somebody objected; a task recurs past each day that is settled.
        sought := case when is_term then least(day, (
            select min(s.counts) from unnest(steps) s where s.kind = 'OBJECTED'
        )) else day end;
        n := case when sought > last then least(
            (sought - last) / (extract(year from renewal) * 366 + extract(month from renewal) * 31 + extract(day from renewal))
                ::integer,
            most_renewals
        ) else 0 end;
        loop
            last := (value.latest + n * renewal)::date;
            previous := case when n > 0 then (value.latest + (n - 1) * renewal)::date else '-infinity' end;
            following := (value.latest + (n + 1) * renewal)::date;
            exit when n >= most_renewals or last >= sought and (is_term or not exists (
                select from unnest(steps) s
                where s.counts <= day and (
                    s.kind = 'MET' and s.counts > previous and s.counts <= last
                    or s.kind = 'MISSED' and s.counts >= last and s.counts < following
                )
            ));
            n := n + 1;
        end loop;
        first := (value.earliest + n * renewal)::date;
        value := row(
            case when first = last then last::text else concat_ws('/', first::text, last::text) end, first, last,
            case when first = last then 'DAY' else 'INTERVAL' end, null, null
        )::public.fuzzy_date;
    end if;
    found.due := value;
    found.status := case
        when value.edtf is null and hardness <> 'OPEN_ENDED' then 'WAITING'
        when last is null then 'OPEN_ENDED'
        when day > last then case when is_term then 'PASSED' else 'OVERDUE' end
        when first < last and day >= first then 'IN_WINDOW'
        when day >= first - due_soon_days then 'DUE_SOON'
        else 'PENDING'
    end;
    return found;
end
$$;
