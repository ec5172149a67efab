"""Words of time are read in the language of their source, or in the one the dossier or the date names."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from schema.errors import Invalid
from schema.writing.dossier import load
from schema.writing.entries import document

BY_MAY, UP_TO_MAY = "2025-05-15", "2025-05-06/2025-05-15"
FRENCH, SPANISH, ENGLISH = "au plus tard le 15 mai", "a más tardar el 15 de mayo", "no later than 15 May"


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


def deadline(words: str, cites: str = "report", **more: Any) -> dict[str, Any]:
    return {
        "key": "answer", "title": "Answer", "subject": {"process": "lake"}, "hardness": "HARD",
        "due": {"text": words, "anchor": "2025-05-06", **more}, "citations": [cites],
    }  # fmt: skip


def dossier(spoken: str | None, *deadlines: dict[str, Any], **more: Any) -> dict[str, Any]:
    source = {"key": "report", "title": "Report", **({"language": spoken} if spoken else {})}
    return {
        "dossier": "words",
        "sources": [source],
        "processes": [{"key": "lake", "name": "Lake talks", "citations": ["report"]}],
        "deadlines": list(deadlines),
        **more,
    }


async def due(connection: asyncpg.Connection, given: dict[str, Any]) -> str:
    """The day that the deadline is due, in EDTF; the problem where the dossier is refused."""
    try:
        await load(connection, document(given), changed_by="test", reason="test")
    except Invalid as refusal:
        return str(refusal)
    return str(await connection.fetchval("select (due).edtf from deadline where key = 'answer'"))


@pytest.mark.parametrize(
    ("language", "words"), [("fr", FRENCH), ("fr-CD", FRENCH), ("es-419", SPANISH), ("en", ENGLISH)]
)
async def test_words_are_in_the_language_of_their_source(
    connection: asyncpg.Connection, language: str, words: str
) -> None:
    assert await due(connection, dossier(language, deadline(words))) == BY_MAY


@pytest.mark.parametrize(("language", "words"), [(None, FRENCH), ("es", FRENCH), ("fr", ENGLISH)])
async def test_words_in_another_language_are_refused(
    connection: asyncpg.Connection, language: str | None, words: str
) -> None:
    assert "gives no days" in await due(connection, dossier(language, deadline(words)))


async def test_a_dossier_tells_the_language_where_its_source_does_not(connection: asyncpg.Connection) -> None:
    assert await due(connection, dossier(None, deadline(FRENCH), language="fr")) == BY_MAY
    assert "gives no days" in await due(connection, dossier("es", deadline(FRENCH), language="fr"))


async def test_a_date_has_the_last_word_on_its_language(connection: asyncpg.Connection) -> None:
    assert await due(connection, dossier("fr", deadline(ENGLISH, language="en"), language="es")) == BY_MAY


async def test_sources_in_several_languages_tell_none(connection: asyncpg.Connection) -> None:
    given = dossier("fr", {**deadline(FRENCH), "citations": ["report", "other"]}, language="fr")
    given["sources"].append({"key": "other", "title": "Other", "language": "es"})
    assert "gives no days" in await due(connection, given)


async def test_the_stored_sources_of_a_stored_record_count(connection: asyncpg.Connection) -> None:
    await due(connection, dossier("fr", deadline("sous 30 jours")))
    again = {"dossier": "words", "deadlines": [{**deadline(FRENCH), "citations": []}]}
    assert await due(connection, again) == BY_MAY


async def test_words_inside_a_record_are_in_its_language(connection: asyncpg.Connection) -> None:
    inside = {
        "key": "answer", "title": "Answer", "process": "lake", "starts": {"text": FRENCH, "anchor": "2025-05-06"},
        "citations": ["report"],
        "milestones": [{"kind": "SCHEDULED", "at": {"text": "demain", "anchor": "2025-05-06"}}],
    }  # fmt: skip
    given = dossier("fr", talks=[inside])
    await load(connection, document(given), changed_by="test", reason="test")
    found = await connection.fetchrow("""
        select (t.starts).edtf as starts, (m.at).edtf as at
        from talk t
        join milestone m on m.subject_id = t.id
        where t.key = 'answer'
    """)
    assert found is not None
    assert tuple(found) == (UP_TO_MAY, "2025-05-07")


async def test_a_due_day_is_a_term_and_every_other_date_an_occurrence(connection: asyncpg.Connection) -> None:
    assert await due(connection, dossier(None, deadline(ENGLISH))) == BY_MAY
    talk = {"key": "t", "title": "T", "starts": {"text": ENGLISH, "anchor": "2025-05-06"}, "citations": ["report"]}
    await load(connection, document(dossier(None, talks=[talk])), changed_by="test", reason="test")
    told = await connection.fetchval("select row_to_json((t.starts)) from talk t where key = 't'")
    assert json.loads(told)["edtf"] == UP_TO_MAY
