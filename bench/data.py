"""The database that is measured: made once for each number of talks and each week, then used again.

The rows come from `data.sql`. Loading without triggers and indexes is a hundred times faster; what the triggers would
have written, this module writes itself. The build of another commit gets a database of its own, made by the migrations
and the `data.sql` of that commit.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg.sql import SQL, Identifier

from api.postgres import migrations

TALKS = 2_000
"""In the database of scale 1."""

ROWS = Path(__file__).with_name("data.sql")

TABLES = (
    *("process", "actor", "office", "source", "talk", "participation", "statement", "agreement", "deadline"),
    *("milestone", "citation"),
)
"""Filled where the database has them."""

PARENTS = "insert into record (id, type) select id, %(type)s from {table}"

# What was entered with each row is left empty: nothing that is measured reads it, and it is half of the bytes.
REVISIONS = """
    insert into revision (record_id, version, action, changes, changed_by, origin, at)
    select id, 1, 'CREATE', '{{}}', 'bench', 'SQL', created_at from {table}
    where (select count(*) from {table}) <= %(most)s
    order by created_at, id
"""

MOST_REVISIONS = 100_000
"""Of one table: at 50 times the data the larger ones stay without, which would take as long as all the rest."""

# Those that hold a constraint stay.
OTHER_INDEXES = """
    select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
    from pg_index i join pg_class c on c.oid = i.indrelid
    where c.relnamespace = 'public'::regnamespace and c.relname = any(%(tables)s) and not i.indisunique
"""

# Migrations keep what they derive from records by triggers, and bring a function that derives all of it anew.
REFRESHERS = """
    select proname from pg_proc
    where pronamespace = 'public'::regnamespace and proname like 'refresh\\_%' and pronargs = 0
    order by proname
"""


@dataclass(frozen=True)
class Build:
    """Names a build of Parley, and knows the migrations and the rows of its databases."""

    name: str
    """Begins the names of its databases. The version ends them, so that no other build's is taken for its own."""
    version: str
    rows: Path
    migrate: Callable[[str], None]


HERE = Build("bench", "", ROWS, migrations.migrate)


def monday() -> date:
    """The day the data are made for. The clock of the answers is up to a week ahead of it, which changes little."""
    today = datetime.now(UTC).date()
    return today - timedelta(days=today.weekday())


def database(server_url: str, talks: int, build: Build = HERE) -> str:
    """The URL of a database with this many talks; made anew if there is none of this week and build."""
    beginning = f"{build.name}_{talks}_"
    name = f"{beginning}{monday():%Y%m%d}{build.version}"
    with psycopg.connect(server_url, autocommit=True) as server:
        found = {row[0] for row in server.execute("select datname from pg_database")}
        if name not in found:
            for old in sorted(each for each in found if each.startswith(beginning)):
                server.execute(SQL("drop database {} with (force)").format(Identifier(old)))
            make(server, server_url, name, talks, build)
    build.migrate(named(server_url, name))
    return named(server_url, name)


def named(server_url: str, name: str) -> str:
    return urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))


def make(server: psycopg.Connection, server_url: str, name: str, talks: int, build: Build) -> None:
    """Fill a database under another name, so that one that is half full is never taken for it."""
    began = time.monotonic()
    making = f"{name}_new"
    server.execute(SQL("create database {}").format(Identifier(making)))
    build.migrate(named(server_url, making))
    # Our own sessions say so themselves; those of the others should not lose by what we know.
    server.execute(SQL("alter database {} set jit = off").format(Identifier(making)))
    server.execute(SQL("alter database {} set random_page_cost = 1.1").format(Identifier(making)))
    server.execute(SQL("alter database {} set timezone = 'UTC'").format(Identifier(making)))
    with psycopg.connect(named(server_url, making), autocommit=True) as connection:
        fill(connection, talks, build.rows)
    server.execute(SQL("alter database {} rename to {}").format(Identifier(making), Identifier(name)))
    print(f"made the database {name} in {time.monotonic() - began:.0f} s", flush=True)


def fill(connection: psycopg.Connection, talks: int, file: Path = ROWS) -> None:
    """Write all rows into a migrated database, past its triggers; a superuser may."""
    with connection.transaction(), without_indexes(connection):
        connection.execute("set local session_replication_role = replica")
        connection.execute("set local work_mem = '256MB'")
        rows(connection, talks, file)
        for table in present(connection):
            connection.execute(SQL(PARENTS).format(table=Identifier(table)), {"type": table.upper()})
            connection.execute(SQL(REVISIONS).format(table=Identifier(table)), {"most": MOST_REVISIONS})
    for (function,) in connection.execute(REFRESHERS).fetchall():
        connection.execute(SQL("select {}()").format(Identifier(function)))
    connection.execute("vacuum analyze")


def present(connection: psycopg.Connection) -> list[str]:
    """Leave out the tables that an older commit does not have yet."""
    return [each for each in TABLES if connection.execute("select to_regclass(%s)", [each]).fetchone() != (None,)]


def rows(connection: psycopg.Connection, talks: int, file: Path = ROWS) -> None:
    """Write the records alone. With the triggers on, the database checks and completes every one of them."""
    for name, value in (("talks", str(talks)), ("today", monday().isoformat())):
        connection.execute("select set_config('bench.' || %s, %s, false)", (name, value))
    connection.execute(file.read_text())


@contextmanager
def without_indexes(connection: psycopg.Connection) -> Iterator[None]:
    tables = [*TABLES, "record", "revision"]
    indexes = connection.execute(OTHER_INDEXES, {"tables": tables}).fetchall()
    for name, _ in indexes:
        connection.execute(f"drop index {name}".encode())
    yield
    connection.execute("set local maintenance_work_mem = '1GB'")
    for _, definition in indexes:
        connection.execute(definition.encode())
