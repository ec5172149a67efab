"""Builds the headers of every answer: security headers, and CORS headers for pages of other origins.

They are built once, at the start.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable

from api.settings import Settings

Headers = list[tuple[bytes, bytes]]

INLINE_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)

DATA_POLICY = b"default-src 'none'; frame-ancestors 'none'"
"""The Content-Security-Policy of every answer that is not a page: it may load nothing."""

EXPOSED = "ETag, Link, Location, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate"
"""The headers that a page of another origin may read."""


def build_fixed_headers(settings: Settings) -> Headers:
    """Build the headers of every answer, without Content-Security-Policy."""
    found = [
        (b"x-content-type-options", b"nosniff"),
        (b"x-frame-options", b"DENY"),
        (b"referrer-policy", b"no-referrer"),
        # Only our own pages may embed an answer, as an image for example; other origins have to use CORS.
        (b"cross-origin-resource-policy", b"same-origin"),
    ]
    if settings.hsts_seconds:
        found += [(b"strict-transport-security", f"max-age={settings.hsts_seconds}; includeSubDomains".encode())]
    if "*" in settings.origins:
        # On every answer, so that a shared cache can give the same one to all origins.
        found += [(b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", EXPOSED.encode())]
    elif settings.origins:
        found += [(b"vary", b"origin")]
    return found


def build_page_policy(pages: Iterable[bytes]) -> bytes:
    """Build the Content-Security-Policy of our pages: this server's files, and inline scripts by their hashes.

    Their libraries set inline styles, and ReDoc creates a worker from a blob for its search.
    """
    scripts = [script for html in pages for script in INLINE_SCRIPT.findall(html)]
    hashes = [f"'sha256-{base64.b64encode(hashlib.sha256(each).digest()).decode()}'" for each in scripts]
    return (
        f"default-src 'none'; script-src 'self' {' '.join(hashes)}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src blob:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ).encode()
