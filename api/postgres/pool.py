"""A pool of connections, last in, first out: the connection used last has its prepared statements and warm caches.

asyncpg has a pool of its own, but acquiring from it costs two tasks and several timers, more than a small query. Here
it costs a dictionary entry, and one timer checks all lent connections. Connections are not reset on release, so
requests must leave no state in a session: only `set local`, `set_config(…, true)` and locks of the transaction.

Clients share it fairly. Who waits is served client by client; some connections are kept apart for keys, checks and
writes. While several clients ask, each has one long read at a time: the others of that client are stopped and begin
again when it is their turn. And each has a share of the database's time, beyond which it is refused.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from typing import Any

import asyncpg

from api.postgres.shares import Client, Connection, Displaced, HungUp, Share, ShareUsedUp, Waiting
from schema.errors import Busy

SECONDS_BETWEEN_LOOKS = 0.1
"""A timeout is noticed at most this late: little, since each timeout is some seconds."""

LONG_SECONDS = 0.1
"""A read that takes longer is a long one; usual ones take some milliseconds."""

CONTENDED_SECONDS = 2.0
"""Clients that asked within this time share the database. One that is alone has all of it."""

MOST_SHARES = 10_000
"""Clients that are remembered; those that owe nothing are forgotten first."""


class Pool:
    """Lends connections, `max_size` at a time. `connect` opens one.

    A request that waits longer than `acquire_timeout_seconds` is refused; a connection on which no statement ended for
    longer than `silence_timeout_seconds` is terminated. Each client may use `share` seconds of the database a second
    while others ask too, and what it did not use in the last `window_seconds`; 0 is no limit.
    """

    def __init__(
        self,
        connect: Callable[[], Awaitable[Connection]],
        max_size: int,
        acquire_timeout_seconds: float,
        silence_timeout_seconds: float,
        share: float = 0,
        window_seconds: float = 10,
    ) -> None:
        self.connect = connect
        self.max_size = max_size
        self.acquire_timeout_seconds = acquire_timeout_seconds
        self.silence_timeout_seconds = silence_timeout_seconds
        self.share = share
        self.window_seconds = window_seconds
        # A third of the connections, three at most, is kept apart: for keys, a write and a trial.
        self.most_shared = max_size - min(3, max_size // 3)
        self.most_long = max(1, max_size // 2)
        self.idle: list[Connection] = []
        self.lent: dict[Connection, Loan] = {}
        self.opening = 0
        # Connections that are lent to clients, or being opened for them.
        self.shared = 0
        self.shares: dict[str, Share] = {}
        self.apart: deque[Waiting] = deque()
        # Clients of whom somebody waits, in the order in which they are served.
        self.queue: deque[Share] = deque()
        self.turns: deque[Waiting] = deque()
        self.resetting: set[asyncio.Task[None]] = set()
        self.loop = asyncio.get_running_loop()
        # The time of the last check: reading the clock of the loop would cost each loan.
        self.now = self.loop.time()
        self.is_contended = False
        self.clock = self.loop.call_later(SECONDS_BETWEEN_LOOKS, self.look)

    def connection(self, client: Client | None = None) -> Loan:
        """Lend a connection for the length of an `async with` block. Entering raises the exceptions of `take`.

        A loan to a client may end early, with Displaced or HungUp; without one, it is from those kept apart.
        """
        return Loan(self, client)

    # --- lending -----------------------------------------------------------------------------------

    async def take(self, loan: Loan) -> Connection:
        """Acquire a connection. Raises Busy where all are in use, ShareUsedUp, or an exception of `connect`."""
        if (client := loan.client) is not None:
            loan.share = share = self.shares.get(client.name) or self.new_share(client.name)
            share.used_at = self.now
            if self.is_contended and self.share and share.free_at - self.now > self.window_seconds:
                raise ShareUsedUp(share.free_at - self.now - self.window_seconds)
            if self.shared >= self.most_shared:
                return await self.wait(loan)
        while self.idle:
            connection = self.idle.pop()
            if not connection.is_closed():
                self.shared += client is not None
                return self.lend(connection, loan)
        if len(self.lent) + self.opening < self.max_size:
            self.opening += 1
            self.shared += client is not None
            return await self.open(loan)
        return await self.wait(loan)

    def new_share(self, name: str) -> Share:
        if len(self.shares) >= MOST_SHARES:
            self.shares = {
                each: share
                for each, share in self.shares.items()
                if share.waiting or share.long or max(share.free_at, share.used_at + CONTENDED_SECONDS) > self.now
            }
        self.shares[name] = share = Share()
        return share

    def lend(self, connection: Connection, loan: Loan) -> Connection:
        loan.since = self.now
        self.lent[connection] = loan
        if loan.client is None:
            # A write is many statements: it is silent since the last of them.
            connection.add_query_logger(loan.note_statement)
        return connection

    async def open(self, loan: Loan) -> Connection:
        """Open a connection in a free slot, which `opening` counts already."""
        try:
            connection = await self.connect()
        except BaseException:
            # The next waiting request tries to connect in its turn.
            self.free_slot(loan)
            raise
        self.opening -= 1
        return self.lend(connection, loan)

    def free_slot(self, loan: Loan) -> None:
        """Free the slot of a connection that was not opened."""
        self.opening -= 1
        self.shared -= loan.share is not None
        self.pass_on(None)

    async def wait(self, loan: Loan) -> Connection:
        """Wait for a released connection: client by client, and of one first come, first served."""
        waiting = Waiting(self.loop.create_future(), loan, self.now)
        share = loan.share
        if share is None:
            self.apart.append(waiting)
        else:
            if not share.waiting:
                self.queue.append(share)
            share.waiting.append(waiting)
        try:
            given = await waiting.turn
        except asyncio.CancelledError:
            if not waiting.turn.cancelled() and waiting.turn.exception() is None:
                # The connection was assigned just before the cancellation.
                self.take_back(waiting.turn.result(), loan)
            raise
        return given or await self.open(loan)

    def take_back(self, given: Connection | None, loan: Loan) -> None:
        """Take back the connection, or the slot, of a cancelled request."""
        if given is None:
            self.free_slot(loan)
        else:
            self.give_back(given)

    def give_back(self, connection: Connection) -> None:
        """Release a connection."""
        is_closed = connection.is_closed()
        if not is_closed and connection.is_in_transaction():
            self.start_reset(connection)
            return
        self.return_loan(connection)
        self.pass_on(None if is_closed else connection)

    def return_loan(self, connection: Connection) -> None:
        loan = self.lent.pop(connection, None)
        if loan is not None and loan.client is None:
            connection.remove_query_logger(loan.note_statement)
        if loan is not None and (share := loan.share) is not None:
            self.shared -= 1
            if share.long is loan:
                share.long = None
                self.give_turns()

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
        self.return_loan(connection)
        self.pass_on(None if connection.is_closed() else connection)

    def pass_on(self, connection: Connection | None) -> None:
        """Assign a connection, or a free slot for None, to the next waiting request, before its task wakes up."""
        waiting = self.next_waiting()
        if waiting is None:
            if connection is not None:
                self.idle.append(connection)
            return
        self.shared += waiting.loan.share is not None
        if connection is None:
            self.opening += 1
        else:
            self.lend(connection, waiting.loan)
        waiting.turn.set_result(connection)

    def next_waiting(self) -> Waiting | None:
        """Take the next request out of the queues: those apart, then one of each client in turn."""
        while self.apart:
            if not (waiting := self.apart.popleft()).turn.done():
                return waiting
        while self.queue and self.shared < self.most_shared:
            share = self.queue.popleft()
            waiting = share.waiting.popleft()
            if share.waiting:
                self.queue.append(share)
            if not waiting.turn.done():
                return waiting
        return None

    # --- long reads --------------------------------------------------------------------------------

    async def await_turn(self, loan: Loan) -> None:
        """Wait until a displaced read may begin again. Raises ShareUsedUp where that takes too long, or HungUp."""
        waiting = Waiting(self.loop.create_future(), loan, self.now)
        self.turns.append(waiting)
        self.give_turns()
        try:
            await waiting.turn
        except asyncio.CancelledError:
            self.leave_turn(loan)
            raise

    def leave_turn(self, loan: Loan) -> None:
        """Give up the turn of a read that ended before it had a connection."""
        if loan.share is not None and loan.share.long is loan:
            loan.share.long = None
            self.give_turns()

    def give_turns(self) -> None:
        """Let displaced reads begin again: one of each client, and not too many together."""
        running = sum(loan.share is not None and loan.share.long is loan for loan in self.lent.values())
        for waiting in list(self.turns):
            share = waiting.loan.share
            if waiting.turn.done():
                self.turns.remove(waiting)
            elif running < self.most_long and share is not None and share.long is None:
                running += 1
                share.long = waiting.loan
                self.turns.remove(waiting)
                waiting.turn.set_result(None)

    def displace(self) -> None:
        """Stop long reads that are one too many, the newest first: their clients have one already, or all have many."""
        running = 0
        for loan in sorted(self.long_loans(), key=lambda each: each.since):
            share = loan.share
            assert share is not None
            if share.long in (None, loan) and running < self.most_long:
                share.long = loan
                running += 1
            else:
                if share.long is loan:
                    share.long = None
                loan.end(Displaced())

    def long_loans(self) -> Iterator[Loan]:
        for loan in self.lent.values():
            if loan.task is not None and loan.ended_by is None and loan.since < self.now - LONG_SECONDS:
                yield loan

    # --- the clock ---------------------------------------------------------------------------------

    def look(self) -> None:
        """Terminate connections that were lent for too long, refuse requests that waited too long, and share anew.

        Cancelling the statement of a silent connection would wait for an answer that never comes.
        """
        before, self.now = self.now, self.loop.time()
        for connection, loan in list(self.lent.items()):
            if loan.since < self.now - self.silence_timeout_seconds:
                connection.terminate()
            elif loan.task is not None and loan.ended_by is None and loan.is_gone():
                loan.end(HungUp("The client hung up."))
            # Whatever runs at a look stands for the time since the last one: on average that is what it took.
            elif loan.share is not None and self.share:
                paid = max(loan.share.free_at, self.now)
                loan.share.free_at = paid + (self.now - before) / self.share
        since = self.now - CONTENDED_SECONDS
        self.is_contended = sum(share.used_at >= since for share in self.shares.values()) > 1
        if self.is_contended:
            self.displace()
        self.end_waits()
        self.clock = self.loop.call_later(SECONDS_BETWEEN_LOOKS, self.look)

    def end_waits(self) -> None:
        """Refuse those who waited for too long, and drop those whose client is gone."""
        for waiting in [*self.apart, *(each for share in self.queue for each in share.waiting), *self.turns]:
            if waiting.turn.done():
                continue
            if waiting.loan.is_gone():
                waiting.turn.set_exception(HungUp("The client hung up."))
            elif waiting.since < self.now - self.acquire_timeout_seconds:
                waiting.turn.set_exception(
                    ShareUsedUp(self.acquire_timeout_seconds)
                    if waiting in self.turns
                    else Busy("Others used all connections to the database all the time. Try again.")
                )
        self.give_turns()

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
    """A context manager that holds one connection. It may be entered again after it was displaced."""

    __slots__ = ("client", "connection", "ended_by", "pool", "share", "since", "task")

    def __init__(self, pool: Pool, client: Client | None) -> None:
        self.pool = pool
        self.client = client
        self.share: Share | None = None
        self.since = 0.0
        self.task: asyncio.Task[Any] | None = None
        self.ended_by: Exception | None = None

    def is_gone(self) -> bool:
        return self.client is not None and self.client.is_gone()

    def note_statement(self, _: Any) -> None:
        self.since = self.pool.now

    def end(self, why: Exception) -> None:
        """Stop what is done with the connection: the block ends with this exception."""
        assert self.task is not None
        self.ended_by = why
        self.task.cancel()

    async def __aenter__(self) -> Connection:
        self.ended_by = None
        try:
            self.connection = await self.pool.take(self)
        except BaseException:
            self.pool.leave_turn(self)
            raise
        if self.client is not None:
            self.task = asyncio.current_task()
        return self.connection

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        task, self.task = self.task, None
        if kind is None or not issubclass(kind, asyncio.CancelledError):
            self.pool.give_back(self.connection)
            return
        self.pool.start_reset(self.connection)
        if task is not None and self.ended_by is not None and task.uncancel() == 0:
            raise self.ended_by
