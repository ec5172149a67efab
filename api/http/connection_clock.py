"""The clock of all connections, and what bounds them together: files, and those that have not said a word."""

from __future__ import annotations

import logging
import resource
import time
from collections.abc import Iterable
from itertools import count, islice
from typing import TYPE_CHECKING, Any

from api.http.response_headers import DATA_POLICY, build_fixed_headers
from api.settings import Settings

if TYPE_CHECKING:
    from api.http.connection import Connection

LOG = logging.getLogger(__name__)

# Open files beside connections: those of the database, of the log and of Python, and connections that are refused.
FILES_BESIDE = 150

# The server checks twice a second. A longer step means that the process itself paused.
LONGEST_STEP_SECONDS = 1.0

# Of all connections, how many of one address may have sent no whole head of a request.
SILENT_SHARE = 0.25

# As many at least.
FEW_SILENT = 8

# How long a new connection has to send its first words, whatever others its address has.
SILENT_SECONDS = 1.0


class ConnectionClock:
    """The clock of all connections, read twice a second instead of by each request; and their settings."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.most_connections = find_most_connections(settings)
        self.numbers = count()
        self.most_silent = int(max(FEW_SILENT, self.most_connections * SILENT_SHARE))
        # Of each address, oldest first.
        self.silent: dict[str, dict[Connection, None]] = {}
        self.now = 0.0
        self.checked_at = time.monotonic()
        self.headers = [*build_fixed_headers(settings), (b"content-security-policy", DATA_POLICY)]

    def note_silent(self, connection: Connection) -> None:
        """Note a new connection, of which nothing has come yet."""
        self.silent.setdefault(connection.address, {})[connection] = None

    def bound_silent(self) -> None:
        """Close the oldest connections that have not sent a whole head, where one address has too many of them.

        Each has some time first: the client, too, may be busy.
        """
        for silent in self.silent.values():
            for oldest in list(islice(silent, max(0, len(silent) - self.most_silent))):
                if oldest.since < self.now - SILENT_SECONDS:
                    oldest.drop()

    def forget_silent(self, connection: Connection) -> None:
        """Forget a connection that has sent a whole head, or is lost."""
        if silent := self.silent.get(connection.address):
            silent.pop(connection, None)
            if not silent:
                del self.silent[connection.address]

    def end_expired(self, connections: Iterable[Any]) -> None:
        """Close every connection whose time is up.

        A pause of this process does not count: clients must not time out while the server could not read.
        """
        now = time.monotonic()
        self.now += min(now - self.checked_at, LONGEST_STEP_SECONDS)
        self.checked_at = now
        self.bound_silent()
        for each in list(connections):
            each.check(self.now)


def find_most_connections(settings: Settings) -> int:
    """Find how many connections this process can hold: the setting, or as many as the system lets it open files.

    The limit of the process is raised as far as it may itself; what then is missing is logged.
    """
    needed = settings.most_connections + FILES_BESIDE
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < needed:
        raised = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (raised, hard))
        if raised < needed:
            most = max(1, raised - FILES_BESIDE)
            LOG.warning(
                "The system lets this process open %d files, so that it holds %d connections and not %d; "
                "raise the limit (`ulimit -n %d`), or lower %s",
                raised, most, settings.most_connections, needed, settings.variable("most_connections"),
            )  # fmt: skip
            return most
    return settings.most_connections
