"""How failures are told: one table from the domain's errors to HTTP and GraphQL.

Internals never leave the process: what is not in the table is logged and told as a defect.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import asyncpg

from api.unavailable import DatabaseUnavailable
from schema.compile import QueryRefused
from schema.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound, Problem

log = logging.getLogger(__name__)

PROBLEM_JSON = "application/problem+json"


@dataclass(frozen=True)
class Failure:
    """A failure as it is told: HTTP status, stable code, a title for the kind and what happened."""

    status: int
    code: str
    title: str
    detail: str
    problems: tuple[Problem, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def problem_json(self, instance: str) -> bytes:
        """The body of an RFC 9457 problem."""
        body: dict[str, Any] = {
            "type": f"urn:parley:problem:{self.code.lower().replace('_', '-')}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "instance": instance,
            "code": self.code,
        }
        if self.problems:
            body["problems"] = [{"path": each.path, "message": each.message} for each in self.problems]
        return encoded(body)

    def graphql_errors(self) -> list[dict[str, Any]]:
        """The `errors` of a GraphQL response."""
        if not self.problems:
            return [{"message": self.detail, "extensions": {"code": self.code}}]
        return [graphql_error(each, self.code) for each in self.problems]


TITLES: Mapping[type[DomainError], tuple[int, str]] = {
    NotFound: (404, "There is no such thing"),
    Conflict: (409, "The record has changed since it was read"),
    NotAllowed: (403, "This is not allowed"),
    Invalid: (400, "The input cannot be accepted"),
    QueryRefused: (400, "The query cannot be run"),
}

UNAVAILABLE = Failure(
    503, "DATABASE_UNAVAILABLE", "The database cannot be reached",
    "The database does not answer at the moment. Try again shortly.", headers={"Retry-After": "5"},
)  # fmt: skip
UNMIGRATED = Failure(
    503, "DATABASE_NOT_MIGRATED", "The database is not at the revision that this server needs",
    "The server's operator has to run `parley migrate`.", headers={"Retry-After": "30"},
)  # fmt: skip
TOO_SLOW = Failure(
    503, "TIMEOUT", "The answer took too long",
    "The statement was cancelled. Ask for less at once: smaller pages, fewer nested lists.",
)  # fmt: skip
DEFECT = Failure(500, "INTERNAL", "Something is wrong in this server", "It has been logged.")


class DatabaseNotMigrated(Exception):
    """The database is not at the revision that this code needs."""


def failure(error: Exception) -> Failure:
    """How an exception is told. What nobody expected is logged with its traceback."""
    match error:
        case DomainError():
            status, title = TITLES[type(error)]
            problems = error.problems if isinstance(error, Invalid) else ()
            return Failure(status, error.code, title, str(error), tuple(problems))
        case DatabaseNotMigrated() | asyncpg.UndefinedTableError() | asyncpg.UndefinedColumnError():
            log.error("the database is not migrated: %s", error)
            return UNMIGRATED
        case asyncpg.QueryCanceledError():
            return TOO_SLOW
        case (
            DatabaseUnavailable()
            | OSError()
            | asyncpg.InterfaceError()
            | asyncpg.PostgresConnectionError()
            | (asyncpg.OperatorInterventionError())
            | asyncpg.InsufficientResourcesError()
        ):
            log.error("the database is unavailable: %s", error)
            return UNAVAILABLE
    log.error("unexpected failure", exc_info=error)
    return DEFECT


def graphql_error(problem: Problem, code: str) -> dict[str, Any]:
    """One problem as a GraphQL error; its path begins with the response key of the root field."""
    root = problem.path.partition(".")[0].partition("[")[0]
    error: dict[str, Any] = {"message": str(problem)}
    if root:
        error["path"] = [root]
    return {**error, "extensions": {"code": code}}


def encoded(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
