"""The published rules, and the types in which judgements are given."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

import strawberry

from schema.declare.fields import Rule, computed, literal
from schema.declare.table import Table
from schema.records.record import Json

if TYPE_CHECKING:
    from schema.records.record import Record

T = TypeVar("T")


@strawberry.type(description="A span of whole days, counted from the clock's UTC date.")
class DayRange:
    min: int | None = strawberry.field(description="Days to the first possible day; null when that is open.")
    max: int | None = strawberry.field(description="Days to the last possible day; null when that is open.")


@strawberry.type(name="Rule", description="A published rule by which something is computed or a phrase is read.")
class PublishedRule:
    id: strawberry.ID = computed("Name of the rule with its version: `talk.status.v1`.", "{t}.id", type="text")
    version: int = computed("Version of the rule. A rule is never changed, only followed by one.", "{t}.version")
    text: str = computed("What the rule says.", "{t}.text")
    parameters: Json = computed("The numbers it uses, by name.", "{t}.parameters")

    table: ClassVar[Table]


def rule_table(rules: list[Rule]) -> Table:
    """The rules as rows that a statement can read."""
    rows = [
        {"id": rule.name, "version": rule.version, "text": rule.text, "parameters": dict(rule.parameters)}
        for rule in rules
    ]
    columns = "id text, version integer, text text, parameters json"
    return Table(
        name="rule",
        plural="rules",
        source=f"select * from json_to_recordset({literal(json.dumps(rows))}) as r({columns})",
    )


@strawberry.type(description="A fact that a rule looked at.")
class RuleInput:
    name: str = strawberry.field(description="What was looked at.")
    value: str | None = strawberry.field(description="What it was, as text.")
    record: Record | None = strawberry.field(description="The record it stands in; null for the clock.")


@strawberry.type(description="A judgement with the rule it follows and the facts it used.")
class Explained(Generic[T]):
    value: T = strawberry.field(description="The judgement.")
    rule: PublishedRule = strawberry.field(description="The rule it follows.")
    inputs: list[RuleInput] = strawberry.field(description="The facts it used, with the records they stand in.")
