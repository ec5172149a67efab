"""GraphQL over HTTP: a plain ASGI endpoint, since a framework's route costs more than a small query.

Follows the GraphQL-over-HTTP draft: `application/json` answers a well-formed request with 200 whatever
its errors, `application/graphql-response+json` with 4xx where there is no data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.types import Receive, Scope, Send

from api.answers import Answers
from api.auth import Authentication
from api.errors import PROBLEM_JSON, RequestRefused, Unauthenticated, encoded, failure, graphql_error
from api.query_string import parameters
from api.request import JSON, body_of, idempotency_key, media_type, parsed
from schema.read import Answer

GRAPHQL_JSON = "application/graphql-response+json"
HTML = "text/html"


@dataclass(frozen=True)
class Request:
    """What a client asks: a document, which of its operations, and the variables."""

    query: str
    operation: str | None
    variables: dict[str, Any]


class GraphQL:
    """The endpoint. `page` is the HTML that a browser gets."""

    def __init__(self, answers: Answers, authentication: Authentication, page: bytes) -> None:
        self.answers = answers
        self.authentication = authentication
        self.page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        accept = headers.get(b"accept", b"").decode("latin-1")
        if scope["method"] in ("GET", "HEAD") and wants_page(accept):
            await respond(send, 200, HTML, self.page)
            return
        media = JSON
        try:
            caller = await self.authentication.caller(scope["headers"])
            media = chosen_media(accept)
            request = await read(scope, headers, receive)
            answer = await self.answers.answer(
                request.query,
                request.operation,
                request.variables,
                caller,
                idempotency_key(scope["headers"]),
                may_write=scope["method"] == "POST",
            )
        except Unauthenticated as error:
            told = failure(error)
            await respond(send, told.status, PROBLEM_JSON, told.problem_json(scope["path"]), told.headers)
        except Exception as error:  # noqa: BLE001 - the border of the process: told and logged by `failure`.
            await refuse(send, error, media)
        else:
            await respond(send, 200, media, framed(answer))


def framed(answer: Answer) -> bytes:
    """The response: the bytes of Postgres between two constants."""
    if not answer.missing:
        return b'{"data":' + answer.data + b"}"
    errors = [graphql_error(each, "NOT_FOUND") for each in answer.missing]
    return b'{"data":' + answer.data + b',"errors":' + encoded(errors) + b"}"


async def refuse(send: Send, error: Exception, media: str) -> None:
    """Answer without data. `application/json` says 200 where the request itself could be read."""
    told = failure(error)
    is_well_formed = not isinstance(error, RequestRefused) and told.status < 500
    status = 200 if is_well_formed and media == JSON else told.status
    await respond(send, status, media, encoded({"errors": told.graphql_errors()}), told.headers)


async def respond(
    send: Send, status: int, media: str, body: bytes, more_headers: Mapping[str, str] | None = None
) -> None:
    headers = [
        (b"content-type", f"{media}; charset=utf-8".encode()),
        (b"content-length", str(len(body)).encode()),
        (b"vary", b"accept"),
        *((name.lower().encode(), value.encode()) for name, value in (more_headers or {}).items()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


# --- what is asked -------------------------------------------------------------------------------


async def read(scope: Scope, headers: Mapping[bytes, bytes], receive: Receive) -> Request:
    match scope["method"]:
        case "POST":
            media_type(headers.get(b"content-type", b"").decode("latin-1"))
            return from_body(await body_of(receive))
        case "GET" | "HEAD":
            return from_query(scope["query_string"])
        case method:
            raise RequestRefused(
                "METHOD_NOT_ALLOWED", f"{method} is not allowed here; use POST or GET.", {"Allow": "GET, HEAD, POST"}
            )


def from_body(body: bytes) -> Request:
    content = parsed(body, "The body")
    if not isinstance(content, dict):
        kind = "a list; batches are not supported" if isinstance(content, list) else "no object"
        raise RequestRefused("BAD_REQUEST", f"The body is {kind}. Send an object with `query`.")
    return request_of(content.get("query"), content.get("operationName"), content.get("variables"))


def from_query(query_string: bytes) -> Request:
    given = parameters(query_string)
    for name, values in given.items():
        if len(values) > 1:
            raise RequestRefused("BAD_REQUEST", f"`{name}` is given {len(values)} times; give it once.")
    first = {name: value for name, (value,) in given.items() if value}
    variables = parsed(first["variables"].encode(), "`variables`") if "variables" in first else None
    return request_of(first.get("query"), first.get("operationName"), variables)


def request_of(query: Any, operation: Any, variables: Any) -> Request:
    if not isinstance(query, str) or not query.strip():
        raise RequestRefused("BAD_REQUEST", "`query` is missing. Send a GraphQL document as text.")
    if not isinstance(operation, str | None):
        raise RequestRefused("BAD_REQUEST", "`operationName` is no text.")
    if not isinstance(variables, dict | None):
        raise RequestRefused("BAD_REQUEST", "`variables` is no object.")
    return Request(query, operation, variables or {})


# --- what is accepted ----------------------------------------------------------------------------


def accepted(accept: str) -> dict[str, float]:
    """The media types of an Accept header with their weights; what cannot be read weighs nothing."""
    found = {}
    for each in accept.split(","):
        media, *more = (part.strip().lower() for part in each.split(";"))
        weight = next((part[2:] for part in more if part.startswith("q=")), "1")
        try:
            found[media] = float(weight)
        except ValueError:
            found[media] = 0.0
    return found


def wants_page(accept: str) -> bool:
    """Whether a browser asks: it names HTML, and JSON not before it."""
    weights = accepted(accept)
    return weights.get(HTML, 0) > max(0.0, weights.get(JSON, 0), weights.get(GRAPHQL_JSON, 0))


def chosen_media(accept: str) -> str:
    """The media type to answer with: the one the client weighs highest, JSON where it does not care."""
    weights = accepted(accept) if accept.strip() else {"*/*": 1.0}
    general = weights.get("application/*", weights.get("*/*", 0))
    best = max((JSON, GRAPHQL_JSON), key=lambda media: (weights.get(media, general), media == JSON))
    if weights.get(best, general) <= 0:
        raise RequestRefused("NOT_ACCEPTABLE", f"Only {JSON} and {GRAPHQL_JSON} can be given; accept one of them.")
    return best
