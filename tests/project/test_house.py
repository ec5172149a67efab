"""The house keeps its measures: small folders, modules and functions, no import in a circle, and a word at each
door."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[2]
CODE = ("api", "schema", "alembic", "bench", "tests")

MOST_FILES, MOST_MODULE_LINES, MOST_FUNCTION_LINES = 24, 400, 40

LONG_MODULES: Mapping[str, str] = {}
"""Modules that may be longer, each with the reason."""

LONG_FUNCTIONS: Mapping[str, str] = {
    "schema/commands/api_keys.py key_commands": "a table of data: the two commands and the schemas of their arguments",
}
"""Functions that may be longer, each with the reason."""


def modules(*folders: str) -> Iterator[tuple[str, str]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "node_modules" not in path.parts:
                yield str(path.relative_to(ROOT)), path.read_text()


def functions(source: str) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or 0) - node.lineno + 1


def test_no_folder_holds_more_files_than_one_can_look_through() -> None:
    files = Counter(str(Path(path).parent) for path, _ in modules(*CODE))
    assert {folder: count for folder, count in files.items() if count > MOST_FILES} == {}


def test_no_module_is_longer_than_one_can_read_at_once() -> None:
    found = {path: source.count("\n") for path, source in modules("api", "schema", "bench", "tests/support")}
    assert {path for path, lines in found.items() if lines > MOST_MODULE_LINES} == LONG_MODULES.keys()


def test_no_function_is_longer_than_a_screen() -> None:
    found = {
        f"{path} {name}"
        for path, source in modules("api", "schema", "bench", "tests/support")
        for name, lines in functions(source)
        if lines > MOST_FUNCTION_LINES
    }
    assert found == LONG_FUNCTIONS.keys()


def test_every_folder_says_what_lives_in_it() -> None:
    for path, source in modules("api", "schema"):
        assert ast.get_docstring(ast.parse(source)), path
    rooms = [*(ROOT / "api").iterdir(), *(ROOT / "schema").iterdir(), *(ROOT / "schema" / "compiler").iterdir()]
    for room in rooms:
        if room.is_dir() and any(room.glob("*.py")):
            said = ast.get_docstring(ast.parse((room / "__init__.py").read_text())) or ""
            assert "ay import" in said, f"{room}: say what may be imported"
            assert "Begin with" in said, f"{room}: say where to begin reading"


@pytest.mark.parametrize("package", ["api", "schema"])
def test_no_imports_run_in_a_circle(package: str) -> None:
    graph = grimp.build_graph(package, exclude_type_checking_imports=True)
    # Raises CycleError, which names the circle.
    TopologicalSorter({each: graph.find_modules_directly_imported_by(each) for each in graph.modules}).prepare()
