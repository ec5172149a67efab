"""A compiled operation as data: its statement, its parameters and where each comes from.

`plan.py` has the operation and its clock, `values.py` the values and what makes them fit, `effort.py` the steps that
compiling may take. May import nothing else of the compiler: it knows no GraphQL types and not how a statement was made.
Begin with `plan.py`.
"""
