"""Writes SQL that makes JSON as text: objects and lists by concatenation, values so that they need no second look.

`row_to_json` finds out for every row anew what type each of its columns has, which costs more than reading the row
(a list of 100 rows: 210 µs of JSON, with concatenation 65 µs). Here the type is known when the statement is made.
Every expression is a text that is never null: a missing value is the text `null`. Knows nothing of GraphQL.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from schema.declare.fields import literal

MOST_ARGUMENTS = 100
"""Of one call of a function, in Postgres."""

NULL = "'null'"

AS_WRITTEN = {"integer", "bigint", "double precision", "boolean", "json", "jsonb"}
"""Types whose text is JSON."""

QUOTED = {"uuid", "date"}
"""Types whose text never holds what would have to be escaped. So are enums."""


def value(sql: str, type_: str, *, is_enum: bool = False) -> str:
    """Write a value of a Postgres type."""
    if type_ in AS_WRITTEN:
        text = f"({sql})::text"
    elif type_ in QUOTED or is_enum:
        text = f"""'"' || ({sql})::text || '"'"""
    elif type_ == "text":
        # A constant of a declaration has no type of its own.
        text = f"to_json(({sql})::text)::text"
    else:
        text = f"to_json({sql})::text"
    return null_if_missing(text)


def null_if_missing(sql: str) -> str:
    """Write `null` for a text that may be missing, such as that of a row that is not there."""
    return f"coalesce({sql}, {NULL})"


def object_of(members: Mapping[str, str], chosen: Callable[[str], str | None] = lambda _: None) -> str:
    """Write an object with these members, in this order. Names are those of GraphQL: letters, digits, underscores.

    `chosen` gives the expression of a name that is not ours, as it stands before a value: in quotes, with its colon.
    """
    parts: list[str] = []
    for name, text in members.items():
        sign = "," if parts else "{"
        sql = chosen(name)
        parts += [literal(f'{sign}"{name}":'), text] if sql is None else [literal(sign), sql, text]
    return concat([*parts, literal("}" if parts else "{}")])


def list_of(text: str, order: str) -> str:
    """Aggregate the texts of all rows to a list."""
    return f"concat('[', string_agg({text}, ',' order by {order}), ']')"


def concat(parts: list[str]) -> str:
    """Concatenate texts, in several calls where one cannot take so many."""
    while len(parts) > MOST_ARGUMENTS:
        some = (parts[start : start + MOST_ARGUMENTS] for start in range(0, len(parts), MOST_ARGUMENTS))
        parts = [f"concat({', '.join(each)})" for each in some]
    return f"concat({', '.join(parts)})"


def constant(text: str) -> str:
    """Write a JSON string that is known: the name of a type."""
    return literal(f'"{text}"')
