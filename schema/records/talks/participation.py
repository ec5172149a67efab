"""Participations: actors in talks, each with its role."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from schema.declare.fields import column, one
from schema.declare.table import Verb
from schema.declare.vocabulary import vocabulary
from schema.records.record import Record, record

if TYPE_CHECKING:
    from schema.records.actors.actor import Actor
    from schema.records.talks.talk import Talk


@vocabulary
class ParticipationRole(Enum):
    """The role of an actor in a talk."""

    PARTY = "It negotiates for itself or for whom it represents."
    MEDIATOR = "It proposes terms and moves the parties towards them."
    FACILITATOR = "It brings the parties together without proposing terms."
    HOST = "It provides the place."
    GUARANTOR = "It answers for what is agreed."
    OBSERVER = "It is present without negotiating."
    WITNESS = "It attests what is agreed."


@vocabulary
class Attendance(Enum):
    """The certainty that an actor was, or will be, there."""

    EXPECTED = "Expected, not confirmed."
    CONFIRMED = "Confirmed beforehand by the actor."
    REPORTED = "Reported to have been there."
    ABSENT = "Reported not to have come."


@record(
    order="key",
    named_by=("talk", "actor", "role"),
    part_of="talk",
    needs_citation=False,
    verb=Verb("addParticipation", "Add an actor to a talk.", place=3),
    in_short="An actor in a talk.",
)
class Participation(Record):
    """One actor in one talk."""

    talk: Talk = one("The talk.")
    actor: Actor = one("Who takes part.")
    on_behalf_of: Actor | None = one("Whom the actor represents.")
    role: ParticipationRole = column("What the actor is in this talk.")
    head_of_delegation: bool = column("Whether the actor leads its delegation.", default=False)
    attendance: Attendance = column("How sure it is that the actor was, or will be, there.")
