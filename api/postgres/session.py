"""A session of Postgres that keeps statements prepared: those that come again.

A kept statement answers 7 to 9 times faster than a new one, but Postgres holds it in memory, and the one used longest
ago goes for it. One that comes for the first time is run without being kept, so that whoever writes each query anew
does not take from everybody else what they ask all the time.
"""

from __future__ import annotations

from typing import Any

import asyncpg
from asyncpg.prepared_stmt import PreparedStatement

from schema.bounded_cache import BoundedCache

MOST_SEEN = 10_000
"""Statements that are known again when they come a second time. Of each only a number is held."""

MOST_CHARACTERS = 250_000
"""Of the statements that a session keeps together. Postgres takes some 150 bytes for each: 40 MB a session."""

LONGEST_KEPT = 60_000
"""Characters of a statement that is kept. A record of any type with all that it has takes that many."""


class Seen(BoundedCache[int, bool]):
    """What came before, to any of the sessions; the last of it."""

    def __init__(self) -> None:
        super().__init__(MOST_SEEN)

    def comes_again(self, sql: str) -> bool:
        """Whether this came before. From now on it did."""
        key = hash(sql)
        if self.recall(key):
            return True
        self.put(key, True)
        return False


class Session(asyncpg.Connection):
    """A connection whose `fetchrow` keeps up to `most` statements prepared, of `characters` together."""

    def keep(self, seen: Seen, most: int, characters: int = MOST_CHARACTERS) -> None:
        self.seen = seen
        self.kept: BoundedCache[str, PreparedStatement[Any]] = BoundedCache(most, characters)

    async def fetchrow(self, query: str, *args: Any, **given: Any) -> Any:
        statement = self.kept.recall(query) or await self.prepared(query)
        return await statement.fetchrow(*args, **given)

    async def prepared(self, sql: str) -> PreparedStatement[Any]:
        """A statement that is kept from now on, or runs this once, without a name."""
        if not self.seen.comes_again(sql) or len(sql) > LONGEST_KEPT:
            return await self.prepare(sql, name="")
        statement = await self.prepare(sql)
        self.kept.put(sql, statement, len(sql))
        return statement
