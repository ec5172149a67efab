"""Types whose rows are computed: standings of issues in processes, and the timeline."""

from __future__ import annotations

from typing import Any

from tests.support.judgements.facts import EVER, NEVER, Span
from tests.support.oracle.clock import Clock, earliest, latest
from tests.support.oracle.talks_and_deadlines import moved_start, talk
from tests.support.world import Row


def standings(clock: Clock) -> list[Row]:
    pairs = {(row["process_id"], row["issue_id"]) for row in clock.present("position")}
    names = {row["id"]: row["name"] for row in clock.present("issue")}
    return [
        {"id": f"{process}.{issue}", "process_id": process, "issue_id": issue, "name": names[issue]}
        for process, issue in sorted(pairs)
        if issue in names
    ]


def newest_positions(clock: Clock, standing: Row) -> list[Row]:
    """Of each side the position that began last, its own first; a tie of stances leaves the side out."""
    here = [
        row for row in clock.facts.of("position", "process_id", standing["process_id"])
        if row["issue_id"] == standing["issue_id"]
    ]  # fmt: skip
    holders = {row["actor_id"] for row in here}
    sides: dict[str, list[Row]] = {}
    for row in clock.of("position", "process_id", standing["process_id"]):
        lasts = (latest(row["held"]) or "9999-99-99") >= clock.today
        is_here = row["issue_id"] == standing["issue_id"] and lasts and row["stance"] != "UNDECLARED"
        if is_here and not stands_aside(clock, row):
            sides.setdefault(side_of(clock, row, holders), []).append(row)
    found = []
    for side, rows in sides.items():

        def age(row: Row, side: str = side) -> tuple[str, bool]:
            return earliest(row["held"]) or "", row["actor_id"] == side

        newest = max(map(age, rows))
        last = [row for row in rows if age(row) == newest]
        if len({row["stance"] for row in last}) == 1:
            found.append(min(last, key=lambda row: (row["option"] is None, row["option"] or "", row["key"])))
    return sorted(found, key=lambda row: str(row["key"]))


def stands_aside(clock: Clock, position: Row) -> bool:
    """Whether an actor has roles in the process or its talks, none of them PARTY."""
    talks = {row["id"] for row in clock.of("talk", "process_id", position["process_id"])}
    roles = {
        row["role"] for row in clock.present("participation")
        if (row["talk_id"] in talks or row["process_id"] == position["process_id"])
        and row["actor_id"] == position["actor_id"]
    }  # fmt: skip
    return bool(roles) and "PARTY" not in roles


def side_of(clock: Clock, position: Row, holders: set[str]) -> str:
    """The side of a position: the one holder to whom its actor leads, else its actor."""
    actor = str(position["actor_id"])
    held = Span.of(position["held"]) or Span(EVER, NEVER, "")
    at = held if held.first <= EVER else Span(held.first, held.first, "")
    found = (clock.facts.reached(actor, at) - {actor}) & holders
    return found.pop() if len(found) == 1 else actor


def issue_standing(clock: Clock, standing: Row) -> str:
    rows = newest_positions(clock, standing)
    stances = [row["stance"] for row in rows]
    options = [row["option"] for row in rows if row["stance"] == "DEMANDS"]
    if len(stances) < 2:
        return "ONE_SIDED" if stances else "UNKNOWN"
    if "REJECTS" in stances:
        return "AGREED" if set(stances) == {"REJECTS"} else "CONTESTED"
    if len(set(options) - {None}) > 1:
        return "CONTESTED"
    if len(options) > 1 and None in options and "ACCEPTS" not in stances:
        return "UNCOMPARED"
    return "CONVERGING" if "ACCEPTS_WITH_CONDITIONS" in stances else "AGREED"


def timeline(clock: Clock) -> list[Row]:
    found = []

    def entry(row: Row, process: str | None, at: Any, kind: str, title: str) -> None:
        if process is not None:
            found.append({"id": row["id"], "process_id": process, "record_id": row["id"], "at": at, "kind": kind,
                          "title": title})  # fmt: skip

    for row in clock.present("talk"):
        starts = moved_start(clock, row)
        has_come = starts and starts["earliest"] and starts["earliest"] <= clock.today
        if has_come and talk(clock, row).status in ("UNDER_WAY", "HELD", "CONCLUDED", "COLLAPSED"):
            entry(row, row["process_id"], starts, "TALK", row["title"])
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
    agreed = {row["id"]: row["process_id"] for row in clock.present("agreement")}
    homes |= {
        row["id"]: (said.get(row["statement_id"]), row["condition"])
        for row in clock.present("condition") if row["statement_id"] in said
    }  # fmt: skip
    homes |= {row["id"]: (agreed.get(row["agreement_id"]), row["text"]) for row in clock.present("provision")}
    for row in clock.present("deadline"):
        subject = row["subject_id"]
        process = homes[subject][0] if subject in homes else said.get(subject)
        homes[row["id"]] = (process, row["title"])
    return homes
