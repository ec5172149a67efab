"""Writes the page of a list as one SELECT: its rows in order, and one more to know whether there is a next page."""

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
class OrderKey:
    """One expression that a list is ordered by."""

    sql: str
    type: str
    descending: bool
    nullable: bool


@dataclass(frozen=True)
class Position:
    """A position in an order, taken from a cursor: a value for each key, and whether the page comes after it."""

    values: list[str]
    forward: bool


@dataclass
class Page:
    """The page of a connection under construction: which rows, in which order, with which columns."""

    t: str
    clock: Clock
    rows: str
    keys: list[OrderKey]
    tag: str
    peeks: bool
    """Whether it is asked where the page begins or ends: one row more is read, to know of a next."""
    size: int = PAGE_SIZE
    backward: bool = False
    follows: bool = False
    precedes: bool = False
    ways: list[list[str]] = field(default_factory=list)
    """The ways to the rows, each a list of conditions: a row fulfils those of one way, and an index answers each."""
    few: str = ""
    """SELECT the ids that the first way reads, as the rows `few`; empty where no way does."""
    joins: list[str] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)

    def add_column(self, text: str) -> str:
        """Add an object to each row; gives the JSON of the list of those on the page."""
        name = f"c{len(self.columns) + 1}"
        self.columns.append(f"{text} as {name}")
        listed = f"array_to_string(g.{name}{self.slice()}, ',')" if self.peeks else f"g.{name}"
        return f"concat('[', {listed}, ']')"

    def slice(self) -> str:
        """Cut the part of the rows read that is on the page: one more was read, to know of a next page."""
        return f"[greatest(g.n - {self.size}, 0) + 1 : g.n]" if self.backward else f"[1 : {self.size}]"

    def cursor(self) -> str:
        """Write the cursor of a row: the list's tag and the row's keys, as opaque text."""
        return self.encode(f"{self.t}.o{index}" for index, _ in enumerate(self.keys))

    def cursor_at(self, place: str) -> str:
        """Write the cursor of one of the rows that were read, as JSON; null where there is none."""
        cursor = self.encode(f"g.k{index}[{place}]" for index, _ in enumerate(self.keys))
        return json_text.null_if_missing(f"""case when g.n > 0 then '"' || {cursor} || '"' end""")

    def encode(self, values: Iterable[str]) -> str:
        """Encode values as a cursor."""
        texts = ", ".join(f"{value}::text" for value in values)
        return (
            f"translate(encode(convert_to(json_build_array({literal(self.tag)}, {texts})::text, 'UTF8'), "
            f"'base64'), E'+/=\\n', '-_')"
        )

    def info(self, name: str) -> str:
        """Write a field of `pageInfo`."""
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
        """SELECT the page: each column aggregated over its rows. `g` is what the columns read from."""
        order = ", ".join(
            f"{self.t}.o{index}{' desc' if key.descending else ''}" for index, key in enumerate(self.keys)
        )
        # The keys stay as they are, and become text only for the two cursors of a page.
        places = [f"{self.t}.o{index} as k{index}" for index, _ in enumerate(self.keys)] if self.peeks else []
        columns = [*self.columns, *places]
        listed = "array_agg(p.{0}) as {0}" if self.peeks else "string_agg(p.{0}, ',') as {0}"
        arrays = [listed.format(each.rpartition(" as ")[2]) for each in columns]
        arrays += ["count(*)::integer as n"] if self.peeks else []
        return (
            f"(select {', '.join(arrays)} from (select {', '.join(columns)} from ({self.select_rows()}) {self.t} "
            f"{' '.join(self.joins)} order by {order}) p) g"
        )

    def select_rows(self) -> str:
        """SELECT the rows of the page with their keys."""
        keys = ", ".join(f"{key.sql} as o{index}" for index, key in enumerate(self.keys))
        directions = [" desc" if key.descending != self.backward else "" for key in self.keys]
        page = f"limit {self.size}{' + 1' if self.peeks else ''}"
        rows = f"select {self.t}.*, {keys} from {self.rows} {self.t} where"
        in_order = ", ".join(f"{key.sql}{direction}" for key, direction in zip(self.keys, directions, strict=True))
        found = [f"{rows} {' and '.join(way)} order by {in_order} {page}" for way in self.ways]
        if len(found) == 1:
            return found[0]
        named = ", ".join(f"o{index}{direction}" for index, direction in enumerate(directions))
        beside = f"with few as materialized (select array({self.few} limit {FEW + 1}) as ids) " if self.few else ""
        return f"{beside}({') union all ('.join(found)}) order by {named} {page}"


# --- the ways to the rows ------------------------------------------------------------------------


def ways_beyond(keys: list[OrderKey], positions: list[Position]) -> list[list[str]]:
    """List the ways to the rows beyond these positions, each to a part of them."""
    if len(positions) == 1 and (halves := halves_beyond(keys, positions[0])):
        return [[half] for half in halves]
    return [[condition_beyond(keys, each) for each in positions]]


def ways_by_number(few: list[str], t: str, many: list[list[str]]) -> list[list[str]]:
    """Put before the ways to the rows in order the way to a few rows whose ids are read first.

    Of how many rows have a status today the planner knows nothing. So their ids are read up to a number; if there are
    no more, these rows are sorted, else the rows are read in order until there are enough of them.
    """
    found = [f"(select cardinality(ids) from few) <= {FEW}", f"{t}.id = any((select ids from few)::uuid[])"]
    too_many = f"(select cardinality(ids) from few) > {FEW}"
    return [[*found, *few], *([too_many, *way] for way in many)]


# --- conditions on positions ---------------------------------------------------------------------


def condition_beyond(keys: list[OrderKey], position: Position) -> str:
    """Write the condition that a row comes after a position (before it, if not forward).

    Nulls count as greater than everything, as in Postgres' own order.
    """
    forward, values = position.forward, position.values
    if not any(key.nullable for key in keys) and len({key.descending for key in keys}) == 1:
        sign = ">" if keys[0].descending != forward else "<"
        return f"({', '.join(key.sql for key in keys)}) {sign} ({', '.join(values)})"
    condition = ""
    for key, value in reversed(list(zip(keys, values, strict=True))):
        further = step_beyond(key, value, greater=key.descending != forward)
        same = f"{key.sql} is not distinct from {value}" if key.nullable else f"{key.sql} = {value}"
        condition = f"({further} or ({same} and {condition}))" if condition else further
    return condition


def halves_beyond(keys: list[OrderKey], position: Position) -> list[str]:
    """Write the same as two conditions that an index answers each by itself. To answer both at once, the index would be
    read from its beginning.

    There are two only where the first key alone can be null and nulls are still to come; else none.
    """
    first, *others = keys
    values = position.values
    nulls_come = {key.descending != position.forward for key in keys} == {True}
    if not (others and first.nullable and nulls_come) or any(key.nullable for key in others):
        return []
    rest = f"({', '.join(key.sql for key in others)}) > ({', '.join(values[1:])})"
    return [
        f"({', '.join(key.sql for key in keys)}) > ({', '.join(values)})",
        f"{first.sql} is null and ({values[0]} is not null or {rest})",
    ]


def step_beyond(key: OrderKey, value: str, *, greater: bool) -> str:
    """Write the condition that a key is greater (or less) than a value that may be null; null is the greatest."""
    if not key.nullable:
        return f"{key.sql} {'>' if greater else '<'} {value}"
    if greater:
        return f"({key.sql} > {value} or ({key.sql} is null and {value} is not null))"
    return f"({key.sql} < {value} or ({key.sql} is not null and {value} is null))"
