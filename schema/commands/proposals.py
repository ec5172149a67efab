"""Commands on proposals: comment, approve, reject, withdraw. `schema.commands.transaction` creates them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import asyncpg

from schema.commands.command import ID, REASON, Command, Outcome, Run, Work
from schema.declare.caller import Role
from schema.declare.fields import camel, in_words
from schema.declare.scalars import ID_TEXT
from schema.declare.vocabulary import with_article
from schema.errors import Invalid, NotAllowed, NotFound, Problem, VersionConflict
from schema.writing import statements

TEXT = {"type": "string", "minLength": 1, "maxLength": 20_000, "description": "What there is to say."}


def proposal_commands() -> Iterator[Command]:
    """Every command on proposals."""
    yield command_on_proposal("approve", "Approve a proposal: it is done, in the name of whoever proposed it.", approve)
    yield command_on_proposal("reject", "Reject a proposal, with the reason.", reject, required=("reason",))
    yield command_on_proposal("withdraw", "Take back a proposal of one's own.", withdraw, role=Role.CONTRIBUTOR)
    yield command_on_proposal(
        "comment",
        "Say something of a proposal: a curator of any, a contributor of one's own.",
        comment,
        name="commentOnProposal",
        properties={"text": TEXT},
        required=("text",),
        role=Role.CONTRIBUTOR,
    )


def command_on_proposal(
    verb: str,
    description: str,
    run: Run,
    *,
    name: str = "",
    properties: Mapping[str, Any] | None = None,
    required: tuple[str, ...] = (),
    role: Role = Role.CURATOR,
) -> Command:
    return Command(
        name=name or f"{verb}Proposal",
        description=description,
        properties={"id": {**ID, "description": "The proposal's id."}, **(properties or {"reason": REASON})},
        required=("id", *required),
        gives="Proposal",
        run=run,
        role=role,
        proposable=False,
        path=f"/v1/proposals/{{id}}/{verb}",
    )


async def approve(work: Work, given: Mapping[str, Any]) -> Outcome:
    found = await pending(work, given["id"])
    if found["proposed_by"] == work.caller.name:
        raise NotAllowed("nobody approves a proposal of one's own; another curator has to")
    operations = json.loads(found["operations"])
    for each in operations:
        if each["command"] not in work.commands:
            what = f"there is no command {each['command']!r} any more"
            raise Invalid(Problem("id", f"{what}; have it proposed anew, or reject it"))
        least = work.commands[each["command"]].least(each["arguments"])
        if not work.caller.role.may(least):
            raise NotAllowed(f"{each['command']} needs the role {least.name}, and so does approving it")
    await check_is_current(work, found)
    before = await statements.last_seq(work.connection)
    outcome = Outcome()
    for each in operations:
        order = work.commands[each["command"]].order(each["arguments"])
        author = statements.Author(found["proposed_by"], "PROPOSAL", order.reason, work.caller.name, str(found["id"]))
        await statements.attribute(work.connection, author)
        outcome = await work.perform(order)
    check_is_as_shown(json.loads(found["changes"]), await changes_since(work.connection, before))
    await decide(work, found["id"], "APPROVED", given)
    return replace(outcome, proposal_id=found["id"])


async def check_is_current(work: Work, found: Any) -> None:
    """Raises VersionConflict where a record that the proposal was based on has changed since."""
    row = await work.connection.fetchrow(
        """
        select o.type, r.version, r.changed_by, r.at, b.value as base
        from jsonb_each_text($1::text::jsonb) b
        join record o on o.id = b.key::uuid
        cross join lateral (
            select r.version, r.changed_by, r.at from revision r
            where r.record_id = o.id
            order by r.version desc
            limit 1
        ) r
        where r.version <> b.value::integer
        order by r.at desc
        limit 1
        """,
        found["bases"],
    )
    if row:
        about = with_article(in_words(row["type"].lower()))
        raise VersionConflict(
            f"the proposal was made for version {row['base']} of {about} that has version "
            f"{row['version']} now: {row['changed_by']} changed it; have it proposed anew, or reject it",
            row["version"],
            row["changed_by"],
            row["at"],
        )


def check_is_as_shown(shown: Sequence[Mapping[str, Any]], done: Sequence[Mapping[str, Any]]) -> None:
    """Raise Invalid where something else was done than the proposal shows: nobody has approved that."""
    before, now = comparable(shown), comparable(done)
    for name in sorted(before.keys() | now.keys()):
        if before.get(name) != now.get(name):
            what = f"approved now, it would do something else to the {name} than it shows"
            raise Invalid(Problem("id", f"{what}, since others have written meanwhile; have it proposed anew"))


def comparable(changes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Reduce changes to those that two runs have in common: without the ids of new records and without moments."""
    new = {each["record_id"]: name_of(each) for each in changes if each["action"] == "CREATE"}
    found: dict[str, Any] = {}
    for each in changes:
        fields = {
            change["field"]: change["after"] is not None if change["field"] == "retractedAt" else change
            for change in each["changes"]
        }
        text = json.dumps([each["action"], fields])
        for id_, name in new.items():
            text = text.replace(id_, name)
        found.setdefault(name_of(each), []).append(json.loads(text))
    return found


def name_of(change: Mapping[str, Any]) -> str:
    return f"{change['type']} {change['key']}"


async def changes_since(connection: asyncpg.Connection, seq: int) -> list[dict[str, Any]]:
    """The revisions after a place in the log, as a proposal keeps them."""
    rows = await statements.revisions_since(connection, seq)
    wanted: dict[str, list[UUID]] = {}
    for row in rows:
        wanted.setdefault(row["type"].lower(), []).append(row["record_id"])
    keys: dict[UUID, str] = {}
    for table, ids in wanted.items():
        found = await connection.fetch(f"select id, key from {statements.quote_type(table)} where id = any($1)", ids)
        keys.update({row["id"]: row["key"] for row in found})
    return [
        {
            "record_id": str(row["record_id"]),
            "type": camel(row["type"].lower()),
            "key": keys[row["record_id"]],
            "action": row["action"],
            "changes": json.loads(row["changes"]),
        }
        for row in rows
    ]


async def reject(work: Work, given: Mapping[str, Any]) -> Outcome:
    found = await pending(work, given["id"])
    return await decide(work, found["id"], "REJECTED", given)


async def withdraw(work: Work, given: Mapping[str, Any]) -> Outcome:
    found = await pending(work, given["id"])
    if found["proposed_by"] != work.caller.name:
        raise NotAllowed("only who made a proposal takes it back; a curator rejects it")
    return await decide(work, found["id"], "WITHDRAWN", given)


async def comment(work: Work, given: Mapping[str, Any]) -> Outcome:
    found = await proposal(work, given["id"])
    await work.connection.execute(
        "insert into proposal_comment (proposal_id, text, written_by) values ($1, $2, $3)",
        found["id"], given["text"], work.caller.name,
    )  # fmt: skip
    return Outcome(proposal_id=found["id"])


async def decide(work: Work, id: UUID, status: str, given: Mapping[str, Any]) -> Outcome:
    await work.connection.execute(
        """
        update proposal
        set status = $2::text::proposal_status, decided_by = $3, decided_at = now(), decision_reason = $4
        where id = $1
        """,
        id, status, work.caller.name, given.get("reason"),
    )  # fmt: skip
    return Outcome(proposal_id=id)


async def pending(work: Work, text: str) -> Any:
    """The proposal, if it still waits. Raises NotFound or Invalid."""
    found = await proposal(work, text)
    if found["status"] != "PENDING":
        raise Invalid(Problem("id", f"the proposal is {found['status']} already, by {found['decided_by']}"))
    return found


async def proposal(work: Work, text: str) -> Any:
    """The proposal with this id, if the caller may see it. Raises NotFound."""
    found = None
    if ID_TEXT.fullmatch(text):
        found = await work.connection.fetchrow(
            """
            select id, status::text, operations::text, changes::text, bases::text, proposed_by, decided_by
            from proposal
            where id = $1 and ($2 or proposed_by = $3)
            for update
            """,
            UUID(text), work.caller.role.may(Role.CURATOR), work.caller.name,
        )  # fmt: skip
    if found is None:
        raise NotFound(f"no proposal has the id {text!r}", "id")
    return found
