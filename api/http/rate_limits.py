"""How many requests a caller or an address may send: a bucket for each, which fills up again by itself.

Counted in this process alone, by the generic cell rate algorithm: of each bucket only the moment is kept at which it
will be full again. It must not know what is asked.
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
from api.settings import Settings

# Buckets kept before the older half is forgotten, which gives those the benefit of the doubt. Some 5 MB.
MOST_KEPT = 20_000

# A wrong key costs a look into the database; and who has many wrong ones is guessing.
FAILURES_WINDOW_SECONDS = 60

NO_TIME = 1e-6
"""What sums of fractions may be off by."""

STANDING = "parley.rate"
"""Where in a request's scope it stands how many more are possible, as the value of the header `RateLimit`."""


class Quota:
    """So many requests in so many seconds, for each of those who ask."""

    def __init__(self, name: str, requests: int, window_seconds: int) -> None:
        self.name = name
        self.head = f'"{name}"'.encode()
        self.window = float(window_seconds)
        self.interval = self.window / requests
        self.told = f"More than {requests} requests came in {window_seconds} s ({name})"
        self.policy = f'"{name}";q={requests};w={window_seconds}'
        # A bucket that nobody touched for a whole window is full: it need not be kept for longer.
        self.recent: dict[str, float] = {}
        self.older: dict[str, float] = {}
        self.turned_at = 0.0

    def take(self, who: str) -> bytes:
        """Take one request, and tell what is left. Raises RequestRefused where nothing is."""
        now = monotonic()
        if now - self.turned_at > self.window or len(self.recent) >= MOST_KEPT:
            self.recent, self.older, self.turned_at = {}, self.recent, now
        filling = self.interval
        if (full_at := self.recent.get(who) or self.older.get(who, 0.0)) > now:
            filling += full_at - now
        left = self.window - filling
        if left < -NO_TIME:
            self.refuse(-left)
        self.recent[who] = now + filling
        return b"%b;r=%d;t=%d" % (self.head, left / self.interval + NO_TIME, filling + 1)

    def look(self, who: str) -> None:
        """Raise RequestRefused where nothing is left, and take nothing."""
        full_at = self.recent.get(who) or self.older.get(who, 0.0)
        if (wait := full_at - monotonic() + self.interval - self.window) > NO_TIME:
            self.refuse(wait)

    def refuse(self, wait: float) -> NoReturn:
        seconds = ceil(wait)
        headers = {"Retry-After": str(seconds), "RateLimit": f'"{self.name}";r=0;t={seconds}'}
        raise RequestRefused("RATE_LIMITED", f"{self.told}; try again after {seconds} s.", headers)


class Rates:
    """The quotas of anonymous addresses, of callers, and of keys that do not count."""

    def __init__(self, settings: Settings) -> None:
        window = settings.rate_window_seconds
        self.proxies = settings.trusted_proxies
        self.anonymous = quota("anonymous", settings.anonymous_requests_per_second * window, window)
        self.keyed = quota("keyed", settings.keyed_requests_per_second * window, window)
        self.failed = quota("failed", settings.failed_keys_per_minute, FAILURES_WINDOW_SECONDS)

    @property
    def policy(self) -> str:
        """The value of the header `RateLimit-Policy`."""
        return ", ".join(each.policy for each in (self.anonymous, self.keyed) if each)

    def came(self, scope: Scope) -> None:
        """Somebody asks without a key. Raises RequestRefused."""
        if self.anonymous:
            scope[STANDING] = self.anonymous.take(address(scope, self.proxies))

    def shows(self, scope: Scope) -> None:
        """Somebody shows a key, from an address from which too many wrong ones may have come. Raises RequestRefused."""
        if self.failed:
            self.failed.look(address(scope, self.proxies))

    def failed_at(self, scope: Scope) -> None:
        """The key did not count."""
        if self.failed:
            self.failed.take(address(scope, self.proxies))

    def knows(self, scope: Scope, name: str) -> None:
        """The key counts, and is this caller's. Raises RequestRefused."""
        if self.keyed:
            scope[STANDING] = self.keyed.take(name)


def quota(name: str, requests: int, window_seconds: int) -> Quota | None:
    return Quota(name, requests, window_seconds) if requests else None


def address(scope: Scope, proxies: int) -> str:
    """Who sent a request: the peer, or whom the first of our proxies, each of which adds its own peer, was asked by.

    Whatever stands before that in the header was written by the client, and says nothing.
    """
    peer = scope["client"][0] if scope.get("client") else ""
    if proxies:
        said = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
        peer = client_address(",".join(said).split(","), proxies) or peer
    return network(peer) if ":" in peer else peer


def client_address(chain: Sequence[str], proxies: int) -> str:
    return chain[-proxies].strip() if len(chain) >= proxies else ""


@lru_cache(maxsize=MOST_KEPT)
def network(text: str) -> str:
    """Of an IPv6 address the /64, which is what one subscriber gets. Some proxies write the port as well."""
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
