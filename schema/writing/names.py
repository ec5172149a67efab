"""Gives records their keys and ids: from the document, from the database, or new ones."""

from __future__ import annotations

import asyncpg

from schema.declare.fields import in_words
from schema.writing.batch import MERGED, RETRACTED, Batch, field_path
from schema.writing.entries import Dossier, Entry
from schema.writing.generated_keys import generate_key
from schema.writing.references import Name, find_stored, references


def give_names(document: Dossier) -> Batch:
    """Give every entry its key."""
    batch = Batch(document)
    for entry in document.entries:
        give_name(batch, entry)
    return batch


def give_name(batch: Batch, entry: Entry) -> None:
    """Give an entry the key that it has, or one made of what it says; its path where that is wrong."""
    given = entry.key or entry.given.get("key")
    key = given or (entry.path if entry in batch.wrong else generate_key(entry, batch.names))
    if not key:
        batch.refuse(field_path(entry, "key"), "no key can be made of its name; give one")
        key = entry.path
    name = (entry.type.table.name, key)
    if other := batch.entries.get(name):
        what = f"{key!r} is also the key of {other.path}; a key names one {entry.type.table.words}"
        batch.refuse(field_path(entry, "key"), what if given else f"{what}, so give this one a key of its own")
        name = (name[0], entry.path)
    batch.names[entry] = name
    batch.entries[name] = entry


async def find_ids(connection: asyncpg.Connection, batch: Batch) -> None:
    """Look up every record that is named, and give new ones their ids, ascending in the order of the document."""
    wanted: dict[str, set[str]] = {}
    for type_, key in [*batch.entries, *(name for entry in batch.names for name in references(entry))]:
        wanted.setdefault(type_, set()).add(key)
    found, unused = await find_stored(connection, wanted, len(batch.entries))
    for row in found:
        name = (row["type"], row["key"])
        batch.ids[name] = row["merged_into_id"] or row["id"]
        if row["merged_into_id"]:
            batch.left[name] = MERGED
        elif row["retracted_at"]:
            batch.left[name] = RETRACTED
    batch.stored = set(batch.ids)
    batch.ids.update(zip((name for name in batch.entries if name not in batch.stored), unused, strict=False))
    for type_, keys in wanted.items():
        if misspelt := [key for key in keys if is_unknown(batch, (type_, key))]:
            await batch.similar_keys.find(connection, type_, misspelt, batch.entries)


def is_unknown(batch: Batch, name: Name) -> bool:
    """Whether nothing has a key: neither a stored record, nor one here that gives more than its key."""
    entry = batch.entries.get(name)
    return name not in batch.ids or (name not in batch.stored and entry is not None and entry.is_bare)


def explain_unknown(batch: Batch, type_: str, key: str) -> str:
    """Say that nothing has a key, and which key may have been meant."""
    near = batch.similar_keys.guess((type_, key))
    cure = f"did you mean {near!r}?" if near else "add it, or correct the key"
    return f"no {in_words(type_)} has the key {key!r}, here or in the database; {cure}"
