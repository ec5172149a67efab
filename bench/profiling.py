"""Where the time of our server goes: Python's own profiler within it, under load, summed by who wrote the code."""

from __future__ import annotations

import pstats
import re
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import psutil
import psycopg

from bench.load import wrk
from bench.report import table
from bench.servers import Server, free_port, postgres, running, settle, wait
from bench.workloads import OURS, Workload, workloads

SECONDS = 4
CONNECTIONS = 16
LINES = 14

Place = tuple[str, int, str]
"""File, line and name of a function, as pstats has them; the file of what is written in C is `~`."""

Times = tuple[int, int, float, float]
Recorded = tuple[int, int, float, float, dict[Place, Times]]
"""Of a function, and of it as called by each other one: calls, calls that are no recursion, seconds without and with
what it called."""


def profile(url: str) -> str:
    """The section of the report."""
    with psycopg.connect(url) as connection:
        asked = [each for each in workloads(connection) if each.name in ("nested", "tiny")]
    return (
        "## Where time goes\n\n"
        f"`cProfile` within the server, {CONNECTIONS} connections. It makes calls dearer than they are, so that the "
        "shares count, not the times. What is written in C counts to who called it; asyncpg's part holds its work "
        "and the wait for none. Processor time per request, without the profiler, is in the tables above.\n\n"
        + "\n".join(of(each, url) for each in asked)
    )


def of(workload: Workload, url: str) -> str:
    stats = measured(workload, url)
    total = sum(seconds for _, _, seconds, _, _ in stats.values()) or 1
    whose: defaultdict[str, float] = defaultdict(float)
    functions: defaultdict[str, float] = defaultdict(float)
    for place, (_, _, own, _, callers) in stats.items():
        if place[0] != "~":
            whose[owner(place[0])] += own
            functions[named(place)] += own
        for caller, (_, _, part, _) in callers.items() if place[0] == "~" else ():
            whose[owner(caller[0])] += part
            functions[f"{named(caller)}: {place[2].strip('<>')}"] += part
    parts = ((name, f"{seconds / total:.0%}") for name, seconds in most(whose, 8))
    dearest = ((name, f"{seconds / total:.1%}") for name, seconds in most(functions, LINES))
    return (
        f"### {workload.name}: {workload.says}\n\n"
        + table(["whose code", "share"], parts)
        + "\n"
        + table(["function", "share"], dearest)
    )


def most(seconds: Mapping[str, float], number: int) -> list[tuple[str, float]]:
    return sorted(seconds.items(), key=lambda each: -each[1])[:number]


def measured(workload: Workload, url: str) -> Mapping[Place, Recorded]:
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
        file = Path(folder) / "profile"
        with running("profiled", [sys.executable, "-m", "bench.profiled", str(file)], url, port) as process:
            wait(process, port)
            server, below = Server(OURS, port, psutil.Process(process.pid)), postgres(url)
            wrk(server, below, workload, CONNECTIONS, 2)
            settle(server, below)
            process.send_signal(signal.SIGUSR1)
            wrk(server, below, workload, CONNECTIONS, SECONDS)
            process.send_signal(signal.SIGUSR2)
            # The profile is written under another name first.
            while not file.exists():
                time.sleep(0.05)
        stats: Mapping[Place, Recorded] = pstats.Stats(str(file)).stats  # type: ignore[attr-defined]
        return stats


def owner(file: str) -> str:
    """Whose a file is: a library's, Python's, or a module of ours."""
    if found := re.search(r"site-packages/([^/.]+)", file):
        return found[1]
    if found := re.search(r"/((?:api|schema)/[a-z_]+)\.py$", file):
        return f"{found[1]}.py"
    return "uvloop" if file == "~" else "Python"


def named(place: Place) -> str:
    file, _, name = place
    return f"{owner(file)} `{name}`"
