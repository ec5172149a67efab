"""The ground: record, fuzzy dates, revision and history.

Every typed table (0002 and later) stands on these: `track('talk')` gives it a row in
`record`, a revision for each change, a history table and a view of the past.

Revision ID: 0001
Revises:
"""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TYPES = """
create type record_type as enum (
    'CONFLICT', 'PROCESS', 'ACTOR', 'OFFICE', 'TALK', 'PARTICIPATION', 'ISSUE', 'POSITION',
    'STATEMENT', 'CONDITION', 'AGREEMENT', 'SIGNATURE', 'PROVISION', 'ASSESSMENT', 'MILESTONE',
    'DEADLINE', 'COMMENTARY', 'SOURCE', 'CITATION', 'CODE'
);
create type revision_action as enum ('CREATE', 'UPDATE', 'RETRACT', 'RESTORE', 'MERGE');
create type revision_origin as enum ('MUTATION', 'DOSSIER', 'IMPORT', 'PROPOSAL', 'SQL');
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
"""

# PostgreSQL 18 brings uuidv7(); older servers get the same layout (RFC 9562, 5.7):
# 48 bits of Unix milliseconds, then the random bits of a version 4 UUID.
UUIDV7 = """
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
"""

TABLES = """
create table record (
    id uuid primary key default uuidv7(),
    type record_type not null,
    unique (id, type)
);
comment on table record is 'Parent of every typed table: what kind of record an id belongs to.';

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
    unique (record_id, version)
);
comment on table revision is
    'Every change, in the order of commit: the audit log and the change feed. Rows are never altered.';
comment on column revision.changes is 'field -> {before, after}, of the fields that changed.';
create index revision_at on revision (at);

create schema history;
comment on schema history is 'The replaced rows, whole: what each table said until known_until.';
create schema known;
comment on schema known is 'Live and replaced rows together, each with the time in which it was the truth.';
create view known.revision as
    select *, at as known_from, timestamptz 'infinity' as known_until from revision;
"""

# Functions that read or write tables say where these stand: a writer's search path may be empty, and a temporary
# table named like one of ours must not be taken for it.
PATH = "set search_path = pg_catalog, public, pg_temp"

FUNCTIONS = f"""
-- The moment of this transaction's changes. It takes the writers' lock, so that moments and revision.seq follow the
-- order of commit; the lock is released at commit, or when a savepoint before it is returned to, and so taken anew
-- each time. What the session says is the moment counts only if it can be: of this transaction, after the last
-- change of others, and not yet to come. Nobody can set a date by hand.
create function begin_change() returns timestamptz language plpgsql as $$
declare
    mine text := pg_current_xact_id() || ' ';
    moment timestamptz;
    latest timestamptz;
begin
    perform pg_advisory_xact_lock(7291001);
    latest := (select r.at from public.revision r order by r.seq desc limit 1);
    if starts_with(current_setting('parley.moment', true), mine) then
        moment := substr(current_setting('parley.moment'), length(mine) + 1);
    end if;
    if moment >= greatest(now(), latest) and moment <= greatest(clock_timestamp(), latest + interval '1 microsecond') then
        return moment;
    end if;
    moment := greatest(clock_timestamp(), latest + interval '1 microsecond');
    -- In UTC and ISO, which are read alike whatever DateStyle and time zone the session has.
    perform set_config(
        'parley.moment', mine || to_char(moment at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US"Z"'), true
    );
    return moment;
end
$$;

-- Before any row is locked: who waits for the writers' lock while he holds a row that the other wants, deadlocks.
create function take_turn() returns trigger language plpgsql {PATH} as $$
begin
    perform begin_change();
    return null;
end
$$;

-- before, after -> field -> {{before, after}} of what differs, bookkeeping aside.
create function changed_fields(before jsonb, after jsonb) returns jsonb language sql immutable as $$
    select coalesce(
        jsonb_object_agg(a.key, jsonb_build_object('before', before -> a.key, 'after', a.value)), '{{}}'
    )
    from jsonb_each(after) a
    where coalesce(before -> a.key, 'null') is distinct from a.value
        and a.key not in ('id', 'version', 'created_at', 'updated_at')
$$;

-- Counts the version and sets the times. It writes nothing, since `on conflict` may still drop the row. An update
-- that changes nothing leaves no trace, whatever it says of version and times.
create function count_version() returns trigger language plpgsql {PATH} as $$
declare
    moment timestamptz := begin_change();
begin
    if tg_op = 'INSERT' then
        new.id := coalesce(new.id, uuidv7());
        new.version := 1;
        new.created_at := moment;
    else
        if new.id <> old.id then
            raise exception 'the id of a record never changes' using errcode = 'integrity_constraint_violation';
        end if;
        new.version := old.version;
        new.created_at := old.created_at;
        new.updated_at := old.updated_at;
        if new is not distinct from old then
            return old;
        end if;
        new.version := old.version + 1;
    end if;
    new.updated_at := moment;
    return new;
end
$$;

-- What happened to a row: its parent, its replaced state and its revision. A row changed twice in one transaction
-- keeps no history of the state that nobody could see.
create function keep_history() returns trigger language plpgsql {PATH} as $$
declare
    changes jsonb;
begin
    if tg_op = 'INSERT' then
        insert into record (id, type) values (new.id, upper(tg_table_name)::record_type);
        changes := changed_fields('{{}}', to_jsonb(new));
    elsif new.version = old.version then
        return null;
    else
        changes := changed_fields(to_jsonb(old), to_jsonb(new));
        if old.updated_at < new.updated_at then
            execute format('insert into history.%I select ($1).*, $2', tg_table_name) using old, new.updated_at;
        end if;
    end if;
    insert into revision (record_id, version, action, changes, changed_by, reason, origin, at)
    values (
        new.id,
        new.version,
        case
            when tg_op = 'INSERT' then 'CREATE'
            when changes -> 'merged_into_id' ->> 'after' is not null then 'MERGE'
            when changes -> 'retracted_at' ->> 'after' is not null then 'RETRACT'
            when changes ? 'retracted_at' then 'RESTORE'
            else 'UPDATE'
        end::revision_action,
        changes,
        coalesce(nullif(current_setting('parley.changed_by', true), ''), session_user),
        nullif(current_setting('parley.reason', true), ''),
        coalesce(nullif(current_setting('parley.origin', true), ''), 'SQL')::revision_origin,
        new.updated_at
    );
    return null;
end
$$;

create function refuse_change() returns trigger language plpgsql {PATH} as $$
begin
    raise exception '% is not allowed on %: %', tg_op, tg_relid::regclass, tg_argv[0]
        using errcode = 'integrity_constraint_violation';
end
$$;

-- Holds an array of ids to records of one type; records are never deleted, so that a look at
-- write time is as good as a foreign key. Arguments: column, record type.
create function references_records() returns trigger language plpgsql {PATH} as $$
declare
    stray uuid;
begin
    select u.id into stray
    from jsonb_array_elements_text(to_jsonb(new) -> tg_argv[0]) as e (id)
    cross join lateral (select e.id::uuid) as u (id)
    left join record r on r.id = u.id and r.type = tg_argv[1]::record_type
    where r.id is null
    limit 1;
    if stray is not null then
        raise exception '%.% names %, which is no %', tg_table_name, tg_argv[0], stray, lower(tg_argv[1])
            using errcode = 'foreign_key_violation';
    end if;
    return null;
end
$$;

-- A milestone says of which type its subject is, so that a check can hold its kind to it.
create function name_subject_type() returns trigger language plpgsql {PATH} as $$
begin
    new.subject_type := (select type from record where id = new.subject_id);
    return new;
end
$$;
"""

# Called by migrations: once for a new table, and again after a column was added to both the
# table and its history (the view is made anew, since a union view cannot grow in place).
TRACK = f"""
-- Keeps a table that only the triggers fill from being written by hand.
create function guard(guarded regclass) returns void language plpgsql as $$
declare
    reason text := 'only a change of a record writes here';
begin
    execute format(
        'create trigger only_added_to before update or delete or truncate on %s
            for each statement execute function public.refuse_change(%L)', guarded, reason);
    execute format(
        'create trigger only_by_triggers before insert on %s
            for each statement when (pg_trigger_depth() = 0) execute function public.refuse_change(%L)', guarded, reason);
end
$$;

create function track(tracked text) returns void language plpgsql {PATH} as $$
declare
    columns text := (
        select string_agg(quote_ident(attname), ', ' order by attnum)
        from pg_attribute
        where attrelid = tracked::regclass and attnum > 0 and not attisdropped
    );
    index_definition text;
begin
    if to_regclass('history.' || quote_ident(tracked)) is null then
        execute format('create table history.%I (like %I, known_until timestamptz not null)', tracked, tracked);
        for index_definition in
            select regexp_replace(
                pg_get_indexdef(indexrelid),
                '^CREATE (UNIQUE )?INDEX (\\S+) ON \\S+ ',
                format('create index \\2 on history.%I ', tracked)
            )
            from pg_index where indrelid = tracked::regclass
        loop
            execute index_definition;
        end loop;
        execute format(
            'create trigger a_turn before insert or update on %1$I
                for each statement execute function take_turn();
            create trigger count_version before insert or update on %1$I
                for each row execute function count_version();
            create trigger keep_history after insert or update on %1$I
                for each row execute function keep_history();
            create trigger never_delete before delete or truncate on %1$I
                for each statement execute function refuse_change(''retract the record instead'')', tracked);
        perform guard(format('history.%I', tracked)::regclass);
    end if;
    execute format('drop view if exists known.%I', tracked);
    execute format(
        'create view known.%1$I as
            select %2$s, updated_at as known_from, timestamptz ''infinity'' as known_until from %1$I
            union all
            select %2$s, updated_at, known_until from history.%1$I', tracked, columns);
end
$$;

select guard('record'), guard('revision');
"""


def upgrade() -> None:
    for statements in (TYPES, UUIDV7, TABLES, FUNCTIONS, TRACK):
        op.execute(statements)


def downgrade() -> None:
    op.execute("""
        drop schema known cascade;
        drop schema history cascade;
        drop table revision, record;
        drop function track, guard, name_subject_type, references_records, refuse_change, keep_history,
            count_version, take_turn, changed_fields, begin_change;
        drop domain fuzzy_date;
        drop type fuzzy_date_parts, date_precision, revision_origin, revision_action, record_type;
    """)
    # A dump of an older server, restored into PostgreSQL 18, has brought ours along.
    op.execute("drop function if exists public.uuidv7()")
