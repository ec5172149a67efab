"""Runs the migrations by alembic and psycopg. A server whose database is up to date never imports this."""

from __future__ import annotations

import re
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script.revision import MultipleHeads, ResolutionError
from alembic.util import CommandError
from sqlalchemy.exc import StatementError

from api.postgres.address import describe_address, parse_address
from api.postgres.connections import (
    UNUSABLE,
    VERSIONS,
    describe_cause,
    describe_failure,
    describe_unknown_revision,
    wrap_database_errors,
)
from api.postgres.unavailable import DatabaseUnavailable, RevisionUnknown

ALEMBIC_INI = Path(__file__).parents[2] / "alembic.ini"

THERE = "Something else made it: rename or drop that, or give Parley a database of its own; then run the command again."
LACKING = "The migration, or the one that is to make it, has to be mended."
ROWS = "Rows that are there do not allow it: the migration has to change them first."

CURES = {
    "55P03": "Another session holds the table. Run the command again at a quieter time; "
    "`select pid, state, query from pg_stat_activity` shows who is at work.",
    "40P01": "Another session held what it needed, and needed what it held. Run the command again.",
    "57014": "Take smaller steps: a statement of a migration may run for 10 minutes.",
    "42501": "The user of DATABASE_URL has to own the tables and may create schemas: grant it that, or name another.",
    "55P04": "A label can be used only after the migration that adds it has ended: use it in the next one.",
    "22P02": "A value does not fit its type: an enum takes only its own labels. The migration has to be mended.",
    "2BP01": "Drop what depends on it first: of a record's table, `drop view known.<table>`, which track() makes anew.",
    **dict.fromkeys(("42P07", "42710", "42701", "42723", "42P06"), THERE),
    **dict.fromkeys(("42P01", "42703", "42704", "42883", "3F000"), LACKING),
    **dict.fromkeys(("23502", "23503", "23505", "23514", "22003", "42804"), ROWS),
}
"""The cure of a failed migration, by its SQLSTATE."""

MEND = "The migration has to be mended."
COLON = "In op.execute a colon before a word is a parameter: write \\:word."
WAITED = "Another process has been migrating this database for 10 minutes. See that it ends, and run the command again."


def migrate(url: str, revision: str = "head") -> None:
    """Bring the database up to a revision. Waits for another process that is doing so."""
    with wrap_migration_errors(url):
        command.upgrade(configuration(url), revision)


def downgrade(url: str, revision: str) -> None:
    """Downgrade the database to a revision; `base` is the empty database."""
    with wrap_migration_errors(url):
        command.downgrade(configuration(url), revision)


def configuration(url: str | None = None) -> Config:
    """Build alembic's configuration. The address is an attribute, since a % in the file would be a placeholder."""
    config = Config(ALEMBIC_INI)
    config.attributes["url"] = url
    return config


@contextmanager
def wrap_migration_errors(url: str) -> Iterator[None]:
    """Convert the errors of a migration to DatabaseUnavailable, with the cause and the cure."""
    with wrap_database_errors(url), warnings.catch_warnings():
        # Alembic only warns about two files with one number, and runs one of them.
        warnings.filterwarnings("error", message="Revision .* is present more than once")
        try:
            yield
        except (psycopg.Error, StatementError) as error:
            raise DatabaseUnavailable(explain_failure(url, error)) from error
        except CommandError as error:
            raise explain_refusal(error) from error
        except UserWarning as twice:
            raise DatabaseUnavailable(f"{twice}: {list_duplicates()}. Give one of them the next number.") from twice


def explain_failure(url: str, error: Exception) -> str:
    """Explain where a statement of a migration failed, why, and what to do."""
    cause = getattr(error, "orig", None) or error
    state = getattr(cause, "sqlstate", None) or ""
    where = locate_failure(error)
    if isinstance(error, StatementError) and not isinstance(cause, psycopg.Error):
        return f"{where or 'A migration'} cannot be read: {str(cause).splitlines()[0]}. {COLON}"
    if not state or state.startswith(UNUSABLE):
        return describe_failure(url, error)
    if where is None and state == "57014":
        return WAITED
    hint = getattr(getattr(cause, "diag", None), "message_hint", None)
    cure = CURES.get(state) or hint or MEND
    address = parse_address(url)
    why = f"failed at {describe_address(address)}: {describe_cause(address, cause)}"
    return f"{where or 'A migration'} {why}. What it had begun is undone. {cure}"


def locate_failure(error: Exception) -> str | None:
    """Name the line of the migration that raised an error; None where it was raised outside of one."""
    lines = [each for each in traceback.extract_tb(error.__traceback__) if Path(each.filename).parent == VERSIONS]
    return f"The migration {Path(lines[-1].filename).name}, line {lines[-1].lineno}," if lines else None


def explain_refusal(error: CommandError) -> DatabaseUnavailable:
    """Convert an error about the chain of migrations to our exception."""
    match error.__cause__:
        case ResolutionError(argument=str(revision)):
            return RevisionUnknown(describe_unknown_revision(revision))
        case MultipleHeads(heads=heads):
            return DatabaseUnavailable(
                f"Several migrations are the newest: {', '.join(sorted(heads))}. Let the `down_revision` of one name "
                "another, so that they follow one another."
            )
    return DatabaseUnavailable(f"The migrations cannot be run: {error}.")


def list_duplicates() -> str:
    """List the migrations that share a number."""
    names = sorted(file.name for file in VERSIONS.glob("[0-9]*.py"))
    numbers = [re.split("_", name)[0] for name in names]
    return ", ".join(name for name, number in zip(names, numbers, strict=True) if numbers.count(number) > 1)
