"""Dates as diplomacy gives them: EDTF, and phrases such as "within days".

May import `declare` and `errors`. Begin with `edtf_dates.py` for the type of a fuzzy date. For phrases begin with
`phrases.lark`, the grammar, and `phrase_rules.py`, the published rules that turn words into days; `phrases.py` is the
door, and a language is a file in `languages/`.
"""
