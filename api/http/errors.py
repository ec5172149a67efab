"""Maps exceptions to failures, and serialises failures for GraphQL and REST.

Internals never leave the process: an unexpected exception is logged with its traceback and answered as INTERNAL.
The kinds of failure stand in `error_kinds.py`. Knows no HTTP framework.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import asyncpg

from api.http.error_kinds import KINDS, Kind
from api.postgres.unavailable import DatabaseUnavailable, RevisionUnknown
from schema.compiler.document.operation import QueryRefused
from schema.database.catalogue import DeclarationsDiffer
from schema.errors import ClocksDiffer, DomainError, Invalid, KeyNeeded, Problem, VersionConflict

log = logging.getLogger(__name__)

PROBLEM_JSON = "application/problem+json"

CHALLENGE = 'Bearer realm="parley"'
"""The WWW-Authenticate header of a 401: the scheme by which to authenticate (RFC 9110, 11.6.1)."""


@dataclass(frozen=True)
class Failure:
    """A failure to serialise: its kind, what happened, and single problems where there are several.

    `located` are GraphQL errors with locations in the document.
    """

    code: str
    detail: str
    problems: tuple[Problem, ...] = ()
    located: tuple[Mapping[str, Any], ...] = ()
    more_headers: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> Kind:
        return KINDS[self.code]

    @property
    def status(self) -> int:
        return self.kind.status

    @property
    def headers(self) -> dict[str, str]:
        wait = self.kind.retry_after_seconds
        return {**self.more_headers, **({"Retry-After": str(wait)} if wait else {})}

    def problem_json(self, instance: str) -> bytes:
        """Serialise the failure as an RFC 9457 problem; `instance` is the path of the request."""
        body: dict[str, Any] = {
            "type": f"urn:parley:problem:{self.code.lower().replace('_', '-')}",
            "title": self.kind.title,
            "status": self.status,
            "detail": self.detail,
            "instance": instance,
            "code": self.code,
        }
        body |= self.more
        if self.problems:
            body["problems"] = [problem_members(each) for each in self.problems]
        return serialise(body)

    def graphql_errors(self) -> list[dict[str, Any]]:
        """Build the `errors` of a GraphQL response."""
        if self.problems:
            return [graphql_error(each, self.code) for each in self.problems]
        located = self.located or ({"message": self.detail},)
        return [{**each, "extensions": {"code": self.code}} for each in located]


def problem_members(problem: Problem) -> dict[str, Any]:
    """List the members of a single problem: key and line only where there are these."""
    found = {"path": problem.path, "message": problem.message}
    return found | {name: each for name in ("key", "line") if (each := getattr(problem, name)) is not None}


class RequestRefused(Exception):
    """The HTTP request is refused before its query or command runs: malformed, too large, over quota …"""

    def __init__(self, code: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.headers = headers or {}


class Unauthenticated(RequestRefused):
    """The request carries an invalid key or token. The message never repeats it."""

    def __init__(self, message: str) -> None:
        # A quoted string in a header holds only printable ASCII, without quotation marks and backslashes.
        quotable = message.encode("ascii", "replace").decode().replace("\\", "?").replace('"', "'")
        challenge = f'{CHALLENGE}, error="invalid_token", error_description="{quotable}"'
        super().__init__("UNAUTHENTICATED", message, {"WWW-Authenticate": challenge})


class DocumentRefused(Exception):
    """The request is valid, but the document that it names is unknown, or not in the manifest."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class DatabaseNotMigrated(Exception):
    """The database is not at the revision that this code needs."""


def failure(error: Exception) -> Failure:
    """Map an exception to a failure. An unexpected one is logged with its traceback."""
    match error:
        case RequestRefused():
            return Failure(error.code, str(error), more_headers=error.headers)
        case DocumentRefused():
            return Failure(error.code, str(error))
        case QueryRefused():
            return Failure(error.code, str(error), located=tuple(error.errors))
        case Invalid():
            return Failure(error.code, str(error), tuple(error.problems))
        case VersionConflict():
            return Failure(error.code, str(error), more=conflict(error))
        case KeyNeeded():
            # The request carried no key, so the challenge names no error (RFC 6750, 3.1).
            return Failure(error.code, str(error), more_headers={"WWW-Authenticate": CHALLENGE})
        case ClocksDiffer():
            log.error("nothing can be written: %s", error)
            return Failure(error.code, str(error))
        case DomainError():
            return Failure(error.code, str(error))
    return database_failure(error) or log_defect(error)


def conflict(error: VersionConflict) -> dict[str, Any]:
    return {
        "currentVersion": error.current_version,
        "changedBy": error.changed_by,
        "changedAt": error.changed_at.isoformat(),
    }


def database_failure(error: Exception) -> Failure | None:
    """Map an exception of the database to a failure; None if it is another exception."""
    match error:
        case DatabaseNotMigrated() | asyncpg.UndefinedTableError() | asyncpg.UndefinedColumnError():
            log.error("the database is not migrated: %s", error)
            return Failure("DATABASE_NOT_MIGRATED", "The server's operator has to run `parley migrate`.")
        case RevisionUnknown():
            log.error("%s", error)
            problem = "The server's operator finds in its log why it cannot be migrated, and what to do."
            return Failure("DATABASE_NOT_MIGRATED", problem)
        case DeclarationsDiffer():
            log.error("the database differs from the declarations: %s", error)
            return Failure("DATABASE_DIFFERS", "The server's operator finds every difference in its log.")
        case asyncpg.LockNotAvailableError():
            return Failure("BUSY", "Somebody else holds what is asked for. Nothing was done; try again.")
        case asyncpg.QueryCanceledError():
            return Failure("TIMEOUT", "The statement was cancelled. Ask for less: smaller pages, fewer nested lists.")
        case asyncpg.ProgramLimitExceededError():
            return Failure("QUERY_TOO_COMPLEX", f"The database cannot do that in one statement: {error}.")
    if is_database_unavailable(error):
        log.error("the database is unavailable: %s", error or type(error).__name__)
        return Failure("DATABASE_UNAVAILABLE", "The database does not answer at the moment. Try again shortly.")
    return None


def is_database_unavailable(error: Exception) -> bool:
    """Tell whether an error means that the database cannot be reached or used now."""
    match error:
        case DatabaseUnavailable() | OSError() | asyncpg.PostgresConnectionError():
            return True
        case asyncpg.OperatorInterventionError() | asyncpg.InsufficientResourcesError():
            return True
        case asyncpg.InterfaceError():
            # asyncpg raises this class for a lost connection, and for misuse of one, which would be a defect of ours.
            return "is clos" in str(error)
        case asyncpg.InternalClientError():
            # The server announced the end of a pooled connection, and a request took it while the driver was still
            # reading that message (its state 2).
            return "another operation (2) is in progress" in str(error)
    return False


def log_defect(error: Exception) -> Failure:
    log.error("unexpected failure", exc_info=error)
    return Failure("INTERNAL", "It has been logged.")


def graphql_error(problem: Problem, code: str) -> dict[str, Any]:
    """Convert a problem to a GraphQL error, whose path is the response key of the root field."""
    root = problem.path.partition(".")[0].partition("[")[0]
    error: dict[str, Any] = {"message": str(problem)}
    if root:
        error["path"] = [root]
    return {**error, "extensions": {"code": code}}


def serialise(body: Any) -> bytes:
    """Serialise JSON."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
