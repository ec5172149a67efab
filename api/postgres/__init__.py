"""The access to the database: addresses, the pool, sessions, migrations, and the embedded PostgreSQL.

May import `settings`. Begin with `connections.py`.
"""
