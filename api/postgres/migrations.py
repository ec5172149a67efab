"""Migrations, run by alembic through psycopg. A server whose database is up to date never imports this."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from sqlalchemy.exc import DBAPIError

from api.postgres.connections import reachable, told
from api.postgres.unavailable import DatabaseUnavailable

ALEMBIC_INI = Path(__file__).parents[2] / "alembic.ini"


def migrate(url: str, revision: str = "head") -> None:
    """Bring the database up to a revision. Waits for another process that is doing so."""
    with migratable(url):
        command.upgrade(configuration(url), revision)


def downgrade(url: str, revision: str) -> None:
    """Take the database back to a revision; `base` is the empty database."""
    with migratable(url):
        command.downgrade(configuration(url), revision)


def configuration(url: str | None = None) -> Config:
    """The address travels beside the file: in it, a percent sign would be read as a placeholder."""
    config = Config(ALEMBIC_INI)
    config.attributes["url"] = url
    return config


@contextmanager
def migratable(url: str) -> Iterator[None]:
    with reachable(url):
        try:
            yield
        except (psycopg.Error, DBAPIError) as error:
            raise DatabaseUnavailable(told(url, error)) from error
