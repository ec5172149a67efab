"""The last word of some steps, and the readings that their moves leave side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from tests.laws.evaluator.days import Days, hull, overlap
from tests.laws.evaluator.world import Step

Order = Mapping[str, int]
"""Kind of step -> rank. Kinds of one rank are alike."""


def order(*ranks: str) -> Order:
    """Ranks from the lowest; kinds that are alike stand in one, parted by blanks."""
    return {kind: rank for rank, kinds in enumerate(ranks) for kind in kinds.split()}


def last_words(steps: Iterable[Step], ranks: Order) -> list[Step]:
    """The highest steps among those that no other came after. Several are of one rank, and none is nothing."""
    among = [step for step in steps if step.kind in ranks]
    newest = max((step.counts.first for step in among), default=0)
    kept = [step for step in among if step.counts.last >= newest]
    highest = max((ranks[step.kind] for step in kept), default=-1)
    return [step for step in kept if ranks[step.kind] == highest]


def last_word(steps: Iterable[Step], ranks: Order) -> str | None:
    found = last_words(steps, ranks)
    return found[0].kind if found else None


def are_disputed(words: Sequence[Step]) -> bool:
    """Whether a source disputes what decides: of several last words alike, every one."""
    return bool(words) and all(step.is_disputed for step in words)


def readings(moves: Sequence[Step], ranks: Order, puts_off: Callable[[Step], bool]) -> list[Step]:
    """The moves that none replaces.

    One without an actor, and one that puts off, replace all before them; one of a voice replaces what was of all, or
    of that voice, before it. On overlapping days the higher kind of one voice, or of all, replaces the lower.
    """

    def replaces(new: Step, old: Step) -> bool:
        if old.counts.last < new.counts.first:
            return new.voice is None or puts_off(new) or old.voice in (None, new.voice)
        return (
            overlap(new.counts, old.counts)
            and new.voice == old.voice
            and ranks.get(new.kind, -1) > ranks.get(old.kind, -1)
        )

    return [old for old in moves if not any(replaces(new, old) for new in moves if new is not old)]


def value(standing: Sequence[Step], name: str) -> Days | None:
    """The span of the readings; None where one of them leaves no day."""
    found = [step.moves_to(name) for step in standing]
    return None if None in found else hull(each for each in found if each)
