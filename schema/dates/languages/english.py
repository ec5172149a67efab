"""English words of time."""

from __future__ import annotations

from collections.abc import Mapping

from schema.dates.languages.language import Language, months, tens_and_ones, up_to_999, weekdays

_ONES = {
    word: value
    for value, word in enumerate(
        (
            *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
            *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
        ),
        start=1,
    )
}
_DIGITS = {word: value for word, value in _ONES.items() if value < 10}
_TENS = {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
_ORDINALS = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh"),
    *("twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth"),
    *("twentieth", *(f"twenty-{word}" for word in ("first", "second", "third", "fourth", "fifth", "sixth"))),
    *("twenty-seventh", "twenty-eighth", "twenty-ninth", "thirtieth", "thirty-first"),
)


def _numbers() -> Mapping[str, int]:
    hundreds = {f"{word} hundred": value * 100 for word, value in _DIGITS.items()} | {"a hundred": 100, "hundred": 100}
    return up_to_999({**_ONES, **dict(tens_and_ones(_TENS, _DIGITS, (" ", "-")))}, hundreds, (" ", " and "))


_WORDS = {
    "": "the|a period of|period of|a time period of|the course of|a term of|a duration of|"
    "an initial period of|an initial|sometime|some time|at some point",
    "_WITHIN": "within|in a matter of|within a matter of|within the space of|in the space of",
    "_WITHIN A UNIT=day": "within the next day|in the next day|over the next day",
    "_WITHIN _UP_TO": "in no more than|in not more than|in at most|in up to|within no more than",
    "_IN": "in",
    "_OVER": "over|during|throughout",
    "_FOR": "for",
    "_BY": "by|on or before|by or before",
    "_NO_LATER": "no later than|not later than|by no later than|at the latest by|by the latest on",
    "_BEFORE": "before|prior to",
    "_UNTIL": "until|till|up until|up till|until and including|up to and including|through",
    "_UP_TO": "up to|at most|no more than|not more than|no longer than|not longer than|not exceeding|a maximum of|"
    "maximum of|a maximum period of|maximum period of|maximum|at maximum",
    "_ON": "on|at",
    "_FROM": "from",
    "_TO": "to",
    "_OF": "of",
    "_OR": "or",
    "AND": "and",
    "BETWEEN": "between",
    "_DASH": "-",
    "_COMMA": ",",
    "_LPAR": "(",
    "_RPAR": ")",
    "A": "a|an",
    "_FEW": "few|several|couple of",
    "_ANOTHER": "another|a further|further|an additional|additional|an extra|extra|more|a further period of|"
    "an additional period of|another period of",
    "_PERIOD": "period|time period|time-period|timeframe|time frame|window",
    "_COMING": "this coming|the next|the coming|coming|the upcoming|upcoming",
    "_FOLLOWING": "the following|following",
    "NEXT": "next",
    "NEXT UNIT=day": "the next day|next day|the following day|following day",
    "_THIS": "this|the current|the present",
    "_LATER _THIS": "later this|later in the|later on this",
    "_AHEAD": "ahead|to come|that lie ahead",
    "_FROM_NOW": "from now|from today|hence",
    "_TIME": "time",
    "NEAR=0": "today|tonight|this morning|this afternoon|this evening|later today|midnight tonight|late tonight",
    "NEAR=1": "tomorrow",
    "NEAR=2": "the day after tomorrow|day after tomorrow",
    "_PART_OF_DAY": "morning|afternoon|evening|night",
    "CLOCK": "noon|midday",
    "_ZONE": "gmt|utc|local time",
    "WEEKEND": "weekend|week-end",
    "_END": "end of|end|close of",
    "_END UNIT=year": "year's end|year-end|years end",
    "_END UNIT=month": "month's end|month-end|months end",
    "_END UNIT=week": "week's end|weeks end",
    "PART=early": "early|early in|beginning of|the beginning of|start of|the start of",
    "PART=mid": "mid|middle of|the middle of",
    "PART=late": "late|late in",
    "QUARTER": "quarter|quarter of",
    "HALF": "half|half of",
    **{f"ORDINAL={number} QUARTER": f"q{number}" for number in range(1, 5)},
    **{f"ORDINAL={number} HALF": f"h{number}" for number in range(1, 3)},
    **{f"ORDINAL={number}": word for number, word in enumerate(_ORDINALS, start=1)},
    **{f"SEASON={name}": name for name in ("spring", "summer", "winter")},
    "SEASON=autumn": "autumn|fall",
    "EASTER=easter": "easter|easter sunday|easter day",
    "EASTER=western": "western easter|catholic easter",
    "EASTER=orthodox": "orthodox easter",
    "UNIT=hour": "hour|hour's",
    "UNITS=hour": "hours|hrs|hr|h",
    "UNIT=day": "day|day's|calendar day|consecutive day",
    "UNITS=day": "days|calendar days|consecutive days",
    "UNIT=week": "week|week's|calendar week",
    "UNITS=week": "weeks|calendar weeks|consecutive weeks",
    "UNIT=fortnight": "fortnight|fortnight's",
    "UNITS=fortnight": "fortnights",
    "UNIT=month": "month|month's|calendar month",
    "UNITS=month": "months|calendar months|consecutive months",
    "UNIT=year": "year|year's|calendar year",
    "UNITS=year": "years|calendar years|consecutive years",
    **months(
        "january|jan february|feb march|mar april|apr may june|jun july|jul august|aug september|sept|sep "
        "october|oct november|nov december|dec"
    ),
    **weekdays("monday|mon tuesday|tues|tue wednesday|wed thursday|thurs|thur|thu friday|fri saturday|sat sunday|sun"),
}

_MONTHS = rf"(?:{'|'.join(_WORDS[f'MONTH={number}'].split('|')[0] for number in range(1, 13))})"
_SPANS = (
    r"(?:minute|hour|day|week|weekend|fortnight|month|quarter|year|decade)s?|half|halves|today|tonight|tomorrow|"
    rf"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|spring|summer|autumn|winter|easter|(?!may\b|march\b){_MONTHS}|"
    r"(?:may|march) [0-9]+"
)
_WEEKDAYS = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_COUNT = rf"(?:[0-9]+|an?|{'|'.join([*_ONES, *_TENS])})"

# One pattern for each reason of `phrase_doubts`. Refusing too much costs a curator one line.
_DOUBTS = {
    "event": r"^\W*(?:of|from|since|after|following|upon|once|on|before|prior|beyond|into|counting|running|starting)\b",
    "depends": (
        r"\b(?:if|unless|provided|providing|when|whenever|whether|until|till|pending|subject|depend\w*|condition\w*|"
        r"contingent|assuming|in case|in the event|exchange|in return|should|barring|failing|only|but|except\w*|"
        r"instead|else|as (?:long|soon|of|from)|allowing|permitting|willing|holding|approv\w*|consent\w*|"
        r"permission|discretion|may [a-z]|might|can|could|would|needed|appropriate)\b"
    ),
    "change": (
        r"\b(?:exten\w+|renew\w*|postpon\w*|delay\w*|prolong\w*|roll\w*|deadline|shorten\w*|lengthen\w*|reduc\w*|"
        r"suspend\w*|paus\w*|interrupt\w*|adjust\w*|revis\w*|amend\w*|exclu\w*|includ\w*|earliest|later|beyond|"
        r"thereafter|again|clock|countdown|stop\w*|lapse\w*|automatic\w*|further|additional|another|maximum|minimum|"
        r"most|least)\b"
    ),
    "event_later": (
        r"\b(?:after|following|upon|once|start\w*|begin\w*|began|count\w*|measur\w*|runs?|running|comput\w*|"
        r"calculat\w*|reckon\w*|commenc\w*|sign(?:ed|ing|ature)|ratif\w*|effect\w*|date of|entry into force|from)\b"
    ),
    "recurs": (
        r"\b(?:every|each|daily|weekly|fortnightly|monthly|quarterly|yearly|annual\w*|per|recurring|repeat\w*|"
        r"twice)\b"
    ),
    "second": rf"[0-9]|\b(?:or|more|less|first|second|third|fourth|{_SPANS})\b|\b(?:{'|'.join([*_ONES, *_TENS])})\b",
    "unsure": (
        r"\b(?:about|around|approximately|approx|roughly|circa|some|nearly|almost|possibly|perhaps|maybe|probably|"
        r"likely|presumably|tentativ\w*|unclear|reportedly|as early as|give or take|more or less|or so|"
        r"or thereabouts)\b"
    ),
    "past": (
        rf"\b(?:ago|yesterday|earlier|previous\w*|past|last (?:night|weekend|week|month|year|spring|summer|autumn|fall|"
        rf"winter|{_WEEKDAYS}|{_COUNT} (?:hours?|days?|weeks?|months?|years?)))\b"
    ),
    "earliest": r"\b(?:(?:no|not) (?:earlier|sooner|before)|not until|(?:at the )?earliest)\b",
    "beginning": r"\b(?:after|since|from|starting|beginning|as of|as from|onwards?|effective|commencing)\b",
    "negation": r"\b(?:not|never|neither|nor|no|without (?:a|any)|except|other than|instead of)\b",
    "minimum": (
        r"\b(?:at least|(?:no|not) (?:less|fewer|shorter) than|more than|longer than|exceeding|upwards of|beyond|"
        r"minimum|or (?:more|longer|later)|in excess of|well over|plus)\b|"
        rf"\bover (?={_COUNT}\b)"
    ),
    "less": r"\b(?:(?:less|fewer|shorter) than|under|below|or (?:less|fewer|earlier|sooner))\b",
    "amount": rf"^by {_COUNT} (?:hours?|days?|weeks?|months?|years?)\b",
    "hour": r"\b[0-9:]+ ?(?:[ap]\.?m\b|o'clock)|\b(?:noon|midday|close of business)\b",
    "working_days": (
        r"\b(?:(?:working|business|banking|bank|trading|court|office|session|sitting|week|clear|school|work) ?"
        r"(?:days?|week)|weekdays?)\b"
    ),
    "calendar": (
        r"\b(?:ramadan|ramazan|muharram|safar|rabi|jumada|rajab|shaban|sha'ban|shawwal|dhu|hijri|hijra|ah|lunar|"
        r"islamic|"
        r"persian|solar|nowruz|norouz|farvardin|ordibehesht|khordad|mordad|shahrivar|dey|bahman|esfand|hebrew|"
        r"jewish|nisan|iyar|sivan|tammuz|tishrei|cheshvan|kislev|tevet|shevat|adar|elul|ethiopian|coptic|julian|"
        r"old style|orthodox|buddhist|nepali|chinese|tet|meskerem)\b"
    ),
    "holiday": (
        r"\b(?:holidays?|christmas|xmas|new year(?:'?s)?|thanksgiving|eid|ashura|arbaeen|passover|pesach|rosh|yom|"
        r"hanukkah|pentecost|whitsun|ascension|lent|epiphany|diwali|dashain|dashian|timkat|independence day|"
        r"republic day|labou?r day|may day|holy week|good friday|ash wednesday|carnival)\b"
    ),
    "fiscal": (
        r"\b(?:fiscal|financial|academic|school|budget|legislative|parliamentary|electoral|harvest|rainy|dry|wet|"
        r"fighting|seasons?|session|semesters?|trimesters?|quarters?|q[1-4]|terms?)\b"
    ),
    "number": r"#|[0-9]+[.,][0-9]+(?= [a-z])|\b(?:half|halves|thirds?|quarters? of)\b",
    "fraction": r"^ and a (?:half|quarter|third)\b",
    "length": r"\b(?:seconds?|minutes?|min|moments?|decades?|century|centuries|generations?|ages|dozens?|score)\b",
    "soon": (
        r"\b(?:as soon as|soon|sooner|shortly|immediate\w*|promptly|at once|asap|without delay|speedily|swiftly|"
        r"urgent\w*|"
        r"(?:near|foreseeable|not too distant) future|imminent\w*|eventually|in due (?:course|time)|presently|"
        r"in time)\b"
    ),
    "open": (
        r"\b(?:further (?:notice|orders?)|until terminated|indefinite\w*|permanent\w*|open-ended|for ever|forever)\b"
    ),
    "as_long": r"\b(?:duration of|as long|so long|during|while|throughout)\b",
    "unclear": r"\b(?:unclear|unspecified|not (?:specif|indicate|state)\w*|no source|unknown)\b",
    "numeric_date": r"\b[0-9]{1,4}[./][0-9]{1,2}(?:[./][0-9]{1,4})?\b",
    "midnight": r"\b(?:midnight|00:00|0000|overnight|12(?::00)? ?a\.?m)\b",
    "zone": (
        r"\b(?:est|edt|cst|cdt|mst|mdt|pst|pdt|cet|cest|eet|eest|msk|ist|jst|bst|eat|wat|cat|pkt|irst|"
        r"(?:eastern|central|pacific|moscow|kyiv|israel|tehran|[a-z]+ (?:standard|daylight)) time)\b|\b(?:gmt|"
        r"utc) ?[+-]"
    ),
    "which_one": (
        rf"\bnext (?:{_WEEKDAYS}|weekend|spring|summer|autumn|fall|winter|{_MONTHS})\b|"
        rf"\b(?:following|coming|next) weekend\b|\bfollowing {_WEEKDAYS}\b|\b{_WEEKDAYS}s\b"
    ),
    "the_next": (
        r"\b(?:the next|the coming|coming|the following|the upcoming|within the|in the|for the) (?:week|month|year)\b"
    ),
    "part": (
        r"\b(?:early|mid|late|beginning|start|middle|end|first|second|last|latter) ?-?(?:in |of |part of )?(?:the )?"
        r"(?:next |this |coming )?(?:part of )?(?:the )?(?:week|month|year|[0-9]{4}|spring|summer|autumn|fall|"
        r"winter)\b|"
        r"\b(?:first|second|third|fourth|last) (?:day|week|half|[a-z]+day) (?:of|in)\b"
    ),
    "waits": r"^(?:until|till|by|before|pending|prior to)\b",
}

_CLAUSES = (
    r",? (?:at the (?:very )?latest|\(?inclusive\)?)[ .,;:)!?]*$",
    (
        r",? (?:he|she|they|it|the [a-z]+(?: [a-z]+)?|[a-z]+) (?:said|says|told|added|concluded|announced|reported|"
        r"stated)\b"
    ),
    r",? (?:in an attempt|in order|aiming|so as) to [a-z]+\b",
    r",? to (?!(?:be|the|a|an|date|this|that|now|end|start|begin)\b)[a-z]+\b",
    r",? and (?:the|that|then|to) [a-z]",
    r",? which (?:is|was|are|were) [a-z]",
    r",? (?:led|headed|chaired|hosted|mediated|brokered) by\b",
    r",? as (?:a|an|the) [a-z-]+ of\b",
    r",? (?:while|without) [a-z]+ing\b",
    r", in the [a-z]+",
    (
        r",? according to (?:a|an|the) (?:[a-z]+ ){0,3}(?:statement|report|document|source|official|spokes[a-z]+|"
        r"minist[a-z]+|envoy|agency|government|president)s?\b"
    ),
    r", with (?!the\b)[a-z]+ (?:facilitation|mediation|support|help|assistance|participation)\b",
    r", (?:the|both|all) [a-z]+(?: [a-z]+)? (?:will|shall|are to|provides?|establish(?:es)?|creates?)\b",
    r", (?:create|establish|form|set up|convene|appoint|release|withdraw) (?:a|an|the|all)\b",
)

ENGLISH = Language(
    code="en",
    name="English",
    words=_WORDS,
    numbers=_numbers,
    ordinal=r"(?:[12][0-9]|3[01]|0?[1-9])(?:st|nd|rd|th)\b",
    # “2400 hours” is an hour only before a day: “for 2400 hours” is a length.
    clock=(
        r"(?:(?!12[^ ]* ?a\.?m)(?:(?:0?[1-9]|1[0-9]|2[0-3]):[0-5][0-9]|24:00|(?=[0-9]+ ?[ap]\.?m\b)(?:1[0-2]|0?[1-9]))"
        r"(?: ?[ap]\.?m\b\.?)?|"
        r"(?:(?:0[1-9]|1[0-9]|2[0-3])[0-5][0-9]|2400) ?(?:hours|hrs|h)\b(?=(?: gmt| utc)? on\b))"
    ),
    doubts=_DOUBTS,
    clauses=_CLAUSES,
)
