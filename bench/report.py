"""The report as text: tables of medians, ratios beside their targets."""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bench.documents import DATALOADER, OURS, PGBENCH, POSTGRAPHILE
from bench.workloads import Workload

if TYPE_CHECKING:
    from bench.measured import Measured

FILE = Path(__file__).with_name("REPORT.md")

TARGETS = {
    (POSTGRAPHILE, "nested"): 5.0,
    (POSTGRAPHILE, "list"): 4.0,
    (POSTGRAPHILE, "statements"): 3.0,
    (POSTGRAPHILE, "tiny"): 2.0,
    (POSTGRAPHILE, "unseen"): 2.0,
    **{(PGBENCH, each): 0.75 for each in ("nested", "list", "statements")},
    **{(DATALOADER, each): 15.0 for each in ("nested", "list", "statements")},
}
"""At 16 connections, as the median of the rounds' ratios."""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---", *(["---:"] * (len(head) - 1))], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def whole(machine: str, given: argparse.Namespace, sections: Sequence[str]) -> str:
    head = (
        "# What was measured\n\n"
        "Written by `make bench`; [README.md](README.md) says what is compared and how. A report, no promise: on "
        "another machine every number differs, the ratios less so.\n\n"
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {given.rounds} rounds of {given.seconds:g} s, after one to warm up.\n"
    )
    return "\n".join([head, machine, *filter(None, sections)])


def results(measured: Measured, asked: Sequence[Workload], given: argparse.Namespace) -> str:
    parts = [ratios(measured, asked, given.connections)]
    for connections in given.connections:
        parts.append(f"## {connections} {'connection' if connections == 1 else 'connections'}\n")
        parts.append(speeds(measured, asked, connections))
    return "\n".join(parts)


def ratios(measured: Measured, asked: Sequence[Workload], given: Sequence[int]) -> str:
    rows = []
    for workload in asked:
        connections = workload.connections if workload.connections in given else given[0]
        for peer in (POSTGRAPHILE, DATALOADER, PGBENCH):
            if found := measured.ratios(workload.name, connections, peer):
                target = TARGETS.get((peer, workload.name))
                each = ", ".join(f"{ratio:.2f}" for ratio in found)
                aim = f"≥ {target:g}" if target else ""
                ratio = f"**{statistics.median(found):.2f}**"
                rows.append([workload.name, str(connections), peer, ratio, aim, each])
    return (
        "## Ours to theirs\n\nRequests a second of Parley for each one of the peer: "
        "the median of the rounds' ratios, and each round's.\n\n"
        + table(["workload", "connections", "peer", "ratio", "target", "rounds"], rows)
    )


def speeds(measured: Measured, asked: Sequence[Workload], connections: int) -> str:
    rows = []
    for workload in asked:
        for server in (OURS, POSTGRAPHILE, DATALOADER, PGBENCH):
            runs = measured.runs.get((workload.name, connections, server))
            if not runs:
                continue
            rate, p50, p99, server_busy, postgres_busy = (
                statistics.median(getattr(run, what) for run in runs)
                for what in ("rate", "p50", "p99", "server_busy", "postgres_busy")
            )
            times = [f"{p50:.2f}", f"{p99:.2f}", f"{p99 / max(p50, 0.001):.1f}"]
            cost = [f"{server_busy:.2f}" if server != PGBENCH else "", f"{postgres_busy:.2f}"]
            failed = str(sum(run.failed for run in runs))
            rows.append([workload.name, server, f"{rate:,.0f}", *times, *cost, failed])
    head = ["workload", "server", "requests/s", "p50 ms", "p99 ms", "p99/p50", "CPU ms: server", "Postgres", "failed"]
    return table(head, rows)


def memory(measured: Measured) -> str:
    rows = [[name, f"{peak / 1e6:.0f}"] for name, peak in measured.peaks.items()]
    return "## Memory\n\nThe most that each server process held, all of the above done.\n\n" + table(
        ["server", "peak MB"], rows
    )
