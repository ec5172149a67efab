"""On what it was measured: the machine, and the versions of all that took part."""

from __future__ import annotations

import json
import platform
import re
import subprocess
from importlib.metadata import version
from pathlib import Path

import psutil
import psycopg

from bench.report import table
from bench.servers import PEERS, node

PACKAGES = ("asyncpg", "uvicorn", "uvloop", "httptools", "strawberry-graphql", "graphql-core", "fastapi")


def described(url: str) -> str:
    rows = [["machine", machine()], ["system", system()], ["versions", versions(url)]]
    return table(["", ""], rows)


def machine() -> str:
    text = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    model = re.search(r"^model name\s*:\s*(.*)$", text, re.MULTILINE)
    load = ", ".join(f"{each:.1f}" for each in psutil.getloadavg())
    return (
        f"{model[1] if model else platform.processor()}, {psutil.cpu_count()} cores, "
        f"{psutil.virtual_memory().total / 2**30:.0f} GiB; load and servers on the same cores; load average {load}"
    )


def system() -> str:
    try:
        name = platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        name = platform.system()
    return f"{name}, kernel {platform.release()}"


def versions(url: str) -> str:
    with psycopg.connect(url) as connection:
        postgres = connection.info.parameter_status("server_version")
    found = {"Python": platform.python_version(), "PostgreSQL": str(postgres)}
    found |= {each: version(each) for each in PACKAGES}
    found |= {"Node": said(str(node()), "--version").lstrip("v"), "postgraphile": postgraphile()}
    found |= {"wrk": first_number(said("wrk", "--version")), "pgbench": first_number(said("pgbench", "--version"))}
    commit = said("git", "-C", str(PEERS), "log", "-1", "--format=%h %s")
    return ", ".join(f"{name} {each}" for name, each in found.items()) + f"; commit {commit}"


def postgraphile() -> str:
    file = PEERS / "node_modules" / "postgraphile" / "package.json"
    return str(json.loads(file.read_text())["version"]) if file.exists() else "not installed"


def said(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return (done.stdout or done.stderr).strip().partition("\n")[0]


def first_number(text: str) -> str:
    found = re.search(r"[0-9]+(\.[0-9]+)+", text)
    return found[0] if found else text
