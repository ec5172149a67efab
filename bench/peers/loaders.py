"""The loaders and rules of the DataLoader server: one statement for each kind of thing and each wave of a request."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
from strawberry.dataloader import DataLoader

Row = Mapping[str, Any]

TALK = """
    select id, key, title, process_id, (starts).earliest as starts_earliest, (starts).latest as starts_latest,
        (ends).latest as ends_latest
    from talk t
    where coalesce(
        (
            select min(coalesce((m.at).earliest, '-infinity')) from milestone m
            where m.subject_id = t.id and m.retracted_at is null
        ),
        least((starts).earliest, created_at::date), '-infinity'
    ) <= current_date
"""
STATEMENT = """
    select id, key, talk_id, speaker_id, summary, stance::text as stance, (said).earliest as said_earliest,
        (said).latest as said_latest
    from statement
    where retracted_at is null and coalesce((said).earliest, '-infinity') <= current_date
"""
ACTOR = "select id, key, name, kind::text as kind, country from actor where"

ROWS = {
    "actor_by_key": f"{ACTOR} key = $1",
    "talk_by_key": f"{TALK} and key = $1",
    "talks_from": f"{TALK} and retracted_at is null and (starts).earliest >= $1 "
    "order by (starts).earliest, id limit $2",
    "statements_from": f"{STATEMENT} and (said).earliest >= $1 order by (said).earliest, id limit $2",
}
"""What a root field asks for."""

ONE = {
    "actor": f"{ACTOR} id = any($1::uuid[])",
    "source": "select id, title from source where id = any($1::uuid[])",
    "process": "select id, name from process where id = any($1::uuid[])",
}
"""By id: the one row."""

MANY = {
    "participations": """
        select talk_id as of, actor_id, role::text as role, attendance::text as attendance from participation
        where talk_id = any($1::uuid[]) and retracted_at is null order by key, id
    """,
    "statements": f"select s.*, talk_id as of from ({STATEMENT}) s where talk_id = any($1::uuid[]) "
    "order by said_earliest, id",
    "milestones": """
        select subject_id as of, id, kind::text as kind, (at).earliest as at_earliest, (at).latest as at_latest,
            (due).earliest as due_earliest, (due).latest as due_latest
        from milestone
        where subject_id = any($1::uuid[]) and retracted_at is null
            and coalesce((at).earliest, '-infinity') <= current_date
        order by (at).earliest, id
    """,
    "citations": """
        select record_id as of, source_id, number, quote from citation
        where record_id = any($1::uuid[]) and retracted_at is null order by number, key, id
    """,
    "offices": """
        select person_id as of, title, (held).earliest as held_earliest, (held).latest as held_latest from office
        where person_id = any($1::uuid[]) and retracted_at is null order by (held).earliest desc nulls last, id
    """,
    "deadlines": """
        select s.process_id as of, d.id, d.title, (d.due).earliest as due_earliest, (d.due).latest as due_latest
        from (
            select unnest($1::uuid[]) as process_id, unnest($1::uuid[]) as id
            union all select process_id, id from talk where process_id = any($1::uuid[]) and retracted_at is null
            union all select process_id, id from agreement where process_id = any($1::uuid[]) and retracted_at is null
        ) s
        join deadline d on d.subject_id = s.id
        where d.retracted_at is null and coalesce(
            (
                select min(coalesce((m.at).earliest, '-infinity')) from milestone m
                where m.subject_id = d.id and m.retracted_at is null
            ),
            least(d.anchor, (d.due).earliest, d.created_at::date), '-infinity'
        ) <= current_date
    """,
}
"""By the id of what they belong to: all rows, in order."""


class Loaders:
    """The loaders of one request."""

    def __init__(self, pool: asyncpg.Pool[Any]) -> None:
        self.pool = pool
        self.actor, self.source, self.process = (self.one(ONE[each]) for each in ("actor", "source", "process"))
        self.participations, self.statements = self.many(MANY["participations"]), self.many(MANY["statements"])
        self.milestones, self.citations = self.many(MANY["milestones"]), self.many(MANY["citations"])
        self.offices, self.deadlines = self.many(MANY["offices"]), self.many(MANY["deadlines"])

    async def row(self, name: str, *values: Any) -> Row | None:
        return await self.pool.fetchrow(ROWS[name], *values)

    async def rows(self, name: str, *values: Any) -> Sequence[Row]:
        return await self.pool.fetch(ROWS[name], *values)

    def one(self, sql: str) -> DataLoader[UUID, Row | None]:
        async def load(ids: list[UUID]) -> list[Row | None]:
            found = {row["id"]: row for row in await self.pool.fetch(sql, ids)}
            return [found.get(each) for each in ids]

        return DataLoader(load)

    def many(self, sql: str) -> DataLoader[UUID, list[Row]]:
        async def load(ids: list[UUID]) -> list[list[Row]]:
            found: defaultdict[UUID, list[Row]] = defaultdict(list)
            for row in await self.pool.fetch(sql, ids):
                found[row["of"]].append(row)
            return [found[each] for each in ids]

        return DataLoader(load)


def talk_status(talk: Row, milestones: Sequence[Row], participations: Sequence[Row], today: date) -> str:
    """The rule `talk.status`, version 1."""
    latest = newest(milestones, ("SCHEDULED", "OPENED", "POSTPONED", "CANCELLED", "COLLAPSED", "CONCLUDED"))
    if latest and latest["kind"] in ("CANCELLED", "POSTPONED", "COLLAPSED", "CONCLUDED"):
        return str(latest["kind"])
    first, last_start = talk["starts_earliest"], talk["starts_latest"]
    last = talk["ends_latest"] or last_start
    is_held = any(each["kind"] in ("OPENED", "ADJOURNED") for each in milestones) or any(
        each["attendance"] == "REPORTED" for each in participations
    )
    is_definite = first is not None and first == last_start
    if first and today < first:
        return "SCHEDULED" if is_definite else "EXPECTED"
    if last and today <= last and (is_definite or is_held):
        return "UNDER_WAY"
    if last_start and today <= last_start:
        return "EXPECTED"
    if is_held:
        return "HELD"
    return "OVERDUE" if last_start else "EXPECTED"


def deadline_status(deadline: Row, milestones: Sequence[Row], today: date) -> tuple[str, date | None, date | None]:
    """The rule `deadline.status`, version 1, and the days that count."""
    extension = newest(milestones, ("EXTENDED",)) or deadline
    first, last = extension["due_earliest"], extension["due_latest"]
    resolution = newest(milestones, ("MET", "MISSED", "WAIVED", "WITHDRAWN", "EXTENDED"))
    if resolution and resolution["kind"] != "EXTENDED":
        return str(resolution["kind"]), first, last
    if last is None:
        return "OPEN_ENDED", first, last
    if today > last:
        return "OVERDUE", first, last
    if today >= (first or date.min):
        return "IN_WINDOW", first, last
    return ("DUE_SOON" if (first - today).days <= 3 else "PENDING"), first, last


def newest(milestones: Sequence[Row], kinds: Sequence[str]) -> Row | None:
    of_kind = [each for each in milestones if each["kind"] in kinds]
    # A day that is not known is the oldest; among equal ones, an open end is the newest.
    return max(
        of_kind,
        key=lambda each: (each["at_earliest"] or date.min, each["at_latest"] or date.max, each["id"]),
        default=None,
    )
