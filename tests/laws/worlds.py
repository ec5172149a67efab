"""Small random worlds, as dossiers: every type of record, with many steps on the same few days."""

from __future__ import annotations

import json
import random
import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as some
from hypothesis.strategies import DrawFn, SearchStrategy

from tests.laws.evaluator.agreements import OWN_ORDER

FIRST = date(2024, 1, 10)
DAYS = 40
"""Few enough that steps meet."""

TALK = ["ANNOUNCED", "SCHEDULED", "SCHEDULED", "POSTPONED", "OPENED", "OPENED", "ADJOURNED", "CONCLUDED", "COLLAPSED",
        "CANCELLED"]  # fmt: skip
DEADLINE = ["SET", "TRIGGERED", "EXTENDED", "EXTENDED", "SHORTENED", "OBJECTED", "MET", "MISSED", "WAIVED", "WITHDRAWN"]
AGREEMENT = [
    "PROPOSED", "DRAFTED", "NEGOTIATED", "INITIALLED", "SIGNED", "RATIFIED", "ACCEPTED", "APPROVED", "ACCEDED",
    "REJECTED", "PROVISIONALLY_APPLIED", "ENTERED_INTO_FORCE", "ENTERED_INTO_FORCE", "SUSPENDED", "RESUMED",
    "REPUDIATED", "WITHDRAWN", "EXPIRED", "SUPERSEDED", "TERMINATED", "AMENDED", "VIOLATION_ALLEGED",
    "VIOLATION_CONFIRMED",
]  # fmt: skip
PROCESS = ["OPENED", "SUSPENDED", "RESUMED", "CONCLUDED", "COLLAPSED", "REPORTED_STALLED"]
SETTLED = ["MET", "MISSED", "WAIVED", "WITHDRAWN"]
PROVISION = [*SETTLED, "SUSPENDED", "RESUMED"]
PARTIES = ["a", "b", "c"]
ACTORS = [*PARTIES, "envoy", "council"]
ROLES = ["PARTY", "PARTY", "MEDIATOR"]


def day(number: int) -> str:
    return (FIRST + timedelta(days=number)).isoformat()


def one_day() -> SearchStrategy[str]:
    return some.integers(0, DAYS).map(day)


def days() -> SearchStrategy[str]:
    """A day; now and then some days, or a month."""
    spans = some.tuples(some.integers(0, DAYS), some.integers(1, 9)).map(lambda d: f"{day(d[0])}/{day(d[0] + d[1])}")
    return some.one_of(one_day(), one_day(), one_day(), spans, some.sampled_from(["2024-01", "2024-02"]))


def maybe(strategy: SearchStrategy[Any]) -> SearchStrategy[Any]:
    return some.one_of(some.none(), strategy)


def rarely(strategy: SearchStrategy[Any]) -> SearchStrategy[Any]:
    return some.integers(0, 7).flatmap(lambda chance: strategy if chance == 7 else some.none())


DISPUTED = [{"source": "other", "stance": "DISPUTES"}]


@some.composite
def steps(draw: DrawFn, kinds: list[str], name: str, most: int = 5) -> list[dict[str, Any]]:
    return [step(draw, kinds, f"{name}-{place}") for place in range(draw(some.integers(0, most)))]


def step(draw: DrawFn, kinds: list[str], key: str) -> dict[str, Any]:
    kind = draw(some.sampled_from(kinds))
    actor = draw(maybe(some.sampled_from(ACTORS)))
    found = {"key": key, "kind": kind, "at": draw(days()), "actor": actor}
    if actor:
        found["onBehalfOf"] = draw(rarely(some.sampled_from(PARTIES)))
    if kinds is TALK and kind in ("ANNOUNCED", "SCHEDULED", "POSTPONED", "OPENED"):
        found |= {"starts": draw(maybe(days())), "ends": draw(rarely(days())),
                  "city": draw(rarely(some.sampled_from(["Rome", "Oslo"])))}  # fmt: skip
    if kind in ("TRIGGERED", "SHORTENED") or (kind == "EXTENDED" and draw(some.integers(0, 3))):
        found["due"] = draw(days())
    if kind in ("WITHDRAWN", "REPUDIATED") and kinds is AGREEMENT:
        found["effective"] = draw(maybe(some.integers(DAYS // 2, DAYS + 20).map(day)))
    found["citations"] = draw(rarely(some.just(DISPUTED)))
    return found


@some.composite
def worlds(draw: DrawFn) -> dict[str, Any]:
    """A dossier of a process and its track, with all that may belong to them."""
    world: dict[str, Any] = {
        "dossier": "world",
        "sources": [
            {"key": "s", "title": "Report", "published": draw(days())}, {"key": "other", "title": "Denial"}
        ],
        "actors": [
            *({"key": key, "name": key.upper(), "kind": "STATE"} for key in PARTIES),
            {"key": "council", "name": "Council", "kind": "GOVERNMENT_BODY", "parent": draw(maybe(some.just("b"))),
             "memberships": draw(memberships("council"))},
            {"key": "envoy", "name": "Envoy", "kind": "PERSON", "offices": draw(offices()),
             "memberships": draw(memberships("envoy"))},
        ],
        "conflicts": [{"key": "war", "name": "War", "kind": "INTRASTATE", "citations": ["s"]}],
        "issues": [{"key": "i", "name": "Land"}],
        "processes": [process(draw, "p", None), process(draw, "q", draw(some.sampled_from(["p", "p", None])))],
        "talks": [talk(draw, name) for name in ("t", "u")],
        "agreements": [agreement(draw, name) for name in ("g", "h")],
        "statements": [statement(draw)],
        "deadlines": [deadline(draw, name) for name in ("d", "e", "f")],
        "positions": [position(draw, f"o-{place}") for place in range(draw(some.integers(0, 4)))],
        "commentaries": [{"key": "view", "subject": {"process": "p"}, "kind": "OPINION", "headline": "A view",
                          "text": "A view.", "citations": ["s"]}],
        "otherNames": [{"key": "name", "record": {"issue": "i"}, "text": "Ground"}],
        "codes": [{"key": "code", "record": {"process": "p"}, "scheme": "WIKIDATA", "code": "Q1"}],
    }  # fmt: skip
    found: dict[str, Any] = without_nothing(world)
    return found


@some.composite
def offices(draw: DrawFn) -> list[dict[str, Any]]:
    return [
        {"key": f"office-{actor}", "actor": actor, "title": "Envoy",
         "held": draw(some.sampled_from(["2024", "2024-02", "2024-01-20/..", None]))}
        for actor in sorted(draw(some.sets(some.sampled_from(["a", "b"]), max_size=2)))
    ]  # fmt: skip


@some.composite
def memberships(draw: DrawFn, member: str) -> list[dict[str, Any]]:
    return [
        {"key": f"{member}-in-{group}", "group": group, "role": draw(some.sampled_from(["MEMBER", "SPEAKS_FOR"])),
         "held": draw(some.sampled_from(["2024", "2024-02", "../2024-02-10", None]))}
        for group in sorted(draw(some.sets(some.sampled_from(["b", "c"]), max_size=1)))
    ]  # fmt: skip


def cited(draw: DrawFn, *fields: str) -> list[Any]:
    """The source of a record, and now and then one that disputes a field of it."""
    disputed = draw(rarely(some.sampled_from(fields)))
    return ["s", *([{"source": "other", "stance": "DISPUTES", "field": disputed}] if disputed else [])]


def process(draw: DrawFn, key: str, parent: str | None) -> dict[str, Any]:
    return {
        "key": key, "name": key, "parent": parent,
        "opened": draw(maybe(some.one_of(some.integers(0, DAYS // 2).map(day), some.just("2024-01")))),
        "closed": draw(rarely(some.integers(DAYS // 2, DAYS).map(day))),
        "stallAfterDays": draw(some.sampled_from([5, 20, None])), "citations": ["s"],
        "milestones": draw(steps(PROCESS, key, 3)),
        "participations": draw(rarely(some.just([{"key": f"{key}-c", "actor": "c", "role": "MEDIATOR"}]))),
    }  # fmt: skip


def talk(draw: DrawFn, name: str) -> dict[str, Any]:
    starts = draw(maybe(days()))
    return {
        "key": name, "title": draw(some.sampled_from(["Round", name])), "process": draw(some.sampled_from("pq")),
        "starts": starts, "ends": starts and draw(rarely(some.just(day(DAYS + 9)))),
        "city": draw(maybe(some.just("Bern"))), "citations": cited(draw, "starts"),
        "milestones": draw(steps(TALK, name)),
        "participations": [
            {"key": f"{name}-{actor}", "actor": actor, "role": draw(some.sampled_from(ROLES)),
             "onBehalfOf": draw(maybe(some.just("a"))) if actor == "envoy" else None,
             "attendance": draw(some.sampled_from(["EXPECTED", "REPORTED"]))}
            for actor in sorted(draw(some.sets(some.sampled_from(["a", "b", "envoy"]))))
        ],
    }  # fmt: skip


def agreement(draw: DrawFn, name: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "key": name, "title": name, "process": draw(some.sampled_from(["p", "q", None])),
        "kind": draw(some.sampled_from(["CEASEFIRE", "CEASEFIRE", "UNILATERAL"])),
        "supersedes": "g" if name == "h" and draw(some.booleans()) else None,
        "citations": ["s"], "milestones": draw(steps(AGREEMENT, name, 6)),
        "signatures": [
            {"key": f"{name}-{actor}", "actor": actor, "signed": draw(maybe(days())),
             "capacity": draw(some.sampled_from(["PARTY", "PARTY", "PARTY", "WITNESS"]))}
            for actor in sorted(draw(some.sets(some.sampled_from(PARTIES))))
        ],
        "provisions": [
            {"key": f"{name}-v", "text": "To do.", "milestones": draw(steps(PROVISION, f"{name}-v", 2)),
             "assessments": [
                 {"key": f"{name}-v-{place}", "period": draw(days()), "level": draw(some.integers(0, 3)),
                  "reversal": draw(rarely(some.just(True))), "assessor": draw(maybe(some.sampled_from(PARTIES)))}
                 for place in range(draw(some.integers(0, 3)))
             ]}
        ],
    }  # fmt: skip
    parties = [each["actor"] for each in found["signatures"] if each["capacity"] == "PARTY"]
    found["milestones"] = [with_party(each, parties) for each in found["milestones"]]
    return found


def with_party(step: dict[str, Any], parties: list[str]) -> dict[str, Any]:
    """A step that only a party can take, for one of those listed: of anybody else it is refused."""
    voice = step.get("onBehalfOf") or step.get("actor")
    if not parties or voice is None or voice in parties or step["kind"] not in OWN_ORDER or step["kind"] == "ACCEDED":
        return step
    return {**step, "onBehalfOf": parties[0]}


def statement(draw: DrawFn) -> dict[str, Any]:
    return {
        "key": "w", "speaker": "a", "process": "p", "said": draw(days()), "attribution": "PARAPHRASE",
        "summary": "Said.", "citations": ["s"],
        "conditions": [
            {"key": "w-c", "kind": "OFFER", "condition": "If.", "deadline": draw(rarely(some.just("d"))),
             "milestones": draw(steps(SETTLED, "w-c", 2))}
        ],
    }  # fmt: skip


def deadline(draw: DrawFn, name: str) -> dict[str, Any]:
    subjects = [{"process": "p"}, {"process": "q"}, {"agreement": "g"}, {"agreement": "g"}, {"agreement": "h"},
                {"talk": "t"}, {"provision": "g-v"}, {"statement": "w"}, {"condition": "w-c"}]  # fmt: skip
    hardness = draw(some.sampled_from(["HARD", "HARD", "HARD", "CONDITIONAL", "OPEN_ENDED"]))
    return {
        "key": name, "title": draw(some.sampled_from(["Answer", name])), "subject": draw(some.sampled_from(subjects)),
        "hardness": hardness, "kind": draw(some.sampled_from(["TASK", "TERM", None])),
        "due": draw(days() if hardness == "HARD" else maybe(days())), "anchor": draw(maybe(one_day())),
        "every": draw(rarely(some.sampled_from(["P9D", "P2W", "P1M"]))),
        "startsWith": draw(some.sampled_from([None, "acceptance"])), "citations": cited(draw, "due"),
        "milestones": draw(steps(DEADLINE, name)),
    }  # fmt: skip


def position(draw: DrawFn, key: str) -> dict[str, Any]:
    stances = ["DEMANDS", "DEMANDS", "ACCEPTS", "ACCEPTS_WITH_CONDITIONS", "REJECTS", "UNDECLARED"]
    return {
        "key": key, "actor": draw(some.sampled_from(ACTORS)), "issue": "i", "process": draw(some.sampled_from("pq")),
        "stance": draw(some.sampled_from(stances)), "option": draw(some.sampled_from([None, "north", "south"])),
        "held": draw(maybe(some.one_of(days(), one_day().map("{}/..".format)))), "citations": ["s"],
    }  # fmt: skip


def days_around(world: dict[str, Any], chance: random.Random) -> list[str]:
    """The days of all steps and dates of a world, the days before and after them, and ten others."""
    written = {date.fromisoformat(found) for found in re.findall(r"\d{4}-\d\d-\d\d", json.dumps(world))}
    for found in re.findall(r"(\d{4}-\d\d)[^-\d]", json.dumps(world)):
        first = date.fromisoformat(f"{found}-01")
        written |= {first, first.replace(day=monthrange(first.year, first.month)[1])}
    around = {each + timedelta(by) for each in written for by in (-1, 0, 1)}
    others = {FIRST + timedelta(chance.randrange(-5, DAYS + 110)) for _ in range(10)}
    return sorted(each.isoformat() for each in around | others)


def without_nothing(value: Any) -> Any:
    """Leave out what is not given."""
    if isinstance(value, dict):
        return {key: without_nothing(each) for key, each in value.items() if each is not None}
    return [without_nothing(each) for each in value] if isinstance(value, list) else value
