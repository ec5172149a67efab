"""Signatures, given or expected, and where each party to an agreement stands."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import TYPE_CHECKING

from schema.dates.edtf_dates import FuzzyDate
from schema.declare.fields import Rule, column, computed, explained, fuzzy, one
from schema.declare.table import Verb
from schema.declare.vocabulary import vocabulary
from schema.records.record import Record, record
from schema.records.rule import Explained

if TYPE_CHECKING:
    from schema.records.actors.actor import Actor
    from schema.records.agreements.agreement import Agreement


@vocabulary
class PartyState(Enum):
    """The state of one party to an agreement, computed by the rule `party.state`."""

    EXPECTED = "Expected to be bound; nothing is known of a step of its own."
    REJECTED = "It rejects the text."
    AGREES = "It accepts the text without having signed it."
    INITIALLED = "It has initialled."
    SIGNED = "It has signed."
    CONSENTED = "It has ratified, accepted, approved or acceded, or applies the text."
    SUSPENDED = "It has suspended the text for itself."
    WITHDRAWN = "It has left, or no longer holds itself bound."


PARTY_STATE = Rule(
    "party.state",
    1,
    "Looks at the party's own steps: with it as the actor, or as the party for whom the actor acts, and its "
    "signature. An actor acts for whom the step says, else for the one party of the text to whom its dated offices "
    "and groups, or its parent, lead. The last word decides, in the order REJECTED, INITIALLED, SIGNED, then "
    "ACCEPTED, APPROVED, RATIFIED and ACCEDED alike, PROVISIONALLY_APPLIED and ENTERED_INTO_FORCE alike, SUSPENDED, "
    "RESUMED, REPUDIATED and WITHDRAWN alike. ACCEPTED or APPROVED by one that has not signed is AGREES (it takes the "
    "text, and is not bound by it: no consent in the sense of the Vienna Convention on the Law of Treaties, article "
    "14); these, RATIFIED, ACCEDED and application are else CONSENTED. RESUMED gives back the state before SUSPENDED, "
    "and revokes a notice to leave that has no effect yet (article 68). REPUDIATED and WITHDRAWN are WITHDRAWN from "
    "their date of effect. Without a step: EXPECTED.",
)


@vocabulary
class SignatureCapacity(Enum):
    """As what an actor signs."""

    PARTY = "It is bound."
    THIRD_PARTY = "It takes part without being bound as a party."
    GUARANTOR = "It answers for what is agreed."
    WITNESS = "It attests what is agreed."
    MEDIATOR = "It brought the text about."
    HOST = "It provided the place."
    DEPOSITARY = "It keeps the text and the instruments."


OWN = """
    (select {t}.agreement_id as id) e cross join lateral {e:agreement.party_steps} s
    where s.voice = {t}.actor_id
"""

STATE = f"""case when {{t}}.capacity = 'PARTY' then (
    select kept.party_state(coalesce(array_agg(s), '{{}}')::kept.step[])
    from {OWN} and s.counts <= {{today}}
) end"""

STATE_FACTS = f"""
    select 'clock' as name, {{today}}::text as value, null::uuid as record_id
    union all select 'step', concat_ws(' ', s.kind, s.counts), s.id
        from {OWN} and s.counts <= {{today}}
"""

LEAVES_ON = f"""(
    select min(s.counts) from {OWN}
        and s.kind in ('REPUDIATED', 'WITHDRAWN')
        and s.seen <= {{today}} and {{today}} < s.counts
)"""


@record(
    order="key",
    named_by=("agreement", "actor"),
    part_of="agreement",
    verb=Verb("addSignature", "Add an actor's signature to an agreement.", place=4),
    needs_citation=False,
    appears="coalesce(({t}.signed).earliest, '-infinity') <= {today}",
    in_short="An actor's name under an agreement.",
)
class Signature(Record):
    """One actor's name under an agreement."""

    agreement: Agreement = one("The agreement.")
    actor: Actor = one("For whom it is signed.")
    signatory: Actor | None = one("The person who signed.")
    capacity: SignatureCapacity = column("As what the actor signed.")
    signed: FuzzyDate | None = fuzzy("When it was signed; null where a signature is only expected.", has_come=True)
    state: PartyState | None = computed("Where the party stands; null for one that is not bound.", STATE)
    state_explained: Explained[PartyState] | None = explained(
        "Where the party stands, by which rule and from which of its steps.",
        STATE,
        PARTY_STATE,
        STATE_FACTS,
        "{t}.capacity = 'PARTY'",
    )
    leaves_on: date | None = computed("Day on which a notice to leave that it has given takes effect.", LEAVES_ON)
