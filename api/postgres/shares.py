"""What each client has of the pool: who asks, who waits, which read is long, and the time that it used."""

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
    """What knows whether a client still waits for its answer."""

    def is_gone(self) -> bool: ...


class Client(NamedTuple):
    """Who asks: an address or a caller, and what knows whether it still waits."""

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
    """What one client has of the pool: those who wait for it, its long read, and the time that it used."""

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
