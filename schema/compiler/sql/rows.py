"""Writes the rows of a type at a clock, and expands declared SQL: which rows count, and the values of their fields.

Asks `types` for the declarations. Knows no documents, no filters and no lists. The functions call each other, since a
rule may name other records, which count by rules of their own.
"""

from __future__ import annotations

import re
from typing import Any

from graphql import GraphQLObjectType

from schema.compiler.plan.plan import CALLER, NOW, ROLE, Clock
from schema.compiler.plan.values import pass_through
from schema.compiler.sql.context import Context
from schema.compiler.sql.types import field_name, is_tracked, rule_at, table_of
from schema.declare.fields import One, Precomputed, Scalar, StatusPeriods

PERIOD_NOW = "p.from_day <= {today} and {today} < p.until_day"
"""Selects from the periods that triggers precomputed the one of the clock; see `schema.database.status_periods`."""

TOKEN = re.compile(r"\{(?:(any )?([a-z_]+)|([a-z]{1,2}):([a-z_]+)\.([a-z_]+)(?:\.([a-z_]+))?)\}")


# --- rows ----------------------------------------------------------------------------------------


def rows_of(context: Context, type_: GraphQLObjectType, clock: Clock) -> str:
    """Write the rows of a type, as known at `knownAt`: its table, or the SELECT that computes it."""
    table = table_of(type_)
    if not context.least.may(table.least):
        context.least = table.least
    if table.source:
        return f"({expand(context, table.source, '', clock)})"
    if clock.known_at is None:
        return table.name
    context.parameters.pasts += 1
    moment = context.parameters.bind(clock.known_at, "timestamptz")
    return f"(select * from known.{table.name} where known_from <= {moment} and {moment} < known_until)"


JUDGED = 50_000
"""What it costs to judge all records of a type as they were known at a moment: nothing of that is precomputed."""


def rows_with_period(context: Context, type_: GraphQLObjectType, t: str, clock: Clock) -> str:
    """Write the rows of a type, each joined with its period at the clock: lists are ordered by what is so then.

    Rows of the alias `t` have those values as columns from here on.
    """
    periods, rows = table_of(type_).periods, rows_of(context, type_, clock)
    if periods is None:
        return rows
    context.with_period.add(t)
    v, holds = context.parameters.alias("v"), expand(context, PERIOD_NOW, "", clock)
    now = ", ".join(f"p.{each} as now_{each}" for each in ("counts", *periods.columns))
    if context.clocks.reads_periods(periods, clock):
        joined = f"join kept.{periods.table} p on p.record_id = {v}.id and {holds}"
    else:
        context.look_at(JUDGED)
        computed = periods_of(context, periods, v, clock)
        joined = f"cross join lateral (select p.* from {computed} p where {holds} offset 0) p"
    return f"(select {v}.*, p.record_id as now_id, {now} from {rows} {v} {joined})"


def rows_by_name(context: Context, table: str, clock: Clock, dated: bool) -> str:
    """Write the rows that a table's name stands for inside declared SQL."""
    if table not in context.types.tables:
        raise LookupError(f"{{{table}}} is no token of declared SQL; see schema.declare.fields")
    type_, v = context.types.tables[table], context.parameters.alias("v")
    conditions = presence(context, type_, v, clock) if dated else exclude_retracted(type_, v)
    source = rows_of(context, type_, clock)
    return f"(select {v}.* from {source} {v} where {conjunction(conditions)})" if conditions else source


# --- conditions ----------------------------------------------------------------------------------


def presence(context: Context, type_: GraphQLObjectType, t: str, clock: Clock, via: str | None = None) -> list[str]:
    """Write the conditions that make a row part of a list: not retracted, visible to the caller, and it counts."""
    return [
        *exclude_retracted(type_, t),
        *visibility(context, type_, t, clock),
        *appearance(context, type_, t, clock, via),
    ]


def exclude_retracted(type_: GraphQLObjectType, t: str) -> list[str]:
    return [f"{t}.retracted_at is null"] if is_tracked(type_) else []


def visibility(context: Context, type_: GraphQLObjectType, t: str, clock: Clock) -> list[str]:
    """Write the condition that the caller may see a row."""
    rule = table_of(type_).visible
    return [expand(context, rule, t, clock)] if rule else []


def appearance(context: Context, type_: GraphQLObjectType, t: str, clock: Clock, via: str | None = None) -> list[str]:
    """Write the conditions that a row counts at the clock: its own rule, and that all it must belong to counts.

    `via` is the column of a relation already followed, whose other end therefore counts.
    """
    table = table_of(type_)
    if table.periods:
        return [precomputed_value(context, Precomputed(table.periods, "counts"), t, clock)]
    found = [expand(context, table.appears, t, clock)] if table.appears else []
    for column, owner in context.types.owners(type_):
        if column != via:
            counts = owner_appearance(context, owner, f"{t}.{column}", clock)
            is_optional = column in context.types.optional_owners(type_)
            found += [f"({t}.{column} is null or {each})" for each in counts] if is_optional else counts
    return found


def owner_appearance(context: Context, type_: GraphQLObjectType, id_sql: str, clock: Clock) -> list[str]:
    """Write the condition that the row with this id counts at the clock."""
    periods, v = table_of(type_).periods, context.parameters.alias("v")
    if periods and context.clocks.reads_periods(periods, clock):
        return [kept_value(context, Precomputed(periods, "counts"), id_sql, clock)]
    conditions = appearance(context, type_, v, clock)
    if not conditions:
        return []
    rows = rows_of(context, type_, clock)
    return [f"exists (select from {rows} {v} where {v}.id = {id_sql} and {conjunction(conditions)})"]


def conjunction(conditions: list[str]) -> str:
    return " and ".join(conditions) or "true"


# --- declared SQL --------------------------------------------------------------------------------


def expand(context: Context, sql: str, t: str, clock: Clock, parent: str = "") -> str:
    """Replace the tokens of declared SQL; `schema.declare.fields` lists them."""
    context.effort.spend()
    # Most fields are columns: theirs is the only token, and found ten times as fast without a pattern.
    sql = sql.replace("{t}", t)
    if "{" not in sql:
        return sql
    return TOKEN.sub(lambda match: expand_token(context, match, t, clock, parent), sql)


def expand_token(context: Context, match: re.Match[str], t: str, clock: Clock, parent: str) -> str:
    every, name, row, table, field, part = match.groups()
    if row:
        return expand_field(context, t if row == "t" else row, table, field, part, clock)
    match name:
        case "parent":
            return parent
        case "now":
            return now(context, clock)
        case "today":
            return context.clocks.today(context.parameters, clock)
        case "first":
            return context.clocks.first(context.parameters, clock)
        case "caller":
            return context.parameters.bind(CALLER, "text")
        case "role":
            return context.parameters.bind(ROLE, "text")
    return rows_by_name(context, name, clock, dated=not every)


def expand_field(context: Context, t: str, table: str, field: str, part: str | None, clock: Clock) -> str:
    """Write a field of a row of a table, or what is declared with its periods."""
    type_ = context.types.tables[table]
    periods = table_of(type_).periods
    if periods and field == "periods":
        return periods_of(context, periods, t, clock)
    if periods and field == "now" and part:
        return precomputed_value(context, Precomputed(periods, part), t, clock)
    if periods and field in periods.parts:
        return call(context, f"{table}_{field}", t, clock)
    rule: Any = rule_at(type_, field_name(type_, field))
    return value(context, rule.parts[part] if part else rule, t, clock)


def value(context: Context, rule: Scalar | One, t: str, clock: Clock) -> str:
    """Write a value, or the id of a record: as triggers precomputed it, or by its rule."""
    held = rule.precomputed or (rule.moved if isinstance(rule, Scalar) else None)
    return precomputed_value(context, held, t, clock) if held else expand(context, rule.sql, t, clock)


def precomputed_value(context: Context, held: Precomputed, t: str, clock: Clock) -> str:
    """Read a value from the periods of a row: as triggers precomputed them, or computed now."""
    if t in context.with_period:
        return f"({t}.now_{held.column}).{held.part}" if held.part else f"{t}.now_{held.column}"
    if context.clocks.reads_periods(held.periods, clock):
        return kept_value(context, held, f"{t}.id", clock)
    column = f"(p.{held.column}).{held.part}" if held.part else f"p.{held.column}"
    holds = expand(context, PERIOD_NOW, "", clock)
    return f"(select {column} from {periods_of(context, held.periods, t, clock)} p where {holds})"


def kept_value(context: Context, held: Precomputed, id_sql: str, clock: Clock) -> str:
    """Read a precomputed value of a record, in a subselect, for which Postgres never reads all records."""
    column = f"(p.{held.column}).{held.part}" if held.part else f"p.{held.column}"
    holds = expand(context, PERIOD_NOW, "", clock)
    return f"(select {column} from kept.{held.periods.table} p where p.record_id = {id_sql} and {holds})"


def periods_of(context: Context, periods: StatusPeriods, t: str, clock: Clock) -> str:
    """Write the periods of a row as a table."""
    if context.clocks.reads_periods(periods, clock):
        return f"(select p.* from kept.{periods.table} p where p.record_id = {t}.id)"
    return call(context, f"{periods.table}_periods", t, clock)


def call(context: Context, function: str, t: str, clock: Clock) -> str:
    """Call a function that computes for a row what is not precomputed, as a table, from what is known or was known."""
    first = context.clocks.first(context.parameters, clock)
    if clock.known_at is None:
        return f"kept.{function}({t}.id, {first})"
    context.parameters.pasts += 1
    return f"known.{function}({context.parameters.bind(clock.known_at, 'timestamptz')}, {t}.id, {first})"


def now(context: Context, clock: Clock) -> str:
    if clock.as_of:
        return context.parameters.bind(clock.as_of, "timestamptz")
    return context.parameters.bind(NOW, "timestamptz", pass_through)
