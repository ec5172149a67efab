"""Answers queries: looks a compiled operation up in a bounded cache, or compiles it, and runs its one statement.

GraphQL and REST both come through here. Knows asyncpg's connection; no HTTP.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol

import asyncpg
import strawberry

from schema.bounded_cache import BoundedCache
from schema.compiler.compiler import Compiler
from schema.compiler.document.cost import Limits
from schema.compiler.document.operation import Call, Operation
from schema.compiler.plan.effort import MOST_STEPS, TooManySteps
from schema.compiler.plan.plan import Plan
from schema.compiler.plan.values import count_values
from schema.declare.caller import ANONYMOUS, Caller
from schema.errors import Invalid, Problem

DOCUMENTS_CACHED = 1000
"""Compiled documents: a handful for each page of each front end. About 5 kB each."""

MOST_CHARACTERS_CACHED = 8_000_000
"""Of the cached documents and their statements together: a thousand usual ones have 3 million, large ones far more."""

LONGEST_DOCUMENT_CACHED = 20_000
"""Characters. A front end's documents are far below; what is above is machine-made, and seldom comes twice."""

PLANS_PER_DOCUMENT = 64
"""Shapes of variables whose plans are cached for one document; a filter form has about this many in use."""

FEW_VALUES = 200
"""Values of variables: two pages of ids. They take a millisecond to be read, a thousand conditions forty."""

STEPS_AT_ONCE = 1_000
"""Of a statement that is made while others wait: 5 to 10 ms. A page with its lists takes 30 to 90."""


class DatabaseConnection(Protocol):
    """The part of a connection that is needed: to run a statement that gives one row."""

    async def fetchrow(self, query: str, *args: Any) -> Any: ...


class Answer(NamedTuple):
    """The `data` as JSON, the lookups that found nothing as paths and messages, and the cost."""

    data: bytes
    missing: tuple[Problem, ...] = ()
    cost: int = 0


@dataclass
class Compiled:
    """An operation and its plans, one for each shape of variables seen."""

    operation: Operation
    plans: BoundedCache[Any, Plan] = field(default_factory=lambda: BoundedCache(PLANS_PER_DOCUMENT))


class Prepared(NamedTuple):
    """An operation with its plan, its variables as coerced and as given, and what it costs with these."""

    operation: Operation
    plan: Plan
    variables: dict[str, Any]
    given: Mapping[str, Any]
    cost: int


class Reader:
    """Answers operations on one schema."""

    def __init__(
        self, schema: strawberry.Schema, *, suggestions: bool = True, most_characters: int = MOST_CHARACTERS_CACHED
    ) -> None:
        self.compiler = Compiler(schema, suggestions=suggestions)
        self.compiled: BoundedCache[tuple[str, str | None], Compiled] = BoundedCache(DOCUMENTS_CACHED, most_characters)

    def prepare(
        self,
        text: str,
        name: str | None,
        variables: Mapping[str, Any],
        limits: Limits | None = None,
        most_steps: int = MOST_STEPS,
    ) -> Prepared:
        """Make an operation ready to run. Raises QueryRefused, Invalid or TooComplex; TooManySteps where few are left.

        It may be called in a thread: a new document can take longer than others should wait.
        """
        compiled = self.compile(text, name, limits)
        try:
            values, cost = self.price(compiled, variables, limits)
            operation = compiled.operation
            plan = compiled.plans.recall(operation.shape(values)) or self.add_plan(compiled, name, values, most_steps)
        except RecursionError:
            raise Invalid(Problem("", "the query or its variables are nested too deeply")) from None
        return Prepared(operation, plan, values, variables, add_work(cost, plan, limits))

    def prepare_at_once(
        self, text: str, name: str | None, variables: Mapping[str, Any], limits: Limits | None = None
    ) -> Prepared | None:
        """Make an operation ready if that takes little time, cached or not; else None. Raises what `prepare` raises.

        A thread would take longer over it, since it has to wait for the interpreter again and again.
        """
        if found := self.find_prepared(text, name, variables, limits):
            return found
        if count_values(variables, FEW_VALUES) > FEW_VALUES or not self.compiler.is_plain(text, limits):
            return None
        try:
            return self.prepare(text, name, variables, limits, STEPS_AT_ONCE)
        except TooManySteps:
            return None

    def add_plan(self, compiled: Compiled, name: str | None, values: Mapping[str, Any], most_steps: int) -> Plan:
        """Compile and cache a plan. Documents used longest ago are dropped where the cache is too large."""
        operation = compiled.operation
        plan = compiled.plans.find(operation.shape(values), lambda: self.compiler.plan(operation, values, most_steps))
        if (key := (operation.text, name)) in self.compiled:
            characters = len(operation.text) + sum(map(size, list(compiled.plans.values())))
            self.compiled.put(key, compiled, characters)
        return plan

    def find_prepared(
        self, text: str, name: str | None, variables: Mapping[str, Any], limits: Limits | None = None
    ) -> Prepared | None:
        """Get an operation from the cache, with its plan for variables of this shape; None where one is not cached."""
        compiled = self.compiled.recall((text, name))
        if compiled is None or (not compiled.operation.is_flat and count_values(variables, FEW_VALUES) > FEW_VALUES):
            return None
        values, cost = self.price(compiled, variables, limits)
        if (plan := compiled.plans.recall(compiled.operation.shape(values))) is None:
            return None
        return Prepared(compiled.operation, plan, values, variables, add_work(cost, plan, limits))

    def price(
        self, compiled: Compiled, variables: Mapping[str, Any], limits: Limits | None
    ) -> tuple[dict[str, Any], int]:
        """Coerce the variables and compute the cost with them. A cost without variables was checked when compiled."""
        values = self.compiler.variables(compiled.operation, variables)
        known = compiled.operation.cost
        cost = known.total(values) if known.terms else known.fixed
        if limits and known.terms:
            limits.check_cost(cost)
        return values, cost

    def calls(self, prepared: Prepared) -> list[Call]:
        """List the commands of a mutation. Raises QueryRefused."""
        return self.compiler.calls(prepared.operation, prepared.given)

    def compile(self, text: str, name: str | None, limits: Limits | None) -> Compiled:
        if len(text) > LONGEST_DOCUMENT_CACHED:
            return Compiled(self.compiler.operation(text, name, limits))
        return self.compiled.find((text, name), lambda: Compiled(self.compiler.operation(text, name, limits)))

    async def answer(
        self,
        connection: DatabaseConnection,
        plan: Plan,
        variables: Mapping[str, Any],
        now: datetime,
        caller: Caller = ANONYMOUS,
        cost: int = 0,
    ) -> Answer:
        """Run a plan. Raises Invalid where a value does not fit."""
        if plan.sql is None:
            return Answer(plan.data, cost=cost)
        parameters = plan.parameters(variables, now, caller)
        try:
            data, *found = await connection.fetchrow(plan.sql, *parameters)
        except asyncpg.DataError as error:
            # Only a forged cursor, or a number beyond its column, gets this far.
            raise Invalid(Problem("", f"a value does not fit: {error}")) from error
        missing = [
            lookup.problem(variables, held_by)
            for lookup, held_by in zip(plan.lookups, found, strict=True)
            if held_by is not None
        ]
        return Answer(data, tuple(missing), cost)


def add_work(cost: int, plan: Plan, limits: Limits | None) -> int:
    """Add the work of a statement to the cost of its answer. Raises TooComplex where that is too much."""
    if plan.work and limits:
        limits.check_work(cost + plan.work)
    return cost + plan.work


def size(plan: Plan) -> int:
    return len(plan.sql or "") + len(plan.data)
