"""The headers of every answer, whatever it says: what a browser may do with it, and whose pages may read it.

They are put together once, at the start.
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
"""Of what is no page: nothing is loaded because of it."""

EXPOSED = "ETag, Link, Location, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate"
"""The headers that a page of another origin may read."""


def fixed(settings: Settings) -> Headers:
    """The headers of every answer, but the policy of a page."""
    found = [
        (b"x-content-type-options", b"nosniff"),
        (b"x-frame-options", b"DENY"),
        (b"referrer-policy", b"no-referrer"),
        # What loads without asking, such as an image, is for our pages only; other origins ask by CORS.
        (b"cross-origin-resource-policy", b"same-origin"),
    ]
    if settings.hsts_seconds:
        found += [(b"strict-transport-security", f"max-age={settings.hsts_seconds}; includeSubDomains".encode())]
    if "*" in settings.origins:
        # On every answer, so that a cache may give the same one to all.
        found += [(b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", EXPOSED.encode())]
    elif settings.origins:
        found += [(b"vary", b"origin")]
    return found


def page_policy(pages: Iterable[bytes]) -> bytes:
    """What our pages may load: what this server gives, and the scripts that are written in them, by their hashes.

    Their libraries set styles inline, and ReDoc searches in a worker that it makes itself.
    """
    scripts = [script for html in pages for script in INLINE_SCRIPT.findall(html)]
    hashes = [f"'sha256-{base64.b64encode(hashlib.sha256(each).digest()).decode()}'" for each in scripts]
    return (
        f"default-src 'none'; script-src 'self' {' '.join(hashes)}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src blob:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ).encode()
