"""Milestones: the dated steps from which every status is computed."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from schema.dates.edtf_dates import FuzzyDate
from schema.declare.fields import DETAIL, column, fuzzy, one
from schema.declare.table import Check, Verb
from schema.declare.vocabulary import Term, vocabulary
from schema.records.record import Record, record

if TYPE_CHECKING:
    from schema.records.actors.actor import Actor


@vocabulary
class MilestoneKind(Enum):
    """The kind of a milestone. Each type of subject has kinds of its own, which the database enforces."""

    ANNOUNCED = Term(talk="announced.")
    SCHEDULED = Term(talk="given a definite date.")
    POSTPONED = Term(talk="put off.")
    OPENED = Term(talk="begun.", process="begun.")
    ADJOURNED = Term(talk="interrupted, to be continued.")
    CONCLUDED = Term(talk="brought to its end.", process="brought to its end.")
    COLLAPSED = Term(talk="broken off.", process="broken off.")
    CANCELLED = Term(talk="called off.")
    PROPOSED = Term(agreement="proposed.")
    DRAFTED = Term(agreement="drafted.")
    NEGOTIATED = Term(agreement="text agreed.")
    INITIALLED = Term(agreement="initialled.")
    SIGNED = Term(agreement="signed.")
    RATIFIED = Term(agreement="ratified.")
    ACCEPTED = Term(agreement="accepted in place of ratification.")
    APPROVED = Term(agreement="approved in place of ratification.")
    ACCEDED = Term(agreement="another party joined.")
    PROVISIONALLY_APPLIED = Term(agreement="applied before it is in force.")
    ENTERED_INTO_FORCE = Term(agreement="in force, or again in force.")
    AMENDED = Term(agreement="changed.")
    SUSPENDED = Term(agreement="suspended.", process="suspended.")
    VIOLATION_ALLEGED = Term(agreement="a violation is alleged.")
    VIOLATION_CONFIRMED = Term(agreement="a violation is confirmed.")
    REJECTED = Term(agreement="rejected by a side.")
    REPUDIATED = Term(agreement="a side no longer holds itself bound.")
    EXPIRED = Term(agreement="run out.")
    SUPERSEDED = Term(agreement="replaced by another.")
    TERMINATED = Term(agreement="ended.")
    RESUMED = Term(process="taken up again.")
    REPORTED_STALLED = Term(process="a source calls it stalled. A source's judgement, never mixed into the status.")
    REPORTED_PROGRESS = Term(process="a source sees progress. A source's judgement, never mixed into the status.")
    SET = Term(deadline="set.")
    EXTENDED = Term(deadline="moved to a new date.")
    MET = Term(deadline="met.")
    MISSED = Term(deadline="missed.")
    WAIVED = Term(deadline="waived by who set it.")
    WITHDRAWN = Term(deadline="withdrawn.")


@record(
    order="at.earliest",
    named_by=("subject", "kind", "at"),
    needs_citation=False,
    checks={"milestone_due_fits_kind": Check("due", "EXTENDED needs the new due date; no other kind has one")},
    verb=Verb("recordMilestone", "Record a dated step in the life of a talk, agreement, process or deadline.", place=1),
    internal=("subject_type",),
    appears="coalesce(({t}.at).earliest, '-infinity') <= {today}",
    in_short="A dated step.",
)
class Milestone(Record):
    """A dated step in the life of a talk, agreement, process or deadline."""

    subject: Record | None = one("The talk, agreement, process or deadline; null while it does not yet count.")
    kind: MilestoneKind = column("What happened.", fits="subject")
    at: FuzzyDate = fuzzy("When it happened.")
    actor: Actor | None = one("Who did it.")
    note: str | None = column("What else there is to say.", searched=DETAIL)
    due: FuzzyDate | None = fuzzy("The new due date, where a deadline was extended.", is_term=True)
