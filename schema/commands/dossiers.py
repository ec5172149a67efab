"""The command that enters a whole dossier."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from schema.commands.command import REASON, Command, Outcome, Work
from schema.writing.dossier import apply
from schema.writing.entries import document


def apply_dossier() -> Command:
    async def run(work: Work, given: Mapping[str, Any]) -> Outcome:
        # A large one takes a second to check: meanwhile reads go on.
        content = await asyncio.to_thread(document, given["dossier"])
        report = await apply(work.connection, content, dry_run=given.get("dryRun", False))
        return Outcome(
            report=json.dumps([row.as_json() for row in report.rows]),
            warnings=json.dumps([vars(warning) for warning in report.warnings]),
        )

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
