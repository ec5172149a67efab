"""What every record has, and how a class becomes a record type of the schema."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import strawberry
from strawberry.scalars import JSON

from schema.declare.caller import Role
from schema.declare.connections import Connection
from schema.declare.fields import (
    Rows,
    StatusPeriods,
    Table,
    children,
    column,
    declare,
    one_of_same_type,
    same_name,
    snake,
)

if TYPE_CHECKING:
    from schema.records.curation.revision import Change, Revision
    from schema.records.sources.citation import Citation
    from schema.records.sources.code import Code

C = TypeVar("C", bound=type[Any])

Json = JSON

HAS_BOTH = "{$from} between 1 and {t}.version and {$to} between 1 and {t}.version"

# What a field was in a version is what the last revision up to then made of it.
DIFF = """
    select field_name(d.key) as field, d.before, d.after
    from (
        select c.key,
            (array_agg(c.value -> 'after' order by r.version desc) filter (where r.version <= {$from}))[1] as before,
            (array_agg(c.value -> 'after' order by r.version desc) filter (where r.version <= {$to}))[1] as after
        from revision r
        cross join lateral jsonb_each(r.changes) c
        where r.record_id = {t}.id and r.version <= greatest({$from}, {$to})
        group by c.key
    ) d
    where coalesce(d.before, 'null') <> coalesce(d.after, 'null')
    order by field
"""


def record(
    *,
    order: str | tuple[str, ...],
    plural: str | None = None,
    in_short: str | None = None,
    appears: str | None = None,
    source: str | None = None,
    named_by: tuple[str, ...] = (),
    needs_citation: bool = True,
    unique: str = "id",
    least: Role = Role.ANONYMOUS,
    visible: str | None = None,
    timeless: bool = False,
    periods: StatusPeriods | None = None,
) -> Callable[[C], C]:
    """A class as a type of the schema, with what `schema.declare.fields.Table` says of it."""

    def decorate(cls: C) -> C:
        name = snake(cls.__name__)
        cls.table = Table(
            name=name,
            plural=plural or f"{name}s",
            in_short=in_short or (cls.__doc__ or "").strip(),
            order=(order,) if isinstance(order, str) else order,
            appears=appears,
            source=source,
            named_by=named_by,
            needs_citation=needs_citation,
            unique=unique,
            least=least,
            visible=visible,
            timeless=timeless,
            periods=periods,
        )
        return strawberry.type(cls, description=cls.__doc__)

    return decorate


@strawberry.interface(description="Anything that has an id which stays its own for ever.")
class Node:
    id: strawberry.ID = column("Identifier (a UUID, version 7). It never changes and is never given again.")


@strawberry.interface(description="What every record has: an identity, a version, sources and a history.")
class Record(Node):
    key: str = column("Readable name, unique among records of its type, such as `paris-2025-04-17`.")
    version: int = column("Counts the changes made to this record, from 1.")
    created_at: datetime = column("When the record was first entered.")
    updated_at: datetime = column("When the record was last changed.")
    retracted_at: datetime | None = column("When the record was withdrawn. Retracted records leave every list.")
    merged_into: Record | None = one_of_same_type("The record that this one turned out to be the same as.")
    citations: Connection[Citation] = children("The sources this record rests on, or that dispute it.", "record_id")
    codes: Connection[Code] = children("Ids of the same thing in other data sets.", "record_id")
    revisions: Connection[Revision] = children("Every change made to this record, newest first.", "record_id")
    diff: list[Change] | None = declare(
        "What differs between two versions of this record; null where it does not have both.",
        lambda _: Rows(DIFF, same_name("field", "before", "after"), HAS_BOTH),
        arguments={"from": ("int", "The one version."), "to": ("int", "The other version.")},
    )

    table: ClassVar[Table]
