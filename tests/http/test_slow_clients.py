"""Clients that are slow, silent, gone, too many or no HTTP at all: they end soon, are told why, and delay nobody."""

from __future__ import annotations

import json
import select
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import httpx
import pytest

from tests.support.serving import serving

pytestmark = pytest.mark.one_postgres

SHORT_SECONDS = 1.0
"""What the server here gives a request, and an idle connection. It looks every half second."""

PATIENCE_SECONDS = 6.0
"""After which a test gives up: far above what the server should take, far below what it would by default."""

HOST = b"Host: parley\r\n"
GET = b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n"
QUERY = b'{"query": "{ processes { totalCount } }"}'
POST = b"POST /graphql HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n"


@pytest.fixture(scope="module")
def server(dossier_url: str) -> Iterator[httpx.Client]:
    with serving(dossier_url, request_timeout_seconds=SHORT_SECONDS, idle_timeout_seconds=SHORT_SECONDS) as client:
        yield client


@contextmanager
def connected(server: httpx.Client) -> Iterator[socket.socket]:
    with socket.create_connection((server.base_url.host, server.base_url.port or 80)) as made:
        made.settimeout(PATIENCE_SECONDS)
        yield made


def heard(connection: socket.socket) -> bytes:
    """All that the server says until it closes its side. It must not just break off."""
    said = b""
    while more := connection.recv(65536):
        said += more
    return said


def answers(said: bytes) -> list[tuple[int, Any]]:
    """The status and the JSON of each answer."""
    found = []
    while said:
        head, _, rest = said.partition(b"\r\n\r\n")
        lines = head.decode().lower().split("\r\n")
        length = next(int(line.partition(":")[2]) for line in lines if line.startswith("content-length:"))
        found.append((int(lines[0].split()[1]), json.loads(rest[:length]) if length else None))
        said = rest[length:]
    return found


def refusal(said: bytes) -> tuple[int, str]:
    ((status, problem),) = answers(said)
    assert b"content-type: application/problem+json\r\n" in said
    assert b"connection: close\r\n" in said
    return status, problem["code"]


def test_a_head_that_does_not_end_is_cut_off(server: httpx.Client) -> None:
    with connected(server) as slow:
        slow.sendall(b"GET /healthz HTTP/1.1\r\nHost: parley\r\n")
        assert refusal(heard(slow)) == (408, "REQUEST_TIMEOUT")


def test_a_head_that_comes_letter_by_letter_is_cut_off(server: httpx.Client) -> None:
    with connected(server) as slow:
        slow.settimeout(0.1)
        said, began = b"", time.monotonic()
        slow.sendall(b"GET /healthz HTTP/1.1\r\n")
        while not said.endswith(b"}"):
            assert time.monotonic() - began < PATIENCE_SECONDS
            slow.sendall(b"x")
            try:
                said += slow.recv(65536)
            except TimeoutError:
                continue
        assert refusal(said) == (408, "REQUEST_TIMEOUT")


def test_a_body_that_does_not_end_is_cut_off(server: httpx.Client) -> None:
    with connected(server) as slow:
        slow.sendall(POST % len(QUERY) + QUERY[:10])
        assert refusal(heard(slow)) == (408, "REQUEST_TIMEOUT")


def test_a_body_that_does_not_end_after_another_request_is_cut_off_too(server: httpx.Client) -> None:
    with connected(server) as slow:
        slow.sendall(POST % len(QUERY) + QUERY + POST % len(QUERY) + QUERY[:10])
        (first, _), (status, problem) = answers(heard(slow))
        assert (first, status, problem["code"]) == (200, 408, "REQUEST_TIMEOUT")


def test_a_body_that_moves_has_its_time(server: httpx.Client) -> None:
    with connected(server) as steady:
        padded = QUERY.ljust(40_000)
        steady.sendall(POST % len(padded))
        for start in range(0, len(padded), 5_000):
            time.sleep(0.2)
            steady.sendall(padded[start : start + 5_000])
        assert b"200 OK" in steady.recv(65536)


def test_a_connection_without_a_word_is_closed_in_silence(server: httpx.Client) -> None:
    with connected(server) as silent:
        assert heard(silent) == b""


def test_an_idle_connection_is_closed(server: httpx.Client) -> None:
    with connected(server) as idle:
        idle.sendall(GET)
        ((status, _),) = answers(heard(idle))
        assert status == 200


def test_a_client_that_is_gone_is_forgotten(own_dossier_url: str) -> None:
    short = {"request_timeout_seconds": SHORT_SECONDS, "idle_timeout_seconds": SHORT_SECONDS}
    with (
        serving(own_dossier_url, most_connections=2, **short) as server,
        connected(server) as gone,
        connected(server) as other,
    ):
        # Nothing is read and nothing is closed, as where a cable was cut.
        for each in (gone, other):
            each.sendall(POST % len(QUERY) + QUERY[:10])
        time.sleep(SHORT_SECONDS + 4)
        with connected(server) as third:
            third.sendall(GET)
            assert b"200 OK" in third.recv(65536)


def test_an_answer_that_nobody_reads_does_not_keep_the_connection(server: httpx.Client) -> None:
    with connected(server) as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.sendall((b"GET /openapi.json HTTP/1.1\r\n" + HOST + b"\r\n") * 20)
        with pytest.raises(OSError, match=r"reset|Broken pipe"):
            speak_on(deaf, 30)


def speak_on(connection: socket.socket, seconds: float) -> None:
    """Send a letter now and then, for so long; who has been parted from cannot."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(0.5)
        connection.sendall(b"G")


def test_a_client_that_says_no_more_is_still_answered(server: httpx.Client) -> None:
    with connected(server) as done:
        done.sendall(POST % len(QUERY) + QUERY)
        done.shutdown(socket.SHUT_WR)
        ((status, answer),) = answers(heard(done))
        assert (status, answer["data"]) == (200, {"processes": {"totalCount": 1}})


def test_a_request_that_ends_in_the_middle_is_told_so(server: httpx.Client) -> None:
    with connected(server) as done:
        done.sendall(POST % len(QUERY) + QUERY[:10])
        done.shutdown(socket.SHUT_WR)
        assert refusal(heard(done)) == (400, "BAD_REQUEST")


def test_slow_clients_delay_nobody(server: httpx.Client) -> None:
    with slow_clients(server, 100):
        began = time.monotonic()
        assert server.post("/graphql", json=json.loads(QUERY)).status_code == 200
        assert time.monotonic() - began < SHORT_SECONDS


@contextmanager
def slow_clients(server: httpx.Client, number: int) -> Iterator[None]:
    """So many clients in the middle of their requests."""
    made = [socket.create_connection((server.base_url.host, server.base_url.port or 80)) for _ in range(number)]
    try:
        for each in made:
            each.sendall(b"GET / HTTP/1.1\r\nHost:")
        yield
    finally:
        for each in made:
            each.close()


# --- what is too large, or is none ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (b"GET /healthz HTTP/1.1\r\n" + HOST + b"A: " + b"x" * 500_000 + b"\r\n\r\n", (431, "HEADERS_TOO_LARGE")),
        (b"GET /healthz HTTP/1.1\r\n" + HOST + b"A: " + b"x" * 40_000, (431, "HEADERS_TOO_LARGE")),
        (b"GET /healthz HTTP/1.1\r\n" + HOST + b"A: " + b"x" * 40_000 + b"\r\n\r\n", (431, "HEADERS_TOO_LARGE")),
        (b"GET /healthz HTTP/1.1\r\n" + HOST + b"A: b\r\n" * 101 + b"\r\n", (431, "HEADERS_TOO_LARGE")),
        (b"GET /healthz?" + b"x" * 16_400 + b" HTTP/1.1\r\n" + HOST + b"\r\n", (414, "URL_TOO_LONG")),
        (b"GET /" + b"x" * 1_000_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", (431, "HEADERS_TOO_LARGE")),
        (b"GET /healthz HTTP/1.1\r\n\r\n", (400, "BAD_REQUEST")),
        (b"GET /healthz HTTP/1.1\r\n" + HOST + HOST + b"\r\n", (400, "BAD_REQUEST")),
        (b"GET /healthz HTTP/1.0\r\n" + HOST + b"host: other\r\n\r\n", (400, "BAD_REQUEST")),
        (b"hello\r\n\r\n", (400, "BAD_REQUEST")),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", (400, "BAD_REQUEST")),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", (400, "BAD_REQUEST")),
        (b"CONNECT parley:80 HTTP/1.1\r\n" + HOST + b"\r\n", (400, "BAD_REQUEST")),
        (b"CONNECT * HTTP/1.1\r\n" + HOST + b"\r\n", (400, "BAD_REQUEST")),
        (b"GET /healthz HTTP/1.1\r\n" + HOST + b"A: b\x00c\r\n\r\n", (400, "BAD_REQUEST")),
        (b"GET /h\xc3\xa9 HTTP/1.1\r\n" + HOST + b"\r\n", (400, "BAD_REQUEST")),
        (b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", (400, "BAD_REQUEST")),
        (b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
         (400, "BAD_REQUEST")),
        (b"POST /graphql HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
         b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", (400, "BAD_REQUEST")),
        (b"GET /graphql HTTP/1.1\r\n" + HOST + b"Connection: Upgrade\r\nUpgrade: websocket\r\n"
         b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
         b"Sec-WebSocket-Protocol: graphql-ws\r\n\r\n\x81\x01\x35", (400, "BAD_REQUEST")),
    ],
)  # fmt: skip
def test_what_cannot_be_served_is_told(
    server: httpx.Client, sent: bytes, expected: tuple[int, str], caplog: pytest.LogCaptureFixture
) -> None:
    with connected(server) as client:
        client.sendall(sent)
        assert refusal(heard(client)) == expected
    # Once, and not again into what is closed.
    assert caplog.messages == []


def test_an_older_client_need_not_name_the_host(server: httpx.Client) -> None:
    with connected(server) as client:
        client.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
        assert [status for status, _ in answers(heard(client))] == [200]


def test_a_refusal_waits_for_the_answers_before_it(server: httpx.Client) -> None:
    with connected(server) as client:
        client.sendall(POST % len(QUERY) + QUERY + GET + b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n")
        assert [status for status, _ in answers(heard(client))] == [200, 200, 414]
    with connected(server) as client:
        client.sendall(POST % len(QUERY) + QUERY + b"hello\r\n\r\n")
        assert [status for status, _ in answers(heard(client))] == [200, 400]


def test_requests_that_come_together_are_answered_in_turn(server: httpx.Client) -> None:
    with connected(server) as client:
        client.sendall((POST % len(QUERY) + QUERY + GET) * 10)
        assert [status for status, _ in answers(heard(client))] == [200] * 20


OFFER = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"
"""As the clients of Java and .NET write it."""


def offering(request: bytes) -> bytes:
    return request.replace(HOST, HOST + OFFER, 1)


def test_another_protocol_that_is_offered_is_declined(server: httpx.Client) -> None:
    with connected(server) as client:
        client.sendall(offering(GET))
        assert b"200 OK" in client.recv(65536)
        client.sendall(GET)
        assert b"200 OK" in client.recv(65536)


@pytest.mark.parametrize("size", [10, 100_000])
def test_a_body_after_an_offer_is_that_of_its_request(server: httpx.Client, size: int) -> None:
    body = QUERY.ljust(size)
    chunked = POST.replace(b"Content-Length: %d", b"Transfer-Encoding: chunked") + b"%x\r\n%b\r\n0\r\n\r\n"
    sent = [POST % len(body) + body, chunked % (len(body), body), GET]
    with connected(server) as client:
        for each in (*sent, b"".join(sent * 2)):
            client.sendall(offering(each))
        client.shutdown(socket.SHUT_WR)
        assert [status for status, _ in answers(heard(client))] == [200] * 9


def test_a_body_that_comes_after_the_head_with_an_offer_is_awaited(server: httpx.Client) -> None:
    with connected(server) as client:
        for each in (offering(POST % len(QUERY)), QUERY):
            client.sendall(each)
            time.sleep(0.1)
        assert b'"totalCount":' in client.recv(65536)


@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
def test_a_body_after_an_offer_is_never_a_request(server: httpx.Client, version: bytes) -> None:
    with connected(server) as client:
        client.sendall(offering(POST % len(GET)).replace(b"/1.1", b"/" + version) + GET)
        client.shutdown(socket.SHUT_WR)
        assert refused_once(heard(client)) == (400, "BAD_REQUEST")


def refused_once(said: bytes) -> tuple[int, str]:
    ((status, answer),) = answers(said)
    return status, answer["errors"][0]["extensions"]["code"]


def test_what_follows_a_body_in_chunks_is_no_header(server: httpx.Client) -> None:
    """A proxy that looks at headers need not look there (RFC 9110, 6.5.1)."""
    head = POST.replace(b"Content-Length: %d", b"Transfer-Encoding: chunked")
    with connected(server) as client:
        client.sendall(head)
        time.sleep(0.1)
        client.sendall(b"%x\r\n%b\r\n0\r\nAuthorization: Bearer nothing\r\n\r\n" % (len(QUERY), QUERY))
        assert b"200 OK" in client.recv(65536)
        client.sendall(head + b"%x\r\n%b\r\n0\r\nAuthorization: Bearer nothing\r\n\r\n" % (len(QUERY), QUERY))
        assert b"200 OK" in client.recv(65536)


def test_any_number_of_offers_is_declined(server: httpx.Client) -> None:
    number = 2_000
    with connected(server) as client:
        client.sendall(offering(GET) * number)
        client.shutdown(socket.SHUT_WR)
        assert [status for status, _ in answers(heard(client))] == [200] * number


def test_a_client_that_asks_whether_to_go_on_is_told_to(server: httpx.Client) -> None:
    with connected(server) as client:
        client.sendall((POST % len(QUERY)).replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n"))
        assert client.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(QUERY)
        assert b"200 OK" in client.recv(65536)


# --- too many ------------------------------------------------------------------------------------


def test_one_connection_too_many_is_told_so(dossier_url: str) -> None:
    with serving(dossier_url, most_connections=2) as server, connected(server) as one, connected(server) as two:
        for each in (one, two):
            each.sendall(POST % len(QUERY) + QUERY[:10])
            time.sleep(0.1)
        with connected(server) as three:
            said = heard(three)
        assert refusal(said) == (503, "BUSY")
        assert b"Retry-After: " in said


def test_who_has_sent_no_whole_head_makes_room_before_who_is_idle(dossier_url: str) -> None:
    with serving(dossier_url, most_connections=3) as server, connected(server) as idle:
        idle.sendall(GET)
        assert b"200 OK" in idle.recv(65536)
        with connected(server) as silent, connected(server) as begun:
            begun.sendall(b"GET / HTTP/1.1\r\nHost:")
            time.sleep(0.1)
            for _ in range(2):
                with connected(server) as new:
                    new.sendall(GET)
                    assert b"200 OK" in new.recv(65536)
            assert_closed(silent)
            idle.sendall(GET)
            assert b"200 OK" in idle.recv(65536)


def test_one_address_holds_a_bounded_number_of_connections_that_say_nothing(dossier_url: str) -> None:
    with serving(dossier_url, most_connections=100) as server, ExitStack() as stack:
        silent = [stack.enter_context(connected(server)) for _ in range(30)]
        # All have a second to say something.
        time.sleep(2.5)
        for each in silent[:5]:
            assert_closed(each)
        silent[-1].sendall(GET)
        assert b"200 OK" in silent[-1].recv(65536)
        assert server.get("/healthz").status_code == 200


def assert_closed(connection: socket.socket) -> None:
    with suppress(ConnectionResetError):
        assert connection.recv(65536) == b""


def test_an_idle_connection_makes_room(dossier_url: str) -> None:
    with serving(dossier_url, most_connections=2) as server, connected(server) as one, connected(server) as two:
        for each in (one, two):
            each.sendall(GET)
            assert b"200 OK" in each.recv(65536)
        with connected(server) as three:
            three.sendall(GET)
            assert b"200 OK" in three.recv(65536)
            closed, _, _ = select.select([one, two], [], [], PATIENCE_SECONDS)
            assert [each.recv(65536) for each in closed] == [b""]


def test_who_goes_away_in_the_middle_of_a_pipeline_leaves_no_trace_in_the_log(
    server: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    body = json.dumps({"query": "{ talks(first: 100) { nodes { key status process { status } } } }"}).encode()
    for pause in (0.0, 0.002, 0.004, 0.008, 0.016, 0.032):
        with connected(server) as client:
            client.sendall((POST % len(body) + body) * 20)
            time.sleep(pause)
            # Reset, and not closed in turn.
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert server.get("/healthz").status_code == 200
    time.sleep(SHORT_SECONDS / 2)
    assert [each.getMessage() for each in caplog.records if each.levelname == "ERROR"] == []


def test_who_wants_the_connection_closed_reads_why_a_body_was_not_read(server: httpx.Client) -> None:
    size = 900_000
    head = b"POST /v1/dossiers HTTP/1.1\r\n" + HOST + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % size
    for _ in range(5):
        with connected(server) as client:
            client.sendall(head)
            client.sendall(b"x" * size)
            assert [status for status, _ in answers(heard(client))] == [401]
