"""What declared SQL stands for at a clock: the rows of a table, which of them count, and the values of fields.

The part of a statement that all others ask for rows and values. Asks `types` what types declare; knows
no documents, no filters and no lists.
"""

from __future__ import annotations

import re
from typing import Any

from graphql import GraphQLObjectType

from schema.compiler.plan.effort import Effort
from schema.compiler.plan.plan import CALLER, NOW, ROLE, TODAY, Clock
from schema.compiler.plan.values import as_bound, as_day
from schema.compiler.sql.parameters import Parameters
from schema.compiler.sql.types import Types, field_name, is_tracked, rule_at, table_of
from schema.declare.caller import Role
from schema.declare.fields import Kept, One, Scalar

KEPT_NOW = "p.from_day <= {today} and {today} < p.until_day"
"""Which of the periods that triggers kept ahead is the one of the clock; see `schema.database.status_periods`."""

TOKEN = re.compile(r"\{(?:(any )?([a-z_]+)|([a-z]):([a-z_]+)\.([a-z_]+)(?:\.([a-z_]+))?)\}")


class DeclaredSql(Parameters):
    """A statement as far as it knows types, tables and clocks."""

    def __init__(self, types: Types, effort: Effort | None = None) -> None:
        super().__init__(effort)
        self.types = types
        self.least = Role.ANONYMOUS
        """The least role that may have the rows asked for."""

    # --- rows ---

    def rows_of(self, type_: GraphQLObjectType, clock: Clock) -> str:
        """The rows of a type, as known at `knownAt`: its table, or the SELECT that computes it."""
        table = table_of(type_)
        if not self.least.may(table.least):
            self.least = table.least
        if table.source:
            return f"({self.expand(table.source, '', clock)})"
        return self.known(table.name, clock)

    def known(self, table: str, clock: Clock) -> str:
        if clock.known_at is None:
            return table
        self.pasts += 1
        moment = self.bind(clock.known_at, "timestamptz")
        return f"(select * from known.{table} where known_from <= {moment} and {moment} < known_until)"

    def present(self, type_: GraphQLObjectType, t: str, clock: Clock, via: str | None = None) -> list[str]:
        """What makes a row part of a list: not retracted, and it counts at the clock."""
        return [*self.kept(type_, t), *self.visible(type_, t, clock), *self.appears(type_, t, clock, via)]

    def kept(self, type_: GraphQLObjectType, t: str) -> list[str]:
        return [f"{t}.retracted_at is null"] if is_tracked(type_) else []

    def visible(self, type_: GraphQLObjectType, t: str, clock: Clock) -> list[str]:
        """What makes a row visible to who asks."""
        rule = table_of(type_).visible
        return [self.expand(rule, t, clock)] if rule else []

    def appears(self, type_: GraphQLObjectType, t: str, clock: Clock, via: str | None = None) -> list[str]:
        """What makes a row count at the clock: its own rule, and that all it must belong to counts.

        `via` is the column of a relation already followed, whose other end therefore counts.
        """
        table = table_of(type_)
        if table.kept and self.is_kept(table.kept, clock):
            return [self.kept_ahead(table.kept, "counts", f"{t}.id", clock)]
        found = [self.expand(table.appears, t, clock)] if table.appears else []
        for column, owner in self.types.owners(type_):
            if column != via:
                found += self.owner_appears(owner, f"{t}.{column}", clock)
        return found

    def owner_appears(self, type_: GraphQLObjectType, id_sql: str, clock: Clock) -> list[str]:
        """What makes the row with this id count at the clock."""
        kept, v = table_of(type_).kept, self.alias("v")
        if kept and self.is_kept(kept, clock):
            return [self.kept_ahead(kept, "counts", id_sql, clock)]
        conditions = self.appears(type_, v, clock)
        if not conditions:
            return []
        return [
            f"exists (select from {self.rows_of(type_, clock)} {v} where {v}.id = {id_sql} and {all_of(conditions)})"
        ]

    def named(self, table: str, clock: Clock, dated: bool) -> str:
        """The rows that a table's name stands for inside declared SQL."""
        if table not in self.types.tables:
            raise LookupError(f"{{{table}}} is no token of declared SQL; see schema.declare.fields")
        type_, v = self.types.tables[table], self.alias("v")
        conditions = self.present(type_, v, clock) if dated else self.kept(type_, v)
        source = self.rows_of(type_, clock)
        return f"(select {v}.* from {source} {v} where {all_of(conditions)})" if conditions else source

    # --- declared SQL ---

    def expand(self, sql: str, t: str, clock: Clock, parent: str = "") -> str:
        """Replace the tokens of declared SQL; `schema.declare.fields` lists them."""
        self.effort.spend()

        def token(match: re.Match[str]) -> str:
            every, name, row, table, field, part = match.groups()
            if row:
                type_ = self.types.tables[table]
                rule: Any = rule_at(type_, field_name(type_, field))
                return self.value(rule.parts[part] if part else rule, t if row == "t" else row, clock)
            match name:
                case "t":
                    return t
                case "parent":
                    return parent
                case "now":
                    return self.now(clock)
                case "today":
                    return self.today(clock)
                case "caller":
                    return self.bind(CALLER, "text")
                case "role":
                    return self.bind(ROLE, "text")
            return self.named(name, clock, dated=not every)

        return TOKEN.sub(token, sql)

    def value(self, rule: Scalar | One, t: str, clock: Clock) -> str:
        """The expression of a value, or of the id of a record: as triggers kept it, where they did, else its rule."""
        if rule.kept and self.is_kept(rule.kept.by, clock):
            return self.kept_ahead(rule.kept.by, rule.kept.column, f"{t}.id", clock)
        return self.expand(rule.sql, t, clock)

    def is_kept(self, kept: Kept, clock: Clock) -> bool:
        """Whether triggers keep how records are at a clock. What was known once is computed again."""
        return clock.known_at is None and (clock.as_of is None or not kept.ahead)

    def kept_ahead(self, kept: Kept, column: str, id_sql: str, clock: Clock) -> str:
        """What triggers kept of a record. A subselect, which Postgres never takes for a reason to read all records."""
        now = self.expand(KEPT_NOW, "", clock)
        return f"(select p.{column} from kept.{kept.table} p where p.record_id = {id_sql} and {now})"

    def today(self, clock: Clock) -> str:
        """Bound by itself: to find the day of an instant for each row takes as long as to look the row up."""
        return self.bind(clock.as_of, "date", as_day) if clock.as_of else self.bind(TODAY, "date", as_bound)

    def now(self, clock: Clock) -> str:
        return self.bind(clock.as_of, "timestamptz") if clock.as_of else self.bind(NOW, "timestamptz", as_bound)


def all_of(conditions: list[str]) -> str:
    return " and ".join(conditions) or "true"
