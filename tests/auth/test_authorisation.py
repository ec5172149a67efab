"""Who may do what: every mutation, every write and every read, asked by everybody.

What there is to do is read from the server itself, and who may do it from the lists below, which are written by hand
but for the types of record: whatever else is new fails here until somebody decides who may do it. Who may not is told
so before the input is looked at, so that the least arguments that a type allows are enough.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import graphql
import httpx
import psycopg
import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
)

from schema.declare.caller import Role
from schema.declare.fields import snake
from schema.records.registry import RECORDS
from tests.conftest import new_database
from tests.support.keys import new_key
from tests.support.serving import serving

REFUSED, PROPOSED, DONE, READ = "refused", "proposed", "done", "read"

TYPES = [cls.__name__ for cls in RECORDS]

ON_RECORDS = [f"{verb}{name}" for verb in ("create", "update", "retract") for name in TYPES] + [
    "recordMilestone", "setDeadline", "addParticipation", "addSignature", "cite", "assignCode",
    "extendDeadline", "resolveDeadline", "applyDossier",
]  # fmt: skip
HISTORY = [*(f"restore{name}" for name in TYPES), "merge"]
REVIEW = ["approveProposal", "rejectProposal"]
TALK_OF_PROPOSALS = ["withdrawProposal", "commentOnProposal"]
KEYS = ["createApiKey", "revokeApiKey"]

EXPECTED: dict[Role, dict[str, str]] = {
    Role.ANONYMOUS: dict.fromkeys([*ON_RECORDS, *HISTORY, *REVIEW, *TALK_OF_PROPOSALS, *KEYS], REFUSED),
    Role.CONTRIBUTOR: {
        **dict.fromkeys([*ON_RECORDS, *HISTORY], PROPOSED),
        **dict.fromkeys([*REVIEW, *KEYS], REFUSED),
        **dict.fromkeys(TALK_OF_PROPOSALS, DONE),
    },
    Role.CURATOR: {
        **dict.fromkeys([*ON_RECORDS, *REVIEW, *TALK_OF_PROPOSALS], DONE),
        **dict.fromkeys(HISTORY, PROPOSED),
        **dict.fromkeys(KEYS, REFUSED),
    },
    Role.ADMIN: dict.fromkeys([*ON_RECORDS, *HISTORY, *REVIEW, *TALK_OF_PROPOSALS, *KEYS], DONE),
}
"""What becomes of each mutation, and of the write that does the same under REST."""

SOME_MAY_READ = {
    "proposal": Role.CONTRIBUTOR, "proposals": Role.CONTRIBUTOR, "apiKey": Role.ADMIN, "apiKeys": Role.ADMIN,
    "/v1/proposals": Role.CONTRIBUTOR, "/v1/proposals/{id}": Role.CONTRIBUTOR,
    "/v1/keys": Role.ADMIN, "/v1/keys/{id}": Role.ADMIN,
    "/v1/groups/proposals": Role.CONTRIBUTOR, "/v1/groups/keys": Role.ADMIN,
}  # fmt: skip
"""The reads that not everybody may have: fields that a query begins with, and paths."""

EVERYBODY = pytest.mark.parametrize("role", list(Role), ids=lambda role: role.name.lower())


@dataclass
class Door:
    """A server, its database, a key for each role but the first, and what the server says there is."""

    server: httpx.Client
    url: str
    keys: Mapping[Role, str]
    ids: Mapping[str, str]
    schema: GraphQLSchema
    openapi: Any

    def ask(self, role: Role, method: str, path: str, **more: Any) -> httpx.Response:
        headers = dict(more.pop("headers", {}))
        if role is not Role.ANONYMOUS:
            headers["Authorization"] = f"Bearer {self.keys[role]}"
        return self.server.request(method, path, headers=headers, **more)

    def written_by(self, role: Role) -> int:
        """How many changes to records are this role's."""
        with psycopg.connect(self.url) as connection:
            asked = "select count(*) from revision where changed_by = %s"
            (found,) = connection.execute(asked, (role.name.lower(),)).fetchone() or (0,)
        return int(found)


@pytest.fixture(scope="module")
def door(postgres: str, loaded_url: str) -> Iterator[Door]:
    with new_database(postgres, loaded_url) as url, serving(url) as server:
        keys: dict[Role, str] = {role: new_key(url, role.name.lower(), role) for role in list(Role)[1:]}
        with psycopg.connect(url) as connection:
            ids: dict[str, str] = dict(
                connection.execute("select type::text, min(id::text) from record group by 1").fetchall()
            )
        told = server.post("/graphql", json={"query": graphql.get_introspection_query(input_value_deprecation=False)})
        schema = graphql.build_client_schema(told.json()["data"])
        yield Door(server, url, keys, ids, schema, server.get("/openapi.json").json())


# --- mutations -----------------------------------------------------------------------------------


def test_the_lists_name_every_mutation_and_no_other(door: Door) -> None:
    assert door.schema.mutation_type
    assert all(listed.keys() == door.schema.mutation_type.fields.keys() for listed in EXPECTED.values())


@EVERYBODY
def test_a_mutation_does_what_its_role_may_and_no_more(door: Door, role: Role) -> None:
    assert door.schema.mutation_type
    unexpected = {}
    for name, each in door.schema.mutation_type.fields.items():
        given = {
            argument: sample(about.type, door.ids.get(about_of(name), "x"), argument)
            for argument, about in each.args.items()
            if graphql.is_required_argument(about)
        }
        became = done_by_mutation(door, role, name, each, given)
        if not fits(became, EXPECTED[role].get(name, REFUSED)):
            unexpected[name] = became
    assert unexpected == {}
    assert role in (Role.CURATOR, Role.ADMIN) or door.written_by(role) == 0


def done_by_mutation(door: Door, role: Role, name: str, field: Any, given: Mapping[str, Any]) -> str:
    variables = ", ".join(f"${each}: {field.args[each].type}" for each in given)
    arguments = ", ".join(f"{each}: ${each}" for each in given)
    called = f"({variables})" if given else ""
    text = f"mutation {called} {{ done: {name}({arguments}) {{ proposal {{ id }} problems {{ code message }} }} }}"
    answer = door.ask(role, "POST", "/graphql", json={"query": text, "variables": dict(given)}).json()
    assert "errors" not in answer, (name, answer)
    done = answer["data"]["done"]
    if done["problems"]:
        return became_of({each["code"] for each in done["problems"]})
    is_about_proposal = field.type.of_type.name == "ProposalPayload"
    return PROPOSED if done["proposal"] and not is_about_proposal else DONE


def became_of(codes: set[str]) -> str:
    """Whether it was refused for who asked, or only for what was given."""
    return REFUSED if codes & {"UNAUTHENTICATED", "NOT_ALLOWED"} else "looked at"


def fits(became: str, expected: str) -> bool:
    """What was looked at would have been done or proposed with better arguments."""
    return became == expected or (became == "looked at" and expected != REFUSED)


def about_of(name: str) -> str:
    """The type of record that a mutation is about, as the database calls it."""
    return snake(name.removeprefix("update").removeprefix("retract").removeprefix("restore")).upper()


def sample(type_: Any, id_: str, name: str) -> Any:
    """The least that a type of input allows."""
    match type_:
        case GraphQLNonNull():
            return sample(type_.of_type, id_, name)
        case GraphQLList():
            return []
        case GraphQLEnumType():
            return next(iter(type_.values))
        case GraphQLInputObjectType():
            # Of some inputs exactly one member has to be given, though none of them alone.
            members = {each: about for each, about in type_.fields.items() if graphql.is_required_input_field(about)}
            if type_.name == "RecordReference":
                members = dict([next(iter(type_.fields.items()))])
            return {each: sample(about.type, "x", each) for each, about in members.items()}
    return {"Int": 1, "Boolean": True, "JSON": {}, "ID": id_}.get(type_.name, "2025-04-17" if name == "at" else "x")


# --- writes under REST ---------------------------------------------------------------------------


def writes(door: Door) -> Iterator[tuple[str, str, Any]]:
    for path, operations in door.openapi["paths"].items():
        for method, operation in operations.items():
            if method not in ("get", "head", "parameters"):
                yield method.upper(), path, operation


def test_every_write_is_that_of_a_mutation_and_asks_for_a_key(door: Door) -> None:
    for _, path, operation in writes(door):
        assert operation["operationId"] in EXPECTED[Role.ADMIN], path
        assert operation["security"] == [{"Bearer": []}], path


@EVERYBODY
def test_a_write_does_what_its_role_may_and_no_more(door: Door, role: Role) -> None:
    unexpected = {}
    for method, path, operation in writes(door):
        name = operation["operationId"]
        named = path.replace("{by}", door.ids.get(about_of(name), "x")).replace("{id}", "x")
        body = least(door.openapi, operation["requestBody"]["content"]["application/json"]["schema"])
        answer = door.ask(role, method, named, json=body, headers={"If-Match": '"1"'})
        became = done_by_write(answer)
        if not fits(became, EXPECTED[role].get(name, REFUSED)):
            unexpected[f"{method} {path}"] = became, answer.text
    assert unexpected == {}
    assert role in (Role.CURATOR, Role.ADMIN) or door.written_by(role) == 0


def done_by_write(answer: httpx.Response) -> str:
    assert answer.status_code < 500, answer.text
    if answer.is_success:
        return PROPOSED if answer.status_code == 202 else DONE
    return became_of({answer.json()["code"]})


@pytest.mark.parametrize("role", [Role.ANONYMOUS, Role.CONTRIBUTOR], ids=lambda role: role.name.lower())
def test_who_may_not_is_told_so_whatever_is_sent(door: Door, role: Role) -> None:
    for method, path, operation in writes(door):
        if EXPECTED[role][operation["operationId"]] == REFUSED:
            answer = door.ask(role, method, path.replace("{by}", "x").replace("{id}", "x"), content=b"\xff{")
            assert answer.status_code == (401 if role is Role.ANONYMOUS else 403), (path, answer.text)


def least(document: Any, schema: Any) -> Any:
    """The least that a JSON Schema of the contract allows."""
    if "$ref" in schema:
        return least(document, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema and "type" not in schema:
        return least(document, schema["anyOf"][0])
    kind = schema["type"] if isinstance(schema["type"], str) else schema["type"][0]
    if kind == "object":
        names = schema.get("required") or list(schema.get("properties", {}))[: schema.get("minProperties", 0)]
        return {name: least(document, schema["properties"][name]) for name in names}
    return {"string": "x", "integer": 1, "boolean": True, "array": []}[kind]


# --- reads ---------------------------------------------------------------------------------------


@EVERYBODY
def test_a_query_is_answered_to_those_who_may_read(door: Door, role: Role) -> None:
    assert door.schema.query_type
    unexpected = {}
    for name, each in door.schema.query_type.fields.items():
        answer = door.ask(role, "POST", "/graphql", json={"query": question(name, each)}).json()
        codes = {error["extensions"]["code"] for error in answer.get("errors", [])}
        became = REFUSED if codes & {"UNAUTHENTICATED", "NOT_ALLOWED"} else READ
        if became != (READ if role.may(SOME_MAY_READ.get(name, Role.ANONYMOUS)) else REFUSED):
            unexpected[name] = became
    assert unexpected == {}


def question(name: str, field: Any) -> str:
    nobody = '"01a20000-0000-7000-8000-000000000000"'
    given = {
        "text": 'text: "a"', "anchor": 'anchor: "2025-04-18"', "id": f"id: {nobody}", "ids": f"ids: [{nobody}]",
        "by": f"by: {{id: {nobody}}}",
    }  # fmt: skip
    arguments = ", ".join(given[each] for each, about in field.args.items() if graphql.is_required_argument(about))
    type_ = graphql.get_named_type(field.type)
    is_list = isinstance(type_, GraphQLObjectType) and "totalCount" in type_.fields
    return f"{{ {name}{f'({arguments})' if arguments else ''} {{ {'totalCount' if is_list else '__typename'} }} }}"


@EVERYBODY
def test_a_path_is_read_by_those_who_may(door: Door, role: Role) -> None:
    unexpected = {}
    for path, operations in door.openapi["paths"].items():
        if "get" in operations:
            nobody = "01a20000-0000-7000-8000-000000000000"
            named = path.replace("{by}", nobody).replace("{id}", nobody)
            answer = door.ask(role, "GET", named, params=least_parameters(door, operations["get"]))
            may = role.may(SOME_MAY_READ.get(path, Role.ANONYMOUS))
            refusal = 401 if role is Role.ANONYMOUS else 403
            if (answer.status_code == refusal) == may or answer.status_code not in (200, 404, refusal):
                unexpected[path] = answer.text
    assert unexpected == {}


def least_parameters(door: Door, operation: Any) -> dict[str, Any]:
    """What a path must be given: a term of a closed list, a date, or else a number."""
    needed = (each for each in operation.get("parameters", ()) if each["in"] == "query" and each["required"])
    return {each["name"]: least_parameter(door, each["schema"]) for each in needed}


def least_parameter(door: Door, schema: Any) -> Any:
    if "$ref" in schema:
        return door.openapi["components"]["schemas"][schema["$ref"].rpartition("/")[2]]["enum"][0]
    return "2025-04-18" if schema.get("format") == "date" else 1
