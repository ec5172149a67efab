"""The command that merges a record into another of its type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schema.commands.command import REASON, Command, Outcome, Work
from schema.declare.caller import Role
from schema.declare.vocabulary import with_article
from schema.errors import Invalid, Problem
from schema.records.registry import RECORDS
from schema.writing.evidence import about, check_support
from schema.writing.merge import merge_into, required_relations
from schema.writing.references import read_name
from schema.writing.stored import find_row


def merge() -> Command:
    async def run(work: Work, given: Mapping[str, Any]) -> Outcome:
        from_type, from_text = read_name(given["record"])
        into_type, into_text = read_name(given["into"])
        cls = next(cls for cls in RECORDS if cls.table.name == from_type)
        words = cls.table.words
        if from_type != into_type:
            raise Invalid(Problem("into", f"{with_article(words)} can only be merged into another {words}"))
        old = await find_row(work.connection, cls, from_text, "record", follows_merges=False)
        new = await find_row(work.connection, cls, into_text, "into")
        if old["merged_into_id"]:
            raise Invalid(Problem("record", f"the {words} {old['key']!r} was merged already"))
        if old["id"] == new["id"]:
            raise Invalid(Problem("into", f"both are the {words} {new['key']!r}"))
        if new["retracted_at"]:
            raise Invalid(Problem("into", f"the {words} {new['key']!r} is retracted; restore it first"))
        for relation, column in required_relations(cls):
            if new[column] == old["id"]:
                what = f"the {words} {new['key']!r} is about {old['key']!r}"
                raise Invalid(Problem("into", f"{what}; give it another {relation} first"))
        await merge_into(work.connection, cls, old["id"], new["id"], work.moment)
        await check_support(work.connection, about(cls, old))
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
