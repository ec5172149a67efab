"""Looks up what the types of a schema declare: tables, the SQL rules of fields, and which records own which.

Reads graphql-core's types and Strawberry's fields on them. Knows no documents and makes no statements.
"""

from __future__ import annotations

from typing import cast

import strawberry
from graphql import (
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    get_named_type,
    get_nullable_type,
    is_enum_type,
    is_list_type,
    is_non_null_type,
)
from strawberry.types.field import StrawberryField

from schema.declare.fields import FieldRule, One, Scalar, rule_of, snake
from schema.declare.table import Table
from schema.errors import Invalid, Problem
from schema.records.record import Record

POSTGRES_TYPES = {
    "ID": "uuid", "String": "text", "Int": "integer", "Float": "double precision",
    "Boolean": "boolean", "Date": "date", "DateTime": "timestamptz", "JSON": "json",
}  # fmt: skip


class Types:
    """The types of one schema, with all that can be known before any query comes."""

    def __init__(self, schema: strawberry.Schema) -> None:
        self.schema: GraphQLSchema = schema._schema  # noqa: SLF001 - Strawberry offers no other way to it.
        self.tables: dict[str, GraphQLObjectType] = {}
        self.owned: dict[str, list[tuple[str, GraphQLObjectType]]] = {}
        for type_ in self.schema.type_map.values():
            if isinstance(type_, GraphQLObjectType) and has_table(type_):
                self.tables[table_of(type_).name] = type_
            elif isinstance(type_, GraphQLInputObjectType):
                # Strawberry checks this by a rule of its own; graphql-core does where the type says so.
                type_.is_one_of = type_.extensions["strawberry-definition"].is_one_of

    def owners(self, type_: GraphQLObjectType) -> list[tuple[str, GraphQLObjectType]]:
        """List the columns in which a type names the records that it must belong to, with their types."""
        if type_.name not in self.owned:
            rules = [(each, rule_of(strawberry_field(each))) for each in type_.fields.values()]
            self.owned[type_.name] = [
                (rule.column, object_type(each))
                for each, rule in rules
                if isinstance(rule, One) and rule.column and is_owning(type_, each)
            ]
        return self.owned[type_.name]

    def optional_owners(self, type_: GraphQLObjectType) -> set[str]:
        """Name the columns of those relations to a whole that may be missing."""
        required = {strawberry_field(each).python_name for each in type_.fields.values() if is_non_null_type(each.type)}
        return {f"{name}_id" for name in table_of(type_).wholes if name not in required}

    def root(self, operation: OperationDefinitionNode) -> GraphQLObjectType:
        """Get the type that an operation begins with. Raises Invalid for a subscription."""
        root = self.schema.get_root_type(operation.operation)
        if root is None:
            raise Invalid(Problem("", f"there is no {operation.operation.value} here"))
        return root


def is_owning(type_: GraphQLObjectType, field: GraphQLField) -> bool:
    """Whether a record cannot be without what a relation leads to, or is a part of it."""
    return is_non_null_type(field.type) or strawberry_field(field).python_name in table_of(type_).wholes


def has_table(type_: GraphQLObjectType) -> bool:
    """Whether a type has rows: a connection has none, nor has a type of introspection."""
    definition = type_.extensions.get("strawberry-definition")
    return definition is not None and hasattr(definition.origin, "table")


def table_of(type_: GraphQLObjectType) -> Table:
    """Get the table of a type that has one, or what stands for a table."""
    table: Table = type_.extensions["strawberry-definition"].origin.table
    return table


def is_tracked(type_: GraphQLObjectType) -> bool:
    return issubclass(type_.extensions["strawberry-definition"].origin, Record)


def strawberry_field(field: GraphQLField) -> StrawberryField:
    return cast("StrawberryField", field.extensions["strawberry-definition"])


def field_name(type_: GraphQLObjectType, python_name: str) -> str:
    """Find the name of a field in GraphQL."""
    names = (name for name, each in type_.fields.items() if strawberry_field(each).python_name == python_name)
    return str(next(names))


def rule_at(type_: GraphQLObjectType, name: str) -> FieldRule:
    rule = rule_of(strawberry_field(type_.fields[name]))
    if rule is None:
        raise LookupError(f"{type_.name}.{name} has no SQL rule; declare it with a function of schema.declare.fields")
    return rule


def object_type(field: GraphQLField) -> GraphQLObjectType:
    return cast("GraphQLObjectType", get_named_type(field.type))


def postgres_type(rule: Scalar, field: GraphQLField) -> str:
    """Find the Postgres type of a scalar field; enums are stored as types of their own and computed as text."""
    named = get_named_type(field.type)
    if rule.type:
        return rule.type
    if is_enum_type(named):
        return snake(named.name) if rule.stored else "text"
    return POSTGRES_TYPES[named.name] + ("[]" if is_list_type(get_nullable_type(field.type)) else "")
