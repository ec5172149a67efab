"""Declares the fields of a record: a sentence for the reader and a rule in SQL, once.

Everything else is derived from these declarations: SELECT lists, filters, orders, the check
against the database, the dossier format, the REST documents. Knows nothing of HTTP, and of
GraphQL only Strawberry's field objects, which carry the rule as metadata.

Inside SQL these tokens are replaced, and nothing else:

    {t}             the row that the field belongs to
    {parent}        the row that a list hangs on
    {now} {today}   the clock (`asOf`): an instant, and its UTC date
    {talk}          the talks there are at that clock, retracted ones left out
    {any talk}      the same, whatever their dates say
    {k:talk.status} the rule of field `status` of the talk in row `k`
    {k:talk.periods} the periods of the talk in row `k`, or another part of what is declared with them, as a table
    {k:talk.now.starts} what is so of the talk in row `k` at that clock, by its periods
    {first}         the first day of the periods that are asked for
    {caller} {role} who asks: the name, and the role as text
    {$from}         the argument `from` of the field itself
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import strawberry
from strawberry.types.field import StrawberryField

from schema.declare.bounds import Bounds, Form

RULE = "sql"
"""The metadata key under which a Strawberry field carries its rule."""

NAME, SUMMARY, DETAIL, KEY = "A", "B", "C", "D"
"""Weights of the words found in a field, in Postgres' letters: most where a record is named, least in its key."""


@dataclass(frozen=True)
class Rule:
    """A published rule of judgement. `id` and `version` name it for ever; a change makes a new version."""

    id: str
    version: int
    text: str
    parameters: Mapping[str, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.id}.v{self.version}"


@dataclass(frozen=True)
class StatusPeriods:
    """Declares that the database precomputes, by day, all of a record that days alone change: table `kept.<table>`.

    `sql` is a SELECT of the periods of record `{t}`, with the columns of that table: from which day to which it counts,
    and the `columns` with what is so in that time. `parts` are other SELECTs that it, or a field, reads as tables, each
    with the type of its rows. `functions` is the SQL of the functions that all of them call, whose numbers stand in
    braces and are those of `parameters`. `touched` is a SELECT of the records that a change of those in the
    array `due` may change too, where it is not only themselves. `reads` names the types whose periods it reads. Where
    the days are many, they are computed `ahead` only: for days to come, and so for the present clock.
    `schema.database.status_periods` makes the SQL.
    """

    table: str
    columns: tuple[str, ...]
    sql: str
    functions: str
    parts: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    parameters: Mapping[str, int | str] = field(default_factory=dict)
    touched: str = ""
    reads: tuple[str, ...] = ()
    ahead: bool = False


@dataclass(frozen=True)
class Precomputed:
    """The column of the status periods that holds a field, or the part of it that does."""

    periods: StatusPeriods
    column: str
    part: str = ""


@dataclass(frozen=True)
class Scalar:
    """One value: a column, or an expression. `type` is the Postgres type where GraphQL's does not tell it."""

    sql: str
    stored: bool = False
    type: str | None = None
    precomputed: Precomputed | None = None
    moved: Precomputed | None = None
    """Where its value at the clock is; the column has what was given first."""


@dataclass(frozen=True)
class Parts:
    """An object without a row of its own, such as a fuzzy date. Null where `present` is not true."""

    parts: Mapping[str, Part]
    present: str | None = None
    column: str | None = None
    moved: Precomputed | None = None
    """Where its value at the clock is, as of a scalar."""


@dataclass(frozen=True)
class Rows:
    """A short list of objects without rows of their own: one SELECT that yields the columns by name.

    Null where `present` is not true.
    """

    sql: str
    parts: Mapping[str, Part]
    present: str | None = None


@dataclass(frozen=True)
class One:
    """The one record whose id the expression gives; null where it gives none.

    Whether it counts at the clock does not matter where it is not `dated`, as for what was just written. One of the
    `same_type` as the record itself needs no branch for each type that it could be.
    """

    sql: str
    column: str | None = None
    dated: bool = True
    same_type: bool = False
    precomputed: Precomputed | None = None


@dataclass(frozen=True)
class Many:
    """The records whose ids the array gives, in its order, of one type or of any. Bounded by the array: 100 at most."""

    sql: str
    column: str | None = None


@dataclass(frozen=True)
class Children:
    """The records that point here: a connection. `via` is their column, where that is all there is to it."""

    on: str
    via: str | None = None


@dataclass(frozen=True)
class Lookup:
    """A root field: the one thing whose id or key is asked for."""


@dataclass(frozen=True)
class Lookups:
    """A root field: several things by their ids, null where there is none."""


@dataclass(frozen=True)
class Search:
    """A root field: the records whose texts hold the words that are looked for."""


@dataclass(frozen=True)
class MadeRow:
    """A root field: the one row that Python makes of the field's arguments, with its columns and their types.

    `make` takes the arguments in the order of their declaration, and has to be quick: other requests wait for it.
    """

    make: Callable[..., Mapping[str, Any]]
    columns: Mapping[str, str]


@dataclass(frozen=True)
class Done:
    """A root field: what came of a mutation, from the columns of `schema.compiler.plan.plan.OUTCOME`."""


Part = Scalar | Parts | Rows | One
FieldRule = Scalar | Parts | Rows | One | Many | Children | Lookup | Lookups | Search | MadeRow | Done


# --- what a record file writes -------------------------------------------------------------------


def column(
    description: str,
    default: object = None,
    *,
    searched: str | None = None,
    between: tuple[int | None, int | None] = (None, None),
    longest: int | None = None,
    form: Form | None = None,
    fits: str | None = None,
    moved: StatusPeriods | None = None,
    by_default: str | None = None,
    beside: str | None = None,
    bookkeeping: bool = False,
) -> Any:
    """A stored value; its Postgres type follows from the annotation. `default` is the table's, for the dossier.

    A `searched` text is found by its words, which weigh so much; the trigger of its table has to say the same. A number
    lies `between` two others, a text has at most so many characters and a `form`. A term `fits` the type of the record
    that this relation names. Checks of the table say the same: `schema.derive.constraints` has their names. A value
    that is `moved` by dated steps is read from these periods. What is `bookkeeping` is written by the database alone.
    One that is left out in a dossier is what its defaults have `by_default`, where the field `beside` it is given.
    """
    return declare(
        description,
        lambda name: Scalar(f"{{t}}.{name}", stored=True, moved=Precomputed(moved, name) if moved else None),
        default=default,
        searched=searched,
        bounds=Bounds(*between, longest, form),
        fits=fits,
        by_default=by_default,
        beside=beside,
        bookkeeping=bookkeeping,
    )


def fuzzy(
    description: str,
    *,
    anchor: str | None = None,
    is_term: bool = False,
    moved: StatusPeriods | None = None,
    by_default: str | None = None,
    has_come: bool = False,
) -> Any:
    """A stored date that may be vague: one column of type `fuzzy_date`, read part by part.

    Words without a day of their own are counted from the day in the field `anchor`. They are read as what happens, from
    the first to the last possible day, or, where the date `is_term`, as what is due: the last permissible day. A date
    that is `moved` by dated steps is read from these periods. One that is left out in a dossier is what its defaults
    have `by_default`, or begins on that day: `anchor/..`. One that `has_come` is no day that is still ahead.
    """

    def rule(name: str) -> Parts:
        return fuzzy_parts(f"{{t}}.{name}", name, Precomputed(moved, name) if moved else None)

    return declare(description, rule, anchor=anchor, is_term=is_term, by_default=by_default, has_come=has_come)


def computed(description: str, sql: str, *, type: str | None = None) -> Any:
    """A value computed when it is read."""
    return declare(description, lambda _: Scalar(sql, type=type))


def precomputed(description: str, periods: StatusPeriods, column: str = "") -> Any:
    """A value read from the periods of the record, where its column has the name of the field if no other is given."""
    return declare(description, lambda name: Scalar("", precomputed=Precomputed(periods, column or name)))


def at_clock(column: str, row: str = "t", table: str = "") -> str:
    """Write the SQL of a precomputed value, for use in other rules."""
    return f"{{{row}:{table}.now.{column}}}"


def parts(description: str, present: str | None = None, /, **given: Part | str) -> Any:
    """A computed object, part by part."""
    return declare(description, lambda _: Parts(scalars(given), present))


def one(
    description: str, sql: str | None = None, *, periods: StatusPeriods | None = None, by_default: str | None = None
) -> Any:
    """One other record: stored as `<field>_id`, found by an expression that gives its id, or precomputed.

    One that is left out in a dossier is the record that its defaults name `by_default`.
    """

    def rule(name: str) -> One:
        column = f"{name}_id"
        if periods:
            return One("", precomputed=Precomputed(periods, column))
        return One(sql, column=None) if sql else One(f"{{t}}.{column}", column=column)

    return declare(description, rule, by_default=by_default)


def one_of_same_type(description: str) -> Any:
    """One other record of the record's own type, stored as `<field>_id`, however general the field's type is."""
    return declare(
        description, lambda name: One(f"{{t}}.{name}_id", column=f"{name}_id", same_type=True), bookkeeping=True
    )


def many(description: str, sql: str | None = None, *, name: str = "") -> Any:
    """A list of other records: stored in `name`, an array of ids, or found by an expression that gives one."""
    return declare(description, lambda _: Many(sql) if sql else Many(f"{{t}}.{name}", column=name))


def children(description: str, via: str | None = None, *, on: str | None = None) -> Any:
    """A connection to the records whose column `via` holds this record's id, or for which `on` is true."""
    return declare(description, lambda _: Children(on or f"{{t}}.{via} = {{parent}}.id", via))


def explained(description: str, sql: str, rule: Rule, facts: str, present: str | None = None) -> Any:
    """A judgement with its rule and the facts it used; null where `present` is not true.

    `facts` is a SELECT of (name, value, record_id): what was looked at, as text, and where it stands.
    """
    inputs = Rows(facts, {"name": Scalar("{t}.name"), "value": Scalar("{t}.value"), "record": One("{t}.record_id")})
    return declare(
        description,
        lambda _: Parts({"value": Scalar(sql), "rule": rule_parts(rule), "inputs": inputs}, present),
        rule=rule,
    )


# --- how it is kept and found again --------------------------------------------------------------


def declare(description: str, make: Callable[[str], FieldRule], **more: Any) -> Any:
    """A Strawberry field with its rule as metadata; a function of the name, which is known only later."""
    return strawberry.field(description=description, metadata={RULE: make, **more})


def rule_of(declared: StrawberryField) -> FieldRule | None:
    """The rule of a field; None where the parent's rule covers it (the parts of a fuzzy date)."""
    make = declared.metadata.get(RULE)
    return _made(make, declared.python_name) if make else None


@cache
def _made(make: Callable[[str], FieldRule], name: str) -> FieldRule:
    """Every write asks for the rules of all its fields, more than once."""
    return make(name)


def same_name(*columns: str) -> dict[str, Part]:
    """Parts that are columns of the row, under the names that GraphQL has for them."""
    return {camel(name): Scalar(f"{{t}}.{name}") for name in columns}


def scalars(given: Mapping[str, Part | str]) -> dict[str, Part]:
    return {name: Scalar(part) if isinstance(part, str) else part for name, part in given.items()}


def fuzzy_parts(value: str, column: str | None = None, moved: Precomputed | None = None) -> Parts:
    """The parts of an expression of type `fuzzy_date`."""
    names = ("edtf", "earliest", "latest", "precision", "text", "rule")
    return Parts(
        {
            name: Scalar(
                f"({value}).{name}",
                type="date_precision" if name == "precision" else None,
                moved=Precomputed(moved.periods, moved.column, name) if moved else None,
            )
            for name in names
        },
        present=f"({value}).edtf is not null",
        column=column,
        moved=Precomputed(moved.periods, moved.column, "edtf") if moved else None,
    )


def rule_parts(rule: Rule) -> Parts:
    return Parts(
        {
            "id": Scalar(literal(rule.name)),
            "version": Scalar(str(rule.version)),
            "text": Scalar(literal(rule.text)),
            "parameters": Scalar(literal(json.dumps(dict(rule.parameters))) + "::json"),
        }
    )


def literal(text: str) -> str:
    """A constant of the declarations as SQL text. Values that come from outside are bound instead."""
    return "'" + text.replace("'", "''") + "'"


@cache
def camel(name: str) -> str:
    """`changed_by` -> `changedBy`: the name of a column or field, in GraphQL."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def in_words(name: str) -> str:
    """Write the name of a table in a sentence: `ceasefire_violation` -> `ceasefire violation`."""
    return name.replace("_", " ")


def snake(name: str) -> str:
    """`TalkStatus` or `talkStatus` -> `talk_status`: the name of a class or field, in Postgres."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
