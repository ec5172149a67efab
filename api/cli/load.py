"""`parley load`: enters dossiers from files."""
# ruff: noqa: PLC0415

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.environment import expect_database, open_connection, open_database, read_settings
from api.cli.failures import INVALID, CommandError
from schema.errors import Invalid, Problem

if TYPE_CHECKING:
    from schema.writing.dossier import Report, Row


def load(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="Dossiers to load.")],
    changed_by: Annotated[str, typer.Option(help="Who is recorded as the author.")] = "parley load",
    reason: Annotated[str, typer.Option(help="Why, as recorded in each revision.")] = "loaded from a dossier",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Change nothing; tell what would change.")] = False,
) -> None:
    """Load dossiers: what is new is created, what differs is updated, what is the same is left alone.

    Each file is loaded wholly or not at all; nothing is loaded when any file has a problem.
    """
    from schema.declare.fields import in_words

    settings = read_settings()
    expect_database(settings)
    with open_database(settings) as url:
        reports = load_files(url, files, changed_by, reason, dry_run=dry_run)
        for path, report in zip(files, reports, strict=True):
            typer.echo(f"{path}: {summarise(report)}{'; nothing was changed' if dry_run else ''}")
            for warning in report.warnings:
                typer.echo(f"  warning: {_locate(None, warning)}")
            for row in report.rows:
                if row.action != "unchanged":
                    typer.echo(f"  {row.action} {in_words(row.type)} {row.key}{f': {row.why}' if row.why else ''}")
                for line in _format_changes(row):
                    typer.echo(f"    {line}")


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
    """Read all documents. Raises CommandError with the problems of all files at once."""
    from schema.writing import dossier

    documents, problems = [], []
    for path in files:
        try:
            documents.append(dossier.read(path))
        except Invalid as error:
            problems += [_locate(path, problem) for problem in error.problems]
    if problems:
        raise CommandError("\n".join(problems), INVALID)
    return documents


async def _load(
    url: str, documents: Sequence[tuple[Path, Any]], changed_by: str, reason: str, dry_run: bool
) -> list[Report]:
    """Load all documents in one transaction, which the first refused document rolls back."""
    import asyncpg

    from schema.writing.dossier import DryRunEnds

    reports: list[Report] = []
    async with open_connection(url) as connection:
        try:
            with contextlib.suppress(DryRunEnds):
                async with connection.transaction():
                    reports = [await _load_one(connection, *each, changed_by, reason) for each in documents]
                    if dry_run:
                        raise DryRunEnds
        # Some constraints are checked only when the transaction commits.
        except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError) as error:
            raise CommandError(f"The database refuses it: {str(error).splitlines()[0]}", INVALID) from error
    return reports


async def _load_one(connection: Any, path: Path, document: Any, changed_by: str, reason: str) -> Report:
    from schema.writing import dossier

    try:
        return await dossier.load(connection, document, changed_by=changed_by, reason=reason)
    except Invalid as error:
        raise CommandError("\n".join(_locate(path, problem) for problem in error.problems), INVALID) from error


def _locate(path: Path | None, problem: Problem) -> str:
    """Write a problem with its file, its line, and the key of its record, where it has these."""
    place = ", ".join(filter(None, [f"line {problem.line}" if problem.line else "", problem.key]))
    return ": ".join(filter(None, [str(path or ""), place, str(problem)]))


def summarise(report: Report) -> str:
    parts = [f"{report.count('created')} created, {report.count('updated')} updated"]
    parts.append(f"{report.count('unchanged')} unchanged")
    if left := report.count("left alone"):
        parts.append(f"{left} left alone")
    return ", ".join(parts)


def _format_changes(row: Row) -> Iterator[str]:
    """Yield a line for each field of an updated record, and for each field of a new one that was given in words."""
    for change in row.changes:
        before, after = _format_value(change["before"]), _format_value(change["after"])
        if row.action == "updated":
            yield f"{change['field']}: {before} → {after}"
        elif isinstance(change["after"], dict) and change["after"].get("text"):
            yield f"{change['field']}: {after}"


def _format_value(value: Any) -> str:
    """Format a value of a change in one line; of words also the days that they are read as."""
    if isinstance(value, dict):
        value = " = ".join(filter(None, [value.get("text"), value.get("edtf")]))
    return "nothing" if value is None else str(value)
