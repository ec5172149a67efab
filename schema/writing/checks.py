"""Checks what no single column says: terms that fit, evidence that names its part and is there, periods that end.

Most look at the database after all is written, since an entry may give only some fields of a record.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

import asyncpg
from strawberry.types.field import StrawberryField

from schema.declare.fields import in_words
from schema.declare.reflection import field_named, graphql_name, target
from schema.declare.vocabulary import joined, terms_of, types_of
from schema.derive.dossier_schema import content_fields
from schema.derive.evidence import evidence
from schema.records.record import Record
from schema.records.registry import RECORDS
from schema.writing.batch import RETRACTED, Batch, field_path
from schema.writing.entries import Entry
from schema.writing.evidence import find_supported, find_supported_before, find_unsupported
from schema.writing.faults import did_you_mean
from schema.writing.statements import quote_type

# --- one value -----------------------------------------------------------------------------------


def check_value(batch: Batch, entry: Entry, declared: StrawberryField, value: Any, path: str) -> None:
    """Check a value against the record that the entry is about, where both are given."""
    relation, is_part = declared.metadata.get("fits"), is_part_of_evidence(entry.type, declared)
    if value is None or not (relation or is_part):
        return
    about = batch.related(entry, relation or evidence().declared.about)
    if about is None:
        return
    if is_part and (wrong := explain_part(about[0], value)):
        batch.refuse(path, wrong)
    if relation and value not in terms_of(target(declared), about[0]):
        batch.refuse(path, explain_term(entry.type, target(declared), about[0], value))


def is_part_of_evidence(cls: type[Record], declared: StrawberryField) -> bool:
    return cls.table.evidence is not None and cls.table.evidence.part == declared.python_name


def explain_part(type_: str, field: str) -> str | None:
    """Say that records of a type have no field of this name; None where they have. Only stored fields have evidence."""
    fields = [graphql_name(each) for each in content_fields(record_type(type_))]
    return None if field in fields else f"{in_words(type_)} has no field {field!r}{did_you_mean(field, fields)}"


def explain_term(cls: type[Record], vocabulary: type[Enum], type_: str, term: str) -> str:
    """Say that a term does not fit records of a type, and which terms do."""
    words, plural = in_words(cls.table.plural), in_words(record_type(type_).table.plural)
    having = [in_words(record_type(each).table.plural) for each in types_of(vocabulary)]
    possible = ", ".join(terms_of(vocabulary, type_)) or f"none; only {joined(having, 'and')} have {words}"
    others = [in_words(record_type(each).table.plural) for each in getattr(vocabulary[term].value, "types", ())]
    elsewhere = f"; {term} is one of {joined(others, 'or')}" if others else ""
    return f"{plural} have no {cls.table.words} {term}; possible: {possible}{elsewhere}"


def record_type(type_: str) -> type[Record]:
    return next(cls for cls in RECORDS if cls.table.name == type_)


# --- what was written ----------------------------------------------------------------------------


async def check_written(connection: asyncpg.Connection, batch: Batch, updated: list[Entry]) -> None:
    """Check the records as they now stand in the database."""
    await check_sources(connection, batch)
    await check_parts(connection, batch)
    await check_periods(connection, batch)
    await check_contradictions(connection, batch)
    await check_support(connection, batch, updated)


async def check_sources(connection: asyncpg.Connection, batch: Batch) -> None:
    """Check that every new fact cites a source, here or in the database."""
    here = {batch.related(entry, evidence().declared.about) for entry in batch.names if is_supporting(batch, entry)}
    wanting = {
        name: entry
        for name, entry in batch.entries.items()
        if entry.type.table.needs_citation
        and not batch.is_there(entry)
        and not (entry.key and batch.is_citing)
        and name not in here
        and name not in batch.left
    }
    if not wanting:
        return
    there = await find_supported(connection, [batch.ids[name] for name in wanting])
    for name, entry in wanting.items():
        # Where one of its citations is wrong, it does cite a source.
        if batch.ids[name] not in there and evidence().list_field not in batch.wrong.get(entry, ()):
            batch.refuse(field_path(entry, evidence().list_field), "it cites no source; add one, as [key of a source]")


def is_supporting(batch: Batch, entry: Entry) -> bool:
    """Whether an entry is evidence on which a fact can rest."""
    declared = entry.type.table.evidence
    if declared is None:
        return False
    stance = field_named(entry.type, declared.stance)
    said = entry.given.get(graphql_name(stance), stance.metadata["default"])
    source = batch.related(entry, declared.source)
    return said == declared.supporting and (source is None or batch.left.get(source) != RETRACTED)


async def check_parts(connection: asyncpg.Connection, batch: Batch) -> None:
    """Check that changed evidence names a field of its record: a change may give only one of the two."""
    its = evidence()
    changed = {batch.id_of(entry): entry for entry in batch.names if entry.type is its.record and entry.key}
    if not changed:
        return
    rows = await connection.fetch(
        f"""
        select c.id, c.{its.part_column} as part, lower(o.type) as type
        from {quote_type(its.table)} c
        join record o on o.id = c.{its.about_column}
        where c.id = any($1) and c.{its.part_column} is not null
        """,
        list(changed),
    )
    for row in rows:
        if wrong := explain_part(row["type"], row["part"]):
            batch.refuse(
                field_path(changed[row["id"]], graphql_name(field_named(its.record, its.declared.part))), wrong
            )


async def check_periods(connection: asyncpg.Connection, batch: Batch) -> None:
    """Check that nothing ends before it begins, whichever of the two days an entry gives."""
    for cls in {entry.type for entry in batch.names}:
        if cls.table.period is None:
            continue
        first, last = cls.table.period
        begins, ends = (graphql_name(field_named(cls, each)) for each in (first, last))
        right = {
            batch.id_of(entry): entry
            for entry in batch.names
            if entry.type is cls and batch.wrong.get(entry, set()).isdisjoint({begins, ends})
        }
        rows = await connection.fetch(
            f"select id from {quote_type(cls.table.name)} where id = any($1) and ({last}).latest < ({first}).earliest",
            list(right),
        )
        for row in rows:
            entry = right[row["id"]]
            path = field_path(entry, ends if ends in entry.given else begins)
            batch.refuse(path, f"{ends} lies before {begins}; correct one of them")


async def check_contradictions(connection: asyncpg.Connection, batch: Batch) -> None:
    """Check the rules over several records, as far as those that are looked at are right by themselves."""
    for cls in {entry.type for entry in batch.names if entry.type.table.contradictions}:
        entries = {batch.id_of(each): each for each in batch.names if each.type is cls and each not in batch.wrong}
        wrong = {each.type.table.name for each in batch.wrong}
        for rule in (each for each in cls.table.contradictions if wrong.isdisjoint(each.reads)):
            for row in await connection.fetch(rule.sql, list(entries)):
                keys = {name: repr(value) for name, value in row.items() if name != "id"}
                path = field_path(entries[row["id"]], graphql_name(field_named(cls, rule.field)))
                batch.refuse(path, rule.cure.format(**keys))


async def check_support(connection: asyncpg.Connection, batch: Batch, updated: list[Entry]) -> None:
    """Check that no fact has lost its last source to evidence that now says something else."""
    if changed := [batch.id_of(entry) for entry in updated if entry.type is evidence().record]:
        for problem in await find_unsupported(connection, await find_supported_before(connection, changed)):
            batch.refuse(problem.path, problem.message)
