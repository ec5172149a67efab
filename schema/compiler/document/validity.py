"""Proves in one plain walk that a document is valid. graphql-core calls thirty rules at each word of it.

The proof is sound and not complete: what is proven, graphql-core would accept; what is not proven is left to
graphql-core, which makes every error. The walk ends at the first doubt, and at what clients seldom send. Fragments are
written out where they are spread, and so are checked at each place and for each operation. Which part stands for
which rules of graphql-core; a test holds that none is missing:

    document      ExecutableDefinitionsRule UniqueOperationNamesRule LoneAnonymousOperationRule
                  UniqueFragmentNamesRule NoUnusedFragmentsRule
    operation     KnownOperationTypesRule NoUnusedVariablesRule SingleFieldSubscriptionsRule (none is proven)
    variable      UniqueVariableNamesRule VariablesAreInputTypesRule KnownTypeNamesRule
    narrow        KnownTypeNamesRule FragmentsOnCompositeTypesRule PossibleFragmentSpreadsRule
    spread        KnownFragmentNamesRule NoFragmentCyclesRule
    directives    KnownDirectivesRule UniqueDirectivesPerLocationRule DeferStreamDirectiveOnRootField
                  DeferStreamDirectiveOnValidOperationsRule DeferStreamDirectiveLabel StreamDirectiveOnListField
    field         FieldsOnCorrectTypeRule ScalarLeafsRule MaxIntrospectionDepthRule
    meet          OverlappingFieldsCanBeMergedRule
    arguments     KnownArgumentNamesRule UniqueArgumentNamesRule ProvidedRequiredArgumentsRule
    literal       ValuesOfCorrectTypeRule
    walk_value    UniqueInputFieldNamesRule
    use           NoUndefinedVariablesRule VariablesInAllowedPositionRule
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from graphql import (
    ArgumentNode,
    DirectiveLocation,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLSchema,
    InlineFragmentNode,
    ListValueNode,
    NamedTypeNode,
    ObjectValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    Undefined,
    ValueNode,
    VariableDefinitionNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_input_object_type,
    is_input_type,
    is_introspection_type,
    is_leaf_type,
    is_list_type,
    is_nullable_type,
    is_object_type,
    is_required_argument,
    print_ast,
    type_from_ast,
)
from graphql.utilities import do_types_overlap, validate_input_literal
from graphql.validation.rules.max_introspection_depth_rule import MAX_LIST_DEPTH
from graphql.validation.rules.variables_in_allowed_position import allowed_variable_usage

MOST_STEPS = 10_000
"""A walk may take this many steps: some 30 ms, where fragments fan out. A front end's documents take some hundred
steps.

Graphql-core may take three times as many to compare fields (`cost`); a document that takes more is refused. It
takes at most three where one is counted here, so that no such document is proven.
"""

DEEPEST = 100
"""Selections within selections. graphql-core stops at 200, a front end's documents at some twenty."""

PAIR = 6
"""Two fields, or two selections, that come together count as this many steps: a third of what graphql-core takes.

It may compare them twice, as parts of one object and of two. Arguments and what is below are counted besides.
"""

LISTS_OF_TYPES = ("fields", "interfaces", "possibleTypes", "inputFields")
"""The fields of introspection by which a document grows without bounds."""

ANYWHERE: Final = {DirectiveLocation.FIELD, DirectiveLocation.INLINE_FRAGMENT, DirectiveLocation.FRAGMENT_SPREAD}
"""The places of `@skip` and `@include`. A directive that may stand at some of these only is not proven."""


class NotProven(Exception):
    """It is not certain that a document is valid; graphql-core has to look."""


@dataclass(frozen=True, slots=True)
class SchemaField:
    """The facts of a field of the schema that the walk needs."""

    about: Any
    """The type of what is selected below; None for a value."""
    arguments: Mapping[str, GraphQLArgument]
    required: frozenset[str]
    shape: str
    """Its type, whatever object it is: fields of other shapes cannot come under one name."""
    lists_types: bool


class ResponseField:
    """One field of the answer: the fields that fill it, and the fields below it by response key.

    `fields` and `selections` count what comes together below, and `lists` the lists of types above.
    """

    __slots__ = ("below", "fields", "filled_by", "lists", "selections", "shape")

    def __init__(self, shape: str = "", lists: int = 0) -> None:
        self.shape = shape
        self.filled_by: list[tuple[Any, FieldNode]] = []
        self.below: dict[str, ResponseField] = {}
        self.fields = 0
        self.selections = 0
        self.lists = lists


class Prover:
    """Proves documents valid for one schema, and remembers the schema's fields that it has looked up."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema = schema
        self.known: dict[tuple[str, str], SchemaField] = {}
        self.directives = {
            each.name: (each.args, required_of(each.args))
            for each in schema.directives
            if set(each.locations) >= ANYWHERE
        }

    def proves(self, document: DocumentNode) -> bool:
        """Whether it is certain that graphql-core would find nothing, and not refuse to look."""
        try:
            Proof(self).document(document)
        except (NotProven, RecursionError):
            return False
        return True

    def field(self, type_: Any, name: str) -> SchemaField:
        return self.known.get((type_.name, name)) or self.learn(type_, name)

    def learn(self, type_: Any, name: str) -> SchemaField:
        field = self.schema.get_field(type_, name)
        if field is None:
            raise NotProven
        about, written = get_named_type(field.type), str(field.type)
        is_leaf = is_leaf_type(about)
        found = self.known[type_.name, name] = SchemaField(
            None if is_leaf else about,
            field.args,
            required_of(field.args),
            written if is_leaf else written.replace(about.name, "{}"),
            is_introspection_type(type_) and name in LISTS_OF_TYPES,
        )
        return found


class Proof:
    """Walks one document once. Each part raises NotProven where it cannot go on."""

    def __init__(self, prover: Prover) -> None:
        self.prover = prover
        self.schema = prover.schema
        self.fragments: dict[str, FragmentDefinitionNode] = {}
        self.spreads: set[str] = set()
        self.variables: dict[str, tuple[Any, ValueNode | None]] = {}
        self.used: set[str] = set()
        self.depth = 0
        self.steps = 0
        self.asked: dict[int, tuple[str, list[str]]] = {}

    def document(self, node: DocumentNode) -> None:
        operations = []
        for each in node.definitions:
            if isinstance(each, OperationDefinitionNode):
                operations.append(each)
            elif isinstance(each, FragmentDefinitionNode) and each.name.value not in self.fragments:
                self.fragments[each.name.value] = each
            else:
                raise NotProven
        names = {each.name.value if each.name else None for each in operations}
        if len(names) < len(operations) or (None in names and len(names) > 1):
            raise NotProven
        for operation in operations:
            self.operation(operation)
        if self.spreads != self.fragments.keys() or self.steps > MOST_STEPS:
            raise NotProven

    def operation(self, node: OperationDefinitionNode) -> None:
        root = self.schema.get_root_type(node.operation)
        if root is None or node.operation is OperationType.SUBSCRIPTION or node.directives:
            raise NotProven
        self.variables, self.used = {}, set()
        for each in node.variable_definitions or ():
            self.variable(each)
        self.selection(node.selection_set, root, ResponseField())
        if self.used != self.variables.keys():
            raise NotProven

    def variable(self, node: VariableDefinitionNode) -> None:
        name, type_ = node.variable.name.value, type_from_ast(self.schema, node.type)
        if node.directives or name in self.variables or not is_input_type(type_):
            raise NotProven
        if node.default_value:
            self.literal(node.default_value, type_)
        self.variables[name] = type_, node.default_value

    # --- selections ---

    def selection(self, node: SelectionSetNode, type_: Any, place: ResponseField) -> None:
        """Walk a selection that comes together with all others of its place; so do its fields."""
        self.steps += place.fields + place.selections * PAIR
        place.selections += 1
        self.walk_selections(node, type_, place)

    def walk_selections(self, node: SelectionSetNode, type_: Any, place: ResponseField) -> None:
        self.depth += 1
        if self.depth > DEEPEST or self.steps > MOST_STEPS:
            raise NotProven
        for each in node.selections:
            if each.directives:
                self.directives(each.directives)
            if isinstance(each, FieldNode):
                self.field(each, type_, place)
            elif isinstance(each, InlineFragmentNode):
                about = self.narrow(type_, each.type_condition) if each.type_condition else type_
                self.walk_selections(each.selection_set, about, place)
            elif isinstance(each, FragmentSpreadNode):
                self.spread(each, type_, place)
            else:
                raise NotProven
        self.depth -= 1

    def field(self, node: FieldNode, type_: Any, place: ResponseField) -> None:
        known = self.prover.field(type_, node.name.value)
        if (known.about is None) is not (node.selection_set is None):
            raise NotProven
        if node.arguments or known.required:
            self.arguments(node.arguments or (), known.arguments, known.required)
        place.fields += 1
        self.steps += place.selections + len(node.arguments or ())
        key = (node.alias or node.name).value
        there = place.below.get(key)
        if there is None:
            there = place.below[key] = ResponseField(known.shape, place.lists + known.lists_types)
        else:
            self.meet(there, node, type_, known)
        there.filled_by.append((type_, node))
        if node.selection_set:
            if there.lists >= MAX_LIST_DEPTH:
                raise NotProven
            self.selection(node.selection_set, known.about, there)

    def meet(self, place: ResponseField, node: FieldNode, type_: Any, known: SchemaField) -> None:
        """Compare a field with all before it in its place: they must be the same, or on two different objects."""
        self.steps += len(place.filled_by) * PAIR * (1 + len(node.arguments or ()))
        if place.shape != known.shape or self.steps > MOST_STEPS:
            raise NotProven
        for other_type, other in place.filled_by:
            are_two_objects = other_type is not type_ and is_object_type(other_type) and is_object_type(type_)
            if not are_two_objects and self.asks(other) != self.asks(node):
                raise NotProven

    def asks(self, node: FieldNode) -> tuple[str, list[str]]:
        """Write the name and the arguments of a field as text, once however often they are compared."""
        if id(node) not in self.asked:
            self.asked[id(node)] = node.name.value, [print_ast(each) for each in node.arguments or ()]
        return self.asked[id(node)]

    def narrow(self, type_: Any, condition: NamedTypeNode) -> Any:
        about: Any = self.schema.type_map.get(condition.name.value)
        if not is_composite_type(about) or not do_types_overlap(self.schema, about, type_):
            raise NotProven
        return about

    def spread(self, node: FragmentSpreadNode, type_: Any, place: ResponseField) -> None:
        # A fragment is not there while it is walked, so that a circle ends as an unknown one does.
        name = node.name.value
        fragment = self.fragments.pop(name, None)
        if fragment is None or fragment.directives or fragment.variable_definitions or node.arguments:
            raise NotProven
        about = self.narrow(type_, fragment.type_condition)
        self.selection(fragment.selection_set, about, place)
        self.fragments[name] = fragment
        self.spreads.add(name)

    # --- directives, arguments, values ---

    def directives(self, nodes: Sequence[DirectiveNode]) -> None:
        self.steps += len(nodes)
        for node in nodes:
            known = self.prover.directives.get(node.name.value)
            if known is None:
                raise NotProven
            self.arguments(node.arguments or (), *known)
        if len({node.name.value for node in nodes}) < len(nodes):
            raise NotProven

    def arguments(
        self, nodes: Sequence[ArgumentNode], known: Mapping[str, GraphQLArgument], required: frozenset[str]
    ) -> None:
        names = {node.name.value for node in nodes}
        if len(names) < len(nodes) or not required <= names <= known.keys():
            raise NotProven
        for node in nodes:
            declared = known[node.name.value]
            if isinstance(node.value, VariableNode):
                self.use(node.value, declared.type, default_of(declared))
            else:
                self.literal(node.value, declared.type)

    def literal(self, node: ValueNode, type_: Any) -> None:
        """Check a value that is written out. graphql-core reads it, as it does where it validates."""
        validate_input_literal(node, type_, give_up, hide_suggestions=True)
        self.walk_value(node, type_)

    def walk_value(self, node: ValueNode, type_: Any) -> None:
        """Check the variables and the names within a value that fits its type, if its variables do."""
        if isinstance(node, ListValueNode):
            type_ = get_nullable_type(type_)
            if not is_list_type(type_):
                raise NotProven
            self.steps += len(node.values)
            for each in node.values:
                self.walk_inner(each, type_.of_type, Undefined)
        elif isinstance(node, ObjectValueNode):
            type_ = get_named_type(type_)
            names = {each.name.value for each in node.fields}
            if len(names) < len(node.fields) or not is_input_object_type(type_):
                raise NotProven
            self.steps += len(node.fields)
            for field in node.fields:
                declared = type_.fields[field.name.value]
                self.walk_inner(field.value, declared.type, default_of(declared), is_one_of=type_.is_one_of)

    def walk_inner(self, node: ValueNode, type_: Any, default: Any, *, is_one_of: bool = False) -> None:
        if isinstance(node, VariableNode):
            self.use(node, type_, default, is_one_of=is_one_of)
        else:
            self.walk_value(node, type_)

    def use(self, node: VariableNode, type_: Any, default: Any, *, is_one_of: bool = False) -> None:
        name = node.name.value
        self.used.add(name)
        own, given = self.variables.get(name, (None, None))
        if own is None or (is_one_of and is_nullable_type(own)):
            raise NotProven
        if not allowed_variable_usage(self.schema, own, given, type_, default):
            raise NotProven
        self.steps += 2


def required_of(arguments: Mapping[str, GraphQLArgument]) -> frozenset[str]:
    return frozenset(name for name, each in arguments.items() if is_required_argument(each))


def default_of(declared: Any) -> Any:
    return declared.default_value if declared.default is None else declared.default


def give_up(*_: Any) -> NoReturn:
    raise NotProven
