"""Checks that records rest on sources, in the database as it stands in the transaction that has begun."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import asyncpg

from schema.declare.fields import in_words
from schema.derive.evidence import evidence
from schema.errors import Invalid, Problem
from schema.records.record import Record
from schema.records.registry import RECORDS
from schema.writing.statements import quote_type


def is_supporting() -> str:
    """Write the condition that a row `c` of evidence is such that a fact can rest on it."""
    its = evidence()
    return f"""(
        c.retracted_at is null and c.{its.column(its.declared.stance)} = '{its.declared.supporting}'
        and exists (
            select from {quote_type(its.source.table.name)} s where s.id = c.{its.source_column} and s.retracted_at is
            null
        )
    )"""


async def find_supported(connection: asyncpg.Connection, ids: list[UUID]) -> set[UUID]:
    """Find those of the records that rest on a source."""
    its = evidence()
    rows = await connection.fetch(
        f"select distinct c.{its.about_column} as id from {quote_type(its.table)} c "
        f"where c.{its.about_column} = any($1) and {is_supporting()}",
        ids,
    )
    return {row["id"] for row in rows}


async def check_support(connection: asyncpg.Connection, ids: list[UUID]) -> None:
    """Check that no factual record has lost its last source. Raises Invalid."""
    for problem in await find_unsupported(connection, ids):
        raise Invalid(problem)


async def find_unsupported(connection: asyncpg.Connection, ids: list[UUID]) -> list[Problem]:
    """Find those of the records that are facts and rest on no source: a problem for each."""
    its = evidence()
    selects = (
        f"""
        select '{cls.table.name}' as type, t.key from {quote_type(cls.table.name)} t
        where t.id = any($1) and t.retracted_at is null
            and not exists (select from {quote_type(its.table)} c where c.{its.about_column} = t.id and
            {is_supporting()})
        """
        for cls in RECORDS
        if cls.table.needs_citation
    )
    return [
        Problem("", f"the {in_words(row['type'])} {row['key']!r} would be left without a source; cite one first")
        for row in await connection.fetch(" union all ".join(selects), ids)
    ]


async def find_supported_before(connection: asyncpg.Connection, changed: list[UUID]) -> list[UUID]:
    """Find the records that these records of evidence were about until their last change."""
    its = evidence()
    rows = await connection.fetch(
        f"""
        select coalesce(r.changes -> '{its.about_column}' ->> 'before', c.{its.about_column}::text)::uuid as id
        from {quote_type(its.table)} c
        join revision r on r.record_id = c.id and r.version = c.version
        where c.id = any($1)
        """,
        changed,
    )
    return [row["id"] for row in rows]


async def resting_on(connection: asyncpg.Connection, cls: type[Record], row: Any) -> list[UUID]:
    """Find the records that rest on this one: what evidence is about, or all that cites a source."""
    its = evidence()
    if cls is not its.source:
        return about(cls, row)
    rows = await connection.fetch(
        f"select distinct {its.about_column} as id from {quote_type(its.table)} "
        f"where {its.source_column} = $1 and retracted_at is null",
        row["id"],
    )
    return [row["id"] for row in rows]


def about(cls: type[Record], row: Any) -> list[UUID]:
    """Name the record that a row is about, where its type is evidence."""
    return [row[evidence().about_column]] if cls is evidence().record else []
