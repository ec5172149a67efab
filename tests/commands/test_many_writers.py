"""Many who write at once, over connections that break: nothing is overwritten, lost or done twice."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from api.execution import Execution
from api.http.errors import failure
from api.settings import Settings
from schema.declare.caller import Caller, Role
from schema.errors import Busy
from tests.conftest import new_database
from tests.support.asking import Reply, ask, line, request
from tests.support.keys import new_key
from tests.support.killable import Killable, killable
from tests.support.serving import QUICK, until, wire_to

CURATORS = 50
RETRIED_WRITES = {18: 1000}
"""By the version of Postgres; the promise is of the server, so that the others may do with fewer."""

FEW = 150
WRITING_AT_ONCE = 24
"""Three times the connections that the server has."""

CANCELLED = 30
HESITATION_SECONDS = 0.6
"""How long a curator takes at most before reading again: as many tries fail as others came first."""

SILENCE_SECONDS = 20
"""Far more than one wait of `QUICK`, far less than one for each writer."""

SEED = 20250502

CREATE = """mutation ($key: String!, $name: String!) {
    createActor(input: {key: $key, name: $name, kind: STATE}) { actor { id key name version } problems { code } }
}"""

READ = "query ($key: String!) { actor(by: {key: $key}) { version } }"

UPDATE = """mutation ($key: ID!, $version: Int!, $name: String!) {
    updateActor(id: $key, version: $version, changes: {name: $name}) {
        actor { version name }
        problems { code currentVersion changedBy }
    }
}"""


@pytest.fixture(scope="module")
def url(postgres: str, template_url: str) -> Iterator[str]:
    with new_database(postgres, template_url) as url:
        yield url


@pytest.fixture(scope="module")
def server(url: str) -> Iterator[Killable]:
    with killable(url) as server:
        yield server


@pytest.fixture(scope="module")
def key(url: str) -> str:
    return new_key(url, "curator")


def rows(url: str, query: str, *values: Any) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query.encode(), values).fetchall()


async def create(server: Killable, key: str, name: str) -> None:
    reply = await ask(server.port, key, CREATE, {"key": name, "name": name})
    assert reply.data["createActor"]["problems"] == []


def one(url: str, query: str, *values: Any) -> Any:
    return rows(url, query, *values)[0][0]


def unfinished(url: str) -> int:
    """Connections to this database that stand in a transaction and do nothing."""
    found: int = one(
        url,
        "select count(*) from pg_stat_activity where datname = current_database() and state like %s",
        "idle in transaction%",
    )
    return found


@contextmanager
def lock_held(url: str) -> Iterator[None]:
    """While another process writes."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(7291001)")
        yield


def waiting(url: str) -> int:
    """Transactions that wait for the writers' lock."""
    found: int = one(url, "select count(*) from pg_locks where locktype = 'advisory' and not granted")
    return found


# --- one record, many curators -------------------------------------------------------------------


async def test_of_fifty_who_saw_the_same_version_one_changes_it(server: Killable, key: str, url: str) -> None:
    await create(server, key, "wanted")
    winners = {}
    for version in (1, 2, 3):
        names = [f"{version}-{number}" for number in range(CURATORS)]
        told = [(await each)["updateActor"] for each in asyncio.as_completed(updates(server, key, version, names))]
        (won,) = [each["actor"] for each in told if each["actor"]]
        assert won["version"] == version + 1
        assert [each["problems"] for each in told if not each["actor"]] == [
            [{"code": "CONFLICT", "currentVersion": version + 1, "changedBy": "curator"}]
        ] * (CURATORS - 1)
        winners[won["version"]] = won["name"]
    assert one(url, "select version from actor where key = 'wanted'") == 1 + len(winners)
    assert winners == dict(rows(url, VERSIONS, "wanted"))


VERSIONS = """
    select version, changes -> 'name' ->> 'after'
    from revision
    where record_id = (select id from actor where key = %s) and action = 'UPDATE'
"""


def updates(server: Killable, key: str, version: int, names: list[str]) -> list[Any]:
    async def update(name: str) -> Any:
        return (await ask(server.port, key, UPDATE, {"key": "wanted", "version": version, "name": name})).data

    return [update(name) for name in names]


async def test_fifty_who_read_again_and_retry_all_change_it(server: Killable, key: str, url: str) -> None:
    await create(server, key, "contested")
    chance = random.Random(SEED)
    won = dict(await asyncio.gather(*(persist(server, key, f"by {each}", chance) for each in range(CURATORS))))
    assert one(url, "select version from actor where key = 'contested'") == CURATORS + 1
    assert won == dict(rows(url, VERSIONS, "contested")), "each version says what its winner wrote"


async def persist(server: Killable, key: str, name: str, chance: random.Random) -> tuple[int, str]:
    """Read and update until it is done; give the version that it made."""
    async with line(server.port, key) as own:
        while True:
            version = (await own.ask(READ, {"key": "contested"})).data["actor"]["version"]
            told = (await own.ask(UPDATE, {"key": "contested", "version": version, "name": name})).data["updateActor"]
            if told["actor"]:
                assert told["actor"] == {"version": version + 1, "name": name}
                return version + 1, name
            assert told["problems"][0]["currentVersion"] > version
            await asyncio.sleep(chance.random() * HESITATION_SECONDS)


# --- once and no more ----------------------------------------------------------------------------


async def test_a_thousand_writes_retried_over_broken_connections_leave_a_thousand_records(
    server: Killable, key: str, url: str
) -> None:
    chance, turns = random.Random(SEED), asyncio.Semaphore(WRITING_AT_ONCE)
    writes = RETRIED_WRITES.get(one(url, "select current_setting('server_version_num')::int / 10000"), FEW)
    names = [f"retried-{number}" for number in range(writes)]
    acknowledged = dict(await asyncio.gather(*(insist(server, key, name, chance, turns) for name in names)))

    assert one(url, "select count(*) from actor where key like 'retried-%%'") == writes
    assert one(url, "select count(*) from revision where changes -> 'key' ->> 'after' like 'retried-%%'") == writes
    kept = dict(rows(url, "select key, answer from answered_request where key like 'retried-%%'"))
    assert kept.keys() == acknowledged.keys()
    assert all(body.startswith(b'{"data":' + kept[name] + b",") for name, body in acknowledged.items())
    ids = dict(rows(url, "select key, id::text from actor"))
    assert all(told(body)["createActor"]["actor"]["id"] == ids[name] for name, body in acknowledged.items())


async def insist(
    server: Killable, key: str, name: str, chance: random.Random, turns: asyncio.Semaphore
) -> tuple[str, bytes]:
    """Write once, over connections that break, until it is acknowledged; sometimes by two connections at a time."""
    sent = request(CREATE, {"key": name, "name": name}, key, name)
    async with turns:
        for _ in range(chance.choice([1, 1, 1, 2])):
            await cut_off(server.port, sent, chance)
        twice = [whole(server.port, sent) for _ in range(chance.choice([1, 1, 1, 1, 1, 2]))]
        replies = await asyncio.gather(*twice, *([cut_off(server.port, sent, chance)] if len(twice) > 1 else []))
        if chance.random() < 0.1:
            replies.append(await whole(server.port, sent))
    (body,) = {reply.body for reply in replies if reply}
    assert told(body)["createActor"]["problems"] == []
    return name, body


async def whole(port: int, sent: bytes) -> Reply:
    async with line(port) as own:
        own.writer.write(sent)
        return await own.reply()


async def cut_off(port: int, sent: bytes, chance: random.Random) -> None:
    """Break the connection before the request, in its midst, while it is carried out, or when the answer begins."""
    async with line(port) as own:
        match chance.choice(["before", "during", "after", "answered"]):
            case "during":
                own.writer.write(sent[: chance.randrange(1, len(sent))])
                await asyncio.sleep(chance.random() * 0.002)
            case "after":
                own.writer.write(sent)
                await asyncio.sleep(chance.random() * 0.02)
            case "answered":
                own.writer.write(sent)
                await own.reader.read(1)


def told(body: bytes) -> Any:
    return json.loads(body)["data"]


async def test_a_key_that_came_with_another_request_is_refused(server: Killable, key: str, url: str) -> None:
    await ask(server.port, key, CREATE, {"key": "reused", "name": "First"}, "reused")
    reply = await ask(server.port, key, CREATE, {"key": "reused-2", "name": "Second"}, "reused")
    (error,) = json.loads(reply.body)["errors"]
    assert error["extensions"]["code"] == "IDEMPOTENCY_KEY_REUSED"
    assert one(url, "select count(*) from actor where key like 'reused%%'") == 1


async def test_another_caller_may_use_the_same_key(server: Killable, key: str, url: str) -> None:
    other = await asyncio.to_thread(new_key, url, "another curator")
    for caller, name in ((key, "mine"), (other, "theirs")):
        reply = await ask(server.port, caller, CREATE, {"key": name, "name": name}, "the same")
        assert reply.data["createActor"]["actor"]["key"] == name


async def test_a_mutation_that_failed_is_not_remembered(server: Killable, key: str) -> None:
    await create(server, key, "early")
    too_early = {"key": "early", "version": 2, "name": "Too early"}
    reply = await ask(server.port, key, UPDATE, too_early, "early")
    assert reply.data["updateActor"]["problems"][0]["code"] == "CONFLICT"
    await ask(server.port, key, UPDATE, {"key": "early", "version": 1, "name": "In between"})
    reply = await ask(server.port, key, UPDATE, too_early, "early")
    assert reply.data["updateActor"]["actor"] == {"version": 3, "name": "Too early"}


# --- while others wait ---------------------------------------------------------------------------


async def test_reads_go_on_while_more_writers_wait_than_there_are_connections(
    server: Killable, key: str, url: str
) -> None:
    await create(server, key, "read")
    with lock_held(url):
        writers = [asyncio.create_task(create(server, key, f"waiting-{number}")) for number in range(CURATORS)]
        await asyncio.to_thread(until, lambda: waiting(url))
        async with line(server.port) as own:
            for _ in range(CURATORS):
                assert (await own.ask(READ, {"key": "read"})).data == {"actor": {"version": 1}}
        assert not any(writer.done() for writer in writers)
    await asyncio.gather(*writers)
    assert one(url, "select count(*) from actor where key like 'waiting-%%'") == CURATORS


async def test_clients_who_leave_in_the_midst_of_a_mutation_leave_no_transaction_open(
    server: Killable, key: str, url: str
) -> None:
    chance = random.Random(SEED)
    sent = [request(CREATE, {"key": f"left-{each}", "name": "Left"}, key, None) for each in range(CURATORS)]
    with lock_held(url):
        leaving = [asyncio.create_task(cut_off(server.port, each, chance)) for each in sent]
        await asyncio.to_thread(until, lambda: waiting(url))
        await asyncio.sleep(0.05)
    await asyncio.gather(*leaving)
    await asyncio.to_thread(until, lambda: not unfinished(url))
    await asyncio.gather(*(create(server, key, f"after-{each}") for each in range(WRITING_AT_ONCE)))
    assert unfinished(url) == 0
    assert rows(url, WITHOUT_REVISION) == []


WITHOUT_REVISION = """
    select a.key from actor a
    where a.version <> (select count(*) from revision r where r.record_id = a.id)
"""


# --- what is cancelled ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
async def answers(url: str) -> AsyncIterator[Execution]:
    """What the server asks, without the server: its tasks can be cancelled."""
    answers = impatient(url)
    yield answers
    await answers.close()


def impatient(url: str) -> Execution:
    settings: dict[str, Any] = {**QUICK}
    return Execution(Settings(database_url=url, **settings))


async def write(answers: Execution, name: str) -> Any:
    caller = Caller("somebody", Role.CURATOR)
    answer = await answers.answer(CREATE, None, {"key": name, "name": name}, caller, name, may_write=True)
    return json.loads(answer.data)["createActor"]


async def test_a_mutation_that_is_cancelled_leaves_its_connection_usable(answers: Execution, url: str) -> None:
    chance = random.Random(SEED)
    done = []
    for number in range(CANCELLED):
        tasks = [asyncio.create_task(write(answers, f"cancelled-{number}-{each}")) for each in range(3)]
        for task in (*tasks, *tasks):
            # The second time it may be on its way out.
            await asyncio.sleep(chance.random() * 0.004)
            task.cancel()
        found = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(each, dict | asyncio.CancelledError) for each in found), found
        done += [each["actor"]["key"] for each in found if isinstance(each, dict)]
    assert (await write(answers, "after-all"))["problems"] == []
    assert unfinished(url) == 0
    there = {name for (name,) in rows(url, "select key from actor where key like 'cancelled-%%'")}
    assert there >= set(done)
    assert len(there) < 3 * CANCELLED, "some were cancelled"
    assert rows(url, WITHOUT_REVISION) == []


async def test_a_mutation_that_waits_too_long_is_undone_and_can_be_sent_again(answers: Execution, url: str) -> None:
    with lock_held(url), pytest.raises(Busy):
        await write(answers, "slow")
    assert unfinished(url) == 0
    assert rows(url, "select key from actor where key = 'slow'") == []
    assert (await write(answers, "slow"))["actor"]["version"] == 1


async def test_writers_behind_one_whom_the_database_does_not_answer_wait_together(url: str) -> None:
    """Not one after the other: the last of them would wait for minutes."""
    with wire_to(url) as wire, lock_held(url):
        answers = impatient(wire.url)
        await answers.open()
        writers = [asyncio.create_task(write(answers, f"silence-{each}")) for each in range(CURATORS)]
        await asyncio.to_thread(until, lambda: waiting(url))
        wire.flows.clear()
        try:
            async with asyncio.timeout(SILENCE_SECONDS):
                found = await asyncio.gather(*writers, return_exceptions=True)
        finally:
            wire.flows.set()
        assert all(isinstance(each, Exception) for each in found), found
        assert {failure(each).code for each in found if isinstance(each, Exception)} <= {"BUSY", "DATABASE_UNAVAILABLE"}
        await answers.close()
    await asyncio.to_thread(until, lambda: not unfinished(url))
    assert rows(url, "select key from actor where key like 'silence-%%'") == []
