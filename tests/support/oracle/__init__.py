"""A second way to every answer: graphql-core's own executor over plain rows in memory.

The oracle shares with the compiler the printed schema, how words of time are read, and of the declarations each type's
default order and which values are stored. When a record counts and what every rule says is written here again, from
`domain.md` and the
published texts, so that the two can disagree. A type without rules of its own needs nothing here. What the oracle has
to be taught, `test_the_oracle_knows_every_type_and_every_rule` says, with the place:

- `clock.py`: the date from which a record counts.
- `fields.py`: the rule of a computed field, and which of two references a list follows.

Begin with `executor.py`. `talks_and_deadlines.py`, `agreements.py`, `processes.py`, `computed_rows.py` and
`revisions.py` hold the rules; `filters.py` and `lists.py` say what a list holds.
"""
