"""A compiled operation as data: its statement, where each parameter comes from, and what makes a value fit.

Knows nothing of GraphQL's types and of how the statement was made.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, cast
from uuid import UUID

from schema.declare.caller import ANONYMOUS, Caller, Role
from schema.declare.page_sizes import LARGEST_PAGE
from schema.declare.scalars import ID_TEXT
from schema.errors import Invalid, Problem

READERS: Mapping[str, Callable[[str], Any]] = {
    "uuid": UUID, "integer": int, "double precision": float, "date": date.fromisoformat,
    "timestamptz": datetime.fromisoformat, "boolean": {"true": True, "false": False}.__getitem__,
}  # fmt: skip
"""How a value of a cursor is read back. Other types are texts."""


@dataclass(frozen=True)
class Given:
    """The value of an argument, and where it came from.

    `value` is a plain value, None, or a dict or list of Given. `path` leads to it from the
    variables; None where the document itself holds it. `where` names it as the caller would.
    """

    value: Any
    path: tuple[str | int, ...] | None
    where: str

    def get(self, name: str) -> Given | None:
        """A member that was given, null included; None if it was left out."""
        return cast("Given | None", self.value.get(name)) if isinstance(self.value, dict) else None


@dataclass(frozen=True)
class Bind:
    """One parameter of the statement: the value that was given, and what makes it fit."""

    given: Given
    fit: Callable[[Any, str], Any]

    def value(self, variables: Mapping[Any, Any]) -> Any:
        given = self.given
        path = given.path
        if path is not None and len(path) == 1:
            return self.fit(variables[path[0]], given.where)
        return self.fit(resolve(given, variables), given.where)


def resolve(given: Given, variables: Mapping[str, Any]) -> Any:
    """The plain value, for the variables of one request."""
    if given.path is not None:
        found: Any = variables
        for step in given.path:
            found = found[step]
        return found
    return [resolve(each, variables) for each in given.value] if is_list_of_given(given.value) else given.value


def is_list_of_given(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], Given)


@dataclass(frozen=True)
class Missing:
    """What to say where a lookup finds nothing."""

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

    def parameters(self, variables: Mapping[str, Any], now: datetime, caller: Caller = ANONYMOUS) -> list[Any]:
        """The values to bind. Raises Invalid with every value that does not fit."""
        given = {**variables, **of_request(now, caller)}
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


def of_request(now: datetime, caller: Caller) -> dict[str, Any]:
    """What a request brings without saying it, under names that no variable can have. `now` is in UTC."""
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
    "problems": "json",
}
"""What a command leaves behind, for the payload of its mutation to be made of: columns and their types."""


def outcome(key: str, column: str) -> Given:
    """Stands for what a command left behind; among the variables, under a name that no variable can have."""
    return Given(None, (f"@{key}", column), key)


# --- what makes a value fit ----------------------------------------------------------------------


def as_bound(value: Any, _: str) -> Any:
    """What the driver takes as it is."""
    return value


def as_it_is(value: Any, _: str) -> Any:
    """Dates travel as text; see `api.postgres.connections`."""
    if isinstance(value, date):
        return value.isoformat()
    return value.name if isinstance(value, Enum) else value


def as_day(value: Any, _: str) -> date:
    """The day of an instant, which is in UTC."""
    return cast("datetime", value).date()


def as_list(value: Any, where: str) -> list[Any]:
    return [as_it_is(each, where) for each in value]


def as_uuid(value: Any, where: str) -> UUID:
    if not ID_TEXT.fullmatch(value):
        raise Invalid(Problem(where, f"{value!r} is not an id; an id is a UUID"))
    return UUID(value)


def as_uuids(value: Any, where: str) -> list[UUID]:
    if len(value) > LARGEST_PAGE:
        raise Invalid(Problem(where, f"{len(value)} ids were asked for; {LARGEST_PAGE} are allowed at a time"))
    return [as_uuid(each, f"{where}[{index}]") for index, each in enumerate(value)]


def as_text(value: Any, where: str) -> str:
    # A computed status is text, and what it is compared with a member of a vocabulary.
    text: str = value if isinstance(value, str) else as_it_is(value, where)
    if "\x00" in text:
        raise Invalid(Problem(where, "the text holds a NUL character, which Postgres cannot store"))
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Invalid(Problem(where, "the text holds half of a surrogate pair, which is no character")) from None
    return text


def as_texts(value: Any, where: str) -> list[str]:
    return [as_text(each, f"{where}[{index}]") for index, each in enumerate(value)]


def as_page_size(value: Any, where: str) -> int:
    if not 1 <= value <= LARGEST_PAGE:
        raise Invalid(Problem(where, f"{value} is not a page size; give 1 to {LARGEST_PAGE}"))
    return cast("int", value)


FITS: Mapping[str, Callable[[Any, str], Any]] = {
    "uuid": as_uuid, "uuid[]": as_uuids, "text": as_text, "text[]": as_texts,
}  # fmt: skip


def fit(postgres_type: str) -> Callable[[Any, str], Any]:
    return FITS.get(postgres_type, as_list if postgres_type.endswith("[]") else as_it_is)


def as_said(text: str) -> str:
    return as_text(text, "")


def from_cursor(tag: str, types: tuple[str, ...], index: int) -> Callable[[Any, str], Any]:
    """One value out of a cursor, after the whole cursor proved to fit the list and its order."""

    def read(value: Any, where: str) -> Any:
        try:
            found = json.loads(base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)))
            head, *values = found
            if head == tag and len(values) == len(types):
                kind, text = types[index], values[index]
                return None if text is None else as_it_is(READERS.get(kind, as_said)(text), where)
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
            pass
        raise Invalid(
            Problem(
                where, f"{value[:80]!r} is not a cursor of this list in this order; take one from its pageInfo or edges"
            )
        )

    return read


def value_of(given: Mapping[str, Given], name: str) -> Given | None:
    """An argument that was given and is not null."""
    found = given.get(name)
    return found if found is not None and found.value is not None else None


def values_in(value: Any, most: int) -> int:
    """How many values there are, lists and objects with each of theirs; one more than `most` where there are more."""
    left, found = [value], 0
    while left and found <= most:
        each = left.pop()
        found += 1
        if isinstance(each, dict):
            left.extend(each.values())
        elif isinstance(each, list):
            left.extend(each)
    return found


def track(value: Any, path: tuple[str | int, ...] | None, where: str) -> Given:
    """A coerced value as Given, down to its leaves."""
    if isinstance(value, dict):
        members = {
            name: track(each, None if path is None else (*path, name), f"{where}.{name}")
            for name, each in value.items()
        }
        return Given(members, path, where)
    if isinstance(value, list) and value and isinstance(value[0], dict | Enum):
        items = [
            track(each, None if path is None else (*path, index), f"{where}[{index}]")
            for index, each in enumerate(value)
        ]
        return Given(items, path, where)
    return Given(value, path, where)


def shape(value: Any) -> Any:
    """What of the variables decides over the text of the statement: all but the values that are bound."""
    if isinstance(value, str):
        return "value"
    if isinstance(value, dict):
        return tuple([(name, shape(each)) for name, each in value.items()])
    if isinstance(value, list):
        return tuple(map(shape, value)) if value and isinstance(value[0], dict | Enum) else "list"
    if value is None or isinstance(value, bool | Enum):
        return value
    return "value"


@dataclass(frozen=True)
class Clock:
    """`asOf` and `knownAt` of a root field, for all that is below it."""

    as_of: Given | None = None
    known_at: Given | None = None
