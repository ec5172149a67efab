"""Finds the endpoint of a path under /v1 by one dictionary lookup; a framework tries one pattern after the other.

It must not know what is answered.
"""

from __future__ import annotations

from collections.abc import Mapping

from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

NAMED = 3
"""The index of the path segment that may be a parameter: /v1/talks/{by}, /v1/talks/{id}/retract."""


class Methods:
    """The endpoints of one path, by method. HEAD uses the endpoint of GET; the server leaves out the body."""

    def __init__(self, by_method: Mapping[str, ASGIApp]) -> None:
        self.by_method = dict(by_method)
        if "GET" in by_method:
            self.by_method["HEAD"] = by_method["GET"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.by_method[scope["method"]](scope, receive, send)


class Router:
    """The endpoints of all paths and methods."""

    def __init__(self, found: Mapping[tuple[str, str], ASGIApp]) -> None:
        by_path: dict[str, dict[str, ASGIApp]] = {}
        for (path, method), each in found.items():
            by_path.setdefault(path, {})[method] = each
        self.all = {path: Methods(each) for path, each in by_path.items()}
        self.plain = {path: each for path, each in self.all.items() if "{" not in path}
        self.named = {
            path_shape(path): (read_parameter_name(path), each) for path, each in self.all.items() if "{" in path
        }

    def find(self, scope: Scope) -> ASGIApp | None:
        """Find the endpoint of a request, None where there is none, and store its path parameter in the scope."""
        path = scope["path"]
        if (methods := self.plain.get(path)) is None:
            parts = path.split("/")
            found = self.named.get((*parts[:NAMED], None, *parts[NAMED + 1 :])) if parts[NAMED:] else None
            if found is None or not parts[NAMED]:
                return None
            name, methods = found
            scope["path_params"] = {name: parts[NAMED]}
        return methods.by_method.get(scope["method"])

    def routes(self) -> list[Route]:
        """List the same endpoints as routes of the framework, which answers 405 for a method that a path lacks."""
        return [Route(path, each, methods=list(each.by_method)) for path, each in self.all.items()]


def path_shape(path: str) -> tuple[str | None, ...]:
    return tuple(None if index == NAMED else part for index, part in enumerate(path.split("/")))


def read_parameter_name(path: str) -> str:
    """Read the name of the path parameter. Raises ValueError where another segment is a parameter."""
    parts = path.split("/")
    if "{" in "".join((*parts[:NAMED], *parts[NAMED + 1 :])):
        raise ValueError(f"{path}: only its part {NAMED} can be a name")
    return parts[NAMED].strip("{}")
