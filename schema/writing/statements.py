"""Writes records, with author and reason. Everything that changes data comes through here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import asyncpg

from schema.declare.fields import camel
from schema.derive.constraints import checks
from schema.records.record import Record

Origin = Literal["MUTATION", "DOSSIER", "IMPORT", "PROPOSAL"]

ATTRIBUTED = """
    set_config('parley.changed_by', $1, true), set_config('parley.reason', $2, true),
    set_config('parley.origin', $3, true), set_config('parley.approved_by', $4, true),
    set_config('parley.proposal', $5, true)
"""
"""The settings that carry an Author into a transaction: one place for each of `session_values`."""


@dataclass(frozen=True)
class Author:
    """Whose change it is, by which way it came in, and why; who approved it, where it was proposed."""

    changed_by: str
    origin: Origin
    reason: str = ""
    approved_by: str = ""
    proposal: str = ""


async def begin(connection: asyncpg.Connection, author: Author, *, is_trial: bool = False) -> datetime:
    """Take the writers' lock before anything is read, and say who changes what follows in this transaction.

    Gives the moment of the changes. Revisions from then on are this transaction's, as long as it lasts. A trial takes
    no lock: it sees one state of the database, and whoever begins it undoes what it writes.
    """
    if is_trial:
        await connection.execute("select set_config('parley.trial', 'on', true)")
    moment: datetime = await connection.fetchval(f"select begin_change(), {ATTRIBUTED}", *session_values(author))
    return moment


async def attribute(connection: asyncpg.Connection, author: Author) -> None:
    """Say who makes the changes that follow, and why."""
    await connection.execute(f"select {ATTRIBUTED}", *session_values(author))


def session_values(author: Author) -> tuple[str, ...]:
    return author.changed_by, author.reason, author.origin, author.approved_by, author.proposal


async def insert(connection: asyncpg.Connection, record: type[Record], values: Mapping[str, Any]) -> None:
    """Add a record. `values` are its columns as JSON, id and key among them."""
    table, columns = record.table.name, ", ".join(values)
    await connection.execute(
        f"insert into {table} ({columns}) "
        f"select {columns} from jsonb_populate_record(null::{quote_type(table)}, $1::text::jsonb)",
        json.dumps(values),
    )


async def update(connection: asyncpg.Connection, record: type[Record], id: UUID, values: Mapping[str, Any]) -> bool:
    """Set the given columns of a record; False where they held these values already."""
    table = record.table.name
    old, new = (", ".join(f"{row}.{column}" for column in values) for row in ("t", "n"))
    status = await connection.execute(
        f"update {table} t set ({', '.join(values)}) = row({new}) "
        f"from jsonb_populate_record(null::{quote_type(table)}, $2::text::jsonb) n "
        f"where t.id = $1 and ({old}) is distinct from ({new})",
        id, json.dumps(values),
    )  # fmt: skip
    return status != "UPDATE 0"


def quote_type(table: str) -> str:
    """A table's name where a type is expected: `position` is also a word of SQL."""
    return f'"{table}"'


REFUSALS = (
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.DataError,
    # A value that an index cannot hold.
    asyncpg.ProgramLimitExceededError,
)
"""Messages for the values that Postgres does not take."""


def refusal(error: asyncpg.PostgresError) -> tuple[str, str]:
    """Explain an error of Postgres: the field to look at ("" for the whole record) and a sentence."""
    if isinstance(error, asyncpg.NotNullViolationError):
        return camel(str(error.column_name).removesuffix("_id")), "it is missing; every record of this type needs it"
    if check := checks().get(str(getattr(error, "constraint_name", None))):
        return check.field, check.cure
    # The first line: the others repeat the whole row.
    return "", f"the database refuses it: {str(error).splitlines()[0]}"


async def last_seq(connection: asyncpg.Connection) -> int:
    """The place of the newest revision. While the writers' lock is held, what comes after it is one's own."""
    found: int = await connection.fetchval("select coalesce(max(seq), 0) from revision")
    return found


async def revisions_since(connection: asyncpg.Connection, seq: int) -> list[Any]:
    """The revisions after a place in the log: (record_id, type, version, action, changes as JSON), in order."""
    found: list[Any] = await connection.fetch(
        """
        select r.record_id, o.type, r.version, r.action::text,
            (
                select json_agg(
                    json_build_object(
                        'field', field_name(c.key), 'before', c.value -> 'before', 'after', c.value -> 'after'
                    )
                    order by c.key
                )
                from jsonb_each(r.changes) c
            )::text as changes
        from revision r
        join record o on o.id = r.record_id
        where r.seq > $1
        order by r.seq
        """,
        seq,
    )
    return found
