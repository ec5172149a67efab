"""Parts of the OpenAPI description: the JSON Schemas of what is answered, and what every operation is made of."""

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


def header(description: str) -> dict[str, Any]:
    return {"description": description, "schema": {"type": "string"}}


def response(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/responses/{name}"}
