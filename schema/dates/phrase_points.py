"""Days and spans of the calendar: from a part of a phrase and the anchor day to EDTF.

A point raises ValueError, OverflowError or Invalid where its words name no day, or may name two.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, timedelta
from typing import NamedTuple

from dateutil.easter import EASTER_ORTHODOX, EASTER_WESTERN, easter

from schema.dates.edtf_dates import calendar_unit, interval, later, parse_edtf
from schema.dates.phrase_words import Node, Word
from schema.errors import Invalid

Parameters = Mapping[str, int]
Point = Callable[[Node, date, Parameters], str]

SATURDAY = 5
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def bounds(edtf: str) -> tuple[date, date]:
    found = parse_edtf(edtf)
    if found.earliest is None or found.latest is None:
        raise ValueError("the term has an open end")
    return found.earliest, found.latest


def unit(node: Node) -> str:
    return node.every("UNIT", "UNITS")[-1]


def near_day(node: Node, anchor: date, _: Parameters) -> str:
    return later(anchor, int(node.every("NEAR")[0]), "day").isoformat()


def weekday(node: Node, anchor: date, _: Parameters) -> str:
    ahead = (int(node.every("WEEKDAY")[0]) - anchor.weekday()) % 7
    if ahead == 0:
        raise ValueError("it may be the anchor day itself, or that day of the next week")
    return later(anchor, ahead, "day").isoformat()


def weekend(_: Node, anchor: date, parameters: Parameters) -> str:
    if anchor.weekday() < parameters["from_weekday"]:
        raise ValueError("it may be the weekend that is just over")
    return _weekend(anchor)


def weekend_ahead(_: Node, anchor: date, __: Parameters) -> str:
    if anchor.weekday() >= SATURDAY:
        raise ValueError("it may be this weekend or the next")
    return _weekend(anchor)


def _weekend(anchor: date) -> str:
    monday = anchor - timedelta(days=anchor.weekday())
    return interval(monday + timedelta(days=SATURDAY), monday + timedelta(days=6))


def named_date(node: Node, anchor: date, parameters: Parameters) -> str:
    if iso := node.first("ISO"):
        day = date.fromisoformat(iso)
    else:
        month, number = int(node.every("MONTH")[0]), int(node.every("SMALL", "ORDINAL")[0])
        day = bounds(_coming(f"YYYY-{month:02}-{number:02}", node.first("YEAR"), anchor, parameters))[0]
    named = node.first("WEEKDAY")
    _check_weekday(int(named) if named else None, day)
    return day.isoformat()


def named_month(node: Node, anchor: date, parameters: Parameters) -> str:
    return _coming(f"YYYY-{int(node.every('MONTH')[0]):02}", node.first("YEAR"), anchor, parameters)


def part_of_month(node: Node, anchor: date, parameters: Parameters) -> str:
    month = f"YYYY-{int(node.every('MONTH')[0]):02}"
    mid, late, second = (parameters[name] for name in ("mid_from_day", "late_from_day", "second_half_from_day"))
    form = {
        "1": f"{month}-01/{month}-{second - 1:02}",
        "2": f"{month}-{second:02}/{month}",
        "early": f"{month}-01/{month}-{mid - 1:02}",
        "mid": f"{month}-{mid:02}/{month}-{late - 1:02}",
        "late": f"{month}-{late:02}/{month}",
    }.get(node.every("PART", "ORDINAL")[0])
    if form is None:
        raise ValueError("a month has two halves")
    return interval(*bounds(_coming(form, node.first("YEAR"), anchor, parameters)))


def year(node: Node, anchor: date, parameters: Parameters) -> str:
    return _coming("YYYY", node.every("YEAR")[0], anchor, parameters)


def part_of_year(node: Node, anchor: date, parameters: Parameters) -> str:
    months = 3 if node.every("QUARTER") else 6
    number = int(node.every("ORDINAL")[0])
    if number * months > 12:
        raise ValueError("a year has four quarters and two halves")
    form = f"YYYY-{(number - 1) * months + 1:02}/YYYY-{number * months:02}"
    return _coming(form, node.every("YEAR")[0], anchor, parameters)


def this_unit(node: Node, anchor: date, _: Parameters) -> str:
    return calendar_unit(anchor, calendar_unit_of(node, anchor))


def next_unit(node: Node, anchor: date, _: Parameters) -> str:
    of = calendar_unit_of(node, anchor)
    return calendar_unit(later(anchor, 1, of), of)


def this_season(node: Node, anchor: date, parameters: Parameters) -> str:
    """In January and February the winter under way began the year before, and EDTF names it by that year."""
    name = node.every("SEASON")[0]
    start = anchor.year - 1 if name == "winter" and anchor.month <= 2 else anchor.year
    return f"{start:04}-{parameters[name]}"


def next_easter(node: Node, anchor: date, parameters: Parameters) -> str:
    if not parameters["first_year"] <= anchor.year < parameters["last_year"]:
        raise ValueError("Easter is computed from 1583 to 4099 only")
    western, orthodox = (
        next(day for year in (0, 1) if (day := easter(anchor.year + year, method)) > anchor)
        for method in (EASTER_WESTERN, EASTER_ORTHODOX)
    )
    match node.every("EASTER")[0]:
        case "western":
            return western.isoformat()
        case "orthodox":
            return orthodox.isoformat()
    if western != orthodox:
        raise ValueError(f"the next Easter is {western} for the Western churches and {orthodox} for the Orthodox")
    return western.isoformat()


def end_of_unit(node: Node, anchor: date, _: Parameters) -> str:
    of = calendar_unit_of(node, anchor)
    return bounds(calendar_unit(later(anchor, len(node.every("NEXT")), of), of))[1].isoformat()


def end_of_named(node: Node, anchor: date, parameters: Parameters) -> str:
    return bounds(_named(node, anchor, parameters))[1].isoformat()


def _named(node: Node, anchor: date, parameters: Parameters) -> str:
    """The day, month or year of which something is the end."""
    if inner := node.part("month", "year", "part_of_year"):
        point: Point = {"month": named_month, "year": year, "part_of_year": part_of_year}[inner.name]
        return point(inner, anchor, parameters)
    if node.every("NEAR"):
        return near_day(node, anchor, parameters)
    return (named_date if node.every("MONTH", "ISO") else weekday)(node, anchor, parameters)


def calendar_unit_of(node: Node, anchor: date) -> str:
    """The day, week, month or year that is named."""
    of = unit(node)
    if of not in ("day", "week", "month", "year"):
        raise ValueError(f"no calendar has a certain {of}")
    if of == "week" and anchor.weekday() >= SATURDAY:
        raise ValueError(
            "weeks begin on Saturday, Sunday or Monday, by country, so that on a weekend it may be another"
        )
    return of


def _coming(form: str, year: str | None, anchor: date, parameters: Parameters) -> str:
    """Fill the year into EDTF: the one named, or the first that is not over by the anchor day."""
    if year:
        if int(year) > anchor.year + parameters["most_years"]:
            raise ValueError(f"the year {year} is too far ahead to be of this calendar")
        return form.replace("YYYY", year)
    for candidate in (anchor.year, anchor.year + 1):
        edtf = form.replace("YYYY", f"{candidate:04}")
        with suppress(Invalid):
            first, last = bounds(edtf)
            if last >= anchor:
                _check_ahead(first, anchor, parameters)
                return edtf
    raise ValueError("it names a day that does not exist or is already over")


def _check_weekday(named: int | None, day: date) -> None:
    if named not in (None, day.weekday()):
        raise ValueError(f"{day} is a {WEEKDAYS[day.weekday()]}")


def _check_ahead(first: date, anchor: date, parameters: Parameters) -> None:
    """Without its year “17 April”, said on the 18th, is hardly that of the next year."""
    if (first - anchor).days > parameters["most_days_without_year"]:
        raise ValueError(f"it may be the one that is just over, or that of {first.year}; name the year")


# --- a range of dates ----------------------------------------------------------------------------


class End(NamedTuple):
    """One end of a range as it is named; the year may be left out."""

    day: int
    month: int
    year: int | None
    weekday: int | None


def date_range(node: Node, anchor: date, parameters: Parameters) -> str:
    first, last = _ends(node.part("date_range") or node)
    for begin, finish in _years(first, last, anchor):
        with suppress(ValueError):
            days = date(begin, first.month, first.day), date(finish, last.month, last.day)
            if days[1] >= anchor:
                break
    else:
        raise ValueError("it names a day that does not exist or is already over")
    for end, day in zip((first, last), days, strict=True):
        _check_weekday(end.weekday, day)
    if not (first.year or last.year):
        _check_ahead(days[0], anchor, parameters)
    if node.every("AND") and not node.every("BETWEEN") and (days[1] - days[0]).days != 1:
        raise ValueError("it names two days that do not follow one another")
    return interval(*days)


def _ends(node: Node) -> tuple[End, End]:
    """Take what the first end leaves out from the last (“5 to 9 May”), and the other way round (“May 5 to 9”)."""
    dates = [child for child in node.children if isinstance(child, Node)]
    bare = [int(word.value) for word in node.children if isinstance(word, Word) and word.kind in ("SMALL", "ORDINAL")]
    year = next((int(word.value) for word in node.children if isinstance(word, Word) and word.kind == "YEAR"), None)
    if not dates:
        month = int(node.every("MONTH")[0])
        return End(bare[0], month, None, None), End(bare[1], month, year, None)
    first = _end(dates[0])
    return first, _end(dates[1]) if dates[1:] else End(bare[0], first.month, year or first.year, None)


def _end(node: Node) -> End:
    if iso := node.first("ISO"):
        day = date.fromisoformat(iso)
        return End(day.day, day.month, day.year, None)
    number, month = int(node.every("SMALL", "ORDINAL")[0]), int(node.every("MONTH")[0])
    year, weekday = node.first("YEAR"), node.first("WEEKDAY")
    return End(number, month, int(year) if year else None, int(weekday) if weekday else None)


def _years(first: End, last: End, anchor: date) -> list[tuple[int, int]]:
    """The years that the two ends may be in: where none is named, the first that are not over."""
    wraps = first.month > last.month
    if last.year:
        return [(first.year or last.year - wraps, last.year)]
    if first.year:
        return [(first.year, first.year + wraps)]
    return [(year - wraps, year) for year in (anchor.year, anchor.year + 1)]
