"""The two clocks: what had happened by `asOf`, and what was known here at `knownAt`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from schema.records.actors.actor import Actor, Office
from schema.records.agreements.agreement import Agreement
from schema.records.agreements.provision import Assessment, Provision
from schema.records.agreements.signature import Signature
from schema.records.processes.conflict import Conflict
from schema.records.processes.issue import Issue
from schema.records.processes.position import Position
from schema.records.processes.process import Process
from schema.records.record import Record
from schema.records.registry import RECORDS
from schema.records.sources.citation import Citation
from schema.records.sources.code import Code
from schema.records.sources.source import Source
from schema.records.statements.commentary import Commentary
from schema.records.statements.statement import Condition, Statement
from schema.records.talks.participation import Participation
from schema.records.talks.talk import Talk
from schema.records.timeline.deadline import Deadline
from schema.records.timeline.milestone import Milestone
from tests.support.world import Desk, desk_at

DAY = datetime(2025, 4, 18, tzinfo=UTC)
"""The day from which the records of these tests count."""

INSTANT = timedelta(microseconds=1)


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[Desk]:
    async with desk_at(database_url) as desk:
        yield desk


async def surroundings(desk: Desk) -> dict[str, str]:
    """What other records belong to, there at any time; `late` counts from the day of the tests."""
    found = {cls.table.name: await desk.add(cls, "old") for cls in (Actor, Issue, Source, Process, Talk, Agreement)}
    found["statement"] = await desk.add(Statement, "old", said="2020")
    found["provision"] = await desk.add(Provision, "old", agreement=found["agreement"])
    return found


Values = dict[str, Any]


def own(around: dict[str, str]) -> dict[type[Record], list[Values]]:
    """For each type the ways to begin to count on the day."""
    to = around
    return {
        Process: [{"opened": "2025-04-18"}, {"opened": "2025-04-18/2025-04-30"}],
        Talk: [{"starts": "2025-04-18"}, {"starts": "2025-04-18/.."}],
        Statement: [{"said": "2025-04-18"}, {"said": "2025-04-18~"}],
        Position: [{"actor": to["actor"], "issue": to["issue"], "process": to["process"], "held": "2025-04-18/.."}],
        Signature: [{"agreement": to["agreement"], "actor": to["actor"], "signed": "2025-04-18"}],
        Assessment: [{"provision": to["provision"], "period": "2025-04-18/2025-05"}],
        Milestone: [{"subject": to["talk"], "at": "2025-04-18"}],
        Commentary: [{"subject": to["talk"], "published": "2025-04-18"}],
        Deadline: [
            {"subject": to["process"], "due": "2025-04-18", "hardness": "HARD"},
            {"subject": to["process"], "due": "2025-05-18", "anchor": "2025-04-18", "hardness": "HARD"},
            {"subject": to["process"], "due": "2025-04-18", "anchor": "2025-05-18", "hardness": "HARD"},
        ],
    }


async def is_there(desk: Desk, record: type[Record], key: str, at: datetime) -> bool:
    """Whether a record counts at a moment: as a single one, by its id, and in its list."""
    table, name, plural = record.table.name, record.table.field, record.table.list_field
    text = f"""query ($at: DateTime, $key: String!) {{
        {name}(asOf: $at, by: {{key: $key}}) {{ id }}
        {plural}(asOf: $at, filter: {{key: {{eq: $key}}}}) {{ totalCount nodes {{ id }} }}
    }}"""
    found = await desk.ask(text, at=at.isoformat(), key=key)
    is_found = found[name] is not None
    assert found[plural]["totalCount"] == len(found[plural]["nodes"]) == is_found
    uuid = await desk.connection.fetchval(f'select id::text from "{table}" where key = $1', key)
    by_id = await desk.ask(
        "query ($at: DateTime, $id: ID!) { record(asOf: $at, id: $id) { id } }", at=at.isoformat(), id=uuid
    )
    assert (by_id["record"] is not None) == is_found
    return is_found


async def appears_on_the_day(desk: Desk, record: type[Record], key: str) -> None:
    assert not await is_there(desk, record, key, DAY - timedelta(days=1))
    assert not await is_there(desk, record, key, DAY - INSTANT)
    assert await is_there(desk, record, key, DAY)
    assert await is_there(desk, record, key, DAY + timedelta(days=1))


async def test_a_record_counts_from_its_own_earliest_day(desk: Desk) -> None:
    for record, ways in own(await surroundings(desk)).items():
        for index, values in enumerate(ways):
            key = f"new{index}"
            await desk.add(record, key, **values)
            await appears_on_the_day(desk, record, key)


@pytest.mark.parametrize(
    ("record", "kind", "values"),
    [
        (Talk, "ANNOUNCED", {"starts": "2025-06-01"}), (Talk, "CANCELLED", {}),
        (Talk, "OPENED", {"starts": "2025-06-01"}),
        (Process, "OPENED", {"opened": "2025-06-01"}), (Agreement, "PROPOSED", {}),
        (Deadline, "SET", {"due": "2025-06-01", "hardness": "HARD"}),
    ],
)  # fmt: skip
async def test_a_record_with_milestones_counts_from_the_first(
    desk: Desk, record: type[Record], kind: str, values: Values
) -> None:
    about = {"subject": await desk.add(Process, "p")} if record is Deadline else {}
    uuid = await desk.add(record, "new", **about, **values)
    await desk.add(Milestone, "later", subject=uuid, kind=kind, at="2025-05-01")
    await desk.add(Milestone, "first", subject=uuid, kind=kind, at="2025-04-18")
    gone = await desk.add(Milestone, "gone", subject=uuid, kind=kind, at="2025-02-01")
    assert await is_there(desk, record, "new", DAY - timedelta(days=1))
    await desk.change_record(Milestone, gone, retracted_at="2025-04-01T00:00:00Z")
    await appears_on_the_day(desk, record, "new")


async def test_an_agreement_without_milestones_counts_from_its_first_signature(desk: Desk) -> None:
    around = await surroundings(desk)
    uuid = await desk.add(Agreement, "new")
    for key, day in (("later", "2025-05-01"), ("first", "2025-04-18")):
        await desk.add(Signature, key, agreement=uuid, actor=around["actor"], signed=day)
    await appears_on_the_day(desk, Agreement, "new")


async def test_what_belongs_to_a_record_counts_only_with_it(desk: Desk) -> None:
    around = await surroundings(desk)
    talk = await desk.add(Talk, "late", starts="2025-04-18")
    process = await desk.add(Process, "late", opened="2025-04-18")
    statement = await desk.add(Statement, "late", said="2025-04-18")
    agreement = await desk.add(Agreement, "late")
    await desk.add(Milestone, "late", subject=agreement, kind="PROPOSED", at="2025-04-18")
    provision = await desk.add(Provision, "new", agreement=agreement)
    for record, values in (
        (Participation, {"talk": talk, "actor": around["actor"]}),
        (Position, {"actor": around["actor"], "issue": around["issue"], "process": process}),
        (Condition, {"statement": statement}),
        (Signature, {"agreement": agreement, "actor": around["actor"]}),
        (Assessment, {"provision": provision, "period": "2020"}),
    ):
        await desk.add(record, "new", **values)
    for each in (Participation, Position, Condition, Signature, Provision, Assessment):
        await appears_on_the_day(desk, each, "new")


async def test_what_has_no_date_counts_always(desk: Desk) -> None:
    around = await surroundings(desk)
    for record, values in (
        (Conflict, {"started": "2025-04-18"}), (Actor, {}), (Issue, {}), (Source, {"published": "2025-04-18"}),
        (Office, {"person": around["actor"], "actor": around["actor"], "held": "2025-04-18/.."}),
        (Citation, {"record": around["talk"], "source": around["source"]}),
        (Code, {"record": around["actor"], "valid": "2025-04-18/.."}), (Talk, {}), (Process, {}), (Agreement, {}),
        (Deadline, {"subject": around["process"]}), (Commentary, {"subject": around["talk"]}),
        (Position, {"actor": around["actor"], "issue": around["issue"], "process": around["process"]}),
        (Signature, {"agreement": around["agreement"], "actor": around["actor"]}),
    ):  # fmt: skip
        await desk.add(record, "always", **values)
        assert await is_there(desk, record, "always", datetime(1900, 1, 1, tzinfo=UTC)), record


async def test_relations_lead_to_nothing_that_does_not_count_yet(desk: Desk) -> None:
    process = await desk.add(Process, "p", opened="2025-04-18")
    talk = await desk.add(Talk, "t", process=process, starts="2025-04-01")
    source = await desk.add(Source, "s")
    await desk.add(Citation, "c", record=process, source=source)
    text = """query ($at: DateTime) {
        talk(asOf: $at, by: {key: "t"}) { process { key } }
        citations(asOf: $at) { nodes { record { key } } }
        nodes(asOf: $at, ids: ["PROCESS", "TALK"]) { id }
        some: talks(asOf: $at, filter: {process: {key: {eq: "p"}}}) { totalCount }
    }""".replace("PROCESS", process).replace("TALK", talk)
    before = await desk.ask(text, at=(DAY - INSTANT).isoformat())
    assert before == {
        "talk": {"process": None}, "citations": {"nodes": [{"record": None}]}, "nodes": [None, {"id": talk}],
        "some": {"totalCount": 0},
    }  # fmt: skip
    after = await desk.ask(text, at=DAY.isoformat())
    assert after == {
        "talk": {"process": {"key": "p"}}, "citations": {"nodes": [{"record": {"key": "p"}}]},
        "nodes": [{"id": process}, {"id": talk}], "some": {"totalCount": 1},
    }  # fmt: skip


async def test_two_fields_of_one_operation_may_have_different_clocks(desk: Desk) -> None:
    await desk.add(Talk, "t", starts="2025-04-18")
    text = """{
        before: talks(asOf: "2025-04-17") { totalCount }
        on: talks(asOf: "2025-04-18") { nodes { status } }
        after: talks(asOf: "2025-04-19") { nodes { status } }
        now: talks { nodes { status } }
    }"""
    assert await desk.ask(text, now=DAY) == {
        "before": {"totalCount": 0}, "on": {"nodes": [{"status": "SCHEDULED"}]},
        "after": {"nodes": [{"status": "OVERDUE"}]}, "now": {"nodes": [{"status": "SCHEDULED"}]},
    }  # fmt: skip


# --- knownAt -------------------------------------------------------------------------------------


async def test_the_past_says_what_was_said_at_the_moment_of_each_change(desk: Desk) -> None:
    uuid = await desk.add(Talk, "t", title="one")
    moments = [await desk.moment()]
    for values in ({"title": "two"}, {"title": "three", "venue": "Elysée"}, {"key": "renamed"}):
        await desk.change_record(Talk, uuid, **values)
        moments.append(await desk.moment())
    text = (
        "query ($at: DateTime!, $id: ID!) { talk(knownAt: $at, by: {id: $id}) { key title venue version updatedAt } }"
    )
    said = [("t", "one", None), ("t", "two", None), ("t", "three", "Elysée"), ("renamed", "three", "Elysée")]
    previous = None
    for index, (moment, (key, title, venue)) in enumerate(zip(moments, said, strict=True)):
        before = (await desk.ask(text, at=(moment - INSTANT).isoformat(), id=uuid))["talk"]
        at = (await desk.ask(text, at=moment.isoformat(), id=uuid))["talk"]
        assert (at["key"], at["title"], at["venue"], at["version"]) == (key, title, venue, index + 1)
        assert datetime.fromisoformat(at["updatedAt"]) == moment
        assert before == previous
        previous = at


async def test_a_record_is_found_by_the_key_it_had(desk: Desk) -> None:
    uuid = await desk.add(Talk, "before")
    moment = await desk.moment()
    await desk.change_record(Talk, uuid, key="after")
    text = "query ($at: DateTime, $key: String!) { talk(knownAt: $at, by: {key: $key}) { id } }"
    assert await desk.ask(text, at=moment.isoformat(), key="before") == {"talk": {"id": uuid}}
    assert await desk.ask(text, at=moment.isoformat(), key="after") == {"talk": None}
    assert await desk.ask(text, key="before") == {"talk": None}
    assert await desk.ask(text, key="after") == {"talk": {"id": uuid}}


async def test_a_retraction_takes_a_record_from_lists_and_a_restoration_brings_it_back(desk: Desk) -> None:
    process = await desk.add(Process, "p")
    uuid = await desk.add(Talk, "t", process=process, starts="2025-04-18/2025-04-30")
    moments = [await desk.moment()]
    for when in ("2025-04-18T00:00:00Z", None):
        await desk.change_record(Talk, uuid, retracted_at=when)
        moments.append(await desk.moment())
    text = """query ($at: DateTime, $id: ID!) {
        talks(knownAt: $at) { totalCount }
        processes(knownAt: $at) { nodes { talks { nodes { key } } nextTalk { key } } }
        talk(knownAt: $at, by: {id: $id}) { retractedAt }
    }"""
    for moment, is_listed in zip(moments, (True, False, True), strict=True):
        found = await desk.ask(text, at=moment.isoformat(), id=uuid)
        assert found["talks"] == {"totalCount": int(is_listed)}
        assert found["processes"]["nodes"][0] == {
            "talks": {"nodes": [{"key": "t"}] if is_listed else []}, "nextTalk": {"key": "t"} if is_listed else None,
        }  # fmt: skip
        assert (found["talk"]["retractedAt"] is None) is is_listed


async def test_judgements_follow_what_was_known(desk: Desk) -> None:
    talk = await desk.add(Talk, "t", starts="2025-04-10/2025-04-17")
    first = await desk.moment()
    step = await desk.add(Milestone, "m", subject=talk, kind="CONCLUDED", at="2025-04-16")
    second = await desk.moment()
    await desk.change_record(Milestone, step, at="2025-04-20")
    third = await desk.moment()
    text = "query ($known: DateTime, $at: DateTime) { talks(asOf: $at, knownAt: $known) { nodes { status } } }"
    for known, at, wanted in (
        (first, "2025-04-15", ["EXPECTED"]), (first, "2025-04-18", ["OVERDUE"]), (first, "2025-04-20", ["OVERDUE"]),
        (second, "2025-04-15", ["EXPECTED"]), (second, "2025-04-16", ["CONCLUDED"]),
        (second, "2025-04-18", ["CONCLUDED"]),
        (third, "2025-04-18", ["OVERDUE"]), (third, "2025-04-19", ["OVERDUE"]), (third, "2025-04-20", ["CONCLUDED"]),
        (first - INSTANT, "2025-04-18", []), (None, "2025-04-20", ["CONCLUDED"]),
    ):  # fmt: skip
        found = await desk.ask(text, known=known and known.isoformat(), at=at)
        assert [each["status"] for each in found["talks"]["nodes"]] == wanted, (known, at)


async def test_pages_orders_and_filters_follow_what_was_known(desk: Desk) -> None:
    ids = [await desk.add(Talk, f"t{index}", title=f"{index}") for index in range(4)]
    moment = await desk.moment()
    await desk.change_record(Talk, ids[0], title="9")
    await desk.add(Talk, "t4", title="4")
    text = """query ($at: DateTime, $after: String) {
        talks(knownAt: $at, first: 2, after: $after, orderBy: TITLE_ASC, filter: {title: {gte: "0"}}) {
            totalCount nodes { key } pageInfo { endCursor hasNextPage }
        }
    }"""

    async def walk(at: str | None) -> list[list[str]]:
        pages, after = [], None
        while True:
            found = (await desk.ask(text, at=at, after=after))["talks"]
            pages.append([each["key"] for each in found["nodes"]])
            if not found["pageInfo"]["hasNextPage"]:
                assert found["totalCount"] == sum(map(len, pages))
                return pages
            after = found["pageInfo"]["endCursor"]

    assert await walk(moment.isoformat()) == [["t0", "t1"], ["t2", "t3"]]
    assert await walk(None) == [["t1", "t2"], ["t3", "t4"], ["t0"]]


async def test_the_log_knows_only_what_was_done_by_then(desk: Desk) -> None:
    uuid = await desk.add(Talk, "t")
    moment = await desk.moment()
    await desk.change_record(Talk, uuid, title="Another")
    text = """query ($at: DateTime) {
        revisions(knownAt: $at) { nodes { action version record { id } changes { field after } } }
        talks(knownAt: $at) { nodes { revisions { totalCount nodes { version } } } }
    }"""
    then = await desk.ask(text, at=moment.isoformat())
    assert [each["action"] for each in then["revisions"]["nodes"]] == ["CREATE"]
    assert then["talks"]["nodes"] == [{"revisions": {"totalCount": 1, "nodes": [{"version": 1}]}}]
    now = await desk.ask(text)
    assert now["revisions"]["nodes"][0] == {
        "action": "UPDATE",
        "version": 2,
        "record": {"id": uuid},
        "changes": [{"field": "title", "after": "Another"}],
    }
    assert now["talks"]["nodes"] == [{"revisions": {"totalCount": 2, "nodes": [{"version": 2}, {"version": 1}]}}]


async def test_nothing_was_known_before_the_first_record(desk: Desk) -> None:
    await desk.add(Talk, "t")
    fields = " ".join(
        f'{cls.table.list_field}(knownAt: "2000-01-01") {{ totalCount nodes {{ id }} }}' for cls in RECORDS
    )
    assert await desk.ask(f"{{ {fields} }}") == {
        cls.table.list_field: {"totalCount": 0, "nodes": []} for cls in RECORDS
    }


async def test_a_row_changed_twice_in_one_transaction_leaves_one_state(desk: Desk) -> None:
    uuid = await desk.add(Talk, "t", title="one")
    first = await desk.moment()
    async with desk.change():
        for title in ("two", "three"):
            await desk.connection.execute("update talk set title = $2 where id = $1", uuid, title)
    text = "query ($at: DateTime) { talks(knownAt: $at) { nodes { title version } } }"
    assert (await desk.ask(text, at=first.isoformat()))["talks"]["nodes"] == [{"title": "one", "version": 1}]
    last = await desk.moment()
    assert (await desk.ask(text, at=(last - INSTANT).isoformat()))["talks"]["nodes"] == [{"title": "one", "version": 1}]
    assert (await desk.ask(text, at=last.isoformat()))["talks"]["nodes"] == [{"title": "three", "version": 3}]


# --- what lies ahead -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "values", "status"),
    [
        (Talk, {"starts": "9000-01-01"}, "SCHEDULED"),
        (Deadline, {"due": "9000-01-01"}, "PENDING"),
        (Deadline, {"due": "9000-01-01", "anchor": "8999-01-01"}, "PENDING"),
    ],
)
async def test_what_was_entered_before_its_day_counts_from_its_entry(
    desk: Desk, record: type[Record], values: Values, status: str
) -> None:
    # Tests of other days live before any entry; this one enters.
    await desk.connection.execute("set parley.today = ''")
    process = await desk.add(Process, "p")
    await desk.add(record, "ahead", **values, **({"subject": process} if record is Deadline else {}))
    entered = await desk.moment()
    question = f"query ($asOf: DateTime) {{ {record.table.list_field}(asOf: $asOf) {{ nodes {{ status }} }} }}"

    async def at(moment: datetime) -> Any:
        return (await desk.ask(question, asOf=moment.isoformat()))[record.table.list_field]["nodes"]

    assert await at(entered - timedelta(days=1)) == []
    assert await at(entered) == [{"status": status}]


async def test_a_milestone_before_its_day_decides_since_when_it_counts(desk: Desk) -> None:
    talk = await desk.add(Talk, "ahead", starts="9000-01-01")
    await desk.add(Milestone, "announced", subject=talk, kind="ANNOUNCED", at="2025-04-18")
    question = "query ($asOf: DateTime) { talks(asOf: $asOf) { nodes { key } } }"

    assert await desk.ask(question, asOf="2025-04-17") == {"talks": {"nodes": []}}
    assert await desk.ask(question, asOf="2025-04-18") == {"talks": {"nodes": [{"key": "ahead"}]}}
