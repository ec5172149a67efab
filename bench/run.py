"""`make bench`: sets up one database and all servers, sees that they agree, measures them in turn, writes the report.

It judges nothing and asserts no time. See bench/README.md.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench import agree, beside, data, larger, lasting, machine, profiling, report
from bench.documents import DATALOADER, OURS, PGBENCH, POSTGRAPHILE
from bench.load import Run, Statements, find, wrk
from bench.measured import Measured
from bench.servers import Postgres, Server, postgres, postgres_server, settle, started
from bench.workloads import Workload, chosen

SERVERS = (OURS, POSTGRAPHILE, DATALOADER, PGBENCH)

DEFAULTS = {"rounds": 3, "connections": [1, 16, 64], "only": list(SERVERS), "workloads": None}
"""Of the options whose default depends on what is compared; `beside.DEFAULTS` are those beside another commit."""

MAIN = ("nested", "list", "statements", "tiny")
"""Measured with every number of connections; the others with what is enough for them."""

BEFORE = Path(__file__).with_name("before.md")
"""The profile of an earlier commit, to compare with: made by `--profile` there."""

LONGEST_SECONDS = 10
"""For a server that answered nothing in the time that all have."""


def main() -> None:
    given = arguments()
    if find("wrk") is None or (PGBENCH in given.only and find("pgbench") is None):
        sys.exit("bench: wrk or pgbench is missing and could not be installed; nothing is measured")
    with postgres_server() as server_url:
        if given.profile:
            print(profiling.profile(data.database(server_url, data.TALKS)))
        elif given.minutes:
            print(lasting.memory(data.database(server_url, data.TALKS), 0, given.minutes))
        elif given.beside:
            publish(beside.compare(given, server_url), given.report)
        else:
            everything(given, server_url)


def arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    """Read these words, or the command line's."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    compared = parser.add_mutually_exclusive_group()
    parser.add_argument("--rounds", type=int, help="each asks every server everything once; 3, beside a commit 20")
    parser.add_argument("--seconds", type=float, default=2, help="of load for each measurement")
    parser.add_argument("--connections", type=int, nargs="+", help="1 16 64, beside a commit 16")
    compared.add_argument("--only", nargs="+", choices=SERVERS, help="which servers")
    parser.add_argument(
        "--workloads", nargs="+", metavar="NAME", help=f"all, beside a commit {' '.join(beside.DEFAULTS['workloads'])}"
    )
    parser.add_argument("--scale", type=int, default=1, help="times 2,000 talks")
    parser.add_argument("--larger", type=int, default=50, help="the scale to compare with; 0 leaves it out")
    parser.add_argument(
        "--memory", type=int, default=20_000, metavar="DOCUMENTS", help="distinct ones; 0 leaves it out"
    )
    compared.add_argument("--beside", metavar="COMMIT", help="only compare this build with that of another commit")
    compared.add_argument("--minutes", type=float, help="only ask for distinct documents, for so long")
    compared.add_argument("--profile", action="store_true", help="only show where the time of our server goes")
    parser.add_argument("--report", type=Path, help="the file to write; bench/REPORT.md for a whole run, else none")
    given = parser.parse_args(words)
    for name, value in (beside.DEFAULTS if given.beside else DEFAULTS).items():
        if getattr(given, name) is None:
            setattr(given, name, value)
    return given


def everything(given: argparse.Namespace, server_url: str) -> None:
    talks = given.scale * data.TALKS
    url = data.database(server_url, talks)
    with servers(given.only, url) as running:
        asked = agree.prepare(chosen(url, given.workloads), running)
        measured = measure(given, asked, running, postgres(url))
        measured.peaks = {server.name: server.peak_bytes() for server in running}
    told = [report.results(measured, asked, given), report.memory(measured)]
    if is_whole(given):
        told += [
            lasting.start_up(url),
            larger.compare(server_url, talks, given.larger * talks) if given.larger else "",
            lasting.memory(url, given.memory) if given.memory else "",
            profiling.profile(url),
            BEFORE.read_text(),
        ]
    text = report.whole(machine.described(url), given, told)
    publish(text, given.report or (report.FILE if is_whole(given) else None))


def publish(text: str, file: Path | None) -> None:
    print(text)
    if file:
        file.write_text(text)
        print(f"written to {file}")


def is_whole(given: argparse.Namespace) -> bool:
    return not given.workloads and set(given.only) == set(SERVERS) and 16 in given.connections


@contextmanager
def servers(names: Sequence[str], url: str) -> Iterator[list[Server]]:
    with ExitStack() as stack:
        yield [stack.enter_context(started(name, url)) for name in names if name != PGBENCH]


def measure(
    given: argparse.Namespace, asked: Sequence[Workload], running: Sequence[Server], below: Postgres
) -> Measured:
    measured, statements = Measured(), Statements()
    by_name = {server.name: server for server in running}
    # Once more than counts: the first round warms what there is to be warmed.
    for number in range(given.rounds + 1):
        for workload, connections in turns(asked, given.connections):
            names = [name for name in measurable(workload) if name in given.only]
            # Whoever comes first in one round comes last in the next.
            for name in names[number % len(names) :] + names[: number % len(names)]:
                seconds = given.seconds if number else 1
                if name == PGBENCH:
                    run = statements.run(below, workload, connections, seconds)
                else:
                    run = patient(by_name[name], below, workload, connections, seconds)
                settle(by_name.get(name), below)
                if number:
                    measured.runs[workload.name, connections, name].append(run)
                    print(f"{number} {workload.name:16}{connections:4} {name:13}{run.rate:9.1f}/s", flush=True)
    return measured


def patient(server: Server, below: Postgres, workload: Workload, connections: int, seconds: float) -> Run:
    run = wrk(server, below, workload, connections, seconds)
    if run.rate:
        return run
    settle(server, below)
    return wrk(server, below, workload, connections, LONGEST_SECONDS)


def turns(asked: Sequence[Workload], connections: Sequence[int]) -> Iterator[tuple[Workload, int]]:
    for workload in asked:
        for each in connections:
            if workload.name in MAIN or each == workload.connections or len(connections) == 1:
                yield workload, each


def measurable(workload: Workload) -> list[str]:
    return [*workload.servers, *([] if workload.paths or workload.is_unseen else [PGBENCH])]


if __name__ == "__main__":
    main()
