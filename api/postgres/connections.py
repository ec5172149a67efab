"""Connects to Postgres: creates the pool, checks the revision, and explains why a database cannot be used.

It must not know tables or records. `api.postgres.migrations` brings the database to where this module expects it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
from asyncpg.exceptions import TargetServerAttributeNotMatched

from api.postgres.address import asyncpg_arguments, describe_address, parse_address, secrets, session_settings
from api.postgres.pool import Pool
from api.postgres.session import SeenStatements, Session
from api.postgres.unavailable import DatabaseUnavailable, RevisionUnknown
from api.settings import Settings

VERSIONS = Path(__file__).parents[2] / "alembic" / "versions"

# The revisions before the first release, from which no migration leads to the baseline.
BEFORE_BASELINE = re.compile("000[1-8]")

BEGIN_ANEW = """\
The database is at revision {found}, from before the baseline {baseline}. It cannot be migrated, and was not touched.
Begin anew with its dossiers:
1. Keep the dossiers that were loaded into it. Changes that were made otherwise are only in this database: the version \
of Parley that wrote it lists them at /v1/revisions?origin=MUTATION,PROPOSAL,SQL. Write them into the dossiers.
2. Keep the database: pg_dump it, or, if it is the embedded one, move the folder `postgres` out of .parley.
3. Give Parley an empty one: create it and set DATABASE_URL to it. The embedded one is made by itself.
4. Run `parley migrate`, `parley load` with the dossiers, and `parley keys create` for each who writes.
More in docs/running.md, "A database from before the baseline"."""

# Prepared statements cached on each connection: the shapes of query that clients send most.
STATEMENTS_CACHED = 100

# The epoch of Postgres, from which it counts days.
DAY_ZERO = date(2000, 1, 1).toordinal()

# SQLSTATEs that mean that the database cannot be used at all, not that it refused one command: connection
# failures, wrong user, no such database, too many clients, starting or stopping.
UNUSABLE = ("08", "28", "3D", "53300", "57P")


# After these errors the next host is tried: it is down, starting, or lacks the wanted target_session_attrs.
NEXT_HOST = (OSError, asyncpg.CannotConnectNowError, asyncpg.PostgresConnectionError, TargetServerAttributeNotMatched)


async def is_migrated(connection: asyncpg.Connection[Any]) -> bool:
    """Tell whether the database is exactly at the newest revision that this code knows.

    Raises RevisionUnknown where it is at a revision from which no migration leads there.
    """
    try:
        # Alembic's table has one row, or none before the first migration.
        rows = await connection.fetch("select version_num from alembic_version")
    except asyncpg.UndefinedTableError:
        return False
    found = [row["version_num"] for row in rows]
    if unknown := sorted(set(found) - set(list_revisions())):
        raise RevisionUnknown(describe_unknown_revision(unknown[0]))
    return found == [head_revision()]


def head_revision() -> str:
    """Return the newest revision in `alembic/versions`."""
    return list_revisions()[-1]


def list_revisions() -> list[str]:
    """List the revisions in `alembic/versions`, oldest first. Its files are named by them, and they count up."""
    return sorted(file.name.partition("_")[0] for file in VERSIONS.glob("[0-9]*.py"))


def describe_unknown_revision(revision: str) -> str:
    """Say why a database at this revision cannot be used, and what to do."""
    if BEFORE_BASELINE.fullmatch(revision):
        return BEGIN_ANEW.format(found=revision, baseline=list_revisions()[0])
    return (
        f"The database is at revision {revision}, which this version of Parley does not know: its newest is "
        f"{head_revision()}. A newer version migrated it, and nothing was changed. Run that version, or restore a "
        "backup from before."
    )


async def create_pool(settings: Settings, url: str) -> Pool:
    """Create the pool. Its connections return JSON as the bytes that Postgres wrote, not parsed."""
    pool = Pool(
        partial(connect_for_requests, settings, url, SeenStatements()),
        settings.pool_max_size,
        settings.acquire_timeout_seconds,
        # The database cancels a statement that is too slow; this timeout ends a connection that never answers.
        settings.connect_timeout_seconds + settings.statement_timeout_seconds,
        settings.database_share,
        settings.rate_window_seconds,
    )
    try:
        for _ in range(min(settings.pool_min_size, settings.pool_max_size)):
            pool.idle.append(await pool.connect())
    except BaseException:
        await pool.close(0)
        raise
    return pool


async def connect(settings: Settings, url: str) -> Session:
    """Connect for a command of the command line, without timeouts: it may wait for other writers, or load much."""
    return await connect_for_requests(settings, url, SeenStatements(), statement_timeout="0", lock_timeout="0")


async def connect_for_requests(settings: Settings, url: str, seen: SeenStatements, **session: str) -> Session:
    """Connect for the pool. `session` overrides settings of the session."""
    with wrap_database_errors(url):
        parameters = parse_address(url)
        connection = await _connect_to_first(
            asyncpg_arguments(parameters),
            connection_class=Session,
            timeout=settings.connect_timeout_seconds,
            statement_cache_size=STATEMENTS_CACHED,
            # No limit in time or size: a compiled statement never becomes stale, and may be long.
            max_cached_statement_lifetime=0,
            max_cacheable_statement_size=0,
            server_settings={**_session_defaults(settings), **session_settings(parameters), **session},
        )
    connection.set_cache(seen, STATEMENTS_CACHED)
    await _set_codecs(connection)
    return connection


async def _connect_to_first(hosts: Iterable[Mapping[str, Any]], **arguments: Any) -> Session:
    """Connect to the first usable host. Raises the exception of the last one."""
    last: Exception = AssertionError("there is at least one host")
    for host in hosts:
        try:
            session: Session = await asyncpg.connect(**host, **arguments)
        except NEXT_HOST as error:
            last = error
        else:
            return session
    raise last


def _session_defaults(settings: Settings) -> dict[str, str]:
    return {
        "application_name": "parley",
        "timezone": "UTC",
        "statement_timeout": str(int(settings.statement_timeout_seconds * 1000)),
        "lock_timeout": str(int(settings.lock_timeout_seconds * 1000)),
        "idle_in_transaction_session_timeout": str(int(settings.idle_transaction_timeout_seconds * 1000)),
        # The data is in memory, where random access costs hardly more than sequential. With the default of 4, a list
        # of talks scans whole tables of actors instead of looking up eight.
        "random_page_cost": "1.1",
        # Our statements take milliseconds; compiling one to machine code takes hundreds.
        "jit": "off",
    }


async def _set_codecs(connection: asyncpg.Connection[Any]) -> None:
    await connection.set_type_codec("json", schema="pg_catalog", format="binary", encoder=_encode, decoder=bytes)
    # The driver itself would decode the first and the last day of Python's `date` as infinity.
    await connection.set_type_codec(
        "date", schema="pg_catalog", format="tuple", encoder=_encode_day, decoder=_decode_day
    )


def _encode(value: bytes | str) -> bytes:
    return value.encode() if isinstance(value, str) else value


def _encode_day(value: date | str) -> tuple[int]:
    day = date.fromisoformat(value) if isinstance(value, str) else value
    return (day.toordinal() - DAY_ZERO,)


def _decode_day(days: tuple[int]) -> date:
    """Decode a day; an infinite one becomes the last or the first day of `date`."""
    return date.fromordinal(min(max(days[0] + DAY_ZERO, 1), date.max.toordinal()))


@contextmanager
def wrap_database_errors(url: str) -> Iterator[None]:
    """Convert errors of the database to DatabaseUnavailable, with a message of one line without a password."""
    parse_address(url)
    try:
        yield
    except (OSError, asyncpg.InterfaceError, asyncpg.PostgresError, TargetServerAttributeNotMatched) as error:
        raise DatabaseUnavailable(describe_failure(url, error)) from error


def describe_failure(url: str, error: Exception) -> str:
    parameters = parse_address(url)
    cause = getattr(error, "orig", None) or error
    state = getattr(cause, "sqlstate", None)
    why = describe_cause(parameters, cause)
    where = f"The database at {describe_address(parameters)}"
    if state is None or state.startswith(UNUSABLE):
        return f"{where} cannot be used: {why}. Check that PostgreSQL runs there and that DATABASE_URL is right."
    return f"{where} gave up: {why}. What had begun is undone; run the command again."


def describe_cause(parameters: Mapping[str, str], cause: BaseException) -> str:
    """Return the first line of an error, without the user's name; only its type where it repeats a secret."""
    words = (str(cause).strip() or type(cause).__name__).splitlines()[0].rstrip(".")
    if any(secret in words for secret in secrets(parameters)):
        return type(cause).__name__
    return re.sub(r'\b(user|role) "[^"]*"', r"the \1", words)
