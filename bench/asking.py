"""One request at a time, for checks: what load is, `load.py` knows."""

from __future__ import annotations

import http.client
import json
from typing import Any

TIMEOUT_SECONDS = 60


def post(port: int, body: dict[str, Any]) -> Any:
    """The answer to a GraphQL request. Raises OSError where nobody answers."""
    return json.loads(asked(port, "POST", "/graphql", json.dumps(body).encode()))


def get(port: int, path: str) -> Any:
    return json.loads(asked(port, "GET", path, None))


def asked(port: int, method: str, path: str, body: bytes | None) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request(method, path, body, {"Content-Type": "application/json", "Accept": "application/json"})
        return connection.getresponse().read()
    finally:
        connection.close()
