"""The types of a list and its pages, as Relay's specification of connections names them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, TypeVar, cast

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

T = TypeVar("T")

MOST_GROUPS = 1000
"""One answer holds this many groups, the largest ones: the months of eighty years. Only days can be more."""


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
