"""From the filter of a list to conditions on its rows.

Which filters there are, `filters_and_orders` derives. Knows no documents: what was asked for comes as `Given`.
"""

from __future__ import annotations

from enum import Enum
from typing import cast

from graphql import GraphQLField, GraphQLObjectType, get_named_type, is_abstract_type

from schema.compiler.plan.plan import Clock
from schema.compiler.plan.values import Given, is_list_of_given
from schema.compiler.sql.rows import KEPT_NOW, DeclaredSql, all_of
from schema.compiler.sql.types import object_type, postgres_type, rule_at, table_of
from schema.declare.fields import Children, FieldRule, KeptIn, Many, One, Part, Parts, Scalar, literal
from schema.errors import Invalid, Problem

COMPARISONS = {"eq": "=", "ne": "is distinct from", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}


class Filters(DeclaredSql):
    """A statement as far as it knows conditions."""

    def conditions(self, type_: GraphQLObjectType, given: Given | None, t: str, clock: Clock) -> list[str]:
        """The conditions of a filter. One whose members are all left out holds for everything."""
        found: list[str] = []
        if given is None or given.value is None:
            return found
        self.effort.spend(1 + len(given.value))
        for name, each in given.value.items():
            if each.value is None:
                continue
            if name in ("and", "or"):
                inner = [all_of(self.conditions(type_, item, t, clock)) for item in each.value]
                if inner:
                    found.append(f"({f' {name} '.join(inner)})")
            elif name == "not":
                if inner := self.conditions(type_, each, t, clock):
                    found.append(f"({all_of(inner)}) is not true")
            else:
                rule, field = rule_at(type_, name), type_.fields[name]
                if isinstance(rule, Scalar) and rule.kept and self.is_kept(rule.kept.by, clock):
                    found += self.comparisons_kept(rule, rule.kept, each, t, clock)
                else:
                    found += self.condition(rule, field, each, t, clock)
        return found

    def condition(self, rule: FieldRule | Part, field: GraphQLField, given: Given, t: str, clock: Clock) -> list[str]:
        match rule:
            case Scalar():
                return self.comparisons(self.value(rule, t, clock), postgres_type(rule, field), given)
            case Parts():
                fields = object_type(field).fields
                return [
                    condition
                    for name, each in given.value.items()
                    if each.value is not None
                    for condition in self.condition(rule.parts[name], fields[name], each, t, clock)
                ]
            case One():
                return self.condition_on_one(self.value(rule, t, clock), field, given, clock)
            case Many():
                on = f"{{t}}.id = any({self.expand(rule.sql, t, clock)})"
                return self.condition_on_list(on, None, object_type(field), given, t, clock)
            case Children():
                type_ = object_type(object_type(field).fields["nodes"])
                return self.condition_on_list(rule.on, rule.via, type_, given, t, clock)
            case _:
                raise LookupError(f"{field} cannot be filtered")

    def condition_on_one(self, id_sql: str, field: GraphQLField, given: Given, clock: Clock) -> list[str]:
        named = get_named_type(field.type)
        if is_abstract_type(named):
            branches = [
                f"when '{table_of(type_).name.upper()}' then {exists}"
                for type_ in self.types.schema.get_possible_types(named)
                for exists in self.exists(id_sql, type_, given, clock)
            ]
            if not branches:
                return []
            return [f"case (select r.type from record r where r.id = {id_sql}) {' '.join(branches)} end"]
        return self.exists(id_sql, cast("GraphQLObjectType", named), given, clock)

    def exists(self, id_sql: str, type_: GraphQLObjectType, given: Given, clock: Clock) -> list[str]:
        """That the row with this id fulfils a filter; nothing where the filter asks for nothing."""
        t = self.alias()
        inner = self.conditions(type_, given, t, clock)
        if not inner:
            return []
        conditions = [f"{t}.id = {id_sql}", *self.appears(type_, t, clock), *inner]
        return [f"exists (select from {self.rows_of(type_, clock)} {t} where {' and '.join(conditions)})"]

    def condition_on_list(
        self, on: str, via: str | None, type_: GraphQLObjectType, given: Given, parent: str, clock: Clock
    ) -> list[str]:
        """`some` and `none`; an empty filter holds for any item."""
        found = []
        for quantifier, each in given.value.items():
            t = self.alias()
            inner = self.conditions(type_, each, t, clock)
            if inner or each.value == {}:
                conditions = [self.expand(on, t, clock, parent), *self.present(type_, t, clock, via), *inner]
                negation = "not " if quantifier == "none" else ""
                found.append(
                    f"{negation}exists (select from {self.rows_of(type_, clock)} {t} where {' and '.join(conditions)})"
                )
        return found

    # --- comparisons ---

    def comparisons(self, sql: str, type_: str, given: Given) -> list[str]:
        found = []
        for operator, each in given.value.items():
            if each.value is None:
                raise Invalid(Problem(each.where, "null cannot be compared with; use isNull"))
            if operator == "isNull":
                found.append(f"{sql} is {'' if each.value else 'not '}null")
            elif operator == "isEmpty":
                found.append(f"cardinality({sql}) {'=' if each.value else '>'} 0")
            elif operator == "has":
                found.append(f"{self.bind(each, 'text')} = any({sql})")
            elif operator == "in":
                found.append(f"{sql} = any({self.compared(each, type_ + '[]')})")
            elif operator == "contains":
                found.append(f"strpos(lower({sql}), lower({self.bind(each, 'text')})) > 0")
            else:
                found.append(f"{sql} {COMPARISONS[operator]} {self.compared(each, type_)}")
        return found

    def compared(self, given: Given, type_: str) -> str:
        """What something is compared with. A member of an enum is written out: a plan is made for each, since of some
        there are many and of others few.
        """
        values = [each.value for each in given.value] if is_list_of_given(given.value) else [given.value]
        if not all(isinstance(each, Enum) for each in values):
            return self.bind(given, type_)
        names = ", ".join(literal(each.name) for each in values)
        return f"array[{names}]::{type_}" if type_.endswith("[]") else f"{names}::{type_}"

    # --- statuses that are kept ---

    def comparisons_kept(self, rule: Scalar, kept: KeptIn, given: Given, t: str, clock: Clock) -> list[str]:
        """The same on a status that is kept: equality finds it through the index, from the side of the rarer."""
        found = []
        for operator, each in given.value.items():
            if operator in ("eq", "in") and each.value is not None:
                found.append(f"{t}.id in ({self.having(kept, operator, each, clock)})")
            else:
                one = Given({operator: each}, given.path, given.where)
                found += self.comparisons(self.value(rule, t, clock), "text", one)
        return found

    def having(self, kept: KeptIn, operator: str, given: Given, clock: Clock) -> str:
        """SELECT the ids of those that count and have this status, or one of these."""
        wanted = f"any({self.compared(given, 'text[]')})" if operator == "in" else self.compared(given, "text")
        now = self.expand(KEPT_NOW, "", clock)
        return f"select p.record_id from kept.{kept.by.table} p where p.{kept.column} = {wanted} and p.counts and {now}"

    def perhaps_few(
        self, type_: GraphQLObjectType, given: Given | None, t: str, clock: Clock
    ) -> tuple[str, list[str]] | None:
        """SELECT the ids of those that have the status asked for, and the conditions that a row has it; None if none
        is asked for.
        """
        for name, each in (given.value or {}).items() if given else ():
            if name in ("and", "or", "not") or each.value is None:
                continue
            rule = rule_at(type_, name)
            if isinstance(rule, Scalar) and rule.kept and self.is_kept(rule.kept.by, clock):
                for operator in ("eq", "in"):
                    if operator in each.value and each.value[operator].value is not None:
                        one = Given({operator: each.value[operator]}, each.path, each.where)
                        row_by_row = self.comparisons(self.value(rule, t, clock), "text", one)
                        return self.having(rule.kept, operator, each.value[operator], clock), row_by_row
        return None
