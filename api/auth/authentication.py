"""Who asks: from the `Authorization` header to a caller, by an API key or by an OpenID Connect token.

Whoever shows nothing is anonymous; whoever shows something that does not count is refused, even for a read, since
they do not take themselves for anonymous. What a caller may do is not decided here.
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
"""What may follow `Bearer` (RFC 6750, 2.1)."""


class Authentication:
    """Finds out who asks. `connection` gives a connection to the database for as long as it is held."""

    def __init__(
        self, settings: Settings, connection: Callable[[], AbstractAsyncContextManager[Any]], rates: Rates
    ) -> None:
        self.connection = connection
        self.rates = rates
        self.role_claim = settings.oidc_role_claim
        self.name_claim = settings.oidc_name_claim
        self.issuer: Issuer | None = None
        if settings.oidc_issuer is not None and settings.oidc_audience is not None:
            # Its cryptography takes a tenth of a second to import, for which most servers have no use.
            from api.auth.oidc import Issuer  # noqa: PLC0415

            self.issuer = Issuer(
                settings.oidc_issuer, settings.oidc_audience, settings.oidc_jwks_url, settings.oidc_refetch_seconds
            )

    async def caller(self, scope: Scope) -> Caller:
        """Who sends this request, which is counted.

        Raises Unauthenticated, RequestRefused where the issuer cannot be asked or too much was asked, or what the
        database raises.
        """
        given = [value for name, value in scope["headers"] if name == b"authorization"]
        if not given:
            self.rates.came(scope)
            return ANONYMOUS
        self.rates.shows(scope)
        try:
            caller = await self.identify(given)
        except Unauthenticated:
            self.rates.failed_at(scope)
            raise
        self.rates.knows(scope, caller.name)
        return caller

    async def identify(self, given: Sequence[bytes]) -> Caller:
        """Who the Authorization headers are of."""
        token = bearer(given)
        if token.startswith(api_keys.PREFIX):
            return await self.holder(token)
        if self.issuer is None:
            raise Unauthenticated(
                f"This is no key: keys begin with {api_keys.PREFIX}, and this server takes nothing else. "
                "Its operator makes keys with `parley keys create`."
            )
        return self.person(await self.issuer.claims(token))

    async def holder(self, text: str) -> Caller:
        """Who holds a key. It is looked up each time, so that a revoked one ends with the next request."""
        parts = api_keys.parse(text)
        if parts is None:
            raise Unauthenticated("The key is not whole: a part is missing or altered. Copy it again.")
        async with self.connection() as connection:
            key = check_key(await api_keys.find(connection, *parts))
            if key.is_use_due:
                await api_keys.note_use(connection, key.id)
        return Caller(key.name, key.role)

    def person(self, claims: Mapping[str, Any]) -> Caller:
        """Who a checked token is of. Somebody without a role is known by name, and may read."""
        name = claim(claims, self.name_claim)
        is_name = isinstance(name, str) and 1 <= len(name) <= api_keys.LONGEST_NAME and name.isprintable()
        if not is_name or name != name.strip():
            raise Unauthenticated(
                f"The token's claim `{self.name_claim}` is no name: it must be a text of 1 to {api_keys.LONGEST_NAME} "
                "printable characters, without blanks at its ends."
            )
        return Caller(name, highest_role(claim(claims, self.role_claim)))


def bearer(given: Sequence[bytes]) -> str:
    """The token of the one Authorization header. Raises Unauthenticated, without repeating any of it."""
    if len(given) > 1:
        raise Unauthenticated(f"There are {len(given)} Authorization headers; send one.")
    scheme, _, token = given[0].decode("latin-1").strip().partition(" ")
    if scheme.lower() != "bearer":
        raise Unauthenticated("The Authorization header is not of the scheme Bearer; send `Authorization: Bearer …`.")
    if not TOKEN.fullmatch(token.strip()):
        raise Unauthenticated("What follows `Bearer` is no key and no token; send exactly one, without quotes.")
    return token.strip()


def check_key(key: api_keys.Shown | None) -> api_keys.Shown:
    """A key that counts. Raises Unauthenticated; an unknown id and a wrong secret are told alike."""
    if key is None:
        raise Unauthenticated("The key is not known here. Check that it is copied whole and is of this server.")
    if key.revoked_at is not None:
        raise Unauthenticated(f"The key was revoked on {key.revoked_at:%Y-%m-%d}; ask the operator for a new one.")
    if key.is_expired:
        raise Unauthenticated(f"The key expired on {key.expires_at:%Y-%m-%d}; ask the operator for a new one.")
    return key


def claim(claims: Mapping[str, Any], path: str) -> Any:
    """What a token says at a path; None where it says nothing. A claim may have dots in its own name."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for part in path.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def highest_role(said: Any) -> Role:
    """The highest role that a claim names, in capitals or not; what is no role of ours does not count."""
    names = [each for each in (said if isinstance(said, list) else [said]) if isinstance(each, str) and each.isascii()]
    known = [Role[each.upper()] for each in names if each.upper() in Role.__members__]
    return max(known, key=lambda role: role.rank, default=Role.ANONYMOUS)
