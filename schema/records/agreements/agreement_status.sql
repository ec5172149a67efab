-- Computes the status of an agreement on each day: the rule `agreement.status`.
create or replace function kept.judge_agreement(
    agreement_id uuid, is_unilateral boolean, signatures kept.signatory[], terms daterange[], superseded_on date,
    entered date, steps kept.step[]
) returns setof kept.agreement language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_variable
declare
    own constant text[] := {own_steps};
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
