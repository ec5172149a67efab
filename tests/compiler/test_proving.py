"""What is proven valid, graphql-core finds valid: for what clients send, for its mutants, and for each rule by name."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cache
from typing import Any, cast

import pytest
from graphql import (
    DocumentNode,
    GraphQLSchema,
    GraphQLSyntaxError,
    Node,
    OperationType,
    StringValueNode,
    Visitor,
    build_schema,
    get_introspection_query,
    parse,
    print_ast,
    specified_rules,
    validate,
    visit,
)
from graphql.validation import OverlappingFieldsCanBeMergedRule
from graphql.validation.rules.overlapping_fields_can_be_merged import MAX_COMPLEXITY_BUDGET
from hypothesis import given, seed, settings
from hypothesis import strategies as some
from hypothesis_graphql import mutations, queries

from api.rest.documents import read_documents as rest_documents
from bench import documents
from schema.compiler.document import validity
from schema.compiler.document.cost import MOST_COMPARISONS, RULES, TooComplex
from schema.compiler.document.operation import QueryRefused
from schema.compiler.document.validity import DEEPEST, MOST_STEPS, NotProven, Proof, Prover
from tests.compiler.test_golden import QUERIES as GOLDEN
from tests.graphql.test_fuzz_graphql import CAREFREE, hoisted
from tests.project.test_docs import BLOCK, PAGES
from tests.support.world import reader

MUTANTS = 1_500
"""Changed documents of each schema. They are the same in each run; 16,000 others found no more."""

SAMPLED = 5
"""Of the mutants that are not proven, each fifth is looked at, to know how many of them are valid."""

GENERATED = 12
"""Queries and mutations of a generator, each with its literals and with variables. They are large."""


def ours() -> GraphQLSchema:
    return reader().compiler.schema


@cache
def other() -> GraphQLSchema:
    """What our own schema does not have: unions, defaults, lists of lists, other directives."""
    return build_schema("""
        directive @many(n: Int! = 1) repeatable on FIELD | INLINE_FRAGMENT | FRAGMENT_SPREAD
        directive @here on FIELD
        directive @top on QUERY
        directive @defer(if: Boolean! = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT
        directive @stream(if: Boolean! = true, label: String, initialCount: Int = 0) on FIELD
        scalar Any
        enum Color { RED BLUE }
        input Inner { a: Int! = 1 b: [Color!] c: [[Int!]] deep: Inner need: Boolean! }
        input One @oneOf { a: Int b: Inner c: [Int!] }
        interface Named { name(long: Boolean! = false): String }
        interface Aged implements Named { name(long: Boolean! = false): String age: Int }
        type Cat implements Named & Aged { name(long: Boolean! = false): String age: Int size: Int! owner: Person }
        type Dog implements Named { name(long: Boolean! = false): String size: Int owner: Person! same: Person }
        type Person { name: String pets(by: One, first: Int! = 10, any: Any): [Pet!]! named: Named aged: Aged }
        union Pet = Cat | Dog
        type Query {
            pets(inner: Inner, inners: [Inner!], one: One!, rows: [[Int!]!], any: Any, first: Int! = 3): [Pet!]!
            pet(id: ID!, color: Color = RED): Pet
            person: Person
        }
        type Mutation { rename(id: ID!, name: String = "x"): Person! }
        type Subscription { a: Person b: Int }
    """)


def errors(schema: GraphQLSchema, document: DocumentNode) -> list[Any]:
    """What `schema.compiler.compiler` would refuse a document for."""
    try:
        return list(validate(schema, document, RULES, hide_suggestions=True))
    except TooComplex as refused:
        return [refused]
    except AttributeError as defect:
        # It looks for the fields of a union, where `@stream` stands below one.
        return [defect]


# --- what is sent --------------------------------------------------------------------------------


def sent() -> Iterator[Any]:
    """Every document that this repository holds."""
    for name, text in rest_documents().items():
        yield pytest.param(text, id=f"reads-{name}")
    for file in GOLDEN:
        yield pytest.param(file.read_text(), id=f"{file.parent.name}-{file.stem}")
    for page in PAGES:
        for number, (kind, text) in enumerate(BLOCK.findall(page.read_text())):
            # What a contributor adds asks for types that are not there yet: `test_additions` carries it out.
            if kind == "graphql" and page.stem != "contributing":
                yield pytest.param(text, id=f"{page.name}-{number}")
    for name, each in vars(documents).items():
        if isinstance(each, dict) and documents.OURS in each:
            yield pytest.param(each[documents.OURS], id=f"bench-{name.lower()}")
    everything = {"input_value_deprecation": True, "directive_is_repeatable": True, "specified_by_url": True}
    yield pytest.param(get_introspection_query(), id="introspection")
    yield pytest.param(get_introspection_query(**everything, schema_description=True), id="introspection-of-everything")


@pytest.mark.parametrize("text", list(sent()))
def test_what_clients_send_is_proven(text: str) -> None:
    document = parse(text)
    assert errors(ours(), document) == []
    assert Prover(ours()).proves(document)


def test_what_is_proven_is_not_validated_again(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[DocumentNode] = []

    def looking(schema: GraphQLSchema, document: DocumentNode, *about: Any, **more: Any) -> list[Any]:
        looked_at.append(document)
        return list(validate(schema, document, *about, **more))

    monkeypatch.setattr("schema.compiler.compiler.validate", looking)
    assert reader().compiler.valid_document("{ talks { totalCount } }")
    assert looked_at == []
    with pytest.raises(QueryRefused, match="Cannot query field 'count'"):
        reader().compiler.valid_document("{ talks { count } }")
    assert len(looked_at) == 1


SEEDS = [
    """query Page($key: String!, $n: Int = 20, $at: DateTime, $more: Boolean! = false) {
        talk(by: {key: $key}, asOf: $at) { ...Head process { id } followedBy(first: $n) { nodes { ...Head } } }
        other: talk(by: {key: "paris"}) { ...Head ... @include(if: $more) { key } ... on Record { version } }
    }
    fragment Head on Talk { ...Key title status @skip(if: $more) process { name talks(last: 3) { totalCount } } }
    fragment Key on Record { id key }""",
    """query A($f: TalkFilter, $o: [TalkOrder!]) { talks(filter: $f, orderBy: $o) { nodes { key } } ...Rest }
    query B($s: TalkStatus!, $ids: [ID!]!, $id: ID!) {
        talks(filter: {status: {eq: $s, in: [HELD, $s]}}) { totalCount } nodes(ids: $ids) { id } ...Rest
        some: nodes(ids: ["a", $id, 3]) { __typename }
    }
    fragment Rest on Query { rules { id parameters } }""",
    """{ node(id: "x") {
        __typename id
        ... on Talk { id at: title said: title process { key } }
        ... on Statement { id at: key said: key @skip(if: false) talk { process { key } } }
        ... on Record { key }
    } }""",
    """mutation Change($id: ID!, $input: TalkInput!, $v: Int!) {
        createTalk(input: $input) { talk { id } problems { message path } }
        updateTalk(id: $id, version: $v, changes: {title: "x", process: null}, reason: \"\"\"why\"\"\") { talk { key } }
    }""",
    """query ($name: String!) {
        __type(name: $name) { name fields { name type { ...T ofType { ...T } } } }
        __schema { types { kind fields { args { type { ...T } } } } }
    } fragment T on __Type { kind name }""",
    "{ talks { totalCount totalCount nodes { key } nodes { title } } talks { pageInfo { endCursor } } }",
    '{ talks(filter: {title: {contains: "a"}, starts: {earliest: {gte: "2025-04-18"}}}) { totalCount } }',
]

OTHER_SEEDS = [
    """query A($i: Inner!, $n: Int = 4, $c: Color!, $b: Boolean!, $row: [Int!]!, $one: One!, $free: Int) {
        pets(inner: $i, inners: [$i, {need: $b, b: [RED, $c], deep: {need: true, a: $n}}], one: {a: 1}) { ...P }
        more: pets(inners: {need: true, c: [[1], $row]}, one: $one, rows: [$row, 2], first: $n) { __typename }
        free: pets(one: {b: {need: $b}}, first: $free, any: 1) { __typename }
    }
    fragment P on Pet { ... on Cat { a: name size owner { name } ...Named } ... on Dog { a: name age: name } }
    fragment Named on Named { name ... on Aged { n: age } }""",
    """query B($id: ID!) { pet(id: $id) { ... on Cat { ...C } ...C } person { named { ...C } } }
    fragment C on Aged { name(long: true) ... on Cat { name(long: true) @skip(if: true) @include(if: true) } }
    mutation R($id: ID! = 3, $name: String) { rename(id: $id, name: $name) { aged { ... on Named { name } } } }""",
    """query C($a: Int!, $l: [Int!]) { pets(one: {a: $a}) { ... on Dog { owner { pets(by: {c: [$a]}) { ...E } } } }
       person { pets(any: "x", by: {b: {need: true, c: [$l, null]}}) { ...E ...E } } }
    fragment E on Pet { __typename }""",
    "{ pet(id: 3, color: BLUE) { ... on Named { name } ... { __typename } } p: person { name x: named { name } } }",
]


@pytest.fixture(scope="module")
def made() -> list[DocumentNode]:
    """What a generator makes of our schema, which knows all of it and nothing of us."""
    found: list[DocumentNode] = []
    dates = some.sampled_from([StringValueNode(value="2025-04-18")])
    scalars = {"Date": dates, "DateTime": dates, "JSON": dates}
    for strategy in (queries, mutations):

        @seed(1)
        @settings(CAREFREE, max_examples=GENERATED)
        @given(strategy(ours(), custom_scalars=scalars, print_ast=lambda document: document))
        def collect(document: DocumentNode) -> None:
            found.extend(parse(print_ast(each)) for each in (document, hoisted(ours(), document)[0]))

        collect()
    return found


def test_what_a_generator_makes_is_proven(made: list[DocumentNode]) -> None:
    valid = [each for each in made if not errors(ours(), each)]
    unproven = [print_ast(each) for each in valid if not Prover(ours()).proves(each)]
    assert unproven == []
    assert len(valid) > len(made) / 2 >= GENERATED


# --- mutants -------------------------------------------------------------------------------------


class Parts(Visitor):
    """Every part of some documents, by the name that its place has: what stands at one fits at another."""

    def __init__(self, *documents: DocumentNode) -> None:
        super().__init__()
        self.nodes: list[Node] = []
        self.at: dict[str, list[Any]] = defaultdict(list)
        for each in documents:
            visit(each, self)

    def enter(self, node: Node, *_: Any) -> None:
        keys = [key for key in node.keys if key not in ("loc", "description")]
        self.nodes += [node] if keys else []
        for key in keys:
            value = getattr(node, key)
            if value is not None:
                self.at[key].extend(value if isinstance(value, tuple) else [value])


def changed(chance: random.Random, document: DocumentNode, own: Parts, all_parts: Parts) -> DocumentNode:
    """A document one of whose parts is left out, doubled, or another one of this document or of any."""
    target = chance.choice(own.nodes)
    key = chance.choice([key for key in target.keys if key not in ("loc", "description")])
    value = getattr(target, key)
    parts = chance.choice([own, own, all_parts]).at[key]
    if isinstance(value, OperationType):
        value = chance.choice(list(OperationType))
    elif isinstance(value, tuple) or (value is None and key in TUPLES):
        value = rearranged(chance, value or (), parts)
    elif isinstance(value, bool):
        value = not value
    else:
        same_kind = [each for each in parts if isinstance(each, str) is isinstance(value, str)]
        value = chance.choice([None, *same_kind]) if key in OPTIONAL else chance.choice(same_kind or [value])
    made = replace(target, **{key: value})
    return cast("DocumentNode", made if target is document else visit(document, Replacing(target, made)))


TUPLES = {"directives", "arguments", "variable_definitions"}
OPTIONAL = {"alias", "selection_set", "default_value", "name", "type_condition"}


def rearranged(chance: random.Random, values: tuple[Any, ...], parts: list[Any]) -> tuple[Any, ...]:
    place = chance.randrange(len(values) + 1)
    match chance.randrange(3):
        case 0:
            return values[:place] + values[place + 1 :]
        case 1:
            return values[:place] + values[place - 1 : place] + values[place:]
    return (*values[:place], chance.choice(parts), *values[place:]) if parts else values


class Replacing(Visitor):
    def __init__(self, old: Node, new: Node) -> None:
        super().__init__()
        self.old, self.new = old, new

    def leave(self, node: Node, *_: Any) -> Any:
        return self.new if node is self.old else None


def mutants(schema_seeds: list[DocumentNode], count: int) -> Iterator[DocumentNode]:
    chance, parts = random.Random(20250418), Parts(*schema_seeds, parse(STRANGE))
    # To visit a whole document takes as long as all the rest: each seed is visited once.
    seeds = [(each, Parts(each)) for each in schema_seeds]
    made = 0
    while made < count:
        document, own = chance.choice(seeds)
        try:
            for number in range(chance.choice([1, 1, 1, 2, 3])):
                document = changed(chance, document, Parts(document) if number else own, parts)
            yield parse(print_ast(document))
        except (GraphQLSyntaxError, AttributeError, TypeError, KeyError):
            # No document any more.
            continue
        made += 1


STRANGE = """
query Strange($s: Strange! = {a: [1, null]}, $d: [[Int]]) @skip(if: true) @top {
    a: __typename @skip(if: false) @skip(if: true) @include @deprecated @unknown(a: 1) @stream @here @many(n: null)
    ... @defer(label: "x") @include(if: $s, unless: 1) { b: a }
    ... on Strange @skip(if: "x") @skip(if: $d) { c }
    __schema { types { fields { type { fields { type { fields { name } } } } } } }
    x(a: 1, b: -2.5e3, c: 99999999999, d: "x", e: "2025-04-18", f: true, g: RED, h: STRANGE, i: null, j: [], k: {},
      l: $s, m: {a: $s, a: 1}, n: [[1], $d], o: {key: "x", id: null}, p: {key: "x", id: "y"}, q: {key: null},
      r: ["x", 1]) {}
}
subscription { a } subscription Two { a b }
fragment Strange on Strange @skip(if: true) { ...Strange }
fragment OnValue on Int { a } fragment OnInput on By { a }
type Strange { a: Int }
"""
"""What no client sends."""


def check_mutants(schema: GraphQLSchema, documents: list[DocumentNode], count: int) -> None:
    assert [each for each in documents if errors(schema, each)] == []
    prover = Prover(schema)
    proven: list[DocumentNode] = []
    unproven: list[DocumentNode] = []
    for document in mutants(documents, count):
        (proven if prover.proves(document) else unproven).append(document)
    for document in proven:
        found = errors(schema, document)
        assert not found, f"{found[0]}\n{print_ast(document)}"
    # Documents that are all alike would show nothing; nor would a prover that proves next to nothing. Some of those
    # that it does not prove tell how many are valid: to find every error of each takes a second in a hundred.
    some_unproven = unproven[::SAMPLED]
    valid = sum(not errors(schema, each) for each in some_unproven)
    assert len(some_unproven) - valid > len(some_unproven) / 2
    assert len(proven) > 0.8 * (len(proven) + valid * SAMPLED)
    assert len(proven) > count / 20


def test_no_mutant_is_proven_that_is_not_valid() -> None:
    check_mutants(ours(), [parse(each) for each in SEEDS], MUTANTS)


def test_no_mutant_is_proven_that_is_not_valid_in_another_schema() -> None:
    check_mutants(other(), [parse(each) for each in OTHER_SEEDS], MUTANTS)


def test_no_mutant_of_what_a_generator_makes_is_proven_that_is_not_valid(made: list[DocumentNode]) -> None:
    small = sorted((each for each in made if not errors(ours(), each)), key=lambda each: len(print_ast(each)))
    check_mutants(ours(), small[: GENERATED * 2], MUTANTS // 5)


# --- each rule -----------------------------------------------------------------------------------

BROKEN = r'''
ExecutableDefinitionsRule
    { person { name } } type A { a: Int }
    { person { name } } schema { query: A }
KnownOperationTypesRule
    subscription { a }
UniqueOperationNamesRule
    query A { person { name } } query A { person { name } }
LoneAnonymousOperationRule
    { person { name } } query B { person { name } }
SingleFieldSubscriptionsRule
    subscription { a b }
KnownTypeNamesRule
    query ($a: No) { person { name } }
    { person { ... on No { name } } }
    { person { ...F } } fragment F on No { name }
FragmentsOnCompositeTypesRule
    { person { ... on Int { name } } }
    { person { ...F } } fragment F on Inner { a }
VariablesAreInputTypesRule
    query ($a: [Person!]) { pet(id: $a) { __typename } }
ScalarLeafsRule
    { person }
    { person { name { a } } }
    { person { name {} } }
FieldsOnCorrectTypeRule
    { no }
    { person { __schema { types { name } } } }
    { pet(id: "x") { name } }
UniqueFragmentNamesRule
    { ...F } fragment F on Query { __typename } fragment F on Query { __typename }
KnownFragmentNamesRule
    { ...F }
NoUnusedFragmentsRule
    { person { name } } fragment F on Query { __typename }
    { person { name } } fragment F on Query { ...G } fragment G on Query { __typename }
PossibleFragmentSpreadsRule
    { person { ... on Cat { size } } }
    { pet(id: 1) { ...F } } fragment F on Person { name }
    { person { named { ... on Cat { ... on Dog { size } } } } }
NoFragmentCyclesRule
    { ...F } fragment F on Query { ...F }
    { ...F } fragment F on Query { ... { ...G } } fragment G on Query { ...F }
UniqueVariableNamesRule
    query ($a: ID!, $a: ID!) { pet(id: $a) { __typename } }
NoUndefinedVariablesRule
    { pet(id: $a) { __typename } }
    { pets(one: {a: 1}, any: [$a]) { __typename } }
    query A($a: ID!) { ...F } query B { ...F } fragment F on Query { pet(id: $a) { __typename } }
NoUnusedVariablesRule
    query ($a: ID) { person { name } }
    query A($a: ID!) { pet(id: $a) { __typename } } query B($a: ID!) { person { name } }
KnownDirectivesRule
    { person @no { name } }
    query @skip(if: true) { person { name } }
    { ...F } fragment F on Query @include(if: true) { __typename }
    query ($a: ID! @skip(if: true)) { pet(id: $a) { __typename } }
    { person @deprecated { name } }
UniqueDirectivesPerLocationRule
    { person @skip(if: true) @skip(if: true) { name } }
    { ... @include(if: true) @include(if: true) { __typename } }
DeferStreamDirectiveOnRootField
    mutation { ... @defer { rename(id: 1) { name } } }
DeferStreamDirectiveOnValidOperationsRule
    subscription { a { ... @defer { b } } }
DeferStreamDirectiveLabel
    { ... @defer(label: "a") { __typename } ... @defer(label: "a") { __typename } }
StreamDirectiveOnListField
    { person @stream { name } }
KnownArgumentNamesRule
    { person(no: 1) { name } }
    { person @skip(if: true, no: 1) { name } }
    { __typename(no: 1) }
UniqueArgumentNamesRule
    { pet(id: 1, id: 1) { __typename } }
    { __typename @skip(if: true, if: true) }
ValuesOfCorrectTypeRule
    { pet(id: true) { __typename } }
    { pet(id: null) { __typename } }
    { pet(id: 1, color: GREEN) { __typename } }
    { pet(id: 1, color: "RED") { __typename } }
    { pets(one: {}) { __typename } }
    { pets(one: {a: 1, c: 1}) { __typename } }
    { pets(one: {a: null}) { __typename } }
    { pets(one: {a: 1}, inner: {}) { __typename } }
    { pets(one: {a: 1}, inner: {need: true, no: 1}) { __typename } }
    { pets(one: {a: 1}, rows: [[null]]) { __typename } }
    { pets(one: {a: 99999999999}) { __typename } }
    query ($a: Int = true) { pets(one: {a: 1}, inner: {need: true, a: $a}) { __typename } }
    { __typename @skip(if: 1) }
ProvidedRequiredArgumentsRule
    { pet { __typename } }
    { __typename @skip }
VariablesInAllowedPositionRule
    query ($a: ID) { pet(id: $a) { __typename } }
    query ($a: Int) { person { pets(by: {a: $a}) { __typename } } }
    query ($a: Int = null) { pets(one: {a: 1}, inner: {need: true, b: $a}) { __typename } }
    query ($a: [Int]) { pets(one: {a: 1}, rows: [$a]) { __typename } }
    query ($a: [Int!]) { pets(one: {a: 1}, rows: [$a]) { __typename } }
    query ($a: Boolean = null) { __typename @skip(if: $a) }
    query ($a: Boolean) { pets(one: {a: 1}, inner: {need: $a}) { __typename } }
    query ($a: Boolean) { ...F } fragment F on Query { person @skip(if: $a) { name } }
OverlappingFieldsCanBeMergedRule
    { a: person { name } a: __typename }
    { pet(id: 1) { __typename } pet(id: 2) { __typename } }
    { pet(id: 1) { __typename } ...F } fragment F on Query { pet(id: 1, color: RED) { __typename } }
    { person { a: name } person { a: __typename } }
    { pet(id: 1) { ... on Cat { size } ... on Dog { size } } }
    { pet(id: 1) { ... on Named { name(long: true) } ... on Cat { name } } }
    { pet(id: 1) { ... on Cat { owner { name } } ... on Dog { owner { name: __typename } } } }
    { pet(id: 1) { ... on Cat { a: name } ... on Dog { a: name(long: true) } ... on Cat { a: name(long: true) } } }
    { pet(id: 1) { ... on Cat { a: name } ... on Dog { a: name(long: true) } ... on Dog { a: name } } }
    { person { pets(any: "x") { __typename } pets(any: """x""") { __typename } } }
UniqueInputFieldNamesRule
    { pets(one: {a: 1, a: 1}) { __typename } }
    { pets(one: {a: 1}, any: {a: 1, a: 1}) { __typename } }
    query ($a: Inner = {need: true, need: true}) { pets(one: {b: $a}) { __typename } }
MaxIntrospectionDepthRule
    { __schema { types { fields { type { fields { type { fields { name } } } } } } } }
    { __type(name: "A") { ...F } } fragment F on __Type { interfaces { possibleTypes { inputFields { name } } } }
'''
"""Documents that break a rule of graphql-core, and some of them others as well."""


def broken() -> Iterator[tuple[str, str]]:
    rule = ""
    for line in BROKEN.strip().splitlines():
        if line.startswith(" "):
            yield rule, line.strip()
        else:
            rule = line


def test_every_rule_of_graphql_core_is_looked_after() -> None:
    rules = {rule.__name__ for rule in specified_rules}
    assert rules == {rule for rule, _ in broken()}, "a rule has come or gone: break it here"
    told = set(re.findall(r"\w+", validity.__doc__ or ""))
    assert rules <= told, (
        f"graphql-core has rules that `validity` does not know: {sorted(rules - told)}. Let its walk prove them, "
        "or give up where they could be broken, and name them at its top."
    )


@pytest.mark.parametrize(("rule", "text"), list(broken()))
def test_what_breaks_a_rule_is_not_proven(rule: str, text: str) -> None:
    document = parse(text)
    schema = ours() if rule == "KnownOperationTypesRule" else other()
    (named,) = [each for each in specified_rules if each.__name__ == rule]
    assert validate(schema, document, [named]), "the document does not break the rule"
    assert not Prover(schema).proves(document)


# --- what is not proven --------------------------------------------------------------------------

DEEP = "{ " * (DEEPEST + 1) + "__typename" + " }" * (DEEPEST + 1)

UNPROVEN = {
    "an object for a scalar": "{ pets(one: {a: 1}, any: {a: [1]}) { __typename } }",
    "a variable within a scalar": "query ($a: Int) { pets(one: {a: 1}, any: [$a]) { __typename } }",
    "a subscription": "subscription { a { name } }",
    "a part that comes later": "{ ... @defer { person { pets @stream { __typename } } } }",
    "a directive that is repeated": "{ person @many @many { name } }",
    "a directive for one place only": "query @top { person @here { name } }",
    "other fields of objects that may be the same, below some that cannot": "{ person { pets { ... on Cat { o: owner "
    "{ named { a: name } } } ... on Dog { o: same { named { a: name(long: true) } } } } } }",
    "a variable that may be null for the one field of an input (graphql-core overlooks it)": "query ($a: Int) "
    "{ pets(one: {a: $a}) { __typename } }",
    "selections deeper than anybody's": DEEP.replace("{ {", "{ ... {").replace("{ {", "{ ... {"),
    "a field in very many places": f"{{ {'person { name } ' * 90} }}",
}
"""Valid documents that are left to graphql-core, and by which this may be known."""


@pytest.mark.parametrize("name", UNPROVEN)
def test_what_is_seldom_sent_is_left_to_graphql_core(name: str) -> None:
    document = parse(UNPROVEN[name])
    assert errors(other(), document) == []
    assert not Prover(other()).proves(document)


# --- bounds --------------------------------------------------------------------------------------


def steps_of(schema: GraphQLSchema, document: DocumentNode) -> int:
    """How many steps graphql-core takes to compare the fields of a document."""
    spent: list[int] = []

    class Counted(OverlappingFieldsCanBeMergedRule):
        def leave_document(self, *_: Any) -> None:
            spent.append(MAX_COMPLEXITY_BUDGET - self.rule_context.remaining_complexity_budget)

    validate(schema, document, [Counted])
    return spent[0]


def spreading(chance: random.Random) -> str:
    """Fragments that spread some of those after them, with fields that come together by chance."""
    count = chance.randrange(2, 8)
    fields = [
        "name",
        "a: name",
        "pets { __typename }",
        "named { name }",
        "named { name ... on Aged { age } }",
        "aged { name }",
    ]
    bodies = []
    for number in range(count):
        spreads = [
            f"...F{chance.randrange(number + 1, count)}" for _ in range(chance.randrange(4)) if number + 1 < count
        ]
        inner = [
            f"named {{ ... on Cat {{ owner {{ {each} }} }} }}" if chance.random() < 0.2 else each for each in spreads
        ]
        bodies.append(" ".join([*inner, *chance.choices(fields, k=chance.randrange(1, 9))]))
    own = " ".join(chance.choices([*fields, *(f"...F{number}" for number in range(count))], k=chance.randrange(1, 6)))
    written = f"{{ person {{ {own} {' '.join(f'...F{number}' for number in range(count))} }} }}"
    return written + " ".join(f" fragment F{number} on Person {{ {body} }}" for number, body in enumerate(bodies))


def test_what_takes_few_steps_to_prove_takes_graphql_core_few_to_compare() -> None:
    """So that what it would refuse to compare is not proven either."""
    chance, prover, counted = random.Random(1), Prover(other()), []
    for _ in range(300):
        document, proof = parse(spreading(chance)), Proof(prover)
        with suppress(NotProven):
            proof.document(document)
            counted.append(steps_of(other(), document))
            assert counted[-1] <= proof.steps * MOST_COMPARISONS / MOST_STEPS
    assert len(counted) > 100
    assert max(counted) > MOST_STEPS / 20


def test_what_takes_its_steps_at_its_very_end_is_not_proven_either() -> None:
    spreads = " ".join(f"...F{number}" for number in range(40))
    fragments = " ".join(f"fragment F{number} on Person {{ a{number}: name }}" for number in range(40))
    last = " ".join(f"b{number}: name" for number in range(1_000))
    document = parse(f"{{ person {{ {spreads} {last} }} }} {fragments}")
    assert steps_of(other(), document) > MOST_COMPARISONS
    assert not Prover(other()).proves(document)
