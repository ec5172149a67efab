"""What is made to hurt is refused soon, and meanwhile others are answered.

How long both took is printed in milliseconds. Asserted is only what holds on a machine that does much else as well:
the best of three tries, and a second where milliseconds are meant.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from statistics import median
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.conftest import new_database
from tests.support.keys import new_key
from tests.support.killable import killable
from tests.support.serving import until

pytestmark = pytest.mark.one_postgres

AT_MOST_SECONDS = 1.0
"""Far above what is meant, which is 50 ms, and far below what these once took."""

TRIES = 3
"""Where the machine does something else for a second, it does not do so three times."""

JSON = {"Content-Type": "application/json"}
SOMEBODY = "01960000-0000-7000-8000-000000000000"


YAML = {"Content-Type": "application/yaml"}


@pytest.fixture(scope="module")
def url(postgres: str, template_url: str) -> Iterator[str]:
    with new_database(postgres, template_url) as url:
        yield url


@pytest.fixture(scope="module")
def port(url: str) -> Iterator[int]:
    with killable(url, PARLEY_ANONYMOUS_REQUESTS_PER_SECOND="0") as server:
        yield server.port


@pytest.fixture(scope="module")
def key(url: str) -> str:
    return new_key(url, "who sends dossiers")


def document(text: str, **variables: object) -> bytes:
    return json.dumps({"query": text, "variables": variables}).encode()


def fan(levels: int) -> str:
    """Fragments that ask for two to the power of `levels` fields."""
    each = (f"fragment f{n} on Query {{ ...f{n + 1} ...f{n + 1} }}" for n in range(levels))
    return f"{{ ...f0 }} {' '.join(each)} fragment f{levels} on Query {{ __typename }}"


IDS = [SOMEBODY] * 5000

AFTER = "query ($a: String) { talks(after: $a) { totalCount } }"
ALIASES = " ".join(f"a{n}: __typename" for n in range(10_000))
CIRCLE = " ".join(f"fragment f{n} on Query {{ ...f{(n + 1) % 300} }}" for n in range(300))
VARIABLES = b'{"query": "{ __typename }", "variables": {"a": %s}}'
NAMES = b"".join(b'"%d":1,' % n for n in range(40_000))

CONDITIONS = {"and": [{"key": {"eq": f"a{n}"}} for n in range(60)]}


def again(uses: int) -> str:
    """A filter that is used in many places, each of which compiles it."""
    return f"query ($f: ProcessFilter!) {{ processes(filter: {{and: [{'$f,' * uses}]}}) {{ totalCount }} }}"


BOMBS: dict[str, tuple[bytes, str]] = {
    "fragments that fan out 2^30": (document(fan(30)), "QUERY_TOO_COMPLEX"),
    "10,000 aliases": (document(f"{{ {ALIASES} }}"), "QUERY_TOO_COMPLEX"),
    "10,000 directives": (document("{ __typename " + "@skip(if: false) " * 10_000 + "}"), "QUERY_TOO_COMPLEX"),
    "1 MB of tokens": (document("{" + " a" * 490_000 + " }"), "QUERY_TOO_COMPLEX"),
    "5 MB of tokens": (document("{" + " a" * 2_500_000 + " }"), "TOO_LARGE"),
    "a variable of 20 MB": (document(AFTER, a="x" * 20_000_000), "TOO_LARGE"),
    "a variable of 900 kB": (document(AFTER, a="x" * 900_000), "TOO_LARGE"),
    "JSON nested 100,000 deep": (VARIABLES % (b"[" * 100_000 + b"]" * 100_000), "BAD_REQUEST"),
    "JSON nested 100,000 deep and not ended": (b"[" * 100_000, "BAD_REQUEST"),
    "JSON of 40,000 names, the last twice": (b"{" + NAMES + b'"39999":1}', "BAD_REQUEST"),
    "JSON of empty objects": (b"[" + b",".join([b"{}"] * 300_000) + b"]", "BAD_REQUEST"),
    "circular fragments": (
        document("{ ...A } fragment A on Query { ...B } fragment B on Query { ...A ...A }"),
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "a circle of 300 fragments": (document("{ ...f0 } " + CIRCLE), "QUERY_TOO_COMPLEX"),
    "5,000 ids as a variable": (
        document("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=IDS),
        "BAD_USER_INPUT",
    ),
    "5,000 ids in the document": (document(f"{{ nodes(ids: {json.dumps(IDS)}) {{ id }} }}"), "QUERY_TOO_COMPLEX"),
    "a fragment that is compared 400 times": (
        document("{ " + "talks { nodes { id ...F } } " * 400 + "} fragment F on Talk { " + "id " * 400 + "}"),
        "QUERY_TOO_COMPLEX",
    ),
    "60 conditions used 640 times": (document(again(640), f=CONDITIONS), "BAD_USER_INPUT"),
    "600 empty conditions used 1,800 times": (document(again(1_800), f={"and": [{}] * 600}), "BAD_USER_INPUT"),
    "60 conditions on records of any type": (
        document("{ processes(filter: {and: [" + '{mergedInto: {key: {eq: "a"}}} ' * 60 + "]}) { totalCount } }"),
        "BAD_USER_INPUT",
    ),
    "JSON of small values": (b"[" + b"1," * 490_000 + b"1]", "BAD_REQUEST"),
    "JSON of signs in a text": (document("{ __typename }", a="[{," * 160_000), "TOO_LARGE"),
    "one field 600 times": (document("{ " + "talks { nodes { id } } " * 600 + "}"), "QUERY_TOO_COMPLEX"),
    "a string that does not end": (document('{ a(b: "' + '\\"' * 40_000), "GRAPHQL_PARSE_FAILED"),
    "a number of 5,000 digits": (VARIABLES % (b"9" * 5000), "BAD_REQUEST"),
}
"""What is sent, and the code of the refusal."""


@dataclass
class Watch:
    """Somebody else, who asks all the time whether the server is well."""

    took: list[float] = field(default_factory=list)

    @contextmanager
    def looking(self, port: int) -> Iterator[None]:
        ended = threading.Event()

        def look() -> None:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
                while not ended.is_set():
                    begun = time.perf_counter()
                    assert client.get("/healthz").status_code == 200
                    self.took.append(time.perf_counter() - begun)

        thread = threading.Thread(target=look)
        thread.start()
        try:
            until(lambda: self.took)
            self.took.clear()
            yield
            until(lambda: self.took)
        finally:
            ended.set()
            thread.join()


@dataclass(frozen=True)
class Took:
    """How many seconds a refusal took, and others waited meanwhile at most."""

    refusal: float
    others: float

    def __str__(self) -> str:
        return f"refused in {self.refusal * 1000:.0f} ms; others waited {self.others * 1000:.0f} ms at most"


def took(port: int, send: Callable[[httpx.Client], httpx.Response], code: str) -> Took:
    watch = Watch()
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client, watch.looking(port):
        client.get("/healthz")
        begun = time.perf_counter()
        answer = send(client)
        ended = time.perf_counter()
        assert codes(answer.json()) == {code}, answer.text[:300]
        # A hundred problems, each with the names that are possible, are told twice.
        assert len(answer.content) < 100_000
        # The connection goes on.
        assert client.post("/graphql", content=document("{ __typename }"), headers=JSON).status_code == 200
    return Took(ended - begun, max(watch.took))


def codes(told: Any) -> set[str]:
    return {each["extensions"]["code"] for each in told["errors"]} if "errors" in told else {told["code"]}


def check_is_refused_soon(name: str, attempt: Callable[[], Took]) -> None:
    tries: list[Took] = []
    while len(tries) < TRIES and not (tries and soon(tries[-1])):
        tries.append(attempt())
        print(f"{name}: {tries[-1]}")  # noqa: T201
    assert any(soon(each) for each in tries)


def soon(took: Took) -> bool:
    return took.refusal < AT_MOST_SECONDS and took.others < AT_MOST_SECONDS


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_while_others_are_answered(port: int, bomb: str) -> None:
    body, code = BOMBS[bomb]

    def send(client: httpx.Client) -> httpx.Response:
        return client.post("/graphql", content=body, headers=JSON)

    check_is_refused_soon(bomb, lambda: took(port, send, code))


DOSSIERS: dict[str, tuple[bytes, Mapping[str, str], str]] = {
    "YAML of small texts": (b"[" + b"a," * 490_000 + b"]", YAML, "BAD_REQUEST"),
    "YAML of empty mappings": (b"[" + b"{}," * 330_000 + b"]", YAML, "BAD_REQUEST"),
    "YAML of items": (b"- a\n" * 250_000, YAML, "BAD_REQUEST"),
    "YAML nested 1,000,000 deep": (b"[" * 1_000_000, YAML, "BAD_REQUEST"),
    "YAML nested 500,000 deep by lines": (b"- " * 500_000, YAML, "BAD_REQUEST"),
    "YAML of 50,000 directives": (b"".join(b"%%TAG !a%d! x\n" % n for n in range(50_000)), YAML, "BAD_REQUEST"),
    "YAML that unfolds": (b"a: &a [x]\n" + b"b: [*a, *a]\n" * 50_000, YAML, "BAD_REQUEST"),
    "YAML of 20,000 unknown names": (b"".join(b"n%d: 1\n" % n for n in range(20_000)), YAML, "BAD_USER_INPUT"),
    "JSON of 40,000 unknown names": (b"{" + NAMES + b'"a": 1}', JSON, "BAD_USER_INPUT"),
    "JSON of 40,000 unknown names in a record": (b'{"actors": [{' + NAMES + b'"a": 1}]}', JSON, "BAD_USER_INPUT"),
    "JSON of 20,000 wrong records": (b'{"actors": [' + b"{}," * 19_999 + b"{}]}", JSON, "BAD_USER_INPUT"),
    "a YAML text of 1 MB": (b"a: '" + b"x\n\n" * 330_000 + b"'", YAML, "BAD_USER_INPUT"),
}
"""Dossiers that somebody with a key sends, and the code of the refusal."""


@pytest.mark.parametrize("bomb", DOSSIERS)
def test_a_dossier_that_is_a_bomb_is_refused_while_others_are_answered(port: int, key: str, bomb: str) -> None:
    body, headers, code = DOSSIERS[bomb]

    def send(client: httpx.Client) -> httpx.Response:
        # Each try is another request: what was refused once is kept by the key of it.
        keys = {"Authorization": f"Bearer {key}", "Idempotency-Key": str(uuid4())}
        return client.post("/v1/dossiers?dryRun=true", content=body, headers={**headers, **keys})

    check_is_refused_soon(bomb, lambda: took(port, send, code))


def test_many_large_bodies_at_once_hold_nobody_up(port: int) -> None:
    """They take turns among themselves, and not with everybody else."""
    body, watch = VARIABLES % (b"[" + b"1e300," * 49_000 + b"1]"), Watch()
    with ThreadPoolExecutor(8) as clients, watch.looking(port):
        send = partial(httpx.post, f"http://127.0.0.1:{port}/graphql", content=body, headers=JSON, timeout=60)
        sent = [clients.submit(send) for _ in range(8)]
        assert {each.result().status_code for each in sent} == {413}
    print(f"others waited {median(watch.took) * 1000:.0f} ms, and {max(watch.took) * 1000:.0f} ms at most")  # noqa: T201
    # Some 5 ms, and 150 where as many threads read as there are bodies.
    assert median(watch.took) < 0.05
