"""The middleware in front of all interfaces: quotas, security headers and CORS.

It is plain ASGI and costs a request microseconds. It must not know what is asked.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.errors import PROBLEM_JSON, RequestRefused, failure
from api.http.rate_limits import QUOTA_KEY, Rates
from api.http.response_headers import DATA_POLICY, EXPOSED, build_fixed_headers
from api.settings import Settings

METHODS = ("GET", "HEAD", "POST", "PATCH")
SENT = ("Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match")

PREFLIGHT_SECONDS = 7200
"""A browser may cache a preflight answer for this long; none caches one for longer."""

UNLIMITED = ("/healthz", "/readyz")
"""Paths without a quota: health checks poll them and must always be answered."""

PAGE = (b"content-type", b"text/html; charset=utf-8")
"""The header by which HTML pages are told from data."""

COUNTED_INSIDE = ("/graphql", "/v1/")
"""Paths whose requests `Authentication` counts, since it knows the caller; a refusal then has the interface's form."""


class Gateway:
    def __init__(self, app: ASGIApp, settings: Settings, rates: Rates, page_policy: bytes) -> None:
        self.app = app
        self.rates = rates
        self.allowed_origins = settings.origins - {"*"}
        limited = [(b"ratelimit-policy", rates.policy.encode())] if rates.policy else []
        self.headers = [*build_fixed_headers(settings), *limited, (b"content-security-policy", DATA_POLICY)]
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
                self.add_headers(scope, message)
            await send(message)

        is_counted_inside = scope["path"].startswith(COUNTED_INSIDE) and scope["method"] != "OPTIONS"
        early = None if is_counted_inside else self.answer_early(scope)
        await (early or self.app)(scope, receive, complete)

    def add_headers(self, scope: Scope, message: Message) -> None:
        """Add the headers of every answer to the start of this one."""
        given = list(message["headers"])
        given += self.page_headers if PAGE in given else self.headers
        if standing := scope.get(QUOTA_KEY):
            given.append((b"ratelimit", standing))
        if self.allowed_origins:
            given += self.cors_headers(scope)
        message["headers"] = given

    def cors_headers(self, scope: Scope) -> list[tuple[bytes, bytes]]:
        """Build the CORS headers that let a page of an allowed origin read the answer."""
        origin = Headers(scope=scope).get("origin")
        if origin not in self.allowed_origins:
            return []
        return [(b"access-control-allow-origin", origin.encode()), (b"access-control-expose-headers", EXPOSED.encode())]

    def answer_early(self, scope: Scope) -> Response | None:
        """Answer a preflight request, or one that is over its quota; None for a request that passes."""
        if scope["method"] == "OPTIONS":
            headers = Headers(scope=scope)
            if "origin" in headers and "access-control-request-method" in headers:
                response = self.cors.preflight_response(headers)
                # `add_headers` adds it to every answer.
                del response.headers["access-control-allow-origin"]
                return response
        if scope["path"] in UNLIMITED:
            return None
        try:
            self.rates.count_anonymous(scope)
        except RequestRefused as error:
            problem = failure(error)
            return Response(problem.problem_json(scope["path"]), problem.status, problem.headers, PROBLEM_JSON)
        return None
