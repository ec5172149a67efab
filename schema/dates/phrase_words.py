"""The words that phrases of time are made of, and the words after them that make a term doubtful.

Patterns match a phrase in lower case, without quotation marks and with single spaces. It knows no dates.
"""

from __future__ import annotations

import re

MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ONES = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
NUMBER_VALUES = (
    {"a": 1, "an": 1}
    | {word: value for value, word in enumerate(ONES, start=1)}
    | {word: value for value, word in zip(range(20, 100, 10), TENS, strict=True)}
)

NUMBER = rf"[1-9][0-9]{{0,3}}|an?|(?:{'|'.join(TENS)})(?:[ -](?:{'|'.join(ONES[:9])}))?|{'|'.join(ONES)}"
CALENDAR = "day|week|month|year"
LOW = rf"(?P<low>{NUMBER})"
UNIT = rf"(?P<unit>hour|{CALENDAR})"
COUNT_OF_UNIT = rf"(?P<count>{NUMBER})[ -]{UNIT}s?"
MONTH = rf"(?P<month>{'|'.join(MONTHS)})"
YEAR = r"(?P<year>[0-9]{4})"
NEAR_DAY = r"(?P<near>today|tonight|tomorrow)"
NEAR_DAY_PARAMETERS = {"today": 0, "tonight": 0, "tomorrow": 1}
WEEKEND_PARAMETERS = {"first_weekday": 5}  # Counted from Monday, which is 0.
DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
CLOCK = r"(?:(?:[01][0-9]|2[0-4]):?[0-5][0-9](?: hours| hrs)?(?: gmt| utc)? on )?"

# What may follow the term. Without a comma only these words begin a clause that leaves the days alone.
HARMLESS = re.compile(r"[. )]*$| ?[,;:.(-]| (?:as (?:a|an|the)|and|to|while|without|with|which|led by|at the latest)\b")
DOUBTS = (
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
            rf"^\W*(?:and |to )?(?:[0-9]|(?:{'|'.join((*ONES, *TENS))})\b)"
            r"|\b(?:hours?|days?|weeks?|months?|years?|decades?|half|today|tonight|tomorrow|weekend)\b"
            rf"|\b(?:{'|'.join(WEEKDAYS)}|spring|summer|autumn|winter|easter)\b"
            rf"|\b(?:{'|'.join(MONTHS)}) [0-9]|[0-9] (?:{'|'.join(MONTHS)})\b"
        ),
    ),
)
UNREAD = (
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


def doubt_about(rest: str) -> str | None:
    """Why the words after a term could move its days, or None. Refusing too much costs a curator one line."""
    for doubt, pattern in DOUBTS:
        if re.search(pattern, rest):
            return f"{doubt} (“{rest.strip(' ,')}”)"
    return None if HARMLESS.match(rest) else f"no rule reads how it goes on (“{rest.strip()}”)"


def why_unread(words: str) -> str:
    for reason, pattern in UNREAD:
        if re.search(pattern, words):
            return reason
    return "no rule reads these words" if words else "it is empty"
