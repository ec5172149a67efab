"""Creates or updates records by their keys: named, made into columns, written, checked.

A dossier enters many at once, a command one with what hangs on it; both come through here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

import asyncpg

from schema.declare.fields import camel, in_words
from schema.errors import Invalid
from schema.records.registry import RECORDS
from schema.writing import statements
from schema.writing.batch import Batch, field_path
from schema.writing.checks import check_written
from schema.writing.entries import Dossier, Entry, check_count
from schema.writing.languages import languages
from schema.writing.names import find_ids, give_names
from schema.writing.provisional import find_failing, make_provisional
from schema.writing.references import Name, references, replace_ids
from schema.writing.values import column_values

Action = Literal["created", "updated", "unchanged", "left alone"]


@dataclass(frozen=True)
class Row:
    """Says what was done with one record. `why` it was left alone: it is retracted, or merged into another.

    `changes`, field by field, are a list of {field, before, after}.
    """

    type: str
    key: str
    action: Action
    why: str = ""
    changes: Sequence[Any] = ()

    def as_json(self) -> dict[str, Any]:
        """Name the type and the action as the API does."""
        action = self.action.upper().replace(" ", "_")
        return {**vars(self), "type": camel(self.type), "action": action, "why": self.why or None}


@dataclass(frozen=True)
class Entered:
    """Holds the rows in the order of writing, and the records in the order of the dossier, with names and ids."""

    rows: Sequence[Row]
    batch: Batch

    @property
    def names(self) -> Sequence[Name]:
        return list(self.batch.entries)

    @property
    def ids(self) -> Mapping[Name, UUID]:
        return self.batch.ids


async def enter(connection: asyncpg.Connection, document: Dossier, *, only_new: bool = False) -> Entered:
    """Write records, in the transaction that has begun. Raises Invalid with every problem; the caller rolls back.

    A record whose key exists is updated, or refused where it must be `only_new`.
    """
    check_count(len(document.entries))
    batch = give_names(await replace_ids(connection, document))
    await find_ids(connection, batch)
    batch.languages = await languages(connection, batch, document.language)
    writer = Writer(connection, batch, only_new)
    await writer.write()
    await check_written(connection, batch, writer.updated)
    if batch.problems:
        problems = batch.sorted_problems()
        raise Invalid(*(document.lines.add_to(problems) if document.lines else problems))
    return Entered(writer.rows, batch)


@dataclass
class Writer:
    """Writes the records of a batch, and tells what became of each."""

    connection: asyncpg.Connection
    batch: Batch
    only_new: bool
    rows: list[Row] = field(default_factory=list)
    updated: list[Entry] = field(default_factory=list)

    async def write(self) -> None:
        """Write every entry, each type after the types it points to; go on after a refusal to find them all."""
        order = {cls: index for index, cls in enumerate(RECORDS)}
        self.batch.columns = {entry: column_values(self.batch, entry) for entry in self.batch.names}
        prepared = sorted(self.batch.columns.items(), key=lambda each: order[each[0].type])
        if self.batch.wrong:
            return await self.write_each(prepared)
        try:
            # Nearly always nothing is refused: one savepoint for all of them spares two round trips a record.
            async with self.connection.transaction():
                for entry, values in prepared:
                    self.rows.append(await self.write_one(entry, values))
        except statements.REFUSALS:
            self.rows.clear()
            self.updated.clear()
            await self.write_each(prepared)

    async def write_each(self, prepared: Iterable[tuple[Entry, Mapping[str, Any]]]) -> None:
        """Write every entry by itself, as far as it is right, so that what is refused takes back nothing else."""
        for entry, values in prepared:
            provisional = make_provisional(self.batch, entry, values)
            try:
                async with self.connection.transaction():
                    self.rows.append(await self.write_one(entry, provisional.values))
            except statements.REFUSALS as error:
                self.refuse_rest(entry, error)
                for check in await find_failing(self.connection, provisional):
                    self.batch.refuse(field_path(entry, check.field), check.cure)

    def refuse_rest(self, entry: Entry, error: asyncpg.PostgresError) -> None:
        """Note what the database says of a record, unless it may be due to what is known to be wrong."""
        needed = [self.batch.entries.get(name) for name in references(entry)]
        if self.batch.wrong.keys().isdisjoint({entry, entry.parent and entry.parent[1], *needed}):
            field_name, message = statements.refusal(error)
            self.batch.refuse(field_path(entry, field_name) if field_name else entry.path, message)
        self.batch.note(entry, "")

    async def write_one(self, entry: Entry, values: Mapping[str, Any]) -> Row:
        """Create or update a record, or leave it alone."""
        batch, name = self.batch, self.batch.names[entry]
        if name in batch.stored and self.only_new and entry.key is None:
            # What stands inside one that exists already may exist for that reason alone.
            if entry.parent is None or batch.names[entry.parent[1]] not in batch.stored:
                path = field_path(entry, "key") if "key" in entry.given else entry.path
                batch.refuse(path, f"the {in_words(name[0])} {name[1]!r} exists already; update that one")
            return Row(*name, "left alone")
        if why := batch.left.get(name):
            return Row(*name, "left alone", why)
        if name not in batch.stored:
            await statements.insert(self.connection, entry.type, {"id": str(batch.ids[name]), **values})
            return Row(*name, "created")
        if not await statements.update(self.connection, entry.type, batch.ids[name], values):
            return Row(*name, "unchanged")
        self.updated.append(entry)
        return Row(*name, "updated")
