"""Agreements, reached or sought, and where they stand."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import TYPE_CHECKING

import strawberry

from schema.declare.bounds import WEB_ADDRESS
from schema.declare.connections import Connection
from schema.declare.fields import (
    NAME,
    SUMMARY,
    at_clock,
    children,
    column,
    computed,
    explained,
    one,
    parts,
    precomputed,
)
from schema.declare.table import no_circle
from schema.declare.vocabulary import vocabulary
from schema.records.agreements.agreement_status import (
    AGREEMENT_STATUS,
    STATUS_FACTS,
    STATUS_PERIODS,
    AgreementStatus,
)
from schema.records.record import Record, record
from schema.records.rule import Explained

if TYPE_CHECKING:
    from schema.records.agreements.provision import Provision
    from schema.records.agreements.signature import Signature
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
    UNILATERAL = "Declared by one side alone, such as a decreed truce: it has one party."
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
class AgreementPartKind(Enum):
    """The kind of a text that is a part of another."""

    ANNEX = "An annex."
    PHASE = "A phase of its implementation."
    PROTOCOL = "A protocol."
    SIDE_LETTER = "A letter exchanged beside it."
    OTHER = "Another part."


VIOLATIONS = "select count(*) from {milestone} m where m.subject_id = {t}.id and m.kind = "

# The level of each provision that is judged: of those who judge the newest period the lowest.
LEVELS = """
    select (
        select min(a.level) from {assessment} a
        where a.provision_id = p.id and coalesce((a.period).latest, 'infinity') = (
            select max(coalesce((n.period).latest, 'infinity')) from {assessment} n where n.provision_id = p.id
        )
    ) as level
    from {provision} p
    where p.agreement_id = {t}.id
"""


@strawberry.type(description="How often an agreement is said, and found, to have been violated.")
class Violations:
    alleged: int = strawberry.field(description="Violations that somebody alleges.")
    confirmed: int = strawberry.field(description="Violations that are confirmed.")
    last: date | None = strawberry.field(description="First possible day of the last of them.")


@strawberry.type(description="How far an agreement is carried out, of as many of its provisions as are judged.")
class Implementation:
    mean: float | None = strawberry.field(
        description="From 0 to 3: the mean of the newest level of each provision that is judged."
    )
    judged: int = strawberry.field(description="Provisions that are judged.")
    total: int = strawberry.field(description="Provisions that are known.")


@record(
    order="title",
    periods=STATUS_PERIODS,
    contradictions=(no_circle("agreement", "part_of"), no_circle("agreement", "supersedes")),
    in_short="A text agreed, or sought.",
)
class Agreement(Record):
    """A text agreed between parties, or one that is sought."""

    title: str = column("What the agreement is called.", searched=NAME)
    process: Process | None = one("The peace process it belongs to.", by_default="process")
    kind: AgreementKind = column("What it is.")
    stage: AgreementStage | None = column("Stage of the process, in PA-X's terms.")
    sub_stage: AgreementSubStage | None = column("Stage within the stage, in PA-X's terms.")
    summary: str | None = column("What it would do.", searched=SUMMARY)
    text_url: str | None = column("Where the text can be read.", form=WEB_ADDRESS)
    supersedes: Agreement | None = one("The agreement it replaces.")
    part_of: Agreement | None = one("The text that it is a part of.")
    part_kind: AgreementPartKind | None = column("Which part of that it is.")
    confidential: bool = column("Whether its text is kept from the public.", default=False)
    status: AgreementStatus = precomputed("Where it stands.", STATUS_PERIODS)
    status_since: date | None = precomputed(
        "First day of the unbroken run of days with this status.", STATUS_PERIODS, "since"
    )
    status_explained: Explained[AgreementStatus] = explained(
        "Where it stands, by which rule and from which facts.",
        "{t:agreement.status}",
        AGREEMENT_STATUS,
        STATUS_FACTS,
    )
    signed_on: date | None = precomputed(
        "Day it was signed by all; where no such milestone is known, the day of the last party's signature. Null "
        "while a party has still to sign.",
        STATUS_PERIODS,
    )
    in_force_since: date | None = computed(
        "Day since which it is in force without a break; null if it is not.",
        f"case when {{t:agreement.status}} = 'IN_FORCE' then {at_clock('since', table='agreement')} end",
    )
    disputed: bool = precomputed("Whether a source disputes what decides.", STATUS_PERIODS)
    violations: Violations = parts(
        "Violations that were alleged and confirmed. They are counted, and change no status.",
        None,
        alleged=f"({VIOLATIONS} 'VIOLATION_ALLEGED')",
        confirmed=f"({VIOLATIONS} 'VIOLATION_CONFIRMED')",
        last="""(
            select max((m.at).earliest) from {milestone} m
            where m.subject_id = {t}.id and m.kind in ('VIOLATION_ALLEGED', 'VIOLATION_CONFIRMED')
        )""",
    )
    implementation: Implementation = parts(
        "How far it is carried out.",
        None,
        mean=f"(select round(avg(v.level), 2)::float8 from ({LEVELS}) v)",
        judged=f"(select count(v.level) from ({LEVELS}) v)",
        total="(select count(*) from {provision} p where p.agreement_id = {t}.id)",
    )
    parts: Connection[Agreement] = children("Its annexes, phases, protocols and side letters.", "part_of_id")
    provisions: Connection[Provision] = children("What the parties undertake.", "agreement_id")
    signatures: Connection[Signature] = children("Who signed it, in which capacity.", "agreement_id")
    milestones: Connection[Milestone] = children("Dated steps: proposed, signed, in force.", "subject_id")
