"""Judges processes on one day: what moved them, what is to come, and whether they are active."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.support.judgements.agreements import APPLIED, CONSENTS, agreement_on
from tests.support.judgements.facts import EVER, NEVER, Facts, Row, Span, Step, last_word
from tests.support.judgements.talks_and_deadlines import MOVES, deadline_on, talk_on

FORWARD = {"PROPOSED", "DRAFTED", "NEGOTIATED", "INITIALLED", "SIGNED", *CONSENTS, *APPLIED, "AMENDED", "RESUMED"}
ENDED = ("EXPIRED", "SUPERSEDED", "TERMINATED")
FRESH_DAYS = 90


@dataclass(frozen=True)
class ToCome:
    """A talk or a deadline that is to come."""

    row: Row
    type: str
    span: Span
    set_on: int


def tree(facts: Facts, process: Row) -> list[Row]:
    """List a process and its tracks, to any depth."""
    found = [process]
    for each in found:
        found += [track for track in facts.of("process", "parent_id", each["id"]) if track not in found]
    return found


def subjects(facts: Facts, process: Row) -> list[str]:
    """List what belongs to one process and can be the subject of a deadline or a step."""
    agreements = [each["id"] for each in facts.of("agreement", "process_id", process["id"])]
    said = [each["id"] for each in facts.of("statement", "process_id", process["id"])]
    return [
        process["id"],
        *(each["id"] for each in facts.of("talk", "process_id", process["id"])),
        *agreements,
        *(each["id"] for owner in agreements for each in facts.of("provision", "agreement_id", owner)),
        *said,
        *(each["id"] for owner in said for each in facts.of("condition", "statement_id", owner)),
    ]


def deadlines_of(facts: Facts, process: Row) -> list[Row]:
    return [each for uuid in subjects(facts, process) for each in facts.of("deadline", "subject_id", uuid)]


# --- movement ------------------------------------------------------------------------------------


def last_activity(facts: Facts, process: Row, day: int) -> int | None:
    """Find the last day up to now on which a dated step took a process or a track forward."""
    found = [last for each in tree(facts, process) for _, last in movements(facts, each, day)]
    return max((min(last, day) for last in found), default=None)


def movements(facts: Facts, process: Row, day: int) -> Iterable[tuple[int, int]]:
    """List the first and the last day of each movement that began by a day."""
    for talk in facts.of("talk", "process_id", process["id"]):
        yield from courses(facts, talk, day)
    steps: list[Step] = [each for each in facts.steps(process["id"]) if each.kind in ("OPENED", "RESUMED")]
    for agreement in facts.of("agreement", "process_id", process["id"]):
        steps += [each for each in facts.steps(agreement["id"]) if each.kind in FORWARD]
        for signature in facts.of("signature", "agreement_id", agreement["id"]):
            span = Span.of(signature["signed"])
            if span and EVER < span.first <= day:
                yield span.first, span.last
    for uuid in subjects(facts, process):
        if facts.type_of(uuid) in ("provision", "condition"):
            steps += [each for each in facts.steps(uuid) if each.kind == "MET"]
    for deadline in deadlines_of(facts, process):
        steps += [each for each in facts.steps(deadline["id"]) if each.kind == "MET"]
        yield from (each for each in prolongations(facts, deadline) if each[0] <= day)
    yield from ((each.counts, each.until) for each in steps if each.counts <= day)


def courses(facts: Facts, talk: Row, day: int) -> Iterable[tuple[int, int]]:
    """List the days of the course of a talk, as they stood on the days on which that changed."""
    turns = turns_of_talk(facts, talk)
    for turn, following in zip(turns, [*turns[1:], NEVER + 1], strict=True):
        judged = talk_on(facts, talk, turn)
        if turn <= day and judged.visible <= turn and judged.active_until is not None and judged.active_until >= turn:
            yield turn, min(judged.active_until, following - 1)


def turns_of_talk(facts: Facts, talk: Row) -> list[int]:
    found, spans = {EVER}, [Span.of(talk["starts"]), Span.of(talk["ends"])]
    for step in facts.steps(talk["id"]):
        found |= {step.counts, step.until + 1}
        spans += [step.span("starts"), step.span("ends")]
    found |= {day for span in spans if span for day in (span.first, span.last, span.last + 1)}
    found.add(talk_on(facts, talk, EVER).visible)
    return sorted(each for each in found if EVER <= each < NEVER)


def prolongations(facts: Facts, deadline: Row) -> Iterable[tuple[int, int]]:
    """List the moves of a term to a later day, by all, or by two voices on overlapping days: since both count."""
    if deadline["kind"] != "TERM":
        return
    later = [each for each in facts.steps(deadline["id"]) if each.kind in MOVES and is_later(facts, deadline, each)]
    for step in later:
        if step.voice is None:
            yield step.counts, step.until
        others = (each for each in later if step.voice and each.voice and each.voice != step.voice)
        for other in others:
            if other.counts <= step.until and step.counts <= other.until:
                yield max(step.counts, other.counts), step.until


def is_later(facts: Facts, deadline: Row, step: Step) -> bool:
    before, due = deadline_on(facts, deadline, step.counts - 1).day, step.span("due")
    return bool(before and due and before.last < NEVER and due.last > before.last)


# --- what is to come -----------------------------------------------------------------------------


def to_come(facts: Facts, process: Row, day: int) -> list[ToCome]:
    return [
        found for each in tree(facts, process) if not ended(facts, each, day) for found in own_to_come(facts, each, day)
    ]


def own_to_come(facts: Facts, process: Row, day: int) -> Iterable[ToCome]:
    for talk in facts.of("talk", "process_id", process["id"]):
        judged = talk_on(facts, talk, day)
        if (
            judged.visible <= day
            and judged.status in ("SCHEDULED", "EXPECTED")
            and judged.day
            and judged.day.last < NEVER
        ):
            yield ToCome(talk, "TALK", judged.day, judged.set_on)
    for deadline in deadlines_of(facts, process):
        judged = deadline_on(facts, deadline, day)
        is_open = judged.visible <= day and judged.status in ("PENDING", "DUE_SOON", "IN_WINDOW")
        is_dated = judged.day is not None and judged.day.last < NEVER and not deadline["every"]
        if is_open and is_dated and judged.day and not has_ended(facts, deadline["subject_id"], day):
            yield ToCome(deadline, "DEADLINE", judged.day, judged.set_on)


def has_ended(facts: Facts, subject: str, day: int) -> bool:
    """Whether the agreement of a deadline has ended."""
    row = facts.get(subject)
    if row and facts.type_of(subject) == "provision":
        row = facts.get(row["agreement_id"])
    is_agreement = row is not None and facts.type_of(row["id"]) == "agreement"
    return bool(row and is_agreement and agreement_on(facts, row, day).status in ENDED)


def next_of(facts: Facts, process: Row, day: int, type_: str) -> Row | None:
    if ended(facts, process, day):
        return None
    found = [each for each in to_come(facts, process, day) if each.type == type_]
    by = min(found, key=lambda each: (each.span.last, each.span.first if each.span.first > EVER else NEVER,
                                      each.row["title"], each.row["key"]), default=None)  # fmt: skip
    return by.row if by else None


# --- the status ----------------------------------------------------------------------------------


def own_steps(facts: Facts, process: Row) -> list[Step]:
    closed = Span.of(process["closed"])
    steps = facts.steps(process["id"])
    if closed is None:
        return steps
    first = closed.first if closed.first > EVER else closed.last
    return [*steps, Step(None, "CONCLUDED", first, closed.last, first)]


def ended(facts: Facts, process: Row, day: int) -> str | None:
    steps = [each for each in own_steps(facts, process) if each.counts <= day]
    word = last_word(steps, [["OPENED"], ["RESUMED"], ["COLLAPSED"], ["CONCLUDED"]])
    return word.kind if word and word.kind in ("CONCLUDED", "COLLAPSED") else None


def suspended(facts: Facts, process: Row, day: int) -> bool:
    steps = [each for each in facts.steps(process["id"]) if each.counts <= day]
    return any(
        pause.kind == "SUSPENDED" and not any(
            each.kind == "RESUMED" and each.until >= pause.counts and each.voice in (pause.voice, None)
            for each in steps
        )
        for pause in steps
    )  # fmt: skip


def process_status(facts: Facts, process: Row, day: int) -> str:
    key = ("process", process["id"], day)
    if key not in facts.judged:
        facts.judged[key] = judge_process(facts, process, day)
    found: str = facts.judged[key]
    return found


def judge_process(facts: Facts, process: Row, day: int) -> str:
    if end := ended(facts, process, day):
        return end
    if suspended(facts, process, day):
        return "SUSPENDED"
    patience, coming = process["stall_after_days"], to_come(facts, process, day)
    opened = Span.of(process["opened"])
    since = last_activity(facts, process, day)
    if since is None:
        is_open = opened and EVER < opened.first <= day
        since = opened.first if opened and is_open else seen_since(facts, process)
        is_moving = EVER < since <= day <= since + patience
    else:
        is_moving = day - since <= patience
    is_live = any(day - each.set_on <= FRESH_DAYS or each.span.last - day <= patience for each in coming)
    tracks = facts.of("process", "parent_id", process["id"])
    if is_moving or is_live or any(process_status(facts, each, day) == "ACTIVE" for each in tracks):
        return "ACTIVE"
    return "WAITING" if coming else "STALLED"


def visible_since(facts: Facts, process: Row) -> int:
    """Find the first day on which a process can be seen: by itself, or since something took it forward."""
    moved = (first for each in tree(facts, process) for first, _ in movements(facts, each, NEVER - 1))
    return min([seen_since(facts, process), *moved])


def seen_since(facts: Facts, process: Row) -> int:
    opened = Span.of(process["opened"])
    seen = [each.seen for each in facts.steps(process["id"])]
    return facts.visible(process, opened.first if opened and opened.first > EVER else None, *seen)


def since(status: Callable[[int], str], day: int, first: int, turns: Iterable[int]) -> int:
    """Find the first day of the unbroken run of days with one status: of the days on which it may have changed."""
    present = status(day)
    found = day
    for turn in sorted({each for each in turns if first <= each <= day} | {first}, reverse=True):
        if status(turn) != present:
            break
        found = turn
    return found
