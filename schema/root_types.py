"""The schema: the fields that a query and a mutation begin with."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import create_type
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from schema.commands.registry import commands
from schema.declare.fields import Children, Done, FieldRule, Lookup, Lookups, Many, Search, declare
from schema.declare.page_sizes import LARGEST_PAGE
from schema.declare.reflection import fields_of, see
from schema.declare.scalars import Date, DateTime
from schema.derive.command_arguments import annotation, input_types
from schema.derive.filters_and_orders import argument, clock_arguments, input_type, page_arguments
from schema.derive.link import link
from schema.derive.payloads import payload_names, payload_of
from schema.derive.search_types import DESCRIPTION, TEXT, TYPES, Highlight, SearchConnection, SearchEdge
from schema.records.curation.revision import Revision
from schema.records.phrase import PHRASE
from schema.records.registry import RECORDS, WORK


def create_schema() -> strawberry.Schema:
    """Build the schema. Raises where a declaration is wrong, naming it."""
    return strawberry.Schema(
        query=query_type(link()),
        mutation=mutation_type(link()),
        types=RECORDS,
        config=StrawberryConfig(scalar_map={date: Date, datetime: DateTime}),
    )


def query_type(names: dict[str, Any]) -> type:
    """The fields a query begins with."""
    fields = {
        **general_fields(names),
        **record_fields(names),
        **work_fields(names),
        **rule_fields(names),
        "phrase": phrase(names),
        "search": search(names),
    }
    for name, field in fields.items():
        field.python_name = name
        see(field, names)
    return create_type("Query", list(fields.values()), description="All queries.")


def general_fields(names: dict[str, Any]) -> dict[str, StrawberryField]:
    """Build the fields that find anything by its id."""
    return {
        # Relay's compiler takes no `node` with a second argument: at another clock, things are found by the other two.
        "node": root(
            "Node | None",
            "Anything, by its id, as it is now.",
            Lookup(),
            argument("id", "strawberry.ID", "The id.", names),
        ),
        "record": root(
            "Record | None",
            "Any record, by its id.",
            Lookup(),
            argument("id", "strawberry.ID", "Its id.", names),
            *clock_arguments(names),
        ),
        "nodes": root(
            "list[Node | None]",
            f"Several things by their ids, {LARGEST_PAGE} at most; null where there is none.",
            Lookups(),
            argument("ids", "list[strawberry.ID]", "The ids.", names),
            *clock_arguments(names),
        ),
    }


def record_fields(names: dict[str, Any]) -> dict[str, StrawberryField]:
    """Build two fields for each record type, one by id or key and a list, and the list of all revisions."""
    names["By"] = input_type(
        "By",
        "Which record: by its id or by its key.",
        {"id": (strawberry.ID, "Its id."), "key": (str, "Its key, such as `paris-2025-04-17`.")},
        names,
        one_of=True,
    )
    fields = {}
    for cls in RECORDS:
        by = argument("by", "By", "Which one.", names)
        fields[cls.table.name] = one(cls, by, *clock_arguments(names))
        fields[cls.table.plural] = listing(cls.__name__, f"A list of {describe(cls)}", names, *clock_arguments(names))
    changes = "Every change to every record, newest first."
    fields[Revision.table.list_field] = listing(Revision.__name__, changes, names, *clock_arguments(names))
    return fields


def work_fields(names: dict[str, Any]) -> dict[str, StrawberryField]:
    """Build the fields of proposals and API keys, which have no key and no past."""
    fields = {}
    for cls in WORK:
        fields[cls.table.name] = one(cls, argument("id", "strawberry.ID", "Its id.", names))
        fields[cls.table.plural] = listing(cls.__name__, f"A list of {describe(cls)}", names)
    return fields


def rule_fields(names: dict[str, Any]) -> dict[str, StrawberryField]:
    return {
        "rule": root(
            "PublishedRule | None",
            "One published rule, by its id.",
            Lookup(),
            argument("id", "strawberry.ID", "Its id, such as `talk.status.v1`.", names),
        ),
        "rules": root(
            "list[PublishedRule]", "Every published rule.", Many("array(select r.id from {rule} r order by r.id)")
        ),
    }


def phrase(names: dict[str, Any]) -> StrawberryField:
    """The words are an argument, so that a curator sees how they are read before anything is entered."""
    return root(
        "Phrase",
        "How words of time are read, as what is due and as what happens: a dossier would have the same days.",
        PHRASE,
        argument("text", "str", "The words, such as `no later than 30 days`; 300 characters at most.", names),
        argument("anchor", "date", "The day that they are counted from.", names),
        argument("language", "str | None", "Their language (BCP 47); English if left out.", names),
    )


def one(cls: type, *arguments: StrawberryArgument) -> StrawberryField:
    return root(f"{cls.__name__} | None", f"One {describe(cls)}", Lookup(), *arguments)


def listing(type_name: str, description: str, names: dict[str, Any], *clock: StrawberryArgument) -> StrawberryField:
    pages = page_arguments(type_name, names)
    return root(f"Connection[{type_name}]", description, Children("true"), *pages, *clock)


def describe(cls: type) -> str:
    """The name of a type and what it says of itself."""
    return f"{cls.__name__}: {(cls.__doc__ or '').strip()}"


def search(names: dict[str, Any]) -> StrawberryField:
    """Search has the pages of every list and the clock, and no past."""
    names.update({each.__name__: each for each in (Highlight, SearchEdge, SearchConnection)})
    for each in (SearchEdge, SearchConnection):
        for field in fields_of(each):
            see(field, names)
    pages = [each for each in page_arguments("Record", names) if each.python_name not in ("filter", "order_by")]
    clock = [each for each in clock_arguments(names) if each.python_name == "as_of"]
    text = argument("text", "str", TEXT, names)
    types = argument("types", "list[RecordType] | None", TYPES, names)
    return root("SearchConnection", DESCRIPTION, Search(), text, types, *pages, *clock)


def mutation_type(names: dict[str, Any]) -> type:
    """A field for each command. Its arguments follow from the JSON Schema of the command's input."""
    names.update(payload_names())
    names.update(input_types(names))
    fields = []
    for command in commands().values():
        payload = payload_of(command.gives, names)
        arguments = [
            argument(
                name,
                annotation(schema) if name in command.required else f"{annotation(schema)} | None",
                schema["description"],
                names,
            )
            for name, schema in command.properties.items()
        ]
        field = root(payload.__name__, command.description, Done(), *arguments)
        field.python_name = field.graphql_name = command.name
        see(field, names)
        fields.append(field)
    return create_type(
        "Mutation", fields, description="All mutations. Those of one operation are done together, or not at all."
    )


def root(annotation: str, description: str, rule: FieldRule, *arguments: StrawberryArgument) -> StrawberryField:
    field: StrawberryField = declare(description, lambda _: rule)
    field.type_annotation = StrawberryAnnotation(annotation)
    field.arguments = list(arguments)
    return field
