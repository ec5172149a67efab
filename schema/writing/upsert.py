"""Records as somebody gives them, on their way into the database: from keys to ids, from words to dates.

A dossier enters many at once, a command one with what hangs on it; both come through here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from difflib import get_close_matches
from enum import Enum
from itertools import islice
from typing import Any, Literal
from uuid import UUID

import asyncpg
from strawberry.types.field import StrawberryField

from schema.dates.edtf_dates import FuzzyDate, parse_edtf
from schema.dates.phrases import interpret
from schema.declare.fields import Many, One, Parts, camel, in_words, rule_of
from schema.declare.reflection import fields_of, graphql_name, target
from schema.declare.scalars import read_date, read_instant
from schema.derive.dossier_schema import BOOKKEEPING, field_schema, is_clearable
from schema.errors import Invalid, Problem
from schema.records.record import Record
from schema.records.registry import RECORDS
from schema.records.sources.citation import Citation
from schema.records.sources.source import Source
from schema.records.timeline.milestone import MilestoneKind
from schema.writing import statements
from schema.writing.entries import Document, Entry, check_count, did_you_mean, in_order
from schema.writing.generated_keys import made_key
from schema.writing.references import Name, name_of, references, stored, with_keys

Action = Literal["created", "updated", "unchanged", "left alone"]

PERIODS = {"conflict": ("started", "ended"), "process": ("opened", "closed"), "talk": ("starts", "ends")}
"""The two fields in which a record of a type begins and ends."""

MERGED, RETRACTED = "it was merged into another record", "it is retracted"
"""Why a record is left alone."""

ALIKE = 2
"""Letters at the beginning that a misspelt key must have right to be recognised."""

KEYS_COMPARED = 300
MOST_COMPARED = 10
LONGEST_COMPARED = 100
"""Newest keys that a misspelt one is compared with; for how many, and for how long ones: 20 ms each at the most."""


@dataclass(frozen=True)
class Row:
    """What became of one record. `why` it was left alone: it is retracted, or merged into another.

    `changes`, field by field, are a list of {field, before, after}.
    """

    type: str
    key: str
    action: Action
    why: str = ""
    changes: Sequence[Any] = ()

    def told(self) -> dict[str, Any]:
        """The row as the API tells it."""
        action = self.action.upper().replace(" ", "_")
        return {**vars(self), "type": camel(self.type), "action": action, "why": self.why or None}


async def enter(connection: asyncpg.Connection, document: Document, *, only_new: bool = False) -> Entering:
    """Write records, in the transaction that has begun. Raises Invalid with every problem; the caller rolls back.

    A record whose key exists is updated, or refused where it must be `only_new`.
    """
    check_count(len(document.entries))
    entering = Entering(await with_keys(connection, document), only_new)
    await entering.find(connection)
    await entering.write(connection)
    await entering.check_citations(connection)
    await entering.check_fields(connection)
    await entering.check_periods(connection)
    await entering.check_support(connection)
    if entering.problems:
        raise Invalid(*in_order(entering.problems.values()))
    return entering


class Entering:
    """Records on their way into the database, and all that is wrong with them so far.

    A record with a problem is not written, and neither is what hangs on it; all others are, so that
    the database can refuse them now and not on the next attempt. In the end nothing stays written.
    """

    def __init__(self, document: Document, only_new: bool = False) -> None:
        self.only_new = only_new
        self.rows: list[Row] = []
        self.problems: dict[str, Problem] = {}
        self.by_path = {entry.path: entry for entry in document.entries}
        self.names: dict[Entry, Name] = {}
        self.entries: dict[Name, Entry] = {}
        self.ids: dict[Name, UUID] = {}
        self.stored: set[Name] = set()
        self.left: dict[Name, str] = {}
        self.known: dict[str, list[str]] = {}
        self.compared = 0
        self.failed: set[Entry] = set()
        for problem in document.problems:
            self.problem(problem.path, problem.message)
        for entry in document.entries:
            self.name(entry)

    def problem(self, path: str, message: str) -> None:
        """Note what is wrong, once for each place, and with which record."""
        self.problems.setdefault(path, Problem(path, message))
        while path and path not in self.by_path:
            path = path.rpartition(".")[0]
        if path in self.by_path:
            self.failed.add(self.by_path[path])

    # --- names ---

    def name(self, entry: Entry) -> None:
        """Give an entry its key: the one it has, or one made of what it says; its path where that is wrong."""
        given = entry.key or entry.given.get("key")
        name = (entry.type.table.name, given or (entry.path if entry in self.failed else made_key(entry, self.names)))
        if other := self.entries.get(name):
            what = f"{name[1]!r} is also the key of {other.path}; a key names one {in_words(name[0])}"
            self.problem(within(entry, "key"), what if given else f"{what}, so give this one a key of its own")
            name = (name[0], entry.path)
        self.names[entry] = name
        self.entries[name] = entry

    # --- ids ---

    async def find(self, connection: asyncpg.Connection) -> None:
        """Look up every record that is named, and give new ones their ids, ascending in the order of the file."""
        wanted: dict[str, set[str]] = {}
        for type_, key in [*self.entries, *(name for entry in self.names for name in references(entry))]:
            wanted.setdefault(type_, set()).add(key)
        found, unused = await stored(connection, wanted, len(self.entries))
        for row in found:
            name = (row["type"], row["key"])
            self.ids[name] = row["merged_into_id"] or row["id"]
            if row["merged_into_id"]:
                self.left[name] = MERGED
            elif row["retracted_at"]:
                self.left[name] = RETRACTED
        self.stored = set(self.ids)
        self.ids.update(zip((name for name in self.entries if name not in self.stored), unused, strict=False))
        for type_, keys in wanted.items():
            if misspelt := [key for key in keys if (type_, key) not in self.ids]:
                await self.find_similar(connection, type_, misspelt)

    async def find_similar(self, connection: asyncpg.Connection, type_: str, misspelt: Iterable[str]) -> None:
        """The keys that misspelt references may have meant: those that begin alike."""
        beginnings = list({key[:ALIKE] for key in misspelt})
        rows = await connection.fetch(
            f"select key from {type_} where left(key, {ALIKE}) = any($1) order by id desc limit {KEYS_COMPARED}",
            beginnings,
        )
        here = (key for other, key in self.entries if other == type_ and key[:ALIKE] in beginnings)
        self.known[type_] = [*islice(here, KEYS_COMPARED), *(row["key"] for row in rows)]

    def similar(self, name: Name) -> list[str]:
        """The key that was meant, for the first few references: comparing takes time."""
        if self.compared == MOST_COMPARED or len(name[1]) > LONGEST_COMPARED:
            return []
        self.compared += 1
        return get_close_matches(name[1], self.known[name[0]], n=1)

    # --- values ---

    def values(self, entry: Entry) -> dict[str, Any]:
        """The columns that an entry gives, as JSON."""
        found: dict[str, Any] = {"key": self.names[entry][1]}
        for declared in fields_of(entry.type):
            name = graphql_name(declared)
            path = within(entry, name)
            if entry.parent and declared.python_name == entry.parent[0]:
                found[f"{declared.python_name}_id"] = str(self.ids[self.names[entry.parent[1]]])
                if name in entry.given:
                    self.problem(path, f"the record stands inside {entry.parent[1].path}, which says it; leave it out")
            elif name in entry.given and name != "key":
                column, value = self.value(entry, declared, entry.given[name], path)
                found[column] = value
                if value == str(self.ids[self.names[entry]]):
                    self.problem(path, "a record cannot point at itself")
                if entry.type is Citation and name == "field" and value is not None:
                    self.check_field(entry, value, path)
            elif entry.key is None and is_required_relation(declared):
                self.problem(path, "it is missing; every record of this type needs it")
        return found

    def value(self, entry: Entry, declared: StrawberryField, value: Any, path: str) -> tuple[str, Any]:
        rule, about = rule_of(declared), target(declared)
        if value is None:
            if not is_clearable(declared):
                self.problem(path, "it cannot be taken away; every record of this type needs it")
            return str(getattr(rule, "column", None) or declared.python_name), None
        match rule:
            case One(column=str() as column):
                name = name_of(value) if isinstance(value, dict) else (about.table.name, value)
                return column, self.reference(name, path)
            case Many(column=str() as column):
                return column, [
                    self.reference((about.table.name, each), f"{path}[{index}]")
                    for index, each in enumerate(value)
                    if each is not None
                ]
            case Parts(column=str() as column):
                return column, self.fuzzy(value, entry, path)
        if about is int:
            # JSON writes 3 as 3.0, too.
            value = int(value)
        if about in (date, datetime):
            try:
                value = (read_date if about is date else read_instant)(value).isoformat()
            except ValueError as error:
                self.problem(path, str(error))
        return str(declared.python_name), value

    def check_field(self, citation: Entry, field: str, path: str) -> None:
        """A citation can be about a field that its record stores, and no other."""
        cited = next(iter(self.cited(citation)), None)
        if cited and field not in (fields := stored_fields(cited[0])):
            self.problem(path, f"{in_words(cited[0])} has no field {field!r}{did_you_mean(field, fields)}")

    def reference(self, name: Name, path: str) -> str | None:
        if name in self.ids:
            return str(self.ids[name])
        near = self.similar(name)
        cure = f"did you mean {near[0]!r}?" if near else "add it, or correct the key"
        self.problem(path, f"no {in_words(name[0])} has the key {name[1]!r}, here or in the database; {cure}")
        return None

    def fuzzy(self, value: Any, entry: Entry, path: str) -> dict[str, Any] | None:
        """A date as the `fuzzy_date` it is stored as. Words are read by a rule, or with the curator's EDTF."""
        given = {"edtf": value} if isinstance(value, str) else value
        try:
            if edtf := given.get("edtf"):
                return stored_date(parse_edtf(edtf), given.get("text"))
            # Without words the JSON Schema has said already what is wrong.
            if (text := given.get("text")) and (anchor := self.anchor(given, entry, path)):
                return stored_date(interpret(text, anchor))
        except Invalid as invalid:
            self.problem(path, " ".join(problem.message for problem in invalid.problems))
        return None

    def anchor(self, given: Mapping[str, str], entry: Entry, path: str) -> date | None:
        """The day that words are counted from: their own, or else the record's."""
        own = "anchor" in given
        anchor = given.get("anchor", entry.given.get("anchor"))
        if anchor is None:
            self.problem(path, f"{given['text']!r} needs an anchor, the day it is counted from; or give edtf")
            return None
        try:
            return read_date(anchor)
        except ValueError as error:
            self.problem(f"{path}.anchor" if own else within(entry, "anchor"), str(error))
            return None

    # --- writing ---

    async def write(self, connection: asyncpg.Connection) -> None:
        """Write every entry, each type after the types it points to; go on after a refusal to find them all."""
        order = {cls: index for index, cls in enumerate(RECORDS)}
        prepared = [(entry, self.values(entry)) for entry in self.names]
        prepared.sort(key=lambda each: order[each[0].type])
        try:
            # Nearly always nothing is refused: one savepoint for all of them spares two round trips a record.
            async with connection.transaction():
                for entry, values in prepared:
                    await self.write_one(connection, entry, values)
        except statements.REFUSALS:
            self.rows.clear()
            await self.write_each(connection, prepared)

    async def write_each(self, connection: asyncpg.Connection, prepared: Iterable[tuple[Entry, Any]]) -> None:
        """Write every entry by itself, so that what is refused takes back nothing else."""
        for entry, values in prepared:
            try:
                async with connection.transaction():
                    await self.write_one(connection, entry, values)
            except statements.REFUSALS as error:
                self.refused(entry, error)

    def is_writable(self, entry: Entry) -> bool:
        needed = [self.entries.get(name) for name in references(entry)]
        parent = entry.parent[1] if entry.parent else None
        return not self.failed & {entry, parent, *needed}

    async def write_one(self, connection: asyncpg.Connection, entry: Entry, values: Mapping[str, Any]) -> None:
        if self.is_writable(entry):
            self.rows.append(await self.written(connection, entry, values))
        else:
            self.failed.add(entry)

    async def written(self, connection: asyncpg.Connection, entry: Entry, values: Mapping[str, Any]) -> Row:
        name = self.names[entry]
        if name in self.stored and self.only_new and entry.key is None:
            path = within(entry, "key") if "key" in entry.given else entry.path
            self.problem(path, f"the {in_words(name[0])} {name[1]!r} exists already; update that one")
            return Row(*name, "left alone")
        if why := self.left.get(name):
            return Row(*name, "left alone", why)
        if name in self.stored:
            changed = await statements.update(connection, entry.type, self.ids[name], values)
            return Row(*name, "updated" if changed else "unchanged")
        await statements.insert(connection, entry.type, {"id": str(self.ids[name]), **values})
        return Row(*name, "created")

    def refused(self, entry: Entry, error: asyncpg.PostgresError) -> None:
        field, message = statements.refusal(error)
        if field == "kind" and "kind" in entry.given and (entry.parent or "subject" in entry.given):
            subject = self.names[entry.parent[1]][0] if entry.parent else name_of(entry.given["subject"])[0]
            message = wrong_milestone(subject, entry.given["kind"])
        self.problem(within(entry, field) if field else entry.path, message)

    async def check_citations(self, connection: asyncpg.Connection) -> None:
        """A factual record must cite a source, here or in the database."""
        here = {name for entry in self.names if self.supports(entry) for name in self.cited(entry)}
        wanting = {
            name: entry
            for name, entry in self.entries.items()
            if entry.type.table.needs_citation and entry.key is None and name not in here and name not in self.left
        }
        if not wanting:
            return
        rows = await connection.fetch(
            f"select distinct c.record_id from citation c where c.record_id = any($1) and {statements.SUPPORTING}",
            [self.ids[name] for name in wanting],
        )
        there = {row["record_id"] for row in rows}
        for name, entry in wanting.items():
            if self.ids[name] not in there:
                self.problem(within(entry, "citations"), "it cites no source; add one, as [key of a source]")

    async def check_support(self, connection: asyncpg.Connection) -> None:
        """No fact may lose its last source to a citation that now says something else."""
        changed = [
            self.ids[row.type, row.key] for row in self.rows if (row.type, row.action) == ("citation", "updated")
        ]
        if changed:
            for type_, key in await statements.unsupported(
                connection, await statements.cited_before(connection, changed)
            ):
                self.problem("", f"the {in_words(type_)} {key!r} would be left without a source; cite one first")

    def supports(self, entry: Entry) -> bool:
        """Whether an entry is a citation on which a fact can rest."""
        said = entry.given
        is_support = entry.type is Citation and said.get("stance", "SUPPORTS") == "SUPPORTS"
        return is_support and self.left.get((Source.table.name, said.get("source", ""))) != RETRACTED

    async def check_fields(self, connection: asyncpg.Connection) -> None:
        """A citation that is changed may name only its field, or only its record; the two have to fit."""
        changed = {self.ids[self.names[entry]]: entry for entry in self.names if entry.type is Citation and entry.key}
        if not changed:
            return
        rows = await connection.fetch(
            """
            select c.id, c.field, lower(o.type) as type
            from citation c
            join record o on o.id = c.record_id
            where c.id = any($1) and c.field is not null
            """,
            list(changed),
        )
        for row in rows:
            if row["field"] not in (fields := stored_fields(row["type"])):
                path = within(changed[row["id"]], "field")
                near = did_you_mean(row["field"], fields)
                self.problem(path, f"{in_words(row['type'])} has no field {row['field']!r}{near}")

    async def check_periods(self, connection: asyncpg.Connection) -> None:
        """Nothing ends before it begins, whichever of the two days the dossier gives."""
        for type_, (first, last) in PERIODS.items():
            if not any(name[0] == type_ for name in self.entries):
                continue
            rows = await connection.fetch(
                f"select key from {type_} where id = any($1) and ({last}).latest < ({first}).earliest",
                [self.ids[name] for name in self.entries if name[0] == type_],
            )
            for row in rows:
                entry = self.entries[type_, row["key"]]
                field = last if last in entry.given else first
                self.problem(within(entry, field), f"{last} lies before {first}; correct one of them")

    def cited(self, citation: Entry) -> Iterable[Name]:
        if citation.parent:
            return [self.names[citation.parent[1]]]
        return [name_of(given)] if (given := citation.given.get("record")) else []


def within(entry: Entry, name: str) -> str:
    """The path of a field of an entry; an entry that is the whole input has no path of its own."""
    return f"{entry.path}.{name}" if entry.path else name


def stored_fields(type_: str) -> list[str]:
    cls = next(cls for cls in RECORDS if cls.table.name == type_)
    return [
        graphql_name(each)
        for each in fields_of(cls)
        if each.python_name not in {*BOOKKEEPING, "key"} and field_schema(each)
    ]


def wrong_milestone(subject: str, kind: str) -> str:
    """What is wrong with a kind. The vocabulary says of each whose it is, before the colon."""
    plural = next(in_words(cls.table.plural) for cls in RECORDS if cls.table.name == subject)
    kinds = [each.name for each in MilestoneKind if subject in each.value.partition(":")[0].lower().split()]
    possible = ", ".join(kinds) or "none; only talks, agreements, processes and deadlines have milestones"
    return f"{plural} have no milestone {kind}; possible: {possible}"


def is_required_relation(declared: StrawberryField) -> bool:
    """Whether a record must point to another. A subject of any type can be null only when read before its time."""
    rule = rule_of(declared)
    if not isinstance(rule, One) or rule.column is None or declared.python_name in BOOKKEEPING:
        return False
    assert declared.type_annotation is not None
    return target(declared) is Record or "None" not in str(declared.type_annotation.raw_annotation)


def stored_date(value: FuzzyDate, text: str | None = None) -> dict[str, Any]:
    """A fuzzy date as JSON for the database."""
    found = asdict(value)
    return {
        name: each.name if isinstance(each, Enum) else each.isoformat() if isinstance(each, date) else each
        for name, each in {**found, "text": text or found["text"]}.items()
    }
