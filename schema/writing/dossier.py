"""Applying a dossier: everything or nothing, nothing twice, and what changed told field by field."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

import asyncpg

from schema.writing import statements
from schema.writing.entries import Dossier, read
from schema.writing.upsert import Action, Row, enter

__all__ = ["Dossier", "Report", "Row", "apply", "load", "read"]


@dataclass(frozen=True)
class Report:
    """Holds one row for each record of a dossier, in the order of writing."""

    rows: Sequence[Row]

    def count(self, action: Action) -> int:
        return sum(row.action == action for row in self.rows)


class DryRunEnds(Exception):
    """Takes back what a dry run has written."""


async def load(
    connection: asyncpg.Connection, document: Dossier, *, changed_by: str, reason: str, dry_run: bool = False
) -> Report:
    """Apply a dossier in a transaction of its own. Raises Invalid with every problem; then nothing is written."""
    async with connection.transaction():
        await statements.begin(connection, statements.Author(changed_by, "DOSSIER", reason))
        return await apply(connection, document, dry_run=dry_run)


async def apply(connection: asyncpg.Connection, document: Dossier, *, dry_run: bool = False) -> Report:
    """Write a dossier in the transaction that has begun, or in a dry run only tell what would be written.

    Raises Invalid with every problem; the caller rolls back.
    """
    report = Report([])
    try:
        async with connection.transaction():
            before = await statements.last_seq(connection)
            done = await enter(connection, document)
            revisions = await statements.revisions_since(connection, before)
            changes = {row["record_id"]: json.loads(row["changes"]) for row in revisions}
            report = Report([replace(row, changes=changes.get(done.ids[row.type, row.key], [])) for row in done.rows])
            if dry_run:
                raise DryRunEnds
    except DryRunEnds:
        pass
    return report
