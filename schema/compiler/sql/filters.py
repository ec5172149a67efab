"""Turns the filter of a list into conditions on its rows.

Which filters there are, `filters_and_orders` derives. Knows no documents: the filter comes as `Given`. The functions
call each other, since a filter may ask for records that fulfil filters.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import cast

from graphql import GraphQLField, GraphQLObjectType, get_named_type, is_abstract_type

from schema.compiler.plan.plan import Clock
from schema.compiler.plan.values import Given, is_list_of_given
from schema.compiler.sql.context import Context
from schema.compiler.sql.rows import PERIOD_NOW, appearance, conjunction, expand, presence, rows_of, value
from schema.compiler.sql.types import object_type, postgres_type, rule_at, table_of
from schema.declare.fields import Children, FieldRule, Many, One, Part, Parts, Precomputed, Scalar, literal
from schema.errors import Invalid, Problem

ROWS = 25
"""What a condition costs that is held against each row of a list: most are found by an index."""

ITEMS = 30
"""The items of a list within a condition, of each row: a condition on what its items have costs so many times as much.
A hundred that lead through two lists took the database 10 s."""

COMPARISONS = {"eq": "=", "ne": "is distinct from", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}


def conditions(context: Context, type_: GraphQLObjectType, given: Given | None, t: str, clock: Clock) -> list[str]:
    """Write the conditions of a filter. One whose members are all left out holds for everything."""
    found: list[str] = []
    if given is None or given.value is None:
        return found
    context.effort.spend(1 + len(given.value))
    for name, each in given.value.items():
        if each.value is None:
            continue
        if name in ("and", "or"):
            inner = [conjunction(conditions(context, type_, item, t, clock)) for item in each.value]
            if inner:
                found.append(f"({f' {name} '.join(inner)})")
        elif name == "not":
            if inner := conditions(context, type_, each, t, clock):
                found.append(f"({conjunction(inner)}) is not true")
        else:
            rule, field = rule_at(type_, name), type_.fields[name]
            if isinstance(rule, Scalar) and (held := held_in_periods(context, rule, clock)):
                found += comparisons_by_period(context, rule, held, each, t, clock)
            else:
                found += conditions_on_field(context, rule, field, each, t, clock)
    return found


def conditions_on_field(
    context: Context, rule: FieldRule | Part, field: GraphQLField, given: Given, t: str, clock: Clock
) -> list[str]:
    match rule:
        case Scalar():
            return comparisons(context, value(context, rule, t, clock), postgres_type(rule, field), given)
        case Parts():
            fields = object_type(field).fields
            return [
                condition
                for name, each in given.value.items()
                if each.value is not None
                for condition in conditions_on_field(context, rule.parts[name], fields[name], each, t, clock)
            ]
        case One():
            return conditions_on_record(context, value(context, rule, t, clock), field, given, clock)
        case Many():
            ids = expand(context, rule.sql, t, clock)
            if is_abstract_type(get_named_type(field.type)):
                return conditions_on_any_records(context, ids, field, given, clock)
            # Else a subselect would be taken for the rows to compare with.
            on = f"{{t}}.id = any(({ids})::uuid[])"
            return conditions_on_list(context, Children(on), object_type(field), given, t, clock)
        case Children():
            type_ = object_type(object_type(field).fields["nodes"])
            return conditions_on_list(context, rule, type_, given, t, clock)
        case _:
            raise LookupError(f"{field} cannot be filtered")


# --- other records -------------------------------------------------------------------------------


def conditions_on_record(
    context: Context, id_sql: str, field: GraphQLField, given: Given, clock: Clock, *, listed: bool = False
) -> list[str]:
    """Write the conditions on one other record; on one that is `listed` also that it stands."""
    named = get_named_type(field.type)
    if is_abstract_type(named):
        branches = [
            f"when '{table_of(type_).name.upper()}' then {exists}"
            for type_ in context.types.schema.get_possible_types(named)
            for exists in existence(context, id_sql, type_, given, clock, listed=listed)
        ]
        if not branches:
            return []
        return [f"case (select r.type from record r where r.id = {id_sql}) {' '.join(branches)} end"]
    return existence(context, id_sql, cast("GraphQLObjectType", named), given, clock)


def existence(
    context: Context, id_sql: str, type_: GraphQLObjectType, given: Given, clock: Clock, *, listed: bool = False
) -> list[str]:
    """Write the condition that the row with this id fulfils a filter; none where the filter asks for nothing."""
    t = context.parameters.alias()
    inner = conditions(context, type_, given, t, clock)
    if not inner and not (listed and given.value == {}):
        return []
    counts = presence if listed else appearance
    wanted = [f"{t}.id = {id_sql}", *counts(context, type_, t, clock), *inner]
    return [f"exists (select from {rows_of(context, type_, clock)} {t} where {' and '.join(wanted)})"]


def conditions_on_list(
    context: Context, rule: Children, type_: GraphQLObjectType, given: Given, parent: str, clock: Clock
) -> list[str]:
    """Write the conditions of `some` and `none`; an empty filter holds for any item."""
    found = []
    for quantifier, each in given.value.items():
        t = context.parameters.alias()
        context.within *= ITEMS
        inner = conditions(context, type_, each, t, clock)
        context.within //= ITEMS
        if inner or each.value == {}:
            belongs = expand(context, rule.on, t, clock, parent)
            wanted = " and ".join([belongs, *presence(context, type_, t, clock, rule.via), *inner])
            negation = "not " if quantifier == "none" else ""
            found.append(f"{negation}exists (select from {rows_of(context, type_, clock)} {t} where {wanted})")
    return found


def conditions_on_any_records(
    context: Context, ids_sql: str, field: GraphQLField, given: Given, clock: Clock
) -> list[str]:
    """Write the conditions of `some` and `none` on a list of ids of records of any type."""
    found = []
    for quantifier, each in given.value.items():
        u = context.parameters.alias()
        if inner := conditions_on_record(context, f"{u}.id", field, each, clock, listed=True):
            negation = "not " if quantifier == "none" else ""
            found.append(f"{negation}exists (select from unnest({ids_sql}) {u} (id) where {conjunction(inner)})")
    return found


# --- comparisons ---------------------------------------------------------------------------------


def comparisons(context: Context, sql: str, type_: str, given: Given) -> list[str]:
    """Write the comparisons of an expression with the given operands, an operator each."""
    found = []
    context.look_at(ROWS * context.within)
    for operator, each in given.value.items():
        if each.value is None:
            raise Invalid(Problem(each.where, "null cannot be compared with; use isNull"))
        if operator == "isNull":
            found.append(f"{sql} is {'' if each.value else 'not '}null")
        elif operator == "isEmpty":
            found.append(f"cardinality({sql}) {'=' if each.value else '>'} 0")
        elif operator == "has":
            found.append(f"{context.parameters.bind(each, 'text')} = any({sql})")
        elif operator == "in":
            found.append(f"{sql} = any({operand(context, each, type_ + '[]')})")
        elif operator == "contains":
            found.append(f"strpos(lower({sql}), lower({context.parameters.bind(each, 'text')})) > 0")
        else:
            found.append(f"{sql} {COMPARISONS[operator]} {operand(context, each, type_)}")
    return found


def operand(context: Context, given: Given, type_: str) -> str:
    """Write the right side of a comparison.

    A member of an enum is written out: a plan is made for each, since of some there are many and of others few.
    """
    values = [each.value for each in given.value] if is_list_of_given(given.value) else [given.value]
    if not all(isinstance(each, Enum) for each in values):
        return context.parameters.bind(given, type_)
    names = ", ".join(literal(each.name) for each in values)
    return f"array[{names}]::{type_}" if type_.endswith("[]") else f"{names}::{type_}"


# --- precomputed statuses ------------------------------------------------------------------------


@dataclass(frozen=True)
class StatusSought:
    """The status that a filter asks for: a SELECT of the ids that have it, and the conditions that a row has it."""

    ids: str
    conditions: list[str]


def held_in_periods(context: Context, rule: Scalar, clock: Clock) -> Precomputed | None:
    """Find where a status is precomputed for a clock; None where it is not. Statuses alone have an index."""
    held = rule.precomputed
    is_status = held and held.column == "status"
    return held if held and is_status and context.clocks.reads_periods(held.periods, clock) else None


def comparisons_by_period(
    context: Context, rule: Scalar, precomputed: Precomputed, given: Given, t: str, clock: Clock
) -> list[str]:
    """Write the comparisons of a precomputed status: equality goes through its index, from the side of the rarer."""
    found = []
    for operator, each in given.value.items():
        if operator in ("eq", "in") and each.value is not None:
            found.append(f"{t}.id in ({ids_by_period(context, precomputed, operator, each, clock)})")
        else:
            one = Given({operator: each}, given.path, given.where)
            found += comparisons(context, value(context, rule, t, clock), "text", one)
    return found


def ids_by_period(context: Context, precomputed: Precomputed, operator: str, given: Given, clock: Clock) -> str:
    """SELECT the ids of the records that count and have this status, or one of these."""
    wanted = f"any({operand(context, given, 'text[]')})" if operator == "in" else operand(context, given, "text")
    holds = expand(context, PERIOD_NOW, "", clock)
    periods = f"kept.{precomputed.periods.table}"
    return f"select p.record_id from {periods} p where p.{precomputed.column} = {wanted} and p.counts and {holds}"


def status_sought(
    context: Context, type_: GraphQLObjectType, given: Given | None, t: str, clock: Clock
) -> StatusSought | None:
    """Find the precomputed status that a filter asks for; None where it asks for none."""
    for name, each in (given.value or {}).items() if given else ():
        if name in ("and", "or", "not") or each.value is None:
            continue
        rule = rule_at(type_, name)
        if isinstance(rule, Scalar) and (held := held_in_periods(context, rule, clock)):
            for operator in ("eq", "in"):
                if operator in each.value and each.value[operator].value is not None:
                    one = Given({operator: each.value[operator]}, each.path, each.where)
                    row_by_row = comparisons(context, value(context, rule, t, clock), "text", one)
                    ids = ids_by_period(context, held, operator, each.value[operator], clock)
                    return StatusSought(ids, row_by_row)
    return None
