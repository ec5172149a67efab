"""The tables of docs/dossiers.md say what the declarations and the database say.

`REWRITE_GOLDEN=1 pytest tests/project/test_dossier_tables.py --postgres 18` writes them anew; read the difference
before committing it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import asyncpg
import pytest

from schema.declare.fields import in_words
from schema.declare.reflection import graphql_name
from schema.declare.vocabulary import terms_of, types_of
from schema.derive.dossier_defaults import defaulted_fields
from schema.derive.dossier_schema import needed_fields
from schema.errors import Invalid
from schema.records.agreements.agreement_status import OWN_STEPS
from schema.records.registry import RECORDS
from schema.records.timeline.milestone import MilestoneKind
from schema.writing.dossier import load
from schema.writing.entries import document

PAGE = Path(__file__).parents[2] / "docs" / "dossiers.md"

SUBJECTS = {
    "talk": "talks",
    "deadline": "deadlines",
    "agreement": "agreements",
    "provision": "provisions",
    "process": "processes",
    "condition": "conditions",
}

WORLD = {
    "sources": [{"key": "s"}],
    "actors": [{"key": "a", "name": "A", "kind": "STATE"}],
    "processes": [{"key": "process", "name": "P", "citations": ["s"]}],
    "talks": [{"key": "talk", "title": "T", "citations": ["s"]}],
    "agreements": [{"key": "agreement", "title": "G", "kind": "CEASEFIRE", "citations": ["s"]}],
    "provisions": [{"key": "provision", "agreement": "agreement", "text": "V"}],
    "statements": [
        {"key": "w", "speaker": "a", "said": "2025-01-01", "attribution": "PARAPHRASE", "summary": "W",
         "citations": ["s"]}
    ],
    "conditions": [{"key": "condition", "statement": "w", "kind": "OFFER", "condition": "C"}],
    "deadlines": [
        {"key": "deadline", "title": "D", "subject": {"talk": "talk"}, "due": "2025-01-01", "hardness": "HARD",
         "citations": ["s"]}
    ],
}  # fmt: skip

VALUES = {"nothing": {}, "due": {"due": "2025-02-01"}, "place": {"starts": "2025-02-01", "ends": "2025-02-02",
          "venue": "V", "city": "C", "country": "CH"}}  # fmt: skip
"""What a step may give its subject."""

OF_PARTY = "the party that takes it; none: all"
PLACE = "a new day or place"


async def test_the_table_of_steps_is_true(database_url: str) -> None:
    refused = await find_refused(database_url)
    rows = [
        (type_, f"`{kind}`", explained(type_, kind), carried(refused, type_, kind), actor(type_, kind))
        for type_ in types_of(MilestoneKind)
        for kind in terms_of(MilestoneKind, type_)
    ]
    assert {type_ for type_, *_ in rows} == SUBJECTS.keys()
    rows.sort(key=lambda row: list(SUBJECTS).index(row[0]))
    compare("steps", [("of a", "step", "it says", "it may give", "its `actor` is"), *rows])


def test_the_table_of_needed_fields_is_true() -> None:
    rows = []
    for cls in RECORDS:
        by_default = {graphql_name(field): name for field, name, _ in defaulted_fields(cls)}
        needed = sorted(needed_fields(cls) - by_default.keys())
        fields = [f"`{name}`" for name in needed if name != "citations"]
        given = [f"`{name}`" for name in by_default]
        source = "a source" if cls.table.needs_citation else ""
        rows.append((f"`{cls.table.list_field}`", ", ".join(filter(None, [*fields, source])), ", ".join(given)))
    compare("needed", [("in", "each needs", "and takes from `defaults`"), *rows])


# --- steps ---------------------------------------------------------------------------------------


async def find_refused(database_url: str) -> set[str]:
    """Try every step with every value at once; gives the keys of those that are refused."""
    steps = [
        {"key": f"{type_}.{kind.lower()}.{name}", "subject": {type_: type_}, "kind": kind, "at": "2025-01-02", **values}
        for type_ in SUBJECTS
        for kind in terms_of(MilestoneKind, type_)
        for name, values in VALUES.items()
    ]
    connection = await asyncpg.connect(database_url)
    try:
        with pytest.raises(Invalid) as refused:
            await load(connection, document({**WORLD, "milestones": steps}), changed_by="docs", reason="a test")
    finally:
        await connection.close()
    assert {each.path.split("[")[0] for each in refused.value.problems} == {"milestones"}
    return {str(each.key) for each in refused.value.problems}


def carried(refused: set[str], type_: str, kind: str) -> str:
    taken = {name: f"{type_}.{kind.lower()}.{name}" not in refused for name in VALUES}
    due = "`due`, always" if not taken["nothing"] else "`due`, or none: put off" if taken["due"] else ""
    return ", ".join(filter(None, [due, PLACE if taken["place"] else ""]))


def explained(type_: str, kind: str) -> str:
    text: str = MilestoneKind[kind].value.said[type_].rstrip(".")
    return text.replace("|", "\\|")


def actor(type_: str, kind: str) -> str:
    """Say whose step it is, as the published rules read it."""
    if type_ == "agreement" and kind in OWN_STEPS:
        return OF_PARTY
    if type_ == "deadline" and kind in ("TRIGGERED", "EXTENDED", "SHORTENED"):
        return "whose reading it is; none: agreed"
    if type_ == "process" and kind in ("SUSPENDED", "RESUMED"):
        return OF_PARTY
    return "who says so"


# --- tables --------------------------------------------------------------------------------------


def compare(name: str, rows: Sequence[Sequence[str]]) -> None:
    """Compare a table of the page with one of these rows, or write it there."""
    text = PAGE.read_text(encoding="utf-8")
    block = re.compile(rf"(<!-- {name} -->\n\n).*?(\n\n<!-- end of {name} -->)", re.DOTALL)
    wanted = "\n".join(lines(rows))
    if os.environ.get("REWRITE_GOLDEN"):
        PAGE.write_text(block.sub(lambda match: f"{match[1]}{wanted}{match[2]}", text), encoding="utf-8")
        return
    found = block.search(text)
    assert found
    assert found[0] == f"{found[1]}{wanted}{found[2]}"


def lines(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    head, *rest = rows
    yield f"| {' | '.join(head)} |"
    yield "|" + " --- |" * len(head)
    before = ""
    for first, *others in rest:
        # A type is named where its rows begin.
        yield f"| {in_words(first) if first != before else ''} | {' | '.join(others)} |"
        before = first
