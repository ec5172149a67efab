"""An evaluation of the rules by their published texts alone, for one day, from a dossier as it was written.

It knows neither SQL nor the server's rows, so that the two can disagree. May import how dates are read from `schema`,
nothing else. Begin with `world.py`; `talks.py`, `deadlines.py`, `agreements.py`, `provisions.py`, `processes.py` and
`standings.py` each hold the rules of one subject, and `evaluation.py` puts them together.
"""
