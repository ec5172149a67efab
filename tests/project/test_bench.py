"""The benchmarks' data and questions, on a small scale: that they are right, not how long they take."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

import psutil
import psycopg
import pytest

from bench import agree, data, lasting
from bench.asking import post
from bench.documents import OURS
from bench.load import MOST_VARIABLES, Statements
from bench.servers import Server
from bench.workloads import COMMON, Workload, workloads
from tests.conftest import new_database
from tests.support.serving import serving

TALKS = 60


def test_the_data_pass_all_constraints_and_triggers(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        data.rows(connection, TALKS)
        connection.commit()
        assert counted(connection, "talk") == TALKS
        assert counted(connection, "statement") == TALKS * 20


@pytest.fixture(scope="module")
def filled_url(postgres: str, template_url: str) -> Iterator[str]:
    """Made once, and only read."""
    with new_database(postgres, template_url) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            data.fill(connection, TALKS)
        yield url


def test_loading_past_the_triggers_leaves_what_they_would_have(filled_url: str) -> None:
    with psycopg.connect(filled_url) as connection:
        for table in data.TABLES:
            parents = connection.execute(
                f"select count(*) from {table} t join record r on r.id = t.id and r.type = %s".encode(),
                (table.upper(),),
            ).fetchone()
            assert parents == (counted(connection, table),)
        indexes = connection.execute(data.OTHER_INDEXES, {"tables": ["talk", "statement", "revision"]}).fetchall()
        assert {"talk_process", "statement_said", "revision_at"} <= {name for name, _ in indexes}


@pytest.fixture(scope="module")
def running(filled_url: str) -> Iterator[Server]:
    with serving(filled_url) as client:
        yield Server(OURS, int(client.base_url.port or 0), psutil.Process())


def asked(url: str, server: Server) -> list[Workload]:
    with psycopg.connect(url) as connection:
        found = workloads(connection)
    return [agree.with_cursors(each, [server]) if agree.needs_cursors(each) else each for each in found]


def test_every_workload_is_answered_without_errors(filled_url: str, running: Server) -> None:
    for workload in asked(filled_url, running):
        answers = list(islice(agree.answered(running, workload), 10))
        assert answers, workload.name
        if workload.documents and "rare" not in workload.name:
            assert all(found for answer in answers for found in answer.values()), workload.name


def test_the_common_statuses_are_common(running: Server) -> None:
    query = "query ($status: TalkStatus!) { talks(filter: {status: {eq: $status}}) { totalCount } }"
    for status in COMMON:
        answer = post(running.port, {"query": query, "variables": {"status": status}})
        assert answer["data"]["talks"]["totalCount"] >= TALKS / 20


def test_pgbench_gets_our_statements_with_few_enough_variables(filled_url: str, running: Server) -> None:
    statements = Statements()
    for workload in asked(filled_url, running):
        if workload.documents and not workload.is_unseen:
            text, defined = statements.script(workload)
            assert not re.search(r"\$[0-9]", text)
            used = re.findall(r"(?<!:):([a-z]\w*)", text)
            assert set(used) <= {*defined, "number", "which"}
            assert all(len(re.findall("(?<!:):[a-z]", line)) <= MOST_VARIABLES + 20 for line in text.splitlines())


def test_no_two_of_the_distinct_documents_are_alike_and_all_are_answered(running: Server) -> None:
    chosen = lasting.distinct()
    documents = [next(chosen) for _ in range(40)]
    assert len(set(documents)) == 40
    for document in documents:
        assert "errors" not in post(running.port, {"query": document})


def test_servers_that_differ_are_told_apart() -> None:
    assert agree.plain({"nodes": [{"key": "a", "endCursor": "x"}]}) == agree.plain([{"key": "a", "endCursor": "y"}])
    assert agree.plain({"nodes": [{"key": "a"}]}) != agree.plain([{"key": "b"}])
    assert '"b"' in agree.difference(["a", "b"], ["a"])


def counted(connection: psycopg.Connection, table: str) -> int:
    found = connection.execute(f"select count(*) from {table}".encode()).fetchone()
    assert found
    return int(found[0])
