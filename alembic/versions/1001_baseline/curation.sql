-- Curation: proposals and their discussion, and the answers that are given again when a write is sent twice.

create type proposal_status as enum ('PENDING', 'APPROVED', 'REJECTED', 'WITHDRAWN');

create table proposal (
    id uuid primary key default uuidv7(),
    status proposal_status not null default 'PENDING',
    operations jsonb not null,
    changes jsonb not null,
    bases jsonb not null,
    reason text,
    proposed_by text not null,
    proposed_at timestamptz not null default now(),
    decided_by text,
    decided_at timestamptz,
    decision_reason text,
    check ((status = 'PENDING') = (decided_by is null) and (decided_by is null) = (decided_at is null))
);
comment on table proposal is 'Changes that somebody asks for and that a curator approves or rejects.';
comment on column proposal.operations is '[{command, arguments}], to be run when it is approved.';
comment on column proposal.changes is
    '[{record_id, type, key, version, action, fields: field -> {before, after}}]: what it would change.';
comment on column proposal.bases is 'record id -> version on which it is based; another version makes it outdated.';
-- The work that waits, oldest first; what one person proposed.
create index proposal_status on proposal (status, id);
create index proposal_proposed_by on proposal (proposed_by, id);

-- A remark on a proposal.
create table proposal_comment (
    id uuid primary key default uuidv7(),
    proposal_id uuid not null references proposal (id),
    text text not null,
    written_by text not null,
    written_at timestamptz not null default now()
);
-- The remarks on one proposal, in their order.
create index proposal_comment_proposal on proposal_comment (proposal_id, id);

alter table revision add foreign key (proposal_id) references proposal (id);

create table answered_request (
    caller text not null,
    key text not null,
    request bytea not null,
    answer bytea not null,
    at timestamptz not null default now(),
    primary key (caller, key)
);
comment on table answered_request is
    'The answer to each write that came with an Idempotency-Key, given again when the request comes again.';
-- Old answers are forgotten, oldest first.
create index answered_request_at on answered_request (at);
