"""The rule `deadline.status`: where a deadline stands, and its day as it stood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.laws.evaluator.days import NEVER, Days, days, later, overlap
from tests.laws.evaluator.steps import are_disputed, last_words, order, readings, value
from tests.laws.evaluator.world import Fields, Step, World

DEADLINE_ORDER = order("SET", "MISSED", "TRIGGERED EXTENDED SHORTENED", "WAIVED", "WITHDRAWN", "MET")
SETTLED = ("MET", "MISSED", "WAIVED", "WITHDRAWN")
MOVES = ("TRIGGERED", "EXTENDED", "SHORTENED")
DUE_SOON_DAYS, MOST_RENEWALS = 3, 200


@dataclass(frozen=True)
class Deadline:
    """A deadline on a day."""

    status: str
    due: Days | None
    disputed: bool
    readings: frozenset[str]


def deadline_on(world: World, key: str, day: int) -> Deadline:
    record = world.records["deadline"][key]
    counted = counted_steps(world, key, day)
    moves = [step for step in counted if step.kind in MOVES]
    taken = taken_moves(world, key, moves)
    words = last_words(counted, ranks(record))
    settled = words and words[0].kind in SETTLED
    # What is settled renews itself no more.
    due = running_day(world, key, counted, taken, day, renews=not settled)
    standing = readings(taken, DEADLINE_ORDER, leaves_no_day)
    beside = [step for step in readings(moves, DEADLINE_ORDER, leaves_no_day) if step not in taken]
    values = {step.moves_to("due") for step in (*standing, *beside)}
    if beside and not standing:
        values.add(world.date("deadline", key, "due"))
    return Deadline(
        status=words[0].kind if settled else open_status(record, due, day),
        due=due,
        disputed=(
            len(values) > 1
            or any(step.is_disputed for step in (*standing, *beside))
            or are_disputed(words)
            or (not standing and world.disputes("deadline", key, "due"))
        ),
        readings=frozenset(step.key for step in readings(moves, DEADLINE_ORDER, leaves_no_day)),
    )


def counted_steps(world: World, key: str, day: int) -> list[Step]:
    return [step for step in world.steps("deadline", key) if step.counts.first <= day]


def ranks(record: Fields) -> dict[str, int]:
    """The order of its last words: of a task that recurs, one time that is met or missed is no end."""
    recurs = record.get("every") and record.get("kind") != "TERM"
    return {kind: rank for kind, rank in DEADLINE_ORDER.items() if not (recurs and kind in ("MET", "MISSED"))}


def leaves_no_day(step: Step) -> bool:
    return step.kind == "EXTENDED" and "due" not in step.values


def taken_moves(world: World, key: str, moves: Sequence[Step]) -> list[Step]:
    """The moves that move it: a term that has passed comes back only by a step of all, or by two voices."""
    if world.records["deadline"][key].get("kind") != "TERM":
        return list(moves)
    return [
        step for step in moves if step.voice is None or is_seconded(step, moves) or not had_passed(world, key, step)
    ]


def is_seconded(step: Step, moves: Sequence[Step]) -> bool:
    return any(other.voice not in (None, step.voice) and overlap(other.counts, step.counts) for other in moves)


def had_passed(world: World, key: str, step: Step) -> bool:
    """Whether a term had passed when one voice moved it."""
    day = step.counts.first
    earlier = [each for each in counted_steps(world, key, day) if each.voice is None or each.counts.first < day]
    moves = taken_moves(world, key, [each for each in earlier if each.kind in MOVES])
    due = running_day(world, key, earlier, moves, day)
    return due is not None and due.last < day


def running_day(
    world: World, key: str, counted: Sequence[Step], moves: Sequence[Step], day: int, *, renews: bool = True
) -> Days | None:
    """The day by which it is due, as it stands."""
    record = world.records["deadline"][key]
    standing = readings(moves, DEADLINE_ORDER, leaves_no_day)
    due = value(standing, "due") if standing else world.date("deadline", key, "due")
    if due is None or waits(record, counted, day):
        return None
    return renewed(record, due, counted, day) if renews and record.get("every") else due


def waits(record: Fields, counted: Sequence[Step], day: int) -> bool:
    """Whether a conditional deadline still waits for its event."""
    if record["hardness"] != "CONDITIONAL" or any(step.kind == "TRIGGERED" for step in counted):
        return False
    if record.get("anchor"):
        return day < days(str(record["anchor"])).first
    return bool(record.get("startsWith"))


def renewed(record: Fields, first: Days, counted: Sequence[Step], day: int) -> Days:
    """The day on or after the clock, after as many renewals as that takes."""
    running = first
    for times in range(1, MOST_RENEWALS + 1):
        if record.get("kind") == "TERM":
            objected = any(step.kind == "OBJECTED" and step.counts.first <= running.last for step in counted)
            if running.last >= day or objected:
                break
        elif running.last >= day and not is_settled(record, first, running, times, counted):
            break
        running = later(first, str(record["every"]), times)
    return running


def is_settled(record: Fields, first: Days, running: Days, times: int, counted: Sequence[Step]) -> bool:
    """Whether one time of a task is settled: the one on or next after it is met, the one on or last before missed."""
    before = later(first, str(record["every"]), times - 2).last if times > 1 else 0
    following = later(first, str(record["every"]), times).last
    return any(
        (step.kind == "MET" and before < step.counts.first <= running.last)
        or (step.kind == "MISSED" and running.last <= step.counts.first < following)
        for step in counted
    )


def open_status(record: Fields, due: Days | None, day: int) -> str:
    if due is None:
        return "OPEN_ENDED" if record["hardness"] == "OPEN_ENDED" else "WAITING"
    if due.last == NEVER:
        return "OPEN_ENDED"
    if day > due.last:
        return "PASSED" if record.get("kind") == "TERM" else "OVERDUE"
    if due.first < due.last and day >= due.first:
        return "IN_WINDOW"
    return "DUE_SOON" if due.first - day <= DUE_SOON_DAYS else "PENDING"


def visible_deadline(world: World, key: str) -> int:
    first_days = (world.date("deadline", key, name) for name in ("anchor", "due"))
    return min(
        *(min(step.told.first, step.counts.first) for step in world.steps("deadline", key)),
        *(each.first for each in first_days if each),
        world.published("deadline", key),
        NEVER,
    )


def moves_forward(world: World, key: str) -> list[tuple[int, Days]]:
    """The moves of a term to a later day, each with the day from which it counts as one of more than one voice."""
    if world.records["deadline"][key].get("kind") != "TERM":
        return []
    forward = [step for step in world.steps("deadline", key) if step.kind in MOVES and is_later(world, key, step)]
    of_all = [(step.counts.first, step.counts) for step in forward if step.voice is None]
    return of_all + [
        (max(step.counts.first, other.counts.first), step.counts)
        for step in forward
        for other in forward
        if step.voice and other.voice not in (None, step.voice) and overlap(other.counts, step.counts)
    ]


def is_later(world: World, key: str, step: Step) -> bool:
    """Whether it moves a deadline to a later day than the one that stood on the day before."""
    due, before = step.moves_to("due"), deadline_on(world, key, step.counts.first - 1).due
    return due is not None and before is not None and due.last > before.last


def extensions(world: World, key: str, day: int) -> frozenset[str]:
    """The moves to a later day than the one that stood, or to none."""
    moves = (step for step in counted_steps(world, key, day) if step.kind in MOVES)
    return frozenset(step.key for step in moves if "due" not in step.values or is_later(world, key, step))
