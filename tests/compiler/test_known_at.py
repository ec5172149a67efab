"""`knownAt` against real copies: what the database says of a moment is what a copy taken then says, byte for byte."""

from __future__ import annotations

import json
import math
import random
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLField,
    GraphQLNonNull,
    OperationDefinitionNode,
    Visitor,
    get_named_type,
    parse,
    print_ast,
    validate,
    visit,
)

from schema.compiler.reader import Answer
from schema.declare.fields import Many, One, rule_of
from schema.declare.reflection import fields_of, target
from schema.errors import Invalid
from schema.records.processes.process import Process
from schema.records.record import Record
from schema.records.statements.statement import Statement
from schema.records.talks.talk import Talk
from schema.records.timeline.deadline import Deadline
from schema.records.timeline.milestone import Milestone
from tests.compiler.test_oracle import ABSENT, Making, Pair, difference, operations_of_hypothesis
from tests.conftest import new_database
from tests.support.oracle.executor import Oracle
from tests.support.random_world import COUNTS, ONLY_AT_FIRST, State, insert_all, pointing_to_checks, state_of
from tests.support.random_world import Making as World
from tests.support.world import CLOCK, Desk, desk_at, reader

SEED = 9
"""The history and every operation follow from it, and from the day on which the tests run."""

INSTANT = timedelta(microseconds=1)

LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)

DAYS = [None, None, "2025-03-10", "2025-04-18", "2025-05-20T23:59:59+02:00", "2026-01-01", "9000-01-01"]
"""Moments for `asOf`; the clock of the tests where it is left out."""

TRANSACTIONS = 6
"""How many there are after the first records, each with a copy of its own: 20 ms and 10 MB of memory."""

CLOCKS = ("asOf", "knownAt")
DECLARED = "($asOf: DateTime, $knownAt: DateTime)"
BOTH = "asOf: $asOf, knownAt: $knownAt"


# --- a history, and copies of the database on the way --------------------------------------------


class History(World):
    """Random changes of every kind, several in one transaction."""

    def __init__(self, desk: Desk, chance: random.Random, made: dict[type[Record], list[str]] | None = None) -> None:
        super().__init__(chance)
        self.desk = desk
        self.made = made or self.made
        self.about = list(COUNTS)

    def day(self) -> date:
        """Now and then a day that is still to come when the record is entered."""
        if self.chance.random() < 0.1:
            return datetime.now(UTC).date() + timedelta(days=self.chance.randrange(-2, 60))
        return super().day()

    async def begin(self, share: float) -> None:
        for record, count in COUNTS.items():
            rows = [self.row(record) for _ in range(math.ceil(count * share))]
            await insert_all(self.desk, record, rows)

    async def change(self) -> None:
        acts: list[Callable[[], Awaitable[None]]] = [
            self.create, self.create_and_retract, self.correct, self.correct, self.correct, self.rewrite,
            self.rewrite_twice, self.rename, self.rename_and_back, self.retract, self.restore, self.merge, self.merge,
            self.slip,
        ]  # fmt: skip
        for _ in range(self.chance.randrange(6, 16)):
            await self.chance.choice(acts)()

    async def sweep(self) -> None:
        """Half of the records of every type say something else in every field.

        One is renamed, one goes, two merge, and one comes back.
        """
        for record in COUNTS:
            self.about = [record]
            for uuid in self.chance.sample(self.made[record], len(self.made[record]) // 2):
                await self.update(record, uuid, self.values(record))
            await self.rename()
            await self.retract()
            await self.redirect()
            await self.restore()
        self.about = list(COUNTS)

    # --- acts ---

    def any(self) -> tuple[type[Record], str]:
        record = self.chance.choice(self.about)
        return record, self.chance.choice(self.made[record])

    async def update(self, record: type[Record], uuid: str, values: Mapping[str, Any]) -> None:
        columns, name = ", ".join(values), record.table.name
        with pointing_to_checks(record):
            await self.desk.connection.execute(
                f'update "{name}" set ({columns}) = '
                f'(select {columns} from jsonb_populate_record(null::"{name}", $2::text::jsonb)) where id = $1',
                uuid, json.dumps(values),
            )  # fmt: skip

    async def create(self) -> None:
        record, _ = self.any()
        await insert_all(self.desk, record, [self.row(record)])

    async def create_and_retract(self) -> None:
        record, _ = self.any()
        row = self.row(record)
        await insert_all(self.desk, record, [row])
        await self.update(record, row["id"], {"retracted_at": "2025-04-20T10:00:00Z"})

    async def correct(self) -> None:
        record, uuid = self.any()
        values = self.values(record)
        free = sorted(values.keys() - ONLY_AT_FIRST.get(record, set()))
        if chosen := self.chance.sample(free, min(len(free), self.chance.randrange(1, 4))):
            await self.update(record, uuid, {name: values[name] for name in chosen})

    async def rewrite(self) -> None:
        record, uuid = self.any()
        await self.update(record, uuid, self.values(record))

    async def rewrite_twice(self) -> None:
        record, uuid = self.any()
        for _ in range(2):
            await self.update(record, uuid, self.values(record))

    async def rename(self) -> None:
        record, uuid = self.any()
        await self.update(record, uuid, {"key": f"renamed-{self.chance.getrandbits(32)}"})

    async def rename_and_back(self) -> None:
        record, uuid = self.any()
        name = record.table.name
        key = await self.desk.connection.fetchval(f'select key from "{name}" where id = $1', uuid)
        for each in (f"{key}-for-a-moment", key):
            await self.update(record, uuid, {"key": each})

    async def retract(self) -> None:
        record, uuid = self.any()
        await self.update(record, uuid, {"retracted_at": "2025-04-20T10:00:00Z"})

    async def restore(self) -> None:
        """One of those that are retracted or merged, where there is one."""
        record, _ = self.any()
        gone = await self.desk.connection.fetch(
            f'select id from "{record.table.name}" where retracted_at is not null order by id'
        )
        if gone:
            uuid = str(self.chance.choice(gone)["id"])
            await self.update(record, uuid, {"retracted_at": None, "merged_into_id": None})

    async def merge(self) -> None:
        """What points to one record moves to another, which may itself be merged later."""
        if merged := await self.redirect():
            record, loser, winner = merged
            for statement in pointers_to(record):
                await self.desk.connection.execute(statement, loser, winner)

    async def redirect(self) -> tuple[type[Record], str, str] | None:
        """Merge two records, if there are two, and leave alone what points to the one, other mergers apart."""
        record, _ = self.any()
        kept = await self.desk.connection.fetch(
            f'select id from "{record.table.name}" where merged_into_id is null order by id'
        )
        if len(kept) < 2:
            return None
        loser, winner = (str(each["id"]) for each in self.chance.sample(kept, 2))
        await self.desk.connection.execute(
            f'update "{record.table.name}" set merged_into_id = $2 where merged_into_id = $1', loser, winner
        )
        await self.update(record, loser, {"merged_into_id": winner, "retracted_at": "2025-04-21T10:00:00Z"})
        return record, loser, winner

    async def slip(self, *acts: Callable[[], Awaitable[None]]) -> None:
        """Changes that are taken back before anybody saw them: to a savepoint, or all of a transaction."""
        made = {record: list(ids) for record, ids in self.made.items()}
        transaction = self.desk.connection.transaction()
        await transaction.start()
        for act in acts or (self.create, self.rewrite, self.merge):
            await act()
        await transaction.rollback()
        self.made = made


def pointers_to(record: type[Record]) -> Iterator[str]:
    """Statements that make $2 of every $1 that points to a record of this type."""
    for other in COUNTS:
        for field in fields_of(other):
            if target(field) not in (record, Record) or field.python_name == "merged_into":
                continue
            match rule_of(field):
                case One(column=str(column)):
                    yield f'update "{other.table.name}" set {column} = $2 where {column} = $1'
                case Many(column=str(column)):
                    yield (
                        f'update "{other.table.name}" set {column} = '
                        f"array_replace(array_remove({column}, $2), $1, $2) where {column} @> array[$1::uuid]"
                    )


@dataclass(frozen=True)
class Copy:
    """The database as it stood after a change, and moments at which it stood so: the first, the last, one between."""

    desk: Desk
    moments: Sequence[datetime]


@dataclass(frozen=True)
class Past(Pair):
    """A database with a history, and its copies from on the way."""

    copies: Sequence[Copy]


@pytest.fixture(scope="module")
async def past(postgres: str, template_url: str) -> AsyncIterator[Past]:
    reader()  # Only a schema lets declarations name one another.
    async with AsyncExitStack() as stack:
        url = stack.enter_context(new_database(postgres, template_url))
        states: list[State] = []
        urls = [stack.enter_context(new_database(postgres, url))]
        chance, made = random.Random(SEED), None
        for number in range(TRANSACTIONS + 2):
            # Nobody may be connected to a database while it is copied.
            async with desk_at(url) as desk:
                made = (await transaction(History(desk, chance, made), number)).made
                states.append(await state_of(desk))
            urls.append(stack.enter_context(new_database(postgres, url)))
        desks = [await stack.enter_async_context(desk_at(each)) for each in (url, *urls)]
        # One plan serves every moment.
        await desks[0].connection.execute("set plan_cache_mode = force_generic_plan")
        copies = [Copy(*each) for each in zip(desks[1:], moments([state.since for state in states]), strict=True)]
        yield Past(desks[0], Oracle(states), states, copies)


async def transaction(history: History, number: int) -> History:
    """One that is committed, and sometimes one before it that is not."""
    if number < 2:
        async with history.desk.change():
            await history.begin((0.6, 0.4)[number])
    elif number % 2:
        await history.slip(history.change)
        async with history.desk.change():
            await (history.sweep() if number == 5 else history.change())
    else:
        # As in psql: nobody says that a change begins.
        async with history.desk.connection.transaction():
            await history.slip(history.rewrite, history.create)
            await history.change()
    return history


def moments(changes: list[datetime]) -> Iterator[list[datetime]]:
    """For each state, the empty one first, moments from its change to the instant before the next."""
    for since, until in zip([LONG_AGO, *changes], [*changes, datetime.now(UTC) + timedelta(days=9)], strict=True):
        yield [since, since + INSTANT, since + (until - since) / 2, until - INSTANT]


# --- asking both ---------------------------------------------------------------------------------


async def agree(
    past: Past, text: str, variables: Mapping[str, Any], chance: random.Random, copy: Copy
) -> Answer | None:
    """Ask the database of a moment, and the copy of what it says now. Gives the answer; None where both refuse."""
    entered = past.states[0].since
    moment, now = chance.choice(copy.moments), chance.choice([CLOCK, CLOCK, entered])
    day = chance.choice([*DAYS, str(entered.date()), str(entered.date() + timedelta(days=30))])
    given = {**variables, **({"asOf": day} if day else {})}
    there = await told(copy.desk, text, given, now)
    then = await told(past.desk, text, {**given, "knownAt": moment.isoformat()}, now)
    where = (
        f"{SEED=}, copy {past.copies.index(copy)}, knownAt {moment}, asOf {day}, now {now}\n{text}\n{dict(variables)}"
    )
    if isinstance(there, str) or isinstance(then, str):
        # A statement on the past counts twice as many subselects.
        assert then == there or "subselects" in str(then), f"{then}, but the copy: {there}\n{where}"
        return None
    if then.data != there.data:
        pytest.fail(f"{difference(json.loads(then.data), json.loads(there.data))}\n{where}")
    assert [each.path for each in then.missing] == [each.path for each in there.missing], where
    return then


async def told(desk: Desk, text: str, variables: Mapping[str, Any], now: datetime) -> Answer | str:
    try:
        return await desk.answer(text, now=now, **variables)
    except Invalid as error:
        return str(error)


# --- operations with two clocks ------------------------------------------------------------------


class Asking(Making):
    """Random operations in which both clocks of every root field are variables, to be given or left out."""

    def operation(self) -> tuple[str, dict[str, Any]]:
        self.variables |= dict.fromkeys(CLOCKS, ("DateTime", ABSENT))
        return super().operation()

    def arguments(self, declared: Any, is_root: bool) -> str:
        plain = {name: each for name, each in declared.args.items() if name not in CLOCKS}
        found = super().arguments(GraphQLField(declared.type, args=plain), is_root)
        if len(plain) == len(declared.args):
            return found
        return f"({found[1:-1]} {BOTH})"


def operations(past: Past, begin: int, count: int) -> Iterator[tuple[Asking, str, dict[str, Any]]]:
    """Valid operations on fields that have clocks."""
    made = number = 0
    while made < count:
        asking = Asking(random.Random(SEED + begin + number), past)
        text, variables = asking.operation()
        number += 1
        if has_clocks(past, text) and not validate(past.oracle.schema, parse(text)):
            made += 1
            yield asking, text, variables
    assert number < 2 * count + 20


def has_clocks(past: Past, text: str) -> bool:
    """Whether every root field has both clocks; the published rules have none, and are the same at any time."""
    query: Any = past.oracle.schema.query_type
    return all("knownAt" in query.fields[each.name.value].args for each in roots(parse(text)))


def roots(document: DocumentNode) -> list[Any]:
    operation: Any = next(each for each in document.definitions if isinstance(each, OperationDefinitionNode))
    return list(operation.selection_set.selections)


def clocked(text: str) -> str:
    """An operation without variables, whose root fields get both clocks as variables."""
    document = parse(text)
    found = roots(document)
    sample: Any = parse(f"query {DECLARED} {{ field({BOTH}) }}").definitions[0]
    clocks = roots(parse(f"{{ field({BOTH}) }}"))[0].arguments

    class Clocked(Visitor):
        def enter_operation_definition(self, node: OperationDefinitionNode, *_: Any) -> Any:
            return replaced(node, variable_definitions=sample.variable_definitions)

        def enter_field(self, node: FieldNode, *_: Any) -> Any:
            if any(node is each for each in found):
                kept = [each for each in node.arguments or () if each.name.value not in CLOCKS]
                return replaced(node, arguments=(*kept, *clocks))
            return None

    return print_ast(visit(document, Clocked()))


def replaced(node: Any, **parts: Any) -> Any:
    return type(node)(**{name: getattr(node, name) for name in node.keys if name != "loc"} | parts)


def number_of(past: Past, many: int) -> int:
    """Fewer on the older server, so that the suite stays quick."""
    return many if past.desk.connection.get_server_version().major >= 18 else many // 3


# --- every field, filter and order of every type -------------------------------------------------


def thin(type_: Any) -> str:
    """What tells one thing from another."""
    names = ("id", "seq", "name", "version", "at") if "id" not in type_.fields else ("id", "version", "title")
    leaves = [
        name
        for name in names
        if name in type_.fields and not hasattr(get_named_type(type_.fields[name].type), "fields")
    ]
    return " ".join(["__typename", *leaves])


def whole(field: Any, name: str) -> str:
    """A field with all that is in it, down to the next records."""
    about = get_named_type(field.type)
    if required := [each for each, argument in field.args.items() if isinstance(argument.type, GraphQLNonNull)]:
        # The two versions of a difference.
        name = f"{name}({', '.join(f'{each}: {number}' for number, each in enumerate(required, start=1))})"
    if not hasattr(about, "fields"):
        return name
    if "pageInfo" in about.fields:
        inner = thin(get_named_type(about.fields["nodes"].type))
        return f"{name}(first: 5) {{ totalCount nodes {{ {inner} }} }}"
    if "id" in about.fields and about.name != "Rule":
        return f"{name} {{ {thin(about)} }}"
    return f"{name} {{ {' '.join(whole(each, inner) for inner, each in about.fields.items())} }}"


def lists(past: Past) -> Iterator[tuple[str, Any, Any]]:
    """The root fields that are lists, with their types."""
    query: Any = past.oracle.schema.query_type
    for name, field in query.fields.items():
        about: Any = get_named_type(field.type)
        if "knownAt" in field.args and "pageInfo" in getattr(about, "fields", {}):
            yield name, field, get_named_type(about.fields["nodes"].type)


def every_field(past: Past) -> Iterator[str]:
    for name, _, type_ in lists(past):
        for fields in batched([whole(each, inner) for inner, each in type_.fields.items()], 9):
            yield f"query {DECLARED} {{ {name}(first: 50, {BOTH}) {{ totalCount nodes {{ {' '.join(fields)} }} }} }}"


def every_filter(past: Past) -> Iterator[str]:
    asking = Asking(random.Random(SEED), past)
    for name, field, _ in lists(past):
        filters: Any = get_named_type(field.args["filter"].type)
        written = [
            f"{name}(filter: {{{inner}: {asking.written(some_value(asking, each.type))}}}, first: 50, {BOTH})"
            for inner, each in filters.fields.items()
        ]
        yield from aliased(written, "edges { cursor }", 8)


def some_value(asking: Asking, type_: Any) -> Any:
    """A value of an input type that asks for something."""
    while not (value := asking.value(type_, depth=2)):
        pass
    return value


def every_order(past: Past) -> Iterator[str]:
    for name, field, _ in lists(past):
        orders: Any = get_named_type(field.args["orderBy"].type)
        written = [f"{name}(orderBy: {each}, first: 50, {BOTH})" for each in orders.values]
        yield from aliased(written, "edges { cursor }", 10)


def aliased(fields: list[str], selection: str, size: int) -> Iterator[str]:
    """Operations that ask for the same of several root fields."""
    for some in batched(fields, size):
        body = " ".join(f"a{index}: {each} {{ {selection} }}" for index, each in enumerate(some))
        yield f"query {DECLARED} {{ {body} }}"


def batched(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for begin in range(0, len(items), size):
        yield items[begin : begin + size]


def every_lookup(past: Past) -> Iterator[str]:
    """Records by the ids they have and the keys they ever had, above all those that changed most."""
    for record in COUNTS:
        name = record.table.name
        rows = [row for state in past.states for row in state.tables[name]]
        keys = list(dict.fromkeys(row["key"] for row in sorted(rows, key=lambda row: -row["version"])))
        ids = list(dict.fromkeys(row["id"] for row in rows))
        by = [f'{{key: "{key}"}}' for key in keys[:8]] + [f'{{id: "{uuid}"}}' for uuid in ids[:4]]
        yield from aliased(
            [f"{record.table.field}(by: {each}, {BOTH})" for each in by], "id key version retractedAt", 12
        )


def every_merger(past: Past) -> Iterator[str]:
    """What was merged, in chains too, and what it says it is the same as."""
    tables = past.states[-1].tables
    rows = [(record, row) for record in COUNTS for row in tables[record.table.name] if row["merged_into_id"]]
    fields = [f'{record.table.field}(by: {{id: "{row["id"]}"}}, {BOTH})' for record, row in rows[::3]]
    yield from aliased(fields, "id key version mergedInto { __typename id version }", 4)


# --- the comparison ------------------------------------------------------------------------------


async def everywhere(past: Past, texts: Sequence[str], copies: int = 1) -> None:
    """Ask each of these of some copies, neither the empty one nor the last, which says what the database says now."""
    answered = 0
    for number, text in enumerate(texts):
        chance = random.Random(SEED + number)
        for copy in chance.sample(past.copies[1:-1], copies):
            answered += await agree(past, text, {}, chance, copy) is not None
    assert answered == copies * len(texts) > 0


def some_of(past: Past, texts: Iterator[str]) -> list[str]:
    """Every one, but for the older server, where every third will do."""
    return list(texts)[:: 1 if number_of(past, 3) == 3 else 3]


async def test_the_history_changes_every_column_of_every_type_in_every_way(past: Past) -> None:
    changed = await past.desk.connection.fetch(
        """
        select distinct d.type::text, c.column
        from revision r
        join record d on d.id = r.record_id
        cross join lateral jsonb_object_keys(r.changes) c ("column")
        where r.action <> 'CREATE'
        """
    )
    tables = past.states[-1].tables
    columns = {
        (record.table.name.upper(), name)
        for record in COUNTS
        for name in tables[record.table.name][0].keys() - {"id", "version", "created_at", "updated_at"}
    }
    assert columns <= {(row["type"], row["column"]) for row in changed}
    done = await past.desk.connection.fetch("select action::text from revision group by action")
    assert {row["action"] for row in done} == {"CREATE", "UPDATE", "RETRACT", "RESTORE", "MERGE"}


@pytest.mark.one_postgres
async def test_every_field_of_every_type_says_what_it_said(past: Past) -> None:
    await everywhere(past, some_of(past, every_field(past)))


@pytest.mark.one_postgres
async def test_every_filter_finds_what_it_found(past: Past) -> None:
    await everywhere(past, some_of(past, every_filter(past)))


@pytest.mark.one_postgres
async def test_every_order_is_what_it_was(past: Past) -> None:
    await everywhere(past, some_of(past, every_order(past)))


async def test_every_record_is_found_by_the_id_and_the_key_it_had(past: Past) -> None:
    await everywhere(past, some_of(past, every_lookup(past)), 2)
    await everywhere(past, list(every_merger(past)), 2)


async def test_anything_is_found_by_its_id(past: Past) -> None:
    ids = [row["id"] for row in past.states[-1].tables["record"]][::4][:100]
    text = f"""query ($ids: [ID!]!, $id: ID!, $asOf: DateTime, $knownAt: DateTime) {{
        nodes(ids: $ids, {BOTH}) {{ __typename id ... on Record {{ key version retractedAt }} }}
        record(id: $id, {BOTH}) {{ __typename id key version updatedAt }}
    }}"""
    chance = random.Random(SEED)
    for copy in past.copies:
        assert await agree(past, text, {"ids": ids, "id": chance.choice(ids)}, chance, copy)


async def test_the_log_is_read_page_by_page_as_it_stood(past: Past) -> None:
    text = f"""query ($after: String, $asOf: DateTime, $knownAt: DateTime) {{
        revisions(orderBy: SEQ_ASC, first: 100, after: $after, {BOTH}) {{
            totalCount
            nodes {{ seq version action at changedBy reason origin record {{ id }} changes {{ field before after }} }}
            pageInfo {{ endCursor hasNextPage }}
        }}
    }}"""
    chance = random.Random(SEED)
    copy = past.copies[len(past.copies) // 2]
    seen, after = 0, None
    while True:
        answer = await agree(past, text, {"after": after}, chance, copy)
        assert answer is not None
        page = json.loads(answer.data)["revisions"]
        seen, after = seen + len(page["nodes"]), page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == page["totalCount"] > 200


async def test_random_operations_are_answered_as_they_were(past: Past) -> None:
    """Nested, filtered and ordered at random; a cursor of an answer goes back in."""
    answered, count = 0, number_of(past, 36)
    for asking, text, variables in operations(past, 0, count):
        copy = asking.chance.choice(past.copies)
        answer = await agree(past, text, variables, asking.chance, copy)
        answered += answer is not None
        if answer is not None and asking.turns and (cursors := re.findall(rb'Cursor": ?"([^"]+)"', answer.data)):
            turned = {**variables, asking.turns[0]: asking.chance.choice(cursors).decode()}
            await agree(past, text, turned, asking.chance, copy)
    assert answered > 0.8 * count


async def test_operations_of_hypothesis_are_answered_as_they_were(past: Past) -> None:
    answered, chance = 0, random.Random(SEED)
    texts = [text for text in operations_of_hypothesis(past, number_of(past, 40)) if has_clocks(past, text)]
    for text in texts:
        answered += await agree(past, clocked(text), {}, chance, chance.choice(past.copies)) is not None
    assert answered > len(texts) / 3 > number_of(past, 8)


async def test_nothing_was_known_before_the_first_change(past: Past) -> None:
    first = past.states[0].since
    fields = " ".join(f"{name}(knownAt: $at) {{ totalCount }}" for name, _, _ in lists(past))
    for moment in (LONG_AGO, first - INSTANT):
        found = await past.desk.ask(f"query ($at: DateTime) {{ {fields} }}", at=moment.isoformat())
        assert {each["totalCount"] for each in found.values()} == {0}
    found = await past.desk.ask(f"query ($at: DateTime) {{ {fields} }}", at=first.isoformat())
    assert found["revisions"]["totalCount"] > 100


# --- what the facts of a judgement are -----------------------------------------------------------


async def test_the_facts_of_a_judgement_stand_in_one_order_whatever_was_rewritten(database_url: str) -> None:
    text = """query ($at: DateTime) {
        processes(knownAt: $at) { nodes { statusExplained { inputs { name value } } } }
    }"""
    async with desk_at(database_url) as desk:
        process = await desk.add(Process, "p")
        step = await desk.add(Milestone, "suspended", subject=process, kind="SUSPENDED", at="2025-03-02")
        await desk.add(Milestone, "opened", subject=process, kind="OPENED", at="2025-03-01")
        moment, before = await desk.moment(), await desk.ask(text)
        await desk.change_record(Milestone, step, note="Put in other words.")
        assert await desk.ask(text) == before
        assert await desk.ask(text, at=moment.isoformat()) == before


# --- both clocks at once -------------------------------------------------------------------------


async def test_what_was_believed_then_about_the_state_on_a_day(database_url: str) -> None:
    """What did we believe on 1 May about the state on 18 April? Moments cannot be forged: names stand for them."""
    text = """query ($known: DateTime, $on: DateTime) {
        process(knownAt: $known, asOf: $on, by: {key: "talks"}) {
            status
            nextTalk { key status }
            statements { nodes { summary } }
            deadlines { nodes { status daysRemaining { max } } }
        }
        pending: deadlines(knownAt: $known, asOf: $on, filter: {status: {eq: PENDING}}) { totalCount }
    }"""
    async with desk_at(database_url) as desk:

        async def told(known: datetime | None, on: str) -> Any:
            return await desk.ask(text, known=known and known.isoformat(), on=on)

        process = await desk.add(Process, "talks", opened="2025-02-01")
        london = await desk.add(Talk, "london", process=process, starts="2025-04-23")
        await desk.add(Milestone, "announced", subject=london, kind="ANNOUNCED", at="2025-04-17")
        due = await desk.add(
            Deadline, "answer", subject=process, due="2025-04-25", hardness="HARD", anchor="2025-04-17"
        )
        said = await desk.add(Statement, "said", process=process, said="2025-04-16", summary="We will be there.")
        first_of_may = await desk.moment()

        # What came to light later, of days long past.
        await desk.add(Milestone, "off", subject=london, kind="CANCELLED", at="2025-04-17")
        await desk.add(Milestone, "later", subject=due, kind="EXTENDED", at="2025-04-18", due="2025-05-30")
        await desk.change_record(Statement, said, summary="We may be there.", said="2025-04-19")
        second_of_june = await desk.moment()
        await desk.change_record(Deadline, due, retracted_at="2025-06-10T00:00:00Z")

        assert await told(first_of_may, "2025-04-18") == {
            "process": {
                "status": "ACTIVE", "nextTalk": {"key": "london", "status": "SCHEDULED"},
                "statements": {"nodes": [{"summary": "We will be there."}]},
                "deadlines": {"nodes": [{"status": "PENDING", "daysRemaining": {"max": 7}}]},
            },
            "pending": {"totalCount": 1},
        }  # fmt: skip
        assert await told(first_of_may, "2025-04-26") == {
            "process": {
                "status": "STALLED", "nextTalk": None, "statements": {"nodes": [{"summary": "We will be there."}]},
                "deadlines": {"nodes": [{"status": "OVERDUE", "daysRemaining": {"max": -1}}]},
            },
            "pending": {"totalCount": 0},
        }  # fmt: skip
        assert await told(second_of_june, "2025-04-18") == {
            "process": {
                "status": "ACTIVE", "nextTalk": None, "statements": {"nodes": []},
                "deadlines": {"nodes": [{"status": "PENDING", "daysRemaining": {"max": 42}}]},
            },
            "pending": {"totalCount": 1},
        }  # fmt: skip
        assert await told(second_of_june, "2025-04-16") == {
            "process": {
                "status": "STALLED", "nextTalk": None, "statements": {"nodes": []}, "deadlines": {"nodes": []},
            },
            "pending": {"totalCount": 0},
        }  # fmt: skip
        assert await told(None, "2025-04-19") == {
            "process": {
                "status": "STALLED", "nextTalk": None,
                "statements": {"nodes": [{"summary": "We may be there."}]}, "deadlines": {"nodes": []},
            },
            "pending": {"totalCount": 0},
        }  # fmt: skip
