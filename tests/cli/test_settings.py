"""Settings are described, documented, validated, and read in one place."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from api.contracts import limits_table
from api.http.error_kinds import KINDS
from api.http.server import welcome_message
from api.settings import Settings

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_says_what_it_means(name: str) -> None:
    description = Settings.model_fields[name].description
    assert description
    assert description.endswith(".")


def test_the_documentation_lists_exactly_the_settings() -> None:
    page = (ROOT / "docs" / "settings.md").read_text()
    table = "".join(line + "\n" for line in page.splitlines() if line.startswith("|"))
    assert table == Settings.table(), (
        "paste the output of: python -c 'from api.settings import *; print(Settings.table())'"
    )


def test_the_documentation_lists_exactly_the_limits() -> None:
    page = (ROOT / "docs" / "limits.md").read_text()
    table = "".join(line + "\n" for line in page.splitlines() if line.startswith("|"))
    assert table == limits_table.table(), (
        "paste the output of: python -c 'from api.contracts import limits_table; print(limits_table.table())'"
    )


def test_every_limit_is_told_by_an_error_that_there_is() -> None:
    codes = {word for each in limits_table.FIXED for word in re.findall("[A-Z]+_[A-Z_]+", each.error)}
    assert {*Settings.limits().values(), *codes} - {None} <= set(KINDS)


BOUND = re.compile("(?:.*_)?(MOST|LARGEST|LONGEST|DEEPEST|SLOWEST|LINGER|MAX|MAXIMUM|LIMIT)(_.*)?")


def test_no_limit_is_missing_in_the_documentation() -> None:
    """Every constant named as a bound, wherever it stands, is in the table or says why no client meets it."""
    named = {
        ".".join([*path.relative_to(ROOT).with_suffix("").parts, target.id])
        for folder in ("api", "schema")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name) and target.id.isupper() and BOUND.fullmatch(target.id)
    }
    told = [each.constant for each in limits_table.FIXED]
    assert len(set(told)) == len(told)
    assert named == {*told, *limits_table.WITHIN}
    assert set(told).isdisjoint(limits_table.WITHIN)


NO_LIMITS = {
    "cache_seconds", "cors_origins", "data_directory", "database_url", "first_dossier", "graphql_http_profile",
    "host", "hsts_seconds", "introspection", "log_level", "oidc_audience", "oidc_issuer", "oidc_jwks_url",
    "oidc_name_claim", "oidc_refetch_seconds", "oidc_role_claim", "pool_max_size", "pool_min_size", "port",
    "review_curators", "sent_documents_kept", "shutdown_timeout_seconds", "suggestions", "trusted_documents",
    "trusted_documents_only", "trusted_proxies",
}  # fmt: skip
"""Settings that bound nothing that a client sends. A new one is added here, or says its error."""


def test_every_setting_is_a_limit_or_none() -> None:
    assert set(Settings.model_fields) == {*Settings.limits(), *NO_LIMITS}
    assert NO_LIMITS.isdisjoint(Settings.limits())


def test_a_setting_comes_from_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "9000")
    monkeypatch.setenv("PARLEY_POOL_MAX_SIZE", "3")
    settings = Settings()
    assert (settings.port, settings.pool_max_size) == (9000, 3)


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    assert Settings().database_url is None


@pytest.mark.parametrize(
    ("variable", "value"),
    [("PORT", "0"), ("PORT", "http"), ("PARLEY_LOG_LEVEL", "loud"), ("PARLEY_POOL_MIN_SIZE", "0")],
)
def test_a_wrong_value_is_refused(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ValidationError):
        Settings()


def test_a_refused_database_address_does_not_show_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://parley:secret@db/parley")
    with pytest.raises(ValidationError) as refused:
        Settings()
    assert "secret" not in str(refused.value)


def test_settings_do_not_show_the_database_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://parley:secret@db/parley")
    assert "secret" not in repr(Settings())


def test_nothing_else_reads_the_environment() -> None:
    readers = [
        path.name
        for folder in ("api", "schema", "alembic")
        for path in (ROOT / folder).rglob("*.py")
        if "os.environ" in path.read_text() or "getenv" in path.read_text()
    ]
    assert readers == []


def test_who_starts_the_server_is_not_led_to_a_page_that_is_off(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.json"
    assert "GraphiQL" in welcome_message(Settings())
    assert "GraphiQL" not in welcome_message(Settings(trusted_documents=manifest, trusted_documents_only=True))
