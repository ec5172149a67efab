"""The schema: every record type, its inputs and the fields a query begins with."""

from __future__ import annotations

import sys
from datetime import date, datetime
from functools import cache
from typing import Any

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import create_type
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from schema.actor import Actor, Office
from schema.agreement import Agreement, Signature
from schema.citation import Citation
from schema.code import Code
from schema.commentary import Commentary
from schema.conflict import Conflict
from schema.deadline import Deadline
from schema.fields import Children, FieldRule, Lookup, Lookups, Many, Rule, declare
from schema.inputs import (
    LARGEST_PAGE,
    argument,
    clock_arguments,
    derive,
    fields_of,
    input_type,
    page_arguments,
    see,
)
from schema.issue import Issue, Standing
from schema.milestone import Milestone
from schema.participation import Participation
from schema.phrases import PHRASE_RULES
from schema.position import Position
from schema.process import Process, TimelineEntry
from schema.provision import Assessment, Provision
from schema.record import Node, Record
from schema.revision import Revision
from schema.rules import Explained, PublishedRule, RuleInput, rule_table
from schema.scalars import Date, DateTime
from schema.source import Source
from schema.statement import Condition, Statement
from schema.talk import Talk

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
    names = all_names()
    PublishedRule.table = rule_table(published_rules())
    derive([Record, *RECORDS, *COMPUTED], names)
    for cls in (PublishedRule, RuleInput, Explained, Node):
        for field in fields_of(cls):
            see(field, names)
    return names


def create_schema() -> strawberry.Schema:
    """Build the schema. Raises where a declaration is wrong, naming it."""
    return strawberry.Schema(
        query=query_type(link()),
        types=RECORDS,
        config=StrawberryConfig(scalar_map={date: Date, datetime: DateTime}),
    )


def query_type(names: dict[str, Any]) -> type:
    """The fields a query begins with: for each record type one by id or key, and a list."""
    names["By"] = input_type(
        "By",
        "Which record: by its id or by its key.",
        {"id": (strawberry.ID, "Its id."), "key": (str, "Its key, such as `paris-2025-04-17`.")},
        names,
        one_of=True,
    )
    fields = {
        "node": root(
            "Node | None",
            "Anything, by its id.",
            Lookup(),
            argument("id", "strawberry.ID", "The id.", names),
            *clock_arguments(names),
        ),
        "nodes": root(
            "list[Node | None]",
            f"Several things by their ids, {LARGEST_PAGE} at most; null where there is none.",
            Lookups(),
            argument("ids", "list[strawberry.ID]", "The ids.", names),
            *clock_arguments(names),
        ),
    }
    for cls in RECORDS:
        says = (cls.__doc__ or "").strip()
        fields[cls.table.name] = root(
            f"{cls.__name__} | None",
            f"One {cls.__name__}: {says}",
            Lookup(),
            argument("by", "By", "Which one.", names),
            *clock_arguments(names),
        )
        fields[cls.table.plural] = root(
            f"Connection[{cls.__name__}]",
            f"A list of {cls.__name__}: {says}",
            Children("true"),
            *page_arguments(cls.__name__, names),
            *clock_arguments(names),
        )
    fields["revisions"] = root(
        "Connection[Revision]",
        "Every change to every record, newest first.",
        Children("true"),
        *page_arguments("Revision", names),
        *clock_arguments(names),
    )
    fields["rule"] = root(
        "PublishedRule | None",
        "One published rule, by its id.",
        Lookup(),
        argument("id", "strawberry.ID", "Its id, such as `talk.status.v1`.", names),
    )
    fields["rules"] = root(
        "list[PublishedRule]", "Every published rule.", Many("array(select r.id from {rule} r order by r.id)")
    )
    for name, field in fields.items():
        field.python_name = name
        see(field, names)
    return create_type("Query", list(fields.values()), description="What can be asked.")


def root(annotation: str, description: str, rule: FieldRule, *arguments: StrawberryArgument) -> StrawberryField:
    field: StrawberryField = declare(description, lambda _: rule)
    field.type_annotation = StrawberryAnnotation(annotation)
    field.arguments = list(arguments)
    return field


def all_names() -> dict[str, Any]:
    """Every name that an annotation of a declaration may use."""
    names: dict[str, Any] = {}
    for cls in (Record, *RECORDS, *COMPUTED, PublishedRule):
        names.update(vars(sys.modules[cls.__module__]))
    return names
