"""Keys that are made for records which are named by what they join, or by a name that they have anyway."""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import blake2b

from slugify import slugify

from schema.declare.fields import One, Parts, rule_of
from schema.declare.keys import JOINT, LONGEST_KEY
from schema.declare.reflection import field_named, graphql_name, target
from schema.records.record import Record
from schema.writing.entries import Entry
from schema.writing.references import Name, read_name


def generate_key(entry: Entry, names: Mapping[Entry, Name]) -> str:
    """Generate a key from what a record joins, or from its name. `names` are those of the records around it."""
    if field := entry.type.table.key_from:
        return short_enough(key_part(entry, names, field))
    parts = [key_part(entry, names, each) for each in entry.type.table.named_by]
    return short_enough(JOINT.join(filter(None, parts)))


def key_part(entry: Entry, names: Mapping[Entry, Name], named_by: str) -> str:
    """Write the part of a key that one field gives; of a field such as `held.earliest` only its beginning.

    What a field says by default gives none, whether it is written out or not.
    """
    field, _, beginning = named_by.partition(".")
    declared = field_named(entry.type, field)
    if entry.parent and entry.parent[0] == field:
        name = names[entry.parent[1]]
        return named_with_type(*name) if target(declared) is Record else escape_joints(name[1])
    value = entry.given.get(graphql_name(declared))
    if value is None or value == declared.metadata.get("default"):
        return ""
    match rule_of(declared):
        case One():
            return named_with_type(*read_name(value)) if isinstance(value, dict) else escape_joints(value)
        case Parts():
            return date_in_key({"edtf": value} if isinstance(value, str) else value, bool(beginning))
    return slugify(str(value))


def named_with_type(table: str, key: str) -> str:
    return escape_joints(table.replace("_", "-"), key)


def escape_joints(*name: str) -> str:
    """A type or key as part of a made key. Its own joints are doubled, so that no two ways of joining look alike."""
    return JOINT.join(each.replace(JOINT, JOINT * 2) for each in name)


def short_enough(key: str) -> str:
    """A made key within the limit; one that is cut ends in a digest of the whole, and so stays its own."""
    if len(key) <= LONGEST_KEY:
        return key
    digest = blake2b(key.encode(), digest_size=8).hexdigest()
    return f"{key[: LONGEST_KEY - len(digest) - 1]}{JOINT}{digest}"


def date_in_key(given: Mapping[str, str], beginning: bool) -> str:
    """A date in the letters of a key: `2025-04-18/..` is `2025-04-18_..`, or `2025-04-18` where it begins.

    The end is left out where a record is named by its beginning, since it is often learnt later.
    """
    edtf = given.get("edtf", "")
    begins, _, ends = edtf.partition("/")
    if beginning and ends:
        edtf = begins if begins.strip(".") else f"until-{ends}"
    for sign, letters in {"/": "_", "~": "-about", "?": "-maybe", "%": "-maybe-about"}.items():
        edtf = edtf.replace(sign, letters)
    words = slugify(f"{given.get('text', '')} {given.get('anchor', '')}")
    return "-".join(filter(None, [words, re.sub("[^a-z0-9._-]", "-", edtf.lower())]))
