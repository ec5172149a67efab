"""Writes and reads at once: how many mutations a second a server carries out, and how long each takes.

`python bench/writes.py` starts a server with a throw-away Postgres of its own, as durable as by default, lets writers
and readers at it, and prints what came of it. It judges nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.asking import Line, ask, line  # noqa: E402 - a script finds the packages beside its folder only now.
from tests.support.copies import free_port  # noqa: E402
from tests.support.processes import PARLEY, environment, serving_process  # noqa: E402

WRITERS = 8
READERS = 8

PAUSE_SECONDS = 0.02
"""Between two reads of a reader: together they ask for 300 pages a second or so. At 0 they take what the writers leave,
and on a machine of two cores much of what the writers need.
"""

TALKS = 50
"""Talks that take the milestones in turn: one with thousands of milestones is nothing that there is."""

TALK = """mutation ($key: String!) {
    done: createTalk(input: {key: $key, title: "A talk", citations: [{source: "briefing"}]}) { problems { message } }
}"""

WRITES: Mapping[str, tuple[int, str]] = {
    "create a statement with a citation": (
        2,
        """mutation ($statement: String!, $talk: ID!, $words: String!) {
            done: createStatement(input: {
                key: $statement, talk: $talk, said: {edtf: "2025-04-18"}, attribution: ANONYMOUS, summary: $words
                citations: [{source: "briefing", quote: "as reported"}]
            }) { statement { id version } problems { message } }
        }""",
    ),
    "update it": (
        1,
        """mutation ($statement: ID!, $words: String!) {
            done: updateStatement(id: $statement, version: 1, changes: {summary: $words}) {
                statement { version } problems { message }
            }
        }""",
    ),
    "record a milestone with a citation": (
        2,
        """mutation ($milestone: String!, $talk: ID!) {
            done: recordMilestone(input: {
                key: $milestone, subject: {talk: $talk}, kind: ANNOUNCED, at: {edtf: "2025-04-16"}
                citations: [{source: "briefing"}]
            }) { milestone { id } problems { message } }
        }""",
    ),
    "cite a second source": (
        1,
        """mutation ($statement: ID!) {
            done: cite(input: {record: {statement: $statement}, source: "ref-1", stance: SUPPORTS}) {
                citation { id } problems { message }
            }
        }""",
    ),
}
"""The steps of each writer, to a statement of its own each time: the revisions a step makes, and its document."""

READS = (
    """{ talks(first: 20) { nodes { key title status participations { nodes { actor { name } } } } } }""",
    """{ statements(first: 20, orderBy: KEY_DESC) { nodes { key summary citations { nodes { source { key } } } } } }""",
    """{ revisions(first: 20, orderBy: SEQ_DESC) { nodes { seq action changedBy } } }""",
)

REVISIONS = "{ revisions { totalCount } }"


@dataclass(frozen=True)
class Served:
    """A server that runs: its processes and Postgres's, where it is, and a curator's key."""

    server: psutil.Process
    postmaster: psutil.Process
    port: int
    key: str

    def used(self) -> dict[str, float]:
        """Seconds of processor time so far, by whom."""
        postgres = [self.postmaster, *self.postmaster.children()]
        return {
            "server": busy(self.server),
            "Postgres": sum(map(busy, postgres)),
            "writers and readers": busy(psutil.Process()),
        }


def busy(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


@dataclass
class Tally:
    """Results of the requests of one kind."""

    seconds: list[float] = field(default_factory=list)
    revisions: int = 0
    errors: Counter[str] = field(default_factory=Counter)

    def percentile(self, part: float) -> str:
        ordered = sorted(self.seconds)
        return f"{ordered[int(len(ordered) * part)] * 1000:.1f} ms" if ordered else "none"

    def __str__(self) -> str:
        return f"p50 {self.percentile(0.5)}, p99 {self.percentile(0.99)}, longest {self.percentile(0.99999)}"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=60)
    asked.add_argument("--rate", type=float, default=100, help="mutations a second in total; 0: as many as it can")
    asked.add_argument("--readers", type=int, default=READERS)
    asked.add_argument("--pause", type=float, default=PAUSE_SECONDS, help="seconds between two reads of a reader")
    with a_server() as served:
        asyncio.run(measure(served, asked.parse_args()))


@contextmanager
def a_server() -> Iterator[Served]:
    """A server as `parley serve` starts it, with the first dossier."""
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
        os.environ.pop("DATABASE_URL", None)
        variables = {"PARLEY_DATA_DIRECTORY": f"{folder}/data", "PORT": free_port()}
        with serving_process(**variables) as (process, _):
            made = subprocess.run(
                [*PARLEY, "keys", "create", "--role", "curator", "--name", "bench", "--by", "bench"],
                env=environment(**variables), cwd=ROOT, capture_output=True, text=True, check=True,
            )  # fmt: skip
            postmaster = int((Path(folder) / "data" / "postgres" / "postmaster.pid").read_text().split()[0])
            port = int(variables["PORT"])
            yield Served(psutil.Process(process.pid), psutil.Process(postmaster), port, made.stdout.strip())
            process.terminate()
            process.wait(timeout=30)


async def measure(served: Served, given: argparse.Namespace) -> None:
    port, key = served.port, served.key
    for number in range(TALKS):
        (await ask(port, key, TALK, {"key": f"bench-{number}"})).data  # noqa: B018 - it fails where there are errors.
    before, used_before = await revisions(port), served.used()
    load_before = os.getloadavg()[0]
    writes, reads = {each: Tally() for each in WRITES}, Tally()
    begins = time.monotonic()
    async with AsyncExitStack() as lines, asyncio.TaskGroup() as group:
        for number in range(WRITERS):
            own = await lines.enter_async_context(line(port, key))
            group.create_task(write(own, number, writes, begins, given.seconds, given.rate))
        for number in range(given.readers):
            own = await lines.enter_async_context(line(port))
            group.create_task(read(own, number, reads, begins + given.seconds, given.pause))
    took = time.monotonic() - begins
    made = await revisions(port) - before
    tell(writes, reads, took, made)
    spent = {name: (each - used_before[name]) / took for name, each in served.used().items()}
    print("processor  " + ", ".join(f"{name} {each:.0%}" for name, each in spent.items()) + " of one core")
    print(f"load       {load_before:.1f} before, {os.getloadavg()[0]:.1f} after, {os.cpu_count()} cores")


async def write(
    own: Line, writer: int, tallies: Mapping[str, Tally], begins: float, seconds: float, rate: float
) -> None:
    """Write at this writer's share of the rate. Each write is measured from when it was due."""
    kinds = itertools.cycle(WRITES.items())
    for count in itertools.count():
        due = begins + (writer + count * WRITERS) / rate if rate else time.monotonic()
        if due - begins >= seconds:
            return
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        name, (makes, text) = next(kinds)
        which = f"bench-{writer}-{count // len(WRITES)}"
        variables = {
            "statement": which,
            "milestone": which,
            "talk": f"bench-{count % TALKS}",
            "words": f"Words {count}",
        }
        variables = {each: value for each, value in variables.items() if f"${each}:" in text}
        reply = await own.ask(text, variables, f"{which} {name}")
        tally = tallies[name]
        tally.seconds.append(time.monotonic() - due)
        if wrong := problems(reply.body):
            tally.errors[wrong] += 1
        else:
            tally.revisions += makes


def problems(body: bytes) -> str:
    """Return the problems of a mutation; an empty text where it was acknowledged."""
    found = json.loads(body)
    told = found.get("errors") or found["data"]["done"]["problems"]
    return "; ".join(each["message"] for each in told)


async def read(own: Line, reader: int, tally: Tally, ends: float, pause: float) -> None:
    for count in itertools.count(reader):
        began = time.monotonic()
        if began >= ends:
            return
        reply = await own.ask(READS[count % len(READS)])
        tally.seconds.append(time.monotonic() - began)
        if b'"errors"' in reply.body:
            tally.errors[reply.body.decode()[:200]] += 1
        await asyncio.sleep(pause)


async def revisions(port: int) -> int:
    found: int = (await ask(port, None, REVISIONS)).data["revisions"]["totalCount"]
    return found


def tell(writes: Mapping[str, Tally], reads: Tally, took: float, made: int) -> None:
    every = Tally([each for tally in writes.values() for each in tally.seconds])
    errors = sum((tally.errors for tally in writes.values()), Counter[str]()) + reads.errors
    expected = sum(tally.revisions for tally in writes.values())
    acknowledged = len(every.seconds) - sum(sum(tally.errors.values()) for tally in writes.values())
    print(f"writes     {acknowledged} acknowledged in {took:.1f} s, {acknowledged / took:.0f} a second; {every}")
    for name, tally in writes.items():
        print(f"           {name}: {tally}")
    print(f"reads      {len(reads.seconds)}, {len(reads.seconds) / took:.0f} a second; {reads}")
    is_equal = "equal" if expected == made else "NOT EQUAL"
    print(f"revisions  {made} made, {expected} belong to acknowledged writes: {is_equal}")
    print(f"errors     {sum(errors.values())}")
    for error, count in errors.most_common(5):
        print(f"           {count} × {error}")


if __name__ == "__main__":
    main()
