"""What a dossier gives once: defaults, passages, the numbers of sources, and records that are there already."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import asyncpg
import jsonschema
import pytest

from schema.derive.dossier_schema import json_schema
from schema.errors import Invalid, Problem
from schema.writing.dossier import Report, load, read
from schema.writing.entries import document
from schema.writing.yaml_json import parse_yaml

SHORT = """
    defaults: {source: briefing, process: peace, anchor: 2025-04-18, language: en}
    passages:
      delay: [{source: ref-1, locator: paragraph 2}, ref-2]
    sources:
      - {key: briefing, title: Briefing}
      - {key: ref-1, number: 1}
      - {key: ref-2, number: 2}
    actors: [{name: North Sea Union, kind: IGO}, {name: Élise Marín, kind: PERSON}]
    issues: [{name: The islands}]
    processes: [{key: peace, name: Peace}]
    talks:
      - key: oslo
        title: Oslo
        starts: {text: within days}
        citations: [{locator: Opening}, delay, {field: starts, quote: within days}]
        participations: [{actor: north-sea-union, role: PARTY, attendance: EXPECTED}]
        codes: [{scheme: MEND, code: "7"}]
        milestones: [{kind: ANNOUNCED}, {kind: SCHEDULED, citations: [ref-1]}]
    statements:
      - {key: said, speaker: elise-marin, attribution: DIRECT_QUOTE, quote: Soon., citations: [delay]}
      - {key: told, speaker: elise-marin, said: 2025-04-17, attribution: PARAPHRASE, summary: She hoped.}
    positions: [{actor: north-sea-union, issue: the-islands, stance: DEMANDS}]
    deadlines: [{key: answer, title: Answer, due: {text: in two weeks}, hardness: VAGUE}]
    commentaries: [{key: brief, kind: BRIEF, headline: Brief, text: T}]
"""

LONG = """
    language: en
    sources: [{key: briefing, title: Briefing}, {key: ref-1}, {key: ref-2}]
    actors:
      - {key: north-sea-union, name: North Sea Union, kind: IGO}
      - {key: elise-marin, name: Élise Marín, kind: PERSON}
    issues: [{key: the-islands, name: The islands}]
    processes: [{key: peace, name: Peace, citations: [briefing]}]
    talks:
      - key: oslo
        title: Oslo
        process: peace
        starts: {text: within days, anchor: 2025-04-18}
        citations:
          - {source: briefing, locator: Opening}
          - {source: ref-1, number: 1, locator: paragraph 2}
          - {source: ref-2, number: 2}
          - {source: briefing, field: starts, quote: within days}
        participations:
          - actor: north-sea-union
            role: PARTY
            attendance: EXPECTED
            citations:
              - {source: briefing, locator: Opening}
              - {source: ref-1, number: 1, locator: paragraph 2}
              - {source: ref-2, number: 2}
        codes: [{scheme: MEND, code: "7"}]
        milestones:
          - kind: ANNOUNCED
            at: 2025-04-18
            citations:
              - {source: briefing, locator: Opening}
              - {source: ref-1, number: 1, locator: paragraph 2}
              - {source: ref-2, number: 2}
          - {kind: SCHEDULED, at: 2025-04-18, citations: [{source: ref-1, number: 1}]}
    statements:
      - key: said
        speaker: elise-marin
        process: peace
        said: 2025-04-18
        attribution: DIRECT_QUOTE
        quote: Soon.
        language: en
        citations: [{source: ref-1, number: 1, locator: paragraph 2}, {source: ref-2, number: 2}]
      - key: told
        speaker: elise-marin
        process: peace
        said: 2025-04-17
        attribution: PARAPHRASE
        summary: She hoped.
        citations: [briefing]
    positions:
      - actor: north-sea-union
        issue: the-islands
        process: peace
        stance: DEMANDS
        held: 2025-04-18/..
        citations: [briefing]
    deadlines:
      - key: answer
        title: Answer
        subject: {process: peace}
        anchor: 2025-04-18
        due: {text: in two weeks}
        hardness: VAGUE
        citations: [briefing]
    commentaries:
      - key: brief
        subject: {process: peace}
        kind: BRIEF
        headline: Brief
        text: T
        published: 2025-04-18/..
        citations: [briefing]
"""


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


async def enter(connection: asyncpg.Connection, folder: Path, text: str) -> Report:
    path = folder / "dossier.yaml"
    path.write_text(dedent(text))
    return await load(connection, read(path), changed_by="a curator", reason="a test")


async def problems(connection: asyncpg.Connection, folder: Path, text: str) -> list[Problem]:
    with pytest.raises(Invalid) as refused:
        await enter(connection, folder, text)
    return list(refused.value.problems)


async def test_what_is_given_once_reads_as_if_it_were_written_out(
    connection: asyncpg.Connection, tmp_path: Path
) -> None:
    short = await enter(connection, tmp_path, SHORT)
    assert {row.action for row in short.rows} == {"created"}
    long = await enter(connection, tmp_path, LONG)
    assert {row.action for row in long.rows} == {"unchanged"}
    assert [(row.type, row.key) for row in long.rows] == [(row.type, row.key) for row in short.rows]


async def test_a_file_without_a_default_source_cites_nothing_by_itself(
    connection: asyncpg.Connection, tmp_path: Path
) -> None:
    report = await enter(
        connection,
        tmp_path,
        """
        sources: [{key: cable}]
        talks: [{key: oslo, title: Oslo, citations: [cable], milestones: [{kind: OPENED, at: 2025-04-18}]}]
        """,
    )
    assert [row.key for row in report.rows if row.type == "citation"] == ["talk~oslo~cable"]


async def test_a_fact_that_is_cited_for_in_a_section_of_its_own_cites_nothing_else(
    connection: asyncpg.Connection, tmp_path: Path
) -> None:
    report = await enter(
        connection,
        tmp_path,
        """
        defaults: {source: cable}
        sources: [{key: cable}, {key: letter}]
        talks: [{key: oslo, title: Oslo}]
        citations: [{record: {talk: oslo}, source: letter}, {record: {talk: oslo}, field: title}]
        """,
    )
    assert [row.key for row in report.rows if row.type == "citation"] == ["talk~oslo~letter", "talk~oslo~cable~title"]


async def test_what_is_wrong_with_a_default_is_told_once_where_it_stands(
    connection: asyncpg.Connection, tmp_path: Path
) -> None:
    found = await problems(
        connection,
        tmp_path,
        """
        defaults:
          source: cabel
          process: Peace
          anchor: 18 April
          langage: en
        passages:
          delay: [ref-9, {source: cable, number: 0}]
        sources: [{key: cable}]
        actors: [{name: North, kind: STATE}]
        issues: [{name: Islands}]
        talks:
          - {key: a, title: A, starts: {text: within days}}
          - {key: b, title: B, citations: [delay], milestones: [{kind: ANNOUNCED}]}
        positions: [{actor: north, issue: islands, stance: DEMANDS, citations: [delay]}]
        """,
    )
    assert {each.path: (each.line, each.message[:40]) for each in found} == {
        "defaults.source": (3, "no source has the key 'cabel', here or i"),
        "defaults.process": (4, "'Peace' does not have the right form: An"),
        "defaults.anchor": (5, "'18 April' is not a date; write it as 20"),
        "defaults.langage": (6, "there is no 'langage' here; did you mean"),
        "passages.delay[0].source": (8, "no source has the key 'ref-9', here or i"),
        "passages.delay[1].number": (8, "0 is out of range; the minimum is 1"),
    }


def test_passages_do_not_multiply_a_dossier_beyond_its_limit() -> None:
    many = [{"source": "cable", "locator": str(number)} for number in range(1000)]
    talks = [{"key": f"t{number}", "title": "T", "citations": ["all"] * 1000} for number in range(40)]
    with pytest.raises(Invalid, match="more than 2000 records"):
        document({"passages": {"all": many}, "talks": talks})


def test_the_published_schema_takes_the_short_form_as_well_as_the_long_one() -> None:
    validator = jsonschema.Draft202012Validator(json_schema())
    for text in (SHORT, LONG, "actors: [north, {key: south, offices: []}]"):
        validator.validate(parse_yaml(dedent(text).encode()))
    wrong: dict[str, Any] = {"actors": [{"key": "south", "aliases": ["S"]}]}
    assert not validator.is_valid(wrong)


# --- steps ---------------------------------------------------------------------------------------


async def test_the_words_of_a_step_are_counted_from_its_own_day(connection: asyncpg.Connection, tmp_path: Path) -> None:
    """Not from the day of the text, which is the anchor of all else."""
    await enter(
        connection,
        tmp_path,
        """
        defaults: {source: late, process: war, anchor: 2023-12-28}
        sources: [{key: late}]
        processes: [{key: war, name: War}]
        deadlines:
          - key: truce
            title: Truce
            kind: TERM
            hardness: HARD
            due: {text: for seven days}
            anchor: 2023-05-22
            milestones: [{kind: EXTENDED, at: 2023-05-29, due: {text: for another five days}}]
        """,
    )
    moved = await connection.fetchval("select (due).edtf from milestone where kind = 'EXTENDED'")
    assert moved == "2023-06-03"


async def test_the_day_beside_the_words_of_a_deadline_is_its_own(
    connection: asyncpg.Connection, tmp_path: Path
) -> None:
    """From then on it can be seen, and not only from its due day."""
    await enter(
        connection,
        tmp_path,
        """
        defaults: {source: late, process: war, anchor: 2025-11-12}
        sources: [{key: late}]
        processes: [{key: war, name: War}]
        deadlines:
          - {key: weapons, title: Weapons, hardness: HARD, due: {text: within a month, anchor: 2025-08-07}}
        """,
    )
    rows = await connection.fetch("select anchor::text, (due).edtf from deadline")
    assert [tuple(row) for row in rows] == [("2025-08-07", "2025-09-07")]


async def test_a_step_of_a_vague_day_needs_an_anchor_for_its_words(
    connection: asyncpg.Connection, tmp_path: Path
) -> None:
    found = await problems(
        connection,
        tmp_path,
        """
        sources: [{key: late}]
        talks: [{key: t, title: T, citations: [late], milestones: [
          {kind: SCHEDULED, at: 2025-05, starts: {text: within two weeks}}]}]
        """,
    )
    assert [each.path for each in found] == ["talks[0].milestones[0].starts"]


async def test_two_who_take_the_same_step_on_one_day_are_two_steps(
    connection: asyncpg.Connection, tmp_path: Path
) -> None:
    """A second article tells of the second party, and leaves what the first one told."""
    await enter(connection, tmp_path, SHARED)
    parts = """
        agreements:
          - key: text
            title: Text
            kind: COMPREHENSIVE
            citations: [cable]
            milestones: [{kind: INITIALLED, at: 2025-08-08, actor: PARTY}]
    """
    for party in ("north", "ann"):
        await enter(connection, tmp_path, parts.replace("PARTY", party))
    keys = [row["key"] for row in await connection.fetch("select key from milestone order by key")]
    assert keys == ["agreement~text~initialled~2025-08-08~ann", "agreement~text~initialled~2025-08-08~north"]


async def test_a_source_may_tell_a_claim_and_its_denial(connection: asyncpg.Connection, tmp_path: Path) -> None:
    await enter(connection, tmp_path, SHARED)
    claimed = "{source: cable, locator: page 2}, {source: cable, locator: page 3, stance: DISPUTES}"
    await enter(connection, tmp_path, f"talks: [{{key: claimed, title: Claimed, citations: [{claimed}]}}]")
    rows = await connection.fetch("select key from citation where key like '%claimed%' order by key")
    assert [row["key"] for row in rows] == ["talk~claimed~cable", "talk~claimed~cable~disputes"]


# --- records that are there already --------------------------------------------------------------

SHARED = """
    actors: [{name: North, kind: STATE}, {name: Ann, kind: PERSON}]
    sources: [{key: cable}]
    talks: [{key: oslo, title: Oslo, citations: [cable]}]
"""


async def test_a_record_that_is_there_already_is_named_by_its_key_alone(
    connection: asyncpg.Connection, tmp_path: Path
) -> None:
    await enter(connection, tmp_path, SHARED)
    report = await enter(
        connection,
        tmp_path,
        """
        defaults: {source: cable, process: peace}
        sources: [cable]
        processes: [{key: peace, name: Peace}]
        actors:
          - north
          - {key: ann, offices: [{actor: north, title: Envoy}]}
        talks:
          - {key: oslo, milestones: [{kind: OPENED, at: 2025-04-18}], citations: [{field: title}]}
        """,
    )
    assert {(row.type, row.key): row.action for row in report.rows if row.action != "created"} == {
        ("source", "cable"): "unchanged",
        ("actor", "north"): "unchanged",
        ("actor", "ann"): "unchanged",
        ("talk", "oslo"): "unchanged",
    }
    assert {row.key for row in report.rows if row.action == "created"} == {
        "peace",
        "ann~north~envoy",
        "talk~oslo~opened~2025-04-18",
        "process~peace~cable",
        "talk~oslo~cable~title",
    }


async def test_a_key_alone_that_nothing_has_is_told_with_all_else(
    connection: asyncpg.Connection, tmp_path: Path
) -> None:
    await enter(connection, tmp_path, SHARED)
    found = await problems(
        connection,
        tmp_path,
        """
        actors: [northh, South Sea, {key: bob}]
        talks: [{key: bergen, milestones: [{kind: SIGNED, at: 2025-04-18}]}]
        signatures: [{actor: northh, capacity: PARTY}]
        """,
    )
    assert {each.path: each.message[:60] for each in found} == {
        "actors[0]": "no actor has the key 'northh', here or in the database; did ",
        "actors[1].key": "'South Sea' does not have the right form: Key of a record: s",
        "actors[2].name": "it is missing; every record of this type needs it",
        "actors[2].kind": "it is missing; every record of this type needs it",
        "signatures[0].agreement": "it is missing; every record of this type needs it",
        "talks[0].title": "it is missing; every record of this type needs it",
        "talks[0].citations": "it cites no source; add one, as [key of a source]",
        "talks[0].milestones[0].kind": "talks have no milestone SIGNED; possible: ANNOUNCED, SCHEDUL",
    }


async def test_a_key_is_made_of_a_name_and_may_be_given_instead(connection: asyncpg.Connection, tmp_path: Path) -> None:
    text = """
        actors:
          - {name: "The Government (Ministry of Foreign Affairs)", kind: GOVERNMENT_BODY}
          - {name: Georgia, kind: STATE}
          - {name: Georgia, kind: PERSON}
    """
    (told,) = await problems(connection, tmp_path, text)
    assert told.path == "actors[2].key"
    assert "'georgia' is also the key of actors[1]" in told.message
    report = await enter(connection, tmp_path, text.replace("Georgia, kind: P", "Georgia, key: gia, kind: P"))
    assert [row.key for row in report.rows] == ["the-government-ministry-of-foreign-affairs", "georgia", "gia"]
