-- API keys: who may write, and with which right. Of a key only the SHA-256 of its secret is kept. The secret is 256
-- random bits, which nobody can guess at any speed, so that a slow hash, made for passwords that people choose, would
-- only slow down every request.

create type role as enum ('CONTRIBUTOR', 'CURATOR', 'ADMIN');

create table api_key (
    id uuid primary key default uuidv7(),
    name text not null check (name = btrim(name) and char_length(name) between 1 and 100),
    role role not null,
    hash bytea not null check (octet_length(hash) = 32),
    created_at timestamptz not null default now(),
    created_by text not null check (created_by <> ''),
    expires_at timestamptz check (expires_at > created_at),
    revoked_at timestamptz,
    revoked_by text check (revoked_by <> ''),
    last_used_at timestamptz,
    check ((revoked_at is null) = (revoked_by is null))
);
comment on table api_key is 'Keys of the API. A key is never deleted: its name is the author of revisions.';
comment on column api_key.hash is 'SHA-256 of the secret, which is random and stored nowhere.';
comment on column api_key.last_used_at is 'To the minute: a busy key is written once a minute, not once a request.';
-- A name stands in revisions as their author: it belongs to one key at a time, and free again once that is revoked.
create unique index api_key_name on api_key (name) where revoked_at is null;
