"""Measures two builds in turn, ours and that of another commit, on the same rows.

Its report says whether the new build is no slower; nothing passes or fails by it. See bench/README.md.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

from bench import agree, data, machine
from bench.checkout import Checkout, CheckoutError, check_out
from bench.documents import BESIDE, OURS
from bench.load import wrk
from bench.measured import Measured, interval
from bench.report import table
from bench.servers import ROOT, Postgres, Server, postgres, settle, started
from bench.workloads import Workload, chosen

DEFAULTS: dict[str, Any] = {
    "rounds": 20,
    "connections": [16],
    "only": [OURS],
    "workloads": ["nested", "list", "statements", "tiny", "unseen"],
}

LEAST_RATE = 0.97
"""A build is no slower if the interval of its ratio of rates reaches this."""

MOST_PROCESSOR_TIME = 1.03
"""A build is no slower if its median ratio of processor time for each request is at most this."""

Case = tuple[str, int]
"""A workload's name, and the number of connections."""


def compare(given: argparse.Namespace, server_url: str) -> str:
    """Measure this build beside another commit's, and return the report."""
    talks = given.scale * data.TALKS
    try:
        old = check_out(given.beside)
        urls = data.database(server_url, talks), data.database(server_url, talks, old.build)
    except CheckoutError as error:
        sys.exit(f"bench: {error}")
    asked = [each.for_builds(OURS, BESIDE) for each in chosen(urls[0], given.workloads)]
    with started(OURS, urls[0]) as ours, old.serving(urls[1]) as theirs:
        asked = agree.prepare(asked, [ours, theirs])
        measured = measure(given, asked, [(ours, postgres(urls[0])), (theirs, postgres(urls[1]))])
    return described(given, old, measured)


def measure(
    given: argparse.Namespace, asked: Sequence[Workload], builds: Sequence[tuple[Server, Postgres]]
) -> Measured:
    measured = Measured()
    # Once more than counts: the first round warms what there is to be warmed.
    for number in range(given.rounds + 1):
        for workload, connections in product(asked, given.connections):
            # Whoever comes first in one round comes last in the next.
            for server, below in builds if number % 2 else builds[::-1]:
                run = wrk(server, below, workload, connections, given.seconds if number else 1)
                settle(server, below)
                if number:
                    measured.runs[workload.name, connections, server.name].append(run)
                    print(
                        f"{number:2} {workload.name:16}{connections:4} {server.name:7}{run.rate:9.1f}/s "
                        f"{run.server_busy:8.3f} ms",
                        flush=True,
                    )
    return measured


def described(given: argparse.Namespace, old: Checkout, measured: Measured) -> str:
    """Write the report."""
    new = machine.said("git", "-C", str(ROOT), "describe", "--always", "--dirty", "--abbrev=12")
    return (
        f"# {new} beside {old.commit}\n\n"
        f"{given.rounds} rounds of {given.seconds:g} s in turn, after one to warm up. {machine.machine()}.\n\n"
        "Each ratio is that of the new build to the old one: the median of the rounds' ratios, with the exact 95 % "
        f"interval of the median. No slower: the interval of the rates reaches {LEAST_RATE:g}, and the server's "
        f"processor time for each request is at most {MOST_PROCESSOR_TIME:g} times the old one's. Unsure: the "
        "interval lies on both sides of that.\n\n"
        + table(
            ["workload", "connections", "requests", "95 %", f"reaches {LEAST_RATE:g}", "CPU", "95 %", "within 3 %"],
            (verdict(case, measured) for case in cases(measured)),
        )
        + "\n"
        + table(
            ["workload", "connections", "build", "requests/s", "CPU ms: server", "Postgres", "failed"],
            (row for case in cases(measured) for row in medians(case, measured)),
        )
    )


def cases(measured: Measured) -> list[Case]:
    return list(dict.fromkeys((workload, connections) for workload, connections, _ in measured.runs))


def verdict(case: Case, measured: Measured) -> list[str]:
    """Say of one case whether the new build is no slower."""
    rates, times = (measured.ratios(*case, BESIDE, each) for each in ("rate", "server_busy"))
    found = interval(rates)
    reaches = "too few rounds" if found is None else yes(found[1] >= LEAST_RATE)
    is_within = yes(statistics.median(times) <= MOST_PROCESSOR_TIME)
    return [case[0], str(case[1]), *shown(rates), reaches, *shown(times), is_within + doubt(times)]


def shown(ratios: Sequence[float]) -> list[str]:
    found = interval(ratios)
    return [f"**{statistics.median(ratios):.3f}**", f"{found[0]:.3f} to {found[1]:.3f}" if found else ""]


def doubt(times: Sequence[float]) -> str:
    """Warn of a median of processor times whose interval lies on both sides of the bound, or is none."""
    found = interval(times)
    return "" if found and (found[1] <= MOST_PROCESSOR_TIME or found[0] > MOST_PROCESSOR_TIME) else ", unsure"


def yes(holds: bool) -> str:
    return "yes" if holds else "**no**"


def medians(case: Case, measured: Measured) -> Iterator[list[str]]:
    """Give both builds a row: the median of each measure, and the number of failed requests."""
    for server, name in ((OURS, "new"), (BESIDE, "old")):
        rate, busy, below = (measured.median(*case, server, each) for each in ("rate", "server_busy", "postgres_busy"))
        failed = sum(run.failed for run in measured.runs[*case, server])
        yield [case[0], str(case[1]), name, f"{rate:,.0f}", f"{busy:.3f}", f"{below:.3f}", str(failed)]
