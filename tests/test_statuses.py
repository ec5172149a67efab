"""Statuses kept ahead: on every day, what triggers wrote down is what the rule says of the same records."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import psycopg
import pytest

from schema import kept
from schema.compile import Compiler
from schema.root import create_schema
from schema.talk import Talk
from tests.world import Desk, build, desk_at

SQL = Path(__file__).parent.parent / "alembic" / "versions"

LISTS = {
    "talks": "Talk",
    "agreements": "Agreement",
    "deadlines": "Deadline",
    "processes": "Process",
}

# With `knownAt` nothing is read that was kept: the rule itself is asked.
BY_RULE = "{{ {name}(first: 100, orderBy: KEY_ASC, asOf: {asOf}, knownAt: {knownAt}) {{ nodes {{ key status }} }} }}"
KEPT = "{{ {name}(first: 100, orderBy: KEY_ASC) {{ nodes {{ key status }} }} }}"
KEPT_AS_OF = "{{ {name}(first: 100, orderBy: KEY_ASC, asOf: {asOf}) {{ nodes {{ key status }} }} }}"


DAYS = 25
"""How many of the days around changes are looked at in each world."""


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[Desk]:
    async with desk_at(database_url) as found:
        yield found


async def days_of_change(desk: Desk) -> list[date]:
    """The days on which some status changes, each with the day before and the day after."""
    rows = await desk.connection.fetch("select distinct from_day from status_period where isfinite(from_day)")
    around = sorted({row["from_day"] + timedelta(days) for row in rows for days in (-1, 0, 1)})
    return [each for each in around if 1950 < each.year < 2100]


@pytest.mark.parametrize("seed", [1, 2])
async def test_kept_statuses_are_those_of_the_rules_on_every_day(desk: Desk, seed: int) -> None:
    await build(desk, seed)
    known_at = f'"{datetime.now(UTC).isoformat()}"'
    days = await days_of_change(desk)
    assert len(days) > DAYS
    for day in random.Random(seed).sample(days, DAYS):
        now = datetime.combine(day, time(12), UTC)
        for name in LISTS:
            terms = {"name": name, "asOf": f'"{now.isoformat()}"', "knownAt": known_at}
            by_rule = await desk.ask(BY_RULE.format(**terms))
            assert await desk.ask(KEPT.format(**terms), now=now) == by_rule, (day, name)
            assert await desk.ask(KEPT_AS_OF.format(**terms)) == by_rule, (day, name)


@pytest.mark.parametrize("seed", [4])
async def test_statuses_kept_one_by_one_are_those_kept_at_once(desk: Desk, seed: int) -> None:
    await build(desk, seed)
    every = "select record_id, type, status, from_day, until_day from status_period order by record_id, from_day"
    before = await desk.connection.fetch(every)
    await desk.connection.execute("select refresh_all_statuses()")
    assert await desk.connection.fetch(every) == before
    assert {row["type"] for row in before} == {"TALK", "AGREEMENT", "DEADLINE", "PROCESS"}
    assert await desk.connection.fetchval("select count(*) from status_due") == 0


async def test_periods_follow_one_another_without_a_gap(desk: Desk) -> None:
    await build(desk, 5)
    broken = await desk.connection.fetch("""
        select record_id from (
            select record_id, from_day, until_day,
                lag(until_day, 1, '-infinity') over (partition by record_id order by from_day) as before,
                lead(from_day, 1, 'infinity') over (partition by record_id order by from_day) as after
            from status_period
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
    """A rule that changes needs a migration with the SQL that `schema.kept` makes of it."""
    newest = max(SQL.glob("*_statuses.sql"))
    assert newest.read_text() == kept.sql(Compiler(create_schema()))
