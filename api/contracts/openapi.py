"""Builds the OpenAPI 3.1 description of REST from its reads and writes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, cast

from api.contracts import openapi_writes
from api.contracts.openapi_schemas import Schemas, header, response
from api.http.error_kinds import KINDS
from api.http.errors import PROBLEM_JSON
from api.rest.read import Read
from api.rest.writes import Write
from schema.compiler.description import Parameter, Shape
from schema.declare.caller import Role
from schema.declare.page_sizes import LARGEST_PAGE
from schema.records.registry import WORK

VERSION = "1.0.0"
"""Of the contract, by semantic versioning; a path keeps its /v1 until something in it breaks."""

INFO = {
    "title": "Parley",
    "version": VERSION,
    "summary": "The state of peace diplomacy as data.",
    "description": "Talks, participants, statements, agreements and deadlines, each with its sources. Statuses and "
    "remaining days are computed by the rules under /v1/rules. Every read takes `asOf` (what had happened by then) "
    "and `knownAt` (what this database said then). Writes need a key, and do what the mutations of GraphQL do; what "
    "a contributor writes becomes a proposal. Every read answers HEAD as well. A list inside an answer "
    "holds 100 items at most; GraphQL pages through longer ones. A parameter that is a list is "
    "repeated, or its values are parted by commas. Errors are problems (RFC 9457); their codes are those of GraphQL.",
    "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
}

PROBLEM = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "properties": {
        "type": {"type": "string", "description": "Name of the kind of problem, as a URN."},
        "title": {"type": "string", "description": "The kind of problem, in words."},
        "status": {"type": "integer", "description": "The HTTP status."},
        "detail": {"type": "string", "description": "What happened, with which value, and what to do."},
        "instance": {"type": "string", "description": "The path that was asked for."},
        "code": {"type": "string", "enum": list(KINDS), "description": "Stable name of the kind, as in GraphQL."},
        "currentVersion": {"type": "integer", "description": "The version that the record has now, in a conflict."},
        "changedBy": {"type": "string", "description": "Who changed it last, in a conflict."},
        "changedAt": {"type": "string", "format": "date-time", "description": "When that was, in a conflict."},
        "problems": {
            "type": "array",
            "description": "Every single problem of the input.",
            "items": {
                "type": "object",
                "properties": {
                    "path": {"type": "string", "description": "The parameter, header or member of the body."},
                    "message": {"type": "string", "description": "What is wrong with it."},
                    "key": {"type": "string", "description": "Key of the record that it stands in."},
                    "line": {"type": "integer", "description": "Line of a dossier that came as a text."},
                },
                "required": ["path", "message"],
            },
        },
    },
    "required": ["type", "title", "status", "detail", "instance", "code"],
}

STATUS_OK = {
    "type": "object",
    "description": "That all is well.",
    "properties": {"status": {"const": "ok", "description": "Always `ok`; a failure is a problem."}},
    "required": ["status"],
}

RESPONSES = {
    "BadRequest": ("BAD_USER_INPUT", "BAD_REQUEST"),
    "Unauthenticated": ("UNAUTHENTICATED",),
    "NotAllowed": ("NOT_ALLOWED",),
    "NotFound": ("NOT_FOUND",),
    "Conflict": ("CONFLICT",),
    "TooLarge": ("TOO_LARGE",),
    "UnsupportedMediaType": ("UNSUPPORTED_MEDIA_TYPE",),
    "KeyReused": ("IDEMPOTENCY_KEY_REUSED",),
    "PreconditionRequired": ("PRECONDITION_REQUIRED",),
    "TooManyRequests": ("RATE_LIMITED",),
    "Unavailable": (
        *("DATABASE_UNAVAILABLE", "DATABASE_NOT_MIGRATED", "DATABASE_DIFFERS", "ISSUER_UNAVAILABLE", "BUSY", "TIMEOUT"),
    ),
}
"""The responses of failures: the codes that each component may carry, by its name."""

QUOTA_HEADERS = {
    "RateLimit-Policy": header(
        "How many requests (`q`) may be sent in how many seconds (`w`), without a key and with."
    ),
    "RateLimit": header(
        "Which quota counts, how many requests are left (`r`), and the seconds until it is full (`t`)."
    ),
}
"""The rate limit headers of every answer, where requests are counted."""

SECURITY = {
    "Bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key, or the access token of an OpenID Connect issuer that the server trusts. To read, "
        "none is needed; one that does not count is refused.",
    }
}


LEAST: Mapping[str, Role] = {
    name: cast("Any", cls).table.least for cls in WORK for name in (cls.__name__, f"{cls.__name__}Connection")
}
"""The least role that may read a type, for types that not all may read."""


def document(reads: Iterable[Read], writes: Iterable[Write]) -> dict[str, Any]:
    """Build the OpenAPI description of reads and writes."""
    schemas = Schemas()
    paths: dict[str, dict[str, Any]] = {read.path: {"get": operation(read, schemas)} for read in reads}
    for write in writes:
        paths.setdefault(write.path, {})[write.command.method.lower()] = openapi_writes.operation(write, schemas)
    return {
        "openapi": "3.1.0",
        "info": INFO,
        "security": [{}, {"Bearer": []}],
        "paths": paths | health(),
        "components": {
            "schemas": {"Problem": PROBLEM, **dict(sorted(schemas.named.items()))},
            "parameters": openapi_writes.PARAMETERS,
            "responses": {name: refusal(codes) for name, codes in RESPONSES.items()},
            "headers": QUOTA_HEADERS,
            "securitySchemes": SECURITY,
        },
    }


# --- operations ----------------------------------------------------------------------------------


def operation(read: Read, schemas: Schemas) -> dict[str, Any]:
    """Build the OpenAPI operation of a read."""
    more = read.outline.description.partition("\n")[2].strip()
    least = least_role(read.outline.answer)
    return {
        "operationId": read.outline.name,
        "tags": [read.tag],
        "summary": read.summary,
        **({"description": more} if more else {}),
        **({"security": [{"Bearer": []}]} if least is not Role.ANONYMOUS else {}),
        "parameters": [parameter(read, each, schemas) for each in read.outline.parameters],
        "responses": {
            "200": answer(read, schemas),
            "304": {"description": "The answer is still the one whose ETag was sent in If-None-Match."},
            "400": response("BadRequest"),
            "401": response("Unauthenticated"),
            **({"403": response("NotAllowed")} if least is not Role.ANONYMOUS else {}),
            **({"404": response("NotFound")} if read.in_path else {}),
            "429": response("TooManyRequests"),
            "503": response("Unavailable"),
        },
    }


def least_role(shape: Shape) -> Role:
    """Find the least role that may read every part of an answer."""
    inner = [*shape.fields.values(), *([shape.item] if shape.item else [])]
    own = LEAST.get(shape.type, Role.ANONYMOUS)
    return max([own, *map(least_role, inner)], key=lambda role: role.rank)


def answer(read: Read, schemas: Schemas) -> dict[str, Any]:
    use = "send it back in If-None-Match"
    if read.has_version:
        use += ", or in If-Match to change the record; it begins with the record's version"
    headers: dict[str, Any] = {name: {"$ref": f"#/components/headers/{name}"} for name in QUOTA_HEADERS}
    headers["ETag"] = header(f"Changes when the answer does; {use}.")
    if read.is_list:
        headers["Link"] = header("The next, previous and first page (RFC 8288), where there are such.")
    return {
        "description": read.summary,
        "headers": headers,
        "content": {"application/json": {"schema": schemas.build_not_null(read.outline.answer)}},
    }


def refusal(codes: Collection[str]) -> dict[str, Any]:
    is_for_later = any(KINDS[code].retry_after_seconds for code in codes) or "RATE_LIMITED" in codes
    later = {"Retry-After": header("The seconds after which to try again, where that may help.")}
    return {
        **({"headers": later} if is_for_later else {}),
        "description": "\n".join(f"- `{code}`: {KINDS[code].when}" for code in codes),
        "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def parameter(read: Read, given: Parameter, schemas: Schemas) -> dict[str, Any]:
    in_path = given.name in read.in_path
    schema = {"type": "string"} if in_path else schemas.build_not_null(given.shape)
    if given.name in ("first", "last"):
        schema = {**schema, "minimum": 1, "maximum": LARGEST_PAGE}
    elif given.shape.type == "Int":
        schema = {**schema, "minimum": -(2**31), "maximum": 2**31 - 1}
    elif given.shape.type == "ID" and read.tag != "rules":
        # The id of a rule is its name.
        schema = {**schema, "type": "string", "format": "uuid"}
    if given.default is not None:
        schema = {**schema, "default": given.default}
    return {
        "name": given.name,
        "in": "path" if in_path else "query",
        "required": in_path or given.required,
        "description": given.description,
        "schema": schema,
    }


def health() -> dict[str, Any]:
    ok = {"description": "It is.", "content": {"application/json": {"schema": STATUS_OK}}}
    return {
        "/healthz": {
            "get": {
                "operationId": "healthz",
                "tags": ["health"],
                "summary": "Whether the process answers",
                "security": [],
                "responses": {"200": ok},
            }
        },
        "/readyz": {
            "get": {
                "operationId": "readyz",
                "tags": ["health"],
                "summary": "Whether the database answers and is at the revision this server needs",
                "security": [],
                "responses": {"200": ok, "503": response("Unavailable")},
            }
        },
    }
