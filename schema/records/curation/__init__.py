"""Curation: revisions, proposals, and the keys of those who write."""
