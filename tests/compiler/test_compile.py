"""The compiler: one operation is one statement, values are bound, and any valid selection is answered."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from graphql import parse, validate
from hypothesis import example, given, settings
from hypothesis import strategies as some

from api.postgres import connections
from api.settings import Settings
from schema.compiler.document.operation import QueryRefused
from schema.compiler.plan.plan import Plan
from schema.compiler.reader import DOCUMENTS_CACHED, PLANS_PER_DOCUMENT, Reader
from schema.errors import Invalid
from schema.records.processes.process import Process
from schema.records.talks.talk import Talk
from schema.root_types import create_schema
from tests.support.world import CLOCK, Desk, desk_at, reader

NASTY = [
    "'",
    "''",
    "\\",
    "\\'",
    "$1",
    "{t}",
    "{now}",
    "{talk}",
    '"',
    "--",
    "/*",
    "%s",
    "%",
    ";",
    "E'\\x00'",
    "\n",
    "é",
    "😀",
]


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[Desk]:
    async with desk_at(database_url) as desk:
        yield desk


@pytest.fixture
async def talks(desk: Desk) -> Desk:
    """Paris, and London that follows it; London has no process."""
    process = await desk.add(Process, "process")
    paris = await desk.add(Talk, "paris", title="Paris", process=process, starts="2025-04-17")
    await desk.add(Talk, "london", title="London", follows=paris)
    return desk


def plan(text: str, **variables: Any) -> Plan:
    return reader().prepare(text, None, variables).plan


def sql(text: str, **variables: Any) -> str:
    found = plan(text, **variables).sql
    assert found is not None
    return found


# --- one statement -------------------------------------------------------------------------------

OPERATIONS = [
    "{ talks { totalCount pageInfo { endCursor } edges { cursor node { key status daysUntil { min } } } } }",
    "{ a: talks { nodes { key } } b: processes { nodes { status statusExplained { rule { id } } } } __typename }",
    '{ talk(by: {key: "paris"}) { process { talks { nodes { participations { nodes { actor { name } } } } } } } }',
    '{ node(id: "00000000-0000-7000-8000-000000000000") { id ... on Talk { title } ... on Record { key } } }',
    "{ talks(filter: {format: {in: [PHONE]}, status: {eq: HELD}, starts: {precision: {eq: DAY}}}) { totalCount } }",
    '{ talks(knownAt: "2025-04-18", asOf: "2025-04-18", orderBy: [FORMAT_DESC, STARTS_LATEST_ASC]) { nodes { key } } }',
    "{ revisions { nodes { seq changes { field before after } record { key } } } rules { id parameters } }",
    "{ __schema { queryType { name } } actors { totalCount } }",
]


async def executed(connection: asyncpg.Connection[Any], text: str) -> list[str]:
    """What the server says it executed for an operation."""
    said: list[str] = []
    connection.add_log_listener(lambda _, message: said.append(message.message))
    await connection.execute("set client_min_messages = log; set log_statement = 'all'")
    await Desk(connection).answer(text)
    await connection.execute("set log_statement = 'none'")
    await asyncio.sleep(0)
    return [each for each in said if each.startswith(("execute", "statement")) and " set log_statement" not in each]


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_an_operation_is_one_statement_on_a_cold_and_on_a_warm_connection(
    database_url: str, operation: str
) -> None:
    connection = await connections.connect(Settings(), database_url)
    try:
        for _ in range(2):
            statements = await executed(connection, operation)
            assert len(statements) == 1
            assert "as data" in statements[0]
    finally:
        await connection.close()


async def test_introspection_alone_asks_the_database_nothing() -> None:
    found = plan("{ __schema { queryType { name } } __typename }")
    assert found.sql is None
    assert json.loads(found.data) == {"__schema": {"queryType": {"name": "Query"}}, "__typename": "Query"}


# --- the text of the statement -------------------------------------------------------------------


def test_the_same_shape_gives_the_same_text() -> None:
    text = "query ($key: String, $first: Int) { talks(first: $first, filter: {key: {eq: $key}}) { nodes { title } } }"
    assert sql(text, key="a", first=3) == sql(text, key="b", first=3)
    written = '{{ talks(first: 3, filter: {{key: {{eq: "{}"}}}}) {{ nodes {{ title }} }} }}'
    assert sql(written.format("a")) == sql(written.format("b")) == sql(text, key="c", first=3)


def test_the_size_of_a_page_and_the_members_of_enums_are_written_out() -> None:
    text = "query ($n: Int, $s: TalkStatus!) { talks(last: $n, filter: {status: {eq: $s}}) { nodes { title } } }"
    found = {sql(text, n=n, s=s) for n in (1, 100) for s in ("HELD", "OVERDUE")}
    assert len(found) == 4
    assert all("limit 1" in each and ("'HELD'" in each or "'OVERDUE'" in each) for each in found)


def test_whitespace_and_fragments_leave_no_trace_in_the_text() -> None:
    plain = sql("{ talks { nodes { key title } } }")
    assert sql("{talks{nodes{...T}}} fragment T on Talk { ... on Record { key } ... { title } }") == plain


@settings(deadline=None, derandomize=True, max_examples=150)
@given(some.lists(some.sampled_from(NASTY) | some.text(max_size=8), max_size=6).map("".join).filter(bool))
@example("'; drop table talk; --")
def test_values_never_appear_in_the_text(value: str) -> None:
    if "\x00" in value or any("\ud800" <= each <= "\udfff" for each in value):
        return
    value = f"zq{value}qz"
    written = (
        "{ talks(filter: {title: {eq: VALUE, contains: VALUE}, key: {in: [VALUE]}}) { nodes { key } }"
        " talk(by: {key: VALUE}) { key } conflicts(filter: {countries: {has: VALUE}}) { totalCount } }"
    )
    given_by_variable = "query ($v: String!) " + written.replace("VALUE", "$v")
    literal = written.replace("VALUE", json.dumps(value))
    for found, values in ((plan(literal), {}), (plan(given_by_variable, v=value), {"v": value})):
        assert found.sql is not None
        assert value not in found.sql
        assert "zq" not in found.sql
        bound = found.parameters(values, CLOCK)
        assert value in bound
        assert [value] in bound


async def test_nasty_values_are_found_again(desk: Desk) -> None:
    for index, value in enumerate(NASTY):
        await desk.add(Talk, f"t{index}", title=f"x{value}y")
    for index, value in enumerate(NASTY):
        found = await desk.ask(
            "query ($v: String) { talks(filter: {title: {eq: $v}}) { nodes { key } } }", v=f"x{value}y"
        )
        assert found == {"talks": {"nodes": [{"key": f"t{index}"}]}}


@pytest.mark.parametrize("value", ["\x00", "a\x00b", "\ud800", "a\udfff"])
@pytest.mark.parametrize(
    "where",
    ["talks(filter: {title: {eq: $v}})", "talks(filter: {title: {contains: $v}})", "talks(filter: {key: {in: [$v]}})",
     "talks(after: $v)"],
)  # fmt: skip
async def test_what_is_no_text_is_refused(desk: Desk, value: str, where: str) -> None:
    with pytest.raises(Invalid):
        await desk.ask(f"query ($v: String!) {{ {where} {{ totalCount nodes {{ key }} }} }}", v=value)


def test_a_parameter_is_bound_once() -> None:
    found = plan(
        "query ($at: DateTime) { processes(asOf: $at) { nodes { status stalledSince nextTalk { status } } } }",
        at="2025-04-18",
    )
    assert len(found.binds) == 1
    assert found.sql is not None
    assert "$1::date" in found.sql


def test_what_is_not_used_is_not_bound() -> None:
    assert len(plan('{ actors(asOf: "2025-04-18") { nodes { name } } }').binds) == 0


def test_the_clock_is_bound_where_no_as_of_is_given() -> None:
    found = plan("{ a: talks { nodes { status } } b: talks { nodes { status } } }")
    assert found.parameters({}, CLOCK) == [CLOCK.date(), '"a":', '"b":']


def test_documents_that_differ_in_their_aliases_share_a_statement() -> None:
    one = plan("{ talks { nodes { here: title there: title } } }")
    other = plan("{ talks { nodes { left: title right: title } } }")
    assert one.sql == other.sql
    assert one.parameters({}, CLOCK) != other.parameters({}, CLOCK)


# --- caches --------------------------------------------------------------------------------------


def test_plans_and_documents_are_bounded() -> None:
    own = Reader(create_schema())
    text = "query ($f: TalkFilter) { talks(filter: $f) { totalCount } }"
    for depth in range(PLANS_PER_DOCUMENT + 5):
        nested: dict[str, Any] = {"key": {"eq": "a"}}
        for _ in range(depth):
            nested = {"not": nested}
        own.prepare(text, None, {"f": nested})
    assert len(own.compiled[text, None].plans) == PLANS_PER_DOCUMENT
    assert own.compiled.most == DOCUMENTS_CACHED


def test_long_documents_and_statements_leave_room_for_fewer() -> None:
    own = Reader(create_schema(), most_characters=100_000)
    texts = [
        "{ " + " ".join(f"n{number}x{place}: talks {{ nodes {{ title status }} }}" for place in range(20)) + " }"
        for number in range(10)
    ]
    for text in texts:
        own.prepare(text, None, {})
    kept = [text for text in texts if own.find_prepared(text, None, {})]
    assert 0 < len(kept) < len(texts)
    assert kept == texts[-len(kept) :]
    held = sum(len(plan.sql or "") for each in own.compiled.values() for plan in each.plans.values())
    assert 50_000 < held + sum(map(len, kept)) <= 100_000


def test_another_shape_of_variables_is_compiled_long_after_the_first() -> None:
    text = """query Q($on: Boolean!, $by: TalkFilter) { talks(filter: $by) { nodes { ...F } } }
    fragment F on Talk { key title @include(if: $on) }"""
    given = {"on": True, "by": {"title": {"eq": "x"}}}
    expected = Reader(create_schema()).prepare(text, "Q", given).plan.sql
    own = Reader(create_schema())
    without = own.prepare(text, "Q", {"on": False}).plan.sql
    own.prepare("{ actors { nodes { key } } }", None, {})
    assert own.find_prepared(text, "Q", given) is None
    assert own.prepare(text, "Q", given).plan.sql == expected != without


def test_a_refused_document_is_not_kept() -> None:
    own = Reader(create_schema())
    with pytest.raises(QueryRefused):
        own.prepare("{ nothing }", None, {})
    assert not own.compiled


# --- selections ----------------------------------------------------------------------------------


async def test_a_response_key_may_be_longer_than_a_name_in_the_database(talks: Desk) -> None:
    key = "k" * 200
    text = f"{{ {key}: talks {{ {key}: totalCount {key}2: totalCount }} }}"
    assert await talks.ask(text) == {key: {key: 2, f"{key}2": 2}}


async def test_an_object_may_have_more_members_than_a_function_has_arguments(talks: Desk) -> None:
    keys = [f"k{number}" for number in range(500)]
    found = await talks.ask(f"{{ talks(first: 1) {{ {' '.join(f'{key}: totalCount' for key in keys)} }} }}")
    assert found == {"talks": dict.fromkeys(keys, 2)}


@pytest.mark.parametrize(
    "key", ["n", "q", "i", "c", "p", "g", "u", "r", "t1", "j1", "v1", "c1", "o0", "data", "cursors"]
)
async def test_a_response_key_may_be_spelled_like_an_alias_of_the_statement(talks: Desk, key: str) -> None:
    text = """{
        K: talks(first: 1) {
            K: nodes {
                K: key
                process { K: key }
                starts { K: edtf }
                statusExplained { K: inputs { K: name } }
                followedBy { K: totalCount pageInfo { K: hasNextPage } edges { K: node { K: key } cursor } }
            }
        }
        node(id: "00000000-0000-7000-8000-000000000000") { K: id }
    }"""
    found = await talks.ask(text.replace("K:", f"{key}:"))
    item = found[key][key][0]
    assert item[key] == "paris"
    assert item["process"] == {key: "process"}
    assert item["starts"] == {key: "2025-04-17"}
    assert item["statusExplained"][key][0] == {key: "clock"}
    assert item["followedBy"] | {"edges": None} == {key: 1, "pageInfo": {key: False}, "edges": None}
    assert item["followedBy"]["edges"][0][key] == {key: "london"}


async def test_more_than_fifty_fields_are_answered_in_the_order_of_the_selection(talks: Desk) -> None:
    keys = [f"k{index}" for index in range(200)]
    found = await talks.ask("{ talks(first: 1) { nodes { " + " ".join(f"{key}: title" for key in keys) + " } } }")
    assert list(found["talks"]["nodes"][0]) == keys


async def test_a_record_whose_selected_fields_are_all_null_is_still_an_object(talks: Desk) -> None:
    found = await talks.ask("{ talks { nodes { key process { summary } follows { summary venue } } } }")
    assert found["talks"]["nodes"] == [
        {"key": "paris", "process": {"summary": None}, "follows": None},
        {"key": "london", "process": None, "follows": {"summary": None, "venue": None}},
    ]


async def test_an_object_of_which_nothing_applies_is_empty(talks: Desk) -> None:
    found = await talks.ask(
        """query ($id: ID!, $no: Boolean = false) {
            node(id: $id) { ... on Actor { name } }
            nodes(ids: [$id]) { ... on Actor { name } }
            talks(first: 1) {
                nodes { key @include(if: $no) }
                edges { node { key @include(if: $no) } }
                pageInfo { endCursor @include(if: $no) }
            }
            empty: talks { totalCount @include(if: $no) }
            london: talk(by: {key: "london"}) { follows { key @include(if: $no) } process { key @include(if: $no) } }
            gone: talk(by: {key: "none"}) { key @include(if: $no) }
        }""",
        id=(await talks.ask('{ talk(by: {key: "paris"}) { id } }'))["talk"]["id"],
    )
    assert found == {
        "node": {}, "nodes": [{}],
        "talks": {"nodes": [{}], "edges": [{"node": {}}], "pageInfo": {}},
        "empty": {}, "london": {"follows": {}, "process": None}, "gone": None,
    }  # fmt: skip


async def test_a_list_of_which_only_the_type_is_asked_needs_no_parameters(talks: Desk) -> None:
    text = """query ($k: String) {
        statements { __typename }
        talks(asOf: "2025-04-18", filter: {key: {eq: $k}}, first: 3) { __typename }
        processes { nodes { talks(filter: {status: {eq: HELD}}) { __typename } } }
    }"""
    found = await talks.ask(text, k="paris")
    assert found["statements"] == {"__typename": "StatementConnection"}
    assert found["processes"] == {"nodes": [{"talks": {"__typename": "TalkConnection"}}]}


async def test_an_operation_of_which_nothing_is_included_is_an_empty_object(desk: Desk) -> None:
    assert (await desk.answer("{ talks @skip(if: true) { totalCount } }")).data == b"{}"


async def test_fields_with_the_same_response_key_merge(talks: Desk) -> None:
    found = await talks.ask(
        """{
            a: talks(first: 1) { nodes { key process { key } } }
            a: talks(first: 1) { nodes { title process { name } } totalCount }
            ... { a: talks(first: 1) { pageInfo { hasNextPage } nodes { key } } }
        }"""
    )
    assert json.dumps(found) == json.dumps(
        {
            "a": {
                "nodes": [{"key": "paris", "process": {"key": "process", "name": "A process"}, "title": "Paris"}],
                "totalCount": 2,
                "pageInfo": {"hasNextPage": True},
            }
        }
    )


async def test_a_condition_on_a_fragment_covers_all_of_it(talks: Desk) -> None:
    text = """query ($yes: Boolean!, $no: Boolean!) {
        talks(first: 1) { nodes {
            key @skip(if: $no)
            ...T @include(if: $no)
            ... on Talk @skip(if: $yes) { title }
            ... @include(if: $yes) { venue }
            city @include(if: $yes) @skip(if: $yes)
        } }
    }
    fragment T on Talk { country }"""
    assert (await talks.ask(text, yes=True, no=False))["talks"]["nodes"] == [{"key": "paris", "venue": None}]
    assert (await talks.ask(text, yes=False, no=True))["talks"]["nodes"] == [{"country": None, "title": "Paris"}]


async def test_a_fragment_left_out_once_is_followed_where_it_is_spread_again(talks: Desk) -> None:
    text = "{ talks(first: 1) { nodes { ...T @skip(if: true) ...T } } } fragment T on Talk { key }"
    assert (await talks.ask(text))["talks"]["nodes"] == [{"key": "paris"}]


@pytest.mark.parametrize("depth", [30])
def test_fragments_that_fan_out_are_walked_once(depth: int) -> None:
    fragments = [
        f"fragment F{index} on Talk {{ ...F{index + 1} ...F{index + 1} follows {{ ...G{index + 1} ...G{index + 1} }} }}"
        for index in range(depth)
    ]
    others = [f"fragment G{index} on Talk {{ ...G{index + 1} ...G{index + 1} }}" for index in range(1, depth)]
    last = [f"fragment {name}{depth} on Talk {{ key }}" for name in "FG"]
    # Walked twice at each level, this would take days.
    sql("{ talks { nodes { ...F0 ...F0 } } } " + " ".join([*fragments, *others, *last]))


def test_a_query_that_fans_out_over_all_types_is_refused_in_time() -> None:
    nested = "key"
    for _ in range(30):
        nested = f"citations {{ nodes {{ record {{ {nested} }} }} }}"
    started = time.perf_counter()
    with pytest.raises(Invalid, match="ask for less at a time"):
        plan(f"{{ talks {{ nodes {{ {nested} }} }} }}")
    assert time.perf_counter() - started < 2


# --- variables -----------------------------------------------------------------------------------


async def test_a_variable_left_out_is_an_argument_left_out(talks: Desk) -> None:
    text = """query ($f: TalkFilter, $k: String, $n: Int) {
        talks(filter: $f, first: $n, after: $k) { totalCount nodes { key } }
    }"""
    whole = await talks.ask(text)
    assert whole["talks"]["totalCount"] == len(whole["talks"]["nodes"]) == 2
    assert await talks.ask(text, f=None, k=None, n=None) == whole
    assert await talks.ask(text, f={}) == whole
    inside = "query ($k: String) { talks(filter: {key: {eq: $k}}) { totalCount } }"
    assert await talks.ask(inside) == {"talks": {"totalCount": 2}}


@pytest.mark.parametrize(
    "text",
    [
        'query ($v: ID = "x") { node(id: $v) { id } }',
        "query ($v: [ID!] = []) { nodes(ids: $v) { id } }",
        'query ($v: String = "x") { talks(filter: {key: {in: [$v]}}) { totalCount } }',
        "query ($v: Boolean = true) { talks @skip(if: $v) { totalCount } }",
        "query ($v: Boolean = true) { talks @include(if: $v) { totalCount } }",
        "query ($v: String) { talks(filter: {key: {eq: $v}}) { totalCount } }",
        "query ($v: [String!]) { talks(filter: {key: {in: $v}}) { totalCount } }",
        "query ($v: Boolean) { talks(filter: {key: {isNull: $v}}) { totalCount } }",
    ],
)
async def test_null_is_refused_where_a_value_must_be(desk: Desk, text: str) -> None:
    with pytest.raises(Invalid, match="null"):
        await desk.ask(text, v=None)


async def test_every_value_that_does_not_fit_is_named(desk: Desk) -> None:
    with pytest.raises(Invalid) as refused:
        await desk.ask(
            '{ a: talks(first: 0) { nodes { key } } b: talks(last: 101) { nodes { key } } c: node(id: "x") { id } }'
        )
    assert sorted(problem.path for problem in refused.value.problems) == ["a.first", "b.last", "c.id"]


async def test_a_list_may_hold_variables(talks: Desk) -> None:
    text = 'query ($k: String!) { talks(filter: {key: {in: [$k, "london"]}}) { totalCount } }'
    assert await talks.ask(text, k="paris") == {"talks": {"totalCount": 2}}
    assert await talks.ask(text, k="london") == {"talks": {"totalCount": 1}}


# --- introspection -------------------------------------------------------------------------------


async def test_introspection_stands_beside_data(talks: Desk) -> None:
    text = """query ($type: String!, $at: DateTime, $f: TalkFilter, $deep: Boolean!) {
        before: __typename
        talks(asOf: $at, filter: $f) { totalCount __typename }
        __type(name: $type) { name fields @include(if: $deep) { name } }
        ...S
    }
    fragment S on Query { __schema { queryType { name } } }"""
    found = await talks.ask(text, type="PageInfo", at="2025-04-18", f={"status": {"eq": "HELD"}}, deep=False)
    assert list(found) == ["before", "talks", "__type", "__schema"]
    assert found == {
        "before": "Query",
        "talks": {"totalCount": 0, "__typename": "TalkConnection"},
        "__type": {"name": "PageInfo"},
        "__schema": {"queryType": {"name": "Query"}},
    }


async def test_introspection_follows_its_variables(desk: Desk) -> None:
    text = "query ($type: String!) { __type(name: $type) { name } }"
    assert await desk.ask(text, type="Talk") == {"__type": {"name": "Talk"}}
    assert await desk.ask(text, type="Actor") == {"__type": {"name": "Actor"}}
    assert await desk.ask(text, type="Nothing") == {"__type": None}


# --- lookups -------------------------------------------------------------------------------------


async def test_a_lookup_that_finds_nothing_says_what_it_looked_for(talks: Desk) -> None:
    uuid = (await talks.ask('{ talk(by: {key: "paris"}) { id } }'))["talk"]["id"]
    answer = await talks.answer(
        """query ($id: ID!) {
            a: talk(by: {key: "rome"}) { key } b: actor(by: {id: $id}) { key } c: node(id: $id) { id }
        }""",
        id=uuid,
    )
    assert json.loads(answer.data) == {"a": None, "b": None, "c": {"id": uuid}}
    assert [(each.path, "TALK" in each.message) for each in answer.missing] == [("a", False), ("b", True)]


async def test_nodes_keep_their_places(talks: Desk) -> None:
    ids = [each["id"] for each in (await talks.ask("{ talks { nodes { id } } }"))["talks"]["nodes"]]
    wanted = [ids[1], "00000000-0000-7000-8000-000000000000", ids[0], ids[1]]
    found = await talks.ask("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=wanted)
    assert [each and each["id"] for each in found["nodes"]] == [ids[1], None, ids[0], ids[1]]


async def test_more_than_a_hundred_ids_are_refused(desk: Desk) -> None:
    ids = ["00000000-0000-7000-8000-000000000000"] * 101
    with pytest.raises(Invalid, match="101"):
        await desk.ask("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=ids)


# --- what cannot be run --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{" + "a{" * 5000, "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ('{ talk(by: {key: "a", id: "b"}) { key } }', "GRAPHQL_VALIDATION_FAILED"),
        ("{ talk(by: {}) { key } }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ talk(by: {key: null}) { key } }", "GRAPHQL_VALIDATION_FAILED"),
        ('{ talks(asOf: "yesterday") { totalCount } }', "GRAPHQL_VALIDATION_FAILED"),
        ("query A { __typename } query B { __typename }", "OPERATION_RESOLUTION_FAILED"),
        ("fragment F on Talk { key }", "GRAPHQL_VALIDATION_FAILED"),
        ("query ($a: Int!) { talks(first: $a) { totalCount } }", "BAD_USER_INPUT"),
    ],
)  # fmt: skip
def test_a_document_that_cannot_be_run_is_refused(text: str, code: str) -> None:
    with pytest.raises(QueryRefused) as refused:
        plan(text)
    assert refused.value.code == code


@pytest.mark.parametrize("by", [{}, {"key": None}, {"key": "a", "id": "b"}, {"name": "a"}, "a", None])
def test_a_lookup_by_variable_takes_exactly_one_of_id_and_key(by: object) -> None:
    with pytest.raises(QueryRefused) as refused:
        plan("query ($by: By!) { talk(by: $by) { key } }", by=by)
    assert refused.value.code == "BAD_USER_INPUT"


@pytest.mark.parametrize("variables", [{}, {"k": None}])
def test_a_lookup_by_a_variable_without_value_is_refused(variables: dict[str, None]) -> None:
    with pytest.raises(Invalid, match="give an id or a key"):
        plan("query ($k: String) { talk(by: {key: $k}) { key } }", **variables)


@pytest.mark.parametrize(
    "text",
    [
        "{ ...Missing }",
        "fragment A on Talk { key } { talks { totalCount } }",
        "fragment A on Talk { key } fragment A on Talk { id } { talks { nodes { ...A } } }",
        "fragment A on String { key } { talks { nodes { ...A } } }",
        "{ talks { nodes { ... on Actor { key } } } }",
        "{ talks { nodes { ... on String { key } } } }",
        "{ talks @nothing { totalCount } }",
        "query @include(if: true) { talks { totalCount } }",
        "{ talks @include(if: true) @include(if: true) { totalCount } }",
        "{ talks @defer { totalCount } }",
        "subscription { talks { totalCount } }",
    ],
)
def test_no_rule_is_left_out_that_a_document_could_break(text: str) -> None:
    compiler = reader().compiler
    every = [error.message for error in validate(compiler.schema, parse(text))]
    assert every
    with pytest.raises(QueryRefused) as refused:
        compiler.operation(text)
    assert [error["message"] for error in refused.value.errors] == every


@pytest.mark.parametrize(
    ("document", "is_at_once"),
    [
        ("{ talks { nodes { key process { name } } } }", True),
        ("{ talks { nodes { ...F } } } fragment F on Talk { key }", True),
        # An answer that says what is wrong, a statement with a branch for each type, and the schema itself take long.
        ("{ talks { nodes { kye } } }", False),
        ('{ node(id: "01960000-0000-7000-8000-000000000000") { id } }', False),
        ("{ __schema { queryType { name } } }", False),
        ("{ " + " ".join(f"a{n}: talks {{ totalCount }}" for n in range(31)) + " }", False),
        ("{ talks { totalCount } }" + " " * 1_000, False),
        ("{ processes(filter: {and: [" + '{mergedInto: {key: {eq: "a"}}} ' * 20 + "]}) { totalCount } }", False),
    ],
)
def test_small_documents_are_prepared_at_once(document: str, is_at_once: bool) -> None:
    fresh = Reader(create_schema())
    assert (fresh.prepare_at_once(document, None, {}) is not None) is is_at_once
    if "kye" not in document:
        fresh.prepare(document, None, {})
        assert fresh.prepare_at_once(document, None, {}) is not None


def test_a_variable_counts_wherever_it_is_used() -> None:
    """Else few small ones would become a statement of megabytes, or one of more parameters than the driver takes."""
    used = f"query ($f: ProcessFilter!) {{ processes(filter: {{or: [{'$f,' * 100}]}}) {{ totalCount }} }}"
    few, many = ({"or": [{"version": {"gt": n, "lt": n}} for n in range(count)]} for count in (20, 100))
    assert plan(used, f=few).sql
    with pytest.raises(Invalid, match="more than 30,000 steps to be prepared"):
        plan(used, f=many)
    with pytest.raises(Invalid, match="more than 30,000 steps to be prepared"):
        plan("query ($f: ProcessFilter!) { processes(filter: $f) { totalCount } }", f={"or": many["or"] * 60})
