"""What others have written for GraphQL servers, run against this one: the audits of its protocol, and four clients."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support import npm
from tests.support.serving import serving

SCHEMA = Path(__file__).parents[2] / "openapi" / "schema.graphql"

AUDITS = 61
"""As many as the suite of this version has: one that is skipped would otherwise not be missed."""

PROCESS = {"key": "us-ukraine-russia-2025", "status": "ACTIVE"}
STATEMENTS = """{
    statements(asOf: "2025-04-18", orderBy: [KEY_ASC]) { nodes { key } }
}"""

BY_HASH, WITH_TEXT = ("GET", False), ("POST", True)
"""How a client sends a document: by its hash, in vain at first; then once with its text; from then on by its hash."""

pytestmark = [pytest.mark.usefixtures("_installed"), pytest.mark.one_postgres]


@pytest.fixture(scope="module")
def _installed() -> None:
    npm.install()


@pytest.fixture(scope="module")
def server(dossier_url: str) -> Iterator[httpx.Client]:
    with serving(dossier_url) as client:
        yield client


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of a front end, with the packages at hand."""
    (tmp_path / "node_modules").symlink_to(npm.MODULES)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    return tmp_path


def address(server: httpx.Client) -> str:
    return str(server.base_url.join("/graphql"))


def data(server: httpx.Client, query: str, **variables: Any) -> Any:
    answer = server.post("/graphql", json={"query": query, "variables": variables}).json()
    assert "errors" not in answer
    return answer["data"]


def statement_keys(server: httpx.Client) -> list[str]:
    """The keys of all statements, in their order, without paging."""
    return [node["key"] for node in data(server, STATEMENTS)["statements"]["nodes"]]


def test_the_packages_are_locked_without_an_address() -> None:
    lock = json.loads(npm.LOCK.read_text())
    found = {name: each for name, each in lock["packages"].items() if name}
    assert [name for name, each in found.items() if "resolved" in each or "integrity" not in each] == []
    assert "://" not in json.dumps([each.get("dependencies", {}) for each in found.values()])


def test_every_audit_of_graphql_over_http_passes(server: httpx.Client) -> None:
    results = npm.told("audit.mjs", address(server))
    assert [each for each in results if each["status"] != "ok"] == []
    assert len({each["id"] for each in results}) == AUDITS


# --- Relay ---------------------------------------------------------------------------------------


@pytest.fixture
def relay(folder: Path) -> dict[str, str]:
    """The documents that Relay's compiler made of a front end's source, by their hash."""
    shutil.copytree(npm.FOLDER / "relay", folder, dirs_exist_ok=True)
    shutil.copy(SCHEMA, folder)
    (folder / "artifacts").mkdir()
    (folder / "persisted.json").write_text("{}")
    npm.run(npm.MODULES / "relay-compiler" / "cli.js", "relay.config.json", folder=folder)
    made = sorted(each.name for each in (folder / "artifacts").iterdir())
    assert made == sorted(
        f"{name}.graphql.ts"
        for name in (
            "pagesQuery",
            "pagesNodeQuery",
            "pagesStatementsQuery",
            "pagesTalksQuery",
            "pages_statements",
            "pages_talks",
        )
    )
    persisted: dict[str, str] = json.loads((folder / "persisted.json").read_text())
    return persisted


def test_relay_compiles_and_its_documents_give_pages(server: httpx.Client, relay: dict[str, str]) -> None:
    (pages,) = (text for text in relay.values() if text.startswith("query pagesQuery"))
    (next_page,) = (text for text in relay.values() if text.startswith("query pagesStatementsQuery"))
    (below_node,) = (text for text in relay.values() if text.startswith("query pagesTalksQuery"))
    first = data(server, pages, key=PROCESS["key"])
    info = first["statements"]["pageInfo"]
    assert info["hasNextPage"] is True
    second = data(server, next_page, cursor=info["endCursor"])
    keys = [edge["node"]["key"] for page in (first, second) for edge in page["statements"]["edges"]]
    assert keys == statement_keys(server)[:6]
    node = data(server, below_node, id=first["process"]["id"], count=2)["node"]
    assert node["__typename"] == "Process"
    assert [edge["node"]["title"] for edge in node["talks"]["edges"]] == ["London talks", "Paris talks"]


def test_the_documents_that_relay_persists_are_a_manifest(
    dossier_url: str, relay: dict[str, str], folder: Path
) -> None:
    wanted = {text.split("(")[0]: name for name, text in relay.items()}["query pagesNodeQuery"]
    with serving(dossier_url, trusted_documents=folder / "persisted.json", trusted_documents_only=True) as server:
        answer = server.post("/graphql", json={"documentId": wanted, "variables": {"id": "x"}}).json()
        assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
        answer = server.post("/graphql", json={"query": "{ __typename }"}).json()
        assert answer["errors"][0]["extensions"]["code"] == "DOCUMENT_NOT_TRUSTED"


# --- graphql-codegen -----------------------------------------------------------------------------


def test_a_typed_client_made_from_the_schema_compiles_and_runs(server: httpx.Client, folder: Path) -> None:
    shutil.copytree(npm.FOLDER / "typed", folder, dirs_exist_ok=True)
    npm.run("codegen.mjs", SCHEMA, "documents.graphql", "client.ts", folder=folder)
    npm.run(npm.MODULES / "typescript" / "bin" / "tsc", "--project", ".", folder=folder)
    assert npm.told("use.js", address(server), folder=folder) == {
        "status": "IN_WINDOW",
        "earliest": "2025-04-19",
        "keys": ["paris-2025-04-17"],
    }


# --- Apollo Client and urql ----------------------------------------------------------------------


def test_apollo_client_asks_a_query_and_pages_through_a_connection(server: httpx.Client) -> None:
    found = npm.told("apollo.mjs", address(server))
    keys = statement_keys(server)
    assert {name: found["process"][name] for name in PROCESS} == PROCESS
    assert (found["first"], found["together"]) == (keys[:3], keys[:6])
    assert found["again"] == found["process"]
    asked = [(each["method"], each["hasText"]) for each in found["sent"]]
    assert asked == [BY_HASH, WITH_TEXT, BY_HASH, BY_HASH, WITH_TEXT, BY_HASH]
    assert [each["status"] for each in found["sent"]] == [404, 200, 200, 404, 200, 200]


def test_urql_asks_a_query_and_pages_through_a_connection(server: httpx.Client) -> None:
    found = npm.told("urql.mjs", address(server))
    keys = statement_keys(server)
    assert {name: found["process"][name] for name in PROCESS} == PROCESS
    assert (found["first"], found["together"]) == (keys[:3], keys[:6])
    asked = [(each["method"], each["hasText"]) for each in found["sent"]]
    assert asked == [BY_HASH, ("GET", True), BY_HASH, ("GET", True), BY_HASH]
    assert {each["status"] for each in found["sent"]} == {200}
