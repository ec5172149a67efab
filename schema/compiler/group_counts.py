"""Writes the query that counts a list by groups, from the document that reads the list.

It takes the same filters at the same clocks, and gives groups where the other gives a page. Reads graphql-core's nodes
and makes others of them; makes no SQL.
"""

from __future__ import annotations

from typing import Any, cast

from graphql import FieldNode, OperationDefinitionNode, Visitor, parse, print_ast, visit

from schema.compiler.sql.types import Types, object_type

OF_A_PAGE = {"orderBy", "first", "after", "last", "before"}

COUNTS = '''\
"""
%(description)s
"""
query %(name)s(
  "What is counted by."
  $by: %(by)s
%(variables)s
) {
  counted: %(field)s%(arguments)s { groups(by: $by) { ...Group } }
}

fragment Group on Group { key count }
'''


def write_count_query(types: Types, text: str, listing: str, name: str, description: str) -> str:
    """Write the document of an operation `name` that counts what the operation `listing` of a document lists."""
    operation = next(
        each
        for each in parse(text).definitions
        if isinstance(each, OperationDefinitionNode) and each.name and each.name.value == listing
    )
    (field,) = cast("tuple[FieldNode]", operation.selection_set.selections)
    kept = [each for each in field.arguments or () if each.name.value not in OF_A_PAGE]
    used = {name for each in kept for name in variables_in(each)}
    connection = object_type(cast("Any", types.schema.query_type).fields[field.name.value])
    return COUNTS % {
        "name": name,
        "description": description,
        "by": connection.fields["groups"].args["by"].type,
        "variables": "\n".join(
            print_ast(each) for each in operation.variable_definitions or () if each.variable.name.value in used
        ),
        "field": field.name.value,
        "arguments": f"({' '.join(map(print_ast, kept))})" if kept else "",
    }


def variables_in(node: Any) -> set[str]:
    found: set[str] = set()

    class Names(Visitor):
        def enter_variable(self, each: Any, *_: Any) -> None:
            found.add(each.name.value)

    visit(node, Names())
    return found
