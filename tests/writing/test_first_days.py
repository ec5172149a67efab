"""A step that only repeats the first day of its record may be left out: nothing is answered otherwise on any day."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import asyncpg
import pytest

from schema.writing.dossier import load, read
from tests.support.asking import asking_about

FIRST_DAYS: dict[str, tuple[str, str, str, str]] = {
    "talk": (
        "talks: [{key: KEY, title: T, process: peace, starts: 2025-03-10, citations: [cable]STEPS}]",
        "milestones: [{kind: SCHEDULED, at: 2025-03-10, starts: 2025-03-10}]",
        "talks",
        "status statusSince starts { edtf } daysUntil { min max } disputed",
    ),
    "deadline": (
        """deadlines: [{key: KEY, title: D, subject: {process: peace}, anchor: 2025-03-01, due: {text: within 10 days},
            hardness: HARD, citations: [cable]STEPS}]""",
        "milestones: [{kind: SET, at: 2025-03-01}]",
        "deadlines",
        "status statusSince due { edtf } daysRemaining { min max } disputed",
    ),
    "process": (
        "processes: [{key: KEY, name: P, opened: 2025-03-01, citations: [cable]STEPS}]",
        "milestones: [{kind: OPENED, at: 2025-03-01}]",
        "processes",
        "status statusSince stalledSince nextTalk { key } nextDeadline { key }",
    ),
    "agreement": (
        """agreements: [{key: KEY, title: A, process: peace, kind: CEASEFIRE, citations: [cable], signatures: [
            {actor: north, capacity: PARTY, signed: 2025-03-01},
            {actor: south, capacity: PARTY, signed: 2025-03-04}]STEPS}]""",
        "milestones: [{kind: SIGNED, at: 2025-03-01, actor: north}, {kind: SIGNED, at: 2025-03-04, actor: south}]",
        "agreements",
        "status statusSince signedOn disputed signatures { nodes { actor { key } signed { edtf } state } }",
    ),
}
"""By its name: the record, the steps that repeat its first day, its list, and what is asked of it."""

SHARED = """
    actors: [{key: north, name: North, kind: STATE}, {key: south, name: South, kind: STATE}]
    sources: [{key: cable, published: 2025-06-01}]
    processes: [{key: peace, name: Peace, citations: [cable]}]
"""

DAYS = ["2025-02-28", "2025-03-01", "2025-03-04", "2025-03-10", "2025-03-11", "2025-03-12", "2025-05-01", "2025-07-01"]


@pytest.mark.parametrize("name", FIRST_DAYS)
async def test_a_step_that_repeats_the_first_day_changes_no_answer(
    database_url: str, tmp_path: Path, name: str
) -> None:
    record, steps, list_, asked = FIRST_DAYS[name]
    await enter(database_url, tmp_path, dedent(SHARED))
    await enter(database_url, tmp_path, written(record, "without", ""))
    await enter(database_url, tmp_path, written(record, "with", f", {steps}"))

    async with asking_about(database_url) as ask:
        for day in DAYS:
            query = f'{{ it: {list_}(filter: {{key: {{eq: "KEY"}}}}, asOf: "{day}") {{ nodes {{ {asked} }} }} }}'
            without, told = [await ask(query.replace("KEY", key)) for key in ("without", "with")]
            assert without == told, day
            is_seen = day >= ("2025-03-10" if name == "talk" else "2025-03-01")
            assert len(without["it"]["nodes"]) == is_seen, day


async def enter(database_url: str, folder: Path, text: str) -> None:
    path = folder / "dossier.yaml"
    path.write_text(text)
    connection = await asyncpg.connect(database_url)
    try:
        await load(connection, read(path), changed_by="a curator", reason="a test")
    finally:
        await connection.close()


def written(record: str, key: str, steps: str) -> str:
    return record.replace("KEY", key).replace("STEPS", steps)
