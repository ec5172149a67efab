"""The fields of a row: stored, computed by a rule, or leading to other rows.

A rule that is new to the schema is taught here, in the first table that fits: `VALUES`, `ONES`, `MANIES` or `LISTS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLList, get_named_type, get_nullable_type

from tests.support.judgements.agreements import provision_status
from tests.support.judgements.facts import day_of
from tests.support.judgements.talks_and_deadlines import condition_outcome
from tests.support.oracle.agreements import (
    agreed,
    agreement_since,
    implementation,
    in_force_since,
    leaves_on,
    provision_disputed,
    state,
    violations,
)
from tests.support.oracle.clock import Clock, latest
from tests.support.oracle.computed_rows import issue_standing, newest_positions
from tests.support.oracle.names import field_name, snake, type_name
from tests.support.oracle.processes import (
    days_since_last_activity,
    last_activity,
    next_deadline,
    next_talk,
    process_since,
    process_status,
    reported_status,
    stalled_since,
    subjects,
)
from tests.support.oracle.revisions import difference
from tests.support.oracle.shape import Shape, is_connection, listed
from tests.support.oracle.talks_and_deadlines import (
    days_remaining,
    days_until,
    deadline,
    deadline_since,
    extensions,
    moved_due,
    moved_end,
    moved_start,
    moves,
    speaker_office,
    talk,
    talk_since,
)
from tests.support.world import Row

VALUES: Mapping[str, Callable[[Clock, Row], Any]] = {
    "Talk.status": lambda clock, row: talk(clock, row).status,
    "Talk.statusSince": talk_since,
    "Talk.daysUntil": days_until,
    "Talk.starts": moved_start,
    "Talk.ends": moved_end,
    "Talk.venue": lambda clock, row: talk(clock, row).place[0],
    "Talk.city": lambda clock, row: talk(clock, row).place[1],
    "Talk.country": lambda clock, row: talk(clock, row).place[2],
    "Deadline.due": moved_due,
    "Talk.disputed": lambda clock, row: talk(clock, row).disputed,
    "Deadline.status": lambda clock, row: deadline(clock, row).status,
    "Deadline.statusSince": deadline_since,
    "Deadline.daysRemaining": days_remaining,
    "Deadline.disputed": lambda clock, row: deadline(clock, row).disputed,
    "Process.status": process_status,
    "Process.statusSince": process_since,
    "Process.lastActivity": last_activity,
    "Process.daysSinceLastActivity": days_since_last_activity,
    "Process.stalledSince": stalled_since,
    "Agreement.status": lambda clock, row: agreed(clock, row).status,
    "Agreement.statusSince": agreement_since,
    "Agreement.signedOn": lambda clock, row: day_of(agreed(clock, row).signed_on),
    "Agreement.disputed": lambda clock, row: agreed(clock, row).disputed,
    "Agreement.violations": violations,
    "Signature.state": state,
    "Signature.leavesOn": leaves_on,
    "Provision.status": lambda clock, row: provision_status(clock.facts, row, clock.day),
    "Provision.disputed": provision_disputed,
    "Agreement.inForceSince": in_force_since,
    "Agreement.implementation": implementation,
    "Condition.outcome": lambda clock, row: condition_outcome(clock.facts, row, clock.day),
    "Standing.standing": issue_standing,
    "Revision.type": lambda clock, row: clock.types[row["record_id"]].upper(),
    "Revision.changes": lambda _, row: [{"field": field_name(n), **row["changes"][n]} for n in sorted(row["changes"])],
}
"""Computed values, of which some are objects."""

ONES: Mapping[str, Callable[[Clock, Row], str | None]] = {
    "Process.reportedStatus": reported_status,
    "Process.nextTalk": next_talk,
    "Process.nextDeadline": next_deadline,
    "Statement.speakerOffice": speaker_office,
}
"""Computed references: the id of one record."""

MANIES: Mapping[str, Callable[[Clock, Row], list[str]]] = {
    "Deadline.extensions": extensions,
    "Deadline.moves": moves,
    "Deadline.readings": lambda clock, row: list(deadline(clock, row).readings),
    "Talk.readings": lambda clock, row: list(talk(clock, row).readings),
    "Standing.positions": lambda clock, row: [each["id"] for each in newest_positions(clock, row)],
    "Standing.redLines": lambda clock, row: [each["id"] for each in newest_positions(clock, row) if each["red_line"]],
}
"""Computed lists of ids."""

LISTS: Mapping[str, Callable[[Clock, Row], list[Row]]] = {
    "Actor.members": lambda clock, row: [each for each in clock.present("actor") if is_member(clock, each, row["id"])],
    "Process.deadlines": lambda clock, row: [
        each for each in clock.present("deadline") if each["subject_id"] in subjects(clock, row)
    ],
    "Actor.statements": lambda clock, row: [
        each for each in clock.present("statement") if row["id"] in each["speaker_ids"]
    ],
}
"""Connections to other records than those that point to the row."""

FOLLOWED: Mapping[str, str] = {
    "Actor.offices": "person_id",
    "Actor.memberships": "member_id",
    "Actor.groupMemberships": "group_id",
    "Actor.officeHolders": "actor_id",
    "Actor.participations": "actor_id",
    "Actor.signatures": "actor_id",
    "Agreement.parts": "part_of_id",
}
"""The reference that a connection follows, where its records have several to the type."""

RULES: Mapping[str, str] = {"Standing.standing": "issue.standing", "Signature.state": "party.state"}
"""The rule that explains a field, where it is not named after it."""


class Untaught(LookupError):
    """A field for which the oracle has no rule."""


@dataclass(frozen=True, eq=False)
class Item:
    """A row with its type and its clock."""

    type: str
    row: Row
    clock: Clock


@dataclass(frozen=True)
class Fields:
    """Reads fields from rows, by the rules above."""

    shape: Shape
    rules: Sequence[Row]

    def value(self, item: Item, name: str, arguments: Mapping[str, Any] | None = None) -> Any:
        """The value of a field: for a connection all its items, in no order."""
        full, given = f"{item.type}.{name}", arguments or {}
        if full in VALUES:
            return VALUES[full](item.clock, item.row)
        if name == "diff":
            return difference(item.clock, item.row, given["from"], given["to"])
        if name.endswith("Explained"):
            return self.explained(item, full.removesuffix("Explained"))
        type_ = self.shape.type(item.type).fields[name].type
        about: Any = get_named_type(type_)
        if is_connection(about):
            return [Item(listed(about).name, row, item.clock) for row in self.members(item, name)]
        if not self.is_record(about):
            return stored(item, name)
        if isinstance(get_nullable_type(type_), GraphQLList):
            ids = self.many(item, name)
            if about.name == "Record":
                return [each for uuid in ids if (each := any_record(item.clock, uuid)) and not each.row["retracted_at"]]
            return in_order(item.clock, snake(about.name), ids)
        return self.one(item, name, about)

    def is_record(self, type_: Any) -> bool:
        return type_ in self.shape.rows or type_.name == "Record"

    def explained(self, item: Item, full: str) -> Row:
        name = rule_name(full)
        rule = next(each for each in self.rules if each["id"].startswith(f"{name}.v"))
        return {"value": VALUES[full](item.clock, item.row), "rule": rule}

    def one(self, item: Item, name: str, about: Any) -> Item | None:
        rule = ONES.get(f"{item.type}.{name}")
        uuid = rule(item.clock, item.row) if rule else item.row[f"{snake(name)}_id"]
        return any_record(item.clock, uuid) if about.name == "Record" else record(item.clock, snake(about.name), uuid)

    def many(self, item: Item, name: str) -> list[str]:
        if rule := MANIES.get(f"{item.type}.{name}"):
            return rule(item.clock, item.row)
        column = next(each for each in item.row if each.endswith("_ids") and field_name(each) == name)
        found: list[str] = item.row[column]
        return found

    def members(self, item: Item, name: str) -> list[Row]:
        if rule := LISTS.get(f"{item.type}.{name}"):
            return rule(item.clock, item.row)
        about = listed(get_named_type(self.shape.type(item.type).fields[name].type))
        return item.clock.of(snake(about.name), self.followed(item.type, name), item.row["id"])

    def followed(self, type_: str, name: str) -> str:
        """The column by which the records of a connection point to its owner."""
        if found := FOLLOWED.get(f"{type_}.{name}"):
            return found
        owner, every = self.shape.type(type_), self.shape.type("Record")
        declaring = every if name in every.fields and every in owner.interfaces else owner
        about = listed(get_named_type(owner.fields[name].type))
        columns = self.shape.references(about, declaring)
        if len(columns) != 1:
            raise Untaught(
                f"{type_}.{name}: {about.name} points to it by {columns or 'nothing'}. "
                "Name the column in FOLLOWED, or the rows in LISTS, in tests/support/oracle/fields.py."
            )
        return columns[0]


def is_member(clock: Clock, actor: Row, group: str) -> bool:
    """Whether an actor is part of another: at all times, or by a membership of the day of the clock."""
    held = [row for row in clock.of("membership", "member_id", actor["id"]) if row["group_id"] == group]
    return actor["parent_id"] == group or any(
        row["role"] != "SPEAKS_FOR" and (latest(row["held"]) or "9999-99-99") >= clock.today for row in held
    )


def rule_name(full: str) -> str:
    """The name of the rule that explains a field, without its version."""
    return RULES.get(full, snake(full))


def stored(item: Item, name: str) -> Any:
    if snake(name) not in item.row:
        raise Untaught(f"{item.type}.{name} is not stored: write its rule in VALUES, tests/support/oracle/fields.py.")
    return item.row[snake(name)]


def in_order(clock: Clock, table: str, ids: Sequence[str]) -> list[Item]:
    """Records by their ids, in the order of these, without those that do not count."""
    by_id = {row["id"]: row for row in clock.present(table)}
    return [Item(type_name(table), by_id[uuid], clock) for uuid in ids if uuid in by_id]


def record(clock: Clock, table: str, uuid: str | None) -> Item | None:
    row = clock.find(table, uuid)
    return None if row is None else Item(type_name(table), row, clock)


def any_record(clock: Clock, uuid: str | None) -> Item | None:
    table = clock.types.get(uuid or "")
    return record(clock, table, uuid) if table else None
