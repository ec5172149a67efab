"""Processes: conflicts, peace processes, their issues, and where each side stands."""
