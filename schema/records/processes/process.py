"""Peace processes: whether they move, and what happened in them."""

from __future__ import annotations

import re
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING

from schema.dates.edtf_dates import FuzzyDate
from schema.declare.connections import Connection
from schema.declare.fields import (
    NAME,
    SUMMARY,
    at_clock,
    children,
    column,
    computed,
    explained,
    fuzzy,
    one,
    precomputed,
)
from schema.declare.table import no_circle
from schema.declare.vocabulary import vocabulary
from schema.records.processes.process_status import (
    ALL_SUBJECTS,
    LAST_ACTIVITY,
    LATEST_MILESTONE,
    PROCESS_STATUS,
    STATUS_FACTS,
    STATUS_PERIODS,
    ProcessStatus,
)
from schema.records.record import Node, Record, record
from schema.records.rule import Explained

if TYPE_CHECKING:
    from schema.records.agreements.agreement import Agreement
    from schema.records.processes.conflict import Conflict
    from schema.records.processes.issue import Standing
    from schema.records.processes.position import Position
    from schema.records.statements.statement import Statement
    from schema.records.talks.participation import Participation
    from schema.records.talks.talk import Talk
    from schema.records.timeline.deadline import Deadline
    from schema.records.timeline.milestone import Milestone


@vocabulary
class ProcessTrack(Enum):
    """On which level diplomacy is pursued."""

    ONE = "Official: between governments and the leaders of parties."
    ONE_AND_A_HALF = "Officials in an unofficial capacity, with experts."
    TWO = "Unofficial: citizens, experts, former officials."


@record(
    order="name",
    plural="processes",
    period=("opened", "closed"),
    periods=STATUS_PERIODS,
    contradictions=(no_circle("process", "parent"),),
    in_short="A peace process or negotiation track.",
)
class Process(Record):
    """A peace process or negotiation track within a conflict."""

    name: str = column("Name of the process.", searched=NAME)
    summary: str | None = column("What it is about.", searched=SUMMARY)
    conflict: Conflict | None = one("The conflict it is to settle.")
    parent: Process | None = one("The process it is a track of.")
    track: ProcessTrack | None = column("On which level it is pursued.")
    opened: FuzzyDate | None = fuzzy("When it began.", has_come=True)
    closed: FuzzyDate | None = fuzzy("When it ended; null while it goes on.")
    stall_after_days: int = column(
        "Days without activity after which it counts as stalled.", default=30, between=(1, 36_500)
    )
    status: ProcessStatus = precomputed("Whether it moves.", STATUS_PERIODS)
    status_since: date | None = precomputed(
        "First day of the unbroken run of days with this status.", STATUS_PERIODS, "since"
    )
    status_explained: Explained[ProcessStatus] = explained(
        "Whether it moves, by which rule and from which facts.", "{t:process.status}", PROCESS_STATUS, STATUS_FACTS
    )
    reported_status: Milestone | None = one(
        "The newest judgement of a source, stalled or progress, with its citations. Never part of `status`.",
        LATEST_MILESTONE,
    )
    last_activity: date | None = computed(
        "The last day on which a dated step took it or one of its tracks forward.", LAST_ACTIVITY
    )
    days_since_last_activity: int | None = computed(
        "Whole days from the last activity to the clock.", f"{{today}} - {LAST_ACTIVITY}"
    )
    stalled_since: date | None = computed(
        "First day of the unbroken run of days on which it is stalled; null unless it is.",
        f"case when {{t:process.status}} = 'STALLED' then {at_clock('since', table='process')} end",
    )
    next_talk: Talk | None = one("The next talk that is expected or scheduled.", periods=STATUS_PERIODS)
    next_deadline: Deadline | None = one("The open deadline that ends first.", periods=STATUS_PERIODS)
    tracks: Connection[Process] = children("Tracks of this process.", "parent_id")
    talks: Connection[Talk] = children("Its talks.", "process_id")
    participations: Connection[Participation] = children(
        "Who takes part in it outside its talks, such as a mediator between capitals.", "process_id"
    )
    agreements: Connection[Agreement] = children("Agreements reached or sought in it.", "process_id")
    statements: Connection[Statement] = children("What was said about it.", "process_id")
    positions: Connection[Position] = children("Where actors stand in it.", "process_id")
    deadlines: Connection[Deadline] = children(
        "What is due in it and its tracks: in their talks, agreements, provisions, statements and conditions.",
        on="{t}.subject_id in (" + re.sub(r"{any (\w+)}", r"{\1}", ALL_SUBJECTS).replace("{t}", "{parent}") + ")",
    )
    standings: Connection[Standing] = children("How far the parties are apart, issue by issue.", "process_id")
    milestones: Connection[Milestone] = children("Dated steps: opened, suspended, concluded.", "subject_id")
    timeline: Connection[TimelineEntry] = children("What happened in it, oldest first.", "process_id")


@vocabulary
class TimelineKind(Enum):
    """The kind of a timeline entry."""

    TALK = "A talk began."
    STATEMENT = "Something was said."
    MILESTONE = "A step in the life of the process, or of a talk, agreement, deadline, provision or condition in it."
    SIGNATURE = "An agreement was signed for an actor."


# What has steps or deadlines, with the process that it belongs to: each arm is read by the index of its own process.
PARTS = """
    select r.id, r.id as process_id, r.name as title from {process} r
    union all select k.id, k.process_id, k.title from {talk} k
    union all select a.id, a.process_id, a.title from {agreement} a
    union all select v.id, a.process_id, v.text from {provision} v join {agreement} a on a.id = v.agreement_id
    union all select c.id, s.process_id, c.condition from {condition} c join {statement} s on s.id = c.statement_id
"""


@record(
    order="at.earliest",
    plural="timeline",
    source=f"""
        select k.id, k.process_id, k.id as record_id, p.starts as at, 'TALK' as kind, k.title
        from {{talk}} k
        join lateral {{k:talk.periods}} p on p.from_day <= {{today}} and {{today}} < p.until_day
        where k.process_id is not null and (p.starts).earliest <= {{today}}
            and p.status in ('UNDER_WAY', 'HELD', 'CONCLUDED', 'COLLAPSED')
        union all
        select s.id, s.process_id, s.id, s.said, 'STATEMENT', coalesce(s.summary, s.quote)
        from {{statement}} s
        where s.process_id is not null
        union all
        select m.id, p.process_id, m.id, m.at, 'MILESTONE', m.kind || ': ' || p.title
        from {{milestone}} m
        join (
            {PARTS}
            union all
            select d.id, p.process_id, d.title from {{deadline}} d join ({PARTS}) p on p.id = d.subject_id
            union all
            select d.id, s.process_id, d.title
            from {{deadline}} d join {{statement}} s on s.id = d.subject_id and d.subject_type = 'STATEMENT'
        ) p on p.id = m.subject_id
        union all
        select g.id, a.process_id, g.id, g.signed, 'SIGNATURE', a.title
        from {{signature}} g join {{agreement}} a on a.id = g.agreement_id
        where (g.signed).edtf is not null
    """,
)
class TimelineEntry(Node):
    """One thing that happened in a process: a talk, a statement, a milestone or a signature."""

    at: FuzzyDate = fuzzy("When it happened.")
    kind: TimelineKind = computed("What the entry is.", "{t}.kind")
    title: str = computed("What happened, in a line.", "{t}.title")
    process: Process = one("The process.")
    record: Record | None = one("The record behind the entry.")
