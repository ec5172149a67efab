"""What every request passes first and every answer last: quotas, secure headers, and other origins' pages.

A plain ASGI wrapper that costs a request microseconds. It must not know what is asked.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.errors import PROBLEM_JSON, RequestRefused, failure
from api.http.rate_limits import STANDING, Rates
from api.http.response_headers import DATA_POLICY, EXPOSED, fixed
from api.settings import Settings

METHODS = ("GET", "HEAD", "POST", "PATCH")
SENT = ("Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match")

PREFLIGHT_SECONDS = 7200
"""How long a browser need not ask again; none keeps it for longer."""

UNLIMITED = ("/healthz", "/readyz")
"""What a machine asks again and again, and must be told."""

PAGE = (b"content-type", b"text/html; charset=utf-8")
"""What tells a page of ours from data."""

COUNTED_INSIDE = ("/graphql", "/v1/")
"""Where it is found out who asks, and refused in the words of the interface."""


class Gateway:
    def __init__(self, app: ASGIApp, settings: Settings, rates: Rates, page_policy: bytes) -> None:
        self.app = app
        self.rates = rates
        self.listed = settings.origins - {"*"}
        limited = [(b"ratelimit-policy", rates.policy.encode())] if rates.policy else []
        self.headers = [*fixed(settings), *limited, (b"content-security-policy", DATA_POLICY)]
        self.page_headers = [*self.headers[:-1], (b"content-security-policy", page_policy)]
        self.cors = CORSMiddleware(
            app, settings.origins, METHODS, SENT, expose_headers=[EXPOSED], max_age=PREFLIGHT_SECONDS
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.complete(scope, message)
            await send(message)

        is_counted_inside = scope["path"].startswith(COUNTED_INSIDE) and scope["method"] != "OPTIONS"
        answered = None if is_counted_inside else self.answered(scope)
        await (answered or self.app)(scope, receive, complete)

    def complete(self, scope: Scope, message: Message) -> None:
        """Add the headers that every answer has."""
        given = list(message["headers"])
        given += self.page_headers if PAGE in given else self.headers
        if standing := scope.get(STANDING):
            given.append((b"ratelimit", standing))
        if self.listed:
            given += self.shared_with(scope)
        message["headers"] = given

    def shared_with(self, scope: Scope) -> list[tuple[bytes, bytes]]:
        """What lets the page of a listed origin read the answer."""
        origin = Headers(scope=scope).get("origin")
        if origin not in self.listed:
            return []
        return [(b"access-control-allow-origin", origin.encode()), (b"access-control-expose-headers", EXPOSED.encode())]

    def answered(self, scope: Scope) -> Response | None:
        """What is answered here already."""
        if scope["method"] == "OPTIONS":
            headers = Headers(scope=scope)
            if "origin" in headers and "access-control-request-method" in headers:
                response = self.cors.preflight_response(headers)
                # Every answer is given this one at the end.
                del response.headers["access-control-allow-origin"]
                return response
        if scope["path"] in UNLIMITED:
            return None
        try:
            self.rates.came(scope)
        except RequestRefused as error:
            told = failure(error)
            return Response(told.problem_json(scope["path"]), told.status, told.headers, PROBLEM_JSON)
        return None
