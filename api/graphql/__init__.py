"""GraphQL over HTTP: one endpoint, its media types, and documents named instead of sent.

May import `execution`, `auth`, `http` and what is below them. Begin with `endpoint.py`.
"""
