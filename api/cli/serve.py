"""`parley serve` and `parley migrate`: prepare a database, and serve it."""
# ruff: noqa: PLC0415

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from api.cli.environment import open_database, read_settings
from api.cli.failures import ADDRESS, DATABASE, USAGE, CommandError
from api.cli.load import load_files, summarise
from api.settings import Settings

if TYPE_CHECKING:
    from api.app import Application
    from schema.compiler.compiler import Compiler

FIRST_DOSSIER = Path(__file__).parents[2] / "dossiers" / "us-ukraine-russia-2025.yaml"

# Connections that may queue while the server accepts others.
BACKLOG = 2048


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; wins over HOST.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port to listen on; wins over PORT.")] = None,
) -> None:
    """Start the server; without DATABASE_URL, its own PostgreSQL as well.

    Migrates the database, and loads the first dossier when it holds no records (unless PARLEY_FIRST_DOSSIER=false).
    """
    chosen = {name: value for name, value in {"host": host, "port": port}.items() if value is not None}
    settings = read_settings().model_copy(update=chosen)
    # Nearly all objects of the start-up live as long as the process: collection begins once the server is up.
    gc.disable()
    with _listen(settings) as listener, open_database(settings) as url:
        settings = settings.model_copy(update={"database_url": url})
        app = _create_application(settings)
        _prepare(settings, url, app.compiler)
        _run(app, settings, listener)


def migrate() -> None:
    """Bring the database up to the newest revision. Safe to run from several machines at once."""
    from api.postgres import connections, migrations
    from schema.compiler.compiler import Compiler
    from schema.root_types import create_schema

    with open_database(read_settings()) as url:
        migrations.migrate(url)
        typer.echo(f"The database is at revision {connections.head_revision()}.")
        asyncio.run(_check_declarations(url, Compiler(create_schema())))


@contextlib.contextmanager
def _listen(settings: Settings) -> Iterator[socket.socket]:
    """Bind the address before a database is touched, since it may be taken. Raises CommandError."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listener = socket.create_server((settings.host, settings.port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise CommandError(
            f"Cannot listen on {settings.host} port {settings.port}: {os.strerror(error.errno or 0)}. "
            "Stop what listens there, or choose another with HOST and PORT.",
            ADDRESS,
        ) from error
    with listener:
        yield listener


def _prepare(settings: Settings, url: str, compiler: Compiler) -> None:
    """Migrate and check the database, and load the first dossier. Imports alembic only where it has to migrate."""
    if not asyncio.run(_check_state(url, "migrated")):
        from api.postgres import migrations

        migrations.migrate(url)
    asyncio.run(_check_declarations(url, compiler))
    if settings.first_dossier and asyncio.run(_check_state(url, "empty")):
        (report,) = load_files(url, [FIRST_DOSSIER], "parley serve", "first dossier of an empty database")
        typer.echo(f"Loaded {FIRST_DOSSIER.name}: {summarise(report)}.")


async def _check_state(url: str, state: Literal["migrated", "empty"]) -> bool:
    from api.postgres import connections

    connection = await connections.connect(read_settings(), url)
    try:
        if state == "migrated":
            return await connections.is_migrated(connection)
        return bool(await connection.fetchval("select not exists (select from record)"))
    finally:
        await connection.close()


async def _check_declarations(url: str, compiler: Compiler) -> None:
    """Compare the declarations with a migrated database. Raises CommandError with every difference."""
    from api.postgres import connections
    from schema.database import catalogue

    connection = await connections.connect(read_settings(), url)
    try:
        await catalogue.check(connection, compiler)
    except catalogue.DeclarationsDiffer as differ:
        raise CommandError(str(differ), DATABASE) from differ
    finally:
        await connection.close()


def _create_application(settings: Settings) -> Application:
    from api.app import create_app
    from api.graphql.persisted_documents import ManifestRefused

    try:
        return create_app(settings)
    except ManifestRefused as refused:
        raise CommandError(f"PARLEY_TRUSTED_DOCUMENTS: {refused}", USAGE) from refused


def _run(app: Application, settings: Settings, listener: socket.socket) -> None:
    """Serve until Ctrl-C or SIGTERM, which are the normal end, not a failure."""
    from api.http.server import Server
    from schema.dates.phrases import prepare

    server = Server(app, settings, once_started=prepare)
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listener])
    if not server.started:
        raise CommandError("The server did not start: the log above says why.", DATABASE)
