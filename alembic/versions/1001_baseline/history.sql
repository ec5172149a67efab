-- The triggers of every record: writers take turns, versions are counted, replaced rows and revisions are kept, and
-- nothing is deleted. `track` (record_types.sql) gives them to a table.
--
-- Functions that read or write tables set their search path: a writer's may be empty, and a temporary table named
-- like one of ours must not be taken for it.


-- --- one writer after the other ------------------------------------------------------------------

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

-- Takes the writers' lock before any row is locked: a writer who waits for it while holding a row that its holder
-- wants would deadlock.
create function take_turn() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
    perform begin_change();
    return null;
end
$$;


-- --- versions and replaced rows ------------------------------------------------------------------

-- before, after -> field -> {before, after} of the fields that differ, bookkeeping aside.
create function changed_fields(before jsonb, after jsonb) returns jsonb language sql immutable as $$
    select coalesce(
        jsonb_object_agg(a.key, jsonb_build_object('before', before -> a.key, 'after', a.value)), '{}'
    )
    from jsonb_each(after) a
    where coalesce(before -> a.key, 'null') is distinct from a.value
        and a.key not in ('id', 'version', 'created_at', 'updated_at')
$$;

-- Counts the version and sets the times. It writes nothing, since `on conflict` may still drop the row. An update
-- that changes nothing leaves no trace, whatever it says of version and times.
create function count_version() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
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

-- Writes the parent of a new row, the replaced state of a changed one, and the revision of both. A row changed twice
-- in one transaction keeps no history of the state that nobody could see.
create function keep_history() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
    changes jsonb;
begin
    if tg_op = 'INSERT' then
        insert into record (id, type) values (new.id, upper(tg_table_name));
        changes := changed_fields('{}', to_jsonb(new));
    elsif new.version = old.version then
        return null;
    else
        changes := changed_fields(to_jsonb(old), to_jsonb(new));
        if old.updated_at < new.updated_at then
            -- By position: `known_until` is the first column of a history table, so that both tables can grow.
            execute format('insert into history.%I select $2, ($1).*', tg_table_name) using old, new.updated_at;
        end if;
    end if;
    insert into revision (record_id, version, action, changes, changed_by, reason, origin, at, approved_by, proposal_id)
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
        new.updated_at,
        nullif(current_setting('parley.approved_by', true), ''),
        nullif(current_setting('parley.proposal', true), '')::uuid
    );
    return null;
end
$$;

-- A column as the field that the API calls it: addressee_ids -> addressees, set_by_id -> setBy.
create function field_name(column_name text) returns text language sql immutable parallel safe as $$
    select string_agg(case when place = 1 then word else initcap(word) end, '' order by place)
    from string_to_table(regexp_replace(regexp_replace(column_name, '_ids$', 's'), '_id$', ''), '_')
        with ordinality as w (word, place)
$$;


-- --- what is refused -----------------------------------------------------------------------------

-- Refuses a statement. Argument: the reason.
create function refuse_change() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
    raise exception '% is not allowed on %: %', tg_op, tg_relid::regclass, tg_argv[0]
        using errcode = 'integrity_constraint_violation';
end
$$;

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

-- Holds a merger to a record of the same type that was not merged itself: whoever asks for a merged record is sent on
-- once.
create function check_merge() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
    is_free boolean;
    is_followed boolean;
begin
    execute format(
        'select (select t.merged_into_id is null from public.%1$I t where t.id = $1),
            exists (select from public.%1$I t where t.merged_into_id = $2)', tg_table_name
    ) into is_free, is_followed using new.merged_into_id, new.id;
    if is_free is distinct from true or new.merged_into_id = new.id then
        raise exception '% is merged into %, which is no other % that stands', new.key, new.merged_into_id, tg_table_name
            using errcode = 'integrity_constraint_violation';
    elsif is_followed then
        raise exception '% has others merged into it; merge them into % first', new.key, new.merged_into_id
            using errcode = 'integrity_constraint_violation';
    end if;
    return null;
end
$$;

-- Holds an array of ids to records of one type. Records are never deleted, so that a look at write time is as good as
-- a foreign key. Arguments: column, record type.
create function references_records() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
    stray uuid;
begin
    select u.id into stray
    from jsonb_array_elements_text(to_jsonb(new) -> tg_argv[0]) as e (id)
    cross join lateral (select e.id::uuid) as u (id)
    left join record r on r.id = u.id and r.type = tg_argv[1]
    where r.id is null
    limit 1;
    if stray is not null then
        raise exception '%.% names %, which is no %', tg_table_name, tg_argv[0], stray, lower(tg_argv[1])
            using errcode = 'foreign_key_violation';
    end if;
    return null;
end
$$;

select guard('record'), guard('revision');
