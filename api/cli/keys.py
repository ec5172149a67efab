"""`parley keys`: makes, lists and revokes the keys of the API."""
# ruff: noqa: PLC0415

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from api.cli.environment import ask_database
from api.cli.failures import EXIT_CODES

if TYPE_CHECKING:
    from schema.api_keys import StoredApiKey

app = typer.Typer(help="Make, list and revoke the keys of the API.", no_args_is_help=True, epilog=EXIT_CODES)


@app.command("create", epilog=EXIT_CODES)
def create_key(
    role: Annotated[Literal["contributor", "curator", "admin"], typer.Option(help="What it may do.")],
    name: Annotated[str, typer.Option(help="Who or what will use it: the author of its changes.")],
    expires_in_days: Annotated[int | None, typer.Option(min=1, max=3650, help="Without it, it never expires.")] = None,
    by: Annotated[str, typer.Option(help="Who is recorded as having made it.")] = "parley keys",
) -> None:
    """Make a key. It is printed alone on standard output, this once: only its hash is kept."""
    from schema.api_keys import create
    from schema.declare.caller import Role

    lifetime = timedelta(days=expires_in_days) if expires_in_days else None
    text = ask_database(lambda connection: create(connection, name, Role[role.upper()], by, lifetime)).text
    typer.echo("This is the only time that the key is shown. Send it as `Authorization: Bearer <key>`.", err=True)
    typer.echo(text)


@app.command("list", epilog=EXIT_CODES)
def list_keys() -> None:
    """List all keys, oldest first, without their secrets. Times are in UTC."""
    from schema.api_keys import listed

    print_table(ask_database(listed))


@app.command("revoke", epilog=EXIT_CODES)
def revoke_key(
    key: Annotated[str, typer.Argument(help="Its id or its name.")],
    by: Annotated[str, typer.Option(help="Who is recorded as having revoked it.")] = "parley keys",
) -> None:
    """End a key for good, from the next request on."""
    from schema.api_keys import revoke

    name = ask_database(lambda connection: revoke(connection, key, by)).name
    typer.echo(f"Revoked {name}.")


def print_table(found: Sequence[StoredApiKey]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("name", "role", "status", "created", "expires", "last used", "id")
    for key in found:
        times = (f"{at:%Y-%m-%d %H:%M}" if at else "never" for at in (key.created_at, key.expires_at, key.last_used_at))
        table.add_row(key.name, key.role.name.lower(), key.status, *times, str(key.id))
    # Brackets in a name are not markup; and lines read by a program are not wrapped to the width of a screen.
    Console(width=None if sys.stdout.isatty() else 1000, markup=False, emoji=False, highlight=False).print(table)
