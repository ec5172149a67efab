"""REST: the same reads under URLs.

Each operation in `api/reads/*.graphql` is a read: its description's first line gives the path and
a summary, its variables become query parameters, its selection the response. What a read answers
is the value of its one root field. A record type that has no list there is given one, and a read of
one record, by `api.default_reads`; every list is counted under `/v1/groups`. This file knows no record type.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from itertools import takewhile
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.answers import Answers
from api.auth import Authentication
from api.caching import digest, matches
from api.default_reads import document_of, fragments
from api.errors import PROBLEM_JSON, failure
from api.query_string import parameters
from schema.caller import Caller
from schema.compile import Compiler
from schema.counting import counting
from schema.errors import Invalid, NotFound, Problem
from schema.inputs import PAGE_SIZE
from schema.outline import Outline, Parameter, Shape, outline
from schema.plan import ID_TEXT
from schema.record import MOST_GROUPS
from schema.records import RECORDS
from schema.scalars import read_date, read_instant

READS = Path(__file__).parent / "reads"

QUERY = re.compile(r"^query (\w+)", re.MULTILINE)
HEADER = r'^"""\nGET (?P<path>/v1/\S+) +(?P<summary>.+)\n(?:(?!""").*\n)*"""\nquery (?P<name>\w+)'
IN_PATH = re.compile(r"\{(\w+)\}")
PAGE_INFO = b'"pageInfo":'
VERSION = re.compile(rb'"version":([0-9]+)')
COUNTED = (
    "How many items of the list have which value, the most frequent first, then by key; `key` is null for those that "
    f"have none. The largest {MOST_GROUPS} groups."
)
PAGING = ("first", "after", "last", "before")

JSON_TYPE = (b"content-type", b"application/json")
NOT_WITHOUT_ASKING = (b"cache-control", b"no-cache")
NO_NAMES: Mapping[str, str] = {}


@dataclass(frozen=True)
class Read:
    """One read: where it is found, and the operation behind it, which is described when that is first asked for."""

    path: str
    summary: str
    text: str
    name: str
    compiler: Compiler

    @property
    def document(self) -> str:
        return self.text

    @cached_property
    def outline(self) -> Outline:
        return outline(self.compiler, self.compiler.operation(self.document, self.name))

    @property
    def tag(self) -> str:
        return self.path.split("/")[2]

    @cached_property
    def in_path(self) -> list[str]:
        return IN_PATH.findall(self.path)

    @cached_property
    def own(self) -> str:
        """The text of its operation, without the fragments. What is told by it need not be compiled for it."""
        found = re.search(rf"^query {self.name}\b.*?^}}", self.text, re.MULTILINE | re.DOTALL)
        return found[0] if found else ""

    @cached_property
    def is_list(self) -> bool:
        """Whether it answers a page."""
        return "pageInfo {" in self.own

    @property
    def has_version(self) -> bool:
        return "version" in self.outline.answer.fields

    @property
    def is_counted(self) -> bool:
        """Whether its list can be counted by a value. What a search finds has one order and no groups."""
        return self.is_list and not self.in_path and "$orderBy:" in self.own

    @cached_property
    def in_query(self) -> dict[str, Parameter]:
        return {each.name: each for each in self.outline.parameters if each.name not in self.in_path}


@dataclass(frozen=True)
class Counts(Read):
    """The read that counts a list. Its document is made from that of the list when it is first needed."""

    listing: str

    @cached_property
    def document(self) -> str:
        description = f"GET {self.path} {self.summary}\n\n{COUNTED}"
        return counting(self.compiler, self.text, self.listing, self.name, description)


def reads(compiler: Compiler, folder: Path = READS) -> list[Read]:
    """Every read: those of the files, and those of the record types that no file lists.

    None is compiled yet: that would be a fifth of start-up. `checked` is for who writes the contracts, and for tests.
    """
    files = {file.name: file.read_text() for file in sorted(folder.glob("*.graphql"))}
    written = [read for name, text in files.items() for read in reads_in(compiler, name, text)]
    listed, shared = {read.path for read in written}, fragments(files.values())
    others = [cls for cls in RECORDS if cls.table.path not in listed]
    made = [read for cls in others for read in reads_in(compiler, cls.__name__, document_of(cls, shared))]
    return [*written, *made, *(counts(read) for read in [*written, *made] if read.is_counted)]


def counts(listing: Read) -> Counts:
    """The read that counts what another lists."""
    name = listing.path.removeprefix("/v1/")
    path, summary = f"/v1/groups/{name}", f"{name.replace('-', ' ').capitalize()}, counted"
    of = f"groupsOf{listing.name[0].upper()}{listing.name[1:]}"
    return Counts(path, summary, listing.text, of, listing.compiler, listing.name)


def reads_in(compiler: Compiler, where: str, document: str) -> Iterator[Read]:
    headers = {found["name"]: found for found in re.finditer(HEADER, document, re.MULTILINE)}
    for name in QUERY.findall(document):
        if (header := headers.get(name)) is None:
            raise ValueError(f"{where}, {name}: describe it with `GET /v1/<path> <summary>` in its first line")
        yield Read(header["path"], header["summary"].strip(), document, name, compiler)


def checked(read: Read) -> Read:
    """A read that is valid, and has what headers are read from in its place. Raises ValueError for others."""
    if read.is_list and list(read.outline.answer.fields)[-1] != "pageInfo":
        raise ValueError(f"{read.path}: pageInfo has to be selected last, where links are read from")
    if read.has_version and not all(each.kind in ("scalar", "enum") for each in before_version(read.outline)):
        raise ValueError(f"{read.path}: only values may stand before version, where the ETag is read from")
    return read


def before_version(described: Outline) -> Iterator[Shape]:
    fields = described.answer.fields
    return (fields[name] for name in takewhile(lambda name: name != "version", fields))


def endpoints(
    answers: Answers, authentication: Authentication, found: Iterable[Read]
) -> dict[tuple[str, str], ASGIApp]:
    """What answers each path and method."""
    return {(read.path, "GET"): endpoint(answers, authentication, read) for read in found}


def endpoint(answers: Answers, authentication: Authentication, read: Read) -> ASGIApp:
    """What answers a read: a plain ASGI endpoint, since the objects of a framework cost half of what a read does."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            caller = await authentication.caller(scope)
            given = parameters(scope["query_string"])
            await compiled(answers, read, "outline")
            body = await body_of(answers, read, scope.get("path_params", NO_NAMES), given, caller)
            status, headers = head_of(read, scope, given, body)
        except Exception as error:  # noqa: BLE001 - the border of the process: told and logged by `failure`.
            await problem(scope, error)(scope, receive, send)
        else:
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": b"" if status == HTTPStatus.NOT_MODIFIED else body})

    return answer


def head_of(
    read: Read, scope: Scope, given: Mapping[str, list[str]], body: bytes
) -> tuple[int, list[tuple[bytes, bytes]]]:
    """The status and the headers of what was read."""
    tag = etag(body, has_version=read.has_version)
    headers = [(b"etag", tag.encode()), NOT_WITHOUT_ASKING]
    if read.is_list and (links := links_of(scope["path"], given, body)):
        headers.append((b"link", links.encode()))
    if matches([value.decode("latin-1") for name, value in scope["headers"] if name == b"if-none-match"], tag):
        return HTTPStatus.NOT_MODIFIED, headers
    return HTTPStatus.OK, [*headers, JSON_TYPE, (b"content-length", b"%d" % len(body))]


def plain(answer: Callable[[Request], Awaitable[Response]]) -> ASGIApp:
    """What answers with the objects of the framework, as a plain ASGI endpoint. Whatever it raises is told."""

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            response = await answer(Request(scope, receive, send))
        except Exception as error:  # noqa: BLE001 - the border of the process: told and logged by `failure`.
            response = problem(scope, error)
        await response(scope, receive, send)

    return answered


async def compiled(answers: Answers, about: object, part: str) -> None:
    """Have a part made beside the loop where it is not there yet: that takes some 20 ms, and others would wait."""
    if part not in vars(about):
        await asyncio.get_running_loop().run_in_executor(answers.aside, getattr, about, part)


async def body_of(
    answers: Answers, read: Read, path: Mapping[str, str], query: Mapping[str, list[str]], caller: Caller
) -> bytes:
    """What a read answers. Raises Invalid in the words of the URL, NotFound, or what `answers` raises."""
    try:
        found = await answers.answer(read.document, read.outline.name, variables_of(read, path, query), caller)
    except Invalid as invalid:
        raise Invalid(*(in_url_terms(read, each) for each in invalid.problems)) from invalid
    if found.missing:
        raise NotFound(found.missing[0].message)
    # {"key":value} -> value: both ends are known, so that nothing is parsed.
    return found.data[len(read.outline.key) + 4 : -1]


def problem(scope: Scope, error: Exception) -> Response:
    """Any failure as an RFC 9457 problem."""
    told = failure(error)
    instance = scope.get("raw_path", b"").decode("latin-1") or scope["path"]
    return Response(told.problem_json(instance), told.status, headers=told.headers, media_type=PROBLEM_JSON)


# --- parameters ----------------------------------------------------------------------------------


def variables_of(read: Read, path: Mapping[str, str], query: Mapping[str, list[str]]) -> dict[str, Any]:
    """The variables that a URL gives. Raises Invalid with every parameter that cannot be read."""
    variables: dict[str, Any] = {name: identity(name, path[name]) for name in read.in_path}
    known = read.in_query
    problems = [Problem(name, "it is missing") for name, each in known.items() if each.required and name not in query]
    for name, given in query.items():
        try:
            if name not in known:
                raise ValueError(f"there is no such parameter; there are: {', '.join(known) or 'none'}")
            variables[name] = value_of(known[name], given)
        except ValueError as error:
            problems.append(Problem(name, str(error)))
    if problems:
        raise Invalid(*problems)
    return variables


def identity(name: str, text: str) -> Any:
    """What a path names: `{by}` is an id or a key, anything else a text."""
    if name != "by":
        return text
    return {"id": text} if ID_TEXT.fullmatch(text) else {"key": text}


def value_of(parameter: Parameter, given: list[str]) -> Any:
    """The value of a parameter. A list is repeated or parted by commas. Raises ValueError."""
    shape = parameter.shape
    if shape.item is not None:
        return [scalar_of(shape.item.type, shape.item.values, each) for text in given for each in text.split(",")]
    if len(given) > 1:
        raise ValueError(f"given {len(given)} times; give it once")
    return scalar_of(shape.type, shape.values, given[0])


def scalar_of(type_: str, values: Mapping[str, str], text: str) -> Any:
    if values and text not in values:
        raise ValueError(f"{text!r} is none of {', '.join(values)}")
    return READERS.get(type_, str)(text)


def whole_number(text: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,10}", text) or not -(2**31) <= int(text) < 2**31:
        raise ValueError(f"{text[:80]!r} is no whole number")
    return int(text)


def truth(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(f"{text[:80]!r} is neither true nor false")
    return text == "true"


def day(text: str) -> str:
    read_date(text)
    return text


def instant(text: str) -> str:
    """An instant as it was given, once it can be read. A bare `+` in a URL means a space."""
    text = text.replace(" ", "+")
    read_instant(text)
    return text


READERS: Mapping[str, Callable[[str], Any]] = {
    "Int": whole_number,
    "Boolean": truth,
    "Date": day,
    "DateTime": instant,
}
"""How a parameter is read, by its GraphQL type. Others are texts."""


def in_url_terms(read: Read, problem: Problem) -> Problem:
    """A problem at a place in the document, as one of the URL parameter that stands there."""
    for place, name in read.outline.places.items():
        if problem.path == place or problem.path.startswith((f"{place}.", f"{place}[")):
            return Problem(name, problem.message)
    return problem


# --- headers -------------------------------------------------------------------------------------


def etag(body: bytes, *, has_version: bool = False) -> str:
    """The tag of a body. That of a record begins with its version, which is what a write looks for in If-Match.

    Only values stand before the version, and inside a value the quotation marks of its name would be escaped.
    """
    version = VERSION.search(body) if has_version else None
    return f'"{version[1].decode()}-{digest(body)}"' if version else f'"{digest(body)}"'


def links_of(path: str, given: Mapping[str, list[str]], body: bytes) -> str:
    """The Link header (RFC 8288) of a page. Its ends stand last in the body: no value can hold that text,
    since a quotation mark inside a value is escaped."""
    info = json.loads(body[body.rindex(PAGE_INFO) + len(PAGE_INFO) : -1])
    kept = urlencode([(name, each) for name, values in given.items() if name not in PAGING for each in values])
    size = (given.get("first") or given.get("last") or [str(PAGE_SIZE)])[0]
    # Cursors and sizes are written in letters that need no escape.
    pages = {}
    if info["hasNextPage"]:
        pages["next"] = f"first={size}&after={info['endCursor']}"
    if info["hasPreviousPage"]:
        pages["prev"] = f"last={size}&before={info['startCursor']}"
        pages["first"] = f"first={size}"
    start = f"{path}?{kept}&" if kept else f"{path}?"
    return ", ".join(f'<{start}{page}>; rel="{relation}"' for relation, page in pages.items())
