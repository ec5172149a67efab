"""How a write under REST is answered: its arguments are read from the request, and it is carried out as a mutation is.

What goes wrong is told in the words of the request. `api.rest.writes` says which writes there are.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from typing import Any

import yaml
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from api.auth.authentication import Authentication
from api.execution import Execution
from api.http.errors import RequestRefused, serialise
from api.http.query_string import parameters
from api.http.request_body import JSON, Most, body_of, content_of, idempotency_key, media_type
from api.rest.parameters import truth
from api.rest.read_endpoints import compiled, plain
from api.rest.writes import DONE, YAML, Write
from schema.commands.transaction import IdempotentRequest
from schema.compiler.document.operation import Call
from schema.declare.caller import Caller
from schema.declare.scalars import ID_TEXT
from schema.errors import Invalid, Problem
from schema.writing.yaml_json import parse_yaml

IF_MATCH = re.compile(r'"([1-9][0-9]{0,8})(-[0-9a-f]+)?"')
"""A version, or the ETag of a record, which begins with one. Nothing changes a thousand million times."""

READERS: Mapping[str, Callable[[str], Any]] = {"boolean": truth, "string": str}
"""How a query parameter is read, by its type in JSON Schema."""


def endpoints(
    answers: Execution, authentication: Authentication, found: Iterable[Write]
) -> dict[tuple[str, str], ASGIApp]:
    """What answers each path and method."""
    return {(write.path, write.command.method): plain(endpoint(answers, authentication, write)) for write in found}


def endpoint(
    answers: Execution, authentication: Authentication, write: Write
) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        caller = await authentication.caller(request.scope)
        addressed = path_arguments(write, request.path_params)
        answers.check_may(Call(DONE, write.command.name, addressed), caller)
        once_key = idempotency_key(request.scope["headers"])
        arguments = {
            **addressed,
            **query_arguments(write, request),
            **header_arguments(write, request),
            **await body_arguments(answers, write, request),
        }
        once = IdempotentRequest.of(once_key, write.command.name, arguments) if once_key else None
        await compiled(answers, write.reply, "plan")
        return told(write, await carried_out(answers, write, arguments, caller, once))

    return answer


async def carried_out(
    answers: Execution, write: Write, arguments: Mapping[str, Any], caller: Caller, once: IdempotentRequest | None
) -> dict[str, Any]:
    """What the mutation answers. Raises Invalid in the words of the request, and whatever `answers` raises."""
    try:
        answer = await answers.carry_out(Call(DONE, write.command.name, arguments), write.reply.plan, caller, once)
    except Invalid as invalid:
        raise Invalid(*(in_rest_terms(write, each) for each in invalid.problems)) from invalid
    found: dict[str, Any] = json.loads(answer.data)[DONE]
    return found


def told(write: Write, done: dict[str, Any]) -> Response:
    """What was done, or the proposal that it became."""
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


# --- what is given -------------------------------------------------------------------------------


def path_arguments(write: Write, path: Mapping[str, str]) -> dict[str, Any]:
    """What the path names. An id may be written in capitals."""
    return {
        argument: path[name].lower() if ID_TEXT.fullmatch(path[name]) else path[name]
        for name, argument in write.in_path.items()
    }


def query_arguments(write: Write, request: Request) -> dict[str, Any]:
    """What the query string gives. Raises Invalid with every parameter that cannot be read."""
    found: dict[str, Any] = {}
    problems = []
    for name, given in parameters(request.scope["query_string"]).items():
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
    """The version that was seen. Raises RequestRefused where it is missing, and Invalid where it is none."""
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


async def body_arguments(answers: Execution, write: Write, request: Request) -> dict[str, Any]:
    """What the body gives. Raises RequestRefused, or Invalid where an argument stands in it that belongs elsewhere."""
    settings, length = answers.settings, request.headers.get("content-length", "").encode("latin-1")
    data = await body_of(request.receive, length, settings.largest_body_bytes)
    content: Any = {}
    if data or write.command.body:
        header = "Accept-Patch" if write.command.method == "PATCH" else "Accept-Post"
        media = media_type(request.headers.get("content-type", ""), write.media_types, header)
        most = Most.of(settings)
        content = await (
            asyncio.get_running_loop().run_in_executor(answers.reading, parsed_yaml, data, most)
            if media == YAML
            else content_of(data, most, answers.reading)
        )
    if not isinstance(content, dict):
        raise RequestRefused("BAD_REQUEST", "The body is no object; send names with values.")
    beside = {name: each for name, each in content.items() if name in write.in_body}
    if write.command.body is None:
        check_place(write, content)
        return content
    return {write.command.body: {name: each for name, each in content.items() if name not in beside}, **beside}


def parsed_yaml(data: bytes, most: Most) -> Any:
    """YAML without its surprises. A list of single letters takes 0.2 s: for a thread. Raises RequestRefused."""
    try:
        return parse_yaml(data, most.levels, most.values)
    except RecursionError:
        raise RequestRefused("BAD_REQUEST", "The body is nested too deeply.") from None
    except (yaml.YAMLError, ValueError) as error:
        raise RequestRefused("BAD_REQUEST", f"The body is not YAML: {error}.") from None


def check_place(write: Write, content: Collection[str]) -> None:
    """Raise Invalid for what comes from the path or from If-Match, and stands in the body too."""
    places = dict.fromkeys(write.in_path.values(), "the path")
    places |= {"version": "If-Match"} if write.in_header else {}
    if wrong := [
        Problem(name, f"it does not stand in the body but in {places[name]}") for name in content if name in places
    ]:
        raise Invalid(*wrong)


def in_rest_terms(write: Write, problem: Problem) -> Problem:
    """A problem of an argument, as one of the path, the header or the body that it came from."""
    names = {argument: name for name, argument in write.in_path.items()} | {"version": "If-Match"}
    body = write.command.body
    if body and problem.path.startswith(f"{body}."):
        return Problem(problem.path.removeprefix(f"{body}."), problem.message)
    if problem.path == body and not write.is_document:
        return Problem("", problem.message)
    return Problem(names.get(problem.path, problem.path), problem.message)
