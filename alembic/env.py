"""Runs migrations: alone (under an advisory lock), never waiting long for a busy table, in UTC.

It uses psycopg, because asyncpg refuses several statements in one string. It must not know the application:
migrations are SQL, and a released one still runs when the code has moved on.
"""

from __future__ import annotations

import psycopg
from alembic import context
from alembic.util import CommandError
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from api.settings import Settings

# Any number that nothing else in the database locks on; these are the letters "parley".
ADVISORY_LOCK = int.from_bytes(b"parley")

# How long to wait until another process has finished its migrations, which takes seconds, or minutes when a
# large table is rewritten.
WAIT_FOR_OTHERS = "10min"

# A migration that cannot get a table lock gives up, because every query behind it in the queue waits too.
# Raise it never; run the migration again at a quieter time.
LOCK_TIMEOUT = "5s"

# A single statement that runs longer than this was not meant to run inside a deployment.
STATEMENT_TIMEOUT = "10min"


def database_url() -> str:
    url = context.config.attributes.get("url") or Settings().database_url
    if not url:
        raise CommandError("No database to migrate: use `parley migrate`, or set DATABASE_URL.")
    return str(url)


def prepare(connection: Connection) -> None:
    """Take the lock first: lock_timeout would cut short the wait for another migrating process as well."""
    for statement in (
        "set timezone = 'UTC'",
        f"set statement_timeout = '{WAIT_FOR_OTHERS}'",
        f"select pg_advisory_lock({ADVISORY_LOCK})",
        f"set statement_timeout = '{STATEMENT_TIMEOUT}'",
        f"set lock_timeout = '{LOCK_TIMEOUT}'",
    ):
        connection.exec_driver_sql(statement)
    connection.commit()


def run() -> None:
    url = database_url()
    # libpq reads the address itself, so that every form it knows works here as it does elsewhere.
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(url), poolclass=NullPool)
    with engine.connect() as connection:
        prepare(connection)
        context.configure(connection=connection, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    raise CommandError("Parley's migrations look at the database they change, so there is no --sql mode.")
run()
