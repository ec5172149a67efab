"""The differences between the server's answers for a day and the evaluation of the published texts."""

from __future__ import annotations

from typing import Any, NamedTuple

from tests.laws.evaluator.evaluation import Found
from tests.laws.laboratory import Answer
from tests.support.world import Row

LISTED = ("talks", "deadlines", "agreements", "processes", "standings")
"""What can be seen from a day of its own on; the others as soon as what they belong to."""


class Difference(NamedTuple):
    """One field of a record that the server answers otherwise."""

    list: str
    key: str
    field: str
    answered: Any
    evaluated: Any


def differences(answer: Answer, evaluation: dict[str, dict[str, Found]]) -> list[Difference]:
    """Compare what is asked for of what is evaluated."""
    found = []
    for name in answer.keys() & evaluation.keys():
        answered, evaluated = answer[name], evaluation[name]
        if name in LISTED:
            found += [Difference(name, key, "is listed", key in answered, key in evaluated)
                      for key in answered.keys() ^ evaluated.keys()]  # fmt: skip
        for key in answered.keys() & evaluated.keys():
            found += [
                Difference(name, key, field, value, wanted)
                for field, wanted in evaluated[key].items()
                if field in answered[key] and not is_same(value := plain(answered[key][field]), wanted)
            ]
    return sorted(found, key=str)


def is_same(answered: Any, wanted: Any) -> bool:
    """Whether an answer is the value wanted, or one of several that stand side by side."""
    return answered in wanted if isinstance(wanted, set) else answered == wanted


def plain(value: Any) -> Any:
    """A span as a list of its ends, records as their keys, other values as they are."""
    if isinstance(value, list):
        return frozenset(each["key"] for each in value)
    if isinstance(value, dict) and value.keys() == {"key"}:
        return value["key"]
    if isinstance(value, dict) and value.keys() in ({"earliest", "latest"}, {"min", "max"}):
        return list(value.values())
    return value


def with_standings(answer: Answer) -> Answer:
    """Put the standings of all issues beside the other lists, by process and issue."""
    if "issues" not in answer:
        return answer
    issues: dict[str, Row] = answer["issues"]
    return {
        **answer,
        "standings": {
            f"{row['process']['key']} {key}": {"standing": row["standing"]}
            for key, issue in issues.items()
            for row in issue["standings"]["nodes"]
        },
    }
