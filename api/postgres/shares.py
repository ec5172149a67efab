"""The share that each client has of the pool: its waiting requests, its long read, and the time that it used."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

import asyncpg

from schema.errors import Busy

if TYPE_CHECKING:
    from api.postgres.pool import Loan

Connection: TypeAlias = "asyncpg.Connection[Any]"
Waiter: TypeAlias = "asyncio.Future[Connection | None]"


class Writer(Protocol):
    """Writes the answer, and knows whether the client still waits for it."""

    def is_gone(self) -> bool: ...


class Client(NamedTuple):
    """An address or a caller that asks, and the writer of its answer."""

    name: str
    writer: Writer | None = None

    def is_gone(self) -> bool:
        return self.writer is not None and self.writer.is_gone()


class HungUp(Busy):
    """The client waits no longer."""


class Displaced(Exception):
    """A long read was stopped in favour of other clients. It begins again when it is its turn."""


class ShareUsedUp(Exception):
    """A client used more of the database's time than its share. `seconds` says after how long it may ask again."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Share:
    """The share of one client: its waiting requests, its long read, and the time that it used."""

    __slots__ = ("free_at", "long", "used_at", "waiting")

    def __init__(self) -> None:
        self.waiting: deque[Waiting] = deque()
        self.long: Loan | None = None
        self.used_at = 0.0
        self.free_at = 0.0
        """When all the time that it used will be paid off."""


class Waiting(NamedTuple):
    """A request that waits for a connection, or for its turn to read for long."""

    turn: Waiter
    loan: Loan
    since: float
