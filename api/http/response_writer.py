"""Replaces uvicorn's response cycle: an answer whose length is known is written in one system call.

uvicorn writes the head separately and inspects each header several times, which costs a quarter of a small answer.
This module must not know what is answered.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from api.http.errors import PROBLEM_JSON, Failure

WITHOUT_BODY = (204, 304)

STOPPING = "The server is stopping, and the request was not done in time. Try again."


class ResponseWriter(RequestResponseCycle):
    """A request with its answer. `close` closes the connection once the client has read all."""

    def __init__(self, close: Callable[[], None], **given: Any) -> None:
        super().__init__(**given)
        self.close = close
        # The head, buffered until it is written together with the first part of the body. Until then a failure can
        # still be answered with 500.
        self.head = b""
        # Whether the answer has no body, even if the application sends one; and whether it has a Content-Length.
        self.has_no_body = self.has_length = False
        # Whether the client closed its side: it hung up, or sends nothing more and waits for the answer.
        self.is_half_closed = False

    def is_gone(self) -> bool:
        """Tell whether the client waits no longer, as far as can be seen. One that closed its side hardly does."""
        return self.disconnected or self.is_half_closed

    async def send(self, message: Any) -> None:
        """Handle an ASGI message of the application. Raises RuntimeError for one that is out of turn."""
        if self.flow.write_paused and not self.disconnected:
            await self.flow.drain()
        if self.disconnected:
            return
        kind = message["type"]
        has_begun = self.response_started or self.head
        if kind == "http.response.start" and not has_begun:
            self.start_response(message["status"], [*self.default_headers, *message.get("headers", ())])
        elif kind == "http.response.body" and has_begun and not self.response_complete:
            self.write_body(message.get("body", b""), is_last=not message.get("more_body", False))
        else:
            raise RuntimeError(f"The application sent {kind!r} out of turn.")

    def start_response(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        """Buffer the head; write it at once where there is no Content-Length, as the body may come much later."""
        if status == 204:
            # A 204 must not have a Content-Length (RFC 9110, 8.6).
            headers = [each for each in headers if each[0].lower() != b"content-length"]
        lines = b"".join([b"%s: %s\r\n" % each for each in headers])
        if lines.count(b"\r") != len(headers) or lines.count(b"\n") != len(headers):
            raise RuntimeError("A header of the answer has a line break in it.")
        self.waiting_for_100_continue = False
        given = {name.lower(): value for name, value in headers}
        length = given.get(b"content-length")
        self.has_no_body, self.has_length = self.scope["method"] == "HEAD" or status in WITHOUT_BODY, length is not None
        self.expected_content_length = int(length or 0)
        is_open = not self.has_no_body and not self.has_length
        # HTTP/1.0 has no chunks: the end of the connection ends a body without a length.
        self.chunked_encoding = is_open and self.scope["http_version"] >= "1.1"
        if b"close" in given.get(b"connection", b"").lower():
            self.keep_alive = False
        elif not self.keep_alive or (is_open and not self.chunked_encoding):
            self.keep_alive = False
            lines += b"connection: close\r\n"
        if self.chunked_encoding:
            lines += b"transfer-encoding: chunked\r\n"
        self.head = b"%b%b\r\n" % (STATUS_LINE[status], lines)
        if is_open:
            self.write(b"")

    def write_body(self, body: bytes, *, is_last: bool) -> None:
        """Write a part of the body, and complete the answer after the last one."""
        if self.has_no_body:
            body = b""
        elif self.chunked_encoding:
            body = (b"%x\r\n%b\r\n" % (len(body), body) if body else b"") + (b"0\r\n\r\n" if is_last else b"")
        elif self.has_length:
            self.check_length(len(body), is_last=is_last)
        self.write(body)
        if is_last:
            self.response_complete = True
            self.message_event.set()
            if not self.keep_alive:
                self.close()
            self.on_response()

    def check_length(self, size: int, *, is_last: bool) -> None:
        self.expected_content_length -= size
        if self.expected_content_length < 0 or (is_last and self.expected_content_length):
            raise RuntimeError(f"The answer is not as long as its Content-Length: {-self.expected_content_length:+}.")

    async def send_500_response(self) -> None:
        """Answer with a problem, in place of the buffered head: the application failed, or the server is stopping."""
        self.head = b""
        is_stopped = isinstance(sys.exception(), asyncio.CancelledError)
        problem = Failure("BUSY", STOPPING) if is_stopped else Failure("INTERNAL", "It has been logged.")
        body = problem.problem_json(self.scope["path"])
        headers = [(name.encode(), value.encode()) for name, value in problem.headers.items()]
        headers += [(b"content-type", PROBLEM_JSON.encode()), (b"content-length", b"%d" % len(body))]
        headers.append((b"connection", b"close"))
        await self.send({"type": "http.response.start", "status": problem.status, "headers": headers})
        await self.send({"type": "http.response.body", "body": body, "more_body": False})

    def write(self, body: bytes) -> None:
        """Write the buffered head and a part of the body.

        The client may have disconnected: uvicorn sets `disconnected` only for the last request of a pipeline.
        """
        head, self.head = self.head, b""
        self.response_started = True
        if self.transport.is_closing():
            return
        if head and body:
            self.transport.writelines((head, body))
        elif head or body:
            self.transport.write(head or body)
