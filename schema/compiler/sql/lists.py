"""Which rows of a list are on a page: its order, and where `first`, `after`, `last` and `before` cut it.

The SQL of the page itself is made by `keyset_page`. Knows no documents: the arguments come as `Given`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from graphql import GraphQLObjectType, is_non_null_type

from schema.compiler.plan.effort import Effort
from schema.compiler.plan.plan import Clock
from schema.compiler.plan.values import Bind, Given, as_page_size, from_cursor, value_of
from schema.compiler.sql.filters import Filters
from schema.compiler.sql.keyset_page import Few, Key, Page, beyond, halves
from schema.compiler.sql.rows import KEPT_NOW
from schema.compiler.sql.types import Types, field_name, object_type, postgres_type, rule_at, table_of
from schema.declare.fields import Children, Parts, Scalar
from schema.declare.page_sizes import LARGEST_PAGE
from schema.derive.filters_and_orders import Ordering
from schema.errors import Invalid, Problem


@dataclass
class Listed:
    """A list: rows of a type that fulfil some conditions, and the arguments that the list was given."""

    type: GraphQLObjectType
    t: str
    clock: Clock
    given: Mapping[str, Given]
    conditions: list[str] = field(default_factory=list)

    @property
    def filter(self) -> Given | None:
        return self.given.get("filter")


class Pages(Filters):
    """A statement as far as it knows orders and places in them."""

    def __init__(self, types: Types, effort: Effort | None = None) -> None:
        super().__init__(types, effort)
        self.checks: list[Bind] = []
        """Values that must fit although the statement may have no place for them."""

    def belonging(self, rule: Children, listed: Listed, parent: str) -> list[str]:
        """What makes a row one of the list: of this parent, if there is one, present, and what the filter asks for."""
        return [
            self.expand(rule.on, listed.t, listed.clock, parent),
            *self.present(listed.type, listed.t, listed.clock, via=rule.via if parent else None),
            *self.conditions(listed.type, listed.filter, listed.t, listed.clock),
        ]

    def page_of(self, listed: Listed, *, peeks: bool) -> Page:
        """The rows of a list that its arguments ask for."""
        orderings, tag = self.orderings(listed.type, value_of(listed.given, "orderBy"))
        keys = [self.key(listed, each) for each in orderings]
        rows = self.rows_of(listed.type, listed.clock)
        page = Page(listed.t, listed.clock, rows, listed.conditions, keys, tag, peeks=peeks)
        self.cut(page, listed.given)
        page.days = self.days(listed, orderings[0])
        if sought := self.perhaps_few(listed.type, listed.filter, listed.t, listed.clock):
            ids, row_by_row = sought
            has_status = f"{listed.t}.id in ({ids})"
            # Those found do count, and have the status; where they are many, each row in order is asked for it.
            certain = {has_status, *self.appears(listed.type, listed.t, listed.clock)}
            page.perhaps_few = Few(ids, [each for each in page.conditions if each not in certain])
            page.conditions = [*(each for each in page.conditions if each != has_status), *row_by_row]
        return page

    def read_to_its_end(self, listed: Listed) -> Listed:
        """The same list where all of it is read: which records count is found out for all at once. Those that have a
        status that is asked for do.
        """
        kept = table_of(listed.type).kept
        if not kept or not self.is_kept(kept, listed.clock):
            return listed
        appears = self.appears(listed.type, listed.t, listed.clock)
        others = [each for each in listed.conditions if each not in appears]
        if others == listed.conditions:
            return listed
        if not self.perhaps_few(listed.type, listed.filter, listed.t, listed.clock):
            now = self.expand(KEPT_NOW, "", listed.clock)
            others.append(f"{listed.t}.id in (select p.record_id from kept.{kept.table} p where p.counts and {now})")
        return replace(listed, conditions=others)

    # --- orders ---

    def orderings(self, type_: GraphQLObjectType, given: Given | None) -> tuple[list[Ordering], str]:
        """What a list is ordered by, a unique key last, and the tag that its cursors carry."""
        table = table_of(type_)
        chosen = (
            [each.value.value for each in given.value]
            if given and given.value
            else [Ordering(tuple(each.lstrip("-").split(".")), each.startswith("-")) for each in table.order]
        )
        unique = (table.unique,)
        chosen = list(dict.fromkeys(chosen))
        if all(each.path != unique for each in chosen):
            chosen.append(Ordering(unique, descending=False))
        directions = (f"{'-' if each.descending else ''}{'.'.join(each.path)}" for each in chosen)
        return chosen, f"{type_.name}:{','.join(directions)}"

    def key(self, listed: Listed, ordering: Ordering) -> Key:
        rule, kind, nullable = self.ordered(listed.type, ordering.path)
        return Key(self.value(rule, listed.t, listed.clock), kind, ordering.descending, nullable)

    def ordered(self, type_: GraphQLObjectType, path: tuple[str, ...]) -> tuple[Scalar, str, bool]:
        """What a list is ordered or grouped by: its rule, its Postgres type, and whether it can be null."""
        name = field_name(type_, path[0])
        rule, field = rule_at(type_, name), type_.fields[name]
        nullable = not is_non_null_type(field.type)
        if isinstance(rule, Parts):
            rule, field = cast("Scalar", rule.parts[path[1]]), object_type(field).fields[path[1]]
            nullable = True
        rule = cast("Scalar", rule)
        return rule, postgres_type(rule, field), nullable

    def days(self, listed: Listed, first: Ordering) -> list[str]:
        """Two conditions, of which each row fulfils one, where a list in the order of its days is asked for what lasts
        until a day or longer; none elsewhere.

        From that day on, the index of the order has the rows one after the other. Those that began before it may stand
        anywhere between others; they are vague dates, and have an index of their own.
        """
        name = field_name(listed.type, first.path[0])
        rule = rule_at(listed.type, name)
        is_indexed = table_of(listed.type).order[0] == ".".join(first.path)
        if not (is_indexed and isinstance(rule, Parts) and rule.column):
            return []
        asked = listed.filter.get(name) if listed.filter else None
        until = asked.get("latest") if asked else None
        bounds = [each for operator in ("gte", "gt", "eq") if until and (each := until.get(operator))]
        if not bounds:
            return []
        earliest, latest = (
            self.value(cast("Scalar", rule.parts[each]), listed.t, listed.clock) for each in ("earliest", "latest")
        )
        day = self.compared(bounds[0], "date")
        lasts = f"daterange({earliest}, {latest}, '[]') @> {day} and {latest} is distinct from {earliest}"
        return [f"{earliest} >= {day}", f"{lasts} and coalesce({earliest} < {day}, true)"]

    # --- sizes and cursors ---

    def cut(self, page: Page, given: Mapping[str, Given]) -> None:
        """Take what `first`, `after`, `last` and `before` say."""
        first, last, after, before = (value_of(given, name) for name in ("first", "last", "after", "before"))
        self.check_sizes(given)
        if size := first or last:
            # Written out, too: how many are wanted decides how to look for them. No size is refused when it is run.
            page.size = min(max(size.value, 1), LARGEST_PAGE)
        page.backward = last is not None or (before is not None and first is None)
        page.follows, page.precedes = after is not None, before is not None
        places = [(self.placed(page, cursor), cursor is after) for cursor in (after, before) if cursor]
        page.beyond = [beyond(page.keys, values, forward=forward) for values, forward in places]
        if len(places) == 1:
            ((values, forward),) = places
            page.halves = halves(page.keys, values, forward=forward)

    def placed(self, page: Page, cursor: Given) -> list[str]:
        """The place that a cursor stands for: a value for each key."""
        types = tuple(key.type for key in page.keys)
        return [self.bind(cursor, key.type, from_cursor(page.tag, types, index)) for index, key in enumerate(page.keys)]

    def check_page(self, type_: GraphQLObjectType, given: Mapping[str, Given]) -> None:
        """Hold the arguments of a page to their rules where no page is asked for, as with `totalCount` alone."""
        self.check_sizes(given)
        chosen, tag = self.orderings(type_, value_of(given, "orderBy"))
        self.check_cursors(given, tag, tuple(self.ordered(type_, each.path)[1] for each in chosen))

    def check_sizes(self, given: Mapping[str, Given]) -> None:
        first, last = value_of(given, "first"), value_of(given, "last")
        if first and last:
            raise Invalid(Problem(last.where, "first and last exclude each other; give one of them"))
        self.checks += [Bind(size, as_page_size) for size in (first, last) if size]

    def check_cursors(self, given: Mapping[str, Given], tag: str, types: tuple[str, ...]) -> None:
        cursors = [cursor for name in ("after", "before") if (cursor := value_of(given, name))]
        self.checks += [Bind(cursor, from_cursor(tag, types, 0)) for cursor in cursors]
