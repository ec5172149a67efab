"""Inputs, payloads and schemas that follow from the declarations of the records.

May import `records` and what is below it. Begin with `link.py`, which joins the declarations of all types.
"""
