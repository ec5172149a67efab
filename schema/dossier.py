"""Loading a dossier: one transaction, everything or nothing, and nothing twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Literal
from uuid import UUID

import asyncpg
from slugify import slugify
from strawberry.types.field import StrawberryField

from schema import write
from schema.dates import FuzzyDate, parse_edtf
from schema.document import Document, Entry, read
from schema.errors import Invalid, Problem
from schema.fields import Many, One, Parts, rule_of
from schema.inputs import fields_of, graphql_name, target
from schema.phrases import interpret
from schema.record import Record
from schema.root import RECORDS
from schema.scalars import read_date, read_instant

__all__ = ["Document", "Report", "Row", "load", "read"]

Action = Literal["created", "updated", "unchanged"]
Name = tuple[str, str]
"""A record's type and key."""


@dataclass(frozen=True)
class Row:
    """What became of one record of a dossier."""

    type: str
    key: str
    action: Action


@dataclass(frozen=True)
class Report:
    """What became of every record, in the order of writing."""

    rows: list[Row]

    def count(self, action: Action) -> int:
        return sum(row.action == action for row in self.rows)


async def load(connection: asyncpg.Connection, document: Document, *, changed_by: str, reason: str) -> Report:
    """Write a dossier. Raises Invalid with every problem; then nothing is written."""
    async with connection.transaction():
        await write.begin(connection, changed_by=changed_by, reason=reason, origin="DOSSIER")
        loading = Loading(document)
        await loading.find(connection)
        rows = [row async for row in loading.write(connection)]
        await loading.check_citations(connection)
        if loading.problems:
            raise Invalid(*loading.problems)
        return Report(rows)


class Loading:
    """One dossier on its way into the database, and all that is wrong with it so far."""

    def __init__(self, document: Document) -> None:
        self.problems: list[Problem] = []
        self.named: dict[int, Name] = {}
        self.entries: dict[Name, Entry] = {}
        self.ids: dict[Name, UUID] = {}
        self.stored: set[Name] = set()
        for entry in document.entries:
            self.name(entry)

    # --- names ---

    def name(self, entry: Entry) -> None:
        """Give an entry its key: the one it has, or one made of what it says."""
        if name := self.named.get(id(entry)):
            return
        key = entry.given.get("key") or self.made_key(entry)
        name = self.named[id(entry)] = (entry.type.table.name, key)
        if name in self.entries:
            self.problem(entry.path, f"{key!r} is also the key of {self.entries[name].path}; a key names one {name[0]}")
        self.entries[name] = entry

    def made_key(self, entry: Entry) -> str:
        parts = [self.key_part(entry, each) for each in entry.type.table.named_by]
        return ".".join(filter(None, parts))[:400]

    def key_part(self, entry: Entry, field: str) -> str:
        declared = next(each for each in fields_of(entry.type) if each.python_name == field)
        if entry.parent and entry.parent[0] == field:
            type_, key = self.named[id(entry.parent[1])]
            return f"{type_}.{key}" if target(declared) is Record else key
        value = entry.given.get(graphql_name(declared))
        if isinstance(value, dict):
            return ".".join(f"{name}.{each}" if target(declared) is Record else str(each) for name, each in value.items())
        if isinstance(rule_of(declared), One):
            return str(value or "")
        return slugify(str(value or ""))

    # --- ids ---

    async def find(self, connection: asyncpg.Connection) -> None:
        """Look up every record that is named, and give new ones their ids."""
        wanted: dict[str, set[str]] = {}
        for entry in self.entries.values():
            for type_, key in self.references(entry):
                wanted.setdefault(type_, set()).add(key)
        for type_, key in self.entries:
            wanted.setdefault(type_, set()).add(key)
        for type_, keys in wanted.items():
            rows = await connection.fetch(f"select id, key from {type_} where key = any($1)", list(keys))
            self.ids.update({(type_, row["key"]): row["id"] for row in rows})
        self.stored = set(self.ids)
        new = [name for name in self.entries if name not in self.ids]
        made = await connection.fetch("select uuidv7() as id from generate_series(1, $1)", len(new))
        self.ids.update({name: row["id"] for name, row in zip(new, made, strict=True)})

    def references(self, entry: Entry) -> Iterable[Name]:
        for declared in fields_of(entry.type):
            value = entry.given.get(graphql_name(declared))
            match rule_of(declared):
                case One(column=str()) if isinstance(value, dict):
                    yield from value.items()
                case One(column=str()) if value is not None:
                    yield target(declared).table.name, value
                case Many(column=str()) if value:
                    yield from ((target(declared).table.name, each) for each in value)

    # --- values ---

    def values(self, entry: Entry) -> dict[str, Any]:
        """The columns that an entry gives, as JSON."""
        found: dict[str, Any] = {"key": self.named[id(entry)][1]}
        for declared in fields_of(entry.type):
            name = graphql_name(declared)
            if entry.parent and declared.python_name == entry.parent[0]:
                found[f"{declared.python_name}_id"] = str(self.ids[self.named[id(entry.parent[1])]])
            elif name in entry.given and name != "key":
                column, value = self.value(entry, declared, entry.given[name], f"{entry.path}.{name}")
                found[column] = value
            elif is_missing_relation(declared):
                self.problem(entry.path, f"{name!r} is a required property")
        return found

    def value(self, entry: Entry, declared: StrawberryField, value: Any, path: str) -> tuple[str, Any]:
        rule, about = rule_of(declared), target(declared)
        match rule:
            case One(column=str() as column):
                name = next(iter(value.items())) if isinstance(value, dict) else (about.table.name, value)
                return column, self.reference(name, path)
            case Many(column=str() as column):
                return column, [
                    self.reference((about.table.name, each), f"{path}[{index}]") for index, each in enumerate(value)
                ]
            case Parts(column=str() as column):
                return column, self.fuzzy(value, entry.given.get("anchor"), path)
        if about in (date, datetime):
            try:
                value = (read_date if about is date else read_instant)(value).isoformat()
            except ValueError as error:
                self.problem(path, str(error))
        return str(declared.python_name), value

    def reference(self, name: Name, path: str) -> str | None:
        if name not in self.ids:
            self.problem(path, f"there is no {name[0]} with the key {name[1]!r}, here or in the database; add it")
            return None
        return str(self.ids[name])

    def fuzzy(self, value: Any, anchor: str | None, path: str) -> dict[str, Any] | None:
        """A date as the `fuzzy_date` it is stored as. Words are read by a rule, or with the curator's EDTF."""
        given = {"edtf": value} if isinstance(value, str) else value
        try:
            if edtf := given.get("edtf"):
                return stored_date(parse_edtf(edtf), given.get("text"))
            if not (anchored := given.get("anchor", anchor)):
                self.problem(path, f"{given['text']!r} needs an anchor, the day it is counted from; or give edtf")
                return None
            return stored_date(interpret(given["text"], read_date(anchored)))
        except Invalid as invalid:
            self.problems += [Problem(path, problem.message) for problem in invalid.problems]
        except ValueError as error:
            self.problem(path, str(error))
        return None

    def problem(self, path: str, message: str) -> None:
        self.problems.append(Problem(path, message))

    # --- writing ---

    async def write(self, connection: asyncpg.Connection) -> Any:
        """Write every entry, each type after the types it points to; go on after a refusal to find them all."""
        order = {cls.table.name: index for index, cls in enumerate(RECORDS)}
        prepared = [(name, entry, self.values(entry)) for name, entry in self.entries.items()]
        if self.problems:
            return
        for name, entry, values in sorted(prepared, key=lambda each: order[each[0][0]]):
            try:
                async with connection.transaction():
                    action = await self.write_one(connection, name, entry, values)
            except asyncpg.IntegrityConstraintViolationError as error:
                self.problem(entry.path, f"the database refuses it: {error.message}")
            else:
                yield Row(name[0], name[1], action)

    async def write_one(
        self, connection: asyncpg.Connection, name: Name, entry: Entry, values: Mapping[str, Any]
    ) -> Action:
        if name in self.stored:
            return "updated" if await write.update(connection, entry.type, self.ids[name], values) else "unchanged"
        await write.insert(connection, entry.type, {"id": str(self.ids[name]), **values})
        return "created"

    async def check_citations(self, connection: asyncpg.Connection) -> None:
        """A factual record must cite a source, here or in the database."""
        wanting = {
            self.ids[name]: entry for name, entry in self.entries.items() if entry.type.table.needs_citation
        }
        cited = await connection.fetch(
            "select distinct record_id from citation where record_id = any($1) and retracted_at is null", list(wanting)
        )
        for id_ in wanting.keys() - {row["record_id"] for row in cited}:
            if not self.problems:
                self.problem(wanting[id_].path, "it cites no source; add citations: [key of a source]")


def is_missing_relation(declared: StrawberryField) -> bool:
    rule = rule_of(declared)
    raw = str(declared.type_annotation.raw_annotation) if declared.type_annotation else ""
    return isinstance(rule, One) and rule.column is not None and "None" not in raw


def stored_date(value: FuzzyDate, text: str | None = None) -> dict[str, Any]:
    """A fuzzy date as JSON for the database."""
    found = asdict(value)
    return {
        name: each.name if isinstance(each, Enum) else each.isoformat() if isinstance(each, date) else each
        for name, each in {**found, "text": text or found["text"]}.items()
    }
