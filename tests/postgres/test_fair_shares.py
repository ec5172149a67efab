"""No client can stop the others: who waits is served client by client, and long reads give way."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import psycopg
import pytest

from tests.support.keys import new_key
from tests.support.serving import serving

SLOW = {"query": "{ actors { nodes { key } } }"}
"""A read that lasts for as long as the table of actors is locked."""

QUICK = {"query": "{ issues { nodes { key } } }"}

BODY = b'{"query": "{ actors { nodes { key } } }"}'
REQUEST = b"""POST /graphql HTTP/1.1\r
Host: parley\r
Content-Type: application/json\r
Content-Length: %d\r
\r
%b""" % (len(BODY), BODY)

GREEDY, OTHER = {"X-Forwarded-For": "203.0.113.9"}, {"X-Forwarded-For": "198.51.100.7"}

LONG_SECONDS = 20.0

RUNNING = """
    select count(*) from pg_stat_activity
    where application_name = 'parley' and datname = current_database() and state = 'active' and pid <> pg_backend_pid()
"""


@contextmanager
def locked(url: str) -> Iterator[psycopg.Connection]:
    """Keep everybody else from reading actors, and look at what they do."""
    with psycopg.connect(url) as connection, psycopg.connect(url, autocommit=True) as beside:
        connection.execute("lock table actor in access exclusive mode")
        yield beside


@contextmanager
def asking(url: str, **settings: object) -> Iterator[tuple[httpx.Client, ThreadPoolExecutor]]:
    given = {
        "trusted_proxies": 1,
        "statement_timeout_seconds": LONG_SECONDS,
        "lock_timeout_seconds": LONG_SECONDS,
        "database_share": 0,
    }
    with serving(url, **{**given, **settings}) as server, ThreadPoolExecutor(20) as clients:
        yield server, clients


def until(holds: Callable[[], bool], seconds: float = LONG_SECONDS) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def running(beside: psycopg.Connection) -> int:
    row = beside.execute(RUNNING).fetchone()
    assert row
    return int(row[0])


def ask(server: httpx.Client, given: dict[str, str], headers: dict[str, str]) -> httpx.Response:
    return server.post("/graphql", json=given, headers=headers, timeout=LONG_SECONDS)


def told(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["errors"][0]["extensions"]["code"]


def test_long_reads_of_one_client_give_way_once_another_asks(database_url: str) -> None:
    """They go on one after the other, and all are answered in the end."""
    with asking(database_url, pool_max_size=8, acquire_timeout_seconds=LONG_SECONDS) as (server, clients):
        with locked(database_url) as beside:
            slow = [clients.submit(ask, server, SLOW, GREEDY) for _ in range(6)]
            until(lambda: running(beside) == 6)
            assert ask(server, QUICK, OTHER).status_code == 200
            until(lambda: running(beside) == 1)
        assert [each.result().status_code for each in slow] == [200] * 6


def test_long_reads_of_a_client_that_is_alone_go_on_together(database_url: str) -> None:
    with asking(database_url, pool_max_size=8) as (server, clients):
        with locked(database_url) as beside:
            slow = [clients.submit(ask, server, SLOW, GREEDY) for _ in range(6)]
            until(lambda: running(beside) == 6)
            time.sleep(1)
            assert running(beside) == 6
        assert [each.result().status_code for each in slow] == [200] * 6


def test_who_waits_is_served_client_by_client(database_url: str) -> None:
    """Behind twelve requests of one client, the one of another is not the thirteenth."""
    with asking(database_url, pool_max_size=2, acquire_timeout_seconds=LONG_SECONDS) as (server, clients):
        done: list[str] = []

        def note(name: str) -> Callable[[Future[httpx.Response]], None]:
            return lambda _: done.append(name)

        with locked(database_url) as beside:
            for _ in range(12):
                clients.submit(ask, server, SLOW, GREEDY).add_done_callback(note("greedy"))
            until(lambda: running(beside) >= 1)
            other = clients.submit(ask, server, QUICK, OTHER)
            other.add_done_callback(note("other"))
            # It has come to the server by then.
            time.sleep(1)
        other.result()
        until(lambda: len(done) == 13)
        assert done.index("other") < 6


def test_a_client_beyond_its_share_of_the_database_is_told_to_wait(database_url: str) -> None:
    with asking(database_url, database_share=0.1, rate_window_seconds=1) as (server, clients):
        with locked(database_url) as beside:
            slow = clients.submit(ask, server, SLOW, GREEDY)
            until(lambda: running(beside) == 1)
            time.sleep(1)
        assert slow.result().status_code == 200
        assert ask(server, QUICK, OTHER).status_code == 200
        time.sleep(0.3)
        refused = ask(server, QUICK, GREEDY)
        assert told(refused) == (429, "RATE_LIMITED")
        assert 1 <= int(refused.headers["retry-after"]) <= 20
        assert ask(server, QUICK, OTHER).status_code == 200


def test_keys_and_checks_have_connections_of_their_own(database_url: str) -> None:
    key = new_key(database_url, "kurt")
    with asking(database_url, pool_max_size=3, acquire_timeout_seconds=LONG_SECONDS) as (server, clients):
        with locked(database_url) as beside:
            slow = [clients.submit(ask, server, SLOW, GREEDY) for _ in range(5)]
            until(lambda: running(beside) == 2)
            assert server.get("/readyz").status_code == 200
            wrong = {"Authorization": f"Bearer {key[:-1]}{'a' if key[-1] != 'a' else 'b'}"}
            assert ask(server, QUICK, wrong).status_code == 401
        assert [each.result().status_code for each in slow] == [200] * 5


@pytest.mark.parametrize("waits", [False, True], ids=["while it runs", "while it waits"])
def test_who_hangs_up_stops_costing(database_url: str, waits: bool) -> None:
    with asking(database_url, pool_max_size=1, acquire_timeout_seconds=LONG_SECONDS) as (server, clients):
        with locked(database_url) as beside:
            before = [clients.submit(ask, server, SLOW, OTHER)] if waits else []
            until(lambda: running(beside) == len(before))
            with socket.create_connection((server.base_url.host, server.base_url.port or 0)) as client:
                client.sendall(REQUEST)
                until(lambda: running(beside) == 1)
                time.sleep(0.3)
            until(lambda: running(beside) == len(before), seconds=1)
        assert [each.result().status_code for each in before] == [200] * len(before)
        assert ask(server, QUICK, OTHER).status_code == 200
