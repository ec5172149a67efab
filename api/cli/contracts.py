"""`parley schema`: writes the published contracts, or checks them."""
# ruff: noqa: PLC0415

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.failures import INVALID, CommandError

CONTRACTS = Path(__file__).parents[2] / "openapi"


def schema(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail when a file differs.")] = False,
    directory: Annotated[Path, typer.Option(help="Where the contracts are kept.")] = CONTRACTS,
) -> None:
    """Write the published contracts: openapi.json, schema.graphql, dossier.schema.json."""
    from api.contracts import published

    if not check:
        published.write(directory)
        return
    drift = [_describe_drift(directory / name, text) for name, text in published.contracts().items()]
    if any(drift):
        lines = [*filter(None, drift), "Run `parley schema` and commit what it writes."]
        raise CommandError("\n".join(lines), INVALID)


def _describe_drift(path: Path, text: str) -> str | None:
    if not path.exists():
        return f"{path} is missing."
    return None if path.read_text() == text else f"{path} differs from the code."
