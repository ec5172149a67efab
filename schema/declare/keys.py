"""Patterns of record keys: those that a curator gives, and those generated from what a record joins."""

from __future__ import annotations

from schema.declare.bounds import Form

JOINT = "~"
"""Stands between the parts of a key that is made for a record; a key that is given cannot hold it."""

LONGEST_KEY = 400

# Python's `$` would let a line end follow.
GIVEN_KEY = Form("^(?![0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$)[a-z0-9][a-z0-9._-]*$(?!\n)")
STORED_KEY = Form("^[a-z0-9][a-z0-9._~-]*$(?!\n)")
KEY_OR_ID = Form("^([a-z0-9][a-z0-9._~-]*|[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})$(?!\n)")
