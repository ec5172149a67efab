"""The one failure that is nobody's input: the database cannot be had. Knows nothing; all may import it."""

from __future__ import annotations


class DatabaseUnavailable(Exception):
    """Postgres does not start, does not answer or lets nobody in.

    The message says where, why and what to do, and never holds a password.
    """
