"""Rules on single records, from their published texts: talks, deadlines, conditions, statements."""

from __future__ import annotations

from datetime import timedelta

from tests.support.oracle.clock import Clock, earliest, latest
from tests.support.oracle.names import day_of
from tests.support.world import Row


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
    return "DUE_SOON" if day_of(first) - day_of(clock.today) <= timedelta(days=3) else "PENDING"


def days_to(clock: Clock, value: Row | None) -> dict[str, int | None] | None:
    if value is None:
        return None
    return {
        name: (day_of(day) - day_of(clock.today)).days if (day := value[part]) else None
        for name, part in (("min", "earliest"), ("max", "latest"))
    }


def outcome(clock: Clock, condition: Row) -> str:
    deadline = clock.find("deadline", condition["deadline_id"])
    if deadline is None or deadline["retracted_at"]:
        return "PENDING"
    status = deadline_status(clock, deadline)
    return {"MET": "MET", "MISSED": "UNMET", "WAIVED": "WITHDRAWN", "WITHDRAWN": "WITHDRAWN", "OVERDUE": "LAPSED"}.get(
        status, "PENDING"
    )


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
