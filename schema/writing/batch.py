"""Records on their way into the database, and all that is wrong with them so far."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from schema.declare.keys import STORED_KEY
from schema.declare.reflection import field_named, graphql_name
from schema.errors import Problem
from schema.writing.defaults import find_origin
from schema.writing.entries import Dossier, Entry
from schema.writing.faults import sort_problems
from schema.writing.references import Name, name_given
from schema.writing.similar_keys import SimilarKeys

MERGED, RETRACTED = "it was merged into another record", "it is retracted"
"""The reason for which a record is left alone."""


class Batch:
    """The records of one document or command, with the names and ids that they get step by step.

    A record with a problem is written without what is wrong with it, and so is what hangs on it, so that the database
    can refuse the rest now and not on the next attempt. In the end nothing stays written.
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
        self.columns: dict[Entry, Mapping[str, Any]] = {}
        """The columns that each entry gives, as JSON."""
        self.similar_keys = SimilarKeys()
        self.problems: dict[str, Problem] = {}
        self.wrong: dict[Entry, set[str]] = {}
        """The fields of each entry that are wrong, in GraphQL's names; an empty name is the whole record."""
        self.unread = document.unread
        self.is_citing = document.is_citing
        self.origins = document.origins
        self._by_path = {entry.path: entry for entry in document.entries}
        for problem in document.problems:
            self.refuse(problem.path, problem.message)

    def refuse(self, path: str, message: str) -> None:
        """Note what is wrong, once for each place, and with which record."""
        origin = find_origin(self.origins, path)
        self.problems.setdefault(origin, Problem(origin, message))
        if entry := self.entry_at(path):
            self.note(entry, path.removeprefix(entry.path).lstrip("."))

    def note(self, entry: Entry, field: str) -> None:
        """Note that a field of an entry is wrong, without a problem of its own."""
        self.wrong.setdefault(entry, set()).add(re.split(r"[.\[]", field)[0])

    def entry_at(self, path: str) -> Entry | None:
        """Find the innermost record that a place is in; None where it is in none."""
        while path and path not in self._by_path:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self._by_path.get(path)

    def sorted_problems(self) -> list[Problem]:
        """Sort the problems by their places, each with the key of the record that it is in."""
        return [replace(each, key=self.key_at(each.path)) for each in sort_problems(self.problems.values())]

    def key_at(self, path: str) -> str | None:
        """Find the key by which the innermost record at a place is found again: as given, or made of what it says."""
        entry = self.entry_at(path)
        while entry:
            if key := entry.key or entry.given.get("key"):
                return str(key)
            if entry.parent is None:
                return self.names[entry][1] if self.has_key(entry) else None
            entry = entry.parent[1]
        return None

    def is_there(self, entry: Entry) -> bool:
        """Whether an entry gives but a part of a record that is there already, or should be."""
        return entry.is_bare or (entry.key is not None and self.names[entry] in self.stored)

    def has_key(self, entry: Entry) -> bool:
        """Whether an entry has a key that is right: given, or made of others that are."""
        if self.names[entry][1] == entry.path or not re.fullmatch(STORED_KEY.pattern, self.names[entry][1]):
            return False
        return "key" in entry.given or entry.parent is None or self.has_key(entry.parent[1])

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
