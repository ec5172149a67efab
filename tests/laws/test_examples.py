"""The worked examples of the rules, day by day: what each record is on the days around its steps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from schema.declare.caller import Role
from tests.conftest import new_database
from tests.support.keys import new_key
from tests.support.serving import UNLIMITED, serving

EXAMPLES = {
    path.stem: yaml.safe_load(path.read_text()) for path in sorted(Path(__file__).parent.glob("examples/*.yaml"))
}


@pytest.fixture(scope="module")
def server(postgres: str, template_url: str) -> Iterator[httpx.Client]:
    """One server, into which each example is loaded: none shares a key with another."""
    with new_database(postgres, template_url) as url:
        key = new_key(url, "desk", Role.CURATOR)
        with serving(url, **UNLIMITED) as client:
            client.headers["authorization"] = f"Bearer {key}"
            yield client


@pytest.mark.one_postgres
@pytest.mark.parametrize("name", EXAMPLES)
def test_a_worked_example_is_answered_day_by_day(server: httpx.Client, name: str) -> None:
    example = EXAMPLES[name]
    dossier = yaml.safe_dump(example["dossier"])
    answer = server.post("/v1/dossiers", content=dossier, headers={"content-type": "application/yaml"})
    assert answer.status_code == 200, answer.text
    for record, days in example["expect"].items():
        type_, key = record.split(" ")
        for day, wanted in days.items():
            found = asked(server, type_, key, str(day), list(wanted))
            assert found == wanted, f"{record} on {day}"


def asked(server: httpx.Client, type_: str, key: str, day: str, fields: list[str]) -> dict[str, Any]:
    """Ask for some fields of a record on a day, each by its path: `starts.edtf`."""
    selection = " ".join(f"f{place}: {selected(path)}" for place, path in enumerate(fields))
    document = f'{{ it: {type_}(by: {{key: "{key}"}}, asOf: "{day}") {{ {selection} }} }}'
    answer = server.post("/graphql", json={"query": document}).json()
    assert "errors" not in answer, answer
    return {path: plain(answer["data"]["it"][f"f{place}"]) for place, path in enumerate(fields)}


def selected(path: str) -> str:
    head, *inner = path.split(".")
    if head in ("daysRemaining", "daysUntil"):
        inner = ["min max"]
    return f"{head} {{ {' '.join(inner)} }}" if inner else head


def plain(value: Any) -> Any:
    """A span of days as a list, an object of one value as that value."""
    if isinstance(value, dict):
        return list(value.values()) if value.keys() == {"min", "max"} else next(iter(value.values()))
    return [plain(each) for each in value] if isinstance(value, list) else value
