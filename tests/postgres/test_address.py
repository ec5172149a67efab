"""An address means to both drivers what libpq says, with several hosts too, and shows no secret."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from api.postgres import connections, embedded, migrations
from api.postgres.address import asyncpg_arguments, describe_address, parse_address, session_settings
from api.postgres.unavailable import DatabaseUnavailable
from api.settings import Settings
from tests.conftest import CARELESS, quick_folder
from tests.support.serving import QUICK, serving

ADDRESSES: list[tuple[str, str, list[dict[str, Any]]]] = [
    (
        "postgresql://u:p@h:1/d",
        "h:1/d",
        [{"user": "u", "password": "p", "host": "h", "port": 1, "database": "d"}],
    ),
    ("postgres://h", "h", [{"host": "h"}]),
    ("postgresql://", "localhost", [{}]),
    ("host=h port=1 dbname=d password='p q'", "h:1/d", [{"host": "h", "port": 1, "database": "d", "password": "p q"}]),
    # Several hosts, with a port for each, for all, or for some.
    ("postgresql://a:1,b:2", "a:1,b:2", [{"host": "a", "port": 1}, {"host": "b", "port": 2}]),
    ("postgresql://a,b:2", "a,b:2", [{"host": "a"}, {"host": "b", "port": 2}]),
    ("host=a,b port=7", "a:7,b:7", [{"host": "a", "port": 7}, {"host": "b", "port": 7}]),
    ("postgresql://[::1]:1,b", "[::1]:1,b", [{"host": "::1", "port": 1}, {"host": "b"}]),
    # What asyncpg's own parser takes for something else, or refuses.
    ("postgresql://a/b?host=c&dbname=d", "c/d", [{"host": "c", "database": "d"}]),
    ("postgresql:///d?host=::1", "[::1]/d", [{"host": "::1", "database": "d"}]),
    ("postgresql://h?password=a+b", "h", [{"host": "h", "password": "a+b"}]),
    ("postgresql://u:a#b?c[d]e:f@h", "h", [{"user": "u", "password": "a#b?c[d]e:f", "host": "h"}]),
    ("postgresql://u@h?ssl=true", "h", [{"user": "u", "host": "h", "dsn": "postgresql://?sslmode=require"}]),
    # Sockets, secrets and percent forms.
    ("postgresql:///d?host=%2Frun%2Fx&port=1", "/run/x/d", [{"host": "/run/x", "port": 1, "database": "d"}]),
    ("postgresql://%2Frun%2Fx/d%2Fe", "/run/x/d/e", [{"host": "/run/x", "database": "d/e"}]),
    ("postgresql://u%40t:%40%2F@h?user=v@t", "h", [{"user": "v@t", "password": "@/", "host": "h"}]),
    ("postgresql://h?passfile=/a%20b", "h", [{"host": "h", "passfile": "/a b"}]),
    (
        "postgresql://h?sslmode=verify-full&sslrootcert=/a%26b",
        "h",
        [{"host": "h", "dsn": "postgresql://?sslmode=verify-full&sslrootcert=%2Fa%26b"}],
    ),
    # A host is asked twice: at first all of them whether they are standbys.
    (
        "host=a,b target_session_attrs=prefer-standby",
        "a,b",
        [
            {"host": "a", "target_session_attrs": "standby"},
            {"host": "b", "target_session_attrs": "standby"},
            {"host": "a", "target_session_attrs": "any"},
            {"host": "b", "target_session_attrs": "any"},
        ],
    ),
]  # fmt: skip
"""An address, what is shown of it, and the arguments for asyncpg that are not left out."""


@pytest.mark.parametrize(("address", "place", "arguments"), ADDRESSES)
def test_an_address_is_read_as_libpq_reads_it(address: str, place: str, arguments: list[dict[str, Any]]) -> None:
    parameters = parse_address(address)
    assert describe_address(parameters) == place
    found = [{name: value for name, value in each.items() if value} for each in asyncpg_arguments(parameters)]
    assert found == [{"dsn": "postgresql://?", **each} for each in arguments]


def test_the_session_may_be_named_and_set_by_the_address() -> None:
    parameters = parse_address("postgresql://h?application_name=desk&options=-c%20geqo%3Doff")
    assert session_settings(parameters) == {"application_name": "desk", "options": "-c geqo=off"}


@pytest.mark.parametrize(
    "address",
    ["host=a,b port=1,2,3", "host=a port=1,2", "host=a,b port=0", "host=a port=-1", "host=hush port=hush"],
)
def test_ports_that_fit_no_host_are_refused(address: str) -> None:
    with pytest.raises(DatabaseUnavailable, match="from 1 to 65535, with one port for all hosts or one for each"):
        parse_address(address)


@pytest.mark.parametrize(
    "address",
    ["host=h hush", "password='hush", "host=h hush=1", "hostaddr=127.0.0.1 password=hush", "host=h password=\udcff"],
)
def test_what_libpq_cannot_read_is_not_repeated(address: str) -> None:
    with pytest.raises(DatabaseUnavailable, match="DATABASE_URL cannot be read: ") as refused:
        parse_address(address)
    assert "hush" not in str(refused.value)


# --- several hosts -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pair:
    """The folders of the sockets of two servers: one that takes writes, and one that by its settings does not."""

    writer: str
    reader: str

    def address(self, *hosts: str, **parameters: str) -> str:
        folders = ",".join(getattr(self, host, host) for host in hosts)
        return make_conninfo(user="parley", dbname="postgres", host=folders, port=str(embedded.PORT), **parameters)


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    with TemporaryDirectory(prefix="parley-", dir=quick_folder()) as folder:
        read_only = {**CARELESS, "default_transaction_read_only": "on"}
        with (
            embedded.run_cluster(Path(folder) / "writer", options=CARELESS) as writer,
            embedded.run_cluster(Path(folder) / "reader", options=read_only) as reader,
        ):
            yield Pair(*(str(conninfo_to_dict(url)["host"]) for url in (writer, reader)))


DEAD = "/nowhere"


@pytest.mark.parametrize(
    ("hosts", "wanted", "answers"),
    [
        (["writer", DEAD], "any", "off"),
        ([DEAD, "writer"], "any", "off"),
        ([DEAD, "reader", "writer"], "any", "on"),
        (["reader", "writer"], "read-write", "off"),
        ([DEAD, "reader", "writer"], "read-write", "off"),
        (["writer", "reader"], "read-only", "on"),
        (["reader", "writer"], "primary", "on"),
        ([DEAD, "writer", "reader"], "prefer-standby", "off"),
    ],
)
def test_the_first_host_that_is_as_wanted_answers(pair: Pair, hosts: list[str], wanted: str, answers: str) -> None:
    address, question = pair.address(*hosts, target_session_attrs=wanted), "show default_transaction_read_only"
    with psycopg.connect(address) as connection:
        assert connection.execute(question).fetchone() == (answers,)
    assert ask(address, question) == answers


@pytest.mark.parametrize(
    ("hosts", "wanted", "says"),
    [
        ([DEAD, DEAD], "any", f"The database at {DEAD},{DEAD}/postgres cannot be used: "),
        (["reader", DEAD], "read-write", "cannot be used: "),
        (["reader"], "read-write", "cannot be used: None of the hosts match the target attribute requirement"),
        (["writer", "reader"], "standby", "cannot be used: None of the hosts match the target attribute requirement"),
        (["writer"], "leader", "cannot be used: target_session_attrs is expected to be one of"),
    ],
)
def test_no_host_that_is_as_wanted_is_one_clear_line(pair: Pair, hosts: list[str], wanted: str, says: str) -> None:
    address = pair.address(*hosts, target_session_attrs=wanted)
    with pytest.raises(DatabaseUnavailable) as refused:
        ask(address, "select 1")
    assert says in str(refused.value)
    with pytest.raises(DatabaseUnavailable, match="cannot be used: "):
        migrations.migrate(address)


def test_each_host_has_the_whole_time_to_connect(pair: Pair) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        ports = f"{silent.getsockname()[1]},{embedded.PORT}"
        address = make_conninfo(user="parley", dbname="postgres", host=f"127.0.0.1,{pair.writer}", port=ports)
        began = time.monotonic()
        assert ask(address, "select 1", connect_timeout_seconds=0.5) == 1
        assert time.monotonic() - began >= 0.5


def ask(address: str, question: str, **settings: Any) -> object:
    async def answer() -> object:
        connection = await connections.connect(Settings(**settings), address)
        try:
            return await connection.fetchval(question)
        finally:
            await connection.close()

    return asyncio.run(answer())


def test_a_server_with_a_dead_host_before_its_own_migrates_and_answers(empty_database_url: str) -> None:
    own = parse_address(empty_database_url)
    hosts, ports = f"127.0.0.1,{own['host']}", f"1,{own.get('port', '')}"
    address = make_conninfo(empty_database_url, host=hosts, port=ports, target_session_attrs="read-write")
    migrations.migrate(address)
    with serving(address, **QUICK) as server:
        assert server.get("/readyz").status_code == 200
        assert server.post("/graphql", json={"query": "{ talks { totalCount } }"}).status_code == 200
