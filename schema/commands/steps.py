"""Commands that record a step in the life of a record, such as the extension of a deadline.

Its type declares them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from schema.commands.command import REASON, Command, Outcome, Work
from schema.commands.one_record import enter_record
from schema.declare.fields import camel
from schema.declare.reflection import field_named, graphql_name, relation_of, target
from schema.declare.table import Choice, Step
from schema.derive.dossier_schema import LONGEST_LIST, record_schema
from schema.derive.link import link
from schema.errors import Invalid, Problem
from schema.records.record import Record


def step(cls: type[Record], declared: Step) -> Command:
    """The command that adds a record to a list of another, here called its subject."""
    link()
    adds_to = field_named(cls, declared.adds_to)
    made, relation, subject = target(adds_to), camel(relation_of(adds_to)), cls.table.field
    properties = dict(taken(made, declared))

    async def run(work: Work, given: Mapping[str, Any]) -> Outcome:
        said = {name: given[name] for name in properties if name in given}
        for name, value in declared.sets.items():
            said[camel(name)] = given[value.name] if isinstance(value, Choice) else value
        try:
            return Outcome(record_id=await enter_record(work, made, {**said, relation: {subject: given[subject]}}, ""))
        except Invalid as invalid:
            told = {relation: subject}
            problems = (Problem(told.get(each.path, each.path), each.message) for each in invalid.problems)
            raise Invalid(*problems) from None

    choices = [each for each in declared.sets.values() if isinstance(each, Choice)]
    return Command(
        name=f"{declared.verb}{cls.__name__}",
        description=declared.description,
        properties={
            subject: {"$ref": "#/$defs/RecordKey", "description": f"The {cls.table.words}: its id or key."},
            **{each.name: choice_schema(each) for each in choices},
            **properties,
            "reason": REASON,
        },
        required=(subject, *(each.name for each in choices), *map(camel, declared.required)),
        gives=made,
        run=run,
        path=f"{cls.table.path}/{{by}}/{declared.verb}",
    )


def choice_schema(choice: Choice) -> dict[str, Any]:
    return {
        "title": choice.terms.__name__,
        "enum": [each.name for each in choice.terms],
        "description": choice.description,
    }


def taken(made: type[Record], declared: Step) -> Iterator[tuple[str, dict[str, Any]]]:
    """The fields of the new record that are given, each with the sentence that it has here."""
    properties = record_schema(made)["properties"]
    for name, says in declared.takes.items():
        field = graphql_name(field_named(made, name))
        schema = {name: each for name, each in properties[field].items() if name != "description"}
        if schema.get("type") == "array":
            schema["maxItems"] = LONGEST_LIST
        yield field, {**schema, "description": says}
