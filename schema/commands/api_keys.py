"""Commands on API keys, for admins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from schema import api_keys
from schema.commands.command import ID, Command, Outcome, Work
from schema.declare.caller import Role
from schema.errors import NotFound

LONGEST_LIFE_DAYS = 3650
"""Ten years: who needs more leaves the end open."""


def key_commands() -> Iterator[Command]:
    """Every command on API keys."""
    yield Command(
        name="createApiKey",
        description="Make a key. Its secret is in the answer, this once.",
        properties={
            "name": {
                "type": "string",
                "minLength": 1,
                "maxLength": api_keys.LONGEST_NAME,
                "description": "Who or what will use it. It stands as the author beside every change.",
            },
            "role": {
                "title": "Role",
                "enum": [each.name for each in Role if each is not Role.ANONYMOUS],
                "description": "What it allows.",
            },
            "expiresInDays": {
                "type": "integer",
                "minimum": 1,
                "maximum": LONGEST_LIFE_DAYS,
                "description": "For how long it can be used; without it, for ever.",
            },
        },
        required=("name", "role"),
        gives="ApiKey",
        run=create,
        role=Role.ADMIN,
        proposable=False,
        is_repeatable=False,
        path="/v1/keys",
    )
    yield Command(
        name="revokeApiKey",
        description="End a key, from the next request on.",
        properties={"id": {**ID, "description": "Its id or name."}},
        required=("id",),
        gives="ApiKey",
        run=revoke,
        role=Role.ADMIN,
        proposable=False,
        path="/v1/keys/{id}/revoke",
    )


async def create(work: Work, given: Mapping[str, Any]) -> Outcome:
    days = given.get("expiresInDays")
    lifetime = timedelta(days=days) if days else None
    made = await api_keys.create(work.connection, given["name"], Role[given["role"]], work.caller.name, lifetime)
    return Outcome(key_id=made.id, secret=made.text)


async def revoke(work: Work, given: Mapping[str, Any]) -> Outcome:
    try:
        revoked = await api_keys.revoke(work.connection, given["id"], work.caller.name)
    except NotFound as error:
        raise NotFound(str(error), "id") from None
    return Outcome(key_id=revoked.id)
