"""What every record has, and how a class becomes a record type of the schema."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.scalars import JSON
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from schema.caller import Role
from schema.fields import Kept, Rows, Table, children, column, declare, one_of_same_type, same_name, snake

if TYPE_CHECKING:
    from schema.citation import Citation
    from schema.code import Code
    from schema.revision import Change, Revision

C = TypeVar("C", bound=type[Any])
T = TypeVar("T")

Json = JSON

MOST_GROUPS = 1000
"""How many groups one answer holds, the largest ones: the months of eighty years. Only days can be more."""

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
    kept: Kept | None = None,
) -> Callable[[C], C]:
    """A class as a type of the schema, with what `schema.fields.Table` says of it."""

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
            kept=kept,
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


@strawberry.type(description="Where a page begins and ends, and whether there is more.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether the list goes on after this page.")
    has_previous_page: bool = strawberry.field(description="Whether the list has something before this page.")
    start_cursor: str | None = strawberry.field(description="Cursor of the first item; null when the page is empty.")
    end_cursor: str | None = strawberry.field(description="Cursor of the last item; null when the page is empty.")


@strawberry.type(description="One item of a list and its place in it.")
class Edge(Generic[T]):
    cursor: str = strawberry.field(description="Place of this item in the list, for `after` and `before`.")
    node: T = strawberry.field(description="The item.")


@strawberry.type(description="The items of a list that have one value in common.")
class Group:
    key: str | None = strawberry.field(
        description="The value: a term, `true` or `false`, or a date as `2025`, `2025-04` or `2025-04-18`; "
        "null for the items that have none."
    )
    count: int = strawberry.field(description="How many items have it.")


class Groups(StrawberryField):
    """The field `groups`: what a list can be grouped by follows from the type of its items."""

    def copy_with(self, type_var_map: Mapping[str, Any]) -> Groups:
        made = super().copy_with(type_var_map)
        by = StrawberryArgument(
            python_name="by",
            graphql_name=None,
            type_annotation=StrawberryAnnotation(type_var_map["T"].group_by),
            description="What is counted by: an enum, a computed status, a truth value, or a part of a date.",
        )
        made.arguments = [by]
        return made


@strawberry.type(description="One page of a list.")
class Connection(Generic[T]):
    nodes: list[T] = strawberry.field(description="The items of this page.")
    edges: list[Edge[T]] = strawberry.field(description="The items of this page, each with its cursor.")
    page_info: PageInfo = strawberry.field(description="Where this page begins and ends.")
    total_count: int = strawberry.field(description="How many items the whole list has.")
    groups: list[Group] = cast(
        "Any",
        Groups(
            description="How many items of the whole list have which value: the most frequent first, then by key. "
            f"The largest {MOST_GROUPS} groups; `first` and the like do not matter."
        ),
    )
