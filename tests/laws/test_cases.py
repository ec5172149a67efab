"""Cases that real texts showed: small dossiers, questions, and the values that their sources do not contradict."""

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

CASES = {
    path.stem: case
    for path in sorted(Path(__file__).parent.glob("cases/*.yaml"))
    if "dossier" in (case := yaml.safe_load(path.read_text()))
}


@pytest.fixture(scope="module")
def server(postgres: str, template_url: str) -> Iterator[httpx.Client]:
    with new_database(postgres, template_url) as url:
        key = new_key(url, "desk", Role.CURATOR)
        with serving(url, **UNLIMITED) as client:
            client.headers["authorization"] = f"Bearer {key}"
            yield client


@pytest.mark.one_postgres
@pytest.mark.parametrize("name", CASES)
def test_the_answers_do_not_contradict_the_text(server: httpx.Client, name: str) -> None:
    case = CASES[name]
    answer = server.post(
        "/v1/dossiers", content=yaml.safe_dump(case["dossier"]), headers={"content-type": "application/yaml"}
    )
    assert (answer.status_code != 200) == case.get("refusal", False), answer.text
    told = {each["path"] for each in answer.json().get("problems", [])}
    assert all(any(path in each for each in told) for path in case.get("paths", [])), told
    for asked in case.get("ask", []) if answer.status_code == 200 else []:
        data = server.post("/graphql", json={"query": asked["query"]}).json()["data"]
        for path, right in asked.get("right", {}).items():
            allowed = right["oneOf"] if isinstance(right, dict) and "oneOf" in right else [right]
            assert dig(data, path) in allowed, path
        for one, other in asked.get("same", []):
            assert dig(data, one) == dig(data, other)


def dig(value: Any, path: str) -> Any:
    for part in path.split("."):
        if isinstance(value, list):
            value = value[int(part)] if int(part) < len(value) else None
        else:
            value = None if value is None else value.get(part)
    return value
