"""Generates the SQL function that precomputes, for every record, its status on each day to come.

A record's status, and whether it counts, change as days pass, but for given records only on certain days, which can be
listed in advance. So a trigger writes down, for every record that a change touches, the periods and the values in each:
`kept.<table>` is then exact on any later day, without a clock that ticks, and can be indexed. A migration carries the
function as it was then; a test and the check at start-up hold the two together. Runs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b

from schema.compiler.document.selection import select_nothing
from schema.compiler.plan.plan import Clock
from schema.compiler.sql.context import Context
from schema.compiler.sql.parameters import Parameters
from schema.compiler.sql.rows import appearance, conjunction, expand
from schema.compiler.sql.types import Types, rule_at, table_of
from schema.declare.fields import One, Scalar, StatusPeriods

# The first day of all that Postgres can subtract from others. Of periods computed ahead it is yesterday, since the
# clock of a server may be behind the database's; tests, which fix the clock, say in `parley.today` from when on they
# live.
EVER = "date '4713-01-01 BC'"
AHEAD = "coalesce(nullif(current_setting('parley.today', true), '')::date, current_date) - 1"

# Days are looked at one by one, and joined where nothing changes from one to the next. They are materialised, lest a
# rule be computed again for each comparison; what other rules look at is made before them.
PART = """\
    wanted := array(select r.id from record r where r.id = any(due) and r.type = '{type}');
    if wanted <> '{{}}' then
        delete from kept.{name} p where p.record_id = any(wanted);
        with of_day as materialized (
            select t.id, c.on_day, made.*, {rules}
            from unnest(wanted) u (id)
            join {name} t on t.id = u.id
            cross join lateral (
                select {first} as on_day
                union
                select v.day from ({days}) v (day) where v.day > {first} and isfinite(v.day)
            ) c
            cross join lateral (select {first_rules} offset 0) made
        ),
        change as (
            select o.*, lag(o.on_day) over w is null as is_first,
                row({values}) is distinct from lag(row({values})) over w as is_change
            from of_day o
            window w as (partition by o.id order by o.on_day)
        )
        insert into kept.{name} (record_id, from_day, until_day, {columns})
        select o.id, case when o.is_first then '-infinity' else o.on_day end,
            lead(o.on_day, 1, 'infinity') over (partition by o.id order by o.on_day), {values}
        from change o
        where o.is_change or o.is_first;
    end if;
"""

# Nothing is known of what is due when the statements are planned, and they are planned but once a session: arrays of
# ids are taken for short, so that no plan reads whole tables for one changed record.
REFRESH = """\
create or replace function kept.refresh(due uuid[]) returns void language plpgsql
    set search_path = pg_catalog, public, pg_temp set timezone = 'UTC' set jit = off
    set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
    wanted uuid[];
begin
{parts}end
$$;
"""

TOUCHED = """\
    due := due || array(select v.id from ({touched}) v (id) where v.id is not null);
"""

COMMENT = "comment on function kept.refresh(uuid[]) is '{digest}';\n"


@dataclass(frozen=True)
class OnDay:
    """The clock policy of the generator: rules are expanded for the column `on_day`.

    Of other records the periods in `tables` are read, since they are made before. The records that a row names by
    rules, such as the talk that met a deadline, are at hand in `made`.
    """

    tables: frozenset[str]

    def today(self, parameters: Parameters, clock: Clock) -> str:  # noqa: ARG002 - there is one day.
        return "on_day"

    def reads_periods(self, periods: StatusPeriods, clock: Clock) -> bool:  # noqa: ARG002 - there is one day.
        return periods.table in self.tables

    def value_at_hand(self, rule: Scalar | One, t: str) -> str | None:
        held = rule.precomputed
        return f"made.{held.column}" if t == "t" and isinstance(rule, One) and held else None


def sql(types: Types) -> str:
    """Write the function `kept.refresh`, which computes the periods of the records that are due.

    A type comes after those that its rules read.
    """
    made = refresh(types)
    return f"{made}\n{COMMENT.format(digest=digest(made))}"


def refresh(types: Types) -> str:
    parts = []
    for periods in all_periods(types):
        # A status that depends on its own record alone reads no other periods.
        tables = frozenset(other.table for other in all_periods(types) if periods.touched and not other.touched)
        if periods.touched:
            parts.append(TOUCHED.format(touched=periods.touched))
        parts.append(part(types, periods, tables))
    return REFRESH.format(parts="".join(parts))


def all_periods(types: Types) -> list[StatusPeriods]:
    """List the periods that types declare; those that depend on others come last."""
    found = (table_of(type_).periods for type_ in types.tables.values())
    return sorted((each for each in found if each), key=lambda each: (bool(each.touched), each.table))


def part(types: Types, periods: StatusPeriods, tables: frozenset[str]) -> str:
    """Write the statements that compute the periods of one type anew."""
    type_ = types.tables[periods.table]
    context = Context(types, select_nothing(types.schema), OnDay(tables))
    first_rules = {"counts": conjunction(appearance(context, type_, "t", Clock()))}
    rules: dict[str, str] = {}
    for rule in (rule_at(type_, name) for name in type_.fields):
        if isinstance(rule, Scalar | One) and rule.precomputed:
            chosen = first_rules if isinstance(rule, One) else rules
            chosen[rule.precomputed.column] = expand(context, rule.sql, "t", Clock())
    columns = [*first_rules, *rules]
    return PART.format(
        name=periods.table,
        type=periods.table.upper(),
        first_rules=listed(first_rules),
        rules=listed(rules),
        first=AHEAD if periods.ahead else EVER,
        days=expand(context, periods.days, "t", Clock()),
        columns=", ".join(columns),
        values=", ".join(f"o.{column}" for column in columns),
    )


def listed(rules: Mapping[str, str]) -> str:
    return ", ".join(f"{rule} as {column}" for column, rule in rules.items())


def fingerprint(types: Types) -> str:
    """Compute the comment that the function `kept.refresh` must carry where the database has these rules."""
    return digest(refresh(types))


def digest(made: str) -> str:
    return blake2b(made.encode(), digest_size=16).hexdigest()
