"""Lists: pages that stay whole whatever they are ordered by, and filters that mean what they say."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import psycopg
import pytest

from api.http.query_string import read_parameters
from api.rest.parameters import read_variables
from api.rest.read import reads
from bench import data
from schema.declare.fields import Children, literal, rule_of
from schema.declare.reflection import fields_of
from schema.errors import Invalid
from schema.records.actors.actor import Actor
from schema.records.processes.conflict import Conflict
from schema.records.processes.issue import Issue
from schema.records.processes.process import Process
from schema.records.registry import RECORDS
from schema.records.statements.statement import Statement
from schema.records.talks.participation import Participation
from schema.records.talks.talk import Talk
from schema.records.timeline.deadline import Deadline
from schema.records.timeline.milestone import Milestone
from tests.support.random_world import build
from tests.support.world import CLOCK, Desk, desk_at, reader

MANY_TALKS = 400
"""With 20 statements each."""

DATED = [cls for cls in RECORDS if cls.table.order[0].endswith(".earliest") and cls.table.source is None]
"""The types whose lists are in the order of their first days."""

LIST = """query ($first: Int, $after: String, $last: Int, $before: String, $order: [TalkOrder!], $filter: TalkFilter) {
    talks(first: $first, after: $after, last: $last, before: $before, orderBy: $order, filter: $filter) {
        totalCount
        nodes { key }
        edges { cursor }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
}"""


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[Desk]:
    async with desk_at(database_url) as desk:
        yield desk


async def page(desk: Desk, **arguments: Any) -> Any:
    return (await desk.ask(LIST, **arguments))["talks"]


def keys(found: Any) -> list[str]:
    return [each["key"] for each in found["nodes"]]


async def fill(desk: Desk, count: int) -> list[str]:
    """Talks t00, t01 …, each a day later than the one before."""
    for index in range(count):
        await desk.add(Talk, f"t{index:02}", starts=f"2025-03-{index + 1:02}")
    return [f"t{index:02}" for index in range(count)]


# --- pages ---------------------------------------------------------------------------------------


async def test_a_page_has_twenty_items_unless_another_size_is_asked_for(desk: Desk) -> None:
    all_keys = await fill(desk, 22)
    found = await page(desk)
    assert keys(found) == all_keys[:20]
    assert found["totalCount"] == 22
    assert found["pageInfo"]["hasNextPage"] is True
    assert keys(await page(desk, first=21)) == all_keys[:21]
    assert keys(await page(desk, before=found["pageInfo"]["endCursor"])) == all_keys[:19]
    assert keys(await page(desk, after=found["pageInfo"]["endCursor"])) == all_keys[20:]


@pytest.mark.parametrize("size", [0, -1, 101, 2**31 - 1, -(2**31)])
@pytest.mark.parametrize("argument", ["first", "last"])
async def test_a_page_size_outside_1_to_100_is_refused(desk: Desk, argument: str, size: int) -> None:
    with pytest.raises(Invalid, match=f"talks.{argument}: {size} is not a page size; give 1 to 100"):
        await page(desk, **{argument: size})


@pytest.mark.parametrize("wanted", ["totalCount", "__typename", "pageInfo { hasNextPage }", "nodes { key }"])
@pytest.mark.parametrize(
    "arguments",
    [
        "first: 0",
        "last: 101",
        "first: 1, last: 1",
        'after: "x"',
        'before: ""',
        'first: 1, after: "W10", orderBy: KEY_ASC',
    ],
)
async def test_a_page_that_cannot_be_is_refused_whatever_is_asked_of_it(
    desk: Desk, arguments: str, wanted: str
) -> None:
    with pytest.raises(Invalid):
        await desk.ask(f"{{ talks({arguments}) {{ {wanted} }} }}")


@pytest.mark.parametrize("size", [1, 100])
async def test_a_page_size_from_1_to_100_is_accepted(desk: Desk, size: int) -> None:
    assert await page(desk, first=size) == await page(desk, last=size)


async def test_first_and_last_together_are_refused(desk: Desk) -> None:
    with pytest.raises(Invalid, match="first and last exclude each other"):
        await page(desk, first=1, last=1)
    assert keys(await page(desk, first=None, last=None)) == []


async def test_an_empty_page_has_no_cursors(desk: Desk) -> None:
    assert (await page(desk))["pageInfo"] == {
        "hasNextPage": False,
        "hasPreviousPage": False,
        "startCursor": None,
        "endCursor": None,
    }


async def test_page_info_tells_where_the_list_goes_on(desk: Desk) -> None:
    await fill(desk, 5)
    cursors = [each["cursor"] for each in (await page(desk))["edges"]]

    async def around(**arguments: Any) -> tuple[str, bool, bool]:
        found = await page(desk, **arguments)
        info = found["pageInfo"]
        assert info["startCursor"] == found["edges"][0]["cursor"]
        assert info["endCursor"] == found["edges"][-1]["cursor"]
        return "".join(key[-1] for key in keys(found)), info["hasPreviousPage"], info["hasNextPage"]

    assert await around() == ("01234", False, False)
    assert await around(first=5) == ("01234", False, False)
    assert await around(first=4) == ("0123", False, True)
    assert await around(first=2, after=cursors[0]) == ("12", True, True)
    assert await around(first=2, after=cursors[2]) == ("34", True, False)
    assert await around(last=5) == ("01234", False, False)
    assert await around(last=4) == ("1234", True, False)
    assert await around(last=2, before=cursors[2]) == ("01", False, True)
    assert await around(last=2, before=cursors[3]) == ("12", True, True)
    assert await around(before=cursors[2]) == ("01", False, True)
    assert await around(first=1, before=cursors[2]) == ("0", False, True)
    assert await around(first=2, before=cursors[2]) == ("01", False, True)
    assert await around(last=1, after=cursors[2]) == ("4", True, False)
    assert await around(last=2, after=cursors[2]) == ("34", True, False)
    assert await around(after=cursors[0], before=cursors[4]) == ("123", True, True)
    assert await around(first=1, after=cursors[0], before=cursors[4]) == ("1", True, True)
    assert await around(last=1, after=cursors[0], before=cursors[4]) == ("3", True, True)


async def test_pages_stay_whole_when_something_is_inserted_between_them(desk: Desk) -> None:
    await fill(desk, 6)
    first = await page(desk, first=3)
    await desk.add(Talk, "early", starts="2025-02-01")
    await desk.add(Talk, "late", starts="2025-03-05")
    rest = await page(desk, first=10, after=first["pageInfo"]["endCursor"])
    assert keys(first) + keys(rest) == ["t00", "t01", "t02", "t03", "t04", "late", "t05"]


async def test_a_cursor_outlives_the_retraction_of_its_item(desk: Desk) -> None:
    await fill(desk, 4)
    first = await page(desk, first=2)
    uuid = (await desk.ask('{ talk(by: {key: "t01"}) { id } }'))["talk"]["id"]
    await desk.change_record(Talk, uuid, retracted_at="2025-04-01T00:00:00Z")
    assert keys(await page(desk, after=first["pageInfo"]["endCursor"])) == ["t02", "t03"]


async def test_ties_are_settled_the_same_way_on_every_page(desk: Desk) -> None:
    for index in range(7):
        await desk.add(Talk, f"t{index}", title="The same", starts="2025-04-17")
    for order in ([], ["TITLE_ASC"], ["TITLE_DESC"], ["STARTS_EARLIEST_DESC", "TITLE_DESC"]):
        assert sorted(await walk(desk, "talks", order)) == [f"t{index}" for index in range(7)]


@pytest.mark.parametrize(
    ("order", "wanted"),
    [
        (["VENUE_ASC"], ["a", "b", "none", "none2"]),
        (["VENUE_DESC"], ["none", "none2", "b", "a"]),
        (["VENUE_DESC", "KEY_DESC"], ["none2", "none", "b", "a"]),
        (["VENUE_ASC", "KEY_DESC"], ["a", "b", "none2", "none"]),
        (["STARTS_LATEST_ASC", "VENUE_DESC"], ["none", "none2", "b", "a"]),
    ],
)
async def test_a_missing_value_comes_last_going_up_and_first_going_down(
    desk: Desk, order: list[str], wanted: list[str]
) -> None:
    for key, venue in (("none", None), ("b", "B"), ("a", "A"), ("none2", None)):
        await desk.add(Talk, key, venue=venue)
    assert keys(await page(desk, order=order)) == wanted
    assert await walk(desk, "talks", order, size=1) == wanted
    assert await walk(desk, "talks", order, size=1, backward=True) == wanted


async def test_the_same_order_given_twice_counts_once(desk: Desk) -> None:
    await fill(desk, 3)
    assert keys(await page(desk, order=["KEY_DESC", "KEY_DESC", "ID_ASC"])) == ["t02", "t01", "t00"]


async def test_the_contrary_order_given_second_changes_nothing(desk: Desk) -> None:
    await fill(desk, 3)
    assert await walk(desk, "talks", ["KEY_DESC", "KEY_ASC"], size=1) == ["t02", "t01", "t00"]


async def walk(desk: Desk, list: str, order: list[str], *, size: int = 3, backward: bool = False) -> list[str]:
    """The keys of a whole list, page by page, in the order of the list."""
    cls = next(each for each in RECORDS if each.table.list_field == list)
    turn = "last: $size, before: $cursor" if backward else "first: $size, after: $cursor"
    text = f"""query ($size: Int, $cursor: String, $order: [{cls.__name__}Order!]) {{
        {list}(orderBy: $order, {turn}) {{
            nodes {{ key }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}
        }}
    }}"""
    found: list[str] = []  # type: ignore[valid-type]
    cursor = None
    while True:
        page = (await desk.ask(text, size=size, cursor=cursor, order=order))[list]
        found = [*keys(page), *found] if backward else [*found, *keys(page)]
        info = page["pageInfo"]
        if not info["hasPreviousPage" if backward else "hasNextPage"]:
            return found
        assert len(keys(page)) == size
        cursor = info["startCursor" if backward else "endCursor"]


@pytest.fixture(scope="module")
async def world(postgres: str, template_url: str) -> AsyncIterator[Desk]:
    """A random world, for tests that only read."""
    from tests.conftest import new_database  # noqa: PLC0415

    with new_database(postgres, template_url) as url:
        async with desk_at(url) as desk:
            await build(desk, seed=5)
            yield desk


LASTING = """query (
    $filter: %(type)sFilter, $order: [%(type)sOrder!], $first: Int, $after: String, $last: Int, $before: String
) {
    page: %(plural)s(filter: $filter, orderBy: $order, first: $first, after: $after, last: $last, before: $before) {
        totalCount nodes { key } edges { cursor }
    }
}"""


@pytest.mark.parametrize("operator", ["gte", "gt", "eq"])
@pytest.mark.parametrize("record", DATED, ids=lambda cls: cls.__name__)
async def test_what_lasts_until_a_day_is_listed_as_if_all_were_read(
    world: Desk, record: type[Any], operator: str
) -> None:
    """Inside an `or` the same condition is asked of each row, and nothing is parted."""
    text = LASTING % {"type": record.__name__, "plural": record.table.list_field}
    field = record.table.order[0].partition(".")[0]
    day = (await last_day(world, record, field) - timedelta(operator == "gt")).isoformat()
    found = 0
    for order in (f"{field.upper()}_EARLIEST_ASC", f"{field.upper()}_EARLIEST_DESC"):
        lasting = {field: {"latest": {operator: day}}}
        whole = (await world.ask(text, filter={"or": [lasting]}, order=order, first=100))["page"]
        assert (await world.ask(text, filter=lasting, order=order, first=100))["page"] == whole
        assert (await world.ask(text, filter=lasting, order=order, last=100))["page"] == whole
        for index, edge in enumerate(whole["edges"]):
            after = await world.ask(text, filter=lasting, order=order, first=3, after=edge["cursor"])
            assert keys(after["page"]) == keys(whole)[index + 1 : index + 4]
            before = await world.ask(text, filter=lasting, order=order, last=3, before=edge["cursor"])
            assert keys(before["page"]) == keys(whole)[max(index - 3, 0) : index]
        began_before = {"and": [lasting, {field: {"earliest": {"lt": day}}}]}
        found += (await world.ask(text, filter=began_before, first=1))["page"]["totalCount"]
    assert found, f"no {record.__name__} begins before {day} and ends later"


async def last_day(world: Desk, record: type[Any], field: str) -> date:
    """The last day of a vague date in the middle of others."""
    day = await world.connection.fetchval(f"""
        select percentile_disc(0.5) within group (order by ({field}).latest)
        from {record.table.name}
        where retracted_at is null
            and ({field}).latest - ({field}).earliest > 1
            and ({field}).earliest < '{CLOCK:%Y-%m-%d}'
    """)
    assert isinstance(day, date)
    return day


@pytest.mark.parametrize("record", RECORDS, ids=lambda cls: cls.__name__)
async def test_every_order_walks_the_whole_list_once_in_both_directions(world: Desk, record: type[Any]) -> None:
    plural = record.table.list_field
    orders = reader().compiler.schema.type_map[f"{record.__name__}Order"].values  # type: ignore[attr-defined]
    whole = await world.ask(f"{{ {plural}(first: 100) {{ totalCount nodes {{ key }} }} }}")
    everything = keys(whole[plural])
    assert len(everything) == whole[plural]["totalCount"] > 1
    assert len(set(everything)) == len(everything)
    for order in orders:
        forward = await walk(world, plural, [order])
        assert sorted(forward) == sorted(everything), order
        assert await walk(world, plural, [order], backward=True) == forward, order


async def test_nested_lists_page_each_for_itself(desk: Desk) -> None:
    for process in ("a", "b"):
        uuid = await desk.add(Process, process)
        for number in range(3):
            await desk.add(Talk, f"{process}{number}", process=uuid, starts=f"2025-03-0{number + 1}")
    text = """query ($after: String) { processes { nodes { talks(first: 2, after: $after) {
        totalCount nodes { key } pageInfo { hasNextPage endCursor }
    } } } }"""
    first = [each["talks"] for each in (await desk.ask(text))["processes"]["nodes"]]
    assert [keys(each) for each in first] == [["a0", "a1"], ["b0", "b1"]]
    assert [each["totalCount"] for each in first] == [3, 3]
    second = [
        each["talks"] for each in (await desk.ask(text, after=first[0]["pageInfo"]["endCursor"]))["processes"]["nodes"]
    ]
    assert [keys(each) for each in second] == [["a2"], ["b1", "b2"]]


# --- cursors -------------------------------------------------------------------------------------


def encoded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "=", "é", "W10", "bnVsbA", "e30", encoded([]), encoded(["Talk:starts.earliest,id"]),
     encoded(["Talk:starts.earliest,id", "2025-04-17"]),
     encoded(["Talk:starts.earliest,id", "2025-04-17", "no id"]),
     encoded(["Talk:starts.earliest,id", "2025-02-30", "00000000-0000-7000-8000-000000000000"]),
     encoded(["Talk:starts.earliest,id", 5, "00000000-0000-7000-8000-000000000000"]),
     encoded(["Talk:starts.earliest,id", ["2025-04-17"], {"a": 1}]),
     encoded(["Talk:starts.earliest,id", "2025-04-17", "00000000-0000-7000-8000-000000000000", "x"]),
     encoded([["Talk:starts.earliest,id"], "2025-04-17", "00000000-0000-7000-8000-000000000000"]),
     encoded("Talk:starts.earliest,id"), "[" * 5000],
)  # fmt: skip
@pytest.mark.parametrize("argument", ["after", "before"])
async def test_garbage_is_no_cursor(desk: Desk, argument: str, cursor: str) -> None:
    with pytest.raises(Invalid) as refused:
        await page(desk, **{argument: cursor})
    assert f"talks.{argument}" in str(refused.value)
    assert "is not a cursor of this list in this order" in str(refused.value)


async def test_a_cursor_of_another_order_or_list_is_refused(desk: Desk) -> None:
    await fill(desk, 2)
    await desk.add(Deadline, "d", subject=(await desk.ask("{ talks { nodes { id } } }"))["talks"]["nodes"][0]["id"])
    cursor = (await page(desk, order=["KEY_ASC"]))["pageInfo"]["startCursor"]
    assert keys(await page(desk, order=["KEY_ASC"], after=cursor)) == ["t01"]
    for order in (["KEY_DESC"], ["TITLE_ASC"], ["KEY_ASC", "TITLE_ASC"], None, []):
        with pytest.raises(Invalid, match="not a cursor"):
            await page(desk, order=order, after=cursor)
    other = (await desk.ask("{ deadlines { pageInfo { startCursor } } }"))["deadlines"]["pageInfo"]["startCursor"]
    with pytest.raises(Invalid, match="not a cursor"):
        await page(desk, after=other)


@pytest.mark.parametrize(
    ("order", "forged"),
    [
        (["VERSION_ASC"], ["Talk:version,id", "99999999999999", "00000000-0000-7000-8000-000000000000"]),
        (["FORMAT_ASC"], ["Talk:format,id", "BY_PIGEON", "00000000-0000-7000-8000-000000000000"]),
        (["CREATED_AT_ASC"], ["Talk:created_at,id", "yesterday", "00000000-0000-7000-8000-000000000000"]),
        (["KEY_ASC"], ["Talk:key,id", "a\x00", "00000000-0000-7000-8000-000000000000"]),
        (["KEY_ASC"], ["Talk:key,id", "\ud800", "00000000-0000-7000-8000-000000000000"]),
        (["KEY_ASC"], ["Talk:key,id", 7, "00000000-0000-7000-8000-000000000000"]),
        (["STATUS_ASC"], ["Talk:status,id", None, None]),
    ],
)
async def test_a_forged_cursor_is_refused_or_means_nothing(desk: Desk, order: list[str], forged: list[Any]) -> None:
    await fill(desk, 1)
    try:
        await page(desk, order=order, after=encoded(forged))
    except Invalid:
        return
    assert forged[1] is None


# --- filters -------------------------------------------------------------------------------------


@pytest.fixture
async def talks(desk: Desk) -> Desk:
    """Three talks that differ in everything that can be filtered."""
    conflict = await desk.add(Conflict, "conflict", countries=["UA", "RU"])
    await desk.add(Conflict, "nowhere")
    process = await desk.add(Process, "process", conflict=conflict)
    us = await desk.add(Actor, "us", name="United States")
    fr = await desk.add(Actor, "fr", name="France")
    paris = await desk.add(
        Talk, "paris", title="Talks in Paris", process=process, format="IN_PERSON", starts="2025-04-17", city="Paris"
    )
    await desk.add(
        Talk,
        "london",
        title="Talks in London",
        process=process,
        follows=paris,
        format="VIDEO",
        starts="2025-04-18/2025-04-24",
    )
    await desk.add(Talk, "call", title="A call 100%")
    await desk.add(Participation, "us-paris", talk=paris, actor=us, attendance="REPORTED", head_of_delegation=True)
    await desk.add(Participation, "fr-paris", talk=paris, actor=fr, role="HOST")
    await desk.add(Issue, "issue")
    await desk.add(Statement, "s", talk=paris, said="2025-04-17")
    await desk.add(Milestone, "m", subject=paris, at="2025-04-01")
    return desk


FILTERS: list[tuple[dict[str, Any], str]] = [
    ({}, "call london paris"),
    ({"title": {}}, "call london paris"),
    ({"title": None}, "call london paris"),
    ({"key": {"eq": "paris"}}, "paris"),
    ({"key": {"ne": "paris"}}, "call london"),
    ({"key": {"in": ["paris", "call", "rome"]}}, "call paris"),
    ({"key": {"in": []}}, ""),
    ({"key": {"in": "paris"}}, "paris"),
    ({"key": {"lt": "london"}}, "call"),
    ({"key": {"lte": "london"}}, "call london"),
    ({"key": {"gt": "london"}}, "paris"),
    ({"key": {"gte": "london"}}, "london paris"),
    ({"key": {"gt": "a", "lt": "d"}}, "call"),
    ({"title": {"contains": "IN P"}}, "paris"),
    ({"title": {"contains": "%"}}, "call"),
    ({"title": {"contains": "_"}}, ""),
    ({"title": {"contains": ""}}, "call london paris"),
    ({"city": {"isNull": True}}, "call london"),
    ({"city": {"isNull": False}}, "paris"),
    ({"city": {"ne": "Paris"}}, "call london"),
    ({"city": {"contains": "a"}}, "paris"),
    ({"version": {"eq": 1}}, "call london paris"),
    ({"version": {"gt": 1}}, ""),
    ({"version": {"in": [1, 2]}}, "call london paris"),
    ({"createdAt": {"gt": "2025-01-01"}}, "call london paris"),
    ({"createdAt": {"lte": "2025-01-01T00:00:00+02:00"}}, ""),
    ({"retractedAt": {"isNull": True}}, "call london paris"),
    ({"format": {"eq": "VIDEO"}}, "london"),
    ({"format": {"ne": "VIDEO"}}, "call paris"),
    ({"format": {"in": ["VIDEO", "IN_PERSON"]}}, "london paris"),
    ({"format": {"in": []}}, ""),
    ({"format": {"isNull": True}}, "call"),
    ({"status": {"eq": "UNDER_WAY"}}, ""),
    ({"status": {"eq": "HELD"}}, "paris"),
    ({"status": {"ne": "HELD"}}, "call london"),
    ({"status": {"in": ["HELD", "EXPECTED"]}}, "call london paris"),
    ({"status": {"isNull": False}}, "call london paris"),
    ({"starts": {"earliest": {"eq": "2025-04-17"}}}, "paris"),
    ({"starts": {"latest": {"gte": "2025-04-18"}}}, "london"),
    ({"starts": {"precision": {"eq": "DAY"}}}, "paris"),
    ({"starts": {"precision": {"in": ["DAY", "INTERVAL"]}}}, "london paris"),
    ({"starts": {"edtf": {"isNull": True}}}, "call"),
    ({"starts": {"edtf": {"contains": "/"}}}, "london"),
    ({"starts": {}}, "call london paris"),
    ({"daysUntil": {"min": {"lt": 0}}}, "paris"),
    ({"daysUntil": {"max": {"gte": 6}}}, "london"),
    ({"process": {"key": {"eq": "process"}}}, "london paris"),
    ({"process": {}}, "call london paris"),
    ({"process": {"conflict": {"countries": {"has": "UA"}}}}, "london paris"),
    ({"process": {"conflict": {"countries": {"has": "FR"}}}}, ""),
    ({"process": {"conflict": {"countries": {"isEmpty": False}}}}, "london paris"),
    ({"follows": {"key": {"eq": "paris"}}}, "london"),
    ({"follows": {"follows": {"key": {"ne": "paris"}}}}, ""),
    ({"not": {"process": {"id": {"isNull": False}}}}, "call"),
    ({"mergedInto": {"id": {"isNull": True}}}, ""),
    ({"not": {"mergedInto": {"id": {"isNull": False}}}}, "call london paris"),
    ({"followedBy": {"some": {"key": {"eq": "london"}}}}, "paris"),
    ({"followedBy": {"none": {"key": {"eq": "london"}}}}, "call london"),
    ({"participations": {"some": {"actor": {"name": {"contains": "france"}}}}}, "paris"),
    ({"participations": {"some": {"headOfDelegation": {"eq": True}, "role": {"eq": "PARTY"}}}}, "paris"),
    ({"participations": {"some": {"headOfDelegation": {"eq": True}, "role": {"eq": "HOST"}}}}, ""),
    ({"participations": {"some": {"attendance": {"eq": "REPORTED"}}, "none": {"role": {"eq": "HOST"}}}}, ""),
    ({"participations": {"some": {"key": {"isNull": False}}}}, "paris"),
    ({"participations": {"none": {"key": {"isNull": False}}}}, "call london"),
    ({"participations": {"some": {}}}, "paris"),
    ({"participations": {"none": {}}}, "call london"),
    ({"participations": {"some": None}}, "call london paris"),
    ({"participations": {"some": {"key": {}}}}, "call london paris"),
    ({"participations": {"none": {"and": []}}}, "call london paris"),
    ({"and": []}, "call london paris"),
    ({"or": []}, "call london paris"),
    ({"and": [{}]}, "call london paris"),
    ({"or": [{}]}, "call london paris"),
    ({"not": {}}, "call london paris"),
    ({"or": [{}, {"key": {"eq": "paris"}}]}, "call london paris"),
    ({"or": [{"key": {"eq": "paris"}}, {"key": {"eq": "call"}}]}, "call paris"),
    ({"or": [{"key": {"eq": "paris"}, "city": {"isNull": True}}, {"key": {"eq": "call"}}]}, "call"),
    ({"and": [{"key": {"ne": "paris"}}, {"key": {"ne": "call"}}]}, "london"),
    ({"and": [{"or": [{"key": {"eq": "paris"}}, {"key": {"eq": "call"}}]}, {"city": {"isNull": True}}]}, "call"),
    ({"or": [{"key": {"eq": "paris"}}, {"key": {"eq": "call"}}], "city": {"isNull": True}}, "call"),
    ({"not": {"city": {"eq": "Paris"}}}, "call london"),
    ({"not": {"or": [{"city": {"eq": "Paris"}}, {"key": {"eq": "call"}}]}}, "london"),
    ({"not": {"not": {"city": {"eq": "Paris"}}}}, "paris"),
    ({"or": {"key": {"eq": "paris"}}}, "paris"),
]


def written(value: Any) -> str:
    """A filter as it stands in a document."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {written(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    if isinstance(value, str) and value.isupper() and value.replace("_", "").isalpha() and len(value) > 2:
        return value
    return json.dumps(value)


async def test_filters_mean_what_they_say_in_variables_and_in_the_document(talks: Desk) -> None:
    for condition, wanted in FILTERS:
        by_variable = await page(talks, filter=condition, order=["KEY_ASC"])
        assert (" ".join(keys(by_variable)), by_variable["totalCount"]) == (wanted, len(wanted.split())), condition
        text = written(condition)
        if "IN P" not in text:
            found = await talks.ask(f"{{ talks(filter: {text}, orderBy: KEY_ASC) {{ nodes {{ key }} }} }}")
            assert " ".join(keys(found["talks"])) == wanted, text


async def test_an_id_is_compared_as_an_id(talks: Desk) -> None:
    uuid = (await talks.ask('{ talk(by: {key: "paris"}) { id } }'))["talk"]["id"]
    for given in (uuid, uuid.upper()):
        assert keys(await page(talks, filter={"id": {"eq": given}})) == ["paris"]
        assert keys(await page(talks, filter={"id": {"in": [given]}})) == ["paris"]
    found = await talks.ask(
        "query ($id: ID) { milestones(filter: {subject: {id: {eq: $id}}}) { nodes { key } } }", id=uuid
    )
    assert keys(found["milestones"]) == ["m"]


@pytest.mark.parametrize(
    "filter", [{"id": {"eq": "paris"}}, {"id": {"in": ["paris"]}}, {"process": {"id": {"ne": ""}}}]
)
async def test_what_is_no_id_is_refused(desk: Desk, filter: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match="is not an id"):
        await page(desk, filter=filter)


@pytest.mark.parametrize("operator", ["eq", "ne", "in", "lt", "lte", "gt", "gte", "contains", "isNull"])
async def test_null_is_no_value_to_compare_with(desk: Desk, operator: str) -> None:
    with pytest.raises(Invalid, match="null cannot be compared with; use isNull"):
        await page(desk, filter={"title": {operator: None}})


async def test_lists_of_text_have_conditions_of_their_own(talks: Desk) -> None:
    text = "query ($f: ConflictFilter) { conflicts(filter: $f) { nodes { key } } }"
    for condition, wanted in (
        ({"countries": {"has": "UA"}}, ["conflict"]), ({"countries": {"has": "ua"}}, []),
        ({"countries": {"isEmpty": True}}, ["nowhere"]), ({"countries": {"isEmpty": False}}, ["conflict"]),
    ):  # fmt: skip
        assert keys((await talks.ask(text, f=condition))["conflicts"]) == wanted


async def test_filters_see_the_clock_of_their_field(talks: Desk) -> None:
    text = """query ($at: DateTime, $s: TalkStatus!) {
        talks(asOf: $at, filter: {status: {eq: $s}}, orderBy: KEY_ASC) { nodes { key } totalCount }
    }"""
    for at, status, wanted in (
        ("2025-04-17", "UNDER_WAY", ["paris"]), ("2025-04-18", "HELD", ["paris"]),
        ("2025-04-17", "EXPECTED", ["call"]), ("2025-04-24", "EXPECTED", ["call", "london"]),
        ("2025-04-25", "OVERDUE", ["london"]), ("2025-04-24", "OVERDUE", []),
    ):  # fmt: skip
        found = (await talks.ask(text, at=at, s=status))["talks"]
        assert (keys(found), found["totalCount"]) == (wanted, len(wanted)), (at, status)


async def test_lists_are_ordered_by_what_is_computed(talks: Desk) -> None:
    assert keys(await page(talks, order=["STATUS_ASC", "KEY_ASC"])) == ["call", "london", "paris"]
    assert keys(await page(talks, order=["STATUS_DESC", "KEY_ASC"])) == ["paris", "call", "london"]
    assert keys(await page(talks, order=["DAYS_UNTIL_MIN_DESC"])) == ["call", "london", "paris"]


# --- every list has them -------------------------------------------------------------------------


def test_every_list_has_the_arguments_of_a_page() -> None:
    for type_ in reader().compiler.tables.values():
        for field in fields_of(type_.extensions["strawberry-definition"].origin):
            if isinstance(rule_of(field), Children):
                names = [argument.python_name for argument in field.arguments]
                assert names == ["filter", "order_by", "first", "after", "last", "before"], field.python_name


# --- the ends of the calendar --------------------------------------------------------------------


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
async def test_the_first_and_the_last_day_are_days_like_others(desk: Desk, day: str) -> None:
    process = await desk.add(Process, "p")
    for key in ("a", "b"):
        await desk.add(Deadline, key, subject=process, due=day, anchor="0001-01-01")
    question = """query ($day: Date!, $after: String) {
        equal: deadlines(filter: {due: {latest: {eq: $day}}}) { totalCount }
        listed: deadlines(filter: {due: {latest: {in: [$day]}}}) { totalCount }
        page: deadlines(first: 1, after: $after, orderBy: [DUE_LATEST_ASC]) { nodes { key } pageInfo { endCursor } }
    }"""

    first = await desk.ask(question, day=day)
    second = await desk.ask(question, day=day, after=first["page"]["pageInfo"]["endCursor"])

    assert (first["equal"], first["listed"]) == ({"totalCount": 2}, {"totalCount": 2})
    assert [keys(first["page"]), keys(second["page"])] == [["a"], ["b"]]


async def test_the_last_instant_is_after_everything_that_is_known(desk: Desk) -> None:
    await desk.add(Actor, "a")
    question = "query ($at: DateTime) { actors(asOf: $at, knownAt: $at) { totalCount } }"

    assert await desk.ask(question, at="9999-12-31T23:59:59.999999Z") == {"actors": {"totalCount": 1}}


@pytest.fixture(scope="module")
async def many(postgres: str, template_url: str) -> AsyncIterator[Desk]:
    """Thousands of records, spread over six years."""
    from tests.conftest import new_database  # noqa: PLC0415

    with new_database(postgres, template_url) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            data.fill(connection, MANY_TALKS)
        async with desk_at(url) as desk:
            yield desk


async def test_what_is_listed_by_days_has_its_indexes(desk: Desk) -> None:
    assert set(DATED) >= {Talk, Statement, Deadline, Milestone}
    for record in DATED:
        table, field = record.table.name, record.table.order[0].removesuffix(".earliest")
        rows = await desk.connection.fetch("select indexdef from pg_indexes where tablename = $1", table)
        found = [each["indexdef"].partition(" USING ")[2] for each in rows]
        vague = f"gist (daterange(({field}).earliest, ({field}).latest, '[]'::text))"
        assert f"btree ((({field}).earliest), id)" in found, table
        assert f"{vague} WHERE (({field}).latest IS DISTINCT FROM ({field}).earliest)" in found, table


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
@pytest.mark.parametrize(
    "more", ["", "&asOf={now}T00:00:00Z", "&after={cursor}", "&until={until}", "&last=20&until={until}"]
)
@pytest.mark.parametrize("plural", ["talks", "statements", "deadlines"])
async def test_a_list_from_a_day_on_is_read_from_that_day_on(many: Desk, plural: str, more: str, mode: str) -> None:
    """Whatever was years before, and however the server plans its statements."""
    today = datetime.now(UTC).date()
    given = {"now": today, "from": today - timedelta(400), "until": today - timedelta(300)}
    first = await many.connection.fetchval(*rest_statement(f"/v1/{plural}", f"from={given['from']}", today))
    cursor = json.loads(first)["page"]["pageInfo"]["endCursor"]
    sql, *values = rest_statement(f"/v1/{plural}", f"from={given['from']}{more.format(cursor=cursor, **given)}", today)
    async with many.connection.transaction():
        await many.connection.execute(f"set local plan_cache_mode = {mode}")
        await many.connection.execute(f"prepare asked as {sql}")
        written = ", ".join(literal(str(each)) for each in values)
        (plan,) = json.loads(
            await many.connection.fetchval(f"explain (analyze, verbose, format json) execute asked ({written})")
        )
        await many.connection.execute("deallocate asked")
    table = plural.removesuffix("s")
    whole = await many.connection.fetchval(f"select count(*) from {table}")
    assert 20 <= read_of(plan["Plan"], table) < whole / 4


def rest_statement(path: str, query: str, today: date) -> list[Any]:
    """What a read of REST asks of the database."""
    read = next(each for each in reads(reader().compiler) if each.path == path)
    variables = read_variables(read, {}, read_parameters(query.encode()))
    prepared = reader().prepare(read.document, read.outline.name, variables)
    now = datetime.combine(today, time(12), UTC)
    return [prepared.plan.sql, *prepared.plan.parameters(prepared.variables, now)]


def read_of(node: Any, table: str) -> float:
    """How many rows of a table the scans in a plan looked at."""
    own = 0.0
    if node.get("Relation Name") == table and node["Schema"] == "public":
        seen = ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck")
        own = sum(node.get(each, 0) for each in seen) * node["Actual Loops"]
    return own + sum(read_of(each, table) for each in node.get("Plans", ()))


def test_a_page_far_down_a_list_is_found_by_the_index() -> None:
    """Where the first key can be null, one condition for what comes after would read the list from its start."""
    prepared = reader().prepare("query ($c: String!) { talks(after: $c) { nodes { key } } }", None, {"c": "x"})
    assert "((t1.now_starts).earliest, t1.now_id) > (" in str(prepared.plan.sql)
    assert "union all" in str(prepared.plan.sql)
