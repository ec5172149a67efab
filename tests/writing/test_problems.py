"""What is wrong with a dossier: all of it at once, each thing with its line and the key of its record."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import asyncpg
import pytest

from schema.declare.caller import Role
from schema.errors import Invalid, Problem
from schema.writing.dossier import load, read
from tests.support.keys import new_key
from tests.support.processes import parley
from tests.support.serving import serving

GROUND = """\
sources: [{key: cable}]
actors: [{key: atlantis, name: Atlantis, kind: STATE}]
processes: [{key: peace, name: Peace, citations: [cable]}]
"""

Tell = Callable[..., Any]


@pytest.fixture
async def tell(database_url: str, tmp_path: Path) -> Any:
    """Loads a dossier and gives its problems; nothing may be written."""
    connection = await asyncpg.connect(database_url)

    async def problems(text: str, name: str = "dossier.yaml") -> list[Problem]:
        path = tmp_path / name
        path.write_text(text if name.endswith(".json") else GROUND + dedent(text))
        with pytest.raises(Invalid) as refused:
            await load(connection, read(path), changed_by="a curator", reason="a test")
        assert await connection.fetchval("select count(*) from record") == 0
        return list(refused.value.problems)

    yield problems
    await connection.close()


async def test_a_misspelt_section_is_read_as_the_one_that_is_meant(tell: Tell) -> None:
    found = await tell("""
        talk:
          - {key: geneva, title: Geneva, starts: May 2025, citations: [cable]}
        milestons:
          - {kind: SIGNED, at: 2025-04-18, subject: {talk: geneva}}
    """)
    assert [each.path for each in found] == ["milestons", "milestons[0].kind", "talk", "talk[0].starts"]
    assert found[2].message == "there is no 'talk' here; did you mean 'talks'?"


async def test_a_section_beside_the_one_that_is_meant_hides_nothing(tell: Tell) -> None:
    found = await tell("""
        talks: [{key: geneva, title: Geneva, citations: [cable], city: 5}]
        talkz: [{key: oslo, title: Oslo, citations: [cable]}]
        agreements: {pact: {title: Pact}}
        nonsense: [{key: bern}]
        milestones:
          - {kind: OPENED, at: 2025-04-18, subject: {talk: oslo}}
          - {kind: OPENED, at: 2025-04-18, subject: {talk: bern}}
          - {kind: SIGNED, at: 2025-04-18, subject: {agreement: pact}}
          - {kind: OPENED, at: 2025-04-18, subject: {talk: vienna}}
    """)
    assert [each.path for each in found] == [
        "agreements",
        "milestones[3].subject",
        "nonsense",
        "talks[0].city",
        "talkz",
    ]


async def test_a_wrong_record_hides_nothing_that_is_written_inside_it(tell: Tell) -> None:
    """The milestone fits its talk, but the database refuses that it has a due date."""
    due = "{kind: OPENED, at: 2025-04-18, due: 2025-05}"
    found = await tell(f"""
        talks:
          - {{key: a, title: A, starts: May 2025, citations: [cable], milestones: [{due}]}}
          - {{key: b, citations: [cable], milestones: [{due}]}}
          - {{key: c, title: C, process: war, citations: [cable], milestones: [{due}]}}
          - {{key: c, title: C, citations: [cable], milestones: [{due}]}}
          - {{key: D, title: D, citations: [cable], milestones: [{due}]}}
          - {{key: e, title: E, citations: [5], milestones: [{due}]}}
    """)
    assert [each.path for each in found] == [
        "talks[0].milestones[0].due",
        "talks[0].starts",
        "talks[1].milestones[0].due",
        "talks[1].title",
        "talks[2].milestones[0].due",
        "talks[2].process",
        "talks[3].key",
        "talks[3].milestones[0].due",
        "talks[4].key",
        "talks[4].milestones[0].due",
        "talks[5].citations[0]",
        "talks[5].milestones[0].due",
    ]


async def test_everything_that_the_database_refuses_in_one_record_is_told(tell: Tell) -> None:
    found = await tell("""
        statements:
          - {key: s, speaker: atlantis, said: 2025-04-18, attribution: DIRECT_QUOTE, colour: red, citations: [cable]}
        deadlines:
          - {key: d, title: D, subject: {actor: atlantis}, hardness: HARD, citations: [cable]}
        milestones:
          - {kind: TRIGGERED, at: 2025-04-18, subject: {deadline: d}, city: Geneva}
    """)
    assert [each.path for each in found] == [
        "deadlines[0].due",
        "deadlines[0].subject",
        "milestones[0].due",
        "milestones[0].starts",
        "statements[0].colour",
        "statements[0].quote",
        "statements[0].summary",
    ]


async def test_a_check_that_looks_at_a_wrong_value_is_not_told(tell: Tell) -> None:
    """Whether a deadline needs a day depends on its hardness, and what a step may have on its kind."""
    found = await tell("""
        deadlines:
          - {key: d, title: D, subject: {process: peace}, hardness: SOFT, citations: [cable]}
        milestones:
          - {kind: TRIGERED, at: 2025-04-18, subject: {deadline: d}, due: 2025-05}
        talks:
          - {key: geneva, title: Geneva, starts: 2025-04-18, ends: yesterday, citations: [cable]}
        statements:
          - {key: s, speakr: atlantis, said: 2025-04-18, attribution: PARAPHRASE, summary: S., citations: [cable]}
    """)
    assert [each.path for each in found] == [
        "deadlines[0].hardness",
        "milestones[0].kind",
        "statements[0].speakr",
        "talks[0].ends",
    ]


async def test_a_year_of_which_nobody_speaks_is_refused_wherever_it_stands(tell: Tell) -> None:
    found = await tell("""
        talks:
          - {key: a, title: A, starts: 1499-12-31, citations: [cable]}
          - {key: b, title: B, starts: 1500-01-01, ends: "2201", citations: [cable]}
          - {key: c, title: C, starts: {text: within days, anchor: 0025-04-18}, ends: 2200-12-31, citations: [cable]}
          - {key: d, title: D, starts: {text: this week, edtf: 0025-04}, citations: [cable]}
        deadlines:
          - key: d
            title: D
            subject: {process: peace}
            anchor: 0025-04-18
            due: {text: within days}
            hardness: VAGUE
            citations: [cable]
    """)
    assert {each.path: each.message for each in found} == {
        path: f"{day!r} is no plausible date; years from 1500 to 2200 are taken"
        for path, day in {
            "talks[0].starts": "1499-12-31",
            "talks[1].ends": "2201",
            "talks[2].starts.anchor": "0025-04-18",
            "talks[3].starts": "0025-04",
            "deadlines[0].anchor": "0025-04-18",
        }.items()
    }


# --- key and line --------------------------------------------------------------------------------

WRONG = """
    talks:
      - key: geneva
        title: Geneva
        citations: [cabel]
        milestones:
          - kind: OPENED
            at: 2025-04-18
            note: >-
              Words in
              two lines.
            colour: red
    positions:
      - {actor: atlantis, issue: islands, process: peace, stance: DEMANDS, held: 2025-04, citations: [cable]}
    agreements:
      - {title: Pact, kind: OTHER, citations: [cable]}
"""


async def test_each_problem_has_its_line_and_the_key_of_its_record(tell: Tell) -> None:
    found = {each.path: (each.line, each.key) for each in await tell(WRONG)}
    assert found == {
        "talks[0].citations[0].source": (8, "geneva"),
        "talks[0].milestones[0].colour": (15, "geneva"),
        "positions[0].issue": (17, "atlantis~islands~peace~2025-04"),
        "agreements[0].key": (19, None),
    }


async def test_a_file_of_json_has_lines_too(tell: Tell) -> None:
    text = '{\n\t"sources": [{"key": "cable", "title": "\\ud83d\\ude00"}],\n\t"talks": [\n\t\t{"key": "a"}]}'
    found = {each.path: (each.line, each.key) for each in await tell(text, "dossier.json")}
    assert found == {"talks[0].title": (4, "a"), "talks[0].citations": (4, "a")}


@pytest.mark.parametrize(
    ("name", "text"), [("a.yaml", "a: b\na: c"), ("a.yaml", "a: b\n- c"), ("a.json", '{"a": 1,\n}')]
)
def test_a_file_that_cannot_be_read_says_in_which_line(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(Invalid) as refused:
        read(path)
    assert [each.line for each in refused.value.problems] == [2]


def test_the_command_line_begins_with_the_line_and_the_key(database_url: str, tmp_path: Path) -> None:
    path = tmp_path / "dossier.yaml"
    path.write_text(GROUND + "talks: [{key: geneva, title: T, city: 5, citations: [cable]}]\ndossier: 5\n")
    shown = parley("load", str(path), DATABASE_URL=database_url)
    assert shown.returncode == 1
    assert f"{path}: line 4, geneva: talks[0].city: 5 is not read as a text here" in shown.stderr
    assert f"{path}: line 5: dossier: 5 is not read as a text here" in shown.stderr


@pytest.mark.parametrize("media", ["application/yaml", "application/json"])
def test_rest_tells_line_and_key(database_url: str, media: str) -> None:
    text = GROUND + dedent(WRONG)
    if media == "application/json":
        text = json.dumps({"talks": [{"key": "geneva", "title": "T", "citations": ["cabel"]}]}, indent=1)
    with serving(database_url) as client:
        key = new_key(database_url, "desk", Role.CURATOR)
        answer = client.post(
            "/v1/dossiers", content=text, headers={"content-type": media, "authorization": f"Bearer {key}"}
        )
    assert answer.status_code == 400
    told = {each["path"]: (each["line"], each["key"]) for each in answer.json()["problems"] if "key" in each}
    assert told["talks[0].citations[0].source"] == ((8 if media == "application/yaml" else 7), "geneva")
