"""A small random world with a past.

`build` keeps what every table said after each change, so that an oracle can say what was known when.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

import asyncpg
from strawberry.types.field import StrawberryField

from schema.declare.fields import Many, One, Parts, Scalar, rule_of
from schema.declare.reflection import is_list, target
from schema.records.actors.actor import Actor, Office
from schema.records.agreements.agreement import Agreement
from schema.records.agreements.provision import Assessment, Provision
from schema.records.agreements.signature import Signature
from schema.records.processes.conflict import Conflict
from schema.records.processes.issue import Issue
from schema.records.processes.position import Position
from schema.records.processes.process import Process
from schema.records.record import Record
from schema.records.registry import RECORDS
from schema.records.sources.citation import Citation
from schema.records.sources.code import Code
from schema.records.sources.source import Source
from schema.records.statements.commentary import Commentary
from schema.records.statements.statement import Condition, Statement
from schema.records.talks.participation import Attendance, Participation
from schema.records.talks.talk import Talk
from schema.records.timeline.deadline import Deadline
from schema.records.timeline.milestone import Milestone
from schema.writing import statements
from tests.support.world import CLOCK, Desk, Row, fuzzy_date, is_optional, own_fields, reader

COUNTS: Mapping[type[Record], int] = dict.fromkeys(RECORDS, 8) | {
    Source: 4, Conflict: 6, Process: 6, Actor: 9, Office: 7, Issue: 5, Talk: 16, Participation: 20,
    Statement: 16, Condition: 7, Position: 20, Agreement: 10, Signature: 14, Provision: 10, Assessment: 14,
    Deadline: 14, Milestone: 70, Citation: 16,
}  # fmt: skip
"""How many records of each type there are, in an order in which they can be entered."""

KINDS: Mapping[type[Record], str] = {
    Talk: "ANNOUNCED SCHEDULED POSTPONED OPENED ADJOURNED CONCLUDED COLLAPSED CANCELLED",
    Agreement: "PROPOSED DRAFTED NEGOTIATED INITIALLED SIGNED RATIFIED ACCEPTED PROVISIONALLY_APPLIED "
    "ENTERED_INTO_FORCE AMENDED SUSPENDED RESUMED VIOLATION_ALLEGED VIOLATION_CONFIRMED REJECTED REPUDIATED WITHDRAWN "
    "EXPIRED TERMINATED",
    Process: "OPENED SUSPENDED RESUMED CONCLUDED COLLAPSED REPORTED_STALLED REPORTED_PROGRESS",
    Deadline: "SET TRIGGERED EXTENDED EXTENDED SHORTENED OBJECTED MET MISSED WAIVED WITHDRAWN",
    Condition: "MET MISSED WAIVED WITHDRAWN",
    Provision: "MET MISSED WAIVED WITHDRAWN SUSPENDED RESUMED",
}  # fmt: skip
"""What a milestone can record, by what it is a milestone of."""

SUBJECTS: Mapping[type[Record], tuple[type[Record], ...]] = {
    Deadline: (Process, Talk, Agreement, Provision, Condition, Statement),
    Commentary: (Process, Talk, Statement),
    Citation: (Talk, Statement, Milestone, Agreement, Actor),
    Code: (Actor, Conflict, Issue),
    # `hold_together` chooses it.
    Milestone: (),
}
"""What a relation to a record of any type points to here; else to an actor."""

TEXTS = ["alpha", "Beta", "within days", "100%", "it's", 'a "quote"', "back\\slash", "two\nlines", "für", "{t}", ""]

ONLY_AT_FIRST = {
    Milestone: {"subject_id", "kind", "due", "starts", "ends", "venue", "city", "country"},
    Statement: {
        "attribution", "quote", "summary", "speaker_id", "speaker_ids", "translated", "original", "original_language",
    },
    Participation: {"talk_id", "process_id", "attendance"},
    Deadline: {"hardness", "due"}, Commentary: {"text", "points"}, Citation: {"stance", "asserted_value"},
}  # fmt: skip
"""Columns that a check holds together: a random update leaves them alone."""


@dataclass(frozen=True)
class State:
    """What every table said from a moment on: rows as JSON."""

    since: datetime
    tables: Mapping[str, list[Row]]


async def build(desk: Desk, seed: int) -> list[State]:
    """Fill a database at random: two batches of records, then rounds of corrections. Gives every state."""
    reader()  # Only a schema lets declarations name one another.
    making = Making(random.Random(seed))
    states = []
    for share in (0.7, 0.3):
        async with desk.change():
            for record, count in COUNTS.items():
                await insert_all(desk, record, [making.row(record) for _ in range(math.ceil(count * share))])
        states.append(await state_of(desk))
    for _ in range(5):
        async with desk.change():
            for record, uuid, values in making.corrections():
                with pointing_to_checks(record):
                    await statements.update(desk.connection, record, UUID(uuid), values)
        states.append(await state_of(desk))
    await desk.connection.execute("analyze")
    return states


async def insert_all(desk: Desk, record: type[Record], rows: list[Row]) -> None:
    table, columns = record.table.name, ", ".join(rows[0])
    with pointing_to_checks(record):
        await desk.connection.execute(
            f"insert into {table} ({columns}) "
            f'select {columns} from jsonb_populate_recordset(null::"{table}", $1::text::jsonb)',
            json.dumps(rows),
        )


@contextmanager
def pointing_to_checks(record: type[Record]) -> Iterator[None]:
    """Say where random values learn what a check of the table asks for between columns."""
    try:
        yield
    except asyncpg.CheckViolationError as error:
        error.add_note(
            f"A random {record.table.words} breaks the check {error.constraint_name}: teach `Making.hold_together`, "
            "and ONLY_AT_FIRST where two columns belong together, in tests/support/world.py."
        )
        raise


async def state_of(desk: Desk) -> State:
    """Every row of every table, from the live tables and not from their history."""
    tables = {}
    for table in [*(record.table.name for record in RECORDS), "record", "revision"]:
        rows = await desk.connection.fetch(f'select to_jsonb(r)::text as row from "{table}" r')
        tables[table] = [json.loads(each["row"]) for each in rows]
    return State(await desk.moment(), tables)


class Making:
    """Random records that the database accepts, and what has been made so far."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.made: dict[type[Record], list[str]] = {record: [] for record in RECORDS}
        self.merged: dict[str, str] = {}

    def row(self, record: type[Record]) -> Row:
        row = {"id": self.id(), "key": f"{record.table.name}-{len(self.made[record])}", **self.values(record)}
        self.made[record].append(row["id"])
        return row

    def id(self) -> str:
        return str(UUID(int=self.chance.getrandbits(128), version=4))

    def corrections(self) -> list[tuple[type[Record], str, Row]]:
        """Some records of every type get other values; some are withdrawn, brought back or merged."""
        found = []
        for record in RECORDS:
            for uuid in self.chance.sample(self.made[record], min(3, len(self.made[record]))):
                values = self.values(record)
                free = sorted(values.keys() - ONLY_AT_FIRST.get(record, set()))
                chosen = self.chance.sample(free, min(len(free), 2))
                found.append((record, uuid, {name: values[name] for name in chosen} | self.fate(record, uuid)))
        return found

    def fate(self, record: type[Record], uuid: str) -> Row:
        match self.chance.randrange(8):
            case 0:
                return {"retracted_at": "2025-04-20T10:00:00Z"}
            case 1:
                self.merged.pop(uuid, None)
                return {"retracted_at": None, "merged_into_id": None}
            case 2:
                # A merger leads to a record that was not merged itself.
                kept = [each for each in self.made[record] if each not in self.merged and each != uuid]
                if kept and uuid not in self.merged.values():
                    self.merged[uuid] = self.chance.choice(kept)
                    return {"merged_into_id": self.merged[uuid]}
        return {}

    def one_of(self, *records: type[Record]) -> str | None:
        made = [uuid for record in records for uuid in self.made[record]]
        return self.chance.choice(made) if made else None

    def values(self, record: type[Record]) -> Row:
        found: Row = {}
        for field in own_fields(record):
            found |= self.value(record, field)
        return self.hold_together(record, found)

    def value(self, record: type[Record], field: StrawberryField) -> Row:
        """The column of one field, null now and then where it may be."""
        name, about = str(field.python_name), target(field)
        is_null = is_optional(field) and self.chance.random() < 0.3
        match rule_of(field):
            case One(column=str(column)):
                targets = SUBJECTS.get(record, (Actor,)) if about is Record else (about,)
                return {column: None if is_null and about is not Record else self.one_of(*targets)}
            case Many(column=str(column)):
                made = self.made[Talk if about is Record else about]
                return {column: self.chance.sample(made, min(len(made), self.chance.randrange(4)))}
            case Parts(column=str(column)):
                return {column: None if is_null else fuzzy_date(self.edtf())}
            case Scalar(stored=True):
                return {name: None if is_null else self.scalar(name, about, is_list(field))}
        return {}

    def scalar(self, name: str, about: Any, is_listed: bool) -> Any:
        chance = self.chance
        special: Mapping[str, Callable[[], Any]] = {
            "country": lambda: chance.choice(["UA", "RU", "US"]),
            "countries": lambda: chance.sample(["UA", "RU", "US"], chance.randrange(3)),
            "sha256": lambda: f"{chance.getrandbits(256):064x}",
            "option": lambda: chance.choice(["the north", "the south"]),
            "every": lambda: chance.choice(["P30D", "P1M"]),
            "stall_after_days": lambda: chance.choice([5, 14, 30]),
        }
        if name in special:
            return special[name]()
        if isinstance(about, type) and issubclass(about, Enum):
            return chance.choice([each.name for each in about])
        plain: Mapping[Any, Callable[[], Any]] = {
            bool: lambda: chance.random() < 0.5, int: lambda: chance.randrange(1, 4),
            date: lambda: str(self.day()), str: lambda: chance.choice(TEXTS),
            datetime: lambda: f"{self.day()}T{chance.randrange(24):02}:00:00.{chance.randrange(1000)}Z",
        }  # fmt: skip
        return chance.sample(TEXTS, chance.randrange(1, 3)) if is_listed else plain[about]()

    def day(self) -> date:
        return CLOCK.date() + timedelta(days=self.chance.randrange(-60, 40))

    def edtf(self) -> str:
        first, days = self.day(), self.chance.randrange(1, 20)
        last = first + timedelta(days=days)
        return self.chance.choice(
            [str(first)] * 8 + [f"{first}~", f"{first}/{last}", f"{first}/{last}", f"{first}/..", f"/{last}",
             str(first)[:7], str(first)[:4], "2025-21", "2025-XX"]
        )  # fmt: skip

    def hold_together(self, record: type[Record], row: Row) -> Row:
        """What the checks of the database ask for between columns."""
        if record is Milestone:
            subject = self.chance.choice([each for each in KINDS if self.made[each]])
            kind = self.chance.choice(KINDS[subject].split())
            row |= {"subject_id": self.one_of(subject), "kind": kind}
            is_moved = kind in ("TRIGGERED", "SHORTENED") or (kind == "EXTENDED" and self.chance.random() < 0.8)
            row["due"] = fuzzy_date(self.edtf()) if is_moved else None
            if subject is not Talk:
                row |= dict.fromkeys(("starts", "ends", "venue", "city", "country"))
        if record is Statement:
            row["quote"] = row["quote"] or "said"
            row["speaker_id"] = row["speaker_ids"][0] if len(row["speaker_ids"]) == 1 else None
            row["attribution"] = self.chance.choice(["INDIRECT", "JOINT"]) if row["speaker_ids"] else "ANONYMOUS"
            if row["original"] is not None or row["original_language"] is not None:
                row["translated"] = True
        if record is Participation:
            other = self.chance.choice(["talk_id"] * 3 + ["process_id"])
            row |= {"talk_id": None, "process_id": None, other: self.one_of(Talk if other == "talk_id" else Process)}
            row["attendance"] = self.scalar("attendance", Attendance, False) if row["talk_id"] else None
        if record is Deadline and row["due"] is None:
            row["hardness"] = self.chance.choice(["OPEN_ENDED", "CONDITIONAL"])
        if record is Citation and row["stance"] != "DISPUTES":
            row["asserted_value"] = None
        return row
