"""A dossier as records by type and key: their steps, their sources, who takes part, and who speaks for whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tests.laws.evaluator.days import NEVER, Days, days, overlap

Fields = Mapping[str, Any]

SECTIONS = {
    "sources": "source", "actors": "actor", "processes": "process", "issues": "issue", "talks": "talk",
    "statements": "statement", "agreements": "agreement", "deadlines": "deadline", "positions": "position",
    "milestones": "milestone", "citations": "citation", "offices": "office", "participations": "participation",
    "memberships": "membership", "signatures": "signature", "provisions": "provision", "assessments": "assessment",
    "conditions": "condition", "otherNames": "other_name",
    "conflicts": "conflict", "commentaries": "commentary", "codes": "code", "tracks": "process",
}  # fmt: skip

WITHIN = {"offices": "person", "memberships": "member", "tracks": "parent"}
"""The field by which a record that is written inside another refers to it, where it is not named after its type."""

ABOUT = {"milestones": "subject", "citations": "record", "otherNames": "record", "codes": "record"}
"""The same of records that may be about any type."""

MOVED = ("due", "starts", "ends", "venue", "city", "country")
"""The fields of a step that move its subject."""


@dataclass(frozen=True)
class Step:
    """A dated step: when it was told and from when it counts, who did it, and where it moves its subject."""

    key: str
    kind: str
    told: Days
    counts: Days
    actor: str | None = None
    voice: str | None = None
    is_disputed: bool = False
    values: Fields = field(default_factory=dict)

    def moves_to(self, name: str) -> Days | None:
        return days(str(self.values[name])) if name in self.values else None


@dataclass(frozen=True)
class Citation:
    source: str
    stance: str
    field: str | None


class World:
    """The records of a dossier. A type and a key name one: `("talk", "first-round")`."""

    def __init__(self, dossier: Mapping[str, Any]) -> None:
        self.read_steps: dict[tuple[str, str], list[Step]] = {}
        self.records: dict[str, dict[str, Fields]] = defaultdict(dict)
        self.citations: dict[tuple[str, str], list[Citation]] = defaultdict(list)
        self.steps_as_told: dict[tuple[str, str], list[Fields]] = defaultdict(list)
        for section, entries in dossier.items():
            if section in SECTIONS:
                self.take(section, entries, {})

    def take(self, section: str, entries: Iterable[Any], parent: Fields) -> None:
        for place, entry in enumerate(entries):
            given = {"source": entry} if isinstance(entry, str) else dict(entry)
            inner = {name: given.pop(name) for name in list(given) if is_section(name, given[name])}
            made_key = f"{section} {place} of {sorted(parent.items(), key=str)}"
            self.put(SECTIONS[section], {**parent, **given}, made_key)
            type_, key = SECTIONS[section], str(given.get("key") or made_key)
            for name, more in inner.items():
                about = ABOUT.get(name)
                self.take(name, more, {about: {type_: key}} if about else {WITHIN.get(name, type_): key})

    def put(self, type_: str, record: Fields, made_key: str) -> None:
        key = str(record.get("key") or made_key)
        record = {**record, "key": key}
        if type_ == "milestone":
            self.steps_as_told[next(iter(record["subject"].items()))].append(record)
        elif type_ == "citation":
            self.citations[next(iter(record["record"].items()))].append(
                Citation(record["source"], record.get("stance", "SUPPORTS"), record.get("field"))
            )
        self.records[type_][key] = record

    def all(self, type_: str, **wanted: str) -> Iterator[Fields]:
        """The records of a type whose fields have these values."""
        for record in self.records[type_].values():
            if all(record.get(name) == value for name, value in wanted.items()):
                yield record

    def date(self, type_: str, key: str, name: str) -> Days | None:
        value = self.records[type_][key].get(name)
        return None if value is None else days(str(value))

    # --- sources ---------------------------------------------------------------------------------

    def published(self, type_: str, key: str) -> int:
        """The first day on which a source that supports a record was published."""
        found = [
            days(str(source["published"])).first
            for each in self.citations[type_, key]
            if each.stance == "SUPPORTS" and (source := self.records["source"][each.source]).get("published")
        ]
        return min(found, default=NEVER)

    def disputes(self, type_: str, key: str, *fields: str | None) -> bool:
        """Whether a source disputes one of these fields of a record; None is the record as a whole."""
        return any(each.stance == "DISPUTES" and each.field in fields for each in self.citations[type_, key])

    # --- steps -----------------------------------------------------------------------------------

    def steps(self, type_: str, key: str) -> list[Step]:
        if (type_, key) not in self.read_steps:
            self.read_steps[type_, key] = [self.step(each, type_, key) for each in self.steps_as_told[type_, key]]
        return self.read_steps[type_, key]

    def step(self, given: Fields, type_: str, key: str) -> Step:
        told = days(str(given["at"]))
        effect = days(str(given["effective"])) if "effective" in given else told
        first = max(told.first, effect.first)
        step = Step(
            key=given["key"],
            kind=given["kind"],
            told=told,
            counts=Days(first, max(first, effect.last)),
            actor=given.get("actor"),
            is_disputed=any(each.stance == "DISPUTES" for each in self.citations["milestone", given["key"]]),
            values={name: given[name] for name in MOVED if name in given},
        )
        if step.actor is None:
            return step
        speaks_for = given.get("onBehalfOf") or self.voice(step.actor, told, self.there(type_, key))
        return replace(step, voice=speaks_for)

    # --- who speaks for whom ---------------------------------------------------------------------

    def voice(self, actor: str, when: Days, there: frozenset[str]) -> str:
        """The actor itself if it takes part there; else the one that takes part and to which it leads; else itself."""
        if actor in there:
            return actor
        reached = self.reached(actor, when) & there
        return next(iter(reached)) if len(reached) == 1 else actor

    def reached(self, actor: str, when: Days) -> set[str]:
        """The actors that its offices and groups of that day, and the bodies it is part of, lead to at any distance."""
        found: set[str] = set()
        ahead = [actor]
        while ahead:
            current = ahead.pop()
            leading = [(each["actor"], each.get("held")) for each in self.all("office", person=current)]
            leading += [(each["group"], each.get("held")) for each in self.all("membership", member=current)]
            further = {str(actor) for actor, held in leading if held and overlap(days(str(held)), when)}
            if parent := self.records["actor"][current].get("parent"):
                further.add(str(parent))
            ahead += further - found
            found |= further
        return found - {actor}

    def there(self, type_: str, key: str) -> frozenset[str]:
        """Who takes part: the parties of an agreement; else in the record, in what it belongs to, in its process."""
        if type_ == "agreement":
            return frozenset(self.rows(key))
        found: set[str] = set()
        for owner_type, owner in self.owners(type_, key):
            if owner_type == "talk":
                found |= self.participants("talk", owner)
            elif owner_type == "agreement":
                found |= self.rows(owner).keys()
            elif owner_type == "process":
                found |= self.participants("process", owner)
                for talk in self.all("talk", process=owner):
                    found |= self.participants("talk", talk["key"])
                for agreement in self.all("agreement", process=owner):
                    found |= self.rows(agreement["key"]).keys()
        return frozenset(found)

    def participants(self, type_: str, key: str) -> set[str]:
        """Who takes part in a talk or a process: where an actor does so for another, that other."""
        return {str(each.get("onBehalfOf") or each["actor"]) for each in self.all("participation", **{type_: key})}

    def rows(self, agreement: str) -> dict[str, Fields]:
        """The signatures, given or expected, of those who are to be bound."""
        return {str(each["actor"]): each for each in self.all("signature", agreement=agreement, capacity="PARTY")}

    def owners(self, type_: str, key: str) -> list[tuple[str, str]]:
        """A record and those it belongs to, up to its process."""
        found = [(type_, key)]
        while (owner := self.owner(*found[-1])) is not None:
            found.append(owner)
        return found

    def owner(self, type_: str, key: str) -> tuple[str, str] | None:
        record = self.records[type_][key]
        if type_ == "deadline" and "subject" in record:
            return next(iter(record["subject"].items()))  # type: ignore[no-any-return]
        above = {"provision": ["agreement"], "condition": ["statement"], "statement": ["process", "talk"],
                 "talk": ["process"], "agreement": ["process"]}.get(type_, [])  # fmt: skip
        return next(((name, str(record[name])) for name in above if record.get(name)), None)

    def process_of(self, type_: str, key: str) -> str | None:
        return next((owner for kind, owner in self.owners(type_, key) if kind == "process"), None)


def is_section(name: str, value: Any) -> bool:
    # `statements` of a position are references; those of a process are records.
    is_reference = name in ("statements", "offices") and all(isinstance(each, str) for each in value)
    return name in SECTIONS and not is_reference
