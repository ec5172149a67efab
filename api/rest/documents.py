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

FRAGMENT = re.compile(r"^fragment (\w+) on .*?^}\n", re.MULTILINE | re.DOTALL)
SPREAD = re.compile(r"\.\.\.(\w+)")

OPERATION = re.compile(
    r"^(?P<head>query \w+\(\n(?P<variables>.*?))^\)(?P<given>(?: @\w+)+) \{\n"
    r"(?P<root>  \w+: (?P<field>\w+))(?:\((?P<arguments>[^()]*)\))?",
    re.MULTILINE | re.DOTALL,
)

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
    """The document of each file, by the name of the file."""
    shared = fragments([(folder / FRAGMENTS).read_text()])
    files = (file for file in sorted(folder.glob("*.graphql")) if file.name != FRAGMENTS)
    return {file.name: assemble(file.read_text(), shared) for file in files}


def assemble(text: str, shared: Mapping[str, str]) -> str:
    """The document of operations that are written in short: with what they are given, and the fragments they need."""
    text = OPERATION.sub(complete, text)
    return text + "".join(f"\n{each}" for each in needed(text, shared))


def complete(operation: re.Match[str]) -> str:
    """The beginning of an operation with the variables it is given. One that it declares itself stays as it is."""
    given = {name: each for directive in operation["given"].split() for name, each in GIVEN[directive].items()}
    declared = set(re.findall(r"^  \$(\w+):", operation["variables"], re.MULTILINE))
    order = f"{orders().get(operation['field'], '')}Order"
    variables = "".join(
        f'  "{says}"\n  ${name}: {type_.format(order=order)}\n'
        for name, (type_, says) in given.items()
        if name not in declared
    )
    arguments = [operation["arguments"] or "", *(f"{name}: ${name}" for name in given if name not in NOT_ARGUMENTS)]
    return f"{operation['head']}{variables}) {{\n{operation['root']}({' '.join(filter(None, arguments))})"


@cache
def orders() -> Mapping[str, str]:
    """The type that each list of the schema holds."""
    return {cast("Any", cls).table.list_field: cls.__name__ for cls in (*RECORDS, *COMPUTED, *WORK)}


def fragments(texts: Iterable[str]) -> dict[str, str]:
    """The fragments of texts, by name."""
    return {found[1]: found[0] for text in texts for found in FRAGMENT.finditer(text)}


def needed(text: str, known: Mapping[str, str]) -> Iterator[str]:
    """The fragments that a text spreads and does not have, and those that these spread in turn."""
    have = set(fragments([text]))
    waiting = SPREAD.findall(text)
    for name in waiting:
        if name not in have:
            have.add(name)
            waiting += SPREAD.findall(known[name])
            yield known[name]
