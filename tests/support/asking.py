"""Clients of a server, many at once and cheap, whose connections can be cut off at any moment of a request."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from api.app import create_app
from api.settings import Settings

Ask = Callable[..., Awaitable[Any]]
"""Asks a query with its variables: the `data` of its answer, which has no errors."""

LONGEST_WAIT_SECONDS = 60.0
"""For one answer. It is there to end a test that hangs, and measures nothing."""


class CutOffError(Exception):
    """The connection ended before the whole answer was there: nobody told whether the request was carried out."""


@dataclass(frozen=True)
class Reply:
    """An answer as it arrived."""

    status: int
    body: bytes

    @property
    def data(self) -> Any:
        """The `data` of a GraphQL answer that has no errors."""
        found = json.loads(self.body)
        assert self.status == 200, found
        assert "errors" not in found, found
        return found["data"]


@dataclass
class Line:
    """One connection to the GraphQL endpoint of a server on this machine, kept open between requests."""

    port: int
    key: str | None
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def ask(self, text: str, variables: Any = None, once: str | None = None) -> Reply:
        """Send a document, and the answer to it. `once` is an Idempotency-Key. Raises CutOffError."""
        try:
            async with asyncio.timeout(LONGEST_WAIT_SECONDS):
                self.writer.write(request(text, variables, self.key, once))
                return await self.reply()
        except OSError as error:
            raise CutOffError from error

    async def reply(self) -> Reply:
        try:
            head = await self.reader.readuntil(b"\r\n\r\n")
            lines = head.decode("latin-1").lower().split("\r\n")
            length = next(int(line.partition(":")[2]) for line in lines if line.startswith("content-length:"))
            return Reply(int(lines[0].split()[1]), await self.reader.readexactly(length))
        except (OSError, asyncio.IncompleteReadError) as error:
            raise CutOffError from error

    def cut(self) -> None:
        """End the connection at once, whatever is on its way."""
        self.writer.transport.abort()


@asynccontextmanager
async def line(port: int, key: str | None = None) -> AsyncIterator[Line]:
    """A connection of its own. Raises CutOffError where nobody listens."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError as error:
        raise CutOffError from error
    made = Line(port, key, reader, writer)
    try:
        yield made
    finally:
        made.cut()


async def ask(port: int, key: str | None, text: str, variables: Any = None, once: str | None = None) -> Reply:
    """One request over a connection of its own. Raises CutOffError."""
    async with line(port, key) as found:
        return await found.ask(text, variables, once)


def request(text: str, variables: Any, key: str | None, once: str | None) -> bytes:
    """A whole request, as bytes."""
    body = json.dumps({"query": text, "variables": variables or {}}).encode()
    head = ["POST /graphql HTTP/1.1", "Host: localhost", "Content-Type: application/json"]
    head += [f"Content-Length: {len(body)}"]
    head += [f"Authorization: Bearer {key}"] if key else []
    head += [f"Idempotency-Key: {once}"] if once else []
    return "\r\n".join([*head, "", ""]).encode() + body


@asynccontextmanager
async def asking_about(database_url: str) -> AsyncIterator[Ask]:
    """Ask the application itself, without a server between."""
    app = create_app(Settings(database_url=database_url))
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://parley") as client,
    ):

        async def ask(query: str, **variables: Any) -> Any:
            response = await client.post("/graphql", json={"query": query, "variables": variables})
            body = response.json()
            assert "errors" not in body, body["errors"]
            return body["data"]

        yield ask
