"""What a dossier may say: its JSON Schema, derived from the declarations, and how a file is read.

Knows nothing of the database; `schema.dossier` writes what is read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import yaml
from strawberry.types.base import StrawberryOptional
from strawberry.types.field import StrawberryField

from schema.errors import Invalid, Problem
from schema.fields import Children, Many, One, Parts, Scalar, rule_of
from schema.inputs import fields_of, graphql_name, is_list, target
from schema.record import Record
from schema.root import RECORDS, link

KEY = "^[a-z0-9][a-z0-9._-]*$"
BOOKKEEPING = {"id", "version", "created_at", "updated_at", "retracted_at", "merged_into", "revisions"}
DIALECT = "https://json-schema.org/draft/2020-12/schema"

LARGEST_DOSSIER_BYTES = 5_000_000
"""A book of facts. More than this is an import, not a dossier."""


@dataclass(frozen=True)
class Entry:
    """One record as a dossier gives it: its GraphQL field names with their values, and where it stands."""

    type: type[Record]
    path: str
    given: Mapping[str, Any]
    parent: tuple[str, Entry] | None = None


@dataclass(frozen=True)
class Document:
    """A dossier that fits its JSON Schema."""

    title: str
    entries: list[Entry] = field(default_factory=list)


# --- reading -------------------------------------------------------------------------------------


def read(path: Path) -> Document:
    """Read a YAML or JSON file. Raises Invalid with every problem, or OSError."""
    data = path.read_bytes()
    if len(data) > LARGEST_DOSSIER_BYTES:
        raise Invalid(Problem("", f"the file has {len(data)} bytes; {LARGEST_DOSSIER_BYTES} are allowed"))
    try:
        content = yaml.load(data, PlainLoader)  # noqa: S506 - a SafeLoader, made stricter.
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid(Problem("", f"the file is neither YAML nor JSON: {error}")) from None
    return document(content)


def document(content: Any) -> Document:
    """Check a dossier against its JSON Schema. Raises Invalid with every problem and its path."""
    found = sorted(validator().iter_errors(content), key=lambda error: list(map(str, error.absolute_path)))
    if found:
        raise Invalid(*(Problem(path_text(error.absolute_path), error.message[:500]) for error in found))
    entries: list[Entry] = []
    for cls in RECORDS:
        for index, given in enumerate(content.get(cls.table.plural, ())):
            entries.extend(unfold(cls, given, f"{cls.table.plural}[{index}]"))
    return Document(content.get("dossier", ""), entries)


def unfold(cls: type[Record], given: Any, path: str, parent: tuple[str, Entry] | None = None) -> Iterator[Entry]:
    """A record and the records written inside it."""
    if isinstance(given, str):
        given = {"source": given}
    nested = {graphql_name(each): each for each in nestable(cls)}
    entry = Entry(cls, path, {name: value for name, value in given.items() if name not in nested}, parent)
    yield entry
    for name, inner in nested.items():
        for index, each in enumerate(given.get(name, ())):
            rule = rule_of(inner)
            assert isinstance(rule, Children)
            relation = str(rule.via).removesuffix("_id")
            yield from unfold(target(inner), each, f"{path}.{name}[{index}]", (relation, entry))


def path_text(path: Any) -> str:
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text


class PlainLoader(yaml.SafeLoader):
    """YAML without its surprises: `NO` is Norway, a date is a text, and a key stands only once."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's own class attribute.
        first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":timestamp", ":bool"))]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for name, _ in node.value:
            if name.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{name.value!r} stands twice in one mapping", name.start_mark
                )
            seen.add(name.value)
        return super().construct_mapping(node, deep)

    def compose_node(self, parent: Any, index: Any) -> Any:
        # An alias repeats a whole subtree: a few lines could unfold to gigabytes.
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "aliases are not allowed", mark)
        return super().compose_node(parent, index)


PlainLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


# --- the JSON Schema -----------------------------------------------------------------------------


@cache
def validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json_schema())


def json_schema() -> dict[str, Any]:
    """The published schema: with it an editor completes a dossier while it is written."""
    link()
    sections = {
        cls.table.plural: {
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
        "$defs": {**{cls.__name__: record_schema(cls) for cls in RECORDS}, **VALUES},
    }


VALUES: dict[str, Any] = {
    "Key": {"type": "string", "pattern": KEY, "maxLength": 400, "description": "Key of a record."},
    "Reference": {
        "type": "object",
        "description": "A record of any type, as {type: key}.",
        "properties": {cls.table.name: {"$ref": "#/$defs/Key"} for cls in RECORDS},
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    },
    "FuzzyDate": {
        "type": ["string", "object"],
        "description": "EDTF level 1, such as 2025-04-17 or 2025-04; or the words of the source, with the day they "
        "are counted from, and the EDTF where no rule can read them.",
        "properties": {
            "text": {"type": "string", "description": "The words of the source, such as `within days`."},
            "anchor": {"type": "string", "format": "date", "description": "The day the words are counted from."},
            "edtf": {"type": "string", "description": "EDTF level 1, given by the curator."},
        },
        "additionalProperties": False,
        "minProperties": 1,
    },
}


def record_schema(cls: type[Record]) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for each in fields_of(cls):
        if each.python_name not in BOOKKEEPING and (described := field_schema(each)):
            properties[graphql_name(each)] = {**described, "description": each.description}
    for each in nestable(cls):
        properties[graphql_name(each)] = {
            "type": "array", "items": {"$ref": f"#/$defs/{target(each).__name__}"}, "description": each.description,
        }
    required = [
        graphql_name(each) for each in fields_of(cls)
        if graphql_name(each) in properties and is_required(each)
        and not (each.python_name == "key" and cls.table.named_by)
    ]
    # A citation that says nothing but its source is written as the source's key.
    kind = ["string", "object"] if cls.table.name == "citation" else "object"
    return {"type": kind, "properties": properties, "required": required, "additionalProperties": False}


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
        return {"$ref": f"#/$defs/{'Reference' if about is Record else 'Key'}"}
    if isinstance(rule, Many) and rule.column:
        return {"type": "array", "items": {"$ref": "#/$defs/Key"}, "maxItems": 100}
    return None


def scalar_schema(about: Any) -> dict[str, Any]:
    if isinstance(about, type) and issubclass(about, Enum):
        return {"enum": [each.name for each in about]}
    return {
        str: {"type": "string", "minLength": 1, "maxLength": 20_000},
        bool: {"type": "boolean"},
        int: {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1},
        float: {"type": "number"},
        date: {"type": "string", "format": "date"},
        datetime: {"type": "string", "format": "date-time"},
    }[about]


def is_required(each: StrawberryField) -> bool:
    """Whether a record cannot do without a field. Relations may follow from where a record is written."""
    optional = isinstance(each.type, StrawberryOptional)
    return not optional and isinstance(rule_of(each), Scalar | Parts) and each.metadata.get("default") is None


def nestable(cls: type[Record]) -> list[StrawberryField]:
    """The lists whose records may be written inside this one."""
    return [
        each for each in fields_of(cls)
        if isinstance(rule := rule_of(each), Children) and rule.via and target(each) in RECORDS
    ]
