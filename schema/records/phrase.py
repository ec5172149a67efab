"""Words of time, as the published rules read them."""

from __future__ import annotations

from datetime import date
from typing import Any

import strawberry

from schema.dates.edtf_dates import FuzzyDate, date_json
from schema.dates.phrases import language_of, read
from schema.declare.fields import MadeRow, computed, declare, fuzzy_parts, one
from schema.errors import Invalid
from schema.records.rule import PublishedRule


@strawberry.type(description="Words of time, and the days that a published rule gives them, or why none does.")
class Phrase:
    term: FuzzyDate | None = declare(
        "As what is due: the last permissible day, or those that may be it.", lambda _: fuzzy_parts("{t}.term")
    )
    occurrence: FuzzyDate | None = declare(
        "As what happens: from the first to the last possible day.", lambda _: fuzzy_parts("{t}.occurrence")
    )
    language: str = computed("The language they were read in (BCP 47): `en`, `fr` or `es`.", "{t}.language")
    rule: PublishedRule | None = one("The rule that reads them; null where none does.", "{t}.rule")
    refusal: str | None = computed("Why they give no days; null where they do.", "{t}.refusal")


def phrase_row(text: str, anchor: date, language: str | None) -> dict[str, Any]:
    """Read a phrase, as the columns of PHRASE."""
    row: dict[str, Any] = {"language": language_of(language).code}
    try:
        found = read(text, anchor, language)
    except Invalid as refusal:
        return {**row, "refusal": " ".join(problem.message for problem in refusal.problems)}
    days = {"term": date_json(found.term), "occurrence": date_json(found.occurrence)}
    return {**row, **days, "rule": found.rule.name}


PHRASE = MadeRow(
    phrase_row,
    {"term": "fuzzy_date", "occurrence": "fuzzy_date", "language": "text", "rule": "text", "refusal": "text"},
)
