"""What leaves for an answer, whatever the application makes of ASGI: a client never waits for what does not come."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from api.settings import Settings
from tests.support import serving

PATIENCE_SECONDS = 6.0

Headers = list[tuple[bytes, bytes]]


class Application:
    """An ASGI application that sends what it is told to, and then fails if it is told to."""

    def __init__(self, status: int, headers: Headers, *parts: bytes, fails: bool = False) -> None:
        self.start = {"type": "http.response.start", "status": status, "headers": headers}
        self.parts = parts
        self.fails = fails

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            for kind in ("startup", "shutdown"):
                await receive()
                await send({"type": f"lifespan.{kind}.complete"})
            return
        await send(self.start)
        for number, part in enumerate(self.parts, 1):
            is_last = number == len(self.parts) and not self.fails
            await send({"type": "http.response.body", "body": part, "more_body": not is_last})
        if self.fails:
            raise ArithmeticError("as told")


@contextmanager
def asked(application: Application) -> Iterator[socket.socket]:
    server = serving.Tested(application, Settings())
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        serving.running(server, listener),
        socket.create_connection(listener.getsockname()) as made,
    ):
        made.settimeout(PATIENCE_SECONDS)
        yield made


def answer(application: Application, *, method: str = "GET", version: str = "1.1") -> tuple[int, list[str], bytes]:
    """The status, the lines of the head and the body of all that arrives until the server closes."""
    with asked(application) as made:
        made.sendall(f"{method} / HTTP/{version}\r\nHost: parley\r\nConnection: close\r\n\r\n".encode())
        said = b""
        while more := made.recv(65536):
            said += more
    head, _, body = said.partition(b"\r\n\r\n")
    status, *lines = head.decode().split("\r\n")
    return int(status.split()[1]), [each.lower() for each in lines], body


def test_a_failure_before_anything_was_written_is_told() -> None:
    headers = [(b"content-length", b"5"), (b"x-secret", b"1")]
    status, lines, body = answer(Application(200, headers, fails=True))
    assert (status, json.loads(body)["code"]) == (500, "INTERNAL")
    assert "x-secret: 1" not in lines
    assert answer(Application(200, headers))[0] == 500


def test_a_failure_in_the_midst_of_a_body_is_seen_by_its_end() -> None:
    assert answer(Application(200, [(b"content-length", b"5")], b"abc", fails=True))[2] == b"abc"
    assert answer(Application(200, [], b"abc", fails=True))[2] == b"3\r\nabc\r\n"


@pytest.mark.parametrize("parts", [(b"abcdef",), (b"abc",), ()])
def test_a_body_of_another_length_is_a_failure(parts: tuple[bytes, ...]) -> None:
    status, _, body = answer(Application(200, [(b"content-length", b"5")], *parts))
    assert (status, json.loads(body)["code"]) == (500, "INTERNAL")


def test_capitals_in_the_names_of_headers_make_no_difference() -> None:
    status, lines, body = answer(Application(200, [(b"Content-Length", b"3"), (b"Connection", b"Close")], b"abc"))
    assert (status, body) == (200, b"abc")
    assert [each for each in lines if each.startswith(("transfer-encoding", "connection"))] == ["connection: close"]


def test_an_older_client_reads_what_has_no_length_until_the_end() -> None:
    status, lines, body = answer(Application(200, [], b"abc", b"", b"def"), version="1.0")
    assert (status, body) == (200, b"abcdef")
    assert "connection: close" in lines
    assert not any(each.startswith("transfer-encoding") for each in lines)


@pytest.mark.parametrize(("status", "length"), [(204, []), (304, ["content-length: 3"])])
@pytest.mark.parametrize("parts", [(b"abc",), (b"",), (b"ab", b"cd")])
def test_what_has_no_body_is_sent_without(status: int, length: list[str], parts: tuple[bytes, ...]) -> None:
    found, lines, body = answer(Application(status, [(b"content-length", b"3")], *parts))
    assert (found, body) == (status, b"")
    assert [each for each in lines if each.startswith(("content-length", "transfer-encoding"))] == length


def test_head_says_the_length_and_sends_nothing() -> None:
    status, lines, body = answer(Application(200, [(b"content-length", b"3")], b"abc"), method="HEAD")
    assert (status, body) == (200, b"")
    assert "content-length: 3" in lines
