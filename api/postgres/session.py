"""A session of Postgres that caches prepared statements, from their second use on.

A cached statement answers 7 to 9 times faster than a new one, but takes memory of Postgres and evicts the statement
used longest ago. A new statement is run without being cached, so that clients that never repeat a query do not evict
the statements that others reuse.
"""

from __future__ import annotations

from typing import Any

import asyncpg
from asyncpg.prepared_stmt import PreparedStatement

from schema.bounded_cache import BoundedCache

MOST_SEEN = 10_000
"""Statements whose second use is recognised. Only a hash of each is stored."""

MOST_CHARACTERS = 250_000
"""Of all cached statements of a session. Postgres takes some 150 bytes for each character: 40 MB a session."""

LONGEST_CACHED = 60_000
"""Characters of a statement that is cached. The query of a whole record of any type takes that many."""


class SeenStatements(BoundedCache[int, bool]):
    """The statements used lately, in any session."""

    def __init__(self) -> None:
        super().__init__(MOST_SEEN)

    def mark_seen(self, sql: str) -> bool:
        """Mark a statement as used. Returns whether it was used before."""
        key = hash(sql)
        if self.recall(key):
            return True
        self.put(key, True)
        return False


class Session(asyncpg.Connection):
    """A connection whose `fetchrow` caches up to `count` prepared statements, of `characters` together."""

    def set_cache(self, seen: SeenStatements, count: int, characters: int = MOST_CHARACTERS) -> None:
        self.seen = seen
        self.statements: BoundedCache[str, PreparedStatement[Any]] = BoundedCache(count, characters)

    async def fetchrow(self, query: str, *args: Any, **given: Any) -> Any:
        statement = self.statements.recall(query) or await self.prepare_statement(query)
        return await statement.fetchrow(*args, **given)

    async def prepare_statement(self, sql: str) -> PreparedStatement[Any]:
        """Prepare a statement: one used before is cached, a new or long one has no name and runs once."""
        if not self.seen.mark_seen(sql) or len(sql) > LONGEST_CACHED:
            return await self.prepare(sql, name="")
        statement = await self.prepare(sql)
        self.statements.put(sql, statement, len(sql))
        return statement
