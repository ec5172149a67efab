"""Values of processes, as the rules in `tests/support/judgements` give them."""

from __future__ import annotations

from tests.support.judgements import processes
from tests.support.judgements.agreements import turns_of
from tests.support.judgements.facts import EVER, NEVER, Row, Span, day_of
from tests.support.oracle.clock import Clock
from tests.support.oracle.talks_and_deadlines import turns_of_deadline


def process_status(clock: Clock, process: Row) -> str:
    return processes.process_status(clock.facts, process, clock.day)


def last_activity(clock: Clock, process: Row) -> str | None:
    return day_of(processes.last_activity(clock.facts, process, clock.day))


def days_since_last_activity(clock: Clock, process: Row) -> int | None:
    last = processes.last_activity(clock.facts, process, clock.day)
    return None if last is None else clock.day - last


def process_since(clock: Clock, process: Row) -> str | None:
    def status(day: int) -> str:
        return processes.process_status(clock.facts, process, day)

    first = processes.visible_since(clock.facts, process)
    return day_of(processes.since(status, clock.day, first, turns(clock, process)))


def stalled_since(clock: Clock, process: Row) -> str | None:
    return process_since(clock, process) if process_status(clock, process) == "STALLED" else None


def turns(clock: Clock, process: Row) -> set[int]:
    """List the days on which the status of a process may change: all days of its facts, and some after them."""
    facts, found = clock.facts, {EVER}
    patiences = {each["stall_after_days"] for each in processes.tree(facts, process)}
    for each in processes.tree(facts, process):
        spans = [Span.of(each["opened"]), Span.of(each["closed"])]
        for talk in facts.of("talk", "process_id", each["id"]):
            found |= set(processes.turns_of_talk(facts, talk))
        for agreement in facts.of("agreement", "process_id", each["id"]):
            found |= turns_of(facts, agreement)
            spans += [Span.of(row["signed"]) for row in facts.of("signature", "agreement_id", agreement["id"])]
        for deadline in processes.deadlines_of(facts, each):
            found |= turns_of_deadline(clock, deadline)
        for uuid in processes.subjects(facts, each):
            found |= {day for step in facts.steps(uuid) for day in (step.counts, step.until)}
        found |= {day for span in spans if span for day in (span.first, span.last)}
        found.add(processes.visible_since(facts, each))
    days = {day for day in found if EVER < day < NEVER}
    after = {day + patience + 1 for day in days for patience in patiences}
    ahead = {day - patience - late for day in days for patience in patiences for late in (0, 1)}
    return found | after | ahead | {day + processes.FRESH_DAYS + 1 for day in days}


def next_talk(clock: Clock, process: Row) -> str | None:
    found = processes.next_of(clock.facts, process, clock.day, "TALK")
    return found["id"] if found else None


def next_deadline(clock: Clock, process: Row) -> str | None:
    found = processes.next_of(clock.facts, process, clock.day, "DEADLINE")
    return found["id"] if found else None


def subjects(clock: Clock, process: Row) -> set[str]:
    """What belongs to a process or a track, counts, and may have a deadline."""
    found: set[str] = set()
    for each in processes.tree(clock.facts, process):
        found |= set(processes.subjects(clock.facts, each))
    return found


def reported_status(clock: Clock, process: Row) -> str | None:
    step = clock.last_step(process["id"], "REPORTED_STALLED", "REPORTED_PROGRESS")
    return step["id"] if step else None
