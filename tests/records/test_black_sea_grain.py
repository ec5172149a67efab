"""A truce with extensions and a disputed term: ten questions on the Black Sea Grain Initiative at five moments.

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

DOSSIER = Path(__file__).parents[2] / "dossiers" / "black-sea-grain-2022.yaml"

MOMENTS = (
    "2022-10-30",  # Russia suspended its part the day before.
    "2023-03-20",  # Extended two days before: by 60 days, says Russia, by 120, says Ukraine.
    "2023-06-01",  # Both agreed on 17 May to go on for two months.
    "2023-07-17",  # The last day, on which Russia objects to a further extension.
    "2023-07-18",  # The day after.
)

TERM = 'deadline(by: {key: "black-sea-grain-term"}, asOf: $asOf)'
INITIATIVE = 'agreement(by: {key: "black-sea-grain-initiative"}, asOf: $asOf)'
PROCESS = 'process(by: {key: "black-sea-grain-2022"}, asOf: $asOf)'

FIRST_MOVE = ("2022-11-17", "2023-03-18", None)
OF_RUSSIA = ("2023-03-13", "2023-05-18", "sergei-vershinin")
OF_UKRAINE = ("2023-03-18", "2023-07-16", "oleksandr-kubrakov")
OF_ALL = ("2023-05-17", "2023-07-17", None)
MOVE = "{ at { edtf } due { edtf } actor { key } }"

ALL_SIGNED = [("russia", "SIGNED"), ("turkiye", "SIGNED"), ("ukraine", "SIGNED")]

QUESTIONS = (
    Question(
        "Is the Initiative in force, since when without a break?",
        INITIATIVE + " { status statusSince inForceSince }",
        (
            # One of three suspends for itself alone.
            ("IN_FORCE", "2022-07-22", "2022-07-22"),
            ("IN_FORCE", "2022-07-22", "2022-07-22"),
            ("IN_FORCE", "2022-07-22", "2022-07-22"),
            # An objection to an extension ends nothing before the last day is over.
            ("IN_FORCE", "2022-07-22", "2022-07-22"),
            ("EXPIRED", "2023-07-18", None),
        ),
    ),
    Question(
        "Where does each party stand?",
        INITIATIVE + " { signatures(filter: {capacity: {eq: PARTY}}) { nodes { actor { key } state } } }",
        (
            [("russia", "SUSPENDED"), ("turkiye", "SIGNED"), ("ukraine", "SIGNED")],
            ALL_SIGNED,
            ALL_SIGNED,
            ALL_SIGNED,
            ALL_SIGNED,
        ),
    ),
    Question(
        "Where does its term stand, since when?",
        TERM + " { status statusSince }",
        (
            ("PENDING", "2022-07-22"),
            # Three days before 19 November it was due soon; the extension of the 17th put that off.
            ("PENDING", "2022-11-17"),
            ("PENDING", "2023-05-17"),
            ("DUE_SOON", "2023-07-14"),
            ("PASSED", "2023-07-18"),
        ),
    ),
    Question(
        "When does it end?",
        TERM + " { due { edtf } }",
        ("2022-11-19", "2023-05-18/2023-07-16", "2023-07-17", "2023-07-17", "2023-07-17"),
    ),
    Question(
        "How many days remain?",
        TERM + " { daysRemaining { min max } }",
        ((20, 20), (59, 118), (46, 46), (0, 0), (-1, -1)),
    ),
    Question(
        "Is its end disputed, and who says what?",
        TERM + f" {{ disputed readings {MOVE} }}",
        (
            (False, []),
            (True, [OF_RUSSIA, OF_UKRAINE]),
            (False, [OF_ALL]),
            (False, [OF_ALL]),
            (False, [OF_ALL]),
        ),
    ),
    Question(
        "How often was it extended?",
        TERM + f" {{ extensions {MOVE} }}",
        (
            [],
            [FIRST_MOVE, OF_RUSSIA, OF_UKRAINE],
            [FIRST_MOVE, OF_RUSSIA, OF_UKRAINE, OF_ALL],
            [FIRST_MOVE, OF_RUSSIA, OF_UKRAINE, OF_ALL],
            [FIRST_MOVE, OF_RUSSIA, OF_UKRAINE, OF_ALL],
        ),
    ),
    Question(
        "How often was a violation alleged, how often confirmed, and when was the last?",
        INITIATIVE + " { violations { alleged confirmed last } }",
        (
            (1, 0, "2022-07-23"),
            (2, 0, "2022-10-31"),
            (2, 0, "2022-10-31"),
            (2, 0, "2022-10-31"),
            (2, 0, "2022-10-31"),
        ),
    ),
    Question(
        "Does the process move, since when so, when did it last, and what is next?",
        PROCESS + " { status statusSince lastActivity nextDeadline { key } }",
        (
            # Nothing but the end of the term is to come; it was set within 90 days, then it was within 30.
            ("ACTIVE", "2022-07-22", "2022-07-27", "black-sea-grain-term"),
            # The consultations in Geneva; the extensions of one side each take nothing forward.
            ("ACTIVE", "2022-07-22", "2023-03-13", "black-sea-grain-term"),
            ("ACTIVE", "2022-07-22", "2023-05-17", "black-sea-grain-term"),
            ("ACTIVE", "2022-07-22", "2023-05-17", "black-sea-grain-term"),
            ("STALLED", "2023-07-18", "2023-05-17", None),
        ),
    ),
    Question(
        "What became of Russia's condition, progress in its own exports?",
        'conditions(filter: {key: {eq: "nebenzia-letter-2023-03-18.progress"}}, asOf: $asOf) { nodes { outcome } }',
        ([], ["PENDING"], ["PENDING"], ["UNMET"], ["UNMET"]),
    ),
)


@pytest.fixture(scope="session")
def grain_url(postgres: str, template_url: str) -> Iterator[str]:
    """This dossier alone, loaded once."""
    with new_database(postgres, template_url) as url:
        (report,) = load_files(url, [DOSSIER])
        assert {row.action for row in report.rows} == {"created"}
        yield url


@pytest.fixture(scope="session")
async def ask(grain_url: str) -> AsyncIterator[Ask]:
    async with asking_about(grain_url) as ask:
        yield ask


@pytest.mark.parametrize(("question", "moment", "answer"), at_each_moment(MOMENTS, QUESTIONS))
async def test_it_answers_as_an_editor_would(ask: Ask, question: Question, moment: str, answer: Any) -> None:
    assert plain((await ask(question.document, asOf=moment))["answer"]) == answer


async def test_the_end_of_the_truce_is_seen_before_each_extension_only_as_it_was_then(ask: Ask) -> None:
    term = next(question for question in QUESTIONS if question.words == "When does it end?")
    before = ("2022-11-16", "2023-03-12", "2023-05-16")

    seen = [plain((await ask(term.document, asOf=day))["answer"]) for day in before]

    assert seen == ["2022-11-19", "2023-03-18", "2023-05-18/2023-07-16"]


def test_it_loads_again_unchanged(grain_url: str) -> None:
    (report,) = load_files(grain_url, [DOSSIER])

    assert {row.action for row in report.rows} == {"unchanged"}
