"""The operation as the client sent it: parsed, measured, proven valid, its selection gathered.

Alone reads the nodes of graphql-core; may import `plan`, and makes no SQL. Begin with `operation.py`.
"""
