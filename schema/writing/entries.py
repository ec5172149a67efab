"""A dossier as it is read: its records, and everything that is wrong with them.

Knows nothing of the database; `schema.writing.dossier` writes what is read here.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

import yaml

from schema.declare.fields import camel
from schema.declare.reflection import graphql_name, relation_of, target
from schema.derive.dossier_defaults import LANGUAGE
from schema.derive.dossier_schema import DEFAULTS, dossier_definitions, nestable, validator
from schema.errors import Invalid, Problem
from schema.records.record import Record
from schema.records.registry import RECORDS
from schema.writing.defaults import Defaults, Outer
from schema.writing.faults import Way, find_faults, nearest, path_text, quote, remove, sort_problems
from schema.writing.lines import Lines
from schema.writing.yaml_json import NotJson, parse_json, parse_yaml

LARGEST_DOSSIER_BYTES = 1_000_000
MOST_RECORDS = 2_000
"""A book of facts: an article has some hundred records in 50 kB. More than this is an import, not a dossier, and would
keep all other writers waiting for longer than they do."""

MOST_RESPELT, LONGEST_RESPELT = 10, 40
"""Misspelt sections that are read as the one that is meant, and letters of each that are compared: a typing error."""


@dataclass(frozen=True, eq=False)
class Entry:
    """One record as it is given: its GraphQL field names with their values, and where it stands.

    `key` is that of a stored record of which only some fields are given; `is_bare` if it stands there alone, as a text.
    """

    type: type[Record]
    path: str
    given: Mapping[str, Any]
    parent: tuple[str, Entry] | None = None
    key: str | None = None
    is_bare: bool = False


@dataclass(frozen=True)
class Dossier:
    """A dossier: its records without what does not fit the JSON Schema, and what that was.

    Words of time are in its `language` where no source tells another. `unread` are the keys in sections that cannot be
    read, so that what refers to them is not taken for wrong. `origins` are the places of what its defaults completed;
    it `is_citing` where these name a source. `lines` are those of the text that it was read from.

    It is kept with its problems, so that the database can name its own beside them.
    """

    title: str
    entries: list[Entry]
    problems: list[Problem]
    language: str | None = None
    unread: frozenset[str] = frozenset()
    origins: Mapping[str, str] = field(default_factory=dict)
    is_citing: bool = False
    lines: Lines | None = None


# --- reading -------------------------------------------------------------------------------------


def read(path: Path) -> Dossier:
    """Read a YAML or JSON file. Raises OSError, and Invalid where the file is no dossier at all."""
    data = path.read_bytes()
    if len(data) > LARGEST_DOSSIER_BYTES:
        raise Invalid(Problem("", f"the file has {len(data)} bytes; {LARGEST_DOSSIER_BYTES} are allowed: split it"))
    content, lines = parse(data, is_json=path.suffix == ".json"), Lines(data)
    try:
        return replace(document(content), lines=lines)
    except Invalid as invalid:
        raise Invalid(*lines.add_to(invalid.problems)) from None


def parse(data: bytes, *, is_json: bool) -> Any:
    """Parse the text of a file. Raises Invalid with the line, where there is one."""
    try:
        # YAML reads most JSON, but not its escapes of characters beyond the first 65,536.
        return parse_json(data.removeprefix(BOM_UTF8)) if is_json else parse_yaml(data)
    except NotJson as error:
        raise Invalid(Problem("", f"the file {error}", line=error.line)) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        what = f"the file is neither YAML nor JSON: {error}"
        raise Invalid(Problem("", what, line=mark and mark.line + 1)) from None


def document(content: Any) -> Dossier:
    """Check a dossier against its JSON Schema. Raises Invalid where it is none, or holds too much to go on with.

    A section whose name is misspelt is read as the one that is meant, so that it hides no other problem.
    """
    if isinstance(content, dict):
        # Before each is looked at.
        check_count(sum(len(section) for section in content.values() if isinstance(section, list)))
    content, misspelt = respell(content)
    content, bare = with_bare_keys(content)
    found = find_faults(content, validator())
    if any(not way for way, _ in found):
        raise Invalid(*(Problem("", message) for _, message in found))
    unread = frozenset(key for way, _ in found if len(way) == 1 for key in keys_in(content.get(way[0])))
    content = remove(content, [way for way, _ in found if not is_wrong_default(content, way)])
    problems = [
        Problem(name, f"there is no {quote(name)} here; did you mean {right!r}?") for right, name in misspelt.items()
    ]
    problems += (Problem(path_text(as_given(way, misspelt)), message) for way, message in found)
    defaults = Defaults.of(content, MOST_RECORDS)
    entries = unfold_sections(content, defaults, misspelt, bare)
    return Dossier(
        content.get("dossier", ""),
        entries,
        sort_problems(problems),
        language=content.get("language", defaults.values.get(LANGUAGE)),
        unread=unread,
        origins=defaults.origins,
        is_citing=defaults.is_citing,
    )


def unfold_sections(
    content: Mapping[str, Any], defaults: Defaults, misspelt: Mapping[str, str], bare: Collection[tuple[str, int]]
) -> list[Entry]:
    """List the records of all sections and those written inside them. Raises Invalid where these are too many."""
    found = (
        entry
        for cls in RECORDS
        for index, given in enumerate(content.get(cls.table.list_field, ()))
        for entry in unfold(
            cls,
            given,
            path_text(as_given([cls.table.list_field, index], misspelt)),
            defaults=defaults,
            is_bare=(cls.table.list_field, index) in bare,
        )
    )
    entries = list(islice(found, MOST_RECORDS + 1))
    if len(entries) > MOST_RECORDS:
        raise Invalid(Problem("", f"it holds more than {MOST_RECORDS} records; {MOST_RECORDS} are allowed: split it"))
    return entries


def with_bare_keys(content: Any) -> tuple[Any, set[tuple[str, int]]]:
    """Write out the records of which a section gives only the key. Also gives their sections and places."""
    bare: set[tuple[str, int]] = set()
    if not isinstance(content, dict):
        return content, bare
    found = dict(content)
    for name in (cls.table.list_field for cls in RECORDS if not cls.table.written_as):
        if isinstance(section := content.get(name), list):
            bare |= {(name, index) for index, each in enumerate(section) if isinstance(each, str)}
            found[name] = [{"key": each} if isinstance(each, str) else each for each in section]
    return found, bare


def is_wrong_default(content: Mapping[str, Any], way: Way) -> bool:
    """Whether a fault is a default that is kept, so that what would take it is not taken for incomplete."""
    if way[0] != DEFAULTS or len(way) != 2:
        return False
    value = content[DEFAULTS].get(way[1])
    return isinstance(value, str) and "\0" not in value


def respell(content: Any) -> tuple[Any, dict[str, str]]:
    """Give misspelt sections the names that are meant. Also gives their misspelt names, by the right ones."""
    if not isinstance(content, dict):
        return content, {}
    known = validator().schema["properties"]
    unknown = (name for name, each in content.items() if name not in known and isinstance(each, list))
    misspelt: dict[str, str] = {}
    for name in islice(unknown, MOST_RESPELT):
        if (right := nearest(name[:LONGEST_RESPELT], known)) and right not in content:
            misspelt.setdefault(right, name)
    meant = {name: right for right, name in misspelt.items()}
    return {meant.get(name, name): section for name, section in content.items()}, misspelt


def as_given(way: Way, misspelt: Mapping[str, str]) -> Way:
    """The way to a value in the file as it is written."""
    return [misspelt.get(str(way[0]), way[0]), *way[1:]]


def keys_in(section: Any) -> Iterator[str]:
    """Yield the keys of the records in a section, whatever form it has."""
    if isinstance(section, dict):
        yield from section
        if isinstance(key := section.get("key"), str):
            yield key
        section = list(section.values())
    for each in section if isinstance(section, list) else ():
        yield from keys_in(each)


def check_count(records: int) -> None:
    """Raise Invalid where there are too many records to be written in one go."""
    if records > MOST_RECORDS:
        raise Invalid(Problem("", f"it holds {records} records; {MOST_RECORDS} are allowed: split it"))


def unfold(
    cls: type[Record],
    given: Any,
    path: str,
    parent: tuple[str, Entry] | None = None,
    *,
    defaults: Defaults | None = None,
    outer: Outer | None = None,
    is_bare: bool = False,
) -> Iterator[Entry]:
    """A record and the records written inside it, completed by `defaults`; nothing where it was removed.

    One that gives no more than its key is named and not changed.
    """
    if given is None:
        return
    if isinstance(given, str):
        given = {camel(str(cls.table.written_as)): given}
    nested = {graphql_name(each): each for each in nestable(cls)}
    key = given["key"] if defaults and "key" in given and (is_bare or is_mention(cls, given)) else None
    if defaults:
        given = defaults.complete(cls, given, path, outer, is_there=key is not None)
    own = {name: value for name, value in given.items() if name not in nested}
    entry = Entry(cls, path, own, parent, key, is_bare)
    yield entry
    for name, inner in nested.items():
        within, relation = f"{path}.{name}" if path else name, relation_of(inner)
        for index, each in enumerate(given.get(name, ())):
            yield from unfold(
                target(inner),
                each,
                f"{within}[{index}]",
                (relation, entry),
                defaults=defaults,
                outer=Outer(given, path, relation),
            )


def is_mention(cls: type[Record], given: Mapping[str, Any]) -> bool:
    """Whether a record gives no more than its key, and what is written inside it, though its type needs more."""
    alternatives = dossier_definitions()[cls.__name__].get("anyOf")
    return alternatives is not None and given.keys() <= set(alternatives[1]["propertyNames"]["enum"])
