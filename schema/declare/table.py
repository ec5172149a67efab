"""What a declaration says of a record type beyond its fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

from schema.declare.caller import Role
from schema.declare.fields import StatusPeriods, camel, in_words


class Facts(TypedDict, total=False):
    """The facts that `record` takes as they stand; `Table` explains them."""

    appears: str | None
    source: str | None
    named_by: tuple[str, ...]
    needs_citation: bool
    part_of: str | None
    period: tuple[str, str] | None
    unique: str
    least: Role
    visible: str | None
    timeless: bool
    periods: StatusPeriods | None


@dataclass(frozen=True, kw_only=True)
class Table:
    """What is known of a type beyond its fields."""

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
    """Where the database precomputes whether a record appears."""

    timeless: bool = False
    """Whether its rows have no past."""

    least: Role = Role.ANONYMOUS
    """The least role that may read it."""

    visible: str | None = None
    """SQL that is true for those of its rows that the caller may read; None means all."""

    named_by: tuple[str, ...] = ()
    """The fields that make up a key when none is given."""

    needs_citation: bool = False
    """Whether each record rests on a source."""

    part_of: str | None = None
    """The relation to what a record is a part of: a proposal to add one is made for that, as it is then."""

    period: tuple[str, str] | None = None
    """The two dates in which a record begins and ends."""

    @property
    def field(self) -> str:
        """The name of one record in GraphQL and in dossiers: `ceasefireViolation`."""
        return camel(self.name)

    @property
    def list_field(self) -> str:
        """The name of a list in GraphQL, and of the section of a dossier: `ceasefireViolations`."""
        return camel(self.plural)

    @property
    def path(self) -> str:
        """The path of the list in REST: `/v1/ceasefire-violations`."""
        return f"/v1/{self.plural.replace('_', '-')}"

    @property
    def words(self) -> str:
        """The name of one record in a sentence: `ceasefire violation`."""
        return in_words(self.name)
