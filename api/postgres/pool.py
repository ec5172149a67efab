"""Connections lent to requests, the one used last first: it has its statements prepared and its memory warm.

asyncpg has a pool of its own. Each loan of it costs two tasks and several timers, more than a small query takes;
here it costs a dictionary entry, and one clock looks after all that are lent. Nothing may leave state behind in a
session, since none is reset: `set local`, `set_config(…, true)` and locks of the transaction only.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, TypeAlias

import asyncpg

from schema.errors import Busy

SECONDS_BETWEEN_LOOKS = 0.1
"""How late the end of a wait may come, or of a silent connection: little beside the seconds that each has had."""

Connection: TypeAlias = "asyncpg.Connection[Any]"
Turn: TypeAlias = "asyncio.Future[Connection | None]"


class Pool:
    """Lends connections, `most` at a time. `connect` opens one.

    Who waits for one longer than `acquire_timeout_seconds` is refused; one that is silent for longer than
    `patience_seconds` is ended.
    """

    def __init__(
        self,
        connect: Callable[[], Awaitable[Connection]],
        most: int,
        acquire_timeout_seconds: float,
        patience_seconds: float,
    ) -> None:
        self.connect = connect
        self.most = most
        self.acquire_timeout_seconds = acquire_timeout_seconds
        self.patience_seconds = patience_seconds
        self.idle: list[Connection] = []
        self.lent: dict[Connection, float] = {}
        self.opening = 0
        self.waiting: deque[tuple[Turn, float]] = deque()
        self.clearing: set[asyncio.Task[None]] = set()
        self.loop = asyncio.get_running_loop()
        # As of the last look: to ask the loop would cost each loan.
        self.now = self.loop.time()
        self.clock = self.loop.call_later(SECONDS_BETWEEN_LOOKS, self.look)

    def connection(self) -> Loan:
        """A connection for as long as it is needed. Entering raises what `take` raises."""
        return Loan(self)

    async def take(self) -> Connection:
        """Borrow a connection. Raises Busy where others have all, or what `connect` raises."""
        while self.idle:
            connection = self.idle.pop()
            if not connection.is_closed():
                return self.lend(connection)
        if len(self.lent) + self.opening < self.most:
            self.opening += 1
            return await self.open()
        return await self.wait()

    def lend(self, connection: Connection) -> Connection:
        self.lent[connection] = self.now
        return connection

    async def open(self) -> Connection:
        """Open one where there is room, which `opening` counts already."""
        try:
            connection = await self.connect()
        except BaseException:
            # For the next, who finds out by himself whether there is a database.
            self.leave_room()
            raise
        self.opening -= 1
        return self.lend(connection)

    def leave_room(self) -> None:
        """Give up the room to open a connection."""
        self.opening -= 1
        self.pass_on(None)

    async def wait(self) -> Connection:
        """The next connection that is given back; who has waited longest is first."""
        turn: Turn = self.loop.create_future()
        self.waiting.append((turn, self.now))
        try:
            given = await turn
        except asyncio.CancelledError:
            if not turn.cancelled() and turn.exception() is None:
                # It was given at the moment at which the wait was over.
                self.take_back(turn.result())
            raise
        return given or await self.open()

    def take_back(self, given: Connection | None) -> None:
        """Take back what somebody was given who is not there any more."""
        if given is None:
            self.leave_room()
        else:
            self.give_back(given)

    def give_back(self, connection: Connection) -> None:
        """Take a connection back from who is done with it."""
        is_closed = connection.is_closed()
        if not is_closed and connection.is_in_transaction():
            self.clear(connection)
            return
        self.lent.pop(connection, None)
        self.pass_on(None if is_closed else connection)

    def clear(self, connection: Connection) -> None:
        """Take it back from who left in the middle of something. It is lent again once that has ended."""
        self.clearing.add(task := self.loop.create_task(self.cleared(connection)))
        task.add_done_callback(self.clearing.discard)

    async def cleared(self, connection: Connection) -> None:
        try:
            # Rolls back too, and has the driver forget a transaction that it was in the middle of ending.
            await connection.reset(timeout=self.patience_seconds)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
            connection.terminate()
        self.lent.pop(connection, None)
        self.pass_on(None if connection.is_closed() else connection)

    def pass_on(self, connection: Connection | None) -> None:
        """Give a connection, or the room to open one, to who waits. It is counted as theirs before they wake up."""
        while self.waiting:
            turn, _ = self.waiting.popleft()
            if not turn.done():
                if connection is None:
                    self.opening += 1
                else:
                    self.lend(connection)
                turn.set_result(connection)
                return
        if connection is not None:
            self.idle.append(connection)

    def look(self) -> None:
        """End what has been silent for too long, and refuse who has waited too long.

        To cancel a silent one would wait for an answer that never comes.
        """
        self.now = self.loop.time()
        for connection, since in list(self.lent.items()):
            if since < self.now - self.patience_seconds:
                connection.terminate()
        while self.waiting and self.waiting[0][1] < self.now - self.acquire_timeout_seconds:
            turn, _ = self.waiting.popleft()
            if not turn.done():
                turn.set_exception(Busy("Others used all connections to the database all the time. Try again."))
        self.clock = self.loop.call_later(SECONDS_BETWEEN_LOOKS, self.look)

    async def close(self, timeout_seconds: float) -> None:
        """Wait for what is lent to come back, then close all; by force where that takes too long."""
        self.clock.cancel()
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_seconds):
                while self.lent:  # noqa: ASYNC110 - at the end of the process, once
                    await asyncio.sleep(0.01)
                while self.idle:
                    await self.idle.pop().close()
        for connection in (*self.idle, *self.lent):
            connection.terminate()


class Loan:
    """One connection, for as long as a block runs."""

    __slots__ = ("connection", "pool")

    def __init__(self, pool: Pool) -> None:
        self.pool = pool

    async def __aenter__(self) -> Connection:
        self.connection = await self.pool.take()
        return self.connection

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and issubclass(kind, asyncio.CancelledError):
            self.pool.clear(self.connection)
        else:
            self.pool.give_back(self.connection)
