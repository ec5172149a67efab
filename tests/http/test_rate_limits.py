"""Quotas: by address without a key, by caller with one; told on every answer, and refused in each interface's words."""

from __future__ import annotations

import re
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from api.http.errors import RequestRefused
from api.http.rate_limits import MOST_BUCKETS, Quota, client_address, network
from tests.support.keys import new_key
from tests.support.serving import serving

pytestmark = pytest.mark.one_postgres

FEW = {"anonymous_requests_per_second": 2, "keyed_requests_per_second": 4, "rate_window_seconds": 5}
"""10 requests without a key and 20 with one, in 5 seconds; a test takes far less."""

QUERY = {"query": "{ __typename }"}


@contextmanager
def few(url: str, **more: Any) -> Iterator[httpx.Client]:
    with serving(url, **{**FEW, **more}) as server:
        yield server


def standing(answer: httpx.Response) -> tuple[str, int, int]:
    """The quota that an answer names, how many requests are left in it, and the seconds until it is full again."""
    found = re.fullmatch(r'"(\w+)";r=(\d+);t=(\d+)', answer.headers["ratelimit"])
    assert found, answer.headers["ratelimit"]
    return found[1], int(found[2]), int(found[3])


def test_every_answer_tells_the_quotas_and_what_is_left(dossier_url: str) -> None:
    with few(dossier_url) as server:
        answers = [
            server.post("/graphql", json=QUERY),
            server.get("/v1/talks"),
            server.get("/v1/talks/nowhere"),
            server.get("/openapi.json"),
            server.get("/nowhere"),
        ]
    assert {each.headers["ratelimit-policy"] for each in answers} == {'"anonymous";q=10;w=5, "keyed";q=20;w=5'}
    found = [standing(each) for each in answers]
    assert {name for name, _, _ in found} == {"anonymous"}
    assert found[0][1] == 9
    assert found[-1][1] < 9
    assert all(1 <= seconds <= 5 for _, _, seconds in found)


def test_one_request_too_many_is_refused_in_the_words_of_each_interface(dossier_url: str) -> None:
    with few(dossier_url) as server:
        statuses = [server.get("/docs").status_code for _ in range(11)]
        graphql = server.post("/graphql", json=QUERY)
        by_get = server.get("/graphql", params=QUERY, headers={"Accept": "application/graphql-response+json"})
        rest = server.get("/v1/talks")
        page = server.get("/docs")
        health = [server.get(path).status_code for path in ("/healthz", "/readyz") for _ in range(20)]
    assert statuses[:10] == [200] * 10
    assert {each.status_code for each in (graphql, by_get, rest, page)} == {429}
    assert graphql.json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
    assert by_get.headers["content-type"].startswith(("application/json", "application/graphql-response+json"))
    assert rest.headers["content-type"] == page.headers["content-type"] == "application/problem+json"
    assert rest.json()["code"] == page.json()["code"] == "RATE_LIMITED"
    for each in (graphql, rest, page):
        assert 1 <= int(each.headers["retry-after"]) <= 5
        assert standing(each)[:2] == ("anonymous", 0)
        assert each.headers["x-content-type-options"] == "nosniff"
    assert set(health) == {200}


def test_what_does_not_exist_is_counted_too_and_once(dossier_url: str) -> None:
    with few(dossier_url) as server:
        answers = [server.request(*each) for each in (("GET", "/v1/no"), ("PUT", "/v1/talks"), ("GET", "/graphqls"))]
        left = standing(server.get("/no"))[1]
        refused = [server.get("/v1/no").status_code for _ in range(10)]
    assert [each.status_code for each in answers] == [404, 405, 404]
    assert [standing(each)[1] for each in answers] == [9, 8, 7]
    assert left == 6
    assert refused[-1] == 429


def test_a_caller_has_a_quota_of_its_own(own_dossier_url: str) -> None:
    one, other = new_key(own_dossier_url, "one"), new_key(own_dossier_url, "other")
    with few(own_dossier_url) as server:
        for _ in range(12):
            server.get("/v1/talks")
        assert server.get("/v1/talks").status_code == 429
        answers = [server.get("/v1/talks", headers={"Authorization": f"Bearer {one}"}) for _ in range(40)]
        assert answers[0].status_code == 200
        assert standing(answers[0]) == ("keyed", 19, 1)
        refused = [each for each in answers if each.status_code == 429]
        assert refused
        assert refused[0].json()["code"] == "RATE_LIMITED"
        assert server.get("/v1/talks", headers={"Authorization": f"Bearer {other}"}).status_code == 200


def test_keys_cannot_be_guessed_at_speed(own_dossier_url: str) -> None:
    right = {"Authorization": f"Bearer {new_key(own_dossier_url, 'right')}"}
    wrong = {"Authorization": "Bearer parley_guessed"}
    with serving(own_dossier_url, failed_keys_per_minute=5) as server:
        assert [server.get("/v1/talks", headers=wrong).status_code for _ in range(6)] == [401] * 5 + [429]
        # Whether a key is right is not told any more; who shows none is not concerned.
        assert server.get("/v1/talks", headers=right).status_code == 429
        assert server.post("/graphql", json=QUERY, headers=right).status_code == 429
        assert server.get("/v1/talks").status_code == 200


def test_limits_can_be_switched_off(dossier_url: str) -> None:
    with serving(dossier_url) as server:
        answers = [server.get("/docs") for _ in range(50)]
    assert {each.status_code for each in answers} == {200}
    assert "ratelimit" not in answers[0].headers


def test_behind_a_proxy_the_address_is_what_the_proxy_says(dossier_url: str) -> None:
    with few(dossier_url, trusted_proxies=1) as server:

        def left(forwarded: str) -> int:
            return standing(server.get("/docs", headers={"X-Forwarded-For": forwarded}))[1]

        assert left("198.51.100.1") == 9
        assert left("198.51.100.2") == 9
        # What stands before it was written by the client.
        assert left("203.0.113.9, 198.51.100.2") == 8


def test_without_a_trusted_proxy_the_header_says_nothing(dossier_url: str) -> None:
    with few(dossier_url) as server:
        found = [standing(server.get("/docs", headers={"X-Forwarded-For": f"198.51.100.{n}"}))[1] for n in range(5)]
    assert found[0] == 9
    assert found[-1] < 9


# --- what a request alone cannot show ------------------------------------------------------------


@pytest.mark.parametrize(
    ("peer", "counted"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("no:address", "no:address"),
    ],
)
def test_an_address_is_what_one_subscriber_has(peer: str, counted: str) -> None:
    assert client_address({"client": (peer, 1), "headers": []}, 0) == counted


def test_a_bucket_fills_up_again(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("api.http.rate_limits.monotonic", lambda: now)
    quota = Quota("test", 10, 5)
    assert [quota.take("a") for _ in range(10)][-1] == b'"test";r=0;t=6'
    with pytest.raises(RequestRefused) as refused:
        quota.take("a")
    assert refused.value.headers["Retry-After"] == "1"
    now += 0.5
    assert quota.take("a").startswith(b'"test";r=0;')
    with pytest.raises(RequestRefused):
        quota.take("a")
    now += 5
    assert quota.take("a").startswith(b'"test";r=9;')


def test_many_more_addresses_take_no_more_memory() -> None:
    quota = Quota("test", 10, 5)
    tracemalloc.start()
    filling, beyond = (
        peak_of(quota, range(*addresses)) for addresses in ((0, 2 * MOST_BUCKETS), (10**6, 10**6 + 150_000))
    )
    tracemalloc.stop()
    assert len(quota.recent) + len(quota.older) <= 2 * MOST_BUCKETS
    assert beyond < 1.1 * filling < 20_000_000


def peak_of(quota: Quota, addresses: range) -> int:
    """The most memory that is in use while each address sends a request."""
    tracemalloc.reset_peak()
    for number in addresses:
        quota.take(str(number))
    return tracemalloc.get_traced_memory()[1]


@pytest.mark.parametrize(
    ("written", "counted"),
    [
        ("192.0.2.7:5678", "192.0.2.7"),
        ("[2001:db8::1]:443", "2001:db8::"),
        ("2001:db8::1", "2001:db8::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("no:address", "no:address"),
    ],
)
def test_the_port_of_an_address_makes_no_other_address(written: str, counted: str) -> None:
    assert network(written) == counted
