"""The order of changes never skips: who follows the log, by cursor or by number, sees each change once, in order."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Literal, cast

import asyncpg
import pytest

from schema.records.processes.issue import Issue
from schema.records.talks.talk import Talk
from tests.support.world import Desk, desk_at

WRITERS = 16
SECONDS = 2.0
"""How long they write at once. They wait for one another, so that this is about a hundred transactions."""

PAUSE_SECONDS = 0.002
"""How long a reader waits when there is nothing new, so that the writers get on."""

SEED = 20250502

FOLLOW = """query ($after: String, $first: Int!) {
    revisions(orderBy: SEQ_ASC, first: $first, after: $after) {
        nodes { seq }
        pageInfo { endCursor }
    }
}"""

DAY = "row('2025-04-17', '2025-04-17', '2025-04-17', 'DAY', null, null)"

INSTANT = timedelta(microseconds=1)


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[Desk]:
    async with desk_at(database_url) as desk:
        yield desk


class TakenBackError(Exception):
    """A transaction, or a part of one, that its writer changed his mind about."""


@dataclass
class Writer:
    """One who writes transactions of one to five changes, and remembers how many changes were acknowledged in each."""

    number: int
    connection: asyncpg.Connection[Any]
    talks: list[str]
    chance: random.Random
    acknowledged: dict[str, int] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)

    async def write_until(self, end: float) -> None:
        for count in range(1_000_000):
            if time.monotonic() > end:
                return
            name = f"{self.number}-{count}"
            try:
                self.acknowledged[name] = await self.transaction(name)
            except TakenBackError:
                self.refused["taken back"] += 1
            except asyncpg.SerializationError:
                self.refused["not serializable"] += 1

    async def transaction(self, name: str) -> int:
        """Gives how many changes it made."""
        isolation = cast(
            "Literal['read_committed', 'repeatable_read']",
            self.chance.choice(["read_committed"] * 3 + ["repeatable_read"]),
        )
        async with self.connection.transaction(isolation=isolation):
            await self.connection.execute("select set_config('parley.reason', $1, true)", name)
            await self.pause()
            if self.chance.random() < 0.5:
                # The other half write as one does in psql, without saying that a change begins.
                await self.connection.execute("select begin_change()")
            made = 0
            for _ in range(self.chance.randrange(1, 6)):
                made += await self.changes(f"{name}-{made}")
                await self.pause()
            if self.chance.random() < 0.2:
                raise TakenBackError
        return made

    async def pause(self) -> None:
        if self.chance.random() < 0.3:
            await asyncio.sleep(self.chance.random() * 0.002)

    async def changes(self, name: str) -> int:
        """One change, or none where it is taken back to a savepoint."""
        act = self.chance.choice([self.create, self.create, self.update, self.update, self.twice, self.milestone])
        if self.chance.random() < 0.8:
            return await act(name)
        try:
            async with self.connection.transaction():
                made = await act(name)
                await self.pause()
                if self.chance.random() < 0.7:
                    raise TakenBackError
                return made
        except TakenBackError:
            return 0

    async def create(self, name: str) -> int:
        await self.connection.execute(
            "insert into issue (key, name) values ($1, 'An issue')", f"{name}-{self.chance.getrandbits(60)}"
        )
        return 1

    async def update(self, name: str) -> int:
        title = f"{name} {self.chance.random()}"
        await self.connection.execute("update talk set title = $2 where id = $1", self.chance.choice(self.talks), title)
        return 1

    async def twice(self, name: str) -> int:
        """All talks, by one statement, each a change; and one of them again."""
        await self.connection.execute("update talk set summary = $1", f"{name} {self.chance.random()}")
        return len(self.talks) + await self.update(name)

    async def milestone(self, name: str) -> int:
        await self.connection.execute(
            f"insert into milestone (key, subject_id, kind, at) values ($1, $2, 'OPENED', {DAY})",
            f"{name}-{self.chance.getrandbits(60)}", self.chance.choice(self.talks),
        )  # fmt: skip
        return 1


async def follow_by_cursor(desk: Desk, end: asyncio.Event) -> list[int]:
    """As a client does: a page, then what comes after its last item, for as long as it takes."""
    seen: list[int] = []
    after, chance = None, random.Random(SEED)
    while True:
        is_last = end.is_set()
        page = (await desk.ask(FOLLOW, after=after, first=chance.choice([1, 3, 100])))["revisions"]
        seen += [each["seq"] for each in page["nodes"]]
        after = page["pageInfo"]["endCursor"] or after
        if not page["nodes"]:
            if is_last:
                return seen
            await asyncio.sleep(PAUSE_SECONDS)


async def follow_by_number(desk: Desk, end: asyncio.Event) -> list[int]:
    """As a process in the database does: whatever has a greater number than the last one seen."""
    seen = [0]
    while True:
        is_last = end.is_set()
        rows = await desk.connection.fetch("select seq from revision where seq > $1 order by seq limit 50", seen[-1])
        seen += [row["seq"] for row in rows]
        if not rows:
            if is_last:
                return seen[1:]
            await asyncio.sleep(PAUSE_SECONDS)


async def test_readers_see_every_change_of_sixteen_writers_once_and_in_order(database_url: str, desk: Desk) -> None:
    talks = [await desk.add(Talk, f"talk-{number}") for number in range(3)]
    before = await desk.connection.fetchval("select count(*) from revision")
    await desk.ask(FOLLOW, first=1)  # Whatever is made once a process is made before the writers begin.
    async with AsyncExitStack() as stack:
        by_cursor, by_number, *others = [
            await stack.enter_async_context(desk_at(database_url)) for _ in range(WRITERS + 2)
        ]
        end = asyncio.Event()
        readers = [
            asyncio.create_task(follow_by_cursor(by_cursor, end)), asyncio.create_task(follow_by_number(by_number, end))
        ]  # fmt: skip
        writers = [
            Writer(number, other.connection, talks, random.Random(SEED + number)) for number, other in enumerate(others)
        ]
        until = time.monotonic() + SECONDS
        await asyncio.gather(*(writer.write_until(until) for writer in writers))
        end.set()
        seen_by_cursor, seen_by_number = await asyncio.gather(*readers)

    log = await desk.connection.fetch("select seq, at, reason from revision order by seq")
    assert seen_by_cursor == [row["seq"] for row in log]
    assert seen_by_number == [row["seq"] for row in log]

    made = {name: count for writer in writers for name, count in writer.acknowledged.items() if count}
    assert Counter(row["reason"] for row in log[before:]) == made, "what was acknowledged, and nothing else"
    assert sum((writer.refused for writer in writers), Counter())["taken back"] > 0
    assert len(made) > WRITERS

    moments = [row["at"] for row in log[before:]]
    assert moments == sorted(moments)
    assert len(set(moments)) == len(made), "each transaction has one moment, and no two have the same"


async def test_every_version_of_what_many_wrote_can_be_read_at_its_moment(database_url: str, desk: Desk) -> None:
    """The history of one record has neither gap nor overlap, whoever wrote in between."""
    talk = await desk.add(Talk, "talk", title="0")

    async def rewrite(other: Desk, number: int) -> None:
        for count in range(5):
            async with other.connection.transaction():
                for title in (f"{number}-{count}", f"{number}-{count} again"):
                    await other.connection.execute("update talk set title = $2 where id = $1", talk, title)

    async with AsyncExitStack() as stack:
        others = [await stack.enter_async_context(desk_at(database_url)) for _ in range(WRITERS)]
        await asyncio.gather(*(rewrite(other, number) for number, other in enumerate(others)))
    spans = await desk.connection.fetch(
        "select version, known_from, known_until from known.talk where id = $1 order by version", talk
    )
    assert [row["version"] for row in spans] == list(range(1, 10 * WRITERS + 2, 2))
    assert all(one["known_until"] == next_["known_from"] for one, next_ in pairwise(spans))
    text = "query ($at: DateTime, $id: ID!) { talk(knownAt: $at, by: {id: $id}) { version } }"
    for row in spans[::7]:
        for moment, version in ((row["known_from"], row["version"]), (row["known_from"] - INSTANT, row["version"] - 2)):
            found = (await desk.ask(text, at=moment.isoformat(), id=talk))["talk"]
            assert (found["version"] if found else -1) == version


async def set_back(desk: Desk) -> datetime:
    """Make it as if the clock had gone an hour ahead at the last change, and was then set right. Gives that moment."""
    async with desk.connection.transaction():
        # Only who owns the database can do this: triggers keep everybody from dating a change.
        await desk.connection.execute("set local session_replication_role = replica")
        return cast(
            "datetime",
            await desk.connection.fetchval(
                """
                update revision set at = at + interval '1 hour'
                where seq = (select max(seq) from revision)
                returning at
                """
            ),
        )


async def test_a_clock_that_was_set_back_does_not_turn_the_order(desk: Desk) -> None:
    uuid = await desk.add(Issue, "first", name="0")
    ahead = await set_back(desk)
    for number in range(1, 4):
        async with desk.connection.transaction():
            for name in (f"{number} at first", str(number)):
                await desk.connection.execute("update issue set name = $2 where id = $1", uuid, name)
    moments = [row["at"] for row in await desk.connection.fetch("select distinct at from revision order by at")]
    assert moments == [ahead + number * INSTANT for number in range(4)]
    text = "query ($at: DateTime, $id: ID!) { issue(knownAt: $at, by: {id: $id}) { name } }"
    for number, moment in enumerate(moments):
        assert await desk.ask(text, at=moment.isoformat(), id=uuid) == {"issue": {"name": str(number)}}


async def test_a_change_after_a_savepoint_was_given_up_is_dated_after_what_others_wrote_meanwhile(
    database_url: str, desk: Desk
) -> None:
    """The writers' lock goes with the savepoint within which it was taken."""
    async with desk_at(database_url) as other:
        async with desk.connection.transaction():
            savepoint = desk.connection.transaction()
            await savepoint.start()
            await desk.connection.execute("insert into issue (key, name) values ('given-up', 'An issue')")
            await savepoint.rollback()
            await other.add(Issue, "meanwhile")
            await desk.connection.execute("insert into issue (key, name) values ('after', 'An issue')")
        rows = await desk.connection.fetch(
            "select i.key, r.at from revision r join issue i on i.id = r.record_id order by seq"
        )
    assert [row["key"] for row in rows] == ["meanwhile", "after"]
    assert rows[0]["at"] < rows[1]["at"]
