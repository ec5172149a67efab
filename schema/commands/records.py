"""Lists every command on records."""

from __future__ import annotations

from collections.abc import Iterator

from schema.commands.command import Command
from schema.commands.dossiers import apply_dossier
from schema.commands.merge import merge
from schema.commands.one_record import create, restore, retract, update
from schema.commands.steps import step
from schema.records.registry import RECORDS


def record_commands() -> Iterator[Command]:
    """Every command on records."""
    for cls in RECORDS:
        yield create(cls)
        yield update(cls)
        yield retract(cls)
        yield restore(cls)
    verbs = [(verb, cls) for cls in RECORDS if (verb := cls.table.verb)]
    for verb, cls in sorted(verbs, key=lambda each: each[0].place):
        yield create(cls, verb)
    for cls in RECORDS:
        for declared in cls.table.steps:
            yield step(cls, declared)
    yield from (merge(), apply_dossier())
