"""GraphQL over HTTP, asked as a client asks: of a server that runs, over the first dossier."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import graphql
import httpx
import pytest

from schema.root_types import create_schema
from tests.support.serving import Wire, serving, wire_to

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"

PROCESS = """
    query Standing($key: String!, $asOf: DateTime) { process(by: {key: $key}, asOf: $asOf) { key status } }
    query Talks { talks(asOf: "2025-04-18") { nodes { key } } }
"""
KEY = {"key": "us-ukraine-russia-2025", "asOf": "2025-04-18"}

EVERYTHING = """
    query Everything($asOf: DateTime) {
      processes(asOf: $asOf) {
        totalCount
        nodes {
          key status statusExplained { inputs { name value record { key __typename } } }
          talks { edges { cursor node { key participations { nodes { actor { key } role } } } } }
          statements(first: 1) { pageInfo { hasNextPage endCursor } }
          timeline(first: 100) { nodes { title at { edtf } record { ... on Statement { quote speaker { name } } } } }
        }
      }
      statements(filter: {speaker: {key: {eq: "marco-rubio"}}}, asOf: $asOf) { nodes { quote } }
      talk(by: {key: "no-such-talk"}) { id }
      rules { id }
      __typename
    }
"""


@pytest.fixture(scope="module")
def wire(dossier_url: str) -> Iterator[Wire]:
    with wire_to(dossier_url) as wire:
        yield wire


@pytest.fixture(scope="module")
def server(wire: Wire) -> Iterator[httpx.Client]:
    with serving(wire.url) as client:
        yield client


def ask(server: httpx.Client, query: str, accept: str = JSON, **variables: Any) -> httpx.Response:
    return server.post("/graphql", json={"query": query, "variables": variables}, headers={"Accept": accept})


# --- questions and answers -----------------------------------------------------------------------


def test_a_query_is_answered_with_data_and_its_cost_alone(server: httpx.Client) -> None:
    answer = ask(server, '{ deadline(by: {key: "us-decision-2025-04"}, asOf: "2025-04-20T00:00:00Z") { status } }')
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.json() == {"data": {"deadline": {"status": "IN_WINDOW"}}, "extensions": {"cost": 2}}


def test_keys_come_in_the_order_they_were_asked_for(server: httpx.Client) -> None:
    answer = ask(server, '{ z: __typename process(by: {key: "us-ukraine-russia-2025"}) { version name key } }')
    assert list(answer.json()["data"]) == ["z", "process"]
    assert list(answer.json()["data"]["process"]) == ["version", "name", "key"]


def test_operation_name_picks_one_operation_of_the_document(server: httpx.Client) -> None:
    asked = {"query": PROCESS, "operationName": "Standing", "variables": KEY}
    answer = server.post("/graphql", json=asked)
    assert answer.json()["data"] == {"process": {"key": "us-ukraine-russia-2025", "status": "ACTIVE"}}
    assert "errors" not in answer.json()
    answer = server.post("/graphql", json={**asked, "operationName": "Talks"})
    assert list(answer.json()["data"]) == ["talks"]


def test_get_asks_the_same(server: httpx.Client) -> None:
    asked = {"query": PROCESS, "operationName": "Standing", "variables": json.dumps(KEY)}
    answer = server.get("/graphql", params=asked, headers={"Accept": JSON})
    assert answer.json()["data"] == {"process": {"key": "us-ukraine-russia-2025", "status": "ACTIVE"}}
    assert "errors" not in answer.json()


def test_head_gives_the_headers_of_get(server: httpx.Client) -> None:
    got, head = (
        server.request(method, "/graphql?query={__typename}", headers={"Accept": JSON}) for method in ("GET", "HEAD")
    )
    assert (head.status_code, head.content) == (200, b"")
    assert {**head.headers, "date": ""} == {**got.headers, "date": ""}


def test_null_operation_name_and_variables_count_as_left_out(server: httpx.Client) -> None:
    answer = server.post("/graphql", json={"query": "{ __typename }", "operationName": None, "variables": None})
    assert answer.json() == {"data": {"__typename": "Query"}, "extensions": {"cost": 1}}


def test_a_content_type_may_name_its_charset(server: httpx.Client) -> None:
    headers = {"Content-Type": "application/json; charset=UTF-8"}
    answer = server.post("/graphql", content='{"query": "{ __typename }"}', headers=headers)
    assert answer.status_code == 200


def test_letters_of_every_script_arrive_and_return(server: httpx.Client) -> None:
    answer = ask(server, "query ($name: String) { actor(by: {key: $name}) { id } }", name="Київ 🕊")
    assert "'Київ 🕊'" in answer.json()["errors"][0]["message"]


def test_the_schema_describes_itself(server: httpx.Client) -> None:
    answer = ask(server, graphql.get_introspection_query(specified_by_url=True, one_of=True))
    described = graphql.build_client_schema(answer.json()["data"])
    declared = graphql.build_schema(create_schema().as_str())
    assert graphql.print_schema(graphql.lexicographic_sort_schema(described)) == graphql.print_schema(
        graphql.lexicographic_sort_schema(declared)
    )


def test_introspection_and_data_go_together(server: httpx.Client) -> None:
    query = 'query ($name: String!) { __type(name: $name) { kind } talk(by: {key: "paris-2025-04-17"}) { __typename } }'
    assert ask(server, query, name="Talk").json()["data"] == {
        "__type": {"kind": "OBJECT"},
        "talk": {"__typename": "Talk"},
    }
    assert ask(server, query, name="TalkStatus").json()["data"]["__type"] == {"kind": "ENUM"}


# --- what is not there ---------------------------------------------------------------------------


def test_what_is_not_found_leaves_the_rest_of_the_answer(server: httpx.Client) -> None:
    answer = ask(server, '{ a: talk(by: {key: "nowhere"}) { id } b: talk(by: {key: "paris-2025-04-17"}) { key } }')
    assert answer.status_code == 200
    assert answer.json() == {
        "data": {"a": None, "b": {"key": "paris-2025-04-17"}},
        "errors": [
            {
                "message": "a: no Talk has the key 'nowhere'",
                "path": ["a"],
                "extensions": {"code": "NOT_FOUND"},
            }
        ],
        "extensions": {"cost": 4},
    }


def test_an_answer_in_part_is_a_success_for_either_media_type(server: httpx.Client) -> None:
    assert ask(server, '{ talk(by: {key: "nowhere"}) { id } }', GRAPHQL_JSON).status_code == 200


def test_an_id_of_another_type_is_told_whose_it_is(server: httpx.Client) -> None:
    france = ask(server, '{ actor(by: {key: "france"}) { id } }').json()["data"]["actor"]["id"]
    answer = ask(server, "query ($id: ID!) { talk(by: {id: $id}) { id } }", id=france).json()
    assert answer["data"] == {"talk": None}
    assert "belongs to a record of type ACTOR" in answer["errors"][0]["message"]


# --- how HTTP carries it -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (GRAPHQL_JSON, GRAPHQL_JSON),
        (f"{GRAPHQL_JSON}, {JSON};q=0.9", GRAPHQL_JSON),
        (f"{GRAPHQL_JSON};q=0.5, {JSON}", JSON),
        (f"{GRAPHQL_JSON}, */*;q=0.1", GRAPHQL_JSON),
        (f"{JSON};q=0, */*", GRAPHQL_JSON),
        ("text/html;q=0.5, application/json", JSON),
        ("APPLICATION/JSON; charset=utf-8", JSON),
    ],
)
def test_the_client_chooses_the_media_type(server: httpx.Client, accept: str, media: str) -> None:
    answer = ask(server, "{ __typename }", accept)
    assert (answer.status_code, answer.headers["content-type"]) == (200, f"{media}; charset=utf-8")
    assert answer.headers["vary"] == "accept"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("{", 400),
        ("{ nothing }", 400),
        ("{ talks(first: 0) { nodes { id } } }", 400),
        ("query A { __typename } query B { __typename }", 400),
    ],
)
def test_a_refused_document_is_200_for_json_and_an_error_for_graphql_json(
    server: httpx.Client, query: str, status: int
) -> None:
    answers = [ask(server, query, media) for media in (JSON, GRAPHQL_JSON)]
    assert [answer.status_code for answer in answers] == [200, status]
    assert answers[0].json() == answers[1].json()
    assert list(answers[0].json()) == ["errors"]


def test_an_error_says_what_where_and_of_which_kind(server: httpx.Client) -> None:
    (error,) = ask(server, "{\n  talks { nodes { tittle } }\n}").json()["errors"]
    assert error == {
        "message": "Cannot query field 'tittle' on type 'Talk'. Did you mean 'title'?",
        "locations": [{"line": 2, "column": 19}],
        "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"},
    }


def test_every_value_that_cannot_be_accepted_is_told_at_once(server: httpx.Client) -> None:
    query = '{ a: talks(first: 0) { nodes { id } } b: talks(after: "x") { nodes { id } } c: node(id: "x") { id } }'
    errors = ask(server, query).json()["errors"]
    assert sorted(error["path"] for error in errors) == [["a"], ["b"], ["c"]]
    assert {error["extensions"]["code"] for error in errors} == {"BAD_USER_INPUT"}


# --- one operation, one statement ----------------------------------------------------------------


def test_one_operation_is_one_statement_counted_on_the_wire(server: httpx.Client, wire: Wire) -> None:
    answers = []
    for day in ("2025-04-18", "2025-05-01", "2025-06-30"):
        before = wire.executed
        answers.append(ask(server, EVERYTHING, asOf=day))
        assert answers[-1].status_code == 200
        assert wire.executed - before == 1, "cold or warm, nested or not"
    assert len({answer.content for answer in answers}) == 3


def test_introspection_asks_the_database_nothing(server: httpx.Client, wire: Wire) -> None:
    before = wire.executed
    ask(server, "{ __schema { types { name } } __typename }")
    assert wire.executed == before


def test_a_refused_request_asks_the_database_nothing(server: httpx.Client, wire: Wire) -> None:
    before = wire.executed
    ask(server, "{ nothing }")
    ask(server, '{ node(id: "x") { id } }')
    assert wire.executed == before


def test_a_read_of_rest_is_one_statement_too(server: httpx.Client, wire: Wire) -> None:
    before = wire.executed
    assert server.get("/v1/processes/us-ukraine-russia-2025?asOf=2025-04-18").status_code == 200
    assert wire.executed - before == 1


def test_many_clients_at_once_get_their_own_answers(server: httpx.Client) -> None:
    def keys(first: int) -> list[str]:
        query = "query ($first: Int) { statements(first: $first) { nodes { key } } }"
        return [node["key"] for node in ask(server, query, first=first).json()["data"]["statements"]["nodes"]]

    sizes = [size % 5 + 1 for size in range(100)]
    with ThreadPoolExecutor(16) as clients:
        found = list(clients.map(keys, sizes))
    longest = max(found, key=len)
    assert found == [longest[:size] for size in sizes]


# --- the schema is its own documentation ---------------------------------------------------------


def named(schema: graphql.GraphQLSchema) -> Iterator[tuple[str, str | None]]:
    """Everything that has a name in the schema, with its description."""
    for type_ in schema.type_map.values():
        if type_.name.startswith("__") or type_.name in graphql.specified_scalar_types:
            continue
        yield type_.name, type_.description
        for name, value in getattr(type_, "values", {}).items():
            yield f"{type_.name}.{name}", value.description
        for name, field in getattr(type_, "fields", {}).items():
            yield f"{type_.name}.{name}", field.description
            for argument, described in getattr(field, "args", {}).items():
                yield f"{type_.name}.{name}({argument})", described.description


def test_every_type_field_argument_and_enum_value_is_described() -> None:
    found = dict(named(graphql.build_schema(create_schema().as_str())))
    assert len(found) > 1000
    assert [name for name, description in found.items() if not (description or "").strip()] == []


def test_every_description_is_a_sentence() -> None:
    found = dict(named(graphql.build_schema(create_schema().as_str())))
    unfinished = [name for name, says in found.items() if not (says or "").rstrip().endswith((".", "`", ")"))]
    assert unfinished == []
