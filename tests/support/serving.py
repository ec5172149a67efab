"""A running server to ask over HTTP, and a wire to its database that counts, is cut or falls silent."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit, urlunsplit

import httpx
import uvicorn

from api.app import create_app
from api.http.server import Server
from api.settings import Settings

QUICK = {"connect_timeout_seconds": 1.0, "statement_timeout_seconds": 1.0, "shutdown_timeout_seconds": 1}
"""Settings with which a server gives up soon."""


UNLIMITED: dict[str, Any] = {
    "anonymous_requests_per_second": 0,
    "keyed_requests_per_second": 0,
    "failed_keys_per_minute": 0,
    "database_share": 0,
}
"""Settings for tests, whose requests all come from one address."""

EXECUTE = (b"E", b"Q")
"""The messages of the Postgres protocol that run a statement."""

SPECIAL_REQUEST = 1234
"""In place of a protocol version: asks for encryption, which the database declines, or to cancel a statement."""


class Tested(Server):
    """The server, without what it does to the garbage collector of its process: here, that is the tests' own."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await uvicorn.Server.startup(self, sockets)


@contextmanager
def serving(database_url: str, **settings: Any) -> Iterator[httpx.Client]:
    """A server on a free port of this machine, and a client of it."""
    chosen = Settings(database_url=database_url, **{**UNLIMITED, **settings})
    app = create_app(chosen)
    server = Tested(app, chosen)
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        running(server, listener),
        httpx.Client(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=30) as client,
    ):
        yield client


@contextmanager
def running(server: uvicorn.Server, listener: socket.socket) -> Iterator[None]:
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        until(lambda: server.started or not thread.is_alive())
        assert server.started, "the server did not start"
        yield
    finally:
        server.should_exit = True
        thread.join(timeout=30)
    assert not thread.is_alive(), "the server did not stop"


def until(holds: Any, seconds: float = 20) -> None:
    """Wait until something holds; fail if it does not within that time."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"it did not come true within {seconds} s"
        time.sleep(0.01)


@dataclass
class Wire:
    """What stands between a server and its database.

    `executed` counts the statements that Postgres was told to run, whatever the driver says of itself.
    Its answers arrive while `flows` is set, and while `ends` is set, that it has closed a connection.
    """

    url: str
    executed: int = 0
    flows: threading.Event = field(default_factory=threading.Event)
    ends: threading.Event = field(default_factory=threading.Event)


@contextmanager
def wire_to(database_url: str) -> Iterator[Wire]:
    """Forward a local port to a database, reading what passes."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        wire = Wire(through(database_url, listener.getsockname()[1]))
        wire.flows.set()
        wire.ends.set()
        loop = asyncio.new_event_loop()
        forwarding = loop.create_task(forward(wire, database_url, listener))
        thread = threading.Thread(target=run, args=(loop, forwarding))
        thread.start()
        try:
            yield wire
        finally:
            loop.call_soon_threadsafe(forwarding.cancel)
            thread.join()
            loop.close()


def run(loop: asyncio.AbstractEventLoop, task: asyncio.Task[None]) -> None:
    with suppress(asyncio.CancelledError):
        loop.run_until_complete(task)


def through(database_url: str, port: int) -> str:
    parts = urlsplit(database_url)
    user = parts.netloc.rpartition("@")[0]
    return urlunsplit(parts._replace(netloc=f"{user}@127.0.0.1:{port}", query=""))


async def forward(wire: Wire, database_url: str, listener: socket.socket) -> None:
    connections: set[asyncio.Task[Any]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.add(cast("asyncio.Task[Any]", asyncio.current_task()))
        connecting = asyncio.create_task(connect(database_url))
        both: list[asyncio.Task[None]] = []
        try:
            database_reader, database_writer = await asyncio.shield(connecting)
            both += [
                asyncio.create_task(to_database(wire, reader, database_writer)),
                asyncio.create_task(to_server(wire, database_reader, writer)),
            ]
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in both:
                task.cancel()
            await asyncio.gather(*both, return_exceptions=True)
            (connected,) = await asyncio.gather(connecting, return_exceptions=True)
            writers = [writer] if isinstance(connected, BaseException) else [writer, connected[1]]
            for each in writers:
                each.close()
            await asyncio.gather(*(each.wait_closed() for each in writers), return_exceptions=True)

    with suppress(asyncio.CancelledError):
        async with await asyncio.start_server(accept, sock=listener.dup()) as forwarding:
            await forwarding.serve_forever()
    # A socket that nobody closes keeps its transaction in the database open. One just accepted begins first.
    await asyncio.sleep(0.01)
    for connection in connections:
        connection.cancel()
    await asyncio.gather(*connections, return_exceptions=True)


async def connect(database_url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    parts = urlsplit(database_url)
    folder = parse_qs(parts.query).get("host")
    if folder:
        return await asyncio.open_unix_connection(f"{folder[0]}/.s.PGSQL.{parts.port or 5432}")
    return await asyncio.open_connection(parts.hostname, parts.port or 5432)


async def to_database(wire: Wire, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass on what the server says: first messages without a type, then such with one."""
    is_typed = False
    while True:
        head = await reader.readexactly(5 if is_typed else 4)
        body = await reader.readexactly(int.from_bytes(head[-4:]) - 4)
        writer.write(head + body)
        wire.executed += is_typed and head[:1] in EXECUTE
        is_typed = is_typed or int.from_bytes(body[:2]) != SPECIAL_REQUEST


async def to_server(wire: Wire, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        await asyncio.to_thread(wire.flows.wait)
        writer.write(data)
    await asyncio.to_thread(wire.ends.wait)
