"""What is written of every change, how it is found, what differs between versions, and the way back to each."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from schema.records.agreements.agreement import Agreement
from schema.records.processes.position import Position
from schema.records.record import Record
from schema.records.registry import RECORDS
from schema.records.statements.statement import Statement
from schema.records.talks.talk import Talk
from tests.conftest import new_database
from tests.support.curation import House, house_at, selection, stored_inputs

PAGE = "nodes { seq recordId type version action changedBy reason origin at } totalCount"


@pytest.fixture(scope="module")
def house(postgres: str, template_url: str) -> Iterator[House]:
    """One for all tests: each asks for the changes of its own records."""
    with new_database(postgres, template_url) as url, house_at(url) as house:
        house.furnish()
        yield house


def own(cls: type[Record]) -> str:
    return cls.__name__[0].lower() + cls.__name__[1:]


def revisions(house: House, **conditions: Any) -> Any:
    text = f"query($filter: RevisionFilter) {{ revisions(first: 100, filter: $filter) {{ {PAGE} }} }}"
    return house.ask(text, "", filter=conditions)["revisions"]


def content(house: House, cls: type[Record], uuid: str) -> Any:
    text = f"query($id: ID!) {{ found: {own(cls)}(by: {{id: $id}}) {{ version retractedAt {selection(cls)} }} }}"
    return house.ask(text, "", id=uuid)["found"]


# --- the log ---------------------------------------------------------------------------------------


def test_changes_are_found_by_record_type_person_and_time(house: House) -> None:
    made, other = house.create(Talk), house.create(Agreement, who="kira")
    house.done("updateTalk", who="ada", id=made["id"], version=1, changes={"city": "Lyon"}, reason="Seen")
    house.done("retractTalk", who="kira", id=made["id"], version=2, reason="Wrong")
    first, second, third = house.history(made["id"])
    of_record = revisions(house, recordId={"eq": made["id"]})
    assert [(each["version"], each["action"], each["changedBy"]) for each in of_record["nodes"]] == [
        (3, "RETRACT", "kira"), (2, "UPDATE", "ada"), (1, "CREATE", "kurt"),
    ]  # fmt: skip
    assert {each["type"] for each in of_record["nodes"]} == {"TALK"}
    assert revisions(house, record={"id": {"eq": made["id"]}}) == of_record
    both = {"recordId": {"in": [made["id"], other["id"]]}}
    kept = [(each["recordId"], each["version"]) for each in revisions(house, changedBy={"eq": "kira"}, **both)["nodes"]]
    assert kept == [(made["id"], 3), (other["id"], 1)]
    assert [each["recordId"] for each in revisions(house, type={"eq": "AGREEMENT"}, **both)["nodes"]] == [other["id"]]
    between = {"gte": second["at"].isoformat(), "lt": third["at"].isoformat()}
    assert [each["version"] for each in revisions(house, at=between, recordId={"eq": made["id"]})["nodes"]] == [2]
    assert first["at"] < second["at"] < third["at"]
    one = revisions(house, action={"eq": "RETRACT"}, reason={"contains": "wron"}, recordId={"eq": made["id"]})
    assert one["totalCount"] == 1


def test_a_record_lists_its_own_changes_page_by_page(house: House) -> None:
    made = house.create(Talk)
    for version in range(1, 4):
        house.done("updateTalk", id=made["id"], version=version, changes={"city": f"City {version}"})
    text = """query($id: ID!, $after: String) { talk(by: {id: $id}) { revisions(first: 3, after: $after) {
        nodes { version changes { field before after } } pageInfo { hasNextPage endCursor } totalCount
    } } }"""
    page = house.ask(text, "", id=made["id"])["talk"]["revisions"]
    assert [each["version"] for each in page["nodes"]] == [4, 3, 2]
    assert page["nodes"][0]["changes"] == [{"field": "city", "before": "City 2", "after": "City 3"}]
    assert page["totalCount"] == 4
    rest = house.ask(text, "", id=made["id"], after=page["pageInfo"]["endCursor"])["talk"]["revisions"]
    assert [each["version"] for each in rest["nodes"]] == [1]


# --- what differs ----------------------------------------------------------------------------------


def diff(house: House, uuid: str, one: int, other: int, known_at: str | None = None) -> Any:
    variables: dict[str, Any] = {"id": uuid, "from": one, "to": other, "knownAt": known_at}
    found = house.ask(
        """query($id: ID!, $from: Int!, $to: Int!, $knownAt: DateTime) {
            talk(by: {id: $id}, knownAt: $knownAt) { diff(from: $from, to: $to) { field before after } }
        }""",
        "",
        **variables,
    )
    return found["talk"]["diff"]


@pytest.fixture(scope="module")
def changed(house: House) -> str:
    """The id of a talk in six versions."""
    uuid: str = house.create(Talk)["id"]
    for version, changes in enumerate(
        (
            {"city": "Lyon", "starts": {"edtf": "2025-03-01/2025-03-03"}},
            {"city": "Nice", "venue": None},
            {"city": "city 0", "venue": "Here"},
        ),
        1,
    ):
        house.done("updateTalk", id=uuid, version=version, changes=changes)
    house.done("retractTalk", id=uuid, version=4, reason="Wrong")
    house.done("restoreTalk", who="ada", id=uuid, version=5)
    return uuid


def test_what_differs_between_two_versions(house: House, changed: str) -> None:
    there = diff(house, changed, 1, 3)
    assert [each["field"] for each in there] == ["city", "starts", "venue"]
    assert there[0] == {"field": "city", "before": "city 0", "after": "Nice"}
    assert there[2] == {"field": "venue", "before": "venue 0", "after": None}
    assert (there[1]["before"]["edtf"], there[1]["after"]["edtf"]) == ("2025-02-01", "2025-03-01/2025-03-03")


def test_a_difference_is_read_in_both_directions(house: House, changed: str) -> None:
    for one in range(1, 7):
        for other in range(1, 7):
            there, back = diff(house, changed, one, other), diff(house, changed, other, one)
            assert [(each["field"], each["after"], each["before"]) for each in there] == [
                (each["field"], each["before"], each["after"]) for each in back
            ]
            assert (there == []) is (one == other or {one, other} == {4, 6})


def test_what_was_set_and_set_back_does_not_differ(house: House, changed: str) -> None:
    assert [each["field"] for each in diff(house, changed, 1, 4)] == ["starts", "venue"]
    assert diff(house, changed, 4, 6) == []
    assert [each["field"] for each in diff(house, changed, 4, 5)] == ["retractedAt"]


@pytest.mark.parametrize(("one", "other"), [(0, 1), (1, 0), (1, 7), (7, 1), (-1, -1), (2**31 - 1, 1)])
def test_a_version_that_there_is_not_has_no_difference(house: House, changed: str, one: int, other: int) -> None:
    assert diff(house, changed, one, other) is None


def test_a_difference_knows_only_the_versions_of_its_moment(house: House, changed: str) -> None:
    moment = house.history(changed)[1]["at"].isoformat()
    assert [each["field"] for each in diff(house, changed, 1, 2, moment)] == ["city", "starts"]
    assert diff(house, changed, 1, 3, moment) is None


# --- the way back ----------------------------------------------------------------------------------


@pytest.mark.parametrize("cls", [Talk, Statement, Position, Agreement], ids=lambda cls: cls.__name__)
def test_every_version_comes_back_as_it_was(house: House, cls: type[Record]) -> None:
    """After many changes of several fields at once: fuzzy dates, lists and what was taken away among them."""
    chance = random.Random(cls.__name__)
    made = house.create(cls)
    was = {1: content(house, cls, made["id"])}
    variants = [house.given(cls, variant) for variant in range(3)]
    for version in range(1, 7):
        names = chance.sample(sorted(stored_inputs(cls).keys() & variants[0].keys()), 4)
        changes = {name: chance.choice(variants)[name] for name in names}
        shown = house.done(f"update{cls.__name__}", id=made["id"], version=max(was), changes=changes)
        was[shown["version"]] = content(house, cls, made["id"])
        assert shown["version"] in (version, version + 1, max(was))
    newest = max(was)
    house.done(f"retract{cls.__name__}", id=made["id"], version=newest, reason="Wrong")
    version = newest + 1
    for earlier in chance.sample(sorted(was), len(was)):
        house.done(
            f"restore{cls.__name__}", who="ada", id=made["id"], version=version, toVersion=earlier, reason="Back"
        )
        found = content(house, cls, made["id"])
        version = found["version"]
        assert found == {**was[earlier], "version": version}
    assert house.history(made["id"])[newest + 1]["action"] == "RESTORE"


def test_the_content_of_a_version_in_which_it_was_retracted_comes_back_and_stands(house: House) -> None:
    made = house.create(Talk)
    house.done("retractTalk", id=made["id"], version=1, reason="Wrong")
    retracted = content(house, Talk, made["id"])
    house.done("restoreTalk", who="ada", id=made["id"], version=2)
    house.done("updateTalk", id=made["id"], version=3, changes={"city": "Lyon"})
    house.done("restoreTalk", who="ada", id=made["id"], version=4, toVersion=2)
    assert content(house, Talk, made["id"]) == {**retracted, "version": 5, "retractedAt": None}


@pytest.mark.parametrize("version", [2, 3, 2**31 - 1])
def test_no_version_comes_back_that_there_was_not(house: House, version: int) -> None:
    made = house.create(Talk)
    house.done("updateTalk", id=made["id"], version=1, changes={"city": "Lyon"})
    found = house.refused("restoreTalk", who="ada", id=made["id"], version=2, toVersion=version)
    assert "is no earlier version" in found["toVersion"]


def test_a_fact_does_not_come_back_without_its_source(house: House) -> None:
    given = {"key": house.key_of(Talk), "title": "A talk", "citations": [{"source": "base-source-0"}]}
    made = house.done("createTalk", "talk { id citations { nodes { id } } }", input=given)
    house.done("retractTalk", id=made["id"], version=1, reason="Wrong")
    ((citation),) = made["citations"]["nodes"]
    house.done("retractCitation", id=citation["id"], version=1, reason="Wrong")
    assert "without a source" in house.refused("restoreTalk", who="ada", id=made["id"], version=2)[None]
    house.done("restoreCitation", who="ada", id=citation["id"], version=2)
    house.done("restoreTalk", who="ada", id=made["id"], version=2)


def test_every_type_of_record_has_a_name_in_the_log(house: House) -> None:
    text = """{ revisions(first: 100) { nodes { type record { __typename } } } }"""
    nodes = house.ask(text, "")["revisions"]["nodes"]
    assert all(each["type"] == snake_upper(each["record"]["__typename"]) for each in nodes)
    assert {cls.table.name.upper() for cls in RECORDS} >= {each["type"] for each in nodes}


def snake_upper(name: str) -> str:
    return next(cls.table.name for cls in RECORDS if cls.__name__ == name).upper()
