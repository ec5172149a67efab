"""The failures that are nobody's input: the database cannot be had, or not be used. All may import it."""

from __future__ import annotations


class DatabaseUnavailable(Exception):
    """Postgres does not start, does not answer or lets nobody in.

    The message says where, why and what to do, and never holds a password.
    """


class RevisionUnknown(DatabaseUnavailable):
    """The database stands at a revision from which this version of Parley knows no way to its own.

    The message says what to do, in a few lines.
    """
