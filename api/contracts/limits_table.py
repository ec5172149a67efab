"""Renders every limit on size, number and time as the table of `docs/limits.md`.

The settings declare the limits that an operator may choose; the others are listed here.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

from api.http.error_kinds import KINDS
from api.settings import Settings


@dataclass(frozen=True)
class Fixed:
    """A limit that is no setting: its constant, its meaning, and the error code, or the effect if it is no error."""

    constant: str
    meaning: str
    error: str

    @property
    def value(self) -> float:
        module, _, name = self.constant.rpartition(".")
        found: float = getattr(import_module(module), name)
        return found


CLOSED = "the connection is closed"

FIXED = (
    Fixed(
        "schema.declare.page_sizes.LARGEST_PAGE",
        "How many items of a list an answer holds, `first` and `last`; and how many ids `nodes` takes.",
        "BAD_USER_INPUT",
    ),
    Fixed(
        "schema.compiler.document.cost.MOST_COMPARISONS",
        "How many steps it may take to see whether the fields that a GraphQL document asks for under one name agree. "
        "It is each with each: some hundred places of one field.",
        "QUERY_TOO_COMPLEX",
    ),
    Fixed(
        "schema.compiler.document.cost.LONGEST_CHAIN",
        "How deep the fragments of a GraphQL document may be spread within fragments.",
        "QUERY_TOO_COMPLEX",
    ),
    Fixed(
        "schema.compiler.document.cost.MOST_TERMS",
        "How many products of page sizes that are variables the cost of a GraphQL document has.",
        "each counts as the largest page",
    ),
    Fixed(
        "schema.compiler.document.cost.LARGEST_NUMBER",
        "How far a GraphQL document's fields, aliases, directives and cost are counted.",
        "the message says `or more`",
    ),
    Fixed(
        "schema.compiler.sql.parameters.MOST_SUBSELECTS",
        "How many subselects the SQL of an operation may have; `knownAt` counts twice.",
        "BAD_USER_INPUT",
    ),
    Fixed(
        "schema.compiler.plan.effort.MOST_STEPS",
        "How many fields, conditions and values the SQL of an operation may be made of. A variable counts wherever it "
        "is used, with all that it holds.",
        "BAD_USER_INPUT",
    ),
    Fixed("schema.declare.connections.MOST_GROUPS", "How many groups an answer holds.", "the largest are given"),
    Fixed(
        "schema.derive.search_types.LONGEST_SEARCH",
        "How many characters the text of a search may have.",
        "BAD_USER_INPUT",
    ),
    Fixed(
        "schema.derive.search_types.MOST_RANKED",
        "How many records with the words of a search are ranked.",
        "the newest are ranked",
    ),
    Fixed("schema.writing.entries.MOST_RECORDS", "How many records a dossier may hold.", "BAD_USER_INPUT"),
    Fixed(
        "schema.writing.entries.LARGEST_DOSSIER_BYTES",
        "How many bytes a dossier may have that is loaded as a file.",
        "`parley load` refuses it",
    ),
    Fixed(
        "schema.writing.yaml_json.MOST_LEVELS",
        "How many lists and mappings of a YAML file may stand within each other.",
        "`parley load` refuses it",
    ),
    Fixed("schema.writing.yaml_json.MOST_VALUES", "How many values a YAML file may hold.", "`parley load` refuses it"),
    Fixed("schema.writing.faults.MOST_PROBLEMS", "How many problems of an input are told.", "the first are told"),
    Fixed("schema.writing.warnings.MOST_WARNINGS", "How many warnings of a dossier are told.", "the first are told"),
    Fixed(
        "schema.writing.faults.LARGEST_VALUE_SHOWN",
        "How many characters of a value a problem repeats.",
        "the rest is left out",
    ),
    Fixed(
        "schema.writing.similar_keys.MOST_COMPARED",
        "How many misspelt keys of an input are compared with those there are.",
        "the others are told without a suggestion",
    ),
    Fixed(
        "schema.writing.similar_keys.LONGEST_COMPARED",
        "How many characters a misspelt key may have that is compared.",
        "it is told without a suggestion",
    ),
    Fixed(
        "schema.declare.keys.LONGEST_KEY",
        "How many characters the key of a record may have.",
        "BAD_USER_INPUT",
    ),
    Fixed(
        "schema.derive.dossier_schema.LONGEST_LIST",
        "How many items a list that a record stores may have, such as its addressees.",
        "BAD_USER_INPUT",
    ),
    Fixed(
        "schema.dates.phrases.LONGEST_PHRASE_CHARACTERS",
        "How many characters a vague date may have.",
        "BAD_USER_INPUT",
    ),
    Fixed("schema.api_keys.LONGEST_NAME", "How many characters the name of an API key may have.", "BAD_USER_INPUT"),
    Fixed(
        "schema.commands.api_keys.LONGEST_LIFE_DAYS",
        "For how many days an API key that ends can be used.",
        "BAD_USER_INPUT",
    ),
    Fixed("api.http.query_string.MOST_PARAMETERS", "How many parameters a URL may have.", "BAD_REQUEST"),
    Fixed(
        "api.http.request_body.LONGEST_IDEMPOTENCY_KEY",
        "How many characters an `Idempotency-Key` may have.",
        "BAD_REQUEST",
    ),
    Fixed("api.auth.oidc.LONGEST_TOKEN", "How many characters the token of an issuer may have.", "UNAUTHENTICATED"),
    Fixed("api.http.connection.MOST_HEADERS", "How many headers a request may have.", "HEADERS_TOO_LARGE"),
    Fixed(
        "api.http.connection.SLOWEST_BYTES_PER_SECOND",
        "How many bytes a second a large request or answer must move at, beyond the time that each has.",
        "REQUEST_TIMEOUT",
    ),
    Fixed(
        "api.http.connection.LINGER_SECONDS",
        "For how many seconds a client that was refused may go on sending unheard.",
        CLOSED,
    ),
    Fixed(
        "api.http.connection.MOST_REFUSALS",
        "How many connections beyond those that the server holds are told why they are refused.",
        CLOSED,
    ),
    Fixed(
        "api.http.rate_limits.MOST_BUCKETS",
        "How many addresses and callers quotas are remembered for.",
        "those not heard of for longest begin anew",
    ),
    Fixed(
        "schema.commands.transaction.MOST_PENDING",
        "How many proposals of one caller may be pending.",
        "BAD_USER_INPUT",
    ),
    Fixed(
        "api.graphql.persisted_documents.MOST_BYTES",
        "How many bytes the documents take that clients sent to be named later.",
        "the oldest are forgotten: `PERSISTED_QUERY_NOT_FOUND`",
    ),
)

WITHIN = {
    "api.postgres.pool.MOST_SHARES": "Clients whose use of the database is remembered; of others none is owed.",
    "schema.compiler.sql.context.MOST_WORK": "How far the work of a statement is counted; all beyond is refused.",
    "api.http.connection_clock.LONGEST_STEP_SECONDS": "How far the server's own clock goes on after a pause.",
    "api.postgres.embedded.LONGEST_SOCKET_FOLDER": (
        "Where sockets of the database can be; a longer name is replaced by another."
    ),
    "api.graphql.media_types.LONGEST_ACCEPT_CACHED": "Headers that are cached; a longer one is parsed each time.",
    "api.http.request_body.LARGEST_READ_AT_ONCE": "Bodies that are parsed without a thread.",
    "api.postgres.session.LONGEST_CACHED": "Prepared statements that are cached; a longer one is planned each time.",
    "api.postgres.session.MOST_CHARACTERS": (
        "Memory of Postgres for statements; the one used longest ago is planned anew."
    ),
    "api.postgres.session.MOST_SEEN": "Statements whose reuse is recognised; others are not cached.",
    "schema.compiler.document.validity.DEEPEST": (
        "Documents that are proven to be valid; graphql-core validates deeper ones."
    ),
    "schema.compiler.document.validity.MOST_STEPS": "How long a proof may take; graphql-core validates the others.",
    "schema.compiler.sql.json_text.MOST_ARGUMENTS": "Arguments of one call in Postgres; more are passed in several.",
    "schema.dates.phrase_parser.MOST_WORDS": "The words of a phrase that a grammar reads; no term is as long.",
    "schema.compiler.reader.MOST_CHARACTERS_CACHED": "Memory for documents; the oldest are compiled anew.",
    "schema.compiler.reader.LONGEST_DOCUMENT_CACHED": (
        "Documents that are cached; a longer one is compiled each time."
    ),
    "schema.writing.yaml_json.DEEPEST_JSON": "How far the setting for JSON and YAML may be raised.",
    "schema.writing.yaml_json.LONGEST_NAME": "How much of a name a message repeats.",
}
"""Constants named like limits that bound no request and no answer, each with its purpose."""


def table() -> str:
    """Render all limits as a Markdown table."""
    rows = ["| limit | setting | default | error |", "| --- | --- | --- | --- |"]
    for name, error in Settings.limits().items():
        field = Settings.model_fields[name]
        rows.append(
            f"| {field.description} | `{Settings.variable(name)}` | {format_number(field.default)} | "
            f"{format_error(error)} |"
        )
    rows += [f"| {each.meaning} | | {format_number(each.value)} | {format_error(each.error)} |" for each in FIXED]
    return "\n".join(rows) + "\n"


def format_number(value: float) -> str:
    return f"{value:,g}" if value < 1 else f"{value:,.0f}"


def format_error(error: str | None) -> str:
    return f"`{error}`" if error in KINDS else error or CLOSED
