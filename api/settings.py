"""Every setting, with its meaning: the only place that reads the environment.

`docs/settings.md` shows `Settings.table()`; a test compares the two.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict


def _postgres_url(url: str) -> str:
    if not url.startswith(("postgresql://", "postgres://")):
        raise ValueError("must begin with postgresql://, for instance postgresql://user@host:5432/database")
    return url


PostgresUrl = Annotated[str, AfterValidator(_postgres_url)]


class Settings(BaseSettings):
    """What an operator may choose. Read once at the process border and handed down."""

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
        description="How many database connections are opened at start and kept open.",
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
    )
    statement_timeout_seconds: float = Field(
        default=10,
        gt=0,
        le=600,
        description="How long one database statement of a request may run before it is cancelled.",
    )
    shutdown_timeout_seconds: int = Field(
        default=5,
        ge=1,
        le=600,
        description="How long running requests may take to finish once the server was told to stop.",
    )

    @classmethod
    def variable(cls, field: str) -> str:
        """The environment variable that sets a field."""
        return str(cls.model_fields[field].validation_alias or f"PARLEY_{field.upper()}")

    @classmethod
    def table(cls) -> str:
        """All settings as the Markdown table of `docs/settings.md`."""
        rows = ["| variable | default | meaning |", "| --- | --- | --- |"]
        for name, field in cls.model_fields.items():
            default = "none" if field.default is None else f"`{field.default}`"
            rows.append(f"| `{cls.variable(name)}` | {default} | {field.description} |")
        return "\n".join(rows) + "\n"
