"""The endpoints of REST reads: they map a URL to the body and the headers of an answer."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.auth.authentication import Authentication
from api.execution import Execution
from api.http.caching import digest, matches
from api.http.query_string import read_parameters
from api.http.rate_limits import client_of
from api.postgres.shares import Client
from api.rest.parameters import read_variables, translate_problem
from api.rest.problems import problem_response
from api.rest.read import Read
from schema.declare.caller import ANONYMOUS, Caller
from schema.declare.page_sizes import PAGE_SIZE
from schema.errors import Invalid, NotFound

PAGE_INFO = b'"pageInfo":'
VERSION = re.compile(rb'"version":([0-9]+)')
PAGING = ("first", "after", "last", "before")
JSON_TYPE = (b"content-type", b"application/json")
REVALIDATE = (b"cache-control", b"no-cache")
PRIVATE = (b"cache-control", b"private, no-cache")
"""For callers with a key, who may see more than others: no shared cache keeps it."""
NO_NAMES: Mapping[str, str] = {}


def endpoints(
    execution: Execution, authentication: Authentication, found: Iterable[Read]
) -> dict[tuple[str, str], ASGIApp]:
    """Build the endpoint of each path and method."""
    return {(read.path, "GET"): endpoint(execution, authentication, read) for read in found}


def endpoint(execution: Execution, authentication: Authentication, read: Read) -> ASGIApp:
    """Build a plain ASGI endpoint: a framework's request and response would cost half as much as the read itself."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            caller = await authentication.caller(scope)
            given = read_parameters(scope["query_string"])
            await compile_part(execution, read, "outline")
            body = await run_read(execution, read, scope.get("path_params", NO_NAMES), given, caller, client_of(scope))
            status, headers = build_head(read, scope, given, body, REVALIDATE if caller is ANONYMOUS else PRIVATE)
        except Exception as error:  # noqa: BLE001 - the border of the process: answered and logged by `problem_response`.
            await problem_response(scope, error)(scope, receive, send)
        else:
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": b"" if status == HTTPStatus.NOT_MODIFIED else body})

    return answer


def build_head(
    read: Read, scope: Scope, given: Mapping[str, list[str]], body: bytes, caching: tuple[bytes, bytes]
) -> tuple[int, list[tuple[bytes, bytes]]]:
    """Build the status and the headers of an answer."""
    tag = build_etag(body, has_version=read.has_version)
    headers = [(b"etag", tag.encode()), caching]
    if read.is_list and (links := build_links(scope["path"], given, body)):
        headers.append((b"link", links.encode()))
    if matches([value.decode("latin-1") for name, value in scope["headers"] if name == b"if-none-match"], tag):
        return HTTPStatus.NOT_MODIFIED, headers
    return HTTPStatus.OK, [*headers, JSON_TYPE, (b"content-length", b"%d" % len(body))]


def wrap_endpoint(answer: Callable[[Request], Awaitable[Response]]) -> ASGIApp:
    """Wrap an endpoint of the framework as a plain ASGI endpoint. Its exceptions are answered as problems."""

    async def answer_request(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            response = await answer(Request(scope, receive, send))
        except Exception as error:  # noqa: BLE001 - the border of the process: answered and logged by `problem_response`.
            response = problem_response(scope, error)
        await response(scope, receive, send)

    return answer_request


async def compile_part(execution: Execution, about: object, part: str) -> None:
    """Compute a cached property in a thread where it is not cached yet: it would block the event loop for 20 ms."""
    if part not in vars(about):
        await asyncio.get_running_loop().run_in_executor(execution.compile_executor, getattr, about, part)


async def run_read(
    execution: Execution,
    read: Read,
    path: Mapping[str, str],
    query: Mapping[str, list[str]],
    caller: Caller,
    client: Client,
) -> bytes:
    """Execute a read. Raises Invalid with the parameters of the URL, NotFound, or an exception of `execution`."""
    try:
        variables = read_variables(read, path, query)
        found = await execution.answer(read.document, read.outline.name, variables, caller, client=client)
    except Invalid as invalid:
        raise Invalid(*(translate_problem(read, each) for each in invalid.problems)) from invalid
    if found.missing:
        raise NotFound(found.missing[0].message)
    # {"key":value} -> value: both ends are known, so that nothing is parsed.
    return found.data[len(read.outline.key) + 4 : -1]


# --- headers -------------------------------------------------------------------------------------


def build_etag(body: bytes, *, has_version: bool = False) -> str:
    """Build the ETag of a body. That of a record begins with its version, which a write reads from If-Match.

    Only values precede the version in the body, and inside a value the quotation marks of its name would be escaped.
    """
    version = VERSION.search(body) if has_version else None
    return f'"{version[1].decode()}-{digest(body)}"' if version else f'"{digest(body)}"'


def build_links(path: str, given: Mapping[str, list[str]], body: bytes) -> str:
    """Build the Link header (RFC 8288) of a page from pageInfo, the last member of the body: no value can hold its
    name in quotation marks, since those inside a value are escaped."""
    info = json.loads(body[body.rindex(PAGE_INFO) + len(PAGE_INFO) : -1])
    others = urlencode([(name, each) for name, values in given.items() if name not in PAGING for each in values])
    size = (given.get("first") or given.get("last") or [str(PAGE_SIZE)])[0]
    # Cursors and sizes need no percent-encoding.
    pages = {}
    if info["hasNextPage"]:
        pages["next"] = f"first={size}&after={info['endCursor']}"
    if info["hasPreviousPage"]:
        pages["prev"] = f"last={size}&before={info['startCursor']}"
        pages["first"] = f"first={size}"
    start = f"{path}?{others}&" if others else f"{path}?"
    return ", ".join(f'<{start}{page}>; rel="{relation}"' for relation, page in pages.items())
