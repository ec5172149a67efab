"""The application, put together: what is served where. It reads as a table of contents."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import graphene_django_graphiql_static
from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.staticfiles import StaticFiles

from api import openapi, rest
from api.answers import Answers
from api.errors import DatabaseNotMigrated, Failure
from api.graphql import GraphQL
from api.settings import Settings
from api.unavailable import DatabaseUnavailable

log = logging.getLogger(__name__)

PAGES = Path(__file__).parent / "pages"
GRAPHIQL = (
    Path(graphene_django_graphiql_static.__file__).parent / "static" / "graphene_django_graphiql_static"
)


def create_app(settings: Settings) -> FastAPI:
    """The application. It opens its database when it starts, or when it can."""
    answers = Answers(settings)
    app: FastAPI = FastAPIOffline(
        title="Parley",
        lifespan=lifespan(answers),
        static_url="/assets/docs",
        exception_handlers={HTTPException: told_by_http, Exception: told},
    )
    described = openapi.document(answers.schema)
    app.openapi = lambda: described  # type: ignore[method-assign]
    app.router.routes.extend(
        [
            Route("/", to_graphiql),
            Route("/graphql", GraphQL(answers, (PAGES / "graphiql.html").read_bytes())),
            *rest.routes(answers),
            Route("/healthz", healthz),
            Route("/readyz", readyz(answers)),
        ]
    )
    app.mount("/assets/graphiql", StaticFiles(directory=GRAPHIQL))
    return app


def lifespan(answers: Answers) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
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


async def to_graphiql(_: Request) -> Response:
    return RedirectResponse("/graphql")


async def healthz(_: Request) -> Response:
    return JSONResponse({"status": "ok"})


def readyz(answers: Answers) -> Callable[[Request], Awaitable[Response]]:
    async def ready(request: Request) -> Response:
        try:
            await answers.ready()
        except Exception as error:  # noqa: BLE001 - the border of the process: told and logged by `problem`.
            return rest.problem(request, error)
        return JSONResponse({"status": "ok"})

    return ready


async def told_by_http(request: Request, error: Exception) -> Response:
    """A path or method that does not exist, told as every other problem is."""
    assert isinstance(error, HTTPException)
    code = {404: "NOT_FOUND", 405: "METHOD_NOT_ALLOWED"}.get(error.status_code, "BAD_REQUEST")
    told = Failure(
        error.status_code,
        code,
        str(error.detail),
        f"{request.method} {request.url.path}: {error.detail}",
        headers=error.headers or {},
    )
    return rest.told(request, told)


async def told(request: Request, error: Exception) -> Response:
    return rest.problem(request, error)
