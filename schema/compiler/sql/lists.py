"""Finds the rows of a list that are on a page: its order, and where `first`, `after`, `last` and `before` cut it.

The SQL of the page itself is made by `keyset_page`. Knows no documents: the arguments come as `Given`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from graphql import GraphQLObjectType, is_non_null_type

from schema.compiler.plan.plan import Clock
from schema.compiler.plan.values import Bind, Given, cursor_reader, fit_page_size, value_of
from schema.compiler.sql.context import Context
from schema.compiler.sql.filters import StatusSought, conditions, operand, status_sought
from schema.compiler.sql.keyset_page import (
    OrderKey,
    Page,
    Position,
    condition_beyond,
    ways_beyond,
    ways_by_number,
)
from schema.compiler.sql.rows import appearance, expand, presence, value
from schema.compiler.sql.types import field_name, object_type, postgres_type, rule_at, table_of
from schema.declare.fields import Children, Parts, Scalar
from schema.declare.page_sizes import LARGEST_PAGE
from schema.derive.filters_and_orders import Ordering
from schema.errors import Invalid, Problem


@dataclass
class RowList:
    """Rows of a type that fulfil some conditions, and the arguments that the list was given."""

    type: GraphQLObjectType
    t: str
    clock: Clock
    given: Mapping[str, Given]
    source: str = ""
    """The SQL of its rows: each with its period at the clock, where it has one."""
    conditions: list[str] = field(default_factory=list)

    @property
    def filter(self) -> Given | None:
        return self.given.get("filter")


def membership(context: Context, rule: Children, rows: RowList, parent: str) -> list[str]:
    """Write the conditions that make a row one of the list: of this parent, if any, present, and as filtered."""
    return [
        expand(context, rule.on, rows.t, rows.clock, parent),
        *presence(context, rows.type, rows.t, rows.clock, via=rule.via if parent else None),
        *conditions(context, rows.type, rows.filter, rows.t, rows.clock),
    ]


def page(context: Context, rows: RowList, *, peeks: bool) -> Page:
    """Make the page of a list that its arguments ask for."""
    orderings, tag = list_order(rows.type, value_of(rows.given, "orderBy"))
    keys = [order_key(context, rows, each) for each in orderings]
    found = Page(rows.t, rows.clock, rows.source, keys, tag, peeks=peeks)
    positions = cut(context, found, rows.given)
    days = split_by_day(context, rows, orderings[0])
    in_order = [[*place, *day] for place in ways_beyond(keys, positions) for day in days]
    sought = status_sought(context, rows.type, rows.filter, rows.t, rows.clock)
    if sought is None:
        found.ways = [[*rows.conditions, *way] for way in in_order]
    else:
        found.few = sought.ids
        few, many = conditions_by_number(context, rows, sought)
        beyond = [condition_beyond(keys, each) for each in positions]
        found.ways = ways_by_number([*few, *beyond], rows.t, [[*many, *way] for way in in_order])
    return found


def conditions_by_number(context: Context, rows: RowList, sought: StatusSought) -> tuple[list[str], list[str]]:
    """Part the conditions of a list of which a status is sought: where few rows have it, and where many have it.

    The few are found by their ids, so they count and have the status; of many, each row in order is asked for it.
    """
    has_status = f"{rows.t}.id in ({sought.ids})"
    certain = {has_status, *appearance(context, rows.type, rows.t, rows.clock)}
    few = [each for each in rows.conditions if each not in certain]
    return few, [*(each for each in rows.conditions if each != has_status), *sought.conditions]


def read_to_end(context: Context, rows: RowList) -> RowList:
    """Adapt the conditions of a list that is read as a whole: the records that count are found all at once.

    Records that have the status asked for do count.
    """
    if not status_sought(context, rows.type, rows.filter, rows.t, rows.clock):
        return rows
    counts = appearance(context, rows.type, rows.t, rows.clock)
    return replace(rows, conditions=[each for each in rows.conditions if each not in counts])


def count(rows: RowList) -> str:
    """SELECT how many rows a list has, as JSON."""
    return f"(select count(*)::text from {rows.source} {rows.t} where {' and '.join(rows.conditions)})"


# --- orders --------------------------------------------------------------------------------------


def list_order(type_: GraphQLObjectType, given: Given | None) -> tuple[list[Ordering], str]:
    """Find the order of a list, a unique key last, and the tag that its cursors carry."""
    table = table_of(type_)
    chosen = (
        [each.value.value for each in given.value]
        if given and given.value
        else [Ordering(tuple(each.lstrip("-").split(".")), each.startswith("-")) for each in table.order]
    )
    unique = (table.unique,)
    chosen = list(dict.fromkeys(chosen))
    if all(each.path != unique for each in chosen):
        chosen.append(Ordering(unique, descending=False))
    directions = (f"{'-' if each.descending else ''}{'.'.join(each.path)}" for each in chosen)
    return chosen, f"{type_.name}:{','.join(directions)}"


def order_key(context: Context, rows: RowList, ordering: Ordering) -> OrderKey:
    rule, kind, nullable = order_rule(rows.type, ordering.path)
    sql = value(context, rule, rows.t, rows.clock)
    if ordering.path == ("id",) and rows.t in context.with_period:
        # The id that the period has, so that one index answers both keys.
        sql = f"{rows.t}.now_id"
    return OrderKey(sql, kind, ordering.descending, nullable)


def order_rule(type_: GraphQLObjectType, path: tuple[str, ...]) -> tuple[Scalar, str, bool]:
    """Look up the field that a list is ordered or grouped by: its rule, Postgres type, and whether it can be null."""
    name = field_name(type_, path[0])
    rule, field = rule_at(type_, name), type_.fields[name]
    nullable = not is_non_null_type(field.type)
    if isinstance(rule, Parts):
        rule, field = cast("Scalar", rule.parts[path[1]]), object_type(field).fields[path[1]]
        nullable = True
    rule = cast("Scalar", rule)
    return rule, postgres_type(rule, field), nullable


def split_by_day(context: Context, rows: RowList, first: Ordering) -> list[list[str]]:
    """Part a list in the order of its days that is asked for what lasts until a day or longer.

    Each row fulfils the conditions of one part; other lists have one part without conditions. From that day on, the
    index of the order has the rows one after the other. Those that began before it may stand anywhere between others;
    they are vague dates, and have an index of their own.
    """
    name = field_name(rows.type, first.path[0])
    rule = rule_at(rows.type, name)
    is_indexed = table_of(rows.type).order[0] == ".".join(first.path)
    if not (is_indexed and isinstance(rule, Parts) and rule.column):
        return [[]]
    asked = rows.filter.get(name) if rows.filter else None
    until = asked.get("latest") if asked else None
    bounds = [each for operator in ("gte", "gt", "eq") if until and (each := until.get(operator))]
    if not bounds:
        return [[]]
    earliest, latest = (
        value(context, cast("Scalar", rule.parts[each]), rows.t, rows.clock) for each in ("earliest", "latest")
    )
    day = operand(context, bounds[0], "date")
    lasts = f"daterange({earliest}, {latest}, '[]') @> {day} and {latest} is distinct from {earliest}"
    return [[f"{earliest} >= {day}"], [f"{lasts} and coalesce({earliest} < {day}, true)"]]


# --- sizes and cursors ---------------------------------------------------------------------------


def cut(context: Context, page: Page, given: Mapping[str, Given]) -> list[Position]:
    """Set the size and the direction of a page, and give the positions beyond which it lies."""
    first, last, after, before = (value_of(given, name) for name in ("first", "last", "after", "before"))
    check_sizes(context, given)
    if size := first or last:
        # Written out, too: how many are wanted decides how to look for them. No size is refused when it is run.
        page.size = min(max(size.value, 1), LARGEST_PAGE)
    page.backward = last is not None or (before is not None and first is None)
    page.follows, page.precedes = after is not None, before is not None
    return [position(context, page, cursor, forward=cursor is after) for cursor in (after, before) if cursor]


def position(context: Context, page: Page, cursor: Given, *, forward: bool) -> Position:
    types = tuple(key.type for key in page.keys)
    readers = [(key.type, cursor_reader(page.tag, types, index)) for index, key in enumerate(page.keys)]
    return Position([context.parameters.bind(cursor, type_, reader) for type_, reader in readers], forward)


def check_page(context: Context, type_: GraphQLObjectType, given: Mapping[str, Given]) -> None:
    """Hold the arguments of a page to their rules where no page is asked for, as with `totalCount` alone."""
    check_sizes(context, given)
    chosen, tag = list_order(type_, value_of(given, "orderBy"))
    check_cursors(context, given, tag, tuple(order_rule(type_, each.path)[1] for each in chosen))


def check_sizes(context: Context, given: Mapping[str, Given]) -> None:
    first, last = value_of(given, "first"), value_of(given, "last")
    if first and last:
        raise Invalid(Problem(last.where, "first and last exclude each other; give one of them"))
    context.checks += [Bind(size, fit_page_size) for size in (first, last) if size]


def check_cursors(context: Context, given: Mapping[str, Given], tag: str, types: tuple[str, ...]) -> None:
    cursors = [cursor for name in ("after", "before") if (cursor := value_of(given, name))]
    context.checks += [Bind(cursor, cursor_reader(tag, types, 0)) for cursor in cursors]
