"""Proposals: changes that somebody asks for, what they would change, and what became of them."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING

import strawberry

from schema.declare.caller import Role
from schema.declare.fields import One, Rows, column, computed, declare, same_name
from schema.declare.vocabulary import vocabulary
from schema.records.curation.revision import Change, RevisionAction, changes
from schema.records.record import Json, record

if TYPE_CHECKING:
    from schema.records.record import Record


@vocabulary
class ProposalStatus(Enum):
    """The state of a proposal."""

    PENDING = "It waits for a curator."
    APPROVED = "A curator approved it, and it was done."
    REJECTED = "A curator rejected it."
    WITHDRAWN = "Who proposed it took it back."


@strawberry.type(description="One thing that a proposal asks for.")
class ProposedOperation:
    command: str = strawberry.field(description="Name of the mutation.")
    arguments: Json = strawberry.field(description="Its arguments.")


@strawberry.type(description="One record that a proposal would change.")
class ProposedChange:
    type: str = strawberry.field(description="Type of the record, such as `talk`.")
    key: str = strawberry.field(description="Key of the record.")
    record: Record | None = strawberry.field(description="The record as it stands; null where it would be new.")
    action: RevisionAction = strawberry.field(description="What would be done.")
    changes: list[Change] = strawberry.field(description="The fields that would change.")


@strawberry.type(description="A comment on a proposal.")
class ProposalComment:
    text: str = strawberry.field(description="What was said.")
    written_by: str = strawberry.field(description="Who said it.")
    written_at: datetime = strawberry.field(description="When.")


# Curators see every proposal, contributors their own: it holds claims that nobody has checked.
@record(
    order="-id",
    least=Role.CONTRIBUTOR,
    timeless=True,
    visible="({role} in ('CURATOR', 'ADMIN') or {t}.proposed_by = {caller})",
    internal=("operations", "changes", "bases"),
)
class Proposal:
    """Changes that somebody asks for, and that a curator approves or rejects."""

    id: strawberry.ID = column("Identifier (a UUID, version 7).")
    status: ProposalStatus = column("What became of it.")
    is_outdated: bool = computed(
        "Whether a record that it changes has changed since. Then it cannot be approved any more.",
        """exists (
            select from jsonb_each_text({t}.bases) b
            where {t}.status = 'PENDING'
                and (select max(r.version) from revision r where r.record_id = b.key::uuid) <> b.value::integer
        )""",
    )
    operations: list[ProposedOperation] = declare(
        "What is to be done, in order.",
        lambda _: Rows(
            "select * from jsonb_to_recordset({t}.operations) as o (command text, arguments json)",
            same_name("command", "arguments"),
        ),
    )
    changes: list[ProposedChange] = declare(
        "What it would have changed when it was made, record by record.",
        lambda _: Rows(
            "select * from jsonb_to_recordset({t}.changes) "
            "as c (record_id uuid, type text, key text, action text, changes jsonb)",
            {
                **same_name("type", "key", "action"),
                "record": One("{t}.record_id", dated=False),
                "changes": changes("{t}.changes"),
            },
        ),
    )
    reason: str | None = column("Why it is proposed.")
    proposed_by: str = column("Who proposed it.")
    proposed_at: datetime = column("When.")
    decided_by: str | None = column("Who approved, rejected or withdrew it.")
    decided_at: datetime | None = column("When.")
    decision_reason: str | None = column("Why.")
    comments: list[ProposalComment] = declare(
        "What was said of it, oldest first; the last 100.",
        lambda _: Rows(
            """
            select n.* from (
                select c.* from proposal_comment c where c.proposal_id = {t}.id order by c.id desc limit 100
            ) n
            order by n.id
            """,
            same_name("text", "written_by", "written_at"),
        ),
    )
