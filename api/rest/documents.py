"""Assembles the GraphQL documents of the reads from the files in `reads/`.

A file holds operations. What all lists take is given to an operation by `@page` (order, page, total), the clocks by
`@clock`: their variables, with their descriptions, and the arguments of the root field. The fragments of all files
stand in `fragments.graphql`; a document gets those that it spreads. Works on texts, since to parse them would slow
the start.
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
"""The variables that an operation is given: by name the type and the description."""

NOT_ARGUMENTS = {"withTotal"}
"""Variables that are no argument of the root field."""


def documents(folder: Path = READS) -> dict[str, str]:
    """The document of each file, by the name of the file. Raises ValueError, which names file and operation."""
    shared = fragments([(folder / FRAGMENTS).read_text()])
    files = (file for file in sorted(folder.glob("*.graphql")) if file.name != FRAGMENTS)
    return {file.name: document_in(file, shared) for file in files}


def document_in(file: Path, shared: Mapping[str, str]) -> str:
    try:
        return assemble(file.read_text(), shared)
    except ValueError as error:
        raise ValueError(f"{file.name}: {error}") from None


def assemble(text: str, shared: Mapping[str, str]) -> str:
    """The document of operations that are written in short: with what they are given, and the fragments they need."""
    text = OPERATION.sub(complete, text)
    return text + "".join(f"\n{each}" for each in needed(text, shared))


def complete(operation: re.Match[str]) -> str:
    """The beginning of an operation with the variables it is given. One that it declares itself stays as it is."""
    given = given_by(operation)
    own = (operation["variables"] or "").rstrip()
    declared = set(re.findall(r"\$(\w+)\s*:", STRINGS.sub("", own)))
    order = f"{orders().get(operation['field'], '')}Order"
    variables = "".join(
        f'  "{says}"\n  ${name}: {type_.format(order=order)}\n'
        for name, (type_, says) in given.items()
        if name not in declared
    )
    arguments = [operation["arguments"] or "", *(f"{name}: ${name}" for name in given if name not in NOT_ARGUMENTS)]
    head = f"query {operation['name']}({own}\n{variables}) {{\n  {operation['root']}"
    return f"{head}({' '.join(filter(None, arguments))})"


def given_by(operation: re.Match[str]) -> dict[str, tuple[str, str]]:
    """The variables that the directives of an operation give it. Raises ValueError where they do not fit."""
    name, field, directives = operation["name"], operation["field"], re.findall(r"@\w+", operation["given"])
    if unknown := [each for each in directives if each not in GIVEN]:
        raise ValueError(f"query {name} has {unknown[0]}; there are {' and '.join(GIVEN)}")
    if "@page" in directives and field not in orders():
        raise ValueError(f"query {name} has @page, which is for lists in an order; `{field}` is none")
    return {name: each for directive in directives for name, each in GIVEN[directive].items()}


@cache
def orders() -> Mapping[str, str]:
    """The type that each list of the schema holds."""
    return {cast("Any", cls).table.list_field: cls.__name__ for cls in (*RECORDS, *COMPUTED, *WORK)}


def fragments(texts: Iterable[str]) -> dict[str, str]:
    """The fragments of texts, by name."""
    return {found[1]: found[0] for text in texts for found in FRAGMENT.finditer(text)}


def needed(text: str, known: Mapping[str, str]) -> Iterator[str]:
    """The fragments that a text spreads and does not have, and those that these spread in turn.

    Raises ValueError for one that is not there.
    """
    have = set(fragments([text]))
    waiting = SPREAD.findall(text)
    for name in waiting:
        if name not in have:
            if name not in known:
                raise ValueError(f"there is no fragment {name}; write it into this file or into {FRAGMENTS}")
            have.add(name)
            waiting += SPREAD.findall(known[name])
            yield known[name]
