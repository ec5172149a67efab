"""Generates the published contracts: OpenAPI 3.1, the GraphQL SDL, the dossier's JSON Schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from api.contracts.openapi import document
from api.rest import read, writes
from schema.compiler.compiler import Compiler
from schema.derive.dossier_schema import json_schema
from schema.root_types import create_schema


def contracts() -> dict[str, str]:
    """Build every published file, its text by name. Raises ValueError for an invalid read or write."""
    schema = create_schema()
    compiler = Compiler(schema)
    reads = [read.check_read(each) for each in read.reads(compiler)]
    found = [writes.check_write(each) for each in writes.writes(compiler)]
    return {
        "openapi.json": format_json(document(reads, found)),
        "schema.graphql": schema.as_str() + "\n",
        "dossier.schema.json": format_json(json_schema()),
    }


def write(directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in contracts().items():
        (directory / name).write_text(text)


def format_json(content: Any) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"
