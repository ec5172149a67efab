-- Actors take part in a talk, or in a process without any: who mediates between capitals has no table to sit at.

alter table participation
    alter column talk_id drop not null,
    alter column attendance drop not null,
    add column process_id uuid references process,
    add column during fuzzy_date,
    add constraint participation_in_one check (num_nonnulls(talk_id, process_id) = 1),
    -- Nobody attends a process; it says how sure it is that somebody was at a talk.
    add constraint participation_attends_talk check (
        case when talk_id is not null then attendance is not null else process_id is null or attendance is null end
    );
alter table history.participation
    alter column talk_id drop not null,
    alter column attendance drop not null,
    add column process_id uuid,
    add column during fuzzy_date;
select track('participation');

-- Who takes part in a process, or is a party, has a voice of its own there.
create trigger note_status_of_voice after insert or update on participation
    for each row execute function note_status(id, process_id);
create trigger note_status_of_voice after insert or update on signature
    for each row execute function note_status(id);
