"""What in the answers about a world does not go together: one answer contradicts another, or one of another day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from tests.laws.laboratory import Answer, Answers
from tests.support.world import Row

SINCE: Mapping[str, Callable[[Row], Any]] = {
    "statusSince": lambda row: row["status"],
    "stalledSince": lambda row: row["status"] == "STALLED",
    "inForceSince": lambda row: row["status"] == "IN_FORCE",
}
"""The days since which something is so, and what that is."""

SETTLED = ("MET", "MISSED", "WAIVED", "WITHDRAWN")
COMING = {"talks": ("SCHEDULED", "EXPECTED"), "deadlines": ("PENDING", "DUE_SOON", "IN_WINDOW")}
ENDED = ("CONCLUDED", "COLLAPSED")

BELONGING = ("talks", "agreements", "deadlines", "statements", "positions", "participations")
"""The lists of a process."""


def false_since(answers: Answers) -> Iterator[str]:
    """Law 1: from that day on it has been so, and on the visible day before it was not."""
    for listed in ("talks", "deadlines", "agreements", "processes"):
        for key in {key for answer in answers.values() for key in answer[listed]}:
            rows = {day: answer[listed][key] for day, answer in sorted(answers.items()) if key in answer[listed]}
            for field in SINCE.keys() & next(iter(rows.values())).keys():
                yield from (f"{listed} {key}: {told}" for told in false_runs(rows, field, SINCE[field]))


def false_runs(rows: Mapping[str, Row], field: str, state: Callable[[Row], Any]) -> Iterator[str]:
    """Compare each day with the next one asked for: between them a run goes on, or another begins."""
    for day, row in rows.items():
        if row[field] and (row[field] > day or not state(row)):
            yield f"{field} on {day} is {row[field]}"
    for (day, row), (next_day, following) in pairwise(rows.items()):
        goes_on = following[field] is not None and following[field] <= day
        if goes_on and (row[field], state(row)) != (following[field], state(following)):
            yield f"{field} on {day} is {row[field]}, and on {next_day} {following[field]}"
        if following[field] == next_day and state(row) == state(following) and is_next(day, next_day):
            yield f"{field} on {next_day} is that day, and it was so on {day}"


def is_next(day: str, other: str) -> bool:
    return date.fromisoformat(day) + timedelta(1) == date.fromisoformat(other)


def goes_back(answers: Answers) -> Iterator[str]:
    """Law 2: the last activity never goes back."""
    for key in {key for answer in answers.values() for key in answer["processes"]}:
        rows = [answer["processes"].get(key) for _, answer in sorted(answers.items())]
        seen = [row["lastActivity"] or "" for row in rows if row]
        if seen != sorted(seen):
            yield f"the last activity of {key} goes back: {seen}"


def contradictions(answer: Answer) -> Iterator[str]:
    """Law 5: what is settled or ended is not ahead; what is open is, by its days and by what comes next."""
    for key, row in answer["deadlines"].items():
        if row["daysRemaining"] and row["status"] in SETTLED:
            yield f"{key} is settled, and days remain"
        if row["daysRemaining"] and row["status"] in COMING["deadlines"] and row["daysRemaining"]["max"] < 0:
            yield f"{key} is {row['status']}, and past"
    for key, row in answer["talks"].items():
        if row["daysUntil"] and row["status"] not in COMING["talks"]:
            yield f"days remain until {key}, which is {row['status']}"
    for key, row in answer["processes"].items():
        yield from (f"{key} {told}" for told in contradictions_of_process(row, answer))


def contradictions_of_process(row: Row, answer: Answer) -> Iterator[str]:
    following = {"talks": row["nextTalk"], "deadlines": row["nextDeadline"]}
    for listed, found in following.items():
        if found and answer[listed][found["key"]]["status"] not in COMING[listed]:
            yield f"is followed by {found['key']}, which is not to come"
    if row["status"] in ENDED and any(following.values()):
        yield f"is {row['status']}, and something is next"
    if row["status"] == "WAITING" and not any(following.values()):
        yield "waits for nothing"
    if (row["status"] == "STALLED") != (row["stalledSince"] is not None):
        yield f"is {row['status']}, stalled since {row['stalledSince']}"


def stalled_above_an_active_track(answer: Answer, parents: Mapping[str, str | None]) -> Iterator[str]:
    """Law 8: no open parent is stalled while a track is active."""
    status = {key: row["status"] for key, row in answer["processes"].items()}
    for track, parent in parents.items():
        if status.get(track) == "ACTIVE" and parent and status.get(parent) == "STALLED":
            yield f"{parent} is stalled while its track {track} is active"


def unlisted(world: Mapping[str, Any], lists: Mapping[str, Any]) -> Iterator[str]:
    """Law 6: whatever was entered is in the lists of its process."""
    processes = processes_of(world)
    entered = [(section, each["key"], each.get("process"))
               for section in ("talks", "agreements", "statements", "positions")
               for each in world[section]]  # fmt: skip
    entered += [
        ("deadlines", each["key"], processes[next(iter(each["subject"].items()))]) for each in world["deadlines"]
    ]
    for section, key, process in entered:
        if process and key not in {each["key"] for each in lists[process][section]["nodes"]}:
            yield f"{key} is not in the {section} of {process}"


def processes_of(world: Mapping[str, Any]) -> dict[tuple[str, str], str | None]:
    """The process of each record that can be the subject of a deadline, by its type and key."""
    found: dict[tuple[str, str], str | None] = {("process", each["key"]): each["key"] for each in world["processes"]}
    for section, type_ in (("talks", "talk"), ("agreements", "agreement"), ("statements", "statement")):
        for each in world[section]:
            found[type_, each["key"]] = each.get("process")
            found |= {("provision", part["key"]): each.get("process") for part in each.get("provisions", [])}
            found |= {("condition", part["key"]): each.get("process") for part in each.get("conditions", [])}
    return found
