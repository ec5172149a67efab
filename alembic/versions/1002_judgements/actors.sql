-- Actors belong to groups for a time; records have other names.

create type membership_role as enum ('MEMBER', 'DELEGATE', 'SPEAKS_FOR');

-- An actor in a group of actors.
select make_record_type('membership', $$
    member_id uuid not null references actor,
    group_id uuid not null references actor,
    role membership_role not null default 'MEMBER',
    held fuzzy_date
$$);
-- Memberships say for whom an actor speaks.
create trigger note_status_of_insert after insert or update on membership
    for each row execute function note_status(member_id);

-- Another name of a record.
select make_record_type('other_name', $$
    record_id uuid not null references record,
    text text not null,
    language text,
    used fuzzy_date
$$);
select make_searched('other_name', 'text:A');
