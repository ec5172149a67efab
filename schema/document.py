"""What a dossier may say: its JSON Schema, derived from the declarations, and how a file is read.

Knows nothing of the database; `schema.dossier` writes what is read here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, cast

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
LONGEST_KEY = 400
BOOKKEEPING = {"id", "version", "created_at", "updated_at", "retracted_at", "merged_into", "revisions"}
DIALECT = "https://json-schema.org/draft/2020-12/schema"

LARGEST_DOSSIER_BYTES = 5_000_000
"""A book of facts. More than this is an import, not a dossier."""

LARGEST_VALUE_SHOWN = 120
"""Characters of a value that an error repeats: enough to find it again."""

Way = Sequence[str | int]
"""The way to a value: names of fields, places in lists."""


@dataclass(frozen=True, eq=False)
class Entry:
    """One record as a dossier gives it: its GraphQL field names with their values, and where it stands."""

    type: type[Record]
    path: str
    given: Mapping[str, Any]
    parent: tuple[str, Entry] | None = None


@dataclass(frozen=True)
class Document:
    """A dossier: its records without what does not fit the JSON Schema, and what that was.

    It is kept with its problems, so that the database can name its own beside them.
    """

    title: str
    entries: list[Entry]
    problems: list[Problem]


# --- reading -------------------------------------------------------------------------------------


def read(path: Path) -> Document:
    """Read a YAML or JSON file. Raises OSError, and Invalid where the file is no dossier at all."""
    data = path.read_bytes()
    if len(data) > LARGEST_DOSSIER_BYTES:
        raise Invalid(Problem("", f"the file has {len(data)} bytes; {LARGEST_DOSSIER_BYTES} are allowed: split it"))
    try:
        # YAML reads most JSON, but not its escapes of characters beyond the first 65,536. The loader is a SafeLoader.
        content = from_json(data) if path.suffix == ".json" else yaml.load(data, PlainLoader)  # noqa: S506
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise Invalid(Problem("", f"the file is neither YAML nor JSON: {error}")) from None
    return document(content)


def document(content: Any) -> Document:
    """Check a dossier against its JSON Schema.

    Raises Invalid with every problem where a section is wrong: then references into it would seem wrong as well.
    """
    try:
        content = deepcopy(content)
        found = {path_text(way): (way, message) for way, message in faults(content)}
    except RecursionError:
        raise Invalid(Problem("", "the records stand too deep inside one another; write them side by side")) from None
    problems = in_order(Problem(path, message) for path, (_, message) in found.items())
    if any(len(way) < 2 for way, _ in found.values()):
        raise Invalid(*problems)
    for way, _ in found.values():
        remove(content, way)
    entries = [
        entry
        for cls in RECORDS
        for index, given in enumerate(content.get(cls.table.plural, ()))
        for entry in unfold(cls, given, f"{cls.table.plural}[{index}]")
    ]
    return Document(content.get("dossier", ""), entries, problems)


def unfold(cls: type[Record], given: Any, path: str, parent: tuple[str, Entry] | None = None) -> Iterator[Entry]:
    """A record and the records written inside it; nothing where it was removed."""
    if given is None:
        return
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


def remove(content: Any, way: Way) -> None:
    """Take out what is wrong. Places in lists stay, so that every other path stays right."""
    *steps, last = way
    for step in steps:
        try:
            content = content[step]
        except (LookupError, TypeError):
            return
    if isinstance(content, list) and isinstance(last, int):
        content[last] = None
    elif isinstance(content, dict):
        content.pop(last, None)


def path_text(way: Way) -> str:
    text = ""
    for step in way:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Section by section, and `talks[9]` before `talks[10]`."""

    def place(problem: Problem) -> list[str | int]:
        # Every second part is a number, so that two places never compare a number with a text.
        return [int(part) if index % 2 else part for index, part in enumerate(re.split("([0-9]+)", problem.path))]

    return sorted(problems, key=place)


# --- YAML and JSON -------------------------------------------------------------------------------


def from_json(data: bytes) -> Any:
    return json.loads(data, object_pairs_hook=once)


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{twice!r} stands twice in one object")
    return found


class PlainLoader(yaml.SafeLoader):
    """YAML without its surprises: `NO` is Norway, a date is a text, and a name stands only once."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's own class attribute.
        first: [(tag, pattern) for tag, pattern in resolvers if tag.endswith((":null", ":str"))]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for name, _ in node.value:
            if not isinstance(name, yaml.ScalarNode):
                raise refused("the name of a field is a text", name.start_mark)
            if name.value in seen:
                raise refused(f"{name.value!r} stands twice in one mapping", name.start_mark)
            seen.add(name.value)
        return super().construct_mapping(node, deep)

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        # An alias repeats a whole subtree: a few lines could unfold to gigabytes.
        if isinstance(event, yaml.AliasEvent):
            raise refused("aliases are not allowed; write it out", event.start_mark)
        # A tag makes PyYAML read a text as something else, and fail in its own ways.
        if getattr(event, "tag", None):
            raise refused("tags are not allowed; leave it out", event.start_mark)
        return super().compose_node(parent, index)


def refused(what: str, mark: Any) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=what, problem_mark=mark)


PlainLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))
PlainLoader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile("^-?(?:0|[1-9][0-9]{0,18})$"), list("-0123456789")
)


# --- what does not fit ---------------------------------------------------------------------------


def faults(content: Any) -> Iterator[tuple[Way, str]]:
    """Everything that does not fit the JSON Schema: the way to it, what is wrong and what to do."""
    for error in validator().iter_errors(content):
        path = list(error.absolute_path)
        if error.validator == "additionalProperties":
            known = cast("Any", error.schema)["properties"]
            for name in error.instance.keys() - known.keys():
                yield [*path, str(name)], f"there is no {shown(name)} here{did_you_mean(str(name), known)}"
        elif error.validator == "required":
            for name in error.validator_value:
                if name not in error.instance:
                    yield [*path, name], "it is missing; every record of this type needs it"
        else:
            yield path, what_is_wrong(error)
    yield from unstorable(content, [])


def what_is_wrong(error: jsonschema.ValidationError) -> str:
    value, rule, schema = shown(error.instance), cast("Any", error.validator_value), cast("Any", error.schema)
    match error.validator:
        case "type":
            return wrong_type(error.instance, rule)
        case "enum":
            return f"{value} is not possible here{did_you_mean(str(error.instance), rule)}"
        case "pattern":
            return f"{value} does not have the right form: {schema.get('description', rule)}"
        case "minimum" | "maximum":
            return f"{value} is out of range; the {error.validator} is {rule}"
        case "minLength":
            return "it is empty; give a value or leave the field out"
        case "maxLength":
            return f"it has {len(cast('str', error.instance))} characters; {rule} are allowed"
        case "maxItems":
            return f"it has {len(cast('list[Any]', error.instance))} items; {rule} are allowed"
        case "anyOf":
            return "give text, the words of the source, or edtf"
        case _:
            return "give one type and key, such as {process: geneva-2026}"


def wrong_type(value: Any, wanted: Any) -> str:
    names = [wanted] if isinstance(wanted, str) else wanted
    if value is None:
        return "it is empty; give a value or leave the field out"
    if "string" in names and isinstance(value, int):
        return f"{json.dumps(value)} is not read as a text here; put it in quotes"
    words = {
        "string": "a text", "object": "names with values", "array": "a list", "integer": "a whole number",
        "boolean": "true or false",
    }  # fmt: skip
    return f"{shown(value)} should be {' or '.join(words[each] for each in names)}"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The end of a message: the nearest of the known words, or a list of them all; nothing where there are none."""
    by_lower = {each.lower(): each for each in known}
    if near := get_close_matches(word.lower(), by_lower, n=1):
        return f"; did you mean {by_lower[near[0]]!r}?"
    return f"; possible: {', '.join(by_lower.values())}" if by_lower else ""


def shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= LARGEST_VALUE_SHOWN else f"{text[:LARGEST_VALUE_SHOWN]}…"


def unstorable(value: Any, way: Way) -> Iterator[tuple[Way, str]]:
    """Texts with characters that Postgres does not keep."""
    if isinstance(value, str) and (found := re.search("[\0\ud800-\udfff]", value)):
        yield way, f"it holds the character U+{ord(found[0]):04X}, which is no text; take it out"
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in inner:
        yield from unstorable(each, [*way, name])


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
    "Key": {
        "type": "string",
        "pattern": KEY,
        "maxLength": LONGEST_KEY,
        "description": "Key of a record: small letters, digits, dots, dashes and underscores.",
    },
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
        "anyOf": [{"type": "string"}, {"required": ["text"]}, {"required": ["edtf"]}],
    },
}

COUNTRY = {"pattern": "^[A-Z]{2}$"}

LIMITS: dict[tuple[str, str], dict[str, Any]] = {
    ("conflict", "countries"): COUNTRY,
    ("actor", "country"): COUNTRY,
    ("talk", "country"): COUNTRY,
    ("process", "stall_after_days"): {"minimum": 1, "maximum": 36_500},
    ("provision", "weight"): {"minimum": 0, "maximum": 3},
    ("assessment", "level"): {"minimum": 0, "maximum": 3},
    ("citation", "number"): {"minimum": 1},
    ("source", "sha256"): {"pattern": "^[0-9a-f]{64}$"},
}
"""What the tables check of single columns, said here so that an editor knows it. A test compares the two."""


def record_schema(cls: type[Record]) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for each in fields_of(cls):
        if each.python_name not in BOOKKEEPING and (described := field_schema(each)):
            limits = LIMITS.get((cls.table.name, str(each.python_name)), {})
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
