"""The connection to Postgres: its pool, its state, and what to say when it cannot be reached.

It must not know tables or records. `api.migrations` brings the database to where this module expects it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

import asyncpg

from api.pool import Pool
from api.session import Seen, Session
from api.settings import Settings
from api.unavailable import DatabaseUnavailable, RevisionUnknown

VERSIONS = Path(__file__).parent.parent / "alembic" / "versions"

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

# Statements kept prepared on each connection: the shapes of query that clients send most.
STATEMENTS_KEPT = 100


# The parameters of an address that both drivers understand.
PARAMETERS = (
    *("host", "port", "dbname", "user", "password", "passfile", "application_name", "options"),
    *("sslmode", "sslcert", "sslkey", "sslrootcert", "sslcrl", "sslpassword", "target_session_attrs"),
    *("ssl_min_protocol_version", "ssl_max_protocol_version"),
)

# What must be written in percent form to stand in a user name or password.
UNENCODED = re.compile(r"[/?#\[\]@\s]|%(?![0-9A-Fa-f]{2})")

HOST_AND_PORT = re.compile(r"(?:\[[0-9A-Fa-f:.%]+\]|[^:\[\]\s@%]*)(?::([0-9]{1,5}))?")

# What Postgres counts days from.
DAY_ZERO = date(2000, 1, 1).toordinal()

# SQLSTATEs that say that there is no using the database, rather than that it refused one command: connection
# failures, wrong user, no such database, too many clients, starting or stopping.
UNUSABLE = ("08", "28", "3D", "53300", "57P")


async def is_migrated(connection: asyncpg.Connection[Any]) -> bool:
    """Whether the database stands exactly at the newest revision this code knows.

    Raises RevisionUnknown where it stands at one from which no migration leads there.
    """
    try:
        # What alembic wrote down; one row, or none before the first migration.
        rows = await connection.fetch("select version_num from alembic_version")
    except asyncpg.UndefinedTableError:
        return False
    found = [row["version_num"] for row in rows]
    if unknown := sorted(set(found) - set(revisions())):
        raise RevisionUnknown(unknown_revision(unknown[0]))
    return found == [head_revision()]


def head_revision() -> str:
    """The newest revision in `alembic/versions`."""
    return revisions()[-1]


def revisions() -> list[str]:
    """List the revisions in `alembic/versions`, oldest first. Its files are named by them, and they count up."""
    return sorted(file.name.partition("_")[0] for file in VERSIONS.glob("[0-9]*.py"))


def unknown_revision(revision: str) -> str:
    """Say why a database at this revision cannot be used, and what to do."""
    if BEFORE_BASELINE.fullmatch(revision):
        return BEGIN_ANEW.format(found=revision, baseline=revisions()[0])
    return (
        f"The database is at revision {revision}, which this version of Parley does not know: its newest is "
        f"{head_revision()}. A newer version migrated it, and nothing was changed. Run that version, or restore a "
        "backup from before."
    )


async def create_pool(settings: Settings, url: str) -> Pool:
    """Open the pool. JSON comes out of it as the bytes that Postgres wrote."""
    pool = Pool(
        partial(connect_for_requests, settings, url, Seen()),
        settings.pool_max_size,
        settings.acquire_timeout_seconds,
        # A statement that is too slow is cancelled by the database; this ends one that fell silent.
        settings.connect_timeout_seconds + settings.statement_timeout_seconds,
    )
    try:
        for _ in range(min(settings.pool_min_size, settings.pool_max_size)):
            pool.idle.append(await pool.connect())
    except BaseException:
        await pool.close(0)
        raise
    return pool


async def connect(settings: Settings, url: str) -> Session:
    """One for a command that runs and ends: nobody waits for it, so it may wait for another writer, or load much."""
    return await connect_for_requests(settings, url, Seen(), statement_timeout="0", lock_timeout="0")


async def connect_for_requests(settings: Settings, url: str, seen: Seen, **session: str) -> Session:
    """One of the pool's. `session` has the settings of Postgres in which it is to differ."""
    with reachable(url):
        connection = await asyncpg.connect(
            url,
            connection_class=Session,
            timeout=settings.connect_timeout_seconds,
            statement_cache_size=STATEMENTS_KEPT,
            # No limit in time or size: a compiled statement stays good, and may be long.
            max_cached_statement_lifetime=0,
            max_cacheable_statement_size=0,
            server_settings={**_session(settings), **session},
        )
    connection.keep(seen, STATEMENTS_KEPT)
    await _prepare(connection)
    return connection


def _session(settings: Settings) -> dict[str, str]:
    return {
        "application_name": "parley",
        "timezone": "UTC",
        "statement_timeout": str(int(settings.statement_timeout_seconds * 1000)),
        "lock_timeout": str(int(settings.lock_timeout_seconds * 1000)),
        "idle_in_transaction_session_timeout": str(int(settings.idle_transaction_timeout_seconds * 1000)),
        # What is asked for is in memory: to jump costs hardly more than to read on. By the default of 4, a list of
        # talks reads whole tables of actors instead of looking up eight.
        "random_page_cost": "1.1",
        # Our statements take milliseconds; compiling one to machine code takes hundreds.
        "jit": "off",
    }


async def _prepare(connection: asyncpg.Connection[Any]) -> None:
    await connection.set_type_codec("json", schema="pg_catalog", format="binary", encoder=_encode, decoder=bytes)
    # The driver itself takes the first and the last day there is for infinity.
    await connection.set_type_codec(
        "date", schema="pg_catalog", format="tuple", encoder=_encode_day, decoder=_decode_day
    )


def _encode(value: bytes | str) -> bytes:
    return value.encode() if isinstance(value, str) else value


def _encode_day(value: date | str) -> tuple[int]:
    day = date.fromisoformat(value) if isinstance(value, str) else value
    return (day.toordinal() - DAY_ZERO,)


def _decode_day(days: tuple[int]) -> date:
    """A day; the last one there is, or the first, for what has no end."""
    return date.fromordinal(min(max(days[0] + DAY_ZERO, 1), date.max.toordinal()))


@contextmanager
def reachable(url: str) -> Iterator[None]:
    """Raises DatabaseUnavailable, with one line that shows no password, where the database fails or refuses."""
    _check(url)
    try:
        yield
    except (OSError, asyncpg.InterfaceError, asyncpg.PostgresError) as error:
        raise DatabaseUnavailable(told(url, error)) from error


def told(url: str, error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    state = getattr(cause, "sqlstate", None)
    why = reason(url, cause)
    if state is None or state.startswith(UNUSABLE):
        cure = "Check that PostgreSQL runs there and that DATABASE_URL is right."
        return f"The database at {place(url)} cannot be used: {why}. {cure}"
    return f"The database at {place(url)} gave up: {why}. What had begun is undone; run the command again."


def reason(url: str, cause: BaseException) -> str:
    """The first line of an error, without the user's name; only its type where it repeats the password."""
    told = (str(cause).strip() or type(cause).__name__).splitlines()[0].rstrip(".")
    user_info = _authority(url)[0]
    _, _, password = user_info.partition(":")
    given = [password, *(value for name, value in _parameters(url) if "password" in name)]
    if any(each and each in told for secret in given for each in (secret, unquote(secret))):
        return type(cause).__name__
    return re.sub(r'\b(user|role) "[^"]*"', r"the \1", told)


def _check(url: str) -> None:
    """Raises DatabaseUnavailable where an address cannot be read, without repeating any of it."""
    if wrong := _what_is_wrong(url):
        raise DatabaseUnavailable(f"DATABASE_URL cannot be read: {wrong}.")


def _what_is_wrong(url: str) -> str | None:
    user_info, place = _authority(url)
    if UNENCODED.search(user_info):
        return (
            "the user name or password holds a character that must be written in percent form, "
            "such as %2F for /, %3F for ?, %23 for #, %25 for %, %40 for @, %5B for [, %20 for a space"
        )
    if re.search(r"[#\s\ud800-\udfff]|%(?![0-9A-Fa-f]{2})", place):
        return "it holds a #, a space or a % that must be written in percent form: %23, %20, %25"
    found = [HOST_AND_PORT.fullmatch(each) for each in re.split("[/?]", place)[0].split(",")]
    ports = [each[1] for each in found if each and each[1]]
    parameters = _parameters(url)
    ports += [each for name, value in parameters if name == "port" for each in value.split(",") if each]
    if not all(found) or not all(re.fullmatch("[0-9]{1,5}", each) and 0 < int(each) < 65536 for each in ports):
        return "host and port must be written as host:5432, the port a number from 1 to 65535"
    if not all(name in PARAMETERS for name, _ in parameters):
        return f"after the ? it has a parameter that is not known here; possible: {', '.join(PARAMETERS)}"
    return None


def _authority(url: str) -> tuple[str, str]:
    """User name and password as written, and the rest. All before the last @ is taken for secret."""
    user_info, _, place = url.partition("://")[2].rpartition("@")
    return user_info, place


def _parameters(url: str) -> list[tuple[str, str]]:
    return parse_qsl(_authority(url)[1].partition("?")[2], keep_blank_values=True)


def place(url: str) -> str:
    """Host, port and database of a URL: all that may be shown of it."""
    place = re.split("[?#]", _authority(url)[1])[0]
    host, slash, name = place.partition("/")
    host = next((value for key, value in _parameters(url) if key == "host"), host)
    return f"{host or 'localhost'}{slash}{name}"
