"""The parts of a statement, each alone: a function, a context, and the SQL it writes. No database is asked."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import GraphQLObjectType

from schema.compiler.document.selection import select_nothing
from schema.compiler.plan.effort import Effort, TooManySteps
from schema.compiler.plan.plan import Clock
from schema.compiler.plan.values import Given, track
from schema.compiler.sql import filters, lists, rows
from schema.compiler.sql.clocks import REQUEST_CLOCK
from schema.compiler.sql.context import Context
from schema.compiler.sql.keyset_page import OrderKey, Position, condition_beyond, ways_beyond
from schema.compiler.sql.lists import RowList
from schema.compiler.sql.parameters import MOST_SUBSELECTS, Parameters
from schema.compiler.sql.search import select_found
from schema.declare.fields import StatusPeriods
from schema.errors import Invalid
from schema.records.talks.talk import TalkFormat, TalkStatus
from tests.support.world import reader

NOW = Clock()
THEN = Clock(known_at=Given("2025-04-18", None, "knownAt"))


@pytest.fixture
def context() -> Context:
    return Context(reader().compiler, select_nothing(reader().compiler.schema))


def type_named(name: str) -> GraphQLObjectType:
    return reader().compiler.tables[name]


def given(value: Any) -> Given:
    return track(value, ("f",), "filter")


def conditions(context: Context, table: str, **members: Any) -> list[str]:
    return filters.conditions(context, type_named(table), given(members), "t", NOW)


# --- parameters and steps ------------------------------------------------------------------------


def test_a_value_is_bound_once_for_each_type() -> None:
    parameters, value = Parameters(Effort()), Given("a", ("k",), "key")
    assert [parameters.bind(value, type_) for type_ in ("text", "text", "talk_format")] == [
        "$1::text",
        "$1::text",
        "$2::text::talk_format",
    ]
    assert parameters.find("$1::text").value({"k": "b"}) == "b"


def test_aliases_end_where_a_statement_would_be_too_large() -> None:
    parameters = Parameters(Effort())
    parameters.pasts = MOST_SUBSELECTS - 1
    assert parameters.alias("v") == "v1"
    with pytest.raises(Invalid, match="subselects"):
        parameters.alias()


def test_every_step_counts_against_those_left() -> None:
    parameters = Parameters(Effort(2))
    parameters.alias()
    parameters.alias()
    with pytest.raises(TooManySteps):
        parameters.alias()


# --- rows and clocks -----------------------------------------------------------------------------


def test_rows_are_a_table_now_and_a_selection_of_its_past_then(context: Context) -> None:
    assert rows.rows_of(context, type_named("talk"), NOW) == "talk"
    assert rows.rows_of(context, type_named("talk"), THEN) == (
        "(select * from known.talk where known_from <= $1::text::timestamptz and $1::text::timestamptz < known_until)"
    )


def test_tokens_of_declared_sql_stand_for_the_row_the_parent_and_the_clock(context: Context) -> None:
    assert rows.expand(context, "{t}.process_id = {parent}.id", "t1", NOW, "t0") == "t1.process_id = t0.id"
    assert rows.expand(context, "{t}.ends < {today} and '{}' <> {caller}", "t", NOW) == (
        "t.ends < $1::date and '{}' <> $2::text"
    )


def test_a_name_that_is_no_table_is_no_token(context: Context) -> None:
    with pytest.raises(LookupError, match="no token"):
        rows.expand(context, "select from {nothing}", "t", NOW)


@pytest.mark.parametrize(
    ("clock", "ahead", "reads"),
    [
        (NOW, True, True),
        (NOW, False, True),
        (THEN, False, False),
        (Clock(as_of=Given("2025-04-18", None, "asOf")), False, True),
        (Clock(as_of=Given("2025-04-18", None, "asOf")), True, False),
    ],
)
def test_precomputed_periods_are_read_where_they_hold(clock: Clock, ahead: bool, reads: bool) -> None:
    assert REQUEST_CLOCK.reads_periods(StatusPeriods("talk", (), "", "", ahead=ahead), clock) is reads


# --- filters -------------------------------------------------------------------------------------


def test_a_filter_that_asks_for_nothing_has_no_conditions(context: Context) -> None:
    assert conditions(context, "talk", title=None) == []
    assert filters.conditions(context, type_named("talk"), None, "t", NOW) == []


def test_values_are_bound_and_members_of_enums_written_out(context: Context) -> None:
    assert conditions(context, "talk", title={"contains": "x"}, format={"in": [TalkFormat.PHONE]}) == [
        "strpos(lower(t.title), lower($1::text)) > 0",
        "t.format = any(array['PHONE']::talk_format[])",
    ]


def test_not_holds_where_its_conditions_are_unknown(context: Context) -> None:
    assert conditions(context, "talk", **{"not": {"title": {"eq": "x"}}}) == ["(t.title = $1::text) is not true"]


def test_a_precomputed_status_is_sought_through_its_index(context: Context) -> None:
    (found,) = conditions(context, "talk", status={"eq": TalkStatus.HELD})
    assert found.startswith("t.id in (select p.record_id from kept.talk p where p.status = 'HELD'::text and p.counts")


def test_null_cannot_be_compared_with(context: Context) -> None:
    with pytest.raises(Invalid, match="use isNull"):
        conditions(context, "talk", title={"eq": None})


# --- lists ---------------------------------------------------------------------------------------


def row_list(table: str, **arguments: Any) -> RowList:
    tracked = {name: given(value) for name, value in arguments.items()}
    return RowList(type_named(table), "t", NOW, tracked, table, ["true"])


def test_a_page_without_arguments_is_the_first_in_the_order_of_its_type(context: Context) -> None:
    page = lists.page(context, row_list("talk"), peeks=False)
    assert (page.size, page.backward, page.ways) == (20, False, [["true"]])
    assert page.tag.startswith("Talk:")
    assert page.sql().count("limit 20)") == 1


def test_a_page_that_peeks_reads_one_row_more(context: Context) -> None:
    assert "limit 3 + 1" in lists.page(context, row_list("talk", last=3), peeks=True).sql()


def test_a_status_that_is_asked_for_is_one_more_way_to_the_rows(context: Context) -> None:
    page = lists.page(context, row_list("talk", filter={"status": {"eq": TalkStatus.HELD}}), peeks=False)
    assert page.few.startswith("select p.record_id from kept.talk p")
    assert [way[0] for way in page.ways] == [
        "(select cardinality(ids) from few) <= 1000",
        "(select cardinality(ids) from few) > 1000",
    ]


def test_a_page_is_cut_from_one_side(context: Context) -> None:
    with pytest.raises(Invalid, match="exclude each other"):
        lists.page(context, row_list("talk", first=1, last=1), peeks=False)


@pytest.mark.parametrize(
    ("descending", "forward", "sign"), [(False, True, ">"), (True, True, "<"), (False, False, "<"), (True, False, ">")]
)
def test_a_position_is_compared_in_the_direction_of_the_order(descending: bool, forward: bool, sign: str) -> None:
    keys = [OrderKey(name, "text", descending, nullable=False) for name in ("a", "b")]
    assert condition_beyond(keys, Position(["$1", "$2"], forward)) == f"(a, b) {sign} ($1, $2)"


def test_rows_without_a_first_key_are_read_by_a_way_of_their_own() -> None:
    keys = [OrderKey("day", "date", descending=False, nullable=True), OrderKey("key", "text", False, nullable=False)]
    assert ways_beyond(keys, [Position(["$1", "$2"], forward=True)]) == [
        ["(day, key) > ($1, $2)"],
        ["day is null and ($1 is not null or (key) > ($2))"],
    ]
    assert len(ways_beyond(keys, [Position(["$1", "$2"], forward=False)])) == 1


# --- search --------------------------------------------------------------------------------------


def test_a_search_ranks_the_newest_that_count_of_each_index(context: Context) -> None:
    found = select_found(context, {"text": given("peace"), "types": given(["TALK"])}, NOW)
    assert found.count("limit 1000)") == 2
    assert "search_query($1::text)" in found
    assert "e.type = any($3::text[])" in found
    assert "when 'TALK' then exists (select from talk v" in found
