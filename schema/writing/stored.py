"""Reads what is stored of a record before it is changed: its row, an earlier version, what rests on it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import asyncpg

from schema.declare.reflection import column_of
from schema.declare.scalars import ID_TEXT
from schema.derive.dossier_schema import content_fields
from schema.errors import Invalid, NotFound, Problem, VersionConflict
from schema.records.record import Record
from schema.writing.merge import redirect_columns, required_relations


async def find_at_version(
    connection: asyncpg.Connection, cls: type[Record], given: Mapping[str, Any], *, follows_merges: bool = True
) -> Any:
    """Read the named row if it still has the version that the caller read. Raises NotFound or VersionConflict."""
    found = await find_row(connection, cls, given["id"], follows_merges=follows_merges)
    if found["version"] != given["version"]:
        last: Any = await connection.fetchrow(
            "select changed_by, at from revision where record_id = $1 order by version desc limit 1", found["id"]
        )
        raise VersionConflict(
            f"the {cls.table.words} {found['key']!r} has version {found['version']}, not {given['version']}: "
            f"{last['changed_by']} changed it; read it again",
            found["version"],
            last["changed_by"],
            last["at"],
        )
    return found


async def find_row(
    connection: asyncpg.Connection, cls: type[Record], text: str, path: str = "id", *, follows_merges: bool = True
) -> Any:
    """Read the row with this id or key, or the one that it was merged into. Raises NotFound.

    It has the columns that commands look at. They are named, since Postgres refuses a prepared statement from then on
    when a migration adds a column to its result.
    """
    columns = ("id", "key", "version", "retracted_at", "merged_into_id", *dict(required_relations(cls)).values())
    table, by = cls.table.name, "id" if ID_TEXT.fullmatch(text) else "key"
    condition = f"t.{by} = $1"
    if follows_merges:
        condition = f"t.id = (select coalesce(m.merged_into_id, m.id) from {table} m where m.{by} = $1)"
    found = await connection.fetchrow(
        f"select {', '.join(columns)} from {table} t where {condition}", UUID(text) if by == "id" else text
    )
    if found is None:
        raise NotFound(f"no {cls.__name__} has the {by} {text!r}", path)
    return found


async def rebuild_version(
    connection: asyncpg.Connection, cls: type[Record], found: Any, version: int
) -> dict[str, Any]:
    """Rebuild the columns of an earlier version of a record from its revisions. Raises Invalid."""
    if not 1 <= version < found["version"]:
        earlier = f"1 to {found['version'] - 1}" if found["version"] > 1 else "there is none"
        raise Invalid(Problem("toVersion", f"{version} is no earlier version of {found['key']!r}; possible: {earlier}"))
    # The last value that a revision up to that version gave each column.
    rows = await connection.fetch(
        """
        select distinct on (c.key) c.key, (c.value -> 'after')::text as value
        from revision r, jsonb_each(r.changes) c
        where r.record_id = $1 and r.version <= $2
        order by c.key, r.version desc
        """,
        found["id"], version,
    )  # fmt: skip
    then = {row["key"]: json.loads(row["value"]) for row in rows}
    if then.get("merged_into_id"):
        raise Invalid(Problem("toVersion", f"in version {version} it was merged into another; merge it anew"))
    columns = [column_of(each) for each in content_fields(cls)]
    content = await redirect_columns(connection, found["id"], {column: then.get(column) for column in columns})
    for relation, column in required_relations(cls):
        if content[column] is None:
            what = f"in version {version} its {relation} was a record that has been merged into it"
            raise Invalid(Problem("toVersion", f"{what}; restore that one first"))
    return content
