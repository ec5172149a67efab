"""Redirects references when two records turn out to be the same, and when they turn out not to be."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from schema.declare.fields import Many, One, rule_of
from schema.declare.reflection import fields_of, graphql_name, target
from schema.derive.dossier_schema import is_clearable
from schema.derive.evidence import evidence
from schema.records.record import Record
from schema.records.registry import RECORDS
from schema.writing import statements

# A record that was merged into this one followed it before the revision that merged this one; all else came after.
MOVED = """
    with merge as (
        select m.seq, m.at, m.changes -> 'merged_into_id' -> 'after' as winner
        from revision m
        where m.record_id = $1 and m.changes -> 'merged_into_id' ->> 'before' is null
            and m.changes -> 'merged_into_id' ->> 'after' is not null
        order by m.version desc
        limit 1
    )
    select r.record_id::text as id, lower(o.type) as type, c.key as column_name,
        (c.value -> 'before')::text as before, (c.value -> 'after')::text as after
    from merge m
    join revision r on r.at = m.at and r.record_id <> $1
    join record o on o.id = r.record_id
    cross join lateral jsonb_each(r.changes) c
    where c.key ~ '_ids?$' and (c.value -> 'before') @> to_jsonb($1::uuid)
        and (r.seq > m.seq or (c.key = 'merged_into_id' and c.value -> 'after' = m.winner))
    order by r.seq
"""
"""The changes that the last merge of a record made: whose columns, and their values before and after."""


# --- there ---------------------------------------------------------------------------------------


async def merge_into(connection: asyncpg.Connection, cls: type[Record], old: UUID, new: UUID, at: datetime) -> None:
    """Merge a record into another of its type, and let everything that points at the one point at the other.

    The order is what `move_back` goes by: what changed in the same transaction before the merge is somebody's own.
    """
    # The database lets nobody be sent on twice, so that these have to go first.
    followers = f"update {statements.quote_type(cls.table.name)} set merged_into_id = $2 where merged_into_id = $1"
    await connection.execute(followers, old, new)
    await statements.update(connection, cls, old, {"merged_into_id": str(new), "retracted_at": at.isoformat()})
    await move_references(connection, cls, old, new)


async def move_references(connection: asyncpg.Connection, cls: type[Record], old: UUID, new: UUID) -> None:
    """Let everything that points at one record point at another."""
    for holder in RECORDS:
        table = statements.quote_type(holder.table.name)
        for declared in fields_of(holder):
            match rule_of(declared):
                case One(column=str(column), same_type=False) if target(declared) in (cls, Record):
                    # The record that stays cannot follow, contain or continue itself.
                    own = "case when id = $2 then null else $2 end" if holder is cls else "$2"
                    await connection.execute(f"update {table} set {column} = {own} where {column} = $1", old, new)
                case Many(column=str(column)) if target(declared) in (cls, Record):
                    await connection.execute(
                        f"""
                        update {table} t set {column} = array(
                            select u.id
                            from (
                                select case when e.id = $1 then $2 else e.id end as id, min(e.place) as place
                                from unnest(t.{column}) with ordinality e (id, place)
                                group by 1
                            ) u
                            where u.id <> t.id
                            order by u.place
                        )
                        where {column} @> array[$1::uuid]
                        """,
                        old, new,
                    )  # fmt: skip


def required_relations(cls: type[Record]) -> Iterator[tuple[str, str]]:
    """List the required relations to a record of the same type: names and columns."""
    for declared in fields_of(cls):
        match rule_of(declared):
            case One(column=str(column), same_type=False):
                if target(declared) in (cls, Record) and not is_clearable(declared):
                    yield graphql_name(declared), column


# --- and back ------------------------------------------------------------------------------------


async def move_back(connection: asyncpg.Connection, old: UUID) -> list[UUID]:
    """Let what was moved from a record, when it was merged, point at it again, unless somebody changed it since.

    The record stands again already. Gives those that evidence was taken from.
    """
    rows = [
        {**row, "before": json.loads(row["before"]), "after": json.loads(row["after"])}
        for row in await connection.fetch(MOVED, old)
    ]
    named = (each for row in rows for each in [*ids(row["before"]), *ids(row["after"])])
    into = await find_merge_targets(connection, named)
    moved: dict[tuple[str, str], list[Any]] = {}
    for row in rows:
        then = {side: redirect(row[side], into, row["id"]) for side in ("before", "after")}
        moved.setdefault((row["type"], row["column_name"]), []).append({"id": row["id"], **then})
    losing = []
    for (table, column), changes in moved.items():
        left = await put_back(connection, table, column, changes)
        losing += left if (table, column) == (evidence().table, evidence().about_column) else []
    return losing


async def put_back(connection: asyncpg.Connection, table: str, column: str, changes: list[Any]) -> list[Any]:
    """Let a column say what it said `before`, of those {id, before, after} where it still says `after`: gives these."""
    type_ = "uuid[]" if column.endswith("_ids") else "uuid"
    rows = await connection.fetch(
        f"""
        update {statements.quote_type(table)} t set {column} = n.before
        from jsonb_to_recordset($1::text::jsonb) n (id uuid, before {type_}, after {type_})
        where t.id = n.id and t.{column} is not distinct from n.after
        returning n.after
        """,
        json.dumps(changes),
    )
    return [row["after"] for row in rows]


# --- what others were merged into ----------------------------------------------------------------


async def redirect_columns(connection: asyncpg.Connection, own: UUID, values: Mapping[str, Any]) -> dict[str, Any]:
    """Replace the ids of merged records in the columns of a record, given and returned as JSON."""
    pointing = {column: value for column, value in values.items() if column.endswith(("_id", "_ids"))}
    into = await find_merge_targets(connection, (each for value in pointing.values() for each in ids(value)))
    return {**values, **{column: redirect(value, into, str(own)) for column, value in pointing.items()}}


def ids(value: Any) -> list[str]:
    """The ids that a column names."""
    return value if isinstance(value, list) else [value] if value else []


def redirect(value: Any, into: Mapping[str, str], own: str) -> Any:
    """Replace merged ids in a column. None where the record would point at itself."""
    if isinstance(value, list):
        return list(dict.fromkeys(into.get(each, each) for each in value))
    found = into.get(value, value)
    return None if found == own else found


async def find_merge_targets(connection: asyncpg.Connection, ids: Iterable[str]) -> dict[str, str]:
    """Find, for the merged ones of these records, the id of the record each was merged into."""
    wanted = [UUID(each) for each in set(ids)]
    types = await connection.fetch("select distinct lower(type) as type from record where id = any($1)", wanted)
    selects = (
        f"select id, merged_into_id from {statements.quote_type(row['type'])} where id = any($1) and merged_into_id "
        f"is not null"
        for row in types
    )
    rows = await connection.fetch(" union all ".join(selects), wanted) if types else []
    return {str(row["id"]): str(row["merged_into_id"]) for row in rows}
