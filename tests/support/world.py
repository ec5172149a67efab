"""A desk that puts questions to a database, and ways to fill it with records.

`Desk.add` writes one record from few words. `random_world.py` fills a whole database.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from typing import Any

import asyncpg
from strawberry.types.field import StrawberryField

from api.postgres import connections
from api.settings import Settings
from schema.compiler.reader import Answer, Reader
from schema.dates.edtf_dates import parse_edtf
from schema.declare.fields import Many, One, Parts, Scalar, rule_of
from schema.declare.reflection import fields_of, is_list, target
from schema.records.agreements.agreement import Agreement
from schema.records.agreements.provision import Assessment
from schema.records.record import Record
from schema.records.registry import RECORDS
from schema.records.sources.code import Code
from schema.records.statements.commentary import Commentary
from schema.records.statements.statement import Condition, Statement
from schema.records.talks.participation import Participation
from schema.records.talks.talk import Talk
from schema.records.timeline.deadline import Deadline
from schema.root_types import create_schema
from schema.writing import statements

Row = dict[str, Any]

CLOCK = datetime(2025, 4, 18, 12, tzinfo=UTC)
"""The moment at which the tests live, unless they say otherwise."""

LEAST: Mapping[type[Record], Mapping[str, Any]] = {
    Participation: {"attendance": "EXPECTED"},
    Statement: {"attribution": "ANONYMOUS", "summary": "A statement"},
    Condition: {"kind": "OFFER"},
    Agreement: {"kind": "OTHER"},
    Assessment: {"period": "2025-03"},
    Deadline: {"hardness": "OPEN_ENDED"},
    Commentary: {"kind": "OPINION", "text": "An opinion"},
    Code: {"scheme": "WIKIDATA", "code": "Q1"},
}
"""What `Desk.add` lets a record say that `least` would say otherwise, above all where a check asks for it."""


@cache
def reader() -> Reader:
    """One reader for all tests: what it keeps compiled depends on nothing but the schema."""
    return Reader(create_schema())


@dataclass(frozen=True)
class Desk:
    """A connection to one database, and the questions put to it."""

    connection: asyncpg.Connection[Any]

    async def answer(self, text: str, /, *, now: datetime = CLOCK, **variables: Any) -> Answer:
        prepared = reader().prepare(text, None, variables)
        plan, values = prepared.plan, prepared.variables
        return await reader().answer(self.connection, plan, values, now)

    async def ask(self, text: str, /, *, now: datetime = CLOCK, **variables: Any) -> Any:
        """The `data` of the answer. Raises as the reader does."""
        return json.loads((await self.answer(text, now=now, **variables)).data)

    async def add(self, record: type[Record], key: str, /, **values: Any) -> str:
        """Write a record in a transaction of its own, and give its id.

        Relations are ids, dates EDTF; what must be there and is left out is made up.
        """
        given = {"key": key, **stored(record, {**least(record), **LEAST.get(record, {}), **values})}
        async with self.change():
            await statements.insert(
                self.connection, record, {"id": (uuid := await self.new_id()), **defaults(record), **given}
            )
        return uuid

    async def add_one_of_each(self, said: Mapping[type[Record], Mapping[str, Any]]) -> dict[type[Record], str]:
        """Write one record of every type, of which each leads to those before it where it must. Gives their ids."""
        made: dict[type[Record], str] = {}
        for record in RECORDS:
            leading = {name: made[Talk if about is Record else about] for name, about in needed(record).items()}
            made[record] = await self.add(record, record.table.name, **{**leading, **said.get(record, {})})
        return made

    async def change_record(self, record: type[Record], uuid: str, /, **values: Any) -> None:
        async with self.change():
            await statements.update(self.connection, record, uuid, stored(record, values))  # type: ignore[arg-type]

    async def new_id(self) -> str:
        return str(await self.connection.fetchval("select uuidv7()"))

    @asynccontextmanager
    async def change(self) -> AsyncIterator[None]:
        async with self.connection.transaction():
            await statements.begin(self.connection, statements.Author("a test", "MUTATION", "to see"))
            yield

    async def moment(self) -> datetime:
        """The moment of the last change."""
        moment = await self.connection.fetchval("select max(at) from revision")
        assert isinstance(moment, datetime)
        return moment


@asynccontextmanager
async def desk_at(url: str) -> AsyncIterator[Desk]:
    """A desk at a database, with a connection like those of the application."""
    connection = await connections.connect(Settings(), url)
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


def least(record: type[Record]) -> dict[str, Any]:
    """The values that a record must have, made up; what it belongs to is left to the caller."""
    reader()  # Only a schema lets declarations name one another.
    found: dict[str, Any] = {}
    for field in own_fields(record):
        if is_optional(field) or is_list(field) or field.metadata.get("default") is not None:
            continue
        name, about = str(field.python_name), target(field)
        match rule_of(field):
            case Parts(column=str()):
                found[name] = "2025-04-01"
            case Scalar(stored=True) if issubclass(about, Enum):
                found[name] = next(iter(about)).name
            case Scalar(stored=True):
                found[name] = {str: f"{article(record)} {record.table.words}", date: "2025-04-01"}.get(about, 1)
    return found


def needed(record: type[Record]) -> dict[str, type[Record]]:
    """The fields by which a record must lead to others, and the types of these."""
    return {
        str(field.python_name): about
        for field in own_fields(record)
        if isinstance(rule := rule_of(field), One) and rule.column
        # It may lead to a record that does not count, and is there all the same.
        if (about := target(field)) is Record or not is_optional(field) or field.python_name in record.table.wholes[:1]
    }


def article(record: type[Record]) -> str:
    return "An" if record.table.words[0] in "aeiou" else "A"


def own_fields(record: type[Record]) -> list[StrawberryField]:
    """The fields that a type adds to those of every record."""
    return [each for each in fields_of(record) if each.python_name not in {*Record.__annotations__, "id"}]


def is_optional(field: StrawberryField) -> bool:
    assert field.type_annotation is not None
    return "None" in str(field.type_annotation.raw_annotation)
