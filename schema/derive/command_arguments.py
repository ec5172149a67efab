"""The input types of mutations, derived from the JSON Schemas that dossiers and commands have anyway."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schema.declare.reflection import Names
from schema.declare.vocabulary import with_article
from schema.derive.dossier_schema import all_definitions
from schema.derive.filters_and_orders import input_type

NAMES = {"FuzzyDate": "FuzzyDateInput", "Reference": "RecordReference", "Key": "str", "RecordKey": "strawberry.ID"}
"""Names of definitions in GraphQL that are not inputs of their own name."""

SCALARS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "object": "Json"}
FORMATS = {"date": "date", "date-time": "datetime"}


def input_types(names: Names) -> dict[str, type]:
    """An input type for each definition that is an object."""
    return {
        called(name): input_of(name, schema, names)
        for name, schema in all_definitions().items()
        if "properties" in schema
    }


def input_of(name: str, schema: Mapping[str, Any], names: Names) -> type:
    fields = schema["properties"].items()
    return input_type(
        called(name),
        schema.get("description", f"The stored fields of {with_article(name)}."),
        {each: (annotation(inner), inner.get("description", "Its id or key.")) for each, inner in fields},
        names,
        one_of=schema.get("maxProperties") == 1,
        required=schema.get("required", ()),
    )


def called(name: str) -> str:
    return NAMES.get(name) or (name if name.endswith("Changes") else f"{name}Input")


def annotation(schema: Mapping[str, Any]) -> str:
    """The type of a value, in the words of an annotation."""
    if "anyOf" in schema and "type" not in schema:
        return annotation(schema["anyOf"][0])
    if "$ref" in schema:
        return called(schema["$ref"].rpartition("/")[2])
    if "enum" in schema:
        return str(schema["title"])
    if schema.get("title") == "ID":
        return "strawberry.ID"
    if schema["type"] == "array":
        return f"list[{annotation(schema['items'])}]"
    return FORMATS.get(schema.get("format", ""), SCALARS[schema["type"]])
