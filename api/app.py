"""Assembles the application: each path with its endpoint. It reads as a table of contents."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import fastapi_offline
import graphene_django_graphiql_static
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from api.auth.authentication import Authentication
from api.execution import Execution
from api.graphql.endpoint import GraphQL
from api.graphql.persisted_documents import PersistedDocuments, read_manifest
from api.http.errors import DatabaseNotMigrated, RequestRefused
from api.http.gateway import Gateway
from api.http.rate_limits import QUOTA_KEY, Rates
from api.http.response_headers import build_page_policy
from api.http.router import Router
from api.postgres.unavailable import DatabaseUnavailable
from api.rest import read_endpoints, write_endpoints
from api.rest.problems import problem_response
from api.rest.read import reads
from api.rest.writes import writes
from api.settings import Settings
from schema.compiler.compiler import Compiler

log = logging.getLogger(__name__)

PAGES = Path(__file__).parent / "pages"
ALL_PAGES = ("graphiql", "docs", "redoc")

# The published file is served: generating it again takes a second, and 20 MB for as long as the process lives.
OPENAPI = Path(__file__).parent.parent / "openapi" / "openapi.json"

# The scripts and styles of the pages: GraphiQL with React, Swagger UI and ReDoc, from the wheels that contain them.
GRAPHIQL = Path(graphene_django_graphiql_static.__file__).parent / "static" / "graphene_django_graphiql_static"
SWAGGER_AND_REDOC = Path(fastapi_offline.__file__).parent / "static"


def create_app(settings: Settings) -> Application:
    """Create the application. It connects to its database at the start, or later. Raises ManifestRefused."""
    execution = Execution(settings)
    rates = Rates(settings)
    authentication = Authentication(settings, execution.connection, rates)
    compiler = execution.reader.compiler
    known = documents(settings, compiler)
    graphql = GraphQL(execution, authentication, known, page("graphiql"), settings)
    paths = Router(
        {
            **read_endpoints.endpoints(execution, authentication, reads(compiler)),
            **write_endpoints.endpoints(execution, authentication, writes(compiler)),
        }
    )
    app = Application(
        title="Parley",
        lifespan=lifespan(execution),
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        # Its redirect would trust the client's Host header, and use plain http behind a proxy: keys would follow it.
        redirect_slashes=False,
        exception_handlers={HTTPException: answer_http_error(rates), Exception: answer_defect},
    )
    front = redirect("/docs" if settings.trusted_documents_only else "/graphql")
    app.compiler = compiler
    app.router.routes.extend(
        [
            Route("/", front),
            Route("/graphql", graphql),
            *paths.routes(),
            *documentation_routes(),
            Route("/healthz", healthz),
            Route("/readyz", readyz(execution)),
        ]
    )
    # Outside of the handler of defects, so that these answers, too, have every header.
    app.gateway = Gateway(app.route(graphql, paths), settings, rates, build_page_policy(map(page, ALL_PAGES)))
    return app


class Application(FastAPI):
    """FastAPI behind the gateway. GraphQL and REST bypass it: it would be a third of the cost of a small query."""

    gateway: Gateway
    compiler: Compiler

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.gateway(scope, receive, send)

    def route(self, graphql: ASGIApp, paths: Router) -> ASGIApp:
        """Build the ASGI app that passes requests to GraphQL, to REST, or else to the framework."""
        framework = super().__call__

        async def choose(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await framework(scope, receive, send)
            elif scope["path"] == "/graphql":
                await graphql(scope, receive, send)
            else:
                await (paths.find(scope) or framework)(scope, receive, send)

        return choose


def documentation_routes() -> list[BaseRoute]:
    """List the routes of the API's description, of the pages that show it, and of their assets."""
    return [
        Route("/docs", html_response(page("docs"))),
        Route("/redoc", html_response(page("redoc"))),
        Route("/openapi.json", openapi_json),
        Mount("/assets/graphiql", StaticFiles(directory=GRAPHIQL)),
        Mount("/assets/docs", StaticFiles(directory=SWAGGER_AND_REDOC)),
    ]


def documents(settings: Settings, compiler: Compiler) -> PersistedDocuments:
    """Create the store of documents that clients may name. Raises ManifestRefused."""
    path = settings.trusted_documents
    trusted = read_manifest(path, compiler) if path else {}
    return PersistedDocuments(trusted, settings.sent_documents_kept, only_trusted=settings.trusted_documents_only)


def lifespan(execution: Execution) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Open the database at the start if it is reachable. Declarations that differ from it end the start."""

    @asynccontextmanager
    async def run(_: FastAPI) -> AsyncIterator[None]:
        try:
            await execution.open()
        except (DatabaseUnavailable, DatabaseNotMigrated) as error:
            log.warning("starting without the database: %s", error)
        yield
        await execution.close()

    return run


def page(name: str) -> bytes:
    """Read the HTML of a page. Its policy lets it load assets from this server only."""
    return (PAGES / f"{name}.html").read_bytes()


def html_response(html: bytes) -> Callable[[Request], Awaitable[Response]]:
    async def answer(_: Request) -> Response:
        return HTMLResponse(html)

    return answer


def redirect(to: str) -> Callable[[Request], Awaitable[Response]]:
    async def answer(_: Request) -> Response:
        return RedirectResponse(to)

    return answer


async def openapi_json(_: Request) -> Response:
    return FileResponse(OPENAPI, media_type="application/json")


async def healthz(_: Request) -> Response:
    """Answer as long as the process lives. The database is not queried, so that its absence restarts nothing."""
    return JSONResponse({"status": "ok"})


def readyz(execution: Execution) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            await execution.check_ready()
        except Exception as error:  # noqa: BLE001 - the border of the process: answered and logged by `problem_response`.
            return problem_response(request.scope, error)
        return JSONResponse({"status": "ok"})

    return answer


async def answer_defect(request: Request, error: Exception) -> Response:
    return problem_response(request.scope, error)


def answer_http_error(rates: Rates) -> Callable[[Request, Exception], Coroutine[Any, Any, Response]]:
    """Answer a path or method that does not exist with a problem, and count the request if nothing has yet."""

    async def answer(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if QUOTA_KEY not in request.scope:
            try:
                rates.count_anonymous(request.scope)
            except RequestRefused as refused:
                return problem_response(request.scope, refused)
        path = request.url.path
        code, message = {
            404: ("NOT_FOUND", f"There is nothing at {path}; /openapi.json lists the paths."),
            405: ("METHOD_NOT_ALLOWED", f"{request.method} is not allowed at {path}."),
        }.get(error.status_code, ("BAD_REQUEST", str(error.detail)))
        return problem_response(request.scope, RequestRefused(code, message, error.headers))

    return answer
