"""What can be done to records: entered, changed, withdrawn, brought back, merged; and the verbs of the domain."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import asyncpg

from schema import write
from schema.agreement import Signature
from schema.caller import Role
from schema.citation import Citation
from schema.code import Code
from schema.command import REASON, VERSION, Command, Outcome, Run, Work
from schema.deadline import Deadline, DeadlineResolution
from schema.document import Document, Entry, document, unfold
from schema.dossier import apply
from schema.dossier_format import BOOKKEEPING
from schema.entering import enter
from schema.errors import Conflict, Invalid, NotFound, Problem
from schema.fields import Many, One, Parts, Scalar, in_words, rule_of
from schema.inputs import fields_of
from schema.merging import merge_into, move_back, needed_relations, redirected
from schema.milestone import Milestone
from schema.participation import Participation
from schema.plan import ID_TEXT
from schema.record import Record
from schema.records import RECORDS
from schema.references import name_of
from schema.source import Source
from schema.vocabulary import with_article


def record_commands() -> Iterator[Command]:
    """Every command on records."""
    for cls in RECORDS:
        yield create(cls)
        yield update(cls)
        yield retract(cls)
        yield restore(cls)
    for name, cls, description in (
        ("recordMilestone", Milestone, "Record a dated step in the life of a talk, agreement, process or deadline."),
        ("setDeadline", Deadline, "Set a deadline."),
        ("addParticipation", Participation, "Add an actor to a talk."),
        ("addSignature", Signature, "Add an actor's signature to an agreement."),
        ("cite", Citation, "Let a source support, dispute or retract a record, or one field of it."),
        ("assignCode", Code, "Give a record its id in another data set."),
    ):
        yield create(cls, name, description)
    yield from (extend_deadline(), resolve_deadline(), merge(), apply_dossier())


# --- one record of a type ------------------------------------------------------------------------


def create(cls: type[Record], name: str = "", description: str = "") -> Command:
    async def run(work: Work, given: Mapping[str, Any]) -> Outcome:
        return Outcome(record_id=await entered(work, cls, given["input"], "input"))

    return Command(
        name=name or f"create{cls.__name__}",
        description=description or f"Enter {with_article(cls.__name__)}, with what hangs on it.",
        properties={
            "input": {"$ref": f"#/$defs/{cls.__name__}", "description": "The record."},
            "reason": REASON,
        },
        required=("input",),
        gives=cls,
        run=run,
        path=None if name else cls.table.path,
        body="input",
    )


def update(cls: type[Record]) -> Command:
    async def run(work: Work, given: Mapping[str, Any]) -> Outcome:
        found = await seen(work.connection, cls, given)
        if found["retracted_at"]:
            raise Invalid(Problem("id", f"the {cls.table.words} {found['key']!r} is retracted; restore it first"))
        entry = Entry(cls, "changes", given["changes"], key=found["key"])
        await enter(work.connection, Document("", [entry], work.problems))
        return Outcome(record_id=found["id"])

    return on_one(
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
        found = await seen(work.connection, cls, given)
        if found["retracted_at"]:
            raise Invalid(Problem("id", f"the {cls.table.words} {found['key']!r} is retracted already"))
        await write.update(work.connection, cls, found["id"], {"retracted_at": work.moment.isoformat()})
        if cls is Citation:
            await check_support(work.connection, [found["record_id"]])
        if cls is Source:
            await check_support(work.connection, await resting_on(work.connection, found["id"]))
        return Outcome(record_id=found["id"])

    description = f"Withdraw {with_article(cls.__name__)}: it leaves every list, and stays readable by its id and key."
    return on_one(cls, "retract", description, run, {}, ("reason",))


def restore(cls: type[Record]) -> Command:
    async def run(work: Work, given: Mapping[str, Any]) -> Outcome:
        found = await seen(work.connection, cls, given, redirected=False)
        to = given.get("toVersion")
        if to is None and not found["retracted_at"]:
            raise Invalid(
                Problem("id", f"the {cls.table.words} {found['key']!r} is not retracted; to go back, give toVersion")
            )
        values: dict[str, Any] = {"retracted_at": None, "merged_into_id": None}
        losing = [found["record_id"]] if cls is Citation else []
        if found["merged_into_id"]:
            # Before its content, which may name what comes back with it.
            await write.update(work.connection, cls, found["id"], values)
            losing += await move_back(work.connection, found["id"])
        if to is not None:
            values |= await as_of_version(work.connection, cls, found, to)
        await write.update(work.connection, cls, found["id"], values)
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
    return on_one(cls, "restore", description, run, {"toVersion": to}, (), role=Role.ADMIN)


def on_one(
    cls: type[Record],
    verb: str,
    description: str,
    run: Run,
    properties: Mapping[str, Any],
    required: tuple[str, ...],
    **more: Any,
) -> Command:
    """A command on one record of a type, at the version that was seen."""
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


async def entered(work: Work, cls: type[Record], given: Mapping[str, Any], path: str) -> UUID:
    """Enter a new record and what is written inside it."""
    entries = list(unfold(cls, given, path))
    entering = await enter(work.connection, Document("", entries, work.problems), only_new=True)
    return entering.ids[entering.names[next(iter(entering.names))]]


async def seen(
    connection: asyncpg.Connection, cls: type[Record], given: Mapping[str, Any], *, redirected: bool = True
) -> Any:
    """The row that is named, if it still has the version that was seen. Raises NotFound or Conflict."""
    found = await row_of(connection, cls, given["id"], redirected=redirected)
    if found["version"] != given["version"]:
        last: Any = await connection.fetchrow(
            "select changed_by, at from revision where record_id = $1 order by version desc limit 1", found["id"]
        )
        raise Conflict(
            f"the {cls.table.words} {found['key']!r} has version {found['version']}, not {given['version']}: "
            f"{last['changed_by']} changed it; read it again",
            found["version"],
            last["changed_by"],
            last["at"],
        )
    return found


async def row_of(
    connection: asyncpg.Connection, cls: type[Record], text: str, path: str = "id", *, redirected: bool = True
) -> Any:
    """Read the row with this id or key, or the one that it was merged into. Raises NotFound.

    It has the columns that commands look at. They are named, since Postgres refuses a prepared statement from then on
    when a migration adds a column to its result.
    """
    columns = ("id", "key", "version", "retracted_at", "merged_into_id", *dict(needed_relations(cls)).values())
    table, by = cls.table.name, "id" if ID_TEXT.fullmatch(text) else "key"
    condition = f"t.{by} = $1"
    if redirected:
        condition = f"t.id = (select coalesce(m.merged_into_id, m.id) from {table} m where m.{by} = $1)"
    found = await connection.fetchrow(
        f"select {', '.join(columns)} from {table} t where {condition}", UUID(text) if by == "id" else text
    )
    if found is None:
        raise NotFound(f"no {cls.__name__} has the {by} {text!r}", path)
    return found


async def as_of_version(connection: asyncpg.Connection, cls: type[Record], found: Any, version: int) -> dict[str, Any]:
    """The columns that a record had in an earlier version, put together from its revisions. Raises Invalid."""
    if not 1 <= version < found["version"]:
        earlier = f"1 to {found['version'] - 1}" if found["version"] > 1 else "there is none"
        raise Invalid(Problem("toVersion", f"{version} is no earlier version of {found['key']!r}; possible: {earlier}"))
    # The last value that a revision up to that version gave each column.
    rows = await connection.fetch(
        """
        select distinct on (c.key) c.key, (c.value -> 'after')::text as value
        from revision r, jsonb_each(r.changes) c
        where r.record_id = $1 and r.version <= $2
        order by c.key, r.version desc
        """,
        found["id"], version,
    )  # fmt: skip
    then = {row["key"]: json.loads(row["value"]) for row in rows}
    if then.get("merged_into_id"):
        raise Invalid(Problem("toVersion", f"in version {version} it was merged into another; merge it anew"))
    content = await redirected(connection, found["id"], {column: then.get(column) for column in columns_of(cls)})
    for relation, column in needed_relations(cls):
        if content[column] is None:
            what = f"in version {version} its {relation} was a record that has been merged into it"
            raise Invalid(Problem("toVersion", f"{what}; restore that one first"))
    return content


def columns_of(cls: type[Record]) -> Iterator[str]:
    """The columns that hold what a record says, its key and its bookkeeping left out."""
    for declared in fields_of(cls):
        if declared.python_name not in {*BOOKKEEPING, "key"}:
            match rule_of(declared):
                case Scalar(stored=True):
                    yield str(declared.python_name)
                case Parts(column=str(column)) | One(column=str(column)) | Many(column=str(column)):
                    yield column


async def resting_on(connection: asyncpg.Connection, source: UUID) -> list[UUID]:
    """The records that cite a source."""
    rows = await connection.fetch(
        "select distinct record_id from citation where source_id = $1 and retracted_at is null", source
    )
    return [row["record_id"] for row in rows]


async def check_support(connection: asyncpg.Connection, ids: list[UUID]) -> None:
    """A factual record cannot lose its last source. Raises Invalid."""
    for type_, key in await write.unsupported(connection, ids):
        raise Invalid(Problem("", f"the {in_words(type_)} {key!r} would be left without a source; cite one first"))


# --- deadlines -----------------------------------------------------------------------------------


def milestone_of_deadline(**kind: Any) -> dict[str, Any]:
    """What a milestone of a deadline needs beside its kind."""
    return {
        "deadline": {"$ref": "#/$defs/RecordKey", "description": "The deadline: its id or key."},
        **kind,
        "at": {"$ref": "#/$defs/FuzzyDate", "description": "When that happened."},
        "actor": {"$ref": "#/$defs/RecordKey", "description": "Who did it: an actor's id or key."},
        "note": {"type": "string", "minLength": 1, "maxLength": 20_000, "description": "What else there is to say."},
        "citations": {
            "type": "array",
            "items": {"$ref": "#/$defs/Citation"},
            "maxItems": 100,
            "description": "The sources.",
        },
        "reason": REASON,
    }


async def enter_milestone(work: Work, given: Mapping[str, Any], kind: str) -> Outcome:
    said = {name: each for name, each in given.items() if name not in ("deadline", "resolution", "reason")}
    said |= {"subject": {"deadline": given["deadline"]}, "kind": kind}
    try:
        return Outcome(record_id=await entered(work, Milestone, said, ""))
    except Invalid as invalid:
        names = {"subject": "deadline"}
        raise Invalid(*(Problem(names.get(each.path, each.path), each.message) for each in invalid.problems)) from None


def extend_deadline() -> Command:
    async def run(work: Work, given: Mapping[str, Any]) -> Outcome:
        return await enter_milestone(work, given, "EXTENDED")

    due = {"$ref": "#/$defs/FuzzyDate", "description": "The new due date."}
    return Command(
        name="extendDeadline",
        description="Record that a deadline was moved to another day.",
        properties=milestone_of_deadline(due=due),
        required=("deadline", "due", "at"),
        gives=Milestone,
        run=run,
        path="/v1/deadlines/{by}/extend",
    )


def resolve_deadline() -> Command:
    async def run(work: Work, given: Mapping[str, Any]) -> Outcome:
        return await enter_milestone(work, given, given["resolution"])

    resolution = {
        "title": "DeadlineResolution",
        "enum": [each.name for each in DeadlineResolution],
        "description": "What became of it.",
    }
    return Command(
        name="resolveDeadline",
        description="Record what became of a deadline.",
        properties=milestone_of_deadline(resolution=resolution),
        required=("deadline", "resolution", "at"),
        gives=Milestone,
        run=run,
        path="/v1/deadlines/{by}/resolve",
    )


# --- merging -------------------------------------------------------------------------------------


def merge() -> Command:
    async def run(work: Work, given: Mapping[str, Any]) -> Outcome:
        from_type, from_text = name_of(given["record"])
        into_type, into_text = name_of(given["into"])
        cls = next(cls for cls in RECORDS if cls.table.name == from_type)
        words = cls.table.words
        if from_type != into_type:
            raise Invalid(Problem("into", f"{with_article(words)} can only be merged into another {words}"))
        old = await row_of(work.connection, cls, from_text, "record", redirected=False)
        new = await row_of(work.connection, cls, into_text, "into")
        if old["merged_into_id"]:
            raise Invalid(Problem("record", f"the {words} {old['key']!r} was merged already"))
        if old["id"] == new["id"]:
            raise Invalid(Problem("into", f"both are the {words} {new['key']!r}"))
        if new["retracted_at"]:
            raise Invalid(Problem("into", f"the {words} {new['key']!r} is retracted; restore it first"))
        for relation, column in needed_relations(cls):
            if new[column] == old["id"]:
                what = f"the {words} {new['key']!r} is about {old['key']!r}"
                raise Invalid(Problem("into", f"{what}; give it another {relation} first"))
        await merge_into(work.connection, cls, old["id"], new["id"], work.moment)
        if cls is Citation:
            await check_support(work.connection, [old["record_id"]])
        return Outcome(record_id=new["id"])

    return Command(
        name="merge",
        description="Merge a record into another of its type: all that points at the one then points at the other, "
        "and whoever asks for the one by its id or key is given the other.",
        properties={
            "record": {"$ref": "#/$defs/Reference", "description": "The record that goes."},
            "into": {"$ref": "#/$defs/Reference", "description": "The record that stays."},
            "reason": REASON,
        },
        required=("record", "into", "reason"),
        gives="Record",
        run=run,
        role=Role.ADMIN,
        path="/v1/merges",
    )


# --- dossiers ------------------------------------------------------------------------------------


def apply_dossier() -> Command:
    async def run(work: Work, given: Mapping[str, Any]) -> Outcome:
        # A large one takes a second to check: meanwhile reads go on.
        content = await asyncio.to_thread(document, given["dossier"])
        report = await apply(work.connection, content, dry_run=given.get("dryRun", False))
        return Outcome(report=json.dumps([row.told() for row in report.rows]))

    return Command(
        name="applyDossier",
        description="Enter a whole dossier: what is new is created, what differs is updated, what is the same is "
        "left alone. All of it or nothing.",
        properties={
            "dossier": {"type": "object", "title": "JSON", "description": "The dossier, as its JSON Schema describes."},
            "dryRun": {"type": "boolean", "description": "Change nothing, only tell what would change."},
            "reason": REASON,
        },
        required=("dossier",),
        gives="Dossier",
        run=run,
        trial="dryRun",
        path="/v1/dossiers",
        body="dossier",
    )
