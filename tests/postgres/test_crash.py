"""Servers and databases killed in the midst of writes: what was acknowledged is there, and nothing is there by half."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import psycopg

from api.postgres import embedded, migrations
from schema.records.registry import RECORDS
from tests.support.asking import CutOffError, Reply, ask
from tests.support.keys import new_key
from tests.support.killable import killable

KILLS = {18: 20}
"""By the version of Postgres; the promise is of the server, so that the others may do with fewer."""

FEW = 3
WRITERS = 6
WRITES_BETWEEN = 5
"""Writes that are acknowledged at least before a server is killed."""

SEED = 20250502

SOURCE = """mutation { createSource(input: {key: "source"}) { problems { message } } }"""

PAIR = """mutation ($key: String!, $other: String!) {
    one: createActor(input: {key: $key, name: $key, kind: STATE}) { actor { id key } problems { message } }
    two: createActor(input: {key: $other, name: $key, kind: STATE}) { actor { id key } problems { message } }
}"""

STATEMENT = """mutation ($key: String!) {
    one: createStatement(input: {
        key: $key, said: {edtf: "2025-04-18"}, attribution: ANONYMOUS, summary: "Words"
        citations: [{source: "source"}]
        conditions: [{kind: PRECONDITION, condition: "If not"}]
    }) { statement { id key } problems { message } }
}"""

UPDATE = """mutation ($key: ID!, $version: Int!, $name: String!) {
    one: updateActor(id: $key, version: $version, changes: {name: $name}) { actor { version } problems { message } }
}"""


# --- who writes ----------------------------------------------------------------------------------


@dataclass
class Ledger:
    """What writers were told, and what they never heard of again."""

    port: int
    key: str
    acknowledged: dict[str, bytes] = field(default_factory=dict)
    updates: dict[tuple[str, int], str] = field(default_factory=dict)
    given_up: set[str] = field(default_factory=set)
    sent_again: int = 0
    news: asyncio.Event = field(default_factory=asyncio.Event)
    is_over: bool = False

    async def insist(self, once: str, text: str, **variables: Any) -> Any:
        """Write with an Idempotency-Key until it is acknowledged, however often the server or its database dies."""
        while True:
            try:
                reply = await ask(self.port, self.key, text, variables, once)
            except CutOffError:
                self.sent_again += 1
                await asyncio.sleep(0.01)
                continue
            if reply.status != 503:
                return self.noted(once, reply)
            await asyncio.sleep(0.05)

    def noted(self, name: str, reply: Reply) -> Any:
        data = reply.data
        assert not any(each["problems"] for each in data.values()), data
        self.acknowledged[name] = reply.body
        self.news.set()
        return data

    async def try_once(self, name: str, text: str, **variables: Any) -> None:
        """Write without a key. Who does not hear of it does not know whether it was done."""
        try:
            reply = await ask(self.port, self.key, text, variables)
        except CutOffError:
            self.given_up.add(name)
            await asyncio.sleep(0.01)
            return
        if reply.status == 503:
            self.given_up.add(name)
        else:
            self.noted(name, reply)

    async def more(self, count: int) -> None:
        """Wait until so many more writes are acknowledged."""
        wanted = len(self.acknowledged) + count
        while len(self.acknowledged) < wanted:
            self.news.clear()
            await self.news.wait()

    async def write(self, writer: int) -> None:
        """Write one thing after the other until it is over."""
        chance, own = random.Random(f"{SEED} {writer}"), f"own-{writer}"
        await self.insist(f"{own}-first", PAIR, key=own, other=f"{own}-other")
        version = 1
        for number in itertools.count():
            if self.is_over:
                return
            name = f"{writer}-{number}"
            match chance.choice(["pair", "statement", "update", "update", "careless"]):
                case "pair":
                    await self.insist(f"pair-{name}", PAIR, key=f"pair-{name}", other=f"pair-{name}-other")
                case "statement":
                    await self.insist(f"statement-{name}", STATEMENT, key=f"statement-{name}")
                case "update":
                    await self.insist(f"update-{name}", UPDATE, key=own, version=version, name=name)
                    version += 1
                    self.updates[own, version] = name
                case "careless":
                    key = f"careless-{name}"
                    await self.try_once(key, PAIR, key=key, other=f"{key}-other")


@asynccontextmanager
async def writers(port: int, key: str) -> AsyncIterator[Ledger]:
    """Several at once, until the end of the block, when each hears of its last write."""
    ledger = Ledger(port, key)
    await ledger.insist("source", SOURCE.replace("createSource", "one: createSource"))
    async with asyncio.TaskGroup() as group:
        for writer in range(WRITERS):
            group.create_task(ledger.write(writer))
        try:
            yield ledger
        finally:
            ledger.is_over = True


# --- what must hold ------------------------------------------------------------------------------


def check(url: str, ledger: Ledger) -> None:
    """Nothing acknowledged is lost, and nothing is there by half."""
    with psycopg.connect(url) as connection:

        def rows(query: str) -> list[tuple[Any, ...]]:
            return connection.execute(query.encode()).fetchall()

        kept = dict(rows("select key, answer from answered_request"))
        assert kept.keys() == {name for name in ledger.acknowledged if not name.startswith("careless")}
        assert all(ledger.acknowledged[name].startswith(b'{"data":' + answer + b",") for name, answer in kept.items())
        there = dict(rows("select key, id::text from actor union all select key, id::text from statement"))
        for body in ledger.acknowledged.values():
            for each in json.loads(body)["data"].values():
                told = each.get("actor") or each.get("statement") or {}
                assert there.get(told.get("key")) == told.get("id")
        versions = rows(VERSIONS)
        assert {(key, version): name for key, version, name in versions} == ledger.updates
        wanted = {name for name in ledger.acknowledged if name.startswith(("pair-", "statement-", "careless-"))}
        written = {key for key in there if not key.startswith("own-") and not key.endswith("-other")}
        assert wanted <= written <= wanted | ledger.given_up
        assert {key for key in there if key.endswith("-other")} == {
            f"{key}-other" for key in there if not key.endswith("-other") and not key.startswith("statement-")
        }, "two records of one transaction"
        assert rows(WITHOUT_PARTS) == []
        for cls in RECORDS:
            assert rows(UNTRUE.format(table=f'"{cls.table.name}"')) == [], cls.table.name
        ids = " union all ".join(f'select id from "{cls.table.name}"' for cls in RECORDS)
        assert rows(f"select record_id from revision except ({ids})") == []
        assert rows(f"(select id from record except ({ids})) union all (({ids}) except select id from record)") == []


VERSIONS = """
    select a.key, r.version, r.changes -> 'name' ->> 'after'
    from actor a
    join revision r on r.record_id = a.id
    where a.key like 'own-%' and r.action = 'UPDATE'
"""

WITHOUT_PARTS = """
    select s.key from statement s
    where (select count(*) from citation c where c.record_id = s.id) <> 1
        or (select count(*) from condition c where c.statement_id = s.id) <> 1
"""

UNTRUE = """
    -- Rows whose version, past or content is not what their revisions say.
    select t.key, t.version, r.*
    from {table} t
    cross join lateral (
        select count(*) as revisions, max(version) as newest, count(distinct at) as moments
        from revision where record_id = t.id
    ) r
    where (t.version, t.version) <> (r.revisions, r.newest)
        or (select count(*) from history.{table} h where h.id = t.id) <> r.moments - 1
        or jsonb_strip_nulls(to_jsonb(t) - array['id', 'version', 'created_at', 'updated_at']) <> (
            select jsonb_strip_nulls(jsonb_object_agg(last.key, last.value))
            from (
                select distinct on (c.key) c.key, c.value -> 'after' as value
                from revision v, jsonb_each(v.changes) c
                where v.record_id = t.id
                order by c.key, v.version desc
            ) last
        )
"""


# --- what dies -----------------------------------------------------------------------------------


async def test_a_server_killed_twenty_times_loses_nothing_that_it_acknowledged(database_url: str) -> None:
    key = await asyncio.to_thread(new_key, database_url, "curator")
    kills = KILLS.get(major(database_url), FEW)
    chance = random.Random(SEED)
    with killable(database_url) as server:
        async with writers(server.port, key) as ledger:
            for _ in range(kills):
                await ledger.more(WRITES_BETWEEN)
                await asyncio.sleep(chance.random() * 0.02)
                server.kill()
                await asyncio.to_thread(server.start)
            await ledger.more(WRITES_BETWEEN)
        assert ledger.sent_again >= kills, "each kill cuts off somebody"
    check(database_url, ledger)


def major(url: str) -> int:
    with psycopg.connect(url) as connection:
        return connection.info.server_version // 10_000


async def test_a_server_whose_postgres_is_killed_goes_on_when_it_is_back(quick_path: Path) -> None:
    data = quick_path / "postgres"
    with embedded.run_cluster(data, options={"fsync": "on", "full_page_writes": "on"}) as url:
        await asyncio.to_thread(migrations.migrate, url)
        key = await asyncio.to_thread(new_key, url, "curator")
        with killable(url) as server:
            async with writers(server.port, key) as ledger:
                await ledger.more(WRITES_BETWEEN)
                kill_postgres(data)
                # Whoever enters starts a server that died; the one who entered first stops it in the end.
                await asyncio.to_thread(enter_and_leave, data)
                await ledger.more(WRITES_BETWEEN)
        check(url, ledger)


def kill_postgres(data: Path) -> None:
    """End a Postgres with all its processes at once, as a power cut would."""
    postmaster = psutil.Process(int((data / "postmaster.pid").read_text().split()[0]))
    for process in (postmaster, *postmaster.children(recursive=True)):
        process.kill()


def enter_and_leave(data: Path) -> None:
    with embedded.run_cluster(data, options={"fsync": "on", "full_page_writes": "on"}):
        pass
