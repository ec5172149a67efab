"""API keys, as whoever manages them sees them. Their secrets are nowhere."""

from __future__ import annotations

from datetime import datetime

import strawberry

from schema.declare.caller import Role
from schema.declare.fields import column, computed
from schema.records.record import record


@record(order="id", least=Role.ADMIN, timeless=True, internal=("hash", "role"))
class ApiKey:
    """A key with which a caller proves who it is."""

    id: strawberry.ID = column("Identifier (a UUID, version 7).")
    name: str = column("Whose it is. It stands as the author beside every change.")
    role: Role = computed("What it allows.", "{t}.role::text")
    is_active: bool = computed(
        "Whether it can be used: neither revoked nor expired.",
        "({t}.revoked_at is null and coalesce({t}.expires_at > now(), true))",
    )
    created_by: str = column("Who made it.")
    created_at: datetime = column("When it was made.")
    expires_at: datetime | None = column("Until when it can be used; null means for ever.")
    revoked_by: str | None = column("Who ended it.")
    revoked_at: datetime | None = column("When it was ended.")
    last_used_at: datetime | None = column("When it was used last, to a minute.")
