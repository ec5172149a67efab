"""Talks: meetings and rounds, held or still expected, and whether they took place."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from schema.dates.edtf_dates import FuzzyDate
from schema.declare.bounds import COUNTRY
from schema.declare.connections import Connection
from schema.declare.fields import (
    DETAIL,
    NAME,
    SUMMARY,
    Rule,
    StatusPeriods,
    children,
    column,
    computed,
    explained,
    fuzzy,
    one,
    parts,
)
from schema.declare.vocabulary import vocabulary
from schema.records.record import Record, record
from schema.records.rule import DayRange, Explained

if TYPE_CHECKING:
    from schema.records.processes.process import Process
    from schema.records.statements.statement import Statement
    from schema.records.talks.participation import Participation
    from schema.records.timeline.milestone import Milestone


@vocabulary
class TalkFormat(Enum):
    """The format of a talk."""

    IN_PERSON = "The participants meet in one place."
    PHONE = "By telephone."
    VIDEO = "By video."
    SHUTTLE = "A mediator goes between parties that do not meet."


@vocabulary
class TalkLevel(Enum):
    """The rank of the delegations at a talk."""

    LEADERS = "Heads of state or government."
    MINISTERS = "Ministers."
    ENVOYS = "Special envoys."
    OFFICIALS = "Senior officials, or ministers and officials together."
    TECHNICAL = "Experts."


@vocabulary
class TalkStatus(Enum):
    """The status of a talk, computed by the rule `talk.status`."""

    EXPECTED = "Expected at a time that is still vague."
    SCHEDULED = "Set for a definite day."
    UNDER_WAY = "Within its dates."
    HELD = "Past, and reported to have been held."
    CONCLUDED = "Brought to its end."
    COLLAPSED = "Broken off."
    POSTPONED = "Put off, without a new date so far."
    CANCELLED = "Called off."
    OVERDUE = "The last day it was expected on has passed and nothing reports that it was held."


TALK_STATUS = Rule(
    "talk.status",
    1,
    "The latest of a talk's milestones decides where it is CANCELLED, POSTPONED, COLLAPSED or CONCLUDED. "
    "Otherwise: before its first possible day a talk is SCHEDULED if that day is definite, EXPECTED if it is vague. "
    "From its first to its last day it is UNDER_WAY if the day is definite or the talk is reported held, EXPECTED "
    "otherwise. After that it is HELD if reported held, else OVERDUE. Reported held means: a milestone OPENED or "
    "ADJOURNED, or a participant whose attendance is REPORTED. Without a last possible starting day it is never "
    "OVERDUE but EXPECTED until reported held.",
)

REPORTED_HELD = """(
    exists (select from {milestone} m where m.subject_id = {t}.id and m.kind in ('OPENED', 'ADJOURNED'))
    or exists (select from {participation} a where a.talk_id = {t}.id and a.attendance = 'REPORTED')
)"""

DECISIVE_MILESTONE = """(
    select m.{what} from {milestone} m
    where m.subject_id = {t}.id
        and m.kind in ('SCHEDULED', 'OPENED', 'POSTPONED', 'CANCELLED', 'COLLAPSED', 'CONCLUDED')
    order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
    limit 1
)"""

STATUS = f"""(
    select case
        when s.milestone in ('CANCELLED', 'POSTPONED', 'COLLAPSED', 'CONCLUDED') then s.milestone::text
        when {{today}} < s.first_day then case when s.first_day = s.latest_start then 'SCHEDULED' else 'EXPECTED' end
        when {{today}} <= s.last_day and (s.first_day = s.latest_start or s.reported_held) then 'UNDER_WAY'
        when {{today}} <= s.latest_start then 'EXPECTED'
        when s.reported_held then 'HELD'
        when s.latest_start is null then 'EXPECTED'
        else 'OVERDUE'
    end
    from (
        select
            ({{t}}.starts).earliest as first_day,
            ({{t}}.starts).latest as latest_start,
            coalesce(({{t}}.ends).latest, ({{t}}.starts).latest) as last_day,
            {REPORTED_HELD} as reported_held,
            {DECISIVE_MILESTONE.replace("{what}", "kind")} as milestone
    ) s
)"""

STATUS_FACTS = f"""
    select 'clock' as name, {{today}}::text as value, null::uuid as record_id
    union all select 'starts', ({{t}}.starts).edtf, {{t}}.id
    union all select 'ends', ({{t}}.ends).edtf, {{t}}.id where ({{t}}.ends).edtf is not null
    union all select 'reportedHeld', {REPORTED_HELD}::text, null
    union all select 'milestone', m.kind || ' ' || (m.at).edtf, m.id
        from {{milestone}} m where m.id = {DECISIVE_MILESTONE.replace("{what}", "id")}
"""


STATUS_PERIODS = StatusPeriods(
    "talk",
    """
    select ({t}.starts).earliest
    union all select {t}.created_at::date
    union all select ({t}.starts).latest + 1
    union all select coalesce(({t}.ends).latest, ({t}.starts).latest) + 1
    union all select (m.at).earliest from {any milestone} m where m.subject_id = {t}.id
    """,
)


# A talk that was entered before its day is known to be expected from then on.
@record(
    order="starts.earliest",
    period=("starts", "ends"),
    periods=STATUS_PERIODS,
    appears="""coalesce(
        (select min(coalesce((m.at).earliest, '-infinity')) from {any milestone} m where m.subject_id = {t}.id),
        case when ({t}.starts).earliest > {t}.created_at::date then {t}.created_at::date else ({t}.starts).earliest end,
        '-infinity'
    ) <= {today}""",
    in_short="A meeting or round of talks.",
)
class Talk(Record):
    """A meeting or round of talks, held or still expected."""

    title: str = column("What the talk is called.", searched=NAME)
    process: Process | None = one("The peace process it belongs to.")
    follows: Talk | None = one("The talk that it continues.")
    format: TalkFormat | None = column("How it is held.")
    level: TalkLevel | None = column("The rank of the delegations at a talk.")
    venue: str | None = column("Building or place.", searched=DETAIL)
    city: str | None = column("City.", searched=DETAIL)
    country: str | None = column("Country (ISO 3166 alpha-2).", form=COUNTRY)
    starts: FuzzyDate | None = fuzzy("When it begins, or is expected to.")
    ends: FuzzyDate | None = fuzzy("When it ends; the day it begins on if not given.")
    summary: str | None = column("What it was, or is to be, about.", searched=SUMMARY)
    outcome: str | None = column("What came of it.", searched=SUMMARY)
    status: TalkStatus = computed("Whether it took place.", STATUS, periods=STATUS_PERIODS)
    status_explained: Explained[TalkStatus] = explained(
        "Whether it took place, by which rule and from which facts.", "{t:talk.status}", TALK_STATUS, STATUS_FACTS
    )
    days_until: DayRange | None = parts(
        "Whole days from the clock to its first and last possible starting day; negative when past.",
        "({t}.starts).edtf is not null",
        min="({t}.starts).earliest - {today}",
        max="({t}.starts).latest - {today}",
    )
    followed_by: Connection[Talk] = children("Talks that continue this one.", "follows_id")
    participations: Connection[Participation] = children("Who takes part, in which role.", "talk_id")
    statements: Connection[Statement] = children("What was said at it or about it there.", "talk_id")
    milestones: Connection[Milestone] = children("Dated steps: announced, opened, concluded.", "subject_id")
