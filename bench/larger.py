"""The same at 50 times the data: what a question about one thing, a deep page and a rare status cost then."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import replace

import psycopg

from bench import agree, data
from bench.asking import post
from bench.documents import OURS
from bench.load import wrk
from bench.report import table
from bench.servers import Postgres, Server, postgres, settle, started
from bench.workloads import COMMON, RARE, Workload, workloads

ROUNDS = 3
SECONDS = 2

SLOW = ("common page", "rare page", "common count", "rare count")
"""Those whose milliseconds are told, asked one at a time; the others are compared under load."""

MOST_ASKED = 15
MOST_SECONDS = 6.0
"""For one question: as often as this, or for as long."""

TARGETS = {"nested": "≤ 2 ×", "deep": "≤ 2 ×", "rare page": "≤ 30 ms", "rare count": "≤ 60 ms"}


def compare(server_url: str, talks: int, more: int) -> str:
    """The section of the report."""
    urls = [data.database(server_url, each) for each in (talks, more)]
    with started(OURS, urls[0]) as small, started(OURS, urls[1]) as large:
        servers = [small, large]
        asked = [of(url, server) for url, server in zip(urls, servers, strict=True)]
        rows = [*loaded(asked, servers, [postgres(url) for url in urls]), *alone(asked, servers)]
    head = ["workload", f"{talks:,} talks, ms", f"{more:,} talks, ms", "times", "target"]
    return (
        f"## {more // talks} times the data\n\nMedian milliseconds of Parley for one request at a time. With `asOf` "
        "the same question is asked for a moment of the past: what is kept of a talk answers that as well, and only "
        "processes follow their rule then.\n\n" + table(head, rows)
    )


def of(url: str, server: Server) -> dict[str, Workload]:
    with psycopg.connect(url) as connection:
        found = workloads(connection)
    asked = [agree.with_cursors(each, [server]) if agree.needs_cursors(each) else each for each in found]
    return {each.name: each for each in asked}


def loaded(
    asked: Sequence[dict[str, Workload]], servers: Sequence[Server], below: Sequence[Postgres]
) -> list[list[str]]:
    """The questions that take less than a millisecond or so: by wrk, in turn."""
    rows = []
    for name in ("nested", "deep"):
        taken: list[list[float]] = [[], []]
        for number in range(ROUNDS + 1):
            for index, server in enumerate(servers):
                run = wrk(server, below[index], asked[index][name], 1, SECONDS)
                settle(server, below[index])
                if number:
                    taken[index].append(run.p50)
        rows.append(row(name, [statistics.median(each) for each in taken], TARGETS[name]))
    return rows


def alone(asked: Sequence[dict[str, Workload]], servers: Sequence[Server]) -> list[list[str]]:
    """The questions that may take seconds, for each status; now, and for a moment of the past."""
    rows = []
    for name in SLOW:
        for status in RARE if name.startswith("rare") else COMMON:
            for past in (False, True):
                given = [replace(each[name], variables=[{"status": status}]) for each in asked]
                given = [at_past(each) for each in given] if past else given
                target = "" if past else TARGETS.get(name, "")
                taken = [timed(server, each) for server, each in zip(servers, given, strict=True)]
                rows.append(row(f"{name}, {status}{', asOf' if past else ''}", taken, target))
    return rows


def at_past(workload: Workload) -> Workload:
    """The same at noon of the day that the data are made for."""
    document = workload.documents[OURS].replace("talks(", f'talks(asOf: "{data.monday()}T12:00:00Z", ')
    return replace(workload, documents={OURS: document})


def timed(server: Server, workload: Workload) -> float:
    """The median of some requests one after the other, in milliseconds; infinite where there is no answer."""
    taken: list[float] = []
    begins = time.monotonic()
    body = {"query": workload.documents[OURS], "variables": workload.variables[0]}
    while len(taken) < MOST_ASKED and time.monotonic() - begins < MOST_SECONDS:
        began = time.perf_counter()
        if "errors" in post(server.port, body):
            return float("inf")
        taken.append((time.perf_counter() - began) * 1000)
    # The first one is compiled and planned.
    return statistics.median(taken[1:] or taken)


def row(name: str, taken: Sequence[float], target: str) -> list[str]:
    small, large = taken
    times = f"{large / small:.1f}" if small > 0 else ""
    return [name, told(small), told(large), times, target]


def told(milliseconds: float) -> str:
    return "no answer within 10 s" if milliseconds == float("inf") else f"{milliseconds:.2f}"
