"""Provisions: undertakings in an agreement, and how far each is carried out."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from schema.dates.edtf_dates import FuzzyDate
from schema.declare.connections import Connection
from schema.declare.fields import DETAIL, SUMMARY, Rule, children, column, computed, explained, fuzzy, one
from schema.declare.vocabulary import vocabulary
from schema.records.record import Record, record
from schema.records.rule import Explained
from schema.records.timeline.steps import last_word

if TYPE_CHECKING:
    from schema.records.actors.actor import Actor
    from schema.records.agreements.agreement import Agreement
    from schema.records.processes.issue import Issue
    from schema.records.timeline.milestone import Milestone


@vocabulary
class ProvisionStatus(Enum):
    """The status of a provision, computed by the rule `provision.status`."""

    FULFILLED = "Carried out."
    PARTIAL = "Carried out in part."
    NOT_BEGUN = "Not begun."
    REVERSED = "Carried out further before than now."
    UNMET = "Not carried out in time."
    SUSPENDED = "Suspended."
    WAIVED = "Waived."
    WITHDRAWN = "Taken back."
    UNKNOWN = "Nothing is known of it."


PROVISION_STATUS = Rule(
    "provision.status",
    1,
    "SUSPENDED if that is the last word of its own steps SUSPENDED and RESUMED. Else the last word of MISSED, WAIVED, "
    "WITHDRAWN and MET, in this order: WAIVED, WITHDRAWN; MISSED is UNMET; MET is FULFILLED, but REVERSED if an "
    "assessment below 3 is of a period after the last such step. Else the newest assessments, by the last day of "
    "their period: REVERSED if one of them says that implementation went back or has a lower level than an earlier "
    "period had; of several assessors the lowest level decides, and it is `disputed` if they differ. Level 3 is "
    "FULFILLED, 1 and 2 are PARTIAL, 0 is NOT_BEGUN. Else its deadlines: all MET is FULFILLED; one MISSED or OVERDUE "
    "is UNMET. Else UNKNOWN.",
)

# The assessments of the newest period, each with the highest level of an earlier one.
NEWEST = """
    select a.id, a.level, a.reversal, a.period, a.assessor_id, earlier.level as before
    from {assessment} a
    cross join lateral (
        select max(e.level) as level from {assessment} e
        where e.provision_id = {t}.id
            and coalesce((e.period).latest, 'infinity') < coalesce((a.period).latest, 'infinity')
    ) earlier
    where a.provision_id = {t}.id and coalesce((a.period).latest, 'infinity') = (
        select max(coalesce((n.period).latest, 'infinity')) from {assessment} n where n.provision_id = {t}.id
    )
"""

STATUS = f"""coalesce(
    (select 'SUSPENDED' from ({last_word("{t}.id", "SUSPENDED", "RESUMED")}) pause where pause.kind = 'SUSPENDED'),
    (
        select case word.kind
            when 'MISSED' then 'UNMET'
            when 'MET' then case
                when exists (
                    select from {{assessment}} a
                    where a.provision_id = {{t}}.id and a.level < 3 and (a.period).earliest > (word.at).latest
                ) then 'REVERSED'
                else 'FULFILLED'
            end
            else word.kind
        end
        from ({last_word("{t}.id", "MISSED", "WAIVED", "WITHDRAWN", "MET")}) word
    ),
    (
        select case
            when bool_or(a.reversal or a.level < a.before) then 'REVERSED'
            when min(a.level) = 3 then 'FULFILLED'
            when min(a.level) > 0 then 'PARTIAL'
            else 'NOT_BEGUN'
        end
        from ({NEWEST}) a
        having count(*) > 0
    ),
    (
        select case
            when bool_and({{d:deadline.status}} = 'MET') then 'FULFILLED'
            when bool_or({{d:deadline.status}} in ('MISSED', 'OVERDUE')) then 'UNMET'
        end
        from {{deadline}} d where d.subject_id = {{t}}.id
    ),
    'UNKNOWN'
)"""

STATUS_FACTS = """
    select 'clock' as name, {today}::text as value, null::uuid as record_id
    union all (
        select 'milestone', m.kind || ' ' || (m.at).edtf, m.id
        from {milestone} m where m.subject_id = {t}.id
        order by (m.at).earliest nulls first, (m.at).latest, m.kind, m.key
    )
    union all (
        select 'assessment', concat(a.level, case when a.reversal then ', reversed' end, ' in ', (a.period).edtf), a.id
        from {assessment} a where a.provision_id = {t}.id
        order by (a.period).latest, (a.period).earliest, a.level, a.key
    )
    union all (
        select 'deadline', {d:deadline.status}, d.id
        from {deadline} d where d.subject_id = {t}.id order by d.title, d.key
    )
"""


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
    status: ProvisionStatus = computed("Whether it is carried out.", STATUS)
    status_explained: Explained[ProvisionStatus] = explained(
        "Whether it is carried out, by which rule and from which facts.", STATUS, PROVISION_STATUS, STATUS_FACTS
    )
    disputed: bool = computed(
        "Whether those who assess the newest period differ on its level.",
        f"(select count(distinct a.level) > 1 from ({NEWEST}) a)",
    )
    milestones: Connection[Milestone] = children("Dated steps: met, missed, suspended, resumed.", "subject_id")
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
    period: FuzzyDate = fuzzy("The period that is judged.", has_come=True)
    level: int = column("From 0 (not begun) to 3 (full), as the Peace Accords Matrix counts.", between=(0, 3))
    reversal: bool = column("Whether implementation went back.", default=False)
    assessor: Actor | None = one("Who judged.")
