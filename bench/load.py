"""Load: wrk against a server, pgbench against Postgres with our own SQL; what came of it, and what it cost."""

from __future__ import annotations

import itertools
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.documents import OURS
from bench.servers import Postgres, Server
from bench.workloads import Workload
from schema.compiler.reader import Reader
from schema.root_types import create_schema

SCRIPT = Path(__file__).with_name("load.lua")

RUNS = itertools.count(1)

MOST_VARIABLES = 200
"""In one script of pgbench, of the 255 it takes: a variable counts each time it is used."""

VALUES = 20
"""Of a variable that pgbench goes through."""

WARM_SECONDS = 2.0
"""Before pgbench counts: each of its connections plans a statement six times until the plan stays, as ours did once."""

PARAMETER = re.compile(r"\$([0-9]+)")
COLON = re.compile(r"(?<!:):(?=[A-Za-z_])")


@dataclass(frozen=True)
class Run:
    """Some seconds of load. Times in milliseconds; processor time in milliseconds for each request."""

    rate: float
    p50: float
    p99: float
    failed: int
    server_busy: float
    postgres_busy: float


def find(program: str) -> str | None:
    """Find a program, and try to install it if it is missing. Returns None if that fails too."""
    if not shutil.which(program) and shutil.which("apt-get"):
        package = {"pgbench": "postgresql-contrib"}.get(program, program)
        subprocess.run(["apt-get", "install", "--yes", "--quiet", package], capture_output=True, check=False)
    return shutil.which(program)


def wrk(server: Server, postgres: Postgres, workload: Workload, connections: int, seconds: float) -> Run:
    """Ask a server as fast as it answers."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as requests:
        requests.write("".join(f"{each}\n" for each in workload.requests(server.name)))
        requests.flush()
        before = server.busy(), postgres.busy()
        done = subprocess.run(
            [
                *("wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds:.0f}s"),
                *("--timeout", "10s", "--script", str(SCRIPT), f"http://127.0.0.1:{server.port}", "--"),
                *("GET" if workload.paths else "POST", requests.name, f"r{next(RUNS)}x"),
            ],
            capture_output=True,
            text=True,
            check=True,
        )
        after = server.busy(), postgres.busy()
    found = re.search(r"^RESULT (\d+) (\d+) (\d+) (\d+) (\d+)$", done.stdout, re.MULTILINE)
    assert found, done.stdout + done.stderr
    count, took, failed, p50, p99 = map(int, found.groups())
    each = 1000 / max(count, 1)
    return Run(
        rate=count / took * 1e6,
        p50=p50 / 1000,
        p99=p99 / 1000,
        failed=failed,
        server_busy=(after[0] - before[0]) * each,
        postgres_busy=(after[1] - before[1]) * each,
    )


class Statements:
    """The SQL of our own server, as scripts for pgbench: what remains when all but Postgres is taken away."""

    def __init__(self) -> None:
        self.reader = Reader(create_schema())

    def run(self, postgres: Postgres, workload: Workload, connections: int, seconds: float) -> Run:
        with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
            script = Path(folder) / "script.sql"
            text, defined = self.script(workload)
            script.write_text(text)
            command = [
                *("pgbench", "--protocol", "prepared", "--no-vacuum", "--time", f"{seconds + WARM_SECONDS:.0f}"),
                *("--client", str(connections), "--jobs", str(min(connections, 2)), "--file", str(script)),
                *("--log", "--log-prefix", f"{folder}/log", "--random-seed", str(next(RUNS))),
                *(part for name, value in defined.items() for part in ("--define", f"{name}={value}")),
                postgres.url,
            ]
            with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
                time.sleep(WARM_SECONDS)
                before = postgres.busy()
                # Until shortly before the end: a process of Postgres that has gone is counted late.
                time.sleep(seconds * 0.8)
                share = (postgres.busy() - before) / 0.8 / seconds
                said, _ = process.communicate()
            assert process.returncode == 0, said
            return logged(Path(folder), seconds, share)

    def script(self, workload: Workload) -> tuple[str, dict[str, str]]:
        """One statement whose variables are the same, or are taken from a list in turn; or one of several by chance,
        where a value is written out.
        """
        asked = workload.variables_of(OURS)[:VALUES]
        by_text: dict[str, list[list[str]]] = {}
        for each in asked:
            sql, values = self.statement(workload.documents[OURS], each)
            by_text.setdefault(sql, []).append(list(map(str, values)))
        lines = [f"\\set which random(1, {len(by_text)})"]
        defined: dict[str, str] = {}
        for number, (sql, rows) in enumerate(by_text.items(), 1):
            text, names = script(sql, list(zip(*rows, strict=True)), f"s{number}p")
            lines += [f"\\{'el' if number > 1 else ''}if :which = {number}", text.rstrip()]
            defined |= names
        return "\n".join([*lines, "\\endif\n"]), defined

    def statement(self, document: str, variables: Mapping[str, Any]) -> tuple[str, list[Any]]:
        prepared = self.reader.prepare(document, None, dict(variables))
        assert prepared.plan.sql is not None
        return prepared.plan.sql, prepared.plan.parameters(prepared.variables, datetime.now(UTC))


def script(sql: str, values: Sequence[Sequence[str]], prefix: str) -> tuple[str, dict[str, str]]:
    """A statement for pgbench, given the values of each parameter, and what its variables are to be at the start.

    Of the parameters that are always the same, those used most are written in where there are too many.
    """
    same = [index for index, each in enumerate(values, 1) if len(set(each)) == 1]
    uses = {index: len(re.findall(rf"\${index}\b", sql)) for index in same}
    kept = sorted(same, key=lambda index: uses[index])
    while sum(uses[index] for index in kept) > MOST_VARIABLES:
        kept.pop()

    def named(found: re.Match[str]) -> str:
        index = int(found[1])
        if index in kept:
            return f":{prefix}{index}"
        texts = [f"'{each}'" for each in values[index - 1]]
        return texts[0] if index in same else f"(array[{', '.join(texts)}])[:number]"

    # pgbench would take a colon within a text for the beginning of a name.
    plain = COLON.sub("' || chr(58) || '", sql).replace("\n", " ")
    defined = {f"{prefix}{index}": values[index - 1][0] for index in kept}
    return f"\\set number random(1, {len(values[0])})\n{PARAMETER.sub(named, plain)};\n", defined


def logged(folder: Path, seconds: float, share: float) -> Run:
    """Read the log of pgbench's last seconds, in which Postgres took this share of a processor."""
    lines = [line.split() for log in folder.glob("log*") for line in log.read_text().splitlines()]
    ended = [(int(line[4]) + int(line[5]) / 1e6, int(line[2]) / 1000) for line in lines]
    first = max(at for at, _ in ended) - seconds
    taken = sorted(milliseconds for at, milliseconds in ended if at > first)
    return Run(
        rate=len(taken) / seconds,
        p50=taken[len(taken) // 2],
        p99=taken[len(taken) * 99 // 100],
        failed=0,
        server_busy=0,
        postgres_busy=share * seconds * 1000 / len(taken),
    )
