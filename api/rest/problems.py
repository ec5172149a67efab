"""Answers failures as RFC 9457 problems."""

from __future__ import annotations

from starlette.responses import Response
from starlette.types import Scope

from api.http.errors import PROBLEM_JSON, failure


def problem_response(scope: Scope, error: Exception) -> Response:
    """Build the response to an exception: an RFC 9457 problem."""
    problem = failure(error)
    instance = scope.get("raw_path", b"").decode("latin-1") or scope["path"]
    return Response(problem.problem_json(instance), problem.status, headers=problem.headers, media_type=PROBLEM_JSON)
