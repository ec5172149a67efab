"""A compiled operation: its statement, its parameters, and the lookups that may find nothing.

Knows nothing of GraphQL's types and of how the statement was made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from schema.compiler.plan.values import Bind, Given
from schema.declare.caller import ANONYMOUS, Caller, Role
from schema.errors import Invalid, Problem


@dataclass(frozen=True)
class Clock:
    """The `asOf` and `knownAt` of a root field, for all that is below it."""

    as_of: Given | None = None
    known_at: Given | None = None


@dataclass(frozen=True)
class Missing:
    """A lookup that may find nothing, and the problem that this would be."""

    key: str
    type: str
    by: str
    bind: Bind
    timed: bool

    def problem(self, variables: Mapping[str, Any], held_by: str) -> Problem:
        value = self.bind.value(variables)
        when = " at the time asked for" if self.timed else ""
        advice = f"; that id belongs to a record of type {held_by}" if held_by else ""
        return Problem(self.key, f"no {self.type} has the {self.by} {str(value)!r}{when}{advice}")


@dataclass(frozen=True)
class Plan:
    """A compiled operation.

    `sql` returns one row: `data`, then for each of `lookups` null if it found something, else the
    type of the record that has the id, or an empty text. None where nothing has to be asked; then
    `data` is the answer.
    """

    sql: str | None
    binds: tuple[Bind, ...]
    lookups: tuple[Missing, ...] = ()
    data: bytes = b""
    checks: tuple[Bind, ...] = ()
    """Values that must fit although the statement has no place for them."""
    least: Role = Role.ANONYMOUS
    """The least role that may have the answer."""
    work: int = 0
    """What it costs beyond the values of the answer."""

    def parameters(self, variables: Mapping[str, Any], now: datetime, caller: Caller = ANONYMOUS) -> list[Any]:
        """Compute the values to bind. Raises Invalid with every value that does not fit."""
        given = {**variables, **request_values(now, caller)}
        try:
            for check in self.checks:
                check.value(given)
            return [bind.value(given) for bind in self.binds]
        except Invalid:
            raise Invalid(*dict.fromkeys(self.problems(given))) from None

    def problems(self, given: Mapping[str, Any]) -> Iterator[Problem]:
        for bind in (*self.binds, *self.checks):
            try:
                bind.value(given)
            except Invalid as invalid:
                yield from invalid.problems


def request_values(now: datetime, caller: Caller) -> dict[str, Any]:
    """Name the values that a request brings by itself as no variable can be named. `now` is in UTC."""
    return {"@now": now, "@today": now.date(), "@caller": caller.name, "@role": caller.role.name}


NOW = Given(None, ("@now",), "")
TODAY = Given(None, ("@today",), "")
"""Stand for the moment of the request and its day, where no `asOf` is given."""

CALLER = Given(None, ("@caller",), "")
ROLE = Given(None, ("@role",), "")
"""Stand for the name and the role of who asks."""

OUTCOME = {
    "record_id": "uuid",
    "proposal_id": "uuid",
    "key_id": "uuid",
    "secret": "text",
    "report": "json",
    "warnings": "json",
    "problems": "json",
}
"""The row that a command leaves behind for the payload of its mutation: columns and their types."""


def outcome(key: str, column: str) -> Given:
    """Stand for one column of what a command left behind, under a name that no variable can have."""
    return Given(None, (f"@{key}", column), key)
