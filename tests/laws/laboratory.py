"""A database into which random worlds are entered and taken back, and its answers about them day by day."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Coroutine, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any, TypeVar

from asyncpg.prepared_stmt import PreparedStatement

from schema.errors import Invalid
from schema.writing import statements
from schema.writing.dossier import apply
from schema.writing.entries import document
from tests.support.world import Desk, Row, desk_at, reader

T = TypeVar("T")

Answer = dict[str, dict[str, Row]]
"""List -> key -> fields."""

Answers = dict[str, Answer]
"""Day -> its answer."""

NOW = datetime.combine(date(2024, 6, 1), time(12), UTC)


@dataclass(frozen=True)
class Question:
    """What is asked about some days at once: a list of every type, with some fields."""

    lists: Mapping[str, str]
    at_once: int
    """Days of one statement. One of too many subselects is refused."""
    known: bool = False

    def text(self) -> str:
        more = ", knownAt: $known" if self.known else ""
        days = " ".join(
            f"{name}{place}: {name}(first: 100, asOf: $d{place}{more}) {{ nodes {{ key {fields} }} }}"
            for place in range(self.at_once)
            for name, fields in self.lists.items()
        )
        variables = ", ".join(f"$d{place}: DateTime" for place in range(self.at_once))
        return f"query ({variables}{', $known: DateTime' if self.known else ''}) {{ {days} }}"


@dataclass(frozen=True)
class Laboratory:
    """A database for worlds, and the loop in which it is asked: hypothesis itself knows no loops."""

    desk: Desk
    runner: asyncio.Runner
    prepared: dict[str, PreparedStatement[Any]] = field(default_factory=dict)

    def run(self, asked: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(asked)

    def answers(self, world: Mapping[str, Any], asked: Sequence[tuple[Question, Sequence[str]]]) -> list[Answers]:
        """The answers about a world to some questions, each about some days. None at all where it is refused."""
        return self.run(self.ask_all(world, asked))

    async def ask_all(self, world: Mapping[str, Any], asked: Sequence[tuple[Question, Sequence[str]]]) -> list[Answers]:
        try:
            async with self.entered(world):
                return [await self.ask(question, days) for question, days in asked]
        except Invalid:
            return []

    @asynccontextmanager
    async def entered(self, world: Mapping[str, Any]) -> AsyncIterator[None]:
        """Enter a world, and take it back in the end. Raises Invalid where it is refused."""
        connection = self.desk.connection
        transaction = connection.transaction()
        await transaction.start()
        try:
            await statements.begin(connection, statements.Author("a test", "DOSSIER", "to see"))
            await apply(connection, document(dict(world)))
            await connection.execute("select refresh_statuses()")
            yield
        finally:
            await transaction.rollback()

    async def ask(self, question: Question, days: Sequence[str]) -> Answers:
        """Ask for some days, in as few statements as they take."""
        found: Answers = {}
        known = {"known": (await self.desk.moment()).isoformat()} if question.known else {}
        for start in range(0, len(days), question.at_once):
            some = days[start : start + question.at_once]
            # As many days as the statement asks for: the last one stands for those that are missing.
            padded = [*some, *[some[-1]] * (question.at_once - len(some))]
            data = await self.fetch(
                question.text(), {**known, **{f"d{place}": day for place, day in enumerate(padded)}}
            )
            for place, day in enumerate(some):
                found[day] = {name: {row["key"]: row for row in data[f"{name}{place}"]["nodes"]}
                              for name in question.lists}  # fmt: skip
        return found

    async def fetch(self, text: str, variables: Mapping[str, Any]) -> Any:
        """Run a statement that stays prepared: a session prepares one of this length each time anew."""
        operation = reader().prepare(text, None, variables)
        assert operation.plan.sql
        if text not in self.prepared:
            self.prepared[text] = await self.desk.connection.prepare(operation.plan.sql)
        found = await self.prepared[text].fetchrow(*operation.plan.parameters(operation.variables, NOW))
        assert found
        return json.loads(found[0])


@contextmanager
def laboratory_at(url: str) -> Iterator[Laboratory]:
    with asyncio.Runner() as runner:
        opened = desk_at(url)
        desk = runner.run(opened.__aenter__())
        # Planning takes longer than answering: it is done once.
        runner.run(desk.connection.execute("set plan_cache_mode = force_generic_plan"))
        try:
            yield Laboratory(desk, runner)
        finally:
            runner.run(opened.__aexit__(None, None, None))
