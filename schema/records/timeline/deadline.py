"""Deadlines and ultimatums: what is due by when, and how many days remain."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import TYPE_CHECKING

from schema.dates.edtf_dates import FuzzyDate
from schema.declare.bounds import DURATION
from schema.declare.connections import Connection
from schema.declare.fields import (
    DETAIL,
    NAME,
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
from schema.declare.table import Check, Choice, Step, Verb
from schema.declare.vocabulary import vocabulary
from schema.records.record import Record, record
from schema.records.rule import DayRange, Explained
from schema.records.timeline import steps
from schema.records.timeline.steps import entered, is_disputed, sql_beside, steps_of, takes_part_in, voice

if TYPE_CHECKING:
    from schema.records.actors.actor import Actor
    from schema.records.timeline.milestone import Milestone


@vocabulary
class Hardness(Enum):
    """The firmness of a deadline."""

    HARD = "A definite date."
    VAGUE = "Words such as `within days`."
    CONDITIONAL = "It depends on an event, and may have no day before that."
    OPEN_ENDED = "No date at all."


@vocabulary
class DeadlineKind(Enum):
    """The kind of a deadline: something to do, or the end of something that lasts."""

    TASK = "Something is to be done by then; left undone, it is overdue."
    TERM = "Its subject ends then: a truce, a phase, a mandate. It passes, and is never overdue."


@vocabulary
class DeadlineStatus(Enum):
    """The status of a deadline, computed by the rule `deadline.status`."""

    PENDING = "More than three days ahead."
    DUE_SOON = "Its first possible day is at most three days ahead."
    IN_WINDOW = "Between its first and its last possible day."
    OVERDUE = "Its last possible day has passed and nothing says what became of it."
    PASSED = "A term whose last possible day has passed."
    WAITING = "No day is known yet: it waits for an event, or was put off without a new day."
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

RENEWAL_TIMES = 200
"""Times that a deadline renews itself or recurs, at most: every month for sixteen years."""

DEADLINE_STATUS = Rule(
    "deadline.status",
    2,
    "A step counts from the first day of its date of effect, else of its date, and never before it was taken. The last "
    "word on a set of steps is the highest in their order among those that no other came after: whose last day is not "
    "before another's first. Order: SET, MISSED, then TRIGGERED, EXTENDED and SHORTENED alike, WAIVED, WITHDRAWN, MET. "
    "MET, MISSED, WAIVED and WITHDRAWN are the status if they are the last word, and then nothing renews itself; of a "
    "task with `every` MET and MISSED settle one day and are no word. Otherwise the clock is held against the day. The "
    "day is `due` as first given until a step moves it. A step without an actor replaces all moves before it, one "
    "without a new day (put off) as well; after those the newest move of each voice is a reading, and the day is the "
    "span of all readings: `disputed` if they differ, or if a source disputes what decides (of last words alike, each "
    "of them). The voice of a step is that for whom its actor acts; else the actor's own if it takes part in the "
    "process; else that of the one participant to whom its dated offices and groups lead; else its own. A term that "
    "has passed comes back only by a step without an actor, or by two voices on overlapping days; until then such a "
    "move is but a reading. A CONDITIONAL deadline has no day before TRIGGERED counts; while none counts, none before "
    "`anchor`, and without an anchor none if `startsWith` says what it waits for. With `every` the day moves on by "
    "that, at most `mostRenewals` times, to the first on or after the clock: a term until OBJECTED counts on or before "
    "its day; a task past each day that MET settles (the one on or next after it) or MISSED (the one on or last before "
    "it). Then: without a day OPEN_ENDED if it is that, else WAITING; without a last day OPEN_ENDED; after its last "
    "day PASSED if it is a TERM, else OVERDUE; from its first to its last day, if these differ, IN_WINDOW; when the "
    "first day is at most `dueSoonDays` ahead DUE_SOON; else PENDING. It can be seen from the first of: its steps, its "
    "anchor, its first possible day, the publication of a source that supports it, and its entry.",
    {"dueSoonDays": DUE_SOON_DAYS, "mostRenewals": RENEWAL_TIMES},
)

PROCESS_OF_SUBJECT = """(case {t}.subject_type
    when 'PROCESS' then {t}.subject_id
    when 'TALK' then (select k.process_id from {any talk} k where k.id = {t}.subject_id)
    when 'AGREEMENT' then (select e.process_id from {any agreement} e where e.id = {t}.subject_id)
    when 'PROVISION' then (
        select e.process_id from {any provision} p join {any agreement} e on e.id = p.agreement_id
        where p.id = {t}.subject_id
    )
    when 'STATEMENT' then (select s.process_id from {any statement} s where s.id = {t}.subject_id)
    when 'CONDITION' then (
        select s.process_id from {any condition} c join {any statement} s on s.id = c.statement_id
        where c.id = {t}.subject_id
    )
end)"""

STATUS_PERIODS = StatusPeriods(
    "deadline",
    ("status", "since", "due", "disputed", "reading_ids"),
    f"""select * from kept.judge_deadline(
        {{t}}.id, {{t}}.due, {{t}}.anchor, {{t}}.hardness::text, {{t}}.kind = 'TERM', {{t}}.every::interval,
        {{t}}.starts_with is not null, {entered("{t}")}, {is_disputed("{t}", "due")},
        {steps_of("{t}.id", voice(takes_part_in(PROCESS_OF_SUBJECT, "{t}.subject_id")))}
    )""",
    sql_beside(str(steps.__file__)) + "\n" + sql_beside(__file__),
    {},
    {"due_soon_days": DUE_SOON_DAYS, "most_renewals": RENEWAL_TIMES},
    touched=steps.TOUCHED,
)

MOVES = """
    select m.id, m.kind, m.at, m.due
    from {milestone} m
    where m.subject_id = {t}.id and m.kind in ('TRIGGERED', 'EXTENDED', 'SHORTENED')
    order by (m.at).earliest nulls first, (m.at).latest, m.kind, (m.due).latest, m.key
"""

# What was due on the day before a move.
EXTENSIONS = f"""array(
    select m.id from ({MOVES}) m
    where (m.due).edtf is null or (m.due).latest > (
        select (p.due).latest from {{t:deadline.periods}} p
        where p.from_day < coalesce((m.at).earliest, '-infinity')
            and coalesce((m.at).earliest, '-infinity') <= p.until_day
    )
    limit 100
)"""

DUE = at_clock("due", table="deadline")

IS_OPEN = f"""(
    {{t:deadline.status}} not in ('MET', 'MISSED', 'WAIVED', 'WITHDRAWN')
    and ({DUE}).edtf is not null
    and not ({{t}}.subject_type = 'AGREEMENT' and exists (
        select from {{any agreement}} e
        where e.id = {{t}}.subject_id and {{e:agreement.status}} in ('EXPIRED', 'SUPERSEDED', 'TERMINATED')
            and {{t:deadline.status}} not in ('PASSED', 'OVERDUE')
    ))
)"""

STATUS_FACTS = f"""
    select 'clock' as name, {{today}}::text as value, null::uuid as record_id
    union all select 'kind', {{t}}.kind::text, {{t}}.id
    union all select 'hardness', {{t}}.hardness::text, {{t}}.id
    union all select 'due', ({{t}}.due).edtf, {{t}}.id where ({{t}}.due).edtf is not null
    union all select 'anchor', {{t}}.anchor::text, {{t}}.id where {{t}}.anchor is not null
    union all select 'startsWith', {{t}}.starts_with, {{t}}.id where {{t}}.starts_with is not null
    union all select 'every', {{t}}.every, {{t}}.id where {{t}}.every is not null
    union all select 'day', ({DUE}).edtf, {{t}}.id where ({DUE}).edtf is not null
    union all (
        select 'milestone', m.kind || ' ' || (m.at).edtf || coalesce(' → ' || (m.due).edtf, ''), m.id
        from {{milestone}} m where m.subject_id = {{t}}.id
        order by (m.at).earliest nulls first, (m.at).latest, m.kind, m.key
    )
"""


# A deadline that was entered before its day is known to be set from then on.
@record(
    order="due.earliest",
    checks={
        "deadline_has_due_date": Check("due", "only an OPEN_ENDED or a CONDITIONAL deadline goes without a due date"),
        "deadline_fits_subject": Check(
            "subject", "a deadline belongs to a process, talk, agreement, provision, condition or statement"
        ),
    },
    internal=("subject_type",),
    verb=Verb("setDeadline", "Set a deadline.", place=2),
    steps=(
        Step(
            "extend",
            "Record that a deadline was moved to another day.",
            adds_to="milestones",
            sets={"kind": "EXTENDED"},
            takes={"due": "The new due date; none where it was put off without one.", **STEP},
            required=("at",),
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
    in_short="Something due.",
)
class Deadline(Record):
    """Something due: a decision, an answer, an action, by a date that may be vague."""

    title: str = column("What is due.", searched=NAME)
    subject: Record | None = one(
        "The process, talk, agreement, provision, condition or statement it belongs to.", by_default="process"
    )
    kind: DeadlineKind = column("Whether something is to be done by then, or ends then.", default="TASK")
    set_by: Actor | None = one("Who set it.")
    addressees: list[Actor] = many("Who has to meet it.", name="addressee_ids")
    due: FuzzyDate | None = fuzzy(
        "By when, as it stands at the clock: moved by steps, and null while it waits for a day.",
        anchor="anchor",
        is_term=True,
        moved=STATUS_PERIODS,
    )
    anchor: date | None = column("The day from which vague words are counted.")
    hardness: Hardness = column("How definite it is.")
    starts_with: str | None = column("The event that starts it, in words: `public acceptance`.", searched=DETAIL)
    every: str | None = column(
        "By how much a term renews itself, or a task recurs: an ISO 8601 duration such as `P60D`.", form=DURATION
    )
    consequence: str | None = column("What follows if it is missed.", searched=DETAIL)
    status: DeadlineStatus = precomputed("Where it stands.", STATUS_PERIODS)
    status_since: date | None = precomputed(
        "First day of the unbroken run of days with this status.", STATUS_PERIODS, "since"
    )
    status_explained: Explained[DeadlineStatus] = explained(
        "Where it stands, by which rule and from which facts.", "{t:deadline.status}", DEADLINE_STATUS, STATUS_FACTS
    )
    days_remaining: DayRange | None = parts(
        "Whole days from the clock's UTC date to the first and the last possible due day; negative when past. Null "
        "without a day, and where nothing remains: it is settled, or its agreement has ended.",
        IS_OPEN,
        min=f"({DUE}).earliest - {{today}}",
        max=f"({DUE}).latest - {{today}}",
    )
    disputed: bool = precomputed("Whether voices differ on its day, or a source disputes what decides.", STATUS_PERIODS)
    readings: list[Milestone] = many(
        "The moves that stand side by side: the newest of each voice. None while it is due as first given.",
        at_clock("reading_ids", table="deadline"),
    )
    moves: list[Milestone] = many(
        "Each time its day was set or moved by an event or by somebody, oldest first.",
        f"array(select m.id from ({MOVES}) m limit 100)",
    )
    extensions: list[Milestone] = many(
        "The moves to a later day, or to none, oldest first, whatever they are called.", EXTENSIONS
    )
    milestones: Connection[Milestone] = children("Dated steps: set, triggered, extended, met.", "subject_id")
