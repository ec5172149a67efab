"""Compares the answers of all servers, and shows the differences. Measures nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from difflib import unified_diff
from itertools import islice
from typing import Any

from bench.asking import get, post
from bench.documents import COUNTER, LAST, OURS
from bench.servers import Server
from bench.workloads import Workload

ASKED = 12
"""Requests of each workload that are compared."""


class DisagreementError(Exception):
    """Two servers answer differently, or one does not answer."""


def prepare(asked: Sequence[Workload], servers: Sequence[Server]) -> list[Workload]:
    """Give workloads their cursors, and compare the answers of all servers. Raises DisagreementError."""
    found = [with_cursors(each, servers) if needs_cursors(each) else each for each in asked]
    for each in found:
        check(each, servers)
    print(f"{len(found)} workloads: all servers agree", flush=True)
    return found


def check(workload: Workload, servers: Sequence[Server]) -> None:
    """Raises DisagreementError."""
    by_name = {server.name: server for server in servers}
    asked = [by_name[name] for name in workload.servers if name in by_name]
    answers = {server.name: list(islice(answered(server, workload), ASKED)) for server in asked}
    first, *others = answers
    for other in others:
        for mine, theirs in zip(answers[first], answers[other], strict=True):
            if mine != theirs:
                raise DisagreementError(f"{workload.name}: {first} and {other} differ\n{difference(mine, theirs)}")


def answered(server: Server, workload: Workload) -> Any:
    for request in workload.requests(server.name):
        found = get(server.port, request) if workload.paths else post(server.port, without_counter(request))
        wrong = found.get("errors") or (None if workload.paths else not found.get("data"))
        if wrong or (workload.paths and "status" in found and "detail" in found):
            raise DisagreementError(f"{workload.name}: {server.name} answers {json.dumps(found)[:2000]}")
        yield found if workload.paths else plain(found["data"])


def without_counter(request: str) -> Any:
    return json.loads(request.replace(COUNTER, "0"))


def plain(value: Any) -> Any:
    """An answer without what may differ: how a list is wrapped, what a cursor looks like."""
    if isinstance(value, Mapping):
        if set(value) == {"nodes"}:
            return plain(value["nodes"])
        return {name: plain(each) for name, each in value.items() if name not in ("endCursor", "cursor")}
    return [plain(each) for each in value] if isinstance(value, list) else value


def difference(mine: Any, theirs: Any) -> str:
    one, other = (json.dumps(each, indent=1, ensure_ascii=False).splitlines() for each in (mine, theirs))
    return "\n".join(islice(unified_diff(one, other, lineterm="", n=2), 60))


def deep_cursors(server: Server) -> list[str]:
    """The cursors of the last statements but a page, which is what a deep page comes after."""
    edges = post(server.port, {"query": LAST[server.name]})["data"]["statements"]["edges"]
    return [edge["cursor"] for edge in edges[:-25]]


def with_cursors(workload: Workload, servers: Sequence[Server]) -> Workload:
    """A workload that pages by cursor, with those of each server."""
    return workload.at({server.name: deep_cursors(server) for server in servers if server.name in LAST})


def needs_cursors(workload: Workload) -> bool:
    return "$after" in workload.documents.get(OURS, "")
