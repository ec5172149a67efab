"""Gives a command its settings and its database, from the environment."""
# ruff: noqa: PLC0415

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, TypeVar

from pydantic import ValidationError

from api.cli.failures import DATABASE, USAGE, CommandError
from api.settings import Settings

Answer = TypeVar("Answer")


def read_settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        lines = [
            f"{_variable_name(fault['loc'])}: {fault['msg'].removeprefix('Value error, ')}"
            for fault in error.errors(include_url=False)
        ]
        raise CommandError("\n".join(lines), USAGE) from error


def _variable_name(location: tuple[int | str, ...]) -> str:
    name = str(location[0])
    return Settings.variable(name) if name in Settings.model_fields else name


def expect_database(settings: Settings) -> None:
    """Raise CommandError where the folder has no database: it is more likely the wrong folder than a new database."""
    if not settings.database_url and not (settings.data_directory / "postgres").exists():
        raise CommandError(
            f"There is no database in {settings.data_directory.resolve()}: run this where the server runs, "
            "or set PARLEY_DATA_DIRECTORY or DATABASE_URL.",
            DATABASE,
        )


@contextlib.contextmanager
def open_database(settings: Settings) -> Iterator[str]:
    """Yield the URL of the configured database, else of the embedded one, which runs until the block ends."""
    if settings.database_url:
        yield settings.database_url
        return
    from api.postgres import embedded

    with embedded.run_cluster(settings.data_directory / "postgres") as url:
        yield url


@contextlib.asynccontextmanager
async def open_connection(url: str) -> AsyncIterator[Any]:
    """Connect to a migrated database, and disconnect at the end of the block. Raises CommandError."""
    from api.postgres import connections

    with connections.wrap_database_errors(url):
        async with contextlib.AsyncExitStack() as last:
            connection = await connections.connect(read_settings(), url)
            last.push_async_callback(connection.close)
            if not await connections.is_migrated(connection):
                raise CommandError("The database is not migrated: run `parley migrate` first.", DATABASE)
            yield connection


def ask_database(ask: Callable[[Any], Awaitable[Answer]]) -> Answer:
    """Run one query in the existing database."""
    settings = read_settings()
    expect_database(settings)
    with open_database(settings) as url:
        return asyncio.run(_ask(url, ask))


async def _ask(url: str, ask: Callable[[Any], Awaitable[Answer]]) -> Answer:
    async with open_connection(url) as connection:
        return await ask(connection)
