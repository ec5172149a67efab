"""Closed lists of terms, each explained where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, unique
from typing import TypeVar

import strawberry

from schema.declare.fields import in_words

E = TypeVar("E", bound=type[Enum])


class Term(str):
    """The sentence that explains a term which records of some types alone can have: what it says of each type.

    `Term(talk="begun.", process="begun.")` is `Talk or process: begun.`
    """

    __slots__ = ("said", "types")

    types: tuple[str, ...]
    said: Mapping[str, str]

    def __new__(cls, **said: str) -> Term:
        types_by_text: dict[str, list[str]] = {}
        for type_, text in said.items():
            types_by_text.setdefault(text, []).append(in_words(type_))
        said_of = (f"{joined(types, 'or').capitalize()}: {text}" for text, types in types_by_text.items())
        made = super().__new__(cls, " ".join(said_of))
        made.types = tuple(said)
        made.said = said
        return made


def vocabulary(cls: E) -> E:
    """A closed list of terms: an enum of which each value is the sentence that explains its name."""
    strawberry.enum(unique(cls), description=cls.__doc__)
    for value in cls.__strawberry_definition__.values:  # type: ignore[attr-defined]
        value.description = value.value
    return cls


def with_article(name: str) -> str:
    """A type as a sentence names it: an Actor, a Talk. None begins with a vowel that is spoken as a consonant."""
    return f"{'an' if name[0] in 'AEIOUaeiou' else 'a'} {name}"


def joined(names: list[str], word: str) -> str:
    """Join names as a sentence does: a, b or c."""
    *first, last = names
    return f"{', '.join(first)} {word} {last}" if first else last


def terms_of(vocabulary: type[Enum], type_: str) -> list[str]:
    """List the terms that records of a type can have."""
    return [each.name for each in vocabulary if not isinstance(each.value, Term) or type_ in each.value.types]


def types_of(vocabulary: type[Enum]) -> list[str]:
    """List the types whose records can have terms that not all can have."""
    terms = (each.value for each in vocabulary if isinstance(each.value, Term))
    return list(dict.fromkeys(type_ for term in terms for type_ in term.types))
