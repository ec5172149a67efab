"""Defines a command: its input as a JSON Schema, the role it takes, and its outcome.

GraphQL's arguments and input types, REST's bodies and their check are derived from the one schema.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

import asyncpg

from schema.declare.caller import Caller, Role
from schema.derive.dossier_schema import all_definitions, validator_of
from schema.errors import Invalid, Problem
from schema.records.record import Record
from schema.writing.faults import validate
from schema.writing.statements import REFUSALS, refusal

ID = {"type": "string", "title": "ID", "minLength": 1, "maxLength": 400}
REASON = {
    "type": "string",
    "minLength": 1,
    "maxLength": 2000,
    "description": "Why, for whoever reads the history of the record.",
}
VERSION = {
    "type": "integer",
    "minimum": 1,
    "maximum": 2**31 - 1,
    "description": "The version that was seen. If the record has changed since, nothing is done.",
}


@dataclass(frozen=True)
class Work:
    """The surroundings of a command: a transaction that has begun, a caller, the other commands.

    `moment` is that of the changes it makes.
    """

    connection: asyncpg.Connection
    caller: Caller
    moment: datetime
    commands: Mapping[str, Command]
    problems: list[Problem] = field(default_factory=list)
    """Problems with the schema of the command's input, which are reported with all others."""

    async def perform(self, order: Order) -> Outcome:
        """Have a command done, in the name that was said last. Raises a DomainError; then the caller undoes it."""
        try:
            outcome = await order.command.run(replace(self, problems=order.problems), order.content)
        except REFUSALS as error:
            raise Invalid(Problem("", refusal(error)[1])) from error
        if order.problems:
            raise Invalid(*order.problems)
        return outcome


@dataclass(frozen=True)
class Order:
    """A command with its arguments, without what does not fit their schema, and what that was."""

    command: Command
    content: Mapping[str, Any]
    problems: list[Problem]

    @property
    def reason(self) -> str:
        return str(self.content.get("reason", ""))


@dataclass(frozen=True)
class Outcome:
    """Holds the ids of what a command changed; the columns of `schema.compiler.plan.plan.OUTCOME`."""

    record_id: Any = None
    proposal_id: Any = None
    key_id: Any = None
    secret: str | None = None
    report: Any = None
    warnings: str = "[]"
    problems: str = "[]"


Run = Callable[[Work, Mapping[str, Any]], Awaitable[Outcome]]


@dataclass(frozen=True)
class Command:
    """Something that a caller can have done.

    `gives` is the record type of its payload, or the name of another payload. `role` is the least role that has it
    done at once; a contributor's becomes a proposal where it is `proposable`. `trial` names the argument that makes
    it change nothing. The answer of one that is not `is_repeatable` is kept nowhere. `method` and `path` are those
    under REST, where the property `body` is the body itself.
    """

    name: str
    description: str
    properties: Mapping[str, Any]
    required: tuple[str, ...]
    gives: type[Record] | str
    run: Run
    role: Role = Role.CURATOR
    proposable: bool = True
    trial: str | None = None
    is_repeatable: bool = True
    method: str = "POST"
    path: str | None = None
    body: str | None = None

    @cached_property
    def validator(self) -> Any:
        return validator_of({**self.input_schema, "$defs": all_definitions()})

    @property
    def input_schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": dict(self.properties),
            "required": list(self.required),
            "additionalProperties": False,
        }

    def least(self, given: Mapping[str, Any]) -> Role:
        """The least role that has it done at once, with these arguments."""
        return Role.CONTRIBUTOR if self.is_trial(given) else self.role

    def is_trial(self, given: Mapping[str, Any]) -> bool:
        """Whether it changes nothing, with these arguments."""
        return bool(self.trial and given.get(self.trial))

    def order(self, given: Mapping[str, Any]) -> Order:
        """The command with these arguments. Raises Invalid where one of them is wrong as a whole."""
        try:
            content, problems = validate(drop_needless_nulls(given), self.validator)
        except RecursionError:
            raise Invalid(Problem("", "the input is nested too deeply")) from None
        if not content.keys() >= set(self.required):
            # What was wrong in one of them was all of it.
            raise Invalid(*problems)
        return Order(self, content, problems)


def drop_needless_nulls(given: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments without the nulls that say no more than leaving them out: all but those that take a value away.

    A dossier is judged as it is.
    """
    return {
        name: value
        if name == "dossier"
        else {field: each and drop_nulls(each) for field, each in value.items()}
        if name == "changes" and isinstance(value, dict)
        else drop_nulls(value)
        for name, value in given.items()
        if value is not None
    }


def drop_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: drop_nulls(each) for name, each in value.items() if each is not None}
    return [drop_nulls(each) for each in value] if isinstance(value, list) else value
