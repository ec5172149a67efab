"""Records on their way into the database, and all that is wrong with them so far."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from schema.declare.reflection import field_named, graphql_name
from schema.errors import Problem
from schema.writing.entries import Dossier, Entry
from schema.writing.references import Name, name_given
from schema.writing.similar_keys import SimilarKeys

MERGED, RETRACTED = "it was merged into another record", "it is retracted"
"""The reason for which a record is left alone."""


class Batch:
    """The records of one document or command, with the names and ids that they get step by step.

    A record with a problem is not written, and neither is what hangs on it; all others are, so that
    the database can refuse them now and not on the next attempt. In the end nothing stays written.
    """

    def __init__(self, document: Dossier) -> None:
        self.names: dict[Entry, Name] = {}
        """The name of each entry, in the order of the document."""
        self.entries: dict[Name, Entry] = {}
        self.ids: dict[Name, UUID] = {}
        """Of the entries and of all that they name, where it is known."""
        self.stored: set[Name] = set()
        """The records that the database has already."""
        self.left: dict[Name, str] = {}
        """The records that are left alone, with the reason."""
        self.languages: Mapping[Entry, str | None] = {}
        """The languages of those entries that give words of time."""
        self.similar_keys = SimilarKeys()
        self.problems: dict[str, Problem] = {}
        self.failed: set[Entry] = set()
        self._by_path = {entry.path: entry for entry in document.entries}
        for problem in document.problems:
            self.refuse(problem.path, problem.message)

    def refuse(self, path: str, message: str) -> None:
        """Note what is wrong, once for each place, and with which record."""
        self.problems.setdefault(path, Problem(path, message))
        while path and path not in self._by_path:
            path = path.rpartition(".")[0]
        if path in self._by_path:
            self.failed.add(self._by_path[path])

    def related(self, entry: Entry, relation: str) -> Name | None:
        """Find the record that an entry names by a relation, or inside which it is written."""
        if entry.parent and entry.parent[0] == relation:
            return self.names[entry.parent[1]]
        declared = field_named(entry.type, relation)
        given = entry.given.get(graphql_name(declared))
        return None if given is None else name_given(declared, given)

    def id_of(self, entry: Entry) -> UUID:
        return self.ids[self.names[entry]]


def field_path(entry: Entry, name: str) -> str:
    """The path of a field of an entry; an entry that is the whole input has no path of its own."""
    return f"{entry.path}.{name}" if entry.path else name
