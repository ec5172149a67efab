"""The records of peace diplomacy: one table a type, each tracked.

Foreign keys between records are deferred to commit, since records of one dossier point at one
another in both directions (a condition at its deadline, the deadline at its condition).

Revision ID: 0002
Revises: 0001
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ENUMS = {
    "incompatibility": "TERRITORY GOVERNMENT BOTH",
    "conflict_kind": "INTERSTATE INTRASTATE INTERNATIONALISED EXTRASYSTEMIC",
    "process_track": "ONE ONE_AND_A_HALF TWO",
    "actor_kind": """STATE ENTITY IGO COALITION GOVERNMENT_BODY MILITARY ARMED_GROUP POLITICAL_PARTY
        CIVIL_SOCIETY COMPANY PERSON OTHER""",
    "office_rank": """HEAD_OF_STATE HEAD_OF_GOVERNMENT FOREIGN_MINISTER DEFENCE_MINISTER MINISTER
        NATIONAL_SECURITY_ADVISER SPECIAL_ENVOY AMBASSADOR MILITARY_COMMANDER LEADER SPOKESPERSON OFFICIAL OTHER""",
    "talk_format": "IN_PERSON PHONE VIDEO SHUTTLE",
    "talk_level": "LEADERS MINISTERS ENVOYS OFFICIALS TECHNICAL",
    "participation_role": "PARTY MEDIATOR FACILITATOR HOST GUARANTOR OBSERVER WITNESS",
    "attendance": "EXPECTED CONFIRMED REPORTED ABSENT",
    "position_stance": "DEMANDS ACCEPTS ACCEPTS_WITH_CONDITIONS REJECTS UNDECLARED",
    "attribution": "DIRECT_QUOTE INDIRECT PARAPHRASE ANONYMOUS JOINT",
    "statement_stance": "OFFER DEMAND THREAT PROMISE REJECTION ACCEPTANCE ENDORSEMENT ASSESSMENT REPORT",
    "modality": "ASSERTED CONDITIONAL HYPOTHETICAL NEGATED",
    "condition_kind": "ULTIMATUM PRECONDITION OFFER PROMISE",
    "agreement_kind": """CEASEFIRE FRAMEWORK COMPREHENSIVE PARTIAL MEMORANDUM ECONOMIC HUMANITARIAN
        PRISONER_EXCHANGE IMPLEMENTATION RENEWAL OTHER""",
    "agreement_stage": "CEA IMP OTH PRE REN SUBCOMP SUBPAR",
    "agreement_sub_stage": """CEAMIX CEAS REL EXTPAR EXTSUB IMPMOD IMPOTH OTHER CONF PREMIX PREOTH PRIN PROC
        REIMP REOTH REPRE RESUB FRAG FRCONS FRCOMOTH FRPAROTH ISS MULTISS""",
    "signature_capacity": "PARTY THIRD_PARTY GUARANTOR WITNESS",
    "milestone_kind": """ANNOUNCED SCHEDULED POSTPONED OPENED ADJOURNED CONCLUDED COLLAPSED CANCELLED
        PROPOSED DRAFTED NEGOTIATED INITIALLED SIGNED RATIFIED ACCEPTED APPROVED ACCEDED
        PROVISIONALLY_APPLIED ENTERED_INTO_FORCE AMENDED SUSPENDED VIOLATION_ALLEGED VIOLATION_CONFIRMED
        REJECTED REPUDIATED EXPIRED SUPERSEDED TERMINATED
        RESUMED REPORTED_STALLED REPORTED_PROGRESS
        SET EXTENDED MET MISSED WAIVED WITHDRAWN""",
    "hardness": "HARD VAGUE CONDITIONAL OPEN_ENDED",
    "commentary_kind": "ANALYSIS OPINION BRIEF",
    "citation_stance": "SUPPORTS DISPUTES RETRACTS",
    "code_scheme": """ISO3166 COW GW UCDP_ACTOR UCDP_CONFLICT UCDP_PEACE_AGREEMENT PAX PAX_PROCESS PAX_ISSUE PAAX
        MEND ETHPRIO WIKIDATA""",
    "code_match": "EXACT CLOSE BROAD NARROW",
}

# What a milestone can record depends on what it is a milestone of.
MILESTONES = {
    "TALK": "ANNOUNCED SCHEDULED POSTPONED OPENED ADJOURNED CONCLUDED COLLAPSED CANCELLED",
    "AGREEMENT": """PROPOSED DRAFTED NEGOTIATED INITIALLED SIGNED RATIFIED ACCEPTED APPROVED ACCEDED
        PROVISIONALLY_APPLIED ENTERED_INTO_FORCE AMENDED SUSPENDED VIOLATION_ALLEGED VIOLATION_CONFIRMED
        REJECTED REPUDIATED EXPIRED SUPERSEDED TERMINATED""",
    "PROCESS": "OPENED SUSPENDED RESUMED CONCLUDED COLLAPSED REPORTED_STALLED REPORTED_PROGRESS",
    "DEADLINE": "SET EXTENDED MET MISSED WAIVED WITHDRAWN",
}

# Table -> its own columns. Of a composite, `is not null` would ask for every part. `-> table` is a deferred foreign key, `[type]` an array of ids that a
# trigger holds to that type.
TABLES = {
    "conflict": """
        name text not null
        incompatibility incompatibility
        kind conflict_kind
        started fuzzy_date
        ended fuzzy_date
        countries text[] not null default '{}' check (countries::text ~ '^[{]([A-Z]{2}(,[A-Z]{2})*)?[}]$')
    """,
    "process": """
        name text not null
        summary text
        conflict_id uuid -> conflict
        parent_id uuid -> process
        track process_track
        opened fuzzy_date
        closed fuzzy_date
        stall_after_days integer not null default 30 check (stall_after_days between 1 and 36500)
    """,
    "actor": """
        name text not null
        aliases text[] not null default '{}' check (array_position(aliases, null) is null)
        kind actor_kind not null
        country text check (country ~ '^[A-Z]{2}$')
        parent_id uuid -> actor
        recognition text
    """,
    "office": """
        person_id uuid not null -> actor
        actor_id uuid not null -> actor
        title text not null
        rank office_rank
        held fuzzy_date
    """,
    "talk": """
        title text not null
        process_id uuid -> process
        follows_id uuid -> talk
        format talk_format
        level talk_level
        venue text
        city text
        country text check (country ~ '^[A-Z]{2}$')
        starts fuzzy_date
        ends fuzzy_date
        summary text
        outcome text
    """,
    "participation": """
        talk_id uuid not null -> talk
        actor_id uuid not null -> actor
        on_behalf_of_id uuid -> actor
        role participation_role not null
        head_of_delegation boolean not null default false
        attendance attendance not null
    """,
    "issue": """
        name text not null
        parent_id uuid -> issue
    """,
    "position": """
        actor_id uuid not null -> actor
        issue_id uuid not null -> issue
        process_id uuid not null -> process
        stance position_stance not null
        red_line boolean not null default false
        text text
        held fuzzy_date
        statement_ids uuid[] not null default '{}' [STATEMENT]
    """,
    "statement": """
        speaker_id uuid -> actor check (speaker_id is not null or attribution = 'ANONYMOUS')
        on_behalf_of_id uuid -> actor
        addressee_ids uuid[] not null default '{}' [ACTOR]
        talk_id uuid -> talk
        process_id uuid -> process
        said fuzzy_date not null
        channel text
        attribution attribution not null
        quote text check (quote is not null or attribution <> 'DIRECT_QUOTE')
        language text
        translated boolean not null default false
        summary text check (quote is not null or summary is not null)
        stance statement_stance
        modality modality not null default 'ASSERTED'
        issue_ids uuid[] not null default '{}' [ISSUE]
    """,
    "condition": """
        statement_id uuid not null -> statement
        kind condition_kind not null
        condition text not null
        consequence text
        addressee_ids uuid[] not null default '{}' [ACTOR]
        deadline_id uuid -> deadline
    """,
    "agreement": """
        title text not null
        process_id uuid -> process
        kind agreement_kind not null
        stage agreement_stage
        sub_stage agreement_sub_stage
        summary text
        text_url text
        supersedes_id uuid -> agreement
    """,
    "signature": """
        agreement_id uuid not null -> agreement
        actor_id uuid not null -> actor
        signatory_id uuid -> actor
        capacity signature_capacity not null
        signed fuzzy_date
    """,
    "provision": """
        agreement_id uuid not null -> agreement
        article text
        text text not null
        issue_id uuid -> issue
        weight integer check (weight between 0 and 3)
    """,
    "assessment": """
        provision_id uuid not null -> provision
        period fuzzy_date not null
        level integer not null check (level between 0 and 3)
        reversal boolean not null default false
        assessor_id uuid -> actor
    """,
    "milestone": """
        subject_id uuid not null -> record
        subject_type record_type not null
        kind milestone_kind not null
        at fuzzy_date not null
        actor_id uuid -> actor
        note text
        due fuzzy_date check ((kind = 'EXTENDED') = ((due).edtf is not null))
    """,
    "deadline": """
        title text not null
        subject_id uuid not null -> record
        set_by_id uuid -> actor
        addressee_ids uuid[] not null default '{}' [ACTOR]
        due fuzzy_date check ((due).edtf is not null or hardness = 'OPEN_ENDED')
        anchor date
        hardness hardness not null
        consequence text
    """,
    "commentary": """
        subject_id uuid not null -> record
        kind commentary_kind not null
        author_id uuid -> actor
        headline text not null
        text text
        points text[] not null default '{}' check (text is not null or points <> '{}') check (array_position(points, null) is null)
        published fuzzy_date
    """,
    "source": """
        title text
        publisher text
        url text
        published fuzzy_date
        retrieved_at timestamptz
        archive_url text
        language text
        licence text
        sha256 text check (sha256 ~ '^[0-9a-f]{64}$')
    """,
    "citation": """
        record_id uuid not null -> record
        field text
        source_id uuid not null -> source
        stance citation_stance not null default 'SUPPORTS'
        quote text
        locator text
        number integer check (number > 0)
        asserted_value text check (asserted_value is null or stance = 'DISPUTES')
    """,
    "code": """
        record_id uuid not null -> record
        scheme code_scheme not null
        code text not null check (length(code) <= 200)
        match code_match not null default 'EXACT'
        valid fuzzy_date
    """,
}

# Beside the index on every foreign key: what the default order of each list and the rules read.
INDEXES = """
create index talk_starts on talk (((starts).earliest), id);
create index statement_said on statement (((said).earliest), id);
create index deadline_due on deadline (((due).earliest), id);
create index milestone_subject_at on milestone (subject_id, kind, ((at).earliest));
create index statement_addressees on statement using gin (addressee_ids);
create index statement_issues on statement using gin (issue_ids);
create index position_statements on position using gin (statement_ids);
create index deadline_addressees on deadline using gin (addressee_ids);
create index condition_addressees on condition using gin (addressee_ids);
create index code_lookup on code (scheme, code);
"""

EVERY_TABLE = """
create table {table} (
    id uuid primary key default uuidv7(),
    key text not null unique check (key ~ '^[a-z0-9][a-z0-9._~-]*$' and length(key) <= 400),
    version integer not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    retracted_at timestamptz,
    merged_into_id uuid,
    {columns},
    {constraints}
)
"""


def upgrade() -> None:
    for name, labels in ENUMS.items():
        op.execute(f"create type {name} as enum ({quoted(labels)})")
    for table, declaration in TABLES.items():
        create(table, [line.strip() for line in declaration.strip().splitlines()])
    for table, declaration in TABLES.items():
        point(table, [line.strip() for line in declaration.strip().splitlines()])
    hold_milestones_to_their_subject()
    op.execute(INDEXES)
    for table in TABLES:
        op.execute(f"select track('{table}')")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.execute(f"drop view known.{table}; drop table history.{table}; drop table {table} cascade;")
    # The log and the parents speak of records that no longer have a table.
    op.execute("""
        alter table revision disable trigger user;
        alter table record disable trigger user;
        delete from revision;
        delete from record;
        alter table revision enable trigger user;
        alter table record enable trigger user;
    """)
    for name in reversed(ENUMS):
        op.execute(f"drop type {name}")


def quoted(labels: str) -> str:
    return ", ".join(f"'{label}'" for label in labels.split())


def create(table: str, lines: list[str]) -> None:
    columns = [line.split(" -> ")[0].split(" [")[0] for line in lines]
    checks = [line.partition(" -> ")[2].partition(" ")[2] for line in lines if " -> " in line]
    constraints = [
        # A row is written before its parent, which a trigger adds once it is sure that the row stays.
        "foreign key (id) references record (id) deferrable initially deferred",
        "foreign key (merged_into_id) references record (id) deferrable initially deferred",
        *filter(None, checks),
    ]
    op.execute(
        EVERY_TABLE.format(table=table, columns=",\n    ".join(columns), constraints=",\n    ".join(constraints))
    )


def point(table: str, lines: list[str]) -> None:
    for line in lines:
        column = line.split()[0]
        if " -> " in line:
            target = line.partition(" -> ")[2].split()[0]
            op.execute(f"""
                alter table {table} add foreign key ({column}) references {target} (id)
                    deferrable initially deferred;
                create index {table}_{column.removesuffix("_id")} on {table} ({column});
            """)
        elif line.endswith("]") and " [" in line:
            target = line.rpartition("[")[2].rstrip("]")
            op.execute(f"""
                alter table {table} add check (cardinality({column}) <= 100 and array_position({column}, null) is null);
                create trigger {column} after insert or update of {column} on {table} for each row
                    when (new.{column} <> '{{}}')
                    execute function references_records('{column}', '{target}');
            """)


def hold_milestones_to_their_subject() -> None:
    allowed = " or ".join(
        f"(subject_type = '{subject}' and kind in ({quoted(kinds)}))" for subject, kinds in MILESTONES.items()
    )
    op.execute(f"""
        alter table milestone add constraint milestone_kind_fits_subject check ({allowed});
        alter table milestone add foreign key (subject_id, subject_type) references record (id, type)
            deferrable initially deferred;
        create trigger a_subject_type before insert or update of subject_id on milestone
            for each row execute function name_subject_type();
    """)
