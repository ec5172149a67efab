"""Statements stay prepared in a session of Postgres once they came a second time, to whichever session."""

from __future__ import annotations

from api.postgres import connections
from api.postgres.session import LONGEST_CACHED, MOST_SEEN, SeenStatements, Session
from api.settings import Settings

PREPARED = "select statement from pg_prepared_statements where statement like '%example%'"


async def prepared(session: Session) -> set[str]:
    return {row["statement"] for row in await session.fetch(PREPARED)} - {PREPARED}


async def asked(session: Session, *numbers: int) -> None:
    for number in numbers:
        row = await session.fetchrow(f"select $1::int + {number} as example", 1)
        assert row["example"] == number + 1


def examples(*numbers: int) -> set[str]:
    return {f"select $1::int + {number} as example" for number in numbers}


async def test_a_statement_is_kept_once_it_comes_again(database_url: str) -> None:
    seen = SeenStatements()
    first, second = [await connections.connect_for_requests(Settings(), database_url, seen) for _ in range(2)]
    await asked(first, 1, 2)
    assert await prepared(first) == set()
    await asked(first, 2)
    assert await prepared(first) == examples(2)
    # Another session knows that it has come before.
    await asked(second, 1)
    assert await prepared(second) == examples(1)
    for each in (first, second):
        await each.close()


async def test_the_one_used_longest_ago_goes(database_url: str) -> None:
    session = await connections.connect_for_requests(Settings(), database_url, SeenStatements())
    session.statements.most = 2
    await asked(session, 1, 1, 2, 2, 1, 3, 3)
    # What has gone is closed when the next statement is prepared.
    await asked(session, 4)
    assert await prepared(session) == examples(1, 3)
    await session.close()


async def test_long_ones_go_sooner_and_very_long_ones_are_not_kept(database_url: str) -> None:
    session = await connections.connect_for_requests(Settings(), database_url, SeenStatements())
    session.statements.largest = 3 * len("select $1::int + 1 as example") - 1
    await asked(session, 1, 1, 2, 2, 3, 3)
    await asked(session, 4)
    assert await prepared(session) == examples(2, 3)
    long = f"select 1 as example{' ' * LONGEST_CACHED}"
    for _ in range(3):
        assert (await session.fetchrow(long))["example"] == 1
    assert await prepared(session) == examples(2, 3)
    await session.close()


def test_only_so_many_are_known_again() -> None:
    seen = SeenStatements()
    assert not seen.mark_seen("the first")
    assert seen.mark_seen("the first")
    for number in range(MOST_SEEN):
        assert not seen.mark_seen(f"number {number}")
    assert len(seen) == MOST_SEEN
    assert not seen.mark_seen("the first")
