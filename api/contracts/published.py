"""The published contracts, made from the code: OpenAPI 3.1, the GraphQL SDL, the dossier's JSON Schema."""

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
    """Every published file: name -> text. Raises ValueError where a read or a write is declared wrongly."""
    schema = create_schema()
    compiler = Compiler(schema)
    reads = [read.checked(each) for each in read.reads(compiler)]
    found = [writes.checked(each) for each in writes.writes(compiler)]
    return {
        "openapi.json": pretty(document(reads, found)),
        "schema.graphql": schema.as_str() + "\n",
        "dossier.schema.json": pretty(json_schema()),
    }


def write(directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in contracts().items():
        (directory / name).write_text(text)


def pretty(content: Any) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"
