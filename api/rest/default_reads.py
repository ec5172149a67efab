"""The reads of a record type that has no file of its own in `api/rest/reads`, made from its declaration.

They are documents like those in the files: a list, one record, and the fragments that these are made of. What the
files have fragments for, such as a reference to an actor, is selected by them here too. Knows no record type.
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
"""What is told of a record that is pointed to, where the files have no fragment `<Type>Reference`."""

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
    """A parameter that a list is filtered by: what it says of itself, its type, and the condition it stands in."""

    name: str
    says: str
    type: str
    condition: str


def document_of(cls: type[Record], shared: Mapping[str, str]) -> str:
    """The document of a type: the operations that list it and read one, and every fragment they need."""
    filters = list(filters_of(cls))
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
    return assemble(f"{LIST % terms}\n{ONE % terms}\n{fragments_of(cls, shared)}", {"Reference": REFERENCE, **shared})


def filters_of(cls: type[Record]) -> Iterator[Filter]:
    """A filter for each record pointed to and each enum, and for the texts that a record is named by."""
    for field in own_fields(cls):
        rule, about, name, says = rule_of(field), target(field), graphql_name(field), field.description or ""
        if isinstance(rule, One):
            yield Filter(name, f"Only those with this key here: {says}", "String", f"key: {{eq: ${name}}}")
        elif isinstance(rule, Scalar) and not is_list(field):
            if issubclass(about, Enum):
                yield Filter(name, f"Only those with one of these here: {says}", f"[{about.__name__}!]", f"in: ${name}")
            elif about is str and field.python_name in cls.table.named_by:
                yield Filter(name, f"Only those with this text here: {says}", "String", f"eq: ${name}")


def fragments_of(cls: type[Record], shared: Mapping[str, str]) -> str:
    """What a list tells of a record, and what its own address does."""
    name = cls.__name__
    values = [graphql_name(field) for field in fields_of(Record) if isinstance(rule_of(field), Scalar)]
    own = [f"{graphql_name(field)}{selection}" for field in own_fields(cls) if (selection := selected(field, shared))]
    evidence = [listed(field) for field in nestable(Record) if target(field).table.evidence]
    others = [listed(field) for field in nestable(Record) if not target(field).table.evidence]
    lines = [f"  {line.rstrip()}" for line in [*values, *own, *evidence]]
    in_full = [
        f"  ...{name}Record",
        *explained(cls),
        "  mergedInto { ...RecordReference }",
        *(f"  {each}" for each in others),
    ]
    return (
        f"fragment {name}Record on {name} {{\n" + "\n".join(lines) + "\n}\n\n"
        f"fragment {name}InFull on {name} {{\n" + "\n".join(in_full) + "\n}\n"
    )


def listed(field: StrawberryField) -> str:
    """The selection of a list that every record has."""
    return f"{graphql_name(field)}(first: {LARGEST_PAGE}) {{ nodes {{ ...{target(field).__name__} }} }}"


def selected(field: StrawberryField, shared: Mapping[str, str]) -> str | None:
    """What is selected of a field: a space where it is a value, None where it is not selected."""
    rule, about = rule_of(field), target(field)
    if isinstance(rule, Scalar):
        return " "
    if isinstance(rule, One | Many):
        reference = f"{about.__name__}Reference"
        return f" {{ ...{reference if reference in shared else 'Reference'} }}"
    return f" {{ ...{about.__name__} }}" if isinstance(rule, Parts) and about.__name__ in shared else None


def explained(cls: type[Record]) -> Iterator[str]:
    """The judgements about a record, each with its rule and the facts it used."""
    for field in own_fields(cls):
        if isinstance(field.metadata.get("rule"), Rule):
            yield f"  {graphql_name(field)} {{ value rule {{ ...Rule }} inputs {{ ...RuleInput }} }}"


def own_fields(cls: type[Record]) -> Iterator[StrawberryField]:
    """The fields of a type beyond what every record has. Lists that point here are read from their own side."""
    for field in fields_of(cls):
        if field.python_name not in IN_BOTH and not isinstance(rule_of(field), Children):
            yield field
