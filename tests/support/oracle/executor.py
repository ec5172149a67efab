"""Answers operations from the states of a world: graphql-core runs them, field by field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from graphql import (
    ExecutionResult,
    GraphQLSchema,
    build_schema,
    execute_sync,
    get_named_type,
    parse,
    validate,
)

from schema.records.phrase import phrase_row
from schema.records.registry import published_rules
from schema.root_types import create_schema
from tests.support.oracle.clock import Clock
from tests.support.oracle.computed_rows import standings, timeline
from tests.support.oracle.fields import Fields, Item, any_record, record
from tests.support.oracle.lists import Lists, Page
from tests.support.oracle.names import read_id, read_moment, snake
from tests.support.oracle.shape import Shape, is_connection, listed
from tests.support.random_world import State
from tests.support.world import Row

COMPUTED_ROWS: Mapping[str, Callable[[Clock], list[Row]]] = {"standing": standings, "timeline_entry": timeline}
"""The rows of tables that are not stored."""


@cache
def printed_schema() -> GraphQLSchema:
    return build_schema(create_schema().as_str())


class Oracle:
    """Answers operations from the states of a world."""

    def __init__(self, states: Sequence[State]) -> None:
        self.schema = printed_schema()
        self.shape = Shape(self.schema)
        self.rules: Sequence[Row] = [
            {"id": rule.name, "version": rule.version, "text": rule.text, "parameters": dict(rule.parameters)}
            for rule in published_rules()
        ]
        self.fields = Fields(self.shape, self.rules)
        self.lists = Lists(self.fields)
        self.states = states
        self.now = datetime.now(UTC)
        self.clocks: dict[tuple[str, int], Clock] = {}

    def execute(self, text: str, variables: Mapping[str, Any], now: datetime) -> ExecutionResult:
        self.now = now
        document = parse(text)
        if errors := validate(self.schema, document):
            return ExecutionResult(None, errors)
        result = execute_sync(
            self.schema,
            document,
            variable_values=dict(variables),
            field_resolver=self.resolve,
            type_resolver=lambda value, *_: value.type,
        )
        assert isinstance(result, ExecutionResult)
        return result

    def clock(self, as_of: str | None, known_at: str | None) -> Clock:
        moment = read_moment(as_of) if as_of else self.now
        known = len(self.states) if known_at is None else sum(s.since <= read_moment(known_at) for s in self.states)
        name = (str(moment.astimezone(UTC).date()), known)
        if name not in self.clocks:
            tables = self.states[known - 1].tables if known else {}
            self.clocks[name] = Clock(tables, name[0], self.shape, COMPUTED_ROWS)
        return self.clocks[name]

    def resolve(self, source: Any, info: Any, **arguments: Any) -> Any:
        if source is None:
            return self.root(info, arguments)
        if isinstance(source, Page):
            return self.of_page(source, info, arguments)
        if isinstance(source, Mapping):
            return source[info.field_name]
        found = self.fields.value(source, info.field_name, arguments)
        about: Any = get_named_type(info.return_type)
        return self.lists.page(listed(about), found, arguments) if is_connection(about) else found

    def root(self, info: Any, arguments: dict[str, Any]) -> Any:
        name = info.field_name
        if name in ("rules", "rule"):
            return self.rules if name == "rules" else next((r for r in self.rules if r["id"] == arguments["id"]), None)
        if name == "phrase":
            return self.phrase(**arguments)
        clock = self.clock(arguments.pop("asOf", None), arguments.pop("knownAt", None))
        if name in ("node", "record"):
            return any_record(clock, clock.redirected(read_id(arguments["id"])))
        if name == "nodes":
            return [any_record(clock, clock.redirected(read_id(uuid))) for uuid in arguments["ids"]]
        type_: Any = get_named_type(info.return_type)
        if "by" in arguments:
            return lookup(clock, snake(type_.name), arguments["by"])
        about = listed(type_)
        items = [Item(about.name, row, clock) for row in clock.present(snake(about.name))]
        return self.lists.page(about, items, arguments)

    def phrase(self, text: str, anchor: str, language: str | None = None) -> dict[str, Any]:
        names = ("language", "term", "occurrence", "rule", "refusal")
        found = {**dict.fromkeys(names), **phrase_row(text, date.fromisoformat(anchor), language)}
        return {**found, "rule": next((each for each in self.rules if each["id"] == found["rule"]), None)}

    def of_page(self, page: Page, info: Any, arguments: Mapping[str, Any]) -> Any:
        name = info.field_name
        if name == "totalCount":
            return len(page.whole)
        if name == "groups":
            return self.lists.groups(listed(info.parent_type), page.whole, arguments["by"])
        if name == "nodes":
            return page.items
        if name == "edges":
            return [{"cursor": cursor, "node": item} for cursor, item in zip(page.cursors, page.items, strict=True)]
        return {
            "hasNextPage": page.has_next, "hasPreviousPage": page.has_previous,
            "startCursor": page.cursors[0] if page.cursors else None,
            "endCursor": page.cursors[-1] if page.cursors else None,
        }  # fmt: skip


def lookup(clock: Clock, table: str, given: Mapping[str, str]) -> Item | None:
    """A record by its id or key, or the one that it was merged into."""
    ((by, wanted),) = given.items()
    wanted = read_id(wanted) if by == "id" else wanted
    rows = (row for row in clock.tables.get(table, ()) if row[by] == wanted)
    return record(clock, table, next((row["merged_into_id"] or row["id"] for row in rows), None))
