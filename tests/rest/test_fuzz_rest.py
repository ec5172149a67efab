"""Every operation of the OpenAPI description, asked what schemathesis makes from it, and held to all its checks.

The server is a process of its own, as an operator starts it. Seeds are fixed: what fails once, fails again. Each
request is sent by nobody and by a curator, and by an administrator where a curator may not.
"""

from __future__ import annotations

import copy
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, cast

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, CheckContext, GenerationMode, Response
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import positive_data_acceptance

from schema.declare.caller import Role
from schema.derive.constraints import checks
from tests.conftest import new_database
from tests.support.copies import free_port
from tests.support.keys import new_key
from tests.support.processes import serving_process
from tests.support.serving import UNLIMITED

pytestmark = pytest.mark.one_postgres

OPENAPI = Path(__file__).parents[2] / "openapi" / "openapi.json"

SEEDS = (1, 2, 3) if os.environ.get("FUZZ") else (1,)
"""`make fuzz` asks from all of them, `make test` from the first."""

EXAMPLES = 2
"""For each operation and seed: the simplest that there is, and one of its own. More are a matter of patience."""

CHAINS = 4
LONGEST_CHAIN = 6
"""How many chains for each seed, and how many requests follow on one another."""

MOST_COVERED = 2
"""Of the requests that cover a description keyword by keyword. A talk with all that hangs on it has some thousands."""

PATIENCE_SECONDS = 60
"""What an answer may take while other tests keep the machine busy. How fast it is, others measure."""

ONLY_KNOWN_HERE = re.compile(
    r"exclude each other|not a cursor|no [\w ]+ has the key|exists already|is also the key|no field|"
    r"date that can be read|gives no days|needs an anchor|is empty; give what|can only be merged|both are the|"
    r"is not retracted|the answer holds a secret|cannot point at itself|"
    r"it cites no source|have no milestone|no plausible date|"
    r"is no party to|no group is a part of itself|"
    # A citation has one schema, wherever it stands; inside a record, that record is what it cites for.
    r"the record stands inside|"
    # It could be said of each text, and would then be said a thousand times.
    r"it holds the character U\+0000|"
    # schemathesis follows ids that it finds in answers, and writes one that is null as this text.
    r"^'None' is not an id"
)
"""What no JSON Schema can say, or not in few words: how values go together, and what is in the database."""

CURES = {check.cure for check in checks().values()}
"""What the database says where the values of one record do not go together."""

BUSY = {
    "PARLEY_STATEMENT_TIMEOUT_SECONDS": str(PATIENCE_SECONDS),
    **{f"PARLEY_{name.upper()}": str(value) for name, value in UNLIMITED.items()},
}
"""Settings with which nothing is refused for coming too often, or for taking long on a busy machine."""

GUARDED = {412, 422}
"""The version in If-Match is not the newest; the Idempotency-Key belongs to another request."""


@dataclass
class Service:
    """A running server, the description it is asked by, and what was found."""

    url: str
    description: dict[str, Any]
    keys: Mapping[Role, str]
    session: requests.Session = field(default_factory=requests.Session)
    found: list[str] = field(default_factory=list)

    @cached_property
    def schema(self) -> Any:
        return described(self.description, self.url)

    @cached_property
    def operations(self) -> list[Any]:
        """Kept, because what schemathesis learns of an operation takes it longer than a request."""
        return [each.ok() for each in self.schema.get_all_operations()]

    def check(self, case: Case[Any]) -> None:
        """Send one request by everybody, and keep what is wrong with the answers."""
        self.answered(case, {})
        if self.answered(case, bearer(self.keys[Role.CURATOR])).status_code == 403:
            self.answered(case, bearer(self.keys[Role.ADMIN]))

    def answered(self, case: Case[Any], headers: dict[str, str], **more: Any) -> requests.Response:
        response: Any = case.call(session=self.session, headers=headers, timeout=PATIENCE_SECONDS)
        try:
            case.validate_response(response, headers=headers, **CHECKS, **more)
        except (FailureGroup, Failure) as error:
            failures = error.exceptions if isinstance(error, FailureGroup) else (error,)
            told = f"{case.as_curl_command()}\n{response.status_code} {response.text[:500]}"
            self.found += [f"{each.title}: {each.message}\n{told}" for each in failures]
        return cast("requests.Response", response)

    def assert_nothing_found(self) -> None:
        found, self.found = self.found, []
        assert not found, f"{len(found)} found\n\n" + "\n\n".join(found[:40])


def described(description: dict[str, Any], url: str) -> Any:
    schema = schemathesis.openapi.from_dict(description)
    schema.config.update(base_url=url)
    return schema


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def accepts_what_fits(ctx: CheckContext, response: Response, case: Case[Any]) -> bool | None:
    """In place of `positive_data_acceptance`, which takes a description for all that can be known of a request.

    An error of ours names every value that cannot be: here one is wrong that the description could have told of.
    """
    if response.status_code in GUARDED:
        return None
    problems = response.json().get("problems", []) if response.status_code == 400 else []
    if problems and all(is_only_known_here(each) for each in problems):
        return None
    return positive_data_acceptance(ctx, response, case)


def is_only_known_here(problem: dict[str, str]) -> bool:
    # Inside another record that one may say it: a citation inside a source has no source of its own.
    is_nested = "." in problem["path"] and problem["message"].startswith("it is missing")
    return is_nested or problem["message"] in CURES or ONLY_KNOWN_HERE.search(problem["message"]) is not None


CHECKS: dict[str, Any] = {"excluded_checks": [positive_data_acceptance], "additional_checks": [accepts_what_fits]}
"""All of schemathesis but the one that ours stands for."""


@pytest.fixture(scope="module")
def service(postgres: str, loaded_url: str) -> Iterator[Service]:
    port = free_port()
    with new_database(postgres, loaded_url) as url:
        keys = {role: new_key(url, f"fuzz-{role.name.lower()}", role) for role in (Role.CURATOR, Role.ADMIN)}
        with serving_process(DATABASE_URL=url, PORT=port, **BUSY):
            yield Service(f"http://127.0.0.1:{port}", json.loads(OPENAPI.read_text()), keys)


@pytest.mark.parametrize("number", SEEDS)
def test_made_up_requests_are_answered_as_described(service: Service, number: int) -> None:
    for place, operation in enumerate(service.operations):
        # What fits the description and what does not, in turn: three seeds ask each operation both.
        mode = list(GenerationMode)[(place + number) % 2]
        fuzz = given(case=operation.as_strategy(generation_mode=mode))(service.check)
        try:
            seed(number)(settings(CAREFREE, max_examples=EXAMPLES)(fuzz))()
        except Unsatisfiable:
            # Nothing that is sent to /healthz or /readyz can be wrong.
            assert (mode, operation.method) == (GenerationMode.NEGATIVE, "get")
    service.assert_nothing_found()


def test_each_keyword_of_the_description_holds(service: Service) -> None:
    for operation in service.operations:
        for mode in GenerationMode:
            made = service.schema.iter_coverage_cases(
                operation, generation_modes=[mode], generation_config=service.schema.config.generation
            )
            for case in islice(made, MOST_COVERED):
                service.answered(case, bearer(service.keys[Role.ADMIN]))
    service.assert_nothing_found()


@pytest.mark.parametrize("number", SEEDS)
def test_what_follows_on_an_answer_is_answered_as_described(service: Service, number: int) -> None:
    made: Any = described(linked(service.description), service.url).as_state_machine()

    class Chain(made):  # type: ignore[misc]
        """Finds a record, changes it by the ETag that came with it, and looks at it again."""

        def call(self, case: Case[Any], **_: Any) -> Any:
            return service.answered(case, bearer(service.keys[Role.CURATOR]), recorder=self.recorder)

        def validate_response(self, *_: Any, **__: Any) -> None:
            pass

    seed(number)(Chain).run(settings=settings(CAREFREE, max_examples=CHAINS, stateful_step_count=LONGEST_CHAIN))
    service.assert_nothing_found()


def linked(description: dict[str, Any]) -> dict[str, Any]:
    """The description with a link from each list to its first record, and from a record to what changes it.

    schemathesis finds links itself where a path holds the `id` of what an answer holds; ours hold an id or a key.
    """
    made = copy.deepcopy(description)
    paths = made["paths"]
    for path in [each for each in paths if each.endswith("/{by}")]:
        listed, one = paths[path.removesuffix("/{by}")], paths[path]["get"]
        # A made-up filter finds nothing that a chain could go on with.
        listed["get"]["parameters"] = []
        link(listed["get"], "200", one, by="$response.body#/items/0/id")
        link(listed["post"], "201", one, by="$response.body#/id")
        for change in changes_of(paths, path):
            seen = {"If-Match": "$response.header.ETag"} if IF_MATCH in change["parameters"] else {}
            link(one, "200", change, by="$request.path.by", **seen)
    return made


IF_MATCH = {"$ref": "#/components/parameters/IfMatch"}


def changes_of(paths: dict[str, Any], path: str) -> list[dict[str, Any]]:
    """What changes the record at a path: patch, and the verbs below it."""
    below = [paths[each]["post"] for each in paths if each.startswith(f"{path}/")]
    return [paths[path]["patch"], *below]


def link(source: dict[str, Any], status: str, target: dict[str, Any], **parameters: str) -> None:
    links = source["responses"][status].setdefault("links", {})
    links[target["operationId"]] = {"operationId": target["operationId"], "parameters": parameters}


CAREFREE = settings(database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
"""Nothing is shrunk or kept: a request that fails is told whole."""
