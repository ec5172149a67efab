"""Milestones: the dated steps from which every status is computed."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from schema.dates.edtf_dates import FuzzyDate
from schema.declare.fields import DETAIL, column, fuzzy, one
from schema.declare.vocabulary import vocabulary
from schema.records.record import Record, record

if TYPE_CHECKING:
    from schema.records.actors.actor import Actor


@vocabulary
class MilestoneKind(Enum):
    """What happened. Which kinds are possible depends on the subject; the database holds them to it."""

    ANNOUNCED = "Talk: announced."
    SCHEDULED = "Talk: given a definite date."
    POSTPONED = "Talk: put off."
    OPENED = "Talk or process: begun."
    ADJOURNED = "Talk: interrupted, to be continued."
    CONCLUDED = "Talk or process: brought to its end."
    COLLAPSED = "Talk or process: broken off."
    CANCELLED = "Talk: called off."
    PROPOSED = "Agreement: proposed."
    DRAFTED = "Agreement: drafted."
    NEGOTIATED = "Agreement: text agreed."
    INITIALLED = "Agreement: initialled."
    SIGNED = "Agreement: signed."
    RATIFIED = "Agreement: ratified."
    ACCEPTED = "Agreement: accepted in place of ratification."
    APPROVED = "Agreement: approved in place of ratification."
    ACCEDED = "Agreement: another party joined."
    PROVISIONALLY_APPLIED = "Agreement: applied before it is in force."
    ENTERED_INTO_FORCE = "Agreement: in force, or again in force."
    AMENDED = "Agreement: changed."
    SUSPENDED = "Agreement or process: suspended."
    VIOLATION_ALLEGED = "Agreement: a violation is alleged."
    VIOLATION_CONFIRMED = "Agreement: a violation is confirmed."
    REJECTED = "Agreement: rejected by a side."
    REPUDIATED = "Agreement: a side no longer holds itself bound."
    EXPIRED = "Agreement: run out."
    SUPERSEDED = "Agreement: replaced by another."
    TERMINATED = "Agreement: ended."
    RESUMED = "Process: taken up again."
    REPORTED_STALLED = "Process: a source calls it stalled. A source's judgement, never mixed into the status."
    REPORTED_PROGRESS = "Process: a source sees progress. A source's judgement, never mixed into the status."
    SET = "Deadline: set."
    EXTENDED = "Deadline: moved to a new date."
    MET = "Deadline: met."
    MISSED = "Deadline: missed."
    WAIVED = "Deadline: waived by who set it."
    WITHDRAWN = "Deadline: withdrawn."


@record(
    order="at.earliest",
    named_by=("subject", "kind", "at"),
    needs_citation=False,
    appears="coalesce(({t}.at).earliest, '-infinity') <= {today}",
    in_short="A dated step.",
)
class Milestone(Record):
    """A dated step in the life of a talk, agreement, process or deadline."""

    subject: Record | None = one("The talk, agreement, process or deadline; null while it does not yet count.")
    kind: MilestoneKind = column("What happened.")
    at: FuzzyDate = fuzzy("When it happened.")
    actor: Actor | None = one("Who did it.")
    note: str | None = column("What else there is to say.", searched=DETAIL)
    due: FuzzyDate | None = fuzzy("The new due date, where a deadline was extended.")
