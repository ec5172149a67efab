"""The rule `talk.status`: whether a talk took place, and its day, end and place as they stood on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tests.laws.evaluator.days import NEVER, Days, hull
from tests.laws.evaluator.steps import are_disputed, last_words, order, readings, value
from tests.laws.evaluator.world import Step, World

TALK_ORDER = order(
    "ANNOUNCED", "POSTPONED", "SCHEDULED", "CANCELLED", "OPENED", "ADJOURNED", "CONCLUDED", "COLLAPSED"
)  # fmt: skip

PLACE = ("venue", "city", "country")


@dataclass(frozen=True)
class Talk:
    """A talk on a day."""

    status: str
    starts: Days | None
    ends: Days | None
    place: dict[str, set[str | None]]
    """Name -> the values that stand side by side."""
    disputed: bool
    readings: frozenset[str]


def talk_on(world: World, key: str, day: int) -> Talk:
    counted = with_attendance(world, key, [step for step in world.steps("talk", key) if step.counts.first <= day], day)
    standing = readings([each for each in counted if moves_day(each)], TALK_ORDER, leaves_no_day)
    values = {step.moves_to("starts") for step in standing}
    starts = value(standing, "starts") if standing else world.date("talk", key, "starts")
    is_gone = bool(standing) and starts is None
    ends = newest_ends(counted) or (None if is_gone else world.date("talk", key, "ends"))
    # An end before the beginning is none.
    if ends and starts and ends.last < starts.first:
        ends = None
    words = last_words(worded(counted), TALK_ORDER)
    return Talk(
        status=status(words, starts, ends, counted, day),
        starts=starts,
        ends=ends,
        place={name: places(world, key, counted, name) for name in PLACE},
        disputed=(
            len(values) > 1
            or any(step.is_disputed for step in standing)
            or are_disputed(words)
            or (not standing and world.disputes("talk", key, "starts"))
        ),
        readings=frozenset(step.key for step in standing),
    )


def moves_day(step: Step) -> bool:
    return "starts" in step.values or step.kind in ("POSTPONED", "CANCELLED")


def leaves_no_day(step: Step) -> bool:
    return step.kind in ("POSTPONED", "CANCELLED") and "starts" not in step.values


def with_attendance(world: World, key: str, counted: list[Step], day: int) -> list[Step]:
    """Let reported attendance stand for OPENED on the last day of `starts` as first given, if nothing moved it."""
    if not any(each["attendance"] == "REPORTED" for each in world.all("participation", talk=key)):
        return counted
    starts = world.date("talk", key, "starts")
    held = starts.last if starts else visible_talk(world, key)
    if held == NEVER or held > day or any(moves_day(step) and step.counts.first <= held for step in counted):
        return counted
    return [*counted, Step("reported", "OPENED", Days(held, held), Days(held, held))]


def worded(counted: list[Step]) -> list[Step]:
    """The steps that have a say in the status."""
    opened = any(step.kind == "OPENED" for step in counted)
    return [
        replace(step, kind="ANNOUNCED") if is_no_new_day(step, counted) else step
        for step in counted
        if not (opened and step.kind in ("ANNOUNCED", "SCHEDULED") and "starts" not in step.values)
    ]


def is_no_new_day(step: Step, counted: list[Step]) -> bool:
    """Whether a talk that was put off or called off is set without a day."""
    put_off = any(leaves_no_day(other) and other.counts.last < step.counts.first for other in counted)
    return put_off and step.kind == "SCHEDULED" and "starts" not in step.values


def newest_ends(counted: list[Step]) -> Days | None:
    standing = readings([each for each in counted if "ends" in each.values], TALK_ORDER, lambda _: False)
    return hull(each for step in standing if (each := step.moves_to("ends")))


def places(world: World, key: str, counted: list[Step], name: str) -> set[str | None]:
    standing = readings([each for each in counted if name in each.values], TALK_ORDER, lambda _: False)
    return {step.values[name] for step in standing} or {world.records["talk"][key].get(name)}


def status(words: Sequence[Step], starts: Days | None, ends: Days | None, counted: list[Step], day: int) -> str:
    kind = words[0].kind if words else None
    if kind in ("CANCELLED", "COLLAPSED", "CONCLUDED"):
        return str(kind)
    if kind == "POSTPONED" and starts is None:
        return "POSTPONED"
    if kind in ("OPENED", "ADJOURNED"):
        opened = max(step.counts.last for step in [each for each in counted if each.kind == "OPENED"] or words)
        return "UNDER_WAY" if day <= max(opened, ends.last if ends else opened) else "HELD"
    if starts is None or starts.last == NEVER:
        return "EXPECTED"
    if day > starts.last:
        return "OVERDUE"
    return "SCHEDULED" if starts.first == starts.last else "EXPECTED"


def visible_talk(world: World, key: str) -> int:
    starts = world.date("talk", key, "starts")
    return min(
        *(min(step.told.first, step.counts.first) for step in world.steps("talk", key)),
        starts.first if starts else NEVER,
        world.published("talk", key),
        NEVER,
    )
