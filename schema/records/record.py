"""The fields that all records share, and the decorator that makes a class a record type."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, Unpack

import strawberry
from strawberry.scalars import JSON

from schema.declare.connections import Connection
from schema.declare.fields import (
    Rows,
    children,
    column,
    declare,
    one_of_same_type,
    same_name,
    snake,
)
from schema.declare.keys import LONGEST_KEY, STORED_KEY
from schema.declare.table import Facts, Table

if TYPE_CHECKING:
    from schema.records.curation.revision import Change, Revision
    from schema.records.sources.citation import Citation
    from schema.records.sources.code import Code
    from schema.records.sources.other_name import OtherName

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
    **facts: Unpack[Facts],
) -> Callable[[C], C]:
    """Make a class a type of the schema, with the facts that `schema.declare.table.Table` explains."""

    def decorate(cls: C) -> C:
        name = snake(cls.__name__)
        facts.setdefault("needs_citation", True)
        cls.table = Table(
            name=name,
            plural=plural or f"{name}s",
            in_short=in_short or (cls.__doc__ or "").strip(),
            order=(order,) if isinstance(order, str) else order,
            **facts,
        )
        return strawberry.type(cls, description=cls.__doc__)

    return decorate


@strawberry.interface(description="Anything that has an id which stays its own for ever.")
class Node:
    id: strawberry.ID = column(
        "Identifier (a UUID, version 7). It never changes and is never given again.", bookkeeping=True
    )


@strawberry.interface(description="A record: an identity, a version, sources and a history.")
class Record(Node):
    key: str = column(
        "Readable name, unique among records of its type, such as `paris-2025-04-17`.",
        longest=LONGEST_KEY,
        form=STORED_KEY,
    )
    version: int = column("Counts the changes made to this record, from 1.", bookkeeping=True)
    created_at: datetime = column("When the record was first entered.", bookkeeping=True)
    updated_at: datetime = column("When the record was last changed.", bookkeeping=True)
    retracted_at: datetime | None = column(
        "When the record was withdrawn. Retracted records leave every list.", bookkeeping=True
    )
    merged_into: Record | None = one_of_same_type("The record that this one turned out to be the same as.")
    citations: Connection[Citation] = children("The sources this record rests on, or that dispute it.", "record_id")
    codes: Connection[Code] = children("Ids of the same thing in other data sets.", "record_id")
    other_names: Connection[OtherName] = children("Other names of it, by which a search finds it.", "record_id")
    revisions: Connection[Revision] = children("Every change made to this record, newest first.", "record_id")
    diff: list[Change] | None = declare(
        "What differs between two versions of this record; null where it does not have both.",
        lambda _: Rows(DIFF, same_name("field", "before", "after"), HAS_BOTH),
        arguments={"from": ("int", "The one version."), "to": ("int", "The other version.")},
    )

    table: ClassVar[Table]
