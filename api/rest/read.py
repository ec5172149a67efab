"""REST: the same reads under URLs.

Each operation in `api/rest/reads/*.graphql` is a read: its description's first line gives the path and
a summary, its variables become query parameters, its selection the response: the value of its one root field.
`api.rest.documents` completes the operation. `api.rest.default_reads` generates a list and a read of one record for
each record type without a list there; every list is counted under `/v1/groups`. This file knows no record type.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from pathlib import Path

from api.rest.default_reads import build_document
from api.rest.documents import FRAGMENTS, READS, parse_fragments, read_documents
from schema.compiler.compiler import Compiler
from schema.compiler.description import Outline, Parameter, Shape, outline
from schema.compiler.group_counts import write_count_query
from schema.declare.connections import MOST_GROUPS
from schema.records.registry import RECORDS

QUERY = re.compile(r"^query (\w+)", re.MULTILINE)
HEADER = r'^"""\nGET (?P<path>/v1/\S+) +(?P<summary>.+)\n(?:(?!""").*\n)*"""\nquery (?P<name>\w+)'
IN_PATH = re.compile(r"\{(\w+)\}")
COUNTS_DESCRIPTION = (
    "How many items of the list have which value, the most frequent first, then by key; `key` is null for those that "
    f"have none. The largest {MOST_GROUPS} groups."
)


@dataclass(frozen=True)
class Read:
    """One read: its path, and its operation, which is compiled and described when it is first needed."""

    path: str
    summary: str
    text: str
    name: str
    compiler: Compiler

    @property
    def document(self) -> str:
        return self.text

    @cached_property
    def outline(self) -> Outline:
        return outline(self.compiler, self.compiler.operation(self.document, self.name))

    @property
    def tag(self) -> str:
        return self.path.split("/")[2]

    @cached_property
    def in_path(self) -> list[str]:
        return IN_PATH.findall(self.path)

    @cached_property
    def operation_text(self) -> str:
        """The text of its operation, without the fragments. Properties read from it need no compilation."""
        found = re.search(rf"^query {self.name}\b.*?^}}", self.text, re.MULTILINE | re.DOTALL)
        return found[0] if found else ""

    @cached_property
    def is_list(self) -> bool:
        """Whether it answers a page of a list."""
        return "pageInfo {" in self.operation_text

    @property
    def has_version(self) -> bool:
        return "version" in self.outline.answer.fields

    @property
    def is_counted(self) -> bool:
        """Whether its list can be counted by a value. The results of a search have one order and no groups."""
        return self.is_list and not self.in_path and "$orderBy:" in self.operation_text

    @cached_property
    def in_query(self) -> dict[str, Parameter]:
        return {each.name: each for each in self.outline.parameters if each.name not in self.in_path}


@dataclass(frozen=True)
class Counts(Read):
    """The read that counts a list. Its document is generated from that of the list when it is first needed."""

    listing: str

    @cached_property
    def document(self) -> str:
        description = f"GET {self.path} {self.summary}\n\n{COUNTS_DESCRIPTION}"
        return write_count_query(self.compiler, self.text, self.listing, self.name, description)


def reads(compiler: Compiler, folder: Path = READS) -> list[Read]:
    """List every read: those of the files, those of the record types that no file lists, and their counts.

    None is compiled yet: that would be a fifth of start-up. `check_read` is for the published contracts, and for tests.
    """
    written = [read for name, text in read_documents(folder).items() for read in parse_reads(compiler, name, text)]
    listed, shared = {read.path for read in written}, parse_fragments([(folder / FRAGMENTS).read_text()])
    others = [cls for cls in RECORDS if cls.table.path not in listed]
    made = [read for cls in others for read in parse_reads(compiler, cls.__name__, build_document(cls, shared))]
    return [*written, *made, *(build_counts(read) for read in [*written, *made] if read.is_counted)]


def build_counts(listing: Read) -> Counts:
    """Build the read that counts the list of another."""
    name = listing.path.removeprefix("/v1/")
    path, summary = f"/v1/groups/{name}", f"{name.replace('-', ' ').capitalize()}, counted"
    of = f"groupsOf{listing.name[0].upper()}{listing.name[1:]}"
    return Counts(path, summary, listing.text, of, listing.compiler, listing.name)


def parse_reads(compiler: Compiler, where: str, document: str) -> Iterator[Read]:
    headers = {found["name"]: found for found in re.finditer(HEADER, document, re.MULTILINE)}
    for name in QUERY.findall(document):
        if (header := headers.get(name)) is None:
            raise ValueError(f"{where}, {name}: describe it with `GET /v1/<path> <summary>` in its first line")
        yield Read(header["path"], header["summary"].strip(), document, name, compiler)


def check_read(read: Read) -> Read:
    """Return a valid read. Raises ValueError where pageInfo or version are not where headers are read from."""
    if read.is_list and list(read.outline.answer.fields)[-1] != "pageInfo":
        raise ValueError(f"{read.path}: pageInfo has to be selected last, where links are read from")
    if read.has_version and not all(each.kind in ("scalar", "enum") for each in list_before_version(read.outline)):
        raise ValueError(f"{read.path}: only values may stand before version, where the ETag is read from")
    return read


def list_before_version(described: Outline) -> Iterator[Shape]:
    fields = described.answer.fields
    return (fields[name] for name in takewhile(lambda name: name != "version", fields))
