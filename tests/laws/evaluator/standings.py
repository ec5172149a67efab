"""The rule `issue.standing`: how far the sides are apart on an issue in a process."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from tests.laws.evaluator.days import LONG_AGO, NEVER, Days, days
from tests.laws.evaluator.talks import visible_talk
from tests.laws.evaluator.world import Fields, World


class Held(NamedTuple):
    """A position of a side at the clock."""

    side: str
    since: int
    is_own: bool
    stance: str
    option: str | None
    key: str


def standing(world: World, process: str, issue: str, day: int) -> str:
    sides = newest_of_sides(held_positions(world, process, issue, day))
    stances = [each.stance for each in sides]
    demands = [each.option for each in sides if each.stance == "DEMANDS"]
    if len(sides) < 2:
        return "ONE_SIDED" if sides else "UNKNOWN"
    if set(stances) == {"REJECTS"}:
        return "AGREED"
    if "REJECTS" in stances or len(set(demands) - {None}) > 1:
        return "CONTESTED"
    if len(demands) > 1 and None in demands and "ACCEPTS" not in stances:
        return "UNCOMPARED"
    return "CONVERGING" if "ACCEPTS_WITH_CONDITIONS" in stances else "AGREED"


def held_positions(world: World, process: str, issue: str, day: int) -> list[Held]:
    positions = list(world.all("position", process=process, issue=issue))
    holders = {str(each["actor"]) for each in positions}
    found = []
    for each in positions:
        held = days(str(each["held"])) if each.get("held") else Days(LONG_AGO, NEVER)
        if held.first <= day <= held.last and each["stance"] != "UNDECLARED" and is_side(world, process, each, day):
            since = Days(held.first, held.first) if held.first > LONG_AGO else held
            side = speaks_for(world, str(each["actor"]), since, holders)
            found.append(Held(side, held.first, side == each["actor"], each["stance"], each.get("option"), each["key"]))
    return found


def speaks_for(world: World, actor: str, when: Days, holders: set[str]) -> str:
    reached = world.reached(actor, when) & holders
    return next(iter(reached)) if len(reached) == 1 else actor


def is_side(world: World, process: str, position: Fields, day: int) -> bool:
    """Leave out those who have roles in the process or in talks of it that can be seen, none of them PARTY."""
    talks = {key for each in world.all("talk", process=process) if visible_talk(world, key := each["key"]) <= day}
    roles = {each["role"] for each in world.all("participation", actor=str(position["actor"]))
             if each.get("process") == process or each.get("talk") in talks}  # fmt: skip
    return not roles or "PARTY" in roles


def newest_of_sides(found: Iterable[Held]) -> list[Held]:
    """Of each side the position that began last, its own before another's; a tie of stances leaves the side out."""
    by_side: dict[str, list[Held]] = defaultdict(list)
    for each in found:
        by_side[each.side].append(each)
    kept = []
    for side in by_side.values():
        newest = max((each.since, each.is_own) for each in side)
        last = [each for each in side if (each.since, each.is_own) == newest]
        if len({each.stance for each in last}) == 1:
            kept.append(last[0])
    return kept
