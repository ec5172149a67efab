"""Dossiers: what loading one does, what is refused and how that is said."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import asyncpg
import jsonschema
import pytest

from schema.derive.dossier_schema import json_schema
from schema.errors import Invalid
from schema.writing.dossier import Report, load, read
from schema.writing.entries import document
from schema.writing.yaml_json import parse_yaml

ROOT = Path(__file__).parents[2]
DOSSIER = ROOT / "dossiers" / "us-ukraine-russia-2025.yaml"

GROUND = """
    sources: [{key: cable}]
    actors:
      - {key: atlantis, name: Atlantis, kind: STATE}
      - {key: lemuria, name: Lemuria, kind: STATE}
    issues: [{key: islands, name: Islands}]
    processes: [{key: peace, name: Peace, citations: [cable]}]
"""
"""What the dossiers of these tests refer to."""

Write = Callable[..., Path]


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


@pytest.fixture
def dossier(tmp_path: Path) -> Write:
    """Writes a dossier: the ground, and what a test adds."""

    def write_file(text: str, *, ground: str = GROUND, name: str = "dossier.yaml") -> Path:
        path = tmp_path / name
        path.write_text(dedent(ground) + dedent(text))
        return path

    return write_file


async def load_file(connection: asyncpg.Connection, path: Path) -> Report:
    return await load(connection, read(path), changed_by="a curator", reason="a test")


async def problems_of(connection: asyncpg.Connection, path: Path) -> dict[str, str]:
    """What is wrong with a dossier, by path. Nothing may be written."""
    before = await rows(connection)
    with pytest.raises(Invalid) as refused:
        await load_file(connection, path)
    assert await rows(connection) == before
    found = {problem.path: problem.message for problem in refused.value.problems}
    assert len(found) == len(refused.value.problems)
    return found


async def rows(connection: asyncpg.Connection) -> tuple[int, int]:
    return (
        await connection.fetchval("select count(*) from record"),
        await connection.fetchval("select count(*) from revision"),
    )


# --- loading -------------------------------------------------------------------------------------


async def test_the_first_dossier_creates_every_record_it_holds(connection: asyncpg.Connection) -> None:
    report = await load_file(connection, DOSSIER)
    assert {row.action for row in report.rows} == {"created"}
    counted = Counter(row.type for row in report.rows)
    assert counted.total() == (await rows(connection))[0]
    assert {type_: counted[type_] for type_ in ("source", "talk", "statement", "agreement", "provision")} == {
        "source": 7,
        "talk": 2,
        "statement": 9,
        "agreement": 3,
        "provision": 4,
    }


async def test_loading_again_changes_nothing_and_writes_no_revision(connection: asyncpg.Connection) -> None:
    await load_file(connection, DOSSIER)
    before = await rows(connection)
    report = await load_file(connection, DOSSIER)
    assert {row.action for row in report.rows} == {"unchanged"}
    assert await rows(connection) == before


async def test_one_changed_field_is_one_update_and_one_revision(connection: asyncpg.Connection, dossier: Write) -> None:
    talk = "talks: [{key: geneva, title: %s, process: peace, citations: [cable]}]"
    await load_file(connection, dossier(talk % "Geneva"))
    records, revisions = await rows(connection)
    report = await load_file(connection, dossier(talk % "Geneva talks"))
    assert [(row.type, row.key) for row in report.rows if row.action != "unchanged"] == [("talk", "geneva")]
    assert report.count("updated") == 1
    assert await rows(connection) == (records, revisions + 1)
    (change,) = await connection.fetch("select * from revision order by seq desc limit 1")
    assert json.loads(change["changes"]) == {"title": {"before": "Geneva", "after": "Geneva talks"}}
    assert (change["changed_by"], change["reason"], change["origin"]) == ("a curator", "a test", "DOSSIER")


async def test_a_field_that_is_left_out_keeps_its_value(connection: asyncpg.Connection, dossier: Write) -> None:
    await load_file(connection, dossier("talks: [{key: geneva, title: Geneva, city: Geneva, citations: [cable]}]"))
    report = await load_file(connection, dossier("talks: [{key: geneva, title: Geneva}]"))
    assert report.count("updated") == 0
    assert await connection.fetchval("select city from talk") == "Geneva"


async def test_a_reference_may_name_a_record_that_only_the_database_has(
    connection: asyncpg.Connection, dossier: Write
) -> None:
    await load_file(connection, dossier(""))
    report = await load_file(
        connection,
        dossier("talks: [{key: geneva, title: Geneva, process: peace, citations: [cable]}]", ground=""),
    )
    assert [row.type for row in report.rows] == ["talk", "citation"]
    assert await connection.fetchval("select p.key from talk t join process p on p.id = t.process_id") == "peace"


async def test_two_records_may_point_at_one_another(connection: asyncpg.Connection, dossier: Write) -> None:
    path = dossier("""
        statements:
          - key: threat
            speaker: atlantis
            said: 2025-04-18
            attribution: PARAPHRASE
            summary: Atlantis threatens.
            citations: [cable]
            conditions: [{key: answer, kind: ULTIMATUM, condition: An answer., deadline: answer-due}]
        deadlines:
          - key: answer-due
            title: An answer
            subject: {condition: answer}
            due: 2025-04-25
            hardness: HARD
            citations: [cable]
    """)
    await load_file(connection, path)
    both = "select d.subject_id = c.id from deadline d join condition c on c.deadline_id = d.id"
    assert await connection.fetchval(both) is True


async def test_vague_words_are_read_from_their_own_anchor_or_from_the_records(
    connection: asyncpg.Connection, dossier: Write
) -> None:
    path = dossier("""
        deadlines:
          - &anchor_names_are_allowed
            key: answer
            title: An answer
            subject: {process: peace}
            anchor: 2025-04-18
            due: {text: within days}
            hardness: VAGUE
            citations: [cable]
          - key: second-answer
            title: Another
            subject: {process: peace}
            anchor: 2025-04-18
            due: {text: within days, anchor: 2025-05-01}
            hardness: VAGUE
            citations: [cable]
          - key: third-answer
            title: A third
            subject: {process: peace}
            due: {text: when the snow melts, edtf: 2025-03/2025-05}
            hardness: VAGUE
            citations: [cable]
    """)
    await load_file(connection, path)
    found = await connection.fetch("select (due).edtf, (due).text, (due).rule from deadline order by key")
    assert [tuple(each) for each in found] == [
        ("2025-04-19/2025-04-25", "within days", "phrase.within-days.v2"),
        ("2025-05-02/2025-05-08", "within days", "phrase.within-days.v2"),
        ("2025-03/2025-05", "when the snow melts", None),
    ]


async def test_a_record_without_a_key_is_named_after_what_it_says(
    connection: asyncpg.Connection, dossier: Write
) -> None:
    path = dossier("""
        talks:
          - key: geneva
            title: Geneva
            citations: [cable]
            participations: [{actor: atlantis, role: PARTY, attendance: EXPECTED}]
            milestones: [{kind: ANNOUNCED, at: {text: within days, anchor: 2025-04-18}}]
    """)
    report = await load_file(connection, path)
    assert {row.key for row in report.rows} >= {
        "geneva~atlantis~party",
        "talk~geneva~announced~within-days-2025-04-18",
        "talk~geneva~cable",
    }


async def test_made_keys_of_different_records_are_never_the_same(
    connection: asyncpg.Connection, dossier: Write
) -> None:
    """Each dossier cites by other parts that would read alike, were they only put one after the other."""
    talks = "talks: [{key: %s, title: %s, citations: [%s]}]"
    await load_file(connection, dossier(talks % ("a", "One", "b.c"), ground="sources: [{key: b.c}, {key: c}]\n"))
    report = await load_file(connection, dossier("\n" + talks % ("a.b", "Two", "c"), ground=""))
    assert [(row.key, row.action) for row in report.rows] == [("a.b", "created"), ("talk~a.b~c", "created")]
    assert await connection.fetchval("select count(*) from citation") == 2


async def test_a_made_key_inside_another_cannot_be_taken_for_its_parts(
    connection: asyncpg.Connection, dossier: Write
) -> None:
    position = "actor: atlantis, issue: islands, process: peace, stance: DEMANDS"
    report = await load_file(
        connection,
        dossier(f"""
            positions:
              - {{{position}, citations: [{{source: cable, field: text}}]}}
              - {{{position}, held: 2025-04, citations: [cable]}}
        """),
    )
    assert {row.key for row in report.rows if row.type in ("position", "citation")} >= {
        "atlantis~islands~peace",
        "atlantis~islands~peace~2025-04",
        "position~atlantis~~islands~~peace~cable~text",
        "position~atlantis~~islands~~peace~~2025-04~cable",
    }


async def test_a_made_key_that_is_too_long_is_cut_and_stays_its_own(
    connection: asyncpg.Connection, dossier: Write
) -> None:
    key = "k" * 390
    talk = f"{{key: {key}, title: T, citations: [{{source: cable, field: city}}, {{source: cable, field: country}}]}}"
    report = await load_file(connection, dossier(f"talks: [{talk}]"))
    made = {row.key for row in report.rows if row.type == "citation" and row.key.startswith("talk~")}
    assert len(made) == 2
    assert {len(each) for each in made} == {400}
    again = await load_file(connection, dossier(f"talks: [{talk}]"))
    assert {row.action for row in again.rows} == {"unchanged"}


async def test_a_made_key_can_be_referred_to_but_not_given(connection: asyncpg.Connection, dossier: Write) -> None:
    talk = "talks: [{key: geneva, title: T, citations: [cable], participations: [%s]}]"
    await load_file(connection, dossier(talk % "{actor: atlantis, role: PARTY, attendance: EXPECTED}"))
    cites = "citations: [{record: {participation: geneva~atlantis~party}, source: cable}]"
    assert (await load_file(connection, dossier(cites, ground=""))).count("created") == 1
    found = await problems_of(connection, dossier("sources: [{key: a~b}]", ground=""))
    assert list(found) == ["sources[0].key"]


async def test_a_new_stance_is_a_new_position_and_the_end_of_one_is_a_change_to_it(
    connection: asyncpg.Connection, dossier: Write
) -> None:
    position = "{actor: atlantis, issue: islands, process: peace, stance: %s, held: %s, citations: [cable]}"
    first, closed, later = (
        position % each
        for each in [
            ("DEMANDS", "2025-04-18/.."),
            ("DEMANDS", "2025-04-18/2025-05-01"),
            ("ACCEPTS", "2025-05-02/.."),
        ]
    )
    await load_file(connection, dossier(f"positions: [{first}]"))
    report = await load_file(connection, dossier(f"positions: [{closed}, {later}]", ground=""))
    assert [(row.key, row.action) for row in report.rows if row.type == "position"] == [
        ("atlantis~islands~peace~2025-04-18", "updated"),
        ("atlantis~islands~peace~2025-05-02", "created"),
    ]


async def test_dates_that_differ_make_different_keys(connection: asyncpg.Connection, dossier: Write) -> None:
    dates = ["2025-04", "2025-04/..", "../2025-04", "2025-04~", "2025-04?", "2025-04%", "2025-04/2025-05"]
    milestones = ", ".join(f"{{kind: REPORTED_PROGRESS, at: {each!r}}}" for each in dates)
    process = f"processes: [{{key: war, name: War, citations: [cable], milestones: [{milestones}]}}]"
    await load_file(connection, dossier(process, ground="sources: [{key: cable}]\n"))
    assert await connection.fetchval("select count(distinct key) from milestone") == len(dates)


async def test_one_day_alone_is_compared_with_the_one_that_is_stored(
    connection: asyncpg.Connection, dossier: Write
) -> None:
    await load_file(connection, dossier(f"talks: [{{{TALK}, starts: 2025-04-18}}]"))
    found = await problems_of(connection, dossier("talks: [{key: geneva, title: T, ends: 2025-04-17}]", ground=""))
    assert found == {"talks[0].ends": "ends lies before starts; correct one of them"}
    await load_file(connection, dossier("talks: [{key: geneva, title: T, ends: 2025-04}]", ground=""))


async def test_milestones_of_one_day_count_in_the_order_of_the_file(
    connection: asyncpg.Connection, dossier: Write
) -> None:
    kinds = ["PROPOSED", "DRAFTED", "NEGOTIATED", "INITIALLED", "SIGNED", "SUSPENDED", "ENTERED_INTO_FORCE"]
    milestones = ", ".join(f"{{kind: {kind}, at: 2025-04-18}}" for kind in kinds)
    await load_file(
        connection,
        dossier(f"""
        agreements:
          - {{key: truce, title: Truce, kind: CEASEFIRE, citations: [cable], milestones: [{milestones}]}}
        """),
    )
    found = await connection.fetch("select kind from milestone order by id")
    assert [each["kind"] for each in found] == kinds


async def test_no_is_a_country_and_a_date_is_a_text(connection: asyncpg.Connection, dossier: Write) -> None:
    await load_file(
        connection,
        dossier("talks: [{key: oslo, title: on, country: NO, starts: 2025-04-18, venue: 12:30, citations: [cable]}]"),
    )
    (found,) = await connection.fetch("select country, title, venue, (starts).edtf from talk")
    assert tuple(found) == ("NO", "on", "12:30", "2025-04-18")


async def test_a_json_file_is_a_dossier_as_well(connection: asyncpg.Connection, tmp_path: Path) -> None:
    path = tmp_path / "dossier.json"
    # Tabs, and an escaped pair of surrogates: JSON, but not YAML.
    path.write_text(
        json.dumps({"sources": [{"key": "cable", "title": "Dove \N{DOVE OF PEACE} \U0001f54a"}]}, indent="\t")
    )
    await load_file(connection, path)
    assert await connection.fetchval("select title from source") == "Dove \N{DOVE OF PEACE} \U0001f54a"


# --- what is refused -----------------------------------------------------------------------------

STATEMENT = "key: s, speaker: atlantis, said: 2025-04-18, attribution: PARAPHRASE, summary: Peace., citations: [cable]"
TALK = "key: geneva, title: Geneva, citations: [cable]"
BRIEF = "key: brief, kind: BRIEF, headline: Brief, text: T, citations: [cable]"
DEADLINE = "title: An answer, subject: {process: peace}, hardness: VAGUE, citations: [cable]"

REFUSED = {
    "an unknown reference": (
        f"statements: [{{{STATEMENT.replace('speaker: atlantis', 'speaker: atlantas')}}}]",
        "statements[0].speaker",
        "no actor has the key 'atlantas', here or in the database; did you mean 'atlantis'?",
    ),
    "an unknown reference in a list": (
        f"statements: [{{{STATEMENT}, addressees: [lemuria, mu]}}]",
        "statements[0].addressees[1]",
        "no actor has the key 'mu', here or in the database; add it, or correct the key",
    ),
    "an unknown source, cited by its key alone": (
        "talks: [{key: geneva, title: Geneva, citations: [cabel]}]",
        "talks[0].citations[0].source",
        "did you mean 'cable'?",
    ),
    "an unknown subject": (
        f"commentaries: [{{{BRIEF}, subject: {{talk: oslo}}}}]",
        "commentaries[0].subject",
        "no talk has the key 'oslo'",
    ),
    "an unknown field": (
        f"statements: [{{{STATEMENT}, adressees: [lemuria]}}]",
        "statements[0].adressees",
        "there is no 'adressees' here; did you mean 'addressees'?",
    ),
    "a computed field": (f"talks: [{{{TALK}, status: HELD}}]", "talks[0].status", "there is no 'status' here"),
    "a field in the database's spelling": (
        f"statements: [{{{STATEMENT}, on_behalf_of: lemuria}}]",
        "statements[0].on_behalf_of",
        "did you mean 'onBehalfOf'?",
    ),
    "a word that is not in the vocabulary": (
        f"statements: [{{{STATEMENT}, stance: THREATEN}}]",
        "statements[0].stance",
        "'THREATEN' is not possible here; did you mean 'THREAT'?",
    ),
    "a word far from the vocabulary": (
        f"statements: [{{{STATEMENT}, modality: XYZ}}]",
        "statements[0].modality",
        "'XYZ' is not possible here; possible: ASSERTED, CONDITIONAL, HYPOTHETICAL, NEGATED",
    ),
    "a missing field": ("talks: [{key: geneva, citations: [cable]}]", "talks[0].title", "it is missing"),
    "a missing key": ("talks: [{title: Geneva, citations: [cable]}]", "talks[0].key", "it is missing"),
    "a missing relation": (
        f"talks: [{{{TALK}, participations: [{{role: PARTY, attendance: EXPECTED}}]}}]",
        "talks[0].participations[0].actor",
        "it is missing",
    ),
    "a missing subject": (
        f"commentaries: [{{{BRIEF}}}]",
        "commentaries[0].subject",
        "it is missing",
    ),
    "an impossible day": (
        f"talks: [{{{TALK}, starts: 2025-02-30}}]",
        "talks[0].starts",
        "The date “2025-02-30” is in no calendar",
    ),
    "an impossible anchor": (
        f"talks: [{{{TALK}, starts: {{text: within days, anchor: 18 April}}}}]",
        "talks[0].starts.anchor",
        "'18 April' is not a date; write it as 2025-04-18",
    ),
    "a phrase that no rule reads": (
        f"talks: [{{{TALK}, starts: {{text: when pigs fly, anchor: 2025-04-18}}}}]",
        "talks[0].starts",
        "The phrase “when pigs fly” gives no days",
    ),
    "a phrase without an anchor": (
        f"talks: [{{{TALK}, starts: {{text: within days}}}}]",
        "talks[0].starts",
        "'within days' needs an anchor",
    ),
    "a date that says nothing": (
        f"talks: [{{{TALK}, starts: {{anchor: 2025-04-18}}}}]",
        "talks[0].starts",
        "give text, the words of the source, or edtf",
    ),
    "an empty date": (f"talks: [{{{TALK}, starts: ''}}]", "talks[0].starts", "it is empty; give a value or leave"),
    "empty words": (
        f"talks: [{{{TALK}, starts: {{text: , anchor: 2025-04-18}}}}]",
        "talks[0].starts.text",
        "it is empty; give a value or leave",
    ),
    "words that are a number": (
        f"talks: [{{{TALK}, starts: {{text: 5}}}}]",
        "talks[0].starts.text",
        "5 is not read as a text here; put it in quotes",
    ),
    "an end before the beginning": (
        f"talks: [{{{TALK}, starts: 2025-04-18, ends: 2025-04-17}}]",
        "talks[0].ends",
        "ends lies before starts; correct one of them",
    ),
    "a citation of a field that is not there": (
        "talks: [{key: geneva, title: Geneva, citations: [{source: cable, field: start}]}]",
        "talks[0].citations[0].field",
        "talk has no field 'start'; did you mean 'starts'?",
    ),
    "a citation from outside of a field that is not there": (
        "citations: [{record: {process: peace}, source: cable, field: starts}]",
        "citations[0].field",
        "process has no field 'starts'; possible: name, summary, conflict",
    ),
    "a web address that is none": (
        "agreements: [{key: pact, title: Pact, kind: OTHER, citations: [cable], textUrl: 'javascript:alert(1)'}]",
        "agreements[0].textUrl",
        "is no web address; write it with http:// or https://",
    ),
    "a code that no index can hold": (
        f"codes: [{{record: {{process: peace}}, scheme: PAX, code: {'a1' * 4000}}}]",
        "codes[0].code",
        "it has 8000 characters; 200 are allowed",
    ),
    "a year that YAML reads as a number": (
        f"talks: [{{{TALK}, starts: 2025}}]",
        "talks[0].starts",
        "2025 is not read as a text here; put it in quotes",
    ),
    "an empty field": (f"talks: [{{{TALK}, city: }}]", "talks[0].city", "it is empty; give a value or leave"),
    "one value where there should be a list": (
        "talks: [{key: geneva, title: Geneva, citations: cable}]",
        "talks[0].citations",
        "'cable' should be a list",
    ),
    "a duplicate key": (
        f"talks: [{{{TALK}}}, {{{TALK}}}]",
        "talks[1].key",
        "'geneva' is also the key of talks[0]; a key names one talk",
    ),
    "two records that would be named alike": (
        f"talks: [{{{TALK}, milestones: [{{kind: ANNOUNCED, at: 2025-04}}, {{kind: ANNOUNCED, at: 2025-04}}]}}]",
        "talks[0].milestones[1].key",
        "so give this one a key of its own",
    ),
    "a key with capital letters": (
        "talks: [{key: Geneva, title: Geneva, citations: [cable]}]",
        "talks[0].key",
        "'Geneva' does not have the right form: Key of a record: small letters",
    ),
    "a parent that is said twice": (
        f"talks: [{{{TALK}, participations: [{{talk: geneva, actor: atlantis, role: PARTY, attendance: EXPECTED}}]}}]",
        "talks[0].participations[0].talk",
        "the record stands inside talks[0], which says it; leave it out",
    ),
    "a milestone that its subject cannot have": (
        f"talks: [{{{TALK}, milestones: [{{kind: SIGNED, at: 2025-04-18}}]}}]",
        "talks[0].milestones[0].kind",
        "talks have no milestone SIGNED; possible: ANNOUNCED, SCHEDULED, POSTPONED, OPENED, ADJOURNED, CONCLUDED",
    ),
    "a step of an agreement that only a deadline has": (
        """agreements: [{key: g, title: G, kind: OTHER, citations: [cable],
            milestones: [{kind: EXTENDED, at: 2025-04}]}]""",
        "agreements[0].milestones[0].kind",
        "TERMINATED, RESUMED, WITHDRAWN; EXTENDED is one of deadlines",
    ),
    "words of a source in the place of a date": (
        f"deadlines: [{{{DEADLINE}, key: d, due: within ten days}}]",
        "deadlines[0].due",
        "Words of a source are given as {text: within ten days}.",
    ),
    "a milestone of what has none": (
        "milestones: [{subject: {actor: atlantis}, kind: OPENED, at: 2025-04-18}]",
        "milestones[0].kind",
        "actors have no milestone OPENED; possible: none; only talks, processes, agreements, provisions, deadlines and",
    ),
    "a step to an earlier day that gives none": (
        f"deadlines: [{{{DEADLINE}, key: d, due: 2025-05, milestones: [{{kind: SHORTENED, at: 2025-04-18}}]}}]",
        "deadlines[0].milestones[0].due",
        "TRIGGERED and SHORTENED need the new due date",
    ),
    "a quotation without its words": (
        f"statements: [{{{STATEMENT.replace('PARAPHRASE', 'DIRECT_QUOTE')}}}]",
        "statements[0].quote",
        "a DIRECT_QUOTE needs the words themselves",
    ),
    "a statement that says nothing": (
        f"statements: [{{{STATEMENT.replace('summary: Peace., ', '')}}}]",
        "statements[0].summary",
        "a statement needs a quote, a summary or both",
    ),
    "a named statement without a speaker": (
        f"statements: [{{{STATEMENT.replace('speaker: atlantis, ', '')}}}]",
        "statements[0].speaker",
        "only an ANONYMOUS statement goes without a speaker",
    ),
    "a deadline without a date": (
        f"deadlines: [{{{DEADLINE}, key: d}}]",
        "deadlines[0].due",
        "only an OPEN_ENDED or a CONDITIONAL deadline goes without a due date",
    ),
    "a commentary without a word": (
        f"commentaries: [{{{BRIEF.replace('text: T, ', '')}, subject: {{process: peace}}}}]",
        "commentaries[0].text",
        "a commentary needs text, points or both",
    ),
    "a supporting citation that asserts otherwise": (
        "talks: [{key: geneva, title: Geneva, citations: [{source: cable, assertedValue: Bern}]}]",
        "talks[0].citations[0].assertedValue",
        "only a citation that DISPUTES asserts another value",
    ),
    "a country by its name": (
        f"talks: [{{{TALK}, country: Switzerland}}]",
        "talks[0].country",
        "'Switzerland' does not have the right form: Country (ISO 3166 alpha-2).",
    ),
    "a number out of range": (
        "talks: [{key: geneva, title: Geneva, citations: [{source: cable, number: 0}]}]",
        "talks[0].citations[0].number",
        "0 is out of range; the minimum is 1",
    ),
    "a fact without a source": (
        "talks: [{key: geneva, title: Geneva}]",
        "talks[0].citations",
        "it cites no source; add one, as [key of a source]",
    ),
    "a character that is no text": (
        'talks: [{key: geneva, title: "Gene\\0va", citations: [cable]}]',
        "talks[0].title",
        "it holds the character U+0000",
    ),
    "two subjects": (
        f"commentaries: [{{{BRIEF}, subject: {{talk: oslo, process: peace}}}}]",
        "commentaries[0].subject",
        "give one type and key, such as {process: geneva-2026}",
    ),
    "an unknown section": ("statments: []", "statments", "there is no 'statments' here; did you mean 'statements'?"),
    "a section that is no list": ("talks: {geneva: {}}", "talks", "should be a list"),
}


@pytest.mark.parametrize(("text", "path", "message"), REFUSED.values(), ids=REFUSED.keys())
async def test_a_mistake_is_named_with_its_place_and_the_cure(
    connection: asyncpg.Connection, dossier: Write, text: str, path: str, message: str
) -> None:
    found = await problems_of(connection, dossier(text))
    assert list(found) == [path]
    assert message in found[path]


async def test_all_mistakes_are_named_at_once_in_the_order_of_their_places(
    connection: asyncpg.Connection, dossier: Write
) -> None:
    right = ", ".join(f"{{{STATEMENT.replace('key: s', f'key: s{number}')}}}" for number in range(3))
    path = dossier(f"""
        statements: [{right}, {{{STATEMENT.replace("atlantis", "mu")}, stance: SHOUT, colour: red}}]
        talks:
          - {{{TALK}, starts: 2025-13, milestones: [{{kind: OPENED, at: 2025-04-18}}]}}
          - key: oslo
            title: Oslo
            participations: [{{actor: mu, role: PARTY, attendance: EXPECTED}}]
            milestones: [{{kind: SIGNED, at: 2025-04-18}}, {{kind: OPENED, at: soon}}]
        deadlines:
          - {{{DEADLINE}, key: d, due: {{text: some time}}}}
          - {{{DEADLINE}, key: e, due: 2025-05}}
          - {{{DEADLINE}, key: e, due: 2025-06}}
          - {{{DEADLINE}, key: f}}
    """)
    assert list(await problems_of(connection, path)) == [
        "deadlines[0].due",
        "deadlines[2].key",
        "deadlines[3].due",
        "statements[3].colour",
        "statements[3].speaker",
        "statements[3].stance",
        "talks[0].starts",
        "talks[1].citations",
        "talks[1].milestones[0].kind",
        "talks[1].milestones[1].at",
        "talks[1].participations[0].actor",
    ]


async def test_a_date_without_words_hides_no_other_mistake(connection: asyncpg.Connection, dossier: Write) -> None:
    path = dossier(f"""
        statements: [{{{STATEMENT.replace("said: 2025-04-18", "said: ''").replace("atlantis", "mu")}}}]
        deadlines: [{{{DEADLINE}, key: d, due: {{text: }}}}, {{{DEADLINE}, key: e, due: {{anchor: 2025-04-18}}}}]
        talks: [{{{TALK}, city: 5}}]
    """)
    assert list(await problems_of(connection, path)) == [
        "deadlines[0].due.text",
        "deadlines[1].due",
        "statements[0].said",
        "statements[0].speaker",
        "talks[0].city",
    ]


async def test_a_refused_dossier_leaves_the_database_to_the_next_one(
    connection: asyncpg.Connection, dossier: Write
) -> None:
    await problems_of(connection, dossier("talks: [{key: geneva, title: Geneva}]"))
    report = await load_file(connection, dossier(f"talks: [{{{TALK}}}]"))
    assert report.count("created") == len(report.rows)


async def test_a_transaction_that_is_rolled_back_leaves_no_revision(
    connection: asyncpg.Connection, dossier: Write
) -> None:
    transaction = connection.transaction()
    await transaction.start()
    assert (await load_file(connection, dossier(""))).count("created") == 6
    assert await rows(connection) == (6, 6)
    await transaction.rollback()
    assert await rows(connection) == (0, 0)


UNREADABLE = {
    "no YAML": ("talks: [", "neither YAML nor JSON"),
    "an alias, which could unfold to gigabytes": (
        "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]",
        "aliases are not allowed",
    ),
    "a tag, which could make anything": ("talks: !!python/object:os.system {}", "tags are not allowed"),
    "a field that stands twice": (
        "talks: [{key: geneva, title: Geneva, title: Bern}]",
        "'title' stands twice in one mapping",
    ),
    "a name that is no text": ("? [a, b]\n: c", "the name of a field is a text"),
    "two documents": ("talks: []\n---\ntalks: []", "expected a single document"),
    "nothing": ("", "it is empty"),
    "a list": ("- talks", "['talks'] should be names with values"),
    "brackets without end": ("[" * 5000, "neither YAML nor JSON"),
    "half of a pair of characters": ('talks: [{title: "\\uD83D"}]', "invalid Unicode character"),
    "a directive": ("%TAG ! !\n---\ntalks: []", "directives are not allowed"),
    "values without end": ("talks: [" + "a," * 50_000 + "]", "more than 50000 values"),
    "bytes that are no text": ("\udc80", "neither YAML nor JSON"),
}


@pytest.mark.parametrize(("text", "message"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_file_that_is_no_dossier_says_why(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "dossier.yaml"
    path.write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(Invalid) as refused:
        read(path)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '{"talks": [],\n "talks": []}',
            'the file names "talks" twice in one object at line 2 column 10; give it once',
        ),
        ("{", "the file is not JSON: EOF while parsing an object at line 1 column 1"),
        ("[" * 100_000, "the file is nested too deeply"),
        ("9" * 5000, "the file holds an integer of more than 4300 digits"),
        ("\xff", "the file is not UTF-8"),
    ],
)
def test_a_json_file_that_is_no_dossier_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "dossier.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(Invalid) as refused:
        read(path)
    assert message in str(refused.value)


@pytest.mark.parametrize("name", ["dossier.json", "dossier.yaml"])
def test_the_byte_order_mark_of_an_editor_is_passed_over(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text('{"dossier": "Geneva"}', encoding="utf-8-sig")
    assert read(path).title == "Geneva"


def test_records_without_end_inside_one_another_are_refused() -> None:
    content: dict[str, Any] = {"key": "a", "name": "A", "kind": "STATE"}
    for _ in range(5000):
        content = {"key": "a", "name": "A", "kind": "STATE", "members": [content]}
    with pytest.raises(Invalid, match="too deep"):
        document({"actors": [content]})


def test_a_file_of_more_than_a_megabyte_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "dossier.yaml"
    path.write_bytes(b"#" * 1_000_001)
    with pytest.raises(Invalid, match="1000001 bytes; 1000000 are allowed"):
        read(path)


def test_a_dossier_of_more_than_two_thousand_records_is_refused() -> None:
    with pytest.raises(Invalid, match="it holds 2001 records; 2000 are allowed"):
        document({"issues": [{"key": f"issue-{each}", "name": "An issue"} for each in range(2001)]})


# --- the JSON Schema -----------------------------------------------------------------------------


def test_the_schema_is_a_valid_json_schema_and_accepts_the_first_dossier() -> None:
    schema = json_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(schema)
    content = parse_yaml(DOSSIER.read_bytes())
    jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).validate(content)


def test_the_schema_describes_every_section_and_field() -> None:
    schema = json_schema()
    described = [*schema["properties"].values(), *schema["$defs"]["Reference"]["properties"].values()]
    for name, definition in schema["$defs"].items():
        described += definition["properties"].values() if name not in ("Key", "RecordKey", "Reference") else ()
    assert all(
        each.get("description") or each.get("$ref") in ("#/$defs/Key", "#/$defs/RecordKey") for each in described
    )


# --- the command line ----------------------------------------------------------------------------


def parley_load(path: Path, url: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "api.cli.main", "load", str(path)],
        env={**os.environ, "DATABASE_URL": url, "PYTHONPATH": str(ROOT), "COLUMNS": "200"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_command_line_reports_what_it_created(database_url: str, dossier: Write) -> None:
    shown = parley_load(dossier(f"talks: [{{{TALK}}}]"), database_url)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "8 created, 0 updated, 0 unchanged" in shown.stdout
    assert "created talk geneva" in shown.stdout


def test_the_command_line_prints_each_problem_with_its_place(database_url: str, dossier: Write) -> None:
    shown = parley_load(dossier("talks: [{key: geneva, title: Geneva, colour: red, process: war}]"), database_url)
    assert shown.returncode == 1
    assert "talks[0].colour: there is no 'colour' here" in shown.stderr
    assert "talks[0].process: no process has the key 'war'" in shown.stderr
    assert "Traceback" not in shown.stderr
