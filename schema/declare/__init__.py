"""The words in which a record file declares its fields.

A declaration gives a field a sentence for its reader and a rule in SQL; everything else is derived from it. This folder
may import nothing of `schema` but `errors`. Begin with `fields.py`, which lists the kinds of declaration and the tokens
of declared SQL; `table.py` has what is declared of a type as a whole, and `reflection.py` reads declarations back.
"""
