"""Databases to ask: a desk that puts questions to one, and ways to fill it with records.

`Desk.add` writes one record from few words. `build` (below) writes a small random world with a past, and
keeps what every table said after each change, so that an oracle can say what was known when.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from typing import Any

import asyncpg

from api import database
from api.settings import Settings
from schema import write
from schema.actor import Actor, Office
from schema.agreement import Agreement, Signature
from schema.citation import Citation
from schema.code import Code
from schema.commentary import Commentary
from schema.conflict import Conflict
from schema.dates import parse_edtf
from schema.deadline import Deadline
from schema.fields import Many, One, Parts, Scalar, rule_of
from schema.inputs import fields_of
from schema.issue import Issue
from schema.milestone import Milestone
from schema.participation import Participation
from schema.position import Position
from schema.process import Process
from schema.provision import Assessment, Provision
from schema.read import Answer, Reader
from schema.record import Record
from schema.root import create_schema
from schema.source import Source
from schema.statement import Condition, Statement
from schema.talk import Talk

CLOCK = datetime(2025, 4, 18, 12, tzinfo=UTC)
"""The moment at which the tests live, unless they say otherwise."""

LEAST: Mapping[type[Record], Mapping[str, Any]] = {
    Source: {},
    Conflict: {"name": "A conflict"},
    Process: {"name": "A process"},
    Actor: {"name": "An actor", "kind": "STATE"},
    Office: {"title": "An office"},
    Issue: {"name": "An issue"},
    Talk: {"title": "A talk"},
    Participation: {"role": "PARTY", "attendance": "EXPECTED"},
    Statement: {"attribution": "ANONYMOUS", "summary": "A statement", "said": "2025-04-01"},
    Condition: {"kind": "OFFER", "condition": "A condition"},
    Position: {"stance": "DEMANDS"},
    Agreement: {"title": "An agreement", "kind": "OTHER"},
    Signature: {"capacity": "PARTY"},
    Provision: {"text": "A provision"},
    Assessment: {"period": "2025-03", "level": 1},
    Deadline: {"title": "A deadline", "hardness": "OPEN_ENDED"},
    Milestone: {"kind": "ANNOUNCED", "at": "2025-04-01"},
    Commentary: {"kind": "OPINION", "headline": "A commentary", "text": "An opinion"},
    Citation: {},
    Code: {"scheme": "WIKIDATA", "code": "Q1"},
}
"""What a record must say at least, besides what it belongs to."""

@cache
def reader() -> Reader:
    """One reader for all tests: what it keeps compiled depends on nothing but the schema."""
    return Reader(create_schema())


@dataclass(frozen=True)
class Desk:
    """A connection to one database, and the questions put to it."""

    connection: asyncpg.Connection[Any]

    async def answer(self, text: str, /, *, now: datetime = CLOCK, **variables: Any) -> Answer:
        plan, values = reader().prepare(text, None, variables)
        return await reader().answer(self.connection, plan, values, now)

    async def ask(self, text: str, /, *, now: datetime = CLOCK, **variables: Any) -> Any:
        """The `data` of the answer. Raises as the reader does."""
        return json.loads((await self.answer(text, now=now, **variables)).data)

    async def add(self, record: type[Record], key: str, **values: Any) -> str:
        """Write a record in a transaction of its own, and give its id.

        Relations are ids, dates EDTF; what must be there and is left out is made up.
        """
        given = {"key": key, **stored(record, {**LEAST[record], **values})}
        async with self.change():
            await write.insert(self.connection, record, {"id": (id := await self.new_id()), **defaults(record), **given})
        return id

    async def change_record(self, record: type[Record], id: str, **values: Any) -> None:
        async with self.change():
            await write.update(self.connection, record, id, stored(record, values))  # type: ignore[arg-type]

    async def new_id(self) -> str:
        return str(await self.connection.fetchval("select uuidv7()"))

    @asynccontextmanager
    async def change(self) -> AsyncIterator[None]:
        async with self.connection.transaction():
            await write.begin(self.connection, changed_by="a test", reason="to see", origin="MUTATION")
            yield

    async def moment(self) -> datetime:
        """The moment of the last change."""
        moment = await self.connection.fetchval("select max(at) from revision")
        assert isinstance(moment, datetime)
        return moment


@asynccontextmanager
async def desk_at(url: str) -> AsyncIterator[Desk]:
    """A desk at a database, with a connection like those of the application."""
    connection = await database.connect(Settings(), url)
    try:
        yield Desk(connection)
    finally:
        await connection.close()


# --- rows ----------------------------------------------------------------------------------------


def stored(record: type[Record], values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by the names of fields as columns, in JSON."""
    rules = {str(field.python_name): rule_of(field) for field in fields_of(record)}
    return dict(stored_value(rules[name], name, value) for name, value in values.items())


def stored_value(rule: object, name: str, value: Any) -> tuple[str, Any]:
    match rule:
        case One(column=str(column)) | Many(column=str(column)):
            return column, value
        case Parts(column=str(column)):
            return column, fuzzy_date(value) if isinstance(value, str) else value
        case Scalar(stored=True):
            return name, value
    raise LookupError(f"{name} is not stored")


def fuzzy_date(edtf: str) -> dict[str, Any]:
    return {
        name: each.name if isinstance(each, Enum) else each if each is None else str(each)
        for name, each in asdict(parse_edtf(edtf)).items()
    }


def defaults(record: type[Record]) -> dict[str, Any]:
    """The lists and values that are never null and that a record may leave out."""
    found: dict[str, Any] = {}
    for field in fields_of(record):
        match rule_of(field):
            case Many(column=str(column)):
                found[column] = []
            case Scalar(stored=True) if (default := field.metadata.get("default")) is not None:
                found[str(field.python_name)] = list(default) if isinstance(default, tuple) else default
    return found
