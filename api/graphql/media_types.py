"""Decides the media type and the status of a GraphQL answer, by the Accept header and by a profile.

`compatible` passes every audit of the graphql-http suite. `september-2026` follows the first edition of the
GraphQL-over-HTTP specification, of September 2026: its sections Media Types, Body and Status Codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from api.http.request_body import JSON

GRAPHQL_JSON = "application/graphql-response+json"
HTML = "text/html"

LONGEST_ACCEPT_CACHED = 300
"""Characters of an Accept header whose parsed value is cached; those of browsers have 140."""


@dataclass(frozen=True)
class Accepted:
    """A parsed Accept header: whether it prefers a page, and the media type of the answer, None if none fits."""

    page: bool
    media: str | None


@dataclass(frozen=True)
class Profile:
    """The rules in which the profiles differ."""

    preferred: str
    """The media type for a client that accepts both equally."""

    partial: int
    """The status of an answer with data and errors, as `application/graphql-response+json`."""

    not_well_formed: int
    """The status of a body that is JSON, but no GraphQL request."""

    statuses: Mapping[str, int] = field(default_factory=dict)
    """Codes whose status differs from the one in `KINDS`."""

    hides_failures: bool = False
    """Whether failures of a well-formed request have status 200 for clients that accept only `application/json`."""

    def success(self, media: str, *, is_whole: bool) -> int:
        return 200 if is_whole or media == JSON else self.partial

    def refusal(self, code: str, status: int, media: str, *, is_well_formed: bool) -> tuple[int, str]:
        """Return the status of an answer without data, and its media type."""
        status = self.statuses.get(code, status)
        if not self.hides_failures:
            return status, GRAPHQL_JSON
        return (200 if is_well_formed and status < 500 and media == JSON else status), media


COMPATIBLE = Profile(preferred=JSON, partial=200, not_well_formed=400, hides_failures=True)

SEPTEMBER_2026 = Profile(
    preferred=GRAPHQL_JSON,
    partial=294,
    not_well_formed=422,
    statuses=MappingProxyType(
        dict.fromkeys(
            ("GRAPHQL_VALIDATION_FAILED", "OPERATION_RESOLUTION_FAILED", "BAD_USER_INPUT", "QUERY_TOO_COMPLEX"), 422
        )
    ),
)

PROFILES: Mapping[str, Profile] = {"compatible": COMPATIBLE, "september-2026": SEPTEMBER_2026}


def negotiate(accept: bytes, profile: Profile) -> Accepted:
    """Parse an Accept header. Short ones are cached, since clients send the same few all the time."""
    preferred = profile.preferred
    return (
        read_accept_cached(accept, preferred)
        if len(accept) <= LONGEST_ACCEPT_CACHED
        else read_accept(accept, preferred)
    )


def read_accept(accept: bytes, preferred: str) -> Accepted:
    weights = read_weights(accept.decode("latin-1"))
    general = weights.get("application/*", weights.get("*/*", 0))
    best = max((JSON, GRAPHQL_JSON), key=lambda media: (weights.get(media, general), media == preferred))
    page = weights.get(HTML, 0) > max(0.0, weights.get(JSON, 0), weights.get(GRAPHQL_JSON, 0))
    return Accepted(page, best if weights.get(best, general) > 0 else None)


read_accept_cached = lru_cache(maxsize=256)(read_accept)


def read_weights(accept: str) -> dict[str, float]:
    """Parse the media types of an Accept header with their weights; a malformed weight is 0."""
    found: dict[str, float] = {}
    for each in (accept if accept.strip() else "*/*").split(","):
        media, *more = (part.strip().lower() for part in each.split(";"))
        weight = next((part[2:] for part in more if part.startswith("q=")), "1")
        try:
            found[media] = float(weight)
        except ValueError:
            found[media] = 0.0
    return found
