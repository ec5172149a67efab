"""The published table of rules that turn the words of a source ("within days") into days.

Every rule counts from an anchor day, the UTC day on which the words were said, and its `text` states
exactly which days it gives. Words that no rule reads are refused: a guess would look like a fact.
Half of this module is the table itself, kept beside its readings so that a text and what it does are
reviewed together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from unicodedata import normalize

from dateutil.easter import easter

from schema.dates import FuzzyDate, calendar_unit, interval, later, parse_edtf
from schema.errors import Invalid, Problem

# A phrase is a clause, not an article. The cap also bounds the work of every pattern.
LONGEST_PHRASE_CHARACTERS = 300

Parameters = Mapping[str, int]
# Gives EDTF text; raises ValueError or OverflowError where the words name no days.
Reading = Callable[[re.Match[str], date, Parameters], str]


@dataclass(frozen=True)
class PhraseRule:
    """One published rule. A change of `text`, `patterns` or `parameters` takes a new version.

    `patterns` match the phrase in lower case, without quotation marks and with single spaces.
    """

    id: str
    version: int
    text: str
    patterns: tuple[re.Pattern[str], ...]
    parameters: Parameters
    reading: Reading = field(repr=False)

    @property
    def stored_id(self) -> str:
        """The id that a FuzzyDate keeps, for example `phrase.within-days.v1`."""
        return f"{self.id}.v{self.version}"


def interpret(phrase: str, anchor: date) -> FuzzyDate:
    """Read a phrase against its anchor day, or raise Invalid saying what could not be read.

    A clause after the term is passed over only where it cannot move the days; see `_doubt_about`.
    """
    words = _normalised(phrase)
    for rule in PHRASE_RULES:
        for pattern in rule.patterns:
            if match := pattern.match(words):
                return _apply(rule, match, phrase, anchor)
    raise _refused(phrase, _why_unread(words))


def _normalised(phrase: str) -> str:
    if len(phrase) > LONGEST_PHRASE_CHARACTERS:
        raise _refused(phrase, f"it is longer than {LONGEST_PHRASE_CHARACTERS} characters")
    plain = re.sub("[–—‑‐]", "-", normalize("NFKC", phrase).lower())
    return " ".join(re.sub("[\"'“”„‟«»‘’‚]", "", plain).split())


def _apply(rule: PhraseRule, match: re.Match[str], phrase: str, anchor: date) -> FuzzyDate:
    doubt = _doubt_about(match.string[match.end() :])
    if doubt:
        raise _refused(phrase, doubt)
    try:
        found = parse_edtf(rule.reading(match, anchor, rule.parameters))
    except (ValueError, OverflowError, Invalid) as error:
        raise _refused(phrase, f"counted from {anchor}, {error}") from error
    if found.latest is None or found.latest < anchor:
        raise _refused(phrase, f"counted from {anchor}, it is already over")
    return replace(found, text=phrase, rule=rule.stored_id)


def _refused(phrase: str, reason: str) -> Invalid:
    cure = "Give only the words of the term, or the interval as EDTF, for example 2025-04-19/2025-04-25"
    shown = phrase if len(phrase) <= 120 else phrase[:120] + "…"
    return Invalid(Problem(path="", message=f"The phrase “{shown}” gives no days: {reason}. {cure}."))


_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ONES = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_NUMBER_VALUES = (
    {"a": 1, "an": 1}
    | {word: value for value, word in enumerate(_ONES, start=1)}
    | {word: value for value, word in zip(range(20, 100, 10), _TENS, strict=True)}
)

_NUMBER = rf"[1-9][0-9]{{0,3}}|an?|(?:{'|'.join(_TENS)})(?:[ -](?:{'|'.join(_ONES[:9])}))?|{'|'.join(_ONES)}"
_CALENDAR = "day|week|month|year"
_LOW = rf"(?P<low>{_NUMBER})"
_UNIT = rf"(?P<unit>hour|{_CALENDAR})"
_COUNT_OF_UNIT = rf"(?P<count>{_NUMBER})[ -]{_UNIT}s?"
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})"
_YEAR = r"(?P<year>[0-9]{4})"
_NEAR_DAY = r"(?P<near>today|tonight|tomorrow)"
_NEAR_DAY_PARAMETERS = {"today": 0, "tonight": 0, "tomorrow": 1}
_WEEKEND_PARAMETERS = {"first_weekday": 5}  # Counted from Monday, which is 0.
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_CLOCK = r"(?:(?:[01][0-9]|2[0-4]):?[0-5][0-9](?: hours| hrs)?(?: gmt| utc)? on )?"

# What may follow the term. Without a comma only these words begin a clause that leaves the days alone.
_HARMLESS = re.compile(
    r"[. )]*$| ?[,;:.(-]| (?:as (?:a|an|the)|and|to|while|without|with|which|led by|at the latest)\b"
)
_DOUBTS = (
    (
        "it is counted from an event, not from the anchor day",
        (
            r"^\W*(?:of|from|since)\b|\b(?:after|following|upon|once|start\w*|begin\w*|count(?:ed|ing))\b"
            r"|\b(?:sign(?:ed|ing|ature)|effect\w*|date of|entry into force)\b"
        ),
    ),
    (
        "it depends on a condition",
        (
            r"\b(?:if|unless|provided|providing|when|whenever|whether|until|till|before|pending|subject)\b"
            r"|\b(?:depend\w*|condition\w*|contingent|assuming|in case|in the event|exchange|in return)\b"
            r"|\b(?:should|barring|failing|only|but|except|instead|or|not|as (?:long|soon|of|from))\b"
        ),
    ),
    (
        "the words after it change the term",
        (
            r"\b(?:exten\w+|renew\w*|postpone\w*|delay\w*|prolong\w*|deadline|earliest|later|beyond)\b"
            r"|\b(?:again|ago|unclear|perhaps|maybe|possibly|probably|at (?:most|least))\b"
        ),
    ),
    (
        "it names a second term or date",
        (
            rf"^\W*(?:and |to )?(?:[0-9]|(?:{'|'.join((*_ONES, *_TENS))})\b)"
            r"|\b(?:hours?|days?|weeks?|months?|years?|decades?|half|today|tonight|tomorrow|weekend)\b"
            rf"|\b(?:{'|'.join(_WEEKDAYS)}|spring|summer|autumn|winter|easter)\b"
            rf"|\b(?:{'|'.join(_MONTHS)}) [0-9]|[0-9] (?:{'|'.join(_MONTHS)})\b"
        ),
    ),
)
_UNREAD = (
    ("“as soon as” sets no day", r"\bas soon as\b"),
    ("working days depend on a country's holidays", r"\b(?:working|business) days?\b"),
    (
        "the source leaves the length open",
        r"\bunclear\b|\bunspecified\b|\bnot (?:specif|indicate)|\bno source\b",
    ),
    (
        "it is open-ended; from a known day it is EDTF such as 2025-01-21/..",
        r"\buntil (?:further|terminated)\b",
    ),
    ("it lasts as long as an event does", r"\bduration of\b|\bas long\b|\bduring\b"),
    ("it waits for an event, or names its date in a form that no rule reads", r"^(?:until|till|by|before)\b"),
)


def _doubt_about(rest: str) -> str | None:
    """Why the words after a term could move its days, or None. Refusing too much costs a curator one line."""
    for doubt, pattern in _DOUBTS:
        if re.search(pattern, rest):
            return f"{doubt} (“{rest.strip(' ,')}”)"
    return None if _HARMLESS.match(rest) else f"no rule reads how it goes on (“{rest.strip()}”)"


def _why_unread(words: str) -> str:
    for reason, pattern in _UNREAD:
        if re.search(pattern, words):
            return reason
    return "no rule reads these words" if words else "it is empty"


def _bounds(edtf: str) -> tuple[date, date]:
    found = parse_edtf(edtf)
    if found.earliest is None or found.latest is None:
        raise ValueError("the term has an open end")
    return found.earliest, found.latest


def _number(words: str) -> int:
    return int(words) if words.isdigit() else sum(_NUMBER_VALUES[part] for part in re.split("[ -]", words))


def _end(day: date, count: int, unit: str) -> date:
    """Hours are rounded up to whole days, since the hour at which the words were said is not known."""
    return later(day, -(-count // 24), "day") if unit == "hour" else later(day, count, unit)


def _vague(_: re.Match[str], anchor: date, parameters: Parameters) -> str:
    days = (timedelta(days=parameters[name]) for name in ("from_days", "to_days"))
    return interval(*(anchor + span for span in days))


def _within(match: re.Match[str], anchor: date, parameters: Parameters) -> str:
    count = _number(match.groupdict().get("count", "one"))
    return interval(later(anchor, parameters["from_days"], "day"), _end(anchor, count, match["unit"]))


def _between(match: re.Match[str], anchor: date, _: Parameters) -> str:
    low, high, unit = _number(match["low"]), _number(match["count"]), match["unit"]
    first = later(anchor, low // 24, "day") if unit == "hour" else later(anchor, low, unit)
    return interval(first, _end(anchor, high, unit))


def _in(match: re.Match[str], anchor: date, _: Parameters) -> str:
    count, unit = _number(match["count"]), match["unit"]
    if unit == "hour":
        return interval(later(anchor, count // 24, "day"), _end(anchor, count, unit))
    return calendar_unit(later(anchor, count, unit), unit)


def _whole_unit(match: re.Match[str], anchor: date, parameters: Parameters) -> str:
    return calendar_unit(later(anchor, parameters["units_later"], match["unit"]), match["unit"])


def _rest_of_unit(match: re.Match[str], anchor: date, _: Parameters) -> str:
    return interval(anchor, _bounds(calendar_unit(anchor, match["unit"]))[1])


def _season(match: re.Match[str], anchor: date, parameters: Parameters) -> str:
    """In January and February the winter under way began the year before, and EDTF names it by that year."""
    season = match["season"]
    year = anchor.year - 1 if season == "winter" and anchor.month <= 2 else anchor.year
    return f"{year:04}-{parameters[season]}"


def _weekend(_: re.Match[str], anchor: date, parameters: Parameters) -> str:
    monday = anchor - timedelta(days=anchor.weekday())
    return interval(monday + timedelta(days=parameters["first_weekday"]), monday + timedelta(days=6))


def _near_day(match: re.Match[str], anchor: date, parameters: Parameters) -> str:
    return later(anchor, parameters[match["near"]], "day").isoformat()


def _weekday(match: re.Match[str], anchor: date, _: Parameters) -> str:
    ahead = (_WEEKDAYS.index(match["weekday"]) - anchor.weekday() - 1) % 7 + 1
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
    return f"YYYY-{_MONTHS.index(match['month']) + 1:02}"


def _date(match: re.Match[str], anchor: date, _: Parameters) -> str:
    return _coming(f"{_month_form(match)}-{int(match['day']):02}", match["year"], anchor)


def _month(match: re.Match[str], anchor: date, _: Parameters) -> str:
    return _coming(_month_form(match), match["year"], anchor)


def _part_of_month(match: re.Match[str], anchor: date, parameters: Parameters) -> str:
    month, mid, late = _month_form(match), parameters["mid_from_day"], parameters["late_from_day"]
    form = {
        "early": f"{month}-01/{month}-{mid - 1:02}",
        "mid": f"{month}-{mid:02}/{month}-{late - 1:02}",
        "late": f"{month}-{late:02}/{month}",
    }[match["part"]]
    return interval(*_bounds(_coming(form, match["year"], anchor)))


def _end_of_unit(match: re.Match[str], anchor: date, _: Parameters) -> str:
    units_later = 1 if match["which"] in ("next", "the coming", "the following") else 0
    day = later(anchor, units_later, match["unit"])
    return _bounds(calendar_unit(day, match["unit"]))[1].isoformat()


def _end_of_named(match: re.Match[str], anchor: date, _: Parameters) -> str:
    form = _month_form(match) if match.groupdict().get("month") else "YYYY"
    return _bounds(_coming(form, match["year"], anchor))[1].isoformat()


def _easter(_: re.Match[str], anchor: date, parameters: Parameters) -> str:
    if not parameters["first_year"] <= anchor.year < parameters["last_year"]:
        raise ValueError("Easter is computed from 1583 to 4099 only")
    return next(day for year in (0, 1) if (day := easter(anchor.year + year)) > anchor).isoformat()


def _by(point: Reading) -> Reading:
    return lambda match, anchor, parameters: interval(anchor, _bounds(point(match, anchor, parameters))[1])


def _before(point: Reading) -> Reading:
    return lambda match, anchor, parameters: interval(
        anchor, _bounds(point(match, anchor, parameters))[0] - timedelta(days=1)
    )


def _rule(
    name: str, text: str, patterns: tuple[str, ...], parameters: Parameters, reading: Reading
) -> PhraseRule:
    """The pattern must end at a word's end: “within 3 days-long talks” is not “within 3 days”."""
    compiled = tuple(re.compile(rf"(?:{pattern})(?![\w-])") for pattern in patterns)
    return PhraseRule(f"phrase.{name}", 1, text, compiled, parameters, reading)


def _vague_rules(unit: str, from_days: int, to_days: int) -> tuple[PhraseRule, ...]:
    gives = f"gives the days from {from_days} to {to_days} days after the anchor day."
    parameters = {"from_days": from_days, "to_days": to_days}
    few = rf"(?:within|in|over|during|for)(?: the (?:next|coming))?(?: a)? (?:few|several|couple of) {unit}"
    coming = rf"(?:within|in|over|during) the (?:coming|next|upcoming|following) {unit}"
    return (
        _rule(f"within-{unit}", f"“Within {unit}” {gives}", (f"within {unit}",), parameters, _vague),
        _rule(f"few-{unit}", f"“Within (or in) a few {unit}” {gives}", (few,), parameters, _vague),
        _rule(f"coming-{unit}", f"“In the coming (or next) {unit}” {gives}", (coming,), parameters, _vague),
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
        _rule(
            f"by-{name}", by, _led_by("(?:by|no later than|not later than)", patterns), parameters, _by(point)
        ),
        _rule(f"before-{name}", before, _led_by("before", patterns), parameters, _before(point)),
    )


def _end_rules(name: str, what: str, patterns: tuple[str, ...], end: Reading) -> tuple[PhraseRule, ...]:
    """“Before the end” still includes the last day, and so reads as “by the end”."""
    until = f"“Until” {what}. The term runs out then, and the interval is exactly that day."
    by = f"“By” or “before” {what}. The interval is the anchor day to that day."
    return (
        _rule(f"until-{name}", until, _led_by("(?:up )?(?:until|till)", patterns), {}, end),
        _rule(
            f"by-{name}", by, _led_by("(?:by|before|no later than|not later than)", patterns), {}, _by(end)
        ),
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
            rf"within (?:the (?:next|coming|following) )?(?:a period of )?{_COUNT_OF_UNIT}",
            rf"within a {_COUNT_OF_UNIT} (?:time[ -]?)?period",
            rf"(?:(?:in|over|during|for) )?the (?:next|coming|following) {_COUNT_OF_UNIT}",
            rf"(?:(?:within|in|over|during|for) )?the (?:next|coming|following) {_UNIT}",
        ),
        {"from_days": 0},
        _within,
    ),
    _rule(
        "between-counts",
        "“24-72 hours”, “over the next six to twelve months”: from the day the shorter time on "
        "to the day the longer time on. Hours round to whole days, the shorter time down, the longer up.",
        (
            rf"(?:(?:within|in|over|for) )?(?:the (?:next|coming) )?{_LOW}(?: ?-| to| or) ?{_COUNT_OF_UNIT}",
            rf"between {_LOW}(?: and | ?- ?){_COUNT_OF_UNIT}",
        ),
        {},
        _between,
    ),
    _rule(
        "in-count",
        "“In three days”, “in two weeks”: the calendar day, week (Monday to Sunday), month or year that "
        "holds the day so far on. “In 36 hours” is the two days on which 36 hours may end.",
        (rf"in {_COUNT_OF_UNIT}(?: time)?",),
        {},
        _in,
    ),
    _rule(
        "duration",
        "“72 hours”, “for a period of 21 days”, with no start named: from the anchor day to the day "
        "that time on. Hours round up to whole days.",
        (rf"(?:for )?(?:a period of )?{_COUNT_OF_UNIT}",),
        {"from_days": 0},
        _within,
    ),
)
_CALENDAR_RULES = (
    _rule(
        "this-unit",
        "“This week”, “this month”, “this year”: the whole calendar week (Monday to Sunday), month or year "
        "that holds the anchor day, with the part already past.",
        (r"this (?P<unit>week|month|year)",),
        {"units_later": 0},
        _whole_unit,
    ),
    _rule(
        "next-unit",
        "“Next week”, “next month”, “next year”: the whole calendar week (Monday to Sunday), month or year "
        "after the one that holds the anchor day.",
        (r"next (?P<unit>week|month|year)",),
        {"units_later": 1},
        _whole_unit,
    ),
    _rule(
        "later-this-unit",
        "“Later this week (month, year)”: the anchor day to the end of its week, month or year.",
        (r"later this (?P<unit>week|month|year)",),
        {},
        _rest_of_unit,
    ),
    _rule(
        "this-season",
        "“This spring”: March to May of the anchor day's year, summer June to August, autumn September to "
        "November, winter December to February, as in the north. A season already over is refused.",
        (r"this (?P<season>spring|summer|autumn|fall|winter)",),
        {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24},
        _season,
    ),
    _rule(
        "weekend",
        "“This weekend”, “over the weekend”: Saturday and Sunday of the anchor day's week.",
        (r"(?:over |during )?(?:this|the) weekend",),
        _WEEKEND_PARAMETERS,
        _weekend,
    ),
    _rule(
        "near-day",
        "“Today” and “tonight” are the anchor day, “tomorrow” is the day after it.",
        (_NEAR_DAY,),
        _NEAR_DAY_PARAMETERS,
        _near_day,
    ),
)
_POINT_RULES = (
    *_point_rules(
        "near-day",
        "today, tonight (the anchor day) or tomorrow (the day after it)",
        (_NEAR_DAY,),
        _NEAR_DAY_PARAMETERS,
        _near_day,
    ),
    *_point_rules(
        "weekday",
        "a day of the week, which is the next such day after the anchor day",
        (rf"(?P<weekday>{'|'.join(_WEEKDAYS)})",),
        {},
        _weekday,
    ),
    *_point_rules(
        "weekend",
        "the weekend, which is Saturday and Sunday of the anchor day's week",
        (r"(?:the|this) weekend",),
        _WEEKEND_PARAMETERS,
        _weekend,
    ),
    *_point_rules(
        "date",
        "a date, which without a year is the next such day, the anchor day included; its hour is left out",
        (
            rf"{_CLOCK}(?:the )?{_DAY}(?: of)? {_MONTH}(?:,? {_YEAR})?",
            rf"{_CLOCK}{_MONTH} (?:the )?{_DAY}(?:,? {_YEAR})?",
        ),
        {},
        _date,
    ),
    *_point_rules(
        "part-of-month",
        "early (to the 10th), mid (11th to 20th) or late (from the 21st) in a month, which without a year "
        "is the next one not over",
        (rf"(?P<part>early|mid|late)[ -]{_MONTH}(?:,? {_YEAR})?",),
        {"mid_from_day": 11, "late_from_day": 21},
        _part_of_month,
    ),
    *_point_rules(
        "month",
        "a month, which without a year is the next one not over",
        (rf"{_MONTH}(?:,? {_YEAR})?",),
        {},
        _month,
    ),
    *_end_rules(
        "end-of-unit",
        "the end of the (this, next) day, week, month or year, which is its last day; weeks end on Sunday, "
        "and the coming week is the one after the anchor day's",
        (rf"(?:the )?end of (?:(?P<which>the (?:coming|following)|the|this|next) )?(?P<unit>{_CALENDAR})",),
        _end_of_unit,
    ),
    *_end_rules(
        "end-of-named",
        "the end of a named month or year, which is its last day; without a year that of the next such month",
        (rf"(?:the )?end of {_MONTH}(?:,? {_YEAR})?", rf"(?:the )?end of {_YEAR}"),
        _end_of_named,
    ),
    *_point_rules(
        "easter",
        "Easter, which is the next Western (Gregorian) Easter Sunday after the anchor day",
        (r"easter(?: sunday)?",),
        {"first_year": 1583, "last_year": 4099},
        _easter,
    ),
)

PHRASE_RULES: tuple[PhraseRule, ...] = (*_VAGUE_RULES, *_COUNTED_RULES, *_CALENDAR_RULES, *_POINT_RULES)
