"""Checks of the values that settings may have. Each raises ValueError with what the value must be."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, ValidationInfo

THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


def _check_postgres_url(url: str) -> str:
    if not re.match(r"postgres(ql)?://|\s*\w+\s*=", url):
        raise ValueError("must begin with postgresql://, or be written as host=db.example dbname=parley")
    return url


PostgresUrl = Annotated[str, AfterValidator(_check_postgres_url)]


def _check_origins(text: str) -> str:
    for each in text.split(","):
        if each.strip() not in ("*", "none") and not re.fullmatch(r"https?://[^/\s?#@,*]+", each.strip()):
            raise ValueError("must be *, none, or origins such as https://news.example,https://other.example:8443")
    if {"*", "none"} & {each.strip() for each in text.split(",")} and "," in text:
        raise ValueError("must be * or none alone, or origins")
    return text


Origins = Annotated[str, AfterValidator(_check_origins)]


def check_issuer_url(url: str) -> str:
    """Require https, since anyone who could alter the issuer's keys in transit could sign in as an admin.

    Raises ValueError.
    """
    try:
        parts = urlsplit(url)
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in THIS_MACHINE)
    except ValueError:
        is_safe = False
    if not (is_safe and parts.hostname and "@" not in parts.netloc and not parts.fragment):
        raise ValueError("must be like https://login.example/realm; http is possible on this machine only")
    return url


IssuerUrl = Annotated[str, AfterValidator(check_issuer_url)]


def check_goes_with_issuer(value: str | None, info: ValidationInfo) -> str | None:
    if "oidc_issuer" not in info.data:
        return value  # The issuer itself is invalid, and already reported.
    if value is None and info.data["oidc_issuer"] is not None and info.field_name == "oidc_audience":
        raise ValueError("is missing: with PARLEY_OIDC_ISSUER, it must say which tokens are meant for this server")
    if value is not None and info.data["oidc_issuer"] is None:
        raise ValueError("says nothing without PARLEY_OIDC_ISSUER; set that too")
    return value


def check_has_manifest(value: bool, info: ValidationInfo) -> bool:
    if value and info.data.get("trusted_documents") is None:
        raise ValueError("says which documents only with PARLEY_TRUSTED_DOCUMENTS; set that too")
    return value
