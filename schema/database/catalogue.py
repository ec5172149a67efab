"""The start-up check: what the record files declare is what the database has, to the last column.

It lists every difference at once, each with the place and the cure. It reads the catalogue of Postgres,
never a record, and repairs nothing.
"""

from __future__ import annotations

import inspect
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Protocol, cast

from strawberry.types.field import StrawberryField

from schema.compiler.compiler import Compiler
from schema.compiler.sql.types import is_tracked, object_type, postgres_type, strawberry_field, table_of
from schema.database import status_periods
from schema.dates.edtf_dates import DatePrecision
from schema.declare.fields import Many, One, Part, Parts, Rows, Scalar, rule_of, snake
from schema.declare.reflection import fields_of, target
from schema.derive.search_types import searched
from schema.records.record import Node, Record

ANSWERED_BY_COMPILER = {"PageInfo", "Group"}
"""Types, besides connections and edges, of which the compiler itself answers every field."""

PAST = {"known_from": "timestamptz", "known_until": "timestamptz"}

LONG_NAMES = {"timestamp with time zone": "timestamptz"}
"""Postgres' full name of each type that the declarations call by its short name."""

COLUMNS = """
    select n.nspname::text as schema, c.relname::text as relation, a.attname::text as name,
        format_type(a.atttypid, null) as type, a.attnotnull as required
    from pg_attribute a
    join pg_class c on c.oid = a.attrelid
    join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in (current_schema(), 'history', 'known')
        and c.relkind in ('r', 'p', 'v') and a.attnum > 0 and not a.attisdropped
    order by c.oid, a.attnum
"""

INDEXES = """
    select n.nspname::text as schema, c.relname::text as relation, pg_get_indexdef(i.indexrelid) as definition
    from pg_index i
    join pg_class c on c.oid = i.indrelid
    join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in (current_schema(), 'history')
    order by i.indexrelid
"""

ENUMS = """
    select t.typname::text as name, array_agg(e.enumlabel::text order by e.enumsortorder) as labels
    from pg_type t join pg_enum e on e.enumtypid = t.oid
    where pg_type_is_visible(t.oid)
    group by t.typname
"""

RECORD_TYPES = "select lower(name) as name from record_type"

STATUSES = "select obj_description(to_regprocedure('kept.refresh(uuid[])'), 'pg_proc')"

SEARCHED = """
    select t.tgrelid::regclass::text as relation, pg_get_triggerdef(t.oid) as definition
    from pg_trigger t
    where t.tgname = 'search' and t.tgfoid = to_regproc('keep_search')
"""


class DeclarationsDiffer(Exception):
    """The declarations and the database do not agree. `differences` has a sentence for each, with its cure."""

    def __init__(self, differences: Iterable[str]) -> None:
        self.differences = tuple(differences)
        super().__init__("The declarations and the database differ:\n" + "\n".join(self.differences))


class Connection(Protocol):
    """A database connection that the catalogue is read through."""

    async def fetch(self, query: str) -> Any: ...

    async def fetchval(self, query: str) -> Any: ...


@dataclass(frozen=True)
class Column:
    """A column, as declared or as it is."""

    type: str
    required: bool


@dataclass(frozen=True)
class Declared:
    """A column that a field declares, and how to speak of the field."""

    column: Column
    is_open: bool
    """Whether the column may be NOT NULL although the field can be null: the record may not count yet."""


@dataclass(frozen=True)
class Relation:
    """A table or view of the database."""

    columns: dict[str, Column] = field(default_factory=dict)
    indexes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Catalogue:
    """Holds the tables, views, enums and triggers of a database. Its tables stand in the first schema of the "
    "search path, named '' here."""

    relations: Mapping[str, Relation]
    record_types: set[str]
    enums: Mapping[str, list[str]]
    searched: Mapping[str, set[str]]
    """The columns of a table whose words are kept, each with their weight: `title:A`."""


async def check(connection: Connection, compiler: Compiler) -> None:
    """Compare the declarations with the database. Raises DeclarationsDiffer with every difference."""
    catalogue = await read(connection)
    differences = [
        *fields_without_rule(compiler),
        *(each for type_ in compiler.tables.values() for each in differences_of_table(type_, catalogue)),
        *differences_of_record_types(compiler, catalogue),
        *differences_of_enums(compiler, catalogue),
        *differences_of_search(catalogue),
        *differences_of_statuses(compiler, await connection.fetchval(STATUSES)),
    ]
    if differences:
        raise DeclarationsDiffer(dict.fromkeys(differences))


async def read(connection: Connection) -> Catalogue:
    own = await connection.fetchval("select current_schema()::text")
    relations: dict[str, Relation] = defaultdict(Relation)
    for row in await connection.fetch(COLUMNS):
        type_ = LONG_NAMES.get(row["type"], row["type"])
        relations[relation_name(row, own)].columns[row["name"]] = Column(type_, row["required"])
    for row in await connection.fetch(INDEXES):
        # What is indexed and how; the name and the uniqueness of an index are not the past's.
        _, _, what = re.split(r" (?=ON )| (?=USING )", row["definition"], maxsplit=2)
        relations[relation_name(row, own)].indexes.append(what)
    enums = {row["name"]: list(row["labels"]) for row in await connection.fetch(ENUMS)}
    types = await connection.fetch(RECORD_TYPES) if "record_type" in relations else []
    triggers = await connection.fetch(SEARCHED)
    searched = {row["relation"].strip('"'): set(re.findall("'([^']*)'", row["definition"])) for row in triggers}
    return Catalogue(dict(relations), {row["name"] for row in types}, enums, searched)


def relation_name(row: Mapping[str, str], own: str) -> str:
    return row["relation"] if row["schema"] == own else f"{row['schema']}.{row['relation']}"


def differences_of_statuses(compiler: Compiler, found: str | None) -> Iterator[str]:
    if found != status_periods.fingerprint(compiler):
        yield (
            "The function kept.refresh keeps records by other rules than those declared; add a migration that "
            "runs `schema.database.status_periods.sql` and calls refresh_all_statuses()"
        )


# --- fields --------------------------------------------------------------------------------------


def fields_without_rule(compiler: Compiler) -> Iterator[str]:
    """The output fields that a query can reach and no SQL answers."""
    waiting: list[tuple[Any, Mapping[str, Part] | None]] = [(compiler.schema.query_type, None)]
    seen = set()
    while waiting:
        type_, parts = waiting.pop()
        if type_.name not in seen:
            waiting += [(each, None) for each in possible_types(compiler, type_)]
        # Parts belong to the field that they hang on: two fields of one type have different ones.
        elif parts is None:
            continue
        seen.add(type_.name)
        for name, declared in getattr(type_, "fields", {}).items():
            rule = parts.get(name) if parts else rule_of(strawberry_field(declared))
            if rule is None and not is_answered_by_compiler(type_):
                yield missing_rule(type_, name)
            inner = rule.parts if isinstance(rule, Parts | Rows) else None
            if object_type(declared).name not in seen or inner:
                waiting.append((object_type(declared), inner))


def possible_types(compiler: Compiler, type_: Any) -> Iterable[Any]:
    return compiler.schema.get_possible_types(type_) if type_.name in (Node.__name__, Record.__name__) else ()


def is_answered_by_compiler(type_: Any) -> bool:
    return type_.name in ANSWERED_BY_COMPILER or type_.name.endswith(("Connection", "Edge"))


def missing_rule(type_: Any, name: str) -> str:
    return (
        f"{type_.name}.{name} has no SQL rule, so that nothing can answer it; declare it in "
        f"{declaring_file(type_)} with a function of schema/declare/fields.py (column, computed, one, many, children …)"
    )


def declaring_file(type_: Any) -> str:
    module = inspect.getmodule(type_.extensions["strawberry-definition"].origin)
    return f"{module.__name__.replace('.', '/')}.py" if module else "its file"


# --- tables --------------------------------------------------------------------------------------


def differences_of_table(type_: Any, catalogue: Catalogue) -> Iterator[str]:
    table = table_of(type_)
    if table.source:
        return
    found = catalogue.relations.get(table.name)
    if found is None:
        more = f" that calls make_record_type('{table.name}', …)" if is_tracked(type_) else ""
        missing = f"the table {table.name} is declared in {declaring_file(type_)} but missing"
        yield f"{missing}; run `parley migrate`, or add a migration{more}"
        return
    yield from differences_of_columns(type_, table.name, found)
    if is_tracked(type_):
        yield from differences_of_history(table.name, found, catalogue)
    if not table.timeless:
        # Nothing is replaced in the log, so that no function makes its view.
        cure = f"select track('{table.name}')" if is_tracked(type_) else "create it anew"
        yield from differences_of_view(table.name, found, catalogue, f"{cure} in a migration")


def differences_of_columns(type_: Any, table: str, found: Relation) -> Iterator[str]:
    declared = dict(declared_columns(type_))
    where = declaring_file(type_)
    for name, each in declared.items():
        place = f"{table}.{name} is declared in {where}"
        if name not in found.columns:
            yield f"{place} but the table has no such column; add a migration"
            continue
        column = found.columns[name]
        if column.type not in acceptable(each.column.type):
            yield f"{place} as {each.column.type} but the column is {column.type}; change one of them to fit"
        if each.column.required and not column.required:
            yield f"{place} as never null but the column may be null; set it not null in a migration, or add `| None`"
        if column.required and not each.column.required and not each.is_open:
            cure = "take `| None` away, or drop not null in a migration"
            yield f"{place} with `| None` but the column is not null; {cure}"
    for name in found.columns.keys() - declared.keys() - set(table_of(type_).internal):
        yield f"{table}.{name} is a column that nothing declares; declare it in {where}, or drop it in a migration"


def acceptable(type_: str) -> tuple[str, ...]:
    # The log may grow beyond what 32 bits count; GraphQL has no wider Int.
    return ("integer", "bigint") if type_ == "integer" else (type_,)


def declared_columns(type_: Any) -> Iterator[tuple[str, Declared]]:
    for declared in type_.fields.values():
        name = str(strawberry_field(declared).python_name)
        required = not is_optional(strawberry_field(declared))
        match rule_of(strawberry_field(declared)):
            case Scalar(stored=True) as rule:
                yield name, Declared(Column(postgres_type(rule, declared), required), is_open=False)
            case Parts(column=str(column)):
                yield column, Declared(Column("fuzzy_date", required), is_open=False)
            case One(column=str(column)):
                is_any = target(strawberry_field(declared)) is Record
                yield column, Declared(Column("uuid", required), is_open=is_any)
            case Many(column=str(column)):
                yield column, Declared(Column("uuid[]", required=True), is_open=False)


def is_optional(declared: StrawberryField) -> bool:
    return "None" in str(cast("Any", declared.type_annotation).raw_annotation)


# --- the past ------------------------------------------------------------------------------------


def differences_of_history(table: str, live: Relation, catalogue: Catalogue) -> Iterator[str]:
    past = catalogue.relations.get(f"history.{table}")
    if past is None:
        yield f"history.{table} is missing; select track('{table}') in a migration"
        return
    # First, since a table grows at its end. The trigger moves a row as it stands, so that the order counts too.
    wanted = {"known_until": Column("timestamptz", required=True), **live.columns}
    if list(past.columns.items()) != list(wanted.items()):
        yield f"history.{table} {unlike(wanted, past.columns)}; make the same change to both tables in a migration"
    missing = list(live.indexes)
    for each in past.indexes:
        if each in missing:
            missing.remove(each)
    for each in missing:
        yield f"history.{table} lacks the index `{each}` that {table} has; select track('{table}') in a migration"


def differences_of_view(table: str, live: Relation, catalogue: Catalogue, cure: str) -> Iterator[str]:
    view = catalogue.relations.get(f"known.{table}")
    if view is None:
        yield f"the view known.{table} is missing; {cure}"
        return
    # A view does not tell whether a column can be null.
    types = {name: Column(each.type, required=False) for name, each in live.columns.items()}
    wanted = {**types, **{name: Column(type_, required=False) for name, type_ in PAST.items()}}
    if view.columns != wanted:
        yield f"the view known.{table} {unlike(wanted, view.columns)}; {cure}"


def unlike(wanted: Mapping[str, Column], found: Mapping[str, Column]) -> str:
    """Describe in words how two lists of columns differ."""
    said = [f"lacks the column {name}" for name in wanted.keys() - found.keys()]
    said += [f"has a column {name} too many" for name in found.keys() - wanted.keys()]
    said += [
        f"has {name} as {describe(found[name])} instead of {describe(wanted[name])}"
        for name in wanted.keys() & found.keys()
        if wanted[name] != found[name]
    ]
    return ", ".join(sorted(said)) or "has its columns in another order"


def describe(column: Column) -> str:
    return f"{column.type} not null" if column.required else column.type


# --- search --------------------------------------------------------------------------------------


def differences_of_search(catalogue: Catalogue) -> Iterator[str]:
    declared = {
        cls.table.name: {f"{column}:{weight}" for column, weight in columns.items()}
        for cls, columns in searched().items()
    }
    for table in sorted(declared.keys() | catalogue.searched.keys()):
        wanted, found = declared.get(table, set()), catalogue.searched.get(table, set())
        if wanted != found and table in catalogue.relations:
            fields = ", ".join(f"'{each}'" for each in sorted(wanted))
            yield (
                f"the words of {table} are kept from {', '.join(sorted(found)) or 'nothing'}, but declared to be "
                f"from {', '.join(sorted(wanted)) or 'nothing'}; "
                + (f"select make_searched('{table}', {fields})" if wanted else f"drop trigger search on {table}")
                + " in a migration"
            )


# --- record types --------------------------------------------------------------------------------


def differences_of_record_types(compiler: Compiler, catalogue: Catalogue) -> Iterator[str]:
    declared = {name for name, type_ in compiler.tables.items() if is_tracked(type_)}
    for name in sorted(declared & catalogue.relations.keys() - catalogue.record_types):
        yield f"the table record_type lacks {name.upper()}; make_record_type('{name}', …) adds it with its table"
    for name in sorted(catalogue.record_types - declared):
        cure = f"declare it, or select drop_record_type('{name}') in a migration"
        yield f"the table record_type has {name.upper()}, which nothing declares; {cure}"


# --- vocabularies --------------------------------------------------------------------------------


def differences_of_enums(compiler: Compiler, catalogue: Catalogue) -> Iterator[str]:
    for vocabulary in stored_vocabularies(compiler):
        name, labels = snake(vocabulary.__name__), [each.name for each in vocabulary]
        found = catalogue.enums.get(name)
        where = f"{vocabulary.__module__.replace('.', '/')}.py"
        if found is None:
            yield f"the enum {name} is declared in {where} but missing; create the type in a migration"
        elif found != labels:
            yield f"the enum {name} of {where} {unlike_labels(labels, found)}; change the vocabulary or add a migration"


def stored_vocabularies(compiler: Compiler) -> list[type[Enum]]:
    found: list[type[Enum]] = [DatePrecision]
    for type_ in compiler.tables.values():
        for declared in fields_of(cast("Any", type_.extensions["strawberry-definition"]).origin):
            match rule_of(declared):
                case Scalar(stored=True) if isinstance(about := target(declared), type) and issubclass(about, Enum):
                    found.append(about)
    return list(dict.fromkeys(found))


def unlike_labels(wanted: list[str], found: list[str]) -> str:
    said = [f"lacks {each} in the database" for each in wanted if each not in found]
    said += [f"has {each} in the database only" for each in found if each not in wanted]
    return ", ".join(said) or "has its labels in another order in the database"
