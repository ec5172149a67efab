"""Phrases give the days that their published rule states, or are refused with a reason."""

from __future__ import annotations

import csv
import re
import sys
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.dates.edtf_dates import DatePrecision, parse_edtf
from schema.dates.phrases import LONGEST_PHRASE_CHARACTERS, PHRASE_RULES, interpret
from schema.errors import Invalid

CORPUS = Path(__file__).parents[3] / "shared" / "data" / "codelists" / "vague_deadline_corpus.csv"
# Every row was read by eye when these were set: a change of either is a change of judgement, not of a number.
CORPUS_INTERPRETED = 63
CORPUS_REFUSED = 137

GOOD_FRIDAY = "2025-04-18"

GOLDEN = [
    # The first dossier, anchored on the day of the remarks.
    ("within days", GOOD_FRIDAY, "2025-04-19/2025-04-25", "within-days"),
    ("in the coming days", GOOD_FRIDAY, "2025-04-19/2025-04-25", "coming-days"),
    # Lengths without a number.
    ("within hours", GOOD_FRIDAY, "2025-04-18/2025-04-19", "within-hours"),
    ("in the coming hours…", GOOD_FRIDAY, "2025-04-18/2025-04-19", "coming-hours"),
    ("in the next few hours", GOOD_FRIDAY, "2025-04-18/2025-04-19", "few-hours"),
    ("Within a few days", GOOD_FRIDAY, "2025-04-19/2025-04-25", "few-days"),
    ("in the next few days", GOOD_FRIDAY, "2025-04-19/2025-04-25", "few-days"),
    ("within weeks", GOOD_FRIDAY, "2025-04-19/2025-05-16", "within-weeks"),
    ("in the coming weeks", GOOD_FRIDAY, "2025-04-19/2025-05-16", "coming-weeks"),
    ("over the next few weeks", GOOD_FRIDAY, "2025-04-19/2025-05-16", "few-weeks"),
    ("in the coming months", GOOD_FRIDAY, "2025-04-19/2025-10-18", "coming-months"),
    # Lengths with a number.
    ("within 72 hours", GOOD_FRIDAY, "2025-04-18/2025-04-21", "within-count"),
    ("within 25 hours", GOOD_FRIDAY, "2025-04-18/2025-04-20", "within-count"),
    ("within an hour", GOOD_FRIDAY, "2025-04-18/2025-04-19", "within-count"),
    ("within one day", GOOD_FRIDAY, "2025-04-18/2025-04-19", "within-count"),
    ("within a week", GOOD_FRIDAY, "2025-04-18/2025-04-25", "within-count"),
    ("within twenty-one days", GOOD_FRIDAY, "2025-04-18/2025-05-09", "within-count"),
    ("within a period of 45 days", GOOD_FRIDAY, "2025-04-18/2025-06-02", "within-count"),
    ("within a three-year period", GOOD_FRIDAY, "2025-04-18/2028-04-18", "within-count"),
    ("the next 48 hours", GOOD_FRIDAY, "2025-04-18/2025-04-20", "within-count"),
    ("during the next two weeks", GOOD_FRIDAY, "2025-04-18/2025-05-02", "within-count"),
    ("over the next month", GOOD_FRIDAY, "2025-04-18/2025-05-18", "within-count"),
    ("over the next six months", GOOD_FRIDAY, "2025-04-18/2025-10-18", "within-count"),
    ("96 hours", GOOD_FRIDAY, "2025-04-18/2025-04-22", "duration"),
    ("for a period of 10 days", GOOD_FRIDAY, "2025-04-18/2025-04-28", "duration"),
    ("24-72 hours", GOOD_FRIDAY, "2025-04-19/2025-04-21", "between-counts"),
    ("within 12–36 hours", GOOD_FRIDAY, "2025-04-18/2025-04-20", "between-counts"),
    ("two to three weeks", GOOD_FRIDAY, "2025-05-02/2025-05-09", "between-counts"),
    ("over the next three to nine months", GOOD_FRIDAY, "2025-07-18/2026-01-18", "between-counts"),
    ("in three days", GOOD_FRIDAY, "2025-04-21", "in-count"),
    ("in 48 hours", GOOD_FRIDAY, "2025-04-20", "in-count"),
    ("in 36 hours", GOOD_FRIDAY, "2025-04-19/2025-04-20", "in-count"),
    ("in two weeks", GOOD_FRIDAY, "2025-04-28/2025-05-04", "in-count"),
    ("in two weeks’ time", GOOD_FRIDAY, "2025-04-28/2025-05-04", "in-count"),
    ("in two months", GOOD_FRIDAY, "2025-06", "in-count"),
    ("in a year", GOOD_FRIDAY, "2026", "in-count"),
    # Calendar units.
    ("this week", GOOD_FRIDAY, "2025-04-14/2025-04-20", "this-unit"),
    ("this month", GOOD_FRIDAY, "2025-04", "this-unit"),
    ("this year", GOOD_FRIDAY, "2025", "this-unit"),
    ("next week", GOOD_FRIDAY, "2025-04-21/2025-04-27", "next-unit"),
    ("next month", "2025-01-31", "2025-02", "next-unit"),
    ("next month", "2025-12-01", "2026-01", "next-unit"),
    ("next year", "2024-02-29", "2025", "next-unit"),
    ("later this month", GOOD_FRIDAY, "2025-04-18/2025-04-30", "later-this-unit"),
    ("this spring", GOOD_FRIDAY, "2025-21", "this-season"),
    ("this summer", GOOD_FRIDAY, "2025-22", "this-season"),
    ("this fall", GOOD_FRIDAY, "2025-23", "this-season"),
    ("this winter", GOOD_FRIDAY, "2025-24", "this-season"),
    ("this winter", "2025-02-28", "2024-24", "this-season"),
    ("this winter", "2025-03-01", "2025-24", "this-season"),
    ("this spring", "2025-05-31", "2025-21", "this-season"),
    ("today", GOOD_FRIDAY, "2025-04-18", "near-day"),
    ("tonight", GOOD_FRIDAY, "2025-04-18", "near-day"),
    ("tomorrow", "2024-02-28", "2024-02-29", "near-day"),
    ("tomorrow", "2025-12-31", "2026-01-01", "near-day"),
    ("by tomorrow", GOOD_FRIDAY, "2025-04-18/2025-04-19", "by-near-day"),
    ("over the weekend", GOOD_FRIDAY, "2025-04-19/2025-04-20", "weekend"),
    ("by the weekend", GOOD_FRIDAY, "2025-04-18/2025-04-20", "by-weekend"),
    ("by the weekend", "2025-04-20", "2025-04-20", "by-weekend"),
    ("before the weekend", GOOD_FRIDAY, "2025-04-18", "before-weekend"),
    # Ends.
    ("by the end of the day", GOOD_FRIDAY, "2025-04-18", "by-end-of-unit"),
    ("by the end of the week", GOOD_FRIDAY, "2025-04-18/2025-04-20", "by-end-of-unit"),
    ("by the end of the week", "2025-04-20", "2025-04-20", "by-end-of-unit"),
    ("by the end of next week", GOOD_FRIDAY, "2025-04-18/2025-04-27", "by-end-of-unit"),
    ("before the end of the coming week", "2025-04-20", "2025-04-20/2025-04-27", "by-end-of-unit"),
    ("by the end of the month", "2025-04-29", "2025-04-29/2025-04-30", "by-end-of-unit"),
    ("by the end of the month", "2025-04-30", "2025-04-30", "by-end-of-unit"),
    ("by the end of the month", "2025-05-01", "2025-05-01/2025-05-31", "by-end-of-unit"),
    ("by the end of the month", "2024-02-01", "2024-02-01/2024-02-29", "by-end-of-unit"),
    ("by the end of the month", "2025-02-28", "2025-02-28", "by-end-of-unit"),
    ("by the end of this month”", GOOD_FRIDAY, "2025-04-18/2025-04-30", "by-end-of-unit"),
    ("until the end of this year", GOOD_FRIDAY, "2025-12-31", "until-end-of-unit"),
    ("until the end of the year", "2025-12-31", "2025-12-31", "until-end-of-unit"),
    ("until the end of the year", "2026-01-01", "2026-12-31", "until-end-of-unit"),
    ("by the end of May", GOOD_FRIDAY, "2025-04-18/2025-05-31", "by-end-of-named"),
    ("until the end of February 2028", GOOD_FRIDAY, "2028-02-29", "until-end-of-named"),
    ("before the end of 2026", GOOD_FRIDAY, "2025-04-18/2026-12-31", "by-end-of-named"),
    # Points.
    ("until Monday", GOOD_FRIDAY, "2025-04-21", "until-weekday"),
    ("until Friday", GOOD_FRIDAY, "2025-04-25", "until-weekday"),
    ("by Monday", GOOD_FRIDAY, "2025-04-18/2025-04-21", "by-weekday"),
    ("before Monday", GOOD_FRIDAY, "2025-04-18/2025-04-20", "before-weekday"),
    ("until April 2, 1999", "1999-01-10", "1999-04-02", "until-date"),
    ("until 7 June", GOOD_FRIDAY, "2025-06-07", "until-date"),
    ("until 17 April", GOOD_FRIDAY, "2026-04-17", "until-date"),
    ("until 18 April", GOOD_FRIDAY, "2025-04-18", "until-date"),
    ("until 19 April", GOOD_FRIDAY, "2025-04-19", "until-date"),
    ("until 1 January", "2025-12-31", "2026-01-01", "until-date"),
    ("until 29 February", "2027-03-01", "2028-02-29", "until-date"),
    ("until 9 September 2026", GOOD_FRIDAY, "2026-09-09", "until-date"),
    ("until March 3rd 2026", GOOD_FRIDAY, "2026-03-03", "until-date"),
    ("until 2400 hours on 30 April 2025", GOOD_FRIDAY, "2025-04-30", "until-date"),
    ("by 9 May", GOOD_FRIDAY, "2025-04-18/2025-05-09", "by-date"),
    ("no later than the 1st of May", GOOD_FRIDAY, "2025-04-18/2025-05-01", "by-date"),
    ("before 9 May", GOOD_FRIDAY, "2025-04-18/2025-05-08", "before-date"),
    ("until June 2026", GOOD_FRIDAY, "2026-06", "until-month"),
    ("by June", GOOD_FRIDAY, "2025-04-18/2025-06-30", "by-month"),
    ("before June", GOOD_FRIDAY, "2025-04-18/2025-05-31", "before-month"),
    ("until late May", GOOD_FRIDAY, "2025-05-21/2025-05-31", "until-part-of-month"),
    ("until late February", "2027-06-01", "2028-02-21/2028-02-29", "until-part-of-month"),
    ("by mid-May", GOOD_FRIDAY, "2025-04-18/2025-05-20", "by-part-of-month"),
    ("until early April", GOOD_FRIDAY, "2026-04-01/2026-04-10", "until-part-of-month"),
    ("before Easter", GOOD_FRIDAY, "2025-04-18/2025-04-19", "before-easter"),
    ("before Easter", "2025-04-19", "2025-04-19", "before-easter"),
    ("before Easter", "2025-04-20", "2025-04-20/2026-04-04", "before-easter"),
    ("until Easter", GOOD_FRIDAY, "2025-04-20", "until-easter"),
    ("within months", GOOD_FRIDAY, "2025-04-19/2025-10-18", "within-months"),
    ("within a few months", GOOD_FRIDAY, "2025-04-19/2025-10-18", "few-months"),
    ("until tomorrow", GOOD_FRIDAY, "2025-04-19", "until-near-day"),
    ("before tomorrow", GOOD_FRIDAY, "2025-04-18", "before-near-day"),
    ("until the weekend", GOOD_FRIDAY, "2025-04-19/2025-04-20", "until-weekend"),
    ("before mid-May", GOOD_FRIDAY, "2025-04-18/2025-05-10", "before-part-of-month"),
    ("by Easter Sunday", GOOD_FRIDAY, "2025-04-18/2025-04-20", "by-easter"),
    # A clause that cannot move the days.
    ("in the coming days, led by the envoy", GOOD_FRIDAY, "2025-04-19/2025-04-25", "coming-days"),
    ("within two weeks, “to bring the talks back”", GOOD_FRIDAY, "2025-04-18/2025-05-02", "within-count"),
    ("within 30 days and the opening of an office", GOOD_FRIDAY, "2025-04-18/2025-05-18", "within-count"),
    ("until 9 May, which is the one agreed", GOOD_FRIDAY, "2025-05-09", "until-date"),
]  # fmt: skip

EVENT, CONDITION = "counted from an event", "depends on a condition"
CHANGED, SECOND, OPEN = "change the term", "second term or date", "waits for an event"

REFUSED = [
    ("within 30 days of signing of the ceasefire", EVENT),
    ("within 30 days of ratification", EVENT),
    ("within 20 days after the last troops withdraw", EVENT),
    ("within two months from the date of the accord", EVENT),
    ("within a week following the vote", EVENT),
    ("within 90 days, starting at the handover", EVENT),
    ("within 24-72 hours of government approval", EVENT),
    ("within weeks if the sides hold back", CONDITION),
    ("in the coming days, if the other side agrees", CONDITION),
    ("in the coming days, should the other side agree", CONDITION),
    ("within 72 hours in exchange for prisoners", CONDITION),
    ("by the end of the month, provided talks resume", CONDITION),
    ("within two weeks or when the parties agree", CONDITION),
    ("within 15 days, a date since extended", CHANGED),
    ("within two weeks, at the earliest", CHANGED),
    ("within two weeks, maybe three", CHANGED),
    ("within three days, two at best", SECOND),
    ("within three months, and is valid for one year", SECOND),
    ("in the coming days and weeks", SECOND),
    ("within a year and a half", SECOND),
    ("until 9 May, 20256", SECOND),
    ("a week ago", CHANGED),
    ("until 11 June a working group will meet", "no rule reads how it goes on"),
    ("within 10 working days", "working days"),
    ("as soon as possible", "sets no day"),
    ("until an agreement is reached", OPEN),
    ("until Parliament is elected", OPEN),
    ("until its completion on 31 December 2025", OPEN),
    ("until further notice", "open-ended"),
    ("unclear how long it is meant to last", "leaves the length open"),
    ("for the duration of the elections", "as long as an event"),
    ("within the framework of the presidency this month", "no rule reads these words"),
    ("soon", "no rule reads these words"),
    ("within 0 days", "no rule reads these words"),
    ("within several talks", "no rule reads these words"),
    ("", "it is empty"),
    ("“”", "it is empty"),
    ("until 31 June", "does not exist"),
    ("until 29 February", "does not exist"),
    ("until 17 April 2025", "already over"),
    ("until March 2025", "already over"),
    ("before today", "ends before it begins"),
    ("72-24 hours", "ends before it begins"),
    ("within days " + "x" * LONGEST_PHRASE_CHARACTERS, "longer than 300 characters"),
]

EDGE_OF_THE_CALENDAR = [
    ("within days", "9999-12-30"),
    ("within 9999 years", GOOD_FRIDAY),
    ("next year", "9999-06-01"),
    ("next month", "9999-12-01"),
    ("this week", "9999-12-31"),
    ("this winter", "9999-12-31"),
    ("before Easter", "9999-01-01"),
    ("before Easter", "0900-01-01"),
    ("until 1 January", "9999-12-31"),
]


@pytest.mark.parametrize(("phrase", "anchor", "edtf", "rule"), GOLDEN)
def test_a_phrase_gives_its_interval_and_names_its_rule(phrase: str, anchor: str, edtf: str, rule: str) -> None:
    found = interpret(phrase, date.fromisoformat(anchor))
    assert (found.edtf, found.rule) == (edtf, f"phrase.{rule}.v1")
    assert found.text == phrase


@pytest.mark.parametrize(("phrase", "reason"), REFUSED)
def test_a_phrase_is_refused_with_its_reason_and_the_cure(phrase: str, reason: str) -> None:
    with pytest.raises(Invalid, match=re.escape(reason)) as refusal:
        interpret(phrase, date.fromisoformat(GOOD_FRIDAY))
    assert f"“{phrase[:120]}" in str(refusal.value)
    assert "the interval as EDTF" in str(refusal.value)


@pytest.mark.parametrize(("phrase", "anchor"), EDGE_OF_THE_CALENDAR)
def test_a_phrase_that_leaves_the_calendar_is_refused(phrase: str, anchor: str) -> None:
    with pytest.raises(Invalid):
        interpret(phrase, date.fromisoformat(anchor))


def test_a_season_already_over_is_refused() -> None:
    with pytest.raises(Invalid, match="already over"):
        interpret("this spring", date(2025, 6, 1))


def test_the_finest_edtf_keeps_its_precision() -> None:
    anchor = date.fromisoformat(GOOD_FRIDAY)
    precisions = {phrase: interpret(phrase, anchor).precision for phrase in ("this week", "this spring", "today")}
    assert precisions == {
        "this week": DatePrecision.WEEK,
        "this spring": DatePrecision.SEASON,
        "today": DatePrecision.DAY,
    }


def test_every_rule_is_published_once_with_a_sentence() -> None:
    ids = [rule.name for rule in PHRASE_RULES]
    assert len(set(ids)) == len(ids)
    for rule in PHRASE_RULES:
        assert re.fullmatch(r"phrase\.[a-z]+(-[a-z]+)*\.v[0-9]+", rule.name)
        assert rule.text[0] == "“"
        assert rule.text[-1] == "."


def test_every_rule_has_a_golden_phrase() -> None:
    assert {rule.id for rule in PHRASE_RULES} == {f"phrase.{rule}" for *_, rule in GOLDEN}


VAGUE = [
    (f"phrase.{name}-{unit}", f"{words} {unit}")
    for name, words in (("within", "within"), ("coming", "in the coming"), ("few", "in a few"))
    for unit in ("hours", "days", "weeks", "months")
]


@pytest.mark.parametrize(("rule_id", "phrase"), VAGUE)
def test_the_published_numbers_are_the_numbers_used(rule_id: str, phrase: str) -> None:
    anchor = date.fromisoformat(GOOD_FRIDAY)
    found = interpret(phrase, anchor)
    rule = next(rule for rule in PHRASE_RULES if rule.id == rule_id)
    assert found.rule == rule.name
    assert found.earliest == anchor + timedelta(days=rule.parameters["from_days"])
    assert found.latest == anchor + timedelta(days=rule.parameters["to_days"])
    assert f"from {rule.parameters['from_days']} to {rule.parameters['to_days']} days" in rule.text


starts = st.sampled_from(sorted({phrase for phrase, *_ in GOLDEN}))
rests = st.one_of(st.text(max_size=40), st.sampled_from([" of signing", ", if agreed", " and then", "…"]))


@given(st.one_of(starts, st.builds("{}{}".format, starts, rests), st.text(max_size=400)), st.dates())
def test_any_words_are_read_in_order_or_refused_as_invalid(phrase: str, anchor: date) -> None:
    try:
        found = interpret(phrase, anchor)
    except Invalid:
        return
    assert replace(found, text=None, rule=None) == parse_edtf(found.edtf)
    assert found.earliest is not None
    assert found.latest is not None
    assert found.earliest <= found.latest
    assert anchor <= found.latest
    assert found.rule in {rule.name for rule in PHRASE_RULES}


@pytest.mark.parametrize("unit", ["within ", "the next ", "twenty ", "until ", "a ", "1", "and ", ", ", "until may "])
def test_a_long_phrase_costs_no_more_than_a_moment(unit: str) -> None:
    began = time.perf_counter()
    with pytest.raises(Invalid):
        interpret((unit * LONGEST_PHRASE_CHARACTERS)[:LONGEST_PHRASE_CHARACTERS], date(2025, 4, 18))
    assert time.perf_counter() - began < 1


def corpus_anchor(text: str) -> date | None:
    """1990-12-5 and 2023-1-5.0 are year first, 07/08/1990 is day first; 2014-4--1 names no day."""
    if found := re.fullmatch(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:\.0)?", text):
        year, month, day = map(int, found.groups())
    elif found := re.fullmatch(r"([0-9]{2})/([0-9]{2})/([0-9]{4})", text):
        day, month, year = map(int, found.groups())
    else:
        return None
    return date(year, month, day)


def corpus_reading(phrase: str, reference_date: str) -> tuple[str, ...]:
    """Rule and interval of an interpreted phrase, or the one reason of a refused one."""
    anchor = corpus_anchor(reference_date)
    if anchor is None:
        return (f"no anchor: {reference_date}",)
    try:
        found = interpret(phrase, anchor)
    except Invalid as refusal:
        return (str(refusal).partition("gives no days: ")[2].partition(". Give only")[0],)
    assert found.earliest is not None
    assert found.latest is not None
    assert found.earliest <= found.latest
    return (str(anchor), str(found.rule), found.edtf)


def test_the_corpus_of_real_deadlines_is_read_or_refused_with_a_reason(
    capsys: pytest.CaptureFixture[str],
) -> None:
    if not CORPUS.exists():
        pytest.skip(f"the corpus of vague deadlines is not at {CORPUS}")
    with CORPUS.open(newline="", encoding="utf-8") as lines:
        rows = [(row["text"], *corpus_reading(row["text"], row["reference_date"])) for row in csv.DictReader(lines)]
    interpreted = [row for row in rows if len(row) == 4]
    refused = [row for row in rows if len(row) == 2]
    with capsys.disabled():
        for title, table in (("interpreted", interpreted), ("refused", refused)):
            sys.stdout.write(f"\n{len(table)} of {len(rows)} phrases {title}\n")
            sys.stdout.writelines(f"  {' | '.join((row[0][:70], *row[1:]))}\n" for row in table)
    stored_ids = {rule.name for rule in PHRASE_RULES}
    assert all(rule in stored_ids for _, _, rule, _ in interpreted)
    assert all(reason for _, reason in refused)
    assert (len(interpreted), len(refused)) == (CORPUS_INTERPRETED, CORPUS_REFUSED)
