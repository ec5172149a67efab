"""Judges records by the published texts of the rules alone, one day at a time; it knows nothing of the SQL.

May import the shapes of `tests/support`, nothing of api and of schema. Begin with `facts.py`.
"""
