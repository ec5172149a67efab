"""Each check of a record table has its cure in the declaration of the type, and says what is declared."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

import asyncpg
import psycopg
import pytest

from schema.declare.fields import snake
from schema.declare.reflection import bounds_of, column_of, field_named, fields_of, graphql_name, target
from schema.declare.vocabulary import terms_of, types_of
from schema.derive.constraints import checks, checks_of
from schema.derive.link import link
from schema.records.record import Record
from schema.records.registry import RECORDS
from schema.writing.statements import refusal

CHECKS = """
    select c.conname::text, lower(t.name), pg_get_constraintdef(c.oid)
    from pg_constraint c
    join record_type t on c.conrelid = to_regclass(format('public.%I', lower(t.name)))
    where c.contype in ('c', 'x') or (c.contype = 'u' and c.conname <> lower(t.name) || '_key_key')
"""
"""What a writer can fail. Keys and references are looked up before, under the lock of the writers."""


@dataclass(frozen=True)
class Found:
    table: str
    definition: str


@pytest.fixture
def found(database_url: str) -> Mapping[str, Found]:
    with psycopg.connect(database_url) as connection:
        return {name: Found(table, says) for name, table, says in connection.execute(CHECKS).fetchall()}


def file_of(cls: type[Record]) -> str:
    return f"{inspect.getmodule(cls).__name__.replace('.', '/')}.py"  # type: ignore[union-attr]


def test_every_check_has_a_cure(found: Mapping[str, Found]) -> None:
    files = {cls.table.name: file_of(cls) for cls in RECORDS}
    assert [
        f"{name}: {each.definition}; say what cures it in {files[each.table]}, in @record(checks=…), or name it after "
        "its column, as schema/derive/constraints.py tells"
        for name, each in sorted(found.items())
        if name not in checks()
    ] == []


def test_every_cure_has_a_check(found: Mapping[str, Found]) -> None:
    assert [
        f"{file_of(cls)} says what cures a value that {name} refuses: {check.cure}; add the check to the table "
        f"{cls.table.name} in a migration"
        for cls in RECORDS
        for name, check in checks_of(cls)
        if found.get(name, Found("", "")).table != cls.table.name
    ] == []


def test_checks_say_what_the_bounds_of_values_do(found: Mapping[str, Found]) -> None:
    for cls in RECORDS:
        for declared in fields_of(cls):
            bounds, column = bounds_of(declared), column_of(declared)
            place = f"{cls.table.name}_{column}"
            if bounds.least is not None:
                assert f"{column} >= {bounds.least})" in found[f"{place}_between"].definition
            if bounds.most is not None:
                assert f"{column} <= {bounds.most})" in found[f"{place}_between"].definition
            if bounds.longest is not None:
                assert f"length({column}) <= {bounds.longest})" in found[f"{place}_longest"].definition
            if bounds.form and bounds.form.in_table:
                pattern = bounds.form.pattern.removeprefix("^").removesuffix("$(?!\n)")
                assert pattern in found[f"{place}_form"].definition


FITTING = [(cls, declared) for cls in RECORDS for declared in fields_of(cls) if declared.metadata.get("fits")]


def test_checks_let_each_type_have_the_terms_that_are_declared_for_it(
    found: Mapping[str, Found], database_url: str
) -> None:
    link()
    assert FITTING
    with psycopg.connect(database_url) as connection:
        for cls, declared in FITTING:
            relation, column = declared.metadata["fits"], column_of(declared)
            vocabulary: type[Enum] = target(declared)
            assert {each.table.name for each in RECORDS} >= set(types_of(vocabulary))
            condition = found[f"{cls.table.name}_{column}_fits_{relation}"].definition.removeprefix("CHECK ")
            every_case = (
                f"select r.name as {relation}_type, {column} "
                f"from record_type r, unnest(enum_range(null::{snake(vocabulary.__name__)})) {column}"
            )
            allowed = connection.execute(
                f"select lower({relation}_type), {column}::text from ({every_case}) v where {condition}".encode()
            )
            assert set(allowed.fetchall()) == {
                (each.table.name, term) for each in RECORDS for term in terms_of(vocabulary, each.table.name)
            }


@pytest.mark.parametrize(
    ("change", "field", "cure"),
    [
        ("update source set sha256 = 'f00'", "sha256", "it does not have the right form: SHA-256 of the document"),
        ("update process set stall_after_days = 0", "stallAfterDays", "it is out of range; possible: 1 to 36500"),
        ("update citation set number = 0", "number", "it is out of range; possible: 1 or more"),
        ("update actor set aliases = array[null]", "aliases", "it has too many items, or one is missing"),
        ("update statement set speaker_id = null", "speaker", "only an ANONYMOUS statement goes without a speaker"),
        ("update talk set title = null", "title", "it is missing; every record of this type needs it"),
        (
            "update milestone set due = at",
            "due",
            "TRIGGERED and SHORTENED need the new due date, EXTENDED may have one, no other kind has",
        ),
    ],
)
async def test_a_refused_value_is_told_with_its_field_and_its_cure(
    dossier_url: str, change: str, field: str, cure: str
) -> None:
    connection = await asyncpg.connect(dossier_url)
    try:
        with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
            await connection.execute(f"begin read write; {change}")
    finally:
        await connection.close()
    found_field, said = refusal(refused.value)
    assert found_field == field
    assert said.startswith(cure)


def test_declared_checks_name_fields_that_there_are() -> None:
    for cls in RECORDS:
        for check in cls.table.checks.values():
            assert graphql_name(field_named(cls, check.field))
