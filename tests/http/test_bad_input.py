"""Bad input gets its documented error and status: never a 500, never a stack trace, never a dropped connection."""

from __future__ import annotations

import base64
import json
import logging
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from api.http.error_kinds import KINDS, table
from api.postgres import embedded, migrations
from tests.conftest import CARELESS
from tests.support.serving import QUICK, serving, until, wire_to

ROOT = Path(__file__).parents[2]
JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"

NOBODY = "01960000-0000-7000-8000-000000000000"
OF_ACTORS = "WyJBY3RvcjpuYW1lLGlkIiwgIkEiLCAiMDE5NjAwMDAtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAwIl0"
"""A cursor of the list of actors, in its default order."""


@pytest.fixture(scope="module")
def server(dossier_url: str) -> Iterator[httpx.Client]:
    with serving(dossier_url) as client:
        yield client


@pytest.fixture(autouse=True)
def no_defect(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """What nobody expected is logged as such: no input may bring that about."""
    caplog.set_level(logging.WARNING)
    yield
    assert "unexpected failure" not in caplog.text


# --- GraphQL -------------------------------------------------------------------------------------

GRAPHQL = [
    ('{ talk(by: {key: "nowhere"}) { id } }', 200, "NOT_FOUND", "no Talk has the key 'nowhere'"),
    (f'{{ talk(by: {{id: "{NOBODY}"}}) {{ id }} }}', 200, "NOT_FOUND", f"no Talk has the id '{NOBODY}'"),
    (f'{{ node(id: "{NOBODY}") {{ id }} }}', 200, "NOT_FOUND", f"no Node has the id '{NOBODY}'"),
    ('{ rule(id: "talk.status.v9") { id } }', 200, "NOT_FOUND", "no Rule has the id 'talk.status.v9'"),
    ('{ talk(by: {id: "paris"}) { id } }', 400, "BAD_USER_INPUT", "talk.by.id: 'paris' is not an id"),
    ('{ node(id: "") { id } }', 400, "BAD_USER_INPUT", "node.id: '' is not an id"),
    ('{ nodes(ids: ["a"]) { id } }', 400, "BAD_USER_INPUT", "nodes.ids[0]: 'a' is not an id"),
    ("{ talk(by: {}) { id } }", 400, "GRAPHQL_VALIDATION_FAILED", "exactly one"),
    ('{ talk(by: {id: "a", key: "b"}) { id } }', 400, "GRAPHQL_VALIDATION_FAILED", "exactly one"),
    ("{ talks(first: 0) { nodes { id } } }", 400, "BAD_USER_INPUT", "talks.first: 0 is not a page size"),
    ("{ talks(first: 101) { nodes { id } } }", 400, "BAD_USER_INPUT", "101 is not a page size; give 1 to 100"),
    ("{ talks(last: -1) { nodes { id } } }", 400, "BAD_USER_INPUT", "talks.last: -1 is not a page size"),
    ("{ talks(first: 3000000000) { nodes { id } } }", 400, "GRAPHQL_VALIDATION_FAILED", "non 32-bit"),
    ("{ talks(first: 1, last: 1) { nodes { id } } }", 400, "BAD_USER_INPUT", "first and last exclude each other"),
    (f'{{ talks(after: "{OF_ACTORS}") {{ nodes {{ id }} }} }}', 400, "BAD_USER_INPUT", "is not a cursor of this list"),
    ('{ talks(after: "x") { nodes { id } } }', 400, "BAD_USER_INPUT", "talks.after: 'x' is not a cursor"),
    (
        f'{{ actors(orderBy: KEY_ASC, before: "{OF_ACTORS}") {{ nodes {{ id }} }} }}',
        400,
        "BAD_USER_INPUT",
        "in this order",
    ),
    ('{ talks(asOf: "2025-02-30") { nodes { id } } }', 400, "GRAPHQL_VALIDATION_FAILED", "is not an instant"),
    ('{ talks(asOf: "2025-04-18T25:00Z") { nodes { id } } }', 400, "GRAPHQL_VALIDATION_FAILED", "is not an instant"),
    ('{ talks(knownAt: "2025-04-18T10:00") { nodes { id } } }', 400, "GRAPHQL_VALIDATION_FAILED", "is not an instant"),
    ("{ talks(asOf: 2025) { nodes { id } } }", 400, "GRAPHQL_VALIDATION_FAILED", "is not an instant"),
    (
        '{ talks(filter: {starts: {earliest: {eq: "2025-13-01"}}}) { nodes { id } } }',
        400,
        "GRAPHQL_VALIDATION_FAILED",
        "is not a date",
    ),
    ("{ talks(filter: {status: {in: [LATE]}}) { nodes { id } } }", 400, "GRAPHQL_VALIDATION_FAILED", "'LATE'"),
    ("{ talks(orderBy: [WHEN]) { nodes { id } } }", 400, "GRAPHQL_VALIDATION_FAILED", "'WHEN'"),
    ("{ talks(filter: {where: {eq: 1}}) { nodes { id } } }", 400, "GRAPHQL_VALIDATION_FAILED", "'where'"),
    ("{ talks(filter: {city: {eq: null}}) { nodes { id } } }", 400, "BAD_USER_INPUT", "use isNull"),
    ("{ talks(filter: {city: {eq: 1}}) { nodes { id } } }", 400, "GRAPHQL_VALIDATION_FAILED", "String"),
    ('{ talks(filter: {city: {eq: "\\u0000"}}) { nodes { id } } }', 400, "BAD_USER_INPUT", "NUL"),
    ("{ talks { nodes { name } } }", 400, "GRAPHQL_VALIDATION_FAILED", "Cannot query field 'name' on type 'Talk'"),
    ("{ meetings { id } }", 400, "GRAPHQL_VALIDATION_FAILED", "Cannot query field 'meetings'"),
    ("{ talks(limit: 1) { nodes { id } } }", 400, "GRAPHQL_VALIDATION_FAILED", "Unknown argument 'limit'"),
    ("{ talks }", 400, "GRAPHQL_VALIDATION_FAILED", "must have a selection"),
    ("{ talks { nodes { id { x } } } }", 400, "GRAPHQL_VALIDATION_FAILED", "must not have a selection"),
    ("{ talks { ...Missing } }", 400, "GRAPHQL_VALIDATION_FAILED", "Unknown fragment 'Missing'"),
    ("{ talks { nodes { ... on Actor { id } } } }", 400, "GRAPHQL_VALIDATION_FAILED", "can never be of type"),
    ("query ($x: Int) { talks(first: $y) { nodes { id } } }", 400, "GRAPHQL_VALIDATION_FAILED", "'$y' is not defined"),
    ("mutation { addTalk { id } }", 400, "GRAPHQL_VALIDATION_FAILED", "Cannot query field 'addTalk'"),
    ("mutation { createTalk { talk { id } } }", 400, "GRAPHQL_VALIDATION_FAILED", "Mutation.createTalk(input:)"),
    ("mutation { createTalk(input: {}) { talk { id } } }", 400, "GRAPHQL_VALIDATION_FAILED", "required field 'title'"),
    ("subscription { talks { id } }", 400, "GRAPHQL_VALIDATION_FAILED", "subscription operation is not supported"),
    ("fragment A on Talk { id }", 400, "GRAPHQL_VALIDATION_FAILED", "never used"),
    ("type Talk { id: ID }", 400, "GRAPHQL_VALIDATION_FAILED", "not executable"),
    ("{", 400, "GRAPHQL_PARSE_FAILED", "Syntax Error: Expected Name"),
    ("# nothing", 400, "GRAPHQL_PARSE_FAILED", "Syntax Error"),
    ("query A { __typename } query B { __typename }", 400, "OPERATION_RESOLUTION_FAILED", "say which one"),
]
"""A document, the status as application/graphql-response+json, the code, and a part of the message."""


@pytest.mark.parametrize(("document", "status", "code", "message"), GRAPHQL)
def test_graphql_tells_what_is_wrong(server: httpx.Client, document: str, status: int, code: str, message: str) -> None:
    answer = server.post("/graphql", json={"query": document}, headers={"Accept": GRAPHQL_JSON})
    assert answer.status_code == status
    errors = answer.json()["errors"]
    assert {error["extensions"]["code"] for error in errors} == {code}
    assert any(message in error["message"] for error in errors), errors


VARIABLES = [
    ("Int", "talks(first: $v)", "ten", "Int cannot represent non-integer value: 'ten'"),
    ("Int", "talks(first: $v)", 1.5, "Int cannot represent non-integer value: 1.5"),
    ("Int", "talks(first: $v)", 2**31, "Int cannot represent non 32-bit"),
    ("Int", "talks(first: $v)", [1], "Int cannot represent non-integer value"),
    ("Int", "talks(first: $v)", 0, "talks.first: 0 is not a page size"),
    ("String", "talks(after: $v)", 7, "String cannot represent a non string value"),
    ("String", "talks(after: $v)", "é☃", "is not a cursor of this list"),
    ("String", "talks(filter: {city: {eq: $v}})", "Kyiv\x00", "talks.filter.city.eq: the text holds a NUL character"),
    ("DateTime", "talks(asOf: $v)", "2025-02-30", "'2025-02-30' is not an instant"),
    ("DateTime", "talks(asOf: $v)", 20250418, "20250418 is not an instant"),
    ("DateTime", "talks(asOf: $v)", "0001-01-01T00:00:00+14:00", "is not an instant"),
    ("DateTime", "talks(asOf: $v)", {}, "is not an instant"),
    ("Date", "talks(filter: {starts: {latest: {lt: $v}}})", "18.04.2025", "'18.04.2025' is not a date"),
    ("[TalkStatus!]", "talks(filter: {status: {in: $v}})", ["LATE"], "Value 'LATE' does not exist in 'TalkStatus'"),
    ("[TalkStatus!]", "talks(filter: {status: {in: $v}})", [None], "null"),
    ("TalkFilter", "talks(filter: $v)", {"city": "Paris"}, "StringFilter"),
    ("TalkFilter", "talks(filter: $v)", {"town": {}}, "'town'"),
    ("TalkFilter", "talks(filter: $v)", {"city": {"eq": None}}, "use isNull"),
    ("[TalkOrder!]", "talks(orderBy: $v)", ["CITY"], "Value 'CITY' does not exist in 'TalkOrder'"),
    ("By!", "talk(by: $v)", None, "null"),
    ("By!", "talk(by: $v)", {}, "xactly one"),
    ("By!", "talk(by: $v)", {"id": "x", "key": "y"}, "xactly one"),
    ("By!", "talk(by: $v)", {"id": "x"}, "'x' is not an id"),
    ("[ID!]!", "nodes(ids: $v)", [NOBODY] * 101, "101 ids were asked for; 100 are allowed"),
]
"""The type of a variable, where it is used, a value, and a part of the message."""


@pytest.mark.parametrize(("type_", "field", "value", "message"), VARIABLES)
def test_graphql_tells_which_variable_is_wrong(
    server: httpx.Client, type_: str, field: str, value: object, message: str
) -> None:
    selection = "{ nodes { id } }" if field.startswith("talks(") else "{ id }"
    asked = {"query": f"query ($v: {type_}) {{ {field} {selection} }}", "variables": {"v": value}}
    answer = server.post("/graphql", content=json.dumps(asked), headers={"Content-Type": JSON, "Accept": GRAPHQL_JSON})
    assert (answer.status_code, "data" in answer.json()) == (400, False)
    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert message in error["message"]


REQUESTS: list[tuple[dict[str, Any], int, str, str]] = [
    ({"content": b""}, 400, "BAD_REQUEST", "The body is not JSON"),
    ({"content": b"{ talks { id } }"}, 400, "BAD_REQUEST", "The body is not JSON"),
    ({"content": b"null"}, 400, "BAD_REQUEST", "The body is no object"),
    ({"content": b"7"}, 400, "BAD_REQUEST", "The body is no object"),
    ({"content": b'"query"'}, 400, "BAD_REQUEST", "The body is no object"),
    ({"content": b"[]"}, 400, "BAD_REQUEST", "batches are not supported"),
    ({"content": b'{"query": NaN}'}, 400, "BAD_REQUEST", "The body is not JSON: expected value at line 1 column 11"),
    ({"content": b'{"query": ' + b"9" * 5000 + b"}"}, 400, "BAD_REQUEST", "an integer of more than 4300 digits"),
    ({"content": b'{"query": "\xff"}'}, 400, "BAD_REQUEST", "The body is not UTF-8"),
    ({"content": '{"query": "{__typename}"}'.encode("utf-16")}, 400, "BAD_REQUEST", "The body is not UTF-8"),
    (
        {"content": b'{"query": "{ __typename }", "variables": {"a": "\\ud83d"}}'},
        400,
        "BAD_REQUEST",
        "The body holds half of a surrogate pair, which is no character, at line 1 column 55",
    ),
    ({"content": b"[" * 40_000}, 400, "BAD_REQUEST", "nested too deeply"),
    ({"content": b'{"a":' * 40_000}, 400, "BAD_REQUEST", "nested too deeply"),
    ({"content": b"[" + b"[]," * 60_000}, 400, "BAD_REQUEST", "more than 50000 values"),
    ({"content": b"{}"}, 400, "BAD_REQUEST", "`query` is missing"),
    ({"content": b'{"query": ""}'}, 400, "BAD_REQUEST", "`query` is missing"),
    ({"content": b'{"query": 7}'}, 400, "BAD_REQUEST", "`query` is missing"),
    ({"content": b'{"query": "{x}", "operationName": 7}'}, 400, "BAD_REQUEST", "`operationName` is no text"),
    ({"content": b'{"query": "{x}", "variables": []}'}, 400, "BAD_REQUEST", "`variables` is no object"),
    ({"content": b'{"query": "{x}", "variables": "{}"}'}, 400, "BAD_REQUEST", "`variables` is no object"),
    ({"content": b'"' + b"a" * 1_000_001 + b'"'}, 413, "TOO_LARGE", "larger than 1000000 bytes"),
    ({"content": b"{}", "headers": {"Content-Type": ""}}, 415, "UNSUPPORTED_MEDIA_TYPE", "no declared type"),
    ({"content": b"{}", "headers": {"Content-Type": "text/plain"}}, 415, "UNSUPPORTED_MEDIA_TYPE", "'text/plain'"),
    ({"data": {"query": "{x}"}, "headers": {}}, 415, "UNSUPPORTED_MEDIA_TYPE", "x-www-form-urlencoded"),
    ({"files": {"query": b"{x}"}, "headers": {}}, 415, "UNSUPPORTED_MEDIA_TYPE", "multipart/form-data"),
    (
        {"content": b"{}", "headers": {"Content-Type": "application/json; charset=latin-1"}},
        415,
        "UNSUPPORTED_MEDIA_TYPE",
        "The charset is 'latin-1'",
    ),
    ({"content": b"{}", "headers": {"Content-Type": JSON, "Accept": "image/png"}}, 406, "NOT_ACCEPTABLE", "accept one"),
    ({"content": b"{}", "headers": {"Content-Type": JSON, "Accept": "*/*;q=0"}}, 406, "NOT_ACCEPTABLE", "accept one"),
]
"""A POST to /graphql, its status whatever is accepted, the code, and a part of the message."""


@pytest.mark.parametrize(("request_", "status", "code", "message"), REQUESTS)
def test_graphql_tells_what_is_wrong_with_a_request(
    server: httpx.Client, request_: dict[str, Any], status: int, code: str, message: str
) -> None:
    answer = server.post("/graphql", **{"headers": {"Content-Type": JSON}, **request_})
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["extensions"]["code"]) == (status, code)
    assert message in error["message"]


QUERIES = [
    ("", 400, "BAD_REQUEST", "`query` is missing"),
    ("query=", 400, "BAD_REQUEST", "`query` is missing"),
    ("query={__typename}&query={x}", 400, "BAD_REQUEST", "`query` is given 2 times"),
    ("query={__typename}&variables=7", 400, "BAD_REQUEST", "`variables` is no object"),
    ("query={__typename}&variables={", 400, "BAD_REQUEST", "`variables` is not JSON"),
    ("query=%ff", 400, "BAD_REQUEST", "not UTF-8"),
    ("query={__typename}&" + "a=1&" * 300, 400, "BAD_REQUEST", "more than 200 parameters"),
    ("query={__typename}&operationName=Other", 400, "OPERATION_RESOLUTION_FAILED", "There is no operation 'Other'"),
    ("query=mutation{x}", 400, "GRAPHQL_VALIDATION_FAILED", "Cannot query field 'x'"),
    ("query=mutation{__typename}", 405, "METHOD_NOT_ALLOWED", "sent by POST"),
]
"""A query string of GET /graphql, the status, the code, and a part of the message."""


@pytest.mark.parametrize(("query", "status", "code", "message"), QUERIES, ids=range(len(QUERIES)))
def test_graphql_tells_what_is_wrong_with_a_url(
    server: httpx.Client, query: str, status: int, code: str, message: str
) -> None:
    answer = server.get(f"/graphql?{query}", headers={"Accept": GRAPHQL_JSON})
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["extensions"]["code"]) == (status, code)
    assert message in error["message"]
    assert answer.headers.get("Allow") == ("POST" if status == 405 else None)


# --- REST ----------------------------------------------------------------------------------------

REST = [
    ("/v1/talks/nowhere", 404, "NOT_FOUND", "no Talk has the key 'nowhere'"),
    (f"/v1/talks/{NOBODY}", 404, "NOT_FOUND", f"no Talk has the id '{NOBODY}'"),
    ("/v1/talks/france", 404, "NOT_FOUND", "no Talk has the key 'france'"),
    ("/v1/rules/talk.status.v9", 404, "NOT_FOUND", "no Rule has the id 'talk.status.v9'"),
    ("/v1/meetings", 404, "NOT_FOUND", "There is nothing at /v1/meetings"),
    ("/v1/talks/a/b", 404, "NOT_FOUND", "There is nothing at /v1/talks/a/b"),
    ("/v1/talks/", 404, "NOT_FOUND", "There is nothing at /v1/talks/"),
    ("/docs/", 404, "NOT_FOUND", "There is nothing at /docs/"),
    ("/assets/graphiql/no.js", 404, "NOT_FOUND", "There is nothing at"),
    ("/assets/graphiql/..%2f..%2f__init__.py", 404, "NOT_FOUND", "There is nothing at"),
    ("/v1/talks/%00", 400, "BAD_USER_INPUT", "by: the text holds a NUL character"),
    ("/v1/talks?first=0", 400, "BAD_USER_INPUT", "first: 0 is not a page size; give 1 to 100"),
    ("/v1/talks?first=101", 400, "BAD_USER_INPUT", "first: 101 is not a page size"),
    ("/v1/talks?first=", 400, "BAD_USER_INPUT", "first: '' is no whole number"),
    ("/v1/talks?first=ten", 400, "BAD_USER_INPUT", "first: 'ten' is no whole number"),
    ("/v1/talks?first=1&first=2", 400, "BAD_USER_INPUT", "first: given 2 times"),
    ("/v1/talks?first=" + "9" * 5000, 400, "BAD_USER_INPUT", "is no whole number"),
    ("/v1/talks?first=١", 400, "BAD_USER_INPUT", "first: '١' is no whole number"),
    ("/v1/talks?first=1&last=1", 400, "BAD_USER_INPUT", "first and last exclude each other"),
    ("/v1/talks?after=x", 400, "BAD_USER_INPUT", "after: 'x' is not a cursor"),
    (f"/v1/talks?after={OF_ACTORS}", 400, "BAD_USER_INPUT", "is not a cursor of this list"),
    (f"/v1/actors?orderBy=KEY_ASC&after={OF_ACTORS}", 400, "BAD_USER_INPUT", "in this order"),
    ("/v1/talks?asOf=2025-02-30", 400, "BAD_USER_INPUT", "asOf: '2025-02-30' is not an instant"),
    ("/v1/talks?asOf=", 400, "BAD_USER_INPUT", "asOf: '' is not an instant"),
    ("/v1/talks?knownAt=2025-04-18T10:00", 400, "BAD_USER_INPUT", "knownAt: '2025-04-18T10:00' is not an instant"),
    ("/v1/talks?from=April", 400, "BAD_USER_INPUT", "from: 'April' is not a date"),
    # A day of a week, which Python reads.
    ("/v1/talks?from=2025-W16-4", 400, "BAD_USER_INPUT", "from: '2025-W16-4' is not a date"),
    ("/v1/talks?status=LATE", 400, "BAD_USER_INPUT", "status: 'LATE' is none of EXPECTED, SCHEDULED"),
    ("/v1/talks?status=HELD,", 400, "BAD_USER_INPUT", "status: '' is none of"),
    ("/v1/talks?orderBy=WHEN", 400, "BAD_USER_INPUT", "orderBy: 'WHEN' is none of"),
    ("/v1/talks?where=Paris", 400, "BAD_USER_INPUT", "where: there is no such parameter; there are: status, process"),
    ("/v1/talks/paris-2025-04-17?first=1", 400, "BAD_USER_INPUT", "there are: asOf, knownAt"),
    ("/v1/rules?x=1", 400, "BAD_USER_INPUT", "there are: none"),
    ("/v1/talks?withTotal=yes", 400, "BAD_USER_INPUT", "withTotal: 'yes' is neither true nor false"),
    ("/v1/talks?actor=%00", 400, "BAD_USER_INPUT", "actor: the text holds a NUL character"),
    ("/v1/talks?actor=%ff", 400, "BAD_REQUEST", "not UTF-8"),
    ("/v1/talks?actor=%ed%a0%80", 400, "BAD_REQUEST", "not UTF-8"),
    ("/v1/deadlines?subject=x", 400, "BAD_USER_INPUT", "subject: 'x' is not an id"),
    ("/v1/sources?number=99999999999", 400, "BAD_USER_INPUT", "is no whole number"),
]
"""A URL, its status, the code, and a part of the detail."""


@pytest.mark.parametrize(("url", "status", "code", "detail"), REST, ids=[url[:60] for url, *_ in REST])
def test_rest_tells_what_is_wrong(server: httpx.Client, url: str, status: int, code: str, detail: str) -> None:
    answer = server.get(url)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    problem = answer.json()
    assert (problem["code"], problem["status"], problem["title"]) == (code, status, KINDS[code].title)
    assert detail in problem["detail"]
    assert problem["instance"] == str(httpx.URL(url).raw_path.partition(b"?")[0], "ascii")


def test_rest_tells_every_wrong_parameter_at_once(server: httpx.Client) -> None:
    problem = server.get("/v1/talks?status=LATE&asOf=soon&first=x&where=Paris").json()
    assert [each["path"] for each in problem["problems"]] == ["status", "asOf", "first", "where"]


def test_an_id_of_another_type_is_told_whose_it_is(server: httpx.Client) -> None:
    france = server.get("/v1/actors/france").json()["id"]
    answer = server.get(f"/v1/talks/{france}")
    assert answer.status_code == 404
    assert "belongs to a record of type ACTOR" in answer.json()["detail"]


# --- forged cursors ------------------------------------------------------------------------------


def forged(*values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        forged(),
        forged("Actor:version,id"),
        forged("Actor:version,id", "1"),
        forged("Actor:version,id", "1", NOBODY, "more"),
        forged("Actor:version,id", "one", NOBODY),
        forged("Actor:version,id", "99999999999999", NOBODY),
        forged("Actor:version,id", "9" * 5000, NOBODY),
        forged("Actor:version,id", "1", "nobody"),
        forged("Talk:version,id", "1", NOBODY),
        forged(["Actor:version,id"], "1", NOBODY),
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
        base64.urlsafe_b64encode(b"[" * 5000).decode(),
        "=",
        "🕊",
        "a" * 100_000,
    ],
    ids=str,
)
def test_a_forged_cursor_is_refused(server: httpx.Client, cursor: str) -> None:
    query = "query ($after: String) { actors(orderBy: VERSION_ASC, after: $after) { nodes { key } } }"
    asked = {"query": query, "variables": {"after": cursor}}
    answer = server.post("/graphql", json=asked, headers={"Accept": GRAPHQL_JSON})
    assert answer.status_code == 400, answer.text
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


# --- whatever comes ------------------------------------------------------------------------------


def post(content: str | bytes) -> tuple[str, str, dict[str, Any]]:
    return ("POST", "/graphql", {"content": content, "headers": {"Content-Type": JSON}})


def query(document: str, **variables: object) -> tuple[str, str, dict[str, Any]]:
    return post(json.dumps({"query": document, "variables": variables}))


def get(url: str, **headers: str) -> tuple[str, str, dict[str, Any]]:
    return ("GET", url, {"headers": headers})


DEEP = 500

NASTY = [
    post(b"\x00"),
    post(b"\xef\xbb\xbf{}"),
    post(b'{"query": "{__typename}"} trailing'),
    post(b'{"query": "{__typename}", "query": 7}'),
    post(b'{"query": "{__typename}", "variables": {"a": 1e999}}'),
    post(b'{"query": "{__typename}", "variables": {"a": ' + b"9" * 4000 + b"}}"),
    post(b'{"query": "{__typename}", "extensions": {"persistedQuery": {"version": 1}}}'),
    post(b'{"query": "\\ud800"}'),
    post(b'{"query": "{__typename}", "operationName": "\\ud800"}'),
    post(b'{"query": "{__typename}", "operationName": ""}'),
    post(b'{"query": "query ($a: String) { talks(after: $a) { nodes { id } } }", "variables": {"a": "\\ud800"}}'),
    post(b'{"query": "query ($a: ID!) { node(id: $a) { id } }", "variables": {"a": "\\ud800\\u0000"}}'),
    post(b'{"query": "query ($a: [TalkStatus!]) { talks(filter: {status: {in: $a}}) { nodes { id } } }",'
         b' "variables": {"a": ["\\udfff"]}}'),
    post(b'{"query": "query ($a: DateTime) { talks(asOf: $a) { nodes { id } } }", "variables": {"a": "\\udfff"}}'),
    query('query ($n: String!) { __type(name: $n) { name } }', n="\ud800"),
    query('query ($n: String!) { __type(name: $n) { name } }', n=None),
    query('query ($n: String!) { __type(name: $n) { name } }', n={}),
    query("{ __type(name: \"Talk\") { fields { name } } }"),
    query('{ __type(name: "\\u0000") { name } }'),
    query("{ __type(name: 7) { name } }"),
    query("\ufeff{ __typename }"),
    query("{ talks(asOf: \"0001-01-01\") { nodes { id } } }"),
    query("{ talks(asOf: \"9999-12-31\") { nodes { id status daysUntil { min max } } } }"),
    query("{ processes(asOf: \"9999-12-31T23:59:59Z\") { nodes { daysSinceLastActivity stalledSince status } } }"),
    query("{ deadlines(asOf: \"0001-01-01\") { nodes { status daysRemaining { min max } } } }"),
    query("{ talks(knownAt: \"0001-01-01\") { totalCount nodes { id } } }"),
    query("{ talks(knownAt: \"9999-12-31T23:59:59.999999Z\") { totalCount nodes { id } } }"),
    query('query ($d: DateTime) { talks(asOf: $d) { nodes { id } } }', d="2025-04-18T00:00:00.1234567890123Z"),
    query('query ($d: DateTime) { talks(asOf: $d) { nodes { id } } }', d="9999-12-31T23:59:59-14:00"),
    query('query ($d: DateTime) { talks(asOf: $d) { nodes { id } } }', d="2025-W16-5"),
    query("query ($f: Float) { agreements(filter: {implementation: {gt: $f}}) { nodes { id } } }", f=1e308),
    query("query ($f: Float) { agreements(filter: {implementation: {gt: $f}}) { nodes { id } } }", f=-(2**70)),
    query("query ($i: Int) { processes(filter: {daysSinceLastActivity: {gt: $i}}) { nodes { id } } }", i=2**31 - 1),
    query("query ($i: Int) { processes(filter: {daysSinceLastActivity: {in: [$i]}}) { nodes { id } } }", i=-(2**31)),
    query("query ($i: [Int!]) { processes(filter: {stallAfterDays: {in: $i}}) { nodes { id } } }", i=[]),
    query("query ($i: [Int!]) { processes(filter: {stallAfterDays: {in: $i}}) { nodes { id } } }", i=None),
    query("query ($i: [ID!]) { talks(filter: {id: {in: $i}}) { nodes { id } } }", i=["x"] * 5000),
    query("query ($f: TalkFilter) { talks(filter: $f) { nodes { id } } }", f={"and": [], "or": [], "not": {}}),
    query("query ($f: TalkFilter) { talks(filter: $f) { nodes { id } } }", f={"or": [{}, {"not": {"or": [{}]}}]}),
    query("query ($f: TalkFilter) { talks(filter: $f) { nodes { id } } }", f={"city": {"in": [], "contains": "%_\\"}}),
    query('{ talks(filter: {city: {contains: "\'; drop table talk; --"}}) { nodes { id } } }'),
    query('{ talk(by: {key: "$1::uuid {t} {now} %s %(x)s"}) { id } }'),
    query('{ a: talks { nodes { id } } a: talks { nodes { key } } }'),
    query('{ a: talks(first: 1) { nodes { id } } a: talks(first: 2) { nodes { id } } }'),
    query("{ talks(first: null, filter: null, orderBy: null, asOf: null) { nodes { id } } }"),
    query("{ talks { __typename } }"),
    query("{ talks(first: 1, asOf: \"2025-04-18\") { __typename } }"),
    query("{ talks { pageInfo { __typename } } }"),
    query("{ talks { pageInfo { hasNextPage } } }"),
    query("{ talks { edges { __typename } } }"),
    query("{ talks { nodes { __typename } edges { cursor } totalCount } }"),
    query("{ talk(by: {key: \"paris-2025-04-17\"}) { __typename starts { __typename } statements { __typename } } }"),
    query("{ talks(orderBy: []) { nodes { id } } }"),
    query("{ talks(orderBy: [KEY_ASC, KEY_DESC, KEY_ASC]) { nodes { id } } }"),
    query("{ nodes(ids: []) { id } }"),
    query("{ nodes(ids: null) { id } }"),
    query("{ talks { nodes { ...A } } } fragment A on Talk { ...B } fragment B on Talk { ...A }"),
    query("{ talks { nodes { ...A ...A ... on Talk { ...A } } } } fragment A on Talk { id }"),
    query("{ talks @skip(if: true) { nodes { id } } }"),
    query("query ($b: Boolean) { talks @include(if: $b) { nodes { id } } }"),
    query("query ($b: Boolean!) { talks @include(if: $b) { nodes { id } } }", b="yes"),
    query("{ talks @unknown { nodes { id } } }"),
    query("{ talks { nodes { id @skip } } }"),
    query("query ($a: Talk) { __typename }"),
    query("query ($a: Nothing) { __typename }"),
    query("query ($a: Int = \"x\") { talks(first: $a) { nodes { id } } }"),
    query("query ($a: Int, $a: Int) { talks(first: $a) { nodes { id } } }"),
    query("query A { __typename } query A { __typename }"),
    query("extend type Talk { x: Int }"),
    query("{ " + "{ a " * DEEP),
    query("{" * 10_000),
    query("{ talks(filter: " + "{not: " * DEEP + "{}" + "}" * DEEP + ") { nodes { id } } }"),
    query("{ talks(filter: {city: {in: " + "[" * DEEP + "]" * DEEP + "}}) { nodes { id } } }"),
    query("{ processes { nodes { " + "parent { " * 60 + "id" + " }" * 60 + " } } }"),
    query("{ " + " ".join(f"a{index}: __typename" for index in range(2000)) + " }"),
    query("{ " + " ".join(f"a{index}: talk(by: {{key: \"x\"}}) {{ id }}" for index in range(200)) + " }"),
    query("{ talks { nodes { " + " ".join(f"a{index}: key" for index in range(1700)) + " } } }"),
    query("query (" + " ".join(f"$a{index}: Int" for index in range(1000)) + ") { __typename }"),
    query("{ talk(by: {key: \"" + "k" * 100_000 + "\"}) { id } }"),
    query('{ talk(by: {key: """block\n  "quoted" \\u0041 """}) { id } }'),
    get("/graphql", Accept="text/html, application/json;q=0.9"),
    get("/graphql?query={__typename}", Accept=""),
    get("/graphql?query={__typename}", Accept=";;;,,,q=,*/*;q=x"),
    get("/graphql?query={__typename}", Accept="a" * 8000),
    get("/graphql?query={__typename}", Accept="application/json;q=1e309, */*;q=-1"),
    get("/graphql?query={__typename}&variables=" + "%5B" * 5000),
    get("/graphql?" + "&" * 10_000),
    get("/graphql?query=%00"),
    get("/graphql/"),
    get("/graphql/x"),
    get("/v1/talks?%"),
    get("/v1/talks?%zz=%zz"),
    get("/v1/talks?=x"),
    get("/v1/talks?first=%F0%9F%95%8A"),
    get("/v1/talks?asOf=%F0%9F%95%8A&knownAt=%00"),
    get("/v1/talks?" + "status=HELD&" * 150),
    get("/v1/talks?" + "status=HELD&" * 1500),
    get("/v1/talks?status=" + "HELD," * 1500 + "HELD"),
    get("/v1/talks/" + "a" * 30_000),
    get("/v1/talks/%E2%82"),
    get("/v1/talks/%zz"),
    get("/v1/talks/..%2f..%2fetc%2fpasswd"),
    get("/v1/talks/%0d%0aX-Header:%20yes"),
    get("/v1//talks"),
    get("//v1/talks"),
    get("/v1/talks/"),
    get("/assets/graphiql/"),
    get("/assets/graphiql/%00"),
    get("/assets/docs/..%2f..%2f..%2fetc%2fpasswd"),
    get("/v1/talks", **{"If-None-Match": '"' * 5000}),
    get("/v1/talks", Range="bytes=0-1"),
    *[(method, url, {}) for method in ("OPTIONS", "PUT", "DELETE", "PATCH", "HEAD", "TRACE")
      for url in ("/graphql", "/v1/talks", "/v1/talks/x", "/healthz", "/nowhere", "/openapi.json", "/docs")],
]  # fmt: skip
"""Requests that somebody will send. Each gets an answer; most of them a refusal."""


@pytest.mark.parametrize(("method", "url", "more"), NASTY, ids=range(len(NASTY)))
def test_whatever_comes_is_answered(server: httpx.Client, method: str, url: str, more: dict[str, Any]) -> None:
    answer = server.request(method, url, **more)
    assert answer.status_code < 500, answer.text[:500]
    assert "Traceback" not in answer.text
    if method != "HEAD" and answer.status_code not in (204, 304, 307):
        expected = ("application/json", GRAPHQL_JSON, "application/problem+json", "text/html")
        assert answer.headers["content-type"].partition(";")[0] in expected
    if method != "HEAD" and answer.status_code >= 400:
        assert "json" in answer.headers["content-type"]
        told = answer.json()
        codes = [error["extensions"]["code"] for error in told["errors"]] if "errors" in told else [told["code"]]
        assert set(codes) <= set(KINDS)


RAW = [
    b"GET /v1/talks HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAccept: \xff\xfe\r\n\r\n",
    b"POST /graphql HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: \xff\r\nContent-Length: 2\r\n\r\n{}",
    b"GET /v1/talks?actor=\xff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    b"GET /v1/talks/\xd0\x9a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    b"POST /graphql HTTP/1.0\r\nContent-Type: application/json\r\n\r\n{}",
    b"GET http://elsewhere/v1/talks HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    b"FOO /v1/talks HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    b"NONSENSE\r\n\r\n",
]  # fmt: skip


@pytest.mark.parametrize("sent", RAW, ids=range(len(RAW)))
def test_bytes_that_no_client_sends_are_answered(server: httpx.Client, sent: bytes) -> None:
    with socket.create_connection((server.base_url.host, server.base_url.port or 80), timeout=10) as connection:
        connection.sendall(sent)
        answer = b"".join(iter(partial(connection.recv, 65536), b""))
    status = int(answer.split()[1])
    assert 200 <= status < 500
    assert b"Traceback" not in answer


def test_a_client_that_goes_away_disturbs_nobody(server: httpx.Client) -> None:
    for sent in (
        b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{",
        b"GET /v1/talks HTTP/1.1\r\nHost: x\r\n\r\n",
    ):
        with socket.create_connection((server.base_url.host, server.base_url.port or 80)) as connection:
            connection.sendall(sent)
    assert server.get("/readyz").status_code == 200


# --- a database that is away, behind or silent ---------------------------------------------------


def asks(server: httpx.Client) -> list[Callable[[], httpx.Response]]:
    """The ways to ask something of the database."""
    return [
        lambda: server.get("/v1/talks"),
        lambda: server.get("/v1/talks/paris-2025-04-17"),
        lambda: server.get("/readyz"),
        lambda: server.post("/graphql", json={"query": "{ talks { nodes { id } } }"}),
        lambda: server.post("/graphql", json={"query": "{ talks { nodes { id } } }"}, headers={"Accept": GRAPHQL_JSON}),
    ]


def check_all_say(server: httpx.Client, code: str) -> None:
    """Every question is answered with 503 and this code; what needs no database goes on."""
    for ask in asks(server):
        answer = ask()
        assert answer.status_code == 503, answer.text
        told = answer.json()
        assert (told["errors"][0]["extensions"]["code"] if "errors" in told else told["code"]) == code
        assert answer.headers["retry-after"] == str(KINDS[code].retry_after_seconds)
        assert "postgres" not in answer.text
    assert server.get("/healthz").status_code == 200
    assert server.post("/graphql", json={"query": "{ __typename }"}).status_code == 200
    assert server.post("/graphql", json={"query": "{ nothing }"}).status_code == 200


def is_ready(server: httpx.Client) -> bool:
    return server.get("/readyz").status_code == 200


@contextmanager
def postgres_at(data: Path) -> Iterator[str]:
    with embedded.run_cluster(data, options=CARELESS) as url:
        yield url


def test_a_database_that_goes_and_comes_back(quick_path: Path) -> None:
    data = quick_path / "postgres"
    with postgres_at(data) as url:
        migrations.migrate(url)
    with serving(url, **QUICK) as server:
        check_all_say(server, "DATABASE_UNAVAILABLE")
        for _ in range(2):
            with postgres_at(data):
                until(lambda: is_ready(server))
                assert server.get("/v1/talks").json()["items"] == []
            check_all_say(server, "DATABASE_UNAVAILABLE")


def test_a_database_that_is_migrated_late(empty_database_url: str) -> None:
    with serving(empty_database_url, **QUICK) as server:
        check_all_say(server, "DATABASE_NOT_MIGRATED")
        migrations.migrate(empty_database_url)
        assert is_ready(server)
        assert server.get("/v1/talks").json()["items"] == []


def test_a_database_that_is_taken_back_under_a_running_server(database_url: str) -> None:
    with serving(database_url, **QUICK) as server:
        assert is_ready(server)
        migrations.downgrade(database_url, "base")
        check_all_say(server, "DATABASE_NOT_MIGRATED")
        migrations.migrate(database_url)
        assert is_ready(server)
        assert server.get("/v1/talks").json()["items"] == []


def test_a_database_that_falls_silent(database_url: str) -> None:
    with wire_to(database_url) as wire, serving(wire.url, **QUICK) as server:
        assert is_ready(server)
        wire.flows.clear()
        with ThreadPoolExecutor(20) as clients:
            answers = list(clients.map(lambda _: server.get("/v1/talks"), range(20)))
        assert {answer.status_code for answer in answers} == {503}
        assert server.get("/healthz").status_code == 200
        wire.flows.set()
        until(lambda: is_ready(server))


def test_a_statement_that_takes_too_long_is_told_so(database_url: str) -> None:
    nested = "{ actors { nodes { key } } }"
    with serving(database_url, **{**QUICK, "statement_timeout_seconds": 0.5}) as server:
        with locked(database_url, "actor"):
            answer = server.post("/graphql", json={"query": nested})
        assert answer.status_code == 503
        assert answer.json()["errors"][0]["extensions"]["code"] == "TIMEOUT"
        assert server.post("/graphql", json={"query": nested}).status_code == 200


@contextmanager
def locked(url: str, table_name: str) -> Iterator[None]:
    """Keep everybody else from reading a table."""
    with psycopg.connect(url) as connection:
        connection.execute(f"lock table {table_name} in access exclusive mode")
        yield


# --- the documentation ---------------------------------------------------------------------------


def test_the_documentation_lists_exactly_the_errors() -> None:
    page = (ROOT / "docs" / "errors.md").read_text()
    shown = "".join(line + "\n" for line in page.splitlines() if line.startswith("|"))
    assert shown == table(), "paste the output of: python -c 'from api.http.errors import table; print(table())'"


def test_every_error_of_the_code_is_in_the_table() -> None:
    sources = [path.read_text() for folder in ("api", "schema") for path in (ROOT / folder).rglob("*.py")]
    for code in KINDS:
        assert any(f'"{code}"' in text for text in sources), code
