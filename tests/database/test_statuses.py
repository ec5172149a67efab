"""What days change, kept ahead: on every day, what triggers wrote down is what the rules say of the same records."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import psycopg
import pytest

from schema.compiler.compiler import Compiler
from schema.database import status_periods
from schema.records.talks.talk import Talk
from schema.root_types import create_schema
from tests.conftest import new_database
from tests.support.random_world import build
from tests.support.world import Desk, desk_at

SQL = Path(__file__).parents[2] / "alembic" / "versions"

LISTS = {
    "talks": "key status",
    "agreements": "key status",
    "deadlines": "key status",
    "processes": "key status nextTalk { key } nextDeadline { key status }",
}

TABLES = ("talk", "agreement", "deadline", "process")

# With `knownAt` nothing is read that was kept: the rule itself is asked. Lists show too which records count.
BY_RULE = """query ($asOf: DateTime, $knownAt: DateTime) {{
    {name}(first: 100, orderBy: KEY_ASC, asOf: $asOf, knownAt: $knownAt) {{
        totalCount groups(by: STATUS) {{ key count }} nodes {{ {fields} }}
    }}
}}"""
KEPT = """{{ {name}(first: 100, orderBy: KEY_ASC) {{
    totalCount groups(by: STATUS) {{ key count }} nodes {{ {fields} }}
}} }}"""
KEPT_AS_OF = """query ($asOf: DateTime) {{ {name}(first: 100, orderBy: KEY_ASC, asOf: $asOf) {{
    totalCount groups(by: STATUS) {{ key count }} nodes {{ {fields} }}
}} }}"""

# What belongs to records that are kept counts where they do.
PARTS_BY_RULE = """query ($asOf: DateTime, $knownAt: DateTime) {
    participations(asOf: $asOf, knownAt: $knownAt) { totalCount }
    signatures(asOf: $asOf, knownAt: $knownAt) { totalCount }
    provisions(asOf: $asOf, knownAt: $knownAt) { totalCount }
    positions(asOf: $asOf, knownAt: $knownAt) { totalCount }
}"""
PARTS_KEPT = """{
    participations { totalCount } signatures { totalCount } provisions { totalCount } positions { totalCount }
}"""


DAYS = 8
"""How many of the days around changes are looked at in each world."""


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[Desk]:
    async with desk_at(database_url) as found:
        yield found


async def days_of_change(desk: Desk) -> list[date]:
    """The days on which something that is kept changes, each with the day before and the day after."""
    kept_days = " union ".join(f"select from_day from kept.{table} where isfinite(from_day)" for table in TABLES)
    rows = await desk.connection.fetch(kept_days)
    around = sorted({row["from_day"] + timedelta(days) for row in rows for days in (-1, 0, 1)})
    return [each for each in around if 1950 < each.year < 2100]


@dataclass(frozen=True)
class World:
    """A random world, which nobody changes, and the days that are looked at in it."""

    desk: Desk
    days: list[date]


@pytest.fixture(scope="module", params=[1, 2])
async def world(request: pytest.FixtureRequest, postgres: str, template_url: str) -> AsyncIterator[World]:
    with new_database(postgres, template_url) as url:
        async with desk_at(url) as desk:
            await build(desk, request.param)
            days = await days_of_change(desk)
            assert len(days) > DAYS
            yield World(desk, random.Random(request.param).sample(days, DAYS))


@pytest.mark.one_postgres
async def test_kept_statuses_are_those_of_the_rules_on_every_day(world: World) -> None:
    known_at, desk = datetime.now(UTC).isoformat(), world.desk
    for day in world.days:
        now = datetime.combine(day, time(12), UTC)
        at: dict[str, Any] = {"asOf": now.isoformat(), "knownAt": known_at}
        assert await desk.ask(PARTS_KEPT, now=now) == await desk.ask(PARTS_BY_RULE, **at), day
        for name, fields in LISTS.items():
            terms = {"name": name, "fields": fields}
            by_rule = await desk.ask(BY_RULE.format(**terms), **at)
            assert await desk.ask(KEPT.format(**terms), now=now) == by_rule, (day, name)
            assert await desk.ask(KEPT_AS_OF.format(**terms), asOf=at["asOf"]) == by_rule, (day, name)


async def everything_kept(desk: Desk) -> dict[str, list[asyncpg.Record]]:
    every = "select * from kept.{} order by record_id, from_day"
    return {table: await desk.connection.fetch(every.format(table)) for table in TABLES}


async def test_what_is_kept_one_by_one_is_what_is_kept_at_once(world: World) -> None:
    desk = world.desk
    before = await everything_kept(desk)
    assert all(before.values())
    await desk.connection.execute("select refresh_all_statuses()")
    assert await everything_kept(desk) == before
    assert await desk.connection.fetchval("select count(*) from kept.due") == 0


MAY_BE_REWRITTEN = """
    with recursive about (id) as (
        select d.subject_id from deadline d where d.id = $1
        union all
        select a.supersedes_id from deadline d join agreement a on a.id = d.subject_id
        where d.id = $1 and d.kind = 'TERM'
    ),
    above (id) as (
        select kept.process_of(p.id) from (select $1 as id union select a.id from about a) p
        union select p.parent_id from above a join process p on p.id = a.id
    )
    select $1 as id union select a.id from about a union select a.id from above a
"""


async def test_a_changed_deadline_rewrites_what_it_belongs_to_and_no_more(world: World) -> None:
    """Its own periods, those of its subject, of its process, and of the processes above.

    A term may end an agreement, so also those of an agreement that this one supersedes.
    """
    connection = world.desk.connection
    due = "row('2025-05-01', '2025-05-01', '2025-05-01', 'DAY', null, null)::fuzzy_date"
    kept = " union ".join(
        f"select p.record_id from kept.{each} p where p.xmin = pg_current_xact_id()::xid" for each in TABLES
    )
    deadlines = await connection.fetch("select d.id, kept.process_of(d.id) as process from deadline d")
    assert any(each["process"] for each in deadlines)
    for deadline in deadlines:
        moved = connection.transaction()
        await moved.start()
        await connection.execute(
            f"insert into milestone (key, subject_id, kind, at, due) select 'moved', $1, 'EXTENDED', {due}, {due}",
            deadline["id"],
        )
        await connection.execute("select refresh_statuses()")
        rewritten = {row["record_id"] for row in await connection.fetch(kept)}
        may_be = {row["id"] for row in await connection.fetch(MAY_BE_REWRITTEN, deadline["id"])}
        await moved.rollback()
        assert {deadline["id"], deadline["process"]} - {None} <= rewritten <= may_be


@pytest.mark.parametrize("table", TABLES)
async def test_periods_follow_one_another_without_a_gap(world: World, table: str) -> None:
    broken = await world.desk.connection.fetch(f"""
        select record_id from (
            select record_id, from_day, until_day,
                lag(until_day, 1, '-infinity') over (partition by record_id order by from_day) as before,
                lead(from_day, 1, 'infinity') over (partition by record_id order by from_day) as after
            from kept.{table}
        ) p
        where before <> from_day or after <> until_day
    """)
    assert broken == []


async def test_a_change_by_hand_is_kept_at_its_commit(desk: Desk, database_url: str) -> None:
    await desk.add(Talk, "paris", title="Paris")
    with psycopg.connect(database_url) as connection:
        connection.execute("set timezone = 'Pacific/Kiritimati'")
        connection.execute(
            "insert into milestone (key, subject_id, kind, at) select 'm', id, 'CANCELLED', "
            "row('2025-04-17', '2025-04-17', '2025-04-17', 'DAY', null, null)::fuzzy_date from talk"
        )
    found = await desk.ask("{ talks { nodes { status } } }")
    assert found["talks"]["nodes"] == [{"status": "CANCELLED"}]


def test_the_migration_carries_the_rules_as_declared() -> None:
    """A rule that changes needs a migration with the SQL that `schema.database.status_periods` makes of it."""
    newest = max(SQL.glob("*_statuses.sql"))
    assert newest.read_text() == status_periods.sql(Compiler(create_schema()))


async def test_none_of_no_statuses_is_found(desk: Desk) -> None:
    await desk.add(Talk, "paris", title="Paris")
    for page in ("nodes { key }", "totalCount"):
        found = await desk.ask(f"{{ talks(filter: {{status: {{in: []}}}}) {{ {page} }} }}")
        assert list(found["talks"].values()) in ([[]], [0])
