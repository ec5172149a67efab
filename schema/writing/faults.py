"""Everything in an input that does not fit its JSON Schema, each thing with its place and its cure.

Knows neither records nor the database.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from difflib import get_close_matches
from itertools import islice
from typing import Any, cast

import jsonschema

from schema.declare.bounds import Form
from schema.derive.dossier_schema import forms
from schema.errors import Invalid, Problem

MOST_PROBLEMS = 100
"""More than anybody mends at once; naming each takes time, and its place in the answer."""

LARGEST_VALUE_SHOWN = 120
"""Characters of a value that an error repeats: enough to find it again."""

Way = Sequence[str | int]
"""The way to a value: names of fields, places in lists."""


def validate(content: Any, validator: jsonschema.Draft202012Validator) -> tuple[Any, list[Problem]]:
    """Split an input into its valid part and the problems of the rest.

    Raises Invalid where a value at the top is wrong, or too much to go on with.
    """
    found = find_faults(content, validator)
    problems = sort_problems(Problem(path_text(way), message) for way, message in found)
    if any(len(way) < 2 for way, _ in found):
        raise Invalid(*problems)
    return remove(content, [way for way, _ in found]), problems


def find_faults(content: Any, validator: jsonschema.Draft202012Validator) -> list[tuple[Way, str]]:
    """Find what does not fit the JSON Schema, one fault for each place. Raises Invalid where it is too much."""
    try:
        found = {path_text(way): (way, message) for way, message in islice(faults(content, validator), MOST_PROBLEMS)}
    except RecursionError:
        raise Invalid(Problem("", "the input is nested too deeply; write records side by side")) from None
    if len(found) == MOST_PROBLEMS:
        problems = sort_problems(Problem(path, message) for path, (_, message) in found.items())
        raise Invalid(*problems, Problem("", f"these are the first {MOST_PROBLEMS} problems; there may be more"))
    return list(found.values())


def remove(content: Any, ways: Sequence[Way]) -> Any:
    """Copy an input without what is wrong. Places in lists stay, so that every other path stays right."""
    if not ways:
        return content
    try:
        content = deepcopy(content)
    except RecursionError:
        raise Invalid(Problem("", "the input is nested too deeply; write records side by side")) from None
    for way in ways:
        remove_one(content, way)
    return content


def remove_one(content: Any, way: Way) -> None:
    *steps, last = way
    inner = content
    for step in steps:
        try:
            inner = inner[step]
        except (LookupError, TypeError):
            return
    if isinstance(inner, list) and isinstance(last, int):
        inner[last] = None
    elif isinstance(inner, dict):
        inner.pop(last, None)
        if not inner and steps and isinstance(steps[-1], str):
            # A reference without its record, or a date without its words, is none.
            remove_one(content, steps)


def path_text(way: Way) -> str:
    text = ""
    for step in way:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def sort_problems(problems: Iterable[Problem]) -> list[Problem]:
    """Sort problems by section, `talks[9]` before `talks[10]`."""

    def place(problem: Problem) -> list[str | int]:
        # Every second part is a number, so that two places never compare a number with a text.
        return [int(part) if index % 2 else part for index, part in enumerate(re.split("([0-9]+)", problem.path))]

    return sorted(problems, key=place)


# --- what does not fit ---------------------------------------------------------------------------


def faults(content: Any, validator: jsonschema.Draft202012Validator) -> Iterator[tuple[Way, str]]:
    """Everything that does not fit the JSON Schema: the way to it, what is wrong and what to do."""
    for error in validator.iter_errors(content):
        path = list(error.absolute_path)
        if error.validator == "additionalProperties":
            known = cast("Any", error.schema)["properties"]
            for name in (each for each in error.instance if each not in known):
                yield [*path, str(name)], f"there is no {quote(name)} here{did_you_mean(str(name), known)}"
        elif names := needed_names(error):
            for name in (each for each in names if each not in error.instance):
                yield [*path, name], f"it is missing; {'every record of this type needs it' if path else 'give it'}"
        elif error.validator == "anyOf" and {"type": "null"} in error.validator_value:
            # Null is no cure for a value that is wrong: say what is wrong with the value.
            yield path, what_is_wrong(next(each for each in error.context or () if each.schema != {"type": "null"}))
        else:
            yield path, what_is_wrong(error)
    yield from unstorable(content, [])


def needed_names(error: jsonschema.ValidationError) -> Sequence[str]:
    """Name what is needed where something is missing. That of a record there already less is needed is no cure."""
    rule = cast("Any", error.validator_value)
    if error.validator == "anyOf":
        rule = rule[0].get("required", ())
    elif error.validator != "required":
        return ()
    names: Sequence[str] = rule
    return names


def what_is_wrong(error: jsonschema.ValidationError) -> str:
    value, rule, schema = quote(error.instance), cast("Any", error.validator_value), cast("Any", error.schema)
    match error.validator:
        case "type":
            return wrong_type(error.instance, rule)
        case "enum":
            return f"{value} is not possible here{did_you_mean(str(error.instance), rule)}"
        case "pattern":
            form = forms().get(rule, Form(rule))
            return f"{value} {form.wrong or 'does not have the right form: ' + schema.get('description', rule)}"
        case "minimum" | "maximum":
            return f"{value} is out of range; the {error.validator} is {rule}"
        case "minLength":
            return "it is empty; give a value or leave the field out"
        case "maxLength" | "maxItems":
            unit = "characters" if isinstance(error.instance, str) else "items"
            return f"it has {len(cast('Any', error.instance))} {unit}; {rule} are allowed"
        case "minProperties" if "maxProperties" not in schema:
            return "it is empty; give what is to be changed"
        case "anyOf":
            return "give text, the words of the source, or edtf"
        case _:
            return "give one type and key, such as {process: geneva-2026}"


def wrong_type(value: Any, wanted: Any) -> str:
    names = [wanted] if isinstance(wanted, str) else wanted
    if value is None:
        return "it is empty; give a value or leave the field out"
    if "string" in names and isinstance(value, int):
        return f"{json.dumps(value)} is not read as a text here; put it in quotes"
    words = {
        "string": "a text", "object": "names with values", "array": "a list", "integer": "a whole number",
        "boolean": "true or false",
    }  # fmt: skip
    return f"{quote(value)} should be {' or '.join(words[each] for each in names)}"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The end of a message: the nearest of the known words, or a list of them all; nothing where there are none."""
    words = list(known)
    if near := nearest(word, words):
        return f"; did you mean {near!r}?"
    return f"; possible: {', '.join(words)}" if words else ""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Find the known word that a misspelt one may stand for; None where none is near."""
    by_lower = {each.lower(): each for each in known}
    return next((by_lower[each] for each in get_close_matches(word.lower(), by_lower, n=1)), None)


def quote(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= LARGEST_VALUE_SHOWN else f"{text[:LARGEST_VALUE_SHOWN]}…"


def unstorable(value: Any, way: Way) -> Iterator[tuple[Way, str]]:
    """Yield the texts with a NUL character, which Postgres does not keep."""
    if isinstance(value, str) and "\0" in value:
        yield way, "it holds the character U+0000, which is no text; take it out"
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in inner:
        yield from unstorable(each, [*way, name])
