"""YAML and JSON without their surprises: what a file says is what is read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import jiter
import yaml

MOST_LEVELS = 64
"""Lists and mappings within each other. Records within records are some ten levels."""

MOST_VALUES = 50_000
"""Values of one text: 25 for each of 2,000 records. A dossier has one for each 25 bytes, 40,000 in a megabyte."""

PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml is twenty times as fast as Python. Only its events are used: what they mean is said here."""

DIRECTIVE = re.compile("(?:^|[\r\n\x85\u2028\u2029])%")
"""A line that libyaml may take for a directive. It compares each with each: 50,000 would take it minutes."""

PLAIN = {"": None, "~": None, "null": None, "Null": None, "NULL": None, "true": True, "false": False}
"""Values of words without quotes. All other words are texts: `NO` is Norway, and a date is a text."""

NUMBER = re.compile("-?(?:0|[1-9][0-9]{0,18})")

DEEPEST_JSON = 200
"""Lists and objects within each other that the JSON parser can read."""

TWICE = "Detected duplicate key "
"""The parser's message, up to the name."""

LONGEST_NAME = 80
"""Characters of a name that a message repeats."""

HALF_OF_A_PAIR = "holds half of a surrogate pair, which is no character,"

EXPLANATIONS: Mapping[str, str] = {
    "recursion limit exceeded": "is nested too deeply",
    "number out of range": "holds an integer of more than 4300 digits",
    "unexpected end of hex escape": HALF_OF_A_PAIR,
    "lone leading surrogate in hex escape": HALF_OF_A_PAIR,
}
"""The parser's messages that need other words than "is not JSON"."""


class NotJson(ValueError):
    """A text cannot be read as JSON. The message goes on from the name of the text: "is not UTF-8", for instance."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


def parse_json(data: bytes) -> Any:
    """Parse JSON. Raises NotJson, also for an object that names a member twice: nobody knows which one is meant."""
    try:
        # The parser's cache of texts would make 50,000 different names take twice as long.
        return jiter.from_json(data, allow_inf_nan=False, cache_mode="none", catch_duplicate_keys=True)
    except ValueError as error:
        raise explanation(data, str(error)) from None


def explanation(data: bytes, message: str) -> NotJson:
    """Put the parser's message into our words. The parser counts columns in bytes, an editor in characters."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return NotJson("is not UTF-8")
    reason, _, place = message.rpartition(" at line ")
    line, _, column = place.partition(" column ")
    before = data.split(b"\n")[int(line) - 1][: int(column)].decode(errors="ignore")
    place = f"at line {line} column {len(before)}"
    if reason.startswith(TWICE):
        reason = f"names {reason.removeprefix(TWICE)[:LONGEST_NAME]} twice in one object {place}; give it once"
        return NotJson(reason, int(line))
    return NotJson(f"{EXPLANATIONS.get(reason, f'is not JSON: {reason}')} {place}", int(line))


def parse_yaml(data: bytes, most_levels: int = MOST_LEVELS, most_values: int = MOST_VALUES) -> Any:
    """The one document of a YAML text, None if it is empty. Raises ValueError, or yaml.YAMLError with the place."""
    text = data.decode("utf-8-sig")
    if DIRECTIVE.search(text):
        raise ValueError("directives are not allowed; leave out the lines that begin with %")
    found = Reading(yaml.parse(text, PARSER), most_levels, most_values).documents()
    content = next(found, None)
    if next(found, found) is not found:
        raise ValueError("expected a single document in the stream, but found another one")
    return content


class Reading:
    """Values out of the events of a YAML text, and no more of them than may be."""

    def __init__(self, events: Iterator[Any], most_levels: int, most_values: int) -> None:
        self.events = events
        self.most_levels = most_levels
        self.most_values = most_values
        self.values = 0

    def documents(self) -> Iterator[Any]:
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                yield self.value(next(self.events), 1)

    def value(self, event: Any, level: int) -> Any:
        """Read the value that begins with an event, at this depth of lists and mappings."""
        check(event)
        self.values += 1
        if self.values > self.most_values:
            raise refused(f"it holds more than {self.most_values} values; send less at once", event)
        if isinstance(event, yaml.ScalarEvent):
            return scalar(event)
        if level > self.most_levels:
            cure = f"{self.most_levels} levels are allowed. Write lists and objects side by side"
            raise refused(f"it is nested too deeply; {cure}", event)
        return self.items(level) if isinstance(event, yaml.SequenceStartEvent) else self.members(level)

    def items(self, level: int) -> list[Any]:
        found = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            found.append(self.value(event, level + 1))
        return found

    def members(self, level: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            check(event)
            name = scalar(event) if isinstance(event, yaml.ScalarEvent) else None
            if not isinstance(name, str):
                raise refused("the name of a field is a text", event)
            if name in found:
                raise refused(f"{name!r} stands twice in one mapping", event)
            found[name] = self.value(next(self.events), level + 1)
        return found


def scalar(event: yaml.ScalarEvent) -> Any:
    """A text, or what a word without quotes means."""
    text: str = event.value
    if not event.implicit[0]:
        return text
    return int(text) if NUMBER.fullmatch(text) else PLAIN.get(text, text)


def check(event: Any) -> None:
    """Raise MarkedYAMLError for an alias or a tag."""
    # An alias repeats a whole subtree: a few lines could unfold to gigabytes.
    if isinstance(event, yaml.AliasEvent):
        raise refused("aliases are not allowed; write it out", event)
    # A tag makes a text something else.
    if event.tag:
        raise refused("tags are not allowed; leave it out", event)


def refused(what: str, event: Any) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=what, problem_mark=event.start_mark)
