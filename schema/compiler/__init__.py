"""Compiles a GraphQL operation to one SQL statement, which Postgres answers with the JSON of `data`.

May import `derive`, `records` and what is below them; knows no HTTP. Begin with `compiler.py`: it parses and validates
a document (`document/`), has its statement made (`sql/`), and gives a plan (`plan/`). `reader.py` is the door for
callers: it caches compiled operations, and alone runs statements.
"""
