"""The four failures that a caller can expect. Anything else is a defect and is only logged."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing wrong with an input.

    `path` says where, written as the caller would (`statements[3].speaker`, `first`);
    `message` says what is wrong, with which value, and what to do.
    """

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class DomainError(Exception):
    """An expected failure. `code` is the stable name that clients may rely on."""

    code: str


class NotFound(DomainError):
    """Nothing has the id or key that was asked for, or not yet at that date."""

    code = "NOT_FOUND"


class Conflict(DomainError):
    """The record changed since the caller read it. `current_version` is the one to read again."""

    code = "CONFLICT"

    def __init__(self, message: str, current_version: int | None = None) -> None:
        super().__init__(message)
        self.current_version = current_version


class NotAllowed(DomainError):
    """The caller is known but may not do this."""

    code = "NOT_ALLOWED"


class Invalid(DomainError):
    """The input cannot be accepted. Carries every problem found, never only the first."""

    code = "BAD_USER_INPUT"

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems
