"""The compiler and the oracle give the same answer to hundreds of generated operations, at any clock."""

from __future__ import annotations

import json
import random
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from graphql import (
    REMOVE,
    ArgumentNode,
    DocumentNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    IntValueNode,
    StringValueNode,
    Visitor,
    get_named_type,
    parse,
    print_ast,
    validate,
    visit,
)
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as some
from hypothesis.strategies import SearchStrategy
from hypothesis_graphql import queries

from schema.errors import Invalid
from tests.conftest import new_database
from tests.support.oracle.clock import DATES
from tests.support.oracle.executor import COMPUTED_ROWS, Oracle
from tests.support.oracle.fields import FOLLOWED, LISTS, MANIES, ONES, RULES, VALUES
from tests.support.oracle.gaps import gaps
from tests.support.oracle.lists import CURSOR
from tests.support.random_world import TEXTS, State, build
from tests.support.world import CLOCK, Desk, desk_at, reader

SEED = 20250418
"""The world and every operation follow from it."""

MOMENTS = ["2025-03-01", "2025-04-01T12:00:00Z", "2025-04-18", "2025-05-20T23:59:59+02:00", "2025-12-31"]


@dataclass(frozen=True)
class Pair:
    """One world, to be asked both ways."""

    desk: Desk
    oracle: Oracle
    states: Sequence[State]


@pytest.fixture(scope="module")
async def pair(postgres: str, template_url: str) -> AsyncIterator[Pair]:
    with new_database(postgres, template_url) as url:
        async with desk_at(url) as desk:
            oracle = Oracle(await build(desk, SEED))
            assert "\n".join(gaps(oracle.fields)) == ""
            yield Pair(desk, oracle, oracle.states)


# --- what the oracle has been taught -------------------------------------------------------------


def test_the_oracle_knows_every_type_and_every_rule() -> None:
    assert "\n".join(gaps(Oracle([]).fields)) == ""


@pytest.mark.parametrize(
    ("taught", "name", "told"),
    [
        (DATES, "statement", "Statement counts from a date on: name it in DATES, tests/support/oracle/clock.py"),
        (COMPUTED_ROWS, "standing", "Standing has computed rows: make them in tests/support/oracle/computed_rows.py"),
        (VALUES, "Talk.status", "Talk.status is computed: write its rule for VALUES in tests/support/oracle/fields.py"),
        (ONES, "Process.nextTalk", "Process.nextTalk is computed: write its rule for ONES"),
        (MANIES, "Standing.redLines", "Standing.redLines is computed: write its rule for MANIES"),
        (LISTS, "Process.deadlines", "Process.deadlines has a condition of its own: find its rows in LISTS"),
        (FOLLOWED, "Actor.offices", "Actor.offices: Office points to it by ['person_id', 'actor_id']"),
        (RULES, "Standing.standing", "Standing.standing is explained by a rule of another name: say which in RULES"),
    ],
    ids=["date", "rows", "value", "one", "many", "list", "reference", "rule"],
)
def test_what_the_oracle_was_not_taught_is_told_with_the_place(
    monkeypatch: pytest.MonkeyPatch, taught: dict[str, Any], name: str, told: str
) -> None:
    fields = Oracle([]).fields
    known = set(gaps(fields))
    monkeypatch.delitem(taught, name)
    (gap,) = set(gaps(fields)) - known
    assert gap.startswith(told)


# --- comparing -----------------------------------------------------------------------------------


async def compare(
    pair: Pair, text: str, variables: Mapping[str, Any], cursors: Mapping[str, str] | None = None
) -> dict[str, str] | None:
    """Ask both. Gives for each cursor of the compiler the one of the oracle; None where both refuse."""
    translated = {name: (cursors or {}).get(value, value) if isinstance(value, str) else value
                  for name, value in variables.items()}  # fmt: skip
    told = pair.oracle.execute(text, translated, CLOCK)
    try:
        prepared = reader().prepare(text, None, variables)
        plan, values = prepared.plan, prepared.variables
        data = (await reader().answer(pair.desk.connection, plan, values, CLOCK)).data
    except Invalid:
        # The compiler looks at every argument, the oracle only at those of lists that it comes to.
        return None
    assert told.errors is None, f"{told.errors}\nbut the compiler answers\n{text}\n{variables}"
    met: dict[str, str] = {}
    answered = json.loads(data)
    expected = json.loads(json.dumps(told.data))
    match_cursors(answered, expected, met)
    assert canonical(answered) == canonical(expected), f"{difference(answered, expected)}\n{text}\n{dict(variables)}"
    return met


def match_cursors(answered: Any, expected: Any, met: dict[str, str]) -> None:
    """Put the oracle's cursors into the answer, once each of them proved to stand for one of the compiler's."""
    pairs: list[tuple[Any, Any, Any]] = []
    if isinstance(answered, dict) and isinstance(expected, dict):
        pairs = [(key, answered[key], expected[key]) for key in answered.keys() & expected.keys()]
    elif isinstance(answered, list) and isinstance(expected, list):
        pairs = [(index, *both) for index, both in enumerate(zip(answered, expected, strict=False))]
    for place, own, other in pairs:
        if isinstance(other, str) and other.startswith(CURSOR) and isinstance(own, str):
            if met.setdefault(own, other) == other:
                answered[place] = other
        else:
            match_cursors(own, other, met)


def canonical(value: Any) -> str:
    """JSON with one spelling: Postgres writes a whole number of type Float as 1, Python as 1.0."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return json.dumps(json.loads(text, parse_float=one_number), ensure_ascii=False, separators=(",", ":"))


def one_number(text: str) -> float | int:
    number = float(text)
    return int(number) if number.is_integer() else number


def difference(answered: Any, expected: Any, path: str = "data") -> str:
    """The first place where two answers part, in words."""
    if isinstance(answered, dict) and isinstance(expected, dict) and list(answered) == list(expected):
        inner = [difference(answered[key], expected[key], f"{path}.{key}") for key in answered]
    elif isinstance(answered, list) and isinstance(expected, list) and len(answered) == len(expected):
        inner = [
            difference(*both, f"{path}[{index}]") for index, both in enumerate(zip(answered, expected, strict=True))
        ]
    else:
        same = canonical(answered) == canonical(expected)
        inner = [] if same else [f"{path}: the compiler says {str(answered)[:300]}, the oracle {str(expected)[:300]}"]
    return next(filter(None, inner), "")


# --- making operations ---------------------------------------------------------------------------


@dataclass
class Making:
    """One random operation under construction."""

    chance: random.Random
    pair: Pair
    fragments: list[str] = field(default_factory=list)
    variables: dict[str, tuple[str, Any]] = field(default_factory=dict)
    turns: list[str] = field(default_factory=list)
    names: int = 0

    @property
    def types(self) -> Mapping[str, Any]:
        return self.pair.oracle.schema.type_map

    def name(self, prefix: str) -> str:
        self.names += 1
        return f"{prefix}{self.names}"

    def maybe(self, share: float) -> bool:
        return self.chance.random() < share

    def operation(self) -> tuple[str, dict[str, Any]]:
        query: Any = self.types["Query"]
        possible = [name for name in query.fields if name not in FOR_THOSE_WITH_A_KEY | RANKED]
        names = [self.chance.choice(possible) for _ in range(self.chance.choice([1, 1, 2]))]
        body = " ".join(self.field(query, name, depth=3, is_root=True) for name in names)
        given = ", ".join(f"${name}: {type_}" for name, (type_, _) in self.variables.items())
        text = f"query Q{f'({given})' if given else ''} {{ {body} }} {' '.join(self.fragments)}"
        values = {name: value for name, (_, value) in self.variables.items() if value is not ABSENT}
        return text, values

    # --- selections ---

    def selection(self, type_: Any, depth: int) -> str:
        possible = [
            name for name in type_.fields if depth > 0 or not hasattr(get_named_type(type_.fields[name].type), "fields")
        ]
        possible = [name for name in possible if name != "inputs"]
        if not possible:
            return "__typename"
        chosen = [self.chance.choice(possible) for _ in range(self.chance.randrange(1, 5))]
        parts = [self.field(type_, name, depth) for name in chosen]
        if self.maybe(0.2):
            parts.append(self.chance.choice(["__typename", "kind_: __typename"]))
        if self.maybe(0.3):
            parts.append(self.fragment(type_, depth))
        self.chance.shuffle(parts)
        return " ".join(parts)

    def fragment(self, type_: Any, depth: int) -> str:
        about = self.chance.choice(self.conditions(type_))
        inner = self.selection(about, depth - 1) if depth > 0 else "__typename"
        directive = self.directive()
        match self.chance.randrange(3):
            case 0:
                return f"... on {about.name}{directive} {{ {inner} }}"
            case 1 if about is type_:
                return f"...{directive} {{ {inner} }}"
        name = self.name("F")
        self.fragments.append(f"fragment {name} on {about.name} {{ {inner} }}")
        return f"...{name}{directive}" + (f" ...{name}" if self.maybe(0.2) else "")

    def conditions(self, type_: Any) -> list[Any]:
        """What a fragment on this type can be about."""
        if isinstance(type_, GraphQLObjectType):
            return [type_, *type_.interfaces]
        possible = self.pair.oracle.schema.get_possible_types(type_)
        return [type_, *type_.interfaces, *self.chance.sample(possible, 3)]

    def directive(self) -> str:
        if self.maybe(0.75):
            return ""
        name, value = self.chance.choice(["skip", "include"]), self.maybe(0.5)
        return f" @{name}(if: {self.variable('Boolean!', value) if self.maybe(0.5) else str(value).lower()})"

    def field(self, type_: Any, name: str, depth: int, *, is_root: bool = False) -> str:
        declared = type_.fields[name]
        about: Any = get_named_type(declared.type)
        arguments = self.arguments(declared, is_root) if declared.args else ""
        inner = ""
        if hasattr(about, "fields"):
            below = 1 if about.name in ("FuzzyDate", "DayRange", "Rule", "PageInfo") else depth - 1
            body = self.connection(about, below) if "pageInfo" in about.fields else self.selection(about, below)
            inner = f" {{ {body} }}"
        # Two fields of one response key must not differ in their arguments, nor in their type.
        alias = f"{self.name('a')}: " if arguments or type_.name in ("Node", "Record") or self.maybe(0.2) else ""
        if not alias and name in ("kind", "role", "stance", "status", "title", "text", "level", "process", "actor"):
            alias = f"{name}_{type_.name}: "
        return f"{alias}{name}{arguments}{self.directive()}{inner}"

    def connection(self, type_: Any, depth: int) -> str:
        about = get_named_type(type_.fields["nodes"].type)
        parts = []
        if self.maybe(0.6):
            parts.append(f"nodes {{ {self.selection(about, depth)} }}")
        if self.maybe(0.4):
            parts.append(f"edges {{ cursor node {{ {self.selection(about, depth)} }} }}")
        if self.maybe(0.5):
            parts.append("pageInfo { hasNextPage hasPreviousPage startCursor endCursor }")
        if self.maybe(0.4):
            parts.append("totalCount")
        parts += [self.field(type_, "groups", 1) for _ in range(self.chance.choice([0, 0, 1, 2]))]
        if self.maybe(0.1) or not parts:
            parts.append("__typename")
        self.chance.shuffle(parts)
        return " ".join(parts)

    # --- arguments ---

    def arguments(self, declared: Any, is_root: bool) -> str:
        found = []
        if "first" in declared.args and not (is_root and self.maybe(0.3)):
            found.append(f"{self.chance.choice(['first', 'last'])}: {self.given('Int', self.chance.randrange(1, 7))}")
        for name, argument in declared.args.items():
            required = isinstance(argument.type, GraphQLNonNull)
            if name in ("first", "last") or not (required or self.maybe(0.35)):
                continue
            if name in ("after", "before"):
                if self.maybe(0.5):
                    self.turns.append(self.variable("String", None)[1:])
                    found.append(f"{name}: ${self.turns[-1]}")
                continue
            value = self.argument(name, argument.type)
            found.append(f"{name}: {self.given(str(argument.type), value)}")
        return f"({', '.join(found)})" if found else ""

    def argument(self, name: str, type_: Any) -> Any:
        if name == "asOf":
            return self.chance.choice([*MOMENTS, None])
        if name == "knownAt":
            state = self.chance.choice(self.pair.states)
            shift = self.chance.choice([timedelta(0), timedelta(microseconds=-1), timedelta(seconds=60)])
            return (state.since + shift).isoformat()
        if name == "ids":
            return [self.id() for _ in range(self.chance.randrange(4))]
        if name == "by" and isinstance(get_named_type(type_), GraphQLInputObjectType):
            return {"id": self.id()} if self.maybe(0.3) else {"key": self.key()}
        if name == "id":
            return self.id() if self.maybe(0.95) else "talk.status.v2"
        return self.value(type_, depth=3)

    def id(self) -> str:
        rows = self.pair.states[-1].tables["record"]
        return str(self.chance.choice(rows)["id"])

    def key(self) -> str:
        table = self.chance.choice([name for name in self.pair.states[-1].tables if name not in ("record", "revision")])
        return str(self.chance.choice(self.pair.states[-1].tables[table])["key"])

    def given(self, type_: str, value: Any) -> str:
        """A value in the document or in a variable, null or left out now and then."""
        if self.maybe(0.4):
            if type_.endswith("!"):
                return self.variable(type_, value)
            return self.variable(type_, self.chance.choice([value, value, value, None, ABSENT]))
        return self.written(value)

    def variable(self, type_: str, value: Any) -> str:
        name = self.name("v")
        self.variables[name] = (type_, value)
        return f"${name}"

    def value(self, type_: Any, depth: int) -> Any:
        """A random value of an input type, as JSON; terms of a vocabulary are marked."""
        if isinstance(type_, GraphQLNonNull):
            return self.value(type_.of_type, depth)
        if isinstance(type_, GraphQLList):
            return [self.value(type_.of_type, depth - 1) for _ in range(self.chance.randrange(0, 3))]
        if isinstance(type_, GraphQLEnumType):
            return Term(self.chance.choice(list(type_.values)))
        if isinstance(type_, GraphQLInputObjectType):
            possible = [
                name
                for name, each in type_.fields.items()
                if depth > 1 or not isinstance(get_named_type(each.type), GraphQLInputObjectType)
            ]
            size = min(len(possible), self.chance.choice([0, 1, 1, 1, 2]))
            return {name: self.value(type_.fields[name].type, depth - 1) for name in self.chance.sample(possible, size)}
        return self.scalar(type_.name)

    def scalar(self, name: str) -> Any:
        match name:
            case "Int":
                return self.chance.randrange(-5, 20)
            case "Float":
                return self.chance.choice([0, 0.5, 1.25, 2, 3])
            case "Boolean":
                return self.maybe(0.5)
            case "ID":
                return self.id()
            case "Date":
                return str((CLOCK + timedelta(days=self.chance.randrange(-60, 40))).date())
            case "DateTime":
                return self.chance.choice([*MOMENTS, self.pair.states[2].since.isoformat()])
        return self.chance.choice([*TEXTS, self.key(), "A", "9"])

    def written(self, value: Any) -> str:
        if isinstance(value, Term):
            return str(value)
        if isinstance(value, dict):
            return "{" + ", ".join(f"{name}: {self.written(each)}" for name, each in value.items()) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(self.written(each) for each in value) + "]"
        return json.dumps(value)


class Term(str):
    """A member of a vocabulary: written bare in a document, as text in variables."""

    __slots__ = ()


ABSENT = object()

RANKED = {"search"}
"""What Postgres alone can tell: how well a text fits. It has tests of its own."""

FOR_THOSE_WITH_A_KEY = {"proposal", "proposals", "apiKey", "apiKeys"}
"""Root fields that are no records, and that the reader of these tests may not ask for."""


# --- the comparison ------------------------------------------------------------------------------


def number_of(pair: Pair, many: int) -> int:
    """Fewer on the older server, so that the suite stays quick."""
    return many if pair.desk.connection.get_server_version().major >= 18 else many // 3


def operations(pair: Pair, begin: int, count: int) -> Iterator[tuple[Making, str, dict[str, Any]]]:
    """Valid operations: those in which fields of one key differ are made and left out."""
    made = number = 0
    while made < count:
        making = Making(random.Random(SEED + begin + number), pair)
        text, variables = making.operation()
        number += 1
        if not validate(pair.oracle.schema, parse(text)):
            made += 1
            yield making, text, variables
    assert number < 2 * count + 20


async def test_generated_operations_are_proven_valid(pair: Pair) -> None:
    prover = reader().compiler.prover
    for _, text, _ in operations(pair, 0, number_of(pair, 200)):
        assert prover.proves(parse(text)), text


async def test_generated_operations_are_answered_as_the_oracle_does(pair: Pair) -> None:
    answered = 0
    count = number_of(pair, 200)
    for _, text, variables in operations(pair, 0, count):
        answered += await compare(pair, text, variables) is not None
    assert answered > 0.8 * count


async def test_pages_go_on_where_the_oracle_says(pair: Pair) -> None:
    """A cursor of the first answer goes back in, to the compiler and in translation to the oracle."""
    followed = 0
    for making, text, variables in operations(pair, 10_000, number_of(pair, 100)):
        met = await compare(pair, text, variables) if making.turns else None
        for cursor in making.chance.sample(sorted(met), min(len(met), 3)) if met else ():
            turned = {**variables, making.chance.choice(making.turns): cursor}
            followed += await compare(pair, text, turned, met) is not None
    assert followed >= number_of(pair, 15)


def plain(document: DocumentNode) -> str:
    """A document without cursors, which no generator can guess, and without `last`, which `first` excludes."""

    class Plain(Visitor):
        def enter_argument(self, node: ArgumentNode, *_: Any) -> Any:
            return REMOVE if node.name.value in ("after", "before", "last") else None

    return print_ast(visit(document, Plain()))


def texts(values: Iterable[str]) -> SearchStrategy[Any]:
    return some.sampled_from([StringValueNode(value=each) for each in values])


def operations_of_hypothesis(pair: Pair, count: int) -> list[str]:
    """What another generator makes of the printed schema: it knows nothing else of it."""
    rows = pair.states[-1].tables["record"]
    query: Any = pair.oracle.schema.query_type
    strategy = queries(
        pair.oracle.schema,
        fields=[
            name for name, field in query.fields.items() if "filter" in field.args and name not in FOR_THOSE_WITH_A_KEY
        ],
        custom_scalars={
            "ID": texts(row["id"] for row in rows[:20]), "Date": texts(["2025-04-18", "2025-03-01"]),
            "DateTime": texts(MOMENTS), "JSON": texts(["x"]), "String": texts(TEXTS),
            "Int": some.sampled_from([IntValueNode(value=str(number)) for number in range(1, 6)]),
        },
        print_ast=plain,
    )  # fmt: skip
    found: list[str] = []

    @seed(SEED)
    @settings(max_examples=count, deadline=None, database=None, suppress_health_check=list(HealthCheck),
              phases=[Phase.generate])  # fmt: skip
    @given(strategy)
    def collect(text: Any) -> None:
        found.append(text)

    collect()
    return list(dict.fromkeys(found))


async def test_operations_of_hypothesis_are_answered_as_the_oracle_does(pair: Pair) -> None:
    answered = 0
    made = [text for text in operations_of_hypothesis(pair, number_of(pair, 60)) if "inputs" not in text]
    for text in made:
        answered += await compare(pair, text, {}) is not None
    assert answered > len(made) / 2 > number_of(pair, 10)
