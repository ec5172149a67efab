"""An agreement whose terms hang on events: ten questions on the peace of Pretoria at five moments.

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

DOSSIER = Path(__file__).parents[2] / "dossiers" / "ethiopia-tigray-2022.yaml"

MOMENTS = (
    "2022-11-05",  # Two days after the agreement came into force; the commanders have still to meet.
    "2022-12-05",  # Two days after the 30 days for light weapons.
    "2023-02-15",  # Heavy weapons were handed over in January; nobody reported that foreign forces left.
    "2023-03-22",  # Parliament takes the TPLF off the list, which sets the week for an interim administration.
    "2023-04-06",  # The day after its cabinet took over.
)


def agreement(key: str) -> str:
    return f'agreements(filter: {{key: {{eq: "{key}"}}}}, asOf: $asOf) {{ nodes {{ status statusSince signedOn }} }}'


def deadline(key: str) -> str:
    fields = "status due { edtf } daysRemaining { min max }"
    return f'deadlines(filter: {{key: {{eq: "{key}"}}}}, asOf: $asOf) {{ nodes {{ {fields} }} }}'


def provisions(agreement: str) -> str:
    fields = "provisions { nodes { key status } }"
    return f'agreements(filter: {{key: {{eq: "{agreement}"}}}}, asOf: $asOf) {{ nodes {{ {fields} }} }}'


def of_pretoria(disarmament: str, interim: str, listed: str, monitoring: str) -> list[list[tuple[str, str]]]:
    """The statuses of the provisions of the Pretoria agreement, in the order of their keys."""
    key = "tigray-pretoria-agreement."
    names = ("disarmament", "interim-administration", "list", "monitoring")
    statuses = (disarmament, interim, listed, monitoring)
    return [[(key + name, status) for name, status in zip(names, statuses, strict=True)]]


def of_nairobi(heavy_weapons: str, plan: str, withdrawal: str) -> list[list[tuple[str, str]]]:
    """The statuses of the provisions of the Nairobi declaration, in the order of their keys."""
    key = "tigray-nairobi-declaration."
    names = ("heavy-weapons", "plan", "withdrawal")
    return [[(key + name, status) for name, status in zip(names, (heavy_weapons, plan, withdrawal), strict=True)]]


PRETORIA = ("IN_FORCE", "2022-11-03", "2022-11-02")
NAIROBI = ("IN_FORCE", "2022-11-12", "2022-11-12")

# Without a day there is nothing to count.
WAITING = ("WAITING", None, None)

QUESTIONS = (
    Question(
        "Where does the agreement of Pretoria stand?",
        agreement("tigray-pretoria-agreement"),
        ([PRETORIA], [PRETORIA], [PRETORIA], [PRETORIA], [PRETORIA]),
    ),
    Question(
        "Where does the declaration of the commanders stand?",
        agreement("tigray-nairobi-declaration"),
        ([], [NAIROBI], [NAIROBI], [NAIROBI], [NAIROBI]),
    ),
    Question(
        "By when must the commanders meet?",
        deadline("tigray-commanders-meet"),
        (
            [("DUE_SOON", "2022-11-07", (2, 2))],
            [("MET", "2022-11-07", None)],
            [("MET", "2022-11-07", None)],
            [("MET", "2022-11-07", None)],
            [("MET", "2022-11-07", None)],
        ),
    ),
    Question(
        "By when are light weapons laid down?",
        deadline("tigray-light-weapons"),
        (
            [("PENDING", "2022-12-03", (28, 28))],
            [("OVERDUE", "2022-12-03", (-2, -2))],
            [("OVERDUE", "2022-12-03", (-74, -74))],
            [("OVERDUE", "2022-12-03", (-109, -109))],
            [("OVERDUE", "2022-12-03", (-124, -124))],
        ),
    ),
    Question(
        "By when are heavy weapons laid down?",
        deadline("tigray-heavy-weapons"),
        # They are handed over in January. The withdrawal that would give a day is not reported, nor is all of it done.
        ([], [WAITING], [WAITING], [WAITING], [WAITING]),
    ),
    Question(
        "By when is there an interim administration?",
        deadline("tigray-interim-administration"),
        (
            [WAITING],
            [WAITING],
            [WAITING],
            [("PENDING", "2023-03-29", (7, 7))],
            [("MET", "2023-03-29", None)],
        ),
    ),
    Question(
        "Which provisions of Pretoria are carried out?",
        provisions("tigray-pretoria-agreement"),
        (
            of_pretoria("UNKNOWN", "UNKNOWN", "UNKNOWN", "UNKNOWN"),
            of_pretoria("UNMET", "UNKNOWN", "UNKNOWN", "UNKNOWN"),
            of_pretoria("UNMET", "UNKNOWN", "UNKNOWN", "FULFILLED"),
            of_pretoria("UNMET", "UNKNOWN", "FULFILLED", "FULFILLED"),
            of_pretoria("UNMET", "FULFILLED", "FULFILLED", "FULFILLED"),
        ),
    ),
    Question(
        "Which provisions of the declaration are carried out?",
        provisions("tigray-nairobi-declaration"),
        (
            [],
            of_nairobi("UNKNOWN", "UNMET", "UNKNOWN"),
            of_nairobi("PARTIAL", "UNMET", "NOT_BEGUN"),
            of_nairobi("PARTIAL", "UNMET", "NOT_BEGUN"),
            of_nairobi("PARTIAL", "UNMET", "NOT_BEGUN"),
        ),
    ),
    Question(
        "What became of the condition that foreign forces leave first?",
        'conditions(filter: {key: {eq: "tadesse-weapons-2022-11.withdrawal"}}, asOf: $asOf) { nodes { outcome } }',
        # Waived by what was done: the weapons were handed over without it.
        ([], ["PENDING"], ["WITHDRAWN"], ["WITHDRAWN"], ["WITHDRAWN"]),
    ),
    Question(
        "Does the process move, when did it last, and what is next?",
        'process(by: {key: "ethiopia-tigray-2022"}, asOf: $asOf)'
        " { status lastActivity nextTalk { key } nextDeadline { key } }",
        (
            ("ACTIVE", "2022-11-03", "tigray-nairobi-2022-11", "tigray-commanders-meet"),
            # What is overdue or waits for an event is not to come.
            ("ACTIVE", "2022-11-30", None, None),
            ("ACTIVE", "2023-02-03", None, None),
            ("ACTIVE", "2023-03-22", None, "tigray-interim-administration"),
            ("ACTIVE", "2023-04-05", None, None),
        ),
    ),
)


@pytest.fixture(scope="session")
def tigray_url(postgres: str, template_url: str) -> Iterator[str]:
    """This dossier alone, loaded once."""
    with new_database(postgres, template_url) as url:
        (report,) = load_files(url, [DOSSIER])
        assert {row.action for row in report.rows} == {"created"}
        yield url


@pytest.fixture(scope="session")
async def ask(tigray_url: str) -> AsyncIterator[Ask]:
    async with asking_about(tigray_url) as ask:
        yield ask


@pytest.mark.parametrize(("question", "moment", "answer"), at_each_moment(MOMENTS, QUESTIONS))
async def test_it_answers_as_an_editor_would(ask: Ask, question: Question, moment: str, answer: Any) -> None:
    assert plain((await ask(question.document, asOf=moment))["answer"]) == answer


async def test_a_meeting_announced_within_days_gets_its_day_and_place_when_it_opens(ask: Ask) -> None:
    text = """
        query ($asOf: DateTime!) {
            talk(by: {key: "tigray-nairobi-2022-11"}, asOf: $asOf) { status starts { edtf } ends { edtf } city }
        }
    """
    days = {
        "2022-11-05": ("EXPECTED", "2022-11-02/2022-11-07", None, None),
        "2022-11-08": ("UNDER_WAY", "2022-11-07", "2022-11-09", "Nairobi"),
        # The planned end has passed, and nobody has said yet that the meeting goes on.
        "2022-11-11": ("HELD", "2022-11-07", "2022-11-09", "Nairobi"),
        "2022-11-12": ("CONCLUDED", "2022-11-07", "2022-11-12", "Nairobi"),
    }
    for day, right in days.items():
        assert (day, plain((await ask(text, asOf=day))["talk"])) == (day, right)


async def test_a_day_on_which_two_sources_differ_is_disputed(ask: Ask) -> None:
    data = await ask('{ talk(by: {key: "tigray-shire-2022-11-30"}) { status starts { edtf } disputed } }')

    assert plain(data["talk"]) == ("HELD", "2022-11-30", True)


def test_it_loads_again_unchanged(tigray_url: str) -> None:
    (report,) = load_files(tigray_url, [DOSSIER])

    assert {row.action for row in report.rows} == {"unchanged"}
