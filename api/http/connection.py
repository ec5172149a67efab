"""Extends uvicorn's connection by limits on the size of requests and on how slowly they arrive.

A request that cannot be served is answered with the reason before the connection closes, in the order of the requests.
This module must not know what the application does.
"""

from __future__ import annotations

import asyncio
from enum import Enum, auto
from typing import Any, cast
from urllib.parse import unquote

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from api.http.connection_clock import ConnectionClock
from api.http.errors import PROBLEM_JSON, RequestRefused, failure
from api.http.rate_limits import WRITER_KEY
from api.http.response_writer import ResponseWriter

# Real clients send some 20 headers, and proxies add a few.
MOST_HEADERS = 100

# The slowest rate of a body or an answer before it is cut off: a slow mobile line carries ten times this.
SLOWEST_BYTES_PER_SECOND = 10_000

# How long a refused client may go on sending. If the connection were closed at once, TCP would reset it, and the
# client might never read the reason.
LINGER_SECONDS = 2.0

# How many connections beyond the limit get an answer that says so; more are just closed.
MOST_REFUSALS = 100


class Phase(Enum):
    """The state of a connection."""

    IDLE = auto()  # Between two requests.
    REQUEST = auto()  # The next request is expected at once, or is arriving.
    ANSWER = auto()  # The request is complete, and its answer is being made.
    END = auto()  # The last answer is written; bytes that still arrive are discarded.


class Connection(HttpToolsProtocol):
    """A connection of a client. `ConnectionClock.end_expired` is the one timer of all connections."""

    cycle: ResponseWriter

    def __init__(self, clock: ConnectionClock, **given: Any) -> None:
        super().__init__(**given)
        self.clock = clock
        self.number = next(clock.numbers)
        self.settings = clock.settings
        self.phase = Phase.REQUEST
        self.since = clock.now
        # Bytes received of this request; with pipelining, of the requests received together with it as well.
        self.arrived_bytes = 0
        self.final_response = b""
        # Since when the write buffer has not been empty, and its size then.
        self.unread_since = 0.0
        self.unread_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.clock.note_silent(self)
        most = self.clock.most_connections
        excess = len(self.connections) - most
        if excess > MOST_REFUSALS:
            transport.abort()
        elif excess > 0 and not self.make_room():
            self.refuse("BUSY", f"The server holds {most} connections and takes no more.")

    def connection_lost(self, exc: Exception | None) -> None:
        self.clock.forget_silent(self)
        super().connection_lost(exc)

    def make_room(self) -> bool:
        """Close the connection that has sent no whole head for longest, else the one that has been idle for longest."""
        others = [each for each in cast("set[Connection]", self.connections) if each is not self]
        found = [each for each in others if each.is_silent()] or [each for each in others if each.phase is Phase.IDLE]
        if found:
            min(found, key=lambda each: (each.since, each.number)).drop()
        return bool(found)

    def drop(self) -> None:
        """Close this connection without a word. It is forgotten at once: the next finds another one."""
        self.connections.discard(self)
        self.transport.abort()

    def is_silent(self) -> bool:
        """Tell whether the head of a request is awaited or arriving, and nothing else is going on."""
        return self.phase is Phase.REQUEST and (self.cycle is None or self.cycle.response_complete)

    @property
    def address(self) -> str:
        return self.client[0] if self.client else ""

    # --- requests --------------------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        if self.phase is Phase.END:
            return
        if self.phase is Phase.IDLE:
            self.phase, self.since, self.arrived_bytes = Phase.REQUEST, self.clock.now, 0
        self.arrived_bytes += len(data)
        try:
            self.feed(data)
        except httptools.HttpParserError:
            self.refuse("BAD_REQUEST", "What was sent is not HTTP/1.1.")
        is_large = self.arrived_bytes > self.settings.largest_head_bytes
        if is_large and self.phase is not Phase.END and self.is_in_head():
            # Refused as soon as it is too large, complete or not.
            self.refuse(*self.head_too_large())

    def feed(self, data: bytes | memoryview) -> None:
        """Parse received bytes. A request to upgrade the protocol is ignored (RFC 9110, 7.8).

        At an Upgrade header the parser stops after the head, and would take the body for the next request. So a new
        parser parses the head again, without that header.
        """
        while data:
            try:
                self.parser.feed_data(data)
            except httptools.HttpParserUpgrade as upgrade:
                if self.phase is Phase.END or self.transport.is_closing():
                    return
                head, data = self.head_without_offer(), memoryview(data)[upgrade.args[0] :]
                self.parser = httptools.HttpRequestParser(self)
                self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
                self.parser.feed_data(head)
            else:
                return

    def head_without_offer(self) -> bytes:
        method, version = self.parser.get_method(), self.parser.get_http_version().encode()
        lines = [b"%b: %b\r\n" % each for each in self.headers if each[0] != b"upgrade"]
        return b"".join([b"%b %b HTTP/%b\r\n" % (method, self.url, version), *lines, b"\r\n"])

    def is_in_head(self) -> bool:
        """Tell whether the head of the next request is awaited or arriving; earlier requests may still be running."""
        return self.cycle is None or self.scope is not self.cycle.scope

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if self.phase is Phase.ANSWER:
            # The next request of a pipeline. Bytes received together with the one before are not counted.
            self.arrived_bytes = 1

    def on_headers_complete(self) -> None:
        if self.phase is Phase.END:
            return
        self.clock.forget_silent(self)
        if refusal := self.find_refusal():
            self.refuse(*refusal)
            return
        if self.parser.should_upgrade():
            # `feed` parses this head again, without the Upgrade header.
            return
        self.complete_scope()
        # Trailers of a chunked body must not be added to the headers of its request.
        self.headers = []
        before, self.cycle = self.cycle, self.build_writer()
        self.scope[WRITER_KEY] = self.cycle  # type: ignore[literal-required]
        if before is None or before.response_complete:
            self._start_asgi_task(self.cycle, self.app)
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft((self.cycle, self.app))

    def complete_scope(self) -> None:
        """Fill in the parts of the ASGI scope that are known once the head is parsed."""
        scope, url = self.scope, httptools.parse_url(self.url)
        path = url.path.decode("ascii")
        scope["method"] = self.parser.get_method().decode("ascii")
        scope["http_version"] = self.parser.get_http_version()
        scope["path"] = unquote(path) if "%" in path else path
        scope["raw_path"] = url.path
        scope["query_string"] = url.query or b""

    def build_writer(self) -> ResponseWriter:
        return ResponseWriter(
            self.close_after_response,
            scope=self.scope,
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=False,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=self.expect_100_continue,
            keep_alive=self.parser.get_http_version() != "1.0" and self.parser.should_keep_alive(),
            on_response=self.on_response_complete,
        )

    def find_refusal(self) -> tuple[str, str] | None:
        """Return the code and message with which a head is refused; None where it is served."""
        if len(self.url) > self.settings.longest_url_bytes:
            return "URL_TOO_LONG", f"The URL is longer than {self.settings.longest_url_bytes} bytes. Send it by POST."
        is_suspect = self.phase is Phase.ANSWER or self.arrived_bytes > self.settings.largest_head_bytes
        if is_suspect and self.head_bytes() > self.settings.largest_head_bytes:
            return self.head_too_large()
        if len(self.headers) > MOST_HEADERS:
            return "HEADERS_TOO_LARGE", f"There are {len(self.headers)} headers; {MOST_HEADERS} are possible."
        return self.find_wrong_protocol() or self.find_wrong_host()

    def find_wrong_protocol(self) -> tuple[str, str] | None:
        """Refuse CONNECT and WebSockets, after which no HTTP follows; other upgrades are ignored."""
        if not self.parser.should_upgrade():
            return None
        if self.parser.get_method() == b"CONNECT":
            return "BAD_REQUEST", "This server is no proxy, and connects to nothing."
        if self._get_upgrade() == b"websocket":
            return "BAD_REQUEST", "There are no WebSockets here; send queries by POST or GET."
        return None

    def find_wrong_host(self) -> tuple[str, str] | None:
        """Refuse a request without exactly one Host header: proxies could disagree about its host (RFC 9112, 3.2)."""
        hosts = sum([name == b"host" for name, _ in self.headers])
        if hosts > 1:
            return "BAD_REQUEST", f"There are {hosts} Host headers; send one."
        if not hosts and self.parser.get_http_version() != "1.0":
            return "BAD_REQUEST", "There is no Host header; HTTP/1.1 needs one."
        return None

    def head_bytes(self) -> int:
        return len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)

    def head_too_large(self) -> tuple[str, str]:
        limit = self.settings.largest_head_bytes
        return "HEADERS_TOO_LARGE", f"The URL and the headers are larger than {limit} bytes together."

    def on_body(self, body: bytes) -> None:
        if self.phase is not Phase.END:
            super().on_body(body)

    def on_message_complete(self) -> None:
        if self.phase is Phase.END or self.parser.should_upgrade():
            return
        super().on_message_complete()
        is_answered = self.cycle.response_complete and not self.pipeline
        self.phase, self.since = Phase.IDLE if is_answered else Phase.ANSWER, self.clock.now

    def on_response_complete(self) -> None:
        """Start the next request, or wait for it. A timer for each wait would cost every request."""
        self.server_state.total_requests += 1
        if self.transport.is_closing() or (self.phase is Phase.END and not self.final_response):
            return
        self.flow.resume_reading()
        if self.pipeline:
            self.start_next()
        elif self.final_response:
            self.end(self.final_response)
        elif self.phase is Phase.ANSWER:
            self.phase, self.since = Phase.REQUEST if self.is_in_head() else Phase.IDLE, self.clock.now

    def start_next(self) -> None:
        cycle, app = cast("tuple[ResponseWriter, Any]", self.pipeline.pop())
        if self.phase is Phase.ANSWER and cycle is self.cycle and cycle.more_body and not self.is_in_head():
            self.phase, self.since = Phase.REQUEST, self.clock.now
        self._start_asgi_task(cycle, app)

    def eof_received(self) -> bool:  # type: ignore[override]
        """Answer a client that closed its side, then close the connection. A long read for it is given up."""
        if self.phase is Phase.ANSWER:
            self.cycle.keep_alive = False
            self.cycle.is_half_closed = True
            return True
        if self.final_response:
            return True
        if self.phase is Phase.REQUEST and self.arrived_bytes:
            self.refuse("BAD_REQUEST", "The request ends before it is whole.")
        return False

    # --- timeouts --------------------------------------------------------------------------------

    def check(self, now: float) -> None:
        """Close this connection, or refuse its request, when its time is up."""
        self.check_unread(now)
        waited = now - self.since
        match self.phase:
            case Phase.IDLE if waited > self.settings.idle_timeout_seconds:
                self.transport.close()
            case Phase.REQUEST:
                self.check_request(now, waited)
            case Phase.END if not self.final_response and waited > LINGER_SECONDS:
                self.transport.abort()

    def check_request(self, now: float, waited: float) -> None:
        """Refuse a request that arrives too slowly; just close the connection where none has begun."""
        is_body = not self.is_in_head()
        if is_body and (self.flow.read_paused or self.cycle.waiting_for_100_continue):
            # The client waits for this server, which is not reading.
            self.since = now
        elif waited <= self.allowed_seconds(self.arrived_bytes if is_body and not self.cycle.response_complete else 0):
            return
        elif self.arrived_bytes:
            limit = self.settings.request_timeout_seconds
            self.refuse("REQUEST_TIMEOUT", f"The request was not whole after {limit:g} seconds.")
        else:
            self.transport.close()

    def check_unread(self, now: float) -> None:
        """Abort where the client reads too slowly. uvicorn adds to the buffer only once the client has read from it."""
        unread, had = self.transport.get_write_buffer_size(), self.settings.request_timeout_seconds
        if not unread or unread > self.unread_bytes:
            self.unread_since, self.unread_bytes = now, unread
        elif now - self.unread_since > had:
            if self.unread_bytes - unread < had * SLOWEST_BYTES_PER_SECOND:
                self.transport.abort()
            self.unread_since, self.unread_bytes = now, unread

    def allowed_seconds(self, size: int) -> float:
        """Return the seconds that a request of so many bytes may take."""
        return self.settings.request_timeout_seconds + size / SLOWEST_BYTES_PER_SECOND

    # --- the end ---------------------------------------------------------------------------------

    def refuse(self, code: str, message: str) -> None:
        """Answer with the reason and close, once the requests before this one have been answered."""
        if self.transport.is_closing():
            return
        words = self.build_refusal(code, message)
        is_in_head = self.is_in_head()
        if not is_in_head and self.pipeline:
            self.pipeline.popleft()
            is_in_head = True
        if is_in_head and self.cycle is not None and not self.cycle.response_complete:
            self.phase, self.final_response = Phase.END, words
        else:
            # A half-written answer can only be broken off.
            self.end(words if is_in_head or not self.cycle.response_started else b"")

    def build_refusal(self, code: str, message: str) -> bytes:
        """Serialise the answer that refuses a request, head and body."""
        problem = failure(RequestRefused(code, message))
        body = problem.problem_json("")
        headers = [*self.server_state.default_headers, *self.clock.headers]
        headers += [(name.encode(), value.encode()) for name, value in problem.headers.items()]
        headers += [(b"content-type", PROBLEM_JSON.encode()), (b"content-length", b"%d" % len(body))]
        lines = [b"%s: %s\r\n" % each for each in headers]
        return b"".join([STATUS_LINE[problem.status], *lines, b"connection: close\r\n\r\n", body])

    def close_after_response(self) -> None:
        """Close after the last answer. If the client is still sending, an immediate close could reset it unread."""
        if self.cycle.more_body:
            self.end(b"")
        else:
            self.transport.close()

    def end(self, words: bytes) -> None:
        """Write the last answer and close our side; read on until the client closes too, or for LINGER_SECONDS."""
        self.phase, self.since, self.final_response = Phase.END, self.clock.now, b""
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.flow.resume_reading()
        self.transport.write(words)
        self.transport.write_eof()

    def shutdown(self) -> None:
        if self.phase is Phase.END and not self.final_response:
            self.transport.close()
        else:
            super().shutdown()
