"""A process put off, moved and renamed: ten questions on the Rome Initiative, later Tumaini, at five moments.

The answers are an editor's: read out of the texts that the dossier cites and the published rules, not out of a run.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from api.cli.load import load_files
from tests.conftest import new_database
from tests.support.asking import Ask, asking_about
from tests.support.questions import Question, at_each_moment, plain

DOSSIER = Path(__file__).parents[2] / "dossiers" / "south-sudan-tumaini-2024.yaml"

MOMENTS = (
    "2022-12-15",  # The government suspended the talks of Rome three weeks ago.
    "2024-02-10",  # The round of May 2023 never happened; Kenya has taken the process over.
    "2024-06-15",  # Under way in Nairobi since 9 May, with a new name.
    "2024-11-15",  # The government did not come on the 11th; the resumption is set anew for the 18th.
    "2025-08-15",  # "Dead", says the head of the government's delegation, and the mediator that it is not.
)

PROCESS = 'process(by: {key: "south-sudan-tumaini-2024"}, asOf: $asOf)'


def talk(key: str, fields: str) -> str:
    return f'talks(filter: {{key: {{eq: "{key}"}}}}, asOf: $asOf) {{ nodes {{ {fields} }} }}'


def agreement(key: str) -> str:
    return f'agreements(filter: {{key: {{eq: "{key}"}}}}, asOf: $asOf) {{ nodes {{ status statusSince signedOn }} }}'


HELD_IN_ROME = ("HELD", "2023-03-22", "Rome")
HELD_IN_NAIROBI = ("HELD", "2024-05-09", "Nairobi")
DECLARATION = ("SIGNED", "2024-05-16", "2024-05-16")
CONSENSUS = ("INITIALLED", "2024-07-15", None)
APART_ON_THE_VENUE = [("venue-of-talks", "CONTESTED")]

QUESTIONS = (
    Question(
        "Does the process move, and since when is that so?",
        PROCESS + " { status statusSince stalledSince }",
        (
            ("SUSPENDED", "2022-11-21", None),
            # Since the day on which the round of May 2023 did not take place. A day for Nairobi is not known yet.
            ("STALLED", "2023-05-08", "2023-05-08"),
            # Since the round of Nairobi has a day.
            ("ACTIVE", "2024-05-01", None),
            ("ACTIVE", "2024-11-14", None),
            # Since nothing was heard of the resumption for March. That it is dead is what one side says.
            ("STALLED", "2025-04-01", "2025-04-01"),
        ),
    ),
    Question(
        "When did it last move, how many days ago?",
        PROCESS + " { lastActivity daysSinceLastActivity }",
        (
            ("2022-10-31", 45),
            ("2023-03-23", 324),
            ("2024-06-15", 0),
            ("2024-07-31", 107),
            ("2025-02-08", 188),
        ),
    ),
    Question(
        "Which talk is next?",
        PROCESS + " { nextTalk { key } }",
        (None, None, None, "tumaini-nairobi-2024-12", None),
    ),
    Question(
        "What of the round in Rome of November 2022?",
        talk("tumaini-rome-2023-03", "status starts { edtf } city"),
        (
            [("POSTPONED", None, "Rome")],
            [HELD_IN_ROME],
            [HELD_IN_ROME],
            [HELD_IN_ROME],
            [HELD_IN_ROME],
        ),
    ),
    Question(
        "What of the round after that, set for Rome?",
        talk("tumaini-nairobi-2024-05", "status starts { edtf } city"),
        (
            [],
            [("EXPECTED", None, "Nairobi")],
            [("UNDER_WAY", "2024-05-09", "Nairobi")],
            [HELD_IN_NAIROBI],
            [HELD_IN_NAIROBI],
        ),
    ),
    Question(
        "What of the resumption of November 2024?",
        talk("tumaini-nairobi-2024-12", "status starts { edtf } daysUntil { min max } disputed"),
        (
            [],
            [],
            [],
            [("SCHEDULED", "2024-11-18", (3, 3), False)],
            [("HELD", "2024-12-04", None, False)],
        ),
    ),
    Question(
        "Where does the declaration of commitment stand?",
        agreement("tumaini-declaration-2024"),
        ([], [], [DECLARATION], [DECLARATION], [DECLARATION]),
    ),
    Question(
        "Where does the Tumaini Consensus stand?",
        agreement("tumaini-consensus"),
        ([], [], [], [CONSENSUS], [CONSENSUS]),
    ),
    Question(
        "By when is the mediation to be concluded?",
        'deadlines(filter: {key: {eq: "tumaini-two-weeks"}}, asOf: $asOf)'
        " { nodes { status due { edtf } daysRemaining { min max } } }",
        (
            [],
            [],
            [],
            # Two weeks from a resumption that has not come.
            [("WAITING", None, None)],
            [("OVERDUE", "2024-12-18", (-240, -240))],
        ),
    ),
    Question(
        "How far are the sides apart on the venue, and does a source call the process stalled?",
        PROCESS + " { standings { nodes { issue { key } standing } } reportedStatus { kind at { edtf } } }",
        (
            ([], None),
            (APART_ON_THE_VENUE, None),
            (APART_ON_THE_VENUE, None),
            (APART_ON_THE_VENUE, None),
            (APART_ON_THE_VENUE, ("REPORTED_STALLED", "2025-03-21")),
        ),
    ),
)


@pytest.fixture(scope="session")
def tumaini_url(postgres: str, template_url: str) -> Iterator[str]:
    """This dossier alone, loaded once."""
    with new_database(postgres, template_url) as url:
        (report,) = load_files(url, [DOSSIER])
        assert {row.action for row in report.rows} == {"created"}
        yield url


@pytest.fixture(scope="session")
async def ask(tumaini_url: str) -> AsyncIterator[Ask]:
    async with asking_about(tumaini_url) as ask:
        yield ask


@pytest.mark.parametrize(("question", "moment", "answer"), at_each_moment(MOMENTS, QUESTIONS))
async def test_it_answers_as_an_editor_would(ask: Ask, question: Question, moment: str, answer: Any) -> None:
    assert plain((await ask(question.document, asOf=moment))["answer"]) == answer


async def test_each_day_and_place_of_a_round_is_as_it_stood_then(ask: Ask) -> None:
    text = """
        query ($asOf: DateTime!) {
            talk(by: {key: "tumaini-nairobi-2024-05"}, asOf: $asOf) { status starts { edtf } city country }
        }
    """
    days = {
        "2023-05-07": ("SCHEDULED", "2023-05-08", "Rome", "IT"),
        "2023-05-09": ("POSTPONED", None, "Rome", "IT"),
        "2023-12-26": ("EXPECTED", None, "Nairobi", "KE"),
        "2024-05-08": ("SCHEDULED", "2024-05-10", "Nairobi", "KE"),
        "2024-05-09": ("UNDER_WAY", "2024-05-09", "Nairobi", "KE"),
    }
    for day, right in days.items():
        assert (day, plain((await ask(text, asOf=day))["talk"])) == (day, right)


async def test_a_resumption_put_off_twice_is_set_anew_each_time(ask: Ask) -> None:
    text = """
        query ($asOf: DateTime!) {
            talk(by: {key: "tumaini-nairobi-2024-12"}, asOf: $asOf) { status starts { edtf } }
        }
    """
    days = {
        "2024-11-10": ("SCHEDULED", "2024-11-11"),
        "2024-11-12": ("POSTPONED", None),
        "2024-11-17": ("SCHEDULED", "2024-11-18"),
        "2024-11-19": ("POSTPONED", None),
        "2024-11-30": ("SCHEDULED", "2024-12-02"),
        "2024-12-03": ("SCHEDULED", "2024-12-04"),
        "2024-12-04": ("UNDER_WAY", "2024-12-04"),
        "2024-12-15": ("HELD", "2024-12-04"),
    }
    for day, right in days.items():
        assert (day, plain((await ask(text, asOf=day))["talk"])) == (day, right)


async def test_both_names_of_the_process_and_of_the_opposition_are_found(ask: Ask) -> None:
    text = """
        query ($words: String!) { search(text: $words) { nodes { key } } }
    """
    for words, key in (
        ("Rome Initiative", "south-sudan-tumaini-2024"),
        ("Tumaini Initiative", "south-sudan-tumaini-2024"),
        ("Non-Signatories South Sudanese Opposition Group", "ssoma"),
    ):
        assert key in plain((await ask(text, words=words))["search"]), words


def test_it_loads_again_unchanged(tumaini_url: str) -> None:
    (report,) = load_files(tumaini_url, [DOSSIER])

    assert {row.action for row in report.rows} == {"unchanged"}
