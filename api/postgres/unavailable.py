"""The exceptions of a database that cannot be reached or used. All modules may import it."""

from __future__ import annotations


class DatabaseUnavailable(Exception):
    """Postgres does not start, does not answer or refuses the connection.

    The message says where, why and what to do, and never holds a password.
    """


class RevisionUnknown(DatabaseUnavailable):
    """The database is at a revision from which this version of Parley cannot migrate it.

    The message says what to do, in a few lines.
    """
