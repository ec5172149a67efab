"""The database keeps the past by itself: whatever a psql user writes, in whatever order, nothing is lost or forged."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from psycopg import errors
from psycopg.sql import SQL, Identifier

from api.postgres import migrations

ISSUE = "insert into issue (key, name) values (%s, 'An issue') returning id"
STATEMENT = "insert into statement (key, said, attribution, summary) values ('s', {}, 'ANONYMOUS', 'Words')"
ACTOR = "insert into actor (key, name, kind) values ('ua', 'Ukraine', 'STATE')"
TALK = "insert into talk (key, title) values ('paris', 'Paris')"
DAY = "row('2025-04-17', '2025-04-17', '2025-04-17', 'DAY', null, null)"

WRITERS = 8
SECONDS = 2.0
"""How long the writers write at once; without the lock before the rows, half a second finds several deadlocks."""

Psql = psycopg.Connection[Any]


@pytest.fixture
def psql(database_url: str) -> Iterator[Psql]:
    with psycopg.connect(database_url, autocommit=True) as connection:
        yield connection


def one(psql: Psql, query: str, *values: object) -> Any:
    row = psql.execute(query, values).fetchone()
    assert row is not None
    return row[0]


def log(psql: Psql) -> list[tuple[Any, ...]]:
    return psql.execute("select action::text, version from revision order by seq").fetchall()


# --- writers at once -----------------------------------------------------------------------------


def test_a_writer_who_began_is_not_locked_out_by_one_who_did_not(database_url: str, psql: Psql) -> None:
    uuid = one(psql, ISSUE, "a")

    def update(name: str) -> None:
        with psycopg.connect(database_url) as other:
            other.execute("update issue set name = %s where id = %s", [name, uuid])

    with psycopg.connect(database_url) as first, ThreadPoolExecutor() as threads:
        first.execute("select begin_change()")
        waiting = threads.submit(update, "second")
        time.sleep(0.3)
        first.execute("update issue set name = 'first' where id = %s", [uuid])
        first.commit()
        waiting.result(timeout=10)
    assert one(psql, "select name from issue") == "second"
    assert log(psql) == [("CREATE", 1), ("UPDATE", 2), ("UPDATE", 3)]


def write_until(url: str, number: int, stop: threading.Event) -> list[str]:
    """Update the same few records and add new ones, one statement or several a transaction; give what failed."""
    failed = []
    with psycopg.connect(url, autocommit=True) as connection:
        for count in range(1_000_000):
            if stop.is_set():
                break
            try:
                with connection.transaction():
                    if count % 3 == number % 3:
                        connection.execute(ISSUE, [f"{number}-{count}"])
                    keys = ["a", "b"] if (number + count) % 2 else ["b", "a"]
                    for key in keys[: 1 + count % 2]:
                        connection.execute("update issue set name = %s where key = %s", [f"{number}-{count}", key])
            except psycopg.Error as error:
                failed.append(str(error))
    return failed


def follow(url: str, stop: threading.Event) -> list[int]:
    """Read on from the last `seq` seen, as a reader of the feed does."""
    seen: list[int] = []
    with psycopg.connect(url, autocommit=True) as connection:
        while True:
            is_last = stop.is_set()
            rows = connection.execute("select seq from revision where seq > %s order by seq", [max(seen, default=0)])
            seen += [seq for (seq,) in rows]
            if is_last:
                return seen


def test_many_writers_never_deadlock_and_a_reader_of_the_log_misses_nothing(database_url: str, psql: Psql) -> None:
    for key in ("a", "b"):
        one(psql, ISSUE, key)
    writing, reading = threading.Event(), threading.Event()
    with ThreadPoolExecutor(WRITERS + 1) as threads:
        reader = threads.submit(follow, database_url, reading)
        writers = [threads.submit(write_until, database_url, number, writing) for number in range(WRITERS)]
        time.sleep(SECONDS)
        writing.set()
        failed = [each for writer in writers for each in writer.result()]
        reading.set()
        seen = reader.result()
    assert failed == []
    assert seen == [seq for (seq,) in psql.execute("select seq from revision order by seq")]
    assert len(seen) > WRITERS
    assert one(psql, "select array_agg(at order by seq) = array_agg(at order by at) from revision")
    assert one(psql, "select count(*) from revision") == one(psql, "select sum(version) from issue"), (
        "every version has its revision"
    )


# --- rows that stay and rows that do not ---------------------------------------------------------


def test_an_insert_that_conflicts_and_does_nothing_leaves_nothing(psql: Psql) -> None:
    psql.execute(TALK)
    psql.execute(f"{TALK} on conflict (key) do nothing")
    assert one(psql, "select count(*) from record") == 1
    assert log(psql) == [("CREATE", 1)]


def test_an_insert_that_conflicts_and_updates_is_an_update(psql: Psql) -> None:
    psql.execute(TALK)
    psql.execute(f"{TALK} on conflict (key) do update set title = 'Paris again'")
    assert psql.execute("select title, version from talk").fetchall() == [("Paris again", 2)]
    assert psql.execute("select title, version from history.talk").fetchall() == [("Paris", 1)]
    assert one(psql, "select count(*) from record") == 1
    assert log(psql) == [("CREATE", 1), ("UPDATE", 2)]


def test_an_upsert_of_what_is_there_leaves_no_trace(psql: Psql) -> None:
    psql.execute(TALK)
    before = psql.execute("select * from talk").fetchall()
    psql.execute(f"{TALK} on conflict (key) do update set title = excluded.title")
    assert psql.execute("select * from talk").fetchall() == before
    assert log(psql) == [("CREATE", 1)]


@pytest.mark.parametrize("change", ["title = title", "version = 9", "updated_at = now()", "created_at = 'infinity'"])
def test_an_update_that_changes_nothing_leaves_no_trace(psql: Psql, change: str) -> None:
    psql.execute(TALK)
    before = psql.execute("select * from talk").fetchall()
    psql.execute(f"update talk set {change}")
    assert psql.execute("select * from talk").fetchall() == before
    assert one(psql, "select count(*) from history.talk") == 0
    assert log(psql) == [("CREATE", 1)]


def test_a_row_changed_twice_in_one_transaction_keeps_no_history_of_the_middle(psql: Psql) -> None:
    psql.execute(TALK)
    with psql.transaction():
        psql.execute("update talk set title = 'Nobody sees this'")
        psql.execute("update talk set title = 'Lyon'")
    assert psql.execute("select title from history.talk").fetchall() == [("Paris",)]
    assert log(psql) == [("CREATE", 1), ("UPDATE", 2), ("UPDATE", 3)]
    assert one(psql, "select count(*) from known.talk where known_from < known_until") == 2


def test_a_change_that_is_rolled_back_to_a_savepoint_leaves_no_trace(psql: Psql) -> None:
    with psql.transaction():
        psql.execute(TALK)
        with psql.transaction(force_rollback=True):
            psql.execute("update talk set title = 'Lyon'")
        psql.execute("update talk set city = 'Paris'")
    assert log(psql) == [("CREATE", 1), ("UPDATE", 2)]
    assert one(psql, "select count(*) from history.talk") == 0


def test_each_kind_of_change_is_logged_as_what_it_is(psql: Psql) -> None:
    first, second = one(psql, ISSUE, "a"), one(psql, ISSUE, "b")
    psql.execute("update issue set retracted_at = now() where id = %s", [first])
    psql.execute("update issue set retracted_at = null where id = %s", [first])
    psql.execute("update issue set merged_into_id = %s where id = %s", [second, first])
    assert [action for action, _ in log(psql)] == ["CREATE", "CREATE", "RETRACT", "RESTORE", "MERGE"]


def test_a_subject_and_all_that_speaks_of_it_are_written_in_one_transaction(psql: Psql) -> None:
    with psql.transaction():
        actor = one(psql, f"{ACTOR} returning id")
        talk = one(psql, f"{TALK} returning id")
        psql.execute(f"insert into milestone (key, subject_id, kind, at) values ('m', %s, 'OPENED', {DAY})", [talk])
        source = one(psql, "insert into source (key) values ('wire') returning id")
        psql.execute("insert into citation (key, record_id, source_id) values ('c', %s, %s)", [talk, source])
        psql.execute(
            "insert into deadline (key, title, subject_id, hardness, addressee_ids) "
            "values ('d', 'Soon', %s, 'OPEN_ENDED', array[%s]::uuid[])",
            [talk, actor],
        )
    assert one(psql, "select subject_type::text from milestone") == "TALK"
    assert one(psql, "select count(*) from record") == len(log(psql)) == 6


@pytest.mark.parametrize("merge", ["self", "another type", "one that was merged", "one that others follow"])
def test_a_merger_leads_to_a_record_that_stands(psql: Psql, merge: str) -> None:
    first, second, third = (one(psql, ISSUE, key) for key in "abc")
    psql.execute(ACTOR)
    actor = one(psql, "select id from actor")
    psql.execute("update issue set merged_into_id = %s where id = %s", [second, first])
    record, into = {
        "self": (third, third),
        "another type": (third, actor),
        "one that was merged": (third, first),
        "one that others follow": (second, third),
    }[merge]

    with pytest.raises(errors.IntegrityConstraintViolation, match="merged into"):
        psql.execute("update issue set merged_into_id = %s where id = %s", [into, record])


def test_the_id_of_a_record_never_changes(psql: Psql) -> None:
    psql.execute(TALK)
    with pytest.raises(errors.IntegrityConstraintViolation, match="never changes"):
        psql.execute("update talk set id = uuidv7()")


# --- what nobody can forge -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("owner", "moment"),
    [
        *itertools.product(["", "1 "], ["2001-01-01", "2999-01-01", "infinity", "-infinity", "nonsense", ""]),
        # Who names the right transaction with nonsense only stops himself.
        *itertools.product(["pg_current_xact_id"], ["2001-01-01", "2999-01-01", "infinity", "-infinity"]),
    ],
)
def test_a_moment_set_by_hand_dates_nothing(psql: Psql, owner: str, moment: str) -> None:
    psql.execute("create temp table started as select clock_timestamp() as at")
    with psql.transaction():
        mine = one(psql, "select pg_current_xact_id() || ' '") if owner == "pg_current_xact_id" else owner
        psql.execute("select set_config('parley.moment', %s, false)", [mine + moment])
        psql.execute(TALK)
    psql.execute("update talk set title = 'Lyon'")
    assert one(psql, "select bool_and(at between (select at from started) and clock_timestamp()) from revision")
    assert one(psql, "select count(distinct at) from revision") == 2
    assert one(psql, "select created_at < updated_at from talk")


def test_a_moment_set_by_hand_does_not_spare_the_lock(psql: Psql) -> None:
    with psql.transaction():
        psql.execute("select set_config('parley.moment', pg_current_xact_id() || ' ' || now(), true)")
        psql.execute(TALK)
        assert one(psql, "select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()") == 1


@pytest.mark.parametrize("style", ["German", "SQL, DMY", "Postgres, MDY"])
def test_moments_do_not_depend_on_how_a_session_writes_dates(psql: Psql, style: str) -> None:
    psql.execute("select set_config('datestyle', %s, false), set_config('timezone', 'Asia/Kolkata', false)", [style])
    with psql.transaction():
        psql.execute(TALK)
        psql.execute(ACTOR)
    assert one(psql, "select count(distinct at) from revision") == 1
    assert one(psql, "select clock_timestamp() - max(at) < interval '1 minute' from revision")


GUARDED = ["history.talk", "record", "revision"]


@pytest.mark.parametrize("table", GUARDED)
@pytest.mark.parametrize(
    "statement",
    [
        "insert into {} select * from {}",
        "insert into {} select * from {} on conflict do nothing",
        "update {} set {} = {}",
        "delete from {}",
        "truncate {} cascade",
    ],
)
def test_what_the_triggers_keep_cannot_be_written_by_hand(psql: Psql, table: str, statement: str) -> None:
    psql.execute(TALK)
    psql.execute("update talk set title = 'Lyon'")
    before = psql.execute(f"select * from {table}").fetchall()
    name = Identifier(*table.split("."))
    column = Identifier({"revision": "changed_by"}.get(table, "id"))
    if table == "revision":
        statement = statement.replace("into {}", "into {} overriding system value")
    names = [name, column, column] if statement.startswith("update") else [name, name]
    with pytest.raises(errors.IntegrityConstraintViolation, match="is not allowed"):
        psql.execute(SQL(statement).format(*names[: statement.count("{}")]))
    assert psql.execute(f"select * from {table}").fetchall() == before


@pytest.mark.parametrize("statement", ["delete from talk", "truncate talk cascade"])
def test_a_record_is_retracted_and_never_deleted(psql: Psql, statement: str) -> None:
    psql.execute(TALK)
    with pytest.raises(errors.IntegrityConstraintViolation, match="retract the record"):
        psql.execute(statement)


def test_the_view_of_the_log_is_no_way_around_it(psql: Psql) -> None:
    psql.execute(TALK)
    with pytest.raises(errors.IntegrityConstraintViolation, match="is not allowed"):
        psql.execute("update known.revision set changed_by = 'nobody'")


def test_temporary_tables_swallow_nothing(psql: Psql) -> None:
    for table in ("revision", "record", "talk"):
        psql.execute(f"create temp table {table} (like public.{table} including all)")
    psql.execute(TALK.replace("talk", "public.talk"))
    psql.execute("update public.talk set title = 'Lyon'")
    assert one(psql, "select count(*) from public.revision") == 2
    assert one(psql, "select count(*) from public.record") == 1
    assert one(psql, "select count(*) from history.talk") == 1
    assert one(psql, "select count(*) from pg_temp.revision") == 0


def test_a_session_without_a_search_path_can_write(psql: Psql) -> None:
    psql.execute("set search_path = ''")
    actor = one(psql, f"{ACTOR.replace('actor', 'public.actor')} returning id")
    process = one(psql, "insert into public.process (key, name) values ('p', 'Talks') returning id")
    deadline = one(
        psql,
        "insert into public.deadline (key, title, subject_id, hardness, addressee_ids) "
        "values ('d', 'Soon', %s, 'OPEN_ENDED', array[%s]::uuid[]) returning id",
        process, actor,
    )  # fmt: skip
    psql.execute(
        "insert into public.milestone (key, subject_id, kind, at) "
        f"values ('m', %s, 'SET', {DAY}::public.fuzzy_date_parts)",
        [deadline],
    )
    psql.execute("update public.deadline set title = 'Later'")
    assert one(psql, "select count(*) from public.revision") == 5


# --- values that no record may have --------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        "null",
        "row(null, null, null, null, null, null)",
        "row('2025', 'infinity', null, 'YEAR', null, null)",
        "row('2025', '-infinity', '2025-01-01', 'YEAR', null, null)",
        "row('2025', null, 'infinity', 'YEAR', null, null)",
        "row(null, '2025-01-01', '2025-01-01', 'DAY', null, null)",
        "row('2025', '2025-12-31', '2025-01-01', 'YEAR', null, null)",
    ],
)
def test_a_date_that_is_none_is_refused(psql: Psql, said: str) -> None:
    with pytest.raises(errors.IntegrityError):
        psql.execute(STATEMENT.format(said))


def test_a_date_cannot_be_emptied_part_by_part(psql: Psql) -> None:
    psql.execute(STATEMENT.format(DAY))
    with pytest.raises(errors.IntegrityError):
        psql.execute(
            "update statement set said.edtf = null, said.earliest = null, said.latest = null, said.precision = null"
        )


def test_a_date_that_may_be_missing_is_null_and_not_a_row_of_nulls(psql: Psql) -> None:
    psql.execute(TALK)
    with pytest.raises(errors.CheckViolation):
        psql.execute("update talk set starts = row(null, null, null, null, null, null)")
    psql.execute(f"update talk set starts = {DAY}")
    psql.execute("update talk set starts = null")
    assert log(psql)[-1] == ("UPDATE", 3)


LISTS = [
    ("insert into actor (key, name, kind, aliases) values ('a', 'A', 'STATE', %s)", ["A", None]),
    ("insert into conflict (key, name, countries) values ('a', 'A', %s)", ["UA", None]),
    ("insert into conflict (key, name, countries) values ('a', 'A', %s)", [None]),
    ("insert into conflict (key, name, countries) values ('a', 'A', %s)", ["UA,RU"]),
    ("insert into commentary (key, subject_id, kind, headline, points) select 'c', id, 'BRIEF', 'H', %s from actor",
     ["A", None]),
    (("insert into deadline (key, title, subject_id, hardness, addressee_ids) "
     "select 'd', 'D', id, 'OPEN_ENDED', %s::uuid[] from actor"), [None]),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "values"), LISTS)
def test_a_list_has_no_null_in_it(psql: Psql, statement: str, values: list[str | None]) -> None:
    psql.execute(ACTOR)
    with pytest.raises(errors.CheckViolation):
        psql.execute(statement, [values])


def test_a_list_of_ids_names_records_of_one_type(psql: Psql) -> None:
    issue = one(psql, ISSUE, "a")
    process = one(psql, "insert into process (key, name) values ('p', 'Talks') returning id")
    with pytest.raises(errors.ForeignKeyViolation, match="which is no actor"):
        psql.execute(
            "insert into deadline (key, title, subject_id, hardness, addressee_ids) "
            "values ('d', 'D', %s, 'OPEN_ENDED', array[%s]::uuid[])",
            [process, issue],
        )


@pytest.mark.parametrize("key", ["a\n", "a\nb", "\na", "A", "a b", "", "a" * 401])
def test_a_key_is_one_word(psql: Psql, key: str) -> None:
    with pytest.raises(errors.CheckViolation):
        psql.execute(ISSUE, [key])


def test_a_code_is_short_enough_for_its_index(psql: Psql) -> None:
    insert = "insert into code (key, record_id, scheme, code) select %s, id, 'COW', %s from actor"
    psql.execute(ACTOR)
    psql.execute(insert, ["short", "é" * 200])
    with pytest.raises(errors.CheckViolation):
        psql.execute(insert, ["long", "é" * 201])


# --- migrations ----------------------------------------------------------------------------------


def indexes(psql: Psql, column: str) -> dict[str, str]:
    """Schema and name of each index that begins with a column of talks."""
    rows = psql.execute(
        "select schemaname::text, indexname::text from pg_indexes "
        "where tablename = 'talk' and indexdef like %s order by 1",
        [f"%({column}%"],
    )
    return dict(rows.fetchall())


def test_a_column_is_added_to_a_table_with_a_past(psql: Psql) -> None:
    psql.execute(TALK)
    psql.execute("update talk set city = 'Lyon'")
    for table in ("talk", "history.talk"):
        psql.execute(f"alter table {table} add column rounds integer not null default 1".encode())
    psql.execute("select track('talk')")
    psql.execute("update talk set rounds = 2")
    assert psql.execute("select version, rounds from known.talk order by 1").fetchall() == [(1, 1), (2, 1), (3, 2)]
    assert one(psql, "select changes -> 'rounds' from revision order by seq desc limit 1") == {"before": 1, "after": 2}


def test_a_reference_that_is_added_waits_for_the_commit_and_is_indexed(psql: Psql) -> None:
    psql.execute("alter table talk add column host_id uuid references actor")
    psql.execute("alter table history.talk add column host_id uuid")
    psql.execute("select track('talk')")
    assert indexes(psql, "host_id") == {"history": "talk_host", "public": "talk_host"}
    with psql.transaction():
        actor = one(psql, "select uuidv7()")
        psql.execute("insert into talk (key, title, host_id) values ('a', 'A', %s)", [actor])
        psql.execute("insert into actor (id, key, name, kind) values (%s, 'ua', 'Ukraine', 'STATE')", [actor])


def test_an_index_that_is_added_serves_the_past_too(psql: Psql) -> None:
    psql.execute("create index talk_city on talk (city)")
    psql.execute("select track('talk')")
    assert indexes(psql, "city") == {"history": "talk_city", "public": "talk_city"}


@pytest.mark.parametrize(
    "changes",
    [
        ["alter table talk add column a text"],
        ["alter table talk add column a text, add column b text",
         "alter table history.talk add column b text, add column a text"],
        ["alter table talk add column a text", "alter table history.talk add column a integer"],
    ],
)  # fmt: skip
def test_a_history_with_other_columns_is_refused(psql: Psql, changes: list[str]) -> None:
    for change in changes:
        psql.execute(change.encode())
    with pytest.raises(errors.RaiseException, match="are not those of talk after known_until") as refused:
        psql.execute("select track('talk')")
    assert refused.value.diag.message_hint == (
        "Make each change of the columns of talk to history.talk too, in the same order."
    )


def test_a_type_is_taken_back_with_all_that_speaks_of_it_and_nothing_else(psql: Psql) -> None:
    psql.execute("select make_record_type('handshake', 'place text not null -- where')")
    psql.execute("select make_searched('handshake', 'place:A')")
    psql.execute(TALK)
    shake = one(psql, "insert into handshake (key, place) values ('a', 'Geneva') returning id")
    psql.execute("update handshake set place = 'Bern'")
    source = one(psql, "insert into source (key) values ('wire') returning id")
    # A type that may have deadlines is added to this check.
    psql.execute("alter table deadline drop constraint deadline_fits_subject")
    for subject in (shake, one(psql, "select id from talk")):
        deadline = one(
            psql,
            "insert into deadline (key, title, subject_id, hardness) "
            "values (%s, 'Soon', %s, 'OPEN_ENDED') returning id",
            f"deadline-{subject}", subject,
        )  # fmt: skip
        for record in (subject, deadline):
            psql.execute(
                "insert into citation (key, record_id, source_id) values (%s, %s, %s)", [str(record), record, source]
            )
    psql.execute("update deadline set title = 'Later'")
    left = ["CITATION", "CITATION", "DEADLINE", "SOURCE", "TALK"]

    psql.execute("select drop_record_type('handshake')")

    assert one(psql, "select array_agg(type order by type) from record") == left
    for place, column in (
        ("revision", "record_id"), ("search_entry", "record_id"), ("kept.deadline", "record_id"),
        ("citation", "id"), ("deadline", "id"), ("history.deadline", "id"),
    ):  # fmt: skip
        assert one(psql, f"select count(*) from {place} where {column} not in (select id from record)") == 0, place
    assert one(psql, "select to_regclass('handshake') is null and to_regclass('known.handshake') is null")
    psql.execute("update deadline set title = 'Latest'")
    with pytest.raises(errors.IntegrityConstraintViolation, match="is not allowed"):
        psql.execute("delete from revision")


def test_a_type_that_others_point_to_is_not_taken_back(psql: Psql) -> None:
    with pytest.raises(errors.DependentObjectsStillExist):
        psql.execute("select drop_record_type('issue')")


def test_a_database_that_came_from_an_older_server_goes_down_to_nothing(empty_database_url: str) -> None:
    migrations.migrate(empty_database_url)
    with psycopg.connect(empty_database_url, autocommit=True) as connection:
        if connection.info.server_version >= 180000:
            # What a dump of PostgreSQL 15 brings along.
            connection.execute(
                "create function public.uuidv7() returns uuid language sql as 'select gen_random_uuid()'"
            )
        migrations.downgrade(empty_database_url, "base")
        assert one(connection, "select to_regproc('public.uuidv7') is null")
