"""Search: the records whose texts hold the words that are looked for, the best first.

What is searched follows from the declarations (`column(…, searched=…)`); the words stand in the table
`search_entry`, which triggers keep (`search.sql` of the baseline, with the functions that fold, read and mark texts).
Here is the SQL of the finding, and what a search gives. Knows no GraphQL documents and no HTTP.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import strawberry

from schema.compiler.plan.plan import as_text
from schema.compiler.sql.keyset_page import Key
from schema.declare.connections import PageInfo
from schema.declare.fields import KEY, Rows, camel, computed, declare, literal, one, same_name
from schema.declare.reflection import fields_of, is_list
from schema.errors import Invalid, Problem
from schema.records.record import Record
from schema.records.registry import RECORDS

LONGEST_SEARCH = 200
"""Characters of what is looked for: a sentence. Each word more is one more list of records to be joined."""

MOST_RANKED = 1_000
"""Records that are ranked, of all that hold the words, and again of those that are named by them.

A word of a headline of the day stands in every second record: ranking 50,000 would take 0.1 s, and nobody reads them.
"""

ANY_OF_MARKS = (
    "(select string_agg(case when m.mark like '%*' then quote_literal(left(m.mark, -1)) || ':*' "
    "else quote_literal(m.mark) end, ' | ')::tsquery from unnest(s.marks) m (mark))"
)
"""What the found are ranked by: any of the words that are looked for. By the query itself, `ts_rank` would take a word
that must not be there for one that should, and give nothing where two words stand far apart."""

KEY_TYPES = ("double precision", "uuid")
TAG = "Search:-rank,-id"


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
    field = next(each for each in fields_of(cls) if each.python_name == column)
    return f"array_to_string(v.{column}, '; ')" if is_list(field) else f"v.{column}"


# --- what is found -------------------------------------------------------------------------------


def as_sought(value: Any, where: str) -> str:
    """The text of a search. Raises Invalid where it is too long, or no text."""
    text = as_text(value, where)
    if len(text) > LONGEST_SEARCH:
        raise Invalid(Problem(where, f"the text has {len(text)} characters; {LONGEST_SEARCH} are allowed"))
    return text


def found(text: str, types: str | None, stands: str) -> str:
    """SELECT what holds the words of `text`: record, type, rank and what is to be marked.

    Of the records that hold them, and of those whose names do, the newest are ranked for which `stands` is true of
    their entry `e`.
    """
    candidates = " union ".join(newest(column, types, stands) for column in ("words", "names"))
    return (
        f"with sought as materialized (select s.query, s.marks, {ANY_OF_MARKS} as any_word "
        f"from (select q.query, search_marks(q.query) as marks from (select search_query({text}) as query offset 0) q "
        "offset 0) s) "
        "select e.record_id, e.type, s.marks, round(ts_rank(e.words, s.any_word, 1)::numeric, 4)::float8 as rank "
        f"from ({candidates}) c join search_entry e on e.record_id = c.record_id cross join sought s"
    )


def newest(column: str, types: str | None, stands: str) -> str:
    conditions = [f"e.{column} @@ s.query", *([f"e.type = any({types})"] if types else [])]
    if column == "names":
        # What the index of names leaves out.
        conditions.append("e.names <> ''")
    return (
        "(select e.record_id from (select e.record_id, e.type from sought s "
        f"join search_entry e on {' and '.join(conditions)} order by e.record_id desc offset 0) e "
        f"where {stands} order by e.record_id desc limit {MOST_RANKED})"
    )


def stands(conditions: Mapping[str, str]) -> str:
    """That a record counts, by its type; a type without a condition counts always."""
    branches = " ".join(f"when {literal(name)} then {sql}" for name, sql in conditions.items())
    return f"case e.type {branches} else true end"


def keys(t: str) -> list[Key]:
    """What results are ordered by: the best first, of equals the newest."""
    columns = ("rank", "record_id")
    return [
        Key(f"{t}.{column}", kind, descending=True, nullable=False)
        for column, kind in zip(columns, KEY_TYPES, strict=True)
    ]


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
