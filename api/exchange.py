"""One request and its answer: uvicorn's, but an answer whose length is known leaves whole, in one system call.

uvicorn writes the head by itself and looks at each header several times, which together is a quarter of what a small
answer costs here. It must not know what is answered.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

WITHOUT_BODY = (204, 304)


class Exchange(RequestResponseCycle):
    """A request with its answer. `part` closes the connection once the client has read all."""

    def __init__(self, part: Callable[[], None], **given: Any) -> None:
        super().__init__(**given)
        self.part = part
        # What is held back until it leaves together with the first of the body.
        self.head = b""

    async def send(self, message: Any) -> None:
        """Take an ASGI message of the application. Raises RuntimeError for one that is not possible now."""
        if self.flow.write_paused and not self.disconnected:
            await self.flow.drain()
        if self.disconnected:
            return
        kind = message["type"]
        if kind == "http.response.start" and not self.response_started:
            self.begin(message["status"], [*self.default_headers, *message.get("headers", ())])
        elif kind == "http.response.body" and self.response_started and not self.response_complete:
            self.go_on(message.get("body", b""), is_last=not message.get("more_body", False))
        else:
            raise RuntimeError(f"The application sent {kind!r} out of turn.")

    def begin(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        """Hold the head, or write it where nobody knows when the first of the body comes."""
        lines = b"".join([b"%s: %s\r\n" % each for each in headers])
        if lines.count(b"\r") != len(headers) or lines.count(b"\n") != len(headers):
            raise RuntimeError("A header of the answer has a line break in it.")
        self.response_started, self.waiting_for_100_continue = True, False
        given = dict(headers)
        if b"close" in given.get(b"connection", b"").lower():
            self.keep_alive = False
        elif not self.keep_alive:
            lines += b"connection: close\r\n"
        length = given.get(b"content-length")
        self.chunked_encoding = length is None and status not in WITHOUT_BODY and self.scope["method"] != "HEAD"
        self.expected_content_length = int(length or 0)
        if self.chunked_encoding:
            lines += b"transfer-encoding: chunked\r\n"
        self.head = b"%b%b\r\n" % (STATUS_LINE[status], lines)
        if self.chunked_encoding:
            self.write(b"")

    def go_on(self, body: bytes, *, is_last: bool) -> None:
        """Write some of the body, and end after the last of it."""
        if self.scope["method"] == "HEAD":
            body, self.expected_content_length = b"", 0
        elif self.chunked_encoding:
            body = (b"%x\r\n%b\r\n" % (len(body), body) if body else b"") + (b"0\r\n\r\n" if is_last else b"")
        else:
            self.expected_content_length -= len(body)
        if self.expected_content_length < 0 or (is_last and self.expected_content_length):
            raise RuntimeError(f"The answer is not as long as its Content-Length: {-self.expected_content_length:+}.")
        self.write(body)
        if is_last:
            self.response_complete = True
            self.message_event.set()
            if not self.keep_alive:
                self.part()
            self.on_response()

    def write(self, body: bytes) -> None:
        """Write what is held and this. Some clients of a pipeline are gone, which only its last request is told."""
        head, self.head = self.head, b""
        if self.transport.is_closing():
            return
        if head and body:
            self.transport.writelines((head, body))
        elif head or body:
            self.transport.write(head or body)
