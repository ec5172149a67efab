"""Groups: how many items of a list have which value, counted by hand here and against filters."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from enum import Enum
from typing import Any

import httpx
import pytest

from api.rest.read import Counts, reads
from schema.compiler.document.operation import QueryRefused
from schema.compiler.plan.plan import Plan
from schema.declare.connections import MOST_GROUPS
from schema.declare.fields import Scalar, rule_of
from schema.declare.reflection import fields_of, graphql_name, is_list, target
from schema.errors import Invalid
from schema.records.actors.actor import Actor
from schema.records.processes.process import Process
from schema.records.record import Record
from schema.records.registry import RECORDS
from schema.records.talks.participation import Participation
from schema.records.talks.talk import Talk
from schema.records.timeline.deadline import Deadline
from tests.conftest import new_database
from tests.rest.test_rest import EVERY, MADE
from tests.support.random_world import build, insert_all
from tests.support.serving import serving
from tests.support.world import Desk, defaults, desk_at, reader

SEED = 7


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[Desk]:
    async with desk_at(database_url) as desk:
        yield desk


@pytest.fixture(scope="module")
async def world(postgres: str, template_url: str) -> AsyncIterator[Desk]:
    """A random world, which nobody changes."""
    with new_database(postgres, template_url) as url:
        async with desk_at(url) as desk:
            await build(desk, SEED)
            yield desk


async def groups(desk: Desk, by: str, arguments: str = "") -> list[tuple[str | None, int]]:
    """The groups of the talks, as pairs."""
    given = f"({arguments})" if arguments else ""
    found = await desk.ask(f"{{ talks{given} {{ groups(by: {by}) {{ key count }} }} }}")
    return pairs(found["talks"]["groups"])


def pairs(found: Any) -> list[tuple[str | None, int]]:
    return [(each["key"], each["count"]) for each in found]


# --- what is counted -----------------------------------------------------------------------------


async def test_a_stored_enum_is_counted_most_frequent_first_then_by_key_those_without_last(desk: Desk) -> None:
    for number, level in enumerate(["OFFICIALS", "ENVOYS", "LEADERS", None, "LEADERS", None]):
        await desk.add(Talk, f"t{number}", level=level)
    assert await groups(desk, "LEVEL") == [("LEADERS", 2), (None, 2), ("ENVOYS", 1), ("OFFICIALS", 1)]


async def test_a_computed_status_is_counted_as_it_was_at_the_clock(desk: Desk) -> None:
    for key, starts in {"a": "2025-04-10", "b": "2025-04-10", "c": "2025-04-12", "d": "2025-04"}.items():
        await desk.add(Talk, key, starts=starts)
    held = await desk.add(Talk, "e", starts="2025-03-01")
    await desk.add(Participation, "p", talk=held, actor=await an_actor(desk), attendance="REPORTED")
    assert await groups(desk, "STATUS", 'asOf: "2025-03-01"') == [("UNDER_WAY", 1)]
    assert await groups(desk, "STATUS", 'asOf: "2025-04-10"') == [("SCHEDULED", 2), ("EXPECTED", 1), ("HELD", 1)]
    assert await groups(desk, "STATUS", 'asOf: "2025-04-11"') == [("OVERDUE", 2), ("EXPECTED", 1), ("HELD", 1)]
    assert await groups(desk, "STATUS", 'asOf: "2025-04-12"') == [
        ("OVERDUE", 2), ("EXPECTED", 1), ("HELD", 1), ("SCHEDULED", 1),
    ]  # fmt: skip
    assert await groups(desk, "STATUS", 'asOf: "2025-05-01"') == [("OVERDUE", 4), ("HELD", 1)]


async def an_actor(desk: Desk) -> str:
    return await desk.add(Actor, "an-actor")


async def test_a_vague_date_is_counted_by_its_first_possible_day(desk: Desk) -> None:
    starts = ["2024-12-31", "2025-01-01/2025-02-03", "2025-01", "2025", "2025-21", "/2025-04-01", None, "2025-01-31"]
    for number, each in enumerate(starts):
        await desk.add(Talk, f"t{number}", starts=each)
    at = 'asOf: "2026-01-01"'
    assert await groups(desk, "STARTS_YEAR", at) == [("2025", 5), (None, 2), ("2024", 1)]
    assert await groups(desk, "STARTS_MONTH", at) == [("2025-01", 4), (None, 2), ("2024-12", 1), ("2025-03", 1)]
    assert await groups(desk, "STARTS_PRECISION", at) == [
        ("DAY", 2), ("INTERVAL", 2), ("MONTH", 1), ("SEASON", 1), ("YEAR", 1), (None, 1),
    ]  # fmt: skip


async def test_a_definite_date_is_counted_by_year_month_and_day(desk: Desk) -> None:
    subject = await desk.add(Process, "a-process")
    for number, anchor in enumerate(["2025-03-31", "2025-04-01", "2025-04-01", "2024-04-02", None]):
        await desk.add(Deadline, f"d{number}", subject=subject, anchor=anchor)
    found = (
        await desk.ask(
            "{ deadlines { year: groups(by: ANCHOR_YEAR) { key count } month: groups(by: ANCHOR_MONTH) { key count } "
            "day: groups(by: ANCHOR_DAY) { key count } } }"
        )
    )["deadlines"]
    assert pairs(found["year"]) == [("2025", 3), ("2024", 1), (None, 1)]
    assert pairs(found["month"]) == [("2025-04", 2), ("2024-04", 1), ("2025-03", 1), (None, 1)]
    assert pairs(found["day"]) == [("2025-04-01", 2), ("2024-04-02", 1), ("2025-03-31", 1), (None, 1)]


async def test_an_instant_is_counted_by_its_day_in_utc(desk: Desk) -> None:
    uuid = await desk.add(Talk, "t")
    entered = (await desk.moment()).date()
    assert await groups(desk, "CREATED_AT_YEAR") == [(str(entered.year), 1)]
    assert await groups(desk, "CREATED_AT_DAY") == [(str(entered), 1)]
    changes = f'revisions(filter: {{recordId: {{eq: "{uuid}"}}}})'
    found = await desk.ask(f"{{ {changes} {{ groups(by: AT_DAY) {{ key count }} }} }}")
    assert pairs(found["revisions"]["groups"]) == [(str(entered), 1)]


async def test_a_truth_value_is_counted_as_text(desk: Desk) -> None:
    talk, actor = await desk.add(Talk, "t"), await an_actor(desk)
    for number, value in enumerate([True, False, True]):
        await desk.add(Participation, f"p{number}", talk=talk, actor=actor, head_of_delegation=value)
    found = await desk.ask("{ participations { groups(by: HEAD_OF_DELEGATION) { key count } } }")
    assert pairs(found["participations"]["groups"]) == [("true", 2), ("false", 1)]


async def test_a_list_below_a_record_is_counted_by_itself(desk: Desk) -> None:
    for process, formats in {"one": ["PHONE", "PHONE", "VIDEO"], "two": ["VIDEO"], "three": []}.items():
        uuid = await desk.add(Process, process)
        for number, form in enumerate(formats):
            await desk.add(Talk, f"{process}-{number}", process=uuid, format=form)
    found = await desk.ask(
        "{ processes(orderBy: [CREATED_AT_ASC]) { nodes { key talks(first: 1) { "
        "nodes { key } groups(by: FORMAT) { key count } } } } }"
    )
    assert {each["key"]: pairs(each["talks"]["groups"]) for each in found["processes"]["nodes"]} == {
        "one": [("PHONE", 2), ("VIDEO", 1)], "two": [("VIDEO", 1)], "three": [],
    }  # fmt: skip
    assert found["processes"]["nodes"][0]["talks"]["nodes"] == [{"key": "one-0"}]


async def test_what_the_database_said_before_is_counted_as_it_was(desk: Desk) -> None:
    first = await desk.add(Talk, "first", format="PHONE")
    second = await desk.add(Talk, "second", format="PHONE")
    entered = await desk.moment()
    await desk.change_record(Talk, first, format="VIDEO")
    changed = await desk.moment()
    await desk.change_record(Talk, second, retracted_at="2025-04-18T00:00:00Z")
    before = entered - timedelta(microseconds=1)
    assert await groups(desk, "FORMAT", f'knownAt: "{before.isoformat()}"') == [("PHONE", 1)]
    assert await groups(desk, "FORMAT", f'knownAt: "{entered.isoformat()}"') == [("PHONE", 2)]
    assert await groups(desk, "FORMAT", f'knownAt: "{changed.isoformat()}"') == [("PHONE", 1), ("VIDEO", 1)]
    assert await groups(desk, "FORMAT") == [("VIDEO", 1)]


async def test_an_empty_list_has_no_groups(desk: Desk) -> None:
    assert await groups(desk, "STATUS") == []
    await desk.add(Talk, "t")
    assert await groups(desk, "STATUS", "filter: {status: {eq: CANCELLED}}") == []


# --- how it is asked -----------------------------------------------------------------------------


async def test_one_list_is_counted_in_several_ways_in_one_statement(desk: Desk) -> None:
    for number, (form, level) in enumerate([("PHONE", "LEADERS"), ("PHONE", "ENVOYS"), (None, "ENVOYS")]):
        await desk.add(Talk, f"t{number}", format=form, level=level)
    answer = await desk.ask(
        "query ($by: TalkGroupBy!, $other: TalkGroupBy! = LEVEL) { talks(first: 1, filter: {level: {isNull: false}}) {"
        " totalCount nodes { key } forms: groups(by: $by) { ...G } levels: groups(by: $other) { n: count key } } }"
        " fragment G on Group { __typename key again: key count }",
        by="FORMAT",
    )
    assert answer["talks"] == {
        "totalCount": 3,
        "nodes": [{"key": "t0"}],
        "forms": [
            {"__typename": "Group", "key": "PHONE", "again": "PHONE", "count": 2},
            {"__typename": "Group", "key": None, "again": None, "count": 1},
        ],
        "levels": [{"n": 2, "key": "ENVOYS"}, {"n": 1, "key": "LEADERS"}],
    }


async def test_where_a_page_begins_does_not_matter_but_must_be_right(desk: Desk) -> None:
    for number in range(3):
        await desk.add(Talk, f"t{number}", format="PHONE")
    assert await groups(desk, "FORMAT", "first: 1") == [("PHONE", 3)]
    assert await groups(desk, "FORMAT", "last: 2, orderBy: [KEY_DESC]") == [("PHONE", 3)]
    with pytest.raises(Invalid, match="0 is not a page size"):
        await groups(desk, "FORMAT", "first: 0")


def plan_of(text: str, **variables: Any) -> Plan:
    return reader().prepare(text, None, variables).plan


@pytest.mark.parametrize("by", ["", "(by: null)", "(by: TITLE)", "(by: [STATUS])", '(by: "STATUS")', "(by: KIND)"])
def test_what_cannot_be_counted_by_is_refused(by: str) -> None:
    with pytest.raises(QueryRefused):
        plan_of(f"{{ talks {{ groups{by} {{ key }} }} }}")


def test_a_variable_that_is_null_is_refused() -> None:
    with pytest.raises(Invalid, match=r"talks.groups.by: it cannot be null, and \$by is"):
        plan_of("query ($by: TalkGroupBy = STATUS) { talks { groups(by: $by) { key } } }", by=None)


async def test_the_largest_thousand_groups_are_given(desk: Desk) -> None:
    plain = {**defaults(Deadline), "title": "A deadline", "hardness": "OPEN_ENDED"}
    plain["subject_id"] = await desk.add(Process, "a-process")
    days = [f"{2000 + number // 28}-01-{1 + number % 28:02}" for number in range(MOST_GROUPS + 5)]
    rows = [
        {"id": await desk.new_id(), "key": f"d{number}", "anchor": day, **plain}
        for number, day in enumerate([*days, days[-1]])
    ]
    async with desk.change():
        await insert_all(desk, Deadline, rows)
    found = await desk.ask('{ deadlines(asOf: "2100-01-01") { groups(by: ANCHOR_DAY) { key count } totalCount } }')
    largest = [(days[-1], 2), *((day, 1) for day in days[: MOST_GROUPS - 1])]
    assert pairs(found["deadlines"]["groups"]) == largest
    assert found["deadlines"]["totalCount"] == MOST_GROUPS + 6


# --- every type ----------------------------------------------------------------------------------


def members(name: str) -> list[str]:
    return list(reader().compiler.schema.type_map[f"{name}GroupBy"].values)  # type: ignore[attr-defined]


def test_what_a_type_is_grouped_by_follows_from_its_fields() -> None:
    of_every_record = [f"{name}_AT_{part}" for name in ("CREATED", "UPDATED", "RETRACTED")
                       for part in ("YEAR", "MONTH", "DAY")]  # fmt: skip
    assert members("Talk") == [
        *of_every_record, "FORMAT", "LEVEL", "STARTS_YEAR", "STARTS_MONTH", "STARTS_PRECISION",
        "ENDS_YEAR", "ENDS_MONTH", "ENDS_PRECISION", "STATUS", "STATUS_SINCE_YEAR", "STATUS_SINCE_MONTH",
        "STATUS_SINCE_DAY", "DISPUTED",
    ]  # fmt: skip
    assert members("Standing") == ["STANDING"]
    assert members("TimelineEntry") == ["AT_YEAR", "AT_MONTH", "AT_PRECISION", "KIND"]


@pytest.mark.parametrize("cls", RECORDS, ids=lambda cls: cls.__name__)
async def test_the_groups_of_every_kind_make_up_the_list(world: Desk, cls: type[Record]) -> None:
    plural = cls.table.list_field
    for at in ("2025-03-20", "2025-04-18", "2025-12-31"):
        asked = " ".join(f"{by.lower()}: groups(by: {by}) {{ key count }}" for by in members(cls.__name__))
        found = (await world.ask(f'{{ {plural}(asOf: "{at}") {{ totalCount {asked} }} }}'))[plural]
        total = found.pop("totalCount")
        for by, each in found.items():
            assert sum(group["count"] for group in each) == total, by
            assert len({group["key"] for group in each}) == len(each)


@pytest.mark.parametrize("cls", RECORDS, ids=lambda cls: cls.__name__)
async def test_a_group_has_as_many_items_as_the_list_filtered_by_its_key(world: Desk, cls: type[Record]) -> None:
    plural, at = cls.table.list_field, 'asOf: "2025-04-30"'
    for name, by in terms_of(cls):
        found = await world.ask(f"{{ {plural}({at}) {{ groups(by: {by}) {{ key count }} }} }}")
        for key, count in pairs(found[plural]["groups"]):
            condition = "isNull: true" if key is None else f"eq: {key}"
            filtered = f"{plural}({at}, filter: {{{name}: {{{condition}}}}}) {{ totalCount }}"
            assert (await world.ask(f"{{ {filtered} }}"))[plural]["totalCount"] == count, (name, key)


def terms_of(cls: type[Record]) -> Iterator[tuple[str, str]]:
    """The enums and truth values of a type: the field, and the member that groups by it."""
    reader()
    for field in fields_of(cls):
        about: Any = target(field)
        is_term = isinstance(about, type) and issubclass(about, Enum | bool)
        if is_term and isinstance(rule_of(field), Scalar) and not is_list(field):
            yield graphql_name(field), str(field.python_name).upper()


def test_every_list_has_groups() -> None:
    types = reader().compiler.schema.type_map
    # What a search finds has one order and no groups.
    lists = [name for name in types if name.endswith("Connection") and name != "SearchConnection"]
    assert len(lists) > len(RECORDS)
    assert all("groups" in types[name].fields for name in lists)  # type: ignore[attr-defined]


# --- over REST -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server(dossier_url: str) -> Iterator[httpx.Client]:
    with serving(dossier_url) as client:
        yield client


def counts() -> dict[str, Counts]:
    """The reads that count a list and need no key, by path."""
    found = (read for read in reads(reader().compiler) if isinstance(read, Counts))
    return {read.path: read for read in found if not read.path.endswith(("proposals", "keys"))}


def test_every_list_is_counted_over_rest() -> None:
    assert counts().keys() == {f"/v1/groups/{name}" for name in [*EVERY, "revisions"]}


@pytest.mark.parametrize("name", [*EVERY, "revisions"])
def test_rest_counts_what_graphql_counts(server: httpx.Client, name: str) -> None:
    read = counts()[f"/v1/groups/{name}"]
    for by in list(read.in_query["by"].shape.values)[-3:]:
        at = {"asOf": "2025-04-18"} if "asOf" in read.in_query else {}
        asked = {"query": read.document, "variables": {"by": by, **at}}
        (answered,) = server.post("/graphql", json=asked).json()["data"].values()
        answer = server.get(read.path, params={"by": by, **at})
        assert answer.json() == answered
        assert answer.headers["etag"]
    assert answered["groups"] or name in MADE


def test_rest_counts_the_list_as_it_is_filtered(server: httpx.Client) -> None:
    listed = server.get("/v1/statements?speaker=marco-rubio&asOf=2025-04-18&first=100").json()["items"]
    found = server.get("/v1/groups/statements?by=ATTRIBUTION&speaker=marco-rubio&asOf=2025-04-18").json()
    counted = Counter(each["attribution"] for each in listed)
    assert pairs(found["groups"]) == sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("", "by: it is missing"),
        ("?by=TITLE", "by: 'TITLE' is none of"),
        ("?by=STATUS&by=LEVEL", "by: given 2 times"),
        ("?by=STATUS&first=1", "first: there is no such parameter"),
    ],
)
def test_what_cannot_be_counted_over_rest_is_refused(server: httpx.Client, query: str, problem: str) -> None:
    answer = server.get(f"/v1/groups/talks{query}")
    assert answer.status_code == 400
    assert problem in answer.json()["detail"]


def test_who_may_not_list_may_not_count(server: httpx.Client) -> None:
    for name, by in {"proposals": "STATUS", "keys": "IS_ACTIVE"}.items():
        listed, counted = server.get(f"/v1/{name}"), server.get(f"/v1/groups/{name}?by={by}")
        assert counted.status_code == listed.status_code == 401
