"""Warns of what is taken but hardly meant. Each kind is a function that looks at what was just written.

They ask the database, in the transaction that may still be rolled back, and repeat none of its rules. A warning has the
form of a problem: the place, the record's key, and what to do.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

import asyncpg
from strawberry.types.field import StrawberryField

from schema.dates.edtf_dates import parse_edtf
from schema.declare.fields import One, in_words, rule_of, snake
from schema.declare.reflection import column_of, field_named, fields_of, graphql_name, is_bookkeeping, target
from schema.derive.dossier_defaults import defaulted_fields
from schema.derive.dossier_schema import DEFAULTS, needed_fields
from schema.derive.evidence import evidence
from schema.errors import Problem
from schema.records.record import Record
from schema.records.registry import RECORDS
from schema.writing.batch import Batch, field_path
from schema.writing.defaults import find_origin
from schema.writing.entries import Entry
from schema.writing.evidence import is_supporting
from schema.writing.faults import quote, sort_problems
from schema.writing.statements import quote_type

MOST_WARNINGS = 100
"""More than anybody looks through at once."""

FARTHEST = timedelta(days=50 * 365)
"""Between a day and the nearest other in a dossier: few processes rest for so long, and a wrong century shows."""

FEWEST_DAYS = 4
"""Days of other records without which none is far from them."""

TESTS_LIVE = "1900-01-01"
"""A day in `parley.today`, with which the entry of a record is no day on which it can be seen."""


@dataclass(frozen=True)
class Written:
    """Holds the entries that were written, with the changes of each, and the last revision `before` them."""

    connection: asyncpg.Connection
    batch: Batch
    created: frozenset[Entry]
    changes: Mapping[Entry, Sequence[Mapping[str, Any]]]
    before: int

    def of(self, cls: type[Record], *, only_new: bool = False) -> dict[UUID, Entry]:
        """The entries of a type that were created or updated, by their ids."""
        entries = self.created if only_new else self.changes
        return {self.batch.id_of(each): each for each in entries if each.type is cls}


async def find_warnings(written: Written) -> list[Problem]:
    """Find what is hardly meant, in the order of its places, one warning for each of these."""
    found: dict[str, Problem] = {}
    for kind in KINDS:
        async for path, message in kind(written):
            origin = find_origin(written.batch.origins, path)
            found.setdefault(origin, Problem(origin, message, written.batch.key_at(origin)))
    sorted_ = sort_problems(found.values())
    if len(sorted_) > MOST_WARNINGS:
        return [*sorted_[:MOST_WARNINGS], Problem("", f"these are the first {MOST_WARNINGS} warnings; there are more")]
    return sorted_


# --- who can see it ------------------------------------------------------------------------------


async def find_invisible(written: Written) -> AsyncIterator[tuple[str, str]]:
    """Find records that the rules show from their entry on, and for no other reason."""
    for cls in (each for each in RECORDS if each.table.periods):
        entries = written.of(cls, only_new=True)
        apart = await first_days(written.connection, cls, list(entries), TESTS_LIVE)
        suspects = [row["id"] for row in apart if row["first"] is None or row["first"] != row["entered"]]
        later = {row["id"]: row["first"] for row in apart}
        for row in await first_days(written.connection, cls, suspects, ""):
            if row["first"] == row["entered"] and not date.min < (later[row["id"]] or date.min) < row["entered"]:
                yield (
                    entries[row["id"]].path,
                    "it can be seen only from its entry on; give it a day, a dated step, or a source with its day",
                )


async def first_days(connection: asyncpg.Connection, cls: type[Record], ids: list[UUID], today: str) -> list[Any]:
    """Ask the rules from when on records can be seen, with `today` as the day in which tests live, or without one."""
    if not ids:
        return []
    before = await connection.fetchval("select current_setting('parley.today', true)")
    try:
        await connection.execute("select set_config('parley.today', $1, true)", today)
        rows: list[Any] = await connection.fetch(
            f"""
            select t.id, (t.created_at at time zone 'UTC')::date as entered,
                (select min(p.from_day) from kept.{cls.table.name}_periods(t.id, '-infinity') p where p.counts) as first
            from {quote_type(cls.table.name)} t
            where t.id = any($1)
            """,
            ids,
        )
    finally:
        await connection.execute("select set_config('parley.today', $1, true)", before or "")
    return rows


# --- who counts it -------------------------------------------------------------------------------


async def find_uncounted(written: Written) -> AsyncIterator[tuple[str, str]]:
    """Find records that belong to nothing to which they could, and sources that nothing cites."""
    its = evidence()
    cited = {
        written.batch.related(each, its.declared.source) for each in written.batch.names if each.type is its.record
    }
    for entry in written.created:
        for declared, default, _ in defaulted_fields(entry.type):
            name = graphql_name(declared)
            is_optional = isinstance(rule_of(declared), One) and name not in needed_fields(entry.type)
            if is_optional and written.batch.related(entry, str(declared.python_name)) is None:
                words = in_words(snake(default))
                cure = f"name its {words}, or one for all in {DEFAULTS}"
                yield field_path(entry, name), f"it belongs to no {words}, so that none counts it; {cure}"
        if entry.type is its.source and written.batch.names[entry] not in cited:
            yield entry.path, "nothing here cites it"


# --- dates ---------------------------------------------------------------------------------------


async def find_overlaps(written: Written) -> AsyncIterator[tuple[str, str]]:
    """Find records of which one at a time is meant, where their dates surely overlap."""
    for cls in RECORDS:
        if (declared := cls.table.exclusive) is None or not (entries := written.of(cls)):
            continue
        same = " and ".join(f"o.{each} = t.{each}" for each in (column_of(field_named(cls, of)) for of in declared.of))
        rows = await written.connection.fetch(
            f"""
            select t.id, (t.{declared.during}).edtf as own, o.id as other_id, o.key, (o.{declared.during}).edtf as other
            from {quote_type(cls.table.name)} t
            join {quote_type(cls.table.name)} o on {same} and o.id <> t.id
            where t.id = any($1) and t.retracted_at is null and o.retracted_at is null
                and (t.{declared.during}).edtf is not null and (o.{declared.during}).edtf is not null
            order by t.id, o.id
            """,
            list(entries),
        )
        for row in rows:
            # Of two that are written together the later one is told.
            is_told = row["other_id"] not in entries or row["other_id"] < row["id"]
            if is_told and overlap(row["own"], row["other"]):
                field = graphql_name(field_named(cls, declared.during))
                what = f"{row['own']} overlaps with {row['other']} of {row['key']!r}"
                yield field_path(entries[row["id"]], field), f"{what}; say when one of them ended"


def overlap(one: str, other: str) -> bool:
    """Whether two dates have a day in common, whatever day each vague beginning and end is."""
    (first, last), (begins, ends) = surely(one), surely(other)
    return first <= ends and begins <= last


def surely(edtf: str) -> tuple[date, date]:
    """The days from the last possible beginning to the first possible end; open ends are far away."""
    if "/" not in edtf:
        whole = parse_edtf(edtf)
        return whole.earliest or date.min, whole.latest or date.max
    begins, ends = edtf.split("/")
    return (
        (parse_edtf(begins).latest or date.min) if begins.strip(".") else date.min,
        (parse_edtf(ends).earliest or date.max) if ends.strip(".") else date.max,
    )


async def find_ahead(written: Written) -> AsyncIterator[tuple[str, str]]:
    """Find what is said to have happened, on a day that is still to come."""
    today = await written.connection.fetchval("select (now() at time zone 'UTC')::date")
    for entry in written.changes:
        for declared in fields_that_have_come(entry.type):
            value = written.batch.columns[entry].get(column_of(declared))
            if value and value["earliest"] and date.fromisoformat(value["earliest"]) > today:
                what = f"{value['edtf']} is still to come; is the year right?"
                yield field_path(entry, graphql_name(declared)), what


async def find_without_beginning(written: Written) -> AsyncIterator[tuple[str, str]]:
    """Find what happened on a day of which only the last possible one is known: it counts on every day before."""
    for entry in written.changes:
        for declared in fields_that_have_come(entry.type):
            value = written.batch.columns[entry].get(column_of(declared))
            if value and value["earliest"] is None and value["latest"]:
                what = f"{value['edtf']} has no beginning, so that it counts since ever"
                yield field_path(entry, graphql_name(declared)), f"{what}; give the first day that is possible"


async def find_doubtful(written: Written) -> AsyncIterator[tuple[str, str]]:
    """Find what several records together hardly mean, as their types declare it."""
    for cls in (each for each in RECORDS if each.table.doubts):
        entries = written.of(cls)
        for rule in cls.table.doubts if entries else ():
            for row in await written.connection.fetch(rule.sql, list(entries)):
                path = field_path(entries[row["id"]], graphql_name(field_named(cls, rule.field)))
                yield path, rule.cure.format(**row)


async def find_later_than_sources(written: Written) -> AsyncIterator[tuple[str, str]]:
    """Find what happened after all that it rests on was published."""
    its = evidence()
    for cls in (each for each in RECORDS if each is not its.source):
        entries = written.of(cls)
        for column, name in [(column_of(each), graphql_name(each)) for each in fields_that_have_come(cls) if entries]:
            rows = await written.connection.fetch(
                f"""
                select t.id, (t.{column}).edtf as own, cited.last
                from {quote_type(cls.table.name)} t
                cross join lateral (
                    select max((s.{its.published_column}).latest) as last,
                        bool_and((s.{its.published_column}).latest is not null) as is_known
                    from {quote_type(its.table)} c
                    join {quote_type(its.source.table.name)} s on s.id = c.{its.source_column}
                    where c.{its.about_column} = t.id and {is_supporting()}
                ) cited
                where t.id = any($1) and cited.is_known and (t.{column}).earliest > cited.last
                """,
                list(entries),
            )
            for row in rows:
                what = f"{row['own']} is later than {row['last']}, when the last of its sources was published"
                yield field_path(entries[row["id"]], name), f"{what}; correct one of them"


async def find_far(written: Written) -> AsyncIterator[tuple[str, str]]:
    """Find days that are far from every day of another record in the dossier."""
    days = sorted((each for entry in written.batch.names for each in days_of(written, entry)), key=lambda day: day.on)
    if len({day.entry for day in days}) <= FEWEST_DAYS:
        return
    for index, day in enumerate(days):
        before = (days[place] for place in range(index - 1, -1, -1))
        after = (days[place] for place in range(index + 1, len(days)))
        if day.entry in written.changes and is_far(day, before) and is_far(day, after):
            years = FARTHEST.days // 365
            yield day.path, f"{day.edtf} is more than {years} years from every other day here; is the year right?"


def is_far(day: Day, others: Iterable[Day]) -> bool:
    """Whether the first of the others that another record gives is far from a day. There may be none."""
    return all(
        abs(each.on - day.on) > FARTHEST for each in islice((each for each in others if each.entry is not day.entry), 1)
    )


@dataclass(frozen=True)
class Day:
    """A day that an entry gives: the first or else the last possible one, and the date as it stands."""

    on: date
    entry: Entry
    path: str
    edtf: str


def days_of(written: Written, entry: Entry) -> Iterator[Day]:
    """Yield the days that an entry gives."""
    for declared in fields_of(entry.type):
        value = written.batch.columns[entry].get(column_of(declared))
        if target(declared) is date and value:
            value = {"earliest": value, "edtf": value}
        if isinstance(value, dict) and (day := value["earliest"] or value["latest"]):
            yield Day(date.fromisoformat(day), entry, field_path(entry, graphql_name(declared)), value["edtf"])


def fields_that_have_come(cls: type[Record]) -> Iterator[StrawberryField]:
    return (each for each in fields_of(cls) if each.metadata.get("has_come"))


# --- what was there ------------------------------------------------------------------------------


async def find_overwritten(written: Written) -> AsyncIterator[tuple[str, str]]:
    """Find values that others had entered: in a record that all dossiers share, or otherwise than by a dossier."""
    updated = {written.batch.id_of(each): each for each in written.changes.keys() - written.created}
    rows = await written.connection.fetch(
        """
        select distinct on (r.record_id, c.name)
            r.record_id, field_name(c.name) as field, r.changed_by, r.at::date as day,
            r.origin::text = 'DOSSIER' as by_dossier
        from revision r
        cross join lateral jsonb_object_keys(r.changes) c (name)
        where r.record_id = any($1) and r.seq <= $2
        order by r.record_id, c.name, r.version desc
        """,
        list(updated), written.before,
    )  # fmt: skip
    last = {(row["record_id"], row["field"]): row for row in rows}
    for id_, entry in updated.items():
        for change in written.changes[entry]:
            row = last.get((id_, change["field"]))
            if row and change["before"] not in (None, []) and (is_shared(entry.type) or not row["by_dossier"]):
                what = f"{shown(change['before'])} becomes {shown(change['after'])}"
                yield field_path(entry, change["field"]), f"{what}; {row['changed_by']} entered it on {row['day']}"


def is_shared(cls: type[Record]) -> bool:
    """Whether records of a type stand for themselves, so that many dossiers refer to them."""
    relations = (each for each in fields_of(cls) if isinstance(rule := rule_of(each), One) and rule.column)
    return not cls.table.needs_citation and all(is_bookkeeping(each) or target(each) is cls for each in relations)


def shown(value: Any) -> str:
    """Write a value as a person reads it: of a date its words."""
    return quote((value.get("text") or value.get("edtf")) if isinstance(value, dict) else value)


KINDS: tuple[Callable[[Written], AsyncIterator[tuple[str, str]]], ...] = (
    find_invisible,
    find_uncounted,
    find_overlaps,
    find_ahead,
    find_without_beginning,
    find_doubtful,
    find_later_than_sources,
    find_far,
    find_overwritten,
)
