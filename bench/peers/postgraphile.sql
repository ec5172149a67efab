-- What PostGraphile serves of the same tables: a schema of views that leave out what our lists leave out (retracted
-- rows, rows that do not count yet), and our rules as computed columns in SQL. The views are simple enough for the
-- planner to see through, so that they use the tables' own indexes. Written as by hand for one clock, the present, it
-- is shorter than what our compiler makes, and no slower. bench/servers.py runs it anew before each start.

drop schema if exists postgraphile cascade;
create schema postgraphile;
set search_path = postgraphile;

-- A domain over a composite type is no object for PostGraphile; the type below it is.
create type vague_date as (earliest date, latest date, text text);

create view process as select id, key, name, stall_after_days from public.process;
comment on view process is E'@primaryKey id\n@unique key';

create view actor as select id, key, name, kind::text as kind, country from public.actor;
comment on view actor is E'@primaryKey id\n@unique key';

create view office as select id, key, title, person_id from public.office where retracted_at is null;
comment on view office is E'@primaryKey id\n@unique key';

create view source as select id, key, title, publisher from public.source;
comment on view source is E'@primaryKey id\n@unique key';

create view milestone as
    select id, key, subject_id, kind::text as kind, (at).earliest as at_earliest,
        row((at).earliest, (at).latest, (at).text)::vague_date as at
    from public.milestone
    where retracted_at is null and coalesce((at).earliest, '-infinity') <= current_date;

create view participation as
    select id, key, talk_id, actor_id, role::text as role, attendance::text as attendance
    from public.participation
    where retracted_at is null;

create view citation as
    select id, key, record_id, source_id, number, quote from public.citation where retracted_at is null;

create view statement as
    select id, key, talk_id, speaker_id, summary, stance::text as stance, (said).earliest as said_earliest,
        (said).latest as said_latest, row((said).earliest, (said).latest, (said).text)::vague_date as said
    from public.statement
    where retracted_at is null and coalesce((said).earliest, '-infinity') <= current_date;

create view talk as
    select id, key, title, process_id, format::text as format, (starts).earliest as starts_earliest,
        (starts).latest as starts_latest, (ends).latest as ends_latest,
        row((starts).earliest, (starts).latest, (starts).text)::vague_date as starts
    from public.talk t
    where retracted_at is null and coalesce(
        (
            select min(coalesce((m.at).earliest, '-infinity')) from public.milestone m
            where m.subject_id = t.id and m.retracted_at is null
        ),
        least((starts).earliest, created_at::date),
        '-infinity'
    ) <= current_date;

create view deadline as
    select id, key, title, subject_id, (due).earliest as due_earliest, (due).latest as due_latest
    from public.deadline d
    where retracted_at is null and coalesce(
        (
            select min(coalesce((m.at).earliest, '-infinity')) from public.milestone m
            where m.subject_id = d.id and m.retracted_at is null
        ),
        least(anchor, (due).earliest, created_at::date),
        '-infinity'
    ) <= current_date;

comment on view talk is E'@primaryKey id\n@unique key\n@foreignKey (process_id) references process (id)';
comment on view participation is
    E'@primaryKey id\n@foreignKey (talk_id) references talk (id)\n@foreignKey (actor_id) references actor (id)';
comment on view statement is
    E'@primaryKey id\n@foreignKey (talk_id) references talk (id)\n@foreignKey (speaker_id) references actor (id)';
comment on view milestone is E'@primaryKey id\n@foreignKey (subject_id) references talk (id)';
comment on view citation is
    E'@primaryKey id\n@foreignKey (record_id) references talk (id)\n@foreignKey (source_id) references source (id)';
comment on view deadline is E'@primaryKey id';

-- The rule `talk.status`, version 1.
create function talk_status(t talk) returns text language sql stable parallel safe as $$
    select case
        when s.milestone in ('CANCELLED', 'POSTPONED', 'COLLAPSED', 'CONCLUDED') then s.milestone
        when current_date < t.starts_earliest then
            case when t.starts_earliest = t.starts_latest then 'SCHEDULED' else 'EXPECTED' end
        when current_date <= coalesce(t.ends_latest, t.starts_latest)
            and (t.starts_earliest = t.starts_latest or s.is_reported_held) then 'UNDER_WAY'
        when current_date <= t.starts_latest then 'EXPECTED'
        when s.is_reported_held then 'HELD'
        when t.starts_latest is null then 'EXPECTED'
        else 'OVERDUE'
    end
    from (
        select
            exists (select from postgraphile.milestone m where m.subject_id = t.id and m.kind in ('OPENED', 'ADJOURNED'))
            or exists (select from postgraphile.participation p where p.talk_id = t.id and p.attendance = 'REPORTED')
                as is_reported_held,
            (
                select m.kind from postgraphile.milestone m
                where m.subject_id = t.id
                    and m.kind in ('SCHEDULED', 'OPENED', 'POSTPONED', 'CANCELLED', 'COLLAPSED', 'CONCLUDED')
                order by m.at_earliest desc nulls last, (m.at).latest desc, m.id desc
                limit 1
            ) as milestone
    ) s
$$;
comment on function talk_status is E'@behavior +filterBy';

-- The rule `deadline.status`, version 1, and the days until then.
create type deadline_state as (status text, earliest date, latest date);
create function deadline_now(d deadline) returns deadline_state language sql stable parallel safe as $$
    select row(
        case
            when s.resolution in ('MET', 'MISSED', 'WAIVED', 'WITHDRAWN') then s.resolution
            when s.latest is null then 'OPEN_ENDED'
            when current_date > s.latest then 'OVERDUE'
            when current_date >= coalesce(s.earliest, '-infinity') then 'IN_WINDOW'
            when s.earliest - current_date <= 3 then 'DUE_SOON'
            else 'PENDING'
        end, s.earliest, s.latest
    )::postgraphile.deadline_state
    from (
        select case when e.id is null then d.due_earliest else (e.due).earliest end as earliest,
            case when e.id is null then d.due_latest else (e.due).latest end as latest,
            (
                select m.kind from postgraphile.milestone m
                where m.subject_id = d.id and m.kind in ('MET', 'MISSED', 'WAIVED', 'WITHDRAWN', 'EXTENDED')
                order by m.at_earliest desc nulls last, (m.at).latest desc, m.id desc
                limit 1
            ) as resolution
        from (select) one
        left join lateral (
            select m.id, m.due from public.milestone m
            where m.subject_id = d.id and m.kind = 'EXTENDED' and m.retracted_at is null
                and coalesce((m.at).earliest, '-infinity') <= current_date
            order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
            limit 1
        ) e on true
    ) s
$$;
comment on function deadline_now is E'@behavior -*';

create function deadline_status(d deadline) returns text language sql stable parallel safe as $$
    select (postgraphile.deadline_now(d)).status
$$;

-- Of the open deadlines of a process and of what belongs to it, the one that ends first.
create function process_next_deadline(p process) returns deadline language sql stable parallel safe as $$
    select d.*
    from postgraphile.deadline d
    cross join lateral postgraphile.deadline_now(d) s
    where d.subject_id in (
            select p.id
            union all select k.id from postgraphile.talk k where k.process_id = p.id
            union all select a.id from public.agreement a where a.process_id = p.id and a.retracted_at is null
            union all
                select c.id from public.condition c join public.statement s on s.id = c.statement_id
                where s.process_id = p.id and c.retracted_at is null and s.retracted_at is null
        )
        and s.status in ('PENDING', 'DUE_SOON', 'IN_WINDOW')
    order by s.latest - current_date, s.earliest - current_date, d.id
    limit 1
$$;

-- The office that the speaker held on the day.
create function statement_speaker_office(s statement) returns office language sql stable parallel safe as $$
    select o.id, o.key, o.title, o.person_id from public.office o
    where o.retracted_at is null and o.person_id = s.speaker_id
        and coalesce((o.held).earliest, '-infinity') <= coalesce(s.said_latest, 'infinity')
        and coalesce((o.held).latest, 'infinity') >= coalesce(s.said_earliest, '-infinity')
    order by (o.held).earliest desc nulls last, o.id
    limit 1
$$;

-- PostGraphile's own conditions only know equality; these are its way to say "from this day on".
create function talks_from(first_day date) returns setof talk language sql stable parallel safe as $$
    select * from postgraphile.talk where starts_earliest >= first_day order by starts_earliest, id
$$;

create function statements_from(first_day date) returns setof statement language sql stable parallel safe as $$
    select * from postgraphile.statement where said_earliest >= first_day order by said_earliest, id
$$;
