-- The steps from which statuses are computed: kinds of step that are new, and the values that a step gives its subject. A
-- term that is new cannot be used before it is committed: checks compare its text.

alter type milestone_kind add value if not exists 'TRIGGERED' after 'SET';
alter type milestone_kind add value if not exists 'SHORTENED' after 'EXTENDED';
alter type milestone_kind add value if not exists 'OBJECTED' after 'SHORTENED';

alter table milestone
    add column effective fuzzy_date,
    add column on_behalf_of_id uuid references actor,
    add column starts fuzzy_date,
    add column ends fuzzy_date,
    add column venue text,
    add column city text,
    add column country text constraint milestone_country_form check (country ~ '^[A-Z]{2}$'),
    drop constraint milestone_due_fits_kind,
    drop constraint milestone_kind_fits_subject,
    add constraint milestone_due_fits_kind check (
        (due).edtf is null and kind::text not in ('TRIGGERED', 'SHORTENED')
        or (due).edtf is not null and kind::text in ('TRIGGERED', 'EXTENDED', 'SHORTENED')
    ),
    add constraint milestone_moves_talk check (
        subject_type = 'TALK' or (starts).edtf is null and (ends).edtf is null and num_nonnulls(venue, city, country) = 0
    ),
    add constraint milestone_kind_fits_subject check (
        subject_type = 'TALK' and kind::text in (
            'ANNOUNCED', 'SCHEDULED', 'POSTPONED', 'OPENED', 'ADJOURNED', 'CONCLUDED', 'COLLAPSED', 'CANCELLED'
        )
        or subject_type = 'AGREEMENT' and kind::text in (
            'PROPOSED', 'DRAFTED', 'NEGOTIATED', 'INITIALLED', 'SIGNED', 'RATIFIED', 'ACCEPTED', 'APPROVED', 'ACCEDED',
            'PROVISIONALLY_APPLIED', 'ENTERED_INTO_FORCE', 'AMENDED', 'SUSPENDED', 'RESUMED', 'VIOLATION_ALLEGED',
            'VIOLATION_CONFIRMED', 'REJECTED', 'REPUDIATED', 'WITHDRAWN', 'EXPIRED', 'SUPERSEDED', 'TERMINATED'
        )
        or subject_type = 'PROCESS' and kind::text in (
            'OPENED', 'SUSPENDED', 'RESUMED', 'CONCLUDED', 'COLLAPSED', 'REPORTED_STALLED', 'REPORTED_PROGRESS'
        )
        or subject_type = 'DEADLINE' and kind::text in (
            'SET', 'TRIGGERED', 'EXTENDED', 'SHORTENED', 'OBJECTED', 'MET', 'MISSED', 'WAIVED', 'WITHDRAWN'
        )
        or subject_type = 'CONDITION' and kind::text in ('MET', 'MISSED', 'WAIVED', 'WITHDRAWN')
        or subject_type = 'PROVISION' and kind::text in (
            'MET', 'MISSED', 'WAIVED', 'WITHDRAWN', 'SUSPENDED', 'RESUMED'
        )
    );
alter table history.milestone
    add column effective fuzzy_date,
    add column on_behalf_of_id uuid,
    add column starts fuzzy_date,
    add column ends fuzzy_date,
    add column venue text,
    add column city text,
    add column country text;
select track('milestone');

-- A step as the rules look at it.
create type kept.step as (
    id uuid,
    kind text,
    counts date,
    until date,
    seen date,
    actor_id uuid,
    voice uuid,
    disputed boolean,
    due public.fuzzy_date,
    starts public.fuzzy_date,
    ends public.fuzzy_date,
    venue text,
    city text,
    country text
);
comment on type kept.step is
    'A step: from which day it counts (the first of its date of effect, else of its date, and never before that), the last '
    'day on which it may have begun to, since when it can be seen, whose voice it is, and what it gives its subject.';
