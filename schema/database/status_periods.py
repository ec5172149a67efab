"""Generates the SQL function that precomputes, for every record, its status on each day to come.

A record's status, and whether it counts, change as days pass, but for given records only on certain days, which can be
listed in advance. So a trigger writes down, for every record that a change touches, the periods and the values in each:
`kept.<table>` is then exact on any later day, without a clock that ticks, and can be indexed. How they are computed is
declared by each type, in SQL functions beside it. A migration carries them as they were then; a test and the check at
start-up hold the two together. Runs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

from schema.compiler.document.selection import select_nothing
from schema.compiler.plan.plan import Clock
from schema.compiler.plan.values import Given
from schema.compiler.sql.context import Context
from schema.compiler.sql.parameters import Parameters
from schema.compiler.sql.rows import expand, rows_of
from schema.compiler.sql.types import Types, table_of
from schema.declare.fields import StatusPeriods

AT_MOMENT = Clock(known_at=Given("", None, "at_moment"))

# From yesterday on, since the clock of a server may be behind the database's; tests, which fix the clock, say in
# `parley.today` from when on they live.
AHEAD = "coalesce(nullif(current_setting('parley.today', true), '')::date, current_date) - 1"

PART = """\
    wanted := array(select r.id from record r where r.id = any(due) and r.type = '{type}');
    if wanted <> '{{}}' then
        delete from kept.{name} p where p.record_id = any(wanted);
        insert into kept.{name}
        select p.* from unnest(wanted) u (id) cross join lateral kept.{name}_periods(u.id, {first}) p;
    end if;
"""

# Each SELECT is a function, whose plan is made once a session: of what is known, and of what was known at a moment.
FUNCTION = """\
create or replace function {schema}.{name}({moment}of_record uuid, first_day date) returns setof {rows}
    language plpgsql stable set search_path = pg_catalog, public, pg_temp set timezone = 'UTC' set jit = off
    set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
    return query
    select p.* from {source} t cross join lateral ({select}) p where t.id = of_record;
end
$$;
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

# Functions stand in the order in which they are read: the general one first, which calls those after it.
ANY_ORDER = "set local check_function_bodies = off;\n\n"

COMMENT = "comment on function kept.refresh(uuid[]) is '{digest}';\n"


@dataclass(frozen=True)
class OfFunction:
    """The clock policy of the generator: of other records the periods are read, where they are made before."""

    def today(self, parameters: Parameters, clock: Clock) -> str:  # noqa: ARG002 - there is none.
        raise LookupError("periods are of all days: their SQL cannot name {today}")

    def reads_periods(self, periods: StatusPeriods, clock: Clock) -> bool:  # noqa: ARG002 - all are made before.
        return clock.known_at is None

    def first(self, parameters: Parameters, clock: Clock) -> str:  # noqa: ARG002 - it is given.
        return "first_day"


def sql(types: Types) -> str:
    """Write the functions of the rules, and `kept.refresh`, which computes the periods of the records that are due.

    A type comes after those whose periods its own read.
    """
    return f"{ANY_ORDER}{rules(types)}\n{COMMENT.format(digest=fingerprint(types))}"


def rules(types: Types) -> str:
    return f"{functions(types)}\n{selects(types)}\n{refresh(types)}"


def refresh(types: Types) -> str:
    parts = []
    for periods in all_periods(types):
        if periods.touched:
            parts.append(TOUCHED.format(touched=periods.touched))
        first = AHEAD if periods.ahead else "null"
        parts.append(PART.format(name=periods.table, type=periods.table.upper(), first=first))
    return REFRESH.format(parts="".join(parts))


def selects(types: Types) -> str:
    """Write the functions that read records: the periods of each type, and the parts that are read by themselves."""
    return "\n".join(
        select(types, periods.table, name, rows, sql, clock)
        for periods in all_periods(types)
        for name, (rows, sql) in {**periods.parts, "periods": (f"kept.{periods.table}", periods.sql)}.items()
        for clock in (Clock(), AT_MOMENT)
    )


def select(types: Types, table: str, name: str, rows: str, sql: str, clock: Clock) -> str:
    context = Context(types, select_nothing(types.schema), OfFunction())
    # The moment is the first argument of the function, as it is the first parameter that is bound.
    source = rows_of(context, types.tables[table], clock)
    return FUNCTION.format(
        schema="kept" if clock.known_at is None else "known",
        moment="" if clock.known_at is None else "at_moment timestamptz, ",
        name=f"{table}_{name}",
        rows=rows,
        source=source,
        select=expand(context, sql, "t", clock),
    )


def functions(types: Types) -> str:
    """Write the functions that the periods call, with their numbers."""
    found = []
    for periods in all_periods(types):
        made = periods.functions
        for name, value in periods.parameters.items():
            made = made.replace(f"{{{name}}}", str(value))
        found.append(made)
    return "\n".join(found)


def all_periods(types: Types) -> list[StatusPeriods]:
    """List the periods that types declare; those that read others come after them."""
    waiting = [each for type_ in types.tables.values() if (each := table_of(type_).periods)]
    found: list[StatusPeriods] = []
    while waiting:
        ready = [each for each in waiting if set(each.reads) <= {other.table for other in found}]
        found += sorted(ready, key=lambda each: each.table)
        waiting = [each for each in waiting if each not in ready]
    return found


def fingerprint(types: Types) -> str:
    """Compute the comment that the function `kept.refresh` must carry where the database has these rules."""
    return blake2b(rules(types).encode(), digest_size=16).hexdigest()
