"""The status of agreements: the rule, and the SQL by which it is computed."""

from __future__ import annotations

from enum import Enum

from schema.declare.fields import Rule, StatusPeriods
from schema.declare.vocabulary import vocabulary
from schema.records.timeline.steps import TOUCHED, entered, is_disputed, sql_beside, steps_of, voice


@vocabulary
class AgreementStatus(Enum):
    """The status of an agreement, computed by the rule `agreement.status`."""

    SOUGHT = "Wanted; no text is known."
    PROPOSED = "Proposed by a side or a mediator."
    DRAFTED = "A draft exists."
    NEGOTIATED = "The text is agreed, not signed."
    INITIALLED = "Initialled."
    PARTLY_SIGNED = "Signed by some of its parties."
    SIGNED = "Signed by all its parties."
    RATIFIED = "All its parties have consented to be bound."
    IN_FORCE = "In force, or applied provisionally."
    SUSPENDED = "Suspended."
    REJECTED = "Rejected by a side, and signed by none."
    TERMINATED = "Ended for all."
    EXPIRED = "Run out."
    SUPERSEDED = "Replaced by another."


OWN_STEPS = (
    "INITIALLED", "SIGNED", "RATIFIED", "ACCEPTED", "APPROVED", "ACCEDED", "REJECTED", "PROVISIONALLY_APPLIED",
    "ENTERED_INTO_FORCE", "SUSPENDED", "RESUMED", "REPUDIATED", "WITHDRAWN",
)  # fmt: skip
OWN_KINDS = "array[" + ", ".join(f"'{kind}'" for kind in OWN_STEPS) + "]"
"""Kinds of step that, with an actor, are of that party alone; without one, and all others, they count for all."""

AGREEMENT_STATUS = Rule(
    "agreement.status",
    2,
    "The parties are the signatures, given or expected, with the capacity PARTY. An actor without such a row is a "
    "party from its first own step where there is no such row, or where that step is ACCEDED. A step with an actor "
    "that only a party can take (INITIALLED to WITHDRAWN in party.state) is that party's own; all others count for "
    "all. `All parties` are every one, and at least two, or one if the agreement is UNILATERAL. The first that holds: "
    "(1) Ends: the last word of the steps of all among SUSPENDED, then RESUMED, ENTERED_INTO_FORCE and "
    "PROVISIONALLY_APPLIED alike, EXPIRED, SUPERSEDED, TERMINATED (REPUDIATED and WITHDRAWN without an actor are "
    "that). To these are added: EXPIRED on the first day on which a TERM of it is PASSED, if it was signed by all or "
    "in force on the day before; SUPERSEDED on the first day that an agreement which supersedes it is IN_FORCE "
    "(Vienna Convention on the Law of Treaties, article 59); TERMINATED on a day from which on, of two parties or "
    "more, fewer than two are left (unlike article 55, which asks for the number that entry into force needs). No "
    "computed end follows another. (2) SUSPENDED if that is this last word, or if all parties that have not left are "
    "suspended; one alone suspends only for itself (articles 57 and 58). (3) IN_FORCE: ENTERED_INTO_FORCE or "
    "PROVISIONALLY_APPLIED, of all or of all parties (articles 24 and 25); unlike article 24, signature alone is no "
    "entry into force. (4) REJECTED if nobody has signed and a party is REJECTED, or if the last word of the steps of "
    "all is REJECTED (after INITIALLED, before SIGNED in their order) and every signature was before that: a "
    "plebiscite. (5) The furthest of: RATIFIED (of all, or all parties CONSENTED), SIGNED (of all, or all parties "
    "have signed), PARTLY_SIGNED (one has: by SIGNED, RATIFIED, ACCEDED or application), INITIALLED and NEGOTIATED "
    "(of all, or all parties agree), DRAFTED, PROPOSED; else SOUGHT. A violation changes no status (article 60: a "
    "breach gives rights, and ends nothing by itself). It can be seen from the first of: its steps, its signatures, "
    "the publication of a source that supports it, and its entry.",
)

SIGNATURES = f"""array(
    select row(
        g.id, g.actor_id, g.capacity = 'PARTY', (g.signed).earliest, coalesce((g.signed).latest, 'infinity'),
        {is_disputed("g", "signed")}
    )::kept.signatory
    from {{any signature}} g where g.agreement_id = {{t}}.id
)"""

STEPS = steps_of(
    "{t}.id",
    voice(
        "exists (select from {any signature} g "
        "where g.agreement_id = {t}.id and g.actor_id = r.id and g.capacity = 'PARTY')"
    ),
)

# The steps of single parties, signatures among them.
PARTY_STEPS = f"""kept.party_steps(
    {SIGNATURES},
    array(select s from unnest({STEPS}) s where s.actor_id is not null and s.kind = any({OWN_KINDS})),
    exists (select from {{any signature}} g where g.agreement_id = {{t}}.id and g.capacity = 'PARTY')
)"""

# The days on which a term of the agreement has passed.
TERMS = """array(
    select unnest(range_agg(daterange(p.from_day, p.until_day)))
    from {any deadline} d cross join lateral {d:deadline.periods} p
    where d.subject_id = {t}.id and d.kind = 'TERM' and p.status = 'PASSED'
    group by d.id
)"""

# Whether it is superseded is not asked of an agreement that supersedes: only its entry into force matters.
SUPERSEDED_ON = f"""(
    select min(p.from_day)
    from {{any agreement}} n
    cross join lateral (
        select * from kept.judge_agreement(
            n.id, n.kind::text = 'UNILATERAL', {SIGNATURES.replace("{t}", "n")}, {TERMS.replace("{t}", "n")}, null,
            {entered("n")}, {STEPS.replace("{t}", "n")}
        )
    ) p
    where n.supersedes_id = {{t}}.id and p.status = 'IN_FORCE'
)"""

STATUS_PERIODS = StatusPeriods(
    "agreement",
    ("status", "since", "signed_on", "disputed"),
    f"""select * from kept.judge_agreement(
        {{t}}.id, {{t}}.kind::text = 'UNILATERAL', {SIGNATURES}, {TERMS}, {SUPERSEDED_ON}, {entered("{t}")}, {STEPS}
    )""",
    sql_beside(__file__),
    {"party_steps": ("kept.step", f"select s.* from unnest({PARTY_STEPS}) s")},
    {"own_steps": OWN_KINDS},
    touched=f"""
        {TOUCHED}
        union select a.supersedes_id from unnest(due) u (id) join agreement a on a.id = u.id
        union select unnest(array[a.id, a.supersedes_id])
            from unnest(due) u (id)
            join deadline d on d.id = u.id and d.kind = 'TERM'
            join agreement a on a.id = d.subject_id
    """,
    reads=("deadline",),
)

STATUS_FACTS = """
    select 'clock' as name, {today}::text as value, null::uuid as record_id
    union all select 'kind', {t}.kind::text, {t}.id
    union all (
        select 'milestone', m.kind || ' ' || (m.at).edtf || coalesce(', in effect ' || (m.effective).edtf, ''), m.id
        from {milestone} m where m.subject_id = {t}.id
        order by (m.at).earliest nulls first, (m.at).latest, m.kind, m.key
    )
    union all (
        select 'party', concat_ws(' ', {g:signature.state}, (g.signed).edtf), g.id
        from {any signature} g where g.agreement_id = {t}.id and g.capacity = 'PARTY'
        order by g.key
    )
    union all (
        select 'term', {d:deadline.status}, d.id
        from {deadline} d where d.subject_id = {t}.id and d.kind = 'TERM'
        order by d.key
    )
    union all (
        select 'supersededBy', {n:agreement.status}, n.id from {agreement} n where n.supersedes_id = {t}.id
        order by n.key
    )
"""
