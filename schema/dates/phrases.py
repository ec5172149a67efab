"""Turns the words of a source ("within days") into days, by the published rules of phrase_rules.py.

Every rule counts from an anchor day, the UTC day on which the words were said. Words that no rule reads are refused: a
guess would look like a fact.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from schema.dates.edtf_dates import FuzzyDate, parse_edtf
from schema.dates.languages.language import Language
from schema.dates.phrase_doubts import doubt_about, why_unread
from schema.dates.phrase_rules import PHRASE_RULES, PhraseRule
from schema.dates.phrase_words import LANGUAGES, UNKNOWN, Node, normalise, words
from schema.errors import Invalid, Problem

# A phrase is a clause, not an article. The cap also bounds the work of every pattern.
LONGEST_PHRASE_CHARACTERS = 300

_RULES = {rule.id: rule for rule in PHRASE_RULES}


class Purpose(Enum):
    """The purpose for which words of time are read."""

    TERM = "When something is due: the last permissible day."
    OCCURRENCE = "When something happens: from the first to the last possible day."


@dataclass(frozen=True)
class PhraseReading:
    """A phrase that was read: its rule, and its days for either purpose."""

    rule: PhraseRule
    term: FuzzyDate
    occurrence: FuzzyDate


def interpret(phrase: str, anchor: date, purpose: Purpose, language: str | None = None) -> FuzzyDate:
    """Read a phrase against its anchor day for one purpose, or raise Invalid saying what could not be read."""
    found = read(phrase, anchor, language)
    return found.term if purpose is Purpose.TERM else found.occurrence


def read(phrase: str, anchor: date, language: str | None = None) -> PhraseReading:
    """Read a phrase for both purposes, or raise Invalid.

    `language` is BCP 47. Without one, or in one that has no words here, a phrase is read as English.
    """
    # Lark takes as long to import as a server's start may last, and few who start it write dates.
    from schema.dates.phrase_parser import longest_term  # noqa: PLC0415

    if len(phrase) > LONGEST_PHRASE_CHARACTERS:
        raise refused(phrase, f"it is longer than {LONGEST_PHRASE_CHARACTERS} characters")
    spoken = language_of(language)
    plain = normalise(phrase)
    tokens = words(plain, spoken)
    term = longest_term(tokens)
    if term is None:
        unknown = next((each.value for each in tokens if each.kind == UNKNOWN and each.value.isalnum()), None)
        raise refused(phrase, why_unread(plain, unknown, spoken), spoken)
    node, length = term
    if doubt := doubt_about(plain, tokens[length - 1].end, spoken):
        raise refused(phrase, doubt, spoken)
    rule = _RULES.get(f"phrase.{rule_name(node)}")
    if rule is None:
        raise refused(phrase, f"no rule says how long “{plain}” is", spoken)
    return apply(rule, node, phrase, anchor)


def prepare() -> None:
    """Make the tables of the grammar and of each language, which takes a quarter of a second, before somebody waits."""
    for code in LANGUAGES:
        with suppress(Invalid):
            read("2025-05-09", date(2025, 5, 6), code)


def language_of(tag: str | None) -> Language:
    return LANGUAGES.get((tag or "en").lower().partition("-")[0], LANGUAGES["en"])


def rule_name(node: Node) -> str:
    """The name of the rule that reads a term; see the head of phrases.lark."""
    inner = next((child.name for child in node.children if isinstance(child, Node)), "")
    match node.name:
        case "within" | "few" | "coming":
            name = f"{node.name}-{node.every('UNITS')[0]}s"
        case "on":
            name = inner
        case "until" | "by" | "before":
            name = f"{node.name}-{inner}"
        case _:
            name = node.name
    return name.replace("_", "-")


def apply(rule: PhraseRule, node: Node, phrase: str, anchor: date) -> PhraseReading:
    try:
        days = rule.reading(node, anchor, rule.parameters)
        term, occurrence = parse_edtf(days.term), parse_edtf(days.occurrence)
    except (ValueError, OverflowError, Invalid) as error:
        raise refused(phrase, f"counted from {anchor}, {error}") from error
    if any(each.latest is None or each.latest < anchor for each in (term, occurrence)):
        raise refused(phrase, f"counted from {anchor}, it is already over")
    return PhraseReading(
        rule,
        replace(term, text=phrase, rule=rule.name),
        replace(occurrence, text=phrase, rule=rule.name),
    )


def refused(phrase: str, reason: str, language: Language | None = None) -> Invalid:
    cure = "Give only the words of the term, or the interval as EDTF, for example 2025-04-19/2025-04-25"
    shown = phrase if len(phrase) <= 120 else phrase[:120] + "…"
    read_as = f", read as {language.name}," if language and language is not LANGUAGES["en"] else ""
    return Invalid(Problem(path="", message=f"The phrase “{shown}”{read_as} gives no days: {reason}. {cure}."))
