"""Laws that hold for every world, on every day: random small dossiers, asked on the days around their steps.

Twenty worlds by default; `make laws` sets LAWS to more. A law that fails prints the smallest dossier that breaks it.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
from collections.abc import Callable, Coroutine, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, note, seed, settings
from hypothesis import strategies as some

from schema.errors import Invalid
from schema.records.registry import RECORDS
from schema.writing import statements
from schema.writing.dossier import apply
from schema.writing.entries import document
from tests.conftest import new_database
from tests.laws.worlds import DAYS, FIRST, worlds
from tests.support.judgements import agreements, processes
from tests.support.judgements.facts import Facts, day_of
from tests.support.judgements.talks_and_deadlines import deadline_on, talk_on
from tests.support.oracle.agreements import agreement_since, in_force_since
from tests.support.oracle.clock import FACTS, Clock
from tests.support.oracle.processes import process_since, stalled_since
from tests.support.oracle.shape import Shape
from tests.support.oracle.talks_and_deadlines import days_remaining, days_until, deadline_since, talk_since
from tests.support.world import Desk, Row, desk_at, reader

T = TypeVar("T")

WORLDS = int(os.environ.get("LAWS", "20"))

EACH_WORLD = settings(
    max_examples=WORLDS, deadline=None, database=None, print_blob=False, report_multiple_bugs=False,
    phases=(Phase.generate, Phase.shrink), suppress_health_check=list(HealthCheck),
)  # fmt: skip

LISTS = {
    "talks": "key status statusSince disputed daysUntil { min max } starts { edtf } city",
    "deadlines": "key status statusSince disputed daysRemaining { min max } due { latest }",
    "agreements": "key status statusSince signedOn inForceSince",
    "processes": "key status statusSince stalledSince lastActivity nextTalk { key } nextDeadline { key }",
    "signatures": "key state",
    "conditions": "key outcome",
    "provisions": "key status",
}

ASKED = 8
"""Days that one statement asks for."""


def asks(more: str) -> str:
    days = " ".join(
        f"{name}{place}: {name}(first: 100, orderBy: KEY_ASC, asOf: $d{place}{more}) {{ nodes {{ {fields} }} }}"
        for place in range(ASKED)
        for name, fields in LISTS.items()
    )
    variables = ", ".join(f"$d{place}: DateTime" for place in range(ASKED))
    return f"query ({variables}{', $known: DateTime' if more else ''}) {{ {days} }}"


NOW, KNOWN = asks(""), asks(", knownAt: $known")

Answers = dict[str, dict[str, dict[str, Row]]]
"""Day -> list -> key -> fields."""


class TakesBack(Exception):
    """Ends the transaction of a world."""


@dataclass(frozen=True)
class Laboratory:
    """A database for worlds, and the loop in which it is asked: hypothesis itself knows no loops."""

    desk: Desk
    runner: asyncio.Runner

    def run(self, asked: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(asked)


@pytest.fixture(scope="module")
def laboratory(postgres: str, template_url: str) -> Iterator[Laboratory]:
    with new_database(postgres, template_url) as url, asyncio.Runner() as runner:
        opened = desk_at(url)
        desk = runner.run(opened.__aenter__())
        # Here the day of entry counts, as it does for everybody.
        runner.run(desk.connection.execute("set parley.today = ''"))
        yield Laboratory(desk, runner)
        runner.run(opened.__aexit__(None, None, None))


async def enter(desk: Desk, world: dict[str, Any]) -> None:
    await statements.begin(desk.connection, statements.Author("a test", "DOSSIER", "to see"))
    await apply(desk.connection, document(world))
    await desk.connection.execute("select refresh_statuses()")


@dataclass(frozen=True)
class World:
    """What a world answers by both clocks, and its rows."""

    now: Answers
    known: Answers
    tables: dict[str, list[Row]]


async def entered(desk: Desk, world: dict[str, Any], days: Sequence[str], *, whole: bool = True) -> World | None:
    """Enter a world, ask for the days, and take it back. None where it cannot be entered.

    The `whole` of it is also what was known, and its rows.
    """
    found: World | None = None
    try:
        async with desk.connection.transaction():
            await enter(desk, world)
            now = await ask(desk, days)
            found = World(now, await ask(desk, days, known=True), await rows(desk)) if whole else World(now, now, {})
            raise TakesBack
    except TakesBack:
        return found
    except Invalid:
        return None


async def ask(desk: Desk, days: Sequence[str], *, known: bool = False) -> Answers:
    variables: dict[str, Any] = {f"d{place}": day for place, day in enumerate(days)}
    if known:
        variables["known"] = (await desk.moment()).isoformat()
    data = await desk.ask(KNOWN if known else NOW, now=datetime.combine(date(2024, 6, 1), time(12), UTC), **variables)
    return {
        day: {name: {row["key"]: row for row in data[f"{name}{place}"]["nodes"]} for name in LISTS}
        for place, day in enumerate(days)
    }


async def rows(desk: Desk) -> dict[str, list[Row]]:
    """Every row of every table, as the evaluation reads them."""
    found: dict[str, list[Row]] = {}
    for table in (*(cls.table.name for cls in RECORDS), "record"):
        listed = await desk.connection.fetch(f'select to_jsonb(r)::text as row from "{table}" r')
        found[table] = [json.loads(each["row"]) for each in listed]
    return found


def some_days(world: dict[str, Any], chance: random.Random) -> list[str]:
    """The days of some steps, the days before and after them, and others."""
    written = {
        part for part in json.dumps(world).replace("/", '"').split('"') if part[:4] == "2024" and len(part) == 10
    }
    around = {(date.fromisoformat(day) + timedelta(by)).isoformat() for day in written for by in (-1, 0, 1)} | {
        (FIRST + timedelta(chance.randrange(-10, DAYS + 130))).isoformat() for _ in range(10)
    }
    return sorted(chance.sample(sorted(around), min(ASKED, len(around))))


def padded(days: list[str]) -> list[str]:
    return sorted([*days, *([days[-1]] * (ASKED - len(days)))])


def evaluated(tables: dict[str, list[Row]], day: str) -> dict[str, dict[str, Row]]:
    """What the published texts give for a day, of the records that are visible then."""
    return judged(Clock(tables, day, Shape(reader().compiler.schema), {}))


def judged(clock: Clock) -> dict[str, dict[str, Row]]:
    facts, today = clock.facts, clock.day
    found: dict[str, dict[str, Row]] = {"talks": {}, "deadlines": {}, "agreements": {}, "processes": {}}
    for row in facts.rows("talk"):
        talk = talk_on(facts, row, today)
        if talk.visible <= today:
            found["talks"][row["key"]] = {
                "status": talk.status, "statusSince": talk_since(clock, row), "disputed": talk.disputed,
                "daysUntil": days_until(clock, row), "city": talk.place[1],
            }  # fmt: skip
    for row in facts.rows("deadline"):
        deadline = deadline_on(facts, row, today)
        if deadline.visible <= today:
            found["deadlines"][row["key"]] = {
                "status": deadline.status, "statusSince": deadline_since(clock, row), "disputed": deadline.disputed,
                "daysRemaining": days_remaining(clock, row),
            }  # fmt: skip
    for row in facts.rows("agreement"):
        agreement = agreements.agreement_on(facts, row, today)
        if agreement.visible <= today:
            found["agreements"][row["key"]] = {
                "status": agreement.status, "statusSince": agreement_since(clock, row),
                "signedOn": day_of(agreement.signed_on), "inForceSince": in_force_since(clock, row),
            }  # fmt: skip
    for row in facts.rows("process"):
        if processes.visible_since(facts, row) <= today:
            following = {kind: processes.next_of(facts, row, today, kind) for kind in ("TALK", "DEADLINE")}
            found["processes"][row["key"]] = {
                "status": processes.process_status(facts, row, today), "statusSince": process_since(clock, row),
                "stalledSince": stalled_since(clock, row),
                "lastActivity": day_of(processes.last_activity(facts, row, today)),
                "nextTalk": (each := following["TALK"]) and {"key": each["key"]},
                "nextDeadline": (each := following["DEADLINE"]) and {"key": each["key"]},
            }  # fmt: skip
    return found


def differences(answer: dict[str, dict[str, Row]], evaluation: dict[str, dict[str, Row]]) -> list[str]:
    found = []
    for name in ("talks", "deadlines", "agreements", "processes"):
        if answer[name].keys() != evaluation[name].keys():
            found.append(f"{name}: {sorted(answer[name])} are seen, {sorted(evaluation[name])} are visible")
        for key in answer[name].keys() & evaluation[name].keys():
            found += [
                f"{name} {key} {field}: answered {answer[name][key][field]}, evaluated {value}"
                for field, value in evaluation[name][key].items()
                if answer[name][key][field] != value
            ]
    return found


# --- the laws ------------------------------------------------------------------------------------


def in_every_world(test: Callable[[dict[str, Any], random.Random], None]) -> None:
    """Hold a law against random worlds, always the same ones; the smallest that breaks it is printed."""

    def holds(world: dict[str, Any], chance: random.Random) -> None:
        note(yaml.safe_dump(world, sort_keys=False))
        test(world, chance)

    seed(20240110)(EACH_WORLD(given(world=worlds(), chance=some.randoms(use_true_random=False))(holds)))()


@pytest.mark.one_postgres
def test_the_answers_are_those_of_the_published_texts_and_tell_one_story(laboratory: Laboratory) -> None:
    """Laws 1, 2, 5, 6, 8 and 9, at both clocks."""
    held = 0

    def law(world: dict[str, Any], chance: random.Random) -> None:
        nonlocal held
        days = padded(some_days(world, chance))
        found = laboratory.run(entered(laboratory.desk, world, days))
        if found is None:
            return
        held += 1
        assert found.now == found.known
        FACTS[id(found.tables)] = Facts(found.tables)
        for day in sorted(set(days)):
            assert differences(found.now[day], evaluated(found.tables, day)) == [], day
            assert contradictions(found.now[day]) == [], day
        assert goes_on(found.now)
        del FACTS[id(found.tables)]

    in_every_world(law)
    assert held > WORLDS // 2


def contradictions(answer: dict[str, dict[str, Row]]) -> list[str]:
    """Two answers of one day that do not go together."""
    settled, coming = ("MET", "MISSED", "WAIVED", "WITHDRAWN"), ("SCHEDULED", "EXPECTED")
    near = ("PENDING", "DUE_SOON", "IN_WINDOW")
    deadlines, talks, tracks = (answer[name] for name in ("deadlines", "talks", "processes"))
    return [
        *(f"{key} is settled, and days remain" for key, row in deadlines.items()
          if row["status"] in settled and row["daysRemaining"]),
        *(f"days remain until {key}, which is {row['status']}" for key, row in talks.items()
          if row["daysUntil"] and row["status"] not in coming),
        *(f"the next talk of {key} is not to come" for key, row in tracks.items()
          if row["nextTalk"] and talks[row["nextTalk"]["key"]]["status"] not in coming),
        *(f"the next deadline of {key} is not open" for key, row in tracks.items()
          if row["nextDeadline"] and deadlines[row["nextDeadline"]["key"]]["status"] not in near),
        *(f"{key} is {row['status']}, stalled since {row['stalledSince']}" for key, row in tracks.items()
          if (row["status"] == "STALLED") != (row["stalledSince"] is not None)),
        *(["p is stalled while its track is active"]
          if {key: row["status"] for key, row in tracks.items()} == {"p": "STALLED", "q": "ACTIVE"} else []),
    ]  # fmt: skip


def goes_on(answers: Answers) -> bool:
    """Whether the last activity never goes back."""
    for key in ("p", "q"):
        seen = [row["lastActivity"] or "" for day in sorted(answers) if (row := answers[day]["processes"].get(key))]
        if seen != sorted(seen):
            return False
    return True


@pytest.mark.one_postgres
def test_neither_the_order_of_entry_nor_what_comes_later_changes_an_answer(laboratory: Laboratory) -> None:
    """Laws 3, 7 and 10."""

    def law(world: dict[str, Any], chance: random.Random) -> None:
        days = padded(some_days(world, chance))
        found = laboratory.run(entered(laboratory.desk, world, days, whole=False))
        shuffled = laboratory.run(entered(laboratory.desk, reordered(world, chance), days, whole=False))
        assert (found is None) == (shuffled is None)
        if found is None or shuffled is None:
            return
        assert shuffled.now == found.now
        cut = chance.choice(days)
        before = laboratory.run(entered(laboratory.desk, until(world, cut), days, whole=False))
        for day in sorted(set(days)):
            if before and day <= cut:
                assert statuses(before.now[day]) == statuses(found.now[day]), (day, cut)
        alone = laboratory.run(entered(laboratory.desk, without_own_steps(world, "a"), days, whole=False))
        for day in sorted(set(days)):
            if alone:
                assert others(alone.now[day]) == others(found.now[day]), day

    in_every_world(law)


def reordered(value: Any, chance: random.Random) -> Any:
    if isinstance(value, dict):
        return {key: reordered(each, chance) for key, each in value.items()}
    if isinstance(value, list):
        return chance.sample([reordered(each, chance) for each in value], len(value))
    return value


def until(world: dict[str, Any], day: str) -> dict[str, Any]:
    """The same world without the steps that come after a day."""
    found: dict[str, Any] = filtered(
        world, lambda step: first_day(step["at"]) <= day and first_day(step.get("effective", day)) <= day
    )
    return found


def first_day(edtf: str) -> str:
    first = edtf.partition("/")[0]
    return first if len(first) == 10 else f"{first}-01"


def without_own_steps(world: dict[str, Any], actor: str) -> dict[str, Any]:
    """The same world without what one actor, or who speaks for it, did to agreements alone."""
    found = deepcopy(world)
    for each in found["agreements"]:
        steps = each.get("milestones", [])
        own = [step for step in steps if step.get("actor") in (actor, "envoy") and step["kind"] in agreements.OWN]
        each["milestones"] = [step for step in steps if step not in own]
    return found


def filtered(value: Any, keep: Callable[[dict[str, Any]], bool]) -> Any:
    if isinstance(value, dict):
        return {
            key: [filtered(each, keep) for each in inner if keep(each)]
            if key == "milestones"
            else filtered(inner, keep)
            for key, inner in value.items()
        }
    return [filtered(each, keep) for each in value] if isinstance(value, list) else value


def statuses(answer: dict[str, dict[str, Row]]) -> dict[str, Any]:
    return {
        f"{name} {key}": row.get("status") for name in LISTS for key, row in answer[name].items() if "status" in row
    }


def others(answer: dict[str, dict[str, Row]]) -> dict[str, Any]:
    """The states of the other parties."""
    return {key: row["state"] for key, row in answer["signatures"].items() if not key.endswith("-a")}
