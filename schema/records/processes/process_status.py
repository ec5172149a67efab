"""The status of processes: the rule, and the SQL by which it is computed."""

from __future__ import annotations

from enum import Enum

from schema.declare.fields import Rule, StatusPeriods, at_clock
from schema.declare.vocabulary import vocabulary
from schema.records.timeline.steps import entered, first_day, last_day, sql_beside, steps_of, takes_part_in, voice


@vocabulary
class ProcessStatus(Enum):
    """The status of a process, computed by the rule `process.status`."""

    ACTIVE = "It moves, or something was set lately or is near."
    WAITING = "It does not move, and something is still to come."
    STALLED = "Nothing moved for longer than the process allows, and nothing is to come."
    SUSPENDED = "A party suspended it and has not resumed."
    CONCLUDED = "Brought to its end."
    COLLAPSED = "Broken off."


FRESH_DAYS = 90

COUNTS = f"{first_day('m')}, {last_day('m')}"

MOVEMENT = (
    "PROPOSED", "DRAFTED", "NEGOTIATED", "INITIALLED", "SIGNED", "RATIFIED", "ACCEPTED", "APPROVED", "ACCEDED",
    "PROVISIONALLY_APPLIED", "ENTERED_INTO_FORCE", "AMENDED", "RESUMED",
)  # fmt: skip
"""Steps of an agreement that take a process forward."""

PROCESS_STATUS = Rule(
    "process.status",
    2,
    "Looks at the process and its tracks, to any depth, with all that belongs to them. Movement is dated steps, never "
    "a status: each day of a talk from OPENED (or what stands for it) to ADJOURNED, CONCLUDED or COLLAPSED, or before "
    "one of these to its end as it stood on that day; of agreements PROPOSED, DRAFTED, NEGOTIATED, INITIALLED, SIGNED "
    "and signatures, consents, application, ENTERED_INTO_FORCE, AMENDED, RESUMED; a TERM moved to a later day by a "
    "step without an actor or by two voices on overlapping days; MET of a deadline, condition or provision; OPENED and "
    "RESUMED of a process. Not: statements, violations, REJECTED, SUSPENDED, withdrawals, TERMINATED, moves of a task, "
    "renewal by itself. `lastActivity` is the latest such day that has come. To come are talks that are SCHEDULED or "
    "EXPECTED with a last possible day, and deadlines that are PENDING, DUE_SOON or IN_WINDOW without `every`, unless "
    "their own process is CONCLUDED or COLLAPSED or their agreement EXPIRED, SUPERSEDED or TERMINATED. The next is the "
    "first by its last possible day, then its first, title and key. Something to come is live if it was announced, set "
    "or moved (else first seen) at most `freshDays` ago, or its last possible day is at most `stallAfterDays` ahead. "
    "The first that holds: (1) CONCLUDED or COLLAPSED if that is the last word, in the order OPENED, RESUMED, "
    "COLLAPSED, CONCLUDED; `closed` counts as CONCLUDED; nothing is next then. (2) SUSPENDED if the last word of one "
    "voice, or of the steps without an actor, is SUSPENDED and not RESUMED; RESUMED without an actor lifts all. (3) "
    "ACTIVE if the last activity (before any: the first possible day of its opening; before that: first seen) is at "
    "most the process's `stallAfterDays` ago (30 unless set), something to come is live, or a track is ACTIVE. (4) "
    "WAITING if something is to come. (5) STALLED. It can be seen from the first of: its steps, its opening, the first "
    "movement, the publication of a source that supports it, and its entry; it is first seen on the first of these but "
    "movement.",
    {"stallAfterDays": 30, "freshDays": FRESH_DAYS},
)

# The process and its tracks, to any depth.
BRANCH = """
    with recursive branch (id) as (
        select {t}.id union select p.id from branch b join {any process} p on p.parent_id = b.id
    )
"""


def track(n: str, parent: str) -> str:
    """Write the row of a process in a tree."""
    return f"""row(
        {n}.id, {parent}, {n}.stall_after_days, ({n}.opened).earliest,
        coalesce(least({entered(n)}, ({n}.opened).earliest, (
            select min(coalesce((m.at).earliest, '-infinity')) from {{any milestone}} m
            where m.subject_id = {n}.id
        )), '-infinity'),
        {steps_of(f"{n}.id", voice(takes_part_in(f"{n}.id")))}
            || case when ({n}.closed).edtf is not null then array[row(
                null, 'CONCLUDED', coalesce(({n}.closed).earliest, ({n}.closed).latest),
                coalesce(({n}.closed).latest, 'infinity'), null, null, null, false, null, null, null, null, null, null
            )::kept.step] else '{{}}' end
    )::kept.track"""


TREE = f"""array[{track("{t}", "null")}] || array(
    {BRANCH}
    select {track("n", "n.parent_id")}
    from branch b join {{any process}} n on n.id = b.id
    where n.id <> {{t}}.id
)"""

# What can be the subject of a deadline or a step, with the process that it belongs to. `offset 0`: each is looked up.
SUBJECTS = """(
    select b.id as process_id, b.id from branch b
    union all select k.process_id, k.id from branch b join {any talk} k on k.process_id = b.id
    union all select a.process_id, a.id from branch b join {any agreement} a on a.process_id = b.id
    union all select a.process_id, p.id
        from branch b join {any agreement} a on a.process_id = b.id join {any provision} p on p.agreement_id = a.id
)"""

# Deadlines of what somebody said are few among many statements.
DEADLINES = f"""(
    select subject.process_id, d.*
    from {SUBJECTS} subject
    cross join lateral (select d.* from {{any deadline}} d where d.subject_id = subject.id offset 0) d
    union all
    select s.process_id, d.*
    from {{any deadline}} d
    cross join lateral (
        select s.process_id from {{any statement}} s where s.id = d.subject_id and d.subject_type = 'STATEMENT'
        union all
        select s.process_id from {{any condition}} c join {{any statement}} s on s.id = c.statement_id
        where c.id = d.subject_id and d.subject_type = 'CONDITION'
        offset 0
    ) s
    where d.subject_type in ('STATEMENT', 'CONDITION') and s.process_id in (select b.id from branch b)
)"""

# The moves of term `d` to a later day than the one that stood before, each with its voice.
LATER_MOVES = f"""
    select m.id, {first_day("m")} as first, {last_day("m")} as last,
        case when m.actor_id is not null then {voice(takes_part_in("d.process_id", "d.subject_id"))} end as voice
    from {{any milestone}} m
    where m.subject_id = d.id and m.kind in ('EXTENDED', 'SHORTENED', 'TRIGGERED') and exists (
        select from {{d:deadline.periods}} p
        where p.from_day < {first_day("m")} and {first_day("m")} <= p.until_day and (m.due).latest > (p.due).latest
    )
"""

# Days on which something took a process of the branch forward, with its name, record, first and last day.
MOVEMENTS = f"""
    select k.process_id, 'talk', k.id, greatest(p.from_day, '-infinity'), least(p.active_until, p.until_day - 1)
    from branch b
    join {{any talk}} k on k.process_id = b.id
    cross join lateral (select * from {{k:talk.periods}} p offset 0) p
    where p.counts and p.active_until >= p.from_day
    union all
    select a.process_id, 'milestone', m.id, {COUNTS}
    from branch b
    join {{any agreement}} a on a.process_id = b.id
    join {{any milestone}} m on m.subject_id = a.id
    where m.kind in ({", ".join(f"'{kind}'" for kind in MOVEMENT)})
    union all
    select a.process_id, 'signature', s.id, (s.signed).earliest, coalesce((s.signed).latest, 'infinity')
    from branch b
    join {{any agreement}} a on a.process_id = b.id
    join {{any signature}} s on s.agreement_id = a.id
    where (s.signed).earliest is not null
    union all
    select d.process_id, 'deadline', m.id, {COUNTS}
    from {DEADLINES} d
    join {{any milestone}} m on m.subject_id = d.id
    where m.kind = 'MET'
    union all
    select d.process_id, 'deadline', moved.id, moved.first, moved.last
    from {DEADLINES} d
    cross join lateral (
        with later as ({LATER_MOVES})
        select l.id, l.first, l.last from later l where l.voice is null
        union all
        -- It is one of several voices since both count.
        select l.id, greatest(l.first, o.first), l.last
        from later l join later o on o.voice <> l.voice and o.first <= l.last and l.first <= o.last
    ) moved
    where d.kind = 'TERM'
    union all
    select c.process_id, 'milestone', m.id, {COUNTS}
    from (
        select subject.process_id, subject.id from {SUBJECTS} subject
        join record r on r.id = subject.id and r.type = 'PROVISION'
        union all
        select s.process_id, c.id
        from branch b join {{any statement}} s on s.process_id = b.id join {{any condition}} c on c.statement_id = s.id
    ) c
    join {{any milestone}} m on m.subject_id = c.id
    where m.kind = 'MET'
    union all
    select b.id, 'milestone', m.id, {COUNTS}
    from branch b
    join {{any milestone}} m on m.subject_id = b.id
    where m.kind in ('OPENED', 'RESUMED')
"""

ENDED = "('EXPIRED', 'SUPERSEDED', 'TERMINATED')"

COMING = f"""
    select k.process_id, 'TALK', k.id, p.from_day, p.until_day, (p.starts).earliest, (p.starts).latest, p.set_on,
        k.title, k.key
    from branch b
    join {{any talk}} k on k.process_id = b.id
    cross join lateral (select * from {{k:talk.periods}} p offset 0) p
    where p.counts and p.status in ('SCHEDULED', 'EXPECTED') and (p.starts).latest is not null
    union all
    select d.process_id, 'DEADLINE', d.id, lower(open.days), upper(open.days), (p.due).earliest, (p.due).latest,
        p.set_on, d.title, d.key
    from {DEADLINES} d
    cross join lateral (select * from {{d:deadline.periods}} p offset 0) p
    cross join lateral unnest(datemultirange(daterange(p.from_day, p.until_day)) - coalesce((
        select range_agg(daterange(q.from_day, q.until_day))
        from {{any agreement}} e cross join lateral {{e:agreement.periods}} q
        where q.status in {ENDED} and e.id = case d.subject_type
            when 'AGREEMENT' then d.subject_id
            when 'PROVISION' then (select v.agreement_id from {{any provision}} v where v.id = d.subject_id)
        end
    ), '{{}}')) open (days)
    where p.counts and p.status in ('PENDING', 'DUE_SOON', 'IN_WINDOW') and d.every is null
        and (p.due).latest is not null
"""

# What a changed record may be a part of: a process by itself, or by the record that it belongs to; and the processes
# above that.
PROCESSES_TOUCHED = """
    with recursive part (id) as (
        select u.id from unnest(due) u (id)
        union select d.subject_id from unnest(due) u (id) join deadline d on d.id = u.id
        union select p.agreement_id from unnest(due) u (id) join provision p on p.id = u.id
        union select p.agreement_id
            from unnest(due) u (id) join deadline d on d.id = u.id join provision p on p.id = d.subject_id
    ),
    above (id) as (
        select p.process_id
        from part
        cross join lateral (
            select k.process_id from talk k where k.id = part.id
            union all select a.process_id from agreement a where a.id = part.id
            union all select s.process_id from condition c join statement s on s.id = c.statement_id
                where c.id = part.id
            union all select s.process_id from statement s where s.id = part.id
                and exists (select from deadline d where d.subject_id = s.id and d.subject_type = 'STATEMENT')
            union all select r.id from process r where r.id = part.id
        ) p
        union select r.parent_id from above join process r on r.id = above.id
    )
    select above.id from above
"""

STATUS_PERIODS = StatusPeriods(
    "process",
    ("status", "since", "next_talk_id", "next_deadline_id", "active_until"),
    f"""
        select * from kept.judge_process(
            {{t}}.id, {TREE}, array(select v from {{t:process.movements}} v),
            array(select v from {{t:process.coming}} v), {{first}}
        )
    """,
    sql_beside(__file__),
    {
        "movements": ("kept.movement", f"{BRANCH} {MOVEMENTS}"),
        "coming": ("kept.coming", f"{BRANCH} {COMING}"),
    },
    {"fresh_days": FRESH_DAYS},
    touched=PROCESSES_TOUCHED,
    reads=("talk", "deadline", "agreement"),
    ahead=True,
)

ACTIVE_UNTIL = f"(select nullif({at_clock('active_until', table='process')}, '-infinity'))"

LAST_ACTIVITY = f"(select least(v.last, {{today}}) from {ACTIVE_UNTIL} v (last) where v.last is not null)"

# What is the subject of a deadline of the process or of its tracks.
ALL_SUBJECTS = f"""
    {BRANCH}
    select subject.id from {SUBJECTS} subject
    union all
    select s.id from branch b join {{statement}} s on s.process_id = b.id
    union all
    select c.id from branch b join {{statement}} s on s.process_id = b.id join {{condition}} c on c.statement_id = s.id
"""

LATEST_MILESTONE = """(
    select m.id from {milestone} m
    where m.subject_id = {t}.id and m.kind in ('REPORTED_STALLED', 'REPORTED_PROGRESS')
    order by (m.at).earliest desc nulls last, (m.at).latest desc, m.kind, m.key
    limit 1
)"""

STATUS_FACTS = """
    select 'clock' as name, {today}::text as value, null::uuid as record_id
    union all select 'stallAfterDays', {t}.stall_after_days::text, {t}.id
    union all select 'opened', ({t}.opened).edtf, {t}.id where ({t}.opened).edtf is not null
    union all select 'closed', ({t}.closed).edtf, {t}.id where ({t}.closed).edtf is not null
    union all (
        select 'milestone', m.kind || ' ' || (m.at).edtf, m.id
        from {milestone} m
        where m.subject_id = {t}.id and m.kind in ('OPENED', 'SUSPENDED', 'RESUMED', 'CONCLUDED', 'COLLAPSED')
        order by (m.at).earliest nulls first, (m.at).latest, m.kind, m.key
    )
    union all (
        select 'lastActivity: ' || v.name, least(v.last, {today})::text, v.record_id
        from {t:process.movements} v
        where v.first <= {today}
        order by least(v.last, {today}) desc, v.name desc, v.first desc limit 1
    )
    union all (
        select case v.type when 'TALK' then 'talkToCome' else 'openDeadline' end,
            concat(v.first, '/', v.last, ', set ', v.set_on), v.record_id
        from {t:process.coming} v
        where v.from_day <= {today} and {today} < v.until_day
        order by v.type desc, v.last, v.first, v.title, v.key
    )
    union all (
        select 'track', {r:process.status}, r.id
        from {process} r where r.parent_id = {t}.id order by r.name, r.key
    )
"""
