"""The reads made for record types that have no file of their own: what they answer, over both dossiers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.cli.load import load_files
from api.rest.default_reads import build_document
from api.rest.documents import FRAGMENTS, READS, parse_fragments, read_documents
from api.rest.read import Read, check_read, parse_reads, reads
from schema.compiler.compiler import Compiler
from schema.declare.caller import Role
from schema.declare.fields import Children, One, Rows, rule_of
from schema.declare.reflection import fields_of, graphql_name, target
from schema.records.record import Record
from schema.records.registry import RECORDS
from schema.root_types import create_schema
from tests.conftest import new_database
from tests.rest.test_rest import EVERY, LISTS, MADE, Contract, links, walk
from tests.support.curation import furniture
from tests.support.keys import new_key
from tests.support.serving import serving

COLOMBIA = Path(__file__).parents[2] / "dossiers" / "colombia-farc-2016.yaml"

GENERAL = {"orderBy", "first", "after", "last", "before", "withTotal", "asOf", "knownAt"}

FILTERS = {
    "conflicts": {"incompatibility", "kind"},
    "offices": {"person", "actor", "title", "rank"},
    "participations": {"talk", "process", "actor", "onBehalfOf", "role", "attendance"},
    "conditions": {"statement", "kind", "deadline", "outcome"},
    "signatures": {"agreement", "actor", "signatory", "capacity", "state"},
    "provisions": {"agreement", "issue", "status"},
    "assessments": {"provision", "assessor"},
    "milestones": {"subject", "kind", "actor", "onBehalfOf"},
    "commentaries": {"subject", "kind", "author"},
    "citations": {"record", "field", "source", "stance"},
    "codes": {"record", "scheme", "code", "match"},
}

# Neither dossier has an assessment.
ASSESSMENT = {
    "key": "first-year", "provision": "colombia-ceasefire-2016.hostilities", "period": "2017", "level": 2,
    "assessor": "united-nations",
}  # fmt: skip


@pytest.fixture(scope="module")
def server(postgres: str, loaded_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("dossier")
    with new_database(postgres, loaded_url) as url:
        # Of types that neither dossier has a record of, too.
        dossier = folder / "furniture.json"
        dossier.write_text(json.dumps(furniture()))
        load_files(url, [COLOMBIA, dossier])
        key = new_key(url, "curator", Role.CURATOR)
        with serving(url) as client:
            made = client.post("/v1/assessments", json=ASSESSMENT, headers={"Authorization": f"Bearer {key}"})
            assert made.status_code == 201, made.text
            assert made.headers["location"] == f"/v1/assessments/{made.json()['id']}"
            assert client.get(made.headers["location"]).json()["key"] == ASSESSMENT["key"]
            yield client


@pytest.fixture(scope="module")
def contract(server: httpx.Client) -> Contract:
    return Contract(server.get("/openapi.json").json())


@pytest.fixture(scope="module")
def compiler() -> Compiler:
    return Compiler(create_schema())


@pytest.fixture(scope="module")
def by_path(compiler: Compiler) -> dict[str, Read]:
    return {read.path: read for read in reads(compiler)}


def whole(server: httpx.Client, name: str) -> list[dict[str, Any]]:
    """Every item of a list, whose pages are as long as they may be."""
    url: str | None = f"/v1/{name}?first=100"
    found = []
    while url:
        answer = server.get(url)
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        url = links(answer).get("next")
    return found


# --- which there are -----------------------------------------------------------------------------


def test_a_type_is_read_by_its_file_or_else_by_its_declaration(compiler: Compiler) -> None:
    paths = [read.path for read in reads(compiler)]
    assert len(paths) == len(set(paths))
    assert {*LISTS, *MADE} == {*EVERY}
    assert LISTS
    assert MADE
    for cls in RECORDS:
        assert {cls.table.path, f"{cls.table.path}/{{by}}"} <= set(paths)


def test_a_file_is_preferred(by_path: dict[str, Read]) -> None:
    for name in LISTS:
        assert by_path[f"/v1/{name}"].document == read_documents()[f"{name}.graphql"]


@pytest.mark.parametrize("cls", RECORDS, ids=lambda cls: cls.__name__)
def test_of_every_type_valid_reads_can_be_made(compiler: Compiler, cls: type[Record]) -> None:
    shared = parse_fragments([(READS / FRAGMENTS).read_text()])
    made = [check_read(read) for read in parse_reads(compiler, cls.__name__, build_document(cls, shared))]
    assert [read.path for read in made] == [cls.table.path, f"{cls.table.path}/{{by}}"]
    assert [read.is_list for read in made] == [True, False]
    assert made[1].has_version


# --- what they answer ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", MADE)
def test_it_answers_what_graphql_answers_and_what_the_contract_says(
    server: httpx.Client, contract: Contract, by_path: dict[str, Read], name: str
) -> None:
    first = server.get(f"/v1/{name}?withTotal=true")
    contract.check(f"/v1/{name}", first)
    assert first.json() == asked(server, by_path[f"/v1/{name}"], withTotal=True)
    assert first.json()["totalCount"] == len(whole(server, name)) > 0
    for each in first.json()["items"]:
        one = server.get(f"/v1/{name}/{each['key']}")
        contract.check(f"/v1/{name}/{{by}}", one)
        assert one.json() == asked(server, by_path[f"/v1/{name}/{{by}}"], by={"key": each["key"]})
        assert one.json() == server.get(f"/v1/{name}/{each['id']}").json()
        assert each.items() <= one.json().items()
        assert re.fullmatch(rf'"{each["version"]}-[0-9a-f]{{32}}"', one.headers["etag"])


def asked(server: httpx.Client, read: Read, **variables: Any) -> Any:
    body = {"query": read.document, "operationName": read.name, "variables": variables}
    (answered,) = server.post("/graphql", json=body).json()["data"].values()
    return answered


@pytest.mark.parametrize(
    "cls", [cls for cls, name in zip(RECORDS, EVERY, strict=True) if name in MADE], ids=lambda cls: cls.__name__
)
def test_it_tells_every_value_that_a_record_has(server: httpx.Client, cls: type[Record]) -> None:
    (record, *_) = whole(server, cls.table.path.removeprefix("/v1/"))
    told = server.get(f"{cls.table.path}/{record['key']}").json()
    entered = {graphql_name(field) for field in fields_of(cls) if not isinstance(rule_of(field), Children | Rows)}
    assert entered <= told.keys()
    for field in fields_of(cls):
        value = told.get(graphql_name(field))
        if isinstance(rule_of(field), One) and value is not None:
            assert {"id", "key"} <= value.keys()
            assert (target(field) is not Record) or value["type"] in {each.__name__ for each in RECORDS}


def test_dates_references_and_judgements_are_told_in_full(server: httpx.Client) -> None:
    assessment = server.get("/v1/assessments/first-year").json()
    assert {name: assessment["period"][name] for name in ("edtf", "earliest", "latest", "precision")} == {
        "edtf": "2017", "earliest": "2017-01-01", "latest": "2017-12-31", "precision": "YEAR",
    }  # fmt: skip
    assert assessment["provision"].keys() == {"id", "key"}
    assert assessment["assessor"]["name"] == "United Nations"
    condition, *_ = whole(server, "conditions")
    explained = server.get(f"/v1/conditions/{condition['key']}").json()["outcomeExplained"]
    assert (explained["value"], explained["rule"]["id"]) == (condition["outcome"], "condition.outcome.v2")
    assert all(milestone["subject"]["type"] for milestone in whole(server, "milestones"))


def test_both_clocks_count(server: httpx.Client) -> None:
    signed = {each["key"] for each in whole(server, "signatures")}
    then = {each["key"] for each in server.get("/v1/signatures?first=100&asOf=2016-07-01").json()["items"]}
    assert then < signed
    for key in signed:
        status = server.get(f"/v1/signatures/{key}?asOf=2016-07-01").status_code
        assert status == (200 if key in then else 404)
    assert server.get("/v1/signatures?knownAt=2016-07-01").json()["items"] == []


@pytest.mark.parametrize("name", MADE)
def test_it_is_walked_both_ways(server: httpx.Client, name: str) -> None:
    expected = [each["key"] for each in whole(server, name)]
    size = max(1, len(expected) // 3)
    forward = walk(server, f"/v1/{name}?first={size}", "next")
    backward = walk(server, f"/v1/{name}?last={size}", "prev")
    assert [key for page in forward for key in page] == expected
    assert [key for page in reversed(backward) for key in page] == expected
    up, down = (server.get(f"/v1/{name}?first=100&orderBy=KEY_{way}").json()["items"] for way in ("ASC", "DESC"))
    if len(expected) <= 100:
        assert [each["key"] for each in up] == [each["key"] for each in reversed(down)]


# --- filters -------------------------------------------------------------------------------------


def taken(contract: Contract, name: str) -> set[str]:
    """The parameters of a list."""
    return {each["name"] for each in contract.paths[f"/v1/{name}"]["get"]["parameters"]}


@pytest.mark.parametrize("name", FILTERS)
def test_references_terms_and_names_are_filtered_by(contract: Contract, name: str) -> None:
    assert taken(contract, name) == GENERAL | FILTERS[name]


@pytest.mark.parametrize("name", MADE)
def test_a_filter_keeps_what_it_says(server: httpx.Client, contract: Contract, name: str) -> None:
    items = whole(server, name)
    for parameter in taken(contract, name) - GENERAL:
        values = sorted({value for each in items if (value := plain(each[parameter])) is not None})
        for value in {*values[:2], *values[-2:]}:
            answer = server.get(f"/v1/{name}", params={parameter: value, "first": 100})
            expected = [each["key"] for each in items if plain(each[parameter]) == value]
            assert [each["key"] for each in answer.json()["items"]] == expected[:100], (parameter, value)


def plain(value: Any) -> Any:
    """What a filter compares: a record by its key, anything else by itself."""
    return value["key"] if isinstance(value, dict) else value


def test_an_enum_takes_several_values_and_filters_add_up(server: httpx.Client) -> None:
    items = whole(server, "participations")
    several = server.get("/v1/participations?role=HOST,MEDIATOR&first=100").json()["items"]
    assert several == [each for each in items if each["role"] in ("HOST", "MEDIATOR")] != []
    actor = several[0]["actor"]["key"]
    both = server.get(f"/v1/participations?role=HOST,MEDIATOR&actor={actor}&first=100").json()["items"]
    assert both == [each for each in several if each["actor"]["key"] == actor]


@pytest.mark.parametrize("name", MADE)
def test_what_is_unknown_is_refused(server: httpx.Client, contract: Contract, name: str) -> None:
    for path in (f"/v1/{name}", f"/v1/{name}/nobody"):
        answer = server.get(f"{path}?colour=red")
        contract.check(f"/v1/{name}", answer)
        assert [each["path"] for each in answer.json()["problems"]] == ["colour"]
    assert server.get(f"/v1/{name}/nobody").status_code == 404
