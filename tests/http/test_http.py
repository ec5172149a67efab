"""How GraphQL travels over HTTP: profiles of statuses, what caches may keep, and documents that are named, not sent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.app import create_app
from api.graphql.persisted_documents import MOST_BYTES, ManifestRefused, PersistedDocuments
from api.http.errors import DocumentRefused
from api.settings import Settings
from schema.declare.caller import Role
from tests.support.keys import new_key
from tests.support.serving import serving

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"

TALK = '{ talk(by: {key: "paris-2025-04-17"}, asOf: "2025-04-18") { title } }'
PARIS = {"data": {"talk": {"title": "Paris talks"}}, "extensions": {"cost": 2}}
WRITE = 'mutation { createActor(input: {key: "x", name: "X", kind: STATE}) { problems { code } } }'
NOWHERE = '{ talk(by: {key: "nowhere"}) { id } }'


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def apq(text: str) -> dict[str, Any]:
    return {"persistedQuery": {"version": 1, "sha256Hash": sha256(text)}}


@pytest.fixture(scope="module")
def server(dossier_url: str) -> Iterator[httpx.Client]:
    with serving(dossier_url) as client:
        yield client


@pytest.fixture(scope="module")
def newest(dossier_url: str) -> Iterator[httpx.Client]:
    with serving(dossier_url, graphql_http_profile="september-2026") as client:
        yield client


def post(server: httpx.Client, accept: str = JSON, **body: Any) -> httpx.Response:
    return server.post("/graphql", json=body, headers={"Accept": accept})


def get(server: httpx.Client, accept: str = JSON, headers: Any = None, **asked: Any) -> httpx.Response:
    texts = {name: each if isinstance(each, str) else json.dumps(each) for name, each in asked.items()}
    return server.get("/graphql", params=texts, headers={"Accept": accept, **(headers or {})})


def code(answer: httpx.Response) -> str:
    (error,) = answer.json()["errors"]
    found: str = error["extensions"]["code"]
    return found


# --- the profile of September 2026 ---------------------------------------------------------------

REFUSALS = [
    ({"query": "{"}, 400),
    ({"query": "{ nothing }"}, 422),
    ({"query": "query A { __typename } query B { __typename }"}, 422),
    ({"query": "query ($n: Int!) { talks(first: $n) { totalCount } }"}, 422),
    ({"query": "{ talks(first: 0) { totalCount } }"}, 422),
    ({"query": 7}, 422),
    ({"qeury": "{ __typename }"}, 422),
    ({"query": "{ __typename }", "variables": [7]}, 422),
    ({"query": "{ __typename }", "extensions": "x"}, 422),
    ([{"query": "{ __typename }"}], 422),
]


@pytest.mark.parametrize(("body", "status"), REFUSALS)
@pytest.mark.parametrize("accept", [JSON, GRAPHQL_JSON, "*/*"])
def test_september_2026_tells_each_refusal_by_its_status(
    newest: httpx.Client, body: Any, status: int, accept: str
) -> None:
    answer = newest.post("/graphql", json=body, headers={"Accept": accept})
    assert (answer.status_code, list(answer.json())) == (status, ["errors"])
    assert answer.headers["content-type"] == f"{GRAPHQL_JSON}; charset=utf-8"


@pytest.mark.parametrize(("body", "status"), REFUSALS)
def test_compatible_tells_the_same_by_400(server: httpx.Client, body: Any, status: int) -> None:
    assert status in (400, 422)
    answer = server.post("/graphql", json=body, headers={"Accept": GRAPHQL_JSON})
    assert (answer.status_code, list(answer.json())) == (400, ["errors"])


@pytest.mark.parametrize(
    ("accept", "status", "media"), [(GRAPHQL_JSON, 294, GRAPHQL_JSON), (JSON, 200, JSON), ("*/*", 294, GRAPHQL_JSON)]
)
def test_september_2026_tells_an_answer_in_part(newest: httpx.Client, accept: str, status: int, media: str) -> None:
    answer = post(newest, accept, query=NOWHERE)
    assert (answer.status_code, answer.headers["content-type"]) == (status, f"{media}; charset=utf-8")
    assert answer.json()["data"] == {"talk": None}


@pytest.mark.parametrize(
    ("accept", "media"),
    [("", GRAPHQL_JSON), ("*/*", GRAPHQL_JSON), (JSON, JSON), (f"{JSON}, {GRAPHQL_JSON}", GRAPHQL_JSON)],
)
def test_september_2026_prefers_its_own_media_type(newest: httpx.Client, accept: str, media: str) -> None:
    answer = post(newest, accept, query="{ __typename }")
    assert (answer.status_code, answer.headers["content-type"]) == (200, f"{media}; charset=utf-8")


def test_what_is_no_request_has_the_same_status_in_both(server: httpx.Client, newest: httpx.Client) -> None:
    typed = {"Content-Type": JSON, "Accept": GRAPHQL_JSON}
    for each in (server, newest):
        assert each.post("/graphql", content="{", headers=typed).status_code == 400
        assert each.post("/graphql", content="x" * 1_000_001, headers=typed).status_code == 413
        assert each.post("/graphql", content="{}", headers={"Content-Type": "text/plain"}).status_code == 415
        assert each.post("/graphql", json={"query": TALK}, headers={"Accept": "image/png"}).status_code == 406
        answer = each.put("/graphql", json={"query": TALK})
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, POST")
        answer = get(each, query=WRITE)
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


# --- what caches may keep ------------------------------------------------------------------------


def test_an_answer_to_get_may_be_kept_and_is_compared_by_its_tag(server: httpx.Client) -> None:
    answer = get(server, query=TALK)
    assert answer.json() == PARIS
    assert answer.headers["cache-control"] == "public, max-age=10"
    assert answer.headers["vary"] == "accept, authorization"
    tag = answer.headers["etag"]
    for seen in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        again = get(server, query=TALK, headers={"If-None-Match": seen})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert again.headers["cache-control"] == "public, max-age=10"
        assert "content-type" not in again.headers
    assert get(server, query=TALK, headers={"If-None-Match": '"x"'}).status_code == 200
    assert get(server, GRAPHQL_JSON, query=TALK).headers["etag"] != tag
    assert get(server, query=TALK.replace("title", "key")).headers["etag"] != tag


@pytest.mark.parametrize("query", [NOWHERE, "{", "{ nothing }", "mutation { a }", ""])
def test_a_failure_is_not_kept(server: httpx.Client, query: str) -> None:
    answer = get(server, query=query)
    assert "errors" in answer.json()
    assert answer.headers["cache-control"] == "private, no-store"
    assert "etag" not in answer.headers


def test_an_answer_to_post_is_not_tagged(server: httpx.Client) -> None:
    answer = post(server, query=TALK)
    assert "etag" not in answer.headers
    assert "cache-control" not in answer.headers


def test_an_answer_to_who_shows_a_key_is_not_kept(own_dossier_url: str) -> None:
    secret = new_key(own_dossier_url, "carla", Role.CONTRIBUTOR)
    with serving(own_dossier_url, cache_seconds=0) as server:
        assert get(server, query=TALK).headers["cache-control"] == "public, no-cache"
        answer = get(server, query=TALK, headers={"Authorization": f"Bearer {secret}"})
        assert answer.json() == PARIS
        assert answer.headers["cache-control"] == "private, no-store"
        assert "etag" not in answer.headers
        answer = get(server, query=TALK, headers={"Authorization": "Bearer nothing"})
        assert (answer.status_code, answer.headers["cache-control"]) == (401, "private, no-store")


# --- documents sent before -----------------------------------------------------------------------


@pytest.mark.parametrize("ask", [post, get])
@pytest.mark.parametrize(("accept", "status"), [(JSON, 200), (GRAPHQL_JSON, 404)])
def test_a_document_is_sent_once_and_then_named_by_its_hash(
    server: httpx.Client, ask: Any, accept: str, status: int
) -> None:
    text = f"# {ask.__name__} {accept}\n{TALK}"
    unknown = ask(server, accept, extensions=apq(text))
    assert unknown.status_code == status
    assert unknown.json() == {
        "errors": [{"message": "PersistedQueryNotFound", "extensions": {"code": "PERSISTED_QUERY_NOT_FOUND"}}]
    }
    assert unknown.headers["cache-control"] == "private, no-store"
    assert ask(server, accept, query=text, extensions=apq(text)).json() == PARIS
    assert ask(server, accept, extensions=apq(text)).json() == PARIS
    assert ask(server, accept, documentId=f"sha256:{sha256(text)}").json() == PARIS


@pytest.mark.parametrize(
    "named",
    [
        {"extensions": apq("{ __typename }")},
        {"documentId": f"sha256:{sha256('{ __typename }')}"},
        {"documentId": "a-page"},
    ],
)
def test_a_document_under_a_name_that_is_not_its_own_is_refused(server: httpx.Client, named: Any) -> None:
    answer = post(server, query=TALK, **named)
    assert (answer.status_code, code(answer)) == (400, "BAD_REQUEST")
    assert code(post(server, **named)) == "PERSISTED_QUERY_NOT_FOUND"


@pytest.mark.parametrize(
    "named",
    [
        {"extensions": {"persistedQuery": {"version": 2, "sha256Hash": sha256(TALK)}}},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": 7}}},
        {"extensions": {"persistedQuery": {"version": 1}}},
        {"extensions": {"persistedQuery": [1]}},
        {"extensions": apq(TALK), "documentId": "x"},
        {"documentId": 7},
        {"documentId": ["x"]},
        {"documentId": "sha256:7"},
        {"documentId": f"sha256:{sha256(TALK).upper()}"},
    ],
)
def test_a_name_that_is_none_is_refused(server: httpx.Client, named: Any) -> None:
    answer = post(server, query=TALK, **named)
    assert (answer.status_code, code(answer)) == (400, "BAD_REQUEST")


def test_a_document_that_is_refused_is_not_kept(server: httpx.Client) -> None:
    text = "{ nothing }"
    assert code(post(server, query=text, extensions=apq(text))) == "GRAPHQL_VALIDATION_FAILED"
    assert code(post(server, extensions=apq(text))) == "PERSISTED_QUERY_NOT_FOUND"


def test_other_extensions_are_left_alone(server: httpx.Client) -> None:
    assert post(server, query=TALK, extensions={"clientLibrary": {"name": "x"}}).json() == PARIS


def test_a_mutation_named_by_its_hash_is_not_sent_by_get(server: httpx.Client) -> None:
    text = f"# A write\n{WRITE}"
    assert "errors" not in post(server, query=text, extensions=apq(text)).json()
    assert get(server, extensions=apq(text)).status_code == 405


def test_those_used_last_are_kept(dossier_url: str) -> None:
    first, second, third = (f"# {number}\n{TALK}" for number in range(3))
    with serving(dossier_url, sent_documents_kept=2) as server:
        for text in (first, second, first, third):
            assert post(server, query=text, extensions=apq(text)).json() == PARIS
            assert post(server, extensions=apq(first)).json() == PARIS
        assert post(server, extensions=apq(third)).json() == PARIS
        assert code(post(server, extensions=apq(second))) == "PERSISTED_QUERY_NOT_FOUND"


def test_documents_take_a_bounded_memory() -> None:
    documents = PersistedDocuments({}, 1000)
    texts = [f"{number:09}" + "x" * (MOST_BYTES // 10) for number in range(15)]
    for text in texts:
        documents.cache(sha256(text), text)
        assert documents.sent.size <= MOST_BYTES
    assert documents.find(sha256(texts[-1])) == texts[-1]
    with pytest.raises(DocumentRefused):
        documents.find(sha256(texts[0]))


# --- documents of a manifest ---------------------------------------------------------------------

RELAY = {sha256(TALK): TALK, "key-of-paris": TALK.replace("title", "key")}
APOLLO = {
    "format": "apollo-persisted-query-manifest",
    "version": 1,
    "operations": [{"id": id_, "name": "Talk", "type": "query", "body": text} for id_, text in RELAY.items()],
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "documents.json"


@pytest.mark.parametrize("manifest", [RELAY, APOLLO], ids=["relay", "apollo"])
def test_a_manifest_is_all_that_is_answered_where_that_is_set(dossier_url: str, path: Path, manifest: Any) -> None:
    path.write_text(json.dumps(manifest))
    with serving(dossier_url, trusted_documents=path, trusted_documents_only=True) as server:
        for ask in (post, get):
            assert ask(server, documentId=sha256(TALK)).json() == PARIS
            assert ask(server, documentId=f"sha256:{sha256(TALK)}").json() == PARIS
            assert ask(server, extensions=apq(TALK)).json() == PARIS
            assert ask(server, query=TALK).json() == PARIS
            assert ask(server, documentId="key-of-paris").json()["data"] == {"talk": {"key": "paris-2025-04-17"}}
            other = TALK.replace("title", "status")
            assert code(ask(server, query=other)) == "DOCUMENT_NOT_TRUSTED"
            assert code(ask(server, query=other, extensions=apq(other))) == "DOCUMENT_NOT_TRUSTED"
            assert code(ask(server, extensions=apq(other))) == "PERSISTED_QUERY_NOT_FOUND"
            assert ask(server, GRAPHQL_JSON, query=other).status_code == 403
        page = server.get("/graphql", headers={"Accept": "text/html"})
        assert (page.status_code, page.json()["code"]) == (403, "DOCUMENT_NOT_TRUSTED")
        assert "PARLEY_TRUSTED_DOCUMENTS_ONLY" in page.json()["detail"]
        assert server.get("/").headers["location"] == "/docs"
        assert server.get("/v1/talks").status_code == 200


def test_a_manifest_by_itself_forbids_nothing(dossier_url: str, path: Path) -> None:
    path.write_text(json.dumps(RELAY))
    with serving(dossier_url, trusted_documents=path) as server:
        assert post(server, documentId="key-of-paris").status_code == 200
        assert post(server, query=TALK, documentId="key-of-paris").status_code == 400
        assert post(server, query=RELAY["key-of-paris"], documentId="key-of-paris").status_code == 200
        assert post(server, query="{ __typename }").status_code == 200


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('{"a-page": "{ nothing }"}', "'a-page' does not fit the schema: Cannot query field 'nothing'"),
        ('{"a-page": "{"}', "'a-page' does not fit the schema: Syntax Error"),
        (json.dumps({sha256("x"): TALK}), "is not the SHA-256 hash of its document"),
        ('{"a-page": 7}', "is no id with the text"),
        ('{"a": "{ __typename }", "a": "{ __typename }"}', 'names "a" twice in one object'),
        ("[]", "is no id with the text"),
        ("{", "is not JSON: EOF while parsing an object at line 1 column 1"),
        ('{"format": "apollo-persisted-query-manifest", "version": 2, "operations": []}', "of version 1"),
        (json.dumps({**APOLLO, "operations": [{"id": "a", "body": TALK}, {"id": "a", "body": "{ x }"}]}), "names two"),
        (json.dumps({**APOLLO, "operations": ["a"]}), "is no id with the text"),
    ],
)
def test_a_manifest_that_is_wrong_ends_the_start(path: Path, content: str, says: str) -> None:
    path.write_text(content)
    with pytest.raises(ManifestRefused, match=r"documents\.json") as refused:
        create_app(Settings(database_url="postgresql://nobody@localhost/nothing", trusted_documents=path))
    assert says in str(refused.value)
