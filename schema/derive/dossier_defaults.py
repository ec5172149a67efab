"""Values that a dossier gives once for all its records: which fields take them, as the records declare it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from strawberry.types.field import StrawberryField

from schema.declare.fields import in_words, snake
from schema.declare.reflection import fields_of
from schema.derive.evidence import evidence
from schema.derive.link import link
from schema.records.record import Record
from schema.records.registry import RECORDS

ANCHOR, LANGUAGE = "anchor", "language"
"""The defaults that are no records."""

OPEN_END = "/.."
"""Ends the name of a default where its day is but the beginning: EDTF for a date that lasts."""


@cache
def default_names() -> list[str]:
    """Name what a dossier may give once, each name once."""
    link()
    return list(dict.fromkeys(name for cls in RECORDS for _, name, _ in defaulted_fields(cls)))


def defaulted_fields(cls: type[Record]) -> Iterator[tuple[StrawberryField, str, bool]]:
    """Yield the fields of a type that take a default: which one, and whether it is but the beginning of a date."""
    for declared in fields_of(cls):
        if name := declared.metadata.get("by_default"):
            yield declared, name.removesuffix(OPEN_END), name.endswith(OPEN_END)


def defaults_schema() -> dict[str, Any]:
    """Describe the defaults as a member of the dossier's JSON Schema."""
    return {
        "type": "object",
        "description": "What is given once for all records of the dossier that do not say otherwise.",
        "properties": {name: default_schema(name) for name in default_names()},
        "additionalProperties": False,
    }


def default_schema(name: str) -> dict[str, Any]:
    if name == ANCHOR:
        what = "The day of the text: of what was said and happened without a day of its own. Words are counted from it."
        return {"type": "string", "format": "date", "description": what}
    if name == LANGUAGE:
        return {"type": "string", "minLength": 1, "description": "Language of quotes and of words of time (BCP 47)."}
    is_source = name == evidence().declared.source
    of = in_words(evidence().table if is_source else Record.__name__.lower())
    more = ", and of each fact that cites nothing" if is_source else ""
    return {
        "$ref": "#/$defs/RecordKey",
        "description": f"The {in_words(snake(name))} of each {of} that names none{more}.",
    }
