-- What days alone change, precomputed: for every talk, agreement, deadline and process, from which day to which it counts
-- and what its status will be; for a process also which talk and which deadline come next.
--
-- The function kept.refresh, which computes it, is generated from the declarations (schema/database/status_periods.py) and stands in
-- ../1001_statuses.sql as it is with this revision. A rule that changes comes with a migration that runs its new SQL and
-- calls refresh_all_statuses().

create schema kept;


-- --- periods: how a record will be on each day, if nothing else is reported -----------------------

-- Each table has an index for lists by status, from the side of the rare ones, and their counts, without a look at the
-- table: of most records it is the last period that matters.

create table kept.talk (
    record_id uuid not null,
    from_day date not null,
    until_day date not null,
    counts boolean not null,
    status text not null,
    primary key (record_id, from_day),
    check (from_day < until_day)
);
comment on table kept.talk is
    'How a talk will be on each day, if nothing else is reported: until_day is the first day after.';
create index talk_status on kept.talk (status, until_day) include (record_id, from_day) where counts;

create table kept.deadline (
    record_id uuid not null,
    from_day date not null,
    until_day date not null,
    counts boolean not null,
    status text not null,
    primary key (record_id, from_day),
    check (from_day < until_day)
);
comment on table kept.deadline is
    'How a deadline will be on each day, if nothing else is reported: until_day is the first day after.';
create index deadline_status on kept.deadline (status, until_day) include (record_id, from_day) where counts;

create table kept.agreement (
    record_id uuid not null,
    from_day date not null,
    until_day date not null,
    counts boolean not null,
    status text not null,
    primary key (record_id, from_day),
    check (from_day < until_day)
);
comment on table kept.agreement is
    'How an agreement will be on each day, if nothing else is reported: until_day is the first day after.';
create index agreement_status on kept.agreement (status, until_day) include (record_id, from_day) where counts;

create table kept.process (
    record_id uuid not null,
    from_day date not null,
    until_day date not null,
    counts boolean not null,
    status text not null,
    next_talk_id uuid,
    next_deadline_id uuid,
    primary key (record_id, from_day),
    check (from_day < until_day)
);
comment on table kept.process is
    'How a process will be on each day, if nothing else is reported: until_day is the first day after.';
create index process_status on kept.process (status, until_day) include (record_id, from_day) where counts;


-- --- what has to be computed again ----------------------------------------------------------------

create unlogged table kept.due (record_id uuid primary key);
comment on table kept.due is 'Records that this transaction changed, and that are to be kept anew.';

-- Notes the records that a changed row belongs to, and belonged to before. Arguments: the columns that say so.
create function note_status() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
    changed jsonb[] := array[to_jsonb(new)];
begin
    if tg_op = 'UPDATE' then
        if new.version = old.version then
            return null;
        end if;
        changed := changed || to_jsonb(old);
    end if;
    insert into kept.due
    select distinct (c.row ->> a.name)::uuid
    from unnest(changed) c (row) cross join unnest(tg_argv[0:]) a (name)
    where c.row ->> a.name is not null
    on conflict do nothing;
    return null;
end
$$;

-- Computes the periods of all records that this transaction changed.
create function refresh_statuses() returns void language plpgsql as $$
declare
    due uuid[] := array(select d.record_id from kept.due d);
begin
    if due <> '{}' then
        perform kept.refresh(due);
        delete from kept.due;
    end if;
end
$$;

-- Does so at the end of the transaction, where nobody asked for it before. The first row that is still there asks for all;
-- the others would read all the dead ones again.
create function keep_statuses() returns trigger language plpgsql as $$
begin
    if exists (select from kept.due d where d.record_id = new.record_id) then
        perform public.refresh_statuses();
    end if;
    return null;
end
$$;
create constraint trigger keep_statuses after insert on kept.due
    deferrable initially deferred for each row execute function keep_statuses();

-- Computes all periods: after a rule changed, or rows came in without triggers.
create function refresh_all_statuses() returns void language plpgsql as $$
begin
    perform kept.refresh(
        array(select r.id from public.record r where r.type in ('TALK', 'AGREEMENT', 'DEADLINE', 'PROCESS'))
    );
end
$$;

-- The records whose periods each table can change. Statements are many and matter only by the deadlines of their
-- conditions, of which a new one has none.
create trigger note_status_of_insert after insert or update on talk
    for each row execute function note_status(id, process_id);
create trigger note_status_of_insert after insert or update on participation
    for each row execute function note_status(talk_id);
create trigger note_status_of_insert after insert or update on milestone
    for each row execute function note_status(subject_id);
create trigger note_status_of_insert after insert or update on deadline
    for each row execute function note_status(id, subject_id);
create trigger note_status_of_insert after insert or update on agreement
    for each row execute function note_status(id, process_id);
create trigger note_status_of_insert after insert or update on signature
    for each row execute function note_status(agreement_id);
create trigger note_status_of_insert after insert or update on condition
    for each row execute function note_status(id, statement_id);
create trigger note_status_of_update after update of process_id, said, retracted_at on statement
    for each row execute function note_status(process_id);
create trigger note_status_of_insert after insert or update on process
    for each row execute function note_status(id);
