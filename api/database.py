"""The connection to Postgres: its pool, its migrations, and what to say when it cannot be reached.

It must not know tables or records. Migrations run through psycopg, everything else through asyncpg.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import asyncpg
import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from asyncpg.pool import PoolConnectionProxy
from sqlalchemy.exc import OperationalError

from api.settings import Settings
from api.unavailable import DatabaseUnavailable

ALEMBIC_INI = Path(__file__).parent.parent / "alembic.ini"

# Statements kept prepared on each connection: the shapes of query that clients send most. A prepared one answers
# 7 to 9 times faster, but its plan costs the server about 200 kB for each kB of SQL: a deep query a megabyte.
STATEMENT_CACHE_SIZE = 100


def migrate(url: str, revision: str = "head") -> None:
    """Bring the database up to a revision. Waits for another process that is doing so."""
    with _reachable(url):
        command.upgrade(_alembic(url), revision)


def downgrade(url: str, revision: str) -> None:
    """Take the database back to a revision; `base` is the empty database."""
    with _reachable(url):
        command.downgrade(_alembic(url), revision)


async def is_migrated(connection: asyncpg.Connection[Any] | PoolConnectionProxy[Any]) -> bool:
    """Whether the database stands exactly at the newest revision this code knows."""
    try:
        # What alembic wrote down; one row, or none before the first migration.
        rows = await connection.fetch("select version_num from alembic_version")
    except asyncpg.UndefinedTableError:
        return False
    return [row["version_num"] for row in rows] == [head_revision()]


@functools.cache
def head_revision() -> str | None:
    """The newest revision in `alembic/versions`, None while there is none."""
    return ScriptDirectory.from_config(_alembic()).get_current_head()


async def create_pool(settings: Settings, url: str) -> asyncpg.Pool[Any]:
    """Open the pool. JSON comes out of it as the bytes that Postgres wrote."""
    with _reachable(url):
        return await asyncpg.create_pool(
            url,
            min_size=settings.pool_min_size,
            max_size=settings.pool_max_size,
            timeout=settings.connect_timeout_seconds,
            init=_prepare,
            reset=_keep,
            statement_cache_size=STATEMENT_CACHE_SIZE,
            # No limit in time or size: a compiled statement stays good, and may be long.
            max_cached_statement_lifetime=0,
            max_cacheable_statement_size=0,
            server_settings=_session(settings),
        )


async def connect(settings: Settings, url: str) -> asyncpg.Connection[Any]:
    """One connection for a command that runs and ends, set up like those of the pool."""
    with _reachable(url):
        connection = await asyncpg.connect(
            url, timeout=settings.connect_timeout_seconds, server_settings=_session(settings)
        )
    await _prepare(connection)
    return connection


def _session(settings: Settings) -> dict[str, str]:
    return {
        "application_name": "parley",
        "timezone": "UTC",
        "statement_timeout": str(int(settings.statement_timeout_seconds * 1000)),
        "idle_in_transaction_session_timeout": "60s",
        # Our statements take milliseconds; compiling one to machine code takes hundreds.
        "jit": "off",
    }


async def _prepare(connection: asyncpg.Connection[Any]) -> None:
    await connection.set_type_codec("json", schema="pg_catalog", format="binary", encoder=_encode, decoder=bytes)


def _encode(value: bytes | str) -> bytes:
    return value.encode() if isinstance(value, str) else value


async def _keep(connection: asyncpg.Connection[Any]) -> None:
    """Skip asyncpg's reset on release, which costs half of a small query.

    So nothing may leave session state behind: `set local`, `set_config(…, true)`, transaction locks only.
    """


def _alembic(url: str | None = None) -> Config:
    """The address travels beside the file: in it, a percent sign would be read as a placeholder."""
    config = Config(ALEMBIC_INI)
    config.attributes["url"] = url
    return config


@contextmanager
def _reachable(url: str) -> Iterator[None]:
    try:
        yield
    except (OSError, asyncpg.InterfaceError, psycopg.OperationalError, OperationalError) as error:
        raise DatabaseUnavailable(_unavailable(url, error)) from error
    except (
        asyncpg.InvalidAuthorizationSpecificationError,
        asyncpg.InvalidCatalogNameError,
        asyncpg.CannotConnectNowError,
        asyncpg.TooManyConnectionsError,
    ) as error:
        raise DatabaseUnavailable(_unavailable(url, error)) from error


def _unavailable(url: str, error: Exception) -> str:
    told = str(getattr(error, "orig", error)).strip() or type(error).__name__
    reason = told.splitlines()[0].rstrip(".")
    return (
        f"The database at {_place(url)} cannot be used: {reason}. "
        "Check that PostgreSQL runs there and that DATABASE_URL is right."
    )


def _place(url: str) -> str:
    """Host, port and database of a URL: all that may be shown of it."""
    parts = urlsplit(url)
    host = parse_qs(parts.query).get("host", [parts.netloc.rpartition("@")[2]])[0]
    return f"{host or 'localhost'}{parts.path}"
