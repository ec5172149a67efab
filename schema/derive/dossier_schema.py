"""The dossier's JSON Schema, derived from the declarations of the records."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any

import jsonschema
from strawberry.types.base import StrawberryOptional
from strawberry.types.field import StrawberryField

from schema.declare.fields import Children, Many, One, Parts, Scalar, rule_of
from schema.declare.reflection import fields_of, graphql_name, is_list, target
from schema.derive.link import link
from schema.records.record import Record
from schema.records.registry import RECORDS

KEY = "^(?![0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$)[a-z0-9][a-z0-9._-]*$(?!\n)"
JOINT = "~"
"""Stands between the parts of a key that is made for a record; a key that is given cannot hold it."""
MADE_KEY = "^([a-z0-9][a-z0-9._~-]*|[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})$(?!\n)"
"""Or an id. Python's `$` would let a line end follow."""
LONGEST_KEY = 400
BOOKKEEPING = {"id", "version", "created_at", "updated_at", "retracted_at", "merged_into", "revisions"}
DIALECT = "https://json-schema.org/draft/2020-12/schema"


@cache
def validator() -> Any:
    return validator_of(json_schema())


def validator_of(schema: Any) -> Any:
    """A validator that says of names that are too many only that there are some."""
    return jsonschema.validators.extend(jsonschema.Draft202012Validator, {"additionalProperties": no_more})(schema)  # type: ignore[no-untyped-call]


def no_more(_: Any, allowed: Any, given: Any, schema: Any) -> Iterator[jsonschema.ValidationError]:
    """Refuse other names than those of a schema. jsonschema itself would sort and join them all, however many."""
    if allowed is False and isinstance(given, dict) and not given.keys() <= schema["properties"].keys():
        yield jsonschema.ValidationError("unknown names")


@cache
def definitions() -> dict[str, Any]:
    """What the schemas of a dossier and of the inputs of commands refer to."""
    link()
    return {**{cls.__name__: record_schema(cls) for cls in RECORDS}, **VALUES}


@cache
def all_definitions() -> dict[str, Any]:
    """The same, and what the inputs of commands refer to beyond that."""
    return {**definitions(), **{f"{cls.__name__}Changes": changes_schema(cls) for cls in RECORDS}}


def json_schema() -> dict[str, Any]:
    """The published schema: with it an editor completes a dossier while it is written."""
    sections = {
        cls.table.list_field: {
            "type": "array",
            "description": (cls.__doc__ or "").strip(),
            "items": {"$ref": f"#/$defs/{cls.__name__}"},
        }
        for cls in RECORDS
    }
    return {
        "$schema": DIALECT,
        "title": "Parley dossier",
        "description": "The facts of one article or document, as records that refer to one another by key.",
        "type": "object",
        "properties": {"dossier": {"type": "string", "description": "What the dossier is about."}, **sections},
        "additionalProperties": False,
        "$defs": definitions(),
    }


VALUES: dict[str, Any] = {
    "Key": {
        "type": "string",
        "pattern": KEY,
        "maxLength": LONGEST_KEY,
        "description": "Key of a record: small letters, digits, dots, dashes and underscores, unlike an id.",
    },
    "RecordKey": {
        "type": "string",
        "pattern": MADE_KEY,
        "maxLength": LONGEST_KEY,
        "description": "Another record: its key, the one given to it or the one made for it, whose parts `~` joins; "
        "or its id.",
    },
    "Reference": {
        "type": "object",
        "description": "A record of any type, as {type: key} or {type: id}.",
        "properties": {cls.table.field: {"$ref": "#/$defs/RecordKey"} for cls in RECORDS},
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    },
    "FuzzyDate": {
        "type": ["string", "object"],
        "minLength": 1,
        "description": "EDTF level 1, such as 2025-04-17 or 2025-04; or the words of the source, with the day they "
        "are counted from, and the EDTF where no rule can read them.",
        "properties": {
            "text": {
                "type": "string",
                "minLength": 1,
                "description": "The words of the source, such as `within days`.",
            },
            "anchor": {"type": "string", "format": "date", "description": "The day the words are counted from."},
            "edtf": {"type": "string", "minLength": 1, "description": "EDTF level 1, given by the curator."},
        },
        "additionalProperties": False,
        "anyOf": [{"type": "string"}, {"required": ["text"]}, {"required": ["edtf"]}],
    },
}

COUNTRY = {"pattern": "^[A-Z]{2}$(?!\n)"}

LIMITS: dict[tuple[str, str], dict[str, Any]] = {
    ("conflict", "countries"): COUNTRY,
    ("actor", "country"): COUNTRY,
    ("talk", "country"): COUNTRY,
    ("process", "stall_after_days"): {"minimum": 1, "maximum": 36_500},
    ("provision", "weight"): {"minimum": 0, "maximum": 3},
    ("assessment", "level"): {"minimum": 0, "maximum": 3},
    ("citation", "number"): {"minimum": 1},
    ("source", "sha256"): {"pattern": "^[0-9a-f]{64}$(?!\n)"},
    ("code", "code"): {"maxLength": 200},
}
"""What the tables check of single columns, said here so that an editor knows it. A test compares the two."""

SPACE = r"\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
"""Spaces and control characters, spelled out: what `\\s` holds differs between Python, JavaScript and Rust."""

WEB_ADDRESS = {"pattern": rf"^https?://[^{SPACE}/][^{SPACE}]*$(?!\n)"}

FORMS: dict[tuple[str, str], dict[str, Any]] = {
    ("source", "url"): WEB_ADDRESS,
    ("source", "archive_url"): WEB_ADDRESS,
    ("agreement", "text_url"): WEB_ADDRESS,
}
"""What only a dossier is held to."""


def record_schema(cls: type[Record]) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for each in fields_of(cls):
        if each.python_name not in BOOKKEEPING and (described := field_schema(each)):
            column = (cls.table.name, str(each.python_name))
            limits = LIMITS.get(column, {}) | FORMS.get(column, {})
            if "items" in described:
                described["items"] = {**described["items"], **limits, "description": each.description}
            else:
                described |= limits
            properties[graphql_name(each)] = {**described, "description": each.description}
    for each in nestable(cls):
        properties[graphql_name(each)] = {
            "type": "array",
            "items": {"$ref": f"#/$defs/{target(each).__name__}"},
            "description": each.description,
        }
    required = [
        graphql_name(each)
        for each in fields_of(cls)
        if graphql_name(each) in properties
        and is_required(each)
        and not (each.python_name == "key" and cls.table.named_by)
    ]
    # A citation that says nothing but its source is written as the source's key.
    kind = ["string", "object"] if cls.table.name == "citation" else "object"
    return {"type": kind, "properties": properties, "required": required, "additionalProperties": False}


def changes_schema(cls: type[Record]) -> dict[str, Any]:
    """What an update may give: any stored field but the key; null takes a value away where there need not be one."""
    whole = record_schema(cls)
    declared = {graphql_name(each): each for each in fields_of(cls)}
    left_out = {"key", *(graphql_name(each) for each in nestable(cls))}
    properties = {
        name: {"anyOf": [schema, {"type": "null"}], "description": schema["description"]}
        if is_clearable(declared[name])
        else schema
        for name, schema in whole["properties"].items()
        if name not in left_out
    }
    return {"type": "object", "properties": properties, "additionalProperties": False, "minProperties": 1}


def is_clearable(each: StrawberryField) -> bool:
    """Whether a record can do without a value of this stored field. A list is emptied instead."""
    assert each.type_annotation is not None
    return "None" in str(each.type_annotation.raw_annotation) and target(each) is not Record


def field_schema(each: StrawberryField) -> dict[str, Any] | None:
    """The schema of a stored field; None for what is computed."""
    rule, about = rule_of(each), target(each)
    if isinstance(rule, Scalar) and rule.stored:
        if each.python_name == "key":
            return {"$ref": "#/$defs/Key"}
        one = scalar_schema(about)
        return {"type": "array", "items": one, "maxItems": 100} if is_list(each) else one
    if isinstance(rule, Parts) and rule.column:
        return {"$ref": "#/$defs/FuzzyDate"}
    if isinstance(rule, One) and rule.column:
        return {"$ref": f"#/$defs/{'Reference' if about is Record else 'RecordKey'}"}
    if isinstance(rule, Many) and rule.column:
        return {"type": "array", "items": {"$ref": "#/$defs/RecordKey"}, "maxItems": 100}
    return None


def scalar_schema(about: Any) -> dict[str, Any]:
    if isinstance(about, type) and issubclass(about, Enum):
        return {"title": about.__name__, "enum": [each.name for each in about]}
    kinds: dict[Any, dict[str, Any]] = {
        str: {"type": "string", "minLength": 1, "maxLength": 20_000},
        bool: {"type": "boolean"},
        int: {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1},
        float: {"type": "number"},
        date: {"type": "string", "format": "date"},
        datetime: {"type": "string", "format": "date-time"},
    }
    return kinds[about]


def is_required(each: StrawberryField) -> bool:
    """Whether a record cannot do without a field. Relations may follow from where a record is written."""
    optional = isinstance(each.type, StrawberryOptional)
    return not optional and isinstance(rule_of(each), Scalar | Parts) and each.metadata.get("default") is None


def nestable(cls: type[Record]) -> list[StrawberryField]:
    """The lists whose records may be written inside this one."""
    return [
        each
        for each in fields_of(cls)
        if isinstance(rule := rule_of(each), Children) and rule.via and target(each) in RECORDS
    ]
