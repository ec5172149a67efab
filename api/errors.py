"""How failures are told: one table of their kinds, and one place that maps exceptions to them.

Internals never leave the process: what nobody expected is logged with its traceback and told as a defect.
`docs/errors.md` shows `table()`; a test compares the two. Knows no HTTP framework.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import asyncpg

from api.unavailable import DatabaseUnavailable, RevisionUnknown
from schema.catalogue import DeclarationsDiffer
from schema.errors import Conflict, DomainError, Invalid, KeyNeeded, Problem
from schema.operation import QueryRefused

log = logging.getLogger(__name__)

PROBLEM_JSON = "application/problem+json"

CHALLENGE = 'Bearer realm="parley"'
"""How a 401 says in which way to say who asks (RFC 9110, 11.6.1)."""


@dataclass(frozen=True)
class Kind:
    """A kind of failure: its HTTP status, its title, when it occurs and what the caller does about it."""

    status: int
    title: str
    when: str
    cure: str
    retry_after_seconds: int | None = None


KINDS: Mapping[str, Kind] = {
    "BAD_REQUEST": Kind(
        400,
        "The request cannot be read",
        "The body is no JSON object, for GraphQL with a `query`, or the query string is not percent-encoded UTF-8.",
        "Send what the message asks for.",
    ),
    "GRAPHQL_PARSE_FAILED": Kind(
        400,
        "The document is not GraphQL",
        "The GraphQL document has a syntax error, or is nested too deeply.",
        "Mend it at the line and column in `locations`.",
    ),
    "GRAPHQL_VALIDATION_FAILED": Kind(
        400,
        "The document does not fit the schema",
        "A field, argument, type or enum value does not exist or is used wrongly; there are no subscriptions.",
        "Compare with the schema in GraphiQL or `openapi/schema.graphql`.",
    ),
    "OPERATION_RESOLUTION_FAILED": Kind(
        400,
        "It is not clear which operation to run",
        "The document has several operations or none, or not the one in `operationName`.",
        "Name one of the document's operations in `operationName`.",
    ),
    "BAD_USER_INPUT": Kind(
        400,
        "A value cannot be accepted",
        "A variable, argument, URL parameter, header or member of a body has a wrong type or value: a malformed id or "
        "date, a page size outside 1 to 100, a cursor of another list, an unknown enum value or parameter.",
        "Correct every value listed; each problem names its place.",
    ),
    "QUERY_TOO_COMPLEX": Kind(
        400,
        "The query asks for too much at once",
        "The document is longer, deeper or wider than this server allows, or its lists could give more values; "
        "`docs/limits.md` has the numbers. Or the query goes beyond what PostgreSQL does in one statement, such as "
        "1,664 fields of one object.",
        "Ask for less at once, for smaller pages, or in several requests.",
    ),
    "UNAUTHENTICATED": Kind(
        401,
        "It is not clear who asks",
        "What was shown as `Authorization` does not count: unknown, expired, revoked, malformed or for another "
        "server. It is refused even where no key is needed, by GraphQL with problem+json too. Or nothing was shown "
        "where a key is needed.",
        "Send a valid key as `Authorization: Bearer …`, or, for what all may read, no `Authorization` at all.",
    ),
    "NOT_ALLOWED": Kind(
        403,
        "This is not allowed",
        "The caller is known but may not do this.",
        "Ask the server's operator for the right.",
    ),
    "DOCUMENT_NOT_TRUSTED": Kind(
        403,
        "This server does not take this document",
        "With `PARLEY_TRUSTED_DOCUMENTS_ONLY`, GraphQL answers the documents of the operator's manifest and no others; "
        "GraphiQL is not served. REST goes on.",
        "Send a document of the manifest, best by its id; or ask the operator to add this one.",
    ),
    "PERSISTED_QUERY_NOT_FOUND": Kind(
        404,
        "No document is known by that name",
        "`documentId` or `extensions.persistedQuery` names a document that is neither in the manifest nor was sent to "
        "this process lately. The message is always `PersistedQueryNotFound`, which clients look for.",
        "Send the text with its hash once, as Apollo Client and urql do by themselves.",
    ),
    "NOT_FOUND": Kind(
        404,
        "There is no such thing",
        "No record of that type has the id or key, or it did not count yet at `asOf`; or the server has no such path. "
        "In GraphQL the field is null and the rest of the answer stands.",
        "Check the id, key or path, and `asOf` and `knownAt`.",
    ),
    "METHOD_NOT_ALLOWED": Kind(
        405,
        "The method is not allowed here",
        "The path exists, but not for this HTTP method.",
        "Use a method that the `Allow` header lists.",
    ),
    "NOT_ACCEPTABLE": Kind(
        406,
        "No acceptable answer can be given",
        "The `Accept` header of a GraphQL request excludes JSON.",
        "Accept `application/json` or `application/graphql-response+json`.",
    ),
    "REQUEST_TIMEOUT": Kind(
        408,
        "The request came too slowly",
        "The request was not whole after `PARLEY_REQUEST_TIMEOUT_SECONDS`. The connection is closed.",
        "Send it again, at once and whole.",
    ),
    "CONFLICT": Kind(
        412,
        "The record has changed since it was read",
        "A change was based on an older version of the record; `currentVersion`, `changedBy` and `changedAt` say more. "
        "In a mutation it is one of the `problems`.",
        "Read the record again and repeat the change on its current version.",
    ),
    "IDEMPOTENCY_KEY_REUSED": Kind(
        422,
        "The Idempotency-Key belongs to another request",
        "A write came with an `Idempotency-Key` that came with another write before.",
        "Take a new key for each new write; repeat the same one only with the same request.",
    ),
    "PRECONDITION_REQUIRED": Kind(
        428,
        "The version that was seen is missing",
        "A REST request changes a record without saying in `If-Match` which version it has seen.",
        'Send `If-Match: "<version>"`, with the `version` or the `ETag` of what was read.',
    ),
    "TOO_LARGE": Kind(
        413,
        "The request is too large",
        "The body is larger than `PARLEY_LARGEST_BODY_BYTES`, or the variables of a GraphQL request without a key are "
        "larger than `PARLEY_LARGEST_VARIABLES_BYTES`.",
        "Ask for less at once, or with a key; part the dossier.",
    ),
    "URL_TOO_LONG": Kind(
        414,
        "The URL is too long",
        "The URL is longer than `PARLEY_LONGEST_URL_BYTES`. The connection is closed.",
        "Send the query by POST; ask for less at once.",
    ),
    "HEADERS_TOO_LARGE": Kind(
        431,
        "The headers are too large",
        "The URL and the headers are larger than `PARLEY_LARGEST_HEAD_BYTES` together, or there are more than 100 "
        "headers. The connection is closed.",
        "Send fewer or smaller headers, such as cookies.",
    ),
    "UNSUPPORTED_MEDIA_TYPE": Kind(
        415,
        "The body is of the wrong type",
        "The body is not declared as `application/json` in UTF-8; a `PATCH` takes `application/merge-patch+json` too, "
        "and `POST /v1/dossiers` takes `application/yaml`.",
        "Send the right `Content-Type`; `Accept-Patch` and `Accept-Post` list what is possible.",
    ),
    "RATE_LIMITED": Kind(
        429,
        "Too many requests",
        "More requests came than `RateLimit-Policy` allows an address without a key, or one caller; or too many keys "
        "that do not count came from one address. `RateLimit` tells on every answer how many are left.",
        "Try again after the seconds in `Retry-After`. A key has a quota of its own.",
    ),
    "INTERNAL": Kind(
        500,
        "Something is wrong in this server",
        "A defect. What happened is in the server's log.",
        "Report it with the time of the request.",
    ),
    "DATABASE_UNAVAILABLE": Kind(
        503,
        "The database cannot be reached",
        "PostgreSQL is down, restarting, out of connections or does not answer in time.",
        "Try again after the seconds in `Retry-After`.",
        retry_after_seconds=5,
    ),
    "DATABASE_NOT_MIGRATED": Kind(
        503,
        "The database is not at the revision that this server needs",
        "A new server meets an older database, or one that is empty.",
        "The operator runs `parley migrate`; the server needs no restart.",
        retry_after_seconds=30,
    ),
    "DATABASE_DIFFERS": Kind(
        503,
        "The database is not laid out as this server needs",
        "Somebody changed tables, columns or types by hand. The server's log lists every difference.",
        "The operator undoes what the log lists.",
        retry_after_seconds=30,
    ),
    "ISSUER_UNAVAILABLE": Kind(
        503,
        "The token cannot be checked now",
        "The OpenID Connect issuer's keys cannot be fetched. API keys and reads without a token are not affected.",
        "Try again after the seconds in `Retry-After`.",
        retry_after_seconds=5,
    ),
    "BUSY": Kind(
        503,
        "Too many ask at once",
        "A request waited for others for as long as it may: a write for its turn, any for a connection to the "
        "database (`PARLEY_ACQUIRE_TIMEOUT_SECONDS`) or for a lock there (`PARLEY_LOCK_TIMEOUT_SECONDS`). Or the "
        "server holds as many connections as `PARLEY_MOST_CONNECTIONS` allows.",
        "Repeat it after the seconds in `Retry-After`, best with the same `Idempotency-Key`.",
        retry_after_seconds=2,
    ),
    "TIMEOUT": Kind(
        503,
        "The answer took too long",
        "The database statement ran longer than `PARLEY_STATEMENT_TIMEOUT_SECONDS` and was cancelled.",
        "Ask for less at once: smaller pages, fewer nested lists.",
    ),
}
"""Every code that a client can meet, by status. A code keeps its meaning for ever."""


@dataclass(frozen=True)
class Failure:
    """A failure as it is told: its kind, what happened, and single problems where there are several.

    `located` are GraphQL errors that know their place in the document.
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
        """The body of an RFC 9457 problem; `instance` is the path that was asked for."""
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
            body["problems"] = [{"path": each.path, "message": each.message} for each in self.problems]
        return encoded(body)

    def graphql_errors(self) -> list[dict[str, Any]]:
        """The `errors` of a GraphQL response."""
        if self.problems:
            return [graphql_error(each, self.code) for each in self.problems]
        located = self.located or ({"message": self.detail},)
        return [{**each, "extensions": {"code": self.code}} for each in located]


class RequestRefused(Exception):
    """The HTTP request itself cannot be read, whatever it asks."""

    def __init__(self, code: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.headers = headers or {}


class Unauthenticated(RequestRefused):
    """The request shows a key or token that does not count. The message never repeats it."""

    def __init__(self, message: str) -> None:
        # In a header's quoted text only printable ASCII may stand, and neither a quotation mark nor a backslash.
        quotable = message.encode("ascii", "replace").decode().replace("\\", "?").replace('"', "'")
        challenge = f'{CHALLENGE}, error="invalid_token", error_description="{quotable}"'
        super().__init__("UNAUTHENTICATED", message, {"WWW-Authenticate": challenge})


class DocumentRefused(Exception):
    """The request can be read, but the document that it asks for is not known here, or not taken."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class DatabaseNotMigrated(Exception):
    """The database is not at the revision that this code needs."""


def failure(error: Exception) -> Failure:
    """How an exception is told. What nobody expected is logged with its traceback."""
    match error:
        case RequestRefused():
            return Failure(error.code, str(error), more_headers=error.headers)
        case DocumentRefused():
            return Failure(error.code, str(error))
        case QueryRefused():
            return Failure(error.code, str(error), located=tuple(error.errors))
        case Invalid():
            return Failure(error.code, str(error), tuple(error.problems))
        case Conflict():
            return Failure(error.code, str(error), more=conflict(error))
        case KeyNeeded():
            # Nothing was shown, so that the challenge names no fault (RFC 6750, 3.1).
            return Failure(error.code, str(error), more_headers={"WWW-Authenticate": CHALLENGE})
        case DomainError():
            return Failure(error.code, str(error))
    return database_failure(error) or defect(error)


def conflict(error: Conflict) -> dict[str, Any]:
    return {
        "currentVersion": error.current_version,
        "changedBy": error.changed_by,
        "changedAt": error.changed_at.isoformat(),
    }


def database_failure(error: Exception) -> Failure | None:
    """How a failure of the database is told; None if it is something else."""
    match error:
        case DatabaseNotMigrated() | asyncpg.UndefinedTableError() | asyncpg.UndefinedColumnError():
            log.error("the database is not migrated: %s", error)
            return Failure("DATABASE_NOT_MIGRATED", "The server's operator has to run `parley migrate`.")
        case RevisionUnknown():
            log.error("%s", error)
            told = "The server's operator finds in its log why it cannot be migrated, and what to do."
            return Failure("DATABASE_NOT_MIGRATED", told)
        case DeclarationsDiffer():
            log.error("the database differs from the declarations: %s", error)
            return Failure("DATABASE_DIFFERS", "The server's operator finds every difference in its log.")
        case asyncpg.LockNotAvailableError():
            return Failure("BUSY", "Somebody else holds what is asked for. Nothing was done; try again.")
        case asyncpg.QueryCanceledError():
            return Failure("TIMEOUT", "The statement was cancelled. Ask for less: smaller pages, fewer nested lists.")
        case asyncpg.ProgramLimitExceededError():
            return Failure("QUERY_TOO_COMPLEX", f"The database cannot do that in one statement: {error}.")
    if is_absent(error):
        log.error("the database is unavailable: %s", error or type(error).__name__)
        return Failure("DATABASE_UNAVAILABLE", "The database does not answer at the moment. Try again shortly.")
    return None


def is_absent(error: Exception) -> bool:
    """Whether an error means that the database is not there for us now."""
    match error:
        case DatabaseUnavailable() | OSError() | asyncpg.PostgresConnectionError():
            return True
        case asyncpg.OperatorInterventionError() | asyncpg.InsufficientResourcesError():
            return True
        case asyncpg.InterfaceError():
            # One class for a connection that was lost and for our own misuse of one, which is a defect.
            return "is clos" in str(error)
        case asyncpg.InternalClientError():
            # A connection of the pool was told that it ends, and taken before it had ended: the driver was still
            # reading the message (its state 2).
            return "another operation (2) is in progress" in str(error)
    return False


def defect(error: Exception) -> Failure:
    log.error("unexpected failure", exc_info=error)
    return Failure("INTERNAL", "It has been logged.")


def graphql_error(problem: Problem, code: str) -> dict[str, Any]:
    """One problem as a GraphQL error; its path begins with the response key of the root field."""
    root = problem.path.partition(".")[0].partition("[")[0]
    error: dict[str, Any] = {"message": str(problem)}
    if root:
        error["path"] = [root]
    return {**error, "extensions": {"code": code}}


def encoded(body: Any) -> bytes:
    """JSON as it travels. Half of a surrogate pair, which a client may send and we quote, becomes a `?`."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def table() -> str:
    """All kinds as the Markdown table of `docs/errors.md`."""
    rows = ["| code | status | when | what to do |", "| --- | --- | --- | --- |"]
    rows += [f"| `{code}` | {kind.status} | {kind.when} | {kind.cure} |" for code, kind in KINDS.items()]
    return "\n".join(rows) + "\n"
