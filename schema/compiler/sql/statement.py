"""The statement as a whole: what an operation begins with, field by field.

Of graphql-core's nodes it reads only the names; all else is asked of `schema.compiler.document.selection`.
"""

from __future__ import annotations

import json
from typing import Any

from graphql import FieldNode, GraphQLField, GraphQLObjectType, get_named_type, is_abstract_type

from schema.compiler.document.selection import Selection
from schema.compiler.plan.plan import OUTCOME, Clock, Given, Missing, Plan, as_it_is, outcome, value_of
from schema.compiler.sql import json_text
from schema.compiler.sql.objects import Scope
from schema.compiler.sql.search import Searching
from schema.compiler.sql.types import Types, is_tracked, object_type, rule_at, table_of
from schema.declare.fields import Children, Done, Lookup, Lookups, Many, Search
from schema.errors import Invalid, Problem


class Statement(Searching):
    """One statement under construction."""

    def __init__(self, types: Types, selection: Selection) -> None:
        super().__init__(types, selection)
        self.lookups: list[tuple[Missing, str]] = []
        self.looked_up: list[str] = []

    def plan(self) -> Plan:
        root = self.types.root(self.selection.node)
        members, constants = {}, {}
        for key, nodes in self.selection.fields(root, [self.selection.node]).items():
            name = nodes[0].name.value
            if name.startswith("__"):
                constants[key] = self.selection.introspect(key, nodes) if name != "__typename" else root.name
                members[key] = self.bind(Given(json.dumps(constants[key]), None, key), "text")
            else:
                members[key] = self.root(root, key, nodes)
        if len(constants) == len(members):
            return Plan(None, (), data=json.dumps(constants, separators=(",", ":"), ensure_ascii=False).encode())
        found = "".join(f", {hint}" for _, hint in self.lookups)
        source = f" from (select {', '.join(self.looked_up)} offset 0) q" if self.lookups else ""
        return Plan(
            f"select convert_to({self.object_text(members)}, 'UTF8') as data{found}{source}",
            tuple(bind for _, bind in self.binds.values()),
            tuple(missing for missing, _ in self.lookups),
            checks=tuple(self.checks),
            least=self.least,
        )

    def root(self, root: GraphQLObjectType, key: str, nodes: list[FieldNode]) -> str:
        name = nodes[0].name.value
        field, rule = root.fields[name], rule_at(root, name)
        if isinstance(rule, Done):
            # Its arguments are the command's.
            return self.payload(object_type(field), key, nodes)
        given = self.selection.arguments(field, nodes[0], key)
        clock = Clock(value_of(given, "asOf"), value_of(given, "knownAt"))
        match rule:
            case Lookup():
                return self.lookup(field, key, nodes, given, clock)
            case Lookups():
                return self.nodes_of(field, self.bind(given["ids"], "uuid[]"), nodes, clock)
            case Children():
                return self.page(rule, field, nodes, clock, key)
            case Search():
                return self.search(field, nodes, given, clock)
            case Many():
                return self.many(self.expand(rule.sql, "", clock), object_type(field), nodes, clock)
            case _:
                raise LookupError(f"Query.{name} cannot begin a query with {rule}")

    def lookup(
        self, field: GraphQLField, key: str, nodes: list[FieldNode], given: dict[str, Given], clock: Clock
    ) -> str:
        named = get_named_type(field.type)
        chosen = given["by"].value if "by" in given else {name: each for name, each in given.items() if name == "id"}
        if len(chosen) != 1 or any(each.value is None for each in chosen.values()):
            # Left to a variable that may be null or left out; what stands in the document is validated.
            raise Invalid(Problem(f"{key}.by", "it has no value; give an id or a key"))
        by, wanted = next(iter(chosen.items()))
        bound, sql = self.looked_for(named, by, wanted, nodes, clock)
        held_by = f"(select r.type from record r where r.id = {bound})" if bound.endswith("uuid") else "null"
        # Looked at twice, for what it is and whether it is.
        found = f"q.o{len(self.looked_up) + 1}"
        self.looked_up.append(f"{sql} as {found.removeprefix('q.')}")
        self.lookups.append(
            (
                Missing(key, named.name, by, self.bound(bound), timed=clock != Clock()),
                f"case when {found} is null then coalesce({held_by}, '') end",
            )
        )
        return json_text.or_null(found)

    def looked_for(self, named: Any, by: str, wanted: Given, nodes: list[FieldNode], clock: Clock) -> tuple[str, str]:
        """The id or key that is wanted, as it is bound, and the JSON of what has it."""
        if is_abstract_type(named):
            bound = self.bind(wanted, "uuid")
            return bound, self.by_type(bound, named, nodes, clock, redirected=True)
        is_stored = by == "id" and table_of(named).source is None
        bound = self.bind(wanted, "uuid" if is_stored else "text")
        if is_tracked(named):
            return bound, f"({self.row(named, self.found_by(named, by, bound, clock), nodes, clock)})"
        return bound, f"({self.row(named, f'= {bound}', nodes, clock, by)})"

    def nodes_of(self, field: GraphQLField, ids_sql: str, nodes: list[FieldNode], clock: Clock) -> str:
        """The JSON of the records of any type that have these ids, in their order."""
        branch = self.by_type("u.id", get_named_type(field.type), nodes, clock, redirected=True)
        listed = json_text.list_of(json_text.or_null(branch), "u.place")
        return f"(select {listed} from unnest({ids_sql}) with ordinality u (id, place))"

    def payload(self, type_: GraphQLObjectType, key: str, nodes: list[FieldNode]) -> str:
        """What came of a mutation: its record as it stands now, or why there is none."""
        below = Scope(self.alias(), Clock())
        told = self.object_of(type_, nodes, below)
        done = ", ".join(f"{self.bind(outcome(key, name), kind, as_it_is)} as {name}" for name, kind in OUTCOME.items())
        return f"(select {told} from (select {done}) {below.t} {' '.join(below.joins)})"
