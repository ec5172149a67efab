"""The application, put together: what is served where. It reads as a table of contents."""

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
from api.graphql.persisted_documents import PersistedDocuments, manifest
from api.http.errors import DatabaseNotMigrated, RequestRefused
from api.http.gateway import Gateway
from api.http.rate_limits import STANDING, Rates
from api.http.response_headers import page_policy
from api.http.router import Router
from api.postgres.unavailable import DatabaseUnavailable
from api.rest import read_endpoints, write_endpoints
from api.rest.problems import problem
from api.rest.read import reads
from api.rest.writes import writes
from api.settings import Settings
from schema.compiler.compiler import Compiler

log = logging.getLogger(__name__)

PAGES = Path(__file__).parent / "pages"
ALL_PAGES = ("graphiql", "docs", "redoc")

# What was published is what is served: to make it anew takes a second, and 20 MB for as long as the process lives.
OPENAPI = Path(__file__).parent.parent / "openapi" / "openapi.json"

# What the pages load: GraphiQL with React, Swagger UI and ReDoc, out of the wheels that carry them.
GRAPHIQL = Path(graphene_django_graphiql_static.__file__).parent / "static" / "graphene_django_graphiql_static"
SWAGGER_AND_REDOC = Path(fastapi_offline.__file__).parent / "static"


def create_app(settings: Settings) -> Application:
    """The application. It opens its database when it starts, or when it can. Raises ManifestRefused."""
    answers = Execution(settings)
    rates = Rates(settings)
    authentication = Authentication(settings, answers.connection, rates)
    compiler = answers.reader.compiler
    known = documents(settings, compiler)
    graphql = GraphQL(answers, authentication, known, page("graphiql"), settings)
    paths = Router(
        {
            **read_endpoints.endpoints(answers, authentication, reads(compiler)),
            **write_endpoints.endpoints(answers, authentication, writes(compiler)),
        }
    )
    app = Application(
        title="Parley",
        lifespan=lifespan(answers),
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        # Its redirect would name the host that the client says, and plain http behind a proxy: a key would follow it.
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
            *described_routes(),
            Route("/healthz", healthz),
            Route("/readyz", readyz(answers)),
        ]
    )
    # Outside of what answers defects, so that these answers, too, have every header.
    app.border = Gateway(app.route(graphql, paths), settings, rates, page_policy(map(page, ALL_PAGES)))
    return app


class Application(FastAPI):
    """FastAPI behind the border. GraphQL and REST are beside it: it would be a third of what a small query costs."""

    border: Gateway
    compiler: Compiler

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.border(scope, receive, send)

    def route(self, graphql: ASGIApp, paths: Router) -> ASGIApp:
        """The way to GraphQL and REST, and to the framework for all else."""
        framework = super().__call__

        async def choose(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await framework(scope, receive, send)
            elif scope["path"] == "/graphql":
                await graphql(scope, receive, send)
            else:
                await (paths.find(scope) or framework)(scope, receive, send)

        return choose


def described_routes() -> list[BaseRoute]:
    """The API's description, the pages that show it, and what these pages load."""
    return [
        Route("/docs", html_response(page("docs"))),
        Route("/redoc", html_response(page("redoc"))),
        Route("/openapi.json", openapi_json),
        Mount("/assets/graphiql", StaticFiles(directory=GRAPHIQL)),
        Mount("/assets/docs", StaticFiles(directory=SWAGGER_AND_REDOC)),
    ]


def documents(settings: Settings, compiler: Compiler) -> PersistedDocuments:
    """The documents that clients may name. Raises ManifestRefused."""
    path = settings.trusted_documents
    trusted = manifest(path, compiler) if path else {}
    return PersistedDocuments(trusted, settings.sent_documents_kept, only_trusted=settings.trusted_documents_only)


def lifespan(answers: Execution) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Open the database at the start if it is there. One that differs from the declarations ends the start."""

    @asynccontextmanager
    async def run(_: FastAPI) -> AsyncIterator[None]:
        try:
            await answers.open()
        except (DatabaseUnavailable, DatabaseNotMigrated) as error:
            log.warning("starting without the database: %s", error)
        yield
        await answers.close()

    return run


def page(name: str) -> bytes:
    """The HTML of a page. What it loads is served from here too; its policy lets it load nothing else."""
    return (PAGES / f"{name}.html").read_bytes()


def html_response(html: bytes) -> Callable[[Request], Awaitable[Response]]:
    async def answer(_: Request) -> Response:
        return HTMLResponse(html)

    return answer


def redirect(to: str) -> Callable[[Request], Awaitable[Response]]:
    async def lead(_: Request) -> Response:
        return RedirectResponse(to)

    return lead


async def openapi_json(_: Request) -> Response:
    return FileResponse(OPENAPI, media_type="application/json")


async def healthz(_: Request) -> Response:
    """The process answers; the database is not asked, so that its absence restarts nothing."""
    return JSONResponse({"status": "ok"})


def readyz(answers: Execution) -> Callable[[Request], Awaitable[Response]]:
    async def ready(request: Request) -> Response:
        try:
            await answers.ready()
        except Exception as error:  # noqa: BLE001 - the border of the process: told and logged by `problem`.
            return problem(request.scope, error)
        return JSONResponse({"status": "ok"})

    return ready


async def answer_defect(request: Request, error: Exception) -> Response:
    return problem(request.scope, error)


def answer_http_error(rates: Rates) -> Callable[[Request, Exception], Coroutine[Any, Any, Response]]:
    """A path or method that does not exist, told as every other problem is, and counted where nobody has done so."""

    async def tell(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if STANDING not in request.scope:
            try:
                rates.came(request.scope)
            except RequestRefused as refused:
                return problem(request.scope, refused)
        path = request.url.path
        code, message = {
            404: ("NOT_FOUND", f"There is nothing at {path}; /openapi.json lists the paths."),
            405: ("METHOD_NOT_ALLOWED", f"{request.method} is not allowed at {path}."),
        }.get(error.status_code, ("BAD_REQUEST", str(error.detail)))
        return problem(request.scope, RequestRefused(code, message, error.headers))

    return tell
