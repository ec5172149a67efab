-- Takes everything of the baseline away, records and log included. Tables of records that later migrations made are
-- gone by then.

drop schema kept cascade;
drop schema known cascade;
drop schema history cascade;

-- The tables point at one another.
do $do$
declare
    tracked text;
begin
    for tracked in select lower(t.name) from record_type t loop
        execute format('drop table %I cascade', tracked);
    end loop;
end
$do$;
drop table search_entry, answered_request, proposal_comment, revision, proposal, api_key, record, record_type;

drop function make_searched, keep_search, search_words, search_highlight, search_marks, search_query, search_stem_of,
    search_fold;
drop text search configuration search_stem;
drop text search dictionary search_stem;

drop function refresh_all_statuses, refresh_statuses, keep_statuses, note_status;
drop function make_record_type, drop_record_type, speaking_of, track, index_days, reference_many, defer_references, columns_of;
drop function name_subject_type, references_records, check_merge, guard, refuse_change, field_name, keep_history,
    changed_fields, count_version, take_turn, begin_change;

drop domain fuzzy_date;
drop type fuzzy_date_parts, date_precision, revision_origin, revision_action, role, proposal_status,
    incompatibility, conflict_kind, process_track, actor_kind, office_rank, talk_format, talk_level, participation_role,
    attendance, position_stance, attribution, statement_stance, modality, condition_kind, agreement_kind,
    agreement_stage, agreement_sub_stage, signature_capacity, milestone_kind, hardness, commentary_kind,
    citation_stance, code_scheme, code_match;

-- A dump of an older server, restored into PostgreSQL 18, has brought ours along.
drop function if exists public.uuidv7();
