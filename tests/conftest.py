"""Real PostgreSQL servers for the tests, and databases on them that cost milliseconds.

Every test that touches a database runs once on each server found: TEST_DATABASE_URL alone when it is set,
else containers where a Docker engine answers, else the embedded PostgreSQL 18 and an installed PostgreSQL 15.
"""

from __future__ import annotations

import gc
import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import docker
import psycopg
import pytest
from docker.errors import DockerException
from psycopg.sql import SQL, Identifier

from api.postgres import embedded, migrations

# The oldest version that Parley supports and the newest.
MAJORS = (15, 18)

# A test server that loses its data in a power cut has lost nothing, and answers several times faster.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "100"}

# Two servers with a few dozen databases of 10 MB each stay far below this.
ROOM_BYTES = 4 * 2**30

DOSSIER = Path(__file__).parent.parent / "dossiers" / "us-ukraine-russia-2025.yaml"


@dataclass(frozen=True)
class Server:
    """A PostgreSQL that can be started. `start` yields the URL of a user who may create databases."""

    name: str
    start: Callable[[], AbstractContextManager[str]]


def servers() -> list[Server]:
    if url := os.environ.get("TEST_DATABASE_URL"):
        return [Server("TEST_DATABASE_URL", lambda: nullcontext(url))]
    if docker_answers():
        return [Server(f"container-{major}", partial(container, major)) for major in MAJORS]
    return [*embedded_server(), *system_server()]


def embedded_server() -> list[Server]:
    return [Server(f"embedded-{embedded.MAJOR}", lambda: cluster(embedded.wheel_binaries()))]


def system_server() -> list[Server]:
    binaries = embedded.system_binaries(MAJORS[0])
    return [Server(f"system-{MAJORS[0]}", lambda: cluster(binaries))] if binaries else []


def docker_answers() -> bool:
    with warnings.catch_warnings():
        # The client forgets its socket when nobody answers; collect it here, where nobody minds.
        warnings.simplefilter("ignore", ResourceWarning)
        try:
            return bool(docker.from_env(timeout=2).ping())
        except (DockerException, OSError):
            return False
        finally:
            gc.collect()


@contextmanager
def container(major: int) -> Iterator[str]:
    # Only a machine with an engine needs this import, which takes half a second.
    from testcontainers.community.postgres import PostgresContainer  # noqa: PLC0415

    settings = " ".join(f"-c {name}={value}" for name, value in CARELESS.items())
    with PostgresContainer(f"postgres:{major}", driver=None).with_command(settings) as running:
        yield running.get_connection_url()


@contextmanager
def cluster(binaries: Path) -> Iterator[str]:
    with (
        tempfile.TemporaryDirectory(prefix="parley-", dir=quick_folder()) as folder,
        embedded.run_cluster(Path(folder) / "postgres", binaries, CARELESS) as url,
    ):
        yield url


def quick_folder() -> str | None:
    """Memory where there is enough: a copied template is a thousand files, 20 ms there and 600 on disk."""
    memory = Path("/dev/shm")
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > ROOM_BYTES else None


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--postgres", help="Run database tests only on servers whose name contains this: 18.")


SERVERS = pytest.StashKey[list[Server]]()

NEED_POSTGRES = {"postgres", "quick_path"}
"""The fixtures that a test needs a PostgreSQL for: all others of a database ask for the first of them."""


def pytest_configure(config: pytest.Config) -> None:
    wanted = config.getoption("--postgres") or ""
    config.stash[SERVERS] = [server for server in servers() if wanted in server.name]


def pytest_report_header(config: pytest.Config) -> str:
    return f"postgres: {', '.join(server.name for server in config.stash[SERVERS]) or 'none'}"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "postgres" in metafunc.fixturenames:
        found = metafunc.config.stash[SERVERS]
        if metafunc.definition.get_closest_marker("one_postgres"):
            found = found[:1]
        names = [server.name for server in found]
        metafunc.parametrize("postgres", found, ids=names, indirect=True, scope="session")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that no database fixture serves, for `make check`."""
    for item in items:
        if not NEED_POSTGRES & set(getattr(item, "fixturenames", ())):
            item.add_marker("no_database")


@pytest.fixture
def quick_path() -> Iterator[Path]:
    """A folder for a database server. `tmp_path` is private to us, and a server may run as another user."""
    with tempfile.TemporaryDirectory(prefix="parley-", dir=quick_folder()) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a running server. Most tests ask for `database_url` or `dossier_url` instead."""
    with request.param.start() as url:
        yield url


@pytest.fixture(scope="session")
def template_url(postgres: str) -> Iterator[str]:
    """A migrated database to copy. Nobody may be connected to it while it is copied."""
    with new_database(postgres) as url:
        migrations.migrate(url)
        yield url


@pytest.fixture
def empty_database_url(postgres: str) -> Iterator[str]:
    """A database in which nothing was migrated yet."""
    with new_database(postgres) as url:
        yield url


@pytest.fixture
def database_url(postgres: str, template_url: str) -> Iterator[str]:
    """A migrated database without records, of this test alone."""
    with new_database(postgres, template_url) as url:
        yield url


@pytest.fixture(scope="session")
def loaded_url(postgres: str, template_url: str) -> Iterator[str]:
    """The first dossier, loaded once, to copy."""
    with new_database(postgres, template_url) as url:
        load_dossier(url)
        yield url


@pytest.fixture(scope="session")
def dossier_url(postgres: str, loaded_url: str) -> Iterator[str]:
    """The first dossier for all tests that only read: a write to it fails."""
    with new_database(postgres, loaded_url) as url:
        name = urlsplit(url).path[1:]
        execute(postgres, "alter database {} set default_transaction_read_only = on", name)
        yield url


@pytest.fixture
def own_dossier_url(postgres: str, loaded_url: str) -> Iterator[str]:
    """A copy of the first dossier, of this test alone, which may change it."""
    with new_database(postgres, loaded_url) as url:
        yield url


def load_dossier(url: str) -> None:
    # Imported here, so that the tests of the ground run whatever state the records are in.
    from api.cli.load import load_files  # noqa: PLC0415

    load_files(url, [DOSSIER])


NUMBERS = itertools.count(1)


@contextmanager
def new_database(server_url: str, template_url: str | None = None) -> Iterator[str]:
    name = f"parley_test_{os.getpid()}_{next(NUMBERS)}"
    template = urlsplit(template_url).path[1:] if template_url else "template1"
    execute(server_url, "create database {} template {} strategy file_copy", name, template)
    # The tests fix the clock, at days of long ago too: statuses have to be kept from before all of them.
    execute(server_url, "alter database {} set parley.today = '1900-01-01'", name)
    try:
        yield urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))
    finally:
        execute(server_url, "drop database {} with (force)", name)


def execute(url: str, statement: str, *names: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(SQL(statement).format(*map(Identifier, names)))
