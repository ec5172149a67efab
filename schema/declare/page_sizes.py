"""Bounds of the number of items on a page of a list."""

PAGE_SIZE = 20
"""Items, where the caller names no number."""

LARGEST_PAGE = 100
"""Items, whatever the caller names: an answer stays small enough to be made in some milliseconds."""
