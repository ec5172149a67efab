"""Milestones: the dated steps from which every status is computed."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from schema.dates.edtf_dates import FuzzyDate
from schema.declare.bounds import COUNTRY
from schema.declare.fields import DETAIL, column, fuzzy, one
from schema.declare.table import Check, Contradiction, Verb
from schema.declare.vocabulary import Term, vocabulary
from schema.records.agreements.agreement_status import OWN_KINDS
from schema.records.record import Record, record

if TYPE_CHECKING:
    from schema.records.actors.actor import Actor


@vocabulary
class MilestoneKind(Enum):
    """The kind of a milestone. Each type of subject has kinds of its own, which the database enforces."""

    ANNOUNCED = Term(talk="announced.")
    SCHEDULED = Term(talk="set, or set anew, for a day.")
    POSTPONED = Term(talk="put off; without a new day its old one no longer holds.")
    OPENED = Term(talk="begun.", process="begun.")
    ADJOURNED = Term(talk="interrupted, to be continued.")
    CONCLUDED = Term(talk="brought to its end.", process="brought to its end.")
    COLLAPSED = Term(talk="broken off.", process="broken off.")
    CANCELLED = Term(talk="called off.")
    PROPOSED = Term(agreement="proposed.")
    DRAFTED = Term(agreement="drafted.")
    NEGOTIATED = Term(agreement="text agreed.")
    INITIALLED = Term(agreement="initialled.")
    SIGNED = Term(agreement="signed.")
    RATIFIED = Term(agreement="ratified; with an actor, by that party.")
    ACCEPTED = Term(agreement="accepted; by a party that has signed, in place of ratification.")
    APPROVED = Term(agreement="approved; by a party that has signed, in place of ratification.")
    ACCEDED = Term(agreement="another party joined.")
    PROVISIONALLY_APPLIED = Term(agreement="applied before it is in force.")
    ENTERED_INTO_FORCE = Term(agreement="in force, or again in force.")
    AMENDED = Term(agreement="changed.")
    SUSPENDED = Term(
        agreement="suspended; with an actor, by that party.",
        process="suspended; with an actor, by that party.",
        provision="suspended.",
    )
    VIOLATION_ALLEGED = Term(agreement="a violation is alleged.")
    VIOLATION_CONFIRMED = Term(agreement="a violation is confirmed.")
    REJECTED = Term(agreement="rejected by a side.")
    REPUDIATED = Term(agreement="a side no longer holds itself bound.")
    EXPIRED = Term(agreement="run out.")
    SUPERSEDED = Term(agreement="replaced by another.")
    TERMINATED = Term(agreement="ended.")
    RESUMED = Term(
        agreement="taken up again; with an actor, by that party, which revokes a notice not yet in effect.",
        process="taken up again.",
        provision="taken up again.",
    )
    REPORTED_STALLED = Term(process="a source calls it stalled. A source's judgement, never mixed into the status.")
    REPORTED_PROGRESS = Term(process="a source sees progress. A source's judgement, never mixed into the status.")
    SET = Term(deadline="set.")
    TRIGGERED = Term(deadline="the event has come from which its day follows.")
    EXTENDED = Term(deadline="moved to a later day, or put off without a new one.")
    SHORTENED = Term(deadline="moved to an earlier day.")
    OBJECTED = Term(deadline="a side objects to its renewal.")
    MET = Term(deadline="met.", condition="fulfilled.", provision="carried out.")
    MISSED = Term(deadline="missed.", condition="not fulfilled.", provision="not carried out.")
    WAIVED = Term(deadline="waived by who set it.", condition="waived.", provision="waived.")
    WITHDRAWN = Term(
        deadline="withdrawn.",
        agreement="a party leaves it; without an actor, it is ended.",
        condition="taken back.",
        provision="taken back.",
    )


# A step that only a party can take counts nowhere if its actor is none and speaks for none. A notice to leave that was
# revoked before it took effect counts no more.
STEP_OF_OUTSIDER = f"""
    with written as (
        select m.id, m.kind::text as kind, m.actor_id, m.subject_id
        from milestone m
        where m.id = any($1) and m.retracted_at is null and m.actor_id is not null and m.kind::text = any({OWN_KINDS})
            and exists (
                select from signature g
                where g.agreement_id = m.subject_id and g.capacity = 'PARTY' and g.retracted_at is null
            )
    ),
    own as (
        select a.id as agreement_id, s.id, s.kind
        from (select distinct w.subject_id as id from written w) a
        cross join lateral kept.agreement_party_steps(a.id, null) s
    )
    select w.id, a.key as actor, e.key as agreement
    from written w
    join actor a on a.id = w.actor_id
    join agreement e on e.id = w.subject_id
    where not exists (
        select from own o
        where o.id = w.id
            or o.agreement_id = e.id and o.kind = 'RESUMED' and w.kind in ('REPUDIATED', 'WITHDRAWN')
    )
"""


# Without an end a talk sits on the day of OPENED alone, and nobody knows of a later step before it came.
TALK_WITHOUT_END = """
    select e.id, min((o.at).edtf) as opened
    from milestone e
    join talk t on t.id = e.subject_id
    join milestone o on o.subject_id = t.id and o.kind = 'OPENED' and o.retracted_at is null
    where e.id = any($1) and e.kind in ('ADJOURNED', 'CONCLUDED', 'COLLAPSED') and (t.ends).edtf is null
        and not exists (select from milestone s where s.subject_id = t.id and (s.ends).edtf is not null)
    group by e.id
    having max((o.at).latest) + 1 < min((e.at).earliest)
"""


# Attendance stands for OPENED on the day that was first given; of a talk that was moved it does not say when that was.
ATTENDED_AND_MOVED = """
    select m.id
    from milestone m
    where m.id = any($1) and m.kind in ('ANNOUNCED', 'SCHEDULED', 'POSTPONED') and (m.starts).edtf is not null
        and exists (
            select from participation a
            where a.talk_id = m.subject_id and a.attendance = 'REPORTED' and a.retracted_at is null
        )
        and not exists (
            select from milestone o
            where o.subject_id = m.subject_id and o.retracted_at is null
                and o.kind in ('OPENED', 'ADJOURNED', 'CONCLUDED', 'COLLAPSED', 'CANCELLED')
        )
"""


@record(
    order="at.earliest",
    named_by=("subject", "kind", "at", "actor"),
    needs_citation=False,
    checks={
        "milestone_due_fits_kind": Check(
            "due", "TRIGGERED and SHORTENED need the new due date, EXTENDED may have one, no other kind has"
        ),
        "milestone_moves_talk": Check("starts", "only a step of a talk has starts, ends, venue, city or country"),
    },
    contradictions=(
        Contradiction(
            "actor",
            STEP_OF_OUTSIDER,
            "{actor} is no party to {agreement}, and speaks for none of its parties on that day; name the party as "
            "onBehalfOf, enter {actor} among the signatures, or leave the actor out of a step of all",
            reads=("agreement", "signature", "actor", "office", "membership"),
        ),
    ),
    doubts=(
        Contradiction(
            "starts",
            ATTENDED_AND_MOVED,
            "attendance is reported of a talk that was moved, which does not say when it was held; add a step OPENED",
        ),
        Contradiction(
            "at",
            TALK_WITHOUT_END,
            "the talk was opened on {opened}, and without ends it sits on that day only; give ends, as far as it was "
            "known",
        ),
    ),
    verb=Verb(
        "recordMilestone",
        "Record a dated step in the life of a talk, agreement, process, deadline, provision or condition.",
        place=1,
    ),
    internal=("subject_type",),
    appears="coalesce(({t}.at).earliest, '-infinity') <= {today}",
    in_short="A dated step.",
)
class Milestone(Record):
    """A dated step in the life of a talk, agreement, process, deadline, provision or condition."""

    subject: Record | None = one("The record in whose life it is a step; null while that does not yet count.")
    kind: MilestoneKind = column("What happened.", fits="subject")
    at: FuzzyDate = fuzzy("When it happened.", by_default="anchor", has_come=True)
    effective: FuzzyDate | None = fuzzy(
        "From when it has effect, where not at once: a notice of withdrawal.", anchor="at"
    )
    actor: Actor | None = one("Who did it, or says so; without one it counts for all.")
    on_behalf_of: Actor | None = one("For whom the actor did it.")
    note: str | None = column("What else there is to say.", searched=DETAIL)
    due: FuzzyDate | None = fuzzy("The new due date of a deadline.", anchor="at", is_term=True)
    starts: FuzzyDate | None = fuzzy("When a talk is now to begin.", anchor="at")
    ends: FuzzyDate | None = fuzzy("When a talk is now to end.", anchor="at")
    venue: str | None = column("Where a talk is now to be: building or place.")
    city: str | None = column("Where a talk is now to be: city.")
    country: str | None = column("Where a talk is now to be: country (ISO 3166 alpha-2).", form=COUNTRY)
