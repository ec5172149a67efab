"""GraphQL over HTTP: a plain ASGI endpoint, since a framework's route costs more than a small query.

Which media type and status an answer has is for `media_types` to say, and which document a name stands for, for
`api.graphql.persisted_documents`.
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
from api.http.caching import NOT_KEPT, cache_control, digest, matches
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
from api.http.query_string import parameters
from api.http.request_body import JSON, Most, body_of, check_variables, content_of, idempotency_key, media_type, parsed
from api.settings import Settings
from schema.compiler.reader import Answer
from schema.declare.caller import ANONYMOUS, Caller

NO_MORE: Mapping[str, str] = {}
READING = ("GET", "HEAD")

VARY = (b"vary", b"accept")

VARY_WHERE_KEPT = {"Vary": "accept, authorization"}
"""What a cache keeps is not for who shows a key: they may see more, and are to hear of a key that is void."""


class Request(NamedTuple):
    """What a client asks: a document, which of its operations, and the variables."""

    query: str
    operation: str | None
    variables: dict[str, Any]
    name: str | None = None
    """The name that a document was sent with, to be asked for by it from then on."""


class NotWellFormed(RequestRefused):
    """The request is JSON, and yet none for GraphQL."""

    def __init__(self, message: str) -> None:
        super().__init__("BAD_REQUEST", message)


class GraphQL:
    """The endpoint. `page` is the HTML that a browser gets."""

    def __init__(
        self,
        answers: Execution,
        authentication: Authentication,
        documents: PersistedDocuments,
        page: bytes,
        settings: Settings,
    ) -> None:
        self.answers = answers
        self.authentication = authentication
        self.documents = documents
        self.page = page
        self.profile = PROFILES[settings.graphql_http_profile]
        self.settings = settings
        self.most = Most.of(settings)
        self.kept = cache_control(settings.cache_seconds)

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
            request = await self.read(scope, headers, receive, caller)
            answer = await self.answers.answer(
                request.query,
                request.operation,
                request.variables,
                caller,
                idempotency_key(scope["headers"]),
                may_write=not is_get,
                # The documents of the manifest are the operator's, who sets the limits.
                limits=None if request.query in self.documents.texts else self.answers.limits,
            )
        except Unauthenticated as error:
            await respond_problem(scope, send, failure(error))
        except Exception as error:  # noqa: BLE001 - the border of the process: told and logged by `failure`.
            await self.refuse(send, error, media)
        else:
            if request.name is not None:
                self.documents.keep(request.name, request.query)
            status = self.profile.success(media, is_whole=not answer.missing)
            body = response_body(answer)
            if is_get:
                may_keep = caller is ANONYMOUS and not answer.missing
                await respond_to_get(scope, send, status, media, body, self.kept if may_keep else NOT_KEPT)
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
        told = failure(error)
        is_well_formed = not isinstance(error, RequestRefused)
        status = self.profile.not_well_formed if isinstance(error, NotWellFormed) else told.status
        status, media = self.profile.refusal(told.code, status, media, is_well_formed=is_well_formed)
        headers = {**told.headers, "Cache-Control": NOT_KEPT}
        await respond(send, status, media, serialise({"errors": told.graphql_errors()}), headers)

    # --- what is asked ---------------------------------------------------------------------------

    async def read(self, scope: Scope, headers: Mapping[bytes, bytes], receive: Receive, caller: Caller) -> Request:
        largest = self.settings.largest_variables_bytes if caller == ANONYMOUS else None
        match scope["method"]:
            case "POST":
                media_type(headers.get(b"content-type", b"").decode("latin-1"))
                body = await body_of(receive, headers.get(b"content-length", b""), self.settings.largest_body_bytes)
                given = read_body(await content_of(body, self.most, self.answers.reading, largest))
            case "GET" | "HEAD":
                given = read_query(scope["query_string"], self.most)
                if largest is not None and len(scope["query_string"]) > largest:
                    check_variables(given.get("variables"), largest)
            case method:
                raise RequestRefused(
                    "METHOD_NOT_ALLOWED",
                    f"{method} is not allowed here; use POST or GET.",
                    {"Allow": "GET, HEAD, POST"},
                )
        return self.find_document(given)

    def find_document(self, given: Mapping[str, Any]) -> Request:
        """A request out of its parameters. Raises RequestRefused, or DocumentRefused for a document not taken."""
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


def read_body(content: Any) -> dict[str, Any]:
    if not isinstance(content, dict):
        kind = "a list; batches are not supported" if isinstance(content, list) else "no object"
        raise NotWellFormed(f"The body is {kind}. Send an object with `query`.")
    return content


def read_query(query_string: bytes, most: Most) -> dict[str, Any]:
    given = parameters(query_string)
    for name, values in given.items():
        if len(values) > 1:
            raise RequestRefused("BAD_REQUEST", f"`{name}` is given {len(values)} times; give it once.")
    found: dict[str, Any] = {name: value for name, (value,) in given.items() if value}
    for name in ("variables", "extensions"):
        if name in found:
            found[name] = parsed(found[name].encode(), f"`{name}`", most)
    return found


# --- what is answered ----------------------------------------------------------------------------


def response_body(answer: Answer) -> bytes:
    """The response: the bytes of Postgres between two constants, and what it cost."""
    extensions = b',"extensions":{"cost":%d}}' % answer.cost
    if not answer.missing:
        return b'{"data":' + answer.data + extensions
    errors = [graphql_error(each, "NOT_FOUND") for each in answer.missing]
    return b'{"data":' + answer.data + b',"errors":' + serialise(errors) + extensions


async def respond_to_get(scope: Scope, send: Send, status: int, media: str, body: bytes, kept: str) -> None:
    """An answer that a cache may keep, or that the client has already."""
    headers = {"Cache-Control": kept, **VARY_WHERE_KEPT}
    if kept != NOT_KEPT:
        # Two types of an answer are two representations, and a strong tag tells them apart.
        headers["ETag"] = f'"{digest(media.encode() + body)}"'
        seen = [value.decode("latin-1") for name, value in scope["headers"] if name == b"if-none-match"]
        if matches(seen, headers["ETag"]):
            await respond(send, 304, media, b"", headers)
            return
    await respond(send, status, media, body, headers)


async def respond_problem(scope: Scope, send: Send, told: Failure) -> None:
    headers = {**told.headers, "Cache-Control": NOT_KEPT}
    await respond(send, told.status, PROBLEM_JSON, told.problem_json(scope["path"]), headers)


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
