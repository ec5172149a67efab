"""API keys: made and revoked by command, shown to a server that runs, and never found in what it writes."""

from __future__ import annotations

import itertools
import json
import re
import shlex
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args, get_type_hints
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest

from api.cli import keys, main
from schema import api_keys
from schema.declare.caller import Role
from schema.errors import Invalid
from tests.conftest import new_database
from tests.support.copies import free_port
from tests.support.keys import new_key
from tests.support.processes import end, serving_process
from tests.support.serving import Wire, serving, wire_to

ROOT = Path(__file__).parents[2]
READS = ["/v1/talks", "/v1/talks/paris-2025-04-17", "/graphql?query={__typename}"]
KEY = re.compile(r"parley_[0-9a-f]{32}_[A-Za-z0-9_-]{43}")


@pytest.fixture(scope="module")
def url(postgres: str, loaded_url: str) -> Iterator[str]:
    with new_database(postgres, loaded_url) as url:
        yield url


@pytest.fixture(scope="module")
def wire(url: str) -> Iterator[Wire]:
    with wire_to(url) as wire:
        yield wire


@pytest.fixture(scope="module")
def server(wire: Wire) -> Iterator[httpx.Client]:
    with serving(wire.url) as client:
        yield client


def change(url: str, name: str, assignment: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(f"update api_key set {assignment} where name = %s".encode(), (name,))


def last_used(url: str, name: str) -> Any:
    with psycopg.connect(url) as connection:
        row = connection.execute("select last_used_at from api_key where name = %s", (name,)).fetchone()
    assert row
    return row[0]


def read(server: httpx.Client, key: str, path: str = READS[0]) -> httpx.Response:
    return server.get(path, headers={"Authorization": f"Bearer {key}"})


def refusal(answer: httpx.Response) -> str:
    """What a refused request is told, once all else about it was checked."""
    told = answer.json()
    assert answer.status_code == 401
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert (told["code"], told["status"]) == ("UNAUTHENTICATED", 401)
    assert told["type"] == "urn:parley:problem:unauthenticated"
    assert answer.headers["www-authenticate"] == (
        f'Bearer realm="parley", error="invalid_token", error_description="{told["detail"]}"'
    )
    return str(told["detail"])


@dataclass(frozen=True)
class Shown:
    """What a command ends with."""

    code: Any
    out: str
    err: str


Parley = Callable[..., Shown]


@pytest.fixture
def parley(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Parley:
    """Run a command in this process, which spares the second that a new one takes to start."""
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str, url: str = "") -> Shown:
        monkeypatch.setenv("DATABASE_URL", url)
        monkeypatch.setattr(sys, "argv", ["parley", *arguments])
        with pytest.raises(SystemExit) as ended:
            main.main()
        return Shown(ended.value.code, *capsys.readouterr())

    return run


# --- a key that is shown -------------------------------------------------------------------------


@pytest.mark.parametrize("path", READS)
def test_with_a_valid_key_a_read_is_answered_as_without(server: httpx.Client, url: str, path: str) -> None:
    answer = read(server, new_key(url, f"reader of {path}"), path)
    assert answer.status_code == 200
    assert answer.content == server.get(path).content


@pytest.mark.parametrize("path", READS)
@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/graphql-response+json", "image/png"])
def test_a_wrong_key_is_refused_even_for_a_read(server: httpx.Client, path: str, accept: str) -> None:
    wrong = f"parley_{'0' * 32}_{'x' * 43}"
    answer = server.get(path, headers={"Authorization": f"Bearer {wrong}", "Accept": accept})
    assert "not known here" in refusal(answer)
    assert answer.json()["instance"] == path.partition("?")[0]
    assert "x" * 43 not in answer.text


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/docs", "/redoc", "/openapi.json"])
def test_pages_and_health_need_no_key(server: httpx.Client, path: str) -> None:
    assert server.get(path, headers={"Authorization": "Bearer nonsense"}).status_code == 200


def test_the_page_of_graphiql_needs_no_key(server: httpx.Client) -> None:
    assert server.get("/graphql", headers={"Authorization": "Basic x", "Accept": "text/html"}).status_code == 200


def test_a_key_with_another_ones_secret_is_told_as_one_that_does_not_exist(server: httpx.Client, url: str) -> None:
    mine, other = new_key(url, "mine"), new_key(url, "other")
    mixed = mine[:40] + other[40:]
    unknown = f"parley_{'1' * 32}_{'x' * 43}"
    assert refusal(read(server, mixed)) == refusal(read(server, unknown))


def test_a_key_ends_with_the_request_after_its_revocation(server: httpx.Client, url: str, parley: Parley) -> None:
    key = new_key(url, "soon revoked")
    assert read(server, key).status_code == 200
    assert parley("keys", "revoke", "soon revoked", url=url).code == 0
    assert re.match(r"The key was revoked on \d{4}-\d\d-\d\d; ask", refusal(read(server, key)))


def test_a_key_counts_until_the_moment_it_expires(server: httpx.Client, url: str) -> None:
    key = new_key(url, "fleeting")
    change(url, "fleeting", "expires_at = now() + interval '1 minute'")
    assert read(server, key).status_code == 200
    change(url, "fleeting", "created_at = '2025-04-17', expires_at = '2025-04-18 12:00Z'")
    assert refusal(read(server, key)) == "The key expired on 2025-04-18; ask the operator for a new one."


@pytest.mark.parametrize("cut", [slice(0, -1), slice(0, 30), slice(0, 7)])
def test_a_key_that_is_not_whole_is_told_so(server: httpx.Client, cut: slice) -> None:
    key = f"parley_{'a' * 32}_{'b' * 43}"
    assert refusal(read(server, key[cut])) == "The key is not whole: a part is missing or altered. Copy it again."


def test_a_key_is_refused_before_the_query_is_read(server: httpx.Client) -> None:
    refusal(server.post("/graphql", content=b"{", headers={"Authorization": "Bearer parley_"}))


def test_without_an_issuer_only_keys_are_taken(server: httpx.Client) -> None:
    assert "keys begin with parley_" in refusal(read(server, "e30.e30.e30"))


def test_where_a_key_is_needed_its_absence_is_told_as_a_challenge(server: httpx.Client) -> None:
    question = {"query": "{ apiKeys { totalCount } }"}
    answer = server.post("/graphql", json=question, headers={"Accept": "application/graphql-response+json"})
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Bearer realm="parley"')
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


# --- what it costs -------------------------------------------------------------------------------


def test_an_anonymous_read_is_still_one_statement(server: httpx.Client, wire: Wire) -> None:
    server.get(READS[0])
    before = wire.executed
    server.get(READS[0])
    assert wire.executed - before == 1


def test_a_key_costs_one_statement_more_and_a_write_once_a_minute(server: httpx.Client, wire: Wire, url: str) -> None:
    key = new_key(url, "counted")
    read(server, key)
    first = last_used(url, "counted")
    before = wire.executed
    for _ in range(3):
        read(server, key)
    assert wire.executed - before == 6
    assert last_used(url, "counted") == first
    change(url, "counted", "last_used_at = now() - interval '61 seconds'")
    read(server, key)
    assert last_used(url, "counted") > first


def test_many_requests_at_once_may_use_one_key(server: httpx.Client, url: str) -> None:
    key = new_key(url, "busy")
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: read(server, key).status_code, range(64)))
    assert set(answers) == {200}


def test_a_refused_key_is_not_used(server: httpx.Client, url: str) -> None:
    key = new_key(url, "unused")
    read(server, key[:-1] + ("x" if key[-1] != "x" else "y"))
    assert last_used(url, "unused") is None


def test_a_database_that_can_only_be_read_knows_keys_too(own_dossier_url: str) -> None:
    key = new_key(own_dossier_url, "reader")
    with psycopg.connect(own_dossier_url, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f"alter database {name} set default_transaction_read_only = on".encode())
    with serving(own_dossier_url) as server:
        assert read(server, key).status_code == 200
    assert last_used(own_dossier_url, "reader") is None


# --- what is kept --------------------------------------------------------------------------------


def test_only_the_hash_of_a_secret_is_kept(url: str) -> None:
    secret = new_key(url, "kept").split("_", 2)[2]
    with psycopg.connect(url) as connection:
        row = connection.execute("select api_key::text from api_key where name = 'kept'").fetchone()
    assert row
    assert secret not in row[0]


def test_no_key_and_no_token_is_in_a_log(own_dossier_url: str) -> None:
    key, port = new_key(own_dossier_url, "quiet"), free_port()
    secrets = [key, f"parley_{'7' * 32}_{'s' * 43}", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJoYW5uYSJ9.sssssss"]
    with serving_process(DATABASE_URL=own_dossier_url, PORT=port, PARLEY_LOG_LEVEL="debug") as (process, printed):
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
            for secret in secrets:
                read(client, secret)
                read(client, secret, "/graphql?query={talks{totalCount}}")
                client.get("/v1/talks", headers=[("Authorization", f"Bearer {secret}")] * 2)
            change(own_dossier_url, "quiet", "revoked_at = now(), revoked_by = 'test'")
            read(client, key)
            with psycopg.connect(own_dossier_url, autocommit=True) as connection:
                connection.execute("alter table api_key rename column hash to bytes")
            assert read(client, key).status_code == 503
        code, rest = end(process, signal.SIGTERM)
    assert code == 0
    assert "the database is not migrated" in rest
    assert not any(part in printed + rest for secret in secrets for part in (secret, secret[-7:]))


# --- commands ------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["", "create", "list", "revoke"])
def test_every_command_explains_itself_and_its_exit_codes(parley: Parley, command: str) -> None:
    shown = parley("keys", *command.split(), "--help")
    assert shown.code == 0
    assert "Exit codes: 0 done; 1" in shown.out


def test_the_command_knows_every_role_that_a_key_can_have() -> None:
    possible = get_args(get_args(get_type_hints(keys.create_key, include_extras=True)["role"])[0])
    assert [Role[each.upper()] for each in possible] == [role for role in Role if role is not Role.ANONYMOUS]


def test_a_key_is_made_listed_and_revoked(parley: Parley, database_url: str) -> None:
    made = parley(
        *("keys", "create", "--role", "admin", "--name", "Desk [b]one[/b]", "--expires-in-days", "7", "--by", "Ann"),
        url=database_url,
    )
    assert made.code == 0
    assert KEY.fullmatch(made.out.removesuffix("\n"))
    assert "the only time" in made.err
    listed = parley("keys", "list", url=database_url).out
    key_id = re.findall(r"[0-9a-f-]{36}", listed)[0]
    assert re.search(r"Desk \[b\]one\[/b\] +│ admin +│ active .*│ never ", listed)
    assert not any(part in listed for part in (made.out.strip(), made.out.strip().split("_", 2)[2]))

    assert parley("keys", "revoke", key_id, url=database_url).out == "Revoked Desk [b]one[/b].\n"
    assert "│ revoked │" in parley("keys", "list", url=database_url).out
    again = parley("keys", "revoke", key_id, url=database_url)
    assert (again.code, again.err) == (1, f"parley: No key that still counts has the id {key_id}.\n")


def test_a_revoked_name_is_free_again(parley: Parley, database_url: str) -> None:
    new_key(database_url, "desk")
    create = ("keys", "create", "--role", "curator", "--name", "desk")
    taken = parley(*create, url=database_url)
    assert (taken.code, taken.out) == (1, "")
    assert "another key has the name 'desk'" in taken.err
    assert parley("keys", "revoke", "desk", url=database_url).code == 0
    assert parley(*create, url=database_url).code == 0


def test_a_leaked_key_is_revoked_as_it_stands_and_never_repeated(parley: Parley, database_url: str) -> None:
    key = new_key(database_url, "leaked")
    cut = parley("keys", "revoke", key[:-1], url=database_url)
    assert cut.code == 1
    assert key[-8:-1] not in cut.out + cut.err
    whole = parley("keys", "revoke", key, url=database_url)
    assert (whole.code, whole.out) == (0, "Revoked leaked.\n")


WRONG_NAMES = {
    "": "is empty",
    " \t": "is empty",
    "x" * 101: "has 101 characters; 100 are possible",
    "line\nbreak": "control characters",
    "\x1b[31mred": "control characters",
    " desk": "blanks at its ends",
    f"parley_{'a' * 32}_{'b' * 43}": "looks like a key",
    "0190b5c6-7d5e-7000-8000-000000000000": "looks like a key or its id",
}


@pytest.mark.parametrize(("name", "words"), WRONG_NAMES.items())
async def test_a_name_that_cannot_be_read_beside_a_change_is_refused(name: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        await api_keys.create(None, name, Role.CURATOR, "test")


def test_an_unknown_role_is_a_usage_error(parley: Parley) -> None:
    shown = parley("keys", "create", "--role", "anonymous", "--name", "desk")
    assert shown.code == 2
    assert "'contributor', 'curator', 'admin'" in " ".join(shown.err.replace("│", " ").split())


def test_commands_about_keys_make_no_database(parley: Parley, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shown = parley("keys", "list")
    assert shown.code == 3
    assert "There is no database in" in shown.err
    assert list(tmp_path.iterdir()) == []


def test_an_unmigrated_database_has_no_keys(parley: Parley, empty_database_url: str) -> None:
    shown = parley("keys", "list", url=empty_database_url)
    assert shown.code == 3
    assert "run `parley migrate`" in shown.err


# --- the page ------------------------------------------------------------------------------------


BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_examples_of_the_page_happen_as_shown(own_dossier_url: str, parley: Parley) -> None:
    """In their order, each with the key that the first of them made."""
    blocks = BLOCK.findall((ROOT / "docs" / "authentication.md").read_text())
    examples = [(asked, shown) for (kind, asked), (_, shown) in itertools.pairwise(blocks) if kind == "sh"]
    key = ""
    with serving(own_dossier_url) as server:
        for asked, shown in examples:
            program, *arguments = shlex.split(asked)
            if program == "curl":
                check_answer(read(server, key, urlsplit(arguments[-1]).path), shown)
                continue
            printed = parley(*arguments, url=own_dossier_url).out
            key = key or printed.strip()
            assert masked(printed) == masked(shown)
    assert len(examples) == 5


def check_answer(answer: httpx.Response, shown: str) -> None:
    head, _, body = shown.partition("\n\n")
    status, *headers = head.splitlines()
    assert status.split()[1] == str(answer.status_code)
    for header in headers:
        name, _, value = header.partition(": ")
        assert masked(answer.headers[name]) == masked(value)
    assert not body or json.loads(masked(json.dumps(answer.json()))) == json.loads(masked(body))


def masked(text: str) -> str:
    """A text without what is another each time: keys, ids and moments."""
    for pattern in (KEY.pattern, r"[0-9a-f-]{36}", r"\d{4}-\d\d-\d\d( \d\d:\d\d)?"):
        text = re.sub(pattern, "…", text)
    return text
