"""The first dossier shows how little has to be written: nothing in it is typed twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import asyncpg
from slugify import slugify

from schema.writing.dossier import load, read
from schema.writing.yaml_json import parse_yaml
from tests.conftest import DOSSIER

TEXT = DOSSIER.read_text(encoding="utf-8")
CONTENT: Any = parse_yaml(TEXT.encode())

MOST_VALUES = 330
"""Written out, the same 149 records took 490."""

MOST_LINES = 250
LONGEST_LINE = 120

RECORDS = {
    "actor": 10, "agreement": 3, "citation": 85, "commentary": 3, "condition": 1, "conflict": 1, "deadline": 1,
    "issue": 5, "milestone": 4, "office": 2, "participation": 7, "position": 4, "process": 1, "provision": 4,
    "source": 7, "statement": 9, "talk": 2,
}  # fmt: skip


def scalars(value: Any) -> Iterator[Any]:
    """Yield each text, number, date and truth value of a file, in lists and under names; names are not counted."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    if inner is None:
        yield value
    for each in inner or ():
        yield from scalars(each)


def records(value: Any) -> Iterator[dict[str, Any]]:
    """Yield whatever has names, at any depth."""
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from records(each)


async def test_it_holds_all_its_records(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    try:
        report = await load(connection, read(DOSSIER), changed_by="a curator", reason="a test")
    finally:
        await connection.close()
    assert Counter(row.type for row in report.rows) == RECORDS
    assert {row.action for row in report.rows} == {"created"}
    assert report.warnings == []


def test_it_is_short() -> None:
    assert len(list(scalars(CONTENT))) <= MOST_VALUES
    assert len(TEXT.splitlines()) <= MOST_LINES
    assert max(map(len, TEXT.splitlines())) <= LONGEST_LINE


def test_no_key_repeats_a_name() -> None:
    named = [each for each in [*CONTENT["actors"], *CONTENT["issues"]] if each.get("key") == slugify(each["name"])]
    assert named == []


def test_no_default_is_typed_again() -> None:
    for name, value in CONTENT["defaults"].items():
        if name != "language":
            again = [each for each in records({**CONTENT, "defaults": {}}) if each.get(name) == value]
            assert again == [], name
    # The day of the remarks begins the dates of two records that are not counted from it.
    days = re.findall(rf"(\w+): {CONTENT['defaults']['anchor']}", TEXT)
    assert sorted(days) == ["anchor", "held", "published"]


def test_no_list_of_references_is_typed_twice() -> None:
    typed = [sources(each["citations"]) for each in records(CONTENT) if "citations" in each]
    typed += [sources(each) for each in CONTENT["passages"].values()]
    assert [each for each, count in Counter(filter(None, typed)).items() if count > 1] == []


def sources(citations: list[Any]) -> tuple[str, ...]:
    """The references that a list names itself, where these are several."""
    found = tuple(sorted(each for each in citations if isinstance(each, str) and each.startswith("ref-")))
    return found if len(found) > 1 else ()


def test_the_number_of_a_reference_is_typed_once() -> None:
    numbered = [each for each in records(CONTENT) if "number" in each]
    assert numbered == [each for each in CONTENT["sources"] if "number" in each]


def test_no_step_only_repeats_a_first_day() -> None:
    steps = [step for each in records(CONTENT) for step in each.get("milestones", [])]
    assert [each for each in steps if each["kind"] in ("SCHEDULED", "SET", "OPENED", "SIGNED") and len(each) == 1] == []
