"""The published table of rules that turn the words of a source ("within days") into days.

Every rule counts from an anchor day, the UTC day on which the words were said, and its `text` states
exactly which days it gives. Words that no rule reads are refused: a guess would look like a fact.
Most of this module is the table itself, so that it is read as one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from unicodedata import normalize

from schema.dates.edtf_dates import FuzzyDate, parse_edtf
from schema.dates.phrase_readings import (
    Parameters,
    Reading,
    before_point,
    between,
    by_point,
    end_of_named,
    end_of_unit,
    in_count,
    named_date,
    named_month,
    near_day,
    next_easter,
    part_of_month,
    rest_of_unit,
    season,
    vague,
    weekday,
    weekend,
    whole_unit,
    within,
)
from schema.dates.phrase_words import (
    CALENDAR,
    CLOCK,
    COUNT_OF_UNIT,
    DAY,
    LOW,
    MONTH,
    NEAR_DAY,
    NEAR_DAY_PARAMETERS,
    UNIT,
    WEEKDAYS,
    WEEKEND_PARAMETERS,
    YEAR,
    doubt_about,
    why_unread,
)
from schema.declare.fields import Rule
from schema.errors import Invalid, Problem

# A phrase is a clause, not an article. The cap also bounds the work of every pattern.
LONGEST_PHRASE_CHARACTERS = 300


@dataclass(frozen=True)
class PhraseRule(Rule):
    """A published rule that reads one kind of phrase. A change of anything takes a new version."""

    patterns: tuple[re.Pattern[str], ...] = ()
    reading: Reading = field(kw_only=True, repr=False)


def interpret(phrase: str, anchor: date) -> FuzzyDate:
    """Read a phrase against its anchor day, or raise Invalid saying what could not be read.

    A clause after the term is passed over only where it cannot move the days; see `doubt_about`.
    """
    words = _normalised(phrase)
    for rule in PHRASE_RULES:
        for pattern in rule.patterns:
            if match := pattern.match(words):
                return _apply(rule, match, phrase, anchor)
    raise _refused(phrase, why_unread(words))


def _normalised(phrase: str) -> str:
    if len(phrase) > LONGEST_PHRASE_CHARACTERS:
        raise _refused(phrase, f"it is longer than {LONGEST_PHRASE_CHARACTERS} characters")
    plain = re.sub("[–—‑‐]", "-", normalize("NFKC", phrase).lower())
    return " ".join(re.sub("[\"'“”„‟«»‘’‚]", "", plain).split())


def _apply(rule: PhraseRule, match: re.Match[str], phrase: str, anchor: date) -> FuzzyDate:
    doubt = doubt_about(match.string[match.end() :])
    if doubt:
        raise _refused(phrase, doubt)
    try:
        found = parse_edtf(rule.reading(match, anchor, rule.parameters))
    except (ValueError, OverflowError, Invalid) as error:
        raise _refused(phrase, f"counted from {anchor}, {error}") from error
    if found.latest is None or found.latest < anchor:
        raise _refused(phrase, f"counted from {anchor}, it is already over")
    return replace(found, text=phrase, rule=rule.name)


def _refused(phrase: str, reason: str) -> Invalid:
    cure = "Give only the words of the term, or the interval as EDTF, for example 2025-04-19/2025-04-25"
    shown = phrase if len(phrase) <= 120 else phrase[:120] + "…"
    return Invalid(Problem(path="", message=f"The phrase “{shown}” gives no days: {reason}. {cure}."))


def _rule(name: str, text: str, patterns: tuple[str, ...], parameters: Parameters, reading: Reading) -> PhraseRule:
    """The pattern must end at a word's end: “within 3 days-long talks” is not “within 3 days”."""
    compiled = tuple(re.compile(rf"(?:{pattern})(?![\w-])") for pattern in patterns)
    return PhraseRule(f"phrase.{name}", 1, text, parameters, compiled, reading=reading)


def _vague_rules(unit: str, from_days: int, to_days: int) -> tuple[PhraseRule, ...]:
    gives = f"gives the days from {from_days} to {to_days} days after the anchor day."
    parameters = {"from_days": from_days, "to_days": to_days}
    few = rf"(?:within|in|over|during|for)(?: the (?:next|coming))?(?: a)? (?:few|several|couple of) {unit}"
    coming = rf"(?:within|in|over|during) the (?:coming|next|upcoming|following) {unit}"
    return (
        _rule(f"within-{unit}", f"“Within {unit}” {gives}", (f"within {unit}",), parameters, vague),
        _rule(f"few-{unit}", f"“Within (or in) a few {unit}” {gives}", (few,), parameters, vague),
        _rule(f"coming-{unit}", f"“In the coming (or next) {unit}” {gives}", (coming,), parameters, vague),
    )


def _point_rules(
    name: str, what: str, patterns: tuple[str, ...], parameters: Parameters, point: Reading
) -> tuple[PhraseRule, ...]:
    """“Until” names the moment at which a term runs out, “by” and “before” a window that closes with it."""
    until = f"“Until” {what}. The term runs out then, and the interval is exactly that."
    by = f"“By” {what}. The interval is the anchor day to the last day of that."
    before = f"“Before” {what}. The interval is the anchor day to the day before that begins."
    return (
        _rule(f"until-{name}", until, _led_by("(?:up )?(?:until|till)", patterns), parameters, point),
        _rule(f"by-{name}", by, _led_by("(?:by|no later than|not later than)", patterns), parameters, by_point(point)),
        _rule(f"before-{name}", before, _led_by("before", patterns), parameters, before_point(point)),
    )


def _end_rules(name: str, what: str, patterns: tuple[str, ...], end: Reading) -> tuple[PhraseRule, ...]:
    """“Before the end” still includes the last day, and so reads as “by the end”."""
    until = f"“Until” {what}. The term runs out then, and the interval is exactly that day."
    by = f"“By” or “before” {what}. The interval is the anchor day to that day."
    return (
        _rule(f"until-{name}", until, _led_by("(?:up )?(?:until|till)", patterns), {}, end),
        _rule(f"by-{name}", by, _led_by("(?:by|before|no later than|not later than)", patterns), {}, by_point(end)),
    )


def _led_by(preposition: str, patterns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{preposition} {pattern}" for pattern in patterns)


# These words name no length, so each number is our choice, made wide: a deadline called overdue too early
# does more harm than one called so late. “Days” last until a source would say a week, “weeks” until it
# would say a month, “months” half a year. Another number is a new version.
_VAGUE_RULES = (
    *_vague_rules("hours", 0, 1),
    *_vague_rules("days", 1, 7),
    *_vague_rules("weeks", 1, 28),
    *_vague_rules("months", 1, 183),
)
_COUNTED_RULES = (
    _rule(
        "within-count",
        "“Within 72 hours”, “over the next month”: from the anchor day to the day that time on. "
        "Hours round up to whole days; one month after the 31st is the last day of a shorter month.",
        (
            rf"within (?:the (?:next|coming|following) )?(?:a period of )?{COUNT_OF_UNIT}",
            rf"within a {COUNT_OF_UNIT} (?:time[ -]?)?period",
            rf"(?:(?:in|over|during|for) )?the (?:next|coming|following) {COUNT_OF_UNIT}",
            rf"(?:(?:within|in|over|during|for) )?the (?:next|coming|following) {UNIT}",
        ),
        {"from_days": 0},
        within,
    ),
    _rule(
        "between-counts",
        "“24-72 hours”, “over the next six to twelve months”: from the day the shorter time on "
        "to the day the longer time on. Hours round to whole days, the shorter time down, the longer up.",
        (
            rf"(?:(?:within|in|over|for) )?(?:the (?:next|coming) )?{LOW}(?: ?-| to| or) ?{COUNT_OF_UNIT}",
            rf"between {LOW}(?: and | ?- ?){COUNT_OF_UNIT}",
        ),
        {},
        between,
    ),
    _rule(
        "in-count",
        "“In three days”, “in two weeks”: the calendar day, week (Monday to Sunday), month or year that "
        "holds the day so far on. “In 36 hours” is the two days on which 36 hours may end.",
        (rf"in {COUNT_OF_UNIT}(?: time)?",),
        {},
        in_count,
    ),
    _rule(
        "duration",
        "“72 hours”, “for a period of 21 days”, with no start named: from the anchor day to the day "
        "that time on. Hours round up to whole days.",
        (rf"(?:for )?(?:a period of )?{COUNT_OF_UNIT}",),
        {"from_days": 0},
        within,
    ),
)
_CALENDAR_RULES = (
    _rule(
        "this-unit",
        "“This week”, “this month”, “this year”: the whole calendar week (Monday to Sunday), month or year "
        "that holds the anchor day, with the part already past.",
        (r"this (?P<unit>week|month|year)",),
        {"units_later": 0},
        whole_unit,
    ),
    _rule(
        "next-unit",
        "“Next week”, “next month”, “next year”: the whole calendar week (Monday to Sunday), month or year "
        "after the one that holds the anchor day.",
        (r"next (?P<unit>week|month|year)",),
        {"units_later": 1},
        whole_unit,
    ),
    _rule(
        "later-this-unit",
        "“Later this week (month, year)”: the anchor day to the end of its week, month or year.",
        (r"later this (?P<unit>week|month|year)",),
        {},
        rest_of_unit,
    ),
    _rule(
        "this-season",
        "“This spring”: March to May of the anchor day's year, summer June to August, autumn September to "
        "November, winter December to February, as in the north. A season already over is refused.",
        (r"this (?P<season>spring|summer|autumn|fall|winter)",),
        {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24},
        season,
    ),
    _rule(
        "weekend",
        "“This weekend”, “over the weekend”: Saturday and Sunday of the anchor day's week.",
        (r"(?:over |during )?(?:this|the) weekend",),
        WEEKEND_PARAMETERS,
        weekend,
    ),
    _rule(
        "near-day",
        "“Today” and “tonight” are the anchor day, “tomorrow” is the day after it.",
        (NEAR_DAY,),
        NEAR_DAY_PARAMETERS,
        near_day,
    ),
)
_POINT_RULES = (
    *_point_rules(
        "near-day",
        "today, tonight (the anchor day) or tomorrow (the day after it)",
        (NEAR_DAY,),
        NEAR_DAY_PARAMETERS,
        near_day,
    ),
    *_point_rules(
        "weekday",
        "a day of the week, which is the next such day after the anchor day",
        (rf"(?P<weekday>{'|'.join(WEEKDAYS)})",),
        {},
        weekday,
    ),
    *_point_rules(
        "weekend",
        "the weekend, which is Saturday and Sunday of the anchor day's week",
        (r"(?:the|this) weekend",),
        WEEKEND_PARAMETERS,
        weekend,
    ),
    *_point_rules(
        "date",
        "a date, which without a year is the next such day, the anchor day included; its hour is left out",
        (
            rf"{CLOCK}(?:the )?{DAY}(?: of)? {MONTH}(?:,? {YEAR})?",
            rf"{CLOCK}{MONTH} (?:the )?{DAY}(?:,? {YEAR})?",
        ),
        {},
        named_date,
    ),
    *_point_rules(
        "part-of-month",
        "early (to the 10th), mid (11th to 20th) or late (from the 21st) in a month, which without a year "
        "is the next one not over",
        (rf"(?P<part>early|mid|late)[ -]{MONTH}(?:,? {YEAR})?",),
        {"mid_from_day": 11, "late_from_day": 21},
        part_of_month,
    ),
    *_point_rules(
        "month",
        "a month, which without a year is the next one not over",
        (rf"{MONTH}(?:,? {YEAR})?",),
        {},
        named_month,
    ),
    *_end_rules(
        "end-of-unit",
        "the end of the (this, next) day, week, month or year, which is its last day; weeks end on Sunday, "
        "and the coming week is the one after the anchor day's",
        (rf"(?:the )?end of (?:(?P<which>the (?:coming|following)|the|this|next) )?(?P<unit>{CALENDAR})",),
        end_of_unit,
    ),
    *_end_rules(
        "end-of-named",
        "the end of a named month or year, which is its last day; without a year that of the next such month",
        (rf"(?:the )?end of {MONTH}(?:,? {YEAR})?", rf"(?:the )?end of {YEAR}"),
        end_of_named,
    ),
    *_point_rules(
        "easter",
        "Easter, which is the next Western (Gregorian) Easter Sunday after the anchor day",
        (r"easter(?: sunday)?",),
        {"first_year": 1583, "last_year": 4099},
        next_easter,
    ),
)

PHRASE_RULES: tuple[PhraseRule, ...] = (*_VAGUE_RULES, *_COUNTED_RULES, *_CALENDAR_RULES, *_POINT_RULES)
