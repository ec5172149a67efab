"""Judges talks, deadlines and conditions on one day."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from tests.support.judgements.facts import EVER, NEVER, Facts, Row, Span, Step, hull, last_word, last_words, moves_of

TALK_ORDER = [
    ["ANNOUNCED"], ["POSTPONED"], ["SCHEDULED"], ["CANCELLED"], ["OPENED"], ["ADJOURNED"], ["CONCLUDED"], ["COLLAPSED"],
]  # fmt: skip
DEADLINE_ORDER = [
    ["SET"], ["MISSED"], ["TRIGGERED", "EXTENDED", "SHORTENED"], ["WAIVED"], ["WITHDRAWN"], ["MET"],
]  # fmt: skip
MOVES = ["TRIGGERED", "EXTENDED", "SHORTENED"]
SETTLED = ("MET", "MISSED", "WAIVED", "WITHDRAWN")
MOST_RENEWALS = 200


@dataclass(frozen=True)
class Judged:
    """A talk or a deadline on one day."""

    visible: int
    status: str
    day: Span | None
    disputed: bool
    readings: tuple[str, ...] = ()
    active_until: int | None = None
    set_on: int = EVER
    ends: Span | None = None
    place: tuple[str | None, str | None, str | None] = (None, None, None)


# --- talks ---------------------------------------------------------------------------------------


def talk_on(facts: Facts, talk: Row, day: int) -> Judged:
    key = ("talk", talk["id"], day)
    if key not in facts.judged:
        facts.judged[key] = judge_talk(facts, talk, day)
    found: Judged = facts.judged[key]
    return found


def judge_talk(facts: Facts, talk: Row, day: int) -> Judged:
    first_starts, given = Span.of(talk["starts"]), facts.steps(talk["id"])
    visible = facts.visible(talk, (first_starts and first_starts.first) or None, *(each.seen for each in given))
    steps = [each for each in (*given, *attendance(facts, talk, given, first_starts, visible)) if each.counts <= day]
    words = [as_word(each, steps) for each in steps]
    begun = any(each.kind == "OPENED" for each in steps)
    word = last_word(
        [each for each in words if not (begun and each.kind in ("ANNOUNCED", "SCHEDULED") and not each.span("starts"))],
        TALK_ORDER,
    )
    course = max(last_words(steps, TALK_ORDER[4:]), key=lambda each: each.until, default=None)
    moves = moves_of(steps, "starts", ["POSTPONED", "CANCELLED"], TALK_ORDER)
    spans = [each.span("starts") for each in moves]
    starts = first_starts if not moves else hull(each for each in spans if each) if all(spans) else None
    ends = end_of(talk, steps, gone=not all(spans))
    if ends and starts and ends.last < starts.first:
        ends = None
    opened = max((each.until for each in steps if each.kind == "OPENED"), default=course.until if course else None)
    last = None if opened is None else max(opened, ends.last if ends else EVER)
    status = talk_status(word, starts, day, last)
    disputed = (
        facts.is_disputed(talk["id"], "starts")
        if not moves
        else (any(each.disputed for each in moves) or len({each and each.edtf for each in spans}) > 1)
    )
    until = None
    if course:
        until = course.until if course.kind != "OPENED" else last if status in ("UNDER_WAY", "HELD") else opened
    announced = [each.until for each in steps if each.kind in ("ANNOUNCED", "SCHEDULED") or each.span("starts")]
    return Judged(
        visible, status, starts, disputed or bool(word and word.disputed), tuple(each.id or "" for each in moves),
        until, max(announced, default=visible), ends, place_of(talk, steps),
    )  # fmt: skip


def attendance(facts: Facts, talk: Row, given: list[Step], starts: Span | None, visible: int) -> list[Step]:
    """Make the step that reported attendance stands for."""
    if all(each["attendance"] != "REPORTED" for each in facts.of("participation", "talk_id", talk["id"])):
        return []
    held = starts.last if starts else visible
    moved = any(
        each.counts <= held
        and (
            each.kind in ("POSTPONED", "CANCELLED")
            or ((to := each.span("starts")) and (not starts or to.edtf != starts.edtf))
        )
        for each in given
    )
    return [] if moved or held == NEVER else [Step(None, "OPENED", held, held, held)]


def as_word(step: Step, steps: list[Step]) -> Step:
    """Take SCHEDULED without a day, after the talk was put off or called off, for no more than ANNOUNCED."""
    if (
        step.kind == "SCHEDULED"
        and not step.span("starts")
        and any(each.kind in ("POSTPONED", "CANCELLED") and each.until < step.counts for each in steps)
    ):
        return Step(step.id, "ANNOUNCED", step.counts, step.until, step.seen, disputed=step.disputed, row=step.row)
    return step


def newest(steps: list[Step], given: list[str]) -> Step | None:
    rank = {kinds[0]: place for place, kinds in enumerate(TALK_ORDER)}
    found = [each for each in steps if any(each.row.get(name) for name in given)]
    return max(
        found,
        key=lambda each: (each.counts, each.until, rank[each.kind], span.last if (span := each.span("ends")) else 0),
        default=None,
    )


def end_of(talk: Row, steps: list[Step], *, gone: bool) -> Span | None:
    step = newest(steps, ["ends"])
    return step.span("ends") if step else None if gone else Span.of(talk["ends"])


def place_of(talk: Row, steps: list[Step]) -> tuple[str | None, str | None, str | None]:
    found = [each for each in steps if any(each.row.get(name) is not None for name in ("venue", "city", "country"))]
    rank = {kinds[0]: place for place, kinds in enumerate(TALK_ORDER)}
    if not found:
        return talk["venue"], talk["city"], talk["country"]
    top = max((each.counts, each.until, rank[each.kind]) for each in found)
    same = [each.row for each in found if (each.counts, each.until, rank[each.kind]) == top]
    row = min(same, key=lambda row: (row["city"] or "\uffff", row["venue"] or "\uffff"))
    return row["venue"], row["city"], row["country"]


def talk_status(word: Step | None, starts: Span | None, day: int, last: int | None) -> str:
    kind = word.kind if word else None
    if kind in ("CANCELLED", "COLLAPSED", "CONCLUDED"):
        return kind
    if kind == "POSTPONED" and word and not word.span("starts"):
        return kind
    if kind in ("OPENED", "ADJOURNED") and last is not None:
        return "UNDER_WAY" if day <= last else "HELD"
    if starts is None or starts.last == NEVER:
        return "EXPECTED"
    if day > starts.last:
        return "OVERDUE"
    return "SCHEDULED" if starts.first == starts.last else "EXPECTED"


# --- deadlines -----------------------------------------------------------------------------------


def deadline_on(facts: Facts, deadline: Row, day: int) -> Judged:
    key = ("deadline", deadline["id"], day)
    if key not in facts.judged:
        facts.judged[key] = judge_deadline(facts, deadline, day)
    found: Judged = facts.judged[key]
    return found


def judge_deadline(facts: Facts, deadline: Row, day: int) -> Judged:
    steps, due = facts.steps(deadline["id"]), Span.of(deadline["due"])
    anchor = date.fromisoformat(deadline["anchor"]).toordinal() if deadline["anchor"] else None
    own = [anchor, due.first if due and due.first > EVER else None, *(each.seen for each in steps)]
    visible = facts.visible(deadline, *own)
    counted = [each for each in steps if each.counts <= day]
    recurs = deadline["kind"] != "TERM" and deadline["every"]
    order = [kinds for kinds in DEADLINE_ORDER if not (recurs and kinds in (["MET"], ["MISSED"]))]
    word = last_word(counted, order)
    value, rival, moves = standing_day(facts, deadline, steps, day, anchor)
    set_on = max((each.until for each in counted if each.kind in ("SET", *MOVES)), default=visible)
    disputed = rival or bool(word and word.disputed)
    status, value = deadline_status(deadline, word, value, counted, steps, day)
    return Judged(visible, status, value, disputed, tuple(each.id or "" for each in moves), None, set_on)


def standing_day(
    facts: Facts, deadline: Row, steps: list[Step], day: int, anchor: int | None
) -> tuple[Span | None, bool, list[Step]]:
    """Find the day that stands: step by step, since a term that has passed comes back only by two, or by all."""
    lives = deadline["kind"] == "TERM" and not deadline["every"]
    turns = {each.counts for each in steps} | (
        {anchor} if anchor is not None and deadline["hardness"] == "CONDITIONAL" else set()
    )
    value: Span | None = None
    rival, moves = False, list[Step]()
    for turn in [EVER, *sorted(each for each in turns if EVER < each <= day)]:
        counted = [each for each in steps if each.counts <= turn]
        moves = moves_of(counted, "due", MOVES, [MOVES])
        spans = [each.span("due") for each in moves]
        read = Span.of(deadline["due"]) if not moves else hull(each for each in spans if each) if all(spans) else None
        rival = (
            facts.is_disputed(deadline["id"], "due")
            if not moves
            else (any(each.disputed for each in moves) or len({each and each.edtf for each in spans}) > 1)
        )
        if deadline["hardness"] == "CONDITIONAL" and all(each.kind != "TRIGGERED" for each in counted):
            waits = turn < anchor if anchor is not None else deadline["starts_with"] is not None
            read = None if waits else read
        back = any(each.voice is None for each in moves) or any(
            one.voice != other.voice and one.counts <= other.until and other.counts <= one.until
            for one in moves
            for other in moves
        )
        last = value.last if value else None
        if lives and moves and not back and last is not None and last < turn and (read.last if read else None) != last:
            rival = True
        else:
            value = read
    return value, rival, moves


def deadline_status(
    deadline: Row, word: Step | None, value: Span | None, counted: list[Step], steps: list[Step], day: int
) -> tuple[str, Span | None]:
    is_term, recurs = deadline["kind"] == "TERM", bool(deadline["every"]) and value is not None and value.last < NEVER
    kind = word.kind if word else ""
    if kind in SETTLED:
        return kind, value
    if recurs and value:
        value = renewed(value, deadline["every"], counted, steps, day, is_term=is_term)
    if value is None and deadline["hardness"] != "OPEN_ENDED":
        return "WAITING", value
    if value is None or value.last == NEVER:
        return "OPEN_ENDED", value
    if day > value.last:
        return ("PASSED" if is_term else "OVERDUE"), value
    if value.first < value.last and day >= value.first:
        return "IN_WINDOW", value
    return ("DUE_SOON" if value.first - day <= 3 else "PENDING"), value


def renewed(value: Span, every: str, counted: list[Step], steps: list[Step], day: int, *, is_term: bool) -> Span:
    """Move a day on by its duration, to the first on or after this day that is not settled."""
    days = [shifted(value.last, every, times) for times in range(MOST_RENEWALS + 2)]
    objected = min((each.counts for each in steps if each.kind == "OBJECTED"), default=NEVER)
    for times, last in enumerate(days[: MOST_RENEWALS + 1]):
        previous, following = days[times - 1] if times else EVER, days[times + 1]
        settled = any(
            (each.kind == "MET" and previous < each.counts <= last)
            or (each.kind == "MISSED" and last <= each.counts < following)
            for each in counted
        )
        if (last >= min(day, objected)) if is_term else (last >= day and not settled):
            break
    first = shifted(value.first, every, times) if value.first > EVER else EVER
    return Span(first, last, "")


def shifted(day: int, every: str, times: int) -> int:
    """Add a duration some times; a month that is too short has its last day."""
    parts = {unit: int(count) * times for count, unit in re.findall(r"(\d+)([YMWD])", every)}
    start = date.fromordinal(day)
    months = start.year * 12 + start.month - 1 + parts.get("Y", 0) * 12 + parts.get("M", 0)
    year, month = divmod(months, 12)
    moved = date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
    return moved.toordinal() + parts.get("W", 0) * 7 + parts.get("D", 0)


def condition_outcome(facts: Facts, condition: Row, day: int) -> str:
    steps = [each for each in facts.steps(condition["id"]) if max(each.counts, each.seen) <= day]
    word = last_word(steps, [["MISSED"], ["WAIVED"], ["WITHDRAWN"], ["MET"]])
    if word:
        return {"MET": "MET", "MISSED": "UNMET"}.get(word.kind, "WITHDRAWN")
    named = [each for each in (facts.get(condition["deadline_id"]),) if each]
    found = {each["id"]: each for each in [*named, *facts.of("deadline", "subject_id", condition["id"])]}
    judged = [(deadline_on(facts, each, day), each) for each in found.values()]
    judged = [(each, row) for each, row in judged if each.visible <= day]
    if not judged:
        return "PENDING"

    def place(pair: tuple[Judged, Row]) -> tuple[int, int, str, str]:
        span = pair[0].day
        first = span.first if span and span.first > EVER else NEVER
        return (span.last if span else NEVER), first, pair[1]["title"], pair[1]["key"]

    status = min(judged, key=place)[0].status
    outcomes = {"MET": "MET", "MISSED": "UNMET", "WAIVED": "WITHDRAWN", "WITHDRAWN": "WITHDRAWN", "OVERDUE": "LAPSED",
                "PASSED": "LAPSED"}  # fmt: skip
    return outcomes.get(status, "PENDING")
