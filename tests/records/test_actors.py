"""Actors: the groups to which they belong for a time, processes in which they mediate, and their other names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import new_database
from tests.support.curation import House, house_at

MEDIATOR = {"process": "peace", "actor": "mediator", "role": "MEDIATOR", "during": "2025-03-01/2025-05-31"}


@pytest.fixture(scope="module")
def house(postgres: str, template_url: str) -> Iterator[House]:
    with new_database(postgres, template_url) as url, house_at(url) as house:
        house.done("applyDossier", "report { key }", dossier=WORLD)
        yield house


WORLD: dict[str, Any] = {
    "sources": [{"key": "cable", "title": "Cable", "published": "2025-01-01"}],
    "actors": [
        {"key": "bloc", "name": "The Bloc", "kind": "COALITION"},
        {"key": "north", "name": "Northia", "kind": "STATE"},
        {"key": "south", "name": "Southia", "kind": "STATE"},
        {"key": "army", "name": "Northern Army", "kind": "MILITARY", "parent": "north"},
        {"key": "delegate", "name": "A Delegate", "kind": "PERSON"},
        {"key": "voice", "name": "A Speaker", "kind": "PERSON"},
        {"key": "mediator", "name": "Estria", "kind": "STATE"},
    ],
    "memberships": [
        {"member": "north", "group": "bloc", "held": "2024-01-01/2025-03-31"},
        {"member": "delegate", "group": "bloc", "role": "DELEGATE", "held": "2025-02-01/.."},
        {"member": "voice", "group": "bloc", "role": "SPEAKS_FOR", "held": "2025-02-01/.."},
    ],
    "processes": [{"key": "peace", "name": "Peace", "opened": "2025-01-01", "citations": ["cable"]}],
    "participations": [MEDIATOR],
    "issues": [{"key": "border", "name": "Border"}],
    "otherNames": [
        {"record": {"actor": "south"}, "text": "Південь", "language": "uk"},
        {"record": {"process": "peace"}, "text": "Marathon Track", "used": "2024"},
    ],
}


def keys(connection: Any, field: str = "") -> list[str]:
    return sorted((each[field] if field else each)["key"] for each in connection["nodes"])


@pytest.mark.parametrize(
    ("day", "members"),
    [
        ("2023-12-31", []), ("2024-01-01", ["north"]), ("2025-01-31", ["north"]), ("2025-02-01", ["delegate", "north"]),
        ("2025-03-31", ["delegate", "north"]), ("2025-04-01", ["delegate"]),
    ],
)  # fmt: skip
def test_a_member_is_one_from_the_first_day_of_its_membership_to_the_last(
    house: House, day: str, members: list[str]
) -> None:
    found = house.ask(f'{{ it: actor(by: {{key: "bloc"}}, asOf: "{day}") {{ members {{ nodes {{ key }} }} }} }}')
    assert keys(found["it"]["members"]) == members


def test_a_part_without_dates_is_always_a_member(house: House) -> None:
    found = house.ask('{ it: actor(by: {key: "north"}, asOf: "1990-01-01") { members { nodes { key } } } }')
    assert keys(found["it"]["members"]) == ["army"]


def test_memberships_are_read_from_both_sides(house: House) -> None:
    found = house.ask(
        """
        {
          north: actor(by: {key: "north"}) { memberships { nodes { key role group { key } held { edtf } } } }
          bloc: actor(by: {key: "bloc"}) { groupMemberships { nodes { member { key } } } }
        }
        """
    )
    (own,) = found["north"]["memberships"]["nodes"]
    assert own == {
        "key": "north~bloc~2024-01-01", "role": "MEMBER", "group": {"key": "bloc"},
        "held": {"edtf": "2024-01-01/2025-03-31"},
    }  # fmt: skip
    assert keys(found["bloc"]["groupMemberships"], "member") == ["delegate", "north", "voice"]


@pytest.mark.parametrize(("day", "standing"), [("2025-01-31", "CONTESTED"), ("2025-02-01", "ONE_SIDED")])
def test_who_speaks_for_a_group_on_a_day_is_of_its_side(house: House, day: str, standing: str) -> None:
    issue = f"border-{day}"
    about = {"process": "peace", "issue": issue, "held": f"{day}/..", "citations": ["cable"]}
    positions = [{"actor": "bloc", "stance": "REJECTS", **about}, {"actor": "voice", "stance": "DEMANDS", **about}]
    dossier = {"issues": [{"key": issue, "name": issue}], "positions": positions}
    house.done("applyDossier", "report { key }", dossier=dossier)
    text = "query ($by: By!, $day: DateTime!) { issue(by: $by, asOf: $day) { standings { nodes { standing } } } }"
    found = house.ask(text, by={"key": issue}, day=day)
    assert found["issue"]["standings"]["nodes"] == [{"standing": standing}]


# --- processes -----------------------------------------------------------------------------------


def test_a_mediator_takes_part_in_a_process_without_a_talk(house: House) -> None:
    shown = "key talk { key } process { key } role attendance during { edtf }"
    found = house.ask(
        f"""
        {{
          process(by: {{key: "peace"}}, asOf: "2025-04-01") {{ participations {{ nodes {{ {shown} }} }} }}
          actor(by: {{key: "mediator"}}, asOf: "2025-04-01") {{ participations {{ totalCount }} }}
        }}
        """
    )
    assert found["process"]["participations"]["nodes"] == [
        {
            "key": "peace~mediator~mediator", "talk": None, "process": {"key": "peace"}, "role": "MEDIATOR",
            "attendance": None, "during": {"edtf": "2025-03-01/2025-05-31"},
        }
    ]  # fmt: skip
    assert found["actor"]["participations"]["totalCount"] == 1
    (read,) = house.server.get("/v1/processes?actor=mediator").json()["items"]
    assert read["key"] == "peace"
    in_full = house.server.get("/v1/processes/peace").json()
    assert [each["actor"]["key"] for each in in_full["participations"]["nodes"]] == ["mediator"]


@pytest.mark.parametrize(("day", "count"), [("2025-02-28", 0), ("2025-03-01", 1)])
def test_it_takes_part_from_the_first_day_on(house: House, day: str, count: int) -> None:
    found = house.ask(f'{{ participations(asOf: "{day}", filter: {{role: {{eq: MEDIATOR}}}}) {{ totalCount }} }}')
    assert found["participations"]["totalCount"] == count


def test_a_mediator_outside_all_talks_is_no_side(house: House) -> None:
    about = {"process": "peace", "issue": "border", "held": "2025-04-01/..", "citations": ["cable"]}
    positions = [
        {"actor": "north", "stance": "ACCEPTS", **about},
        {"actor": "south", "stance": "ACCEPTS", **about},
        {"actor": "mediator", "stance": "REJECTS", **about},
    ]
    house.done("applyDossier", "report { key }", dossier={"positions": positions})
    found = house.ask('{ issue(by: {key: "border"}, asOf: "2025-04-02") { standings { nodes { standing } } } }')
    assert found["issue"]["standings"]["nodes"] == [{"standing": "AGREED"}]


@pytest.mark.parametrize(
    ("given", "path", "cure"),
    [
        ({}, "talk", "give one of the two"),
        ({"talk": "talk", "process": "peace", "attendance": "REPORTED"}, "talk", "give one of the two"),
        ({"process": "peace", "attendance": "REPORTED"}, "attendance", "not for a process"),
        ({"talk": "talk"}, "attendance", "give it there"),
    ],
)
def test_one_takes_part_in_a_talk_or_in_a_process(house: House, given: dict[str, Any], path: str, cure: str) -> None:
    dossier = {"talks": [{"key": "talk", "title": "Talk", "starts": "2025-01-01", "citations": ["cable"]}]}
    house.done("applyDossier", "report { key }", dossier=dossier)
    problems = house.refused("addParticipation", input={"actor": "north", "role": "HOST", **given})
    assert cure in problems[f"input.{path}"]


def test_who_begins_to_take_part_takes_back_the_voices_of_its_envoys(house: House) -> None:
    """North and its envoy name two days: they are rivals until North itself takes part, then one follows the other."""
    moves = [
        {"key": f"by-{actor}", "kind": "EXTENDED", "at": at, "due": due, "actor": actor, "citations": ["cable"]}
        for actor, at, due in (("north", "2025-04-01", "2025-05-01"), ("envoy", "2025-04-10", "2025-06-01"))
    ]
    dossier = {
        "actors": [{"key": "envoy", "name": "An Envoy", "kind": "PERSON"}],
        "offices": [{"person": "envoy", "actor": "north", "title": "Envoy", "held": "2025"}],
        "talks": [
            {"key": "round", "title": "Round", "process": "peace", "starts": "2025-02-01", "citations": ["cable"]}
        ],
        "deadlines": [
            {"key": "answer", "title": "Answer", "subject": {"process": "peace"}, "due": "2025-04-20",
             "hardness": "HARD", "citations": ["cable"], "milestones": moves},
        ],
    }  # fmt: skip
    house.done("applyDossier", "report { key }", dossier=dossier)

    def is_disputed() -> bool:
        found = house.ask('{ deadline(by: {key: "answer"}, asOf: "2025-04-15") { disputed } }')
        return bool(found["deadline"]["disputed"])

    assert is_disputed()
    cited = [{"source": "cable"}]
    given = {"talk": "round", "actor": "north", "role": "PARTY", "attendance": "REPORTED", "citations": cited}
    made = house.done("addParticipation", "participation { id version }", input=given)
    assert not is_disputed()
    house.done(
        "updateParticipation", "participation { id version }",
        id=made["id"], version=made["version"], changes={"actor": "south"},
    )  # fmt: skip
    assert is_disputed()
    signed = {"actor": "north", "agreement": "deal", "capacity": "PARTY", "citations": cited}
    house.done("createAgreement", input={
        "key": "deal", "title": "Deal", "kind": "CEASEFIRE", "process": "peace", "citations": cited
    })  # fmt: skip
    house.done("addSignature", input=signed)
    assert not is_disputed()


# --- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "type_", "key"), [("південь", "Actor", "south"), ("marathon", "Process", "peace")])
def test_another_name_leads_to_its_record(house: House, text: str, type_: str, key: str) -> None:
    found = house.ask(
        "query ($text: String!) { search(text: $text) { nodes { ... on OtherName { record { __typename key } } } } }",
        text=text,
    )
    assert found["search"]["nodes"] == [{"record": {"__typename": type_, "key": key}}]


def test_a_record_shows_its_other_names(house: House) -> None:
    found = house.ask('{ actor(by: {key: "south"}) { otherNames { nodes { text language used { edtf } } } } }')
    assert found["actor"]["otherNames"]["nodes"] == [{"text": "Південь", "language": "uk", "used": None}]
    assert house.server.get("/v1/actors/south").json()["otherNames"]["nodes"][0]["text"] == "Південь"
