"""Records on their way into the tables: read, checked, named, written.

May import `derive` and what is below it; knows neither the compiler nor HTTP. Begin with `upsert.py`, which creates or
updates records by their keys: `entries.py` holds what it is given, `names.py` gives keys and ids, `values.py` makes
columns, `checks.py` checks what no column says, and `statements.py` has the INSERT and UPDATE.
"""
