"""Explains why a phrase gives no days: the true cause, found by the words that have it.

After a term only clauses are passed over that begin like one that moves no day, and that hold no word of doubt.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from schema.dates.languages.language import Language

_CHANGES, _EVENT = "the words after it change the term", "it is counted from an event, not from the anchor day"
AFTER_A_TERM: Mapping[str, str] = {
    "fraction": "no rule reads this number",
    "past": "it lies in the past",
    "event": _EVENT,
    "recurs": "it recurs, and names no single day",
    "unsure": "the source itself is not sure of it",
    "minimum": _CHANGES,
    "less": _CHANGES,
    "depends": "it depends on a condition",
    "change": _CHANGES,
    "event_later": _EVENT,
    "negation": "it says what is not meant",
    "second": "it names a second term or date",
    "zone": "an hour of another time zone may be on another day in UTC",
}
"""Reasons in words after a term, in the order in which they are looked for."""

REASONS: Mapping[str, str] = {
    "open": "it is open-ended; from a known day it is EDTF such as 2025-01-21/..",
    "unclear": "the source leaves the length open",
    "earliest": "“{words}” names the first possible day, not the last",
    "soon": "“{words}” sets no day",
    "working_days": "“{words}” are counted by no rule, since they depend on a country's holidays",
    "calendar": "“{words}” is of another calendar, which no rule reads",
    "holiday": "“{words}” depends on a country's or a church's calendar, and no rule reads it",
    "midnight": "“{words}” may be the first or the last moment of its day",
    "zone": "an hour of another time zone may be on another day in UTC (“{words}”)",
    "recurs": "it recurs, and names no single day (“{words}”)",
    "past": "it lies in the past (“{words}”)",
    "part": "no rule says on which days that part is (“{words}”)",
    "which_one": "“{words}” may be the coming one or the one after, or many",
    "the_next": "“{words}” may be that long from then on, or one of the calendar",
    "idiom": "“{words}” may be one week or two weeks, not so many days",
    "season": "“{words}” is in other months in the south",
    "until_or_on": "“{words}” may be the day so far on, or any day until then",
    "amount": "“{words}” says by how much, not by when",
    "fiscal": "“{words}” differs by country or body",
    "number": "no rule reads this number (“{words}”)",
    "numeric_date": "of “{words}” nobody can tell which number is the month",
    "minimum": "“{words}” names the least, not the most",
    "less": "no rule counts “{words}”; it may be any day before",
    "unsure": "the source itself is not sure of it (“{words}”)",
    "length": "no rule counts “{words}”",
    "hour": "“{words}” is an hour without its day",
    "as_long": "it lasts as long as an event does (“{words}”)",
    "waits": "it waits for an event, or names its date in a form that no rule reads",
    "beginning": "“{words}” says when something may begin, or counts from an event",
    "negation": "it says what is not meant (“{words}”)",
    "depends": "it depends on a condition (“{words}”)",
    "change": "it changes another term (“{words}”)",
}
"""Reasons in a phrase of which no beginning is a term, in the order in which they are looked for."""

_NOTHING = re.compile(r"[ .,;:)!?]*$")


ACROSS = ("working_days", "idiom", "which_one")
"""Reasons that one word of a term may have with the next: “jours” and “ouvrables”, “lundi” and “prochain”."""


def doubt_about(plain: str, end: int, language: Language) -> str | None:
    """Explain why the words of a phrase after the end of its term could move its days, or return None."""
    rest = plain[end:]
    if _NOTHING.match(rest):
        return None
    for key in ACROSS:
        if (pattern := _pattern(language, key)) and (found := pattern.search(plain)):
            return REASONS[key].format(words=found[0].strip())
    for key, reason in AFTER_A_TERM.items():
        if (pattern := _pattern(language, key)) and pattern.search(rest):
            return f"{reason} (“{rest.strip(' ,')}”)"
    if any(re.match(clause, rest) for clause in language.clauses):
        return None
    return f"no rule reads how it goes on (“{rest.strip(' ,')}”)"


def why_unread(plain: str, unknown: str | None, language: Language) -> str:
    """Explain why no rule reads a phrase. `unknown` is its first word that is no word of time."""
    if not plain:
        return "it is empty"
    for key, reason in REASONS.items():
        if (pattern := _pattern(language, key)) and (found := pattern.search(plain)):
            return reason.format(words=found[0].strip())
    return f"no rule reads these words{f' (“{unknown}” is no word of time)' if unknown else ' in this order'}"


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _pattern(language: Language, key: str) -> re.Pattern[str] | None:
    return _compiled(language.doubts[key]) if key in language.doubts else None
