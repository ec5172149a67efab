"""Rules on agreements, from their published texts."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from tests.support.oracle.clock import Clock, earliest, latest, least
from tests.support.world import Row

FORWARD = {
    "PROPOSED": "PROPOSED", "DRAFTED": "DRAFTED", "NEGOTIATED": "NEGOTIATED", "INITIALLED": "INITIALLED",
    "SIGNED": "SIGNED", "RATIFIED": "RATIFIED", "ACCEPTED": "RATIFIED", "APPROVED": "RATIFIED", "ACCEDED": "RATIFIED",
    "ENTERED_INTO_FORCE": "IN_FORCE", "PROVISIONALLY_APPLIED": "IN_FORCE",
}  # fmt: skip
RANK = list(dict.fromkeys(FORWARD.values()))
BREAKS = {
    "SUSPENDED": "SUSPENDED", "VIOLATION_CONFIRMED": "BREACHED", "REJECTED": "REJECTED", "REPUDIATED": "TERMINATED",
    "TERMINATED": "TERMINATED", "EXPIRED": "EXPIRED", "SUPERSEDED": "SUPERSEDED",
}  # fmt: skip


def agreement_status(clock: Clock, agreement: Row) -> str:
    status, broken = "SOUGHT", ""
    for step in clock.steps(agreement["id"]):
        if step["kind"] in BREAKS:
            status = broken = BREAKS[step["kind"]]
        elif forward := FORWARD.get(step["kind"]):
            if broken and (broken == "REJECTED" or forward == "IN_FORCE"):
                status, broken = forward, ""
            elif not broken and (status not in RANK or RANK.index(forward) > RANK.index(status)):
                status = forward
    return status


def signed_on(clock: Clock, agreement: Row) -> str | None:
    signed = least(earliest(step["at"]) for step in clock.steps(agreement["id"], "SIGNED"))
    names = [earliest(each["signed"]) for each in clock.of("signature", "agreement_id", agreement["id"])
             if each["capacity"] == "PARTY"]  # fmt: skip
    return signed or max(filter(None, names), default=None)


def in_force_since(clock: Clock, agreement: Row) -> str | None:
    if agreement_status(clock, agreement) != "IN_FORCE":
        return None
    steps = clock.steps(agreement["id"], "ENTERED_INTO_FORCE", "PROVISIONALLY_APPLIED")
    breaks = [earliest(step["at"]) or "" for step in clock.steps(agreement["id"], *BREAKS)]
    days = filter(None, (earliest(step["at"]) for step in steps))
    return min((day for day in days if day >= max(breaks, default="")), default=None)


def implementation(clock: Clock, agreement: Row) -> float | int | None:
    levels = []
    for provision in clock.of("provision", "agreement_id", agreement["id"]):
        found = clock.of("assessment", "provision_id", provision["id"])
        if found:
            newest = max(found, key=lambda row: (latest(row["period"]) or "9999-99-99", row["id"]))
            levels.append(newest["level"])
    if not levels:
        return None
    mean = (Decimal(sum(levels)) / len(levels)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return int(mean) if mean == int(mean) else float(mean)
