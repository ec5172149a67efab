"""Checks out another commit of this project, installs it from its own lock file, and starts its server.

It imports nothing of that commit, whose files may lie elsewhere than ours: that commit's Makefile and command line do
the work.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.data import Build
from bench.documents import BESIDE
from bench.servers import CACHE, ROOT, Server, environment, serve

FOLDER = CACHE / "beside"


class CheckoutError(Exception):
    """Says that a commit is unknown, or cannot be installed, or cannot migrate its database."""


@dataclass(frozen=True)
class Checkout:
    """Locates a commit that is installed in a folder of its own."""

    commit: str
    folder: Path

    @property
    def program(self) -> str:
        return str(self.folder / ".venv" / "bin" / "parley")

    @property
    def build(self) -> Build:
        return Build("bench_beside", f"_{self.commit}", self.folder / "bench" / "data.sql", self.migrate)

    def migrate(self, url: str) -> None:
        """Bring a database to the newest revision of this commit. Raises CheckoutError."""
        call(self.program, "migrate", folder=self.folder, variables=environment(url, self.folder))

    @contextmanager
    def serving(self, url: str) -> Iterator[Server]:
        with serve(BESIDE, [self.program, "serve"], url, self.folder) as server:
            yield server


def check_out(name: str) -> Checkout:
    """Check a commit out and install it, or reuse the installation of the last time. Raises CheckoutError."""
    commit = call("git", "rev-parse", "--verify", f"{name}^{{commit}}")[:12]
    folder = FOLDER / commit
    # An installed checkout takes hundreds of megabytes, so only the last one is kept.
    for other in FOLDER.glob("*"):
        if other != folder:
            shutil.rmtree(other)
    if not folder.exists():
        print(f"installing {commit} beside, once …", flush=True)
        # Not a worktree: our repository would remember it after the folder is deleted.
        call("git", "clone", "--quiet", "--shared", "--no-checkout", str(ROOT), str(folder))
    call("git", "checkout", "--quiet", "--force", "--detach", commit, folder=folder)
    # The same Python as ours, since another version of it would be faster or slower by itself.
    call("make", f"PYTHON={sys.executable}", ".venv/.serve", folder=folder)
    return Checkout(commit, folder)


def call(*command: str, folder: Path = ROOT, variables: Mapping[str, str] | None = None) -> str:
    """Run a command and return its output. Raises CheckoutError with that output if it fails."""
    done = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CheckoutError(f"`{' '.join(command)}` failed in {folder}:\n{done.stdout}{done.stderr}".rstrip())
    return done.stdout.strip()
