"""Every limit on what is sent and how long things take, as the table of `docs/limits.md`.

Limits that an operator may choose say their error beside their setting; the others are listed here.
"""

from __future__ import annotations

from dataclasses import dataclass

from api.connection import LINGER_SECONDS, MOST_HEADERS, SLOWEST_BYTES_PER_SECOND
from api.oidc import LONGEST_TOKEN
from api.query_string import MOST_PARAMETERS
from api.request import LONGEST_IDEMPOTENCY_KEY
from api.settings import Settings
from schema.compile import MOST_SUBSELECTS
from schema.document import MOST_RECORDS
from schema.dossier_format import LONGEST_KEY
from schema.inputs import LARGEST_PAGE
from schema.phrases import LONGEST_PHRASE_CHARACTERS


@dataclass(frozen=True)
class Fixed:
    """A limit that nobody sets."""

    value: float
    meaning: str
    error: str | None


FIXED = (
    Fixed(LARGEST_PAGE, "How many items of a list an answer holds: `first` and `last`.", "BAD_USER_INPUT"),
    Fixed(LARGEST_PAGE, "How many ids `nodes` takes.", "BAD_USER_INPUT"),
    Fixed(
        MOST_SUBSELECTS,
        "How many subselects the SQL of an operation may have; `knownAt` counts twice.",
        "BAD_USER_INPUT",
    ),
    Fixed(MOST_RECORDS, "How many records a dossier may hold.", "BAD_USER_INPUT"),
    Fixed(LONGEST_KEY, "How many characters the key of a record may have.", "BAD_USER_INPUT"),
    Fixed(LONGEST_PHRASE_CHARACTERS, "How many characters a vague date may have.", "BAD_USER_INPUT"),
    Fixed(MOST_PARAMETERS, "How many parameters a URL may have.", "BAD_REQUEST"),
    Fixed(LONGEST_IDEMPOTENCY_KEY, "How many characters an `Idempotency-Key` may have.", "BAD_REQUEST"),
    Fixed(LONGEST_TOKEN, "How many characters the token of an issuer may have.", "UNAUTHENTICATED"),
    Fixed(MOST_HEADERS, "How many headers a request may have.", "HEADERS_TOO_LARGE"),
    Fixed(
        SLOWEST_BYTES_PER_SECOND,
        "How many bytes a second a large request or answer must move at, beyond the time that each has.",
        "REQUEST_TIMEOUT",
    ),
    Fixed(LINGER_SECONDS, "For how many seconds a client that was refused may go on sending unheard.", None),
)

CLOSED = "the connection is closed"


def table() -> str:
    """All limits as a Markdown table."""
    rows = ["| limit | setting | default | error |", "| --- | --- | --- | --- |"]
    for name, error in Settings.limits().items():
        field = Settings.model_fields[name]
        rows.append(f"| {field.description} | `{Settings.variable(name)}` | {told(field.default)} | {shown(error)} |")
    rows += [f"| {each.meaning} | | {told(each.value)} | {shown(each.error)} |" for each in FIXED]
    return "\n".join(rows) + "\n"


def told(value: float) -> str:
    return f"{value:,g}" if value < 1 else f"{value:,.0f}"


def shown(error: str | None) -> str:
    return f"`{error}`" if error else CLOSED
