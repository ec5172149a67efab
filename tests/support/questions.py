"""Questions that an editor asks of a dossier at some moments, and the answers that the editor would sign."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest


@dataclass(frozen=True)
class Question:
    """A question in words and in GraphQL, one field of the root, with the right answer at each moment."""

    words: str
    field: str
    answers: tuple[Any, ...]

    @property
    def document(self) -> str:
        """The operation that asks it at a moment."""
        return f"query ($asOf: DateTime!) {{ answer: {self.field} }}"


def at_each_moment(moments: tuple[str, ...], questions: tuple[Question, ...]) -> list[Any]:
    """Give each question at each moment, with the right answer."""
    return [
        pytest.param(question, moment, answer, id=f"{moment}: {question.words}")
        for question in questions
        for moment, answer in zip(moments, question.answers, strict=True)
    ]


def plain(found: Any) -> Any:
    """Read an answer without its names: a list of nodes as a list, an object as a tuple, or as its only value."""
    match found:
        case {"nodes": list(nodes)}:
            return plain(nodes)
        case dict():
            values = tuple(plain(value) for value in found.values())
            return values if len(values) > 1 else values[0]
        case list():
            return [plain(value) for value in found]
        case _:
            return found
