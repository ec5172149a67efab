"""Search: what is found by which words, in which order, and what is shown of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import asyncpg
import httpx
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.postgres import connections
from api.settings import Settings
from schema.declare.reflection import fields_of, is_list
from schema.derive.search_types import LONGEST_SEARCH, searched
from schema.errors import Invalid
from schema.records.actors.actor import Actor
from schema.records.agreements.agreement import Agreement
from schema.records.agreements.provision import Provision
from schema.records.processes.conflict import Conflict
from schema.records.processes.issue import Issue
from schema.records.processes.process import Process
from schema.records.record import Record
from schema.records.sources.citation import Citation
from schema.records.sources.source import Source
from schema.records.statements.commentary import Commentary
from schema.records.statements.statement import Statement
from schema.records.talks.talk import Talk
from schema.records.timeline.milestone import Milestone
from tests.support.serving import serving
from tests.support.world import Desk, desk_at

SEARCH = """query (
    $text: String!, $types: [RecordType!], $first: Int, $after: String, $last: Int, $before: String, $asOf: DateTime
) {
    search(text: $text, types: $types, first: $first, after: $after, last: $last, before: $before, asOf: $asOf) {
        totalCount
        nodes { key }
        edges { cursor rank node { key ... on Talk { title } ... on Actor { name } } highlights { field text } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
}"""


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[Desk]:
    async with desk_at(database_url) as desk:
        yield desk


async def search(desk: Desk, text: str, **arguments: Any) -> Any:
    return (await desk.ask(SEARCH, text=text, **arguments))["search"]


async def keys(desk: Desk, text: str, **arguments: Any) -> list[str]:
    return [each["key"] for each in (await search(desk, text, **arguments))["nodes"]]


# --- what is searched ----------------------------------------------------------------------------

LONG = "It was said by many that "


async def every_field(desk: Desk) -> dict[str, str]:
    """A record for each searched field, with a word of its own there: the word and the record's key."""
    words: dict[str, str] = {}
    numbers = iter(range(1000))

    def word(key: str) -> str:
        made = f"zq{next(numbers)}x"
        words[made] = key
        return LONG + made

    texts: dict[type[Record], dict[str, Any]] = {
        cls: {
            name: ["Other", word(cls.table.name)] if is_list(field) else word(cls.table.name)
            for field in fields_of(cls)
            if (name := str(field.python_name)) != "key" and name in names
        }
        for cls, names in searched().items()
    }
    texts[Citation]["stance"] = "DISPUTES"
    texts[Statement]["translated"] = True
    await desk.add_one_of_each(texts)
    return words


async def test_every_searched_field_is_found_and_marked(desk: Desk) -> None:
    words = await every_field(desk)
    assert len(words) == sum(len([name for name in each if name != "key"]) for each in searched().values())
    for word, key in words.items():
        (edge,) = (await search(desk, word))["edges"]
        assert edge["node"]["key"] == key
        (highlight,) = edge["highlights"]
        assert highlight["text"].endswith(f"⟦{word}⟧")


async def test_a_record_is_found_by_its_key_unless_others_gave_it(desk: Desk) -> None:
    await desk.add(Source, "reuters-2025-04-17")
    talk = await desk.add(Talk, "kigali-2025", title="Something else")
    await desk.add(Milestone, "kigali-2025.opened", subject=talk, note="A step")

    assert await keys(desk, "reuters-2025-04-17") == ["reuters-2025-04-17"]
    assert await keys(desk, "kigali") == ["kigali-2025"]


async def test_a_name_comes_before_a_mention(desk: Desk) -> None:
    await desk.add(Actor, "g", name="Geneva Group")
    await desk.add(Talk, "t", title="A round", summary="It was held in Geneva")
    await desk.add(Source, "s", publisher="Geneva Post")

    edges = (await search(desk, "geneva"))["edges"]

    assert [each["node"]["key"] for each in edges] == ["g", "t", "s"]
    assert edges[0]["rank"] > edges[1]["rank"] > edges[2]["rank"]


RANKED = [
    "geneva -minsk",
    "geneva round",
    "geneva round -minsk",
    "geneva round*",
    '"geneva" round',
    "geneva round or minsk",
]


@pytest.mark.parametrize("text", RANKED)
async def test_a_name_comes_first_whatever_is_excluded_and_however_far_words_stand_apart(desk: Desk, text: str) -> None:
    between = " and so on" * 50
    far = f"{between} Geneva {between} round {between}"
    await desk.add(Source, "printed", title="A page", publisher=far)
    await desk.add(Actor, "named", name=far)
    await desk.add(Talk, "told", title="Some day", summary=far)

    edges = (await search(desk, text))["edges"]

    assert [each["node"]["key"] for each in edges] == ["named", "told", "printed"]
    assert edges[0]["rank"] > edges[1]["rank"] > edges[2]["rank"] > 0


# --- how it is written ---------------------------------------------------------------------------

SAME = [
    ("Erdogan", "Recep Tayyip Erdoğan"), ("Erdoğan", "Recep Tayyip Erdogan"), ("ERDOĞAN", "erdoğan"),
    ("Lukasz", "Łukasz"), ("Łukasz", "lukasz"), ("guaido", "Juan Guaidó"), ("Guaidó", "Juan Guaido"),
    ("Guaido\u0301", "Guaidó"), ("strasse", "Straße"), ("Aeroe", "Ærø e"), ("Istanbul", "İstanbul"),
    ("Dindic", "Ðinđić"), ("Aliyev", "Əliyev"), ("київ", "КИЇВ"), ("αθηνα", "Αθήνα"), ("US", "the U.S. side"),
    ("U.S.", "US envoy"), ("UN", "U.N."), ("ceasefire", "two ceasefires"), ("ceasefires", "a Ceasefire"),
    ("negotiating", "they negotiate"), ("talks", "“Talks”—again"), ("sana’a", "Sana'a"), ("محمد", "مُحَمَّد"),
    ("soft", "so\u00adft"), ("2025-04-17", "on 2025-04-17"), ("peace-talks", "peace talks"),
]  # fmt: skip


async def test_accents_capitals_and_endings_hide_nothing(desk: Desk) -> None:
    for index, (sought, name) in enumerate(SAME):
        actor = await desk.add(Actor, f"{index}", name=name if "Ærø" not in name else "Ærøe")
        found = await keys(desk, sought)
        assert str(index) in found, (sought, name)
        async with desk.change():
            await desk.connection.execute("update actor set retracted_at = now() where id = $1", actor)


async def test_an_alias_finds_the_actor_and_nothing_else_does(desk: Desk) -> None:
    await desk.add(Actor, "z", name="Volodymyr Zelenskyy", aliases=["Zelensky", "Володимир Зеленський"])
    await desk.add(Actor, "k", name="Kyiv")

    assert await keys(desk, "zelensky") == ["z"]
    assert await keys(desk, "ЗЕЛЕНСЬКИЙ") == ["z"]
    assert await keys(desk, "Selenskyj") == []
    assert await keys(desk, "Київ") == []


async def test_the_syntax(desk: Desk) -> None:
    await desk.add(Issue, "a", name="Prisoner exchange in Minsk")
    await desk.add(Issue, "b", name="Exchange of each prisoner")
    await desk.add(Issue, "c", name="Grain corridor")

    async def found(text: str) -> set[str]:
        return set(await keys(desk, text))

    assert await found("prisoners exchange") == {"a", "b"}
    assert await found('"prisoner exchange"') == {"a"}
    assert await found("“prisoner exchange”") == {"a"}
    assert await found('"prisoners exchange"') == set()
    assert await found("exchange -minsk") == {"b"}
    assert await found('exchange -"prisoner exchange"') == {"b"}
    assert await found("minsk or grain") == {"a", "c"}
    assert await found("exchange -minsk OR grain") == {"b", "c"}
    assert await found("corr*") == {"c"}
    assert await found("corr") == set()
    assert await found("corr* grain") == set()
    assert await found("negotiati*") == set()
    assert await found("exchangi*") == set()
    assert await found("exchang*") == {"a", "b"}


@pytest.mark.parametrize("text", ["", " ", "-minsk", "!", "or", '""', "-", "*", "\u0301", "— …"])
async def test_a_text_without_a_word_finds_nothing(desk: Desk, text: str) -> None:
    await desk.add(Issue, "a", name="Something")

    assert await search(desk, text) == {
        "totalCount": 0, "nodes": [], "edges": [],
        "pageInfo": {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None},
    }  # fmt: skip


@pytest.mark.parametrize("text", ["x" * (LONGEST_SEARCH + 1), "a\x00b", "\ud800"])
@pytest.mark.parametrize("selection", ["nodes { key }", "totalCount", "__typename"])
async def test_a_text_that_is_none_or_too_long_is_refused(desk: Desk, text: str, selection: str) -> None:
    with pytest.raises(Invalid):
        await desk.ask(f"query ($text: String!) {{ search(text: $text) {{ {selection} }} }}", text=text)


TEXTS = st.text(max_size=LONGEST_SEARCH) | st.text("\"*-()|&!:<>\\'%_ orOR.aé“”1\u0301ßﷺ", max_size=LONGEST_SEARCH)


@pytest.fixture
def asked(database_url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database_url, autocommit=True) as connection:
        yield connection


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXTS.filter(lambda text: "\0" not in text), value=TEXTS.filter(lambda text: "\0" not in text))
def test_no_text_is_an_error(asked: psycopg.Connection[Any], text: str, value: str) -> None:
    if any("\ud800" <= each <= "\udfff" for each in text + value):
        return
    marked, words = asked.execute(
        "select search_highlight(%s::text, search_marks(search_query(%s::text))), "
        "search_words(jsonb_build_object('a', %s::text), '{a:B}') @@ search_query(%s::text)",
        (value, text, value, text),
    ).fetchone() or (None, None)
    assert words in (True, False, None)
    assert marked is None or "⟦" in marked


# --- what stands ---------------------------------------------------------------------------------


async def test_changed_retracted_restored_and_merged_records(desk: Desk) -> None:
    first = await desk.add(Actor, "first", name="Quorum", aliases=["Assembly"])
    other = await desk.add(Actor, "other", name="Congress")
    assert await keys(desk, "quorum") == ["first"]

    await desk.change_record(Actor, first, name="Parliament")
    assert await keys(desk, "quorum") == []
    assert await keys(desk, "parliament assembly") == ["first"]

    await desk.change_record(Actor, first, retracted_at="2025-04-18T00:00:00Z")
    assert await keys(desk, "parliament") == []

    await desk.change_record(Actor, first, retracted_at=None)
    assert await keys(desk, "parliament") == ["first"]

    async with desk.change():
        await desk.connection.execute(
            "update actor set merged_into_id = $2, retracted_at = now() where id = $1", first, other
        )
    assert await keys(desk, "parliament or congress") == ["other"]


async def test_what_does_not_count_yet_is_not_found(desk: Desk) -> None:
    await desk.add(Statement, "said", said="2025-04-17", summary="A quorum was reached")
    agreement = await desk.add(Agreement, "deal", title="The quorum deal")
    await desk.add(Milestone, "signed", subject=agreement, kind="SIGNED", at="2025-04-17")
    await desk.add(Provision, "art", agreement=agreement, text="The quorum is twelve")
    await desk.add(Actor, "a", name="Quorum")

    assert set(await keys(desk, "quorum", asOf="2025-04-16T23:00:00Z")) == {"a"}
    assert set(await keys(desk, "quorum", asOf="2025-04-17T01:00:00Z")) == {"said", "deal", "art", "a"}
    assert (await search(desk, "quorum", asOf="2025-04-16T23:00:00Z"))["totalCount"] == 1


async def test_types_narrow_a_search(desk: Desk) -> None:
    await desk.add(Actor, "a", name="Quorum")
    await desk.add(Issue, "i", name="Quorum")
    await desk.add(Source, "s", title="Quorum")

    assert set(await keys(desk, "quorum", types=["ACTOR", "SOURCE"])) == {"a", "s"}
    assert await keys(desk, "quorum", types=["CODE"]) == []
    assert await keys(desk, "quorum", types=[]) == []
    assert len(await keys(desk, "quorum", types=None)) == 3


async def test_a_text_of_any_length_can_be_written(desk: Desk) -> None:
    text = " ".join(f"w{index}" for index in range(200_000))
    await desk.add(Commentary, "long", subject=await desk.add(Issue, "i"), text=text, points=[text, "ﷺ" * 20_000])

    assert await keys(desk, "w1000") == ["long"]
    assert await keys(desk, "w100000") == []


async def test_words_are_kept_by_triggers_only(desk: Desk) -> None:
    await desk.add(Issue, "i", name="Quorum")
    for statement in ("delete from search_entry", "update search_entry set words = ''", "truncate search_entry"):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            await desk.connection.execute(statement)


async def test_entries_are_those_of_a_new_filling(dossier_url: str) -> None:
    connection = await connections.connect(Settings(), dossier_url)
    try:
        for cls, columns in searched().items():
            fields = [f"{column}:{weight}" for column, weight in columns.items()]
            differ = await connection.fetchval(
                f"select count(*) from {cls.table.name} t left join search_entry e on e.record_id = t.id "
                "where (t.retracted_at is null) <> (e.record_id is not null) "
                "or e.words <> search_words(to_jsonb(t), $1) or e.names <> ts_filter(e.words, '{a}') "
                "or e.type::text <> upper($2)",
                fields, cls.table.name,
            )  # fmt: skip
            assert differ == 0
    finally:
        await connection.close()


# --- pages and highlights ------------------------------------------------------------------------


async def test_pages_are_whole_while_records_are_added(desk: Desk) -> None:
    for index in range(25):
        await desk.add(Issue, f"i{index:02}", name=f"Quorum {'quorum ' * (index % 3)}number {index}")
    whole = await keys(desk, "quorum", first=100)
    seen: list[str] = []
    after = None
    for number in range(9):
        page = await search(desk, "quorum", first=3, after=after)
        seen += [each["key"] for each in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        # One that comes first, and so has no place on the pages to come.
        await desk.add(Conflict, f"new{number}", name="Quorum quorum quorum")
    assert page["pageInfo"]["hasNextPage"] is False
    assert seen == whole

    last = await search(desk, "quorum", types=["ISSUE"], last=4)
    assert [each["key"] for each in last["nodes"]] == whole[-4:]
    before = await search(desk, "quorum", types=["ISSUE"], last=4, before=last["pageInfo"]["startCursor"])
    assert [each["key"] for each in before["nodes"]] == whole[-8:-4]


async def test_a_cursor_of_another_list_is_refused(desk: Desk) -> None:
    await desk.add(Talk, "t")
    other = (await desk.ask("{ talks { edges { cursor } } }"))["talks"]["edges"][0]["cursor"]
    for cursor in (other, "", "x", "🙂"):
        with pytest.raises(Invalid):
            await search(desk, "talk", after=cursor)
        with pytest.raises(Invalid):
            await desk.ask('query ($after: String) { search(text: "a", after: $after) { totalCount } }', after=cursor)


async def test_highlights_are_plain_text_with_marks_that_the_text_cannot_forge(desk: Desk) -> None:
    summary = "<script>alert('x')</script> ⟦forged⟧ & the Erdoğan’s quorum " + "and so on " * 50
    await desk.add(Process, "p", name="A process", summary=summary)

    (edge,) = (await search(desk, "forged erdogan"))["edges"]

    (highlight,) = edge["highlights"]
    assert highlight["field"] == "summary"
    assert highlight["text"].startswith("… alert('x')</script> [⟦forged⟧] & the ⟦Erdoğan⟧’s quorum and so on")
    assert highlight["text"].endswith(" …")
    assert len(highlight["text"]) < 250


async def test_the_part_that_is_shown_is_that_with_most_of_the_words(desk: Desk) -> None:
    summary = "A quorum. " + "Nothing here. " * 60 + "The quorum of the assembly met. " + "Nothing here. " * 60
    await desk.add(Process, "p", name="A process", summary=summary)

    (edge,) = (await search(desk, "quorum assembly -minsk"))["edges"]

    assert "⟦quorum⟧ of the ⟦assembly⟧" in edge["highlights"][0]["text"]
    assert edge["highlights"][0]["text"].startswith("… ")


# --- REST ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def served(dossier_url: str) -> Iterator[httpx.Client]:
    with serving(dossier_url) as client:
        yield client


def test_rest_finds_the_same_and_links_the_next_page(served: httpx.Client) -> None:
    response = served.get("/v1/search", params={"text": "paris talks", "first": 2, "withTotal": "true"})
    page = response.json()

    assert response.status_code == 200
    assert page["items"][0]["record"]["key"] == "paris-2025-04-17"
    assert page["items"][0]["record"]["type"] == "Talk"
    assert {"field": "title", "text": "⟦Paris⟧ ⟦talks⟧"} in page["items"][0]["highlights"]
    assert page["totalCount"] > 2
    following = served.get(response.links["next"]["url"]).json()
    assert not {each["record"]["id"] for each in following["items"]} & {each["record"]["id"] for each in page["items"]}


def test_rest_narrows_by_type_and_clock(served: httpx.Client) -> None:
    def types(**parameters: str) -> set[str]:
        page = served.get("/v1/search", params={"text": "rubio", "first": "100", **parameters}).json()
        return {each["record"]["type"] for each in page["items"]}

    assert types(type="ACTOR,OFFICE") == {"Actor"}
    assert "Statement" in types()
    assert "Statement" not in types(asOf="2020-01-01T00:00:00Z")


def test_rest_names_the_parameter_that_is_wrong(served: httpx.Client) -> None:
    for parameters in ({}, {"text": "x" * 201}, {"text": "a\0"}):
        response = served.get("/v1/search", params=parameters)
        assert response.status_code == 400
        assert response.json()["problems"][0]["path"] == "text"


def test_rest_answers_every_text(served: httpx.Client) -> None:
    for text in ("", "-", '"', "' or 1=1 --", "a & b | !c <-> d:*", "%", "\\", "\u202e", "or or or", "🕊"):
        assert served.get("/v1/search", params={"text": text}).status_code == 200
