"""Proposals: what a contributor asks for, what a curator makes of it, and what is written of both."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from schema.commands import transaction
from schema.records.actors.actor import Actor
from schema.records.agreements.agreement import Agreement
from schema.records.talks.talk import Talk
from tests.conftest import new_database
from tests.support.curation import House, house_at

SOURCE = "base-source-0"

FIELDS = """
    id status isOutdated operations { command arguments }
    changes { type key action record { key } changes { field before after } }
    reason proposedBy proposedAt decidedBy decidedAt decisionReason comments { text writtenBy }
"""


@pytest.fixture(scope="module")
def house(postgres: str, template_url: str) -> Iterator[House]:
    """One for all tests: each proposes changes of its own records."""
    with new_database(postgres, template_url) as url, house_at(url) as house:
        house.furnish()
        yield house


@pytest.fixture(scope="module")
def strict(house: House) -> Iterator[House]:
    """The same database, at a server where curators' changes are looked at by another one."""
    with house_at(house.url, house.keys, review_curators=True) as strict:
        yield strict


def propose(house: House, command: str, who: str = "carla", **arguments: Any) -> str:
    """The id of the proposal that a command becomes. Nothing is changed."""
    before = house.count()
    payload = house.do(command, who=who, **arguments)
    assert payload["problems"] == []
    assert {name for name, each in payload.items() if each} == {"proposal"}
    assert house.count() == before
    return str(payload["proposal"]["id"])


def read(house: House, uuid: str, who: str = "kurt", fields: str = FIELDS) -> Any:
    """A proposal as somebody reads it, None where there is none for them."""
    told = house.send(f"query($id: ID!) {{ proposal(id: $id) {{ {fields} }} }}", who, id=uuid).json()
    return told["data"]["proposal"]


def decided(house: House, verb: str, uuid: str, who: str = "kurt", **more: Any) -> Any:
    """What came of a decision: the proposal, after there was no problem."""
    payload = house.do(f"{verb}Proposal", who=who, id=uuid, **more)
    assert payload["problems"] == []
    return read(house, uuid, who)


def refused(house: House, verb: str, uuid: str, who: str = "kurt", **more: Any) -> str:
    """Code and message of the one problem of a decision that cannot be taken."""
    status = read(house, uuid)["status"]
    ((_, said),) = house.refused(f"{verb}Proposal", who=who, id=uuid, **more).items()
    assert read(house, uuid)["status"] == status
    return said


def change_of(house: House, who: str = "carla") -> tuple[Any, str]:
    """A talk, and a proposal to change it."""
    made = house.create(Talk)
    return made, propose(house, "updateTalk", who, id=made["id"], version=1, changes={"city": "Lyon"}, reason="Seen")


def city(house: House, uuid: str) -> Any:
    return house.ask("query($id: ID!) { talk(by: {id: $id}) { city } }", "", id=uuid)["talk"]["city"]


# --- proposing -------------------------------------------------------------------------------------


def test_a_proposal_says_what_who_why_and_what_would_change(house: House) -> None:
    made, uuid = change_of(house)
    found = read(house, uuid)
    assert found.pop("proposedAt") is not None
    assert found == {
        "id": uuid, "status": "PENDING", "isOutdated": False, "reason": "Seen", "proposedBy": "carla",
        "operations": [
            {
                "command": "updateTalk",
                "arguments": {"id": made["id"], "version": 1, "changes": {"city": "Lyon"}, "reason": "Seen"},
            }
        ],
        "changes": [
            {
                "type": "talk", "key": made["key"], "action": "UPDATE", "record": {"key": made["key"]},
                "changes": [{"field": "city", "before": "city 0", "after": "Lyon"}],
            }
        ],
        "decidedBy": None, "decidedAt": None, "decisionReason": None, "comments": [],
    }  # fmt: skip
    assert city(house, made["id"]) == "city 0"


def test_a_proposal_of_something_new_shows_all_that_it_would_say(house: House) -> None:
    key = house.key_of(Actor)
    uuid = propose(house, "createActor", input={"key": key, "name": "Somebody", "kind": "STATE"})
    (change,) = read(house, uuid)["changes"]
    assert (change["type"], change["key"], change["action"], change["record"]) == ("actor", key, "CREATE", None)
    said = {each["field"]: each["after"] for each in change["changes"]}
    assert (said["name"], said["kind"]) == ("Somebody", "STATE")
    assert all(each["before"] is None for each in change["changes"])


def test_several_mutations_become_one_proposal(house: House) -> None:
    someone, talk = house.key_of(Actor), house.create(Talk)
    before = house.count()
    found = house.ask(
        """mutation($actor: ActorInput!, $part: ParticipationInput!) {
            a: createActor(input: $actor, reason: "New") { actor { key } proposal { id } problems { code } }
            b: addParticipation(input: $part, reason: "Was there") { proposal { id status } problems { code } }
        }""",
        "carla",
        actor={"key": someone, "name": "Somebody", "kind": "STATE"},
        part={"talk": talk["key"], "actor": someone, "role": "HOST", "attendance": "REPORTED"},
    )
    uuid = found["a"]["proposal"]["id"]
    assert found == {
        "a": {"actor": None, "proposal": {"id": uuid}, "problems": []},
        "b": {"proposal": {"id": uuid, "status": "PENDING"}, "problems": []},
    }
    assert house.count() == before
    told = read(house, uuid)
    assert [each["command"] for each in told["operations"]] == ["createActor", "addParticipation"]
    assert [each["action"] for each in told["changes"]] == ["CREATE", "CREATE"]
    assert told["reason"] == "New; Was there"
    decided(house, "approve", uuid)
    shown = "query($key: String!) { actor(by: {key: $key}) { participations { nodes { role } } } }"
    assert house.ask(shown, "", key=someone) == {"actor": {"participations": {"nodes": [{"role": "HOST"}]}}}


def test_what_cannot_be_done_is_not_proposed(house: House) -> None:
    made = house.create(Talk)
    (before,) = house.rows("select count(*) as proposals from proposal")
    problems = house.refused("updateTalk", who="carla", id=made["id"], version=1, changes={"country": "France"})
    assert list(problems) == ["changes.country"]
    assert house.refused("updateTalk", who="carla", id=made["id"], version=7, changes={"city": "x"})[None].startswith(
        "CONFLICT"
    )
    assert house.refused("retractTalk", who="carla", id="none", version=7, reason="x")["id"].startswith("NOT_FOUND")
    found = house.ask(
        """mutation($id: ID!) {
            a: updateTalk(id: $id, version: 1, changes: {city: "Lyon"}) { proposal { id } problems { code } }
            b: retractTalk(id: "none", version: 1, reason: "x") { proposal { id } problems { code } }
        }""",
        "carla",
        id=made["id"],
    )
    assert found == {
        "a": {"proposal": None, "problems": [{"code": "NOT_DONE"}]},
        "b": {"proposal": None, "problems": [{"code": "NOT_FOUND"}]},
    }
    assert house.rows("select count(*) as proposals from proposal") == [before]


def test_a_contributor_tries_a_dossier_without_proposing_it(house: House) -> None:
    (before,) = house.rows("select count(*) as proposals from proposal")
    dossier = {"actors": [{"key": house.key_of(Actor), "name": "Somebody", "kind": "STATE"}]}
    found = house.do("applyDossier", "created report { action }", who="carla", dossier=dossier, dryRun=True)
    assert found == {"created": 1, "report": [{"action": "CREATED"}], "proposal": None, "problems": []}
    assert house.rows("select count(*) as proposals from proposal") == [before]
    uuid = propose(house, "applyDossier", dossier=dossier)
    decided(house, "approve", uuid)
    key = dossier["actors"][0]["key"]
    (row,) = house.rows("select id::text from actor where key = %s", key)
    assert house.history(row["id"])[0]["origin"] == "PROPOSAL"


def test_a_proposal_with_an_idempotency_key_is_made_once(house: House) -> None:
    made = house.create(Talk)
    given = {"id": made["id"], "version": 1, "changes": {"city": "Lyon"}}
    first = house.do("updateTalk", who="carla", once="once", **given)
    assert house.do("updateTalk", who="carla", once="once", **given) == first
    found = house.rows("select id::text from proposal where bases ? %s", made["id"])
    assert [each["id"] for each in found] == [first["proposal"]["id"]]
    # Of another caller it is another key.
    assert house.do("updateTalk", who="claus", once="once", **given) != first


# --- who sees what ---------------------------------------------------------------------------------


def test_a_contributor_sees_only_proposals_of_ones_own(house: House) -> None:
    _, uuid = change_of(house, "claus")
    listed = "{ proposals(first: 100) { nodes { id proposedBy } totalCount } }"
    assert read(house, uuid, "claus")["id"] == uuid
    assert read(house, uuid, "carla") is None
    for who in ("kurt", "ada", "claus"):
        assert uuid in [each["id"] for each in house.ask(listed, who)["proposals"]["nodes"]]
    own = house.ask(listed, "carla")["proposals"]["nodes"]
    assert {each["proposedBy"] for each in own} <= {"carla"}
    for text in (listed, f'{{ proposal(id: "{uuid}") {{ id }} }}', "{ talks { totalCount } proposals { totalCount } }"):
        (error,) = house.send(text, "").json()["errors"]
        assert error["extensions"]["code"] == "UNAUTHENTICATED"


def test_proposals_are_filtered(house: House) -> None:
    _, uuid = change_of(house, "claus")
    decided(house, "reject", uuid, reason="No")
    text = """{ proposals(filter: {status: {eq: REJECTED}, proposedBy: {eq: "claus"}, isOutdated: {eq: false}}) {
        nodes { id }
    } }"""
    assert uuid in [each["id"] for each in house.ask(text)["proposals"]["nodes"]]


def test_a_proposal_is_talked_about(house: House) -> None:
    _, uuid = change_of(house)
    for who, text in (("kurt", "Which source?"), ("carla", "The second"), ("ada", "I see")):
        assert house.do("commentOnProposal", who=who, id=uuid, text=text)["problems"] == []
    assert read(house, uuid)["comments"] == [
        {"text": "Which source?", "writtenBy": "kurt"}, {"text": "The second", "writtenBy": "carla"},
        {"text": "I see", "writtenBy": "ada"},
    ]  # fmt: skip
    assert house.refused("commentOnProposal", who="claus", id=uuid, text="Me too")["id"].startswith("NOT_FOUND")
    assert list(house.refused("commentOnProposal", id=uuid, text="")) == ["text"]
    assert None in house.refused("commentOnProposal", who="", id=uuid, text="x")


# --- deciding --------------------------------------------------------------------------------------


def test_what_is_approved_is_done_in_the_name_of_who_proposed_it(house: House) -> None:
    made, uuid = change_of(house)
    found = decided(house, "approve", uuid, reason="Right")
    assert (found["status"], found["decidedBy"], found["decisionReason"]) == ("APPROVED", "kurt", "Right")
    assert found["decidedAt"] is not None
    assert not found["isOutdated"]
    last = house.history(made["id"])[-1]
    del last["changes"], last["at"], last["action"]
    assert last == {
        "version": 2, "changed_by": "carla", "approved_by": "kurt", "origin": "PROPOSAL", "proposal_id": uuid,
        "reason": "Seen",
    }  # fmt: skip
    text = "query($id: ID!) { talk(by: {id: $id}) { revisions(first: 1) { nodes { approvedBy proposalId origin } } } }"
    assert house.ask(text, "", id=made["id"])["talk"]["revisions"]["nodes"] == [
        {"approvedBy": "kurt", "proposalId": uuid, "origin": "PROPOSAL"}
    ]
    assert city(house, made["id"]) == "Lyon"


def test_what_is_rejected_is_not_done_and_the_reason_is_kept(house: House) -> None:
    made, uuid = change_of(house)
    (error,) = house.send("mutation($id: ID!) { rejectProposal(id: $id) { __typename } }", id=uuid).json()["errors"]
    assert "rejectProposal(reason:)" in error["message"]
    assert refused(house, "reject", uuid, reason="").startswith("BAD_USER_INPUT: it is empty")
    found = decided(house, "reject", uuid, reason="No source")
    assert (found["status"], found["decidedBy"], found["decisionReason"]) == ("REJECTED", "kurt", "No source")
    assert city(house, made["id"]) == "city 0"
    assert read(house, uuid, "carla")["decisionReason"] == "No source"


def test_a_proposal_is_taken_back_by_who_made_it(house: House) -> None:
    _, uuid = change_of(house)
    assert refused(house, "withdraw", uuid, "claus").startswith("NOT_FOUND")
    assert refused(house, "withdraw", uuid, "kurt").startswith("NOT_ALLOWED")
    assert decided(house, "withdraw", uuid, "carla")["status"] == "WITHDRAWN"


def test_a_proposal_is_decided_on_once(house: House) -> None:
    for verb, who, more in (("approve", "kurt", {}), ("reject", "kurt", {"reason": "x"}), ("withdraw", "carla", {})):
        _, uuid = change_of(house)
        status = decided(house, verb, uuid, who, **more)["status"]
        for again, other, given in (
            ("approve", "kira", {}),
            ("reject", "ada", {"reason": "x"}),
            ("withdraw", "carla", {}),
        ):
            said = refused(house, again, uuid, other, **given)
            assert said == f"BAD_USER_INPUT: the proposal is {status} already, by {who}"


@pytest.mark.parametrize(("verb", "more"), [("approve", {}), ("reject", {"reason": "x"})])
def test_a_contributor_does_not_decide(house: House, verb: str, more: dict[str, Any]) -> None:
    _, uuid = change_of(house)
    for who in ("carla", "claus"):
        assert refused(house, verb, uuid, who, **more).startswith("NOT_ALLOWED")
    assert refused(house, verb, uuid, "", **more).startswith("UNAUTHENTICATED")


def test_a_decision_stands_in_no_operation_of_a_contributor(house: House) -> None:
    made, uuid = change_of(house)
    found = house.ask(
        """mutation($id: ID!, $proposal: ID!) {
            a: updateTalk(id: $id, version: 1, changes: {city: "Nice"}) { problems { code } }
            b: withdrawProposal(id: $proposal) { problems { code } }
        }""",
        "carla",
        id=made["id"],
        proposal=uuid,
    )
    assert found == {"a": {"problems": [{"code": "NOT_DONE"}]}, "b": {"problems": [{"code": "NOT_ALLOWED"}]}}
    assert read(house, uuid)["status"] == "PENDING"


def test_what_is_no_proposal_is_not_found(house: House) -> None:
    for uuid in ("0196b000-0000-7000-8000-000000000000", "nothing"):
        assert house.refused("approveProposal", id=uuid) == {"id": f"NOT_FOUND: no proposal has the id {uuid!r}"}


# --- what has changed since ------------------------------------------------------------------------


def outdated(house: House, uuid: str, by: str = "kurt") -> None:
    assert read(house, uuid, fields="isOutdated") == {"isOutdated": True}
    before = house.count()
    (problem,) = house.do("approveProposal", id=uuid)["problems"]
    assert (problem["code"], problem["changedBy"]) == ("CONFLICT", by)
    assert problem["changedAt"] is not None
    assert house.count() == before
    assert read(house, uuid)["status"] == "PENDING"


def test_a_proposal_for_a_record_that_has_changed_since_is_not_applied(house: House) -> None:
    made, uuid = change_of(house)
    house.done("updateTalk", id=made["id"], version=1, changes={"venue": "Another"})
    outdated(house, uuid)
    assert city(house, made["id"]) == "city 0"
    assert decided(house, "reject", uuid, reason="Too late")["isOutdated"] is False


def test_nor_is_one_for_what_it_says_something_of(house: House) -> None:
    for command, given in (
        ("cite", {"source": "base-source-1", "stance": "DISPUTES", "field": "city"}),
        ("recordMilestone", {"kind": "CONCLUDED", "at": {"edtf": "2025-04-01"}}),
        ("assignCode", {"scheme": "MEND", "code": "1"}),
    ):
        made = house.create(Talk)
        about = "subject" if command == "recordMilestone" else "record"
        uuid = propose(house, command, input={about: {"talk": made["key"]}, **given})
        house.done("updateTalk", id=made["id"], version=1, changes={"city": "Nice"})
        outdated(house, uuid)


def test_nor_is_a_part_of_what_was_withdrawn_since(house: House) -> None:
    talk, agreement = house.create(Talk), house.create(Agreement)
    for command, given, whole in (
        ("addParticipation", {"talk": talk["key"], "role": "HOST", "attendance": "REPORTED"}, "Talk"),
        ("addSignature", {"agreement": agreement["key"], "capacity": "PARTY"}, "Agreement"),
    ):
        uuid = propose(house, command, input={"actor": "base-actor-0", **given})
        house.done(f"retract{whole}", id=given[whole.lower()], version=1, reason="Wrong")
        outdated(house, uuid)


def test_nor_is_an_extension_of_a_deadline_that_has_changed_since(house: House) -> None:
    key = f"due-{house.count()}"
    given = {"title": "An answer", "subject": {"talk": "base-talk-0"}, "hardness": "HARD", "due": {"edtf": "2030-04"}}
    made = house.done(
        "setDeadline", "deadline { id key }", input={"key": key, **given, "citations": [{"source": SOURCE}]}
    )
    uuid = propose(house, "extendDeadline", deadline=key, due={"edtf": "2030-06"}, at={"edtf": "2030-04-01"})
    house.done("updateDeadline", id=made["id"], version=1, changes={"consequence": "Another"})
    outdated(house, uuid)


def test_a_retracted_record_makes_a_proposal_outdated(house: House) -> None:
    made, uuid = change_of(house)
    house.done("retractTalk", id=made["id"], version=1, reason="Wrong")
    outdated(house, uuid)


def test_two_proposals_for_one_record_are_not_both_applied(house: House) -> None:
    made, first = change_of(house)
    second = propose(house, "updateTalk", "claus", id=made["id"], version=1, changes={"venue": "Here"})
    decided(house, "approve", first)
    outdated(house, second, "carla")


def test_a_key_that_was_taken_since_is_told(house: House) -> None:
    given = {"key": house.key_of(Actor), "name": "Somebody", "kind": "STATE"}
    uuid = propose(house, "createActor", input=given)
    house.done("createActor", input=given)
    assert "exists already; update that one" in refused(house, "approve", uuid)


def test_a_change_of_another_record_does_not_matter(house: House) -> None:
    _, uuid = change_of(house)
    other = house.create(Talk)
    house.done("updateTalk", id=other["id"], version=1, changes={"city": "Nice"})
    assert decided(house, "approve", uuid)["status"] == "APPROVED"


# --- what needs more ---------------------------------------------------------------------------------


def test_what_needs_an_admin_is_approved_by_one(house: House) -> None:
    one, other, gone = (house.create(Actor) for _ in range(3))
    house.done("retractActor", id=gone["id"], version=1, reason="Wrong")
    merge = {"record": {"actor": one["key"]}, "into": {"actor": other["key"]}, "reason": "The same"}
    for who, command, given in (
        ("carla", "merge", merge),
        ("kurt", "restoreActor", {"id": gone["id"], "version": 2}),
    ):
        uuid = propose(house, command, who, **given)
        for name in ("kira", "kurt"):
            assert refused(house, "approve", uuid, name).startswith("NOT_ALLOWED")
        assert decided(house, "approve", uuid, "ada")["status"] == "APPROVED"
    (row,) = house.rows("select merged_into_id::text from actor where id = %s", one["id"])
    assert row["merged_into_id"] == other["id"]
    assert house.history(one["id"])[-1]["changed_by"] == "carla"
    assert house.history(gone["id"])[-1]["approved_by"] == "ada"


def test_a_second_pair_of_eyes_for_curators(strict: House) -> None:
    made = strict.create(Talk, who="ada")
    uuid = propose(strict, "updateTalk", "kurt", id=made["id"], version=1, changes={"city": "Lyon"})
    assert refused(strict, "approve", uuid, "kurt").startswith("NOT_ALLOWED: nobody approves a proposal of one's own")
    decided(strict, "approve", uuid, "kira")
    last = strict.history(made["id"])[-1]
    assert (last["changed_by"], last["approved_by"], last["origin"]) == ("kurt", "kira", "PROPOSAL")
    done = strict.done("updateTalk", who="ada", id=made["id"], version=2, changes={"city": "Nice"})
    assert done["version"] == 3
    last = strict.history(made["id"])[-1]
    assert (last["changed_by"], last["approved_by"], last["origin"]) == ("ada", None, "MUTATION")
    dossier = {"actors": [{"key": strict.key_of(Actor), "name": "Somebody", "kind": "STATE"}]}
    tried = strict.do("applyDossier", "created", who="kurt", dossier=dossier, dryRun=True)
    assert tried == {"created": 1, "proposal": None, "problems": []}
    propose(strict, "applyDossier", "kurt", dossier=dossier)


# --- a dossier, and what others wrote meanwhile --------------------------------------------------


def test_a_dossier_is_outdated_once_a_record_changed_that_it_only_repeats(house: House) -> None:
    actors = [{"key": f"repeated-{each}", "name": each.title(), "kind": "STATE"} for each in ("alpha", "beta")]
    house.done("applyDossier", "created", "kurt", dossier={"actors": actors})
    proposed = [{**actors[0], "name": "Alpha Republic"}, actors[1]]
    uuid = propose(house, "applyDossier", dossier={"actors": proposed})
    house.done("updateActor", who="kira", id="repeated-beta", version=1, changes={"name": "Beta Kingdom"})

    assert read(house, uuid)["isOutdated"]
    assert "CONFLICT" in house.refused("approveProposal", id=uuid)[None]


def test_a_dossier_does_nothing_but_what_it_showed(house: House) -> None:
    dossier = {"actors": [{"key": "shown-as-new", "name": "Shown", "kind": "STATE"}]}
    uuid = propose(house, "applyDossier", dossier=dossier)
    house.done("createActor", input={"key": "shown-as-new", "name": "Shown otherwise", "kind": "STATE"})

    refused = house.refused("approveProposal", id=uuid)

    assert "to the actor shown-as-new than it shows" in refused["id"]


def test_a_dossier_of_many_parts_is_approved_as_it_was_shown(house: House) -> None:
    dossier = {
        "sources": [{"key": "parts-source"}],
        "actors": [{"key": "parts-actor", "name": "Parts", "kind": "STATE"}],
        "talks": [
            {
                "key": "parts-talk",
                "title": "Parts",
                "participations": [{"actor": "parts-actor", "role": "PARTY", "attendance": "REPORTED"}],
                "citations": ["parts-source"],
            }
        ],
    }
    uuid = propose(house, "applyDossier", dossier=dossier)

    assert decided(house, "approve", uuid)["status"] == "APPROVED"
    assert house.ask('{ talk(by: {key: "parts-talk"}) { participations { totalCount } } }') == {
        "talk": {"participations": {"totalCount": 1}}
    }


# --- trying is no writing ------------------------------------------------------------------------


@contextmanager
def writers_lock_held(url: str) -> Iterator[None]:
    """While another process writes."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(7291001)")
        yield


def test_neither_a_dry_run_nor_a_proposal_waits_for_writers(house: House) -> None:
    tried = {"actors": [{"key": "tried", "name": "Tried", "kind": "STATE"}]}
    with writers_lock_held(house.url):
        report = house.done("applyDossier", "report { key action }", "carla", dossier=tried, dryRun=True)
        assert report == [{"key": "tried", "action": "CREATED"}]
        assert propose(house, "applyDossier", dossier=tried)
    assert house.ask('{ actors(filter: {key: {eq: "tried"}}) { totalCount } }')["actors"]["totalCount"] == 0


def test_a_dry_run_tells_its_own_changes_alone(house: House) -> None:
    """Others write while it goes on."""
    many = {"actors": [{"key": f"many-{number}", "name": "Many", "kind": "STATE"} for number in range(600)]}
    with ThreadPoolExecutor(1) as other:
        tried = other.submit(house.done, "applyDossier", "report { key action }", "carla", dossier=many, dryRun=True)
        written = 0
        while not tried.done():
            house.done("createActor", input={"key": f"meanwhile-{written}", "name": "Meanwhile", "kind": "STATE"})
            written += 1
        report = tried.result()
    assert written > 1
    assert {each["key"] for each in report} == {each["key"] for each in many["actors"]}


def test_one_caller_keeps_a_bounded_number_of_proposals_pending(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transaction, "MOST_PENDING", house.rows(PENDING, "claus")[0]["pending"] + 1)
    given = {"name": "Pending", "kind": "STATE"}
    kept = propose(house, "createActor", "claus", input={**given, "key": "pending-1"})
    refused = house.refused("createActor", "claus", input={**given, "key": "pending-2"})
    assert "are pending already" in refused[None]
    assert decided(house, "withdraw", kept, "claus")["status"] == "WITHDRAWN"
    assert propose(house, "createActor", "claus", input={**given, "key": "pending-2"})


PENDING = "select count(*) as pending from proposal where proposed_by = %s and status = 'PENDING'"
