"""The published table of rules that turn words of time into days.

Each rule reads twice: as a term, whose days are those that may be the last permissible one, and as an occurrence, from
the first to the last possible day. Its text says both wholly. Most of this module is the table, to be read as one.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from schema.dates import phrase_points as points
from schema.dates import phrase_readings as readings
from schema.dates.phrase_examples import EXAMPLE_DAY, EXAMPLES
from schema.dates.phrase_points import Parameters, Point
from schema.dates.phrase_readings import Reading
from schema.declare.fields import Rule


@dataclass(frozen=True)
class PhraseRule(Rule):
    """A published rule that reads one kind of phrase. A change of anything takes a new version."""

    reading: Reading = field(kw_only=True, repr=False)


@dataclass(frozen=True)
class Place:
    """A day or span of the calendar that words can name: “Friday”, “late May”, “the end of the month”.

    `occurrence` says on which of its days something happens, and `on` reads it so; without them it is any of them.
    `limit` is the place after “until”, “by” and “before”, where it is another one than alone.
    """

    name: str
    what: str
    details: str
    point: Point
    parameters: Parameters = field(default_factory=dict)
    occurrence: str = "the whole of it"
    on: Reading | None = None
    limit: Point | None = None
    has_limits: bool = True
    is_end: bool = False


def rule(name: str, text: str, parameters: Parameters, reading: Reading) -> PhraseRule:
    """A rule with its example. Rules of before the two readings are in their second version."""
    phrase, term, occurrence = EXAMPLES[name]
    days = f"{term} either way" if term == occurrence else f"{term} as a term, {occurrence} as an occurrence"
    text = f"{text.strip()} Example: “{phrase}”, said on {EXAMPLE_DAY}, is {days}."
    return PhraseRule(f"phrase.{name}", 1 if name in NEW else 2, text, parameters, reading=reading)


def vague_rules(unit: str, from_days: int, to_days: int) -> list[PhraseRule]:
    gives = (
        f"As a term and as an occurrence: from {from_days} to {to_days} days after the anchor day, since no number is "
        "named."
    )
    words = {
        "within": f"“Within {unit}”",
        "few": f"“Within (in, over, for) a few (several, a couple of) {unit}”",
        "coming": f"“In (within, over) the coming (next, following) {unit}”, “in the {unit} ahead”",
    }
    parameters = {"from_days": from_days, "to_days": to_days}
    return [rule(f"{name}-{unit}", f"{said}. {gives}", parameters, readings.vague) for name, said in words.items()]


def place_rules(place: Place) -> list[PhraseRule]:
    """The place alone or after “on”, “in” and “at”; and after “until”, “by” and “before”."""
    words = "“On”, “in”, “at”, no such word, or, before a day, “for”"
    text = (
        f"{words}: {place.what}. As a term: its last day, the last permissible one. As an occurrence: "
        f"{place.occurrence}. {place.details}"
    )
    alone = rule(place.name, text, place.parameters, place.on or readings.on(place.point))
    return [alone, *(limit_rules(place) if place.has_limits else ())]


def limit_rules(place: Place) -> list[PhraseRule]:
    """“Before the end” still holds the last day, and so reads as “by the end”."""
    point, what = place.limit or place.point, place.what
    last = "that day; of several days any may be the last, and those before the anchor day are left out"
    by = f"“By”, “on or before”, “no later than”{' or “before”' if place.is_end else ''}"
    texts = {
        "until": f"“Until” {what}. As a term and as an occurrence: {last}.",
        "by": f"{by} {what}. As a term: {last}. As an occurrence: the days from the anchor day to its last day.",
        "before": f"“Before” {what}. As a term: the day before it begins. As an occurrence: the days from the anchor "
        "day to that one. Where an hour is named, it is the day itself.",
    }
    limits = {"until": readings.until, "by": readings.by, "before": readings.before}
    if place.is_end:
        del limits["before"]
    return [
        rule(f"{name}-{place.name}", f"{texts[name]} {place.details}", place.parameters, limit(point))
        for name, limit in limits.items()
    ]


NEW = frozenset(
    {
        *("in-counts", "coming-unit", "weekday", "date", "date-range", "part-of-month", "month", "easter"),
        *("end-of-unit", "end-of-named"),
        *(f"{before}{name}" for before in ("", "until-", "by-", "before-") for name in ("year", "part-of-year")),
        *(f"{before}-{name}" for before in ("until", "by", "before") for name in ("next-unit", "this-season")),
    }
)
"""Rules that did not exist when the others read once only."""

HOURS = "Hours are rounded up to whole days, since the hour at which the words were said is not known."
MONTHS = "A month after the 31st is the last day of a shorter month."
LENGTH = (
    "As a term: the day that long after the anchor day. As an occurrence: the days from the anchor day to that one."
)

# These words name no length, so each number is our choice, made wide: a deadline called overdue too early
# does more harm than one called so late. “Days” last until a source would say a week, “weeks” until it
# would say a month, “months” half a year. Another number is a new version.
_VAGUE_RULES = [
    *vague_rules("hours", 0, 1),
    *vague_rules("days", 1, 7),
    *vague_rules("weeks", 1, 28),
    *vague_rules("months", 1, 183),
]
_COUNTED_RULES = [
    rule(
        "within-count",
        f"“Within 72 hours”, “no later than 30 days”, “over the next two months”. {LENGTH} {HOURS} {MONTHS}",
        {},
        readings.limit,
    ),
    rule(
        "duration",
        f"“72 hours”, “for another 120 days”, “up to 10 days”, with no start named. {LENGTH} {HOURS} {MONTHS}",
        {},
        readings.limit,
    ),
    rule(
        "between-counts",
        "“Within 24 to 72 hours”, “two or three weeks”. As a term: from the day the shorter time on to the day the "
        "longer time on, since any may be the last. As an occurrence: the days from the anchor day to the longer time "
        f"on. {HOURS} {MONTHS}",
        {},
        readings.two_limits,
    ),
    rule(
        "in-count",
        "“In three days”, “in two weeks' time”, “a month from now”. As a term: the day so far on. As an occurrence: "
        "the calendar day, week (Monday to Sunday), month or year that holds it. Hours are rounded to whole days: as a "
        f"term up, as an occurrence down and up. {MONTHS}",
        {},
        readings.in_count,
    ),
    rule(
        "in-counts",
        "“In two to three weeks”, “between 10 and 12 days”. As a term and as an occurrence: from the day the shorter "
        "time on to the day the longer time on. Hours are rounded to whole days: as a term up, as an occurrence the "
        f"shorter down and the longer up. {MONTHS}",
        {},
        readings.in_counts,
    ),
    rule(
        "coming-unit",
        "“In the next (coming) day, week, month or year” may be that long from the anchor day, or the calendar unit "
        "after its own. As a term: from the last day of the one to the last day of the other. As an occurrence: the "
        f"days from the anchor day to the later of the two. Said on a Saturday or Sunday, a week is refused. {MONTHS}",
        {},
        readings.coming_unit,
    ),
]

YEARS = {"most_days_without_year": 240, "most_years": 100}
"""In days: what is said without its year and is further ahead may be the one just over. In years: another calendar."""
FAR = "A year more than 100 ahead is refused."
NO_YEAR = (
    "Without a year it is the next one that is not over, and refused where it begins more than 240 days ahead, since "
    f"it may be the one just over. {FAR}"
)
WEEKS = (
    "Weeks run from Monday to Sunday, and are refused when said on a Saturday or Sunday, since by country they begin "
    "on Saturday, Sunday or Monday."
)
ENDS = {"week_from_weekday": 4, "month_from_day": 21, "year_from_month": 12}
TOWARDS_THE_END = (
    "the days from Friday of the week, the 21st of the last month or 1 December of the year to that day, but none "
    "before the anchor day"
)

PLACES = (
    Place(
        "near-day",
        "today, tonight, this morning, this evening, tomorrow or the day after tomorrow",
        "Today is the anchor day.",
        points.near_day,
    ),
    Place(
        "weekday",
        "a day of the week",
        "It is the next such day after the anchor day; said on such a day it is refused.",
        points.weekday,
    ),
    Place(
        "weekend",
        "the weekend",
        "It is Saturday and Sunday of the anchor day's week. Alone it is refused on a Monday or Tuesday, when it may "
        "be the one just over; after “until”, “by” and “before” on a Saturday or Sunday, when it may be the next.",
        points.weekend,
        {"from_weekday": 2},
        limit=points.weekend_ahead,
    ),
    Place("date", "a date", f"{NO_YEAR} Its hour is left out.", points.named_date, YEARS),
    Place(
        "date-range",
        "the days from one date to another, such as “5 to 9 May” or “5 and 6 May”",
        NO_YEAR,
        points.date_range,
        YEARS,
        has_limits=False,
    ),
    Place(
        "part-of-month",
        "a part of a month: early (to the 10th), mid (11th to 20th), late (from the 21st), its first (to the 15th) or "
        "second half",
        NO_YEAR,
        points.part_of_month,
        {"mid_from_day": 11, "late_from_day": 21, "second_half_from_day": 16, **YEARS},
    ),
    Place("month", "a month", NO_YEAR, points.named_month, YEARS),
    Place("year", "a year", FAR, points.year, YEARS),
    Place("part-of-year", "a quarter or half of a calendar year", FAR, points.part_of_year, YEARS),
    Place(
        "this-unit",
        "this day, week, month or year, with the part already past",
        WEEKS,
        points.this_unit,
        has_limits=False,
    ),
    Place(
        "later-this-unit",
        "later this week, month or year",
        WEEKS,
        points.this_unit,
        occurrence="the days from the anchor day to that one",
        on=readings.rest_of(points.this_unit),
        has_limits=False,
    ),
    Place("next-unit", "the next or following calendar day, week, month or year", WEEKS, points.next_unit),
    Place(
        "this-season",
        "this season: spring (March to May), summer (June to August), autumn (September to November) or winter "
        "(December to February), as in the north",
        "A season that is over is refused.",
        points.this_season,
        {"spring": 21, "summer": 22, "autumn": 23, "winter": 24},
    ),
    Place(
        "end-of-unit",
        "the end of the (this, next) day, week, month or year, which is its last day",
        WEEKS,
        points.end_of_unit,
        ENDS,
        occurrence=TOWARDS_THE_END,
        on=readings.on_end(points.end_of_unit),
        is_end=True,
    ),
    Place(
        "end-of-named",
        "the end of a named day, month, quarter, half or year, which is its last day",
        NO_YEAR,
        points.end_of_named,
        {**ENDS, **YEARS},
        occurrence=TOWARDS_THE_END,
        on=readings.on_end(points.end_of_named),
        is_end=True,
    ),
    Place(
        "easter",
        "Easter",
        "It is the next Easter Sunday after the anchor day, refused where the Western and the Orthodox one differ and "
        "neither is named.",
        points.next_easter,
        {"first_year": 1583, "last_year": 4099},
    ),
)

PHRASE_RULES: tuple[PhraseRule, ...] = (
    *_VAGUE_RULES,
    *_COUNTED_RULES,
    *(each for place in PLACES for each in place_rules(place)),
)
