"""A compiled operation as data: its statement, its parameters and where each comes from.

Knows no GraphQL types and not how a statement was made. Begin with `plan.py`.
"""
