"""Tells failures as RFC 9457 problems."""

from __future__ import annotations

from starlette.responses import Response
from starlette.types import Scope

from api.http.errors import PROBLEM_JSON, failure


def problem(scope: Scope, error: Exception) -> Response:
    """Any failure as an RFC 9457 problem."""
    told = failure(error)
    instance = scope.get("raw_path", b"").decode("latin-1") or scope["path"]
    return Response(told.problem_json(instance), told.status, headers=told.headers, media_type=PROBLEM_JSON)
