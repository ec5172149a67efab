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
from schema.records.timeline.steps import voice

if TYPE_CHECKING:
    from schema.records.agreements.provision import Provision
    from schema.records.processes.position import Position
    from schema.records.processes.process import Process


@record(order="name", key_from="name", needs_citation=False, in_short="A subject of negotiation.")
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
    """The distance between the sides on an issue, computed by the rule `issue.standing`."""

    AGREED = "Every side accepts, all reject, or what one demands all others accept."
    CONVERGING = "No side rejects, and at least one accepts with conditions."
    CONTESTED = "Some reject, or two demand different things."
    UNCOMPARED = "Several make demands of which it is not said whether they are the same, and nobody accepts."
    ONE_SIDED = "Only one side has declared where it stands."
    UNKNOWN = "No side has declared where it stands."


ISSUE_STANDING = Rule(
    "issue.standing",
    2,
    "The sides are voices: an actor that holds a position for itself, or the one such actor to whom its offices and "
    "memberships dated to contain the day from which it holds it, or its `parent`, lead. Of each side the position "
    "counts whose time contains the clock and began last; its own before an envoy's on a tie; a tie of different "
    "stances leaves the side out. Left out are UNDECLARED ones, and actors that have roles in the process or its "
    "talks, none of them PARTY. None: UNKNOWN. One: ONE_SIDED. All REJECT: AGREED. Some REJECT, or two demands with "
    "different `option`: CONTESTED. Several DEMAND, one of them without `option`, and no side ACCEPTS: UNCOMPARED. "
    "Any ACCEPTS_WITH_CONDITIONS: CONVERGING. Else AGREED.",
)

# The positions of the clock, each with the side that it is of: who holds it, or the one holder to whom that one leads.
HELD_POSITIONS = f"""
    select p.id, p.key, p.stance, p.option, p.red_line, p.actor_id, (p.held).earliest as since, side.id as side
    from {{position}} p
    cross join lateral (
        select p.actor_id, null::uuid as on_behalf_of_id, row(
            null, (p.held).earliest, coalesce((p.held).earliest, (p.held).latest), null, null, null
        )::fuzzy_date_parts as at
    ) m
    cross join lateral (select {
    voice('''exists (
        select from {any position} h
        where h.process_id = {t}.process_id and h.issue_id = {t}.issue_id and h.actor_id = r.id
            and r.distance > 0
    )''').replace("bool_or(r.distance = 0)", "false")
} as id) side
    where p.process_id = {{t}}.process_id and p.issue_id = {{t}}.issue_id
        and coalesce((p.held).latest, 'infinity') >= {{today}}
        and not (
            select count(*) > 0 and not bool_or(a.role = 'PARTY')
            from {{participation}} a left join {{talk}} k on k.id = a.talk_id
            where a.actor_id = p.actor_id and coalesce(a.process_id, k.process_id) = {{t}}.process_id
        )
"""

# Of each side the one that began last, its own first; those of one day that differ leave it out.
NEWEST_POSITIONS = """(
    select n.id, n.key, n.side, n.stance, n.option, n.red_line
    from (
        select h.*, rank() over (
            partition by h.side order by h.since desc nulls last, h.actor_id = h.side desc
        ) as place, row_number() over (
            partition by h.side order by h.since desc nulls last, h.actor_id = h.side desc, h.option, h.key
        ) as n
        from ({HELD}) h
        where h.stance <> 'UNDECLARED'
    ) n
    where n.place = 1 and n.n = 1 and not exists (
        select from ({HELD}) o
        where o.side = n.side and o.stance <> n.stance and o.stance <> 'UNDECLARED'
            and o.since is not distinct from n.since and (o.actor_id = o.side) = (n.actor_id = n.side)
    )
)""".replace("{HELD}", HELD_POSITIONS)

STANDING = f"""(
    select case
        when count(*) = 0 then 'UNKNOWN'
        when count(*) = 1 then 'ONE_SIDED'
        when bool_and(n.stance = 'REJECTS') then 'AGREED'
        when bool_or(n.stance = 'REJECTS') then 'CONTESTED'
        when count(distinct n.option) filter (where n.stance = 'DEMANDS') > 1 then 'CONTESTED'
        when count(*) filter (where n.stance = 'DEMANDS') > 1
            and bool_or(n.option is null) filter (where n.stance = 'DEMANDS')
            and not bool_or(n.stance = 'ACCEPTS') then 'UNCOMPARED'
        when bool_or(n.stance = 'ACCEPTS_WITH_CONDITIONS') then 'CONVERGING'
        else 'AGREED'
    end
    from {NEWEST_POSITIONS} n
)"""

STANDING_FACTS = """
    select 'clock' as name, {today}::text as value, null::uuid as record_id
    union all (
        select 'position', concat_ws(' ', p.stance, p.option, (p.held).edtf), p.id
        from {position} p
        where p.process_id = {t}.process_id and p.issue_id = {t}.issue_id
        order by (p.held).earliest nulls first, p.stance, p.key
    )
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
        "The newest position of each side.", f"array(select n.id from {NEWEST_POSITIONS} n order by n.key)"
    )
    red_lines: list[Position] = many(
        "Those of the newest positions that an actor calls a red line.",
        f"array(select n.id from {NEWEST_POSITIONS} n where n.red_line order by n.key)",
    )
