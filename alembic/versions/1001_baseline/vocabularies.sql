-- Closed lists of terms. The sentence that explains each term stands in the declarations (schema/), which name the same
-- labels in the same order; the check at start-up compares them.

-- Conflicts and processes.
create type incompatibility as enum ('TERRITORY', 'GOVERNMENT', 'BOTH');
create type conflict_kind as enum ('INTERSTATE', 'INTRASTATE', 'INTERNATIONALISED', 'EXTRASYSTEMIC');
create type process_track as enum ('ONE', 'ONE_AND_A_HALF', 'TWO');

-- Actors and offices.
create type actor_kind as enum (
    'STATE', 'ENTITY', 'IGO', 'COALITION', 'GOVERNMENT_BODY', 'MILITARY', 'ARMED_GROUP', 'POLITICAL_PARTY',
    'CIVIL_SOCIETY', 'COMPANY', 'PERSON', 'OTHER'
);
create type office_rank as enum (
    'HEAD_OF_STATE', 'HEAD_OF_GOVERNMENT', 'FOREIGN_MINISTER', 'DEFENCE_MINISTER', 'MINISTER',
    'NATIONAL_SECURITY_ADVISER', 'SPECIAL_ENVOY', 'AMBASSADOR', 'MILITARY_COMMANDER', 'LEADER', 'SPOKESPERSON',
    'OFFICIAL', 'OTHER'
);

-- Talks and who takes part.
create type talk_format as enum ('IN_PERSON', 'PHONE', 'VIDEO', 'SHUTTLE');
create type talk_level as enum ('LEADERS', 'MINISTERS', 'ENVOYS', 'OFFICIALS', 'TECHNICAL');
create type participation_role as enum ('PARTY', 'MEDIATOR', 'FACILITATOR', 'HOST', 'GUARANTOR', 'OBSERVER', 'WITNESS');
create type attendance as enum ('EXPECTED', 'CONFIRMED', 'REPORTED', 'ABSENT');

-- Positions, statements and the conditions they set.
create type position_stance as enum ('DEMANDS', 'ACCEPTS', 'ACCEPTS_WITH_CONDITIONS', 'REJECTS', 'UNDECLARED');
create type attribution as enum ('DIRECT_QUOTE', 'INDIRECT', 'PARAPHRASE', 'ANONYMOUS', 'JOINT');
create type statement_stance as enum (
    'OFFER', 'DEMAND', 'THREAT', 'PROMISE', 'REJECTION', 'ACCEPTANCE', 'ENDORSEMENT', 'ASSESSMENT', 'REPORT'
);
create type modality as enum ('ASSERTED', 'CONDITIONAL', 'HYPOTHETICAL', 'NEGATED');
create type condition_kind as enum ('ULTIMATUM', 'PRECONDITION', 'OFFER', 'PROMISE');

-- Agreements; stages and sub-stages are those of PA-X.
create type agreement_kind as enum (
    'CEASEFIRE', 'FRAMEWORK', 'COMPREHENSIVE', 'PARTIAL', 'MEMORANDUM', 'ECONOMIC', 'HUMANITARIAN',
    'PRISONER_EXCHANGE', 'IMPLEMENTATION', 'RENEWAL', 'OTHER'
);
create type agreement_stage as enum ('CEA', 'IMP', 'OTH', 'PRE', 'REN', 'SUBCOMP', 'SUBPAR');
create type agreement_sub_stage as enum (
    'CEAMIX', 'CEAS', 'REL', 'EXTPAR', 'EXTSUB', 'IMPMOD', 'IMPOTH', 'OTHER', 'CONF', 'PREMIX', 'PREOTH', 'PRIN',
    'PROC', 'REIMP', 'REOTH', 'REPRE', 'RESUB', 'FRAG', 'FRCONS', 'FRCOMOTH', 'FRPAROTH', 'ISS', 'MULTISS'
);
create type signature_capacity as enum ('PARTY', 'THIRD_PARTY', 'GUARANTOR', 'WITNESS');

-- Milestones and deadlines.
create type milestone_kind as enum (
    'ANNOUNCED', 'SCHEDULED', 'POSTPONED', 'OPENED', 'ADJOURNED', 'CONCLUDED', 'COLLAPSED', 'CANCELLED',
    'PROPOSED', 'DRAFTED', 'NEGOTIATED', 'INITIALLED', 'SIGNED', 'RATIFIED', 'ACCEPTED', 'APPROVED', 'ACCEDED',
    'PROVISIONALLY_APPLIED', 'ENTERED_INTO_FORCE', 'AMENDED', 'SUSPENDED', 'VIOLATION_ALLEGED', 'VIOLATION_CONFIRMED',
    'REJECTED', 'REPUDIATED', 'EXPIRED', 'SUPERSEDED', 'TERMINATED',
    'RESUMED', 'REPORTED_STALLED', 'REPORTED_PROGRESS',
    'SET', 'EXTENDED', 'MET', 'MISSED', 'WAIVED', 'WITHDRAWN'
);
create type hardness as enum ('HARD', 'VAGUE', 'CONDITIONAL', 'OPEN_ENDED');

-- Commentary, citations, and ids in other data sets.
create type commentary_kind as enum ('ANALYSIS', 'OPINION', 'BRIEF');
create type citation_stance as enum ('SUPPORTS', 'DISPUTES', 'RETRACTS');
create type code_scheme as enum (
    'ISO3166', 'COW', 'GW', 'UCDP_ACTOR', 'UCDP_CONFLICT', 'UCDP_PEACE_AGREEMENT', 'PAX', 'PAX_PROCESS', 'PAX_ISSUE',
    'PAAX', 'MEND', 'ETHPRIO', 'WIKIDATA'
);
create type code_match as enum ('EXACT', 'CLOSE', 'BROAD', 'NARROW');
