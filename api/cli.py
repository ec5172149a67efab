"""The command line: `parley serve`, `migrate`, `load`, `keys` and `schema`.

It wires the parts together and turns failures into one line and an exit code. It must not hold rules.
Commands import what they need when they run, so that `--help` and a mistyped option answer at once.
"""
# ruff: noqa: PLC0415

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NoReturn, TypeVar

import typer
from pydantic import ValidationError

from api.settings import Settings
from api.unavailable import DatabaseUnavailable
from schema.errors import Invalid, NotFound

if TYPE_CHECKING:
    from api.app import Application
    from schema.compile import Compiler
    from schema.dossier import Report
    from schema.keys import Key

Answer = TypeVar("Answer")

ROOT = Path(__file__).parent.parent
FIRST_DOSSIER = ROOT / "dossiers" / "us-ukraine-russia-2025.yaml"
CONTRACTS = ROOT / "openapi"

# The exit codes, which scripts may rely on.
INVALID = 1
USAGE = 2
DATABASE = 3
ADDRESS = 4

# Connections that may wait while the server is busy accepting others.
BACKLOG = 2048

EXIT_CODES = (
    "Exit codes: 0 done; 1 the input is invalid, or the published contract differs; "
    "2 a wrong option or setting; 3 the database cannot be reached or is not migrated; "
    "4 the address to listen on cannot be had; 130 interrupted."
)

app = typer.Typer(
    help="Peace diplomacy as data. Settings come from the environment: see docs/settings.md.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

keys = typer.Typer(help="Make, list and revoke the keys of the API.", no_args_is_help=True, epilog=EXIT_CODES)
app.add_typer(keys, name="keys")


class CommandError(Exception):
    """Ends the command with one line, or a few, on standard error."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def main() -> None:
    """Run a command. Expected failures become a line and an exit code; a defect keeps its traceback."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # which is how nohup starts us
        signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))
    try:
        app(prog_name="parley")
    except CommandError as error:
        _fail(error, error.exit_code)
    except DatabaseUnavailable as error:
        _fail(error, DATABASE)
    except Invalid as error:
        _fail("\n".join(map(str, error.problems)), INVALID)
    except NotFound as error:
        _fail(error, INVALID)


def _fail(message: object, exit_code: int) -> NoReturn:
    typer.echo(f"parley: {message}", err=True)
    sys.exit(exit_code)


@app.command(epilog=EXIT_CODES)
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; wins over HOST.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port to listen on; wins over PORT.")] = None,
) -> None:
    """Start the server; without DATABASE_URL, its own PostgreSQL as well.

    Migrates the database, and loads the first dossier when it holds no records (unless PARLEY_FIRST_DOSSIER=false).
    """
    chosen = {name: value for name, value in {"host": host, "port": port}.items() if value is not None}
    settings = _settings().model_copy(update=chosen)
    # Nearly all that start-up makes lives as long as the process: the collector waits until the server is up.
    gc.disable()
    with _listening(settings) as listener, _database_url(settings) as url:
        settings = settings.model_copy(update={"database_url": url})
        app = _application(settings)
        _prepare(settings, url, app.compiler)
        _run(app, settings, listener)


@app.command(epilog=EXIT_CODES)
def migrate() -> None:
    """Bring the database up to the newest revision. Safe to run from several machines at once."""
    from api import database, migrations
    from schema.compile import Compiler
    from schema.root import create_schema

    with _database_url(_settings()) as url:
        migrations.migrate(url)
        typer.echo(f"The database is at revision {database.head_revision()}.")
        asyncio.run(_check_declarations(url, Compiler(create_schema())))


@app.command(epilog=EXIT_CODES)
def load(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="Dossiers to load.")],
    changed_by: Annotated[str, typer.Option(help="Who is recorded as the author.")] = "parley load",
    reason: Annotated[str, typer.Option(help="Why, as recorded in each revision.")] = "loaded from a dossier",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Change nothing; tell what would change.")] = False,
) -> None:
    """Load dossiers: what is new is created, what differs is updated, what is the same is left alone.

    Each file is loaded wholly or not at all; nothing is loaded when any file has a problem.
    """
    from schema.fields import in_words

    settings = _settings()
    _expect_database(settings)
    with _database_url(settings) as url:
        reports = load_files(url, files, changed_by, reason, dry_run=dry_run)
        for path, report in zip(files, reports, strict=True):
            typer.echo(f"{path}: {_summary(report)}{'; nothing was changed' if dry_run else ''}")
            for row in report.rows:
                if row.action != "unchanged":
                    typer.echo(f"  {row.action} {in_words(row.type)} {row.key}{f': {row.why}' if row.why else ''}")
                if row.action == "updated":
                    for change in row.changes:
                        typer.echo(f"    {change['field']}: {_shown(change['before'])} → {_shown(change['after'])}")


@app.command(epilog=EXIT_CODES)
def schema(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail when a file differs.")] = False,
    directory: Annotated[Path, typer.Option(help="Where the contracts are kept.")] = CONTRACTS,
) -> None:
    """Write the published contracts: openapi.json, schema.graphql, dossier.schema.json."""
    from api import contracts

    if not check:
        contracts.write(directory)
        return
    drift = [_drift(directory / name, text) for name, text in contracts.contracts().items()]
    if any(drift):
        lines = [*filter(None, drift), "Run `parley schema` and commit what it writes."]
        raise CommandError("\n".join(lines), INVALID)


@keys.command("create", epilog=EXIT_CODES)
def create_key(
    role: Annotated[Literal["contributor", "curator", "admin"], typer.Option(help="What it may do.")],
    name: Annotated[str, typer.Option(help="Who or what will use it: the author of its changes.")],
    expires_in_days: Annotated[int | None, typer.Option(min=1, max=3650, help="Without it, it never expires.")] = None,
    by: Annotated[str, typer.Option(help="Who is recorded as having made it.")] = "parley keys",
) -> None:
    """Make a key. It is printed alone on standard output, this once: only its hash is kept."""
    from schema.caller import Role
    from schema.keys import create

    lifetime = timedelta(days=expires_in_days) if expires_in_days else None
    text = _asked(lambda connection: create(connection, name, Role[role.upper()], by, lifetime)).text
    typer.echo("This is the only time that the key is shown. Send it as `Authorization: Bearer <key>`.", err=True)
    typer.echo(text)


@keys.command("list", epilog=EXIT_CODES)
def list_keys() -> None:
    """List all keys, oldest first, without their secrets. Times are in UTC."""
    from schema.keys import listed

    _print_keys(_asked(listed))


@keys.command("revoke", epilog=EXIT_CODES)
def revoke_key(
    key: Annotated[str, typer.Argument(help="Its id or its name.")],
    by: Annotated[str, typer.Option(help="Who is recorded as having revoked it.")] = "parley keys",
) -> None:
    """End a key for good, from the next request on."""
    from schema.keys import revoke

    name = _asked(lambda connection: revoke(connection, key, by)).name
    typer.echo(f"Revoked {name}.")


def load_files(
    url: str,
    files: Sequence[Path],
    changed_by: str = "parley load",
    reason: str = "loaded from a dossier",
    *,
    dry_run: bool = False,
) -> list[Report]:
    """Read all files, then load one after the other into a migrated database."""
    documents = list(zip(files, _read(files), strict=True))
    return asyncio.run(_load(url, documents, changed_by, reason, dry_run))


def _read(files: Sequence[Path]) -> list[Any]:
    """All documents, or the problems of all files at once."""
    from schema import dossier

    documents, problems = [], []
    for path in files:
        try:
            documents.append(dossier.read(path))
        except Invalid as error:
            problems += [f"{path}: {problem}" for problem in error.problems]
    if problems:
        raise CommandError("\n".join(problems), INVALID)
    return documents


async def _load(
    url: str, documents: Sequence[tuple[Path, Any]], changed_by: str, reason: str, dry_run: bool
) -> list[Report]:
    """Load all documents in one transaction; the first that is refused takes the others with it."""
    import asyncpg

    from schema.dossier import DryRunEnds

    reports: list[Report] = []
    async with _connection(url) as connection:
        try:
            with contextlib.suppress(DryRunEnds):
                async with connection.transaction():
                    reports = [await _load_one(connection, *each, changed_by, reason) for each in documents]
                    if dry_run:
                        raise DryRunEnds
        # What the database checks only at the end of a transaction.
        except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError) as error:
            raise CommandError(f"The database refuses it: {str(error).splitlines()[0]}", INVALID) from error
    return reports


async def _load_one(connection: Any, path: Path, document: Any, changed_by: str, reason: str) -> Report:
    from schema import dossier

    try:
        return await dossier.load(connection, document, changed_by=changed_by, reason=reason)
    except Invalid as error:
        raise CommandError("\n".join(f"{path}: {problem}" for problem in error.problems), INVALID) from error


@contextlib.asynccontextmanager
async def _connection(url: str) -> AsyncIterator[Any]:
    """A connection to a migrated database, for as long as it is held."""
    from api import database

    with database.reachable(url):
        async with contextlib.AsyncExitStack() as last:
            connection = await database.connect(_settings(), url)
            last.push_async_callback(connection.close)
            if not await database.is_migrated(connection):
                raise CommandError("The database is not migrated: run `parley migrate` first.", DATABASE)
            yield connection


def _asked(ask: Callable[[Any], Awaitable[Answer]]) -> Answer:
    """What the database that is there answers to one question."""
    settings = _settings()
    _expect_database(settings)
    with _database_url(settings) as url:
        return asyncio.run(_ask(url, ask))


async def _ask(url: str, ask: Callable[[Any], Awaitable[Answer]]) -> Answer:
    async with _connection(url) as connection:
        return await ask(connection)


def _print_keys(found: Sequence[Key]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("name", "role", "status", "created", "expires", "last used", "id")
    for key in found:
        times = (f"{at:%Y-%m-%d %H:%M}" if at else "never" for at in (key.created_at, key.expires_at, key.last_used_at))
        table.add_row(key.name, key.role.name.lower(), key.status, *times, str(key.id))
    # A name is text, whatever brackets it has; and what is read by a program is not folded to the width of a screen.
    Console(width=None if sys.stdout.isatty() else 1000, markup=False, emoji=False, highlight=False).print(table)


def _summary(report: Report) -> str:
    told = [f"{report.count('created')} created, {report.count('updated')} updated"]
    told.append(f"{report.count('unchanged')} unchanged")
    if left := report.count("left alone"):
        told.append(f"{left} left alone")
    return ", ".join(told)


def _shown(value: Any) -> str:
    """A value of a change, in a line."""
    if isinstance(value, dict):
        value = value.get("text") or value.get("edtf")
    return "nothing" if value is None else str(value)


def _drift(path: Path, text: str) -> str | None:
    if not path.exists():
        return f"{path} is missing."
    return None if path.read_text() == text else f"{path} differs from the code."


def _settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        lines = [
            f"{_variable(fault['loc'])}: {fault['msg'].removeprefix('Value error, ')}"
            for fault in error.errors(include_url=False)
        ]
        raise CommandError("\n".join(lines), USAGE) from error


def _variable(location: tuple[int | str, ...]) -> str:
    name = str(location[0])
    return Settings.variable(name) if name in Settings.model_fields else name


def _expect_database(settings: Settings) -> None:
    """A folder without a database is more likely the wrong folder than a wish for another one."""
    if not settings.database_url and not (settings.data_directory / "postgres").exists():
        raise CommandError(
            f"There is no database in {settings.data_directory.resolve()}: run this where the server runs, "
            "or set PARLEY_DATA_DIRECTORY or DATABASE_URL.",
            DATABASE,
        )


@contextlib.contextmanager
def _database_url(settings: Settings) -> Iterator[str]:
    """The database that was chosen, else the embedded one, which runs as long as this is held."""
    if settings.database_url:
        yield settings.database_url
        return
    from api import embedded

    with embedded.running(settings.data_directory / "postgres") as url:
        yield url


@contextlib.contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    """Take the address first: who cannot have it should hear so before a database is touched."""
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
    """Bring the database to where the server expects it. Where it is there already, alembic is not even imported."""
    if not asyncio.run(_is(url, "migrated")):
        from api import migrations

        migrations.migrate(url)
    asyncio.run(_check_declarations(url, compiler))
    if settings.first_dossier and asyncio.run(_is(url, "empty")):
        (report,) = load_files(url, [FIRST_DOSSIER], "parley serve", "first dossier of an empty database")
        typer.echo(f"Loaded {FIRST_DOSSIER.name}: {_summary(report)}.")


async def _is(url: str, state: Literal["migrated", "empty"]) -> bool:
    from api import database

    connection = await database.connect(_settings(), url)
    try:
        if state == "migrated":
            return await database.is_migrated(connection)
        return bool(await connection.fetchval("select not exists (select from record)"))
    finally:
        await connection.close()


async def _check_declarations(url: str, compiler: Compiler) -> None:
    """Compare the declarations with a migrated database, and end the command with every difference."""
    from api import database
    from schema import catalogue

    connection = await database.connect(_settings(), url)
    try:
        await catalogue.check(connection, compiler)
    except catalogue.DeclarationsDiffer as differ:
        raise CommandError(str(differ), DATABASE) from differ
    finally:
        await connection.close()


def _application(settings: Settings) -> Application:
    from api.app import create_app
    from api.documents import ManifestRefused

    try:
        return create_app(settings)
    except ManifestRefused as refused:
        raise CommandError(f"PARLEY_TRUSTED_DOCUMENTS: {refused}", USAGE) from refused


def _run(app: Application, settings: Settings, listener: socket.socket) -> None:
    """Serve until told to stop. Then Ctrl-C and SIGTERM are the normal end, not a failure."""
    from api.server import Server

    server = Server(app, settings)
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listener])
    if not server.started:
        raise CommandError("The server did not start: the log above says why.", DATABASE)


if __name__ == "__main__":
    main()
