# ruff: noqa: E501 - the corpus reads best in long lines.
"""Requests that no client should send: none is a defect of the server, and the connection goes on after each."""

from __future__ import annotations

import http.client
import json
import logging
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from api.http.error_kinds import KINDS
from tests.support.serving import serving

pytestmark = pytest.mark.one_postgres

JSON = "application/json"
BODIES = [
    b"", b"null", b"5", b"-0", b"1e999", b'"query"', b"true", b"[]", b"{}", b"[null]", b"[[]]", b"{", b"}", b"[", b'"',
    b"\xff\xfe", b"\xef\xbb\xbf{}", b"\x00", b"{}\x00", b"\x1f\x8b\x08\x00", b"nul", b"NaN", b"Infinity", b"'a'", b"{a: 1}",
    b"9" * 5000, b"-" + b"9" * 5000, b"1e" + b"9" * 5000, b"[" * 5000, b'{"a":' * 5000, b'{"a": 1, "a": 2}', b"{} {}",
    b'"\\ud800"', b'"\\udfff\\ud800"', b'"\\u0000"', b'"\\x"', b'{"\\ud800": 1}', b'{"": ""}', b"\xed\xa0\x80", b"\xc0\xaf",
]  # fmt: skip
"""Bodies for GraphQL and for each write of REST."""

QUERIES: list[Any] = [
    None, 5, 1.5, True, [], {}, [[]], "", " ", "\x00", "\ud800", "{ __typename }\x00", "\ud800{ __typename }", "null", "5",
    "{", "}", "{}", "query", "{ __typename", '{ talk(by: {key: "\ud800"}) { id } }', '{ talk(by: {key: "\\ud800"}) { id } }',
    "{ talks(first: " + "9" * 5000 + ") { totalCount } }", "{ talks(first: 1e" + "9" * 400 + ") { totalCount } }",
    "{ a" + "a" * 60_000 + " }", "# only a comment", "\ufeff", "\u2028{ __typename }", "query ($a: Int = " + "9" * 5000 + ") { __typename }",
    "{ __typename(a: \"\"\"\\u{110000}\"\"\") }", "{ __typename(a: \"\\u{110000}\") }", "subscription { talks }", "type A { b: C }",
]  # fmt: skip

VALUES: list[Any] = [
    None,
    5,
    -1,
    0.5,
    True,
    "",
    "x",
    "\x00",
    "\ud800",
    [],
    [[]],
    [None],
    {},
    {"a": {}},
    {"\ud800": 1},
    10**300,
    "9" * 5000,
]

TYPES = {
    "Int": "talks(first: $v) { totalCount }", "String": "talks(after: $v) { totalCount }", "By!": "talk(by: $v) { id }",
    "ID!": "node(id: $v) { id }", "[ID!]!": "nodes(ids: $v) { id }", "DateTime": "talks(asOf: $v) { totalCount }",
    "TalkFilter": "talks(filter: $v) { totalCount }", "[TalkOrder!]": "talks(orderBy: $v) { totalCount }",
    "Boolean": "talks @include(if: $v) { totalCount }",
}  # fmt: skip

WRITES = [
    ("POST", "/v1/talks"),
    ("PATCH", "/v1/talks/paris-2025-04-17"),
    ("POST", "/v1/dossiers"),
    ("DELETE", "/v1/talks/x"),
]

PATHS = [
    "/v1/talks?first=" + "9" * 5000, "/v1/talks?first=%00", "/v1/talks?asOf=%ED%A0%80", "/v1/talks?after=%FF", "/v1/talks?first=",
    "/v1/talks?status=%00,%00", "/v1/talks?first=1&first=2", "/v1/talks?knownAt=null", "/v1/talks/%00", "/v1/talks/%ED%A0%80",
    "/v1/talks/" + "9" * 5000, "/v1/revisions?record=5", "/v1/nothing", "/graphql?query=5", "/graphql?query=%FF&variables=%FF",
    "/graphql?query={__typename}&variables=5", "/graphql?query={__typename}&variables=" + "[" * 5000,
    "/graphql?query={__typename}&variables=" + "9" * 5000, "/graphql?query={__typename}&operationName=%00",
]  # fmt: skip

FRAMES = {"5": b"\x81\x815\x00\x00\x00\x00", "null": b"\x81\x84\x00\x00\x00\x00null"}
"""Text frames of a WebSocket, masked with zeros, as a client would send them had its handshake been accepted."""


@pytest.fixture(scope="module")
def server(dossier_url: str) -> Iterator[httpx.Client]:
    with serving(dossier_url) as client:
        yield client


@pytest.fixture
def line(server: httpx.Client, caplog: pytest.LogCaptureFixture) -> Iterator[http.client.HTTPConnection]:
    """One connection, which has to last for all requests of a test; none of them is a defect."""
    caplog.set_level(logging.WARNING)
    made = http.client.HTTPConnection("127.0.0.1", server.base_url.port, timeout=30)
    made.connect()
    first = made.sock
    yield made
    made.request("GET", "/healthz")
    assert made.getresponse().read()
    assert made.sock is first, "the connection was dropped"
    made.close()
    assert "unexpected failure" not in caplog.text


def send(
    line: http.client.HTTPConnection, method: str, path: str, body: bytes | None = None, media: str = JSON
) -> None:
    """Send a request; its answer is no defect, and a refusal has one of the codes."""
    line.request(method, path, body, {"Content-Type": media} if body is not None else {})
    answer = line.getresponse()
    told = answer.read()
    assert answer.status < 500, (path[:80], (body or b"")[:80], told[:300])
    if answer.status >= 400:
        content = json.loads(told)
        codes = [each["extensions"]["code"] for each in content["errors"]] if "errors" in content else [content["code"]]
        assert set(codes) <= set(KINDS)


def test_bodies_that_are_no_request(line: http.client.HTTPConnection) -> None:
    for body in BODIES:
        send(line, "POST", "/graphql", body)


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_bodies_that_are_no_write(line: http.client.HTTPConnection, method: str, path: str) -> None:
    for body in BODIES:
        send(line, method, path, body)
        send(line, method, path, body, "application/yaml")


def test_members_of_wrong_types(line: http.client.HTTPConnection) -> None:
    for member in ("query", "operationName", "variables", "extensions", "documentId"):
        for value in [*QUERIES, *VALUES]:
            send(line, "POST", "/graphql", json.dumps({"query": "{ __typename }", member: value}).encode())


@pytest.mark.parametrize("type_", TYPES)
def test_variables_of_wrong_types(line: http.client.HTTPConnection, type_: str) -> None:
    for value in VALUES:
        body = {"query": f"query ($v: {type_}) {{ {TYPES[type_]} }}", "variables": {"v": value}}
        send(line, "POST", "/graphql", json.dumps(body).encode())


def test_addresses_that_name_nothing(line: http.client.HTTPConnection) -> None:
    for path in PATHS:
        send(line, "GET", path)


@pytest.mark.parametrize("protocol", ["graphql-ws", "graphql-transport-ws", ""])
@pytest.mark.parametrize("frame", FRAMES)
def test_websockets_are_declined(server: httpx.Client, frame: str, protocol: str) -> None:
    """There are no subscriptions: a handshake is answered as a request, and what follows it is no HTTP."""
    headers = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    }
    made = http.client.HTTPConnection("127.0.0.1", server.base_url.port, timeout=30)
    made.request("GET", "/graphql", headers={**headers, **({"Sec-WebSocket-Protocol": protocol} if protocol else {})})
    answer = made.getresponse()
    assert 400 <= answer.status < 500 or answer.status == 200
    answer.read()
    if made.sock:
        made.sock.sendall(FRAMES[frame])
    made.close()
    assert server.get("/healthz").status_code == 200


def test_there_are_enough_of_them() -> None:
    sent = (
        len(BODIES) * (1 + 2 * len(WRITES)) + (len(QUERIES) + len(VALUES)) * 5 + len(VALUES) * len(TYPES) + len(PATHS)
    )
    assert sent >= 80
