"""What a document may ask for: each limit at, below and above its bound, and the measures against a plain count."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from functools import cache
from typing import Any

import httpx
import pytest
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    Lexer,
    OperationDefinitionNode,
    Source,
    TokenKind,
    get_introspection_query,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_list_type,
    parse,
    specified_rules,
    validate,
)
from graphql.validation import OverlappingFieldsCanBeMergedRule
from graphql.validation.rules.overlapping_fields_can_be_merged import MAX_COMPLEXITY_BUDGET
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from hypothesis_graphql import queries

from api.execution import read_limits
from api.rest.documents import read_documents
from api.settings import Settings
from schema.compiler.document.cost import (
    LARGEST_NUMBER,
    MOST_COMPARISONS,
    Limits,
    Measured,
    Measuring,
    NotValid,
    TooComplex,
    count_words,
)
from schema.compiler.document.operation import QueryRefused
from schema.root_types import create_schema
from tests.support.serving import serving
from tests.support.world import reader

ANY = 10**12
UNBOUNDED = Limits(ANY, ANY, ANY, ANY, ANY, ANY, ANY, ANY)


@pytest.fixture(scope="module")
def server(dossier_url: str) -> Iterator[httpx.Client]:
    with serving(dossier_url) as client:
        yield client


def ask(server: httpx.Client, document: str, **variables: Any) -> Any:
    return server.post("/graphql", json={"query": document, "variables": variables}).json()


def measured(document: str) -> Measured:
    (found,) = Measuring(reader().compiler.schema, parse(document)).operations()
    return found


def cost(document: str, **variables: Any) -> int:
    return measured(document).cost.total(variables)


# --- each limit ----------------------------------------------------------------------------------


def fan(levels: int, inner: str) -> str:
    """Fragments that spread the next one twice: two to the power of `levels` times what is inside."""
    each = (f"fragment f{n} on Query {{ ...f{n + 1} ...f{n + 1} }}" for n in range(levels))
    return f"{{ ...f0 }} {' '.join(each)} fragment f{levels} on Query {{ {inner} }}"


OF_TEN = {
    "bytes": ("has 10 bytes", "{ __type }"[:10]),
    "tokens": ("words and signs", "{ a b c d e f g h }"),
    "depth": ("is nested 10 deep", "{ a " * 10 + "}" * 10),
    "fields": ("asks for 10 fields", "{ talks { a b c d e f g h i } }"),
    "root_fields": ("begins with 10 fields", "{ a b c d e f g h i j }"),
    "aliases": ("has 10 aliases", "{ talks { " + " ".join(f"a{n}: id" for n in range(10)) + " } }"),
    "directives": ("10 directives", "query @a { t @b { ... @d { x @e @f @g } ...F @h @h } } fragment F on T @i @j {x}"),
    "cost": ("costs 10", "{ talks { totalCount pageInfo { a b c d e f g } } }"),
}  # fmt: skip
"""For each limit a document of ten, and what is said where nine are allowed."""


@pytest.mark.parametrize("limit", OF_TEN)
def test_a_limit_holds_at_its_bound_and_not_beyond(limit: str) -> None:
    says, document = OF_TEN[limit]
    for most in (10, 11):
        check(document, bounded(limit, most))
    with pytest.raises(TooComplex, match=f"{says}.*(?<!,); 9 are allowed"):
        check(document, bounded(limit, 9))


def bounded(limit: str, most: int) -> Limits:
    numbers: dict[str, Any] = {limit: most}
    return replace(UNBOUNDED, **numbers)


def check(document: str, limits: Limits) -> None:
    limits.check_text(document)
    limits.check(measured(document))


def test_every_limit_is_tested() -> None:
    assert set(OF_TEN) == {each.name for each in fields(Limits)} - {"introspection"}


TIGHT = {
    "longest_document_bytes": (400, "{ " + "a" * 400 + " }"),
    "most_tokens": (150, "{ " + "a " * 150 + "}"),
    "most_depth": (4, "{ talks { nodes { process { talks { totalCount } } } } }"),
    "most_fields": (20, fan(3, "... { a b c }")),
    "most_root_fields": (3, "{ a b c d }"),
    "most_aliases": (2, "{ talks { a: totalCount b: totalCount c: totalCount } }"),
    "most_directives": (1, "{ talks @skip(if: false) { totalCount @skip(if: false) } }"),
    "most_cost": (50, "{ talks(first: 49) { nodes { id } } }"),
}
"""Settings, and for each a document that is beyond it alone."""


def test_limits_are_settings(dossier_url: str) -> None:
    with serving(dossier_url, **{name: most for name, (most, _) in TIGHT.items()}) as server:
        for name, (most, document) in TIGHT.items():
            told = ask(server, document)
            assert "data" not in told, name
            assert told["errors"][0]["extensions"] == {"code": "QUERY_TOO_COMPLEX"}
            assert f"; {most} are allowed" in told["errors"][0]["message"]
        assert ask(server, "{ talks(first: 48) { nodes { id } } }")["extensions"] == {"cost": 50}
        # The documents behind REST are ours.
        assert server.get("/v1/statements?first=100").status_code == 200


# --- what is counted -----------------------------------------------------------------------------


def test_fragments_that_fan_out_are_a_number() -> None:
    found = measured(fan(30, "__typename a: __typename @skip(if: true)"))
    assert found.fields == found.aliases == found.cost.total({}) == LARGEST_NUMBER
    assert measured(fan(10, "a: __typename @skip(if: true) b")).aliases == 1024
    assert measured(fan(10, "a b")).root_fields == 2048


def test_each_fragment_is_measured_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    plain = Measuring.selection

    def counted(self: Measuring, *about: Any) -> Measured:
        seen.append(about)
        return plain(self, *about)

    monkeypatch.setattr(Measuring, "selection", counted)
    measured(fan(30, "__typename"))
    assert len(seen) == 32


CIRCLES = [
    "{ ...A } fragment A on Query { ...A }",
    "{ ...A } fragment A on Query { ...B } fragment B on Query { talks { nodes { id } } ...A }",
    "{ talks { nodes { ...A } } } fragment A on Talk { process { talks { nodes { ... on Talk { ...A } } } } }",
    "{ __typename } fragment A on Query { ...A }",
]


@pytest.mark.parametrize("document", CIRCLES)
def test_a_fragment_within_itself_is_refused(server: httpx.Client, document: str) -> None:
    with pytest.raises(NotValid, match="Cannot spread fragment 'A' within itself"):
        measured(document)
    (error,) = ask(server, document)["errors"]
    assert error["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


def test_a_long_chain_of_fragments_is_refused_in_any_order() -> None:
    chain = [f"fragment f{n} on Query {{ ...f{n + 1} }}" for n in range(500)]
    for order in (chain, chain[::-1]):
        with pytest.raises(TooComplex, match="fragments within fragments"):
            measured("{ ...f0 } " + " ".join(order))


def test_one_field_in_very_many_places_is_refused() -> None:
    """The places at the bound are those that graphql-core counts, by itself and through a fragment."""
    for document in ("{{ {} }}", "{{ ...F }} fragment F on Query {{ {} }}"):
        counts = range(60, 140)
        # More places take more steps, so that a few counts of the range, halved again and again, find the bound.
        beyond = bisect_right(
            counts, MOST_COMPARISONS, key=lambda n: steps(document.format("talks { totalCount } " * n))
        )
        most = counts[beyond - 1]
        assert counts[0] < most < counts[-1]
        assert reader().compiler.valid_document(document.format("talks { totalCount } " * most))
        with pytest.raises(TooComplex, match="the same fields in so many places that it takes more than 30,000"):
            reader().compiler.valid_document(document.format("talks { totalCount } " * (most + 1)))


def test_very_many_fields_that_conflict_are_told_and_not_too_complex() -> None:
    conflicts = " ".join(f"a{n}: key a{n}: title" for n in range(30))
    with pytest.raises(QueryRefused) as refused:
        reader().compiler.valid_document(f"{{ talks {{ nodes {{ {conflicts} }} }} }}")
    messages = [each["message"] for each in refused.value.errors]
    assert len(messages) == 21
    assert messages[-1].startswith("Too many validation errors")


def steps(document: str) -> int:
    """How many steps graphql-core itself takes to compare the fields of a document."""
    spent = []

    class Counted(OverlappingFieldsCanBeMergedRule):
        def leave_document(self, *_: Any) -> None:
            spent.append(MAX_COMPLEXITY_BUDGET - self.rule_context.remaining_complexity_budget)

    assert validate(reader().compiler.schema, parse(document), [Counted]) == []
    return spent[0]


def test_one_field_in_many_lists_is_no_field_in_many_places() -> None:
    """It is compared with what comes under the same name at the same place only."""
    each = (f"t{n}: talks {{ nodes {{ id key title }} }}" for n in range(99))
    assert reader().compiler.valid_document(f"{{ {' '.join(each)} }}")


def test_documents_that_are_compared_are_refused_as_graphql_core_does() -> None:
    for inner in (
        "{ a: key a: title }",
        "{ a: key ...F }",
        "{ a: talks(first: 1) { totalCount } a: talks { totalCount } }",
    ):
        document = f"{{ processes {{ nodes {inner} }} }} fragment F on Process {{ a: name }}"
        told = validate(reader().compiler.schema, parse(document), list(specified_rules))
        with pytest.raises(QueryRefused) as refused:
            reader().compiler.valid_document(document)
        assert refused.value.errors == [each.formatted for each in told] != []


def test_documents_that_do_not_fit_the_schema_are_measured() -> None:
    found = measured("query ($n: Int) { no(first: $n) { such { field } } ...Nothing ... on Nowhere { x } node { id } }")
    assert (found.depth, found.fields, found.cost.total({"n": 7})) == (3, 6, 6)


COSTS = [
    ("{ __typename }", 1),
    ("{ talks { totalCount } }", 2),
    ("{ talks { nodes { id } } }", 2 + 20),
    ("{ talks(first: 3) { nodes { id key } } }", 2 + 3 * 2),
    ("{ talks(last: 3) { edges { cursor node { id } } pageInfo { hasNextPage } } }", 2 + 3 * 3 + 2),
    ("{ talks(first: null) { nodes { id } } }", 2 + 20),
    ("{ talks(first: 1000) { nodes { id } } }", 2 + 100),
    (f"{{ talks(first: {'9' * 5000}) {{ nodes {{ id }} }} }}", 2 + 100),
    ("{ talks(first: -5) { nodes { id } } }", 2),
    ("query ($n: Int) { talks(first: 1, last: $n) { nodes { id } } }", 2 + 100),
    ("{ talks(first: 2) { nodes { statements(first: 3) { nodes { id } } } } }", 2 + 2 * (2 + 3)),
    ("{ talks(first: 2) { ...P } } fragment P on TalkConnection { nodes { id } totalCount }", 2 + 2 + 1),
    ("{ talks { groups(by: STATUS) { key count } } }", 2 + 100 * 2),
    ("{ talks(first: 1) { groups(by: STATUS) { key count } nodes { id } } }", 2 + 100 * 2 + 2),
    ("query ($n: Int) { talks(first: $n) { groups(by: STATUS) { key } } }", 2 + 100),
    ("{ nodes(ids: []) { id } }", 1),
    ('{ nodes(ids: ["a", "b"]) { id key: __typename } }', 1 + 2 * 2),
    ("{ rules { id parameters } }", 1 + 20 * 2),
    ("{ __schema { types { name } } }", 3),
]


@pytest.mark.parametrize(("document", "expected"), COSTS)
def test_a_list_costs_its_page_times_what_is_below(document: str, expected: int) -> None:
    found = measured(document).cost
    assert (found.fixed, found.terms) == (expected, {})


def test_page_sizes_may_be_variables() -> None:
    nested = "query ($n: Int, $m: Int) { talks(first: $n) { nodes { statements(last: $m) { nodes { id } } } } }"
    for n, m in ((1, 1), (7, 3), (100, 100), (0, 50)):
        assert cost(nested, n=n, m=m) == 2 + n * (2 + m)
    assert cost(nested) == cost(nested, n=None, m=20) == 2 + 20 * (2 + 20)
    assert cost(nested, n=10**9, m=-1) == 2 + 100 * 2
    assert cost("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=["a", "b", "c"]) == 4
    squared = "query ($n: Int) { talks(first: $n) { nodes { statements(first: $n) { nodes { id } } } } }"
    assert cost(squared, n=9) == 2 + 9 * (2 + 9)


def test_a_cost_of_many_variables_counts_each_as_the_largest_page() -> None:
    one = "t{n}: talks(first: $v{n}) {{ nodes {{ statements(first: $v{n}) {{ nodes {{ id }} }} }} }}"
    document = "{ " + " ".join(one.format(n=n) for n in range(40)) + " }"
    assert len(measured(document).cost.terms) <= 32
    assert cost(document, **{f"v{n}": 100 for n in range(40)}) == 40 * (2 + 100 * (2 + 100))


# --- against a plain count -----------------------------------------------------------------------


def plain_count(document: str, variables: Mapping[str, Any]) -> Measured:
    """The same measures by walking over every field as often as it is asked for."""
    parsed = parse(document)
    schema: Any = reader().compiler.schema
    named = {each.name.value: each for each in parsed.definitions if isinstance(each, FragmentDefinitionNode)}
    (operation,) = (each for each in parsed.definitions if isinstance(each, OperationDefinitionNode))
    total = Measured()
    total.directives = len(operation.directives or ())

    def walk(selections: Any, type_: Any, depth: int, page: int) -> int:
        cost = 0
        for node in selections:
            total.directives += len(node.directives or ())
            if not isinstance(node, FieldNode):
                inner = named[node.name.value] if isinstance(node, FragmentSpreadNode) else node
                total.directives += len(inner.directives or ()) if inner is not node else 0
                about = schema.type_map[inner.type_condition.name.value] if inner.type_condition else type_
                cost += walk(inner.selection_set.selections, about, depth, page)
                continue
            total.depth = max(total.depth, depth)
            total.fields += 1
            total.root_fields += depth == 1
            total.aliases += node.alias is not None
            cost += 1
            if node.selection_set:
                declared = type_.fields[node.name.value]
                about = get_named_type(declared.type)
                total.of_any_type |= is_abstract_type(about)
                own = size(variables, node, "first", "last")
                below = walk(node.selection_set.selections, about, depth + 1, own)
                if is_list_type(get_nullable_type(declared.type)):
                    groups = node.name.value == "groups"
                    items = 100 if groups else page
                    below *= items if "pageInfo" in type_.fields else size(variables, node, "ids")
                cost += below
        return cost

    root = schema.get_root_type(operation.operation)
    found = walk(operation.selection_set.selections, root, 1, 0)
    total.cost = replace(total.cost, fixed=found)
    return total


def size(variables: Mapping[str, Any], node: FieldNode, *names: str) -> int:
    for argument in node.arguments or ():
        if argument.name.value in names:
            value: Any = argument.value
            found = variables.get(value.name.value) if value.kind == "variable" else getattr(value, "value", None)
            found = len(value.values) if value.kind == "list_value" else found
            return 20 if found is None else max(0, min(100, int(found)))
    return 20


@cache
def printed() -> str:
    return create_schema().as_str()


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=some.data())
def test_the_measures_of_generated_documents_are_those_of_a_plain_count(data: some.DataObject) -> None:
    document = data.draw(queries(printed(), fields=["talks", "process", "nodes", "rules"]))
    assert told(measured(document), {}) == told(plain_count(document, {}), {})


PIECES = ["id", "a: key", "title @skip(if: true)", "... on Talk { id b: id }", "...{} @include(if: false)",
          "statements(first: $n) {{ nodes {{ id ... @skip(if: false) {{ c: id }} }} totalCount }}",
          "process {{ talks(last: {1}) {{ edges {{ node {{ ...{0} }} }} }} }}",
          "followedBy(first: $m) {{ nodes {{ ...{0} statements(last: $n) {{ nodes {{ id }} }} }} }}"]  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(data=some.data())
def test_the_measures_of_fragments_are_those_of_a_plain_count(data: some.DataObject) -> None:
    """Each fragment may spread those after it, as often as it likes."""
    bodies = []
    for number in range(4):
        chosen = data.draw(some.lists(some.sampled_from(PIECES), min_size=1, max_size=4))
        later = [data.draw(some.integers(number + 1, 4)) for _ in chosen]
        size = data.draw(some.integers(0, 120))
        inner = " ".join(
            piece.format(f"F{each}", size) if "{" in piece.replace("{ ", "") else piece
            for piece, each in zip(chosen, later, strict=True)
        )
        bodies.append(f"fragment F{number} on Talk {{ {inner} }}")
    document = (
        "query ($n: Int, $m: Int) { talks(first: $m) @include(if: true) { nodes { ...F0 ...F1 } } } "
        + " ".join(bodies)
        + " fragment F4 on Talk { id }"
    )
    values = {"n": data.draw(some.none() | some.integers(1, 100)), "m": data.draw(some.integers(1, 100))}
    assert told(measured(document), values) == told(plain_count(document, values), values)


def told(found: Measured, variables: Mapping[str, Any]) -> dict[str, Any]:
    numbers = {name: each for name, each in vars(found).items() if name not in ("cost", "chain", "introspects")}
    return {**numbers, "cost": found.cost.total(variables)}


# --- what must get through -----------------------------------------------------------------------


def test_introspection_gets_through(server: httpx.Client) -> None:
    everything = get_introspection_query(input_value_deprecation=True, directive_is_repeatable=True)
    for query in (get_introspection_query(), everything):
        assert "errors" not in ask(server, query)


@pytest.mark.parametrize("file", read_documents())
def test_what_rest_asks_would_get_through_with_the_largest_page(file: str) -> None:
    limits, document = read_limits(Settings()), read_documents()[file]
    limits.check_text(document)
    for each in Measuring(reader().compiler.schema, parse(document)).operations():
        limits.check(each)
        limits.check_cost(each.cost.total({"first": 100}))


# --- over HTTP -----------------------------------------------------------------------------------


def test_the_cost_is_told(server: httpx.Client) -> None:
    paged = "query ($n: Int) { talks(first: $n) { nodes { id } } }"
    for _ in range(2):
        assert ask(server, "{ __typename }")["extensions"] == {"cost": 1}
        assert ask(server, paged, n=3)["extensions"] == {"cost": 5}
        assert ask(server, paged, n=50)["extensions"] == {"cost": 52}
        lost = ask(server, '{ talk(by: {key: "nowhere"}) { id } }')
        assert lost["extensions"] == {"cost": 2}
        assert lost["errors"][0]["extensions"]["code"] == "NOT_FOUND"


def test_a_cost_beyond_the_limit_is_refused_for_those_variables_only(dossier_url: str) -> None:
    paged = "query ($n: Int) { talks(first: $n) { nodes { id } } }"
    with serving(dossier_url, most_cost=12) as server:
        for _ in range(2):
            assert ask(server, paged, n=10)["extensions"] == {"cost": 12}
            (error,) = ask(server, paged, n=11)["errors"]
            assert "costs 13" in error["message"]


def test_introspection_can_be_switched_off(dossier_url: str) -> None:
    with serving(dossier_url, introspection=False) as server:
        for asked in (
            "{ __schema { types { name } } }",
            '{ ...F } fragment F on Query { t: __type(name: "Talk") { name } }',
        ):
            (error,) = ask(server, asked)["errors"]
            assert error["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
            assert "Introspection is switched off" in error["message"]
        assert ask(server, "{ __typename talks { __typename } }")["data"]["__typename"] == "Query"


ALMOST: list[tuple[str, dict[str, Any]]] = [
    ("{ talk(by: {key: 1}) { titl } }", {}),
    ("{ talks(frist: 1) { totalCount } }", {}),
    ("{ talks(filter: {citty: {eq: \"x\"}}) { totalCount } }", {}),
    ("{ talks(filter: {status: {eq: HELDD}}) { totalCount } }", {}),
    ("{ node(id: \"x\") { ... on Takl { id } } }", {}),
    ("query ($f: TalkFiltr) { talks(filter: $f) { totalCount } }", {}),
    ("query ($f: TalkFilter) { talks(filter: $f) { totalCount } }", {"f": {"citty": {"eq": "x"}}}),
    ("query ($f: TalkStatus) { talks(filter: {status: {eq: $f}}) { totalCount } }", {"f": "HELDD"}),
    ("{ talks @inclde(if: true) { totalCount } }", {}),
    ("{ talks { totalCount @skip(iff: true) } }", {}),
    ("mutation { createTalk(inptu: {}) { problems { code } } }", {}),
    ("mutation { createTalk(input: {titel: \"x\"}) { problems { code } } }", {}),
    ("mutation { creatTalk(input: {}) { problems { code } } }", {}),
]  # fmt: skip


def test_suggestions_can_be_switched_off(server: httpx.Client, dossier_url: str) -> None:
    told = [json.dumps(ask(server, text, **values)["errors"]) for text, values in ALMOST]
    assert sum("Did you mean" in each for each in told) >= 10
    with serving(dossier_url, suggestions=False) as quiet:
        for text, values in ALMOST:
            errors = json.dumps(ask(quiet, text, **values)["errors"])
            assert "Did you mean" not in errors
            assert "did you mean" not in errors


DOCUMENTS = [
    'query Q($a: [Int!] = [1, -2.5e3]) @d { a: b(c: "x \\" y", d: """z " \\""" w""") ...F } # no',
    "\ufeff{ a,, b\n\r\n# x { y }\n c }",
    '{ a(b: "", c: """""", d: "#", e: """#""") }',
    "query ($x: Int!) { a & b | c }",
    get_introspection_query(),
    *read_documents().values(),
]


@pytest.mark.parametrize("document", DOCUMENTS, ids=range(len(DOCUMENTS)))
def test_words_are_counted_as_the_lexer_counts_them(document: str) -> None:
    lexer, counted = Lexer(Source(document)), 0
    while lexer.advance().kind is not TokenKind.EOF:
        counted += 1
    assert count_words(document, 10**6) == counted
    assert count_words(document, 3) == 4


UNENDING = ['"' * 50_000, '"""' + "x " * 50_000, '{ a(b: "' + '\\"' * 50_000, '"""' + '\\"""' * 30_000, "#" * 100_000]


@pytest.mark.parametrize("document", UNENDING, ids=range(len(UNENDING)))
def test_words_without_an_end_are_counted_too(document: str) -> None:
    """It takes as long as the text is: a pattern that tries again at each place would take hours."""
    assert count_words(document, 10**6) < 50_000
