"""A JSON body is read exactly as it is written, or refused with the reason."""

from __future__ import annotations

import json
from typing import Any

import pytest

from api.http.errors import RequestRefused
from api.http.request_body import BodyLimits, parse_bounded_json
from schema.writing.yaml_json import MOST_LEVELS, MOST_VALUES

MOST = BodyLimits(MOST_LEVELS, MOST_VALUES)
"""The limits of a server by default."""

LONGEST_INTEGER = 4300
"""Digits. Reading more would take time by the square of their number, so Python refuses it too."""

READ: list[tuple[bytes, Any]] = [
    (b"null", None),
    (b"[true, false]", [True, False]),
    (b' \t\r\n{"a": [] } \t\r\n', {"a": []}),
    (b'{"": "", "a": {"a": {"": 1}}}', {"": "", "a": {"a": {"": 1}}}),
    # Integers stay integers, of any size up to the longest.
    (b"[0, -0, 7, -7]", [0, 0, 7, -7]),
    (b"[9223372036854775807, 9223372036854775808, -9223372036854775809]", [2**63 - 1, 2**63, -(2**63) - 1]),
    (b"[12345678901234567890123]", [12345678901234567890123]),
    (b"[" + b"9" * LONGEST_INTEGER + b"]", [10**LONGEST_INTEGER - 1]),
    # Floats are the nearest there are, which is infinity for the largest.
    (b"[-0.0, 0.1, 1E5, 1e+5, 1e-5, -0e1]", [-0.0, 0.1, 1e5, 1e5, 1e-5, -0.0]),
    (b"[9007199254740993.0, 123456789012345680000.5]", [9007199254740992.0, 1.2345678901234568e20]),
    (
        b"[1.7976931348623157e308, 5e-324, 2.2250738585072011e-308]",
        [1.7976931348623157e308, 5e-324, 2.225073858507201e-308],
    ),
    (b"[0." + b"1" * 10_000 + b"]", [1 / 9]),
    (b"[1e308, 1e309, -1e309, 1e-400, 1e999999999999]", [1e308, float("inf"), -float("inf"), 0.0, float("inf")]),
    (b"[1e" + b"9" * 5000 + b"]", [float("inf")]),
    # Texts.
    ('"Kyjiw, Київ, 🕊 \u2028\u2029\x7f"'.encode(), "Kyjiw, Київ, 🕊 \u2028\u2029\x7f"),
    (b'"\\"\\\\\\/\\b\\f\\n\\r\\t\\u0416\\u0000"', '"\\/\b\f\n\r\tЖ\0'),
    (b'"\\ud83d\\udd4a \\uD83D\\uDD4A"', "🕊 🕊"),
    (b'{"\\u0061": 1, "b": 2}', {"a": 1, "b": 2}),
    (b'"' + b"[{," * 100_000 + b'"', "[{," * 100_000),
    (b'"' + b'\\",' * 100_000 + b'"', '",' * 100_000),
    (b'["' + b"\\\\" * 50_000 + b'", 1]', ["\\" * 50_000, 1]),
    # As deep and as many as may be.
    (b"[" * MOST_LEVELS + b"]" * MOST_LEVELS, json.loads("[" * MOST_LEVELS + "]" * MOST_LEVELS)),
    (b'{"a":' * MOST_LEVELS + b"1" + b"}" * MOST_LEVELS, json.loads('{"a":' * MOST_LEVELS + "1" + "}" * MOST_LEVELS)),
    (b"[" + b"[]," * 100 + b"1]", [[]] * 100 + [1]),
    (b'"' + b"[" * 100 + b'"', "[" * 100),
    (b"[" + b"1," * (MOST_VALUES - 2) + b"1]", [1] * (MOST_VALUES - 1)),
    (b'["' + b"," * MOST_VALUES + b'"]', ["," * MOST_VALUES]),
]
"""A body, and what it says."""


@pytest.mark.parametrize(("body", "content"), READ, ids=range(len(READ)))
def test_what_a_body_says_is_read(body: bytes, content: object) -> None:
    # The representation tells 0 from -0.0 and 1 from 1.0 and True, but not what has too many digits for it.
    found = parse_bounded_json(body, "The body", MOST)
    assert found == content
    if len(body) < LONGEST_INTEGER:
        assert repr(found) == repr(content)


REFUSED: list[tuple[bytes, str]] = [
    # Names that stand twice, wherever and however they are written.
    (b'{"a": 1, "a": 2}', 'The body names "a" twice in one object at line 1 column 14; give it once.'),
    (b'[{"x": {"b": 1, "c": 2, "b": 1}}]', 'The body names "b" twice in one object at line 1 column 29; give it once.'),
    (b'{"a": 1, "\\u0061": 2}', 'The body names "a" twice in one object at line 1 column 19; give it once.'),
    (
        b"{" + b"".join(b'"%d":1,' % n for n in range(40_000)) + b'"39999":1}',
        'The body names "39999" twice in one object',
    ),
    # Numbers that JSON does not have, and those that nobody means.
    (b'{"a": NaN}', "The body is not JSON: expected value at line 1 column 7."),
    (b"[Infinity]", "The body is not JSON: expected value at line 1 column 2."),
    (b"[-Infinity]", "The body is not JSON: invalid number at line 1 column 3."),
    (b"[" + b"9" * (LONGEST_INTEGER + 1) + b"]", "The body holds an integer of more than 4300 digits at line 1"),
    (b"[" + b"9" * 5000 + b".5]", "The body holds an integer of more than 4300 digits at line 1"),
    (b"[-" + b"9" * 100_000 + b"]", "The body holds an integer of more than 4300 digits at line 1"),
    *(
        (b"[%b]" % number, "The body is not JSON: ")
        for number in (b"01", b"-01", b"+1", b".5", b"1.", b"1e", b"1e+", b"-")
    ),
    *(
        (b"[%b]" % number, "The body is not JSON: ")
        for number in (b"0x10", b"1_000", b"1,5,", "١".encode(), "１".encode())
    ),
    # Too deep, too many.
    (b"[" * (MOST_LEVELS + 1) + b"]" * (MOST_LEVELS + 1), "nested too deeply; 64 levels are allowed. Write lists and"),
    (b'{"a":' * (MOST_LEVELS + 1) + b"1" + b"}" * (MOST_LEVELS + 1), "nested too deeply; 64 levels are allowed."),
    (b'[1, {"a": ' + b"[" * 63 + b'"a"' + b"]" * 63 + b"}]", "nested too deeply; 64 levels are allowed."),
    (b"[" * 500 + b"]" * 500, "nested too deeply"),
    (b"[" * 40_000, "nested too deeply"),
    (b'{"a":' * 40_000, "nested too deeply"),
    (b"[" + b"1," * MOST_VALUES + b"1]", "The body holds more than 50000 values; send less at once."),
    (b"[" + b"[]," * MOST_VALUES + b"1]", "The body holds more than 50000 values; send less at once."),
    (b"[" + b'{"a":1},' * 30_000 + b"1]", "The body holds more than 50000 values; send less at once."),
    (b'["",' + b'"\\\\",' * MOST_VALUES + b'","]', "The body holds more than 50000 values; send less at once."),
    (b"[" * 100_000, "The body holds more than 50000 values; send less at once."),
    # Bytes that are no UTF-8: no such byte, half a character, a longer form than needed, a surrogate, none such.
    *((b'"%b"' % text, "The body is not UTF-8.") for text in (b"\xff", b"\xe2\x82", b"\xc0\xaf", b"\xed\xa0\x80")),
    *((body, "The body is not UTF-8.") for body in (b'"\xf5\x80\x80\x80"', b'{"\xff": 1}', b"[1]\xff", b"\xff\xfe")),
    ('{"a": "Ж"}'.encode("utf-16"), "The body is not UTF-8."),
    ('{"a": "Ж"}'.encode("windows-1251"), "The body is not UTF-8."),
    # What stands around it.
    (b"", "The body is not JSON: "),
    (b" \n", "The body is not JSON: "),
    (b"\xef\xbb\xbf{}", "The body is not JSON: "),
    *((b"%b{}" % space, "The body is not JSON: ") for space in (b"\x0b", b"\x0c", b"\x00", b"\xc2\xa0")),
    *((b"{}%b" % more, "The body is not JSON: ") for more in (b" x", b"{}", b",", b"\x00", b"]", b" // no", b"#")),
    # What is no value, and what is not ended.
    *(
        (b"[%b]" % word, "The body is not JSON: ")
        for word in (b"True", b"NULL", b"undefined", b"'a'", b"nan", b"a", b",")
    ),
    *(
        (body, "The body is not JSON: ")
        for body in (b"[1,]", b"[1 2]", b"[", b"nul", b"nulll", b"[1", b"]", b"}", b":")
    ),
    *((b"{%b}" % inside, "The body is not JSON: ") for inside in (b"a: 1", b"'a': 1", b'"a" 1', b'"a"', b'"a":', b",")),
    *((b"{%b}" % inside, "The body is not JSON: ") for inside in (b'"a": 1,', b"1: 1", b"null: 1", b'"a": 1 "b": 1')),
    (b"{ talks { id } }", "The body is not JSON: "),
    # Texts: characters that must be escaped, escapes that there are not, and no end.
    *((b'"a%bb"' % sign, "The body is not JSON: ") for sign in (b"\n", b"\t", b"\r", b"\x00", b"\x1f", b"\\\n")),
    *(
        (b'"%b"' % escape, "The body is not JSON: ")
        for escape in (b"\\x41", b"\\U0041", b"\\u12g4", b"\\u12_4", b"\\u+123")
    ),
    *((b'"%b' % text, "The body is not JSON: ") for text in (b"", b"abc", b"\\", b"\\u12", b'\\"')),
]
"""A body, and a part of why it is refused."""


@pytest.mark.parametrize(("body", "says"), REFUSED, ids=range(len(REFUSED)))
def test_what_is_no_json_is_refused(body: bytes, says: str) -> None:
    with pytest.raises(RequestRefused) as refused:
        parse_bounded_json(body, "The body", MOST)
    assert refused.value.code == "BAD_REQUEST"
    assert says in str(refused.value)
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b"[1 2]", "line 1 column 4"),
        (b'{"a": 1,\n "b": 2,\n c: 3}', "line 3 column 2"),
        (b"{} x", "line 1 column 4"),
        ('["Київ" "Kyiv"]'.encode(), "line 1 column 9"),
    ],
)
def test_a_refusal_says_where(body: bytes, place: str) -> None:
    with pytest.raises(RequestRefused, match=place):
        parse_bounded_json(body, "The body", MOST)


@pytest.mark.parametrize("text", [b"\\ud83d", b"\\ude00", b"\\ud83dabc", b"\\ud83d\\ud83d", b"\\ude00\\ud83d"])
def test_half_of_a_surrogate_pair_is_refused(text: bytes) -> None:
    for body in (b'["' + text + b'"]', b'{"' + text + b'": 1}'):
        with pytest.raises(
            RequestRefused, match=r"half of a surrogate pair, which is no character, at line 1 column \d"
        ):
            parse_bounded_json(body, "The body", MOST)


def test_a_long_name_is_not_repeated_in_full() -> None:
    with pytest.raises(RequestRefused) as refused:
        parse_bounded_json(b'{"%b": 1, "%b": 2}' % (b"a" * 100_000, b"a" * 100_000), "The body", MOST)
    assert len(str(refused.value)) < 200
