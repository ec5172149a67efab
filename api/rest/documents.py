"""Assembles the GraphQL documents of the reads from the files in `reads/`.

A file holds operations. The directives `@page` (order, page, total) and `@clock` stand for the variables that all
lists, or all reads, share: they are expanded into variables with descriptions and arguments of the root field. The
fragments of all files stand in `fragments.graphql`; a document gets those that it spreads. Works on texts, since
parsing them would slow the start.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

from schema.declare.page_sizes import LARGEST_PAGE, PAGE_SIZE
from schema.records.registry import COMPUTED, RECORDS, WORK

READS = Path(__file__).parent / "reads"
FRAGMENTS = "fragments.graphql"

FRAGMENT = re.compile(r"^fragment (\w+) on \w+ \{(?:.*\}|\n(?:(?: .*)?\n)*\})\n", re.MULTILINE)
SPREAD = re.compile(r"\.\.\.\s*(?!on\b)(\w+)")

STRING = r'"""(?:(?!""").)*+"""|"(?:[^"\\\n]|\\.)*+"'
STRINGS = re.compile(STRING, re.DOTALL)
IN_PARENTHESES = rf'(?:{STRING}|[^()"])*+'
"""Variables or arguments. A description may hold parentheses."""

OPERATION = re.compile(
    rf"^query (?P<name>\w+)\s*(?:\((?P<variables>{IN_PARENTHESES})\))?(?P<given>(?:\s*@\w+)+)\s*\{{\s*"
    rf"(?P<root>(?:\w+:\s*)?(?P<field>\w+))(?:\((?P<arguments>{IN_PARENTHESES})\))?",
    re.MULTILINE | re.DOTALL,
)
"""The beginning of an operation that is given something, up to the arguments of its root field."""

PAGE = {
    "orderBy": ("[{order}!]", "What the list is ordered by, first things first."),
    "first": ("Int", f"How many items from the start, 1 to {LARGEST_PAGE}; {PAGE_SIZE} if left out."),
    "after": ("String", "Only what comes after this cursor: `endCursor` of the page before, also in its Link header."),
    "last": ("Int", f"How many items from the end, 1 to {LARGEST_PAGE}."),
    "before": (
        "String",
        "Only what comes before this cursor: `startCursor` of the page after, also in its Link header.",
    ),
    "withTotal": ("Boolean = false", "Whether to count the whole list, in `totalCount`."),
}
CLOCK = {
    "asOf": (
        "DateTime",
        "The clock: what had happened by then counts, and statuses are computed for then. Now if left out.",
    ),
    "knownAt": ("DateTime", "What this database said then, whatever was corrected since. Now if left out."),
}
GIVEN = {"@page": PAGE, "@clock": CLOCK}
"""The variables that a directive stands for: type and description by name."""

NOT_ARGUMENTS = {"withTotal"}
"""Variables that are not arguments of the root field."""


def read_documents(folder: Path = READS) -> dict[str, str]:
    """Read the document of each file, by the name of the file. Raises ValueError, which names file and operation."""
    shared = parse_fragments([(folder / FRAGMENTS).read_text()])
    files = (file for file in sorted(folder.glob("*.graphql")) if file.name != FRAGMENTS)
    return {file.name: read_document(file, shared) for file in files}


def read_document(file: Path, shared: Mapping[str, str]) -> str:
    try:
        return assemble(file.read_text(), shared)
    except ValueError as error:
        raise ValueError(f"{file.name}: {error}") from None


def assemble(text: str, shared: Mapping[str, str]) -> str:
    """Expand the directives of the operations, and append the fragments they need."""
    text = OPERATION.sub(complete_operation, text)
    return text + "".join(f"\n{each}" for each in find_needed(text, shared))


def complete_operation(operation: re.Match[str]) -> str:
    """Expand the directives of an operation. A variable that it declares itself is left as it is."""
    given = find_given(operation)
    own = (operation["variables"] or "").rstrip()
    declared = set(re.findall(r"\$(\w+)\s*:", STRINGS.sub("", own)))
    order = f"{list_types().get(operation['field'], '')}Order"
    variables = "".join(
        f'  "{says}"\n  ${name}: {type_.format(order=order)}\n'
        for name, (type_, says) in given.items()
        if name not in declared
    )
    arguments = [operation["arguments"] or "", *(f"{name}: ${name}" for name in given if name not in NOT_ARGUMENTS)]
    head = f"query {operation['name']}({own}\n{variables}) {{\n  {operation['root']}"
    return f"{head}({' '.join(filter(None, arguments))})"


def find_given(operation: re.Match[str]) -> dict[str, tuple[str, str]]:
    """Collect the variables that the directives of an operation stand for. Raises ValueError where they do not fit."""
    name, field, directives = operation["name"], operation["field"], re.findall(r"@\w+", operation["given"])
    if unknown := [each for each in directives if each not in GIVEN]:
        raise ValueError(f"query {name} has {unknown[0]}; there are {' and '.join(GIVEN)}")
    if "@page" in directives and field not in list_types():
        raise ValueError(f"query {name} has @page, which is for lists in an order; `{field}` is none")
    return {name: each for directive in directives for name, each in GIVEN[directive].items()}


@cache
def list_types() -> Mapping[str, str]:
    """Map the name of each list of the schema to the type of its items."""
    return {cast("Any", cls).table.list_field: cls.__name__ for cls in (*RECORDS, *COMPUTED, *WORK)}


def parse_fragments(texts: Iterable[str]) -> dict[str, str]:
    """Find the fragments of texts, by name."""
    return {found[1]: found[0] for text in texts for found in FRAGMENT.finditer(text)}


def find_needed(text: str, known: Mapping[str, str]) -> Iterator[str]:
    """Yield the fragments that a text spreads but does not define, directly or through other fragments.

    Raises ValueError for one that is not there.
    """
    have = set(parse_fragments([text]))
    waiting = SPREAD.findall(text)
    for name in waiting:
        if name not in have:
            if name not in known:
                raise ValueError(f"there is no fragment {name}; write it into this file or into {FRAGMENTS}")
            have.add(name)
            waiting += SPREAD.findall(known[name])
            yield known[name]
