"""Filters, orders and arguments, derived from the declarations of the record types.

A filter field has the name of the output field it filters, so that the compiler finds the rule
there and nothing is declared twice. Knows Strawberry; no SQL, no HTTP.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

import strawberry
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from schema.dates.edtf_dates import FuzzyDate
from schema.declare.fields import Children, One, Parts, Scalar, rule_of
from schema.declare.page_sizes import LARGEST_PAGE, PAGE_SIZE
from schema.declare.reflection import Names, annotated, fields_of, graphql_name, is_list, is_many, see, target
from schema.records.rule import DayRange

OPERATORS = {
    "eq": "Equal to this value.",
    "ne": "Not equal to this value; a missing value counts as not equal.",
    "in": "One of these values.",
    "lt": "Less than this value, or before it.",
    "lte": "At most this value, or not after it.",
    "gt": "Greater than this value, or after it.",
    "gte": "At least this value, or not before it.",
    "contains": "Contains this text, in upper or lower case.",
    "isNull": "Whether there is no value.",
}
EQUALITY = ("eq", "ne", "in", "isNull")
ORDER = ("eq", "ne", "in", "lt", "lte", "gt", "gte", "isNull")
TEXT = (*ORDER, "contains")

SCALARS: dict[object, tuple[str, tuple[str, ...]]] = {
    str: ("StringFilter", TEXT),
    int: ("IntFilter", ORDER),
    float: ("FloatFilter", ORDER),
    bool: ("BooleanFilter", EQUALITY),
    date: ("DateFilter", ORDER),
    datetime: ("DateTimeFilter", ORDER),
    strawberry.ID: ("IDFilter", EQUALITY),
}


@dataclass(frozen=True)
class Ordering:
    """The value of one member of an order enum: a field, or one part of it, and the direction."""

    path: tuple[str, ...]
    descending: bool


def derive(types: list[type], names: Names) -> None:
    """Add the inputs of every type to `names`, and let every annotation see all of them."""
    fields = [field for cls in types for field in fields_of(cls)]
    for field in fields:
        see(field, names)
    names.update(general_filters(names))
    for cls in (FuzzyDate, DayRange, *types):
        names[f"{cls.__name__}Filter"] = filter_of(cls, names)
    for cls in types:
        names[f"{cls.__name__}Order"] = order_of(cls)
    for field in fields:
        if isinstance(rule_of(field), Children):
            field.arguments = page_arguments(target(field).__name__, names)
        elif own := field.metadata.get("arguments"):
            field.arguments = [argument(name, about, says, names) for name, (about, says) in own.items()]


# --- filters -------------------------------------------------------------------------------------


def general_filters(names: Names) -> Names:
    """The filters that belong to no one type."""
    made = {name: comparison(name, about, operators, names) for about, (name, operators) in SCALARS.items()}
    made["StringListFilter"] = input_type(
        "StringListFilter",
        "Conditions on a list of texts; all that are given must hold.",
        {"has": (str, "One of the texts is this one."), "isEmpty": (bool, "Whether the list is empty.")},
        names,
    )
    return made


def input_type(
    name: str,
    description: str,
    fields: Mapping[str, tuple[Any, str]],
    names: Names,
    *,
    one_of: bool = False,
    required: Collection[str] = (),
) -> type:
    """An input: GraphQL name -> (type, or the name of an input; description). All but `required` may be left out."""
    # The types are put in afterwards: Strawberry would evaluate each several times, and some do not exist yet.
    body: dict[str, Any] = {"__annotations__": {f"{each}_": bool for each in fields}, "__module__": __name__}
    for each, (_, says) in fields.items():
        default = {} if each in required else {"default": strawberry.UNSET}
        body[f"{each}_"] = strawberry.field(name=each, description=says, **default)
    made: type = strawberry.input(type(name, (), body), description=description, one_of=one_of)
    for field, (about, _) in zip(fields_of(made), fields.values(), strict=True):
        annotation = about
        if field.graphql_name not in required:
            annotation = f"{about} | None" if isinstance(about, str) else about | None
        field.type_annotation = annotated(annotation, names)
    return made


def comparison(name: str, python_type: Any, operators: tuple[str, ...], names: Names) -> type:
    """The conditions on values of one scalar or enum."""
    types = {"in": list[python_type], "isNull": bool}
    return input_type(
        name,
        "Conditions on a value; all that are given must hold.",
        {each: (types.get(each, python_type), OPERATORS[each]) for each in operators},
        names,
    )


def filter_of(cls: type, names: Names) -> type:
    """The filter of a type: a condition for each field that can bear one."""
    name = f"{cls.__name__}Filter"
    fields: dict[str, tuple[Any, str]] = {}
    for field in fields_of(cls):
        if condition := condition_on(field, names):
            fields[graphql_name(field)] = (condition, field.description or "")
    if hasattr(cls, "table"):
        fields["and"] = (f"list[{name}]", "All of these hold.")
        fields["or"] = (f"list[{name}]", "At least one of these holds.")
        fields["not"] = (name, "This does not hold.")
    return input_type(name, f"Conditions on {cls.__name__}; all that are given must hold.", fields, names)


def condition_on(field: StrawberryField, names: Names) -> str | None:
    """The name of the input that filters a field; None where it cannot be filtered."""
    rule, about = rule_of(field), target(field)
    if is_many(field):
        return many_filter(about.__name__, names)
    if isinstance(rule, One):
        return f"{about.__name__}Filter"
    if isinstance(rule, Parts) and about not in (FuzzyDate, DayRange):
        return None
    if is_list(field):
        return "StringListFilter" if about is str else None
    if about in SCALARS:
        return SCALARS[about][0]
    if isinstance(about, type) and issubclass(about, Enum):
        name = f"{about.__name__}Filter"
        names.setdefault(name, comparison(name, about, EQUALITY, names))
        return name
    return f"{about.__name__}Filter" if isinstance(rule, Parts) else None


def many_filter(about: str, names: Names) -> str:
    name = f"{about}ListFilter"
    if name not in names:
        names[name] = input_type(
            name,
            f"Conditions on a list of {about}; all that are given must hold.",
            {
                "some": (f"{about}Filter", "At least one item fulfils this."),
                "none": (f"{about}Filter", "No item fulfils this."),
            },
            names,
        )
    return name


# --- orders and arguments ------------------------------------------------------------------------


def order_of(cls: type) -> type[Enum]:
    """The order enum of a type: each field that has an order, up and down."""
    members = {}
    descriptions = {}
    for path, says in orderable(cls):
        for suffix, descending in (("ASC", False), ("DESC", True)):
            member = "_".join((*path, suffix)).upper()
            members[member] = Ordering(path, descending)
            descriptions[member] = f"{'Descending' if descending else 'Ascending'}. {says}"
    made = Enum(f"{cls.__name__}Order", members)  # type: ignore[misc]
    strawberry.enum(made, description=f"The orders of a list of {cls.__name__}.")
    for value in made.__strawberry_definition__.values:  # type: ignore[attr-defined]
        value.description = descriptions[value.name]
    return made


def orderable(cls: type) -> Iterator[tuple[tuple[str, ...], str]]:
    for field in fields_of(cls):
        rule, name, says = rule_of(field), str(field.python_name), field.description or ""
        if isinstance(rule, Scalar) and not is_list(field):
            yield (name,), says
        elif isinstance(rule, Parts):
            for part in ("earliest", "latest", "min", "max"):
                if part in rule.parts:
                    yield (name, part), f"{says} By its {part} day."


def page_arguments(about: str, names: Names) -> list[StrawberryArgument]:
    """The arguments of a list; the same for every list of a type, so that Strawberry reads them once."""
    found: list[StrawberryArgument] = names.setdefault(f"{about}Arguments", [])
    if not found:
        found += new_page_arguments(about, names)
    return found


def new_page_arguments(about: str, names: Names) -> list[StrawberryArgument]:
    return [
        argument("filter", f"{about}Filter | None", "Only items that fulfil this.", names),
        argument(
            "order_by",
            f"list[{about}Order] | None",
            "What the list is ordered by, first things first.",
            names,
        ),
        argument(
            "first",
            "int | None",
            f"How many items from the start, 1 to {LARGEST_PAGE}; {PAGE_SIZE} if left out.",
            names,
        ),
        argument("after", "str | None", "Only what comes after this cursor.", names),
        argument("last", "int | None", f"How many items from the end, 1 to {LARGEST_PAGE}.", names),
        argument("before", "str | None", "Only what comes before this cursor.", names),
    ]


def clock_arguments(names: Names) -> list[StrawberryArgument]:
    found: list[StrawberryArgument] = names.setdefault("ClockArguments", [])
    if not found:
        found += new_clock_arguments(names)
    return found


def new_clock_arguments(names: Names) -> list[StrawberryArgument]:
    return [
        argument(
            "as_of",
            "datetime | None",
            "The clock: what had happened by then counts, and statuses are computed for then. Now if left out.",
            names,
        ),
        argument(
            "known_at",
            "datetime | None",
            "What this database said then, whatever was corrected since. Now if left out.",
            names,
        ),
    ]


def argument(name: str, annotation: str, description: str, names: Names) -> StrawberryArgument:
    return StrawberryArgument(
        python_name=name,
        graphql_name=None,
        type_annotation=annotated(annotation, names),
        description=description,
    )
