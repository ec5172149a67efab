"""The clock of declared SQL: how the day is written, and when precomputed periods are read instead of rules.

A request binds its day. The generator of the precomputed periods (`schema.database.status_periods`) has a policy of
its own, since there each row is looked at on many days.
"""

from __future__ import annotations

from typing import Protocol

from schema.compiler.plan.plan import TODAY, Clock
from schema.compiler.plan.values import fit_day, pass_through
from schema.compiler.sql.parameters import Parameters
from schema.declare.fields import Kept, One, Scalar


class ClockPolicy(Protocol):
    """How one statement reads the clock."""

    def today(self, parameters: Parameters, clock: Clock) -> str:
        """The expression of the day."""
        ...

    def reads_periods(self, periods: Kept, clock: Clock) -> bool:
        """Whether the periods that triggers precomputed hold at a clock."""
        ...

    def value_at_hand(self, rule: Scalar | One, t: str) -> str | None:
        """The expression that already holds the value of a rule for row `t`; None where it is to be found."""
        ...


class RequestClock:
    """The clock of a request: its `asOf`, or the moment at which it came."""

    __slots__ = ()

    def today(self, parameters: Parameters, clock: Clock) -> str:
        """Bound by itself: to find the day of an instant for each row takes as long as to look the row up."""
        if clock.as_of:
            return parameters.bind(clock.as_of, "date", fit_day)
        return parameters.bind(TODAY, "date", pass_through)

    def reads_periods(self, periods: Kept, clock: Clock) -> bool:
        """The periods tell of the present state of the database; past states are computed by the rules."""
        return clock.known_at is None and (clock.as_of is None or not periods.ahead)

    def value_at_hand(self, rule: Scalar | One, t: str) -> str | None:  # noqa: ARG002 - none is at hand.
        return None


REQUEST_CLOCK = RequestClock()
