"""A copy of the project that a test may change, and its command line."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.support.serving import UNLIMITED

ROOT = Path(__file__).parents[2]

PARTS = ("alembic", "alembic.ini", "api", "docs", "dossiers", "openapi", "pyproject.toml", "schema")
"""What the program reads, and what its documentation changes."""


@dataclass(frozen=True)
class Copy:
    """The project in a folder of its own. Its commands work on one database."""

    folder: Path
    database_url: str

    def parley(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.python("-m", "api.cli.main", *arguments)

    def alembic(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.python("-m", "alembic.config", *arguments)

    def python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments),
            env=self.environment(),
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def command(self, *arguments: str) -> Sequence[str]:
        # Without bytecode: a file that is changed twice in a second would be taken for the one before.
        return [sys.executable, "-B", *arguments]

    def environment(self, **variables: str) -> dict[str, str]:
        unlimited = {f"PARLEY_{name.upper()}": str(value) for name, value in UNLIMITED.items()}
        # A port of its own: somebody may listen on the one that is taken by default.
        own = {"PYTHONPATH": str(self.folder), "DATABASE_URL": self.database_url, "PORT": free_port()}
        return {**os.environ, **unlimited, **own, **variables}


def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return str(listener.getsockname()[1])


def copy_of_project(folder: Path, database_url: str) -> Copy:
    for name in PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder / name)
    return Copy(folder, database_url)


@contextmanager
def served(copy: Copy) -> Iterator[httpx.Client]:
    """The server of a copy, as its command line starts it, and a client of it."""
    port = free_port()
    with subprocess.Popen(
        copy.command("-m", "api.cli.main", "serve"),
        env=copy.environment(PORT=port),
        cwd=copy.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            assert process.stdout
            printed = []
            for line in process.stdout:
                printed.append(line)
                if "Ctrl-C" in line:
                    break
            else:
                raise AssertionError("".join(printed))
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
                yield client
        finally:
            process.terminate()
