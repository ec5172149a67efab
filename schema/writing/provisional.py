"""Writes what is right of records with something wrong, so that the database can refuse all else at once.

Nothing of it stays: the transaction is rolled back in the end.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

import asyncpg
from strawberry.types.field import StrawberryField

from schema.dates.edtf_dates import date_json, parse_edtf
from schema.declare.fields import One, Parts, rule_of
from schema.declare.reflection import bounds_of, column_of, fields_of, graphql_name, target
from schema.declare.table import Check
from schema.derive.constraints import checks
from schema.derive.dossier_schema import needed_fields
from schema.records.record import Record
from schema.writing.batch import Batch
from schema.writing.entries import Entry
from schema.writing.faults import nearest
from schema.writing.statements import quote_type

SOME_DAY = "2000-01-01"
"""Stands for a day that is needed and not known. No check is told that looks at it."""

TYPE = "_type"
"""The end of a column that names the type of the record in the relation before it."""

CHECKS = """
    select c.conname as name, pg_get_expr(c.conbin, c.conrelid) as expression,
        array(
            select a.attname::text from pg_attribute a where a.attrelid = c.conrelid and a.attnum = any(c.conkey)
        ) as columns
    from pg_constraint c
    where c.conrelid = $1::text::regclass and c.contype = 'c'
    order by c.conname
"""

DEFAULTS = """
    select a.attname::text as name, pg_get_expr(d.adbin, d.adrelid) as expression
    from pg_attrdef d
    join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
    where d.adrelid = $1::text::regclass and a.attgenerated = ''
"""

TRIGGERED = """
    select a.attname::text as name
    from pg_attribute a
    join pg_trigger g on g.tgrelid = a.attrelid and a.attnum = any(g.tgattr)
    where a.attrelid = $1::text::regclass and not g.tgisinternal and g.tgtype & 2 = 2
"""
"""The columns at which a trigger looks before the row is written: it may fill others of them."""


@dataclass(frozen=True)
class Provisional:
    """The columns of a record that are right, with stand-ins for others that it needs, and the columns that are not."""

    type: type[Record]
    id: UUID
    values: Mapping[str, Any]
    wrong: frozenset[str]
    is_new: bool


def make_provisional(batch: Batch, entry: Entry, values: Mapping[str, Any]) -> Provisional:
    """Leave out the columns that are wrong. In a new record something stands for those that it needs."""
    cls, key = entry.type, batch.names[entry]
    fields = batch.wrong.get(entry, set()) | (set() if batch.has_key(entry) else {"key"})
    known = {graphql_name(each): column_of(each) for each in fields_of(cls)}
    # A misspelt field is given, though nobody knows as what.
    wrong = {known[name] for each in fields if (name := each if each in known else nearest(each, known))}
    found = {column: value for column, value in values.items() if column not in wrong}
    if key not in batch.stored:
        found = stand_ins(cls, wrong, batch.ids[key]) | found
    # A trigger fills such a column, before the checks look at it.
    for column in (each for each in cls.table.internal if each.endswith(TYPE)):
        about = batch.related(entry, column.removesuffix(TYPE))
        if about is None or f"{column.removesuffix(TYPE)}_id" in wrong:
            wrong.add(column)
        else:
            found[column] = about[0].upper()
    return Provisional(cls, batch.ids[key], found, frozenset(wrong), key not in batch.stored)


def stand_ins(cls: type[Record], wrong: Collection[str], id_: UUID) -> dict[str, Any]:
    return {
        column_of(each): str(id_) if isinstance(rule_of(each), One) else stand_in(each, id_)
        for each in fields_of(cls)
        if column_of(each) in wrong and graphql_name(each) in {"key", *needed_fields(cls)}
    }


def stand_in(declared: StrawberryField, id_: UUID) -> Any:
    """Make a value of the type of a field. One that a form refuses hides the checks of its own record alone."""
    about = target(declared)
    if declared.python_name == "key":
        return f"wrong-{id_.hex}"
    if isinstance(rule_of(declared), Parts):
        return date_json(parse_edtf(SOME_DAY))
    if isinstance(about, type) and issubclass(about, Enum):
        return next(iter(about)).name
    return {bool: False, int: bounds_of(declared).least or 0, date: SOME_DAY, datetime: SOME_DAY}.get(about, "?")


async def find_failing(connection: asyncpg.Connection, record: Provisional) -> list[Check]:
    """Find all checks of its table that a record fails, of which Postgres names the first.

    Those that look at wrong columns, or at some that a trigger may fill, are left out.
    """
    table, known = quote_type(record.type.table.name), checks()
    triggered = {row["name"] for row in await connection.fetch(TRIGGERED, table)}
    unsure = record.wrong | (triggered if triggered & (record.values.keys() | record.wrong) else set())
    rows = await connection.fetch(CHECKS, table)
    found = [each for each in rows if each["name"] in known and unsure.isdisjoint(each["columns"])]
    if not found:
        return []
    defaults = await connection.fetch(DEFAULTS, table)
    by_default = f"select to_jsonb(d) from (select {listed(defaults)}) d" if record.is_new else "select '{}'::jsonb"
    row: Any = await connection.fetchrow(
        f"""
        select {", ".join(f"({each['expression']}) is false" for each in found)}
        from jsonb_populate_record(
            (select t from {table} t where t.id = $1), ({by_default}) || $2::text::jsonb
        )
        """,
        record.id, json.dumps(record.values),
    )  # fmt: skip
    return [known[each["name"]] for each, fails in zip(found, row, strict=True) if fails]


def listed(defaults: Iterable[Any]) -> str:
    return ", ".join(f"{each['expression']} as {each['name']}" for each in defaults)
