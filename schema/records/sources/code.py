"""Codes: the ids of the same things in other data sets."""

from __future__ import annotations

from enum import Enum

from schema.dates.edtf_dates import FuzzyDate
from schema.declare.fields import column, fuzzy, one
from schema.declare.table import Verb
from schema.declare.vocabulary import vocabulary
from schema.records.record import Record, record


@vocabulary
class CodeScheme(Enum):
    """A data set or standard that gives ids."""

    ISO3166 = "ISO 3166 country codes."
    COW = "Correlates of War: states."
    GW = "Gleditsch and Ward: states."
    UCDP_ACTOR = "Uppsala Conflict Data Program: actors."
    UCDP_CONFLICT = "Uppsala Conflict Data Program: conflicts."
    UCDP_PEACE_AGREEMENT = "Uppsala Conflict Data Program: peace agreements."
    PAX = "PA-X: agreements."
    PAX_PROCESS = "PA-X: peace processes."
    PAX_ISSUE = "PA-X: issue codes."
    PAAX = "PAA-X: signatories."
    MEND = "MEND: mediation events."
    ETHPRIO = "ETH/PRIO: civil conflict ceasefires."
    WIKIDATA = "Wikidata items."


@vocabulary
class CodeMatch(Enum):
    """The closeness of the match of the two things, in the terms of SKOS."""

    EXACT = "The same thing."
    CLOSE = "Nearly the same."
    BROAD = "The other is wider."
    NARROW = "The other is narrower."


@record(
    order=("scheme", "code"),
    named_by=("scheme", "code", "record"),
    needs_citation=False,
    cites_alone=True,
    verb=Verb("assignCode", "Give a record its id in another data set.", place=6),
    in_short="An id in another data set.",
)
class Code(Record):
    """A record's id in an outside scheme."""

    record: Record | None = one("The record.")
    scheme: CodeScheme = column("The scheme that gives the id.")
    code: str = column("The id in that scheme.", longest=200)
    match: CodeMatch = column("How well the two match.", default="EXACT")
    valid: FuzzyDate | None = fuzzy("When the code applied; null means always.")
