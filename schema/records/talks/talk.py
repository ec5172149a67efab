"""Talks: meetings and rounds, held or still expected, and whether they took place."""

from __future__ import annotations

from datetime import date
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
    at_clock,
    children,
    column,
    explained,
    fuzzy,
    many,
    one,
    parts,
    precomputed,
)
from schema.declare.table import no_circle
from schema.declare.vocabulary import vocabulary
from schema.records.record import Record, record
from schema.records.rule import DayRange, Explained
from schema.records.timeline.steps import TOUCHED, entered, is_disputed, sql_beside, steps_of, takes_part_in, voice

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
    UNDER_WAY = "Begun, as reported, and within its dates."
    HELD = "Past, and reported to have been held."
    CONCLUDED = "Brought to its end."
    COLLAPSED = "Broken off."
    POSTPONED = "Put off, without a new date so far."
    CANCELLED = "Called off."
    OVERDUE = "The last day it was expected on has passed and nothing reports that it was held."


TALK_STATUS = Rule(
    "talk.status",
    2,
    "A step counts from the first day of its date of effect, else of its date, and never before it was taken. The last "
    "word on a set of steps is the highest in their order among those that no other came after: whose last day is not "
    "before another's first. Order: ANNOUNCED, POSTPONED, SCHEDULED, CANCELLED, OPENED, ADJOURNED, CONCLUDED, "
    "COLLAPSED. Two exceptions: SCHEDULED without a day after the talk was put off or called off is no more than "
    "ANNOUNCED; ANNOUNCED or SCHEDULED without a day is no word once OPENED counts. `starts` is as first given until a "
    "step gives a day; POSTPONED without one and CANCELLED leave none. A step without an actor replaces all moves "
    "before it, so does one that leaves no day; after those the newest move of each voice is a reading (on overlapping "
    "days the higher in the order), and `starts` is the span of all readings, `disputed` if they differ or a source "
    "disputes what decides (of last words alike, each of them). The voice of a step is as in deadline.status. `ends` "
    "and the place are as the newest step gave them, else as first given, but where no day is left no first end is; an "
    "end before the first day of `starts` is none. Attendance REPORTED stands for OPENED on the last day of `starts` "
    "as first given (of a talk without a day, since it can be seen) if no step that counted by then moved it, put it "
    "off or called it off. CANCELLED, COLLAPSED and CONCLUDED are the status if they are the last word, and so is "
    "POSTPONED without a new day. OPENED or ADJOURNED: UNDER_WAY to the last day of `ends`, without one on the day of "
    "OPENED only, then HELD. Otherwise: without a last possible beginning EXPECTED; after it OVERDUE; a definite day "
    "is SCHEDULED, any other EXPECTED. It can be seen from the first of: its steps, its beginning as first given, the "
    "publication of a source that supports it, and its entry.",
)

STATUS_PERIODS = StatusPeriods(
    "talk",
    ("status", "since", "starts", "ends", "venue", "city", "country", "disputed", "reading_ids"),
    f"""select * from kept.judge_talk(
        {{t}}.id, {{t}}.starts, {{t}}.ends, {{t}}.venue, {{t}}.city, {{t}}.country,
        exists (select from {{any participation}} a where a.talk_id = {{t}}.id and a.attendance = 'REPORTED'),
        {entered("{t}")}, {is_disputed("{t}", "starts")},
        {steps_of("{t}.id", voice(takes_part_in("{t}.process_id", "{t}.id")))}
    )""",
    sql_beside(__file__),
    touched=TOUCHED,
)

STARTS = at_clock("starts", table="talk")

STATUS_FACTS = f"""
    select 'clock' as name, {{today}}::text as value, null::uuid as record_id
    union all select 'starts', ({{t}}.starts).edtf, {{t}}.id where ({{t}}.starts).edtf is not null
    union all select 'ends', ({{t}}.ends).edtf, {{t}}.id where ({{t}}.ends).edtf is not null
    union all select 'day', ({STARTS}).edtf, {{t}}.id where ({STARTS}).edtf is not null
    union all (
        select 'attendance', a.attendance::text, a.id from {{participation}} a
        where a.talk_id = {{t}}.id and a.attendance = 'REPORTED'
        order by a.key limit 1
    )
    union all (
        select 'milestone', m.kind || ' ' || (m.at).edtf || coalesce(' → ' || (m.starts).edtf, ''), m.id
        from {{milestone}} m where m.subject_id = {{t}}.id
        order by (m.at).earliest nulls first, (m.at).latest, m.kind, m.key
    )
"""


@record(
    order="starts.earliest",
    period=("starts", "ends"),
    periods=STATUS_PERIODS,
    contradictions=(no_circle("talk", "follows"),),
    in_short="A meeting or round of talks.",
)
class Talk(Record):
    """A meeting or round of talks, held or still expected."""

    title: str = column("What the talk is called.", searched=NAME)
    process: Process | None = one("The peace process it belongs to.", by_default="process")
    follows: Talk | None = one("The talk that it continues.")
    format: TalkFormat | None = column("How it is held.")
    level: TalkLevel | None = column("The rank of the delegations at a talk.")
    venue: str | None = column("Building or place.", searched=DETAIL, moved=STATUS_PERIODS)
    city: str | None = column("City.", searched=DETAIL, moved=STATUS_PERIODS)
    country: str | None = column("Country (ISO 3166 alpha-2).", form=COUNTRY, moved=STATUS_PERIODS)
    starts: FuzzyDate | None = fuzzy(
        "When it begins, or is expected to, as it stands at the clock: moved by steps, null where it was put off. "
        "Lists are filtered and ordered by it.",
        moved=STATUS_PERIODS,
    )
    ends: FuzzyDate | None = fuzzy("When it ends, as it stands at the clock.", moved=STATUS_PERIODS)
    summary: str | None = column("What it was, or is to be, about.", searched=SUMMARY)
    outcome: str | None = column("What came of it.", searched=SUMMARY)
    status: TalkStatus = precomputed("Whether it took place.", STATUS_PERIODS)
    status_since: date | None = precomputed(
        "First day of the unbroken run of days with this status.", STATUS_PERIODS, "since"
    )
    status_explained: Explained[TalkStatus] = explained(
        "Whether it took place, by which rule and from which facts.", "{t:talk.status}", TALK_STATUS, STATUS_FACTS
    )
    days_until: DayRange | None = parts(
        "Whole days from the clock to its first and last possible starting day. Null unless it is SCHEDULED or "
        "EXPECTED.",
        f"({STARTS}).edtf is not null and {{t:talk.status}} in ('SCHEDULED', 'EXPECTED')",
        min=f"({STARTS}).earliest - {{today}}",
        max=f"({STARTS}).latest - {{today}}",
    )
    disputed: bool = precomputed("Whether voices differ on its day, or a source disputes what decides.", STATUS_PERIODS)
    readings: list[Milestone] = many(
        "The moves that stand side by side: the newest of each voice. None while its day is as first given.",
        at_clock("reading_ids", table="talk"),
    )
    followed_by: Connection[Talk] = children("Talks that continue this one.", "follows_id")
    participations: Connection[Participation] = children("Who takes part, in which role.", "talk_id")
    statements: Connection[Statement] = children("What was said at it or about it there.", "talk_id")
    milestones: Connection[Milestone] = children("Dated steps: announced, opened, concluded.", "subject_id")
