"""The SQL by which the database keeps statuses ahead, made from the rules of the record types.

A status changes by itself as days pass, but for given records only on certain days, all of which can be told ahead.
So a trigger writes down, for every record that a change touches, from which day to which its status will be what:
`status_period` is then exact on any later day, without a clock that ticks, and can be indexed. A migration carries
what is made here as it was then; a test and the check at start-up hold the two together. Runs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from typing import cast

from schema.compile import Compiler, Operation, Statement, rule_at, table_of
from schema.fields import Kept, Scalar, Table
from schema.plan import Clock

STATUS = """\
create or replace function {name}_status(t {name}, on_day date) returns text language plpgsql stable as $$
begin
    return {sql};
end
$$;
"""

# The first day of all that Postgres can subtract from others. Of what is kept ahead it is yesterday, since the clock of
# a server may be behind the database's; tests, which fix the clock, say in `parley.today` from when on they live.
EVER = "date '4713-01-01 BC'"
AHEAD = "coalesce(nullif(current_setting('parley.today', true), '')::date, current_date) - 1"

REFRESH = """\
    if exists (select from {name} t join status_due u on u.record_id = t.id) then
        delete from status_period p using {name} t, status_due u where u.record_id = t.id and p.record_id = t.id;
        insert into status_period (record_id, type, status, from_day, until_day)
        select r.id, '{type}', r.status,
            case when r.before is null then '-infinity' else r.day end,
            lead(r.day, 1, 'infinity') over (partition by r.id order by r.day)
        from (
            select s.id, s.day, s.status, lag(s.status) over (partition by s.id order by s.day) as before
            from (
                select t.id, d.day, {name}_status(t, d.day) as status
                from {name} t
                join status_due u on u.record_id = t.id
                cross join lateral (
                    select {first} as day
                    union
                    select c.day from ({days}) c (day) where c.day > {first} and isfinite(c.day)
                ) d
            ) s
        ) r
        where r.status is distinct from r.before;
    end if;
"""

ALL = """\
create or replace function refresh_statuses() returns void language plpgsql
    set search_path = pg_catalog, public, pg_temp set timezone = 'UTC' as $$
begin
    if not exists (select from status_due) then
        return;
    end if;
{parts}    delete from status_due;
end
$$;
"""

TOUCHED = """\
    insert into status_due select v.id from ({touched}) v (id) where v.id is not null
    on conflict do nothing;
"""

COMMENT = "comment on function refresh_statuses() is '{digest}';\n"


class OnDay(Statement):
    """Expands a rule for the variable `on_day`; of other records it takes the statuses that are kept."""

    def today(self, clock: Clock) -> str:  # noqa: ARG002 - there is one day.
        return "on_day"


def sql(compiler: Compiler) -> str:
    """The functions that keep every status: `<type>_status(row, day)`, and `refresh_statuses()`, which keeps all due.

    A type stands after those that its rule reads.
    """
    made = list(functions(compiler))
    return "\n".join([*made, COMMENT.format(digest=digest(made))])


def functions(compiler: Compiler) -> Iterator[str]:
    refreshed = []
    for name, rule, kept in statuses(compiler):
        yield STATUS.format(name=name, sql=on_day(compiler, rule.sql))
        if kept.touched:
            refreshed.append(TOUCHED.format(touched=kept.touched))
        first = AHEAD if kept.ahead else EVER
        refreshed.append(REFRESH.format(name=name, type=name.upper(), first=first, days=on_day(compiler, kept.days)))
    yield ALL.format(parts="".join(refreshed))


def statuses(compiler: Compiler) -> Iterator[tuple[str, Scalar, Kept]]:
    """The statuses that are kept: table, rule and how; those whose rules read no other status first."""
    found = []
    for type_ in compiler.tables.values():
        for name in type_.fields:
            rule = rule_at(type_, name)
            if isinstance(rule, Scalar) and rule.kept:
                found.append((cast("Table", table_of(type_)).name, rule, rule.kept))
    return iter(sorted(found, key=lambda each: (bool(each[2].touched), each[0])))


def on_day(compiler: Compiler, declared: str) -> str:
    # Any operation will do: nothing of it is read.
    operation: Operation = compiler.operation("{ __typename }")
    return OnDay(compiler, operation, {}).expand(declared, "t", Clock())


def fingerprint(compiler: Compiler) -> str:
    """What `comment on function refresh_statuses()` has to say where the database keeps statuses by these rules."""
    return digest(list(functions(compiler)))


def digest(made: list[str]) -> str:
    return blake2b("\n".join(made).encode(), digest_size=16).hexdigest()
