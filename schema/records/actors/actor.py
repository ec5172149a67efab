"""Actors, from states to persons, and the offices that persons hold for them."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from schema.dates.edtf_dates import FuzzyDate
from schema.declare.bounds import COUNTRY
from schema.declare.connections import Connection
from schema.declare.fields import NAME, children, column, fuzzy, one
from schema.declare.table import Exclusive, no_circle
from schema.declare.vocabulary import vocabulary
from schema.records.record import Record, record

if TYPE_CHECKING:
    from schema.records.actors.membership import Membership
    from schema.records.agreements.signature import Signature
    from schema.records.processes.position import Position
    from schema.records.statements.statement import Statement
    from schema.records.talks.participation import Participation


@vocabulary
class ActorKind(Enum):
    """The kind of an actor. The terms follow PA-X's actor data and add the person and the company."""

    STATE = "A state."
    ENTITY = "A territory or authority that acts like a state without general recognition."
    IGO = "An organisation of states."
    COALITION = "States or groups acting together without a charter."
    GOVERNMENT_BODY = "A ministry, agency or other part of a government."
    MILITARY = "The armed forces of a state."
    ARMED_GROUP = "An organised armed group outside the state's forces."
    POLITICAL_PARTY = "A political party or movement."
    CIVIL_SOCIETY = "An organisation of citizens, a church or a community."
    COMPANY = "A company, a news organisation included."
    PERSON = "One human being."
    OTHER = "Anything else that takes part."


@vocabulary
class OfficeRank(Enum):
    """The rank of an office, comparable between countries."""

    HEAD_OF_STATE = "Head of state."
    HEAD_OF_GOVERNMENT = "Head of government."
    FOREIGN_MINISTER = "Minister in charge of foreign affairs."
    DEFENCE_MINISTER = "Minister in charge of defence."
    MINISTER = "Any other minister."
    NATIONAL_SECURITY_ADVISER = "Adviser to the head on national security."
    SPECIAL_ENVOY = "Envoy appointed for a conflict or a process."
    AMBASSADOR = "Head of a diplomatic mission."
    MILITARY_COMMANDER = "Commander of armed forces or of an armed group."
    LEADER = "Leader of a party, a group or an organisation."
    SPOKESPERSON = "Person who speaks in the name of the actor."
    OFFICIAL = "Any other official."
    OTHER = "Any other office."


# Who speaks for a group is no part of it.
MEMBERS = """{t}.id in (
    select a.id from {any actor} a where a.parent_id = {parent}.id
    union all
    select b.member_id
    from {membership} b
    where b.group_id = {parent}.id and b.role <> 'SPEAKS_FOR' and coalesce((b.held).latest, 'infinity') >= {today}
)"""


@record(
    order="name",
    key_from="name",
    needs_citation=False,
    contradictions=(no_circle("actor", "parent"),),
    in_short="A state, body, armed group, coalition or person.",
)
class Actor(Record):
    """A state, body, armed group, coalition or person that takes part in diplomacy."""

    name: str = column("Name in English, as usually written.", searched=NAME)
    aliases: list[str] = column("Other names and spellings.", default=(), searched=NAME)
    kind: ActorKind = column("What the actor is.")
    country: str | None = column("Country it belongs to (ISO 3166 alpha-2).", form=COUNTRY)
    parent: Actor | None = one("The actor it is part of at all times; one with dates is a membership.")
    recognition: str | None = column("How far it is recognised as a state, in words.")
    members: Connection[Actor] = children(
        "Actors that are part of this one, or belong to it by a membership of that day.", "parent_id", on=MEMBERS
    )
    memberships: Connection[Membership] = children("Groups this actor belongs to, or speaks for.", "member_id")
    group_memberships: Connection[Membership] = children("Who belongs to this group, or speaks for it.", "group_id")
    offices: Connection[Office] = children("Offices this person holds or held.", "person_id")
    office_holders: Connection[Office] = children("Persons holding an office for this actor.", "actor_id")
    participations: Connection[Participation] = children(
        "Talks that this actor takes part in, and processes in which it does so without a talk.", "actor_id"
    )
    statements: Connection[Statement] = children(
        "What this actor said, alone or together with others.", "speaker_id", on="{t}.speaker_ids @> array[{parent}.id]"
    )
    positions: Connection[Position] = children("Where this actor stands on issues.", "actor_id")
    signatures: Connection[Signature] = children("Agreements this actor signed.", "actor_id")


@record(
    order="title",
    named_by=("person", "actor", "title"),
    exclusive=Exclusive(("person",), "held"),
    needs_citation=False,
    in_short="A person holding a title for an actor.",
)
class Office(Record):
    """A person holding a title for an actor, from one date to another."""

    person: Actor = one("Who holds the office.")
    actor: Actor = one("The state or body the office belongs to.")
    title: str = column("The title as it is used.", searched=NAME)
    rank: OfficeRank | None = column("What kind of office it is.")
    held: FuzzyDate | None = fuzzy("From when until when; an open end means still.")
