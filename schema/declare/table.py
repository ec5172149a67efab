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
    unique: str
    least: Role
    visible: str | None
    timeless: bool
    periods: StatusPeriods | None


@dataclass(frozen=True, kw_only=True)
class Table:
    """What is known of a type beyond its fields.

    To read it: `in_short` explains the type in the list of all types. `order` names the fields of the default order.
    `appears` is true once the record counts at the clock; None means always. `source` is the SELECT of a type that is
    computed, not stored. `unique` is the column that settles every order. `least` is the least role that may read the
    type; of its rows those for which `visible` is true. A type is `timeless` whose rows have no past. Where it has
    `periods`, the database precomputes whether a record appears.

    To write it: `named_by` are the fields that make up a key when none is given. A record that `needs_citation` rests
    on a source.
    """

    name: str
    plural: str
    in_short: str = ""
    order: tuple[str, ...] = ()
    appears: str | None = None
    source: str | None = None
    named_by: tuple[str, ...] = ()
    needs_citation: bool = False
    unique: str = "id"
    least: Role = Role.ANONYMOUS
    visible: str | None = None
    timeless: bool = False
    periods: StatusPeriods | None = None

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
