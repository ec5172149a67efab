"""How words of time are read is asked in GraphQL and REST, and is what a dossier would store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from api.app import create_app
from api.settings import Settings
from schema.dates.phrases import LONGEST_PHRASE_CHARACTERS

QUERY = """
query ($text: String!, $anchor: Date!, $language: String) {
  phrase(text: $text, anchor: $anchor, language: $language) {
    __typename
    term { edtf earliest latest precision text rule }
    occurrence { edtf }
    language
    rule { id version text parameters }
    refusal
  }
}
"""


@pytest.fixture
async def client(dossier_url: str) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(Settings(database_url=dossier_url))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://parley") as client,
    ):
        yield client


async def ask(client: httpx.AsyncClient, **variables: Any) -> Any:
    response = await client.post("/graphql", json={"query": QUERY, "variables": variables})
    return response.json()


async def test_a_phrase_is_read_both_ways_by_a_rule_that_says_both(client: httpx.AsyncClient) -> None:
    found = (await ask(client, text="by 9 May", anchor="2025-04-18"))["data"]["phrase"]
    assert found["term"] == {
        "edtf": "2025-05-09", "earliest": "2025-05-09", "latest": "2025-05-09", "precision": "DAY",
        "text": "by 9 May", "rule": "phrase.by-date.v2",
    }  # fmt: skip
    assert found["occurrence"] == {"edtf": "2025-04-18/2025-05-09"}
    assert (found["language"], found["refusal"], found["__typename"]) == ("en", None, "Phrase")
    assert (found["rule"]["id"], found["rule"]["version"]) == ("phrase.by-date.v2", 2)
    assert "As a term: " in found["rule"]["text"]
    assert found["rule"]["parameters"]["most_days_without_year"] == 240


async def test_a_refused_phrase_says_why_instead(client: httpx.AsyncClient) -> None:
    found = (await ask(client, text="sous 10 jours ouvrés", anchor="2025-04-18", language="fr-CD"))["data"]["phrase"]
    assert found["term"] is found["occurrence"] is found["rule"] is None
    assert found["language"] == "fr"
    assert "“jours ouvres” are counted by no rule" in found["refusal"]


@pytest.mark.parametrize("text", ["", " ", "x" * 5000, "☃", "within " * (LONGEST_PHRASE_CHARACTERS // 7)])
async def test_any_words_are_answered(client: httpx.AsyncClient, text: str) -> None:
    found = (await ask(client, text=text, anchor="0001-01-01"))["data"]["phrase"]
    assert found["refusal"]


@pytest.mark.parametrize(("name", "value"), [("text", "by\0 Friday"), ("language", "e\0n"), ("text", "\ud800")])
async def test_what_is_no_text_is_refused(client: httpx.AsyncClient, name: str, value: str) -> None:
    given = {"text": "by 9 May", "anchor": "2025-04-18", name: value}
    body = (
        await ask(client, **given)
        if value != "\ud800"
        else (
            await client.post(
                "/graphql",
                content=b'{"query": "{ phrase(text: \\"\\\\ud800\\", anchor: \\"2025-04-18\\") { refusal } }"}',
                headers={"content-type": "application/json"},
            )
        ).json()
    )
    assert body["errors"]
    assert "INTERNAL" not in body["errors"][0].get("extensions", {}).get("code", "")


async def test_values_in_the_document_and_in_variables_are_read_alike(client: httpx.AsyncClient) -> None:
    written = """{
      a: phrase(text: "by 9 May", anchor: "2025-04-18") { term { edtf } }
      b: phrase(text: "today", anchor: "2025-04-18", language: null) { term { edtf } }
    }"""
    body = (await client.post("/graphql", json={"query": written})).json()
    assert body["data"] == {"a": {"term": {"edtf": "2025-05-09"}}, "b": {"term": {"edtf": "2025-04-18"}}}


async def test_rest_reads_the_same(client: httpx.AsyncClient) -> None:
    answer = await client.get(
        "/v1/phrases", params={"text": "a más tardar el 9 de mayo", "anchor": "2025-04-18", "language": "es"}
    )
    assert answer.status_code == 200
    found = answer.json()
    assert (found["term"]["edtf"], found["occurrence"]["edtf"]) == ("2025-05-09", "2025-04-18/2025-05-09")
    assert (found["language"], found["rule"]["id"], found["refusal"]) == ("es", "phrase.by-date.v2", None)
    assert (await client.get("/v1/phrases", params={"text": "by 9 May"})).status_code == 400
