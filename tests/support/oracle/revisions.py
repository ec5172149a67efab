"""The content of a record in each version, and the difference between two."""

from __future__ import annotations

from tests.support.oracle.clock import Clock
from tests.support.oracle.names import field_name
from tests.support.world import Row


def difference(clock: Clock, row: Row, one: int, other: int) -> list[Row] | None:
    """What differs between two versions of a record."""
    if not (1 <= one <= row["version"] and 1 <= other <= row["version"]):
        return None
    before, after = content(clock, row, one), content(clock, row, other)
    return sorted(
        (
            {"field": field_name(column), "before": before.get(column), "after": after.get(column)}
            for column in before.keys() | after.keys()
            if before.get(column) != after.get(column)
        ),
        key=lambda change: str(change["field"]),
    )


def content(clock: Clock, row: Row, version: int) -> Row:
    """What a record said in a version."""
    found: Row = {}
    for each in sorted(clock.of("revision", "record_id", row["id"]), key=lambda each: int(each["version"])):
        if each["version"] <= version:
            found |= {column: change["after"] for column, change in each["changes"].items()}
    return found
