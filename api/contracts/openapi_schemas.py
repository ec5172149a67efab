"""Builds parts of the OpenAPI description: the JSON Schemas of answers, headers and references to responses."""

from __future__ import annotations

from typing import Any

from schema.compiler.description import Shape

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


class Schemas:
    """Builds JSON Schemas of shapes. Enums, and objects selected by one named fragment, become components."""

    def __init__(self) -> None:
        self.named: dict[str, dict[str, Any]] = {}

    def build(self, shape: Shape) -> dict[str, Any]:
        """Build the schema of a shape, null included."""
        schema = self.build_not_null(shape)
        if not shape.nullable:
            return schema
        if "$ref" in schema:
            others = {name: value for name, value in schema.items() if name != "$ref"}
            return {"anyOf": [{"$ref": schema["$ref"]}, {"type": "null"}], **others}
        return {**schema, "type": [schema["type"], "null"]} if "type" in schema else schema

    def build_not_null(self, shape: Shape) -> dict[str, Any]:
        """Build the schema of a shape, without null."""
        described = {"description": shape.description} if shape.description else {}
        return {**self.build_content(shape), **described}

    def build_content(self, shape: Shape) -> dict[str, Any]:
        match shape.kind:
            case "list":
                assert shape.item is not None
                return {"type": "array", "items": self.build(shape.item)}
            case "enum":
                return self.add_component(shape.type, enum_schema(shape))
            case "scalar":
                return dict(SCALARS[shape.type])
        made = self.build_object(shape)
        return self.add_component(shape.name, made) if shape.name else made

    def build_object(self, shape: Shape) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {key: self.build(each) for key, each in shape.fields.items()},
            "required": [key for key in shape.fields if key not in shape.absent],
            "additionalProperties": False,
        }

    def add_component(self, name: str, made: dict[str, Any]) -> dict[str, Any]:
        """Add a component, and return a reference to it. Raises ValueError for two different components of one name."""
        if self.named.setdefault(name, made) != made:
            raise ValueError(f"two reads mean different things by {name}; give one of the fragments another name")
        return {"$ref": f"#/components/schemas/{name}"}


def enum_schema(shape: Shape) -> dict[str, Any]:
    described = "\n".join(f"- `{name}`: {says}" for name, says in shape.values.items())
    return {"type": "string", "enum": list(shape.values), "description": described}


def header(description: str) -> dict[str, Any]:
    return {"description": description, "schema": {"type": "string"}}


def response(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/responses/{name}"}
