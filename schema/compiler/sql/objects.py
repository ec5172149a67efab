"""From a selection to the JSON of records, values and lists.

How a selection becomes SQL:

    object        concat of names and values, as JSON text; see `schema.compiler.sql.json_text`
    to-one        left join, so that Postgres can join instead of looping
    list, page    one subselect that aggregates rows; a page fetches one row more to know of a next
    interface     case on the type that `record` holds, one branch a type
    clock         every table stands for its rows that count at `asOf`, as known at `knownAt`; see `rows`

Of graphql-core's nodes it reads only the names; all else is asked of `selection`. Knows nothing of searches and
of what an operation begins with.
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

from schema.compiler.document.selection import Selection
from schema.compiler.plan.plan import Clock
from schema.compiler.sql import json_text
from schema.compiler.sql.keyset_page import Page
from schema.compiler.sql.lists import Listed, Pages
from schema.compiler.sql.types import POSTGRES_TYPES, Types, is_tracked, object_type, postgres_type, rule_at, table_of
from schema.declare.connections import MOST_GROUPS
from schema.declare.fields import Children, FieldRule, Many, One, Part, Parts, Rows, Scalar

ARGUMENT = re.compile(r"\{\$([a-z]+)\}")


@dataclass
class Scope:
    """The row a selection is compiled for: its alias, the clock, and the joins its columns need."""

    t: str
    clock: Clock
    joins: list[str] = field(default_factory=list)


class Objects(Pages):
    """A statement as far as it knows what is wanted of records and lists."""

    def __init__(self, types: Types, selection: Selection) -> None:
        super().__init__(types, selection.effort)
        self.selection = selection

    def object_of(
        self,
        type_: GraphQLObjectType,
        nodes: Sequence[FieldNode],
        scope: Scope,
        parts: Mapping[str, Part] | None = None,
    ) -> str:
        """The JSON of a selection on a row, or on the parts of a value."""
        members = {}
        for key, same in self.selection.fields(type_, nodes).items():
            self.effort.spend()
            name = same[0].name.value
            if name == "__typename":
                members[key] = json_text.constant(type_.name)
            else:
                rule = parts[name] if parts else rule_at(type_, name)
                if isinstance(rule, One) and rule.same_type:
                    members[key] = self.one(rule, type_, same, scope)
                else:
                    members[key] = self.field(rule, type_.fields[name], same, scope, key)
        return self.object_text(members)

    def object_text(self, members: Mapping[str, str]) -> str:
        """The JSON of an object. Names that the client chose are bound: documents that differ in them share a plan."""
        renamed = self.selection.renamed
        return json_text.object_of(members, lambda key: self.bind(renamed[key], "text") if key in renamed else None)

    def field(self, rule: FieldRule, field: GraphQLField, nodes: list[FieldNode], scope: Scope, where: str) -> str:
        """The JSON of one field of a row."""
        match rule:
            case Scalar():
                return self.scalar(rule, field, scope)
            case Parts():
                return self.parts(rule, object_type(field), nodes, scope)
            case Rows():
                return self.rows(rule, field, nodes, scope, where)
            case One():
                return self.one(rule, get_named_type(field.type), nodes, scope)
            case Many():
                ids = self.expand(rule.sql, scope.t, scope.clock)
                listed = self.many(ids, object_type(field), nodes, scope.clock)
                # Most lists of ids are empty, and to find that out by a join takes as long as all of a short row.
                return f"case when {ids} = '{{}}' then '[]' else {listed} end" if rule.column else listed
            case Children():
                return self.page(rule, field, nodes, scope.clock, where, parent=scope.t)
            case _:
                raise LookupError(f"{rule} belongs to the root of a query")

    def scalar(self, rule: Scalar, field: GraphQLField, scope: Scope) -> str:
        sql, named = self.value(rule, scope.t, scope.clock), get_named_type(field.type)
        # Some ids are texts that are computed.
        type_ = "text" if named.name == "ID" and not rule.stored else postgres_type(rule, field)
        is_list = is_list_type(get_nullable_type(field.type))
        return json_text.value(sql, type_, is_enum=is_enum_type(named) and not is_list)

    def parts(self, rule: Parts, type_: GraphQLObjectType, nodes: list[FieldNode], scope: Scope) -> str:
        value = self.object_of(type_, nodes, scope, rule.parts)
        if rule.present is None:
            return value
        return f"case when {self.expand(rule.present, scope.t, scope.clock)} then {value} else {json_text.NULL} end"

    def rows(self, rule: Rows, field: GraphQLField, nodes: list[FieldNode], scope: Scope, where: str) -> str:
        below = Scope(self.alias(), scope.clock)
        given = self.selection.arguments(field, nodes[0], where)

        def argument(match: re.Match[str]) -> str:
            return self.bind(given[match[1]], POSTGRES_TYPES[get_named_type(field.args[match[1]].type).name])

        source, present = (
            self.expand(ARGUMENT.sub(argument, each), scope.t, scope.clock) for each in (rule.sql, rule.present or "")
        )
        listed = json_text.list_of(self.object_of(object_type(field), nodes, below, rule.parts), f"{below.t}.place")
        found = (
            f"(select {listed} from (select *, row_number() over () as place from ({source}) r) {below.t} "
            f"{' '.join(below.joins)})"
        )
        return f"case when {present} then {found} else {json_text.NULL} end" if present else found

    # --- other records ---

    def one(self, rule: One, named: Any, nodes: list[FieldNode], scope: Scope) -> str:
        """The JSON of another record; null where there is none.

        It is written after the join, for the rows that are asked for. Written within, Postgres would write that of
        every row which might be joined.
        """
        id_sql = self.value(rule, scope.t, scope.clock)
        if is_abstract_type(named):
            return json_text.or_null(self.by_type(id_sql, named, nodes, scope.clock, rule.dated))
        type_, other = cast("GraphQLObjectType", named), Scope(self.alias(), scope.clock)
        wanted = self.object_of(type_, nodes, other)
        if not (rule.column or rule.kept):
            # Else Postgres would look the id up twice for each row: to find the other by its hash, and to compare.
            found = self.alias("l")
            scope.joins.append(f"cross join lateral (select {id_sql} as id offset 0) {found}")
            id_sql = f"{found}.id"
        conditions = [f"{other.t}.id = {id_sql}", *self.visible(type_, other.t, scope.clock)]
        if rule.dated:
            conditions += self.appears(type_, other.t, scope.clock)
        joined = f"left join {self.rows_of(type_, scope.clock)} {other.t} on {' and '.join(conditions)}"
        scope.joins += [joined, *other.joins]
        return f"case when {other.t}.id is null then {json_text.NULL} else {wanted} end"

    def row(
        self,
        type_: GraphQLObjectType,
        condition: str,
        nodes: Sequence[FieldNode],
        clock: Clock,
        by: str = "id",
        *,
        dated: bool = True,
    ) -> str:
        """SELECT the JSON, as `o`, of the row of a type that fulfils this; retracted ones too."""
        below = Scope(self.alias(), clock)
        wanted = self.object_of(type_, nodes, below)
        conditions = [f"{below.t}.{by} {condition}", *self.visible(type_, below.t, clock)]
        if dated:
            conditions += self.appears(type_, below.t, clock)
        return (
            f"select {wanted} as o from {self.rows_of(type_, clock)} {below.t} {' '.join(below.joins)} "
            f"where {' and '.join(conditions)}"
        )

    def found_by(self, type_: GraphQLObjectType, by: str, value_sql: str, clock: Clock) -> str:
        """The condition for the id of the record that has this id or key, or that it was merged into."""
        m = self.alias("m")
        rows = self.rows_of(type_, clock)
        return f"= (select coalesce({m}.merged_into_id, {m}.id) from {rows} {m} where {m}.{by} = {value_sql})"

    def by_type(
        self,
        id_sql: str,
        named: Any,
        nodes: Sequence[FieldNode],
        clock: Clock,
        dated: bool = True,
        *,
        redirected: bool = False,
    ) -> str:
        """The JSON of a record of any type, one branch for each type that it can be; null where there is none."""
        branches = []
        for type_ in self.types.schema.get_possible_types(named):
            if is_tracked(type_):
                condition = self.found_by(type_, "id", id_sql, clock) if redirected else f"= {id_sql}"
                row = self.row(type_, condition, nodes, clock, dated=dated)
                label = table_of(type_).name.upper()
                branches.append(f"when '{label}' then ({row})")
        return f"(case (select r.type from record r where r.id = {id_sql}) {' '.join(branches)} end)"

    def many(self, ids_sql: str, type_: GraphQLObjectType, nodes: Sequence[FieldNode], clock: Clock) -> str:
        below = Scope(self.alias(), clock)
        listed = json_text.list_of(self.object_of(type_, nodes, below), "u.place")
        conditions = [f"{below.t}.id = u.id", *self.present(type_, below.t, clock)]
        return (
            f"(select {listed} from unnest({ids_sql}) with ordinality u (id, place) "
            f"join {self.rows_of(type_, clock)} {below.t} on {' and '.join(conditions)} {' '.join(below.joins)})"
        )

    # --- lists ---

    def page(
        self, rule: Children, field: GraphQLField, nodes: list[FieldNode], clock: Clock, where: str, parent: str = ""
    ) -> str:
        """A connection: the page, and of the whole list what is asked for."""
        connection = object_type(field)
        given = self.selection.arguments(field, nodes[0], where)
        wanted = self.selection.fields(connection, nodes)
        listed = Listed(object_type(connection.fields["nodes"]), self.alias(), clock, given)
        # What is not needed must not be compiled: its parameters would have no place in the statement.
        if any(same[0].name.value != "__typename" for same in wanted.values()):
            listed.conditions = self.belonging(rule, listed, parent)
        members, page = {}, None
        for key, same in wanted.items():
            name = same[0].name.value
            if name == "__typename":
                members[key] = json_text.constant(connection.name)
            elif name in ("totalCount", "groups"):
                whole = listed if parent else self.read_to_its_end(listed)
                members[key] = (
                    self.counted(whole)
                    if name == "totalCount"
                    else self.grouped(whole, connection.fields[name], same, f"{where}.{key}")
                )
            else:
                page = page or self.page_of(listed, peeks=asks_for_page_info(wanted))
                members[key] = self.page_column(page, connection.fields[name], same)
        if page is None:
            self.check_page(listed.type, given)
        source = f" from {page.sql()}" if page else ""
        return f"(select {self.object_text(members)}{source})"

    def page_column(self, page: Page, field: GraphQLField, nodes: list[FieldNode]) -> str:
        """One field of a connection: the items, the edges, or where the page ends."""
        name = nodes[0].name.value
        if name == "pageInfo":
            info = self.selection.fields(object_type(field), nodes)
            return self.object_text({each: page.info(same[0].name.value) for each, same in info.items()})
        if name == "nodes":
            return page.column(self.item(page, field, nodes))
        edge = object_type(field)
        members = {key: self.of_edge(page, edge, key, same) for key, same in self.selection.fields(edge, nodes).items()}
        return page.column(self.object_text(members))

    def of_edge(self, page: Page, edge: GraphQLObjectType, key: str, nodes: list[FieldNode]) -> str:
        """One field of an edge: what every edge has, or what a search tells besides."""
        match nodes[0].name.value:
            case "__typename":
                return json_text.constant(edge.name)
            case "cursor":
                return f"""'"' || {page.cursor()} || '"'"""
            case "node":
                return self.item(page, edge.fields["node"], nodes)
            case name:
                return self.field(rule_at(edge, name), edge.fields[name], nodes, scope_of(page), key)

    def item(self, page: Page, field: GraphQLField, nodes: list[FieldNode]) -> str:
        """What a list holds: a row of its type, or the record of any type that was found."""
        named = get_named_type(field.type)
        if is_abstract_type(named):
            return json_text.or_null(self.by_type(f"{page.t}.record_id", named, nodes, page.clock))
        return self.object_of(cast("GraphQLObjectType", named), nodes, scope_of(page))

    def counted(self, listed: Listed) -> str:
        """How many rows a list has."""
        rows = self.rows_of(listed.type, listed.clock)
        return f"(select count(*)::text from {rows} {listed.t} where {' and '.join(listed.conditions)})"

    def grouped(self, listed: Listed, field: GraphQLField, nodes: list[FieldNode], where: str) -> str:
        """How many rows of a list have which value: the largest groups, then by key, rows without a value last."""
        grouping = self.selection.arguments(field, nodes[0], where)["by"].value.value
        rule, _, _ = self.ordered(listed.type, grouping.path)
        key = grouping.key(self.value(rule, listed.t, listed.clock))
        group = object_type(field)
        given = {"key": json_text.value("g.key", "text"), "count": "g.count"}
        members = {
            each: given.get(same[0].name.value, json_text.constant(group.name))
            for each, same in self.selection.fields(group, nodes).items()
        }
        groups = json_text.list_of(self.object_text(members), "g.count desc, g.key")
        return (
            f"(select {groups} from ("
            f"select {key} as key, count(*) as count from {self.rows_of(listed.type, listed.clock)} {listed.t} "
            f"where {' and '.join(listed.conditions)} group by 1 order by 2 desc, 1 limit {MOST_GROUPS}) g)"
        )


def asks_for_page_info(wanted: Mapping[str, list[FieldNode]]) -> bool:
    """Whether it is asked where a page begins or ends."""
    return any(same[0].name.value == "pageInfo" for same in wanted.values())


def scope_of(page: Page) -> Scope:
    """What is joined to the rows of a page is joined to all of them."""
    return Scope(page.t, page.clock, page.joins)
