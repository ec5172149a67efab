"""The documents of each workload, in the words of each server.

Those of the others rename by aliases, so that all answer alike; lists may come as `{"nodes": […]}` or bare.
"""

from __future__ import annotations

OURS, POSTGRAPHILE, DATALOADER, PGBENCH = "parley", "postgraphile", "dataloader", "pgbench"

BESIDE = "beside"
"""Another commit of our own server. It is asked in our own words."""

COUNTER = "__N__"
"""Stands in a document for a number that never comes twice."""

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
    **dict.fromkeys((OURS, BESIDE), "{ statements(last: 100) { edges { cursor node { key } } } }"),
    POSTGRAPHILE: """{ statements: allStatements(orderBy: [SAID_EARLIEST_ASC, PRIMARY_KEY_ASC], last: 100) {
        edges { cursor node { key } }
    } }""",
}
"""The cursors of deep pages are taken from the end of the whole list."""

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
