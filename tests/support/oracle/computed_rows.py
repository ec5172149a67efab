"""Types whose rows are computed: standings of issues in processes, and the timeline."""

from __future__ import annotations

from typing import Any

from tests.support.oracle.clock import Clock, earliest
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
