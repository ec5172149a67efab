"""Lines of a text: where in a YAML or JSON file a value stands that something is said of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import Any

import yaml

from schema.errors import Problem
from schema.writing.yaml_json import PARSER

HALF_OF_A_PAIR = re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
"""An escape of JSON that YAML does not know; all else in JSON is YAML."""


class Lines:
    """The lines of a text by the paths of its values. They are looked up only where there is something to say."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def find(self, path: str) -> int | None:
        """Find the line of a value, or of the nearest that it would stand in; None where the text has none."""
        while path:
            if line := self._lines.get(path):
                return line
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return None

    def add_to(self, problems: Iterable[Problem]) -> list[Problem]:
        """Give problems their lines, where they have none."""
        return [replace(each, line=each.line or self.find(each.path)) for each in problems]

    @cached_property
    def _lines(self) -> dict[str, int]:
        found: dict[str, int] = {}
        try:
            text = HALF_OF_A_PAIR.sub(" ", self._data.decode("utf-8-sig"))
            for path, line in lines_of(yaml.parse(text, PARSER)):
                found.setdefault(path, line)
        except (yaml.YAMLError, ValueError, RecursionError, StopIteration):
            # What comes after is found by the value that it stands in.
            pass
        return found


def lines_of(events: Iterator[Any]) -> Iterator[tuple[str, int]]:
    """Yield the path of each value, with the line in which its name or, in a list, it itself begins."""
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            yield from lines_within(next(events), "", events)


def lines_within(event: Any, path: str, events: Iterator[Any]) -> Iterator[tuple[str, int]]:
    if path:
        yield path, event.start_mark.line + 1
    if isinstance(event, yaml.SequenceStartEvent):
        place = 0
        while not isinstance(inner := next(events), yaml.SequenceEndEvent):
            yield from lines_within(inner, f"{path}[{place}]", events)
            place += 1
    elif isinstance(event, yaml.MappingStartEvent):
        while not isinstance(name := next(events), yaml.MappingEndEvent):
            within = f"{path}.{name.value}" if path else name.value
            yield within, name.start_mark.line + 1
            yield from lines_within(next(events), within, events)
