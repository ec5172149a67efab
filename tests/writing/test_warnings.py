"""What a dossier says that is taken but hardly meant: warnings, each with path, key and line."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from textwrap import dedent
from typing import Any

import asyncpg
import pytest

from schema.declare.caller import Role
from schema.writing import statements
from schema.writing.dossier import load, read
from tests.support.keys import new_key
from tests.support.processes import parley
from tests.support.serving import serving

GROUND = """\
sources: [{key: cable}]
actors: [{key: atlantis, name: Atlantis, kind: STATE}, {key: ann, name: Ann, kind: PERSON}]
issues: [{key: islands, name: Islands}]
processes: [{key: peace, name: Peace, opened: 2025-01-10, citations: [cable]}]
"""

DOSSIERS = sorted((Path(__file__).parents[2] / "dossiers").glob("*.yaml"))

Warn = Callable[..., Any]


@pytest.fixture
async def warn(database_url: str, tmp_path: Path) -> AsyncIterator[Warn]:
    """Loads a dossier and gives the messages of its warnings by their paths, up to the first comma or semicolon."""
    connection = await asyncpg.connect(database_url)

    async def messages(text: str, *, ground: str = GROUND, dry_run: bool = False) -> dict[str, str]:
        path = tmp_path / "dossier.yaml"
        path.write_text(ground + dedent(text))
        report = await load(connection, read(path), changed_by="Ann", reason="a test", dry_run=dry_run)
        return {each.path: each.message.partition(";")[0].partition(",")[0] for each in report.warnings}

    yield messages
    await connection.close()


def days_from_now(days: int) -> str:
    return (datetime.now(UTC).date() + timedelta(days=days)).isoformat()


# --- what a clock makes of it --------------------------------------------------------------------


@pytest.mark.parametrize(("held", "warned"), [("", True), (", {kind: OPENED, at: 2025-03-03}", False)])
async def test_a_talk_that_was_attended_and_moved_is_told(warn: Warn, held: str, warned: bool) -> None:
    found = await warn(
        f"""
        talks:
          - {{key: t, title: T, process: peace, starts: 2025-03-01, citations: [cable],
             participations: [{{actor: atlantis, role: PARTY, attendance: REPORTED}}],
             milestones: [{{kind: SCHEDULED, at: 2025-02-20, starts: 2025-03-03}}{held}]}}
        """
    )
    assert found == ({"talks[0].milestones[0].starts": ATTENDED} if warned else {})


ATTENDED = "attendance is reported of a talk that was moved"


async def test_a_step_whose_beginning_is_open_is_told(warn: Warn) -> None:
    found = await warn(
        """
        statements:
          - {key: s, speaker: ann, process: peace, said: ../2025-02-01, attribution: PARAPHRASE, summary: Soon.,
             citations: [cable]}
        """
    )
    assert found["statements[0].said"] == "../2025-02-01 has no beginning"


@pytest.mark.parametrize(("ends", "warned"), [("", True), ("ends: 2025-03-04, ", False)])
async def test_a_talk_that_goes_on_for_days_without_an_end_is_told(warn: Warn, ends: str, warned: bool) -> None:
    found = await warn(
        f"""
        talks:
          - {{key: t, title: T, process: peace, starts: 2025-03-01, {ends}citations: [cable], milestones: [
              {{kind: OPENED, at: 2025-03-01}}, {{kind: ADJOURNED, at: 2025-03-04}}]}}
        """
    )
    assert found == ({"talks[0].milestones[1].at": "the talk was opened on 2025-03-01"} if warned else {})


# --- invisible before its entry ------------------------------------------------------------------

INVISIBLE = "it can be seen only from its entry on"


async def test_a_record_that_only_its_entry_shows_is_told(warn: Warn) -> None:
    found = await warn(
        """
        processes: [{key: quiet, name: Quiet, citations: [cable]}]
        talks:
          - {key: a, title: A, process: quiet, citations: [cable]}
          - {key: b, title: B, process: quiet, starts: "2120", citations: [cable]}
        agreements: [{key: c, title: C, process: quiet, kind: OTHER, citations: [cable]}]
        deadlines: [{key: d, title: D, subject: {process: quiet}, hardness: OPEN_ENDED, citations: [cable]}]
        """,
        ground="sources: [{key: cable}]\n",
    )
    assert found == dict.fromkeys(["agreements[0]", "deadlines[0]", "processes[0]", "talks[0]", "talks[1]"], INVISIBLE)


async def test_a_day_a_step_or_a_published_source_shows_a_record(warn: Warn) -> None:
    found = await warn(
        f"""
        sources:
          - {{key: cable}}
          - {{key: article, published: 2025-03-01}}
          - {{key: today, published: {days_from_now(0)}}}
        processes: [{{key: quiet, name: Quiet, citations: [article]}}]
        talks:
          - {{key: a, title: A, process: quiet, starts: 2025-03-02, citations: [cable]}}
          - {{key: c, title: C, process: quiet, citations: [cable], milestones: [{{kind: ANNOUNCED, at: 2025-03-02}}]}}
          - {{key: d, title: D, process: quiet, citations: [today]}}
          - {{key: e, title: E, process: quiet, starts: {days_from_now(0)}, citations: [cable]}}
        deadlines:
          - key: d
            title: D
            subject: {{process: quiet}}
            anchor: 2025-03-02
            due: "2050"
            hardness: HARD
            citations: [cable]
        """,
        ground="",
    )
    assert found == {}


async def test_a_dry_run_warns_as_well_and_writes_nothing(warn: Warn) -> None:
    text = "talks: [{key: a, title: A, process: peace, citations: [cable]}]"
    assert await warn(text, dry_run=True) == {"talks[0]": INVISIBLE}
    assert await warn(text) == {"talks[0]": INVISIBLE}
    assert await warn(text) == {}


# --- counted nowhere -----------------------------------------------------------------------------


async def test_what_belongs_to_no_process_and_what_nothing_cites_are_told(warn: Warn) -> None:
    found = await warn(
        """
        talks: [{key: a, title: A, starts: 2025-02-01, citations: [cable]}]
        agreements: [{key: b, title: B, kind: OTHER, process: peace, citations: [letter]}]
        """,
        ground=GROUND.replace("{key: cable}", "{key: cable}, {key: letter, published: 2025-02-01}, {key: note}"),
    )
    assert found == {"talks[0].process": "it belongs to no process", "sources[2]": "nothing here cites it"}


# --- dates ---------------------------------------------------------------------------------------


async def test_offices_of_one_person_that_surely_overlap_are_told(warn: Warn) -> None:
    found = await warn(
        """
        offices:
          - {person: ann, actor: atlantis, title: Envoy, held: 2024-01/2025-03}
          - {person: ann, actor: atlantis, title: Minister, held: 2025-03/2025-06}
          - {person: ann, actor: atlantis, title: Adviser, held: 2025-05/..}
          - {person: ann, actor: atlantis, title: Author}
          - {person: atlantis, actor: atlantis, title: Adviser, held: 2025-05/..}
        """
    )
    assert found == {"offices[2].held": "2025-05/.. overlaps with 2025-03/2025-06 of 'ann~atlantis~minister'"}


async def test_two_stances_of_one_actor_on_an_issue_at_one_time_are_told(warn: Warn) -> None:
    position = "actor: atlantis, issue: islands, process: peace, citations: [cable]"
    assert await warn(f"positions: [{{{position}, stance: DEMANDS, held: 2025-01-15/..}}]") == {}
    found = await warn(f"positions: [{{{position}, stance: ACCEPTS, held: 2025-02-15/..}}]")
    assert list(found) == ["positions[0].held"]


async def test_a_day_that_has_come_and_is_still_ahead_is_told(warn: Warn) -> None:
    tomorrow = days_from_now(2)
    found = await warn(
        f"""
        talks:
          - key: a
            title: A
            process: peace
            starts: {tomorrow}
            citations: [cable]
            milestones: [{{kind: OPENED, at: {tomorrow}}}, {{kind: ANNOUNCED, at: 2025-02-01}}]
        """
    )
    assert found == {"talks[0].milestones[0].at": f"{tomorrow} is still to come"}


async def test_what_was_said_after_its_sources_were_published_is_told(warn: Warn) -> None:
    said = "speaker: ann, process: peace, attribution: PARAPHRASE, summary: S."
    found = await warn(
        f"""
        statements:
          - {{key: a, {said}, said: 2025-02-03, citations: [letter]}}
          - {{key: b, {said}, said: 2025-02-02, citations: [letter]}}
          - {{key: c, {said}, said: 2025-02-03, citations: [letter, cable]}}
          - {{key: d, {said}, said: 2025-02-03, citations: [letter, late]}}
          - {{key: e, {said}, said: 2025-02, citations: [letter]}}
        """,
        ground=GROUND.replace(
            "{key: cable}", "{key: cable}, {key: letter, published: 2025-02-02}, {key: late, published: 2025-02-03/..}"
        ),
    )
    assert found == {"statements[0].said": "2025-02-03 is later than 2025-02-02"}


async def test_a_day_far_from_all_others_is_told(warn: Warn) -> None:
    talk = "process: peace, citations: [cable]"
    days = ["2025-02-01", "2025-03-01", "2025-04-01", "1925-05-01"]
    talks = ", ".join(f"{{key: t{place}, title: T, starts: {day}, {talk}}}" for place, day in enumerate(days))
    found = await warn(f"talks: [{talks}]")
    assert found == {"talks[3].starts": "1925-05-01 is more than 50 years from every other day here"}


# --- a shared record that is overwritten ---------------------------------------------------------


async def test_a_shared_record_that_is_overwritten_is_told_with_what_was_there(warn: Warn) -> None:
    assert await warn("") == {}
    found = await warn(
        """
        actors: [{key: atlantis, name: The Atlanteans, country: AT, kind: ARMED_GROUP}]
        processes: [{key: peace, name: Peace talks}]
        """,
        ground="",
    )
    assert found == {
        "actors[0].name": "'Atlantis' becomes 'The Atlanteans'",
        "actors[0].kind": "'STATE' becomes 'ARMED_GROUP'",
    }


async def test_a_correction_that_a_dossier_takes_back_is_told_with_who_made_it(warn: Warn, database_url: str) -> None:
    text = "talks: [{key: a, title: A, process: peace, starts: 2025-02-01, city: Bern, citations: [cable]}]"
    assert await warn(text) == {}
    connection = await asyncpg.connect(database_url)
    async with connection.transaction():
        await statements.begin(connection, statements.Author("Bob", "MUTATION"))
        await connection.execute("update talk set city = 'Basel'")
    await connection.close()
    assert await warn(text.replace("title: A", "title: Talks")) == {"talks[0].city": "'Basel' becomes 'Bern'"}


# --- where they are shown ------------------------------------------------------------------------

WARNED = GROUND + "talks: [{key: a, title: A, process: peace, citations: [cable]}]\n"
EXPECTED = {
    "path": "talks[0]",
    "key": "a",
    "line": 5,
    "message": f"{INVISIBLE}; give it a day, a dated step, or a source with its day",
}


def test_the_command_line_prints_warnings_beside_the_report(database_url: str, tmp_path: Path) -> None:
    path = tmp_path / "dossier.yaml"
    path.write_text(WARNED)
    shown = parley("load", "--dry-run", str(path), DATABASE_URL=database_url)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert f"  warning: line 5, a: talks[0]: {EXPECTED['message']}\n" in shown.stdout
    assert "created talk a" in shown.stdout


def test_rest_and_graphql_give_warnings_beside_the_report(database_url: str) -> None:
    with serving(database_url) as client:
        client.headers["authorization"] = f"Bearer {new_key(database_url, 'desk', Role.CURATOR)}"
        yaml = {"content-type": "application/yaml"}
        answer = client.post("/v1/dossiers?dryRun=true", content=WARNED, headers=yaml).json()
        assert answer["warnings"] == [EXPECTED]
        dossier = {
            "sources": [{"key": "cable"}],
            "processes": [{"key": "peace", "name": "Peace", "citations": ["cable"]}],
        }
        query = """
            mutation ($dossier: JSON!) {
                applyDossier(dossier: $dossier) { created warnings { path key line message } problems { message } }
            }
        """
        done = client.post("/graphql", json={"query": query, "variables": {"dossier": dossier}}).json()["data"]
        assert done["applyDossier"] == {
            "created": 3,
            "warnings": [{**EXPECTED, "path": "processes[0]", "key": "peace", "line": None}],
            "problems": [],
        }


@pytest.mark.parametrize("path", DOSSIERS, ids=[each.stem for each in DOSSIERS])
async def test_the_shipped_dossiers_have_no_warnings(warn: Warn, path: Path) -> None:
    found = await warn(path.read_text(), ground="")  # noqa: ASYNC240 - nothing else goes on.
    assert {each for each in found.values() if each != "nothing here cites it"} == set()
