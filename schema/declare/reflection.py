"""Reads declarations: the fields of a record type, and the type that each of them is about."""

from __future__ import annotations

from functools import cache
from types import NoneType
from typing import Any, get_args

from strawberry.annotation import StrawberryAnnotation
from strawberry.types.field import StrawberryField

from schema.declare.bounds import Bounds
from schema.declare.fields import Children, Many, camel, rule_of

Names = dict[str, Any]
"""The types that an annotation may name, by name."""


def fields_of(cls: type) -> list[StrawberryField]:
    fields: list[StrawberryField] = cls.__strawberry_definition__.fields  # type: ignore[attr-defined]
    return fields


def see(field: StrawberryField, names: Names) -> None:
    """Let the annotation of a field name any type of the schema, whichever module it stands in."""
    if field.type_annotation is not None:
        field.type_annotation = annotated(field.type_annotation.raw_annotation, names)


def annotated(annotation: object, names: Names) -> StrawberryAnnotation:
    """An annotation that sees all names; the same object for the same words, since to evaluate it takes long."""
    known: dict[object, StrawberryAnnotation] = names.setdefault("Annotations", {})
    if annotation not in known:
        known[annotation] = StrawberryAnnotation(annotation, namespace=names)
    return known[annotation]


@cache
def target(field: StrawberryField) -> Any:
    """Find the type that a field is about: `Actor` for `Actor`, `Actor | None`, `list[Actor]` and "
    "`Connection[Actor]`."""
    assert field.type_annotation is not None
    annotation: Any = field.type_annotation.annotation
    if isinstance(annotation, str):
        raise LookupError(f"{field.python_name}: {annotation} names a type that is not known here")
    while inner := [each for each in get_args(annotation) if each is not NoneType]:
        annotation = inner[0]
    return annotation


def is_list(field: StrawberryField) -> bool:
    assert field.type_annotation is not None
    return str(field.type_annotation.raw_annotation).startswith("list[")


def is_many(field: StrawberryField) -> bool:
    return isinstance(rule_of(field), Children | Many)


def graphql_name(field: StrawberryField) -> str:
    """The name of a field in GraphQL: given, or the Python name in camel case."""
    if field.graphql_name:
        return field.graphql_name
    return camel(str(field.python_name))


def field_named(cls: type, name: str) -> StrawberryField:
    """Find a field by its Python name."""
    return next(each for each in fields_of(cls) if each.python_name == name)


def column_of(field: StrawberryField) -> str:
    """Name the column of a stored field."""
    return str(getattr(rule_of(field), "column", None) or field.python_name)


def relation_of(field: StrawberryField) -> str:
    """Name the relation by which the records of a list point here."""
    rule = rule_of(field)
    assert isinstance(rule, Children)
    return str(rule.via).removesuffix("_id")


def is_bookkeeping(field: StrawberryField) -> bool:
    """Whether the database alone writes a field."""
    return bool(field.metadata.get("bookkeeping"))


def bounds_of(field: StrawberryField) -> Bounds:
    """Find the bounds of a stored value."""
    bounds: Bounds = field.metadata.get("bounds") or Bounds()
    return bounds
