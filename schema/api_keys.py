"""API keys: made, found, listed and revoked. Knows no HTTP; who may do what is not decided here."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from schema.declare.caller import Role
from schema.errors import Invalid, NotFound, Problem

SECRET_BYTES = 32
"""256 bits: as many as the hash keeps."""

PREFIX = "parley_"
KEY_TEXT = re.compile(PREFIX + "([0-9a-f]{32})_([A-Za-z0-9_-]{43})")

LONGEST_NAME = 100
"""It stands as the author beside every change; the table holds to it."""

CREATE = """
    -- A new key, of which only the hash of the secret is kept.
    insert into api_key (name, role, hash, created_by, expires_at)
    values ($1::text, $2::text::role, $3::bytea, $4::text, now() + $5::interval)
    returning id
"""

LIST = """
    -- All keys, oldest first; ids count up with time.
    select id, name, role::text, created_at, created_by, expires_at, revoked_at, revoked_by, last_used_at,
        coalesce(expires_at <= now(), false) as is_expired
    from api_key
    order by id
"""

FIND = """
    -- A key as a request shows it, and whether its use is to be written down: once a minute, and never
    -- where the database can only be read.
    select name, role::text, hash, expires_at, revoked_at,
        coalesce(expires_at <= now(), false) as is_expired,
        current_setting('transaction_read_only') = 'off'
            and coalesce(last_used_at < now() - interval '1 minute', true) as is_use_due
    from api_key
    where id = $1::uuid
"""

NOTE_USE = """
    -- A key was used. Of several requests at once only the first writes.
    update api_key
    set last_used_at = now()
    where id = $1::uuid and coalesce(last_used_at < now() - interval '1 minute', true)
"""

REVOKE = """
    -- End a key that is named by its id, or by the name it alone has.
    update api_key
    set revoked_at = now(), revoked_by = $3::text
    where revoked_at is null and (id = $1::uuid or name = $2::text)
    returning id, name
"""


@dataclass(frozen=True)
class StoredApiKey:
    """A key as it is listed. Its secret is not known."""

    id: UUID
    name: str
    role: Role
    created_at: datetime
    created_by: str
    expires_at: datetime | None
    revoked_at: datetime | None
    revoked_by: str | None
    last_used_at: datetime | None
    is_expired: bool

    @property
    def status(self) -> str:
        if self.revoked_at:
            return "revoked"
        return "expired" if self.is_expired else "active"


@dataclass(frozen=True)
class Made:
    """A new key: its id, and the text to hand over, which cannot be had again."""

    id: UUID
    text: str


@dataclass(frozen=True)
class Revoked:
    """A key that was ended."""

    id: UUID
    name: str


@dataclass(frozen=True)
class Shown:
    """The key that a request shows, once its secret was found to be right."""

    id: UUID
    name: str
    role: Role
    expires_at: datetime | None
    revoked_at: datetime | None
    is_expired: bool
    is_use_due: bool


async def create(connection: Any, name: str, role: Role, created_by: str, lifetime: timedelta | None = None) -> Made:
    """A new key. Without a lifetime it never expires.

    Raises Invalid when the name cannot be had, or `created_by` is no name.
    """
    check_is_name("name", name)
    check_is_name("by", created_by)
    if read_id(name) or name.startswith(PREFIX):
        raise Invalid(Problem("name", "looks like a key or its id; choose one that says who or what will use it"))
    secret = secrets.token_urlsafe(SECRET_BYTES)
    try:
        key_id = await connection.fetchval(CREATE, name, role.name, hash_secret(secret), created_by, lifetime)
    except asyncpg.UniqueViolationError:
        raise Invalid(
            Problem("name", f"another key has the name {name!r}; choose another name, or revoke that key first")
        ) from None
    return Made(key_id, f"{PREFIX}{key_id.hex}_{secret}")


async def listed(connection: Any) -> list[StoredApiKey]:
    """All keys, oldest first."""
    return [StoredApiKey(**{**row, "role": Role[row["role"]]}) for row in await connection.fetch(LIST)]


async def revoke(connection: Any, which: str, revoked_by: str) -> Revoked:
    """End a key, named by its id or name, from the next request on.

    Raises NotFound when no key that still counts is named so, Invalid when `revoked_by` is no name.
    """
    check_is_name("by", revoked_by)
    given_id = read_id(which)
    if given_id is None and which.startswith(PREFIX):
        raise NotFound("That is only a part of a key; give the key's id or name, which `parley keys list` shows.")
    named = f"id {given_id}" if given_id else f"name {which!r}"
    row = None
    if which.isprintable():
        row = await connection.fetchrow(REVOKE, given_id, None if given_id else which, revoked_by)
    if row is None:
        raise NotFound(f"No key that still counts has the {named}.")
    return Revoked(*row)


async def find(connection: Any, id: UUID, secret: str) -> Shown | None:
    """The key with this id and secret, revoked or expired as it may be; None when there is none."""
    row = await connection.fetchrow(FIND, id)
    if row is None or not hmac.compare_digest(row["hash"], hash_secret(secret)):
        return None
    return Shown(
        id,
        row["name"],
        Role[row["role"]],
        row["expires_at"],
        row["revoked_at"],
        row["is_expired"],
        row["is_use_due"],
    )


async def note_use(connection: Any, id: UUID) -> None:
    """Write down that a key was used, to the minute."""
    await connection.execute(NOTE_USE, id)


def parse(text: str) -> tuple[UUID, str] | None:
    """The id and the secret in a key's text; None when it is not whole."""
    found = KEY_TEXT.fullmatch(text)
    return (UUID(found[1]), found[2]) if found else None


def hash_secret(secret: str) -> bytes:
    """Hash a secret for storage. The migration that made the table says why a quick hash is enough."""
    return hashlib.sha256(secret.encode()).digest()


def read_id(text: str) -> UUID | None:
    """The id in what names a key. A whole key names itself, so that one that leaked can be pasted as it is."""
    if whole := parse(text):
        return whole[0]
    try:
        return UUID(text)
    except ValueError:
        return None


def check_is_name(path: str, name: str) -> None:
    """Raise Invalid for what could not stand in a list or beside a change."""
    if not name.strip():
        raise Invalid(Problem(path, "is empty; say who or what it is"))
    if len(name) > LONGEST_NAME:
        raise Invalid(Problem(path, f"has {len(name)} characters; {LONGEST_NAME} are possible"))
    if not name.isprintable() or name != name.strip():
        raise Invalid(Problem(path, f"{name!r} has control characters, or blanks at its ends; leave them out"))
