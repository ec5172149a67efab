"""From a document to its answer: the pool, the reader, and whether the database is fit to be asked.

Both GraphQL and REST ask here. Knows no HTTP.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import asyncpg

from api import database
from api.errors import DatabaseNotMigrated
from api.settings import Settings
from schema import catalogue
from schema.read import Answer, Reader
from schema.root import create_schema

log = logging.getLogger(__name__)


class Answers:
    """Answers documents. Opens its pool when it can, so that the server outlives a database that comes late."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.schema = create_schema()
        self.reader = Reader(self.schema)
        self.pool: asyncpg.Pool[Any] | None = None
        self.opening = asyncio.Lock()

    async def open(self) -> asyncpg.Pool[Any]:
        """The pool, once the database is reachable, migrated and as declared.

        Raises DatabaseUnavailable, DatabaseNotMigrated, or CatalogueDiffers: the last is a defect of
        a release, which no waiting will cure.
        """
        async with self.opening:
            if self.pool is None:
                pool = await database.create_pool(self.settings, str(self.settings.database_url))
                try:
                    async with pool.acquire() as connection:
                        if not await database.is_migrated(connection):
                            raise DatabaseNotMigrated("run `parley migrate`")
                        await catalogue.check(connection, self.reader.compiler)
                except BaseException:
                    await pool.close()
                    raise
                self.pool = pool
        return self.pool

    async def close(self) -> None:
        if self.pool is not None:
            await self.pool.close()

    async def ready(self) -> None:
        """Ask the database whether it answers and is migrated. Raises what `open` raises."""
        pool = self.pool or await self.open()
        async with pool.acquire(timeout=self.settings.connect_timeout_seconds) as connection:
            if not await database.is_migrated(connection):
                raise DatabaseNotMigrated("run `parley migrate`")

    async def answer(self, text: str, name: str | None, variables: Mapping[str, Any]) -> Answer:
        """Run one operation. Raises QueryRefused, Invalid, or what the database raises."""
        plan, values = self.reader.prepare(text, name, variables)
        if plan.sql is None:
            return Answer(plan.data)
        pool = self.pool or await self.open()
        async with pool.acquire(timeout=self.settings.connect_timeout_seconds) as connection:
            return await self.reader.answer(connection, plan, values, datetime.now(UTC))
