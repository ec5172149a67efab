"""The writes of REST: the commands behind GraphQL's mutations, under URLs.

Each command that has a path is a write. Its first argument is the path parameter, if the path has one, `version` is
in If-Match, and the others are in the body; where the body is a document, the others are query parameters. Knows no
record type, and nothing of requests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from api.http.request_body import JSON
from api.rest.read import IN_PATH
from schema.commands.command import Command
from schema.commands.registry import commands
from schema.compiler.compiler import Compiler
from schema.compiler.description import Outline, outline
from schema.compiler.document.operation import Operation
from schema.compiler.plan.plan import Plan
from schema.derive.dossier_schema import all_definitions

DONE = "done"
"""The response key of the one field of a write's mutation."""

MERGE_PATCH = "application/merge-patch+json"
YAML = "application/yaml"

RECORD = "record: {field} {{ ...Changed }}"
CHANGED = "fragment Changed on Record { id key type: __typename version createdAt updatedAt retractedAt }"
"""The selection of a changed record."""

OTHER_PAYLOADS: Mapping[str, tuple[str, str]] = {
    "Dossier": (
        "created updated unchanged leftAlone report { ...DossierRow } warnings { path key line message }",
        """
        fragment DossierRow on DossierRow { type key action why changes { ...Change } }
        fragment Change on Change { field before after }
        """,
    ),
    "Proposal": ("", ""),
    "ApiKey": (
        "apiKey { ...ChangedKey } secret",
        "fragment ChangedKey on ApiKey { id name role isActive createdBy createdAt expiresAt revokedAt }",
    ),
}
"""The selections of payloads that are not about a record, with their fragments."""

PROPOSED = "fragment Proposed on Proposal { id status reason proposedBy proposedAt decidedBy decidedAt decisionReason }"


@dataclass(frozen=True)
class Reply:
    """The answer of all commands with the same payload type, built from the first of them.

    It is compiled when it is first needed, which keeps the start short.
    """

    compiler: Compiler
    command: Command
    about: str

    @cached_property
    def operation(self) -> Operation:
        return self.compiler.operation(build_mutation(self.compiler, self.command, self.about))

    @cached_property
    def plan(self) -> Plan:
        return self.compiler.plan(self.operation, {})

    @cached_property
    def outline(self) -> Outline:
        return outline(self.compiler, self.operation)


@dataclass(frozen=True)
class Write:
    """One write: the command, and the mutation whose plan answers it. A created record is read below its path."""

    command: Command
    path: str
    reply: Reply

    @property
    def creates(self) -> bool:
        return self.command.name.startswith("create")

    @property
    def is_document(self) -> bool:
        """Whether the body is a document of its own, to which no argument can be added as a member."""
        return self.command.body is not None and "$ref" not in self.command.properties[self.command.body]

    @property
    def in_path(self) -> dict[str, str]:
        """The path parameters: the argument of each by its name in the path."""
        return {name: next(iter(self.command.properties)) for name in IN_PATH.findall(self.path)}

    @property
    def in_header(self) -> bool:
        return "version" in self.command.properties

    @property
    def in_query(self) -> list[str]:
        return [name for name in self.command.properties if self.is_document and name != self.command.body]

    @property
    def in_body(self) -> list[str]:
        """The arguments that are members of the body, beside the members of a record."""
        elsewhere = {*self.in_path.values(), *self.in_query, "version", self.command.body}
        return [name for name in self.command.properties if name not in elsewhere]

    @property
    def media_types(self) -> tuple[str, ...]:
        if self.is_document:
            return (JSON, YAML)
        return (JSON, MERGE_PATCH) if self.command.method == "PATCH" else (JSON,)


def writes(compiler: Compiler) -> list[Write]:
    """List the writes: every command that has a path."""
    replies: dict[str, Reply] = {}
    found = []
    for command in commands().values():
        if command.path is not None:
            about = command.gives if isinstance(command.gives, str) else command.gives.__name__
            reply = replies.setdefault(about, Reply(compiler, command, about))
            found.append(Write(command, command.path, reply))
    return found


def check_write(write: Write) -> Write:
    """Return a valid write. Raises ValueError where an argument has the name of a member of the record."""
    if write.command.body is not None and not write.is_document:
        name = write.command.properties[write.command.body]["$ref"].rpartition("/")[2]
        if both := set(write.in_body) & set(all_definitions()[name]["properties"]):
            raise ValueError(
                f"{write.command.name}: {', '.join(both)} would stand twice in the body; rename the argument"
            )
    return write


def build_mutation(compiler: Compiler, command: Command, about: str) -> str:
    """Build the mutation that answers a command. Only its selection is used."""
    root: Any = compiler.schema.mutation_type
    given = root.fields[command.name].args
    variables = ", ".join(f"${name}: {each.type}" for name, each in given.items())
    arguments = ", ".join(f"{name}: ${name}" for name in given)
    record = RECORD.format(field=f"{about[0].lower()}{about[1:]}")
    selected, fragments = OTHER_PAYLOADS.get(about, (record, CHANGED))
    done = f"{DONE}: {command.name}({arguments}) {{ {selected} proposal {{ ...Proposed }} }}"
    return f"mutation {about}({variables}) {{ {done} }} {PROPOSED} {fragments}"
