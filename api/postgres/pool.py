"""A pool of connections, last in, first out: the connection used last has its prepared statements and warm caches.

asyncpg has a pool of its own, but acquiring from it costs two tasks and several timers, more than a small query. Here
it costs a dictionary entry, and one timer checks all lent connections. Connections are not reset on release, so
requests must leave no state in a session: only `set local`, `set_config(…, true)` and locks of the transaction.
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
"""A timeout is noticed at most this late: little, since each timeout is some seconds."""

Connection: TypeAlias = "asyncpg.Connection[Any]"
Waiter: TypeAlias = "asyncio.Future[Connection | None]"


class Pool:
    """Lends connections, `max_size` at a time. `connect` opens one.

    A request that waits longer than `acquire_timeout_seconds` is refused; a connection lent for longer than
    `silence_timeout_seconds` is terminated.
    """

    def __init__(
        self,
        connect: Callable[[], Awaitable[Connection]],
        max_size: int,
        acquire_timeout_seconds: float,
        silence_timeout_seconds: float,
    ) -> None:
        self.connect = connect
        self.max_size = max_size
        self.acquire_timeout_seconds = acquire_timeout_seconds
        self.silence_timeout_seconds = silence_timeout_seconds
        self.idle: list[Connection] = []
        self.lent: dict[Connection, float] = {}
        self.opening = 0
        self.waiting: deque[tuple[Waiter, float]] = deque()
        self.resetting: set[asyncio.Task[None]] = set()
        self.loop = asyncio.get_running_loop()
        # The time of the last check: reading the clock of the loop would cost each loan.
        self.now = self.loop.time()
        self.clock = self.loop.call_later(SECONDS_BETWEEN_LOOKS, self.end_expired)

    def connection(self) -> Loan:
        """Lend a connection for the length of an `async with` block. Entering raises the exceptions of `take`."""
        return Loan(self)

    async def take(self) -> Connection:
        """Acquire a connection. Raises Busy where all are in use, or an exception of `connect`."""
        while self.idle:
            connection = self.idle.pop()
            if not connection.is_closed():
                return self.lend(connection)
        if len(self.lent) + self.opening < self.max_size:
            self.opening += 1
            return await self.open()
        return await self.wait()

    def lend(self, connection: Connection) -> Connection:
        self.lent[connection] = self.now
        return connection

    async def open(self) -> Connection:
        """Open a connection in a free slot, which `opening` counts already."""
        try:
            connection = await self.connect()
        except BaseException:
            # The next waiting request tries to connect in its turn.
            self.free_slot()
            raise
        self.opening -= 1
        return self.lend(connection)

    def free_slot(self) -> None:
        """Free the slot of a connection that was not opened."""
        self.opening -= 1
        self.pass_on(None)

    async def wait(self) -> Connection:
        """Wait for the next released connection, first come, first served."""
        turn: Waiter = self.loop.create_future()
        self.waiting.append((turn, self.now))
        try:
            given = await turn
        except asyncio.CancelledError:
            if not turn.cancelled() and turn.exception() is None:
                # The connection was assigned just before the cancellation.
                self.take_back(turn.result())
            raise
        return given or await self.open()

    def take_back(self, given: Connection | None) -> None:
        """Take back the connection, or the slot, of a cancelled request."""
        if given is None:
            self.free_slot()
        else:
            self.give_back(given)

    def give_back(self, connection: Connection) -> None:
        """Release a connection."""
        is_closed = connection.is_closed()
        if not is_closed and connection.is_in_transaction():
            self.start_reset(connection)
            return
        self.lent.pop(connection, None)
        self.pass_on(None if is_closed else connection)

    def start_reset(self, connection: Connection) -> None:
        """Reset, in a task, the connection of a cancelled request; it is lent again once that is done."""
        self.resetting.add(task := self.loop.create_task(self.reset(connection)))
        task.add_done_callback(self.resetting.discard)

    async def reset(self, connection: Connection) -> None:
        try:
            # Also rolls back, and clears the driver's state of a transaction that was being ended.
            await connection.reset(timeout=self.silence_timeout_seconds)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
            connection.terminate()
        self.lent.pop(connection, None)
        self.pass_on(None if connection.is_closed() else connection)

    def pass_on(self, connection: Connection | None) -> None:
        """Assign a connection, or a free slot for None, to the next waiting request, before its task wakes up."""
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

    def end_expired(self) -> None:
        """Terminate connections that were lent for too long, and refuse requests that waited too long.

        Cancelling the statement of a silent connection would wait for an answer that never comes.
        """
        self.now = self.loop.time()
        for connection, since in list(self.lent.items()):
            if since < self.now - self.silence_timeout_seconds:
                connection.terminate()
        while self.waiting and self.waiting[0][1] < self.now - self.acquire_timeout_seconds:
            turn, _ = self.waiting.popleft()
            if not turn.done():
                turn.set_exception(Busy("Others used all connections to the database all the time. Try again."))
        self.clock = self.loop.call_later(SECONDS_BETWEEN_LOOKS, self.end_expired)

    async def close(self, timeout_seconds: float) -> None:
        """Wait until all connections are released, then close them; terminate them where that takes too long."""
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
    """A context manager that holds one connection."""

    __slots__ = ("connection", "pool")

    def __init__(self, pool: Pool) -> None:
        self.pool = pool

    async def __aenter__(self) -> Connection:
        self.connection = await self.pool.take()
        return self.connection

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and issubclass(kind, asyncio.CancelledError):
            self.pool.start_reset(self.connection)
        else:
            self.pool.give_back(self.connection)
