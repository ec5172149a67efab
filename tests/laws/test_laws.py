"""Laws that hold for every world, on every day: random small dossiers, asked on the days around their dates.

Thirty worlds by default; `make laws` sets LAWS to more. A law that fails prints the smallest dossier that breaks it.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, note, seed, settings

from tests.conftest import new_database
from tests.laws import changes, stories
from tests.laws.comparison import differences, with_standings
from tests.laws.evaluator.evaluation import Evaluation
from tests.laws.laboratory import Answer, Answers, Laboratory, Question, laboratory_at
from tests.laws.worlds import days_around, worlds

WORLDS = int(os.environ.get("LAWS", "30"))

EACH_WORLD = settings(
    max_examples=WORLDS, deadline=None, database=None, print_blob=False, report_multiple_bugs=False,
    phases=(Phase.generate, Phase.shrink), suppress_health_check=list(HealthCheck),
)  # fmt: skip

STATUSES = {
    "talks": "status statusSince disputed daysUntil { min max } starts { earliest latest } city",
    "deadlines": "status statusSince disputed daysRemaining { min max } due { earliest latest }",
    "agreements": "status statusSince signedOn inForceSince",
    "processes": "status statusSince stalledSince lastActivity nextTalk { key } nextDeadline { key }",
    "signatures": "state leavesOn",
    "conditions": "outcome",
}

EVERYTHING = Question({
    **STATUSES,
    "talks": f"{STATUSES['talks']} readings {{ key }}",
    "deadlines": f"{STATUSES['deadlines']} readings {{ key }} extensions {{ key }}",
    "agreements": f"{STATUSES['agreements']} violations {{ alleged confirmed last }} "
    "implementation { mean judged total }",
    "processes": f"{STATUSES['processes']} daysSinceLastActivity",
    "provisions": "status disputed",
}, at_once=8)  # fmt: skip

KNOWN_DAYS = 1
"""Days for which what was known is asked: there everything is computed anew from the history, in 50 to 100 ms."""

AS_KNOWN = Question(STATUSES, at_once=KNOWN_DAYS, known=True)

STANDINGS = Question({"issues": "standings { nodes { process { key } standing } }"}, at_once=8)
"""Asked for a few days only: nothing but the positions changes them."""

CHANGED = Question(STATUSES, at_once=4)

LISTED = Question(
    {"processes": " ".join(f"{each} {{ nodes {{ key }} }}" for each in stories.BELONGING)}, at_once=1
)  # fmt: skip

FAR_AHEAD = "2024-05-31"
"""A day after all dates of a world."""


@pytest.fixture(scope="module")
def laboratory(postgres: str, template_url: str) -> Iterator[Laboratory]:
    with new_database(postgres, template_url) as url, laboratory_at(url) as found:
        yield found


def in_every_world(laws: Callable[[dict[str, Any], random.Random], None]) -> None:
    """Hold laws against random worlds, always the same ones; the smallest that breaks one is printed."""

    def hold(world: dict[str, Any]) -> None:
        text = yaml.safe_dump(world, sort_keys=False)
        note(text)
        laws(world, random.Random(text))

    seed(20240110)(EACH_WORLD(given(world=worlds())(hold)))()


@pytest.mark.one_postgres
def test_the_laws_hold_in_every_world(laboratory: Laboratory) -> None:
    """Every world is entered once as it is given, and once changed in what must not matter."""
    held = 0

    def laws(world: dict[str, Any], chance: random.Random) -> None:
        nonlocal held
        days = days_around(world, chance)
        asked = (
            (EVERYTHING, days), (AS_KNOWN, chance.sample(days, KNOWN_DAYS)),
            (STANDINGS, chance.sample(days, STANDINGS.at_once)), (LISTED, [FAR_AHEAD]),
        )  # fmt: skip
        if not (found := laboratory.answers(world, asked)):
            return
        held += 1
        answers, known, standings, lists = found
        for each in (answers, known, standings):
            are_those_of_the_published_texts(world, each)
        tell_one_story(world, answers)
        assert list(stories.unlisted(world, lists[FAR_AHEAD]["processes"])) == []
        are_not_changed_by_what_does_not_matter(laboratory, world, answers, chance)

    in_every_world(laws)
    sys.stdout.write(f"\nThe laws hold in {held} worlds; {WORLDS - held} were refused.\n")
    assert held > WORLDS * 3 // 4


def are_those_of_the_published_texts(world: dict[str, Any], answers: Answers) -> None:
    """Law 9."""
    evaluation = Evaluation(world)
    for day, answer in answers.items():
        evaluated = evaluation.on(date.fromisoformat(day).toordinal())
        assert differences(with_standings(answer), evaluated) == [], day


def tell_one_story(world: dict[str, Any], answers: Answers) -> None:
    """Laws 1, 2, 5 and 8."""
    parents = {each["key"]: each.get("parent") for each in world["processes"]}
    assert list(stories.false_since(answers)) == []
    assert list(stories.goes_back(answers)) == []
    for day, answer in answers.items():
        assert list(stories.contradictions(answer)) == [], day
        assert list(stories.stalled_above_an_active_track(answer, parents)) == [], day


def are_not_changed_by_what_does_not_matter(
    laboratory: Laboratory, world: dict[str, Any], given: Answers, chance: random.Random
) -> None:
    """Laws 3, 4, 7 and 10: the order of entry and the keys, words of one reading, what comes later, others' steps."""
    days = sorted(chance.sample(sorted(given), CHANGED.at_once))
    cut, terms = chance.choice(days), chance.randrange(1000)
    beside = {
        "shuffled": changes.reordered(world, chance),
        "cut": changes.until(world, cut),
        "alone": changes.without_own_steps(world, "a"),
        "words": changes.with_terms(world, random.Random(terms), in_words=True),
        "days": changes.with_terms(world, random.Random(terms), in_words=False),
    }
    found = laboratory.answers(changes.side_by_side(beside), [(CHANGED, days)])
    assert found, "refused in another order"
    for day, answer in found[0].items():
        of = {name: changes.part_of(answer, name) for name in beside}
        as_given = {listed: fields_of(given[day], listed) for listed in CHANGED.lists}
        assert of["shuffled"] == as_given, day
        assert of["words"] == of["days"], day
        assert day > cut or of["cut"] == as_given, (day, cut)
        assert differing(others(of["alone"], "a"), others(as_given, "a")) == [], day


def fields_of(answer: Answer, listed: str) -> dict[str, Any]:
    """What is asked of changed worlds too."""
    return {
        key: {field: value for field, value in row.items() if field in ("key", *CHANGED.lists[listed].split())}
        for key, row in answer[listed].items()
    }


def others(answer: Answer, party: str) -> dict[str, Any]:
    """The states of the other parties."""
    return {key: row for key, row in answer["signatures"].items() if not key.endswith(f"-{party}")}


def differing(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """The keys of what differs. One may be listed alone: the steps of another party may show an agreement."""
    return [key for key in one.keys() & other.keys() if one[key] != other[key]]
