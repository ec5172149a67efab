-- Back to the baseline. Terms that were added stay, since Postgres takes none away; rows that only they allow stay too,
-- without the columns that are dropped.

drop trigger note_status_of_insert on citation;
drop trigger note_status_of_insert on office;
drop trigger note_status_of_update on actor;
drop trigger note_status_of_insert on provision;
drop trigger note_status_of_update on source;
do $do$
declare
    made text;
begin
    for made in select p.oid::regprocedure::text from pg_proc p where p.pronamespace in ('kept'::regnamespace, 'known'::regnamespace) loop
        execute format('drop function %s cascade', made);
    end loop;
end
$do$;
drop table kept.deadline, kept.talk, kept.agreement, kept.process;
drop type kept.track, kept.signatory, kept.movement, kept.coming, kept.step;

create table kept.talk (
    record_id uuid not null, from_day date not null, until_day date not null, counts boolean not null,
    status text not null, primary key (record_id, from_day), check (from_day < until_day)
);
create table kept.deadline (like kept.talk including all);
create table kept.agreement (like kept.talk including all);
create table kept.process (like kept.talk including all, next_talk_id uuid, next_deadline_id uuid);
create index talk_status on kept.talk (status, until_day) include (record_id, from_day) where counts;
create index deadline_status on kept.deadline (status, until_day) include (record_id, from_day) where counts;
create index agreement_status on kept.agreement (status, until_day) include (record_id, from_day) where counts;
create index process_status on kept.process (status, until_day) include (record_id, from_day) where counts;

select drop_record_type('membership'), drop_record_type('other_name');
drop type membership_role;

drop view known.milestone, known.deadline, known.agreement, known.statement, known.position, known.participation;
alter table milestone
    drop constraint milestone_due_fits_kind,
    drop constraint milestone_moves_talk,
    drop constraint milestone_kind_fits_subject,
    drop column effective, drop column on_behalf_of_id, drop column starts, drop column ends,
    drop column venue, drop column city, drop column country;
alter table history.milestone
    drop column effective, drop column on_behalf_of_id, drop column starts, drop column ends,
    drop column venue, drop column city, drop column country;
-- Rows of before stand; those that only the new kinds allow are not looked at again.
alter table milestone
    add constraint milestone_due_fits_kind check ((kind = 'EXTENDED') = ((due).edtf is not null)) not valid,
    add constraint milestone_kind_fits_subject check (
        (subject_type = 'TALK' and kind in (
            'ANNOUNCED', 'SCHEDULED', 'POSTPONED', 'OPENED', 'ADJOURNED', 'CONCLUDED', 'COLLAPSED', 'CANCELLED'
        ))
        or (subject_type = 'AGREEMENT' and kind in (
            'PROPOSED', 'DRAFTED', 'NEGOTIATED', 'INITIALLED', 'SIGNED', 'RATIFIED', 'ACCEPTED', 'APPROVED', 'ACCEDED',
            'PROVISIONALLY_APPLIED', 'ENTERED_INTO_FORCE', 'AMENDED', 'SUSPENDED', 'VIOLATION_ALLEGED',
            'VIOLATION_CONFIRMED', 'REJECTED', 'REPUDIATED', 'EXPIRED', 'SUPERSEDED', 'TERMINATED'
        ))
        or (subject_type = 'PROCESS' and kind in (
            'OPENED', 'SUSPENDED', 'RESUMED', 'CONCLUDED', 'COLLAPSED', 'REPORTED_STALLED', 'REPORTED_PROGRESS'
        ))
        or (subject_type = 'DEADLINE' and kind in ('SET', 'EXTENDED', 'MET', 'MISSED', 'WAIVED', 'WITHDRAWN'))
    ) not valid;

drop trigger a_subject_type on deadline;
alter table deadline
    drop constraint deadline_has_due_date,
    drop constraint deadline_fits_subject,
    drop column kind, drop column starts_with, drop column every, drop column subject_type;
alter table history.deadline
    drop column kind, drop column starts_with, drop column every, drop column subject_type;
alter table deadline
    add constraint deadline_has_due_date check ((due).edtf is not null or hardness = 'OPEN_ENDED') not valid;
drop type deadline_kind;
select make_searched('deadline', 'title:A', 'consequence:C', 'key:D');

alter table agreement drop column part_of_id, drop column part_kind, drop column confidential;
alter table history.agreement drop column part_of_id, drop column part_kind, drop column confidential;
drop type agreement_part_kind;

select make_searched('statement', 'quote:B', 'summary:B', 'key:D');
alter table statement
    drop constraint statement_has_speaker,
    drop constraint statement_anonymous,
    drop constraint statement_speakers_agree,
    drop constraint statement_original_is_translated;
drop trigger a_speaker on statement;
drop trigger speaker_ids on statement;
drop trigger office_ids on statement;
drop trigger about_ids on statement;
drop function name_only_speaker, references_any_records;
create or replace function field_name(column_name text) returns text language sql immutable parallel safe as $$
    select string_agg(case when place = 1 then word else initcap(word) end, '' order by place)
    from string_to_table(regexp_replace(regexp_replace(column_name, '_ids$', 's'), '_id$', ''), '_')
        with ordinality as w (word, place)
$$;
alter table statement
    drop column speaker_ids, drop column office_ids, drop column about_ids,
    drop column original, drop column original_language;
alter table history.statement
    drop column speaker_ids, drop column office_ids, drop column about_ids,
    drop column original, drop column original_language;
alter table statement
    add constraint statement_has_speaker check (speaker_id is not null or attribution = 'ANONYMOUS') not valid;
select make_searched('position', 'text:B');
alter table position drop column option;
alter table history.position drop column option;

drop trigger note_status_of_voice on participation;
drop trigger note_status_of_voice on signature;
alter table participation
    drop constraint participation_in_one, drop constraint participation_attends_talk,
    drop column process_id, drop column during;
alter table history.participation drop column process_id, drop column during;

select track('milestone'), track('deadline'), track('agreement'), track('statement'), track('position'),
    track('participation');
