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

from schema.declare.bounds import Bounds, Form
from schema.declare.fields import Children, Many, One, Parts, Scalar, rule_of
from schema.declare.keys import GIVEN_KEY, KEY_OR_ID, LONGEST_KEY
from schema.declare.reflection import bounds_of, field_named, fields_of, graphql_name, is_bookkeeping, is_list, target
from schema.derive.dossier_defaults import defaulted_fields, defaults_schema
from schema.derive.evidence import evidence
from schema.derive.link import link
from schema.records.record import Record
from schema.records.registry import RECORDS

LONGEST_LIST = 100
"""Items of a list that a record stores, or that is given with a step."""

DEFAULTS, PASSAGES = "defaults", "passages"
"""The members of a dossier that say what its records do not repeat."""

DIALECT = "https://json-schema.org/draft/2020-12/schema"


@cache
def validator() -> Any:
    """A validator of dossiers whose sections hold no bare keys: those are read beforehand."""
    return validator_of(json_schema(bare_keys=False))


def validator_of(schema: Any) -> Any:
    """A validator that says of names that are too many only that there are some."""
    return jsonschema.validators.extend(jsonschema.Draft202012Validator, {"additionalProperties": no_more})(schema)  # type: ignore[no-untyped-call]


def no_more(validator: Any, allowed: Any, given: Any, schema: Any) -> Iterator[jsonschema.ValidationError]:
    """Refuse other names than those of a schema. jsonschema itself would sort and join them all, however many."""
    if not isinstance(given, dict):
        return
    if allowed is not False:
        for name, each in given.items():
            yield from validator.descend(each, allowed, path=name)
    elif not given.keys() <= schema["properties"].keys():
        yield jsonschema.ValidationError("unknown names")


@cache
def definitions() -> dict[str, Any]:
    """Define the JSON Schemas that dossiers and the inputs of commands refer to."""
    link()
    return {**{cls.__name__: record_schema(cls) for cls in RECORDS}, **VALUES}


@cache
def all_definitions() -> dict[str, Any]:
    """The same, and what the inputs of commands refer to beyond that."""
    return {**definitions(), **{f"{cls.__name__}Changes": changes_schema(cls) for cls in RECORDS}}


@cache
def dossier_definitions() -> dict[str, Any]:
    """Define what a dossier may say of a record: its defaults may say the rest, or the record is there already."""
    link()
    return {**{cls.__name__: dossier_record_schema(cls) for cls in RECORDS}, **VALUES}


def dossier_record_schema(cls: type[Record]) -> dict[str, Any]:
    whole = record_schema(cls)
    by_default = {graphql_name(declared) for declared, _, _ in defaulted_fields(cls)}
    required = [name for name in whole.pop("required") if name not in by_default]
    if cls is evidence().source:
        whole["properties"] |= shared_properties()
    if required in ([], ["key"]):
        return {**whole, "required": required}
    there_already = {"required": ["key"], "propertyNames": {"enum": ["key", *map(graphql_name, nestable(cls))]}}
    return {**whole, "anyOf": [{"required": required}, there_already]}


def shared_properties() -> dict[str, Any]:
    """Describe the fields of citations that a source may give for all that cites it in the dossier."""
    its = evidence()
    fields = [graphql_name(field_named(its.record, name)) for name in its.declared.shared]
    found = record_schema(its.record)["properties"]
    return {
        name: {**found[name], "description": f"{found[name]['description']} Of all citations of this source here."}
        for name in fields
    }


def json_schema(*, bare_keys: bool = True) -> dict[str, Any]:
    """The published schema: with it an editor completes a dossier while it is written.

    In a section, records that are there already may stand with their `bare_keys`.
    """
    sections = {
        cls.table.list_field: {
            "type": "array",
            "description": (cls.__doc__ or "").strip(),
            "items": {"anyOf": [{"$ref": f"#/$defs/{cls.__name__}"}, {"$ref": "#/$defs/Key"}]}
            if bare_keys and not cls.table.written_as
            else {"$ref": f"#/$defs/{cls.__name__}"},
        }
        for cls in RECORDS
    }
    evidence_type = {"$ref": f"#/$defs/{evidence().record.__name__}"}
    return {
        "$schema": DIALECT,
        "title": "Parley dossier",
        "description": "The facts of one article or document, as records that refer to one another by key.",
        "type": "object",
        "properties": {
            "dossier": {"type": "string", "description": "What the dossier is about."},
            "language": {
                "type": "string",
                "minLength": 1,
                "description": "Language of its words of time (BCP 47) where their source names none; else English.",
            },
            DEFAULTS: defaults_schema(),
            PASSAGES: {
                "type": "object",
                "description": "Lists of citations by names that stand for them wherever something is cited.",
                "propertyNames": {"$ref": "#/$defs/Key"},
                "additionalProperties": {"type": "array", "items": evidence_type},
            },
            **sections,
        },
        "additionalProperties": False,
        "$defs": dossier_definitions(),
    }


VALUES: dict[str, Any] = {
    "Key": {
        "type": "string",
        "pattern": GIVEN_KEY.pattern,
        "maxLength": LONGEST_KEY,
        "description": "Key of a record: small letters, digits, dots, dashes and underscores, unlike an id.",
    },
    "RecordKey": {
        "type": "string",
        "pattern": KEY_OR_ID.pattern,
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
            "language": {
                "type": "string",
                "minLength": 1,
                "description": "Language of the words (BCP 47), where it is not that of the source. English, French "
                "and Spanish are read; words without a language as English.",
            },
            "edtf": {"type": "string", "minLength": 1, "description": "EDTF level 1, given by the curator."},
        },
        "additionalProperties": False,
        "anyOf": [{"type": "string"}, {"required": ["text"]}, {"required": ["edtf"]}],
    },
}


def record_schema(cls: type[Record]) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for each in fields_of(cls):
        if not is_bookkeeping(each) and (described := field_schema(each)):
            if "items" in described:
                described["items"] |= {"description": each.description}
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
        and not (each.python_name == "key" and (cls.table.named_by or cls.table.key_from))
    ]
    kind = ["string", "object"] if cls.table.written_as else "object"
    return {"type": kind, "properties": properties, "required": required, "additionalProperties": False}


def changes_schema(cls: type[Record]) -> dict[str, Any]:
    """Define the input of an update: any stored field but the key. Null clears an optional value."""
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
        one = scalar_schema(about) | bounds_schema(bounds_of(each))
        return {"type": "array", "items": one, "maxItems": LONGEST_LIST} if is_list(each) else one
    if isinstance(rule, Parts) and rule.column:
        return {"$ref": "#/$defs/FuzzyDate"}
    if isinstance(rule, One) and rule.column:
        return reference_schema(about)
    if isinstance(rule, Many) and rule.column:
        return {"type": "array", "items": reference_schema(about), "maxItems": LONGEST_LIST}
    return None


def reference_schema(about: Any) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{'Reference' if about is Record else 'RecordKey'}"}


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


def bounds_schema(bounds: Bounds) -> dict[str, Any]:
    """Say the bounds of a value in the words of JSON Schema."""
    limits = {
        "minimum": bounds.least,
        "maximum": bounds.most,
        "maxLength": bounds.longest,
        "pattern": bounds.form and bounds.form.pattern,
    }
    return {name: limit for name, limit in limits.items() if limit is not None}


@cache
def forms() -> dict[str, Form]:
    """Find the forms that the declarations ask for, by their patterns."""
    found = (bounds_of(each).form for cls in RECORDS for each in fields_of(cls))
    return {form.pattern: form for form in found if form}


def is_required(each: StrawberryField) -> bool:
    """Whether a record cannot do without a field. Relations may follow from where a record is written."""
    optional = isinstance(each.type, StrawberryOptional)
    return not optional and isinstance(rule_of(each), Scalar | Parts) and each.metadata.get("default") is None


def is_required_relation(each: StrawberryField) -> bool:
    """Whether a record must point to another. A subject of any type can be null only when read before its time."""
    rule = rule_of(each)
    if not isinstance(rule, One) or rule.column is None or is_bookkeeping(each):
        return False
    return target(each) is Record or not is_clearable(each)


def needed_fields(cls: type[Record]) -> frozenset[str]:
    """Name what every new record of a type must give or be given, but its key."""
    return all_needed_fields()[cls.__name__]


@cache
def all_needed_fields() -> dict[str, frozenset[str]]:
    return {
        cls.__name__: frozenset(
            {
                *record_schema(cls)["required"],
                *(graphql_name(each) for each in fields_of(cls) if is_required_relation(each)),
            }
            - {"key"}
        )
        for cls in RECORDS
    }


def content_fields(cls: type[Record]) -> list[StrawberryField]:
    """List the stored fields that hold what a record says: its key and its bookkeeping are left out."""
    return [
        each
        for each in fields_of(cls)
        if each.python_name != "key" and not is_bookkeeping(each) and field_schema(each) is not None
    ]


def nestable(cls: type[Record]) -> list[StrawberryField]:
    """The lists whose records may be written inside this one."""
    return [
        each
        for each in fields_of(cls)
        if isinstance(rule := rule_of(each), Children) and rule.via and target(each) in RECORDS
    ]
