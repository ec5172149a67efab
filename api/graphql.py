"""GraphQL over HTTP: a plain ASGI endpoint, since a framework's route costs more than a small query.

Follows the GraphQL-over-HTTP draft: `application/json` answers a well-formed request with 200 whatever
its errors, `application/graphql-response+json` with 4xx where there is no data.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from starlette.types import Receive, Scope, Send

from api.answers import Answers
from api.errors import Failure, encoded, failure, graphql_error
from schema.read import Answer

LARGEST_BODY_BYTES = 1_000_000
"""A long document with its variables is some 10 kB; this is a hundred of them."""

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"


class RequestRefused(Exception):
    """The HTTP request itself is not one of GraphQL over HTTP."""

    def __init__(
        self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.failure = Failure(status, code, "The request cannot be read", message, headers=headers or {})


@dataclass(frozen=True)
class Request:
    """What a client asks: a document, which of its operations, and the variables."""

    query: str
    operation: str | None
    variables: dict[str, Any]


class GraphQL:
    """The endpoint. `page` is the HTML that a browser gets."""

    def __init__(self, answers: Answers, page: bytes) -> None:
        self.answers = answers
        self.page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        accept = headers.get(b"accept", b"").decode("latin-1")
        if scope["method"] == "GET" and wants_page(accept) and not scope["query_string"]:
            await respond(send, 200, b"text/html; charset=utf-8", self.page)
            return
        media = JSON
        try:
            media = chosen_media(accept)
            request = await read(scope, headers, receive)
            answer = await self.answers.answer(request.query, request.operation, request.variables)
        except Exception as error:  # noqa: BLE001 - the border of the process: told and logged by `failure`.
            await refuse(send, error, media)
        else:
            await respond(send, 200, media.encode(), framed(answer))


def framed(answer: Answer) -> bytes:
    """The response: the bytes of Postgres between two constants."""
    if not answer.missing:
        return b'{"data":' + answer.data + b"}"
    errors = [graphql_error(each, "NOT_FOUND") for each in answer.missing]
    return b'{"data":' + answer.data + b',"errors":' + encoded(errors) + b"}"


async def refuse(send: Send, error: Exception, media: str) -> None:
    told = error.failure if isinstance(error, RequestRefused) else failure(error)
    errors = getattr(error, "errors", None) or told.graphql_errors()
    for each in errors:
        each.setdefault("extensions", {"code": told.code})
    well_formed = not isinstance(error, RequestRefused) and told.status < 500
    status = 200 if well_formed and media == JSON else told.status
    more = [(name.lower().encode(), value.encode()) for name, value in told.headers.items()]
    await respond(send, status, media.encode(), encoded({"errors": errors}), more)


async def respond(
    send: Send, status: int, media: bytes, body: bytes, more: list[tuple[bytes, bytes]] | None = None
) -> None:
    headers = [
        (b"content-type", media + (b"; charset=utf-8" if b"charset" not in media else b"")),
        (b"content-length", str(len(body)).encode()), *(more or []),
    ]  # fmt: skip
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


# --- what is asked -------------------------------------------------------------------------------


async def read(scope: Scope, headers: Mapping[bytes, bytes], receive: Receive) -> Request:
    match scope["method"]:
        case "POST":
            return from_body(await body_of(headers, receive))
        case "GET":
            return from_query(scope["query_string"])
    raise RequestRefused(
        405,
        "METHOD_NOT_ALLOWED",
        f"{scope['method']} is not allowed here; use POST or GET",
        {"Allow": "GET, POST"},
    )


async def body_of(headers: Mapping[bytes, bytes], receive: Receive) -> bytes:
    media, _, parameters = headers.get(b"content-type", b"").decode("latin-1").lower().partition(";")
    if media.strip() != JSON:
        raise RequestRefused(
            415,
            "UNSUPPORTED_MEDIA_TYPE",
            f"The body is {media.strip() or 'of no declared type'!r}; send {JSON}.",
        )
    charset = parameters.partition("charset=")[2].strip(' "')
    if charset not in ("", "utf-8", "utf8"):
        raise RequestRefused(415, "UNSUPPORTED_MEDIA_TYPE", f"The charset is {charset!r}; JSON is UTF-8.")
    body: bytes = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise RequestRefused(400, "BAD_REQUEST", "The client went away before its body was read.")
        body += message.get("body", b"")
        if len(body) > LARGEST_BODY_BYTES:
            raise RequestRefused(413, "TOO_LARGE", f"The body is larger than {LARGEST_BODY_BYTES} bytes.")
        if not message.get("more_body"):
            return body


def from_body(body: bytes) -> Request:
    content = parsed(body, "The body")
    if not isinstance(content, dict):
        kind = "a list; batches are not supported" if isinstance(content, list) else "no object"
        raise RequestRefused(400, "BAD_REQUEST", f"The body is {kind}. Send an object with `query`.")
    return request_of(content.get("query"), content.get("operationName"), content.get("variables"))


def from_query(query_string: bytes) -> Request:
    try:
        given = parse_qs(
            query_string.decode("ascii"), keep_blank_values=True, max_num_fields=20, errors="strict"
        )
    except ValueError:
        raise RequestRefused(
            400, "BAD_REQUEST", "The query string cannot be read as UTF-8 parameters."
        ) from None
    first = {name: values[0] for name, values in given.items()}
    variables = parsed(first["variables"].encode(), "`variables`") if first.get("variables") else None
    return request_of(first.get("query"), first.get("operationName") or None, variables)


def request_of(query: Any, operation: Any, variables: Any) -> Request:
    if not isinstance(query, str) or not query.strip():
        raise RequestRefused(400, "BAD_REQUEST", "`query` is missing. Send a GraphQL document as text.")
    if not isinstance(operation, str | None):
        raise RequestRefused(400, "BAD_REQUEST", "`operationName` is no text.")
    if not isinstance(variables, dict | None):
        raise RequestRefused(400, "BAD_REQUEST", "`variables` is no object.")
    return Request(query, operation, variables or {})


def parsed(text: bytes, what: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError:
        raise RequestRefused(400, "BAD_REQUEST", f"{what} is nested too deeply.") from None
    except ValueError as error:
        raise RequestRefused(400, "BAD_REQUEST", f"{what} is not JSON: {error}.") from None


# --- what is accepted ----------------------------------------------------------------------------


def accepted(accept: str) -> dict[str, float]:
    """The media types of an Accept header with their weights."""
    found = {}
    for each in accept.split(","):
        media, *parameters = (part.strip().lower() for part in each.split(";"))
        weight = next((part[2:] for part in parameters if part.startswith("q=")), "1")
        try:
            found[media] = float(weight)
        except ValueError:
            found[media] = 0.0
    return found


def wants_page(accept: str) -> bool:
    return accepted(accept).get("text/html", 0) > 0


def chosen_media(accept: str) -> str:
    """The media type to answer with: the one the client weighs highest, JSON where it does not care."""
    weights = accepted(accept) if accept.strip() else {"*/*": 1.0}
    general = max(weights.get("*/*", 0), weights.get("application/*", 0))
    best = max((JSON, GRAPHQL_JSON), key=lambda media: (weights.get(media, general), media == JSON))
    if weights.get(best, general) <= 0:
        raise RequestRefused(406, "NOT_ACCEPTABLE", f"Accept {JSON} or {GRAPHQL_JSON}.")
    return best
