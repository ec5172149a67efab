"""The steps that compiling one operation may take."""

from __future__ import annotations

MOST_STEPS = 30_000
"""A statement may be made of this many fields, conditions, values and pieces of declared SQL: 60 to 320 ms. A variable
counts wherever it is used, so that a few small ones cannot become a large one. A process with all that it has takes
1,300 steps."""


class TooManySteps(Exception):
    """Compiling needs more steps than were left."""


class Effort:
    """Counts the steps that are left."""

    def __init__(self, most: int = MOST_STEPS) -> None:
        self.left = most

    def spend(self, steps: int = 1) -> None:
        """Take some steps. Raises TooManySteps."""
        self.left -= steps
        if self.left < 0:
            raise TooManySteps
