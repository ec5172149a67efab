"""Lists: filtered, ordered, cut into pages, and counted by groups."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cmp_to_key
from typing import Any

from graphql import GraphQLEnumType, GraphQLError, get_named_type

from schema.declare.fields import Scalar, rule_of
from schema.declare.reflection import fields_of, graphql_name
from schema.records.registry import COMPUTED, RECORDS
from tests.support.oracle.fields import Fields, Item
from tests.support.oracle.filters import Filters
from tests.support.oracle.names import instant, snake
from tests.support.world import Row

CURSOR = "oracle:"
"""How the oracle's cursors begin: those of the compiler are opaque, and only compared for standing in one place."""

Order = tuple[str, str | None, bool]
"""A field, its part, and whether it is descending."""

TYPES: Mapping[str, Any] = {cls.__name__: cls for cls in (*RECORDS, *COMPUTED)}


@dataclass(frozen=True, eq=False)
class Page:
    """The part of a list that was asked for."""

    items: Sequence[Item]
    cursors: Sequence[str]
    whole: Sequence[Item]
    has_next: bool
    has_previous: bool


@dataclass(frozen=True)
class Lists:
    """Makes pages of items, and groups of them."""

    fields: Fields

    def page(self, type_: Any, every: Sequence[Item], arguments: Mapping[str, Any]) -> Page:
        first, last, after, before = (arguments.get(name) for name in ("first", "last", "after", "before"))
        if first is not None and last is not None:
            raise GraphQLError("first and last")
        size = first if first is not None else last if last is not None else 20
        if not 1 <= size <= 100:
            raise GraphQLError("page size")
        tests = Filters(self.fields).tests(type_, arguments.get("filter"))
        items = [item for item in every if all(test(item) is True for test in tests)]
        orders = self.orders(type_, arguments.get("orderBy"))
        found, place = self.placed(items, orders), f"{type_.name} {orders}"
        if after is not None:
            found = [pair for pair in found if compare_keys(pair[0], read_cursor(after, place), orders) > 0]
        if before is not None:
            found = [pair for pair in found if compare_keys(pair[0], read_cursor(before, place), orders) < 0]
        backward = last is not None or (before is not None and first is None)
        chosen = found[-size:] if backward else found[:size]
        more = len(found) > size
        return Page(
            [item for _, item in chosen],
            [CURSOR + json.dumps([place, keys]) for keys, _ in chosen],
            items,
            has_next=before is not None or (more and not backward),
            has_previous=after is not None or (more and backward),
        )

    # --- order ---

    def orders(self, type_: Any, given: Sequence[str] | None) -> list[Order]:
        """The order that was asked for, or the declared one, made total by what is unique."""
        found: list[Order] = []
        for each in given or ():
            words, _, direction = each.rpartition("_")
            found.append((*path(type_, words.lower()), direction == "DESC"))
        if not found:
            for each in TYPES[type_.name].table.order:
                name, _, part = each.lstrip("-").partition(".")
                found.append((name, part or None, each.startswith("-")))
        unique = "seq" if type_.name == "Revision" else "id"
        if all(name != unique for name, _, _ in found):
            found.append((unique, None, False))
        return list(dict.fromkeys(found))

    def placed(self, items: Sequence[Item], orders: Sequence[Order]) -> list[tuple[list[Any], Item]]:
        """The items in their order, each with the values that place it."""

        def compare(one: tuple[list[Any], Item], other: tuple[list[Any], Item]) -> int:
            return compare_keys(one[0], other[0], orders)

        return sorted(((self.keys(item, orders), item) for item in items), key=cmp_to_key(compare))

    def keys(self, item: Item, orders: Sequence[Order]) -> list[Any]:
        found = []
        for name, part, _ in orders:
            value = self.fields.value(item, name)
            if part:
                value = value[part] if value else None
            found.append(self.comparable(item.type, name, value) if value is not None else None)
        return found

    def comparable(self, type_: str, name: str, value: Any) -> Any:
        """A value as one that Python orders as Postgres does, and that JSON can hold."""
        about = get_named_type(self.fields.shape.type(type_).fields[name].type)
        if isinstance(about, GraphQLEnumType) and is_stored(type_, name):
            return list(about.values).index(value)
        if about.name == "DateTime":
            return (instant(value) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
        return value

    # --- groups ---

    def groups(self, type_: Any, items: Sequence[Item], by: str) -> list[Row]:
        """The values of a list by how often they are there, those of one number by their letters."""
        name, part, letters = grouped(type_, by)
        counts: dict[str | None, int] = {}
        for item in items:
            value = self.fields.value(item, name)
            if part:
                value = value[part] if value else None
            if isinstance(value, bool):
                value = str(value).lower()
            elif letters and value is not None:
                # An instant is written in UTC by Postgres' own rule, a day as it is.
                value = (str(instant(value).astimezone(UTC)) if "T" in value else value)[:letters]
            counts[value] = counts.get(value, 0) + 1
        placed = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0] is None, pair[0] or ""))
        return [{"key": key, "count": count} for key, count in placed]


def is_stored(type_: str, name: str) -> bool:
    """Whether a term is stored, and so has the order of its vocabulary; computed ones have that of their letters."""
    rule = next(rule_of(field) for field in fields_of(TYPES[type_]) if graphql_name(field) == name)
    return isinstance(rule, Scalar) and rule.stored


def grouped(type_: Any, by: str) -> tuple[str, str | None, int | None]:
    """The field by which a list is grouped, its part, and how many letters of a date."""
    for name, each in type_.fields.items():
        is_fuzzy, start = get_named_type(each.type).name == "FuzzyDate", snake(name).upper()
        if by == start:
            return name, None, None
        if is_fuzzy and by == f"{start}_PRECISION":
            return name, "precision", None
        for word, letters in (("YEAR", 4), ("MONTH", 7), ("DAY", 10)):
            if by == f"{start}_{word}":
                return name, "earliest" if is_fuzzy else None, letters
    raise LookupError(by)


def path(type_: Any, words: str) -> tuple[str, str | None]:
    """The field that a term of an order is about, and its part."""
    for name in type_.fields:
        if snake(name) == words:
            return name, None
        for part in ("earliest", "latest", "min", "max"):
            if f"{snake(name)}_{part}" == words:
                return name, part
    raise LookupError(words)


def read_cursor(text: str, place: str) -> Any:
    """The keys of the item that a cursor stands for, in the list that it was given for."""
    if not text.startswith(CURSOR + json.dumps([place])[:-1]):
        raise GraphQLError("no cursor of this list in this order")
    return json.loads(text.removeprefix(CURSOR))[1]


def compare_keys(a: Sequence[Any], b: Sequence[Any], orders: Sequence[Order]) -> int:
    """Null counts as greater than everything."""
    for one, other, (_, _, descending) in zip(a, b, orders, strict=True):
        x, y = (one is None, one), (other is None, other)
        if x[0] != y[0] or (one is not None and one != other):
            greater = x[0] if x[0] != y[0] else one > other
            return -1 if greater == descending else 1
    return 0
