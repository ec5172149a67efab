"""Derives the enums by which lists can be grouped from the declarations of the record types.

Each enum, each truth value and each part of a date makes a member of the enum `<Type>GroupBy`, stored or
computed alike. Knows Strawberry; of SQL only how a value becomes the key of a group.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

import strawberry
from strawberry.types.field import StrawberryField

from schema.dates.edtf_dates import FuzzyDate
from schema.declare.fields import Scalar, rule_of
from schema.declare.reflection import fields_of, is_list, target

DATE_PARTS = {"YEAR": "YYYY", "MONTH": "YYYY-MM", "DAY": "YYYY-MM-DD"}
"""The parts of a day, and how Postgres writes them."""


@dataclass(frozen=True)
class Grouping:
    """The value of one member of a GroupBy enum: a field, or one part of it, and how a date is cut."""

    path: tuple[str, ...]
    form: str | None = None

    def key(self, sql: str) -> str:
        """The key of a group as text, in the order of its letters whatever the database's own order is."""
        text = f"to_char({sql}, '{self.form}')" if self.form else f"({sql})::text"
        return f'{text} collate "C"'


def group_by_of(cls: type) -> type[Enum]:
    """The enum of all that a list of a type can be grouped by, fields in the order of their declaration."""
    members, descriptions = {}, {}
    for grouping, member, says in groupings(cls):
        members[member] = grouping
        descriptions[member] = says
    made = Enum(f"{cls.__name__}GroupBy", members)  # type: ignore[misc]
    strawberry.enum(made, description=f"The fields by which a list of {cls.__name__} is grouped.")
    for value in made.__strawberry_definition__.values:  # type: ignore[attr-defined]
        value.description = descriptions[value.name]
    return made


def groupings(cls: type) -> Iterator[tuple[Grouping, str, str]]:
    """Every grouping of a type with its name in the enum, and what it says of itself."""
    for field in fields_of(cls):
        if not is_list(field):
            for path, form, says in ways(field):
                suffix = [name for name, each in DATE_PARTS.items() if each == form]
                name = "_".join((path[0], *(each for each in path[1:] if each != "earliest"), *suffix))
                yield Grouping(path, form), name.upper(), says


def ways(field: StrawberryField) -> Iterator[tuple[tuple[str, ...], str | None, str]]:
    """The ways to group by one field: its path, the form of the key where it is a date, a sentence."""
    about: Any = target(field)
    name, says = str(field.python_name), field.description or ""
    if about is FuzzyDate:
        for part in ("YEAR", "MONTH"):
            yield (name, "earliest"), DATE_PARTS[part], f"By the {part.lower()} of the first possible day. {says}"
        yield (name, "precision"), None, f"By how fine the date is. {says}"
    elif not isinstance(rule_of(field), Scalar):
        return
    elif about in (date, datetime):
        for part, form in DATE_PARTS.items():
            yield (name,), form, f"By {part.lower()}, in UTC. {says}"
    elif about is bool or (isinstance(about, type) and issubclass(about, Enum)):
        yield (name,), None, says
