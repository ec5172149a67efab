"""Writes under REST: each kind of route, asked over HTTP of a server with a database of its own.

Every answer is measured by the published contract, and so is every request that was accepted.
"""

from __future__ import annotations

import gzip
import itertools
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import jsonschema
import pytest

from schema.commands.registry import commands
from schema.declare.caller import Role
from schema.writing.entries import LARGEST_DOSSIER_BYTES
from tests.conftest import new_database
from tests.project.test_docs import shortened
from tests.rest.test_rest import Contract
from tests.support.keys import new_key
from tests.support.serving import serving

ROOT = Path(__file__).parents[2]
ROLES = [Role.CONTRIBUTOR, Role.CURATOR, Role.ADMIN]
NUMBERS = itertools.count(1)
MERGE_PATCH = "application/merge-patch+json"
DEADLINE = "us-decision-2025-04"


@dataclass(frozen=True)
class Api:
    """A server, its contract, and a key for each role."""

    server: httpx.Client
    contract: Contract
    keys: dict[Role, str]

    def send(
        self, method: str, path: str, *parts: str, role: Role = Role.CURATOR, json: Any = None, **more: Any
    ) -> httpx.Response:
        """Send a request to a path of the contract, its placeholders filled, and measure the answer."""
        start, *names = path.split("{")
        url = start + "".join(part + name.partition("}")[2] for part, name in zip(parts, names, strict=True))
        headers = more.pop("headers", {})
        if role in self.keys:
            headers = {"Authorization": f"Bearer {self.keys[role]}", **headers}
        answer = self.server.request(method, url, json=json, headers=headers, **more)
        self.contract.check(path, answer, method.lower())
        if answer.is_success and json is not None:
            self.contract.request(path, method.lower()).validate(json)
        return answer

    def post(self, path: str, *parts: str, seen: Any = None, **more: Any) -> httpx.Response:
        return self.send("POST", path, *parts, headers=if_match(seen) | more.pop("headers", {}), **more)

    def patch(self, path: str, *parts: str, seen: Any = None, **more: Any) -> httpx.Response:
        return self.send("PATCH", path, *parts, headers=if_match(seen) | more.pop("headers", {}), **more)

    def get(self, path: str, *parts: str, role: Role = Role.ANONYMOUS, between: Any = None, **parameters: Any) -> Any:
        if between:
            parameters |= dict(zip(("from", "to"), between, strict=True))
        answer = self.send("GET", path, *parts, role=role, params=parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def actor(self, **more: Any) -> str:
        """The key of a new actor."""
        key = f"actor-{next(NUMBERS)}"
        answer = self.post("/v1/actors", json={"key": key, "name": key, "kind": "IGO", **more})
        assert answer.status_code == 201, answer.text
        return key


def if_match(seen: Any) -> dict[str, str]:
    return {} if seen is None else {"If-Match": f'"{seen}"' if isinstance(seen, int) else seen}


@pytest.fixture(scope="module")
def api(postgres: str, loaded_url: str) -> Iterator[Api]:
    with new_database(postgres, loaded_url) as url, serving(url) as server:
        keys = {role: new_key(url, role.name.lower(), role) for role in ROLES}
        yield Api(server, Contract(server.get("/openapi.json").json()), keys)


def problems(answer: httpx.Response, status: int = 400, code: str = "BAD_USER_INPUT") -> dict[str, str]:
    """What is wrong, by path, of a request that was refused."""
    told = answer.json()
    assert (answer.status_code, told["code"]) == (status, code), told
    assert answer.headers["content-type"] == "application/problem+json"
    return {each["path"]: each["message"] for each in told.get("problems", [])}


# --- entering ------------------------------------------------------------------------------------


def test_a_new_record_is_answered_with_its_place_and_its_version(api: Api) -> None:
    given = {"key": "un-office", "name": "UN office", "kind": "IGO", "aliases": ["UNO"], "reason": "asked"}
    answer = api.post("/v1/actors", json=given)
    record = answer.json()
    assert answer.status_code == 201
    assert (record["key"], record["type"], record["version"]) == ("un-office", "Actor", 1)
    assert answer.headers["etag"] == '"1"'
    assert answer.headers["location"] == f"/v1/actors/{record['id']}"
    found = api.server.get(answer.headers["location"]).json()
    assert {name: found[name] for name in ("id", "key", "version", "createdAt", "updatedAt", "retractedAt")} == {
        name: each for name, each in record.items() if name != "type"
    }
    assert (found["name"], found["aliases"]) == ("UN office", ["UNO"])
    (revision,) = api.get("/v1/records/{id}/revisions", record["id"])["items"]
    assert (revision["changedBy"], revision["reason"], revision["origin"]) == ("curator", "asked", "MUTATION")


def test_a_record_whose_type_no_file_lists_has_a_place_of_its_own(api: Api) -> None:
    answer = api.post("/v1/conflicts", json={"key": "c-1", "name": "A conflict", "citations": ["ref-1"]})
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"/v1/conflicts/{answer.json()['id']}"
    assert api.server.get(answer.headers["location"]).json()["key"] == "c-1"


@pytest.mark.parametrize(
    ("path", "given", "missing"),
    [
        ("/v1/agreements", {"key": "needs", "kind": "CEASEFIRE", "title": "Needs"}, {"citations"}),
        ("/v1/processes", {"key": "needs", "name": "Needs"}, {"citations"}),
        ("/v1/deadlines", {"key": "needs", "title": "Needs", "hardness": "OPEN_ENDED"}, {"subject", "citations"}),
        ("/v1/participations", {"role": "HOST", "process": "us-ukraine-russia-2025"}, {"actor"}),
        ("/v1/provisions", {"key": "needs", "text": "Needs"}, {"agreement"}),
    ],
)
def test_a_new_record_needs_the_relations_and_the_source_that_the_contract_says(
    api: Api, path: str, given: dict[str, str], missing: set[str]
) -> None:
    told = problems(api.post(path, json=given))
    assert set(told) == missing
    content = api.contract.paths[path]["post"]["requestBody"]["content"]["application/json"]
    needed = api.contract.components["schemas"][content["schema"]["$ref"].rpartition("/")[2]]["required"]
    assert set(needed) - set(given) == missing


@pytest.mark.parametrize("address", ["https://x\x1f", "https://x\n", "https://a\u00a0b", "https:///x", "ftp://x"])
def test_a_web_address_holds_no_spaces(api: Api, address: str) -> None:
    given = {"key": f"address-{next(NUMBERS)}", "url": address}
    assert "is no web address" in problems(api.post("/v1/sources", json=given))["url"]


def test_dates_and_citations_may_be_written_as_in_a_dossier(api: Api) -> None:
    said = {
        "key": "s-1",
        "speaker": "marco-rubio",
        "said": "2025-04-18",
        "summary": "Something.",
        "attribution": "PARAPHRASE",
        "citations": ["ref-1", {"source": "ref-3", "locator": "p. 2"}],
    }
    answer = api.post("/v1/statements", json=said)
    assert answer.status_code == 201, answer.text
    found = api.get("/v1/statements/{by}", "s-1")
    assert found["said"]["edtf"] == "2025-04-18"
    assert {each["source"]["key"] for each in found["citations"]["nodes"]} == {"ref-1", "ref-3"}


def test_every_problem_of_a_body_is_told_at_once_by_its_place_in_the_body(api: Api) -> None:
    given = {
        "titel": "Talks",
        "starts": "someday",
        "country": "France",
        "participations": [{"actor": "nobody-known"}, {"actor": "france", "role": "GUESTS"}],
        "citations": [{"source": "ref-1", "page": 2}],
    }
    found = problems(api.post("/v1/talks", json=given))
    assert set(found) >= {
        "key",
        "title",
        "titel",
        "starts",
        "country",
        "participations[0].actor",
        "participations[1].role",
        "citations[0].page",
    }
    assert "did you mean 'title'" in found["titel"]


def test_what_the_database_refuses_is_told_by_its_place_too(api: Api) -> None:
    assert "already" in problems(api.post("/v1/actors", json={"key": "france", "name": "F", "kind": "STATE"}))["key"]


def test_a_fact_needs_a_source(api: Api) -> None:
    given = {"key": "t-1", "title": "Talks", "starts": "2025-05"}
    assert any("source" in message for message in problems(api.post("/v1/talks", json=given)).values())


# --- changing ------------------------------------------------------------------------------------


def test_the_tag_of_a_read_is_the_version_to_change(api: Api) -> None:
    key = api.actor(country="FR")
    tag = api.server.get(f"/v1/actors/{key}").headers["etag"]
    answer = api.patch("/v1/actors/{by}", key, seen=tag, json={"name": "Changed"})
    assert (answer.status_code, answer.headers["etag"], answer.json()["version"]) == (200, '"2"', 2)
    assert api.get("/v1/actors/{by}", key)["name"] == "Changed"


def test_the_tag_of_a_write_is_the_version_to_change_next(api: Api) -> None:
    key = api.actor()
    first = api.patch("/v1/actors/{by}", key, seen=1, json={"name": "Second"})
    again = api.patch("/v1/actors/{by}", key, seen=first.headers["etag"], json={"name": "Third"})
    assert again.json()["version"] == 3


def test_null_takes_a_value_away_and_what_is_absent_stays(api: Api) -> None:
    key = api.actor(country="FR", aliases=["A"])
    api.patch("/v1/actors/{by}", key, seen=1, json={"country": None})
    found = api.get("/v1/actors/{by}", key)
    assert (found["country"], found["aliases"], found["name"]) == (None, ["A"], key)


def test_a_value_that_has_to_be_there_cannot_be_taken_away(api: Api) -> None:
    key = api.actor()
    assert set(problems(api.patch("/v1/actors/{by}", key, seen=1, json={"name": None}))) == {"name"}


def test_a_change_of_nothing_is_refused(api: Api) -> None:
    key = api.actor()
    assert problems(api.patch("/v1/actors/{by}", key, seen=1, json={"reason": "none"})) == {
        "": "it is empty; give what is to be changed"
    }


def test_a_record_is_changed_by_its_id_as_by_its_key(api: Api) -> None:
    id_ = api.get("/v1/actors/{by}", api.actor())["id"]
    assert api.patch("/v1/actors/{by}", id_, seen=1, json={"name": "By id"}).status_code == 200
    assert api.patch("/v1/actors/{by}", id_.upper(), seen=2, json={"name": "BY ID"}).status_code == 200


def test_a_patch_may_call_itself_a_merge_patch(api: Api) -> None:
    key = api.actor()
    headers = {"Content-Type": MERGE_PATCH}
    answer = api.patch("/v1/actors/{by}", key, seen=1, content=b'{"name": "Patched"}', headers=headers)
    assert answer.status_code == 200


def test_a_version_that_has_passed_is_refused_with_the_one_there_is(api: Api) -> None:
    key = api.actor()
    api.patch("/v1/actors/{by}", key, seen=1, json={"name": "Second"})
    answer = api.patch("/v1/actors/{by}", key, seen=1, json={"name": "Late"})
    told = answer.json()
    assert (answer.status_code, told["code"]) == (412, "CONFLICT")
    assert (told["currentVersion"], told["changedBy"]) == (2, "curator")
    # Postgres leaves out the zeros at the end of a second's fraction.
    changed, updated = told["changedAt"], api.get("/v1/actors/{by}", key)["updatedAt"]
    assert datetime.fromisoformat(changed) == datetime.fromisoformat(updated)
    assert api.get("/v1/actors/{by}", key)["name"] == "Second"


@pytest.mark.parametrize("verb", ["", "/retract", "/restore"])
def test_a_change_has_to_say_which_version_was_seen(api: Api, verb: str) -> None:
    method = "POST" if verb else "PATCH"
    answer = api.send(method, f"/v1/actors/{{by}}{verb}", "france", role=Role.ADMIN, json={"reason": "none"})
    problems(answer, 428, "PRECONDITION_REQUIRED")
    assert "If-Match" in answer.json()["detail"]


@pytest.mark.parametrize("seen", ["1", "*", '"0"', '"x"', 'W/"1"', '"1", "2"', '"1-xyz"', '"99999999999"', "'1'"])
def test_what_is_no_version_is_refused(api: Api, seen: str) -> None:
    answer = api.patch("/v1/actors/{by}", "france", seen=seen, json={"name": "F"})
    assert set(problems(answer)) == {"If-Match"}


def test_the_largest_version_is_told_from_the_header_it_came_in(api: Api) -> None:
    answer = api.patch("/v1/actors/{by}", "france", seen='"9999999999"', json={"name": "F"})
    assert set(problems(answer)) == {"If-Match"}


@pytest.mark.parametrize("by", ["nobody-there", "01a20000-0000-7000-8000-000000000000"])
def test_what_is_not_there_is_not_found(api: Api, by: str) -> None:
    problems(api.patch("/v1/actors/{by}", by, seen=1, json={"name": "F"}), 404, "NOT_FOUND")


def test_a_record_of_another_type_is_not_found_by_its_id(api: Api) -> None:
    talk = api.get("/v1/talks/{by}", "paris-2025-04-17")["id"]
    problems(api.patch("/v1/actors/{by}", talk, seen=1, json={"name": "F"}), 404, "NOT_FOUND")


def test_what_could_be_no_key_is_refused_by_its_place(api: Api) -> None:
    assert set(problems(api.patch("/v1/actors/{by}", "Киïв", seen=1, json={"name": "F"}))) == {"by"}


# --- withdrawing and bringing back ---------------------------------------------------------------


def test_a_record_is_retracted_and_restored(api: Api) -> None:
    key = api.actor()
    gone = api.post("/v1/actors/{by}/retract", key, seen=1, json={"reason": "entered twice"})
    assert gone.json()["retractedAt"] is not None
    assert api.get("/v1/actors", name=key)["items"] == []
    back = api.post("/v1/actors/{by}/restore", key, seen=2, role=Role.ADMIN)
    assert (back.status_code, back.json()["retractedAt"], back.json()["version"]) == (200, None, 3)
    assert [each["key"] for each in api.get("/v1/actors", name=key)["items"]] == [key]


def test_an_earlier_version_is_restored(api: Api) -> None:
    key = api.actor(country="FR")
    api.patch("/v1/actors/{by}", key, seen=1, json={"country": "DE", "name": "Other"})
    answer = api.post("/v1/actors/{by}/restore", key, seen=2, json={"toVersion": 1}, role=Role.ADMIN)
    found = api.get("/v1/actors/{by}", key)
    assert (answer.json()["version"], found["country"], found["name"]) == (3, "FR", key)
    changes = api.get("/v1/records/{id}/diff", found["id"], between=(1, 2))["changes"]
    assert {each["field"]: (each["before"], each["after"]) for each in changes} == {
        "country": ("FR", "DE"), "name": (key, "Other"),
    }  # fmt: skip
    assert api.get("/v1/records/{id}/diff", found["id"], between=(1, 3))["changes"] == []
    assert api.get("/v1/records/{id}/diff", found["id"], between=(1, 9))["changes"] is None


def test_a_retraction_needs_a_reason(api: Api) -> None:
    assert set(problems(api.post("/v1/actors/{by}/retract", api.actor(), seen=1, json={}))) == {"reason"}


def test_what_belongs_elsewhere_is_refused_in_the_body(api: Api) -> None:
    answer = api.post("/v1/actors/{by}/retract", "france", seen=1, json={"version": 1, "id": "x", "reason": "none"})
    found = problems(answer)
    assert found == {
        "version": "it does not stand in the body but in If-Match",
        "id": "it does not stand in the body but in the path",
    }


# --- the verbs of the domain ---------------------------------------------------------------------


def test_a_deadline_is_extended_and_resolved(api: Api) -> None:
    extended = api.post(
        "/v1/deadlines/{by}/extend", DEADLINE, json={"due": "2025-05-20", "at": "2025-04-28", "citations": ["ref-1"]}
    )
    assert (extended.status_code, extended.json()["type"]) == (200, "Milestone"), extended.text
    found = api.get("/v1/deadlines/{by}", DEADLINE)
    assert [each["due"]["edtf"] for each in found["extensions"]] == ["2025-05-20"]
    resolved = api.post(
        "/v1/deadlines/{by}/resolve", DEADLINE, json={"resolution": "MET", "at": "2025-05-10", "citations": ["ref-1"]}
    )
    assert resolved.status_code == 200, resolved.text
    assert api.get("/v1/deadlines/{by}", DEADLINE)["status"] == "MET"


def test_problems_with_a_verb_name_the_path_and_the_body(api: Api) -> None:
    found = problems(api.post("/v1/deadlines/{by}/extend", "no-such-deadline", json={"due": "x", "at": "2025-04-28"}))
    assert set(found) == {"by", "due"}


def test_a_merged_record_leads_to_the_one_it_was_merged_into(api: Api) -> None:
    old, new = api.actor(), api.actor()
    answer = api.post(
        "/v1/merges",
        json={"record": {"actor": old}, "into": {"actor": new}, "reason": "the same"},
        role=Role.ADMIN,
    )
    assert (answer.status_code, answer.json()["key"]) == (200, new)
    assert api.get("/v1/actors/{by}", old)["key"] == new
    assert api.patch("/v1/actors/{by}", old, seen=1, json={"name": "One"}).json()["key"] == new


# --- dossiers ------------------------------------------------------------------------------------

DOSSIER = """
dossier: One more actor.
actors:
  - key: {key}
    name: Norway
    kind: STATE
    country: NO
"""


def test_a_dossier_is_tried_before_it_is_applied(api: Api) -> None:
    dossier = {"actors": [{"key": "tried", "name": "Tried", "kind": "IGO"}]}
    trial = api.post("/v1/dossiers", json=dossier, params={"dryRun": "true"})
    assert (trial.status_code, trial.json()["created"]) == (200, 1)
    assert trial.json()["report"][0]["action"] == "CREATED"
    assert api.server.get("/v1/actors/tried").status_code == 404
    done = api.post("/v1/dossiers", json=dossier, params={"reason": "an article"})
    assert done.json() == trial.json()
    record = api.get("/v1/actors/{by}", "tried")["id"]
    (revision,) = api.get("/v1/records/{id}/revisions", record)["items"]
    assert (revision["origin"], revision["reason"]) == ("DOSSIER", "an article")
    assert api.post("/v1/dossiers", json=dossier).json()["unchanged"] == 1


def test_a_dossier_may_be_yaml(api: Api) -> None:
    headers = {"Content-Type": "application/yaml; charset=utf-8"}
    answer = api.post("/v1/dossiers", content=DOSSIER.format(key="norway-yaml").encode(), headers=headers)
    assert answer.status_code == 200, answer.text
    assert api.get("/v1/actors/{by}", "norway-yaml")["country"] == "NO"


def test_every_problem_of_a_dossier_is_told_by_its_place(api: Api) -> None:
    dossier = {
        "dossier": 7,
        "actors": [{"key": "a", "name": "A", "kind": "IGO", "parent": "nobody-known"}, {"key": "b", "nam": "B"}],
    }
    assert set(problems(api.post("/v1/dossiers", json=dossier))) >= {"dossier"}
    del dossier["dossier"]
    found = problems(api.post("/v1/dossiers", json=dossier))
    assert set(found) == {"actors[0].parent", "actors[1].kind", "actors[1].nam", "actors[1].name"}


@pytest.mark.parametrize(
    ("text", "says"),
    [(b"a: [", "not YAML"), (b"a: *x", "aliases"), (b"- a", "no object"), (b"a: \xff", "YAML"), (b"", "no object")],
)
def test_what_is_no_yaml_is_refused(api: Api, text: bytes, says: str) -> None:
    answer = api.post("/v1/dossiers", content=text, headers={"Content-Type": "application/yaml"})
    problems(answer, 400, "BAD_REQUEST")
    assert says in answer.json()["detail"]


@pytest.mark.parametrize("query", [{"dryRun": "perhaps"}, {"dryrun": "true"}, {"dryRun": ["true", "false"]}])
def test_a_parameter_that_cannot_be_read_is_refused(api: Api, query: dict[str, Any]) -> None:
    assert set(problems(api.post("/v1/dossiers", json={"actors": []}, params=query))) == set(query)


def test_other_writes_have_no_parameters(api: Api) -> None:
    assert set(problems(api.post("/v1/actors", json={}, params={"dryRun": "true"}))) == {"dryRun"}


# --- proposals -----------------------------------------------------------------------------------


def proposed(api: Api, **more: Any) -> str:
    """The id of a new proposal of the contributor."""
    key = f"proposed-{next(NUMBERS)}"
    answer = api.post("/v1/actors", json={"key": key, "name": key, "kind": "IGO", **more}, role=Role.CONTRIBUTOR)
    assert answer.status_code == 202, answer.text
    proposal: str = answer.json()["id"]
    assert answer.headers["location"] == f"/v1/proposals/{proposal}"
    assert "etag" not in answer.headers
    return proposal


def test_what_a_contributor_writes_is_proposed_and_approved(api: Api) -> None:
    proposal = proposed(api, reason="an article")
    found = api.get("/v1/proposals/{id}", proposal, role=Role.CURATOR)
    assert (found["status"], found["proposedBy"], found["reason"]) == ("PENDING", "contributor", "an article")
    (change,) = found["changes"]
    assert api.server.get(f"/v1/actors/{change['key']}").status_code == 404
    said = api.post("/v1/proposals/{id}/comment", proposal, json={"text": "Sure?"}, role=Role.CONTRIBUTOR)
    assert said.status_code == 200
    approved = api.post("/v1/proposals/{id}/approve", proposal)
    assert (approved.json()["status"], approved.json()["decidedBy"]) == ("APPROVED", "curator")
    record = api.get("/v1/actors/{by}", change["key"])["id"]
    (revision,) = api.get("/v1/revisions", record=record)["items"]
    assert (revision["changedBy"], revision["approvedBy"], revision["origin"], revision["proposalId"]) == (
        "contributor", "curator", "PROPOSAL", proposal,
    )  # fmt: skip
    (comment,) = api.get("/v1/proposals/{id}", proposal, role=Role.CONTRIBUTOR)["comments"]
    assert comment["text"] == "Sure?"


def test_a_proposal_is_rejected_with_a_reason(api: Api) -> None:
    proposal = proposed(api)
    assert set(problems(api.post("/v1/proposals/{id}/reject", proposal))) == {"reason"}
    answer = api.post("/v1/proposals/{id}/reject", proposal, json={"reason": "no source"})
    assert (answer.json()["status"], answer.json()["decisionReason"]) == ("REJECTED", "no source")


def test_a_proposal_is_withdrawn_by_who_made_it(api: Api) -> None:
    proposal = proposed(api)
    problems(api.post("/v1/proposals/{id}/withdraw", proposal), 403, "NOT_ALLOWED")
    assert api.post("/v1/proposals/{id}/withdraw", proposal, role=Role.CONTRIBUTOR).json()["status"] == "WITHDRAWN"


def test_a_proposal_for_a_record_that_has_changed_since_is_not_applied(api: Api) -> None:
    key = api.actor()
    change = api.patch("/v1/actors/{by}", key, seen=1, json={"name": "Proposed"}, role=Role.CONTRIBUTOR)
    api.patch("/v1/actors/{by}", key, seen=1, json={"name": "Changed"})
    answer = api.post("/v1/proposals/{id}/approve", change.json()["id"])
    problems(answer, 412, "CONFLICT")
    assert (answer.json()["currentVersion"], answer.json()["changedBy"]) == (2, "curator")
    listed = api.get("/v1/proposals", role=Role.CURATOR, isOutdated="true")["items"]
    assert change.json()["id"] in [each["id"] for each in listed]


def test_a_contributor_is_told_what_is_wrong_before_anything_is_proposed(api: Api) -> None:
    answer = api.post("/v1/actors", json={"key": "x", "name": "X", "kind": "NOBODY"}, role=Role.CONTRIBUTOR)
    assert set(problems(answer)) == {"kind"}


def test_proposals_are_listed_for_those_who_may_see_them(api: Api) -> None:
    proposal = proposed(api)
    for role in ROLES:
        listed = api.get("/v1/proposals", role=role, status="PENDING", proposedBy="contributor")["items"]
        assert proposal in [each["id"] for each in listed]
    assert api.get("/v1/proposals", role=Role.CURATOR, proposedBy="nobody")["items"] == []
    problems(api.send("GET", "/v1/proposals", role=Role.ANONYMOUS), 401, "UNAUTHENTICATED")
    problems(api.send("GET", "/v1/proposals/{id}", proposal, role=Role.ANONYMOUS), 401, "UNAUTHENTICATED")
    problems(api.send("GET", "/v1/proposals/{id}", str(uuid4())), 404, "NOT_FOUND")


# --- keys and revisions --------------------------------------------------------------------------


def test_keys_are_listed_for_admins_only(api: Api) -> None:
    answer = api.send("GET", "/v1/keys", role=Role.ANONYMOUS)
    problems(answer, 401, "UNAUTHENTICATED")
    assert answer.headers["www-authenticate"].startswith("Bearer")
    problems(api.send("GET", "/v1/keys", role=Role.CURATOR), 403, "NOT_ALLOWED")
    listed = api.get("/v1/keys", role=Role.ADMIN)["items"]
    assert {"contributor", "curator", "admin"} <= {each["name"] for each in listed}
    assert api.get("/v1/keys", role=Role.ADMIN, isActive="false")["items"] == []


def test_revisions_are_found_by_what_they_say(api: Api) -> None:
    key = api.actor()
    api.patch("/v1/actors/{by}", key, seen=1, json={"name": "Second"})
    id_ = api.get("/v1/actors/{by}", key)["id"]
    both = api.get("/v1/revisions", record=id_)["items"]
    assert [(each["version"], each["action"]) for each in both] == [(2, "UPDATE"), (1, "CREATE")]
    for given, found in (
        ({"action": "CREATE"}, [1]),
        ({"type": "ACTOR"}, [2, 1]),
        ({"type": "TALK"}, []),
        ({"changedBy": "curator"}, [2, 1]),
        ({"changedBy": "nobody"}, []),
        ({"origin": "DOSSIER,IMPORT"}, []),
        ({"from": both[0]["at"]}, [2]),
        ({"until": both[1]["at"]}, [1]),
        ({"orderBy": "SEQ_ASC"}, [1, 2]),
    ):
        listed = api.get("/v1/revisions", record=id_, **given)["items"]
        assert [each["version"] for each in listed] == found, given


# --- who may -------------------------------------------------------------------------------------


def test_without_a_key_nothing_is_written_whatever_is_sent(api: Api) -> None:
    answer = api.post("/v1/actors", content=b"{", role=Role.ANONYMOUS)
    problems(answer, 401, "UNAUTHENTICATED")
    assert answer.headers["www-authenticate"] == 'Bearer realm="parley"'


def test_a_curator_proposes_what_only_an_admin_does(api: Api) -> None:
    key = api.actor()
    api.post("/v1/actors/{by}/retract", key, seen=1, json={"reason": "entered twice"})
    proposal = api.post("/v1/actors/{by}/restore", key, seen=2, json={"reason": "it was not"})
    assert proposal.status_code == 202
    approved = api.post("/v1/proposals/{id}/approve", proposal.json()["id"], role=Role.ADMIN)
    assert approved.json()["status"] == "APPROVED"
    assert api.get("/v1/actors/{by}", key)["retractedAt"] is None


def test_an_admin_makes_a_key_and_ends_it(api: Api) -> None:
    made = api.post("/v1/keys", json={"name": "desk", "role": "CURATOR"}, role=Role.ADMIN)
    assert made.status_code == 201
    assert made.headers["location"] == f"/v1/keys/{made.json()['apiKey']['id']}"
    headers = {"Authorization": f"Bearer {made.json()['secret']}"}
    given = {"key": "by-desk", "name": "By the desk", "kind": "IGO"}
    assert api.post("/v1/actors", json=given, role=Role.ANONYMOUS, headers=headers).status_code == 201
    ended = api.post("/v1/keys/{id}/revoke", made.json()["apiKey"]["id"], role=Role.ADMIN)
    assert ended.json()["apiKey"]["isActive"] is False
    assert api.get("/v1/keys/{id}", made.json()["apiKey"]["id"], role=Role.ADMIN)["revokedBy"] == "admin"
    refused = api.post("/v1/actors", json=given, role=Role.ANONYMOUS, headers=headers)
    problems(refused, 401, "UNAUTHENTICATED")


def test_a_wrong_key_is_refused(api: Api) -> None:
    headers = {"Authorization": f"Bearer parley_{'0' * 32}_{'x' * 43}"}
    problems(api.post("/v1/actors", json={}, role=Role.ANONYMOUS, headers=headers), 401, "UNAUTHENTICATED")


def test_a_contributor_decides_nothing(api: Api) -> None:
    answer = api.post("/v1/proposals/{id}/approve", proposed(api), role=Role.CONTRIBUTOR)
    problems(answer, 403, "NOT_ALLOWED")


# --- once and no more ----------------------------------------------------------------------------


def test_a_write_that_is_repeated_with_its_idempotency_key_is_done_once(api: Api) -> None:
    key, once = api.actor(), {"Idempotency-Key": str(uuid4())}
    first = api.patch("/v1/actors/{by}", key, seen=1, json={"name": "Once"}, headers=once)
    again = api.patch("/v1/actors/{by}", key, seen=1, json={"name": "Once"}, headers=once)
    assert (again.status_code, again.content, again.headers["etag"]) == (200, first.content, '"2"')
    assert api.get("/v1/actors/{by}", key)["version"] == 2


def test_a_new_record_and_a_proposal_are_answered_again_with_their_place(api: Api) -> None:
    for role, status in ((Role.CURATOR, 201), (Role.CONTRIBUTOR, 202)):
        once, key = {"Idempotency-Key": str(uuid4())}, f"once-{next(NUMBERS)}"
        given = {"key": key, "name": "Once", "kind": "IGO"}
        first, again = (api.post("/v1/actors", json=given, headers=once, role=role) for _ in range(2))
        assert (first.status_code, again.status_code) == (status, status)
        assert (again.content, again.headers["location"]) == (first.content, first.headers["location"])


def test_an_idempotency_key_belongs_to_one_request(api: Api) -> None:
    key, once = api.actor(), {"Idempotency-Key": str(uuid4())}
    api.patch("/v1/actors/{by}", key, seen=1, json={"name": "Once"}, headers=once)
    answer = api.patch("/v1/actors/{by}", key, seen=2, json={"name": "Twice"}, headers=once)
    problems(answer, 422, "IDEMPOTENCY_KEY_REUSED")


@pytest.mark.parametrize("once", ["x" * 201, "", "\u00e9", "a\tb", "\u00a0x"])
def test_an_idempotency_key_is_what_the_contract_says(api: Api, once: str) -> None:
    bearer = f"Bearer {api.keys[Role.CURATOR]}".encode()
    headers = {b"Authorization": bearer, b"Idempotency-Key": once.encode("latin-1")}
    answer = api.server.post("/v1/actors", json={}, headers=headers)
    problems(answer, 400, "BAD_REQUEST")
    schema = api.contract.components["parameters"]["IdempotencyKey"]["schema"]
    assert not jsonschema.Draft202012Validator(schema).is_valid(once)


# --- what cannot be read -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"{", "not JSON"),
        (b"[]", "no object"),
        (b'"text"', "no object"),
        (b"", "not JSON"),
        (b"\xff", "not UTF-8"),
        (b'{"key": NaN}', "expected value at line 1 column 9"),
        (b'{"key": "a", "key": "b"}', 'names "key" twice'),
        (b"[" * 40_000, "nested too deeply"),
    ],
    ids=range(8),
)
def test_what_is_no_json_is_refused(api: Api, body: bytes, says: str) -> None:
    answer = api.post("/v1/actors", content=body, headers={"Content-Type": "application/json"})
    problems(answer, 400, "BAD_REQUEST")
    assert says in answer.json()["detail"]


@pytest.mark.parametrize(
    "media", ["", "text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1"]
)
def test_a_body_of_another_type_is_refused_with_those_there_are(api: Api, media: str) -> None:
    headers = {"Content-Type": media} if media else {}
    answer = api.post("/v1/actors", content=b"{}", headers=headers)
    problems(answer, 415, "UNSUPPORTED_MEDIA_TYPE")
    assert answer.headers["accept-post"] == "application/json"
    answer = api.patch("/v1/actors/{by}", "france", seen=1, content=b"{}", headers=headers)
    assert answer.headers["accept-patch"] == f"application/json, {MERGE_PATCH}"


@pytest.mark.parametrize(("path", "largest"), [("/v1/actors", 1_000_000), ("/v1/dossiers", LARGEST_DOSSIER_BYTES)])
def test_a_body_that_is_too_large_is_refused(api: Api, path: str, largest: int) -> None:
    headers = {"Content-Type": "application/json"}
    spaces = b" " * (largest - 2)
    assert api.post(path, content=b"{" + spaces + b"}", headers=headers).status_code != 413
    answer = api.post(path, content=b"{ " + spaces + b"}", headers=headers)
    problems(answer, 413, "TOO_LARGE")
    assert str(largest) in answer.json()["detail"]


def test_a_text_that_no_database_keeps_is_refused_by_its_place(api: Api) -> None:
    body = json.dumps({"key": "nul", "name": "a\0b", "kind": "IGO"})
    answer = api.post("/v1/actors", content=body, headers={"Content-Type": "application/json"})
    assert set(problems(answer)) == {"name"}


# --- the page about it ---------------------------------------------------------------------------

HTTP = re.compile(r"^```http\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PYTHON = re.compile(HTTP.pattern.replace("http", "python"), HTTP.flags)


def test_the_writes_of_the_documentation_are_answered_as_shown(postgres: str, loaded_url: str) -> None:
    """In their order, on a server of their own. What a page cannot know stands there as `…`."""
    blocks = HTTP.findall((ROOT / "docs" / "rest.md").read_text())
    assert len(blocks) >= 12
    with new_database(postgres, loaded_url) as url, serving(url) as server:
        keys = {role.name.lower(): new_key(url, role.name.lower(), role) for role in ROLES}
        last = ""
        for asked, answered in zip(blocks[::2], blocks[1::2], strict=True):
            line, headers, body = message(asked)
            method, path = line.split()
            role = headers.pop("Authorization").removeprefix("Bearer parley_").removesuffix("…")
            headers["Authorization"] = f"Bearer {keys[role]}"
            answer = server.request(method, path.replace("…", last), headers=headers, content=body)
            line, headers, body = message(answered)
            assert f"HTTP/1.1 {answer.status_code} {answer.reason_phrase}" == line, answer.text
            for name, value in headers.items():
                assert answer.headers[name].startswith(value.removesuffix("…"))
            assert shortened(answer.json(), json.loads(body)) == json.loads(body)
            last = answer.json().get("id", last)


def test_the_client_of_the_documentation_changes_a_talk(postgres: str, loaded_url: str) -> None:
    (code,) = PYTHON.findall((ROOT / "docs" / "rest.md").read_text())
    with new_database(postgres, loaded_url) as url, serving(url) as server:
        told = {**os.environ, "PARLEY": str(server.base_url), "KEY": new_key(url, "reader", Role.CURATOR)}
        run = subprocess.run(
            [sys.executable, "-c", code], env=told, capture_output=True, text=True, check=False, timeout=60
        )
        assert run.stdout.startswith("200 {"), run.stdout + run.stderr
        assert server.get("/v1/talks/london-2025-04").json()["title"] == "Talks in London"


def message(text: str) -> tuple[str, dict[str, str], str]:
    """A request or an answer: its first line, its headers and its body."""
    head, _, body = text.partition("\n\n")
    first, *lines = head.strip().split("\n")
    return first, dict(line.split(": ", 1) for line in lines), body


# --- parity --------------------------------------------------------------------------------------


def test_every_command_is_a_route_but_the_other_words_for_one(api: Api) -> None:
    """`recordMilestone` is `createMilestone` by another name: REST has one way to do each thing."""
    routes = {
        operation["operationId"]
        for operations in api.contract.paths.values()
        for method, operation in operations.items()
        if method != "get"
    }
    words = {"recordMilestone", "setDeadline", "addParticipation", "addSignature", "cite", "assignCode"}
    assert routes == set(commands()) - words


@pytest.mark.parametrize("path", ["/v1/actors", "/graphql"])
def test_a_body_that_is_packed_is_refused(api: Api, path: str) -> None:
    packed = gzip.compress(b'{"query": "{ __typename }"}')
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    headers["Authorization"] = f"Bearer {api.keys[Role.CURATOR]}"
    answer = api.server.post(path, content=packed, headers=headers)
    assert (answer.status_code, answer.headers["accept-encoding"]) == (415, "identity")


def test_a_web_address_gives_no_password_away(api: Api) -> None:
    given = {"key": f"address-{next(NUMBERS)}", "url": "https://ann:secret@example.org/a"}
    assert "without a user or password" in problems(api.post("/v1/sources", json=given))["url"]
    given = {"key": f"address-{next(NUMBERS)}", "url": "https://example.org/@ann"}
    assert api.post("/v1/sources", json=given).status_code == 201


def test_no_shared_cache_keeps_what_a_key_was_shown(api: Api) -> None:
    assert api.send("GET", "/v1/actors").headers["cache-control"] == "private, no-cache"
    assert api.send("GET", "/v1/actors", role=Role.ANONYMOUS).headers["cache-control"] == "no-cache"
