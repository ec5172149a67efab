"""The published contracts, made from the code: OpenAPI 3.1, the GraphQL SDL, the dossier's JSON Schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import strawberry

from api.errors import PROBLEM_JSON, TITLES
from api.rest import Read, reads
from schema.compile import Compiler
from schema.document import json_schema
from schema.inputs import LARGEST_PAGE
from schema.outline import Parameter, Shape
from schema.root import create_schema

VERSION = "1.0.0"
"""Of the contract, by semantic versioning; a path keeps its /v1 until something in it breaks."""

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
        "code": {"type": "string", "description": "Stable name of the kind of problem, as in GraphQL."},
        "problems": {
            "type": "array",
            "description": "Every single problem of the input.",
            "items": {
                "type": "object",
                "properties": {"path": {"type": "string"}, "message": {"type": "string"}},
                "required": ["path", "message"],
            },
        },
    },
    "required": ["type", "title", "status", "detail", "instance", "code"],
}


def contracts() -> dict[str, str]:
    """Every published file: name -> text."""
    schema = create_schema()
    return {
        "openapi.json": pretty(document(schema)),
        "schema.graphql": schema.as_str() + "\n",
        "dossier.schema.json": pretty(json_schema()),
    }


def write(directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in contracts().items():
        (directory / name).write_text(text)


def pretty(content: Any) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def document(schema: strawberry.Schema) -> dict[str, Any]:
    """The OpenAPI description of every read."""
    found = reads(Compiler(schema))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Parley",
            "version": VERSION,
            "summary": "The state of peace diplomacy as data.",
            "description": "Talks, participants, statements, agreements and deadlines, each with its sources. "
            "Statuses and remaining days are computed by the rules under /v1/rules. Every read takes `asOf` (what "
            "had happened by then) and `knownAt` (what this database said then).",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": {read.path: {"get": operation(read)} for read in found} | health(),
        "components": {
            "schemas": {"Problem": PROBLEM},
            "responses": {code: problem_response(title) for code, (_, title) in PROBLEMS.items()},
        },
    }


PROBLEMS = {
    "BadRequest": next((status, title) for status, title in TITLES.values() if status == 400),
    "NotFound": next((status, title) for status, title in TITLES.values() if status == 404),
    "Unavailable": (503, "The database cannot be reached, is not migrated, or took too long"),
}


def problem_response(title: str) -> dict[str, Any]:
    return {
        "description": title,
        "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def operation(read: Read) -> dict[str, Any]:
    """One read as an OpenAPI operation."""
    more = read.outline.description.partition("\n")[2].strip()
    headers = {"ETag": header("Changes when the answer does; send it back in If-None-Match.")}
    if read.is_list:
        headers["Link"] = header("The next, previous and first page (RFC 8288).")
    responses: dict[str, Any] = {
        "200": {
            "description": read.summary,
            "headers": headers,
            "content": {"application/json": {"schema": json_shape(read.outline.answer, answered=True)}},
        },
        "304": {"description": "The answer is the one whose ETag was sent."},
        "400": {"$ref": "#/components/responses/BadRequest"},
    }
    if read.in_path:
        responses["404"] = {"$ref": "#/components/responses/NotFound"}
    responses["503"] = {"$ref": "#/components/responses/Unavailable"}
    return {
        "operationId": read.outline.name,
        "tags": [read.tag],
        "summary": read.summary,
        **({"description": more} if more else {}),
        "parameters": [parameter(read, each) for each in read.outline.parameters],
        "responses": responses,
    }


def header(description: str) -> dict[str, Any]:
    return {"description": description, "schema": {"type": "string"}}


def parameter(read: Read, given: Parameter) -> dict[str, Any]:
    in_path = given.name in read.in_path
    schema = {"type": "string"} if in_path else json_shape(given.shape, answered=True)
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


def json_shape(shape: Shape, *, answered: bool = False) -> dict[str, Any]:
    """A shape as JSON Schema. `answered`: it is there, whatever the type allows."""
    described = {"description": shape.description} if shape.description else {}
    schema = {**content_shape(shape), **described}
    if not shape.nullable or answered:
        return schema
    if "type" in schema:
        nullable = {**schema, "type": [schema["type"], "null"]}
        return {**nullable, "enum": [*schema["enum"], None]} if "enum" in schema else nullable
    return schema


def content_shape(shape: Shape) -> dict[str, Any]:
    if shape.item is not None:
        return {"type": "array", "items": json_shape(shape.item)}
    if shape.kind == "enum":
        return {"type": "string", "enum": list(shape.values)}
    if shape.kind == "scalar":
        return dict(SCALARS[shape.type])
    return {
        "type": "object",
        "properties": {key: json_shape(each) for key, each in shape.fields.items()},
        "required": [key for key in shape.fields if key not in shape.absent],
        "additionalProperties": False,
    }


def health() -> dict[str, Any]:
    ok = {"description": "It is.", "content": {"application/json": {"schema": {
        "type": "object", "properties": {"status": {"const": "ok"}}, "required": ["status"],
    }}}}  # fmt: skip
    return {
        "/healthz": {"get": {
            "operationId": "healthz", "tags": ["health"], "summary": "Whether the process answers.",
            "responses": {"200": ok},
        }},
        "/readyz": {"get": {
            "operationId": "readyz", "tags": ["health"],
            "summary": "Whether the database answers and is at the revision this server needs.",
            "responses": {"200": ok, "503": {"$ref": "#/components/responses/Unavailable"}},
        }},
    }  # fmt: skip
