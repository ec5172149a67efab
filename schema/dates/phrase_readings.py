"""Turns each kind of phrase into days: from its tree and the anchor day to EDTF, twice.

As a term the days are those that may be the last permissible one; as an occurrence they go from the first to the last
possible day. A reading raises ValueError, OverflowError or Invalid where the words name no days.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from schema.dates.edtf_dates import calendar_unit, interval, later
from schema.dates.phrase_points import Parameters, Point, bounds, calendar_unit_of, unit
from schema.dates.phrase_words import Node


@dataclass(frozen=True)
class Days:
    """A phrase in EDTF, as a term and as an occurrence."""

    term: str
    occurrence: str


Reading = Callable[[Node, date, Parameters], Days]


# --- lengths -------------------------------------------------------------------------------------


def numbers(node: Node) -> list[int]:
    """The number of a length, or both of a range; one where there is none, as in “the next month”."""
    inside = node.part("length", "range") or node
    found = [
        _paired(child) if isinstance(child, Node) else 1 if child.kind == "A" else int(child.value)
        for child in inside.children
        if isinstance(child, Node) or child.kind in ("A", "SMALL", "LARGE", "SPELLED")
    ]
    return found or [1]


def _paired(node: Node) -> int:
    """Raises ValueError where words and digits differ, as in “fourteen (15)”."""
    first, second = map(int, node.every("SPELLED", "SMALL", "LARGE"))
    if first != second:
        raise ValueError(f"its two numbers, {first} and {second}, differ")
    return first


def after(day: date, count: int, unit: str, *, hours_up: bool = True) -> date:
    """The day so far on. Hours are rounded to whole days, since the hour at which the words were said is not known."""
    match unit:
        case "hour":
            return later(day, -(-count // 24) if hours_up else count // 24, "day")
        case "fortnight":
            return later(day, 2 * count, "week")
        case _:
            return later(day, count, unit)


def vague(_: Node, anchor: date, parameters: Parameters) -> Days:
    edtf = interval(*(later(anchor, parameters[name], "day") for name in ("from_days", "to_days")))
    return Days(edtf, edtf)


def limit(node: Node, anchor: date, _: Parameters) -> Days:
    """One length, counted from the anchor day: “within 72 hours”, “for 72 hours”."""
    last = after(anchor, numbers(node)[0], unit(node))
    return Days(last.isoformat(), interval(anchor, last))


def two_limits(node: Node, anchor: date, _: Parameters) -> Days:
    """Two lengths, of which either may be the last: “within 24 to 72 hours”."""
    low, high = (after(anchor, number, unit(node)) for number in numbers(node))
    return Days(interval(low, high), interval(anchor, high))


def in_count(node: Node, anchor: date, _: Parameters) -> Days:
    count, of = numbers(node)[0], unit(node)
    day = after(anchor, count, of)
    if of == "hour":
        return Days(day.isoformat(), interval(after(anchor, count, of, hours_up=False), day))
    return Days(day.isoformat(), calendar_unit(day, "week" if of == "fortnight" else of))


def in_counts(node: Node, anchor: date, _: Parameters) -> Days:
    (low, high), of = numbers(node), unit(node)
    last = after(anchor, high, of)
    first = after(anchor, low, of, hours_up=False)
    return Days(interval(after(anchor, low, of), last), interval(first, last))


def coming_unit(node: Node, anchor: date, _: Parameters) -> Days:
    """“In the next week” may be seven days, or the calendar week after this one: both."""
    of = calendar_unit_of(node, anchor)
    low, high = later(anchor, 1, of), bounds(calendar_unit(later(anchor, 1, of), of))[1]
    return Days(interval(low, high), interval(anchor, high))


# --- the words before them -----------------------------------------------------------------------


def on(point: Point) -> Reading:
    """Any day of it is meant, so that the last is the last permissible one."""

    def read(node: Node, anchor: date, parameters: Parameters) -> Days:
        edtf = point(node, anchor, parameters)
        return Days(bounds(edtf)[1].isoformat(), edtf)

    return read


def rest_of(point: Point) -> Reading:
    def read(node: Node, anchor: date, parameters: Parameters) -> Days:
        last = bounds(point(node, anchor, parameters))[1]
        return Days(last.isoformat(), interval(anchor, last))

    return read


def on_end(point: Point) -> Reading:
    """“At the end of July” is some day of its last third; as a term it is the last."""

    def read(node: Node, anchor: date, parameters: Parameters) -> Days:
        last = bounds(point(node, anchor, parameters))[1]
        of = (node.every("UNIT") or [_kind_of_named(node)])[0]
        first = {
            "week": last - timedelta(days=6 - parameters["week_from_weekday"]),
            "month": last.replace(day=parameters["month_from_day"]),
            "year": date(last.year, parameters["year_from_month"], 1),
        }.get(of, last)
        return Days(last.isoformat(), interval(max(first, anchor), last))

    return read


def until(point: Point) -> Reading:
    """The term runs out then, on whichever of its days; those before the anchor day are left out."""

    def read(node: Node, anchor: date, parameters: Parameters) -> Days:
        edtf = _from(anchor, point(node, anchor, parameters))
        return Days(edtf, edtf)

    return read


def by(point: Point) -> Reading:
    def read(node: Node, anchor: date, parameters: Parameters) -> Days:
        edtf = _from(anchor, point(node, anchor, parameters))
        return Days(edtf, interval(anchor, bounds(edtf)[1]))

    return read


def before(point: Point) -> Reading:
    """“Before 18:00 on 9 May” still holds that day, and so reads as “by”."""

    def read(node: Node, anchor: date, parameters: Parameters) -> Days:
        first = bounds(point(node, anchor, parameters))[0]
        last = first if node.part("clock") else first - timedelta(days=1)
        return Days(last.isoformat(), interval(anchor, last))

    return read


def _from(anchor: date, edtf: str) -> str:
    first, last = bounds(edtf)
    if last < anchor:
        raise ValueError("it is already over")
    return edtf if first >= anchor else interval(anchor, last)


def _kind_of_named(node: Node) -> str:
    """Return the unit that a named end is the end of; a quarter or half of a year ends with its last month."""
    if node.part("part_of_year", "month"):
        return "month"
    return "year" if node.part("year") else "day"
