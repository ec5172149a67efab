"""Closed lists of terms, each explained where it stands."""

from __future__ import annotations

from enum import Enum, unique
from typing import TypeVar

import strawberry

E = TypeVar("E", bound=type[Enum])


def vocabulary(cls: E) -> E:
    """A closed list of terms: an enum of which each value is the sentence that explains its name."""
    strawberry.enum(unique(cls), description=cls.__doc__)
    for value in cls.__strawberry_definition__.values:  # type: ignore[attr-defined]
        value.description = value.value
    return cls


def with_article(name: str) -> str:
    """A type as a sentence names it: an Actor, a Talk. None begins with a vowel that is spoken as a consonant."""
    return f"{'an' if name[0] in 'AEIOUaeiou' else 'a'} {name}"
