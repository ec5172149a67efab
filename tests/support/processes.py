"""The command line and the server as processes of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.serving import UNLIMITED

ROOT = Path(__file__).parents[2]
PARLEY = [sys.executable, "-m", "api.cli.main"]

START_SECONDS = 30


def environment(**variables: str) -> dict[str, str]:
    """The environment of a process. All requests of a test come from one address, and are not counted."""
    unlimited = {f"PARLEY_{name.upper()}": str(value) for name, value in UNLIMITED.items()}
    return {**os.environ, "COLUMNS": "200", "PYTHONPATH": str(ROOT), **unlimited, **variables}


def parley(*arguments: str, folder: Path = ROOT, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [*PARLEY, *arguments],
        env=environment(**variables),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@contextmanager
def serving_process(**variables: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start a server, and yield its process with all it printed until it was ready."""
    process = subprocess.Popen(
        [*PARLEY, "serve"],
        env=environment(**variables),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout
        printed = ""
        for line in process.stdout:
            printed += line
            if "Ctrl-C" in line:
                break
        yield process, printed
    finally:
        process.kill()
        process.communicate()


def end(process: subprocess.Popen[str], number: signal.Signals) -> tuple[int, str]:
    """Send a signal, and return the exit code with what was printed since."""
    process.send_signal(number)
    printed, _ = process.communicate(timeout=START_SECONDS)
    return process.returncode, printed
