"""What is installed, built and shipped: the lock files, the image, and the names the project takes."""

from __future__ import annotations

import importlib.metadata
import json
import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import alembic
import pytest
import yaml
from alembic.script import ScriptDirectory

from api.postgres import connections, migrations

ROOT = Path(__file__).parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCKS = ("requirements.lock", "requirements-dev.lock")


def pins(lock: str) -> dict[str, str]:
    lines = (ROOT / lock).read_text().splitlines()
    found = (re.match(r"([a-z0-9.-]+)(?:\[\w+\])?==(\S+)", line) for line in lines)
    return {pin[1]: pin[2] for pin in found if pin}


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=~]", requirement)[0].lower() for requirement in requirements}


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile as (instruction, rest) pairs."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in lines]


def last(instruction: str) -> str:
    return [rest for name, rest in instructions() if name == instruction][-1]


def compose() -> dict[str, Any]:
    services: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    return services


@pytest.mark.parametrize("package", ["api", "schema"])
def test_no_other_distribution_takes_the_names_of_our_packages(package: str) -> None:
    assert set(importlib.metadata.packages_distributions().get(package, [])) <= {"parley"}


def test_the_newest_revision_is_the_one_that_alembic_finds() -> None:
    found = ScriptDirectory.from_config(migrations.configuration()).get_current_head()
    assert connections.head_revision() == found


def test_importing_alembic_finds_the_library() -> None:
    assert not (ROOT / "alembic" / "__init__.py").exists()
    assert ROOT / "alembic" not in Path(str(alembic.__file__)).parents


@pytest.mark.parametrize("name", ["strawberry-graphql", "graphql-core"])
def test_the_libraries_the_compiler_leans_on_are_pinned(name: str) -> None:
    assert f"{name}=={pins('requirements.lock')[name]}" in PROJECT["dependencies"]


def test_the_lock_holds_every_dependency() -> None:
    extras = PROJECT["optional-dependencies"]
    assert names(PROJECT["dependencies"] + extras["build"]) <= pins("requirements.lock").keys()
    assert names(extras["dev"]) <= pins("requirements-dev.lock").keys()


def test_tests_run_on_the_versions_that_are_shipped() -> None:
    assert pins("requirements.lock").items() <= pins("requirements-dev.lock").items()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_is_hashed(lock: str) -> None:
    entries = re.split(r"\n(?=[a-z])", (ROOT / lock).read_text())[1:]
    assert len(entries) == len(pins(lock))
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("name", [*LOCKS, "pyproject.toml", "Makefile", "Dockerfile", "compose.yaml", ".ci/run"])
def test_no_address_of_a_registry_and_no_local_path_is_written_down(name: str) -> None:
    text = (ROOT / name).read_text().replace("http://127.0.0.1", "")
    assert re.findall(r"https?://|file:/|--(?:extra-)?index-url|--find-links", text) == []


def test_the_image_runs_what_make_serve_runs() -> None:
    makefile = (ROOT / "Makefile").read_text().replace("$(BIN)", ".venv/bin")
    command = json.loads(last("ENTRYPOINT")) + json.loads(last("CMD"))
    assert command == [".venv/bin/parley", "serve"]
    assert f"exec {shlex.join(command)}\n" in makefile


def test_the_image_has_two_stages_on_the_same_ground() -> None:
    images = [rest.split()[0] for name, rest in instructions() if name == "FROM"]
    assert len(images) == 2
    assert len(set(images)) == 1
    assert re.fullmatch(r"python:3\.\d+-slim", images[0])


def test_the_image_installs_from_the_lock() -> None:
    assert any("--require-hashes -r requirements.lock" in rest for name, rest in instructions() if name == "RUN")


def test_the_image_does_not_run_as_root() -> None:
    assert last("USER") not in ("root", "0")
    order = [name for name, _ in instructions()]
    assert order.index("USER") < order.index("ENTRYPOINT")


def test_the_image_says_whether_it_is_healthy() -> None:
    _, command = last("HEALTHCHECK").split("CMD", 1)
    program, option, code = json.loads(command)
    assert (program, option) == (".venv/bin/python", "-c")
    compile(code, "HEALTHCHECK", "exec")
    assert "/healthz" in code


def test_the_image_holds_every_file_the_server_reads() -> None:
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert kept >= {
        "alembic",
        "alembic.ini",
        "api",
        "dossiers",
        "pyproject.toml",
        "requirements.lock",
        "schema",
    }
    assert {name for name in kept if not (ROOT / name).exists()} == set()


@pytest.mark.parametrize("service", ["migrate", "serve"])
def test_compose_runs_commands_that_exist_on_one_image(service: str) -> None:
    described = compose()[service]
    assert described["command"] == [service]
    assert (described["build"], described["image"]) == (".", "parley")
    assert described["environment"]["DATABASE_URL"].startswith("postgresql://")


def test_compose_serves_only_what_is_migrated_on_a_healthy_postgres() -> None:
    services = compose()
    assert re.fullmatch(r"postgres:1[5-8]", services["postgres"]["image"])
    assert services["migrate"]["depends_on"]["postgres"]["condition"] == "service_healthy"
    assert services["serve"]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_compose_opens_no_port_to_other_machines() -> None:
    ports = [port for service in compose().values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)
