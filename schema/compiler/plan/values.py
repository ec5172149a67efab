"""Values that know where they came from, and the functions that make a value fit its parameter.

Knows nothing of GraphQL's types and of statements.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, cast
from uuid import UUID

from schema.declare.page_sizes import LARGEST_PAGE
from schema.declare.scalars import ID_TEXT
from schema.errors import Invalid, Problem

READERS: Mapping[str, Callable[[str], Any]] = {
    "uuid": UUID, "integer": int, "double precision": float, "date": date.fromisoformat,
    "timestamptz": datetime.fromisoformat, "boolean": {"true": True, "false": False}.__getitem__,
}  # fmt: skip
"""Reads a value of a cursor back. Other types are texts."""


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
        """Get a member that was given, null included; None if it was left out."""
        return cast("Given | None", self.value.get(name)) if isinstance(self.value, dict) else None


@dataclass(frozen=True)
class Bind:
    """One parameter of the statement: the given value, and the function that makes it fit."""

    given: Given
    fit: Callable[[Any, str], Any]

    def value(self, variables: Mapping[Any, Any]) -> Any:
        given = self.given
        path = given.path
        if path is not None and len(path) == 1:
            return self.fit(variables[path[0]], given.where)
        return self.fit(resolve(given, variables), given.where)


def resolve(given: Given, variables: Mapping[str, Any]) -> Any:
    """Look the plain value up, for the variables of one request."""
    if given.path is not None:
        found: Any = variables
        for step in given.path:
            found = found[step]
        return found
    return [resolve(each, variables) for each in given.value] if is_list_of_given(given.value) else given.value


def is_list_of_given(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], Given)


# --- values of a request ----------------------------------------------------------------------------


def value_of(given: Mapping[str, Given], name: str) -> Given | None:
    """Get an argument that was given and is not null."""
    found = given.get(name)
    return found if found is not None and found.value is not None else None


def count_values(value: Any, most: int) -> int:
    """Count the values, lists and objects with each of theirs, up to one more than `most`."""
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
    """Wrap a coerced value as Given, down to its leaves."""
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
    """Reduce a value to what the text of the statement depends on: all but the values that are bound."""
    if isinstance(value, str):
        return "value"
    if isinstance(value, dict):
        return tuple([(name, shape(each)) for name, each in value.items()])
    if isinstance(value, list):
        return tuple(map(shape, value)) if value and isinstance(value[0], dict | Enum) else "list"
    if value is None or isinstance(value, bool | Enum):
        return value
    return "value"


# --- what makes a value fit ----------------------------------------------------------------------


def pass_through(value: Any, _: str) -> Any:
    """Leave a value that the driver takes as it is."""
    return value


def fit_plain(value: Any, _: str) -> Any:
    """Write dates and members of enums as text; see `api.postgres.connections`."""
    if isinstance(value, date):
        return value.isoformat()
    return value.name if isinstance(value, Enum) else value


def fit_day(value: Any, _: str) -> date:
    """Take the day of an instant, which is in UTC."""
    return cast("datetime", value).date()


def fit_list(value: Any, where: str) -> list[Any]:
    return [fit_plain(each, where) for each in value]


def fit_uuid(value: Any, where: str) -> UUID:
    if not ID_TEXT.fullmatch(value):
        raise Invalid(Problem(where, f"{value!r} is not an id; an id is a UUID"))
    return UUID(value)


def fit_uuids(value: Any, where: str) -> list[UUID]:
    if len(value) > LARGEST_PAGE:
        raise Invalid(Problem(where, f"{len(value)} ids were asked for; {LARGEST_PAGE} are allowed at a time"))
    return [fit_uuid(each, f"{where}[{index}]") for index, each in enumerate(value)]


def fit_text(value: Any, where: str) -> str:
    # A computed status is text, and what it is compared with a member of a vocabulary.
    text: str = value if isinstance(value, str) else fit_plain(value, where)
    if "\x00" in text:
        raise Invalid(Problem(where, "the text holds a NUL character, which Postgres cannot store"))
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Invalid(Problem(where, "the text holds half of a surrogate pair, which is no character")) from None
    return text


def fit_texts(value: Any, where: str) -> list[str]:
    return [fit_text(each, f"{where}[{index}]") for index, each in enumerate(value)]


def fit_page_size(value: Any, where: str) -> int:
    if not 1 <= value <= LARGEST_PAGE:
        raise Invalid(Problem(where, f"{value} is not a page size; give 1 to {LARGEST_PAGE}"))
    return cast("int", value)


FITS: Mapping[str, Callable[[Any, str], Any]] = {
    "uuid": fit_uuid, "uuid[]": fit_uuids, "text": fit_text, "text[]": fit_texts,
}  # fmt: skip


def choose_fit(postgres_type: str) -> Callable[[Any, str], Any]:
    return FITS.get(postgres_type, fit_list if postgres_type.endswith("[]") else fit_plain)


def read_text(text: str) -> str:
    return fit_text(text, "")


def cursor_reader(tag: str, types: tuple[str, ...], index: int) -> Callable[[Any, str], Any]:
    """Make the function that reads one value of a cursor, once all of it proved to fit the list and its order."""

    def read(value: Any, where: str) -> Any:
        try:
            found = json.loads(base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)))
            head, *values = found
            if head == tag and len(values) == len(types):
                kind, text = types[index], values[index]
                return None if text is None else fit_plain(READERS.get(kind, read_text)(text), where)
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
            pass
        raise Invalid(
            Problem(
                where, f"{value[:80]!r} is not a cursor of this list in this order; take one from its pageInfo or edges"
            )
        )

    return read
