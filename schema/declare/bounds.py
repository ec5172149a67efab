"""Bounds of stored values, as declarations give them, and the names of the constraints that enforce them.

The dossier's JSON Schema and the sentences about refused values follow from it. A test compares it with the tables.
"""

from __future__ import annotations

from dataclasses import dataclass

SPACE = r"\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
"""Spaces and control characters, spelled out: what `\\s` holds differs between Python, JavaScript and Rust."""


@dataclass(frozen=True)
class Form:
    """The form of a text: `pattern`, a regular expression of JSON Schema, holds for the whole of it.

    `wrong` says of a text what is wrong with it, where the description of the field does not say enough. Some forms
    only what enters through the API is held to, not the table (`in_table`).
    """

    pattern: str
    wrong: str = ""
    in_table: bool = True


# Python's `$` would let a line end follow.
COUNTRY = Form("^[A-Z]{2}$(?!\n)")
DURATION = Form("^P([0-9]+Y)?([0-9]+M)?([0-9]+W)?([0-9]+D)?$(?!\n)", "is no ISO 8601 duration such as P60D")
WEB_ADDRESS = Form(
    rf"^https?://(?![^/]*@)[^{SPACE}/][^{SPACE}]*$(?!\n)",
    "is no web address; write it with http:// or https://, and without a user or password",
    in_table=False,
)


@dataclass(frozen=True)
class Bounds:
    """The bounds of a stored value: the least and the most of a number, the form and the length of a text.

    For a list they hold for each of its items.
    """

    least: int | None = None
    most: int | None = None
    longest: int | None = None
    form: Form | None = None

    @property
    def range(self) -> str:
        """The numbers that are possible, in words; empty where all are."""
        match self.least, self.most:
            case None, None:
                return ""
            case least, None:
                return f"{least} or more"
            case None, most:
                return f"{most} or less"
        return f"{self.least} to {self.most}"
