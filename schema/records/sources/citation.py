"""Citations: which source supports or disputes what."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from schema.declare.fields import DETAIL, column, one
from schema.declare.table import Check, Evidence, Verb
from schema.declare.vocabulary import vocabulary
from schema.records.record import Record, record

if TYPE_CHECKING:
    from schema.records.sources.source import Source


@vocabulary
class CitationStance(Enum):
    """The stance of a source towards a fact."""

    SUPPORTS = "It says so."
    DISPUTES = "It says otherwise."
    RETRACTS = "It takes back what it said."


@record(
    order=("number", "key"),
    named_by=("record", "source", "field", "stance"),
    written_as="source",
    needs_citation=False,
    evidence=Evidence(
        about="record",
        part="field",
        source="source",
        stance="stance",
        supporting="SUPPORTS",
        language="language",
        published="published",
        shared=("number",),
    ),
    checks={
        "citation_value_is_disputed": Check("asserted_value", "only a citation that DISPUTES asserts another value")
    },
    verb=Verb("cite", "Let a source support, dispute or retract a record, or one field of it.", place=5),
    in_short="A tie between a record and a source.",
)
class Citation(Record):
    """Ties one record, or one field of it, to one source."""

    record: Record | None = one("The record; null while it does not yet count.")
    field: str | None = column("The field it is about; null means the whole record.")
    source: Source = one("The source.", by_default="source")
    stance: CitationStance = column("What the source does for the fact.", default="SUPPORTS")
    quote: str | None = column("The words of the source.", searched=DETAIL)
    locator: str | None = column("Where in the source: page, paragraph, minute.")
    number: int | None = column("Number of the reference, as the citing text counts.", between=(1, None))
    asserted_value: str | None = column("What a disputing source says instead.", searched=DETAIL)
