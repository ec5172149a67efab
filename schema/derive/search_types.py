"""The types of a search's answer, and the columns that are searched: both follow from the declarations.

What is searched is declared (`column(…, searched=…)`); the words stand in the table `search_entry`, which triggers keep
(`search.sql` of the baseline, with the functions that fold, read and mark texts). `schema.compiler.sql.search` makes
the SQL of a search.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import strawberry

from schema.declare.connections import PageInfo
from schema.declare.fields import KEY, Rows, camel, computed, declare, literal, one, same_name
from schema.declare.reflection import field_named, fields_of, is_list
from schema.records.record import Record
from schema.records.registry import RECORDS

LONGEST_SEARCH = 200
"""Characters of what is looked for: a sentence. Each word more is one more list of records to be joined."""

MOST_RANKED = 1_000
"""Records that are ranked, of all that hold the words, and again of those that are named by them.

A word of a headline of the day stands in every second record: ranking 50,000 would take 0.1 s, and nobody reads them.
"""


# --- what is searched ----------------------------------------------------------------------------


@cache
def searched() -> Mapping[type[Record], Mapping[str, str]]:
    """The columns of each type that are searched, each with what its words weigh.

    A record is found by its key too, unless that is made of what other records are called.
    """
    found = {}
    for cls in RECORDS:
        columns = {
            str(field.python_name): weight for field in fields_of(cls) if (weight := field.metadata.get("searched"))
        }
        if columns:
            found[cls] = columns if cls.table.named_by else {**columns, "key": KEY}
    return found


def of_type(branches: Mapping[str, str]) -> str:
    """An expression by the type of the entry `{t}`."""
    return f"case {{t}}.type {' '.join(f'when {literal(name)} then {sql}' for name, sql in branches.items())} end"


def highlights() -> Rows:
    """The fields of the record in which the words stand, with the part where most of them do."""
    names = {
        cls.table.name.upper(): f"array[{', '.join(literal(camel(name)) for name in columns)}]"
        for cls, columns in searched().items()
    }
    texts = {
        cls.table.name.upper(): f"(select array[{', '.join(text_of(cls, name) for name in columns)}] "
        f"from {cls.table.name} v where v.id = {{t}}.record_id)"
        for cls, columns in searched().items()
    }
    return Rows(
        f"select u.field, h.text from unnest({of_type(names)}, {of_type(texts)}) with ordinality u (field, value, nth) "
        "cross join lateral (select search_highlight(u.value, {t}.marks) as text offset 0) h "
        "where h.text is not null order by u.nth",
        same_name("field", "text"),
    )


def text_of(cls: type[Record], column: str) -> str:
    return f"array_to_string(v.{column}, '; ')" if is_list(field_named(cls, column)) else f"v.{column}"


# --- the types -----------------------------------------------------------------------------------


@strawberry.type(description="A field in which words of a search stand.")
class Highlight:
    field: str = strawberry.field(description="Name of the field.")
    text: str = strawberry.field(
        description="The part of it in which most of the words stand, each between ⟦ and ⟧. Plain text, not HTML: "
        "escape it before it is shown on a page."
    )


@strawberry.type(description="A record that was found.")
class SearchEdge:
    cursor: str = strawberry.field(description="Place of this record in the list, for `after` and `before`.")
    node: Record = one("The record.", "{t}.record_id")
    rank: float = computed("How well it fits, to be compared only within one search.", "{t}.rank")
    highlights: list[Highlight] = declare("Where in it the words stand.", lambda _: highlights())


@strawberry.type(description="One page of what was found.")
class SearchConnection:
    nodes: list[Record] = strawberry.field(description="The records of this page, the best first.")
    edges: list[SearchEdge] = strawberry.field(description="The same with rank and highlights.")
    page_info: PageInfo = strawberry.field(description="Where this page begins and ends.")
    total_count: int = strawberry.field(
        description=f"How many records were found. Of more than {MOST_RANKED}, the {MOST_RANKED} newest are, and the "
        f"{MOST_RANKED} newest of those that are named so."
    )


DESCRIPTION = (
    "Records whose names, titles, aliases, quotes, summaries or other texts hold these words, the best first. "
    'Accents and capitals do not matter, English endings neither. `"two words"` stand exactly so, side by side; '
    "`-word` must not be there; `or` parts two searches; a `*` at the very end lets the last word go on. A text "
    "without a word finds nothing. It searches what is known now: there is no `knownAt` here."
)

TEXT = f"What to look for, {LONGEST_SEARCH} characters at most."
TYPES = "Only records of these types."
