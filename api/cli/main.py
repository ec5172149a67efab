"""The command line: `parley serve`, `migrate`, `load`, `keys` and `schema`.

It wires the commands together and turns failures into one line and an exit code. It must not hold rules.
Commands import what they need when they run, so that `--help` and a mistyped option answer at once.
"""

from __future__ import annotations

import signal
import sys
from typing import NoReturn

import typer

from api.cli import keys
from api.cli.contracts import schema
from api.cli.failures import DATABASE, EXIT_CODES, INVALID, CommandError
from api.cli.load import load
from api.cli.serve import migrate, serve
from api.postgres.unavailable import DatabaseUnavailable
from schema.errors import Invalid, NotFound

app = typer.Typer(
    help="Peace diplomacy as data. Settings come from the environment: see docs/settings.md.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (serve, migrate, load, schema):
    app.command(epilog=EXIT_CODES)(command)
app.add_typer(keys.app, name="keys")


def main() -> None:
    """Run a command. Expected failures become a line and an exit code; a defect keeps its traceback."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup ignores SIGHUP
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


if __name__ == "__main__":
    main()
