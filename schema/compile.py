"""From a GraphQL operation to one SQL statement that returns its `data` as JSON.

The file that touches graphql-core (`limits` and `proving` look at what it parsed, `outline`, `counting` and
`catalogue` only read its types), and longer than others for it: parsing, validation, the walk over the selection
and the statement belong together.
It is pure: (document, variables) give
a plan, (plan, variables, clock) give the parameters; the same shape of a query gives the same
text, so that prepared statements are found again. It runs nothing and knows no HTTP.

How a selection becomes SQL:

    object        concat of names and values, as JSON text; see `schema.json_text`
    to-one        left join, so that Postgres can join instead of looping
    list, page    one subselect that aggregates rows; a page fetches one row more to know of a next
    interface     case on the type that `record` holds, one branch a type
    clock         every table stands for its rows that count at `asOf`, as known at `knownAt`
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import cached_property, partial
from typing import Any, cast

import strawberry
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLInputObjectType,
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
    VariableDefinitionNode,
    VariableNode,
    coerce_input_literal,
    coerce_input_value,
    execute_sync,
    get_argument_values,
    get_named_type,
    get_nullable_type,
    get_variable_values,
    is_abstract_type,
    is_enum_type,
    is_input_object_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    parse,
    type_from_ast,
    validate,
)
from graphql.execution.values import VariableValues
from strawberry.types.field import StrawberryField

from schema import json_text, search
from schema.caller import Role
from schema.errors import DomainError, Invalid, Problem
from schema.fields import (
    Children,
    Done,
    FieldRule,
    Kept,
    KeptIn,
    Lookup,
    Lookups,
    Many,
    One,
    Part,
    Parts,
    Rows,
    Scalar,
    Search,
    Table,
    literal,
    rule_of,
    snake,
)
from schema.inputs import LARGEST_PAGE, PAGE_SIZE, Ordering
from schema.limits import RULES, Cost, Limits, Measured, Measuring
from schema.page import Few, Key, Page, step_beyond
from schema.plan import (
    CALLER,
    NOW,
    OUTCOME,
    ROLE,
    TODAY,
    Bind,
    Clock,
    Given,
    Missing,
    Plan,
    as_bound,
    as_day,
    as_it_is,
    as_page_size,
    fit,
    from_cursor,
    is_list_of_given,
    outcome,
    shape,
    track,
    value_of,
)
from schema.proving import Prover
from schema.record import MOST_GROUPS, Record

MOST_SUBSELECTS = 1500
"""How many subselects one statement may have, a past table counting twice: planning 1500 takes up to 3 seconds.

Every field of a page of processes takes 400. A record of any type has a branch for each of 20 types: two such
fields, one below the other, take 1000, three would take 20,000 and minutes.
"""

POSTGRES_TYPES = {
    "ID": "uuid", "String": "text", "Int": "integer", "Float": "double precision",
    "Boolean": "boolean", "Date": "date", "DateTime": "timestamptz", "JSON": "json",
}  # fmt: skip

KEPT_NOW = "p.from_day <= {today} and {today} < p.until_day"
"""Which of the periods that triggers kept ahead is the one of the clock; see `schema.kept`."""

PLAIN_CHARACTERS, PLAIN_FIELDS = 2_000, 60
"""Of a document that is compiled while others wait: twice those of a page of a front end, and mostly 2 ms."""

ARGUMENT = re.compile(r"\{\$([a-z]+)\}")
TOKEN = re.compile(r"\{(?:(any )?([a-z_]+)|([a-z]):([a-z_]+)\.([a-z_]+)(?:\.([a-z_]+))?)\}")


class QueryRefused(DomainError):
    """The document cannot be run: it does not parse, is not valid, or its variables do not fit."""

    code = "BAD_REQUEST"

    def __init__(self, errors: Sequence[GraphQLError], code: str) -> None:
        super().__init__("; ".join(error.message for error in errors))
        self.errors = [error.formatted for error in errors]
        self.code = code


# --- what is given -------------------------------------------------------------------------------


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

    What it selects is parsed again for each shape of variables: kept, it would be three quarters of the memory.
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
        """What of the variables decides over the plan."""
        return shape(variables), tuple(variables.get(name) for name in sorted(self.named))


@dataclass(frozen=True)
class Document:
    """A document, and what each of its operations asks for."""

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


class Compiler:
    """Compiles operations on one schema. Holds what can be known before any query comes."""

    def __init__(self, schema: strawberry.Schema, *, suggestions: bool = True) -> None:
        self.suggestions = suggestions
        self.schema: GraphQLSchema = schema._schema  # noqa: SLF001 - Strawberry offers no other way to it.
        self.prover = Prover(self.schema)
        self.last: tuple[str, Limits | None, Document] = ("", None, Document(DocumentNode(definitions=()), ()))
        self.tables: dict[str, GraphQLObjectType] = {}
        self.owned: dict[str, list[tuple[str, GraphQLObjectType]]] = {}
        for type_ in self.schema.type_map.values():
            if isinstance(type_, GraphQLObjectType) and (table := table_of(type_)):
                self.tables[table.name] = type_
            elif isinstance(type_, GraphQLInputObjectType):
                # Strawberry checks this by a rule of its own; graphql-core does where the type says so.
                type_.is_one_of = type_.extensions["strawberry-definition"].is_one_of

    def operation(self, text: str, name: str | None = None, limits: Limits | None = None) -> Operation:
        """Parse and validate a document and pick its operation. Raises QueryRefused, TooComplex or NotValid."""
        valid = self.validated(text, limits)
        node = pick_operation(valid.document, name)
        variables = {each.variable.name.value: self.variable(each) for each in node.variable_definitions or ()}
        return Operation(text, name, head_of(node), valid.cost(node), written_out(valid.document), variables)

    def parts(self, operation: Operation) -> tuple[OperationDefinitionNode, dict[str, FragmentDefinitionNode]]:
        """An operation with all that it selects, and the fragments beside it."""
        last, _, found = self.last
        document = found.document if last == operation.text else parse(operation.text)
        fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
        return pick_operation(document, operation.name), fragments

    def is_plain(self, text: str, limits: Limits | None) -> bool:
        """Whether a document is so small, and so surely valid, that it is compiled in some milliseconds at most.

        Raises what `operation` raises.
        """
        if len(text) > PLAIN_CHARACTERS:
            return False
        found = self.parsed(text, limits)
        is_small = all(
            each.fields <= PLAIN_FIELDS and not each.introspects and not each.of_any_type for each in found.measured
        )
        if is_plain := is_small and self.prover.proves(found.document):
            self.last = (text, limits, found)
        return is_plain

    def validated(self, text: str, limits: Limits | None = None) -> Document:
        """A document that is within the limits, and valid. The limits come first: some rules take long to say no."""
        # It may have been looked at before, and the reads of one REST resource are operations of one document.
        last, kept_within, found = self.last
        if last != text or kept_within != limits:
            found = self.parsed(text, limits)
            # What is proven needs no look of graphql-core, which takes some thirty times as long.
            if not self.prover.proves(found.document) and (errors := self.errors(found.document)):
                raise QueryRefused(errors, "GRAPHQL_VALIDATION_FAILED")
            self.last = (text, limits, found)
        return found

    def parsed(self, text: str, limits: Limits | None) -> Document:
        """A document that is within the limits, and may be valid."""
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

    def variable(self, definition: VariableDefinitionNode) -> Variable:
        type_: Any = type_from_ast(self.schema, definition.type)
        nullable = get_nullable_type(type_)
        is_single, default = is_leaf_type(nullable), Undefined
        if definition.default_value:
            values = get_variable_values(self.schema, [definition], {})
            default = Undefined if isinstance(values, list) else values.coerced[definition.variable.name.value]
        read = nullable.coerce_input_value if is_single else partial(coerced_input, type_)
        return Variable(read, is_single, is_non_null_type(type_), default)

    def variables(self, operation: Operation, given: Mapping[str, Any]) -> dict[str, Any]:
        """The coerced values of the variables. Raises QueryRefused."""
        found = read_variables(operation.variables, given)
        return self.coerced(operation, given).coerced if found is None else found

    def coerced(self, operation: Operation, given: Mapping[str, Any]) -> VariableValues:
        definitions = operation.head.variable_definitions or ()
        values = get_variable_values(
            self.schema, definitions, dict(given), max_errors=20, hide_suggestions=not self.suggestions
        )
        if isinstance(values, list):
            raise QueryRefused(values, "BAD_USER_INPUT")
        return values

    def plan(self, operation: Operation, variables: Mapping[str, Any]) -> Plan:
        """Compile an operation for variables of this shape. Raises Invalid."""
        return Statement(self, operation, variables).plan()

    def calls(self, operation: Operation, given: Mapping[str, Any]) -> list[Call]:
        """The commands of a mutation, in the order in which they are to run. Raises QueryRefused."""
        root, variables = self.root(operation), self.coerced(operation, given)
        statement = Statement(self, operation, variables.coerced)
        fields = statement.collect(root, [statement.node.selection_set])
        found = []
        for key, (node, *_) in fields.items():
            if not node.name.value.startswith("__"):
                try:
                    values = get_argument_values(root.fields[node.name.value], node, variables)
                except GraphQLError as error:
                    raise QueryRefused([error], "BAD_USER_INPUT") from None
                found.append(Call(key, node.name.value, plain(values)))
        return found

    def owners(self, type_: GraphQLObjectType) -> list[tuple[str, GraphQLObjectType]]:
        """The columns in which a type names the records that it must belong to, and their types."""
        if type_.name not in self.owned:
            required = [name for name, each in type_.fields.items() if is_non_null_type(each.type)]
            rules = [(name, rule_of(strawberry_field(type_.fields[name]))) for name in required]
            self.owned[type_.name] = [
                (rule.column, object_type(type_.fields[name]))
                for name, rule in rules
                if isinstance(rule, One) and rule.column
            ]
        return self.owned[type_.name]

    def root(self, operation: Operation) -> GraphQLObjectType:
        """The type that an operation begins with. Raises Invalid for a subscription."""
        root = self.schema.get_root_type(operation.head.operation)
        if root is None:
            raise Invalid(Problem("", f"there is no {operation.head.operation.value} here"))
        return root


def read_variables(known: Mapping[str, Variable], given: Mapping[str, Any]) -> dict[str, Any] | None:
    """The coerced values, where all that are given fit: graphql-core looks up every type anew, ten times as long.

    None where it has to have a closer look, and may have something to tell.
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


def coerced_input(type_: GraphQLInputType, value: Any) -> Any:
    """A value of any type. Raises ValueError where it does not fit."""
    if (found := coerce_input_value(value, type_)) is Undefined:
        raise ValueError
    return found


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
    """An operation without what it selects."""
    return OperationDefinitionNode(
        operation=node.operation,
        variable_definitions=node.variable_definitions,
        directives=(),
        selection_set=SelectionSetNode(selections=()),
    )


def unlink(document: DocumentNode) -> None:
    """Part the tokens of a document: each knows its neighbours, so that one that is kept would keep them all."""
    token = document.loc.start_token if document.loc else None
    while token:
        following, token.prev, token.next = token.next, None, None
        token = following


def written_out(document: DocumentNode) -> frozenset[str]:
    """The variables whose values are part of a plan: what `__type` is asked for, and sizes of pages."""
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


def table_of(type_: GraphQLObjectType) -> Table | None:
    definition = type_.extensions.get("strawberry-definition")
    return getattr(definition.origin, "table", None) if definition else None


def is_tracked(type_: GraphQLObjectType) -> bool:
    return issubclass(type_.extensions["strawberry-definition"].origin, Record)


def strawberry_field(field: GraphQLField) -> StrawberryField:
    return cast("StrawberryField", field.extensions["strawberry-definition"])


def field_name(type_: GraphQLObjectType, python_name: str) -> str:
    """What a field is called in GraphQL."""
    names = (name for name, each in type_.fields.items() if strawberry_field(each).python_name == python_name)
    return str(next(names))


def rule_at(type_: GraphQLObjectType, name: str) -> FieldRule:
    rule = rule_of(strawberry_field(type_.fields[name]))
    if rule is None:
        raise LookupError(f"{type_.name}.{name} has no SQL rule; declare it with a function of schema.fields")
    return rule


def postgres_type(rule: Scalar, field: GraphQLField) -> str:
    """The Postgres type of a scalar field; enums are stored as types of their own and computed as text."""
    named = get_named_type(field.type)
    if rule.type:
        return rule.type
    if is_enum_type(named):
        return snake(named.name) if rule.stored else "text"
    return POSTGRES_TYPES[named.name] + ("[]" if is_list_type(get_nullable_type(field.type)) else "")


def plain(value: Any) -> Any:
    """A coerced value as JSON has it, as commands take it and proposals keep it."""
    match value:
        case dict():
            return {name: plain(each) for name, each in value.items()}
        case list():
            return [plain(each) for each in value]
        case Enum():
            return value.name
        case date():
            return value.isoformat()
    return value


# --- building the statement ----------------------------------------------------------------------


@dataclass
class Scope:
    """The row a selection is compiled for: its alias, the clock, and the joins its columns need."""

    t: str
    clock: Clock
    joins: list[str] = field(default_factory=list)


class Statement:
    """One statement under construction."""

    def __init__(self, compiler: Compiler, operation: Operation, variables: Mapping[str, Any]) -> None:
        self.compiler = compiler
        self.operation = operation
        self.node, self.fragments = compiler.parts(operation)
        self.variables = variables
        self.binds: dict[Any, tuple[str, Bind]] = {}
        self.aliases = 0
        self.pasts = 0
        self.lookups: list[tuple[Missing, str]] = []
        self.looked_up: list[str] = []
        self.checks: list[Bind] = []
        self.least = Role.ANONYMOUS
        self.renamed: dict[str, Given] = {}

    def plan(self) -> Plan:
        root = self.compiler.root(self.operation)
        members, constants = {}, {}
        for key, nodes in self.collect(root, [self.node.selection_set]).items():
            name = nodes[0].name.value
            if name.startswith("__"):
                constants[key] = self.introspect(key, nodes) if name != "__typename" else root.name
                members[key] = self.bind(Given(json.dumps(constants[key]), None, key), "text")
            else:
                members[key] = self.root(root, key, nodes)
        if len(constants) == len(members):
            return Plan(None, (), data=json.dumps(constants, separators=(",", ":"), ensure_ascii=False).encode())
        found = "".join(f", {hint}" for _, hint in self.lookups)
        source = f" from (select {', '.join(self.looked_up)} offset 0) q" if self.lookups else ""
        return Plan(
            f"select convert_to({self.object_text(members)}, 'UTF8') as data{found}{source}",
            tuple(bind for _, bind in self.binds.values()),
            tuple(missing for missing, _ in self.lookups),
            checks=tuple(self.checks),
            least=self.least,
        )

    def introspect(self, key: str, nodes: list[FieldNode]) -> Any:
        """What the schema says of itself: graphql-core's own answer, no matter for the database."""
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
        result = execute_sync(self.compiler.schema, document, variable_values=dict(self.variables))
        if result.errors or result.data is None:
            raise QueryRefused(result.errors or [], "BAD_REQUEST")
        return result.data[key]

    # --- selections ---

    def collect(
        self, type_: GraphQLObjectType | GraphQLInterfaceType, sets: Sequence[SelectionSetNode | None]
    ) -> dict[str, list[FieldNode]]:
        """The fields selected on a type, by response key, fragments merged and directives applied."""
        found: dict[str, list[FieldNode]] = {}
        seen: set[str] = set()
        stack: list[Any] = [node for each in reversed(sets) if each for node in reversed(each.selections)]
        while stack:
            node = stack.pop()
            if not self.included(node):
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
        wanted = self.compiler.schema.type_map[condition.name.value]
        return is_abstract_type(wanted) and self.compiler.schema.is_sub_type(wanted, type_)

    def included(self, node: Any) -> bool:
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

    def object_of(
        self,
        type_: GraphQLObjectType,
        nodes: Sequence[FieldNode],
        scope: Scope,
        parts: Mapping[str, Part] | None = None,
    ) -> str:
        """The JSON of a selection on a row, or on the parts of a value."""
        members = {}
        for key, same in self.collect(type_, [node.selection_set for node in nodes]).items():
            name = same[0].name.value
            if name == "__typename":
                members[key] = json_text.constant(type_.name)
            else:
                rule = parts[name] if parts else rule_at(type_, name)
                if isinstance(rule, One) and rule.same_type:
                    members[key] = self.one(rule, type_, same, scope)
                else:
                    members[key] = self.field(rule, type_.fields[name], same, scope, key)
        return self.object_text(members)

    def object_text(self, members: Mapping[str, str]) -> str:
        """The JSON of an object. Names that the client chose are bound: documents that differ in them share a plan."""
        return json_text.object_of(
            members, lambda key: self.bind(self.renamed[key], "text") if key in self.renamed else None
        )

    def field(self, rule: FieldRule, field: GraphQLField, nodes: list[FieldNode], scope: Scope, where: str) -> str:
        """The JSON of one field of a row."""
        match rule:
            case Scalar():
                return self.scalar(rule, field, scope)
            case Parts():
                return self.parts(rule, object_type(field), nodes, scope)
            case Rows():
                return self.rows(rule, field, nodes, scope, where)
            case One():
                return self.one(rule, get_named_type(field.type), nodes, scope)
            case Many():
                ids = self.expand(rule.sql, scope.t, scope.clock)
                listed = self.many(ids, object_type(field), nodes, scope.clock)
                # Most lists of ids are empty, and to find that out by a join takes as long as all of a short row.
                return f"case when {ids} = '{{}}' then '[]' else {listed} end" if rule.column else listed
            case Children():
                return self.page(rule, field, nodes, scope.clock, where, parent=scope.t)
            case _:
                raise LookupError(f"{rule} belongs to the root of a query")

    def scalar(self, rule: Scalar, field: GraphQLField, scope: Scope) -> str:
        sql, named = self.value(rule, scope.t, scope.clock), get_named_type(field.type)
        # Some ids are texts that are computed.
        type_ = "text" if named.name == "ID" and not rule.stored else postgres_type(rule, field)
        is_list = is_list_type(get_nullable_type(field.type))
        return json_text.value(sql, type_, is_enum=is_enum_type(named) and not is_list)

    def parts(self, rule: Parts, type_: GraphQLObjectType, nodes: list[FieldNode], scope: Scope) -> str:
        value = self.object_of(type_, nodes, scope, rule.parts)
        if rule.present is None:
            return value
        return f"case when {self.expand(rule.present, scope.t, scope.clock)} then {value} else {json_text.NULL} end"

    def rows(self, rule: Rows, field: GraphQLField, nodes: list[FieldNode], scope: Scope, where: str) -> str:
        below = Scope(self.alias(), scope.clock)
        given = self.arguments(field, nodes[0], where)

        def argument(match: re.Match[str]) -> str:
            return self.bind(given[match[1]], POSTGRES_TYPES[get_named_type(field.args[match[1]].type).name])

        source, present = (
            self.expand(ARGUMENT.sub(argument, each), scope.t, scope.clock) for each in (rule.sql, rule.present or "")
        )
        listed = json_text.list_of(self.object_of(object_type(field), nodes, below, rule.parts), f"{below.t}.place")
        found = (
            f"(select {listed} from (select *, row_number() over () as place from ({source}) r) {below.t} "
            f"{' '.join(below.joins)})"
        )
        return f"case when {present} then {found} else {json_text.NULL} end" if present else found

    def one(self, rule: One, named: Any, nodes: list[FieldNode], scope: Scope) -> str:
        """The JSON of another record; null where there is none.

        It is written after the join, for the rows that are asked for. Written within, Postgres would write that of
        every row which might be joined.
        """
        id_sql = self.value(rule, scope.t, scope.clock)
        if is_abstract_type(named):
            return json_text.or_null(self.by_type(id_sql, named, nodes, scope.clock, rule.dated))
        type_, other = cast("GraphQLObjectType", named), Scope(self.alias(), scope.clock)
        wanted = self.object_of(type_, nodes, other)
        if not (rule.column or rule.kept):
            # Else Postgres would look the id up twice for each row: to find the other by its hash, and to compare.
            found = self.alias("l")
            scope.joins.append(f"cross join lateral (select {id_sql} as id offset 0) {found}")
            id_sql = f"{found}.id"
        conditions = [f"{other.t}.id = {id_sql}", *self.visible(type_, other.t, scope.clock)]
        if rule.dated:
            conditions += self.appears(type_, other.t, scope.clock)
        joined = f"left join {self.rows_of(type_, scope.clock)} {other.t} on {' and '.join(conditions)}"
        scope.joins += [joined, *other.joins]
        return f"case when {other.t}.id is null then {json_text.NULL} else {wanted} end"

    def row(
        self,
        type_: GraphQLObjectType,
        condition: str,
        nodes: Sequence[FieldNode],
        clock: Clock,
        by: str = "id",
        *,
        dated: bool = True,
    ) -> str:
        """SELECT the JSON, as `o`, of the row of a type that fulfils this; retracted ones too."""
        below = Scope(self.alias(), clock)
        wanted = self.object_of(type_, nodes, below)
        conditions = [f"{below.t}.{by} {condition}", *self.visible(type_, below.t, clock)]
        if dated:
            conditions += self.appears(type_, below.t, clock)
        return (
            f"select {wanted} as o from {self.rows_of(type_, clock)} {below.t} {' '.join(below.joins)} "
            f"where {' and '.join(conditions)}"
        )

    def found_by(self, type_: GraphQLObjectType, by: str, value_sql: str, clock: Clock) -> str:
        """The condition for the id of the record that has this id or key, or that it was merged into."""
        m = self.alias("m")
        rows = self.rows_of(type_, clock)
        return f"= (select coalesce({m}.merged_into_id, {m}.id) from {rows} {m} where {m}.{by} = {value_sql})"

    def by_type(
        self,
        id_sql: str,
        named: Any,
        nodes: Sequence[FieldNode],
        clock: Clock,
        dated: bool = True,
        *,
        redirected: bool = False,
    ) -> str:
        """The JSON of a record of any type, one branch for each type that it can be; null where there is none."""
        branches = []
        for type_ in self.compiler.schema.get_possible_types(named):
            if is_tracked(type_):
                condition = self.found_by(type_, "id", id_sql, clock) if redirected else f"= {id_sql}"
                row = self.row(type_, condition, nodes, clock, dated=dated)
                label = cast("Table", table_of(type_)).name.upper()
                branches.append(f"when '{label}' then ({row})")
        return f"(case (select r.type from record r where r.id = {id_sql}) {' '.join(branches)} end)"

    def many(self, ids_sql: str, type_: GraphQLObjectType, nodes: Sequence[FieldNode], clock: Clock) -> str:
        below = Scope(self.alias(), clock)
        listed = json_text.list_of(self.object_of(type_, nodes, below), "u.place")
        conditions = [f"{below.t}.id = u.id", *self.present(type_, below.t, clock)]
        return (
            f"(select {listed} from unnest({ids_sql}) with ordinality u (id, place) "
            f"join {self.rows_of(type_, clock)} {below.t} on {' and '.join(conditions)} {' '.join(below.joins)})"
        )

    # --- the root ---

    def root(self, root: GraphQLObjectType, key: str, nodes: list[FieldNode]) -> str:
        name = nodes[0].name.value
        field, rule = root.fields[name], rule_at(root, name)
        if isinstance(rule, Done):
            # Its arguments are the command's.
            return self.payload(object_type(field), key, nodes)
        given = self.arguments(field, nodes[0], key)
        clock = Clock(value_of(given, "asOf"), value_of(given, "knownAt"))
        match rule:
            case Lookup():
                return self.lookup(field, key, nodes, given, clock)
            case Lookups():
                ids = self.bind(given["ids"], "uuid[]")
                branch = self.by_type("u.id", get_named_type(field.type), nodes, clock, redirected=True)
                listed = json_text.list_of(json_text.or_null(branch), "u.place")
                return f"(select {listed} from unnest({ids}) with ordinality u (id, place))"
            case Children():
                return self.page(rule, field, nodes, clock, key)
            case Search():
                return self.search(field, key, nodes, given, clock)
            case Many():
                return self.many(self.expand(rule.sql, "", clock), object_type(field), nodes, clock)
            case _:
                raise LookupError(f"Query.{name} cannot begin a query with {rule}")

    def payload(self, type_: GraphQLObjectType, key: str, nodes: list[FieldNode]) -> str:
        """What came of a mutation: its record as it stands now, or why there is none."""
        below = Scope(self.alias(), Clock())
        told = self.object_of(type_, nodes, below)
        done = ", ".join(f"{self.bind(outcome(key, name), kind, as_it_is)} as {name}" for name, kind in OUTCOME.items())
        return f"(select {told} from (select {done}) {below.t} {' '.join(below.joins)})"

    def lookup(
        self, field: GraphQLField, key: str, nodes: list[FieldNode], given: dict[str, Given], clock: Clock
    ) -> str:
        named = get_named_type(field.type)
        chosen = given["by"].value if "by" in given else {name: each for name, each in given.items() if name == "id"}
        if len(chosen) != 1 or any(each.value is None for each in chosen.values()):
            # Left to a variable that may be null or left out; what stands in the document is validated.
            raise Invalid(Problem(f"{key}.by", "it has no value; give an id or a key"))
        by, wanted = next(iter(chosen.items()))
        if is_abstract_type(named):
            sql = self.by_type(bound := self.bind(wanted, "uuid"), named, nodes, clock, redirected=True)
        else:
            type_ = cast("GraphQLObjectType", named)
            is_stored = by == "id" and cast("Table", table_of(type_)).source is None
            bound = self.bind(wanted, "uuid" if is_stored else "text")
            if is_tracked(type_):
                row = self.row(type_, self.found_by(type_, by, bound, clock), nodes, clock)
            else:
                row = self.row(type_, f"= {bound}", nodes, clock, by)
            sql = f"({row})"
        held_by = f"(select r.type::text from record r where r.id = {bound})" if bound.endswith("uuid") else "null"
        # Looked at twice, for what it is and whether it is.
        found = f"q.o{len(self.looked_up) + 1}"
        self.looked_up.append(f"{sql} as {found.removeprefix('q.')}")
        self.lookups.append(
            (
                Missing(key, named.name, by, self.bound(bound), timed=clock != Clock()),
                f"case when {found} is null then coalesce({held_by}, '') end",
            )
        )
        return json_text.or_null(found)

    # --- lists ---

    def page(
        self, rule: Children, field: GraphQLField, nodes: list[FieldNode], clock: Clock, where: str, parent: str = ""
    ) -> str:
        """A connection: the page, and of the whole list what is asked for."""
        connection = object_type(field)
        type_ = object_type(connection.fields["nodes"])
        given = self.arguments(field, nodes[0], where)
        wanted = self.collect(connection, [node.selection_set for node in nodes])
        t = self.alias()
        members = {}
        page = None
        # What is not needed must not be compiled: its parameters would have no place in the statement.
        conditions = (
            []
            if all(same[0].name.value == "__typename" for same in wanted.values())
            else [
                self.expand(rule.on, t, clock, parent),
                *self.present(type_, t, clock, via=rule.via if parent else None),
                *self.conditions(type_, given.get("filter"), t, clock),
            ]
        )
        for key, same in wanted.items():
            name = same[0].name.value
            if name == "__typename":
                members[key] = json_text.constant(connection.name)
            elif name in ("totalCount", "groups"):
                of_all = conditions if parent else self.read_to_its_end(type_, given, t, clock, conditions)
                scope = Scope(t, clock)
                members[key] = self.counted(type_, connection.fields[name], same, scope, of_all, f"{where}.{key}")
            else:
                page = page or self.begin_page(type_, given, t, clock, conditions, wanted)
                members[key] = self.page_column(page, type_, connection.fields[name], same)
        if page is None:
            self.check_page(type_, given)
        source = f" from {page.sql()}" if page else ""
        return f"(select {self.object_text(members)}{source})"

    def read_to_its_end(
        self, type_: GraphQLObjectType, given: dict[str, Given], t: str, clock: Clock, conditions: list[str]
    ) -> list[str]:
        """The same conditions for a list of which all is read: which records count is found out for all at once. Those
        that have a status that is asked for do.
        """
        kept = cast("Table", table_of(type_)).kept
        if not kept or not self.is_kept(kept, clock):
            return conditions
        appears = self.appears(type_, t, clock)
        others = [each for each in conditions if each not in appears]
        if others == conditions or self.perhaps_few(type_, given.get("filter"), t, clock):
            return others
        now = self.expand(KEPT_NOW, "", clock)
        return [*others, f"{t}.id in (select p.record_id from kept.{kept.table} p where p.counts and {now})"]

    def counted(
        self,
        type_: GraphQLObjectType,
        field: GraphQLField,
        nodes: list[FieldNode],
        scope: Scope,
        conditions: list[str],
        where: str,
    ) -> str:
        """How many rows a list has; or how many of them have which value: the largest groups, then by key, rows without
        a value last.
        """
        if nodes[0].name.value == "totalCount":
            rows = self.rows_of(type_, scope.clock)
            return f"(select count(*)::text from {rows} {scope.t} where {' and '.join(conditions)})"
        grouping = self.arguments(field, nodes[0], where)["by"].value.value
        rule, _, _ = self.ordered(type_, grouping.path)
        key = grouping.key(self.value(rule, scope.t, scope.clock))
        group = object_type(field)
        given = {"key": json_text.value("g.key", "text"), "count": "g.count"}
        members = {
            each: given.get(same[0].name.value, json_text.constant(group.name))
            for each, same in self.collect(group, [node.selection_set for node in nodes]).items()
        }
        listed = json_text.list_of(self.object_text(members), "g.count desc, g.key")
        return (
            f"(select {listed} from ("
            f"select {key} as key, count(*) as count from {self.rows_of(type_, scope.clock)} {scope.t} "
            f"where {' and '.join(conditions)} group by 1 order by 2 desc, 1 limit {MOST_GROUPS}) g)"
        )

    def check_page(self, type_: GraphQLObjectType, given: dict[str, Given]) -> None:
        """Hold the arguments of a page to their rules where no page is asked for, as with `totalCount` alone."""
        self.check_sizes(given)
        chosen, tag = self.orderings(type_, value_of(given, "orderBy"))
        self.check_cursors(given, tag, tuple(self.ordered(type_, each.path)[1] for each in chosen))

    def check_sizes(self, given: dict[str, Given]) -> None:
        first, last = value_of(given, "first"), value_of(given, "last")
        if first and last:
            raise Invalid(Problem(last.where, "first and last exclude each other; give one of them"))
        self.checks += [Bind(size, as_page_size) for size in (first, last) if size]

    def check_cursors(self, given: dict[str, Given], tag: str, types: tuple[str, ...]) -> None:
        cursors = [cursor for name in ("after", "before") if (cursor := value_of(given, name))]
        self.checks += [Bind(cursor, from_cursor(tag, types, 0)) for cursor in cursors]

    def begin_page(
        self,
        type_: GraphQLObjectType,
        given: dict[str, Given],
        t: str,
        clock: Clock,
        conditions: list[str],
        wanted: Mapping[str, list[FieldNode]],
    ) -> Page:
        chosen, tag = self.orderings(type_, value_of(given, "orderBy"))
        keys = [self.key(type_, each, t, clock) for each in chosen]
        page = self.page_of(self.rows_of(type_, clock), conditions, Scope(t, clock), keys, tag, given, wanted)
        page.days = self.days(type_, given.get("filter"), chosen[0], t, clock)
        if sought := self.perhaps_few(type_, given.get("filter"), t, clock):
            ids, row_by_row = sought
            has_status = f"{t}.id in ({ids})"
            # Those found do count, and have the status; where they are many, each row in order is asked for it.
            certain = {has_status, *self.appears(type_, t, clock)}
            page.perhaps_few = Few(ids, [each for each in page.conditions if each not in certain])
            page.conditions = [*(each for each in page.conditions if each != has_status), *row_by_row]
        return page

    def page_of(
        self,
        rows: str,
        conditions: list[str],
        scope: Scope,
        keys: list[Key],
        tag: str,
        given: dict[str, Given],
        wanted: Mapping[str, list[FieldNode]],
    ) -> Page:
        """A page of rows in an order, as `first`, `after`, `last` and `before` say."""
        first, last, after, before = (value_of(given, name) for name in ("first", "last", "after", "before"))
        self.check_sizes(given)
        size = first or last
        # Written out, too: how many are wanted decides how to look for them. What is no size is refused when it is run.
        size_sql = str(min(max(size.value, 1), LARGEST_PAGE)) if size else str(PAGE_SIZE)
        cursors = [
            (self.placed(keys, tag, cursor), forward) for cursor, forward in ((after, True), (before, False)) if cursor
        ]
        return Page(
            t=scope.t,
            clock=scope.clock,
            keys=keys,
            tag=tag,
            size=size_sql,
            backward=last is not None or (before is not None and first is None),
            follows=after is not None,
            precedes=before is not None,
            peeks=any(same[0].name.value == "pageInfo" for same in wanted.values()),
            rows=rows,
            conditions=conditions,
            beyond=[self.beyond(keys, values, forward) for values, forward in cursors],
            halves=self.halves(keys, *cursors[0]) if len(cursors) == 1 else [],
        )

    def page_column(self, page: Page, type_: GraphQLObjectType, field: GraphQLField, nodes: list[FieldNode]) -> str:
        """One field of a connection: the items, the edges, or where the page ends."""
        name = nodes[0].name.value
        if name == "pageInfo":
            info = self.collect(object_type(field), [node.selection_set for node in nodes])
            return self.object_text({each: page.info(same[0].name.value) for each, same in info.items()})
        scope = Scope(page.t, page.clock, page.joins)
        if name == "nodes":
            return page.column(self.object_of(type_, nodes, scope))
        edge = object_type(field)
        members = {}
        for each, same in self.collect(edge, [node.selection_set for node in nodes]).items():
            match same[0].name.value:
                case "cursor":
                    members[each] = f"""'"' || {page.cursor()} || '"'"""
                case "node":
                    members[each] = self.object_of(type_, same, scope)
                case _:
                    members[each] = json_text.constant(edge.name)
        return page.column(self.object_text(members))

    # --- search ---

    def search(
        self, field: GraphQLField, key: str, nodes: list[FieldNode], given: dict[str, Given], clock: Clock
    ) -> str:
        """A page of what is found. The SQL of the finding stands in `schema.search`."""
        connection = object_type(field)
        wanted = self.collect(connection, [node.selection_set for node in nodes])
        self.checks.append(Bind(given["text"], search.as_sought))
        self.check_sizes(given)
        self.check_cursors(given, search.TAG, search.KEY_TYPES)
        t, members, page = self.alias(), {}, None
        is_looked_for = any(same[0].name.value != "__typename" for same in wanted.values())
        found = self.found(given, clock) if is_looked_for else ""
        for name, same in wanted.items():
            match same[0].name.value:
                case "__typename":
                    members[name] = json_text.constant(connection.name)
                case "totalCount":
                    members[name] = "(select count(*)::text from found)"
                case _:
                    scope, keys = Scope(t, clock), search.keys(t)
                    page = page or self.page_of("found", ["true"], scope, keys, search.TAG, given, wanted)
                    members[name] = self.found_column(page, connection.fields[same[0].name.value], same, key)
        source = f" from {page.sql()}" if page else ""
        return f"({found}select {self.object_text(members)}{source})"

    def found(self, given: dict[str, Given], clock: Clock) -> str:
        """The records found, under the name `found`."""
        text, types = self.bind(given["text"], "text", search.as_sought), value_of(given, "types")
        conditions = {}
        for cls in search.searched():
            type_, v = self.compiler.tables[cls.table.name], self.alias("v")
            if counts := self.appears(type_, v, clock):
                conditions[cls.table.name.upper()] = (
                    f"exists (select from {cls.table.name} {v} where {v}.id = e.record_id and {all_of(counts)})"
                )
        chosen = self.bind(types, "record_type[]") if types else None
        return f"with found as materialized ({search.found(text, chosen, search.stands(conditions))}) "

    def found_column(self, page: Page, field: GraphQLField, nodes: list[FieldNode], where: str) -> str:
        """One field of what a search gives: the records, the edges, or where the page ends."""
        edge = get_named_type(field.type)
        if is_abstract_type(edge):
            return page.column(json_text.or_null(self.by_type(f"{page.t}.record_id", edge, nodes, page.clock)))
        if nodes[0].name.value == "pageInfo":
            return self.page_column(page, object_type(field), field, nodes)
        scope, members = Scope(page.t, page.clock, page.joins), {}
        for each, same in self.collect(object_type(field), [node.selection_set for node in nodes]).items():
            match same[0].name.value:
                case "cursor":
                    members[each] = f"""'"' || {page.cursor()} || '"'"""
                case "__typename":
                    members[each] = json_text.constant(object_type(field).name)
                case name:
                    rule, declared = rule_at(object_type(field), name), object_type(field).fields[name]
                    members[each] = self.field(rule, declared, same, scope, f"{where}.{each}")
        return page.column(self.object_text(members))

    # --- orders ---

    def orderings(self, type_: GraphQLObjectType, given: Given | None) -> tuple[list[Ordering], str]:
        """What a list is ordered by, a unique key last, and the tag that its cursors carry."""
        table = cast("Table", table_of(type_))
        chosen = (
            [each.value.value for each in given.value]
            if given and given.value
            else [Ordering(tuple(each.lstrip("-").split(".")), each.startswith("-")) for each in table.order]
        )
        unique = (table.unique,)
        chosen = list(dict.fromkeys(chosen))
        if all(each.path != unique for each in chosen):
            chosen.append(Ordering(unique, descending=False))
        directions = (f"{'-' if each.descending else ''}{'.'.join(each.path)}" for each in chosen)
        return chosen, f"{type_.name}:{','.join(directions)}"

    def key(self, type_: GraphQLObjectType, ordering: Ordering, t: str, clock: Clock) -> Key:
        rule, kind, nullable = self.ordered(type_, ordering.path)
        return Key(self.value(rule, t, clock), kind, ordering.descending, nullable)

    def ordered(self, type_: GraphQLObjectType, path: tuple[str, ...]) -> tuple[Scalar, str, bool]:
        """What a list is ordered or grouped by: its rule, its Postgres type, and whether it can be null."""
        name = field_name(type_, path[0])
        rule, field = rule_at(type_, name), type_.fields[name]
        nullable = not is_non_null_type(field.type)
        if isinstance(rule, Parts):
            rule, field = cast("Scalar", rule.parts[path[1]]), object_type(field).fields[path[1]]
            nullable = True
        rule = cast("Scalar", rule)
        return rule, postgres_type(rule, field), nullable

    def placed(self, keys: list[Key], tag: str, cursor: Given) -> list[str]:
        """The place that a cursor stands for: a value for each key."""
        types = tuple(key.type for key in keys)
        return [self.bind(cursor, key.type, from_cursor(tag, types, index)) for index, key in enumerate(keys)]

    def beyond(self, keys: list[Key], values: list[str], forward: bool) -> str:
        """True for the rows that come after a place (before it, if not forward).

        Nulls count as greater than everything, as in Postgres' own order.
        """
        if not any(key.nullable for key in keys) and len({key.descending for key in keys}) == 1:
            sign = ">" if keys[0].descending != forward else "<"
            return f"({', '.join(key.sql for key in keys)}) {sign} ({', '.join(values)})"
        condition = ""
        for key, value in reversed(list(zip(keys, values, strict=True))):
            further = step_beyond(key, value, greater=key.descending != forward)
            same = f"{key.sql} is not distinct from {value}" if key.nullable else f"{key.sql} = {value}"
            condition = f"({further} or ({same} and {condition}))" if condition else further
        return condition

    def halves(self, keys: list[Key], values: list[str], forward: bool) -> list[str]:
        """The same in two conditions that an index answers each by itself, where only the first key can be null and
        nulls are still to come. To answer both at once it would be read from its beginning.
        """
        first, *others = keys
        nulls_come = {key.descending != forward for key in keys} == {True}
        if not (others and first.nullable and nulls_come) or any(key.nullable for key in others):
            return []
        rest = f"({', '.join(key.sql for key in others)}) > ({', '.join(values[1:])})"
        return [
            f"({', '.join(key.sql for key in keys)}) > ({', '.join(values)})",
            f"{first.sql} is null and ({values[0]} is not null or {rest})",
        ]

    def days(self, type_: GraphQLObjectType, given: Given | None, first: Ordering, t: str, clock: Clock) -> list[str]:
        """Two conditions, of which each row fulfils one, where a list in the order of its days is asked for what lasts
        until a day or longer; none elsewhere.

        From that day on, the index of the order has the rows one after the other. Those that began before it may stand
        anywhere between others; they are vague dates, and have an index of their own.
        """
        name = field_name(type_, first.path[0])
        rule = rule_at(type_, name)
        is_indexed = cast("Table", table_of(type_)).order[0] == ".".join(first.path)
        if not (is_indexed and isinstance(rule, Parts) and rule.column):
            return []
        asked = given.get(name) if given else None
        until = asked.get("latest") if asked else None
        bounds = [each for operator in ("gte", "gt", "eq") if until and (each := until.get(operator))]
        if not bounds:
            return []
        earliest, latest = (self.value(cast("Scalar", rule.parts[each]), t, clock) for each in ("earliest", "latest"))
        day = self.compared(bounds[0], "date")
        lasts = f"daterange({earliest}, {latest}, '[]') @> {day} and {latest} is distinct from {earliest}"
        return [f"{earliest} >= {day}", f"{lasts} and coalesce({earliest} < {day}, true)"]

    # --- filters ---

    def conditions(self, type_: GraphQLObjectType, given: Given | None, t: str, clock: Clock) -> list[str]:
        """The conditions of a filter. One whose members are all left out holds for everything."""
        found: list[str] = []
        if given is None or given.value is None:
            return found
        for name, each in given.value.items():
            if each.value is None:
                continue
            if name in ("and", "or"):
                inner = [all_of(self.conditions(type_, item, t, clock)) for item in each.value]
                if inner:
                    found.append(f"({f' {name} '.join(inner)})")
            elif name == "not":
                if inner := self.conditions(type_, each, t, clock):
                    found.append(f"({all_of(inner)}) is not true")
            else:
                rule, field = rule_at(type_, name), type_.fields[name]
                if isinstance(rule, Scalar) and rule.kept and self.is_kept(rule.kept.by, clock):
                    found += self.comparisons_kept(rule, rule.kept, each, t, clock)
                else:
                    found += self.condition(rule, field, each, t, clock)
        return found

    def condition(self, rule: FieldRule | Part, field: GraphQLField, given: Given, t: str, clock: Clock) -> list[str]:
        match rule:
            case Scalar():
                return self.comparisons(self.value(rule, t, clock), postgres_type(rule, field), given)
            case Parts():
                fields = object_type(field).fields
                return [
                    condition
                    for name, each in given.value.items()
                    if each.value is not None
                    for condition in self.condition(rule.parts[name], fields[name], each, t, clock)
                ]
            case One():
                return self.condition_on_one(self.value(rule, t, clock), field, given, clock)
            case Many():
                on = f"{{t}}.id = any({self.expand(rule.sql, t, clock)})"
                return self.condition_on_list(on, None, object_type(field), given, t, clock)
            case Children():
                type_ = object_type(object_type(field).fields["nodes"])
                return self.condition_on_list(rule.on, rule.via, type_, given, t, clock)
            case _:
                raise LookupError(f"{field} cannot be filtered")

    def comparisons(self, sql: str, type_: str, given: Given) -> list[str]:
        found = []
        for operator, each in given.value.items():
            if each.value is None:
                raise Invalid(Problem(each.where, "null cannot be compared with; use isNull"))
            if operator == "isNull":
                found.append(f"{sql} is {'' if each.value else 'not '}null")
            elif operator == "isEmpty":
                found.append(f"cardinality({sql}) {'=' if each.value else '>'} 0")
            elif operator == "has":
                found.append(f"{self.bind(each, 'text')} = any({sql})")
            elif operator == "in":
                found.append(f"{sql} = any({self.compared(each, type_ + '[]')})")
            elif operator == "contains":
                found.append(f"strpos(lower({sql}), lower({self.bind(each, 'text')})) > 0")
            else:
                found.append(f"{sql} {COMPARISONS[operator]} {self.compared(each, type_)}")
        return found

    def compared(self, given: Given, type_: str) -> str:
        """What something is compared with. A member of an enum is written out: a plan is made for each, since of some
        there are many and of others few.
        """
        values = [each.value for each in given.value] if is_list_of_given(given.value) else [given.value]
        if not all(isinstance(each, Enum) for each in values):
            return self.bind(given, type_)
        names = ", ".join(literal(each.name) for each in values)
        return f"array[{names}]::{type_}" if type_.endswith("[]") else f"{names}::{type_}"

    def comparisons_kept(self, rule: Scalar, kept: KeptIn, given: Given, t: str, clock: Clock) -> list[str]:
        """The same on a status that is kept: equality finds it through the index, from the side of the rarer."""
        found = []
        for operator, each in given.value.items():
            if operator in ("eq", "in") and each.value is not None:
                found.append(f"{t}.id in ({self.having(kept, operator, each, clock)})")
            else:
                one = Given({operator: each}, given.path, given.where)
                found += self.comparisons(self.value(rule, t, clock), "text", one)
        return found

    def having(self, kept: KeptIn, operator: str, given: Given, clock: Clock) -> str:
        """SELECT the ids of those that count and have this status, or one of these."""
        wanted = f"any({self.compared(given, 'text[]')})" if operator == "in" else self.compared(given, "text")
        now = self.expand(KEPT_NOW, "", clock)
        return f"select p.record_id from kept.{kept.by.table} p where p.{kept.column} = {wanted} and p.counts and {now}"

    def perhaps_few(
        self, type_: GraphQLObjectType, given: Given | None, t: str, clock: Clock
    ) -> tuple[str, list[str]] | None:
        """SELECT the ids of those that have the status asked for, and the conditions that a row has it; None if none
        is asked for.
        """
        for name, each in (given.value or {}).items() if given else ():
            if name in ("and", "or", "not") or each.value is None:
                continue
            rule = rule_at(type_, name)
            if isinstance(rule, Scalar) and rule.kept and self.is_kept(rule.kept.by, clock):
                for operator in ("eq", "in"):
                    if operator in each.value and each.value[operator].value is not None:
                        one = Given({operator: each.value[operator]}, each.path, each.where)
                        row_by_row = self.comparisons(self.value(rule, t, clock), "text", one)
                        return self.having(rule.kept, operator, each.value[operator], clock), row_by_row
        return None

    def condition_on_one(self, id_sql: str, field: GraphQLField, given: Given, clock: Clock) -> list[str]:
        named = get_named_type(field.type)
        if is_abstract_type(named):
            branches = [
                f"when '{cast('Table', table_of(type_)).name.upper()}' then {exists}"
                for type_ in self.compiler.schema.get_possible_types(named)
                for exists in self.exists(id_sql, type_, given, clock)
            ]
            if not branches:
                return []
            return [f"case (select r.type from record r where r.id = {id_sql}) {' '.join(branches)} end"]
        return self.exists(id_sql, cast("GraphQLObjectType", named), given, clock)

    def exists(self, id_sql: str, type_: GraphQLObjectType, given: Given, clock: Clock) -> list[str]:
        """That the row with this id fulfils a filter; nothing where the filter asks for nothing."""
        t = self.alias()
        inner = self.conditions(type_, given, t, clock)
        if not inner:
            return []
        conditions = [f"{t}.id = {id_sql}", *self.appears(type_, t, clock), *inner]
        return [f"exists (select from {self.rows_of(type_, clock)} {t} where {' and '.join(conditions)})"]

    def condition_on_list(
        self, on: str, via: str | None, type_: GraphQLObjectType, given: Given, parent: str, clock: Clock
    ) -> list[str]:
        """`some` and `none`; an empty filter holds for any item."""
        found = []
        for quantifier, each in given.value.items():
            t = self.alias()
            inner = self.conditions(type_, each, t, clock)
            if inner or each.value == {}:
                conditions = [self.expand(on, t, clock, parent), *self.present(type_, t, clock, via), *inner]
                negation = "not " if quantifier == "none" else ""
                found.append(
                    f"{negation}exists (select from {self.rows_of(type_, clock)} {t} where {' and '.join(conditions)})"
                )
        return found

    # --- rows and clocks ---

    def rows_of(self, type_: GraphQLObjectType, clock: Clock) -> str:
        """The rows of a type, as known at `knownAt`: its table, or the SELECT that computes it."""
        table = cast("Table", table_of(type_))
        self.least = max(self.least, table.least, key=lambda role: role.rank)
        if table.source:
            return f"({self.expand(table.source, '', clock)})"
        return self.known(table.name, clock)

    def known(self, table: str, clock: Clock) -> str:
        if clock.known_at is None:
            return table
        self.pasts += 1
        moment = self.bind(clock.known_at, "timestamptz")
        return f"(select * from known.{table} where known_from <= {moment} and {moment} < known_until)"

    def present(self, type_: GraphQLObjectType, t: str, clock: Clock, via: str | None = None) -> list[str]:
        """What makes a row part of a list: not retracted, and it counts at the clock."""
        return [*self.kept(type_, t), *self.visible(type_, t, clock), *self.appears(type_, t, clock, via)]

    def kept(self, type_: GraphQLObjectType, t: str) -> list[str]:
        return [f"{t}.retracted_at is null"] if is_tracked(type_) else []

    def visible(self, type_: GraphQLObjectType, t: str, clock: Clock) -> list[str]:
        """What makes a row visible to who asks."""
        rule = cast("Table", table_of(type_)).visible
        return [self.expand(rule, t, clock)] if rule else []

    def appears(self, type_: GraphQLObjectType, t: str, clock: Clock, via: str | None = None) -> list[str]:
        """What makes a row count at the clock: its own rule, and that all it must belong to counts.

        `via` is the column of a relation already followed, whose other end therefore counts.
        """
        table = cast("Table", table_of(type_))
        if table.kept and self.is_kept(table.kept, clock):
            return [self.kept_ahead(table.kept, "counts", f"{t}.id", clock)]
        found = [self.expand(table.appears, t, clock)] if table.appears else []
        for column, owner in self.compiler.owners(type_):
            if column != via:
                found += self.owner_appears(owner, f"{t}.{column}", clock)
        return found

    def owner_appears(self, type_: GraphQLObjectType, id_sql: str, clock: Clock) -> list[str]:
        """What makes the row with this id count at the clock."""
        kept, v = cast("Table", table_of(type_)).kept, self.alias("v")
        if kept and self.is_kept(kept, clock):
            return [self.kept_ahead(kept, "counts", id_sql, clock)]
        conditions = self.appears(type_, v, clock)
        if not conditions:
            return []
        return [
            f"exists (select from {self.rows_of(type_, clock)} {v} where {v}.id = {id_sql} and {all_of(conditions)})"
        ]

    def named(self, table: str, clock: Clock, dated: bool) -> str:
        """The rows that a table's name stands for inside declared SQL."""
        if table not in self.compiler.tables:
            raise LookupError(f"{{{table}}} is no token of declared SQL; see schema.fields")
        type_, v = self.compiler.tables[table], self.alias("v")
        conditions = self.present(type_, v, clock) if dated else self.kept(type_, v)
        source = self.rows_of(type_, clock)
        return f"(select {v}.* from {source} {v} where {all_of(conditions)})" if conditions else source

    def expand(self, sql: str, t: str, clock: Clock, parent: str = "") -> str:
        """Replace the tokens of declared SQL; `schema.fields` lists them."""

        def token(match: re.Match[str]) -> str:
            every, name, row, table, field, part = match.groups()
            if row:
                type_ = self.compiler.tables[table]
                rule: Any = next(
                    rule_of(strawberry_field(each))
                    for each in type_.fields.values()
                    if strawberry_field(each).python_name == field
                )
                return self.value(rule.parts[part] if part else rule, t if row == "t" else row, clock)
            match name:
                case "t":
                    return t
                case "parent":
                    return parent
                case "now":
                    return self.now(clock)
                case "today":
                    return self.today(clock)
                case "caller":
                    return self.bind(CALLER, "text")
                case "role":
                    return self.bind(ROLE, "text")
            return self.named(name, clock, dated=not every)

        return TOKEN.sub(token, sql)

    def value(self, rule: Scalar | One, t: str, clock: Clock) -> str:
        """The expression of a value, or of the id of a record: as triggers kept it, where they did, else its rule."""
        if rule.kept and self.is_kept(rule.kept.by, clock):
            return self.kept_ahead(rule.kept.by, rule.kept.column, f"{t}.id", clock)
        return self.expand(rule.sql, t, clock)

    def is_kept(self, kept: Kept, clock: Clock) -> bool:
        """Whether triggers keep how records are at a clock. What was known once is computed again."""
        return clock.known_at is None and (clock.as_of is None or not kept.ahead)

    def kept_ahead(self, kept: Kept, column: str, id_sql: str, clock: Clock) -> str:
        """What triggers kept of a record. A subselect, which Postgres never takes for a reason to read all records."""
        now = self.expand(KEPT_NOW, "", clock)
        return f"(select p.{column} from kept.{kept.table} p where p.record_id = {id_sql} and {now})"

    def today(self, clock: Clock) -> str:
        """Bound by itself: to find the day of an instant for each row takes as long as to look the row up."""
        return self.bind(clock.as_of, "date", as_day) if clock.as_of else self.bind(TODAY, "date", as_bound)

    def now(self, clock: Clock) -> str:
        return self.bind(clock.as_of, "timestamptz") if clock.as_of else self.bind(NOW, "timestamptz", as_bound)

    # --- arguments and parameters ---

    def arguments(self, field: GraphQLField, node: FieldNode, where: str) -> dict[str, Given]:
        """The arguments that were given, by name."""
        found = {}
        for argument in node.arguments or ():
            name = argument.name.value
            given = self.given(argument.value, field.args[name].type, f"{where}.{name}")
            if given is not None:
                found[name] = given
        return found

    def given(self, node: ValueNode, type_: GraphQLInputType, where: str) -> Given | None:
        """An argument as a value that knows where it came from; None where a variable was left out."""
        if isinstance(node, VariableNode):
            name = node.name.value
            if name not in self.variables:
                return None
            if self.variables[name] is None and is_non_null_type(type_):
                raise Invalid(Problem(where, f"it cannot be null, and ${name} is"))
            return track(self.variables[name], (name,), where)
        inner: Any = get_nullable_type(type_)
        if isinstance(node, ObjectValueNode) and is_input_object_type(inner):
            members = {
                each.name.value: self.given(
                    each.value, inner.fields[each.name.value].type, f"{where}.{each.name.value}"
                )
                for each in node.fields
            }
            kept = {name: each for name, each in members.items() if each is not None}
            # An object of which every member is left out is left out itself; one that is written `{}` is not.
            return Given(kept, None, where) if kept or not members else None
        if is_list_type(inner) and (isinstance(node, ListValueNode) or is_input_object_type(get_named_type(inner))):
            nodes = node.values if isinstance(node, ListValueNode) else (node,)
            items = [self.given(each, inner.of_type, f"{where}[{index}]") for index, each in enumerate(nodes)]
            return Given([each for each in items if each is not None], None, where)
        value = coerce_input_literal(cast("Any", node), type_)
        if value is Undefined:
            raise Invalid(Problem(where, "the value does not fit its type"))
        return track(value, None, where)

    def bind(self, given: Given, type_: str, fits: Callable[[Any, str], Any] | None = None) -> str:
        """A parameter for a value that was given, cast to its type. The same value is bound once."""
        fits = fits or fit(type_)
        identity = (given.path or id(given), type_, fits)
        if identity not in self.binds:
            # Types of our own travel as text: the driver would have to ask the server what they are.
            cast_ = (
                type_
                if fits is as_bound or type_.removesuffix("[]") in BUILT_IN
                else (f"text[]::{type_}" if type_.endswith("[]") else f"text::{type_}")
            )
            self.binds[identity] = (f"${len(self.binds) + 1}::{cast_}", Bind(given, fits))
        return self.binds[identity][0]

    def bound(self, sql: str) -> Bind:
        return next(bind for text, bind in self.binds.values() if text == sql)

    def alias(self, prefix: str = "t") -> str:
        self.aliases += 1
        if self.aliases + self.pasts > MOST_SUBSELECTS:
            advice = "ask for less at a time, above all below fields that can be a record of any type"
            raise Invalid(Problem("", f"the query needs more than {MOST_SUBSELECTS} subselects; {advice}"))
        return f"{prefix}{self.aliases}"


COMPARISONS = {"eq": "=", "ne": "is distinct from", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
BUILT_IN = {"uuid", "text", "integer", "bigint", "double precision", "boolean", "date"}


# --- small parts ---------------------------------------------------------------------------------


def all_of(conditions: list[str]) -> str:
    return " and ".join(conditions) or "true"


def object_type(field: GraphQLField) -> GraphQLObjectType:
    return cast("GraphQLObjectType", get_named_type(field.type))
