"""References from one record to another: given by key or id, stored as ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import asyncpg
from strawberry.types.field import StrawberryField

from schema.declare.fields import Many, One, rule_of, snake
from schema.declare.reflection import fields_of, graphql_name, target
from schema.declare.scalars import ID_TEXT
from schema.writing.entries import Dossier, Entry

Name = tuple[str, str]
"""A record's table and key."""


def read_name(given: Mapping[str, str]) -> Name:
    """Read the record that is given as {type: key}."""
    ((type_, key),) = given.items()
    return snake(type_), key


def name_given(declared: StrawberryField, given: Any) -> Name:
    """The record that is given for a relation: as {type: key} where it can be of any type, else as a key."""
    return read_name(given) if isinstance(given, dict) else (target(declared).table.name, given)


def references(entry: Entry) -> Iterator[Name]:
    """The records that an entry names."""
    for declared in fields_of(entry.type):
        value = entry.given.get(graphql_name(declared))
        match rule_of(declared):
            case One(column=str()) if value is not None:
                yield name_given(declared, value)
            case Many(column=str()) if value:
                yield from (name_given(declared, each) for each in value if each is not None)


async def find_stored(
    connection: asyncpg.Connection, wanted: Mapping[str, Iterable[str]], new: int
) -> tuple[list[Any], list[UUID]]:
    """Look up records by type and key, and take as many new ids in ascending order, in one statement."""
    selects = [
        f"select '{type_}' as type, id, key, retracted_at, merged_into_id from {type_} where key = any(${place})"
        for place, type_ in enumerate(wanted, 1)
    ]
    selects.append(f"select '', uuidv7(), null, null, null from generate_series(1, ${len(wanted) + 1})")
    rows = await connection.fetch(" union all ".join(selects), *map(list, wanted.values()), new)
    # Of two milestones of one day the later id counts; not every Postgres makes them in order.
    return [row for row in rows if row["type"]], sorted(row["id"] for row in rows if not row["type"])


async def replace_ids(connection: asyncpg.Connection, document: Dossier) -> Dossier:
    """Replace the ids of records by their keys in a dossier. An unknown id stays."""
    wanted: dict[str, set[UUID]] = {}
    for entry in document.entries:
        for type_, text in references(entry):
            if ID_TEXT.fullmatch(text):
                wanted.setdefault(type_, set()).add(UUID(text))
    if not wanted:
        return document
    keys = {}
    for type_, ids in wanted.items():
        rows = await connection.fetch(f"select id, key from {type_} where id = any($1)", list(ids))
        keys.update({(type_, str(row["id"])): row["key"] for row in rows})
    renamed: dict[Entry, Entry] = {}
    for entry in document.entries:
        parent = (entry.parent[0], renamed[entry.parent[1]]) if entry.parent else None
        renamed[entry] = replace(entry, given=replace_ids_of_entry(entry, keys), parent=parent)
    return replace(document, entries=list(renamed.values()))


def replace_ids_of_entry(entry: Entry, keys: Mapping[Name, str]) -> dict[str, Any]:
    """Replace the ids of records by their keys in one entry."""
    found = dict(entry.given)

    def renamed(declared: StrawberryField, given: Any) -> Any:
        type_, text = name_given(declared, given)
        key = keys.get((type_, text.lower()), text)
        return dict.fromkeys(given, key) if isinstance(given, dict) else key

    for declared in fields_of(entry.type):
        name = graphql_name(declared)
        value = found.get(name)
        match rule_of(declared):
            case One(column=str()) if value is not None:
                found[name] = renamed(declared, value)
            case Many(column=str()) if value:
                found[name] = [each and renamed(declared, each) for each in value]
    return found
