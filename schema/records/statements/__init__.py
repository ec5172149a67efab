"""Statements: the words of an actor, with the conditions they set, and the commentary of others."""
