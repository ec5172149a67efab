"""Revisions: every change, who made it and why. The log is written by the database itself."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING

import strawberry

from schema.fields import Rows, Scalar, column, declare, one
from schema.record import Json, record
from schema.vocabulary import vocabulary

if TYPE_CHECKING:
    from schema.record import Record


@vocabulary
class RevisionAction(Enum):
    """What was done to a record."""

    CREATE = "It was entered."
    UPDATE = "Fields of it were changed."
    RETRACT = "It was withdrawn."
    RESTORE = "It was brought back."
    MERGE = "It was merged into another."


@vocabulary
class RevisionOrigin(Enum):
    """By which way a change came in."""

    MUTATION = "A curator's mutation."
    DOSSIER = "A dossier."
    IMPORT = "An import of an outside data set."
    PROPOSAL = "A contributor's proposal that was approved."
    SQL = "The database itself."


@strawberry.type(description="One field that was changed.")
class Change:
    field: str = strawberry.field(description="Name of the field, as stored.")
    before: Json | None = strawberry.field(description="Its value before; null when it had none.")
    after: Json | None = strawberry.field(description="Its value after; null when it has none.")


@record(order="-seq", unique="seq")
class Revision:
    """One change to one record."""

    seq: int = column("Place in the order of all changes.")
    record: Record | None = one("The record that was changed.")
    version: int = column("The record's version after the change.")
    action: RevisionAction = column("What was done.")
    changes: list[Change] = declare(
        "The fields that were changed, with their values before and after.",
        lambda _: Rows(
            "select c.key as field, c.value -> 'before' as before, c.value -> 'after' as after "
            "from jsonb_each({t}.changes) c order by c.key",
            {name: Scalar(f"{{t}}.{name}") for name in ("field", "before", "after")},
        ),
    )
    changed_by: str = column("Who made the change.")
    reason: str | None = column("Why.")
    origin: RevisionOrigin = column("By which way it came in.")
    at: datetime = column("When.")
