"""The named checks of the tables: which field each is about, and what cures a value that it refuses.

A table names its checks after what the declaration says, so that a refused value finds its sentence there:

    <table>_<column>_between         the bounds of a number
    <table>_<column>_longest         the length of a text
    <table>_<column>_form            the form of a text, or of each text of a list
    <table>_<column>_items           a list without a form: how many items it has, and that none is missing
    <table>_<column>_fits_<relation>  a term that not every record can have

The checks that join several columns have the names that `@record(checks=…)` gives them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

from strawberry.types.field import StrawberryField

from schema.declare.fields import Many, Scalar, in_words, rule_of
from schema.declare.reflection import bounds_of, field_named, fields_of, graphql_name, is_list
from schema.declare.table import Check
from schema.derive.link import link
from schema.records.record import Record
from schema.records.registry import RECORDS


@cache
def checks() -> Mapping[str, Check]:
    """Find the checks of all record types by the names of their constraints. Their fields have GraphQL's names."""
    link()
    return {name: check for cls in RECORDS for name, check in checks_of(cls)}


def checks_of(cls: type[Record]) -> Iterator[tuple[str, Check]]:
    for name, check in cls.table.checks.items():
        yield name, replace(check, field=graphql_name(field_named(cls, check.field)))
    for declared in fields_of(cls):
        rule = rule_of(declared)
        column = rule.column if isinstance(rule, Many) else declared.python_name
        for suffix, cure in cures_of(cls, declared):
            yield f"{cls.table.name}_{column}_{suffix}", Check(graphql_name(declared), cure)


def cures_of(cls: type[Record], declared: StrawberryField) -> Iterator[tuple[str, str]]:
    """Yield the checks of one column: the end of the constraint's name, and what cures the value."""
    bounds = bounds_of(declared)
    if bounds.range:
        yield "between", f"it is out of range; possible: {bounds.range}"
    if bounds.longest is not None:
        yield "longest", f"it is too long; {bounds.longest} characters are allowed"
    if bounds.form and bounds.form.in_table:
        yield "form", f"it does not have the right form: {declared.description}"
    if is_stored_list(declared) and not bounds.form:
        yield "items", "it has too many items, or one is missing"
    if relation := declared.metadata.get("fits"):
        what = f"a {cls.table.words} of this {in_words(str(declared.python_name))}"
        yield f"fits_{relation}", f"the {in_words(relation)} cannot have {what}"


def is_stored_list(declared: StrawberryField) -> bool:
    match rule_of(declared):
        case Scalar(stored=True):
            return is_list(declared)
        case Many(column=str()):
            return True
    return False
