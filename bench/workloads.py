"""What is asked: each workload as a document for every server that can answer it, and the variables it takes in turn.

The documents of the others rename by aliases, so that all answer alike; lists may come as `{"nodes": […]}` or bare.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import psycopg

OURS, POSTGRAPHILE, DATALOADER, PGBENCH = "parley", "postgraphile", "dataloader", "pgbench"

VARIANTS = 200
"""Different variables a workload goes through, so that no answer is the one before."""

COUNTER = "__N__"
"""Stands in a document for a number that never comes twice."""


@dataclass(frozen=True)
class Workload:
    """One question. `paths` are of the REST twin: no document, no other server."""

    name: str
    says: str
    documents: Mapping[str, str]
    variables: Sequence[Mapping[str, Any]] = ()
    paths: Sequence[str] = ()
    cursors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """For each server its own cursors of the same places; each is the variable `after`."""

    @property
    def servers(self) -> list[str]:
        return [OURS] if self.paths else list(self.documents)

    @property
    def is_unseen(self) -> bool:
        return COUNTER in self.documents.get(OURS, "")

    def requests(self, server: str) -> list[str]:
        """What to send, one after the other: paths, or bodies of JSON."""
        return list(self.paths) or [
            json.dumps({"query": self.documents[server], "variables": each}) for each in self.variables_of(server)
        ]

    def variables_of(self, server: str) -> Sequence[Mapping[str, Any]]:
        if server in self.cursors:
            return [{"after": cursor} for cursor in self.cursors[server]]
        return self.variables

    def at(self, cursors: Mapping[str, Sequence[str]]) -> Workload:
        return replace(self, cursors=cursors)


NESTED = {
    OURS: """query ($key: String!) {
        talk(by: {key: $key}) {
            key title status starts { earliest latest }
            participations { nodes { role attendance actor { name } } }
            statements { nodes { key summary said { earliest } speaker { name } } }
            milestones { nodes { kind at { earliest } } }
            citations { nodes { number quote source { title } } }
        }
    }""",
    POSTGRAPHILE: """query ($key: String!) {
        talk: talkByKey(key: $key) {
            key title status starts { earliest latest }
            participations: participationsByTalkId(orderBy: KEY_ASC, first: 20) {
                nodes { role attendance actor: actorByActorId { name } }
            }
            statements: statementsByTalkId(orderBy: [SAID_EARLIEST_ASC, PRIMARY_KEY_ASC], first: 20) {
                nodes { key summary said { earliest } speaker: actorBySpeakerId { name } }
            }
            milestones: milestonesBySubjectId(orderBy: [AT_EARLIEST_ASC, PRIMARY_KEY_ASC], first: 20) {
                nodes { kind at { earliest } }
            }
            citations: citationsByRecordId(orderBy: [NUMBER_ASC, KEY_ASC], first: 20) {
                nodes { number quote source: sourceBySourceId { title } }
            }
        }
    }""",
    DATALOADER: """query ($key: String!) {
        talk(key: $key) {
            key title status starts { earliest latest }
            participations { role attendance actor { name } }
            statements { key summary said { earliest } speaker { name } }
            milestones { kind at { earliest } }
            citations { number quote source { title } }
        }
    }""",
}

LIST = {
    OURS: """query ($from: Date!) {
        talks(first: 50, filter: {starts: {earliest: {gte: $from}}}) {
            nodes {
                key title status starts { earliest }
                participations { nodes { role actor { name } } }
                process { name nextDeadline { title status } }
            }
        }
    }""",
    POSTGRAPHILE: """query ($from: Date!) {
        talks: talksFrom(firstDay: $from, first: 50) {
            nodes {
                key title status starts { earliest }
                participations: participationsByTalkId(orderBy: KEY_ASC, first: 20) {
                    nodes { role actor: actorByActorId { name } }
                }
                process: processByProcessId { name nextDeadline { title status } }
            }
        }
    }""",
    DATALOADER: """query ($from: Date!) {
        talks(first: 50, startsFrom: $from) {
            key title status starts { earliest }
            participations { role actor { name } }
            process { name nextDeadline { title status } }
        }
    }""",
}

STATEMENTS = {
    OURS: """query ($from: Date!) {
        statements(first: 100, filter: {said: {earliest: {gte: $from}}}) {
            nodes { key summary stance said { earliest } speaker { name kind } speakerOffice { title } }
        }
    }""",
    POSTGRAPHILE: """query ($from: Date!) {
        statements: statementsFrom(firstDay: $from, first: 100) {
            nodes {
                key summary stance said { earliest } speaker: actorBySpeakerId { name kind } speakerOffice { title }
            }
        }
    }""",
    DATALOADER: """query ($from: Date!) {
        statements(first: 100, saidFrom: $from) {
            key summary stance said { earliest } speaker { name kind } speakerOffice { title }
        }
    }""",
}

TINY = {
    OURS: "query ($key: String!) { actor(by: {key: $key}) { key name kind country } }",
    POSTGRAPHILE: "query ($key: String!) { actor: actorByKey(key: $key) { key name kind country } }",
    DATALOADER: "query ($key: String!) { actor(key: $key) { key name kind country } }",
}

# An alias is all that differs, and enough: no server knows the document.
UNSEEN = {
    OURS: """query ($key: String!) {
        talk(by: {key: $key}) {
            key a__N__: title status participations { nodes { role b__N__: attendance actor { name } } }
        }
    }""",
    POSTGRAPHILE: """query ($key: String!) {
        talk: talkByKey(key: $key) {
            key a__N__: title status
            participations: participationsByTalkId(orderBy: KEY_ASC, first: 20) {
                nodes { role b__N__: attendance actor: actorByActorId { name } }
            }
        }
    }""",
    DATALOADER: """query ($key: String!) {
        talk(key: $key) { key a__N__: title status participations { role b__N__: attendance actor { name } } }
    }""",
}

DEEP = {
    OURS: """query ($after: String!) {
        statements(first: 20, after: $after) { nodes { key summary } pageInfo { hasNextPage endCursor } }
    }""",
    POSTGRAPHILE: """query ($after: Cursor!) {
        statements: allStatements(orderBy: [SAID_EARLIEST_ASC, PRIMARY_KEY_ASC], first: 20, after: $after) {
            nodes { key summary } pageInfo { hasNextPage endCursor }
        }
    }""",
}

LAST = {
    OURS: "{ statements(last: 100) { edges { cursor node { key } } } }",
    POSTGRAPHILE: """{ statements: allStatements(orderBy: [SAID_EARLIEST_ASC, PRIMARY_KEY_ASC], last: 100) {
        edges { cursor node { key } }
    } }""",
}
"""Where the cursors of deep pages come from: the end of the whole list."""

FIRST_PAGE = {
    OURS: """query ($status: TalkStatus!) {
        talks(first: 20, filter: {status: {eq: $status}}) { nodes { key title starts { earliest } } }
    }""",
    POSTGRAPHILE: """query ($status: String!) {
        talks: allTalks(orderBy: [STARTS_EARLIEST_ASC, PRIMARY_KEY_ASC], first: 20, condition: {status: $status}) {
            nodes { key title starts { earliest } }
        }
    }""",
}

COUNT = {
    OURS: "query ($status: TalkStatus!) { talks(filter: {status: {eq: $status}}) { totalCount } }",
    POSTGRAPHILE: "query ($status: String!) { talks: allTalks(condition: {status: $status}) { totalCount } }",
}

COMMON = ("HELD", "OVERDUE")
RARE = ("CANCELLED", "POSTPONED", "UNDER_WAY")

# Each asks for something else than the one before, all for what there is.
SAMPLES = {
    "talk": "select key from talk where retracted_at is null and (starts).earliest < current_date order by id",
    "actor": "select key from actor order by id",
    "day": "select distinct (starts).earliest::text from talk where (starts).earliest < current_date - 400 order by 1",
}


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
        Workload("REST talk", "the twin of the first", {}, paths=[f"/v1/talks/{key}" for key in talks]),
        Workload(
            "REST statements",
            "the twin of the third",
            {},
            paths=[f"/v1/statements?first=100&from={day}" for day in days],
        ),
    ]


def sampled(connection: psycopg.Connection, query: str) -> list[str]:
    """Some of what a query gives, from its beginning to its end, shuffled in the same way each time."""
    found = [str(row[0]) for row in connection.execute(query.encode())]
    step = max(len(found) // VARIANTS, 1)
    taken = list(itertools.islice(found[::step], VARIANTS))
    return [taken[index * 89 % len(taken)] for index in range(len(taken))]
