-- What migrations call: make_record_type, track, index_days, reference_many and drop_record_type. docs/contributing.md
-- shows how.


-- A new type of record: its table, with what every record has before its own columns, and all that `track` gives it.
--     select make_record_type('ceasefire_violation', $$
--         party_id uuid not null references actor,
--         place text not null
--     $$);
create function make_record_type(made text, columns text) returns void language plpgsql
    set search_path = pg_catalog, public, pg_temp as $make$
begin
    -- A row is written before its parent, which a trigger adds once it is sure that the row stays: see `track`.
    execute format(
        $table$create table public.%1$I (
            id uuid primary key default uuidv7(),
            key text not null unique
                constraint %3$I check (key ~ '^[a-z0-9][a-z0-9._~-]*$')
                constraint %4$I check (length(key) <= 400),
            version integer not null,
            created_at timestamptz not null,
            updated_at timestamptz not null,
            retracted_at timestamptz,
            merged_into_id uuid,
            %2$s
            -- On a line of its own: the columns may end in a comment.
            , foreign key (id) references record (id),
            foreign key (merged_into_id) references record (id)
        )$table$, made, columns, made || '_key_form', made || '_key_longest');
    insert into record_type (name) values (upper(made));
    perform track(made);
end
$make$;

-- Completes the table of a record type: deferred references, indexes, triggers, history and the view of the past. Called
-- again after a column, a reference or an index was added. A column is added to the table and to `history.<table>`, an
-- index only to the table. What is there already is passed over, without a notice.
create function track(tracked text) returns void language plpgsql
    set search_path = pg_catalog, public, pg_temp set client_min_messages = warning as $$
declare
    live regclass := format('public.%I', tracked)::regclass;
    past text := format('history.%I', tracked);
    columns text := (
        select string_agg(quote_ident(attname), ', ' order by attnum)
        from pg_attribute
        where attrelid = live and attnum > 0 and not attisdropped
    );
    index_definition text;
begin
    perform defer_references(live);
    if to_regclass(past) is null then
        -- `known_until` comes first: Postgres adds columns only at the end, here as in the table itself.
        execute format('create table %s (known_until timestamptz not null, like %s)', past, live);
        execute format(
            'create trigger a_turn before insert or update on %1$s
                for each statement execute function take_turn();
            create trigger count_version before insert or update on %1$s
                for each row execute function count_version();
            create trigger keep_history after insert or update on %1$s
                for each row execute function keep_history();
            create trigger check_merge after insert or update of merged_into_id on %1$s for each row
                when (new.merged_into_id is not null) execute function check_merge();
            create trigger never_delete before delete or truncate on %1$s
                for each statement execute function refuse_change(''retract the record instead'')', live);
        perform guard(past::regclass);
    elsif (columns_of(past::regclass))[2:] is distinct from columns_of(live) then
        raise exception 'the columns of % are not those of % after known_until', past, tracked
            using hint = format('Make each change of the columns of %s to %s too, in the same order.', tracked, past);
    end if;
    for index_definition in
        select regexp_replace(
            pg_get_indexdef(indexrelid),
            '^CREATE (UNIQUE )?INDEX (\S+) ON \S+ ',
            format('create index if not exists \2 on %s ', past)
        )
        from pg_index where indrelid = live
    loop
        execute index_definition;
    end loop;
    -- Made anew, since a union view cannot grow in place.
    execute format('drop view if exists known.%I', tracked);
    execute format(
        'create view known.%I as
            select %2$s, updated_at as known_from, timestamptz ''infinity'' as known_until from %3$s
            union all
            select %2$s, updated_at, known_until from %4$s', tracked, columns, live, past);
end
$$;

-- The columns of a table in their order, each with its type.
create function columns_of(relation regclass) returns text[] language sql stable as $$
    select array_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod) order by a.attnum)
    from pg_attribute a
    where a.attrelid = relation and a.attnum > 0 and not a.attisdropped
$$;

-- Defers the foreign keys of a table to commit, since records of one dossier point at one another in both directions (a
-- condition at its deadline, the deadline at its condition). Gives an index to each that has none: it is followed
-- backwards too.
create function defer_references(holder regclass) returns void language plpgsql
    set search_path = pg_catalog, public, pg_temp as $$
declare
    reference record;
begin
    for reference in
        select c.conname, t.relname, a.attname, c.condeferred,
            cardinality(c.conkey) = 1 and a.attname not in ('id', 'merged_into_id')
                and not exists (select from pg_index i where i.indrelid = holder and i.indkey[0] = a.attnum)
                as lacks_index
        from pg_constraint c
        join pg_class t on t.oid = c.conrelid
        join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
        where c.conrelid = holder and c.contype = 'f'
        order by a.attnum
    loop
        if not reference.condeferred then
            execute format('alter table %s alter constraint %I deferrable initially deferred', holder, reference.conname);
        end if;
        if reference.lacks_index then
            execute format(
                'create index %I on %s (%I)',
                reference.relname || '_' || regexp_replace(reference.attname, '_id$', ''), holder, reference.attname);
        end if;
    end loop;
end
$$;

-- Indexes what lists by a vague date read. A list from a day on has two parts: from that day on it is read in the order
-- of days; what began before is a vague date, such as a month, that may stand anywhere between others, and an index of
-- ranges finds it, without all that are one day.
create function index_days(listed text, column_name text) returns void language plpgsql
    set search_path = pg_catalog, public, pg_temp as $$
begin
    execute format(
        'create index %3$I on public.%1$I (((%2$I).earliest), id);
        create index %4$I on public.%1$I using gist (daterange((%2$I).earliest, (%2$I).latest, ''[]''))
            where (%2$I).latest is distinct from (%2$I).earliest',
        listed, column_name, listed || '_' || column_name, listed || '_vague');
    perform track(listed);
end
$$;

-- Makes a column of ids (uuid[] not null default '{}') name up to 100 records of one type.
create function reference_many(holder text, column_name text, referenced text) returns void language plpgsql
    set search_path = pg_catalog, public, pg_temp as $$
begin
    execute format(
        'alter table public.%1$I add constraint %4$I
            check (cardinality(%2$I) <= 100 and array_position(%2$I, null) is null);
        create trigger %2$I after insert or update of %2$I on public.%1$I for each row
            when (new.%2$I <> ''{}'')
            execute function references_records(%2$L, %3$L)', holder, column_name, upper(referenced),
        holder || '_' || column_name || '_items');
end
$$;

-- Takes a type of record back, with its records, what speaks of them (their citations, codes, milestones …), and what the
-- log says of all of these. For the way down of a migration. Columns of other tables that name the type go before it.
create function drop_record_type(dropped text) returns void language plpgsql
    set search_path = pg_catalog, public, pg_temp as $$
declare
    gone uuid[] := array(select r.id from record r where r.type = upper(dropped));
    place record;
begin
    gone := speaking_of(gone);
    for place in
        select p.name, p.id
        from (
            select 1, format('history.%I', lower(t.name)), 'id' from record_type t
            union all select 2, format('public.%I', lower(t.name)), 'id' from record_type t
            union all select 3, format('kept.%I', k.tablename), 'record_id' from pg_tables k where k.schemaname = 'kept'
            union all values (4, 'search_entry', 'record_id'), (5, 'revision', 'record_id'), (6, 'record', 'id')
        ) p (nth, name, id)
        order by p.nth
    loop
        execute format('alter table %s disable trigger user', place.name);
        execute format('delete from %s where %I = any($1)', place.name, place.id) using gone;
        -- No table is altered while checks of it are still to come.
        set constraints all immediate;
        execute format('alter table %s enable trigger user', place.name);
    end loop;
    set constraints all deferred;
    execute format('drop view known.%1$I; drop table history.%1$I; drop table public.%1$I', dropped);
    delete from record_type t where t.name = upper(dropped);
end
$$;

-- These records, the records that are about them (a citation, a milestone), those that are about these, and so on.
create function speaking_of(subjects uuid[]) returns uuid[] language plpgsql
    set search_path = pg_catalog, public, pg_temp as $$
declare
    found uuid[] := subjects;
    subject record;
    more uuid[];
begin
    loop
        subjects := found;
        for subject in
            select c.conrelid::regclass as holder, a.attname
            from pg_constraint c
            join record_type t on c.conrelid = to_regclass(format('public.%I', lower(t.name)))
            join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
            where c.contype = 'f' and c.confrelid = 'record'::regclass and a.attname <> 'id'
        loop
            execute format(
                'select array_agg(id) from %s where %I = any($1) and id <> all($1)', subject.holder, subject.attname
            ) into more using found;
            found := found || coalesce(more, '{}');
        end loop;
        exit when found = subjects;
    end loop;
    return found;
end
$$;
