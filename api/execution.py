"""Executes documents and commands for GraphQL and REST: holds the pool and the reader, and checks the database.

Knows no HTTP.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from math import ceil
from typing import Any

from api.http.errors import DatabaseNotMigrated, RequestRefused
from api.postgres import connections
from api.postgres.pool import Pool
from api.postgres.shares import Client, Displaced, ShareUsedUp
from api.settings import Settings
from schema.commands.command import Outcome
from schema.commands.transaction import Failed, IdempotentRequest, carry_out, change, must_propose, tries_only
from schema.compiler.document.cost import Limits
from schema.compiler.document.operation import Call
from schema.compiler.plan.plan import Plan
from schema.compiler.reader import Answer, Prepared, Reader
from schema.database import catalogue
from schema.declare.caller import ANONYMOUS, Caller
from schema.errors import Busy, KeyNeeded, NotAllowed
from schema.root_types import create_schema


class Execution:
    """Executes documents. Opens its pool when it can, so that the server can start before its database."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.reader = Reader(create_schema(), suggestions=settings.suggestions)
        self.pool: Pool | None = None
        self.opening: asyncio.Task[Pool] | None = None
        self.write_lock, self.trial_lock = asyncio.Lock(), asyncio.Lock()
        self.limits = read_limits(settings)
        # One thread compiles new documents: they wait for one another, while cached documents go on in the event loop.
        self.compile_executor = ThreadPoolExecutor(1, "preparing")
        # One thread parses large bodies: more threads would take processor time from the event loop.
        self.parse_executor = ThreadPoolExecutor(1, "reading")
        # The database cancels a statement that is too slow; this timeout ends the wait for one that never answers.
        self.silence_timeout_seconds = settings.connect_timeout_seconds + settings.statement_timeout_seconds

    async def open(self) -> Pool:
        """Return the pool, opened if the database is reachable, migrated and as declared. Callers share one attempt.

        Raises DatabaseUnavailable, DatabaseNotMigrated, or DeclarationsDiffer, a defect of a release that no waiting
        cures.
        """
        if self.pool is None:
            if self.opening is None or self.opening.done():
                self.opening = asyncio.create_task(self.open_pool())
            self.pool = await asyncio.shield(self.opening)
        return self.pool

    async def open_pool(self) -> Pool:
        pool = await connections.create_pool(self.settings, str(self.settings.database_url))
        try:
            async with pool.connection() as connection:
                await check_is_migrated(connection)
                await catalogue.check(connection, self.reader.compiler)
        except BaseException:
            await pool.close(0)
            raise
        # Stored here as well as in `open`, whose caller may have been cancelled by now.
        self.pool = pool
        return pool

    async def close(self) -> None:
        """Close the pool, by force where the database no longer answers."""
        self.compile_executor.shutdown(wait=False)
        self.parse_executor.shutdown(wait=False)
        if self.pool is not None:
            await self.pool.close(self.settings.shutdown_timeout_seconds)

    async def check_ready(self) -> None:
        """Check that the database answers and is migrated. Raises the exceptions of `open`."""
        async with self.connection() as connection:
            await check_is_migrated(connection)

    async def answer(
        self,
        text: str,
        name: str | None,
        variables: Mapping[str, Any],
        caller: Caller = ANONYMOUS,
        idempotency_key: str | None = None,
        *,
        may_write: bool = False,
        limits: Limits | None = None,
        client: Client | None = None,
    ) -> Answer:
        """Run one operation. Raises a DomainError, RequestRefused, or an exception of the database.

        A read takes of the share that its `client` has of the database; without one it is our own.
        """
        prepared = self.reader.prepare_at_once(text, name, variables, limits)
        if prepared is None:
            loop = asyncio.get_running_loop()
            prepared = await loop.run_in_executor(
                self.compile_executor, self.reader.prepare, text, name, variables, limits
            )
        if prepared.operation.is_mutation and not may_write:
            raise RequestRefused("METHOD_NOT_ALLOWED", "A mutation is sent by POST.", {"Allow": "POST"})
        if prepared.plan.sql is None:
            return Answer(prepared.plan.data, cost=prepared.cost)
        if prepared.operation.is_mutation:
            once = IdempotentRequest.of(idempotency_key, text, name, variables) if idempotency_key else None
            return (await self.change(prepared, caller, once))._replace(cost=prepared.cost)
        if not caller.role.may(least := prepared.plan.least):
            needs = f"this can be read with the role {least.name} and above"
            raise KeyNeeded(f"{needs}; send a key as a Bearer token") if caller == ANONYMOUS else NotAllowed(needs)
        return await self.read(prepared, caller, client)

    async def read(self, prepared: Prepared, caller: Caller, client: Client | None) -> Answer:
        """Run a read. Raises RequestRefused where the client has used up its share of the database."""
        try:
            return await self.read_in_turn(prepared, caller, client)
        except ShareUsedUp as used_up:
            seconds = ceil(used_up.seconds)
            raise RequestRefused(
                "RATE_LIMITED",
                "Your requests took more than your share of the database's time while others ask too. Try again after "
                f"{seconds} s, with smaller pages, fewer lists or groups, or conditions on keys and days.",
                {"Retry-After": str(seconds)},
            ) from None

    async def read_in_turn(self, prepared: Prepared, caller: Caller, client: Client | None) -> Answer:
        """Run a read, again from its beginning where it was stopped in favour of other clients."""
        pool = self.pool or await self.wait_for_pool()
        loan = pool.connection(client)
        plan, values = prepared.plan, prepared.variables
        while True:
            try:
                async with loan as connection:
                    return await self.reader.answer(connection, plan, values, datetime.now(UTC), caller, prepared.cost)
            except Displaced:
                await pool.await_turn(loan)

    async def change(self, prepared: Prepared, caller: Caller, once: IdempotentRequest | None) -> Answer:
        """Carry out a mutation. Expected failures are part of the answer, except KeyReused, which is raised."""
        calls = await asyncio.get_running_loop().run_in_executor(self.compile_executor, self.reader.calls, prepared)
        return await self.write(change, calls, prepared.plan, prepared.variables, caller, once)

    async def carry_out(self, call: Call, plan: Plan, caller: Caller, once: IdempotentRequest | None) -> Answer:
        """Carry out one command, and answer it by the plan of a mutation. Raises a DomainError."""
        try:
            return await self.write(carry_out, [call], plan, {}, caller, once)
        except Failed as failed:
            raise failed.error from failed

    def check_permission(self, call: Call, caller: Caller) -> None:
        """Raise KeyNeeded or NotAllowed where the caller may neither run nor propose a command. Ignores its input."""
        try:
            must_propose([call], caller, self.settings.review_curators)
        except Failed as failed:
            raise failed.error from failed

    async def write(
        self,
        perform: Callable[..., Awaitable[Answer]],
        calls: Sequence[Call],
        plan: Plan,
        variables: Mapping[str, Any],
        caller: Caller,
        once: IdempotentRequest | None,
    ) -> Answer:
        """Run one write of this process at a time, so that waiting for the writers' lock takes no connection.

        What is only tried waits for what else is tried, and no writer for that.
        """
        is_trial = tries_only(calls, caller, once, review_curators=self.settings.review_curators)
        async with self.turn(self.trial_lock if is_trial else self.write_lock), self.connection() as connection:

            async def finish(outcomes: Mapping[str, Outcome]) -> Answer:
                done = {f"@{key}": vars(each) for key, each in outcomes.items()}
                return await self.reader.answer(connection, plan, {**variables, **done}, datetime.now(UTC), caller)

            return await perform(
                connection, calls, caller, finish, once=once, review_curators=self.settings.review_curators,
                clock_tolerance_seconds=self.settings.clock_tolerance_seconds,
            )  # fmt: skip

    @asynccontextmanager
    async def turn(self, lock: asyncio.Lock) -> AsyncIterator[None]:
        """Hold a lock. Raises Busy for everybody who waits too long, so that waits do not add up."""
        try:
            async with asyncio.timeout(self.silence_timeout_seconds):
                await lock.acquire()
        except TimeoutError:
            doing = "trying dossiers and proposals" if lock is self.trial_lock else "writing"
            raise Busy(f"Others were {doing} all the time. Nothing was done; try again.") from None
        try:
            yield
        finally:
            lock.release()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Any]:
        """Borrow one of the connections kept apart for keys, checks and writes. Raises Busy where all are in use."""
        async with (self.pool or await self.wait_for_pool()).connection() as connection:
            yield connection

    async def wait_for_pool(self) -> Pool:
        """Wait until the pool is open. Raises TimeoutError where that takes too long."""
        async with asyncio.timeout(self.silence_timeout_seconds):
            return await self.open()


async def check_is_migrated(connection: Any) -> None:
    if not await connections.is_migrated(connection):
        raise DatabaseNotMigrated("run `parley migrate`")


def read_limits(settings: Settings) -> Limits:
    """Read the limits on one document of a client."""
    return Limits(
        bytes=settings.longest_document_bytes,
        tokens=settings.most_tokens,
        depth=settings.most_depth,
        fields=settings.most_fields,
        root_fields=settings.most_root_fields,
        aliases=settings.most_aliases,
        directives=settings.most_directives,
        cost=settings.most_cost,
        introspection=settings.introspection,
    )
