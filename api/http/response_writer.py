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
        # What is held back until it leaves together with the first of the body. Until then nothing has started, and
        # who fails can still be told so.
        self.head = b""
        # Whether there is no body, whatever the application says of one; and whether it said how long it is.
        self.is_bare = self.is_measured = False

    async def send(self, message: Any) -> None:
        """Take an ASGI message of the application. Raises RuntimeError for one that is not possible now."""
        if self.flow.write_paused and not self.disconnected:
            await self.flow.drain()
        if self.disconnected:
            return
        kind = message["type"]
        has_begun = self.response_started or self.head
        if kind == "http.response.start" and not has_begun:
            self.begin(message["status"], [*self.default_headers, *message.get("headers", ())])
        elif kind == "http.response.body" and has_begun and not self.response_complete:
            self.go_on(message.get("body", b""), is_last=not message.get("more_body", False))
        else:
            raise RuntimeError(f"The application sent {kind!r} out of turn.")

    def begin(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        """Hold the head, or write it where nobody knows when the first of the body comes."""
        if status == 204:
            # It has none of a length (RFC 9110, 8.6).
            headers = [each for each in headers if each[0].lower() != b"content-length"]
        lines = b"".join([b"%s: %s\r\n" % each for each in headers])
        if lines.count(b"\r") != len(headers) or lines.count(b"\n") != len(headers):
            raise RuntimeError("A header of the answer has a line break in it.")
        self.waiting_for_100_continue = False
        given = {name.lower(): value for name, value in headers}
        length = given.get(b"content-length")
        self.is_bare, self.is_measured = self.scope["method"] == "HEAD" or status in WITHOUT_BODY, length is not None
        self.expected_content_length = int(length or 0)
        is_open = not self.is_bare and not self.is_measured
        # Older clients do not know chunks: for them, what has no length ends with the connection.
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

    def go_on(self, body: bytes, *, is_last: bool) -> None:
        """Write some of the body, and end after the last of it."""
        if self.is_bare:
            body = b""
        elif self.chunked_encoding:
            body = (b"%x\r\n%b\r\n" % (len(body), body) if body else b"") + (b"0\r\n\r\n" if is_last else b"")
        elif self.is_measured:
            self.measure(len(body), is_last=is_last)
        self.write(body)
        if is_last:
            self.response_complete = True
            self.message_event.set()
            if not self.keep_alive:
                self.part()
            self.on_response()

    def measure(self, size: int, *, is_last: bool) -> None:
        self.expected_content_length -= size
        if self.expected_content_length < 0 or (is_last and self.expected_content_length):
            raise RuntimeError(f"The answer is not as long as its Content-Length: {-self.expected_content_length:+}.")

    async def send_500_response(self) -> None:
        """Tell a failure in place of the head that is held."""
        self.head = b""
        await super().send_500_response()

    def write(self, body: bytes) -> None:
        """Write what is held and this. Some clients of a pipeline are gone, which only its last request is told."""
        head, self.head = self.head, b""
        self.response_started = True
        if self.transport.is_closing():
            return
        if head and body:
            self.transport.writelines((head, body))
        elif head or body:
            self.transport.write(head or body)
