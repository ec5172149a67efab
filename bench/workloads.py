"""The workloads: each with its documents and the variables that they take in turn."""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import psycopg

from bench.documents import COUNT, COUNTER, DEEP, FIRST_PAGE, LIST, NESTED, OURS, STATEMENTS, TINY, UNSEEN

VARIANTS = 200
"""Different variables a workload goes through, so that no answer is the one before."""


@dataclass(frozen=True)
class Workload:
    """One question. `paths` are of the REST twin: no document, no other server."""

    name: str
    says: str
    documents: Mapping[str, str]
    variables: Sequence[Mapping[str, Any]] = ()
    paths: Mapping[str, Sequence[str]] = field(default_factory=dict)
    cursors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """For each server its own cursors of the same places; each is the variable `after`."""

    @property
    def servers(self) -> list[str]:
        return list(self.documents or self.paths)

    @property
    def is_unseen(self) -> bool:
        return COUNTER in self.documents.get(OURS, "")

    @property
    def connections(self) -> int:
        """Return the number of connections that is enough: where one request keeps a peer busy for a second, one."""
        return 1 if "$status" in self.documents.get(OURS, "") else 16

    def requests(self, server: str) -> list[str]:
        """Return the requests in their order: paths, or bodies of JSON."""
        if self.paths:
            return list(self.paths[server])
        document = self.documents[server]
        return [json.dumps({"query": document, "variables": each}) for each in self.variables_of(server)]

    def variables_of(self, server: str) -> Sequence[Mapping[str, Any]]:
        if server in self.cursors:
            return [{"after": cursor} for cursor in self.cursors[server]]
        return self.variables

    def at(self, cursors: Mapping[str, Sequence[str]]) -> Workload:
        return replace(self, cursors=cursors)

    def for_builds(self, *names: str) -> Workload:
        """Ask builds of our own server alone, all in the same words."""
        documents = dict.fromkeys(names, self.documents[OURS]) if self.documents else {}
        return replace(self, documents=documents, paths=dict.fromkeys(names, self.paths[OURS]) if self.paths else {})


COMMON = ("HELD", "OVERDUE")
RARE = ("CANCELLED", "POSTPONED", "UNDER_WAY")

# Each asks for something else than the one before, all for what there is.
SAMPLES = {
    "talk": "select key from talk where retracted_at is null and (starts).earliest < current_date order by id",
    "actor": "select key from actor order by id",
    "day": "select distinct (starts).earliest::text from talk where (starts).earliest < current_date - 400 order by 1",
}


def chosen(url: str, names: Sequence[str] | None) -> list[Workload]:
    """The workloads of these names, all where none is named, for the records of one database."""
    with psycopg.connect(url) as connection:
        found = workloads(connection)
    if unknown := set(names or ()) - {each.name for each in found}:
        known = ", ".join(each.name for each in found)
        sys.exit(f"bench: no workload is called {', '.join(sorted(unknown))}; there are {known}")
    return [each for each in found if not names or each.name in names]


def workloads(connection: psycopg.Connection) -> list[Workload]:
    """All of them, for the records of one database."""
    talks, actors, days = (sampled(connection, SAMPLES[each]) for each in ("talk", "actor", "day"))
    keys = [{"key": key} for key in talks]
    starts = [{"from": day} for day in days]
    common, rare = ([{"status": each} for each in statuses] for statuses in (COMMON, RARE))
    return [
        Workload("nested", "one talk with participants, statements, milestones and citations", NESTED, keys),
        Workload("list", "50 talks with participants, the next deadline of their process and status", LIST, starts),
        Workload("statements", "100 statements with speaker and office", STATEMENTS, starts),
        Workload("tiny", "one small object", TINY, [{"key": key} for key in actors]),
        Workload("unseen", "a document that was never sent before", UNSEEN, keys),
        Workload("deep", "20 statements at the end of the list, by cursor", DEEP),
        Workload("common page", "20 talks of a status that many have", FIRST_PAGE, common),
        Workload("rare page", "20 talks of a status that few have", FIRST_PAGE, rare),
        Workload("common count", "how many have a status that many have", COUNT, common),
        Workload("rare count", "how many have a status that few have", COUNT, rare),
        Workload("REST talk", "the twin of the first", {}, paths={OURS: [f"/v1/talks/{key}" for key in talks]}),
        Workload(
            "REST statements",
            "the twin of the third",
            {},
            paths={OURS: [f"/v1/statements?first=100&from={day}" for day in days]},
        ),
    ]


def sampled(connection: psycopg.Connection, query: str) -> list[str]:
    """Some of what a query gives, from its beginning to its end, shuffled in the same way each time."""
    found = [str(row[0]) for row in connection.execute(query.encode())]
    step = max(len(found) // VARIANTS, 1)
    taken = list(itertools.islice(found[::step], VARIANTS))
    return [taken[index * 89 % len(taken)] for index in range(len(taken))]
