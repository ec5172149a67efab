"""The writes that REST has: the commands behind GraphQL's mutations, under URLs.

Each command that has a path is a write. Its first argument stands in the path where that names one, `version` in
If-Match, and the others in the body; where a document is the body, its other arguments are query parameters. Knows no
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
"""What is answered of a record that was changed."""

OTHERS: Mapping[str, tuple[str, str]] = {
    "Dossier": (
        "created updated unchanged leftAlone report { ...DossierRow }",
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
"""What is answered of a payload that is not about a record: the selection, and its fragments."""

PROPOSED = "fragment Proposed on Proposal { id status reason proposedBy proposedAt decidedBy decidedAt decisionReason }"


@dataclass(frozen=True)
class Reply:
    """What is answered of all commands that give the same payload: the first of them stands for all.

    It is compiled when it is first needed, not while others wait for the start.
    """

    compiler: Compiler
    command: Command
    about: str

    @cached_property
    def operation(self) -> Operation:
        return self.compiler.operation(mutation(self.compiler, self.command, self.about))

    @cached_property
    def plan(self) -> Plan:
        return self.compiler.plan(self.operation, {})

    @cached_property
    def outline(self) -> Outline:
        return outline(self.compiler, self.operation)


@dataclass(frozen=True)
class Write:
    """One write: the command, and the mutation whose plan answers it. What it creates is read below its path."""

    command: Command
    path: str
    reply: Reply

    @property
    def creates(self) -> bool:
        return self.command.name.startswith("create")

    @property
    def is_document(self) -> bool:
        """Whether the body is a document of its own, beside whose members no argument can stand."""
        return self.command.body is not None and "$ref" not in self.command.properties[self.command.body]

    @property
    def in_path(self) -> dict[str, str]:
        """What stands in the path: its name there, and the argument that it is."""
        return {name: next(iter(self.command.properties)) for name in IN_PATH.findall(self.path)}

    @property
    def in_header(self) -> bool:
        return "version" in self.command.properties

    @property
    def in_query(self) -> list[str]:
        return [name for name in self.command.properties if self.is_document and name != self.command.body]

    @property
    def in_body(self) -> list[str]:
        """The arguments that are members of the body, or stand beside those of the record that is the body."""
        elsewhere = {*self.in_path.values(), *self.in_query, "version", self.command.body}
        return [name for name in self.command.properties if name not in elsewhere]

    @property
    def media_types(self) -> tuple[str, ...]:
        if self.is_document:
            return (JSON, YAML)
        return (JSON, MERGE_PATCH) if self.command.method == "PATCH" else (JSON,)


def writes(compiler: Compiler) -> list[Write]:
    """Every command that has a path."""
    replies: dict[str, Reply] = {}
    found = []
    for command in commands().values():
        if command.path is not None:
            about = command.gives if isinstance(command.gives, str) else command.gives.__name__
            reply = replies.setdefault(about, Reply(compiler, command, about))
            found.append(Write(command, command.path, reply))
    return found


def checked(write: Write) -> Write:
    """Raises ValueError where a member of the body could be meant for the record or for the command."""
    if write.command.body is not None and not write.is_document:
        name = write.command.properties[write.command.body]["$ref"].rpartition("/")[2]
        if both := set(write.in_body) & set(all_definitions()[name]["properties"]):
            raise ValueError(
                f"{write.command.name}: {', '.join(both)} would stand twice in the body; rename the argument"
            )
    return write


def mutation(compiler: Compiler, command: Command, about: str) -> str:
    """The mutation that answers a command. What it selects is all that counts of it."""
    root: Any = compiler.schema.mutation_type
    given = root.fields[command.name].args
    variables = ", ".join(f"${name}: {each.type}" for name, each in given.items())
    arguments = ", ".join(f"{name}: ${name}" for name in given)
    record = RECORD.format(field=f"{about[0].lower()}{about[1:]}")
    selected, fragments = OTHERS.get(about, (record, CHANGED))
    done = f"{DONE}: {command.name}({arguments}) {{ {selected} proposal {{ ...Proposed }} }}"
    return f"mutation {about}({variables}) {{ {done} }} {PROPOSED} {fragments}"
