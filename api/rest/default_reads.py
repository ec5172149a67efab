"""The reads of a record type that has no file of its own in `api/rest/reads`, made from its declaration.

They are documents like those in the files: a list, one record, and the fragments that these are made of. What the
files have fragments for, such as a reference to an actor, is selected by them here too. Knows no record type.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from strawberry.types.field import StrawberryField

from schema.declare.fields import Children, Many, One, Parts, Rule, Scalar, camel, in_words, rule_of
from schema.declare.page_sizes import LARGEST_PAGE, PAGE_SIZE
from schema.declare.reflection import fields_of, graphql_name, is_list, target
from schema.records.record import Record

FRAGMENT = re.compile(r"^fragment (\w+) on .*?^}\n", re.MULTILINE | re.DOTALL)
SPREAD = re.compile(r"\.\.\.(\w+)")

REFERENCE = "fragment Reference on Record {\n  id\n  key\n}\n"
"""What is told of a record that is pointed to, where the files have no fragment `<Type>Reference`."""

IN_BOTH = {field.python_name for field in fields_of(Record)}
IN_FULL = ("  mergedInto { ...RecordReference }", "  codes(first: 100) { nodes { ...Code } }")

CLOCKS = """\
  "The clock: what had happened by then counts, and statuses are computed for then. Now if left out."
  $asOf: DateTime
  "What this database said then, whatever was corrected since. Now if left out."
  $knownAt: DateTime
"""

LIST = f'''\
"""
GET %(path)s %(title)s

%(says)s Ordered by %(order)s unless `orderBy` says otherwise.
"""
query %(plural)s(
%(parameters)s
  "What the list is ordered by, first things first."
  $orderBy: [%(type)sOrder!]
  "How many items from the start, 1 to {LARGEST_PAGE}; {PAGE_SIZE} if left out."
  $first: Int
  "Only what comes after this cursor: `endCursor` of the page before, also in its Link header."
  $after: String
  "How many items from the end, 1 to {LARGEST_PAGE}."
  $last: Int
  "Only what comes before this cursor: `startCursor` of the page after, also in its Link header."
  $before: String
  "Whether to count the whole list, in `totalCount`."
  $withTotal: Boolean = false
{CLOCKS}) {{
  page: %(plural)s(
    filter: {{%(filter)s}}
    orderBy: $orderBy
    first: $first
    after: $after
    last: $last
    before: $before
    asOf: $asOf
    knownAt: $knownAt
  ) {{
    items: nodes {{ ...%(type)sRecord }}
    totalCount @include(if: $withTotal)
    pageInfo {{ ...PageInfo }}
  }}
}}
'''

ONE = f'''\
"""
GET %(path)s/{{by}} One %(words)s

%(says)s
"""
query %(name)s(
  "Id or key."
  $by: By!
{CLOCKS}) {{
  found: %(name)s(by: $by, asOf: $asOf, knownAt: $knownAt) {{ ...%(type)sInFull }}
}}
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
    text = f"{LIST % terms}\n{ONE % terms}\n{fragments_of(cls, shared)}"
    return text + "".join(f"\n{each}" for each in needed(text, {"Reference": REFERENCE, **shared}))


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
    lines = [f"  {line.rstrip()}" for line in [*values, *own, "citations(first: 100) { nodes { ...Citation } }"]]
    in_full = [f"  ...{name}Record", *explained(cls), *IN_FULL]
    return (
        f"fragment {name}Record on {name} {{\n" + "\n".join(lines) + "\n}\n\n"
        f"fragment {name}InFull on {name} {{\n" + "\n".join(in_full) + "\n}\n"
    )


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


# --- fragments -----------------------------------------------------------------------------------


def fragments(documents: Iterable[str]) -> dict[str, str]:
    """The fragments of documents, by name. The same name means the same in all of them."""
    return {found[1]: found[0] for text in documents for found in FRAGMENT.finditer(text)}


def needed(text: str, known: Mapping[str, str]) -> Iterator[str]:
    """The fragments that a text spreads and does not have, and those that these spread in turn."""
    have = set(fragments([text]))
    waiting = SPREAD.findall(text)
    for name in waiting:
        if name not in have:
            have.add(name)
            waiting += SPREAD.findall(known[name])
            yield known[name]
