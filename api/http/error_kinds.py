"""The kinds of failure that a client can meet: status, title, cause and cure of each code.

`docs/errors.md` shows `table()`; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


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
        "and `POST /v1/dossiers` takes `application/yaml`. Or it is packed, as its `Content-Encoding` says.",
        "Send the right `Content-Type`; `Accept-Patch` and `Accept-Post` list what is possible.",
    ),
    "RATE_LIMITED": Kind(
        429,
        "Too many requests",
        "More requests came than `RateLimit-Policy` allows an address without a key, or one caller; or too many keys "
        "that do not count came from one address. `RateLimit` tells on every answer how many are left. Or its reads "
        "took more of the database's time than `PARLEY_DATABASE_SHARE` allows while others ask too.",
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
    "CLOCKS_DIFFER": Kind(
        503,
        "The clocks differ",
        "A write would be stamped more than `PARLEY_CLOCK_TOLERANCE_SECONDS` from the server's own time: the clock of "
        "the database is wrong, or was when the newest revision was written. Nothing was done; reads go on.",
        "The server's operator has to set the clocks; then try again.",
        retry_after_seconds=60,
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


def table() -> str:
    """Render all kinds as the Markdown table of `docs/errors.md`."""
    rows = ["| code | status | when | what to do |", "| --- | --- | --- | --- |"]
    rows += [f"| `{code}` | {kind.status} | {kind.when} | {kind.cure} |" for code, kind in KINDS.items()]
    return "\n".join(rows) + "\n"
