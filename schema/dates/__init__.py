"""Dates as diplomacy gives them: EDTF, and phrases such as "within days".

May import `declare` and `errors`. Begin with `edtf_dates.py` for the type of a fuzzy date, and with `phrases.py` for
the published rules that turn words into days.
"""
