"""Phrases give the days that their rule states, as a term and as an occurrence, or are refused with a reason."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lark import GrammarError, Lark

from schema.dates.edtf_dates import DatePrecision, parse_edtf
from schema.dates.phrase_examples import EXAMPLE_DAY, EXAMPLES
from schema.dates.phrase_parser import GRAMMAR, MOST_WORDS, WordLexer, longest_term, parser
from schema.dates.phrase_rules import PHRASE_RULES, PhraseRule
from schema.dates.phrase_words import LANGUAGES, normalise, words
from schema.dates.phrases import LONGEST_PHRASE_CHARACTERS, Purpose, interpret, prepare, read
from schema.errors import Invalid

HERE = Path(__file__).parent
CORPUS = HERE.parents[2] / "shared" / "data" / "codelists" / "vague_deadline_corpus.csv"
LEAST_READ = 0.9
"""Share of the corpus' phrases which both labels turned into days that has to be read."""

TUESDAY = "2025-05-06"
GOOD_FRIDAY = "2025-04-18"
REFUSE = ("refuse", "refuse")


def days(phrase: str, anchor: str, language: str | None = None) -> tuple[str, str]:
    try:
        found = read(phrase, date.fromisoformat(anchor), language)
    except Invalid:
        return REFUSE
    return found.term.edtf, found.occurrence.edtf


def reason(phrase: str, anchor: str = TUESDAY, language: str | None = None) -> str:
    with pytest.raises(Invalid) as refusal:
        read(phrase, date.fromisoformat(anchor), language)
    return str(refusal.value)


# --- what is read, and how -----------------------------------------------------------------------


def lines(language: str) -> Iterator[tuple[str, str, str, str]]:
    """The phrases of a language: words, anchor day, days as a term and as an occurrence."""
    for line in (HERE / f"phrases_{language}.txt").read_text().splitlines():
        if not line.startswith("#"):
            phrase, term, occurrence, anchor = [*(each.strip() for each in line.split("|")), "", ""][:4]
            yield phrase, anchor or TUESDAY, term, occurrence or term


@pytest.mark.parametrize(
    ("language", "code", "at_least"), [("english", None, 300), ("french", "fr", 60), ("spanish", "es", 60)]
)
def test_no_phrase_that_was_made_to_mislead_is_read_wrong(language: str, code: str | None, at_least: int) -> None:
    phrases = list(lines(language))
    assert len(phrases) >= at_least
    read_otherwise = {
        (phrase, anchor): (found, (term, occurrence))
        for phrase, anchor, term, occurrence in phrases
        if (found := days(phrase, anchor, code)) != (term, occurrence)
    }
    assert read_otherwise == {}


@pytest.mark.parametrize("rule", PHRASE_RULES, ids=lambda rule: rule.id)
def test_each_rule_is_published_with_both_readings_and_an_example(rule: PhraseRule) -> None:
    name = rule.id.removeprefix("phrase.")
    phrase, term, occurrence = EXAMPLES[name]
    found = read(phrase, date.fromisoformat(EXAMPLE_DAY))
    assert (found.rule, found.term.edtf, found.occurrence.edtf) == (rule, term, occurrence)
    assert found.term.rule == found.occurrence.rule == found.rule.name
    assert found.term.text == found.occurrence.text == phrase
    assert re.fullmatch(r"phrase\.[a-z]+(-[a-z]+)*\.v[0-9]+", found.rule.name)
    text = found.rule.text
    assert re.match("“", text)
    assert re.search("As a term(: .*As an occurrence| and as an occurrence): ", text)
    either = f"{term} either way" if term == occurrence else f"{term} as a term, {occurrence} as an occurrence"
    assert text.endswith(f"Example: “{phrase}”, said on {EXAMPLE_DAY}, is {either}.")


def test_every_rule_is_published_once() -> None:
    ids = [rule.id for rule in PHRASE_RULES]
    assert len(set(ids)) == len(ids)
    assert {each.removeprefix("phrase.") for each in ids} == EXAMPLES.keys()


def test_a_rule_reads_three_languages() -> None:
    said = {"en": "no later than 15 May", "fr": "au plus tard le 15 mai", "es": "a más tardar el 15 de mayo"}
    found = [read(phrase, date.fromisoformat(TUESDAY), code) for code, phrase in said.items()]
    assert {each.rule.name for each in found} == {"phrase.by-date.v2"}
    assert {(each.term.edtf, each.occurrence.edtf) for each in found} == {("2025-05-15", "2025-05-06/2025-05-15")}


@pytest.mark.parametrize("code", [None, "en", "en-GB", "EN", "uk", "ar"])
def test_without_a_language_of_its_own_a_phrase_is_read_as_english(code: str | None) -> None:
    assert days("within 30 days", TUESDAY, code) == ("2025-06-05", "2025-05-06/2025-06-05")
    assert days("dans un délai de 30 jours", TUESDAY, code) == REFUSE


@pytest.mark.parametrize("code", ["fr", "fr-CD", "es", "es-CO", "es-419"])
def test_a_phrase_in_a_language_is_read_in_no_other(code: str) -> None:
    assert days("within 30 days", TUESDAY, code) == REFUSE
    assert f", read as {LANGUAGES[code[:2]].name}, gives no days" in reason("within 30 days", language=code)


def test_the_purpose_chooses_the_reading() -> None:
    anchor = date.fromisoformat(TUESDAY)
    assert interpret("by 9 May", anchor, Purpose.TERM).edtf == "2025-05-09"
    assert interpret("by 9 May", anchor, Purpose.OCCURRENCE).edtf == "2025-05-06/2025-05-09"


def test_the_finest_edtf_keeps_its_precision() -> None:
    anchor = date.fromisoformat(GOOD_FRIDAY)
    phrases = ("this week", "this spring", "today")
    precisions = {phrase: interpret(phrase, anchor, Purpose.OCCURRENCE).precision for phrase in phrases}
    assert precisions == {
        "this week": DatePrecision.WEEK,
        "this spring": DatePrecision.SEASON,
        "today": DatePrecision.DAY,
    }


VAGUE = [
    (f"phrase.{name}-{unit}", f"{words} {unit}")
    for name, words in (("within", "within"), ("coming", "in the coming"), ("few", "in a few"))
    for unit in ("hours", "days", "weeks", "months")
]


@pytest.mark.parametrize(("rule_id", "phrase"), VAGUE)
def test_the_published_numbers_are_the_numbers_used(rule_id: str, phrase: str) -> None:
    anchor = date.fromisoformat(GOOD_FRIDAY)
    found = read(phrase, anchor)
    assert found.rule.id == rule_id
    assert found.term == found.occurrence
    numbers = found.rule.parameters
    assert found.term.earliest == anchor + timedelta(days=numbers["from_days"])
    assert found.term.latest == anchor + timedelta(days=numbers["to_days"])
    assert f"from {numbers['from_days']} to {numbers['to_days']} days" in found.rule.text


CALENDAR = [
    ("this winter", "2025-02-28", "2025-02-28", "2024-24"),
    ("this winter", "2025-03-01", "2026-02-28", "2025-24"),
    ("this spring", "2025-05-31", "2025-05-31", "2025-21"),
    ("this spring", "2025-06-01", *REFUSE),
    ("next month", "2025-01-31", "2025-02-28", "2025-02"),
    ("next month", "2025-12-01", "2026-01-31", "2026-01"),
    ("next year", "2024-02-29", "2025-12-31", "2025"),
    ("tomorrow", "2024-02-28", "2024-02-29", "2024-02-29"),
    ("tomorrow", "2025-12-31", "2026-01-01", "2026-01-01"),
    ("by the end of the month", "2025-04-30", "2025-04-30", "2025-04-30"),
    ("by the end of the month", "2024-02-01", "2024-02-29", "2024-02-01/2024-02-29"),
    ("until the end of the year", "2025-12-31", "2025-12-31", "2025-12-31"),
    ("until 1 January", "2025-12-31", "2026-01-01", "2026-01-01"),
    ("until 17 April", GOOD_FRIDAY, *REFUSE),
    ("until 18 April", GOOD_FRIDAY, "2025-04-18", "2025-04-18"),
    ("until late May", "2025-05-23", "2025-05-23/2025-05-31", "2025-05-23/2025-05-31"),
    ("by mid-May", "2025-05-20", "2025-05-20", "2025-05-20"),
    ("by mid-May", "2025-05-21", *REFUSE),
    ("until Friday", "2025-05-08", "2025-05-09", "2025-05-09"),
    ("until Friday", "2025-05-09", *REFUSE),
    ("until Friday", "2025-05-10", "2025-05-16", "2025-05-16"),
    ("until the end of this week", "2025-05-09", "2025-05-11", "2025-05-11"),
    ("until the end of this week", "2025-05-10", *REFUSE),
    ("in the next week", "2025-05-11", *REFUSE),
    ("over the next week", "2025-05-11", "2025-05-18", "2025-05-11/2025-05-18"),
    ("over the weekend", "2025-05-07", "2025-05-11", "2025-05-10/2025-05-11"),
    ("over the weekend", "2025-05-11", "2025-05-11", "2025-05-10/2025-05-11"),
    ("before the weekend", "2025-05-09", "2025-05-09", "2025-05-09"),
    ("at the end of May", "2025-05-25", "2025-05-31", "2025-05-25/2025-05-31"),
    ("in two weeks", "2025-05-09", "2025-05-23", "2025-05-19/2025-05-25"),
    ("within days", "9999-12-30", *REFUSE),
    ("within 999 years", "9100-01-01", *REFUSE),
    ("next year", "9999-06-01", *REFUSE),
    ("next month", "9999-12-01", *REFUSE),
    ("this week", "9999-12-31", *REFUSE),
    ("this winter", "9999-12-31", *REFUSE),
    ("before Easter", "9999-01-01", *REFUSE),
    ("before Easter", "0900-01-01", *REFUSE),
    ("until 1 January", "9999-12-31", *REFUSE),
    ("in the coming years", TUESDAY, *REFUSE),
]


@pytest.mark.parametrize(("phrase", "anchor", "term", "occurrence"), CALENDAR)
def test_a_phrase_is_read_on_the_day_before_on_the_day_and_after(
    phrase: str, anchor: str, term: str, occurrence: str
) -> None:
    assert days(phrase, anchor) == (term, occurrence)


# --- refusals ------------------------------------------------------------------------------------

REASONS = [
    ("within 30 days of signing of the ceasefire", "it is counted from an event"),
    ("72 hours after acceptance", "it is counted from an event"),
    ("within 24-72 hours of government approval", "it is counted from an event"),
    ("in the coming days, should the other side agree", "it depends on a condition"),
    ("within 14 days, the security situation allowing", "it depends on a condition"),
    ("within 15 days, a date since extended", "the words after it change the term"),
    ("for 120 days, rolled over automatically", "the words after it change the term"),
    ("in the coming days and weeks", "it names a second term or date"),
    ("within a year and a half", "no rule reads this number"),
    ("two weeks ago", "it lies in the past"),
    ("by 15 June and each quarter", "it recurs"),
    ("until 11 June a working group will meet", "no rule reads how it goes on"),
    ("within 10 working days", "“working days” are counted by no rule"),
    ("dix jours ouvrables", "“jours ouvrables” are counted by no rule", "fr"),
    ("diez días hábiles", "“dias habiles” are counted by no rule", "es"),
    ("dans quinze jours", "may be one week or two weeks", "fr"),
    ("this week", "weeks begin on Saturday, Sunday or Monday", "2025-05-10"),
    ("over the weekend", "it may be the weekend that is just over"),
    ("as soon as possible", "“as soon as” sets no day"),
    ("until an agreement is reached", "it waits for an event"),
    ("until further notice", "open-ended"),
    ("for the duration of the elections", "as long as an event does"),
    ("unclear how long it is meant to last", "the source leaves the length open"),
    ("at least 30 days", "“at least” names the least"),
    ("not before 9 May", "“not before” names the first possible day"),
    ("after 9 May", "says when something may begin"),
    ("every Friday", "it recurs"),
    ("about two weeks", "the source itself is not sure of it"),
    ("10 Muharram 1447", "“muharram” is of another calendar"),
    ("before Christmas", "“christmas” depends on a country's or a church's calendar"),
    ("by the end of the fiscal year", "“fiscal” differs by country"),
    ("by midnight on 9 May", "may be the first or the last moment of its day"),
    ("by 10 pm EST on 9 May", "another time zone"),
    ("by 9/5/2025", "nobody can tell which number is the month"),
    ("next Friday", "may be the coming one or the one after"),
    ("on Monday, 9 May", "2025-05-09 is a Friday"),
    ("within fourteen (15) days", "its two numbers, 14 and 15, differ"),
    ("by three months", "says by how much, not by when"),
    ("until 31 June", "does not exist"),
    ("until 5 May 2025", "already over"),
    ("on 5 April", "name the year"),
    ("9 May 2568", "too far ahead to be of this calendar"),
    ("before today", "ends before it begins"),
    ("before Easter", "Western churches and 2026-04-12 for the Orthodox"),
    ("in the coming years", "no rule says how long"),
    ("within the framework of the presidency this month", "“framework” is no word of time"),
    ("", "it is empty"),
    ("“”", "it is empty"),
    ("within days " + "x" * LONGEST_PHRASE_CHARACTERS, "longer than 300 characters"),
]


@pytest.mark.parametrize("case", REASONS, ids=lambda case: case[0][:40])
def test_a_phrase_is_refused_with_its_true_cause_and_the_cure(case: tuple[str, ...]) -> None:
    phrase, cause, *rest = case
    anchor = next((each for each in rest if each[0].isdigit()), TUESDAY)
    told = reason(phrase, anchor, next((each for each in rest if each.isalpha()), None))
    assert cause in told
    assert f"“{phrase[:120]}" in told
    assert "the interval as EDTF" in told


# --- any words -----------------------------------------------------------------------------------

PHRASES = sorted({phrase for language in ("english", "french", "spanish") for phrase, *_ in lines(language)})
starts = st.sampled_from(PHRASES)
rests = st.one_of(st.text(max_size=40), st.sampled_from([" of signing", ", if agreed", " and then", "…", *PHRASES]))
anything = st.one_of(starts, st.builds("{} {}".format, starts, rests), st.text(max_size=400))


@settings(deadline=None)  # The first phrase of a process waits for the grammar.
@given(anything, st.dates(), st.sampled_from([None, "fr", "es"]))
def test_any_words_are_read_in_order_or_refused_as_invalid(phrase: str, anchor: date, language: str | None) -> None:
    try:
        found = read(phrase, anchor, language)
    except Invalid:
        return
    for each in (found.term, found.occurrence):
        assert replace(each, text=None, rule=None) == parse_edtf(each.edtf)
        assert each.earliest is not None
        assert each.latest is not None
        assert each.earliest <= each.latest
        assert anchor <= each.latest
    assert found.rule in PHRASE_RULES


LONG = ["within ", "the next ", "one hundred and ", "until ", "a ", "1", "1-", "9 may ", "and ", ", ", "(", "½", "a'"]


@pytest.mark.parametrize("unit", LONG)
@pytest.mark.parametrize("code", LANGUAGES)
def test_a_long_phrase_costs_bounded_work(unit: str, code: str) -> None:
    """Calls of functions are counted, since a time would measure the machine: 60,000 of them take about 10 ms."""
    phrase = (unit * LONGEST_PHRASE_CHARACTERS)[:LONGEST_PHRASE_CHARACTERS]
    days(phrase, TUESDAY, code)
    calls = 0

    def count(*_: object) -> None:
        nonlocal calls
        calls += 1

    sys.setprofile(count)
    try:
        days(phrase, TUESDAY, code)
    finally:
        sys.setprofile(None)
    assert calls < 60_000


def test_the_grammar_looks_at_a_bounded_number_of_words() -> None:
    phrase = words(normalise("within one or two weeks " + ", and the parties " * 15), LANGUAGES["en"])
    assert len(phrase) > MOST_WORDS
    found = longest_term(phrase)
    assert found is not None
    assert found[1] == 5


def test_the_tables_are_made_once_and_can_be_made_before_they_are_needed() -> None:
    parser.cache_clear()
    prepare()
    assert parser.cache_info().currsize == 1
    before = parser.cache_info().misses
    days("by 9 May", TUESDAY)
    assert parser.cache_info().misses == before


def test_an_ambiguity_fails_when_the_grammar_is_built() -> None:
    two_ways = GRAMMAR.read_text().replace("_start: near_day", "_start: another | near_day") + "\nanother: WEEKDAY"
    with pytest.raises(GrammarError, match="collision"):
        Lark(two_ways, parser="lalr", lexer=WordLexer, strict=True, maybe_placeholders=False)


# --- the corpus ----------------------------------------------------------------------------------


def corpus_anchor(text: str) -> date | None:
    """1990-12-5 and 2023-1-5.0 are year first, 07/08/1990 is day first; 2014-4--1 names no day."""
    if found := re.fullmatch(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:\.0)?", text):
        year, month, day = map(int, found.groups())
    elif found := re.fullmatch(r"([0-9]{2})/([0-9]{2})/([0-9]{4})", text):
        day, month, year = map(int, found.groups())
    else:
        return None
    return date(year, month, day)


def labels(which: str) -> dict[int, list[str]]:
    """For each row its days as a term and as an occurrence, as somebody gave them before there was a grammar."""
    found: dict[int, list[str]] = {}
    with (HERE / f"corpus_labels_{which}.csv").open(newline="") as rows:
        for row in csv.DictReader(rows):
            one_day = row["latest"] in ("", row["earliest"])
            edtf = row["earliest"] if one_day else f"{row['earliest']}/{row['latest']}"
            found.setdefault(int(row["row"]), []).append(edtf)
    return found


def spelled_out(edtf: str) -> str:
    """2016-03 as its first and last day, as the labels have it."""
    if edtf == "refuse":
        return edtf
    found = parse_edtf(edtf)
    return str(found.earliest) if found.earliest == found.latest else f"{found.earliest}/{found.latest}"


def test_no_phrase_of_the_corpus_is_read_otherwise_than_both_labels_have_it() -> None:
    if not CORPUS.exists():
        pytest.skip(f"the corpus of vague deadlines is not at {CORPUS}")
    first, second = labels("first"), labels("second")
    with CORPUS.open(newline="", encoding="utf-8") as rows:
        corpus = list(enumerate(csv.DictReader(rows), start=1))
    agreed = {number: label for number, label in first.items() if label == second[number] and "refuse" not in label}
    wrong, read_as_labelled = [], 0
    for number, row in corpus:
        anchor = corpus_anchor(row["reference_date"])
        found = [spelled_out(each) for each in days(row["text"], str(anchor))] if anchor else list(REFUSE)
        if found == agreed.get(number):
            read_as_labelled += 1
        elif found != list(REFUSE):
            wrong.append((number, found, agreed.get(number)))
    assert wrong == []
    assert read_as_labelled >= LEAST_READ * len(agreed)
