"""GraphQL over HTTP: one endpoint, its media types, and persisted documents.

May import `execution`, `auth`, `http` and what is below them. Begin with `endpoint.py`.
"""
