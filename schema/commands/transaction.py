"""Carrying out a mutation: one operation is one transaction, done, proposed or refused as a whole.

Whether it is allowed is decided here and nowhere else. Knows no HTTP.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, Literal
from uuid import UUID

import asyncpg

from schema.commands.command import Order, Outcome, Work
from schema.commands.proposals import changes_since
from schema.commands.registry import commands
from schema.compiler.document.operation import Call
from schema.compiler.reader import Answer
from schema.declare.caller import Caller, Role
from schema.derive.part_of import part_of_columns
from schema.errors import (
    Busy,
    ClocksDiffer,
    DomainError,
    Invalid,
    KeyNeeded,
    KeyReused,
    NotAllowed,
    NotFound,
    Problem,
    VersionConflict,
)
from schema.writing import statements

Isolation = Literal["read_committed", "repeatable_read"]

Finish = Callable[[Mapping[str, Outcome]], Awaitable[Answer]]
"""Answers a mutation from the result of each of its calls, by response key."""

MOST_PENDING = 100
"""Proposals of one caller that wait for a decision. Each keeps the differences that it would make."""

ANSWERS_KEPT = "24 hours"
"""The answer to a write with an Idempotency-Key is given again for this long: a client retries for minutes, not
days."""


@dataclass(frozen=True)
class IdempotentRequest:
    """An Idempotency-Key, and a digest of the request that it came with."""

    key: str
    request: bytes

    @classmethod
    def of(cls, key: str, *request: Any) -> IdempotentRequest:
        text = json.dumps(request, sort_keys=True, default=str)
        return cls(key, blake2b(text.encode("utf-8", "replace"), digest_size=32).digest())


class Failed(Exception):
    """One of the calls failed, by `error`: the transaction is undone, and each call told what came of it."""

    def __init__(self, error: DomainError, outcomes: Mapping[str, Outcome]) -> None:
        super().__init__()
        self.error = error
        self.outcomes = outcomes


class TakenBack(Exception):
    """Undoes what was only tried, to see what it would change."""


async def change(
    connection: asyncpg.Connection,
    calls: Sequence[Call],
    caller: Caller,
    finish: Finish,
    *,
    once: IdempotentRequest | None = None,
    review_curators: bool = False,
    clock_tolerance_seconds: float = 0,
) -> Answer:
    """Carry out a mutation and answer it. Raises KeyReused; whatever else can be expected is in the answer."""
    try:
        return await carry_out(
            connection, calls, caller, finish,
            once=once, review_curators=review_curators, clock_tolerance_seconds=clock_tolerance_seconds,
        )  # fmt: skip
    except Failed as failed:
        return await finish(failed.outcomes)


async def carry_out(
    connection: asyncpg.Connection,
    calls: Sequence[Call],
    caller: Caller,
    finish: Finish,
    *,
    once: IdempotentRequest | None = None,
    review_curators: bool = False,
    clock_tolerance_seconds: float = 0,
) -> Answer:
    """The same, for whoever tells failures otherwise. Raises KeyReused, ClocksDiffer or Failed.

    A stamp may differ from the clock of this process by so many seconds; 0 is no limit.
    """
    to_propose = must_propose(calls, caller, review_curators)
    is_trial = tries_only(calls, caller, once, review_curators=review_curators)
    if once:
        check_is_repeatable(calls)
    # Others are answered while a large input is looked at.
    orders = await asyncio.to_thread(lambda: [order(calls, call) for call in calls])
    isolation: Isolation = "repeatable_read" if is_trial else "read_committed"
    with telling_refusals(calls):
        async with connection.transaction(isolation=isolation):
            moment = await begin(connection, author(caller, orders[0]), is_trial=is_trial)
            check_clock(moment, clock_tolerance_seconds)
            if once and (given_before := await find_earlier_answer(connection, caller, once)):
                return given_before
            work = Work(connection, caller, moment, commands())
            outcomes = await (propose if to_propose else perform)(work, calls, orders)
            if not is_trial:
                # Before the answer is read; what others write is kept at the end of their transactions.
                await connection.execute("select refresh_statuses()")
            answer = await finish(outcomes)
            if once:
                await keep(connection, caller, once, answer)
        return answer


@contextmanager
def telling_refusals(calls: Sequence[Call]) -> Iterator[None]:
    """Tell what the database checks only at the end of the transaction, and what others did meanwhile."""
    try:
        yield
    except asyncpg.SerializationError:
        raise failure(calls, calls[-1], Busy("Others changed the same records meanwhile; try again.")) from None
    except statements.REFUSALS as error:
        raise failure(calls, calls[-1], Invalid(Problem("", statements.refusal(error)[1]))) from error


def tries_only(
    calls: Sequence[Call], caller: Caller, once: IdempotentRequest | None, *, review_curators: bool = False
) -> bool:
    """Whether no record is changed: by dry runs, and by what becomes a proposal. Then no writer has to wait for it.

    A request that is told once and no more takes its turn as writers do.
    """
    if once:
        return False
    try:
        to_propose = must_propose(calls, caller, review_curators)
    except Failed:
        return False
    return to_propose or all(commands()[call.command].is_trial(call.arguments) for call in calls)


async def begin(connection: asyncpg.Connection, author: statements.Author, *, is_trial: bool) -> datetime:
    """The turn among the writers of all processes. Raises Busy where it does not come in time."""
    try:
        return await statements.begin(connection, author, is_trial=is_trial)
    except (asyncpg.QueryCanceledError, asyncpg.LockNotAvailableError):
        raise Busy("Others were writing all the time. Nothing was done; try again.") from None


def check_clock(moment: datetime, tolerance_seconds: float) -> None:
    """Raise ClocksDiffer where the moment of a change is not about now, as it seems here."""
    now = datetime.now(UTC)
    if tolerance_seconds and abs((moment - now).total_seconds()) > tolerance_seconds:
        raise ClocksDiffer(
            f"the change would be stamped {moment:%Y-%m-%dT%H:%M:%SZ}, and here it is {now:%Y-%m-%dT%H:%M:%SZ}; set "
            "the clock of the database, or of this server. Nothing was done."
        )


# --- who may -------------------------------------------------------------------------------------


def must_propose(calls: Sequence[Call], caller: Caller, review_curators: bool) -> bool:
    """Whether the calls are to be proposed instead of done. Raises Failed where they are not allowed."""
    to_propose = False
    for call in calls:
        command = commands()[call.command]
        least = command.least(call.arguments)
        if not caller.role.may(Role.CONTRIBUTOR):
            raise failure(calls, call, KeyNeeded(f"{command.name} needs a key; send it as a Bearer token"))
        if not caller.role.may(least):
            if not command.proposable:
                raise failure(calls, call, NotAllowed(f"{command.name} needs the role {least.name}"))
            to_propose = True
        elif review_curators and caller.role is Role.CURATOR and command.proposable and least is Role.CURATOR:
            to_propose = True
    if to_propose:
        for call in calls:
            if not commands()[call.command].proposable:
                raise failure(calls, call, NotAllowed(f"{call.command} cannot stand in a proposal; send it by itself"))
    return to_propose


# --- doing ---------------------------------------------------------------------------------------


def order(calls: Sequence[Call], call: Call) -> Order:
    """A call as it can be carried out. Raises Failed where it cannot."""
    try:
        return commands()[call.command].order(call.arguments)
    except Invalid as invalid:
        raise failure(calls, call, invalid) from invalid


def author(caller: Caller, order: Order) -> statements.Author:
    return statements.Author(
        caller.name, "DOSSIER" if order.command.name == "applyDossier" else "MUTATION", order.reason
    )


async def perform(work: Work, calls: Sequence[Call], orders: Sequence[Order]) -> dict[str, Outcome]:
    """Do one after the other. Raises Failed with the first that cannot be done."""
    outcomes = {}
    for call, order in zip(calls, orders, strict=True):
        try:
            if order is not orders[0]:
                # The first is said as the transaction begins.
                await statements.attribute(work.connection, author(work.caller, order))
            outcomes[call.key] = await work.perform(order)
        except DomainError as error:
            raise failure(calls, call, error) from error
    return outcomes


def failure(calls: Sequence[Call], culprit: Call, error: DomainError) -> Failed:
    """Build the outcomes of all calls when one of them failed."""
    others = json.dumps([{"code": "NOT_DONE", "message": f"nothing was done, since {culprit.key!r} failed"}])
    return Failed(
        error,
        {
            call.key: Outcome(problems=json.dumps(payload_problems(error)) if call is culprit else others)
            for call in calls
        },
    )


def payload_problems(error: DomainError) -> list[dict[str, Any]]:
    """A failure as the `problems` of a payload."""
    common = {"code": error.code, "message": storable(str(error))}
    match error:
        case Invalid():
            return [
                {
                    "code": error.code,
                    "message": storable(each.message),
                    "path": storable(each.path) or None,
                    "key": each.key,
                    "line": each.line,
                }
                for each in error.problems
            ]
        case NotFound():
            return [{**common, "path": error.path or None}]
        case VersionConflict():
            return [
                {
                    **common,
                    "current_version": error.current_version,
                    "changed_by": error.changed_by,
                    "changed_at": error.changed_at.isoformat(),
                }
            ]
    return [common]


def storable(text: str) -> str:
    """Remove the characters of a quoted input that Postgres cannot store in a text."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()


# --- proposing -----------------------------------------------------------------------------------


async def propose(work: Work, calls: Sequence[Call], orders: Sequence[Order]) -> dict[str, Outcome]:
    """Keep the calls as a proposal, with what they would change now. Raises Failed where they cannot be done."""
    pending: int = await work.connection.fetchval(
        "select count(*) from proposal where proposed_by = $1 and status = 'PENDING'", work.caller.name
    )
    if pending >= MOST_PENDING:
        told = f"{MOST_PENDING} proposals of yours are pending already; wait until they are decided, or withdraw some"
        raise failure(calls, calls[0], Invalid(Problem("", told)))
    before = await statements.last_seq(work.connection)
    diff: list[dict[str, Any]] = []
    bases: dict[str, int] = {}
    try:
        async with work.connection.transaction():
            outcomes = await perform(work, calls, orders)
            await check_at_once(work.connection, calls)
            diff = await changes_since(work.connection, before)
            bases = {
                **await find_unchanged(work.connection, outcomes.values()),
                **await find_bases(work.connection, before),
            }
            raise TakenBack
    except TakenBack:
        pass
    operations = [{"command": call.command, "arguments": call.arguments} for call in calls]
    reasons = dict.fromkeys(call.arguments["reason"] for call in calls if call.arguments.get("reason"))
    id_: UUID = await work.connection.fetchval(
        """
        insert into proposal (operations, changes, bases, proposed_by, reason)
        values ($1::text::jsonb, $2::text::jsonb, $3::text::jsonb, $4, $5)
        returning id
        """,
        json.dumps(operations), json.dumps(diff), json.dumps(bases), work.caller.name, "; ".join(reasons) or None,
    )  # fmt: skip
    return {call.key: Outcome(proposal_id=id_) for call in calls}


async def check_at_once(connection: asyncpg.Connection, calls: Sequence[Call]) -> None:
    """Have the database check now what it checks at the end, which a proposal never reaches."""
    try:
        await connection.execute("set constraints all immediate")
    except statements.REFUSALS as error:
        raise failure(calls, calls[-1], Invalid(Problem("", statements.refusal(error)[1]))) from error


async def find_bases(connection: asyncpg.Connection, seq: int) -> dict[str, int]:
    """The versions that records had before what was tried: those it changed, and those that new ones are about."""
    rows = await connection.fetch(
        """
        with tried as (select * from revision where seq > $1)
        select record_id, min(version) - 1 as version from tried group by record_id having min(version) > 1
        union
        select r.record_id, max(r.version)
        from tried t
        join record o on o.id = t.record_id
        cross join lateral (
            select t.changes -> c.name from jsonb_array_elements_text($2::text::jsonb -> o.type) c (name)
        ) about (change)
        join revision r on r.record_id = (about.change ->> 'after')::uuid and r.seq <= $1
        group by r.record_id
        """,
        seq, json.dumps(part_of_columns()),
    )  # fmt: skip
    return {str(row["record_id"]): row["version"] for row in rows}


async def find_unchanged(connection: asyncpg.Connection, outcomes: Iterable[Outcome]) -> dict[str, int]:
    """The versions of the records that a dossier names and leaves as they are, or would: it may change them later."""
    rows = [row for outcome in outcomes if outcome.report for row in json.loads(outcome.report)]
    wanted: dict[str, list[str]] = {}
    for row in rows:
        if row["action"] != "CREATED":
            wanted.setdefault(row["type"], []).append(row["key"])
    if not wanted:
        return {}
    selects = (
        f"select id, version from {statements.quote_type(type_)} where key = any(${n})"
        for n, type_ in enumerate(wanted, 1)
    )
    found = await connection.fetch(" union all ".join(selects), *wanted.values())
    return {str(row["id"]): row["version"] for row in found}


# --- once and no more ----------------------------------------------------------------------------


def check_is_repeatable(calls: Sequence[Call]) -> None:
    """Raise Failed where the answer may not be kept."""
    for call in calls:
        if not commands()[call.command].is_repeatable:
            cure = "the answer holds a secret, which is kept nowhere; leave the Idempotency-Key out"
            raise failure(calls, call, Invalid(Problem("", cure)))


async def find_earlier_answer(connection: asyncpg.Connection, caller: Caller, once: IdempotentRequest) -> Answer | None:
    """The answer that was given to this request before. Raises KeyReused where the request was another."""
    row = await connection.fetchrow(
        "select request, answer from answered_request where caller = $1 and key = $2", caller.name, once.key
    )
    if row is None:
        return None
    if row["request"] != once.request:
        raise KeyReused(f"the Idempotency-Key {once.key!r} came with another request before; take a new key")
    return Answer(row["answer"])


async def keep(connection: asyncpg.Connection, caller: Caller, once: IdempotentRequest, answer: Answer) -> None:
    """Keep an answer in the transaction that it answers, and forget old ones."""
    await connection.execute(
        f"""
        with forgotten as (delete from answered_request where at < now() - interval '{ANSWERS_KEPT}')
        insert into answered_request (caller, key, request, answer) values ($1, $2, $3, $4)
        """,
        caller.name, once.key, once.request, answer.data,
    )  # fmt: skip
