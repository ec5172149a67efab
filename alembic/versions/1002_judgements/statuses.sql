-- The tables of precomputed statuses, made anew: what they hold is computed again at the end of the migration.

drop function kept.refresh(uuid[]);
drop table kept.talk, kept.deadline, kept.agreement, kept.process;

create table kept.deadline (
    record_id uuid not null,
    from_day date not null,
    until_day date not null,
    counts boolean not null,
    status text not null,
    since date,
    due public.fuzzy_date,
    disputed boolean not null,
    reading_ids uuid[] not null,
    set_on date,
    primary key (record_id, from_day),
    check (from_day < until_day)
);
comment on table kept.deadline is
    'How a deadline will be on each day, if nothing else is reported: until_day is the first day after.';
comment on column kept.deadline.since is 'The first day of the unbroken run of days with this status.';
comment on column kept.deadline.set_on is 'The last day on which it was set or moved.';
create index deadline_status on kept.deadline (status, until_day) include (record_id, from_day) where counts;
create index deadline_disputed on kept.deadline (record_id) where disputed;

create table kept.talk (
    record_id uuid not null,
    from_day date not null,
    until_day date not null,
    counts boolean not null,
    status text not null,
    since date,
    starts public.fuzzy_date,
    ends public.fuzzy_date,
    venue text,
    city text,
    country text,
    disputed boolean not null,
    reading_ids uuid[] not null,
    active_until date,
    set_on date,
    primary key (record_id, from_day),
    check (from_day < until_day)
);
comment on table kept.talk is
    'How a talk will be on each day, if nothing else is reported: until_day is the first day after.';
comment on column kept.talk.active_until is 'The last day of its course, as known then; null before it was opened.';
comment on column kept.talk.set_on is 'The last day on which it was announced, set or moved.';
create index talk_status on kept.talk (status, until_day) include (record_id, from_day) where counts;
create index talk_disputed on kept.talk (record_id) where disputed;

create table kept.agreement (
    record_id uuid not null,
    from_day date not null,
    until_day date not null,
    counts boolean not null,
    status text not null,
    since date,
    signed_on date,
    disputed boolean not null,
    primary key (record_id, from_day),
    check (from_day < until_day)
);
comment on table kept.agreement is
    'How an agreement will be on each day, if nothing else is reported: until_day is the first day after.';
create index agreement_status on kept.agreement (status, until_day) include (record_id, from_day) where counts;
create index agreement_disputed on kept.agreement (record_id) where disputed;

create table kept.process (
    record_id uuid not null,
    from_day date not null,
    until_day date not null,
    counts boolean not null,
    status text not null,
    since date,
    next_talk_id uuid,
    next_deadline_id uuid,
    active_until date,
    primary key (record_id, from_day),
    check (from_day < until_day)
);
comment on table kept.process is
    'How a process will be on each day from yesterday on, if nothing else is reported.';
comment on column kept.process.active_until is 'The last day of what has moved it so far, which may be still to come.';
create index process_status on kept.process (status, until_day) include (record_id, from_day) where counts;

-- What the rules look at.
create type kept.signatory as (id uuid, actor_id uuid, is_party boolean, signed date, signed_until date, disputed boolean);
comment on type kept.signatory is 'A signature, given or expected: whose it is, and when it was given.';

create type kept.track as (
    id uuid, parent_id uuid, stall_after_days integer, opened date, visible date, steps kept.step[]
);
comment on type kept.track is 'A process of a tree: its patience, since when it is open and visible, and its own steps.';

create type kept.movement as (process_id uuid, name text, record_id uuid, first date, last date);
comment on type kept.movement is 'Days on which something took a process forward.';

create type kept.coming as (
    process_id uuid, type text, record_id uuid, from_day date, until_day date, first date, last date, set_on date,
    title text, key text
);
comment on type kept.coming is
    'A talk or a deadline that is to come, in the days of a period: its first and last possible day, and when it was set.';

-- Deadlines of what somebody said: few, among many statements.
create index deadline_of_statement on deadline (subject_id) where subject_type in ('STATEMENT', 'CONDITION');
select track('deadline');

-- Sources say since when a record can be known.
create trigger note_status_of_insert after insert or update on citation
    for each row execute function note_status(record_id);
-- Offices say for whom a person speaks.
create trigger note_status_of_insert after insert or update on office
    for each row execute function note_status(person_id);
create trigger note_status_of_update after update of parent_id on actor
    for each row execute function note_status(id);
create trigger note_status_of_insert after insert or update on provision
    for each row execute function note_status(id, agreement_id);
create trigger note_status_of_update after update of published, retracted_at on source
    for each row execute function note_status(id);

-- Lists are ordered by the day as it stands at the clock: read in that order from a day on, and vague dates found by ranges.
create index talk_starts on kept.talk (((starts).earliest), record_id);
create index talk_vague on kept.talk using gist (daterange((starts).earliest, (starts).latest, '[]'))
    where (starts).latest is distinct from (starts).earliest;
create index deadline_due on kept.deadline (((due).earliest), record_id);
create index deadline_vague on kept.deadline using gist (daterange((due).earliest, (due).latest, '[]'))
    where (due).latest is distinct from (due).earliest;
