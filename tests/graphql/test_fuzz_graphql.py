"""GraphQL asked by generators: operations of every root field and role, and requests mutated until they are garbage.

Whatever is sent, the answer is one by the GraphQL specification, and what it holds is of the types it declares. The
server is a process of its own. Seeds are fixed: what fails once, fails again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import httpx
import hypothesis.strategies as some
import pytest
from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    NameNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    StringValueNode,
    TypeInfo,
    TypeInfoVisitor,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    build_schema,
    is_composite_type,
    is_enum_type,
    is_list_type,
    is_non_null_type,
    parse_type,
    print_ast,
    value_from_ast_untyped,
    visit,
)
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy
from hypothesis_graphql import mutations, queries

from schema.declare.caller import Role
from tests.conftest import new_database
from tests.support.copies import free_port
from tests.support.keys import new_key
from tests.support.processes import serving_process
from tests.support.serving import UNLIMITED

pytestmark = pytest.mark.one_postgres

SDL = Path(__file__).parents[2] / "openapi" / "schema.graphql"

SEEDS = (1, 2, 3) if os.environ.get("FUZZ") else (1,)
"""`make fuzz` asks from all of them, `make test` from the first."""

QUERIES = 16
MUTATIONS = 40
GARBAGE = 100
"""How many for each seed. A query is large, and takes most of a second."""

BUSY = {
    "PARLEY_STATEMENT_TIMEOUT_SECONDS": "60",
    **{f"PARLEY_{name.upper()}": str(value) for name, value in UNLIMITED.items()},
}
"""Settings with which nothing is refused for coming too often, or for taking long on a busy machine."""

CAREFREE = settings(database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
"""Nothing is shrunk or kept: a request that fails is told whole."""

KIND = "kind_"
"""The response key of `__typename`, which each selection is given, so that what was selected on a type is known."""

TEXTS = ["", "paris-2025-04-17", "ref-1", "talk", "2025-04", "within days", "UA", "\u0000", "🕊", "a" * 500, "null"]
MOMENTS = ["2025-04-18", "2025-04-18T10:00:00Z", "0001-01-01", "9999-12-31T23:59:59Z", "yesterday", ""]
NUMBERS = ["0", "1", "2", "100", "101", "-1", "2147483647"]


@dataclass
class Service:
    """A running server, its schema, who may ask it, and ids that are there."""

    client: httpx.Client
    schema: GraphQLSchema
    keys: Mapping[str, str]
    ids: Sequence[str]

    def send(self, content: bytes, who: str = "", **headers: str) -> httpx.Response:
        """Send a body. An answer that does not come, or that tells of a defect, fails."""
        more = {"Authorization": f"Bearer {self.keys[who]}"} if who else {}
        answer = self.client.post(
            "/graphql", content=content, headers={"Content-Type": "application/json", **more, **headers}
        )
        assert answer.status_code < 500, f"{answer.text[:500]}\n{content[:3000]!r}"
        return answer


@pytest.fixture(scope="module")
def service(postgres: str, loaded_url: str) -> Iterator[Service]:
    port = free_port()
    with new_database(postgres, loaded_url) as url:
        roles = (Role.CONTRIBUTOR, Role.CURATOR, Role.ADMIN)
        keys = {role.name: new_key(url, f"fuzz-{role.name.lower()}", role) for role in roles}
        with (
            serving_process(DATABASE_URL=url, PORT=port, **BUSY),
            httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client,
        ):
            found = client.get("/v1/revisions?first=100").raise_for_status().json()["items"]
            ids = [each["record"]["id"] for each in found if each["record"]][:20]
            yield Service(client, build_schema(SDL.read_text()), keys, ids)


def scalars(service: Service) -> dict[str, SearchStrategy[Any]]:
    """Values that mean something here, and some that are near them."""

    def texts(values: Sequence[str]) -> SearchStrategy[Any]:
        return some.sampled_from([StringValueNode(value=each) for each in values])

    return {
        "ID": texts([*service.ids, *TEXTS]), "String": texts(TEXTS),
        "Date": texts(MOMENTS), "DateTime": texts(MOMENTS), "JSON": texts(TEXTS),
        "Int": some.sampled_from([IntValueNode(value=each) for each in NUMBERS]),
    }  # fmt: skip


def check_all(service: Service, number: int, count: int, made: SearchStrategy[Any]) -> None:
    """Send generated operations by everybody, their literals as they are or as variables, and check the answers."""

    @seed(number)
    @settings(CAREFREE, max_examples=count)
    @given(made, some.sampled_from(["", *service.keys]), some.booleans())
    def send(document: DocumentNode, who: str, as_variables: bool) -> None:
        document = visit(document, Named())
        document, variables = hoisted(service.schema, document) if as_variables else (document, {})
        body = json.dumps({"query": print_ast(document), "variables": variables}).encode()
        told = checked(service.send(body, who))
        if told.get("data") is not None:
            Fit(service.schema, told).check(document)

    send()


@pytest.mark.parametrize("number", SEEDS)
def test_queries_are_answered_in_their_types(service: Service, number: int) -> None:
    made = queries(service.schema, custom_scalars=scalars(service), print_ast=lambda document: document)
    check_all(service, number, QUERIES, made)


@pytest.mark.parametrize("number", SEEDS)
def test_mutations_are_answered_in_their_types(service: Service, number: int) -> None:
    made = mutations(service.schema, custom_scalars=scalars(service), print_ast=lambda document: document)
    check_all(service, number, MUTATIONS, made)


# --- operations ----------------------------------------------------------------------------------


class Named(Visitor):
    """Asks for the name of every type that something is selected on."""

    def leave_selection_set(self, node: SelectionSetNode, *_: Any) -> SelectionSetNode:
        named = FieldNode(alias=NameNode(value=KIND), name=NameNode(value="__typename"), arguments=(), directives=())
        return SelectionSetNode(selections=(*node.selections, named))


def hoisted(schema: GraphQLSchema, document: DocumentNode) -> tuple[DocumentNode, dict[str, Any]]:
    """The same with a variable in place of each argument's value."""
    types, definitions = TypeInfo(schema), list[VariableDefinitionNode]()
    variables: dict[str, Any] = {}

    class Hoist(Visitor):
        def enter_argument(self, node: ArgumentNode, *_: Any) -> ArgumentNode:
            name = f"v{len(variables)}"
            variables[name] = value_from_ast_untyped(node.value)
            definitions.append(
                VariableDefinitionNode(
                    variable=VariableNode(name=NameNode(value=name)),
                    type=parse_type(str(types.get_input_type())),
                    directives=(),
                )
            )
            return ArgumentNode(name=node.name, value=VariableNode(name=NameNode(value=name)))

    changed: DocumentNode = visit(document, TypeInfoVisitor(types, Hoist()))
    operation = cast("OperationDefinitionNode", changed.definitions[0])
    made = OperationDefinitionNode(
        operation=operation.operation,
        name=NameNode(value="Fuzz"),
        variable_definitions=tuple(definitions),
        directives=(),
        selection_set=operation.selection_set,
    )
    return DocumentNode(definitions=(made, *changed.definitions[1:])), variables


# --- answers -------------------------------------------------------------------------------------


def checked(answer: httpx.Response) -> dict[str, Any]:
    """An answer that has the shape the specification says (section 7)."""
    told: dict[str, Any] = answer.json()
    assert set(told) <= {"data", "errors", "extensions"}, told
    assert "data" in told or "errors" in told, told
    if "errors" in told:
        assert told["errors"], told
        for error in told["errors"]:
            check_error(error)
    return told


def check_error(error: dict[str, Any]) -> None:
    assert set(error) <= {"message", "path", "locations", "extensions"}, error
    assert isinstance(error["message"], str), error
    assert error["message"], error
    for place in error.get("locations", ()):
        assert set(place) == {"line", "column"}, error
        assert all(isinstance(each, int) and each >= 1 for each in place.values()), error
    if "path" in error:
        assert error["path"], error
        assert all(isinstance(each, str | int) for each in error["path"]), error
    assert error["extensions"]["code"] != "INTERNAL", error


class Fit:
    """Whether data is what an operation selects, of the types that the schema declares."""

    def __init__(self, schema: GraphQLSchema, told: Mapping[str, Any]) -> None:
        self.schema = schema
        self.data = told["data"]
        self.paths = [each["path"] for each in told.get("errors", ())]

    def check(self, document: DocumentNode) -> None:
        operation = cast("OperationDefinitionNode", document.definitions[0])
        root = self.schema.get_root_type(operation.operation)
        self.value(root, [operation.selection_set], self.data, [])
        for path in self.paths:
            assert self.at(path) is None, f"an error at {path}, and yet a value"

    def at(self, path: Sequence[str | int]) -> Any:
        """What stands at a path, or in place of it."""
        found = self.data
        for each in path:
            if found is None:
                return None
            found = found[each]
        return found

    def value(self, type_: Any, selected: Sequence[SelectionSetNode], value: Any, path: list[str | int]) -> None:
        if is_non_null_type(type_):
            assert value is not None, f"{path} is null and cannot be"
            type_ = type_.of_type
        if value is None:
            return
        if is_list_type(type_):
            assert isinstance(value, list), f"{path} is no list: {value!r}"
            for place, each in enumerate(value):
                self.value(type_.of_type, selected, each, [*path, place])
        elif is_composite_type(type_):
            self.object(type_, selected, value, path)
        elif is_enum_type(type_):
            assert value in type_.values, f"{path} is none of {type_}: {value!r}"
        else:
            assert LEAVES[type_.name](value), f"{path} is no {type_}: {value!r}"

    def object(self, type_: Any, selected: Sequence[SelectionSetNode], value: Any, path: list[str | int]) -> None:
        own: Any = self.schema.type_map[value[KIND]]
        assert own is type_ or self.schema.is_sub_type(type_, own), f"{path} is {own}, which is no {type_}"
        fields = self.fields(own, selected)
        assert list(value) == list(fields), f"{path} has other fields, or in another order, than were asked for"
        for key, nodes in fields.items():
            name = nodes[0].name.value
            if name == "__typename":
                assert value[key] == own.name
            else:
                below = [node.selection_set for node in nodes if node.selection_set]
                self.value(own.fields[name].type, below, value[key], [*path, key])

    def fields(self, own: Any, selected: Sequence[SelectionSetNode]) -> dict[str, list[FieldNode]]:
        """The fields selected on an object of a type, by response key, in the order of the specification."""
        found: dict[str, list[FieldNode]] = {}
        for node in (node for each in selected for node in self.unfolded(own, each.selections)):
            found.setdefault(node.alias.value if node.alias else node.name.value, []).append(node)
        return found

    def unfolded(self, own: Any, nodes: Sequence[SelectionNode]) -> Iterator[FieldNode]:
        for node in nodes:
            assert not isinstance(node, FragmentSpreadNode)
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, InlineFragmentNode):
                condition: Any = node.type_condition and self.schema.type_map[node.type_condition.name.value]
                if condition in (None, own) or self.schema.is_sub_type(condition, own):
                    yield from self.unfolded(own, node.selection_set.selections)


def is_text(value: Any) -> bool:
    return isinstance(value, str)


LEAVES: Mapping[str, Callable[[Any], bool]] = {
    "ID": is_text,
    "String": is_text,
    "Date": is_text,
    "DateTime": is_text,
    "Boolean": lambda value: isinstance(value, bool),
    "Int": lambda value: isinstance(value, int) and not isinstance(value, bool) and -(2**31) <= value < 2**31,
    "Float": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "JSON": lambda _: True,
}


# --- garbage -------------------------------------------------------------------------------------

VALID = [
    {"query": "query Q($n: Int) { talks(first: $n) { nodes { id title } } }", "variables": {"n": 2}},
    {"query": '{ deadlines(asOf: "2025-04-18", filter: {hardness: {in: [HARD]}}) { totalCount nodes { status } } }'},
    {"query": 'mutation { createIssue(input: {key: "k", name: "n"}) { issue { id } problems { message } } }'},
    {"query": "{ __schema { types { name } } }", "operationName": None, "extensions": {}},
]

ANYTHING = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=20),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@some.composite
def mutated_bytes(draw: Callable[[Any], Any]) -> bytes:
    """A valid request of which pieces were cut out, doubled and overwritten."""
    body = bytearray(json.dumps(draw(some.sampled_from(VALID))).encode())
    for _ in range(draw(some.integers(1, 4))):
        start = draw(some.integers(0, len(body)))
        end = min(len(body), start + draw(some.integers(0, 12)))
        body[start:end] = draw(some.binary(max_size=8) | some.just(bytes(body[start:end] * 2)))
    return bytes(body)


@some.composite
def mutated_members(draw: Callable[[Any], Any]) -> bytes:
    """A valid request one of whose members is something else."""
    body: dict[str, Any] = dict(draw(some.sampled_from(VALID)))
    name = draw(some.sampled_from(["query", "variables", "operationName", "extensions"]) | some.text(max_size=5))
    body[name] = draw(ANYTHING)
    return json.dumps(body).encode("utf-8", "surrogatepass")


@some.composite
def mutated_documents(draw: Callable[[Any], Any]) -> bytes:
    """A valid document among whose words are others."""
    words = cast("str", draw(some.sampled_from(VALID))["query"]).split(" ")
    for _ in range(draw(some.integers(1, 4))):
        words.insert(draw(some.integers(0, len(words))), draw(some.sampled_from(WORDS) | some.text(max_size=6)))
    return json.dumps({"query": " ".join(words)}).encode()


WORDS = [
    "{", "}", "(", ")", "...", "... on Talk {", "$n", "@skip(if: true)", '"""', '"\\ud800"', "fragment F on Talk", "#",
    "subscription", "__typename", "null", "1e999", "-0", "99999999999999999999", "[", "]", "&", "|",
]  # fmt: skip

GARBAGES: Mapping[str, SearchStrategy[bytes]] = {
    "bytes": some.binary(max_size=200),
    "values": ANYTHING.map(lambda value: json.dumps(value).encode("utf-8", "surrogatepass")),
    "mutated bytes": mutated_bytes(),
    "mutated members": mutated_members(),
    "mutated documents": mutated_documents(),
}


@pytest.mark.parametrize("number", SEEDS)
@pytest.mark.parametrize("kind", GARBAGES)
def test_garbage_is_answered(service: Service, kind: str, number: int) -> None:
    @seed(number)
    @settings(CAREFREE, max_examples=GARBAGE)
    @given(GARBAGES[kind], some.sampled_from(["", "CURATOR"]))
    def send(content: bytes, who: str) -> None:
        checked(service.send(content, who))

    send()


@pytest.mark.parametrize("number", SEEDS)
def test_a_query_string_of_garbage_is_answered(service: Service, number: int) -> None:
    @seed(number)
    @settings(CAREFREE, max_examples=GARBAGE)
    @given(some.dictionaries(some.sampled_from(["query", "variables", "operationName", "extensions"]), some.text()))
    def send(parameters: dict[str, str]) -> None:
        sent = {name: each.encode("utf-8", "replace") for name, each in parameters.items()}
        answer = service.client.get("/graphql", params=cast("Any", sent), headers={"Accept": "application/json"})
        assert answer.status_code < 500, f"{answer.text}\n{parameters}"
        checked(answer)

    send()
