"""The rows as known at one moment, and which of them count at another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from tests.support.judgements.agreements import agreement_on
from tests.support.judgements.facts import EVER, Facts, day_of
from tests.support.judgements.processes import visible_since
from tests.support.judgements.talks_and_deadlines import deadline_on, talk_on
from tests.support.oracle.shape import Shape
from tests.support.world import Row

DATES: Mapping[str, str] = {
    "statement": "said",
    "position": "held",
    "signature": "signed",
    "assessment": "period",
    "milestone": "at",
    "commentary": "published",
    "participation": "during",
    "membership": "held",
}
"""The vague date from whose first day a record counts."""

PARTS: Mapping[str, Mapping[str, str]] = {"participation": {"talk_id": "talk", "process_id": "process"}}
"""The columns of which one names what a record is a part of, with the tables that they point to."""

STEPPED = {
    "talk": lambda facts, row: talk_on(facts, row, EVER).visible,
    "deadline": lambda facts, row: deadline_on(facts, row, EVER).visible,
    "agreement": lambda facts, row: agreement_on(facts, row, EVER).visible,
    "process": visible_since,
}
"""Records that count from their first step, their own days or a source: the day that the rules give."""


FACTS: dict[int, Facts] = {}
"""The facts of each state of the tables, with what was judged of them: clocks of many days share them."""


@dataclass(eq=False)
class Clock:
    """One moment. `computed` gives the rows of tables that are not stored."""

    tables: Mapping[str, list[Row]]
    today: str
    shape: Shape
    computed: Mapping[str, Callable[[Clock], list[Row]]]
    counted: dict[tuple[str, str], bool] = field(default_factory=dict)
    lists: dict[str, list[Row]] = field(default_factory=dict)

    @cached_property
    def by_id(self) -> dict[str, dict[str, Row]]:
        return {name: {str(row.get("id")): row for row in rows} for name, rows in self.tables.items()}

    @cached_property
    def types(self) -> dict[str, str]:
        return {row["id"]: row["type"].lower() for row in self.tables.get("record", ())}

    def unretracted(self, table: str) -> list[Row]:
        return [row for row in self.tables.get(table, ()) if row.get("retracted_at") is None]

    def present(self, table: str) -> list[Row]:
        """The rows that a list may hold: not retracted, and counting."""
        if table not in self.lists:
            rows = self.computed[table](self) if table in self.computed else self.unretracted(table)
            self.lists[table] = [row for row in rows if self.counts(table, row)]
        return self.lists[table]

    def find(self, table: str, uuid: str | None) -> Row | None:
        """The row with an id if it counts, retracted or not."""
        row: Row | None = self.by_id.get(table, {}).get(uuid or "")
        return row if row is not None and self.counts(table, row) else None

    def redirected(self, uuid: str) -> str:
        """The id of the record that one was merged into, or its own."""
        row = self.by_id.get(self.types.get(uuid, ""), {}).get(uuid)
        return str((row and row["merged_into_id"]) or uuid)

    def counts(self, table: str, row: Row) -> bool:
        """A record counts from its first day, where all that it cannot be without counts."""
        name = (table, str(row.get("id", row.get("seq"))))
        if name not in self.counted:
            needed = [(row[column], target) for column, target in self.shape.needed.get(table, {}).items()]
            needed += [(row[column], target) for column, target in PARTS.get(table, {}).items() if row[column]]
            self.counted[name] = self.first_day(table, row) <= self.today and all(
                self.find(target, uuid) is not None for uuid, target in needed
            )
        return self.counted[name]

    def first_day(self, table: str, row: Row) -> str:
        """The day from which a record counts, as far as it says so itself."""
        if table in DATES:
            return earliest(row[DATES[table]]) or ""
        if table not in STEPPED:
            return ""
        day = STEPPED[table](self.facts, row)
        return day_of(day) or ""

    @property
    def facts(self) -> Facts:
        """The facts as the rules look at them; the tests live before any entry."""
        known = FACTS.get(id(self.tables))
        if known is None or known.tables is not self.tables:
            known = FACTS[id(self.tables)] = Facts(self.tables, entries_count=False)
        return known

    @property
    def day(self) -> int:
        return date.fromisoformat(self.today).toordinal()

    def steps(self, subject: str, *kinds: str) -> list[Row]:
        """The milestones of a record in the order of their dates; an open beginning comes first."""
        found = [
            row
            for row in self.present("milestone")
            if row["subject_id"] == subject and (not kinds or row["kind"] in kinds)
        ]
        return sorted(found, key=lambda row: (earliest(row["at"]) or "", latest(row["at"]) or "9999-99-99", row["id"]))

    def last_step(self, subject: str, *kinds: str) -> Row | None:
        return next(reversed(self.steps(subject, *kinds)), None)

    def of(self, table: str, column: str, uuid: str | None) -> list[Row]:
        return [row for row in self.present(table) if row[column] == uuid]


def earliest(value: Row | None) -> str | None:
    return value["earliest"] if value else None


def latest(value: Row | None) -> str | None:
    return value["latest"] if value else None
