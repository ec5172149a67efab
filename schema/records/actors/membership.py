"""Memberships: who belongs to a group of actors, or speaks for it, and when."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from schema.dates.edtf_dates import FuzzyDate
from schema.declare.fields import column, fuzzy, one
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


@record(
    order="key",
    named_by=("member", "group", "role", "held.earliest"),
    appears="coalesce(({t}.held).earliest, '-infinity') <= {today}",
    needs_citation=False,
    in_short="An actor in a group of actors, for a time.",
)
class Membership(Record):
    """An actor that belongs to a group of actors, or speaks for it, from one date to another."""

    member: Actor = one("Who belongs to the group, or speaks for it.")
    group: Actor = one("The group: a coalition, a delegation, an organisation.")
    role: MembershipRole = column("What the actor is in the group.", default="MEMBER")
    held: FuzzyDate | None = fuzzy("From when until when; an open end means still.")
