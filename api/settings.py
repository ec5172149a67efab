"""Every setting, with its meaning: the only place that reads the environment.

`docs/settings.md` shows `Settings.table()`; a test compares the two.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, cast

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.setting_values import IssuerUrl, Origins, PostgresUrl, check_goes_with_issuer, check_has_manifest
from schema.writing.yaml_json import DEEPEST_JSON, MOST_LEVELS, MOST_VALUES


def limit(default: int, description: str, error: str = "QUERY_TOO_COMPLEX", *, least: int = 1) -> Any:
    """Declare a limit on requests, and the error code of its refusal."""
    return Field(default=default, ge=least, description=description, json_schema_extra={"error": error})


class Settings(BaseSettings):
    """The choices of an operator. Read once at the process border and handed down."""

    model_config = SettingsConfigDict(
        env_prefix="PARLEY_",
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        # A refused DATABASE_URL must not be printed with its password.
        hide_input_in_errors=True,
        validate_by_name=True,
    )

    database_url: PostgresUrl | None = Field(
        default=None,
        validation_alias="DATABASE_URL",
        repr=False,
        description="The PostgreSQL database (15 to 18) to use. "
        "Without it, an embedded PostgreSQL 18 is started in the data directory.",
    )
    host: str = Field(
        default="127.0.0.1",
        validation_alias="HOST",
        description="The address to listen on. 0.0.0.0 opens the server to other machines.",
    )
    port: int = Field(
        default=8000,
        ge=1,
        le=65535,
        validation_alias="PORT",
        description="The TCP port to listen on.",
    )
    data_directory: Path = Field(
        default=Path(".parley"),
        description="The folder of the embedded PostgreSQL, relative to where the command runs.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info",
        description="The least serious message that is written to the log.",
    )
    pool_min_size: int = Field(
        default=2,
        ge=1,
        le=100,
        description="How many database connections are opened at start and kept open; never more than "
        "`PARLEY_POOL_MAX_SIZE`.",
    )
    pool_max_size: int = Field(
        default=8,
        ge=1,
        le=100,
        description="How many database connections one server process opens at most.",
    )
    connect_timeout_seconds: float = Field(
        default=5,
        gt=0,
        le=60,
        description="How long to wait for the database to accept a connection.",
        json_schema_extra={"error": "DATABASE_UNAVAILABLE"},
    )
    statement_timeout_seconds: float = Field(
        default=10,
        gt=0,
        le=600,
        description="How long one database statement of a request may run before it is cancelled.",
        json_schema_extra={"error": "TIMEOUT"},
    )
    lock_timeout_seconds: float = Field(
        default=5,
        gt=0,
        le=600,
        description="How long a statement of a request waits for a lock of the database before it gives up.",
        json_schema_extra={"error": "BUSY"},
    )
    idle_transaction_timeout_seconds: float = Field(
        default=60,
        gt=0,
        le=3600,
        description="After how long without a statement the database ends a transaction that this server left open.",
        json_schema_extra={"error": "DATABASE_UNAVAILABLE"},
    )
    acquire_timeout_seconds: float = Field(
        default=3,
        gt=0,
        le=60,
        description="How long a request waits for a connection to the database while others use them all.",
        json_schema_extra={"error": "BUSY"},
    )
    clock_tolerance_seconds: float = Field(
        default=300,
        ge=0,
        le=86_400,
        description="How far the stamp of a write may be from this server's clock. Beyond, the clock of the database "
        "is wrong, and nothing is written. 0 is no limit.",
        json_schema_extra={"error": "CLOCKS_DIFFER"},
    )
    first_dossier: bool = Field(
        default=True,
        description="Whether an empty database is filled with the first dossier when the server starts.",
    )
    graphql_http_profile: Literal["compatible", "september-2026"] = Field(
        default="compatible",
        description="Which statuses GraphQL answers have: `compatible` as all clients know them, `september-2026` "
        "by the first edition of the GraphQL-over-HTTP specification, with 422 and 294.",
    )
    cache_seconds: int = Field(
        default=10,
        ge=0,
        le=86_400,
        description="How long a cache may keep the answer to a GraphQL query sent by GET without a key; with 0 it "
        "has to ask each time.",
    )
    trusted_documents: Path | None = Field(
        default=None,
        description="A JSON file with the documents that clients may name: as Relay's compiler writes it, or Apollo's "
        "manifest. One that does not fit the schema ends the start.",
    )
    trusted_documents_only: Annotated[bool, AfterValidator(check_has_manifest)] = Field(
        default=False,
        description="Whether GraphQL answers the documents of that file and no others. GraphiQL is then off.",
    )
    sent_documents_kept: int = Field(
        default=1000,
        ge=1,
        le=100_000,
        description="How many documents that clients sent with their hash one process keeps, 8 MB at most.",
    )
    review_curators: bool = Field(
        default=False,
        description="Whether the changes of curators, too, become proposals that another curator has to approve.",
    )
    request_timeout_seconds: float = Field(
        default=8,
        gt=0,
        le=600,
        description="How long a client may take to send a whole request, or to read an answer; what is large gets a "
        "second more for each 10,000 bytes.",
        json_schema_extra={"error": "REQUEST_TIMEOUT"},
    )
    idle_timeout_seconds: float = Field(
        default=65,
        gt=0,
        le=3600,
        description="How long a connection is kept open between two requests. Longer than proxies keep theirs, "
        "usually 60 seconds, so that none sends a request into one that closes.",
        json_schema_extra={"error": None},
    )
    longest_url_bytes: int = Field(
        default=16_384,
        ge=1_000,
        le=60_000,
        description="How long the URL of a request may be. A query in a URL takes some 2,000 bytes.",
        json_schema_extra={"error": "URL_TOO_LONG"},
    )
    largest_head_bytes: int = Field(
        default=32_768,
        ge=1_000,
        le=1_000_000,
        description="How large the URL and the headers of a request may be together.",
        json_schema_extra={"error": "HEADERS_TOO_LARGE"},
    )
    most_connections: int = Field(
        default=900,
        ge=1,
        le=100_000,
        description="How many connections of clients one server process holds. When there are so many, one that is "
        "idle makes room. Systems commonly allow a process 1,024 open files.",
        json_schema_extra={"error": "BUSY"},
    )
    largest_body_bytes: int = limit(
        1_000_000,
        "How many bytes the body of a request may have, a dossier's too.",
        "TOO_LARGE",
    )
    largest_variables_bytes: int = limit(
        200_000,
        "How many bytes the variables of a GraphQL request without a key may have; with one, as many as the body.",
        "TOO_LARGE",
    )
    most_json_depth: Annotated[int, Field(le=DEEPEST_JSON)] = limit(
        MOST_LEVELS, "How deep the lists and objects of a JSON or YAML body may be nested; 200 at most.", "BAD_REQUEST"
    )
    most_json_values: int = limit(
        MOST_VALUES,
        "How many values a JSON or YAML body may hold. Of JSON its commas, lists and objects are counted before it is "
        "read.",
        "BAD_REQUEST",
    )
    longest_document_bytes: int = limit(100_000, "How many bytes a GraphQL document may have.")
    most_tokens: int = limit(
        5_000, "How many words and signs a GraphQL document may have. They are counted before it is parsed."
    )
    most_depth: int = limit(20, "How deep the fields of a GraphQL document may be nested.")
    most_fields: int = limit(5_000, "How many fields a GraphQL document may ask for, with its fragments written out.")
    most_root_fields: int = limit(100, "How many fields a GraphQL operation may begin with.")
    most_aliases: int = limit(500, "How many aliases a GraphQL document may have, with its fragments written out.")
    most_directives: int = limit(
        200, "How many directives a GraphQL document may have, with its fragments written out."
    )
    most_cost: int = limit(
        1_000_000,
        "What a GraphQL operation may cost: as many values as its answer could hold, each page being as large as it "
        "was asked for, and the rows that its conditions, groups and `knownAt` look at. Every answer tells its cost.",
    )
    introspection: bool = Field(
        default=True,
        description="Whether `__schema` and `__type` are answered. GraphiQL needs them.",
    )
    suggestions: bool = Field(
        default=True,
        description="Whether errors on GraphQL documents name what might have been meant, and so what the schema has.",
    )
    anonymous_requests_per_second: int = Field(
        default=50,
        ge=0,
        le=1_000_000,
        description="How many requests without a key one address may send, on average; an IPv6 address counts by its "
        "/64. An office behind one address, opening pages of a dozen requests, stays below. 0 is no limit.",
        json_schema_extra={"error": "RATE_LIMITED"},
    )
    keyed_requests_per_second: int = Field(
        default=200,
        ge=0,
        le=1_000_000,
        description="How many requests one caller may send with a key or a token, on average. 0 is no limit.",
        json_schema_extra={"error": "RATE_LIMITED"},
    )
    database_share: float = Field(
        default=0.5,
        ge=0,
        le=1000,
        description="How many seconds of the database's time a second the reads of one address, or of one caller, may "
        "take on average while others ask too. 0 is no limit.",
        json_schema_extra={"error": "RATE_LIMITED"},
    )
    rate_window_seconds: int = Field(
        default=10,
        ge=1,
        le=3600,
        description="For how many seconds the requests that were not sent can be sent later, at once; and the time of "
        "the database that was not used.",
        json_schema_extra={"error": "RATE_LIMITED"},
    )
    failed_keys_per_minute: int = Field(
        default=60,
        ge=0,
        le=1_000_000,
        description="How many keys and tokens that do not count one address may show; then no key from there is looked "
        "at for a while. 0 is no limit.",
        json_schema_extra={"error": "RATE_LIMITED"},
    )
    trusted_proxies: int = Field(
        default=0,
        ge=0,
        le=10,
        description="How many proxies stand before this server, each adding the address it was asked from to "
        "`X-Forwarded-For`. With 0 that header says nothing, since anybody can write it.",
    )
    cors_origins: Origins = Field(
        default="*",
        description="The origins whose pages may ask, parted by commas; `*` for all, `none` for none. All is safe "
        "where all may read anyway: nobody is known by a cookie, only by a key that the page itself must have.",
    )
    hsts_seconds: int = Field(
        default=0,
        ge=0,
        le=63_072_000,
        description="For how long browsers are told to use https only (`Strict-Transport-Security`). Set it where TLS "
        "stands before this server and all its subdomains; 0 tells them nothing.",
    )
    shutdown_timeout_seconds: int = Field(
        default=5,
        ge=1,
        le=600,
        description="How long running requests may take to finish once the server was told to stop.",
    )
    oidc_issuer: IssuerUrl | None = Field(
        default=None,
        description="The OpenID Connect issuer whose tokens are accepted, exactly as in their `iss`; https, or http on "
        "this machine. Without it only API keys are accepted.",
    )
    oidc_audience: Annotated[str | None, AfterValidator(check_goes_with_issuer)] = Field(
        default=None,
        validate_default=True,
        description="What a token must name in its `aud` to be meant for this server. Needed with an issuer.",
    )
    oidc_jwks_url: Annotated[IssuerUrl | None, AfterValidator(check_goes_with_issuer)] = Field(
        default=None,
        description="Where the issuer publishes its keys. Without it, the issuer's "
        "`/.well-known/openid-configuration` says so.",
    )
    oidc_role_claim: str = Field(
        default="roles",
        min_length=1,
        description="The claim with the roles of a person, a text or a list; a dotted path such as "
        "`realm_access.roles` leads into objects. Of several roles the highest counts.",
    )
    oidc_name_claim: str = Field(
        default="sub",
        min_length=1,
        description="The claim whose text stands beside a person's changes. Choose one that people cannot set.",
    )
    oidc_refetch_seconds: float = Field(
        default=30,
        gt=0,
        le=3600,
        description="How long after fetching the issuer's keys a token with an unknown one makes us fetch them again.",
    )

    @property
    def origins(self) -> frozenset[str]:
        """The origins whose pages may send requests; `*` stands for all."""
        return frozenset(each.strip() for each in self.cors_origins.split(",")) - {"none"}

    @classmethod
    def limits(cls) -> dict[str, str | None]:
        """Map each setting that limits size or time to the error of its refusal, None where there is no answer."""
        extras = {name: field.json_schema_extra for name, field in cls.model_fields.items()}
        return {
            name: cast("str | None", extra["error"])
            for name, extra in extras.items()
            if isinstance(extra, dict) and "error" in extra
        }

    @classmethod
    def variable(cls, field: str) -> str:
        """Return the environment variable of a field."""
        return str(cls.model_fields[field].validation_alias or f"PARLEY_{field.upper()}")

    @classmethod
    def table(cls) -> str:
        """Render all settings as the Markdown table of `docs/settings.md`."""
        rows = ["| variable | default | meaning |", "| --- | --- | --- |"]
        for name, field in cls.model_fields.items():
            default = "none" if field.default is None else f"`{field.default}`"
            rows.append(f"| `{cls.variable(name)}` | {default} | {field.description} |")
        return "\n".join(rows) + "\n"
