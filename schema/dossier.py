"""Loading a dossier: one transaction, everything or nothing, and nothing twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from schema import write
from schema.document import Document, read
from schema.entering import Action, Row, enter

__all__ = ["Document", "Report", "Row", "load", "read"]


@dataclass(frozen=True)
class Report:
    """What became of every record, in the order of writing."""

    rows: Sequence[Row]

    def count(self, action: Action) -> int:
        return sum(row.action == action for row in self.rows)


async def load(connection: asyncpg.Connection, document: Document, *, changed_by: str, reason: str) -> Report:
    """Write a dossier. Raises Invalid with every problem; then nothing is written."""
    async with connection.transaction():
        await write.begin(connection, write.Author(changed_by, "DOSSIER", reason))
        return Report((await enter(connection, document)).rows)
