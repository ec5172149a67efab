"""Describes an operation as a client sent it: its document parsed, its variables coerced, not yet compiled.

Reads graphql-core's nodes, knows nothing of SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import cached_property
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLInputType,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    Undefined,
    VariableNode,
    coerce_input_value,
)

from schema.compiler.document.cost import Cost, Measured
from schema.compiler.plan.values import shape
from schema.errors import DomainError


class QueryRefused(DomainError):
    """The document cannot be run: it does not parse, is not valid, or its variables do not fit."""

    code = "BAD_REQUEST"

    def __init__(self, errors: Sequence[GraphQLError], code: str) -> None:
        super().__init__("; ".join(error.message for error in errors))
        self.errors = [error.formatted for error in errors]
        self.code = code


@dataclass(frozen=True)
class Variable:
    """A variable. `read` raises where a value does not fit; `default` is Undefined where there is none."""

    read: Callable[[Any], Any]
    is_single: bool
    is_required: bool
    default: Any


@dataclass(frozen=True)
class Operation:
    """One operation of a valid document.

    Its selection is parsed again for each shape of variables: cached, it would be three quarters of the memory.
    """

    text: str
    name: str | None
    """As the client gave it."""
    head: OperationDefinitionNode
    """Its kind and its variables."""
    cost: Cost
    named: frozenset[str] = frozenset()
    """Variables whose values are part of the plan: the name of a type for `__type`, the size of a page."""
    variables: Mapping[str, Variable] = field(default_factory=dict)

    @property
    def is_mutation(self) -> bool:
        return self.head.operation is OperationType.MUTATION

    @cached_property
    def is_flat(self) -> bool:
        """Whether all variables are single values."""
        return all(each.is_single for each in self.variables.values())

    def shape(self, variables: Mapping[str, Any]) -> Any:
        """Reduce variables to what the plan depends on."""
        return shape(variables), tuple(variables.get(name) for name in sorted(self.named))


@dataclass(frozen=True)
class Document:
    """A document with the extent of each of its operations."""

    document: DocumentNode
    measured: tuple[Measured, ...]

    def cost(self, node: OperationDefinitionNode) -> Cost:
        operations = (each for each in self.document.definitions if isinstance(each, OperationDefinitionNode))
        return next(found.cost for each, found in zip(operations, self.measured, strict=True) if each is node)


@dataclass(frozen=True)
class Call:
    """One field of a mutation: its response key, the command it names, and the arguments that were given."""

    key: str
    command: str
    arguments: Mapping[str, Any]


# --- reading a document --------------------------------------------------------------------------


def pick_operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    chosen = [each for each in operations if name is None or (each.name and each.name.value == name)]
    if len(chosen) == 1:
        return chosen[0]
    names = ", ".join(each.name.value for each in operations if each.name)
    problem = (
        f"There is no operation {name!r}; the document has: {names or 'one without a name'}."
        if name is not None and operations
        else "The document has no operation."
        if not operations
        else f"The document has several operations ({names}); say which one in operationName."
    )
    raise QueryRefused([GraphQLError(problem)], "OPERATION_RESOLUTION_FAILED")


def head_of(node: OperationDefinitionNode) -> OperationDefinitionNode:
    """Copy an operation without its selection."""
    return OperationDefinitionNode(
        operation=node.operation,
        variable_definitions=node.variable_definitions,
        directives=(),
        selection_set=SelectionSetNode(selections=()),
    )


def unlink(document: DocumentNode) -> None:
    """Part the tokens of a document: each knows its neighbours, so that one token would keep all others in memory."""
    token = document.loc.start_token if document.loc else None
    while token:
        following, token.prev, token.next = token.next, None, None
        token = following


def structural_variables(document: DocumentNode) -> frozenset[str]:
    """Find the variables whose values are part of a plan: the type that `__type` names, and sizes of pages."""
    found: set[str] = set()
    waiting: list[Any] = [definition.selection_set for definition in document.definitions]  # type: ignore[attr-defined]
    while waiting:
        for node in waiting.pop().selections:
            if getattr(node, "selection_set", None):
                waiting.append(node.selection_set)
            for each in getattr(node, "arguments", None) or ():
                is_size = each.name.value in ("first", "last")
                if isinstance(each.value, VariableNode) and (is_size or node.name.value == "__type"):
                    found.add(each.value.name.value)
    return frozenset(found)


# --- reading values ------------------------------------------------------------------------------


def read_variables(known: Mapping[str, Variable], given: Mapping[str, Any]) -> dict[str, Any] | None:
    """Coerce the values of the variables, where all fit: graphql-core looks up every type anew, ten times as long.

    None where graphql-core has to look, since it may have an error to tell.
    """
    found = {}
    for name, each in known.items():
        value = given.get(name)
        if value is not None:
            try:
                found[name] = each.read(value)
            except Exception:  # noqa: BLE001 - whatever a scalar raises, it is told by graphql-core.
                return None
        elif name in given or (each.is_required and each.default is Undefined):
            return None
        elif each.default is not Undefined:
            found[name] = each.default
    return found


def coerce_input(type_: GraphQLInputType, value: Any) -> Any:
    """Coerce a value of any type. Raises ValueError where it does not fit."""
    if (found := coerce_input_value(value, type_)) is Undefined:
        raise ValueError
    return found


def json_value(value: Any) -> Any:
    """Write a coerced value as JSON has it: commands take it so, and proposals store it so."""
    match value:
        case dict():
            return {name: json_value(each) for name, each in value.items()}
        case list():
            return [json_value(each) for each in value]
        case Enum():
            return value.name
        case date():
            return value.isoformat()
    return value
