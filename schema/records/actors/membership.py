"""Memberships: who belongs to a group of actors, or speaks for it, and when."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from schema.dates.edtf_dates import FuzzyDate
from schema.declare.fields import column, fuzzy, one
from schema.declare.table import Contradiction
from schema.declare.vocabulary import vocabulary
from schema.records.record import Record, record

if TYPE_CHECKING:
    from schema.records.actors.actor import Actor


@vocabulary
class MembershipRole(Enum):
    """The role of an actor in a group."""

    MEMBER = "It belongs to the group."
    DELEGATE = "It sits in a delegation of the group."
    SPEAKS_FOR = "It speaks in the name of the group, without belonging to it."


# Memberships that were over before the first of a circle began make no circle. Each is compared with the first alone:
# to compare all with one another would take a row for each way through the groups.
GROUP_IN_ITSELF = """
    with recursive reached (start, at, held) as (
        select b.id, b.group_id, b.held from membership b where b.id = any($1) and b.retracted_at is null
        union
        select r.start, n.group_id, r.held
        from reached r
        join membership n on n.member_id = r.at
        where n.retracted_at is null
            and coalesce((n.held).earliest, '-infinity') <= coalesce((r.held).latest, 'infinity')
            and coalesce((n.held).latest, 'infinity') >= coalesce((r.held).earliest, '-infinity')
    )
    select b.id, m.key as member, g.key as group
    from reached r
    join membership b on b.id = r.start and b.member_id = r.at
    join actor m on m.id = b.member_id
    join actor g on g.id = b.group_id
"""


@record(
    order="key",
    named_by=("member", "group", "role", "held.earliest"),
    appears="coalesce(({t}.held).earliest, '-infinity') <= {today}",
    needs_citation=False,
    contradictions=(
        Contradiction(
            "group",
            GROUP_IN_ITSELF,
            "{group} belongs to {member} itself, directly or by other memberships, and no group is a part of itself; "
            "correct one of the memberships, or say in held when it ended",
        ),
    ),
    in_short="An actor in a group of actors, for a time.",
)
class Membership(Record):
    """An actor that belongs to a group of actors, or speaks for it, from one date to another."""

    member: Actor = one("Who belongs to the group, or speaks for it.")
    group: Actor = one("The group: a coalition, a delegation, an organisation.")
    role: MembershipRole = column("What the actor is in the group.", default="MEMBER")
    held: FuzzyDate | None = fuzzy("From when until when; an open end means still.")
