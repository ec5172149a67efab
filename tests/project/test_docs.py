"""Every example in the README and the documentation is run, and gives what the page says it gives."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from api.app import create_app
from api.cli.load import load_files
from api.settings import Settings
from schema.writing import dossier
from schema.writing.entries import document
from schema.writing.yaml_json import parse_yaml
from tests.support.serving import UNLIMITED

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

README = PAGES[0]
DOSSIERS = sorted((ROOT / "dossiers").glob("*.yaml"))

LOADS_ALL = ".venv/bin/parley load dossiers/*.yaml"
"""What the README says above its last questions, which ask the other dossiers too."""

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
CURL = re.compile(r"curl 'http://127\.0\.0\.1:8000(/[^']*)'")


def pairs(asked: str, answered: str) -> Iterator[Any]:
    """Each block of the one kind that is followed by a block of the other, with where it stands."""
    for page in PAGES:
        if page.name == "curating.md":
            # Its steps build on one another: `test_curating` takes them.
            continue
        blocks = BLOCK.findall(page.read_text().split(LOADS_ALL)[0])
        for number, ((kind, question), (next_kind, answer)) in enumerate(itertools.pairwise(blocks)):
            if (kind, next_kind) == (asked, answered):
                yield pytest.param(question, answer, id=f"{page.name}-{number}")


@pytest.fixture(scope="module")
async def client(dossier_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """One application for all examples: they only read."""
    async with serving_itself(dossier_url) as client:
        yield client


@asynccontextmanager
async def serving_itself(url: str) -> AsyncIterator[httpx.AsyncClient]:
    """The application over a database, without a server between."""
    app = create_app(Settings(database_url=url, **UNLIMITED))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://parley") as client,
    ):
        yield client


@pytest.fixture
def all_dossiers_url(database_url: str) -> str:
    load_files(database_url, DOSSIERS)
    return database_url


@pytest.mark.one_postgres
async def test_with_all_dossiers_every_question_of_the_readme_is_answered(all_dossiers_url: str) -> None:
    """With the first alone, those above the command that loads the others are: they are among the examples below."""
    blocks = BLOCK.findall(README.read_text())
    questions = [text for kind, text in blocks if kind == "graphql"]
    answers = [json.loads(text) for kind, text in blocks if kind == "json"]
    assert len(questions) == 7
    assert ("sh", f"{LOADS_ALL}\n") in blocks
    async with serving_itself(all_dossiers_url) as client:
        told = [(await client.post("/graphql", json={"query": each})).json()["data"] for each in questions]
    assert told == [each["data"] for each in answers]


@pytest.mark.parametrize(("question", "answer"), list(pairs("graphql", "json")))
async def test_the_query_gives_the_answer_shown(client: httpx.AsyncClient, question: str, answer: str) -> None:
    response = await client.post("/graphql", json={"query": question})

    told, shown = response.json(), json.loads(answer)
    if "extensions" not in shown:
        # What each answer costs is told on one page, and left out on the others.
        assert set(told.pop("extensions")) == {"cost"}
    assert told == shown


@pytest.mark.parametrize(("question", "answer"), list(pairs("sh", "json")))
async def test_the_request_gives_the_fields_shown(client: httpx.AsyncClient, question: str, answer: str) -> None:
    (path,) = CURL.findall(question)

    response = await client.get(path)

    assert shortened(response.json(), json.loads(answer)) == json.loads(answer)


@pytest.mark.parametrize(("question", "answer"), list(pairs("yaml", "text")))
async def test_the_dossier_loads_as_shown(own_dossier_url: str, question: str, answer: str) -> None:
    connection = await asyncpg.connect(own_dossier_url)
    try:
        report = await dossier.load(
            connection, document(parse_yaml(question.encode())), changed_by="docs", reason="an example"
        )
    finally:
        await connection.close()

    actions = [row.action for row in report.rows]
    assert ", ".join(f"{actions.count(each)} {each}" for each in ("created", "updated", "unchanged")) == answer.strip()


async def test_the_report_that_is_entered_sentence_by_sentence_is_answered(database_url: str) -> None:
    (text,) = [text for _, text in BLOCK.findall((ROOT / "docs" / "dossiers.md").read_text()) if "cedar-truce" in text]
    connection = await asyncpg.connect(database_url)
    try:
        report = await dossier.load(connection, document(parse_yaml(text.encode())), changed_by="docs", reason="a test")
    finally:
        await connection.close()
    assert report.warnings == []
    query = """
        query ($day: DateTime!) {
            process(by: {key: "cedar-contacts"}, asOf: $day) {
                status nextDeadline { key } nextTalk { key } participations { nodes { role actor { key } } }
            }
            agreement(by: {key: "cedar-truce"}, asOf: $day) { status violations { alleged } }
            term: deadline(by: {key: "cedar-truce-end"}, asOf: $day) { status due { edtf } }
            ultimatum: deadline(by: {key: "cedar-patrol-boats"}, asOf: $day) { status due { edtf } }
            talk(by: {key: "cedar-second-round"}, asOf: $day) { status starts { edtf } }
            statement(by: {key: "cedar-denial"}, asOf: $day) { about { key } }
        }
    """
    async with serving_itself(database_url) as client:
        days = ["2025-03-12", "2025-03-28", "2025-03-29"]
        asked = [{"query": query, "variables": {"day": day}} for day in days]
        first, last, after = [(await client.post("/graphql", json=each)).json()["data"] for each in asked]
    roles = [(each["actor"]["key"], each["role"]) for each in first["process"].pop("participations")["nodes"]]
    assert ("salma-example", "MEDIATOR") in roles
    assert first == {
        "process": {"status": "ACTIVE", "nextDeadline": {"key": "cedar-patrol-boats"}, "nextTalk": None},
        "agreement": {"status": "IN_FORCE", "violations": {"alleged": 1}},
        "term": {"status": "PENDING", "due": {"edtf": "2025-03-28"}},
        "ultimatum": {"status": "PENDING", "due": {"edtf": "2025-03-22"}},
        "talk": {"status": "POSTPONED", "starts": None},
        "statement": {"about": [{"key": "cedar-ultimatum"}]},
    }
    assert [(each["agreement"]["status"], each["term"]["status"]) for each in (last, after)] == [
        ("IN_FORCE", "DUE_SOON"),
        ("EXPIRED", "PASSED"),
    ]
    assert after["ultimatum"]["status"] == "OVERDUE"


def test_there_are_examples_of_each_kind() -> None:
    assert len(list(pairs("graphql", "json"))) >= 12
    assert len(list(pairs("sh", "json"))) >= 4
    assert len(list(pairs("yaml", "text"))) >= 1


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file(page: Path) -> None:
    missing = [link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()]

    assert missing == []


def shortened(whole: Any, shown: Any) -> Any:
    """The part of an answer that a page shows: the fields it names, the items it has."""
    if isinstance(whole, dict) and isinstance(shown, dict):
        return {name: shortened(whole.get(name), each) for name, each in shown.items()}
    if isinstance(whole, list) and isinstance(shown, list):
        return [shortened(*both) for both in zip(whole, shown, strict=True)]
    return whole
