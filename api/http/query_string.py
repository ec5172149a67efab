"""Parses query strings strictly: a malformed one is refused, never guessed at."""

from __future__ import annotations

from urllib.parse import parse_qs

from api.http.errors import RequestRefused

MOST_PARAMETERS = 200
"""A filter form has some dozen; a list may repeat its parameter for each value."""


def read_parameters(query_string: bytes) -> dict[str, list[str]]:
    """Parse a query string into the values of each parameter, in the order given. Raises RequestRefused."""
    try:
        return parse_qs(
            query_string.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_PARAMETERS, errors="strict"
        )
    except UnicodeError:
        raise RequestRefused("BAD_REQUEST", "The query string is not UTF-8 in percent-encoding.") from None
    except ValueError:
        raise RequestRefused("BAD_REQUEST", f"The query string has more than {MOST_PARAMETERS} parameters.") from None
