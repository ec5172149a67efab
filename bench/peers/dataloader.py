"""The usual way in Python: Strawberry types whose fields ask DataLoaders, FastAPI, asyncpg; one process.

Its schema is what the workloads need. Parsed and validated documents are kept, statements are prepared, and each
request has loaders of its own. Rules are computed in Python from what the loaders bring. Run as
`python -m bench.peers.dataloader` with DATABASE_URL and PORT.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from functools import partial
from typing import Annotated, Any

import asyncpg
import strawberry
import uvicorn
from fastapi import Depends, FastAPI
from strawberry.extensions import ParserCache, SchemaExtension, ValidationCache
from strawberry.fastapi import BaseContext, GraphQLRouter
from strawberry.types import Info

from bench.peers.loaders import Loaders, Row, deadline_status, talk_status

PAGE = 20


class Context(BaseContext):
    """What a request has: its loaders. The connection of the pool is theirs to take."""

    def __init__(self, pool: asyncpg.Pool[Any]) -> None:
        super().__init__()
        self.pool = pool
        self.load = Loaders(pool)


Asked = Info[Context, None]


def today() -> date:
    return datetime.now(UTC).date()


@strawberry.type
class FuzzyDate:
    earliest: date | None
    latest: date | None


@strawberry.type
class Source:
    title: str | None


@strawberry.type
class Office:
    title: str


@strawberry.type
class Actor:
    key: str
    name: str
    kind: str
    country: str | None

    @classmethod
    def of(cls, row: Row | None) -> Actor | None:
        return cls(key=row["key"], name=row["name"], kind=row["kind"], country=row["country"]) if row else None


@strawberry.type
class Participation:
    row: strawberry.Private[Row]
    role: str
    attendance: str

    @strawberry.field
    async def actor(self, info: Asked) -> Actor | None:
        return Actor.of(await info.context.load.actor.load(self.row["actor_id"]))


@strawberry.type
class Statement:
    row: strawberry.Private[Row]
    key: str
    summary: str | None
    stance: str | None
    said: FuzzyDate

    @classmethod
    def of(cls, row: Row) -> Statement:
        said = FuzzyDate(earliest=row["said_earliest"], latest=row["said_latest"])
        return cls(row=row, key=row["key"], summary=row["summary"], stance=row["stance"], said=said)

    @strawberry.field
    async def speaker(self, info: Asked) -> Actor | None:
        speaker = self.row["speaker_id"]
        return Actor.of(await info.context.load.actor.load(speaker)) if speaker else None

    @strawberry.field
    async def speaker_office(self, info: Asked) -> Office | None:
        first, last = self.row["said_earliest"] or date.min, self.row["said_latest"] or date.max
        for office in await info.context.load.offices.load(self.row["speaker_id"]):
            if (office["held_earliest"] or date.min) <= last and (office["held_latest"] or date.max) >= first:
                return Office(title=office["title"])
        return None


@strawberry.type
class Milestone:
    kind: str
    at: FuzzyDate


@strawberry.type
class Citation:
    row: strawberry.Private[Row]
    number: int | None
    quote: str | None

    @strawberry.field
    async def source(self, info: Asked) -> Source | None:
        row = await info.context.load.source.load(self.row["source_id"])
        return Source(title=row["title"]) if row else None


@strawberry.type
class Deadline:
    title: str
    status: str


@strawberry.type
class Process:
    row: strawberry.Private[Row]
    name: str

    @strawberry.field
    async def next_deadline(self, info: Asked) -> Deadline | None:
        """Of the open deadlines the one that ends first."""
        rows = await info.context.load.deadlines.load(self.row["id"])
        milestones = await info.context.load.milestones.load_many([row["id"] for row in rows])
        found = []
        for row, steps in zip(rows, milestones, strict=True):
            status, first, last = deadline_status(row, steps, today())
            if status in ("PENDING", "DUE_SOON", "IN_WINDOW"):
                found.append((last, first or date.max, row["id"], Deadline(title=row["title"], status=status)))
        return min(found, key=lambda each: each[:3])[3] if found else None


@strawberry.type
class Talk:
    row: strawberry.Private[Row]
    key: str
    title: str
    starts: FuzzyDate | None

    @classmethod
    def of(cls, row: Row) -> Talk:
        starts = FuzzyDate(earliest=row["starts_earliest"], latest=row["starts_latest"])
        return cls(row=row, key=row["key"], title=row["title"], starts=starts)

    @strawberry.field
    async def status(self, info: Asked) -> str:
        milestones = await info.context.load.milestones.load(self.row["id"])
        participations = await info.context.load.participations.load(self.row["id"])
        return talk_status(self.row, milestones, participations, today())

    @strawberry.field
    async def process(self, info: Asked) -> Process | None:
        row = await info.context.load.process.load(self.row["process_id"])
        return Process(row=row, name=row["name"]) if row else None

    @strawberry.field
    async def participations(self, info: Asked) -> list[Participation]:
        rows = await info.context.load.participations.load(self.row["id"])
        return [Participation(row=row, role=row["role"], attendance=row["attendance"]) for row in rows[:PAGE]]

    @strawberry.field
    async def statements(self, info: Asked) -> list[Statement]:
        return [Statement.of(row) for row in (await info.context.load.statements.load(self.row["id"]))[:PAGE]]

    @strawberry.field
    async def milestones(self, info: Asked) -> list[Milestone]:
        rows = await info.context.load.milestones.load(self.row["id"])
        return [
            Milestone(kind=row["kind"], at=FuzzyDate(earliest=row["at_earliest"], latest=row["at_latest"]))
            for row in rows[:PAGE]
        ]

    @strawberry.field
    async def citations(self, info: Asked) -> list[Citation]:
        rows = await info.context.load.citations.load(self.row["id"])
        return [Citation(row=row, number=row["number"], quote=row["quote"]) for row in rows[:PAGE]]


First = Annotated[int, strawberry.argument(description="How many at most.")]


@strawberry.type
class Query:
    @strawberry.field
    async def actor(self, info: Asked, key: str) -> Actor | None:
        return Actor.of(await info.context.load.row("actor_by_key", key))

    @strawberry.field
    async def talk(self, info: Asked, key: str) -> Talk | None:
        row = await info.context.load.row("talk_by_key", key)
        return Talk.of(row) if row else None

    @strawberry.field
    async def talks(self, info: Asked, first: First, starts_from: date) -> list[Talk]:
        return list(map(Talk.of, await info.context.load.rows("talks_from", starts_from, first)))

    @strawberry.field
    async def statements(self, info: Asked, first: First, said_from: date) -> Sequence[Statement]:
        return list(map(Statement.of, await info.context.load.rows("statements_from", said_from, first)))


def create_app() -> FastAPI:
    pools: list[asyncpg.Pool[Any]] = []

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # As many connections as our own pool has.
        async with asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=2, max_size=8) as pool:
            pools.append(pool)
            yield

    async def context() -> Context:
        return Context(pools[0])

    kept: list[Callable[[], SchemaExtension]] = [
        partial(ParserCache, maxsize=1000),
        partial(ValidationCache, maxsize=1000),
    ]
    schema = strawberry.Schema(Query, extensions=kept)
    app = FastAPI(lifespan=lifespan)
    app.include_router(GraphQLRouter(schema, context_getter=Depends(context).dependency), prefix="/graphql")
    return app


if __name__ == "__main__":
    uvicorn.run(
        create_app(), host="127.0.0.1", port=int(os.environ["PORT"]), loop="uvloop", http="httptools", access_log=False
    )
