"""The failures that a caller can expect. Anything else is a defect and is only logged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Problem:
    """One thing wrong with an input.

    `path` says where, written as the caller would (`statements[3].speaker`, `first`);
    `message` says what is wrong, with which value, and what to do. `key` is that of the record that it stands in, and
    `line` that of the text, where there are these.
    """

    path: str
    message: str
    key: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class DomainError(Exception):
    """An expected failure. `code` is the stable name that clients may rely on."""

    code: str


class NotFound(DomainError):
    """Nothing has the id or key that was asked for, or not yet at that date. `path` says where it was asked for."""

    code = "NOT_FOUND"

    def __init__(self, message: str, path: str = "") -> None:
        super().__init__(message)
        self.path = path


class VersionConflict(DomainError):
    """The record changed since the caller read it: what version it has now, who changed it last and when."""

    code = "CONFLICT"

    def __init__(self, message: str, current_version: int, changed_by: str, changed_at: datetime) -> None:
        super().__init__(message)
        self.current_version = current_version
        self.changed_by = changed_by
        self.changed_at = changed_at


class NotAllowed(DomainError):
    """The caller is known but may not do this."""

    code = "NOT_ALLOWED"


class KeyNeeded(DomainError):
    """The caller did not say who it is, and only who is known may do this."""

    code = "UNAUTHENTICATED"


class KeyReused(DomainError):
    """An Idempotency-Key came with another request than the first time."""

    code = "IDEMPOTENCY_KEY_REUSED"


class Busy(DomainError):
    """Others were writing, or asking, for as long as a request may take."""

    code = "BUSY"


class ClocksDiffer(DomainError):
    """The clock of the database, or its newest revision, is too far from the clock of the server."""

    code = "CLOCKS_DIFFER"


class Invalid(DomainError):
    """The input cannot be accepted. Carries every problem found, never only the first."""

    code = "BAD_USER_INPUT"

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems
