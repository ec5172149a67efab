"""What days change, kept ahead: for every talk, agreement, deadline and process, from which day to which it counts and
what its status will be, and for a process also which talk and which deadline come next.

The function that computes it carries the rules of the declarations as they stand with this revision, in the SQL file
beside this one. A rule that changes comes with a migration that runs its new SQL and calls `refresh_all_statuses()`.

Revision ID: 0006
Revises: 0004
"""

from pathlib import Path

from alembic import op

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None

# Of each type what is kept besides whether a record counts.
TABLES = {
    "talk": "status text not null",
    "deadline": "status text not null",
    "agreement": "status text not null",
    "process": "status text not null, next_talk_id uuid, next_deadline_id uuid",
}

TABLE = """
create table kept.{name} (
    record_id uuid not null,
    from_day date not null,
    until_day date not null,
    counts boolean not null,
    {columns},
    primary key (record_id, from_day),
    check (from_day < until_day)
);
comment on table kept.{name} is
    'How a {name} will be on each day, if nothing else is reported: until_day is the first day after.';
-- Lists by status, from the side of the rare ones, and their counts, without a look at the table: of most records it is
-- the last period that matters.
create index {name}_status on kept.{name} (status, until_day) include (record_id, from_day) where counts;
"""

DUE = """
create unlogged table kept.due (record_id uuid primary key);
comment on table kept.due is 'Records that this transaction changed, and that are to be kept anew.';
"""

# What a changed row belongs to. Statements are many and matter only by the deadlines of their conditions, of which a
# new one has none.
MARKS = (
    ("talk", "insert or update", "id, process_id"),
    ("participation", "insert or update", "talk_id"),
    ("milestone", "insert or update", "subject_id"),
    ("deadline", "insert or update", "id, subject_id"),
    ("agreement", "insert or update", "id, process_id"),
    ("signature", "insert or update", "agreement_id"),
    ("condition", "insert or update", "id, statement_id"),
    ("statement", "update of process_id, said, retracted_at", "process_id"),
    ("process", "insert or update", "id"),
)

FUNCTIONS = """
-- Notes the records that a changed row belongs to, and belonged to before. Arguments: the columns that say so.
create function note_status() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
    changed jsonb[] := array[to_jsonb(new)];
begin
    if tg_op = 'UPDATE' then
        if new.version = old.version then
            return null;
        end if;
        changed := changed || to_jsonb(old);
    end if;
    insert into kept.due
    select distinct (c.row ->> a.name)::uuid
    from unnest(changed) c (row) cross join unnest(tg_argv[0:]) a (name)
    where c.row ->> a.name is not null
    on conflict do nothing;
    return null;
end
$$;

-- Keeps all that this transaction changed.
create function refresh_statuses() returns void language plpgsql as $$
declare
    due uuid[] := array(select d.record_id from kept.due d);
begin
    if due <> '{}' then
        perform kept.refresh(due);
        delete from kept.due;
    end if;
end
$$;

-- At the end of the transaction, where nobody asked for it before. The first row that is still there asks for all; the
-- others would read all the dead ones again.
create function keep_statuses() returns trigger language plpgsql as $$
begin
    if exists (select from kept.due d where d.record_id = new.record_id) then
        perform public.refresh_statuses();
    end if;
    return null;
end
$$;
create constraint trigger keep_statuses after insert on kept.due
    deferrable initially deferred for each row execute function keep_statuses();

-- Everything anew: after a rule changed, or rows came in without triggers.
create function refresh_all_statuses() returns void language plpgsql as $$
begin
    perform kept.refresh(
        array(select r.id from public.record r where r.type in ('TALK', 'AGREEMENT', 'DEADLINE', 'PROCESS'))
    );
end
$$;
"""


def upgrade() -> None:
    op.execute("create schema kept")
    for name, columns in TABLES.items():
        op.execute(TABLE.format(name=name, columns=columns))
    op.execute(DUE)
    # A colon would be taken for a parameter.
    op.get_bind().exec_driver_sql(Path(__file__).with_suffix(".sql").read_text())
    op.execute(FUNCTIONS)
    for table, event, columns in MARKS:
        op.execute(f"""
            create trigger note_status_of_{event.split()[0]} after {event} on {table}
                for each row execute function note_status({columns})
        """)
    op.execute("select refresh_all_statuses()")


def downgrade() -> None:
    for table, event, _ in MARKS:
        op.execute(f"drop trigger note_status_of_{event.split()[0]} on {table}")
    op.execute("drop function refresh_all_statuses, refresh_statuses")
    op.execute("drop schema kept cascade")
    op.execute("drop function keep_statuses, note_status")
