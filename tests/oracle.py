"""A second way to every answer: graphql-core's own executor over plain rows in memory.

It shares nothing with the compiler but the printed schema, and how words of time are read. What lists hold, when a
record counts and what every rule says is written here again, from `domain.md` and the published texts, so that the two
can disagree.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property, cmp_to_key
from typing import Any
from uuid import UUID

from graphql import (
    ExecutionResult,
    GraphQLEnumType,
    GraphQLError,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    execute_sync,
    get_named_type,
    parse,
    validate,
)

from schema.records.phrase import phrase_row
from tests.support.world import Row, State

Test = Callable[["Item"], bool | None]

CURSOR = "oracle:"
"""How the oracle's cursors begin: those of the compiler are opaque, and only compared for standing in one place."""

CHILDREN: Mapping[str, tuple[str, str]] = {
    "Conflict.processes": ("process", "conflict_id"),
    "Process.tracks": ("process", "parent_id"),
    "Process.talks": ("talk", "process_id"),
    "Process.agreements": ("agreement", "process_id"),
    "Process.statements": ("statement", "process_id"),
    "Process.positions": ("position", "process_id"),
    "Process.milestones": ("milestone", "subject_id"),
    "Process.standings": ("standing", "process_id"),
    "Process.timeline": ("timeline_entry", "process_id"),
    "Actor.members": ("actor", "parent_id"),
    "Actor.offices": ("office", "person_id"),
    "Actor.officeHolders": ("office", "actor_id"),
    "Actor.participations": ("participation", "actor_id"),
    "Actor.statements": ("statement", "speaker_id"),
    "Actor.positions": ("position", "actor_id"),
    "Actor.signatures": ("signature", "actor_id"),
    "Issue.narrower": ("issue", "parent_id"),
    "Issue.positions": ("position", "issue_id"),
    "Issue.provisions": ("provision", "issue_id"),
    "Issue.standings": ("standing", "issue_id"),
    "Talk.followedBy": ("talk", "follows_id"),
    "Talk.participations": ("participation", "talk_id"),
    "Talk.statements": ("statement", "talk_id"),
    "Talk.milestones": ("milestone", "subject_id"),
    "Statement.conditions": ("condition", "statement_id"),
    "Agreement.provisions": ("provision", "agreement_id"),
    "Agreement.signatures": ("signature", "agreement_id"),
    "Agreement.milestones": ("milestone", "subject_id"),
    "Provision.assessments": ("assessment", "provision_id"),
    "Deadline.milestones": ("milestone", "subject_id"),
    "Source.citedBy": ("citation", "source_id"),
    "citations": ("citation", "record_id"),
    "codes": ("code", "record_id"),
    "revisions": ("revision", "record_id"),
}

LISTS = {
    "addressees": ("addressee_ids", "actor"),
    "issues": ("issue_ids", "issue"),
    "statements": ("statement_ids", "statement"),
}
"""Fields that are arrays of ids."""

BELONGS: Mapping[str, Mapping[str, str]] = {
    "office": {"person_id": "actor", "actor_id": "actor"},
    "participation": {"talk_id": "talk", "actor_id": "actor"},
    "position": {"actor_id": "actor", "issue_id": "issue", "process_id": "process"},
    "condition": {"statement_id": "statement"},
    "signature": {"agreement_id": "agreement", "actor_id": "actor"},
    "provision": {"agreement_id": "agreement"},
    "assessment": {"provision_id": "provision"},
    "citation": {"source_id": "source"},
    "standing": {"process_id": "process", "issue_id": "issue"},
    "timeline_entry": {"process_id": "process"},
}
"""What a record cannot be without: it counts only where all of this counts."""

DEFAULT_ORDER = {
    "Conflict": "name", "Process": "name", "Actor": "name", "Office": "title", "Talk": "starts.earliest",
    "Participation": "key", "Statement": "said.earliest", "Condition": "key", "Issue": "name", "Position": "key",
    "Agreement": "title", "Signature": "key", "Provision": "key", "Assessment": "key", "Milestone": "at.earliest",
    "Deadline": "due.earliest", "Commentary": "headline", "Source": "key", "Citation": "number key",
    "Code": "scheme code", "Revision": "-seq", "Standing": "name", "TimelineEntry": "at.earliest",
}  # fmt: skip

COMPUTED_TERMS = {"Talk.status", "Deadline.status", "Process.status", "Agreement.status", "Condition.outcome",
                  "Standing.standing", "TimelineEntry.kind", "Revision.type"}  # fmt: skip
"""Terms that are computed, and so have the order of their letters; stored ones have that of their vocabulary."""

INSTANTS = {"created_at", "updated_at", "retracted_at", "retrieved_at", "at"}


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def days(text: str) -> date:
    return date.fromisoformat(text)


def field_name(column: str) -> str:
    """What GraphQL calls a column."""
    first, *rest = re.sub("_id$", "", re.sub("_ids$", "s", column)).split("_")
    return first + "".join(map(str.capitalize, rest))


# --- the clock and its rows ----------------------------------------------------------------------


@dataclass(eq=False)
class Clock:
    """The rows as known at one moment, and what counts of them at another."""

    tables: Mapping[str, list[Row]]
    today: str
    counted: dict[tuple[str, str], bool] = field(default_factory=dict)

    @cached_property
    def by_id(self) -> dict[str, dict[str, Row]]:
        return {name: {str(row.get("id")): row for row in rows} for name, rows in self.tables.items()}

    @cached_property
    def types(self) -> dict[str, str]:
        return {row["id"]: row["type"].lower() for row in self.tables.get("record", ())}

    def kept(self, table: str) -> list[Row]:
        return [row for row in self.tables.get(table, ()) if row.get("retracted_at") is None]

    def present(self, table: str) -> list[Row]:
        """The rows that a list may hold: kept, and counting."""
        if table not in self.lists:
            rows = self.computed[table](self) if table in self.computed else self.kept(table)
            self.lists[table] = [row for row in rows if self.counts(table, row)]
        return self.lists[table]

    @cached_property
    def lists(self) -> dict[str, list[Row]]:
        return {}

    @property
    def computed(self) -> Mapping[str, Callable[[Clock], list[Row]]]:
        return {"standing": standings, "timeline_entry": timeline}

    def find(self, table: str, uuid: str | None) -> Row | None:
        """The row with an id if it counts, retracted or not."""
        row: Row | None = self.by_id.get(table, {}).get(uuid or "")
        return row if row is not None and self.counts(table, row) else None

    def redirected(self, uuid: str) -> str:
        """The id of the record that one was merged into, or its own."""
        row = self.by_id.get(self.types.get(uuid, ""), {}).get(uuid)
        return str((row and row["merged_into_id"]) or uuid)

    def counts(self, table: str, row: Row) -> bool:
        name = (table, str(row.get("id", row.get("seq"))))
        if name not in self.counted:
            self.counted[name] = self.first_day(table, row) <= self.today and all(
                self.find(target, row[column]) is not None for column, target in BELONGS.get(table, {}).items()
            )
        return self.counted[name]

    def first_day(self, table: str, row: Row) -> str:
        """The day from which a record counts, as far as it says so itself."""
        firsts = {"statement": "said", "position": "held", "signature": "signed", "assessment": "period",
                  "milestone": "at", "commentary": "published"}  # fmt: skip
        if table in firsts:
            return earliest(row[firsts[table]]) or ""
        if table not in ("talk", "process", "agreement", "deadline"):
            return ""
        steps = [
            earliest(each["at"]) or ""
            for each in self.kept("milestone")
            if each["subject_id"] == row["id"] and not each["kind"].startswith("REPORTED_")
        ]
        if steps:
            return min(steps)
        if table == "agreement":
            signatures = (each for each in self.kept("signature") if each["agreement_id"] == row["id"])
            return least(earliest(each["signed"]) for each in signatures) or ""
        own = (
            least([row["anchor"], earliest(row["due"])])
            if table == "deadline"
            else earliest(row["starts" if table == "talk" else "opened"])
        )
        # What was entered before its day is known from its entry on.
        return min(own, row["created_at"][:10]) if own else ""

    # --- what belongs to what ---

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


def least(values: Iterable[str | None]) -> str | None:
    return min((value for value in values if value), default=None)


# --- the rules, from their texts -----------------------------------------------------------------


def talk_status(clock: Clock, talk: Row) -> str:
    step = clock.last_step(talk["id"], "SCHEDULED", "OPENED", "POSTPONED", "CANCELLED", "COLLAPSED", "CONCLUDED")
    if step and step["kind"] in ("CANCELLED", "POSTPONED", "COLLAPSED", "CONCLUDED"):
        return str(step["kind"])
    held = bool(clock.steps(talk["id"], "OPENED", "ADJOURNED")) or any(
        each["attendance"] == "REPORTED" for each in clock.of("participation", "talk_id", talk["id"])
    )
    first, last_start = earliest(talk["starts"]), latest(talk["starts"])
    definite = first is not None and first == last_start
    last = latest(talk["ends"]) or last_start
    if first is not None and clock.today < first:
        return "SCHEDULED" if definite else "EXPECTED"
    if last is not None and clock.today <= last and (definite or held):
        return "UNDER_WAY"
    if last_start is not None and clock.today <= last_start:
        return "EXPECTED"
    return "HELD" if held else "OVERDUE" if last_start else "EXPECTED"


def due(clock: Clock, deadline: Row) -> Row | None:
    extension = clock.last_step(deadline["id"], "EXTENDED")
    found: Row | None = (extension["due"] if extension else None) or deadline["due"]
    return found


def deadline_status(clock: Clock, deadline: Row) -> str:
    step = clock.last_step(deadline["id"], "MET", "MISSED", "WAIVED", "WITHDRAWN", "EXTENDED")
    if step and step["kind"] != "EXTENDED":
        return str(step["kind"])
    first, last = earliest(due(clock, deadline)), latest(due(clock, deadline))
    if last is None:
        return "OPEN_ENDED"
    if clock.today > last:
        return "OVERDUE"
    if first is None or clock.today >= first:
        return "IN_WINDOW"
    return "DUE_SOON" if days(first) - days(clock.today) <= timedelta(days=3) else "PENDING"


def days_to(clock: Clock, value: Row | None) -> dict[str, int | None] | None:
    if value is None:
        return None
    return {
        name: (days(day) - days(clock.today)).days if (day := value[part]) else None
        for name, part in (("min", "earliest"), ("max", "latest"))
    }


FORWARD = {
    "PROPOSED": "PROPOSED", "DRAFTED": "DRAFTED", "NEGOTIATED": "NEGOTIATED", "INITIALLED": "INITIALLED",
    "SIGNED": "SIGNED", "RATIFIED": "RATIFIED", "ACCEPTED": "RATIFIED", "APPROVED": "RATIFIED", "ACCEDED": "RATIFIED",
    "ENTERED_INTO_FORCE": "IN_FORCE", "PROVISIONALLY_APPLIED": "IN_FORCE",
}  # fmt: skip
RANK = list(dict.fromkeys(FORWARD.values()))
BREAKS = {
    "SUSPENDED": "SUSPENDED", "VIOLATION_CONFIRMED": "BREACHED", "REJECTED": "REJECTED", "REPUDIATED": "TERMINATED",
    "TERMINATED": "TERMINATED", "EXPIRED": "EXPIRED", "SUPERSEDED": "SUPERSEDED",
}  # fmt: skip


def agreement_status(clock: Clock, agreement: Row) -> str:
    status, broken = "SOUGHT", ""
    for step in clock.steps(agreement["id"]):
        if step["kind"] in BREAKS:
            status = broken = BREAKS[step["kind"]]
        elif forward := FORWARD.get(step["kind"]):
            if broken and (broken == "REJECTED" or forward == "IN_FORCE"):
                status, broken = forward, ""
            elif not broken and (status not in RANK or RANK.index(forward) > RANK.index(status)):
                status = forward
    return status


def signed_on(clock: Clock, agreement: Row) -> str | None:
    signed = least(earliest(step["at"]) for step in clock.steps(agreement["id"], "SIGNED"))
    names = [earliest(each["signed"]) for each in clock.of("signature", "agreement_id", agreement["id"])
             if each["capacity"] == "PARTY"]  # fmt: skip
    return signed or max(filter(None, names), default=None)


def in_force_since(clock: Clock, agreement: Row) -> str | None:
    if agreement_status(clock, agreement) != "IN_FORCE":
        return None
    steps = clock.steps(agreement["id"], "ENTERED_INTO_FORCE", "PROVISIONALLY_APPLIED")
    breaks = [earliest(step["at"]) or "" for step in clock.steps(agreement["id"], *BREAKS)]
    days = filter(None, (earliest(step["at"]) for step in steps))
    return min((day for day in days if day >= max(breaks, default="")), default=None)


def implementation(clock: Clock, agreement: Row) -> float | int | None:
    levels = []
    for provision in clock.of("provision", "agreement_id", agreement["id"]):
        found = clock.of("assessment", "provision_id", provision["id"])
        if found:
            newest = max(found, key=lambda row: (latest(row["period"]) or "9999-99-99", row["id"]))
            levels.append(newest["level"])
    if not levels:
        return None
    mean = (Decimal(sum(levels)) / len(levels)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return int(mean) if mean == int(mean) else float(mean)


def activity(clock: Clock, process: Row) -> list[str]:
    """The days of what happened in a process."""
    found: list[str | None] = []
    found += [
        latest(talk["ends"]) or latest(talk["starts"]) or earliest(talk["starts"])
        for talk in clock.of("talk", "process_id", process["id"])
        if talk_status(clock, talk) in ("UNDER_WAY", "HELD", "CONCLUDED", "COLLAPSED")
    ]
    for agreement in clock.of("agreement", "process_id", process["id"]):
        steps = [step["at"] for step in clock.steps(agreement["id"])]
        signed = [each["signed"] for each in clock.of("signature", "agreement_id", agreement["id"])]
        found += [latest(day) or earliest(day) for day in (*steps, *signed)]
    return [min(day, clock.today) for day in found if day]


def last_activity(clock: Clock, process: Row) -> str | None:
    return max(activity(clock, process), default=None)


def days_since_last_activity(clock: Clock, process: Row) -> int | None:
    last = last_activity(clock, process)
    return (days(clock.today) - days(last)).days if last else None


def talks_to_come(clock: Clock, process: Row) -> list[Row]:
    found = clock.of("talk", "process_id", process["id"])
    return [talk for talk in found if talk_status(clock, talk) in ("EXPECTED", "SCHEDULED")]


def subjects(clock: Clock, process: Row) -> set[str]:
    """What belongs to a process and may have a deadline: itself, its talks, agreements and conditions."""
    said = {each["id"] for each in clock.of("statement", "process_id", process["id"])}
    return {
        process["id"],
        *(each["id"] for table in ("talk", "agreement") for each in clock.of(table, "process_id", process["id"])),
        *(each["id"] for each in clock.present("condition") if each["statement_id"] in said),
    }


def open_deadlines(clock: Clock, process: Row) -> list[Row]:
    about = subjects(clock, process)
    return [
        row
        for row in clock.present("deadline")
        if row["subject_id"] in about and deadline_status(clock, row) in ("PENDING", "DUE_SOON", "IN_WINDOW")
    ]


def process_status(clock: Clock, process: Row) -> str:
    ended = clock.last_step(process["id"], "OPENED", "RESUMED", "CONCLUDED", "COLLAPSED")
    if ended and ended["kind"] in ("CONCLUDED", "COLLAPSED"):
        return str(ended["kind"])
    paused = clock.last_step(process["id"], "SUSPENDED", "RESUMED")
    if paused and paused["kind"] == "SUSPENDED":
        return "SUSPENDED"
    last = last_activity(clock, process) or earliest(process["opened"])
    is_idle = last is not None and (days(clock.today) - days(last)).days > process["stall_after_days"]
    nothing_to_come = not talks_to_come(clock, process) and not open_deadlines(clock, process)
    return "STALLED" if is_idle and nothing_to_come else "ACTIVE"


def stalled_since(clock: Clock, process: Row) -> str | None:
    if process_status(clock, process) != "STALLED":
        return None
    last = last_activity(clock, process) or earliest(process["opened"])
    return str(days(last) + timedelta(days=process["stall_after_days"] + 1)) if last else None


def next_talk(clock: Clock, process: Row) -> str | None:
    found = talks_to_come(clock, process)
    return min(
        (
            (earliest(each["starts"]) or "9999-99-99", latest(each["starts"]) or "9999-99-99", each["id"])
            for each in found
        ),
        default=(None,),
    )[-1]


def next_deadline(clock: Clock, process: Row) -> str | None:
    found = [(due(clock, each), each["id"]) for each in open_deadlines(clock, process)]
    return min(
        ((latest(when) or "9999-99-99", earliest(when) or "9999-99-99", uuid) for when, uuid in found), default=(None,)
    )[-1]


def reported_status(clock: Clock, process: Row) -> str | None:
    step = clock.last_step(process["id"], "REPORTED_STALLED", "REPORTED_PROGRESS")
    return step["id"] if step else None


def speaker_office(clock: Clock, statement: Row) -> str | None:
    said = statement["said"]
    held = [
        row
        for row in clock.of("office", "person_id", statement["speaker_id"])
        if statement["speaker_id"]
        if (earliest(row["held"]) or "") <= (latest(said) or "9999-99-99")
        and (latest(row["held"]) or "9999-99-99") >= (earliest(said) or "")
    ]
    held.sort(key=lambda row: row["id"])
    held.sort(key=lambda row: earliest(row["held"]) or "", reverse=True)
    return held[0]["id"] if held else None


def outcome(clock: Clock, condition: Row) -> str:
    deadline = clock.find("deadline", condition["deadline_id"])
    if deadline is None or deadline["retracted_at"]:
        return "PENDING"
    status = deadline_status(clock, deadline)
    return {"MET": "MET", "MISSED": "UNMET", "WAIVED": "WITHDRAWN", "WITHDRAWN": "WITHDRAWN", "OVERDUE": "LAPSED"}.get(
        status, "PENDING"
    )


def difference(clock: Clock, row: Row, one: int, other: int) -> list[Row] | None:
    """What differs between two versions of a record."""
    if not (1 <= one <= row["version"] and 1 <= other <= row["version"]):
        return None
    before, after = content(clock, row, one), content(clock, row, other)
    return sorted(
        (
            {"field": field_name(column), "before": before.get(column), "after": after.get(column)}
            for column in before.keys() | after.keys()
            if before.get(column) != after.get(column)
        ),
        key=lambda change: str(change["field"]),
    )


def content(clock: Clock, row: Row, version: int) -> Row:
    """What a record said in a version."""
    found: Row = {}
    for each in sorted(clock.of("revision", "record_id", row["id"]), key=lambda each: int(each["version"])):
        if each["version"] <= version:
            found |= {column: change["after"] for column, change in each["changes"].items()}
    return found


def standings(clock: Clock) -> list[Row]:
    pairs = {(row["process_id"], row["issue_id"]) for row in clock.present("position")}
    names = {row["id"]: row["name"] for row in clock.present("issue")}
    return [
        {"id": f"{process}.{issue}", "process_id": process, "issue_id": issue, "name": names[issue]}
        for process, issue in sorted(pairs)
        if issue in names
    ]


def newest_positions(clock: Clock, standing: Row) -> list[Row]:
    """Of each actor the newest position, actors in the order of their ids."""
    newest: dict[str, Row] = {}
    for row in clock.of("position", "process_id", standing["process_id"]):
        if row["issue_id"] == standing["issue_id"]:
            other = newest.get(row["actor_id"])
            age = (earliest(row["held"]) or "", row["id"])
            if other is None or age > (earliest(other["held"]) or "", other["id"]):
                newest[row["actor_id"]] = row
    return [newest[actor] for actor in sorted(newest)]


def issue_standing(clock: Clock, standing: Row) -> str:
    stances = [row["stance"] for row in newest_positions(clock, standing) if row["stance"] != "UNDECLARED"]
    if len(stances) < 2:
        return "ONE_SIDED" if stances else "UNKNOWN"
    if "REJECTS" in stances or stances.count("DEMANDS") > 1:
        return "CONTESTED"
    return "CONVERGING" if "ACCEPTS_WITH_CONDITIONS" in stances else "AGREED"


def timeline(clock: Clock) -> list[Row]:
    found = []

    def entry(row: Row, process: str | None, at: Any, kind: str, title: str) -> None:
        if process is not None:
            found.append({"id": row["id"], "process_id": process, "record_id": row["id"], "at": at, "kind": kind,
                          "title": title})  # fmt: skip

    for row in clock.present("talk"):
        begun = earliest(row["starts"])
        if (
            begun
            and begun <= clock.today
            and talk_status(clock, row) in ("UNDER_WAY", "HELD", "CONCLUDED", "COLLAPSED")
        ):
            entry(row, row["process_id"], row["starts"], "TALK", row["title"])
    for row in clock.present("statement"):
        entry(
            row, row["process_id"], row["said"], "STATEMENT", row["quote"] if row["summary"] is None else row["summary"]
        )
    homes = homes_of_milestones(clock)
    for row in clock.present("milestone"):
        if home := homes.get(row["subject_id"]):
            entry(row, home[0], row["at"], "MILESTONE", f"{row['kind']}: {home[1]}")
    agreements = {row["id"]: row for row in clock.present("agreement")}
    for row in clock.present("signature"):
        if row["signed"] and (agreement := agreements.get(row["agreement_id"])):
            entry(row, agreement["process_id"], row["signed"], "SIGNATURE", agreement["title"])
    return found


def homes_of_milestones(clock: Clock) -> dict[str, tuple[str | None, str]]:
    """For each thing that has milestones the process it belongs to, and its title."""
    homes: dict[str, tuple[str | None, str]] = {row["id"]: (row["id"], row["name"]) for row in clock.present("process")}
    for table in ("talk", "agreement"):
        homes |= {row["id"]: (row["process_id"], row["title"]) for row in clock.present(table)}
    said = {row["id"]: row["process_id"] for row in clock.present("statement")}
    of_conditions = {row["id"]: said.get(row["statement_id"]) for row in clock.present("condition")}
    for row in clock.present("deadline"):
        subject = row["subject_id"]
        process = homes[subject][0] if subject in homes else of_conditions.get(subject)
        homes[row["id"]] = (process, row["title"])
    return homes


VALUES: Mapping[str, Callable[[Clock, Row], Any]] = {
    "Talk.status": talk_status,
    "Talk.daysUntil": lambda clock, row: days_to(clock, row["starts"]),
    "Deadline.status": deadline_status,
    "Deadline.daysRemaining": lambda clock, row: days_to(clock, due(clock, row)),
    "Process.status": process_status,
    "Process.lastActivity": last_activity,
    "Process.daysSinceLastActivity": days_since_last_activity,
    "Process.stalledSince": stalled_since,
    "Agreement.status": agreement_status,
    "Agreement.signedOn": signed_on,
    "Agreement.inForceSince": in_force_since,
    "Agreement.implementation": implementation,
    "Condition.outcome": outcome,
    "Standing.standing": issue_standing,
}

ONES: Mapping[str, tuple[str, Callable[[Clock, Row], str | None]]] = {
    "Process.reportedStatus": ("milestone", reported_status),
    "Process.nextTalk": ("talk", next_talk),
    "Process.nextDeadline": ("deadline", next_deadline),
    "Statement.speakerOffice": ("office", speaker_office),
}

MANIES: Mapping[str, tuple[str, Callable[[Clock, Row], list[str]]]] = {
    "Deadline.extensions": (
        "milestone", lambda clock, row: [each["id"] for each in clock.steps(row["id"], "EXTENDED")]
    ),
    "Standing.positions": (
        "position", lambda clock, row: [each["id"] for each in newest_positions(clock, row)]
    ),
    "Standing.redLines": (
        "position", lambda clock, row: [each["id"] for each in newest_positions(clock, row) if each["red_line"]]
    ),
}  # fmt: skip


# --- execution -----------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Item:
    """A row with its type and its clock."""

    type: str
    row: Row
    clock: Clock


@dataclass(frozen=True, eq=False)
class Page:
    """The part of a list that was asked for."""

    items: Sequence[Item]
    cursors: Sequence[str]
    whole: Sequence[Item]
    has_next: bool
    has_previous: bool


class Oracle:
    """Answers operations from the states of a world."""

    def __init__(self, sdl: str, states: Sequence[State], rules: Sequence[Row]) -> None:
        self.schema: GraphQLSchema = build_schema(sdl)
        self.states = states
        self.rules = rules
        self.now = datetime.now(UTC)
        self.clocks: dict[tuple[str, int], Clock] = {}

    def execute(self, text: str, variables: Mapping[str, Any], now: datetime) -> ExecutionResult:
        self.now = now
        document = parse(text)
        if errors := validate(self.schema, document):
            return ExecutionResult(None, errors)
        result = execute_sync(
            self.schema,
            document,
            variable_values=dict(variables),
            field_resolver=self.resolve,
            type_resolver=lambda value, *_: value.type,
        )
        assert isinstance(result, ExecutionResult)
        return result

    def clock(self, as_of: str | None, known_at: str | None) -> Clock:
        moment = read_moment(as_of) if as_of else self.now
        known = len(self.states) if known_at is None else sum(s.since <= read_moment(known_at) for s in self.states)
        name = (str(moment.astimezone(UTC).date()), known)
        if name not in self.clocks:
            self.clocks[name] = Clock(self.states[known - 1].tables if known else {}, name[0])
        return self.clocks[name]

    # --- fields ---

    def resolve(self, source: Any, info: Any, **arguments: Any) -> Any:
        if source is None:
            return self.root(info, arguments)
        if isinstance(source, Page):
            return self.of_page(source, info, arguments)
        if isinstance(source, Mapping):
            return source[info.field_name]
        return self.field(source, info.parent_type, info.field_name, arguments)

    def root(self, info: Any, arguments: dict[str, Any]) -> Any:
        name = info.field_name
        if name in ("rules", "rule"):
            return self.rules if name == "rules" else next((r for r in self.rules if r["id"] == arguments["id"]), None)
        if name == "phrase":
            return self.phrase(**arguments)
        clock = self.clock(arguments.pop("asOf", None), arguments.pop("knownAt", None))
        if name in ("node", "record"):
            return self.any_record(clock, clock.redirected(read_id(arguments["id"])))
        if name == "nodes":
            return [self.any_record(clock, clock.redirected(read_id(uuid))) for uuid in arguments["ids"]]
        type_ = get_named_type(info.return_type)
        if "by" in arguments:
            ((by, wanted),) = arguments["by"].items()
            wanted = read_id(wanted) if by == "id" else wanted
            rows = (row for row in clock.tables.get(snake(type_.name), ()) if row[by] == wanted)
            found = next((row["merged_into_id"] or row["id"] for row in rows), None)
            return self.item(clock, snake(type_.name), found)
        about = get_named_type(type_.fields["nodes"].type)
        return self.page(about, clock.present(snake(about.name)), clock, arguments)

    def phrase(self, text: str, anchor: str, language: str | None = None) -> dict[str, Any]:
        names = ("language", "term", "occurrence", "rule", "refusal")
        found = {**dict.fromkeys(names), **phrase_row(text, date.fromisoformat(anchor), language)}
        return {**found, "rule": next((each for each in self.rules if each["id"] == found["rule"]), None)}

    def field(self, item: Item, type_: GraphQLObjectType, name: str, arguments: dict[str, Any]) -> Any:
        full = f"{item.type}.{name}"
        clock, row = item.clock, item.row
        if full in VALUES:
            return VALUES[full](clock, row)
        if name.endswith("Explained"):
            return self.explained(item, full.removesuffix("Explained"))
        if full == "Revision.changes":
            return [{"field": field_name(each), **row["changes"][each]} for each in sorted(row["changes"])]
        if full == "Revision.type":
            return clock.types[row["record_id"]].upper()
        if name == "diff":
            return difference(clock, row, arguments["from"], arguments["to"])
        if (one := self.one(item, name)) is not None:
            table, uuid = one
            return self.any_record(clock, uuid) if table == "record" else self.item(clock, table, uuid)
        if (many := self.many(item, name)) is not None:
            table, ids = many
            return [Item(type_name(table), each, clock) for each in in_order(clock.present(table), ids)]
        if (rows := self.children(item, name)) is not None:
            about = get_named_type(get_named_type(type_.fields[name].type).fields["nodes"].type)
            return self.page(about, rows, clock, arguments)
        return row[snake(name)]

    def explained(self, item: Item, full: str) -> Row:
        rule = next(
            each
            for each in self.rules
            if each["id"].startswith(f"{snake(full)}.v")
            or (full == "Standing.standing" and each["id"].startswith("issue.standing.v"))
        )
        return {"value": VALUES[full](item.clock, item.row), "rule": rule}

    def one(self, item: Item, name: str) -> tuple[str, str | None] | None:
        """Table and id of the one record that a field leads to; None where it leads to none."""
        full, column = f"{item.type}.{name}", f"{snake(name)}_id"
        if full in ONES:
            table, rule = ONES[full]
            return table, rule(item.clock, item.row)
        if column in item.row:
            about = self.schema.type_map[item.type].fields[name].type  # type: ignore[attr-defined]
            return snake(get_named_type(about).name), item.row[column]
        return None

    def many(self, item: Item, name: str) -> tuple[str, list[str]] | None:
        full = f"{item.type}.{name}"
        if full in MANIES:
            table, rule = MANIES[full]
            return table, rule(item.clock, item.row)
        if name in LISTS and LISTS[name][0] in item.row:
            column, table = LISTS[name]
            return table, item.row[column]
        return None

    def children(self, item: Item, name: str) -> list[Row] | None:
        if item.type == "Process" and name == "deadlines":
            about = subjects(item.clock, item.row)
            return [row for row in item.clock.present("deadline") if row["subject_id"] in about]
        found = CHILDREN.get(f"{item.type}.{name}") or CHILDREN.get(name)
        return item.clock.of(found[0], found[1], item.row["id"]) if found else None

    def item(self, clock: Clock, table: str, uuid: str | None) -> Item | None:
        row = clock.find(table, uuid)
        return None if row is None else Item(type_name(table), row, clock)

    def any_record(self, clock: Clock, uuid: str | None) -> Item | None:
        table = self.states[-1].tables and clock.types.get(uuid or "")
        return self.item(clock, table, uuid) if table else None

    # --- lists ---

    def page(self, type_: Any, rows: Sequence[Row], clock: Clock, arguments: Mapping[str, Any]) -> Page:
        first, last, after, before = (arguments.get(name) for name in ("first", "last", "after", "before"))
        if first is not None and last is not None:
            raise GraphQLError("first and last")
        size = first if first is not None else last if last is not None else 20
        if not 1 <= size <= 100:
            raise GraphQLError("page size")
        tests = self.tests(type_, arguments.get("filter"), clock)
        every = (Item(type_.name, row, clock) for row in rows)
        items = [item for item in every if all(test(item) is True for test in tests)]
        orders = self.orders(type_, arguments.get("orderBy"))

        def by_place(one: list[Any], other: list[Any]) -> int:
            return compare_keys(one, other, orders)

        compare = cmp_to_key(by_place)
        placed = sorted(((self.keys(item, orders), item) for item in items), key=lambda pair: compare(pair[0]))
        found, place = placed, f"{type_.name} {orders}"
        if after is not None:
            found = [pair for pair in found if compare_keys(pair[0], read_cursor(after, place), orders) > 0]
        if before is not None:
            found = [pair for pair in found if compare_keys(pair[0], read_cursor(before, place), orders) < 0]
        backward = last is not None or (before is not None and first is None)
        chosen = found[-size:] if backward else found[:size]
        more = len(found) > size
        return Page(
            [item for _, item in chosen],
            [CURSOR + json.dumps([place, keys]) for keys, _ in chosen],
            items,
            has_next=before is not None or (more and not backward),
            has_previous=after is not None or (more and backward),
        )

    def of_page(self, page: Page, info: Any, arguments: Mapping[str, Any]) -> Any:
        name = info.field_name
        if name == "totalCount":
            return len(page.whole)
        if name == "groups":
            return self.groups(get_named_type(info.parent_type.fields["nodes"].type), page.whole, arguments["by"])
        if name == "nodes":
            return page.items
        if name == "edges":
            return [{"cursor": cursor, "node": item} for cursor, item in zip(page.cursors, page.items, strict=True)]
        return {
            "hasNextPage": page.has_next, "hasPreviousPage": page.has_previous,
            "startCursor": page.cursors[0] if page.cursors else None,
            "endCursor": page.cursors[-1] if page.cursors else None,
        }  # fmt: skip

    def groups(self, type_: Any, items: Sequence[Item], by: str) -> list[Row]:
        """The values of a list by how often they are there, those of one number by their letters."""
        name, part, letters = self.grouped(type_, by)
        counts: dict[str | None, int] = {}
        for item in items:
            value = self.field(item, type_, name, {})
            if part:
                value = value[part] if value else None
            if isinstance(value, bool):
                value = str(value).lower()
            elif letters and value is not None:
                # An instant is written in UTC by Postgres' own rule, a day as it is.
                value = (str(instant(value).astimezone(UTC)) if "T" in value else value)[:letters]
            counts[value] = counts.get(value, 0) + 1
        placed = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0] is None, pair[0] or ""))
        return [{"key": key, "count": count} for key, count in placed]

    def grouped(self, type_: Any, by: str) -> tuple[str, str | None, int | None]:
        """What a list is grouped by: field, part, and how many letters of a date."""
        for name, each in type_.fields.items():
            is_fuzzy, start = get_named_type(each.type).name == "FuzzyDate", snake(name).upper()
            if by == start:
                return name, None, None
            if is_fuzzy and by == f"{start}_PRECISION":
                return name, "precision", None
            for word, letters in (("YEAR", 4), ("MONTH", 7), ("DAY", 10)):
                if by == f"{start}_{word}":
                    return name, "earliest" if is_fuzzy else None, letters
        raise LookupError(by)

    def orders(self, type_: Any, given: Sequence[str] | None) -> list[tuple[str, str | None, bool]]:
        """What a list is ordered by: field, part, whether descending."""
        found: list[tuple[str, str | None, bool]] = []
        for each in given or ():
            words, _, direction = each.rpartition("_")
            found.append((*self.path(type_, words.lower()), direction == "DESC"))
        if not found:
            for each in DEFAULT_ORDER[type_.name].split():
                name, _, part = each.lstrip("-").partition(".")
                found.append((name, part or None, each.startswith("-")))
        unique = "seq" if type_.name == "Revision" else "id"
        if all(name != unique for name, _, _ in found):
            found.append((unique, None, False))
        return list(dict.fromkeys(found))

    def path(self, type_: Any, words: str) -> tuple[str, str | None]:
        for name in type_.fields:
            if snake(name) == words:
                return name, None
            for part in ("earliest", "latest", "min", "max"):
                if f"{snake(name)}_{part}" == words:
                    return name, part
        raise LookupError(words)

    def keys(self, item: Item, orders: Sequence[tuple[str, str | None, bool]]) -> list[Any]:
        type_: Any = self.schema.type_map[item.type]
        found = []
        for name, part, _ in orders:
            value = self.field(item, type_, name, {})
            if part:
                value = value[part] if value else None
            found.append(self.comparable(type_, name, value) if value is not None else None)
        return found

    def comparable(self, type_: Any, name: str, value: Any) -> Any:
        """A value as one that Python orders as Postgres does; something that JSON can hold."""
        about = get_named_type(type_.fields[name].type)
        if isinstance(about, GraphQLEnumType) and f"{type_.name}.{name}" not in COMPUTED_TERMS:
            return list(about.values).index(value)
        if about.name == "DateTime":
            return (instant(value) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
        return value

    # --- filters ---

    def tests(self, type_: Any, given: Mapping[str, Any] | None, clock: Clock) -> list[Test]:
        found: list[Test] = []
        for name, condition in (given or {}).items():
            if condition is None:
                continue
            if name in ("and", "or"):
                inner = [self.tests(type_, each, clock) for each in condition]
                if inner:
                    found.append(both(inner) if name == "and" else either(inner))
            elif name == "not":
                if tests := self.tests(type_, condition, clock):
                    found.append(lambda item, tests=tests: all_of(tests, item) is not True)  # type: ignore[misc]
            else:
                found += self.test(type_, name, condition, clock)
        return found

    def test(self, type_: Any, name: str, condition: Mapping[str, Any], clock: Clock) -> list[Test]:
        about: Any = get_named_type(type_.fields[name].type)
        if about.name in ("FuzzyDate", "DayRange"):
            return [
                test
                for part, each in condition.items()
                if each is not None
                for test in compared(about, part, each, self.part(type_, name, part))
            ]
        if "nodes" in getattr(about, "fields", {}) or "some" in condition or "none" in condition:
            return self.test_of_list(name, about, condition, clock)
        if hasattr(about, "fields"):
            return self.test_of_one(type_, name, about, condition, clock)
        return compared(type_, name, condition, lambda item: self.field(item, type_, name, {}))

    def part(self, type_: Any, name: str, part: str) -> Callable[[Item], Any]:
        def value(item: Item) -> Any:
            whole = self.field(item, type_, name, {})
            return whole[part] if whole else None

        return value

    def test_of_one(self, type_: Any, name: str, about: Any, given: Mapping[str, Any], clock: Clock) -> list[Test]:
        if about.name == "Record":
            if not any(self.tests(each, given, clock) for each in self.schema.get_possible_types(about)):
                return []
        elif not self.tests(about, given, clock):
            return []

        def test(item: Item) -> bool:
            other = self.field(item, type_, name, {})
            if other is None:
                return False
            return all_of(self.tests(self.schema.type_map[other.type], given, clock), other) is True

        return [test]

    def test_of_list(self, name: str, about: Any, given: Mapping[str, Any], clock: Clock) -> list[Test]:
        inner: Any = get_named_type(about.fields["nodes"].type) if "nodes" in about.fields else about
        found: list[Test] = []
        for quantifier, each in given.items():
            tests = self.tests(inner, each, clock)
            if tests or each == {}:

                def test(item: Item, tests: list[Test] = tests, wanted: bool = quantifier == "some") -> bool:
                    return any(all_of(tests, other) is True for other in self.members(item, name, inner)) is wanted

                found.append(test)
        return found

    def members(self, item: Item, name: str, inner: Any) -> list[Item]:
        if (many := self.many(item, name)) is not None:
            return [Item(inner.name, row, item.clock) for row in in_order(item.clock.present(many[0]), many[1])]
        return [Item(inner.name, row, item.clock) for row in self.children(item, name) or ()]


# --- small parts ---------------------------------------------------------------------------------


def in_order(rows: Sequence[Row], ids: Sequence[str]) -> list[Row]:
    by_id = {row["id"]: row for row in rows}
    return [by_id[uuid] for uuid in ids if uuid in by_id]


def type_name(table: str) -> str:
    return "".join(word.capitalize() for word in table.split("_"))


def read_moment(text: str) -> datetime:
    return instant(text.replace("Z", "+00:00"))


def read_id(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise GraphQLError("no id") from None


def read_cursor(text: str, place: str) -> Any:
    """The keys of the item that a cursor stands for, in the list that it was given for."""
    if not text.startswith(CURSOR + json.dumps([place])[:-1]):
        raise GraphQLError("no cursor of this list in this order")
    return json.loads(text.removeprefix(CURSOR))[1]


def compare_keys(a: Sequence[Any], b: Sequence[Any], orders: Sequence[tuple[str, str | None, bool]]) -> int:
    """Null counts as greater than everything."""
    for one, other, (_, _, descending) in zip(a, b, orders, strict=True):
        x, y = (one is None, one), (other is None, other)
        if x[0] != y[0] or (one is not None and one != other):
            greater = x[0] if x[0] != y[0] else one > other
            return -1 if greater == descending else 1
    return 0


def all_of(tests: Sequence[Test], item: Item) -> bool | None:
    found = [test(item) for test in tests]
    return False if False in found else None if None in found else True


def both(inner: Sequence[list[Test]]) -> Test:
    return lambda item: conjunction([all_of(tests, item) for tests in inner])


def either(inner: Sequence[list[Test]]) -> Test:
    def test(item: Item) -> bool | None:
        found = [all_of(tests, item) for tests in inner]
        return True if True in found else None if None in found else False

    return test


def conjunction(found: Sequence[bool | None]) -> bool | None:
    return False if False in found else None if None in found else True


def compared(type_: Any, name: str, condition: Mapping[str, Any], value: Callable[[Item], Any]) -> list[Test]:
    """The tests that compare one value with what was given, by SQL's logic of three values."""
    about = get_named_type(type_.fields[name].type)
    read: Callable[[Any], Any] = {"ID": read_id if type_.name != "Standing" else str, "DateTime": read_moment}.get(
        about.name, lambda each: each
    )
    own: Callable[[Any], Any] = instant if about.name == "DateTime" else lambda each: each
    found: list[Test] = []
    for operator, wanted in condition.items():
        if wanted is None:
            raise GraphQLError("null")
        if operator in ("isNull", "isEmpty", "has", "contains"):
            other = wanted
        else:
            other = [read(each) for each in wanted] if operator == "in" else read(wanted)

        def test(item: Item, operator: str = operator, other: Any = other) -> bool | None:
            found = value(item)
            if operator == "isNull":
                return (found is None) is other
            if operator == "ne":
                return found is None or own(found) != other
            return None if found is None else bool(OPERATORS[operator](own(found), other))

        found.append(test)
    return found


OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": lambda a, b: a == b,
    "in": lambda a, b: a in b,
    "lt": lambda a, b: a < b,
    "lte": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "gte": lambda a, b: a >= b,
    "contains": lambda a, b: b.lower() in a.lower(),
    "has": lambda a, b: b in a,
    "isEmpty": lambda a, b: (len(a) == 0) is b,
}
