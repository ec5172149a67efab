"""The published contracts are those of the code, valid, and described to the last parameter."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import graphql
import jsonschema
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from api.contracts.published import contracts

PUBLISHED = Path(__file__).parents[2] / "openapi"


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return contracts()


@pytest.fixture(scope="module")
def document(made: dict[str, str]) -> dict[str, Any]:
    found = json.loads(made["openapi.json"])
    assert isinstance(found, dict)
    return found


def test_what_is_published_is_what_the_code_says(made: dict[str, str]) -> None:
    published = {path.name: path.read_text() for path in PUBLISHED.iterdir()}
    assert published.keys() == made.keys(), "run `parley schema` and commit what it writes"
    for name, text in made.items():
        assert published[name] == text, f"{name} differs: run `parley schema` and commit what it writes"


def test_a_contract_is_the_same_each_time_it_is_made(made: dict[str, str]) -> None:
    assert contracts() == made


def test_the_openapi_document_is_valid(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_the_dossier_schema_is_valid(made: dict[str, str]) -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(made["dossier.schema.json"]))


def test_the_sdl_parses_and_is_a_schema(made: dict[str, str]) -> None:
    assert graphql.validate_schema(graphql.build_schema(made["schema.graphql"])) == []


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def resolved(document: dict[str, Any], part: dict[str, Any]) -> Any:
    """What a reference of the document stands for."""
    found: Any = document if "$ref" in part else part
    for step in part.get("$ref", "#").split("/")[1:]:
        found = found[step]
    return found


def test_every_operation_parameter_response_and_header_is_described(document: dict[str, Any]) -> None:
    silent = []
    for name, operation in operations(document):
        parts = {
            "summary": operation.get("summary"),
            **{
                each["name"]: each.get("description")
                for each in (resolved(document, given) for given in operation.get("parameters", []))
            },
        }
        for status, reference in operation["responses"].items():
            response = resolved(document, reference)
            parts[status] = response.get("description")
            headers = {key: resolved(document, each) for key, each in response.get("headers", {}).items()}
            parts |= {f"{status} {key}": each.get("description") for key, each in headers.items()}
        silent += [f"{name}: {part}" for part, description in parts.items() if not (description or "").strip()]
    assert silent == []


def properties(name: str, schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The members of all objects in a schema, with where they stand."""
    for key, member in schema.get("properties", {}).items():
        yield f"{name}.{key}", member
        yield from properties(f"{name}.{key}", member)
    if "items" in schema:
        yield from properties(f"{name}[]", schema["items"])


def bodies(operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The schemas of what an operation takes and of what it gives where it succeeds."""
    parts = {"request": operation.get("requestBody", {}), **operation["responses"]}
    for name, part in parts.items():
        for media in part.get("content", {}).values():
            yield name, media["schema"]


def test_every_member_of_a_request_or_an_answer_is_described(document: dict[str, Any]) -> None:
    schemas = dict(document["components"]["schemas"])
    for name, operation in operations(document):
        schemas |= {f"{name} {part}": schema for part, schema in bodies(operation)}
    silent = [
        where
        for name, schema in schemas.items()
        for where, member in properties(name, schema)
        if not member.get("description")
    ]
    assert silent == []


@pytest.mark.parametrize("name", ["openapi.json", "dossier.schema.json"])
def test_a_pattern_means_the_same_in_every_language(made: dict[str, str], name: str) -> None:
    # What these hold differs between Python, JavaScript and Rust.
    patterns = re.findall(r'"pattern": (".*")', made[name])
    assert patterns
    assert [each for each in patterns if re.search(r"\\\\[sSwWdDbB]", each)] == []


def test_operations_have_names_of_their_own(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, operation in operations(document)]
    assert len(names) == len(set(names))


def test_sentences_have_the_right_article() -> None:
    for path in Path("openapi").iterdir():
        assert re.findall(r"\b[Aa] [AEIOaeio][a-z]+\b|\b[Aa]n [BCDFGJKPQTVWXYZ][a-z]+\b", path.read_text()) == [], path
