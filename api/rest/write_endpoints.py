"""The endpoints of REST writes: they read the arguments from the request, and execute the command of the mutation.

Problems name the parameters, headers and members of the request. `api.rest.writes` lists the writes.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import yaml
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from api.auth.authentication import Authentication
from api.execution import Execution
from api.http.errors import RequestRefused, serialise
from api.http.query_string import read_parameters
from api.http.request_body import (
    JSON,
    BodyLimits,
    check_encoding,
    check_media_type,
    read_body,
    read_idempotency_key,
    read_json,
)
from api.rest.parameters import read_boolean
from api.rest.read_endpoints import compile_part, wrap_endpoint
from api.rest.writes import DONE, YAML, Write
from schema.commands.transaction import IdempotentRequest
from schema.compiler.document.operation import Call
from schema.declare.caller import Caller
from schema.declare.scalars import ID_TEXT
from schema.errors import Invalid, Problem
from schema.writing.lines import Lines
from schema.writing.yaml_json import parse_yaml

IF_MATCH = re.compile(r'"([1-9][0-9]{0,8})(-[0-9a-f]+)?"')
"""A version, or the ETag of a record, which begins with one. No record reaches a thousand million versions."""

READERS: Mapping[str, Callable[[str], Any]] = {"boolean": read_boolean, "string": str}
"""The parser of a query parameter, by its type in JSON Schema."""


def endpoints(
    execution: Execution, authentication: Authentication, found: Iterable[Write]
) -> dict[tuple[str, str], ASGIApp]:
    """Build the endpoint of each path and method."""
    return {
        (write.path, write.command.method): wrap_endpoint(endpoint(execution, authentication, write)) for write in found
    }


def endpoint(
    execution: Execution, authentication: Authentication, write: Write
) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        caller = await authentication.caller(request.scope)
        addressed = path_arguments(write, request.path_params)
        execution.check_permission(Call(DONE, write.command.name, addressed), caller)
        once_key = read_idempotency_key(request.scope["headers"])
        beside = {**addressed, **query_arguments(write, request), **header_arguments(write, request)}
        length = request.headers.get("content-length", "").encode("latin-1")
        check_encoding(request.headers.get("content-encoding", ""))
        body = await read_body(request.receive, length, execution.settings.largest_body_bytes)
        arguments = {**beside, **await body_arguments(execution, write, request, body)}
        once = IdempotentRequest.of(once_key, write.command.name, arguments) if once_key else None
        await compile_part(execution, write.reply, "plan")
        try:
            done = await run_write(execution, write, arguments, caller, once)
            return build_response(write, await with_lines(execution, done, body))
        except Invalid as invalid:
            raise Invalid(*await locate(execution, write, invalid.problems, body)) from invalid

    return answer


async def run_write(
    execution: Execution, write: Write, arguments: Mapping[str, Any], caller: Caller, once: IdempotentRequest | None
) -> dict[str, Any]:
    """Execute a write. Raises an exception of `execution`."""
    answer = await execution.carry_out(Call(DONE, write.command.name, arguments), write.reply.plan, caller, once)
    found: dict[str, Any] = json.loads(answer.data)[DONE]
    return found


def build_response(write: Write, done: dict[str, Any]) -> Response:
    """Answer with the result of a write, or with the proposal that it became."""
    proposal = done.pop("proposal")
    if write.command.gives == "Proposal":
        return Response(serialise(proposal), media_type=JSON)
    if proposal:
        return Response(serialise(proposal), 202, {"Location": f"/v1/proposals/{proposal['id']}"}, JSON)
    about: Any = done.get("record") or done.get("apiKey")
    headers = {"ETag": f'"{about["version"]}"'} if "record" in done else {}
    if write.creates:
        headers["Location"] = f"{write.path}/{about['id']}"
    return Response(serialise(done.get("record", done)), 201 if write.creates else 200, headers, JSON)


# --- arguments -----------------------------------------------------------------------------------


def path_arguments(write: Write, path: Mapping[str, str]) -> dict[str, Any]:
    """Read the arguments from the path. An id may be written in capitals."""
    return {
        argument: path[name].lower() if ID_TEXT.fullmatch(path[name]) else path[name]
        for name, argument in write.in_path.items()
    }


def query_arguments(write: Write, request: Request) -> dict[str, Any]:
    """Read the arguments from the query string. Raises Invalid with every malformed parameter."""
    found: dict[str, Any] = {}
    problems = []
    for name, given in read_parameters(request.scope["query_string"]).items():
        try:
            if name not in write.in_query:
                raise ValueError(f"there is no such parameter; there are: {', '.join(write.in_query) or 'none'}")
            if len(given) > 1:
                raise ValueError(f"given {len(given)} times; give it once")
            found[name] = READERS[write.command.properties[name]["type"]](given[0])
        except ValueError as error:
            problems.append(Problem(name, str(error)))
    if problems:
        raise Invalid(*problems)
    return found


def header_arguments(write: Write, request: Request) -> dict[str, Any]:
    """Read the version from If-Match. Raises RequestRefused where it is missing, Invalid where it is malformed."""
    if not write.in_header:
        return {}
    given = ", ".join(request.headers.getlist("if-match")).strip()
    if not given:
        raise RequestRefused(
            "PRECONDITION_REQUIRED",
            'Say in If-Match which version was seen, such as `If-Match: "3"`, or send back the ETag of a GET.',
        )
    if not (read := IF_MATCH.fullmatch(given)):
        raise Invalid(Problem("If-Match", f'{given[:80]!r} is no version; send one in quotation marks, such as "3"'))
    return {"version": int(read[1])}


async def body_arguments(execution: Execution, write: Write, request: Request, data: bytes) -> dict[str, Any]:
    """Read the arguments from the body. Raises RequestRefused, or Invalid for one that belongs elsewhere."""
    content: Any = {}
    if data or write.command.body:
        header = "Accept-Patch" if write.command.method == "PATCH" else "Accept-Post"
        media = check_media_type(request.headers.get("content-type", ""), write.media_types, header)
        most = BodyLimits.from_settings(execution.settings)
        content = await (
            asyncio.get_running_loop().run_in_executor(execution.parse_executor, parse_bounded_yaml, data, most)
            if media == YAML
            else read_json(data, most, execution.parse_executor)
        )
    if not isinstance(content, dict):
        raise RequestRefused("BAD_REQUEST", "The body is no object; send names with values.")
    beside = {name: each for name, each in content.items() if name in write.in_body}
    if write.command.body is None:
        check_place(write, content)
        return content
    return {write.command.body: {name: each for name, each in content.items() if name not in beside}, **beside}


def parse_bounded_yaml(data: bytes, most: BodyLimits) -> Any:
    """Parse YAML, strictly. A list of single letters takes 0.2 s: call it in a thread. Raises RequestRefused."""
    try:
        return parse_yaml(data, most.levels, most.values)
    except RecursionError:
        raise RequestRefused("BAD_REQUEST", "The body is nested too deeply.") from None
    except (yaml.YAMLError, ValueError) as error:
        raise RequestRefused("BAD_REQUEST", f"The body is not YAML: {error}.") from None


def check_place(write: Write, content: Collection[str]) -> None:
    """Raise Invalid for arguments in the body that belong into the path or into If-Match."""
    places = dict.fromkeys(write.in_path.values(), "the path")
    places |= {"version": "If-Match"} if write.in_header else {}
    if wrong := [
        Problem(name, f"it does not stand in the body but in {places[name]}") for name in content if name in places
    ]:
        raise Invalid(*wrong)


async def with_lines(execution: Execution, done: dict[str, Any], body: bytes) -> dict[str, Any]:
    """Give the warnings of a document their lines."""
    if warnings := done.get("warnings"):
        told = await asyncio.get_running_loop().run_in_executor(
            execution.parse_executor, Lines(body).add_to, [Problem(**each) for each in warnings]
        )
        done["warnings"] = [{name: vars(each)[name] for name in warnings[0]} for each in told]
    return done


async def locate(execution: Execution, write: Write, problems: Sequence[Problem], body: bytes) -> Sequence[Problem]:
    """Convert problems of arguments to problems of the request, those of a document with their lines."""
    if write.is_document:
        return await asyncio.get_running_loop().run_in_executor(execution.parse_executor, Lines(body).add_to, problems)
    return [translate_problem(write, each) for each in problems]


def translate_problem(write: Write, problem: Problem) -> Problem:
    """Convert a problem of an argument to one of the path, the header or the body that it came from."""
    names = {argument: name for name, argument in write.in_path.items()} | {"version": "If-Match"}
    body = write.command.body
    if body and problem.path.startswith(f"{body}."):
        return replace(problem, path=problem.path.removeprefix(f"{body}."))
    if problem.path == body:
        return replace(problem, path="")
    return replace(problem, path=names.get(problem.path, problem.path))
