"""Sources: the documents that facts come from."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from schema.dates.edtf_dates import FuzzyDate
from schema.declare.bounds import WEB_ADDRESS, Form
from schema.declare.connections import Connection
from schema.declare.fields import DETAIL, NAME, children, column, fuzzy
from schema.records.record import Record, record

if TYPE_CHECKING:
    from schema.records.sources.citation import Citation


@record(order="key", needs_citation=False)
class Source(Record):
    """A document that facts come from."""

    title: str | None = column("Its title.", searched=NAME)
    publisher: str | None = column("Who published it.", searched=DETAIL)
    url: str | None = column("Where it can be read.", form=WEB_ADDRESS)
    published: FuzzyDate | None = fuzzy("When it was published.", has_come=True)
    retrieved_at: datetime | None = column("When it was read.")
    archive_url: str | None = column("Where a copy is kept.", form=WEB_ADDRESS)
    language: str | None = column("Its language (BCP 47).")
    licence: str | None = column("The licence it is under.")
    sha256: str | None = column("SHA-256 of the document as read, in hexadecimal.", form=Form("^[0-9a-f]{64}$(?!\n)"))
    cited_by: Connection[Citation] = children("What rests on it, or is disputed by it.", "source_id")
