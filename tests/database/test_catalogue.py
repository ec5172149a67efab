"""What is declared and what the database has are held together, and each difference names its cure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
import strawberry

from api.postgres import connections, migrations
from api.settings import Settings
from schema.compiler.compiler import Compiler
from schema.database.catalogue import DeclarationsDiffer, check
from schema.declare.fields import Scalar, computed, one, rule_of
from schema.declare.reflection import fields_of, graphql_name
from schema.records.registry import RECORDS
from schema.records.talks.talk import Talk
from tests.support.world import desk_at, reader


async def differences(url: str, compiler: Compiler | None = None) -> tuple[str, ...]:
    connection = await connections.connect(Settings(), url)
    try:
        await check(connection, compiler or reader().compiler)
    except DeclarationsDiffer as found:
        return found.differences
    finally:
        await connection.close()
    return ()


def alter(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


async def test_the_declarations_are_what_the_database_has(database_url: str) -> None:
    assert await differences(database_url) == ()


async def test_a_loaded_database_passes_too(dossier_url: str) -> None:
    assert await differences(dossier_url) == ()


# --- fields --------------------------------------------------------------------------------------


@strawberry.type
class Mood:
    name: str = computed("Its name.", "'good'")
    cause: str = strawberry.field(description="Nothing answers it.")


@strawberry.type
class Weather:
    name: str = computed("Its name.", "'fair'")


@strawberry.type
class MoodQuery:
    mood: Mood | None = one("The mood.", "null")
    weather: Weather | None = one("The weather.", "null")


async def test_a_field_without_a_rule_is_named_with_its_file(database_url: str) -> None:
    found = await differences(database_url, Compiler(strawberry.Schema(MoodQuery)))
    assert [each for each in found if "has no SQL rule" in each] == [
        (
            "Mood.cause has no SQL rule, so that nothing can answer it; declare it in tests/database/test_catalogue.py "
            "with a function of schema/declare/fields.py (column, computed, one, many, children …)"
        )
    ]


# --- tables --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """What is done to the database, and the one sentence that must be said of it."""

    done: tuple[str, ...]
    said: str
    also: int = 0
    """How many other differences follow from it, in the history and the view."""


VIEW = "create view known.{0} as select *, updated_at known_from, timestamptz 'infinity' known_until from {0}"
"""What `track` would make, which refuses a history that differs."""

CASES = {
    "column missing": Case(
        ("alter table talk drop column venue cascade", "alter table history.talk drop column venue",
         "select track('talk')"),
        "talk.venue is declared in schema/records/talks/talk.py but the table has no such column; add a migration",
    ),
    "column undeclared": Case(
        ("alter table talk add column mood text", "alter table history.talk add column mood text",
         "select track('talk')"),
        "talk.mood is a column that nothing declares; declare it in "
        "schema/records/talks/talk.py, or drop it in a migration",
    ),
    "column of another type": Case(
        ("drop view known.provision", "alter table provision alter weight type bigint",
         "alter table history.provision alter weight type numeric", "alter table provision alter weight type numeric",
         "select track('provision')"),
        "provision.weight is declared in schema/records/agreements/provision.py as integer but the column is numeric; "
        "change one of them to fit",
    ),
    "column nullable": Case(
        ("alter table talk alter title drop not null", "alter table history.talk alter title drop not null"),
        "talk.title is declared in schema/records/talks/talk.py as never null but the column may be null; "
        "set it not null in a migration, or add `| None`",
    ),
    "column not null": Case(
        ("alter table talk alter venue set not null", "alter table history.talk alter venue set not null"),
        "talk.venue is declared in schema/records/talks/talk.py with `| None` but the column is not null; "
        "take `| None` away, or drop not null in a migration",
    ),
    "relation nullable": Case(
        ("alter table participation alter actor_id drop not null",
         "alter table history.participation alter actor_id drop not null"),
        "participation.actor_id is declared in schema/records/talks/participation.py as "
        "never null but the column may be null; "
        "set it not null in a migration, or add `| None`",
    ),
    "list nullable": Case(
        ("alter table deadline alter addressee_ids drop not null",
         "alter table history.deadline alter addressee_ids drop not null"),
        "deadline.addressee_ids is declared in schema/records/timeline/deadline.py as "
        "never null but the column may be null; "
        "set it not null in a migration, or add `| None`",
    ),
    "table missing": Case(
        ("drop table commentary cascade",),
        "the table commentary is declared in schema/records/statements/commentary.py but missing; "
        "run `parley migrate`, or add a migration that calls make_record_type('commentary', …)",
    ),
    "words kept from other fields": Case(
        ("select make_searched('issue', 'name:B')",),
        "the words of issue are kept from name:B, but declared to be from key:D, name:A; "
        "select make_searched('issue', 'key:D', 'name:A') in a migration",
    ),
    "words not kept": Case(
        ("drop trigger search on issue",),
        "the words of issue are kept from nothing, but declared to be from key:D, name:A; "
        "select make_searched('issue', 'key:D', 'name:A') in a migration",
    ),
    "label missing": Case(
        ("alter type hardness rename value 'VAGUE' to 'FUZZY'",),
        "the enum hardness of schema/records/timeline/deadline.py lacks VAGUE in the "
        "database, has FUZZY in the database only; "
        "change the vocabulary or add a migration",
    ),
    "label added": Case(
        ("alter type talk_format add value 'LETTER'",),
        "the enum talk_format of schema/records/talks/talk.py has LETTER in the database only; "
        "change the vocabulary or add a migration",
    ),
    "labels in another order": Case(
        ("alter type modality rename value 'NEGATED' to 'X'",
         "alter type modality rename value 'ASSERTED' to 'NEGATED'",
         "alter type modality rename value 'X' to 'ASSERTED'"),
        "the enum modality of schema/records/statements/statement.py has its labels in another order in the database; "
        "change the vocabulary or add a migration",
    ),
    "enum missing": Case(
        ("alter type code_match rename to matching",),
        "the enum code_match is declared in schema/records/sources/code.py but missing; create the type in a migration",
        also=1,
    ),
    "record type missing": Case(
        ("delete from record_type where name = 'TALK'",),
        "the table record_type lacks TALK; make_record_type('talk', …) adds it with its table",
    ),
    "record type undeclared": Case(
        ("insert into record_type values ('HANDSHAKE')",),
        "the table record_type has HANDSHAKE, which nothing declares; declare it, "
        "or select drop_record_type('handshake') in a migration",
    ),
    "parts of a date": Case(
        ("alter type date_precision add value 'DECADE'",),
        "the enum date_precision of schema/dates/edtf_dates.py has DECADE in the database only; "
        "change the vocabulary or add a migration",
    ),
    "history missing": Case(
        ("drop table history.issue cascade",),
        "history.issue is missing; select track('issue') in a migration",
        also=1,
    ),
    "history behind": Case(
        ("drop view known.issue", "alter table history.issue drop column name",
         VIEW.format("issue")),
        "history.issue lacks the column name; make the same change to both tables in a migration",
    ),
    "history in another order": Case(
        ("drop view known.issue", "alter table history.issue drop column parent_id, drop column name",
         "alter table history.issue add parent_id uuid, add name text not null",
         "create index on history.issue (parent_id)", VIEW.format("issue")),
        "history.issue has its columns in another order; make the same change to both tables in a migration",
    ),
    "history of another type": Case(
        ("drop view known.source", "alter table history.source alter title type varchar", VIEW.format("source")),
        "history.source has title as character varying instead of text; "
        "make the same change to both tables in a migration",
    ),
    "history without an index": Case(
        ("drop index history.talk_starts",),
        "history.talk lacks the index `USING btree (((starts).earliest), id)` that talk has; "
        "select track('talk') in a migration",
    ),
    "view missing": Case(
        ("drop view known.actor",), "the view known.actor is missing; select track('actor') in a migration"
    ),
    "view behind": Case(
        ("drop view known.revision", "create view known.revision as select *, at as known_from from revision"),
        "the view known.revision lacks the column known_until; create it anew in a migration",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
async def test_a_difference_is_named_with_its_cure(database_url: str, case: Case) -> None:
    alter(database_url, *case.done)
    found = await differences(database_url)
    assert case.said in found
    assert len(found) == 1 + case.also, found


async def test_all_differences_are_named_at_once(database_url: str) -> None:
    alter(database_url, *CASES["label added"].done, *CASES["column nullable"].done, *CASES["view missing"].done)
    found = await differences(database_url)
    assert {CASES[name].said for name in ("label added", "column nullable", "view missing")} == set(found)


async def test_an_empty_database_lacks_every_table(empty_database_url: str) -> None:
    found = await differences(empty_database_url)
    assert {f"the table {cls.table.name} is declared" in each for cls in RECORDS for each in found} == {True, False}
    for cls in RECORDS:
        assert any(each.startswith(f"the table {cls.table.name} is declared") for each in found)


# --- every rule is SQL that Postgres takes ---------------------------------------------------------


def selection(compiler: Compiler, type_: Any) -> Iterator[str]:
    """Every field of a type; of a list its length, of another record its id."""
    for name, declared in type_.fields.items():
        inner: Any = compiler.schema.type_map[str(declared.type).strip("[]!")]
        if name == "diff":
            yield "diff(from: 1, to: 1) { field before after }"
        elif not hasattr(inner, "fields"):
            yield name
        elif "totalCount" in inner.fields:
            yield f"{name} {{ totalCount }}"
        elif "id" in inner.fields and "parameters" not in inner.fields:
            yield f"{name} {{ id }}"
        else:
            yield f"{name} {{ {' '.join(selection(compiler, inner))} }}"


@pytest.mark.parametrize("record", [*RECORDS], ids=lambda cls: cls.__name__)
async def test_every_field_of_a_record_can_be_selected_at_any_clock(database_url: str, record: type[Any]) -> None:
    compiler = reader().compiler
    fields = " ".join(selection(compiler, compiler.tables[record.table.name]))
    async with desk_at(database_url) as desk:
        for clock in ("", '(asOf: "2025-04-18", knownAt: "2100-01-01")'):
            found = await desk.ask(f"{{ {record.table.list_field}{clock} {{ nodes {{ {fields} }} }} }}")
            assert found == {record.table.list_field: {"nodes": []}}


async def test_a_column_is_called_as_the_field_that_it_stores(database_url: str) -> None:
    columns = {
        (str(getattr(rule, "column", None) or field.python_name), graphql_name(field))
        for cls in RECORDS
        for field in fields_of(cls)
        if getattr(rule := rule_of(field), "column", None) or (isinstance(rule, Scalar) and rule.stored)
    }
    async with desk_at(database_url) as desk:
        for column, name in columns:
            assert await desk.connection.fetchval("select field_name($1)", column) == name
    assert {("addressee_ids", "addressees"), ("set_by_id", "setBy"), ("stall_after_days", "stallAfterDays")} < columns


# --- migrations ----------------------------------------------------------------------------------

OBJECTS = """
    select 'relation ' || c.oid::regclass::text
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and c.relkind <> 'i'
        and c.relname <> 'alembic_version'
    union all
    select 'function ' || p.oid::regprocedure::text
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname not in ('pg_catalog', 'information_schema')
    union all
    select 'type ' || t.oid::regtype::text
    from pg_type t join pg_namespace n on n.oid = t.typnamespace
    where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
        and t.typname not in ('alembic_version', '_alembic_version')
    union all
    select 'schema ' || n.nspname from pg_namespace n
    where n.nspname not in ('public', 'information_schema') and n.nspname !~ '^pg_'
"""


def objects(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return sorted(name for (name,) in connection.execute(OBJECTS))


async def test_migrations_go_up_from_nothing_and_down_to_nothing(empty_database_url: str) -> None:
    assert objects(empty_database_url) == []
    migrations.migrate(empty_database_url)
    full = objects(empty_database_url)
    assert "relation talk" in full
    migrations.downgrade(empty_database_url, "base")
    assert objects(empty_database_url) == []
    migrations.migrate(empty_database_url)
    assert objects(empty_database_url) == full
    assert await differences(empty_database_url) == ()


async def test_a_database_with_records_goes_down_to_nothing_too(database_url: str) -> None:
    async with desk_at(database_url) as desk:
        uuid = await desk.add(Talk, "paris")
        await desk.change_record(Talk, uuid, title="Another")
    migrations.downgrade(database_url, "base")
    assert objects(database_url) == []
