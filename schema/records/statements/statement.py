"""Statements: what somebody said, and the conditions that statements set."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from schema.dates.edtf_dates import FuzzyDate
from schema.declare.connections import Connection
from schema.declare.fields import (
    DETAIL,
    SUMMARY,
    Rule,
    at_clock,
    children,
    column,
    computed,
    explained,
    fuzzy,
    many,
    one,
)
from schema.declare.table import Check
from schema.declare.vocabulary import vocabulary
from schema.records.record import Record, record
from schema.records.rule import Explained
from schema.records.timeline.steps import last_word

if TYPE_CHECKING:
    from schema.records.actors.actor import Actor, Office
    from schema.records.processes.issue import Issue
    from schema.records.processes.process import Process
    from schema.records.talks.talk import Talk
    from schema.records.timeline.deadline import Deadline
    from schema.records.timeline.milestone import Milestone


@vocabulary
class Attribution(Enum):
    """The way in which a statement is attributed to its speaker."""

    DIRECT_QUOTE = "The speaker's own words, quoted."
    INDIRECT = "Reported speech."
    PARAPHRASE = "The sense of it, in the words of the source."
    ANONYMOUS = "The source does not name the speaker."
    JOINT = "Issued by several together."


@vocabulary
class StatementStance(Enum):
    """The act that a statement performs, such as a demand or a refusal."""

    OFFER = "It offers something."
    DEMAND = "It asks for something."
    THREAT = "It announces harm or withdrawal."
    PROMISE = "It commits the speaker."
    REJECTION = "It refuses something."
    ACCEPTANCE = "It agrees to something."
    ENDORSEMENT = "It supports what another proposes."
    ASSESSMENT = "It judges the state of things."
    REPORT = "It says what happened or will happen."
    CONFIRMATION = "It confirms what it is about."
    DENIAL = "It denies what it is about."
    ANNOUNCEMENT = "It makes known what it is about."


@vocabulary
class Modality(Enum):
    """The firmness of a statement."""

    ASSERTED = "Stated as such."
    CONDITIONAL = "Stated under a condition."
    HYPOTHETICAL = "Considered as possible."
    NEGATED = "Denied."


# The capacity that is stated. Else the one office whose dates contain the day: without dates it says what somebody is
# now, not on that day, and of two it is not known in which one spoke.
SPEAKER_OFFICE = """(
    select case when count(*) = 1 then (array_agg(o.id))[1] end
    from {office} o
    where o.person_id = {t}.speaker_id and case
        when {t}.office_ids <> '{}' then o.id = any({t}.office_ids)
        else (o.held).edtf is not null
            and coalesce((o.held).earliest, '-infinity') <= coalesce(({t}.said).latest, 'infinity')
            and coalesce((o.held).latest, 'infinity') >= coalesce(({t}.said).earliest, '-infinity')
    end
)"""


@record(
    order="said.earliest",
    checks={
        "statement_has_quote": Check(
            "quote", "a DIRECT_QUOTE needs the words themselves: give quote, or another attribution"
        ),
        "statement_says_something": Check("summary", "a statement needs a quote, a summary or both"),
        "statement_has_speaker": Check("speaker", "only an ANONYMOUS statement goes without a speaker"),
        "statement_anonymous": Check(
            "attribution", "of an ANONYMOUS statement nobody names the speaker: leave speaker out, or correct this"
        ),
        "statement_speakers_agree": Check("speakers", "give speaker for one who spoke, or speakers for several"),
        "statement_original_is_translated": Check(
            "original", "only of a translation there is an original: set translated, or give the words as the quote"
        ),
    },
    appears="coalesce(({t}.said).earliest, '-infinity') <= {today}",
    in_short="A statement of a speaker.",
)
class Statement(Record):
    """A statement of a speaker: a quotation, reported speech or a paraphrase."""

    speaker: Actor | None = one("Who alone said it; null where several did, or the source does not name the speaker.")
    speakers: list[Actor] = many("Everybody who said it; several where they spoke together.", name="speaker_ids")
    on_behalf_of: Actor | None = one("In whose name it was said.")
    offices: list[Office] = many("In which capacities it was said, where the source states them.", name="office_ids")
    speaker_office: Office | None = one(
        "The office in which the only speaker said it: the one that is stated, else the one whose dates contain the "
        "day; null where there is none, or more than one.",
        SPEAKER_OFFICE,
    )
    addressees: list[Actor] = many("To whom it was said.", name="addressee_ids")
    talk: Talk | None = one("The talk at which it was said.")
    process: Process | None = one("The peace process it concerns.", by_default="process")
    said: FuzzyDate = fuzzy("When it was said.", by_default="anchor", has_come=True)
    channel: str | None = column("Where it was said: press conference, interview, social network.")
    attribution: Attribution = column("How directly it is attributed to the speaker.")
    quote: str | None = column("The words, verbatim; or their translation, where it is one.", searched=SUMMARY)
    language: str | None = column("Language of the quote (BCP 47).", by_default="language", beside="quote")
    translated: bool = column("Whether the quote is a translation.", default=False)
    original: str | None = column("The words in the language in which they were said.", searched=SUMMARY)
    original_language: str | None = column("The language in which they were said (BCP 47), where it is another.")
    summary: str | None = column("What was said, in one sentence.", searched=SUMMARY)
    stance: StatementStance | None = column("What the statement does, to what it is about.")
    about: list[Record] = many("The records that it is about, such as a talk that it denies.", name="about_ids")
    modality: Modality = column("How firmly it is made.", default="ASSERTED")
    issues: list[Issue] = many("The issues that it concerns.", name="issue_ids")
    conditions: Connection[Condition] = children("The conditions it sets.", "statement_id")


@vocabulary
class ConditionKind(Enum):
    """The kind of a condition."""

    ULTIMATUM = "Comply, or face a consequence."
    PRECONDITION = "Nothing else before this."
    OFFER = "Something is given in return."
    PROMISE = "The speaker commits itself if it is met."


@vocabulary
class ConditionOutcome(Enum):
    """The outcome of a condition, computed by the rule `condition.outcome`."""

    PENDING = "Open."
    MET = "Fulfilled."
    UNMET = "Not fulfilled in time."
    WITHDRAWN = "Taken back or waived."
    LAPSED = "Its deadline passed and nothing says what became of it."


CONDITION_OUTCOME = Rule(
    "condition.outcome",
    2,
    "The last word of the condition's own steps: the highest, in the order MISSED, WAIVED, WITHDRAWN, MET, among "
    "those that no other came after. Without one the deadline that it names, or of several that name it as their "
    "subject the one whose last day comes first. MET is MET; MISSED is UNMET; WAIVED and WITHDRAWN are WITHDRAWN; "
    "OVERDUE and PASSED are LAPSED; anything else is PENDING.",
)

CONDITION_DEADLINE = """(
    select d.id
    from {deadline} d
    where d.id = {t}.deadline_id or d.subject_id = {t}.id
    order by (DUE).latest nulls last, (DUE).earliest, d.title, d.key
    limit 1
)""".replace("DUE", at_clock("due", "d", "deadline"))

OUTCOME = f"""coalesce(
    (
        select case word.kind when 'MET' then 'MET' when 'MISSED' then 'UNMET' else 'WITHDRAWN' end
        from ({last_word("{t}.id", "MISSED", "WAIVED", "WITHDRAWN", "MET")}) word
    ),
    (
        select case {{d:deadline.status}}
            when 'MET' then 'MET'
            when 'MISSED' then 'UNMET'
            when 'WAIVED' then 'WITHDRAWN'
            when 'WITHDRAWN' then 'WITHDRAWN'
            when 'OVERDUE' then 'LAPSED'
            when 'PASSED' then 'LAPSED'
        end
        from {{deadline}} d
        where d.id = {CONDITION_DEADLINE}
    ),
    'PENDING'
)"""

OUTCOME_FACTS = f"""
    select 'clock' as name, {{today}}::text as value, null::uuid as record_id
    union all (
        select 'milestone', m.kind || ' ' || (m.at).edtf, m.id
        from {{milestone}} m where m.subject_id = {{t}}.id
        order by (m.at).earliest nulls first, (m.at).latest, m.kind, m.key
    )
    union all select 'deadline', {{d:deadline.status}}, d.id from {{deadline}} d where d.id = {CONDITION_DEADLINE}
"""


@record(
    order="key",
    named_by=("statement", "kind"),
    part_of="statement",
    needs_citation=False,
    in_short="An `if … then …` that a statement sets.",
)
class Condition(Record):
    """An "if … then …" that a statement sets."""

    statement: Statement = one("The statement that sets it.")
    kind: ConditionKind = column("What it amounts to.")
    condition: str = column("What has to happen.", searched=SUMMARY)
    consequence: str | None = column("What follows if it does, or does not.", searched=DETAIL)
    addressees: list[Actor] = many("Who has to make it happen.", name="addressee_ids")
    deadline: Deadline | None = one("By when.")
    milestones: Connection[Milestone] = children("Dated steps: met, missed, waived, withdrawn.", "subject_id")
    outcome: ConditionOutcome = computed("What became of it.", OUTCOME)
    outcome_explained: Explained[ConditionOutcome] = explained(
        "What became of it, by which rule and from which facts.", OUTCOME, CONDITION_OUTCOME, OUTCOME_FACTS
    )
