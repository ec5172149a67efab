"""Commands on deadlines: extend and resolve."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schema.commands.command import REASON, Command, Outcome, Work
from schema.commands.one_record import entered
from schema.errors import Invalid, Problem
from schema.records.timeline.deadline import DeadlineResolution
from schema.records.timeline.milestone import Milestone


def milestone_of_deadline(**kind: Any) -> dict[str, Any]:
    """What a milestone of a deadline needs beside its kind."""
    return {
        "deadline": {"$ref": "#/$defs/RecordKey", "description": "The deadline: its id or key."},
        **kind,
        "at": {"$ref": "#/$defs/FuzzyDate", "description": "When that happened."},
        "actor": {"$ref": "#/$defs/RecordKey", "description": "Who did it: an actor's id or key."},
        "note": {"type": "string", "minLength": 1, "maxLength": 20_000, "description": "What else there is to say."},
        "citations": {
            "type": "array",
            "items": {"$ref": "#/$defs/Citation"},
            "maxItems": 100,
            "description": "The sources.",
        },
        "reason": REASON,
    }


async def enter_milestone(work: Work, given: Mapping[str, Any], kind: str) -> Outcome:
    said = {name: each for name, each in given.items() if name not in ("deadline", "resolution", "reason")}
    said |= {"subject": {"deadline": given["deadline"]}, "kind": kind}
    try:
        return Outcome(record_id=await entered(work, Milestone, said, ""))
    except Invalid as invalid:
        names = {"subject": "deadline"}
        raise Invalid(*(Problem(names.get(each.path, each.path), each.message) for each in invalid.problems)) from None


def extend_deadline() -> Command:
    async def run(work: Work, given: Mapping[str, Any]) -> Outcome:
        return await enter_milestone(work, given, "EXTENDED")

    due = {"$ref": "#/$defs/FuzzyDate", "description": "The new due date."}
    return Command(
        name="extendDeadline",
        description="Record that a deadline was moved to another day.",
        properties=milestone_of_deadline(due=due),
        required=("deadline", "due", "at"),
        gives=Milestone,
        run=run,
        path="/v1/deadlines/{by}/extend",
    )


def resolve_deadline() -> Command:
    async def run(work: Work, given: Mapping[str, Any]) -> Outcome:
        return await enter_milestone(work, given, given["resolution"])

    resolution = {
        "title": "DeadlineResolution",
        "enum": [each.name for each in DeadlineResolution],
        "description": "What became of it.",
    }
    return Command(
        name="resolveDeadline",
        description="Record what became of a deadline.",
        properties=milestone_of_deadline(resolution=resolution),
        required=("deadline", "resolution", "at"),
        gives=Milestone,
        run=run,
        path="/v1/deadlines/{by}/resolve",
    )
