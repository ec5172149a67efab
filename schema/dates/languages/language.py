"""A language as the grammar needs it: its words, its numbers, and the words that make a term doubtful."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """All texts are as `phrase_words.normalise` leaves them: small letters, no accents, no quotation marks.

    `code` is the first subtag of BCP 47. `words` gives for each sequence of tokens the words that stand for it, parted
    by bars: `NEXT UNIT=week` for “la semaine prochaine”; the empty one has the words that mean nothing to the grammar,
    such as articles.
    `numbers` makes those in words up to 999; it is called with the first phrase, since it takes a millisecond.
    `ordinal` and `clock` are patterns of an ordinal in digits and of an hour.
    `doubts` gives for each reason of `phrase_doubts.REASONS` the pattern of the words that it has in this language.
    `clauses` are patterns of how a clause begins that may follow a term and moves no day of it.
    """

    code: str
    name: str
    words: Mapping[str, str]
    numbers: Callable[[], Mapping[str, int]]
    ordinal: str
    clock: str
    doubts: Mapping[str, str]
    clauses: Sequence[str]


def months(names: str) -> dict[str, str]:
    """The words for each month, from twelve groups of names, parted by bars inside a group."""
    return {f"MONTH={number}": with_dots(group) for number, group in enumerate(names.split(), start=1)}


def weekdays(names: str) -> dict[str, str]:
    """The words for each day of the week, Monday being 0, from seven groups of names."""
    return {f"WEEKDAY={number}": with_dots(group) for number, group in enumerate(names.split())}


def with_dots(group: str) -> str:
    """Any of the names may be an abbreviation with its dot."""
    return "|".join(f"{name}|{name}." for name in group.split("|"))


def up_to_999(below_100: Mapping[str, int], hundreds: Mapping[str, int], joints: Sequence[str]) -> dict[str, int]:
    """Numbers in words up to 999, from those below a hundred and the names of the hundreds."""
    found = {**below_100, **hundreds}
    for hundred, value in hundreds.items():
        found |= {f"{hundred}{joint}{word}": value + small for word, small in below_100.items() for joint in joints}
    return found


def tens_and_ones(tens: Mapping[str, int], ones: Mapping[str, int], joints: Sequence[str]) -> Iterator[tuple[str, int]]:
    for ten, value in tens.items():
        yield ten, value
        for one, small in ones.items():
            yield from ((f"{ten}{joint}{one}", value + small) for joint in joints)
