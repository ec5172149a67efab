"""Small random worlds, as dossiers: every record that the rules read, with many steps on the same few days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as some
from hypothesis.strategies import DrawFn, SearchStrategy

from tests.support.judgements.agreements import OWN

FIRST = date(2024, 1, 10)
DAYS = 70
"""Few enough that steps meet."""

TALK = ["ANNOUNCED", "SCHEDULED", "POSTPONED", "OPENED", "ADJOURNED", "CONCLUDED", "COLLAPSED", "CANCELLED"]
DEADLINE = ["SET", "TRIGGERED", "EXTENDED", "EXTENDED", "SHORTENED", "OBJECTED", "MET", "MISSED", "WAIVED", "WITHDRAWN"]
AGREEMENT = [
    "PROPOSED", "DRAFTED", "NEGOTIATED", "INITIALLED", "SIGNED", "RATIFIED", "ACCEPTED", "ACCEDED", "REJECTED",
    "PROVISIONALLY_APPLIED", "ENTERED_INTO_FORCE", "SUSPENDED", "RESUMED", "REPUDIATED", "WITHDRAWN", "EXPIRED",
    "TERMINATED", "AMENDED", "VIOLATION_CONFIRMED",
]  # fmt: skip
PROCESS = ["OPENED", "SUSPENDED", "RESUMED", "CONCLUDED", "COLLAPSED", "REPORTED_STALLED"]
SETTLED = ["MET", "MISSED", "WAIVED", "WITHDRAWN"]
ACTORS = ["a", "b", "c", "envoy"]


def day(number: int) -> str:
    return (FIRST + timedelta(days=number)).isoformat()


def days() -> SearchStrategy[str]:
    """A day; now and then some days, or a month."""
    one = some.integers(0, DAYS).map(day)
    spans = some.tuples(some.integers(0, DAYS), some.integers(1, 9)).map(lambda d: f"{day(d[0])}/{day(d[0] + d[1])}")
    return some.one_of(one, one, one, spans, some.sampled_from(["2024-02", "2024-03"]))


def maybe(strategy: SearchStrategy[Any]) -> SearchStrategy[Any]:
    return some.one_of(some.none(), strategy)


@some.composite
def steps(draw: DrawFn, kinds: list[str], name: str, most: int = 5) -> list[dict[str, Any]]:
    found = []
    for place in range(draw(some.integers(0, most))):
        kind = draw(some.sampled_from(kinds))
        step = {
            "key": f"{name}-{place}",
            "kind": kind,
            "at": draw(days()),
            "actor": draw(maybe(some.sampled_from(ACTORS))),
        }
        if kinds is TALK and kind in ("ANNOUNCED", "SCHEDULED", "POSTPONED"):
            step |= {"starts": draw(maybe(days())), "city": draw(maybe(some.sampled_from(["Rome", "Oslo"])))}
        if kind in ("TRIGGERED", "SHORTENED") or (kind == "EXTENDED" and draw(some.booleans())):
            step["due"] = draw(days())
        if kind in ("WITHDRAWN", "REPUDIATED") and kinds is AGREEMENT:
            step["effective"] = draw(maybe(days()))
        found.append({key: value for key, value in step.items() if value is not None})
    return found


@some.composite
def worlds(draw: DrawFn) -> dict[str, Any]:
    """A dossier of a process and its track, with all that may belong to them."""
    source = {"key": "s", "title": "Report", "published": draw(maybe(days()))}
    cited = {"citations": ["s"]}
    world: dict[str, Any] = {
        "dossier": "world",
        "sources": [source],
        "actors": [
            {"key": "a", "name": "A", "kind": "STATE"}, {"key": "b", "name": "B", "kind": "STATE"},
            {"key": "c", "name": "C", "kind": "STATE"},
            {"key": "envoy", "name": "E", "kind": "PERSON", "offices": [
                {"key": "office", "actor": "a", "title": "Envoy", "held": draw(days())}
            ]},
        ],
        "processes": [
            {"key": "p", "name": "P", "opened": draw(maybe(days())), "stallAfterDays": draw(some.sampled_from([5, 20])),
             **cited, "milestones": draw(steps(PROCESS, "p", 3))},
            {"key": "q", "name": "Q", "parent": "p", "opened": draw(days()),
             "stallAfterDays": draw(some.sampled_from([5, 20])), **cited, "milestones": draw(steps(PROCESS, "q", 2))},
        ],
        "talks": [talk(draw, name) for name in ("t", "u")],
        "agreements": [agreement(draw, name) for name in ("g", "h")],
        "statements": [
            {"key": "w", "speaker": "a", "process": "p", "said": draw(days()), "attribution": "PARAPHRASE",
             "summary": "Said.", **cited, "conditions": [
                 {"key": "w-c", "kind": "OFFER", "condition": "If.", "milestones": draw(steps(SETTLED, "w-c", 2))}
             ]},
        ],
        "deadlines": [deadline(draw, name) for name in ("d", "e", "f")],
    }  # fmt: skip
    found: dict[str, Any] = without_nothing(world)
    return found


def talk(draw: DrawFn, name: str) -> dict[str, Any]:
    return {
        "key": name, "title": name, "process": draw(some.sampled_from("pq")), "starts": draw(maybe(days())),
        "citations": ["s"], "milestones": draw(steps(TALK, name)),
        "participations": [
            {"key": f"{name}-{actor}", "actor": actor, "role": "PARTY",
             "attendance": draw(some.sampled_from(["EXPECTED", "REPORTED"]))}
            for actor in draw(some.sets(some.sampled_from(["a", "b"])))
        ],
    }  # fmt: skip


def agreement(draw: DrawFn, name: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "key": name, "title": name, "process": draw(some.sampled_from("pq")),
        "kind": draw(some.sampled_from(["CEASEFIRE", "CEASEFIRE", "UNILATERAL"])),
        "supersedes": "g" if name == "h" and draw(some.booleans()) else None,
        "citations": ["s"], "milestones": draw(steps(AGREEMENT, name, 6)),
        "signatures": [
            {"key": f"{name}-{actor}", "actor": actor,
             "capacity": draw(some.sampled_from(["PARTY", "PARTY", "WITNESS"])), "signed": draw(maybe(days()))}
            for actor in sorted(draw(some.sets(some.sampled_from(["a", "b", "c"]))))
        ],
        "provisions": [
            {"key": f"{name}-v", "text": "To do.", "milestones": draw(steps([*SETTLED, "SUSPENDED"], f"{name}-v", 2)),
             "assessments": [
                 {"key": f"{name}-v-{place}", "period": draw(days()), "level": draw(some.integers(0, 3))}
                 for place in range(draw(some.integers(0, 2)))
             ]}
        ],
    }  # fmt: skip
    parties = {each["actor"] for each in found["signatures"] if each["capacity"] == "PARTY"}
    found["milestones"] = [without_outsider(each, parties) for each in found["milestones"]]
    return found


def without_outsider(step: dict[str, Any], parties: set[str]) -> dict[str, Any]:
    """A step that only a party can take, as one of all where its actor is none of those listed: else it is refused."""
    actor = step.get("actor")
    if not parties or actor in parties or step["kind"] not in OWN or step["kind"] == "ACCEDED":
        return step
    if actor == "envoy" and "a" in parties:
        return {**step, "onBehalfOf": "a"}
    return {key: value for key, value in step.items() if key != "actor"}


def deadline(draw: DrawFn, name: str) -> dict[str, Any]:
    subjects = [{"process": "p"}, {"process": "q"}, {"agreement": "g"}, {"agreement": "h"}, {"talk": "t"},
                {"provision": "g-v"}, {"statement": "w"}, {"condition": "w-c"}]  # fmt: skip
    hardness = draw(some.sampled_from(["HARD", "HARD", "CONDITIONAL", "OPEN_ENDED"]))
    return {
        "key": name, "title": name, "subject": draw(some.sampled_from(subjects)), "hardness": hardness,
        "kind": draw(some.sampled_from(["TASK", "TERM"])),
        "due": draw(days() if hardness == "HARD" else maybe(days())),
        "anchor": draw(maybe(some.integers(0, DAYS).map(day))),
        "every": draw(some.sampled_from([None] * 9 + ["P9D"])),
        "startsWith": draw(some.sampled_from([None, "acceptance"])), "citations": ["s"],
        "milestones": draw(steps(DEADLINE, name)),
    }  # fmt: skip


def without_nothing(value: Any) -> Any:
    """Leave out what is not given."""
    if isinstance(value, dict):
        return {key: without_nothing(each) for key, each in value.items() if each is not None}
    return [without_nothing(each) for each in value] if isinstance(value, list) else value
