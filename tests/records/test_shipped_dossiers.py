"""All shipped dossiers in one database: what they share is the same in each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.cli.load import load_files
from schema.writing.yaml_json import parse_yaml

DOSSIERS = sorted((Path(__file__).parents[2] / "dossiers").glob("*.yaml"))

MOST_WORDS_QUOTED = 20


@pytest.mark.parametrize("backwards", [False, True])
def test_shipped_dossiers_stand_side_by_side_in_any_order(database_url: str, backwards: bool) -> None:
    """None changes an actor, an issue or a conflict that another has entered."""
    reports = load_files(database_url, DOSSIERS[::-1] if backwards else DOSSIERS)

    changed = [(row.action, row.key) for report in reports for row in report.rows if row.action == "updated"]
    assert changed == []


@pytest.mark.parametrize("dossier", DOSSIERS, ids=lambda path: path.stem)
def test_quotations_are_short(dossier: Path) -> None:
    quotes = list(quotes_in(parse_yaml(dossier.read_bytes())))

    assert quotes
    assert [quote for quote in quotes if len(quote.split()) > MOST_WORDS_QUOTED] == []


def quotes_in(value: Any) -> Iterator[str]:
    """Yield the words that a file takes from its sources, at any depth."""
    if isinstance(value, dict) and "quote" in value:
        yield value["quote"]
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from quotes_in(each)
