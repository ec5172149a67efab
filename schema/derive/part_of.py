"""Finds the records that a record is part of or about, from their declarations."""

from __future__ import annotations

from collections.abc import Iterator

from schema.declare.fields import One, rule_of
from schema.declare.reflection import fields_of, target
from schema.derive.link import link
from schema.records.record import Record
from schema.records.registry import RECORDS


def part_of_columns() -> dict[str, list[str]]:
    """List, by type, the columns that name what a record is made for: what it is a part of, or about."""
    link()
    return {cls.table.name.upper(): found for cls in RECORDS if (found := list(columns_of(cls)))}


def columns_of(cls: type[Record]) -> Iterator[str]:
    """Yield the columns of the declared whole, and of relations to a record of any type: those say what it is about."""
    for declared in fields_of(cls):
        match rule_of(declared):
            case One(column=str(column), same_type=False):
                if declared.python_name in cls.table.wholes or target(declared) is Record:
                    yield column
