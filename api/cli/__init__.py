"""The command line: one file a command.

May import everything of `api`; nothing imports it. Begin with `main.py`; `environment.py` gives a command its settings
and database.
"""
