"""The context of one statement under construction, which the functions of this folder take first.

It holds what they share, and decides nothing: the schema's types, the selection, the parameters, the clock policy, and
what the plan has to say besides its SQL.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from schema.compiler.document.selection import Selection
from schema.compiler.plan.effort import Effort
from schema.compiler.plan.values import Bind
from schema.compiler.sql.clocks import REQUEST_CLOCK, ClockPolicy
from schema.compiler.sql.parameters import Parameters
from schema.compiler.sql.types import Types
from schema.declare.caller import Role

MOST_WORK = 10**9
"""Work is counted no further: what is beyond is refused whatever it is."""


@dataclass(slots=True)
class Context:
    """One statement under construction."""

    types: Types
    selection: Selection
    clocks: ClockPolicy = REQUEST_CLOCK
    effort: Effort = field(init=False)
    """The steps left, shared with the selection."""
    parameters: Parameters = field(init=False)
    checks: list[Bind] = field(default_factory=list)
    """Values that must fit although the statement may have no place for them."""
    with_period: set[str] = field(default_factory=set)
    """The aliases of rows that were joined with their periods."""
    least: Role = Role.ANONYMOUS
    """The least role that may have the rows asked for."""
    work: int = 0
    """What the statement costs beyond the values of its answer: rows that are looked at and not shown."""
    within: int = 1
    """How many items a condition is held against for each row: those of the lists that it is about."""

    def look_at(self, rows: int) -> None:
        """Count rows that the statement looks at."""
        self.work = min(self.work + rows, MOST_WORK)

    def __post_init__(self) -> None:
        self.effort = self.selection.effort
        self.parameters = Parameters(self.effort)
