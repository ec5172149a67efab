-- All periods are computed by the new rules.
select refresh_all_statuses();
