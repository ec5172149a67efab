"""The language that words of time are in: that of the sources of their record.

Only words that a rule has to read are looked at, so that most documents cost no query.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from uuid import UUID

import asyncpg

from schema.declare.reflection import field_named, graphql_name
from schema.derive.evidence import evidence
from schema.writing.batch import Batch
from schema.writing.entries import Entry
from schema.writing.statements import quote_type


async def languages(connection: asyncpg.Connection, batch: Batch, default: str | None) -> Mapping[Entry, str | None]:
    """For each record that gives words the language of its sources, or else of those of the record it stands in.

    Where none tells it, the default; None where the sources are in several languages.
    """
    lines = {entry: list(with_parents(entry)) for entry in batch.names if gives_words(entry)}
    if not lines:
        return {}
    sources = cited_here(batch)
    for about, source in await cited_before(
        connection, {batch.id_of(each) for line in lines.values() for each in line}
    ):
        sources.setdefault(about, set()).add(source)
    spoken = await languages_before(connection, set().union(*sources.values())) | languages_here(batch)
    found = {}
    for entry, line in lines.items():
        nearest = (
            {spoken[source] for source in sources.get(batch.id_of(each), ()) if source in spoken} for each in line
        )
        told = next((each for each in nearest if each), {default})
        found[entry] = told.pop() if len(told) == 1 else None
    return found


def gives_words(entry: Entry) -> bool:
    """Whether a rule has to read words of the entry that do not say their own language."""
    dates = (each for each in entry.given.values() if isinstance(each, dict) and "text" in each)
    return any("edtf" not in each and "language" not in each for each in dates)


def with_parents(entry: Entry) -> Iterator[Entry]:
    yield entry
    if entry.parent:
        yield from with_parents(entry.parent[1])


def cited_here(batch: Batch) -> dict[UUID, set[UUID]]:
    """Find the sources that each record cites in the document itself."""
    its, found = evidence(), dict[UUID, set[UUID]]()
    for entry in batch.names:
        if entry.type is its.record:
            about, source = batch.related(entry, its.declared.about), batch.related(entry, its.declared.source)
            if about in batch.ids and source in batch.ids:
                found.setdefault(batch.ids[about], set()).add(batch.ids[source])
    return found


async def cited_before(connection: asyncpg.Connection, records: set[UUID]) -> list[tuple[UUID, UUID]]:
    """Find the sources that the records cite in the database, as pairs of record and source."""
    its = evidence()
    rows = await connection.fetch(
        f"""
        select c.{its.about_column} as about, c.{its.source_column} as cited
        from {quote_type(its.table)} c
        where c.{its.about_column} = any($1) and c.retracted_at is null
        """,
        list(records),
    )
    return [(row["about"], row["cited"]) for row in rows]


def languages_here(batch: Batch) -> dict[UUID, str]:
    """Find the languages of the document's own sources."""
    its = evidence()
    name = graphql_name(field_named(its.source, its.declared.language))
    return {
        batch.id_of(entry): language
        for entry in batch.names
        if entry.type is its.source and (language := entry.given.get(name))
    }


async def languages_before(connection: asyncpg.Connection, sources: set[UUID]) -> dict[UUID, str]:
    """Find the languages of sources in the database."""
    its = evidence()
    rows = await connection.fetch(
        f"""
        select s.id, s.{its.language_column} as language
        from {quote_type(its.source.table.name)} s
        where s.id = any($1) and s.{its.language_column} is not null
        """,
        list(sources),
    )
    return {row["id"]: row["language"] for row in rows}
