"""Applying a dossier: everything or nothing, nothing twice, and what changed told field by field."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

import asyncpg

from schema.errors import Problem
from schema.writing import statements
from schema.writing.batch import Batch
from schema.writing.entries import Dossier, read
from schema.writing.upsert import Action, Row, enter
from schema.writing.warnings import Written, find_warnings

__all__ = ["Dossier", "Report", "Row", "apply", "load", "read"]


@dataclass(frozen=True)
class Report:
    """Holds one row for each record of a dossier, in the order of writing, and warnings of what is hardly meant."""

    rows: Sequence[Row]
    warnings: Sequence[Problem] = ()

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
            rows = [replace(row, changes=changes.get(done.ids[row.type, row.key], [])) for row in done.rows]
            warnings = await find_warnings(written(connection, done.batch, rows, before))
            report = Report(rows, document.lines.add_to(warnings) if document.lines else warnings)
            if dry_run:
                raise DryRunEnds
    except DryRunEnds:
        pass
    return report


def written(connection: asyncpg.Connection, batch: Batch, rows: Sequence[Row], before: int) -> Written:
    """Collect the entries that were created or updated, with what changed in each."""
    changed = {batch.entries[row.type, row.key]: row for row in rows if row.action in ("created", "updated")}
    return Written(
        connection,
        batch,
        frozenset(entry for entry, row in changed.items() if row.action == "created"),
        {entry: row.changes for entry, row in changed.items()},
        before,
    )
