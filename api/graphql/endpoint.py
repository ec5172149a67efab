"""GraphQL over HTTP: a plain ASGI endpoint, since a framework's route costs more than a small query.

`media_types` decides the media type and status of an answer; `api.graphql.persisted_documents` finds named documents.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from starlette.types import Receive, Scope, Send

from api.auth.authentication import Authentication
from api.execution import Execution
from api.graphql.media_types import GRAPHQL_JSON, HTML, PROFILES, negotiate
from api.graphql.persisted_documents import ONLY, PersistedDocuments, read_name
from api.http.caching import NO_STORE, cache_control, digest, matches
from api.http.errors import (
    PROBLEM_JSON,
    DocumentRefused,
    Failure,
    RequestRefused,
    Unauthenticated,
    failure,
    graphql_error,
    serialise,
)
from api.http.query_string import read_parameters
from api.http.rate_limits import client_of
from api.http.request_body import (
    JSON,
    BodyLimits,
    check_encoding,
    check_media_type,
    check_variables,
    parse_bounded_json,
    read_body,
    read_idempotency_key,
    read_json,
)
from api.settings import Settings
from schema.compiler.reader import Answer
from schema.declare.caller import ANONYMOUS, Caller

NO_MORE: Mapping[str, str] = {}
READING = ("GET", "HEAD")

VARY = (b"vary", b"accept")

VARY_CACHEABLE = {"Vary": "accept, authorization"}
"""Cacheable answers vary by Authorization: a caller with a key may see more, and must hear that it is invalid."""


class Request(NamedTuple):
    """A GraphQL request: a document, the name of its operation, and the variables."""

    query: str
    operation: str | None
    variables: dict[str, Any]
    name: str | None = None
    """The hash sent with a document, by which clients may name it from then on."""


class NotWellFormed(RequestRefused):
    """The request is JSON, but no GraphQL request."""

    def __init__(self, message: str) -> None:
        super().__init__("BAD_REQUEST", message)


class GraphQL:
    """The ASGI endpoint of GraphQL. `page` is the HTML for browsers, GraphiQL."""

    def __init__(
        self,
        execution: Execution,
        authentication: Authentication,
        documents: PersistedDocuments,
        page: bytes,
        settings: Settings,
    ) -> None:
        self.execution = execution
        self.authentication = authentication
        self.documents = documents
        self.page = page
        self.profile = PROFILES[settings.graphql_http_profile]
        self.settings = settings
        self.body_limits = BodyLimits.from_settings(settings)
        self.cache_header = cache_control(settings.cache_seconds)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        is_get = scope["method"] in READING
        wanted = negotiate(headers.get(b"accept", b""), self.profile)
        if is_get and wanted.page:
            await self.show_page(scope, send)
            return
        media = wanted.media or self.profile.preferred
        try:
            caller = await self.authentication.caller(scope)
            if wanted.media is None:
                raise RequestRefused("NOT_ACCEPTABLE", f"Only {JSON} and {GRAPHQL_JSON} can be given; accept one.")
            request = await self.read_request(scope, headers, receive, caller)
            answer = await self.execution.answer(
                request.query,
                request.operation,
                request.variables,
                caller,
                read_idempotency_key(scope["headers"]),
                may_write=not is_get,
                # Documents of the manifest are exempt: the operator, who sets the limits, chose them.
                limits=None if request.query in self.documents.texts else self.execution.limits,
                client=client_of(scope),
            )
        except Unauthenticated as error:
            await respond_problem(scope, send, failure(error))
        except Exception as error:  # noqa: BLE001 - the border of the process: answered and logged by `failure`.
            await self.refuse(send, error, media)
        else:
            if request.name is not None:
                self.documents.cache(request.name, request.query)
            status = self.profile.success(media, is_whole=not answer.missing)
            body = response_body(answer)
            if is_get:
                may_keep = caller is ANONYMOUS and not answer.missing
                await respond_to_get(scope, send, status, media, body, self.cache_header if may_keep else NO_STORE)
            else:
                await respond(send, status, media, body)

    async def show_page(self, scope: Scope, send: Send) -> None:
        if self.documents.only_trusted:
            refused = f"GraphiQL is off: this server answers only the documents of its manifest ({ONLY})."
            await respond_problem(scope, send, failure(DocumentRefused("DOCUMENT_NOT_TRUSTED", refused)))
        else:
            await respond(send, 200, HTML, self.page)

    async def refuse(self, send: Send, error: Exception, media: str) -> None:
        """Answer without data."""
        problem = failure(error)
        is_well_formed = not isinstance(error, RequestRefused)
        status = self.profile.not_well_formed if isinstance(error, NotWellFormed) else problem.status
        status, media = self.profile.refusal(problem.code, status, media, is_well_formed=is_well_formed)
        headers = {**problem.headers, "Cache-Control": NO_STORE}
        await respond(send, status, media, serialise({"errors": problem.graphql_errors()}), headers)

    # --- requests --------------------------------------------------------------------------------

    async def read_request(
        self, scope: Scope, headers: Mapping[bytes, bytes], receive: Receive, caller: Caller
    ) -> Request:
        largest = self.settings.largest_variables_bytes if caller == ANONYMOUS else None
        match scope["method"]:
            case "POST":
                check_media_type(headers.get(b"content-type", b"").decode("latin-1"))
                check_encoding(headers.get(b"content-encoding", b"").decode("latin-1"))
                body = await read_body(receive, headers.get(b"content-length", b""), self.settings.largest_body_bytes)
                given = check_object(await read_json(body, self.body_limits, self.execution.parse_executor, largest))
            case "GET" | "HEAD":
                given = read_query(scope["query_string"], self.body_limits)
                if largest is not None and len(scope["query_string"]) > largest:
                    check_variables(given.get("variables"), largest)
            case method:
                raise RequestRefused(
                    "METHOD_NOT_ALLOWED",
                    f"{method} is not allowed here; use POST or GET.",
                    {"Allow": "GET, HEAD, POST"},
                )
        return self.build_request(given)

    def build_request(self, given: Mapping[str, Any]) -> Request:
        """Build a request from its parameters. Raises RequestRefused, or DocumentRefused for an unknown document."""
        query, operation, variables = given.get("query"), given.get("operationName"), given.get("variables")
        document_id, extensions = given.get("documentId"), given.get("extensions")
        if operation is not None and not isinstance(operation, str):
            raise NotWellFormed("`operationName` is no text.")
        if variables is not None and not isinstance(variables, dict):
            raise NotWellFormed("`variables` is no object.")
        if extensions is not None and not isinstance(extensions, dict):
            raise NotWellFormed("`extensions` is no object.")
        name = read_name(document_id, extensions) if document_id or extensions else None
        if query is None and name is not None:
            return Request(self.documents.find(name), operation, variables or {})
        if not isinstance(query, str) or not query.strip():
            raise NotWellFormed("`query` is missing. Send a GraphQL document as text, or its `documentId`.")
        if name is not None:
            self.documents.check_named(name, query)
        self.documents.check_trusted(query)
        return Request(query, operation, variables or {}, name)


def check_object(content: Any) -> dict[str, Any]:
    if not isinstance(content, dict):
        kind = "a list; batches are not supported" if isinstance(content, list) else "no object"
        raise NotWellFormed(f"The body is {kind}. Send an object with `query`.")
    return content


def read_query(query_string: bytes, most: BodyLimits) -> dict[str, Any]:
    given = read_parameters(query_string)
    for name, values in given.items():
        if len(values) > 1:
            raise RequestRefused("BAD_REQUEST", f"`{name}` is given {len(values)} times; give it once.")
    found: dict[str, Any] = {name: value for name, (value,) in given.items() if value}
    for name in ("variables", "extensions"):
        if name in found:
            found[name] = parse_bounded_json(found[name].encode(), f"`{name}`", most)
    return found


# --- answers -------------------------------------------------------------------------------------


def response_body(answer: Answer) -> bytes:
    """Serialise the response: the bytes of Postgres between constants, and the cost."""
    extensions = b',"extensions":{"cost":%d}}' % answer.cost
    if not answer.missing:
        return b'{"data":' + answer.data + extensions
    errors = [graphql_error(each, "NOT_FOUND") for each in answer.missing]
    return b'{"data":' + answer.data + b',"errors":' + serialise(errors) + extensions


async def respond_to_get(scope: Scope, send: Send, status: int, media: str, body: bytes, cache_header: str) -> None:
    """Answer a GET with its caching headers, or with 304 where the client has the answer already."""
    headers = {"Cache-Control": cache_header, **VARY_CACHEABLE}
    if cache_header != NO_STORE:
        # Each media type is a representation of its own, which needs its own strong ETag.
        headers["ETag"] = f'"{digest(media.encode() + body)}"'
        seen = [value.decode("latin-1") for name, value in scope["headers"] if name == b"if-none-match"]
        if matches(seen, headers["ETag"]):
            await respond(send, 304, media, b"", headers)
            return
    await respond(send, status, media, body, headers)


async def respond_problem(scope: Scope, send: Send, problem: Failure) -> None:
    headers = {**problem.headers, "Cache-Control": NO_STORE}
    await respond(send, problem.status, PROBLEM_JSON, problem.problem_json(scope["path"]), headers)


async def respond(send: Send, status: int, media: str, body: bytes, more_headers: Mapping[str, str] = NO_MORE) -> None:
    headers = [(name.lower().encode(), value.encode()) for name, value in more_headers.items()]
    if "Vary" not in more_headers:
        headers.append(VARY)
    if status != 304:
        headers += (content_type(media), (b"content-length", b"%d" % len(body)))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@cache
def content_type(media: str) -> tuple[bytes, bytes]:
    return b"content-type", f"{media}; charset=utf-8".encode()
