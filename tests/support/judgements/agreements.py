"""Judges agreements, their parties and their provisions on one day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.support.judgements.facts import EVER, NEVER, Facts, Row, Span, Step, last_word, last_words
from tests.support.judgements.talks_and_deadlines import deadline_on

CONSENTS = ["ACCEPTED", "APPROVED", "RATIFIED", "ACCEDED"]
APPLIED = ["PROVISIONALLY_APPLIED", "ENTERED_INTO_FORCE"]
LEFT = ["REPUDIATED", "WITHDRAWN"]
PARTY_ORDER = [["REJECTED"], ["INITIALLED"], ["SIGNED"], CONSENTS, APPLIED, ["SUSPENDED"], ["RESUMED"], LEFT]
OWN = [kind for kinds in PARTY_ORDER for kind in kinds]
END_ORDER = [["SUSPENDED"], ["RESUMED", *APPLIED], ["EXPIRED"], ["SUPERSEDED"], ["TERMINATED", *LEFT]]
ENDING = [kind for kinds in END_ORDER for kind in kinds]
RUNGS = [["PROPOSED"], ["DRAFTED"], ["NEGOTIATED"], ["INITIALLED"], ["REJECTED"], ["SIGNED"], CONSENTS, APPLIED]


@dataclass(frozen=True)
class Party:
    """One party on one day."""

    state: str
    has_signed: bool
    is_applied: bool
    signed_on: int | None
    last_signed_on: int


@dataclass(frozen=True)
class Agreed:
    """An agreement on one day."""

    visible: int
    status: str
    signed_on: int | None
    disputed: bool


def agreement_on(facts: Facts, agreement: Row, day: int, *, alone: bool = False) -> Agreed:
    """Judge an agreement; `alone`, as if nothing superseded it."""
    key = ("agreement", agreement["id"], day, alone)
    if key not in facts.judged:
        facts.judged[key] = judge_agreement(facts, agreement, day, alone=alone)
    found: Agreed = facts.judged[key]
    return found


def party_steps(facts: Facts, agreement: Row) -> list[Step]:
    """List the steps of single parties: own steps, and signatures."""
    rows = [each for each in facts.of("signature", "agreement_id", agreement["id"]) if each["capacity"] == "PARTY"]
    named = {each["actor_id"] for each in rows}
    own = [each for each in facts.steps(agreement["id"]) if each.actor and each.kind in OWN]
    steps = [
        each for each in own
        if not rows or each.voice in named
        or any(other.kind == "ACCEDED" and other.voice == each.voice and other.counts <= each.counts for other in own)
    ]  # fmt: skip
    for row in rows:
        span = Span.of(row["signed"])
        if span and span.first > EVER:
            disputed = facts.is_disputed(row["id"], "signed")
            actor = row["actor_id"]
            steps.append(Step(row["id"], "SIGNED", span.first, span.last, span.first, actor, actor, disputed))
    return [each for each in steps if not (each.kind in LEFT and any(revokes(other, each) for other in steps))]


def revokes(step: Step, notice: Step) -> bool:
    return step.kind == "RESUMED" and step.voice == notice.voice and notice.seen <= step.counts < notice.counts


def parties_on(facts: Facts, agreement: Row, steps: Sequence[Step], day: int) -> dict[str, Party]:
    rows = facts.of("signature", "agreement_id", agreement["id"])
    named = {each["actor_id"] for each in rows if each["capacity"] == "PARTY"}
    counted = [each for each in steps if each.counts <= day]
    return {
        actor: party_of([each for each in counted if each.voice == actor])
        for actor in named | {str(each.voice) for each in counted}
    }


def party_of(steps: Sequence[Step]) -> Party:
    signed = [each for each in steps if each.kind in ("SIGNED", "RATIFIED", "ACCEDED", *APPLIED)]
    applied = any(each.kind in APPLIED for each in steps)
    first = min((each.counts for each in signed), default=None)
    return Party(party_state(steps), bool(signed), applied, first, max((each.until for each in signed), default=EVER))


def party_state(steps: Sequence[Step]) -> str:
    word = last_word(steps, PARTY_ORDER)
    if word is None:
        return "EXPECTED"
    if word.kind == "SUSPENDED":
        return "SUSPENDED"
    lasting = last_word(steps, [kinds for kinds in PARTY_ORDER if kinds not in (["SUSPENDED"], ["RESUMED"])])
    if lasting is None:
        return "EXPECTED"
    if lasting.kind in LEFT:
        return "WITHDRAWN"
    if lasting.kind in ("ACCEPTED", "APPROVED") and all(each.kind != "SIGNED" for each in steps):
        return "AGREES"
    return "CONSENTED" if lasting.kind in (*CONSENTS, *APPLIED) else lasting.kind


def judge_agreement(facts: Facts, agreement: Row, day: int, *, alone: bool) -> Agreed:
    steps, own = facts.steps(agreement["id"]), party_steps(facts, agreement)
    of_all = [each for each in steps if not each.actor or each.kind not in OWN]
    signed = [
        span.first for each in facts.of("signature", "agreement_id", agreement["id"])
        if (span := Span.of(each["signed"])) and span.first > EVER
    ]  # fmt: skip
    visible = facts.visible(agreement, *(each.seen for each in steps), *signed)
    reached = reached_on(facts, agreement, of_all, own, day)
    counted = [each for each in of_all if each.counts <= day]
    word = max(last_words(counted, END_ORDER), key=lambda each: (each.counts, -each.disputed), default=None)
    status = reached[0]
    if word and word.kind in (kind for kinds in END_ORDER[2:] for kind in kinds):
        status = "TERMINATED" if word.kind in LEFT else word.kind
    elif end := computed_end(facts, agreement, own, of_all, day, alone=alone):
        status = end
    elif word and word.kind == "SUSPENDED":
        status = "SUSPENDED"
    disputed = bool(word and word.disputed) or any(
        each.disputed and each.counts <= day and each.kind in (*OWN, "PROPOSED", "DRAFTED", "NEGOTIATED")
        for each in (*own, *of_all)
    )
    return Agreed(visible, status, reached[1], disputed)


def reached_on(
    facts: Facts, agreement: Row, of_all: Sequence[Step], own: Sequence[Step], day: int
) -> tuple[str, int | None]:
    """Find how far an agreement has come before any end, and the day it was signed by all."""
    parties = parties_on(facts, agreement, own, day).values()
    counted = [each for each in of_all if each.counts <= day]
    suffice = len(parties) >= (1 if agreement["kind"] == "UNILATERAL" else 2)
    done = {place for place, kinds in enumerate(RUNGS) for each in counted if each.kind in kinds}
    states = [each.state for each in parties]
    all_signed = suffice and all(each.has_signed for each in parties)
    word = last_word(counted, RUNGS)
    last_signed = max((each.last_signed_on for each in parties), default=EVER)
    refused = (
        word is not None
        and word.kind == "REJECTED"
        and last_signed < max(each.counts for each in last_words(counted, RUNGS))
    )
    nobody = all(not each.has_signed for each in parties) and not done & {5, 6}
    ways = [
        (suffice and set(states) <= {"SUSPENDED", "WITHDRAWN"} and "SUSPENDED" in states, "SUSPENDED"),
        (7 in done or (suffice and all(each.is_applied and each.state != "WITHDRAWN" for each in parties)), "IN_FORCE"),
        ((nobody and "REJECTED" in states) or refused, "REJECTED"),
        (6 in done or (suffice and set(states) == {"CONSENTED"}), "RATIFIED"),
        (5 in done or all_signed, "SIGNED"),
        (any(each.has_signed for each in parties), "PARTLY_SIGNED"),
        (3 in done or (suffice and set(states) <= {"INITIALLED", "SIGNED", "CONSENTED"}), "INITIALLED"),
        (2 in done or (suffice and set(states) <= {"AGREES", "INITIALLED", "SIGNED", "CONSENTED"}), "NEGOTIATED"),
        (1 in done, "DRAFTED"),
        (0 in done, "PROPOSED"),
    ]
    status = next((name for holds, name in ways if holds), "SOUGHT")
    days = [each.counts for each in counted if each.kind == "SIGNED"]
    named = [each.signed_on for each in parties if each.signed_on is not None]
    return status, min(days) if days else max(named, default=None) if all_signed else None


def computed_end(
    facts: Facts, agreement: Row, own: Sequence[Step], of_all: Sequence[Step], day: int, *, alone: bool
) -> str | None:
    """Find the first end that follows from other facts and that no step of all came after."""
    ends: list[tuple[int, int, str]] = []
    for term in facts.of("deadline", "subject_id", agreement["id"]):
        passed = passed_since(facts, term, day) if term["kind"] == "TERM" else None
        if passed is not None and was_bound(facts, agreement, passed, alone=alone):
            ends.append((passed, -2, "EXPIRED"))
    if not alone and (since := superseded_on(facts, agreement, day)) is not None:
        ends.append((since, -3, "SUPERSEDED"))
    ends += [
        (turn, -4, "TERMINATED") for turn in sorted({each.counts for each in own if each.counts <= day})
        if are_too_few(facts, agreement, own, turn) and not are_too_few(facts, agreement, own, turn - 1)
    ]  # fmt: skip
    back = max((each.counts for each in of_all if each.counts <= day and each.kind in ENDING), default=EVER)
    return min((each for each in ends if back <= each[0]), default=(0, 0, None))[2]


def are_too_few(facts: Facts, agreement: Row, own: Sequence[Step], day: int) -> bool:
    """Tell whether, of two parties or more, fewer than two are left."""
    parties = parties_on(facts, agreement, own, day).values()
    return len(parties) >= 2 and sum(each.state != "WITHDRAWN" for each in parties) < 2


def passed_since(facts: Facts, term: Row, day: int) -> int | None:
    """Find since when a term has been passed; None where it is not."""
    if deadline_on(facts, term, day).status != "PASSED":
        return None
    turns = {each.counts for each in facts.steps(term["id"])}
    found = deadline_on(facts, term, day).day
    assert found
    turns |= {found.last + 1}
    spans = [Span.of(each.row["due"]) for each in facts.steps(term["id"])] + [Span.of(term["due"])]
    turns |= {span.last + 1 for span in spans if span and span.last < NEVER}
    since = day
    for turn in sorted((each for each in turns if EVER < each <= day), reverse=True):
        if deadline_on(facts, term, turn).status != "PASSED":
            break
        since = turn
        if deadline_on(facts, term, turn - 1).status != "PASSED":
            break
    return since


def was_bound(facts: Facts, agreement: Row, day: int, *, alone: bool) -> bool:
    before = agreement_on(facts, agreement, day - 1, alone=alone).status
    return before in ("SIGNED", "RATIFIED", "IN_FORCE", "SUSPENDED")


def superseded_on(facts: Facts, agreement: Row, day: int) -> int | None:
    """Find the first day up to now on which an agreement that supersedes this one was in force."""
    found = []
    for newer in facts.of("agreement", "supersedes_id", agreement["id"]):
        for turn in sorted(turns_of(facts, newer)):
            if turn <= day and agreement_on(facts, newer, turn, alone=True).status == "IN_FORCE":
                found.append(turn)
                break
    return min(found, default=None)


def turns_of(facts: Facts, agreement: Row) -> set[int]:
    """List the days on which the status of an agreement may change."""
    found = {EVER} | {each.counts for each in (*facts.steps(agreement["id"]), *party_steps(facts, agreement))}
    for term in facts.of("deadline", "subject_id", agreement["id"]):
        steps = facts.steps(term["id"])
        found |= {each.counts for each in steps}
        spans = [Span.of(term["due"]), *(Span.of(each.row["due"]) for each in steps)]
        found |= {span.last + 1 for span in spans if span and span.last < NEVER}
    return found


# --- provisions ----------------------------------------------------------------------------------


def provision_status(facts: Facts, provision: Row, day: int) -> str:
    steps = [each for each in facts.steps(provision["id"]) if max(each.counts, each.seen) <= day]
    pause = last_word(steps, [["SUSPENDED"], ["RESUMED"]])
    if pause and pause.kind == "SUSPENDED":
        return "SUSPENDED"
    judged = assessments(facts, provision, day)
    if words := last_words(steps, [["MISSED"], ["WAIVED"], ["WITHDRAWN"], ["MET"]]):
        met = max(span.last for each in words if (span := Span.of(each.row["at"])))
        later = any(row["level"] < 3 and span.first > met for row, span in judged)
        return {"MISSED": "UNMET", "MET": "REVERSED" if later else "FULFILLED"}.get(words[0].kind, words[0].kind)
    if judged:
        newest = newest_of(judged)
        before = [row["level"] for row, span in judged if span.last < max(each.last for _, each in judged)]
        levels = [row["level"] for row in newest]
        if any(row["reversal"] for row in newest) or (before and min(levels) < max(before)):
            return "REVERSED"
        return {3: "FULFILLED", 0: "NOT_BEGUN"}.get(min(levels), "PARTIAL")
    deadlines = [deadline_on(facts, each, day) for each in facts.of("deadline", "subject_id", provision["id"])]
    statuses = [each.status for each in deadlines if each.visible <= day]
    if statuses and set(statuses) == {"MET"}:
        return "FULFILLED"
    return "UNMET" if {"MISSED", "OVERDUE"} & set(statuses) else "UNKNOWN"


def assessments(facts: Facts, provision: Row, day: int) -> list[tuple[Row, Span]]:
    rows = facts.of("assessment", "provision_id", provision["id"])
    return [(row, span) for row in rows if (span := Span.of(row["period"])) and span.first <= day]


def newest_of(judged: Sequence[tuple[Row, Span]]) -> list[Row]:
    last = max(span.last for _, span in judged)
    return [row for row, span in judged if span.last == last]
