-- Deadlines are tasks or terms, may wait for an event, renew themselves or recur. Records that can be the subject of a
-- deadline name their type, so that a check can refuse others.

create type deadline_kind as enum ('TASK', 'TERM');

alter table deadline
    add column kind deadline_kind not null default 'TASK',
    add column starts_with text,
    add column every text constraint deadline_every_form check (every ~ '^P([0-9]+Y)?([0-9]+M)?([0-9]+W)?([0-9]+D)?$' and every <> 'P'),
    add column subject_type text,
    drop constraint deadline_has_due_date,
    add constraint deadline_has_due_date check ((due).edtf is not null or hardness in ('OPEN_ENDED', 'CONDITIONAL'));
alter table history.deadline
    add column kind deadline_kind not null default 'TASK',
    add column starts_with text,
    add column every text,
    add column subject_type text not null default 'PROCESS';
alter table history.deadline alter column subject_type drop default;
alter table history.deadline disable trigger user;
update history.deadline d set subject_type = r.type from record r where r.id = d.subject_id;
alter table history.deadline enable trigger user;
create trigger a_subject_type before insert or update of subject_id on deadline
    for each row execute function name_subject_type();
alter table deadline disable trigger user;
update deadline d set subject_type = r.type from record r where r.id = d.subject_id;
alter table deadline enable trigger user;
alter table deadline
    alter column subject_type set not null,
    add constraint deadline_fits_subject check (
        subject_type in ('PROCESS', 'TALK', 'AGREEMENT', 'PROVISION', 'CONDITION', 'STATEMENT')
    );
select track('deadline');
select make_searched('deadline', 'title:A', 'consequence:C', 'starts_with:C', 'key:D');

alter type agreement_kind add value if not exists 'UNILATERAL' before 'OTHER';
alter type signature_capacity add value if not exists 'MEDIATOR';
alter type signature_capacity add value if not exists 'HOST';
alter type signature_capacity add value if not exists 'DEPOSITARY';

create type agreement_part_kind as enum ('ANNEX', 'PHASE', 'PROTOCOL', 'SIDE_LETTER', 'OTHER');
alter table agreement
    add column part_of_id uuid references agreement,
    add column part_kind agreement_part_kind,
    add column confidential boolean not null default false;
alter table history.agreement
    add column part_of_id uuid,
    add column part_kind agreement_part_kind,
    add column confidential boolean not null default false;
select track('agreement');
