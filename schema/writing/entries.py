"""A dossier as it is read: its records, and everything that is wrong with them.

Knows nothing of the database; `schema.writing.dossier` writes what is read here.
"""

from __future__ import annotations

import json
import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import Any, cast

import jsonschema
import yaml

from schema.declare.bounds import Form
from schema.declare.fields import camel
from schema.declare.reflection import graphql_name, relation_of, target
from schema.derive.dossier_schema import forms, nestable, validator
from schema.errors import Invalid, Problem
from schema.records.record import Record
from schema.records.registry import RECORDS
from schema.writing.yaml_json import NotJson, parse_json, parse_yaml

LARGEST_DOSSIER_BYTES = 1_000_000
MOST_RECORDS = 2_000
"""A book of facts: an article has some hundred records in 50 kB. More than this is an import, not a dossier, and would
keep all other writers waiting for longer than they do."""

MOST_PROBLEMS = 100
"""More than anybody mends at once; naming each takes time, and its place in the answer."""

LARGEST_VALUE_SHOWN = 120
"""Characters of a value that an error repeats: enough to find it again."""

Way = Sequence[str | int]
"""The way to a value: names of fields, places in lists."""


@dataclass(frozen=True, eq=False)
class Entry:
    """One record as it is given: its GraphQL field names with their values, and where it stands.

    `key` is that of a stored record of which only some fields are given.
    """

    type: type[Record]
    path: str
    given: Mapping[str, Any]
    parent: tuple[str, Entry] | None = None
    key: str | None = None


@dataclass(frozen=True)
class Dossier:
    """A dossier: its records without what does not fit the JSON Schema, and what that was.

    Words of time are in its `language` where no source tells another.

    It is kept with its problems, so that the database can name its own beside them.
    """

    title: str
    entries: list[Entry]
    problems: list[Problem]
    language: str | None = None


# --- reading -------------------------------------------------------------------------------------


def read(path: Path) -> Dossier:
    """Read a YAML or JSON file. Raises OSError, and Invalid where the file is no dossier at all."""
    data = path.read_bytes()
    if len(data) > LARGEST_DOSSIER_BYTES:
        raise Invalid(Problem("", f"the file has {len(data)} bytes; {LARGEST_DOSSIER_BYTES} are allowed: split it"))
    try:
        # YAML reads most JSON, but not its escapes of characters beyond the first 65,536.
        content = parse_json(data.removeprefix(BOM_UTF8)) if path.suffix == ".json" else parse_yaml(data)
    except NotJson as error:
        raise Invalid(Problem("", f"the file {error}")) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise Invalid(Problem("", f"the file is neither YAML nor JSON: {error}")) from None
    return document(content)


def document(content: Any) -> Dossier:
    """Check a dossier against its JSON Schema. Raises Invalid where it is no dossier at all."""
    misspelt: list[Problem] = []
    if isinstance(content, dict):
        # Before each is looked at.
        check_count(sum(len(section) for section in content.values() if isinstance(section, list)))
        content, misspelt = with_sections_renamed(content)
    content, problems = validate(content, validator(), whole=1)
    problems = sort_problems([*misspelt, *problems])
    entries = [
        entry
        for cls in RECORDS
        for index, given in enumerate(content.get(cls.table.list_field, ()))
        for entry in unfold(cls, given, f"{cls.table.list_field}[{index}]")
    ]
    check_count(len(entries))
    return Dossier(content.get("dossier", ""), entries, problems, content.get("language"))


def with_sections_renamed(content: dict[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """Read a misspelt section as the one that is meant, so that what is wrong elsewhere can be told beside it."""
    known, found, problems = validator().schema["properties"], dict(content), []
    for name in [each for each in content if each not in known]:
        section = found.pop(name)
        problems.append(Problem(str(name), f"there is no {quote(name)} here{did_you_mean(str(name), known)}"))
        meant = get_close_matches(str(name).lower(), {each.lower(): each for each in known}, n=1)
        for each in known:
            if meant and each.lower() == meant[0]:
                found.setdefault(each, section)
    return found, problems


def validate(content: Any, validator: jsonschema.Draft202012Validator, whole: int = 2) -> tuple[Any, list[Problem]]:
    """Split an input into its valid part and the problems of the rest.

    Raises Invalid where a value is wrong to which fewer than `whole` steps lead, or too much to go on with.
    """
    try:
        found = {path_text(way): (way, message) for way, message in islice(faults(content, validator), MOST_PROBLEMS)}
        content = deepcopy(content) if 0 < len(found) < MOST_PROBLEMS else content
    except RecursionError:
        raise Invalid(Problem("", "the input is nested too deeply; write records side by side")) from None
    problems = sort_problems(Problem(path, message) for path, (_, message) in found.items())
    if len(found) == MOST_PROBLEMS:
        raise Invalid(*problems, Problem("", f"these are the first {MOST_PROBLEMS} problems; there may be more"))
    if any(len(way) < whole for way, _ in found.values()):
        raise Invalid(*problems)
    for way, _ in found.values():
        remove(content, way)
    return content, problems


def check_count(records: int) -> None:
    """Raise Invalid where there are too many records to be written in one go."""
    if records > MOST_RECORDS:
        raise Invalid(Problem("", f"it holds {records} records; {MOST_RECORDS} are allowed: split it"))


def unfold(cls: type[Record], given: Any, path: str, parent: tuple[str, Entry] | None = None) -> Iterator[Entry]:
    """A record and the records written inside it; nothing where it was removed."""
    if given is None:
        return
    if isinstance(given, str):
        given = {camel(str(cls.table.written_as)): given}
    nested = {graphql_name(each): each for each in nestable(cls)}
    entry = Entry(cls, path, {name: value for name, value in given.items() if name not in nested}, parent)
    yield entry
    for name, inner in nested.items():
        for index, each in enumerate(given.get(name, ())):
            within = f"{path}.{name}" if path else name
            yield from unfold(target(inner), each, f"{within}[{index}]", (relation_of(inner), entry))


def remove(content: Any, way: Way) -> None:
    """Take out what is wrong. Places in lists stay, so that every other path stays right."""
    *steps, last = way
    inner = content
    for step in steps:
        try:
            inner = inner[step]
        except (LookupError, TypeError):
            return
    if isinstance(inner, list) and isinstance(last, int):
        inner[last] = None
    elif isinstance(inner, dict):
        inner.pop(last, None)
        if not inner and steps and isinstance(steps[-1], str):
            # A reference without its record, or a date without its words, is none.
            remove(content, steps)


def path_text(way: Way) -> str:
    text = ""
    for step in way:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def sort_problems(problems: Iterable[Problem]) -> list[Problem]:
    """Sort problems by section, `talks[9]` before `talks[10]`."""

    def place(problem: Problem) -> list[str | int]:
        # Every second part is a number, so that two places never compare a number with a text.
        return [int(part) if index % 2 else part for index, part in enumerate(re.split("([0-9]+)", problem.path))]

    return sorted(problems, key=place)


# --- what does not fit ---------------------------------------------------------------------------


def faults(content: Any, validator: jsonschema.Draft202012Validator) -> Iterator[tuple[Way, str]]:
    """Everything that does not fit the JSON Schema: the way to it, what is wrong and what to do."""
    for error in validator.iter_errors(content):
        path = list(error.absolute_path)
        if error.validator == "additionalProperties":
            known = cast("Any", error.schema)["properties"]
            for name in (each for each in error.instance if each not in known):
                yield [*path, str(name)], f"there is no {quote(name)} here{did_you_mean(str(name), known)}"
        elif error.validator == "required":
            for name in error.validator_value:
                if name not in error.instance:
                    yield [*path, name], f"it is missing; {'every record of this type needs it' if path else 'give it'}"
        elif error.validator == "anyOf" and {"type": "null"} in error.validator_value:
            # Null is no cure for a value that is wrong: say what is wrong with the value.
            yield path, what_is_wrong(next(each for each in error.context or () if each.schema != {"type": "null"}))
        else:
            yield path, what_is_wrong(error)
    yield from unstorable(content, [])


def what_is_wrong(error: jsonschema.ValidationError) -> str:
    value, rule, schema = quote(error.instance), cast("Any", error.validator_value), cast("Any", error.schema)
    match error.validator:
        case "type":
            return wrong_type(error.instance, rule)
        case "enum":
            return f"{value} is not possible here{did_you_mean(str(error.instance), rule)}"
        case "pattern":
            form = forms().get(rule, Form(rule))
            return f"{value} {form.wrong or 'does not have the right form: ' + schema.get('description', rule)}"
        case "minimum" | "maximum":
            return f"{value} is out of range; the {error.validator} is {rule}"
        case "minLength":
            return "it is empty; give a value or leave the field out"
        case "maxLength" | "maxItems":
            unit = "characters" if isinstance(error.instance, str) else "items"
            return f"it has {len(cast('Any', error.instance))} {unit}; {rule} are allowed"
        case "minProperties" if "maxProperties" not in schema:
            return "it is empty; give what is to be changed"
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
    return f"{quote(value)} should be {' or '.join(words[each] for each in names)}"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The end of a message: the nearest of the known words, or a list of them all; nothing where there are none."""
    by_lower = {each.lower(): each for each in known}
    if near := get_close_matches(word.lower(), by_lower, n=1):
        return f"; did you mean {by_lower[near[0]]!r}?"
    return f"; possible: {', '.join(by_lower.values())}" if by_lower else ""


def quote(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= LARGEST_VALUE_SHOWN else f"{text[:LARGEST_VALUE_SHOWN]}…"


def unstorable(value: Any, way: Way) -> Iterator[tuple[Way, str]]:
    """Yield the texts with a NUL character, which Postgres does not keep."""
    if isinstance(value, str) and "\0" in value:
        yield way, "it holds the character U+0000, which is no text; take it out"
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in inner:
        yield from unstorable(each, [*way, name])
