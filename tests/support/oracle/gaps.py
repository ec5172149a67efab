"""What the oracle has still to be taught, told from the declarations of the records, with the place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from strawberry.types.field import StrawberryField

from schema.declare.fields import Children, Many, One, Parts, Scalar, rule_of
from schema.declare.reflection import fields_of, graphql_name
from schema.records.registry import COMPUTED, RECORDS
from tests.support.oracle.clock import DATES, STEPPED
from tests.support.oracle.executor import COMPUTED_ROWS
from tests.support.oracle.fields import LISTS, MANIES, ONES, VALUES, Fields, Untaught, rule_name
from tests.support.world import Row

FOLDER = "tests/support/oracle"

KNOWN_TO_ALL = {"diff"}
"""Fields of every record that `Fields.value` knows by name."""


def gaps(fields: Fields) -> Iterator[str]:
    for cls in (*RECORDS, *COMPUTED):
        yield from gaps_of_type(cls)
        for field in fields_of(cls):
            yield from gaps_of_field(fields, cls.__name__, field)


def gaps_of_type(cls: Any) -> Iterator[str]:
    table = cls.table
    if table.appears and table.name not in {*DATES, *STEPPED}:
        yield f"{cls.__name__} counts from a date on: name it in DATES, {FOLDER}/clock.py, or teach Clock.first_day"
    if table.source and table.name not in COMPUTED_ROWS:
        yield f"{cls.__name__} has computed rows: make them in {FOLDER}/computed_rows.py, for executor.py COMPUTED_ROWS"


def gaps_of_field(fields: Fields, owner: str, field: StrawberryField) -> Iterator[str]:
    name = graphql_name(field)
    full, rule = f"{owner}.{name}", rule_of(field)
    if full in VALUES or name in KNOWN_TO_ALL or is_stored(rule, str(field.python_name)):
        return
    match rule:
        case One():
            table, is_taught = "ONES", full in ONES
        case Many():
            table, is_taught = "MANIES", full in MANIES
        case Children():
            yield from gaps_of_list(fields, owner, name, rule)
            return
        case _ if name.endswith("Explained"):
            yield from gaps_of_rule(fields.rules, full.removesuffix("Explained"))
            return
        case _:
            table, is_taught = "VALUES", False
    if not is_taught:
        yield f"{full} is computed: write its rule for {table} in {FOLDER}/fields.py"


def is_stored(rule: Any, name: str) -> bool:
    match rule:
        case Scalar(sql=sql):
            return bool(sql == f"{{t}}.{name}")
        case Parts(column=column) | One(column=column) | Many(column=column):
            return column is not None
    return False


def gaps_of_list(fields: Fields, owner: str, name: str, rule: Children) -> Iterator[str]:
    if f"{owner}.{name}" in LISTS:
        return
    if rule.via is None:
        yield f"{owner}.{name} has a condition of its own: find its rows in LISTS, {FOLDER}/fields.py"
        return
    try:
        fields.followed(owner, name)
    except Untaught as untaught:
        yield str(untaught)


def gaps_of_rule(rules: Sequence[Row], full: str) -> Iterator[str]:
    if not any(each["id"].startswith(f"{rule_name(full)}.v") for each in rules):
        yield f"{full} is explained by a rule of another name: say which in RULES, {FOLDER}/fields.py"
