"""The parameters of a URL, read strictly: what cannot be read is refused, never guessed."""

from __future__ import annotations

from urllib.parse import parse_qs

from api.http.errors import RequestRefused

MOST_PARAMETERS = 200
"""A filter form has some dozen; a list may be given value by value."""


def parameters(query_string: bytes) -> dict[str, list[str]]:
    """The values of each parameter, in the order given. Raises RequestRefused."""
    try:
        return parse_qs(
            query_string.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_PARAMETERS, errors="strict"
        )
    except UnicodeError:
        raise RequestRefused("BAD_REQUEST", "The query string is not UTF-8 in percent-encoding.") from None
    except ValueError:
        raise RequestRefused("BAD_REQUEST", f"The query string has more than {MOST_PARAMETERS} parameters.") from None
