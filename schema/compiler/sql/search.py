"""Writes a page of a search: the records whose texts hold the words that are looked for, the best first.

The words stand in the table `search_entry`; which columns they come from, and what an answer has, says
`schema.derive.search_types`. The JSON of an edge and of a record is made by `objects`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import FieldNode, GraphQLField

from schema.compiler.plan.plan import Clock
from schema.compiler.plan.values import Bind, Given, fit_text, value_of
from schema.compiler.sql import json_text, lists, objects
from schema.compiler.sql.context import Context
from schema.compiler.sql.keyset_page import OrderKey, Page, ways_beyond
from schema.compiler.sql.rows import appearance, conjunction
from schema.compiler.sql.types import object_type
from schema.declare.fields import literal
from schema.derive.search_types import LONGEST_SEARCH, MOST_RANKED, searched
from schema.errors import Invalid, Problem

ANY_OF_MARKS = (
    "(select string_agg(case when m.mark like '%*' then quote_literal(left(m.mark, -1)) || ':*' "
    "else quote_literal(m.mark) end, ' | ')::tsquery from unnest(s.marks) m (mark))"
)
"""Ranks the records found by any of the words that are looked for. By the query itself, `ts_rank` would take a word
that must not be there for one that should, and give nothing where two words stand far apart."""

KEY_TYPES = ("double precision", "uuid")
TAG = "Search:-rank,-id"


# --- a page of what was found ---------------------------------------------------------------------


def search_json(
    context: Context, field: GraphQLField, nodes: list[FieldNode], given: Mapping[str, Given], clock: Clock
) -> str:
    """Write the JSON of one page of a search."""
    connection = object_type(field)
    wanted = context.selection.fields(connection, nodes)
    context.checks.append(Bind(given["text"], fit_search))
    lists.check_sizes(context, given)
    lists.check_cursors(context, given, TAG, KEY_TYPES)
    t, members, page = context.parameters.alias(), {}, None
    is_looked_for = any(same[0].name.value != "__typename" for same in wanted.values())
    found = f"with found as materialized ({select_found(context, given, clock)}) " if is_looked_for else ""
    for name, same in wanted.items():
        match same[0].name.value:
            case "__typename":
                members[name] = json_text.constant(connection.name)
            case "totalCount":
                members[name] = "(select count(*)::text from found)"
            case column:
                page = page or page_of_found(context, t, clock, given, peeks=objects.asks_for_page_info(wanted))
                members[name] = objects.page_json(context, page, connection.fields[column], same)
    source = f" from {page.sql()}" if page else ""
    return f"({found}select {objects.members_json(context, members)}{source})"


def page_of_found(context: Context, t: str, clock: Clock, given: Mapping[str, Given], *, peeks: bool) -> Page:
    page = Page(t, clock, "found", order_keys(t), TAG, peeks=peeks)
    positions = lists.cut(context, page, given)
    page.ways = [["true", *way] for way in ways_beyond(page.keys, positions)]
    return page


def order_keys(t: str) -> list[OrderKey]:
    """Order the results: the best first, of equals the newest."""
    columns = ("rank", "record_id")
    return [
        OrderKey(f"{t}.{column}", kind, descending=True, nullable=False)
        for column, kind in zip(columns, KEY_TYPES, strict=True)
    ]


# --- finding --------------------------------------------------------------------------------------


def fit_search(value: Any, where: str) -> str:
    """Check the text of a search. Raises Invalid where it is too long, or no text."""
    text = fit_text(value, where)
    if len(text) > LONGEST_SEARCH:
        raise Invalid(Problem(where, f"the text has {len(text)} characters; {LONGEST_SEARCH} are allowed"))
    return text


def select_found(context: Context, given: Mapping[str, Given], clock: Clock) -> str:
    """SELECT the records that hold the words looked for: record, type, rank and the words to be marked.

    Of the records that hold them, and of those whose names do, the newest that count are ranked.
    """
    text, types = context.parameters.bind(given["text"], "text", fit_search), value_of(given, "types")
    counts = condition_to_count(context, clock)
    chosen = context.parameters.bind(types, "text[]") if types else None
    candidates = " union ".join(select_newest(column, chosen, counts) for column in ("words", "names"))
    return (
        f"with sought as materialized (select s.query, s.marks, {ANY_OF_MARKS} as any_word "
        f"from (select q.query, search_marks(q.query) as marks from (select search_query({text}) as query offset 0) q "
        "offset 0) s) "
        "select e.record_id, e.type, s.marks, round(ts_rank(e.words, s.any_word, 1)::numeric, 4)::float8 as rank "
        f"from ({candidates}) c join search_entry e on e.record_id = c.record_id cross join sought s"
    )


def select_newest(column: str, types: str | None, counts: str) -> str:
    """SELECT the newest records with the words in one column of their entry `e`, as far as they count."""
    conditions = [f"e.{column} @@ s.query", *([f"e.type = any({types})"] if types else [])]
    if column == "names":
        # What the index of names leaves out.
        conditions.append("e.names <> ''")
    return (
        "(select e.record_id from (select e.record_id, e.type from sought s "
        f"join search_entry e on {' and '.join(conditions)} order by e.record_id desc offset 0) e "
        f"where {counts} order by e.record_id desc limit {MOST_RANKED})"
    )


def condition_to_count(context: Context, clock: Clock) -> str:
    """Write the condition that the record of an entry `e` counts, by its type; without one it counts always."""
    branches = []
    for cls in searched():
        type_, v = context.types.tables[cls.table.name], context.parameters.alias("v")
        if counts := appearance(context, type_, v, clock):
            exists = f"exists (select from {cls.table.name} {v} where {v}.id = e.record_id and {conjunction(counts)})"
            branches.append(f"when {literal(cls.table.name.upper())} then {exists}")
    return f"case e.type {' '.join(branches)} else true end"
