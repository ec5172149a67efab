"""Deadlines and ultimatums: what is due by when, and how many days remain."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import TYPE_CHECKING

from schema.dates.edtf_dates import FuzzyDate
from schema.declare.connections import Connection
from schema.declare.fields import (
    DETAIL,
    NAME,
    Rule,
    StatusPeriods,
    children,
    column,
    computed,
    explained,
    fuzzy,
    many,
    one,
    parts,
)
from schema.declare.table import Check, Choice, Step, Verb
from schema.declare.vocabulary import vocabulary
from schema.records.record import Record, record
from schema.records.rule import DayRange, Explained

if TYPE_CHECKING:
    from schema.records.actors.actor import Actor
    from schema.records.timeline.milestone import Milestone


@vocabulary
class Hardness(Enum):
    """The firmness of a deadline."""

    HARD = "A definite date."
    VAGUE = "Words such as `within days`."
    CONDITIONAL = "It depends on an event."
    OPEN_ENDED = "No date at all."


@vocabulary
class DeadlineStatus(Enum):
    """The status of a deadline, computed by the rule `deadline.status`."""

    PENDING = "More than three days ahead."
    DUE_SOON = "Its first possible day is at most three days ahead."
    IN_WINDOW = "Between its first and its last possible day."
    OVERDUE = "Its last possible day has passed and nothing says what became of it."
    OPEN_ENDED = "It has no last day."
    MET = "Met."
    MISSED = "Missed."
    WAIVED = "Waived."
    WITHDRAWN = "Withdrawn."


@vocabulary
class DeadlineResolution(Enum):
    """The end of a deadline, as it is recorded."""

    MET = "It was met."
    MISSED = "It passed and was not met."
    WAIVED = "Who set it gave it up."
    WITHDRAWN = "It was taken back before it came."


STEP = {
    "at": "When that happened.",
    "actor": "Who did it: an actor's id or key.",
    "note": "What else there is to say.",
    "citations": "The sources.",
}
"""Arguments of every step in the life of a deadline."""

DUE_SOON_DAYS = 3

DEADLINE_STATUS = Rule(
    "deadline.status",
    1,
    "The latest of MET, MISSED, WAIVED, WITHDRAWN and EXTENDED among its milestones decides, unless it is EXTENDED. "
    "Otherwise the clock is held against the due date, the newest extension counting: OPEN_ENDED without a last day; "
    "OVERDUE after its last day; IN_WINDOW from its first to its last day; DUE_SOON when its first day is at most "
    "`dueSoonDays` days ahead; else PENDING.",
    {"dueSoonDays": DUE_SOON_DAYS},
)

NEWEST_EXTENSION = """(
    select m.{what} from {milestone} m
    where m.subject_id = {t}.id and m.kind = 'EXTENDED'
    order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
    limit 1
)"""

DUE = f"coalesce({NEWEST_EXTENSION.replace('{what}', 'due')}, {{t}}.due)"

RESOLUTION = """(
    select m.{what} from {milestone} m
    where m.subject_id = {t}.id and m.kind in ('MET', 'MISSED', 'WAIVED', 'WITHDRAWN', 'EXTENDED')
    order by (m.at).earliest desc nulls last, (m.at).latest desc, m.id desc
    limit 1
)"""

# `offset 0` keeps Postgres from looking the due date up again wherever it stands.
STATUS = f"""(
    select case
        when s.resolution in ('MET', 'MISSED', 'WAIVED', 'WITHDRAWN') then s.resolution::text
        when (s.due).latest is null then 'OPEN_ENDED'
        when {{today}} > (s.due).latest then 'OVERDUE'
        when {{today}} >= coalesce((s.due).earliest, '-infinity') then 'IN_WINDOW'
        when (s.due).earliest - {{today}} <= {DUE_SOON_DAYS} then 'DUE_SOON'
        else 'PENDING'
    end
    from (select {DUE} as due, {RESOLUTION.replace("{what}", "kind")} as resolution offset 0) s
)"""

STATUS_FACTS = f"""
    select 'clock' as name, {{today}}::text as value, null::uuid as record_id
    union all select 'due', ({DUE}).edtf, {{t}}.id
    union all select 'extension', m.kind || ' ' || (m.at).edtf, m.id
        from {{milestone}} m where m.id = {NEWEST_EXTENSION.replace("{what}", "id")}
    union all select 'resolution', m.kind || ' ' || (m.at).edtf, m.id
        from {{milestone}} m where m.id = {RESOLUTION.replace("{what}", "id")} and m.kind <> 'EXTENDED'
"""


STATUS_PERIODS = StatusPeriods(
    "deadline",
    f"""
    select v.day
    from (
        select {{t}}.due
        union all select m.due from {{any milestone}} m where m.subject_id = {{t}}.id and m.kind = 'EXTENDED'
    ) d (due)
    cross join lateral (
        values ((d.due).earliest - {DUE_SOON_DAYS}), ((d.due).earliest), ((d.due).latest + 1)
    ) v (day)
    union all select {{t}}.anchor
    union all select {{t}}.created_at::date
    union all select (m.at).earliest from {{any milestone}} m where m.subject_id = {{t}}.id
    """,
)


# A deadline that was entered before its day is known to be set from then on.
@record(
    order="due.earliest",
    checks={"deadline_has_due_date": Check("due", "only an OPEN_ENDED deadline goes without a due date")},
    verb=Verb("setDeadline", "Set a deadline.", place=2),
    steps=(
        Step(
            "extend",
            "Record that a deadline was moved to another day.",
            adds_to="milestones",
            sets={"kind": "EXTENDED"},
            takes={"due": "The new due date.", **STEP},
            required=("due", "at"),
        ),
        Step(
            "resolve",
            "Record what became of a deadline.",
            adds_to="milestones",
            sets={"kind": Choice("resolution", DeadlineResolution, "What became of it.")},
            takes=STEP,
            required=("at",),
        ),
    ),
    periods=STATUS_PERIODS,
    appears="""coalesce(
        (select min(coalesce((m.at).earliest, '-infinity')) from {any milestone} m where m.subject_id = {t}.id),
        case
            when least({t}.anchor, ({t}.due).earliest) > {t}.created_at::date then {t}.created_at::date
            else least({t}.anchor, ({t}.due).earliest)
        end,
        '-infinity'
    ) <= {today}""",
    in_short="Something due.",
)
class Deadline(Record):
    """Something due: a decision, an answer, an action, by a date that may be vague."""

    title: str = column("What is due.", searched=NAME)
    subject: Record | None = one("The process, talk, agreement or condition it belongs to.")
    set_by: Actor | None = one("Who set it.")
    addressees: list[Actor] = many("Who has to meet it.", name="addressee_ids")
    due: FuzzyDate | None = fuzzy(
        "By when, as first set; see `extensions` for later dates.", anchor="anchor", is_term=True
    )
    anchor: date | None = column("The day from which vague words are counted.")
    hardness: Hardness = column("How definite it is.")
    consequence: str | None = column("What follows if it is missed.", searched=DETAIL)
    status: DeadlineStatus = computed("Where it stands.", STATUS, periods=STATUS_PERIODS)
    status_explained: Explained[DeadlineStatus] = explained(
        "Where it stands, by which rule and from which facts.", "{t:deadline.status}", DEADLINE_STATUS, STATUS_FACTS
    )
    days_remaining: DayRange | None = parts(
        "Whole days from the clock's UTC date to the first and the last possible due day, the newest extension "
        "counting; negative when past. Null without a due date.",
        f"({DUE}).edtf is not null",
        min=f"({DUE}).earliest - {{today}}",
        max=f"({DUE}).latest - {{today}}",
    )
    extensions: list[Milestone] = many(
        "Each time it was moved, oldest first.",
        """array(
            select m.id from {milestone} m
            where m.subject_id = {t}.id and m.kind = 'EXTENDED'
            order by (m.at).earliest nulls first, (m.at).latest, m.id
            limit 100
        )""",
    )
    milestones: Connection[Milestone] = children("Dated steps: set, extended, met.", "subject_id")
