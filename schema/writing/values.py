"""Makes columns of what an entry gives: ids of keys, days of words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from strawberry.types.field import StrawberryField

from schema.dates.edtf_dates import FuzzyDate, date_json, parse_edtf
from schema.dates.phrases import Purpose, interpret
from schema.declare.fields import Many, One, Parts, camel, rule_of
from schema.declare.reflection import column_of, field_named, fields_of, graphql_name, target
from schema.declare.scalars import read_date, read_instant
from schema.derive.dossier_schema import is_clearable, needed_fields
from schema.errors import Invalid
from schema.writing.batch import Batch, field_path
from schema.writing.checks import check_value
from schema.writing.entries import Entry
from schema.writing.names import explain_unknown
from schema.writing.references import Name, name_given

PLAUSIBLE_YEARS = range(1500, 2201)
"""The years in which something of peace diplomacy happened, or is due. Others are typing errors."""


def column_values(batch: Batch, entry: Entry) -> dict[str, Any]:
    """Collect the columns that an entry gives, as JSON, and note what is wrong with them."""
    found: dict[str, Any] = {"key": batch.names[entry][1]}
    check_is_there(batch, entry)
    for declared in fields_of(entry.type):
        name = graphql_name(declared)
        path = field_path(entry, name)
        if entry.parent and declared.python_name == entry.parent[0]:
            found[column_of(declared)] = str(batch.id_of(entry.parent[1]))
            if name in entry.given:
                batch.refuse(path, f"the record stands inside {entry.parent[1].path}, which says it; leave it out")
        elif name in entry.given and name != "key":
            given = entry.given[name]
            found[column_of(declared)] = column_value(batch, entry, declared, given, path)
            check_value(batch, entry, declared, given, path)
            found.update(day_of_words(entry, declared, given))
        elif name in needed_fields(entry.type) - batch.wrong.get(entry, set()) and not batch.is_there(entry):
            batch.refuse(path, "it is missing; every record of this type needs it")
    return found


def check_is_there(batch: Batch, entry: Entry) -> None:
    """Check that a record of which only the key is given is there already."""
    name = batch.names[entry]
    if entry.is_bare and entry.key and name not in batch.stored:
        batch.refuse(entry.path, explain_unknown(batch, *name))


def column_value(batch: Batch, entry: Entry, declared: StrawberryField, value: Any, path: str) -> Any:
    """Make the value of a column of what is given for its field."""
    if value is None:
        if not is_clearable(declared):
            batch.refuse(path, "it cannot be taken away; every record of this type needs it")
        return None
    match rule_of(declared):
        case One():
            return reference(batch, entry, name_given(declared, value), path)
        case Many():
            return [
                reference(batch, entry, name_given(declared, each), f"{path}[{index}]")
                for index, each in enumerate(value)
                if each is not None
            ]
        case Parts():
            return fuzzy_date(batch, entry, declared, value, path)
    return scalar(batch, target(declared), value, path)


def scalar(batch: Batch, about: Any, value: Any, path: str) -> Any:
    if about is int:
        # JSON writes 3 as 3.0, too.
        return int(value)
    if about in (date, datetime):
        try:
            day = (read_date if about is date else read_instant)(value)
            check_years(value, day)
            return day.isoformat()
        except ValueError as error:
            batch.refuse(path, str(error))
    return value


def reference(batch: Batch, entry: Entry, name: Name, path: str) -> str | None:
    """Find the id of a record that an entry points to."""
    if name not in batch.ids:
        if name[1] in batch.unread:
            batch.note(entry, path.removeprefix(entry.path).lstrip("."))
        else:
            batch.refuse(path, explain_unknown(batch, *name))
        return None
    found = batch.ids[name]
    if found == batch.id_of(entry):
        batch.refuse(path, "a record cannot point at itself")
    return str(found)


# --- dates ---------------------------------------------------------------------------------------


def fuzzy_date(batch: Batch, entry: Entry, declared: StrawberryField, value: Any, path: str) -> dict[str, Any] | None:
    """Make a `fuzzy_date` of a date. Words are read by a rule, or with the curator's EDTF."""
    given = {"edtf": value} if isinstance(value, str) else value
    try:
        if edtf := given.get("edtf"):
            return date_json(plausible(parse_edtf(edtf)), given.get("text"))
        # Without words the JSON Schema has said already what is wrong.
        if (text := given.get("text")) and (day := anchor(batch, entry, declared, given, path)):
            purpose = Purpose.TERM if declared.metadata["is_term"] else Purpose.OCCURRENCE
            found = interpret(text, day, purpose, given.get("language", batch.languages.get(entry)))
            return date_json(plausible(found))
    except Invalid as invalid:
        messages = [problem.message for problem in invalid.problems]
        if isinstance(value, str) and is_words(value):
            messages.append(f"Words of a source are given as {{text: {value}}}.")
        batch.refuse(path, " ".join(messages))
    except ValueError as error:
        batch.refuse(path, str(error))
    return None


def is_words(text: str) -> bool:
    """Whether a date that cannot be read looks like the words of a source."""
    return " " in text and "{" not in text and any(each.isalpha() for each in text)


def plausible(value: FuzzyDate) -> FuzzyDate:
    """Give a date back. Raises ValueError for one that is hardly meant, such as a year with a leading zero."""
    check_years(value.edtf, value.earliest, value.latest)
    return value


def check_years(text: str, *days: date | None) -> None:
    """Raise ValueError where a day is in a year of which nobody speaks here."""
    if any(day and day.year not in PLAUSIBLE_YEARS for day in days):
        first, last = PLAUSIBLE_YEARS[0], PLAUSIBLE_YEARS[-1]
        raise ValueError(f"{text!r} is no plausible date; years from {first} to {last} are taken")


def day_of_words(entry: Entry, declared: StrawberryField, given: Any) -> dict[str, Any]:
    """Take the day that stands beside words for that of the record, where it has a field for it and gives none."""
    field = declared.metadata.get("anchor")
    if not field or not isinstance(given, dict) or "anchor" not in given or camel(field) in entry.given:
        return {}
    about = field_named(entry.type, field)
    return {} if isinstance(rule_of(about), Parts) else {column_of(about): given["anchor"]}


def own_day(entry: Entry, field: str) -> Any:
    """Give the day of a record from which its words are counted; of a date that may be vague only if it is one day."""
    declared = field_named(entry.type, field)
    value = entry.given.get(graphql_name(declared))
    if not isinstance(rule_of(declared), Parts):
        return value
    edtf = value.get("edtf") if isinstance(value, dict) else value
    return edtf if edtf and re.fullmatch(r"\d{4}-\d\d-\d\d", edtf) else None


def anchor(batch: Batch, entry: Entry, declared: StrawberryField, given: Mapping[str, str], path: str) -> date | None:
    """Find the day that words are counted from: their own, or else that of the record, where it has one."""
    field = camel(declared.metadata["anchor"]) if declared.metadata["anchor"] else None
    day = given.get("anchor", field and own_day(entry, declared.metadata["anchor"]))
    if day is None:
        batch.refuse(path, f"{given['text']!r} needs an anchor, the day it is counted from; or give edtf")
        return None
    try:
        found = read_date(day)
        check_years(day, found)
        return found
    except ValueError as error:
        batch.refuse(field_path(entry, field) if field and "anchor" not in given else f"{path}.anchor", str(error))
        batch.note(entry, graphql_name(declared))
        return None
