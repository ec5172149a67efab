"""Analysis, opinion and briefs: kept apart from fact."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from schema.dates.edtf_dates import FuzzyDate
from schema.declare.fields import DETAIL, NAME, SUMMARY, column, fuzzy, one
from schema.declare.table import Check
from schema.declare.vocabulary import vocabulary
from schema.records.record import Record, record

if TYPE_CHECKING:
    from schema.records.actors.actor import Actor


@vocabulary
class CommentaryKind(Enum):
    """The kind of a commentary."""

    ANALYSIS = "An explanation that weighs facts."
    OPINION = "A judgement that its author answers for."
    BRIEF = "What a newsroom takes to be the main points."


@record(
    order="headline",
    checks={"commentary_says_something": Check("text", "a commentary needs text, points or both")},
    plural="commentaries",
    appears="coalesce(({t}.published).earliest, '-infinity') <= {today}",
    in_short="Analysis or opinion.",
)
class Commentary(Record):
    """Analysis, opinion or a brief on a subject, by somebody. Never a source of fact."""

    subject: Record | None = one("What it is about.", by_default="process")
    kind: CommentaryKind = column("What it is.")
    author: Actor | None = one("Who answers for it.")
    headline: str = column("Its headline.", searched=NAME)
    text: str | None = column("What it says.", searched=DETAIL)
    points: list[str] = column("Its main points, one by one.", default=(), searched=SUMMARY)
    published: FuzzyDate | None = fuzzy("When it was published.", by_default="anchor/..", has_come=True)
