"""Reads the parameters of a URL as the variables of a read, and words problems in the terms of the URL."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from api.rest.read import Read
from schema.compiler.description import Parameter
from schema.declare.scalars import ID_TEXT, read_date, read_instant
from schema.errors import Invalid, Problem


def variables_of(read: Read, path: Mapping[str, str], query: Mapping[str, list[str]]) -> dict[str, Any]:
    """The variables that a URL gives. Raises Invalid with every parameter that cannot be read."""
    variables: dict[str, Any] = {name: identity(name, path[name]) for name in read.in_path}
    known = read.in_query
    problems = [Problem(name, "it is missing") for name, each in known.items() if each.required and name not in query]
    for name, given in query.items():
        try:
            if name not in known:
                raise ValueError(f"there is no such parameter; there are: {', '.join(known) or 'none'}")
            variables[name] = value_of(known[name], given)
        except ValueError as error:
            problems.append(Problem(name, str(error)))
    if problems:
        raise Invalid(*problems)
    return variables


def identity(name: str, text: str) -> Any:
    """What a path names: `{by}` is an id or a key, anything else a text."""
    if name != "by":
        return text
    return {"id": text} if ID_TEXT.fullmatch(text) else {"key": text}


def value_of(parameter: Parameter, given: list[str]) -> Any:
    """The value of a parameter. A list is repeated or parted by commas. Raises ValueError."""
    shape = parameter.shape
    if shape.item is not None:
        return [scalar_of(shape.item.type, shape.item.values, each) for text in given for each in text.split(",")]
    if len(given) > 1:
        raise ValueError(f"given {len(given)} times; give it once")
    return scalar_of(shape.type, shape.values, given[0])


def scalar_of(type_: str, values: Mapping[str, str], text: str) -> Any:
    if values and text not in values:
        raise ValueError(f"{text!r} is none of {', '.join(values)}")
    return READERS.get(type_, str)(text)


def whole_number(text: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,10}", text) or not -(2**31) <= int(text) < 2**31:
        raise ValueError(f"{text[:80]!r} is no whole number")
    return int(text)


def truth(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(f"{text[:80]!r} is neither true nor false")
    return text == "true"


def day(text: str) -> str:
    read_date(text)
    return text


def instant(text: str) -> str:
    """An instant as it was given, once it can be read. A bare `+` in a URL means a space."""
    text = text.replace(" ", "+")
    read_instant(text)
    return text


READERS: Mapping[str, Callable[[str], Any]] = {
    "Int": whole_number,
    "Boolean": truth,
    "Date": day,
    "DateTime": instant,
}
"""How a parameter is read, by its GraphQL type. Others are texts."""


def in_url_terms(read: Read, problem: Problem) -> Problem:
    """A problem at a place in the document, as one of the URL parameter that stands there."""
    for place, name in read.outline.places.items():
        if problem.path == place or problem.path.startswith((f"{place}.", f"{place}[")):
            return Problem(name, problem.message)
    return problem
