"""Filters, by SQL's logic of three values: a test gives None where it cannot tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError, get_named_type

from tests.support.oracle.fields import Fields, Item
from tests.support.oracle.names import instant, read_id, read_moment
from tests.support.oracle.shape import is_connection, listed

Test = Callable[[Item], bool | None]

OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": lambda a, b: a == b,
    "in": lambda a, b: a in b,
    "lt": lambda a, b: a < b,
    "lte": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "gte": lambda a, b: a >= b,
    "contains": lambda a, b: b.lower() in a.lower(),
    "has": lambda a, b: b in a,
    "isEmpty": lambda a, b: (len(a) == 0) is b,
}


@dataclass(frozen=True)
class Filters:
    """Makes tests of what was given as a filter."""

    fields: Fields

    def tests(self, type_: Any, given: Mapping[str, Any] | None) -> list[Test]:
        found: list[Test] = []
        for name, condition in (given or {}).items():
            if condition is None:
                continue
            if name in ("and", "or"):
                inner = [self.tests(type_, each) for each in condition]
                if inner:
                    found.append(both(inner) if name == "and" else either(inner))
            elif name == "not":
                if tests := self.tests(type_, condition):
                    found.append(lambda item, tests=tests: all_of(tests, item) is not True)  # type: ignore[misc]
            else:
                found += self.test(type_, name, condition)
        return found

    def test(self, type_: Any, name: str, condition: Mapping[str, Any]) -> list[Test]:
        about: Any = get_named_type(type_.fields[name].type)
        if about.name in ("FuzzyDate", "DayRange"):
            return [
                test
                for part, each in condition.items()
                if each is not None
                for test in compared(about, part, each, self.part(name, part))
            ]
        if is_connection(about) or "some" in condition or "none" in condition:
            return self.test_of_list(name, about, condition)
        if hasattr(about, "fields"):
            return self.test_of_one(name, about, condition)
        return compared(type_, name, condition, lambda item: self.fields.value(item, name))

    def part(self, name: str, part: str) -> Callable[[Item], Any]:
        def value(item: Item) -> Any:
            whole = self.fields.value(item, name)
            return whole[part] if whole else None

        return value

    def test_of_one(self, name: str, about: Any, given: Mapping[str, Any]) -> list[Test]:
        schema = self.fields.shape.schema
        possible = schema.get_possible_types(about) if about.name == "Record" else [about]
        if not any(self.tests(each, given) for each in possible):
            return []

        def test(item: Item) -> bool:
            other = self.fields.value(item, name)
            if other is None:
                return False
            return all_of(self.tests(schema.type_map[other.type], given), other) is True

        return [test]

    def test_of_list(self, name: str, about: Any, given: Mapping[str, Any]) -> list[Test]:
        inner = listed(about) if is_connection(about) else about
        found: list[Test] = []
        for quantifier, each in given.items():
            tests = self.tests(inner, each)
            if tests or each == {}:

                def test(item: Item, tests: list[Test] = tests, wanted: bool = quantifier == "some") -> bool:
                    return any(all_of(tests, other) is True for other in self.fields.value(item, name)) is wanted

                found.append(test)
        return found


def compared(type_: Any, name: str, condition: Mapping[str, Any], value: Callable[[Item], Any]) -> list[Test]:
    """The tests that compare one value with what was given."""
    about = get_named_type(type_.fields[name].type)
    read: Callable[[Any], Any] = {"ID": read_id if type_.name != "Standing" else str, "DateTime": read_moment}.get(
        about.name, lambda each: each
    )
    own: Callable[[Any], Any] = instant if about.name == "DateTime" else lambda each: each
    found: list[Test] = []
    for operator, wanted in condition.items():
        if wanted is None:
            raise GraphQLError("null")
        if operator in ("isNull", "isEmpty", "has", "contains"):
            other = wanted
        else:
            other = [read(each) for each in wanted] if operator == "in" else read(wanted)

        def test(item: Item, operator: str = operator, other: Any = other) -> bool | None:
            found = value(item)
            if operator == "isNull":
                return (found is None) is other
            if operator == "ne":
                return found is None or own(found) != other
            return None if found is None else bool(OPERATORS[operator](own(found), other))

        found.append(test)
    return found


def all_of(tests: Sequence[Test], item: Item) -> bool | None:
    return conjunction([test(item) for test in tests])


def both(inner: Sequence[list[Test]]) -> Test:
    return lambda item: conjunction([all_of(tests, item) for tests in inner])


def either(inner: Sequence[list[Test]]) -> Test:
    def test(item: Item) -> bool | None:
        found = [all_of(tests, item) for tests in inner]
        return True if True in found else None if None in found else False

    return test


def conjunction(found: Sequence[bool | None]) -> bool | None:
    return False if False in found else None if None in found else True
