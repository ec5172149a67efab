"""Dates as sources give them: a day, a month, a season, a span, or half of one (EDTF level 1, ISO 8601-2).

The edtf library reads each end; this module refuses what the library lets through and turns the rest
into two UTC days that can be counted from. It knows no phrases, no clock and no database.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import asdict
from datetime import date, timedelta
from enum import Enum
from functools import lru_cache
from time import struct_time
from typing import TYPE_CHECKING, Any

import strawberry

from schema.declare.vocabulary import vocabulary
from schema.errors import Invalid, Problem

if TYPE_CHECKING:
    from edtf.parser import Date

ADVICE = "Give EDTF level 1, for example 2025-04-17, 2025-04, 2025-21 (spring) or 2025-04-18/2025-04-24"

ENDS_REMEMBERED = 10_000
"""Ends of dates kept read, since the library takes a millisecond for each: about as many days as thirty years have."""

_DATE = r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?"
_UNSPECIFIED = r"[0-9]{2}[0-9X]X|[0-9]{4}-XX(?:-XX)?|[0-9]{4}-(?:0[1-9]|1[0-2])-XX"
_END = rf"(?:{_DATE}[?~%]?|\.\.)?"

# The library reads level 2 as well, mistakes parts of it (2025-1X prints to standard output and fails with
# AttributeError), drops what follows a season (2025-21^x) and trims blanks. Only this shape reaches it.
_LEVEL_1 = re.compile(rf"(?:{_DATE}|{_UNSPECIFIED})[?~%]?|{_END}/{_END}")
_BOTH_ENDS_OPEN = re.compile(r"(?:\.\.)?/(?:\.\.)?")
_OTHER_YEAR = re.compile(r"(?:^|/)(?:Y|-|0000|[0-9]{5})")
_TIME_OF_DAY = re.compile(r"[0-9](?:T|:)[0-9]")
_QUALIFIERS = re.compile(r"[?~%]")
_SEASON = re.compile(r"[0-9]{4}-2[1-4]")
_WINTER = re.compile(r"[0-9]{4}-24")


@vocabulary
class DatePrecision(Enum):
    """The precision of a date."""

    DAY = "One day."
    WEEK = "One week, Monday to Sunday."
    MONTH = "One month."
    SEASON = "One season of three months, northern."
    YEAR = "One year."
    INTERVAL = "Any other span, or one that is open at an end."


_PRECISION_BY_LENGTH = {4: DatePrecision.YEAR, 7: DatePrecision.MONTH, 10: DatePrecision.DAY}


@strawberry.type(description="A date as vague as its source: two days, inclusive, and the words it came from.")
class FuzzyDate:
    """None for `earliest` or `latest` means open, or not known, on that side."""

    edtf: str = strawberry.field(description="The date in EDTF level 1 (ISO 8601-2): 2025-04, 2025-04-18/2025-04-24.")
    earliest: date | None = strawberry.field(description="First possible day, in UTC; null when open.")
    latest: date | None = strawberry.field(description="Last possible day, in UTC; null when open.")
    precision: DatePrecision = strawberry.field(description="How fine the date is.")
    text: str | None = strawberry.field(description="The words of the source, such as `within days`.", default=None)
    rule: str | None = strawberry.field(
        description="Id of the phrase rule that turned the words into days; null where a curator gave them.",
        default=None,
    )


def parse_edtf(text: str) -> FuzzyDate:
    """Read EDTF level 1, or raise Invalid with the value and the cure.

    The qualifiers `?`, `~` and `%` stay in `edtf` and move no bound: they say how sure the source is,
    not how many days off it may be, and the library's own padding makes two years out of `2025-04-30~`.
    Who knows how far off the date may be gives an interval. Seasons are those of the northern
    hemisphere in whole months: 21 is March to May, 24 is December to February of the next year.
    """
    _refuse_other_shapes(text)
    plain = _QUALIFIERS.sub("", text)
    first, slash, last = plain.partition("/")
    try:
        earliest = _first_day(first)
        latest = _last_day(last if slash else first)
    except ValueError as error:
        raise _invalid(text, f"is in no calendar of the years 0001 to 9999. {ADVICE}") from error
    if earliest and latest and latest < earliest:
        raise _invalid(text, "ends before it begins. Swap the two ends")
    return FuzzyDate(edtf=text, earliest=earliest, latest=latest, precision=_precision(plain, earliest, latest))


def date_json(value: FuzzyDate, text: str | None = None) -> dict[str, Any]:
    """Write a date as the JSON of the database's type `fuzzy_date`; other words can take the place of its own."""
    found = asdict(value)
    return {
        name: each.name if isinstance(each, Enum) else each.isoformat() if isinstance(each, date) else each
        for name, each in {**found, "text": text or found["text"]}.items()
    }


def interval(first: date, last: date) -> str:
    """EDTF for the days from first to last, both included. Raises ValueError where last comes first."""
    if last < first:
        raise ValueError("the term ends before it begins")
    return first.isoformat() if first == last else f"{first}/{last}"


def calendar_unit(day: date, unit: str) -> str:
    """EDTF for the whole calendar day, week (Monday to Sunday), month or year around a day."""
    if unit == "week":
        monday = day - timedelta(days=day.weekday())
        return interval(monday, monday + timedelta(days=6))
    return day.isoformat()[: {"day": 10, "month": 7, "year": 4}[unit]]


def later(day: date, count: int, unit: str) -> date:
    """The day that is `count` days, weeks, months or years on; a month after 31 January is 28 February."""
    if unit in ("day", "week"):
        return day + timedelta(days=count * (7 if unit == "week" else 1))
    year, month = divmod(day.year * 12 + day.month - 1 + count * (12 if unit == "year" else 1), 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _refuse_other_shapes(text: str) -> None:
    if _BOTH_ENDS_OPEN.fullmatch(text):
        raise _invalid(text, "is open at both ends and so says nothing. Give at least one end")
    if _OTHER_YEAR.search(text):
        raise _invalid(text, f"has a year outside 0001 to 9999. {ADVICE}")
    if _LEVEL_1.fullmatch(text):
        return
    if _TIME_OF_DAY.search(text):
        raise _invalid(text, "holds a time of day, which is not kept. Give the UTC day alone, as 2025-04-30")
    raise _invalid(text, f"is not a date that can be read. {ADVICE}")


def _first_day(end: str) -> date | None:
    """None where the end is open or unknown; the library would put an unknown end ten years away."""
    return None if end in ("", "..") else _day(_read(end).lower_strict())


def _last_day(end: str) -> date | None:
    if end in ("", ".."):
        return None
    if _WINTER.fullmatch(end):
        # The library ends winter with the year, and so would call a winter deadline overdue in January.
        return date(int(end[:4]) + 1, 3, 1) - timedelta(days=1)
    return _day(_read(end).upper_strict())


@lru_cache(ENDS_REMEMBERED)
def _read(end: str) -> Date:
    """Parse one end with the library's parser for its kind: twenty times faster than the whole grammar."""
    # Only who writes dates needs the library, which takes a tenth of a second to import.
    from edtf.parser import Date, Season, Unspecified  # noqa: PLC0415

    kind = Season if _SEASON.fullmatch(end) else Unspecified if "X" in end else Date
    parsed: Date = kind.parse(end)  # type: ignore[no-untyped-call]
    if str(parsed) != end:
        # The library stops before what it cannot read: of 2025-02-30 it keeps 2025-02.
        raise ValueError(end)
    return parsed


def _day(moment: struct_time) -> date:
    """Raises ValueError for 29 February in a common year, which the library lets through."""
    return date(*moment[:3])


def _precision(plain: str, earliest: date | None, latest: date | None) -> DatePrecision:
    if "/" in plain:
        return DatePrecision.WEEK if _is_calendar_week(earliest, latest) else DatePrecision.INTERVAL
    if _SEASON.fullmatch(plain):
        return DatePrecision.SEASON
    specified = plain.replace("-XX", "")
    return DatePrecision.INTERVAL if "X" in specified else _PRECISION_BY_LENGTH[len(specified)]


def _is_calendar_week(earliest: date | None, latest: date | None) -> bool:
    if earliest is None or latest is None:
        return False
    return earliest.weekday() == 0 and latest - earliest == timedelta(days=6)


def _invalid(text: str, what: str) -> Invalid:
    """Long input is cut, so that an error never repeats a whole document."""
    shown = text if len(text) <= 60 else text[:60] + "…"
    return Invalid(Problem(path="", message=f"The date “{shown}” {what}."))
