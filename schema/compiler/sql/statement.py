"""Writes the statement as a whole: the root fields of an operation, and its plan.

Of graphql-core's nodes it reads only the names; all else is asked of the context's selection.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from graphql import FieldNode, GraphQLField, GraphQLObjectType, get_named_type, is_abstract_type

from schema.compiler.plan.plan import OUTCOME, Clock, Missing, Plan, outcome
from schema.compiler.plan.values import Given, fit_plain, fit_text, value_of
from schema.compiler.sql import json_text, objects
from schema.compiler.sql.context import Context
from schema.compiler.sql.objects import Scope
from schema.compiler.sql.rows import expand
from schema.compiler.sql.search import search_json
from schema.compiler.sql.types import is_tracked, object_type, rule_at, table_of
from schema.declare.fields import Children, Done, Lookup, Lookups, MadeRow, Many, Search
from schema.errors import Invalid, Problem


@dataclass(frozen=True)
class LookedUp:
    """One lookup: the SELECT of its JSON, the problem where that is null, and the column that says so."""

    sql: str
    missing: Missing
    hint: str


def plan(context: Context) -> Plan:
    """Compile the operation that the context has selected."""
    selection, lookups = context.selection, list[LookedUp]()
    root = context.types.root(selection.node)
    members, constants = {}, {}
    for key, nodes in selection.fields(root, [selection.node]).items():
        name = nodes[0].name.value
        if name.startswith("__"):
            constants[key] = selection.introspect(key, nodes) if name != "__typename" else root.name
            members[key] = context.parameters.bind(Given(json.dumps(constants[key]), None, key), "text")
        else:
            members[key] = root_json(context, lookups, root, key, nodes)
    if len(constants) == len(members):
        return Plan(None, (), data=json.dumps(constants, separators=(",", ":"), ensure_ascii=False).encode())
    hints = "".join(f", {each.hint}" for each in lookups)
    source = f" from (select {', '.join(each.sql for each in lookups)} offset 0) q" if lookups else ""
    return Plan(
        f"select convert_to({objects.members_json(context, members)}, 'UTF8') as data{hints}{source}",
        tuple(bind for _, bind in context.parameters.binds.values()),
        tuple(each.missing for each in lookups),
        checks=tuple(context.checks),
        least=context.least,
        work=context.work,
    )


def root_json(
    context: Context, lookups: list[LookedUp], root: GraphQLObjectType, key: str, nodes: list[FieldNode]
) -> str:
    """Write the JSON of one root field. A lookup is added to those of the statement."""
    name = nodes[0].name.value
    field, rule = root.fields[name], rule_at(root, name)
    if isinstance(rule, Done):
        # Its arguments are the command's.
        return payload_json(context, object_type(field), key, nodes)
    given = context.selection.arguments(field, nodes[0], key)
    clock = Clock(value_of(given, "asOf"), value_of(given, "knownAt"))
    match rule:
        case Lookup():
            return lookup_json(context, lookups, field, key, nodes, given, clock)
        case Lookups():
            return nodes_json(context, field, context.parameters.bind(given["ids"], "uuid[]"), nodes, clock)
        case Children():
            return objects.connection_json(context, rule, field, nodes, clock, key)
        case Search():
            return search_json(context, field, nodes, given, clock)
        case MadeRow():
            return made_row_json(context, rule, field, key, nodes, given)
        case Many():
            ids = expand(context, rule.sql, "", clock)
            return objects.records_json(context, ids, object_type(field), nodes, clock)
        case _:
            raise LookupError(f"Query.{name} cannot begin a query with {rule}")


def lookup_json(
    context: Context,
    lookups: list[LookedUp],
    field: GraphQLField,
    key: str,
    nodes: list[FieldNode],
    given: dict[str, Given],
    clock: Clock,
) -> str:
    named = get_named_type(field.type)
    chosen = given["by"].value if "by" in given else {name: each for name, each in given.items() if name == "id"}
    if len(chosen) != 1 or any(each.value is None for each in chosen.values()):
        # Left to a variable that may be null or left out; what stands in the document is validated.
        raise Invalid(Problem(f"{key}.by", "it has no value; give an id or a key"))
    by, wanted = next(iter(chosen.items()))
    bound, sql = select_wanted(context, named, by, wanted, nodes, clock)
    held_by = f"(select r.type from record r where r.id = {bound})" if bound.endswith("uuid") else "null"
    # Looked at twice, for what it is and whether it is.
    column = f"o{len(lookups) + 1}"
    missing = Missing(key, named.name, by, context.parameters.find(bound), timed=clock != Clock())
    hint = f"case when q.{column} is null then coalesce({held_by}, '') end"
    lookups.append(LookedUp(f"{sql} as {column}", missing, hint))
    return json_text.null_if_missing(f"q.{column}")


def select_wanted(
    context: Context, named: Any, by: str, wanted: Given, nodes: list[FieldNode], clock: Clock
) -> tuple[str, str]:
    """Bind the id or key that is wanted, and SELECT the JSON of the record that has it."""
    if is_abstract_type(named):
        bound = context.parameters.bind(wanted, "uuid")
        return bound, objects.record_of_any_type(context, bound, named, nodes, clock, redirected=True)
    is_stored = by == "id" and table_of(named).source is None
    bound = context.parameters.bind(wanted, "uuid" if is_stored else "text")
    if is_tracked(named):
        condition = objects.follow_merge(context, named, by, bound, clock)
        return bound, f"({objects.row(context, named, condition, nodes, clock)})"
    return bound, f"({objects.row(context, named, f'= {bound}', nodes, clock, by)})"


def nodes_json(context: Context, field: GraphQLField, ids_sql: str, nodes: list[FieldNode], clock: Clock) -> str:
    """Write the JSON of the records of any type that have these ids, in their order."""
    named = get_named_type(field.type)
    branch = objects.record_of_any_type(context, "u.id", named, nodes, clock, redirected=True)
    listed = json_text.list_of(json_text.null_if_missing(branch), "u.place")
    return f"(select {listed} from unnest({ids_sql}) with ordinality u (id, place))"


def made_row_json(
    context: Context, rule: MadeRow, field: GraphQLField, key: str, nodes: list[FieldNode], given: dict[str, Given]
) -> str:
    """Write the JSON of a row that Python makes of the arguments, once they are known."""
    values = [given.get(name, Given(None, None, key)) for name in field.args]

    def fit_row(found: Any, where: str) -> str:
        taken = (fit_text(each, where) if isinstance(each, str) else each for each in found)
        return json.dumps(rule.make(*taken))

    below = Scope(context.parameters.alias(), Clock())
    wanted = objects.object_json(context, object_type(field), nodes, below)
    row = context.parameters.bind(Given(values, None, key), "json", fit_row)
    columns = ", ".join(f"{name} {type_}" for name, type_ in rule.columns.items())
    return f"(select {wanted} from json_to_record({row}) {below.t} ({columns}) {' '.join(below.joins)})"


def payload_json(context: Context, type_: GraphQLObjectType, key: str, nodes: list[FieldNode]) -> str:
    """Write the payload of a mutation: its record as it stands now, or why there is none."""
    below = Scope(context.parameters.alias(), Clock())
    payload = objects.object_json(context, type_, nodes, below)
    bind = context.parameters.bind
    columns = ", ".join(f"{bind(outcome(key, name), kind, fit_plain)} as {name}" for name, kind in OUTCOME.items())
    return f"(select {payload} from (select {columns}) {below.t} {' '.join(below.joins)})"
