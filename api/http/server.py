"""Runs uvicorn with our configuration. It must not know what the app does."""

from __future__ import annotations

import gc
import logging
import socket
from collections.abc import Callable
from functools import partial
from threading import Thread
from typing import Any

import uvicorn

from api.http.connection import Connection
from api.http.connection_clock import ConnectionClock
from api.settings import Settings

# Objects allocated before the garbage collector collects the youngest generation, then the number of collections
# before the next older generation. Python's own 700 makes it run in most requests; with these p99 fell from 64 to 9 ms.
COLLECT_AFTER = (50_000, 20, 50)

# uvicorn ticks ten times a second. Checking 900 connections takes a millisecond.
TICKS_BETWEEN_LOOKS = 5


class Server(uvicorn.Server):
    """uvicorn as Parley runs it. It prints its addresses once requests are answered."""

    def __init__(self, app: Any, settings: Settings, once_started: Callable[[], object] | None = None) -> None:
        """Configure uvicorn. `once_started` runs in a thread once requests are answered, so that none waits for it."""
        logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s")
        self.settings = settings
        self.once_started = once_started
        self.clock = ConnectionClock(settings)
        super().__init__(
            uvicorn.Config(
                app,
                loop="uvloop",
                http=partial(Connection, self.clock),  # type: ignore[arg-type]
                ws="none",
                # uvicorn would trust any proxy on this machine; PARLEY_TRUSTED_PROXIES decides instead.
                proxy_headers=False,
                lifespan="on",
                access_log=False,
                server_header=False,
                log_config=None,
                log_level="warning",
                timeout_graceful_shutdown=settings.shutdown_timeout_seconds,
            )
        )

    async def on_tick(self, counter: int) -> bool:
        if counter % TICKS_BETWEEN_LOOKS == 0:
            self.clock.end_expired(self.server_state.connections)
        return await super().on_tick(counter)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            settle_garbage_collector()
            print(welcome_message(self.settings), flush=True)  # noqa: T201 - for the person who started it
            if self.once_started:
                Thread(target=self.once_started, daemon=True).start()


def settle_garbage_collector() -> None:
    """Exclude all objects of the start-up from collection, since they live as long as the process.

    Collecting first would free a megabyte, and delay the first answer by a tenth of a second.
    """
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
    gc.enable()


def welcome_message(settings: Settings) -> str:
    base = f"http://{_browser_host(settings.host)}:{settings.port}"
    graphiql = "" if settings.trusted_documents_only else f"  GraphiQL   {base}/graphql\n"
    return f"Parley is ready.\n{graphiql}  REST docs  {base}/docs\n  OpenAPI    {base}/openapi.json\nCtrl-C stops it."


def _browser_host(host: str) -> str:
    """Return a host that a browser can open, also when the server listens on all addresses."""
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        return "localhost"
    return f"[{host}]" if ":" in host else host
