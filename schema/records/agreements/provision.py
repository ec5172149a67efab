"""Provisions: undertakings in an agreement, and how far each is carried out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema.dates.edtf_dates import FuzzyDate
from schema.declare.connections import Connection
from schema.declare.fields import DETAIL, SUMMARY, children, column, fuzzy, one
from schema.records.record import Record, record

if TYPE_CHECKING:
    from schema.records.actors.actor import Actor
    from schema.records.agreements.agreement import Agreement
    from schema.records.processes.issue import Issue


@record(order="key", needs_citation=False, part_of="agreement", in_short="An undertaking in an agreement.")
class Provision(Record):
    """One undertaking in an agreement."""

    agreement: Agreement = one("The agreement.")
    article: str | None = column("Article or paragraph it stands in.", searched=DETAIL)
    text: str = column("What is undertaken.", searched=SUMMARY)
    issue: Issue | None = one("What it is about.")
    weight: int | None = column(
        "How detailed it is, from 0 (not mentioned) to 3 (with mechanisms), as PA-X counts.", between=(0, 3)
    )
    assessments: Connection[Assessment] = children("How far it is carried out, by period.", "provision_id")


@record(
    order="key",
    named_by=("provision", "period"),
    part_of="provision",
    needs_citation=False,
    appears="coalesce(({t}.period).earliest, '-infinity') <= {today}",
    in_short="The degree to which a provision is implemented.",
)
class Assessment(Record):
    """The degree to which a provision is implemented in a period."""

    provision: Provision = one("The provision.")
    period: FuzzyDate = fuzzy("The period that is judged.")
    level: int = column("From 0 (not begun) to 3 (full), as the Peace Accords Matrix counts.", between=(0, 3))
    reversal: bool = column("Whether implementation went back.", default=False)
    assessor: Actor | None = one("Who judged.")
