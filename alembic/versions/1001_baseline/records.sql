-- The types of record, in an order in which each comes after those that it points to. What every record has besides (id,
-- key, version, times), its triggers, its history and the indexes on its references come from make_record_type. Indexes
-- beyond those serve the default order of a list, a rule, or a filter; `track` at the end gives them to the history.
--
-- Each check has a name, by which the declarations in schema/records say what cures a value that it refuses; how it is
-- made of the table and the column is told in schema/derive/constraints.py.
--
-- A composite type such as fuzzy_date `is not null` only where every part is: hence `(due).edtf is not null`.


-- --- conflicts, processes ------------------------------------------------------------------------

-- An armed or political conflict.
select make_record_type('conflict', $$
    name text not null,
    incompatibility incompatibility,
    kind conflict_kind,
    started fuzzy_date,
    ended fuzzy_date,
    countries text[] not null default '{}'
        constraint conflict_countries_form check (countries::text ~ '^[{]([A-Z]{2}(,[A-Z]{2})*)?[}]$')
$$);

-- A peace process or negotiation track within a conflict.
select make_record_type('process', $$
    name text not null,
    summary text,
    conflict_id uuid references conflict,
    parent_id uuid references process,
    track process_track,
    opened fuzzy_date,
    closed fuzzy_date,
    stall_after_days integer not null default 30
        constraint process_stall_after_days_between check (stall_after_days between 1 and 36500)
$$);


-- --- actors, offices -----------------------------------------------------------------------------

-- A state, body, armed group, coalition or person.
select make_record_type('actor', $$
    name text not null,
    aliases text[] not null default '{}' constraint actor_aliases_items check (array_position(aliases, null) is null),
    kind actor_kind not null,
    country text constraint actor_country_form check (country ~ '^[A-Z]{2}$'),
    parent_id uuid references actor,
    recognition text
$$);

-- A person who holds a title for an actor.
select make_record_type('office', $$
    person_id uuid not null references actor,
    actor_id uuid not null references actor,
    title text not null,
    rank office_rank,
    held fuzzy_date
$$);


-- --- talks ---------------------------------------------------------------------------------------

-- A meeting or round of talks.
select make_record_type('talk', $$
    title text not null,
    process_id uuid references process,
    follows_id uuid references talk,
    format talk_format,
    level talk_level,
    venue text,
    city text,
    country text constraint talk_country_form check (country ~ '^[A-Z]{2}$'),
    starts fuzzy_date,
    ends fuzzy_date,
    summary text,
    outcome text
$$);
select index_days('talk', 'starts');

-- An actor in a talk.
select make_record_type('participation', $$
    talk_id uuid not null references talk,
    actor_id uuid not null references actor,
    on_behalf_of_id uuid references actor,
    role participation_role not null,
    head_of_delegation boolean not null default false,
    attendance attendance not null
$$);


-- --- issues, statements, positions ---------------------------------------------------------------

-- A subject of negotiation.
select make_record_type('issue', $$
    name text not null,
    parent_id uuid references issue
$$);

-- Something that somebody said.
select make_record_type('statement', $$
    speaker_id uuid references actor,
    on_behalf_of_id uuid references actor,
    addressee_ids uuid[] not null default '{}',
    talk_id uuid references talk,
    process_id uuid references process,
    said fuzzy_date not null,
    channel text,
    attribution attribution not null,
    quote text,
    language text,
    translated boolean not null default false,
    summary text,
    stance statement_stance,
    modality modality not null default 'ASSERTED',
    issue_ids uuid[] not null default '{}',
    constraint statement_has_quote check (quote is not null or attribution <> 'DIRECT_QUOTE'),
    constraint statement_says_something check (quote is not null or summary is not null),
    constraint statement_has_speaker check (speaker_id is not null or attribution = 'ANONYMOUS')
$$);
select reference_many('statement', 'addressee_ids', 'actor'), reference_many('statement', 'issue_ids', 'issue');
select index_days('statement', 'said');
-- What is said to somebody, and about an issue.
create index statement_addressees on statement using gin (addressee_ids);
create index statement_issues on statement using gin (issue_ids);

-- Where an actor stands on an issue in a process.
select make_record_type('position', $$
    actor_id uuid not null references actor,
    issue_id uuid not null references issue,
    process_id uuid not null references process,
    stance position_stance not null,
    red_line boolean not null default false,
    text text,
    held fuzzy_date,
    statement_ids uuid[] not null default '{}'
$$);
select reference_many('position', 'statement_ids', 'statement');
-- The positions that rest on a statement.
create index position_statements on position using gin (statement_ids);


-- --- agreements ----------------------------------------------------------------------------------

-- A text agreed between parties, or one that is sought.
select make_record_type('agreement', $$
    title text not null,
    process_id uuid references process,
    kind agreement_kind not null,
    stage agreement_stage,
    sub_stage agreement_sub_stage,
    summary text,
    text_url text,
    supersedes_id uuid references agreement
$$);

-- An actor's name under an agreement.
select make_record_type('signature', $$
    agreement_id uuid not null references agreement,
    actor_id uuid not null references actor,
    signatory_id uuid references actor,
    capacity signature_capacity not null,
    signed fuzzy_date
$$);

-- An undertaking in an agreement.
select make_record_type('provision', $$
    agreement_id uuid not null references agreement,
    article text,
    text text not null,
    issue_id uuid references issue,
    weight integer constraint provision_weight_between check (weight between 0 and 3)
$$);

-- How far a provision is implemented in a period.
select make_record_type('assessment', $$
    provision_id uuid not null references provision,
    period fuzzy_date not null,
    level integer not null constraint assessment_level_between check (level between 0 and 3),
    reversal boolean not null default false,
    assessor_id uuid references actor
$$);


-- --- deadlines, conditions, milestones -----------------------------------------------------------

-- Something due.
select make_record_type('deadline', $$
    title text not null,
    subject_id uuid not null references record,
    set_by_id uuid references actor,
    addressee_ids uuid[] not null default '{}',
    due fuzzy_date constraint deadline_has_due_date check ((due).edtf is not null or hardness = 'OPEN_ENDED'),
    anchor date,
    hardness hardness not null,
    consequence text
$$);
select reference_many('deadline', 'addressee_ids', 'actor');
select index_days('deadline', 'due');
-- What somebody has to do.
create index deadline_addressees on deadline using gin (addressee_ids);

-- An "if … then …" that a statement sets.
select make_record_type('condition', $$
    statement_id uuid not null references statement,
    kind condition_kind not null,
    condition text not null,
    consequence text,
    addressee_ids uuid[] not null default '{}',
    deadline_id uuid references deadline
$$);
select reference_many('condition', 'addressee_ids', 'actor');
-- The conditions that somebody has to fulfil.
create index condition_addressees on condition using gin (addressee_ids);

-- A dated step in the life of a talk, agreement, process or deadline. The type of its subject is written by a trigger, so
-- that a check can hold its kind to it.
select make_record_type('milestone', $$
    subject_id uuid not null references record,
    subject_type text not null,
    kind milestone_kind not null,
    at fuzzy_date not null,
    actor_id uuid references actor,
    note text,
    due fuzzy_date constraint milestone_due_fits_kind check ((kind = 'EXTENDED') = ((due).edtf is not null)),
    foreign key (subject_id, subject_type) references record (id, type),
    constraint milestone_kind_fits_subject check (
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
    )
$$);
create function name_subject_type() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
    new.subject_type := (select type from record where id = new.subject_id);
    return new;
end
$$;
create trigger a_subject_type before insert or update of subject_id on milestone
    for each row execute function name_subject_type();
select index_days('milestone', 'at');
-- The rules of statuses.
create index milestone_subject_at on milestone (subject_id, kind, ((at).earliest));


-- --- what is written about records ---------------------------------------------------------------

-- Analysis, opinion or a brief on a subject.
select make_record_type('commentary', $$
    subject_id uuid not null references record,
    kind commentary_kind not null,
    author_id uuid references actor,
    headline text not null,
    text text,
    points text[] not null default '{}'
        constraint commentary_points_items check (array_position(points, null) is null)
        constraint commentary_says_something check (text is not null or points <> '{}'),
    published fuzzy_date
$$);

-- A document that facts come from.
select make_record_type('source', $$
    title text,
    publisher text,
    url text,
    published fuzzy_date,
    retrieved_at timestamptz,
    archive_url text,
    language text,
    licence text,
    sha256 text constraint source_sha256_form check (sha256 ~ '^[0-9a-f]{64}$')
$$);

-- A tie between a record, or one field of it, and a source.
select make_record_type('citation', $$
    record_id uuid not null references record,
    field text,
    source_id uuid not null references source,
    stance citation_stance not null default 'SUPPORTS',
    quote text,
    locator text,
    number integer constraint citation_number_between check (number >= 1),
    asserted_value text constraint citation_value_is_disputed check (asserted_value is null or stance = 'DISPUTES')
$$);

-- A record's id in another data set.
select make_record_type('code', $$
    record_id uuid not null references record,
    scheme code_scheme not null,
    code text not null constraint code_code_longest check (length(code) <= 200),
    match code_match not null default 'EXACT',
    valid fuzzy_date
$$);
-- The record that has this id elsewhere.
create index code_lookup on code (scheme, code);

select track(lower(t.name)) from record_type t;
