"""EDTF text gives the first and the last day that it allows, or is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schema.dates.edtf_dates import DatePrecision, FuzzyDate, calendar_unit, interval, later, parse_edtf
from schema.errors import Invalid

READ = [
    ("2025-04-17", "2025-04-17", "2025-04-17", DatePrecision.DAY),
    ("2024-02-29", "2024-02-29", "2024-02-29", DatePrecision.DAY),
    ("2025-04", "2025-04-01", "2025-04-30", DatePrecision.MONTH),
    ("2025-02", "2025-02-01", "2025-02-28", DatePrecision.MONTH),
    ("2024-02", "2024-02-01", "2024-02-29", DatePrecision.MONTH),
    ("1900-02", "1900-02-01", "1900-02-28", DatePrecision.MONTH),
    ("2025", "2025-01-01", "2025-12-31", DatePrecision.YEAR),
    ("0001", "0001-01-01", "0001-12-31", DatePrecision.YEAR),
    ("9999", "9999-01-01", "9999-12-31", DatePrecision.YEAR),
    ("2025-21", "2025-03-01", "2025-05-31", DatePrecision.SEASON),
    ("2025-22", "2025-06-01", "2025-08-31", DatePrecision.SEASON),
    ("2025-23", "2025-09-01", "2025-11-30", DatePrecision.SEASON),
    ("2025-24", "2025-12-01", "2026-02-28", DatePrecision.SEASON),
    ("2023-24", "2023-12-01", "2024-02-29", DatePrecision.SEASON),
    ("2025-21~", "2025-03-01", "2025-05-31", DatePrecision.SEASON),
    ("2025-04-18/2025-04-24", "2025-04-18", "2025-04-24", DatePrecision.INTERVAL),
    ("2025-04-30/2025-04-30", "2025-04-30", "2025-04-30", DatePrecision.INTERVAL),
    ("2025-04/2025-06", "2025-04-01", "2025-06-30", DatePrecision.INTERVAL),
    ("2025-24/2026-21", "2025-12-01", "2026-05-31", DatePrecision.INTERVAL),
    ("2025-21/2025-24", "2025-03-01", "2026-02-28", DatePrecision.INTERVAL),
    ("2025-04~/2025-06?", "2025-04-01", "2025-06-30", DatePrecision.INTERVAL),
    ("2025-04-14/2025-04-20", "2025-04-14", "2025-04-20", DatePrecision.WEEK),
    ("2025-04-15/2025-04-21", "2025-04-15", "2025-04-21", DatePrecision.INTERVAL),
    ("2025-04-14/2025-04-27", "2025-04-14", "2025-04-27", DatePrecision.INTERVAL),
    ("2025-01-21/..", "2025-01-21", None, DatePrecision.INTERVAL),
    ("2025-01-21/", "2025-01-21", None, DatePrecision.INTERVAL),
    ("../2025", None, "2025-12-31", DatePrecision.INTERVAL),
    ("/2025-04-30?", None, "2025-04-30", DatePrecision.INTERVAL),
    ("2025-XX", "2025-01-01", "2025-12-31", DatePrecision.YEAR),
    ("2025-XX-XX", "2025-01-01", "2025-12-31", DatePrecision.YEAR),
    ("2025-02-XX", "2025-02-01", "2025-02-28", DatePrecision.MONTH),
    ("202X", "2020-01-01", "2029-12-31", DatePrecision.INTERVAL),
    ("20XX", "2000-01-01", "2099-12-31", DatePrecision.INTERVAL),
]

REFUSED = [
    ("2025-02-30", "no calendar"),
    ("2025-02-29", "no calendar"),
    ("1900-02-29", "no calendar"),
    ("2025-02-29~", "no calendar"),
    ("2025-02-29/2025-03-01", "no calendar"),
    ("2025/2026-02-29", "no calendar"),
    ("2025-04-31", "no calendar"),
    ("2025-00", "no calendar"),
    ("2025-13", "no calendar"),
    ("2025-25", "no calendar"),
    ("2025-33", "no calendar"),
    ("9999-24", "no calendar"),
    ("00XX", "no calendar"),
    ("2025-05/2025-04", "Swap the two ends"),
    ("2025-04-25/2025-04-24~", "Swap the two ends"),
    ("0000", "outside 0001 to 9999"),
    ("-0001", "outside 0001 to 9999"),
    ("2025/-0001", "outside 0001 to 9999"),
    ("10000-01-01", "outside 0001 to 9999"),
    ("Y12000", "outside 0001 to 9999"),
    ("2025-04-30T10:00:00Z", "time of day"),
    ("2025-04-30T10:00Z/..", "time of day"),
    ("2025-04-30 10:00", "time of day"),
    ("../..", "open at both ends"),
    ("/", "open at both ends"),
    ("", "not a date"),
    ("..", "not a date"),
    ("Tuesday", "not a date"),
    ("within days", "not a date"),
    (" 2025", "not a date"),
    ("2025\n", "not a date"),
    ("٢٠٢٥", "not a date"),
    ("2025-1X", "not a date"),
    ("2025-21^x", "not a date"),
    ("2025S2", "not a date"),
    ("2025~-04", "not a date"),
    ("[2025,2026]", "not a date"),
    ("2025-04-XX/2025-05", "not a date"),
    ("2025-04-30/2025-05-01/2025-05-02", "not a date"),
]


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize(("text", "earliest", "latest", "precision"), READ)
def test_edtf_gives_its_first_and_last_day(
    text: str, earliest: str | None, latest: str | None, precision: DatePrecision
) -> None:
    assert parse_edtf(text) == FuzzyDate(edtf=text, earliest=day(earliest), latest=day(latest), precision=precision)


@pytest.mark.parametrize("qualifier", ["?", "~", "%"])
@pytest.mark.parametrize("text", ["2025-04-30", "2025-04", "2025", "2025-23", "202X"])
def test_a_qualifier_is_kept_and_moves_no_bound(text: str, qualifier: str) -> None:
    plain, qualified = parse_edtf(text), parse_edtf(text + qualifier)
    assert qualified.edtf == text + qualifier
    assert (qualified.earliest, qualified.latest) == (plain.earliest, plain.latest)
    assert qualified.precision == plain.precision


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_what_is_not_a_date_is_refused_with_its_value_and_a_cure(text: str, reason: str) -> None:
    with pytest.raises(Invalid, match=reason) as refusal:
        parse_edtf(text)
    assert f"“{text}”" in str(refusal.value)
    assert "Give" in str(refusal.value) or "Swap" in str(refusal.value)


def test_a_refusal_does_not_repeat_a_long_document() -> None:
    with pytest.raises(Invalid) as refusal:
        parse_edtf("2025-04-30 " * 10_000)
    assert len(str(refusal.value)) < 300


def test_a_refusal_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Invalid):
        parse_edtf("2025-1X")
    assert capsys.readouterr() == ("", "")


points = st.one_of(
    st.dates().map(date.isoformat),
    st.dates().map(lambda day: day.isoformat()[:7]),
    st.dates().map(lambda day: day.isoformat()[:4]),
    st.builds("{:04}-{}".format, st.integers(1, 9998), st.integers(21, 24)),
)
qualified = st.builds("{}{}".format, points, st.sampled_from(["", "?", "~", "%"]))
ends = st.one_of(qualified, st.sampled_from(["", ".."]))
well_formed = st.one_of(qualified, st.builds("{}/{}".format, ends, ends))
near_edtf = st.text(alphabet="0123456789-/.X?~%TYSE:[]{},^ ", max_size=24)


@given(st.one_of(well_formed, near_edtf, st.text()))
@example("2025-1X")
@example("20X5-02-2X")
@example("0000/..")
def test_any_text_is_read_in_order_or_refused_as_invalid(text: str) -> None:
    try:
        found = parse_edtf(text)
    except Invalid:
        return
    assert found.earliest or found.latest
    assert found.earliest is None or found.latest is None or found.earliest <= found.latest
    assert parse_edtf(found.edtf) == found


@given(qualified)
def test_every_calendar_point_is_read(text: str) -> None:
    found = parse_edtf(text)
    assert found.edtf == text
    assert found.earliest is not None
    assert found.latest is not None
    assert found.earliest <= found.latest


@given(st.dates(), st.dates())
def test_an_interval_of_days_comes_back_as_those_days(first: date, last: date) -> None:
    if last < first:
        with pytest.raises(ValueError, match="ends before it begins"):
            interval(first, last)
        first, last = last, first
    found = parse_edtf(interval(first, last))
    assert (found.earliest, found.latest) == (first, last)


@given(st.dates(max_value=date(9999, 12, 24)), st.sampled_from(["day", "week", "month", "year"]))
def test_a_calendar_unit_holds_its_day_and_has_its_precision(anchor: date, unit: str) -> None:
    found = parse_edtf(calendar_unit(anchor, unit))
    assert found.precision.name == unit.upper()
    assert found.earliest is not None
    assert found.latest is not None
    assert found.earliest <= anchor <= found.latest


@pytest.mark.parametrize(
    ("anchor", "count", "unit", "expected"),
    [
        ("2025-01-31", 1, "month", "2025-02-28"),
        ("2024-01-31", 1, "month", "2024-02-29"),
        ("2024-02-29", 1, "year", "2025-02-28"),
        ("2024-02-29", 4, "year", "2028-02-29"),
        ("2025-11-30", 3, "month", "2026-02-28"),
        ("2025-12-31", 1, "day", "2026-01-01"),
        ("2025-12-01", 12, "month", "2026-12-01"),
        ("2024-02-28", 1, "week", "2024-03-06"),
    ],
)
def test_later_stays_in_the_calendar(anchor: str, count: int, unit: str, expected: str) -> None:
    assert later(date.fromisoformat(anchor), count, unit) == date.fromisoformat(expected)


@given(st.dates(max_value=date(9990, 1, 1)), st.integers(0, 60))
def test_months_later_never_skip_a_month(anchor: date, count: int) -> None:
    found = later(anchor, count, "month")
    assert (found.year * 12 + found.month) - (anchor.year * 12 + anchor.month) == count
    assert found.day == anchor.day or (found + timedelta(days=1)).day == 1
