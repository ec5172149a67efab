"""The words of a phrase as tokens of the grammar.

The longest words that a language knows come first, so that “no later than” is one token and “no” none. It knows no
grammar, no rule and no date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from unicodedata import category, combining, normalize

from schema.dates.languages.english import ENGLISH
from schema.dates.languages.french import FRENCH
from schema.dates.languages.language import Language
from schema.dates.languages.spanish import SPANISH

LANGUAGES: Mapping[str, Language] = {each.code: each for each in (ENGLISH, FRENCH, SPANISH)}
"""The languages that phrases are read in, by their codes."""

UNKNOWN = "UNKNOWN"
"""The kind of a word that the grammar does not know; no term holds one."""

LAST_DAY_OF_MONTH = 31
HIGHEST_COUNT = 999
"""No text counts a thousand of anything; four digits are a year."""


@dataclass(frozen=True)
class Word:
    """A token of the grammar with its value, and where it stands in the normalised phrase."""

    kind: str
    value: str
    start: int
    end: int


@dataclass(frozen=True)
class Node:
    """A part of a phrase: its name in the grammar, its tokens that have a value, and its parts."""

    name: str
    children: tuple[Node | Word, ...]

    def every(self, *kinds: str) -> list[str]:
        """The values of all tokens of some kinds, from left to right, also those inside its parts."""
        found: list[str] = []
        for child in self.children:
            if isinstance(child, Node):
                found += child.every(*kinds)
            elif child.kind in kinds:
                found.append(child.value)
        return found

    def first(self, kind: str) -> str | None:
        return next(iter(self.every(kind)), None)

    def part(self, *names: str) -> Node | None:
        """The first part of some name, itself included."""
        if self.name in names:
            return self
        inner = (child.part(*names) for child in self.children if isinstance(child, Node))
        return next((each for each in inner if each), None)


@dataclass(frozen=True)
class Lexicon:
    """The words of a language, each as the texts it is made of, with the kinds and values they stand for."""

    pattern: re.Pattern[str]
    entries: Mapping[tuple[str, ...], tuple[tuple[str, str], ...]]
    longest: int


def normalise(text: str) -> str:
    """Small letters without accents, single spaces, one kind of dash, no quotation marks.

    “½” and the raised numbers of notes become “#”, which no rule reads: “30²” is not 302.
    """
    plain = "".join("#" if category(char) == "No" else char for char in text)
    folded = "".join(char for char in normalize("NFKD", plain.lower()) if not combining(char))
    folded = re.sub("[–—‑‐−]", "-", re.sub('["“”„‟«»‚]', "", folded))
    folded = re.sub("[’‘ʼ`´]", "'", folded)
    return " ".join(re.sub("(?<![a-z])'|'(?![a-z])", "", folded).split())


def words(plain: str, language: Language) -> list[Word]:
    """The tokens of a normalised phrase. Words without a meaning for the grammar are left out."""
    lexicon = _lexicon(language.code)
    texts = list(_texts(plain, lexicon.pattern))
    found: list[Word] = []
    place = 0
    while place < len(texts):
        for length in range(min(lexicon.longest, len(texts) - place), 0, -1):
            part = texts[place : place + length]
            meaning = lexicon.entries.get(tuple(match[0] for match in part))
            if meaning is not None:
                found += [Word(kind, value, part[0].start(), part[-1].end()) for kind, value in meaning]
                place += length
                break
        else:
            found.append(_other(texts[place]))
            place += 1
    return found


def _other(match: re.Match[str]) -> Word:
    """A token that stands in no list: a number, an hour, a date in ISO 8601, or an unknown word."""
    kind, value = match.lastgroup or "", match[0]
    if kind == "number":
        count = int(value) if len(value) <= 4 else 0
        value = str(count)
        is_day = 1 <= count <= LAST_DAY_OF_MONTH and len(match[0]) <= 2
        is_count = count <= HIGHEST_COUNT and match[0] == value and count > 0
        kind = "SMALL" if is_day else "LARGE" if is_count else "YEAR" if count > HIGHEST_COUNT else UNKNOWN
    elif kind == "ordinal":
        value = re.sub("[^0-9]", "", value)
    kind = {"iso": "ISO", "clock": "CLOCK", "ordinal": "ORDINAL"}.get(kind, kind)
    return Word(kind if kind.isupper() else UNKNOWN, value, match.start(), match.end())


def _texts(plain: str, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    return pattern.finditer(plain)


@cache
def _lexicon(code: str) -> Lexicon:
    """Built on the first phrase of a language, in some milliseconds."""
    language = LANGUAGES[code]
    pattern = re.compile(
        r"(?P<iso>\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b)"
        rf"|(?P<clock>(?:, ?)?(?<![0-9a-z])(?:{language.clock}))"
        r"|(?P<decimal>[0-9]+[./][0-9]+[./0-9]*|[0-9]+,[0-9]{1,3}(?![0-9]))"
        rf"|(?P<ordinal>(?<![0-9a-z]){language.ordinal})"
        r"|(?P<number>[0-9]+)|(?P<word>[a-z]+'?)|(?P<mark>\S)"
    )
    entries: dict[tuple[str, ...], tuple[tuple[str, str], ...]] = {}
    for surface, value in language.numbers().items():
        entries[_parts(surface, pattern)] = (("SPELLED", str(value)),)
    for kinds, surfaces in language.words.items():
        meaning = tuple((kind, value) for kind, _, value in (each.partition("=") for each in kinds.split()))
        entries |= {_parts(surface, pattern): meaning for surface in surfaces.split("|")}
    return Lexicon(pattern, entries, max(map(len, entries)))


def _parts(surface: str, pattern: re.Pattern[str]) -> tuple[str, ...]:
    return tuple(match[0] for match in _texts(surface, pattern))
