"""The rules `provision.status` and `condition.outcome`: whether what was undertaken, or asked for, was done."""

from __future__ import annotations

from statistics import mean
from typing import NamedTuple

from tests.laws.evaluator.days import NEVER, Days, days
from tests.laws.evaluator.deadlines import deadline_on, visible_deadline
from tests.laws.evaluator.steps import last_word, last_words, order
from tests.laws.evaluator.world import Fields, Step, World

SETTLED_ORDER = order("MISSED", "WAIVED", "WITHDRAWN", "MET")
PAUSE_ORDER = order("SUSPENDED", "RESUMED")
FULL = 3


class Assessment(NamedTuple):
    period: Days
    level: int
    reverses: bool


def counted_steps(world: World, type_: str, key: str, day: int) -> list[Step]:
    return [step for step in world.steps(type_, key) if step.counts.first <= day]


def assessments_on(world: World, key: str, day: int) -> list[Assessment]:
    """The assessments of a provision whose period has begun, oldest first by its last day."""
    found = (
        Assessment(days(str(each["period"])), each["level"], bool(each.get("reversal")))
        for each in world.all("assessment", provision=key)
    )
    return sorted((each for each in found if each.period.first <= day), key=lambda each: each.period.last)


def newest(found: list[Assessment]) -> list[Assessment]:
    return [each for each in found if each.period.last == found[-1].period.last]


def provision_status(world: World, key: str, day: int) -> str:
    steps = counted_steps(world, "provision", key, day)
    if last_word(steps, PAUSE_ORDER) == "SUSPENDED":
        return "SUSPENDED"
    judged = assessments_on(world, key, day)
    if words := last_words(steps, SETTLED_ORDER):
        kind = words[0].kind
        if kind == "MET":
            met = max(step.counts.last for step in words)
            went_back = any(each.level < FULL and each.period.first > met for each in judged)
            return "REVERSED" if went_back else "FULFILLED"
        return "UNMET" if kind == "MISSED" else kind
    return assessed(judged) or by_deadlines(world, key, day)


def assessed(judged: list[Assessment]) -> str | None:
    if not judged:
        return None
    last = newest(judged)
    level = min(each.level for each in last)
    before = [each.level for each in judged if each.period.last < last[0].period.last]
    if any(each.reverses for each in last) or any(earlier > level for earlier in before):
        return "REVERSED"
    return "FULFILLED" if level >= FULL else "PARTIAL" if level else "NOT_BEGUN"


def by_deadlines(world: World, key: str, day: int) -> str:
    found = [
        deadline_on(world, each["key"], day).status
        for each in world.all("deadline")
        if each.get("subject") == {"provision": key} and visible_deadline(world, each["key"]) <= day
    ]
    if found and all(each == "MET" for each in found):
        return "FULFILLED"
    return "UNMET" if {"MISSED", "OVERDUE"} & set(found) else "UNKNOWN"


def is_disputed(world: World, key: str, day: int) -> bool:
    judged = assessments_on(world, key, day)
    return bool(judged) and len({each.level for each in newest(judged)}) > 1


def implementation(world: World, agreement: str, day: int) -> tuple[float | None, int, int]:
    """The mean of the newest levels, how many provisions are judged, and how many there are."""
    provisions = [each["key"] for each in world.all("provision", agreement=agreement)]
    levels = [min(each.level for each in newest(judged)) for key in provisions
              if (judged := assessments_on(world, key, day))]  # fmt: skip
    return (mean(levels) if levels else None), len(levels), len(provisions)


def condition_outcome(world: World, key: str, day: int) -> str:
    word = last_word(counted_steps(world, "condition", key, day), SETTLED_ORDER)
    if word is None and (deadline := deadline_of(world, world.records["condition"][key], day)):
        word = deadline_on(world, deadline, day).status
    return {
        "MET": "MET", "MISSED": "UNMET", "WAIVED": "WITHDRAWN", "WITHDRAWN": "WITHDRAWN",
        "OVERDUE": "LAPSED", "PASSED": "LAPSED",
    }.get(str(word), "PENDING")  # fmt: skip


def deadline_of(world: World, condition: Fields, day: int) -> str | None:
    """The deadline that it names, else of those that name it the one whose last day comes first."""
    if named := condition.get("deadline"):
        return str(named) if visible_deadline(world, named) <= day else None
    naming = [
        (due.last if (due := deadline_on(world, each["key"], day).due) else NEVER, each["title"], each["key"])
        for each in world.all("deadline")
        if each.get("subject") == {"condition": condition["key"]} and visible_deadline(world, each["key"]) <= day
    ]
    return min(naming)[2] if naming else None
