"""Compiles a GraphQL operation to one SQL statement that returns its `data` as JSON.

It is pure: (document, variables) give a plan, (plan, variables, clock) give the parameters; the same shape of a query
gives the same text, so that prepared statements are found again. It runs nothing and knows no HTTP.

Here documents are parsed and validated and selections gathered, with `document/`; `sql.statement.plan` makes the
statement.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import strawberry
from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    Undefined,
    VariableDefinitionNode,
    get_argument_values,
    get_nullable_type,
    get_variable_values,
    is_leaf_type,
    is_non_null_type,
    parse,
    type_from_ast,
    validate,
)
from graphql.execution.values import VariableValues

from schema.compiler.document.cost import RULES, Limits, Measuring
from schema.compiler.document.operation import (
    Call,
    Document,
    Operation,
    QueryRefused,
    Variable,
    coerce_input,
    head_of,
    json_value,
    pick_operation,
    read_variables,
    structural_variables,
    unlink,
)
from schema.compiler.document.selection import Selection
from schema.compiler.document.validity import Prover
from schema.compiler.plan.effort import MOST_STEPS, Effort, TooManySteps
from schema.compiler.plan.plan import Plan
from schema.compiler.sql import statement
from schema.compiler.sql.context import Context
from schema.compiler.sql.types import Types
from schema.errors import Invalid, Problem

PLAIN_CHARACTERS, PLAIN_FIELDS = 1_000, 60
"""Of a document that is read while others wait, as are most of a front end: it takes a millisecond or two."""


class Compiler(Types):
    """Compiles the operations of one schema."""

    def __init__(self, schema: strawberry.Schema, *, suggestions: bool = True) -> None:
        super().__init__(schema)
        self.suggestions = suggestions
        self.prover = Prover(self.schema)
        self.last: tuple[str, Limits | None, Document] = ("", None, Document(DocumentNode(definitions=()), ()))

    def operation(self, text: str, name: str | None = None, limits: Limits | None = None) -> Operation:
        """Parse and validate a document and pick its operation. Raises QueryRefused, TooComplex or NotValid."""
        valid = self.valid_document(text, limits)
        node = pick_operation(valid.document, name)
        variables = {each.variable.name.value: self.variable(each) for each in node.variable_definitions or ()}
        return Operation(text, name, head_of(node), valid.cost(node), structural_variables(valid.document), variables)

    def is_plain(self, text: str, limits: Limits | None) -> bool:
        """Whether a document is so small, and so surely valid, that it is compiled in some milliseconds at most.

        Raises what `operation` raises.
        """
        if len(text) > PLAIN_CHARACTERS:
            return False
        found = self.read_document(text, limits)
        is_small = all(
            each.fields <= PLAIN_FIELDS and not each.introspects and not each.of_any_type for each in found.measured
        )
        if is_plain := is_small and self.prover.proves(found.document):
            self.last = (text, limits, found)
        return is_plain

    def valid_document(self, text: str, limits: Limits | None = None) -> Document:
        """Parse and validate a document. The limits come first: some rules take long to say no."""
        # It may have been looked at before, and the reads of one REST resource are operations of one document.
        last, kept_within, found = self.last
        if last != text or kept_within != limits:
            found = self.read_document(text, limits)
            # What is proven needs no look of graphql-core, which takes some thirty times as long.
            if not self.prover.proves(found.document) and (errors := self.errors(found.document)):
                raise QueryRefused(errors, "GRAPHQL_VALIDATION_FAILED")
            self.last = (text, limits, found)
        return found

    def read_document(self, text: str, limits: Limits | None) -> Document:
        """Parse a document and hold it to the limits, before it is validated."""
        if limits:
            limits.check_text(text)
        try:
            document = parse(text)
            measured = tuple(Measuring(self.schema, document).operations())
        except GraphQLError as error:
            raise QueryRefused([error], "GRAPHQL_PARSE_FAILED") from None
        except RecursionError:
            raise QueryRefused([GraphQLError("The document is nested too deeply.")], "GRAPHQL_PARSE_FAILED") from None
        if limits:
            for each in measured:
                limits.check(each)
        unlink(document)
        return Document(document, measured)

    def errors(self, document: DocumentNode) -> list[GraphQLError]:
        return validate(self.schema, document, RULES, max_errors=20, hide_suggestions=not self.suggestions)

    # --- values ---

    def variable(self, definition: VariableDefinitionNode) -> Variable:
        type_: Any = type_from_ast(self.schema, definition.type)
        nullable = get_nullable_type(type_)
        is_single, default = is_leaf_type(nullable), Undefined
        if definition.default_value:
            values = get_variable_values(self.schema, [definition], {})
            default = Undefined if isinstance(values, list) else values.coerced[definition.variable.name.value]
        read = nullable.coerce_input_value if is_single else partial(coerce_input, type_)
        return Variable(read, is_single, is_non_null_type(type_), default)

    def variables(self, operation: Operation, given: Mapping[str, Any]) -> dict[str, Any]:
        """Coerce the values of the variables. Raises QueryRefused."""
        found = read_variables(operation.variables, given)
        return self.coerce(operation, given).coerced if found is None else found

    def coerce(self, operation: Operation, given: Mapping[str, Any]) -> VariableValues:
        definitions = operation.head.variable_definitions or ()
        values = get_variable_values(
            self.schema, definitions, dict(given), max_errors=20, hide_suggestions=not self.suggestions
        )
        if isinstance(values, list):
            raise QueryRefused(values, "BAD_USER_INPUT")
        return values

    # --- what is made of an operation ---

    def plan(self, operation: Operation, variables: Mapping[str, Any], most_steps: int = MOST_STEPS) -> Plan:
        """Compile an operation for variables of this shape. Raises Invalid, or TooManySteps where fewer are left."""
        try:
            return statement.plan(Context(self, self.selection(operation, variables, Effort(most_steps))))
        except TooManySteps:
            if most_steps < MOST_STEPS:
                raise
            says = f"the query needs more than {MOST_STEPS:,} steps to be prepared"
            raise Invalid(Problem("", f"{says}; give fewer conditions, or a variable in fewer places")) from None

    def calls(self, operation: Operation, given: Mapping[str, Any]) -> list[Call]:
        """List the commands of a mutation, in the order in which they are to run. Raises QueryRefused."""
        root, variables = self.root(operation.head), self.coerce(operation, given)
        selection, found = self.selection(operation, variables.coerced), []
        for key, (node, *_) in selection.fields(root, [selection.node]).items():
            if not node.name.value.startswith("__"):
                try:
                    values = get_argument_values(root.fields[node.name.value], node, variables)
                except GraphQLError as error:
                    raise QueryRefused([error], "BAD_USER_INPUT") from None
                found.append(Call(key, node.name.value, json_value(values)))
        return found

    def selection(self, operation: Operation, variables: Mapping[str, Any], effort: Effort | None = None) -> Selection:
        """Gather the selection of an operation. Its document is parsed again, unless it was the last one parsed."""
        last, _, found = self.last
        document = found.document if last == operation.text else parse(operation.text)
        fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
        return Selection(self.schema, pick_operation(document, operation.name), fragments, variables, effort)
