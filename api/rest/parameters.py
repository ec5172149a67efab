"""Converts the parameters of a URL to the variables of a read, and problems of variables back to parameters."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from api.rest.read import Read
from schema.compiler.description import Parameter
from schema.declare.scalars import ID_TEXT, read_date, read_instant
from schema.errors import Invalid, Problem


def read_variables(read: Read, path: Mapping[str, str], query: Mapping[str, list[str]]) -> dict[str, Any]:
    """Read the variables from a URL. Raises Invalid with every malformed parameter."""
    variables: dict[str, Any] = {name: read_identity(name, path[name]) for name in read.in_path}
    known = read.in_query
    problems = [Problem(name, "it is missing") for name, each in known.items() if each.required and name not in query]
    for name, given in query.items():
        try:
            if name not in known:
                raise ValueError(f"there is no such parameter; there are: {', '.join(known) or 'none'}")
            variables[name] = read_value(known[name], given)
        except ValueError as error:
            problems.append(Problem(name, str(error)))
    if problems:
        raise Invalid(*problems)
    return variables


def read_identity(name: str, text: str) -> Any:
    """Read a path parameter: `{by}` is an id or a key, any other a text."""
    if name != "by":
        return text
    return {"id": text} if ID_TEXT.fullmatch(text) else {"key": text}


def read_value(parameter: Parameter, given: list[str]) -> Any:
    """Read the value of a parameter. A list is repeated or separated by commas. Raises ValueError."""
    shape = parameter.shape
    if shape.item is not None:
        return [read_scalar(shape.item.type, shape.item.values, each) for text in given for each in text.split(",")]
    if len(given) > 1:
        raise ValueError(f"given {len(given)} times; give it once")
    return read_scalar(shape.type, shape.values, given[0])


def read_scalar(type_: str, values: Mapping[str, str], text: str) -> Any:
    if values and text not in values:
        raise ValueError(f"{text!r} is none of {', '.join(values)}")
    return READERS.get(type_, str)(text)


def read_integer(text: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,10}", text) or not -(2**31) <= int(text) < 2**31:
        raise ValueError(f"{text[:80]!r} is no whole number")
    return int(text)


def read_boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(f"{text[:80]!r} is neither true nor false")
    return text == "true"


def check_day(text: str) -> str:
    read_date(text)
    return text


def check_instant(text: str) -> str:
    """Check an instant, and return it as text. A bare `+` in a URL means a space."""
    text = text.replace(" ", "+")
    read_instant(text)
    return text


READERS: Mapping[str, Callable[[str], Any]] = {
    "Int": read_integer,
    "Boolean": read_boolean,
    "Date": check_day,
    "DateTime": check_instant,
}
"""The parser of a parameter, by its GraphQL type. Other types are texts."""


def translate_problem(read: Read, problem: Problem) -> Problem:
    """Convert a problem at a place in the document to one of the URL parameter used there."""
    for place, name in read.outline.places.items():
        if problem.path == place or problem.path.startswith((f"{place}.", f"{place}[")):
            return Problem(name, problem.message)
    return problem
