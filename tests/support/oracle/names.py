"""Names of tables, columns and fields, and values as they are written in rows and arguments."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from uuid import UUID

from graphql import GraphQLError


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def field_name(column: str) -> str:
    """The name of a column in GraphQL."""
    column = re.sub("^about_ids$", "about", column)
    first, *rest = re.sub("_id$", "", re.sub("_ids$", "s", column)).split("_")
    return first + "".join(map(str.capitalize, rest))


def type_name(table: str) -> str:
    return "".join(word.capitalize() for word in table.split("_"))


def instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def day_of(text: str) -> date:
    return date.fromisoformat(text)


def read_moment(text: str) -> datetime:
    return instant(text.replace("Z", "+00:00"))


def read_id(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise GraphQLError("no id") from None
