"""Agreements, reached or sought, who signed them, and where they stand."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import TYPE_CHECKING

from schema.dates.edtf_dates import FuzzyDate
from schema.declare.bounds import WEB_ADDRESS
from schema.declare.connections import Connection
from schema.declare.fields import NAME, SUMMARY, Rule, StatusPeriods, children, column, computed, explained, fuzzy, one
from schema.declare.table import Verb
from schema.declare.vocabulary import vocabulary
from schema.records.record import Record, record
from schema.records.rule import Explained

if TYPE_CHECKING:
    from schema.records.actors.actor import Actor
    from schema.records.agreements.provision import Provision
    from schema.records.processes.process import Process
    from schema.records.timeline.milestone import Milestone


@vocabulary
class AgreementKind(Enum):
    """The kind of an agreement."""

    CEASEFIRE = "Fighting stops."
    FRAMEWORK = "The outline of a settlement."
    COMPREHENSIVE = "A settlement of the whole conflict."
    PARTIAL = "A settlement of some of its issues."
    MEMORANDUM = "An understanding, seldom binding."
    ECONOMIC = "Trade, resources, investment or reconstruction."
    HUMANITARIAN = "Relief, corridors, protection of civilians."
    PRISONER_EXCHANGE = "Prisoners are exchanged or released."
    IMPLEMENTATION = "How an earlier agreement is carried out."
    RENEWAL = "An earlier agreement is renewed."
    OTHER = "Anything else."


@vocabulary
class AgreementStage(Enum):
    """Stage of the peace process that an agreement belongs to, in PA-X's terms."""

    CEA = "Ceasefire or related."
    IMP = "Implementation or renegotiation."
    OTH = "Other."
    PRE = "Pre-negotiation or process."
    REN = "Renewal."
    SUBCOMP = "Framework, substantive and comprehensive."
    SUBPAR = "Framework, substantive and partial."


@vocabulary
class AgreementSubStage(Enum):
    """Stage within the stage, in PA-X's terms."""

    CEAMIX = "Ceasefire: mixed."
    CEAS = "Ceasefire: ceasefire."
    REL = "Ceasefire: related."
    EXTPAR = "Implementation: extends the agreement to new parties."
    EXTSUB = "Implementation: takes up new or open issues."
    IMPMOD = "Implementation: modalities."
    IMPOTH = "Implementation: other."
    OTHER = "Other stage."
    CONF = "Pre-negotiation: confidence-building measure."
    PREMIX = "Pre-negotiation: mixed."
    PREOTH = "Pre-negotiation: other."
    PRIN = "Pre-negotiation: principles."
    PROC = "Pre-negotiation: process."
    REIMP = "Renewal: implementation."
    REOTH = "Renewal: other."
    REPRE = "Renewal: pre-negotiation."
    RESUB = "Renewal: substantive."
    FRAG = "Comprehensive framework: agreement."
    FRCONS = "Comprehensive framework: constitution."
    FRCOMOTH = "Comprehensive framework: other."
    FRPAROTH = "Partial framework: other."
    ISS = "Partial framework: one core issue."
    MULTISS = "Partial framework: several issues."


@vocabulary
class AgreementStatus(Enum):
    """The status of an agreement, computed by the rule `agreement.status`."""

    SOUGHT = "Wanted; no text is known."
    PROPOSED = "Proposed by a side or a mediator."
    DRAFTED = "A draft exists."
    NEGOTIATED = "The text is agreed, not signed."
    INITIALLED = "Initialled."
    SIGNED = "Signed."
    RATIFIED = "Ratified, accepted or approved by a signatory at least."
    IN_FORCE = "In force, or applied provisionally."
    SUSPENDED = "Suspended."
    BREACHED = "A violation is confirmed and not settled."
    REJECTED = "Rejected by a side."
    TERMINATED = "Ended or repudiated."
    EXPIRED = "Run out."
    SUPERSEDED = "Replaced by another."


AGREEMENT_STATUS = Rule(
    "agreement.status",
    1,
    "A fold over the agreement's milestones in the order of their dates. Steps forward (PROPOSED, DRAFTED, NEGOTIATED, "
    "INITIALLED, SIGNED; RATIFIED, ACCEPTED, APPROVED or ACCEDED; ENTERED_INTO_FORCE or PROVISIONALLY_APPLIED) never "
    "lead back: the furthest counts. A break (SUSPENDED, VIOLATION_CONFIRMED, REJECTED, REPUDIATED, TERMINATED, "
    "EXPIRED, SUPERSEDED) holds until a later step brings the agreement into force; after REJECTED any later step "
    "forward counts. Without milestones it is SOUGHT. AMENDED and VIOLATION_ALLEGED change nothing.",
)

# The milestones in date order (n), each with the rank it moves forward to, or the break it makes.
STEPS = """(
    select m.id, m.kind, m.at,
        row_number() over (order by (m.at).earliest nulls first, (m.at).latest, m.id) as n,
        case
            when m.kind = 'PROPOSED' then 1
            when m.kind = 'DRAFTED' then 2
            when m.kind = 'NEGOTIATED' then 3
            when m.kind = 'INITIALLED' then 4
            when m.kind = 'SIGNED' then 5
            when m.kind in ('RATIFIED', 'ACCEPTED', 'APPROVED', 'ACCEDED') then 6
            when m.kind in ('ENTERED_INTO_FORCE', 'PROVISIONALLY_APPLIED') then 7
        end as rank,
        case m.kind
            when 'SUSPENDED' then 'SUSPENDED'
            when 'VIOLATION_CONFIRMED' then 'BREACHED'
            when 'REJECTED' then 'REJECTED'
            when 'REPUDIATED' then 'TERMINATED'
            when 'TERMINATED' then 'TERMINATED'
            when 'EXPIRED' then 'EXPIRED'
            when 'SUPERSEDED' then 'SUPERSEDED'
        end as break
    from {milestone} m
    where m.subject_id = {t}.id
)"""

STATUS = f"""(
    with step as materialized {STEPS},
    last_break as (select n, break from step where break is not null order by n desc limit 1),
    reached as (
        select max(s.rank) as rank
        from step s left join last_break b on true
        where b.n is null or (s.n > b.n and (b.break = 'REJECTED' or s.rank = 7))
    )
    select coalesce(
        (array['PROPOSED', 'DRAFTED', 'NEGOTIATED', 'INITIALLED', 'SIGNED', 'RATIFIED', 'IN_FORCE'])[reached.rank],
        (select break from last_break),
        'SOUGHT'
    )
    from reached
)"""

STATUS_FACTS = """
    select 'milestone' as name, m.kind || ' ' || (m.at).edtf as value, m.id as record_id
    from {milestone} m where m.subject_id = {t}.id
    order by (m.at).earliest nulls first, (m.at).latest, m.id
"""

STATUS_PERIODS = StatusPeriods(
    "agreement",
    """
    select (m.at).earliest from {any milestone} m where m.subject_id = {t}.id
    union all select (s.signed).earliest from {any signature} s where s.agreement_id = {t}.id
    """,
)

SIGNED_ON = """coalesce(
    (select min((m.at).earliest) from {milestone} m where m.subject_id = {t}.id and m.kind = 'SIGNED'),
    (select max((s.signed).earliest) from {signature} s where s.agreement_id = {t}.id and s.capacity = 'PARTY')
)"""

IN_FORCE_SINCE = """(
    select min((m.at).earliest) from {milestone} m
    where m.subject_id = {t}.id and m.kind in ('ENTERED_INTO_FORCE', 'PROVISIONALLY_APPLIED')
        and {t:agreement.status} = 'IN_FORCE'
        and not exists (
            select from {milestone} b
            where b.subject_id = {t}.id and (b.at).earliest > (m.at).earliest
                and b.kind in (
                    'SUSPENDED', 'VIOLATION_CONFIRMED', 'REJECTED', 'REPUDIATED', 'TERMINATED', 'EXPIRED', 'SUPERSEDED'
                )
        )
)"""

IMPLEMENTATION = """(
    select round(avg(newest.level), 2)::float8
    from {provision} p
    cross join lateral (
        select a.level from {assessment} a
        where a.provision_id = p.id
        order by (a.period).latest desc nulls first, a.id desc
        limit 1
    ) newest
    where p.agreement_id = {t}.id
)"""


@record(
    order="title",
    periods=STATUS_PERIODS,
    appears="""coalesce(
        (select min(coalesce((m.at).earliest, '-infinity')) from {any milestone} m where m.subject_id = {t}.id),
        (select min((s.signed).earliest) from {any signature} s where s.agreement_id = {t}.id),
        '-infinity'
    ) <= {today}""",
    in_short="A text agreed, or sought.",
)
class Agreement(Record):
    """A text agreed between parties, or one that is sought."""

    title: str = column("What the agreement is called.", searched=NAME)
    process: Process | None = one("The peace process it belongs to.")
    kind: AgreementKind = column("What it is.")
    stage: AgreementStage | None = column("Stage of the process, in PA-X's terms.")
    sub_stage: AgreementSubStage | None = column("Stage within the stage, in PA-X's terms.")
    summary: str | None = column("What it would do.", searched=SUMMARY)
    text_url: str | None = column("Where the text can be read.", form=WEB_ADDRESS)
    supersedes: Agreement | None = one("The agreement it replaces.")
    status: AgreementStatus = computed("Where it stands.", STATUS, periods=STATUS_PERIODS)
    status_explained: Explained[AgreementStatus] = explained(
        "Where it stands, by which rule and from which milestones.",
        "{t:agreement.status}",
        AGREEMENT_STATUS,
        STATUS_FACTS,
    )
    signed_on: date | None = computed(
        "Day it was first signed; where no such milestone is known, the day of the last party's signature.", SIGNED_ON
    )
    in_force_since: date | None = computed(
        "Day since which it is in force without a break; null if it is not.", IN_FORCE_SINCE
    )
    implementation: float | None = computed(
        "How far it is carried out, from 0 to 3: the mean of the newest level of each provision assessed.",
        IMPLEMENTATION,
    )
    provisions: Connection[Provision] = children("What the parties undertake.", "agreement_id")
    signatures: Connection[Signature] = children("Who signed it, in which capacity.", "agreement_id")
    milestones: Connection[Milestone] = children("Dated steps: proposed, signed, in force.", "subject_id")


@vocabulary
class SignatureCapacity(Enum):
    """As what an actor signs."""

    PARTY = "It is bound."
    THIRD_PARTY = "It takes part without being bound as a party."
    GUARANTOR = "It answers for what is agreed."
    WITNESS = "It attests what is agreed."


@record(
    order="key",
    named_by=("agreement", "actor"),
    part_of="agreement",
    verb=Verb("addSignature", "Add an actor's signature to an agreement.", place=4),
    needs_citation=False,
    appears="coalesce(({t}.signed).earliest, '-infinity') <= {today}",
    in_short="An actor's name under an agreement.",
)
class Signature(Record):
    """One actor's name under an agreement."""

    agreement: Agreement = one("The agreement.")
    actor: Actor = one("For whom it is signed.")
    signatory: Actor | None = one("The person who signed.")
    capacity: SignatureCapacity = column("As what the actor signed.")
    signed: FuzzyDate | None = fuzzy("When it was signed.")
