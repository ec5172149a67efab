"""The facts that the rules look at: rows by type, dated steps, whose voice each is, since when a record is visible.

Days are counted as whole numbers, so that open ends are simply very early or very late.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

Row = Mapping[str, Any]

LOGS = ("record", "revision")
"""Tables that name records, and are none."""

EVER, NEVER = -(10**7), 10**7
"""Before all days, and after all."""


def number(day: str | None, otherwise: int) -> int:
    """Count a day in ISO 8601; an open end is `otherwise`."""
    return otherwise if day is None else date.fromisoformat(day).toordinal()


def day_of(count: int | None) -> str | None:
    """Write a counted day in ISO 8601; None for no day and for an open end."""
    return None if count is None or not EVER < count < NEVER else date.fromordinal(count).isoformat()


@dataclass(frozen=True)
class Span:
    """A date: its first and its last possible day, and how it is written."""

    first: int
    last: int
    edtf: str

    @staticmethod
    def of(value: Row | None) -> Span | None:
        if value is None:
            return None
        return Span(number(value["earliest"], EVER), number(value["latest"], NEVER), value["edtf"])


def hull(spans: Iterable[Span]) -> Span:
    """Span some dates: from the first to the last possible day of all."""
    found = list(spans)
    if len({each.edtf for each in found}) == 1:
        return found[0]
    first, last = min(each.first for each in found), max(each.last for each in found)
    return Span(first, last, f"{day_of(first) or '..'}/{day_of(last) or '..'}")


@dataclass(frozen=True)
class Step:
    """A dated step: from which day it counts, the last day on which it may have happened, and since when it is seen."""

    id: str | None
    kind: str
    counts: int
    until: int
    seen: int
    actor: str | None = None
    voice: str | None = None
    disputed: bool = False
    row: Row = field(default_factory=dict)

    def span(self, name: str) -> Span | None:
        return Span.of(self.row.get(name))


def last_word(steps: Iterable[Step], order: Sequence[Sequence[str]]) -> Step | None:
    """Find the last word: of the steps that no other came after, the highest in the order."""
    return max(last_words(steps, order), key=lambda each: -each.disputed, default=None)


def last_words(steps: Iterable[Step], order: Sequence[Sequence[str]]) -> list[Step]:
    """Find the highest of the steps that no other came after: several where they are alike."""
    rank = {kind: place for place, kinds in enumerate(order) for kind in kinds}
    found = [each for each in steps if each.kind in rank]
    newest = max((each.counts for each in found), default=EVER)
    last = [each for each in found if each.until >= newest]
    highest = max((rank[each.kind] for each in last), default=0)
    return [each for each in last if rank[each.kind] == highest]


@dataclass(eq=False)
class Facts:
    """Rows by type, as they are known at one moment."""

    tables: Mapping[str, Sequence[Row]]
    entries_count: bool = True
    """Whether the day of entry shows a record; the tests of the compiler live before any entry."""
    judged: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    @cached_property
    def by_id(self) -> dict[str, Row]:
        return {row["id"]: row for name in self.tables if name not in LOGS for row in self.rows(name)}

    def rows(self, table: str) -> list[Row]:
        """List the rows of a type that were not retracted."""
        return [row for row in self.tables.get(table, ()) if row.get("retracted_at") is None]

    @cached_property
    def pointing(self) -> dict[tuple[str, str, str], list[Row]]:
        found: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
        for table in self.tables:
            for row in self.rows(table):
                for column, value in row.items():
                    if column.endswith("_id") and value:
                        found[table, column, value].append(row)
        return found

    def of(self, table: str, column: str, uuid: str | None) -> list[Row]:
        """List the rows of a type whose column holds this id."""
        return self.pointing.get((table, column, uuid), []) if uuid else []

    def get(self, uuid: str | None) -> Row | None:
        return self.by_id.get(uuid) if uuid else None

    # --- steps -----------------------------------------------------------------------------------

    def steps(self, subject: str) -> list[Step]:
        key = ("steps", subject)
        if key not in self.judged:
            self.judged[key] = [self.step(row) for row in self.of("milestone", "subject_id", subject)]
        found: list[Step] = self.judged[key]
        return found

    def step(self, row: Row) -> Step:
        at, counts = Span.of(row["at"]), Span.of(row["effective"] or row["at"])
        assert at
        assert counts
        return Step(
            row["id"], row["kind"], max(counts.first, at.first), max(counts.last, at.first), at.first, row["actor_id"],
            self.voice(row, at) if row["actor_id"] else None, self.is_disputed(row["id"]), row,
        )  # fmt: skip

    def is_disputed(self, uuid: str, *fields: str) -> bool:
        """Whether a citation disputes a record, or one of these fields of it."""
        cited = self.of("citation", "record_id", uuid)
        return any(each["stance"] == "DISPUTES" and (not fields or each["field"] in fields) for each in cited)

    # --- voices ----------------------------------------------------------------------------------

    def voice(self, step: Row, at: Span) -> str:
        """Find whose voice a step is: the one it acts for; itself; the one participant it leads to; else itself."""
        if step["on_behalf_of_id"]:
            return str(step["on_behalf_of_id"])
        there = self.participants(step["subject_id"])
        actor = str(step["actor_id"])
        if actor in there:
            return actor
        found = self.reached(actor, at) & there
        return found.pop() if len(found) == 1 else actor

    def reached(self, actor: str, at: Span) -> set[str]:
        """Find whom an actor's bodies and its dated offices on a day lead to, over up to five steps."""
        found, edge = {actor}, {actor}
        for _ in range(5):
            edge = {other for each in edge for other in self.leads_to(each, at)} - found
            found |= edge
        return found

    def leads_to(self, actor: str, at: Span) -> set[str]:
        row = self.get(actor)
        offices = [(each["actor_id"], each["held"]) for each in self.of("office", "person_id", actor)]
        groups = [(each["group_id"], each["held"]) for each in self.of("membership", "member_id", actor)]
        held = [(body, span) for body, value in [*offices, *groups] if (span := Span.of(value))]
        found = {body for body, span in held if span.first <= at.last and span.last >= at.first}
        return found | ({row["parent_id"]} if row and row["parent_id"] else set())

    def participants(self, subject: str) -> set[str]:
        """Find who takes part there: in the talk, in the talks of the process, as a party to its agreements."""
        row = self.get(subject) or {}
        if self.type_of(subject) == "agreement":
            rows = self.of("signature", "agreement_id", subject)
            return {each["actor_id"] for each in rows if each["capacity"] == "PARTY"}
        process = self.process_of(subject)
        talks = {each["id"] for each in self.of("talk", "process_id", process)}
        talks |= {subject, row.get("subject_id") or subject}
        found = {
            each["on_behalf_of_id"] or each["actor_id"]
            for talk in talks for each in self.of("participation", "talk_id", talk)
        }  # fmt: skip
        outside = self.of("participation", "process_id", process)
        found |= {each["on_behalf_of_id"] or each["actor_id"] for each in outside}
        return found | {
            each["actor_id"]
            for agreement in self.of("agreement", "process_id", process)
            for each in self.of("signature", "agreement_id", agreement["id"]) if each["capacity"] == "PARTY"
        }  # fmt: skip

    @cached_property
    def types(self) -> dict[str, str]:
        return {row["id"]: name for name in self.tables if name not in LOGS for row in self.tables[name]}

    def type_of(self, uuid: str | None) -> str:
        return self.types.get(uuid or "", "")

    def process_of(self, uuid: str | None) -> str | None:
        """Find the process that a record belongs to."""
        row = self.get(uuid)
        if row is None:
            return None
        match self.type_of(uuid):
            case "process":
                return uuid
            case "talk" | "agreement" | "statement":
                return row["process_id"]  # type: ignore[no-any-return]
            case "provision":
                return self.process_of(row["agreement_id"])
            case "condition":
                return self.process_of(row["statement_id"])
            case "deadline":
                return self.process_of(row["subject_id"])
        return None

    # --- visibility ------------------------------------------------------------------------------

    def visible(self, row: Row, *own: int | None) -> int:
        """Find since when a record can be seen: its own days, a source that supports it, its entry."""
        published = [
            span.first
            for each in self.of("citation", "record_id", row["id"])
            if each["stance"] == "SUPPORTS" and (source := self.get(each["source_id"]))
            if (span := Span.of(source["published"])) and span.first > EVER
        ]
        entered = [number(row["created_at"][:10], EVER)] if self.entries_count else []
        return min([day for day in own if day is not None] + published + entered, default=EVER)


def moves_of(steps: Iterable[Step], name: str, puts_off: Sequence[str], order: Sequence[Sequence[str]]) -> list[Step]:
    """List the moves that hold: those that no later one of all, of the same voice or without a value replaces.

    Of steps of one voice on overlapping days the higher in the order replaces the lower.
    """
    rank = {kind: place for place, kinds in enumerate(order) for kind in kinds}
    moves = [each for each in steps if each.kind in rank and (each.span(name) or each.kind in puts_off)]

    def replaces(new: Step, old: Step) -> bool:
        if new.counts > old.until:
            return None in (new.voice, old.voice) or new.voice == old.voice or new.span(name) is None
        overlaps = old.counts <= new.until
        return overlaps and rank[new.kind] > rank[old.kind] and new.voice == old.voice

    return [old for old in moves if not any(replaces(new, old) for new in moves)]
