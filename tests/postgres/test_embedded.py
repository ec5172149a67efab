"""The embedded PostgreSQL starts, is shared, stops, and survives the death of anyone involved."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import psutil
import psycopg
import pytest

from api.postgres import embedded
from api.postgres.unavailable import DatabaseUnavailable

OWNER = """
import sys, time
from pathlib import Path
from api.postgres import embedded
with embedded.run_cluster(Path(sys.argv[1])) as url:
    print(url, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def data(quick_path: Path) -> Path:
    return quick_path / "postgres"


def postmaster(data: Path) -> int:
    return int((data / "postmaster.pid").read_text().split()[0])


def is_alive(process: int) -> bool:
    try:
        return psutil.Process(process).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def remember(url: str, word: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("create table if not exists memory (word text)")
        connection.execute("insert into memory values (%s)", [word])


def remembered(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [word for (word,) in connection.execute("select word from memory order by word")]


def test_it_answers_while_held_and_is_gone_afterwards(data: Path) -> None:
    with embedded.run_cluster(data) as url:
        process = postmaster(data)
        with psycopg.connect(url) as connection:
            assert connection.info.server_version // 10_000 == embedded.MAJOR
    assert not is_alive(process)


def test_an_installed_postgres_serves_as_well(data: Path) -> None:
    binaries = embedded.system_binaries(15)
    if binaries is None:
        pytest.skip("PostgreSQL 15 is not installed")
    with embedded.run_cluster(data, binaries) as url, psycopg.connect(url) as connection:
        assert connection.info.server_version // 10_000 == 15


def test_it_keeps_what_it_was_told_and_never_skips_fsync(data: Path) -> None:
    with embedded.run_cluster(data) as url:
        remember(url, "paris")
    with embedded.run_cluster(data) as url, psycopg.connect(url) as connection:
        assert remembered(url) == ["paris"]
        assert connection.execute("show fsync").fetchone() == ("on",)


def test_it_sorts_and_folds_letters_alike_everywhere(data: Path) -> None:
    with embedded.run_cluster(data) as url, psycopg.connect(url) as connection:
        assert connection.execute("select lower('КИЇВ'), 'Z' < 'a'").fetchone() == ("київ", True)


def test_the_last_user_stops_it_not_the_first(data: Path) -> None:
    with embedded.run_cluster(data) as url:
        with embedded.run_cluster(data) as same:
            assert same == url
        remember(url, "still there")
        assert is_alive(postmaster(data))


def test_a_killed_server_recovers_with_its_data(data: Path) -> None:
    with embedded.run_cluster(data) as url:
        remember(url, "london")
        os.kill(postmaster(data), signal.SIGKILL)
    with embedded.run_cluster(data) as url:
        assert remembered(url) == ["london"]


def test_a_server_that_dies_while_it_is_in_use_is_started_again(data: Path) -> None:
    with embedded.run_cluster(data) as url:
        remember(url, "oslo")
        killed = postmaster(data)
        os.kill(killed, signal.SIGKILL)
        end = time.monotonic() + 30
        while not (embedded.Cluster.at(data, embedded.wheel_binaries(), {}).is_alive() and postmaster(data) != killed):
            assert time.monotonic() < end
            time.sleep(0.05)
        with closing(connect_soon(url)) as connection:
            assert connection.execute("select word from memory").fetchone() == ("oslo",)


def connect_soon(url: str) -> psycopg.Connection:
    """A connection as soon as the database takes one."""
    for _ in range(200):
        try:
            return psycopg.connect(url)
        except psycopg.OperationalError:
            time.sleep(0.05)
    return psycopg.connect(url)


def test_a_server_left_by_a_killed_owner_is_used_and_stopped_by_the_next(data: Path) -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER, str(data)], stdout=subprocess.PIPE, text=True)
    with owner:
        assert owner.stdout
        remember(owner.stdout.readline().strip(), "before")
        owner.kill()
    left = postmaster(data)
    assert is_alive(left)
    with embedded.run_cluster(data) as url:
        assert postmaster(data) == left
        assert remembered(url) == ["before"]
    assert not is_alive(left)


def test_a_number_that_now_belongs_to_another_program_is_no_server(data: Path) -> None:
    with embedded.run_cluster(data):
        left = (data / "postmaster.pid").read_text().splitlines()
    (data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *left[1:]]) + "\n")
    with embedded.run_cluster(data) as url:
        remember(url, "started")


def test_a_killed_creation_is_begun_again(data: Path) -> None:
    unfinished = data.with_name("postgres.new")
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18\n")
    with embedded.run_cluster(data) as url:
        remember(url, "created")


def test_ctrl_c_at_the_terminal_does_not_reach_it(data: Path) -> None:
    with embedded.run_cluster(data):
        assert os.getpgid(postmaster(data)) != os.getpgrp()


def test_a_folder_too_deep_for_a_socket_works(data: Path) -> None:
    with embedded.run_cluster(data.with_name("deep" * 30)) as url:
        remember(url, "deep")


def test_data_of_another_version_is_refused_with_the_cure(data: Path) -> None:
    data.mkdir()
    (data / "PG_VERSION").write_text("17\n")
    with pytest.raises(DatabaseUnavailable, match=r"written by PostgreSQL 17, this is 18.*pg_dump"):
        embedded.run_cluster(data).__enter__()
