"""Peace processes: whether they move, and what happened in them."""

from __future__ import annotations

import re
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING

from schema.dates.edtf_dates import FuzzyDate
from schema.declare.connections import Connection
from schema.declare.fields import NAME, SUMMARY, Rule, StatusPeriods, children, column, computed, explained, fuzzy, one
from schema.declare.vocabulary import vocabulary
from schema.records.record import Node, Record, record
from schema.records.rule import Explained

if TYPE_CHECKING:
    from schema.records.agreements.agreement import Agreement
    from schema.records.processes.conflict import Conflict
    from schema.records.processes.issue import Standing
    from schema.records.processes.position import Position
    from schema.records.statements.statement import Statement
    from schema.records.talks.talk import Talk
    from schema.records.timeline.deadline import Deadline
    from schema.records.timeline.milestone import Milestone


@vocabulary
class ProcessTrack(Enum):
    """On which level diplomacy is pursued."""

    ONE = "Official: between governments and the leaders of parties."
    ONE_AND_A_HALF = "Officials in an unofficial capacity, with experts."
    TWO = "Unofficial: citizens, experts, former officials."


@vocabulary
class ProcessStatus(Enum):
    """The status of a process, computed by the rule `process.status`."""

    ACTIVE = "It moves, or something is still to come."
    STALLED = "Nothing happened for longer than the process allows, and nothing is to come."
    SUSPENDED = "A party suspended it and has not resumed."
    CONCLUDED = "Brought to its end."
    COLLAPSED = "Broken off."


PROCESS_STATUS = Rule(
    "process.status",
    1,
    "CONCLUDED or COLLAPSED if that is the latest of the milestones OPENED, RESUMED, CONCLUDED and COLLAPSED; "
    "SUSPENDED if a suspension was not followed by RESUMED; STALLED if the last activity is more than the process's "
    "`stallAfterDays` (30 unless set) before the clock, no talk is EXPECTED or SCHEDULED, and no deadline is PENDING, "
    "DUE_SOON or IN_WINDOW; else ACTIVE. Activity is a talk that is UNDER_WAY, HELD, CONCLUDED or COLLAPSED (its last "
    "day), a milestone of an agreement, or a signature. A statement is no activity. Without activity the day the "
    "process was opened counts; without that it is ACTIVE.",
    {"stallAfterDays": 30},
)

# What belongs to the process, besides itself, and can be the subject of a deadline or a milestone.
SUBJECTS = """
    select {t}.id
    union all select k.id from {talk} k where k.process_id = {t}.id
    union all select a.id from {agreement} a where a.process_id = {t}.id
    union all select c.id from {condition} c join {statement} s on s.id = c.statement_id
        where s.process_id = {t}.id
"""

# One row for each activity whose day is known: what it was, its last day that has come, and its record.
ACTIVITY = """(
    select h.name, least(h.day, {today}) as day, h.record_id
    from (
        select 'talk' as name, coalesce((k.ends).latest, (k.starts).latest, (k.starts).earliest) as day,
            k.id as record_id
        from {talk} k
        where k.process_id = {t}.id and {k:talk.status} in ('UNDER_WAY', 'HELD', 'CONCLUDED', 'COLLAPSED')
        union all
        select 'milestone', coalesce((m.at).latest, (m.at).earliest), m.id
        from {agreement} a join {milestone} m on m.subject_id = a.id
        where a.process_id = {t}.id
        union all
        select 'signature', coalesce((s.signed).latest, (s.signed).earliest), s.id
        from {agreement} a join {signature} s on s.agreement_id = a.id
        where a.process_id = {t}.id
    ) h
    where h.day is not null
)"""

LAST_ACTIVITY = f"(select max(v.day) from {ACTIVITY} v)"

TALKS_TO_COME = "{talk} k where k.process_id = {t}.id and {k:talk.status} in ('EXPECTED', 'SCHEDULED')"

OPEN = "('PENDING', 'DUE_SOON', 'IN_WINDOW')"

OPEN_DEADLINES = "{deadline} d where d.subject_id in (" + SUBJECTS + ") and {d:deadline.status} in " + OPEN

LATEST_MILESTONE = """(
    select m.{what} from {milestone} m
    where m.subject_id = {t}.id and m.kind in ({kinds})
    order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
    limit 1
)"""


def latest_milestone(what: str, *kinds: str) -> str:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    return LATEST_MILESTONE.replace("{what}", what).replace("{kinds}", listed)


ENDED = ("OPENED", "RESUMED", "CONCLUDED", "COLLAPSED")
PAUSED = ("SUSPENDED", "RESUMED")

STATUS = f"""(
    select case
        when s.ended in ('CONCLUDED', 'COLLAPSED') then s.ended::text
        when s.paused = 'SUSPENDED' then 'SUSPENDED'
        when {{today}} - s.last_day > {{t}}.stall_after_days
            and {{t:process.next_talk}} is null
            and {{t:process.next_deadline}} is null
            then 'STALLED'
        else 'ACTIVE'
    end
    from (
        select
            {latest_milestone("kind", *ENDED)} as ended,
            {latest_milestone("kind", *PAUSED)} as paused,
            coalesce({LAST_ACTIVITY}, ({{t}}.opened).earliest) as last_day
    ) s
)"""

STATUS_FACTS = f"""
    select 'clock' as name, {{today}}::text as value, null::uuid as record_id
    union all select 'stallAfterDays', {{t}}.stall_after_days::text, {{t}}.id
    union all select 'opened', ({{t}}.opened).edtf, {{t}}.id where ({{t}}.opened).edtf is not null
    union all (
        select 'milestone', m.kind || ' ' || (m.at).edtf, m.id
        from {{milestone}} m where m.id in ({latest_milestone("id", *ENDED)}, {latest_milestone("id", *PAUSED)})
        order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
    )
    union all (
        select 'lastActivity: ' || v.name, v.day::text, v.record_id
        from {ACTIVITY} v order by v.day desc, v.name desc, v.record_id desc limit 1
    )
    union all (select 'talkToCome', {{k:talk.status}}, k.id from {TALKS_TO_COME} order by k.id limit 20)
    union all (select 'openDeadline', {{d:deadline.status}}, d.id from {OPEN_DEADLINES} order by d.id limit 20)
"""

ANY_SUBJECTS = re.sub(r"{(?!t})(\w+)}", r"{any \1}", SUBJECTS)

# Days on which something of the process begins to count or to count otherwise, and days since which it is silent.
DAYS = f"""
    select (m.at).earliest from {{any milestone}} m where m.subject_id = {{t}}.id
    union all select ({{t}}.opened).earliest
    union all select {{t}}.created_at::date
    union all select ({{t}}.opened).earliest + {{t}}.stall_after_days + 1
    union all (
        select v.day
        from {{any talk}} k
        cross join lateral (
            select coalesce((k.ends).latest, (k.starts).latest, (k.starts).earliest) + {{t}}.stall_after_days + 1
            union all select p.from_day from kept.talk p where p.record_id = k.id
        ) v (day)
        where k.process_id = {{t}}.id
    )
    union all (
        select v.day
        from {{any agreement}} a
        cross join lateral (
            select p.from_day from kept.agreement p where p.record_id = a.id
            union all
            select w.day
            from {{any milestone}} m
            cross join lateral (
                values ((m.at).earliest), (coalesce((m.at).latest, (m.at).earliest) + {{t}}.stall_after_days + 1)
            ) w (day)
            where m.subject_id = a.id
            union all
            select w.day
            from {{any signature}} s
            cross join lateral (
                values ((s.signed).earliest),
                    (coalesce((s.signed).latest, (s.signed).earliest) + {{t}}.stall_after_days + 1)
            ) w (day)
            where s.agreement_id = a.id
        ) v (day)
        where a.process_id = {{t}}.id
    )
    union all (
        select v.day
        from ({ANY_SUBJECTS}) subject
        cross join lateral (select d.id from {{any deadline}} d where d.subject_id = subject.id offset 0) d
        cross join lateral (
            select w.day
            from (
                select p.from_day,
                    row(p.counts, p.status in {OPEN}) is distinct from
                        lag(row(p.counts, p.status in {OPEN})) over (order by p.from_day)
                from kept.deadline p
                where p.record_id = d.id
            ) w (day, is_change)
            where w.is_change
            union all
            select (m.at).earliest from {{any milestone}} m where m.subject_id = d.id and m.kind = 'EXTENDED'
        ) v (day)
    )
    union all (
        select (s.said).earliest
        from {{any statement}} s
        where s.process_id = {{t}}.id and exists (
            select from {{any condition}} c join {{any deadline}} d on d.subject_id = c.id where c.statement_id = s.id
        )
    )
"""

# What a changed record may be a part of: a process by itself, or by the record that it belongs to.
TOUCHED = """
    select p.process_id
    from (
        select u.id from unnest(due) u (id)
        union select d.subject_id from unnest(due) u (id) join deadline d on d.id = u.id
    ) part
    cross join lateral (
        select k.process_id from talk k where k.id = part.id
        union all select a.process_id from agreement a where a.id = part.id
        union all select s.process_id from condition c join statement s on s.id = c.statement_id where c.id = part.id
        union all select s.process_id from statement s where s.id = part.id
        union all select r.id from process r where r.id = part.id
    ) p
"""

STATUS_PERIODS = StatusPeriods("process", DAYS, TOUCHED, ahead=True)

STALLED_SINCE = f"""case when {{t:process.status}} = 'STALLED' then
    coalesce({LAST_ACTIVITY}, ({{t}}.opened).earliest) + {{t}}.stall_after_days + 1
end"""

NEXT_TALK = f"(select k.id from {TALKS_TO_COME} order by (k.starts).earliest, (k.starts).latest, k.id limit 1)"

NEXT_DEADLINE = f"""(
    select d.id from {OPEN_DEADLINES}
    order by {{d:deadline.days_remaining.max}}, {{d:deadline.days_remaining.min}}, d.id
    limit 1
)"""


@record(
    order="name",
    plural="processes",
    period=("opened", "closed"),
    periods=STATUS_PERIODS,
    # What a source thinks of a process does not tell since when there is one.
    appears="""coalesce(
        (
            select min(coalesce((m.at).earliest, '-infinity')) from {any milestone} m
            where m.subject_id = {t}.id and m.kind not in ('REPORTED_STALLED', 'REPORTED_PROGRESS')
        ),
        case when ({t}.opened).earliest > {t}.created_at::date then {t}.created_at::date else ({t}.opened).earliest end,
        '-infinity'
    ) <= {today}""",
    in_short="A peace process or negotiation track.",
)
class Process(Record):
    """A peace process or negotiation track within a conflict."""

    name: str = column("Name of the process.", searched=NAME)
    summary: str | None = column("What it is about.", searched=SUMMARY)
    conflict: Conflict | None = one("The conflict it is to settle.")
    parent: Process | None = one("The process it is a track of.")
    track: ProcessTrack | None = column("On which level it is pursued.")
    opened: FuzzyDate | None = fuzzy("When it began.")
    closed: FuzzyDate | None = fuzzy("When it ended; null while it goes on.")
    stall_after_days: int = column(
        "Days without activity after which it counts as stalled.", default=30, between=(1, 36_500)
    )
    status: ProcessStatus = computed("Whether it moves.", STATUS, periods=STATUS_PERIODS)
    status_explained: Explained[ProcessStatus] = explained(
        "Whether it moves, by which rule and from which facts.", "{t:process.status}", PROCESS_STATUS, STATUS_FACTS
    )
    reported_status: Milestone | None = one(
        "The newest judgement of a source, stalled or progress, with its citations. Never part of `status`.",
        latest_milestone("id", "REPORTED_STALLED", "REPORTED_PROGRESS"),
    )
    last_activity: date | None = computed("Day of the last talk, agreement milestone or signature.", LAST_ACTIVITY)
    days_since_last_activity: int | None = computed(
        "Whole days from the last activity to the clock.", f"{{today}} - {LAST_ACTIVITY}"
    )
    stalled_since: date | None = computed("First day it counted as stalled; null unless it is.", STALLED_SINCE)
    next_talk: Talk | None = one("The next talk that is expected or scheduled.", NEXT_TALK, periods=STATUS_PERIODS)
    next_deadline: Deadline | None = one("The open deadline that ends first.", NEXT_DEADLINE, periods=STATUS_PERIODS)
    tracks: Connection[Process] = children("Tracks of this process.", "parent_id")
    talks: Connection[Talk] = children("Its talks.", "process_id")
    agreements: Connection[Agreement] = children("Agreements reached or sought in it.", "process_id")
    statements: Connection[Statement] = children("What was said about it.", "process_id")
    positions: Connection[Position] = children("Where actors stand in it.", "process_id")
    deadlines: Connection[Deadline] = children(
        "What is due in it, its talks, agreements and conditions.",
        on="{t}.subject_id in (" + SUBJECTS.replace("{t}", "{parent}") + ")",
    )
    standings: Connection[Standing] = children("How far the parties are apart, issue by issue.", "process_id")
    milestones: Connection[Milestone] = children("Dated steps: opened, suspended, concluded.", "subject_id")
    timeline: Connection[TimelineEntry] = children("What happened in it, oldest first.", "process_id")


@vocabulary
class TimelineKind(Enum):
    """The kind of a timeline entry."""

    TALK = "A talk began."
    STATEMENT = "Something was said."
    MILESTONE = "A step in the life of the process, a talk, an agreement or a deadline."
    SIGNATURE = "An agreement was signed for an actor."


@record(
    order="at.earliest",
    plural="timeline",
    source="""
        select k.id, k.process_id, k.id as record_id, k.starts as at, 'TALK' as kind, k.title
        from {talk} k
        where k.process_id is not null and (k.starts).earliest <= {today}
            and {k:talk.status} in ('UNDER_WAY', 'HELD', 'CONCLUDED', 'COLLAPSED')
        union all
        select s.id, s.process_id, s.id, s.said, 'STATEMENT', coalesce(s.summary, s.quote)
        from {statement} s
        where s.process_id is not null
        union all
        select m.id, p.process_id, m.id, m.at, 'MILESTONE', m.kind || ': ' || p.title
        from {milestone} m
        join (
            select r.id, r.id as process_id, r.name as title from {process} r
            union all select k.id, k.process_id, k.title from {talk} k
            union all select a.id, a.process_id, a.title from {agreement} a
            union all select d.id, coalesce(r.id, k.process_id, a.process_id, s.process_id), d.title
                from {deadline} d
                left join {process} r on r.id = d.subject_id
                left join {talk} k on k.id = d.subject_id
                left join {agreement} a on a.id = d.subject_id
                left join {condition} c on c.id = d.subject_id
                left join {statement} s on s.id = c.statement_id
        ) p on p.id = m.subject_id
        union all
        select g.id, a.process_id, g.id, g.signed, 'SIGNATURE', a.title
        from {signature} g join {agreement} a on a.id = g.agreement_id
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
