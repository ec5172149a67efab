"""Turns a selection into the JSON of records, values and lists.

How a selection becomes SQL:

    object        concat of names and values, as JSON text; see `schema.compiler.sql.json_text`
    to-one        left join, so that Postgres can join instead of looping
    list, page    one subselect that aggregates rows; a page fetches one row more to know of a next
    interface     case on the type that `record` holds, one branch a type
    clock         every table stands for its rows that count at `asOf`, as known at `knownAt`; see `rows`

A selection holds selections, so the functions call each other; that is why they share this file, while which rows
there are is asked of `lists` and `rows`, which never call back. Of graphql-core's nodes they read only the names; all
else is asked of the context's selection. Knows nothing of searches and of what an operation begins with.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLObjectType,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_enum_type,
    is_list_type,
)

from schema.compiler.plan.plan import Clock
from schema.compiler.sql import json_text, lists
from schema.compiler.sql.context import Context
from schema.compiler.sql.keyset_page import Page
from schema.compiler.sql.lists import RowList
from schema.compiler.sql.rows import (
    appearance,
    exclude_retracted,
    expand,
    precomputed_value,
    presence,
    rows_of,
    rows_with_period,
    value,
    visibility,
)
from schema.compiler.sql.types import POSTGRES_TYPES, is_tracked, object_type, postgres_type, rule_at, table_of
from schema.declare.connections import MOST_GROUPS
from schema.declare.fields import Children, FieldRule, Many, One, Part, Parts, Rows, Scalar

ARGUMENT = re.compile(r"\{\$([a-z]+)\}")


@dataclass
class Scope:
    """The row a selection is compiled for: its alias, the clock, and the joins its columns need."""

    t: str
    clock: Clock
    joins: list[str] = field(default_factory=list)


# --- objects and their fields --------------------------------------------------------------------


def object_json(
    context: Context,
    type_: GraphQLObjectType,
    nodes: Sequence[FieldNode],
    scope: Scope,
    parts: Mapping[str, Part] | None = None,
) -> str:
    """Write the JSON of a selection on a row, or on the parts of a value."""
    members = {}
    for key, same in context.selection.fields(type_, nodes).items():
        context.effort.spend()
        name = same[0].name.value
        if name == "__typename":
            members[key] = json_text.constant(type_.name)
        else:
            rule = parts[name] if parts else rule_at(type_, name)
            if isinstance(rule, One) and rule.same_type:
                members[key] = record_json(context, rule, type_, same, scope)
            else:
                members[key] = field_json(context, rule, type_.fields[name], same, scope, key)
    return members_json(context, members)


def members_json(context: Context, members: Mapping[str, str]) -> str:
    """Write the JSON of an object. Names chosen by the client are bound: documents that differ in them share a plan."""
    renamed, bind = context.selection.renamed, context.parameters.bind
    return json_text.object_of(members, lambda key: bind(renamed[key], "text") if key in renamed else None)


def field_json(
    context: Context, rule: FieldRule, field: GraphQLField, nodes: list[FieldNode], scope: Scope, where: str
) -> str:
    """Write the JSON of one field of a row."""
    match rule:
        case Scalar():
            return scalar_json(context, rule, field, scope)
        case Parts():
            return parts_json(context, rule, object_type(field), nodes, scope)
        case Rows():
            return rows_json(context, rule, field, nodes, scope, where)
        case One():
            return record_json(context, rule, get_named_type(field.type), nodes, scope)
        case Many():
            ids = expand(context, rule.sql, scope.t, scope.clock)
            listed = records_json(context, ids, get_named_type(field.type), nodes, scope.clock)
            # Most lists of ids are empty, and to find that out by a join takes as long as all of a short row.
            return f"case when {ids} = '{{}}' then '[]' else {listed} end" if rule.column else listed
        case Children():
            return connection_json(context, rule, field, nodes, scope.clock, where, parent=scope.t)
        case _:
            raise LookupError(f"{rule} belongs to the root of a query")


def scalar_json(context: Context, rule: Scalar, field: GraphQLField, scope: Scope) -> str:
    sql, named = value(context, rule, scope.t, scope.clock), get_named_type(field.type)
    # Some ids are texts that are computed.
    type_ = "text" if named.name == "ID" and not rule.stored else postgres_type(rule, field)
    is_list = is_list_type(get_nullable_type(field.type))
    return json_text.value(sql, type_, is_enum=is_enum_type(named) and not is_list)


def parts_json(context: Context, rule: Parts, type_: GraphQLObjectType, nodes: list[FieldNode], scope: Scope) -> str:
    found = object_json(context, type_, nodes, scope, rule.parts)
    if rule.present is None:
        return found
    if rule.moved:
        present = precomputed_value(context, rule.moved, scope.t, scope.clock)
        return f"case when {present} is not null then {found} else {json_text.NULL} end"
    is_present = expand(context, rule.present, scope.t, scope.clock)
    return f"case when {is_present} then {found} else {json_text.NULL} end"


def rows_json(
    context: Context, rule: Rows, field: GraphQLField, nodes: list[FieldNode], scope: Scope, where: str
) -> str:
    below = Scope(context.parameters.alias(), scope.clock)
    given = context.selection.arguments(field, nodes[0], where)

    def argument(match: re.Match[str]) -> str:
        type_ = POSTGRES_TYPES[get_named_type(field.args[match[1]].type).name]
        return context.parameters.bind(given[match[1]], type_)

    source, present = (
        expand(context, ARGUMENT.sub(argument, each), scope.t, scope.clock) for each in (rule.sql, rule.present or "")
    )
    listed = json_text.list_of(object_json(context, object_type(field), nodes, below, rule.parts), f"{below.t}.place")
    found = (
        f"(select {listed} from (select *, row_number() over () as place from ({source}) r) {below.t} "
        f"{' '.join(below.joins)})"
    )
    return f"case when {present} then {found} else {json_text.NULL} end" if present else found


# --- other records -------------------------------------------------------------------------------


def record_json(context: Context, rule: One, named: Any, nodes: list[FieldNode], scope: Scope) -> str:
    """Write the JSON of another record; null where there is none.

    It is written after the join, for the rows that are asked for. Written within, Postgres would write that of
    every row which might be joined.
    """
    id_sql = value(context, rule, scope.t, scope.clock)
    if is_abstract_type(named):
        return json_text.null_if_missing(record_of_any_type(context, id_sql, named, nodes, scope.clock, rule.dated))
    type_, other = cast("GraphQLObjectType", named), Scope(context.parameters.alias(), scope.clock)
    # Not joined with its period: for many rows Postgres would read the periods of all records.
    rows = rows_of(context, type_, scope.clock)
    wanted = object_json(context, type_, nodes, other)
    if not (rule.column or rule.precomputed):
        # Else Postgres would look the id up twice for each row: to find the other by its hash, and to compare.
        found = context.parameters.alias("l")
        scope.joins.append(f"cross join lateral (select {id_sql} as id offset 0) {found}")
        id_sql = f"{found}.id"
    conditions = [f"{other.t}.id = {id_sql}", *visibility(context, type_, other.t, scope.clock)]
    if rule.dated:
        conditions += appearance(context, type_, other.t, scope.clock)
    joined = f"left join {rows} {other.t} on {' and '.join(conditions)}"
    scope.joins += [joined, *other.joins]
    return f"case when {other.t}.id is null then {json_text.NULL} else {wanted} end"


def row(
    context: Context,
    type_: GraphQLObjectType,
    condition: str,
    nodes: Sequence[FieldNode],
    clock: Clock,
    by: str = "id",
    *,
    dated: bool = True,
    standing: bool = False,
) -> str:
    """SELECT the JSON, as `o`, of the row of a type that fulfils this; retracted ones too, unless it is `standing`."""
    below = Scope(context.parameters.alias(), clock)
    rows = rows_with_period(context, type_, below.t, clock)
    wanted = object_json(context, type_, nodes, below)
    conditions = [f"{below.t}.{by} {condition}", *visibility(context, type_, below.t, clock)]
    if dated:
        conditions += appearance(context, type_, below.t, clock)
    if standing:
        conditions += exclude_retracted(type_, below.t)
    return f"select {wanted} as o from {rows} {below.t} {' '.join(below.joins)} where {' and '.join(conditions)}"


def follow_merge(context: Context, type_: GraphQLObjectType, by: str, value_sql: str, clock: Clock) -> str:
    """Write the condition for the id of the record that has this id or key, or that it was merged into."""
    m = context.parameters.alias("m")
    rows = rows_of(context, type_, clock)
    return f"= (select coalesce({m}.merged_into_id, {m}.id) from {rows} {m} where {m}.{by} = {value_sql})"


def record_of_any_type(
    context: Context,
    id_sql: str,
    named: Any,
    nodes: Sequence[FieldNode],
    clock: Clock,
    dated: bool = True,
    *,
    redirected: bool = False,
    standing: bool = False,
) -> str:
    """Write the JSON of a record of any type, a branch for each type that it can be; null where there is none."""
    branches = []
    for type_ in context.types.schema.get_possible_types(named):
        if is_tracked(type_):
            condition = follow_merge(context, type_, "id", id_sql, clock) if redirected else f"= {id_sql}"
            found = row(context, type_, condition, nodes, clock, dated=dated, standing=standing)
            label = table_of(type_).name.upper()
            branches.append(f"when '{label}' then ({found})")
    return f"(case (select r.type from record r where r.id = {id_sql}) {' '.join(branches)} end)"


def records_json(context: Context, ids_sql: str, named: Any, nodes: Sequence[FieldNode], clock: Clock) -> str:
    """Write the JSON of the records that an array of ids names, in its order: of one type, or of any."""
    below = Scope(context.parameters.alias(), clock)
    if is_abstract_type(named):
        found = record_of_any_type(context, "u.id", named, nodes, clock, standing=True)
        return (
            f"(select {json_text.list_of(f'{below.t}.o', f'{below.t}.place')} from (select u.place, {found} as o "
            f"from unnest({ids_sql}) with ordinality u (id, place) offset 0) {below.t} where {below.t}.o is not null)"
        )
    type_ = cast("GraphQLObjectType", named)
    rows = rows_with_period(context, type_, below.t, clock)
    listed = json_text.list_of(object_json(context, type_, nodes, below), "u.place")
    conditions = [f"{below.t}.id = u.id", *presence(context, type_, below.t, clock)]
    return (
        f"(select {listed} from unnest({ids_sql}) with ordinality u (id, place) "
        f"join {rows} {below.t} on {' and '.join(conditions)} {' '.join(below.joins)})"
    )


# --- connections ---------------------------------------------------------------------------------


def connection_json(
    context: Context,
    rule: Children,
    field: GraphQLField,
    nodes: list[FieldNode],
    clock: Clock,
    where: str,
    parent: str = "",
) -> str:
    """Write the JSON of a connection: the page, and the counts of the whole list, as far as they are selected."""
    connection = object_type(field)
    given = context.selection.arguments(field, nodes[0], where)
    wanted = context.selection.fields(connection, nodes)
    rows = RowList(object_type(connection.fields["nodes"]), context.parameters.alias(), clock, given)
    # What is not needed must not be compiled: its parameters would have no place in the statement.
    if any(same[0].name.value != "__typename" for same in wanted.values()):
        rows.source = rows_with_period(context, rows.type, rows.t, clock)
        rows.conditions = lists.membership(context, rule, rows, parent)
    members, page = {}, None
    for key, same in wanted.items():
        name = same[0].name.value
        if name == "__typename":
            members[key] = json_text.constant(connection.name)
        elif name in ("totalCount", "groups"):
            whole = rows if parent else lists.read_to_end(context, rows)
            members[key] = (
                lists.count(whole)
                if name == "totalCount"
                else groups_json(context, whole, connection.fields[name], same, f"{where}.{key}")
            )
        else:
            page = page or lists.page(context, rows, peeks=asks_for_page_info(wanted))
            members[key] = page_json(context, page, connection.fields[name], same)
    if page is None:
        lists.check_page(context, rows.type, given)
    source = f" from {page.sql()}" if page else ""
    return f"(select {members_json(context, members)}{source})"


def page_json(context: Context, page: Page, field: GraphQLField, nodes: list[FieldNode]) -> str:
    """Write one field of a connection: the items, the edges, or where the page ends."""
    name = nodes[0].name.value
    if name == "pageInfo":
        info = context.selection.fields(object_type(field), nodes)
        return members_json(context, {each: page.info(same[0].name.value) for each, same in info.items()})
    if name == "nodes":
        return page.add_column(item_json(context, page, field, nodes))
    edge = object_type(field)
    wanted = context.selection.fields(edge, nodes)
    members = {key: edge_json(context, page, edge, key, same) for key, same in wanted.items()}
    return page.add_column(members_json(context, members))


def edge_json(context: Context, page: Page, edge: GraphQLObjectType, key: str, nodes: list[FieldNode]) -> str:
    """Write one field of an edge: of every edge, or of those of a search."""
    match nodes[0].name.value:
        case "__typename":
            return json_text.constant(edge.name)
        case "cursor":
            return f"""'"' || {page.cursor()} || '"'"""
        case "node":
            return item_json(context, page, edge.fields["node"], nodes)
        case name:
            return field_json(context, rule_at(edge, name), edge.fields[name], nodes, scope_of(page), key)


def item_json(context: Context, page: Page, field: GraphQLField, nodes: list[FieldNode]) -> str:
    """Write one item of a list: a row of its type, or a record of any type that a search found."""
    named = get_named_type(field.type)
    if is_abstract_type(named):
        return json_text.null_if_missing(record_of_any_type(context, f"{page.t}.record_id", named, nodes, page.clock))
    return object_json(context, cast("GraphQLObjectType", named), nodes, scope_of(page))


GROUPED = 20_000
"""What it costs to count all rows of a list by a value."""


def groups_json(context: Context, rows: RowList, field: GraphQLField, nodes: list[FieldNode], where: str) -> str:
    """Count the rows of a list by a value: the largest groups, then by key, rows without a value last."""
    context.look_at(GROUPED)
    grouping = context.selection.arguments(field, nodes[0], where)["by"].value.value
    rule, _, _ = lists.order_rule(rows.type, grouping.path)
    key = grouping.key(value(context, rule, rows.t, rows.clock))
    group = object_type(field)
    given = {"key": json_text.value("g.key", "text"), "count": "g.count"}
    members = {
        each: given.get(same[0].name.value, json_text.constant(group.name))
        for each, same in context.selection.fields(group, nodes).items()
    }
    groups = json_text.list_of(members_json(context, members), "g.count desc, g.key")
    return (
        f"(select {groups} from ("
        f"select {key} as key, count(*) as count from {rows.source} {rows.t} "
        f"where {' and '.join(rows.conditions)} group by 1 order by 2 desc, 1 limit {MOST_GROUPS}) g)"
    )


def asks_for_page_info(wanted: Mapping[str, list[FieldNode]]) -> bool:
    """Whether a selection asks where a page begins or ends."""
    return any(same[0].name.value == "pageInfo" for same in wanted.values())


def scope_of(page: Page) -> Scope:
    """Make the scope of the rows of a page: what is joined to one of them is joined to all."""
    return Scope(page.t, page.clock, page.joins)
