"""Persisted documents, which clients name instead of sending them: the operator's manifest, and documents sent before.

A document is named in one of two ways: by `documentId`, as the appendix on persisted documents of the GraphQL-over-HTTP
drafts has it (`sha256:` and the hash of its text, or an id of the manifest), or by `extensions.persistedQuery`, as
Apollo's clients do (automatic persisted queries).
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from api.http.errors import DocumentRefused, RequestRefused
from schema.bounded_cache import BoundedCache
from schema.compiler.compiler import Compiler
from schema.errors import DomainError
from schema.writing.yaml_json import NotJson, parse_json

SHA256 = re.compile("[0-9a-f]{64}")
PREFIX = "sha256:"

MOST_BYTES = 8_000_000
"""Bytes of the cache of documents that clients sent: a thousand long ones of a front end take 4 MB."""

APOLLO_FORMAT = "apollo-persisted-query-manifest"

ONLY = "PARLEY_TRUSTED_DOCUMENTS_ONLY"


class ManifestRefused(Exception):
    """The manifest cannot be used. The message names the file, the document, and what is wrong."""


class PersistedDocuments:
    """The store of persisted documents. `trusted` are those of the manifest, by each of their names."""

    def __init__(self, trusted: Mapping[str, str], most: int, *, only_trusted: bool = False) -> None:
        self.trusted = trusted
        self.texts = frozenset(trusted.values())
        self.only_trusted = only_trusted
        self.sent: BoundedCache[str, str] = BoundedCache(most, MOST_BYTES)

    def find(self, name: str) -> str:
        """Find a document by its name. Raises DocumentRefused for an unknown one."""
        if (text := self.trusted.get(name)) is not None:
            return text
        if (text := self.sent.recall(name)) is not None:
            return text
        # This message tells the clients of Apollo and urql to send the text as well.
        raise DocumentRefused("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound")

    def check_trusted(self, text: str) -> None:
        """Raise DocumentRefused for a document outside the manifest, where only its documents are answered."""
        if self.only_trusted and text not in self.texts:
            raise DocumentRefused(
                "DOCUMENT_NOT_TRUSTED",
                f"This server answers only the documents of its manifest ({ONLY}). Ask its operator to add this one.",
            )

    def check_named(self, name: str, text: str) -> None:
        """Raise RequestRefused where a document was sent with the name of another."""
        if self.trusted.get(name) != text and sha256(text) != name:
            raise RequestRefused("BAD_REQUEST", f"{name!r} is neither the SHA-256 hash of `query` nor its trusted id.")

    def cache(self, name: str, text: str) -> None:
        """Cache a valid document under the hash that it was sent with."""
        if name not in self.sent and name not in self.trusted:
            self.sent.put(name, text, sys.getsizeof(text))


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def read_name(document_id: Any, extensions: Any) -> str | None:
    """Read the name of a document in a request, a hash without its prefix; None without one. Raises RequestRefused."""
    persisted = extensions.get("persistedQuery") if isinstance(extensions, dict) else None
    if persisted is not None:
        return read_apollo_name(persisted, document_id)
    if document_id is None:
        return None
    if not isinstance(document_id, str) or not document_id:
        raise RequestRefused("BAD_REQUEST", "`documentId` is no text.")
    hashed = document_id.removeprefix(PREFIX)
    if hashed != document_id and not SHA256.fullmatch(hashed):
        raise RequestRefused("BAD_REQUEST", "`documentId` has no 64 lower-case hexadecimal digits after `sha256:`.")
    return hashed


def read_apollo_name(persisted: Any, document_id: Any) -> str:
    if document_id is not None:
        raise RequestRefused("BAD_REQUEST", "Give either `documentId` or `extensions.persistedQuery`.")
    if not isinstance(persisted, dict) or persisted.get("version") != 1:
        raise RequestRefused("BAD_REQUEST", "`extensions.persistedQuery` is no object with `version` 1.")
    # Apollo's clients put the ids of a manifest here, whether they are hashes or not.
    hashed = persisted.get("sha256Hash")
    if not isinstance(hashed, str) or not hashed:
        raise RequestRefused("BAD_REQUEST", "`extensions.persistedQuery.sha256Hash` is no text.")
    return hashed


# --- the manifest --------------------------------------------------------------------------------


def read_manifest(path: Path, compiler: Compiler) -> dict[str, str]:
    """Read the documents of a manifest by each of their names: the id there, and the hash of the text.

    Raises ManifestRefused for a file that cannot be read, and for a document that does not fit the schema.
    """
    found: dict[str, str] = {}
    for id_, text in read_entries(path):
        for name in (id_, sha256(text)):
            if found.setdefault(name, text) != text:
                raise ManifestRefused(f"{path}: {id_!r} names two documents")
        if SHA256.fullmatch(id_.removeprefix(PREFIX)) and id_.removeprefix(PREFIX) != sha256(text):
            raise ManifestRefused(f"{path}: {id_!r} is not the SHA-256 hash of its document; make the manifest anew")
        try:
            compiler.valid_document(text)
        except DomainError as refused:
            raise ManifestRefused(f"{path}: the document {id_!r} does not fit the schema: {refused}") from None
    return found


def read_entries(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the ids and texts of a manifest: {id: text}, as Relay's compiler writes it, or in Apollo's format."""
    try:
        content = parse_json(path.read_bytes().removeprefix(BOM_UTF8))
    except OSError as error:
        raise ManifestRefused(f"{path} cannot be read: {error}") from None
    except NotJson as error:
        raise ManifestRefused(f"{path} {error}") from None
    if isinstance(content, dict) and content.get("format") == APOLLO_FORMAT:
        listed = content.get("operations")
        if content.get("version") != 1 or not isinstance(listed, list):
            raise ManifestRefused(f"{path}: this is no {APOLLO_FORMAT} of version 1")
        pairs = [(each.get("id"), each.get("body")) if isinstance(each, dict) else (None, None) for each in listed]
    else:
        pairs = list(content.items()) if isinstance(content, dict) else [(None, None)]
    for id_, text in pairs:
        if not (isinstance(id_, str) and id_ and isinstance(text, str)):
            raise ManifestRefused(f"{path}: {json.dumps([id_, text])[:80]} is no id with the text of a document")
        yield id_, text
