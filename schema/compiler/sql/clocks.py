"""Reads the clock for declared SQL: how the day is written, and when precomputed periods stand for rules.

A request binds its day. The generator of the precomputed periods (`schema.database.status_periods`) has a policy of
its own, since there each row is looked at on many days.
"""

from __future__ import annotations

from typing import Protocol

from schema.compiler.plan.plan import TODAY, Clock
from schema.compiler.plan.values import fit_day, pass_through
from schema.compiler.sql.parameters import Parameters
from schema.declare.fields import StatusPeriods


class ClockPolicy(Protocol):
    """Says how one statement reads the clock."""

    def today(self, parameters: Parameters, clock: Clock) -> str:
        """Write the expression of the day."""
        ...

    def reads_periods(self, periods: StatusPeriods, clock: Clock) -> bool:
        """Whether the periods that triggers precomputed hold at a clock."""
        ...

    def first(self, parameters: Parameters, clock: Clock) -> str:
        """Write the first day of the periods that are asked for."""
        ...


class RequestClock:
    """Reads the clock of a request: its `asOf`, or the moment at which it came."""

    __slots__ = ()

    def today(self, parameters: Parameters, clock: Clock) -> str:
        """Bind the day by itself: to find the day of an instant for each row takes as long as to look the row up."""
        if clock.as_of:
            return parameters.bind(clock.as_of, "date", fit_day)
        return parameters.bind(TODAY, "date", pass_through)

    def reads_periods(self, periods: StatusPeriods, clock: Clock) -> bool:
        """Whether a clock is of the present state of the database; past states are computed by the rules."""
        return clock.known_at is None and (clock.as_of is None or not periods.ahead)

    def first(self, parameters: Parameters, clock: Clock) -> str:
        """A request looks at the periods of one day."""
        return self.today(parameters, clock)


REQUEST_CLOCK = RequestClock()
