"""The language that words of time are in: that of the sources of their record.

Only words that a rule has to read are looked at, so that most documents cost no query.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

import asyncpg

from schema.records.sources.citation import Citation
from schema.records.sources.source import Source
from schema.writing.entries import Entry
from schema.writing.references import Name, name_of

CITED = """
    select c.record_id, c.source_id
    from citation c
    where c.record_id = any($1) and c.retracted_at is null
"""
LANGUAGES = """
    select s.id, s.language
    from source s
    where s.id = any($1) and s.language is not null
"""


async def languages(
    connection: asyncpg.Connection, names: Mapping[Entry, Name], ids: Mapping[Name, UUID], default: str | None
) -> Mapping[Entry, str | None]:
    """For each record that gives words the language of its sources, or else of those of the record it stands in.

    Where none tells it, the default; None where the sources are in several languages.
    """
    lines = {entry: list(with_parents(entry)) for entry in names if gives_words(entry)}
    if not lines:
        return {}
    sources = cited_here(names, ids)
    records = {ids[names[each]] for line in lines.values() for each in line}
    for row in await connection.fetch(CITED, list(records)):
        sources.setdefault(row["record_id"], set()).add(row["source_id"])
    rows = await connection.fetch(LANGUAGES, list(set().union(*sources.values())))
    spoken = {row["id"]: row["language"] for row in rows} | given_here(names, ids)
    found = {}
    for entry, line in lines.items():
        nearest = (
            {spoken[source] for source in sources.get(ids[names[each]], ()) if source in spoken} for each in line
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


def cited_here(names: Mapping[Entry, Name], ids: Mapping[Name, UUID]) -> dict[UUID, set[UUID]]:
    """The sources that each record cites in the document itself."""
    found: dict[UUID, set[UUID]] = {}
    for citation in names:
        source = ids.get((Source.table.name, citation.given.get("source", "")))
        if citation.type is Citation and source:
            for name in cited(citation, names):
                if name in ids:
                    found.setdefault(ids[name], set()).add(source)
    return found


def cited(citation: Entry, names: Mapping[Entry, Name]) -> Sequence[Name]:
    """The record that a citation is about, if it says so."""
    if citation.parent:
        return [names[citation.parent[1]]]
    return [name_of(given)] if (given := citation.given.get("record")) else []


def given_here(names: Mapping[Entry, Name], ids: Mapping[Name, UUID]) -> dict[UUID, str]:
    """The languages of the document's own sources."""
    return {
        ids[name]: language
        for entry, name in names.items()
        if entry.type is Source and (language := entry.given.get("language"))
    }
