"""The words of time of each language that phrases are read in, and the words that make a term doubtful.

May import `dates.languages.language` alone. Begin with `language.py`, then `english.py`, which is the fullest.
"""
