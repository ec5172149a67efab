"""Where records point when two of them turn out to be the same, and when they turn out not to be."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import asyncpg

from schema import write
from schema.fields import Many, One, rule_of
from schema.inputs import fields_of, target
from schema.record import Record
from schema.records import RECORDS


async def move_references(connection: asyncpg.Connection, cls: type[Record], old: UUID, new: UUID) -> None:
    """Let everything that points at one record point at another."""
    for holder in RECORDS:
        table = write.quoted(holder.table.name)
        for declared in fields_of(holder):
            match rule_of(declared):
                case One(column=str(column)) if target(declared) in (cls, Record):
                    # The record that stays cannot follow, contain or continue itself.
                    own = "case when id = $2 then null else $2 end" if holder is cls else "$2"
                    await connection.execute(f"update {table} set {column} = {own} where {column} = $1", old, new)
                case Many(column=str(column)) if target(declared) is cls:
                    await connection.execute(
                        f"""
                        update {table} t set {column} = (
                            select array_agg(u.id order by u.place)
                            from (
                                select case when e.id = $1 then $2 else e.id end as id, min(e.place) as place
                                from unnest(t.{column}) with ordinality e (id, place)
                                group by 1
                            ) u
                        )
                        where {column} @> array[$1::uuid]
                        """,
                        old, new,
                    )  # fmt: skip


async def move_back(connection: asyncpg.Connection, old: UUID) -> None:
    """Let what was moved from a record, when it was merged, point at it again, unless somebody changed it since."""
    rows = await connection.fetch(
        """
        select r.record_id, o.type::text, c.key, (c.value -> 'before')::text as before,
            (c.value -> 'after')::text as after
        from revision r
        join record o on o.id = r.record_id
        cross join lateral jsonb_each(r.changes) c
        where r.at = (
                select m.at from revision m
                where m.record_id = $1 and m.changes -> 'merged_into_id' ->> 'before' is null
                    and m.changes -> 'merged_into_id' ->> 'after' is not null
                order by m.version desc
                limit 1
            )
            and r.record_id <> $1 and c.key ~ '_ids?$' and (c.value -> 'before') @> to_jsonb($1::uuid)
        order by r.seq
        """,
        old,
    )
    for row in rows:
        cls = next(cls for cls in RECORDS if cls.table.name.upper() == row["type"])
        moved = await redirected(connection, {row["key"]: json.loads(row["after"])})
        there = await connection.fetchval(
            f"select to_jsonb({row['key']})::text from {write.quoted(cls.table.name)} where id = $1", row["record_id"]
        )
        if moved[row["key"]] == (there and json.loads(there)):
            before = await redirected(connection, {row["key"]: json.loads(row["before"])})
            await write.update(connection, cls, row["record_id"], before)


async def redirected(connection: asyncpg.Connection, values: Mapping[str, Any]) -> dict[str, Any]:
    """Columns as JSON, with the records that others were merged into in the place of these."""
    pointing = {column: value for column, value in values.items() if value and column.endswith(("_id", "_ids"))}
    ids = {UUID(each) for value in pointing.values() for each in ([value] if isinstance(value, str) else value)}
    into = await merged_into(connection, ids)
    return {
        **values,
        **{
            column: into.get(value, value)
            if isinstance(value, str)
            else list(dict.fromkeys(into.get(each, each) for each in value))
            for column, value in pointing.items()
        },
    }


async def merged_into(connection: asyncpg.Connection, ids: Iterable[UUID]) -> dict[str, str]:
    """For those of the records that were merged, the id of the one that they were merged into."""
    selects = (
        f"select id, merged_into_id from {write.quoted(cls.table.name)} "
        "where id = any($1) and merged_into_id is not null"
        for cls in RECORDS
    )
    rows = await connection.fetch(" union all ".join(selects), list(ids))
    return {str(row["id"]): str(row["merged_into_id"]) for row in rows}
