"""What an operation takes and gives, as plain data: REST and OpenAPI are derived from it.

Beside the compiler the one other file that reads graphql-core's types; it makes no SQL.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, cast

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLObjectType,
    OperationDefinitionNode,
    Undefined,
    get_named_type,
    get_nullable_type,
    is_enum_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    type_from_ast,
    value_from_ast,
)

from schema.compile import Compiler, Operation, Statement

Kind = Literal["object", "list", "enum", "scalar"]


@dataclass(frozen=True)
class Shape:
    """What a JSON value can be.

    `type` is the GraphQL name; `values` the members of an enum with what they mean; `fields` those
    of an object, by response key; `item` what a list holds. `absent` fields need not be there.
    """

    kind: Kind
    type: str
    nullable: bool
    description: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, Shape] = field(default_factory=dict)
    item: Shape | None = None
    absent: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Parameter:
    """A variable of an operation."""

    name: str
    description: str
    required: bool
    default: Any
    shape: Shape


@dataclass(frozen=True)
class Outline:
    """An operation: its own description, its variables, and its one root field's key and answer."""

    name: str
    description: str
    parameters: tuple[Parameter, ...]
    key: str
    answer: Shape


def outline(compiler: Compiler, operation: Operation) -> Outline:
    """Describe an operation that has one root field. Raises ValueError for others."""
    node = operation.node
    everything = {each.variable.name.value: True for each in node.variable_definitions or ()}
    statement = Statement(compiler, operation, everything)
    root = cast("GraphQLObjectType", compiler.schema.query_type)
    selected = statement.collect(root, [node.selection_set])
    if len(selected) != 1:
        raise ValueError(
            f"{node.name and node.name.value}: a read has one root field; this one has {len(selected)}"
        )
    ((key, nodes),) = selected.items()
    return Outline(
        name=node.name.value if node.name else "",
        description=node.description.value if node.description else "",
        parameters=tuple(parameters(compiler, node)),
        key=key,
        answer=field_shape(statement, root.fields[nodes[0].name.value], nodes),
    )


def parameters(compiler: Compiler, node: OperationDefinitionNode) -> Sequence[Parameter]:
    found = []
    for each in node.variable_definitions or ():
        type_ = cast("Any", type_from_ast(compiler.schema, each.type))
        default = value_from_ast(each.default_value, type_) if each.default_value else Undefined
        found.append(
            Parameter(
                name=each.variable.name.value,
                description=each.description.value if each.description else "",
                required=is_non_null_type(type_) and default is Undefined,
                default=None if default is Undefined else default,
                shape=type_shape(type_),
            )
        )
    return found


def type_shape(type_: Any, description: str = "") -> Shape:
    """A scalar, an enum or a list of them; an input object by its name only."""
    nullable, inner = not is_non_null_type(type_), get_nullable_type(type_)
    if is_list_type(inner):
        return Shape("list", "", nullable, description, item=type_shape(inner.of_type))
    values = (
        {name: each.description or "" for name, each in inner.values.items()} if is_enum_type(inner) else {}
    )
    return Shape(
        "enum" if values else "scalar" if is_leaf_type(inner) else "object",
        inner.name,
        nullable,
        description,
        values,
    )


def field_shape(statement: Statement, field: GraphQLField, nodes: list[FieldNode]) -> Shape:
    description = field.description or ""
    named = get_named_type(field.type)
    if is_leaf_type(named):
        return type_shape(field.type, description)
    selected = statement.collect(cast("Any", named), [node.selection_set for node in nodes])
    object_ = Shape(
        kind="object",
        type=named.name,
        nullable=False,
        description=description,
        fields={key: member_shape(statement, cast("Any", named), same) for key, same in selected.items()},
        absent=frozenset(key for key, same in selected.items() if all(each.directives for each in same)),
    )
    return wrapped(object_, field.type)


def member_shape(statement: Statement, type_: GraphQLObjectType, nodes: list[FieldNode]) -> Shape:
    name = nodes[0].name.value
    if name == "__typename":
        return Shape("scalar", "String", nullable=False, description="The type of the record.")
    return field_shape(statement, type_.fields[name], nodes)


def wrapped(shape: Shape, type_: Any) -> Shape:
    """A shape inside the lists and nulls that a type allows."""
    nullable, inner = not is_non_null_type(type_), get_nullable_type(type_)
    if is_list_type(inner):
        return Shape("list", "", nullable, shape.description, item=wrapped(shape, inner.of_type))
    return replace(shape, nullable=nullable)
