-- Statements may have several speakers; one whose speaker the source does not name has none.

alter table statement
    add column speaker_ids uuid[] not null default '{}',
    drop constraint statement_has_speaker,
    add constraint statement_has_speaker check (
        (attribution = 'ANONYMOUS') = (speaker_id is null and speaker_ids = '{}')
    ),
    add constraint statement_speakers_once check (speaker_id is null or speaker_ids = '{}');
alter table history.statement add column speaker_ids uuid[] not null default '{}';
select reference_many('statement', 'speaker_ids', 'actor');
-- What somebody said together with others.
create index statement_speakers on statement using gin (speaker_ids);
select track('statement');

-- What exactly is demanded: the same text is the same demand.
alter table position add column option text;
alter table history.position add column option text;
select track('position');
select make_searched('position', 'text:B', 'option:B');
