-- The ground that every table of records stands on: the parent of all records, the log of changes, vague dates.

-- PostgreSQL 18 brings uuidv7(). Older servers get the same layout (RFC 9562, 5.7): 48 bits of Unix milliseconds,
-- then the random bits of a version 4 UUID.
do $do$
begin
    if current_setting('server_version_num')::int < 180000 then
        create function uuidv7() returns uuid language sql volatile parallel safe as $$
            select encode(
                set_bit(set_bit(
                    overlay(
                        uuid_send(gen_random_uuid())
                        placing substring(
                            int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3
                        )
                        from 1 for 6
                    ),
                    52, 1
                ), 53, 1),
                'hex'
            )::uuid
        $$;
    end if;
end
$do$;


-- --- records -------------------------------------------------------------------------------------

-- A table and not an enum: a new label of an enum cannot be used in the transaction that adds it.
create table record_type (
    name text primary key check (name ~ '^[A-Z][A-Z0-9_]*$')
);
comment on table record_type is 'The types of record: the name of each table, in capitals. make_record_type() adds one.';

create table record (
    id uuid primary key default uuidv7(),
    type text not null references record_type (name),
    unique (id, type)
);
comment on table record is 'Parent of every typed table: what kind of record an id belongs to.';


-- --- the log -------------------------------------------------------------------------------------

-- What was done to a record, and by which way the change came in.
create type revision_action as enum ('CREATE', 'UPDATE', 'RETRACT', 'RESTORE', 'MERGE');
create type revision_origin as enum ('MUTATION', 'DOSSIER', 'IMPORT', 'PROPOSAL', 'SQL');

create table revision (
    seq bigint generated always as identity primary key,
    record_id uuid not null references record (id),
    version integer not null,
    action revision_action not null,
    changes jsonb not null,
    changed_by text not null,
    reason text,
    origin revision_origin not null,
    at timestamptz not null,
    approved_by text,
    proposal_id uuid,
    unique (record_id, version)
);
comment on table revision is
    'Every change, in the order of commit: the audit log and the change feed. Rows are never altered.';
comment on column revision.changes is 'field -> {before, after}, of the fields that changed.';
comment on column revision.approved_by is 'Who approved the proposal that this change came from.';
-- The changes since a moment.
create index revision_at on revision (at);
-- The changes of one person, in their order.
create index revision_changed_by on revision (changed_by, seq);

create schema history;
comment on schema history is 'The replaced rows, whole: what each table said until known_until.';
create schema known;
comment on schema known is 'Live and replaced rows together, each with the time in which it was the truth.';

-- The log is never replaced: each of its rows is the truth from its moment on.
create view known.revision as
    select *, at as known_from, timestamptz 'infinity' as known_until from revision;


-- --- vague dates ---------------------------------------------------------------------------------

create type date_precision as enum ('DAY', 'WEEK', 'MONTH', 'SEASON', 'YEAR', 'INTERVAL');

create type fuzzy_date_parts as (
    edtf text, earliest date, latest date, precision date_precision, text text, rule text
);

-- One column holds one vague date. The open end of an interval is null. A row of nothing but nulls `is null`
-- too, but is distinct from null: it is no date, and is refused.
create domain fuzzy_date as fuzzy_date_parts check (
    value is not distinct from null
    or (
        (value).edtf is not null
        and (value).precision is not null
        and coalesce(isfinite((value).earliest), true)
        and coalesce(isfinite((value).latest), true)
        and coalesce((value).earliest <= (value).latest, true)
    )
);
