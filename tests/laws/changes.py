"""Worlds that differ from one another in something that must not matter, side by side in one dossier."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from tests.laws.evaluator import world as evaluator
from tests.laws.evaluator.agreements import OWN_ORDER
from tests.laws.evaluator.days import days, written
from tests.laws.laboratory import Answer

World = dict[str, Any]

REFERENCES = {
    "actor", "process", "parent", "talk", "agreement", "statement", "deadline", "provision", "condition", "source",
    "issue", "speaker", "group", "member", "supersedes", "onBehalfOf", "assessor",
}  # fmt: skip
"""The fields that hold the key of another record."""


def side_by_side(worlds: Mapping[str, World]) -> World:
    """One dossier of several worlds: each has its name before all of its keys."""
    found: World = {"dossier": "worlds"}
    for name, world in worlds.items():
        for section, records in rekeyed(world, f"{name}-").items():
            if section != "dossier":
                found.setdefault(section, []).extend(records)
    return found


def rekeyed(value: Any, prefix: str, field: str = "") -> Any:
    if isinstance(value, dict):
        return {name: rekeyed(inner, prefix, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [rekeyed(inner, prefix, "source" if field == "citations" else field) for inner in value]
    return f"{prefix}{value}" if field in {"key", *REFERENCES} else value


def part_of(answer: Answer, name: str) -> Answer:
    """What is answered about one of several worlds, by its own keys."""
    return {
        listed: {key.removeprefix(f"{name}-"): row for key, row in rows.items() if key.startswith(f"{name}-")}
        for listed, rows in unprefixed(answer, f"{name}-").items()
    }


def unprefixed(value: Any, prefix: str) -> Any:
    if isinstance(value, dict):
        return {
            name: inner.removeprefix(prefix) if name == "key" else unprefixed(inner, prefix)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return sorted((unprefixed(inner, prefix) for inner in value), key=str)
    return value


def reordered(value: Any, chance: random.Random) -> Any:
    """The same in another order of entry."""
    if isinstance(value, dict):
        return {key: reordered(each, chance) for key, each in value.items()}
    if isinstance(value, list):
        return chance.sample([reordered(each, chance) for each in value], len(value))
    return value


def until(world: World, day: str) -> World:
    """The same without the steps that come after a day."""
    last = date.fromisoformat(day).toordinal()
    return filtered(world, lambda step: days(step["at"]).first <= last)  # type: ignore[no-any-return]


def filtered(value: Any, keep: Callable[[dict[str, Any]], bool]) -> Any:
    if isinstance(value, dict):
        return {
            key: [filtered(each, keep) for each in inner if keep(each)]
            if key == "milestones"
            else filtered(inner, keep)
            for key, inner in value.items()
        }
    return [filtered(each, keep) for each in value] if isinstance(value, list) else value


def without_own_steps(world: World, party: str) -> World:
    """The same without what one party, or who speaks for it, did to agreements for itself alone."""
    facts = evaluator.World(world)
    own = {
        step.key
        for agreement in world["agreements"]
        for step in facts.steps("agreement", agreement["key"])
        if step.voice == party and step.kind in OWN_ORDER
    }
    return filtered(world, lambda step: step["key"] not in own)  # type: ignore[no-any-return]


def with_terms(world: World, chance: random.Random, *, in_words: bool) -> World:
    """The deadlines of a world, each due some days after a day: in words of one reading, or as that day."""
    found = {section: world[section] for section in ("dossier", "sources", "actors")}
    found["processes"] = [{"key": "p", "name": "P", "opened": "2024-01-10", "citations": ["s"]}]
    found["deadlines"] = [
        {**without(each, "startsWith", "every"), "subject": {"process": "p"}, **term(chance, in_words=in_words)}
        for each in world["deadlines"]
    ]
    return found


def term(chance: random.Random, *, in_words: bool) -> dict[str, Any]:
    anchor = date(2024, 1, 10) + timedelta(chance.randrange(60))
    number = chance.randrange(2, 40)
    words = {"text": f"{chance.choice(['within', 'no later than'])} {number} days", "anchor": anchor.isoformat()}
    return {"anchor": anchor.isoformat(), "due": words if in_words else written(anchor.toordinal() + number)}


def without(record: Mapping[str, Any], *fields: str) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name not in fields}
