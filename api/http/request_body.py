"""Reads the body of a request within limits, parses JSON, and reads the Idempotency-Key, for every interface.

A malformed or too large request is refused here, with a message that says what to send instead.
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
"""`strip_strings` takes this much JSON at once: up to two milliseconds, after which other threads can run."""

LONGEST_IDEMPOTENCY_KEY = 200
"""Characters. A UUID has 36."""

IDEMPOTENCY_KEY = re.compile(rf"[!-~]([ -~]{{0,{LONGEST_IDEMPOTENCY_KEY - 2}}}[!-~])?")
"""Printable ASCII, since clients encode other characters differently. Spaces around the key are not part of it."""


def read_idempotency_key(headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    """Read the Idempotency-Key of a request; None without one. Raises RequestRefused for a malformed key, or two."""
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


def check_media_type(content_type: str, possible: Collection[str] = (JSON,), header: str = "") -> str:
    """Return the media type of a body. Raises RequestRefused for one that is not possible.

    `header` names the header in which a refusal lists the possible types. A form sent by a foreign page must never be
    taken for a query.
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


def check_encoding(encoding: str) -> None:
    """Raise RequestRefused for a body that is packed: it would be read as what it is not."""
    if encoding.strip().lower() not in ("", "identity"):
        told = f"The body is encoded as {encoding[:40]!r}, which is not read here; send it as it is."
        raise RequestRefused("UNSUPPORTED_MEDIA_TYPE", told, {"Accept-Encoding": "identity"})


async def read_body(receive: Receive, length: bytes, largest_bytes: int) -> bytes:
    """Read the body. Raises RequestRefused for one that is too large, unread where `length` says so."""
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
        # A bytearray grows in place: bytes would be copied for each further chunk.
        body = bytearray(body) if isinstance(body, bytes) else body


def check_length(found: int, largest: int) -> None:
    if found > largest:
        raise RequestRefused("TOO_LARGE", f"The body is larger than {largest} bytes.")


class BodyLimits(NamedTuple):
    """Bounds of the JSON or YAML of one body: its depth of nesting and its number of values."""

    levels: int
    values: int

    @classmethod
    def from_settings(cls, settings: Settings) -> BodyLimits:
        return cls(settings.most_json_depth, settings.most_json_values)


async def read_json(
    body: bytes, most: BodyLimits, reading: Executor, largest_variables_bytes: int | None = None
) -> Any:
    """Parse the JSON of a body by `parse_body`, a large one in a thread."""
    if len(body) <= LARGEST_READ_AT_ONCE:
        return parse_body(body, most, largest_variables_bytes)
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(reading, parse_body, body, most, largest_variables_bytes)


def parse_body(body: bytes, most: BodyLimits, largest_variables_bytes: int | None) -> Any:
    content = parse_bounded_json(body, "The body", most)
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


def parse_bounded_json(data: bytes, what: str, most: BodyLimits) -> Any:
    """Parse JSON. Raises RequestRefused, whose message begins with `what`."""
    try:
        check_values(data, most.values)
        content = parse_json(data)
        if count_openings(data) > most.levels:
            check_levels(content, most.levels)
    except ValueError as error:
        raise RequestRefused("BAD_REQUEST", f"{what} {error}.") from None
    return content


def check_values(data: bytes, most: int) -> None:
    """Raise ValueError where there are too many values, before parsing allocates them.

    Counts commas and brackets. Strings may hold them too, so they are removed where the number is near the limit.
    """
    if count_separators(data) >= most and sum(map(count_separators, strip_strings(data))) >= most:
        raise ValueError(f"holds more than {most} values; send less at once")


def count_separators(data: bytes) -> int:
    return data.count(b",") + count_openings(data)


def count_openings(data: bytes) -> int:
    return data.count(b"[") + data.count(b"{")


def strip_strings(data: bytes) -> Iterator[bytes]:
    """Yield JSON without its strings, slice by slice."""
    quoted = data.replace(rb"\\", b"").replace(rb"\"", b"")
    is_in_text = False
    for start in range(0, len(quoted), SLICE_BYTES):
        parts = quoted[start : start + SLICE_BYTES].split(b'"')
        yield b" ".join(parts[is_in_text::2])
        is_in_text ^= len(parts) % 2 == 0


def check_levels(content: Any, most: int) -> None:
    """Raise ValueError where lists and objects are nested too deeply."""
    level = [content]
    for _ in range(most):
        level = [inner for each in level for inner in child_values(each)]
    if any(isinstance(each, list | dict) for each in level):
        cure = f"{most} levels are allowed. Write lists and objects side by side"
        raise ValueError(f"is nested too deeply; {cure}")


def child_values(content: Any) -> Iterable[Any]:
    if isinstance(content, dict):
        return content.values()
    return content if isinstance(content, list) else ()


COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
"""Serialises in chunks, so that the size can be checked before the whole is written."""
