"""The process that serves: uvicorn with our choices. It must not know what the app it runs does."""

from __future__ import annotations

import gc
import logging
import socket
from collections.abc import Callable
from functools import partial
from threading import Thread
from typing import Any

import uvicorn

from api.http.connection import Connection, Watch
from api.settings import Settings

# Objects allocated before the garbage collector looks at the young ones, then how many such looks until it
# looks at older ones. Python's own 700 makes it run in most requests; with these p99 fell from 64 to 9 ms.
COLLECT_AFTER = (50_000, 20, 50)

# uvicorn ticks ten times a second. A look at 900 connections takes a millisecond.
TICKS_BETWEEN_LOOKS = 5


class Server(uvicorn.Server):
    """uvicorn as Parley runs it. It prints where to look once requests are answered."""

    def __init__(self, app: Any, settings: Settings, once_started: Callable[[], object] | None = None) -> None:
        """Start `once_started` in a thread when requests are answered: what the first of them need not wait for."""
        logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s")
        self.settings = settings
        self.once_started = once_started
        self.watch = Watch(settings)
        super().__init__(
            uvicorn.Config(
                app,
                loop="uvloop",
                http=partial(Connection, self.watch),  # type: ignore[arg-type]
                ws="none",
                # Whom to believe about a client's address is a setting, and not whoever is on this machine.
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
            self.watch.look(self.server_state.connections)
        return await super().on_tick(counter)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            settle_garbage_collector()
            print(welcome(self.settings), flush=True)  # noqa: T201 - said to the person who started it
            if self.once_started:
                Thread(target=self.once_started, daemon=True).start()


def settle_garbage_collector() -> None:
    """What start-up built lives as long as the process: never look at it again.

    Collecting first would free a megabyte, and take a tenth of a second before the first answer.
    """
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
    gc.enable()


def welcome(settings: Settings) -> str:
    base = f"http://{_reachable(settings.host)}:{settings.port}"
    graphiql = "" if settings.trusted_documents_only else f"  GraphiQL   {base}/graphql\n"
    return f"Parley is ready.\n{graphiql}  REST docs  {base}/docs\n  OpenAPI    {base}/openapi.json\nCtrl-C stops it."


def _reachable(host: str) -> str:
    """An address a browser can open: listening on all of them is not one."""
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        return "localhost"
    return f"[{host}]" if ":" in host else host
