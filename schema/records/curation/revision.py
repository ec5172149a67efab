"""Revisions: every change, who made it and why. The log is written by the database itself."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, ClassVar

import strawberry

from schema.declare.fields import Rows, column, computed, declare, one, same_name
from schema.declare.table import Table
from schema.declare.vocabulary import vocabulary
from schema.records.record import Json, record

if TYPE_CHECKING:
    from schema.records.record import Record


class RecordType(Enum):
    """The types of record."""

    # Its terms are the types that are declared: `schema.records` adds them.


@vocabulary
class RevisionAction(Enum):
    """The kind of change to a record."""

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
    field: str = strawberry.field(description="Name of the field.")
    before: Json | None = strawberry.field(description="Its value before; null when it had none.")
    after: Json | None = strawberry.field(description="Its value after; null when it has none.")


def changes(sql: str) -> Rows:
    """Changes that are kept as a list of {field, before, after} in JSON."""
    return Rows(
        f"select c.field, c.before, c.after from jsonb_to_recordset({sql}) as c (field text, before json, after json)",
        same_name("field", "before", "after"),
    )


@record(order="-seq", unique="seq", internal=("changes",))
class Revision:
    """One change to one record."""

    seq: int = column("Place in the order of all changes.")
    record: Record | None = one("The record that was changed.")
    record_id: strawberry.ID = computed("Its id: to ask for the changes of one record.", "{t}.record_id", type="uuid")
    type: RecordType = computed("Its type.", "(select o.type from record o where o.id = {t}.record_id)")
    version: int = column("The record's version after the change.")
    action: RevisionAction = column("What was done.")
    changes: list[Change] = declare(
        "The fields that were changed, with their values before and after.",
        lambda _: Rows(
            "select field_name(c.key) as field, c.value -> 'before' as before, c.value -> 'after' as after "
            "from jsonb_each({t}.changes) c order by c.key",
            same_name("field", "before", "after"),
        ),
    )
    changed_by: str = column("Who made the change.")
    reason: str | None = column("Why.")
    origin: RevisionOrigin = column("By which way it came in.")
    approved_by: str | None = column("Who approved it, where it was proposed.")
    proposal_id: strawberry.ID | None = column("The proposal that it came from.")
    at: datetime = column("When.")

    table: ClassVar[Table]
