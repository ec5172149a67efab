"""How records are written: who and why, insert, update. Everything that changes data comes through here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

import asyncpg

from schema.record import Record

Origin = Literal["MUTATION", "DOSSIER", "IMPORT", "PROPOSAL"]


async def begin(connection: asyncpg.Connection, *, changed_by: str, reason: str, origin: Origin) -> None:
    """Say who changes what follows in this transaction, and why; take the writers' lock before anything is read."""
    await connection.execute(
        """
        select set_config('parley.changed_by', $1, true), set_config('parley.reason', $2, true),
            set_config('parley.origin', $3, true)
        """,
        changed_by, reason, origin,
    )  # fmt: skip
    await connection.execute("select begin_change()")


async def insert(connection: asyncpg.Connection, record: type[Record], values: Mapping[str, Any]) -> None:
    """Add a record. `values` are its columns as JSON, id and key among them."""
    table, columns = record.table.name, ", ".join(values)
    await connection.execute(
        f"insert into {table} ({columns}) "
        f"select {columns} from jsonb_populate_record(null::{quoted(table)}, $1::text::jsonb)",
        json.dumps(values),
    )


async def update(connection: asyncpg.Connection, record: type[Record], id: UUID, values: Mapping[str, Any]) -> bool:
    """Set the given columns of a record; False where they held these values already."""
    table = record.table.name
    old, new = (", ".join(f"{row}.{column}" for column in values) for row in ("t", "n"))
    status = await connection.execute(
        f"update {table} t set ({', '.join(values)}) = row({new}) "
        f"from jsonb_populate_record(null::{quoted(table)}, $2::text::jsonb) n "
        f"where t.id = $1 and ({old}) is distinct from ({new})",
        id, json.dumps(values),
    )  # fmt: skip
    return status != "UPDATE 0"


def quoted(table: str) -> str:
    """A table's name where a type is expected: `position` is also a word of SQL."""
    return f'"{table}"'
