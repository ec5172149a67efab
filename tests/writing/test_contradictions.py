"""Rules over several records: a step that only a party can take, and a group that is no part of itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from textwrap import dedent

import asyncpg
import pytest

from schema.errors import Invalid
from schema.writing.dossier import load, read

TRUCE = """
    sources: [{key: cable}]
    actors:
      - {key: north, name: North, kind: STATE}
      - {key: south, name: South, kind: STATE}
      - {key: oman, name: Oman, kind: STATE}
      - {key: ministry, name: Ministry, kind: GOVERNMENT_BODY, parent: north}
      - key: envoy
        name: Envoy
        kind: PERSON
        offices: [{actor: oman, title: Envoy, held: 2025-01/..}]
    agreements:
      - key: truce
        title: Truce
        kind: CEASEFIRE
        citations: [cable]
        signatures: [SIGNATURES]
        milestones: [{STEP, at: 2025-04-18}]
"""

PARTIES = "{actor: north, capacity: PARTY}, {actor: south, capacity: PARTY}"


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


async def enter(connection: asyncpg.Connection, folder: Path, text: str) -> dict[str, str]:
    """Load a dossier; gives the problems by their places."""
    path = folder / "dossier.yaml"
    path.write_text(dedent(text))
    try:
        await load(connection, read(path), changed_by="a curator", reason="a test")
    except Invalid as invalid:
        return {each.path: each.message for each in invalid.problems}
    return {}


def truce(step: str, signatures: str = PARTIES) -> str:
    return TRUCE.replace("SIGNATURES", signatures).replace("STEP", step)


@pytest.mark.parametrize("kind", ["SIGNED", "REJECTED", "SUSPENDED", "RESUMED", "WITHDRAWN", "ENTERED_INTO_FORCE"])
async def test_a_step_of_a_party_by_an_outsider_is_refused_beside_parties(
    connection: asyncpg.Connection, tmp_path: Path, kind: str
) -> None:
    found = await enter(connection, tmp_path, truce(f"kind: {kind}, actor: oman"))
    assert found == {
        "agreements[0].milestones[0].actor": "'oman' is no party to 'truce', and speaks for none of its parties on "
        "that day; name the party as onBehalfOf, enter 'oman' among the signatures, or leave the actor out of a "
        "step of all"
    }


@pytest.mark.parametrize(
    "step",
    [
        pytest.param("kind: SIGNED, actor: north", id="a party"),
        pytest.param("kind: SIGNED, actor: ministry", id="a body of a party"),
        pytest.param("kind: SIGNED, actor: oman, onBehalfOf: south", id="for a party"),
        pytest.param("kind: SIGNED", id="of all"),
        pytest.param("kind: ACCEDED, actor: oman", id="who joins"),
        pytest.param("kind: VIOLATION_ALLEGED, actor: oman", id="who says so"),
        pytest.param("kind: TERMINATED, actor: oman", id="who declares it"),
    ],
)
async def test_other_steps_are_taken_beside_parties(connection: asyncpg.Connection, tmp_path: Path, step: str) -> None:
    assert await enter(connection, tmp_path, truce(step)) == {}


async def test_a_witness_is_no_party_and_neither_is_its_envoy(connection: asyncpg.Connection, tmp_path: Path) -> None:
    witnessed = f"{PARTIES}, {{actor: oman, capacity: WITNESS}}"
    found = await enter(connection, tmp_path, truce("kind: SIGNED, actor: envoy", witnessed))
    assert found.keys() == {"agreements[0].milestones[0].actor"}


async def test_where_no_party_is_listed_anybody_may_be_one(connection: asyncpg.Connection, tmp_path: Path) -> None:
    witnessed = "{actor: north, capacity: WITNESS}"
    assert await enter(connection, tmp_path, truce("kind: SIGNED, actor: oman", witnessed)) == {}


async def test_who_joined_may_take_the_steps_of_a_party(connection: asyncpg.Connection, tmp_path: Path) -> None:
    assert await enter(connection, tmp_path, truce("kind: ACCEDED, actor: oman")) == {}
    later = "agreements: [{key: truce, milestones: [{kind: WITHDRAWN, actor: oman, at: 2025-06-01}]}]"
    assert await enter(connection, tmp_path, later) == {}
    earlier = "agreements: [{key: truce, milestones: [{kind: SUSPENDED, actor: oman, at: 2025-01-01}]}]"
    assert (await enter(connection, tmp_path, earlier)).keys() == {"agreements[0].milestones[0].actor"}


async def test_a_notice_that_was_revoked_before_its_effect_may_be_entered(
    connection: asyncpg.Connection, tmp_path: Path
) -> None:
    notice = "kind: WITHDRAWN, actor: north, effective: 2025-10-18, at: 2025-04-18}, {kind: RESUMED, actor: north"
    assert await enter(connection, tmp_path, truce(notice)) == {}


async def test_parties_that_are_wrong_themselves_make_nobody_an_outsider(
    connection: asyncpg.Connection, tmp_path: Path
) -> None:
    wrong = "{actor: north, capacity: PARTY}, {actor: south, capacity: PARTEI}"
    found = await enter(connection, tmp_path, truce("kind: SIGNED, actor: south", wrong))
    assert found.keys() == {"agreements[0].signatures[1].capacity"}


# --- groups --------------------------------------------------------------------------------------

GROUPS = "actors: [{name: A, kind: COALITION}, {name: B, kind: COALITION}, {name: C, kind: COALITION}]"


@pytest.mark.parametrize(
    ("memberships", "wrong"),
    [
        ("{member: a, group: a}", [0]),
        ("{member: a, group: b}, {member: b, group: a}", [0, 1]),
        ("{member: a, group: b}, {member: b, group: c}, {member: c, group: a}", [0, 1, 2]),
        ("{member: a, group: b, held: 2020/..}, {member: b, group: a, role: DELEGATE, held: 2024-05}", [0, 1]),
        ("{member: a, group: b, held: 2020/2022}, {member: b, group: a, held: 2024/..}", []),
        ("{member: a, group: b}, {member: a, group: c}, {member: b, group: c}", []),
    ],
)
async def test_a_group_is_no_part_of_itself(
    connection: asyncpg.Connection, tmp_path: Path, memberships: str, wrong: list[int]
) -> None:
    found = await enter(connection, tmp_path, f"{GROUPS}\nmemberships: [{memberships}]")
    assert list(found) == [f"memberships[{index}].group" for index in wrong]


async def test_a_circle_that_a_later_membership_closes_is_told_with_its_cure(
    connection: asyncpg.Connection, tmp_path: Path
) -> None:
    before = "{member: a, group: b, held: 2024-01/..}, {member: b, group: c, held: 2024-01/..}"
    assert await enter(connection, tmp_path, f"{GROUPS}\nmemberships: [{before}]") == {}
    found = await enter(connection, tmp_path, "memberships: [{member: c, group: a, held: 2025-01/..}]")
    assert found == {
        "memberships[0].group": "'a' belongs to 'c' itself, directly or by other memberships, and no group is a part "
        "of itself; correct one of the memberships, or say in held when it ended"
    }
    assert await enter(connection, tmp_path, "memberships: [{member: c, group: a, held: 2023-05}]") == {}


# --- circles -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("section", "more", "relation"),
    [
        ("processes", "name: P, citations: [cable]", "parent"),
        ("talks", "title: T, citations: [cable]", "follows"),
        ("actors", "name: A, kind: STATE", "parent"),
        ("agreements", "title: A, kind: OTHER, citations: [cable]", "partOf"),
        ("agreements", "title: A, kind: OTHER, citations: [cable]", "supersedes"),
    ],
)
async def test_no_record_leads_back_to_itself(
    connection: asyncpg.Connection, tmp_path: Path, section: str, more: str, relation: str
) -> None:
    def three(first: str) -> str:
        leads = {"a": first, "b": "a", "c": "b"}
        rows = [f"{{key: {key}, {more}{to and f', {relation}: {to}'}}}" for key, to in leads.items()]
        return f"""
            sources: [{{key: cable}}]
            {section}: [{", ".join(rows)}]
        """

    assert await enter(connection, tmp_path, three("")) == {}
    found = await enter(connection, tmp_path, three("c"))
    assert found[f"{section}[0].{relation}"] == "'a' leads back to itself by way of 'c'; correct one of them"
