"""The operation as the client sent it: parsed, measured, proven valid, its selection gathered.

Alone reads the nodes of graphql-core. Begin with `operation.py`.
"""
