"""The published contracts: OpenAPI, SDL, the dossier's JSON Schema, the table of limits.

May import `rest` and `graphql` and what is below them. Begin with `published.py`.
"""
