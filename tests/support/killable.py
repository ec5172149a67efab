"""A server process that can be killed and is back at once.

Importing and building the application takes seconds: one process does that once, and forks into each server.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from api.app import create_app
from api.http.server import Server
from api.settings import Settings
from tests.support.copies import free_port
from tests.support.processes import environment

ROOT = Path(__file__).parents[2]


@dataclass
class Killable:
    """A server on a port of this machine, and the process that it is forked from."""

    port: int
    parent: subprocess.Popen[str]
    process: int | None = None

    def start(self) -> None:
        """Start a server; back once it answers."""
        assert self.process is None
        assert self.parent.stdin
        assert self.parent.stdout
        self.parent.stdin.write("start\n")
        self.parent.stdin.flush()
        self.process = int(self.parent.stdout.readline())
        for line in self.parent.stdout:
            if "Ctrl-C" in line:
                return
        raise AssertionError("the server did not start")

    def kill(self) -> None:
        """End the server as a power cut would: it can do nothing about it."""
        if self.process is not None:
            os.kill(self.process, signal.SIGKILL)
            self.process = None


@contextmanager
def killable(database_url: str, **variables: str) -> Iterator[Killable]:
    """A server that has started, with these variables in its environment."""
    port = free_port()
    parent = subprocess.Popen(
        [sys.executable, "-m", "tests.support.killable"],
        env=environment(DATABASE_URL=database_url, PORT=port, **variables),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    server = Killable(int(port), parent)
    try:
        server.start()
        yield server
    finally:
        server.kill()
        parent.communicate(timeout=30)


def breed() -> None:
    """Fork into a server for each line that comes in, one at a time, until there are no more lines."""
    settings = Settings()
    app = create_app(settings)
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            with socket.create_server((settings.host, settings.port)) as listener:
                Server(app, settings).run(sockets=[listener])
            return
        print(child, flush=True)  # noqa: T201 - said to the test
        os.waitpid(child, 0)


if __name__ == "__main__":
    breed()
