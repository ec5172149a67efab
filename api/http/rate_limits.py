"""Rate limits: a token bucket for each caller and each address.

This process counts alone, by the generic cell rate algorithm: it stores for each bucket only the time at which it will
be full again. This module must not know what is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from math import ceil
from time import monotonic
from typing import NoReturn

from starlette.types import Scope

from api.http.errors import RequestRefused
from api.postgres.shares import Client
from api.settings import Settings

# Buckets in one generation before the older generation is dropped, whose callers then begin with a full bucket.
# Some 5 MB.
MOST_BUCKETS = 20_000

# A wrong key costs a database query, and a client with many wrong keys is guessing.
FAILURES_WINDOW_SECONDS = 60

NO_TIME = 1e-6
"""Seconds: the tolerance for rounding errors in sums of floats."""

QUOTA_KEY = "parley.rate"
"""The key in an ASGI scope under which the value of the header `RateLimit` is stored."""

CLIENT_KEY = "parley.client"
"""The key in an ASGI scope under which the address or the caller stands whose request it is."""

WRITER_KEY = "parley.writer"
"""The key in an ASGI scope under which that stands which writes the answer, and knows when the client hung up."""


class Quota:
    """A limit of so many requests in so many seconds, for each client."""

    def __init__(self, name: str, requests: int, window_seconds: int) -> None:
        self.name = name
        self.head = f'"{name}"'.encode()
        self.window = float(window_seconds)
        self.interval = self.window / requests
        self.message = f"More than {requests} requests came in {window_seconds} s ({name})"
        self.policy = f'"{name}";q={requests};w={window_seconds}'
        # A bucket that was not used for a whole window is full again, and need not be stored.
        self.recent: dict[str, float] = {}
        self.older: dict[str, float] = {}
        self.turned_at = 0.0

    def take(self, who: str) -> bytes:
        """Count one request, and return the value of `RateLimit`. Raises RequestRefused where none is left."""
        now = monotonic()
        if now - self.turned_at > self.window or len(self.recent) >= MOST_BUCKETS:
            self.recent, self.older, self.turned_at = {}, self.recent, now
        filling = self.interval
        if (full_at := self.recent.get(who) or self.older.get(who, 0.0)) > now:
            filling += full_at - now
        left = self.window - filling
        if left < -NO_TIME:
            self.refuse(-left)
        self.recent[who] = now + filling
        return b"%b;r=%d;t=%d" % (self.head, left / self.interval + NO_TIME, filling + 1)

    def check(self, who: str) -> None:
        """Raise RequestRefused where no request is left. Counts nothing."""
        full_at = self.recent.get(who) or self.older.get(who, 0.0)
        if (wait := full_at - monotonic() + self.interval - self.window) > NO_TIME:
            self.refuse(wait)

    def refuse(self, wait: float) -> NoReturn:
        seconds = ceil(wait)
        headers = {"Retry-After": str(seconds), "RateLimit": f'"{self.name}";r=0;t={seconds}'}
        raise RequestRefused("RATE_LIMITED", f"{self.message}; try again after {seconds} s.", headers)


class Rates:
    """The quotas of anonymous addresses, of callers, and of invalid keys."""

    def __init__(self, settings: Settings) -> None:
        window = settings.rate_window_seconds
        self.proxies = settings.trusted_proxies
        self.anonymous = build_quota("anonymous", settings.anonymous_requests_per_second * window, window)
        self.keyed = build_quota("keyed", settings.keyed_requests_per_second * window, window)
        self.failed = build_quota("failed", settings.failed_keys_per_minute, FAILURES_WINDOW_SECONDS)

    @property
    def policy(self) -> str:
        """The value of the header `RateLimit-Policy`."""
        return ", ".join(each.policy for each in (self.anonymous, self.keyed) if each)

    def count_anonymous(self, scope: Scope) -> None:
        """Count a request without a key. Raises RequestRefused."""
        scope[CLIENT_KEY] = address = client_address(scope, self.proxies)
        if self.anonymous:
            scope[QUOTA_KEY] = self.anonymous.take(address)

    def check_failed_keys(self, scope: Scope) -> None:
        """Raise RequestRefused where too many invalid keys came from the address of a request."""
        if self.failed:
            self.failed.check(client_address(scope, self.proxies))

    def count_failed_key(self, scope: Scope) -> None:
        """Count an invalid key against the address of a request."""
        if self.failed:
            self.failed.take(client_address(scope, self.proxies))

    def count_caller(self, scope: Scope, name: str) -> None:
        """Count a request of an authenticated caller. Raises RequestRefused."""
        scope[CLIENT_KEY] = f"key {name}"
        if self.keyed:
            scope[QUOTA_KEY] = self.keyed.take(name)


def client_of(scope: Scope) -> Client:
    """Give the client of a counted request."""
    return Client(scope[CLIENT_KEY], scope.get(WRITER_KEY))


def build_quota(name: str, requests: int, window_seconds: int) -> Quota | None:
    return Quota(name, requests, window_seconds) if requests else None


def client_address(scope: Scope, proxies: int) -> str:
    """Return the client's address: the peer, or, behind N proxies, the Nth entry of X-Forwarded-For from the right.

    Entries further left were written by the client and are not trusted.
    """
    peer = scope["client"][0] if scope.get("client") else ""
    if proxies:
        said = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
        peer = forwarded_address(",".join(said).split(","), proxies) or peer
    return network(peer) if ":" in peer else peer


def forwarded_address(chain: Sequence[str], proxies: int) -> str:
    return chain[-proxies].strip() if len(chain) >= proxies else ""


@lru_cache(maxsize=MOST_BUCKETS)
def network(text: str) -> str:
    """Reduce an IPv6 address to its /64, the network of one subscriber. Strips the port that some proxies add."""
    host, _, port = text.rpartition(":")
    if port.isdigit() and ("." in host or host.endswith("]")):
        text = host.strip("[]")
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return text
    if not isinstance(found, IPv6Address):
        return text
    return str(found.ipv4_mapped or IPv6Address(int(found) >> 64 << 64))
