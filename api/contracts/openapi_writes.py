"""Builds the OpenAPI description of writes: each command's JSON Schema, split into path, headers, query and body."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from api.contracts.openapi_schemas import Schemas, header, response
from api.http.request_body import IDEMPOTENCY_KEY, JSON, LONGEST_IDEMPOTENCY_KEY
from api.rest.writes import Write
from schema.compiler.description import Shape
from schema.declare.reflection import fields_of, graphql_name
from schema.derive.dossier_schema import VALUES, all_definitions, dossier_definitions, is_required_relation, json_schema
from schema.derive.evidence import evidence
from schema.records.record import Record

PARAMETERS: dict[str, Any] = {
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "required": True,
        "description": "The version of the record that was seen, or the ETag that came with it. If the record has "
        "changed since, nothing is done.",
        "schema": {"type": "string", "pattern": '^"[1-9][0-9]{0,8}(-[0-9a-f]+)?"$', "examples": ['"3"']},
    },
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "description": "A text of the client's own, such as a UUID. If the request is sent again with the same one "
        "within a day, it is not done again, and the first answer is given.",
        "schema": {
            "type": "string",
            "minLength": 1,
            "maxLength": LONGEST_IDEMPOTENCY_KEY,
            "pattern": f"^{IDEMPOTENCY_KEY.pattern}$",
        },
    },
}

DEFINITION = re.compile(r"#/\$defs/(\w+)")


def operation(write: Write, schemas: Schemas) -> dict[str, Any]:
    """Build the OpenAPI operation of a write."""
    command = write.command
    summary, _, more = command.description.partition(": ")
    return {
        "operationId": command.name,
        "tags": [write.path.split("/")[2]],
        "summary": summary.rstrip("."),
        **({"description": f"{more[0].upper()}{more[1:]}"} if more else {}),
        "security": [{"Bearer": []}],
        "parameters": parameters(write, schemas),
        "requestBody": request_body(write, schemas),
        "responses": build_responses(write, schemas),
    }


def parameters(write: Write, schemas: Schemas) -> list[dict[str, Any]]:
    said = write.command.properties
    return [
        *(parameter(name, "path", said[argument], schemas) for name, argument in write.in_path.items()),
        *(parameter(name, "query", said[name], schemas) for name in write.in_query),
        *([{"$ref": "#/components/parameters/IfMatch"}] if write.in_header else []),
        {"$ref": "#/components/parameters/IdempotencyKey"},
    ]


def parameter(name: str, place: str, schema: Mapping[str, Any], schemas: Schemas) -> dict[str, Any]:
    return {
        "name": name,
        "in": place,
        "required": place == "path",
        "description": schema["description"],
        "schema": input_schema({key: each for key, each in schema.items() if key != "description"}, schemas),
    }


# --- requests ------------------------------------------------------------------------------------


def request_body(write: Write, schemas: Schemas) -> dict[str, Any]:
    schema = body_schema(write)
    needed = write.command.body is not None or bool(schema["required"])
    made = input_schema(schema, schemas, in_dossier=write.is_document)
    if write.command.body is not None and not write.is_document:
        about = write.command.properties[write.command.body]["$ref"].rpartition("/")[2]
        name = f"New{about}" if write.command.body == "input" else about
        schemas.named[name] = made
        made = {"$ref": f"#/components/schemas/{name}"}
    return {
        "required": needed,
        "description": "The dossier." if write.is_document else "What is to be done.",
        "content": {media: {"schema": made} for media in write.media_types},
    }


def body_schema(write: Write) -> dict[str, Any]:
    """Build the JSON Schema of the body: a record or document, and the arguments that are members of it."""
    command = write.command
    beside = {name: command.properties[name] for name in write.in_body}
    if write.is_document:
        whole = {name: each for name, each in json_schema().items() if name not in ("$schema", "$defs", "title")}
        return {**whole, "required": []}
    required = [name for name in command.required if name in beside]
    if command.body is None:
        return {"type": "object", "properties": beside, "required": required, "additionalProperties": False}
    whole = find_definition(command.properties[command.body]["$ref"])
    alone = list_required_alone(command.gives, whole) if write.creates and not isinstance(command.gives, str) else {}
    return {
        # A citation nested in a record may be a text; here the body is the record itself.
        **whole,
        "type": "object",
        "properties": {**whole["properties"], **alone, **beside},
        "required": [*whole.get("required", ()), *alone, *required],
    }


def list_required_alone(cls: type[Record], whole: Mapping[str, Any]) -> dict[str, Any]:
    """List the members that a record needs unless another, in which it is nested, implies them: relations, a source."""
    relations = [graphql_name(each) for each in fields_of(cls) if is_required_relation(each)]
    found = {name: whole["properties"][name] for name in relations}
    if cls.table.needs_citation:
        name = evidence().list_field
        found[name] = {**whole["properties"][name], "minItems": 1}
    return found


def find_definition(reference: str) -> dict[str, Any]:
    """Find the definition that a reference of a command's schema points to."""
    found: dict[str, Any] = all_definitions()[reference.rpartition("/")[2]]
    return found


def input_schema(schema: Any, schemas: Schemas, *, in_dossier: bool = False) -> Any:
    """Convert a schema of a command to OpenAPI: its definitions become components."""
    if isinstance(schema, list):
        return [input_schema(each, schemas, in_dossier=in_dossier) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {
        name: input_schema(each, schemas, in_dossier=in_dossier)
        for name, each in schema.items()
        if not (name == "title" and each == "ID")
    }
    if match := DEFINITION.fullmatch(str(schema.get("$ref", ""))):
        is_record = in_dossier and match[1] not in VALUES
        made["$ref"] = (add_dossier_component if is_record else add_component)(match[1], schemas)
    return made


def add_component(name: str, schemas: Schemas) -> str:
    """Add a definition as a component, and return a reference. Its suffix keeps it apart from the answered type."""
    called = f"{name}Input"
    if called not in schemas.named:
        # Definitions refer to one another: the name is reserved before the content is built, to end the recursion.
        schemas.named[called] = {}
        schemas.named[called] = describe_members(input_schema(find_definition(f"#/$defs/{name}"), schemas))
    return f"#/components/schemas/{called}"


def add_dossier_component(name: str, schemas: Schemas) -> str:
    """Add what a dossier may say of a record. What it needs depends on what is there already, which no client knows."""
    called = f"Dossier{name}"
    if called not in schemas.named:
        schemas.named[called] = {}
        content = {key: each for key, each in dossier_definitions()[name].items() if key != "anyOf"}
        schemas.named[called] = describe_members(input_schema(content, schemas, in_dossier=True))
    return f"#/components/schemas/{called}"


def describe_members(schema: dict[str, Any]) -> dict[str, Any]:
    """Add a description to each member that lacks one, as bare references do."""
    if "properties" not in schema:
        return schema
    members = {name: {"description": "Its id or key.", **each} for name, each in schema["properties"].items()}
    return {**schema, "properties": members}


# --- responses -----------------------------------------------------------------------------------


def build_responses(write: Write, schemas: Schemas) -> dict[str, Any]:
    failures = {
        "400": "BadRequest",
        "401": "Unauthenticated",
        "403": "NotAllowed",
        "404": "NotFound",
        **({"412": "Conflict"} if write.in_header or write.command.gives == "Proposal" else {}),
        "413": "TooLarge",
        "415": "UnsupportedMediaType",
        "422": "KeyReused",
        **({"428": "PreconditionRequired"} if write.in_header else {}),
        "429": "TooManyRequests",
        "503": "Unavailable",
    }
    return {**build_successes(write, schemas), **{status: response(name) for status, name in failures.items()}}


def build_successes(write: Write, schemas: Schemas) -> dict[str, Any]:
    fields = dict(write.reply.outline.answer.fields)
    proposal = fields.pop("proposal")
    if write.command.gives == "Proposal":
        return {"200": answer("The proposal, as it stands now.", schemas.build_not_null(proposal))}
    record = fields.get("record")
    headers = {"ETag": header("The version of the record, for If-Match.")} if record else {}
    says = "The record, as it stands now." if record else "What was done."
    if write.creates:
        headers["Location"] = header("The path of what is new.")
        says = "It is made."
    whole = record or Shape("object", "", nullable=False, fields=fields)
    found = {"201" if write.creates else "200": answer(says, schemas.build_not_null(whole), headers)}
    if write.command.proposable:
        headers = {"Location": header("The path of the proposal.")}
        says = "It became a proposal, which a curator approves or rejects."
        found["202"] = answer(says, schemas.build_not_null(proposal), headers)
    return found


def answer(description: str, schema: dict[str, Any], headers: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "description": description,
        **({"headers": headers} if headers else {}),
        "content": {JSON: {"schema": schema}},
    }
