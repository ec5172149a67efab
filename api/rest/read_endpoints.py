"""Answers REST reads: from a URL to the bytes of an answer and its headers."""

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
from api.http.query_string import parameters
from api.rest.parameters import in_url_terms, variables_of
from api.rest.problems import problem
from api.rest.read import Read
from schema.declare.caller import Caller
from schema.declare.page_sizes import PAGE_SIZE
from schema.errors import Invalid, NotFound

PAGE_INFO = b'"pageInfo":'
VERSION = re.compile(rb'"version":([0-9]+)')
PAGING = ("first", "after", "last", "before")
JSON_TYPE = (b"content-type", b"application/json")
NOT_WITHOUT_ASKING = (b"cache-control", b"no-cache")
NO_NAMES: Mapping[str, str] = {}


def endpoints(
    answers: Execution, authentication: Authentication, found: Iterable[Read]
) -> dict[tuple[str, str], ASGIApp]:
    """What answers each path and method."""
    return {(read.path, "GET"): endpoint(answers, authentication, read) for read in found}


def endpoint(answers: Execution, authentication: Authentication, read: Read) -> ASGIApp:
    """What answers a read: a plain ASGI endpoint, since the objects of a framework cost half of what a read does."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            caller = await authentication.caller(scope)
            given = parameters(scope["query_string"])
            await compiled(answers, read, "outline")
            body = await body_of(answers, read, scope.get("path_params", NO_NAMES), given, caller)
            status, headers = head_of(read, scope, given, body)
        except Exception as error:  # noqa: BLE001 - the border of the process: told and logged by `failure`.
            await problem(scope, error)(scope, receive, send)
        else:
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": b"" if status == HTTPStatus.NOT_MODIFIED else body})

    return answer


def head_of(
    read: Read, scope: Scope, given: Mapping[str, list[str]], body: bytes
) -> tuple[int, list[tuple[bytes, bytes]]]:
    """The status and the headers of what was read."""
    tag = etag(body, has_version=read.has_version)
    headers = [(b"etag", tag.encode()), NOT_WITHOUT_ASKING]
    if read.is_list and (links := links_of(scope["path"], given, body)):
        headers.append((b"link", links.encode()))
    if matches([value.decode("latin-1") for name, value in scope["headers"] if name == b"if-none-match"], tag):
        return HTTPStatus.NOT_MODIFIED, headers
    return HTTPStatus.OK, [*headers, JSON_TYPE, (b"content-length", b"%d" % len(body))]


def plain(answer: Callable[[Request], Awaitable[Response]]) -> ASGIApp:
    """What answers with the objects of the framework, as a plain ASGI endpoint. Whatever it raises is told."""

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            response = await answer(Request(scope, receive, send))
        except Exception as error:  # noqa: BLE001 - the border of the process: told and logged by `failure`.
            response = problem(scope, error)
        await response(scope, receive, send)

    return answered


async def compiled(answers: Execution, about: object, part: str) -> None:
    """Have a part made beside the loop where it is not there yet: that takes some 20 ms, and others would wait."""
    if part not in vars(about):
        await asyncio.get_running_loop().run_in_executor(answers.aside, getattr, about, part)


async def body_of(
    answers: Execution, read: Read, path: Mapping[str, str], query: Mapping[str, list[str]], caller: Caller
) -> bytes:
    """What a read answers. Raises Invalid in the words of the URL, NotFound, or what `answers` raises."""
    try:
        found = await answers.answer(read.document, read.outline.name, variables_of(read, path, query), caller)
    except Invalid as invalid:
        raise Invalid(*(in_url_terms(read, each) for each in invalid.problems)) from invalid
    if found.missing:
        raise NotFound(found.missing[0].message)
    # {"key":value} -> value: both ends are known, so that nothing is parsed.
    return found.data[len(read.outline.key) + 4 : -1]


# --- headers -------------------------------------------------------------------------------------


def etag(body: bytes, *, has_version: bool = False) -> str:
    """The tag of a body. That of a record begins with its version, which is what a write looks for in If-Match.

    Only values stand before the version, and inside a value the quotation marks of its name would be escaped.
    """
    version = VERSION.search(body) if has_version else None
    return f'"{version[1].decode()}-{digest(body)}"' if version else f'"{digest(body)}"'


def links_of(path: str, given: Mapping[str, list[str]], body: bytes) -> str:
    """The Link header (RFC 8288) of a page. Its ends stand last in the body: no value can hold that text,
    since a quotation mark inside a value is escaped."""
    info = json.loads(body[body.rindex(PAGE_INFO) + len(PAGE_INFO) : -1])
    kept = urlencode([(name, each) for name, values in given.items() if name not in PAGING for each in values])
    size = (given.get("first") or given.get("last") or [str(PAGE_SIZE)])[0]
    # Cursors and sizes are written in letters that need no escape.
    pages = {}
    if info["hasNextPage"]:
        pages["next"] = f"first={size}&after={info['endCursor']}"
    if info["hasPreviousPage"]:
        pages["prev"] = f"last={size}&before={info['startCursor']}"
        pages["first"] = f"first={size}"
    start = f"{path}?{kept}&" if kept else f"{path}?"
    return ", ".join(f'<{start}{page}>; rel="{relation}"' for relation, page in pages.items())
