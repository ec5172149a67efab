"""What is known of a record type stands in its declaration: no code outside `schema/records` names one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from schema.records.registry import RECORDS

ROOT = Path(__file__).parents[2]
RECORD_FILES = ROOT / "schema" / "records"

NAMES = {
    name
    for cls in RECORDS
    for name in (
        cls.__name__, cls.table.name, cls.table.plural, cls.table.name.upper(), cls.table.field, cls.table.list_field
    )
}  # fmt: skip

WORDS = "|".join(sorted(NAMES, key=len, reverse=True))
NAMED = re.compile(
    rf"""
    (?:{WORDS})                                            # the name alone
    | (?s:.*)\b(?:from|join|into|update|table)\s+"?(?:{WORDS})\b(?s:.*)     # its table, in SQL
    | (?s:.*)(?:\bon\s+|\.\.\.)(?:{WORDS})\b(?s:.*)             # its type, in GraphQL
    | (?s:.*)/v1/(?:{WORDS})\b(?s:.*)                           # its path, in REST
    """,
    re.VERBOSE,
)

OTHER_MEANINGS: Mapping[str, str] = {
    "code": "the member of an error that names its kind",
    "CONFLICT": "the kind of error where a record has changed since it was read",
    "Conflict": "the response of OpenAPI for that error",
}
"""Texts that are the name of a type by accident, each with what it means."""


def literals(source: str) -> Iterator[tuple[int, str]]:
    """Find every text of a module but its docstrings, with its line."""
    tree = ast.parse(source)
    # A text that stands by itself is no value.
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.lineno, node.value


def code() -> Iterator[tuple[str, str]]:
    for folder in ("api", "schema"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if RECORD_FILES not in path.parents:
                yield str(path.relative_to(ROOT)), path.read_text()


def texts_with_names() -> list[tuple[str, int, str]]:
    return [(path, line, text) for path, source in code() for line, text in literals(source) if NAMED.fullmatch(text)]


def test_no_text_names_a_record_type() -> None:
    assert [
        f"{path}:{line} names a record type: {text!r}; declare the fact in schema/records, and read it from there"
        for path, line, text in texts_with_names()
        if text not in OTHER_MEANINGS
    ] == []


def test_no_other_meaning_is_left_over() -> None:
    assert {text for _, _, text in texts_with_names()} == OTHER_MEANINGS.keys()


def test_no_module_imports_a_record_type() -> None:
    modules = {cls.__module__ for cls in RECORDS}
    assert [
        f"{path}:{node.lineno} imports {node.module}; declare the fact there, and read it through the registry"
        for path, source in code()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.module in modules
    ] == []
