"""One connection of a client: uvicorn's, with limits on what arrives and how slowly.

Whatever cannot be served is told before the connection ends, and in the order of the requests. It must not know what
the application does.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from enum import Enum, auto
from typing import Any, cast
from urllib.parse import unquote

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from api.http.errors import PROBLEM_JSON, RequestRefused, failure
from api.http.response_headers import DATA_POLICY, fixed
from api.http.response_writer import Exchange
from api.settings import Settings

# Real clients send some 20 headers, and proxies add a few.
MOST_HEADERS = 100

# What a body or an answer must move at, or it is cut off: a slow mobile line carries ten times this.
SLOWEST_BYTES_PER_SECOND = 10_000

# How long a client that was refused may go on sending. Closed at once, the connection would be reset, and the
# client might never read why.
LINGER_SECONDS = 2.0

# How many connections beyond the last may be told that there are too many; more are just closed.
MOST_TOLD = 100

# The server looks twice a second. What is longer was a pause of its own.
LONGEST_STEP_SECONDS = 1.0


class Phase(Enum):
    """Where a connection stands."""

    IDLE = auto()  # Between two requests.
    REQUEST = auto()  # The next request is expected at once, or is arriving.
    ANSWER = auto()  # The request is whole, and its answer is awaited.
    END = auto()  # All is said; what still arrives is thrown away.


class Watch:
    """A clock for all connections, read some times a second so that no request has to; and what is set for them."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.now = 0.0
        self.looked_at = time.monotonic()
        self.headers = [*fixed(settings), (b"content-security-policy", DATA_POLICY)]

    def look(self, connections: Iterable[Any]) -> None:
        """End every connection that has had its time.

        The clock stands still where this process did: no client is to pay for what it could not have read.
        """
        now = time.monotonic()
        self.now += min(now - self.looked_at, LONGEST_STEP_SECONDS)
        self.looked_at = now
        for each in list(connections):
            each.check(self.now)


class Connection(HttpToolsProtocol):
    """A connection. One timer serves all of them: `Watch.look`."""

    cycle: Exchange

    def __init__(self, watch: Watch, **given: Any) -> None:
        super().__init__(**given)
        self.watch = watch
        self.settings = watch.settings
        self.phase = Phase.REQUEST
        self.since = watch.now
        # What has arrived of the request; with pipelining, of those that came with it as well.
        self.arrived_bytes = 0
        self.last_words = b""
        # Since when the client has left something unread, and how much that was then.
        self.unread_since = 0.0
        self.unread_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        excess = len(self.connections) - self.settings.most_connections
        if excess > MOST_TOLD:
            transport.abort()
        elif excess > 0 and not self.make_room():
            self.refuse("BUSY", f"The server holds {self.settings.most_connections} connections and takes no more.")

    def make_room(self) -> bool:
        """Close the connection that has been idle for longest, if one is."""
        others = (cast("Connection", each) for each in self.connections)
        idle = [each for each in others if each.phase is Phase.IDLE]
        if idle:
            min(idle, key=lambda each: each.since).transport.close()
        return bool(idle)

    # --- what arrives ----------------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        if self.phase is Phase.END:
            return
        if self.phase is Phase.IDLE:
            self.phase, self.since, self.arrived_bytes = Phase.REQUEST, self.watch.now, 0
        self.arrived_bytes += len(data)
        try:
            self.feed(data)
        except httptools.HttpParserError:
            self.refuse("BAD_REQUEST", "What was sent is not HTTP/1.1.")
        is_large = self.arrived_bytes > self.settings.largest_head_bytes
        if is_large and self.phase is not Phase.END and self.is_in_head():
            # It need not be whole to be too large.
            self.refuse(*self.head_too_large())

    def feed(self, data: bytes | memoryview) -> None:
        """Parse what arrived. An offer to change the protocol is passed over (RFC 9110, 7.8).

        At an offer the parser lets go after the head, and would take the body for the next request. So the head
        is read once more, by a new parser, without the offer.
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
        """Whether a head is awaited or arriving; its request is not under way yet, but those before it may be."""
        return self.cycle is None or self.scope is not self.cycle.scope

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if self.phase is Phase.ANSWER:
            # The next request of a pipeline. What came together with the one before is not counted.
            self.arrived_bytes = 1

    def on_headers_complete(self) -> None:
        if self.phase is Phase.END:
            return
        if refusal := self.refused():
            self.refuse(*refusal)
            return
        if self.parser.should_upgrade():
            # `feed` will come back with this head.
            return
        self.complete_scope()
        # What follows a body in chunks is no header of its request.
        self.headers = []
        before, self.cycle = self.cycle, self.exchange()
        if before is None or before.response_complete:
            self._start_asgi_task(self.cycle, self.app)
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft((self.cycle, self.app))

    def complete_scope(self) -> None:
        """Say in the scope what is known only now."""
        scope, url = self.scope, httptools.parse_url(self.url)
        path = url.path.decode("ascii")
        scope["method"] = self.parser.get_method().decode("ascii")
        scope["http_version"] = self.parser.get_http_version()
        scope["path"] = unquote(path) if "%" in path else path
        scope["raw_path"] = url.path
        scope["query_string"] = url.query or b""

    def exchange(self) -> Exchange:
        return Exchange(
            self.part,
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

    def refused(self) -> tuple[str, str] | None:
        """Why a head is not served, by code and in words."""
        if len(self.url) > self.settings.longest_url_bytes:
            return "URL_TOO_LONG", f"The URL is longer than {self.settings.longest_url_bytes} bytes. Send it by POST."
        is_suspect = self.phase is Phase.ANSWER or self.arrived_bytes > self.settings.largest_head_bytes
        if is_suspect and self.head_bytes() > self.settings.largest_head_bytes:
            return self.head_too_large()
        if len(self.headers) > MOST_HEADERS:
            return "HEADERS_TOO_LARGE", f"There are {len(self.headers)} headers; {MOST_HEADERS} are possible."
        return self.wrong_protocol() or self.wrong_host()

    def wrong_protocol(self) -> tuple[str, str] | None:
        """An offer can be passed over, but not where what follows is no HTTP."""
        if not self.parser.should_upgrade():
            return None
        if self.parser.get_method() == b"CONNECT":
            return "BAD_REQUEST", "This server is no proxy, and connects to nothing."
        if self._get_upgrade() == b"websocket":
            return "BAD_REQUEST", "There are no WebSockets here; send queries by POST or GET."
        return None

    def wrong_host(self) -> tuple[str, str] | None:
        """HTTP/1.1 says in one header which host is asked, or proxies take it for different ones (RFC 9112, 3.2)."""
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
        self.phase, self.since = Phase.IDLE if is_answered else Phase.ANSWER, self.watch.now

    def on_response_complete(self) -> None:
        """Begin with the next request, or with the wait for it. No timer is set, which would cost each request."""
        self.server_state.total_requests += 1
        if self.transport.is_closing() or (self.phase is Phase.END and not self.last_words):
            return
        self.flow.resume_reading()
        if self.pipeline:
            self.start_next()
        elif self.last_words:
            self.end(self.last_words)
        elif self.phase is Phase.ANSWER:
            self.phase, self.since = Phase.REQUEST if self.is_in_head() else Phase.IDLE, self.watch.now

    def start_next(self) -> None:
        cycle, app = cast("tuple[Exchange, Any]", self.pipeline.pop())
        if self.phase is Phase.ANSWER and cycle is self.cycle and cycle.more_body and not self.is_in_head():
            self.phase, self.since = Phase.REQUEST, self.watch.now
        self._start_asgi_task(cycle, app)

    def eof_received(self) -> bool:  # type: ignore[override]
        """A client that has said all it wants is answered, and then parted from."""
        if self.phase is Phase.ANSWER:
            self.cycle.keep_alive = False
            return True
        if self.last_words:
            return True
        if self.phase is Phase.REQUEST and self.arrived_bytes:
            self.refuse("BAD_REQUEST", "The request ends before it is whole.")
        return False

    # --- what takes too long ---------------------------------------------------------------------

    def check(self, now: float) -> None:
        """End what has had its time."""
        self.check_unread(now)
        waited = now - self.since
        match self.phase:
            case Phase.IDLE if waited > self.settings.idle_timeout_seconds:
                self.transport.close()
            case Phase.REQUEST:
                self.check_request(now, waited)
            case Phase.END if not self.last_words and waited > LINGER_SECONDS:
                self.transport.abort()

    def check_request(self, now: float, waited: float) -> None:
        """Refuse a request that arrives too slowly; say nothing where none has begun."""
        is_body = not self.is_in_head()
        if is_body and (self.flow.read_paused or self.cycle.waiting_for_100_continue):
            # It is us who are not reading.
            self.since = now
        elif waited <= self.time_for(self.arrived_bytes if is_body and not self.cycle.response_complete else 0):
            return
        elif self.arrived_bytes:
            limit = self.settings.request_timeout_seconds
            self.refuse("REQUEST_TIMEOUT", f"The request was not whole after {limit:g} seconds.")
        else:
            self.transport.close()

    def check_unread(self, now: float) -> None:
        """Part from a client that does not read what it asked for. Whatever is added to was read up before."""
        unread, had = self.transport.get_write_buffer_size(), self.settings.request_timeout_seconds
        if not unread or unread > self.unread_bytes:
            self.unread_since, self.unread_bytes = now, unread
        elif now - self.unread_since > had:
            if self.unread_bytes - unread < had * SLOWEST_BYTES_PER_SECOND:
                self.transport.abort()
            self.unread_since, self.unread_bytes = now, unread

    def time_for(self, size: int) -> float:
        """How many seconds a request of so many bytes may take."""
        return self.settings.request_timeout_seconds + size / SLOWEST_BYTES_PER_SECOND

    # --- the end ---------------------------------------------------------------------------------

    def refuse(self, code: str, message: str) -> None:
        """Tell why this connection ends, once the requests before this one have been answered."""
        if self.transport.is_closing():
            return
        words = self.told(code, message)
        is_in_head = self.is_in_head()
        if not is_in_head and self.pipeline:
            self.pipeline.popleft()
            is_in_head = True
        if is_in_head and self.cycle is not None and not self.cycle.response_complete:
            self.phase, self.last_words = Phase.END, words
        else:
            # What is half answered can only be broken off.
            self.end(words if is_in_head or not self.cycle.response_started else b"")

    def told(self, code: str, message: str) -> bytes:
        """A whole answer that refuses a request."""
        told = failure(RequestRefused(code, message))
        body = told.problem_json("")
        headers = [*self.server_state.default_headers, *self.watch.headers]
        headers += [(name.encode(), value.encode()) for name, value in told.headers.items()]
        headers += [(b"content-type", PROBLEM_JSON.encode()), (b"content-length", b"%d" % len(body))]
        lines = [b"%s: %s\r\n" % each for each in headers]
        return b"".join([STATUS_LINE[told.status], *lines, b"connection: close\r\n\r\n", body])

    def part(self) -> None:
        """Close after an answer that is the last. Who is still sending would be reset, and might never read it."""
        if self.cycle.more_body:
            self.end(b"")
        else:
            self.transport.close()

    def end(self, words: bytes) -> None:
        """Say the last words and close our side. The client's is read until it closes too, or for a while."""
        self.phase, self.since, self.last_words = Phase.END, self.watch.now, b""
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.flow.resume_reading()
        self.transport.write(words)
        self.transport.write_eof()

    def shutdown(self) -> None:
        if self.phase is Phase.END and not self.last_words:
            self.transport.close()
        else:
            super().shutdown()
