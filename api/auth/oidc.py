"""OpenID Connect: from a token to its claims, by the keys that the issuer publishes. Knows no roles and no database."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

import jwt
from jwt import PyJWK, PyJWKClient

from api.http.errors import RequestRefused, Unauthenticated
from api.settings import issuer_url

log = logging.getLogger(__name__)

ALGORITHMS = {"RSA": ("RS256", "PS256"), "EC": ("ES256",), "OKP": ("EdDSA",)}
"""What a token may be signed with, by the type of the key. Never with a shared secret: all that the issuer
publishes would be one. A key's own `alg`, which many issuers leave out, cannot widen this."""

LONGEST_TOKEN = 16_000
"""Characters. A token that lists hundreds of groups has some 10,000."""

LEEWAY_SECONDS = 10
"""By how much the issuer's clock may differ from ours."""

KEYS_LIVE_SECONDS = 300
"""How long a key may still be believed after the issuer has withdrawn it."""

TIMEOUT_SECONDS = 5
"""How long an answer of the issuer may take: who waits for it is a person, or a script that tries again."""

PAUSE_SECONDS = 5
"""How long an issuer that failed is left alone, so that requests do not queue up for it."""


class Issuer:
    """The issuer of tokens. Asks it for its keys when they are needed, in a thread, one question at a time."""

    def __init__(self, url: str, audience: str, jwks_url: str | None, refetch_seconds: float) -> None:
        self.url = url
        self.audience = audience
        self.jwks_url = jwks_url
        self.refetch_seconds = refetch_seconds
        self.client: PyJWKClient | None = None
        self.asking = asyncio.Lock()
        self.failed_at: float | None = None

    async def claims(self, token: str) -> dict[str, Any]:
        """The claims of a token. Raises Unauthenticated where it does not count, RequestRefused (ISSUER_UNAVAILABLE)
        where that cannot be found out now."""
        if len(token) > LONGEST_TOKEN:
            raise Unauthenticated(f"The token has more than {LONGEST_TOKEN} characters.")
        key = await self.key(key_id(token))
        try:
            return jwt.decode(
                token,
                key.key,
                algorithms=ALGORITHMS[str(key.key_type)],
                audience=self.audience,
                issuer=self.url,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iss", "aud"], "enforce_minimum_key_length": True},
            )
        except jwt.PyJWTError as error:
            raise Unauthenticated(self.explain(error)) from error

    async def key(self, id: str) -> PyJWK:
        """The issuer's key with this id: the one at hand, else what the issuer says."""
        if found := self.cached_key(id):
            return found
        async with self.asking:
            if self.failed_at is not None and time.monotonic() < self.failed_at + PAUSE_SECONDS:
                raise unavailable()
            try:
                found = await asyncio.to_thread(self.fetch_key, id)
            except (jwt.PyJWTError, OSError, ValueError) as error:
                log.error("the keys of the issuer %s cannot be fetched: %s", self.url, error)
                self.failed_at = time.monotonic()
                raise unavailable() from error
        if found is None:
            raise Unauthenticated(f"The token is signed with a key that {self.url} does not publish for signing.")
        return found

    def cached_key(self, id: str) -> PyJWK | None:
        cached = self.client.jwk_set_cache.get() if self.client and self.client.jwk_set_cache else None
        usable = (key for key in cached or () if key.key_type in ALGORITHMS and key.public_key_use in ("sig", None))
        return next((key for key in usable if key.key_id == id), None)

    def fetch_key(self, id: str) -> PyJWK | None:
        """The key, fetched where need be; the client fetches for an unknown id only every so often. Blocks."""
        if self.client is None:
            self.client = PyJWKClient(
                self.jwks_url or discover(self.url),
                lifespan=KEYS_LIVE_SECONDS,
                timeout=TIMEOUT_SECONDS,
                cooldown_duration=self.refetch_seconds,
            )
        self.client.get_jwk_set()
        try:
            self.client.get_signing_key(id)
        except jwt.PyJWKClientConnectionError:
            raise
        except jwt.PyJWKClientError:
            return None
        return self.cached_key(id)

    def explain(self, error: jwt.PyJWTError) -> str:
        """What is wrong with a token, in our words: the library's may repeat a part of it."""
        match error:
            case jwt.ExpiredSignatureError():
                return "The token has expired; get a new one from its issuer."
            case jwt.ImmatureSignatureError():
                return "The token is not valid yet; compare the clocks of its issuer and of this server."
            case jwt.InvalidAudienceError():
                return f"The token is not meant for this server; its `aud` has to name {self.audience}."
            case jwt.InvalidIssuerError():
                return f"The token is of another issuer than {self.url}."
            case jwt.MissingRequiredClaimError():
                return f"The token has no claim `{error.claim}`."
            case jwt.InvalidSignatureError():
                return "The token's signature is wrong."
            case jwt.InvalidAlgorithmError():
                return "The token is signed by another method than its key is for."
            case jwt.InvalidKeyError():
                return "The token is signed with a key that is too weak."
        return MALFORMED


MALFORMED = "The token cannot be read; get a new one from its issuer."


def key_id(token: str) -> str:
    """The id of the key that a token says it is signed with. Refuses what no key can mend before anyone is asked."""
    try:
        header = jwt.get_unverified_header(token)
    except jwt.PyJWTError as error:
        raise Unauthenticated(MALFORMED) from error
    possible = [each for algorithms in ALGORITHMS.values() for each in algorithms]
    if header.get("alg") not in possible:
        raise Unauthenticated(f"The token must be signed with {', '.join(possible)}.")
    named = header.get("kid")
    if not isinstance(named, str) or not named:
        raise Unauthenticated("The token does not say with which key it is signed (`kid`).")
    return named


def discover(issuer: str) -> str:
    """Where an issuer says that its keys are. Blocks. Raises ValueError when it says so for somebody else."""
    # Without a cache the client is what fetches one JSON object: with a time limit, and without following redirects.
    about = PyJWKClient(
        issuer.rstrip("/") + "/.well-known/openid-configuration", cache_jwk_set=False, timeout=TIMEOUT_SECONDS
    ).fetch_data()
    if about.get("issuer") != issuer:
        raise ValueError(f"its configuration is that of {about.get('issuer')!r}; PARLEY_OIDC_ISSUER must be the same")
    return issuer_url(str(about.get("jwks_uri")))


def unavailable() -> RequestRefused:
    return RequestRefused("ISSUER_UNAVAILABLE", "The issuer of the token does not answer at the moment. Try again.")
