"""Rules on processes, from their published texts."""

from __future__ import annotations

from datetime import timedelta

from tests.support.oracle.clock import Clock, earliest, latest
from tests.support.oracle.names import day_of
from tests.support.oracle.talks_and_deadlines import deadline_status, due, talk_status
from tests.support.world import Row


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
    return (day_of(clock.today) - day_of(last)).days if last else None


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
    is_idle = last is not None and (day_of(clock.today) - day_of(last)).days > process["stall_after_days"]
    nothing_to_come = not talks_to_come(clock, process) and not open_deadlines(clock, process)
    return "STALLED" if is_idle and nothing_to_come else "ACTIVE"


def stalled_since(clock: Clock, process: Row) -> str | None:
    if process_status(clock, process) != "STALLED":
        return None
    last = last_activity(clock, process) or earliest(process["opened"])
    return str(day_of(last) + timedelta(days=process["stall_after_days"] + 1)) if last else None


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
