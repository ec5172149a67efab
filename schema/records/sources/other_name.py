"""Other names of records: in other languages and scripts, of earlier times, of code."""

from __future__ import annotations

from schema.dates.edtf_dates import FuzzyDate
from schema.declare.fields import NAME, column, fuzzy, one
from schema.records.record import Record, record


@record(
    order="text",
    named_by=("record", "text"),
    needs_citation=False,
    in_short="Another name of a record, by which a search finds it.",
)
class OtherName(Record):
    """Another name of a record. It is searched, and changes nothing else."""

    record: Record | None = one("The record that is called so.")
    text: str = column("The name.", searched=NAME)
    language: str | None = column("The language of the name (BCP 47).")
    used: FuzzyDate | None = fuzzy("When the name was in use; null means always.")
