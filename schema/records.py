"""Every record type, and the declarations of all types joined: the inputs derived, the names resolved."""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

from schema.actor import Actor, Office
from schema.agreement import Agreement, Signature
from schema.api_key import ApiKey
from schema.citation import Citation
from schema.code import Code
from schema.commentary import Commentary
from schema.conflict import Conflict
from schema.deadline import Deadline
from schema.fields import Rule
from schema.grouping import group_by_of
from schema.inputs import derive, fields_of, see
from schema.issue import Issue, Standing
from schema.milestone import Milestone
from schema.participation import Participation
from schema.phrases import PHRASE_RULES
from schema.position import Position
from schema.process import Process, TimelineEntry
from schema.proposal import Proposal, ProposalComment, ProposedChange, ProposedOperation
from schema.provision import Assessment, Provision
from schema.record import Node, Record
from schema.revision import RecordType, Revision
from schema.rules import Explained, PublishedRule, RuleInput, rule_table
from schema.source import Source
from schema.statement import Condition, Statement
from schema.talk import Talk
from schema.vocabulary import vocabulary

RECORDS: list[type[Record]] = [
    Source,
    Conflict,
    Process,
    Actor,
    Office,
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


@cache
def link() -> dict[str, Any]:
    """Join the declarations: derive inputs from them and let them name one another. Done once a process."""
    names = {**all_names(), "RecordType": record_types()}
    PublishedRule.table = rule_table(published_rules())
    derive([Record, *RECORDS, *COMPUTED, *WORK], names)
    for listed in (*RECORDS, *COMPUTED, *WORK):
        listed.group_by = group_by_of(listed)  # type: ignore[attr-defined]
    for cls in (PublishedRule, RuleInput, Explained, Node, ProposedOperation, ProposedChange, ProposalComment):
        for field in fields_of(cls):
            see(field, names)
    return names


def record_types() -> type[RecordType]:
    """Make the vocabulary of the record types."""
    terms = {cls.table.name.upper(): cls.table.in_short for cls in RECORDS}
    made: type[RecordType] = RecordType(RecordType.__name__, terms)  # type: ignore[call-arg, assignment]
    made.__doc__ = RecordType.__doc__
    return vocabulary(made)


def all_names() -> dict[str, Any]:
    """Every name that an annotation of a declaration may use."""
    names: dict[str, Any] = {}
    for cls in (Record, *RECORDS, *COMPUTED, *WORK, PublishedRule):
        names.update(vars(sys.modules[cls.__module__]))
    return names
