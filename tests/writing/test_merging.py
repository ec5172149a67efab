"""Merges and restores where records point at each other: what is refused, what comes back, and how quickly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from schema.records.actors.actor import Actor
from schema.records.processes.process import Process
from schema.records.record import Record
from schema.records.sources.citation import Citation
from schema.records.sources.code import Code
from schema.records.statements.commentary import Commentary
from tests.commands.test_mutations import actor, merged, not_merged, own, someone
from tests.conftest import new_database
from tests.support.curation import House, house_at

SOURCE = "base-source-0"


@pytest.fixture(scope="module")
def house(postgres: str, template_url: str) -> Iterator[House]:
    """One for all tests: each enters the records that it changes."""
    with new_database(postgres, template_url) as url, house_at(url) as house:
        house.furnish()
        yield house


def version(house: House, uuid: str) -> int:
    return int(house.history(uuid)[-1]["version"])


def restored(house: House, cls: type[Record], uuid: str, fields: str = "key", **more: Any) -> Any:
    """A record brought back from the version that it has."""
    selected = f"{own(cls)} {{ {fields} }}"
    return house.done(f"restore{cls.__name__}", selected, "ada", id=uuid, version=version(house, uuid), **more)


def not_restored(house: House, cls: type[Record], uuid: str, **more: Any) -> dict[str | None, str]:
    return house.refused(f"restore{cls.__name__}", "ada", id=uuid, version=version(house, uuid), **more)


def process(house: House, key: str, *sources: str, **more: Any) -> Any:
    given = {"key": key, "name": key, "citations": [{"source": each} for each in sources], **more}
    return house.done("createProcess", "process { id key citations { nodes { id key } } }", input=given)


# --- what points at itself -----------------------------------------------------------------------


@pytest.mark.parametrize(("cls", "relation"), [(Commentary, "subject"), (Citation, "record"), (Code, "record")])
def test_a_record_is_not_merged_into_one_that_must_be_about_it(house: House, cls: type[Record], relation: str) -> None:
    type_ = cls.table.name
    goes = house.create(cls)
    about: dict[str, Any] = {relation: {type_: goes["key"]}, **({"field": None} if cls is Citation else {})}
    stays = house.create(cls, 1, **about)
    assert not_merged(house, {type_: goes["key"]}, {type_: stays["key"]}) == {
        "into": f"BAD_USER_INPUT: the {type_} {stays['key']!r} is about {goes['key']!r}; "
        f"give it another {relation} first"
    }
    merged(house, stays["key"], goes["key"], type_)


def test_a_version_that_pointed_at_what_was_merged_since_points_at_nothing(house: House) -> None:
    goes, stays = someone(house), someone(house)
    house.done("updateActor", id=stays["id"], version=1, changes={"parent": goes["key"]})
    house.done("updateActor", id=stays["id"], version=2, changes={"parent": None, "name": "Other"})
    merged(house, goes["key"], stays["key"])
    back = restored(house, Actor, stays["id"], "name parent { key }", toVersion=2)
    assert back == {"name": "Somebody", "parent": None}


def test_a_version_that_must_point_at_what_was_merged_since_does_not_come_back(house: House) -> None:
    goes = house.create(Commentary)
    stays = house.create(Commentary, subject={"commentary": goes["key"]})
    house.done("updateCommentary", id=stays["id"], version=1, changes={"subject": {"talk": "base-talk-0"}})
    merged(house, goes["key"], stays["key"], "commentary")
    assert not_restored(house, Commentary, stays["id"], toVersion=1) == {
        "toVersion": "BAD_USER_INPUT: in version 1 its subject was a record that has been merged into it; "
        "restore that one first"
    }
    restored(house, Commentary, goes["id"])
    back = restored(house, Commentary, stays["id"], "subject { key }", toVersion=1)
    assert back == {"subject": {"key": goes["key"]}}


def test_a_version_of_what_was_merged_comes_back_after_what_followed_it(house: House) -> None:
    """Its parent of then was merged into it, and goes on being it once it is back."""
    first, second, third = someone(house), someone(house), someone(house)
    house.done("updateActor", id=second["id"], version=1, changes={"parent": first["key"]})
    house.done("updateActor", id=second["id"], version=2, changes={"parent": None})
    merged(house, first["key"], second["key"])
    merged(house, second["key"], third["key"])
    assert restored(house, Actor, second["id"], "parent { key }", toVersion=2) == {"parent": None}
    found = house.ask("query($key: String!) { actor(by: {key: $key}) { key } }", key=first["key"])
    assert found["actor"]["key"] == second["key"]


# --- what comes back -----------------------------------------------------------------------------


def test_a_merge_of_thousands_of_pointers_is_undone(house: House) -> None:
    goes, stays = someone(house), someone(house)
    house.rows(
        """
        insert into participation (key, talk_id, actor_id, on_behalf_of_id, role, attendance)
        select 'many-' || n, t.id, a.id, a.id, 'PARTY', 'REPORTED'
        from generate_series(1, 2000) n, talk t, actor a
        where t.key = 'base-talk-0' and a.key = %s
        """,
        goes["key"],
    )
    parts = "participations { totalCount }"
    assert merged(house, goes["key"], stays["key"], fields=f"record {{ ... on Actor {{ {parts} }} }}") == {
        "participations": {"totalCount": 2000}
    }
    assert restored(house, Actor, goes["id"], parts) == {"participations": {"totalCount": 2000}}
    (left,) = house.rows("select count(*) as number from participation where on_behalf_of_id = %s", stays["id"])
    assert left["number"] == 0


def test_a_restore_leaves_no_other_fact_without_a_source(house: House) -> None:
    goes = process(house, "supported-1", SOURCE)
    stays = process(house, "supported-2", "base-source-1")
    merged(house, goes["key"], stays["key"], "process")
    (rests_on,) = stays["citations"]["nodes"]
    house.done("retractCitation", id=rests_on["id"], version=1, reason="Wrong")
    assert not_restored(house, Process, goes["id"]) == {
        None: "BAD_USER_INPUT: the process 'supported-2' would be left without a source; cite one first"
    }
    house.done("cite", input={"record": {"process": "supported-2"}, "source": "base-source-2"})
    shown = "citations { nodes { source { key } } }"
    assert restored(house, Process, goes["id"], shown) == {"citations": {"nodes": [{"source": {"key": SOURCE}}]}}


def test_what_was_changed_beside_a_merge_stays_as_it_was_changed(house: House) -> None:
    goes, stays = someone(house), someone(house)
    given = {
        "speaker": goes["key"], "attribution": "PARAPHRASE", "summary": "Said", "said": {"edtf": "2025-04-01"},
        "citations": [{"source": SOURCE}],
    }  # fmt: skip
    before, kept, after = (
        house.done("createStatement", "statement { id }", input={"key": f"beside-{place}", **given})
        for place in ("before", "kept", "after")
    )
    found = house.ask(
        """mutation($before: ID!, $after: ID!, $goes: ID!, $stays: ID!) {
            a: updateStatement(id: $before, version: 1, changes: {speaker: $stays}) { problems { message } }
            b: merge(record: {actor: $goes}, into: {actor: $stays}, reason: "The same") { problems { message } }
            c: updateStatement(id: $after, version: 2, changes: {speaker: "base-actor-0"}) { problems { message } }
        }""",
        "ada", before=before["id"], after=after["id"], goes=goes["key"], stays=stays["key"],
    )  # fmt: skip
    assert all(each["problems"] == [] for each in found.values())
    shown = "statements { nodes { id } }"
    assert restored(house, Actor, goes["id"], shown) == {"statements": {"nodes": [{"id": kept["id"]}]}}
    rest = house.ask(f"query($key: String!) {{ actor(by: {{key: $key}}) {{ {shown} }} }}", key=stays["key"])
    assert rest == {"actor": {"statements": {"nodes": [{"id": before["id"]}]}}}


def test_who_was_restored_between_two_merges_does_not_follow(house: House) -> None:
    """All in one operation: the first is on its own again when the second is merged."""
    first, second, third = someone(house), someone(house), someone(house)
    found = house.ask(
        """mutation($first: ID!, $second: ID!, $third: ID!) {
            a: merge(record: {actor: $first}, into: {actor: $second}, reason: "x") { problems { message } }
            b: restoreActor(id: $first, version: 2) { problems { message } }
            c: merge(record: {actor: $second}, into: {actor: $third}, reason: "x") { problems { message } }
        }""",
        "ada", first=first["key"], second=second["key"], third=third["key"],
    )  # fmt: skip
    assert all(each["problems"] == [] for each in found.values())
    restored(house, Actor, second["id"])
    assert house.rows("select merged_into_id from actor where id = %s", first["id"]) == [{"merged_into_id": None}]


# --- proposals -----------------------------------------------------------------------------------


def test_a_proposal_of_a_command_that_is_gone_is_refused_in_words(house: House) -> None:
    uuid = house.do("createActor", who="carla", input=actor(house))["proposal"]["id"]
    house.rows(
        "update proposal set operations = jsonb_set(operations, '{0,command}', '\"enterActor\"') where id = %s", uuid
    )
    assert house.refused("approveProposal", id=uuid) == {
        "id": "BAD_USER_INPUT: there is no command 'enterActor' any more; have it proposed anew, or reject it"
    }
    assert house.do("rejectProposal", id=uuid, reason="Out of date")["problems"] == []
