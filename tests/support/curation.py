"""A server with a key for each role, the mutations it is sent, and inputs made from the declarations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx
import psycopg
from graphql import build_schema, get_named_type
from psycopg.rows import dict_row

from schema.declare.caller import Role
from schema.declare.fields import Many, One, Parts, rule_of
from schema.declare.reflection import fields_of, graphql_name, is_list, target
from schema.derive.dossier_schema import VALUES, nestable, record_schema
from schema.records.actors.actor import Actor
from schema.records.actors.membership import Membership
from schema.records.record import Record
from schema.records.registry import RECORDS
from schema.records.sources.citation import Citation
from schema.records.statements.commentary import Commentary
from schema.records.statements.statement import Statement
from schema.records.talks.participation import Participation
from schema.records.timeline.deadline import Deadline
from schema.records.timeline.milestone import Milestone
from schema.root_types import create_schema
from tests.support.keys import new_key
from tests.support.serving import serving

PROBLEM = "code message path currentVersion changedBy changedAt"

NAMES = {Role.CONTRIBUTOR: ("carla", "claus"), Role.CURATOR: ("kurt", "kira"), Role.ADMIN: ("ada", "adam")}
"""Whose keys there are: two of each role, since nobody decides on a proposal of one's own."""


@cache
def schema() -> Any:
    return build_schema(create_schema().as_str())


@dataclass(frozen=True)
class House:
    """A server, a connection to its database, and the keys of those who write."""

    url: str
    server: httpx.Client
    connection: psycopg.Connection[dict[str, Any]]
    keys: Mapping[str, str]

    def send(self, document: str, /, who: str = "kurt", once: str = "", **variables: Any) -> httpx.Response:
        """Send a document. Nobody's key where `who` is empty."""
        headers = {"Authorization": f"Bearer {self.keys[who]}"} if who else {}
        headers |= {"Idempotency-Key": once} if once else {}
        return self.server.post("/graphql", json={"query": document, "variables": variables}, headers=headers)

    def ask(self, document: str, /, who: str = "kurt", once: str = "", **variables: Any) -> Any:
        """The `data` of an answer without errors."""
        answer = self.send(document, who, once, **variables)
        told = answer.json()
        assert answer.status_code == 200, told
        assert "errors" not in told, told
        return told["data"]

    def do(self, command: str, fields: str = "", who: str = "kurt", once: str = "", **arguments: Any) -> Any:
        """Give one command. Its payload, with what `fields` says, the id of the proposal and all problems."""
        declared = schema().mutation_type.fields[command]
        given = ", ".join(f"${name}: {declared.args[name].type}" for name in arguments)
        passed = ", ".join(f"{name}: ${name}" for name in arguments)
        selected = f"{fields or basics(command)} proposal {{ id }} problems {{ {PROBLEM} }}"
        document = f"mutation({given}) {{ done: {command}({passed}) {{ {selected} }} }}"
        return self.ask(document, who, once, **arguments)["done"]

    def done(self, command: str, fields: str = "", who: str = "kurt", **arguments: Any) -> Any:
        """Give one command that is done: what its payload gives, the record itself where there is one."""
        payload = self.do(command, fields, who, **arguments)
        problems = payload.pop("problems")
        assert problems == [], problems
        proposed = payload.pop("proposal")
        assert command.endswith("Proposal") or proposed is None
        return next(iter(payload.values()))

    def refused(self, command: str, who: str = "kurt", **arguments: Any) -> dict[str | None, str]:
        """Give one command that cannot be done, and that changes nothing: code and message of its problems by path."""
        before = self.count()
        found = self.do(command, who=who, **arguments)["problems"]
        assert found
        assert self.count() == before
        return {each["path"]: f"{each['code']}: {each['message']}" for each in found}

    def rows(self, sql: str, *values: Any) -> list[Any]:
        found = self.connection.execute(sql.encode(), values)
        return found.fetchall() if found.description else []

    def count(self) -> int:
        """How many changes there were so far."""
        return int(self.rows("select count(*) as changes from revision")[0]["changes"])

    def history(self, uuid: str) -> list[Any]:
        """The changes of a record, first things first."""
        return self.rows(
            "select version, action::text, changes, changed_by, reason, origin::text, approved_by, proposal_id::text, "
            "at from revision where record_id = %s order by version",
            uuid,
        )

    def key_of(self, cls: type[Record]) -> str:
        """A key that no record of the type has yet."""
        (row,) = self.rows(f'select count(*) as number from "{cls.table.name}"')
        return f"new-{cls.table.name}-{row['number']}"

    def create(
        self, cls: type[Record], variant: int = 0, fields: str = "id key version", who: str = "kurt", **more: Any
    ) -> Any:
        """Enter a record that says everything that its type can say."""
        given = {**self.given(cls, variant), **more}
        if "key" not in more:
            given["key"] = self.key_of(cls)
        own = cls.__name__[0].lower() + cls.__name__[1:]
        return self.done(f"create{cls.__name__}", f"{own} {{ {fields} }}", who, input=given)

    def given(self, cls: type[Record], variant: int) -> dict[str, Any]:
        """An input for a record, without a key. Another `variant` says something else in every field."""
        found = {name: value_of(cls, name, each, variant) for name, each in stored_inputs(cls).items()}
        found.update(TOGETHER.get(cls, {}))
        found = {name: value for name, value in found.items() if name not in APART.get(cls, ())}
        if cls.table.needs_citation:
            found["citations"] = [{"source": existing("source", 0)}]
        return found

    def furnish(self) -> None:
        """Three records of every type, for others to point to."""
        report = self.done("applyDossier", "report { action }", dossier=furniture())
        assert {each["action"] for each in report} == {"CREATED"}


SUBJECTS: Mapping[type[Record], str] = {Milestone: "deadline"}
"""What a relation to a record of any type points to here; else to a talk."""

TOGETHER: Mapping[type[Record], Mapping[str, Any]] = {
    Milestone: {"kind": "EXTENDED"}, Citation: {"stance": "DISPUTES"}, Deadline: {"hardness": "HARD"},
    Statement: {"attribution": "DIRECT_QUOTE", "translated": True}, Participation: {"attendance": "CONFIRMED"},
}  # fmt: skip
"""What a record has to say so that the checks of its table hold, whatever it says beside."""

APART: Mapping[type[Record], set[str]] = {
    # A step of a deadline moves no talk; the day of a deadline that recurs is not the one given.
    Milestone: {"starts", "ends", "venue", "city", "country"}, Deadline: {"every"},
    # Who takes part in a talk does so in no process outside it.
    Participation: {"process"},
}  # fmt: skip
"""What a record does not say beside the rest."""

LEAST: Mapping[type[Record], Mapping[str, Any]] = {
    Milestone: {"kind": "SET"}, Citation: {}, Deadline: {"hardness": "OPEN_ENDED"},
    Participation: {"talk": "base-talk-0", "attendance": "EXPECTED"},
    Statement: {"attribution": "ANONYMOUS", "summary": "Said."}, Commentary: {"text": "Thought."},
}  # fmt: skip

SAID_TWICE: Mapping[type[Record], set[str]] = {Statement: {"speaker"}}
"""Another way to say what one field says already: the only one of the speakers."""

MONTHS = {"opened": "02", "started": "02", "starts": "02", "closed": "04", "ended": "04", "ends": "04"}
"""A period begins before it ends."""


def furniture() -> dict[str, Any]:
    """A dossier with three records of every type, each of which says what it must; of actors two more."""
    return {cls.table.list_field: [least(cls, place) for place in range(5 if cls is Actor else 3)] for cls in RECORDS}


def least(cls: type[Record], place: int) -> dict[str, Any]:
    given: dict[str, Any] = {"key": existing(cls.table.name, place), **LEAST.get(cls, {})}
    inputs = stored_inputs(cls)
    for field in fields_of(cls):
        if (name := graphql_name(field)) in inputs and name not in given and is_needed(cls, field):
            given[name] = value_of(cls, name, inputs[name], place)
    return {**given, "citations": [existing("source", 0)]} if cls.table.needs_citation else given


def value_of(cls: type[Record], name: str, described: Mapping[str, Any], variant: int) -> Any:
    """What a field can say, in the form of an input."""
    field = next(each for each in fields_of(cls) if graphql_name(each) == name)
    if cls is Citation and name == "field":
        return ["title", "city", "venue"][variant]
    if cls is Membership and name == "group":
        # No group is a part of itself.
        return existing("actor", variant + 2)
    match rule_of(field):
        case One() if target(field) is Record:
            type_ = SUBJECTS.get(cls, "talk")
            return {type_: existing(type_, variant)}
        case One():
            return existing(target(field).table.name, variant)
        case Many() if target(field) is Record:
            return [{"talk": existing("talk", place)} for place in range(variant + 1)]
        case Many():
            return [existing(target(field).table.name, place) for place in range(variant + 1)]
        case Parts():
            return {"edtf": f"2025-{MONTHS.get(name, '03')}-{variant + 1:02}"}
    return plain_value(name, described, variant)


def existing(table: str, place: int) -> str:
    """The key of one of the records with which a house is furnished."""
    return f"base-{table}-{place}"


def is_needed(cls: type[Record], field: Any) -> bool:
    if isinstance(rule_of(field), One):
        return target(field) is Record or "None" not in str(field.type_annotation.raw_annotation)
    return graphql_name(field) in record_schema(cls)["required"]


def stored_inputs(cls: type[Record]) -> dict[str, Any]:
    """The fields that an input gives itself, but its key: GraphQL name -> JSON Schema."""
    left_out = {"key", *(graphql_name(each) for each in nestable(cls)), *SAID_TWICE.get(cls, ())}
    return {name: each for name, each in record_schema(cls)["properties"].items() if name not in left_out}


def plain_value(name: str, described: Mapping[str, Any], variant: int) -> Any:
    if "$ref" in described:
        described = VALUES[described["$ref"].rpartition("/")[2]]
    if "enum" in described:
        return described["enum"][variant % len(described["enum"])]
    match described["type"]:
        case "array":
            return [plain_value(name, described["items"], variant + each) for each in range(2)]
        case "boolean":
            return variant % 2 == 0
        case "integer":
            return max(described.get("minimum", 0), 0) + variant
    pattern, form = described.get("pattern", ""), described.get("format", "")
    special = {"date": f"2025-03-{variant + 1:02}", "date-time": f"2025-03-{variant + 1:02}T10:00:00+00:00"}
    if form:
        return special[form]
    if "A-Z" in pattern:
        return ["UA", "RU", "US", "FR"][variant]
    if "0-9a-f" in pattern:
        return str(variant) * 64
    return f"https://example.org/{name}/{variant}" if "http" in pattern else f"{name} {variant}"


def basics(command: str) -> str:
    """The record of a payload, shortly; nothing where there is none."""
    payload = get_named_type(schema().mutation_type.fields[command].type)
    own = next((each for each in payload.fields if each not in ("proposal", "problems")), None)
    if own is None or "fields" not in dir(get_named_type(payload.fields[own].type)):
        return ""
    return f"{own} {{ id key version retractedAt }}" if own not in ("apiKey", "report") else ""


def selection(cls: type[Record]) -> str:
    """Every field that an input gives."""
    found = []
    for each in fields_of(cls):
        if graphql_name(each) in stored_inputs(cls):
            match rule_of(each):
                case One() | Many():
                    found.append(f"{graphql_name(each)} {{ __typename key }}")
                case Parts():
                    found.append(f"{graphql_name(each)} {{ edtf }}")
                case _:
                    found.append(graphql_name(each))
    return " ".join(found)


def told(cls: type[Record], given: Mapping[str, Any]) -> dict[str, Any]:
    """What `selection` shows of a record that was given this."""
    return {
        graphql_name(each): shown(each, given.get(graphql_name(each), [] if is_list(each) else None))
        for each in fields_of(cls)
        if graphql_name(each) in stored_inputs(cls)
    }


def shown(field: Any, value: Any) -> Any:
    if value is None:
        return None
    about = target(field)
    match rule_of(field):
        case One() if about is Record:
            return reference_to_any(value)
        case One():
            return {"__typename": about.__name__, "key": value}
        case Many():
            return [
                reference_to_any(each) if about is Record else {"__typename": about.__name__, "key": each}
                for each in value
            ]
    return value


def reference_to_any(value: Mapping[str, str]) -> dict[str, str]:
    ((table, key),) = value.items()
    return {"__typename": next(cls.__name__ for cls in RECORDS if cls.table.field == table), "key": key}


@contextmanager
def house_at(url: str, made: Mapping[str, str] | None = None, **settings: Any) -> Iterator[House]:
    """A server at a database, with keys for everybody: those already made, or new ones."""
    keys = made or {name: new_key(url, name, role) for role, both in NAMES.items() for name in both}
    with (
        serving(url, **settings) as server,
        psycopg.connect(url, autocommit=True, row_factory=dict_row) as connection,
    ):
        yield House(url, server, connection, keys)
