"""Subjects of negotiation, and where the parties to a process stand on each."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

import strawberry

from schema.declare.connections import Connection
from schema.declare.fields import NAME, Rule, children, column, computed, explained, many, one
from schema.declare.vocabulary import vocabulary
from schema.records.record import Node, Record, record
from schema.records.rule import Explained

if TYPE_CHECKING:
    from schema.records.agreements.provision import Provision
    from schema.records.processes.position import Position
    from schema.records.processes.process import Process


@record(order="name", needs_citation=False, in_short="A subject of negotiation.")
class Issue(Record):
    """A subject of negotiation, such as territory or security guarantees."""

    name: str = column("Name of the issue.", searched=NAME)
    parent: Issue | None = one("The wider issue it belongs to.")
    narrower: Connection[Issue] = children("Narrower issues.", "parent_id")
    positions: Connection[Position] = children("Where actors stand on it.", "issue_id")
    provisions: Connection[Provision] = children("Undertakings on it in agreements.", "issue_id")
    standings: Connection[Standing] = children("How far the parties are apart on it, by process.", "issue_id")


@vocabulary
class IssueStanding(Enum):
    """The distance between the parties on an issue, computed by the rule `issue.standing`."""

    AGREED = "Every party accepts, or one demands what all others accept."
    CONVERGING = "No party rejects, and at least one accepts with conditions."
    CONTESTED = "A party rejects, or several make demands."
    ONE_SIDED = "Only one party has declared where it stands."
    UNKNOWN = "No party has declared where it stands."


ISSUE_STANDING = Rule(
    "issue.standing",
    1,
    "Counts the newest position of each actor on the issue within the process; UNDECLARED ones are left out. "
    "None: UNKNOWN. One: ONE_SIDED. Any that REJECTS, or two that DEMAND: CONTESTED. Otherwise, if any "
    "ACCEPTS_WITH_CONDITIONS: CONVERGING; else AGREED.",
)

NEWEST_POSITIONS = """(
    select distinct on (p.actor_id) p.id, p.actor_id, p.stance, p.red_line
    from {position} p
    where p.process_id = {t}.process_id and p.issue_id = {t}.issue_id
    order by p.actor_id, (p.held).earliest desc nulls last, p.id desc
)"""

STANDING = f"""(
    select case
        when count(*) = 0 then 'UNKNOWN'
        when count(*) = 1 then 'ONE_SIDED'
        when count(*) filter (where n.stance = 'REJECTS') > 0 then 'CONTESTED'
        when count(*) filter (where n.stance = 'DEMANDS') > 1 then 'CONTESTED'
        when count(*) filter (where n.stance = 'ACCEPTS_WITH_CONDITIONS') > 0 then 'CONVERGING'
        else 'AGREED'
    end
    from {NEWEST_POSITIONS} n
    where n.stance <> 'UNDECLARED'
)"""

STANDING_FACTS = f"""
    select 'position' as name, n.stance::text as value, n.id as record_id from {NEWEST_POSITIONS} n
"""


@record(
    order="name",
    source="""
        select p.process_id::text || '.' || i.id::text as id, p.process_id, i.id as issue_id, i.name
        from {position} p join {issue} i on i.id = p.issue_id
        group by p.process_id, i.id, i.name
    """,
)
class Standing(Node):
    """The standing of one issue among the parties to a process. Computed from their positions."""

    id: strawberry.ID = computed("Process and issue, as one text.", "{t}.id", type="text")
    name: str = computed("Name of the issue.", "{t}.name")
    process: Process = one("The process.")
    issue: Issue = one("The issue.")
    standing: IssueStanding = computed("How far the parties are apart.", STANDING)
    standing_explained: Explained[IssueStanding] = explained(
        "How far the parties are apart, by which rule and from which positions.",
        STANDING,
        ISSUE_STANDING,
        STANDING_FACTS,
    )
    positions: list[Position] = many(
        "The newest position of each actor.", f"array(select n.id from {NEWEST_POSITIONS} n)"
    )
    red_lines: list[Position] = many(
        "Those of the newest positions that an actor calls a red line.",
        f"array(select n.id from {NEWEST_POSITIONS} n where n.red_line)",
    )
