"""Participations: actors in talks, or in processes without a talk, each with its role."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from schema.dates.edtf_dates import FuzzyDate
from schema.declare.fields import column, fuzzy, one
from schema.declare.table import Check, Verb
from schema.declare.vocabulary import vocabulary
from schema.records.record import Record, record

if TYPE_CHECKING:
    from schema.records.actors.actor import Actor
    from schema.records.processes.process import Process
    from schema.records.talks.talk import Talk


@vocabulary
class ParticipationRole(Enum):
    """The role of an actor in a talk or a process."""

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
    named_by=("talk", "process", "actor", "role"),
    part_of=("talk", "process"),
    appears="coalesce(({t}.during).earliest, '-infinity') <= {today}",
    needs_citation=False,
    checks={
        "participation_in_one": Check("talk", "it is in a talk or in a process: give one of the two"),
        "participation_attends_talk": Check(
            "attendance", "it says how sure it is that the actor was at a talk: give it there, and not for a process"
        ),
    },
    verb=Verb("addParticipation", "Add an actor to a talk, or to a process without one.", place=3),
    in_short="An actor in a talk or a process.",
)
class Participation(Record):
    """One actor in one talk, or in a process outside all talks, such as a mediator between capitals."""

    talk: Talk | None = one("The talk; null where the actor takes part in a process.")
    process: Process | None = one("The process, where the actor takes part in it without a talk.")
    actor: Actor = one("Who takes part.")
    on_behalf_of: Actor | None = one("Whom the actor represents.")
    role: ParticipationRole = column("What the actor is there.")
    head_of_delegation: bool = column("Whether the actor leads its delegation.", default=False)
    attendance: Attendance | None = column("How sure it is that the actor was, or will be, at the talk.")
    during: FuzzyDate | None = fuzzy("From when until when it takes part, where it does not always.")
