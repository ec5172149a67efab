"""The command line through its front door: a process, its output, its exit code."""

from __future__ import annotations

import asyncio
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from api.postgres import connections, migrations
from api.postgres.unavailable import DatabaseUnavailable
from api.settings import Settings
from tests.support.copies import free_port
from tests.support.processes import PARLEY, START_SECONDS, end, environment, parley, serving_process

ROOT = Path(__file__).parents[2]
DOSSIER = ROOT / "dossiers" / "us-ukraine-russia-2025.yaml"

# Nothing listens on this port: only root could, and nobody does.
NOBODY = "postgresql://parley:secret@127.0.0.1:1/parley"


def answer(port: str, path: str) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as response:
        return int(response.status)


@pytest.mark.parametrize("command", ["", "serve", "migrate", "load", "schema"])
def test_every_command_explains_itself_and_its_exit_codes(command: str) -> None:
    shown = parley(*command.split(), "--help")
    assert shown.returncode == 0
    assert "Exit codes: 0 done; 1" in shown.stdout


def test_a_command_that_does_not_exist_is_a_usage_error() -> None:
    assert parley("negotiate").returncode == 2


@pytest.mark.parametrize("command", ["serve", "migrate"])
def test_a_wrong_setting_is_named_without_its_value(command: str) -> None:
    shown = parley(command, DATABASE_URL="mysql://parley:secret@db/parley", PORT="many")
    assert shown.returncode == 2
    assert "DATABASE_URL: must begin with postgresql://" in shown.stderr
    assert "PORT: " in shown.stderr
    assert "secret" not in shown.stderr


def test_a_document_that_does_not_fit_the_schema_ends_the_start(database_url: str, tmp_path: Path) -> None:
    manifest = tmp_path / "documents.json"
    manifest.write_text('{"front-page": "{ talks { nodes { tittle } } }"}')
    shown = parley("serve", DATABASE_URL=database_url, PORT=free_port(), PARLEY_TRUSTED_DOCUMENTS=str(manifest))
    assert shown.returncode == 2
    assert "PARLEY_TRUSTED_DOCUMENTS: " in shown.stderr
    assert "'front-page' does not fit the schema: Cannot query field 'tittle'" in shown.stderr


def test_only_trusted_documents_need_a_manifest() -> None:
    shown = parley("serve", DATABASE_URL=NOBODY, PARLEY_TRUSTED_DOCUMENTS_ONLY="true")
    assert shown.returncode == 2
    assert "PARLEY_TRUSTED_DOCUMENTS_ONLY: says which documents only with PARLEY_TRUSTED_DOCUMENTS" in shown.stderr


@pytest.mark.parametrize("arguments", [["migrate"], ["load", str(DOSSIER)], ["serve"]])
def test_a_database_that_does_not_answer_is_one_clear_line(arguments: list[str]) -> None:
    shown = parley(*arguments, DATABASE_URL=NOBODY, PORT=free_port())
    assert shown.returncode == 3
    assert "127.0.0.1:1/parley cannot be used" in shown.stderr
    assert "DATABASE_URL" in shown.stderr
    assert "secret" not in shown.stderr
    assert len(shown.stderr.splitlines()) == 1


def test_a_database_that_does_not_exist_is_named(postgres: str) -> None:
    elsewhere = urlunsplit(urlsplit(postgres)._replace(path="/atlantis"))
    shown = parley("migrate", DATABASE_URL=elsewhere)
    assert shown.returncode == 3
    assert 'database "atlantis" does not exist' in shown.stderr


SECRETS = ["hu/sh", "hu%sh", "hu sh", "hu@sh", "h/u@s?sh", "h/u?s@sh", "5/sh", "%zz", "hu/@sh"]


@pytest.mark.parametrize("secret", SECRETS)
def test_an_address_with_a_bare_password_is_refused_without_showing_it(secret: str) -> None:
    said = told_of(f"postgresql://envoy:{secret}@127.0.0.1:1/parley")
    assert "must be written in percent form" in said
    assert not any(part in said for part in ("envoy", secret, "hu", "sh@", "zz"))


@pytest.mark.parametrize("secret", ["hu#sh", "hu?sh", "hu[sh", "hu]sh", "hu:sh"])
def test_a_password_that_libpq_reads_need_not_be_written_in_percent_form(secret: str) -> None:
    said = told_of(f"postgresql://envoy:{secret}@127.0.0.1:1/parley")
    assert said.count("The database at 127.0.0.1:1/parley cannot be used") == 2
    assert secret not in said


WRONG_ADDRESSES = {
    "envoy:5/s?host=hush@127.0.0.1:1/parley": "must be written in percent form",
    "envoy:hush@127.0.0.1:many/parley": "the port a number from 1 to 65535",
    "envoy:hush@127.0.0.1:99999/parley": "the port a number from 1 to 65535",
    "envoy:hush/parley": "the port a number from 1 to 65535",
    "envoy:hush@127.0.0.1/parley?port=hush": "the port a number from 1 to 65535",
    "envoy:hush@[::1/parley": "an IPv6 address must stand in brackets",
    "envoy:hush@127.0.0.1:1/parley?hush=1": "a parameter that is not known here; possible: host, port",
    "envoy:h%75sh@127.0.0.1:1/parley": "The database at 127.0.0.1:1/parley cannot be used",
    "127.0.0.1:1/parley?user=envoy&password=hush": "The database at 127.0.0.1:1/parley cannot be used",
    "envoy:hush@/parley?host=127.0.0.1&port=1": "The database at 127.0.0.1:1/parley cannot be used",
}


@pytest.mark.parametrize(("address", "words"), WRONG_ADDRESSES.items())
def test_an_address_that_is_wrong_is_told_without_what_is_secret_in_it(address: str, words: str) -> None:
    said = told_of(f"postgresql://{address}")
    assert words in said
    assert not any(secret in said for secret in ("envoy", "hush", "h%75sh"))


@pytest.mark.parametrize("arguments", [["migrate"], ["load", str(DOSSIER)]])
@pytest.mark.parametrize("address", ["envoy:hu/sh@127.0.0.1:1/parley", "127.0.0.1:1/parley?sslmode=of-course"])
def test_an_address_that_is_wrong_is_one_line_of_a_command(arguments: list[str], address: str) -> None:
    shown = parley(*arguments, DATABASE_URL=f"postgresql://{address}")
    assert (shown.returncode, shown.stdout) == (3, "")
    assert len(shown.stderr.splitlines()) == 1


def told_of(url: str) -> str:
    """What both drivers, and so every command, say of an address."""
    with pytest.raises(DatabaseUnavailable) as migrating:
        migrations.migrate(url)
    with pytest.raises(DatabaseUnavailable) as connecting:
        asyncio.run(connections.connect(Settings(), url))
    said = f"{migrating.value}\n{connecting.value}"
    assert len(said.splitlines()) == 2
    return said


def test_a_user_who_is_refused_is_not_named(postgres: str) -> None:
    parts = urlsplit(postgres)
    said = told_of(urlunsplit(parts._replace(netloc="envoy:hush@" + parts.netloc.rpartition("@")[2])))
    assert said.count("cannot be used: ") == 2
    assert "envoy" not in said


def test_loading_without_a_database_starts_none(tmp_path: Path) -> None:
    shown = parley("load", str(DOSSIER), folder=tmp_path, DATABASE_URL="", PARLEY_DATA_DIRECTORY="")
    assert shown.returncode == 3
    assert f"There is no database in {tmp_path / '.parley'}: run this where the server runs" in shown.stderr
    assert "PARLEY_DATA_DIRECTORY or DATABASE_URL" in shown.stderr
    assert list(tmp_path.iterdir()) == []


def test_loading_waits_for_another_writer_longer_than_a_request_may_run(database_url: str) -> None:
    with psycopg.connect(database_url) as writer:
        writer.execute("select begin_change()")
        loading = subprocess.Popen(
            [*PARLEY, "load", str(DOSSIER)],
            env=environment(DATABASE_URL=database_url, PARLEY_STATEMENT_TIMEOUT_SECONDS="0.2"),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        waiting = "select exists (select from pg_locks where locktype = 'advisory' and not granted)"
        deadline = time.monotonic() + START_SECONDS
        while writer.execute(waiting).fetchone() != (True,):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        time.sleep(0.5)
    assert "0 updated, 0 unchanged" in loading.communicate(timeout=START_SECONDS)[0]
    assert loading.returncode == 0


@pytest.mark.parametrize(
    ("state", "exit_code"),
    [("query_canceled", 3), ("disk_full", 3), ("deadlock_detected", 3), ("admin_shutdown", 3), ("22003", 1)],
)
def test_a_database_that_fails_while_loading_is_one_line(database_url: str, state: str, exit_code: int) -> None:
    condition = f"sqlstate '{state}'" if state.isdecimal() else state
    with psycopg.connect(database_url) as connection:
        connection.execute(f"""
            create function fail() returns trigger language plpgsql as
            $$ begin raise {condition} using message = 'the cable was cut', detail = 'more'; end $$
        """)
        connection.execute(
            "create constraint trigger fails after insert on source deferrable initially deferred "
            "for each row execute function fail()"
        )
    shown = parley("load", str(DOSSIER), DATABASE_URL=database_url)
    assert (shown.returncode, shown.stdout) == (exit_code, "")
    assert "the cable was cut" in shown.stderr
    assert len(shown.stderr.splitlines()) == 1


def test_a_database_that_refuses_to_be_migrated_is_one_line(empty_database_url: str) -> None:
    with psycopg.connect(empty_database_url) as connection:
        connection.execute("create table revision ()")
    shown = parley("migrate", DATABASE_URL=empty_database_url)
    assert shown.returncode == 3
    assert 'relation "revision" already exists' in shown.stderr
    assert len(shown.stderr.splitlines()) == 1


def test_migrating_brings_an_empty_database_to_the_newest_revision(empty_database_url: str) -> None:
    for _ in range(2):
        shown = parley("migrate", DATABASE_URL=empty_database_url)
        assert (shown.returncode, shown.stderr) == (0, "")
        assert f"revision {connections.head_revision()}" in shown.stdout


def test_loading_into_an_unmigrated_database_is_refused(empty_database_url: str) -> None:
    shown = parley("load", str(DOSSIER), DATABASE_URL=empty_database_url)
    assert shown.returncode == 3
    assert "run `parley migrate`" in shown.stderr


def test_loading_twice_changes_nothing_the_second_time(database_url: str) -> None:
    first = parley("load", str(DOSSIER), DATABASE_URL=database_url)
    assert (first.returncode, first.stderr) == (0, "")
    assert "0 updated, 0 unchanged" in first.stdout
    second = parley("load", str(DOSSIER), DATABASE_URL=database_url)
    assert second.returncode == 0
    assert "0 created, 0 updated" in second.stdout


def test_a_file_that_is_no_dossier_loads_nothing(database_url: str, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("nonsense: 1\n")
    shown = parley("load", str(bad), str(DOSSIER), DATABASE_URL=database_url)
    assert shown.returncode == 1
    assert f"{bad}: " in shown.stderr
    assert "Traceback" not in shown.stderr
    with psycopg.connect(database_url) as connection:
        assert connection.execute("select count(*) from record").fetchone() == (0,)


def test_a_file_that_is_missing_is_a_usage_error(tmp_path: Path) -> None:
    assert parley("load", str(tmp_path / "missing.yaml")).returncode == 2


def test_the_written_contracts_pass_the_check_until_one_is_touched(tmp_path: Path) -> None:
    assert parley("schema", "--directory", str(tmp_path)).returncode == 0
    assert parley("schema", "--check", "--directory", str(tmp_path)).returncode == 0
    touched = min(tmp_path.iterdir())
    touched.write_text(touched.read_text() + " ")
    shown = parley("schema", "--check", "--directory", str(tmp_path))
    assert shown.returncode == 1
    assert f"{touched} differs" in shown.stderr


def test_an_address_in_use_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        shown = parley("serve", PORT=port, DATABASE_URL=NOBODY)
    assert shown.returncode == 4
    assert f"port {port}: Address already in use" in shown.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serving_fills_an_empty_database_once_and_ends_quietly(empty_database_url: str, number: signal.Signals) -> None:
    port = free_port()
    with serving_process(DATABASE_URL=empty_database_url, PORT=port) as (process, printed):
        assert f"Loaded {DOSSIER.name}" in printed
        assert f"http://127.0.0.1:{port}/graphql" in printed
        assert answer(port, "/healthz") == 200
        assert end(process, number) == (0, "")
    with serving_process(DATABASE_URL=empty_database_url, PORT=port) as (process, printed):
        assert "Loaded" not in printed


def test_an_empty_database_stays_empty_where_that_is_wished(database_url: str) -> None:
    variables = {"DATABASE_URL": database_url, "PORT": free_port(), "PARLEY_FIRST_DOSSIER": "false"}
    with serving_process(**variables) as (process, printed):
        assert "Loaded" not in printed
        assert end(process, signal.SIGTERM) == (0, "")


def test_a_dry_run_tells_every_field_and_changes_nothing(own_dossier_url: str, tmp_path: Path) -> None:
    path = tmp_path / "changed.yaml"
    path.write_text(DOSSIER.read_text().replace("title: London talks", "title: Talks in London"))

    tried = parley("load", "--dry-run", str(path), DATABASE_URL=own_dossier_url)
    done = parley("load", str(path), DATABASE_URL=own_dossier_url)

    assert tried.returncode == 0
    assert "0 created, 1 updated, 148 unchanged; nothing was changed" in tried.stdout
    assert "    title: London talks → Talks in London" in tried.stdout
    assert tried.stdout.replace("; nothing was changed", "") == done.stdout


def test_without_a_database_it_starts_one_keeps_it_and_stops_it(quick_path: Path) -> None:
    variables = {"PORT": free_port(), "PARLEY_DATA_DIRECTORY": str(quick_path), "DATABASE_URL": ""}
    with serving_process(**variables) as (process, printed):
        assert "Loaded" in printed
        assert end(process, signal.SIGINT) == (0, "")
    assert not (quick_path / "postgres" / "postmaster.pid").exists()

    with serving_process(**variables) as (process, printed):
        assert "Loaded" not in printed
        assert end(process, signal.SIGTERM) == (0, "")
