"""REST: the same reads under URLs.

Each operation in `api/reads/*.graphql` is a read: its description's first line gives the path and
a summary, its variables become query parameters, its selection the response. What a read answers
is the value of its one root field. This file knows no record type.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from json import JSONDecoder
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.answers import Answers
from api.errors import PROBLEM_JSON, Failure, failure
from schema.compile import Compiler
from schema.errors import Invalid, NotFound, Problem
from schema.outline import Outline, Parameter, outline

READS = Path(__file__).parent / "reads"

HEADER = re.compile(r"GET (?P<path>/v1/\S+)\s+(?P<summary>.+)")
IN_PATH = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Read:
    """One read: where it is found, and the operation behind it."""

    path: str
    summary: str
    document: str
    outline: Outline

    @property
    def tag(self) -> str:
        return self.path.split("/")[2]

    @property
    def in_path(self) -> list[str]:
        return IN_PATH.findall(self.path)

    @property
    def is_list(self) -> bool:
        return "pageInfo" in self.outline.answer.fields

    def in_query(self) -> dict[str, Parameter]:
        return {each.name: each for each in self.outline.parameters if each.name not in self.in_path}


def reads(compiler: Compiler, folder: Path = READS) -> list[Read]:
    """Every read, checked: it is valid, has a header, and a list says last where its page ends."""
    return [read for file in sorted(folder.glob("*.graphql")) for read in reads_in(compiler, file)]


def reads_in(compiler: Compiler, file: Path) -> Iterator[Read]:
    document = file.read_text()
    for name in re.findall(r"^query (\w+)", document, re.MULTILINE):
        described = outline(compiler, compiler.operation(document, name))
        header = HEADER.match(described.description)
        if header is None:
            raise ValueError(
                f"{file.name}, {name}: describe it with `GET /v1/<path> <summary>` in its first line"
            )
        read = Read(header["path"], header["summary"].strip(), document, described)
        if read.is_list and list(described.answer.fields)[-1] != "pageInfo":
            raise ValueError(
                f"{file.name}, {name}: pageInfo has to be selected last, where links are read from"
            )
        yield read


def routes(answers: Answers) -> list[Route]:
    return [
        Route(read.path, endpoint(answers, read), methods=["GET"]) for read in reads(answers.reader.compiler)
    ]


def endpoint(answers: Answers, read: Read) -> Any:
    async def answer(request: Request) -> Response:
        try:
            variables = variables_of(read, request)
            found = await answers.answer(read.document, read.outline.name, variables)
            if found.missing:
                raise NotFound(str(found.missing[0].message))
        except Invalid as invalid:
            return problem(request, Invalid(*(in_url_terms(read, each) for each in invalid.problems)))
        except Exception as error:  # noqa: BLE001 - the border of the process: told and logged by `failure`.
            return problem(request, error)
        # {"key":value} -> value: both ends are known, so that nothing is parsed.
        body = found.data[len(read.outline.key) + 4 : -1]
        headers = {"ETag": etag(body), "Cache-Control": "no-cache", "Vary": "Accept, Accept-Encoding"}
        if read.is_list and (links := links_of(request, body)):
            headers["Link"] = links
        if matches(request.headers.get("if-none-match", ""), headers["ETag"]):
            return Response(status_code=304, headers=headers)
        return Response(body, media_type="application/json", headers=headers)

    return answer


def problem(request: Request, error: Exception) -> Response:
    return told(request, failure(error))


def told(request: Request, failed: Failure) -> Response:
    return Response(
        failed.problem_json(request.url.path),
        failed.status,
        headers=dict(failed.headers),
        media_type=PROBLEM_JSON,
    )


# --- parameters ----------------------------------------------------------------------------------


def variables_of(read: Read, request: Request) -> dict[str, Any]:
    """The variables that a URL gives. Raises Invalid with every parameter that cannot be read."""
    variables: dict[str, Any] = {name: identity(name, request.path_params[name]) for name in read.in_path}
    problems = []
    parameters = read.in_query()
    for name in dict.fromkeys(request.query_params.keys()):
        given = request.query_params.getlist(name)
        if name not in parameters:
            problems.append(Problem(name, f"there is no such parameter; there are: {', '.join(parameters)}"))
            continue
        try:
            variables[name] = value_of(parameters[name], given)
        except ValueError as error:
            problems.append(Problem(name, str(error)))
    if problems:
        raise Invalid(*problems)
    return variables


def identity(name: str, text: str) -> Any:
    """What a path names: `{by}` is an id or a key, anything else a text."""
    if name != "by":
        return text
    try:
        return {"id": str(UUID(text))}
    except ValueError:
        return {"key": text}


def value_of(parameter: Parameter, given: list[str]) -> Any:
    shape = parameter.shape
    if shape.item is not None:
        return [
            scalar_of(shape.item.type, shape.item.values, each) for text in given for each in text.split(",")
        ]
    if len(given) > 1:
        raise ValueError(f"given {len(given)} times; give it once")
    return scalar_of(shape.type, shape.values, given[0])


def scalar_of(type_: str, values: Mapping[str, str], text: str) -> Any:
    if values and text not in values:
        raise ValueError(f"{text!r} is none of {', '.join(values)}")
    if type_ == "Int":
        if not re.fullmatch(r"-?[0-9]{1,9}", text):
            raise ValueError(f"{text!r} is no whole number")
        return int(text)
    if type_ == "Boolean":
        if text not in ("true", "false"):
            raise ValueError(f"{text!r} is neither true nor false")
        return text == "true"
    return text


def in_url_terms(read: Read, problem: Problem) -> Problem:
    """`page.first` in the document is the parameter `first`."""
    return Problem(problem.path.removeprefix(f"{read.outline.key}."), problem.message)


# --- headers -------------------------------------------------------------------------------------


def etag(body: bytes) -> str:
    return f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'


def matches(if_none_match: str, tag: str) -> bool:
    candidates = [each.strip().removeprefix("W/") for each in if_none_match.split(",")]
    return tag in candidates or "*" in candidates


def links_of(request: Request, body: bytes) -> str:
    """The Link header (RFC 8288) of a page. Its ends stand last in the body: no value can hold that text,
    since a quotation mark inside a value is escaped."""
    info, _ = JSONDecoder().raw_decode(body[body.rindex(b'"pageInfo":') + 11 :].decode())
    links = []
    size = request.query_params.get("first") or request.query_params.get("last")
    if info["hasNextPage"]:
        links.append(link(request, "next", {"first": size, "after": info["endCursor"]}))
    if info["hasPreviousPage"]:
        links.append(link(request, "prev", {"last": size or "20", "before": info["startCursor"]}))
        links.append(link(request, "first", {"first": size}))
    return ", ".join(links)


def link(request: Request, relation: str, page: Mapping[str, str | None]) -> str:
    kept = [
        (name, value)
        for name, value in request.query_params.multi_items()
        if name not in ("first", "after", "last", "before")
    ]
    query = urlencode([*kept, *((name, value) for name, value in page.items() if value)])
    return f'<{request.url.path}{"?" if query else ""}{query}>; rel="{relation}"'
