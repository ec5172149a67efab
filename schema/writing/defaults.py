"""Completes the records of a dossier with what it gives once: its defaults, its passages, the numbers of its sources.

What is completed reads as if it had been written out; `origins` says where it stands instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from schema.declare.fields import camel
from schema.declare.reflection import field_named, fields_of, graphql_name, target
from schema.derive.dossier_defaults import ANCHOR, OPEN_END, defaulted_fields
from schema.derive.dossier_schema import DEFAULTS, PASSAGES
from schema.derive.evidence import evidence
from schema.records.record import Record

Given = Mapping[str, Any]


@dataclass(frozen=True)
class Outer:
    """The record that another is written inside of: what it gives, where it stands, and by which relation."""

    given: Given
    path: str
    relation: str


@dataclass(frozen=True)
class Defaults:
    """Holds what a dossier gives once."""

    values: Given
    passages: Mapping[str, Sequence[Any]]
    shared: Mapping[str, Given]
    """Fields that all citations of a source have, by its key."""
    cited: frozenset[tuple[str, str]]
    """The records that are cited for in a section of their own, by type and key."""
    most_records: int
    """More citations of one record are not written out, since the dossier has too many anyway."""
    origins: dict[str, str] = field(default_factory=dict)
    """The place of each value that was completed, by the path that it would have."""

    @classmethod
    def of(cls, content: Given, most_records: int) -> Defaults:
        """Collect them from a dossier, without what does not fit its schema."""
        its = evidence()
        names = [graphql_name(field_named(its.record, name)) for name in its.declared.shared]
        shared = {
            str(each.get("key")): {name: each[name] for name in names if name in each}
            for each in records_of(its.source, content)
        }
        about = [each.get(camel(its.declared.about)) for each in records_of(its.record, content)]
        cited = frozenset(name for each in about if isinstance(each, dict) for name in each.items())
        return cls(content.get(DEFAULTS, {}), content.get(PASSAGES, {}), shared, cited, most_records)

    def complete(
        self, cls: type[Record], given: Given, path: str, outer: Outer | None, *, is_there: bool = False
    ) -> Given:
        """Add to a record what it leaves out; nothing to one that is there already."""
        if is_there:
            name = evidence().list_field
            return {**given, name: self.written_out(given[name], place(path, name))} if name in given else given
        found = self.with_values(cls, self.with_anchors(cls, given, path), path, outer)
        if cls is evidence().record:
            return {**self.shared.get(found.get(camel(evidence().declared.source), ""), {}), **found}
        if cls is evidence().source:
            shared = self.shared.get(found.get("key", ""), {})
            return {name: each for name, each in found.items() if name not in shared}
        return self.with_citations(cls, found, path, outer)

    @property
    def is_citing(self) -> bool:
        """Whether there is a source for facts that cite nothing."""
        return camel(evidence().declared.source) in self.values

    # --- values ----------------------------------------------------------------------------------

    def with_values(self, cls: type[Record], given: Given, path: str, outer: Outer | None) -> Given:
        """Add the default of each field that takes one and is left out."""
        found = dict(given)
        for declared, default, is_open in defaulted_fields(cls):
            name, beside = graphql_name(declared), declared.metadata.get("beside")
            needless = name in found or (outer and declared.python_name == outer.relation)
            if needless or default not in self.values or (beside and beside not in found):
                continue
            value = self.values[default]
            if target(declared) is Record:
                value = {default: value}
            found[name] = f"{value}{OPEN_END}" if is_open else value
            self.origins[place(path, name)] = place(DEFAULTS, default)
        return found

    def with_anchors(self, cls: type[Record], given: Given, path: str) -> Given:
        """Say from which day words are counted: in the field of the record that is for it, or else beside them."""
        if ANCHOR not in self.values:
            return given
        found = dict(given)
        for declared in fields_of(cls):
            name, anchor = graphql_name(declared), declared.metadata.get(ANCHOR)
            value = found.get(name)
            if not isinstance(value, dict) or "text" not in value or "edtf" in value or ANCHOR in value:
                continue
            if anchor is None:
                found[name] = {**value, ANCHOR: self.values[ANCHOR]}
                self.origins[place(place(path, name), ANCHOR)] = place(DEFAULTS, ANCHOR)
            elif camel(anchor) not in found:
                found[camel(anchor)] = self.values[ANCHOR]
                self.origins[place(path, camel(anchor))] = place(DEFAULTS, ANCHOR)
        return found

    # --- citations -------------------------------------------------------------------------------

    def with_citations(self, cls: type[Record], given: Given, path: str, outer: Outer | None) -> Given:
        """Write out the passages that a record cites. One that cites nothing cites what it is inside of, or else the
        default source, where there is one."""
        name = evidence().list_field
        if name in given:
            return {**given, name: self.written_out(given[name], place(path, name))}
        source = camel(evidence().declared.source)
        if source not in self.values or (cls.table.field, given.get("key")) in self.cited:
            return given
        if cls.table.needs_citation:
            self.origins[place(f"{place(path, name)}[0]", source)] = place(DEFAULTS, source)
            return {**given, name: [{source: self.values[source]}]}
        if outer is None or cls.table.cites_alone:
            return given
        return {**given, name: self.inherited(outer, place(path, name))}

    def written_out(self, citations: Sequence[Any], path: str) -> list[Any]:
        """Replace the names of passages by what they stand for."""
        found: list[Any] = []
        for index, each in enumerate(citations):
            passage = self.passages.get(each) if isinstance(each, str) else None
            for inner, citation in enumerate([each] if passage is None else passage):
                if len(found) > self.most_records:
                    return found
                origin = f"{path}[{index}]" if passage is None else f"{place(PASSAGES, each)}[{inner}]"
                if origin != f"{path}[{len(found)}]":
                    self.origins[f"{path}[{len(found)}]"] = origin
                found.append(citation)
        return found

    def inherited(self, outer: Outer, path: str) -> list[Any]:
        """List the citations of an outer record that are about the whole of it."""
        name, part = evidence().list_field, camel(evidence().declared.part)
        found: list[Any] = []
        for index, each in enumerate(outer.given.get(name, ())):
            if each is not None and not (isinstance(each, dict) and part in each):
                self.origins[f"{path}[{len(found)}]"] = f"{place(outer.path, name)}[{index}]"
                found.append(each)
        return found


def place(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def records_of(cls: type[Record], content: Given) -> Iterator[Given]:
    """Yield the records in the section of a type."""
    return (each for each in content.get(cls.table.list_field, ()) if isinstance(each, dict))


def find_origin(origins: Mapping[str, str], path: str) -> str:
    """Find where the value at a path stands in the dossier: there, or where it was completed from."""
    end = len(path)
    while end > 0:
        if origin := origins.get(path[:end]):
            return find_origin(origins, origin + path[end:])
        end = max(path.rfind(".", 0, end), path.rfind("[", 0, end))
    return path
