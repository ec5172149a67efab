"""The page on additions is followed to the letter, on a copy of the project and a database that holds records already.

The files, the changed lines and the commands are the page's own code blocks. Then what was added is written, read,
found and taken back, through the command line and over HTTP.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

import httpx
import psycopg
import pytest

from api.postgres import connections
from tests.conftest import new_database
from tests.database.test_catalogue import differences, objects
from tests.support.copies import Copy, copy_of_project, served

PAGE = Path(__file__).parents[2] / "docs" / "contributing.md"
SECTION = "## Adding a column, a record type, a rule, a route\n"
BLOCK = re.compile(r"^(?P<indent> *)```(?P<kind>\w+)\n(?P<text>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL)
NUMBER = re.compile(r"^# alembic/versions/(\d{4})_", re.MULTILINE)
PATH = re.compile(r"# (\S+)\n")


# --- following the page --------------------------------------------------------------------------


def blocks() -> list[tuple[str, str]]:
    """The kind and the text of each code block of the section. Its migrations follow the newest that there is."""
    section = PAGE.read_text().partition(SECTION)[2].partition("\n## ")[0]
    found = [(each["kind"], dedent(each["text"])) for each in BLOCK.finditer(section)]
    numbers = [int(number) for _, text in found for number in NUMBER.findall(text)]
    before, head = min(numbers) - 1, int(connections.head_revision())
    return [
        (kind, re.sub(r"\b1\d{3}\b", lambda number: str(int(number[0]) - before + head), text)) for kind, text in found
    ]


def write_file(copy: Copy, text: str) -> None:
    """Write a file whose first line names it."""
    named = PATH.match(text)
    assert named, text
    path = copy.folder / named[1]
    assert not path.exists()
    path.write_text(text)


def change_file(copy: Copy, text: str) -> None:
    """Change lines of a file. Each hunk stands where its other lines stand, which must be one place."""
    head, *lines = text.splitlines()
    path = copy.folder / head.removeprefix("--- ")
    content = path.read_text()
    for hunk in "\n".join(lines).split("\n@@\n"):
        before, after = (
            "".join(f"{line[1:]}\n" for line in hunk.split("\n") if line[:1] in signs) for signs in (" -", " +")
        )
        assert content.count(before) == 1, f"{path}: {before}"
        content = content.replace(before, after)
    path.write_text(content)


def run(copy: Copy, text: str) -> None:
    for line in text.splitlines():
        program, *arguments = shlex.split(line)
        command = {".venv/bin/parley": copy.parley, ".venv/bin/alembic": copy.alembic}[program]
        done = command(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr


FOLLOWED: Mapping[str, Callable[[Copy, str], None]] = {
    "python": write_file,
    "graphql": write_file,
    "diff": change_file,
    "sh": run,
}


@dataclass(frozen=True)
class Followed:
    """The copy after all that the page says but the way back, and the database that it then has, to be copied too."""

    copy: Copy
    before: tuple[list[str], list[Any]]
    way_back: str


@pytest.fixture(scope="module")
def followed(postgres: str, loaded_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Followed]:
    *steps, (_, way_back) = blocks()
    with new_database(postgres, loaded_url) as url:
        copy, before = copy_of_project(tmp_path_factory.mktemp("copy"), url), (objects(url), records(url))
        for kind, text in steps:
            FOLLOWED[kind](copy, text)
        yield Followed(copy, before, way_back)


def records(url: str) -> list[Any]:
    with psycopg.connect(url) as connection:
        return connection.execute("select r.id, r.type from record r order by r.id").fetchall()


# --- what was added ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Added:
    """The copy with all additions, its server, and a key that may do everything."""

    copy: Copy
    client: httpx.Client
    headers: Mapping[str, str]

    def ask(self, query: str, **variables: Any) -> Any:
        sent = {"query": query, "variables": variables}
        answer = self.client.post("/graphql", json=sent, headers=self.headers).json()
        assert "errors" not in answer, answer
        return answer["data"]

    def get(self, url: str) -> Any:
        answer = self.client.get(url)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def send(self, method: str, url: str, body: Any, **headers: str) -> httpx.Response:
        return self.client.request(method, url, json=body, headers={**self.headers, **headers})

    def load(self, folder: Path, **dossier: Any) -> str:
        path = folder / "dossier.json"
        path.write_text(json.dumps(dossier))
        done = self.copy.parley("load", str(path))
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def added(postgres: str, followed: Followed) -> Iterator[Added]:
    with new_database(postgres, followed.copy.database_url) as url:
        copy = Copy(followed.copy.folder, url)
        key = copy.parley("keys", "create", "--role", "admin", "--name", "desk").stdout.strip()
        with served(copy) as client:
            yield Added(copy, client, {"Authorization": f"Bearer {key}"})


TALK = "paris-2025-04-17"

VIOLATION = {"party": "russia", "place": "Kharkiv", "day": "2025-04-20", "source": "ref-1"}


def create(added: Added, key: str, **values: str) -> Any:
    """Enter a violation by a mutation."""
    said = {**VIOLATION, **values}
    made = added.ask(
        """
        mutation ($input: CeasefireViolationInput!) {
            createCeasefireViolation(input: $input) { ceasefireViolation { id key version } problems { message path } }
        }
        """,
        input={"key": key, **said, "day": {"edtf": said["day"]}},
    )["createCeasefireViolation"]
    assert made["problems"] == []
    return made["ceasefireViolation"]


def test_the_contracts_of_the_copy_are_written(added: Added) -> None:
    assert added.copy.parley("schema", "--check").returncode == 0


def test_the_column_is_written_read_filtered_and_ordered(added: Added, tmp_path: Path) -> None:
    before = added.ask("query ($by: By!) { talk(by: $by) { version updatedAt delegations } }", by={"key": TALK})["talk"]
    assert before["delegations"] is None
    changed = added.ask(
        """
        mutation ($id: ID!, $version: Int!) {
            updateTalk(id: $id, version: $version, changes: {delegations: 4}) {
                talk { delegations revisions(first: 1) { nodes { changes { field before after } } } }
                problems { message }
            }
        }
        """,
        id=TALK,
        version=before["version"],
    )["updateTalk"]
    revision = {"changes": [{"field": "delegations", "before": None, "after": 4}]}
    assert changed == {"talk": {"delegations": 4, "revisions": {"nodes": [revision]}}, "problems": []}

    added.load(tmp_path, talks=[{"key": "london-2025-04", "title": "London talks", "delegations": 2}])
    listed = added.ask("{ talks(filter: {delegations: {gte: 2}}, orderBy: [DELEGATIONS_DESC]) { nodes { key } } }")
    assert [each["key"] for each in listed["talks"]["nodes"]] == [TALK, "london-2025-04"]
    ordered = added.get("/v1/talks?orderBy=DELEGATIONS_ASC&asOf=2025-04-30")["items"]
    assert [each["delegations"] for each in ordered if each["delegations"]] == [2, 4]
    assert added.get(f"/v1/talks/{TALK}")["delegations"] == 4

    past = added.ask(
        "query ($by: By!, $at: DateTime) { talk(by: $by, knownAt: $at) { version delegations } }",
        by={"key": TALK},
        at=before["updatedAt"],
    )
    assert past["talk"] == {"version": before["version"], "delegations": None}


def test_the_record_type_is_written_by_each_interface(added: Added, tmp_path: Path) -> None:
    create(added, "by-mutation")
    posted = added.send("POST", "/v1/ceasefire-violations", {"key": "by-rest", **VIOLATION, "day": "2025-04-21"})
    assert posted.status_code == 201, posted.text
    assert added.get(posted.headers["location"])["key"] == "by-rest"
    assert posted.headers["location"].startswith("/v1/ceasefire-violations/")
    loaded = added.load(tmp_path, ceasefireViolations=[{"key": "by-dossier", **VIOLATION, "day": "2025-04-22"}])
    assert "created ceasefire violation by-dossier" in loaded

    selected = "nodes { key party { key } place day { edtf } source { key } }"
    by_graphql = added.ask(
        "query ($party: String) { ceasefireViolations(filter: {party: {key: {eq: $party}}, place: {eq: "
        f'"Kharkiv"}}}}, orderBy: [DAY_EARLIEST_DESC]) {{ {selected} }} }}',
        party="russia",
    )["ceasefireViolations"]["nodes"]
    keys = [each["key"] for each in by_graphql]
    assert keys == ["by-dossier", "by-rest", "by-mutation"]
    assert by_graphql[-1] == {
        **{name: {"key": VIOLATION[name]} for name in ("party", "source")},
        "key": "by-mutation",
        "place": "Kharkiv",
        "day": {"edtf": "2025-04-20"},
    }
    by_rest = added.get("/v1/ceasefire-violations?party=russia&orderBy=DAY_EARLIEST_DESC")["items"]
    assert [each["key"] for each in by_rest if each["key"] in keys] == keys
    assert added.get("/v1/ceasefire-violations/by-rest")["day"]["edtf"] == "2025-04-21"


def test_its_records_are_changed_retracted_and_merged(added: Added) -> None:
    path = "/v1/ceasefire-violations"
    first, second = create(added, "first", place="Sumy"), create(added, "second", place="Sumy")
    tag = added.client.get(f"{path}/first").headers["etag"]
    changed = added.send("PATCH", f"{path}/first", {"place": "Sumy oblast"}, **{"If-Match": tag})
    assert changed.status_code == 200, changed.text
    assert added.get(f"{path}/first")["place"] == "Sumy oblast"

    twice = added.send("POST", path, {"key": "first", **VIOLATION})
    assert "the ceasefire violation 'first' exists already; update that one" in twice.text

    sides = {"record": {"ceasefireViolation": "second"}, "into": {"ceasefireViolation": "first"}, "reason": "the same"}
    merged = added.send("POST", "/v1/merges", sides)
    assert (merged.status_code, merged.json()["id"]) == (200, first["id"])
    assert added.get(f"{path}/{second['id']}")["key"] == "first"

    create(added, "third", place="Odesa")
    seen = {"If-Match": '"1"'}
    gone = added.send("POST", f"{path}/third/retract", {"reason": "it was another day"}, **seen)
    assert gone.status_code == 200, gone.text
    listed = added.ask('{ ceasefireViolations(filter: {place: {in: ["Odesa", "Sumy"]}}) { totalCount } }')
    assert listed == {"ceasefireViolations": {"totalCount": 0}}


def test_its_records_are_cited_searched_counted_and_logged(added: Added) -> None:
    made = create(added, "cited", place="Zaporizhzhia railway station")
    cited = added.ask(
        """
        mutation ($record: RecordReference!) {
            cite(input: {record: $record, source: "ref-2", field: "place"}) {
                citation { key record { __typename key } } problems { message }
            }
        }
        """,
        record={"ceasefireViolation": "cited"},
    )["cite"]
    about = {"__typename": "CeasefireViolation", "key": "cited"}
    assert cited["citation"] == {"key": "ceasefire-violation~cited~ref-2~place", "record": about}

    found = added.ask('{ search(text: "zaporizhzhia", types: [CEASEFIRE_VIOLATION]) { nodes { __typename key } } }')
    assert found["search"]["nodes"] == [about]
    (by_rest,) = added.get("/v1/search?text=zaporizh*&type=CEASEFIRE_VIOLATION")["items"]
    assert by_rest["record"]["key"] == "cited"

    counted = added.get("/v1/groups/ceasefire-violations?by=DAY_MONTH&asOf=2025-04-30")
    assert [each["key"] for each in counted["groups"]] == ["2025-04"]
    logged = added.get("/v1/revisions?type=CEASEFIRE_VIOLATION&first=1")["items"]
    assert logged[0]["record"] == {"id": made["id"], "key": "cited", "type": "CeasefireViolation"}


def test_its_records_have_a_past_and_a_clock(added: Added) -> None:
    made = create(added, "dated", day="2025-04-25")
    created = added.get("/v1/ceasefire-violations/dated")["createdAt"]
    by = {"key": "dated"}
    listed = 'query ($at: DateTime) { ceasefireViolations(filter: {key: {eq: "dated"}}, asOf: $at) { nodes { id } } }'
    assert added.ask(listed, at="2025-04-24") == {"ceasefireViolations": {"nodes": []}}
    assert added.ask(listed, at="2025-04-25") == {"ceasefireViolations": {"nodes": [{"id": made["id"]}]}}

    tag = added.client.get("/v1/ceasefire-violations/dated").headers["etag"]
    added.send("PATCH", "/v1/ceasefire-violations/dated", {"place": "Kherson"}, **{"If-Match": tag})
    known = "query ($by: By!, $at: DateTime) { ceasefireViolation(by: $by, knownAt: $at) { place version } }"
    assert added.ask(known, by=by, at=created) == {"ceasefireViolation": {"place": "Kharkiv", "version": 1}}
    before = added.client.get("/v1/ceasefire-violations/dated?knownAt=2025-01-01")
    assert (before.status_code, before.json()["code"]) == (404, "NOT_FOUND")
    assert added.ask(known, by=by) == {"ceasefireViolation": {"place": "Kherson", "version": 2}}


def test_what_a_contributor_proposes_of_it_names_its_type(added: Added) -> None:
    key = added.copy.parley("keys", "create", "--role", "contributor", "--name", "reader").stdout.strip()
    body = {"key": "proposed", **VIOLATION}
    proposed = added.send("POST", "/v1/ceasefire-violations", body, Authorization=f"Bearer {key}")
    assert proposed.status_code == 202, proposed.text
    id_ = proposed.json()["id"]
    (change,) = added.ask("query ($id: ID!) { proposal(id: $id) { changes { type key } } }", id=id_)["proposal"][
        "changes"
    ]
    assert change == {"type": "ceasefireViolation", "key": "proposed"}
    assert added.send("POST", f"/v1/proposals/{id_}/approve", {}).status_code == 200
    assert added.get("/v1/ceasefire-violations/proposed")["place"] == "Kharkiv"


def test_the_rule_is_published_and_judges(added: Added, tmp_path: Path) -> None:
    talks = [
        {"key": f"talks-{count}", "title": "Talks", "delegations": count, "citations": ["ref-1"]} for count in (1, 2, 3)
    ]
    added.load(tmp_path, talks=talks)
    judged = added.ask(
        '{ talks(filter: {title: {eq: "Talks"}}, orderBy: [KEY_ASC]) { nodes { '
        "size sizeExplained { value rule { id } inputs { name value record { key } } } } } }"
    )["talks"]["nodes"]
    assert [each["size"] for each in judged] == ["UNKNOWN", "BILATERAL", "MULTILATERAL"]
    assert judged[2]["sizeExplained"] == {
        "value": "MULTILATERAL",
        "rule": {"id": "talk.size.v1"},
        "inputs": [{"name": "delegations", "value": "3", "record": {"key": "talks-3"}}],
    }
    found = added.ask('{ talks(filter: {size: {eq: BILATERAL}, key: {contains: "talks-"}}) { nodes { key } } }')
    assert found["talks"]["nodes"] == [{"key": "talks-2"}]
    assert added.get("/v1/rules/talk.size.v1")["text"].startswith("A talk of two delegations is BILATERAL")


def test_the_route_answers_with_pages(added: Added) -> None:
    for day in ("2025-05-01", "2025-05-02"):
        create(added, f"route-{day}", party="ukraine", day=day)
    answer = added.client.get(
        "/v1/actors/ukraine/ceasefire-violations?orderBy=DAY_EARLIEST_DESC&first=1&asOf=2025-06-01"
    )
    assert [each["key"] for each in answer.json()["items"]] == ["route-2025-05-02"]
    following = re.search(r'<([^>]+)>; rel="next"', answer.headers["link"])
    assert following
    assert [each["key"] for each in added.get(following[1])["items"]] == ["route-2025-05-01"]


# --- the way back --------------------------------------------------------------------------------


async def test_the_way_back_leaves_what_was_there_before(postgres: str, followed: Followed) -> None:
    with new_database(postgres, followed.copy.database_url) as url:
        write_what_was_added(url)
        assert await differences(url)
        run(Copy(followed.copy.folder, url), followed.way_back)
        assert (objects(url), records(url)) == followed.before
        assert await differences(url) == ()
        with psycopg.connect(url) as connection:
            for table in ("revision", "search_entry"):
                stray = f"select count(*) from {table} where record_id not in (select id from record)"
                assert connection.execute(stray.encode()).fetchone() == (0,), table
            connection.execute("update talk set summary = 'Changed afterwards'")


def write_what_was_added(url: str) -> None:
    """A violation, a comment on it and a citation of that, each with a past; and the column of a talk."""
    with psycopg.connect(url) as connection:
        connection.execute(
            "insert into ceasefire_violation (key, party_id, place, day, source_id) "
            "select 'a', a.id, 'Kharkiv', row('2025', '2025-01-01', '2025-12-31', 'YEAR', null, null)::fuzzy_date, "
            "s.id from actor a, source s where a.key = 'russia' and s.key = 'ref-1'"
        )
        connection.execute("update talk set delegations = 3")
        connection.execute("update ceasefire_violation set place = 'Sumy'")
        # A comment on it, and a citation of that.
        connection.execute(
            "insert into commentary (key, headline, text, kind, subject_id) "
            "select 'd', 'Broken again', 'A view.', 'OPINION', id from ceasefire_violation"
        )
        connection.execute(
            "insert into citation (key, record_id, source_id) select 'c', d.id, s.id "
            "from commentary d, source s where d.key = 'd' and s.key = 'ref-1'"
        )
        connection.execute("update commentary set headline = 'Broken' where key = 'd'")
