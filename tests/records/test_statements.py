"""Statements: who spoke and in which capacity, about which records, in which language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import new_database
from tests.support.curation import House, house_at

SPOKEN: dict[str, Any] = {
    "said": {"edtf": "2025-04-01"},
    "attribution": "JOINT",
    "summary": "Said.",
    "citations": ["cable"],
}


@pytest.fixture(scope="module")
def house(postgres: str, template_url: str) -> Iterator[House]:
    with new_database(postgres, template_url) as url, house_at(url) as house:
        house.done(
            "applyDossier",
            "report { key }",
            dossier={
                "sources": [{"key": "cable", "title": "Cable"}],
                "actors": [
                    {"key": "north", "name": "Northia", "kind": "STATE"},
                    {"key": "south", "name": "Southia", "kind": "STATE"},
                    {"key": "envoy", "name": "An Envoy", "kind": "PERSON"},
                ],
                "offices": [
                    {"key": "minister", "person": "envoy", "actor": "north", "title": "Minister", "held": "2025"},
                    {"key": "chair", "person": "envoy", "actor": "south", "title": "Chair"},
                ],
                "talks": [{"key": "geneva", "title": "Geneva", "starts": "2025-04-10", "citations": ["cable"]}],
            },
        )
        yield house


def said(house: House, key: str, **more: Any) -> None:
    house.done("createStatement", input={"key": key, **SPOKEN, "citations": [{"source": "cable"}], **more})


def shown(house: House, key: str, fields: str, clock: str = "2025-12-01") -> Any:
    return house.ask(f'{{ it: statement(by: {{key: "{key}"}}, asOf: "{clock}") {{ {fields} }} }}')["it"]


SPEAKERS = "speaker { key } speakers { key }"


def test_each_speaker_of_a_joint_statement_finds_it(house: House) -> None:
    said(house, "joint", speakers=["north", "south"])
    assert shown(house, "joint", SPEAKERS) == {"speaker": None, "speakers": [{"key": "north"}, {"key": "south"}]}
    for actor in ("north", "south"):
        found = house.ask(
            """
            query ($actor: String!) {
              actor(by: {key: $actor}) { statements(filter: {key: {eq: "joint"}}) { totalCount } }
              statements(filter: {speakers: {some: {key: {eq: $actor}}}, key: {eq: "joint"}}) { totalCount }
            }
            """,
            actor=actor,
        )
        assert found == {"actor": {"statements": {"totalCount": 1}}, "statements": {"totalCount": 1}}
        assert [each["key"] for each in house.server.get(f"/v1/statements?speaker={actor}").json()["items"]] == [
            "joint"
        ]


def test_one_who_spoke_alone_is_the_speaker_and_all_speakers_however_it_was_written(house: House) -> None:
    said(house, "alone", speaker="north")
    said(house, "listed", speakers=["north"])
    alone = {"speaker": {"key": "north"}, "speakers": [{"key": "north"}]}
    assert shown(house, "alone", SPEAKERS) == shown(house, "listed", SPEAKERS) == alone


def test_a_second_speaker_who_turns_out_to_have_spoken_takes_the_place_of_the_only_one(house: House) -> None:
    said(house, "later", speaker="north")
    house.done("updateStatement", id="later", version=1, changes={"speakers": ["north", "south"]})
    assert shown(house, "later", SPEAKERS)["speaker"] is None
    house.done("updateStatement", id="later", version=2, changes={"speaker": "south"})
    assert shown(house, "later", SPEAKERS) == {"speaker": {"key": "south"}, "speakers": [{"key": "south"}]}
    house.done("updateStatement", id="later", version=3, changes={"speakers": [], "attribution": "ANONYMOUS"})
    assert shown(house, "later", SPEAKERS) == {"speaker": None, "speakers": []}


def test_a_dossier_is_unchanged_the_second_time_whichever_way_it_names_the_speaker(house: House) -> None:
    dossier = {
        "statements": [
            {"key": "again-one", "speaker": "north", **SPOKEN},
            {"key": "again-listed", "speakers": ["north"], **SPOKEN},
            {"key": "again-joint", "speakers": ["south", "north"], **SPOKEN},
        ]
    }
    for action in ("CREATED", "UNCHANGED"):
        report = house.done("applyDossier", "report { type action }", dossier=dossier)
        assert {each["action"] for each in report if each["type"] == "statement"} == {action}


@pytest.mark.parametrize(
    ("given", "path", "cure"),
    [
        ({"attribution": "ANONYMOUS", "speaker": "north"}, "attribution", "leave speaker out"),
        ({"attribution": "ANONYMOUS", "speakers": ["north"]}, "attribution", "leave speaker out"),
        ({"attribution": "JOINT"}, "speaker", "only an ANONYMOUS statement goes without a speaker"),
        ({"speaker": "north", "speakers": ["north", "south"]}, "speakers", "give speaker for one who spoke"),
        ({"speaker": "north", "original": "Так.", "quote": "Yes."}, "original", "set translated"),
    ],
)
def test_contradicting_words_about_who_spoke_are_refused(
    house: House, given: dict[str, Any], path: str, cure: str
) -> None:
    problems = house.refused("createStatement", input={"key": "bad", **SPOKEN, "citations": [], **given})
    assert cure in problems[f"input.{path}"]


def test_a_stated_capacity_wins_over_the_office_of_that_day(house: House) -> None:
    said(house, "dated", speaker="envoy")
    said(house, "stated", speaker="envoy", offices=["chair"])
    said(house, "both", speaker="envoy", offices=["chair", "minister"])
    said(house, "joint-office", speakers=["envoy", "north"], offices=["chair"])
    fields = "speakerOffice { key } offices { key }"
    chair, minister = {"key": "chair"}, {"key": "minister"}
    assert shown(house, "dated", fields) == {"speakerOffice": minister, "offices": []}
    assert shown(house, "stated", fields) == {"speakerOffice": chair, "offices": [chair]}
    assert shown(house, "both", fields) == {"speakerOffice": None, "offices": [chair, minister]}
    assert shown(house, "joint-office", fields) == {"speakerOffice": None, "offices": [chair]}


def test_an_office_without_dates_says_nothing_of_the_day_of_a_statement(house: House) -> None:
    said(house, "before", speaker="envoy", said={"edtf": "2024-12-31"})
    assert shown(house, "before", "speakerOffice { key }") == {"speakerOffice": None}


def test_a_statement_denies_records_of_any_type(house: House) -> None:
    said(house, "offer", speaker="north")
    about = [{"statement": "offer"}, {"talk": "geneva"}]
    said(house, "denial", speaker="south", stance="DENIAL", about=about)
    both = [{"__typename": "Statement", "key": "offer"}, {"__typename": "Talk", "key": "geneva"}]
    assert shown(house, "denial", "stance about { __typename key }") == {"stance": "DENIAL", "about": both}
    assert [each["key"] for each in house.server.get("/v1/statements/denial").json()["about"]] == ["offer", "geneva"]
    found = house.ask('{ statements(filter: {about: {some: {key: {eq: "geneva"}}}}) { nodes { key } } }')
    assert found["statements"]["nodes"] == [{"key": "denial"}]
    found = house.ask("{ statements(filter: {about: {some: {}}, stance: {eq: DENIAL}}) { totalCount } }")
    assert found["statements"]["totalCount"] == 1


def test_what_was_retracted_is_no_longer_among_what_a_statement_is_about(house: House) -> None:
    said(house, "wrong", speaker="north")
    said(house, "about-wrong", speaker="south", stance="CONFIRMATION", about=[{"statement": "wrong"}])
    house.done("retractStatement", id="wrong", version=1, reason="Nobody said it.")
    assert shown(house, "about-wrong", "about { key }") == {"about": []}
    found = house.ask('{ statements(filter: {key: {eq: "about-wrong"}, about: {some: {}}}) { totalCount } }')
    assert found["statements"]["totalCount"] == 0


def test_what_a_statement_is_about_may_stand_later_in_the_dossier(house: House) -> None:
    proposed = {"kind": "PROPOSED", "at": "2025-04-01", "citations": ["cable"]}
    dossier = {
        "statements": [{"key": "early", "speaker": "north", "about": [{"agreement": "text"}], **SPOKEN}],
        "agreements": [
            {"key": "text", "title": "Text", "kind": "OTHER", "milestones": [proposed], "citations": ["cable"]}
        ],
    }
    house.done("applyDossier", "report { key }", dossier=dossier)
    assert shown(house, "early", "about { key }") == {"about": [{"key": "text"}]}


def test_a_statement_is_about_the_record_that_another_turned_out_to_be(house: House) -> None:
    for key in ("twin", "stays"):
        said(house, key, speaker="north")
    said(house, "of-twin", speaker="south", about=[{"statement": "twin"}])
    said(house, "stays-too", speaker="south", about=[{"statement": "of-twin"}, {"statement": "stays"}])
    for one, into in (("twin", "stays"), ("of-twin", "stays-too")):
        pair = {"record": {"statement": one}, "into": {"statement": into}}
        house.done("merge", "record { id }", "ada", **pair, reason="The same words.")
    # None is about itself.
    assert shown(house, "stays-too", "about { key }") == {"about": [{"key": "stays"}]}


def test_the_original_stands_beside_its_translation_and_is_found(house: House) -> None:
    said(
        house, "translated", speaker="north", quote="We agree.", language="en", translated=True,
        original="Погоджуємося.", originalLanguage="uk",
    )  # fmt: skip
    fields = "quote language translated original originalLanguage"
    assert shown(house, "translated", fields) == {
        "quote": "We agree.", "language": "en", "translated": True, "original": "Погоджуємося.",
        "originalLanguage": "uk",
    }  # fmt: skip
    found = house.ask('{ search(text: "погоджуємося") { nodes { key } } }')
    assert found["search"]["nodes"] == [{"key": "translated"}]
