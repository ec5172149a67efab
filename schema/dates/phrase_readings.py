"""How each kind of phrase becomes days: from what a pattern matched and the anchor day to EDTF.

A reading raises ValueError, OverflowError or Invalid where the words name no days.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, timedelta

from dateutil.easter import easter

from schema.dates.edtf_dates import calendar_unit, interval, later, parse_edtf
from schema.dates.phrase_words import MONTHS, NUMBER_VALUES, WEEKDAYS
from schema.errors import Invalid

Parameters = Mapping[str, int]
Reading = Callable[[re.Match[str], date, Parameters], str]


def _bounds(edtf: str) -> tuple[date, date]:
    found = parse_edtf(edtf)
    if found.earliest is None or found.latest is None:
        raise ValueError("the term has an open end")
    return found.earliest, found.latest


def _number(words: str) -> int:
    return int(words) if words.isdigit() else sum(NUMBER_VALUES[part] for part in re.split("[ -]", words))


def _end(day: date, count: int, unit: str) -> date:
    """Hours are rounded up to whole days, since the hour at which the words were said is not known."""
    return later(day, -(-count // 24), "day") if unit == "hour" else later(day, count, unit)


def vague(_: re.Match[str], anchor: date, parameters: Parameters) -> str:
    days = (timedelta(days=parameters[name]) for name in ("from_days", "to_days"))
    return interval(*(anchor + span for span in days))


def within(match: re.Match[str], anchor: date, parameters: Parameters) -> str:
    count = _number(match.groupdict().get("count", "one"))
    return interval(later(anchor, parameters["from_days"], "day"), _end(anchor, count, match["unit"]))


def between(match: re.Match[str], anchor: date, _: Parameters) -> str:
    low, high, unit = _number(match["low"]), _number(match["count"]), match["unit"]
    first = later(anchor, low // 24, "day") if unit == "hour" else later(anchor, low, unit)
    return interval(first, _end(anchor, high, unit))


def in_count(match: re.Match[str], anchor: date, _: Parameters) -> str:
    count, unit = _number(match["count"]), match["unit"]
    if unit == "hour":
        return interval(later(anchor, count // 24, "day"), _end(anchor, count, unit))
    return calendar_unit(later(anchor, count, unit), unit)


def whole_unit(match: re.Match[str], anchor: date, parameters: Parameters) -> str:
    return calendar_unit(later(anchor, parameters["units_later"], match["unit"]), match["unit"])


def rest_of_unit(match: re.Match[str], anchor: date, _: Parameters) -> str:
    return interval(anchor, _bounds(calendar_unit(anchor, match["unit"]))[1])


def season(match: re.Match[str], anchor: date, parameters: Parameters) -> str:
    """In January and February the winter under way began the year before, and EDTF names it by that year."""
    season = match["season"]
    year = anchor.year - 1 if season == "winter" and anchor.month <= 2 else anchor.year
    return f"{year:04}-{parameters[season]}"


def weekend(_: re.Match[str], anchor: date, parameters: Parameters) -> str:
    monday = anchor - timedelta(days=anchor.weekday())
    return interval(monday + timedelta(days=parameters["first_weekday"]), monday + timedelta(days=6))


def near_day(match: re.Match[str], anchor: date, parameters: Parameters) -> str:
    return later(anchor, parameters[match["near"]], "day").isoformat()


def weekday(match: re.Match[str], anchor: date, _: Parameters) -> str:
    ahead = (WEEKDAYS.index(match["weekday"]) - anchor.weekday() - 1) % 7 + 1
    return later(anchor, ahead, "day").isoformat()


def _coming(form: str, year: str | None, anchor: date) -> str:
    """Fill the year into EDTF: the one named, or the first that is not over by the anchor day."""
    for candidate in [int(year)] if year else [anchor.year, anchor.year + 1]:
        edtf = form.replace("YYYY", f"{candidate:04}")
        with suppress(Invalid):
            if _bounds(edtf)[1] >= anchor:
                return edtf
    raise ValueError("it names a day that does not exist or is already over")


def _month_form(match: re.Match[str]) -> str:
    return f"YYYY-{MONTHS.index(match['month']) + 1:02}"


def named_date(match: re.Match[str], anchor: date, _: Parameters) -> str:
    return _coming(f"{_month_form(match)}-{int(match['day']):02}", match["year"], anchor)


def named_month(match: re.Match[str], anchor: date, _: Parameters) -> str:
    return _coming(_month_form(match), match["year"], anchor)


def part_of_month(match: re.Match[str], anchor: date, parameters: Parameters) -> str:
    month, mid, late = _month_form(match), parameters["mid_from_day"], parameters["late_from_day"]
    form = {
        "early": f"{month}-01/{month}-{mid - 1:02}",
        "mid": f"{month}-{mid:02}/{month}-{late - 1:02}",
        "late": f"{month}-{late:02}/{month}",
    }[match["part"]]
    return interval(*_bounds(_coming(form, match["year"], anchor)))


def end_of_unit(match: re.Match[str], anchor: date, _: Parameters) -> str:
    units_later = 1 if match["which"] in ("next", "the coming", "the following") else 0
    day = later(anchor, units_later, match["unit"])
    return _bounds(calendar_unit(day, match["unit"]))[1].isoformat()


def end_of_named(match: re.Match[str], anchor: date, _: Parameters) -> str:
    form = _month_form(match) if match.groupdict().get("month") else "YYYY"
    return _bounds(_coming(form, match["year"], anchor))[1].isoformat()


def next_easter(_: re.Match[str], anchor: date, parameters: Parameters) -> str:
    if not parameters["first_year"] <= anchor.year < parameters["last_year"]:
        raise ValueError("Easter is computed from 1583 to 4099 only")
    return next(day for year in (0, 1) if (day := easter(anchor.year + year)) > anchor).isoformat()


def by_point(point: Reading) -> Reading:
    return lambda match, anchor, parameters: interval(anchor, _bounds(point(match, anchor, parameters))[1])


def before_point(point: Reading) -> Reading:
    return lambda match, anchor, parameters: interval(
        anchor, _bounds(point(match, anchor, parameters))[0] - timedelta(days=1)
    )
