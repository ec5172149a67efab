"""The commands of callers: what each does, and the role it takes.

May import `writing`, `compiler` and what is below them. Begin with `command.py` for the shape of a command, with
`registry.py` for the list of all, and with `transaction.py` for how those of one operation run.
"""
