"""The second dossier: a finished process over five years, and what its statuses were on the days between."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from api.cli.load import load_files
from tests.conftest import new_database
from tests.support.asking import Ask, asking_about

DOSSIER = Path(__file__).parents[2] / "dossiers" / "colombia-farc-2016.yaml"

YEARS_LATER = "2020-01-01"


@pytest.fixture(scope="session")
def colombia_url(postgres: str, template_url: str) -> Iterator[str]:
    """The second dossier alone, loaded once."""
    with new_database(postgres, template_url) as url:
        (report,) = load_files(url, [DOSSIER])
        assert {row.action for row in report.rows} == {"created"}
        yield url


@pytest.fixture(scope="session")
async def ask(colombia_url: str) -> AsyncIterator[Ask]:
    async with asking_about(colombia_url) as ask:
        yield ask


def statuses(connection: dict[str, Any]) -> dict[str, str]:
    return {each["key"]: each["status"] for each in connection["nodes"]}


def test_it_loads_again_unchanged(colombia_url: str) -> None:
    (report,) = load_files(colombia_url, [DOSSIER])

    assert {row.action for row in report.rows} == {"unchanged"}


def test_it_stands_beside_the_first_dossier(own_dossier_url: str) -> None:
    """They share the issue of the ceasefire, and neither changes what the other says of it."""
    (report,) = load_files(own_dossier_url, [DOSSIER])

    assert [(row.action, row.key) for row in report.rows if row.action != "created"] == [("unchanged", "ceasefire")]


PROCESS = """
    query ($asOf: DateTime!) {
        process(by: {key: "colombia-farc-2012"}, asOf: $asOf) {
            status
            talks { nodes { key status } }
            agreements { nodes { key status } }
            deadlines { nodes { key status } }
        }
    }
"""


async def test_the_statuses_follow_the_process_through_its_days(ask: Ask) -> None:
    first, second = "colombia-final-agreement-2016-09", "colombia-final-agreement-2016-11"
    target, arms = "colombia-final-agreement-2016-03", "colombia-laying-down-of-arms-2017"
    history = [
        ("2014-01-01", "ACTIVE", {"colombia-general-agreement-2012": "SIGNED"}, {}),
        ("2016-03-22", "ACTIVE", {}, {target: "DUE_SOON"}),
        ("2016-03-24", "ACTIVE", {}, {target: "MISSED"}),
        ("2016-08-29", "ACTIVE", {"colombia-ceasefire-2016": "IN_FORCE", first: "NEGOTIATED"}, {}),
        ("2016-09-26", "ACTIVE", {first: "SIGNED"}, {}),
        ("2016-10-02", "ACTIVE", {first: "REJECTED"}, {}),
        ("2016-11-24", "ACTIVE", {first: "REJECTED", second: "SIGNED"}, {}),
        ("2016-11-30", "ACTIVE", {second: "RATIFIED"}, {}),
        ("2016-12-01", "ACTIVE", {second: "IN_FORCE"}, {arms: "PENDING"}),
        ("2017-05-29", "ACTIVE", {}, {arms: "DUE_SOON"}),
        (YEARS_LATER, "CONCLUDED", {first: "SUPERSEDED", second: "IN_FORCE"}, {target: "MISSED"}),
    ]
    for day, status, agreements, deadlines in history:
        process = (await ask(PROCESS, asOf=day))["process"]
        assert (day, process["status"]) == (day, status)
        assert (day, statuses(process["agreements"])) == (day, statuses(process["agreements"]) | agreements)
        assert (day, statuses(process["deadlines"])) == (day, statuses(process["deadlines"]) | deadlines)


async def test_every_talk_was_held_and_the_rounds_of_havana_are_concluded(ask: Ask) -> None:
    under_way = statuses((await ask(PROCESS, asOf="2014-01-01"))["process"]["talks"])
    in_the_end = statuses((await ask(PROCESS, asOf=YEARS_LATER))["process"]["talks"])

    assert under_way["colombia-havana-2012"] == "UNDER_WAY"
    assert in_the_end.pop("colombia-havana-2012") == "CONCLUDED"
    assert len(in_the_end) == 7
    assert set(in_the_end.values()) == {"HELD"}


async def test_what_is_left_open_for_corrections(ask: Ask) -> None:
    data = await ask(
        """{
            deadline(by: {key: "colombia-laying-down-of-arms-2017"}) {
                due { edtf } extensions { kind } milestones { nodes { kind } }
                citations(filter: {stance: {eq: DISPUTES}}) { nodes { field assertedValue source { key } } }
            }
            farc: actor(by: {key: "farc"}) { statements { nodes { key } } }
            weak: statement(by: {key: "farc-safety-2016-03"}) { attribution citations { totalCount } }
            weapons: statement(by: {key: "un-mission-weapons-2017-06-26"}) { summary }
            september: source(by: {key: "colombia-un-mission-2017-09-22"}) { citedBy { totalCount } }
        }"""
    )
    assert data["deadline"] == {
        "due": {"edtf": "2017-05-30"},
        "extensions": [],
        "milestones": {"nodes": [{"kind": "SET"}]},
        "citations": {
            "nodes": [
                {"field": "due", "assertedValue": "2017-05-29", "source": {"key": "colombia-un-mission-2017-02-28"}}
            ]
        },
    }
    assert data["farc"]["statements"]["nodes"] == [{"key": "farc-camps-2017-05"}]
    assert data["weak"] == {"attribution": "PARAPHRASE", "citations": {"totalCount": 1}}
    assert "7,132" in data["weapons"]["summary"]
    assert data["september"] == {"citedBy": {"totalCount": 0}}
