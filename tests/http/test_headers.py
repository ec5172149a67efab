"""What every answer tells a browser: what it may do with it, and which pages may read it."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import httpx
import pytest

from api.settings import Settings
from tests.support.serving import serving

pytestmark = pytest.mark.one_postgres

PAGES = ("/graphql", "/docs", "/redoc")
BROWSER = {"Accept": "text/html"}
QUERY = {"query": "{ __typename }"}
NEWS = "https://news.example"


@pytest.fixture(scope="module")
def server(dossier_url: str) -> Iterator[httpx.Client]:
    with serving(dossier_url) as client:
        yield client


def of_every_kind(server: httpx.Client) -> list[httpx.Response]:
    return [
        server.post("/graphql", json=QUERY),
        server.post("/graphql", content=b"["),
        server.get("/graphql", headers={**BROWSER}),
        server.get("/graphql", params=QUERY, headers={"Authorization": "Bearer wrong"}),
        server.get("/v1/talks"),
        server.get("/v1/talks/nowhere"),
        server.get("/openapi.json"),
        server.get("/docs"),
        server.get("/assets/docs/redoc.standalone.js"),
        server.get("/healthz"),
        server.get("/nowhere"),
        server.get("/"),
        server.request("TRACE", "/graphql"),
        server.get("/?" + "x" * 20_000),
    ]


def test_every_answer_is_secured(server: httpx.Client) -> None:
    for answer in of_every_kind(server):
        found = answer.headers
        assert found["x-content-type-options"] == "nosniff", answer.url
        assert found["x-frame-options"] == "DENY"
        assert found["referrer-policy"] == "no-referrer"
        assert found["cross-origin-resource-policy"] == "same-origin"
        assert "frame-ancestors 'none'" in found["content-security-policy"]
        assert len(found.get_list("content-security-policy")) == 1
        assert "strict-transport-security" not in found


def test_a_head_that_is_none_is_answered_with_them_too(server: httpx.Client) -> None:
    with socket.create_connection((server.base_url.host, server.base_url.port or 80)) as client:
        client.sendall(b"hello\r\n\r\n")
        assert b"x-content-type-options: nosniff\r\n" in client.recv(65536)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_may_run_only_the_scripts_that_it_has(server: httpx.Client, path: str) -> None:
    policy = server.get(path, headers=BROWSER).headers["content-security-policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert "unsafe" not in rules["script-src"]
    assert "http" not in policy


def test_data_may_load_nothing(server: httpx.Client) -> None:
    for answer in (server.post("/graphql", json=QUERY), server.get("/v1/talks")):
        assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"


def test_https_is_insisted_on_by_setting(dossier_url: str) -> None:
    with serving(dossier_url, hsts_seconds=31_536_000) as server:
        assert server.get("/docs").headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"


# --- pages of other origins ----------------------------------------------------------------------


def preflight(server: httpx.Client, origin: str, method: str = "POST", headers: str = "content-type") -> httpx.Response:
    asked = {"Origin": origin, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": headers}
    return server.options("/graphql", headers=asked)


def test_by_default_every_page_may_ask_and_is_given_no_cookie(server: httpx.Client) -> None:
    for path in ("/v1/talks", "/v1/talks/nowhere", "/openapi.json"):
        answer = server.get(path, headers={"Origin": NEWS})
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "RateLimit" in answer.headers["access-control-expose-headers"]
        assert "access-control-allow-credentials" not in answer.headers
    # A cache may give a page what it was given without one.
    assert server.get("/v1/talks").headers["access-control-allow-origin"] == "*"


def test_what_a_browser_asks_first_is_answered_and_kept(server: httpx.Client) -> None:
    answer = preflight(server, NEWS, "PATCH", "authorization, if-match, idempotency-key, content-type")
    assert answer.status_code == 200
    assert answer.headers.get_list("access-control-allow-origin") == ["*"]
    assert answer.headers["access-control-allow-methods"] == "GET, HEAD, POST, PATCH"
    assert preflight(server, NEWS, "DELETE").status_code == 400
    assert int(answer.headers["access-control-max-age"]) >= 600


def test_listed_origins_only(dossier_url: str) -> None:
    with serving(dossier_url, cors_origins=f"{NEWS}, https://other.example:8443") as server:
        for origin, allowed in ((NEWS, NEWS), ("https://other.example:8443", "https://other.example:8443")):
            assert server.get("/v1/talks", headers={"Origin": origin}).headers["access-control-allow-origin"] == allowed
            assert preflight(server, origin).headers["access-control-allow-origin"] == allowed
        for answer in (server.get("/v1/talks"), server.get("/v1/talks", headers={"Origin": "https://evil.example"})):
            assert "access-control-allow-origin" not in answer.headers
            assert "origin" in answer.headers.get_list("vary", split_commas=True)
        assert preflight(server, "https://evil.example").status_code == 400


def test_no_origin_by_setting(dossier_url: str) -> None:
    with serving(dossier_url, cors_origins="none") as server:
        assert "access-control-allow-origin" not in server.get("/v1/talks", headers={"Origin": NEWS}).headers
        refused = preflight(server, NEWS)
        assert refused.status_code == 400
        assert "access-control-allow-origin" not in refused.headers


@pytest.mark.parametrize("origins", ["news.example", "https://news.example/", f"{NEWS},*", "none,*", "ftp://a", ","])
def test_a_wrong_origin_is_refused_at_the_start(origins: str) -> None:
    with pytest.raises(ValueError, match=r"origins such as|alone"):
        Settings(cors_origins=origins)


@pytest.mark.parametrize("path", ["/v1/talks/", "/graphql/", "/docs/"])
def test_nothing_leads_to_the_host_that_a_client_names(server: httpx.Client, path: str) -> None:
    answer = server.post(path, headers={"Host": "elsewhere.example"}, json=QUERY)
    assert answer.status_code == 404
    assert "location" not in answer.headers
