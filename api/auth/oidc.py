"""OpenID Connect: verifies tokens by the keys that the issuer publishes. Knows no roles and no database."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

import jwt
from jwt import PyJWK, PyJWKClient

from api.http.errors import RequestRefused, Unauthenticated
from api.setting_values import check_issuer_url

log = logging.getLogger(__name__)

ALGORITHMS = {"RSA": ("RS256", "PS256"), "EC": ("ES256",), "OKP": ("EdDSA",)}
"""The accepted signature algorithms, by the type of the key. Never an HMAC: a published key would then serve as the
secret. A key's own `alg`, which many issuers leave out, cannot widen this."""

LONGEST_TOKEN = 16_000
"""Characters. A token that lists hundreds of groups has some 10,000."""

LEEWAY_SECONDS = 10
"""The tolerated difference between the issuer's clock and ours."""

KEYS_LIVE_SECONDS = 300
"""Keys are cached for this long, and a withdrawn key is accepted for as long."""

TIMEOUT_SECONDS = 5
"""An answer of the issuer may take this long: a person waits for it, or a script that tries again."""

PAUSE_SECONDS = 5
"""An issuer that failed is left alone for this long, so that requests do not queue up for it."""


class Issuer:
    """The issuer of tokens. Its keys are fetched when they are needed, in a thread, one request at a time."""

    def __init__(self, url: str, audience: str, jwks_url: str | None, refetch_seconds: float) -> None:
        self.url = url
        self.audience = audience
        self.jwks_url = jwks_url
        self.refetch_seconds = refetch_seconds
        self.client: PyJWKClient | None = None
        self.asking = asyncio.Lock()
        self.failed_at: float | None = None

    async def verify(self, token: str) -> dict[str, Any]:
        """Verify a token and return its claims. Raises Unauthenticated where it is invalid, RequestRefused
        (ISSUER_UNAVAILABLE) where its key cannot be fetched now."""
        if len(token) > LONGEST_TOKEN:
            raise Unauthenticated(f"The token has more than {LONGEST_TOKEN} characters.")
        key = await self.find_key(read_key_id(token))
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

    async def find_key(self, id: str) -> PyJWK:
        """Find the issuer's key with this id in the cache, or fetch it."""
        if found := self.cached_key(id):
            return found
        async with self.asking:
            if self.failed_at is not None and time.monotonic() < self.failed_at + PAUSE_SECONDS:
                raise issuer_unavailable()
            try:
                found = await asyncio.to_thread(self.fetch_key, id)
            except (jwt.PyJWTError, OSError, ValueError) as error:
                log.error("the keys of the issuer %s cannot be fetched: %s", self.url, error)
                self.failed_at = time.monotonic()
                raise issuer_unavailable() from error
        if found is None:
            raise Unauthenticated(f"The token is signed with a key that {self.url} does not publish for signing.")
        return found

    def cached_key(self, id: str) -> PyJWK | None:
        cached = self.client.jwk_set_cache.get() if self.client and self.client.jwk_set_cache else None
        usable = (key for key in cached or () if key.key_type in ALGORITHMS and key.public_key_use in ("sig", None))
        return next((key for key in usable if key.key_id == id), None)

    def fetch_key(self, id: str) -> PyJWK | None:
        """Fetch a key; None for an unknown id, for which the client fetches again only after a cooldown. Blocks."""
        if self.client is None:
            self.client = PyJWKClient(
                self.jwks_url or fetch_jwks_url(self.url),
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
        """Explain why a token is invalid, in our words: the library's message may repeat a part of it."""
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


def read_key_id(token: str) -> str:
    """Read the key id of a token. Raises Unauthenticated, before any fetch, for one that no key could verify."""
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


def fetch_jwks_url(issuer: str) -> str:
    """Fetch the address of an issuer's keys. Blocks. Raises ValueError where the configuration is another issuer's."""
    # Without its cache, PyJWKClient just fetches a JSON object, with a timeout and without following redirects.
    about = PyJWKClient(
        issuer.rstrip("/") + "/.well-known/openid-configuration", cache_jwk_set=False, timeout=TIMEOUT_SECONDS
    ).fetch_data()
    if about.get("issuer") != issuer:
        raise ValueError(f"its configuration is that of {about.get('issuer')!r}; PARLEY_OIDC_ISSUER must be the same")
    return check_issuer_url(str(about.get("jwks_uri")))


def issuer_unavailable() -> RequestRefused:
    return RequestRefused("ISSUER_UNAVAILABLE", "The issuer of the token does not answer at the moment. Try again.")
