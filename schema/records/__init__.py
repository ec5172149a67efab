"""The record types: one file a type, in one folder a subject.

Each file declares a type, its fields and the rules of its computed fields, and nothing else. May import `declare` and
`dates`; record types know each other by name. Begin with `record.py` for the parts that all records share, then with
`talks/talk.py` for an example; `registry.py` holds the list of types.
"""
