"""Gathers the selection of an operation: its fields with fragments and conditions applied, and their arguments.

Reads graphql-core's nodes, for the variables of one request. Makes no SQL.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    Undefined,
    ValueNode,
    VariableNode,
    coerce_input_literal,
    execute_sync,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
)

from schema.compiler.document.operation import QueryRefused
from schema.compiler.plan.effort import MOST_STEPS, Effort
from schema.compiler.plan.values import Given, count_values, track
from schema.errors import Invalid, Problem


class Selection:
    """One operation with the fragments beside it and the coerced values of its variables."""

    def __init__(
        self,
        schema: GraphQLSchema,
        node: OperationDefinitionNode,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: Mapping[str, Any],
        effort: Effort | None = None,
    ) -> None:
        self.effort = effort or Effort()
        self.schema = schema
        self.node = node
        self.fragments = fragments
        self.variables = variables
        self.renamed: dict[str, Given] = {}
        """The response keys that the client chose, as the beginnings of members."""

    def fields(
        self, type_: GraphQLObjectType | GraphQLInterfaceType, nodes: Sequence[FieldNode | OperationDefinitionNode]
    ) -> dict[str, list[FieldNode]]:
        """Collect the fields selected below these nodes, by response key, fragments merged and directives applied."""
        found: dict[str, list[FieldNode]] = {}
        seen: set[str] = set()
        sets = [each.selection_set for each in reversed(nodes) if each.selection_set]
        stack: list[Any] = [node for each in sets for node in reversed(each.selections)]
        while stack:
            node = stack.pop()
            if not self.includes(node):
                continue
            if isinstance(node, FieldNode):
                if node.alias:
                    self.renamed.setdefault(node.alias.value, Given(f'"{node.alias.value}":', None, node.alias.value))
                found.setdefault((node.alias or node.name).value, []).append(node)
                continue
            if isinstance(node, FragmentSpreadNode):
                if node.name.value in seen:
                    continue
                seen.add(node.name.value)
                node = self.fragments[node.name.value]
            if self.applies(node.type_condition, type_):
                stack.extend(reversed(node.selection_set.selections))
        return found

    def applies(self, condition: Any, type_: GraphQLObjectType | GraphQLInterfaceType) -> bool:
        if condition is None or condition.name.value == type_.name:
            return True
        wanted = self.schema.type_map[condition.name.value]
        return is_abstract_type(wanted) and self.schema.is_sub_type(wanted, type_)

    def includes(self, node: Any) -> bool:
        for directive in node.directives or ():
            if directive.name.value in ("skip", "include"):
                condition = directive.arguments[0].value
                value = self.variables[condition.name.value] if isinstance(condition, VariableNode) else condition.value
                if value is None:
                    where, variable = f"@{directive.name.value}", condition.name.value
                    raise Invalid(Problem(where, f"`if` cannot be null, and ${variable} is"))
                if value is (directive.name.value == "skip"):
                    return False
        return True

    # --- arguments ---

    def arguments(self, field: GraphQLField, node: FieldNode, where: str) -> dict[str, Given]:
        """Read the arguments that were given, by name."""
        found = {}
        for argument in node.arguments or ():
            name = argument.name.value
            given = self.read_argument(argument.value, field.args[name].type, f"{where}.{name}")
            if given is not None:
                found[name] = given
        return found

    def read_argument(self, node: ValueNode, type_: GraphQLInputType, where: str) -> Given | None:
        """Read an argument as a value that knows where it came from; None where a variable was left out."""
        if isinstance(node, VariableNode):
            name = node.name.value
            if name not in self.variables:
                return None
            if self.variables[name] is None and is_non_null_type(type_):
                raise Invalid(Problem(where, f"it cannot be null, and ${name} is"))
            self.effort.spend(count_values(self.variables[name], MOST_STEPS))
            return track(self.variables[name], (name,), where)
        self.effort.spend()
        inner: Any = get_nullable_type(type_)
        if isinstance(node, ObjectValueNode) and is_input_object_type(inner):
            members = {
                each.name.value: self.read_argument(
                    each.value, inner.fields[each.name.value].type, f"{where}.{each.name.value}"
                )
                for each in node.fields
            }
            kept = {name: each for name, each in members.items() if each is not None}
            # An object of which every member is left out is left out itself; one that is written `{}` is not.
            return Given(kept, None, where) if kept or not members else None
        if is_list_type(inner) and (isinstance(node, ListValueNode) or is_input_object_type(get_named_type(inner))):
            nodes = node.values if isinstance(node, ListValueNode) else (node,)
            items = [self.read_argument(each, inner.of_type, f"{where}[{index}]") for index, each in enumerate(nodes)]
            return Given([each for each in items if each is not None], None, where)
        value = coerce_input_literal(cast("Any", node), type_)
        if value is Undefined:
            raise Invalid(Problem(where, "the value does not fit its type"))
        return track(value, None, where)

    # --- the schema itself ---

    def introspect(self, key: str, nodes: list[FieldNode]) -> Any:
        """Answer a field of introspection: by graphql-core, without the database."""
        selection = SelectionSetNode(selections=tuple(nodes))
        # Other variables have been coerced, and cannot be a second time.
        plain = [
            each
            for each in self.node.variable_definitions or ()
            if isinstance(self.variables.get(each.variable.name.value), str | bool)
        ]
        alone = OperationDefinitionNode(
            operation=OperationType.QUERY, selection_set=selection, directives=(), variable_definitions=tuple(plain)
        )
        document = DocumentNode(definitions=(alone, *self.fragments.values()))
        result = execute_sync(self.schema, document, variable_values=dict(self.variables))
        if result.errors or result.data is None:
            raise QueryRefused(result.errors or [], "BAD_REQUEST")
        return result.data[key]


def select_nothing(schema: GraphQLSchema) -> Selection:
    """Make a selection of nothing, for SQL that no operation asks for, such as the rules that a trigger runs."""
    nothing = OperationDefinitionNode(
        operation=OperationType.QUERY, selection_set=SelectionSetNode(selections=()), directives=()
    )
    return Selection(schema, nothing, {}, {})
