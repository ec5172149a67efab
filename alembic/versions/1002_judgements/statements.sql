-- Statements may have several speakers, name the capacities in which they spoke, do something to records of any type, and
-- keep the words of the original language.

alter type statement_stance add value if not exists 'CONFIRMATION';
alter type statement_stance add value if not exists 'DENIAL';
alter type statement_stance add value if not exists 'ANNOUNCEMENT';

alter table statement
    add column speaker_ids uuid[] not null default '{}',
    add column office_ids uuid[] not null default '{}',
    add column about_ids uuid[] not null default '{}',
    add column original text,
    add column original_language text,
    drop constraint statement_has_speaker;
alter table history.statement
    add column speaker_ids uuid[] not null default '{}',
    add column office_ids uuid[] not null default '{}',
    add column about_ids uuid[] not null default '{}',
    add column original text,
    add column original_language text;

-- A column as the field that the API calls it, as before; but a list of what something is about is no plural.
create or replace function field_name(column_name text) returns text language sql immutable parallel safe as $$
    select string_agg(case when place = 1 then word else initcap(word) end, '' order by place)
    from string_to_table(
        regexp_replace(regexp_replace(regexp_replace(column_name, '^about_ids$', 'about'), '_ids$', 's'), '_id$', ''), '_'
    ) with ordinality as w (word, place)
$$;

-- Every speaker stands in the list. The triggers are off: nobody changed what is known, so no version counts it.
alter table statement disable trigger user;
update statement set speaker_ids = array[speaker_id] where speaker_id is not null;
alter table statement enable trigger user;
alter table history.statement disable trigger user;
update history.statement set speaker_ids = array[speaker_id] where speaker_id is not null;
alter table history.statement enable trigger user;

-- Keeps the only speaker beside the list of all: whichever of the two is written, the other follows. Where both are, a
-- check compares them.
create function name_only_speaker() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
    is_new boolean := tg_op = 'INSERT';
    gives_one boolean := case when is_new then new.speaker_id is not null
        else new.speaker_id is distinct from old.speaker_id end;
    gives_all boolean := case when is_new then new.speaker_ids <> '{}' else new.speaker_ids <> old.speaker_ids end;
begin
    if gives_one and not gives_all then
        new.speaker_ids := array_remove(array[new.speaker_id], null);
    elsif gives_all and not gives_one then
        new.speaker_id := case when cardinality(new.speaker_ids) = 1 then new.speaker_ids[1] end;
    end if;
    return new;
end
$$;
create trigger a_speaker before insert or update of speaker_id, speaker_ids on statement
    for each row execute function name_only_speaker();

-- Of the rows that are there, some may name a speaker who is said to be anonymous: they are looked at when they change.
alter table statement
    add constraint statement_has_speaker check (
        speaker_id is not null or coalesce(speaker_ids, '{}') <> '{}' or attribution = 'ANONYMOUS'
    ),
    add constraint statement_anonymous check (speaker_ids = '{}' or attribution <> 'ANONYMOUS') not valid,
    add constraint statement_speakers_agree check (
        speaker_id is not distinct from case when cardinality(speaker_ids) = 1 then speaker_ids[1] end
    ),
    add constraint statement_original_is_translated check (translated or num_nonnulls(original, original_language) = 0);
select reference_many('statement', 'speaker_ids', 'actor'), reference_many('statement', 'office_ids', 'office');

-- Holds an array of ids to records, of whatever type. Argument: the column.
create function references_any_records() returns trigger language plpgsql
    set search_path = pg_catalog, public, pg_temp as $$
declare
    stray uuid;
begin
    select e.id::uuid into stray
    from jsonb_array_elements_text(to_jsonb(new) -> tg_argv[0]) as e (id)
    left join record r on r.id = e.id::uuid
    where r.id is null
    limit 1;
    if stray is not null then
        raise exception '%.% names %, which is no record', tg_table_name, tg_argv[0], stray
            using errcode = 'foreign_key_violation';
    end if;
    return null;
end
$$;
alter table statement add constraint statement_about_ids_items
    check (cardinality(about_ids) <= 100 and array_position(about_ids, null) is null);
-- Deferred, as references are: a dossier writes a statement before the agreement that it is about.
create constraint trigger about_ids after insert or update of about_ids on statement deferrable initially deferred
    for each row when (new.about_ids <> '{}') execute function references_any_records('about_ids');

-- What somebody said, alone or together with others; and what was said about a record.
create index statement_speakers on statement using gin (speaker_ids);
create index statement_about on statement using gin (about_ids);
select track('statement');
select make_searched('statement', 'quote:B', 'original:B', 'summary:B', 'key:D');

-- What exactly is demanded: the same text is the same demand.
alter table position add column option text;
alter table history.position add column option text;
select track('position');
select make_searched('position', 'text:B', 'option:B');
