"""The positions of actors on issues."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from schema.dates.edtf_dates import FuzzyDate
from schema.declare.fields import SUMMARY, column, fuzzy, many, one
from schema.declare.table import Exclusive
from schema.declare.vocabulary import vocabulary
from schema.records.record import Record, record

if TYPE_CHECKING:
    from schema.records.actors.actor import Actor
    from schema.records.processes.issue import Issue
    from schema.records.processes.process import Process
    from schema.records.statements.statement import Statement


@vocabulary
class PositionStance(Enum):
    """The stance of an actor on what is discussed under an issue."""

    DEMANDS = "It asks for it."
    ACCEPTS = "It agrees to it."
    ACCEPTS_WITH_CONDITIONS = "It would agree to it under conditions."
    REJECTS = "It refuses it."
    UNDECLARED = "It has not said."


@record(
    order="key",
    named_by=("actor", "issue", "process", "held.earliest"),
    exclusive=Exclusive(("actor", "issue", "process"), "held"),
    appears="coalesce(({t}.held).earliest, '-infinity') <= {today}",
    in_short="The position of an actor on an issue.",
)
class Position(Record):
    """The position of an actor on an issue in a process, for a time."""

    actor: Actor = one("Whose position it is.")
    issue: Issue = one("What it is about.")
    process: Process = one("The process it is held in.", by_default="process")
    stance: PositionStance = column("How the actor relates to the issue.")
    red_line: bool = column("Whether the actor says it will not move.", default=False)
    text: str | None = column("The position in words.", searched=SUMMARY)
    option: str | None = column(
        "What exactly is demanded, in few words: the same words are the same demand.", searched=SUMMARY
    )
    held: FuzzyDate | None = fuzzy("From when until when it is held, as far as known.", by_default="anchor/..")
    statements: list[Statement] = many("Statements that show it.", name="statement_ids")
