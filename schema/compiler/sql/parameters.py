"""Binds the values of one statement and names its subselects. Knows nothing of what the statement selects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from schema.compiler.plan.effort import Effort
from schema.compiler.plan.values import Bind, Given, choose_fit, pass_through
from schema.errors import Invalid, Problem

MOST_SUBSELECTS = 1500
"""A statement may have this many subselects, a past table counting twice: planning 1500 takes up to 3 seconds.

Every field of a page of processes takes 400. A record of any type has a branch for each of 20 types: two such
fields, one below the other, take 1000, three would take 20,000 and minutes.
"""

BUILT_IN = {"uuid", "text", "integer", "bigint", "double precision", "boolean", "date"}


class Parameters:
    """Binds values and gives aliases."""

    __slots__ = ("aliases", "binds", "effort", "pasts")

    def __init__(self, effort: Effort) -> None:
        self.effort = effort
        self.binds: dict[Any, tuple[str, Bind]] = {}
        self.aliases = 0
        self.pasts = 0
        """Number of tables that are read as they were once; each counts as one more subselect."""

    def bind(self, given: Given, type_: str, fits: Callable[[Any, str], Any] | None = None) -> str:
        """Bind a value and give its parameter, cast to its type. The same value is bound once."""
        self.effort.spend()
        fits = fits or choose_fit(type_)
        identity = (given.path or id(given), type_, fits)
        if identity not in self.binds:
            # Types of our own travel as text: the driver would have to ask the server what they are.
            cast_ = (
                type_
                if fits is pass_through or type_.removesuffix("[]") in BUILT_IN
                else (f"text[]::{type_}" if type_.endswith("[]") else f"text::{type_}")
            )
            self.binds[identity] = (f"${len(self.binds) + 1}::{cast_}", Bind(given, fits))
        return self.binds[identity][0]

    def find(self, sql: str) -> Bind:
        """Find the value behind a parameter, by its text."""
        return next(bind for text, bind in self.binds.values() if text == sql)

    def alias(self, prefix: str = "t") -> str:
        """Give a name to the rows of one more subselect. Raises Invalid where there are too many."""
        self.effort.spend()
        self.aliases += 1
        if self.aliases + self.pasts > MOST_SUBSELECTS:
            advice = "ask for less at a time, above all below fields that can be a record of any type"
            raise Invalid(Problem("", f"the query needs more than {MOST_SUBSELECTS} subselects; {advice}"))
        return f"{prefix}{self.aliases}"
