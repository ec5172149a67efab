"""Curation: who approved a change, proposals and what was said of them, answers that are given twice.

Revision ID: 0004
Revises: 0003
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Rows of the log are never altered: what came before has no proposal, which null says.
REVISION = """
alter table revision add column approved_by text, add column proposal_id uuid;
comment on column revision.approved_by is 'Who approved the proposal that this change came from.';
create index revision_changed_by on revision (changed_by, seq);
"""

KNOWN_REVISION = """
drop view known.revision;
create view known.revision as
    select *, at as known_from, timestamptz 'infinity' as known_until from revision;
"""

PROPOSALS = """
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

create table proposal_comment (
    id uuid primary key default uuidv7(),
    proposal_id uuid not null references proposal (id),
    text text not null,
    written_by text not null,
    written_at timestamptz not null default now()
);
create index proposal_comment_proposal on proposal_comment (proposal_id, id);

alter table revision add foreign key (proposal_id) references proposal (id) not valid;
"""

ANSWERS = """
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
"""

PATH = "set search_path = pg_catalog, public, pg_temp"

FIELD_NAME = """
-- A column as the field that the API calls it: addressee_ids -> addressees, set_by_id -> setBy.
create function field_name(column_name text) returns text language sql immutable parallel safe as $$
    select string_agg(case when place = 1 then word else initcap(word) end, '' order by place)
    from string_to_table(regexp_replace(regexp_replace(column_name, '_ids$', 's'), '_id$', ''), '_')
        with ordinality as w (word, place)
$$;
"""


MERGES = f"""
-- Whoever asks for a merged record is sent on once: to a record of the same type that was not merged itself.
create function check_merge() returns trigger language plpgsql {PATH} as $$
declare
    is_free boolean;
    is_followed boolean;
begin
    execute format(
        'select (select t.merged_into_id is null from public.%1$I t where t.id = $1),
            exists (select from public.%1$I t where t.merged_into_id = $2)', tg_table_name
    ) into is_free, is_followed using new.merged_into_id, new.id;
    if is_free is distinct from true or new.merged_into_id = new.id then
        raise exception '% is merged into %, which is no other % that stands', new.key, new.merged_into_id, tg_table_name
            using errcode = 'integrity_constraint_violation';
    elsif is_followed then
        raise exception '% has others merged into it; merge them into % first', new.key, new.merged_into_id
            using errcode = 'integrity_constraint_violation';
    end if;
    return null;
end
$$;

do $do$
declare
    tracked text;
begin
    for tracked in select tablename from pg_tables where schemaname = 'history' loop
        execute format(
            'create trigger check_merge after insert or update of merged_into_id on %I for each row
                when (new.merged_into_id is not null) execute function check_merge()', tracked);
    end loop;
end
$do$;
"""


def keep_history(columns: str, values: str) -> str:
    """The trigger of 0001, with more to write down of each change."""
    return f"""
create or replace function keep_history() returns trigger language plpgsql {PATH} as $$
declare
    changes jsonb;
begin
    if tg_op = 'INSERT' then
        insert into record (id, type) values (new.id, upper(tg_table_name)::record_type);
        changes := changed_fields('{{}}', to_jsonb(new));
    elsif new.version = old.version then
        return null;
    else
        changes := changed_fields(to_jsonb(old), to_jsonb(new));
        if old.updated_at < new.updated_at then
            execute format('insert into history.%I select ($1).*, $2', tg_table_name) using old, new.updated_at;
        end if;
    end if;
    insert into revision (record_id, version, action, changes, changed_by, reason, origin, at{columns})
    values (
        new.id,
        new.version,
        case
            when tg_op = 'INSERT' then 'CREATE'
            when changes -> 'merged_into_id' ->> 'after' is not null then 'MERGE'
            when changes -> 'retracted_at' ->> 'after' is not null then 'RETRACT'
            when changes ? 'retracted_at' then 'RESTORE'
            else 'UPDATE'
        end::revision_action,
        changes,
        coalesce(nullif(current_setting('parley.changed_by', true), ''), session_user),
        nullif(current_setting('parley.reason', true), ''),
        coalesce(nullif(current_setting('parley.origin', true), ''), 'SQL')::revision_origin,
        new.updated_at{values}
    );
    return null;
end
$$;
"""


def upgrade() -> None:
    op.execute(REVISION)
    op.execute(KNOWN_REVISION)
    op.execute(PROPOSALS)
    op.execute(ANSWERS)
    op.execute(FIELD_NAME)
    op.execute(MERGES)
    op.execute(
        keep_history(
            ", approved_by, proposal_id",
            """,
        nullif(current_setting('parley.approved_by', true), ''),
        nullif(current_setting('parley.proposal', true), '')::uuid""",
        )
    )


def downgrade() -> None:
    op.execute(keep_history("", ""))
    op.execute("""
        drop view known.revision;
        drop index revision_changed_by;
        alter table revision drop column approved_by, drop column proposal_id;
        create view known.revision as
            select *, at as known_from, timestamptz 'infinity' as known_until from revision;
        drop table answered_request, proposal_comment, proposal;
        drop type proposal_status;
        drop function field_name;
        drop function check_merge cascade;
    """)
