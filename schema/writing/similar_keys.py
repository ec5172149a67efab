"""Guesses which key a misspelt one was meant to be. Comparing takes time, so that it is bounded."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice

import asyncpg

from schema.writing.references import Name
from schema.writing.statements import quote_type

ALIKE = 2
"""Letters at the beginning that a misspelt key must have right to be recognised."""

KEYS_COMPARED = 300
MOST_COMPARED = 10
LONGEST_COMPARED = 100
"""Newest keys that a misspelt one is compared with; for how many, and for how long ones: 20 ms each at the most."""


class SimilarKeys:
    """The keys, by type, that misspelt references may have meant: those that begin alike."""

    def __init__(self) -> None:
        self._known: dict[str, list[str]] = {}
        self._compared = 0

    async def find(
        self, connection: asyncpg.Connection, type_: str, misspelt: Iterable[str], here: Iterable[Name]
    ) -> None:
        """Collect the keys of a type that begin as misspelt ones do, among those given `here` and in the database."""
        beginnings = list({key[:ALIKE] for key in misspelt})
        rows = await connection.fetch(
            f"select key from {quote_type(type_)} where left(key, {ALIKE}) = any($1) order by id desc "
            f"limit {KEYS_COMPARED}",
            beginnings,
        )
        alike = (key for other, key in here if other == type_ and key[:ALIKE] in beginnings)
        self._known[type_] = [*islice(alike, KEYS_COMPARED), *(row["key"] for row in rows)]

    def guess(self, name: Name) -> str | None:
        """Guess the key that was meant, for the first few names; None where nothing is near."""
        type_, key = name
        if self._compared == MOST_COMPARED or len(key) > LONGEST_COMPARED:
            return None
        self._compared += 1
        return next(iter(get_close_matches(key, self._known[type_], n=1)), None)
