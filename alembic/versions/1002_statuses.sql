set local check_function_bodies = off;

-- Gives the day on which a record was entered. Tests, which fix the clock and say so in `parley.today`, live before any
-- entry: there a record without any day of its own has always been there.
create or replace function kept.entry_day(created_at timestamptz) returns date
    language sql stable set search_path = pg_catalog, pg_temp as $$
    select case when nullif(current_setting('parley.today', true), '') is null then (created_at at time zone 'UTC')::date end
$$;

-- Computes what a set of dates spans: the same date, or an interval from the first to the last possible day.
create or replace function kept.hull(dates public.fuzzy_date[]) returns public.fuzzy_date
    language plpgsql immutable set search_path = pg_catalog, public, pg_temp as $$
declare
    first date;
    last date;
begin
    if (select count(distinct d.edtf) from unnest(dates) d) = 1 then
        return dates[1];
    end if;
    select case when bool_or(d.earliest is null) then null else min(d.earliest) end,
        case when bool_or(d.latest is null) then null else max(d.latest) end
    into first, last
    from unnest(dates) d;
    return row(
        concat_ws('/', coalesce(first::text, '..'), coalesce(last::text, '..')), first, last, 'INTERVAL', null, null
    )::public.fuzzy_date;
end
$$;

-- Finds the process that a record belongs to, by itself or by what it is a part of.
create or replace function kept.process_of(part uuid) returns uuid
    language sql stable set search_path = pg_catalog, public, pg_temp as $$
    select r.id from process r where r.id = part
    union all select k.process_id from talk k where k.id = part
    union all select a.process_id from agreement a where a.id = part
    union all select a.process_id from provision p join agreement a on a.id = p.agreement_id where p.id = part
    union all select s.process_id from statement s where s.id = part
    union all select s.process_id from condition c join statement s on s.id = c.statement_id where c.id = part
    union all select kept.process_of(d.subject_id) from deadline d where d.id = part
    limit 1
$$;

-- Computes the status of a deadline on each day: the rule `deadline.status`.
create or replace function kept.judge_deadline(
    deadline_id uuid, first_due public.fuzzy_date, anchor date, hardness text, is_term boolean, renewal interval,
    waits boolean, entered date, is_disputed boolean, steps kept.step[]
) returns setof kept.deadline language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_variable
declare
    due_soon_days constant integer := 3;
    most_renewals constant integer := 200;
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

-- Computes the status of an agreement on each day: the rule `agreement.status`.
create or replace function kept.judge_agreement(
    agreement_id uuid, is_unilateral boolean, signatures kept.signatory[], terms daterange[], superseded_on date,
    entered date, steps kept.step[]
) returns setof kept.agreement language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_variable
declare
    own constant text[] := array['INITIALLED', 'SIGNED', 'RATIFIED', 'ACCEPTED', 'APPROVED', 'ACCEDED', 'REJECTED', 'PROVISIONALLY_APPLIED', 'ENTERED_INTO_FORCE', 'SUSPENDED', 'RESUMED', 'REPUDIATED', 'WITHDRAWN'];
    visible date := coalesce(least(
        entered, (select min(s.seen) from unnest(steps) s), (select min(g.signed) from unnest(signatures) g)
    ), '-infinity');
    has_parties boolean := exists (select from unnest(signatures) g where g.is_party);
    all_steps kept.step[] := array(
        select s from unnest(steps) s where s.actor_id is null or s.kind <> all(own)
    );
    party_steps kept.step[] := kept.party_steps(signatures, array(
        select s from unnest(steps) s where s.actor_id is not null and s.kind = any(own)
    ), has_parties);
    expiring daterange[];
    were_too_few boolean := false;
    are_too_few boolean;
    left_on date[];
    days date[];
    day date;
    base text;
    found kept.agreement;
    before kept.agreement;
    since date;
    word kept.step;
    ended text;
    ended_on date;
    parties integer;
    here integer;
begin
    days := array(
        select d.day
        from (
            select date '-infinity' union select visible union select superseded_on
            union select s.counts from unnest(steps || party_steps) s
            union select lower(p.passed) from unnest(terms) p (passed)
            union select upper(p.passed) from unnest(terms) p (passed)
        ) d (day)
        where d.day is not null and d.day < 'infinity'
        order by d.day
    );
    foreach day in array days loop
        found := kept.agreement_on(day, is_unilateral, signatures, all_steps, party_steps);
        -- The last word on whether it holds: steps of all, and the ends that follow from other facts.
        select s.* into word
        from unnest(all_steps) s
        where s.counts <= day and kept.end_rank(s.kind) is not null
            and s.until >= (
                select max(n.counts) from unnest(all_steps) n where n.counts <= day and kept.end_rank(n.kind) is not null
            )
        order by kept.end_rank(s.kind) desc, s.counts desc, s.disputed
        limit 1;
        expiring := expiring || array(
            select p.passed from unnest(terms) p (passed)
            where lower(p.passed) = day and before.status in ('SIGNED', 'RATIFIED', 'IN_FORCE', 'SUSPENDED')
        );
        are_too_few := kept.are_too_few(signatures, party_steps, day);
        if are_too_few and not were_too_few and coalesce(kept.end_rank(before.status), 0) < 3 then
            left_on := left_on || day;
        end if;
        were_too_few := are_too_few;
        if kept.end_rank(word.kind) is null or kept.end_rank(word.kind) < 3 then
            select e.status, e.on_day into ended, ended_on
            from (
                select 'EXPIRED', lower(p.passed) from unnest(expiring) p (passed) where p.passed @> day
                union all select 'SUPERSEDED', superseded_on where superseded_on <= day
                union all select 'TERMINATED', unnest(left_on)
            ) e (status, on_day)
            where e.on_day is not null
                -- A step of all that comes after it is the last word; no computed end follows another.
                and not exists (
                    select from unnest(all_steps) s
                    where s.counts <= day and s.counts > e.on_day and kept.end_rank(s.kind) is not null
                )
            order by e.on_day, kept.end_rank(e.status) desc
            limit 1;
        else
            ended := kept.end_status(word.kind);
        end if;
        found.record_id := agreement_id;
        found.counts := day >= visible;
        found.status := case
            when ended is not null then ended
            when word.kind = 'SUSPENDED' then 'SUSPENDED'
            else found.status
        end;
        found.disputed := coalesce(word.disputed, false) or exists (
            select from unnest(party_steps || all_steps) s
            where s.counts <= day and s.disputed and s.kind = any(own || array['PROPOSED', 'DRAFTED', 'NEGOTIATED'])
        );
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

-- Places a kind in the order of the steps that end or restore an agreement; those from 3 on are ends.
create or replace function kept.end_rank(kind text) returns integer language sql immutable parallel safe as $$
    select case kind
        when 'SUSPENDED' then 1
        when 'RESUMED' then 2 when 'ENTERED_INTO_FORCE' then 2 when 'PROVISIONALLY_APPLIED' then 2
        when 'EXPIRED' then 3
        when 'SUPERSEDED' then 4
        when 'TERMINATED' then 5 when 'REPUDIATED' then 5 when 'WITHDRAWN' then 5
    end
$$;

-- Names the end that a step of all makes.
create or replace function kept.end_status(kind text) returns text language sql immutable parallel safe as $$
    select case when kind in ('REPUDIATED', 'WITHDRAWN') then 'TERMINATED' else kind end
$$;

-- Lists the steps of single parties, each with the actor of the row that it belongs to as its voice; an actor without a
-- row is a party where there is no row of a party, or where it accedes. Signatures are steps too. A notice that was
-- revoked before it took effect is none.
create or replace function kept.party_steps(signatures kept.signatory[], own kept.step[], has_parties boolean)
    returns kept.step[] language sql immutable set search_path = pg_catalog, public, pg_temp as $$
    with step as (
        select s.* from unnest(own) s
        where not has_parties
            or exists (select from unnest(signatures) g where g.is_party and g.actor_id = s.voice)
            or exists (select from unnest(own) a where a.kind = 'ACCEDED' and a.voice = s.voice and a.counts <= s.counts)
        union all
        select (row(
            g.id, 'SIGNED', g.signed, g.signed_until, g.signed, g.actor_id, g.actor_id, g.disputed,
            null, null, null, null, null, null
        )::kept.step).*
        from unnest(signatures) g
        where g.is_party and g.signed is not null
    )
    select coalesce(array_agg(s::kept.step), '{}')
    from step s
    where not (s.kind in ('REPUDIATED', 'WITHDRAWN') and exists (
        select from step r
        where r.kind = 'RESUMED' and r.voice = s.voice and r.counts >= s.seen and r.counts < s.counts
    ))
$$;

-- Lists the states of the parties on a day: the rule `party.state`.
create or replace function kept.parties_on(signatures kept.signatory[], party_steps kept.step[], day date)
    returns table (
        actor_id uuid, state text, has_signed boolean, is_applied boolean, signed_on date, last_signed_on date
    )
    language sql immutable set search_path = pg_catalog, public, pg_temp as $$
    select p.actor_id, kept.party_state(own.steps), own.has_signed, own.is_applied, own.signed_on, own.last_signed_on
    from (
        select g.actor_id from unnest(signatures) g where g.is_party
        union
        select s.voice from unnest(party_steps) s where s.counts <= day
    ) p
    cross join lateral (
        select coalesce(array_agg(s), '{}') as steps,
            coalesce(bool_or(s.kind in ('SIGNED', 'RATIFIED', 'ACCEDED', 'PROVISIONALLY_APPLIED', 'ENTERED_INTO_FORCE')), false) as has_signed,
            coalesce(bool_or(s.kind in ('PROVISIONALLY_APPLIED', 'ENTERED_INTO_FORCE')), false) as is_applied,
            min(s.counts) filter (where s.kind in ('SIGNED', 'RATIFIED', 'ACCEDED', 'PROVISIONALLY_APPLIED', 'ENTERED_INTO_FORCE')) as signed_on,
            max(s.until) filter (where s.kind in ('SIGNED', 'RATIFIED', 'ACCEDED', 'PROVISIONALLY_APPLIED', 'ENTERED_INTO_FORCE')) as last_signed_on
        from unnest(party_steps) s
        where s.voice = p.actor_id and s.counts <= day
    ) own
$$;

-- Computes the state of a party from those of its own steps that count: the last word.
create or replace function kept.party_state(steps kept.step[]) returns text
    language sql immutable set search_path = pg_catalog, public, pg_temp as $$
    with word as (
        select s.*, array_position(array[
            'REJECTED', 'INITIALLED', 'SIGNED', 'CONSENTED', 'APPLIED', 'SUSPENDED', 'RESUMED', 'WITHDRAWN'
        ], case
            when s.kind in ('ACCEPTED', 'APPROVED', 'RATIFIED', 'ACCEDED') then 'CONSENTED'
            when s.kind in ('PROVISIONALLY_APPLIED', 'ENTERED_INTO_FORCE') then 'APPLIED'
            when s.kind = 'REPUDIATED' then 'WITHDRAWN'
            else s.kind
        end) as rank
        from unnest(steps) s
    ),
    last_word as (
        select w.kind, w.rank from word w
        where w.until >= (select max(n.counts) from word n)
        order by w.rank desc limit 1
    ),
    -- What a party resumes is its state before.
    lasting as (
        select w.kind, w.rank from word w
        where w.rank not in (6, 7) and w.until >= (select max(n.counts) from word n where n.rank not in (6, 7))
        order by w.rank desc limit 1
    )
    select case
        when l.rank = 6 then 'SUSPENDED'
        when l.rank is null or l.rank = 7 and s.rank is null then 'EXPECTED'
        when s.rank = 8 then 'WITHDRAWN'
        when s.kind in ('ACCEPTED', 'APPROVED') and not exists (select from word w where w.kind = 'SIGNED') then 'AGREES'
        when s.rank in (4, 5) then 'CONSENTED'
        else s.kind
    end
    from (select) x
    left join last_word l on true
    left join lasting s on true
$$;

-- Tells whether, of two parties or more, fewer than two are still bound on a day.
create or replace function kept.are_too_few(signatures kept.signatory[], party_steps kept.step[], day date) returns boolean
    language sql immutable set search_path = pg_catalog, public, pg_temp as $$
    select count(*) >= 2 and count(*) filter (where p.state <> 'WITHDRAWN') < 2
    from kept.parties_on(signatures, party_steps, day) p
$$;

-- Computes how far an agreement has come on one day, before any end.
create or replace function kept.agreement_on(
    day date, is_unilateral boolean, signatures kept.signatory[], all_steps kept.step[], party_steps kept.step[]
) returns kept.agreement language sql immutable set search_path = pg_catalog, public, pg_temp as $$
    with party as materialized (select * from kept.parties_on(signatures, party_steps, day)),
    counted as materialized (
        select count(*) >= case when is_unilateral then 1 else 2 end as suffice,
            count(*) filter (where p.has_signed) as signed,
            bool_and(p.has_signed) as all_signed,
            bool_and(p.state = 'CONSENTED') as all_consented,
            bool_and(p.is_applied and p.state <> 'WITHDRAWN') as all_applied,
            bool_and(p.state in ('AGREES', 'INITIALLED', 'SIGNED', 'CONSENTED')) as all_agree,
            bool_and(p.state in ('INITIALLED', 'SIGNED', 'CONSENTED')) as all_initialled,
            bool_or(p.state = 'REJECTED') as one_rejects,
            coalesce(bool_and(p.state in ('SUSPENDED', 'WITHDRAWN')), false) and bool_or(p.state = 'SUSPENDED')
                as all_suspended,
            max(p.signed_on) as signed_on, max(p.last_signed_on) as last_signed_on
        from party p
    ),
    step as materialized (
        select s.kind, s.counts, s.until, array_position(array[
            'PROPOSED', 'DRAFTED', 'NEGOTIATED', 'INITIALLED', 'REJECTED', 'SIGNED', 'CONSENTED', 'APPLIED'
        ], case
            when s.kind in ('ACCEPTED', 'APPROVED', 'RATIFIED', 'ACCEDED') then 'CONSENTED'
            when s.kind in ('PROVISIONALLY_APPLIED', 'ENTERED_INTO_FORCE') then 'APPLIED'
            else s.kind
        end) as rank
        from unnest(all_steps) s
        where s.counts <= day
    ),
    reached as (select coalesce(array_agg(distinct s.rank), '{}') as ranks from step s),
    word as (
        select s.kind, s.counts from step s
        where s.rank is not null and s.until >= (select max(n.counts) from step n where n.rank is not null)
        order by s.rank desc, s.counts desc limit 1
    )
    select null::uuid, null::date, null::date, null::boolean, x.status, null::date,
        nullif(coalesce(
            (select min(s.counts) from step s where s.kind = 'SIGNED'),
            case when c.suffice and c.all_signed then c.signed_on end
        ), '-infinity'),
        null::boolean
    from counted c
    cross join reached r
    cross join lateral (
        select case
            when c.suffice and c.all_suspended then 'SUSPENDED'
            when 8 = any(r.ranks) or c.suffice and c.all_applied then 'IN_FORCE'
            when c.signed = 0 and not r.ranks && array[6, 7] and c.one_rejects then 'REJECTED'
            when exists (
                select from word w where w.kind = 'REJECTED' and coalesce(c.last_signed_on < w.counts, true)
            ) then 'REJECTED'
            when 7 = any(r.ranks) or c.suffice and c.all_consented then 'RATIFIED'
            when 6 = any(r.ranks) or c.suffice and c.all_signed then 'SIGNED'
            when c.signed > 0 then 'PARTLY_SIGNED'
            when 4 = any(r.ranks) or c.suffice and c.all_initialled then 'INITIALLED'
            when 3 = any(r.ranks) or c.suffice and c.all_agree then 'NEGOTIATED'
            when 2 = any(r.ranks) then 'DRAFTED'
            when 1 = any(r.ranks) then 'PROPOSED'
            else 'SOUGHT'
        end as status
    ) x
$$;

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
    fresh_days constant integer := 90;
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

create or replace function kept.deadline_periods(of_record uuid, first_day date) returns setof kept.deadline
    language plpgsql stable set search_path = pg_catalog, public, pg_temp set timezone = 'UTC' set jit = off
    set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
    return query
    select p.* from deadline t cross join lateral (select * from kept.judge_deadline(
        t.id, t.due, t.anchor, t.hardness::text, t.kind = 'TERM', t.every::interval,
        t.starts_with is not null, least(kept.entry_day(t.created_at), (
        select min((s.published).earliest)
        from (select v1.* from citation v1 where v1.retracted_at is null) c join (select v2.* from source v2 where v2.retracted_at is null) s on s.id = c.source_id
        where c.record_id = t.id and c.stance = 'SUPPORTS'
    )), exists (
        select from (select v3.* from citation v3 where v3.retracted_at is null) c
        where c.record_id = t.id and c.stance = 'DISPUTES' and c.field in ('due')
    ),
        array(
        select row(
            m.id, m.kind::text,
            greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    ), greatest(coalesce((coalesce(m.effective, m.at)).latest, 'infinity'), greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    )), coalesce((m.at).earliest, '-infinity'),
            m.actor_id, case when m.actor_id is not null then coalesce(m.on_behalf_of_id, (
        
    with recursive reached (id, distance) as (
        select m.actor_id, 0
        union
        select n.id, r.distance + 1
        from reached r
        cross join lateral (
            select a.parent_id as id from (select v4.* from actor v4 where v4.retracted_at is null) a where a.id = r.id and a.parent_id is not null
            union all
            select h.id
            from (
                select o.actor_id as id, o.held from (select v5.* from office v5 where v5.retracted_at is null) o where o.person_id = r.id
                union all
                select b.group_id, b.held from (select v6.* from membership v6 where v6.retracted_at is null) b where b.member_id = r.id
            ) h
            where (h.held).edtf is not null
                and coalesce((h.held).earliest, '-infinity') <= coalesce((m.at).latest, 'infinity')
                and coalesce((h.held).latest, 'infinity') >= coalesce((m.at).earliest, '-infinity')
        ) n
        where r.distance < 5
    )

        select case
            when bool_or(r.distance = 0) then m.actor_id
            when count(distinct r.id) = 1 then (array_agg(r.id))[1]
        end
        from reached r
        where (
        exists (
            select from (select v7.* from participation v7 where v7.retracted_at is null) a left join (select v8.* from talk v8 where v8.retracted_at is null) k on k.id = a.talk_id
            where coalesce(a.on_behalf_of_id, a.actor_id) = r.id
                and (a.talk_id = t.subject_id or coalesce(a.process_id, k.process_id) = (case t.subject_type
    when 'PROCESS' then t.subject_id
    when 'TALK' then (select k.process_id from (select v9.* from talk v9 where v9.retracted_at is null) k where k.id = t.subject_id)
    when 'AGREEMENT' then (select e.process_id from (select v10.* from agreement v10 where v10.retracted_at is null) e where e.id = t.subject_id)
    when 'PROVISION' then (
        select e.process_id from (select v11.* from provision v11 where v11.retracted_at is null) p join (select v12.* from agreement v12 where v12.retracted_at is null) e on e.id = p.agreement_id
        where p.id = t.subject_id
    )
    when 'STATEMENT' then (select s.process_id from (select v13.* from statement v13 where v13.retracted_at is null) s where s.id = t.subject_id)
    when 'CONDITION' then (
        select s.process_id from (select v14.* from condition v14 where v14.retracted_at is null) c join (select v15.* from statement v15 where v15.retracted_at is null) s on s.id = c.statement_id
        where c.id = t.subject_id
    )
end))
        )
        or exists (
            select from (select v16.* from signature v16 where v16.retracted_at is null) g join (select v17.* from agreement v17 where v17.retracted_at is null) e on e.id = g.agreement_id
            where g.actor_id = r.id and g.capacity = 'PARTY' and e.process_id = (case t.subject_type
    when 'PROCESS' then t.subject_id
    when 'TALK' then (select k.process_id from (select v18.* from talk v18 where v18.retracted_at is null) k where k.id = t.subject_id)
    when 'AGREEMENT' then (select e.process_id from (select v19.* from agreement v19 where v19.retracted_at is null) e where e.id = t.subject_id)
    when 'PROVISION' then (
        select e.process_id from (select v20.* from provision v20 where v20.retracted_at is null) p join (select v21.* from agreement v21 where v21.retracted_at is null) e on e.id = p.agreement_id
        where p.id = t.subject_id
    )
    when 'STATEMENT' then (select s.process_id from (select v22.* from statement v22 where v22.retracted_at is null) s where s.id = t.subject_id)
    when 'CONDITION' then (
        select s.process_id from (select v23.* from condition v23 where v23.retracted_at is null) c join (select v24.* from statement v24 where v24.retracted_at is null) s on s.id = c.statement_id
        where c.id = t.subject_id
    )
end)
        )
    )
    ), m.actor_id) end,
            exists (
                select from (select v25.* from citation v25 where v25.retracted_at is null) c where c.record_id = m.id and c.stance = 'DISPUTES'
            ),
            m.due, m.starts, m.ends, m.venue, m.city, m.country
        )::kept.step
        from (select v26.* from milestone v26 where v26.retracted_at is null) m
        where m.subject_id = t.id
    )
    )) p where t.id = of_record;
end
$$;

create or replace function known.deadline_periods(at_moment timestamptz, of_record uuid, first_day date) returns setof kept.deadline
    language plpgsql stable set search_path = pg_catalog, public, pg_temp set timezone = 'UTC' set jit = off
    set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
    return query
    select p.* from (select * from known.deadline where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) t cross join lateral (select * from kept.judge_deadline(
        t.id, t.due, t.anchor, t.hardness::text, t.kind = 'TERM', t.every::interval,
        t.starts_with is not null, least(kept.entry_day(t.created_at), (
        select min((s.published).earliest)
        from (select v1.* from (select * from known.citation where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v1 where v1.retracted_at is null) c join (select v2.* from (select * from known.source where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v2 where v2.retracted_at is null) s on s.id = c.source_id
        where c.record_id = t.id and c.stance = 'SUPPORTS'
    )), exists (
        select from (select v3.* from (select * from known.citation where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v3 where v3.retracted_at is null) c
        where c.record_id = t.id and c.stance = 'DISPUTES' and c.field in ('due')
    ),
        array(
        select row(
            m.id, m.kind::text,
            greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    ), greatest(coalesce((coalesce(m.effective, m.at)).latest, 'infinity'), greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    )), coalesce((m.at).earliest, '-infinity'),
            m.actor_id, case when m.actor_id is not null then coalesce(m.on_behalf_of_id, (
        
    with recursive reached (id, distance) as (
        select m.actor_id, 0
        union
        select n.id, r.distance + 1
        from reached r
        cross join lateral (
            select a.parent_id as id from (select v4.* from (select * from known.actor where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v4 where v4.retracted_at is null) a where a.id = r.id and a.parent_id is not null
            union all
            select h.id
            from (
                select o.actor_id as id, o.held from (select v5.* from (select * from known.office where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v5 where v5.retracted_at is null) o where o.person_id = r.id
                union all
                select b.group_id, b.held from (select v6.* from (select * from known.membership where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v6 where v6.retracted_at is null) b where b.member_id = r.id
            ) h
            where (h.held).edtf is not null
                and coalesce((h.held).earliest, '-infinity') <= coalesce((m.at).latest, 'infinity')
                and coalesce((h.held).latest, 'infinity') >= coalesce((m.at).earliest, '-infinity')
        ) n
        where r.distance < 5
    )

        select case
            when bool_or(r.distance = 0) then m.actor_id
            when count(distinct r.id) = 1 then (array_agg(r.id))[1]
        end
        from reached r
        where (
        exists (
            select from (select v7.* from (select * from known.participation where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v7 where v7.retracted_at is null) a left join (select v8.* from (select * from known.talk where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v8 where v8.retracted_at is null) k on k.id = a.talk_id
            where coalesce(a.on_behalf_of_id, a.actor_id) = r.id
                and (a.talk_id = t.subject_id or coalesce(a.process_id, k.process_id) = (case t.subject_type
    when 'PROCESS' then t.subject_id
    when 'TALK' then (select k.process_id from (select v9.* from (select * from known.talk where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v9 where v9.retracted_at is null) k where k.id = t.subject_id)
    when 'AGREEMENT' then (select e.process_id from (select v10.* from (select * from known.agreement where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v10 where v10.retracted_at is null) e where e.id = t.subject_id)
    when 'PROVISION' then (
        select e.process_id from (select v11.* from (select * from known.provision where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v11 where v11.retracted_at is null) p join (select v12.* from (select * from known.agreement where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v12 where v12.retracted_at is null) e on e.id = p.agreement_id
        where p.id = t.subject_id
    )
    when 'STATEMENT' then (select s.process_id from (select v13.* from (select * from known.statement where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v13 where v13.retracted_at is null) s where s.id = t.subject_id)
    when 'CONDITION' then (
        select s.process_id from (select v14.* from (select * from known.condition where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v14 where v14.retracted_at is null) c join (select v15.* from (select * from known.statement where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v15 where v15.retracted_at is null) s on s.id = c.statement_id
        where c.id = t.subject_id
    )
end))
        )
        or exists (
            select from (select v16.* from (select * from known.signature where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v16 where v16.retracted_at is null) g join (select v17.* from (select * from known.agreement where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v17 where v17.retracted_at is null) e on e.id = g.agreement_id
            where g.actor_id = r.id and g.capacity = 'PARTY' and e.process_id = (case t.subject_type
    when 'PROCESS' then t.subject_id
    when 'TALK' then (select k.process_id from (select v18.* from (select * from known.talk where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v18 where v18.retracted_at is null) k where k.id = t.subject_id)
    when 'AGREEMENT' then (select e.process_id from (select v19.* from (select * from known.agreement where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v19 where v19.retracted_at is null) e where e.id = t.subject_id)
    when 'PROVISION' then (
        select e.process_id from (select v20.* from (select * from known.provision where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v20 where v20.retracted_at is null) p join (select v21.* from (select * from known.agreement where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v21 where v21.retracted_at is null) e on e.id = p.agreement_id
        where p.id = t.subject_id
    )
    when 'STATEMENT' then (select s.process_id from (select v22.* from (select * from known.statement where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v22 where v22.retracted_at is null) s where s.id = t.subject_id)
    when 'CONDITION' then (
        select s.process_id from (select v23.* from (select * from known.condition where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v23 where v23.retracted_at is null) c join (select v24.* from (select * from known.statement where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v24 where v24.retracted_at is null) s on s.id = c.statement_id
        where c.id = t.subject_id
    )
end)
        )
    )
    ), m.actor_id) end,
            exists (
                select from (select v25.* from (select * from known.citation where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v25 where v25.retracted_at is null) c where c.record_id = m.id and c.stance = 'DISPUTES'
            ),
            m.due, m.starts, m.ends, m.venue, m.city, m.country
        )::kept.step
        from (select v26.* from (select * from known.milestone where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v26 where v26.retracted_at is null) m
        where m.subject_id = t.id
    )
    )) p where t.id = of_record;
end
$$;

create or replace function kept.talk_periods(of_record uuid, first_day date) returns setof kept.talk
    language plpgsql stable set search_path = pg_catalog, public, pg_temp set timezone = 'UTC' set jit = off
    set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
    return query
    select p.* from talk t cross join lateral (select * from kept.judge_talk(
        t.id, t.starts, t.ends, t.venue, t.city, t.country,
        exists (select from (select v1.* from participation v1 where v1.retracted_at is null) a where a.talk_id = t.id and a.attendance = 'REPORTED'),
        least(kept.entry_day(t.created_at), (
        select min((s.published).earliest)
        from (select v2.* from citation v2 where v2.retracted_at is null) c join (select v3.* from source v3 where v3.retracted_at is null) s on s.id = c.source_id
        where c.record_id = t.id and c.stance = 'SUPPORTS'
    )), exists (
        select from (select v4.* from citation v4 where v4.retracted_at is null) c
        where c.record_id = t.id and c.stance = 'DISPUTES' and c.field in ('starts')
    ),
        array(
        select row(
            m.id, m.kind::text,
            greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    ), greatest(coalesce((coalesce(m.effective, m.at)).latest, 'infinity'), greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    )), coalesce((m.at).earliest, '-infinity'),
            m.actor_id, case when m.actor_id is not null then coalesce(m.on_behalf_of_id, (
        
    with recursive reached (id, distance) as (
        select m.actor_id, 0
        union
        select n.id, r.distance + 1
        from reached r
        cross join lateral (
            select a.parent_id as id from (select v5.* from actor v5 where v5.retracted_at is null) a where a.id = r.id and a.parent_id is not null
            union all
            select h.id
            from (
                select o.actor_id as id, o.held from (select v6.* from office v6 where v6.retracted_at is null) o where o.person_id = r.id
                union all
                select b.group_id, b.held from (select v7.* from membership v7 where v7.retracted_at is null) b where b.member_id = r.id
            ) h
            where (h.held).edtf is not null
                and coalesce((h.held).earliest, '-infinity') <= coalesce((m.at).latest, 'infinity')
                and coalesce((h.held).latest, 'infinity') >= coalesce((m.at).earliest, '-infinity')
        ) n
        where r.distance < 5
    )

        select case
            when bool_or(r.distance = 0) then m.actor_id
            when count(distinct r.id) = 1 then (array_agg(r.id))[1]
        end
        from reached r
        where (
        exists (
            select from (select v8.* from participation v8 where v8.retracted_at is null) a left join (select v9.* from talk v9 where v9.retracted_at is null) k on k.id = a.talk_id
            where coalesce(a.on_behalf_of_id, a.actor_id) = r.id
                and (a.talk_id = t.id or coalesce(a.process_id, k.process_id) = t.process_id)
        )
        or exists (
            select from (select v10.* from signature v10 where v10.retracted_at is null) g join (select v11.* from agreement v11 where v11.retracted_at is null) e on e.id = g.agreement_id
            where g.actor_id = r.id and g.capacity = 'PARTY' and e.process_id = t.process_id
        )
    )
    ), m.actor_id) end,
            exists (
                select from (select v12.* from citation v12 where v12.retracted_at is null) c where c.record_id = m.id and c.stance = 'DISPUTES'
            ),
            m.due, m.starts, m.ends, m.venue, m.city, m.country
        )::kept.step
        from (select v13.* from milestone v13 where v13.retracted_at is null) m
        where m.subject_id = t.id
    )
    )) p where t.id = of_record;
end
$$;

create or replace function known.talk_periods(at_moment timestamptz, of_record uuid, first_day date) returns setof kept.talk
    language plpgsql stable set search_path = pg_catalog, public, pg_temp set timezone = 'UTC' set jit = off
    set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
    return query
    select p.* from (select * from known.talk where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) t cross join lateral (select * from kept.judge_talk(
        t.id, t.starts, t.ends, t.venue, t.city, t.country,
        exists (select from (select v1.* from (select * from known.participation where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v1 where v1.retracted_at is null) a where a.talk_id = t.id and a.attendance = 'REPORTED'),
        least(kept.entry_day(t.created_at), (
        select min((s.published).earliest)
        from (select v2.* from (select * from known.citation where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v2 where v2.retracted_at is null) c join (select v3.* from (select * from known.source where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v3 where v3.retracted_at is null) s on s.id = c.source_id
        where c.record_id = t.id and c.stance = 'SUPPORTS'
    )), exists (
        select from (select v4.* from (select * from known.citation where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v4 where v4.retracted_at is null) c
        where c.record_id = t.id and c.stance = 'DISPUTES' and c.field in ('starts')
    ),
        array(
        select row(
            m.id, m.kind::text,
            greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    ), greatest(coalesce((coalesce(m.effective, m.at)).latest, 'infinity'), greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    )), coalesce((m.at).earliest, '-infinity'),
            m.actor_id, case when m.actor_id is not null then coalesce(m.on_behalf_of_id, (
        
    with recursive reached (id, distance) as (
        select m.actor_id, 0
        union
        select n.id, r.distance + 1
        from reached r
        cross join lateral (
            select a.parent_id as id from (select v5.* from (select * from known.actor where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v5 where v5.retracted_at is null) a where a.id = r.id and a.parent_id is not null
            union all
            select h.id
            from (
                select o.actor_id as id, o.held from (select v6.* from (select * from known.office where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v6 where v6.retracted_at is null) o where o.person_id = r.id
                union all
                select b.group_id, b.held from (select v7.* from (select * from known.membership where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v7 where v7.retracted_at is null) b where b.member_id = r.id
            ) h
            where (h.held).edtf is not null
                and coalesce((h.held).earliest, '-infinity') <= coalesce((m.at).latest, 'infinity')
                and coalesce((h.held).latest, 'infinity') >= coalesce((m.at).earliest, '-infinity')
        ) n
        where r.distance < 5
    )

        select case
            when bool_or(r.distance = 0) then m.actor_id
            when count(distinct r.id) = 1 then (array_agg(r.id))[1]
        end
        from reached r
        where (
        exists (
            select from (select v8.* from (select * from known.participation where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v8 where v8.retracted_at is null) a left join (select v9.* from (select * from known.talk where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v9 where v9.retracted_at is null) k on k.id = a.talk_id
            where coalesce(a.on_behalf_of_id, a.actor_id) = r.id
                and (a.talk_id = t.id or coalesce(a.process_id, k.process_id) = t.process_id)
        )
        or exists (
            select from (select v10.* from (select * from known.signature where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v10 where v10.retracted_at is null) g join (select v11.* from (select * from known.agreement where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v11 where v11.retracted_at is null) e on e.id = g.agreement_id
            where g.actor_id = r.id and g.capacity = 'PARTY' and e.process_id = t.process_id
        )
    )
    ), m.actor_id) end,
            exists (
                select from (select v12.* from (select * from known.citation where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v12 where v12.retracted_at is null) c where c.record_id = m.id and c.stance = 'DISPUTES'
            ),
            m.due, m.starts, m.ends, m.venue, m.city, m.country
        )::kept.step
        from (select v13.* from (select * from known.milestone where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v13 where v13.retracted_at is null) m
        where m.subject_id = t.id
    )
    )) p where t.id = of_record;
end
$$;

create or replace function kept.agreement_party_steps(of_record uuid, first_day date) returns setof kept.step
    language plpgsql stable set search_path = pg_catalog, public, pg_temp set timezone = 'UTC' set jit = off
    set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
    return query
    select p.* from agreement t cross join lateral (select s.* from unnest(kept.party_steps(
    array(
    select row(
        g.id, g.actor_id, g.capacity = 'PARTY', (g.signed).earliest, coalesce((g.signed).latest, 'infinity'),
        exists (
        select from (select v1.* from citation v1 where v1.retracted_at is null) c
        where c.record_id = g.id and c.stance = 'DISPUTES' and c.field in ('signed')
    )
    )::kept.signatory
    from (select v2.* from signature v2 where v2.retracted_at is null) g where g.agreement_id = t.id
),
    array(select s from unnest(array(
        select row(
            m.id, m.kind::text,
            greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    ), greatest(coalesce((coalesce(m.effective, m.at)).latest, 'infinity'), greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    )), coalesce((m.at).earliest, '-infinity'),
            m.actor_id, case when m.actor_id is not null then coalesce(m.on_behalf_of_id, (
        
    with recursive reached (id, distance) as (
        select m.actor_id, 0
        union
        select n.id, r.distance + 1
        from reached r
        cross join lateral (
            select a.parent_id as id from (select v3.* from actor v3 where v3.retracted_at is null) a where a.id = r.id and a.parent_id is not null
            union all
            select h.id
            from (
                select o.actor_id as id, o.held from (select v4.* from office v4 where v4.retracted_at is null) o where o.person_id = r.id
                union all
                select b.group_id, b.held from (select v5.* from membership v5 where v5.retracted_at is null) b where b.member_id = r.id
            ) h
            where (h.held).edtf is not null
                and coalesce((h.held).earliest, '-infinity') <= coalesce((m.at).latest, 'infinity')
                and coalesce((h.held).latest, 'infinity') >= coalesce((m.at).earliest, '-infinity')
        ) n
        where r.distance < 5
    )

        select case
            when bool_or(r.distance = 0) then m.actor_id
            when count(distinct r.id) = 1 then (array_agg(r.id))[1]
        end
        from reached r
        where exists (select from (select v6.* from signature v6 where v6.retracted_at is null) g where g.agreement_id = t.id and g.actor_id = r.id and g.capacity = 'PARTY')
    ), m.actor_id) end,
            exists (
                select from (select v7.* from citation v7 where v7.retracted_at is null) c where c.record_id = m.id and c.stance = 'DISPUTES'
            ),
            m.due, m.starts, m.ends, m.venue, m.city, m.country
        )::kept.step
        from (select v8.* from milestone v8 where v8.retracted_at is null) m
        where m.subject_id = t.id
    )) s where s.actor_id is not null and s.kind = any(array['INITIALLED', 'SIGNED', 'RATIFIED', 'ACCEPTED', 'APPROVED', 'ACCEDED', 'REJECTED', 'PROVISIONALLY_APPLIED', 'ENTERED_INTO_FORCE', 'SUSPENDED', 'RESUMED', 'REPUDIATED', 'WITHDRAWN'])),
    exists (select from (select v9.* from signature v9 where v9.retracted_at is null) g where g.agreement_id = t.id and g.capacity = 'PARTY')
)) s) p where t.id = of_record;
end
$$;

create or replace function known.agreement_party_steps(at_moment timestamptz, of_record uuid, first_day date) returns setof kept.step
    language plpgsql stable set search_path = pg_catalog, public, pg_temp set timezone = 'UTC' set jit = off
    set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
    return query
    select p.* from (select * from known.agreement where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) t cross join lateral (select s.* from unnest(kept.party_steps(
    array(
    select row(
        g.id, g.actor_id, g.capacity = 'PARTY', (g.signed).earliest, coalesce((g.signed).latest, 'infinity'),
        exists (
        select from (select v1.* from (select * from known.citation where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v1 where v1.retracted_at is null) c
        where c.record_id = g.id and c.stance = 'DISPUTES' and c.field in ('signed')
    )
    )::kept.signatory
    from (select v2.* from (select * from known.signature where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v2 where v2.retracted_at is null) g where g.agreement_id = t.id
),
    array(select s from unnest(array(
        select row(
            m.id, m.kind::text,
            greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    ), greatest(coalesce((coalesce(m.effective, m.at)).latest, 'infinity'), greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    )), coalesce((m.at).earliest, '-infinity'),
            m.actor_id, case when m.actor_id is not null then coalesce(m.on_behalf_of_id, (
        
    with recursive reached (id, distance) as (
        select m.actor_id, 0
        union
        select n.id, r.distance + 1
        from reached r
        cross join lateral (
            select a.parent_id as id from (select v3.* from (select * from known.actor where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v3 where v3.retracted_at is null) a where a.id = r.id and a.parent_id is not null
            union all
            select h.id
            from (
                select o.actor_id as id, o.held from (select v4.* from (select * from known.office where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v4 where v4.retracted_at is null) o where o.person_id = r.id
                union all
                select b.group_id, b.held from (select v5.* from (select * from known.membership where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v5 where v5.retracted_at is null) b where b.member_id = r.id
            ) h
            where (h.held).edtf is not null
                and coalesce((h.held).earliest, '-infinity') <= coalesce((m.at).latest, 'infinity')
                and coalesce((h.held).latest, 'infinity') >= coalesce((m.at).earliest, '-infinity')
        ) n
        where r.distance < 5
    )

        select case
            when bool_or(r.distance = 0) then m.actor_id
            when count(distinct r.id) = 1 then (array_agg(r.id))[1]
        end
        from reached r
        where exists (select from (select v6.* from (select * from known.signature where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v6 where v6.retracted_at is null) g where g.agreement_id = t.id and g.actor_id = r.id and g.capacity = 'PARTY')
    ), m.actor_id) end,
            exists (
                select from (select v7.* from (select * from known.citation where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v7 where v7.retracted_at is null) c where c.record_id = m.id and c.stance = 'DISPUTES'
            ),
            m.due, m.starts, m.ends, m.venue, m.city, m.country
        )::kept.step
        from (select v8.* from (select * from known.milestone where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v8 where v8.retracted_at is null) m
        where m.subject_id = t.id
    )) s where s.actor_id is not null and s.kind = any(array['INITIALLED', 'SIGNED', 'RATIFIED', 'ACCEPTED', 'APPROVED', 'ACCEDED', 'REJECTED', 'PROVISIONALLY_APPLIED', 'ENTERED_INTO_FORCE', 'SUSPENDED', 'RESUMED', 'REPUDIATED', 'WITHDRAWN'])),
    exists (select from (select v9.* from (select * from known.signature where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v9 where v9.retracted_at is null) g where g.agreement_id = t.id and g.capacity = 'PARTY')
)) s) p where t.id = of_record;
end
$$;

create or replace function kept.agreement_periods(of_record uuid, first_day date) returns setof kept.agreement
    language plpgsql stable set search_path = pg_catalog, public, pg_temp set timezone = 'UTC' set jit = off
    set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
    return query
    select p.* from agreement t cross join lateral (select * from kept.judge_agreement(
        t.id, t.kind::text = 'UNILATERAL', array(
    select row(
        g.id, g.actor_id, g.capacity = 'PARTY', (g.signed).earliest, coalesce((g.signed).latest, 'infinity'),
        exists (
        select from (select v1.* from citation v1 where v1.retracted_at is null) c
        where c.record_id = g.id and c.stance = 'DISPUTES' and c.field in ('signed')
    )
    )::kept.signatory
    from (select v2.* from signature v2 where v2.retracted_at is null) g where g.agreement_id = t.id
), array(
    select unnest(range_agg(daterange(p.from_day, p.until_day)))
    from (select v3.* from deadline v3 where v3.retracted_at is null) d cross join lateral (select p.* from kept.deadline p where p.record_id = d.id) p
    where d.subject_id = t.id and d.kind = 'TERM' and p.status = 'PASSED'
    group by d.id
), (
    select min(p.from_day)
    from (select v4.* from agreement v4 where v4.retracted_at is null) n
    cross join lateral (
        select * from kept.judge_agreement(
            n.id, n.kind::text = 'UNILATERAL', array(
    select row(
        g.id, g.actor_id, g.capacity = 'PARTY', (g.signed).earliest, coalesce((g.signed).latest, 'infinity'),
        exists (
        select from (select v5.* from citation v5 where v5.retracted_at is null) c
        where c.record_id = g.id and c.stance = 'DISPUTES' and c.field in ('signed')
    )
    )::kept.signatory
    from (select v6.* from signature v6 where v6.retracted_at is null) g where g.agreement_id = n.id
), array(
    select unnest(range_agg(daterange(p.from_day, p.until_day)))
    from (select v7.* from deadline v7 where v7.retracted_at is null) d cross join lateral (select p.* from kept.deadline p where p.record_id = d.id) p
    where d.subject_id = n.id and d.kind = 'TERM' and p.status = 'PASSED'
    group by d.id
), null,
            least(kept.entry_day(n.created_at), (
        select min((s.published).earliest)
        from (select v8.* from citation v8 where v8.retracted_at is null) c join (select v9.* from source v9 where v9.retracted_at is null) s on s.id = c.source_id
        where c.record_id = n.id and c.stance = 'SUPPORTS'
    )), array(
        select row(
            m.id, m.kind::text,
            greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    ), greatest(coalesce((coalesce(m.effective, m.at)).latest, 'infinity'), greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    )), coalesce((m.at).earliest, '-infinity'),
            m.actor_id, case when m.actor_id is not null then coalesce(m.on_behalf_of_id, (
        
    with recursive reached (id, distance) as (
        select m.actor_id, 0
        union
        select n.id, r.distance + 1
        from reached r
        cross join lateral (
            select a.parent_id as id from (select v10.* from actor v10 where v10.retracted_at is null) a where a.id = r.id and a.parent_id is not null
            union all
            select h.id
            from (
                select o.actor_id as id, o.held from (select v11.* from office v11 where v11.retracted_at is null) o where o.person_id = r.id
                union all
                select b.group_id, b.held from (select v12.* from membership v12 where v12.retracted_at is null) b where b.member_id = r.id
            ) h
            where (h.held).edtf is not null
                and coalesce((h.held).earliest, '-infinity') <= coalesce((m.at).latest, 'infinity')
                and coalesce((h.held).latest, 'infinity') >= coalesce((m.at).earliest, '-infinity')
        ) n
        where r.distance < 5
    )

        select case
            when bool_or(r.distance = 0) then m.actor_id
            when count(distinct r.id) = 1 then (array_agg(r.id))[1]
        end
        from reached r
        where exists (select from (select v13.* from signature v13 where v13.retracted_at is null) g where g.agreement_id = n.id and g.actor_id = r.id and g.capacity = 'PARTY')
    ), m.actor_id) end,
            exists (
                select from (select v14.* from citation v14 where v14.retracted_at is null) c where c.record_id = m.id and c.stance = 'DISPUTES'
            ),
            m.due, m.starts, m.ends, m.venue, m.city, m.country
        )::kept.step
        from (select v15.* from milestone v15 where v15.retracted_at is null) m
        where m.subject_id = n.id
    )
        )
    ) p
    where n.supersedes_id = t.id and p.status = 'IN_FORCE'
), least(kept.entry_day(t.created_at), (
        select min((s.published).earliest)
        from (select v16.* from citation v16 where v16.retracted_at is null) c join (select v17.* from source v17 where v17.retracted_at is null) s on s.id = c.source_id
        where c.record_id = t.id and c.stance = 'SUPPORTS'
    )), array(
        select row(
            m.id, m.kind::text,
            greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    ), greatest(coalesce((coalesce(m.effective, m.at)).latest, 'infinity'), greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    )), coalesce((m.at).earliest, '-infinity'),
            m.actor_id, case when m.actor_id is not null then coalesce(m.on_behalf_of_id, (
        
    with recursive reached (id, distance) as (
        select m.actor_id, 0
        union
        select n.id, r.distance + 1
        from reached r
        cross join lateral (
            select a.parent_id as id from (select v18.* from actor v18 where v18.retracted_at is null) a where a.id = r.id and a.parent_id is not null
            union all
            select h.id
            from (
                select o.actor_id as id, o.held from (select v19.* from office v19 where v19.retracted_at is null) o where o.person_id = r.id
                union all
                select b.group_id, b.held from (select v20.* from membership v20 where v20.retracted_at is null) b where b.member_id = r.id
            ) h
            where (h.held).edtf is not null
                and coalesce((h.held).earliest, '-infinity') <= coalesce((m.at).latest, 'infinity')
                and coalesce((h.held).latest, 'infinity') >= coalesce((m.at).earliest, '-infinity')
        ) n
        where r.distance < 5
    )

        select case
            when bool_or(r.distance = 0) then m.actor_id
            when count(distinct r.id) = 1 then (array_agg(r.id))[1]
        end
        from reached r
        where exists (select from (select v21.* from signature v21 where v21.retracted_at is null) g where g.agreement_id = t.id and g.actor_id = r.id and g.capacity = 'PARTY')
    ), m.actor_id) end,
            exists (
                select from (select v22.* from citation v22 where v22.retracted_at is null) c where c.record_id = m.id and c.stance = 'DISPUTES'
            ),
            m.due, m.starts, m.ends, m.venue, m.city, m.country
        )::kept.step
        from (select v23.* from milestone v23 where v23.retracted_at is null) m
        where m.subject_id = t.id
    )
    )) p where t.id = of_record;
end
$$;

create or replace function known.agreement_periods(at_moment timestamptz, of_record uuid, first_day date) returns setof kept.agreement
    language plpgsql stable set search_path = pg_catalog, public, pg_temp set timezone = 'UTC' set jit = off
    set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
    return query
    select p.* from (select * from known.agreement where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) t cross join lateral (select * from kept.judge_agreement(
        t.id, t.kind::text = 'UNILATERAL', array(
    select row(
        g.id, g.actor_id, g.capacity = 'PARTY', (g.signed).earliest, coalesce((g.signed).latest, 'infinity'),
        exists (
        select from (select v1.* from (select * from known.citation where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v1 where v1.retracted_at is null) c
        where c.record_id = g.id and c.stance = 'DISPUTES' and c.field in ('signed')
    )
    )::kept.signatory
    from (select v2.* from (select * from known.signature where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v2 where v2.retracted_at is null) g where g.agreement_id = t.id
), array(
    select unnest(range_agg(daterange(p.from_day, p.until_day)))
    from (select v3.* from (select * from known.deadline where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v3 where v3.retracted_at is null) d cross join lateral known.deadline_periods($1::text::timestamptz, d.id, first_day) p
    where d.subject_id = t.id and d.kind = 'TERM' and p.status = 'PASSED'
    group by d.id
), (
    select min(p.from_day)
    from (select v4.* from (select * from known.agreement where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v4 where v4.retracted_at is null) n
    cross join lateral (
        select * from kept.judge_agreement(
            n.id, n.kind::text = 'UNILATERAL', array(
    select row(
        g.id, g.actor_id, g.capacity = 'PARTY', (g.signed).earliest, coalesce((g.signed).latest, 'infinity'),
        exists (
        select from (select v5.* from (select * from known.citation where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v5 where v5.retracted_at is null) c
        where c.record_id = g.id and c.stance = 'DISPUTES' and c.field in ('signed')
    )
    )::kept.signatory
    from (select v6.* from (select * from known.signature where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v6 where v6.retracted_at is null) g where g.agreement_id = n.id
), array(
    select unnest(range_agg(daterange(p.from_day, p.until_day)))
    from (select v7.* from (select * from known.deadline where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v7 where v7.retracted_at is null) d cross join lateral known.deadline_periods($1::text::timestamptz, d.id, first_day) p
    where d.subject_id = n.id and d.kind = 'TERM' and p.status = 'PASSED'
    group by d.id
), null,
            least(kept.entry_day(n.created_at), (
        select min((s.published).earliest)
        from (select v8.* from (select * from known.citation where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v8 where v8.retracted_at is null) c join (select v9.* from (select * from known.source where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v9 where v9.retracted_at is null) s on s.id = c.source_id
        where c.record_id = n.id and c.stance = 'SUPPORTS'
    )), array(
        select row(
            m.id, m.kind::text,
            greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    ), greatest(coalesce((coalesce(m.effective, m.at)).latest, 'infinity'), greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    )), coalesce((m.at).earliest, '-infinity'),
            m.actor_id, case when m.actor_id is not null then coalesce(m.on_behalf_of_id, (
        
    with recursive reached (id, distance) as (
        select m.actor_id, 0
        union
        select n.id, r.distance + 1
        from reached r
        cross join lateral (
            select a.parent_id as id from (select v10.* from (select * from known.actor where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v10 where v10.retracted_at is null) a where a.id = r.id and a.parent_id is not null
            union all
            select h.id
            from (
                select o.actor_id as id, o.held from (select v11.* from (select * from known.office where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v11 where v11.retracted_at is null) o where o.person_id = r.id
                union all
                select b.group_id, b.held from (select v12.* from (select * from known.membership where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v12 where v12.retracted_at is null) b where b.member_id = r.id
            ) h
            where (h.held).edtf is not null
                and coalesce((h.held).earliest, '-infinity') <= coalesce((m.at).latest, 'infinity')
                and coalesce((h.held).latest, 'infinity') >= coalesce((m.at).earliest, '-infinity')
        ) n
        where r.distance < 5
    )

        select case
            when bool_or(r.distance = 0) then m.actor_id
            when count(distinct r.id) = 1 then (array_agg(r.id))[1]
        end
        from reached r
        where exists (select from (select v13.* from (select * from known.signature where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v13 where v13.retracted_at is null) g where g.agreement_id = n.id and g.actor_id = r.id and g.capacity = 'PARTY')
    ), m.actor_id) end,
            exists (
                select from (select v14.* from (select * from known.citation where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v14 where v14.retracted_at is null) c where c.record_id = m.id and c.stance = 'DISPUTES'
            ),
            m.due, m.starts, m.ends, m.venue, m.city, m.country
        )::kept.step
        from (select v15.* from (select * from known.milestone where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v15 where v15.retracted_at is null) m
        where m.subject_id = n.id
    )
        )
    ) p
    where n.supersedes_id = t.id and p.status = 'IN_FORCE'
), least(kept.entry_day(t.created_at), (
        select min((s.published).earliest)
        from (select v16.* from (select * from known.citation where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v16 where v16.retracted_at is null) c join (select v17.* from (select * from known.source where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v17 where v17.retracted_at is null) s on s.id = c.source_id
        where c.record_id = t.id and c.stance = 'SUPPORTS'
    )), array(
        select row(
            m.id, m.kind::text,
            greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    ), greatest(coalesce((coalesce(m.effective, m.at)).latest, 'infinity'), greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    )), coalesce((m.at).earliest, '-infinity'),
            m.actor_id, case when m.actor_id is not null then coalesce(m.on_behalf_of_id, (
        
    with recursive reached (id, distance) as (
        select m.actor_id, 0
        union
        select n.id, r.distance + 1
        from reached r
        cross join lateral (
            select a.parent_id as id from (select v18.* from (select * from known.actor where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v18 where v18.retracted_at is null) a where a.id = r.id and a.parent_id is not null
            union all
            select h.id
            from (
                select o.actor_id as id, o.held from (select v19.* from (select * from known.office where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v19 where v19.retracted_at is null) o where o.person_id = r.id
                union all
                select b.group_id, b.held from (select v20.* from (select * from known.membership where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v20 where v20.retracted_at is null) b where b.member_id = r.id
            ) h
            where (h.held).edtf is not null
                and coalesce((h.held).earliest, '-infinity') <= coalesce((m.at).latest, 'infinity')
                and coalesce((h.held).latest, 'infinity') >= coalesce((m.at).earliest, '-infinity')
        ) n
        where r.distance < 5
    )

        select case
            when bool_or(r.distance = 0) then m.actor_id
            when count(distinct r.id) = 1 then (array_agg(r.id))[1]
        end
        from reached r
        where exists (select from (select v21.* from (select * from known.signature where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v21 where v21.retracted_at is null) g where g.agreement_id = t.id and g.actor_id = r.id and g.capacity = 'PARTY')
    ), m.actor_id) end,
            exists (
                select from (select v22.* from (select * from known.citation where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v22 where v22.retracted_at is null) c where c.record_id = m.id and c.stance = 'DISPUTES'
            ),
            m.due, m.starts, m.ends, m.venue, m.city, m.country
        )::kept.step
        from (select v23.* from (select * from known.milestone where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v23 where v23.retracted_at is null) m
        where m.subject_id = t.id
    )
    )) p where t.id = of_record;
end
$$;

create or replace function kept.process_movements(of_record uuid, first_day date) returns setof kept.movement
    language plpgsql stable set search_path = pg_catalog, public, pg_temp set timezone = 'UTC' set jit = off
    set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
    return query
    select p.* from process t cross join lateral (
    with recursive branch (id) as (
        select t.id union select p.id from branch b join (select v1.* from process v1 where v1.retracted_at is null) p on p.parent_id = b.id
    )
 
    select k.process_id, 'talk', k.id, greatest(p.from_day, '-infinity'), least(p.active_until, p.until_day - 1)
    from branch b
    join (select v2.* from talk v2 where v2.retracted_at is null) k on k.process_id = b.id
    cross join lateral (select * from (select p.* from kept.talk p where p.record_id = k.id) p offset 0) p
    where p.counts and p.active_until >= p.from_day
    union all
    select a.process_id, 'milestone', m.id, greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    ), greatest(coalesce((coalesce(m.effective, m.at)).latest, 'infinity'), greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    ))
    from branch b
    join (select v3.* from agreement v3 where v3.retracted_at is null) a on a.process_id = b.id
    join (select v4.* from milestone v4 where v4.retracted_at is null) m on m.subject_id = a.id
    where m.kind in ('PROPOSED', 'DRAFTED', 'NEGOTIATED', 'INITIALLED', 'SIGNED', 'RATIFIED', 'ACCEPTED', 'APPROVED', 'ACCEDED', 'PROVISIONALLY_APPLIED', 'ENTERED_INTO_FORCE', 'AMENDED', 'RESUMED')
    union all
    select a.process_id, 'signature', s.id, (s.signed).earliest, coalesce((s.signed).latest, 'infinity')
    from branch b
    join (select v5.* from agreement v5 where v5.retracted_at is null) a on a.process_id = b.id
    join (select v6.* from signature v6 where v6.retracted_at is null) s on s.agreement_id = a.id
    where (s.signed).earliest is not null
    union all
    select d.process_id, 'deadline', m.id, greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    ), greatest(coalesce((coalesce(m.effective, m.at)).latest, 'infinity'), greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    ))
    from (
    select subject.process_id, d.*
    from (
    select b.id as process_id, b.id from branch b
    union all select k.process_id, k.id from branch b join (select v7.* from talk v7 where v7.retracted_at is null) k on k.process_id = b.id
    union all select a.process_id, a.id from branch b join (select v8.* from agreement v8 where v8.retracted_at is null) a on a.process_id = b.id
    union all select a.process_id, p.id
        from branch b join (select v9.* from agreement v9 where v9.retracted_at is null) a on a.process_id = b.id join (select v10.* from provision v10 where v10.retracted_at is null) p on p.agreement_id = a.id
) subject
    cross join lateral (select d.* from (select v11.* from deadline v11 where v11.retracted_at is null) d where d.subject_id = subject.id offset 0) d
    union all
    select s.process_id, d.*
    from (select v12.* from deadline v12 where v12.retracted_at is null) d
    cross join lateral (
        select s.process_id from (select v13.* from statement v13 where v13.retracted_at is null) s where s.id = d.subject_id and d.subject_type = 'STATEMENT'
        union all
        select s.process_id from (select v14.* from condition v14 where v14.retracted_at is null) c join (select v15.* from statement v15 where v15.retracted_at is null) s on s.id = c.statement_id
        where c.id = d.subject_id and d.subject_type = 'CONDITION'
        offset 0
    ) s
    where d.subject_type in ('STATEMENT', 'CONDITION') and s.process_id in (select b.id from branch b)
) d
    join (select v16.* from milestone v16 where v16.retracted_at is null) m on m.subject_id = d.id
    where m.kind = 'MET'
    union all
    select d.process_id, 'deadline', moved.id, moved.first, moved.last
    from (
    select subject.process_id, d.*
    from (
    select b.id as process_id, b.id from branch b
    union all select k.process_id, k.id from branch b join (select v17.* from talk v17 where v17.retracted_at is null) k on k.process_id = b.id
    union all select a.process_id, a.id from branch b join (select v18.* from agreement v18 where v18.retracted_at is null) a on a.process_id = b.id
    union all select a.process_id, p.id
        from branch b join (select v19.* from agreement v19 where v19.retracted_at is null) a on a.process_id = b.id join (select v20.* from provision v20 where v20.retracted_at is null) p on p.agreement_id = a.id
) subject
    cross join lateral (select d.* from (select v21.* from deadline v21 where v21.retracted_at is null) d where d.subject_id = subject.id offset 0) d
    union all
    select s.process_id, d.*
    from (select v22.* from deadline v22 where v22.retracted_at is null) d
    cross join lateral (
        select s.process_id from (select v23.* from statement v23 where v23.retracted_at is null) s where s.id = d.subject_id and d.subject_type = 'STATEMENT'
        union all
        select s.process_id from (select v24.* from condition v24 where v24.retracted_at is null) c join (select v25.* from statement v25 where v25.retracted_at is null) s on s.id = c.statement_id
        where c.id = d.subject_id and d.subject_type = 'CONDITION'
        offset 0
    ) s
    where d.subject_type in ('STATEMENT', 'CONDITION') and s.process_id in (select b.id from branch b)
) d
    cross join lateral (
        with later as (
    select m.id, greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    ) as first, greatest(coalesce((coalesce(m.effective, m.at)).latest, 'infinity'), greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    )) as last,
        case when m.actor_id is not null then coalesce(m.on_behalf_of_id, (
        
    with recursive reached (id, distance) as (
        select m.actor_id, 0
        union
        select n.id, r.distance + 1
        from reached r
        cross join lateral (
            select a.parent_id as id from (select v26.* from actor v26 where v26.retracted_at is null) a where a.id = r.id and a.parent_id is not null
            union all
            select h.id
            from (
                select o.actor_id as id, o.held from (select v27.* from office v27 where v27.retracted_at is null) o where o.person_id = r.id
                union all
                select b.group_id, b.held from (select v28.* from membership v28 where v28.retracted_at is null) b where b.member_id = r.id
            ) h
            where (h.held).edtf is not null
                and coalesce((h.held).earliest, '-infinity') <= coalesce((m.at).latest, 'infinity')
                and coalesce((h.held).latest, 'infinity') >= coalesce((m.at).earliest, '-infinity')
        ) n
        where r.distance < 5
    )

        select case
            when bool_or(r.distance = 0) then m.actor_id
            when count(distinct r.id) = 1 then (array_agg(r.id))[1]
        end
        from reached r
        where (
        exists (
            select from (select v29.* from participation v29 where v29.retracted_at is null) a left join (select v30.* from talk v30 where v30.retracted_at is null) k on k.id = a.talk_id
            where coalesce(a.on_behalf_of_id, a.actor_id) = r.id
                and (a.talk_id = d.subject_id or coalesce(a.process_id, k.process_id) = d.process_id)
        )
        or exists (
            select from (select v31.* from signature v31 where v31.retracted_at is null) g join (select v32.* from agreement v32 where v32.retracted_at is null) e on e.id = g.agreement_id
            where g.actor_id = r.id and g.capacity = 'PARTY' and e.process_id = d.process_id
        )
    )
    ), m.actor_id) end as voice
    from (select v33.* from milestone v33 where v33.retracted_at is null) m
    where m.subject_id = d.id and m.kind in ('EXTENDED', 'SHORTENED', 'TRIGGERED') and exists (
        select from (select p.* from kept.deadline p where p.record_id = d.id) p
        where p.from_day < greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    ) and greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    ) <= p.until_day and (m.due).latest > (p.due).latest
    )
)
        select l.id, l.first, l.last from later l where l.voice is null
        union all
        -- It is one of several voices since both count.
        select l.id, greatest(l.first, o.first), l.last
        from later l join later o on o.voice <> l.voice and o.first <= l.last and l.first <= o.last
    ) moved
    where d.kind = 'TERM'
    union all
    select c.process_id, 'milestone', m.id, greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    ), greatest(coalesce((coalesce(m.effective, m.at)).latest, 'infinity'), greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    ))
    from (
        select subject.process_id, subject.id from (
    select b.id as process_id, b.id from branch b
    union all select k.process_id, k.id from branch b join (select v34.* from talk v34 where v34.retracted_at is null) k on k.process_id = b.id
    union all select a.process_id, a.id from branch b join (select v35.* from agreement v35 where v35.retracted_at is null) a on a.process_id = b.id
    union all select a.process_id, p.id
        from branch b join (select v36.* from agreement v36 where v36.retracted_at is null) a on a.process_id = b.id join (select v37.* from provision v37 where v37.retracted_at is null) p on p.agreement_id = a.id
) subject
        join record r on r.id = subject.id and r.type = 'PROVISION'
        union all
        select s.process_id, c.id
        from branch b join (select v38.* from statement v38 where v38.retracted_at is null) s on s.process_id = b.id join (select v39.* from condition v39 where v39.retracted_at is null) c on c.statement_id = s.id
    ) c
    join (select v40.* from milestone v40 where v40.retracted_at is null) m on m.subject_id = c.id
    where m.kind = 'MET'
    union all
    select b.id, 'milestone', m.id, greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    ), greatest(coalesce((coalesce(m.effective, m.at)).latest, 'infinity'), greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    ))
    from branch b
    join (select v41.* from milestone v41 where v41.retracted_at is null) m on m.subject_id = b.id
    where m.kind in ('OPENED', 'RESUMED')
) p where t.id = of_record;
end
$$;

create or replace function known.process_movements(at_moment timestamptz, of_record uuid, first_day date) returns setof kept.movement
    language plpgsql stable set search_path = pg_catalog, public, pg_temp set timezone = 'UTC' set jit = off
    set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
    return query
    select p.* from (select * from known.process where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) t cross join lateral (
    with recursive branch (id) as (
        select t.id union select p.id from branch b join (select v1.* from (select * from known.process where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v1 where v1.retracted_at is null) p on p.parent_id = b.id
    )
 
    select k.process_id, 'talk', k.id, greatest(p.from_day, '-infinity'), least(p.active_until, p.until_day - 1)
    from branch b
    join (select v2.* from (select * from known.talk where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v2 where v2.retracted_at is null) k on k.process_id = b.id
    cross join lateral (select * from known.talk_periods($1::text::timestamptz, k.id, first_day) p offset 0) p
    where p.counts and p.active_until >= p.from_day
    union all
    select a.process_id, 'milestone', m.id, greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    ), greatest(coalesce((coalesce(m.effective, m.at)).latest, 'infinity'), greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    ))
    from branch b
    join (select v3.* from (select * from known.agreement where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v3 where v3.retracted_at is null) a on a.process_id = b.id
    join (select v4.* from (select * from known.milestone where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v4 where v4.retracted_at is null) m on m.subject_id = a.id
    where m.kind in ('PROPOSED', 'DRAFTED', 'NEGOTIATED', 'INITIALLED', 'SIGNED', 'RATIFIED', 'ACCEPTED', 'APPROVED', 'ACCEDED', 'PROVISIONALLY_APPLIED', 'ENTERED_INTO_FORCE', 'AMENDED', 'RESUMED')
    union all
    select a.process_id, 'signature', s.id, (s.signed).earliest, coalesce((s.signed).latest, 'infinity')
    from branch b
    join (select v5.* from (select * from known.agreement where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v5 where v5.retracted_at is null) a on a.process_id = b.id
    join (select v6.* from (select * from known.signature where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v6 where v6.retracted_at is null) s on s.agreement_id = a.id
    where (s.signed).earliest is not null
    union all
    select d.process_id, 'deadline', m.id, greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    ), greatest(coalesce((coalesce(m.effective, m.at)).latest, 'infinity'), greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    ))
    from (
    select subject.process_id, d.*
    from (
    select b.id as process_id, b.id from branch b
    union all select k.process_id, k.id from branch b join (select v7.* from (select * from known.talk where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v7 where v7.retracted_at is null) k on k.process_id = b.id
    union all select a.process_id, a.id from branch b join (select v8.* from (select * from known.agreement where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v8 where v8.retracted_at is null) a on a.process_id = b.id
    union all select a.process_id, p.id
        from branch b join (select v9.* from (select * from known.agreement where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v9 where v9.retracted_at is null) a on a.process_id = b.id join (select v10.* from (select * from known.provision where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v10 where v10.retracted_at is null) p on p.agreement_id = a.id
) subject
    cross join lateral (select d.* from (select v11.* from (select * from known.deadline where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v11 where v11.retracted_at is null) d where d.subject_id = subject.id offset 0) d
    union all
    select s.process_id, d.*
    from (select v12.* from (select * from known.deadline where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v12 where v12.retracted_at is null) d
    cross join lateral (
        select s.process_id from (select v13.* from (select * from known.statement where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v13 where v13.retracted_at is null) s where s.id = d.subject_id and d.subject_type = 'STATEMENT'
        union all
        select s.process_id from (select v14.* from (select * from known.condition where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v14 where v14.retracted_at is null) c join (select v15.* from (select * from known.statement where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v15 where v15.retracted_at is null) s on s.id = c.statement_id
        where c.id = d.subject_id and d.subject_type = 'CONDITION'
        offset 0
    ) s
    where d.subject_type in ('STATEMENT', 'CONDITION') and s.process_id in (select b.id from branch b)
) d
    join (select v16.* from (select * from known.milestone where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v16 where v16.retracted_at is null) m on m.subject_id = d.id
    where m.kind = 'MET'
    union all
    select d.process_id, 'deadline', moved.id, moved.first, moved.last
    from (
    select subject.process_id, d.*
    from (
    select b.id as process_id, b.id from branch b
    union all select k.process_id, k.id from branch b join (select v17.* from (select * from known.talk where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v17 where v17.retracted_at is null) k on k.process_id = b.id
    union all select a.process_id, a.id from branch b join (select v18.* from (select * from known.agreement where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v18 where v18.retracted_at is null) a on a.process_id = b.id
    union all select a.process_id, p.id
        from branch b join (select v19.* from (select * from known.agreement where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v19 where v19.retracted_at is null) a on a.process_id = b.id join (select v20.* from (select * from known.provision where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v20 where v20.retracted_at is null) p on p.agreement_id = a.id
) subject
    cross join lateral (select d.* from (select v21.* from (select * from known.deadline where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v21 where v21.retracted_at is null) d where d.subject_id = subject.id offset 0) d
    union all
    select s.process_id, d.*
    from (select v22.* from (select * from known.deadline where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v22 where v22.retracted_at is null) d
    cross join lateral (
        select s.process_id from (select v23.* from (select * from known.statement where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v23 where v23.retracted_at is null) s where s.id = d.subject_id and d.subject_type = 'STATEMENT'
        union all
        select s.process_id from (select v24.* from (select * from known.condition where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v24 where v24.retracted_at is null) c join (select v25.* from (select * from known.statement where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v25 where v25.retracted_at is null) s on s.id = c.statement_id
        where c.id = d.subject_id and d.subject_type = 'CONDITION'
        offset 0
    ) s
    where d.subject_type in ('STATEMENT', 'CONDITION') and s.process_id in (select b.id from branch b)
) d
    cross join lateral (
        with later as (
    select m.id, greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    ) as first, greatest(coalesce((coalesce(m.effective, m.at)).latest, 'infinity'), greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    )) as last,
        case when m.actor_id is not null then coalesce(m.on_behalf_of_id, (
        
    with recursive reached (id, distance) as (
        select m.actor_id, 0
        union
        select n.id, r.distance + 1
        from reached r
        cross join lateral (
            select a.parent_id as id from (select v26.* from (select * from known.actor where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v26 where v26.retracted_at is null) a where a.id = r.id and a.parent_id is not null
            union all
            select h.id
            from (
                select o.actor_id as id, o.held from (select v27.* from (select * from known.office where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v27 where v27.retracted_at is null) o where o.person_id = r.id
                union all
                select b.group_id, b.held from (select v28.* from (select * from known.membership where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v28 where v28.retracted_at is null) b where b.member_id = r.id
            ) h
            where (h.held).edtf is not null
                and coalesce((h.held).earliest, '-infinity') <= coalesce((m.at).latest, 'infinity')
                and coalesce((h.held).latest, 'infinity') >= coalesce((m.at).earliest, '-infinity')
        ) n
        where r.distance < 5
    )

        select case
            when bool_or(r.distance = 0) then m.actor_id
            when count(distinct r.id) = 1 then (array_agg(r.id))[1]
        end
        from reached r
        where (
        exists (
            select from (select v29.* from (select * from known.participation where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v29 where v29.retracted_at is null) a left join (select v30.* from (select * from known.talk where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v30 where v30.retracted_at is null) k on k.id = a.talk_id
            where coalesce(a.on_behalf_of_id, a.actor_id) = r.id
                and (a.talk_id = d.subject_id or coalesce(a.process_id, k.process_id) = d.process_id)
        )
        or exists (
            select from (select v31.* from (select * from known.signature where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v31 where v31.retracted_at is null) g join (select v32.* from (select * from known.agreement where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v32 where v32.retracted_at is null) e on e.id = g.agreement_id
            where g.actor_id = r.id and g.capacity = 'PARTY' and e.process_id = d.process_id
        )
    )
    ), m.actor_id) end as voice
    from (select v33.* from (select * from known.milestone where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v33 where v33.retracted_at is null) m
    where m.subject_id = d.id and m.kind in ('EXTENDED', 'SHORTENED', 'TRIGGERED') and exists (
        select from known.deadline_periods($1::text::timestamptz, d.id, first_day) p
        where p.from_day < greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    ) and greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    ) <= p.until_day and (m.due).latest > (p.due).latest
    )
)
        select l.id, l.first, l.last from later l where l.voice is null
        union all
        -- It is one of several voices since both count.
        select l.id, greatest(l.first, o.first), l.last
        from later l join later o on o.voice <> l.voice and o.first <= l.last and l.first <= o.last
    ) moved
    where d.kind = 'TERM'
    union all
    select c.process_id, 'milestone', m.id, greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    ), greatest(coalesce((coalesce(m.effective, m.at)).latest, 'infinity'), greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    ))
    from (
        select subject.process_id, subject.id from (
    select b.id as process_id, b.id from branch b
    union all select k.process_id, k.id from branch b join (select v34.* from (select * from known.talk where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v34 where v34.retracted_at is null) k on k.process_id = b.id
    union all select a.process_id, a.id from branch b join (select v35.* from (select * from known.agreement where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v35 where v35.retracted_at is null) a on a.process_id = b.id
    union all select a.process_id, p.id
        from branch b join (select v36.* from (select * from known.agreement where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v36 where v36.retracted_at is null) a on a.process_id = b.id join (select v37.* from (select * from known.provision where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v37 where v37.retracted_at is null) p on p.agreement_id = a.id
) subject
        join record r on r.id = subject.id and r.type = 'PROVISION'
        union all
        select s.process_id, c.id
        from branch b join (select v38.* from (select * from known.statement where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v38 where v38.retracted_at is null) s on s.process_id = b.id join (select v39.* from (select * from known.condition where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v39 where v39.retracted_at is null) c on c.statement_id = s.id
    ) c
    join (select v40.* from (select * from known.milestone where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v40 where v40.retracted_at is null) m on m.subject_id = c.id
    where m.kind = 'MET'
    union all
    select b.id, 'milestone', m.id, greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    ), greatest(coalesce((coalesce(m.effective, m.at)).latest, 'infinity'), greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    ))
    from branch b
    join (select v41.* from (select * from known.milestone where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v41 where v41.retracted_at is null) m on m.subject_id = b.id
    where m.kind in ('OPENED', 'RESUMED')
) p where t.id = of_record;
end
$$;

create or replace function kept.process_coming(of_record uuid, first_day date) returns setof kept.coming
    language plpgsql stable set search_path = pg_catalog, public, pg_temp set timezone = 'UTC' set jit = off
    set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
    return query
    select p.* from process t cross join lateral (
    with recursive branch (id) as (
        select t.id union select p.id from branch b join (select v1.* from process v1 where v1.retracted_at is null) p on p.parent_id = b.id
    )
 
    select k.process_id, 'TALK', k.id, p.from_day, p.until_day, (p.starts).earliest, (p.starts).latest, p.set_on,
        k.title, k.key
    from branch b
    join (select v2.* from talk v2 where v2.retracted_at is null) k on k.process_id = b.id
    cross join lateral (select * from (select p.* from kept.talk p where p.record_id = k.id) p offset 0) p
    where p.counts and p.status in ('SCHEDULED', 'EXPECTED') and (p.starts).latest is not null
    union all
    select d.process_id, 'DEADLINE', d.id, lower(open.days), upper(open.days), (p.due).earliest, (p.due).latest,
        p.set_on, d.title, d.key
    from (
    select subject.process_id, d.*
    from (
    select b.id as process_id, b.id from branch b
    union all select k.process_id, k.id from branch b join (select v3.* from talk v3 where v3.retracted_at is null) k on k.process_id = b.id
    union all select a.process_id, a.id from branch b join (select v4.* from agreement v4 where v4.retracted_at is null) a on a.process_id = b.id
    union all select a.process_id, p.id
        from branch b join (select v5.* from agreement v5 where v5.retracted_at is null) a on a.process_id = b.id join (select v6.* from provision v6 where v6.retracted_at is null) p on p.agreement_id = a.id
) subject
    cross join lateral (select d.* from (select v7.* from deadline v7 where v7.retracted_at is null) d where d.subject_id = subject.id offset 0) d
    union all
    select s.process_id, d.*
    from (select v8.* from deadline v8 where v8.retracted_at is null) d
    cross join lateral (
        select s.process_id from (select v9.* from statement v9 where v9.retracted_at is null) s where s.id = d.subject_id and d.subject_type = 'STATEMENT'
        union all
        select s.process_id from (select v10.* from condition v10 where v10.retracted_at is null) c join (select v11.* from statement v11 where v11.retracted_at is null) s on s.id = c.statement_id
        where c.id = d.subject_id and d.subject_type = 'CONDITION'
        offset 0
    ) s
    where d.subject_type in ('STATEMENT', 'CONDITION') and s.process_id in (select b.id from branch b)
) d
    cross join lateral (select * from (select p.* from kept.deadline p where p.record_id = d.id) p offset 0) p
    cross join lateral unnest(datemultirange(daterange(p.from_day, p.until_day)) - coalesce((
        select range_agg(daterange(q.from_day, q.until_day))
        from (select v12.* from agreement v12 where v12.retracted_at is null) e cross join lateral (select p.* from kept.agreement p where p.record_id = e.id) q
        where q.status in ('EXPIRED', 'SUPERSEDED', 'TERMINATED') and e.id = case d.subject_type
            when 'AGREEMENT' then d.subject_id
            when 'PROVISION' then (select v.agreement_id from (select v13.* from provision v13 where v13.retracted_at is null) v where v.id = d.subject_id)
        end
    ), '{}')) open (days)
    where p.counts and p.status in ('PENDING', 'DUE_SOON', 'IN_WINDOW') and d.every is null
        and (p.due).latest is not null
) p where t.id = of_record;
end
$$;

create or replace function known.process_coming(at_moment timestamptz, of_record uuid, first_day date) returns setof kept.coming
    language plpgsql stable set search_path = pg_catalog, public, pg_temp set timezone = 'UTC' set jit = off
    set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
    return query
    select p.* from (select * from known.process where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) t cross join lateral (
    with recursive branch (id) as (
        select t.id union select p.id from branch b join (select v1.* from (select * from known.process where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v1 where v1.retracted_at is null) p on p.parent_id = b.id
    )
 
    select k.process_id, 'TALK', k.id, p.from_day, p.until_day, (p.starts).earliest, (p.starts).latest, p.set_on,
        k.title, k.key
    from branch b
    join (select v2.* from (select * from known.talk where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v2 where v2.retracted_at is null) k on k.process_id = b.id
    cross join lateral (select * from known.talk_periods($1::text::timestamptz, k.id, first_day) p offset 0) p
    where p.counts and p.status in ('SCHEDULED', 'EXPECTED') and (p.starts).latest is not null
    union all
    select d.process_id, 'DEADLINE', d.id, lower(open.days), upper(open.days), (p.due).earliest, (p.due).latest,
        p.set_on, d.title, d.key
    from (
    select subject.process_id, d.*
    from (
    select b.id as process_id, b.id from branch b
    union all select k.process_id, k.id from branch b join (select v3.* from (select * from known.talk where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v3 where v3.retracted_at is null) k on k.process_id = b.id
    union all select a.process_id, a.id from branch b join (select v4.* from (select * from known.agreement where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v4 where v4.retracted_at is null) a on a.process_id = b.id
    union all select a.process_id, p.id
        from branch b join (select v5.* from (select * from known.agreement where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v5 where v5.retracted_at is null) a on a.process_id = b.id join (select v6.* from (select * from known.provision where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v6 where v6.retracted_at is null) p on p.agreement_id = a.id
) subject
    cross join lateral (select d.* from (select v7.* from (select * from known.deadline where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v7 where v7.retracted_at is null) d where d.subject_id = subject.id offset 0) d
    union all
    select s.process_id, d.*
    from (select v8.* from (select * from known.deadline where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v8 where v8.retracted_at is null) d
    cross join lateral (
        select s.process_id from (select v9.* from (select * from known.statement where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v9 where v9.retracted_at is null) s where s.id = d.subject_id and d.subject_type = 'STATEMENT'
        union all
        select s.process_id from (select v10.* from (select * from known.condition where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v10 where v10.retracted_at is null) c join (select v11.* from (select * from known.statement where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v11 where v11.retracted_at is null) s on s.id = c.statement_id
        where c.id = d.subject_id and d.subject_type = 'CONDITION'
        offset 0
    ) s
    where d.subject_type in ('STATEMENT', 'CONDITION') and s.process_id in (select b.id from branch b)
) d
    cross join lateral (select * from known.deadline_periods($1::text::timestamptz, d.id, first_day) p offset 0) p
    cross join lateral unnest(datemultirange(daterange(p.from_day, p.until_day)) - coalesce((
        select range_agg(daterange(q.from_day, q.until_day))
        from (select v12.* from (select * from known.agreement where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v12 where v12.retracted_at is null) e cross join lateral known.agreement_periods($1::text::timestamptz, e.id, first_day) q
        where q.status in ('EXPIRED', 'SUPERSEDED', 'TERMINATED') and e.id = case d.subject_type
            when 'AGREEMENT' then d.subject_id
            when 'PROVISION' then (select v.agreement_id from (select v13.* from (select * from known.provision where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v13 where v13.retracted_at is null) v where v.id = d.subject_id)
        end
    ), '{}')) open (days)
    where p.counts and p.status in ('PENDING', 'DUE_SOON', 'IN_WINDOW') and d.every is null
        and (p.due).latest is not null
) p where t.id = of_record;
end
$$;

create or replace function kept.process_periods(of_record uuid, first_day date) returns setof kept.process
    language plpgsql stable set search_path = pg_catalog, public, pg_temp set timezone = 'UTC' set jit = off
    set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
    return query
    select p.* from process t cross join lateral (
        select * from kept.judge_process(
            t.id, array[row(
        t.id, null, t.stall_after_days, (t.opened).earliest,
        coalesce(least(least(kept.entry_day(t.created_at), (
        select min((s.published).earliest)
        from (select v1.* from citation v1 where v1.retracted_at is null) c join (select v2.* from source v2 where v2.retracted_at is null) s on s.id = c.source_id
        where c.record_id = t.id and c.stance = 'SUPPORTS'
    )), (t.opened).earliest, (
            select min(coalesce((m.at).earliest, '-infinity')) from (select v3.* from milestone v3 where v3.retracted_at is null) m
            where m.subject_id = t.id
        )), '-infinity'),
        array(
        select row(
            m.id, m.kind::text,
            greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    ), greatest(coalesce((coalesce(m.effective, m.at)).latest, 'infinity'), greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    )), coalesce((m.at).earliest, '-infinity'),
            m.actor_id, case when m.actor_id is not null then coalesce(m.on_behalf_of_id, (
        
    with recursive reached (id, distance) as (
        select m.actor_id, 0
        union
        select n.id, r.distance + 1
        from reached r
        cross join lateral (
            select a.parent_id as id from (select v4.* from actor v4 where v4.retracted_at is null) a where a.id = r.id and a.parent_id is not null
            union all
            select h.id
            from (
                select o.actor_id as id, o.held from (select v5.* from office v5 where v5.retracted_at is null) o where o.person_id = r.id
                union all
                select b.group_id, b.held from (select v6.* from membership v6 where v6.retracted_at is null) b where b.member_id = r.id
            ) h
            where (h.held).edtf is not null
                and coalesce((h.held).earliest, '-infinity') <= coalesce((m.at).latest, 'infinity')
                and coalesce((h.held).latest, 'infinity') >= coalesce((m.at).earliest, '-infinity')
        ) n
        where r.distance < 5
    )

        select case
            when bool_or(r.distance = 0) then m.actor_id
            when count(distinct r.id) = 1 then (array_agg(r.id))[1]
        end
        from reached r
        where (
        exists (
            select from (select v7.* from participation v7 where v7.retracted_at is null) a left join (select v8.* from talk v8 where v8.retracted_at is null) k on k.id = a.talk_id
            where coalesce(a.on_behalf_of_id, a.actor_id) = r.id
                and (a.talk_id = null or coalesce(a.process_id, k.process_id) = t.id)
        )
        or exists (
            select from (select v9.* from signature v9 where v9.retracted_at is null) g join (select v10.* from agreement v10 where v10.retracted_at is null) e on e.id = g.agreement_id
            where g.actor_id = r.id and g.capacity = 'PARTY' and e.process_id = t.id
        )
    )
    ), m.actor_id) end,
            exists (
                select from (select v11.* from citation v11 where v11.retracted_at is null) c where c.record_id = m.id and c.stance = 'DISPUTES'
            ),
            m.due, m.starts, m.ends, m.venue, m.city, m.country
        )::kept.step
        from (select v12.* from milestone v12 where v12.retracted_at is null) m
        where m.subject_id = t.id
    )
            || case when (t.closed).edtf is not null then array[row(
                null, 'CONCLUDED', coalesce((t.closed).earliest, (t.closed).latest),
                coalesce((t.closed).latest, 'infinity'), null, null, null, false, null, null, null, null, null, null
            )::kept.step] else '{}' end
    )::kept.track] || array(
    
    with recursive branch (id) as (
        select t.id union select p.id from branch b join (select v13.* from process v13 where v13.retracted_at is null) p on p.parent_id = b.id
    )

    select row(
        n.id, n.parent_id, n.stall_after_days, (n.opened).earliest,
        coalesce(least(least(kept.entry_day(n.created_at), (
        select min((s.published).earliest)
        from (select v14.* from citation v14 where v14.retracted_at is null) c join (select v15.* from source v15 where v15.retracted_at is null) s on s.id = c.source_id
        where c.record_id = n.id and c.stance = 'SUPPORTS'
    )), (n.opened).earliest, (
            select min(coalesce((m.at).earliest, '-infinity')) from (select v16.* from milestone v16 where v16.retracted_at is null) m
            where m.subject_id = n.id
        )), '-infinity'),
        array(
        select row(
            m.id, m.kind::text,
            greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    ), greatest(coalesce((coalesce(m.effective, m.at)).latest, 'infinity'), greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    )), coalesce((m.at).earliest, '-infinity'),
            m.actor_id, case when m.actor_id is not null then coalesce(m.on_behalf_of_id, (
        
    with recursive reached (id, distance) as (
        select m.actor_id, 0
        union
        select n.id, r.distance + 1
        from reached r
        cross join lateral (
            select a.parent_id as id from (select v17.* from actor v17 where v17.retracted_at is null) a where a.id = r.id and a.parent_id is not null
            union all
            select h.id
            from (
                select o.actor_id as id, o.held from (select v18.* from office v18 where v18.retracted_at is null) o where o.person_id = r.id
                union all
                select b.group_id, b.held from (select v19.* from membership v19 where v19.retracted_at is null) b where b.member_id = r.id
            ) h
            where (h.held).edtf is not null
                and coalesce((h.held).earliest, '-infinity') <= coalesce((m.at).latest, 'infinity')
                and coalesce((h.held).latest, 'infinity') >= coalesce((m.at).earliest, '-infinity')
        ) n
        where r.distance < 5
    )

        select case
            when bool_or(r.distance = 0) then m.actor_id
            when count(distinct r.id) = 1 then (array_agg(r.id))[1]
        end
        from reached r
        where (
        exists (
            select from (select v20.* from participation v20 where v20.retracted_at is null) a left join (select v21.* from talk v21 where v21.retracted_at is null) k on k.id = a.talk_id
            where coalesce(a.on_behalf_of_id, a.actor_id) = r.id
                and (a.talk_id = null or coalesce(a.process_id, k.process_id) = n.id)
        )
        or exists (
            select from (select v22.* from signature v22 where v22.retracted_at is null) g join (select v23.* from agreement v23 where v23.retracted_at is null) e on e.id = g.agreement_id
            where g.actor_id = r.id and g.capacity = 'PARTY' and e.process_id = n.id
        )
    )
    ), m.actor_id) end,
            exists (
                select from (select v24.* from citation v24 where v24.retracted_at is null) c where c.record_id = m.id and c.stance = 'DISPUTES'
            ),
            m.due, m.starts, m.ends, m.venue, m.city, m.country
        )::kept.step
        from (select v25.* from milestone v25 where v25.retracted_at is null) m
        where m.subject_id = n.id
    )
            || case when (n.closed).edtf is not null then array[row(
                null, 'CONCLUDED', coalesce((n.closed).earliest, (n.closed).latest),
                coalesce((n.closed).latest, 'infinity'), null, null, null, false, null, null, null, null, null, null
            )::kept.step] else '{}' end
    )::kept.track
    from branch b join (select v26.* from process v26 where v26.retracted_at is null) n on n.id = b.id
    where n.id <> t.id
), array(select v from kept.process_movements(t.id, first_day) v),
            array(select v from kept.process_coming(t.id, first_day) v), first_day
        )
    ) p where t.id = of_record;
end
$$;

create or replace function known.process_periods(at_moment timestamptz, of_record uuid, first_day date) returns setof kept.process
    language plpgsql stable set search_path = pg_catalog, public, pg_temp set timezone = 'UTC' set jit = off
    set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
    return query
    select p.* from (select * from known.process where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) t cross join lateral (
        select * from kept.judge_process(
            t.id, array[row(
        t.id, null, t.stall_after_days, (t.opened).earliest,
        coalesce(least(least(kept.entry_day(t.created_at), (
        select min((s.published).earliest)
        from (select v1.* from (select * from known.citation where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v1 where v1.retracted_at is null) c join (select v2.* from (select * from known.source where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v2 where v2.retracted_at is null) s on s.id = c.source_id
        where c.record_id = t.id and c.stance = 'SUPPORTS'
    )), (t.opened).earliest, (
            select min(coalesce((m.at).earliest, '-infinity')) from (select v3.* from (select * from known.milestone where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v3 where v3.retracted_at is null) m
            where m.subject_id = t.id
        )), '-infinity'),
        array(
        select row(
            m.id, m.kind::text,
            greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    ), greatest(coalesce((coalesce(m.effective, m.at)).latest, 'infinity'), greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    )), coalesce((m.at).earliest, '-infinity'),
            m.actor_id, case when m.actor_id is not null then coalesce(m.on_behalf_of_id, (
        
    with recursive reached (id, distance) as (
        select m.actor_id, 0
        union
        select n.id, r.distance + 1
        from reached r
        cross join lateral (
            select a.parent_id as id from (select v4.* from (select * from known.actor where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v4 where v4.retracted_at is null) a where a.id = r.id and a.parent_id is not null
            union all
            select h.id
            from (
                select o.actor_id as id, o.held from (select v5.* from (select * from known.office where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v5 where v5.retracted_at is null) o where o.person_id = r.id
                union all
                select b.group_id, b.held from (select v6.* from (select * from known.membership where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v6 where v6.retracted_at is null) b where b.member_id = r.id
            ) h
            where (h.held).edtf is not null
                and coalesce((h.held).earliest, '-infinity') <= coalesce((m.at).latest, 'infinity')
                and coalesce((h.held).latest, 'infinity') >= coalesce((m.at).earliest, '-infinity')
        ) n
        where r.distance < 5
    )

        select case
            when bool_or(r.distance = 0) then m.actor_id
            when count(distinct r.id) = 1 then (array_agg(r.id))[1]
        end
        from reached r
        where (
        exists (
            select from (select v7.* from (select * from known.participation where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v7 where v7.retracted_at is null) a left join (select v8.* from (select * from known.talk where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v8 where v8.retracted_at is null) k on k.id = a.talk_id
            where coalesce(a.on_behalf_of_id, a.actor_id) = r.id
                and (a.talk_id = null or coalesce(a.process_id, k.process_id) = t.id)
        )
        or exists (
            select from (select v9.* from (select * from known.signature where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v9 where v9.retracted_at is null) g join (select v10.* from (select * from known.agreement where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v10 where v10.retracted_at is null) e on e.id = g.agreement_id
            where g.actor_id = r.id and g.capacity = 'PARTY' and e.process_id = t.id
        )
    )
    ), m.actor_id) end,
            exists (
                select from (select v11.* from (select * from known.citation where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v11 where v11.retracted_at is null) c where c.record_id = m.id and c.stance = 'DISPUTES'
            ),
            m.due, m.starts, m.ends, m.venue, m.city, m.country
        )::kept.step
        from (select v12.* from (select * from known.milestone where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v12 where v12.retracted_at is null) m
        where m.subject_id = t.id
    )
            || case when (t.closed).edtf is not null then array[row(
                null, 'CONCLUDED', coalesce((t.closed).earliest, (t.closed).latest),
                coalesce((t.closed).latest, 'infinity'), null, null, null, false, null, null, null, null, null, null
            )::kept.step] else '{}' end
    )::kept.track] || array(
    
    with recursive branch (id) as (
        select t.id union select p.id from branch b join (select v13.* from (select * from known.process where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v13 where v13.retracted_at is null) p on p.parent_id = b.id
    )

    select row(
        n.id, n.parent_id, n.stall_after_days, (n.opened).earliest,
        coalesce(least(least(kept.entry_day(n.created_at), (
        select min((s.published).earliest)
        from (select v14.* from (select * from known.citation where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v14 where v14.retracted_at is null) c join (select v15.* from (select * from known.source where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v15 where v15.retracted_at is null) s on s.id = c.source_id
        where c.record_id = n.id and c.stance = 'SUPPORTS'
    )), (n.opened).earliest, (
            select min(coalesce((m.at).earliest, '-infinity')) from (select v16.* from (select * from known.milestone where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v16 where v16.retracted_at is null) m
            where m.subject_id = n.id
        )), '-infinity'),
        array(
        select row(
            m.id, m.kind::text,
            greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    ), greatest(coalesce((coalesce(m.effective, m.at)).latest, 'infinity'), greatest(
        coalesce((coalesce(m.effective, m.at)).earliest, '-infinity'),
        coalesce((m.at).earliest, '-infinity')
    )), coalesce((m.at).earliest, '-infinity'),
            m.actor_id, case when m.actor_id is not null then coalesce(m.on_behalf_of_id, (
        
    with recursive reached (id, distance) as (
        select m.actor_id, 0
        union
        select n.id, r.distance + 1
        from reached r
        cross join lateral (
            select a.parent_id as id from (select v17.* from (select * from known.actor where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v17 where v17.retracted_at is null) a where a.id = r.id and a.parent_id is not null
            union all
            select h.id
            from (
                select o.actor_id as id, o.held from (select v18.* from (select * from known.office where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v18 where v18.retracted_at is null) o where o.person_id = r.id
                union all
                select b.group_id, b.held from (select v19.* from (select * from known.membership where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v19 where v19.retracted_at is null) b where b.member_id = r.id
            ) h
            where (h.held).edtf is not null
                and coalesce((h.held).earliest, '-infinity') <= coalesce((m.at).latest, 'infinity')
                and coalesce((h.held).latest, 'infinity') >= coalesce((m.at).earliest, '-infinity')
        ) n
        where r.distance < 5
    )

        select case
            when bool_or(r.distance = 0) then m.actor_id
            when count(distinct r.id) = 1 then (array_agg(r.id))[1]
        end
        from reached r
        where (
        exists (
            select from (select v20.* from (select * from known.participation where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v20 where v20.retracted_at is null) a left join (select v21.* from (select * from known.talk where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v21 where v21.retracted_at is null) k on k.id = a.talk_id
            where coalesce(a.on_behalf_of_id, a.actor_id) = r.id
                and (a.talk_id = null or coalesce(a.process_id, k.process_id) = n.id)
        )
        or exists (
            select from (select v22.* from (select * from known.signature where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v22 where v22.retracted_at is null) g join (select v23.* from (select * from known.agreement where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v23 where v23.retracted_at is null) e on e.id = g.agreement_id
            where g.actor_id = r.id and g.capacity = 'PARTY' and e.process_id = n.id
        )
    )
    ), m.actor_id) end,
            exists (
                select from (select v24.* from (select * from known.citation where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v24 where v24.retracted_at is null) c where c.record_id = m.id and c.stance = 'DISPUTES'
            ),
            m.due, m.starts, m.ends, m.venue, m.city, m.country
        )::kept.step
        from (select v25.* from (select * from known.milestone where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v25 where v25.retracted_at is null) m
        where m.subject_id = n.id
    )
            || case when (n.closed).edtf is not null then array[row(
                null, 'CONCLUDED', coalesce((n.closed).earliest, (n.closed).latest),
                coalesce((n.closed).latest, 'infinity'), null, null, null, false, null, null, null, null, null, null
            )::kept.step] else '{}' end
    )::kept.track
    from branch b join (select v26.* from (select * from known.process where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until) v26 where v26.retracted_at is null) n on n.id = b.id
    where n.id <> t.id
), array(select v from known.process_movements($1::text::timestamptz, t.id, first_day) v),
            array(select v from known.process_coming($1::text::timestamptz, t.id, first_day) v), first_day
        )
    ) p where t.id = of_record;
end
$$;

create or replace function kept.refresh(due uuid[]) returns void language plpgsql
    set search_path = pg_catalog, public, pg_temp set timezone = 'UTC' set jit = off
    set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
    wanted uuid[];
begin
    due := due || array(select v.id from (
    with recursive participant (id, process_id) as (
        select coalesce(a.on_behalf_of_id, a.actor_id), kept.process_of(coalesce(a.talk_id, a.process_id))
        from unnest(due) u (id)
        cross join lateral (
            select a.actor_id, a.on_behalf_of_id, a.talk_id, a.process_id from participation a where a.id = u.id
            union all
            select h.actor_id, h.on_behalf_of_id, h.talk_id, h.process_id from history.participation h where h.id = u.id
        ) a
        union
        select g.actor_id, kept.process_of(g.agreement_id)
        from unnest(due) u (id)
        cross join lateral (
            select g.actor_id, g.agreement_id from signature g where g.id = u.id
            union all select h.actor_id, h.agreement_id from history.signature h where h.id = u.id
        ) g
    ),
    speaker (id, process_id, distance) as (
        select p.id, p.process_id, 0 from participant p where p.process_id is not null
        union
        select a.id, null, 0 from unnest(due) u (id) join actor a on a.id = u.id
        union
        select n.id, s.process_id, s.distance + 1
        from speaker s
        cross join lateral (
            select a.id from actor a where a.parent_id = s.id
            union all select o.person_id from office o where o.actor_id = s.id
            union all select b.member_id from membership b where b.group_id = s.id
        ) n
        where s.distance < 5
    )
    select m.subject_id
    from speaker s join milestone m on m.actor_id = s.id
    where s.process_id is null or s.process_id = kept.process_of(m.subject_id)
    union select c.record_id from unnest(due) u (id) join citation c on c.source_id = u.id
    union select m.subject_id from unnest(due) u (id) join milestone m on m.id = u.id
) v (id) where v.id is not null);
    wanted := array(select r.id from record r where r.id = any(due) and r.type = 'DEADLINE');
    if wanted <> '{}' then
        delete from kept.deadline p where p.record_id = any(wanted);
        insert into kept.deadline
        select p.* from unnest(wanted) u (id) cross join lateral kept.deadline_periods(u.id, null) p;
    end if;
    due := due || array(select v.id from (
    with recursive participant (id, process_id) as (
        select coalesce(a.on_behalf_of_id, a.actor_id), kept.process_of(coalesce(a.talk_id, a.process_id))
        from unnest(due) u (id)
        cross join lateral (
            select a.actor_id, a.on_behalf_of_id, a.talk_id, a.process_id from participation a where a.id = u.id
            union all
            select h.actor_id, h.on_behalf_of_id, h.talk_id, h.process_id from history.participation h where h.id = u.id
        ) a
        union
        select g.actor_id, kept.process_of(g.agreement_id)
        from unnest(due) u (id)
        cross join lateral (
            select g.actor_id, g.agreement_id from signature g where g.id = u.id
            union all select h.actor_id, h.agreement_id from history.signature h where h.id = u.id
        ) g
    ),
    speaker (id, process_id, distance) as (
        select p.id, p.process_id, 0 from participant p where p.process_id is not null
        union
        select a.id, null, 0 from unnest(due) u (id) join actor a on a.id = u.id
        union
        select n.id, s.process_id, s.distance + 1
        from speaker s
        cross join lateral (
            select a.id from actor a where a.parent_id = s.id
            union all select o.person_id from office o where o.actor_id = s.id
            union all select b.member_id from membership b where b.group_id = s.id
        ) n
        where s.distance < 5
    )
    select m.subject_id
    from speaker s join milestone m on m.actor_id = s.id
    where s.process_id is null or s.process_id = kept.process_of(m.subject_id)
    union select c.record_id from unnest(due) u (id) join citation c on c.source_id = u.id
    union select m.subject_id from unnest(due) u (id) join milestone m on m.id = u.id
) v (id) where v.id is not null);
    wanted := array(select r.id from record r where r.id = any(due) and r.type = 'TALK');
    if wanted <> '{}' then
        delete from kept.talk p where p.record_id = any(wanted);
        insert into kept.talk
        select p.* from unnest(wanted) u (id) cross join lateral kept.talk_periods(u.id, null) p;
    end if;
    due := due || array(select v.id from (
        
    with recursive participant (id, process_id) as (
        select coalesce(a.on_behalf_of_id, a.actor_id), kept.process_of(coalesce(a.talk_id, a.process_id))
        from unnest(due) u (id)
        cross join lateral (
            select a.actor_id, a.on_behalf_of_id, a.talk_id, a.process_id from participation a where a.id = u.id
            union all
            select h.actor_id, h.on_behalf_of_id, h.talk_id, h.process_id from history.participation h where h.id = u.id
        ) a
        union
        select g.actor_id, kept.process_of(g.agreement_id)
        from unnest(due) u (id)
        cross join lateral (
            select g.actor_id, g.agreement_id from signature g where g.id = u.id
            union all select h.actor_id, h.agreement_id from history.signature h where h.id = u.id
        ) g
    ),
    speaker (id, process_id, distance) as (
        select p.id, p.process_id, 0 from participant p where p.process_id is not null
        union
        select a.id, null, 0 from unnest(due) u (id) join actor a on a.id = u.id
        union
        select n.id, s.process_id, s.distance + 1
        from speaker s
        cross join lateral (
            select a.id from actor a where a.parent_id = s.id
            union all select o.person_id from office o where o.actor_id = s.id
            union all select b.member_id from membership b where b.group_id = s.id
        ) n
        where s.distance < 5
    )
    select m.subject_id
    from speaker s join milestone m on m.actor_id = s.id
    where s.process_id is null or s.process_id = kept.process_of(m.subject_id)
    union select c.record_id from unnest(due) u (id) join citation c on c.source_id = u.id
    union select m.subject_id from unnest(due) u (id) join milestone m on m.id = u.id

        union select a.supersedes_id from unnest(due) u (id) join agreement a on a.id = u.id
        union select unnest(array[a.id, a.supersedes_id])
            from unnest(due) u (id)
            join deadline d on d.id = u.id and d.kind = 'TERM'
            join agreement a on a.id = d.subject_id
    ) v (id) where v.id is not null);
    wanted := array(select r.id from record r where r.id = any(due) and r.type = 'AGREEMENT');
    if wanted <> '{}' then
        delete from kept.agreement p where p.record_id = any(wanted);
        insert into kept.agreement
        select p.* from unnest(wanted) u (id) cross join lateral kept.agreement_periods(u.id, null) p;
    end if;
    due := due || array(select v.id from (
    with recursive part (id) as (
        select u.id from unnest(due) u (id)
        union select d.subject_id from unnest(due) u (id) join deadline d on d.id = u.id
        union select p.agreement_id from unnest(due) u (id) join provision p on p.id = u.id
        union select p.agreement_id
            from unnest(due) u (id) join deadline d on d.id = u.id join provision p on p.id = d.subject_id
    ),
    above (id) as (
        select p.process_id
        from part
        cross join lateral (
            select k.process_id from talk k where k.id = part.id
            union all select a.process_id from agreement a where a.id = part.id
            union all select s.process_id from condition c join statement s on s.id = c.statement_id
                where c.id = part.id
            union all select s.process_id from statement s where s.id = part.id
                and exists (select from deadline d where d.subject_id = s.id and d.subject_type = 'STATEMENT')
            union all select r.id from process r where r.id = part.id
        ) p
        union select r.parent_id from above join process r on r.id = above.id
    )
    select above.id from above
) v (id) where v.id is not null);
    wanted := array(select r.id from record r where r.id = any(due) and r.type = 'PROCESS');
    if wanted <> '{}' then
        delete from kept.process p where p.record_id = any(wanted);
        insert into kept.process
        select p.* from unnest(wanted) u (id) cross join lateral kept.process_periods(u.id, coalesce(nullif(current_setting('parley.today', true), '')::date, current_date) - 1) p;
    end if;
end
$$;

comment on function kept.refresh(uuid[]) is 'f6f4386287417f3690dc2beaf943aa1c';
