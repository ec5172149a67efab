"""The scalars of GraphQL and REST: ids, dates and instants."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import strawberry

ID_TEXT = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
"""An id as it is written. Python's UUID reads far more: braces, URNs, digits of other scripts."""

WRITTEN = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d))?", re.ASCII)
"""RFC 3339, seconds optional, or a bare date. Python reads more: weeks, any separator, offsets with seconds."""


def read_date(value: Any) -> date:
    """`2025-04-18`. Raises ValueError for anything else, impossible days included."""
    try:
        if isinstance(value, str) and len(value) == 10 and WRITTEN.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise ValueError(f"{value!r} is not a date; write it as 2025-04-18")


def read_instant(value: Any) -> datetime:
    """`2025-04-18T09:30:00Z` or with another offset; a bare date means its first moment in UTC.

    Raises ValueError for anything else. A time without an offset is refused: nobody can tell when it was.
    """
    try:
        if isinstance(value, str) and WRITTEN.fullmatch(value):
            instant = datetime.fromisoformat(f"{value}T00:00:00Z" if len(value) == 10 else value)
            return instant.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise ValueError(f"{value!r} is not an instant; write it as 2025-04-18T09:30:00Z or 2025-04-18")


Date = strawberry.scalar(
    name="Date",
    description="A day of the calendar, in UTC, as 2025-04-18 (ISO 8601).",
    serialize=str,
    parse_value=read_date,
    specified_by_url="https://scalars.graphql.org/andimarek/local-date.html",
)
DateTime = strawberry.scalar(
    name="DateTime",
    description="An instant with its offset from UTC, as 2025-04-18T09:30:00Z (RFC 3339); "
    "where one is asked for, a bare date means its first moment in UTC.",
    serialize=str,
    parse_value=read_instant,
    specified_by_url="https://scalars.graphql.org/andimarek/date-time.html",
)
