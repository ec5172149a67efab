"""Defines the meaning of the data: records, rules, reads and writes. Knows Postgres and GraphQL types, never HTTP."""
