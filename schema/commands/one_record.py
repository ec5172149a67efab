"""Commands on one record: create, update, retract, restore."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from schema.commands.command import REASON, VERSION, Command, Outcome, Run, Work
from schema.declare.caller import Role
from schema.declare.table import Verb
from schema.declare.vocabulary import with_article
from schema.errors import Invalid, Problem
from schema.records.record import Record
from schema.writing import statements
from schema.writing.entries import Dossier, Entry, unfold
from schema.writing.evidence import about, check_support, resting_on
from schema.writing.merge import move_back
from schema.writing.stored import find_at_version, rebuild_version
from schema.writing.upsert import enter


def create(cls: type[Record], verb: Verb | None = None) -> Command:
    """The command that enters a record, under its own name or as a verb."""

    async def run(work: Work, given: Mapping[str, Any]) -> Outcome:
        return Outcome(record_id=await enter_record(work, cls, given["input"], "input"))

    return Command(
        name=verb.name if verb else f"create{cls.__name__}",
        description=verb.description if verb else f"Enter {with_article(cls.__name__)}, with what hangs on it.",
        properties={
            "input": {"$ref": f"#/$defs/{cls.__name__}", "description": "The record."},
            "reason": REASON,
        },
        required=("input",),
        gives=cls,
        run=run,
        path=None if verb else cls.table.path,
        body="input",
    )


def update(cls: type[Record]) -> Command:
    async def run(work: Work, given: Mapping[str, Any]) -> Outcome:
        found = await find_at_version(work.connection, cls, given)
        if found["retracted_at"]:
            raise Invalid(Problem("id", f"the {cls.table.words} {found['key']!r} is retracted; restore it first"))
        entry = Entry(cls, "changes", given["changes"], key=found["key"])
        await enter(work.connection, Dossier("", [entry], work.problems))
        return Outcome(record_id=found["id"])

    return command_on_one(
        cls,
        "update",
        f"Change fields of {with_article(cls.__name__)}: only those that are given, null takes a value away.",
        run,
        {"changes": {"$ref": f"#/$defs/{cls.__name__}Changes", "description": "The fields to change."}},
        ("changes",),
        method="PATCH",
        body="changes",
    )


def retract(cls: type[Record]) -> Command:
    async def run(work: Work, given: Mapping[str, Any]) -> Outcome:
        found = await find_at_version(work.connection, cls, given)
        if found["retracted_at"]:
            raise Invalid(Problem("id", f"the {cls.table.words} {found['key']!r} is retracted already"))
        await statements.update(work.connection, cls, found["id"], {"retracted_at": work.moment.isoformat()})
        await check_support(work.connection, await resting_on(work.connection, cls, found))
        return Outcome(record_id=found["id"])

    description = f"Withdraw {with_article(cls.__name__)}: it leaves every list, and stays readable by its id and key."
    return command_on_one(cls, "retract", description, run, {}, ("reason",))


def restore(cls: type[Record]) -> Command:
    async def run(work: Work, given: Mapping[str, Any]) -> Outcome:
        found = await find_at_version(work.connection, cls, given, follows_merges=False)
        to = given.get("toVersion")
        if to is None and not found["retracted_at"]:
            raise Invalid(
                Problem("id", f"the {cls.table.words} {found['key']!r} is not retracted; to go back, give toVersion")
            )
        values: dict[str, Any] = {"retracted_at": None, "merged_into_id": None}
        losing = about(cls, found)
        if found["merged_into_id"]:
            # Before its content, which may name what comes back with it.
            await statements.update(work.connection, cls, found["id"], values)
            losing += await move_back(work.connection, found["id"])
        if to is not None:
            values |= await rebuild_version(work.connection, cls, found, to)
        await statements.update(work.connection, cls, found["id"], values)
        await check_support(work.connection, [found["id"], *losing])
        return Outcome(record_id=found["id"])

    to = {
        "type": "integer",
        "minimum": 1,
        "maximum": 2**31 - 1,
        "description": "The version whose content comes back; without it a retracted record comes back as it was.",
    }
    description = (
        f"Bring back a retracted {cls.__name__}, or the content that it had in an earlier version. To one that was "
        "merged goes back what was taken from it, where nobody has changed that since."
    )
    return command_on_one(cls, "restore", description, run, {"toVersion": to}, (), role=Role.ADMIN)


def command_on_one(
    cls: type[Record],
    verb: str,
    description: str,
    run: Run,
    properties: Mapping[str, Any],
    required: tuple[str, ...],
    **more: Any,
) -> Command:
    """Define a command on one record of a type, at the version that the caller read."""
    path = f"{cls.table.path}/{{by}}"
    return Command(
        name=f"{verb}{cls.__name__}",
        description=description,
        properties={
            "id": {"$ref": "#/$defs/RecordKey", "description": "Its id or key."},
            "version": VERSION,
            **properties,
            "reason": REASON,
        },
        required=("id", "version", *required),
        gives=cls,
        run=run,
        path=path if verb == "update" else f"{path}/{verb}",
        **more,
    )


async def enter_record(work: Work, cls: type[Record], given: Mapping[str, Any], path: str) -> UUID:
    """Enter a new record and what is written inside it."""
    entries = list(unfold(cls, given, path))
    done = await enter(work.connection, Dossier("", entries, work.problems), only_new=True)
    return done.ids[done.names[0]]
