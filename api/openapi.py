"""The published contracts, made from the code: OpenAPI 3.1, the GraphQL SDL, the dossier's JSON Schema."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from api.errors import KINDS, PROBLEM_JSON
from api.rest import Read
from schema.inputs import LARGEST_PAGE
from schema.outline import Parameter, Shape

VERSION = "1.0.0"
"""Of the contract, by semantic versioning; a path keeps its /v1 until something in it breaks."""

INFO = {
    "title": "Parley",
    "version": VERSION,
    "summary": "The state of peace diplomacy as data.",
    "description": "Talks, participants, statements, agreements and deadlines, each with its sources. Statuses and "
    "remaining days are computed by the rules under /v1/rules. Every read takes `asOf` (what had happened by then) "
    "and `knownAt` (what this database said then). Every read answers HEAD as well. A list inside an answer "
    "holds 100 items at most; GraphQL pages through longer ones. A parameter that is a list is "
    "repeated, or its values are parted by commas. Errors are problems (RFC 9457); their codes are those of GraphQL.",
    "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
}

SCALARS: dict[str, dict[str, Any]] = {
    "ID": {"type": "string"},
    "String": {"type": "string"},
    "Int": {"type": "integer"},
    "Float": {"type": "number"},
    "Boolean": {"type": "boolean"},
    "Date": {"type": "string", "format": "date"},
    "DateTime": {"type": "string", "format": "date-time"},
    "JSON": {},
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
        "problems": {
            "type": "array",
            "description": "Every single problem of the input.",
            "items": {
                "type": "object",
                "properties": {
                    "path": {"type": "string", "description": "The parameter."},
                    "message": {"type": "string", "description": "What is wrong with it."},
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
    "NotFound": ("NOT_FOUND",),
    "Unavailable": (
        *("DATABASE_UNAVAILABLE", "DATABASE_NOT_MIGRATED", "DATABASE_DIFFERS", "ISSUER_UNAVAILABLE", "TIMEOUT"),
    ),
}
"""The answers of a read that are no success: the name of a component and the codes that it may carry."""

SECURITY = {
    "Bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key, or the access token of an OpenID Connect issuer that the server trusts. To read, "
        "none is needed; one that does not count is refused.",
    }
}


def document(found: Iterable[Read]) -> dict[str, Any]:
    """The OpenAPI description of reads."""
    schemas = Schemas()
    paths = {read.path: {"get": operation(read, schemas)} for read in found}
    return {
        "openapi": "3.1.0",
        "info": INFO,
        "security": [{}, {"Bearer": []}],
        "paths": paths | health(),
        "components": {
            "schemas": {"Problem": PROBLEM, **dict(sorted(schemas.named.items()))},
            "responses": {name: refusal(codes) for name, codes in RESPONSES.items()},
            "securitySchemes": SECURITY,
        },
    }


# --- operations ----------------------------------------------------------------------------------


def operation(read: Read, schemas: Schemas) -> dict[str, Any]:
    """One read as an OpenAPI operation."""
    more = read.outline.description.partition("\n")[2].strip()
    return {
        "operationId": read.outline.name,
        "tags": [read.tag],
        "summary": read.summary,
        **({"description": more} if more else {}),
        "parameters": [parameter(read, each, schemas) for each in read.outline.parameters],
        "responses": {
            "200": answer(read, schemas),
            "304": {"description": "The answer is still the one whose ETag was sent in If-None-Match."},
            "400": response("BadRequest"),
            "401": response("Unauthenticated"),
            **({"404": response("NotFound")} if read.in_path else {}),
            "503": response("Unavailable"),
        },
    }


def answer(read: Read, schemas: Schemas) -> dict[str, Any]:
    headers = {"ETag": header("Changes when the answer does; send it back in If-None-Match.")}
    if read.is_list:
        headers["Link"] = header("The next, previous and first page (RFC 8288), where there are such.")
    return {
        "description": read.summary,
        "headers": headers,
        "content": {"application/json": {"schema": schemas.certain(read.outline.answer)}},
    }


def header(description: str) -> dict[str, Any]:
    return {"description": description, "schema": {"type": "string"}}


def response(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/responses/{name}"}


def refusal(codes: Iterable[str]) -> dict[str, Any]:
    return {
        "description": "\n".join(f"- `{code}`: {KINDS[code].when}" for code in codes),
        "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def parameter(read: Read, given: Parameter, schemas: Schemas) -> dict[str, Any]:
    in_path = given.name in read.in_path
    schema = {"type": "string"} if in_path else schemas.certain(given.shape)
    if given.name in ("first", "last"):
        schema = {**schema, "minimum": 1, "maximum": LARGEST_PAGE}
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


# --- schemas -------------------------------------------------------------------------------------


class Schemas:
    """JSON Schemas of shapes. An enum becomes a component, and so does an object that one named fragment selects."""

    def __init__(self) -> None:
        self.named: dict[str, dict[str, Any]] = {}

    def of(self, shape: Shape) -> dict[str, Any]:
        """What a value of this shape can be, null included."""
        schema = self.certain(shape)
        if not shape.nullable:
            return schema
        if "$ref" in schema:
            others = {name: value for name, value in schema.items() if name != "$ref"}
            return {"anyOf": [{"$ref": schema["$ref"]}, {"type": "null"}], **others}
        return {**schema, "type": [schema["type"], "null"]} if "type" in schema else schema

    def certain(self, shape: Shape) -> dict[str, Any]:
        """What a value of this shape can be when it is there."""
        described = {"description": shape.description} if shape.description else {}
        return {**self.content(shape), **described}

    def content(self, shape: Shape) -> dict[str, Any]:
        match shape.kind:
            case "list":
                assert shape.item is not None
                return {"type": "array", "items": self.of(shape.item)}
            case "enum":
                return self.component(shape.type, enum(shape))
            case "scalar":
                return dict(SCALARS[shape.type])
        made = self.object(shape)
        return self.component(shape.name, made) if shape.name else made

    def object(self, shape: Shape) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {key: self.of(each) for key, each in shape.fields.items()},
            "required": [key for key in shape.fields if key not in shape.absent],
            "additionalProperties": False,
        }

    def component(self, name: str, made: dict[str, Any]) -> dict[str, Any]:
        """A reference. Raises ValueError where two reads mean different things by one name."""
        if self.named.setdefault(name, made) != made:
            raise ValueError(f"two reads mean different things by {name}; give one of the fragments another name")
        return {"$ref": f"#/components/schemas/{name}"}


def enum(shape: Shape) -> dict[str, Any]:
    described = "\n".join(f"- `{name}`: {says}" for name, says in shape.values.items())
    return {"type": "string", "enum": list(shape.values), "description": described}
