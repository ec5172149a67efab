"""Measures a server over its life: how soon it answers, and how much memory it holds after many documents."""

from __future__ import annotations

import asyncio
import itertools
import random
import statistics
import time
from collections.abc import Iterator

from bench.asking import post
from bench.documents import OURS
from bench.report import table
from bench.servers import Server, started
from tests.support.asking import Line, line

STARTS = 3
CLIENTS = 8
PATIENCE_SECONDS = 3600

STEPS = 5
"""Memory is read this often on the way: growth without end shows."""

FIRST = "{ actors(first: 1) { nodes { key } } }"

FIELDS = ("key", "title", "version", "format", "level", "city", "country", "summary", "outcome", "venue", "status")
LISTS = (
    "participations { nodes { role attendance actor { name } } }",
    "statements(first: 5) { nodes { key summary said { earliest } } }",
    "milestones { nodes { kind at { earliest latest } } }",
    "citations { nodes { number source { title } } }",
    "process { name }",
)


def start_up(url: str) -> str:
    """The section of the report: from the command to the first answer, with an existing database."""
    taken = []
    for _ in range(STARTS):
        began = time.monotonic()
        with started(OURS, url) as server:
            assert post(server.port, {"query": FIRST})["data"]
            taken.append(time.monotonic() - began)
    each = ", ".join(f"{seconds:.2f}" for seconds in taken)
    return (
        "## Start-up\n\nFrom `parley serve` to the first answer, with an existing database: "
        f"**{statistics.median(taken):.2f} s** (target: under 2 s; each: {each}).\n"
    )


def memory(url: str, documents: int, minutes: float = 0) -> str:
    """The section of the report: what our process holds after so many documents, no two alike; after so many minutes
    of them, where these are given.
    """
    with started(OURS, url) as server:
        began = time.monotonic()
        read = asyncio.run(ask_all(server, documents, minutes * 60))
        took = time.monotonic() - began
        peak = server.peak_bytes()
    rows = [[f"{count:,}", f"{held / 1e6:.0f}"] for count, held in read]
    return (
        "## Memory after distinct documents\n\n"
        f"{read[-1][0]:,} documents in {took:,.0f} s, no two alike, from {CLIENTS} clients; the most that our process "
        f"held: **{peak / 1e6:.0f} MB** (target: at most 110 MB).\n\n" + table(["documents", "resident MB"], rows)
    )


async def ask_all(server: Server, documents: int, seconds: float) -> list[tuple[int, int]]:
    """Measure the memory of the process at the start and after each part of the documents, or of the time."""
    chosen, read = distinct(), [(0, resident(server))]
    for _ in range(STEPS):
        most = itertools.islice(chosen, documents // STEPS) if not seconds else chosen
        shared = lasting(most, time.monotonic() + (seconds / STEPS or PATIENCE_SECONDS))
        async with asyncio.TaskGroup() as group:
            asking = [group.create_task(ask(server.port, shared)) for _ in range(CLIENTS)]
        read.append((read[-1][0] + sum(each.result() for each in asking), resident(server)))
    return read


def lasting(documents: Iterator[str], end: float) -> Iterator[str]:
    return itertools.takewhile(lambda _: time.monotonic() < end, documents)


def resident(server: Server) -> int:
    return int(server.process.memory_info().rss)


async def ask(port: int, documents: Iterator[str]) -> int:
    """Ask for what others leave. How many it were."""
    asked = 0
    async with line(port) as own:
        for document in documents:
            await answered(own, document)
            asked += 1
    return asked


async def answered(own: Line, document: str) -> None:
    reply = await own.ask(document)
    assert reply.status == 200, reply.body[:500]
    assert b'"errors"' not in reply.body, reply.body[:500]


def distinct() -> Iterator[str]:
    """Documents of many shapes and sizes, each with a name of its own."""
    chance = random.Random(1)
    number = 0
    while True:
        number += 1
        fields = chance.sample(FIELDS, chance.randint(1, len(FIELDS)))
        lists = chance.sample(LISTS, chance.randint(0, 3))
        chosen = " ".join([f"a{number}: key", *fields, *lists])
        yield f"{{ talks(first: {chance.randint(1, 5)}) {{ nodes {{ {chosen} }} }} }}"
