"""Values of talks, deadlines and statements, as the rules in `tests/support/judgements` give them."""

from __future__ import annotations

from typing import Any

from tests.support.judgements.agreements import agreement_on
from tests.support.judgements.facts import EVER, NEVER, Row, Span, day_of
from tests.support.judgements.processes import since, turns_of_talk
from tests.support.judgements.talks_and_deadlines import (
    MOST_RENEWALS,
    MOVES,
    SETTLED,
    Judged,
    deadline_on,
    shifted,
    talk_on,
)
from tests.support.oracle.clock import Clock, earliest, latest


def talk(clock: Clock, row: Row) -> Judged:
    return talk_on(clock.facts, row, clock.day)


def deadline(clock: Clock, row: Row) -> Judged:
    return deadline_on(clock.facts, row, clock.day)


def talk_since(clock: Clock, row: Row) -> str | None:
    def status(day: int) -> str:
        return talk_on(clock.facts, row, day).status

    return day_of(since(status, clock.day, talk(clock, row).visible, turns_of_talk(clock.facts, row)))


def deadline_since(clock: Clock, row: Row) -> str | None:
    def status(day: int) -> str:
        return deadline_on(clock.facts, row, day).status

    return day_of(since(status, clock.day, deadline(clock, row).visible, turns_of_deadline(clock, row)))


def turns_of_deadline(clock: Clock, row: Row) -> set[int]:
    steps = clock.facts.steps(row["id"])
    found = {each.counts for each in steps} | ({clock_day(row["anchor"])} if row["anchor"] else set())
    for span in filter(None, [Span.of(row["due"]), *(each.span("due") for each in steps)]):
        times = range(MOST_RENEWALS + 1) if row["every"] else range(1)
        for days in times:
            for end, offsets in ((span.first, (-3, 0)), (span.last, (1,))):
                if EVER < end < NEVER:
                    moved = shifted(end, row["every"], days) if days else end
                    found |= {moved + offset for offset in offsets}
    return found


def clock_day(day: str) -> int:
    span = Span.of({"earliest": day, "latest": day, "edtf": day})
    assert span
    return span.first


def days_to(clock: Clock, span: Span | None) -> dict[str, int | None] | None:
    if span is None:
        return None
    return {
        "min": span.first - clock.day if span.first > EVER else None,
        "max": span.last - clock.day if span.last < NEVER else None,
    }


def days_until(clock: Clock, row: Row) -> dict[str, int | None] | None:
    judged = talk(clock, row)
    return days_to(clock, judged.day) if judged.status in ("SCHEDULED", "EXPECTED") else None


def days_remaining(clock: Clock, row: Row) -> dict[str, int | None] | None:
    judged = deadline(clock, row)
    subject = clock.facts.get(row["subject_id"])
    ended = (
        clock.facts.type_of(row["subject_id"]) == "agreement"
        and subject is not None
        and agreement_on(clock.facts, subject, clock.day).status in ("EXPIRED", "SUPERSEDED", "TERMINATED")
        and judged.status not in ("PASSED", "OVERDUE")
    )
    return None if judged.status in SETTLED or ended else days_to(clock, judged.day)


def moves(clock: Clock, row: Row) -> list[str]:
    found = [each for each in clock.facts.steps(row["id"]) if each.kind in MOVES and each.seen <= clock.day]
    key: Any = lambda each: (  # noqa: E731 - a key of several parts.
        each.seen, latest(each.row["at"]) or "9999-99-99", MOVES.index(each.kind),
        latest(each.row["due"]) or "9999-99-99", each.row["key"],
    )  # fmt: skip
    return [each.id or "" for each in sorted(found, key=key)]


def extensions(clock: Clock, row: Row) -> list[str]:
    found = []
    for uuid in moves(clock, row):
        step = clock.facts.get(uuid)
        assert step
        due, at = Span.of(step["due"]), Span.of(step["at"])
        assert at
        before = deadline_on(clock.facts, row, at.first - 1).day
        longer = due and before and due.last > before.last and before.last < NEVER and due.last < NEVER
        if due is None or longer:
            found.append(uuid)
    return found


def moved_start(clock: Clock, row: Row) -> Row | None:
    judged = talk(clock, row)
    return written(clock, judged.day, judged.readings, row["starts"], "starts")


def moved_end(clock: Clock, row: Row) -> Row | None:
    steps = tuple(each.id or "" for each in clock.facts.steps(row["id"]))
    return written(clock, talk(clock, row).ends, steps, row["ends"], "ends")


def moved_due(clock: Clock, row: Row) -> Row | None:
    judged = deadline(clock, row)
    if row["every"] and judged.status not in SETTLED:
        return written(clock, judged.day, (), None, "due")
    return written(clock, judged.day, judged.readings, row["due"], "due")


def written(clock: Clock, span: Span | None, steps: tuple[str, ...], stored: Row | None, name: str) -> Row | None:
    """A moved date as one of the steps, or the record itself, gave it; a span of several is written anew."""
    if span is None:
        return None
    for source in [*((clock.facts.get(uuid) or {}).get(name) for uuid in steps), stored]:
        if source and source["edtf"] == span.edtf:
            found: Row = source
            return found
    first, last = day_of(span.first), day_of(span.last)
    edtf = first if first == last else f"{first or '..'}/{last or '..'}"
    precision = "DAY" if first == last and not span.edtf else "INTERVAL"
    return {"edtf": edtf, "earliest": first, "latest": last, "precision": precision, "text": None, "rule": None}


def speaker_office(clock: Clock, statement: Row) -> str | None:
    said = statement["said"]
    held = [row for row in clock.of("office", "person_id", statement["speaker_id"]) if statement["speaker_id"]]
    if stated := statement["office_ids"]:
        found = [row for row in held if row["id"] in stated]
    else:
        found = [
            row
            for row in held
            if row["held"]
            if (earliest(row["held"]) or "") <= (latest(said) or "9999-99-99")
            and (latest(row["held"]) or "9999-99-99") >= (earliest(said) or "")
        ]
    return found[0]["id"] if len(found) == 1 else None
