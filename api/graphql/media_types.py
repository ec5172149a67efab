"""Which media type and which status an answer of GraphQL has: by what the client accepts, and by a profile.

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

LONGEST_ACCEPT_KEPT = 300
"""Characters of an Accept header whose reading is remembered; those of browsers have 140."""


@dataclass(frozen=True)
class Accepted:
    """What an Accept header asks for: whether for a page, and for which type of an answer; None if for none we have."""

    page: bool
    media: str | None


@dataclass(frozen=True)
class Profile:
    """The choices in which the profiles differ."""

    preferred: str
    """The media type where the client does not care, or weighs both the same."""

    partial: int
    """The status of an answer with data and errors, as `application/graphql-response+json`."""

    not_well_formed: int
    """The status of a body that is JSON, and no request for GraphQL."""

    statuses: Mapping[str, int] = field(default_factory=dict)
    """Codes whose status differs from the one that they have everywhere else."""

    hides_failures: bool = False
    """Whether who accepts only `application/json` is told failures of a well-formed request with status 200."""

    def success(self, media: str, *, is_whole: bool) -> int:
        return 200 if is_whole or media == JSON else self.partial

    def refusal(self, code: str, status: int, media: str, *, is_well_formed: bool) -> tuple[int, str]:
        """The status of an answer without data, and its media type."""
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
    """What an Accept header asks for. The same few come all the time, and are read once."""
    preferred = profile.preferred
    return remembered(accept, preferred) if len(accept) <= LONGEST_ACCEPT_KEPT else read(accept, preferred)


def read(accept: bytes, preferred: str) -> Accepted:
    weights = read_weights(accept.decode("latin-1"))
    general = weights.get("application/*", weights.get("*/*", 0))
    best = max((JSON, GRAPHQL_JSON), key=lambda media: (weights.get(media, general), media == preferred))
    page = weights.get(HTML, 0) > max(0.0, weights.get(JSON, 0), weights.get(GRAPHQL_JSON, 0))
    return Accepted(page, best if weights.get(best, general) > 0 else None)


remembered = lru_cache(maxsize=256)(read)


def read_weights(accept: str) -> dict[str, float]:
    """The media types of an Accept header with their weights; what cannot be read weighs nothing."""
    found: dict[str, float] = {}
    for each in (accept if accept.strip() else "*/*").split(","):
        media, *more = (part.strip().lower() for part in each.split(";"))
        weight = next((part[2:] for part in more if part.startswith("q=")), "1")
        try:
            found[media] = float(weight)
        except ValueError:
            found[media] = 0.0
    return found
