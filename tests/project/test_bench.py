"""The benchmarks' data and questions, on a small scale: that they are right, not how long they take."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

import psutil
import psycopg
import pytest

from bench import agree, beside, data, lasting
from bench.asking import post
from bench.checkout import CheckoutError, check_out
from bench.documents import BESIDE, OURS
from bench.load import MOST_VARIABLES, Run, Statements
from bench.measured import Measured, interval
from bench.run import DEFAULTS, arguments
from bench.servers import Server
from bench.workloads import COMMON, Workload, chosen, workloads
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


@pytest.mark.parametrize(
    ("count", "ranks"), [(1, None), (5, None), (6, (1, 6)), (9, (2, 8)), (20, (6, 15)), (25, (8, 18))]
)
def test_the_interval_of_a_median_lies_between_the_ranks_of_the_sign_test(
    count: int, ranks: tuple[int, int] | None
) -> None:
    values = [float(each) for each in range(count, 0, -1)]
    assert interval(values) == ranks


def test_beside_a_commit_other_options_are_the_default() -> None:
    alone, compared = arguments([]), arguments(["--beside", "HEAD"])
    assert {name: getattr(alone, name) for name in DEFAULTS} == DEFAULTS
    assert {name: getattr(compared, name) for name in beside.DEFAULTS} == beside.DEFAULTS
    assert DEFAULTS.keys() == beside.DEFAULTS.keys()
    named = ["--beside", "HEAD", "--rounds", "6", "--seconds", "1", "--connections", "1", "--workloads", "REST talk"]
    given = arguments(named)
    assert (given.rounds, given.seconds, given.connections, given.workloads) == (6, 1, [1], ["REST talk"])


@pytest.mark.parametrize("other", [["--only", OURS], ["--profile"], ["--minutes", "1"]])
def test_a_commit_is_compared_with_nothing_else(other: list[str]) -> None:
    with pytest.raises(SystemExit):
        arguments(["--beside", "HEAD", *other])


def measured(ours: float, theirs: float, rounds: int) -> Measured:
    """Rounds in which each server took so many milliseconds of processor time, and all the time there was."""
    found = Measured()
    for server, busy in ((OURS, ours), (BESIDE, theirs)):
        run = Run(rate=1000 / busy, p50=1, p99=1, failed=0, server_busy=busy, postgres_busy=1)
        found.runs["tiny", 16, server] = [run] * rounds
    return found


@pytest.mark.parametrize(
    ("ours", "rounds", "reaches", "is_within"),
    [
        (1.0, 20, "yes", "yes"),
        (0.5, 20, "yes", "yes"),
        (1.029, 20, "yes", "yes"),
        (1.031, 20, "**no**", "**no**"),
        (1.0, 5, "too few rounds", "yes, unsure"),
    ],
)
def test_a_build_is_slower_below_97_percent_of_the_rate_or_above_103_of_the_processor_time(
    ours: float, rounds: int, reaches: str, is_within: str
) -> None:
    row = beside.verdict(("tiny", 16), measured(ours, 1.0, rounds))
    assert (row[4], row[7]) == (reaches, is_within)
    assert row[2] == f"**{1 / ours:.3f}**"
    assert row[5] == f"**{ours:.3f}**"


def test_processor_time_is_unsure_where_its_interval_lies_on_both_sides_of_the_bound() -> None:
    assert beside.doubt([1.0, 1.01, 1.01, 1.02, 1.02, 1.03]) == ""
    assert beside.doubt([1.04, 1.05, 1.05, 1.06, 1.06, 1.07]) == ""
    assert beside.doubt([0.9, 1.01, 1.01, 1.02, 1.02, 1.04]) == ", unsure"


def test_both_builds_are_asked_in_the_same_words(filled_url: str, running: Server) -> None:
    other = Server(BESIDE, running.port, running.process)
    both = [each.for_builds(OURS, BESIDE) for each in chosen(filled_url, ["nested", "deep", "REST talk"])]
    for workload in agree.prepare(both, [running, other]):
        assert workload.servers == [OURS, BESIDE]
        assert workload.requests(OURS) == workload.requests(BESIDE) != []


def test_unknown_names_are_refused_before_anything_is_measured(filled_url: str) -> None:
    with pytest.raises(SystemExit, match="no workload is called huge; there are nested, list"):
        chosen(filled_url, ["nested", "huge"])
    with pytest.raises(CheckoutError, match="no-such-commit"):
        check_out("no-such-commit")


def test_tables_that_an_older_commit_lacks_are_left_out(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        assert data.present(connection) == list(data.TABLES)
        connection.execute("alter table citation rename to renamed")
        assert set(data.TABLES) - set(data.present(connection)) == {"citation"}


def counted(connection: psycopg.Connection, table: str) -> int:
    found = connection.execute(f"select count(*) from {table}".encode()).fetchone()
    assert found
    return int(found[0])
