"""YAML and JSON without their surprises: what a file says is what is read."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

import yaml


def from_json(data: bytes) -> Any:
    return json.loads(data, object_pairs_hook=once)


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        # Counted one by one, sixty thousand names would take minutes.
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise ValueError(f"{twice!r} stands twice in one object")
    return found


TEXT = "tag:yaml.org,2002:str"


class PlainLoader(yaml.SafeLoader):
    """YAML without its surprises: `NO` is Norway, a date is a text, and a name stands only once."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's own class attribute.
        first: [(tag, pattern) for tag, pattern in resolvers if tag.endswith((":null", ":str"))]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for name, _ in node.value:
            if not isinstance(name, yaml.ScalarNode) or name.tag != TEXT:
                raise refused("the name of a field is a text", name.start_mark)
            if name.value in seen:
                raise refused(f"{name.value!r} stands twice in one mapping", name.start_mark)
            seen.add(name.value)
        return super().construct_mapping(node, deep)

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        # An alias repeats a whole subtree: a few lines could unfold to gigabytes.
        if isinstance(event, yaml.AliasEvent):
            raise refused("aliases are not allowed; write it out", event.start_mark)
        # A tag makes PyYAML read a text as something else, and fail in its own ways.
        if getattr(event, "tag", None):
            raise refused("tags are not allowed; leave it out", event.start_mark)
        return super().compose_node(parent, index)


def refused(what: str, mark: Any) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=what, problem_mark=mark)


PlainLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))
PlainLoader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile("^-?(?:0|[1-9][0-9]{0,18})$"), list("-0123456789")
)
