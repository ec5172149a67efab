"""Input that no honest client sends, to everything that writes: it is refused in words, and nothing breaks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import psycopg
import pytest

from tests.conftest import new_database
from tests.support.curation import House, house_at

ACTOR = {"name": "An actor", "kind": "STATE"}
DEADLINE = {"title": "Due", "due": "2026-12-01", "hardness": "HARD", "citations": ["base-source-0"]}


@pytest.fixture(scope="module")
def house(postgres: str, template_url: str) -> Iterator[House]:
    """One for all tests: whatever they send, the next is answered."""
    with new_database(postgres, template_url) as url, house_at(url) as house:
        house.furnish()
        yield house


def send(house: House, path: str, who: str = "kurt", headers: Any = (), **body: Any) -> httpx.Response:
    given = [("Authorization", f"Bearer {house.keys[who]}"), *headers]
    return house.server.post(path, headers=given, **body)


def problems(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 400, answer.text
    return {each["path"]: each["message"] for each in answer.json()["problems"]}


@pytest.mark.parametrize(
    ("path", "body", "wrong"),
    [
        ("/v1/deadlines", {"key": "h-1", **DEADLINE, "subject": {"process": "Geneva 2026"}}, "subject.process"),
        ("/v1/deadlines", {"key": "h-1", **DEADLINE, "subject": {"process": 2026}}, "subject.process"),
        ("/v1/citations", {"source": "base-source-0", "record": {"actor": "Ka"}}, "record.actor"),
        ("/v1/citations", {"source": "base-source-0", "record": {"actorx": "ka"}}, "record.actorx"),
        ("/v1/codes", {"scheme": "WIKIDATA", "code": "Q1", "record": {"actor": ""}}, "record.actor"),
        ("/v1/merges", {"record": {"actor": "A B"}, "into": {"actor": "ab"}, "reason": "r"}, "record.actor"),
        ("/v1/actors", {**ACTOR, "key": "line-end\n"}, "key"),
        ("/v1/actors", {**ACTOR, "key": "country", "country": "UA\n"}, "country"),
    ],
)
def test_what_has_the_wrong_form_is_named_with_its_place(house: House, path: str, body: Any, wrong: str) -> None:
    assert wrong in problems(send(house, path, "ada", json=body))


def test_an_id_counts_in_capitals_too(house: House) -> None:
    made = house.done("createActor", "actor { id }", input={**ACTOR, "key": "capital-letters"})
    shouted = made["id"].upper()

    assert house.done("updateActor", "actor { version }", id=shouted, version=1, changes={"name": "B"})["version"] == 2
    cited = {"record": {"actor": shouted}, "source": "base-source-0"}
    assert house.done("cite", "citation { record { key } }", input=cited) == {"record": {"key": "capital-letters"}}


def test_only_the_first_misspelt_references_are_compared_with_what_there_is(house: House) -> None:
    for number in range(3):
        house.done("createActor", input={**ACTOR, "key": f"alike-{number}"})
    statement = {
        "key": "misspelt", "said": "2026-01-01", "attribution": "ANONYMOUS", "summary": "Words",
        "citations": ["base-source-0"], "addressees": [f"alike-x{number}" for number in range(20)],
    }  # fmt: skip

    told = problems(send(house, "/v1/statements", json=statement)).values()

    assert sum("did you mean 'alike-" in each for each in told) == 10
    assert sum("add it, or correct the key" in each for each in told) == 10


def test_what_hangs_on_a_record_has_a_limit(house: House) -> None:
    citations = [{"source": "base-source-0", "key": f"many-{number}"} for number in range(2_000)]
    talk = {"key": "many", "title": "Many", "citations": citations}
    assert "2001 records; 2000 are allowed" in str(problems(send(house, "/v1/talks", json=talk)))


def test_of_many_problems_the_first_hundred_are_told(house: House) -> None:
    told = problems(send(house, "/v1/actors", json={**ACTOR, "key": "x", **{f"no-{n}": 1 for n in range(5_000)}}))
    assert len(told) == 101
    assert told[""] == "these are the first 100 problems; there may be more"


@pytest.mark.parametrize("levels", [100, 500, 700, 900, 5_000])
def test_variables_nested_deeply_are_no_defect(house: House, levels: int) -> None:
    nested = '{"a":' * levels + "1" + "}" * levels
    query = "mutation($d: JSON!) { applyDossier(dossier: $d) { created problems { code } } }"
    body = f'{{"query": "{query}", "variables": {{"d": {nested}}}}}'
    answer = send(house, "/graphql", content=body, headers=[("content-type", "application/json")])
    assert answer.status_code in (200, 400), answer.text
    assert "INTERNAL" not in answer.text


@pytest.mark.parametrize("name", ["1", "~", "true", "null", "2026-01-01x: {}\n1"])
def test_names_that_are_no_texts_are_refused_in_yaml(house: House, name: str) -> None:
    headers = [("content-type", "application/yaml"), ("idempotency-key", "yaml")]
    answer = send(house, "/v1/dossiers?dryRun=true", headers=headers, content=f"sources:\n- key: y1\n{name}: x\n")
    assert answer.status_code == 400
    assert "the name of a field is a text" in answer.json()["detail"]


def test_a_character_that_is_none_is_told_as_a_problem(house: House) -> None:
    body = {
        "query": "mutation($d: JSON!) { applyDossier(dossier: $d) { problems { code path } } }",
        "variables": {"d": {"a\0b": 1}},
    }
    headers = [("content-type", "application/json")]
    answer = send(house, "/graphql", headers=headers, content=json.dumps(body)).json()
    assert answer["data"]["applyDossier"]["problems"], answer


def test_a_whole_number_may_be_written_with_a_point(house: House) -> None:
    process = {"key": "pointed", "name": "P", "stallAfterDays": 3.0, "citations": ["base-source-0"]}
    assert send(house, "/v1/processes", json=process).status_code == 201


def test_two_idempotency_keys_are_refused(house: House) -> None:
    headers = [("idempotency-key", "one"), ("idempotency-key", "two")]
    answer = send(house, "/v1/actors", headers=headers, json={**ACTOR, "key": "two-keys"})
    assert answer.status_code == 400
    assert "send one" in answer.json()["detail"]


@pytest.mark.parametrize("change", ["record", "stance"])
def test_a_dossier_takes_no_fact_its_last_source(house: House, change: str) -> None:
    for key in (f"{change}-before", f"{change}-after"):
        citation = {"source": "base-source-0", "key": f"of-{key}"}
        assert send(house, "/v1/processes", json={"key": key, "name": key, "citations": [citation]}).status_code == 201
    changes: dict[str, dict[str, Any]] = {
        "record": {"record": {"process": "record-after"}},
        "stance": {"record": {"process": "stance-before"}, "stance": "DISPUTES"},
    }

    citation = {"key": f"of-{change}-before", "source": "base-source-0", **changes[change]}
    answer = send(house, "/v1/dossiers", json={"citations": [citation]})

    assert f"the process '{change}-before' would be left without a source" in str(problems(answer))


def test_a_source_that_only_disputes_is_none_for_a_new_fact(house: House) -> None:
    process = {"key": "disputed", "name": "D", "citations": [{"source": "base-source-0", "stance": "DISPUTES"}]}
    assert "citations" in problems(send(house, "/v1/processes", json=process))


# --- clocks --------------------------------------------------------------------------------------


def test_a_write_that_would_be_stamped_far_from_now_is_refused(own_dossier_url: str) -> None:
    """As where the clock of the database was ahead once: what comes after would be stamped later still."""
    with psycopg.connect(own_dossier_url) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute("update revision set at = at + '400 days' where seq = (select max(seq) from revision)")
    with house_at(own_dossier_url) as house:
        given = {"key": "late", "name": "Late", "kind": "STATE"}
        document = "mutation($input: ActorInput!) { createActor(input: $input) { actor { key } } }"
        answer = house.send(document, input=given)
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "60"
        assert answer.json()["errors"][0]["extensions"]["code"] == "CLOCKS_DIFFER"
        assert house.ask('{ actors(filter: {key: {eq: "late"}}) { totalCount } }')["actors"]["totalCount"] == 0
    with house_at(own_dossier_url, house.keys, clock_tolerance_seconds=0) as house:
        house.done("createActor", input=given)
