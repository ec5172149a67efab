"""A migration that fails, and a database to which no migration leads: each is told with its cause and its cure."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from api.postgres import connections
from tests.conftest import DOSSIER
from tests.database.test_catalogue import objects
from tests.support.copies import ROOT, Copy, copy_of_project
from tests.support.keys import new_key
from tests.support.serving import serving

BASELINE = connections.list_revisions()[0]
HEAD = connections.head_revision()
NEXT = str(int(HEAD) + 1)

MIGRATION = '''"""A change."""

from alembic import op

revision = "{number}"
down_revision = "{after}"


def upgrade() -> None:
    op.execute("""
        {statements}
    """)
'''


def stamp(url: str, revision: str) -> None:
    """Let a database say that it is at a revision."""
    with psycopg.connect(url) as connection:
        connection.execute("create table if not exists alembic_version (version_num varchar(32) primary key)")
        connection.execute("delete from alembic_version")
        connection.execute("insert into alembic_version values (%s)", [revision])


# --- a database from which no migration leads here ------------------------------------------------


@pytest.fixture
def old_url(empty_database_url: str) -> str:
    """A database as it was before the baseline, as far as that matters."""
    stamp(empty_database_url, "0008")
    with psycopg.connect(empty_database_url) as connection:
        connection.execute("create type record_type as enum ('TALK')")
        connection.execute("create table record (id uuid primary key, type record_type not null)")
    return empty_database_url


@pytest.mark.parametrize("command", [["migrate"], ["serve"], ["load", str(DOSSIER)], ["keys", "list"]])
def test_a_database_of_before_the_baseline_is_told_to_begin_anew(command: list[str], old_url: str) -> None:
    before = objects(old_url)
    shown = Copy(ROOT, old_url).parley(*command)
    assert (shown.returncode, shown.stdout) == (3, "")
    said = shown.stderr.splitlines()
    assert said[0] == (
        f"parley: The database is at revision 0008, from before the baseline {BASELINE}. "
        "It cannot be migrated, and was not touched."
    )
    assert [line[:2] for line in said[2:6]] == ["1.", "2.", "3.", "4."]
    assert objects(old_url) == before


@pytest.mark.one_postgres
@pytest.mark.parametrize("revision", ["0001", "0008"])
def test_each_old_revision_is_known_as_one(revision: str) -> None:
    assert "from before the baseline" in connections.describe_unknown_revision(revision)


def test_a_running_server_says_that_it_cannot_be_migrated(database_url: str) -> None:
    stamp(database_url, "0008")
    with serving(database_url) as server:
        answer = server.get("/readyz")
        assert (answer.status_code, answer.json()["code"]) == (503, "DATABASE_NOT_MIGRATED")
        assert "why it cannot be migrated, and what to do" in answer.json()["detail"]
        assert server.get("/healthz").status_code == 200


@pytest.mark.parametrize("command", ["migrate", "serve"])
def test_a_database_of_a_newer_version_is_left_alone(database_url: str, command: str) -> None:
    stamp(database_url, "9999")
    before = objects(database_url)
    shown = Copy(ROOT, database_url).parley(command)
    assert (shown.returncode, shown.stdout) == (3, "")
    assert shown.stderr == (
        "parley: The database is at revision 9999, which this version of Parley does not know: its newest is "
        f"{HEAD}. A newer version migrated it, and nothing was changed. Run that version, or restore a backup "
        "from before.\n"
    )
    assert objects(database_url) == before


# --- a migration under a running server -----------------------------------------------------------

RENAME = """mutation ($version: Int!) {
    updateTalk(id: "paris-2025-04-17", version: $version, changes: {title: "Paris, once more"}, reason: "again") {
        talk { version } problems { message }
    }
}"""


def test_a_column_that_comes_under_a_running_server_stops_no_write(own_dossier_url: str) -> None:
    """The server of before still runs while that of after migrates."""
    headers = {"Authorization": f"Bearer {new_key(own_dossier_url, 'desk')}"}
    versions = '{ talk(by: {key: "paris-2025-04-17"}) { version } }'
    with serving(own_dossier_url, pool_max_size=1) as server, psycopg.connect(own_dossier_url, autocommit=True) as psql:

        def rename() -> Any:
            version = server.post("/graphql", json={"query": versions}).json()["data"]["talk"]["version"]
            psql.execute("update talk set title = 'Paris' where key = 'paris-2025-04-17'")
            sent = {"query": RENAME, "variables": {"version": version + 1}}
            return server.post("/graphql", json=sent, headers=headers).json()["data"]["updateTalk"]["problems"]

        # What comes a second time is kept prepared.
        assert [rename() for _ in range(3)] == [[], [], []]
        for table in ("talk", "history.talk"):
            psql.execute(f"alter table {table} add column mood text".encode())
        psql.execute("select track('talk')")
        assert [rename() for _ in range(3)] == [[], [], []]


# --- a migration that fails -----------------------------------------------------------------------


@pytest.fixture
def copy(own_dossier_url: str, tmp_path: Path) -> Copy:
    return copy_of_project(tmp_path, own_dossier_url)


def add(copy: Copy, name: str, statements: str = "select 1", number: str = NEXT, after: str = HEAD) -> str:
    """Write a migration; gives the name of its file."""
    file = f"{number}_{name}.py"
    text = MIGRATION.format(number=number, after=after, statements=statements)
    (copy.folder / "alembic" / "versions" / file).write_text(text)
    return file


@dataclass(frozen=True)
class Case:
    """A migration, and the cause and the cure that must be told of it."""

    statements: str
    cause: str
    cure: str


CASES = {
    "what is there already": Case(
        "create table talk ()", 'relation "talk" already exists', "Something else made it: rename or drop that"
    ),
    "a column that is missing": Case(
        "update talk set mood = 'good'", 'column "mood" of relation "talk" does not exist', "has to be mended"
    ),
    "a column without values": Case(
        "alter table talk add column mood text not null",
        'column "mood" of relation "talk" contains null values',
        "Rows that are there do not allow it",
    ),
    "a label in use too early": Case(
        "alter type talk_format add value 'LETTER'; update talk set format = 'LETTER'",
        'unsafe use of new value "LETTER" of enum type talk_format',
        "use it in the next one",
    ),
    "a label that is none": Case(
        "update talk set format = 'LETTER'",
        'invalid input value for enum talk_format: "LETTER"',
        "an enum takes only its own labels",
    ),
    "a history left behind": Case(
        "alter table talk add column mood text; select track('talk')",
        "the columns of history.talk are not those of talk after known_until",
        "Make each change of the columns of talk to history.talk too, in the same order.",
    ),
    "a column that a view shows": Case(
        "alter table talk drop column city",
        "cannot drop column city of table talk because other objects depend on it",
        "Drop what depends on it first: of a record's table, `drop view known.<table>`",
    ),
    "words that are no SQL": Case("alter tabel talk", 'syntax error at or near "tabel"', "has to be mended"),
}


@pytest.mark.one_postgres
@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_migration_that_fails_is_told_with_its_cure(copy: Copy, case: Case) -> None:
    file = add(copy, "change", case.statements)
    before = objects(copy.database_url)
    shown = copy.parley("migrate")
    assert (shown.returncode, shown.stdout) == (3, "")
    assert len(shown.stderr.splitlines()) == 1
    assert shown.stderr.startswith(f"parley: The migration {file}, line 10, failed at ")
    for said in (case.cause, case.cure, "What it had begun is undone."):
        assert said in shown.stderr
    assert "run the command again" not in shown.stderr.lower() or "rename or drop" in case.cure
    assert objects(copy.database_url) == before


@contextmanager
def held(url: str) -> Iterator[None]:
    with psycopg.connect(url) as connection:
        connection.execute("select title from talk")
        yield


@pytest.mark.one_postgres
def test_a_table_that_somebody_holds_is_tried_again_later(copy: Copy) -> None:
    settings = copy.folder / "alembic" / "env.py"
    settings.write_text(settings.read_text().replace('LOCK_TIMEOUT = "5s"', 'LOCK_TIMEOUT = "200ms"'))
    add(copy, "change", "alter table talk add column mood text")
    for holding, code in ((held(copy.database_url), 3), (nullcontext(), 3)):
        with holding:
            shown = copy.parley("migrate")
        assert shown.returncode == code
        if isinstance(holding, nullcontext):
            # The migration itself went through; what it left undone is told next.
            assert "history.talk lacks the column mood" in shown.stderr
        else:
            assert "canceling statement due to lock timeout" in shown.stderr
            assert "Run the command again at a quieter time" in shown.stderr


@pytest.mark.one_postgres
def test_a_colon_in_a_statement_is_told(copy: Copy) -> None:
    file = add(copy, "change", "comment on table talk is 'one of :these'")
    shown = copy.parley("migrate")
    assert shown.returncode == 3
    assert shown.stderr.startswith(f"parley: The migration {file}, line 10, cannot be read: ")
    assert "a colon before a word is a parameter: write \\:word." in shown.stderr


@pytest.mark.one_postgres
def test_two_migrations_of_one_number_are_named(copy: Copy) -> None:
    files = [add(copy, name) for name in ("one", "two")]
    shown = copy.parley("migrate")
    assert shown.returncode == 3
    assert f"{', '.join(files)}. Give one of them the next number." in shown.stderr
    assert len(shown.stderr.splitlines()) == 1


@pytest.mark.one_postgres
def test_two_migrations_after_the_same_one_are_named(copy: Copy) -> None:
    later = str(int(NEXT) + 1)
    add(copy, "one")
    add(copy, "two", number=later)
    shown = copy.parley("migrate")
    assert shown.returncode == 3
    assert f"Several migrations are the newest: {NEXT}, {later}. Let the `down_revision` of one" in shown.stderr
    assert len(shown.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", ["migrate", "serve"])
def test_declarations_without_a_migration_are_told_in_full(database_url: str, command: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("drop view known.talk")
        for table in ("talk", "history.talk"):
            connection.execute(f"alter table {table} drop column venue".encode())
        connection.execute("select track('talk')")
        connection.execute("alter type hardness rename value 'VAGUE' to 'FUZZY'")
    shown = Copy(ROOT, database_url).parley(command)
    assert shown.returncode == 3
    first, *differences = shown.stderr.splitlines()
    assert first == "parley: The declarations and the database differ:"
    assert len(differences) == 2
    assert (
        "talk.venue is declared in schema/records/talks/talk.py but the table has no such column; add a migration"
        in differences
    )
