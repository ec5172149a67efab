"""Callers and their roles. Authentication happens elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from schema.declare.vocabulary import vocabulary


@vocabulary
class Role(Enum):
    """The rights of a caller. Each role may do all that those before it may."""

    ANONYMOUS = "Reads."
    CONTRIBUTOR = "Proposes changes, which a curator approves or rejects."
    CURATOR = "Changes records, and decides on proposals."
    ADMIN = "Merges and restores records, and manages keys."

    @property
    def rank(self) -> int:
        """The place in the order above, from 0."""
        return RANKS[self]

    def may(self, least: Role) -> bool:
        """Whether this role is enough where `least` is asked for."""
        return least is Role.ANONYMOUS or self.rank >= least.rank


RANKS = {role: rank for rank, role in enumerate(Role)}


@dataclass(frozen=True)
class Caller:
    """The client of a request. Revisions give `name` as their author."""

    name: str
    role: Role


ANONYMOUS = Caller("anonymous", Role.ANONYMOUS)
