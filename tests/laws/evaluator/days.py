"""Days as numbers, and vague dates as a first and a last one."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from schema.dates.edtf_dates import parse_edtf

LONG_AGO, NEVER = date(1, 1, 1).toordinal(), date(9999, 12, 31).toordinal()
"""Stand for an end that is open or not known."""


class Days(NamedTuple):
    """A vague date: its first and its last possible day."""

    first: int
    last: int


@cache
def days(edtf: str) -> Days:
    found = parse_edtf(edtf)
    return Days(
        found.earliest.toordinal() if found.earliest else LONG_AGO,
        found.latest.toordinal() if found.latest else NEVER,
    )


def overlap(one: Days, other: Days) -> bool:
    return one.first <= other.last and other.first <= one.last


def hull(parts: Iterable[Days]) -> Days | None:
    """The span from the first to the last day of all."""
    found = list(parts)
    return Days(min(each.first for each in found), max(each.last for each in found)) if found else None


def written(day: int | None) -> str | None:
    return None if day is None or day in (LONG_AGO, NEVER) else date.fromordinal(day).isoformat()


def later(when: Days, duration: str, times: int) -> Days:
    """A date after some durations such as P9D, P2W, P1M or P1Y."""
    number, unit = int(duration[1:-1]) * times, duration[-1]
    return Days(moved(when.first, number, unit), moved(when.last, number, unit))


def moved(day: int, number: int, unit: str) -> int:
    if day in (LONG_AGO, NEVER):
        return day
    if unit in "DW":
        return (date.fromordinal(day) + timedelta(days=number * (7 if unit == "W" else 1))).toordinal()
    start = date.fromordinal(day)
    months = start.year * 12 + start.month - 1 + number * (12 if unit == "Y" else 1)
    year, month = divmod(months, 12)
    # A month that is too short for the day ends on its own last one.
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1])).toordinal()
