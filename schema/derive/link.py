"""Joins the declarations of all types: derives their inputs and resolves the names they use."""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

from strawberry.types.base import has_object_definition

from schema.declare import connections
from schema.declare.reflection import Names, fields_of, see
from schema.declare.vocabulary import vocabulary
from schema.derive.filters_and_orders import derive
from schema.derive.groups import group_by_of
from schema.records.curation.revision import RecordType
from schema.records.phrase import Phrase
from schema.records.record import Record
from schema.records.registry import COMPUTED, RECORDS, WORK, published_rules
from schema.records.rule import PublishedRule, rule_table


@cache
def link() -> dict[str, Any]:
    """Join the declarations: derive inputs from them and let them name one another. Done once a process."""
    names = {**all_names(), "RecordType": record_types()}
    PublishedRule.table = rule_table(published_rules())
    derive([Record, *RECORDS, *COMPUTED, *WORK], names)
    for listed in (*RECORDS, *COMPUTED, *WORK):
        listed.group_by = group_by_of(listed)  # type: ignore[attr-defined]
    for cls in object_types(names):
        for field in fields_of(cls):
            see(field, names)
    return names


def record_types() -> type[RecordType]:
    """Make the vocabulary of the record types."""
    terms = {cls.table.name.upper(): cls.table.in_short for cls in RECORDS}
    made: type[RecordType] = RecordType(RecordType.__name__, terms)  # type: ignore[call-arg, assignment]
    made.__doc__ = RecordType.__doc__
    return vocabulary(made)


def object_types(names: Names) -> list[type]:
    """Find the object types in the modules of records: those listed, and those that their fields are made of."""
    modules = {cls.__module__ for cls in declared_types()}
    found = (each for each in names.values() if isinstance(each, type) and each.__module__ in modules)
    return [each for each in found if has_object_definition(each)]


def declared_types() -> list[type]:
    return [Record, *RECORDS, *COMPUTED, *WORK, PublishedRule, Phrase]


def all_names() -> dict[str, Any]:
    """Every name that an annotation of a declaration may use."""
    names: dict[str, Any] = dict(vars(connections))
    for cls in declared_types():
        names.update(vars(sys.modules[cls.__module__]))
    return names
