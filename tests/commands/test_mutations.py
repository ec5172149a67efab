"""Mutations, sent over HTTP by those who have a key: what is done, what is refused, and what is written of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from schema.declare.fields import Many, rule_of
from schema.declare.reflection import column_of, fields_of, graphql_name, is_list
from schema.derive.dossier_schema import is_clearable
from schema.records.actors.actor import Actor, Office
from schema.records.record import Record
from schema.records.registry import RECORDS
from schema.records.sources.citation import Citation
from schema.records.statements.statement import Statement
from schema.records.talks.talk import Talk
from schema.records.timeline.deadline import Deadline
from schema.records.timeline.milestone import Milestone
from tests.conftest import new_database
from tests.support.curation import APART, House, house_at, selection, stored_inputs, told
from tests.support.random_world import ONLY_AT_FIRST

SOURCE = "base-source-0"

EVERY = pytest.mark.parametrize("cls", RECORDS, ids=lambda cls: cls.__name__)


@pytest.fixture(scope="module")
def house(postgres: str, template_url: str) -> Iterator[House]:
    """One for all tests: each enters the records that it changes."""
    with new_database(postgres, template_url) as url, house_at(url) as house:
        house.furnish()
        yield house


def own(cls: type[Record]) -> str:
    return cls.__name__[0].lower() + cls.__name__[1:]


def read(house: House, cls: type[Record], by: str, fields: str = "") -> Any:
    """A record by its id or key, as anybody reads it."""
    way = "id" if len(by) == 36 and by.count("-") == 4 else "key"
    return house.ask(
        f"query($by: By!) {{ found: {own(cls)}(by: $by) {{ id key version retractedAt {fields} }} }}", "", by={way: by}
    )["found"]


# --- every type of record --------------------------------------------------------------------------


@EVERY
def test_what_is_created_reads_as_it_was_given(house: House, cls: type[Record]) -> None:
    given = {**house.given(cls, 1), "key": house.key_of(cls)}
    made = house.done(
        f"create{cls.__name__}", f"{own(cls)} {{ id key version {selection(cls)} }}", input=given, reason="It is new"
    )
    assert (made.pop("version"), made.pop("key")) == (1, given["key"])
    (written,) = house.history(made["id"])
    assert {**written, "at": None, "changes": None} == {
        "version": 1, "action": "CREATE", "changed_by": "kurt", "reason": "It is new", "origin": "MUTATION",
        "approved_by": None, "proposal_id": None, "at": None, "changes": None,
    }  # fmt: skip
    found = read(house, cls, made.pop("id"), selection(cls))
    assert {name: found[name] for name in made} == made == told(cls, given)


@EVERY
def test_an_update_changes_only_what_is_given(house: House, cls: type[Record]) -> None:
    made = house.create(cls)
    said = told(cls, house.given(cls, 0))
    later = house.given(cls, 1)
    version = 1
    kept = {graphql_name(each) for each in fields_of(cls) if each.python_name in free_of(cls)}
    for field in fields_of(cls):
        name = graphql_name(field)
        if name not in stored_inputs(cls) or name not in later or name in kept:
            continue
        values = [later[name], *([None] if is_clearable(field) else []), *([[]] if is_plural(field) else [])]
        for value in values:
            answer = house.done(
                f"update{cls.__name__}",
                f"{own(cls)} {{ version {selection(cls)} }}",
                id=made["key"],
                version=version,
                changes={name: value},
            )
            version += said[name] != told(cls, {**later, name: value})[name]
            said[name] = told(cls, {**later, name: value})[name]
            assert answer == {"version": version, **said}, name
    assert [each["action"] for each in house.history(made["id"])] == ["CREATE"] + ["UPDATE"] * (version - 1)


def free_of(cls: type[Record]) -> set[str]:
    """Fields that a check holds together with others."""
    return {str(each.python_name) for each in fields_of(cls) if column_of(each) in ONLY_AT_FIRST.get(cls, ())}


def is_plural(field: Any) -> bool:
    return isinstance(rule_of(field), Many) or is_list(field)


@EVERY
def test_a_stale_version_is_a_conflict_that_tells_the_current_one(house: House, cls: type[Record]) -> None:
    made = house.create(cls)
    house.done(f"retract{cls.__name__}", id=made["id"], version=1, reason="Wrong")
    house.done(f"restore{cls.__name__}", who="ada", id=made["id"], version=2)
    for command, more in (
        ("update", {"changes": {name: value for name, value in house.given(cls, 1).items() if name in plain(cls)}}),
        ("retract", {"reason": "Wrong"}),
        ("restore", {}),
    ):
        before = house.count()
        payload = house.do(f"{command}{cls.__name__}", who="ada", id=made["key"], version=1, **more)
        (problem,) = payload["problems"]
        assert payload[own(cls)] is None
        assert (problem["code"], problem["currentVersion"], problem["changedBy"]) == ("CONFLICT", 3, "ada")
        assert problem["changedAt"] == read(house, cls, made["id"], "updatedAt")["updatedAt"]
        assert house.count() == before


def plain(cls: type[Record]) -> list[str]:
    """One field that can be changed by itself."""
    free = {graphql_name(each) for each in fields_of(cls) if each.python_name in free_of(cls)}
    return [name for name in stored_inputs(cls) if name not in free | APART.get(cls, set())][:1]


@EVERY
def test_what_is_retracted_leaves_the_lists_and_comes_back(house: House, cls: type[Record]) -> None:
    made = house.create(cls)
    ((name, value),) = ((name, house.given(cls, 1)[name]) for name in plain(cls))
    house.done(f"update{cls.__name__}", id=made["id"], version=1, changes={name: value})
    shown = house.done(f"retract{cls.__name__}", id=made["id"], version=2, reason="It was wrong")
    assert shown["retractedAt"] is not None
    assert made["id"] not in listed(house, cls)
    for by in (made["id"], made["key"]):
        assert read(house, cls, by)["retractedAt"] == shown["retractedAt"]
    assert "retracted already" in house.refused(f"retract{cls.__name__}", id=made["id"], version=3, reason="x")["id"]
    assert (
        "restore it first"
        in house.refused(f"update{cls.__name__}", id=made["id"], version=3, changes={name: value})["id"]
    )
    back = house.done(f"restore{cls.__name__}", who="ada", id=made["id"], version=3, reason="It was right")
    assert (back["retractedAt"], back["version"]) == (None, 4)
    assert made["id"] in listed(house, cls)
    assert "is not retracted" in house.refused(f"restore{cls.__name__}", who="ada", id=made["id"], version=4)["id"]
    house.done(f"restore{cls.__name__}", who="ada", id=made["id"], version=4, toVersion=1)
    assert read(house, cls, made["id"], selection(cls)) == {
        "id": made["id"], "key": made["key"], "version": 5, "retractedAt": None, **told(cls, house.given(cls, 0)),
    }  # fmt: skip
    assert [(each["action"], each["changed_by"], each["reason"]) for each in house.history(made["id"])] == [
        ("CREATE", "kurt", None), ("UPDATE", "kurt", None), ("RETRACT", "kurt", "It was wrong"),
        ("RESTORE", "ada", "It was right"), ("UPDATE", "ada", None),
    ]  # fmt: skip


def listed(house: House, cls: type[Record]) -> list[str]:
    nodes = house.ask(f"{{ found: {cls.table.list_field}(first: 100) {{ nodes {{ id }} }} }}", "")["found"]["nodes"]
    return [each["id"] for each in nodes]


@EVERY
def test_what_does_not_exist_is_not_found(house: House, cls: type[Record]) -> None:
    for text, said in (("nothing-here", "key"), ("0196b000-0000-7000-8000-000000000000", "id")):
        for command, who, more in (
            ("update", "kurt", {"changes": {name: house.given(cls, 1)[name] for name in plain(cls)}}),
            ("retract", "kurt", {"reason": "x"}),
            ("restore", "ada", {"toVersion": 1}),
        ):
            found = house.refused(f"{command}{cls.__name__}", who=who, id=text, version=1, **more)
            assert found == {"id": f"NOT_FOUND: no {cls.__name__} has the {said} {text!r}"}


@EVERY
def test_only_a_factual_record_needs_a_source(house: House, cls: type[Record]) -> None:
    given = {**house.given(cls, 0), "key": house.key_of(cls)}
    given.pop("citations", None)
    if cls.table.needs_citation:
        assert "cites no source" in house.refused(f"create{cls.__name__}", input=given)["input.citations"]
    else:
        house.done(f"create{cls.__name__}", input=given)


@EVERY
def test_all_that_is_wrong_is_told_at_once(house: House, cls: type[Record]) -> None:
    """An id as key, dates that are none, keys that nothing has, terms that do not fit: each at its place."""
    given = house.given(cls, 0) | {"key": "0196b000-0000-7000-8000-000000000000"}
    expected = {"input.key", *(f"input.{graphql_name(each)}" for each in fields_of(cls) if each.metadata.get("fits"))}
    for name, described in stored_inputs(cls).items():
        match described.get("$ref", ""), described.get("type"):
            case "#/$defs/FuzzyDate", _:
                given[name], expected = {"edtf": "2025-13-45"}, expected | {f"input.{name}"}
            case "#/$defs/RecordKey", _:
                given[name], expected = "nobody-knows-this", expected | {f"input.{name}"}
            case "#/$defs/Reference", _:
                given[name], expected = {"talk": "nobody-knows-this"}, expected | {f"input.{name}"}
            case _, "string" if "enum" not in described and not described.get("format"):
                given[name], expected = "", expected | {f"input.{name}"}
    found = house.refused(f"create{cls.__name__}", input=given)
    assert found.keys() == expected
    assert all(each.startswith("BAD_USER_INPUT: ") for each in found.values())


@EVERY
def test_a_key_that_is_taken_is_refused(house: House, cls: type[Record]) -> None:
    key = house.create(cls)["key"]
    found = house.refused(f"create{cls.__name__}", input={**house.given(cls, 1), "key": key})
    assert found == {"input.key": f"BAD_USER_INPUT: the {cls.table.words} {key!r} exists already; update that one"}


# --- what a mutation names -------------------------------------------------------------------------


def talk(house: House, **more: Any) -> dict[str, Any]:
    return {"key": house.key_of(Talk), "title": "A talk", "citations": [{"source": SOURCE}], **more}


def actor(house: House, name: str = "Somebody", **more: Any) -> dict[str, Any]:
    return {"key": house.key_of(Actor), "name": name, "kind": "STATE", **more}


def test_a_reference_by_key_and_by_id_is_the_same(house: House) -> None:
    ids = house.ask(
        """query($talk: String!, $actor: String!) {
            talk(by: {key: $talk}) { id } actor(by: {key: $actor}) { id }
        }""",
        talk="base-talk-1",
        actor="base-actor-1",
    )
    by_id = {"talk": ids["talk"]["id"], "actor": ids["actor"]["id"], "role": "HOST", "attendance": "REPORTED"}
    by_key = {**by_id, "talk": "base-talk-1", "actor": "base-actor-1"}
    shown = "participation { id key talk { key } actor { key } }"
    made = house.done("addParticipation", shown, input=by_id)
    assert made["key"] == "base-talk-1~base-actor-1~host"
    assert (made["talk"], made["actor"]) == ({"key": "base-talk-1"}, {"key": "base-actor-1"})
    taken = house.refused("createParticipation", input=by_key)
    assert taken == {"input": f"BAD_USER_INPUT: the participation {made['key']!r} exists already; update that one"}
    assert house.done("addParticipation", shown, input={**by_key, "role": "WITNESS"})["key"] == (
        "base-talk-1~base-actor-1~witness"
    )


def test_a_capital_letter_in_an_id_does_not_matter(house: House) -> None:
    made = house.create(Talk)
    assert house.done("updateTalk", id=made["id"], version=1, changes={"city": "Lyon"})["version"] == 2


def test_what_hangs_on_a_record_is_created_with_it(house: House) -> None:
    given = talk(
        house,
        participations=[
            {"actor": "base-actor-0", "role": "HOST", "attendance": "REPORTED", "citations": [{"source": SOURCE}]},
            {"actor": "base-actor-1", "role": "PARTY", "attendance": "EXPECTED"},
        ],
        milestones=[{"kind": "ANNOUNCED", "at": {"edtf": "2025-04-01"}}],
        codes=[{"scheme": "MEND", "code": "17"}],
    )
    made = house.done(
        "createTalk",
        """talk {
            key participations { nodes { key citations { totalCount } } } milestones { nodes { kind key } }
            codes { nodes { code } } citations { nodes { source { key } } }
        }""",
        input=given,
    )
    assert made == {
        "key": given["key"],
        "participations": {
            "nodes": [
                {"key": f"{given['key']}~base-actor-0~host", "citations": {"totalCount": 1}},
                {"key": f"{given['key']}~base-actor-1~party", "citations": {"totalCount": 0}},
            ]
        },
        "milestones": {"nodes": [{"kind": "ANNOUNCED", "key": f"talk~{given['key']}~announced~2025-04-01"}]},
        "codes": {"nodes": [{"code": "17"}]},
        "citations": {"nodes": [{"source": {"key": SOURCE}}]},
    }


def test_what_is_wrong_inside_a_record_is_told_with_its_path(house: House) -> None:
    found = house.refused(
        "createTalk",
        input=talk(
            house,
            country="France",
            starts={"text": "in a while", "anchor": "2025-04-01"},
            participations=[
                {"actor": "base-actor-0", "role": "HOST", "attendance": "REPORTED"},
                {"actor": "base-actr-1", "role": "PARTY", "attendance": "EXPECTED"},
                {"role": "PARTY", "attendance": "EXPECTED", "talk": "base-talk-0"},
            ],
            milestones=[{"kind": "MET", "at": {"edtf": "2025-04-01"}}],
        ),
    )
    assert found.keys() == {
        "input.country", "input.starts", "input.participations[1].actor", "input.participations[2].actor",
        "input.participations[2].talk",
    } | ({"input.milestones[0].kind"} & found.keys())  # fmt: skip
    assert "did you mean 'base-actor-1'?" in found["input.participations[1].actor"]
    assert "leave it out" in found["input.participations[2].talk"]


def test_a_field_that_must_be_there_cannot_be_taken_away(house: House) -> None:
    made = house.create(Talk)
    problem = house.refused("updateTalk", id=made["id"], version=1, changes={"title": None})["changes.title"]
    assert problem.startswith("BAD_USER_INPUT: it ")
    made = house.create(Citation)
    problems = house.refused("updateCitation", id=made["id"], version=1, changes={"record": None, "source": None})
    assert problems.keys() == {"changes.record", "changes.source"}


def test_a_period_cannot_be_turned_round(house: House) -> None:
    made = house.create(Talk)
    found = house.refused("updateTalk", id=made["id"], version=1, changes={"ends": {"edtf": "2024-01-01"}})
    assert found == {"changes.ends": "BAD_USER_INPUT: ends lies before starts; correct one of them"}


def test_null_in_what_is_new_is_the_same_as_nothing(house: House) -> None:
    made = house.done(
        "createActor", "actor { id key country aliases }", input=actor(house, country=None, aliases=None), reason=None
    )
    assert (made["country"], made["aliases"]) == (None, [])
    changes = {"country": "UA", "aliases": ["A"], "parent": None}
    house.done("updateActor", id=made["key"], version=1, changes=changes, reason=None)
    house.done("retractActor", id=made["id"], version=2, reason="Wrong")
    house.done("restoreActor", who="ada", id=made["id"], version=3, toVersion=None)
    dated = house.done(
        "createTalk", "talk { starts { edtf } }", input=talk(house, starts={"edtf": "2025-04", "text": None})
    )
    assert dated == {"starts": {"edtf": "2025-04"}}


def test_a_record_does_not_point_at_itself(house: House) -> None:
    made = house.done("createActor", "actor { id key }", input=actor(house))
    for name in (made["id"], made["key"]):
        found = house.refused("updateActor", id=made["id"], version=1, changes={"parent": name})
        assert found == {"changes.parent": "BAD_USER_INPUT: a record cannot point at itself"}
    given = actor(house)
    assert list(house.refused("createActor", input={**given, "parent": given["key"]})) == ["input.parent"]


def test_a_change_of_nothing_is_refused_and_one_to_the_same_writes_no_revision(house: House) -> None:
    made = house.create(Talk)
    assert list(house.refused("updateTalk", id=made["id"], version=1, changes={})) == ["changes"]
    before = house.count()
    given = {name: each for name, each in house.given(Talk, 0).items() if name != "citations"}
    assert house.done("updateTalk", id=made["id"], version=1, changes=given)["version"] == 1
    assert house.count() == before


# --- sources ---------------------------------------------------------------------------------------


def test_the_last_source_of_a_fact_cannot_go(house: House) -> None:
    made = house.done("createTalk", "talk { key id citations { nodes { id } } }", input=talk(house))
    (first,) = made["citations"]["nodes"]
    left = {None: f"BAD_USER_INPUT: the talk {made['key']!r} would be left without a source; cite one first"}
    assert house.refused("retractCitation", id=first["id"], version=1, reason="Wrong") == left
    assert house.refused("updateCitation", id=first["id"], version=1, changes={"stance": "DISPUTES"}) == left
    assert (
        house.refused("updateCitation", id=first["id"], version=1, changes={"record": {"talk": "base-talk-0"}}) == left
    )
    disputing = {"record": {"talk": made["key"]}, "source": "base-source-1", "stance": "DISPUTES"}
    house.done("cite", input=disputing)
    assert house.refused("retractCitation", id=first["id"], version=1, reason="Wrong") == left
    house.done("cite", input={"record": {"talk": made["key"]}, "source": "base-source-2"})
    house.done("retractCitation", id=first["id"], version=1, reason="Wrong")


def test_a_source_supports_disputes_and_retracts_a_record_or_a_field(house: House) -> None:
    made = house.done("createTalk", "talk { key id }", input=talk(house, city="Paris"))
    record = {"talk": made["key"]}
    shown = "citation { key stance field assertedValue record { key } source { key } }"
    said = [
        house.done("cite", shown, input={"record": record, "source": f"base-source-{place}", **more})
        for place, more in (
            (1, {"field": "city"}),
            (1, {"field": "title", "stance": "DISPUTES", "assertedValue": "Another"}),
            (2, {"stance": "RETRACTS"}),
        )
    ]
    joined = f"talk~{made['key']}~base-source-"
    assert [(each["key"], each["stance"], each["field"], each["assertedValue"]) for each in said] == [
        (f"{joined}1~city", "SUPPORTS", "city", None),
        (f"{joined}1~title~disputes", "DISPUTES", "title", "Another"),
        (f"{joined}2~retracts", "RETRACTS", None, None),
    ]
    cited = read(house, Talk, made["id"], "citations(orderBy: KEY_ASC) { nodes { stance field } }")["citations"]
    assert [each["stance"] for each in cited["nodes"]] == ["SUPPORTS", "SUPPORTS", "DISPUTES", "RETRACTS"]


def test_a_citation_is_about_a_field_that_there_is(house: House) -> None:
    given = {"record": {"talk": "base-talk-0"}, "source": "base-source-1", "field": "citty"}
    found = house.refused("cite", input=given)
    assert found == {"input.field": "BAD_USER_INPUT: talk has no field 'citty'; did you mean 'city'?"}
    made = house.create(Citation)
    found = house.refused("updateCitation", id=made["id"], version=1, changes={"field": "citty"})
    assert found == {"changes.field": "BAD_USER_INPUT: talk has no field 'citty'; did you mean 'city'?"}
    found = house.refused("updateCitation", id=made["id"], version=1, changes={"record": {"actor": "base-actor-0"}})
    assert list(found) == ["changes.field"]
    found = house.refused("cite", input={**given, "field": "city", "assertedValue": "Lyon"})
    assert list(found) == ["input.assertedValue"]


# --- one operation, one transaction ----------------------------------------------------------------


def test_a_later_mutation_sees_what_an_earlier_one_did(house: House) -> None:
    someone, meeting = actor(house), talk(house)
    meeting["participations"] = [{"actor": someone["key"], "role": "HOST", "attendance": "REPORTED"}]
    found = house.ask(
        """mutation($actor: ActorInput!, $talk: TalkInput!) {
            first: createActor(input: $actor) { actor { participations { totalCount } } problems { message } }
            second: createTalk(input: $talk) {
                talk { participations { nodes { actor { key } } } } problems { message }
            }
        }""",
        actor=someone,
        talk=meeting,
    )
    assert found == {
        "first": {"actor": {"participations": {"totalCount": 1}}, "problems": []},
        "second": {"talk": {"participations": {"nodes": [{"actor": {"key": someone["key"]}}]}}, "problems": []},
    }


def test_all_mutations_of_an_operation_are_done_or_none(house: House) -> None:
    someone, before = actor(house), house.count()
    found = house.ask(
        """mutation($actor: ActorInput!) {
            one: createActor(input: $actor) { actor { key } problems { code message } }
            two: retractTalk(id: "no-such-talk", version: 1, reason: "x") { talk { key } problems { code path } }
            three: retractTalk(id: "base-talk-0", version: 1, reason: "x") { talk { key } problems { code message } }
        }""",
        actor=someone,
    )
    undone = {"code": "NOT_DONE", "message": "nothing was done, since 'two' failed"}
    assert found == {
        "one": {"actor": None, "problems": [undone]},
        "two": {"talk": None, "problems": [{"code": "NOT_FOUND", "path": "id"}]},
        "three": {"talk": None, "problems": [undone]},
    }
    assert house.count() == before
    assert house.rows("select from actor where key = %s", someone["key"]) == []


def test_an_operation_changes_a_record_twice(house: House) -> None:
    made = house.create(Talk)
    found = house.ask(
        """mutation($id: ID!) {
            a: updateTalk(id: $id, version: 1, changes: {city: "Lyon"}) { talk { version city } }
            b: updateTalk(id: $id, version: 2, changes: {city: "Nice"}) { talk { version city } }
        }""",
        id=made["id"],
    )
    now = {"talk": {"version": 3, "city": "Nice"}}
    assert found == {"a": now, "b": now}
    assert [each["version"] for each in house.history(made["id"])] == [1, 2, 3]


def test_a_mutation_is_left_out_by_directives_and_asked_with_fragments(house: House) -> None:
    text = """
        mutation M($yes: Boolean!, $no: Boolean!, $id: ID!, $changes: TalkChanges!) {
            __typename
            skipped: updateTalk(id: $id, version: 1, changes: {city: "Nowhere"}) @skip(if: $yes) { problems { code } }
            left: updateTalk(id: $id, version: 1, changes: {city: "Nowhere"}) @include(if: $no) { problems { code } }
            ...Both
        }
        fragment Both on Mutation { done: updateTalk(id: $id, version: 1, changes: $changes) { ...Shown __typename } }
        fragment Shown on TalkPayload { again: talk { ... on Record { version } town: city } problems { code } }
    """
    made = house.create(Talk)
    assert house.ask(text, yes=True, no=False, id=made["id"], changes={"city": "Lyon", "venue": None}) == {
        "__typename": "Mutation",
        "done": {"again": {"version": 2, "town": "Lyon"}, "problems": [], "__typename": "TalkPayload"},
    }


def test_a_mutation_that_is_wholly_left_out_does_nothing(house: House) -> None:
    before = house.count()
    assert house.ask('mutation { retractTalk(id: "base-talk-0", version: 1, reason: "x") @skip(if: true) {'
                     " problems { code } } }") == {}  # fmt: skip
    assert house.count() == before


# --- who -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["createTalk", "retractTalk", "restoreTalk", "merge", "cite", "applyDossier"])
def test_without_a_key_nothing_is_done(house: House, command: str) -> None:
    given: dict[str, dict[str, Any]] = {
        "createTalk": {"input": talk(house)},
        "cite": {"input": {"record": {"talk": "base-talk-0"}, "source": SOURCE}},
        "merge": {"record": {"actor": "base-actor-0"}, "into": {"actor": "base-actor-1"}, "reason": "x"},
        "applyDossier": {"dossier": {}, "dryRun": True},
        "retractTalk": {"id": "base-talk-0", "version": 1, "reason": "x"},
        "restoreTalk": {"id": "base-talk-0", "version": 1},
    }
    assert house.refused(command, who="", **given[command]) == {
        None: f"UNAUTHENTICATED: {command} needs a key; send it as a Bearer token"
    }


def test_a_change_made_by_hand_is_recorded_too(house: House) -> None:
    made = house.create(Talk)
    (user,) = house.rows("update talk set city = 'Lyon' where id = %s returning current_user as name", made["id"])
    last = house.history(made["id"])[-1]
    assert (last["origin"], last["changed_by"], last["reason"]) == ("SQL", user["name"], None)
    assert last["changes"] == {"city": {"before": "city 0", "after": "Lyon"}}


# --- the verbs -------------------------------------------------------------------------------------


def test_a_milestone_moves_a_status(house: House) -> None:
    made = house.done("createTalk", "talk { key status }", input=talk(house, starts={"edtf": "2025-04-17"}))
    assert made["status"] == "OVERDUE"
    step = house.done(
        "recordMilestone",
        "milestone { kind subject { ... on Talk { status } } }",
        input={"subject": {"talk": made["key"]}, "kind": "CONCLUDED", "at": {"edtf": "2025-04-17"}},
    )
    assert step == {"kind": "CONCLUDED", "subject": {"status": "CONCLUDED"}}


def test_a_milestone_fits_its_subject(house: House) -> None:
    for subject, kind, words in (
        ({"talk": "base-talk-0"}, "RATIFIED", "talks have no milestone RATIFIED; possible: ANNOUNCED, SCHEDULED"),
        ({"deadline": "base-deadline-0"}, "OPENED", "deadlines have no milestone OPENED; possible: SET, TRIGGERED"),
        (
            {"actor": "base-actor-0"},
            "OPENED",
            "only talks, processes, agreements, provisions, deadlines and conditions have milestones",
        ),
    ):
        found = house.refused("recordMilestone", input={"subject": subject, "kind": kind, "at": {"edtf": "2025-04"}})
        assert words in found.pop("input.kind")
        assert found == {}
    made = house.create(Milestone)
    found = house.refused("updateMilestone", id=made["id"], version=1, changes={"kind": "RATIFIED", "due": None})
    assert list(found) == ["changes.kind"]


def deadline(house: House, **more: Any) -> Any:
    given = {
        "key": house.key_of(Deadline), "title": "An answer", "subject": {"talk": "base-talk-0"}, "hardness": "HARD",
        "due": {"edtf": "2030-04-20"}, "anchor": "2030-04-01", "citations": [{"source": SOURCE}],
    }  # fmt: skip
    return house.done("setDeadline", "deadline { id key }", input={**given, **more})


DEADLINE = "status daysRemaining { min max } extensions { due { edtf } }"


def at(house: House, key: str, day: str) -> Any:
    return house.ask(
        f"query($key: String!, $day: DateTime!) {{ deadline(by: {{key: $key}}, asOf: $day) {{ {DEADLINE} }} }}",
        key=key,
        day=day,
    )["deadline"]


def test_a_deadline_is_set_extended_and_resolved(house: House) -> None:
    made = deadline(house)
    assert at(house, made["key"], "2030-04-19") == {
        "status": "DUE_SOON", "daysRemaining": {"min": 1, "max": 1}, "extensions": [],
    }  # fmt: skip
    step = {"deadline": made["key"], "at": {"edtf": "2030-04-18"}}
    given = {**step, "due": {"edtf": "2030-05-20/2030-05-22"}, "actor": "base-actor-0", "note": "Asked for"}
    shown = "milestone { id kind note actor { key } due { edtf } subject { key } citations { totalCount } }"
    moved = house.done("extendDeadline", shown, **given, citations=[{"source": SOURCE}], reason="They asked")
    assert {name: each for name, each in moved.items() if name != "id"} == {
        "kind": "EXTENDED", "note": "Asked for", "actor": {"key": "base-actor-0"},
        "due": {"edtf": "2030-05-20/2030-05-22"}, "subject": None, "citations": {"totalCount": 1},
    } | {"subject": moved["subject"]}  # fmt: skip
    assert house.history(moved["id"])[0]["reason"] == "They asked"
    assert at(house, made["key"], "2030-04-19") == {
        "status": "PENDING", "daysRemaining": {"min": 31, "max": 33}, "extensions": [{"due": given["due"]}],
    }  # fmt: skip
    resolved = {**step, "at": {"edtf": "2030-05-01"}, "resolution": "MET"}
    assert house.done("resolveDeadline", "milestone { kind }", **{**resolved, "deadline": made["id"]}) == {
        "kind": "MET"
    }
    assert at(house, made["key"], "2030-05-02")["status"] == "MET"
    assert at(house, made["key"], "2030-04-30")["status"] == "PENDING"


def test_a_step_of_a_deadline_tells_what_is_wrong_by_argument(house: House) -> None:
    given: dict[str, Any] = {"deadline": "no-such-deadline", "due": {"edtf": "soon"}, "at": {"edtf": "2025-13"}}
    assert house.refused("extendDeadline", **given).keys() == {"deadline", "due", "at"}
    given = {"deadline": "base-deadline-0", "resolution": "WAIVED", "at": {"edtf": "2025-04"}}
    assert house.refused("resolveDeadline", **given, citations=[{"source": "none"}]).keys() == {"citations[0].source"}


def test_signatures_and_codes(house: House) -> None:
    signed = {"agreement": "base-agreement-1", "actor": "base-actor-1", "capacity": "PARTY"}
    made = house.done(
        "addSignature",
        "signature { key agreement { signedOn } }",
        input={**signed, "signed": {"edtf": "2025-04-30"}},
    )
    # Of one party alone it is not known whether all have signed.
    assert made == {"key": "base-agreement-1~base-actor-1", "agreement": {"signedOn": None}}
    given = {"record": {"actor": "base-actor-1"}, "scheme": "WIKIDATA", "code": "Q212"}
    shown = "code { key match record { key codes { nodes { code } } } }"
    assert house.done("assignCode", shown, input=given) == {
        "key": "wikidata~q212~actor~base-actor-1",
        "match": "EXACT",
        "record": {"key": "base-actor-1", "codes": {"nodes": [{"code": "Q212"}]}},
    }
    assert list(house.refused("assignCode", input=given)) == ["input"]


# --- merging ---------------------------------------------------------------------------------------


def merged(house: House, one: str, into: str, type_: str = "actor", fields: str = "record { id key version }") -> Any:
    return house.done("merge", fields, who="ada", record={type_: one}, into={type_: into}, reason="The same")


def not_merged(house: House, one: dict[str, str], into: dict[str, str]) -> dict[str | None, str]:
    return house.refused("merge", who="ada", record=one, into=into, reason="The same")


def someone(house: House, **more: Any) -> Any:
    return house.done("createActor", "actor { id key }", input=actor(house, **more))


def test_everything_that_points_at_a_record_points_at_the_one_it_is_merged_into(house: House) -> None:
    old, new, third = someone(house), someone(house), someone(house)
    member = someone(house, parent=old["key"])
    house.done("updateActor", id=new["id"], version=1, changes={"parent": old["key"]})
    said = house.done(
        "createStatement",
        "statement { id }",
        input={
            "key": house.key_of(Statement), "speaker": old["key"], "attribution": "PARAPHRASE", "summary": "Said",
            "said": {"edtf": "2025-04-01"}, "addressees": [third["key"], old["key"], new["key"]],
            "citations": [{"source": SOURCE}],
        },
    )  # fmt: skip
    for each in (old, new):
        house.done("createOffice", input={"person": each["key"], "actor": "base-actor-0", "title": "Envoy"})
        house.done("cite", input={"record": {"actor": each["key"]}, "source": SOURCE})
        house.done("assignCode", input={"record": {"actor": each["key"]}, "scheme": "COW", "code": "2"})
        house.done(
            "createPosition",
            input={
                "actor": each["key"], "issue": "base-issue-0", "process": "base-process-0", "stance": "ACCEPTS",
                "held": {"edtf": "2025-04-01"}, "citations": [{"source": SOURCE}],
            },
        )  # fmt: skip
    moment = house.rows("select max(at) as moment from revision")[0]["moment"].isoformat()
    fields = """
        key parent { key } members { nodes { key } } statements { nodes { id speaker { key } addressees { key } } }
        offices { totalCount } citations { totalCount } codes { totalCount } positions { totalCount }
        mergedInto { key } retractedAt
    """
    own = {"id": new["id"], "key": new["key"]}
    assert {name: each for name, each in merged(house, old["key"], new["key"]).items() if name != "version"} == own
    now = read(house, Actor, new["id"], fields)
    assert now == {
        **own, "version": now["version"], "retractedAt": None, "parent": None,
        "members": {"nodes": [{"key": member["key"]}]},
        "statements": {
            "nodes": [
                {"id": said["id"], "speaker": {"key": new["key"]}, "addressees": [{"key": third["key"]},
                 {"key": new["key"]}]}
            ]
        },
        "offices": {"totalCount": 2}, "citations": {"totalCount": 2}, "codes": {"totalCount": 2},
        "positions": {"totalCount": 2}, "mergedInto": None,
    }  # fmt: skip
    for by in (old["id"], old["key"]):
        assert read(house, Actor, by, fields) == now
    text = "query($id: ID!) { node(id: $id) { id } nodes(ids: [$id]) { id } }"
    assert house.ask(text, "", id=old["id"]) == {"node": {"id": new["id"]}, "nodes": [{"id": new["id"]}]}
    assert old["id"] not in listed(house, Actor)
    before = house.ask(
        f"""query($one: ID!, $other: ID!, $then: DateTime!) {{
            one: actor(by: {{id: $one}}, knownAt: $then) {{ id {fields} }}
            other: actor(by: {{id: $other}}, knownAt: $then) {{ id {fields} }}
        }}""",
        "",
        one=old["id"],
        other=new["id"],
        then=moment,
    )
    assert (before["one"]["id"], before["other"]["id"]) == (old["id"], new["id"])
    assert (before["one"]["retractedAt"], before["one"]["offices"], before["other"]["offices"]) == (
        None, {"totalCount": 1}, {"totalCount": 1},
    )  # fmt: skip
    assert [each["key"] for each in before["one"]["statements"]["nodes"][0]["addressees"]] == [
        third["key"], old["key"], new["key"],
    ]  # fmt: skip
    last = house.history(old["id"])[-1]
    assert (last["action"], last["changed_by"], last["reason"], last["origin"]) == (
        "MERGE", "ada", "The same", "MUTATION",
    )  # fmt: skip


def test_merges_one_after_another_lead_to_the_last(house: House) -> None:
    first, second, third = someone(house), someone(house), someone(house)
    merged(house, first["key"], second["key"])
    merged(house, second["id"], third["key"])
    for each in (first, second, third):
        assert read(house, Actor, each["key"])["id"] == third["id"]
        assert read(house, Actor, each["id"])["id"] == third["id"]
    assert house.done("updateActor", "actor { key name }", id=first["key"], version=1, changes={"name": "Now"}) == {
        "key": third["key"], "name": "Now",
    }  # fmt: skip


def test_what_names_a_merged_record_means_the_one_it_was_merged_into(house: House) -> None:
    old, new = someone(house), someone(house)
    merged(house, old["key"], new["key"])
    for name in (old["key"], old["id"]):
        given = {"key": house.key_of(Office), "person": name, "actor": "base-actor-0", "title": "Envoy"}
        made = house.done("createOffice", "office { person { key } }", input=given)
        assert made == {"person": {"key": new["key"]}}


def test_what_cannot_be_merged(house: House) -> None:
    one, other, gone = someone(house), someone(house), someone(house)
    house.done("retractActor", id=gone["id"], version=1, reason="Wrong")
    assert "both are the actor" in not_merged(house, {"actor": one["key"]}, {"actor": one["id"]})["into"]
    assert (
        "can only be merged into another" in not_merged(house, {"actor": one["key"]}, {"talk": "base-talk-0"})["into"]
    )
    assert "is retracted; restore it first" in not_merged(house, {"actor": one["key"]}, {"actor": gone["key"]})["into"]
    assert not_merged(house, {"actor": "nobody"}, {"actor": one["key"]}) == {
        "record": "NOT_FOUND: no Actor has the key 'nobody'"
    }
    merged(house, one["key"], other["key"])
    assert "was merged already" in not_merged(house, {"actor": one["key"]}, {"actor": "base-actor-0"})["record"]
    # What was merged stands for the record it was merged into.
    assert "both are" in not_merged(house, {"actor": other["key"]}, {"actor": one["key"]})["into"]
    found = house.refused("merge", who="ada", record={"actor": other["key"]}, into={"actor": "base-actor-0"}, reason="")
    assert list(found) == ["reason"]


def test_a_retracted_record_is_merged_too(house: House) -> None:
    gone, new = someone(house), someone(house)
    house.done("retractActor", id=gone["id"], version=1, reason="Wrong")
    merged(house, gone["key"], new["key"])
    assert read(house, Actor, gone["key"])["id"] == new["id"]


def test_a_merge_is_undone_by_a_restore(house: House) -> None:
    """What was taken from the record goes back to it, but for what somebody has changed since."""
    old, new, third = someone(house), someone(house), someone(house)
    said = {"person": old["key"], "actor": "base-actor-0"}
    for title in ("First", "Second"):
        house.done("createOffice", input={**said, "title": title})
    spoken = house.create(Statement, addressees=[third["key"], old["key"], new["key"]], speakers=[old["key"]])
    house.done("updateActor", id=new["id"], version=1, changes={"parent": old["key"]})
    merged(house, old["key"], new["key"])
    merged(house, new["key"], third["key"])
    office = house.ask(
        "query($key: String!) { actor(by: {key: $key}) { offices { nodes { id title version } } } }", key=third["key"]
    )["actor"]["offices"]["nodes"][1]
    house.done("updateOffice", id=office["id"], version=office["version"], changes={"person": "base-actor-1"})
    back = house.done(
        "restoreActor",
        "actor { id mergedInto { key } retractedAt offices { nodes { title } } statements { nodes { key } } }",
        who="ada",
        id=old["id"],
        version=house.history(old["id"])[-1]["version"],
    )
    assert back == {
        "id": old["id"], "mergedInto": None, "retractedAt": None, "offices": {"nodes": [{"title": "First"}]},
        "statements": {"nodes": [{"key": spoken["key"]}]},
    }  # fmt: skip
    assert house.history(old["id"])[-1]["action"] == "RESTORE"
    assert read(house, Actor, old["key"])["id"] == old["id"]


def test_a_fact_that_was_merged_comes_back_with_its_sources(house: House) -> None:
    old, new = (house.done("createTalk", "talk { id key }", input=talk(house)) for _ in range(2))
    merged(house, old["key"], new["key"], "talk")
    back = house.done("restoreTalk", "talk { citations { totalCount } }", who="ada", id=old["id"], version=2)
    assert back == {"citations": {"totalCount": 1}}
    assert read(house, Talk, new["id"], "citations { totalCount }")["citations"] == {"totalCount": 1}


def test_an_earlier_version_comes_back_with_what_its_records_were_merged_into(house: House) -> None:
    old, new = someone(house), someone(house)
    said = house.create(Statement, addressees=[new["key"], old["key"]], speakers=[old["key"]])
    merged(house, old["key"], new["key"])
    (version,) = (each["version"] for each in house.history(said["id"])[-1:])
    shown = "statement { speaker { key } addressees { key } }"
    back = house.done("restoreStatement", shown, who="ada", id=said["id"], version=version, toVersion=1)
    assert back == {"speaker": {"key": new["key"]}, "addressees": [{"key": new["key"]}]}


def test_the_version_that_was_merged_does_not_come_back(house: House) -> None:
    old, new = someone(house), someone(house)
    merged(house, old["key"], new["key"])
    house.done("restoreActor", who="ada", id=old["id"], version=2)
    found = house.refused("restoreActor", who="ada", id=old["id"], version=3, toVersion=2)
    assert found == {"toVersion": "BAD_USER_INPUT: in version 2 it was merged into another; merge it anew"}


def test_the_last_source_of_a_fact_is_not_merged_away(house: House) -> None:
    made = house.done("createTalk", "talk { key citations { nodes { key } } }", input=talk(house))
    ((citation),) = made["citations"]["nodes"]
    found = not_merged(house, {"citation": citation["key"]}, {"citation": "base-citation-0"})
    assert "would be left without a source" in found[None]


def test_a_merge_needs_an_admin(house: House) -> None:
    found = house.do("merge", "record { key }", record={"actor": "base-actor-0"}, into={"actor": "base-actor-1"},
                     reason="x")  # fmt: skip
    assert found["record"] is None
    assert found["proposal"] is not None


# --- dossiers --------------------------------------------------------------------------------------


REPORT = "created updated unchanged leftAlone report { type key action why changes { field before after } }"


def apply(house: House, dossier: Any, **more: Any) -> Any:
    payload = house.do("applyDossier", REPORT, dossier=dossier, **more)
    assert payload["problems"] == []
    return payload


def test_a_dossier_is_tried_then_applied_then_changes_nothing(house: House) -> None:
    known, new = house.create(Talk), talk(house, city="Lyon")
    dossier = {
        "talks": [
            {**new, "citations": [SOURCE]},
            {"key": known["key"], "title": "title 0", "city": "Nice", "citations": [SOURCE]},
        ]
    }
    before = house.count()
    tried = apply(house, dossier, dryRun=True)
    assert house.count() == before
    rows = {row["key"]: row for row in tried["report"] if row["type"] == "talk"}
    assert rows[known["key"]]["action"] == "UPDATED"
    assert {"field": "city", "before": "city 0", "after": "Nice"} in rows[known["key"]]["changes"]
    assert rows[new["key"]]["action"] == "CREATED"
    assert {"field": "city", "before": None, "after": "Lyon"} in rows[new["key"]]["changes"]
    applied = apply(house, dossier, reason="An article")
    assert without_ids(applied["report"]) == without_ids(tried["report"])
    assert (applied["created"], applied["updated"]) == (tried["created"], tried["updated"])
    last = house.history(known["id"])[-1]
    assert (last["origin"], last["changed_by"], last["reason"]) == ("DOSSIER", "kurt", "An article")
    before = house.count()
    again = apply(house, dossier)
    assert {row["action"] for row in again["report"]} == {"UNCHANGED"}
    assert [row["changes"] for row in again["report"]] == [[]] * again["unchanged"]
    assert house.count() == before


def without_ids(report: Any) -> Any:
    """A trial gives new records ids that they do not keep."""
    return [
        {**row, "changes": [each for each in row["changes"] if each["field"] not in ("id", "record", "source")]}
        for row in report
    ]


def test_a_dossier_leaves_alone_what_was_retracted_or_merged(house: House) -> None:
    gone, old, new = house.create(Talk), someone(house), someone(house)
    house.done("retractTalk", id=gone["id"], version=1, reason="Wrong")
    merged(house, old["key"], new["key"])
    before = house.count()
    found = apply(
        house,
        {
            "talks": [{"key": gone["key"], "title": "Another", "citations": [SOURCE]}],
            "actors": [{"key": old["key"], "name": "Another", "kind": "STATE"}],
        },
    )
    told = {row["key"]: (row["action"], row["why"]) for row in found["report"] if row["type"] != "citation"}
    assert told == {
        gone["key"]: ("LEFT_ALONE", "it is retracted"),
        old["key"]: ("LEFT_ALONE", "it was merged into another record"),
    }
    talk_changes = house.history(gone["id"])
    assert [each["action"] for each in talk_changes] == ["CREATE", "RETRACT"]
    assert read(house, Actor, new["key"], "name")["name"] == "Somebody"
    assert house.count() - before <= 1


def test_all_that_is_wrong_in_a_dossier_is_told_by_its_path(house: House) -> None:
    found = house.refused(
        "applyDossier",
        dossier={
            "talks": [{"key": "Capital", "title": "x", "citations": [SOURCE]}, {"key": house.key_of(Talk)}],
            "actors": [{"key": house.key_of(Actor), "name": "X", "kind": "STAT"}],
        },
    )
    assert found.keys() == {"actors[0].kind", "talks[0].key", "talks[1].title", "talks[1].citations"}
    assert list(house.refused("applyDossier", dossier={"talk": []})) == ["talk"]
    assert house.refused("applyDossier", dossier=[1]).keys() <= {"dossier", None}


def test_a_dossier_in_the_middle_of_an_operation_sees_and_is_seen(house: House) -> None:
    one, two = actor(house), talk(house)
    two |= {"citations": [SOURCE], "participations": [{"actor": one["key"], "role": "HOST", "attendance": "REPORTED"}]}
    found = house.ask(
        """mutation($actor: ActorInput!, $dossier: JSON!) {
            a: createActor(input: $actor) { actor { participations { totalCount } } }
            b: applyDossier(dossier: $dossier) { created problems { message } }
        }""",
        actor=one,
        dossier={"talks": [two]},
    )
    assert found == {
        "a": {"actor": {"participations": {"totalCount": 1}}}, "b": {"created": 3, "problems": []},
    }  # fmt: skip


# --- once ------------------------------------------------------------------------------------------


def test_a_mutation_with_an_idempotency_key_is_done_once(house: House) -> None:
    given, before = actor(house), house.count()
    first = house.do("createActor", once="abc", input=given)
    assert house.do("createActor", once="abc", input=given) == first
    assert first["actor"]["key"] == given["key"]
    assert house.count() == before + 1


# --- sources that are withdrawn ------------------------------------------------------------------


def test_a_source_on_which_a_fact_rests_alone_is_not_retracted(house: House) -> None:
    house.done("createSource", input={"key": "only-source"})
    talk = {"key": "rests-on-one", "title": "Rests", "citations": [{"source": "only-source"}]}
    house.done("createTalk", input=talk)

    refused = house.refused("retractSource", id="only-source", version=1, reason="withdrawn by its publisher")
    assert "the talk 'rests-on-one' would be left without a source" in refused[None]

    house.done("cite", input={"record": {"talk": "rests-on-one"}, "source": "base-source-0"})
    house.done("retractSource", id="only-source", version=1, reason="withdrawn by its publisher")
    refused = house.refused("createTalk", input={**talk, "key": "rests-on-none"})
    assert list(refused) == ["input.citations"]
