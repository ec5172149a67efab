"""The SQL by which the database keeps ahead what days alone change of records, made from the rules of their types.

Whether a record counts and what its status is change by themselves as days pass, but for given records only on certain
days, all of which can be told ahead. So a trigger writes down, for every record that a change touches, from which day
to which all of that will be what: `kept.<table>` is then exact on any later day, without a clock that ticks, and can be
indexed. A migration carries what is made here as it was then; a test and the check at start-up hold the two together.
Runs nothing.
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
from schema.declare.fields import Kept, One, Scalar

# The first day of all that Postgres can subtract from others. Of what is kept ahead it is yesterday, since the clock of
# a server may be behind the database's; tests, which fix the clock, say in `parley.today` from when on they live.
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

    def reads_periods(self, periods: Kept, clock: Clock) -> bool:  # noqa: ARG002 - there is one day.
        return periods.table in self.tables

    def value_at_hand(self, rule: Scalar | One, t: str) -> str | None:
        return f"made.{rule.kept.column}" if t == "t" and isinstance(rule, One) and rule.kept else None


def sql(types: Types) -> str:
    """The function `kept.refresh`, which keeps the records that are due. A type comes after those its rules read."""
    made = refresh(types)
    return f"{made}\n{COMMENT.format(digest=digest(made))}"


def refresh(types: Types) -> str:
    parts = []
    for kept in all_kept(types):
        # What depends on its own record alone reads nothing that is kept.
        tables = frozenset(other.table for other in all_kept(types) if kept.touched and not other.touched)
        if kept.touched:
            parts.append(TOUCHED.format(touched=kept.touched))
        parts.append(part(types, kept, tables))
    return REFRESH.format(parts="".join(parts))


def all_kept(types: Types) -> list[Kept]:
    """How each type is kept that is; those that depend on others come last."""
    found = (table_of(type_).kept for type_ in types.tables.values())
    return sorted((kept for kept in found if kept), key=lambda kept: (bool(kept.touched), kept.table))


def part(types: Types, kept: Kept, tables: frozenset[str]) -> str:
    """What makes the rows of one type anew."""
    type_ = types.tables[kept.table]
    context = Context(types, select_nothing(types.schema), OnDay(tables))
    first_rules = {"counts": conjunction(appearance(context, type_, "t", Clock()))}
    rules: dict[str, str] = {}
    for rule in (rule_at(type_, name) for name in type_.fields):
        if isinstance(rule, Scalar | One) and rule.kept:
            chosen = first_rules if isinstance(rule, One) else rules
            chosen[rule.kept.column] = expand(context, rule.sql, "t", Clock())
    columns = [*first_rules, *rules]
    return PART.format(
        name=kept.table,
        type=kept.table.upper(),
        first_rules=listed(first_rules),
        rules=listed(rules),
        first=AHEAD if kept.ahead else EVER,
        days=expand(context, kept.days, "t", Clock()),
        columns=", ".join(columns),
        values=", ".join(f"o.{column}" for column in columns),
    )


def listed(rules: Mapping[str, str]) -> str:
    return ", ".join(f"{rule} as {column}" for column, rule in rules.items())


def fingerprint(types: Types) -> str:
    """What the comment on the function `kept.refresh` has to say where the database keeps records by these rules."""
    return digest(refresh(types))


def digest(made: str) -> str:
    return blake2b(made.encode(), digest_size=16).hexdigest()
