"""Values of agreements, as the rules in `tests/support/judgements` give them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.support.judgements.agreements import (
    LEFT,
    Agreed,
    agreement_on,
    assessments,
    newest_of,
    parties_on,
    party_steps,
    turns_of,
)
from tests.support.judgements.facts import Row, day_of
from tests.support.judgements.processes import since
from tests.support.oracle.clock import Clock, earliest


def agreed(clock: Clock, row: Row) -> Agreed:
    return agreement_on(clock.facts, row, clock.day)


def agreement_since(clock: Clock, row: Row) -> str | None:
    def status(day: int) -> str:
        return agreement_on(clock.facts, row, day).status

    turns = turns_of(clock.facts, row)
    for newer in clock.facts.of("agreement", "supersedes_id", row["id"]):
        turns |= turns_of(clock.facts, newer)
    return day_of(since(status, clock.day, agreed(clock, row).visible, turns))


def in_force_since(clock: Clock, row: Row) -> str | None:
    return agreement_since(clock, row) if agreed(clock, row).status == "IN_FORCE" else None


def violations(clock: Clock, row: Row) -> dict[str, Any]:
    alleged, confirmed = (clock.steps(row["id"], f"VIOLATION_{kind}") for kind in ("ALLEGED", "CONFIRMED"))
    days = [day for each in (*alleged, *confirmed) if (day := earliest(each["at"]))]
    return {"alleged": len(alleged), "confirmed": len(confirmed), "last": max(days, default=None)}


def implementation(clock: Clock, agreement: Row) -> dict[str, Any]:
    provisions = clock.of("provision", "agreement_id", agreement["id"])
    judged = [found for each in provisions if (found := assessments(clock.facts, each, clock.day))]
    levels = [min(row["level"] for row in newest_of(each)) for each in judged]
    mean: float | int | None = None
    if levels:
        exact = (Decimal(sum(levels)) / len(levels)).quantize(Decimal("0.01"), ROUND_HALF_UP)
        mean = int(exact) if exact == int(exact) else float(exact)
    return {"mean": mean, "judged": len(levels), "total": len(provisions)}


def state(clock: Clock, signature: Row) -> str | None:
    agreement = clock.facts.get(signature["agreement_id"])
    if signature["capacity"] != "PARTY" or agreement is None:
        return None
    steps = party_steps(clock.facts, agreement)
    return parties_on(clock.facts, agreement, steps, clock.day)[signature["actor_id"]].state


def leaves_on(clock: Clock, signature: Row) -> str | None:
    agreement = clock.facts.get(signature["agreement_id"])
    steps = party_steps(clock.facts, agreement) if agreement else []
    return day_of(min(
        (each.counts for each in steps if each.voice == signature["actor_id"] and each.kind in LEFT
         and each.seen <= clock.day < each.counts), default=None,
    ))  # fmt: skip


def provision_disputed(clock: Clock, provision: Row) -> bool:
    judged = assessments(clock.facts, provision, clock.day)
    return len({row["level"] for row in newest_of(judged)}) > 1 if judged else False
