"""Describes the variables and the answer of an operation as plain data: REST and OpenAPI are derived from it.

Reads graphql-core's nodes and types, as the compiler's files do; it makes no SQL.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, cast

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLObjectType,
    ListValueNode,
    ObjectValueNode,
    Undefined,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_enum_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    type_from_ast,
    value_from_ast,
)

from schema.compiler.compiler import Compiler
from schema.compiler.document.operation import Operation
from schema.compiler.document.selection import Selection

Kind = Literal["object", "list", "enum", "scalar"]


@dataclass(frozen=True)
class Shape:
    """Describes the JSON of one value.

    `type` is the GraphQL name; `values` the members of an enum with what they mean; `fields` those
    of an object, by response key; `item` what a list holds. `absent` fields need not be there.
    `name` is that of the fragment which alone selects the object's fields; empty where none does.
    """

    kind: Kind
    type: str
    nullable: bool
    description: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, Shape] = field(default_factory=dict)
    item: Shape | None = None
    absent: frozenset[str] = frozenset()
    name: str = ""


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
    """An operation: its own description, its variables, and its one root field's key and answer.

    `places` says which variable stands where in the field's arguments: `page.filter.status.in` -> `status`.
    """

    name: str
    description: str
    parameters: tuple[Parameter, ...]
    places: Mapping[str, str]
    key: str
    answer: Shape


def outline(compiler: Compiler, operation: Operation) -> Outline:
    """Describe an operation that has a name and one root field. Raises ValueError for others."""
    everything = {each.variable.name.value: True for each in operation.head.variable_definitions or ()}
    selection = compiler.selection(operation, everything)
    node = selection.node
    assert node.name is not None
    root = compiler.root(operation.head)
    selected = selection.fields(root, [node])
    if len(selected) != 1:
        raise ValueError(f"{node.name.value}: it should have one root field, and has {len(selected)}")
    ((key, nodes),) = selected.items()
    return Outline(
        name=node.name.value,
        description=node.description.value if node.description else "",
        parameters=tuple(parameter(compiler, each) for each in node.variable_definitions or ()),
        places={
            place: name
            for each in nodes[0].arguments or ()
            for place, name in places(each.value, f"{key}.{each.name.value}")
        },
        key=key,
        answer=field_shape(selection, root.fields[nodes[0].name.value], nodes),
    )


# --- what it takes -------------------------------------------------------------------------------


def parameter(compiler: Compiler, node: Any) -> Parameter:
    type_ = cast("Any", type_from_ast(compiler.schema, node.type))
    default = value_from_ast(node.default_value, type_) if node.default_value else Undefined
    return Parameter(
        name=node.variable.name.value,
        description=node.description.value if node.description else "",
        required=is_non_null_type(type_) and default is Undefined,
        default=None if default is Undefined else default,
        shape=type_shape(type_),
    )


def places(value: ValueNode, where: str) -> Iterator[tuple[str, str]]:
    """Find where in an argument each variable stands."""
    match value:
        case VariableNode():
            yield where, value.name.value
        case ObjectValueNode():
            for member in value.fields:
                yield from places(member.value, f"{where}.{member.name.value}")
        case ListValueNode():
            for index, item in enumerate(value.values):
                yield from places(item, f"{where}[{index}]")


# --- what it gives -------------------------------------------------------------------------------


def type_shape(type_: Any, description: str = "") -> Shape:
    """Describe a scalar, an enum or a list of them; of an input object, only its name."""
    nullable, inner = not is_non_null_type(type_), get_nullable_type(type_)
    if is_list_type(inner):
        return Shape("list", "", nullable, description, item=type_shape(inner.of_type))
    if is_enum_type(inner):
        values = {name: each.description or "" for name, each in inner.values.items()}
        return Shape("enum", inner.name, nullable, description, values)
    return Shape("scalar" if is_leaf_type(inner) else "object", inner.name, nullable, description)


def field_shape(selection: Selection, field: GraphQLField, nodes: list[FieldNode]) -> Shape:
    description = field.description or ""
    named = get_named_type(field.type)
    if is_leaf_type(named):
        return type_shape(field.type, description)
    name = fragment_name(nodes)
    if name and is_abstract_type(named):
        # What may be anything is told as that of which something is asked: a node as a record.
        named = selection.schema.type_map[selection.fragments[name].type_condition.name.value]
    selected = selection.fields(cast("Any", named), nodes)
    object_ = Shape(
        kind="object",
        type=named.name,
        nullable=False,
        description=description,
        fields={key: member_shape(selection, cast("Any", named), same) for key, same in selected.items()},
        absent=frozenset(key for key, same in selected.items() if all(each.directives for each in same)),
        name=name,
    )
    return wrap(object_, field.type)


def fragment_name(nodes: Sequence[FieldNode]) -> str:
    """Name the fragment that alone selects the fields of an object; empty where there is none."""
    selections = [each for node in nodes if node.selection_set for each in node.selection_set.selections]
    if len(selections) == 1 and isinstance(selections[0], FragmentSpreadNode):
        return selections[0].name.value
    return ""


def member_shape(selection: Selection, type_: GraphQLObjectType, nodes: list[FieldNode]) -> Shape:
    name = nodes[0].name.value
    if name == "__typename":
        return Shape("scalar", "String", nullable=False, description="The type of the record.")
    return field_shape(selection, type_.fields[name], nodes)


def wrap(shape: Shape, type_: Any) -> Shape:
    """Put a shape inside the lists and nulls that a type allows."""
    nullable, inner = not is_non_null_type(type_), get_nullable_type(type_)
    if is_list_type(inner):
        return Shape("list", "", nullable, shape.description, item=wrap(shape, inner.of_type))
    return replace(shape, nullable=nullable)
