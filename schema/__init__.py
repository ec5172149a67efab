"""What the data means: records, rules, reads and writes. Knows Postgres and GraphQL types, never HTTP."""
