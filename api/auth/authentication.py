"""Authenticates a request: maps its `Authorization` header, an API key or an OpenID Connect token, to a caller.

A request without the header is anonymous. An invalid key or token is refused, even for a read, since its sender does
not mean to be anonymous. Authorisation is not decided here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any

from starlette.types import Scope

from api.http.errors import Unauthenticated
from api.http.rate_limits import Rates
from api.settings import Settings
from schema import api_keys
from schema.declare.caller import ANONYMOUS, Caller, Role

if TYPE_CHECKING:
    from api.auth.oidc import Issuer

TOKEN = re.compile(r"[A-Za-z0-9\-._~+/]+=*")
"""The syntax of a token after `Bearer` (RFC 6750, 2.1)."""


class Authentication:
    """Authenticates requests. `connection` borrows a connection to the database."""

    def __init__(
        self, settings: Settings, connection: Callable[[], AbstractAsyncContextManager[Any]], rates: Rates
    ) -> None:
        self.connection = connection
        self.rates = rates
        self.role_claim = settings.oidc_role_claim
        self.name_claim = settings.oidc_name_claim
        self.issuer: Issuer | None = None
        if settings.oidc_issuer is not None and settings.oidc_audience is not None:
            # Its cryptography takes a tenth of a second to import, which most servers do not need.
            from api.auth.oidc import Issuer  # noqa: PLC0415

            self.issuer = Issuer(
                settings.oidc_issuer, settings.oidc_audience, settings.oidc_jwks_url, settings.oidc_refetch_seconds
            )

    async def caller(self, scope: Scope) -> Caller:
        """Authenticate the caller of a request, and count the request against their quota.

        Raises Unauthenticated, RequestRefused where the issuer does not answer or a quota is used up, or an exception
        of the database.
        """
        given = [value for name, value in scope["headers"] if name == b"authorization"]
        if not given:
            self.rates.count_anonymous(scope)
            return ANONYMOUS
        self.rates.check_failed_keys(scope)
        try:
            caller = await self.identify(given)
        except Unauthenticated:
            self.rates.count_failed_key(scope)
            raise
        self.rates.count_caller(scope, caller.name)
        return caller

    async def identify(self, given: Sequence[bytes]) -> Caller:
        """Identify the caller by the Authorization headers."""
        token = read_bearer(given)
        if token.startswith(api_keys.PREFIX):
            return await self.find_holder(token)
        if self.issuer is None:
            raise Unauthenticated(
                f"This is no key: keys begin with {api_keys.PREFIX}, and this server takes nothing else. "
                "Its operator makes keys with `parley keys create`."
            )
        return self.read_person(await self.issuer.verify(token))

    async def find_holder(self, text: str) -> Caller:
        """Find the holder of a key. Keys are not cached, so that a revoked one fails from the next request on."""
        parts = api_keys.parse(text)
        if parts is None:
            raise Unauthenticated("The key is not whole: a part is missing or altered. Copy it again.")
        async with self.connection() as connection:
            key = check_key(await api_keys.find(connection, *parts))
            if key.is_use_due:
                await api_keys.note_use(connection, key.id)
        return Caller(key.name, key.role)

    def read_person(self, claims: Mapping[str, Any]) -> Caller:
        """Read the caller from the claims of a verified token. A person without a role has a name, and may read."""
        name = read_claim(claims, self.name_claim)
        is_name = isinstance(name, str) and 1 <= len(name) <= api_keys.LONGEST_NAME and name.isprintable()
        if not is_name or name != name.strip():
            raise Unauthenticated(
                f"The token's claim `{self.name_claim}` is no name: it must be a text of 1 to {api_keys.LONGEST_NAME} "
                "printable characters, without blanks at its ends."
            )
        return Caller(name, find_highest_role(read_claim(claims, self.role_claim)))


def read_bearer(given: Sequence[bytes]) -> str:
    """Read the token of the one Authorization header. Raises Unauthenticated, without repeating any of it."""
    if len(given) > 1:
        raise Unauthenticated(f"There are {len(given)} Authorization headers; send one.")
    scheme, _, token = given[0].decode("latin-1").strip().partition(" ")
    if scheme.lower() != "bearer":
        raise Unauthenticated("The Authorization header is not of the scheme Bearer; send `Authorization: Bearer …`.")
    if not TOKEN.fullmatch(token.strip()):
        raise Unauthenticated("What follows `Bearer` is no key and no token; send exactly one, without quotes.")
    return token.strip()


def check_key(key: api_keys.Shown | None) -> api_keys.Shown:
    """Return a valid key. Raises Unauthenticated, with one message for an unknown id and a wrong secret."""
    if key is None:
        raise Unauthenticated("The key is not known here. Check that it is copied whole and is of this server.")
    if key.revoked_at is not None:
        raise Unauthenticated(f"The key was revoked on {key.revoked_at:%Y-%m-%d}; ask the operator for a new one.")
    if key.is_expired:
        raise Unauthenticated(f"The key expired on {key.expires_at:%Y-%m-%d}; ask the operator for a new one.")
    return key


def read_claim(claims: Mapping[str, Any], path: str) -> Any:
    """Read the claim at a dotted path, or of that whole name, since names may contain dots; None without one."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for part in path.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def find_highest_role(said: Any) -> Role:
    """Find the highest role that a claim names, in any case; unknown roles are ignored."""
    names = [each for each in (said if isinstance(said, list) else [said]) if isinstance(each, str) and each.isascii()]
    known = [Role[each.upper()] for each in names if each.upper() in Role.__members__]
    return max(known, key=lambda role: role.rank, default=Role.ANONYMOUS)
