"""Lists every command on records."""

from __future__ import annotations

from collections.abc import Iterator

from schema.commands.command import Command
from schema.commands.deadlines import extend_deadline, resolve_deadline
from schema.commands.dossiers import apply_dossier
from schema.commands.merge import merge
from schema.commands.one_record import create, restore, retract, update
from schema.records.agreements.agreement import Signature
from schema.records.registry import RECORDS
from schema.records.sources.citation import Citation
from schema.records.sources.code import Code
from schema.records.talks.participation import Participation
from schema.records.timeline.deadline import Deadline
from schema.records.timeline.milestone import Milestone


def record_commands() -> Iterator[Command]:
    """Every command on records."""
    for cls in RECORDS:
        yield create(cls)
        yield update(cls)
        yield retract(cls)
        yield restore(cls)
    for name, cls, description in (
        ("recordMilestone", Milestone, "Record a dated step in the life of a talk, agreement, process or deadline."),
        ("setDeadline", Deadline, "Set a deadline."),
        ("addParticipation", Participation, "Add an actor to a talk."),
        ("addSignature", Signature, "Add an actor's signature to an agreement."),
        ("cite", Citation, "Let a source support, dispute or retract a record, or one field of it."),
        ("assignCode", Code, "Give a record its id in another data set."),
    ):
        yield create(cls, name, description)
    yield from (extend_deadline(), resolve_deadline(), merge(), apply_dossier())
