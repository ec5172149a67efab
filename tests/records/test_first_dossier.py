"""What a newsroom asks of the first dossier, and the answers: every fact of one article, through GraphQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.support.asking import Ask, asking_about

PROCESS = "us-ukraine-russia-2025"

REMARKS = "2025-04-18"
"""The day of the remarks: all that the article tells has happened."""

SUMMER = "2025-06-30"


@pytest.fixture(scope="session")
async def ask(dossier_url: str) -> AsyncIterator[Ask]:
    async with asking_about(dossier_url) as ask:
        yield ask


def cited(record: dict[str, Any]) -> dict[str, int | None]:
    """The sources of a record with their numbers."""
    return {each["source"]["key"]: each["number"] for each in record["citations"]["nodes"]}


def by_key(connection: dict[str, Any]) -> dict[str, Any]:
    return {each["key"]: each for each in connection["nodes"]}


# --- what must happen by when --------------------------------------------------------------------

DEADLINE = """
    query ($asOf: DateTime!) {
        process(by: {key: "us-ukraine-russia-2025"}, asOf: $asOf) {
            deadlines {
                nodes {
                    key title status consequence hardness
                    setBy { key }
                    addressees { key }
                    due { text edtf rule }
                    daysRemaining { min max }
                    statusExplained { rule { id version } inputs { name value } }
                    citations { nodes { number source { key } } }
                    milestones { nodes { kind actor { key } at { edtf } } }
                }
            }
        }
    }
"""


@pytest.mark.parametrize(
    ("day", "status", "least", "most"),
    [
        ("2025-04-18", "DUE_SOON", 1, 7),
        ("2025-04-21", "IN_WINDOW", -2, 4),
        ("2025-04-25", "IN_WINDOW", -6, 0),
        ("2025-04-26", "OVERDUE", -7, -1),
        ("2025-05-01", "OVERDUE", -12, -6),
    ],
)
async def test_the_decision_is_due_within_days_of_the_remarks(
    ask: Ask, day: str, status: str, least: int, most: int
) -> None:
    data = await ask(DEADLINE, asOf=day)
    (deadline,) = data["process"]["deadlines"]["nodes"]
    assert deadline["key"] == "us-decision-2025-04"
    assert deadline["status"] == status
    assert deadline["daysRemaining"] == {"min": least, "max": most}


async def test_it_is_known_who_set_the_deadline_and_by_which_rule_it_was_read(ask: Ask) -> None:
    data = await ask(DEADLINE, asOf=REMARKS)
    (deadline,) = data["process"]["deadlines"]["nodes"]
    assert deadline["setBy"] == {"key": "united-states"}
    assert deadline["addressees"] == [{"key": "trump-administration"}]
    assert deadline["hardness"] == "VAGUE"
    assert deadline["due"] == {
        "text": "within days",
        "edtf": "2025-04-19/2025-04-25",
        "rule": "phrase.within-days.v2",
    }
    assert "abandon" in deadline["consequence"]
    assert cited(deadline) == {"ref-2": 2, "ref-3": 3, "ref-4": 4, "briefing": None}
    (step,) = deadline["milestones"]["nodes"]
    assert step == {"kind": "SET", "actor": {"key": "marco-rubio"}, "at": {"edtf": "2025-04-18"}}
    assert deadline["statusExplained"]["rule"] == {"id": "deadline.status.v2", "version": 2}
    assert {"name": "due", "value": "2025-04-19/2025-04-25"} in deadline["statusExplained"]["inputs"]


@pytest.mark.parametrize(("day", "outcome"), [("2025-04-18", "PENDING"), ("2025-04-25", "PENDING"), (SUMMER, "LAPSED")])
async def test_the_ultimatum_says_what_must_happen_and_what_follows(ask: Ask, day: str, outcome: str) -> None:
    data = await ask(
        """
        query ($asOf: DateTime!) {
            conditions(filter: {kind: {eq: ULTIMATUM}}, asOf: $asOf) {
                nodes {
                    condition consequence outcome
                    deadline { key setBy { key } }
                    statement { speaker { key } stance modality said { edtf } }
                    citations { nodes { number source { key } } }
                }
            }
        }
        """,
        asOf=day,
    )
    (ultimatum,) = data["conditions"]["nodes"]
    assert "Significant progress" in ultimatum["condition"]
    assert "abandon" in ultimatum["consequence"]
    assert ultimatum["outcome"] == outcome
    assert ultimatum["deadline"] == {"key": "us-decision-2025-04", "setBy": {"key": "united-states"}}
    assert ultimatum["statement"] == {
        "speaker": {"key": "united-states"},
        "stance": "THREAT",
        "modality": "CONDITIONAL",
        "said": {"edtf": "2025-04-18"},
    }
    assert cited(ultimatum) == {"briefing": None, "ref-1": 1, "ref-2": 2, "ref-3": 3}


# --- whether it moves ----------------------------------------------------------------------------

STALLED = """
    query ($asOf: DateTime!) {
        process(by: {key: "us-ukraine-russia-2025"}, asOf: $asOf) {
            status stalledSince lastActivity daysSinceLastActivity
            nextTalk { key }
            nextDeadline { key }
            statusExplained { value rule { id version } inputs { name value record { key } } }
            reportedStatus { kind at { edtf } citations { nodes { number source { key } } } }
        }
    }
"""


async def test_on_the_day_of_the_remarks_the_process_is_active_and_the_answer_says_why(ask: Ask) -> None:
    process = (await ask(STALLED, asOf=REMARKS))["process"]
    assert process["status"] == "ACTIVE"
    assert process["stalledSince"] is None
    assert (process["lastActivity"], process["daysSinceLastActivity"]) == ("2025-04-17", 1)
    assert process["nextTalk"] == {"key": "london-2025-04"}
    assert process["nextDeadline"] == {"key": "us-decision-2025-04"}
    assert process["statusExplained"] == {
        "value": "ACTIVE",
        "rule": {"id": "process.status.v2", "version": 2},
        "inputs": [
            {"name": "clock", "value": "2025-04-18", "record": None},
            {"name": "stallAfterDays", "value": "30", "record": {"key": PROCESS}},
            {"name": "lastActivity: talk", "value": "2025-04-17", "record": {"key": "paris-2025-04-17"}},
            {
                "name": "talkToCome",
                "value": "2025-04-19/2025-04-25, set 2025-04-18",
                "record": {"key": "london-2025-04"},
            },
            {
                "name": "openDeadline",
                "value": "2025-04-19/2025-04-25, set 2025-04-18",
                "record": {"key": "us-decision-2025-04"},
            },
        ],
    }


async def test_in_summer_the_process_is_stalled_and_nothing_is_left_to_come(ask: Ask) -> None:
    process = (await ask(STALLED, asOf=SUMMER))["process"]
    assert process["status"] == "STALLED"
    assert process["stalledSince"] == "2025-05-18"
    assert (process["lastActivity"], process["daysSinceLastActivity"]) == ("2025-04-17", 74)
    assert process["nextTalk"] is None
    assert process["nextDeadline"] is None
    assert process["statusExplained"]["inputs"] == [
        {"name": "clock", "value": SUMMER, "record": None},
        {"name": "stallAfterDays", "value": "30", "record": {"key": PROCESS}},
        {"name": "lastActivity: talk", "value": "2025-04-17", "record": {"key": "paris-2025-04-17"}},
    ]


@pytest.mark.parametrize(("day", "status"), [("2025-05-17", "ACTIVE"), ("2025-05-18", "STALLED")])
async def test_the_process_is_stalled_from_the_thirty_first_day_without_activity(
    ask: Ask, day: str, status: str
) -> None:
    assert (await ask(STALLED, asOf=day))["process"]["status"] == status


async def test_stalled_processes_can_be_listed_for_any_day(ask: Ask) -> None:
    query = """
        query ($asOf: DateTime!) {
            processes(filter: {status: {in: [STALLED]}}, asOf: $asOf) { nodes { key } }
            talks(filter: {status: {in: [OVERDUE]}}, asOf: $asOf) { nodes { key } }
        }
    """
    assert await ask(query, asOf=REMARKS) == {"processes": {"nodes": []}, "talks": {"nodes": []}}
    assert await ask(query, asOf=SUMMER) == {
        "processes": {"nodes": [{"key": PROCESS}]},
        "talks": {"nodes": [{"key": "london-2025-04"}]},
    }


async def test_that_the_briefing_calls_it_stalled_stands_beside_the_computed_status(ask: Ask) -> None:
    process = (await ask(STALLED, asOf=REMARKS))["process"]
    reported = process["reportedStatus"]
    assert (reported["kind"], reported["at"]) == ("REPORTED_STALLED", {"edtf": "2025-04-18"})
    assert cited(reported) == {"briefing": None}
    assert process["status"] == "ACTIVE"


# --- the talks -----------------------------------------------------------------------------------

TALKS = """
    query ($asOf: DateTime!) {
        talks(filter: {process: {key: {eq: "us-ukraine-russia-2025"}}}, asOf: $asOf) {
            nodes {
                key status city format level summary outcome
                starts { text edtf earliest latest rule }
                daysUntil { min max }
                follows { key }
                followedBy { nodes { key } }
                participations {
                    nodes {
                        actor { key }
                        onBehalfOf { key }
                        role
                        attendance
                        citations { nodes { number source { key } } }
                    }
                }
                statements { nodes { key speaker { key } } }
                milestones { nodes { kind actor { key } } }
                citations { nodes { field quote number source { key } } }
            }
        }
    }
"""


async def test_the_paris_talks_were_held_and_it_is_known_who_was_there_as_what(ask: Ask) -> None:
    paris = by_key((await ask(TALKS, asOf=REMARKS))["talks"])["paris-2025-04-17"]
    assert (paris["status"], paris["city"], paris["format"]) == ("HELD", "Paris", "IN_PERSON")
    assert paris["starts"]["edtf"] == "2025-04-17"
    assert {
        each["actor"]["key"]: (each["role"], each["attendance"], each["onBehalfOf"])
        for each in paris["participations"]["nodes"]
    } == {
        "united-states": ("MEDIATOR", "REPORTED", None),
        "marco-rubio": ("MEDIATOR", "REPORTED", {"key": "united-states"}),
        "ukraine": ("PARTY", "REPORTED", None),
        "european-allies": ("PARTY", "REPORTED", None),
    }
    assert all(each["citations"]["nodes"] for each in paris["participations"]["nodes"])
    assert "ceasefire" in paris["outcome"]
    assert "first" in paris["summary"]
    assert [each["key"] for each in paris["statements"]["nodes"]] == ["rubio-constructive-2025-04-18"]


async def test_london_follows_paris_and_is_expected_in_the_coming_days(ask: Ask) -> None:
    talks = by_key((await ask(TALKS, asOf=REMARKS))["talks"])
    london = talks["london-2025-04"]
    assert talks["paris-2025-04-17"]["followedBy"]["nodes"] == [{"key": "london-2025-04"}]
    assert london["follows"] == {"key": "paris-2025-04-17"}
    assert (london["status"], london["city"]) == ("EXPECTED", "London")
    assert london["starts"] == {
        "text": "in the coming days",
        "edtf": "2025-04-19/2025-04-25",
        "earliest": "2025-04-19",
        "latest": "2025-04-25",
        "rule": "phrase.coming-days.v2",
    }
    assert london["daysUntil"] == {"min": 1, "max": 7}
    assert {each["attendance"] for each in london["participations"]["nodes"]} == {"EXPECTED"}
    assert london["milestones"]["nodes"] == [{"kind": "ANNOUNCED", "actor": {"key": "french-officials"}}]
    assert [each["speaker"]["key"] for each in london["statements"]["nodes"]] == ["french-officials"]
    assert {"field": "starts", "quote": "in the coming days", "number": None, "source": {"key": "briefing"}} in london[
        "citations"
    ]["nodes"]


@pytest.mark.parametrize(
    ("day", "status"),
    [(REMARKS, "EXPECTED"), ("2025-04-25", "EXPECTED"), ("2025-04-26", "OVERDUE"), (SUMMER, "OVERDUE")],
)
async def test_london_is_overdue_once_its_last_expected_day_has_passed(ask: Ask, day: str, status: str) -> None:
    assert by_key((await ask(TALKS, asOf=day))["talks"])["london-2025-04"]["status"] == status


# --- what is wanted ------------------------------------------------------------------------------

STANDINGS = """
    query ($asOf: DateTime!) {
        process(by: {key: "us-ukraine-russia-2025"}, asOf: $asOf) {
            standings {
                nodes {
                    issue { key }
                    standing
                    standingExplained { rule { id } inputs { value record { key } } }
                    positions { actor { key } stance redLine text citations { nodes { number source { key } } } }
                    redLines { actor { key } }
                }
            }
        }
    }
"""


async def test_territory_is_contested_and_each_sides_demand_is_known(ask: Ask) -> None:
    data = await ask(STANDINGS, asOf=REMARKS)
    territory = next(each for each in data["process"]["standings"]["nodes"] if each["issue"]["key"] == "territory")
    assert territory["standing"] == "CONTESTED"
    assert territory["standingExplained"]["rule"] == {"id": "issue.standing.v2"}
    positions = {each["actor"]["key"]: each for each in territory["positions"]}
    assert {actor: (each["stance"], each["redLine"]) for actor, each in positions.items()} == {
        "russia": ("DEMANDS", False),
        "ukraine": ("REJECTS", True),
    }
    assert "concessions" in positions["russia"]["text"]
    assert cited(positions["russia"]) == {"ref-2": 2, "ref-4": 4, "ref-5": 5, "ref-6": 6}
    assert cited(positions["ukraine"]) == {"ref-4": 4, "ref-5": 5, "ref-6": 6}
    assert territory["redLines"] == [{"actor": {"key": "ukraine"}}]


async def test_on_nato_only_ukraines_wish_is_known(ask: Ask) -> None:
    data = await ask(STANDINGS, asOf=REMARKS)
    nato = next(each for each in data["process"]["standings"]["nodes"] if each["issue"]["key"] == "nato-membership")
    assert nato["standing"] == "ONE_SIDED"
    (position,) = nato["positions"]
    assert (position["actor"]["key"], position["stance"]) == ("ukraine", "DEMANDS")
    assert cited(position) == {"ref-2": 2, "ref-4": 4, "ref-5": 5}


async def test_the_agreements_are_listed_with_where_they_stand_and_what_they_would_contain(ask: Ask) -> None:
    data = await ask(
        """
        query ($asOf: DateTime!) {
            agreements(asOf: $asOf) {
                nodes {
                    key kind status signedOn inForceSince summary
                    provisions {
                        nodes { key text issue { key } citations { nodes { number source { key } } } }
                    }
                    milestones { nodes { kind at { edtf } } }
                    signatures { totalCount }
                }
            }
        }
        """,
        asOf=REMARKS,
    )
    found = by_key(data["agreements"])
    assert {key: (each["kind"], each["status"], each["signedOn"]) for key, each in found.items()} == {
        "us-ukraine-minerals-2025": ("ECONOMIC", "SOUGHT", None),
        "ceasefire-2025": ("CEASEFIRE", "SOUGHT", None),
        "peace-framework-2025": ("FRAMEWORK", "PROPOSED", None),
    }
    assert "not signed" in found["us-ukraine-minerals-2025"]["summary"]
    access, fund = found["us-ukraine-minerals-2025"]["provisions"]["nodes"]
    assert "resources" in access["text"]
    assert "investment fund" in fund["text"]
    assert access["issue"] == fund["issue"] == {"key": "natural-resources"}
    security = by_key(found["peace-framework-2025"]["provisions"])["peace-framework-2025.security"]
    assert security["issue"] == {"key": "security-guarantees"}
    assert "not agreed" in security["text"]
    assert cited(security) == {"ref-2": 2, "ref-4": 4, "ref-5": 5}
    assert found["peace-framework-2025"]["milestones"]["nodes"] == [{"kind": "PROPOSED", "at": {"edtf": "2025-04-17"}}]


# --- who said what -------------------------------------------------------------------------------


async def test_every_quotation_has_its_speaker_and_its_numbered_sources(ask: Ask) -> None:
    data = await ask(
        """
        query ($asOf: DateTime!) {
            statements(filter: {attribution: {eq: DIRECT_QUOTE}}, asOf: $asOf) {
                nodes {
                    quote
                    speaker { name }
                    speakerOffice { title }
                    said { edtf }
                    citations { nodes { number source { key } } }
                }
            }
        }
        """,
        asOf=REMARKS,
    )
    secretary, briefing = {"title": "Secretary of State"}, {"briefing": None}
    assert {
        each["quote"]: (each["speaker"]["name"], each["speakerOffice"], cited(each))
        for each in data["statements"]["nodes"]
    } == {
        "continue with this endeavour for weeks and months on end": (
            "Marco Rubio",
            secretary,
            {"ref-1": 1, "ref-2": 2, "ref-3": 3},
        ),
        "within days": ("Marco Rubio", secretary, {"ref-2": 2, "ref-3": 3, "ref-4": 4}),
        "it is not our war": ("Marco Rubio", secretary, briefing),
        "other priorities to focus on": ("Marco Rubio", secretary, briefing),
        "move on": ("Trump administration", None, briefing),
    }
    assert {each["said"]["edtf"] for each in data["statements"]["nodes"]} == {"2025-04-18"}


async def test_what_rubio_said_can_be_asked_for_by_his_key(ask: Ask) -> None:
    data = await ask(
        """{
            statements(filter: {speaker: {key: {eq: "marco-rubio"}}}) { totalCount }
            actor(by: {key: "marco-rubio"}) { offices { nodes { title rank actor { key } } } }
            president: actor(by: {key: "donald-trump"}) { offices { nodes { title rank } } }
        }"""
    )
    assert data["statements"]["totalCount"] == 6
    assert data["actor"]["offices"]["nodes"] == [
        {"title": "Secretary of State", "rank": "FOREIGN_MINISTER", "actor": {"key": "united-states"}}
    ]
    assert data["president"]["offices"]["nodes"] == [{"title": "President", "rank": "HEAD_OF_STATE"}]


COMMENTARY = """
    query ($kind: CommentaryKind!, $asOf: DateTime!) {
        commentaries(filter: {kind: {eq: $kind}}, asOf: $asOf) {
            nodes { key headline text points author { name } subject { key } citations { nodes { source { key } } } }
        }
    }
"""


async def test_the_opinion_is_kept_apart_and_is_aignites(ask: Ask) -> None:
    data = await ask(COMMENTARY, kind="OPINION", asOf=REMARKS)
    (opinion,) = data["commentaries"]["nodes"]
    assert opinion["author"] == {"name": "AIgnite"}
    assert opinion["subject"] == {"key": PROCESS}
    assert "“the prospects for a durable peace remain uncertain”" in opinion["text"]


async def test_the_brief_has_its_five_points(ask: Ask) -> None:
    data = await ask(COMMENTARY, kind="BRIEF", asOf=REMARKS)
    (brief,) = data["commentaries"]["nodes"]
    assert brief["author"] is None
    about = ["within days", "Rubio", "Paris", "minerals", "London"]
    assert len(brief["points"]) == len(about)
    assert all(word in point for word, point in zip(about, brief["points"], strict=True))


async def test_the_six_references_are_known_by_number_only(ask: Ask) -> None:
    data = await ask(
        """{
            sources(filter: {key: {contains: "ref-"}}) {
                nodes { key title publisher url published { edtf } citedBy { nodes { number } } }
            }
        }"""
    )
    found = by_key(data["sources"])
    assert list(found) == [f"ref-{number}" for number in range(1, 7)]
    for number, source in enumerate(found.values(), start=1):
        assert {source[name] for name in ("title", "publisher", "url", "published")} == {None}
        assert {each["number"] for each in source["citedBy"]["nodes"]} == {number}


async def test_every_fact_cites_a_source(ask: Ask) -> None:
    lists = [
        *("conflicts", "processes", "offices", "talks", "participations", "statements", "conditions", "positions"),
        *("agreements", "provisions", "milestones", "deadlines", "commentaries"),
    ]
    uncited = " ".join(
        f"{each}(filter: {{citations: {{none: {{id: {{isNull: false}}}}}}}}) {{ nodes {{ key }} }}" for each in lists
    )
    data = await ask(f"{{ {uncited} }}")
    assert data == {each: {"nodes": []} for each in lists}


# --- the two clocks ------------------------------------------------------------------------------


async def test_the_timeline_tells_it_in_order(ask: Ask) -> None:
    data = await ask(
        """
        query ($asOf: DateTime!) {
            process(by: {key: "us-ukraine-russia-2025"}, asOf: $asOf) {
                timeline(first: 100) { totalCount nodes { at { edtf } kind title record { key } } }
            }
        }
        """,
        asOf=REMARKS,
    )
    entries = data["process"]["timeline"]["nodes"]
    assert data["process"]["timeline"]["totalCount"] == len(entries) == 14
    assert [each["at"]["edtf"] for each in entries] == ["2025-04-17"] * 2 + ["2025-04-18"] * 12
    told = [(each["kind"], each["title"]) for each in entries]
    assert ("TALK", "Paris talks") in told[:2]
    assert ("MILESTONE", "PROPOSED: Framework for peace between Russia and Ukraine") in told[:2]
    assert ("MILESTONE", "ANNOUNCED: London talks") in told
    assert ("MILESTONE", "SET: US decision whether a settlement is feasible in the near term") in told
    assert sum(kind == "STATEMENT" for kind, _ in told) == 9


@pytest.mark.parametrize(
    ("day", "talks", "statements", "deadlines", "positions", "commentaries"),
    [
        ("2025-04-01", 0, 0, 0, 0, 0),
        ("2025-04-16", 0, 0, 0, 0, 0),
        ("2025-04-17", 1, 0, 0, 0, 0),
        ("2025-04-18", 2, 9, 1, 4, 3),
    ],
)
async def test_nothing_counts_before_it_happened(
    ask: Ask, day: str, talks: int, statements: int, deadlines: int, positions: int, commentaries: int
) -> None:
    counted = {
        "talks": talks,
        "statements": statements,
        "deadlines": deadlines,
        "positions": positions,
        "commentaries": commentaries,
    }
    query = " ".join(f"{each}(asOf: $asOf) {{ totalCount }}" for each in counted)
    data = await ask(f"query ($asOf: DateTime!) {{ {query} }}", asOf=day)
    assert data == {each: {"totalCount": count} for each, count in counted.items()}
