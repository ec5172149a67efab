"""Every record type, in one list, and the rules that the types publish."""

from __future__ import annotations

from typing import Any

from schema.dates.phrase_rules import PHRASE_RULES
from schema.declare.fields import Rule
from schema.declare.reflection import fields_of
from schema.records.actors.actor import Actor, Office
from schema.records.actors.membership import Membership
from schema.records.agreements.agreement import Agreement
from schema.records.agreements.provision import Assessment, Provision
from schema.records.agreements.signature import Signature
from schema.records.curation.api_key import ApiKey
from schema.records.curation.proposal import Proposal
from schema.records.curation.revision import Revision
from schema.records.processes.conflict import Conflict
from schema.records.processes.issue import Issue, Standing
from schema.records.processes.position import Position
from schema.records.processes.process import Process, TimelineEntry
from schema.records.record import Record
from schema.records.sources.citation import Citation
from schema.records.sources.code import Code
from schema.records.sources.other_name import OtherName
from schema.records.sources.source import Source
from schema.records.statements.commentary import Commentary
from schema.records.statements.statement import Condition, Statement
from schema.records.talks.participation import Participation
from schema.records.talks.talk import Talk
from schema.records.timeline.deadline import Deadline
from schema.records.timeline.milestone import Milestone

RECORDS: list[type[Record]] = [
    Source,
    Conflict,
    Process,
    Actor,
    Office,
    Membership,
    Issue,
    Talk,
    Participation,
    Statement,
    Condition,
    Position,
    Agreement,
    Signature,
    Provision,
    Assessment,
    Deadline,
    Milestone,
    Commentary,
    Citation,
    Code,
    OtherName,
]
"""Every record type, in an order in which a record comes after most of what it points to."""

COMPUTED: list[type] = [Standing, TimelineEntry, Revision]
"""The types whose rows are computed, or written by the database."""

WORK: list[type[Any]] = [Proposal, ApiKey]
"""The types of the work on records. They have no clock: what they say, they say now."""


def published_rules() -> list[Rule]:
    """Every rule that computes something or reads a phrase, by name."""
    declared = {
        rule.name: rule
        for cls in (*RECORDS, *COMPUTED)
        for field in fields_of(cls)
        if isinstance(rule := field.metadata.get("rule"), Rule)
    }
    return sorted([*declared.values(), *PHRASE_RULES], key=lambda rule: rule.name)
