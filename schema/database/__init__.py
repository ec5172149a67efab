"""The database as the declarations want it: its catalogue, and the precomputed status periods.

May import `compiler` and what is below it. Begin with `catalogue.py`, the check at start-up.
"""
