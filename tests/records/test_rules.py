"""The published rules, case by case: the day before, the day, the day after."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from schema.dates.phrase_rules import PHRASE_RULES
from schema.declare.fields import Rule
from schema.declare.reflection import fields_of, graphql_name
from schema.records.actors.actor import Actor, Office
from schema.records.agreements.agreement import Agreement
from schema.records.agreements.provision import Assessment, Provision
from schema.records.agreements.signature import Signature
from schema.records.processes.issue import Issue, Standing
from schema.records.processes.position import Position
from schema.records.processes.process import Process
from schema.records.registry import COMPUTED, RECORDS, published_rules
from schema.records.statements.statement import Condition, Statement
from schema.records.talks.participation import Participation
from schema.records.talks.talk import Talk
from schema.records.timeline.deadline import Deadline
from schema.records.timeline.milestone import Milestone
from tests.support.world import Desk, desk_at


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[Desk]:
    async with desk_at(database_url) as desk:
        yield desk


@dataclass(frozen=True)
class Case:
    """A record with its milestones, and what is computed of it day by day."""

    values: Mapping[str, Any]
    steps: Mapping[str, str]
    """Day -> kind of milestone. Two of a day have a letter after it."""
    days: Mapping[str, Any]
    more: Mapping[str, Any] = field(default_factory=dict)


async def add_steps(desk: Desk, subject: str, steps: Mapping[str, str], name: str = "m") -> None:
    for index, (day, step) in enumerate(steps.items()):
        kind, _, due = step.partition(" ")
        await desk.add(Milestone, f"{name}{index}", subject=subject, kind=kind, at=day.rstrip("abc"),
                       due=due or None)  # fmt: skip


# --- talks ---------------------------------------------------------------------------------------

EARLY = {"2025-03-01": "ANNOUNCED"}
"""A milestone from which a talk counts, and that decides nothing."""

TALKS = {
    "a definite day": Case(
        {"starts": "2025-04-17"}, EARLY,
        {"2025-04-16": "SCHEDULED", "2025-04-17": "SCHEDULED", "2025-04-18": "OVERDUE"},
    ),
    "a definite day with an end": Case(
        {"starts": "2025-04-17", "ends": "2025-04-19"}, EARLY,
        {"2025-04-16": "SCHEDULED", "2025-04-17": "SCHEDULED", "2025-04-18": "OVERDUE", "2025-04-20": "OVERDUE"},
    ),
    "an uncertain day is a day": Case(
        {"starts": "2025-04-17~"}, EARLY, {"2025-04-16": "SCHEDULED", "2025-04-17": "SCHEDULED"}
    ),
    "a span": Case(
        {"starts": "2025-04-18/2025-04-24"}, EARLY,
        {"2025-04-17": "EXPECTED", "2025-04-18": "EXPECTED", "2025-04-24": "EXPECTED", "2025-04-25": "OVERDUE"},
    ),
    "a month": Case(
        {"starts": "2025-04"}, EARLY, {"2025-03-31": "EXPECTED", "2025-04-30": "EXPECTED", "2025-05-01": "OVERDUE"}
    ),
    "no date": Case({}, EARLY, {"2025-03-01": "EXPECTED", "2030-01-01": "EXPECTED"}),
    "an open end": Case(
        {"starts": "2025-04-18/.."}, EARLY,
        {"2025-04-17": "EXPECTED", "2025-04-18": "EXPECTED", "2030-01-01": "EXPECTED"}
    ),
    "an open beginning": Case(
        {"starts": "../2025-04-18"}, EARLY,
        {"2025-04-17": "EXPECTED", "2025-04-18": "EXPECTED", "2025-04-19": "OVERDUE"}
    ),
    "opened": Case(
        {"starts": "2025-04-17"}, EARLY | {"2025-04-17": "OPENED"},
        {"2025-04-16": "SCHEDULED", "2025-04-17": "UNDER_WAY", "2025-04-18": "HELD"},
    ),
    "opened within a span": Case(
        {"starts": "2025-04-18/2025-04-24"}, EARLY | {"2025-04-20": "OPENED"},
        {"2025-04-19": "EXPECTED", "2025-04-20": "UNDER_WAY", "2025-04-21": "HELD", "2025-04-25": "HELD"},
    ),
    "opened without a date": Case(
        {}, EARLY | {"2025-04-17": "OPENED"},
        {"2025-04-16": "EXPECTED", "2025-04-17": "UNDER_WAY", "2025-04-18": "HELD"}
    ),
    "adjourned": Case({"starts": "2025-04-17"}, EARLY | {"2025-04-17": "ADJOURNED"}, {"2025-04-18": "HELD"}),
    "concluded": Case(
        {"starts": "2025-04-17", "ends": "2025-04-19"}, EARLY | {"2025-04-18": "CONCLUDED"},
        {"2025-04-17": "SCHEDULED", "2025-04-18": "CONCLUDED", "2030-01-01": "CONCLUDED"},
    ),
    "collapsed after it was opened": Case(
        {"starts": "2025-04-17"}, EARLY | {"2025-04-17a": "OPENED", "2025-04-17b": "COLLAPSED"},
        {"2025-04-16": "SCHEDULED", "2025-04-17": "COLLAPSED"},
    ),
    "cancelled": Case(
        {"starts": "2025-04-17"}, EARLY | {"2025-04-10": "CANCELLED"},
        {"2025-04-09": "SCHEDULED", "2025-04-10": "CANCELLED"}
    ),
    "postponed, then scheduled": Case(
        {"starts": "2025-04-17"}, EARLY | {"2025-04-10": "POSTPONED", "2025-04-12": "SCHEDULED"},
        {"2025-04-09": "SCHEDULED", "2025-04-10": "POSTPONED", "2025-04-11": "POSTPONED", "2025-04-12": "EXPECTED"},
    ),
    "scheduled, then postponed": Case(
        {"starts": "2025-04-17"}, EARLY | {"2025-04-10": "SCHEDULED", "2025-04-12": "POSTPONED"},
        {"2025-04-11": "SCHEDULED", "2025-04-12": "POSTPONED", "2025-05-01": "POSTPONED"},
    ),
    "cancelled, then opened after all": Case(
        {"starts": "2025-04-17"}, EARLY | {"2025-04-10": "CANCELLED", "2025-04-17": "OPENED"},
        {"2025-04-16": "CANCELLED", "2025-04-17": "UNDER_WAY", "2025-04-18": "HELD"},
    ),
    "postponed at a day unknown, then scheduled": Case(
        {"starts": "2025-04-17"}, EARLY | {"../2025-04-15": "POSTPONED", "2025-04-12": "SCHEDULED"},
        {"2025-04-11": "POSTPONED", "2025-04-12": "EXPECTED"},
    ),
    "ending before it may begin": Case(
        {"starts": "2025-04-17/2025-04-20", "ends": "2025-04-18"}, EARLY | {"2025-04-17": "OPENED"},
        {"2025-04-18": "UNDER_WAY", "2025-04-19": "HELD", "2025-04-21": "HELD"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", TALKS.values(), ids=TALKS.keys())
async def test_status_of_a_talk(desk: Desk, case: Case) -> None:
    uuid = await desk.add(Talk, "talk", **case.values)
    await add_steps(desk, uuid, case.steps)
    text = '{ talk(by: {key: "talk"}, asOf: "DAY") { status statusExplained { value } } }'
    found = {day: (await desk.ask(text.replace("DAY", day)))["talk"] for day in case.days}
    assert {day: each["status"] for day, each in found.items()} == case.days
    assert {day: each["statusExplained"]["value"] for day, each in found.items()} == case.days


@pytest.mark.parametrize(
    ("attendance", "wanted"),
    [("REPORTED", "HELD"), ("EXPECTED", "OVERDUE"), ("CONFIRMED", "OVERDUE"), ("ABSENT", "OVERDUE")],
)
async def test_a_talk_is_held_when_a_participant_is_reported(desk: Desk, attendance: str, wanted: str) -> None:
    talk = await desk.add(Talk, "talk", starts="2025-04-17")
    actor = await desk.add(Actor, "actor")
    await desk.add(Participation, "p", talk=talk, actor=actor, attendance=attendance)
    assert await desk.ask('{ talks(asOf: "2025-04-18") { nodes { status } } }') == {
        "talks": {"nodes": [{"status": wanted}]}
    }


async def test_what_was_retracted_decides_nothing(desk: Desk) -> None:
    talk = await desk.add(Talk, "talk", starts="2025-04-17")
    step = await desk.add(Milestone, "m", subject=talk, kind="CANCELLED", at="2025-04-01")
    text = '{ talk(by: {key: "talk"}, asOf: "2025-04-17") { status } }'
    assert await desk.ask(text) == {"talk": {"status": "CANCELLED"}}
    await desk.change_record(Milestone, step, retracted_at="2025-04-02T00:00:00Z")
    assert await desk.ask(text) == {"talk": {"status": "SCHEDULED"}}


async def test_days_until_a_talk(desk: Desk) -> None:
    await desk.add(Talk, "span", starts="2025-04-17/2025-04-20")
    await desk.add(Talk, "open", starts="2025-04-17/..")
    await desk.add(Talk, "none")
    text = '{ talks(asOf: "2025-04-18", orderBy: KEY_ASC) { nodes { key daysUntil { min max } } } }'
    assert (await desk.ask(text))["talks"]["nodes"] == [
        {"key": "none", "daysUntil": None},
        {"key": "open", "daysUntil": {"min": -1, "max": None}},
        {"key": "span", "daysUntil": {"min": -1, "max": 2}},
    ]


# --- deadlines -----------------------------------------------------------------------------------

SET = {"2025-03-01": "SET"}

DEADLINES = {
    "a day": Case(
        {"due": "2025-04-20"}, SET,
        {"2025-04-16": ("PENDING", 4, 4), "2025-04-17": ("DUE_SOON", 3, 3), "2025-04-19": ("DUE_SOON", 1, 1),
         "2025-04-20": ("DUE_SOON", 0, 0), "2025-04-21": ("OVERDUE", -1, -1)},
    ),
    "a span": Case(
        {"due": "2025-04-19/2025-04-25"}, SET,
        {"2025-04-15": ("PENDING", 4, 10), "2025-04-16": ("DUE_SOON", 3, 9), "2025-04-18": ("DUE_SOON", 1, 7),
         "2025-04-19": ("IN_WINDOW", 0, 6), "2025-04-25": ("IN_WINDOW", -6, 0), "2025-04-26": ("OVERDUE", -7, -1)},
    ),
    "none": Case({}, SET, {"2025-04-20": ("OPEN_ENDED", None, None)}),
    "no last day": Case(
        {"due": "2025-04-20/.."}, SET,
        {"2025-04-19": ("OPEN_ENDED", 1, None), "2025-04-21": ("OPEN_ENDED", -1, None)},
    ),
    "no first day": Case(
        {"due": "../2025-04-20"}, SET,
        {"2025-04-01": ("IN_WINDOW", None, 19),
         "2025-04-20": ("IN_WINDOW", None, 0), "2025-04-21": ("OVERDUE", None, -1)},
    ),
    "met": Case(
        {"due": "2025-04-20"}, SET | {"2025-04-18": "MET"},
        {"2025-04-17": ("DUE_SOON", 3, 3), "2025-04-18": ("MET", None, None), "2025-05-18": ("MET", None, None)},
    ),
    "missed": Case(
        {"due": "2025-04-20"}, SET | {"2025-04-21": "MISSED"},
        {"2025-04-20": ("DUE_SOON", 0, 0), "2025-04-21": ("MISSED", None, None)},
    ),
    "waived, withdrawn": Case(
        {"due": "2025-04-20"}, SET | {"2025-04-10": "WAIVED", "2025-04-12": "WITHDRAWN"},
        {"2025-04-09": ("PENDING", 11, 11), "2025-04-10": ("WAIVED", None, None),
         "2025-04-12": ("WITHDRAWN", None, None)},
    ),
    "extended": Case(
        {"due": "2025-04-20"}, SET | {"2025-04-19": "EXTENDED 2025-04-30"},
        {"2025-04-18": ("DUE_SOON", 2, 2), "2025-04-19": ("PENDING", 11, 11), "2025-04-30": ("DUE_SOON", 0, 0),
         "2025-05-01": ("OVERDUE", -1, -1)},
    ),
    "extended twice, to an earlier day at last": Case(
        {"due": "2025-04-20"},
        SET | {"2025-04-19": "EXTENDED 2025-05-30", "2025-04-25": "EXTENDED 2025-05-01"},
        {"2025-04-24": ("PENDING", 36, 36), "2025-04-25": ("PENDING", 6, 6), "2025-05-02": ("OVERDUE", -1, -1)},
    ),
    "missed, then extended": Case(
        {"due": "2025-04-20"}, SET | {"2025-04-21": "MISSED", "2025-04-23": "EXTENDED 2025-04-30"},
        {"2025-04-22": ("MISSED", None, None), "2025-04-23": ("PENDING", 7, 7), "2025-05-01": ("OVERDUE", -1, -1)},
    ),
    "extended, then met": Case(
        {"due": "2025-04-20"}, SET | {"2025-04-19": "EXTENDED 2025-04-30", "2025-04-28": "MET"},
        {"2025-04-27": ("DUE_SOON", 3, 3), "2025-04-28": ("MET", None, None)},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", DEADLINES.values(), ids=DEADLINES.keys())
async def test_status_of_a_deadline(desk: Desk, case: Case) -> None:
    process = await desk.add(Process, "process")
    hardness = "HARD" if "due" in case.values else "OPEN_ENDED"
    uuid = await desk.add(Deadline, "deadline", subject=process, hardness=hardness, **case.values)
    await add_steps(desk, uuid, case.steps)
    text = """{ deadline(by: {key: "deadline"}, asOf: "DAY") {
        status statusExplained { value } daysRemaining { min max }
    } }"""
    for day, wanted in case.days.items():
        found = (await desk.ask(text.replace("DAY", day)))["deadline"]
        remaining = found["daysRemaining"] or {"min": None, "max": None}
        assert (found["status"], remaining["min"], remaining["max"]) == wanted, day
        assert found["statusExplained"]["value"] == wanted[0]
        assert (found["daysRemaining"] is None) == (wanted[1:] == (None, None))


async def test_extensions_are_listed_oldest_first_with_their_due_dates(desk: Desk) -> None:
    process = await desk.add(Process, "process")
    uuid = await desk.add(Deadline, "deadline", subject=process, due="2025-04-10", hardness="HARD")
    steps = {"2025-04-19": "EXTENDED 2025-05-30", "2025-04-05": "EXTENDED 2025-04-30", "2025-04-06": "MET"}
    await add_steps(desk, uuid, steps)
    text = "{ deadlines(asOf: DAY) { nodes { extensions { at { edtf } due { edtf } } } } }"
    found = (await desk.ask(text.replace("DAY", '"2025-04-19"')))["deadlines"]["nodes"][0]["extensions"]
    assert [each["at"]["edtf"] for each in found] == ["2025-04-05", "2025-04-19"]
    assert [each["due"]["edtf"] for each in found] == ["2025-04-30", "2025-05-30"]
    assert len((await desk.ask(text.replace("DAY", '"2025-04-18"')))["deadlines"]["nodes"][0]["extensions"]) == 1


@pytest.mark.parametrize("due", ["2025-04-20", "2025-04-19/2025-04-25"])
async def test_a_due_date_needs_no_words(desk: Desk, due: str) -> None:
    process = await desk.add(Process, "process")
    uuid = await desk.add(Deadline, "deadline", subject=process, due=due, hardness="HARD")
    await desk.add(Milestone, "m", subject=uuid, kind="EXTENDED", at="2025-04-01", due=due)


# --- agreements ----------------------------------------------------------------------------------

AGREEMENTS = {
    "nothing": Case({}, {}, {"2025-04-01": "SOUGHT"}),
    "allegations and changes decide nothing": Case(
        {}, {"2025-04-01": "VIOLATION_ALLEGED", "2025-04-02": "AMENDED"}, {"2025-04-02": "SOUGHT"}
    ),
    "forward": Case(
        {},
        {"2025-04-01": "PROPOSED", "2025-04-02": "DRAFTED", "2025-04-03": "NEGOTIATED", "2025-04-04": "INITIALLED",
         "2025-04-05": "SIGNED", "2025-04-06": "RATIFIED", "2025-04-07": "ENTERED_INTO_FORCE"},
        {"2025-04-01": "PROPOSED", "2025-04-02": "DRAFTED", "2025-04-03": "NEGOTIATED", "2025-04-04": "INITIALLED",
         "2025-04-05": "SIGNED", "2025-04-06": "RATIFIED", "2025-04-07": "IN_FORCE", "2025-04-08": "IN_FORCE"},
    ),
    "never back": Case(
        {}, {"2025-04-01": "SIGNED", "2025-04-02": "PROPOSED", "2025-04-03": "ACCEPTED", "2025-04-04": "INITIALLED"},
        {"2025-04-01": "SIGNED", "2025-04-02": "SIGNED", "2025-04-03": "RATIFIED", "2025-04-04": "RATIFIED"},
    ),
    "applied provisionally": Case({}, {"2025-04-01": "PROVISIONALLY_APPLIED"}, {"2025-04-01": "IN_FORCE"}),
    "rejected, then signed": Case(
        {}, {"2025-04-01": "PROPOSED", "2025-04-02": "REJECTED", "2025-04-05": "SIGNED"},
        {"2025-04-01": "PROPOSED", "2025-04-02": "REJECTED", "2025-04-04": "REJECTED", "2025-04-05": "SIGNED"},
    ),
    "rejected, then proposed anew": Case(
        {}, {"2025-04-01": "DRAFTED", "2025-04-02": "REJECTED", "2025-04-05": "PROPOSED"},
        {"2025-04-01": "DRAFTED", "2025-04-02": "REJECTED", "2025-04-05": "DRAFTED"},
    ),
    "rejected after it was signed": Case(
        {}, {"2025-04-01": "SIGNED", "2025-04-02": "REJECTED"}, {"2025-04-01": "SIGNED", "2025-04-02": "REJECTED"}
    ),
    "suspended, then back in force": Case(
        {}, {"2025-04-01": "ENTERED_INTO_FORCE", "2025-04-02": "SUSPENDED", "2025-04-05": "ENTERED_INTO_FORCE"},
        {"2025-04-01": "IN_FORCE", "2025-04-02": "SUSPENDED", "2025-04-04": "SUSPENDED", "2025-04-05": "IN_FORCE"},
    ),
    "suspended, then signed again": Case(
        {}, {"2025-04-01": "ENTERED_INTO_FORCE", "2025-04-02": "SUSPENDED", "2025-04-05": "SIGNED"},
        {"2025-04-05": "SUSPENDED"},
    ),
    "a violation ends nothing": Case(
        {},
        {"2025-04-01": "ENTERED_INTO_FORCE", "2025-04-02": "VIOLATION_ALLEGED", "2025-04-03": "VIOLATION_CONFIRMED"},
        {"2025-04-02": "IN_FORCE", "2025-04-03": "IN_FORCE"},
    ),
    "terminated, repudiated, expired, superseded": Case(
        {},
        {"2025-04-01": "TERMINATED", "2025-04-02": "EXPIRED", "2025-04-03": "SUPERSEDED", "2025-04-04": "REPUDIATED"},
        {"2025-04-01": "TERMINATED", "2025-04-02": "EXPIRED", "2025-04-03": "SUPERSEDED", "2025-04-04": "TERMINATED"},
    ),
    "two steps of one day": Case(
        {}, {"2025-04-01a": "PROPOSED", "2025-04-01b": "SIGNED"}, {"2025-04-01": "SIGNED"}
    ),
    "a step at an unknown day comes first": Case(
        {}, {"../2025-04-03": "REJECTED", "2025-04-02": "SIGNED"}, {"2025-04-02": "SIGNED"}
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", AGREEMENTS.values(), ids=AGREEMENTS.keys())
async def test_status_of_an_agreement(desk: Desk, case: Case) -> None:
    uuid = await desk.add(Agreement, "agreement")
    await add_steps(desk, uuid, case.steps)
    text = '{ agreement(by: {key: "agreement"}, asOf: "DAY") { status statusExplained { value } } }'
    found = {day: (await desk.ask(text.replace("DAY", day)))["agreement"] for day in case.days}
    assert {day: each["status"] for day, each in found.items()} == case.days
    assert {day: each["statusExplained"]["value"] for day, each in found.items()} == case.days


async def test_when_an_agreement_was_signed_and_in_force(desk: Desk) -> None:
    uuid = await desk.add(Agreement, "agreement")
    steps = {"2025-04-03": "SIGNED", "2025-04-05": "ENTERED_INTO_FORCE", "2025-04-07": "SUSPENDED",
             "2025-04-09": "ENTERED_INTO_FORCE"}  # fmt: skip
    await add_steps(desk, uuid, steps)
    text = '{ agreement(by: {key: "agreement"}, asOf: "DAY") { signedOn inForceSince } }'
    for day, signed, since in (
        ("2025-04-03", "2025-04-03", None), ("2025-04-04", "2025-04-03", None),
        ("2025-04-05", "2025-04-03", "2025-04-05"), ("2025-04-07", "2025-04-03", None),
        ("2025-04-09", "2025-04-03", "2025-04-09"),
    ):  # fmt: skip
        assert (await desk.ask(text.replace("DAY", day)))["agreement"] == {"signedOn": signed, "inForceSince": since}


async def test_an_agreement_without_a_milestone_is_signed_when_the_last_party_signed(desk: Desk) -> None:
    uuid = await desk.add(Agreement, "agreement")
    for index, (day, capacity) in enumerate(
        [("2025-04-01", "PARTY"), ("2025-04-03", "PARTY"), ("2025-04-05", "WITNESS")]
    ):
        actor = await desk.add(Actor, f"actor{index}")
        await desk.add(Signature, f"s{index}", agreement=uuid, actor=actor, signed=day, capacity=capacity)
    text = '{ agreement(by: {key: "agreement"}, asOf: "DAY") { signedOn } }'
    for day, signed in (("2025-04-02", None), ("2025-04-03", "2025-04-03"), ("2025-04-06", "2025-04-03")):
        assert (await desk.ask(text.replace("DAY", day)))["agreement"] == {"signedOn": signed}


async def test_implementation_is_the_mean_of_the_newest_levels(desk: Desk) -> None:
    uuid = await desk.add(Agreement, "agreement")
    text = '{ agreement(by: {key: "agreement"}, asOf: "DAY") { implementation { mean judged total } } }'
    none = {"implementation": {"mean": None, "judged": 0, "total": 0}}
    assert (await desk.ask(text.replace("DAY", "2025-04-01")))["agreement"] == none
    for key, levels in (("a", {"2025-01": 0, "2025-03": 2}), ("b", {"2025-02": 1}), ("c", {"2025-02": 1}), ("d", {})):
        provision = await desk.add(Provision, key, agreement=uuid)
        for period, level in levels.items():
            await desk.add(Assessment, f"{key}{period}", provision=provision, period=period, level=level)
    for day, mean, judged in (
        ("2024-12-31", None, 0), ("2025-01-31", 0, 1), ("2025-02-01", 0.67, 3), ("2025-03-01", 1.33, 3),
    ):  # fmt: skip
        wanted = {"mean": mean, "judged": judged, "total": 4}
        assert (await desk.ask(text.replace("DAY", day)))["agreement"] == {"implementation": wanted}, day


# --- processes -----------------------------------------------------------------------------------


async def status(desk: Desk, day: str) -> Any:
    text = """{ process(by: {key: "process"}, asOf: "DAY") {
        status statusExplained { value } lastActivity daysSinceLastActivity stalledSince
        nextTalk { key } nextDeadline { key } reportedStatus { kind }
    } }"""
    found = (await desk.ask(text.replace("DAY", day)))["process"]
    assert found.pop("statusExplained")["value"] == found["status"]
    return found


async def test_a_process_stalls_when_nothing_happened_for_longer_than_it_allows(desk: Desk) -> None:
    process = await desk.add(Process, "process", opened="2025-01-01", stall_after_days=10)
    assert (await status(desk, "2025-01-11"))["status"] == "ACTIVE"
    assert (await status(desk, "2025-01-12"))["status"] == "STALLED"
    talk = await desk.add(Talk, "talk", process=process, starts="2025-04-01")
    await add_steps(desk, talk, {"2025-04-01": "OPENED"})
    assert await status(desk, "2025-04-11") == {
        "status": "ACTIVE", "lastActivity": "2025-04-01", "daysSinceLastActivity": 10, "stalledSince": None,
        "nextTalk": None, "nextDeadline": None, "reportedStatus": None,
    }  # fmt: skip
    stalled = await status(desk, "2025-04-12")
    assert (stalled["status"], stalled["stalledSince"], stalled["daysSinceLastActivity"]) == (
        "STALLED",
        "2025-04-12",
        11,
    )
    assert (await status(desk, "2025-05-12"))["stalledSince"] == "2025-04-12"


async def test_a_process_of_which_nothing_is_dated_is_silent_since_it_can_be_seen(desk: Desk) -> None:
    await desk.add(Process, "process")
    found = await status(desk, "2030-01-01")
    assert (found["status"], found["lastActivity"], found["daysSinceLastActivity"]) == ("STALLED", None, None)


@pytest.mark.parametrize(
    ("record", "values", "last"),
    [
        (Talk, {"starts": "2025-03-10", "ends": "2025-03-12"}, None),
        (Statement, {"said": "2025-03-12"}, None),
        (Agreement, {}, None),
    ],
)
async def test_what_is_no_activity(desk: Desk, record: Any, values: dict[str, Any], last: str | None) -> None:
    process = await desk.add(Process, "process", opened="2025-01-01", stall_after_days=10)
    await desk.add(record, "x", process=process, **values)
    found = await status(desk, "2025-03-15")
    assert (found["status"], found["lastActivity"]) == ("STALLED", last)


async def test_activity_is_a_talk_a_step_of_an_agreement_or_a_signature(desk: Desk) -> None:
    process = await desk.add(Process, "process", opened="2025-01-01", stall_after_days=10)
    actor = await desk.add(Actor, "actor")
    talk = await desk.add(Talk, "talk", process=process, starts="2025-03-01", ends="2025-03-03")
    agreement = await desk.add(Agreement, "agreement", process=process)
    await add_steps(desk, talk, {"2025-03-01": "OPENED"})
    await add_steps(desk, agreement, {"2025-03-05": "DRAFTED"}, name="a")
    await desk.add(Signature, "s", agreement=agreement, actor=actor, signed="2025-03-07")
    for day, last in (
        ("2025-02-28", None), ("2025-03-01", "2025-03-01"), ("2025-03-02", "2025-03-02"), ("2025-03-04", "2025-03-03"),
        ("2025-03-05", "2025-03-05"), ("2025-03-06", "2025-03-05"), ("2025-03-07", "2025-03-07"),
        ("2025-05-07", "2025-03-07"),
    ):  # fmt: skip
        assert (await status(desk, day))["lastActivity"] == last, day


async def test_what_happened_on_an_unknown_day_is_no_activity_of_today(desk: Desk) -> None:
    process = await desk.add(Process, "process", opened="2025-01-01", stall_after_days=10)
    actor = await desk.add(Actor, "actor")
    agreement = await desk.add(Agreement, "agreement", process=process)
    await desk.add(Signature, "s", agreement=agreement, actor=actor)
    talk = await desk.add(Talk, "talk", process=process)
    await desk.add(Participation, "p", talk=talk, actor=actor, attendance="REPORTED")
    found = await status(desk, "2025-03-15")
    assert (found["status"], found["lastActivity"]) == ("STALLED", None)


async def test_what_is_to_come_keeps_a_process_from_stalling(desk: Desk) -> None:
    process = await desk.add(Process, "process", opened="2025-01-01", stall_after_days=10)
    talk = await desk.add(Talk, "talk", process=process, starts="2025-03-10/2025-03-12")
    other = await desk.add(Talk, "other", process=process, starts="2025-03-11")
    for uuid in (talk, other):
        await add_steps(desk, uuid, {"2025-03-01": "ANNOUNCED"}, name=uuid)
    for day, wanted, following in (
        ("2025-02-28", "STALLED", None), ("2025-03-01", "ACTIVE", "other"), ("2025-03-12", "ACTIVE", "talk"),
        ("2025-03-13", "ACTIVE", None), ("2025-03-31", "STALLED", None),
    ):  # fmt: skip
        found = await status(desk, day)
        if day != "2025-03-13":
            assert found["status"] == wanted, day
        assert found["nextTalk"] == (following and {"key": following}), day


async def test_an_open_deadline_keeps_a_process_from_stalling_wherever_it_hangs(desk: Desk) -> None:
    process = await desk.add(Process, "process", opened="2025-01-01", stall_after_days=10)
    talk = await desk.add(Talk, "talk", process=process)
    await add_steps(desk, talk, {"2025-01-05": "CANCELLED"})
    agreement = await desk.add(Agreement, "agreement", process=process)
    statement = await desk.add(Statement, "statement", process=process, said="2025-01-02")
    condition = await desk.add(Condition, "condition", statement=statement)
    for month, subject in enumerate((process, talk, agreement, condition), start=2):
        due = f"2025-{month:02}-20"
        await desk.add(Deadline, f"d{month}", subject=subject, due=due, anchor=f"2025-{month:02}-10", hardness="HARD")
        for day, wanted, following in (
            (f"2025-{month:02}-09", "STALLED", None), (f"2025-{month:02}-10", "ACTIVE", f"d{month}"),
            (due, "ACTIVE", f"d{month}"), (f"2025-{month:02}-21", "STALLED", None),
        ):  # fmt: skip
            found = await status(desk, day)
            assert (found["status"], found["nextDeadline"] and found["nextDeadline"]["key"]) == (wanted, following), day


async def test_the_next_deadline_is_the_one_that_ends_first(desk: Desk) -> None:
    process = await desk.add(Process, "process")
    for key, due in (("later", "2025-05-01"), ("span", "2025-04-01/2025-04-30"), ("sooner", "2025-04-25")):
        await desk.add(Deadline, key, subject=process, due=due, anchor="2025-03-01", hardness="HARD")
    assert (await status(desk, "2025-04-20"))["nextDeadline"] == {"key": "sooner"}
    assert (await status(desk, "2025-04-26"))["nextDeadline"] == {"key": "span"}
    assert (await status(desk, "2025-05-01"))["nextDeadline"] == {"key": "later"}
    assert (await status(desk, "2025-05-02"))["nextDeadline"] is None


PROCESSES = {
    "concluded": Case({}, {"2025-03-01": "CONCLUDED"}, {"2025-02-28": "STALLED", "2025-03-01": "CONCLUDED"}),
    "collapsed, then resumed": Case(
        {}, {"2025-01-05": "COLLAPSED", "2025-01-07": "RESUMED"},
        {"2025-01-05": "COLLAPSED", "2025-01-06": "COLLAPSED", "2025-01-07": "ACTIVE"},
    ),
    "suspended, then resumed": Case(
        {}, {"2025-01-05": "SUSPENDED", "2025-01-07": "RESUMED"},
        {"2025-01-04": "ACTIVE", "2025-01-05": "SUSPENDED", "2025-01-06": "SUSPENDED", "2025-01-07": "ACTIVE"},
    ),
    "suspended, then concluded": Case(
        {}, {"2025-01-05": "SUSPENDED", "2025-01-07": "CONCLUDED"},
        {"2025-01-06": "SUSPENDED", "2025-01-07": "CONCLUDED"}
    ),
    "a source's judgement decides nothing": Case(
        {}, {"2025-01-05": "REPORTED_STALLED"}, {"2025-01-05": "ACTIVE", "2025-01-12": "STALLED"}
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", PROCESSES.values(), ids=PROCESSES.keys())
async def test_status_of_a_process(desk: Desk, case: Case) -> None:
    uuid = await desk.add(Process, "process", opened="2025-01-01", stall_after_days=10)
    await add_steps(desk, uuid, {"2025-01-01": "OPENED", **case.steps})
    assert {day: (await status(desk, day))["status"] for day in case.days} == case.days


async def test_the_newest_judgement_of_a_source_is_shown_beside(desk: Desk) -> None:
    uuid = await desk.add(Process, "process")
    await add_steps(desk, uuid, {"2025-01-05": "REPORTED_STALLED", "2025-01-08": "REPORTED_PROGRESS"})
    for day, kind in (
        ("2025-01-05", "REPORTED_STALLED"),
        ("2025-01-07", "REPORTED_STALLED"),
        ("2025-01-08", "REPORTED_PROGRESS"),
    ):
        assert (await status(desk, day))["reportedStatus"] == {"kind": kind}


# --- standings, offices, conditions --------------------------------------------------------------


@pytest.mark.parametrize(
    ("stances", "wanted"),
    [
        (["UNDECLARED"], "UNKNOWN"), (["DEMANDS"], "ONE_SIDED"), (["REJECTS", "UNDECLARED"], "ONE_SIDED"),
        (["ACCEPTS", "ACCEPTS"], "AGREED"), (["DEMANDS", "ACCEPTS"], "AGREED"),
        (["DEMANDS", "ACCEPTS_WITH_CONDITIONS"], "CONVERGING"), (["DEMANDS", "DEMANDS"], "UNCOMPARED"),
        (["DEMANDS", "DEMANDS", "ACCEPTS"], "AGREED"), (["REJECTS", "REJECTS"], "AGREED"),
        (["ACCEPTS", "REJECTS"], "CONTESTED"), (["ACCEPTS", "ACCEPTS_WITH_CONDITIONS", "REJECTS"], "CONTESTED"),
    ],
)  # fmt: skip
async def test_standing_of_an_issue(desk: Desk, stances: list[str], wanted: str) -> None:
    process, issue = await desk.add(Process, "process"), await desk.add(Issue, "issue")
    for index, stance in enumerate(stances):
        actor = await desk.add(Actor, f"a{index}")
        await desk.add(Position, f"p{index}", process=process, issue=issue, actor=actor, stance=stance)
    found = await desk.ask("{ processes { nodes { standings { nodes { standing standingExplained { value } } } } } }")
    assert found["processes"]["nodes"][0]["standings"]["nodes"] == [
        {"standing": wanted, "standingExplained": {"value": wanted}}
    ]


async def test_only_the_newest_position_of_an_actor_counts(desk: Desk) -> None:
    process, issue = await desk.add(Process, "process"), await desk.add(Issue, "issue")
    us, ru = await desk.add(Actor, "us"), await desk.add(Actor, "ru")
    about = {"process": process, "issue": issue}
    await desk.add(Position, "us", **about, actor=us, stance="DEMANDS")
    await desk.add(Position, "ru1", **about, actor=ru, stance="REJECTS", held="2025-03-01/..", red_line=True)
    await desk.add(Position, "ru2", **about, actor=ru, stance="ACCEPTS", held="2025-03-10/..")
    text = '{ issues(asOf: "DAY") { nodes { standings { nodes { standing positions { key } redLines { key } } } } } }'
    for day, standing, red_lines in (
        ("2025-02-28", "ONE_SIDED", []), ("2025-03-01", "CONTESTED", ["ru1"]), ("2025-03-09", "CONTESTED", ["ru1"]),
        ("2025-03-10", "AGREED", []),
    ):  # fmt: skip
        found = (await desk.ask(text.replace("DAY", day)))["issues"]["nodes"][0]["standings"]["nodes"][0]
        assert (found["standing"], [each["key"] for each in found["redLines"]]) == (standing, red_lines), day


async def test_the_office_of_a_speaker_is_the_one_held_that_day(desk: Desk) -> None:
    person, state = await desk.add(Actor, "person"), await desk.add(Actor, "state")
    for key, held in (("first", "2020-01-01/2025-03-31"), ("second", "2025-04-01/.."), ("unknown", None)):
        await desk.add(Office, key, person=person, actor=state, held=held)
    for index, said in enumerate(("2019-06-01", "2025-03-31", "2025-04-01", "2025-04-17")):
        await desk.add(Statement, f"s{index}", speaker=person, said=said, attribution="PARAPHRASE")
    await desk.add(Statement, "s9", said="2025-04-17")
    found = await desk.ask("{ statements(orderBy: KEY_ASC) { nodes { speakerOffice { key } } } }")
    offices = [each["speakerOffice"] and each["speakerOffice"]["key"] for each in found["statements"]["nodes"]]
    assert offices == [None, "first", "second", "second", None]


@pytest.mark.parametrize(
    ("kind", "wanted"), [("MET", "MET"), ("MISSED", "UNMET"), ("WAIVED", "WITHDRAWN"), ("WITHDRAWN", "WITHDRAWN")]
)
async def test_outcome_of_a_condition(desk: Desk, kind: str, wanted: str) -> None:
    statement = await desk.add(Statement, "statement", said="2025-04-01")
    await desk.add(Condition, "never", statement=statement)
    process = await desk.add(Process, "process")
    deadline = await desk.add(
        Deadline, "deadline", subject=process, due="2025-04-20", anchor="2025-04-01", hardness="HARD"
    )
    await desk.add(Condition, "condition", statement=statement, deadline=deadline)
    await add_steps(desk, deadline, {"2025-04-01": "SET", "2025-04-22": kind})
    text = '{ conditions(asOf: "DAY") { nodes { outcome outcomeExplained { value } } } }'
    for day, outcome in (("2025-04-20", "PENDING"), ("2025-04-21", "LAPSED"), ("2025-04-22", wanted)):
        found = (await desk.ask(text.replace("DAY", day)))["conditions"]["nodes"]
        assert [each["outcome"] for each in found] == [outcome, "PENDING"]
        assert [each["outcomeExplained"]["value"] for each in found] == [outcome, "PENDING"]


async def test_the_clock_counts_days_in_utc(desk: Desk) -> None:
    await desk.add(Talk, "talk", starts="2025-04-17")
    text = "query ($at: DateTime!) { talks(asOf: $at) { nodes { status } } }"
    midnight = datetime(2025, 4, 17, tzinfo=UTC)
    for at, found in (
        (midnight - timedelta(microseconds=1), []), (midnight, ["SCHEDULED"]),
        (midnight + timedelta(hours=24, microseconds=-1), ["SCHEDULED"]), (midnight + timedelta(hours=24), ["OVERDUE"]),
    ):  # fmt: skip
        nodes = (await desk.ask(text, at=at.isoformat()))["talks"]["nodes"]
        assert [each["status"] for each in nodes] == found, at
    assert (await desk.ask(text, at="2025-04-17T01:00:00+02:00"))["talks"]["nodes"] == []


# --- what is published ---------------------------------------------------------------------------


async def test_every_rule_is_published_with_its_text(desk: Desk) -> None:
    found = (await desk.ask("{ rules { id version text parameters } }"))["rules"]
    assert [each["id"] for each in found] == sorted(rule.name for rule in published_rules())
    for each, rule in zip(found, published_rules(), strict=True):
        assert each == {
            "id": rule.name,
            "version": rule.version,
            "text": rule.text,
            "parameters": dict(rule.parameters),
        }
        assert len(rule.text) > 10


EXPLAINED: Mapping[str, tuple[Any, str]] = {
    rule.name: (cls, graphql_name(field))
    for cls in (*RECORDS, *COMPUTED)
    for field in fields_of(cls)
    if isinstance(rule := field.metadata.get("rule"), Rule)
}
"""The fields that are explained, by the rule that does it."""

PUBLISHED = {
    "talk.status.v2", "deadline.status.v2", "process.status.v2", "agreement.status.v2", "party.state.v1",
    "provision.status.v1", "condition.outcome.v2", "issue.standing.v2",
}  # fmt: skip
"""Rules by which both clocks answer."""


async def test_every_published_rule_is_used(desk: Desk) -> None:
    phrases = {f"{rule.id}.v{rule.version}" for rule in PHRASE_RULES}
    judgements = {rule.name for rule in published_rules()} - phrases
    assert judgements == EXPLAINED.keys() == PUBLISHED
    process = await desk.add(Process, "a-process")
    await desk.add_one_of_each({Position: {"process": process}})
    for rule, (cls, judged) in EXPLAINED.items():
        inner = f"nodes {{ {judged} {{ rule {{ id }} inputs {{ name value record {{ id }} }} }} }}"
        if cls is Standing:
            (issue,) = (await desk.ask(f"{{ issues {{ nodes {{ standings {{ {inner} }} }} }} }}"))["issues"]["nodes"]
            listed = issue["standings"]
        else:
            name = cls.table.list_field
            listed = (await desk.ask(f"{{ {name} {{ {inner} }} }}"))[name]
        assert listed["nodes"][0][judged]["rule"]["id"] == rule


async def test_an_explanation_names_the_facts_and_where_they_stand(desk: Desk) -> None:
    talk = await desk.add(Talk, "talk", starts="2025-04-17")
    step = await desk.add(Milestone, "m", subject=talk, kind="CONCLUDED", at="2025-04-17")
    text = '{ talk(by: {key: "talk"}, asOf: "2025-04-18") { statusExplained { inputs { name value record { id } } } } }'
    assert (await desk.ask(text))["talk"]["statusExplained"]["inputs"] == [
        {"name": "clock", "value": "2025-04-18", "record": None},
        {"name": "starts", "value": "2025-04-17", "record": {"id": talk}},
        {"name": "day", "value": "2025-04-17", "record": {"id": talk}},
        {"name": "milestone", "value": "CONCLUDED 2025-04-17", "record": {"id": step}},
    ]
