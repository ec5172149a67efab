"""The page of a list: which rows, in which order, as one SELECT that reads one row more than it shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from schema.compiler.plan.plan import Clock
from schema.compiler.sql import json_text
from schema.declare.fields import literal
from schema.declare.page_sizes import PAGE_SIZE

FEW = 1000
"""Rows that are sorted in a millisecond or two. To find twenty of a thousand in order, one of each fifty is enough."""


@dataclass(frozen=True)
class Key:
    """One expression that a list is ordered by."""

    sql: str
    type: str
    descending: bool
    nullable: bool


@dataclass(frozen=True)
class Few:
    """Another way to the rows of a list, where they are few: SELECT their ids, and what must hold besides."""

    ids: str
    conditions: list[str]


@dataclass
class Page:
    """The page of a connection under construction: which rows, in which order, with which columns."""

    t: str
    clock: Clock
    rows: str
    conditions: list[str]
    keys: list[Key]
    tag: str
    peeks: bool
    """Whether it is asked where the page begins or ends: one row more is read, to know of a next."""
    size: int = PAGE_SIZE
    backward: bool = False
    follows: bool = False
    precedes: bool = False
    beyond: list[str] = field(default_factory=list)
    """That a row is beyond the places that the cursors stand for."""
    halves: list[str] = field(default_factory=list)
    """The same as two conditions, of which a row fulfils one; empty where there is nothing to part."""
    days: list[str] = field(default_factory=list)
    """Two more conditions, of which each row of the list fulfils one; empty where there is nothing to part."""
    perhaps_few: Few | None = None
    joins: list[str] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)

    def column(self, text: str) -> str:
        """Add an object to each row; gives the JSON of the list of those on the page."""
        name = f"c{len(self.columns) + 1}"
        self.columns.append(f"{text} as {name}")
        listed = f"array_to_string(g.{name}{self.slice()}, ',')" if self.peeks else f"g.{name}"
        return f"concat('[', {listed}, ']')"

    def slice(self) -> str:
        """The part of the rows read that is on the page: one more was read, to know of a next page."""
        return f"[greatest(g.n - {self.size}, 0) + 1 : g.n]" if self.backward else f"[1 : {self.size}]"

    def cursor(self) -> str:
        """The cursor of a row: the list's tag and the row's place in it, as opaque text."""
        return self.written(f"{self.t}.o{index}" for index, _ in enumerate(self.keys))

    def cursor_at(self, place: str) -> str:
        """The cursor of one of the rows that were read, as JSON; null where there is none."""
        cursor = self.written(f"g.k{index}[{place}]" for index, _ in enumerate(self.keys))
        return json_text.or_null(f"""case when g.n > 0 then '"' || {cursor} || '"' end""")

    def written(self, values: Iterable[str]) -> str:
        texts = ", ".join(f"{value}::text" for value in values)
        return (
            f"translate(encode(convert_to(json_build_array({literal(self.tag)}, {texts})::text, 'UTF8'), "
            f"'base64'), E'+/=\\n', '-_')"
        )

    def info(self, name: str) -> str:
        """A field of `pageInfo`."""
        match name, self.backward:
            case ("hasNextPage", False) | ("hasPreviousPage", True):
                beyond = self.follows if self.backward else self.precedes
                return "'true'" if beyond else f"(g.n > {self.size})::text"
            case ("hasNextPage", True) | ("hasPreviousPage", False):
                beyond = self.precedes if self.backward else self.follows
                return f"'{str(beyond).lower()}'"
            case ("startCursor", _):
                return self.cursor_at(f"greatest(g.n - {self.size}, 0) + 1" if self.backward else "1")
            case ("endCursor", _):
                return self.cursor_at("g.n" if self.backward else f"least(g.n, {self.size})")
            case _:
                return json_text.constant("PageInfo")

    def sql(self) -> str:
        """The rows of the page, put together for each column. `g` is what the columns read from."""
        order = ", ".join(
            f"{self.t}.o{index}{' desc' if key.descending else ''}" for index, key in enumerate(self.keys)
        )
        # Where the page ends is kept as it is: of a hundred rows, two have their cursors told.
        places = [f"{self.t}.o{index} as k{index}" for index, _ in enumerate(self.keys)] if self.peeks else []
        columns = [*self.columns, *places]
        listed = "array_agg(p.{0}) as {0}" if self.peeks else "string_agg(p.{0}, ',') as {0}"
        arrays = [listed.format(each.rpartition(" as ")[2]) for each in columns]
        arrays += ["count(*)::integer as n"] if self.peeks else []
        return (
            f"(select {', '.join(arrays)} from (select {', '.join(columns)} from ({self.taken()}) {self.t} "
            f"{' '.join(self.joins)} order by {order}) p) g"
        )

    def taken(self) -> str:
        """SELECT the rows of the page with their keys.

        Of how many rows have a status today the planner knows nothing. So where a list asks for one, its ids are read
        first, up to a number; if that is all, these rows are sorted, else the rows are read in order until there are
        enough of them.
        """
        keys = ", ".join(f"{key.sql} as o{index}" for index, key in enumerate(self.keys))
        ways = [f"{way.sql}{' desc' if way.descending != self.backward else ''}" for way in self.keys]
        page = f"limit {self.size}{' + 1' if self.peeks else ''}"
        rows = f"select {self.t}.*, {keys} from {self.rows} {self.t} where"
        in_order = f"order by {', '.join(ways)} {page}"
        found = [f"{rows} {' and '.join(each)} {in_order}" for each in self.parted()]
        if len(found) == 1:
            return found[0]
        named = [f"o{index}{' desc' if way.endswith(' desc') else ''}" for index, way in enumerate(ways)]
        few = f"select array({self.perhaps_few.ids} limit {FEW + 1}) as ids" if self.perhaps_few else ""
        beside = f"with few as materialized ({few}) " if few else ""
        return f"{beside}({') union all ('.join(found)}) order by {', '.join(named)} {page}"

    def parted(self) -> list[list[str]]:
        """The conditions of each of the parts that an index answers by itself."""
        places = [[half] for half in self.halves] or [self.beyond]
        days = [[part] for part in self.days] or [[]]
        parts = [[*self.conditions, *place, *day] for place in places for day in days]
        if not self.perhaps_few:
            return parts
        found = [f"(select cardinality(ids) from few) <= {FEW}", f"{self.t}.id = any((select ids from few)::uuid[])"]
        too_many = f"(select cardinality(ids) from few) > {FEW}"
        return [[*found, *self.perhaps_few.conditions, *self.beyond], *([too_many, *part] for part in parts)]


# --- what comes after a place --------------------------------------------------------------------


def beyond(keys: list[Key], values: list[str], *, forward: bool) -> str:
    """True for the rows that come after a place (before it, if not forward).

    Nulls count as greater than everything, as in Postgres' own order.
    """
    if not any(key.nullable for key in keys) and len({key.descending for key in keys}) == 1:
        sign = ">" if keys[0].descending != forward else "<"
        return f"({', '.join(key.sql for key in keys)}) {sign} ({', '.join(values)})"
    condition = ""
    for key, value in reversed(list(zip(keys, values, strict=True))):
        further = step_beyond(key, value, greater=key.descending != forward)
        same = f"{key.sql} is not distinct from {value}" if key.nullable else f"{key.sql} = {value}"
        condition = f"({further} or ({same} and {condition}))" if condition else further
    return condition


def halves(keys: list[Key], values: list[str], *, forward: bool) -> list[str]:
    """The same in two conditions that an index answers each by itself, where only the first key can be null and
    nulls are still to come. To answer both at once it would be read from its beginning.
    """
    first, *others = keys
    nulls_come = {key.descending != forward for key in keys} == {True}
    if not (others and first.nullable and nulls_come) or any(key.nullable for key in others):
        return []
    rest = f"({', '.join(key.sql for key in others)}) > ({', '.join(values[1:])})"
    return [
        f"({', '.join(key.sql for key in keys)}) > ({', '.join(values)})",
        f"{first.sql} is null and ({values[0]} is not null or {rest})",
    ]


def step_beyond(key: Key, value: str, *, greater: bool) -> str:
    """True where a key is greater (or less) than a value that may be null; null is the greatest."""
    if not key.nullable:
        return f"{key.sql} {'>' if greater else '<'} {value}"
    if greater:
        return f"({key.sql} > {value} or ({key.sql} is null and {value} is not null))"
    return f"({key.sql} < {value} or ({key.sql} is not null and {value} is null))"
