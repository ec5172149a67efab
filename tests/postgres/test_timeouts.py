"""What a request waits for in the database ends in time, by setting, and says so."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress

import asyncpg
import httpx
import psycopg
import pytest

from api.postgres import connections
from api.postgres.pool import Pool
from api.settings import Settings
from schema.declare.caller import Role
from schema.errors import Busy
from tests.support.keys import new_key
from tests.support.serving import serving, wire_to

READ = {"query": "{ actors { nodes { key } } }"}

SOON_SECONDS = 0.5
"""The time limit of the thing tested; all others are far longer."""

LONG_SECONDS = 20.0


@contextmanager
def locked(url: str, table_name: str) -> Iterator[None]:
    """Keep everybody else from reading a table."""
    with psycopg.connect(url) as connection:
        connection.execute(f"lock table {table_name} in access exclusive mode")
        yield


def told(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["errors"][0]["extensions"]["code"]


def test_a_statement_is_cancelled(database_url: str) -> None:
    with (
        serving(database_url, statement_timeout_seconds=SOON_SECONDS, lock_timeout_seconds=LONG_SECONDS) as server,
        locked(database_url, "actor"),
    ):
        assert told(server.post("/graphql", json=READ)) == (503, "TIMEOUT")


def test_a_lock_is_not_waited_for_for_ever(database_url: str) -> None:
    with (
        serving(database_url, statement_timeout_seconds=LONG_SECONDS, lock_timeout_seconds=SOON_SECONDS) as server,
        locked(database_url, "actor"),
    ):
        began = time.monotonic()
        answer = server.post("/graphql", json=READ)
        assert time.monotonic() - began < LONG_SECONDS
        assert told(answer) == (503, "BUSY")
        assert answer.headers["retry-after"] == "2"


def test_a_connection_is_not_waited_for_for_ever(database_url: str) -> None:
    limits = {"pool_min_size": 1, "pool_max_size": 2, "acquire_timeout_seconds": SOON_SECONDS}
    with (
        serving(database_url, **limits, statement_timeout_seconds=5.0, lock_timeout_seconds=LONG_SECONDS) as server,
        ThreadPoolExecutor(10) as clients,
    ):
        with locked(database_url, "actor"):
            asked = [clients.submit(server.post, "/graphql", json=READ) for _ in range(10)]
            first = [each for each in asked if each.result(LONG_SECONDS).json().get("errors")]
            found = sorted(told(each.result()) for each in first)
            assert found.count((503, "BUSY")) == 8
            assert found.count((503, "TIMEOUT")) == 2
        refused = next(each.result() for each in asked if told(each.result()) == (503, "BUSY"))
        assert refused.headers["retry-after"] == "2"
        assert server.get("/healthz").status_code == 200
        assert server.post("/graphql", json=READ).status_code == 200


def test_a_session_that_the_database_is_ending_costs_one_request(database_url: str) -> None:
    """It has said so and not yet closed the connection, which is lent to one request, and not to the next."""
    with wire_to(database_url) as wire, serving(wire.url, pool_max_size=1) as server:
        assert server.post("/graphql", json=READ).status_code == 200
        wire.ends.clear()
        try:
            end_sessions(database_url)
            time.sleep(SOON_SECONDS)
            assert told(server.post("/graphql", json=READ)) == (503, "DATABASE_UNAVAILABLE")
            assert [server.post("/graphql", json=READ).status_code for _ in range(3)] == [200] * 3
        finally:
            wire.ends.set()


def end_sessions(database_url: str) -> None:
    with psycopg.connect(database_url) as beside:
        for pid in sessions(database_url):
            beside.execute("select pg_terminate_backend(%s)", [pid])


def test_no_more_connections_are_opened_at_start_than_there_may_be(database_url: str) -> None:
    with serving(database_url, pool_max_size=1) as server:
        assert server.post("/graphql", json=READ).status_code == 200
        assert len(sessions(database_url)) == 1


def sessions(database_url: str) -> list[int]:
    """The servers' sessions in a database."""
    with psycopg.connect(database_url) as beside:
        return [pid for (pid,) in beside.execute(SESSIONS)]


SESSIONS = """
select pid from pg_stat_activity
where application_name = 'parley' and datname = current_database()
"""


def test_a_transaction_that_was_left_open_is_ended(database_url: str) -> None:
    async def leave_open() -> None:
        settings = Settings(idle_transaction_timeout_seconds=SOON_SECONDS)
        pool = await connections.create_pool(settings, database_url)
        async with pool.connection() as connection:
            await connection.execute("begin; lock table actor in access exclusive mode")
            await asyncio.sleep(SOON_SECONDS * 3)
            with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)):
                await connection.fetchval("select 1")
        await pool.close(0)

    asyncio.run(leave_open())
    with psycopg.connect(database_url) as connection:
        connection.execute("set lock_timeout = '1s'; lock table actor")


def test_a_command_waits_for_as_long_as_it_takes(database_url: str) -> None:
    async def limits() -> list[str]:
        connection = await connections.connect(Settings(), database_url)
        try:
            return [await connection.fetchval(f"show {name}") for name in ("statement_timeout", "lock_timeout")]
        finally:
            await connection.close()

    assert asyncio.run(limits()) == ["0", "0"]


def test_connections_neither_multiply_nor_get_lost_where_waits_end_as_they_are_given(database_url: str) -> None:
    """Each loan takes as long as others are ready to wait: who gets one often gives up at that moment."""
    most, spell = 3, 0.02

    async def borrow(pool: Pool, wait: float, patience: float) -> None:
        await asyncio.sleep(wait)
        with suppress(Busy, TimeoutError):
            async with asyncio.timeout(patience), pool.connection() as connection:
                await connection.fetchval("select pg_sleep($1::float8)", spell)

    async def crowd() -> tuple[int, int, int]:
        settings = Settings(pool_min_size=1, pool_max_size=most, acquire_timeout_seconds=spell)
        pool = await connections.create_pool(settings, database_url)
        chance = random.Random(1)
        waits = [(chance.random(), chance.choice((LONG_SECONDS, spell, spell * 2))) for _ in range(1500)]
        await asyncio.gather(*(borrow(pool, *each) for each in waits))
        while pool.lent:  # noqa: ASYNC110 - until those left in the middle are clear
            await asyncio.sleep(0.01)
        found = len(sessions(database_url)), len(pool.idle), pool.opening
        await pool.close(1)
        return found

    there, idle, opening = asyncio.run(crowd())
    assert (there, opening) == (idle, 0)
    assert there <= most


def test_a_request_that_is_not_done_when_the_server_stops_is_told_so(database_url: str) -> None:
    limits = {"statement_timeout_seconds": LONG_SECONDS, "lock_timeout_seconds": LONG_SECONDS}
    with ThreadPoolExecutor(1) as clients, ExitStack() as held:
        with serving(database_url, **limits, shutdown_timeout_seconds=1) as server:
            held.enter_context(locked(database_url, "actor"))
            asked = clients.submit(httpx.post, f"{server.base_url}/graphql", json=READ, timeout=LONG_SECONDS)
            time.sleep(SOON_SECONDS)
        answer = asked.result(LONG_SECONDS)
    assert answer.status_code == 503
    assert answer.json()["code"] == "BUSY"
    assert answer.headers["retry-after"] == "2"


def test_a_long_dossier_is_no_silence_of_the_database(database_url: str) -> None:
    """Each of its statements ends soon, though all of them take longer than one may."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(SLOW)
        connection.execute("create trigger slow before insert on actor for each row execute function slow()")
    key = new_key(database_url, "kurt", Role.CURATOR)
    actors = [{"key": f"actor-{number}", "name": "Actor", "kind": "STATE"} for number in range(60)]
    with serving(database_url, connect_timeout_seconds=SOON_SECONDS, statement_timeout_seconds=1.0) as server:
        headers = {"Authorization": f"Bearer {key}"}
        answer = server.post("/v1/dossiers", json={"actors": actors}, headers=headers)
        assert answer.status_code == 200, answer.text


SLOW = """
create function slow() returns trigger language plpgsql as $$
begin
    perform pg_sleep(0.05);
    return new;
end
$$
"""
