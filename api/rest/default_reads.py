"""Generates the reads of a record type that has no file of its own in `api/rest/reads`, from its declaration.

They are a document like those in the files: a list, one record, and their fragments. The fragments of the files, such
as the reference to an actor, are reused. Knows no record type.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from strawberry.types.field import StrawberryField

from api.rest.documents import assemble
from schema.declare.fields import Children, Many, One, Parts, Rule, Scalar, camel, in_words, rule_of
from schema.declare.page_sizes import LARGEST_PAGE
from schema.declare.reflection import fields_of, graphql_name, is_list, target
from schema.derive.dossier_schema import nestable
from schema.records.record import Record

REFERENCE = "fragment Reference on Record {\n  id\n  key\n}\n"
"""The selection of a referenced record where the files have no fragment `<Type>Reference`."""

IN_BOTH = {field.python_name for field in fields_of(Record)}

LIST = '''\
"""
GET %(path)s %(title)s

%(says)s Ordered by %(order)s unless `orderBy` says otherwise.
"""
query %(plural)s(
%(parameters)s
) @page @clock {
  page: %(plural)s(
    filter: {%(filter)s}
  ) {
    items: nodes { ...%(type)sRecord }
    totalCount @include(if: $withTotal)
    pageInfo { ...PageInfo }
  }
}
'''

ONE = '''\
"""
GET %(path)s/{by} One %(words)s

%(says)s
"""
query %(name)s(
  "Id or key."
  $by: By!
) @clock {
  found: %(name)s(by: $by) { ...%(type)sInFull }
}
'''


@dataclass(frozen=True)
class Filter:
    """A parameter that filters a list: its name, description and type, and the condition that uses it."""

    name: str
    says: str
    type: str
    condition: str


def build_document(cls: type[Record], shared: Mapping[str, str]) -> str:
    """Build the document of a type: the operations that list it and read one, and every fragment they need."""
    filters = list(list_filters(cls))
    terms = {
        "type": cls.__name__,
        "name": cls.table.field,
        "plural": cls.table.list_field,
        "path": cls.table.path,
        "words": cls.table.words,
        "title": in_words(cls.table.plural).capitalize(),
        "says": " ".join((cls.__doc__ or "").split()),
        "order": ", then ".join(f"`{camel(field)}`" for field in cls.table.order),
        "parameters": "\n".join(f"  {json.dumps(f.says, ensure_ascii=False)}\n  ${f.name}: {f.type}" for f in filters),
        "filter": "".join(f"\n      {each.name}: {{{each.condition}}}" for each in filters) + "\n    ",
    }
    return assemble(
        f"{LIST % terms}\n{ONE % terms}\n{build_fragments(cls, shared)}", {"Reference": REFERENCE, **shared}
    )


def list_filters(cls: type[Record]) -> Iterator[Filter]:
    """Yield a filter for each reference and each enum, and for the texts that name a record."""
    for field in list_own_fields(cls):
        rule, about, name, says = rule_of(field), target(field), graphql_name(field), field.description or ""
        if isinstance(rule, One):
            yield Filter(name, f"Only those with this key here: {says}", "String", f"key: {{eq: ${name}}}")
        elif isinstance(rule, Scalar) and not is_list(field):
            if issubclass(about, Enum):
                yield Filter(name, f"Only those with one of these here: {says}", f"[{about.__name__}!]", f"in: ${name}")
            elif about is str and field.python_name in cls.table.named_by:
                yield Filter(name, f"Only those with this text here: {says}", "String", f"eq: ${name}")


def build_fragments(cls: type[Record], shared: Mapping[str, str]) -> str:
    """Build two fragments of a type: its record in a list, and the full record of its own path."""
    name = cls.__name__
    values = [graphql_name(field) for field in fields_of(Record) if isinstance(rule_of(field), Scalar)]
    own = [
        f"{graphql_name(field)}{selection}"
        for field in list_own_fields(cls)
        if (selection := select_field(field, shared))
    ]
    evidence = [select_list(field) for field in nestable(Record) if target(field).table.evidence]
    others = [select_list(field) for field in nestable(Record) if not target(field).table.evidence]
    lines = [f"  {line.rstrip()}" for line in [*values, *own, *evidence]]
    in_full = [
        f"  ...{name}Record",
        *select_judgements(cls),
        "  mergedInto { ...RecordReference }",
        *(f"  {each}" for each in others),
    ]
    return (
        f"fragment {name}Record on {name} {{\n" + "\n".join(lines) + "\n}\n\n"
        f"fragment {name}InFull on {name} {{\n" + "\n".join(in_full) + "\n}\n"
    )


def select_list(field: StrawberryField) -> str:
    """Select a list that every record has."""
    return f"{graphql_name(field)}(first: {LARGEST_PAGE}) {{ nodes {{ ...{target(field).__name__} }} }}"


def select_field(field: StrawberryField, shared: Mapping[str, str]) -> str | None:
    """Build the selection of a field: a space for a value, None for a field that is not selected."""
    rule, about = rule_of(field), target(field)
    if isinstance(rule, Scalar):
        return " "
    if isinstance(rule, One | Many):
        reference = f"{about.__name__}Reference"
        return f" {{ ...{reference if reference in shared else 'Reference'} }}"
    return f" {{ ...{about.__name__} }}" if isinstance(rule, Parts) and about.__name__ in shared else None


def select_judgements(cls: type[Record]) -> Iterator[str]:
    """Select the judgements about a record, each with its rule and the facts it used."""
    for field in list_own_fields(cls):
        if isinstance(field.metadata.get("rule"), Rule):
            yield f"  {graphql_name(field)} {{ value rule {{ ...Rule }} inputs {{ ...RuleInput }} }}"


def list_own_fields(cls: type[Record]) -> Iterator[StrawberryField]:
    """Yield the fields of a type beyond those of every record, without lists of records that refer to it."""
    for field in fields_of(cls):
        if field.python_name not in IN_BOTH and not isinstance(rule_of(field), Children):
            yield field
