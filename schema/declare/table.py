"""Facts of a record type beyond its fields, as its declaration gives them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypedDict

from schema.declare.caller import Role
from schema.declare.fields import StatusPeriods, camel, in_words


@dataclass(frozen=True)
class Check:
    """A check of the table that a writer can fail: the field to look at first, and what to do."""

    field: str
    cure: str


@dataclass(frozen=True)
class Contradiction:
    """A rule over several records that a writer can break: the field to look at, and what to do.

    `sql` is a SELECT of those of the records in the array $1 that break it: their `id`, and other columns by whose
    names the `cure` quotes keys. Nothing is said while a record of one of the types that it `reads` is wrong itself.
    """

    field: str
    sql: str
    cure: str
    reads: tuple[str, ...] = ()


def no_circle(table: str, relation: str) -> Contradiction:
    """Refuse records of a table that a relation among them leads back to themselves."""
    return Contradiction(
        relation,
        f"""
        with recursive led_to (start, id) as (
            select t.id, t.{relation}_id from {table} t where t.id = any($1) and t.{relation}_id is not null
            union
            select l.start, t.{relation}_id
            from led_to l join {table} t on t.id = l.id where t.{relation}_id is not null
        )
        select t.id, t.key as own, o.key as other
        from led_to l join {table} t on t.id = l.start join {table} o on o.id = t.{relation}_id
        where l.id = l.start
        """,
        "{own} leads back to itself by way of {other}; correct one of them",
    )


@dataclass(frozen=True)
class Verb:
    """A mutation that creates a record under another name than `create<Type>`.

    `place` is where the published schema lists it among the verbs; without one it comes last.
    """

    name: str
    description: str
    place: int = 1_000


@dataclass(frozen=True)
class Choice:
    """An argument whose value, one of a vocabulary, becomes that of a field."""

    name: str
    terms: type[Enum]
    description: str


@dataclass(frozen=True)
class Step:
    """A mutation on one record that adds a record to one of its lists: a deadline's milestone.

    It `takes` some fields of the new record, each with a sentence for this mutation, and `sets` others to a constant or
    to what the caller chooses.
    """

    verb: str
    description: str
    adds_to: str
    sets: Mapping[str, str | Choice]
    takes: Mapping[str, str]
    required: tuple[str, ...]


@dataclass(frozen=True)
class Evidence:
    """Declares the records of a type as evidence: the names of the relations and fields that say so.

    Each ties the record that it is `about`, or the `part` of it that this field names, to a `source`. It supports the
    record where `stance` has the value `supporting`. The words of a record are in the `language` of its sources, which
    were `published` on a day. In a dossier a source may give the fields that are `shared` by all that cites it there.
    """

    about: str
    part: str
    source: str
    stance: str
    supporting: str
    language: str
    published: str
    shared: tuple[str, ...] = ()


@dataclass(frozen=True)
class Exclusive:
    """Declares that of records with the same values in the fields `of` one at a time is meant, `during` its dates."""

    of: tuple[str, ...]
    during: str


class Facts(TypedDict, total=False):
    """The facts that `record` takes as they stand; `Table` explains them."""

    appears: str | None
    source: str | None
    named_by: tuple[str, ...]
    key_from: str | None
    needs_citation: bool
    cites_alone: bool
    part_of: str | tuple[str, ...]
    period: tuple[str, str] | None
    exclusive: Exclusive | None
    checks: Mapping[str, Check]
    contradictions: tuple[Contradiction, ...]
    doubts: tuple[Contradiction, ...]
    evidence: Evidence | None
    written_as: str | None
    verb: Verb | None
    steps: tuple[Step, ...]
    internal: tuple[str, ...]
    unique: str
    least: Role
    visible: str | None
    timeless: bool
    periods: StatusPeriods | None


@dataclass(frozen=True, kw_only=True)
class Table:
    """Holds the facts of a type beyond its fields."""

    name: str
    plural: str

    in_short: str = ""
    """Explains the type in the list of all types."""

    order: tuple[str, ...] = ()
    """The fields of the default order."""

    unique: str = "id"
    """The column that settles every order."""

    appears: str | None = None
    """SQL that is true once the record counts at the clock; None means always."""

    source: str | None = None
    """The SELECT of a type that is computed, not stored."""

    periods: StatusPeriods | None = None
    """The table in which the database precomputes whether a record appears."""

    timeless: bool = False
    """Whether its rows have no past."""

    least: Role = Role.ANONYMOUS
    """The least role that may read it."""

    visible: str | None = None
    """SQL that is true for those of its rows that the caller may read; None means all."""

    named_by: tuple[str, ...] = ()
    """The fields that make up a key when none is given."""

    key_from: str | None = None
    """The field whose text, in the letters of a key, is the key when none is given."""

    needs_citation: bool = False
    """Whether each record rests on a source."""

    cites_alone: bool = False
    """Whether a record that is written inside another never rests on what that cites."""

    part_of: str | tuple[str, ...] = ()
    """The relation to what a record is a part of, or several of which it has one.

    A proposal to add one is made for that, as it is then; and it counts at a clock when that does.
    """

    period: tuple[str, str] | None = None
    """The two dates in which a record begins and ends."""

    exclusive: Exclusive | None = None
    """Says which records are hardly meant to hold at the same time."""

    checks: Mapping[str, Check] = dataclasses.field(default_factory=dict)
    """The named checks of the table that join several columns."""

    contradictions: tuple[Contradiction, ...] = ()
    """Rules over several records, which are looked at after all of these are written."""

    doubts: tuple[Contradiction, ...] = ()
    """Of what several records together say, and hardly mean: a writer is warned."""

    evidence: Evidence | None = None
    """Declares its records as evidence for others."""

    written_as: str | None = None
    """The field that a text stands for, where a record is written as a text instead of names with values."""

    verb: Verb | None = None
    """Another mutation that creates a record."""

    steps: tuple[Step, ...] = ()
    """Mutations that add a record to a list of one of its records."""

    internal: tuple[str, ...] = ()
    """Columns that no field stands for: a trigger fills them, fields take them apart, or nobody may read them."""

    @property
    def wholes(self) -> tuple[str, ...]:
        """Name the relations to what a record is a part of."""
        return (self.part_of,) if isinstance(self.part_of, str) else self.part_of

    @property
    def field(self) -> str:
        """Name one record in GraphQL and in dossiers: `ceasefireViolation`."""
        return camel(self.name)

    @property
    def list_field(self) -> str:
        """Name a list in GraphQL and the section of a dossier: `ceasefireViolations`."""
        return camel(self.plural)

    @property
    def path(self) -> str:
        """Give the path of the list in REST: `/v1/ceasefire-violations`."""
        return f"/v1/{self.plural.replace('_', '-')}"

    @property
    def words(self) -> str:
        """Name one record in a sentence: `ceasefire violation`."""
        return in_words(self.name)
