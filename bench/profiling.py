"""Profiles our server: samples of its stack under load, summed by the author of the code."""

from __future__ import annotations

import json
import re
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import psutil
import psycopg

from bench.documents import OURS
from bench.load import Run, wrk
from bench.report import table
from bench.servers import Server, free_port, postgres, running, settle, wait
from bench.workloads import Workload, workloads

SECONDS = 5
CONNECTIONS = 16
OWNERS = 9
FUNCTIONS = 16

Sample = tuple[list[tuple[str, str]], int]
"""The functions that ran, each called by the next, and how often they were found so."""


def profile(url: str) -> str:
    """The section of the report."""
    with psycopg.connect(url) as connection:
        asked = [each for each in workloads(connection) if each.name in ("nested", "tiny")]
    return (
        "## Where time goes\n\n"
        f"Our server with {CONNECTIONS} connections, looked at whenever it has taken some milliseconds of processor "
        "time. What is written in C counts to the Python that called it: sending to `send` and `_do_execute`, reading "
        "and waking to uvloop.\n\n" + "\n".join(of(each, url) for each in asked)
    )


def of(workload: Workload, url: str) -> str:
    samples, run = measured(workload, url)
    own: Counter[str] = Counter()
    within: Counter[str] = Counter()
    whose: Counter[str] = Counter()
    for stack, count in samples:
        whose[owner(stack[0][0])] += count
        own[named(stack[0])] += count
        within.update({name: count for name in set(map(named, stack)) if is_asked(name)})
    total = own.total()
    return (
        f"### {workload.name}: {workload.says}\n\n"
        f"Processor time for each request: {run.server_busy:.2f} ms of the server, {run.postgres_busy:.2f} ms of "
        f"Postgres.\n\n"
        + table(["whose code", "share"], shares(whose, total, OWNERS))
        + "\n"
        + table(["function, without what it calls", "share"], shares(own, total, FUNCTIONS))
        + "\n"
        + table(["function of ours, with all it calls", "share"], shares(within, total, FUNCTIONS))
    )


def is_asked(name: str) -> bool:
    """Whether a function is one of ours that a request runs through, not one that starts the server."""
    return name.startswith(("api/", "schema/")) and not name.startswith(("api/cli/main.py", "api/http/server.py"))


def shares(counts: Counter[str], total: int, number: int) -> Iterable[tuple[str, str]]:
    return ((name, f"{count / total:.1%}") for name, count in counts.most_common(number))


def measured(workload: Workload, url: str) -> tuple[list[Sample], Run]:
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
        file = Path(folder) / "samples"
        with running("profiled", [sys.executable, "-m", "bench.profiled", str(file)], url, port) as process:
            wait(process, port)
            server, below = Server(OURS, port, psutil.Process(process.pid)), postgres(url)
            wrk(server, below, workload, CONNECTIONS, 2)
            settle(server, below)
            process.send_signal(signal.SIGUSR1)
            run = wrk(server, below, workload, CONNECTIONS, SECONDS)
            process.send_signal(signal.SIGUSR2)
            while not file.exists():
                time.sleep(0.05)
        samples: list[Sample] = json.loads(file.read_text())
        return samples, run


def owner(file: str) -> str:
    """Whose a file is: a library's, Python's, or a module of ours. The loop itself is seen as who started it."""
    if found := re.search(r"site-packages/([^/.]+)", file):
        return found[1]
    if found := re.search(r"/((?:api|schema)/[a-z_]+\.py)$", file):
        return found[1]
    return "uvloop" if file.endswith("asyncio/runners.py") else "Python"


def named(place: tuple[str, str]) -> str:
    file, name = place
    return f"{owner(file)} `{name}`"
