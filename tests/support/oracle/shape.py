"""Reads from the printed schema which record a record cannot be without, and which reference a list follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from graphql import GraphQLList, GraphQLNonNull, GraphQLObjectType, GraphQLSchema, get_named_type, get_nullable_type

from tests.support.oracle.names import snake


@dataclass(frozen=True, eq=False)
class Shape:
    """The types of the schema, as far as their rows lead to one another."""

    schema: GraphQLSchema

    def type(self, name: str) -> Any:
        return self.schema.type_map[name]

    @cached_property
    def rows(self) -> list[Any]:
        """The types that have rows: those with an id."""
        return [
            each
            for each in self.schema.type_map.values()
            if isinstance(each, GraphQLObjectType) and self.type("Node") in each.interfaces
        ]

    @cached_property
    def needed(self) -> Mapping[str, Mapping[str, str]]:
        """For each table the columns that cannot be null, with the tables that they point to.

        A reference to a record of any type is not among them.
        """
        return {
            snake(each.name): {
                f"{snake(name)}_id": snake(get_named_type(field.type).name)
                for name, field in each.fields.items()
                if isinstance(field.type, GraphQLNonNull) and field.type.of_type in self.rows
            }
            for each in self.rows
        }

    def references(self, about: Any, owner: Any) -> list[str]:
        """The columns of a type by which its rows point to those of another: to its type, else to any record."""
        ones = {
            name: get_named_type(field.type)
            for name, field in about.fields.items()
            if not isinstance(get_nullable_type(field.type), GraphQLList) and name != "mergedInto"
        }
        found = [name for name, each in ones.items() if each is owner]
        return [f"{snake(name)}_id" for name in found or [n for n, each in ones.items() if each.name == "Record"]]


def listed(type_: Any) -> Any:
    """The type of the items of a connection."""
    return get_named_type(type_.fields["nodes"].type)


def is_connection(type_: Any) -> bool:
    return "nodes" in getattr(type_, "fields", {})
