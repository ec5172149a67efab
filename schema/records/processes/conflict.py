"""Conflicts: what the diplomacy is about."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from schema.dates.edtf_dates import FuzzyDate
from schema.declare.bounds import COUNTRY
from schema.declare.connections import Connection
from schema.declare.fields import NAME, children, column, fuzzy
from schema.declare.vocabulary import vocabulary
from schema.records.record import Record, record

if TYPE_CHECKING:
    from schema.records.processes.process import Process


@vocabulary
class Incompatibility(Enum):
    """The incompatibility that a conflict is fought over, as UCDP distinguishes it."""

    TERRITORY = "The status of a territory."
    GOVERNMENT = "Who governs, or how."
    BOTH = "Territory and government."


@vocabulary
class ConflictKind(Enum):
    """Between whom a conflict is fought, as UCDP distinguishes it."""

    INTERSTATE = "Between states."
    INTRASTATE = "Between a government and a party inside its state."
    INTERNATIONALISED = "Inside a state, with troops of another state on a side."
    EXTRASYSTEMIC = "Between a state and a non-state party outside its territory."


@record(order="name", period=("started", "ended"))
class Conflict(Record):
    """An armed or political conflict."""

    name: str = column("Name of the conflict.", searched=NAME)
    incompatibility: Incompatibility | None = column("What it is fought over.")
    kind: ConflictKind | None = column("Between whom it is fought.")
    started: FuzzyDate | None = fuzzy("When it began.", has_come=True)
    ended: FuzzyDate | None = fuzzy("When it ended; null while it goes on.")
    countries: list[str] = column("Countries it is fought in (ISO 3166 alpha-2).", default=(), form=COUNTRY)
    processes: Connection[Process] = children("Peace processes within the conflict.", "conflict_id")
