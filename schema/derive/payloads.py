"""Derives the payloads of mutations: the record as it is now, or a proposal, or problems. Errors are data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import Enum
from typing import Any

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.tools import create_type
from strawberry.types.field import StrawberryField

from schema.declare.fields import One, Rows, Scalar, camel, declare, same_name
from schema.declare.reflection import Names, see
from schema.declare.vocabulary import vocabulary, with_article
from schema.records.curation.revision import Change, changes
from schema.records.record import Record


@vocabulary
class ProblemCode(Enum):
    """The kinds of problem that a mutation can meet."""

    BAD_USER_INPUT = "A value cannot be accepted; `path` says which."
    NOT_FOUND = "There is no such record."
    CONFLICT = "The record has changed since it was read: read `currentVersion` and decide anew."
    NOT_ALLOWED = "The key that was used may not do this."
    UNAUTHENTICATED = "A key is needed."
    NOT_DONE = "Nothing is wrong with this part, but another part failed, and all or nothing is done."


@strawberry.type(description="One thing that stood in the way of a mutation. Nothing was changed.")
class Problem:
    code: ProblemCode = strawberry.field(description="The kind of problem.")
    message: str = strawberry.field(description="What is wrong, with which value, and what to do.")
    path: str | None = strawberry.field(description="The argument, such as `input.starts`; null for the whole.")
    key: str | None = strawberry.field(description="Key of the record of a dossier or input that it stands in.")
    line: int | None = strawberry.field(description="Line of a dossier that came as a text; null in GraphQL.")
    current_version: int | None = strawberry.field(description="The version that the record has now.")
    changed_by: str | None = strawberry.field(description="Who changed it last.")
    changed_at: datetime | None = strawberry.field(description="When it was changed last.")


@vocabulary
class DossierAction(Enum):
    """The result for a record of a dossier."""

    CREATED = "It is new."
    UPDATED = "Fields of it were changed."
    UNCHANGED = "It says already what the dossier says."
    LEFT_ALONE = "It is retracted or merged; a dossier does not change that."


@strawberry.type(description="The result for one record of a dossier.")
class DossierRow:
    type: str = strawberry.field(description="Type of the record, such as `talk`.")
    key: str = strawberry.field(description="Its key.")
    action: DossierAction = strawberry.field(description="What was done, or in a dry run would be.")
    why: str | None = strawberry.field(description="Why it was left alone.")
    changes: list[Change] = strawberry.field(description="Field by field.")


@strawberry.type(description="Something that a dossier says and that was taken, but is hardly meant.")
class DossierWarning:
    path: str = strawberry.field(description="Where it stands, such as `talks[0].starts`; empty for the whole.")
    key: str | None = strawberry.field(description="Key of the record that it stands in.")
    line: int | None = strawberry.field(description="Line of a dossier that came as a text; null in GraphQL.")
    message: str = strawberry.field(description="What is odd about it, and what to do.")


PROBLEM_COLUMNS = (
    "code text, message text, path text, key text, line integer, current_version integer, changed_by text, "
    "changed_at timestamptz"
)
ROW_COLUMNS = "type text, key text, action text, why text, changes jsonb"
WARNING_COLUMNS = "path text, key text, line integer, message text"


def payload_of(gives: type[Record] | str, names: Names) -> type:
    """The payload type of a command: what it gives, then what every payload has. Made once for each `gives`."""
    about = gives if isinstance(gives, str) else gives.__name__
    name = f"{about}Payload"
    if name not in names:
        fields = [*(OWN[about]() if about in OWN else [record_field(about)]), proposal(), problems()]
        for each in fields:
            see(each, names)
        names[name] = create_type(name, fields, description=f"The result of a mutation of {with_article(about)}.")
    return names[name]  # type: ignore[no-any-return]


def record_field(about: str) -> StrawberryField:
    name = about[0].lower() + about[1:]
    return field(name, f"{about} | None", "The record as it stands now.", One("{t}.record_id", dated=False))


def count(action: DossierAction) -> StrawberryField:
    of = f"from json_array_elements({{t}}.report) r where r ->> 'action' = '{action.name}'"
    says = f"How many records there are of which it holds: {action.value}"
    return field(camel(action.name.lower()), "int", says, Scalar(f"(select count(*)::integer {of})"))


def report() -> StrawberryField:
    parts: Mapping[str, Any] = {
        **same_name("type", "key", "action", "why"),
        "changes": changes("{t}.changes"),
    }
    return field(
        "report",
        "list[DossierRow]",
        "What became of every record, in the order of writing.",
        Rows(f"select * from json_to_recordset({{t}}.report) as r ({ROW_COLUMNS})", parts),
    )


def warnings() -> StrawberryField:
    columns = [column.split()[0] for column in WARNING_COLUMNS.split(", ")]
    return field(
        "warnings",
        "list[DossierWarning]",
        "Everything that was taken but is hardly meant, such as a day that is still to come.",
        Rows(f"select * from json_to_recordset({{t}}.warnings) as w ({WARNING_COLUMNS})", same_name(*columns)),
    )


def proposal() -> StrawberryField:
    says = "The proposal that it became, where it needs a curator's approval."
    return field("proposal", "Proposal | None", says, One("{t}.proposal_id", dated=False))


def problems() -> StrawberryField:
    columns = [column.split()[0] for column in PROBLEM_COLUMNS.split(", ")]
    return field(
        "problems",
        "list[Problem]",
        "What stood in the way, all of it at once; empty where it was done or proposed.",
        Rows(
            f"select * from json_to_recordset({{t}}.problems) as p ({PROBLEM_COLUMNS})",
            same_name(*columns),
        ),
    )


def secret() -> StrawberryField:
    says = "The key itself, for the Authorization header. It is shown this once and kept nowhere."
    return field("secret", "str | None", says, Scalar("{t}.secret"))


def key() -> StrawberryField:
    return field("apiKey", "ApiKey | None", "The key, as it stands now.", One("{t}.key_id", dated=False))


OWN: Mapping[str, Callable[[], list[StrawberryField]]] = {
    "Dossier": lambda: [*map(count, DossierAction), report(), warnings()],
    "Proposal": list,
    "ApiKey": lambda: [key(), secret()],
}
"""Fields of the payloads that are not about one record."""


def field(name: str, annotation: str, description: str, rule: Any) -> StrawberryField:
    made: StrawberryField = declare(description, lambda _: rule)
    made.python_name = made.graphql_name = name
    made.type_annotation = StrawberryAnnotation(annotation)
    return made


def payload_names() -> dict[str, Any]:
    """The types that payloads are made of, by name."""
    return {each.__name__: each for each in (Problem, DossierRow, DossierWarning)}
