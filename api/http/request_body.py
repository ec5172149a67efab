"""What HTTP requests bring, whichever interface they ask: a body of a type and size, JSON in it, an Idempotency-Key.

Whatever cannot be read is refused here, in words that say what to send instead.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import Executor
from typing import Any, NamedTuple

from starlette.types import Receive

from api.http.errors import RequestRefused
from api.settings import Settings
from schema.writing.yaml_json import parse_json

JSON = "application/json"

LARGEST_READ_AT_ONCE = 20_000
"""Bytes of JSON, parsed in half a millisecond. A larger body is parsed in a thread: a megabyte takes up to 25 ms."""

SLICE_BYTES = 100_000
"""Of JSON that is searched for texts. A slice takes up to two milliseconds; between two, other threads can run."""

LONGEST_IDEMPOTENCY_KEY = 200
"""Characters. A UUID has 36."""

IDEMPOTENCY_KEY = re.compile(rf"[!-~]([ -~]{{0,{LONGEST_IDEMPOTENCY_KEY - 2}}}[!-~])?")
"""Printable ASCII: other characters are not the same bytes to every client. Spaces around it are no part of it."""


def idempotency_key(headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    """The Idempotency-Key of a request. Raises RequestRefused for one that nobody would choose, or two."""
    given = [value for name, value in headers if name == b"idempotency-key"]
    if not given:
        return None
    if len(given) > 1:
        raise RequestRefused("BAD_REQUEST", f"There are {len(given)} Idempotency-Key headers; send one.")
    key = given[0].decode("latin-1").strip(" \t")
    if not IDEMPOTENCY_KEY.fullmatch(key):
        raise RequestRefused(
            "BAD_REQUEST",
            f"The Idempotency-Key must have 1 to {LONGEST_IDEMPOTENCY_KEY} printable ASCII characters; send a UUID.",
        )
    return key


def media_type(content_type: str, possible: Collection[str] = (JSON,), header: str = "") -> str:
    """The declared type of a body. Raises RequestRefused for another; `header` is the one that tells the possible.

    A form sent by a foreign page must never be taken for a query.
    """
    if content_type in possible:
        return content_type
    media, _, more = content_type.lower().partition(";")
    media = media.strip()
    more_headers = {header: ", ".join(possible)} if header else {}
    if media not in possible:
        declared = f"is declared as {media!r}" if media else "has no declared type"
        wanted = " or ".join(possible)
        raise RequestRefused(
            "UNSUPPORTED_MEDIA_TYPE", f"The body {declared}; send Content-Type: {wanted}.", more_headers
        )
    charset = more.partition("charset=")[2].strip(' "')
    if charset not in ("", "utf-8", "utf8"):
        name = media.rpartition("/")[2].rpartition("+")[2].upper()
        raise RequestRefused("UNSUPPORTED_MEDIA_TYPE", f"The charset is {charset!r}; {name} is UTF-8.", more_headers)
    return media


async def body_of(receive: Receive, length: bytes, largest_bytes: int) -> bytes:
    """The body. Raises RequestRefused for one that is too large, and reads none of it where its length was told."""
    if length.isdigit():
        check_length(int(length[:20]), largest_bytes)
    body: bytes | bytearray = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise RequestRefused("BAD_REQUEST", "The client went away before its body was read.")
        body += message.get("body", b"")
        check_length(len(body), largest_bytes)
        if not message.get("more_body"):
            return bytes(body)
        # What comes in many pieces is not to be copied with each.
        body = bytearray(body) if isinstance(body, bytes) else body


def check_length(found: int, largest: int) -> None:
    if found > largest:
        raise RequestRefused("TOO_LARGE", f"The body is larger than {largest} bytes.")


class Most(NamedTuple):
    """What one body may hold."""

    levels: int
    values: int

    @classmethod
    def of(cls, settings: Settings) -> Most:
        return cls(settings.most_json_depth, settings.most_json_values)


async def content_of(body: bytes, most: Most, reading: Executor, largest_variables_bytes: int | None = None) -> Any:
    """The JSON of a body, as `checked`, but where it is large it is read aside."""
    if len(body) <= LARGEST_READ_AT_ONCE:
        return checked(body, most, largest_variables_bytes)
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(reading, checked, body, most, largest_variables_bytes)


def checked(body: bytes, most: Most, largest_variables_bytes: int | None) -> Any:
    content = parsed(body, "The body", most)
    if largest_variables_bytes is not None and len(body) > largest_variables_bytes and isinstance(content, dict):
        check_variables(content.get("variables"), largest_variables_bytes)
    return content


def check_variables(variables: Any, largest_bytes: int) -> None:
    """Raise RequestRefused for variables that are too large, as JSON."""
    size = 0
    for part in COMPACT.iterencode(variables):
        size += len(part.encode())
        if size > largest_bytes:
            cure = f"{largest_bytes} are allowed without a key. Ask for less at once"
            raise RequestRefused("TOO_LARGE", f"The variables have more than {largest_bytes} bytes; {cure}.")


def parsed(data: bytes, what: str, most: Most) -> Any:
    """Parse JSON. Raises RequestRefused, whose message begins with `what`."""
    try:
        check_values(data, most.values)
        content = parse_json(data)
        if openings(data) > most.levels:
            check_levels(content, most.levels)
    except ValueError as error:
        raise RequestRefused("BAD_REQUEST", f"{what} {error}.") from None
    return content


def check_values(data: bytes, most: int) -> None:
    """Raise ValueError where there are too many values, before they take memory.

    Commas and brackets are counted. Texts may hold them too, so they are taken out where the number matters.
    """
    if signs(data) >= most and sum(map(signs, outside_texts(data))) >= most:
        raise ValueError(f"holds more than {most} values; send less at once")


def signs(data: bytes) -> int:
    return data.count(b",") + openings(data)


def openings(data: bytes) -> int:
    return data.count(b"[") + data.count(b"{")


def outside_texts(data: bytes) -> Iterator[bytes]:
    """Yield JSON without its texts, slice by slice."""
    quoted = data.replace(rb"\\", b"").replace(rb"\"", b"")
    is_in_text = False
    for start in range(0, len(quoted), SLICE_BYTES):
        parts = quoted[start : start + SLICE_BYTES].split(b'"')
        yield b" ".join(parts[is_in_text::2])
        is_in_text ^= len(parts) % 2 == 0


def check_levels(content: Any, most: int) -> None:
    """Raise ValueError where lists and objects stand too deep within each other."""
    level = [content]
    for _ in range(most):
        level = [inner for each in level for inner in values_of(each)]
    if any(isinstance(each, list | dict) for each in level):
        cure = f"{most} levels are allowed. Write lists and objects side by side"
        raise ValueError(f"is nested too deeply; {cure}")


def values_of(content: Any) -> Iterable[Any]:
    if isinstance(content, dict):
        return content.values()
    return content if isinstance(content, list) else ()


COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
"""Writes piece by piece, so that nobody waits for what is too large to be written whole."""
